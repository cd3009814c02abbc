"""All quads of a publication being built, in a store on disk, and selections of them for one node."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, Protocol, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple

from communique.compile.evidencegraph import marks_of_inference, statement_node
from communique.drawing.facts import APPROVES, DATES, END, FEATURED, PUBLICATION
from communique.drawing.picture import TIES
from communique.export.order import own_graph, subject_of
from communique.ids import REGISTRY
from communique.iris import is_inner, is_own, is_statement, kind_of, read_inner, read_release, release_iri, slug_in
from communique.terms import CMQ, OA, ORG, RDF, SCHEMA, TYPE

_A = NamedNode(TYPE)
_SUBJECT, _OBJECT = NamedNode(RDF + "subject"), NamedNode(RDF + "object")
_EVIDENCE, _HAS_SOURCE = NamedNode(CMQ + "evidence"), NamedNode(OA + "hasSource")
_SPEAKS: Final = (NamedNode(SCHEMA + "about"), NamedNode(SCHEMA + "mentions"))
_GENRE: Final = NamedNode(SCHEMA + "genre")
_LABELS: Final = (_A, *(NamedNode(SCHEMA + name) for name in ("name", "headline", "eventStatus")))
"""Class and name, and the status of an event: the name alone would hide that it was called off."""
TITLES: Final = (*_LABELS[:-1], *(NamedNode(SCHEMA + name) for name in ("text", "audienceType", "roleName")))
"""Class, and every property that can give the title of a node on a page."""

_PARTS_OF_NAME: Final = (*_LABELS[:-1], *(NamedNode(SCHEMA + name) for name in ("honorificPrefix", "givenName")))
"""Class, and the properties that make up a name in a picture."""


AT_ONCE: Final = 50_000
"""Quads that are loaded at once: fifty megabytes of memory; fewer save little, and cost time."""


Subject: TypeAlias = NamedNode | BlankNode | Triple
"""What the library takes for the subject of a quad; ours are named."""


class QuadSource(Protocol):
    """What can be asked for the quads with some terms: the store, or the store with a note of each look-up."""

    def quads_for_pattern(
        self, subject: Subject | None, predicate: NamedNode | None, value: Subject | Literal | None, /
    ) -> Iterator[Quad]:
        """The quads that match."""


def make_work_store(folder: Path, dump: Path) -> None:
    """Load all quads into a new store in ``folder``, which any number of processes may then open for reading.

    The library holds what it loads at once in memory, so this takes no more than `AT_ONCE` quads at a time.
    """
    store = Store(str(folder))
    with dump.open("rb") as lines:
        while part := b"".join(islice(lines, AT_ONCE)):
            store.bulk_load(input=part, format=RdfFormat.N_QUADS)


def entities(store: Store, base: str) -> list[str]:
    """IRIs of the nodes with a page of their own: those with a class and the IRI of a kind, other than releases."""
    subjects = {subject_of(quad) for quad in store.quads_for_pattern(None, _A, None)}
    return sorted(iri for iri in subjects if kind_of(iri, base) not in ("", "release"))


class Around(NamedTuple):
    """The quads around a node: its facts, the facts that point to it, and the statement nodes of both."""

    own: list[Quad]
    towards: list[Quad]
    statements: list[NamedNode]


def read_around(store: QuadSource, node: NamedNode) -> Around:
    """The quads around a node, from all releases."""
    statements = {q.subject for p in (_SUBJECT, _OBJECT) for q in store.quads_for_pattern(None, p, node)}
    return Around(
        [*store.quads_for_pattern(node, None, None)],
        [q for q in store.quads_for_pattern(None, None, node) if q.predicate not in (_SUBJECT, _OBJECT)],
        sorted((one for one in statements if isinstance(one, NamedNode)), key=str),
    )


class Releases(NamedTuple):
    """The slugs of the releases of an entity: those that speak of it, and others.

    Others are those that do not speak of it but have it as their genre, or whose web pages speak of it.
    """

    speaking: list[str]
    others: list[str]


def releases_of(around: Around, base: str, ranks: Mapping[str, int]) -> Releases:
    """The releases of the node that these quads are around, by rank: that of the newest is the lowest.

    Those that speak of it are about it or mention it. By rule a release mentions all that its record describes, so this
    includes every release in which the node, or a role or statement of it, is part of a fact. A graph that only gives
    class and name of a neighbour does not count, and neither does the web page around a release. The same as
    ``queries/releases-about.rq``.
    """
    speaking, others = set(), set()
    for quad in around.towards:
        if quad.predicate in _SPEAKS:
            slug = read_release(subject_of(quad), base)
            if slug is not None and own_graph(quad, base) in ((slug, ""), (slug, "inferred")):
                speaking.add(slug)
    for quad in (*around.own, *around.towards):
        graph = own_graph(quad, base)
        if graph.part == "page" or quad.predicate == _GENRE:
            others.add(graph.of_release)
    rank = ranks.__getitem__
    return Releases(sorted(speaking, key=rank), sorted(others - {"", *speaking}, key=rank))


def describe(store: QuadSource, base: str, node: NamedNode, labels: Iterable[NamedNode] = _LABELS) -> Iterator[Quad]:
    """All quads about a node, from all releases: see `describe_around`."""
    return describe_around(store, base, read_around(store, node), labels)


def describe_around(
    store: QuadSource, base: str, around: Around, labels: Iterable[NamedNode] = _LABELS
) -> Iterator[Quad]:
    """All quads about a node: its facts in both directions, their evidence, and the names of its neighbours.

    That is: its facts, the facts that point to it, the statement nodes of both with their passages, the passages of the
    node itself, and class and name (and status, of an event) of every node at the other end, taken from the same
    release as the fact or from the registry.
    A class or a name that is inferred anywhere comes with that inference and its mark. ``labels`` are the properties
    that name a neighbour; by default none whose text misleads on its own, such as that of a statement without its
    speaker.
    """
    own, towards, statements = around
    about = [q for s in statements for q in store.quads_for_pattern(s, None, None)]
    passages = {q.object for q in [*own, *about] if q.predicate == _EVIDENCE}
    proofs = [q for p in passages if isinstance(p, NamedNode) for q in store.quads_for_pattern(p, None, None)]
    seen: dict[Quad, None] = dict.fromkeys([*own, *towards, *about, *proofs])
    ends: dict[NamedNode, set[str]] = {}
    sources = [(q.object, q) for q in proofs if q.predicate == _HAS_SOURCE]
    for end, quad in [*((q.object, q) for q in own), *((q.subject, q) for q in towards), *sources]:
        if isinstance(end, NamedNode) and end not in passages:
            ends.setdefault(end, set()).add(own_graph(quad, base).slug)
    for end, slugs in ends.items():
        seen.update(dict.fromkeys(_class_and_name(store, base, _labels_of(store, end, labels), slugs)))
    yield from seen


def with_mark(store: QuadSource, base: str, fact: Quad) -> Iterator[Quad]:
    """The fact, and if it is in a graph of inferred facts, the mark that says so, without its passages."""
    yield fact
    if own_graph(fact, base).part == "inferred":
        for mark in _mark(base, fact):
            yield from marks_of_inference(store.quads_for_pattern(mark, None, None))


def _labels_of(store: QuadSource, node: NamedNode, labels: Iterable[NamedNode]) -> list[Quad]:
    return [q for label in labels for q in store.quads_for_pattern(node, label, None)]


def _class_and_name(store: QuadSource, base: str, found: Iterable[Quad], slugs: Iterable[str]) -> Iterator[Quad]:
    """Of the labels of a node those from the registry and some releases; every other inference of one, and its mark."""
    graphs, wanted = [(q, own_graph(q, base)) for q in found], {REGISTRY, *slugs}
    near = [q for q, graph in graphs if graph.slug in wanted] or [q for q, _ in graphs]
    yield from near
    said = {(q.predicate, q.object) for q, graph in graphs if graph.part == "inferred"}
    said &= {(q.predicate, q.object) for q in near}
    for quad, graph in graphs:
        if said and graph.part == "inferred" and (quad.predicate, quad.object) in said:
            yield from with_mark(store, base, quad)


def describe_inner(store: QuadSource, base: str, near: Iterable[Quad]) -> Iterator[Quad]:
    """All quads about the nodes that ``near`` refers to and that have no document of their own.

    Those are roles, statements, groups and invitations inside releases, codes of entities, and the scheme of topics.

    Each is whole, so that no part of it misleads: its facts, with the marks of those that are inferred, and class and
    name of every node that they lead to, taken from the same release or from the registry.
    """
    ends = {end for quad in near for end in (quad.subject, quad.object) if isinstance(end, NamedNode)}
    inner = {end.value: end for end in ends if _is_part(end.value, base)}
    named: set[tuple[str, str]] = set()
    labels: dict[str, list[Quad]] = {}
    for _, node in sorted(inner.items()):
        for quad in store.quads_for_pattern(node, None, None):
            graph, value = own_graph(quad, base), quad.object
            if graph.part not in ("", "inferred") or not isinstance(value, NamedNode | Literal):
                continue
            yield from with_mark(store, base, quad)
            if isinstance(value, NamedNode) and quad.predicate != _A and (value.value, graph.slug) not in named:
                named.add((value.value, graph.slug))
                if value.value not in labels:
                    labels[value.value] = _labels_of(store, value, _LABELS)
                yield from _class_and_name(store, base, labels[value.value], [graph.slug])


def _is_part(iri: str, base: str) -> bool:
    """Whether an IRI is that of a node inside a release, or of a part of an entity or of the dataset."""
    if read_inner(iri, base):
        return not is_statement(iri)
    return is_own(iri, base) and is_inner(iri) and not slug_in(iri, base)


def neighbourhood(store: QuadSource, base: str, iri: str, within: Collection[str] = ()) -> Iterator[Quad]:
    """The quads of a store that the picture and the timeline of an entity need.

    Its relations and its roles with their marks, the names of all nodes, and their dates with the evidence for them.
    With ``within`` only those relations and roles that releases with these slugs state ("" for the registry).
    """
    node = NamedNode(iri)

    def stated(quads: Iterable[Quad]) -> Iterable[Quad]:
        return (q for q in quads if own_graph(q, base).of_release in within) if within else quads

    ties: list[Quad] = []
    for term in map(NamedNode, TIES):
        ties += [*stated(store.quads_for_pattern(node, term, None)), *stated(store.quads_for_pattern(None, term, node))]
    ends = [NamedNode(ORG + name) for name in ("member", "organization")]
    roles = {q.subject for end in ends for q in stated(store.quads_for_pattern(None, end, node))}
    for role in sorted(roles, key=str):
        for term in (*ends, NamedNode(SCHEMA + "roleName"), NamedNode(CMQ + "attestedOn")):
            ties += store.quads_for_pattern(role, term, None)
    ends_of_ties = {node, *(end for tie in ties for end in (tie.subject, tie.object) if isinstance(end, NamedNode))}
    deeds = {q for end in ends_of_ties for q in stated(_acts_and_events(store, end))} - set(ties)
    ties += sorted(deeds, key=str)
    marks = {mark for tie in ties for mark in _mark(base, tie)}
    found = [*ties, *(q for mark in sorted(marks, key=str) for q in store.quads_for_pattern(mark, None, None))]
    named = {node, *(end for tie in ties for end in (tie.subject, tie.object) if isinstance(end, NamedNode))}
    for end in sorted(named, key=str):
        found += [q for name in _PARTS_OF_NAME for q in store.quads_for_pattern(end, name, None)]
        dates = [q for name in (*DATES, END) for q in store.quads_for_pattern(end, NamedNode(name), None)]
        if dates and end in ends_of_ties:
            found += [*dates, *_proofs(store, end, {q.predicate for q in dates})]
    return iter(dict.fromkeys(found))


def _acts_and_events(store: QuadSource, node: NamedNode) -> Iterator[Quad]:
    """The quads that say what an act approved, and what an event featured and published."""
    yield from store.quads_for_pattern(node, NamedNode(APPROVES), None)
    yield from store.quads_for_pattern(node, NamedNode(FEATURED), None)
    yield from store.quads_for_pattern(None, NamedNode(PUBLICATION), node)


def _proofs(store: QuadSource, node: NamedNode, properties: set[NamedNode]) -> Iterator[Quad]:
    """The statement nodes of the facts of a node with these properties, its own passages and theirs."""
    about = [*store.quads_for_pattern(node, NamedNode(CMQ + "evidence"), None)]
    for found in store.quads_for_pattern(None, NamedNode(RDF + "subject"), node):
        mark = [*store.quads_for_pattern(found.subject, None, None)]
        if any(q.object in properties for q in mark if q.predicate.value == RDF + "predicate"):
            about += mark
    yield from about
    for quad in about:
        if quad.predicate.value == CMQ + "evidence" and isinstance(quad.object, NamedNode):
            yield from store.quads_for_pattern(quad.object, None, None)


def _mark(base: str, fact: Quad) -> Iterator[NamedNode]:
    """The statement node of a fact in the graph of a release."""
    slug = own_graph(fact, base).of_release
    if slug and isinstance(fact.subject, NamedNode) and isinstance(fact.object, NamedNode | Literal):
        yield statement_node(release_iri(base, slug), fact.subject, fact.predicate, fact.object)
