"""The contents of a picture: people, organisations, events, works and places, and the facts that tie them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode

from communique.drawing.facts import DATES, GROUP, Facts
from communique.drawing.wording import Wording
from communique.export.order import Object, natural
from communique.terms import CMQ, ORG, SCHEMA, SKOS, TYPE

LabelOf: TypeAlias = Callable[[str], tuple[str, str]]
"""Gives the name of an IRI and its language tag ("" for names of people and if it is unknown)."""


@dataclass(frozen=True, slots=True)
class PictureNode:
    """An entity with its name; ``kind`` is its column, ``note`` the second line of its box."""

    iri: str
    label: str
    kind: str
    language: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """A fact that ties two nodes, read from ``source`` to ``target``; ``pic.`` and ``label`` give the key of its words.

    ``registry``: it is stated by the registry only, not by a release.
    """

    source: str
    target: str
    label: str
    inferred: bool = False
    registry: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """A role of a person in an organisation, in the words of the release.

    ``day`` is the first day on which it is attested, or "". ``inferred``: the person or the organisation is inferred.
    ``name_inferred``: the name of the role is. ``former``: it was held before.
    """

    person: str
    organisation: str
    name: str
    language: str = ""
    day: str = ""
    inferred: bool = False
    day_inferred: bool = False
    name_inferred: bool = False
    former: bool = False

    @property
    def word(self) -> str:
        """The key of the word that stands for a role without a name."""
        return "pic.former-member" if self.former else "pic.member"


@dataclass(frozen=True, slots=True)
class Picture:
    """Nodes and their ties: drawn as lines, noted in the second line of a box, or left out and only listed.

    ``focus`` is the IRI of the entity that the picture is about, or None for a whole release.
    """

    nodes: tuple[PictureNode, ...]
    edges: tuple[Edge, ...]
    roles: tuple[Role, ...]
    noted: tuple[Edge, ...]
    left_out: tuple[Edge, ...]
    focus: str | None = None


_PEOPLE_OR_ORGS: Final = ("people", "org")

_Rule: TypeAlias = tuple[str, bool, str]
"""The label of an edge, whether it runs from object to subject, and its treatment in the picture of a release: "drawn",
"noted" or "left out"."""

_RULES: Final[dict[tuple[str, str, str], _Rule]] = {
    **{
        (kind, SCHEMA + name, who): (word, True, "drawn")
        for kind, name, word in (
            ("event", "organizer", "organised"), ("event", "performer", "carried"), ("event", "sponsor", "sponsored"),
            ("event", "contributor", "contributed"), ("event", "publishedBy", "published"),
            ("work", "creator", "created"), ("work", "author", "created"), ("work", "contributor", "contributed"),
            ("work", "sponsor", "sponsored"), ("work", "publisher", "published"),
            ("work", "legislationPassedBy", "passed"),
        )
        for who in _PEOPLE_OR_ORGS
    },
    **{
        (what, CMQ + "supporter", who): ("supported", True, "drawn")
        for what in ("event", "work")
        for who in _PEOPLE_OR_ORGS
    },
    **{(who, CMQ + "comesFrom", "place"): ("from", False, "left out") for who in (*_PEOPLE_OR_ORGS, GROUP)},
    **{("event", SCHEMA + "attendee", who): ("attended", True, "left out") for who in (*_PEOPLE_OR_ORGS, GROUP)},
    ("event", SCHEMA + "location", "org"): ("venue", True, "drawn"),
    ("event", SCHEMA + "location", "place"): ("held", False, "noted"),
    ("event", SCHEMA + "workFeatured", "work"): ("presented", False, "drawn"),
    ("event", SCHEMA + "superEvent", "event"): ("part", False, "noted"),
    ("event", SCHEMA + "about", "place"): ("about", False, "left out"),
    ("work", SCHEMA + "publication", "event"): ("publication", True, "drawn"),
    ("work", CMQ + "approves", "work"): ("approved", False, "drawn"),
    ("work", SCHEMA + "isPartOf", "work"): ("part", False, "noted"),
    ("work", SCHEMA + "hasPart", "work"): ("part", True, "noted"),
    ("work", SCHEMA + "about", "place"): ("about", False, "left out"),
    ("work", SCHEMA + "spatialCoverage", "place"): ("covers", False, "left out"),
    ("work", SCHEMA + "legislationJurisdiction", "place"): ("jurisdiction", False, "left out"),
    ("org", SCHEMA + "parentOrganization", "org"): ("part", False, "noted"),
    ("org", SCHEMA + "memberOf", "org"): ("member", False, "noted"),
    ("org", SCHEMA + "location", "place"): ("located", False, "left out"),
    ("org", SCHEMA + "containedInPlace", "place"): ("located", False, "left out"),
    ("org", SCHEMA + "areaServed", "place"): ("serves", False, "left out"),
    ("place", SCHEMA + "containedInPlace", "place"): ("within", False, "left out"),
    ("place", SKOS + "broader", "place"): ("narrower", False, "left out"),
    ("people", SCHEMA + "affiliation", "org"): ("affiliated", False, "drawn"),
    ("people", SCHEMA + "memberOf", "org"): ("member", False, "drawn"),
    (GROUP, SCHEMA + "memberOf", "org"): ("member", False, "left out"),
}  # fmt: skip
"""How a fact is read, by the kind of its subject, its property and the kind of its object; other facts are ignored."""

TIES: Final = tuple(sorted({iri for _, iri, _ in _RULES}))
"""The properties that tie two nodes of a picture."""

_NOTES: Final = ("part", "member")

TIE_WORDS: Final = tuple(
    sorted(
        {f"pic.{word}" for word, _, _ in _RULES.values()}
        | {
            f"pic.part-of-{kind}"
            for (subject, _, value), (word, _, treatment) in _RULES.items()
            for kind in (subject, value)
            if word == "part" and treatment == "noted"
        }
        | {"pic.member-of"}
    )
)
"""The keys of the words on lines and in the second lines of boxes."""


def read_picture(facts: Facts, focus: str | None, label: LabelOf, words: Wording) -> Picture:
    """The contents of the picture of a release or, with a ``focus``, of an entity.

    In the picture of a release, attendance, places and topics are left out. In the picture of an entity, all its facts
    are drawn, and no others. A fact is inferred if every graph that has it is one of what was inferred.
    """
    roles = [role for role in _roles(facts) if focus in (None, role.person, role.organisation)]
    holders = {(role.person, role.organisation) for role in roles}
    edges: dict[str, set[Edge]] = {"drawn": set(), "noted": set(), "left out": set()}
    for edge, treatment in _edges(facts):
        if focus is not None:
            if focus not in (edge.source, edge.target):
                continue
            treatment = "left out" if facts.is_group(edge.source) else "drawn"
        if edge.label != "affiliated" or (edge.source, edge.target) not in holders:
            edges["left out" if edge.source == edge.target else treatment].add(edge)
    ends = {end for some in edges.values() for e in some for end in (e.source, e.target)}
    ends |= {end for role in roles for end in (role.person, role.organisation)} | ({focus} if focus else set())
    notes = {iri: _note(facts, iri, edges["noted"], label, words) for iri in ends}
    nodes = [_node(iri, facts.kind(iri), label(iri), notes[iri]) for iri in sorted(ends, key=natural)]
    drawn, noted, left_out = (_in_order(edges[treatment]) for treatment in ("drawn", "noted", "left out"))
    return Picture(nodes=tuple(nodes), edges=drawn, roles=tuple(roles), noted=noted, left_out=left_out, focus=focus)


class PictureRow(NamedTuple):
    """A row of the table of a picture; ``relation_mark`` and ``target_mark`` are "", "inferred" or "registry"."""

    source: str
    relation: str
    target: str
    relation_mark: str = ""
    target_mark: str = ""


def picture_rows(picture: Picture, words: Wording) -> list[PictureRow]:
    """All that a picture says and all that it leaves out, each once. A row of a role marks its name and organisation.

    A row reads like a line of the picture: "University of Almaty", "venue of", "Presentation of the report".
    """
    names = {node.iri: node.label for node in picture.nodes}
    roles = [
        PictureRow(
            names[r.person],
            r.name or words(r.word),
            names[r.organisation],
            "inferred" if r.name_inferred else "",
            "inferred" if r.inferred else "",
        )
        for r in picture.roles
    ]
    edges = (*picture.edges, *picture.noted, *picture.left_out)
    ties = [PictureRow(names[e.source], words(f"pic.{e.label}"), names[e.target], _mark(e)) for e in edges]
    return list(dict.fromkeys([*roles, *ties]))


def _mark(edge: Edge) -> str:
    return "inferred" if edge.inferred else "registry" if edge.registry else ""


def _node(iri: str, kind: str, name: tuple[str, str], note: str) -> PictureNode:
    label, language = name
    return PictureNode(iri, label, "people" if kind == GROUP else kind, language, note)


def _in_order(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    return tuple(sorted(edges, key=lambda e: (natural(e.source), natural(e.target), e.label)))


def _edges(facts: Facts) -> Iterator[tuple[Edge, str]]:
    """The edge of each fact for which there is a rule, with its treatment in the picture of a release."""
    marks_of: dict[tuple[str, str, str], tuple[bool, bool, str]] = {}
    for subject, iri, value in facts.graphs:
        rule = _RULES.get((facts.kinds.get(subject, ""), iri, facts.kinds.get(value.value, "")))
        if rule is not None and isinstance(value, NamedNode):
            word, backwards, treatment = rule
            ends = (value.value, subject) if backwards else (subject, value.value)
            key, before = (*ends, word), marks_of.get((*ends, word), (True, True, treatment))
            registry = facts.only_registry(subject, iri, value)
            marks_of[key] = (before[0] and facts.inferred(subject, iri, value), before[1] and registry, treatment)
    return ((Edge(*key, *marks), treatment) for key, (*marks, treatment) in marks_of.items())


def _roles(facts: Facts) -> list[Role]:
    """All roles between a person and an organisation, in order; the name of a role without one is ""."""
    found = set()
    for (node, iri), people in facts.values.items():
        if iri == ORG + "member":
            organisations = facts.values.get((node, ORG + "organization"), set())
            found |= {r for p in people for o in organisations for r in _role(facts, node, p, o)}
    return sorted(found, key=lambda r: (natural(r.person), natural(r.organisation), r.name, r.day, r.inferred))


def _role(facts: Facts, node: str, person: Object, organisation: Object) -> Iterator[Role]:
    """The roles of a role node: one for each name, or one without a name."""
    if facts.kinds.get(person.value) != "people" or facts.kinds.get(organisation.value) != "org":
        return
    ends = facts.inferred(node, ORG + "member", person) or facts.inferred(node, ORG + "organization", organisation)
    days = facts.values.get((node, CMQ + "attestedOn"), ())
    day = min((d.value for d in days), default="")
    doubt = bool(days) and all(facts.inferred(node, CMQ + "attestedOn", d) for d in days)
    names = [n for n in facts.values.get((node, SCHEMA + "roleName"), ()) if isinstance(n, Literal)]
    for name in names:
        name_inferred = facts.inferred(node, SCHEMA + "roleName", name)
        yield Role(
            person=person.value,
            organisation=organisation.value,
            name=name.value,
            language=name.language or "",
            day=day,
            inferred=ends,
            day_inferred=doubt,
            name_inferred=name_inferred,
        )
    if not names:
        yield Role(
            person=person.value,
            organisation=organisation.value,
            name="",
            language="",
            day=day,
            inferred=ends,
            day_inferred=doubt,
            former=NamedNode(CMQ + "FormerRole") in facts.values.get((node, TYPE), ()),
        )


def _note(facts: Facts, iri: str, noted: Iterable[Edge], label: LabelOf, words: Wording) -> str:
    """The second line of a box: the day of an event or act, where it was, what it is part of."""
    dates: dict[str, bool] = {}
    for name in DATES:
        for date in facts.values.get((iri, name), ()):
            if isinstance(date, Literal):
                dates[date.value] = dates.get(date.value, True) and facts.inferred(iri, name, date)
    parts = [
        f"{words.day(date)} {words('pic.inferred')}" if inferred else words.day(date)
        for date, inferred in sorted(dates.items())
    ]
    for edge in _in_order(e for e in noted if e.source == iri):
        name = label(edge.target)[0]
        key = f"pic.part-of-{facts.kind(iri)}" if edge.label == "part" else f"pic.{edge.label}-of"
        text = words(key, name=name) if edge.label in _NOTES else name
        mark = "inferred" if edge.inferred else "registry" if edge.registry else ""
        parts.append(
            f"{words('pic.' + mark)} {text}" if mark else text
        )  # the mark first, because the end of a long text is cut
    return ", ".join(parts)
