"""Where the phrases of a list stand in a text: each is looked for only where its first word begins."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from itertools import accumulate, islice
from typing import Final

_WORD: Final = re.compile(r"\w+")
_BETWEEN: Final = re.compile(r"(\w+)")


class Phrases:
    """The phrases of one list: the pattern that matches any of them, and the words with which they begin.

    ``firsts`` has the first words (see `folded`) by how many characters of the phrase stand before them: one in "'s".
    It is None if the list has a phrase without a word.
    """

    def __init__(self, phrases: Collection[str], pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self.firsts = _firsts(phrases)


def _firsts(phrases: Collection[str]) -> Mapping[int, frozenset[str]] | None:
    firsts: dict[int, set[str]] = {}
    for phrase in phrases:
        first = _WORD.search(phrase)
        if first is None or "_" in phrase:
            return None
        firsts.setdefault(first.start(), set()).add(folded(first.group()))
    return {before: frozenset(words) for before, words in firsts.items()}


def folded(word: str) -> str:
    """A word as it is compared: two that a pattern takes for the same, whatever their case, are folded to one.

    >>> folded("Works"), folded("İSTANBUL") == folded("istanbul") == folded("ıſtanbul")
    ('works', True)
    """
    return word.replace("İ", "i").replace("ı", "i").casefold()


class Occurrences:
    """Where phrases stand in one text; where the words of a text begin is found once, for all lists."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._starts: dict[Phrases, array[int] | None] = {}

    @cached_property
    def _places(self) -> Mapping[str, list[int]]:
        """Where each word of the text begins."""
        pieces = _BETWEEN.split(self.source)  # words and what stands between them, in turn
        written: dict[str, list[int]] = defaultdict(list)
        for word, start in islice(zip(pieces, accumulate(map(len, pieces), initial=0), strict=False), 1, None, 2):
            written[word].append(start)
        places: dict[str, list[int]] = defaultdict(list)
        for word, starts in written.items():
            places[folded(word)] += starts
        return places

    def _starts_of(self, phrases: Phrases) -> array[int] | None:
        """Where a phrase may begin, in order; None if it may be anywhere."""
        if phrases not in self._starts:
            found = None
            if phrases.firsts is not None:
                hits = ((before, w) for before, words in phrases.firsts.items() for w in words & self._places.keys())
                found = array("q", sorted({at - before for before, word in hits for at in self._places[word]}))
            self._starts[phrases] = found
        return self._starts[phrases]

    def within(self, phrases: Phrases, start: int, end: int) -> Iterator[re.Match[str]]:
        """What ``phrases.pattern.finditer`` gives between two offsets of the text."""
        starts = self._starts_of(phrases)
        if starts is None or self._parts_word(end):
            yield from phrases.pattern.finditer(self.source, start, end)
            return
        for k in range(bisect_left(starts, start), len(starts)):
            if starts[k] >= end:
                return
            if starts[k] >= start and (hit := phrases.pattern.match(self.source, starts[k], end)) is not None:
                yield hit
                start = hit.end()

    def _parts_word(self, offset: int) -> bool:
        """Whether an offset stands in the middle of a word, whose beginning a phrase may be."""
        return 0 < offset < len(self.source) and _WORD.fullmatch(self.source, offset - 1, offset + 1) is not None
