"""The running text of a source: without what is no text of the release, and with paragraphs that wrap joined.

Whoever reads a release (quotes, names, sentences, dates) reads its running text, and all offsets are into that. Only
where passages are published, `Running.parts` turns a span into spans of the source.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, takewhile
from typing import Final, NamedTuple

from communique.text.passages import Span

_SENTENCE_END: Final = re.compile("[.!?…:;。！？؟۔।՝։][\"'”’»)\\]]*$")
_BULLET: Final = re.compile(r"(?:[-–—*•·▪◦‣●○]|\(?\d{1,3}[.)]|[^\W\d_]\))\s")
_QUOTED_AFTER: Final = "\"'“‘«„(["
_FULL: Final = 0.75
"""A line shorter than this part of the width ends its paragraph, unless the next goes on with a small letter."""
_ENDED: Final = 0.9
"""The same for a line that ends like a sentence."""
_WIDEST: Final = 200
"""Lines longer than this are paragraphs and do not wrap (code points)."""
_LONGEST_WORD: Final = 60
_FEWEST: Final = 3
"""Fewest line ends inside sentences by which a text is known to wrap."""


@dataclass(frozen=True, slots=True)
class Running:
    """A running text and how it maps to its source.

    ``text`` is the running text, ``ignored`` the spans of the source that are no text of the release, none over a line
    end. ``begins`` and ``origins`` are where each kept stretch begins in the text and in the source; ``stops`` is where
    it ends in the source. All offsets are code points.
    """

    source: str
    text: str
    ignored: tuple[Span, ...] = ()
    begins: Sequence[int] = (0,)
    origins: Sequence[int] = (0,)
    stops: Sequence[int] = ()

    @property
    def is_source(self) -> bool:
        """Whether the running text is the source, unchanged."""
        return self.text == self.source

    def place(self, offset: int) -> int:
        """The offset in the source of the character at an offset of the running text."""
        k = max(bisect_right(self.begins, offset) - 1, 0)
        return self.origins[k] + offset - self.begins[k]

    def line(self, offset: int) -> int:
        """The number of the line of the source (from 1) in which the character at an offset of the text stands."""
        return self.source.count("\n", 0, self.place(offset)) + 1

    def parts(self, span: tuple[int, int]) -> tuple[Span, ...]:
        """The spans of the source that a span of the text covers; none contains ignored words or crosses a line.

        >>> run = running_text("the [2] end", [Span(4, 7)])
        >>> run.text, run.parts((0, 7))
        ('the end', (Span(start=0, end=3), Span(start=8, end=11)))
        """
        start, end = span
        if self.is_source:
            return (span if isinstance(span, Span) else Span(start, end),)
        found: list[Span] = []
        for k in range(max(bisect_right(self.begins, start) - 1, 0), len(self.begins)):
            begin = self.begins[k]
            if begin >= end:
                break
            a, z = self.origins[k] + max(start - begin, 0), min(self.stops[k], self.origins[k] + end - begin)
            found += _lines_within(self.source, a, z)
        return tuple(found)

    def inner(self, span: tuple[int, int]) -> Span | None:
        """The span of the text that a span of the source covers; None if all of it is ignored."""
        start, end = (self._offset(at) for at in span)
        return Span(start, end) if start < end else None

    def _offset(self, place: int) -> int:
        """The offset in the text of the first kept character at or after a place of the source."""
        k = bisect_right(self.origins, place) - 1
        if k < 0:
            return 0
        return self.begins[k] + min(place, self.stops[k]) - self.origins[k]


def _lines_within(source: str, start: int, end: int) -> Iterator[Span]:
    """The stretches between two offsets that stand in one line each, without white space around them."""
    while start < end:
        stop = source.find("\n", start, end)
        stop = end if stop < 0 else stop
        words = source[start:stop]
        if words.strip():
            yield Span(start + len(words) - len(words.lstrip()), start + len(words.rstrip()))
        start = stop + 1


def running_text(source: str, ignored: Iterable[tuple[int, int]] = (), *, wrapped: bool = False) -> Running:
    r"""The running text of a source without the spans ``ignored``.

    Of white space on both sides of an ignored stretch that before it is kept. A line that has nothing else is left out,
    and where the line before it goes on after it, the two are one paragraph. ``wrapped``: lines end at a margin, as in
    the text of a PDF; those of one paragraph are joined by a space, or by nothing where a hyphen divides a word.

    >>> running_text("a dam was\nPage 1\nopened.\n", [(10, 16)]).text
    'a dam was opened.\n'
    >>> running_text("Water runs through the imple-\nmented dam.\n", wrapped=True).text
    'Water runs through the implemented dam.\n'
    """
    spans = tuple(_merged(ignored))
    if not spans and not wrapped:
        return Running(source, source, stops=(len(source),))
    cut = [_with_white_space(source, span) for span in spans]
    lines = list(_lines(source, cut))
    width = _width(lines)
    spaces: list[int] = []
    hyphens = _Hyphens(source)
    for before, gaps, line in _neighbours(lines):
        if any(gap.is_ignored for gap in gaps):
            goes_on = _goes_on(before, line, width) if wrapped else _has_small_start(before, line)
        else:
            goes_on = wrapped and not gaps and _goes_on(before, line, width)
        if goes_on and _is_divided(before, line):
            cut.append(Span(before.stop - hyphens.dropped(before, line), line.begin))
        elif goes_on:
            spaces.append(before.stop)
            cut.append(Span(before.stop + 1, line.begin))
        elif gaps:
            cut += [Span(gap.start, gap.end + 1) for gap in gaps if gap.is_ignored]
    return _without(source, tuple(each for s in spans for each in _lines_within(source, *s)), _merged(cut), spaces)


def _without(source: str, ignored: tuple[Span, ...], cut: Iterable[Span], spaces: Iterable[int]) -> Running:
    """A running text without the spans ``cut``, with a space for each of the characters at ``spaces``."""
    spaced, words = set(spaces), []
    begins, origins, stops = array("I"), array("I"), array("I")
    at = length = 0
    for start, end in [*cut, Span(len(source), len(source))]:
        if at < start:
            kept = source[at:start]
            if spaced:
                kept = "".join(" " if at + k in spaced else c for k, c in enumerate(kept))
            begins.append(length)
            origins.append(at)
            stops.append(start)
            words.append(kept)
            length += len(kept)
        at = max(at, min(end, len(source)))
    return Running(source, "".join(words), ignored, begins=begins, origins=origins, stops=stops)


def _merged(spans: Iterable[tuple[int, int]]) -> Iterator[Span]:
    """Spans in order, those that touch or overlap as one."""
    waiting: Span | None = None
    for start, end in sorted(spans):
        if waiting is not None and start <= waiting.end:
            waiting = Span(waiting.start, max(waiting.end, end))
            continue
        if waiting is not None:
            yield waiting
        waiting = Span(start, end)
    if waiting is not None:
        yield waiting


def _with_white_space(source: str, span: Span) -> Span:
    """An ignored span with the white space after it, if there is some before it too, or with that before a line end."""
    start, end = span
    after = end
    while after < len(source) and source[after] in " \t\xa0":
        after += 1
    if start == 0 or source[start - 1].isspace():
        return Span(start, after)
    return span


# ---- lines


class _Line(NamedTuple):
    """A line: where it starts and ends in the source, where its kept words begin and stop, and those words.

    ``is_ignored``: it has no words because all of them are ignored.
    """

    start: int
    end: int
    begin: int
    stop: int
    words: str
    is_ignored: bool


def _lines(source: str, cut: Sequence[Span]) -> Iterator[_Line]:
    starts = [span.start for span in cut]
    start = 0
    while start <= len(source):
        end = source.find("\n", start)
        end = len(source) if end < 0 else end
        first = max(bisect_left(starts, start) - 1, 0)
        own = [s for s in cut[first : bisect_right(starts, end)] if s.end > start and s.start < end]
        yield _line(source, start, end, own)
        start = end + 1


def _line(source: str, start: int, end: int, own: Sequence[Span]) -> _Line:
    """One line, given the spans that are cut out of it."""
    kept: list[tuple[int, int]] = []
    at = start
    for a, z in [*own, (end, end)]:
        if at < a and source[at:a].strip():
            kept.append((at, a))
        at = max(at, z)
    if not kept:
        return _Line(start, end, start, start, "", is_ignored=bool(own))
    words = "".join(source[a:z] for a, z in kept)
    begin = kept[0][0] + len(words) - len(words.lstrip())
    last = source[kept[-1][0] : kept[-1][1]]
    return _Line(start, end, begin, kept[-1][0] + len(last.rstrip()), words.strip(), is_ignored=False)


def _neighbours(lines: Iterable[_Line]) -> Iterator[tuple[_Line, list[_Line], _Line]]:
    """Each two lines with words that follow each other, and the lines without words between them."""
    before: _Line | None = None
    gaps: list[_Line] = []
    for line in lines:
        if not line.words:
            gaps.append(line)
            continue
        if before is not None:
            yield before, gaps, line
        before, gaps = line, []


# ---- lines that wrap


def _width(lines: Iterable[_Line]) -> int:
    """The width of the text: nine in ten of its lines are not longer."""
    lengths = sorted(len(line.words) for line in lines if line.words)
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _has_small_start(before: _Line, line: _Line) -> bool:
    """Whether a line goes on in the middle of a sentence, by its first letter: a small one."""
    first = line.words.lstrip(_QUOTED_AFTER)[:1]
    return first.islower() and not _SENTENCE_END.search(before.words[-4:])


def _goes_on(before: _Line, line: _Line, width: int) -> bool:
    """Whether two lines belong to one paragraph of a text that wraps."""
    if len(before.words) > _WIDEST:
        return False
    if _is_divided(before, line):
        return True
    if _has_small_start(before, line) and not _BULLET.match(line.words):
        return True
    is_end = _SENTENCE_END.search(before.words[-4:]) is not None
    needed = len(before.words) + 1 + len(line.words.split(maxsplit=1)[0])
    if needed <= width * (_ENDED if is_end else _FULL):
        return False
    return not _BULLET.match(line.words) or not (is_end or _BULLET.match(before.words))


def is_wrapped(source: str) -> bool:
    r"""Whether the lines of a text end at a margin: several end inside a sentence.

    >>> is_wrapped("The dam was opened by the\nminister, who thanked the\nengineers of the\nworks.\n")
    True
    >>> is_wrapped("Dam opened\nSampletown, 3 May 2031 – The dam is open.\nIt holds.\nIt is high.\n")
    False
    """
    lines = list(_lines(source, ()))
    width = _width(lines)
    pairs = [(before, line) for before, gaps, line in _neighbours(lines) if not gaps]
    inside = sum(_is_inside(before, line, width) for before, line in pairs)
    return inside >= _FEWEST and inside * 4 >= len(pairs)


def _is_inside(before: _Line, line: _Line, width: int) -> bool:
    """Whether the end of a line is inside a sentence; by its length in scripts that have no small letters."""
    if not 0 < len(before.words) <= _WIDEST or _BULLET.match(line.words):
        return False
    first = line.words.lstrip(_QUOTED_AFTER)[:1]
    if first.isalpha() and first.upper() == first.lower():
        return len(before.words) > width * _FULL and not _SENTENCE_END.search(before.words[-4:])
    return _has_small_start(before, line)


def _is_divided(before: _Line, line: _Line) -> bool:
    """Whether a word goes on in the next line, after a hyphen."""
    words = before.words
    return len(words) > 1 and words[-1] in "-\u00ad\u2010" and words[-2].isalpha() and line.words[0].isalpha()


class _Hyphens:
    """Tells whether a hyphen at a line end divides a word, or belongs to it."""

    def __init__(self, source: str) -> None:
        self.source = source

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """The words on both sides of each hyphen inside a line."""
        words = (word.split("-") for word in self.source.split() if "-" in word)
        return frozenset((_last_letters(a), _first_letters(b)) for parts in words for a, b in pairwise(parts))

    def dropped(self, before: _Line, line: _Line) -> int:
        """How many characters at the end of the line go away: the hyphen, or nothing if it belongs to the word.

        It belongs to it before a capital letter ("Jean-Luc"), and where the source has the word with it elsewhere.
        """
        if before.words[-1] == "\u00ad":
            return 1
        pair = _last_letters(before.words[:-1]), _first_letters(line.words)
        return 0 if line.words[0].isupper() or pair in self.pairs else 1


def _last_letters(words: str) -> str:
    return "".join(reversed(_first_letters(words[: -_LONGEST_WORD - 1 : -1])))


def _first_letters(words: str) -> str:
    return "".join(takewhile(str.isalpha, words[:_LONGEST_WORD]))
