"""Where quads live: what every store can do, and what it answers with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode, Quad

    Term = NamedNode | BlankNode | Literal


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer to a SELECT: names of the variables, and rows of terms in their order (None = unbound)."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


class Store(Protocol):
    """A place that holds named graphs and answers SPARQL.

    ``binds`` says whether `query` takes terms apart from the text; where it does not, they have to stand in the text.
    """

    @property
    def binds(self) -> bool:
        """Whether `query` takes ``terms``."""

    def query(self, text: str, terms: Mapping[str, NamedNode | Literal] | None = None) -> Answer:
        """The answer to a SELECT, whole. Raises `QueryError` for a wrong query, `StoreError` for a store that fails."""

    def replace(self, graph: str, quads: Iterable[Quad]) -> None:
        """Put these quads into the graph of that IRI in place of what it held; no quads remove the graph."""

    def graphs(self) -> tuple[str, ...]:
        """IRIs of the named graphs, sorted."""
