"""The facts of nodes with the passages that support them, made from rows when they are first asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

from pyoxigraph import NamedNode

from communique.export.order import Object, Row, natural, value_key
from communique.ids import DATASET
from communique.iris import Graph, document_of, is_inference, passage_name, read_graph, slug_in
from communique.terms import CMQ, OA, RDF, SCHEMA, SKOS, TYPE

_POSITION: Final = frozenset({OA + "exact", OA + "start", OA + "end"})
_SUBJECT: Final = RDF + "subject"
_EVIDENCE: Final = CMQ + "evidence"
_OF_EVIDENCE: Final = frozenset({_EVIDENCE, _SUBJECT, RDF + "predicate", RDF + "object", CMQ + "basis"})
_UNKNOWN: Final = "?"
"""The reason of an inferred fact that comes without the node that gives its reason."""

_Said: TypeAlias = tuple[str, Object, str]
"""A fact of a node before it is known what it rests on: property, object, and the slug of its release."""


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


class _Proof(NamedTuple):
    """What a statement node says of its fact: the passages, why it was inferred (""), its origin on the web page."""

    passages: Sequence[ScenePassage] = ()
    reason: str = ""
    origin: str = ""


class _Place(NamedTuple):
    """What a graph means for its facts: the slug of its release, and whether they are inferred."""

    slug: str
    is_inferred: bool


class FactsOf(Mapping[str, Sequence[SceneFact]]):
    """The facts of each node that has some, sorted.

    ``classes`` has the IRIs of all classes of each node, ``slugs`` the releases that say something, ``towards`` the
    nodes that have a fact with some node as its object.
    """

    def __init__(self, rows: Iterable[Row], base: str) -> None:
        self.base = base
        self.classes: dict[str, set[str]] = {}
        self.slugs: set[str] = set()
        self.towards: dict[str, dict[str, None]] = {}
        self._nodes: dict[str, None] = {}
        self._statements: dict[str, list[str]] = {}
        self._passages: dict[str, ScenePassage] = {}
        self._made: dict[str, list[SceneFact]] = {}
        self._by_property: dict[str, dict[str, list[SceneFact]]] = {}
        self._support: dict[str, Mapping[str, list[ScenePassage]]] = {}
        self._rows: dict[str, list[Row]] = {}
        for row in rows:
            self._rows.setdefault(row[0], []).append(row)
        self._places = {graph: _place(graph, base) for graph in {row[3] for own in self._rows.values() for row in own}}
        self._positions = {
            iri for iri, own in self._rows.items() if len(own) > 2 and _POSITION.issubset([row[1] for row in own])
        }
        for iri, own in self._rows.items():
            if iri not in self._positions:
                self._read(iri, own)

    def __getitem__(self, node: str) -> Sequence[SceneFact]:
        if node not in self._nodes:
            raise KeyError(node)
        return self._facts(node)

    def __iter__(self) -> Iterator[str]:
        return iter(self._nodes)

    def __len__(self) -> int:
        return len(self._nodes)

    def __contains__(self, node: object) -> bool:
        return node in self._nodes

    def by_property(self, node: str) -> Mapping[str, Sequence[SceneFact]]:
        """The facts of a node by property, in order."""
        found = self._by_property.get(node)
        if found is None:
            found = self._by_property[node] = {}
            for fact in self._facts(node) if node in self._nodes else ():
                found.setdefault(fact.predicate, []).append(fact)
        return found

    def support(self, node: str) -> Mapping[str, Sequence[ScenePassage]]:
        """The passages that support a node as a whole, by the slug of their release."""
        if node not in self._support:
            self._support[node] = self._passages_of(node)
        return self._support[node]

    @cached_property
    def passages(self) -> Mapping[str, ScenePassage]:
        """All passages, by IRI."""
        return {iri: self._passage(iri) for iri in self._rows if iri in self._positions}

    # ---- reading

    def _read(self, iri: str, rows: Iterable[Row]) -> None:
        """Note what a node is: a statement node, or one with classes and facts that lead to others."""
        about = next((row[2].value for row in rows if row[1] == _SUBJECT), None)
        if about is not None:
            self._statements.setdefault(about, []).append(iri)
            return
        if read_graph(document_of(iri), self.base):
            return  # it describes a graph
        for _, predicate, value, graph in rows:
            place = self._places[graph]
            if place is None:
                continue
            self.slugs.add(place.slug)
            is_node = type(value) is NamedNode
            if predicate == TYPE:
                self.classes.setdefault(iri, set()).add(value.value if is_node else "")
            if predicate not in _OF_EVIDENCE:
                self._nodes[iri] = None
                if is_node:
                    self.towards.setdefault(value.value, {})[iri] = None

    def _passage(self, iri: str) -> ScenePassage:
        if iri not in self._passages:
            own: dict[str, Object] = {}
            for _, predicate, value, _ in self._rows[iri]:
                own.setdefault(predicate, value)
            start, end, exact = (own[OA + name].value for name in ("start", "end", "exact"))
            self._passages[iri] = ScenePassage(slug_in(iri, self.base), int(start), int(end), exact)
        return self._passages[iri]

    def _evidence(self, values: Iterable[Object]) -> list[ScenePassage]:
        return [self._passage(value.value) for value in values if value.value in self._positions]

    def _said(self, node: str) -> Iterator[tuple[_Said, bool]]:
        """What is said of a node, with repetition, and whether it is inferred."""
        for _, predicate, value, graph in self._rows.get(node, ()):
            place = self._places[graph]
            if place is not None:
                yield (predicate, value, place.slug), place.is_inferred

    def _passages_of(self, node: str) -> Mapping[str, list[ScenePassage]]:
        found: dict[str, list[ScenePassage]] = {}
        if node in self._positions or self._is_apart(node):
            return found
        for predicate, value, slug in dict.fromkeys(said for said, _ in self._said(node)):
            if predicate == _EVIDENCE and isinstance(value, NamedNode):
                for passage in self._evidence([value]):
                    found.setdefault(slug, []).append(passage)
        return found

    def _is_apart(self, node: str) -> bool:
        """Whether a node is a statement node, or describes a graph."""
        is_statement = any(row[1] == _SUBJECT for row in self._rows.get(node, ()))
        return is_statement or read_graph(document_of(node), self.base) is not None

    def _facts(self, node: str) -> list[SceneFact]:
        if node not in self._made:
            self._made[node] = self._make(node)
        return self._made[node]

    def _make(self, node: str) -> list[SceneFact]:
        """The facts of a node, each with what it rests on."""
        proofs = dict(map(self._proof, self._statements.get(node, ())))
        stated: dict[_Said, bool] = {}
        for said, is_inferred in self._said(node):
            if said[0] not in _OF_EVIDENCE:
                stated[said] = stated.get(said, False) or not is_inferred
        facts = []
        for said, is_stated in stated.items():
            predicate, value, slug = said
            passages, reason, origin = proofs.get(said, _NO_PROOF)
            if not passages and slug:
                passages = self.support(node).get(slug, ())
            own = tuple(sorted(set(passages))) if len(passages) > 1 else tuple(passages)
            why = reason or ("" if is_stated else _UNKNOWN)
            facts.append(SceneFact(node, predicate, value, slug, own, reason=why, origin=origin))
        if len(facts) > 1:
            facts.sort(key=_fact_key)
        return facts

    def _proof(self, statement: str) -> tuple[_Said, _Proof]:
        """The fact that a statement node is of, and what it says of it."""
        own: dict[str, list[Object]] = {}
        for _, predicate, value, _ in self._rows[statement]:
            own.setdefault(predicate, []).append(value)
        said = own[RDF + "predicate"][0].value, own[RDF + "object"][0], slug_in(statement, self.base)
        inferred = any(o.value == CMQ + "inferred" for o in own.get(CMQ + "basis", ()))
        notes = sorted(o.value for o in own.get(SKOS + "editorialNote", ()))
        origins = [o.value for o in own.get(CMQ + "origin", ())]
        reason = "; ".join(notes) or _UNKNOWN if inferred else ""
        return said, _Proof(self._evidence(own.get(_EVIDENCE, ())), reason, origins[0] if origins else "")


class FactsInto(Mapping[str, Sequence[SceneFact]]):
    """The facts that have a node as their object, sorted, by that node."""

    def __init__(self, facts: FactsOf) -> None:
        self._facts = facts
        self._made: dict[str, list[SceneFact]] = {}

    def __getitem__(self, node: str) -> Sequence[SceneFact]:
        if node not in self._made:
            subjects = self._facts.towards[node]
            found = [
                fact
                for subject in subjects
                for fact in self._facts[subject]
                if fact.object.value == node and type(fact.object) is NamedNode
            ]
            self._made[node] = sorted(found, key=_fact_key)
        return self._made[node]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts.towards)

    def __len__(self) -> int:
        return len(self._facts.towards)


_NO_PROOF: Final = _Proof()


def _place(graph: str, base: str) -> _Place | None:
    """What a graph means for its facts; None for the one that describes the dataset."""
    known = read_graph(graph, base)
    return None if known == Graph(DATASET) else _Place(known.of_release if known else "", is_inference(graph))


def _fact_key(fact: SceneFact) -> tuple[str, tuple[int, str, str, str], str, str]:
    return fact.predicate, value_key(fact.object), natural(fact.subject), fact.slug
