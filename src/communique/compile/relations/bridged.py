"""Which quotes of a list take one another up: "the cost", "the museum", or one event that both name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.frame import AGENTS, Frame, local
from communique.compile.relations.homegames import has_home_games, is_near
from communique.compile.relations.kind import words_of_kind
from communique.compile.relations.nouns import named_by_noun
from communique.compile.relations.ofnode import are_kin
from communique.text.mentions import Mention
from communique.text.passages import Span

_WORD: Final = re.compile(r"\w{4,}")  # a word that two quotes can share: "opens", "opening"
_LED: Final = 4  # words from one that leads to a place to its name: "at the museum's Hall"


def is_bridged(frame: Frame, fact: RecordFact, first: Span, own: Span) -> bool:
    """Whether words on the value of a relation take up the node that other quoted words name.

    Between them nothing else may be named that they could be about.
    """
    if local(fact.key) == "containedInPlace":
        return _is_one_event(frame, fact, first, own)
    node = fact.node.iri.value
    named = frame.of(node, *first, fact.object.value)
    if not named:
        return False
    if has_home_games(frame, fact, first, own):
        return True
    if not _is_alone(frame, fact, frame.window(*first), frame.window(*own)):
        return False
    if is_near(frame, first, own) and node in named_by_noun(frame, node, frame.window(*own)):
        return True
    if frame.group(node) in AGENTS or not _has_bridge(frame, fact, own) or _is_of_one_before(frame, fact, first, own):
        return False
    return is_near(frame, first, own) or _has_word(frame, fact, first)


def _is_alone(frame: Frame, fact: RecordFact, one: Span, other: Span) -> bool:
    """Whether two sentences and what stands between them name no rival of a node; what somebody does is none."""
    ends = (fact.node.iri.value, fact.object.value)
    start, end = min(one.start, other.start), max(one.end, other.end)
    values = {f.object.value for f in fact.node.facts.get(fact.key, ())}
    return all(
        m.node in ends or m.node in values or _is_action(frame, m)
        for m in frame.mentions(frame.rivals(ends[0]), start, end)
    )


def _is_of_one_before(frame: Frame, fact: RecordFact, first: Span, own: Span) -> bool:
    """Whether words that come before what they are to take up follow something else of its very class."""
    node = fact.node.iri.value
    if first.start < own.start:
        return False
    classes = frame.reading.classes(node)
    before = frame.mentions(frame.rivals(node), 0, own.start)
    alike = [m.node for m in before if classes <= frame.reading.classes(m.node)]
    return bool(alike) and alike[-1] != node


def _is_action(frame: Frame, mention: Mention) -> bool:
    return any(one.endswith("Action") for one in frame.reading.classes(mention.node))


def _has_bridge(frame: Frame, fact: RecordFact, own: Span) -> bool:
    """Whether a noun for a part of the node stands in the sentence of a value, or before it in its paragraph."""
    at, paragraph = frame.reading.sentences.at, frame.reading.sentences.paragraph
    start = frame.sentences[paragraph(at(own.start)).start].start
    return frame.has(("bridges", local(fact.key)), start, frame.window(*own).end)


def _has_word(frame: Frame, fact: RecordFact, span: Span) -> bool:
    """Whether words hold one of the relation, or one of those nouns: "the agreement on the funding of the bridge"."""
    phrases = frame.cues.words_at("bridges", local(fact.key))
    nouns = {_WORD.findall(phrase)[-1] for phrase in phrases}
    return not nouns.isdisjoint(frame.words(*span)) or any(True for _ in words_of_kind(frame, fact, span))


def _is_one_event(frame: Frame, fact: RecordFact, first: Span, own: Span) -> bool:
    """Whether two quotes say by one word where one event is: "the fair opens in Aton", "the fair, opening at the Hall".

    The words on the node may name no other place.
    """
    node, value = fact.node.iri.value, fact.object.value
    here = [m for m in frame.of(node, *first) if _is_led(frame, m)]
    there = [m for m in frame.of(value, *own, node) if _is_led(frame, m)]
    others = frame.mentions({"place"}, *first)
    if not here or not there or any(m.node not in (node, value) for m in others):
        return False
    events = {m.node for m in frame.mentions({"event"}, *first)} & {m.node for m in frame.mentions({"event"}, *own)}
    names = [m for span in (first, own) for m in frame.mentions({"event", "place"}, *span)]
    words = [list(_words_between(frame, span, names)) for span in (first, own)]
    return bool(events) and any(are_kin(one, other) for one, other in product(*words))


def _is_led(frame: Frame, place: Mention) -> bool:
    """Whether a word for where an event is stands before a place: "in Aton", "at the museum's Hall"."""
    words = frame.words(frame.sentence(place.start).start, place.start)
    leading = frame.cues.set("place", "event")
    return any(" ".join(words[-k:][:n]) in leading for k in range(1, _LED + 1) for n in (1, 2))


def _words_between(frame: Frame, span: Span, names: list[Mention]) -> Iterator[str]:
    """The long words of a stretch that are no part of a name."""
    inside = {k for m in names for k in range(m.start, m.end)}
    for hit in _WORD.finditer(frame.source, *span):
        if hit.start() not in inside:
            yield hit[0].lower()
