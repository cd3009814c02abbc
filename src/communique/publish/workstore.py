"""All quads of a publication under way, in a store on disk, and what they say of one node."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from communique.terms import CMQ, OA, RDF, SCHEMA, TYPE

_A = NamedNode(TYPE)
_SUBJECT, _OBJECT = NamedNode(RDF + "subject"), NamedNode(RDF + "object")
_EVIDENCE, _HAS_SOURCE = NamedNode(CMQ + "evidence"), NamedNode(OA + "hasSource")
_LABELS: Final = (_A, NamedNode(SCHEMA + "name"), NamedNode(SCHEMA + "headline"))


def make_work_store(folder: Path, dump: Path) -> Store:
    """Load all quads into a new store in ``folder``, and open it for reading: any number of processes may."""
    Store(str(folder)).bulk_load(path=str(dump), format=RdfFormat.N_QUADS)
    return Store.read_only(str(folder))


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
