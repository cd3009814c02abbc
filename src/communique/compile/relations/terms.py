"""Relations by terms that have no list of cues: a sentence names both ends and holds a word of the relation itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.cues import beginning_with
from communique.compile.relations.denial import is_denied
from communique.compile.relations.frame import Cue, Found, Frame, around, local
from communique.compile.relations.other import find_other
from communique.compile.relations.party import find_by_cues
from communique.text.passages import Span

_REACH: Final = 40
"""The most characters between a word of a relation and the words that name both of its ends."""
_PART: Final = re.compile(r"[A-Z]?[a-z]+")
_ENDINGS: Final = ("ation", "ment", "ing", "ion", "er", "or", "ed", "es", "s", "e")
_SHORTEST_STEM: Final = 3
_EMPTY: Final = frozenset(
    {"has", "is", "of", "by", "in", "to", "for", "on", "the", "item", "main", "date", "associated"}
)
"""Parts of names of terms that say nothing of the relation."""


def find_term(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """Words of a window that join both ends of a fact by a word of its relation, in its direction if that is known."""
    key = local(fact.key)
    found = find_by_cues(frame, fact, window, _directed(frame, key, window), "word of the relation")
    if found is not None or frame.cues.pattern("terms", key, "after").pattern != _NOTHING:
        return found
    both = find_other(frame, fact, window)
    if both is None or not frame.cues.words:  # a language without a table goes by names alone
        return both
    for word in _words(frame, key, window):
        low, high = sorted((both.span, word))
        if high.start - low.end <= _REACH and not _is_name(frame, word):
            return both._replace(span=around(both.span, word), rule="word of the relation", cue=word)
    return None


_NOTHING: Final = "(?!)"


def _directed(frame: Frame, key: str, window: Span) -> Iterator[Cue]:
    """The words of a relation that lead to a value after or before them."""
    frame.work.spend(2 + (window.end - window.start) // 50)
    for way, follows in (("after", True), ("before", False)):
        for hit in frame.cues.pattern("terms", key, way).finditer(frame.source, *window):
            cue = Span(*hit.span())
            if not is_denied(frame, cue):
                yield cue, follows


def knows_words(frame: Frame, key: str) -> bool:
    """Whether the language of a text has words for a key: those of a list, or in English those of its name."""
    return frame.cues.has_key(key) or key in frame.cues.keys("terms") or bool(stems_of_key(frame, key))


def words_of_term(frame: Frame, key: str, window: Span) -> Iterator[Span]:
    """The words of a term in a window, in whatever direction, without those of names."""
    for cue, _ in _directed(frame, key, window):
        yield cue
    if not frame.cues.has_key(key):
        yield from (word for word in _words(frame, key, window) if not _is_name(frame, word))


def stems_of_key(frame: Frame, key: str) -> frozenset[str]:
    """The stems of a term: those of its list, in English else those of its name."""
    stems = frame.cues.set("terms", key, "stems")
    if not stems and frame.reading.language.lower().partition("-")[0] == "en":
        stems = frozenset(stems_of(key))
    return stems


def _words(frame: Frame, key: str, window: Span) -> Iterator[Span]:
    """The words of a window that begin with a stem of a relation."""
    stems = stems_of_key(frame, key)
    frame.work.spend(2 + (window.end - window.start) // 50)
    for hit in beginning_with(stems).finditer(frame.source, *window):
        yield Span(*hit.span())


def _is_name(frame: Frame, word: Span) -> bool:
    """Whether a word is part of a name."""
    names = (m for m in frame.reading.mentions.within(*frame.sentence(word.start)) if m.how in ("name", "inflected"))
    return any(m.start <= word.start and word.end <= m.end for m in names)


def stems_of(key: str) -> list[str]:
    """The stems of the words of which the name of a term is made, in English.

    >>> stems_of("manufacturer"), stems_of("hasCertification")
    (['manufactur'], ['certific'])
    """
    words = [part.lower() for part in _PART.findall(key)]
    return [_stem(word) for word in words if word not in _EMPTY and len(word) >= _SHORTEST_STEM]


def _stem(word: str) -> str:
    ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= _SHORTEST_STEM), "")
    return word.removesuffix(ending)
