"""The concept scheme of a newsroom: the topics of its registry are one vocabulary, with the title of the dataset.

Topics that only a record describes are in no scheme: the registry is where a newsroom decides on its topics.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from communique.compile.registry import Registry
from communique.iris import part_iri
from communique.read.dataset import Dataset
from communique.terms import DCTERMS, SKOS, TYPE

TOPICS: Final = "topics"
"""The part of the dataset that is the scheme."""
_A, _TITLE = NamedNode(TYPE), NamedNode(DCTERMS + "title")
_CONCEPT, _SCHEME, _IN_SCHEME = (NamedNode(SKOS + name) for name in ("Concept", "ConceptScheme", "inScheme"))


def with_scheme(about: Dataset, registry: Registry) -> Registry:
    """The registry with its topics in the scheme of the newsroom, save those for which the author names another one."""
    graph, scheme = NamedNode(registry.graph), NamedNode(part_iri(about.base, TOPICS))
    entities = dict(registry.entities)
    for iri, quads in registry.entities.items():
        topic = NamedNode(iri)
        own = {(quad.predicate, quad.object) for quad in quads if quad.subject == topic}
        if (_A, _CONCEPT) in own and all(predicate != _IN_SCHEME for predicate, _ in own):
            entities[iri] = (*quads, Quad(topic, _IN_SCHEME, scheme, graph))
    if entities == registry.entities:
        return registry
    title = Quad(scheme, _TITLE, Literal(about.title, language=about.language), graph)
    return replace(registry, entities=entities, scheme=(Quad(scheme, _A, _SCHEME, graph), title))
