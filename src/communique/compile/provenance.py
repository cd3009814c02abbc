"""Where the named graphs of a release come from: the source text, and who checked the record against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from communique.compile.header import Review
from communique.iris import graph_iri, inner_iri, part_iri
from communique.terms import DCTERMS, FOAF, PROV, TYPE, XSD

_A = NamedNode(TYPE)
_DERIVED, _ATTRIBUTED = NamedNode(PROV + "wasDerivedFrom"), NamedNode(PROV + "wasAttributedTo")
_QUALIFIED, _AGENT = NamedNode(PROV + "qualifiedAttribution"), NamedNode(PROV + "agent")
_PART_OF, _DATE = NamedNode(DCTERMS + "isPartOf"), NamedNode(DCTERMS + "date")
_NAME, _USED = NamedNode(FOAF + "name"), NamedNode(PROV + "used")


def provenance(
    base: str, slug: str, parts: Sequence[str], source: NamedNode, reviewed: Sequence[Review]
) -> Iterator[Quad]:
    """The quads on the graphs of a release that rest on its text, for the graph of its evidence.

    ``parts`` are those graphs (see `communique.iris.PARTS`, "" for the facts). Each is derived from the source text,
    whose SHA-256 stands beside, and a part of the dataset, which has the licence and the program. Each is attributed to
    those who checked the record, with the day of each review.
    """
    where = NamedNode(graph_iri(base, slug, "evidence"))
    graphs = [NamedNode(graph_iri(base, slug, part)) for part in parts]
    dataset, build = NamedNode(part_iri(base)), NamedNode(part_iri(base, "build"))
    yield Quad(build, _USED, source, where)
    for graph in graphs:
        yield Quad(graph, _DERIVED, source, where)
        yield Quad(graph, _PART_OF, dataset, where)
    for number, review in enumerate(reviewed, 1):
        named = isinstance(review.by, NamedNode)
        agent = review.by if named else NamedNode(inner_iri(graphs[0].value, f"reviewer-{number}"))
        assert isinstance(agent, NamedNode)
        attribution = NamedNode(inner_iri(graphs[0].value, f"review-{number}"))
        for graph in graphs:
            yield Quad(graph, _ATTRIBUTED, agent, where)
            yield Quad(graph, _QUALIFIED, attribution, where)
        yield Quad(attribution, _A, NamedNode(PROV + "Attribution"), where)
        yield Quad(attribution, _AGENT, agent, where)
        yield Quad(attribution, _DATE, Literal(review.on, datatype=NamedNode(XSD + "date")), where)
        if not named:
            yield Quad(agent, _A, NamedNode(PROV + "Agent"), where)
            yield Quad(agent, _NAME, Literal(review.by.value), where)
