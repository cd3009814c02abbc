"""Finds the services of a store from one address, by probing and not by the name of the software."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final

import pyoxigraph as ox

from communique.errors import StoreError
from communique.store.address import Address
from communique.store.answers import ROWS, is_yes, no_answer
from communique.store.client import Client
from communique.store.refusal import RefusedError
from communique.store.remote import RemoteStore, Services

QUERY_PATHS: Final = ("", "/query", "/sparql", "/repositories", "/data/query")
UPDATE_PATHS: Final = ("", "/update", "/statements", "/sparql-auth", "/sparql", "/data/update")
GRAPH_PATHS: Final = ("", "/store", "/data", "/sparql-graph-crud-auth", "/rdf-graphs/service", "/graph-store")
READ_PATHS: Final = ("", "/store", "/data", "/sparql-graph-crud", "/rdf-graphs/service", "/graph-store")
"""Paths that are probed for services, below the given address and the two addresses above it."""

_PROBE: Final = '№ “’” \\ " </b> \U0001f5de Қазақстан'
"""A literal that a store must return unchanged."""


def open_remote(address: Address, *, write: bool = False, client: Client | None = None) -> RemoteStore:
    """The store at an address, which may be that of a service or one above it. Raises `StoreError` if there is none.

    With ``write``, the services for writing are found too. Each is tested with one triple in a new graph, which is read
    back and removed, because a status code proves nothing.
    """
    client = client or Client(address.credentials, home=address.url)
    query = _query_service(address.url, client)
    if not write:
        graphs = _graph_service(RemoteStore(Services(query), client), address.url)
        return RemoteStore(Services(query, graphs=graphs), client)
    failures: list[str] = []  # the first one is reported: its address is the nearest to the given one
    updates = _update_services(_candidates(address.url, UPDATE_PATHS), client, failures)
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
    """The address without its final slash and query string, and up to two addresses above it."""
    bases = [url.partition("?")[0].rstrip("/")]
    while len(bases) < 3 and bases[-1].count("/") > 2:
        bases.append(bases[-1].rpartition("/")[0])
    return bases


def _candidates(url: str, paths: Iterable[str]) -> Iterator[str]:
    """Addresses to probe, without duplicates; the given address comes first, unchanged.

    The address of a host without a path is left out: it is not a service for writing, whatever it answers.
    """
    given = [url] if url.count("/") > 2 else []
    found = (base + path for base in _bases(url) for path in paths if path or base.count("/") > 2)
    return iter(dict.fromkeys([*given, *found]))


def _query_service(url: str, client: Client) -> str:
    """The first address that answers ASK with true. Raises `StoreError` if none does."""
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


def _update_services(candidates: Iterable[str], client: Client, failures: list[str]) -> Iterator[str]:
    """The addresses that accept an empty update; for each that refuses it, a sentence is added to ``failures``."""
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


def _graph_service(store: RemoteStore, url: str) -> str:
    """The address of a graph store service that returns a graph of the store; empty if there is none."""
    try:
        found = store.rows("SELECT ?g WHERE { GRAPH ?g { ?s ?p ?o } } LIMIT 1", "g")
    except StoreError:  # the first query will report it
        return ""
    known = next((row[0].value for row in found if isinstance(row[0], ox.NamedNode)), None)
    for candidate in _candidates(url, READ_PATHS) if known is not None else ():
        try:
            if RemoteStore(Services("", graphs=candidate), store.client).fetch_once(str(known)):
                return candidate
        except StoreError as no:
            _raise_if_final(no)
    return ""


def _raise_if_final(no: StoreError) -> None:
    """Raise the error again if every other address of that host would give it too, after the same wait."""
    if isinstance(no, RefusedError) and no.final:
        raise no


def _keeps_graphs(client: Client, candidate: str) -> bool:
    """Whether a service answers a request for a graph with triples, or says that there are none (not an HTML page)."""
    try:
        RemoteStore(Services("", graphs=candidate), client).fetch_once(f"urn:uuid:{uuid.uuid4()}")
    except StoreError as no:
        _raise_if_final(no)
        return False
    return True


def _can_write(services: Services, client: Client, failures: list[str]) -> bool:
    """Whether a triple written through these services is returned unchanged.

    If not, a sentence is added to ``failures``. The graph is removed, even after an interrupt.
    """
    store = RemoteStore(services, client)
    graph = f"urn:uuid:{uuid.uuid4()}"
    node = ox.NamedNode(graph)
    triple = ox.Triple(node, node, ox.Literal(_PROBE, language="kk"))
    at = services.graphs or services.update
    try:
        try:
            store.put(graph, f"{triple} .\n".encode())
            back = store.fetch(graph)
        except BaseException:
            with suppress(StoreError):
                store.remove(graph)
            raise
        store.remove(graph)
    except StoreError as no:
        _raise_if_final(no)
        failures.append(str(no))
        return False
    if back != (triple,):
        failures.append(f"{at} accepted a triple, and the store does not give it back")
    return back == (triple,)
