"""Nodes that have no name, such as a figure or an invitation: found where one sentence says all that they say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from communique.compile.evidence import Evidence
from communique.compile.nodes import RecordFact, RecordNode
from communique.compile.places import match_within
from communique.compile.reading import Reading
from communique.text.mentions import Mention
from communique.text.passages import Span

_NOT_SAID: Final = frozenset({"type", "note", "inLanguage", "sameAs"})
_MOST_PLACES: Final = 50  # of the first value that are looked at
_MOST_VALUES: Final = 50


def find_nameless(evidence: Evidence, reading: Reading, node: RecordNode) -> Span | None:
    """The shortest words of one sentence that say all values of a node without a name; of equal ones the first.

    Every text, date and number must be said there, and most of the things that it points to must be named; a node that
    points to things only needs all of them. A role without a title needs its organisation also if that is inferred.
    Raises `WorkSpentError` if the work runs out.
    """
    said = [f for key, facts in node.facts.items() if key not in _NOT_SAID for f in facts]
    stated = [f for f in said if f.why is None or (node.form == "role" and isinstance(f.object, NamedNode))]
    literals = [fact for fact in stated if isinstance(fact.object, Literal)][:_MOST_VALUES]
    linked = [fact.object.value for fact in stated if isinstance(fact.object, NamedNode)][:_MOST_VALUES]
    found: list[tuple[int, Span]] = []
    for number in _sentences(evidence, reading, literals, linked):
        spans = _said(evidence, reading, literals, number)
        named = _named(reading, linked, number, spans)
        if len(spans) == len(literals) and (literals or len(named) == len(linked) > 1):
            whole = Span(min(s.start for s in spans + named), max(s.end for s in spans + named))
            found.append((len(named), whole))
    best = max(found, key=lambda one: (one[0], one[1].start - one[1].end, -one[1].start), default=None)
    if best is None or best[0] * 2 < len(linked):
        return None
    return best[1]


def _sentences(evidence: Evidence, reading: Reading, literals: list[RecordFact], linked: list[str]) -> Iterator[int]:
    """The numbers of the sentences that can say a node: those with its first text, or with what it points to."""
    seen: set[int] = set()
    for place in _places(evidence, reading, literals[0]) if literals else _mentions(reading, linked):
        number = reading.sentences.at(place.start)
        if number not in seen:
            seen.add(number)
            yield number


def _places(evidence: Evidence, reading: Reading, fact: RecordFact) -> Iterator[Span]:
    at = 0
    for _ in range(_MOST_PLACES):
        match = match_within(evidence, reading, fact, [(at, len(reading.source))])
        if match is None:
            return
        yield match.span
        at = match.span.end


def _mentions(reading: Reading, linked: list[str]) -> Iterator[Span]:
    """Where the thing that is mentioned least often stands, of those that a node points to."""
    if linked:
        rarest = min((reading.mentions.of(iri) for iri in linked), key=len)
        yield from (Span(mention.start, mention.end) for mention in rarest[:_MOST_PLACES])


def _said(evidence: Evidence, reading: Reading, literals: list[RecordFact], number: int) -> list[Span]:
    """The places in a sentence of those texts that it says."""
    sentence = reading.sentences.spans[number]
    matches = (match_within(evidence, reading, fact, [sentence]) for fact in literals)
    return [match.span for match in matches if match is not None]


def _named(reading: Reading, linked: list[str], number: int, beside: list[Span]) -> list[Span]:
    """For each thing that a sentence names, its mention nearest to other words, or else to the thing named least."""
    start, end = reading.sentences.spans[number]
    named = [
        [m for m in reading.mentions.of_within(iri, start, end) if not set(m.inside) - set(linked)] for iri in linked
    ]
    rarest: list[Mention] = min(filter(None, named), key=len, default=[])
    centre = beside[0].start if beside else rarest[0].start if rarest else start
    spans: list[Span] = []
    for mentions in filter(None, named):
        nearest = min(mentions, key=lambda mention: abs(mention.start - centre))
        spans.append(Span(nearest.start, nearest.end))
    return spans
