"""Where quotes stand in a source: exactly, and exactly once."""

from __future__ import annotations

import difflib
import heapq
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

ELLIPSIS: Final = "…"
_JOINT: Final = re.compile(r"\s*…\s*")
_WORD: Final = re.compile(r"\S+")
_MOST_PLACES: Final = 100
_LONGER: Final = 20  # steps, of a word on either side, that make an ambiguous quote longer
_COMPARED: Final = 8  # paragraphs compared word by word: those that share most words with a quote
_TOKEN: Final = re.compile(r"\w+(?:[’'-]\w+)*|[^\w\s]")


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
    """A quote does not stand in the source exactly once, inside one paragraph.

    ``code`` is that of the finding, ``places`` are the stretches found, the first hundred of them.
    """

    def __init__(self, code: str, message: str, places: tuple[Span, ...] = ()) -> None:
        super().__init__(message)
        self.code, self.places = code, places


def locate(quote: str, source: str) -> Span:
    """The one place where ``quote`` stands in ``source``.

    Nothing is folded: white space, quotation marks and case count. ``…`` joins two anchors and takes in all that lies
    between them; of several stretches the shortest counts. Raises `QuoteError` if there is no such place, if there are
    several, or if the stretch leaves its paragraph (a line of the source): a quote that stands twice could support two
    different facts.

    >>> locate("Ms. Kuanova", "please contact Ms. Kuanova, tel.: 790345").start
    15
    >>> locate("please … tel.", "please contact Ms. Kuanova, tel.: 790345")
    Span(start=0, end=32)
    """
    start = source.find(quote) if quote else -1
    if start >= 0:
        if source.find(quote, start + 1) >= 0:
            raise _ambiguous(tuple(islice(_occurrences(quote, source), _MOST_PLACES + 1)))
        spans: tuple[Span, ...] = (Span(start, start + len(quote)),)
    else:
        anchors = _JOINT.split(quote)
        spans = tuple(_stretches(anchors, source)) if len(anchors) > 1 and all(anchors) else ()
    inside = tuple(s for s in spans if not crosses_paragraph(s, source))
    if len(inside) == 1:
        return inside[0]
    if inside:
        raise _ambiguous(inside)
    if spans:
        raise QuoteError("quote-crosses-paragraph", "the quote runs over the end of a paragraph", spans)
    raise QuoteError("quote-not-found", "the quote does not stand in the source")


def crosses_paragraph(span: Span, source: str) -> bool:
    """Whether a stretch holds a line break; paragraphs are the lines of a source.

    >>> crosses_paragraph(Span(0, 3), "a\\nb")
    True
    """
    start, end = span
    return source.find("\n", start, end) >= 0 or source.find("\r", start, end) >= 0


def _ambiguous(places: tuple[Span, ...]) -> QuoteError:
    times = f"{len(places)} times" if len(places) <= _MOST_PLACES else f"more than {_MOST_PLACES} times"
    message = f"the quote stands {times} in the source, it must stand once"
    return QuoteError("quote-ambiguous", message, places[:_MOST_PLACES])


def _occurrences(words: str, source: str) -> Iterator[Span]:
    start = source.find(words)
    while start >= 0:
        yield Span(start, start + len(words))
        start = source.find(words, start + 1)


def _stretches(anchors: list[str], source: str) -> Iterator[Span]:
    """Stretches from the first anchor to the last, in order, none of which contains another one."""
    by_end: dict[int, int] = {}
    last = [-1] * len(anchors)  # where each anchor was found: sought again only behind it, so that time stays linear
    for first in _occurrences(anchors[0], source):
        end = first.end
        for k, anchor in enumerate(anchors[1:], start=1):
            if last[k] < end:
                last[k] = source.find(anchor, end)
            if last[k] < 0:  # nor will it be found from a later start
                break
            end = last[k] + len(anchor)
        else:
            by_end[end] = first.start  # a later start with the same end is shorter
            continue
        break
    for end in sorted(by_end):
        yield Span(by_end[end], end)


# ---- what to tell an author whose quote is not there, or is there twice


@dataclass(frozen=True, slots=True)
class Near:
    """The passage most like a quote that was not found: what is ``wrong``, and what stands there ``instead``.

    ``folded`` says that only white space, quotation marks, hyphens or case differ.
    """

    span: Span
    wrong: str
    instead: str
    folded: bool


def nearest_passage(quote: str, source: str) -> Near | None:
    """The passage of the source most like a quote, or None if nothing is like it.

    >>> nearest_passage("he was hear today", "Yesterday he was here today.").wrong
    'hear'
    """
    missing = _missing_anchor(quote, source)
    if missing is None:
        return None
    return _folded_match(missing, source) or _best_window(missing, source)


def unique_quote(span: Span, source: str) -> str | None:
    """The words of a stretch with neighbouring words of its paragraph, until they stand only once in the source.

    None if some forty words more do not help.
    """
    low = max(source.rfind("\n", 0, span.start), source.rfind("\r", 0, span.start)) + 1
    ends = [k for k in (source.find("\n", span.end), source.find("\r", span.end)) if k >= 0]
    high = min(ends, default=len(source))
    start, end = span
    for _ in range(_LONGER):
        if source.count(source[start:end]) == 1:
            break
        if start == low and end == high:
            return None
        after = _WORD.search(source, end, high)
        end = after.end() if after else high
        if source.count(source[start:end]) > 1 and start > low:
            before = source.rfind(" ", low, max(low, start - 1))
            start = low if before < 0 else before + 1
    longer = source[start:end].strip()
    return longer if source.count(longer) == 1 else None


def _missing_anchor(quote: str, source: str) -> str | None:
    """The first part of a joined quote that does not stand there, after the parts before it."""
    end = 0
    for anchor in _JOINT.split(quote):
        found = source.find(anchor, end)
        if found < 0:
            return anchor or None
        end = found + len(anchor)
    return quote or None


_FOLDS: Final = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "\xa0": " "}
)


def _folded_match(words: str, source: str) -> Near | None:
    folded = unicodedata.normalize("NFC", words).translate(_FOLDS)
    pattern = r"\s+".join(re.escape(w) for w in folded.split())
    hit = re.search(pattern, _folded(source), re.IGNORECASE) if pattern else None
    if hit is None:
        return None
    span = Span(*hit.span())
    there = source[span.start : span.end]
    mine, its = re.split(r"(\s+)", words.strip()), re.split(r"(\s+)", there)  # words, and the white space between
    k = next((k for k, (a, b) in enumerate(zip(mine, its, strict=False)) if a != b), 0)
    shown = slice(k - 1, k + 2) if k % 2 else slice(k, k + 1)
    return Near(span, "".join(mine[shown]), "".join(its[shown]), folded=True)


@lru_cache(maxsize=2)
def _folded(source: str) -> str:
    return source.translate(_FOLDS)


@lru_cache(maxsize=2)
def _paragraphs(source: str) -> list[tuple[Span, frozenset[str]]]:
    """The paragraphs of a source and the words of each."""
    found = (Span(*hit.span()) for hit in re.finditer(r"[^\n\r]+", source))
    return [(span, frozenset(_TOKEN.findall(source, *span))) for span in found]


def _best_window(words: str, source: str) -> Near | None:
    wanted = list(islice(_TOKEN.finditer(words), 500))
    plain = [t.group() for t in wanted]
    best: tuple[int, list[re.Match[str]]] | None = None
    distinct = frozenset(plain)
    likely = heapq.nlargest(_COMPARED, _paragraphs(source), key=lambda p: len(p[1] & distinct))
    for paragraph, _ in sorted(likely, key=lambda p: p[0]):
        tokens = list(islice(_TOKEN.finditer(source, *paragraph), 5000))
        match = difflib.SequenceMatcher(None, plain, [t.group() for t in tokens], autojunk=False)
        block = match.find_longest_match()
        first = block.b - block.a
        window = tokens[max(first, 0) : first + len(wanted)]
        same = sum(a == b.group() for a, b in zip(plain[max(-first, 0) :], window, strict=False))
        if block.size and (best is None or same > best[0]):
            best = (same, window)
    if best is None or best[0] * 3 < len(wanted):
        return None
    wrong, instead = _first_difference(words, wanted, source, best[1])
    return Near(Span(best[1][0].start(), best[1][-1].end()), wrong, instead, folded=False)


def _first_difference(
    words: str, wanted: list[re.Match[str]], source: str, there: list[re.Match[str]]
) -> tuple[str, str]:
    def between(text: str, tokens: list[re.Match[str]]) -> str:
        return text[tokens[0].start() : tokens[-1].end()] if tokens else ""

    match = difflib.SequenceMatcher(None, [t.group() for t in wanted], [t.group() for t in there], autojunk=False)
    for op, a, b, c, d in match.get_opcodes():
        if op != "equal":
            return between(words, wanted[a:b]), between(source, there[c:d])
    return "", ""
