"""What is written out by rule, so that no store has to reason and no author has to type it.

Each rule gives way to the author: a fact that is written is not made again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode

from communique.compile.dates import dates_of
from communique.compile.expand import Expansion, RecordFact, RecordNode
from communique.compile.passages import Span
from communique.iris import is_inner
from communique.kinds import supertypes
from communique.terms import XSD

BY_RULE: Final = "written by rule from an inferred statement: "
"""How the reason of a fact begins that was made from inferred ones; their own reasons follow."""
ATTESTED_ON: Final = "written by rule: the day of the dateline; the sentence does not date the role"
RECORDED_AT: Final = (
    "written by rule: the release reports on this one event; the sentence does not say where it was said"
)

NodeSpans = Callable[[RecordNode], list[Span]]


def apply_rules(expansion: Expansion, release: RecordNode, source: NamedNode, spans: NodeSpans) -> None:
    """Write out what follows by rule from the record of a release: see docs/record.md for the list.

    ``source`` is the IRI of its text, ``spans`` gives the passages of a node. A fact made from an inferred one is
    marked as inferred.
    """
    if "encoding" not in release.facts:
        expansion.fact(release, "encoding", source, rule="encoding")
    if "inLanguage" not in release.facts:
        expansion.fact(release, "inLanguage", Literal(expansion.language), rule="inLanguage")
    _mentions(expansion, release, spans)
    event = _only_event(expansion, release)
    day = dateline_day(release, expansion.language)
    day_spans = [Span(*s) for fact in release.facts.get("dateline", []) for s in fact.spans]
    for node in list(expansion.nodes.values()):
        if "Membership" in node.types:
            _role(expansion, node, (day, day_spans) if day else None, spans)
        if "ReportedStatement" in node.types or "Quotation" in node.types:
            _statement(expansion, node, release, event, spans)
        apply_general_rules(expansion, node)
    _held(expansion, spans)


def apply_general_rules(expansion: Expansion, node: RecordNode) -> None:
    """Rules that hold in records and in the registry: supertypes, and skos:prefLabel of concepts."""
    written = list(node.facts.get("type", []))
    for iri in sorted({above for fact in written for above in supertypes(fact.object.value)}):
        origins = [f for f in written if iri in supertypes(f.object.value)]
        if all(f.object.value != iri for f in written):
            _derived(expansion, node, "type", NamedNode(iri), origins, rule="supertype")
    if "Concept" in node.types and "prefLabel" not in node.facts:
        for fact in [*node.facts.get("name", []), *node.facts.get("labels", [])]:
            _derived(expansion, node, "prefLabel", fact.object, [fact], rule="prefLabel")


def _derived(
    expansion: Expansion,
    node: RecordNode,
    key: str,
    value: NamedNode | Literal,
    origins: Iterable[RecordFact],
    rule: str,
) -> RecordFact:
    """A fact that others say each by itself: their passages are its own; it is inferred if all of them are."""
    made = expansion.fact(node, key, value, rule=rule)
    all_of_them = list(origins)
    stated = [f for f in all_of_them if f.why is None]
    made.spans = list(dict.fromkeys(span for origin in stated or all_of_them for span in origin.spans))
    made.why = _reason(all_of_them) if all_of_them and not stated else None
    return made


def _reason(origins: Iterable[RecordFact]) -> str:
    """Why what was made from inferred facts is inferred: the grounds of those, each once."""
    return BY_RULE + " / ".join(sorted({fact.why for fact in origins if fact.why}))


def _mentions(expansion: Expansion, release: RecordNode, spans: NodeSpans) -> None:
    """The release mentions all that its record describes and that outlives it, with the words that name it."""
    named = {f.object for key in ("about", "mentions", "genre") for f in release.facts.get(key, [])}
    for node in expansion.nodes.values():
        if node is release or node.iri in named or is_inner(node.iri.value):
            continue
        names = [
            f for key in ("name", "alternateName") for f in sorted(node.facts.get(key, []), key=lambda f: str(f.object))
        ]
        stated = [f for f in names if f.why is None]
        made = _derived(expansion, release, "mentions", node.iri, (stated or names)[:1], rule="mentions")
        made.spans = made.spans or list(spans(node))


def _only_event(expansion: Expansion, release: RecordNode) -> RecordNode | None:
    """The one Event that the release is about, or None if there is none or more than one."""
    about = [expansion.nodes.get(f.object) for f in release.facts.get("about", []) if isinstance(f.object, NamedNode)]
    events = [n for n in dict.fromkeys(about) if n is not None and "Event" in n.types]
    return events[0] if len(events) == 1 else None


def dateline_day(release: RecordNode, language: str) -> Literal | None:
    """The first day in the dateline of a release, as an xsd:date, read as its language writes dates."""
    for text in sorted(f.object.value for f in release.facts.get("dateline", [])):
        for date, _ in dates_of(text, language).all:
            if len(date) == 10:
                return Literal(date, datatype=NamedNode(XSD + "date"))
    return None


def _role(expansion: Expansion, node: RecordNode, day: tuple[Literal, list[Span]] | None, spans: NodeSpans) -> None:
    if day is not None:
        made = expansion.fact(node, "attestedOn", day[0], rule="attestedOn")
        made.spans, made.why = [*day[1], *spans(node)], ATTESTED_ON


def _held(expansion: Expansion, spans: NodeSpans) -> None:
    """The ``affiliation`` and ``jobTitle`` of persons, from all their roles; what the author wrote is left alone.

    So is an empty list: ``jobTitle: []`` says that a title of a role is none of an office.
    """
    origins: dict[tuple[RecordNode, str, NamedNode | Literal], list[RecordFact]] = {}
    for node in expansion.nodes.values():
        for member in node.facts.get("member", []) if "Membership" in node.types else ():
            person = expansion.nodes.get(member.object) if isinstance(member.object, NamedNode) else None
            for key, origin in (("affiliation", "organization"), ("jobTitle", "roleName")):
                if person is not None and key not in person.written:
                    for fact in node.facts.get(origin, []):
                        origins.setdefault((person, key, fact.object), []).append(fact)
    for (person, key, value), facts in origins.items():
        made = _derived(expansion, person, key, value, facts, rule="role")
        made.spans = made.spans or [span for fact in facts for span in spans(fact.node)]


def _statement(
    expansion: Expansion, node: RecordNode, release: RecordNode, event: RecordNode | None, spans: NodeSpans
) -> None:
    if "isPartOf" not in node.facts:
        expansion.fact(node, "isPartOf", release.iri, rule="isPartOf")
    if event is not None and "recordedAt" not in node.facts:
        made = expansion.fact(node, "recordedAt", event.iri, rule="recordedAt")
        made.spans, made.why = [*spans(node)], RECORDED_AT
