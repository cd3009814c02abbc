"""The passage of a source most like a quote that does not occur in it, and the words that differ."""

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

from communique.text.passages import Span, anchors_of
from communique.text.work import SCANNED_PER_STEP, Work

_TOKEN: Final = re.compile(r"\w+(?:[’'-]\w+)*|[^\w\s]")
_SPACES: Final = re.compile(r"(\s+)")
_COMPARED: Final = 8  # places that are compared with the quote word by word: those with most votes
_MOST_WORDS: Final = 500
_VOTES: Final = 20_000
_BAND: Final = 8  # most words that may be extra or missing at any place of a quote
_FAR: Final = 1 << 20  # a cost above any number of differences


@dataclass(frozen=True, slots=True)
class NearestPassage:
    """The passage most like a quote: the ``wrong`` words of the quote, and what the source says ``instead``.

    ``folded`` says that only white space, quotation marks, hyphens or case differ.
    """

    span: Span
    wrong: str
    instead: str
    folded: bool


def nearest_passage(quote: str, source: str, work: Work | None = None) -> NearestPassage | None:
    """The passage of the source most like a quote, or None if nothing is like it.

    Raises `WorkSpentError` if ``work`` runs out.

    >>> nearest_passage("he was hear today", "Yesterday he was here today.").wrong
    'hear'
    """
    work = work or Work()
    work.spend(2 * (len(quote) + len(source)) // SCANNED_PER_STEP)
    missing = _missing_anchor(quote, source, work)
    if missing is None:
        return None
    return _folded_match(missing, source) or _similar_passage(missing, source, work)


def _missing_anchor(quote: str, source: str, work: Work) -> str | None:
    """The first anchor of a quote that does not occur after the anchors before it, else the quote; None if empty."""
    end = 0
    for anchor in anchors_of(quote):
        start = source.find(anchor, end)
        work.spend(1 + (len(anchor) + max(start - end, 0)) // SCANNED_PER_STEP)
        if start < 0:
            return anchor or None
        end = start + len(anchor)
    return quote or None


# ---- the same words but for white space, quotation marks, hyphens and case

_FOLDS: Final = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-"})


@dataclass(frozen=True, slots=True)
class _Folded:
    """The words of a source, folded and joined by spaces, and where each begins in ``text`` and in the source."""

    text: str
    starts: array[int]
    source_starts: array[int]

    def offset(self, at: int) -> int:
        """The offset in the source of an offset in the folded text."""
        k = bisect_right(self.starts, at) - 1
        return self.source_starts[k] + at - self.starts[k]


def _fold(word: str) -> str:
    """A word with case, quotation marks and dashes folded; its length stays the same."""
    low = word.lower()
    if len(low) != len(word):
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in word)
    return low.translate(_FOLDS)


@lru_cache(maxsize=2)
def _folded(source: str) -> _Folded:
    words, starts, source_starts, at = [], array("I"), array("I"), 0
    for hit in re.finditer(r"\S+", source):
        words.append(_fold(hit.group()))
        starts.append(at)
        source_starts.append(hit.start())
        at += len(words[-1]) + 1
    return _Folded(" ".join(words), starts, source_starts)


def _folded_match(words: str, source: str) -> NearestPassage | None:
    wanted = " ".join(map(_fold, unicodedata.normalize("NFC", words).split()))
    folded = _folded(source)
    at = folded.text.find(wanted) if wanted else -1
    if at < 0:
        return None
    span = Span(folded.offset(at), folded.offset(at + len(wanted) - 1) + 1)
    passage = source[span.start : span.end]
    quoted, written = _SPACES.split(words.strip()), _SPACES.split(passage)  # words, and the white space between
    k = next((k for k, (a, b) in enumerate(zip(quoted, written, strict=False)) if a != b), 0)
    shown = slice(k - 1, k + 2) if k % 2 else slice(k, k + 1)
    return NearestPassage(span, "".join(quoted[shown]), "".join(written[shown]), folded=True)


# ---- nearly the same words


@dataclass(frozen=True, slots=True)
class _WordIndex:
    """The words and punctuation of a source, with their offsets as ``starts``.

    ``first`` and ``last`` are the indices of the first word of each word's paragraph and of the next one; ``places``
    are the indices of every word.
    """

    words: list[str]
    starts: array[int]
    first: array[int]
    last: array[int]
    places: dict[str, array[int]]

    def span(self, begin: int, end: int) -> Span:
        """The span of the source from one word to another (exclusive)."""
        return Span(self.starts[begin], self.starts[end - 1] + len(self.words[end - 1]))


@lru_cache(maxsize=2)
def _word_index(source: str) -> _WordIndex:
    index = _WordIndex([], array("I"), array("I"), array("I"), {})
    for paragraph in re.finditer(r"[^\n\r]+", source):
        begin = len(index.words)
        for hit in _TOKEN.finditer(source, *paragraph.span()):
            index.places.setdefault(hit.group(), array("I")).append(len(index.words))
            index.words.append(hit.group())
            index.starts.append(hit.start())
        count = len(index.words) - begin
        index.first.extend([begin] * count)
        index.last.extend([begin + count] * count)
    return index


def _similar_passage(words: str, source: str, work: Work) -> NearestPassage | None:
    tokens = list(islice(_TOKEN.finditer(words), _MOST_WORDS))
    wanted, index = [t.group() for t in tokens], _word_index(source)
    best = (0, 0, 0)
    for begin, shift in _likely_places(wanted, index, work):
        work.spend(len(wanted) // 10)
        low, high = max(index.first[begin] - shift, 0), min(index.last[begin] - shift, len(wanted))
        same = sum(a == b for a, b in zip(wanted[low:high], index.words[low + shift : high + shift], strict=True))
        best = max(best, (same, -shift, begin))
    same, shift, begin = best
    if not same or same * 3 < len(wanted):
        return None
    work.spend(_BAND * len(wanted))
    paragraph = index.first[begin], index.last[begin]
    pairs = list(_align(wanted, index.words, -shift, paragraph))
    span = index.span(pairs[0][1], pairs[-1][3])
    difference = _first_difference(pairs, wanted, index.words)
    if difference is None:
        return NearestPassage(span, "", "", folded=False)
    wrong, instead = difference
    quoted = words[tokens[wrong.start].start() : tokens[wrong.stop - 1].end()] if len(wrong) else ""
    written = source[slice(*index.span(instead.start, instead.stop))] if len(instead) else ""
    return NearestPassage(span, quoted, written, folded=False)


def _likely_places(wanted: list[str], index: _WordIndex, work: Work) -> list[tuple[int, int]]:
    """Where a quote most likely belongs: the first word of a paragraph, and the word at which the quote would begin.

    Each occurrence of a word of the quote votes for one such place, rare words first, up to a number of votes.
    """
    at: dict[str, list[int]] = {}
    for k, word in enumerate(wanted):
        at.setdefault(word, []).append(k)
    votes: Counter[tuple[int, int]] = Counter()
    rare_first = sorted((len(index.places[w]) * len(ks), ks[0], w) for w, ks in at.items() if w in index.places)
    left = _VOTES
    for _, _, word in rare_first:
        pairs = ((place, k) for place in index.places[word] for k in at[word])
        for place, k in islice(pairs, left):
            votes[index.first[place], place - k] += 1
            left -= 1
        if not left:
            break
    work.spend((_VOTES - left) // 2)
    best = heapq.nsmallest(_COMPARED, votes.items(), key=lambda vote: (-vote[1], vote[0]))
    return [place for place, _ in best]


_Pair = tuple[int, int, int, int]
"""Corresponding stretches of a quote and of a source, in words: start in the quote, start in the source, both ends."""


def _align(wanted: list[str], words: list[str], begin: int, paragraph: tuple[int, int]) -> Iterator[_Pair]:
    """The alignment of a quote with a paragraph that has the fewest differences, word by word.

    It is found by edit distance in a band: the quote begins at most eight words before or after ``begin``, and at most
    eight words are extra or missing at any place. Words of the paragraph before and after the quote cost nothing.
    """
    low, high = paragraph
    width, base = 2 * _BAND + 1, begin - _BAND
    costs = [0 if low <= base + o <= high else _FAR for o in range(width)]
    moves: list[bytearray] = []
    for i, word in enumerate(wanted, start=1):
        row, next_costs = bytearray(width), [_FAR] * width
        for o in range(width):
            j = base + i + o
            if not low <= j <= high:
                continue
            same = costs[o] + (words[j - 1] != word) if j > low else _FAR
            extra = costs[o + 1] + 1 if o + 1 < width else _FAR
            lacking = next_costs[o - 1] + 1 if o else _FAR
            next_costs[o] = min(same, extra, lacking)
            row[o] = 0 if next_costs[o] == same else 1 if next_costs[o] == extra else 2
        costs = next_costs
        moves.append(row)
    o = min(range(width), key=lambda o: (costs[o], abs(o - _BAND)))
    yield from reversed(list(_trace_back(moves, o, base)))


def _trace_back(moves: list[bytearray], o: int, base: int) -> Iterator[_Pair]:
    """The pairs of an alignment, from the last to the first."""
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
    """The first words of a quote that differ, and those of the source there (indices); either range may be empty."""

    def is_same(pair: _Pair) -> bool:
        i, j, i_end, j_end = pair
        return i < i_end and j < j_end and wanted[i] == words[j]

    for same, group in groupby(pairs, key=is_same):
        if not same:
            run = list(group)
            return range(run[0][0], run[-1][2]), range(run[0][1], run[-1][3])
    return None
