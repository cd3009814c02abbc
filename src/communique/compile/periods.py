"""Periods whose ends are in order: what SHACL engines do not agree on, years, months and intervals in one text."""

from __future__ import annotations

from communique.compile.evidence import Evidence
from communique.compile.nodes import RecordFact
from communique.terms import XSD

_COARSE = frozenset({XSD + "gYear", XSD + "gYearMonth"})


def check_periods(evidence: Evidence) -> None:
    """Report periods that end before they begin, or whose ends are not written alike.

    Two whole days are compared by a rule of the shapes.
    """
    for node in evidence.expansion.nodes.values():
        for fact in node.facts.get("temporalCoverage", ()):
            first, slash, last = fact.object.value.partition("/")
            if slash and last != ".." and (len(first) != len(last) or last < first):
                _report(evidence, fact, first, last)
        for start in node.facts.get("startDate", ())[:1]:
            for end in node.facts.get("endDate", ())[:1]:
                if _is_wrong(start, end):
                    _report(evidence, end, start.object.value, end.object.value)


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
