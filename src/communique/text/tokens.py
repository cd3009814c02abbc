"""The tokens of a text (words, white space, single other characters), and a search for rows of whole tokens."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, count
from operator import add
from typing import Final

from communique.text.passages import Span

INVISIBLE: Final = "\u00ad\u200b\u200e\u200f\u061c\u2060\ufeff"
"""Invisible characters: soft hyphen, zero width space, direction marks, word joiner, byte order mark."""

_UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u115f\u1780-\u17ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff"
    "\uff66-\uff9f\U00016fe0-\U00018dff\U0001aff0-\U0001b2ff\U00020000-\U0003ffff"
)
"""Scripts without spaces between words (Thai, Lao, Burmese, Khmer, Chinese, Japanese), and Korean, whose particles
are attached to words: each of their characters is a token of its own. Ranges in regular-expression notation."""

_VOWELS: Final = "\u1160-\u11ff\ud7b0-\ud7ff"
"""Vowels and final consonants of decomposed Korean syllables: they belong to the character before them."""

_END: Final = "\0"  # between tokens; a text that contains it is refused before it is read
_SCANNED: Final = 4096  # longest stretch, in characters, that is searched without an index
_TRIED: Final = 64  # most places of the rarest token that are checked one by one; with more, the text is searched


class Tokens:
    """The tokens of a text as ``words``, and where each begins and ends (offsets into the source, code points)."""

    def __init__(self, words: list[str], starts: Sequence[int], ends: Sequence[int]) -> None:
        self.words, self.starts, self.ends = words, starts, ends

    def map(self, fold: Callable[[str], str]) -> Tokens:
        """The same tokens, each folded; tokens that become empty are dropped."""
        folded = {word: fold(word) for word in dict.fromkeys(self.words)}
        if all(word is after or word == after for word, after in folded.items()):
            return self
        kept = [k for k, word in enumerate(self.words) if folded[word]]
        if len(kept) == len(self.words):
            return Tokens([folded[word] for word in self.words], self.starts, self.ends)
        return self.pick(kept, folded)

    def pick(self, kept: Iterable[int], folded: dict[str, str] | None = None) -> Tokens:
        """The tokens with these numbers; ``folded`` gives the text that replaces each word."""
        numbers = list(kept)
        words = [self.words[k] if folded is None else folded[self.words[k]] for k in numbers]
        return Tokens(words, array("I", (self.starts[k] for k in numbers)), array("I", (self.ends[k] for k in numbers)))

    @cached_property
    def text(self) -> str:
        """All tokens, with NUL before and after each one, so that no search matches inside a token."""
        return _END + _END.join(self.words) + _END

    @cached_property
    def offsets(self) -> array[int]:
        """Where each token begins in `text`."""
        return _offsets(self.words, 1)

    @cached_property
    def places(self) -> dict[str, array[int]]:
        """For each word the numbers of its tokens, in order."""
        places: dict[str, array[int]] = {}
        for k, word in enumerate(self.words):
            places.setdefault(word, array("I")).append(k)
        return places

    def find(self, words: Sequence[str], start: int, end: int) -> Span | None:
        """The first span between two offsets of the source where ``words`` occur as consecutive whole tokens.

        The time is linear in the length of that stretch.
        """
        first, last = bisect_left(self.starts, start), bisect_right(self.ends, end)
        if not words or first + len(words) > last:
            return None
        k = self._first_token(_END + _END.join(words) + _END, words, first, last)
        return None if k is None else Span(self.starts[k], self.ends[k + len(words) - 1])

    def _first_token(self, needle: str, words: Sequence[str], first: int, last: int) -> int | None:
        """The number of the token at which ``words`` begin, among tokens ``first`` to ``last`` (exclusive)."""
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
        """Whether a span of the source begins where a token begins and ends where one ends."""
        a, z = bisect_left(self.starts, span.start), bisect_left(self.ends, span.end)
        return a < len(self.starts) and self.starts[a] == span.start and z < len(self.ends) and self.ends[z] == span.end


class Source:
    """The tokens of one text in the forms that the normalisers compare; each form is computed on first use."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def exact(self) -> Tokens:
        """Unchanged."""
        return tokens_of(self.text)

    @cached_property
    def canonical(self) -> Tokens:
        """In canonical form, see `canonical`."""
        return self.exact.map(canonical)

    @cached_property
    def spaced(self) -> Tokens:
        """In canonical form, with each run of white space as one space."""
        return self.canonical.map(_one_space)

    @cached_property
    def cased(self) -> Tokens:
        """Like `spaced`, in lower case."""
        return self.spaced.map(lower_case)

    @cached_property
    def plain(self) -> tuple[str, array[int]]:
        """The tokens of `cased` joined into one text, and the offset of each in it."""
        return "".join(self.cased.words), _offsets(self.cased.words, 0)


@lru_cache(maxsize=2)
def source_of(text: str) -> Source:
    """The tokens of a text; those of the last two texts are cached."""
    return Source(text)


@lru_cache(maxsize=8)
def words_of(literal: str, fold: Callable[[str], str] = str) -> list[str]:
    """The tokens of a literal, folded; cached, because one literal is searched for in many stretches.

    >>> words_of("May 29-30")
    ['May', ' ', '29', '-', '30']
    """
    return [folded for word in _pattern(_marks(literal)).findall(literal) if (folded := fold(word))]


def canonical(text: str) -> str:
    """A text in Unicode NFC, without invisible characters and with non-breaking hyphens as plain ones.

    >>> canonical("Jose\u0301 re\u00adport 2\u20111") == "José report 2-1"
    True
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text).translate(_PLAIN)


_PLAIN: Final = {ord(character): None for character in INVISIBLE} | {0x2010: "-", 0x2011: "-"}


def lower_case(text: str) -> str:
    """A text in lower case and NFC; a final sigma becomes a plain one.

    >>> lower_case("İZMİR ΟΔΟΣ")
    'izmir οδοσ'
    """
    lower = text.replace("İ", "i").lower()
    return lower if text.isascii() else unicodedata.normalize("NFC", lower.replace("ς", "σ"))


def _one_space(word: str) -> str:
    return " " if word.isspace() else word


def _offsets(words: Iterable[str], gap: int) -> array[int]:
    ends = accumulate(map(len, words), initial=gap)
    return array("I", map(add, ends, count(0, gap)))[:-1]


def tokens_of(text: str) -> Tokens:
    """The tokens of a text, unchanged. Combining marks belong to the character before them.

    >>> tokens_of("No. 2\u20117, 北京").words
    ['No', '.', ' ', '2', '‑', '7', ',', ' ', '北', '京']
    """
    words: list[str] = _pattern(_marks(text)).findall(text)
    bounds = array("I", accumulate(map(len, words), initial=0))  # every character is in a token
    return Tokens(words, bounds[:-1], bounds[1:])


def _marks(text: str) -> str:
    """The combining marks of a text (accents, vowel signs), each once."""
    return "" if text.isascii() else "".join(sorted(c for c in set(text) if unicodedata.category(c)[0] == "M"))


@lru_cache(maxsize=256)
def _pattern(marks: str) -> re.Pattern[str]:
    """A regular expression for the tokens of a text with these combining marks."""
    letter = rf"(?:[^\W_{marks}{_UNSPACED}{_VOWELS}]|\d)"
    after = f"[{marks}{_VOWELS}]*+"
    within = f"[{INVISIBLE}\u200c\u200d]++(?={letter})"
    return re.compile(rf"{letter}{after}(?:{letter}{after}|{within})*+|\s++|.{after}", re.DOTALL)
