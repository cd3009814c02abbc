"""The table of formats: for each RDF syntax the function that writes it, the names of its files, where it is offered.

To add a row, follow "Add a syntax" in CONTRIBUTING.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Any, Final, Literal

from communique.errors import CommuniqueError, hint

_NAME: Final = re.compile("[a-z][a-z0-9-]*")
_SUFFIX: Final = re.compile("[a-z]+")
"""Only letters: in the rules for web servers a suffix becomes part of a variable's name, which ends at ``=``."""
_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*")
_WRITER: Final = re.compile(r"communique(?:\.\w+)+:\w+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeDataset:
    """How a publication offers the whole dataset in a syntax, in the file ``dataset.<suffix>``.

    ``description`` is that of the file in the catalogue, ``file_type`` its code in the EU list of file types.
    ``pieces`` names, as ``module:function``, a function that opens a writer for a file too large for memory. It takes a
    `communique.export.document.Document` and returns a `communique.export.document.EntityWriter`, or, for a syntax with
    named graphs or one with ``by_release``, a `communique.export.document.GraphWriter`.

    ``by_release``: the file is written release by release, so that it repeats what several releases speak of.
    """

    description: str
    file_type: str
    pieces: str
    by_release: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A syntax in which graphs are written.

    ``name`` is the value for ``--format``; after ``download.`` it is the key of the words that say what the file is
    good for. ``title`` is the name of the syntax, the same in every language. ``suffix`` is the file name extension
    without the dot. ``writer`` names, as ``module:function``, the function that writes the syntax: it takes quads and a
    `communique.export.document.Document` and returns UTF-8 bytes. Its module is imported on first use.

    ``graphs``: the syntax keeps named graphs apart. ``negotiated``: web servers offer it by content negotiation (the
    Accept header). ``paged``: a publication has a file of each release in it, and with ``of_entities`` of each entity
    too. ``variant`` tells its files from those of another syntax with the same suffix. ``embedded``: pages contain it
    in a script element; it describes one release or entity. ``whole`` is set if a publication offers the whole dataset
    in it. Raises `CommuniqueError` for a row with an invalid value.
    """

    name: str
    title: str
    suffix: str
    media_type: str
    writer: str
    graphs: bool = False
    negotiated: bool = True
    embedded: bool = False
    paged: bool = True
    of_entities: bool = False
    variant: str = ""
    whole: WholeDataset | None = None

    def __post_init__(self) -> None:
        """Refuse values that would otherwise fail in the middle of a build, or in the rules for one web server."""
        for field, pattern in (("name", _NAME), ("suffix", _SUFFIX), ("media_type", _MEDIA_TYPE), ("writer", _WRITER)):
            value = getattr(self, field)
            if not pattern.fullmatch(value):
                raise _wrong(self.name, f"{field} {value!r} does not have the form {pattern.pattern}")
        if self.whole and not _WRITER.fullmatch(self.whole.pieces):
            raise _wrong(self.name, f"pieces {self.whole.pieces!r} does not have the form {_WRITER.pattern}")
        if self.negotiated and self.embedded:
            raise _wrong(self.name, "pages embed it, so it is not negotiated: set negotiated=False")
        if self.of_entities and not self.paged:
            raise _wrong(self.name, "entities have a file in it, so releases have: set paged=True")

    @property
    def file(self) -> str:
        """The name of the file of one release or entity, inside its folder."""
        return f"{'page' if self.embedded else 'index'}.{self.extension}"

    @property
    def dataset_file(self) -> str:
        """The name of the file with the whole dataset, for a format that has ``whole``."""
        return f"dataset.{self.extension}"

    @property
    def extension(self) -> str:
        """The end of the names of its files, without the dot before it."""
        return f"{self.variant}.{self.suffix}" if self.variant else self.suffix


def _wrong(name: str, why: str) -> CommuniqueError:
    return CommuniqueError(f"the row {name!r} of communique.formats is wrong: {why}")


def format_table(rows: Iterable[Format]) -> dict[str, Format]:
    """The rows by name.

    Raises `CommuniqueError` for two rows that could not be told apart, and unless exactly one row is ``embedded``.

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
                raise _wrong(row.name, f"the row {other.name!r} has the same suffix, but another media type")
            if same:
                raise _wrong(row.name, f"it has the same {same[0]} as the row {other.name!r}")
        table[row.name] = row
    embedded = [row.name for row in table.values() if row.embedded]
    if len(embedded) != 1:
        raise CommuniqueError(f"one row of communique.formats must be embedded, not {len(embedded)}: {embedded}")
    return table


TURTLE: Final = Format(
    name="turtle",
    title="Turtle",
    suffix="ttl",
    media_type="text/turtle",
    writer="communique.export.rdf:render_turtle",
    of_entities=True,
    whole=WholeDataset(
        description="Facts, registry and evidence merged into one graph, without blank nodes.",
        file_type="RDF_TURTLE",
        pieces="communique.export.rdf:open_turtle",
    ),
)
"""The syntax of descriptions and of the vocabulary, and what a server sends when it has nothing better to offer."""

TRIG: Final = Format(
    name="trig",
    title="TriG",
    suffix="trig",
    media_type="application/trig",
    writer="communique.export.rdf:render_trig",
    graphs=True,
    whole=WholeDataset(
        description="Three named graphs per release (stated, inferred, evidence) and one for the registry.",
        file_type="RDF_TRIG",
        pieces="communique.export.rdf:open_turtle",
    ),
)
"""The syntax of the file that named graphs are read from."""

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
"""The syntax of the dump that is loaded into stores."""

JSON_LD: Final = Format(
    name="jsonld",
    title="JSON-LD",
    suffix="jsonld",
    media_type="application/ld+json",
    writer="communique.export.jsonld:render_jsonld",
    of_entities=True,
    whole=WholeDataset(
        description="The same statements as JSON-LD, with the context written out.",
        file_type="JSON_LD",
        pieces="communique.export.jsonld:open_jsonld",
    ),
)
"""The syntax of the context."""

TURTLE_1_2: Final = Format(
    name="turtle12",
    title="Turtle 1.2",
    suffix=TURTLE.suffix,
    variant="rdf12",
    media_type=TURTLE.media_type,
    writer="communique.export.annotated:render_annotated",
    negotiated=False,
    paged=False,
    whole=WholeDataset(
        description="Every fact with its evidence beside it, in the annotation syntax of RDF 1.2.",
        file_type="RDF_TURTLE",
        pieces="communique.export.annotated:open_annotated",
        by_release=True,
    ),
)
"""The syntax of RDF 1.2, for stores that read it; its media type is that of Turtle."""

EMBEDDED: Final = Format(
    name="page-jsonld",
    title="Page JSON-LD",
    suffix="jsonld",
    media_type="application/ld+json",
    writer="communique.export.pagejson:render_page",
    negotiated=False,
    embedded=True,
    of_entities=True,
)
"""The JSON-LD in the script element of a page, in terms of schema.org only."""

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
        TURTLE_1_2,
        EMBEDDED,
    )
)
"""Every format by name, in the order in which they are offered to people and to web clients."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetFile:
    """A file with the whole dataset: its name in the catalogue, the key of its words, and its path in the publication.

    ``selects`` says which triples it contains: "pairs" are all of them, "facts" the facts and the registry with the
    marks of inference, "stated" the facts and the registry without anything inferred.
    """

    name: str
    key: str
    path: str
    format: Format
    title: str
    description: str
    selects: Literal["pairs", "facts", "stated"] = "pairs"


FACTS: Final = DatasetFile(
    name="facts-turtle",
    key="facts",
    path=f"dataset.facts.{TURTLE.suffix}",
    format=TURTLE,
    title=f"{TURTLE.title}, facts only",
    description="Facts and registry with the marks of inference, without the passages that support them.",
    selects="facts",
)
"""The facts, stated and inferred, in the syntax that people read."""

STATED: Final = DatasetFile(
    name="stated-turtle",
    key="stated",
    path=f"dataset.stated.{TURTLE.suffix}",
    format=TURTLE,
    title=f"{TURTLE.title}, stated facts only",
    description="Facts that the texts state, and the registry: nothing that a reader or a rule concluded.",
    selects="stated",
)
"""Only what the texts say."""


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
            yield from (FACTS, STATED)


DATASET_FILES: Final = tuple(_dataset_files())
"""Every file of a publication with the whole dataset."""


def format_named(name: str) -> Format:
    """The format of that name. Raises `CommuniqueError`, with the nearest known name, for an unknown one.

    >>> format_named("nquads").media_type
    'application/n-quads'
    """
    if name in FORMATS:
        return FORMATS[name]
    raise CommuniqueError(f"unknown format {name!r}, {hint(name, FORMATS)}")


def load_writer(name: str, writer: str) -> Callable[..., Any]:
    """The function that writes a format: ``name`` is that of the format, ``writer`` is ``module:function``.

    Raises `CommuniqueError` if there is no such function.

    >>> load_writer("turtle", TURTLE.writer).__name__
    'render_turtle'
    """
    try:
        found = resolve_name(writer)
    except (ImportError, AttributeError, ValueError) as no:
        raise CommuniqueError(f"the format {name!r} cannot be written: its writer {writer} is missing ({no})") from no
    if not callable(found):
        raise CommuniqueError(f"the format {name!r} cannot be written: its writer {writer} is not a function")
    return found  # type: ignore[no-any-return]
