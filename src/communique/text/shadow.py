"""A shadow of a text in which names are searched: case, quotation marks, dashes and runs of spaces folded."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from communique.text.passages import Span
from communique.text.tokens import INVISIBLE

_QUOTES: Final = "“”„‟«»‹›〝〞＂"
_APOSTROPHES: Final = "‘’‚‛`´ʻʼʹ＇"
_DASHES: Final = "‐‑‒–—―−﹘﹣－"
_SPACES: Final = "\t\x0b\x0c\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f\u3000"
_SAME_LENGTH: Final = str.maketrans(
    _QUOTES + _APOSTROPHES + _DASHES + _SPACES,
    '"' * len(_QUOTES) + "'" * len(_APOSTROPHES) + "-" * len(_DASHES) + " " * len(_SPACES),
)
_LONGEST_KEPT: Final = 200  # characters of names that are kept folded for further releases
_CUT: Final = re.compile(rf"(?<= ) +|[{INVISIBLE}]+")


class Shadow:
    """A folded text: ``cased`` with its case, ``text`` in lower case; both have the same length."""

    def __init__(self, text: str) -> None:
        self.cased, self._starts, self._shifts = _folded(text)
        self.text = lower(self.cased)
        self._origins = array("I", map(sum, zip(self._starts, self._shifts, strict=True)))
        self.source = text

    def span(self, start: int, end: int) -> Span:
        """The span of the source that a stretch of the shadow (not empty) stands for."""
        stop = self.offset(end - 1) + 1
        while stop < len(self.source) and unicodedata.combining(self.source[stop]):
            stop += 1
        return Span(self.offset(start), stop)

    def find(self, words: str, start: int, end: int) -> Iterator[Span]:
        """The places between two offsets of the source where words stand, folded in the same way; may cut words."""
        wanted, last = lower(fold(words)), self._index(end)
        at = self.text.find(wanted, self._index(start), last) if wanted else -1
        while at >= 0:
            span = self.span(at, at + len(wanted))
            if start <= span.start and span.end <= end:
                yield span
            at = self.text.find(wanted, at + 1, last)

    def _index(self, offset: int) -> int:
        """Where in the shadow the character at an offset of the source is, or the next one that is kept."""
        k = bisect_right(self._origins, offset) - 1
        return max(offset - self._shifts[k], self._starts[k]) if k >= 0 else offset

    def offset(self, at: int) -> int:
        """The offset in the source of a character of the shadow.

        >>> Shadow("a  b").offset(2)
        3
        """
        k = bisect_right(self._starts, at) - 1
        return at + self._shifts[k] if k >= 0 else at


def lower(text: str) -> str:
    """A text in lower case, of the same length; a final sigma becomes a plain one.

    >>> lower("İ ΟΔΟΣ")
    'i οδοσ'
    """
    return text.replace("İ", "i").lower().replace("ς", "σ")


def fold(name: str) -> str:
    """A name folded as `Shadow` folds a text, with its case, without white space around it.

    >>> fold(" «Sample»  Works\u2011West ")
    '"Sample" Works-West'
    """
    return _kept(name) if len(name) <= _LONGEST_KEPT else _kept.__wrapped__(name)


@lru_cache(maxsize=1 << 12)
def _kept(name: str) -> str:
    return _folded(" ".join(name.split()))[0]


@lru_cache(maxsize=2)
def shadow_of(text: str) -> Shadow:
    """The shadow of a text; the last two are cached."""
    return Shadow(text)


def _folded(text: str) -> tuple[str, array[int], array[int]]:
    """A folded text; where in it the distance to the source changes, and the distance from there on."""
    same = text.translate(_SAME_LENGTH)
    starts, shifts, pieces = array("I"), array("i"), []
    begin = length = 0
    for start, end, instead in _changes(same):
        pieces += [same[begin:start], instead]
        length += start - begin + len(instead)
        begin = end
        starts.append(length)
        shifts.append(end - length)
    pieces.append(same[begin:])
    return "".join(pieces), starts, shifts


def _changes(text: str) -> list[tuple[int, int, str]]:
    """The runs of spaces, invisible characters and letters with marks: start, end, and what replaces each, in order."""
    changes = [(hit.start(), hit.end(), "") for hit in _CUT.finditer(text)]
    if not unicodedata.is_normalized("NFC", text):
        changes += _compositions(text)
        changes.sort()
    return changes


def _compositions(text: str) -> list[tuple[int, int, str]]:
    """The letters with combining marks that have one character of their own (Unicode NFC)."""
    found: list[tuple[int, int, str]] = []
    at = 0
    while at < len(text):
        stop = at + 1
        while stop < len(text) and unicodedata.combining(text[stop]):
            stop += 1
        if stop > at + 1 and len(text[at:stop]) > len(composed := unicodedata.normalize("NFC", text[at:stop])):
            found.append((at, stop, composed))
        at = stop
    return found
