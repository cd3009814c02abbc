"""What a page shows: the facts of a graph with the passages that support them, seen from any node."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from communique.export.order import Object, natural, plain, sort_key, value_key
from communique.iris import last_piece, passage_name, read_graph, slug_in
from communique.kinds import LANES, is_main, kind_of_classes, lane_of
from communique.terms import CMQ, OA, RDF, SCHEMA, SKOS, TYPE

NAME_PROPERTIES: Final = (
    SCHEMA + "name",
    SCHEMA + "headline",
    SCHEMA + "text",
    SCHEMA + "audienceType",
    SCHEMA + "roleName",
)
"""The properties by whose values a node is called, the first one that it has."""

_POSITION: Final = frozenset({OA + "exact", OA + "start", OA + "end"})
_OF_EVIDENCE: Final = frozenset({CMQ + "evidence", RDF + "subject", RDF + "predicate", RDF + "object", CMQ + "basis"})


class ScenePassage(NamedTuple):
    """Words of a release: its slug, where they stand in its source (code points, the end exclusive), and themselves."""

    slug: str
    start: int
    end: int
    quote: str

    @property
    def id(self) -> str:
        """The fragment by which it is linked (RFC 5147)."""
        return passage_name(self.start, self.end)


@dataclass(frozen=True, slots=True)
class SceneFact:
    """One triple and what it rests on.

    ``slug`` names the release that says it ("" for the registry), ``passages`` are its own or else those of its
    subject, ``reason`` is why it was inferred ("" if it is stated), ``origin`` tells where on the web page it was read.
    """

    subject: str
    predicate: str
    object: Object
    slug: str
    passages: tuple[ScenePassage, ...] = ()
    reason: str = ""
    origin: str = ""

    @property
    def is_inferred(self) -> bool:
        """Whether a reader or a rule concluded it."""
        return bool(self.reason)

    @property
    def target(self) -> str:
        """The IRI of the node that it points to, or ""."""
        return self.object.value if isinstance(self.object, NamedNode) else ""


class Scene:
    """The facts of some quads, by subject (``out``) and by node pointed to (``into``), in order."""

    def __init__(self, quads: Iterable[Quad], base: str) -> None:
        self.base = base
        self.out: dict[str, list[SceneFact]] = {}
        self.into: dict[str, list[SceneFact]] = {}
        self.passages: dict[str, ScenePassage] = {}
        self._classes: dict[str, set[str]] = {}
        self.is_of_many = False
        self._support: dict[tuple[str, str], list[ScenePassage]] = {}
        self._read(list(quads))

    def classes(self, iri: str) -> frozenset[str]:
        """The IRIs of all classes of a node."""
        return frozenset(self._classes.get(iri, ()))

    def nodes(self, *classes: str) -> list[str]:
        """Nodes with one of these classes: first those that the text names first, then by IRI."""
        return self._in_order(iri for iri, own in self._classes.items() if not own.isdisjoint(classes))

    def nodes_in_section(self, section: str, *classes: str) -> list[str]:
        """Nodes of the kinds that a release shows in a section, and those with one of some more classes, in order."""
        kinds = {iri: kind_of_classes(own) for iri, own in self._classes.items()}
        things = {iri for iri, kind in kinds.items() if kind is not None and kind.section == section}
        return self._in_order(things.union(self.nodes(*classes)))

    def _in_order(self, nodes: Iterable[str]) -> list[str]:
        return sorted(nodes, key=lambda iri: (*self._place(iri), sort_key(iri, self._classes[iri])))

    def in_text_order(self, statements: Iterable[str]) -> list[str]:
        """Statements in the order in which the text makes them; several that begin with the same words by their end."""
        return sorted(
            statements, key=lambda iri: ([tuple(p[:3]) for p in self.support(iri)] or [("\uffff", 0, 0)], iri)
        )

    def support(self, iri: str, slug: str | None = None) -> list[ScenePassage]:
        """The passages of a node as a whole, of one release or of all."""
        found = [p for (node, of), own in self._support.items() if node == iri and slug in (None, of) for p in own]
        return sorted(found)

    def values(self, iri: str, predicate: str) -> list[SceneFact]:
        """The facts of a node with this property."""
        return [fact for fact in self.out.get(iri, ()) if fact.predicate == predicate]

    def place_in_words(self, fact: SceneFact) -> tuple[int, tuple[int, str, str, str]]:
        """Where the words of a fact name the node that it points to; last those that they do not name."""
        names = (*NAME_PROPERTIES, SCHEMA + "alternateName")
        called = [f.object.value.lower() for name in names for f in self.values(fact.target, name)]
        own = [
            (p.start + p.quote.lower().find(name)) for p in fact.passages for name in called if name in p.quote.lower()
        ]
        held = list(self.support(fact.target, fact.slug))
        inside = [p.start for p in held if any(w.start <= p.start and p.end <= w.end for w in fact.passages)]
        return min([*own, *inside], default=sys.maxsize), value_key(fact.object)

    def is_of_kind(self, fact: SceneFact) -> bool:
        """Whether a fact gives a node one of the classes from which its lane follows."""
        return is_main(fact.target) and lane_of([fact.target]) == self.lane(fact.subject)

    def lane(self, iri: str) -> str:
        """The lane of a node in the map of a text; "" for one that is in none."""
        return lane_of(self._classes.get(iri, ()))

    def is_named(self, iri: str) -> bool:
        """Whether a node has a name, or words by which it is called."""
        return any(isinstance(fact.object, Literal) for name in NAME_PROPERTIES for fact in self.values(iri, name))

    def title(self, iri: str, language: str = "en") -> Literal:
        """What a node is called: its name in this language if it has one.

        Of several the one that the release writes; where several releases speak of it, that of the registry.
        """
        for predicate in NAME_PROPERTIES:
            names = [
                (
                    _distance(fact.object.language, language),
                    bool(fact.slug) == self.is_of_many,
                    value_key(fact.object),
                    fact.object,
                )
                for fact in self.values(iri, predicate)
                if isinstance(fact.object, Literal)
            ]
            if names:
                return min(names, key=lambda name: name[:3])[3]
        return Literal(last_piece(iri).replace("-", " ") or iri)

    def honorific(self, iri: str) -> str:
        """What stands before the name of a person, if all that is said agrees on it; else ""."""
        found = {str(fact.object.value) for fact in self.values(iri, SCHEMA + "honorificPrefix")}
        return found.pop() if len(found) == 1 else ""

    def label(self, iri: str, language: str = "en") -> tuple[str, str]:
        """A name for where there is little room, and its language tag or "": with the honorific only for a surname."""
        title = self.title(iri, language)
        honorific = "" if self.values(iri, SCHEMA + "givenName") else self.honorific(iri)
        return f"{honorific} {title.value}".strip(), title.language or ""

    def passage_lanes(self) -> dict[str, str]:
        """For each passage the lane of most facts which rest on it; of equals the one whose lane comes first."""
        counted: dict[str, dict[str, int]] = {}
        for facts in self.out.values():
            for fact in facts:
                lane = self.lane(fact.subject)
                for passage in fact.passages if lane else ():
                    row = counted.setdefault(passage.id, {})
                    row[lane] = row.get(lane, 0) + 1
        keys = [lane.key for lane in LANES]
        return {i: min(keys, key=lambda key: -row.get(key, 0)) for i, row in counted.items()}

    # ---- reading

    def _place(self, iri: str) -> tuple[str, int, int]:
        own = self.support(iri)
        return (own[0].slug, own[0].start, -own[0].end) if own else ("\uffff", 0, 0)

    def _read(self, quads: list[Quad]) -> None:
        about: dict[str, dict[str, list[Object]]] = {}
        rows = list(plain(quads))
        for subject, predicate, value, _ in rows:
            about.setdefault(subject, {}).setdefault(predicate, []).append(value)
        self.passages = {iri: self._passage(iri, own) for iri, own in about.items() if own.keys() >= _POSITION}
        marks = {iri: own for iri, own in about.items() if RDF + "subject" in own}
        graphs = {graph: read_graph(graph, self.base) for _, _, _, graph in rows}
        slugs = {graph: known.of_release if known else "" for graph, known in graphs.items()}
        facts = dict.fromkeys(
            SceneFact(subject, predicate, value, slugs[graph])
            for subject, predicate, value, graph in rows
            if subject not in self.passages and subject not in marks
        )
        self.is_of_many = len({fact.slug for fact in facts if fact.slug}) > 1
        for fact in facts:
            if fact.predicate == TYPE:
                self._classes.setdefault(fact.subject, set()).add(fact.target)
            elif fact.predicate == CMQ + "evidence" and fact.target in self.passages:
                self._support.setdefault((fact.subject, fact.slug), []).append(self.passages[fact.target])
        self._tie(facts, marks)

    def _tie(self, facts: Iterable[SceneFact], marks: Mapping[str, Mapping[str, list[Object]]]) -> None:
        """Keep the facts, each with what it rests on, in order."""
        proofs = self._proofs(marks)
        for fact in facts:
            if fact.predicate not in _OF_EVIDENCE:
                self._add(self._tied(fact, proofs))
        for facing in (self.out, self.into):
            for found in facing.values():
                if len(found) > 1:
                    found.sort(key=_fact_key)

    def _passage(self, iri: str, own: Mapping[str, list[Object]]) -> ScenePassage:
        start, end, exact = (own[OA + name][0].value for name in ("start", "end", "exact"))
        return ScenePassage(slug_in(iri, self.base), int(start), int(end), exact)

    def _add(self, fact: SceneFact) -> None:
        self.out.setdefault(fact.subject, []).append(fact)
        if fact.target:
            self.into.setdefault(fact.target, []).append(fact)

    def _tied(
        self, fact: SceneFact, proofs: Mapping[tuple[str, str, Object, str], tuple[list[ScenePassage], str, str]]
    ) -> SceneFact:
        passages, reason, origin = proofs.get((fact.subject, fact.predicate, fact.object, fact.slug), ([], "", ""))
        if not passages and fact.slug:
            passages = self._support.get((fact.subject, fact.slug), [])
        if not passages and not reason and not origin:
            return fact
        return replace(fact, passages=tuple(sorted(set(passages))), reason=reason, origin=origin)

    def _proofs(
        self, marks: Mapping[str, Mapping[str, list[Object]]]
    ) -> dict[tuple[str, str, Object, str], tuple[list[ScenePassage], str, str]]:
        """By triple and release: its own passages, the reason of an inference, the origin on the web page."""
        found = {}
        for iri, own in marks.items():
            slug = slug_in(iri, self.base)
            key = (own[RDF + "subject"][0].value, own[RDF + "predicate"][0].value, own[RDF + "object"][0], slug)
            passages = [self.passages[o.value] for o in own.get(CMQ + "evidence", ()) if o.value in self.passages]
            inferred = any(o.value == CMQ + "inferred" for o in own.get(CMQ + "basis", ()))
            notes = sorted(o.value for o in own.get(SKOS + "editorialNote", ()))
            origins = [o.value for o in own.get(CMQ + "origin", ())]
            found[key] = (passages, "; ".join(notes) or "?" if inferred else "", origins[0] if origins else "")
        return found


def _distance(own: str | None, wanted: str) -> int:
    return 0 if own == wanted else 1 if not own else 2 if own == "en" else 3


def _fact_key(fact: SceneFact) -> tuple[str, tuple[int, str, str, str], str, str]:
    return fact.predicate, value_key(fact.object), natural(fact.subject), fact.slug
