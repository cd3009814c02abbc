"""The syntaxes, one row each: what writes them, what their files are called, and where they are offered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Any, Final

from communique.errors import CommuniqueError, hint

_NAME: Final = re.compile("[a-z][a-z0-9-]*")
_SUFFIX: Final = re.compile("[a-z]+")
"""Only letters: in the rules of web servers a suffix is part of the name of a variable, and ends at ``=``."""
_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*")
_WRITER: Final = re.compile(r"communique(?:\.[a-z_]+)+:[a-z_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A way to write a graph.

    ``name`` is that of ``--format`` and, after ``download.``, the key of the words that say what the file is good for;
    ``title`` is what the syntax is called, the same in every language. ``suffix`` is the file's ending without the dot.
    ``writer`` names the function that writes it as ``module:function``: it takes quads and a
    `communique.export.document.Document` and gives UTF-8 bytes; it is imported when it is first needed.

    ``graphs`` says whether the syntax keeps named graphs apart, ``negotiated`` whether web servers choose it by the
    Accept header, ``embedded`` whether it is what a page holds in its script element; that one is made for one release
    or entity. Raises `CommuniqueError` for a row that cannot be right.
    """

    name: str
    title: str
    suffix: str
    media_type: str
    writer: str
    graphs: bool = False
    negotiated: bool = True
    embedded: bool = False

    def __post_init__(self) -> None:
        """Refuse what would only be noticed in the middle of a build, or in the rules of one web server."""
        for field, pattern in (("name", _NAME), ("suffix", _SUFFIX), ("media_type", _MEDIA_TYPE), ("writer", _WRITER)):
            value = getattr(self, field)
            if not pattern.fullmatch(value):
                raise _wrong(self.name, f"{field} {value!r} does not have the form {pattern.pattern}")
        if self.negotiated and self.embedded:
            raise _wrong(self.name, "what pages embed has an address of its own: it is not negotiated")

    @property
    def file(self) -> str:
        """The name of the file of one release or entity, in its folder."""
        return f"{'page' if self.embedded else 'index'}.{self.suffix}"


def _wrong(name: str, why: str) -> CommuniqueError:
    return CommuniqueError(f"the row {name!r} of communique.formats is wrong: {why}")


def format_table(rows: Iterable[Format]) -> dict[str, Format]:
    """The rows by name. Raises `CommuniqueError` for rows that could not be told apart.

    It does so too if not exactly one row is what pages embed.

    >>> list(format_table(FORMATS.values())) == list(FORMATS)
    True
    """
    table: dict[str, Format] = {}
    for row in rows:
        for other in table.values():
            same = [field for field in ("name", "file") if getattr(row, field) == getattr(other, field)]
            if row.negotiated and other.negotiated and row.media_type == other.media_type:
                same.append("media_type")
            if row.suffix == other.suffix and row.media_type != other.media_type:
                raise _wrong(row.name, f"files of the row {other.name!r} with the same suffix have another media type")
            if same:
                raise _wrong(row.name, f"it has the same {same[0]} as the row {other.name!r}")
        table[row.name] = row
    embedded = [row.name for row in table.values() if row.embedded]
    if len(embedded) != 1:
        raise CommuniqueError(f"one row of communique.formats is what pages embed, not {len(embedded)}: {embedded}")
    return table


TURTLE: Final = Format(
    name="turtle",
    title="Turtle",
    suffix="ttl",
    media_type="text/turtle",
    writer="communique.export.rdf:render_turtle",
)
"""The syntax of descriptions, of the vocabulary, and of what a server answers where nothing else fits."""

TRIG: Final = Format(
    name="trig",
    title="TriG",
    suffix="trig",
    media_type="application/trig",
    writer="communique.export.rdf:render_trig",
    graphs=True,
)
"""The syntax of the file in which named graphs are looked up."""

JSON_LD: Final = Format(
    name="jsonld",
    title="JSON-LD",
    suffix="jsonld",
    media_type="application/ld+json",
    writer="communique.export.jsonld:render_jsonld",
)
"""The syntax of the context."""

EMBEDDED: Final = Format(
    name="page-jsonld",
    title="Page JSON-LD",
    suffix="jsonld",
    media_type="application/ld+json",
    writer="communique.export.pagejson:render_page",
    negotiated=False,
    embedded=True,
)
"""What a page holds in its script element: terms of schema.org only."""

FORMATS: Final[dict[str, Format]] = format_table(
    (
        TURTLE,
        TRIG,
        Format(
            name="nquads",
            title="N-Quads",
            suffix="nq",
            media_type="application/n-quads",
            writer="communique.export.rdf:render_nquads",
            graphs=True,
        ),
        Format(
            name="ntriples",
            title="N-Triples",
            suffix="nt",
            media_type="application/n-triples",
            writer="communique.export.rdf:render_ntriples",
        ),
        Format(
            name="rdfxml",
            title="RDF/XML",
            suffix="rdf",
            media_type="application/rdf+xml",
            writer="communique.export.rdfxml:render_rdfxml",
        ),
        JSON_LD,
        EMBEDDED,
    )
)
"""Every syntax by name, in the order in which people and web servers are offered them."""


def format_named(name: str) -> Format:
    """The format of that name; an unknown name is refused with the nearest known one.

    >>> format_named("nquads").media_type
    'application/n-quads'
    """
    if name in FORMATS:
        return FORMATS[name]
    raise CommuniqueError(f"unknown format {name!r}, {hint(name, FORMATS)}")


def load_writer(name: str, writer: str) -> Callable[..., Any]:
    """The function ``module:function`` that writes the format of that name.

    Raises `CommuniqueError` if there is no such function.

    >>> load_writer("turtle", TURTLE.writer).__name__
    'render_turtle'
    """
    try:
        found = resolve_name(writer)
    except (ImportError, AttributeError, ValueError) as no:
        raise CommuniqueError(f"the format {name!r} cannot be written: its writer {writer} is not there ({no})") from no
    if not callable(found):
        raise CommuniqueError(f"the format {name!r} cannot be written: its writer {writer} is no function")
    return found  # type: ignore[no-any-return]
