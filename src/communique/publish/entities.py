"""What the whole dataset says of one entity, from every release that speaks of it, in every syntax."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from communique.export.pagejson import render_page_jsonld
from communique.export.rdf import render
from communique.formats import FORMATS
from communique.terms import CMQ, OA, RDF, SCHEMA, TYPE

if TYPE_CHECKING:
    from communique.api import Newsroom

_A = NamedNode(TYPE)
_SUBJECT, _OBJECT = NamedNode(RDF + "subject"), NamedNode(RDF + "object")
_EVIDENCE, _HAS_SOURCE = NamedNode(CMQ + "evidence"), NamedNode(OA + "hasSource")
_LABELS: Final = (_A, NamedNode(SCHEMA + "name"), NamedNode(SCHEMA + "headline"))


def open_work_store(folder: Path, dump: Path) -> Store:
    """A store on disk with all quads of the publication, for as long as it is built."""
    store = Store(str(folder))
    store.bulk_load(path=str(dump), format=RdfFormat.N_QUADS)
    return store


def write_entities(stage: Path, store: Store, newsroom: Newsroom, watch: Callable[..., Iterator[str]]) -> list[str]:
    """Write ``<kind>/<name>/index.*`` and ``page.jsonld`` of every entity that outlives a release; their paths."""
    base = newsroom.dataset.base
    found = entities(store, base)
    paths = []
    for iri in watch(found, "entities", len(found)):
        path = iri.removeprefix(base)
        folder = stage / path
        folder.mkdir(parents=True)
        quads = list(describe(store, NamedNode(iri)))
        for fmt in FORMATS.values():
            body = (
                render_page_jsonld(quads, release=iri, context=newsroom.context)
                if fmt.name == "page-jsonld"
                else render(quads, fmt, base=base, context=newsroom.context)
            )
            name = fmt.suffix if fmt.name == "page-jsonld" else f"index.{fmt.suffix}"
            (folder / name).write_bytes(body)
        paths.append(f"{path}/")
    return paths


def entities(store: Store, base: str) -> list[str]:
    """IRIs of the nodes that have a page of their own: those with a class whose IRI has a path, releases apart."""
    subjects = (str(quad.subject)[1:-1] for quad in store.quads_for_pattern(None, _A, None))
    release = f"{base}release/"
    return sorted({iri for iri in subjects if iri.startswith(base) and "#" not in iri and not iri.startswith(release)})


def describe(store: Store, node: NamedNode) -> Iterator[Quad]:
    """All that is said of a node and with it, with the evidence of each fact, and the names of its neighbours.

    That is: its facts, the facts that point to it, the statement nodes of both with their passages, the passages of the
    node itself, and class and name of every node at the other end.
    """
    own = [*store.quads_for_pattern(node, None, None)]
    towards = [q for q in store.quads_for_pattern(None, None, node) if q.predicate not in (_SUBJECT, _OBJECT)]
    statements = {q.subject for p in (_SUBJECT, _OBJECT) for q in store.quads_for_pattern(None, p, node)}
    about = [q for s in sorted(statements, key=str) for q in store.quads_for_pattern(s, None, None)]
    passages = {q.object for q in [*own, *about] if q.predicate == _EVIDENCE}
    proofs = [q for p in passages if isinstance(p, NamedNode) for q in store.quads_for_pattern(p, None, None)]
    sources = {q.object for q in proofs if q.predicate == _HAS_SOURCE}
    ends = {q.object for q in own} | {q.subject for q in towards} | sources
    seen: dict[Quad, None] = dict.fromkeys([*own, *towards, *about, *proofs])
    for end in ends:
        if isinstance(end, NamedNode) and end not in passages:
            for label in _LABELS:
                seen.update(dict.fromkeys(store.quads_for_pattern(end, label, None)))
    yield from seen
