"""Where the games of a club take place: "Home games take place at Reed Meadow", behind words that name the club."""

from __future__ import annotations

from communique.compile.nodes import RecordFact
from communique.compile.relations.frame import Frame, local
from communique.text.passages import Span


def has_home_games(frame: Frame, fact: RecordFact, first: Span, own: Span) -> bool:
    """Whether words tell where the games of the club take place that the words just before them name: "home games"."""
    node = fact.node.iri.value
    if local(fact.key) != "location" or frame.group(node) != "organization" or first.start > own.start:
        return False
    if not frame.of(node, *first, fact.object.value):
        return False
    window = frame.window(*own)
    others = frame.mentions({"organization"}, frame.window(*first).start, window.end)
    is_next = all(m.node in (node, fact.object.value) for m in others) and is_near(frame, first, own)
    return is_next and frame.has(("bridges", "location"), window.start, window.end)


def is_near(frame: Frame, one: Span, other: Span) -> bool:
    """Whether two stretches stand in one paragraph, or in two that follow each other."""
    at, paragraph = frame.reading.sentences.at, frame.reading.sentences.paragraph
    low, high = sorted((one, other))
    return paragraph(at(high.start)).start <= paragraph(at(low.start)).stop
