"""Where the phrases of a list stand in a text: each is looked for only where its first word begins."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
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

    def __init__(self, phrases: Collection[str], make: Callable[[Collection[str]], re.Pattern[str]]) -> None:
        self._phrases, self._make = phrases, make
        self.firsts = _firsts(phrases)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern, made when it is first needed: most lists have no phrase of which the first word is in a text."""
        return self._make(self._phrases)


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


class PhraseIndex:
    """Many lists of phrases by first words: one pass over the words of a text finds where all of them may begin."""

    def __init__(self, lists: Iterable[Phrases]) -> None:
        self.lists = frozenset(own for own in lists if own.firsts is not None)
        self.by_word: dict[str, list[tuple[Phrases, int]]] = defaultdict(list)
        for own in self.lists:
            for before, words in (own.firsts or {}).items():
                for word in words:
                    self.by_word[word].append((own, before))


_NO_INDEX: Final = PhraseIndex(())


class Occurrences:
    """Where phrases stand in one text; where the words of a text begin is found once, for all lists."""

    def __init__(self, source: str, index: PhraseIndex = _NO_INDEX) -> None:
        self.source, self._index = source, index
        self._starts: dict[Phrases, Sequence[int] | None] = {}

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

    @cached_property
    def _indexed(self) -> Mapping[Phrases, Sequence[int]]:
        """Where phrases of the lists of the index may begin, in order, for those that have any in the text."""
        starts: dict[Phrases, set[int]] = defaultdict(set)
        by_word = self._index.by_word
        for word in self._places.keys() & by_word.keys():
            for phrases, before in by_word[word]:
                starts[phrases].update([at - before for at in self._places[word]])
        return {phrases: sorted(found) for phrases, found in starts.items()}

    def _starts_of(self, phrases: Phrases) -> Sequence[int] | None:
        """Where a phrase may begin, in order; None if it may be anywhere."""
        if phrases in self._index.lists:
            return self._indexed.get(phrases, ())
        if phrases not in self._starts:
            found = None
            if phrases.firsts is not None:
                hits = ((before, w) for before, words in phrases.firsts.items() for w in words & self._places.keys())
                found = sorted({at - before for before, word in hits for at in self._places[word]})
            self._starts[phrases] = found
        return self._starts[phrases]

    def may_stand(self, phrases: Phrases) -> bool:
        """Whether a phrase may stand in the text, other than as the beginning of a word that is cut off."""
        starts = self._starts_of(phrases)
        return starts is None or len(starts) > 0

    def may_begin(self, phrases: Phrases, start: int, end: int) -> bool:
        """Whether the words between two offsets may hold a phrase, as they may if one of the offsets cuts a word."""
        starts = self._starts_of(phrases)
        if starts is None or self.parts_word(start) or self.parts_word(end):
            return True
        first = bisect_left(starts, start)
        return first < len(starts) and starts[first] < end

    def within(self, phrases: Phrases, start: int, end: int) -> Iterator[re.Match[str]]:
        """What ``phrases.pattern.finditer`` gives between two offsets of the text."""
        starts = self._starts_of(phrases)
        if starts is None or self.parts_word(end):
            return phrases.pattern.finditer(self.source, start, end)
        first = bisect_left(starts, start)
        if first == len(starts) or starts[first] >= end:
            return iter(())
        return self._from(phrases, starts, first, start, end)

    def _from(
        self, phrases: Phrases, starts: Sequence[int], first: int, start: int, end: int
    ) -> Iterator[re.Match[str]]:
        for k in range(first, len(starts)):
            if starts[k] >= end:
                return
            if starts[k] >= start and (hit := phrases.pattern.match(self.source, starts[k], end)) is not None:
                yield hit
                start = hit.end()

    def parts_word(self, offset: int) -> bool:
        """Whether an offset stands in the middle of a word, whose beginning a phrase may be."""
        if not 0 < offset < len(self.source):
            return False
        before, after = self.source[offset - 1], self.source[offset]
        return (after.isalnum() or after == "_") and (before.isalnum() or before == "_")
