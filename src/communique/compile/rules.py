"""Facts that are written out by rule, so that no store has to reason and no author has to type them.

Rules give way to the author: what the record says already is not added again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode

from communique.compile.day import attested_day
from communique.compile.derived import add_derived
from communique.compile.expand import Expansion
from communique.compile.identifiers import add_identifiers
from communique.compile.literals import dated
from communique.compile.nodes import RecordFact, RecordNode
from communique.compile.roles import FORMER
from communique.compile.status import is_planned
from communique.compile.titles import add_titles
from communique.iris import is_inner
from communique.kinds import superclasses, twins
from communique.terms import SCHEMA, XSD
from communique.text.passages import Span
from communique.text.yearparts import is_winter, part_of_year

ATTESTED_ON: Final = "written by rule: the day of the dateline; the sentence does not date the role"
RECORDED_AT: Final = (
    "written by rule: the release reports on this one event; the sentence does not say where it was said"
)

NodeSpans = Callable[[RecordNode], list[Span]]


def apply_rules(
    expansion: Expansion,
    release: RecordNode,
    source: NamedNode,
    spans: NodeSpans,
    entities: Mapping[str, Span] = MappingProxyType({}),
) -> None:
    """Add the facts that follow by rule from the record of a release; docs/evidence.md lists the rules.

    ``source`` is the IRI of its text, ``spans`` returns the passages of a node. ``entities`` are the passages of those
    entities of the registry that the text names and the record only refers to. A fact made only from inferred facts is
    marked as inferred.
    """
    if "encoding" not in release.facts:
        expansion.fact(release, "encoding", source, rule="encoding")
    if "inLanguage" not in release.facts:
        expansion.fact(release, "inLanguage", Literal(expansion.language), rule="inLanguage")
    _add_mentions(expansion, release, spans)
    _add_mentions_of_entities(expansion, release, entities)
    event = only_event(expansion, release)
    attested = attested_day(release, expansion.language)
    for node in list(expansion.nodes.values()):
        if _is_held(node):
            _add_attested_day(expansion, node, attested, spans)
        if "ReportedStatement" in node.types or "Quotation" in node.types:
            _add_statement_context(expansion, node, release, event, spans)
        apply_general_rules(expansion, node)
    _add_offices(expansion, spans)
    add_titles(expansion, release, spans)


def apply_general_rules(expansion: Expansion, node: RecordNode) -> None:
    """Apply the rules for records and the registry alike: twins, superclasses, labels of concepts, codes as nodes."""
    for one in list(node.facts.get("type", [])):
        for iri in twins(one.object.value):
            if all(f.object.value != iri for f in node.facts["type"]):
                add_derived(expansion, node, "type", NamedNode(iri), [one], rule="twin")
    written = list(node.facts.get("type", []))
    for iri in sorted({above for fact in written for above in superclasses(fact.object.value)}):
        origins = [f for f in written if iri in superclasses(f.object.value)]
        if all(f.object.value != iri for f in written):
            add_derived(expansion, node, "type", NamedNode(iri), origins, rule="supertype")
    if "Concept" in node.types and "prefLabel" not in node.facts:
        for fact in [*node.facts.get("name", []), *node.facts.get("labels", [])]:
            add_derived(expansion, node, "prefLabel", fact.object, [fact], rule="prefLabel")
    _add_year_of_part(expansion, node)
    add_identifiers(expansion, node)


def _add_mentions(expansion: Expansion, release: RecordNode, spans: NodeSpans) -> None:
    """Add ``mentions`` of all that the record describes and that outlives the release, with the words that name it."""
    named = {f.object for key in ("about", "mentions", "genre") for f in release.facts.get(key, [])}
    for node in expansion.nodes.values():
        if node is release or node.iri in named or is_inner(node.iri.value):
            continue
        names = [
            f for key in ("name", "alternateName") for f in sorted(node.facts.get(key, []), key=lambda f: str(f.object))
        ]
        stated = [f for f in names if f.why is None]
        mention = add_derived(expansion, release, "mentions", node.iri, (stated or names)[:1], rule="mentions")
        mention.spans = mention.spans or list(spans(node))


def _add_mentions_of_entities(expansion: Expansion, release: RecordNode, entities: Mapping[str, Span]) -> None:
    """Add ``mentions`` of entities of the registry that the text names and the record refers to."""
    named = {f.object for key in ("about", "mentions", "genre") for f in release.facts.get(key, [])}
    for iri, span in entities.items():
        if NamedNode(iri) not in named:
            expansion.fact(release, "mentions", NamedNode(iri), rule="mentions").spans = [span]


def only_event(expansion: Expansion, release: RecordNode) -> RecordNode | None:
    """The one Event that the release is about, or None if there is none or more than one."""
    about = [expansion.nodes.get(f.object) for f in release.facts.get("about", []) if isinstance(f.object, NamedNode)]
    events = [n for n in dict.fromkeys(about) if n is not None and "Event" in n.types]
    return events[0] if len(events) == 1 else None


def _add_attested_day(
    expansion: Expansion, node: RecordNode, attested: tuple[str, list[RecordFact]] | None, spans: NodeSpans
) -> None:
    """Add ``attestedOn`` to a role: the day of the datelines as an xsd:date, with their passages."""
    if attested is not None:
        day, datelines = attested
        fact = expansion.fact(node, "attestedOn", Literal(day, datatype=NamedNode(XSD + "date")), rule="attestedOn")
        fact.spans = [*(span for dateline in datelines for span in dateline.spans), *spans(node)]
        fact.why = ATTESTED_ON


def _add_offices(expansion: Expansion, spans: NodeSpans) -> None:
    """Add ``affiliation`` and ``jobTitle`` to persons, from all roles that they hold, unless the author wrote the key.

    An empty list counts as written: ``jobTitle: []`` says that the title of a role is not that of an office.
    """
    origins: dict[tuple[RecordNode, str, NamedNode | Literal], list[RecordFact]] = {}
    for node in expansion.nodes.values():
        for person in _holders(expansion, node) if _is_held(node) else ():
            for key, origin in (("affiliation", "organization"), ("jobTitle", "roleName")):
                if key not in person.written:
                    for fact in (f for f in node.facts.get(origin, []) if not _is_place(expansion, f)):
                        origins.setdefault((person, key, fact.object), []).append(fact)
    for (person, key, value), facts in origins.items():
        derived = add_derived(expansion, person, key, value, facts, rule="role")
        derived.spans = derived.spans or [span for fact in facts for span in spans(fact.node)]


def _is_place(expansion: Expansion, fact: RecordFact) -> bool:
    """Whether a role is wrongly said to be in a place, which is reported once, at the role."""
    node = expansion.nodes.get(fact.object) if isinstance(fact.object, NamedNode) else None
    types = node.facts.get("type", ()) if node is not None else ()
    names = {fact.object.value for fact in types}
    classes = names.union(*map(superclasses, names))
    return SCHEMA + "Place" in classes and SCHEMA + "Organization" not in classes


def _is_held(node: RecordNode) -> bool:
    """Whether a node is a role that, as the release shows, somebody holds, not one that somebody held before."""
    return ("Membership" in node.types or "Role" in node.types) and FORMER not in node.types


def _holders(expansion: Expansion, role: RecordNode) -> Iterator[RecordNode]:
    """The nodes of those who hold a role: the member of a Membership, the person in whom a Role is written."""
    if role.holder is not None:
        yield role.holder
        return
    for member in role.facts.get("member", []):
        if isinstance(member.object, NamedNode) and member.object in expansion.nodes:
            yield expansion.nodes[member.object]


def _add_statement_context(
    expansion: Expansion, node: RecordNode, release: RecordNode, event: RecordNode | None, spans: NodeSpans
) -> None:
    """Add to a statement the release that it is part of, and the one event at which it was recorded."""
    if "isPartOf" not in node.facts:
        expansion.fact(node, "isPartOf", release.iri, rule="isPartOf")
    if event is not None and "recordedAt" not in node.facts and not is_planned(event):
        fact = expansion.fact(node, "recordedAt", event.iri, rule="recordedAt")
        fact.spans, fact.why = [*spans(node)], RECORDED_AT


def _add_year_of_part(expansion: Expansion, node: RecordNode) -> None:
    """Add the year of "summer 2027" as the start of an event that has none; a winter may begin in the year before.

    A figure of a quarter is none of its year.
    """
    parts = node.facts.get("partOfYear", []) if "Observation" not in node.types else []
    if "startDate" in node.facts or not parts or is_winter(parts[0].object.value):
        return
    year = parts[0].object.value[:4]
    if part_of_year(parts[0].object.value):
        add_derived(expansion, node, "startDate", dated(year), parts[:1], rule="partOfYear")
