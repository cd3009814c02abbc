"""All numbers of a text, in digits and in words, with the multipliers after them; no units yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

from communique.text.numberwords import Word, number_in_words, number_words_of
from communique.text.numerals import DIGITS, VULGAR, number_in_digits, separators_of
from communique.text.shadow import Shadow
from communique.text.units import surroundings_of
from communique.text.unquantified import Exclusions

_HALVES: Final = "".join(VULGAR)
_TOKEN: Final = re.compile(rf"(?P<digits>{DIGITS.pattern})|(?P<word>[^\W\d_{_HALVES}]+)|(?P<half>[{_HALVES}])")
_DIRECT: Final = ("", " ", "-")
_MOST_WORDS: Final = 24


class Token(NamedTuple):
    """A number in digits, a word or a fraction character, with its offsets in the shadow text."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its offsets in the shadow text.

    ``power`` is the power of ten of its multiplier (6 for "2 million"). It is ``weak`` if it is a mere "one" or a
    fraction in words, ``is_round`` if its words say that it is only about that.
    """

    value: Fraction
    start: int
    end: int
    power: int = 0
    in_digits: bool = False
    weak: bool = False
    is_round: bool = False


class NumberScanner:
    """Reads the numbers of one shadow text in a language."""

    def __init__(self, shadow: Shadow, language: str) -> None:
        self.low, self.cased = shadow.text, shadow.cased
        self.vocabulary, self.separators = number_words_of(language), separators_of(language)
        self.surroundings = surroundings_of(language)
        self.exclusions = Exclusions(shadow, language)
        self.tokens = [
            Token(hit.lastgroup or "", hit.group(), hit.start(), hit.end()) for hit in _TOKEN.finditer(self.low)
        ]

    def numbers(self) -> Iterator[Number]:
        """The numbers in order; none overlap."""
        k = 0
        while k < len(self.tokens):
            number, taken = self._number_at(k)
            if number is not None:
                yield number
            k += max(taken, 1)

    def _number_at(self, k: int) -> tuple[Number | None, int]:
        token = self.tokens[k]
        if token.kind == "digits":
            return self._in_digits(k)
        if token.kind == "half":
            return Number(VULGAR[token.text], token.start, token.end, in_digits=True, weak=True), 1
        if self.vocabulary.begins(token.text):
            return self._in_words(k)
        return None, 1

    def _in_words(self, k: int) -> tuple[Number | None, int]:
        words = [Word(*self.tokens[k][1:])]
        while len(words) < _MOST_WORDS and self._follows(k + len(words), "word"):
            words.append(Word(*self.tokens[k + len(words)][1:]))
        found = number_in_words(words, 0, self.vocabulary)
        if found is None:
            return None, 1
        last = words[found.length - 1]
        number = Number(found.value, words[0].start, last.end, weak=found.weak, is_round=found.is_round)
        return number, found.length

    def _follows(self, k: int, kind: str) -> bool:
        """Whether token number ``k`` is of a kind and follows the one before it directly."""
        if k >= len(self.tokens) or self.tokens[k].kind != kind:
            return False
        return self.low[self.tokens[k - 1].end : self.tokens[k].start] in _DIRECT

    def _in_digits(self, k: int) -> tuple[Number | None, int]:
        token = self.tokens[k]
        value = None if self.exclusions.excludes(token.start, token.end) else self._value(token)
        if value is None:
            return None, 1
        start, end, taken, power = token.start, token.end, 1, 0
        if self._is_negative(start):
            value, start = -value, start - 1
        if self._follows(k + 1, "half") and end == self.tokens[k + 1].start:
            value, end, taken = value + VULGAR[self.tokens[k + 1].text], self.tokens[k + 1].end, 2
        while (scale := self._scale(k + taken, end)) is not None:
            value, power, end, taken = value * 10**scale, power + scale, self.tokens[k + taken].end, taken + 1
        if power and self._follows(k + taken, "digits"):
            rest, more = self._in_digits(k + taken)
            if rest is not None and 0 < rest.power < power:  # "3 billion 500 million"
                return Number(value + rest.value, start, rest.end, power, True), taken + more
        return Number(value, start, end, power, True), taken

    def _value(self, token: Token) -> Fraction | None:
        return number_in_digits(token.text, self.separators)

    def _is_negative(self, start: int) -> bool:
        """Whether a minus sign stands before digits, and no range begins before it."""
        before = self.low[start - 2 : start - 1] if start > 1 else ""
        return self.low[start - 1 : start] == "-" and (
            before in ("", "(") or (before == " " and not self._is_range(start))
        )

    def _is_range(self, start: int) -> bool:
        return start > 2 and self.low[start - 3].isalnum() and self.low[start : start + 1] == " "

    def _scale(self, k: int, end: int) -> int | None:
        """The power of ten of the multiplier that token number ``k`` is, directly after an offset."""
        if k >= len(self.tokens) or self.tokens[k].kind != "word":
            return None
        word, gap = self.tokens[k].text, self.low[end : self.tokens[k].start]
        if gap in ("", " ", ". ") and word in self.vocabulary.scales:
            return None if gap == ". " and not self._is_short(self.tokens[k - 1]) else self.vocabulary.scales[word]
        if gap == "" and word in self.vocabulary.attached:
            money = self.surroundings.currency_before(self.low, self.cased, self.tokens[k - 1].start).kind
            money = money or self.surroundings.unit_after(self.low, self.cased, self.tokens[k].end).kind
            return self.vocabulary.attached[word] if money == "currency" or word == "k" else None
        return None

    def _is_short(self, token: Token) -> bool:
        return token.kind == "word" and token.text in self.vocabulary.scales
