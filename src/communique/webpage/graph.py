"""The nodes that the JSON-LD of a page describes, with their properties and references, and the place of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from communique.terms import SCHEMA
from communique.webpage.context import (
    KEYWORDS,
    Oddity,
    PageTerm,
    Scope,
    check_language,
    enter,
    flat,
)
from communique.webpage.jsontext import JsonSpan, JsonValue, Member

_NO_IRI: Final = re.compile(r"[\x00-\x20<>\"{}|\\^`]")
"""Characters that no IRI may contain (RFC 3987, section 2.2), among them spaces and the braces of templates."""

_MAPS: Final = frozenset(["@language", "@index", "@id", "@type", "@graph"])
"""Containers whose objects are maps, not nodes: the keys are languages, ids, types or the author's own."""


class Statement(NamedTuple):
    """A property of a node: its name (without namespace if it is schema.org's), the place of its key, its value.

    ``own``: the name is a term of another vocabulary, not of schema.org. ``values`` are its values one by one, from
    lists, sets and maps too, with aliases replaced by their keywords. ``backwards``: the node is the value of this
    property (``@reverse``).
    """

    name: str
    key: JsonSpan
    value: JsonValue
    own: bool
    values: tuple[JsonValue, ...] = ()
    backwards: bool = False

    @property
    def path(self) -> str:
        """The IRI of the property, or its key as written if it is not schema.org's."""
        return self.name if self.own else SCHEMA + self.name


class Class(NamedTuple):
    """A class of a node; ``name`` and ``own`` mean the same as in `Statement`."""

    name: str
    own: bool
    span: JsonSpan


class Reference(NamedTuple):
    """A value with nothing but an ``@id``: the node and the property that it is a value of, its IRI and its place."""

    node: PageNode
    name: str
    iri: str
    span: JsonSpan


@dataclass(slots=True, eq=False)
class PageNode:
    """One JSON object that describes something. ``iri`` is empty if it has no ``@id``.

    ``main``: it is the first node of its script. ``known``: according to its context, its terms are schema.org's.
    """

    iri: str
    span: JsonSpan
    main: bool
    known: bool
    types: list[Class] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    children: list[PageNode] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        """Its schema.org classes, without the namespace."""
        return [one.name for one in self.types if not one.own]


@dataclass(slots=True)
class PageGraph:
    """All nodes of a page in order, and the references between them; ``base`` is the page's address, "" if unknown."""

    base: str = ""
    nodes: list[PageNode] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)

    def add(self, value: JsonValue) -> None:
        """Add the nodes of one script."""
        _Walk(self).script(value)


class _Walk:
    """Walks through one script, recursively: `read_json` limits how deep objects are nested."""

    def __init__(self, graph: PageGraph) -> None:
        self._graph = graph
        self._first = True

    def script(self, value: JsonValue) -> None:
        for one in flat(value):
            if isinstance(one.data, dict):
                if "@context" not in one.data:
                    message = "the JSON-LD has no @context, so no word in it means anything"
                    self._odd("jsonld-context", one.span, message, "begin with the @context of schema.org", grave=True)
                self._object(one, Scope())
            else:
                self._odd(
                    "jsonld-syntax", one.span, "JSON-LD is an object or a list of objects", "write {…}", grave=True
                )

    def _odd(self, code: str, span: JsonSpan, message: str, fix: str, *, grave: bool = False) -> None:
        self._graph.oddities.append(Oddity(code, span, message, fix, grave))

    # ---- nodes

    def _object(self, value: JsonValue, outer: Scope, *, iri: str = "") -> PageNode | None:
        """The node that an object describes, added to the graph; None if the object only holds a ``@graph``.

        ``iri`` is the key of an ``@id`` map under which the object is found, if any.
        """
        data = value.data
        assert isinstance(data, dict)
        scope = outer
        for context in flat(data["@context"].value) if "@context" in data else ():
            scope = enter(scope, context, self._graph.base, self._graph.oddities.append)
        members = [(scope.keyword(key), key, member) for key, member in data.items()]
        keywords = {keyword for keyword, _, _ in members}
        node = None
        if keywords - {"@context", "@graph"} or "@graph" not in keywords:
            node = self._new_node(value, members, scope, iri)
        self._members(node, members, scope)
        return node

    def _members(self, node: PageNode | None, members: Iterable[tuple[str, str, Member]], scope: Scope) -> None:
        for keyword, key, member in members:
            if keyword == "@graph" or keyword == "@included":
                for one in flat(member.value, scope):
                    if isinstance(one.data, dict) and not self._reference(one, scope, node, keyword):
                        self._object(one, scope)
            elif node is None:
                continue
            elif keyword == "@reverse":
                self._reversed(node, member, scope)
            elif keyword == "@nest":
                for one in flat(member.value, scope):
                    if isinstance(one.data, dict):
                        self._members(node, [(scope.keyword(k), k, m) for k, m in one.data.items()], scope)
            else:
                self._member(node, keyword, key, member, scope)

    def _new_node(self, value: JsonValue, members: list[tuple[str, str, Member]], scope: Scope, iri: str) -> PageNode:
        for keyword, _, member in members:
            if keyword == "@id":
                iri = self._id_text(member.value)
        absolute = scope.resolve(iri, self._graph.base) if iri else ""
        node = PageNode(absolute, value.span, self._first, scope.known)
        self._first = False
        self._graph.nodes.append(node)
        return node

    def _id_text(self, value: JsonValue) -> str:
        """The text of an ``@id``, "" if it is not a text; an ``@id`` that processors cannot read is reported."""
        if not isinstance(value.data, str):
            what = {type(None): "null", bool: "true or false", list: "a list", dict: "an object"}
            message = (
                f"the @id is {what.get(type(value.data), 'a number')}, so JSON-LD processors refuse the whole script"
            )
            self._odd("jsonld-id", value.span, message, "write one IRI as text, or leave the @id out", grave=True)
            return ""
        if _NO_IRI.search(value.data):
            message = f"{value.data[:80]!r} is not an IRI, so processors drop what it names"
            fix = "fill in the template" if "{" in value.data else "write %20 for a space, and no < > { } | ^ `"
            self._odd("jsonld-id", value.span, message, fix)
        return value.data

    def _member(self, node: PageNode, keyword: str, key: str, member: Member, scope: Scope) -> None:
        if keyword == "@type":
            self._types(node, member, scope)
        elif keyword.startswith("@"):
            if keyword not in KEYWORDS:
                self._odd(
                    "jsonld-unknown-term", member.key, f"{key[:40]!r} is no keyword of JSON-LD", "@id and @type are"
                )
        else:
            name, own = scope.name(key)
            values = tuple(self._values(node, name, member.value, scope, scope.term(key)))
            node.statements.append(Statement(name, member.key, member.value, own, values))

    def _types(self, node: PageNode, member: Member, scope: Scope) -> None:
        for one in flat(member.value):
            if isinstance(one.data, str):
                node.types.append(Class(*scope.name(one.data), one.span))
            else:
                message = "the @type is not text, so JSON-LD processors refuse the whole script"
                self._odd("jsonld-type", one.span, message, "write the name of a class, or a list of names", grave=True)

    # ---- values

    def _values(self, node: PageNode, name: str, value: JsonValue, scope: Scope, term: PageTerm) -> Iterator[JsonValue]:
        """The values of a property one by one; nodes and references among them are added to the graph."""
        for one, at in _unmapped(value, scope, term):
            data = one.data
            if term.kind == "@json":
                yield one
            elif isinstance(data, dict) and data:
                yield self._object_value(node, name, one, scope, at)
            else:
                if isinstance(data, str) and term.kind == "@id":
                    iri = scope.resolve(data, self._graph.base)
                    self._graph.references.append(Reference(node, name, iri, one.span))
                yield one

    def _object_value(self, node: PageNode, name: str, one: JsonValue, scope: Scope, at: str) -> JsonValue:
        """The value that an object stands for: a literal with its keywords, or the object itself.

        What the object describes or refers to is added to the graph; ``at`` is the key of an ``@id`` map, or "".
        """
        data = one.data
        assert isinstance(data, dict)
        literal = {scope.keyword(key): member for key, member in data.items()}
        if "@value" in literal:
            if "@language" in literal:
                check_language(literal["@language"].value, self._graph.oddities.append)
            return JsonValue(literal, one.span)
        if at or not self._reference(one, scope, node, name):
            child = self._object(one, scope, iri=at)
            node.children += [child] if child is not None else []
        return one

    def _reversed(self, node: PageNode, member: Member, scope: Scope) -> None:
        if isinstance(member.value.data, dict):
            for key, inner in member.value.data.items():
                name, own = scope.name(key)
                values = tuple(self._values(node, name, inner.value, scope, scope.term(key)))
                node.statements.append(Statement(name, inner.key, inner.value, own, values, backwards=True))

    def _reference(self, value: JsonValue, scope: Scope, node: PageNode | None, name: str) -> bool:
        """Whether an object only refers to a node; if so, the reference is added to the graph."""
        data = value.data
        if not isinstance(data, dict) or [scope.keyword(key) for key in data] != ["@id"]:
            return False
        (member,) = data.values()
        iri = self._id_text(member.value)
        if iri and node is not None:
            absolute = scope.resolve(iri, self._graph.base)
            self._graph.references.append(Reference(node, name, absolute, member.value.span))
        return True


def _unmapped(value: JsonValue, scope: Scope, term: PageTerm) -> Iterator[tuple[JsonValue, str]]:
    """The values of a property, those of a map one by one (JSON-LD 1.1, section 4.6), each with its id in an id map."""
    mapped = term.containers & _MAPS
    for one in flat(value, scope):
        if not mapped or not isinstance(one.data, dict):
            yield one, ""
            continue
        for key, member in one.data.items():
            for inner in flat(member.value, scope):
                if "@language" in mapped:
                    tag = Member(member.key, JsonValue(None if key == "@none" else key, member.key))
                    yield JsonValue({"@value": Member(member.key, inner), "@language": tag}, inner.span), ""
                else:
                    yield inner, key if "@id" in mapped and isinstance(inner.data, dict) and inner.data else ""
