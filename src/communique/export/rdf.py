"""Writing quads in any format; and Turtle, TriG, N-Quads and N-Triples: the same bytes for the same quads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize

from communique.context import Context, read_context
from communique.errors import OutputError
from communique.export.document import Document, Writer
from communique.export.names import KEPT, Names, namespace_end
from communique.export.order import Object, Order, Pair, graph_of, group_by_subject, natural, plain, subjects_in_order
from communique.formats import FORMATS, Format, load_writer
from communique.iris import inner_iri, release_iri
from communique.read.dataset import Dataset
from communique.terms import PREFIXES, TYPE, XSD

_WIDTH: Final = 100
_INDENT: Final = "    "


def render(
    quads: Iterable[Quad],
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
    licence of the data if ``about`` describes the dataset. ``context`` is the packaged one unless given. Raises
    `OutputError` for a blank node and for ``nested`` in a format that has no tree, `CommuniqueError` for a format
    without a writer.
    """
    if nested and not fmt.embedded:
        trees = next(row.name for row in FORMATS.values() if row.embedded)
        raise OutputError(f"{fmt.name} cannot be nested: only {trees} can be written as one tree")
    writer: Writer = load_writer(fmt.name, fmt.writer)
    context = context or read_context()
    return writer(
        tuple(quads), Document(base=base, context=context, slug=slug, entity=entity, nested=nested, about=about)
    )


def render_turtle(quads: Iterable[Quad], document: Document) -> bytes:
    """Turtle, entity by entity, with the prefixes in use."""
    entities = group_by_subject(quads)
    writer = _turtle_writer(entities, document)
    return writer.head() + b"".join(writer.block(s, entities[s]) for s in subjects_in_order(entities))


def render_trig(quads: Iterable[Quad], document: Document) -> bytes:
    """TriG, graph by graph and entity by entity, with the prefixes in use."""
    quads = tuple(quads)
    writer = _turtle_writer(group_by_subject(quads), document)
    return writer.head() + render_graphs(quads, writer)


def _turtle_writer(entities: Mapping[str, set[Pair]], document: Document) -> TurtleWriter:
    prefixes = prefixes_in_use(entities, prefixes_for(document.base, document.slug))
    return TurtleWriter(document.base, prefixes, Order(document.context))


def prefixes_for(base: str, slug: str | None = None) -> dict[str, str]:
    """All prefixes that may be declared, with ``this:`` for the ``#`` IRIs of a release.

    >>> prefixes_for("http://e.org/", "x")["this"]
    'http://e.org/release/x#'
    """
    return PREFIXES | ({"this": inner_iri(release_iri(base, slug), "")} if slug else {})


def prefixes_in_use(entities: Mapping[str, set[Pair]], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Those of the prefixes that the entities use, with their namespaces."""
    iris = set(entities)
    for pairs in entities.values():
        for iri, value in pairs:
            iris.add(iri)
            if isinstance(value, NamedNode):
                iris.add(value.value)
            elif not value.language:
                iris.add(value.datatype.value)
    namespaces = {iri[: namespace_end(iri)] for iri in iris - {XSD + "string"}}
    return {p: n for p, n in prefixes.items() if n in namespaces}


def render_nquads(quads: Iterable[Quad], _document: Document | None = None) -> bytes:
    """Sorted N-Quads, each once: the canonical form (RDFC-1.0, section 5), because there are no blank nodes."""
    return _sorted_lines(_without_blank_nodes(quads), RdfFormat.N_QUADS)


def render_ntriples(quads: Iterable[Quad], _document: Document | None = None) -> bytes:
    """Sorted N-Triples of all graphs together, each once."""
    return _sorted_lines((q.triple for q in _without_blank_nodes(quads)), RdfFormat.N_TRIPLES)


_WHOLE: Final = re.compile(r'"(0|-?[1-9][0-9]*)"\^\^<http://www\.w3\.org/2001/XMLSchema#integer>')
"""Integers that are written as bare numbers in Turtle (section 2.5.2), in the one form that every parser keeps."""


def _without_blank_nodes(quads: Iterable[Quad]) -> Iterable[Quad]:
    quads = tuple(quads)
    for _ in plain(quads):
        pass
    return quads


def _sorted_lines(quads: Iterable[Quad] | Iterable[Triple], fmt: RdfFormat) -> bytes:
    lines = serialize(quads, format=fmt) or b""
    # The order of UTF-8 bytes is that of code points. Only b"\n" ends a line: literals may contain U+2028 unescaped.
    return b"".join(line + b"\n" for line in sorted(set(lines.split(b"\n")) - {b""}))


class TurtleWriter:
    """Turtle entity by entity: the whole document is ``head()`` and then a ``block()`` for each entity.

    pyoxigraph writes the literals. IRIs are written here, because pyoxigraph orders prefixes differently in each run,
    and rdflib 7.6 does not read its ``schema:a\\.``.
    """

    between: Final = b""
    tail: Final = b""
    graph_tail: Final = b"}\n"

    def __init__(self, base: str, prefixes: Mapping[str, str], order: Order) -> None:
        self._names, self._prefixes, self._order = Names(base, prefixes), prefixes, order
        self._written: dict[str, str] = {}

    def head(self) -> bytes:
        """The lines before the first entity: base and prefixes."""
        lines = [f"@base <{self._names.base}> ."]
        lines += [f"@prefix {prefix}: <{self._prefixes[prefix]}> ." for prefix in sorted(self._prefixes)]
        return "".join(line + "\n" for line in lines).encode()

    def opening(self) -> bytes:
        """The head, which declares all prefixes, whether or not the blocks use them."""
        return self.head()

    def block(self, subject: str, pairs: Iterable[Pair]) -> bytes:
        """All facts of one entity, after an empty line."""
        return f"\n{self._entity(subject, pairs)}\n".encode()

    def graph_head(self, graph: str) -> bytes:
        """The opening of a named graph of a TriG document."""
        return f"\n{self._iri(graph)} {{\n".encode()

    def graph_block(self, subject: str, pairs: Iterable[Pair]) -> bytes:
        """All facts of one entity inside a named graph, before an empty line."""
        text = self._entity(subject, pairs).replace("\n", "\n" + _INDENT)
        return f"{_INDENT}{text}\n".encode()

    def _entity(self, subject: str, pairs: Iterable[Pair]) -> str:
        lines = [self._property(subject, iri, values) for iri, values in self._order.properties(pairs)]
        return f"{self._iri(subject)} " + f" ;\n{_INDENT}".join(lines) + " ."

    def _property(self, subject: str, iri: str, values: list[Object]) -> str:
        texts = [self._value_of(subject, iri, value) for value in values]
        between = ", " if sum(map(len, texts)) <= _WIDTH else f",\n{_INDENT}{_INDENT}"
        return f"{'a' if iri == TYPE else self._iri(iri)} {between.join(texts)}"

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


def render_graphs(quads: Iterable[Quad], writer: TurtleWriter) -> bytes:
    """The named graphs of some quads as TriG without the head: the rest of a document, or a part of it."""
    quads = tuple(quads)
    position = {subject: n for n, subject in enumerate(subjects_in_order(group_by_subject(quads)))}
    graphs: dict[str, dict[str, set[Pair]]] = {}
    for subject, iri, value, graph in plain(quads):
        graphs.setdefault(graph, {}).setdefault(subject, set()).add((iri, value))
    parts = []
    for graph in sorted(graphs, key=natural):
        entities = graphs[graph]
        ordered = sorted(entities, key=position.__getitem__)
        if graph:
            blocks = b"\n".join(writer.graph_block(s, entities[s]) for s in ordered)
            parts += [writer.graph_head(graph), blocks, writer.graph_tail]
        else:
            parts += [writer.block(s, entities[s]) for s in ordered]
    return b"".join(parts)


class TrigWriter:
    """TriG graph by graph."""

    def __init__(self, turtle: TurtleWriter) -> None:
        self._turtle = turtle

    def opening(self) -> bytes:
        """Base and prefixes."""
        return self._turtle.head()

    def graphs(self, quads: Iterable[Quad]) -> bytes:
        """Some named graphs."""
        return render_graphs(quads, self._turtle)


class NQuadsWriter:
    """N-Quads graph by graph: lines are sorted within each graph, but not across graphs."""

    def opening(self) -> bytes:
        """Nothing."""
        return b""

    def graphs(self, quads: Iterable[Quad]) -> bytes:
        """Some named graphs."""
        by_graph: dict[str, list[Quad]] = {}
        for quad in quads:
            by_graph.setdefault(graph_of(quad), []).append(quad)
        return b"".join(render_nquads(by_graph[name]) for name in sorted(by_graph, key=natural))


def open_turtle(document: Document) -> TurtleWriter:
    """A writer of the whole dataset as Turtle."""
    return TurtleWriter(document.base, prefixes_for(document.base, document.slug), Order(document.context))


def open_trig(document: Document) -> TrigWriter:
    """A writer of the whole dataset as TriG."""
    return TrigWriter(open_turtle(document))


def open_nquads(_document: Document) -> NQuadsWriter:
    """A writer of the whole dataset as N-Quads."""
    return NQuadsWriter()
