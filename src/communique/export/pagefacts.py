"""The facts that a web page embeds: what a release states, in terms of schema.org only."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from communique.errors import OutputError
from communique.export.grouped import GroupedQuads, rows_of
from communique.export.order import Object, Row, plain
from communique.export.pagelinks import FactTriple, is_link
from communique.iris import document_of, is_inference, is_inner, is_registry
from communique.kinds import EVIDENCE, superclasses
from communique.schemaorg import read_vocabulary
from communique.terms import CMQ, FABIO, FOAF, SCHEMA, TYPE

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


def page_facts(quads: Iterable[Quad] | GroupedQuads, *, release: str) -> frozenset[FactTriple]:
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
    if isinstance(quads, GroupedQuads):
        return quads.made((page_facts, release), lambda whole: _page_facts(whole.rows, release))
    return _page_facts(tuple(plain(quads)), release)


def _page_facts(rows: Collection[Row], release: str) -> frozenset[FactTriple]:
    sayable = _sayable(rows, release)
    nodes = {subject for subject, _, _ in sayable.wanted}
    said = _without_superclasses(sayable.said)
    about = {value.value for subject, path, value in said if (subject, path) == (release, SCHEMA + "about")}
    said = _without_nodes(said, _bare_events(said) - about)
    kept = _without_loose_ends(said, _meanings(sayable.wanted), nodes)
    reached = _reached(kept, sayable.near, release, nodes)
    if release not in reached:
        raise OutputError(f"nothing is said of the release {release} that a page could show")
    return frozenset(f for f in kept if f[0] in reached)


def entity_facts(quads: Iterable[Quad] | GroupedQuads, *, entity: str) -> frozenset[FactTriple]:
    """The facts that the page of an entity shows, as in `page_facts`; the quads need be complete only for the entity.

    * Of the entity: all its facts; a link to a node that is not described here is a plain reference, and none if that
      node is local to a release.
    * Of its codes: scheme, code and address.
    * Of a neighbour with a name: its classes and names, and its facts that lead to the entity. A neighbour without a
      name, such as a statement, an invitation or a role, is not described: a part of it would mean something else.
    * A release that is about the entity is its ``subjectOf``, a plain reference; its page says the rest. No event is
      described either, because here it would lack its day and place.
    """
    rows = rows_of(quads)
    releases = {subject for subject, iri, value, _ in rows if iri == TYPE and value == _PRESS_RELEASE}
    sayable = _sayable(rows, entity)
    said, doubtful = _without_superclasses(sayable.said), _changed(sayable.said, _meanings(sayable.wanted))
    if entity in doubtful:
        return frozenset()
    apart = (releases | _events(said)) - {entity}
    named = {s for s, p, _ in said if p in _NAMES} - doubtful - apart
    parts = {o.value for s, _, o in said if s == entity and _is_inner(o) and document_of(o.value) == entity}
    own = {f for f in said if f[0] == entity and (f[2].value in named | parts or not _is_inner(f[2]))}
    own |= {f for f in said if f[0] in parts}
    about = {NamedNode(s) for s, p, o in said if s in releases and p == SCHEMA + "about" and o.value == entity}
    own |= {(entity, SCHEMA + "subjectOf", release) for release in about}
    nodes = {subject for subject, _, _ in sayable.wanted}
    back = {f for f in said if f[0] in named and f[0] != entity and is_link(f, nodes) and f[2].value == entity}
    ends = {f[2].value for f in own if is_link(f, nodes)} | {f[0] for f in back}
    return frozenset(own | back | {f for f in said if f[0] in ends & named and f[1] in _LABELS})


def _is_inner(value: Object) -> bool:
    """Whether a value is a node inside a release, or a part of an entity."""
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


def _sayable(facts: Collection[Row], release: str) -> _Sayable:
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


def _inferred(facts: Collection[Row]) -> set[FactTriple]:
    """The facts that were inferred from a release and that no release states; what the registry states is no matter."""
    inferred = {fact[:3] for fact in facts if is_inference(fact[3])}
    return inferred - {f[:3] for f in facts if not is_inference(f[3]) and not is_registry(f[3])}


def _hidden(facts: Collection[Row]) -> set[str]:
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
