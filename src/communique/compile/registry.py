"""The registry: what outlives one release. Preferred names, names in other languages, codes, links to authorities."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from communique.compile.expand import Expansion
from communique.compile.keywords import report_collisions, written_key
from communique.compile.nodes import RecordNode
from communique.compile.report import report_to
from communique.compile.rules import apply_general_rules
from communique.compile.termcheck import check_terms
from communique.context import AUTHORING_KEYS, Context
from communique.findings import Finding, Findings, Position
from communique.ids import REGISTRY
from communique.iris import graph_iri
from communique.read.guard import guarded
from communique.read.newsroom import EntityFile
from communique.read.yamlld import Pointer, position

EntityPlace = tuple[Path, Pointer]


@dataclass(frozen=True, slots=True)
class Registry:
    """The quads of ``graph/entities`` by entity, what is wrong with the files, and where each entity is written.

    ``scheme`` are the quads about the scheme of its topics; none if none of them is in it.
    """

    graph: str
    entities: Mapping[str, tuple[Quad, ...]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    places: Mapping[str, EntityPlace] = field(default_factory=dict)
    scheme: tuple[Quad, ...] = ()

    @property
    def folder(self) -> str:
        """The folder of its files, for findings about all of them; the name of its graph if nothing was read."""
        return next((str(path.parent) for path, _ in self.places.values()), self.graph)

    def quads(self) -> Iterable[Quad]:
        """All quads of the registry, entity by entity in the order of their IRIs, and those about the scheme."""
        for iri in sorted(self.entities):
            yield from self.entities[iri]
        yield from self.scheme

    def locate(self, iri: str) -> tuple[str, Position]:
        """The file of an entity, and its line and column there; the file is read again to find them."""
        path, pointer = self.places[iri]
        return str(path), position(path.read_bytes(), pointer)

    def describe(self, iris: Iterable[str]) -> Iterable[Quad]:
        """The quads of entities and of those that they point to, directly or not; none for IRIs that are not here.

        Those about the scheme are among them if one of these is in it.
        """
        queue, seen, reached = deque(iris), set[str](), set[str]()
        while queue:
            iri = queue.popleft()
            reached.add(iri)
            if iri not in seen and iri in self.entities:
                seen.add(iri)
                yield from self.entities[iri]
                queue += [q.object.value for q in self.entities[iri] if isinstance(q.object, NamedNode)]
        if any(isinstance(quad.subject, NamedNode) and quad.subject.value in reached for quad in self.scheme):
            yield from self.scheme


def compile_registry(files: Iterable[EntityFile], context: Context, *, base: str, language: str = "en") -> Registry:
    """The registry of a newsroom. Entities carry no evidence: what a release says of them is in its record."""
    entities: dict[str, tuple[Quad, ...]] = {}
    places: dict[str, EntityPlace] = {}
    findings: list[Finding] = []
    graph = NamedNode(graph_iri(base, REGISTRY))
    for file in files:
        file_findings = Findings(str(file.path), file.findings)
        if file.document is not None:
            compiled = partial(_compile_file, file, context, graph, base, language, findings=file_findings)
            for iri, quads, place in guarded(file.path, compiled, partial(_no_entities, file_findings)):
                if iri in entities:
                    file_findings.add_lazily("violation", partial(_duplicate_id, iri, place, places[iri]))
                    continue
                entities[iri], places[iri] = quads, place
        findings += file_findings.all()
    return Registry(graph.value, entities, tuple(findings), places)


def _no_entities(findings: Findings, why: Finding) -> list[tuple[str, tuple[Quad, ...], EntityPlace]]:
    findings.add(why)
    return []


def _duplicate_id(iri: str, place: EntityPlace, first: EntityPlace) -> Finding:
    at, before = (position(path.read_bytes(), pointer) for path, pointer in (place, first))
    return Finding.at(
        place[0],
        at,
        "duplicate-id",
        "a second entity has this id",
        focus=iri,
        why=(f"the first one: {first[0]}, line {before.line}",),
        fix="merge the two, or give one a different id",
    )


def _compile_file(
    file: EntityFile, context: Context, graph: NamedNode, base: str, language: str, findings: Findings
) -> list[tuple[str, tuple[Quad, ...], EntityPlace]]:
    report = report_to(findings, file.path, partial(position, file.raw))
    expansion = Expansion(context, report, base=base, this="", language=language)
    document = file.document or {}
    report_collisions(document, ("graph",), (), report)
    graph_key = written_key(document, "graph")
    nodes = document.get(graph_key)
    if not isinstance(nodes, list):
        report("not-a-node", "a file of the registry must have graph: with a list of entities", (graph_key,))
        return []
    for k, node in enumerate(nodes):
        for key in sorted(AUTHORING_KEYS & node.keys()) if isinstance(node, dict) else ():
            report(
                "evidence-misplaced",
                f"{key} belongs in the record of a release",
                (graph_key, k, key),
                key=True,
                fix="write it in the record, with its quote",
            )
        expansion.add(node, (graph_key, k))
    for entity in list(expansion.nodes.values()):
        apply_general_rules(expansion, entity)
    check_terms(expansion)
    facts: dict[RecordNode, dict[Quad, None]] = {}
    for node in expansion.nodes.values():
        own = facts.setdefault(node.holder or node, {})  # what a rule describes of an entity belongs to it
        own |= {Quad(node.iri, f.predicate, f.object, graph): None for fs in node.facts.values() for f in fs}
    return [(node.iri.value, tuple(quads), (file.path, node.pointer)) for node, quads in facts.items()]
