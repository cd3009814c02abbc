"""Names in other grammatical cases: word by word one stem, and both endings of one way to inflect (by tables)."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from communique.text.passages import Span
from communique.text.tables import table
from communique.text.tokens import Tokens, canonical, lower_case, source_of, words_of
from communique.text.work import Work

Stem = tuple[int, str]
"""The number of a way to inflect (a row of the table), and the stem that a word has by it; -1 with a whole word."""


class Inflection:
    """How words of a language inflect; in a language without a table only equal words are the same.

    The table has ways to inflect: endings that go together, and the last letters of stems that take them (``after``,
    "" for any).
    """

    def __init__(self, language: str) -> None:
        rules = table("endings", language)
        self._shortest = int(rules.get("shortest_stem", 0))
        self._short = frozenset(rules.get("short_stems", ()))
        self._rows: dict[str, list[int]] = {}
        self._after: list[str] = []
        for number, row in enumerate(rules.get("paradigms", ())):
            self._after.append(row["after"])
            for ending in row["endings"]:
                self._rows.setdefault(ending, []).append(number)
        self._longest = max(map(len, self._rows), default=-1)
        self.stems = lru_cache(maxsize=1 << 13)(self._stems)

    def __bool__(self) -> bool:
        """Whether the language has a table."""
        return bool(self._rows)

    def _stems(self, word: str) -> frozenset[Stem]:
        """The stems that a word can have; two words are forms of one if they share one.

        >>> russian = inflection_of("ru")
        >>> [bool(russian.stems("Белов") & russian.stems(other)) for other in ("Белову", "Беловой")]
        [True, False]
        """
        lower = lower_case(word)
        found: set[Stem] = {(-1, lower)}
        for cut in range(min(self._longest, len(lower)) + 1):
            stem, ending = lower[: len(lower) - cut], lower[len(lower) - cut :]
            for row in self._rows.get(ending, ()) if len(stem) >= self._shortest or stem in self._short else ():
                if not self._after[row] or stem[-1:] in self._after[row]:
                    found.add((row, stem))
        return frozenset(found)

    def is_same(self, word: str, other: str) -> bool:
        """Whether two words are one word in two forms, both with a capital letter or neither."""
        if not word[0].isalpha() or not other[0].isalpha():
            return word == other
        return word[0].isupper() == other[0].isupper() and not self.stems(word).isdisjoint(self.stems(other))


@lru_cache(maxsize=32)
def inflection_of(language: str) -> Inflection:
    """The inflection of a language, given by its tag (BCP 47)."""
    return Inflection(language)


class Inflected(NamedTuple):
    """A place where a name stands in another form: its number among the names, and its span."""

    number: int
    span: Span


def find_inflected(names: Iterable[str], text: str, language: str, work: Work | None = None) -> Iterator[Inflected]:
    """Where a text has one of some names in another form, with the same white space and marks between its words.

    The time is linear in the names and in the text with its matches. Raises `WorkSpentError` if ``work`` runs out.

    >>> [text.span for text in find_inflected(["Академия проб"], "в Академии проб", "ru")]
    [Span(start=2, end=15)]
    """
    if inflection_of(language):
        for number, name in enumerate(names):
            for span in inflected_places(name, text, language, (0, len(text)), work):
                yield Inflected(number, span)


def inflected_places(
    name: str, text: str, language: str, within: tuple[int, int], work: Work | None = None
) -> Iterator[Span]:
    """The places between two offsets of a text where a name stands in another form, in order."""
    work, inflection = work or Work(), inflection_of(language)
    words = _tokens(name) if inflection else []
    work.spend(1 + len(name) // 100)
    if not words or not words[0][0].isalpha():
        return
    index, tokens = _index(text, language), source_of(text).spaced
    rarest = min(
        range(len(words)), key=lambda k: sum(len(index.get(stem, ())) for stem in _stems(words[k], inflection))
    )
    low, high = bisect_left(tokens.starts, within[0]), bisect_left(tokens.starts, within[1])
    candidates: set[int] = set()
    for stem in _stems(words[rarest], inflection):
        places = index.get(stem, array("I"))
        found = places[bisect_left(places, low + rarest) : bisect_left(places, high)]
        work.spend(len(found))
        candidates.update(found)
    for k in sorted(candidate - rarest for candidate in candidates):
        last = k + len(words) - 1
        if last < len(tokens.ends) and tokens.ends[last] <= within[1] and _is_at(tokens, k, words, inflection):
            yield Span(tokens.starts[k], tokens.ends[last])


def _stems(word: str, inflection: Inflection) -> frozenset[Stem]:
    """The stems under which a token is in the index; what is no word has one, itself."""
    return inflection.stems(word) if word[0].isalpha() else frozenset({(-1, word)})


@lru_cache(maxsize=2)
def _index(text: str, language: str) -> dict[Stem, array[int]]:
    """The numbers of the tokens of a text that can have a stem."""
    inflection, index = inflection_of(language), dict[Stem, "array[int]"]()
    for word, places in source_of(text).spaced.places.items():
        for stem in _stems(word, inflection):
            index.setdefault(stem, array("I")).extend(places)
    return {stem: array("I", sorted(places)) for stem, places in index.items()}


def _is_at(tokens: Tokens, at: int, words: list[str], inflection: Inflection) -> bool:
    """Whether words stand at a token in any form, and not all as they are."""
    found = tokens.words[at : at + len(words)]
    return found != words and len(found) == len(words) and all(map(inflection.is_same, words, found))


def _tokens(name: str) -> list[str]:
    """The tokens of a name in canonical form, each run of white space as one space."""
    return words_of(" ".join(canonical(name).split()))
