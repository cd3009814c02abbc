"""The text of a release with its passages: paragraphs, cut where a passage begins or ends, character by character."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from urllib.parse import quote as percent

from communique.compile.tokens import tokens_of
from communique.publish.site.scene import KINDS, Passage

LONG: Final = 90
"""Characters from which on the line under a passage is fainter."""

BEFORE, AFTER = 140, 110
"""Characters shown before and after a passage where it stands on another page."""

_SPACE_NEAR: Final = 40
"""Words and signs among which a cut looks for white space, before it takes any place between two of them."""

_LONGEST_WORD: Final = 200
"""Characters beyond the cut that are looked at, to see where the word ends that it may fall into."""

MAPPED: Final = 400
"""Parts that the map of a text has at most: a longer text is mapped by stretches of several paragraphs."""

_LINE: Final = re.compile(r"[^\r\n]+")
_WORDS: Final = re.compile(r"\w+")
_NAMED_WORDS: Final = 5
_FURNITURE: Final = 3
"""Words in a row under no passage from which on they are furniture of the page that the text came from."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph under the same passages.

    ``passages`` are the ids of those over it, the shortest first; ``at`` those that begin here; ``kind`` is that of the
    shortest.
    """

    text: str
    passages: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    kind: str = ""
    is_long: bool = False
    is_furniture: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the source: ``label`` is its number, "0" for the headline, "" for furniture.

    ``start`` and ``end`` are offsets into the source; ``lanes`` are its passages as id, kind, start and end.
    """

    label: str
    start: int
    end: int
    pieces: tuple[Piece, ...]
    lanes: tuple[tuple[str, str, int, int], ...]

    @property
    def length(self) -> int:
        """Characters."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Stretch:
    """Paragraphs that follow each other: the labels of the first and the last, and what their map shows of them.

    ``lanes`` are their passages as id, kind, start and end, from the start of the stretch on.
    """

    label: str
    last: str
    length: int
    lanes: tuple[tuple[str, str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """A whole text: ``kicker`` and ``headline`` are the pieces of its first paragraph, ``paragraphs`` all others."""

    kicker: tuple[Piece, ...]
    headline: tuple[Piece, ...]
    head: Paragraph | None
    paragraphs: tuple[Paragraph, ...]

    @property
    def all(self) -> tuple[Paragraph, ...]:
        """The paragraph of the headline, if there is one, and the others."""
        return (self.head, *self.paragraphs) if self.head else self.paragraphs

    @property
    def numbered(self) -> tuple[Paragraph, ...]:
        """All but the furniture."""
        return tuple(p for p in self.all if p.label)

    def map(self, most: int = MAPPED) -> tuple[Stretch, ...]:
        """What a map shows: each numbered paragraph, or of more than ``most`` as few together as it takes."""
        paragraphs = self.numbered
        size = -(-len(paragraphs) // most)
        return tuple(_stretch(paragraphs[n : n + size]) for n in range(0, len(paragraphs), size or 1))

    def label_at(self, offset: int) -> str:
        """The label of the paragraph in which an offset into the source lies; "" for none."""
        return next((p.label for p in self.all if p.start <= offset < p.end), "")

    def where(self) -> list[tuple[int, int, str]]:
        """Start, end and label of every paragraph, in order."""
        return [(p.start, p.end, p.label) for p in self.all]


def lay_out(source: str, passages: Iterable[Passage], kinds: Mapping[str, str], headline: str = "") -> Edition:
    """The edition of a source. No passage crosses a line (`communique.compile.passages`).

    ``headline`` are the words that stand in large type at the top, if a line of the source holds them; the lines before
    that line are shown above it.

    >>> title, body = Passage("x", 5, 12, "Big day"), Passage("x", 13, 20, "It was.")
    >>> edition = lay_out("News\\nBig day\\nIt was.", [title, body], {"char=5,12": "event"}, "Big day")
    >>> [p.label for p in edition.all], "".join(p.text for p in edition.headline)
    (['0', '1'], 'Big day')
    """
    lines = [m.span() for m in _LINE.finditer(source) if m[0].strip()]
    by_line: dict[int, list[Passage]] = {}
    starts = [start for start, _ in lines]
    for passage in sorted(set(passages)):
        line = max((k for k, start in enumerate(starts) if start <= passage.start), default=0)
        by_line.setdefault(line, []).append(passage)
    at = source.find(headline) if headline else -1
    first = next((k for k, (start, end) in enumerate(lines) if start <= at < end), None)
    paragraphs: list[Paragraph] = []
    number = 0
    for k, (start, end) in enumerate(lines):
        if first is not None and k <= first:
            continue
        own = by_line.get(k, [])
        number += bool(own) or not by_line
        label = str(number) if own or not by_line else ""
        paragraphs.append(_paragraph(source, start, end, own, kinds, label))
    if first is None:
        return Edition((), (), None, tuple(paragraphs))
    above = [Piece(source[start:end].strip() + " ", is_furniture=True) for start, end in lines[:first]]
    head = _paragraph(source, *lines[first], by_line.get(first, []), kinds, "0", (at, at + len(headline)))
    before, words, after = _split(head, at, at + len(headline))
    return Edition((*above, *before, *after), words, head, tuple(paragraphs))


def _paragraph(
    source: str,
    start: int,
    end: int,
    passages: list[Passage],
    kinds: Mapping[str, str],
    label: str,
    cuts: Iterable[int] = (),
) -> Paragraph:
    edges = sorted({start, end, *cuts, *(o for p in passages for o in (p.start, p.end) if start < o < end)})
    pieces = tuple(_piece(source, a, z, passages, kinds) for a, z in pairwise(edges))
    lanes = tuple((p.id, kinds.get(p.id, "place"), p.start - start, p.end - start) for p in passages)
    return Paragraph(label, start, end, pieces, lanes)


def _piece(source: str, a: int, z: int, passages: list[Passage], kinds: Mapping[str, str]) -> Piece:
    over = sorted((p for p in passages if p.start <= a and p.end >= z), key=lambda p: (p.end - p.start, p.start))
    at = tuple(p.id for p in passages if p.start == a)
    text = source[a:z]
    if not over:
        return Piece(text, at=at, is_furniture=len(_WORDS.findall(text)) >= _FURNITURE)
    shortest = over[0]
    kind = kinds.get(shortest.id, KINDS[-1])
    return Piece(text, tuple(p.id for p in over), at, kind, shortest.end - shortest.start > LONG)


def _split(head: Paragraph, a: int, z: int) -> tuple[tuple[Piece, ...], tuple[Piece, ...], tuple[Piece, ...]]:
    """The pieces before, inside and after a stretch at whose ends the paragraph is cut."""
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


def merged_lanes(stretch: Stretch) -> list[tuple[str, int, int]]:
    """Where the passages of each kind lie in a stretch, those that touch made one: what a small map can show."""
    merged: dict[str, list[list[int]]] = {}
    for _, kind, start, end in sorted(stretch.lanes, key=lambda lane: lane[2:]):
        stretches = merged.setdefault(kind, [])
        if stretches and start <= stretches[-1][1]:
            stretches[-1][1] = max(end, stretches[-1][1])
        else:
            stretches.append([start, end])
    return [(kind, start, end) for kind, stretches in sorted(merged.items()) for start, end in stretches]


def text_fragment(address: str, quote: str) -> str:
    """An address at whose page a browser finds and marks the words (URL Fragment Text Directives, section 3).

    Of long words only the first and the last few are named.

    >>> text_fragment("https://e.org/news", "a well-known fact")
    'https://e.org/news#:~:text=a%20well%2Dknown%20fact'
    """
    words = quote.split()
    parts = [words] if len(words) <= 2 * _NAMED_WORDS else [words[:_NAMED_WORDS], words[-_NAMED_WORDS:]]
    named = ",".join(percent(" ".join(part), safe="").replace("-", "%2D") for part in parts)
    return f"{address.partition('#')[0]}#:~:text={named}"


def in_context(source: str, passage: Passage) -> tuple[str, str, str]:
    """The words before, in and after a passage, inside its paragraph; a cut is shown by ``…`` and cuts no word.

    Where no white space stands near, as in Chinese, it is cut between two characters.

    >>> in_context("She came. He said yes. They left.", Passage("x", 10, 22, "He said yes."))
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
    """The first place from ``start`` on where a text can be cut, its end if there is none."""
    places = [k for k in tokens_of(text).starts if k >= start]
    return next((k for k in places[:_SPACE_NEAR] if text[k - 1].isspace()), next(iter(places), len(text)))


def _last_cut(text: str, end: int) -> int:
    """The last place up to ``end`` where a text can be cut, its start if there is none."""
    places = [k for k in reversed(tokens_of(text).starts) if k <= end]
    return next((k for k in places[:_SPACE_NEAR] if text[k].isspace()), next(iter(places), 0))
