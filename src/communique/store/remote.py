"""A store that is a SPARQL 1.1 service, of any software."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import pyoxigraph as ox

from communique.errors import StoreError
from communique.store.answers import NTRIPLES, ROWS, TRIPLES, ResultPages, no_answer, read_results, read_triples
from communique.store.client import Client
from communique.store.message import Reply
from communique.store.refusal import RefusedError
from communique.store.store import Answer, move_update

if TYPE_CHECKING:
    from communique.store.store import Terms

CUT: Final = 10_000
"""From this number of triples on, a reply may have been cut off: Virtuoso does so without saying it."""

COUNTS: Final = """SELECT ?g (COUNT(*) AS ?n) WHERE {{
  GRAPH ?g {{ ?s ?p ?o }} FILTER (STRSTARTS(STR(?g), {below}) && STR(?g) > {after})
}} GROUP BY ?g ORDER BY STR(?g) LIMIT {limit}"""
"""The number of triples of each graph, in pages, because some stores cut long answers off without saying so."""

PAGE: Final = 5000
"""Rows in one page."""

PAGES: Final = """SELECT ?s ?p ?o WHERE {{
  GRAPH {graph} {{ ?s ?p ?o }} FILTER (STR(?s) > {after})
}} ORDER BY STR(?s) LIMIT {limit}"""
"""The triples of one graph, in pages."""

BATCH: Final = 500
"""Triples in one INSERT DATA, for a store without the Graph Store Protocol."""

_LINE: Final = re.compile(rb"^[^\n]+ \.\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Services:
    """The addresses of the three services of a store; empty for a service that was not found."""

    query: str
    update: str = ""
    graphs: str = ""


class RemoteStore:
    """A SPARQL 1.1 service, opened by `communique.store.discovery.open_remote`.

    It does not bind terms separately: they have to be in the text of a query, in a VALUES block.
    """

    binds = False

    def __init__(self, services: Services, client: Client) -> None:
        self.services, self.client = services, client

    def __repr__(self) -> str:
        return f"RemoteStore({self.services.query!r})"

    # ---- queries

    def query(self, text: str, terms: Terms | None = None, graphs: Sequence[str] | None = None) -> Answer:
        """The complete answer to a SELECT.

        Raises `QueryError` if the store rejects the query, and `StoreError` if it fails or cuts the answer off.
        """
        reply = self._ask(text, ROWS)
        found = read_results(reply)
        if not isinstance(found, tuple):
            raise StoreError(no_answer(reply, self.client))
        variables, rows = found
        self._refuse_cut(reply, len(rows))
        return Answer(variables, rows)

    def rows(self, text: str, *names: str) -> tuple[tuple[Any, ...], ...]:
        """The rows of a SELECT, with these variables in this order. Raises `StoreError` if the answer has others."""
        answer = self.query(text)
        if set(answer.variables) != set(names):
            given = " ".join(f"?{name[:40]}" for name in answer.variables[:5]) or "none"
            wanted = " ".join(f"?{name}" for name in names)
            raise StoreError(f"{self.services.query} was asked for {wanted} and gives {given}")
        columns = [answer.variables.index(name) for name in names]
        return tuple(tuple(row[i] for i in columns) for row in answer.rows)

    def construct(
        self, text: str, terms: Terms | None = None, graphs: Sequence[str] | None = None
    ) -> tuple[ox.Triple, ...]:
        """The answer to a CONSTRUCT. Raises as `query` does."""
        triples = self._construct(text)
        if len(triples) >= CUT:  # Virtuoso reports that it cuts a SELECT of that length, but not a CONSTRUCT
            rows = f"SELECT (1 AS ?x) WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }} LIMIT {len(triples) + 1}"
            self._refuse_cut(self._ask(rows, ROWS), len(triples))
        return triples

    def _construct(self, text: str) -> tuple[ox.Triple, ...]:
        return read_triples(self._ask(text, TRIPLES), self.client)

    def _refuse_cut(self, reply: Reply, size: int) -> None:
        if reply.limit is not None and size >= reply.limit:
            raise StoreError(f"{self.services.query} cuts answers at {reply.limit:,} rows: ask for less")

    def _ask(self, text: str, accept: str) -> Reply:
        return self.client.query(self.services.query, text, accept)

    # ---- graphs

    def counts(self, below: str) -> dict[str, int]:
        """Numbers of triples of the named graphs whose IRI begins with ``below``."""
        found: dict[str, int] = {}
        pages = ResultPages(self.services.query, self.client.clock)
        while True:
            after = ox.Literal(max(found, default=""))
            rows = self.rows(COUNTS.format(below=ox.Literal(below), after=after, limit=PAGE), "g", "n")
            found |= dict(self._graph_and_count(row, below) for row in rows)
            if len(rows) < PAGE:
                return found
            pages.turn(max(found))

    def _graph_and_count(self, row: tuple[Any, ...], below: str) -> tuple[str, int]:
        """The graph and the number in a row of `COUNTS`. Raises `StoreError` if it does not match the query."""
        graph, number = row
        if not isinstance(graph, ox.NamedNode) or not graph.value.startswith(below):
            raise StoreError(
                f"{self.services.query} was asked for graphs below {below} and names another: {str(graph)[:200]}"
            )
        text = number.value if isinstance(number, ox.Literal) else ""
        if not (text.isascii() and text.isdecimal() and len(text) < 19):
            raise StoreError(
                f"{self.services.query} gives no number of the triples of {graph.value[:200]}: {str(number)[:60]}"
            )
        return graph.value, int(text)

    def graphs(self) -> tuple[str, ...]:
        """IRIs of the named graphs, sorted."""
        rows = self.rows("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }", "g")
        return tuple(sorted(row[0].value for row in rows if isinstance(row[0], ox.NamedNode)))

    def fetch(self, graph: str) -> tuple[ox.Triple, ...]:
        """The triples of a graph as the store returns them; empty if there is no such graph."""
        back = self.fetch_once(graph)
        if len(back) >= CUT and self.counts(graph).get(graph, 0) > len(back):
            return tuple(self._fetch_in_pages(graph))
        return back

    def _fetch_in_pages(self, graph: str) -> Iterator[ox.Triple]:
        after, node, pages = "", ox.NamedNode(graph), ResultPages(self.services.query, self.client.clock)
        while True:
            found = self.rows(PAGES.format(graph=node, after=ox.Literal(after), limit=PAGE), "s", "p", "o")
            if not all(isinstance(s, ox.NamedNode) and isinstance(p, ox.NamedNode) and o for s, p, o in found):
                raise StoreError(f"{self.services.query} gives what is no triple of {graph}")
            whole = len(found) < PAGE
            last = found[-1][0].value if found else ""
            if not whole and last == found[0][0].value:
                raise StoreError(f"{graph} has more triples of {last} than the store gives at once")
            # the triples of the last subject may continue after a full page, so they are left for the next one
            yield from (ox.Triple(*row) for row in found if whole or row[0].value != last)
            if whole:
                return
            after = max(row[0].value for row in found if row[0].value != last)
            pages.turn(after)

    def fetch_once(self, graph: str) -> tuple[ox.Triple, ...]:
        """The triples of a graph in one reply, which the store may have cut off; empty if there is no such graph."""
        if not self.services.graphs:
            node = ox.NamedNode(graph)
            return self._construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {node} {{ ?s ?p ?o }} }}")
        try:
            reply = self.client.request("GET", self._graph_url(graph), media_type=TRIPLES)
            return read_triples(reply, self.client)
        except RefusedError as no:
            if no.status == 404:
                return ()
            raise

    def put(self, graph: str, body: bytes) -> None:
        """Replace all triples of a graph by these, N-Triples without blank nodes."""
        if self.services.graphs:
            self.client.request("PUT", self._graph_url(graph), body, NTRIPLES)
            return
        name = ox.NamedNode(graph)
        self._update(f"DROP SILENT GRAPH {name}")
        for part in _batches(body):
            self._update(f"INSERT DATA {{ GRAPH {name} {{\n{part.decode()}}} }}")

    def replace(self, graph: str, quads: Iterable[ox.Quad]) -> None:
        """Replace all triples of the graph of that IRI by those of these quads; no quads remove the graph."""
        body = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b""
        if body:
            self.put(graph, body)
        else:
            self.remove(graph)

    def remove(self, graph: str) -> None:
        """Remove a graph; one that is not there is no error."""
        if self.services.update:
            self._update(f"DROP SILENT GRAPH {ox.NamedNode(graph)}")  # always SILENT: Virtuoso answers 500 otherwise
            return
        try:
            self.client.request("DELETE", self._graph_url(graph))
        except RefusedError as no:
            if no.status != 404:
                raise

    @property
    def moves(self) -> bool:
        """Whether graphs can be staged first and then moved into place."""
        return bool(self.services.update)

    def move(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Move graphs, each (from, to), in one request, which is never retried: a second one would find no graphs."""
        self.client.update(self.services.update, move_update(pairs), repeatable=False)

    def _update(self, text: str) -> None:
        self.client.update(self.services.update, text, repeatable=True)

    def _graph_url(self, graph: str) -> str:
        """The address of a graph by the Graph Store Protocol (section 4.2)."""
        mark = "&" if "?" in self.services.graphs else "?"
        return f"{self.services.graphs}{mark}graph={quote(graph, safe='')}"


def _batches(body: bytes) -> Iterator[bytes]:
    """N-Triples in pieces of at most `BATCH` triples."""
    lines = _LINE.findall(body)
    for start in range(0, len(lines), BATCH):
        yield b"".join(lines[start : start + BATCH])
