"""What the writer of a syntax has to know beside the quads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from communique.context import Context

if TYPE_CHECKING:
    from pyoxigraph import Quad


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Where IRIs begin, what the keys mean, and what the document is about.

    ``base`` is the base IRI of the newsroom. ``slug`` is the name of the release if the document is about one,
    ``entity`` the IRI of the entity if it is about one that outlives a release. ``nested`` asks for one tree instead of
    a flat list, in the syntax that has both.
    """

    base: str
    context: Context
    slug: str | None = None
    entity: str | None = None
    nested: bool = False


Writer: TypeAlias = "Callable[[Sequence[Quad], Document], bytes]"
"""Writes quads in one syntax, as UTF-8. Raises `OutputError` for what the syntax cannot hold."""
