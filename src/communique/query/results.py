"""The answer to a canned question: a table of RDF terms, and the writers of its formats."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pyoxigraph as ox

from communique.errors import CommuniqueError, QueryError, hint
from communique.formats import JSON_LD, TURTLE, Format, load_writer
from communique.iris import is_own, without_base
from communique.query.formats import RESULT_FORMATS
from communique.query.grid import lay_out, lay_out_below
from communique.terms import DEFAULT_BASE, PREFIXES, TYPE, XSD
from communique.visible import visible
from communique.xmltext import attribute, content, illegal_character

if TYPE_CHECKING:
    from communique.store.store import ResultRow, ResultTerm


@dataclass(frozen=True, slots=True)
class Table:
    """Column names and rows of RDF terms; None in a cell without a value.

    ``is_graph``: the rows are the triples of a graph, the answer to a CONSTRUCT.
    """

    columns: tuple[str, ...]
    rows: tuple[ResultRow, ...]
    is_graph: bool = False

    def render(self, fmt: str = "table", *, base: str = DEFAULT_BASE, width: int | None = None) -> str:
        """The table as text in one of `RESULT_FORMATS`.

        ``table`` and ``markdown`` are for people: IRIs are shortened by ``base`` and the known prefixes. ``width`` is
        the width of ``table`` in characters (by default the terminal's); long values are wrapped, not cut off. The
        other formats give every value in full. Raises `QueryError` for an unknown format, or for a value that the
        format cannot express.
        """
        return "".join(self.pieces(fmt, base=base, width=width))

    def pieces(self, fmt: str = "table", *, base: str = DEFAULT_BASE, width: int | None = None) -> Iterator[str]:
        """The text that `render` gives, piece by piece, so that the text of a large table is never held as a whole.

        Raises as `render` does, before the first piece.
        """
        if fmt not in RESULT_FORMATS:
            raise QueryError(f"unknown format {fmt!r}, {hint(fmt, RESULT_FORMATS)}")
        write: ResultWriter = load_writer(fmt, RESULT_FORMATS[fmt].writer)
        return _join_pieces(write(self, base, width))

    def to_dicts(self) -> list[dict[str, str | int | None]]:
        """One dict per row, from column to value: integers as int, other values as text, None for an empty cell."""
        return [dict(zip(self.columns, map(_python_value, row), strict=True)) for row in self.rows]

    def to_pandas(self) -> Any:
        """A pandas ``DataFrame`` of `to_dicts`. Raises `CommuniqueError` if pandas is not installed."""
        try:
            # an optional package, which takes half a second
            pandas = import_module("pandas")
        except ModuleNotFoundError:
            raise CommuniqueError("pandas is not installed: pip install 'communique[pandas]'") from None
        return pandas.DataFrame(self.to_dicts(), columns=list(self.columns))


ResultWriter: TypeAlias = Callable[[Table, str, "int | None"], Iterator[str]]
"""Writes a table as pieces of text; takes the table, the base IRI and a width in characters."""

_INTEGERS: Final = frozenset(
    XSD + sign + size
    for sign, sizes in {
        "": ("integer", "long", "int", "short", "byte"),
        "unsigned": ("Long", "Int", "Short", "Byte"),
        "non": ("NegativeInteger", "PositiveInteger"),
        "positive": ("Integer",),
        "negative": ("Integer",),
    }.items()
    for size in sizes
)
"""Datatypes of integers (XML Schema 1.1 part 2, section 3.4)."""


def _python_value(term: ResultTerm | None) -> str | int | None:
    if isinstance(term, ox.Literal) and term.datatype.value in _INTEGERS:
        try:
            return int(term.value)
        except ValueError:
            return term.value
    return _lexical(term) if term is not None else None


def _lexical(term: ResultTerm | None) -> str:
    if term is None:
        return ""
    return str(term) if isinstance(term, ox.BlankNode) else term.value


def _short(term: ResultTerm | None, base: str) -> str:
    if not isinstance(term, ox.NamedNode):
        return _lexical(term)
    if is_own(term.value, base) and term.value != base:
        return without_base(term.value, base)
    for prefix, namespace in PREFIXES.items():
        if term.value.startswith(namespace) and re.fullmatch(r"\w+", term.value[len(namespace) :]):
            return f"{prefix}:{term.value[len(namespace) :]}"
    return term.value


def _join_pieces(pieces: Iterator[str], size: int = 1 << 16) -> Iterator[str]:
    """The same text in pieces of about ``size`` characters; the first is made at once, to raise its errors now."""
    first = next(pieces, "")

    def larger_pieces() -> Iterator[str]:
        parts, length = [first], len(first)
        for piece in pieces:
            parts.append(piece)
            length += len(piece)
            if length >= size:
                yield "".join(parts)
                parts, length = [], 0
        yield "".join(parts)

    return larger_pieces()


def write_csv(table: Table, base: str, width: int | None) -> Iterator[str]:
    """CSV: values without their types."""

    # SPARQL 1.1 Query Results CSV and TSV Formats, section 3; pyoxigraph 0.5.13 leaves IRIs with commas unquoted
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if re.search('[",\r\n]', text) else text

    yield ",".join(map(cell, table.columns)) + "\r\n"
    for row in table.rows:
        yield ",".join(cell(_lexical(term)) for term in row) + "\r\n"


def write_tsv(table: Table, base: str, width: int | None) -> Iterator[str]:
    """TSV: terms as Turtle writes them."""
    # SPARQL 1.1 Query Results CSV and TSV Formats, section 4: terms in Turtle, line endings LF
    yield "\t".join("?" + name for name in table.columns) + "\n"
    for row in table.rows:
        yield "\t".join("" if t is None else str(t).replace("\t", "\\t") for t in row) + "\n"


def write_json(table: Table, base: str, width: int | None) -> Iterator[str]:
    """SPARQL 1.1 Query Results JSON Format, one line per row."""

    def value(term: ResultTerm) -> dict[str, str]:
        if isinstance(term, ox.Literal):
            literal = {"type": "literal", "value": term.value}
            if term.language:
                return literal | {"xml:lang": term.language}
            return literal if term.datatype.value == XSD + "string" else literal | {"datatype": term.datatype.value}
        return {"type": "uri" if isinstance(term, ox.NamedNode) else "bnode", "value": term.value}

    head, comma = json.dumps({"vars": list(table.columns)}), ""
    yield f'{{"head": {head}, "results": {{"bindings": ['
    for row in table.rows:
        yield f"{comma}\n  " + json.dumps({name: value(term) for name, term in _bound(table, row)}, ensure_ascii=False)
        comma = ","
    yield "\n]}}\n"


def write_xml(table: Table, base: str, width: int | None) -> Iterator[str]:
    """SPARQL Query Results XML Format. Raises `QueryError` for a character that XML does not allow."""

    def value(term: ResultTerm) -> str:
        text = content(term.value)
        if isinstance(term, ox.Literal):
            kind = f" xml:lang={attribute(term.language)}" if term.language else ""
            if not kind and term.datatype.value != XSD + "string":
                kind = f" datatype={attribute(term.datatype.value)}"
            return f"<literal{kind}>{text}</literal>"
        tag = "uri" if isinstance(term, ox.NamedNode) else "bnode"
        return f"<{tag}>{text}</{tag}>"

    for row in table.rows:  # before the first piece, so that no half-written answer is left
        for term in row:
            if term is not None and (odd := illegal_character(term.value)):
                raise QueryError(f"XML cannot express the character {odd} of this answer: take json or csv")
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<sparql xmlns="http://www.w3.org/2005/sparql-results#">']
    lines += ["<head>", *(f"<variable name={attribute(name)}/>" for name in table.columns), "</head>", "<results>"]
    yield "\n".join([*lines, ""])
    for row in table.rows:
        cells = (f"<binding name={attribute(name)}>{value(term)}</binding>" for name, term in _bound(table, row))
        yield f"<result>{''.join(cells)}</result>\n"
    yield "</results>\n</sparql>\n"


def _bound(table: Table, row: ResultRow) -> Iterator[tuple[str, ResultTerm]]:
    return ((name, term) for name, term in zip(table.columns, row, strict=True) if term is not None)


_RESULT_SET: Final = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"


def write_turtle(table: Table, base: str, width: int | None) -> Iterator[str]:
    """Turtle: a graph itself, or rows in the W3C's result set vocabulary."""
    yield _render_rdf(table, TURTLE, base)


def write_jsonld(table: Table, base: str, width: int | None) -> Iterator[str]:
    """JSON-LD: a graph itself, or rows in the W3C's result set vocabulary."""
    yield _render_rdf(table, JSON_LD, base)


def _render_rdf(table: Table, fmt: Format, base: str) -> str:
    if table.is_graph:
        from communique.export.rdf import render  # only the answer to a CONSTRUCT needs it

        quads = [ox.Quad(*row) for row in table.rows if len(row) == 3]  # type: ignore[arg-type]
        return render(quads, fmt, base=base).decode()
    syntax = ox.RdfFormat.from_media_type(fmt.media_type)
    prefixes = {"rs": _RESULT_SET, "xsd": XSD} if syntax == ox.RdfFormat.TURTLE else None
    document = ox.serialize(_result_set(table), format=syntax, prefixes=prefixes)
    assert document is not None  # without an output, it returns bytes
    return document.decode("utf-8")


def _result_set(table: Table) -> Iterator[ox.Triple]:
    """The rows as a graph; blank nodes are numbered, so that the same answer gives the same bytes."""

    def triple(subject: ox.BlankNode, name: str, value: ResultTerm) -> ox.Triple:
        return ox.Triple(subject, ox.NamedNode(_RESULT_SET + name), value)

    result_set = ox.BlankNode("set")
    yield ox.Triple(result_set, ox.NamedNode(TYPE), ox.NamedNode(_RESULT_SET + "ResultSet"))
    for name in table.columns:
        yield triple(result_set, "resultVariable", ox.Literal(name))
    for number, row in enumerate(table.rows, 1):
        solution = ox.BlankNode(f"r{number}")
        yield triple(result_set, "solution", solution)
        yield triple(solution, "index", ox.Literal(number))
        for name, term in _bound(table, row):
            binding = ox.BlankNode(f"r{number}-{name}")
            yield triple(solution, "binding", binding)
            yield triple(binding, "variable", ox.Literal(name))
            yield triple(binding, "value", term)


def write_markdown(table: Table, base: str, width: int | None) -> Iterator[str]:
    """A Markdown table, with IRIs shortened."""

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cells) + " |\n"

    def cell(term: ResultTerm | None) -> str:
        text = re.sub(r"([\\`*_{}\[\]<>|&#])", r"\\\1", visible(_short(term, base), "\n"))
        return text.replace("\n", "<br>")

    yield line(table.columns) + line(["---"] * len(table.columns))
    for row in table.rows:
        yield line([cell(term) for term in row])


NARROWEST: Final = 14
"""The fewest characters for a column of ``table``; if there is less room, the values of a row go below each other."""


def write_table(table: Table, base: str, width: int | None) -> Iterator[str]:
    """A table for a terminal of ``width`` characters, followed by the number of rows."""

    def rows() -> Iterator[list[str]]:
        return ([visible(_short(term, base), "\n") for term in row] for row in table.rows)

    room = width or shutil.get_terminal_size().columns
    if len(table.columns) * NARROWEST <= room:
        lines = lay_out(table.columns, rows, room)
    else:
        lines = lay_out_below(table.columns, rows(), room)
    blank = 0
    for line in lines:  # blank lines at the end are dropped
        blank += not line
        if line:
            yield "\n" * blank + line + "\n"
            blank = 0
    yield "\n" + ("1 row" if len(table.rows) == 1 else f"{len(table.rows)} rows") + "\n"
