"""What is written out by rule, so that no store has to reason and no author has to type it.

Each rule gives way to the author: a fact that is written is not made again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode

from communique.compile.expand import Expansion, Fact, Node
from communique.compile.ground import dates_in
from communique.compile.passages import Span
from communique.terms import XSD

SUPERTYPES: Final = {
    "GovernmentOrganization": "Organization",
    "NGO": "Organization",
    "CollegeOrUniversity": "Organization",
    "FundingScheme": "Organization",
    "City": "Place",
    "Country": "Place",
    "ReportedStatement": "Statement",
    "PolicyRecommendation": "Statement",
}
"""Superclasses that are written into the data: what people ask for by kind."""

BY_RULE: Final = "written by rule from an inferred statement"
ATTESTED_ON: Final = "written by rule: the day of the dateline; the sentence does not date the role"
RECORDED_AT: Final = (
    "written by rule: the release reports on this one event; the sentence does not say where it was said"
)

NodeSpans = Callable[[Node], list[Span]]


def apply_rules(expansion: Expansion, release: Node, source: NamedNode, spans: NodeSpans) -> None:
    """Write out what follows by rule from the record of a release: see docs/record.md for the list.

    ``source`` is the IRI of its text, ``spans`` gives the passages of a node. A fact made from an inferred one is
    marked as inferred.
    """
    if "encoding" not in release.facts:
        expansion.fact(release, "encoding", source, rule="encoding")
    _mentions(expansion, release, spans)
    event = _only_event(expansion, release)
    day = dateline_day(release)
    day_spans = [Span(*s) for fact in release.facts.get("dateline", []) for s in fact.spans]
    for node in list(expansion.nodes.values()):
        if "Membership" in node.types:
            _role(expansion, node, (day, day_spans) if day else None, spans)
        if "ReportedStatement" in node.types or "Quotation" in node.types:
            _statement(expansion, node, release, event, spans)
        apply_general_rules(expansion, node)


def apply_general_rules(expansion: Expansion, node: Node) -> None:
    """Rules that hold in records and in the registry: supertypes, and skos:prefLabel of concepts."""
    types = {f.object: f for f in node.facts.get("type", [])}
    for name in node.types:
        above = SUPERTYPES.get(name)
        if above is None:
            continue
        written = types.get(NamedNode(expansion.context.classes[name]))
        upper = NamedNode(expansion.context.classes[above])
        if written is None:
            continue
        if upper not in types:
            types[upper] = _derived(expansion, node, "type", upper, [written], "supertype")
        elif types[upper].rule and written.why is None:  # a stated kind states its superclass
            types[upper].why, types[upper].spans = None, list(written.spans)
    if "Concept" in node.types and "prefLabel" not in node.facts:
        for fact in [*node.facts.get("name", []), *node.facts.get("labels", [])]:
            _derived(expansion, node, "prefLabel", fact.object, [fact], "prefLabel")


def _derived(
    expansion: Expansion, node: Node, key: str, value: NamedNode | Literal, origins: Iterable[Fact], rule: str
) -> Fact:
    """A fact that rests on others: their passages are its own, and if one is inferred, so is it."""
    made = expansion.fact(node, key, value, rule=rule)
    for origin in origins:
        made.spans += [s for s in origin.spans if s not in made.spans]
        if origin.why is not None:
            made.why = BY_RULE
    return made


def _mentions(expansion: Expansion, release: Node, spans: NodeSpans) -> None:
    """The release mentions all that its record describes and that outlives it, with the words that name it."""
    named = {f.object for key in ("about", "mentions", "genre") for f in release.facts.get(key, [])}
    for node in expansion.nodes.values():
        if node is release or node.iri in named or "#" in node.iri.value:
            continue
        made = _derived(expansion, release, "mentions", node.iri, node.facts.get("name", [])[:1], "mentions")
        made.spans = made.spans or list(spans(node))


def _only_event(expansion: Expansion, release: Node) -> Node | None:
    """The one Event that the release is about, or None if there is none or more than one."""
    about = [expansion.nodes.get(f.object) for f in release.facts.get("about", []) if isinstance(f.object, NamedNode)]
    events = [n for n in about if n is not None and "Event" in n.types]
    return events[0] if len(events) == 1 else None


def dateline_day(release: Node) -> Literal | None:
    """The day in the dateline of a release, as an xsd:date."""
    for fact in release.facts.get("dateline", []):
        text = fact.object.value
        for date, _ in dates_in(text, 0, len(text)):
            if len(date) == 10:
                return Literal(date, datatype=NamedNode(XSD + "date"))
    return None


def _role(expansion: Expansion, node: Node, day: tuple[Literal, list[Span]] | None, spans: NodeSpans) -> None:
    if day is not None:
        made = expansion.fact(node, "attestedOn", day[0], rule="attestedOn")
        made.spans, made.why = [*day[1], *spans(node)], ATTESTED_ON
    members = [f.object for f in node.facts.get("member", [])]
    person = expansion.nodes.get(members[0]) if members and isinstance(members[0], NamedNode) else None
    if person is None:
        return
    for key, origin in (("affiliation", "organization"), ("jobTitle", "roleName")):
        if any(f.rule is None for f in person.facts.get(key, [])):
            continue  # the author wrote it
        for fact in node.facts.get(origin, []):
            if all(f.object != fact.object for f in person.facts.get(key, [])):
                made = _derived(expansion, person, key, fact.object, [fact], "role")
                made.spans = made.spans or list(spans(node))


def _statement(expansion: Expansion, node: Node, release: Node, event: Node | None, spans: NodeSpans) -> None:
    if "isPartOf" not in node.facts:
        expansion.fact(node, "isPartOf", release.iri, rule="isPartOf")
    if event is not None and "recordedAt" not in node.facts:
        made = expansion.fact(node, "recordedAt", event.iri, rule="recordedAt")
        made.spans, made.why = [*spans(node)], RECORDED_AT
