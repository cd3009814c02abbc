"""The source texts of the releases in a publication being built, and what each release page saved for other pages."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from communique.publish.site.cards import ReleaseCard, read_card
from communique.publish.site.scenefacts import ScenePassage


class ReleaseHead(NamedTuple):
    """What the page of an entity shows of a release; ``original`` is the web page from which it was taken, if known."""

    title: str
    day: str
    language: str
    original: str


class Texts:
    """The source texts and the cards of the releases in a publication being built, read when they are needed.

    ``suffix`` is the file name suffix of the pages in one language.
    """

    def __init__(self, stage: Path, work: Path, suffix: str = "") -> None:
        self.stage, self.work, self.suffix = stage, work, suffix
        self.source = lru_cache(maxsize=256)(self._source)
        self.card = lru_cache(maxsize=4096)(self._card)

    def _source(self, slug: str) -> str:
        return (self.stage / "release" / slug / "source.txt").read_bytes().decode()

    def _card(self, slug: str) -> ReleaseCard:
        return read_card((self.work / f"{slug}{self.suffix}.card.json").read_text(encoding="utf-8"))

    def newest_first(self, slugs: Iterable[str]) -> list[str]:
        """Releases sorted by day, newest first; those of one day by name."""
        return sorted(sorted(slugs), key=lambda slug: self.card(slug).day, reverse=True)

    def head(self, slug: str) -> ReleaseHead:
        """Title, day and language of a release, and the web page from which it was taken."""
        return head_of(self.card(slug))

    def lines_with(self, passage: ScenePassage) -> str:
        """The source of a release, of which only the lines that contain the passage may be used."""
        return self.source(passage.slug)

    def paragraph(self, passage: ScenePassage) -> str:
        """The label of the paragraph that contains a passage."""
        return self.card(passage.slug).paragraph_at(passage.start)


def head_of(card: ReleaseCard) -> ReleaseHead:
    """What the page of an entity shows of the release with this card."""
    return ReleaseHead(card.title, card.day, card.language, card.original)
