"""What the writer of a syntax has to know beside the quads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from communique.context import Context

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from communique.export.order import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Where IRIs begin, what the keys mean, and what the document is about.

    ``base`` is the base IRI of the newsroom. ``slug`` is the name of the release if the document is about one,
    ``entity`` the IRI of the entity if it is about one that outlives a release. ``nested`` asks for one tree instead of
    a flat list, in the syntax that has both. ``language`` is that of most texts, where it is known beforehand.
    """

    base: str
    context: Context
    slug: str | None = None
    entity: str | None = None
    nested: bool = False
    language: str | None = None


Writer: TypeAlias = "Callable[[Sequence[Quad], Document], bytes]"
"""Writes quads in one syntax, as UTF-8. Raises `OutputError` for what the syntax cannot hold."""


class EntityWriter(Protocol):
    """Writes a document entity by entity; the document is ``opening()``, the blocks with ``between``, and ``tail``."""

    @property
    def between(self) -> bytes:
        """What stands between two blocks."""

    @property
    def tail(self) -> bytes:
        """What stands after the last block."""

    def opening(self) -> bytes:
        """What stands before the blocks, once all of them are written."""

    def block(self, subject: str, pairs: Iterable[Pair]) -> bytes:
        """All facts of one entity."""


class GraphWriter(Protocol):
    """Writes a document graph by graph; the document is ``opening()``, then what `graphs` gives, in any number."""

    def opening(self) -> bytes:
        """What stands before the graphs."""

    def graphs(self, quads: Iterable[Quad]) -> bytes:
        """Some named graphs, in the natural order of their names."""
