"""The nodes that the JSON-LD of a page describes, with their properties and references, and the place of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from urllib.parse import urljoin

from communique.check.pages_json import Data, Member, Span, Value
from communique.terms import SCHEMA

KEYWORDS: Final = frozenset(
    ["@context", "@id", "@type", "@graph", "@value", "@language", "@direction", "@list", "@set", "@reverse", "@index",
     "@included", "@nest", "@json", "@none"]
)  # fmt: skip
"""What may stand as a key that begins with @ (JSON-LD 1.1, section 9.16), outside a context."""

_ALIASES: Final = {"id": "@id", "type": "@type"}
"""Names that schema.org's own context gives to keywords."""

_SCHEMA_ORG: Final = re.compile(r"https?://(?:www\.)?schema\.org(?:/|/docs/jsonldcontext\.json(?:ld)?)?", re.IGNORECASE)
_TERM: Final = re.compile(r"(?:https?://(?:www\.)?schema\.org/|schema:)([^/#:]*)")


class Statement(NamedTuple):
    """A property of a node: its name (without namespace if it is schema.org's), the place of its key, its value.

    ``own``: the name is none of schema.org's: a term of another vocabulary, or declared in the context.
    """

    name: str
    key: Span
    value: Value
    own: bool

    @property
    def values(self) -> list[Value]:
        """Its values one by one, lists and sets taken apart."""
        return list(_flat(self.value))

    @property
    def path(self) -> str:
        """The IRI of the property, or its key as it is written."""
        return self.name if self.own else SCHEMA + self.name


class Class(NamedTuple):
    """A class of a node, named as the property of a `Statement` is."""

    name: str
    own: bool
    span: Span


class Reference(NamedTuple):
    """A value that is nothing but an ``@id``: the node it stands in, under which property, and where."""

    node: Node
    name: str
    iri: str
    span: Span


@dataclass(slots=True, eq=False)
class Node:
    """A description of something: one JSON object. ``iri`` is empty where it has no ``@id``.

    ``main``: the first of its script. ``known``: its terms are those of schema.org, as far as its context says.
    """

    iri: str
    span: Span
    main: bool
    known: bool
    types: list[Class] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        """Its classes of schema.org, without namespace."""
        return [one.name for one in self.types if not one.own]


class Oddity(NamedTuple):
    """Something in the form of the JSON-LD: a code of `communique.codes`, the place, what is wrong, what to do."""

    code: str
    span: Span
    message: str
    fix: str
    grave: bool = False


@dataclass(slots=True)
class Graph:
    """All nodes of a page in order, with the references between them; ``base`` is the address of the page, if known."""

    base: str = ""
    nodes: list[Node] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)

    def add(self, value: Value) -> None:
        """Take in the JSON-LD of one script."""
        _Walk(self).script(value)

    def resolve(self, iri: str) -> str:
        """An ``@id`` as an IRI; as it is where the page has no known address."""
        if iri.startswith("_:") or not self.base:
            return iri
        try:
            return urljoin(self.base, iri)
        except ValueError:
            return iri


class _Scope(NamedTuple):
    """What the context says: whether plain names are schema.org's, and which names mean something else."""

    known: bool = False
    declared: frozenset[str] = frozenset()


class _Walk:
    """Goes through one script; objects are nested as deep as `read_json` lets them be."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._first = True

    def script(self, value: Value) -> None:
        for one in _flat(value):
            if isinstance(one.data, dict):
                if "@context" not in one.data:
                    message = "the JSON-LD has no @context, so no word in it means anything"
                    self._odd("jsonld-context", one.span, message, "begin with the @context of schema.org", grave=True)
                self._object(one, _Scope())
            else:
                self._odd(
                    "jsonld-syntax", one.span, "JSON-LD is an object or a list of objects", "write {…}", grave=True
                )

    def _odd(self, code: str, span: Span, message: str, fix: str, *, grave: bool = False) -> None:
        self._graph.oddities.append(Oddity(code, span, message, fix, grave))

    # ---- contexts

    def _scope(self, data: dict[str, Member], scope: _Scope) -> _Scope:
        if "@context" in data:
            for one in _flat(data["@context"].value):
                scope = self._entered(one, scope)
        return scope

    def _entered(self, context: Value, scope: _Scope) -> _Scope:
        if isinstance(context.data, str):
            if _SCHEMA_ORG.fullmatch(context.data):
                return scope._replace(known=True)
            message = (
                f"the context {context.data[:80]!r} is not schema.org's and was not fetched; its terms are not checked"
            )
            self._odd(
                "jsonld-context", context.span, message, "use the context of schema.org, which search engines read"
            )
            return scope._replace(known=False)
        if isinstance(context.data, dict):
            return self._declared(context.data, scope)
        return _Scope() if context.data is None else scope

    def _declared(self, context: dict[str, Member], scope: _Scope) -> _Scope:
        known = scope.known
        vocabulary = context.get("@vocab")
        if vocabulary is not None:
            known = isinstance(vocabulary.value.data, str) and bool(_SCHEMA_ORG.fullmatch(vocabulary.value.data))
            if not known:
                message = "the vocabulary of the context is not schema.org; its terms are not checked"
                self._odd("jsonld-context", vocabulary.value.span, message, "use schema.org, which search engines read")
        if "@import" in context:
            message = "the context imports another one, which was not fetched; its terms are not checked"
            self._odd("jsonld-context", context["@import"].key, message, "write the terms out")
            known = False
        return _Scope(known, scope.declared | {key for key in context if not key.startswith("@")})

    # ---- nodes

    def _object(self, value: Value, outer: _Scope) -> Node | None:
        """The node that an object describes; None where it only holds a ``@graph``."""
        data = value.data
        assert isinstance(data, dict)
        scope = self._scope(data, outer)
        keys = {_keyword(key, scope): member for key, member in data.items()}
        node = None
        if keys.keys() - {"@context", "@graph"} or "@graph" not in keys:
            node = self._opened(value, keys, scope)
        for key, member in keys.items():
            if key == "@graph" or key == "@included":
                for one in _flat(member.value):
                    if isinstance(one.data, dict) and not self._reference(one, scope, node, key):
                        self._object(one, scope)
            elif key == "@reverse" and node is not None:
                self._reversed(node, member, scope)
            elif node is not None:
                self._member(node, key, member, scope)
        return node

    def _opened(self, value: Value, keys: dict[str, Member], scope: _Scope) -> Node:
        iri = keys["@id"].value.data if "@id" in keys else ""
        node = Node(
            self._graph.resolve(iri) if isinstance(iri, str) and iri else "", value.span, self._first, scope.known
        )
        self._first = False
        self._graph.nodes.append(node)
        return node

    def _member(self, node: Node, key: str, member: Member, scope: _Scope) -> None:
        if key == "@type":
            for one in _flat(member.value):
                if isinstance(one.data, str):
                    node.types.append(Class(*_term(one.data, scope), one.span))
        elif key.startswith("@"):
            if key not in KEYWORDS:
                self._odd(
                    "jsonld-unknown-term", member.key, f"{key[:40]!r} is no keyword of JSON-LD", "@id and @type are"
                )
        else:
            name, own = _term(key, scope)
            node.statements.append(Statement(name, member.key, member.value, own))
            self._values(node, name, member.value, scope)

    def _values(self, node: Node, name: str, value: Value, scope: _Scope) -> None:
        for one in _flat(value):
            if not isinstance(one.data, dict) or not one.data or "@value" in one.data:
                continue
            if not self._reference(one, scope, node, name):
                child = self._object(one, scope)
                node.children += [child] if child is not None else []

    def _reversed(self, node: Node, member: Member, scope: _Scope) -> None:
        if isinstance(member.value.data, dict):
            for key, inner in member.value.data.items():
                self._values(node, _term(key, scope)[0], inner.value, scope)

    def _reference(self, value: Value, scope: _Scope, node: Node | None, name: str) -> bool:
        """Whether an object only refers to a node; then the reference is kept."""
        data = value.data
        if not isinstance(data, dict) or {_keyword(key, scope) for key in data} != {"@id"}:
            return False
        (member,) = data.values()
        if isinstance(member.value.data, str) and node is not None:
            iri = self._graph.resolve(member.value.data)
            self._graph.references.append(Reference(node, name, iri, member.value.span))
        return True


def _keyword(key: str, scope: _Scope) -> str:
    return _ALIASES.get(key, key) if scope.known and key not in scope.declared else key


def _term(word: Data, scope: _Scope) -> tuple[str, bool]:
    """A name without the namespace of schema.org, and whether it belongs to another vocabulary."""
    name = str(word)
    found = _TERM.fullmatch(name)
    if found is not None and (scope.known or "//" in name or "schema" in scope.declared):
        return found[1], False
    return name, not scope.known or ":" in name or name in scope.declared


def _flat(value: Value) -> Iterator[Value]:
    """The values in a list or set, one by one; any other value itself."""
    if isinstance(value.data, list):
        for one in value.data:
            yield from _flat(one)
    elif isinstance(value.data, dict) and len(value.data) == 1 and not value.data.keys().isdisjoint(("@list", "@set")):
        (member,) = value.data.values()
        yield from _flat(member.value)
    else:
        yield value
