"""Whether words that an author quotes say where somebody comes from, and do not merely name a place or a body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.frame import AGENTS, Found, Frame, local
from communique.text.mentions import Mention
from communique.text.passages import Span

_FROM: Final = ("keys", "comesFrom", "after")
_BEHIND: Final = ("keys", "comesFrom", "before")
_MOST_WORDS: Final = 3  # between a place and a verb behind it: "the school has sent"
_DESCRIPTION: Final = 7  # most words of a description with a place at its end
_BORN: Final = re.compile(r"-(?:born|based|trained)\b")


def find_origin(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """Words that say where somebody comes from by a verb: "Jo, who comes from Aton", "the school sent ten pupils"."""
    node, value = fact.node.iri.value, fact.object.value
    if local(fact.key) != "comesFrom":
        return None
    small = frame.cues.set("auxiliaries") | frame.cues.set("articles") | set(",\"“”„«»'’")
    small |= frame.cues.set("relative", "people") | frame.cues.set("relative_pronouns")
    agents = frame.mentions(AGENTS, *window)
    for place in frame.of(value, *window, node):
        before = [m for m in [*agents, *frame.of(node, *window, value)] if m.end <= place.start]
        last = max(before, key=lambda m: m.end, default=None)
        if last is not None and last.node == node and last.how != "pronoun":
            words = " ".join(word for word in frame.words(last.end, place.start) if word not in small)
            if words in frame.cues.set(*_FROM):
                return Found(Span(last.start, place.end), "verb of coming", last, place)
            if _is_described(frame, last, place):
                return Found(Span(last.start, place.end), "description", last, place)
            if frame.group(node) == "group" and _is_genitive(frame, last, place):
                return Found(Span(last.start, place.end), "genitive", last, place)
        behind = [m for m in [*agents, *frame.of(node, *window, value)] if m.start >= place.end]
        first = min(behind, key=lambda m: m.start, default=None)
        if first is not None and first.node == node and _leads_to(frame, place, first):
            return Found(Span(place.start, first.end), "verb of coming", first, place)
    return None


def _is_described(frame: Frame, somebody: Mention, place: Mention) -> bool:
    """Whether a place ends a description of somebody: "Jo Sample, a young diver from Aton"."""
    words = frame.words(somebody.end, place.start)
    never = frame.cues.set("and") | frame.cues.set("breakers") | frame.cues.set("relative", "people") | {",", ";", ":"}
    opens = words[:1] == [","] and bool(frame.cues.set("articles").intersection(words[1:2]))
    return (
        opens
        and len(words) <= _DESCRIPTION
        and never.isdisjoint(words[2:])
        and frame.ends_with(_FROM, somebody.end, place.start)
    )


def _leads_to(frame: Frame, place: Mention, somebody: Mention) -> bool:
    """Whether nothing but a word for coming stands between a place and somebody: "Aton-born Jo Sample"."""
    gap = frame.source[place.end : somebody.start]
    born = _BORN.match(gap.lower())
    every = frame.words(place.end + (born.end() if born else 0), somebody.start)
    words = [word for word in every if word not in frame.cues.set("articles") | frame.cues.set("auxiliaries")]
    if born is not None:
        return not words
    is_from = not frame.cues.set("place", "from") or _has_ending(frame, place)
    return is_from and bool(words) and " ".join(words) in frame.cues.set(*_BEHIND)


def _is_genitive(frame: Frame, somebody: Mention, place: Mention) -> bool:
    """Whether a place or body stands right behind somebody in a genitive: "zehn Schüler der Schule"."""
    if not (frame.cues.set("predicate", "genitive") or frame.cues.set("predicate", "bare")):
        return False
    words = [word for word in frame.words(somebody.end, place.start) if word not in "\"“”„«»'’"]
    return set(words) <= frame.cues.set("predicate", "genitive") and bool(words or place.how == "inflected")


def _has_ending(frame: Frame, place: Mention) -> bool:
    return frame.source[place.start : place.end].endswith(tuple(frame.cues.set("place", "from")))


def is_origin_of_another(frame: Frame, fact: RecordFact, spans: Sequence[Span]) -> bool:
    """Whether quoted words name a value of `comesFrom` only as something else: "arrived in Aton", "Jo from Aton"."""
    if local(fact.key) != "comesFrom" or not frame.cues.has_key("comesFrom"):
        return False
    node, value = fact.node.iri.value, fact.object.value
    named = [m for span in spans for m in frame.of(value, *span, node)]
    return bool(named) and not any(_is_origin(frame, node, m) for m in named)


def _is_origin(frame: Frame, node: str, place: Mention) -> bool:
    window = frame.sentence(place.start)
    frame.work.spend(3)
    if place.how == "pronoun":
        return frame.source[place.start : place.end].lower() in frame.cues.set("owners")
    before = [m for m in frame.mentions(AGENTS, window.start, place.start) if m.end <= place.start][-1:]
    own = [m for m in frame.of(node, window.start, place.start, place.node) if m.end <= place.start][-1:]
    last = max([*before, *own], key=lambda m: m.end, default=None)
    gap = [w for w in frame.words(last.end if last else window.start, place.start) if w not in "\"“”„«»'’"]
    is_beside = last is not None and last.node == node
    if frame.ends_with(_FROM, window.start, place.start):
        lead = {word for phrase in frame.cues.set(*_FROM) for word in phrase.split()} | frame.cues.set("articles")
        is_of_last = last is not None and set(gap) <= lead
        return is_beside if is_of_last else not _is_weak(frame, gap)
    if last is not None and is_beside and _is_genitive(frame, last, place):
        return True
    return _leads_behind(frame, window, place)


def _is_weak(frame: Frame, words: Sequence[str]) -> bool:
    """Whether all that leads to a place is a word for whatever belongs to something: "of", "de", "von"."""
    led = list(words)
    while led and led[-1] in frame.cues.set("articles") and led[-1] not in frame.cues.set("predicate", "of"):
        led.pop()
    if any(" ".join(led[-k:]) in frame.cues.set(*_FROM) for k in range(2, _MOST_WORDS + 1)):
        return False
    return bool(frame.cues.set("predicate", "of").intersection(led[-1:]))


def _leads_behind(frame: Frame, window: Span, place: Mention) -> bool:
    """Whether words behind a place say that somebody comes from there: "the school sent", "Aton-born", «келген»."""
    following = frame.source[place.end : window.end].lower()
    if _BORN.match(following) or any(following.startswith(mark) for mark in frame.cues.set("role", "possessive")):
        return True
    if place.how == "inflected" and frame.source[place.start : place.end].endswith(
        tuple(frame.cues.set("place", "from"))
    ):
        return True
    words = frame.words(place.end, window.end)[:_MOST_WORDS]
    behind = any(word in frame.cues.set(*_BEHIND) for word in words)
    return behind and not frame.cues.set("place", "from")
