"""The registry: what outlives one release. Preferred names, names in other languages, codes, links to authorities."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from communique.compile.expand import Expansion
from communique.compile.report import report_to
from communique.compile.rules import apply_general_rules
from communique.context import Context
from communique.findings import Finding, Findings, Position
from communique.ids import REGISTRY
from communique.iris import graph_iri
from communique.read.guard import guarded
from communique.read.newsroom import Entities
from communique.read.yamlld import Pointer, position

EntityPlace = tuple[Path, Pointer]


@dataclass(frozen=True, slots=True)
class Registry:
    """The quads of ``graph/entities`` by entity, what is wrong with the files, and where each entity stands."""

    graph: str
    entities: Mapping[str, tuple[Quad, ...]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    places: Mapping[str, EntityPlace] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        """The folder of its files, for what is said of all of them; the name of its graph where nothing was read."""
        return next((str(path.parent) for path, _ in self.places.values()), self.graph)

    def quads(self) -> Iterable[Quad]:
        """All quads of the registry, entity by entity in the order of their IRIs."""
        for iri in sorted(self.entities):
            yield from self.entities[iri]

    def locate(self, iri: str) -> tuple[str, Position]:
        """The file of an entity, and line and column in it; the file is read again for it."""
        path, pointer = self.places[iri]
        return str(path), position(path.read_bytes(), pointer)

    def describe(self, iris: Iterable[str]) -> Iterable[Quad]:
        """The quads of the named entities and of those that they point to; what is not in the registry gives none."""
        queue, seen = deque(iris), set[str]()
        while queue:
            iri = queue.popleft()
            if iri not in seen and iri in self.entities:
                seen.add(iri)
                yield from self.entities[iri]
                queue += [q.object.value for q in self.entities[iri] if isinstance(q.object, NamedNode)]


def compile_registry(files: Iterable[Entities], context: Context, *, base: str, language: str = "en") -> Registry:
    """The registry of a newsroom. Entities carry no evidence: what a release says of them stands in its record."""
    entities: dict[str, tuple[Quad, ...]] = {}
    places: dict[str, EntityPlace] = {}
    findings: list[Finding] = []
    graph = NamedNode(graph_iri(base, REGISTRY))
    for file in files:
        found = Findings(str(file.path), file.findings)
        if file.document is not None:
            compiled = partial(_compile_file, file, context, graph, base, language, found=found)
            for iri, quads, place in guarded(file.path, compiled, partial(_nothing, found)):
                if iri in entities:
                    found.add_made("violation", partial(_twice, iri, place, places[iri]))
                    continue
                entities[iri], places[iri] = quads, place
        findings += found.all()
    return Registry(graph.value, entities, tuple(findings), places)


def _nothing(found: Findings, why: Finding) -> list[tuple[str, tuple[Quad, ...], EntityPlace]]:
    found.add(why)
    return []


def _twice(iri: str, place: EntityPlace, first: EntityPlace) -> Finding:
    at, before = (position(path.read_bytes(), pointer) for path, pointer in (place, first))
    return Finding.at(
        place[0],
        at,
        "duplicate-id",
        "a second entity has this id",
        focus=iri,
        why=(f"the first one: {first[0]}, line {before.line}",),
        fix="join both, or give one another id",
    )


def _compile_file(
    file: Entities, context: Context, graph: NamedNode, base: str, language: str, found: Findings
) -> list[tuple[str, tuple[Quad, ...], EntityPlace]]:
    report = report_to(found, file.path, partial(position, file.raw))
    expansion = Expansion(context, report, base=base, this="", language=language)
    document = file.document or {}
    nodes = document.get("graph", document.get("@graph"))
    if not isinstance(nodes, list):
        report("not-a-node", "a file of the registry holds graph: and a list of entities", ())
        return []
    for k, node in enumerate(nodes):
        if isinstance(node, dict) and ("evidence" in node or "role" in node):
            key = "evidence" if "evidence" in node else "role"
            report(
                "evidence-misplaced",
                f"{key} belongs into the record of a release",
                ("graph", k, key),
                key=True,
                fix="say it in the record, with its quote",
            )
        expansion.add(node, ("graph", k))
    made: list[tuple[str, tuple[Quad, ...], EntityPlace]] = []
    for entity in expansion.nodes.values():
        apply_general_rules(expansion, entity)
        facts = {Quad(entity.iri, f.predicate, f.object, graph): None for fs in entity.facts.values() for f in fs}
        made.append((entity.iri.value, tuple(facts), (file.path, entity.pointer)))
    return made
