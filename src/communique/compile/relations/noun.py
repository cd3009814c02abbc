"""Who is called by the noun of a key right behind their name: "Elm College, partner of the project"."""

from __future__ import annotations

from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.denial import is_denied
from communique.compile.relations.frame import Found, Frame, around, local
from communique.compile.relations.lists import actors_before
from communique.text.passages import Span

NOUNS: Final = frozenset({"contributor"})
"""Keys with a list of nouns for those whom they name."""
_OPENING: Final = frozenset(",(–—")
_MARKS: Final = frozenset('«„“"')
_CLOSING: Final = frozenset('»“”"’')


def find_by_noun(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """The value of a fact with the noun of its key behind a comma, and the fact's node right behind that."""
    node, value = fact.node.iri.value, fact.object.value
    for hit in frame.cues.pattern("nouns", local(fact.key)).finditer(frame.source, *window):
        noun = Span(*hit.span())
        frame.work.spend(2)
        own = frame.of(node, noun.end, window.end, value)[:1]
        if not own or not _leads(frame, noun.end, own[0].start) or is_denied(frame, noun):
            continue
        who = actors_before(frame, frame.rivals(value), window.start, noun.start)
        gap = [word for word in frame.words(max((m.end for m in who), default=0), noun.start) if word not in _CLOSING]
        one = next((m for m in who if m.node == value), None)
        if one is not None and gap and gap[0] in _OPENING and set(gap[1:]) <= frame.cues.set("articles"):
            return Found(around(one, noun, own[0]), "noun behind a name", own[0], one, noun)
    return None


def _leads(frame: Frame, start: int, end: int) -> bool:
    """Whether only small words part a noun from a name, or what it is before a mark: "партнёр проекта «Река»"."""
    words = frame.words(start, end)
    left = [word for word in words if word not in frame.cues.set("prepositions") | frame.cues.set("articles")]
    return not left or (len(left) == 2 and left[0].isalpha() and left[1] in _MARKS)
