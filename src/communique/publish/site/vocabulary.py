"""The pages of the vocabulary and the shapes: each term with its use in these data, each rule in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from communique import artefacts
from communique.publish.counts import Counts
from communique.publish.site.pages import Page
from communique.terms import ONTOLOGY, RDFS, SCHEMA, SKOS, TYPE, compact

_SH: Final = "http://www.w3.org/ns/shacl#"
_OWN: Final = ONTOLOGY + "#"
_KINDS: Final = (("class", "Class"), ("property", "Property"), ("individual", ""))
TERM_KINDS: Final = tuple(kind for kind, _ in _KINDS)
"""The kinds of terms in the ontology, as keys of the words."""

SEVERITIES: Final = ("Info", "Warning", "Violation")
"""The severities of SHACL (section 2.1.4); each has words whose key begins with ``severity.``."""


@dataclass(frozen=True, slots=True)
class DocumentedTerm:
    """A term of the ontology: ``kind`` is class, property or individual; the lists hold compact IRIs."""

    name: str
    iri: str
    kind: str
    label: str
    comment: str
    broader: tuple[str, ...]
    see_also: tuple[str, ...]
    domain: tuple[str, ...]
    range: tuple[str, ...]
    example: str
    uses: int


@dataclass(frozen=True, slots=True)
class DocumentedShape:
    """A shape: its name, its severity, and its message."""

    name: str
    severity: str
    message: str


@dataclass(slots=True)
class _Node:
    values: dict[str, list[NamedNode | Literal]] = field(default_factory=dict)

    def texts(self, predicate: str) -> tuple[str, ...]:
        return tuple(sorted(o.value for o in self.values.get(predicate, ())))

    def text(self, predicate: str) -> str:
        return (self.texts(predicate) or ("",))[0]


def vocabulary_page(folder: Path, counts: Counts) -> Page:
    """The terms defined by the ontology in ``folder``, with their meaning, and all other terms that the data use."""
    used = {**counts.classes, **counts.properties}
    documented = [_term(iri, node, used.get(iri, 0)) for iri, node in _read(folder / "communique.ttl").items()]
    terms = sorted(documented, key=lambda t: (TERM_KINDS.index(t.kind), t.name))
    others = sorted((compact(iri), number) for iri, number in used.items() if not iri.startswith(_OWN))
    files = [path.name for path in artefacts.files(folder) if path.parent == folder]
    values = {"terms": terms, "others": others, "files": files}
    return Page("vocabulary.html", "ontology/index.html", values, "vocabulary")


def shapes_page(folder: Path) -> Page:
    """The rules of every file of shapes in ``folder``, profiles last."""
    turtle = (path for path in artefacts.files(folder) if path.suffix == ".ttl")
    groups = [
        (path.relative_to(folder).as_posix(), list(_rules(path)))
        for path in sorted(turtle, key=lambda p: (p.parent != folder, p.name))
    ]
    return Page("shapes.html", "shapes/index.html", {"groups": groups}, "vocabulary")


def _term(iri: str, node: _Node, uses: int) -> DocumentedTerm:
    types = node.texts(TYPE)
    kind = next(kind for kind, mark in _KINDS if not mark or any(t.endswith(mark) for t in types))

    def compacted(*predicates: str) -> tuple[str, ...]:
        return tuple(compact(value) for p in predicates for value in node.texts(p))

    return DocumentedTerm(
        name=iri.removeprefix(_OWN),
        iri=iri,
        kind=kind,
        label=node.text(RDFS + "label"),
        comment=node.text(RDFS + "comment") or node.text(SKOS + "definition"),
        broader=compacted(RDFS + "subClassOf", RDFS + "subPropertyOf"),
        see_also=compacted(RDFS + "seeAlso"),
        domain=compacted(SCHEMA + "domainIncludes"),
        range=compacted(SCHEMA + "rangeIncludes"),
        example=node.text(SKOS + "example"),
        uses=uses,
    )


def _read(path: Path) -> Mapping[str, _Node]:
    """The nodes in our own namespace, by IRI."""
    nodes: dict[str, _Node] = {}
    for quad in parse(artefacts.read_text(path), format=RdfFormat.TURTLE):
        subject, value = quad.subject, quad.object
        if isinstance(subject, NamedNode) and subject.value.startswith(_OWN) and isinstance(value, NamedNode | Literal):
            nodes.setdefault(subject.value, _Node()).values.setdefault(quad.predicate.value, []).append(value)
    return nodes


def _rules(path: Path) -> Iterator[DocumentedShape]:
    """The shapes of a file that have a message; one with an unknown severity counts as a violation."""
    nodes: dict[str, _Node] = {}
    for quad in parse(artefacts.read_text(path), format=RdfFormat.TURTLE):
        if isinstance(quad.object, NamedNode | Literal):
            node = nodes.setdefault(str(quad.subject), _Node())
            node.values.setdefault(quad.predicate.value, []).append(quad.object)
    for node in nodes.values():
        message = node.text(_SH + "message")
        if message:
            severity = node.text(_SH + "severity").removeprefix(_SH)
            known = severity if severity in SEVERITIES else "Violation"
            yield DocumentedShape(node.text(_SH + "name") or message, known, message)
