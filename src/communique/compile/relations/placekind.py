"""The noun for what a place is, right before its name: "in the village of Aton", "im Dorf Aton", «в посёлке Атон»."""

from __future__ import annotations

import re
from typing import Final

from communique.compile.relations.frame import Frame
from communique.text.mentions import Mention

_REACH: Final = 50  # characters before a name in which the noun and its adjectives stand
_ADJECTIVES: Final = 2
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*\.?|[^\w\s]")
_QUOTES: Final = frozenset('«„“"')


def with_kind(frame: Frame, place: Mention) -> Mention:
    """The mention of a place together with the noun for what it is and that noun's adjectives, if they lead to it."""
    kinds = frame.cues.set("place", "kinds")
    if not kinds:
        return place
    low = max(frame.sentence(place.start).start, place.start - _REACH)
    words = [(hit.start(), hit.group().lower()) for hit in _WORD.finditer(frame.source, low, place.start)]
    while words and words[-1][1] in _QUOTES:
        words.pop()
    if words and words[-1][1] in ("’", "'"):
        words.pop()  # "d’Aton"
    while words and words[-1][1] in frame.cues.set("place", "kind_of"):
        words.pop()
    if not words or words[-1][1].removesuffix(".") not in kinds:
        return place
    start = words[-1][0]
    articles = frame.cues.set("articles")
    for k in range(1, min(_ADJECTIVES, len(words) - 2) + 1):
        if words[-1 - k][1] in articles:
            break
        if words[-2 - k][1] in articles and words[-1 - k][1].isalpha():
            start = words[-1 - k][0]
            break
    if any(m.end > start for m in frame.reading.mentions.within(low, place.start)):
        return place
    return place._replace(start=start)
