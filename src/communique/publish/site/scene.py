"""The facts of a graph with the passages that support them, indexed by subject and by object: what pages show."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad

from communique.export.grouped import GroupedQuads, rows_of
from communique.export.order import Object, Row, Rows, natural, sort_key, value_key
from communique.ids import DATASET
from communique.iris import Graph, document_of, is_inference, last_piece, passage_name, read_graph, slug_in
from communique.kinds import LANES, Kind, is_main, kind_of_classes, lane_of
from communique.terms import CMQ, OA, RDF, SCHEMA, SKOS, TYPE

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
_POSITION: Final = frozenset({OA + "exact", OA + "start", OA + "end"})
_UNKNOWN: Final = "?"
"""The reason of an inferred fact that comes without the node that gives its reason."""

_Triple: TypeAlias = tuple[str, str, Object, str]
"""A fact before it is known what it rests on: subject, property, object, and the slug of its release."""

_OF_EVIDENCE: Final = frozenset({CMQ + "evidence", RDF + "subject", RDF + "predicate", RDF + "object", CMQ + "basis"})


class ScenePassage(NamedTuple):
    """Words of a release: its slug, their span in its source (code points, the end exclusive), and their text."""

    slug: str
    start: int
    end: int
    quote: str

    @property
    def id(self) -> str:
        """The fragment that identifies the passage in links (RFC 5147)."""
        return passage_name(self.start, self.end)


class SceneFact(NamedTuple):
    """One triple and what it rests on.

    ``slug`` names the release that says it ("" for the registry); ``passages`` are its own, or else those of its
    subject; ``reason`` is why it was inferred ("" if it is stated); ``origin`` is where on the web page it was read.
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
    def repeats_text(self) -> bool:
        """Whether its object is the node of a code, which stands beside the text of the code and says the same."""
        return bool(self.target) and self.predicate == SCHEMA + "identifier"

    @property
    def target(self) -> str:
        """The IRI of its object, or "" if that is a literal."""
        return self.object.value if isinstance(self.object, NamedNode) else ""


class Scene:
    """The facts of some quads, sorted, by subject (``out``) and by object (``into``).

    A scene does not change once it is made, so what pages ask again and again is kept from the first time.
    """

    def __init__(self, quads: Iterable[Quad] | Rows | GroupedQuads, base: str) -> None:
        self.base = base
        self.out: dict[str, list[SceneFact]] = {}
        self.into: dict[str, list[SceneFact]] = {}
        self.passages: dict[str, ScenePassage] = {}
        self._classes: dict[str, set[str]] = {}
        self.has_several_releases = False
        self._support: dict[str, dict[str, list[ScenePassage]]] = {}
        self._values: dict[tuple[str, str], list[SceneFact]] = {}
        self._sorted_support: dict[str, tuple[ScenePassage, ...]] = {}
        self._titles: dict[tuple[str, str], Literal] = {}
        self._lanes: dict[str, str] = {}
        self._read(rows_of(quads))

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
        own = self._support.get(iri, {})
        if slug is not None:
            return sorted(own.get(slug, ()))
        if iri not in self._sorted_support:
            self._sorted_support[iri] = tuple(sorted(passage for some in own.values() for passage in some))
        return self._sorted_support[iri]

    def values(self, iri: str, predicate: str) -> Sequence[SceneFact]:
        """The facts of a node with this property."""
        return self._values.get((iri, predicate), ())

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

    # ---- reading

    def _place(self, iri: str) -> tuple[str, int, int]:
        own = self.support(iri)
        return (own[0].slug, own[0].start, -own[0].end) if own else ("\uffff", 0, 0)

    def _read(self, rows: tuple[Row, ...]) -> None:
        about: dict[str, dict[str, list[Object]]] = {}
        for subject, predicate, value, _ in rows:
            about.setdefault(subject, {}).setdefault(predicate, []).append(value)
        self.passages = {iri: self._passage(iri, own) for iri, own in about.items() if own.keys() >= _POSITION}
        statements = {iri: own for iri, own in about.items() if RDF + "subject" in own}
        nodes = about.keys() - self.passages.keys() - statements.keys()
        described = {iri for iri in nodes if read_graph(document_of(iri), self.base)}
        graphs = {graph: read_graph(graph, self.base) for graph in {row[3] for row in rows}}
        slugs = {graph: known.of_release if known else "" for graph, known in graphs.items()}
        inferences = {graph for graph in graphs if is_inference(graph)}
        of_dataset = {graph for graph, known in graphs.items() if known == Graph(DATASET)}
        stated: dict[_Triple, bool] = {}
        for subject, predicate, value, graph in rows:
            if subject in nodes and subject not in described and graph not in of_dataset:
                fact = (subject, predicate, value, slugs[graph])
                stated[fact] = stated.get(fact, False) or graph not in inferences
        self.has_several_releases = len({slug for _, _, _, slug in stated if slug}) > 1
        for subject, predicate, value, slug in stated:
            if predicate == TYPE:
                self._classes.setdefault(subject, set()).add(value.value if isinstance(value, NamedNode) else "")
            elif predicate == CMQ + "evidence" and isinstance(value, NamedNode) and value.value in self.passages:
                passages = self._support.setdefault(subject, {}).setdefault(slug, [])
                passages.append(self.passages[value.value])
        self._add_all(stated, self._proofs(statements))

    def _add_all(
        self, stated: Mapping[_Triple, bool], proofs: Mapping[_Triple, tuple[list[ScenePassage], str, str]]
    ) -> None:
        """Store the facts, each with what it rests on, in order."""
        for triple, is_stated in stated.items():
            subject, predicate, value, slug = triple
            if predicate in _OF_EVIDENCE:
                continue
            passages, reason, origin = proofs.get(triple, ((), "", ""))
            if not passages and slug:
                passages = self._support.get(subject, {}).get(slug, [])
            own = tuple(sorted(set(passages))) if len(passages) > 1 else tuple(passages)
            why = reason or ("" if is_stated else _UNKNOWN)
            fact = SceneFact(subject, predicate, value, slug, own, reason=why, origin=origin)
            self.out.setdefault(subject, []).append(fact)
            if isinstance(value, NamedNode):
                self.into.setdefault(value.value, []).append(fact)
        for index in (self.out, self.into):
            for facts in index.values():
                if len(facts) > 1:
                    facts.sort(key=_fact_key)
        for facts in self.out.values():
            for fact in facts:
                self._values.setdefault((fact.subject, fact.predicate), []).append(fact)

    def _passage(self, iri: str, own: Mapping[str, list[Object]]) -> ScenePassage:
        start, end, exact = (own[OA + name][0].value for name in ("start", "end", "exact"))
        return ScenePassage(slug_in(iri, self.base), int(start), int(end), exact)

    def _proofs(
        self, statements: Mapping[str, Mapping[str, list[Object]]]
    ) -> dict[_Triple, tuple[list[ScenePassage], str, str]]:
        """By triple and release: the passages of the fact itself, why it was inferred, its origin on the web page."""
        proofs = {}
        for iri, own in statements.items():
            slug = slug_in(iri, self.base)
            key = (own[RDF + "subject"][0].value, own[RDF + "predicate"][0].value, own[RDF + "object"][0], slug)
            passages = [self.passages[o.value] for o in own.get(CMQ + "evidence", ()) if o.value in self.passages]
            inferred = any(o.value == CMQ + "inferred" for o in own.get(CMQ + "basis", ()))
            notes = sorted(o.value for o in own.get(SKOS + "editorialNote", ()))
            origins = [o.value for o in own.get(CMQ + "origin", ())]
            proofs[key] = (passages, "; ".join(notes) or _UNKNOWN if inferred else "", origins[0] if origins else "")
        return proofs


def _distance(own: str | None, wanted: str) -> int:
    """A sort key for language tags: the wanted one, none, English, any other."""
    return 0 if own == wanted else 1 if not own else 2 if own == "en" else 3


def _fact_key(fact: SceneFact) -> tuple[str, tuple[int, str, str, str], str, str]:
    return fact.predicate, value_key(fact.object), natural(fact.subject), fact.slug
