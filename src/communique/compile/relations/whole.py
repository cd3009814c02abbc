"""What something is a part of: "Section 7 of the Street Order", "§ 7 der Ordnung", "статья 7 Закона"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.frame import Found, Frame, around
from communique.compile.relations.party import find_party
from communique.compile.relations.terms import find_term
from communique.terms import SCHEMA
from communique.text.mentions import Mention
from communique.text.passages import Span

_MOST_WORDS: Final = 4
_LAW: Final = SCHEMA + "Legislation"


def find_whole(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """Words of a window in which a part stands right before or after the whole, or a cue ("belongs to") says it."""
    found = find_party(frame, fact, window)
    return found or next(_attached(frame, fact, window), None)


def find_event_around(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """Words of a window that say of which event another is a part: "at the fair", "the race of the league"."""
    found = find_term(frame, fact, window)
    if found is not None:
        return found
    for one in _attached(frame, fact, window):
        part, whole = one.subject, one.value
        if part and whole and (whole.how == "inflected" or frame.words(part.end, whole.start)):
            return one
    return None


def _attached(frame: Frame, fact: RecordFact, window: Span) -> Iterator[Found]:
    """Places of a window where the node of a fact stands as a part beside its value, the whole."""
    node, value = fact.node.iri.value, fact.object.value
    for part in frame.of(node, *window, value)[:20]:
        for whole in frame.of(value, *window, node)[:20]:
            frame.work.spend(3)
            if _is_attached(frame, part, whole):
                yield Found(around(part, whole), "part of a whole", part, whole)


def find_whole_of_words(frame: Frame, fact: RecordFact) -> Found | None:
    """The work that is named last before the words of a statement, or in their sentence: they are taken from it.

    Of anything else the first place where it is joined with the whole, be it in a longer name ("Repeal of Section 7 of
    the Street Order").
    """
    value = fact.object.value
    if frame.group(fact.node.iri.value) != "said":
        return _joined_in_name(frame, fact)
    for text in frame.texts(fact.node):
        sentence = frame.sentence(text.start)
        named = [m for m in frame.mentions(frame.rivals(value), 0, sentence.end) if _is_alike(frame, m.node, value)]
        beside = [m for m in named if m.start >= sentence.start][:1]
        nearest = beside or ([] if _LAW in frame.reading.classes(value) else named[-1:])
        if nearest and nearest[0].node == value:
            return Found(Span(*nearest[0][:2]), "work named last", None, nearest[0])
    return None


def _joined_in_name(frame: Frame, fact: RecordFact) -> Found | None:
    mentions = frame.reading.mentions
    for part in mentions.of(fact.node.iri.value)[:50]:
        for whole in mentions.of_within(fact.object.value, *frame.sentence(part.start)):
            frame.work.spend(2)
            if set(part.inside) & set(whole.inside) and _is_attached(frame, part, whole):
                return Found(around(part, whole), "part of a whole", part, whole)
    return None


def _is_alike(frame: Frame, one: str, other: str) -> bool:
    """Whether both are laws or both other works: a law that approves a report makes none of its recommendations."""
    return (_LAW in frame.reading.classes(one)) == (_LAW in frame.reading.classes(other))


def _is_attached(frame: Frame, part: Mention, whole: Mention) -> bool:
    """Whether nothing but "of" and articles stands between a part and a whole after it, or a possessive before it."""
    if part.end <= whole.start:
        words = frame.words(part.end, whole.start)
        return len(words) <= _MOST_WORDS and set(words) <= frame.cues.set("whole") | frame.cues.set("articles")
    if whole.end > part.start:
        return False
    gap = frame.source[whole.end : part.start].strip().lower()
    return not gap or gap in frame.cues.set("role", "possessive")
