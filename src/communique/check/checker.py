"""The complete check of a release: findings of the compiler, of lint and of SHACL, with file and line of the record."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from pyoxigraph import Quad

from communique.check import lint
from communique.check.causes import Causes
from communique.check.explanation import ExplainedLine
from communique.check.shapes import Result, Shapes
from communique.compile.compiler import Compiled, compile_release
from communique.compile.registry import Registry
from communique.context import Context
from communique.findings import NOWHERE, Finding, Findings, order
from communique.iris import release_iri, without_base
from communique.read.guard import guarded
from communique.read.newsroom import NewsroomFolder
from communique.read.release import WrittenRelease
from communique.read.yamlld import Pointer

_HEAVY = "holding the facts of this release against the shapes takes more work than one release may take"


@dataclass(frozen=True, slots=True)
class Checked:
    """A compiled release, and all findings about it in the order of its record; its explanations, if asked for."""

    compiled: Compiled
    findings: tuple[Finding, ...]
    explained: tuple[ExplainedLine, ...] = ()


@dataclass(slots=True)
class Checker:
    """Checks releases one by one, each together with the entities of the registry that it names.

    With ``explain``, it also says how the words for each fact were found.
    ``publisher`` is the entity that publishes the dataset, "" if it is none of the registry.
    """

    base: str
    language: str
    context: Context
    registry: Registry
    shapes: Shapes
    inferences: Mapping[str, str] = field(default_factory=dict)
    publisher: str = ""
    explain: bool = False

    def check(self, release: WrittenRelease, *, with_evidence: bool = False) -> Checked:
        """The compiled release and all findings about it; a failure of the program is one of them.

        ``with_evidence``: all its quads are to be used, so those of the evidence are made too, and cannot fail later.
        """

        def made() -> Checked:
            checked = self._check(release)
            if with_evidence:
                checked.compiled.evidence  # noqa: B018  (it is kept)
            return checked

        checked = guarded(release.file, made, lambda why: self._failed(release, why))
        return replace(checked, explained=self._explained(release, checked.compiled)) if self.explain else checked

    def _explained(self, release: WrittenRelease, compiled: Compiled) -> tuple[ExplainedLine, ...]:
        base, file = compiled.base, release.file
        return tuple(ExplainedLine(file, release.locate(row.pointer), base, row) for row in compiled.explained)

    def _failed(self, release: WrittenRelease, why: Finding) -> Checked:
        findings = (*release.findings, replace(why, line=release.line, column=int(release.line > 0)))
        nothing = Compiled(release.slug, release_iri(self.base, release.slug), self.base, self.language)
        return Checked(replace(nothing, findings=findings), findings)

    def _check(self, release: WrittenRelease) -> Checked:
        known = self.registry.entities
        compiled = compile_release(
            release,
            self.context,
            base=self.base,
            language=self.language,
            registry=known,
            inferences=self.inferences,
            explain=self.explain,
        )
        if not compiled.facts:
            return Checked(compiled, tuple(Causes(compiled.findings).left(compiled.findings)))
        before = (*compiled.findings, *lint.check_release(release, compiled, self.registry))
        causes = Causes(before, self.registry.findings, compiled.places)
        registry = self.registry.describe(sorted(lint.named(compiled)))
        quads = [*compiled.facts, *compiled.inferred, *compiled.page, *registry]

        def evidence() -> Iterable[Quad]:
            return compiled.evidence

        if self.shapes.is_heavy(quads, evidence, compiled.evidence_graph.most if compiled.evidence_graph else 0):
            found = Findings(release.file, causes.left(before))
            found.add(release.finding("too-much-work", _HEAVY, (), fix="split it"))
            return Checked(compiled, tuple(sorted(set(found.all()), key=order)))
        judged = self.shapes.judge(quads, release.sha256.encode(), release.file, evidence=evidence)
        results = [result for result in judged if not causes.explain(result)]
        found = Findings(release.file, causes.left(before))
        places = places_by_property(compiled) if results else {}
        for result in results:
            locate = partial(locate_result, result, release, compiled, self.registry, places)
            found.add_lazily(result.severity, locate)
        return Checked(compiled, tuple(sorted(set(found.all()), key=order)))

    def check_registry(self, used: Collection[str] | None) -> list[Finding]:
        """The findings about the registry: those of its files, of lint and of SHACL; ``used`` are the IRIs in use."""
        registry = self.registry
        in_use = None if used is None else {*used, self.publisher}
        found = Findings(registry.folder, (*registry.findings, *lint.check_registry(registry, in_use)))
        for result in self.shapes.judge(list(registry.quads()), b"registry", registry.folder):
            found.add_lazily(result.severity, partial(_of_entity, result, registry))
        return sorted(set(found.all()), key=order)

    def check_all(self, newsroom: NewsroomFolder, slugs: Collection[str] = ()) -> Iterator[Checked]:
        """All releases of a newsroom, or those with the given slugs, one after the other."""
        return (self.check(release) for release in newsroom.releases(slugs))


Places = Mapping[tuple[str, str], list[tuple[str, Pointer]]]
"""The values of each property of each node (two IRIs): the IRI or text, and the pointer to it in the record."""


def places_by_property(compiled: Compiled) -> Places:
    """The places of a release's facts by node and property, so that each lookup is fast."""
    places: dict[tuple[str, str], list[tuple[str, Pointer]]] = {}
    for (subject, path, value), at in compiled.places.items():
        places.setdefault((subject, path), []).append((value.value, at))
    return places


def locate_result(
    result: Result, release: WrittenRelease, compiled: Compiled, registry: Registry, places: Places
) -> Finding:
    """A SHACL result as a finding, at the value, or else at the key, or else at the node of the record."""
    pointer = _pointer(result, compiled, places)
    if pointer is None and result.focus in registry.entities:
        return _of_entity(result, registry)
    shown = without_base(result.focus, compiled.base)
    message = result.message if pointer else f"{result.message} ({shown})"
    return release.finding(
        result.code,
        message,
        pointer or (),
        severity=result.severity,
        focus=result.focus,
        path=result.path,
        value=result.value,
    )


def _of_entity(result: Result, registry: Registry) -> Finding:
    known = result.focus in registry.places
    file, at = registry.locate(result.focus) if known else (registry.graph, NOWHERE)
    return Finding.at(
        file,
        at,
        result.code,
        result.message,
        severity=result.severity,
        focus=result.focus,
        path=result.path,
        value=result.value,
    )


def _pointer(result: Result, compiled: Compiled, places: Places) -> Pointer | None:
    values = places.get((result.focus, result.path or ""), [])
    for value, at in values:
        if value == result.value:
            return at
    return values[0][1] if values else compiled.node_places.get(result.focus)
