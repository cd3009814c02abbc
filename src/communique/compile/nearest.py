"""What stands in a source instead of a quote that does not: the passage most like it, and the words that differ."""

from __future__ import annotations

import heapq
import re
import unicodedata
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, islice
from typing import Final

from communique.compile.passages import Span, anchors_of
from communique.compile.work import LETTERS, Work

_TOKEN: Final = re.compile(r"\w+(?:[’'-]\w+)*|[^\w\s]")
_SPACES: Final = re.compile(r"(\s+)")
_COMPARED: Final = 8  # places compared word by word: those where most rare words of a quote stand as far apart as in it
_MOST_WORDS: Final = 500
_VOTES: Final = 20_000
_BAND: Final = 8  # words that may be too many or too few in a quote
_FAR: Final = 1 << 20  # more differences than there can be


@dataclass(frozen=True, slots=True)
class Near:
    """The passage most like a quote that was not found: what is ``wrong``, and what stands there ``instead``.

    ``folded`` says that only white space, quotation marks, hyphens or case differ.
    """

    span: Span
    wrong: str
    instead: str
    folded: bool


def nearest_passage(quote: str, source: str, work: Work | None = None) -> Near | None:
    """The passage of the source most like a quote, or None if nothing is like it.

    Raises `WorkSpentError` if ``work`` does not suffice.

    >>> nearest_passage("he was hear today", "Yesterday he was here today.").wrong
    'hear'
    """
    work = work or Work()
    work.spend(2 * (len(quote) + len(source)) // LETTERS)
    missing = _missing_anchor(quote, source, work)
    if missing is None:
        return None
    return _folded_match(missing, source) or _like(missing, source, work)


def _missing_anchor(quote: str, source: str, work: Work) -> str | None:
    """The first part of a joined quote that does not stand there, after the parts before it."""
    end = 0
    for anchor in anchors_of(quote):
        found = source.find(anchor, end)
        work.spend(1 + (len(anchor) + max(found - end, 0)) // LETTERS)
        if found < 0:
            return anchor or None
        end = found + len(anchor)
    return quote or None


# ---- the same words but for white space, quotation marks, hyphens and case

_FOLDS: Final = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-"})


@dataclass(frozen=True, slots=True)
class _Folded:
    """The words of a source, folded and with one space between them; where each begins here and there."""

    text: str
    here: array[int]
    there: array[int]

    def offset(self, at: int) -> int:
        """The offset in the source of an offset in the folded text."""
        k = bisect_right(self.here, at) - 1
        return self.there[k] + at - self.here[k]


def _fold(word: str) -> str:
    """A word without what is folded; every character stays one character."""
    low = word.lower()
    if len(low) != len(word):
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in word)
    return low.translate(_FOLDS)


@lru_cache(maxsize=2)
def _folded(source: str) -> _Folded:
    words, here, there, at = [], array("I"), array("I"), 0
    for hit in re.finditer(r"\S+", source):
        words.append(_fold(hit.group()))
        here.append(at)
        there.append(hit.start())
        at += len(words[-1]) + 1
    return _Folded(" ".join(words), here, there)


def _folded_match(words: str, source: str) -> Near | None:
    wanted = " ".join(map(_fold, unicodedata.normalize("NFC", words).split()))
    folded = _folded(source)
    at = folded.text.find(wanted) if wanted else -1
    if at < 0:
        return None
    span = Span(folded.offset(at), folded.offset(at + len(wanted) - 1) + 1)
    there = source[span.start : span.end]
    mine, its = _SPACES.split(words.strip()), _SPACES.split(there)  # words, and the white space between
    k = next((k for k, (a, b) in enumerate(zip(mine, its, strict=False)) if a != b), 0)
    shown = slice(k - 1, k + 2) if k % 2 else slice(k, k + 1)
    return Near(span, "".join(mine[shown]), "".join(its[shown]), folded=True)


# ---- nearly the same words


@dataclass(frozen=True, slots=True)
class _Words:
    """Words and signs of a source: each with its offset and the first word of its paragraph and of the next one."""

    words: list[str]
    starts: array[int]
    first: array[int]
    last: array[int]
    places: dict[str, array[int]]

    def span(self, begin: int, end: int) -> Span:
        """The stretch of the source from one word to another (exclusive)."""
        return Span(self.starts[begin], self.starts[end - 1] + len(self.words[end - 1]))


@lru_cache(maxsize=2)
def _words(source: str) -> _Words:
    made = _Words([], array("I"), array("I"), array("I"), {})
    for paragraph in re.finditer(r"[^\n\r]+", source):
        begin = len(made.words)
        for hit in _TOKEN.finditer(source, *paragraph.span()):
            made.places.setdefault(hit.group(), array("I")).append(len(made.words))
            made.words.append(hit.group())
            made.starts.append(hit.start())
        count = len(made.words) - begin
        made.first.extend([begin] * count)
        made.last.extend([begin + count] * count)
    return made


def _like(words: str, source: str, work: Work) -> Near | None:
    tokens = list(islice(_TOKEN.finditer(words), _MOST_WORDS))
    wanted, there = [t.group() for t in tokens], _words(source)
    best = (0, 0, 0)
    for begin, shift in _likely(wanted, there, work):
        work.spend(len(wanted) // 10)
        low, high = max(there.first[begin] - shift, 0), min(there.last[begin] - shift, len(wanted))
        same = sum(a == b for a, b in zip(wanted[low:high], there.words[low + shift : high + shift], strict=True))
        best = max(best, (same, -shift, begin))
    same, shift, begin = best
    if not same or same * 3 < len(wanted):
        return None
    work.spend(_BAND * len(wanted))
    paragraph = there.first[begin], there.last[begin]
    pairs = list(_aligned(wanted, there.words, -shift, paragraph))
    span = there.span(pairs[0][1], pairs[-1][3])
    difference = _first_difference(pairs, wanted, there.words)
    if difference is None:
        return Near(span, "", "", folded=False)
    wrong, instead = difference
    mine = words[tokens[wrong.start].start() : tokens[wrong.stop - 1].end()] if len(wrong) else ""
    its = source[slice(*there.span(instead.start, instead.stop))] if len(instead) else ""
    return Near(span, mine, its, folded=False)


def _likely(wanted: list[str], there: _Words, work: Work) -> list[tuple[int, int]]:
    """Places where words of a quote stand as in it: the first word of a paragraph, and the word where the quote begins.

    Rare words are asked first, and no more than suffice: each place of a word votes for where the quote would begin.
    """
    at: dict[str, list[int]] = {}
    for k, word in enumerate(wanted):
        at.setdefault(word, []).append(k)
    votes: Counter[tuple[int, int]] = Counter()
    rare_first = sorted((len(there.places[w]) * len(ks), ks[0], w) for w, ks in at.items() if w in there.places)
    left = _VOTES
    for _, _, word in rare_first:
        pairs = ((place, k) for place in there.places[word] for k in at[word])
        for place, k in islice(pairs, left):
            votes[there.first[place], place - k] += 1
            left -= 1
        if not left:
            break
    work.spend((_VOTES - left) // 2)
    best = heapq.nsmallest(_COMPARED, votes.items(), key=lambda vote: (-vote[1], vote[0]))
    return [place for place, _ in best]


_Pair = tuple[int, int, int, int]
"""A stretch of a quote and one of a source, in words, that stand for one another: start and end of both."""


def _aligned(wanted: list[str], words: list[str], begin: int, paragraph: tuple[int, int]) -> Iterator[_Pair]:
    """The words of a quote beside those of a paragraph with the fewest differences, word by word.

    The quote begins at most eight words before or behind ``begin``; no more than eight are too many or too few at any
    place (edit distance in a band, both ends of the paragraph free).
    """
    low, high = paragraph
    width, base = 2 * _BAND + 1, begin - _BAND
    costs = [0 if low <= base + o <= high else _FAR for o in range(width)]
    moves: list[bytearray] = []
    for i, word in enumerate(wanted, start=1):
        row, made = bytearray(width), [_FAR] * width
        for o in range(width):
            j = base + i + o
            if not low <= j <= high:
                continue
            same = costs[o] + (words[j - 1] != word) if j > low else _FAR
            extra = costs[o + 1] + 1 if o + 1 < width else _FAR
            lacking = made[o - 1] + 1 if o else _FAR
            made[o] = min(same, extra, lacking)
            row[o] = 0 if made[o] == same else 1 if made[o] == extra else 2
        costs = made
        moves.append(row)
    o = min(range(width), key=lambda o: (costs[o], abs(o - _BAND)))
    yield from reversed(list(_steps_back(moves, o, base)))


def _steps_back(moves: list[bytearray], o: int, base: int) -> Iterator[_Pair]:
    i = len(moves)
    while i:
        j, move = base + i + o, moves[i - 1][o]
        if move == 0:
            yield i - 1, j - 1, i, j
        elif move == 1:
            yield i - 1, j, i, j
        else:
            yield i, j - 1, i, j
        i, o = (i - 1, o) if move == 0 else (i - 1, o + 1) if move == 1 else (i, o - 1)


def _first_difference(pairs: list[_Pair], wanted: list[str], words: list[str]) -> tuple[range, range] | None:
    """The first words of a quote that differ, and those that stand there instead; either may be none."""

    def is_same(pair: _Pair) -> bool:
        i, j, i_end, j_end = pair
        return i < i_end and j < j_end and wanted[i] == words[j]

    for same, group in groupby(pairs, key=is_same):
        if not same:
            run = list(group)
            return range(run[0][0], run[-1][2]), range(run[0][1], run[-1][3])
    return None
