"""Any SPARQL 1.1 service as a store: found and tried out by probing, not by its name."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import pyoxigraph as ox

from communique.errors import QueryError, StoreError
from communique.store import COUNTS, PAGE, Answer
from communique.store.address import Address
from communique.store.wire import RefusedError, Reply, Wire, first_words, refusal

JSON: Final = "application/sparql-results+json"
NTRIPLES: Final = "application/n-triples"
TURTLE: Final = "text/turtle"

QUERY_PATHS: Final = ("", "/query", "/sparql", "/repositories", "/data/query")
UPDATE_PATHS: Final = ("", "/update", "/statements", "/sparql-auth", "/sparql", "/data/update")
GRAPH_PATHS: Final = ("", "/store", "/data", "/sparql-graph-crud-auth", "/rdf-graphs/service", "/graph-store")
READ_PATHS: Final = ("", "/store", "/data", "/sparql-graph-crud", "/rdf-graphs/service", "/graph-store")
"""Where services are looked for, below the address given and the two addresses above it."""

CUT: Final = 10_000
"""Triples from which on a graph that comes back may have been cut (Virtuoso does so, without a word)."""

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

    def __init__(self, services: Services, wire: Wire) -> None:
        self.services, self.wire = services, wire

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
        reply = self._ask(text, JSON)
        try:
            found = ox.parse_query_results(reply.body, format=ox.QueryResultsFormat.JSON)
            assert isinstance(found, ox.QuerySolutions)
            rows = tuple(tuple(solution) for solution in found)
            self._refuse_cut(reply, len(rows))
            return Answer(tuple(variable.value for variable in found.variables), rows)
        except (SyntaxError, ValueError, AssertionError):
            raise StoreError(_no_answer(reply, self.services.query)) from None

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
            self._refuse_cut(self._ask(rows, JSON), len(triples))
        return triples

    def _construct(self, text: str) -> tuple[ox.Triple, ...]:
        return _triples(self._ask(text, f"{NTRIPLES}, {TURTLE};q=0.9"), self.services.query)

    def _refuse_cut(self, reply: Reply, size: int) -> None:
        if reply.limit is not None and size >= reply.limit:
            raise StoreError(f"{self.services.query} cuts answers at {reply.limit:,} rows: ask for less")

    def _ask(self, text: str, accept: str) -> Reply:
        try:
            return self.wire.ask(self.services.query, text, accept)
        except RefusedError as no:
            if no.status == 400:
                raise QueryError(f"the query cannot be answered: {no}") from None
            raise

    # ---- graphs

    def counts(self, below: str) -> dict[str, int]:
        """Numbers of triples of the named graphs whose IRI begins with ``below``."""
        found: dict[str, int] = {}
        while True:
            after = ox.Literal(max(found, default=""))
            rows = self.query(COUNTS.format(below=ox.Literal(below), after=after, limit=PAGE)).rows
            found |= {
                g.value: int(n.value) for g, n in rows if isinstance(g, ox.NamedNode) and isinstance(n, ox.Literal)
            }
            if len(rows) < PAGE:
                return found

    def graphs(self) -> tuple[str, ...]:
        """IRIs of the named graphs, sorted."""
        rows = self.query("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }").rows
        return tuple(sorted(row[0].value for row in rows if isinstance(row[0], ox.NamedNode)))

    def fetch(self, graph: str) -> tuple[ox.Triple, ...]:
        """What the store gives back of a graph; nothing if there is none."""
        back = self._fetch_at_once(graph)
        if len(back) >= CUT and self.counts(graph).get(graph, 0) > len(back):
            return tuple(self._fetch_in_pages(graph))
        return back

    def _fetch_in_pages(self, graph: str) -> Iterator[ox.Triple]:
        after, node = "", ox.NamedNode(graph)
        while True:
            found: Any = self.query(PAGES.format(graph=node, after=ox.Literal(after), limit=PAGE)).rows
            whole = len(found) < PAGE
            last = str(found[-1][0])[1:-1] if found else ""
            if not whole and last == str(found[0][0])[1:-1]:
                raise StoreError(f"{graph} says more of {last} than the store gives at once")
            # the last node of a full page may go on: it is left to the next one
            yield from (ox.Triple(*row) for row in found if whole or str(row[0])[1:-1] != last)
            if whole:
                return
            after = max(str(row[0])[1:-1] for row in found if str(row[0])[1:-1] != last)

    def _fetch_at_once(self, graph: str) -> tuple[ox.Triple, ...]:
        if not self.services.graphs:
            node = ox.NamedNode(graph)
            return self._construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {node} {{ ?s ?p ?o }} }}")
        at = self._graph(graph)
        try:
            return _triples(self.wire.exchange("GET", at, media_type=NTRIPLES), at)
        except RefusedError as no:
            if no.status == 404:
                return ()
            raise

    def put(self, graph: str, body: bytes) -> None:
        """Put N-Triples, without blank nodes, into a graph in place of what it held."""
        if self.services.graphs:
            self.wire.exchange("PUT", self._graph(graph), body, NTRIPLES)
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
            self.wire.exchange("DELETE", self._graph(graph))
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
        self.wire.tell(self.services.update, text, repeatable=False)

    def _tell(self, update: str) -> None:
        self.wire.tell(self.services.update, update, repeatable=True)

    def _graph(self, graph: str) -> str:
        mark = "&" if "?" in self.services.graphs else "?"
        return f"{self.services.graphs}{mark}graph={quote(graph, safe='')}"


def open_remote(address: Address, *, write: bool = False, wire: Wire | None = None) -> RemoteStore:
    """The store at an address: that of a service, or one above. Raises `StoreError` if there is none.

    With ``write``, the services for writing are found too, and tried with one triple in a graph of its own, which is
    read back and removed: what a status code says is not believed.
    """
    wire = wire or Wire(address.credentials)
    query, bases = _find_query(address.url, wire), _bases(address.url)
    if not write:
        return RemoteStore(Services(query, graphs=_find_readable(RemoteStore(Services(query), wire), bases)), wire)
    failures: list[str] = []  # the first one is told: it comes from the service that is nearest to being right
    update = next((c for c in _updates(bases, wire, failures) if _can_write(Services(query, c), wire, failures)), "")
    for candidate in _candidates(bases, GRAPH_PATHS):
        services = Services(query, update, candidate)
        if _keeps_graphs(wire, candidate) and _can_write(services, wire, failures):
            return RemoteStore(services, wire)
    if update:
        return RemoteStore(Services(query, update), wire)
    why = failures[0] if failures else "no update and no graph store service answers there"
    raise StoreError(f"{address.url} cannot be written: {why}")


def _bases(url: str) -> list[str]:
    bases = [url]
    while len(bases) < 3 and bases[-1].count("/") > 2:
        bases.append(bases[-1].rpartition("/")[0])
    return bases


def _candidates(bases: list[str], paths: Iterable[str]) -> Iterator[str]:
    """Addresses to knock at, each once; a whole host is no service for writing, however it answers."""
    return iter(dict.fromkeys(base + path for base in bases for path in paths if path or base.count("/") > 2))


def _find_query(url: str, wire: Wire) -> str:
    first: str | None = None
    for candidate in dict.fromkeys([url, *_candidates(_bases(url), QUERY_PATHS)]):
        reply = _knock(wire, candidate, {"query": "ASK {}"})
        if reply.status == 0:
            raise StoreError(f"{candidate} cannot be reached: {reply.body.decode()}")
        if reply.status == 401:
            raise StoreError(refusal(401, b"", candidate))
        if reply.status == 200 and _is_answer(reply.body):
            return candidate
        if reply.status != 404 and first is None:
            first = _no_answer(reply, candidate)
    raise StoreError(first or f"{url} is no SPARQL service, nor is anything near it")


def _updates(bases: list[str], wire: Wire, failures: list[str]) -> Iterator[str]:
    for candidate in _candidates(bases, UPDATE_PATHS):
        reply = _knock(wire, candidate, {"update": "INSERT DATA {}"})
        if reply.status in (200, 204) and reply.media_type != "text/html":
            yield candidate
        elif reply.status in (401, 403):
            failures.append(refusal(reply.status, reply.body, candidate))


def _find_readable(store: RemoteStore, bases: list[str]) -> str:
    """A graph store service that gives a graph which the store is known to hold; none if it holds none."""
    try:
        found = store.query("SELECT ?g WHERE { GRAPH ?g { ?s ?p ?o } } LIMIT 1").rows
    except StoreError:  # whoever asks a question is told
        return ""
    for candidate in _candidates(bases, READ_PATHS) if found else ():
        try:
            if RemoteStore(Services("", graphs=candidate), store.wire).fetch(str(found[0][0])[1:-1]):
                return candidate
        except StoreError:
            continue
    return ""


def _keeps_graphs(wire: Wire, candidate: str) -> bool:
    """Whether a service gives triples, or says that there are none, when asked for a graph (never an HTML page)."""
    services = Services("", graphs=candidate)
    try:
        RemoteStore(services, wire).fetch(f"urn:uuid:{uuid.uuid4()}")
    except StoreError:
        return False
    return True


def _knock(wire: Wire, url: str, form: dict[str, str]) -> Reply:
    reply = wire.knock(url, form)
    if reply.status in (401, 403) and wire.meet(reply.challenge):
        reply = wire.knock(url, form)
    return reply


def _is_answer(body: bytes) -> bool:
    try:
        return json.loads(body).get("boolean") is True
    except (ValueError, AttributeError):
        return False


def _can_write(services: Services, wire: Wire, failures: list[str]) -> bool:
    """Whether what is put into the store by these services comes back unchanged."""
    store = RemoteStore(services, wire)
    graph = f"urn:uuid:{uuid.uuid4()}"
    node = ox.NamedNode(graph)
    triple = ox.Triple(node, node, ox.Literal(_PROBE, language="kk"))
    at = services.graphs or services.update
    try:
        store.put(graph, f"{triple} .\n".encode())
        back = store.fetch(graph)
        store.remove(graph)
    except StoreError as no:
        failures.append(str(no))
        return False
    if back != (triple,):
        failures.append(f"{at} says that it took a triple, and the store does not give it back")
    return back == (triple,)


def _triples(reply: Reply, url: str) -> tuple[ox.Triple, ...]:
    syntax = ox.RdfFormat.from_media_type(reply.media_type)
    if reply.media_type == "text/plain":
        syntax = ox.RdfFormat.N_TRIPLES
    if syntax is None or reply.media_type.startswith("text/html"):
        raise StoreError(_no_answer(reply, url))
    try:
        return tuple(quad.triple for quad in ox.parse(reply.body, format=syntax))
    except SyntaxError as no:
        raise StoreError(f"{url} gives {reply.media_type} that cannot be read: {no}") from None


def _no_answer(reply: Reply, url: str) -> str:
    if reply.status != 200:
        return refusal(reply.status, reply.body, url)
    kind = "an HTML page" if reply.media_type == "text/html" else reply.media_type or "nothing"
    words = first_words(reply.body, 80)
    return f"{url} is no SPARQL service: it answers with {kind}" + (f" ({words})" if words else "")


def _batches(body: bytes) -> Iterator[bytes]:
    lines = _LINE.findall(body)
    for start in range(0, len(lines), BATCH):
        yield b"".join(lines[start : start + BATCH])
