"""JSON-LD that a web page embeds: what a release states, in terms of schema.org alone."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad

from communique.context import Context, read_context
from communique.errors import OutputError
from communique.export.document import Document
from communique.export.order import Object, Order, Pair, plain, sort_key, types_of
from communique.formats import EMBEDDED
from communique.iris import is_registry, release_iri
from communique.kinds import EVIDENCE, superclasses
from communique.terms import CMQ, FOAF, RDF, SCHEMA, TYPE

FactTriple: TypeAlias = tuple[str, str, Object]
JsonNode: TypeAlias = dict[str, Any]

_SAME_IN_SCHEMA: Final = {
    CMQ + "approves": SCHEMA + "about",
    CMQ + "mediaContact": SCHEMA + "mentions",
    CMQ + "reportingVerb": SCHEMA + "description",
    FOAF + "Group": SCHEMA + "Thing",
}
"""Terms that schema.org can say, beside the superclasses of `communique.kinds`: the superproperty; for the contact, the
only property that says no more and may lead from a creative work to a ContactPoint (schema:contactPoint is for persons
and organisations); for the reporting verb, the description: without "expressed the hope that" a hope would read as an
assertion; for unnamed groups the class of everything: they are no organisation, no person, and no audience of what they
attend."""

_RESTS_ON: Final = {
    SCHEMA + name: tuple(SCHEMA + path for path in paths.split())
    for names, paths in (
        ("Statement Quotation", "creator author text description"),
        ("InviteAction", "agent recipient event"),
        ("Event", "eventStatus"),
    )
    for name in names.split()
}
"""What the meaning of a node rests on, by class. If it is said, but nothing of it can be shown, the node would claim
something else: words without their speaker would be the release's own, an invitation would invite nobody. A
statement needs its words or what it is about; one without a speaker needs the work of which it is said to be a part."""

_NAMES: Final = frozenset({SCHEMA + "name", SCHEMA + "headline"})
_LABELS: Final = _NAMES | {TYPE, SCHEMA + "additionalType", SCHEMA + "eventStatus"}
"""What names a neighbour, and what that name alone would hide."""

_NAME: Final = SCHEMA + "name"
_PLAIN_NAME: Final = re.compile(re.escape(SCHEMA) + "[A-Za-z][A-Za-z0-9]*")
_SCRIPT_ESCAPES: Final = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}

_URL_TERMS: Final = """
    acquireLicensePage actionableFeedbackPolicy afterMedia archivedAt associatedDisease beforeMedia benefitsSummaryUrl
    codeRepository colleague colorSwatch constraintProperty contentUrl correctionsPolicy discussionUrl
    diseasePreventionInfo diseaseSpreadStatistics diversityPolicy diversityStaffingReport documentation downloadUrl
    duringMedia embedUrl ethicsPolicy gameLocation gettingTestedInfo hasGS1DigitalLink hasMap hasMolecularFunction
    healthPlanMarketingUrl image inCodeSet inDefinedTermSet installUrl isBasedOn isBasedOnUrl
    isInvolvedInBiologicalProcess isLocatedInSubcellularLocation isPartOf labelDetails layoutImage license logo
    mainEntityOfPage map maps masthead merchantReturnLink missionCoveragePrioritiesPolicy newsUpdatesAndGuidelines
    noBylinesPolicy originalMediaLink paymentUrl prescribingInfo productReturnLink publicTransportClosuresInfo
    publishingPrinciples quarantineGuidelines relatedLink replyToUrl sameAs schoolClosuresInfo screenshot sdLicense
    season serviceUrl shippingSettingsLink significantLink significantLinks speakable target targetUrl thumbnailUrl
    tourBookingPage trackingUrl travelBans unnamedSourcesPolicy url usageInfo verificationFactCheckingPolicy
    webFeed
"""
URL_TERMS: Final = frozenset(_URL_TERMS.split())
"""The properties whose bare strings are IRIs in the context of schema.org 30.0."""

_LINKS_OUT: Final = URL_TERMS - {"isPartOf"}
"""Those that may name something that has no node in the page."""


def build_page(
    quads: Iterable[Quad], *, release: str, nested: bool = False, entity: bool = False, context: Context | None = None
) -> JsonNode:
    """The JSON-LD document of a page as a dict: ``@graph`` is a flat list, the release first.

    Of the quads (facts, registry, evidence, in any order) it says what `page_facts` leaves. ``nested`` gives one tree
    instead: every node is written out once, at the place nearest to the release, under ``@reverse`` where the link
    points towards it; elsewhere it is only ``{"@id": …}``. Both say the same triples. Raises `OutputError` if nothing
    is said of the release. With ``entity`` the page is that of an entity, ``release`` is its IRI, and it says what
    `entity_facts` leaves; of an entity of which all is inferred it says the IRI alone.
    """
    facts = entity_facts(quads, entity=release) if entity else page_facts(quads, release=release)
    language = _language(facts, release)
    order = Order(context or read_context())
    entities = _in_order(facts, release) or {release: set()}
    if nested:
        tree = _Tree(entities, order, language)
        return {"@context": "https://schema.org", **tree.grow(release)}
    nodes = [_node(iri, entities[iri], order, language) for iri in entities]
    return {"@context": "https://schema.org", "@graph": nodes}


def render_page_jsonld(
    quads: Iterable[Quad], *, release: str, nested: bool = False, entity: bool = False, context: Context | None = None
) -> bytes:
    """The document of `build_page` as UTF-8, safe inside ``script``: no ``<``, ``>``, ``&``, U+2028, U+2029."""
    return _written(build_page(quads, release=release, nested=nested, entity=entity, context=context))


def render_page(quads: Iterable[Quad], document: Document) -> bytes:
    """What the page of one release or entity embeds. Raises `OutputError` if the document is about neither."""
    if document.entity:
        return render_page_jsonld(quads, release=document.entity, entity=True, context=document.context)
    if document.slug is None:
        raise OutputError(f"{EMBEDDED.name} is made for one release: say which")
    release = release_iri(document.base, document.slug)
    return render_page_jsonld(quads, release=release, nested=document.nested, context=document.context)


def render_node_jsonld(node: Mapping[str, object]) -> bytes:
    """One node in terms of schema.org, such as the description of a dataset, as `render_page_jsonld` writes it.

    >>> print(render_node_jsonld({"@type": "Dataset", "name": "</script>"}).decode(), end="")
    {
     "@context": "https://schema.org",
     "@type": "Dataset",
     "name": "\\u003c/script\\u003e"
    }
    """
    return _written({"@context": "https://schema.org", **node})


def _written(page: Mapping[str, object]) -> bytes:
    text = json.dumps(page, ensure_ascii=False, indent=1)
    return (text.translate(_SCRIPT_ESCAPES) + "\n").encode()


def page_facts(quads: Iterable[Quad], *, release: str) -> frozenset[FactTriple]:
    """What the page says, as (subject, property, value): what is stated, not inferred, in terms of schema.org.

    * Left out: inferred facts, even if the registry has them too (its names apart: they are labels, and claim nothing
      of a text); terms of others, evidence, the source text, notes; nodes of which nothing is left or whose meaning
      rests on something that is left out (a statement without its speaker, an invitation without the invited); links to
      nodes that are left out; nodes that no link joins to the release. A link is followed against its direction only
      where it stands in a graph that speaks of the release, so that a whole registry may be among the quads.
    * Own classes are said as their superclass, with the own one as ``additionalType``; reported speech keeps its verb.
      A group without a name is a ``Thing`` with ``additionalType``: nothing narrower is true of those who attended.
    * Of a class and its written-out supertype the narrow one stays; a class that is inferred gives way to the wide one.
    * Roles are said as ``jobTitle`` and ``affiliation`` of the person. schema.org's Role pattern would put an
      OrganizationRole where the range of ``affiliation`` is Organization and say the property twice with two meanings;
      two plain properties keep to domain and range. Which title belongs to which body is in the full data only.
    """
    sayable = _sayable(quads, release)
    kept = _without_loose_ends(_without_superclasses(sayable.said), _meanings(sayable.wanted))
    reached = _reached(kept, sayable.near, release)
    if release not in reached:
        raise OutputError(f"nothing is said of the release {release} that a page could show")
    return frozenset(f for f in kept if f[0] in reached)


def entity_facts(quads: Iterable[Quad], *, entity: str) -> frozenset[FactTriple]:
    """What the page of an entity says, as `page_facts`, of quads that tell the whole of the entity alone.

    * Of the entity: all its facts; a link may lead to a node that has no words here, as a plain reference.
    * Of a neighbour: class and name, if it has a name, and its facts that lead to the entity. One without a name, such
      as a statement, an invitation or a role, would mean something else without the rest of it: it is not described.
    """
    sayable = _sayable(quads, entity)
    said, doubtful = _without_superclasses(sayable.said), _changed(sayable.said, _meanings(sayable.wanted))
    if entity in doubtful:
        return frozenset()
    named = {s for s, p, _ in said if p in _NAMES} - doubtful
    own = {f for f in said if f[0] == entity}
    back = {f for f in said if f[0] in named and f[0] != entity and _is_link(f) and f[2].value == entity}
    ends = {f[2].value for f in own if _is_link(f)} | {f[0] for f in back}
    return frozenset(own | back | {f for f in said if f[0] in ends & named and f[1] in _LABELS})


class _Sayable(NamedTuple):
    """Facts in terms of schema.org: all of them, those that are stated, those of them beside the release."""

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
    """The facts that a release marks as inferred and none states: what only the registry adds is not the text's."""
    marked = {(s, g) for s, p, o, g in facts if p == CMQ + "basis" and o.value == CMQ + "inferred"}
    parts: dict[tuple[str, str], dict[str, Object]] = {mark: {} for mark in marked}
    for subject, iri, value, graph in facts:
        if (subject, graph) in marked:
            parts[subject, graph][iri] = value
    s, p, o = RDF + "subject", RDF + "predicate", RDF + "object"
    whole = {mark: part for mark, part in parts.items() if part.keys() >= {s, p, o}}
    found = {(part[s].value, part[p].value, part[o], graph) for (_, graph), part in whole.items()}
    inferred = {fact[:3] for fact in found}
    return inferred - {f[:3] for f in facts if f[:3] in inferred and f not in found and not is_registry(f[3])}


def _hidden(facts: list[tuple[str, str, Object, str]]) -> set[str]:
    """Nodes that a page never shows: statements of facts, passages, the source text."""
    return {subject for subject, iri, value, _ in facts if iri == TYPE and value.value in EVIDENCE}


def _meanings(wanted: set[FactTriple]) -> dict[str, list[frozenset[str]]]:
    """For each node what has to be shown of it for it to mean the same: of each set one property at least."""
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
    """The fact in terms of schema.org; nothing where it has none. An own class stays as ``additionalType``."""
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
    """The nearest class of schema.org: itself, one above it, or one that says no more; else the IRI as it is."""
    wider = (above for above in superclasses(iri) if above.startswith(SCHEMA))
    return iri if iri.startswith(SCHEMA) else next(wider, _SAME_IN_SCHEMA.get(iri, iri))


def _without_superclasses(facts: set[FactTriple]) -> set[FactTriple]:
    wider = {(s, TYPE, NamedNode(above)) for s, p, o in facts if p == TYPE for above in superclasses(o.value)}
    thing = NamedNode(SCHEMA + "Thing")
    narrower = {s for s, p, o in facts if p == TYPE and o != thing}
    return facts - wider - {(s, TYPE, thing) for s in narrower}


def _without_loose_ends(facts: set[FactTriple], meanings: Mapping[str, list[frozenset[str]]]) -> set[FactTriple]:
    """The facts without nodes that would mean nothing or something else, and without links to nodes that are not there.

    That is: of which only the class is known, or of which nothing is left that their meaning rests on.
    """
    while True:
        present = {s for s, p, _ in facts if p not in (TYPE, SCHEMA + "additionalType")} - _changed(facts, meanings)
        kept = {f for f in facts if f[0] in present and (not _is_link(f) or f[2].value in present)}
        if len(kept) == len(facts):
            return kept
        facts = kept


def _changed(facts: set[FactTriple], meanings: Mapping[str, list[frozenset[str]]]) -> set[str]:
    """The nodes of which nothing is left that their meaning rests on."""
    has = {(s, p) for s, p, _ in facts}
    return {s for s, needs in meanings.items() if any(all((s, p) not in has for p in one) for one in needs)}


def _is_link(fact: FactTriple) -> bool:
    """Whether a fact leads to another node of the page: not to a text, a class, an address or a term of schema.org."""
    _, iri, value = fact
    if not isinstance(value, NamedNode) or value.value.startswith(SCHEMA):
        return False
    return iri != TYPE and iri.removeprefix(SCHEMA) not in _LINKS_OUT


def _reached(facts: set[FactTriple], near: set[FactTriple], release: str) -> set[str]:
    subjects = {f[0] for f in facts}
    neighbours: dict[str, set[str]] = {s: set() for s in subjects}
    for fact in facts:
        if _is_link(fact):
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


def _node(iri: str, pairs: set[Pair], order: Order, language: str | None) -> JsonNode:
    node: JsonNode = {"@id": iri}
    for name, values in order.properties(pairs):
        if name == TYPE:
            node["@type"] = _one_or_list([v.value.removeprefix(SCHEMA) for v in values])
        else:
            key = name.removeprefix(SCHEMA)
            node[key] = _one_or_list([_value(key, v, language) for v in values])
    return node


def _value(key: str, value: Object, language: str | None) -> object:
    if isinstance(value, NamedNode):
        return value.value if key in _LINKS_OUT else {"@id": value.value}
    if value.language and value.language != language:
        return {"@value": value.value, "@language": value.language}
    return {"@value": value.value} if key in URL_TERMS else value.value


def _one_or_list(values: list[object]) -> object:
    once = [v for n, v in enumerate(values) if v not in values[:n]]
    return once[0] if len(once) == 1 else once


class _Tree:
    """The nodes of a page as one tree, breadth first from the release."""

    def __init__(self, entities: Mapping[str, set[Pair]], order: Order, language: str | None) -> None:
        self._entities, self._order, self._language = entities, order, language
        self._nodes: dict[str, JsonNode] = {}
        self._said_in_reverse: set[FactTriple] = set()
        self._links_to: dict[str, list[tuple[str, str]]] = {iri: [] for iri in entities}
        for subject, pairs in entities.items():
            for name, value in pairs:
                if _is_link((subject, name, value)) and value.value in entities:
                    self._links_to[value.value].append((name, subject))
        position = {iri: n for n, iri in enumerate(entities)}
        for links in self._links_to.values():
            links.sort(key=lambda link: (order.key(link[0]), position[link[1]]))

    def grow(self, root: str) -> JsonNode:
        """The node of the root with all others somewhere inside it."""
        tree = self._nodes[root] = {}
        waiting = deque([root])
        while waiting:
            iri = waiting.popleft()
            seen = len(self._nodes)
            self._nodes[iri].update(self._grown(iri))
            waiting.extend(list(self._nodes)[seen:])
        return tree

    def _grown(self, iri: str) -> JsonNode:
        pairs = {(n, v) for n, v in self._entities[iri] if (iri, n, v) not in self._said_in_reverse}
        node = _node(iri, pairs, self._order, self._language)
        for key, values in node.items():
            if isinstance(values, list):
                node[key] = [self._placed(v) for v in values]
            else:
                node[key] = self._placed(values)
        back: dict[str, list[object]] = {}
        for name, subject in self._links_to[iri]:
            if subject not in self._nodes:
                self._said_in_reverse.add((subject, name, NamedNode(iri)))
                back.setdefault(name.removeprefix(SCHEMA), []).append(self._placed({"@id": subject}))
        return {**node, "@reverse": back} if back else node

    def _placed(self, value: object) -> object:
        """The place of a node if it has none yet, to be filled in later; any other value as it is."""
        iri = str(value.get("@id", "")) if isinstance(value, dict) else ""
        if iri in self._entities and iri not in self._nodes:
            return self._nodes.setdefault(iri, {})
        return value
