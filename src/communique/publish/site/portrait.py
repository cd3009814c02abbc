"""What all releases say of an entity, as the store of a publication under way has it, in no language yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Store

from communique.compile.quads import statement_node
from communique.drawing.facts import Facts
from communique.export.order import own_graph, subject_of
from communique.iris import is_inner, is_own, is_statement, release_iri
from communique.publish.site.drawings import Sketch
from communique.publish.site.scene import CALLED, Scene
from communique.publish.site.texts import Texts
from communique.publish.workstore import TITLES, describe, neighbourhood, speaking
from communique.terms import CMQ, SCHEMA

S = SCHEMA
SHOWN: Final = 10
"""Releases whose facts a page shows in full: the newest; all others are listed and stand in the files."""

_NAMED: Final = (*TITLES, NamedNode(S + "honorificPrefix"))


class Portrait:
    """What all releases say of an entity, in no language yet.

    ``slugs`` are the releases that speak of it, the newest first, and ``in_full`` how many of them are shown with their
    facts; ``scenes`` has what each of these says, then those of which only the web page speaks of it, each with the
    registry.
    """

    def __init__(self, store: Store, base: str, iri: str, described: Iterable[Quad], texts: Texts) -> None:
        self.iri = iri
        quads = _by_release(store, base, iri, described)
        self.slugs = texts.newest_first(speaking(store, base, iri))
        self.scene = Scene((q for own in quads.values() for q in own), base)
        self.in_full = min(SHOWN, len(self.slugs))
        shown = [*self.slugs[:SHOWN], *self._beside(quads, texts)[:SHOWN]]
        self.scenes = {slug: Scene([*quads.get("", ()), *quads[slug]], base) for slug in shown}
        near = list(neighbourhood(store, iri))
        self.sketch = Sketch(Facts(near), Scene(near, base), iri)

    def _beside(self, quads: Mapping[str, Iterable[Quad]], texts: Texts) -> list[str]:
        """The releases that do not speak of it, but say that it is their genre, or whose web pages speak of it."""
        node, found = NamedNode(self.iri), set()
        for slug in quads.keys() - {"", *self.slugs}:
            beside = (
                q
                for q in quads[slug]
                if own_graph(q, self.scene.base).part == "page" or q.predicate.value == S + "genre"
            )
            if any(node in (q.subject, q.object) and not is_statement(subject_of(q)) for q in beside):
                found.add(slug)
        return texts.newest_first(found)


def _by_release(store: Store, base: str, iri: str, described: Iterable[Quad]) -> dict[str, list[Quad]]:
    """What the files of an entity hold, and the roles and statements in which it has a part."""
    seen: dict[Quad, None] = dict.fromkeys(described)
    inner = {subject_of(q) for q in seen if q.object == NamedNode(iri) and is_inner(subject_of(q))}
    for node in sorted(inner):
        if not is_statement(node):
            seen.update(dict.fromkeys(describe(store, base, NamedNode(node), TITLES)))
    seen.update(dict.fromkeys(q for fact in [*seen] for q in _beside_a_fact(store, base, iri, fact)))
    seen.update(dict.fromkeys(_called(store, base, seen)))
    found: dict[str, list[Quad]] = {}
    for quad in seen:
        found.setdefault(own_graph(quad, base).of_release, []).append(quad)
    return found


def _beside_a_fact(store: Store, base: str, iri: str, fact: Quad) -> Iterator[Quad]:
    """The passages of what says something of an entity, all of its points of contact, and who uttered a statement."""
    subject, value = fact.subject, fact.object
    if not isinstance(subject, NamedNode) or is_statement(subject.value):
        return
    if isinstance(value, NamedNode) and value.value == iri:
        for held in store.quads_for_pattern(subject, NamedNode(CMQ + "evidence"), None):
            yield held
            if isinstance(held.object, NamedNode):
                yield from store.quads_for_pattern(held.object, None, None)
    if isinstance(value, NamedNode) and fact.predicate.value == S + "contactPoint" and subject.value == iri:
        yield from describe(store, base, value, TITLES)
    if fact.predicate.value == S + "text" and is_inner(subject.value):
        yield from _utterance(store, base, subject)


def _utterance(store: Store, base: str, statement: NamedNode) -> Iterator[Quad]:
    """Who uttered a statement, with which verb, each with its mark, and the names of those who did."""
    for predicate in (S + "creator", CMQ + "reportingVerb", S + "isPartOf"):
        for said in store.quads_for_pattern(statement, NamedNode(predicate), None):
            yield said
            slug, value = own_graph(said, base).of_release, said.object
            if isinstance(value, NamedNode | Literal):
                mark = statement_node(release_iri(base, slug), statement, said.predicate, value)
                yield from store.quads_for_pattern(mark, None, None)
            if isinstance(value, NamedNode):
                named = [q for title in _NAMED for q in store.quads_for_pattern(value, title, None)]
                yield from (q for q in named if own_graph(q, base).of_release in ("", slug))


def _called(store: Store, base: str, quads: Iterable[Quad]) -> Iterator[Quad]:
    """All that is said of nodes inside releases that nothing here gives a name: they are called by what they are."""
    facts = [q for q in quads if own_graph(q, base).part != "evidence"]
    named = {q.subject for q in facts if q.predicate.value in CALLED}
    ends = {end for q in facts for end in (q.subject, q.object) if isinstance(end, NamedNode) and is_inner(end.value)}
    for node in sorted((end for end in ends - named if is_own(end.value, base)), key=str):
        yield from describe(store, base, node, TITLES)
