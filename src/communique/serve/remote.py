"""A worker in front of another SPARQL service: it hands queries on, and reads each answer whole before it is sent.

The gate, the limits, the pages and the questions are those of this server; the data are those of the service. The
worker keeps the network, because it needs it, and asks that one service only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import pyoxigraph as ox

from communique.errors import QueryError, StoreError
from communique.query.results import Table
from communique.serve.refusal import HttpError
from communique.serve.sandbox import leave_no_core, limit_memory
from communique.serve.worker import SparqlRequest, answering
from communique.serve.writing import Limits, write_boolean, write_table, write_triples
from communique.store.address import read_address
from communique.store.answers import ROWS, is_yes, no_answer, read_results
from communique.store.client import Client
from communique.store.discovery import open_remote
from communique.store.remote import RemoteStore, Services

_MOST: Final = 500
"""The most triples whose graphs are asked for at once."""


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
        subjects = sorted({str(one.subject) for one in triples})
        for at in range(0, len(subjects), _MOST):
            values = " ".join(subjects[at : at + _MOST])
            text = f"SELECT ?s ?p ?o ?g WHERE {{ VALUES ?s {{ {values} }} GRAPH ?g {{ ?s ?p ?o }} }}"
            try:
                rows: Sequence[Any] = self.store.rows(text, "s", "p", "o", "g")
            except StoreError as no:
                raise HttpError(502, f"the store cannot answer: {no}") from None
            yield from (ox.Quad(*row) for row in rows if ox.Triple(*row[:3]) in known)

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
