"""The description of the SPARQL service, with its true limits (SPARQL 1.1 Service Description)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from communique.iris import own_iri, without_base
from communique.serve.publication import NEGOTIATED, Publication
from communique.serve.settings import Settings
from communique.serve.writing import Limits, write_triples
from communique.terms import DESCRIPTION_PREFIXES, PREFIXES, VOID, XSD

_SD: Final = DESCRIPTION_PREFIXES["sd"]
_W3C: Final = "http://www.w3.org/ns/formats/"
_RESULTS: Final = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_TYPE: Final = ox.NamedNode(PREFIXES["rdf"] + "type")


def describe(publication: Publication, settings: Settings, media_type: str, *, union: bool) -> bytes:
    """The description of the service in an RDF syntax; its address is that below the home page of the site.

    ``union``: its default graph is the union of all named graphs.
    """
    limits = Limits(1_000_000, 1 << 30, 0)
    return write_triples(_triples(publication, settings, publication.site + "sparql", union), media_type, limits)


def _triples(publication: Publication, settings: Settings, endpoint: str, union: bool) -> Iterator[ox.Triple]:
    service, dataset, default = (ox.NamedNode(f"{endpoint}{part}") for part in ("#service", "#dataset", "#default"))
    yield from (
        ox.Triple(service, _TYPE, _sd("Service")),
        ox.Triple(service, _sd("endpoint"), ox.NamedNode(endpoint)),
        ox.Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        ox.Triple(service, _sd("defaultDataset"), dataset),
        ox.Triple(dataset, _TYPE, _sd("Dataset")),
        ox.Triple(dataset, _sd("defaultGraph"), default),
        ox.Triple(default, _TYPE, _sd("Graph")),
        ox.Triple(service, _rdfs("comment"), ox.Literal(_limits(settings, union), language="en")),
        ox.Triple(service, _rdfs("seeAlso"), ox.NamedNode(own_iri(publication.base, "dataset"))),
    )
    if union:
        yield ox.Triple(service, _sd("feature"), _sd("UnionDefaultGraph"))
    names = [*_RESULTS, *(one.title.replace("/", "_") for one in NEGOTIATED)]
    for name in names:
        yield ox.Triple(service, _sd("resultFormat"), ox.NamedNode(_W3C + name))
    for iri in sorted(publication.graphs):
        graph = ox.NamedNode(f"{endpoint}#graph-{without_base(iri, publication.base).replace('/', '-')}")
        yield ox.Triple(dataset, _sd("namedGraph"), graph)
        yield ox.Triple(graph, _TYPE, _sd("NamedGraph"))
        yield ox.Triple(graph, _sd("name"), ox.NamedNode(iri))
    triples = publication.counts.get("triples")
    if isinstance(triples, int):
        number = ox.Literal(str(triples), datatype=ox.NamedNode(XSD + "integer"))
        yield ox.Triple(default, ox.NamedNode(VOID + "triples"), number)


def _limits(settings: Settings, union: bool) -> str:
    text = (
        f"Reading only. A query may take {settings.query_seconds:g} s, have {settings.query_url_bytes:,} bytes in "
        f"an address and {settings.query_body_bytes:,} in a body, and nest brackets {settings.query_depth} deep. An "
        f"answer has at most {settings.result_rows:,} rows or triples and {settings.result_bytes:,} bytes, and is "
        "whole or an error. There is no SERVICE."
    )
    return text + " The default graph is the union of all named graphs." if union else text


def _rdfs(name: str) -> ox.NamedNode:
    return ox.NamedNode(PREFIXES["rdfs"] + name)


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SD + name)
