"""Cards: what lists show of a release or an entity, saved by its own page for other pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import NamedTuple


class CardRow(NamedTuple):
    """A row of a summary: its label ("" for none), its values, and whether they were inferred."""

    label: str
    texts: tuple[str, ...]
    inferred: bool


class CardLine(NamedTuple):
    """A line of a summary: its key, and its rows."""

    key: str
    rows: tuple[CardRow, ...]


class CardLane(NamedTuple):
    """Adjoining passages of one kind: start and end in code points from the start of the stretch, the end exclusive."""

    kind: str
    start: int
    end: int


class CardStretch(NamedTuple):
    """A stretch of the small map of a text: its length in code points, and where the passages in it are."""

    length: int
    lanes: tuple[CardLane, ...]


class CardParagraph(NamedTuple):
    """The start and end of a paragraph in its source (code points, the end exclusive), and its label ("" for none)."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class ReleaseCard:
    """What other pages show of a release, in one language.

    ``day``, ``place`` and ``original`` (the web page from which the release was taken) are "" if they are not known.
    ``counts`` are numbers of facts, passages and entities by kind; ``paragraphs`` are all in order; ``inner`` maps the
    fragment of each node inside the release to its name.
    """

    slug: str
    iri: str
    title: str
    day: str
    language: str
    place: str
    summary: tuple[CardLine, ...]
    counts: Mapping[str, int]
    stripe: tuple[CardStretch, ...]
    paragraphs: tuple[CardParagraph, ...]
    original: str
    inner: Mapping[str, str]

    def render(self) -> str:
        """The card as JSON, for `read_card`."""
        return json.dumps({f.name: getattr(self, f.name) for f in fields(self)}, ensure_ascii=False)

    def paragraph_at(self, offset: int) -> str:
        """The label of the paragraph that contains an offset into the source (code points); "" for none."""
        return next((p.label for p in self.paragraphs if p.start <= offset < p.end), "")


def read_card(text: str) -> ReleaseCard:
    """The card of a release from the JSON that `ReleaseCard.render` gives."""
    read = json.loads(text)
    summary = (CardLine(key, tuple(_card_row(*row) for row in rows)) for key, rows in read["summary"])
    stripe = (CardStretch(length, tuple(CardLane(*lane) for lane in lanes)) for length, lanes in read["stripe"])
    paragraphs = (CardParagraph(*one) for one in read["paragraphs"])
    return ReleaseCard(**read | {"summary": tuple(summary), "stripe": tuple(stripe), "paragraphs": tuple(paragraphs)})


def _card_row(label: str, texts: list[str], inferred: bool) -> CardRow:
    return CardRow(label, tuple(texts), inferred)


class CardName(NamedTuple):
    """Another name of an entity, its language tag, and whether only the registry has it."""

    text: str
    language: str
    registry: bool


class CardNote(NamedTuple):
    """A few words about an entity, and their basis: "" (stated), "inferred" or "registry"."""

    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class EntityCard:
    """What lists show of an entity, in one language.

    ``path`` is its folder below the base IRI, ending in a slash; ``list`` is the list in which it appears, or "";
    ``word`` is the key of the words for what it is; ``sort`` is the name by which it is sorted; ``names`` are its other
    labels, ``also`` its alternative names; ``releases`` is how many releases speak of it.
    """

    path: str
    list: str
    word: str
    title: str
    sort: str
    language: str
    names: tuple[CardName, ...]
    also: tuple[str, ...]
    note: tuple[CardNote, ...]
    releases: int
