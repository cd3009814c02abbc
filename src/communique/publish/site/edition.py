"""The text of a release, character by character: paragraphs, cut into pieces where a passage begins or ends."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from urllib.parse import quote as percent

from communique.iris import document_of
from communique.kinds import LANES
from communique.publish.site.cards import CardLane
from communique.publish.site.scenefacts import ScenePassage
from communique.text.passages import Span
from communique.text.tokens import tokens_of

LONG: Final = 90
"""Characters above which a passage is underlined more faintly."""

BEFORE, AFTER = 140, 110
"""Characters shown before and after a passage that is quoted on another page."""

_SPACE_NEAR: Final = 40
"""Tokens (words and punctuation) searched for white space to cut at, before any token boundary will do."""

_LONGEST_WORD: Final = 200
"""Characters read beyond the limit of a context, to find the end of a word that crosses it."""

MAPPED: Final = 400
"""The most parts that the map of a text may have: in a longer text each part covers several paragraphs."""

_PUNCTUATION: Final = re.compile(r"[^\w\s]+(?=\s|$)")
_LINE: Final = re.compile(r"[^\r\n]+")
_NAMED_WORDS: Final = 5


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a paragraph all of which is covered by the same passages.

    ``passages`` are the ids of the passages that cover it, shortest first; ``at`` are the ids of those that begin here;
    ``kind`` is that of the shortest. ``is_boilerplate``: the record says that the words belong to the web page around
    the release, such as a menu.
    """

    text: str
    passages: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    kind: str = ""
    is_long: bool = False
    is_boilerplate: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the source: ``label`` is its number, "0" for the headline, "" for one that is only boilerplate.

    A line in which further words follow the headline has a number as other lines have.

    ``start`` and ``end`` are offsets into the source (code points, the end exclusive); ``lanes`` are its passages as
    id, kind, start and end, with offsets from the start of the paragraph.
    """

    label: str
    start: int
    end: int
    pieces: tuple[Piece, ...]
    lanes: tuple[tuple[str, str, int, int], ...]

    @property
    def length(self) -> int:
        """Its length in characters (code points)."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive paragraphs as one part of a map: the labels of the first and the last, and their passages.

    ``length`` is in code points; ``lanes`` are the passages as id, kind, start and end, with offsets from the start of
    the stretch.
    """

    label: str
    last: str
    length: int
    lanes: tuple[tuple[str, str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """A whole text: the paragraphs ``above`` the headline, the ``head`` that contains it, and the ``paragraphs`` below.

    ``before``, ``headline`` and ``after`` are the pieces of the head: words around the headline keep their place.
    Without a headline all paragraphs are in ``paragraphs``.
    """

    above: tuple[Paragraph, ...]
    before: tuple[Piece, ...]
    headline: tuple[Piece, ...]
    after: tuple[Piece, ...]
    head: Paragraph | None
    paragraphs: tuple[Paragraph, ...]

    @property
    def all(self) -> tuple[Paragraph, ...]:
        """Every paragraph, in the order of the text."""
        return (*self.above, self.head, *self.paragraphs) if self.head else self.paragraphs

    @property
    def numbered(self) -> tuple[Paragraph, ...]:
        """The paragraphs with a label: all but those that are only boilerplate."""
        return tuple(p for p in self.all if p.label)

    @property
    def below(self) -> int:
        """The number of labelled paragraphs, without the headline."""
        return sum(p is not self.head for p in self.numbered)

    def map(self, most: int = MAPPED) -> tuple[Stretch, ...]:
        """The parts of a map, at most ``most``: each is one labelled paragraph, or as few together as that takes."""
        paragraphs = self.numbered
        size = -(-len(paragraphs) // most)
        return tuple(_stretch(paragraphs[n : n + size]) for n in range(0, len(paragraphs), size or 1))

    def label_at(self, offset: int) -> str:
        """The label of the paragraph that contains an offset into the source (code points); "" for none."""
        return next((p.label for p in self.all if p.start <= offset < p.end), "")


def lay_out(
    source: str,
    passages: Iterable[ScenePassage],
    kinds: Mapping[str, str],
    headline: Span | None = None,
    boilerplate: Iterable[Span] = (),
) -> Edition:
    """The edition of a source. No passage crosses a line (`communique.text.passages`).

    ``headline`` is the span that is set in large type, inside one line of the source; ``boilerplate`` are the spans
    that the record marks as part of the web page around the text: a line of nothing else has no number.

    >>> title, body = ScenePassage("x", 5, 12, "Big day"), ScenePassage("x", 13, 20, "It was.")
    >>> edition = lay_out("News\\nBig day\\nIt was.", [title, body], {"char=5,12": "event"}, Span(5, 12), [Span(0, 4)])
    >>> [p.label for p in edition.all], "".join(p.text for p in edition.headline)
    (['', '0', '1'], 'Big day')
    """
    lines = [m.span() for m in _LINE.finditer(source) if m[0].strip()]
    starts = [start for start, _ in lines]
    by_line: dict[int, list[ScenePassage]] = {}
    for passage in sorted(set(passages)):
        by_line.setdefault(max(bisect_right(starts, passage.start) - 1, 0), []).append(passage)
    boilerplate_by_line: dict[int, list[Span]] = {}
    for span in boilerplate:
        boilerplate_by_line.setdefault(max(bisect_right(starts, span.start) - 1, 0), []).append(span)
    first = next((k for k, (start, end) in enumerate(lines) if headline and start <= headline.start < end), None)
    stop = _with_punctuation(source, headline.end, lines[first][1]) if headline and first is not None else 0
    follows = headline is not None and first is not None and any(c.isalnum() for c in source[stop : lines[first][1]])
    title = None if follows else first
    paragraphs: list[Paragraph] = []
    number = 0
    for k, (start, end) in enumerate(lines):
        own, ignored = by_line.get(k, []), boilerplate_by_line.get(k, [])
        is_text = bool(own) or not _is_covered(source, start, end, ignored)
        number += is_text and k != title
        label = "0" if k == title else str(number) if is_text else ""
        cuts = (headline.start, stop) if headline and k == first else ()
        paragraphs.append(_paragraph(source, start, end, own, kinds, label=label, boilerplate=ignored, cuts=cuts))
    if first is None or headline is None:
        return Edition(above=(), before=(), headline=(), after=(), head=None, paragraphs=tuple(paragraphs))
    head = paragraphs[first]
    before, words, after = _split(head, headline.start, stop)
    if not _has_words(before):
        before, words = (), before + words
    if not _has_words(after):
        words, after = words + after, ()
    return Edition(
        above=tuple(paragraphs[:first]),
        before=before,
        headline=words,
        after=after,
        head=head,
        paragraphs=tuple(paragraphs[first + 1 :]),
    )


def _with_punctuation(source: str, end: int, line_end: int) -> int:
    """The end of a headline including the punctuation after its last word, such as a full stop."""
    punctuation = _PUNCTUATION.match(source, end, line_end)
    return punctuation.end() if punctuation else end


def _has_words(pieces: Iterable[Piece]) -> bool:
    return any(c.isalnum() for piece in pieces for c in piece.text)


def _is_covered(source: str, start: int, end: int, spans: list[Span]) -> bool:
    """Whether some spans cover a line, except for white space and punctuation."""
    left = start
    for span in sorted(spans):
        if any(c.isalnum() for c in source[left : span.start]):
            return False
        left = max(left, span.end)
    return bool(spans) and not any(c.isalnum() for c in source[left:end])


def _paragraph(
    source: str,
    start: int,
    end: int,
    passages: list[ScenePassage],
    kinds: Mapping[str, str],
    label: str,
    boilerplate: list[Span],
    cuts: Iterable[int],
) -> Paragraph:
    spans = [*((p.start, p.end) for p in passages), *boilerplate]
    edges = sorted({start, end, *cuts, *(offset for span in spans for offset in span if start < offset < end)})
    pieces = tuple(_piece(source, a, z, passages, kinds, boilerplate=boilerplate) for a, z in pairwise(edges))
    lanes = tuple((p.id, kinds.get(p.id, LANES[-1].key), p.start - start, p.end - start) for p in passages)
    return Paragraph(label, start, end, pieces, lanes)


def _piece(
    source: str, a: int, z: int, passages: list[ScenePassage], kinds: Mapping[str, str], boilerplate: list[Span]
) -> Piece:
    over = sorted((p for p in passages if p.start <= a and p.end >= z), key=lambda p: (p.end - p.start, p.start))
    at = tuple(p.id for p in passages if p.start == a)
    text = source[a:z]
    if not over:
        return Piece(text, at=at, is_boilerplate=any(start <= a and z <= end for start, end in boilerplate))
    shortest = over[0]
    kind = kinds.get(shortest.id, LANES[-1].key)
    return Piece(text, tuple(p.id for p in over), at, kind, shortest.end - shortest.start > LONG)


def _split(head: Paragraph, a: int, z: int) -> tuple[tuple[Piece, ...], tuple[Piece, ...], tuple[Piece, ...]]:
    """The pieces before, inside and after a span; the paragraph is already cut at both its ends."""
    before: list[Piece] = []
    inside: list[Piece] = []
    after: list[Piece] = []
    offset = head.start
    for piece in head.pieces:
        (before if offset < a else inside if offset < z else after).append(piece)
        offset += len(piece.text)
    return tuple(before), tuple(inside), tuple(after)


def _stretch(paragraphs: tuple[Paragraph, ...]) -> Stretch:
    lanes: list[tuple[str, str, int, int]] = []
    length = 0
    for paragraph in paragraphs:
        lanes += [(i, kind, length + start, length + end) for i, kind, start, end in paragraph.lanes]
        length += paragraph.length
    return Stretch(paragraphs[0].label, paragraphs[-1].label, length, tuple(lanes))


def merged_lanes(stretch: Stretch) -> list[CardLane]:
    """The spans of the passages of each kind in a stretch, adjoining ones merged, as a small map shows them."""
    merged: dict[str, list[list[int]]] = {}
    for _, kind, start, end in sorted(stretch.lanes, key=lambda lane: lane[2:]):
        stretches = merged.setdefault(kind, [])
        if stretches and start <= stretches[-1][1]:
            stretches[-1][1] = max(end, stretches[-1][1])
        else:
            stretches.append([start, end])
    return [CardLane(kind, start, end) for kind, stretches in sorted(merged.items()) for start, end in stretches]


def text_fragment(address: str, quote: str) -> str:
    """An address that makes a browser find and highlight the words (URL Fragment Text Directives, section 3).

    Of a long quote it names only the first and the last few words.

    >>> text_fragment("https://e.org/news", "a well-known fact")
    'https://e.org/news#:~:text=a%20well%2Dknown%20fact'
    """
    words = quote.split()
    parts = [words] if len(words) <= 2 * _NAMED_WORDS else [words[:_NAMED_WORDS], words[-_NAMED_WORDS:]]
    named = ",".join(percent(" ".join(part), safe="").replace("-", "%2D") for part in parts)
    return f"{document_of(address)}#:~:text={named}"


def in_context(source: str, passage: ScenePassage) -> tuple[str, str, str]:
    """The text before, in and after a passage, inside its paragraph; a cut is shown by ``…`` and never splits a word.

    If there is no white space near the limit, as in Chinese, the cut is between two characters.

    >>> in_context("She came. He said yes. They left.", ScenePassage("x", 10, 22, "He said yes."))
    ('She came. ', 'He said yes.', ' They left.')
    """
    low = max(source.rfind("\n", 0, passage.start), source.rfind("\r", 0, passage.start)) + 1
    ends = [k for k in (source.find("\n", passage.end), source.find("\r", passage.end)) if k >= 0]
    high = min(ends, default=len(source))
    before, after = source[low : passage.start], source[passage.end : high]
    if len(before) > BEFORE:
        before = before[-BEFORE - _LONGEST_WORD :]
        before = "… " + before[_first_cut(before, len(before) - BEFORE) :].lstrip()
    if len(after) > AFTER:
        after = after[: _last_cut(after[: AFTER + _LONGEST_WORD], AFTER)].rstrip() + " …"
    return before.lstrip(), source[passage.start : passage.end], after.rstrip()


def _first_cut(text: str, start: int) -> int:
    """The offset of the first place at or after ``start`` where a text can be cut; its end if there is none."""
    places = [k for k in tokens_of(text).starts if k >= start]
    return next((k for k in places[:_SPACE_NEAR] if text[k - 1].isspace()), next(iter(places), len(text)))


def _last_cut(text: str, end: int) -> int:
    """The offset of the last place up to ``end`` where a text can be cut; 0 if there is none."""
    places = [k for k in reversed(tokens_of(text).starts) if k <= end]
    return next((k for k in places[:_SPACE_NEAR] if text[k].isspace()), next(iter(places), 0))
