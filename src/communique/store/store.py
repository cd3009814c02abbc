"""What every store can do, and what it answers with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

    ResultTerm = NamedNode | BlankNode | Literal
    ResultRow = tuple[ResultTerm | None, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer to a SELECT: names of the variables, and rows of terms in their order (None = unbound)."""

    variables: tuple[str, ...]
    rows: tuple[ResultRow, ...]


class Asked(Protocol):
    """What answers SPARQL. A store that fails raises `StoreError` from any method.

    ``binds`` says whether questions take terms apart from the text, and the graphs to look into; where they do not,
    terms stand in the text.
    """

    @property
    def binds(self) -> bool:
        """Whether `query` and `construct` take ``terms`` and ``graphs``."""

    def query(
        self, text: str, terms: Mapping[str, NamedNode | Literal] | None = None, graphs: Sequence[str] | None = None
    ) -> Answer:
        """The answer to a SELECT, whole. Raises `QueryError` for a wrong query."""

    def construct(
        self, text: str, terms: Mapping[str, NamedNode | Literal] | None = None, graphs: Sequence[str] | None = None
    ) -> tuple[Triple, ...]:
        """The answer to a CONSTRUCT. Raises `QueryError` for a wrong query."""


class Store(Asked, Protocol):
    """A place that holds named graphs and answers SPARQL."""

    def graphs(self) -> tuple[str, ...]:
        """IRIs of the named graphs, sorted."""

    def counts(self, below: str) -> dict[str, int]:
        """Numbers of triples of the named graphs whose IRI begins with ``below``."""

    def fetch(self, graph: str) -> tuple[Triple, ...]:
        """What the store gives back of a graph; nothing if there is none."""

    def put(self, graph: str, body: bytes) -> None:
        """Put N-Triples, without blank nodes, into a graph in place of what it held."""

    def replace(self, graph: str, quads: Iterable[Quad]) -> None:
        """Put these quads into the graph of that IRI in place of what it held; no quads remove the graph."""

    def remove(self, graph: str) -> None:
        """Remove a graph; one that is not there is no error."""

    @property
    def moves(self) -> bool:
        """Whether a graph is best put aside first, and moved into place when it is known to be right."""

    def move(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Move graphs, each (from, to), into the place of others, in one request."""
