"""Writing quads in any format; and Turtle, TriG, N-Quads and N-Triples: the same bytes for the same quads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from pyoxigraph import NamedNode, Quad

from communique.context import Context, read_context
from communique.errors import OutputError
from communique.export.document import Document, Writer
from communique.export.grouped import GroupedQuads, PropertiesOf, group
from communique.export.names import KEPT, Names, namespace_end
from communique.export.order import Object, Properties, natural
from communique.formats import FORMATS, Format, load_writer
from communique.iris import inner_iri, release_iri
from communique.read.dataset import Dataset
from communique.terms import PREFIXES, TYPE, XSD

_WIDTH: Final = 100
_INDENT: Final = "    "


def render(
    quads: Iterable[Quad] | GroupedQuads,
    fmt: Format,
    *,
    base: str,
    context: Context | None = None,
    slug: str | None = None,
    entity: str | None = None,
    nested: bool = False,
    about: Dataset | None = None,
) -> bytes:
    """The quads in a format, in UTF-8.

    A syntax without named graphs gets the triples of all graphs, each once. ``base`` is the base IRI of the newsroom;
    ``slug`` is that of the release whose ``#`` IRIs get the prefix ``this:``. The format that pages embed describes the
    release ``slug`` or the ``entity`` with that IRI, as one tree if ``nested``; with the publisher, the day and the
    licence of the data if ``about`` describes the dataset. ``context`` is the packaged one unless given; quads that are
    grouped have their own. Raises `OutputError` for a blank node and for ``nested`` in a format that has no tree,
    `CommuniqueError` for a format without a writer.
    """
    if nested and not fmt.embedded:
        trees = next(row.name for row in FORMATS.values() if row.embedded)
        raise OutputError(f"{fmt.name} cannot be nested: only {trees} can be written as one tree")
    writer: Writer = load_writer(fmt.name, fmt.writer)
    grouped = quads if isinstance(quads, GroupedQuads) else group(quads, context or read_context())
    of = grouped.context
    return writer(grouped, Document(base=base, context=of, slug=slug, entity=entity, nested=nested, about=about))


def render_turtle(quads: GroupedQuads, document: Document) -> bytes:
    """Turtle, entity by entity, with the prefixes in use."""
    writer = _turtle_writer(quads, document.base, document.slug)
    return writer.head() + writer.entities(quads)


def render_trig(quads: GroupedQuads, document: Document) -> bytes:
    """TriG, graph by graph and entity by entity, with the prefixes in use."""
    writer = _turtle_writer(quads, document.base, document.slug)
    return writer.head() + writer.graphs(quads)


def _turtle_writer(quads: GroupedQuads, base: str, slug: str | None) -> TurtleWriter:
    """The writer of these quads, one for Turtle and TriG, with the prefixes that they use."""

    def make(whole: GroupedQuads) -> TurtleWriter:
        return TurtleWriter(base, prefixes_in_use(whole.entities, prefixes_for(base, slug)))

    return quads.made((TurtleWriter, base, slug), make)


def prefixes_for(base: str, slug: str | None = None) -> dict[str, str]:
    """All prefixes that may be declared, with ``this:`` for the ``#`` IRIs of a release.

    >>> prefixes_for("http://e.org/", "x")["this"]
    'http://e.org/release/x#'
    """
    return PREFIXES | ({"this": inner_iri(release_iri(base, slug), "")} if slug else {})


def prefixes_in_use(entities: PropertiesOf, prefixes: Mapping[str, str]) -> dict[str, str]:
    """Those of the prefixes that the entities use, with their namespaces."""
    iris = set(entities)
    for properties in entities.values():
        for iri, values in properties:
            iris.add(iri)
            for value in values:
                if isinstance(value, NamedNode):
                    iris.add(value.value)
                elif not value.language:
                    iris.add(value.datatype.value)
    namespaces = {iri[: namespace_end(iri)] for iri in iris - {XSD + "string"}}
    return {p: n for p, n in prefixes.items() if n in namespaces}


def render_nquads(quads: GroupedQuads, _document: Document) -> bytes:
    """Sorted N-Quads, each once: the canonical form (RDFC-1.0, section 5), because there are no blank nodes."""
    return sorted_lines(quads.lines)


def render_ntriples(quads: GroupedQuads, _document: Document) -> bytes:
    """Sorted N-Triples of all graphs together, each once."""
    return sorted_lines(quads.triples)


def sorted_lines(lines: Iterable[bytes]) -> bytes:
    """The lines of a document, each once, in the order of code points, which is that of the bytes of UTF-8."""
    return b"".join(sorted(set(lines)))


_WHOLE: Final = re.compile(r'"(0|-?[1-9][0-9]*)"\^\^<http://www\.w3\.org/2001/XMLSchema#integer>')
"""Integers that are written as bare numbers in Turtle (section 2.5.2), in the one form that every parser keeps."""


class TurtleWriter:
    """Turtle entity by entity: the whole document is ``head()`` and then a ``block()`` for each entity.

    TriG is ``head()`` and then ``graphs()`` for some named graphs at a time.

    pyoxigraph writes the literals. IRIs are written here, because pyoxigraph orders prefixes differently in each run,
    and rdflib 7.6 does not read its ``schema:a\\.``.
    """

    between: Final = b""
    tail: Final = b""

    def __init__(self, base: str, prefixes: Mapping[str, str]) -> None:
        self._names, self._prefixes = Names(base, prefixes), prefixes
        self._written: dict[str, str] = {}
        self.used: set[str] = set()  # the head declares all prefixes

    def head(self) -> bytes:
        """The lines before the first entity: base and prefixes."""
        lines = [f"@base <{self._names.base}> ."]
        lines += [f"@prefix {prefix}: <{self._prefixes[prefix]}> ." for prefix in sorted(self._prefixes)]
        return "".join(line + "\n" for line in lines).encode()

    def opening(self) -> bytes:
        """The head, which declares all prefixes, whether or not the blocks use them."""
        return self.head()

    def block(self, subject: str, properties: Properties) -> bytes:
        """All facts of one entity, after an empty line."""
        return f"\n{self._entity(subject, properties)}\n".encode()

    def entities(self, quads: GroupedQuads) -> bytes:
        """All facts of each entity, in all graphs together."""
        return "".join(f"\n{text}\n" for text in self._texts(quads, quads.entities)).encode()

    def graphs(self, quads: GroupedQuads, slug: str = "") -> bytes:
        """Some named graphs as TriG, and what is in the default graph as Turtle; after a prefix for a release."""
        if slug:
            base = self._names.base
            this = f"\n@prefix this: <{prefixes_for(base, slug)['this']}> .\n"
            return this.encode() + _turtle_writer(quads, base, slug).graphs(quads)
        parts: list[str] = []
        for graph, entities in quads.graphs.items():
            texts = self._texts(quads, entities)
            if graph:
                blocks = "\n".join(_INDENT + text.replace("\n", "\n" + _INDENT) + "\n" for text in texts)
                parts.append(f"\n{self._iri(graph)} {{\n{blocks}}}\n")
            else:
                parts += (f"\n{text}\n" for text in texts)
        return "".join(parts).encode()

    def _texts(self, quads: GroupedQuads, entities: PropertiesOf) -> list[str]:
        """Some entities of the quads as Turtle; what is the same in all graphs together is rendered once."""
        whole, known = quads.made(self, self._texts_of_all)
        return [
            known[subject] if whole[subject] is properties else self._entity(subject, properties)
            for subject, properties in entities.items()
        ]

    def _texts_of_all(self, quads: GroupedQuads) -> tuple[PropertiesOf, Mapping[str, str]]:
        return quads.entities, {subject: self._entity(subject, found) for subject, found in quads.entities.items()}

    def _entity(self, subject: str, properties: Properties) -> str:
        lines = [self._property(subject, iri, values) for iri, values in properties]
        return f"{self._iri(subject)} " + f" ;\n{_INDENT}".join(lines) + " ."

    def _property(self, subject: str, iri: str, values: list[Object]) -> str:
        name = "a" if iri == TYPE else self._iri(iri)
        if len(values) == 1:
            return f"{name} {self._value_of(subject, iri, values[0])}"
        texts = [self._value_of(subject, iri, value) for value in values]
        between = ", " if sum(map(len, texts)) <= _WIDTH else f",\n{_INDENT}{_INDENT}"
        return f"{name} {between.join(texts)}"

    def _value_of(self, _subject: str, _iri: str, value: Object) -> str:
        """The value of a fact, with what a syntax says beside it."""
        return self._value(value)

    def _value(self, value: Object) -> str:
        if isinstance(value, NamedNode):
            return self._iri(value.value)
        text = str(value)
        if text.endswith(">"):
            quoted, _, datatype = text.rpartition("^^<")
            if _WHOLE.fullmatch(text):
                return quoted[1:-1]
            return f"{quoted}^^{self._iri(datatype[:-1])}"
        return text

    def _iri(self, iri: str) -> str:
        written = self._written.get(iri)
        if written is None:
            compact = self._names.compact(iri)
            written = ":".join(compact) if compact else f"<{self._names.relative(iri) or iri}>"
            if len(self._written) >= KEPT:
                self._written.clear()
            self._written[iri] = written
        return written


class NQuadsWriter:
    """N-Quads graph by graph: lines are sorted within each graph, but not across graphs."""

    def opening(self) -> bytes:
        """Nothing."""
        return b""

    def graphs(self, quads: GroupedQuads, _slug: str = "") -> bytes:
        """Some named graphs."""
        by_graph = quads.by_graph(quads.lines)
        return b"".join(sorted_lines(by_graph[graph]) for graph in sorted(by_graph, key=natural))


def open_turtle(document: Document) -> TurtleWriter:
    """A writer of the whole dataset as Turtle or TriG."""
    return TurtleWriter(document.base, prefixes_for(document.base, document.slug))


def open_nquads(_document: Document) -> NQuadsWriter:
    """A writer of the whole dataset as N-Quads."""
    return NQuadsWriter()
