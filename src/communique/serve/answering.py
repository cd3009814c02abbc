"""What a worker does with a canned question: asks it, takes the page of rows that is wanted, writes it."""

from __future__ import annotations

from communique.errors import QueryError, StoreError
from communique.query.ask import UnknownValueError, as_typed, offers, run
from communique.query.catalogue import Parameter
from communique.query.results import Table
from communique.serve.links import Paged
from communique.serve.refusal import HttpError
from communique.serve.wanted import EXAMPLES, HTML, ROWS, QuestionReply, WantedAnswer
from communique.serve.writing import Limits
from communique.store.store import Queryable


def answer(store: Queryable, limits: Limits, wanted: WantedAnswer) -> QuestionReply:
    """Answer a question. Raises `HttpError` for a value that does not occur, or an answer that is too large."""
    table = ask(store, wanted)
    if table.is_graph:
        if len(table.rows) > limits.rows:
            raise limits.too_large("triples")
        return QuestionReply(_write(store, limits, wanted, table, None), None)
    paged = page_of(wanted, len(table.rows))
    first = (paged.page - 1) * paged.per_page
    rows = table.rows if paged.is_whole else table.rows[first : first + paged.per_page]
    if len(rows) > limits.rows:
        raise limits.too_large("rows")
    return QuestionReply(_write(store, limits, wanted, Table(table.columns, rows), paged), paged)


def ask(store: Queryable, wanted: WantedAnswer) -> Table:
    """All rows of the answer to a question. Raises `HttpError` for a value that does not occur in the data."""
    query = wanted.query
    try:
        return run({query.name: query}, query.name, wanted.values, store, base=wanted.base)
    except UnknownValueError as no:
        raise HttpError(404, str(no)) from None
    except QueryError as no:
        raise HttpError(400, str(no)) from None
    except StoreError as no:
        raise HttpError(502, f"the store cannot answer: {no}") from None


def examples(store: Queryable, limits: Limits, parameter: Parameter, base: str) -> tuple[str, ...]:
    """Up to `EXAMPLES` values that a question offers for a parameter, its own example first if it is among them."""
    try:
        known = [as_typed(term, parameter, base) for term in offers(parameter, store)]
    except QueryError as no:
        raise HttpError(400, str(no)) from None
    own = [parameter.example] if parameter.example in known else []
    return tuple([*own, *(value for value in known if value not in own)][:EXAMPLES])


def page_of(wanted: WantedAnswer, total: int) -> Paged:
    """The page of an answer that is wanted. Raises `HttpError` for one past the end."""
    size, page = wanted.per_page or ROWS, wanted.page or 1
    pages = max(1, -(-total // size))
    if page > pages:
        rows = "1 row" if total == 1 else f"{total:,} rows"
        last = "1 page" if pages == 1 else f"{pages:,} pages"
        raise HttpError(404, f"page {page} is past the end: there are {rows}, which makes {last} of up to {size:,}")
    return Paged(total, page, pages, size)


def _write(store: Queryable, limits: Limits, wanted: WantedAnswer, table: Table, paged: Paged | None) -> bytes:
    if wanted.format == HTML:
        from communique.serve.fragment import render_answer  # the words of pages take time to load

        pieces = render_answer(store, wanted, table, paged)
    else:
        try:
            pieces = table.pieces(wanted.format, base=wanted.base)
        except QueryError as no:  # XML cannot express every character
            raise HttpError(406, str(no)) from None
    parts, size = [], 0
    for piece in pieces:
        parts.append(piece.encode())
        size += len(parts[-1])
        if size > limits.bytes:
            raise limits.too_large("bytes")
    return b"".join(parts)
