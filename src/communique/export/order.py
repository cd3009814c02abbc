"""The order in which graphs are written for people: the release first, its evidence last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from communique.context import Context
from communique.errors import OutputError
from communique.iris import Graph, read_graph
from communique.kinds import rank_of, row_of
from communique.terms import RDF, SCHEMA, TYPE

Object: TypeAlias = NamedNode | Literal
Pair: TypeAlias = tuple[str, Object]
"""A fact without its subject: the IRI of the property, and the value."""

Properties: TypeAlias = list[tuple[str, list[Object]]]
"""The facts of one entity, in order: the IRI of each property, and its values without duplicates."""

Row: TypeAlias = tuple[str, str, Object, str]
"""A quad: the IRIs of its subject and property, its value, the IRI of its graph ("" for the default graph)."""

_FIRST: Final = (TYPE, SCHEMA + "name", SCHEMA + "headline")
_PARTS_OF_FACT: Final = tuple(RDF + name for name in ("subject", "predicate", "object"))
_DIGITS: Final = re.compile("[0-9]+")


@lru_cache(maxsize=1 << 14)
def natural(text: str) -> str:
    """A sort key by which numbers inside a text sort by value; different for different texts.

    >>> sorted(["#char=100,200", "#char=20,30"], key=natural)
    ['#char=20,30', '#char=100,200']
    """
    return _DIGITS.sub(_with_length, text)


def _with_length(digits: re.Match[str]) -> str:
    return f"{len(digits[0]):08}{digits[0]}"


def sort_key(subject: str, types: Iterable[str]) -> tuple[int, str]:
    """The sort key of an entity among others: by the rank of its class, then by its IRI, with numbers by value.

    ``types`` are the IRIs of all its classes; the lowest of their ranks counts. Sorted parts that are to be merged must
    therefore use the classes that the entity has in the whole dataset.

    >>> sort_key("http://e.org/1", ["http://schema.org/Person"]) < sort_key("http://e.org/0", [])
    True
    """
    return rank_of(types), natural(subject)


def statement_key(pairs: Iterable[Pair]) -> str:
    """What sorts statement nodes as the facts that they are of: subject, property, value; "" for any other node.

    >>> statement_key([(RDF + "subject", NamedNode("http://e.org/10")), (RDF + "predicate", NamedNode("http://e.org/p"))])
    'http://e.org/0000000210 http://e.org/p '
    """
    parts = {path: value for path, value in pairs if path in _PARTS_OF_FACT}
    found = [str(parts[path]).strip("<>") if path in parts else "" for path in _PARTS_OF_FACT]
    return natural(" ".join(found)) if parts else ""


def types_of(pairs: Iterable[Pair]) -> list[str]:
    """The IRIs of the classes among the facts of one entity."""
    return [o.value for p, o in pairs if p == TYPE and isinstance(o, NamedNode)]


class Rows(tuple[Row, ...]):
    """Quads as rows, each read from the library once; whatever takes quads takes them too."""

    __slots__ = ()


def subject_of(quad: Quad) -> str:
    """The IRI of the subject of a quad. Raises `OutputError` for a blank node."""
    if not isinstance(quad.subject, NamedNode):
        raise _nameless(quad)
    return quad.subject.value


@lru_cache(maxsize=1 << 14)
def known_graph(iri: str, base: str) -> Graph:
    """The graph with this IRI; `Graph` with the slug "" if it is not one of the newsroom's named graphs."""
    return read_graph(iri, base) or Graph("")


def _nameless(quad: Quad) -> OutputError:
    return OutputError(f"only nodes with an IRI can be written, give this one an id: {quad}")


def plain(quads: Iterable[Quad]) -> Iterator[Row]:
    """Each quad as a row. Raises `OutputError` if there is a blank node."""
    for quad in quads:
        subject, value, graph = quad.subject, quad.object, quad.graph_name
        if not isinstance(subject, NamedNode) or not isinstance(value, Object) or isinstance(graph, BlankNode):
            raise _nameless(quad)
        yield subject.value, quad.predicate.value, value, "" if isinstance(graph, DefaultGraph) else graph.value


def quad_of(row: Row) -> Quad:
    """The quad of a row.

    >>> row = "http://e.org/a", "http://e.org/p", Literal("b"), "http://e.org/g"
    >>> [*plain([quad_of(row)])] == [row]
    True
    """
    subject, iri, value, graph = row
    return Quad(NamedNode(subject), NamedNode(iri), value, NamedNode(graph) if graph else DefaultGraph())


def subjects_in_order(entities: Mapping[str, set[Pair]]) -> list[str]:
    """The IRIs of the entities, sorted by `sort_key`; statement nodes in the order of their facts."""

    def key(iri: str) -> tuple[int, str, str]:
        rank, name = sort_key(iri, types_of(entities[iri]))
        return rank, statement_key(entities[iri]), name

    return sorted(entities, key=key)


class Order:
    """The order of the properties of one entity: classes, name, headline, then the order of keys in the context."""

    def __init__(self, context: Context) -> None:
        self._ranks: dict[str, int] = {}
        for iri in (*_FIRST, *(t.iri for t in context.terms.values())):
            self._ranks.setdefault(iri, len(self._ranks))

    def key(self, iri: str) -> tuple[int, str]:
        """The sort key of a property; properties that the context does not know come last, by IRI."""
        return self._ranks.get(iri, len(self._ranks)), iri

    def properties(self, pairs: Iterable[Pair]) -> Properties:
        """The properties of one entity in order, each with its values in order and without duplicates."""
        values: dict[str, set[Object]] = {}
        for iri, value in pairs:
            values.setdefault(iri, set()).add(value)
        return [(iri, _sorted_values(iri, values[iri])) for iri in sorted(values, key=self.key)]


def _sorted_values(iri: str, values: set[Object]) -> list[Object]:
    if len(values) == 1:
        return list(values)
    return sorted(values, key=_class_key if iri == TYPE else value_key)


def value_key(value: Object) -> tuple[int, str, str, str]:
    """The sort key of a value of a property: nodes come first, with numbers in their IRIs by value; then texts."""
    if isinstance(value, NamedNode):
        return 0, natural(value.value), "", ""
    return 1, value.value, value.language or "", value.datatype.value


def _class_key(value: Object) -> tuple[int, str]:
    return row_of(value.value), str(value)
