"""The interface of all stores, and the type of their answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

    ResultTerm = NamedNode | BlankNode | Literal
    ResultRow = tuple[ResultTerm | None, ...]
    Terms = Mapping[str, NamedNode | Literal]


@dataclass(frozen=True, slots=True)
class Answer:
    """The complete answer to a SELECT: names of the variables, and rows of terms in their order (None = unbound)."""

    variables: tuple[str, ...]
    rows: tuple[ResultRow, ...]


class Queryable(Protocol):
    """Anything that answers SPARQL queries. A store that fails raises `StoreError` from any method."""

    @property
    def binds(self) -> bool:
        """Whether `query` and `construct` use ``terms`` and ``graphs``; if not, terms must be in the text."""

    def query(self, text: str, terms: Terms | None = None, graphs: Sequence[str] | None = None) -> Answer:
        """The complete answer to a SELECT. Raises `QueryError` for an invalid query."""

    def construct(
        self, text: str, terms: Terms | None = None, graphs: Sequence[str] | None = None
    ) -> tuple[Triple, ...]:
        """The answer to a CONSTRUCT. Raises `QueryError` for an invalid query."""


class Store(Queryable, Protocol):
    """A store of named graphs that answers SPARQL queries."""

    def graphs(self) -> tuple[str, ...]:
        """IRIs of the named graphs, sorted."""

    def counts(self, below: str) -> dict[str, int]:
        """Numbers of triples of the named graphs whose IRI begins with ``below``."""

    def fetch(self, graph: str) -> tuple[Triple, ...]:
        """The triples of a graph as the store returns them; empty if there is no such graph."""

    def put(self, graph: str, body: bytes) -> None:
        """Replace all triples of a graph by these, N-Triples without blank nodes."""

    def replace(self, graph: str, quads: Iterable[Quad]) -> None:
        """Replace all triples of the graph of that IRI by those of these quads; no quads remove the graph."""

    def remove(self, graph: str) -> None:
        """Remove a graph; one that is not there is no error."""

    @property
    def moves(self) -> bool:
        """Whether a graph should be staged under another IRI, and moved to its own IRI when it is verified."""

    def move(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Move graphs, each (from, to), in one request; each replaces the graph that is there."""


def move_update(pairs: Iterable[tuple[str, str]]) -> str:
    """The SPARQL update that moves graphs, each (from, to).

    >>> move_update([("urn:x:a", "urn:x:b")])
    'MOVE GRAPH <urn:x:a> TO GRAPH <urn:x:b>'
    """
    from pyoxigraph import NamedNode

    return " ;\n".join(f"MOVE GRAPH {NamedNode(a)} TO GRAPH {NamedNode(b)}" for a, b in pairs)
