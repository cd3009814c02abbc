"""A release held against everything: the compiler's findings, lint and SHACL, each with file and line of the record."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from communique.check import lint
from communique.check.shapes import Result, Shapes
from communique.compile.compiler import Compiled, compile_release
from communique.compile.registry import Registry
from communique.context import Context
from communique.findings import Finding
from communique.read.guard import guarded
from communique.read.newsroom import Newsroom
from communique.read.release import Release
from communique.read.yamlld import Pointer
from communique.terms import release_iri


@dataclass(frozen=True, slots=True)
class Checked:
    """A release as compiled, and everything that is wrong with it, in the order of its record."""

    compiled: Compiled
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class Checker:
    """What releases are held against; a release is judged by itself, with the entities of the registry it names."""

    base: str
    language: str
    context: Context
    registry: Registry
    shapes: Shapes

    def check(self, release: Release) -> Checked:
        """The release, compiled, and all its findings; what the program fails on is one of them."""
        return guarded(release.file, lambda: self._check(release), lambda why: self._failed(release, why))

    def _failed(self, release: Release, why: Finding) -> Checked:
        at = release.locate(())
        findings = (*release.findings, replace(why, line=at.line, column=at.column))
        nothing = Compiled(release.slug, release_iri(self.base, release.slug), self.base, self.language)
        return Checked(replace(nothing, findings=findings), findings)

    def _check(self, release: Release) -> Checked:
        compiled = compile_release(release, self.context, base=self.base, language=self.language)
        if not compiled.facts:
            return Checked(compiled, compiled.findings)
        findings = [*compiled.findings, *lint.check_release(release, compiled, self.registry)]
        quads = [*compiled.quads, *self.registry.describe(sorted(lint.named(compiled)))]
        results = self.shapes.judge(quads, release.sha256.encode())
        findings += (locate_result(result, release, compiled, self.registry) for result in results)
        return Checked(compiled, tuple(sorted(set(findings), key=order)))

    def check_registry(self, used: Collection[str] | None) -> list[Finding]:
        """The findings of the registry: its files, lint and SHACL over it as a whole; ``used`` are the IRIs in use."""
        findings = [*self.registry.findings, *lint.check_registry(self.registry, used)]
        for result in self.shapes.judge(list(self.registry.quads()), b"registry"):
            findings.append(_of_entity(result, self.registry))
        return sorted(set(findings), key=order)

    def check_all(self, newsroom: Newsroom, slugs: Collection[str] = ()) -> Iterator[Checked]:
        """Every release of a newsroom (or those named), one after the other."""
        return (self.check(release) for release in newsroom.releases(slugs))


def order(finding: Finding) -> tuple[str, int, int, str, str, str]:
    """Sort key of findings: where they stand, then what they are."""
    return finding.file, finding.line, finding.column, finding.code, finding.focus or "", finding.message


def locate_result(result: Result, release: Release, compiled: Compiled, registry: Registry) -> Finding:
    """A SHACL result as a finding: at the value, else the key, else the node of the record it speaks of."""
    pointer = _pointer(result, compiled)
    if pointer is None and result.focus in registry.entities:
        return _of_entity(result, registry)
    shown = result.focus.removeprefix(compiled.base)
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
    file, line, column = registry.graph, 0, 0
    if result.focus in registry.places:
        file, at = registry.locate(result.focus)
        line, column = at.line, at.column
    return Finding(
        file=file,
        line=line,
        column=column,
        severity=result.severity,
        code=result.code,
        message=result.message,
        focus=result.focus,
        path=result.path,
        value=result.value,
    )


def _pointer(result: Result, compiled: Compiled) -> Pointer | None:
    places = compiled.places
    if result.path is not None:
        values = [
            (term, at) for (s, p, term), at in places.items() if s == result.focus and p == result.path and term != ""
        ]
        for term, at in values:
            if result.value is not None and _is_term(term, result.value):
                return at
        if values:
            return values[0][1]
    return places.get((result.focus, "", ""))


def _is_term(term: str, value: str) -> bool:
    """Whether an N-Triples term is the IRI or has the lexical form ``value``."""
    return term == f"<{value}>" or term.startswith(f'"{value}"')
