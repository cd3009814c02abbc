"""The VoID description of the dataset: statistics, subsets, partitions, vocabularies and links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from communique.formats import DATASET_FILES
from communique.publish.counts import Counts
from communique.publish.describe.graph import DescriptionGraph, literal, short_name
from communique.terms import PREFIXES

_SUBSETS: Final = (
    ("facts", "Facts that the texts state, one named graph per release"),
    ("inferred", "Facts that a reader or a rule concluded, one named graph per release"),
    ("evidence", "Evidence: passages, what they support, and why something was inferred, one named graph per release"),
    ("page", "Facts of the web pages around the releases, one named graph per page"),
    ("registry", "Registry of entities, one named graph"),
)
_DUMPS: Final = tuple(file.path for file in DATASET_FILES if file.selects == "pairs")


def add_void(graph: DescriptionGraph, counts: Counts, examples: Sequence[str] = ()) -> None:
    """Add the VoID description to a graph: subsets, class and property partitions, vocabularies, linksets.

    ``examples`` are IRIs of releases to start from (void:exampleResource); three are enough. No blank node; the same
    input gives the same bytes. See https://www.w3.org/TR/void/.
    """
    dataset = graph.about
    names = [*counts.classes, *counts.properties]
    vocabularies = sorted({space for space in PREFIXES.values() for name in names if name.startswith(space)})
    subsets = [name for name, _ in _SUBSETS if getattr(counts, name)]
    publisher = dataset.publisher
    graph.add(
        graph.site + "void.ttl",
        ("rdf:type", "void:DatasetDescription"),
        ("dcterms:title", graph.words(dataset.title)),
        ("foaf:primaryTopic", graph.part()),
    )
    graph.add(
        graph.part(),
        ("rdf:type", "void:Dataset"),
        ("dcterms:title", graph.words(dataset.title)),
        ("dcterms:description", graph.words(dataset.description)),
        ("dcterms:publisher", graph.publisher if publisher else None),
        ("dcterms:license", dataset.license),
        ("foaf:homepage", graph.site),
        ("void:uriSpace", literal(dataset.base)),
        *(("void:exampleResource", iri) for iri in examples[:3]),
        *(("void:dataDump", graph.site + path) for path in _DUMPS),
        *(("void:vocabulary", iri) for iri in vocabularies),
        ("void:triples", literal(counts.triples)),
        ("void:entities", literal(counts.entities)),
        ("void:classes", literal(len(counts.classes))),
        ("void:properties", literal(len(counts.properties))),
        *(("void:subset", graph.part(name)) for name in (*subsets, *_linksets(counts))),
        *(("void:classPartition", graph.part("class-" + short_name(c))) for c in counts.classes),
        *(("void:propertyPartition", graph.part("property-" + short_name(p))) for p in counts.properties),
    )
    if publisher:
        graph.add(graph.publisher, ("rdf:type", "foaf:Agent"), ("foaf:name", graph.words(publisher.name)))
    _add_parts(graph, counts)
    _add_linksets(graph, counts)


def _add_parts(graph: DescriptionGraph, counts: Counts) -> None:
    """Subsets with their triples, classes with their entities, properties with their triples."""
    for name, title in _SUBSETS:
        number: int = getattr(counts, name)
        if number:
            graph.add(
                graph.part(name),
                ("rdf:type", "void:Dataset"),
                ("dcterms:title", literal(title, language="en")),
                ("void:triples", literal(number)),
            )
    for iri, number in counts.classes.items():
        node = graph.part("class-" + short_name(iri))
        graph.add(node, ("rdf:type", "void:Dataset"), ("void:class", iri), ("void:entities", literal(number)))
    for iri, number in counts.properties.items():
        node = graph.part("property-" + short_name(iri))
        graph.add(node, ("rdf:type", "void:Dataset"), ("void:property", iri), ("void:triples", literal(number)))


def _linksets(counts: Counts) -> dict[str, tuple[str, str, int]]:
    """Link property, target and number of triples of each linkset, keyed by the name of its node."""
    return {
        f"links-{short_name(predicate)}-{quote(_host(target))}": (predicate, target, number)
        for (predicate, target), number in counts.links.items()
    }


def _host(target: str) -> str:
    return target.rpartition("://")[2].rstrip("/:")


def _add_linksets(graph: DescriptionGraph, counts: Counts) -> None:
    for name, (predicate, target, number) in _linksets(counts).items():
        there = graph.part("target-" + quote(_host(target)))
        graph.add(
            graph.part(name),
            ("rdf:type", "void:Linkset"),
            ("dcterms:title", literal(f"Links to {_host(target)}", language="en")),
            ("void:linkPredicate", predicate),
            ("void:subjectsTarget", graph.part()),
            ("void:objectsTarget", there),
            ("void:triples", literal(number)),
        )
        graph.add(
            there,
            ("rdf:type", "void:Dataset"),
            ("dcterms:title", literal(_host(target), language="en")),
            ("void:uriSpace", literal(target)),
        )
