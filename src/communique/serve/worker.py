"""What runs in a worker process: it opens the store for reading, gives up the network, and answers queries.

The engine can end the process, by a deep nesting or for want of memory, and a query cannot be stopped: the parent kills
the process. An answer is complete before any of it is sent.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyoxigraph as ox

from communique.serve.refusal import RefusedError
from communique.serve.sandbox import drop_network, leave_no_core, limit_memory
from communique.store.embedded import EmbeddedStore, open_embedded

_STACK: Final = 256 * 1024 * 1024
"""Bytes of the stack of the thread that queries run in; only what is used takes memory."""

_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)

_RESULTS: Final = {"json": ox.QueryResultsFormat.JSON, "xml": ox.QueryResultsFormat.XML}
_GRAPHS: Final = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}


class Limits(NamedTuple):
    """How large an answer may be, and how much memory a worker may take above its store."""

    rows: int
    bytes: int
    memory: int


class Asked(NamedTuple):
    """A query and its dataset: ``None`` for the graphs that the query itself names, or else all (SPARQL 1.1, 13).

    ``table`` is the name of a format for rows and booleans, ``graph`` the media type for triples.
    """

    text: str
    table: str
    graph: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    union: bool = True


class Answered(NamedTuple):
    """A complete answer; ``is_graph`` says which of the two formats asked for it has."""

    body: bytes
    is_graph: bool


class _Capped(io.RawIOBase):
    """Takes bytes up to a limit."""

    def __init__(self, most: int) -> None:
        self.pieces: list[bytes] = []
        self._left = self._most = most

    def writable(self) -> bool:
        """Whether it can be written to."""
        return True

    def write(self, data: Any) -> int:
        """Take some bytes. Raises `RefusedError` if they are too many."""
        self._left -= len(data)
        if self._left < 0:
            raise too_large(self._most, "bytes", "result_bytes")
        self.pieces.append(bytes(data))
        return len(data)


def too_large(most: int, unit: str, setting: str) -> RefusedError:
    """What is said of an answer that is too large."""
    return RefusedError(
        413,
        f"the answer has more than {most:,} {unit} ({setting}): ask for less, page it with LIMIT and OFFSET, or take "
        "the files of the whole dataset",
    )


def begin(path: Path, limits: Limits) -> Callable[..., Any]:
    """Set up a worker for the store in a folder; the function that answers: the name of a task, and what it takes."""
    leave_no_core()
    drop_network()
    store = open_embedded(path, read_only=True)
    threading.stack_size(_STACK)
    thread = ThreadPoolExecutor(1)
    thread.submit(store.graphs).result()
    limit_memory(limits.memory)

    def answer(task: str, *request: Any) -> Any:
        return thread.submit(TASKS[task], store, limits, *request).result()

    return answer


def ask(store: EmbeddedStore, limits: Limits, asked: Asked) -> Answered:
    """Answer a query. Raises `RefusedError` for one that is wrong, or whose answer is too large."""
    try:
        found = _evaluate(store.quads, asked)
        if isinstance(found, ox.QueryTriples):
            return Answered(_write_graph(found, asked.graph, limits), is_graph=True)
        if asked.table in _RESULTS:
            return Answered(_write_results(found, asked.table, limits), is_graph=False)
        return Answered(_write_lines(found, asked.table, limits), is_graph=False)
    except SyntaxError as no:
        raise RefusedError(400, f"the query is wrong: {_one_line(str(no))}") from None
    except (RuntimeError, ValueError) as no:
        raise RefusedError(400, f"the query cannot be answered: {_one_line(str(no))}") from None


def _evaluate(quads: ox.Store, asked: Asked) -> Any:
    if asked.default_graphs is None and asked.named_graphs is None:
        return quads.query(asked.text, use_default_graph_as_union=asked.union)
    return quads.query(
        asked.text,
        default_graph=[ox.NamedNode(graph) for graph in asked.default_graphs or ()],
        named_graphs=[ox.NamedNode(graph) for graph in asked.named_graphs or ()],
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]


def _write_results(found: Any, name: str, limits: Limits) -> bytes:
    """Rows or a boolean, as the engine writes them (SPARQL 1.1 Query Results JSON and XML)."""
    target = _Capped(limits.bytes)
    found.serialize(target, _RESULTS[name])
    body = b"".join(target.pieces)
    if isinstance(found, ox.QuerySolutions) and _count_rows(body, name, limits.rows) > limits.rows:
        raise too_large(limits.rows, "rows", "result_rows")
    return body


def _count_rows(body: bytes, name: str, enough: int) -> int:
    """How many rows an answer in JSON or XML has, or a number up to ``enough`` that is not smaller."""
    if name == "xml":
        return body.count(b"<result>")
    most = body.count(b"},{") + 1  # between two rows; also inside texts
    return most if most <= enough else _STRING.sub(b"", body).count(b"},{") + 1


def _write_lines(found: Any, name: str, limits: Limits) -> bytes:
    """Rows or a boolean as CSV or TSV (SPARQL 1.1 Query Results CSV and TSV Formats), of which the engine quotes less."""
    if isinstance(found, ox.QueryBoolean):
        return b"true\n" if found else b"false\n"
    write = _csv_row if name == "csv" else _tsv_row
    names = [variable.value for variable in found.variables]
    head = ",".join(names) + "\r\n" if name == "csv" else "\t".join("?" + one for one in names) + "\n"
    target = _Capped(limits.bytes)
    target.write(head.encode())
    for rows, row in enumerate(found, 1):
        if rows > limits.rows:
            raise too_large(limits.rows, "rows", "result_rows")
        target.write(write(tuple(row)).encode())
    return b"".join(target.pieces)


def _csv_row(row: Sequence[Any]) -> str:
    return ",".join(_csv_cell(term) for term in row) + "\r\n"


def _csv_cell(term: Any) -> str:
    text = (
        "" if term is None else str(getattr(term, "value", term)) if not isinstance(term, ox.BlankNode) else str(term)
    )
    return '"' + text.replace('"', '""') + '"' if re.search(r'[",\r\n]', text) else text


def _tsv_row(row: Sequence[Any]) -> str:
    return "\t".join("" if term is None else str(term).replace("\t", "\\t") for term in row) + "\n"


def _write_graph(found: Iterable[ox.Triple], media_type: str, limits: Limits) -> bytes:
    triples = list(islice(found, limits.rows + 1))
    if len(triples) > limits.rows:
        raise too_large(limits.rows, "triples", "result_rows")
    return render(triples, media_type, limits)


def render(triples: Iterable[ox.Triple | ox.Quad], media_type: str, limits: Limits) -> bytes:
    """Triples or quads in a syntax, as the library writes them."""
    from communique.terms import PREFIXES

    target = _Capped(limits.bytes)
    ox.serialize(triples, target, _GRAPHS[media_type], prefixes=PREFIXES)
    return b"".join(target.pieces)


def graph(store: EmbeddedStore, limits: Limits, iri: str, media_type: str) -> bytes | None:
    """The triples of a named graph ("" for the union of all) in a syntax; None if there is no such graph."""
    found: Iterator[Any] = store.quads.quads_for_pattern(None, None, None, ox.NamedNode(iri) if iri else None)
    triples = [quad.triple for quad in islice(found, limits.rows + 1)]
    if len(triples) > limits.rows:
        raise too_large(limits.rows, "triples", "result_rows")
    return render(triples if iri else set(triples), media_type, limits) if triples else None


def question(store: EmbeddedStore, limits: Limits, wanted: Any) -> Any:
    """The answer to a canned question, see `communique.serve.answering.answer`."""
    from communique.serve.answering import answer  # that module needs this one

    return answer(store, limits, wanted)


TASKS: Final[dict[str, Callable[..., Any]]] = {"ask": ask, "graph": graph, "question": question}
"""What a worker can be asked to do."""
