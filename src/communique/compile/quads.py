"""Facts and evidence as quads: two named graphs for a release, no blank node, the same IRIs every time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from communique.compile.expand import Expansion, RecordFact, RecordNode
from communique.compile.literals import composed
from communique.compile.passages import Passage, Span
from communique.compile.work import KEPT_PER_STEP, Work
from communique.errors import CommuniqueError
from communique.iris import graph_iri, passage_iri, release_iri, source_iri, statement_iri
from communique.read.yamlld import Pointer
from communique.terms import CMQ, OA, RDF, SCHEMA, SKOS, TYPE, XSD

_A = NamedNode(TYPE)
_SUBJECT, _PREDICATE, _OBJECT = (NamedNode(RDF + n) for n in ("subject", "predicate", "object"))
_STATEMENT = NamedNode(RDF + "Statement")
_EVIDENCE, _BASIS = NamedNode(CMQ + "evidence"), NamedNode(CMQ + "basis")
_STATED, _INFERRED = NamedNode(CMQ + "stated"), NamedNode(CMQ + "inferred")
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
    """How well a release's facts are anchored: all, with a quote of their own, inferred, written by rule.

    What the editor notes is said by no text: it is no fact.
    """

    facts: int = 0
    quoted: int = 0
    inferred: int = 0
    by_rule: int = 0


def statement_node(release: str, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> NamedNode:
    """The statement node of one fact of a release, which is given by its IRI."""
    return NamedNode(statement_iri(release, f"{subject} {predicate} {value}"))


class Quads:
    """Facts and evidence of one release as quads, each once.

    The release is given by the base of the newsroom and its slug; ``text`` and ``sha256`` are its text and the hash of
    the bytes of that.
    """

    def __init__(self, *, base: str, slug: str, text: str, sha256: str) -> None:
        self.release, self.source = release_iri(base, slug), NamedNode(source_iri(base, slug))
        self.text, self.sha256 = text, sha256
        self.fact_graph, self.evidence_graph = (NamedNode(graph_iri(base, slug, part)) for part in ("", "evidence"))
        self.facts: dict[Quad, None] = {}
        self.evidence: dict[Quad, None] = {}
        self.passages: dict[tuple[int, int], Passage] = {}
        self.places: dict[Key, Pointer] = {}
        self.node_places: dict[str, Pointer] = {}
        self.tally = EvidenceTally()
        self._names: dict[tuple[int, int], NamedNode] = {}
        self._statements: dict[NamedNode, Quad] = {}

    def add(self, expansion: Expansion, spans: Mapping[RecordNode, list[Span]], work: Work) -> None:
        """Take all facts of an expansion and the passages (``spans``) of its nodes.

        Raises `WorkSpentError` if ``work`` does not suffice: evidence can be a product of quotes and facts.
        """
        for node in expansion.nodes.values():
            work.spend(5 + 5 * len(spans[node]))
            self.node_places[node.iri.value] = node.pointer
            for span in spans[node]:
                self._prove(node.iri, _EVIDENCE, self._passage(span))
        facts = quoted = inferred = by_rule = 0
        written: dict[Quad, RecordFact] = {}
        for fact in expansion.facts():
            quad = Quad(fact.node.iri, fact.predicate, fact.object, self.fact_graph)
            first = written.setdefault(quad, fact)
            if first is not fact:  # written twice, or under two keys, such as name and labels
                work.spend((len(first.spans) + len(fact.spans)) // 10)
                first.spans = list(dict.fromkeys([*first.spans, *fact.spans]))
                first.why = None if first.why is None or fact.why is None else min(first.why, fact.why)
        marked: list[tuple[RecordFact, Quad]] = []
        for quad, fact in written.items():
            self.facts[quad] = None
            self.places[(fact.node.iri.value, fact.predicate.value, fact.object)] = fact.pointer
            if quad.predicate != _NOTE:
                facts, quoted = facts + 1, quoted + bool(fact.spans)
                inferred, by_rule = inferred + bool(fact.why), by_rule + bool(fact.rule)
            if fact.spans or fact.why is not None:
                work.spend(10 + 5 * len(fact.spans) + len(fact.why or "") // KEPT_PER_STEP)
                marked.append((fact, quad))
        self.tally = EvidenceTally(facts, quoted, inferred, by_rule)
        for fact, quad in marked:
            self._state(fact, quad)
        self._describe_source()

    def _state(self, fact: RecordFact, quad: Quad) -> None:
        """The statement node of a fact with a quote of its own; the mark of an inference travels with the facts."""
        statement = statement_node(self.release, fact.node.iri, fact.predicate, fact.object)
        if self._statements.setdefault(statement, quad) != quad:
            raise CommuniqueError(f"two facts share the statement {statement.value}")  # 1 in 10^12 for a pair
        graph, into = (self.fact_graph, self.facts) if fact.why is not None else (self.evidence_graph, self.evidence)
        for predicate, value in (
            (_A, _STATEMENT),
            (_SUBJECT, quad.subject),
            (_PREDICATE, quad.predicate),
            (_OBJECT, quad.object),
            (_BASIS, _STATED if fact.why is None else _INFERRED),
        ):
            into[Quad(statement, predicate, value, graph)] = None
        if fact.why is not None:
            into[Quad(statement, _NOTE, Literal(composed(fact.why), language="en"), graph)] = None
        for span in fact.spans:
            self._prove(statement, _EVIDENCE, self._passage(span))

    def _passage(self, span: Span | tuple[int, int]) -> NamedNode:
        key = (span[0], span[1])
        if key in self._names:
            return self._names[key]
        start, end = key
        quote = self.text[start:end]
        iri = self._names[key] = NamedNode(passage_iri(self.source.value, start, end))
        self.passages[key] = Passage(quote, start, end)
        self._prove(iri, _A, _PASSAGE)
        self._prove(iri, _HAS_SOURCE, self.source)
        self._prove(iri, _EXACT, Literal(quote))
        self._prove(iri, _START, Literal(str(start), datatype=_OFFSET))
        self._prove(iri, _END, Literal(str(end), datatype=_OFFSET))
        return iri

    def _describe_source(self) -> None:
        self._prove(self.source, _A, _TEXT)
        self._prove(self.source, _ENCODING_FORMAT, Literal("text/plain"))
        self._prove(self.source, _SHA256, Literal(self.sha256))

    def _prove(self, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> None:
        self.evidence[Quad(subject, predicate, value, self.evidence_graph)] = None
