"""Full-text indexes of a few made-up texts, for tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyoxigraph as ox

from communique.serve.fulltext import FullText, Hits
from communique.serve.indexing import NAME, write_index

BASE = "https://news.example/id/"
SCHEMA = "http://schema.org/"
GRAPH = ox.NamedNode(BASE + "graph/x")


def fulltext(
    folder: Path, facts: Iterable[tuple[str, str, str, str]], texts: dict[str, str] | None = None, seconds: float = 5
) -> FullText:
    """The index of facts (id, name of a property of schema.org, text, language) and of texts of releases by id."""
    store, files = ox.Store(), {}
    for iri, name, text, language in facts:
        literal = ox.Literal(text, language=language) if language else ox.Literal(text)
        store.add(ox.Quad(ox.NamedNode(BASE + iri), ox.NamedNode(SCHEMA + name), literal, GRAPH))
        files[iri + "/index.ttl"] = b""
    kind = ox.NamedNode("http://purl.org/spar/fabio/PressRelease")
    for iri, text in (texts or {}).items():
        store.add(ox.Quad(ox.NamedNode(BASE + iri), ox.NamedNode(RDF_TYPE), kind, GRAPH))
        files |= {iri + "/index.ttl": b"", iri + "/source.txt": text.encode()}
    publication: Any = SimpleNamespace(
        base=BASE, files={name: name for name in files}, has_graph=lambda path: True, read=files.__getitem__
    )
    write_index(publication, store, folder / NAME)
    return FullText(folder / NAME, seconds)


def find(index: FullText, text: str, language: str = "en", *kinds: str) -> Hits:
    return index.find(text, language, kinds, 0, 1000)


def ids(hits: Hits) -> list[str]:
    return [hit.thing.iri.removeprefix(BASE) for hit in hits.hits]


RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
