"""What all releases say of an entity, read from the store of a publication being built, independent of language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from pyoxigraph import NamedNode

from communique.drawing.facts import Facts
from communique.export.order import Row, Rows, known_graph
from communique.iris import is_inner, is_own, is_statement
from communique.publish.hubs import IN_FULL, Hub
from communique.publish.lookups import LookUps
from communique.publish.site.drawings import DrawingFacts
from communique.publish.site.scene import NAME_PROPERTIES, Scene
from communique.publish.workstore import TITLES, Releases, describe, ends_of, mark_of, neighbourhood, target_of
from communique.terms import CMQ, SCHEMA

S = SCHEMA
RELEASES_IN_FULL: Final = IN_FULL
"""How many of the newest releases a page shows with all their facts; the others are listed, and are in the files."""

_NAMES_AND_HONORIFIC: Final = (*TITLES, S + "honorificPrefix")


class Portrait:
    """What all releases say of an entity, independent of language.

    ``slugs`` are the releases that speak of it, newest first; ``in_full`` is how many of them are shown with their
    facts. ``scenes`` has a scene for each of these, then for releases of which only the web page speaks of it or whose
    genre it is. Each scene includes the facts of the registry. If it is the portrait of a hub, ``described`` and the
    picture hold only what the registry and the newest releases say. ``listed`` are the releases that its pages list,
    newest first: the ``slugs``, and for a hub all others too.
    """

    def __init__(
        self, store: LookUps, base: str, iri: str, described: Iterable[Row], releases: Releases, *, hub: Hub | None
    ) -> None:
        self.iri, self.hub = iri, hub
        rows = _by_release(store, base, iri, described)
        self.slugs = releases.speaking
        self.scene = Scene(Rows(chain(*rows.values())), base)
        self.listed = hub.listed if hub else self.slugs
        self.in_full = min(RELEASES_IN_FULL, len(self.slugs))
        shown = [*self.slugs[:RELEASES_IN_FULL], *releases.others[:RELEASES_IN_FULL]]
        self.scenes = {slug: Scene(Rows([*rows.get("", ()), *rows[slug]]), base) for slug in shown}
        near = neighbourhood(store, base, iri, hub.whole if hub else ())
        self.drawing_facts = DrawingFacts(Facts(near), Scene(near, base), iri)


def _by_release(store: LookUps, base: str, iri: str, described: Iterable[Row]) -> dict[str, list[Row]]:
    """What to show of an entity, by slug ("" for the registry): of its files, its roles and its statements."""
    node = NamedNode(iri)
    seen: dict[Row, None] = dict.fromkeys(described)
    inner = {row[0] for row in seen if row[2] == node and is_inner(row[0])}
    for subject in sorted(inner):
        if not is_statement(subject):
            seen.update(dict.fromkeys(describe(store, base, subject, TITLES)))
    seen.update(dict.fromkeys(row for fact in [*seen] for row in _context_of_fact(store, base, iri, fact)))
    seen.update(dict.fromkeys(_about_unnamed_nodes(store, base, seen)))
    by_slug: dict[str, list[Row]] = {}
    for row in seen:
        by_slug.setdefault(known_graph(row[3], base).of_release, []).append(row)
    return by_slug


def _context_of_fact(store: LookUps, base: str, iri: str, fact: Row) -> Iterator[Row]:
    """What a fact needs beside it: its passages, the whole contact point, the speaker of a statement."""
    subject, predicate, _, _ = fact
    if is_statement(subject):
        return
    target = target_of(fact)
    if target == iri:
        for evidence in store.rows(subject, CMQ + "evidence"):
            yield evidence
            if passage := target_of(evidence):
                yield from store.rows(passage)
    if predicate == S + "contactPoint" and subject == iri and target:
        yield from describe(store, base, target, TITLES)
    if predicate == S + "text" and is_inner(subject):
        yield from _speaker_and_verb(store, base, subject)


def _speaker_and_verb(store: LookUps, base: str, statement: str) -> Iterator[Row]:
    """The speaker, the verb and the source of a statement, each with its basis, and the names of the speakers."""
    for predicate in (S + "creator", CMQ + "reportingVerb", S + "isPartOf"):
        for fact in store.rows(statement, predicate):
            yield fact
            slug, value = known_graph(fact[3], base).of_release, target_of(fact)
            if mark := mark_of(base, fact):
                yield from store.rows(mark)
            if value:
                named = [row for title in _NAMES_AND_HONORIFIC for row in store.rows(value, title)]
                yield from (row for row in named if known_graph(row[3], base).of_release in ("", slug))


def _about_unnamed_nodes(store: LookUps, base: str, rows: Iterable[Row]) -> Iterator[Row]:
    """All that is said of nodes inside releases without a name in ``rows``: their labels say what they are."""
    facts = [row for row in rows if known_graph(row[3], base).part != "evidence"]
    named = {row[0] for row in facts if row[1] in NAME_PROPERTIES}
    ends = {end for end in set(ends_of(facts)) - named if is_inner(end) and is_own(end, base)}
    for node in sorted(ends):
        yield from describe(store, base, node, TITLES)
