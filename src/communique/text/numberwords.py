"""Numbers in words: "two and a half million", "vierundachtzig", "soixante-dix", «две трети» as exact numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Final, NamedTuple

from communique.text.tables import table

_AFTER_SIXTY: Final = (60, 80)
"""Tens after which French counts on to nineteen: soixante-dix, quatre-vingt-douze."""


class Word(NamedTuple):
    """A word of a shadow text, with its offsets."""

    text: str
    start: int
    end: int


class WordNumber(NamedTuple):
    """A number in words: its value, how many words it takes, whether it is a mere "one" or a fraction, and whether its
    words say that it is only about that: "une soixantaine", «два десятка»."""

    value: Fraction
    length: int
    weak: bool
    is_round: bool = False


@dataclass(frozen=True, slots=True)
class NumberWords:
    """The words for numbers of a language, in lower case.

    ``atoms`` have their values; ``scales`` and ``attached`` the powers of ten that they multiply by, the latter only
    directly after digits; ``mixed`` and ``fractions`` their values; ``whole`` are fractions that need no number before
    them, ``alone`` scales that need none. ``rounds`` count roughly, after an article or a number, and ``of`` joins them
    to a scale ("une dizaine de millions"). ``compounds`` matches words that are written as one ("vierundachtzig").
    """

    atoms: Mapping[str, int]
    hundreds: frozenset[str]
    scales: Mapping[str, int]
    attached: Mapping[str, int]
    dozens: Mapping[str, int]
    rounds: Mapping[str, int]
    of: frozenset[str]
    mixed: Mapping[str, Fraction]
    fractions: Mapping[str, Fraction]
    whole: frozenset[str]
    articles: frozenset[str]
    joiners: frozenset[str]
    halves: tuple[tuple[str, ...], ...]
    alone: frozenset[str]
    compounds: re.Pattern[str] | None

    def begins(self, word: str) -> bool:
        """Whether a number can begin with a word."""
        return (
            word in self.atoms
            or word in self.articles
            or word in self.mixed
            or word in self.whole
            or word in self.hundreds
            or word in self.alone
            or word in self.dozens
            or self.compound(word) is not None
        )

    def compound(self, word: str) -> int | None:
        """The value of a number that is written as one word; None if it is none.

        >>> number_words_of("de").compound("zweitausendvierundachtzig")
        2084
        """
        if self.compounds is None or len(word) > 60 or self.compounds.fullmatch(word) is None or word in self.joiners:
            return None
        total = current = 0
        for part in re.findall(self.compounds.pattern.removesuffix("++"), word):
            value = self.atoms.get(part, 0)
            if part in self.joiners:
                continue
            if value == 1000 or value == 100:
                current = max(current, 1) * value
                total, current = (total + current, 0) if value == 1000 else (total, current)
            else:
                current += value
        return total + current


@cache
def number_words_of(language: str) -> NumberWords:
    """The words for numbers of a language, given by its tag; empty if it has no tables."""
    made, own = table("numbers", language), table("quantities", language)
    atoms: dict[str, int] = {**made.get("words", {}), **own.get("more_words", {})}
    joiners = frozenset(own.get("joiners", ()))
    return NumberWords(
        atoms=atoms,
        hundreds=frozenset(own.get("hundred", ())),
        scales=own.get("scales", {}),
        attached=own.get("attached", {}),
        dozens=own.get("dozen", {}),
        rounds=own.get("rounds", {}),
        of=frozenset(own.get("of_rounds", ())),
        mixed={word: Fraction(text) for word, text in own.get("mixed", {}).items()},
        fractions={word: Fraction(text) for word, text in own.get("fractions", {}).items()},
        whole=frozenset(own.get("whole_fractions", ())),
        articles=frozenset(own.get("articles", ())),
        joiners=joiners,
        halves=tuple(tuple(phrase.split()) for phrase in own.get("and_half", ())),
        alone=frozenset(own.get("alone", ())),
        compounds=_compounds(atoms, joiners) if own.get("compounds") else None,
    )


def _compounds(atoms: Mapping[str, int], joiners: frozenset[str]) -> re.Pattern[str]:
    words = sorted((*atoms, *joiners), key=lambda word: (-len(word), word))
    return re.compile(f"(?:{'|'.join(map(re.escape, words))})++")


def number_in_words(words: Sequence[Word], at: int, vocabulary: NumberWords) -> WordNumber | None:
    """The number that begins with the word number ``at``; None if none does. ``words`` follow one another directly.

    >>> text = "two and a half million".split()
    >>> number_in_words([Word(word, 0, 0) for word in text], 0, number_words_of("en"))
    WordNumber(value=Fraction(2500000, 1), length=5, weak=False, is_round=False)
    """
    reader = _Reader([word.text for word in words[at : at + 24]], vocabulary)
    return reader.read()


class _Reader:
    """Reads one number from a row of words."""

    def __init__(self, words: list[str], vocabulary: NumberWords) -> None:
        self.words, self.vocabulary, self.at = words, vocabulary, 0
        self.total, self.current = Fraction(0), Fraction(0)
        self.is_open = False  # whether ``current`` has begun
        self.is_round = False
        self.last_scale = 100

    def read(self) -> WordNumber | None:
        words, vocabulary = self.words, self.vocabulary
        fraction = self._fraction()
        if fraction is not None:
            return fraction
        if words[0] in vocabulary.mixed:
            self.current, self.is_open, self.at = vocabulary.mixed[words[0]], True, 1
        elif words[0] in vocabulary.articles and not self._article():
            return None
        while self.at < len(words) and self._step():
            pass
        if not self.at:
            return None
        value = self.total + self.current
        if not self.is_open and self.total == 0:
            return None
        return WordNumber(value, self.at, self.at == 1 and value == 1, self.is_round)

    def _fraction(self) -> WordNumber | None:
        """A fraction such as "two thirds", "a third" or "half"."""
        words, vocabulary = self.words, self.vocabulary
        second = words[1] if len(words) > 1 else ""
        if second in vocabulary.fractions and (words[0] in vocabulary.articles or words[0] in vocabulary.atoms):
            number = 1 if words[0] in vocabulary.articles else vocabulary.atoms[words[0]]
            share = number * vocabulary.fractions[second]
            return WordNumber(share, 2, True) if 0 < share < 1 else None
        if words[0] in vocabulary.whole:
            dozen = next((k for k in (1, 2) if k < len(words) and words[k] in vocabulary.dozens), 0)
            if dozen and (dozen == 1 or words[1] in vocabulary.articles):
                return WordNumber(vocabulary.fractions[words[0]] * vocabulary.dozens[words[dozen]], dozen + 1, False)
            return WordNumber(vocabulary.fractions[words[0]], 1, True)
        return None

    def _article(self) -> bool:
        """Take an article before a hundred, a scale or a dozen, or one that is the number one itself."""
        vocabulary = self.vocabulary
        second = self.words[1] if len(self.words) > 1 else ""
        if second in vocabulary.scales or second in vocabulary.hundreds or second in vocabulary.dozens:
            self.current, self.is_open, self.at = Fraction(1), True, 1
            return True
        return self.words[0] in vocabulary.atoms

    def _step(self) -> bool:
        """Take the next word, if it belongs to the number."""
        word, vocabulary = self.words[self.at], self.vocabulary
        if (self.is_open or self.total) and self._half():
            return True
        value = vocabulary.atoms.get(word)
        if value is None and vocabulary.compounds is not None:
            value = vocabulary.compound(word)
        if word in vocabulary.hundreds:
            return self._hundred()
        if word in vocabulary.scales:
            return self._scale(vocabulary.scales[word])
        if word in vocabulary.dozens and (self.is_open or self.at == 0):
            self.current = (self.current if self.is_open else Fraction(1)) * vocabulary.dozens[word]
            return self._take(1)
        if word in vocabulary.rounds:
            return self._round(vocabulary.rounds[word])
        if value == 1000:
            return self._scale(3)
        if value is not None:
            return self._atom(value)
        return self._joiner(word)

    def _take(self, words: int) -> bool:
        self.is_open = True
        self.at += words
        return True

    def _atom(self, value: int) -> bool:
        """Take a word with a value, if the language may say it here: "twenty nine", not "nine twenty"."""
        current = self.current
        if not self.is_open:
            self.current = Fraction(value)
            return self._take(1)
        if value == 20 and current % 100 == 4 and "vingt" in self.vocabulary.atoms:
            self.current += 76
            return self._take(1)
        tens, ones = current % 100, current % 10
        after_sixty = tens in _AFTER_SIXTY and 10 <= value <= 19 and "vingt" in self.vocabulary.atoms
        fits = (
            (tens == 0 and 0 < value < 100 <= current) or (ones == 0 and tens >= 20 and 0 < value < 10) or after_sixty
        )
        if fits:
            self.current += value
            return self._take(1)
        return False

    def _hundred(self) -> bool:
        if self.is_open and not (0 < self.current < 100 and self.current % 10 != 0):
            return False
        self.current = (self.current if self.is_open else Fraction(1)) * 100
        return self._take(1)

    def _scale(self, power: int) -> bool:
        if power >= self.last_scale or (not self.is_open and self.at > 0):
            return False
        if not self.is_open and not (self.at == 0 and self.words[0] in self.vocabulary.alone):
            return False  # a mere "million" counts nothing
        self.current = self.current if self.is_open else Fraction(1)
        self.total += self.current * 10**power
        self.last_scale, self.current, self.is_open = power, Fraction(0), False
        self.at += 1
        return True

    def _round(self, value: int) -> bool:
        """Take a word that counts roughly; «не один десяток» gives no number."""
        words, vocabulary = self.words, self.vocabulary
        if not self.is_open or (self.current == 1 and words[0] not in vocabulary.articles):
            return False
        self.current, self.is_round = self.current * value, True
        self._take(1)
        of, scale = (*words[self.at : self.at + 2], "", "")[:2]
        if of in vocabulary.of and scale in vocabulary.scales:
            self.at += 1
            return self._scale(vocabulary.scales[scale])
        return True

    def _half(self) -> bool:
        for phrase in self.vocabulary.halves:
            if tuple(self.words[self.at : self.at + len(phrase)]) == phrase and self.current.denominator == 1:
                if self.is_open:
                    self.current += Fraction(1, 2)
                else:
                    self.total += Fraction(10**self.last_scale, 2)
                self.at += len(phrase)
                return True
        return False

    def _joiner(self, word: str) -> bool:
        """Take "and" with the number after it: "two hundred and nine", "trente et un"."""
        following = self.words[self.at + 1] if self.at + 1 < len(self.words) else ""
        value = self.vocabulary.atoms.get(following)
        if word not in self.vocabulary.joiners or value is None or not (self.is_open or self.total):
            return False
        if (
            self.is_open
            and not (self.current >= 100 and self.current % 100 == 0)
            and "vingt" not in self.vocabulary.atoms
        ):
            return False
        before = self.at
        self.at += 1
        if self._atom(value):
            return True
        self.at = before
        return False
