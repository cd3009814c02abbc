"""Writes the answers of an engine in full, or refuses them: up to so many rows and bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from itertools import islice
from typing import IO, Any, Final, NamedTuple, cast

import pyoxigraph as ox

from communique.formats import FORMATS
from communique.publish.hosting.negotiation import negotiated
from communique.query.results import Table
from communique.serve.refusal import HttpError
from communique.terms import PREFIXES

_RESULTS: Final = {"json": ox.QueryResultsFormat.JSON, "xml": ox.QueryResultsFormat.XML}
"""The formats of rows that the engine writes itself."""

SYNTAXES: Final = tuple(one.media_type for one in negotiated(FORMATS.values()))
"""The media types of graphs that are made on request, in the order that decides between equal ones."""

_BY_TYPE: Final = {name: ox.RdfFormat.from_media_type(name) for name in SYNTAXES}
_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


class Limits(NamedTuple):
    """How large an answer may be, and how much memory a worker may take above its store."""

    rows: int
    bytes: int
    memory: int

    def too_large(self, unit: str) -> HttpError:
        """What is said of an answer that is too large: of too many "rows", "triples" or "bytes"."""
        most, setting = (self.bytes, "result_bytes") if unit == "bytes" else (self.rows, "result_rows")
        return HttpError(
            413,
            f"the answer has more than {most:,} {unit} ({setting}): ask for less, page it with LIMIT and OFFSET, or "
            "take the files of the whole dataset",
        )


class _Capped(io.RawIOBase):
    """Takes bytes up to a limit."""

    def __init__(self, limits: Limits) -> None:
        self.pieces: list[bytes] = []
        self._left, self._limits = limits.bytes, limits

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._left -= len(data)
        if self._left < 0:
            raise self._limits.too_large("bytes")
        self.pieces.append(bytes(data))
        return len(data)


def write_rows(found: ox.QuerySolutions, name: str, limits: Limits) -> bytes:
    """The rows of an engine in the result format of that name. Raises `HttpError` if they are too many."""
    if name not in _RESULTS:
        rows = [tuple(row) for row in islice(found, limits.rows + 1)]
        return write_table(Table(tuple(v.value for v in found.variables), cast(Any, tuple(rows))), name, limits)
    target = _Capped(limits)
    found.serialize(cast(IO[bytes], target), _RESULTS[name])
    body = b"".join(target.pieces)
    if _count_rows(body, name, limits.rows) > limits.rows:
        raise limits.too_large("rows")
    return body


def write_table(table: Table, name: str, limits: Limits, base: str = "") -> bytes:
    """A table in the result format of that name. Raises `HttpError` if it is too large."""
    if len(table.rows) > limits.rows:
        raise limits.too_large("rows")
    target = _Capped(limits)
    for piece in table.pieces(name, base=base):
        target.write(piece.encode())
    return b"".join(target.pieces)


def write_boolean(answer: bool, name: str) -> bytes:
    """The answer to an ASK; CSV and TSV, which know no booleans, have a single word."""
    word = "true" if answer else "false"
    if name == "json":
        return f'{{"head":{{}},"boolean":{word}}}'.encode()
    if name == "xml":
        space = "http://www.w3.org/2005/sparql-results#"
        return f'<?xml version="1.0"?><sparql xmlns="{space}"><head/><boolean>{word}</boolean></sparql>'.encode()
    return f"{word}\n".encode()


def write_triples(found: Iterable[ox.Triple], media_type: str, limits: Limits) -> bytes:
    """Triples in a syntax, as the library writes them. Raises `HttpError` if they are too many."""
    triples = list(islice(found, limits.rows + 1))
    if len(triples) > limits.rows:
        raise limits.too_large("triples")
    target = _Capped(limits)
    ox.serialize(triples, cast(IO[bytes], target), _BY_TYPE[media_type], prefixes=PREFIXES)
    return b"".join(target.pieces)


def _count_rows(body: bytes, name: str, enough: int) -> int:
    """How many rows an answer in JSON or XML has, or a number up to ``enough`` that is not smaller."""
    if name == "xml":
        return body.count(b"<result>")
    most = body.count(b"},{") + 1  # between two rows; also inside texts
    return most if most <= enough else _STRING.sub(b"", body).count(b"},{") + 1
