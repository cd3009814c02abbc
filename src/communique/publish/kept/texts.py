"""The texts of releases, with a note of what the page of an entity looks up; and the look-ups that a change touches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile, zip_longest
from pathlib import Path
from typing import Final, NamedTuple

from communique.publish.site.cards import ReleaseCard
from communique.publish.site.scenefacts import ScenePassage
from communique.publish.site.texts import ReleaseHead, Texts, head_of
from communique.publish.traces import Trace, hash_of

_HEAD, _LINE, _PARAGRAPH = "head", "line", "paragraph"
_BREAKS: Final = re.compile("[\\n\\r]")


class TracedTexts(Texts):
    """The texts and cards of releases, of which each look-up is noted; others than these may not be made."""

    def __init__(self, trace: Trace, stage: Path, work: Path, suffix: str = "") -> None:
        super().__init__(stage, work, suffix)
        self._trace = trace

    def head(self, slug: str) -> ReleaseHead:
        """Title, day and language of a release, and the web page from which it was taken."""
        self._trace.note(_HEAD, slug)
        return super().head(slug)

    def lines_with(self, passage: ScenePassage) -> str:
        """The source of a release, of which only the lines that contain the passage may be used."""
        source = super().lines_with(passage)
        first = max(source.rfind(mark, 0, passage.start) for mark in "\n\r") + 1
        for start in (first, *(found.end() for found in _BREAKS.finditer(source, first, passage.end))):
            self._trace.note(_LINE, passage.slug, str(start))
        return source

    def paragraph(self, passage: ScenePassage) -> str:
        """The label of the paragraph that contains a passage."""
        paragraphs = self.card(passage.slug).paragraphs
        found = (n for n, own in enumerate(paragraphs) if own.start <= passage.start < own.end)
        self._trace.note(_PARAGRAPH, passage.slug, str(next(found, len(paragraphs))))  # none before it was the one
        return super().paragraph(passage)


class ReleaseTexts(NamedTuple):
    """The source of a release, and its card in each language; nothing of a release that does not exist."""

    source: str = ""
    cards: Sequence[ReleaseCard] = ()


def touched_by_texts(slug: str, old: ReleaseTexts, new: ReleaseTexts) -> Iterator[bytes]:
    """The look-ups that a change of the texts of a release touches."""
    if list(map(head_of, old.cards)) != list(map(head_of, new.cards)):
        yield hash_of(_HEAD, slug)
    for start, _ in _lines(old.source) ^ _lines(new.source):
        yield hash_of(_LINE, slug, str(start))
    for own, other in zip_longest(*([card.paragraphs for card in texts.cards] for texts in (old, new)), fillvalue=()):
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(own, other, strict=False)))
        for number in range(same, max(len(own), len(other)) + 1) if own != other else ():
            yield hash_of(_PARAGRAPH, slug, str(number))


def _lines(source: str) -> set[tuple[int, str]]:
    """The lines of a source with their line breaks, each with where it begins."""
    starts = [0, *(found.end() for found in _BREAKS.finditer(source)), len(source)]
    return {(start, source[start:end]) for start, end in pairwise(starts)}
