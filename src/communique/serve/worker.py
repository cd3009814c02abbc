"""What runs in a worker process: it opens the store for reading, gives up the network, and answers requests.

The engine can end the process, by a deep nesting or for want of memory, and a query cannot be stopped: the parent kills
the process. An answer is complete before any of it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

import pyoxigraph as ox

from communique.serve.answering import answer, examples
from communique.serve.citing import cite, entity, find_entity
from communique.serve.refusal import HttpError
from communique.serve.sandbox import drop_network, leave_no_core, limit_memory
from communique.serve.writing import Limits, write_boolean, write_rows, write_triples
from communique.store.embedded import EmbeddedStore, open_embedded
from communique.store.store import Queryable

STACK: Final = 256 * 1024 * 1024
"""Bytes of the stack that queries run with; only what is used takes memory."""


class SparqlRequest(NamedTuple):
    """A query and its dataset: ``None`` for the graphs that the query itself names, or else all (SPARQL 1.1, 13).

    ``form`` is SELECT, ASK, CONSTRUCT or DESCRIBE; ``base`` is what relative IRIs in it are relative to, unless it says
    so itself; ``format`` is the name of a result format, or for triples a media type.
    """

    text: str
    form: str
    base: str
    format: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    union: bool = True


class Represented(NamedTuple):
    """What is to be written: the path of a release or entity, its Turtle, the syntax, the base IRI, the publication."""

    path: str
    turtle: bytes
    syntax: str
    base: str
    root: Path


class WorkerStore(Protocol):
    """The store of a worker."""

    @property
    def store(self) -> Queryable:
        """What canned questions are asked of."""

    def ask(self, asked: SparqlRequest, limits: Limits) -> bytes:
        """The answer to a query, complete. Raises `HttpError` for one that is wrong or too large."""

    def triples(self, graph: str) -> Iterator[ox.Triple]:
        """The triples of a named graph, or for "" those of all."""

    def quads(self, triples: list[ox.Triple]) -> Iterator[ox.Quad]:
        """Some triples, each in every named graph that has it."""

    def look_up(
        self, subjects: Collection[ox.NamedNode], predicates: Sequence[ox.NamedNode], base: str
    ) -> Iterator[ox.Quad]:
        """The quads of some subjects with some predicates, or with any if none is given."""

    def of_all(self, predicates: Sequence[ox.NamedNode], base: str) -> Iterator[ox.Triple]:
        """What is said of all entities with some predicates."""


class OwnStore:
    """The store in a folder, read in this process."""

    def __init__(self, store: EmbeddedStore, *, has_no_network: bool) -> None:
        self._store, self.has_no_network = store, has_no_network

    @property
    def store(self) -> EmbeddedStore:
        """The store itself."""
        return self._store

    def ask(self, asked: SparqlRequest, limits: Limits) -> bytes:
        """The answer to a query."""
        try:
            found = self._evaluate(asked)
            if isinstance(found, ox.QueryTriples):
                return write_triples(found, asked.format, limits)
            if isinstance(found, ox.QueryBoolean):
                return write_boolean(bool(found), asked.format)
            return write_rows(found, asked.format, limits)
        except SyntaxError as no:
            raise HttpError(400, f"the query is wrong: {_one_line(no)}") from None
        except (RuntimeError, ValueError, OSError) as no:  # OSError: what the sandbox does not allow
            raise HttpError(400, f"the query cannot be answered: {_one_line(no)}") from None

    def triples(self, graph: str) -> Iterator[ox.Triple]:
        """The triples of a named graph, or for "" those of all, each once."""
        quads = self.store.quads.quads_for_pattern(None, None, None, ox.NamedNode(graph) if graph else None)
        found = (quad.triple for quad in quads)
        return found if graph else iter(dict.fromkeys(found))

    def quads(self, triples: list[ox.Triple]) -> Iterator[ox.Quad]:
        """Some triples, each in every named graph that has it."""
        for subject, predicate, value in triples:
            yield from self.store.quads.quads_for_pattern(subject, predicate, value, None)

    def look_up(
        self, subjects: Collection[ox.NamedNode], predicates: Sequence[ox.NamedNode], base: str
    ) -> Iterator[ox.Quad]:
        """The quads of some subjects with some predicates, or with any if none is given."""
        for subject in subjects:
            for predicate in predicates or (None,):
                yield from self.store.quads.quads_for_pattern(subject, predicate, None, None)

    def of_all(self, predicates: Sequence[ox.NamedNode], base: str) -> Iterator[ox.Triple]:
        """What is said of all entities with some predicates."""
        for predicate in predicates:
            yield from (quad.triple for quad in self.store.quads.quads_for_pattern(None, predicate, None, None))

    def _evaluate(self, asked: SparqlRequest) -> Any:
        if asked.default_graphs is None and asked.named_graphs is None:
            return self.store.quads.query(asked.text, base_iri=asked.base, use_default_graph_as_union=asked.union)
        return self.store.quads.query(
            asked.text,
            base_iri=asked.base,
            default_graph=[ox.NamedNode(graph) for graph in asked.default_graphs or ()],
            named_graphs=[ox.NamedNode(graph) for graph in asked.named_graphs or ()],
        )


def begin(path: Path, limits: Limits) -> Callable[..., Any]:
    """Set up a worker for the store in a folder; the function that answers: the name of a task, and what it takes."""
    leave_no_core()
    has_no_network = drop_network()
    engine = OwnStore(open_embedded(path, read_only=True), has_no_network=has_no_network)
    engine.store.graphs()  # with what the engine needs for a first query
    limit_memory(limits.memory)
    return answering(engine, limits)


def answering(engine: WorkerStore, limits: Limits) -> Callable[..., Any]:
    """The function of a worker that answers: it takes the name of a task and what the task takes."""

    def answer(task: str, *request: Any) -> Any:
        return TASKS[task](engine, limits, *request)

    return answer


def ask(engine: WorkerStore, limits: Limits, asked: SparqlRequest) -> bytes:
    """Answer a query."""
    return engine.ask(asked, limits)


def is_confined(engine: WorkerStore, limits: Limits) -> bool:
    """Whether the system keeps this worker from the network, as it should if it reads a store of its own."""
    return not isinstance(engine, OwnStore) or engine.has_no_network


def read_graph(engine: WorkerStore, limits: Limits, iri: str, media_type: str) -> bytes | None:
    """The triples of a named graph ("" for all) in a syntax; None if there is no such graph."""
    found = engine.triples(iri)
    first = next(found, None)
    return None if first is None else write_triples(_chain(first, found), media_type, limits)


def represent(engine: WorkerStore, limits: Limits, wanted: Represented) -> bytes:
    """A release or an entity in a syntax in which it has no file: the triples of its Turtle, in their named graphs.

    Raises `HttpError` if the syntax cannot express them.
    """
    from communique.compile.about import dataset_graph
    from communique.context import read_context
    from communique.errors import InexpressibleError
    from communique.export.rdf import render
    from communique.formats import FORMATS
    from communique.iris import own_iri, read_release

    triples = [quad.triple for quad in ox.parse(wanted.turtle, ox.RdfFormat.TURTLE)]
    quads = list(engine.quads(triples)) if FORMATS[wanted.syntax].graphs else []
    rest = set(triples).difference(quad.triple for quad in quads)  # what is said of the document itself
    about = ox.NamedNode(dataset_graph(wanted.base))
    quads += [ox.Quad(one.subject, one.predicate, one.object, about) for one in triples if one in rest]
    iri = own_iri(wanted.base, wanted.path)
    slug = read_release(iri, wanted.base)
    context, entity = read_context(wanted.root), None if slug else iri
    try:
        return render(quads, FORMATS[wanted.syntax], base=wanted.base, context=context, slug=slug, entity=entity)
    except InexpressibleError as no:
        raise HttpError(406, f"/{wanted.path}/ cannot be written in this syntax: {no}") from None


def _of_any_store(task: Callable[..., Any]) -> Callable[..., Any]:
    """A task that asks a store by queries."""

    def run(engine: WorkerStore, limits: Limits, *request: Any) -> Any:
        return task(engine.store, limits, *request)

    return run


TASKS: Final[dict[str, Callable[..., Any]]] = {
    "ask": ask,
    "is_confined": is_confined,
    "graph": read_graph,
    "represent": represent,
    "question": _of_any_store(answer),
    "examples": _of_any_store(examples),
    "cite": cite,
    "entity": entity,
    "find_entity": find_entity,
}
"""What a worker can be asked to do."""


def _chain(first: ox.Triple, rest: Iterator[ox.Triple]) -> Iterator[ox.Triple]:
    yield first
    yield from rest


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
