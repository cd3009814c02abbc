"""Periods whose ends are in order: what SHACL engines do not agree on, years, months and intervals in one text."""

from __future__ import annotations

import re
from typing import Final

from communique.compile.evidence import Evidence
from communique.compile.nodes import RecordFact, RecordNode
from communique.terms import XSD

_COARSE = frozenset({XSD + "gYear", XSD + "gYearMonth"})
_ENDS: Final = ("startDate", "endDate")
_TIME: Final = re.compile(r"T?\d{1,2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def check_periods(evidence: Evidence) -> None:
    """Report periods that end before they begin, or whose ends are not written alike or have no day.

    Two whole days are compared by a rule of the shapes.
    """
    for node in evidence.expansion.nodes.values():
        _check_days(evidence, node)
        for fact in node.facts.get("temporalCoverage", ()):
            first, slash, last = fact.object.value.partition("/")
            if slash and last != ".." and (len(first) != len(last) or last < first):
                _report(evidence, fact, first, last)
        for start in node.facts.get("startDate", ())[:1]:
            for end in node.facts.get("endDate", ())[:1]:
                if _is_wrong(start, end):
                    _report(evidence, end, start.object.value, end.object.value)


def _check_days(evidence: Evidence, node: RecordNode) -> None:
    """Report an end that is a time of day without its day, and leave it out: nothing else is said of it."""
    ends = [fact for key in _ENDS for fact in node.facts.get(key, ())]
    for fact in [end for end in ends if _TIME.fullmatch(end.object.value)]:
        time = fact.object.value.lstrip("T").rjust(5, "0")
        other = next((hit[0] for end in ends if (hit := _DAY.match(end.object.value))), "YYYY-MM-DD")
        key = fact.node.renamed.get(fact.key, fact.key)
        message = f"{key} is a time of day without its day: {fact.object.value!r}"
        fix = f"write the day too, and the other end in the same form: {key}: {other}T{time}"
        evidence.report("bad-period", message, fact.pointer, focus=node.iri.value, path=fact.key, fix=fix)
        evidence.leave_out([fact])
        node.facts[fact.key].remove(fact)
        if not node.facts[fact.key]:
            del node.facts[fact.key]


def _is_wrong(start: RecordFact, end: RecordFact) -> bool:
    first, last = start.object, end.object
    kinds = {getattr(one, "datatype", None) for one in (first, last)}
    if getattr(getattr(last, "datatype", None), "value", "") not in _COARSE:
        return False
    return len(kinds) > 1 or last.value < first.value


def _report(evidence: Evidence, fact: RecordFact, first: str, last: str) -> None:
    message = f"the period from {first[:40]!r} to {last[:40]!r} ends before it begins"
    if len(first) != len(last):
        message = f"the ends of the period from {first[:40]!r} to {last[:40]!r} are not written alike"
    fix = "write two years, two months or two days, the earlier one first"
    ends = {fact, *fact.node.facts.get("startDate", ())}
    evidence.unproven |= ends  # they are wrong already, whatever the words say
    evidence.settled |= ends
    evidence.report("bad-period", message, fact.pointer, focus=fact.node.iri.value, path=fact.key, fix=fix)
