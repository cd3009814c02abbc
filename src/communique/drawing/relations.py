"""What a picture shows: people, organisations, events, works and places, and the facts that tie them to each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode

from communique.drawing.facts import DATES, GROUP, Facts
from communique.drawing.wording import Wording
from communique.export.order import Object, natural
from communique.terms import CMQ, ORG, SCHEMA

LabelOf: TypeAlias = Callable[[str], tuple[str, str]]
"""Gives the name of an IRI and its language tag ("" for names of people and where none is known)."""


@dataclass(frozen=True, slots=True)
class PictureNode:
    """Something with a name; ``kind`` is the column in which it stands, ``note`` a second line."""

    iri: str
    label: str
    kind: str
    language: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """A fact that ties two nodes, read from ``source`` to ``target``; ``label`` is a word of pictures.

    ``registry``: no release says it.
    """

    source: str
    target: str
    label: str
    inferred: bool = False
    registry: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """A role of a person in an organisation, in the words of the release; ``day`` is when it is attested, or "".

    ``inferred`` is said of whose it is and of the organisation, ``name_inferred`` of what it is called.
    """

    person: str
    organisation: str
    name: str
    language: str = ""
    day: str = ""
    inferred: bool = False
    day_inferred: bool = False
    name_inferred: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """Nodes and what ties them: drawn as lines, said in a second line of a box (``noted``), or left out and listed.

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
"""A word of pictures (``pic.`` in the table), whether the line runs from object to subject, and how it is told in the
picture of a release."""

_RULES: Final[dict[tuple[str, str, str], _Rule]] = {
    **{
        (kind, SCHEMA + name, who): (word, True, "drawn")
        for kind, name, word in (
            ("event", "organizer", "organised"), ("event", "performer", "carried"), ("event", "sponsor", "sponsored"),
            ("event", "contributor", "cooperated"), ("event", "publishedBy", "published"),
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
    ("event", SCHEMA + "performer", "people"): ("gave", True, "drawn"),
    **{(who, CMQ + "comesFrom", "place"): ("from", False, "left out") for who in (*_PEOPLE_OR_ORGS, GROUP)},
    **{("event", SCHEMA + "attendee", who): ("attended", True, "left out") for who in (*_PEOPLE_OR_ORGS, GROUP)},
    ("event", SCHEMA + "location", "org"): ("venue", True, "drawn"),
    ("event", SCHEMA + "location", "place"): ("held", False, "noted"),
    ("event", SCHEMA + "workFeatured", "work"): ("presented", False, "drawn"),
    ("event", SCHEMA + "superEvent", "event"): ("part", False, "noted"),
    ("event", SCHEMA + "about", "place"): ("about", False, "left out"),
    ("work", SCHEMA + "publication", "event"): ("published", True, "drawn"),
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
    ("people", SCHEMA + "affiliation", "org"): ("affiliated", False, "drawn"),
    ("people", SCHEMA + "memberOf", "org"): ("member", False, "drawn"),
    (GROUP, SCHEMA + "memberOf", "org"): ("member", False, "left out"),
}  # fmt: skip
"""How a fact is read, by kind of its subject, property and kind of its object; others are not facts of a picture."""

TIES: Final = tuple(sorted({iri for _, iri, _ in _RULES}))
"""The properties that tie two nodes of a picture."""

_NOTES: Final = ("part", "member")

TIE_WORDS: Final = tuple(
    sorted(
        {f"pic.{word}" for word, _, _ in _RULES.values()}
        | {
            f"pic.part-of-{kind}"
            for (subject, _, value), (word, _, how) in _RULES.items()
            for kind in (subject, value)
            if word == "part" and how == "noted"
        }
        | {"pic.member-of"}
    )
)
"""The keys of the words on lines and, where a tie is told in the second line of a box, in that."""


def read_picture(facts: Facts, focus: str | None, label: LabelOf, words: Wording) -> Picture:
    """The picture of what some quads say.

    Without a ``focus`` it is that of a release: attendance, places and topics are left out. With one it is that of an
    entity: all that touches it is drawn, and nothing else. A fact is inferred if every graph that has it marks it so.
    """
    roles = [role for role in _roles(facts) if focus in (None, role.person, role.organisation)]
    held = {(role.person, role.organisation) for role in roles}
    told: dict[str, set[Edge]] = {"drawn": set(), "noted": set(), "left out": set()}
    for edge, how in _edges(facts):
        if focus is not None:
            if focus not in (edge.source, edge.target):
                continue
            how = "left out" if facts.is_group(edge.source) else "drawn"
        if edge.label != "affiliated" or (edge.source, edge.target) not in held:
            told["left out" if edge.source == edge.target else how].add(edge)
    ends = {end for edges in told.values() for e in edges for end in (e.source, e.target)}
    ends |= {end for role in roles for end in (role.person, role.organisation)} | ({focus} if focus else set())
    notes = {iri: _note(facts, iri, told["noted"], label, words) for iri in ends}
    nodes = [PictureNode(iri, *_named(label(iri), facts.kind(iri)), notes[iri]) for iri in sorted(ends, key=natural)]
    drawn, noted, left_out = (_sorted(told[how]) for how in ("drawn", "noted", "left out"))
    return Picture(nodes=tuple(nodes), edges=drawn, roles=tuple(roles), noted=noted, left_out=left_out, focus=focus)


class PictureRow(NamedTuple):
    """A row of the table of a picture; ``relation_mark`` and ``target_mark`` are "", "inferred" or "registry"."""

    source: str
    relation: str
    target: str
    relation_mark: str = ""
    target_mark: str = ""


def picture_rows(picture: Picture, words: Wording) -> list[PictureRow]:
    """All that a picture says, and what it leaves out; none twice. A role has its marks at its name and at its body.

    Read as a line of the picture: "University of Almaty", "venue of", "Presentation of the report".
    """
    names = {node.iri: node.label for node in picture.nodes}
    roles = [
        PictureRow(
            names[r.person],
            r.name or words("pic.member"),
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


def _named(name: tuple[str, str], kind: str) -> tuple[str, str, str]:
    return name[0], "people" if kind == GROUP else kind, name[1]


def _sorted(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    return tuple(sorted(edges, key=lambda e: (natural(e.source), natural(e.target), e.label)))


def _edges(facts: Facts) -> Iterator[tuple[Edge, str]]:
    """Every fact that a picture knows how to read, and how it is told in that of a release."""
    told: dict[tuple[str, str, str], tuple[bool, bool, str]] = {}
    for subject, iri, value in facts.graphs:
        rule = _RULES.get((facts.kinds.get(subject, ""), iri, facts.kinds.get(value.value, "")))
        if rule is not None and isinstance(value, NamedNode):
            word, backwards, how = rule
            ends = (value.value, subject) if backwards else (subject, value.value)
            key, before = (*ends, word), told.get((*ends, word), (True, True, how))
            registry = facts.only_registry(subject, iri, value)
            told[key] = (before[0] and facts.inferred(subject, iri, value), before[1] and registry, how)
    return ((Edge(*key, *marks), how) for key, (*marks, how) in told.items())


def _roles(facts: Facts) -> list[Role]:
    """The roles, each with its person, its organisation and its name; without a name it is "" and still a role."""
    found = set()
    for (node, iri), people in facts.values.items():
        if iri == ORG + "member":
            organisations = facts.values.get((node, ORG + "organization"), set())
            found |= {r for p in people for o in organisations for r in _role(facts, node, p, o)}
    return sorted(found, key=lambda r: (natural(r.person), natural(r.organisation), r.name, r.day, r.inferred))


def _role(facts: Facts, node: str, person: Object, organisation: Object) -> Iterator[Role]:
    if facts.kinds.get(person.value) != "people" or facts.kinds.get(organisation.value) != "org":
        return
    ends = facts.inferred(node, ORG + "member", person) or facts.inferred(node, ORG + "organization", organisation)
    days = facts.values.get((node, CMQ + "attestedOn"), ())
    day = min((d.value for d in days), default="")
    doubt = bool(days) and all(facts.inferred(node, CMQ + "attestedOn", d) for d in days)
    names = [n for n in facts.values.get((node, SCHEMA + "roleName"), ()) if isinstance(n, Literal)]
    for name in names:
        called = facts.inferred(node, SCHEMA + "roleName", name)
        yield Role(
            person=person.value,
            organisation=organisation.value,
            name=name.value,
            language=name.language or "",
            day=day,
            inferred=ends,
            day_inferred=doubt,
            name_inferred=called,
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
    for edge in _sorted(e for e in noted if e.source == iri):
        name = label(edge.target)[0]
        key = f"pic.part-of-{facts.kind(iri)}" if edge.label == "part" else f"pic.{edge.label}-of"
        text = words(key, name=name) if edge.label in _NOTES else name
        mark = "inferred" if edge.inferred else "registry" if edge.registry else ""
        parts.append(f"{words('pic.' + mark)} {text}" if mark else text)  # first, for a long line is cut
    return ", ".join(parts)
