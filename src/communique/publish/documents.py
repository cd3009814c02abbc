"""The graph of one release or entity as files: one for each syntax that can express it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from communique.errors import InexpressibleError
from communique.export.rdf import render
from communique.formats import EMBEDDED, FORMATS
from communique.publish.stage import put

if TYPE_CHECKING:
    from communique.export.grouped import GroupedQuads
    from communique.read.dataset import Dataset


@dataclass(slots=True)
class Documents:
    """The bytes in each syntax, by its name; for a syntax that cannot express the graph, a sentence saying why."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    @property
    def embedded(self) -> bytes:
        """The JSON-LD for the script element of the page."""
        return self.bodies[EMBEDDED.name]

    def files(self, folder: str) -> Iterator[tuple[str, bytes]]:
        """The path of each in a folder of the publication, and its bytes."""
        return ((f"{folder}/{FORMATS[name].file}", body) for name, body in self.bodies.items())

    def write(self, stage: Path, folder: str) -> None:
        """Write each of them into a folder of the publication."""
        for path, body in self.files(folder):
            put(stage, path, body)


def render_documents(
    quads: GroupedQuads,
    *,
    base: str,
    slug: str | None = None,
    entity: str | None = None,
    about: Dataset | None = None,
) -> Documents:
    """The graph of the release ``slug``, or of the ``entity`` of that IRI, in each syntax in which these have a file.

    ``about`` describes the dataset, for the JSON-LD of the page of a release.
    """
    made = Documents()
    for name, fmt in FORMATS.items():
        if not (fmt.of_entities if entity else fmt.paged):
            continue
        try:
            made.bodies[name] = render(quads, fmt, base=base, slug=slug, entity=entity, about=about)
        except InexpressibleError as no:
            made.missing[name] = str(no)
    return made
