"""The graph about the dataset: its licence, the rights in the texts, its publisher, and the program that made it."""

from __future__ import annotations

from importlib.metadata import version

from pyoxigraph import Literal, NamedNode, Quad

from communique.compile.literals import nfc
from communique.ids import DATASET
from communique.iris import graph_iri, part_iri
from communique.read.dataset import Dataset
from communique.terms import DCTERMS, FOAF, PROV, RDFS, TYPE, XSD

PROGRAM = "communique"


def dataset_graph(base: str) -> str:
    """The IRI of the named graph about the dataset."""
    return graph_iri(base, DATASET)


def about_quads(about: Dataset) -> tuple[Quad, ...]:
    """The quads of the graph about the dataset, sorted; the graphs of releases are parts of it (dcterms:isPartOf).

    The program has its version, so that only this graph changes when another version compiles the same records.
    """
    dataset, build, software, rights, publisher = (
        NamedNode(part_iri(about.base, name)) for name in ("", "build", "software", "rights", "publisher")
    )
    day = NamedNode(XSD + "date")
    facts: list[tuple[NamedNode, str, NamedNode | Literal | None]] = [
        (dataset, TYPE, NamedNode(PROV + "Entity")),
        (dataset, DCTERMS + "title", Literal(nfc(about.title), language=about.language)),
        (dataset, DCTERMS + "license", NamedNode(about.license) if about.license else None),
        (dataset, DCTERMS + "issued", Literal(about.issued, datatype=day) if about.issued else None),
        (dataset, DCTERMS + "modified", Literal(about.modified, datatype=day) if about.modified else None),
        (dataset, PROV + "wasGeneratedBy", build),
        (build, TYPE, NamedNode(PROV + "Activity")),
        (build, PROV + "wasAssociatedWith", software),
        (software, TYPE, NamedNode(PROV + "SoftwareAgent")),
        (software, RDFS + "label", Literal(f"{PROGRAM} {version(PROGRAM)}")),
    ]
    if about.text_rights:
        facts += [
            (dataset, DCTERMS + "rights", rights),
            (rights, TYPE, NamedNode(DCTERMS + "RightsStatement")),
            (rights, RDFS + "label", Literal(nfc(about.text_rights), language=about.language)),
        ]
    if about.publisher:
        facts += [
            (dataset, DCTERMS + "publisher", publisher),
            (publisher, TYPE, NamedNode(FOAF + "Agent")),
            (publisher, FOAF + "name", Literal(nfc(about.publisher.name), language=about.language)),
        ]
    graph = NamedNode(dataset_graph(about.base))
    quads = (Quad(subject, NamedNode(name), value, graph) for subject, name, value in facts if value is not None)
    return tuple(sorted(quads, key=str))
