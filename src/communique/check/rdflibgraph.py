"""Quads as a graph of rdflib, which pySHACL validates and the Python API offers."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from communique.terms import XSD

if TYPE_CHECKING:
    import rdflib


def build_graph(statements: Iterable[ox.Quad | ox.Triple]) -> rdflib.Graph:
    """An rdflib graph of the union of ``statements``; lexical forms are kept, and IRIs are not checked again."""
    import rdflib

    term = _term_maker()
    triples = {(term(each.subject), term(each.predicate), term(each.object)) for each in statements}
    store = _store_class()(len(triples))
    graph = rdflib.Graph(store=store, bind_namespaces="none")
    for triple in triples:
        store.add(triple, graph)
    return graph


@functools.cache
def _store_class() -> Callable[[int], rdflib.store.Store]:
    """rdflib's simple in-memory store, made to know its size.

    rdflib's default store keeps contexts, which are not needed here. The simple one takes half the time, but it counts
    all triples whenever pySHACL asks whether a graph is empty, which it does for each result.
    """
    from rdflib.plugins.stores.memory import SimpleMemory

    class SizedMemory(SimpleMemory):
        context_aware = graph_aware = True  # required by pySHACL's wrapper, which then uses only the one graph

        def __init__(self, size: int) -> None:
            super().__init__()
            self.size = size

        def __len__(self, context: object = None) -> int:
            return self.size

    return SizedMemory


def _term_maker() -> Callable[[Any], Any]:
    """A function that returns the rdflib term for a pyoxigraph term and makes each term only once."""
    from rdflib.term import BNode, Literal, URIRef

    made: dict[Any, Any] = {}

    def term(of: Any) -> Any:
        found = made.get(of)
        if found is None:
            if isinstance(of, ox.NamedNode):
                found = str.__new__(URIRef, of.value)  # pyoxigraph has checked the IRI
            elif isinstance(of, ox.BlankNode):
                found = BNode(of.value)
            elif of.language:
                found = Literal(of.value, lang=of.language)
            elif of.datatype.value == XSD + "string":
                found = Literal(of.value)
            else:
                datatype = URIRef(of.datatype.value)
                found = Literal(of.value, datatype=datatype, normalize=False)
                if found.value is None:
                    found = _incomparable_class()(of.value, datatype=datatype, normalize=False)
            made[of] = found
        return found

    return term


@functools.cache
def _incomparable_class() -> type[rdflib.Literal]:
    """The class of literals without a value, such as "29 May 2015"^^xsd:date, which are not less than any other.

    Where SHACL compares them (section 4.5.3), rdflib's own class raises a TypeError that pySHACL does not expect.
    """
    from rdflib.term import Literal

    class IncomparableLiteral(Literal):
        def __lt__(self, other: object) -> bool:
            return False

        def __le__(self, other: object) -> bool:
            return False

        def __gt__(self, other: object) -> bool:  # asked where this stands on the right of <
            return False

        def __ge__(self, other: object) -> bool:
            return False

    return IncomparableLiteral
