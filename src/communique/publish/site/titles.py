"""The titles of nodes on the pages of questions; each look-up can be noted, to tell later whether a page is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from communique.publish.site.scenefacts import ScenePassage
from communique.publish.site.texts import Texts

Read: TypeAlias = "tuple[str, str, str]"
"""A look-up of `Titles`: its kind, and by what."""


class Titles:
    """What the pages of questions say of nodes: ``labels`` are the titles of releases and entities, by path."""

    def __init__(self, texts: Texts, labels: Mapping[str, str]) -> None:
        self._texts, self._labels = texts, labels
        self.read: dict[Read, str | None] | None = None
        """What was looked up and found; None: it is not noted."""

    def of(self, path: str) -> str | None:
        """The title of a release or an entity, by its path; None if there is no such node."""
        return self.look_up(("title", path, ""))

    def inside(self, slug: str, name: str) -> str:
        """The title of a node inside a release, by the name of its fragment; "" if it has none."""
        return self.look_up(("inside", slug, name)) or ""

    def paragraph(self, slug: str, start: int) -> str:
        """The label of the paragraph of a release in which a passage begins."""
        return self.look_up(("paragraph", slug, str(start))) or ""

    def look_up(self, what: Read) -> str | None:
        """What is found now, noted if that is asked for."""
        kind, name, part = what
        if kind == "title":
            found = self._labels.get(name)
        elif kind == "inside":
            found = self._texts.card(name).inner.get(part)
        else:
            found = self._texts.paragraph(ScenePassage(name, int(part), int(part), ""))
        if self.read is not None:
            self.read[what] = found
        return found
