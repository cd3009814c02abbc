"""Any SPARQL 1.1 service as a store: found and tried out by probing, not by its name."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import pyoxigraph as ox

from communique.errors import StoreError
from communique.store.address import Address
from communique.store.answers import NTRIPLES, ROWS, TRIPLES, ResultPages, is_yes, no_answer, read_results, read_triples
from communique.store.client import Client
from communique.store.message import Reply
from communique.store.refusal import RefusedError
from communique.store.store import Answer

QUERY_PATHS: Final = ("", "/query", "/sparql", "/repositories", "/data/query")
UPDATE_PATHS: Final = ("", "/update", "/statements", "/sparql-auth", "/sparql", "/data/update")
GRAPH_PATHS: Final = ("", "/store", "/data", "/sparql-graph-crud-auth", "/rdf-graphs/service", "/graph-store")
READ_PATHS: Final = ("", "/store", "/data", "/sparql-graph-crud", "/rdf-graphs/service", "/graph-store")
"""Where services are looked for, below the address given and the two addresses above it."""

CUT: Final = 10_000
"""Triples from which on a graph that comes back may have been cut (Virtuoso does so, without a word)."""

COUNTS: Final = """SELECT ?g (COUNT(*) AS ?n) WHERE {{
  GRAPH ?g {{ ?s ?p ?o }} FILTER (STRSTARTS(STR(?g), {below}) && STR(?g) > {after})
}} GROUP BY ?g ORDER BY STR(?g) LIMIT {limit}"""
"""Numbers of triples by graph, page by page: some stores cut long answers without a word."""

PAGE: Final = 5000
"""Rows of one page."""

PAGES: Final = """SELECT ?s ?p ?o WHERE {{
  GRAPH {graph} {{ ?s ?p ?o }} FILTER (STR(?s) > {after})
}} ORDER BY STR(?s) LIMIT {limit}"""

BATCH: Final = 500
"""Triples in one INSERT DATA, where a store has no Graph Store Protocol."""

_PROBE: Final = '№ “’” \\ " </b> \U0001f5de Қазақстан'
_LINE: Final = re.compile(rb"^[^\n]+ \.\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Services:
    """Addresses of the three services of a store; empty where there is none, or none was found."""

    query: str
    update: str = ""
    graphs: str = ""


class RemoteStore:
    """A SPARQL 1.1 service; by `open_remote`. Terms are written into the text of a query, in a VALUES block."""

    binds = False

    def __init__(self, services: Services, client: Client) -> None:
        self.services, self.client = services, client

    def __repr__(self) -> str:
        return f"RemoteStore({self.services.query!r})"

    # ---- questions

    def query(
        self,
        text: str,
        terms: Mapping[str, ox.NamedNode | ox.Literal] | None = None,
        graphs: Sequence[str] | None = None,
    ) -> Answer:
        """The answer to a SELECT, whole. Raises `QueryError` if the store finds the query wrong, else `StoreError`."""
        reply = self._ask(text, ROWS)
        found = read_results(reply)
        if not isinstance(found, tuple):
            raise StoreError(no_answer(reply, self.client))
        variables, rows = found
        self._refuse_cut(reply, len(rows))
        return Answer(variables, rows)

    def _rows(self, text: str, *names: str) -> tuple[tuple[Any, ...], ...]:
        """The rows of a SELECT of these variables, in this order. Raises `StoreError` if others come back."""
        answer = self.query(text)
        if set(answer.variables) != set(names):
            came = " ".join(f"?{name[:40]}" for name in answer.variables[:5]) or "none"
            raise StoreError(f"{self.services.query} was asked for {' '.join('?' + n for n in names)} and gives {came}")
        where = [answer.variables.index(name) for name in names]
        return tuple(tuple(row[i] for i in where) for row in answer.rows)

    def construct(
        self,
        text: str,
        terms: Mapping[str, ox.NamedNode | ox.Literal] | None = None,
        graphs: Sequence[str] | None = None,
    ) -> tuple[ox.Triple, ...]:
        """The answer to a CONSTRUCT. Raises as `query` does."""
        triples = self._construct(text)
        if len(triples) >= CUT:  # Virtuoso cuts these without a word; where it cuts, it tells of a SELECT as long
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
            rows = self._rows(COUNTS.format(below=ox.Literal(below), after=after, limit=PAGE), "g", "n")
            found |= dict(self._counted(row, below) for row in rows)
            if len(rows) < PAGE:
                return found
            pages.turn(max(found))

    def _counted(self, row: tuple[Any, ...], below: str) -> tuple[str, int]:
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
        rows = self._rows("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }", "g")
        return tuple(sorted(row[0].value for row in rows if isinstance(row[0], ox.NamedNode)))

    def fetch(self, graph: str) -> tuple[ox.Triple, ...]:
        """What the store gives back of a graph; nothing if there is none."""
        back = self._fetch_at_once(graph)
        if len(back) >= CUT and self.counts(graph).get(graph, 0) > len(back):
            return tuple(self._fetch_in_pages(graph))
        return back

    def _fetch_in_pages(self, graph: str) -> Iterator[ox.Triple]:
        after, node, pages = "", ox.NamedNode(graph), ResultPages(self.services.query, self.client.clock)
        while True:
            found = self._rows(PAGES.format(graph=node, after=ox.Literal(after), limit=PAGE), "s", "p", "o")
            if not all(isinstance(s, ox.NamedNode) and isinstance(p, ox.NamedNode) and o for s, p, o in found):
                raise StoreError(f"{self.services.query} gives what is no triple of {graph}")
            whole = len(found) < PAGE
            last = found[-1][0].value if found else ""
            if not whole and last == found[0][0].value:
                raise StoreError(f"{graph} says more of {last} than the store gives at once")
            # the last node of a full page may go on: it is left to the next one
            yield from (ox.Triple(*row) for row in found if whole or row[0].value != last)
            if whole:
                return
            after = max(row[0].value for row in found if row[0].value != last)
            pages.turn(after)

    def _fetch_at_once(self, graph: str) -> tuple[ox.Triple, ...]:
        if not self.services.graphs:
            node = ox.NamedNode(graph)
            return self._construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {node} {{ ?s ?p ?o }} }}")
        at = self._graph(graph)
        try:
            return read_triples(self.client.request("GET", at, media_type=TRIPLES), self.client)
        except RefusedError as no:
            if no.status == 404:
                return ()
            raise

    def put(self, graph: str, body: bytes) -> None:
        """Put N-Triples, without blank nodes, into a graph in place of what it held."""
        if self.services.graphs:
            self.client.request("PUT", self._graph(graph), body, NTRIPLES)
            return
        name = ox.NamedNode(graph)
        self._tell(f"DROP SILENT GRAPH {name}")
        for part in _batches(body):
            self._tell(f"INSERT DATA {{ GRAPH {name} {{\n{part.decode()}}} }}")

    def replace(self, graph: str, quads: Iterable[ox.Quad]) -> None:
        """Put these quads into the graph of that IRI in place of what it held; no quads remove the graph."""
        body = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b""
        if body:
            self.put(graph, body)
        else:
            self.remove(graph)

    def remove(self, graph: str) -> None:
        """Remove a graph; one that is not there is no error."""
        if self.services.update:
            self._tell(f"DROP SILENT GRAPH {ox.NamedNode(graph)}")  # always SILENT: Virtuoso answers 500 otherwise
            return
        try:
            self.client.request("DELETE", self._graph(graph))
        except RefusedError as no:
            if no.status != 404:
                raise

    @property
    def moves(self) -> bool:
        """Whether graphs can be put aside first and then moved into place."""
        return bool(self.services.update)

    def move(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Move graphs into the place of others, in one request, never sent again: the second would find nothing."""
        text = " ;\n".join(f"MOVE GRAPH {ox.NamedNode(a)} TO GRAPH {ox.NamedNode(b)}" for a, b in pairs)
        self.client.update(self.services.update, text, repeatable=False)

    def _tell(self, update: str) -> None:
        self.client.update(self.services.update, update, repeatable=True)

    def _graph(self, graph: str) -> str:
        mark = "&" if "?" in self.services.graphs else "?"
        return f"{self.services.graphs}{mark}graph={quote(graph, safe='')}"


def open_remote(address: Address, *, write: bool = False, client: Client | None = None) -> RemoteStore:
    """The store at an address: that of a service, or one above. Raises `StoreError` if there is none.

    With ``write``, the services for writing are found too, and tried with one triple in a graph of its own, which is
    read back and removed: what a status code says is not believed.
    """
    client = client or Client(address.credentials, home=address.url)
    query = _find_query(address.url, client)
    if not write:
        return RemoteStore(
            Services(query, graphs=_find_readable(RemoteStore(Services(query), client), address.url)), client
        )
    failures: list[str] = []  # the first one is told: it comes from the service that is nearest to being right
    updates = _updates(_candidates(address.url, UPDATE_PATHS), client, failures)
    update = next((c for c in updates if _can_write(Services(query, c), client, failures)), "")
    for candidate in _candidates(address.url, GRAPH_PATHS):
        services = Services(query, update, candidate)
        if _keeps_graphs(client, candidate) and _can_write(services, client, failures):
            return RemoteStore(services, client)
    if update:
        return RemoteStore(Services(query, update), client)
    why = failures[0] if failures else "no update and no graph store service answers there"
    raise StoreError(f"{address.url} cannot be written: {why}")


def _bases(url: str) -> list[str]:
    """The address without its final slash, and up to two above it; never a query string."""
    bases = [url.partition("?")[0].rstrip("/")]
    while len(bases) < 3 and bases[-1].count("/") > 2:
        bases.append(bases[-1].rpartition("/")[0])
    return bases


def _candidates(url: str, paths: Iterable[str]) -> Iterator[str]:
    """Addresses to try, each once, first the one that was given, as it was given.

    A whole host is no service for writing, however it answers.
    """
    given = [url] if url.count("/") > 2 else []
    found = (base + path for base in _bases(url) for path in paths if path or base.count("/") > 2)
    return iter(dict.fromkeys([*given, *found]))


def _find_query(url: str, client: Client) -> str:
    first: str | None = None
    for candidate in dict.fromkeys([url, *_candidates(url, QUERY_PATHS)]):
        try:
            reply = client.probe(candidate, {"query": "ASK {}"}, ROWS)
        except RefusedError as no:
            if no.final or no.status == 401:
                raise
            first = first or str(no)
            continue
        if reply.status == 401:
            raise StoreError(client.refusal(reply, candidate))
        if reply.status == 200 and is_yes(reply):
            return candidate
        if reply.status != 404 and first is None:
            first = no_answer(reply, client)
    raise StoreError(first or f"{url} is no SPARQL service, nor is anything near it")


def _updates(candidates: Iterable[str], client: Client, failures: list[str]) -> Iterator[str]:
    for candidate in candidates:
        try:
            reply = client.probe(candidate, {"update": "INSERT DATA {}"}, "*/*")
        except RefusedError as no:
            _raise_if_final(no)
            failures.append(str(no))
            continue
        if reply.status in (200, 204) and reply.media_type != "text/html":
            yield candidate
        elif reply.status in (301, 302, 303, 401, 403):
            failures.append(client.refusal(reply, candidate))


def _find_readable(store: RemoteStore, url: str) -> str:
    """A graph store service that gives a graph which the store is known to hold; none if it holds none."""
    try:
        found = store._rows("SELECT ?g WHERE { GRAPH ?g { ?s ?p ?o } } LIMIT 1", "g")
    except StoreError:  # whoever asks a question is told
        return ""
    known = next((row[0].value for row in found if isinstance(row[0], ox.NamedNode)), None)
    for candidate in _candidates(url, READ_PATHS) if known is not None else ():
        try:
            if RemoteStore(Services("", graphs=candidate), store.client)._fetch_at_once(str(known)):
                return candidate
        except StoreError as no:
            _raise_if_final(no)
    return ""


def _raise_if_final(no: StoreError) -> None:
    """Raise an error again that every other address of that host would give too, after as long a time."""
    if isinstance(no, RefusedError) and no.final:
        raise no


def _keeps_graphs(client: Client, candidate: str) -> bool:
    """Whether a service gives triples, or says that there are none, when asked for a graph (never an HTML page)."""
    services = Services("", graphs=candidate)
    try:
        RemoteStore(services, client)._fetch_at_once(f"urn:uuid:{uuid.uuid4()}")
    except StoreError as no:
        _raise_if_final(no)
        return False
    return True


def _can_write(services: Services, client: Client, failures: list[str]) -> bool:
    """Whether what is put into the store by these services comes back unchanged."""
    store = RemoteStore(services, client)
    graph = f"urn:uuid:{uuid.uuid4()}"
    node = ox.NamedNode(graph)
    triple = ox.Triple(node, node, ox.Literal(_PROBE, language="kk"))
    at = services.graphs or services.update
    try:
        try:
            store.put(graph, f"{triple} .\n".encode())
            back = store.fetch(graph)
        except BaseException:  # also when somebody interrupts
            with suppress(StoreError):
                store.remove(graph)
            raise
        store.remove(graph)
    except StoreError as no:
        _raise_if_final(no)
        failures.append(str(no))
        return False
    if back != (triple,):
        failures.append(f"{at} says that it took a triple, and the store does not give it back")
    return back == (triple,)


def _batches(body: bytes) -> Iterator[bytes]:
    lines = _LINE.findall(body)
    for start in range(0, len(lines), BATCH):
        yield b"".join(lines[start : start + BATCH])
