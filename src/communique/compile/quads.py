"""Facts and evidence as quads: what is stated, what is inferred and what it rests on, each in a graph of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from communique.compile.expand import Expansion
from communique.compile.literals import nfc
from communique.compile.nodes import RecordFact, RecordNode
from communique.errors import CommuniqueError
from communique.iris import graph_iri, passage_iri, release_iri, source_iri, statement_iri
from communique.read.yamlld import Pointer
from communique.terms import CMQ, OA, RDF, SCHEMA, SKOS, TYPE, XSD
from communique.text.passages import Passage, Span
from communique.text.running import Running
from communique.text.work import KEPT_PER_STEP, Work

_A = NamedNode(TYPE)
_SUBJECT, _PREDICATE, _OBJECT = (NamedNode(RDF + n) for n in ("subject", "predicate", "object"))
_STATEMENT = NamedNode(RDF + "Statement")
_EVIDENCE, _BASIS = NamedNode(CMQ + "evidence"), NamedNode(CMQ + "basis")
_INFERRED = NamedNode(CMQ + "inferred")
_NOTE = NamedNode(SKOS + "editorialNote")
_PASSAGE, _HAS_SOURCE = NamedNode(OA + "SpecificResource"), NamedNode(OA + "hasSource")
_EXACT, _START, _END = NamedNode(OA + "exact"), NamedNode(OA + "start"), NamedNode(OA + "end")
# the Web Annotation vocabulary says nonNegativeInteger, whose values are integers; stores such as Oxigraph keep no
# derived type, and what is loaded must come back as it was
_OFFSET = NamedNode(XSD + "integer")
_TEXT, _SHA256 = NamedNode(SCHEMA + "TextObject"), NamedNode(SCHEMA + "sha256")
_ENCODING_FORMAT = NamedNode(SCHEMA + "encodingFormat")

Key = tuple[str, str, NamedNode | Literal]
"""A fact: IRIs of subject and predicate, and the object."""


@dataclass(frozen=True, slots=True)
class EvidenceTally:
    """How many facts a release has, and how many have a quote of their own, are inferred, or are written by rule.

    Editorial notes are not counted: no text says them, so they are not facts.
    """

    facts: int = 0
    quoted: int = 0
    inferred: int = 0
    by_rule: int = 0


def statement_node(release: str, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> NamedNode:
    """The statement node of one fact; ``release`` is the IRI of its release."""
    return NamedNode(statement_iri(release, f"{subject} {predicate} {value}"))


def marks_of_inference(evidence: Iterable[Quad]) -> tuple[Quad, ...]:
    """Of a graph of evidence the statement nodes of inferred facts: what was inferred, and why, without passages."""
    evidence = tuple(evidence)
    inferred = {quad.subject for quad in evidence if quad.predicate == _BASIS and quad.object == _INFERRED}
    return tuple(quad for quad in evidence if quad.subject in inferred and quad.predicate != _EVIDENCE)


class Quads:
    """Facts and evidence of one release as quads, each once.

    ``base`` is the base IRI of the newsroom, ``slug`` that of the release; ``text`` is its running text, into
    which spans are given, and ``sha256`` the hash of the bytes of its source.
    """

    def __init__(self, *, base: str, slug: str, text: Running, sha256: str) -> None:
        self.release, self.source = release_iri(base, slug), NamedNode(source_iri(base, slug))
        self.text, self.sha256 = text, sha256
        parts = ("", "inferred", "evidence")
        self.fact_graph, self.inferred_graph, self.evidence_graph = (NamedNode(graph_iri(base, slug, p)) for p in parts)
        self.facts: dict[Quad, None] = {}
        self.inferred: dict[Quad, None] = {}
        self.evidence: list[Quad] = []
        self.passages: dict[tuple[int, int], Passage] = {}
        self.places: dict[Key, Pointer] = {}
        self.node_places: dict[str, Pointer] = {}
        self.tally = EvidenceTally()
        self._names: dict[tuple[int, int], NamedNode] = {}
        self._supported: set[tuple[NamedNode, Span]] = set()
        self._statements: dict[NamedNode, Quad] = {}

    def add(self, expansion: Expansion, spans: Mapping[RecordNode, list[Span]], work: Work) -> None:
        """Add all facts of an expansion and the passages (``spans``) of its nodes.

        Raises `WorkSpentError` if ``work`` runs out: the amount of evidence can grow as quotes times facts.
        """
        for node in expansion.nodes.values():
            work.spend(5 + 5 * len(spans[node]))
            self.node_places[node.iri.value] = node.pointer
            for span in spans[node]:
                self.support(node.iri, span)
        facts = quoted = inferred = by_rule = 0
        written: dict[Quad, RecordFact] = {}
        graph = self.fact_graph
        for fact in expansion.facts():
            quad = Quad(fact.node.iri, fact.predicate, fact.object, graph)
            first = written.setdefault(quad, fact)
            if first is not fact:  # written twice, or under two keys, such as name and labels
                work.spend((len(first.spans) + len(fact.spans)) // 10)
                first.spans = list(dict.fromkeys([*first.spans, *fact.spans]))
                first.why = None if first.why is None or fact.why is None else min(first.why, fact.why)
        marked: list[tuple[RecordFact, Quad]] = []
        for quad, fact in written.items():
            self._add_fact(fact, quad)
            self.places[(fact.node.iri.value, fact.predicate.value, fact.object)] = fact.pointer
            if fact.predicate != _NOTE:
                facts, quoted = facts + 1, quoted + bool(fact.spans)
                inferred, by_rule = inferred + bool(fact.why), by_rule + bool(fact.rule)
            if fact.spans or fact.why is not None:
                work.spend(10 + 5 * len(fact.spans) + len(fact.why or "") // KEPT_PER_STEP)
                marked.append((fact, quad))
        self.tally = EvidenceTally(facts, quoted, inferred, by_rule)
        for fact, quad in marked:
            self._add_statement(fact, quad)
        self._describe_source()

    def _add_fact(self, fact: RecordFact, quad: Quad) -> None:
        """Add a fact to the graph of what is stated, or to that of what is inferred."""
        if fact.why is None:
            self.facts[quad] = None
        else:
            self.inferred[Quad(quad.subject, quad.predicate, quad.object, self.inferred_graph)] = None

    def _add_statement(self, fact: RecordFact, quad: Quad) -> None:
        """Add the statement node of a fact, with the reason if it is inferred; "stated" is not written, it is usual."""
        subject, predicate, value, graph = fact.node.iri, fact.predicate, fact.object, self.evidence_graph
        statement = statement_node(self.release, subject, predicate, value)
        if self._statements.setdefault(statement, quad) != quad:
            raise CommuniqueError(f"two facts share the statement {statement.value}")  # 1 in 10^12 for a pair
        self.evidence += (
            Quad(statement, _A, _STATEMENT, graph),
            Quad(statement, _SUBJECT, subject, graph),
            Quad(statement, _PREDICATE, predicate, graph),
            Quad(statement, _OBJECT, value, graph),
        )
        if fact.why is not None:
            self.evidence.append(Quad(statement, _BASIS, _INFERRED, graph))
            self.evidence.append(Quad(statement, _NOTE, Literal(nfc(fact.why), language="en"), graph))
        for span in fact.spans:
            self.support(statement, span)

    def support(self, subject: NamedNode, span: Span | tuple[int, int]) -> None:
        """Add the passages of a span of the running text: several where it runs over ignored words or a line end."""
        for part in self.text.parts(span):
            passage = self._names.get(part) or self._add_passage(part)
            key = (subject, part)
            if key not in self._supported:
                self._supported.add(key)
                self.evidence.append(Quad(subject, _EVIDENCE, passage, self.evidence_graph))

    def _add_passage(self, key: Span) -> NamedNode:
        """Add the passage of a span of the source and return its IRI."""
        start, end = key
        quote, graph = self.text.source[start:end], self.evidence_graph
        iri = self._names[key] = NamedNode(passage_iri(self.source.value, start, end))
        self.passages[key] = Passage(quote, start, end)
        self.evidence += (
            Quad(iri, _A, _PASSAGE, graph),
            Quad(iri, _HAS_SOURCE, self.source, graph),
            Quad(iri, _EXACT, Literal(quote), graph),
            Quad(iri, _START, Literal(str(start), datatype=_OFFSET), graph),
            Quad(iri, _END, Literal(str(end), datatype=_OFFSET), graph),
        )
        return iri

    def _describe_source(self) -> None:
        source, graph = self.source, self.evidence_graph
        self.evidence += (
            Quad(source, _A, _TEXT, graph),
            Quad(source, _ENCODING_FORMAT, Literal("text/plain"), graph),
            Quad(source, _SHA256, Literal(self.sha256), graph),
        )
