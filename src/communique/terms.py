"""The namespaces and the few IRIs that the code itself names; all others are defined in ``ontology/``."""

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
PROV: Final = "http://www.w3.org/ns/prov#"
VOID: Final = "http://rdfs.org/ns/void#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"

PREFIXES: Final[dict[str, str]] = {
    "cmq": CMQ,
    "dcterms": DCTERMS,
    "fabio": FABIO,
    "foaf": FOAF,
    "oa": OA,
    "org": ORG,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "skos": SKOS,
    "xsd": XSD,
}
"""The prefixes in every Turtle, TriG and SPARQL text that the program writes."""

DESCRIPTION_PREFIXES: Final[dict[str, str]] = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": SKOS,
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": VOID,
    "xsd": XSD,
}
"""The prefixes in the description of a dataset: DCAT-AP, VoID, SPARQL service description."""

EU_AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"
"""The namespace of the EU Publications Office's lists that DCAT-AP requires: themes, languages, file types."""

MEDIA_TYPES: Final = "http://www.iana.org/assignments/media-types/"
"""The namespace of media types as IRIs, which DCAT requires."""

EDTF: Final = "http://id.loc.gov/datatypes/edtf/EDTF"
"""The datatype of Extended Date/Time Format (ISO 8601-2), for parts of years."""

DEFAULT_BASE: Final = "https://w3id.org/communique/id/"
"""The base IRI of a newsroom whose ``dataset.yaml`` names none."""

ONTOLOGY: Final = "https://w3id.org/communique/ns"
"""The IRI of the ontology, which does not depend on the base of a newsroom."""

TYPE: Final = RDF + "type"


def compact(iri: str) -> str:
    """An IRI in compact form if one of `PREFIXES` fits, or else in full.

    >>> compact("http://schema.org/name")
    'schema:name'
    """
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri
