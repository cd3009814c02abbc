"""The store inside this process: Oxigraph, in memory or in a folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from communique.errors import QueryError, StoreError
from communique.store.store import Answer, move_update

if TYPE_CHECKING:
    from communique.store.store import Terms


class EmbeddedStore:
    """An Oxigraph store, opened by `open_embedded`.

    A query sees named graphs only, unless it is asked with ``union``. Use the store as a context manager, or `close`
    it: a folder is locked as long as a store in it is open for writing.
    """

    binds = True
    moves = False  # `put` is one transaction, so no graph has to be staged

    def __init__(self, quads: ox.Store) -> None:
        self._quads: ox.Store | None = quads

    @property
    def quads(self) -> ox.Store:
        """The engine's own store, for what this class does not offer. Raises `StoreError` after `close`."""
        if self._quads is None:
            raise StoreError("the store is closed")
        return self._quads

    def query(
        self, text: str, terms: Terms | None = None, graphs: Sequence[str] | None = None, *, union: bool = False
    ) -> Answer:
        """The complete answer to a SELECT; ``terms`` are bound to the variables of those names.

        With ``graphs``, the query sees these named graphs only, which spares the engine joins over the whole store.

        A term is bound only if its variable is in the projection, and not inside sub-selects or BIND; the catalogue
        refuses canned queries that need more. There is no time limit: `communique.store.apart` runs queries in a
        process that can be ended. Raises `QueryError` for a query that is invalid or not a SELECT, and `StoreError` if
        the store cannot be read.
        """
        with _read_errors():
            found = self._evaluate(text, terms, graphs, union)
            if not isinstance(found, ox.QuerySolutions):
                raise QueryError("only SELECT queries are answered here")
            return Answer(
                tuple(variable.value for variable in found.variables), tuple(tuple(solution) for solution in found)
            )

    def construct(
        self, text: str, terms: Terms | None = None, graphs: Sequence[str] | None = None, *, union: bool = False
    ) -> tuple[ox.Triple, ...]:
        """The answer to a CONSTRUCT; otherwise as `query`."""
        with _read_errors():
            found = self._evaluate(text, terms, graphs, union)
            if not isinstance(found, ox.QueryTriples):
                raise QueryError("only CONSTRUCT queries are answered here")
            return tuple(found)

    def _evaluate(self, text: str, terms: Terms | None, graphs: Sequence[str] | None, union: bool) -> object:
        """The results of the engine, which are computed while they are read."""
        bound: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {
            ox.Variable(name): term for name, term in (terms or {}).items()
        }
        named = None if graphs is None else map(ox.NamedNode, graphs)
        # each graph that is named costs a lookup for each pattern, even if it is empty
        seen: list[ox.NamedNode | ox.BlankNode] | None = None
        if named is not None:
            seen = [graph for graph in named if self.quads.contains_named_graph(graph)]
        return self.quads.query(text, substitutions=bound, named_graphs=seen, use_default_graph_as_union=union)

    def replace(self, graph: str, quads: Iterable[ox.Quad]) -> None:
        """Replace all triples of the graph with that IRI by those of these quads, whole or not at all.

        Raises `StoreError` if a quad belongs to another graph or has a blank node, whose label would not be kept.
        """
        name = ox.NamedNode(graph)
        lines = []
        for quad in quads:
            if quad.graph_name != name:
                raise StoreError(f"a quad of {quad.graph_name} cannot be put into {name}")
            if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
                raise StoreError(f"a blank node cannot be put into {name}: give the node an IRI")
            lines.append(f"{quad.triple} .\n")
        self.put(graph, "".join(lines).encode())

    def put(self, graph: str, body: bytes) -> None:
        """Replace all triples of a graph by these, N-Triples without blank nodes, whole or not at all."""
        name = ox.NamedNode(graph)
        # an update with two operations is one transaction: a reader sees the old graph or the new one
        with _write_errors():
            self.quads.update(f"DROP SILENT GRAPH {name} ;\nINSERT DATA {{ GRAPH {name} {{\n{body.decode()}}} }}")

    def extend(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads to their graphs: fast, for filling a new store, but not in one transaction."""
        with _write_errors():
            self.quads.bulk_extend(quads)

    def remove(self, graph: str) -> None:
        """Remove a graph; one that is not there is no error."""
        self.put(graph, b"")

    def move(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Move graphs, each (from, to), in one transaction; each replaces the graph that is there."""
        with _write_errors():
            self.quads.update(move_update(pairs))

    def fetch(self, graph: str) -> tuple[ox.Triple, ...]:
        """The triples of a graph; nothing if there is none."""
        return tuple(quad.triple for quad in self.quads.quads_for_pattern(None, None, None, ox.NamedNode(graph)))

    def counts(self, below: str) -> dict[str, int]:
        """Numbers of triples of the named graphs whose IRI begins with ``below``."""
        names = (g for g in self.graphs() if g.startswith(below))
        return {g: sum(1 for _ in self.quads.quads_for_pattern(None, None, None, ox.NamedNode(g))) for g in names}

    def graphs(self) -> tuple[str, ...]:
        """IRIs of the named graphs, sorted."""
        return tuple(sorted(g.value for g in self.quads.named_graphs() if isinstance(g, ox.NamedNode)))

    def close(self) -> None:
        """Unlock the folder; the store cannot be used any more."""
        self._quads = None

    def __enter__(self) -> EmbeddedStore:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


@contextmanager
def _read_errors() -> Iterator[None]:
    """Turns errors of the engine into ours while a query is answered."""
    try:
        yield
    except (SyntaxError, RuntimeError) as error:
        raise QueryError(f"the query cannot be answered: {error}") from None
    except OSError as error:
        raise StoreError(f"the store cannot be read: {error}") from None


@contextmanager
def _write_errors() -> Iterator[None]:
    """Turns errors of the engine into ours while the store is changed."""
    try:
        yield
    except (OSError, RuntimeError) as error:  # RuntimeError: opened for reading only
        raise StoreError(f"the store cannot be written: {error}") from None


_OXIGRAPH_FILE: Final = re.compile(
    r"(?:CURRENT|IDENTITY|LOCK|LOG(?:\.old.*)?|(?:MANIFEST|OPTIONS)-\d+|\d+\.(?:sst|log|blob))(?:\.dbtmp)?"
)


def is_vacant(path: Path) -> bool:
    """Whether the folder ``path`` is missing, or holds at most the first files of a store that was never completed.

    Raises `StoreError` if it is not a folder, or if it holds files that do not belong to a store.
    """
    try:
        if not path.exists():
            return True
        names = {entry.name for entry in path.iterdir()}
    except OSError as no:
        raise StoreError(f"{path} cannot be a store: {no.strerror}") from None
    if "CURRENT" in names and "IDENTITY" in names:
        return False
    other = sorted(name for name in names if not _OXIGRAPH_FILE.fullmatch(name))
    if other:
        raise StoreError(f"{path} holds no store but other files, such as {other[0]}: give a new or empty folder")
    return True


def open_embedded(path: Path | None = None, *, read_only: bool = False) -> EmbeddedStore:
    """A store in the folder ``path``, which is created if missing; without a path, in memory. Close it when done.

    ``read_only`` opens an existing store, even while others read it. Raises `StoreError` if it cannot be opened.

    >>> with open_embedded() as store:
    ...     store.graphs()
    ()
    """
    if path is None:
        return EmbeddedStore(ox.Store())
    if is_vacant(path) and read_only:
        raise StoreError(f"{path}: there is no store")
    try:
        return EmbeddedStore(ox.Store.read_only(str(path)) if read_only else ox.Store(str(path)))
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: a file of the store is damaged
        raise StoreError(f"{path}: the store cannot be opened: {error}") from None
