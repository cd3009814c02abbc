"""Finding quotes in a source: verbatim, and exactly once."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from communique.text.work import SCANNED_PER_STEP, Work

ELLIPSIS: Final = "…"
_MOST_PLACES: Final = 100
_MOST_EXTENSIONS: Final = 20  # most times that an ambiguous quote is extended by a word on either side
_MOST_OTHERS: Final = 200  # most other occurrences of an ambiguous quote that are checked one by one
_BLOCK: Final = 8  # code points
_LARGE: Final = 1 << 15  # code points from which a source is indexed and not searched


class Span(NamedTuple):
    """A stretch of a source: offsets in Unicode code points, the end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """The words of a source that support a node or a fact (Web Annotation Data Model, section 4.2.5)."""

    quote: str
    start: int
    end: int


class QuoteError(ValueError):
    """A quote does not occur exactly once in the source, within one paragraph.

    ``code`` is the code of the finding, ``places`` are the spans found, at most the first hundred.
    """

    def __init__(self, code: str, message: str, places: tuple[Span, ...] = ()) -> None:
        super().__init__(message)
        self.code, self.places = code, places


def locate(quote: str, source: str, work: Work | None = None) -> Span:
    """The one span where ``quote`` occurs in ``source``.

    Nothing is folded: white space, quotation marks and case count. ``…`` joins two anchors and takes in everything
    between them; among nested spans the shortest counts. Raises `QuoteError` if the quote does not occur, if it occurs
    several times (it could then support different facts), or if the span leaves its paragraph (a line of the source).
    Raises `WorkSpentError` if ``work`` runs out.

    >>> locate("Ms. Sample", "please contact Ms. Sample, tel.: 0201").start
    15
    >>> locate("please … tel.", "please contact Ms. Sample, tel.: 0201")
    Span(start=0, end=31)
    """
    work = work or Work()
    spans = list(islice(occurrences(quote, source, work), _MOST_PLACES + 1)) if quote else []
    if len(spans) > 1:
        raise _ambiguous(spans)
    if not spans:
        anchors = anchors_of(quote)
        if len(anchors) > 1 and all(anchors):
            return _only_span(joined_spans(anchors, source, work), source)
    return _only_span(iter(spans), source)


def _only_span(spans: Iterator[Span], source: str) -> Span:
    """The one span that stays within its paragraph. Raises `QuoteError` if there is none, or more than one."""
    inside: list[Span] = []
    crossing: list[Span] = []
    for span in spans:
        if not crosses_paragraph(span, source):
            inside.append(span)
        elif len(crossing) < _MOST_PLACES:
            crossing.append(span)
        if len(inside) > _MOST_PLACES:
            break
    if len(inside) == 1:
        return inside[0]
    if inside:
        raise _ambiguous(inside)
    if crossing:
        raise QuoteError("quote-crosses-paragraph", "the quote runs over the end of a paragraph", tuple(crossing))
    raise QuoteError("quote-not-found", "the quote is not in the source")


def crosses_paragraph(span: Span, source: str) -> bool:
    """Whether a span contains a line break; paragraphs are the lines of a source.

    >>> crosses_paragraph(Span(0, 3), "a\\nb")
    True
    """
    start, end = span
    return source.find("\n", start, end) >= 0 or source.find("\r", start, end) >= 0


def anchors_of(quote: str) -> list[str]:
    """The parts of a quote that ellipses join, without the white space around the ellipses.

    >>> anchors_of("please … tel.")
    ['please', 'tel.']
    """
    parts = quote.split(ELLIPSIS)
    ends = [part.rstrip() for part in parts[:-1]] + parts[-1:]
    return ends[:1] + [part.lstrip() for part in ends[1:]]


def _ambiguous(places: list[Span]) -> QuoteError:
    times = f"{len(places)} times" if len(places) <= _MOST_PLACES else f"more than {_MOST_PLACES} times"
    message = f"the quote occurs {times} in the source; it must occur once"
    return QuoteError("quote-ambiguous", message, tuple(places[:_MOST_PLACES]))


def occurrences(words: str, source: str, work: Work) -> Iterator[Span]:
    """Every span where ``words`` occur, in order; spans may overlap."""
    indexed = _look_up(words, source, work)
    if indexed is not None:
        yield from indexed
        return
    begin, length = 0, len(words)
    while True:
        start = source.find(words, begin)
        passed = (start if start >= 0 else len(source)) - begin
        work.spend(1 + (passed + length) // SCANNED_PER_STEP)
        if start < 0:
            return
        yield Span(start, start + length)
        begin = start + 1


def _look_up(words: str, source: str, work: Work) -> list[Span] | None:
    """The same from an index of the source; None where a search does as well: short words, short source, many places.

    Words at least twice as long as a block of the index contain at least one whole block.
    """
    if len(source) < _LARGE or len(words) < 2 * _BLOCK:
        return None
    blocks = _blocks(source)
    places = [(shift, blocks.get(words[shift : shift + _BLOCK], ())) for shift in range(_BLOCK)]
    many = sum(len(starts) for _, starts in places)
    if many * 20 > len(source) // SCANNED_PER_STEP + _MOST_OTHERS:
        return None
    work.spend(_BLOCK + many)
    candidates = {start - shift for shift, starts in places for start in starts}
    return [Span(at, at + len(words)) for at in sorted(candidates) if at >= 0 and source.startswith(words, at)]


@lru_cache(maxsize=2)
def _blocks(source: str) -> dict[str, array[int]]:
    """The offsets of each block of eight code points that begins at a multiple of eight."""
    blocks: dict[str, array[int]] = {}
    for start in range(0, len(source) - _BLOCK + 1, _BLOCK):
        blocks.setdefault(source[start : start + _BLOCK], array("I")).append(start)
    return blocks


def joined_spans(anchors: list[str], source: str, work: Work) -> Iterator[Span]:
    """The spans from the first anchor to the last, with all anchors in order, that contain no other such span."""
    last = [-1] * len(anchors)  # where each anchor was found; searched for only after that, so that time stays linear
    waiting: Span | None = None
    for first in occurrences(anchors[0], source, work):
        end = first.end
        for k, anchor in enumerate(anchors[1:], start=1):
            if last[k] < end:
                last[k] = source.find(anchor, end)
                passed = (last[k] if last[k] >= 0 else len(source)) - end
                work.spend(1 + (passed + len(anchor)) // SCANNED_PER_STEP)
            if last[k] < 0:  # it will not be found from a later start either
                break
            end = last[k] + len(anchor)
        else:
            if waiting is not None and waiting.end != end:
                yield waiting
            waiting = Span(first.start, end)  # a later start with the same end is shorter
            continue
        break
    if waiting is not None:
        yield waiting


# ---- a longer quote in place of an ambiguous one


def unique_quote(span: Span, source: str, work: Work | None = None) -> str | None:
    """The words of a span, extended by neighbouring words of its paragraph until they occur only once in the source.

    None if some forty more words do not help. Raises `WorkSpentError` if ``work`` runs out.
    """
    work = work or Work()
    low = max(source.rfind("\n", 0, span.start), source.rfind("\r", 0, span.start)) + 1
    ends = [k for k in (source.find("\n", span.end), source.find("\r", span.end)) if k >= 0]
    high = min(ends, default=len(source))
    others = _OtherOccurrences(span, source, work)
    start, end = span
    for _ in range(_MOST_EXTENSIONS):
        if others.are_none(start, end):
            break
        if start == low and end == high:
            return None
        end = _word_end(source, end, high)
        if start > low and not others.are_none(start, end):
            before = source.rfind(" ", low, max(low, start - 1))
            start = low if before < 0 else before + 1
    longer = source[start:end].strip()
    return longer if longer and len(list(islice(occurrences(longer, source, work), 2))) == 1 else None


def _word_end(source: str, at: int, high: int) -> int:
    """Where the first word after an offset ends."""
    while at < high and source[at].isspace():
        at += 1
    while at < high and not source[at].isspace():
        at += 1
    return at


class _OtherOccurrences:
    """The other places where the words of a span occur; they become fewer as the span grows."""

    def __init__(self, span: Span, source: str, work: Work) -> None:
        self.origin, self.source, self.work = span.start, source, work
        self.starts: list[int] | None = None  # of the original span elsewhere, once they are few

    def are_none(self, start: int, end: int) -> bool:
        """Whether the words between two offsets occur nowhere else; each call must widen the span of the last."""
        words, lead = self.source[start:end], self.origin - start
        if self.starts is None:
            spans = list(islice(occurrences(words, self.source, self.work), _MOST_OTHERS + 2))
            if len(spans) > _MOST_OTHERS + 1:
                return False
            self.starts = [s.start + lead for s in spans if s.start != start]
        else:
            self.work.spend(1 + len(self.starts) // 4)
            self.starts = [k for k in self.starts if k >= lead and self.source.startswith(words, k - lead)]
        return not self.starts
