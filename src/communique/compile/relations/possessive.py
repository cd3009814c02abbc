"""Whom a possessive before a title means: "The Works welcomed it. Its chairman, Jo Sample, spoke"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.frame import Found, Frame, around
from communique.text.mentions import Mention
from communique.text.passages import Span

_REACH: Final = 40  # characters before a title in which its possessive stands
_MOST_WORDS: Final = 1  # between a possessive and its title: "its new chairman"


def possessive_of(frame: Frame, title: Mention, organization: str, within: Sequence[Span] = ()) -> Mention | None:
    """The possessive before a title as a mention of an organisation, if it can mean no other one.

    It means the organisation that is named in its sentence before it, or else in the sentence before: the only one
    there, or the one that the sentence begins with, or the only one of the words that an author quoted (``within``).
    """
    words = _possessive_before(frame, title)
    if words is None:
        return None
    own = frame.sentence(title.start)
    named = frame.mentions({"organization"}, own.start, words.start)
    before = _sentence_before(frame, title)
    if not named and before is not None:
        named = frame.mentions({"organization"}, *before)
    quoted = [m for m in named if any(start <= m.start and m.end <= end for start, end in within)]
    for few in (named, _subject(frame, named), quoted):
        nodes = {m.node for m in few}
        if len(nodes) == 1:
            return Mention(*words, organization, "pronoun") if nodes == {organization} else None
    return None


def find_owned(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """The parent of an organisation by a possessive right before it: "Sample Works grew. Its Sample Fund paid"."""
    owners = frame.cues.set("owners")
    for own in frame.of(fact.node.iri.value, *window)[:20]:
        for owner in frame.of(fact.object.value, *window):
            frame.work.spend(1)
            words = frame.source[owner.start : owner.end].lower()
            gap = frame.source[owner.end : own.start] if owner.end < own.start else "-"
            if owner.how == "pronoun" and words in owners and not gap.strip():
                return Found(around(owner, own), "possessive", own, owner)
    return None


def _possessive_before(frame: Frame, title: Mention) -> Span | None:
    """The possessive right before a title, or before one more word."""
    start = max(frame.sentence(title.start).start, title.start - _REACH)
    hits = list(frame.cues.pattern("role", "its").finditer(frame.source, start, title.start))
    if not hits or len(frame.words(hits[-1].end(), title.start)) > _MOST_WORDS:
        return None
    return Span(*hits[-1].span())


def _sentence_before(frame: Frame, title: Mention) -> Span | None:
    """The sentence before that of a title, in its paragraph."""
    number = frame.reading.sentences.at(title.start)
    return frame.sentences[number - 1] if number > frame.reading.sentences.paragraph(number).start else None


def _subject(frame: Frame, named: Sequence[Mention]) -> list[Mention]:
    """The mention with which its sentence begins, but for articles."""
    first = list(named[:1])
    known = frame.cues.set("articles")
    return [m for m in first if set(frame.words(frame.sentence(m.start).start, m.start)) <= known]
