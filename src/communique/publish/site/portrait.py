"""What all releases say of an entity, read from the store of a publication being built, independent of language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from communique.compile.evidencegraph import statement_node
from communique.drawing.facts import Facts
from communique.export.order import own_graph, subject_of
from communique.iris import is_inner, is_own, is_statement, release_iri
from communique.publish.hubs import IN_FULL, Hub
from communique.publish.site.drawings import DrawingFacts
from communique.publish.site.scene import NAME_PROPERTIES, Scene
from communique.publish.workstore import TITLES, QuadSource, Releases, describe, neighbourhood
from communique.terms import CMQ, SCHEMA

S = SCHEMA
RELEASES_IN_FULL: Final = IN_FULL
"""How many of the newest releases a page shows with all their facts; the others are listed, and are in the files."""

_NAMES_AND_HONORIFIC: Final = (*TITLES, NamedNode(S + "honorificPrefix"))


class Portrait:
    """What all releases say of an entity, independent of language.

    ``slugs`` are the releases that speak of it, newest first; ``in_full`` is how many of them are shown with their
    facts. ``scenes`` has a scene for each of these, then for releases of which only the web page speaks of it or whose
    genre it is. Each scene includes the facts of the registry. If it is the portrait of a hub, ``described`` and the
    picture hold only what the registry and the newest releases say. ``listed`` are the releases that its pages list,
    newest first: the ``slugs``, and for a hub all others too.
    """

    def __init__(
        self, store: QuadSource, base: str, iri: str, described: Iterable[Quad], releases: Releases, *, hub: Hub | None
    ) -> None:
        self.iri, self.hub = iri, hub
        quads = _by_release(store, base, iri, described)
        self.slugs = releases.speaking
        self.scene = Scene((q for group in quads.values() for q in group), base)
        self.listed = hub.listed if hub else self.slugs
        self.in_full = min(RELEASES_IN_FULL, len(self.slugs))
        shown = [*self.slugs[:RELEASES_IN_FULL], *releases.others[:RELEASES_IN_FULL]]
        self.scenes = {slug: Scene([*quads.get("", ()), *quads[slug]], base) for slug in shown}
        near = list(neighbourhood(store, base, iri, hub.whole if hub else ()))
        self.drawing_facts = DrawingFacts(Facts(near), Scene(near, base), iri)


def _by_release(store: QuadSource, base: str, iri: str, described: Iterable[Quad]) -> dict[str, list[Quad]]:
    """The quads to show of an entity, by slug ("" for the registry): of its files, its roles and its statements."""
    seen: dict[Quad, None] = dict.fromkeys(described)
    inner = {subject_of(q) for q in seen if q.object == NamedNode(iri) and is_inner(subject_of(q))}
    for node in sorted(inner):
        if not is_statement(node):
            seen.update(dict.fromkeys(describe(store, base, NamedNode(node), TITLES)))
    seen.update(dict.fromkeys(q for fact in [*seen] for q in _context_of_fact(store, base, iri, fact)))
    seen.update(dict.fromkeys(_about_unnamed_nodes(store, base, seen)))
    by_slug: dict[str, list[Quad]] = {}
    for quad in seen:
        by_slug.setdefault(own_graph(quad, base).of_release, []).append(quad)
    return by_slug


def _context_of_fact(store: QuadSource, base: str, iri: str, fact: Quad) -> Iterator[Quad]:
    """The quads that a fact needs beside it: its passages, the whole contact point, the speaker of a statement."""
    subject, value = fact.subject, fact.object
    if not isinstance(subject, NamedNode) or is_statement(subject.value):
        return
    if isinstance(value, NamedNode) and value.value == iri:
        for evidence in store.quads_for_pattern(subject, NamedNode(CMQ + "evidence"), None):
            yield evidence
            if isinstance(evidence.object, NamedNode):
                yield from store.quads_for_pattern(evidence.object, None, None)
    if isinstance(value, NamedNode) and fact.predicate.value == S + "contactPoint" and subject.value == iri:
        yield from describe(store, base, value, TITLES)
    if fact.predicate.value == S + "text" and is_inner(subject.value):
        yield from _speaker_and_verb(store, base, subject)


def _speaker_and_verb(store: QuadSource, base: str, statement: NamedNode) -> Iterator[Quad]:
    """The speaker, the verb and the source of a statement, each with its basis, and the names of the speakers."""
    for predicate in (S + "creator", CMQ + "reportingVerb", S + "isPartOf"):
        for fact in store.quads_for_pattern(statement, NamedNode(predicate), None):
            yield fact
            slug, value = own_graph(fact, base).of_release, fact.object
            if isinstance(value, NamedNode | Literal):
                mark = statement_node(release_iri(base, slug), statement, fact.predicate, value)
                yield from store.quads_for_pattern(mark, None, None)
            if isinstance(value, NamedNode):
                named = [q for title in _NAMES_AND_HONORIFIC for q in store.quads_for_pattern(value, title, None)]
                yield from (q for q in named if own_graph(q, base).of_release in ("", slug))


def _about_unnamed_nodes(store: QuadSource, base: str, quads: Iterable[Quad]) -> Iterator[Quad]:
    """All quads about nodes inside releases without a name in ``quads``: their labels say what they are."""
    facts = [q for q in quads if own_graph(q, base).part != "evidence"]
    named = {q.subject for q in facts if q.predicate.value in NAME_PROPERTIES}
    ends = {end for q in facts for end in (q.subject, q.object) if isinstance(end, NamedNode) and is_inner(end.value)}
    for node in sorted((end for end in ends - named if is_own(end.value, base)), key=str):
        yield from describe(store, base, node, TITLES)
