"""The syntaxes, one row each: what writes them, what their files are called, and where they are offered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Any, Final

from communique.errors import CommuniqueError, hint

_NAME: Final = re.compile("[a-z][a-z0-9-]*")
_SUFFIX: Final = re.compile("[a-z]+")
"""Only letters: in the rules of web servers a suffix is part of the name of a variable, and ends at ``=``."""
_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*")
_WRITER: Final = re.compile(r"communique(?:\.\w+)+:\w+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeDataset:
    """That a publication holds the whole dataset in a syntax, as ``dataset.`` and its suffix.

    ``description`` says in the catalogue what the file holds, ``file_type`` is its code in the EU list of file types.
    ``pieces`` names, as ``module:function``, what makes the writer of a file that is too large to be held: it takes a
    `communique.export.document.Document` and gives a `communique.export.document.EntityWriter`, or, for a syntax that
    keeps named graphs apart, a `communique.export.document.GraphWriter`.
    """

    description: str
    file_type: str
    pieces: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A way to write a graph.

    ``name`` is that of ``--format`` and, after ``download.``, the key of the words that say what the file is good for;
    ``title`` is what the syntax is called, the same in every language. ``suffix`` is the file's ending without the dot.
    ``writer`` names the function that writes it as ``module:function``: it takes quads and a
    `communique.export.document.Document` and gives UTF-8 bytes; it is imported when it is first needed.

    ``graphs`` says whether the syntax keeps named graphs apart, ``negotiated`` whether web servers choose it by the
    Accept header, ``embedded`` whether it is what a page holds in its script element; that one is made for one release
    or entity. ``whole`` is there if a publication holds the whole dataset in the syntax. Raises `CommuniqueError` for a
    row that cannot be right.
    """

    name: str
    title: str
    suffix: str
    media_type: str
    writer: str
    graphs: bool = False
    negotiated: bool = True
    embedded: bool = False
    whole: WholeDataset | None = None

    def __post_init__(self) -> None:
        """Refuse what would only be noticed in the middle of a build, or in the rules of one web server."""
        for field, pattern in (("name", _NAME), ("suffix", _SUFFIX), ("media_type", _MEDIA_TYPE), ("writer", _WRITER)):
            value = getattr(self, field)
            if not pattern.fullmatch(value):
                raise _wrong(self.name, f"{field} {value!r} does not have the form {pattern.pattern}")
        if self.whole and not _WRITER.fullmatch(self.whole.pieces):
            raise _wrong(self.name, f"pieces {self.whole.pieces!r} does not have the form {_WRITER.pattern}")
        if self.negotiated and self.embedded:
            raise _wrong(self.name, "what pages embed has an address of its own: it is not negotiated")

    @property
    def file(self) -> str:
        """The name of the file of one release or entity, in its folder."""
        return f"{'page' if self.embedded else 'index'}.{self.suffix}"

    @property
    def dataset_file(self) -> str:
        """The name of the file with the whole dataset, if there is one."""
        return f"dataset.{self.suffix}"


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
    whole=WholeDataset(
        description="Facts, registry and evidence merged into one graph, without blank nodes.",
        file_type="RDF_TURTLE",
        pieces="communique.export.rdf:open_turtle",
    ),
)
"""The syntax of descriptions, of the vocabulary, and of what a server answers where nothing else fits."""

TRIG: Final = Format(
    name="trig",
    title="TriG",
    suffix="trig",
    media_type="application/trig",
    writer="communique.export.rdf:render_trig",
    graphs=True,
    whole=WholeDataset(
        description="Two named graphs per release (facts, evidence) and one for the registry.",
        file_type="RDF_TRIG",
        pieces="communique.export.rdf:open_trig",
    ),
)
"""The syntax of the file in which named graphs are looked up."""

NQUADS: Final = Format(
    name="nquads",
    title="N-Quads",
    suffix="nq",
    media_type="application/n-quads",
    writer="communique.export.rdf:render_nquads",
    graphs=True,
    whole=WholeDataset(
        description="The named graphs of the TriG file, one statement a line, sorted.",
        file_type="RDF_N_QUADS",
        pieces="communique.export.rdf:open_nquads",
    ),
)
"""The syntax of the dump that stores are filled from."""

JSON_LD: Final = Format(
    name="jsonld",
    title="JSON-LD",
    suffix="jsonld",
    media_type="application/ld+json",
    writer="communique.export.jsonld:render_jsonld",
    whole=WholeDataset(
        description="The same statements as JSON-LD, with the context written out.",
        file_type="JSON_LD",
        pieces="communique.export.jsonld:open_jsonld",
    ),
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
        NQUADS,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetFile:
    """A file with the whole dataset: its name in the catalogue, the key of its words, and where it stands.

    ``facts_only``: it holds facts and registry, without the evidence.
    """

    name: str
    key: str
    path: str
    format: Format
    title: str
    description: str
    facts_only: bool = False


FACTS: Final = DatasetFile(
    name="facts-turtle",
    key="facts",
    path=f"dataset.facts.{TURTLE.suffix}",
    format=TURTLE,
    title=f"{TURTLE.title}, facts only",
    description="Facts and registry with the marks of inference, without the passages that support them.",
    facts_only=True,
)


def _dataset_files() -> Iterator[DatasetFile]:
    for row in FORMATS.values():
        if row.whole:
            title = f"{row.title}, {'with graphs' if row.graphs else 'everything'}"
            yield DatasetFile(
                name=row.name,
                key=row.name,
                path=row.dataset_file,
                format=row,
                title=title,
                description=row.whole.description,
            )
        if row is FACTS.format:
            yield FACTS


DATASET_FILES: Final = tuple(_dataset_files())
"""Every file with the whole dataset."""


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
