"""All quads of a publication being built, in a store on disk, and selections of them for one node."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import NamedNode, RdfFormat, Store

from communique.drawing.facts import APPROVES, DATES, END, FEATURED, PUBLICATION
from communique.drawing.picture import TIES
from communique.export.order import Row, Rows, known_graph, subject_of
from communique.ids import REGISTRY
from communique.iris import (
    is_inner,
    is_own,
    is_statement,
    kind_of,
    read_inner,
    read_release,
    release_iri,
    slug_in,
    statement_iri,
)
from communique.publish.lookups import LookUps
from communique.terms import CMQ, OA, ORG, RDF, SCHEMA, TYPE

_SUBJECT, _PREDICATE = RDF + "subject", RDF + "predicate"
_ENDS: Final = (_SUBJECT, RDF + "object")
_ROLE_ENDS: Final = (ORG + "member", ORG + "organization")
_EVIDENCE, _HAS_SOURCE = CMQ + "evidence", OA + "hasSource"
_IS_INFERRED: Final = (CMQ + "basis", NamedNode(CMQ + "inferred"))
_SPEAKS: Final = (SCHEMA + "about", SCHEMA + "mentions")
_GENRE: Final = SCHEMA + "genre"
_LABELS: Final = (TYPE, *(SCHEMA + name for name in ("name", "headline", "eventStatus")))
"""Class and name, and the status of an event: the name alone would hide that it was called off."""
TITLES: Final = (*_LABELS[:-1], *(SCHEMA + name for name in ("text", "audienceType", "roleName")))
"""Class, and every property that can give the title of a node on a page."""

_PARTS_OF_NAME: Final = (*_LABELS[:-1], *(SCHEMA + name for name in ("honorificPrefix", "givenName")))
"""Class, and the properties that make up a name in a picture."""


AT_ONCE: Final = 50_000
"""Quads that are loaded at once: fifty megabytes of memory; fewer save little, and cost time."""


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
    subjects = {subject_of(quad) for quad in store.quads_for_pattern(None, NamedNode(TYPE), None)}
    return sorted(iri for iri in subjects if kind_of(iri, base) not in ("", "release"))


def target_of(row: Row) -> str:
    """The IRI of the object of a row; "" if that is a literal."""
    value = row[2]
    return value.value if isinstance(value, NamedNode) else ""


def ends_of(rows: Iterable[Row]) -> Iterator[str]:
    """The IRIs of the subjects and of the objects."""
    for row in rows:
        yield row[0]
        if end := target_of(row):
            yield end


class Around(NamedTuple):
    """The facts of a node, those that point to it, and the IRIs of the statement nodes of both."""

    own: Sequence[Row]
    towards: Sequence[Row]
    statements: list[str]


def read_around(store: LookUps, node: str) -> Around:
    """What is around a node, from all releases."""
    towards = store.rows(value=NamedNode(node))
    statements = {row[0] for row in towards if row[1] in _ENDS}
    return Around(store.rows(node), [row for row in towards if row[1] not in _ENDS], sorted(statements))


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
    for subject, iri, _, name in around.towards:
        if iri in _SPEAKS:
            slug = read_release(subject, base)
            if slug is not None and known_graph(name, base) in ((slug, ""), (slug, "inferred")):
                speaking.add(slug)
    for _, iri, _, name in (*around.own, *around.towards):
        graph = known_graph(name, base)
        if graph.part == "page" or iri == _GENRE:
            others.add(graph.of_release)
    rank = ranks.__getitem__
    return Releases(sorted(speaking, key=rank), sorted(others - {"", *speaking}, key=rank))


def describe(store: LookUps, base: str, node: str, labels: Iterable[str] = _LABELS) -> Iterable[Row]:
    """All that is said of a node, by all releases: see `describe_around`."""
    return describe_around(store, base, read_around(store, node), labels)


def describe_around(store: LookUps, base: str, around: Around, labels: Iterable[str] = _LABELS) -> Iterable[Row]:
    """All that is said of a node: its facts in both directions, their evidence, and the names of its neighbours.

    That is: its facts, the facts that point to it, the statement nodes of both with their passages, the passages of the
    node itself, and class and name (and status, of an event) of every node at the other end, taken from the same
    release as the fact or from the registry.
    A class or a name that is inferred anywhere comes with that inference and its mark. ``labels`` are the properties
    that name a neighbour; by default none whose text misleads on its own, such as that of a statement without its
    speaker.
    """
    own, towards, statements = around
    about = [row for statement in statements for row in store.rows(statement)]
    passages = dict.fromkeys(target_of(row) for row in (*own, *about) if row[1] == _EVIDENCE)
    proofs = [row for passage in passages if passage for row in store.rows(passage)]
    seen: dict[Row, None] = dict.fromkeys([*own, *towards, *about, *proofs])
    ends: dict[str, set[str]] = {}
    sources = [(target_of(row), row) for row in proofs if row[1] == _HAS_SOURCE]
    for end, row in [*((target_of(row), row) for row in own), *((row[0], row) for row in towards), *sources]:
        if end and end not in passages:
            ends.setdefault(end, set()).add(known_graph(row[3], base).slug)
    for end, slugs in ends.items():
        seen.update(dict.fromkeys(_class_and_name(store, base, _labels_of(store, end, labels), slugs)))
    return seen


def with_mark(store: LookUps, base: str, fact: Row) -> Iterator[Row]:
    """The fact, and if it is in a graph of inferred facts, the mark that says so, without its passages."""
    yield fact
    if known_graph(fact[3], base).part == "inferred" and (mark := mark_of(base, fact)):
        rows = store.rows(mark)
        if any(row[1:3] == _IS_INFERRED for row in rows):
            yield from (row for row in rows if row[1] != _EVIDENCE)


def _labels_of(store: LookUps, node: str, labels: Iterable[str]) -> list[Row]:
    return [row for label in labels for row in store.rows(node, label)]


def _class_and_name(store: LookUps, base: str, found: Iterable[Row], slugs: Iterable[str]) -> Iterator[Row]:
    """Of the labels of a node those from the registry and some releases; every other inference of one, and its mark."""
    graphs, wanted = [(row, known_graph(row[3], base)) for row in found], {REGISTRY, *slugs}
    near = [row for row, graph in graphs if graph.slug in wanted] or [row for row, _ in graphs]
    yield from near
    said = {row[1:3] for row, graph in graphs if graph.part == "inferred"}
    if said:
        said &= {row[1:3] for row in near}
    for row, graph in graphs:
        if said and graph.part == "inferred" and row[1:3] in said:
            yield from with_mark(store, base, row)


def describe_inner(store: LookUps, base: str, near: Iterable[Row]) -> Iterator[Row]:
    """All that is said of the nodes that ``near`` refers to and that have no document of their own.

    Those are roles, statements, groups and invitations inside releases, codes of entities, and the scheme of topics.

    Each is whole, so that no part of it misleads: its facts, with the marks of those that are inferred, and class and
    name of every node that they lead to, taken from the same release or from the registry.
    """
    named: set[tuple[str, str]] = set()
    labels: dict[str, list[Row]] = {}
    for node in sorted(end for end in set(ends_of(near)) if _is_part(end, base)):
        for row in store.rows(node):
            graph, value = known_graph(row[3], base), target_of(row)
            if graph.part not in ("", "inferred"):
                continue
            yield from with_mark(store, base, row)
            if value and row[1] != TYPE and (value, graph.slug) not in named:
                named.add((value, graph.slug))
                if value not in labels:
                    labels[value] = _labels_of(store, value, _LABELS)
                yield from _class_and_name(store, base, labels[value], [graph.slug])


def _is_part(iri: str, base: str) -> bool:
    """Whether an IRI is that of a node inside a release, or of a part of an entity or of the dataset."""
    if read_inner(iri, base):
        return not is_statement(iri)
    return is_own(iri, base) and is_inner(iri) and not slug_in(iri, base)


def neighbourhood(store: LookUps, base: str, iri: str, within: Collection[str] = ()) -> Rows:
    """What the picture and the timeline of an entity need of a store.

    Its relations and its roles with their marks, the names of all nodes, and their dates with the evidence for them.
    With ``within`` only those relations and roles that releases with these slugs state ("" for the registry).
    """
    node = NamedNode(iri)

    def stated(rows: Iterable[Row]) -> Iterable[Row]:
        return (row for row in rows if known_graph(row[3], base).of_release in within) if within else rows

    ties: list[Row] = []
    for term in TIES:
        ties += [*stated(store.rows(iri, term)), *stated(store.rows("", term, node))]
    roles = {row[0] for end in _ROLE_ENDS for row in stated(store.rows("", end, node))}
    for role in sorted(roles):
        for term in (*_ROLE_ENDS, SCHEMA + "roleName", CMQ + "attestedOn"):
            ties += store.rows(role, term)
    ends_of_ties = {iri, *ends_of(ties)}
    deeds = {row for end in ends_of_ties for row in stated(_acts_and_events(store, end))} - set(ties)
    ties += sorted(deeds, key=_in_order)
    marks = {mark for tie in ties if (mark := mark_of(base, tie))}
    found = [*ties, *(row for mark in sorted(marks) for row in store.rows(mark))]
    for end in sorted({iri, *ends_of(ties)}):
        found += _labels_of(store, end, _PARTS_OF_NAME)
        dates = _labels_of(store, end, (*DATES, END))
        if dates and end in ends_of_ties:
            found += [*dates, *_proofs(store, end, {row[1] for row in dates})]
    return Rows(dict.fromkeys(found))


def _acts_and_events(store: LookUps, node: str) -> Iterator[Row]:
    """What an act approved, and what an event featured and published."""
    yield from store.rows(node, APPROVES)
    yield from store.rows(node, FEATURED)
    yield from store.rows("", PUBLICATION, NamedNode(node))


def _proofs(store: LookUps, node: str, properties: set[str]) -> Iterator[Row]:
    """The statement nodes of the facts of a node with these properties, its own passages and theirs."""
    about = [*store.rows(node, _EVIDENCE)]
    for found in store.rows("", _SUBJECT, NamedNode(node)):
        mark = store.rows(found[0])
        if any(target_of(row) in properties for row in mark if row[1] == _PREDICATE):
            about += mark
    yield from about
    for row in about:
        if row[1] == _EVIDENCE and (passage := target_of(row)):
            yield from store.rows(passage)


def mark_of(base: str, fact: Row) -> str:
    """The IRI of the statement node of a fact in the graph of a release; "" for a fact of the registry."""
    subject, iri, value, name = fact
    slug = known_graph(name, base).of_release
    return statement_iri(release_iri(base, slug), f"<{subject}> <{iri}> {value}") if slug else ""


def _in_order(row: Row) -> str:
    subject, iri, value, name = row
    return f"<{subject}> <{iri}> {value} <{name}>"
