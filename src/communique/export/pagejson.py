"""The JSON-LD that web pages embed: what a release states, in terms of schema.org only."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad

from communique.context import Context, read_context
from communique.errors import OutputError
from communique.export.document import Document
from communique.export.order import Object, Order, Pair, plain, sort_key, subject_of, types_of
from communique.export.pagelinks import URL_TERMS, FactTriple, is_address, is_link
from communique.export.plainvalues import plain_value
from communique.formats import EMBEDDED
from communique.iris import is_inference, is_inner, is_registry, part_iri, release_iri, release_path
from communique.kinds import EVIDENCE, superclasses
from communique.read.dataset import Dataset
from communique.schemaorg import read_vocabulary
from communique.terms import CMQ, FABIO, FOAF, SCHEMA, TYPE

JsonNode: TypeAlias = dict[str, Any]

_SAME_IN_SCHEMA: Final = {
    CMQ + "approves": SCHEMA + "about",
    CMQ + "mediaContact": SCHEMA + "mentions",
    CMQ + "reportingVerb": SCHEMA + "description",
    FOAF + "Group": SCHEMA + "Thing",
}
"""Terms of schema.org for terms of other vocabularies, besides the superclasses in `communique.kinds`.

For ``approves``, its superproperty. For the media contact, the only property that says no more and may lead from a
creative work to a ContactPoint (schema:contactPoint is for persons and organisations). For the reporting verb, the
description: without "expressed the hope that" a hope would read as an assertion. For unnamed groups, the class of all
things: they are not organisations, persons, or the audience of what they attend."""

_RESTS_ON: Final = {
    SCHEMA + name: tuple(SCHEMA + path for path in paths.split())
    for names, paths in (
        ("Statement Quotation", "creator author text description"),
        ("InviteAction", "agent recipient event"),
        ("Event", "eventStatus"),
    )
    for name in names.split()
}
"""The properties that the meaning of a node depends on, by class.

If the graph has such a property of a node, but no value of it can be shown, the node would claim something else: words
without their speaker would be the release's own, an invitation would invite nobody. A statement also needs its words or
what it is about, and one without a speaker needs the work that it is said to be part of."""

_NAMES: Final = frozenset({SCHEMA + "name", SCHEMA + "headline"})
_LABELS: Final = _NAMES | {TYPE, SCHEMA + "additionalType", SCHEMA + "eventStatus"}
"""The properties shown of a neighbour: its names, and what a name alone would hide."""

_NAME: Final = SCHEMA + "name"
_PRESS_RELEASE: Final = NamedNode(FABIO + "PressRelease")
_PLAIN_NAME: Final = re.compile(re.escape(SCHEMA) + "[A-Za-z0-9]+")
_SCRIPT_ESCAPES: Final = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def build_page(
    quads: Iterable[Quad], *, release: str, nested: bool = False, entity: bool = False, context: Context | None = None
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
    quads: Iterable[Quad], *, release: str, nested: bool = False, entity: bool = False, context: Context | None = None
) -> bytes:
    """The document of `build_page` as UTF-8, safe inside ``script``: no ``<``, ``>``, ``&``, U+2028, U+2029."""
    return _serialized(build_page(quads, release=release, nested=nested, entity=entity, context=context))


def render_page(quads: Iterable[Quad], document: Document) -> bytes:
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


def page_facts(quads: Iterable[Quad], *, release: str) -> frozenset[FactTriple]:
    """The facts that the page shows, as (subject, property, value): what is stated, in terms of schema.org.

    * Left out are: inferred facts, even if the registry has them too (except its names, which are labels and claim
      nothing about a text); terms of other vocabularies, evidence, the source text, notes; nodes of which nothing is
      left, or whose meaning depends on something that is left out (a statement without its speaker, an invitation
      without the invited); links to nodes that are left out; nodes that no link connects with the release. A link is
      followed backwards only if it is in a graph that describes the release, so the quads may include a whole registry.
    * Our own classes become their superclass, with our class as ``additionalType``; reported speech keeps its verb. A
      group without a name is a ``Thing`` with ``additionalType``: nothing narrower is true of those who attended.
    * Of a class and its superclass only the class stays; if the class is inferred, only the superclass.
    * Events without a day or a place stay out, unless the release is about them: search engines refuse them.
    * Roles become ``jobTitle`` and ``affiliation`` of the person. schema.org's Role pattern would put an
      OrganizationRole where the range of ``affiliation`` is Organization, and use the property twice with two meanings;
      two plain properties keep to domain and range. Only the full data say which title belongs to which organisation.
    """
    sayable = _sayable(quads, release)
    nodes = {subject for subject, _, _ in sayable.wanted}
    said = _without_superclasses(sayable.said)
    about = {value.value for subject, path, value in said if (subject, path) == (release, SCHEMA + "about")}
    said = _without_nodes(said, _bare_events(said) - about)
    kept = _without_loose_ends(said, _meanings(sayable.wanted), nodes)
    reached = _reached(kept, sayable.near, release, nodes)
    if release not in reached:
        raise OutputError(f"nothing is said of the release {release} that a page could show")
    return frozenset(f for f in kept if f[0] in reached)


def entity_facts(quads: Iterable[Quad], *, entity: str) -> frozenset[FactTriple]:
    """The facts that the page of an entity shows, as in `page_facts`; the quads need be complete only for the entity.

    * Of the entity: all its facts; a link to a node that is not described here is a plain reference, and none if that
      node is local to a release.
    * Of a neighbour with a name: its classes and names, and its facts that lead to the entity. A neighbour without a
      name, such as a statement, an invitation or a role, is not described: a part of it would mean something else.
    * A release that is about the entity is its ``subjectOf``, a plain reference; its page says the rest. No event is
      described either, because here it would lack its day and place.
    """
    quads = tuple(quads)
    releases = {subject_of(q) for q in quads if q.predicate.value == TYPE and q.object == _PRESS_RELEASE}
    sayable = _sayable(quads, entity)
    said, doubtful = _without_superclasses(sayable.said), _changed(sayable.said, _meanings(sayable.wanted))
    if entity in doubtful:
        return frozenset()
    apart = (releases | _events(said)) - {entity}
    named = {s for s, p, _ in said if p in _NAMES} - doubtful - apart
    own = {f for f in said if f[0] == entity and (f[2].value in named or not _is_inner(f[2]))}
    about = {NamedNode(s) for s, p, o in said if s in releases and p == SCHEMA + "about" and o.value == entity}
    own |= {(entity, SCHEMA + "subjectOf", release) for release in about}
    nodes = {subject for subject, _, _ in sayable.wanted}
    back = {f for f in said if f[0] in named and f[0] != entity and is_link(f, nodes) and f[2].value == entity}
    ends = {f[2].value for f in own if is_link(f, nodes)} | {f[0] for f in back}
    return frozenset(own | back | {f for f in said if f[0] in ends & named and f[1] in _LABELS})


def _is_inner(value: Object) -> bool:
    """Whether a value is a node local to a release."""
    return isinstance(value, NamedNode) and is_inner(value.value)


def _bare_events(facts: set[FactTriple]) -> set[str]:
    """The IRIs of events of which no day or no place is said."""
    dated, placed = ({s for s, p, _ in facts if p == SCHEMA + name} for name in ("startDate", "location"))
    return _events(facts) - (dated & placed)


def _events(facts: set[FactTriple]) -> set[str]:
    """The IRIs of events of any kind, the publication of a work among them."""
    is_a = read_vocabulary().is_a
    return {s for s, p, o in facts if p == TYPE and is_a(o.value.removeprefix(SCHEMA), "Event")}


def _without_nodes(facts: set[FactTriple], nodes: set[str]) -> set[FactTriple]:
    """The facts without those about some nodes."""
    return {fact for fact in facts if fact[0] not in nodes}


class _Sayable(NamedTuple):
    """Facts in terms of schema.org: all, those of them that are stated, those of these in a graph of the release."""

    wanted: set[FactTriple]
    said: set[FactTriple]
    near: set[FactTriple]


def _sayable(quads: Iterable[Quad], release: str) -> _Sayable:
    facts = list(plain(quads))
    home = {graph for subject, _, _, graph in facts if subject == release}
    inferred, hidden = _inferred(facts), _hidden(facts)
    found = _Sayable(set(), set(), set())
    for subject, iri, value, graph in facts:
        if subject in hidden:
            continue
        shown = set(_in_schema((subject, iri, value)))
        found.wanted.update(shown)
        if (subject, iri, value) not in inferred or (iri == _NAME and is_registry(graph)):
            found.said.update(shown)
            found.near.update(shown if graph in home else ())
    return found


def _inferred(facts: list[tuple[str, str, Object, str]]) -> set[FactTriple]:
    """The facts that were inferred from a release and that no release states; what the registry states is no matter."""
    inferred = {fact[:3] for fact in facts if is_inference(fact[3])}
    return inferred - {f[:3] for f in facts if not is_inference(f[3]) and not is_registry(f[3])}


def _hidden(facts: list[tuple[str, str, Object, str]]) -> set[str]:
    """The IRIs of nodes that a page never shows: statements of facts, passages, the source text."""
    return {subject for subject, iri, value, _ in facts if iri == TYPE and value.value in EVIDENCE}


def _meanings(wanted: set[FactTriple]) -> dict[str, list[frozenset[str]]]:
    """For each node sets of properties, of each of which at least one must be shown to preserve the node's meaning."""
    rests = {
        subject: _RESTS_ON[value.value] for subject, iri, value in wanted if iri == TYPE and value.value in _RESTS_ON
    }
    has = {(subject, iri) for subject, iri, _ in wanted}
    needs = {s: [frozenset({path}) for path in paths if (s, path) in has] for s, paths in rests.items()}
    for subject, paths in rests.items():
        if SCHEMA + "text" in paths:
            needs[subject].append(frozenset({SCHEMA + "text", SCHEMA + "about"}))
            if (subject, SCHEMA + "isPartOf") in has:
                needs[subject].append(frozenset(SCHEMA + name for name in ("isPartOf", "creator", "author")))
    return needs


def _in_schema(fact: FactTriple) -> Iterator[FactTriple]:
    """The fact in terms of schema.org, or nothing if it has none; our own class is kept as ``additionalType``."""
    subject, iri, value = fact
    if iri == TYPE:
        name = _class_in_schema(value.value)
        if _PLAIN_NAME.fullmatch(name):
            yield subject, iri, NamedNode(name)
        if name != value.value:
            yield subject, SCHEMA + "additionalType", Literal(value.value)
    elif _PLAIN_NAME.fullmatch(name := _SAME_IN_SCHEMA.get(iri, iri)):
        yield subject, name, value


def _class_in_schema(iri: str) -> str:
    """The nearest class of schema.org: the class itself, a superclass, or one that says no more; or else the IRI."""
    wider = (above for above in superclasses(iri) if above.startswith(SCHEMA))
    return iri if iri.startswith(SCHEMA) else next(wider, _SAME_IN_SCHEMA.get(iri, iri))


def _without_superclasses(facts: set[FactTriple]) -> set[FactTriple]:
    wider = {(s, TYPE, NamedNode(above)) for s, p, o in facts if p == TYPE for above in superclasses(o.value)}
    thing = NamedNode(SCHEMA + "Thing")
    narrower = {s for s, p, o in facts if p == TYPE and o != thing}
    return facts - wider - {(s, TYPE, thing) for s in narrower}


def _without_loose_ends(
    facts: set[FactTriple], meanings: Mapping[str, list[frozenset[str]]], nodes: Collection[str]
) -> set[FactTriple]:
    """The facts without nodes that would mean nothing or something else, and without links to missing nodes.

    Such nodes have only a class, or have lost something that their meaning depends on. ``nodes`` are all that the graph
    describes.
    """
    while True:
        present = {s for s, p, _ in facts if p not in (TYPE, SCHEMA + "additionalType")} - _changed(facts, meanings)
        kept = {f for f in facts if f[0] in present and (not is_link(f, nodes) or f[2].value in present)}
        if len(kept) == len(facts):
            return kept
        facts = kept


def _changed(facts: set[FactTriple], meanings: Mapping[str, list[frozenset[str]]]) -> set[str]:
    """The IRIs of nodes that have lost all properties of a set that their meaning depends on."""
    has = {(s, p) for s, p, _ in facts}
    return {s for s, needs in meanings.items() if any(all((s, p) not in has for p in one) for one in needs)}


def _reached(facts: set[FactTriple], near: set[FactTriple], release: str, nodes: Collection[str]) -> set[str]:
    subjects = {f[0] for f in facts}
    neighbours: dict[str, set[str]] = {s: set() for s in subjects}
    for fact in facts:
        if is_link(fact, nodes):
            neighbours[fact[0]].add(fact[2].value)
            if fact in near:
                neighbours[fact[2].value].add(fact[0])
    reached: set[str] = set()
    waiting = [release] if release in subjects else []
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting += neighbours[node]
    return reached


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
