"""The source texts of the releases in a publication being built, and what each release page saved for other pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

from communique.publish.site.cards import ReleaseCard, read_card
from communique.publish.site.scene import ScenePassage


class Texts:
    """The source texts and the cards of the releases in a publication being built, read when they are needed.

    ``suffix`` is the file name suffix of the pages in one language.
    """

    def __init__(self, stage: Path, work: Path, suffix: str = "") -> None:
        self.stage, self.work, self.suffix = stage, work, suffix
        self.source: Callable[[str], str] = lru_cache(maxsize=256)(self._source)
        self.card: Callable[[str], ReleaseCard] = lru_cache(maxsize=4096)(self._card)

    def _source(self, slug: str) -> str:
        return (self.stage / "release" / slug / "source.txt").read_bytes().decode()

    def _card(self, slug: str) -> ReleaseCard:
        return read_card((self.work / f"{slug}{self.suffix}.card.json").read_text(encoding="utf-8"))

    def newest_first(self, slugs: Iterable[str]) -> list[str]:
        """Releases sorted by day, newest first; those of one day by name."""
        return sorted(sorted(slugs), key=lambda slug: self.card(slug).day, reverse=True)

    def paragraph(self, passage: ScenePassage) -> str:
        """The label of the paragraph that contains a passage."""
        return self.card(passage.slug).paragraph_at(passage.start)
