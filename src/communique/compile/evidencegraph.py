"""The graph of evidence of a release: what supports its facts, made into quads when these are first asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from communique.compile.literals import nfc
from communique.errors import CommuniqueError
from communique.iris import passage_iri, statement_iri
from communique.terms import CMQ, OA, RDF, SCHEMA, SKOS, TYPE, XSD
from communique.text.passages import Passage, Span
from communique.text.running import Running

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
_QUADS_OF_STATEMENT, _QUADS_OF_PASSAGE, _QUADS_OF_SOURCE = 6, 5, 3  # at most


class Support(NamedTuple):
    """A node that words speak of, and their span in the running text."""

    subject: NamedNode
    span: tuple[int, int]


class SupportedFact(NamedTuple):
    """A fact that has words of its own or is inferred: its quad, the reason if it is inferred, the spans of its words.

    "Stated" is not written, it is usual.
    """

    quad: Quad
    why: str | None
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class EvidenceGraph:
    """All that supports the facts of one release, and its quads in the graph with the name ``graph``.

    ``nodes`` and ``entities`` are the words for nodes of the record and for entities of the registry; ``text`` is the
    running text of the release, into which spans are given, ``sha256`` the hash of the bytes of its source;
    ``provenance`` are the quads on the graphs themselves.
    """

    release: str
    source: NamedNode
    graph: NamedNode
    text: Running
    sha256: str
    nodes: tuple[Support, ...] = ()
    statements: tuple[SupportedFact, ...] = ()
    entities: tuple[Support, ...] = ()
    provenance: tuple[Quad, ...] = ()

    @property
    def most(self) -> int:
        """A number of quads that it does not exceed; it takes less time than to make them."""
        spans = [support.span for support in (*self.nodes, *self.entities)]
        spans += [span for statement in self.statements for span in statement.spans]
        parts = sum(len(self.text.parts(span)) for span in spans)
        statements = _QUADS_OF_STATEMENT * len(self.statements)
        return statements + (1 + _QUADS_OF_PASSAGE) * parts + _QUADS_OF_SOURCE + len(self.provenance)

    @property
    def quads(self) -> tuple[Quad, ...]:
        """Its quads, each once. Raises `CommuniqueError` if two facts share a statement node."""
        return self._made[0]

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The passages of the source, in its order."""
        return self._made[1]

    @cached_property
    def _made(self) -> tuple[tuple[Quad, ...], tuple[Passage, ...]]:
        quads = _Quads(self)
        return tuple(quads.made), tuple(quads.passages[span] for span in sorted(quads.passages))


class _Quads:
    """The quads of a graph of evidence."""

    def __init__(self, evidence: EvidenceGraph) -> None:
        self.release, self.source, self.graph = evidence.release, evidence.source, evidence.graph
        self.text = evidence.text
        self.made: list[Quad] = []
        self.passages: dict[Span, Passage] = {}
        self._names: dict[Span, NamedNode] = {}
        self._supported: set[tuple[NamedNode, Span]] = set()
        self._statements: dict[NamedNode, Quad] = {}
        self._support(evidence.nodes)
        for statement in evidence.statements:
            self._add_statement(statement)
        self._describe_source(evidence.sha256)
        self._support(evidence.entities)
        self.made += evidence.provenance

    def _add_statement(self, fact: SupportedFact) -> None:
        subject, predicate, value, graph = fact.quad.subject, fact.quad.predicate, fact.quad.object, self.graph
        assert isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal)
        statement = statement_node(self.release, subject, predicate, value)
        if self._statements.setdefault(statement, fact.quad) != fact.quad:
            raise CommuniqueError(f"two facts share the statement {statement.value}")  # 1 in 10^12 for a pair
        self.made += (
            Quad(statement, _A, _STATEMENT, graph),
            Quad(statement, _SUBJECT, subject, graph),
            Quad(statement, _PREDICATE, predicate, graph),
            Quad(statement, _OBJECT, value, graph),
        )
        if fact.why is not None:
            self.made.append(Quad(statement, _BASIS, _INFERRED, graph))
            self.made.append(Quad(statement, _NOTE, Literal(nfc(fact.why), language="en"), graph))
        self._support(Support(statement, span) for span in fact.spans)

    def _support(self, supports: Iterable[Support]) -> None:
        """Add the passages of spans of the running text: several where one runs over ignored words or a line end."""
        for subject, span in supports:
            for part in self.text.parts(span):
                passage = self._names.get(part) or self._add_passage(part)
                key = (subject, part)
                if key not in self._supported:
                    self._supported.add(key)
                    self.made.append(Quad(subject, _EVIDENCE, passage, self.graph))

    def _add_passage(self, part: Span) -> NamedNode:
        """Add the passage of a span of the source and return its IRI."""
        start, end = part
        quote, graph = self.text.source[start:end], self.graph
        iri = self._names[part] = NamedNode(passage_iri(self.source.value, start, end))
        self.passages[part] = Passage(quote, start, end)
        self.made += (
            Quad(iri, _A, _PASSAGE, graph),
            Quad(iri, _HAS_SOURCE, self.source, graph),
            Quad(iri, _EXACT, Literal(quote), graph),
            Quad(iri, _START, Literal(str(start), datatype=_OFFSET), graph),
            Quad(iri, _END, Literal(str(end), datatype=_OFFSET), graph),
        )
        return iri

    def _describe_source(self, sha256: str) -> None:
        source, graph = self.source, self.graph
        self.made += (
            Quad(source, _A, _TEXT, graph),
            Quad(source, _ENCODING_FORMAT, Literal("text/plain"), graph),
            Quad(source, _SHA256, Literal(sha256), graph),
        )


def statement_node(release: str, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> NamedNode:
    """The statement node of one fact; ``release`` is the IRI of its release."""
    return NamedNode(statement_iri(release, f"{subject} {predicate} {value}"))


def marks_of_inference(evidence: Iterable[Quad]) -> tuple[Quad, ...]:
    """Of a graph of evidence the statement nodes of inferred facts: what was inferred, and why, without passages."""
    evidence = tuple(evidence)
    inferred = {quad.subject for quad in evidence if quad.predicate == _BASIS and quad.object == _INFERRED}
    return tuple(quad for quad in evidence if quad.subject in inferred and quad.predicate != _EVIDENCE)
