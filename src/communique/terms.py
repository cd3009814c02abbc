"""The namespaces and the few IRIs that the program itself has to spell; all others stand in ``ontology/``."""

from __future__ import annotations

from typing import Final

SCHEMA: Final = "http://schema.org/"
CMQ: Final = "https://w3id.org/communique/ns#"
FABIO: Final = "http://purl.org/spar/fabio/"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
OA: Final = "http://www.w3.org/ns/oa#"
ORG: Final = "http://www.w3.org/ns/org#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCTERMS: Final = "http://purl.org/dc/terms/"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"

PREFIXES: Final[dict[str, str]] = {
    "cmq": CMQ,
    "dcterms": DCTERMS,
    "fabio": FABIO,
    "foaf": FOAF,
    "oa": OA,
    "org": ORG,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "skos": SKOS,
    "xsd": XSD,
}
"""Prefixes of every Turtle, TriG and SPARQL text that the program writes."""

DESCRIPTION_PREFIXES: Final[dict[str, str]] = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": SKOS,
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": XSD,
}
"""Prefixes of the description of a dataset: DCAT-AP, VoID, service description."""

EU_AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"
"""Lists of the EU Publications Office that DCAT-AP asks for: themes, languages, file types, frequencies."""

MEDIA_TYPES: Final = "http://www.iana.org/assignments/media-types/"
"""A media type as an IRI, as DCAT asks for it."""

DEFAULT_BASE: Final = "https://w3id.org/communique/id/"
"""Base IRI of a newsroom whose ``dataset.yaml`` names none."""

ONTOLOGY: Final = "https://w3id.org/communique/ns"
"""IRI of the ontology; fixed, whatever the base of a newsroom."""

TYPE: Final = RDF + "type"


def compact(iri: str) -> str:
    """An IRI with the prefix under which it is known, or whole.

    >>> compact("http://schema.org/name")
    'schema:name'
    """
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri
