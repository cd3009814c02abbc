"""Quotations in parts: each part found in the source by itself, in the order in which the record gives them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice
from typing import Final

from communique.compile.claims import Claim
from communique.compile.evidence import Evidence
from communique.compile.nodes import RecordFact
from communique.text.passages import Span, occurrences

_MOST_PLACES: Final = 200
"""The most places of one part that are looked at."""


def find_parts(evidence: Evidence) -> None:
    """Give each text in parts the passages of its parts; what stands between them is never one of its words.

    The parts are looked for in the words quoted for the text, else in those for its node, else in the whole source. Of
    several places the shortest stretch that holds all parts in their order is taken. Reports parts that do not stand
    there. Raises `WorkSpentError` if that takes more work than a release may take.
    """
    for fact in evidence.expansion.facts():
        if fact.parts:
            _find_parts_of(evidence, fact)


def _find_parts_of(evidence: Evidence, fact: RecordFact) -> None:
    node = fact.node
    within = fact.spans or evidence.nodes[node] or [Span(0, len(evidence.source))]
    places = [_places(evidence, part, within) for part in fact.parts]
    for k, found in enumerate(places):
        if not found:
            _report_missing(evidence, fact, k)
    if not all(places):
        evidence.unproven.add(fact)
        return
    evidence.work.spend(len(places) * len(places[0]))
    spans = shortest_chain(places)
    if spans is None:
        evidence.unproven.add(fact)
        evidence.report(
            "not-grounded",
            "the parts of this quotation do not stand in the text in this order",
            fact.pointer,
            focus=node.iri.value,
            path="quote",
            fix="write the parts in the order of the text, or an entry for each",
        )
        return
    if not evidence.nodes[node]:
        whole = Span(spans[0].start, spans[-1].end)
        evidence.nodes[node] += spans if "\n" in evidence.source[whole.start : whole.end] else [whole]
    fact.spans = [*spans]


def _places(evidence: Evidence, part: str, within: Sequence[tuple[int, int]]) -> list[Span]:
    """Where a part stands within some spans, at most `_MOST_PLACES` places in order."""
    found = list(islice(occurrences(part, evidence.source, evidence.work), _MOST_PLACES))
    evidence.work.spend(len(found) * (1 + len(within) // 10))
    return [span for span in found if any(start <= span.start and span.end <= end for start, end in within)]


def shortest_chain(places: Sequence[Sequence[Span]]) -> list[Span] | None:
    """One place of each part, in order and not one over another, over the shortest stretch; None if there is none.

    Of equally short ones it is the first.

    >>> shortest_chain([[Span(0, 3), Span(20, 23)], [Span(30, 35)]])
    [Span(start=20, end=23), Span(start=30, end=35)]
    """
    starts = [[span.start for span in found] for found in places]
    best: list[Span] | None = None
    for first in places[0]:
        chain = [first]
        for found, begins in zip(places[1:], starts[1:], strict=True):
            k = bisect_left(begins, chain[-1].end)
            if k == len(found):
                return best
            chain.append(found[k])
        if best is None or chain[-1].end - first.start < best[-1].end - best[0].start:
            best = chain
    return best


def _report_missing(evidence: Evidence, fact: RecordFact, number: int) -> None:
    """Report a part that does not stand in the source, or not in the words that are quoted for it."""
    at = (*fact.node.place("text"), number)
    part = fact.parts[number]
    if evidence.quotes.spans(Claim("quote", None, part, None, at), fact.node):
        evidence.report(
            "not-grounded",
            f"the words quoted do not say {part!r}",
            at,
            focus=fact.node.iri.value,
            path="quote",
            value=part,
            fix="quote the words that say it, or leave the evidence of the quotation out",
        )
