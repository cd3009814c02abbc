"""What the tests ask of RDF terms and quads."""

from __future__ import annotations

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple


def value_of(term: NamedNode | BlankNode | Literal | Triple) -> str:
    """The IRI, the label or the text of a term, which must not be a triple."""
    assert not isinstance(term, Triple), f"a triple where a node or a literal belongs: {term}"
    return term.value


def moved(quad: Quad, graph: NamedNode | BlankNode | DefaultGraph) -> Quad:
    """The same triple in another graph."""
    return Quad(quad.subject, quad.predicate, quad.object, graph)
