"""What a worker does with a canned question: asks it, takes the page of rows that is wanted, writes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from communique.errors import QueryError, StoreError
from communique.query.ask import UnknownValueError, run
from communique.query.catalogue import Query
from communique.query.results import Table
from communique.serve.links import Paged
from communique.serve.refusal import RefusedError
from communique.serve.writing import Limits
from communique.store.store import Queryable

HTML: Final = "html"
"""The format of a part of a page; all others are names of `communique.query.formats.RESULT_FORMATS`."""

ROWS: Final = 1_000
"""Rows of a page if the request does not say how many; an answer with fewer is not divided."""

MOST_ROWS: Final = 10_000
"""The most rows that a page may have."""


class Wanted(NamedTuple):
    """A question with the values of its parameters as written, and what is wanted of the answer.

    ``page`` counts from 1; with neither ``page`` nor ``per_page``, an answer with fewer than `ROWS` rows is whole.
    ``language`` and ``suffix`` are those of the page of which the answer becomes a part.
    """

    query: Query
    values: Mapping[str, str]
    base: str
    format: str
    page: int | None
    per_page: int | None
    language: str = "en"
    suffix: str = ""


class Reply(NamedTuple):
    """An answer in its format; ``paged`` is None for a graph, which is never divided."""

    body: bytes
    paged: Paged | None


def answer(store: Queryable, limits: Limits, wanted: Wanted) -> Reply:
    """Answer a question. Raises `RefusedError` for a value that does not occur, or an answer that is too large."""
    table = ask(store, wanted)
    if table.is_graph:
        if len(table.rows) > limits.rows:
            raise limits.too_large("triples")
        return Reply(_write(store, limits, wanted, table, None), None)
    paged = _paged(wanted, len(table.rows))
    first = (paged.page - 1) * paged.per_page
    rows = table.rows if paged.is_whole else table.rows[first : first + paged.per_page]
    if len(rows) > limits.rows:
        raise limits.too_large("rows")
    return Reply(_write(store, limits, wanted, Table(table.columns, rows), paged), paged)


def ask(store: Queryable, wanted: Wanted) -> Table:
    """All rows of the answer to a question. Raises `RefusedError` for a value that does not occur in the data."""
    query = wanted.query
    try:
        return run({query.name: query}, query.name, wanted.values, store, base=wanted.base)
    except UnknownValueError as no:
        raise RefusedError(404, str(no)) from None
    except QueryError as no:
        raise RefusedError(400, str(no)) from None
    except StoreError as no:
        raise RefusedError(502, f"the store cannot answer: {no}") from None


def _paged(wanted: Wanted, total: int) -> Paged:
    """The page of an answer that is wanted. Raises `RefusedError` for one past the end."""
    size, page = wanted.per_page or ROWS, wanted.page or 1
    pages = max(1, -(-total // size))
    if page > pages:
        rows = "1 row" if total == 1 else f"{total:,} rows"
        last = "1 page" if pages == 1 else f"{pages:,} pages"
        raise RefusedError(404, f"page {page} is past the end: there are {rows}, which makes {last} of up to {size:,}")
    return Paged(total, page, pages, size)


def _write(store: Queryable, limits: Limits, wanted: Wanted, table: Table, paged: Paged | None) -> bytes:
    if wanted.format == HTML:
        from communique.serve.fragment import render_answer  # the words of pages take time to load

        pieces = render_answer(store, wanted, table, paged)
    else:
        try:
            pieces = table.pieces(wanted.format, base=wanted.base)
        except QueryError as no:  # XML cannot express every character
            raise RefusedError(406, str(no)) from None
    parts, size = [], 0
    for piece in pieces:
        parts.append(piece.encode())
        size += len(parts[-1])
        if size > limits.bytes:
            raise limits.too_large("bytes")
    return b"".join(parts)
