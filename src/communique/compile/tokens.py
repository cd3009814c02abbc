"""The tokens of a text: words, white space, single signs; and where a row of them stands, found without cutting one."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Final

from communique.compile.passages import Span

INVISIBLE: Final = "\u00ad\u200b\u200e\u200f\u061c\u2060\ufeff"
"""Signs that show nothing: soft hyphen, zero width space, direction marks, word joiner, byte order mark."""

_UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u115f\u1780-\u17ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff"
    "\uff66-\uff9f\U00016fe0-\U00018dff\U0001aff0-\U0001b2ff\U00020000-\U0003ffff"
)
"""Scripts without spaces between words (Thai, Lao, Burmese, Khmer, Chinese, Japanese), and Korean, whose particles
stand at their words: there each character is a token of its own. Ranges, as regular expressions write them."""

_VOWELS: Final = "\u1160-\u11ff\ud7b0-\ud7ff"
"""Vowels and final consonants of Korean syllables that are written apart: they belong to what stands before them."""

_END: Final = "\0"  # between tokens; a text that holds it is refused before anything is read in it
_SCANNED: Final = 4096  # characters that are looked through without an index
_TRIED: Final = 64  # places of the rarest token that are looked at one by one, before the text is looked through


class Tokens:
    """The tokens of a text as ``words``, and where each begins and ends (offsets into the source, code points)."""

    def __init__(self, words: list[str], starts: Sequence[int], ends: Sequence[int]) -> None:
        self.words, self.starts, self.ends = words, starts, ends

    def map(self, fold: Callable[[str], str]) -> Tokens:
        """The same tokens, each folded; those of which nothing is left are left out."""
        folded = {word: fold(word) for word in dict.fromkeys(self.words)}
        kept = [k for k, word in enumerate(self.words) if folded[word]]
        if len(kept) == len(self.words):
            return Tokens([folded[word] for word in self.words], self.starts, self.ends)
        return self.pick(kept, folded)

    def pick(self, kept: Iterable[int], folded: dict[str, str] | None = None) -> Tokens:
        """Some of the tokens, by their numbers."""
        numbers = list(kept)
        words = [self.words[k] if folded is None else folded[self.words[k]] for k in numbers]
        return Tokens(words, array("I", (self.starts[k] for k in numbers)), array("I", (self.ends[k] for k in numbers)))

    @cached_property
    def text(self) -> str:
        """All tokens, each with a sign at its beginning and end that stands in no text: no word is found inside one."""
        return _END + _END.join(self.words) + _END

    @cached_property
    def offsets(self) -> array[int]:
        """Where each token begins in `text`."""
        return _offsets(self.words, 1)

    @cached_property
    def places(self) -> dict[str, array[int]]:
        """The numbers of the tokens that are a word, in order."""
        found: dict[str, array[int]] = {}
        for k, word in enumerate(self.words):
            found.setdefault(word, array("I")).append(k)
        return found

    def find(self, words: Sequence[str], start: int, end: int) -> Span | None:
        """The first place between two offsets of the source where the words stand as whole tokens, one after another.

        What it costs grows with the length of that stretch and no faster.
        """
        first, last = bisect_left(self.starts, start), bisect_right(self.ends, end)
        if not words or first + len(words) > last:
            return None
        k = self._number(_END + _END.join(words) + _END, words, first, last)
        return None if k is None else Span(self.starts[k], self.ends[k + len(words) - 1])

    def _number(self, needle: str, words: Sequence[str], first: int, last: int) -> int | None:
        low, high = self.offsets[first] - 1, self.offsets[last - 1] + len(self.words[last - 1]) + 1
        if high - low > _SCANNED:
            rarest = min(range(len(words)), key=lambda k: len(self.places.get(words[k], ())))
            places = self.places.get(words[rarest], array("I"))
            a, z = bisect_left(places, first + rarest), bisect_left(places, last)
            if z - a <= _TRIED:
                numbers = (p - rarest for p in places[a:z])
                return next((k for k in numbers if self.text.startswith(needle, self.offsets[k] - 1, high)), None)
        at = self.text.find(needle, low, high)
        return None if at < 0 else bisect_left(self.offsets, at + 1)

    def is_whole(self, span: Span) -> bool:
        """Whether a stretch of the source begins where a token begins and ends where one ends."""
        a, z = bisect_left(self.starts, span.start), bisect_left(self.ends, span.end)
        return a < len(self.starts) and self.starts[a] == span.start and z < len(self.ends) and self.ends[z] == span.end


class Source:
    """The tokens of one text, as each normaliser reads them; made when first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def exact(self) -> Tokens:
        """As they stand."""
        return tokens_of(self.text)

    @cached_property
    def canonical(self) -> Tokens:
        """Composed (NFC), without signs that show nothing, hyphens that do not break as plain ones."""
        return self.exact.map(canonical)

    @cached_property
    def spaced(self) -> Tokens:
        """Canonical; all white space is one space."""
        return self.canonical.map(_one_space)

    @cached_property
    def cased(self) -> Tokens:
        """Canonical, with one space for all white space, in small letters."""
        return self.spaced.map(small)

    @cached_property
    def plain(self) -> tuple[str, array[int]]:
        """The text of `cased` without signs between the tokens, and where each begins in it."""
        return "".join(self.cased.words), _offsets(self.cased.words, 0)


@lru_cache(maxsize=2)
def source_of(text: str) -> Source:
    """The tokens of a text; those of the last few texts are kept."""
    return Source(text)


@lru_cache(maxsize=8)
def words_of(literal: str, fold: Callable[[str], str] = str) -> list[str]:
    """The tokens of a literal, folded; those of the last few are kept, for one literal is sought in many stretches.

    >>> words_of("May 29-30")
    ['May', ' ', '29', '-', '30']
    """
    return [folded for word in _pattern(_marks(literal)).findall(literal) if (folded := fold(word))]


def canonical(text: str) -> str:
    """A text composed (Unicode NFC), without signs that show nothing, hyphens that do not break as plain ones.

    >>> canonical("Jose\u0301 re\u00adport 2\u20111") == "José report 2-1"
    True
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text).translate(_PLAIN)


_PLAIN: Final = {ord(sign): None for sign in INVISIBLE} | {0x2010: "-", 0x2011: "-"}


def small(text: str) -> str:
    """A text in small letters, composed; whether a letter ends a word makes no difference.

    >>> small("İZMİR ΟΔΟΣ")
    'izmir οδοσ'
    """
    lower = text.replace("İ", "i").lower()
    return lower if text.isascii() else unicodedata.normalize("NFC", lower.replace("ς", "σ"))


def _one_space(word: str) -> str:
    return " " if word.isspace() else word


def _offsets(words: Iterable[str], gap: int) -> array[int]:
    made, at = array("I"), gap
    for word in words:
        made.append(at)
        at += len(word) + gap
    return made


def tokens_of(text: str) -> Tokens:
    """The tokens of a text as they stand. Accents and the like belong to what stands before them.

    >>> tokens_of("No. 2\u20117, 北京").words
    ['No', '.', ' ', '2', '‑', '7', ',', ' ', '北', '京']
    """
    words, starts, ends = [], array("I"), array("I")
    for hit in _pattern(_marks(text)).finditer(text):
        words.append(hit.group())
        starts.append(hit.start())
        ends.append(hit.end())
    return Tokens(words, starts, ends)


def _marks(text: str) -> str:
    """The accents and vowel signs of a text, each once."""
    return "" if text.isascii() else "".join(sorted(c for c in set(text) if unicodedata.category(c)[0] == "M"))


@lru_cache(maxsize=256)
def _pattern(marks: str) -> re.Pattern[str]:
    """What is a token in a text whose marks (accents, vowel signs) are these."""
    letter = rf"(?:[^\W_{marks}{_UNSPACED}{_VOWELS}]|\d)"
    after = f"[{marks}{_VOWELS}]*+"
    within = f"[{INVISIBLE}\u200c\u200d]++(?={letter})"
    return re.compile(rf"{letter}{after}(?:{letter}{after}|{within})*+|\s++|.{after}", re.DOTALL)
