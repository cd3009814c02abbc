"""Facts as quads: what is stated and what is inferred, each in a graph of its own, and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from communique.compile.evidencegraph import EvidenceGraph, Support, SupportedFact
from communique.compile.expand import Expansion
from communique.compile.nodes import RecordFact, RecordNode
from communique.iris import graph_iri, release_iri, source_iri
from communique.read.yamlld import Pointer
from communique.terms import SKOS
from communique.text.passages import Span
from communique.text.running import Running
from communique.text.work import KEPT_PER_STEP, Work

_NOTE = NamedNode(SKOS + "editorialNote")

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


class Quads:
    """Facts and evidence of one release, each once.

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
        self.places: dict[Key, Pointer] = {}
        self.node_places: dict[str, Pointer] = {}
        self.tally = EvidenceTally()
        self._nodes: list[Support] = []
        self._statements: list[SupportedFact] = []

    def add(self, expansion: Expansion, spans: Mapping[RecordNode, list[Span]], work: Work) -> None:
        """Add all facts of an expansion and the passages (``spans``) of its nodes.

        Raises `WorkSpentError` if ``work`` runs out: the amount of evidence can grow as quotes times facts.
        """
        for node in expansion.nodes.values():
            work.spend(5 + 5 * len(spans[node]))
            self.node_places[node.iri.value] = node.pointer
            self._nodes += [Support(node.iri, span) for span in spans[node]]
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
        for quad, fact in written.items():
            self._add_fact(fact, quad)
            self.places[(fact.node.iri.value, fact.predicate.value, fact.object)] = fact.pointer
            if fact.predicate != _NOTE:
                facts, quoted = facts + 1, quoted + bool(fact.spans)
                inferred, by_rule = inferred + bool(fact.why), by_rule + bool(fact.rule)
            if fact.spans or fact.why is not None:
                work.spend(10 + 5 * len(fact.spans) + len(fact.why or "") // KEPT_PER_STEP)
                self._statements.append(SupportedFact(quad, fact.why, tuple(fact.spans)))
        self.tally = EvidenceTally(facts, quoted, inferred, by_rule)

    def _add_fact(self, fact: RecordFact, quad: Quad) -> None:
        """Add a fact to the graph of what is stated, or to that of what is inferred."""
        if fact.why is None:
            self.facts[quad] = None
        else:
            self.inferred[Quad(quad.subject, quad.predicate, quad.object, self.inferred_graph)] = None

    def evidence(self, entities: Mapping[str, Span], provenance: tuple[Quad, ...]) -> EvidenceGraph:
        """What supports the facts that were added; ``entities`` are the words for entities of the registry, by IRI."""
        return EvidenceGraph(
            self.release,
            self.source,
            self.evidence_graph,
            self.text,
            self.sha256,
            nodes=tuple(self._nodes),
            statements=tuple(self._statements),
            entities=tuple(Support(NamedNode(iri), span) for iri, span in entities.items()),
            provenance=provenance,
        )
