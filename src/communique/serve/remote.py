"""A worker in front of another SPARQL service: it hands queries on, and reads each answer whole before it is sent.

The gate, the limits, the pages and the questions are those of this server; the data are those of the service. The
worker keeps the network, because it needs it, and asks that one service only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Final

import pyoxigraph as ox

from communique.errors import QueryError, StoreError
from communique.iris import graph_iri, read_graph
from communique.query.results import Table
from communique.serve.refusal import HttpError
from communique.serve.sandbox import leave_no_core, limit_memory
from communique.serve.worker import SparqlRequest, answering
from communique.serve.writing import Limits, write_boolean, write_table, write_triples
from communique.store.address import read_address
from communique.store.answers import ROWS, ResultPages, is_yes, no_answer, read_results
from communique.store.client import Client
from communique.store.discovery import open_remote
from communique.store.remote import RemoteStore, Services

_MOST: Final = 500
"""The most subjects that are asked for at once."""

PAGE: Final = 5000
"""Rows in one page of what is said of all entities."""

_OF_ALL: Final = """SELECT DISTINCT ?s ?p ?o WHERE {{ VALUES ?p {{ {predicates} }} GRAPH ?g {{ ?s ?p ?o }}
  FILTER (STRSTARTS(STR(?g), {graphs}) && STRSTARTS(STR(?s), {base}) && STR(?s) > {after})
}} ORDER BY STR(?s) LIMIT {limit}"""
"""What the graphs of a newsroom say of all its entities with some predicates, in pages."""


class Remote:
    """A SPARQL service of any software."""

    def __init__(self, store: RemoteStore) -> None:
        self._store = store

    @property
    def store(self) -> RemoteStore:
        """The service itself."""
        return self._store

    def ask(self, asked: SparqlRequest, limits: Limits) -> bytes:
        """The answer to a query. Raises `HttpError`: 400 if the service rejects it, 502 if it fails."""
        if asked.default_graphs is not None or asked.named_graphs is not None:
            raise HttpError(400, "name the graphs in the query, with FROM: another store answers here")
        text = _with_base(asked)
        try:
            if asked.form == "ASK":
                return write_boolean(self._ask(text), asked.format)
            if asked.form == "SELECT":
                answer = self.store.query(text)
                return write_table(Table(answer.variables, answer.rows), asked.format, limits)
            return write_triples(self.store.construct(text), asked.format, limits)
        except QueryError as no:
            raise HttpError(400, str(no)) from None
        except StoreError as no:
            raise HttpError(502, f"the store cannot answer: {no}") from None

    def triples(self, graph: str) -> Iterator[ox.Triple]:
        """The triples of a named graph, or for "" those of all."""
        try:
            if graph:
                return iter(self.store.fetch(graph))
            return iter(self.store.construct("CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"))
        except StoreError as no:
            raise HttpError(502, f"the store cannot answer: {no}") from None

    def quads(self, triples: list[ox.Triple]) -> Iterator[ox.Quad]:
        """Some triples, each in every named graph that has it."""
        known = set(triples)
        subjects = {ox.NamedNode(one.subject.value) for one in known if isinstance(one.subject, ox.NamedNode)}
        yield from (quad for quad in self._of(subjects, "") if quad.triple in known)

    def look_up(
        self, subjects: Collection[ox.NamedNode], predicates: Sequence[ox.NamedNode], base: str
    ) -> Iterator[ox.Quad]:
        """The quads of some subjects with some predicates, or with any if none is given.

        A store may have graphs of others beside those of the newsroom, which are left out.
        """
        wanted = f"VALUES ?p {{ {' '.join(map(str, predicates))} }}" if predicates else ""
        for quad in self._of(subjects, wanted):
            if read_graph(getattr(quad.graph_name, "value", ""), base) is not None:
                yield quad

    def of_all(self, predicates: Sequence[ox.NamedNode], base: str) -> Iterator[ox.Triple]:
        """What is said of all entities with some predicates, in pages, because some stores cut long answers off."""
        own = {"base": ox.Literal(base), "graphs": ox.Literal(graph_iri(base, ""))}
        after, pages = "", ResultPages(self.store.services.query, self.store.client.clock)
        while True:
            text = _OF_ALL.format(predicates=" ".join(map(str, predicates)), after=ox.Literal(after), limit=PAGE, **own)
            found = [ox.Triple(*row) for row in self._rows(text, "s", "p", "o")]
            subjects = [str(getattr(triple.subject, "value", "")) for triple in found]
            is_last = len(found) < PAGE
            # the triples of the last subject may continue after a full page, so they are left for the next one
            yield from (one for one, name in zip(found, subjects, strict=True) if is_last or name != subjects[-1])
            if is_last:
                return
            after = max((name for name in subjects if name != subjects[-1]), default="")
            try:
                pages.turn(after)
            except StoreError as no:
                raise HttpError(502, f"the store cannot answer: {no}") from None

    def _of(self, subjects: Collection[ox.NamedNode], wanted: str) -> Iterator[ox.Quad]:
        """The quads of some subjects, a limited number of them at a time."""
        names = sorted(map(str, subjects))
        for at in range(0, len(names), _MOST):
            values = " ".join(names[at : at + _MOST])
            text = f"SELECT ?s ?p ?o ?g WHERE {{ VALUES ?s {{ {values} }} {wanted} GRAPH ?g {{ ?s ?p ?o }} }}"
            yield from (ox.Quad(*row) for row in self._rows(text, "s", "p", "o", "g"))

    def _rows(self, text: str, *names: str) -> Sequence[Any]:
        """Rows that are triples or quads. Raises `HttpError` if the store gives none."""
        try:
            rows: Sequence[Any] = self.store.rows(text, *names)
        except (QueryError, StoreError) as no:
            raise HttpError(502, f"the store cannot answer: {no}") from None
        if not all(
            isinstance(row[0], (ox.NamedNode, ox.BlankNode)) and isinstance(row[1], ox.NamedNode) and None not in row
            for row in rows
        ):
            raise HttpError(502, "the store cannot answer: it gives what is no triple")
        return rows

    def _ask(self, text: str) -> bool:
        reply = self.store.client.query(self.store.services.query, text, ROWS)
        found = read_results(reply)
        if found is None:
            raise StoreError(no_answer(reply, self.store.client))
        return is_yes(reply)


def find_services(address: str) -> Services:
    """The services of the store at an address. Raises `StoreError` if there is none."""
    return open_remote(read_address(address)).services


def begin_remote(address: str, services: Services, seconds: float, limits: Limits) -> Callable[..., Any]:
    """Set up a worker for the services found at an address, see `communique.serve.worker.begin`.

    The store has at most ``seconds`` for each answer, and is asked once.
    """
    leave_no_core()
    known = read_address(address)
    client = Client(known.credentials, timeout=seconds, pauses=(), home=known.url)
    limit_memory(limits.memory)
    return answering(Remote(RemoteStore(services, client)), limits)


def _with_base(asked: SparqlRequest) -> str:
    """The query with the base IRI of the newsroom before it, which one of its own overrides (SPARQL 1.1, 4.1.1)."""
    return f"BASE {ox.NamedNode(asked.base)}\n{asked.text}" if asked.base else asked.text
