"""Lint, for faults that no shape can see: dangling references, unreachable nodes, names that differ in spelling."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from communique.authorities import LINKS, canonical
from communique.check.identity import Doubt, classes_in, doubt_about, shared_links
from communique.compile.compiler import Compiled
from communique.compile.registry import Registry
from communique.errors import did_you_mean, nearest
from communique.findings import Finding, Findings, Severity
from communique.iris import inner_iri, is_inner, is_own, release_path, slug_in, without_base
from communique.kinds import is_compared
from communique.read.position import Pointer
from communique.read.release import WrittenRelease
from communique.terms import SCHEMA, TYPE


class Link(NamedTuple):
    """A fact whose object is a node: the IRIs of subject, property and object."""

    subject: str
    path: str
    target: str


LARGE, SPARE = 200, 20
"""In a registry of at least ``LARGE`` entities, fewer than one in ``SPARE`` may be unused without a finding."""

_WRONG_SCHEMA = "https://schema.org/"


def check_release(release: WrittenRelease, compiled: Compiled, registry: Registry) -> list[Finding]:
    """The findings about how the nodes of one release are linked."""
    nodes = set(compiled.node_places)
    links = [Link(s, p, o.value) for s, p, o in compiled.places if isinstance(o, NamedNode) and p != TYPE]
    lint = _Lint(release, compiled, Findings(release.file))
    lint.dangling(links, nodes, registry)
    lint.wrong_schema(links)
    lint.other_forms(links)
    lint.other_kinds(links, registry)
    lint.unreachable(links, nodes)
    lint.reviewers(nodes, registry)
    return list(lint.found.all())


@dataclass(slots=True)
class _Lint:
    """The checks of one release, and what they found."""

    release: WrittenRelease
    compiled: Compiled
    found: Findings

    def dangling(self, links: list[Link], nodes: set[str], registry: Registry) -> None:
        """Report references to nodes of this newsroom that neither the record nor the registry describes."""
        base, named = self.compiled.base, inner_iri(release_path(self.compiled.slug), "")
        ids = Ids(base, (nodes, registry.entities))
        wrong: dict[str, list[Link]] = {}
        for link in links:
            iri = link.target
            if not is_own(iri, base) or iri in nodes or iri in registry.entities or _is_published_apart(iri, base):
                continue
            wrong.setdefault(iri, []).append(link)
        for iri, places in wrong.items():
            shown = without_base(iri, base).replace(named, "this:")
            message = f"{shown} is described neither in this record nor in the registry"

            def fix(iri: str = iri) -> str:
                near = (ids.nearest(iri) or "").replace(named, "this:")
                return did_you_mean(near, otherwise=_DESCRIBE, quoted=False)

            first = max(places, key=lambda link: len(self._place(link)))
            self._refuse(first, "dangling-reference", message, fix, others=[link for link in places if link != first])

    def wrong_schema(self, links: list[Link]) -> None:
        """Report terms of schema.org that begin with https."""
        for link in links:
            if link.target.startswith(_WRONG_SCHEMA):
                message = "schema.org's own terms begin with http://, not https://"
                self._refuse(link, "https-schema-org", message, lambda: "write http://schema.org/…")

    def other_forms(self, links: list[Link]) -> None:
        """Warn about links to authorities that are not in the authority's canonical form."""
        for link in links:
            if link.path in LINKS and (form := canonical(link.target)) is not None:
                message, fix = _message_about_form(link.target, *form)
                self._refuse(link, "authority-form", message, partial(str, fix), "warning")

    def other_kinds(self, links: list[Link], registry: Registry) -> None:
        """Report links to something of another kind at an authority."""
        links = [link for link in links if link.path in LINKS]
        described = classes_in((*self.compiled.facts, *self.compiled.inferred)) if links else {}
        for link in links:
            shared = classes_in(registry.entities.get(link.subject, ()))
            classes = described.get(link.subject, set()) | shared.get(link.subject, set())
            doubt = doubt_about(*link, classes=classes)
            if doubt is not None:
                self._refuse(link, "other-kind", doubt.message, partial(str, doubt.fix), doubt.severity)

    def reviewers(self, nodes: set[str], registry: Registry) -> None:
        """Report those who checked the record and are described neither in it nor in the registry."""
        for k, review in enumerate(self.compiled.reviewed):
            iri = review.by.value
            if not isinstance(review.by, NamedNode) or iri in nodes or iri in registry.entities:
                continue
            several = isinstance((self.release.record or {}).get("reviewed"), list)
            at: Pointer = ("reviewed", k, "by") if several else ("reviewed", "by")
            message = f"{without_base(iri, self.compiled.base)} is described neither in this record nor in the registry"
            self.found.add(self.release.finding("dangling-reference", message, at, path="by", fix=_DESCRIBE_REVIEWER))

    def unreachable(self, links: list[Link], nodes: set[str]) -> None:
        """Warn about nodes that no chain of facts, in either direction, connects with the release."""
        beside: dict[str, set[str]] = defaultdict(set)
        for link in links:
            beside[link.subject].add(link.target)
            beside[link.target].add(link.subject)
        reached, queue = {self.compiled.iri}, [self.compiled.iri]
        while queue:
            fresh = beside[queue.pop()] - reached
            reached |= fresh
            queue += fresh
        for iri in sorted(nodes - reached):
            self.found.add_lazily("warning", partial(self._unreachable_node, iri))

    def _unreachable_node(self, iri: str) -> Finding:
        return self.release.finding(
            "unreachable-node",
            "nothing ties this node to the release",
            self.compiled.node_places[iri],
            severity="warning",
            focus=iri,
            fix="name it in about or mentions of the release, or where it belongs",
        )

    def _place(self, link: Link) -> Pointer:
        """Where in the record a link is written."""
        return self.compiled.places[(link.subject, link.path, NamedNode(link.target))]

    def _refuse(
        self,
        link: Link,
        code: str,
        message: str,
        fix: Callable[[], str],
        severity: Severity = "violation",
        *,
        others: Sequence[Link] = (),
    ) -> None:
        subject, path, target = link
        pointer = self._place(link)

        def made() -> Finding:
            found = self.release.finding(code, message, pointer, fix=fix(), focus=subject, path=path, value=target)
            lines = {self.release.locate(self._place(one)).line for one in others[:_MOST_PLACES]} - {found.line}
            why = (f"also in line {', '.join(map(str, sorted(lines)))}",) if lines else ()
            return replace(found, severity=severity, why=why)

        self.found.add_lazily(severity, made)


_MOST_PLACES: Final = 8
_DESCRIBE: Final = "describe it in the record, with a quote"
_DESCRIBE_REVIEWER: Final = "describe who checked the record in data/entities, or write the name instead of an id"
COMPARED: Final = 200_000
"""The most comparisons of ids that are made for one release to suggest which id was meant by a wrong one."""


class Ids:
    """The ids (without ``base``) of all nodes that a release can refer to, to suggest the one that was meant."""

    def __init__(self, base: str, iris: Iterable[Iterable[str]]) -> None:
        self.base, self.iris, self.left = base, iris, COMPARED
        self._ids: set[str] | None = None

    def nearest(self, iri: str) -> str | None:
        """The id most similar to that of ``iri``; None if none is similar, or if `COMPARED` is used up."""
        if self._ids is None:
            self._ids = {without_base(iri, self.base) for part in self.iris for iri in part}
        if self.left <= 0:
            return None
        self.left -= len(self._ids)
        return nearest(without_base(iri, self.base), self._ids)


def _is_published_apart(iri: str, base: str) -> bool:
    """Whether an IRI is that of a release (perhaps another one) or of a source text, which no record describes."""
    return slug_in(iri, base) != "" and not is_inner(iri)


def _message_about_form(link: str, authority: str, form: str) -> tuple[str, str]:
    """The message and the fix for a link that is not in the canonical form of its authority."""
    fix = f"write {form}" if form else f"give the id of one thing there, or leave out the link to {authority}"
    return f"{link} is not the form that {authority} uses for ids in linked data; it matches no other data", fix


# ---- the registry


def check_registry(registry: Registry, used: Collection[str] | None) -> list[Finding]:
    """The findings about the registry as a whole; ``used`` are the IRIs that releases refer to (None: not known)."""
    found = Findings(registry.folder)
    for iri, message in _spellings(registry):
        fix = "if both are one, keep one entity and write the other spelling as alternateName"
        found.add_lazily("warning", partial(_entity, registry, iri, "similar-names", message, "warning", fix=fix))
    for iri, message, fix in _registry_forms(registry):
        found.add_lazily("warning", partial(_entity, registry, iri, "authority-form", message, "warning", fix=fix))
    doubts = (("other-kind", _registry_kinds(registry)), ("shared-link", shared_links(registry.entities)))
    for code, (iri, severity, message, fix) in ((code, doubt) for code, found_here in doubts for doubt in found_here):
        found.add_lazily(severity, partial(_entity, registry, iri, code, message, severity, fix=fix))
    unused = [] if used is None else sorted(set(registry.entities) - set(used))
    if len(registry.entities) >= LARGE and len(unused) * SPARE < len(registry.entities):
        return list(found.all())
    message, fix = "no release names this entity", "leave it for later, or take it out"
    for iri in unused:
        found.add_lazily("info", partial(_entity, registry, iri, "unused-entity", message, "info", fix=fix))
    return list(found.all())


def _entity(registry: Registry, iri: str, code: str, message: str, severity: Severity, fix: str) -> Finding:
    file, at = registry.locate(iri)
    return Finding.at(file, at, code, message, severity=severity, focus=iri, fix=fix)


def _registry_forms(registry: Registry) -> Iterator[tuple[str, str, str]]:
    """Links of the registry that are not in their authority's canonical form: IRI of the entity, message, fix."""
    for iri, quads in sorted(registry.entities.items()):
        links = sorted(q.object.value for q in quads if q.predicate.value in LINKS and isinstance(q.object, NamedNode))
        for link in links:
            if (form := canonical(link)) is not None:
                yield (iri, *_message_about_form(link, *form))


def _registry_kinds(registry: Registry) -> Iterator[Doubt]:
    """Links of the registry to something of another kind at an authority."""
    for iri, quads in sorted(registry.entities.items()):
        named = [q for q in quads if q.predicate.value in LINKS]
        links = sorted((q.predicate.value, q.object.value) for q in named if isinstance(q.object, NamedNode))
        classes = classes_in(quads).get(iri, ()) if links else ()
        for path, target in links:
            if (doubt := doubt_about(iri, path, target, classes)) is not None:
                yield doubt


def _spellings(registry: Registry) -> Iterator[tuple[str, str]]:
    """Entities of one kind that share a name, or whose names differ only in spelling: IRI and message."""
    seen: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for iri, quads in sorted(registry.entities.items()):
        classes = {q.object.value for q in quads if q.predicate.value == TYPE and isinstance(q.object, NamedNode)}
        for cls in filter(is_compared, sorted(classes)):
            for name in _names(quads):
                seen[(cls, folded(name))].setdefault(iri, name)
    reported: set[tuple[str, str]] = set()
    for names in seen.values():
        (one, first), *others = names.items()
        for iri, name in others:
            if (one, iri) not in reported:
                reported.add((one, iri))
                same = (
                    f"is a name of {one} too" if name == first else f"differs only in spelling from {first!r} ({one})"
                )
                yield iri, f"{name!r} {same}"


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
    """The IRIs of all nodes that a release describes or refers to, and those who checked its record."""
    targets = (o for _, _, o in compiled.places)
    linked = (o.value for o in (*targets, *(q.object for q in compiled.page)) if isinstance(o, NamedNode))
    reviewers = (review.by.value for review in compiled.reviewed if isinstance(review.by, NamedNode))
    return {*linked, *compiled.node_places, *reviewers}
