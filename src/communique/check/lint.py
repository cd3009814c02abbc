"""What no shape can see: references to nothing, nodes nobody reaches, names that differ only in spelling."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from communique.compile.compiler import Compiled
from communique.compile.registry import Registry
from communique.errors import nearest
from communique.findings import Finding, Severity
from communique.read.release import Release
from communique.terms import SCHEMA, TYPE


class Link(NamedTuple):
    """A fact whose object is a node: the IRIs of subject, property and object."""

    subject: str
    path: str
    target: str


LARGE, SPARE = 200, 20
"""In a registry of so many entities, one in so many may be kept for later without a word."""

_WRONG_SCHEMA = "https://schema.org/"
_KINDS = (SCHEMA + "Person", SCHEMA + "Organization", SCHEMA + "Place", SCHEMA + "DefinedTerm")


def check_release(release: Release, compiled: Compiled, registry: Registry) -> list[Finding]:
    """What is wrong with how the nodes of one release hang together."""
    nodes = {subject for subject, path, _ in compiled.places if not path}
    links = [Link(s, p, term[1:-1]) for s, p, term in compiled.places if term.startswith("<") and p != TYPE]
    found = [*_dangling(release, compiled, links, nodes, registry), *_wrong_schema(release, compiled, links)]
    return [*found, *_unreachable(release, compiled, links, nodes)]


def _at(release: Release, compiled: Compiled, link: Link, code: str, message: str, fix: str) -> Finding:
    pointer = compiled.places[(link.subject, link.path, f"<{link.target}>")]
    return release.finding(code, message, pointer, fix=fix, focus=link.subject, path=link.path, value=link.target)


def _dangling(
    release: Release, compiled: Compiled, links: list[Link], nodes: set[str], registry: Registry
) -> Iterator[Finding]:
    """References to nodes of this newsroom that neither the record nor the registry describes."""
    base = compiled.base
    for link in links:
        iri = link.target
        if not iri.startswith(base) or iri in nodes or iri in registry.entities or _is_published_apart(iri, base):
            continue
        near = nearest(iri.removeprefix(base), {n.removeprefix(base) for n in (*nodes, *registry.entities)})
        shown, near = (n and n.replace(f"release/{compiled.slug}#", "this:") for n in (iri.removeprefix(base), near))
        message = f"{shown} is described neither in this record nor in the registry"
        fix = f"did you mean {near}?" if near else "describe it in the record, with a quote"
        yield _at(release, compiled, link, "dangling-reference", message, fix)


def _is_published_apart(iri: str, base: str) -> bool:
    """Whether an IRI is a release (perhaps another one) or the text of one: files, not nodes of a record."""
    return iri.startswith(f"{base}release/") and "#" not in iri


def _wrong_schema(release: Release, compiled: Compiled, links: list[Link]) -> Iterator[Finding]:
    for link in links:
        if link.target.startswith(_WRONG_SCHEMA):
            message = "schema.org's own terms begin with http://, not https://"
            yield _at(release, compiled, link, "https-schema-org", message, "write http://schema.org/…")


def _unreachable(release: Release, compiled: Compiled, links: list[Link], nodes: set[str]) -> Iterator[Finding]:
    """Nodes that no chain of facts, in either direction, ties to the release."""
    beside: dict[str, set[str]] = defaultdict(set)
    for link in links:
        beside[link.subject].add(link.target)
        beside[link.target].add(link.subject)
    reached, queue = {compiled.iri}, [compiled.iri]
    while queue:
        fresh = beside[queue.pop()] - reached
        reached |= fresh
        queue += fresh
    for iri in sorted(nodes - reached):
        yield release.finding(
            "unreachable-node",
            "nothing ties this node to the release",
            compiled.places[(iri, "", "")],
            severity="warning",
            focus=iri,
            fix="name it in about or mentions of the release, or where it belongs",
        )


# ---- the registry


def check_registry(registry: Registry, used: Collection[str] | None) -> list[Finding]:
    """What is wrong with the registry as a whole; ``used`` are the IRIs that releases name (None: not known)."""
    found = [*_spellings(registry)]
    unused = [] if used is None else sorted(set(registry.entities) - set(used))
    if len(registry.entities) >= LARGE and len(unused) * SPARE < len(registry.entities):
        return found
    message, fix = "no release names this entity", "leave it for later, or take it out"
    return found + [_entity(registry, iri, "unused-entity", message, "info", fix) for iri in unused]


def _entity(registry: Registry, iri: str, code: str, message: str, severity: Severity, fix: str) -> Finding:
    file, at = registry.locate(iri)
    finding = Finding(file=file, severity=severity, code=code, message=message, focus=iri, fix=fix)
    return replace(finding, line=at.line, column=at.column, length=at.length)


def _spellings(registry: Registry) -> Iterator[Finding]:
    """Entities of one kind whose names are the same, or are written differently but read the same."""
    seen: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for iri, quads in sorted(registry.entities.items()):
        types = {q.object for q in quads if q.predicate.value == TYPE}
        for kind in (kind for kind in _KINDS if NamedNode(kind) in types):
            for name in _names(quads):
                seen[(kind, folded(name))].setdefault(iri, name)
    told: set[tuple[str, str]] = set()
    for names in seen.values():
        (one, first), *others = names.items()
        for iri, name in others:
            if (one, iri) not in told:
                told.add((one, iri))
                same = (
                    f"is a name of {one} too" if name == first else f"differs only in spelling from {first!r} ({one})"
                )
                fix = "if both are one, keep one entity and write the other spelling as alternateName"
                yield _entity(registry, iri, "similar-names", f"{name!r} {same}", "warning", fix)


def _names(quads: Iterable[Quad]) -> Iterator[str]:
    for quad in quads:
        if quad.predicate.value in (SCHEMA + "name", SCHEMA + "alternateName") and isinstance(quad.object, Literal):
            yield quad.object.value


def folded(name: str) -> str:
    """A name without case, accents, punctuation and white space.

    >>> folded("Sana-Sézim ") == folded("«SANA SEZIM»")
    True
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    return re.sub(r"[\W_]+", "", "".join(c for c in plain if not unicodedata.combining(c)))


def named(compiled: Compiled) -> set[str]:
    """IRIs of all nodes that a release describes or points to."""
    page = {str(q.object)[1:-1] for q in compiled.page if isinstance(q.object, NamedNode)}
    return page | {s for s, _, _ in compiled.places} | {t[1:-1] for _, _, t in compiled.places if t.startswith("<")}
