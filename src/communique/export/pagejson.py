"""The JSON-LD that web pages embed: what a release states, in terms of schema.org only."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from pyoxigraph import NamedNode, Quad

from communique.context import Context, read_context
from communique.errors import OutputError
from communique.export.document import Document
from communique.export.grouped import GroupedQuads
from communique.export.order import Object, Order, Pair, sort_key, types_of
from communique.export.pagefacts import entity_facts, page_facts
from communique.export.pagelinks import URL_TERMS, FactTriple, is_address, is_link
from communique.export.plainvalues import plain_value
from communique.formats import EMBEDDED
from communique.iris import part_iri, release_iri, release_path
from communique.read.dataset import Dataset
from communique.terms import SCHEMA, TYPE

JsonNode: TypeAlias = dict[str, Any]

_SCRIPT_ESCAPES: Final = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def build_page(
    quads: Iterable[Quad] | GroupedQuads,
    *,
    release: str,
    nested: bool = False,
    entity: bool = False,
    context: Context | None = None,
) -> JsonNode:
    """The JSON-LD document of a page as a dict: ``@graph`` is a flat list, the release first.

    It contains the `page_facts` of the quads (facts, registry, evidence, in any order). ``nested`` gives one tree
    instead: every node is written in full once, as near to the release as possible, and under ``@reverse`` if the link
    points the other way; everywhere else it is only ``{"@id": …}``. Both forms have the same triples. Raises
    `OutputError` if no fact about the release can be shown.

    With ``entity`` the page is that of an entity, ``release`` is its IRI, and the document contains its `entity_facts`;
    if everything about the entity is inferred, only its IRI.
    """
    facts = entity_facts(quads, entity=release) if entity else page_facts(quads, release=release)
    language = _language(facts, release)
    order = Order(context or read_context())
    entities = _in_order(facts, release) or {release: set()}
    if nested:
        tree = _Tree(entities, order, language)
        return {"@context": "https://schema.org", **tree.grow(release)}
    nodes = [_node(iri, entities[iri], order, _Shown(language, entities)) for iri in entities]
    return {"@context": "https://schema.org", "@graph": nodes}


def render_page_jsonld(
    quads: Iterable[Quad] | GroupedQuads,
    *,
    release: str,
    nested: bool = False,
    entity: bool = False,
    context: Context | None = None,
) -> bytes:
    """The document of `build_page` as UTF-8, safe inside ``script``: no ``<``, ``>``, ``&``, U+2028, U+2029."""
    return _serialized(build_page(quads, release=release, nested=nested, entity=entity, context=context))


def render_page(quads: GroupedQuads, document: Document) -> bytes:
    """The JSON-LD for the page of one release or entity. Raises `OutputError` if the document is about neither."""
    if document.entity:
        return render_page_jsonld(quads, release=document.entity, entity=True, context=document.context)
    if document.slug is None:
        raise OutputError(f"{EMBEDDED.name} is made for one release: say which")
    release = release_iri(document.base, document.slug)
    page = build_page(quads, release=release, nested=document.nested, context=document.context)
    node = page if document.nested else page["@graph"][0]
    if document.about:
        node.update(structured_data(document.about))
        address = _address(document.about, document.slug, node.get("url"))
        node.update({"url": address, "mainEntityOfPage": address} if address else {})
    return _serialized(page)


def _address(about: Dataset, slug: str, url: object) -> object:
    """Where the release can be read: the web page it came from, or else that of the publication, if it has one."""
    return url or (f"{about.site}{release_path(slug)}/" if about.homepage else None)


def structured_data(about: Dataset) -> dict[str, object]:
    """Who publishes the data of a page, since when and under which licence, in terms of schema.org; not the text's."""
    agent = about.publisher
    publisher = {"@id": part_iri(about.base, "publisher"), "name": agent.name} if agent else None
    said = {"sdPublisher": publisher, "sdDatePublished": about.modified or about.issued, "sdLicense": about.license}
    return {key: value for key, value in said.items() if value is not None}


def render_node_jsonld(node: Mapping[str, object]) -> bytes:
    """One node in terms of schema.org, such as the description of a dataset, in the form of `render_page_jsonld`.

    >>> print(render_node_jsonld({"@type": "Dataset", "name": "</script>"}).decode(), end="")
    {
     "@context": "https://schema.org",
     "@type": "Dataset",
     "name": "\\u003c/script\\u003e"
    }
    """
    return _serialized({"@context": "https://schema.org", **node})


def _serialized(page: Mapping[str, object]) -> bytes:
    text = json.dumps(page, ensure_ascii=False, indent=1)
    return (text.translate(_SCRIPT_ESCAPES) + "\n").encode()


def _language(facts: frozenset[FactTriple], release: str) -> str | None:
    tags = {o.value.lower() for s, p, o in facts if s == release and p == SCHEMA + "inLanguage"}
    return tags.pop() if len(tags) == 1 else None


def _in_order(facts: frozenset[FactTriple], release: str) -> dict[str, set[Pair]]:
    entities: dict[str, set[Pair]] = {}
    for subject, iri, value in facts:
        entities.setdefault(subject, set()).add((iri, value))
    ranked = sorted(entities, key=lambda s: (s != release, sort_key(s, types_of(entities[s]))))
    return {s: entities[s] for s in ranked}


class _Shown(NamedTuple):
    """What the values of a page depend on: its language, and the nodes that it describes."""

    language: str | None
    nodes: Collection[str]


def _node(iri: str, pairs: set[Pair], order: Order, shown: _Shown) -> JsonNode:
    node: JsonNode = {"@id": iri}
    for name, values in order.properties(pairs):
        if name == TYPE:
            node["@type"] = _one_or_list([v.value.removeprefix(SCHEMA) for v in values])
        else:
            key = name.removeprefix(SCHEMA)
            node[key] = _one_or_list([_value(key, v, shown) for v in values])
    return node


def _value(key: str, value: Object, shown: _Shown) -> object:
    if isinstance(value, NamedNode):
        return value.value if is_address(key, value.value, shown.nodes) else {"@id": value.value}
    if value.language and value.language != shown.language:
        return {"@value": value.value, "@language": value.language}
    return {"@value": value.value} if key in URL_TERMS else plain_value(value)


def _one_or_list(values: list[object]) -> object:
    once = list({repr(value): value for value in values}.values())  # repr: true and 1 are equal, but not the same
    return once[0] if len(once) == 1 else once


class _Tree:
    """The nodes of a page as one tree, breadth first from the release."""

    def __init__(self, entities: Mapping[str, set[Pair]], order: Order, language: str | None) -> None:
        self._entities, self._order, self._language = entities, order, language
        self._nodes: dict[str, JsonNode] = {}
        self._reversed_facts: set[FactTriple] = set()
        self._links_to: dict[str, list[tuple[str, str]]] = {iri: [] for iri in entities}
        for subject, pairs in entities.items():
            for name, value in pairs:
                if is_link((subject, name, value), entities) and value.value in entities:
                    self._links_to[value.value].append((name, subject))
        position = {iri: n for n, iri in enumerate(entities)}
        for links in self._links_to.values():
            links.sort(key=lambda link: (order.key(link[0]), position[link[1]]))

    def grow(self, root: str) -> JsonNode:
        """The node of the root, with all other nodes somewhere inside it."""
        tree = self._nodes[root] = {}
        waiting = deque([root])
        while waiting:
            iri = waiting.popleft()
            seen = len(self._nodes)
            self._nodes[iri].update(self._node_with_links(iri))
            waiting.extend(list(self._nodes)[seen:])
        return tree

    def _node_with_links(self, iri: str) -> JsonNode:
        pairs = {(n, v) for n, v in self._entities[iri] if (iri, n, v) not in self._reversed_facts}
        node = _node(iri, pairs, self._order, _Shown(self._language, self._entities))
        for key, values in node.items():
            if isinstance(values, list):
                node[key] = [self._new_node_or_value(v) for v in values]
            else:
                node[key] = self._new_node_or_value(values)
        back: dict[str, list[object]] = {}
        for name, subject in self._links_to[iri]:
            if subject not in self._nodes:
                self._reversed_facts.add((subject, name, NamedNode(iri)))
                new = self._new_node_or_value({"@id": subject})
                back.setdefault(name.removeprefix(SCHEMA), []).append(new)
        return {**node, "@reverse": back} if back else node

    def _new_node_or_value(self, value: object) -> object:
        """An empty node, to be filled in later, for a link to a node that is not yet in the tree; else the value."""
        iri = str(value.get("@id", "")) if isinstance(value, dict) else ""
        if iri in self._entities and iri not in self._nodes:
            return self._nodes.setdefault(iri, {})
        return value
