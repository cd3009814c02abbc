"""The facts of a graph with the passages that support them, indexed by subject and by object: what pages show."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, Quad

from communique.export.grouped import GroupedQuads, rows_of
from communique.export.order import Rows, sort_key, value_key
from communique.iris import last_piece
from communique.kinds import LANES, Kind, is_main, kind_of_classes, lane_of
from communique.publish.site.scenefacts import FactsInto, FactsOf, SceneFact, ScenePassage
from communique.terms import SCHEMA

NAME_PROPERTIES: Final = (
    SCHEMA + "name",
    SCHEMA + "headline",
    SCHEMA + "text",
    SCHEMA + "audienceType",
    SCHEMA + "roleName",
    SCHEMA + "variableMeasured",
)
"""The properties that can name a node; the first one that it has is used."""

LONGEST_CLAUSE: Final = 90
"""The most characters of the words of the text that stand for the name of an event."""

_OBJECT_FIRST: Final = frozenset({"de", "kk", "ru"})
"""Languages in which what a verb is said of may stand before it, so that a clause may end with it."""


class Scene:
    """The facts of some quads, sorted, by subject (``out``) and by object (``into``).

    A scene does not change once it is made, so what pages ask again and again is kept from the first time.
    """

    def __init__(self, quads: Iterable[Quad] | Rows | GroupedQuads, base: str) -> None:
        self.base = base
        self.out = FactsOf(rows_of(quads), base)
        self.into = FactsInto(self.out)
        self.has_several_releases = len(self.out.slugs - {""}) > 1
        self._classes = self.out.classes
        self._sorted_support: dict[str, tuple[ScenePassage, ...]] = {}
        self._titles: dict[tuple[str, str], Literal] = {}
        self._lanes: dict[str, str] = {}

    @property
    def passages(self) -> Mapping[str, ScenePassage]:
        """All passages, by IRI."""
        return self.out.passages

    def classes(self, iri: str) -> frozenset[str]:
        """The IRIs of all classes of a node."""
        return frozenset(self._classes.get(iri, ()))

    def nodes(self, *classes: str) -> list[str]:
        """Nodes with one of these classes, in the order in which the text names them, then by IRI."""
        return self._sorted_by_text(iri for iri, own in self._classes.items() if not own.isdisjoint(classes))

    def nodes_in_section(self, section: str, *classes: str) -> list[str]:
        """Nodes of the kinds that a section shows, and those with one of the further classes, in order of the text."""
        in_section = {iri for iri, kind in self._kinds.items() if kind is not None and kind.section == section}
        return self._sorted_by_text(in_section.union(self.nodes(*classes)))

    def _sorted_by_text(self, nodes: Iterable[str]) -> list[str]:
        return sorted(nodes, key=self._ranks.__getitem__)

    @cached_property
    def _kinds(self) -> Mapping[str, Kind | None]:
        return {iri: kind_of_classes(own) for iri, own in self._classes.items()}

    @cached_property
    def _ranks(self) -> Mapping[str, int]:
        """The rank of each node that has a class, in the order in which the text names them, then by IRI."""
        order = sorted(self._classes, key=lambda iri: (*self._place(iri), sort_key(iri, self._classes[iri])))
        return {iri: rank for rank, iri in enumerate(order)}

    def in_text_order(self, statements: Iterable[str]) -> list[str]:
        """Statements in the order of the text; those that begin at the same place are sorted by their end."""
        return sorted(
            statements, key=lambda iri: ([tuple(p[:3]) for p in self.support(iri)] or [("\uffff", 0, 0)], iri)
        )

    def support(self, iri: str, slug: str | None = None) -> Sequence[ScenePassage]:
        """The passages that support a node as a whole, in one release or in all, sorted."""
        own = self.out.support(iri)
        if slug is not None:
            return sorted(own.get(slug, ()))
        if iri not in self._sorted_support:
            self._sorted_support[iri] = tuple(sorted(passage for some in own.values() for passage in some))
        return self._sorted_support[iri]

    def values(self, iri: str, predicate: str) -> Sequence[SceneFact]:
        """The facts of a node with this property."""
        return self.out.by_property(iri).get(predicate, ())

    def place_in_words(self, fact: SceneFact) -> tuple[int, tuple[int, str, str, str]]:
        """A sort key: the offset at which the words of a fact name its object (code points), last if they do not."""
        names = (*NAME_PROPERTIES, SCHEMA + "alternateName")
        labels = [f.object.value.lower() for name in names for f in self.values(fact.target, name)]
        named = [
            (p.start + p.quote.lower().find(name)) for p in fact.passages for name in labels if name in p.quote.lower()
        ]
        support = list(self.support(fact.target, fact.slug))
        inside = [p.start for p in support if any(w.start <= p.start and p.end <= w.end for w in fact.passages)]
        return min([*named, *inside], default=sys.maxsize), value_key(fact.object)

    def is_of_kind(self, fact: SceneFact) -> bool:
        """Whether a fact gives a node one of the classes that decide its lane."""
        return is_main(fact.target) and lane_of([fact.target]) == self.lane(fact.subject)

    def lane(self, iri: str) -> str:
        """The lane of a node in the map of a text; "" if it has none."""
        if iri not in self._lanes:
            self._lanes[iri] = lane_of(self._classes.get(iri, ()))
        return self._lanes[iri]

    def is_named(self, iri: str) -> bool:
        """Whether a node has a value of one of the `NAME_PROPERTIES`."""
        return any(isinstance(fact.object, Literal) for name in NAME_PROPERTIES for fact in self.values(iri, name))

    def title(self, iri: str, language: str = "en") -> Literal:
        """The name of a node, in this language if it has one.

        If it has several, the one in the release is used; if several releases speak of it, the one in the registry.
        """
        if (iri, language) not in self._titles:
            self._titles[iri, language] = self._title(iri, language)
        return self._titles[iri, language]

    def _title(self, iri: str, language: str) -> Literal:
        for predicate in NAME_PROPERTIES:
            names = [
                (
                    _distance(fact.object.language, language),
                    bool(fact.slug) == self.has_several_releases,
                    value_key(fact.object),
                    fact.object,
                )
                for fact in self.values(iri, predicate)
                if isinstance(fact.object, Literal)
            ]
            if names:
                return self._with_its_clause(iri, min(names, key=lambda name: name[:3])[3])
        return Literal(last_piece(iri).replace("-", " ") or iri)

    def _with_its_clause(self, iri: str, name: Literal) -> Literal:
        """The name of a node; of an event named by one small word, such as a verb, its words of the text with it.

        Those are the one passage that supports it, if the word begins or ends it: "opened the mill" for "opened".
        """
        word, clauses = name.value, {p.quote for p in self.support(iri)}
        is_small = word[:1].islower() and " " not in word and SCHEMA + "Event" in self.classes(iri)
        clause = clauses.pop() if is_small and len(clauses) == 1 else ""
        may_end = (name.language or "").partition("-")[0] in _OBJECT_FIRST
        is_clause = clause.startswith(f"{word} ") or (may_end and clause.endswith(f" {word}"))
        if not is_clause or len(clause) > LONGEST_CLAUSE:
            return name
        return Literal(clause, language=name.language) if name.language else Literal(clause)

    def honorific(self, iri: str) -> str:
        """The honorific of a person, if all facts that are not inferred agree on one; else ""."""
        facts = self.values(iri, SCHEMA + "honorificPrefix")
        honorifics = {str(fact.object.value) for fact in facts if not fact.is_inferred}
        return honorifics.pop() if len(honorifics) == 1 else ""

    def label(self, iri: str, language: str = "en") -> tuple[str, str]:
        """A short name and its language tag (or ""); it has the honorific only if no given name is known."""
        title = self.title(iri, language)
        honorific = "" if self.values(iri, SCHEMA + "givenName") else self.honorific(iri)
        return f"{honorific} {title.value}".strip(), title.language or ""

    def passage_lanes(self) -> dict[str, str]:
        """The lane of each passage: that of most facts that rest on it; if equally many, the first lane in order."""
        numbers: dict[str, dict[str, int]] = {}
        for facts in self.out.values():
            for fact in facts:
                lane = self.lane(fact.subject)
                for passage in fact.passages if lane else ():
                    row = numbers.setdefault(passage.id, {})
                    row[lane] = row.get(lane, 0) + 1
        keys = [lane.key for lane in LANES]
        return {i: min(keys, key=lambda key: -row.get(key, 0)) for i, row in numbers.items()}

    def _place(self, iri: str) -> tuple[str, int, int]:
        own = self.support(iri)
        return (own[0].slug, own[0].start, -own[0].end) if own else ("\uffff", 0, 0)


def _distance(own: str | None, wanted: str) -> int:
    """A sort key for language tags: the wanted one, none, English, any other."""
    return 0 if own == wanted else 1 if not own else 2 if own == "en" else 3
