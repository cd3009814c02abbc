"""What a writer needs besides the quads, and the interfaces of writers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from communique.context import Context

if TYPE_CHECKING:
    from communique.export.grouped import GroupedQuads
    from communique.export.order import Properties
    from communique.read.dataset import Dataset


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The properties of a document to be written: its base IRI, its context, and what it is about.

    ``base`` is the base IRI of the newsroom. ``slug`` is that of the release that the document is about, if any;
    ``entity`` is the IRI of the entity, for a document about one that outlives a release. ``nested`` asks for one tree
    instead of a flat list, in the format that has both. ``language`` is that of most texts, if known beforehand;
    ``about`` describes the dataset, for the page of a release.
    """

    base: str
    context: Context
    slug: str | None = None
    entity: str | None = None
    nested: bool = False
    language: str | None = None
    about: Dataset | None = None


Writer: TypeAlias = "Callable[[GroupedQuads, Document], bytes]"
"""Writes quads in one syntax, as UTF-8. Raises `OutputError` for quads that the syntax cannot express."""


class EntityWriter(Protocol):
    """Writes a document entity by entity: ``opening()``, then the blocks joined by ``between``, then ``tail``.

    ``used`` is what the opening must declare for the blocks so far; the blocks do not depend on it.
    """

    used: set[str]

    @property
    def between(self) -> bytes:
        """The bytes between two blocks."""

    @property
    def tail(self) -> bytes:
        """The bytes after the last block."""

    def opening(self) -> bytes:
        """The bytes before the first block; call it after all blocks are written."""

    def block(self, subject: str, properties: Properties) -> bytes:
        """All facts of one entity."""


class GraphWriter(Protocol):
    """Writes a document graph by graph: ``opening()``, then the results of any number of calls of ``graphs()``."""

    def opening(self) -> bytes:
        """The bytes before the first graph."""

    def graphs(self, quads: GroupedQuads, slug: str = "", /) -> bytes:
        """The bytes of some named graphs, in the natural order of their names; ``slug`` is that of their release."""
