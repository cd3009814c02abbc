"""Entities in very many releases: their files link to the releases, and copy only what the newest of them say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from pyoxigraph import NamedNode

from communique.export.order import Object, Row, known_graph
from communique.iris import read_inner, read_release, slug_in
from communique.publish.lookups import LookUps
from communique.publish.workstore import Around, Releases, target_of, with_mark
from communique.terms import CMQ, ORG

MOST: Final = 50
"""Releases of an entity of which its files hold everything; if there are more, it is a hub.

A release adds about 10 kB to each file of an entity, so that files stay below half a megabyte, which browsers and
crawlers still load. Few entities of an archive are in more releases."""

IN_FULL: Final = 10
"""The newest releases of a hub of which its files hold everything, as its page shows them."""

LISTED: Final = 100
"""The newest releases that the files of a hub link to, and the releases on each page that lists all of them."""

_EVIDENCE: Final = CMQ + "evidence"
_MEMBER: Final = ORG + "member"
_OF_ONE_RELEASE: Final = frozenset({_EVIDENCE, CMQ + "attestedOn"})
"""Properties of a node inside a release that differ from release to release, even where all say the same."""


@dataclass(frozen=True, slots=True)
class Hub:
    """The releases of a hub: all, newest first, the slugs of those that its files hold whole ("" for the registry)."""

    listed: tuple[str, ...]
    whole: frozenset[str]

    @property
    def linked(self) -> tuple[str, ...]:
        """The newest releases, to which its files link."""
        return self.listed[:LISTED]


def hub_of(releases: Releases, ranks: Mapping[str, int]) -> Hub | None:
    """The hub whose releases these are; None if they are so few that the files of the entity can hold everything.

    >>> few, many = [f"r{n}" for n in range(30)], [f"s{n}" for n in range(21)]
    >>> ranks = {slug: n for n, slug in enumerate([*few, *many])}
    >>> hub_of(Releases(few, many[:20]), ranks) is None, len(hub_of(Releases(few, many), ranks).listed)
    (True, 51)
    """
    if len(releases.speaking) + len(releases.others) <= MOST:
        return None
    listed = sorted(chain(*releases), key=ranks.__getitem__)
    return Hub(tuple(listed), frozenset(["", *releases.speaking[:IN_FULL], *releases.others[:IN_FULL]]))


def select_around(
    store: LookUps, base: str, around: Around, hub: Hub, ranks: Mapping[str, int]
) -> tuple[Around, list[Row]]:
    """What the files of a hub hold of what is around it, and the marks of the facts that are inferred.

    That is all that the registry and the releases held whole say; of the others each distinct fact of the entity, from
    the newest release that states it and from the newest that it is inferred from, with roles and contact points, but
    without passages; and the links from the newest releases.
    """
    newest = _Newest(store, base, hub, ranks)
    own = list(newest.facts(around.own))
    towards = list(newest.links(around.towards))
    older = (row for row in chain(own, towards) if known_graph(row[3], base).of_release not in hub.whole)
    marks = [mark for row in older for mark in with_mark(store, base, row)]
    statements = [node for node in around.statements if slug_in(node, base) in hub.whole]
    return Around(own, towards, statements), marks


class _Newest:
    """Chooses what the files of a hub hold of each release."""

    def __init__(self, store: LookUps, base: str, hub: Hub, ranks: Mapping[str, int]) -> None:
        self.store, self.base, self.hub, self.ranks = store, base, hub, ranks
        self.linked = frozenset(hub.linked)

    def facts(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Of the facts of the entity each distinct one, and those of the releases that are held whole."""
        seen: set[object] = set()
        for row in self._newest_first(rows):
            key = self._content(row, row[2])
            is_new = key not in seen and row[1] != _EVIDENCE
            seen.add(key)
            if is_new or self._is_whole(row):
                yield row

    def links(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Of the facts that point to the entity: its distinct roles, links from releases, all of those held whole."""
        seen: set[object] = set()
        for row in self._newest_first(rows):
            is_new = False
            if row[1] == _MEMBER:
                key = self._content(row, NamedNode(row[0]))
                is_new = key not in seen
                seen.add(key)
            if is_new or self._is_whole(row) or read_release(row[0], self.base) in self.linked:
                yield row

    def _newest_first(self, rows: Iterable[Row]) -> list[Row]:
        return sorted(rows, key=lambda row: self.ranks.get(known_graph(row[3], self.base).of_release, -1))

    def _is_whole(self, row: Row) -> bool:
        return known_graph(row[3], self.base).of_release in self.hub.whole

    def _content(self, row: Row, end: Object) -> object:
        """What a fact says and how, the same in every release: of a node inside a release, all that is said of it."""
        if not isinstance(end, NamedNode) or not read_inner(end.value, self.base):
            said: object = end
        else:
            said = frozenset(self._said(end.value))
        graph = known_graph(row[3], self.base)
        return row[1], said, graph.part, graph.of_release == ""

    def _said(self, node: str) -> Iterator[tuple[str, object]]:
        for row in self.store.rows(node):
            path, value = row[1], row[2]
            if known_graph(row[3], self.base).part in ("", "inferred") and path not in _OF_ONE_RELEASE:
                yield path, "" if read_inner(target_of(row), self.base) else value
