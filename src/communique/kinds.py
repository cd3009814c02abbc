"""The tables of kinds: which things have a page, which classes their nodes have, and in which lane they are drawn.

Everything else that depends on a kind is derived from these tables: the order of an export, the lists and headings of
pages, the columns of a picture, the rules for web servers. To add a row, see "Add a kind of thing" in CONTRIBUTING.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from communique.schemaorg import read_vocabulary
from communique.terms import PREFIXES, SCHEMA


@dataclass(frozen=True, slots=True)
class Lane:
    """A group of nodes that are drawn together, in one colour (``k-<key>`` in style.css).

    ``column`` completes the key of the heading over its column in a picture (``pic.people``); "" if pictures do not
    show the lane. ``line_length`` is the largest number of characters on one line of a box in that column.
    """

    key: str
    column: str = ""
    line_length: int = 0


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that outlives a release and has a page of its own, such as a person.

    ``path`` is the first segment of its ids (``person/jo-sample``) and completes the key of the word for one such thing
    (``one.person``). ``lane`` is the key of its lane. ``list`` completes the key of its list in the newsroom
    (``list.people``), ``section`` that of its section on the page of a release (``sec.people``). ``noun`` is the
    singular that `communique check` uses when it counts this kind; "" if it does not count it. ``in_menu`` puts its
    list into the menu of every page. ``compared`` warns of two entities of the registry whose names differ only in
    spelling. ``questions`` are the canned queries offered on its pages, each with the parameter that takes its id.
    """

    path: str
    lane: str
    list: str
    section: str
    noun: str = ""
    in_menu: bool = False
    compared: bool = False
    questions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NodeClass:
    """An RDF class that nodes can have.

    ``rank`` is the place of its nodes in reading order: an export writes low ranks first, and equal ranks by IRI.
    ``name`` is a compact IRI. ``kind`` is the path of the kind that its nodes belong to, which also gives their lane; a
    class whose nodes have no page has a ``lane`` and a ``word`` instead, the key of the word for one such node.
    ``superclass`` is the class that the compiler adds to each of its nodes. ``twin`` is the class that this one
    always accompanies, saying nothing more than that one does; the compiler adds it to each node of that class.
    """

    rank: int
    name: str
    kind: str = ""
    superclass: str = ""
    lane: str = ""
    word: str = ""
    twin: str = ""

    @property
    def iri(self) -> str:
        """The full IRI; the name itself if its prefix is unknown, which `faults` reports."""
        prefix, _, local = self.name.partition(":")
        return PREFIXES.get(prefix, f"{prefix}:") + local


LANES: Final = (
    Lane("said"),
    Lane("people", "people", 26),
    Lane("org", "orgs", 28),
    Lane("event", "event", 28),
    Lane("work", "works", 26),
    Lane("place", "places", 22),
)
"""The lanes from left to right; a node whose classes have different lanes is drawn in the leftmost of them."""

KINDS: Final = (
    Kind("person", "people", "people", "people", noun="person", in_menu=True, compared=True,
         questions=(("who-said-what", "person"), ("role-holders", "person"))),
    Kind("org", "org", "organisations", "orgs", noun="organisation", in_menu=True, compared=True,
         questions=(("said-for-organisation", "organisation"), ("organisations-together", "organisation"))),
    Kind("project", "org", "projects", "projects", noun="project",
         questions=(("said-for-organisation", "organisation"), ("organisations-together", "organisation"))),
    Kind("event", "event", "events", "event"),
    Kind("work", "work", "works", "works"),
    Kind("place", "place", "places", "places", compared=True,
         questions=(("events-by-place", "place"), ("attended-from", "place"))),
    Kind("topic", "place", "topics", "topics", compared=True, questions=(("said-on-topic", "topic"),)),
    Kind("legislation", "work", "works", "works"),
    Kind("thing", "work", "things", "things"),
)  # fmt: skip
"""The kinds, in the order in which their lists appear."""

CLASSES: Final = (
    NodeClass(0, "fabio:PressRelease", lane="event", word="one.event"),
    NodeClass(0, "schema:NewsArticle", lane="event", word="one.event", twin="fabio:PressRelease"),
    NodeClass(1, "schema:Event", "event"),
    NodeClass(2, "schema:Report", "work"),
    NodeClass(2, "schema:CreativeWork", "work"),
    NodeClass(2, "schema:WebPage", lane="work", word="one.work"),
    NodeClass(2, "schema:PublicationEvent", "event"),
    NodeClass(2, "schema:Thing", "thing"),
    NodeClass(3, "schema:Legislation", "legislation"),
    NodeClass(4, "cmq:ReportedStatement", lane="said", superclass="schema:Statement", word="one.said"),
    NodeClass(4, "cmq:PolicyRecommendation", lane="said", superclass="schema:Statement", word="one.recommendation"),
    NodeClass(4, "schema:Quotation", lane="said", word="one.said"),
    NodeClass(4, "schema:Statement", lane="said", word="one.said"),
    NodeClass(4, "schema:SocialMediaPosting", lane="said", word="one.post"),
    NodeClass(5, "schema:InviteAction", lane="event", word="invitation"),
    NodeClass(6, "schema:Person", "person"),
    NodeClass(7, "org:Membership", lane="people", word="one.role"),
    NodeClass(7, "schema:OrganizationRole", lane="people", word="one.role", twin="org:Membership"),
    NodeClass(7, "cmq:FormerRole", lane="people", word="one.role", superclass="schema:Role"),
    NodeClass(7, "schema:Role", lane="people", word="one.role"),
    NodeClass(8, "schema:GovernmentOrganization", "org", superclass="schema:Organization"),
    NodeClass(8, "schema:NGO", "org", superclass="schema:Organization"),
    NodeClass(8, "schema:CollegeOrUniversity", "org", superclass="schema:Organization"),
    NodeClass(8, "schema:FundingScheme", "org", superclass="schema:Organization"),
    NodeClass(8, "schema:ResearchProject", "project", superclass="schema:Project"),
    NodeClass(8, "schema:Project", "project", superclass="schema:Organization"),
    NodeClass(8, "schema:Organization", "org"),
    NodeClass(9, "foaf:Group", lane="people", word="one.group"),
    NodeClass(9, "schema:Audience", lane="people", word="one.group"),
    NodeClass(10, "schema:City", "place", superclass="schema:Place"),
    NodeClass(10, "schema:Country", "place", superclass="schema:Place"),
    NodeClass(10, "schema:Place", "place"),
    NodeClass(11, "skos:Concept", "topic"),
    NodeClass(11, "schema:DefinedTerm", "topic", twin="skos:Concept"),
    NodeClass(12, "schema:ContactPoint", lane="people", word="one.contact"),
    NodeClass(12, "schema:Observation", lane="work", word="one.figure"),
    NodeClass(12, "schema:MonetaryAmount", lane="work", word="one.figure"),
    NodeClass(12, "schema:Schedule", lane="event", word="one.schedule"),
    NodeClass(14, "schema:TextObject"),
    NodeClass(15, "oa:SpecificResource"),
    NodeClass(16, "rdf:Statement"),
)
"""The classes, in the order in which those of one node are written; a class comes before its superclass."""

NO_WORD: Final = "one.other"
"""The key of the word for a node none of whose classes has a word in the table."""

OTHER: Final = 13
"""The rank of a node none of whose classes is in the table; only evidence has a higher rank."""

RELEASE: Final = "release"
"""The first segment of the ids of releases, which are no `Kind`: their pages are built separately."""

PATHS: Final = (RELEASE, *(kind.path for kind in KINDS))
"""The first segments of the ids of everything that has a page."""

LISTS: Final = tuple(dict.fromkeys(kind.list for kind in KINDS))
"""The lists of the newsroom, in order."""

MENU: Final = tuple(dict.fromkeys(kind.list for kind in KINDS if kind.in_menu))
"""The lists in the menu of every page, even when they are empty."""

COLUMNS: Final = tuple(lane.key for lane in LANES if lane.column)
"""The keys of the lanes that are columns of a picture, from left to right."""

EVIDENCE: Final = frozenset(cls.iri for cls in CLASSES if cls.rank > OTHER)
"""The IRIs of the classes of evidence: the source text, its passages, the statements of facts."""

_THING: Final = SCHEMA + "Thing"
_KIND: Final = {kind.path: kind for kind in KINDS}
_CLASS: Final = {cls.iri: cls for cls in CLASSES}
_ROW: Final = {iri: row for row, iri in enumerate(_CLASS)}
_RANK_OF_KIND: Final = {cls.kind: cls.rank for cls in reversed(CLASSES) if cls.kind}
_LANE_POSITION: Final = {lane.key: position for position, lane in enumerate(LANES)}


def kind_at(path: str) -> Kind | None:
    """The kind named by the first segment of a path below the base; None if there is no such kind.

    >>> kind_at("person/jo-sample").list, kind_at("boat/x")
    ('people', None)
    """
    return _KIND.get(path.partition("/")[0])


def kind_of_classes(classes: Iterable[str]) -> Kind | None:
    """The kind of a node with these classes (IRIs), given by the most specific in its lane; None if it has no kind.

    >>> kind_of_classes(["http://schema.org/Organization", "http://schema.org/NGO"]).path
    'org'
    """
    cls = next((cls for cls in _classes_of_lane(frozenset(classes)) if cls.kind), None)
    return _KIND[cls.kind] if cls else None


def lane_of(classes: Iterable[str]) -> str:
    """The key of the lane of a node with these classes (IRIs); "" if it is in no lane."""
    return next(map(_lane, _classes_of_lane(frozenset(classes))), "")


def column_of(classes: Iterable[str]) -> str:
    """The key of the lane whose column shows a node with these classes (IRIs); "" if none of them has a kind."""
    return lane_of(iri for iri in classes if iri in _CLASS and _CLASS[iri].kind)


@lru_cache(maxsize=1 << 12)
def _classes_of_lane(classes: frozenset[str]) -> tuple[NodeClass, ...]:
    """Those of a node's classes (IRIs) that are in its lane, the most specific first.

    Its lane is the leftmost one of its classes. The most specific class has the highest rank (a legal act comes after
    other works) or, among equals, the first row.
    """
    known = [_CLASS[iri] for iri in classes if iri in _CLASS and _lane(_CLASS[iri])]
    leftmost = min((_LANE_POSITION[_lane(cls)] for cls in known), default=0)
    in_lane = (cls for cls in known if _LANE_POSITION[_lane(cls)] == leftmost)
    return tuple(sorted(in_lane, key=lambda cls: (-cls.rank, _ROW[cls.iri])))


def _lane(cls: NodeClass) -> str:
    return _KIND[cls.kind].lane if cls.kind else cls.lane


def main_kind(lane: str) -> Kind | None:
    """The first kind of a lane, which a node is taken for if its path names no kind; None for a lane without kinds."""
    return next((kind for kind in KINDS if kind.lane == lane), None)


def word_beside_name(step: str) -> str:
    """The key of the word that distinguishes a thing from a namesake of another kind in the same lane.

    ``step`` is the first segment of its id. "" for the main kind of a lane and for a segment that names no kind.

    >>> word_beside_name("topic"), word_beside_name("place")
    ('one.topic', '')
    """
    kind = kind_at(step)
    return f"one.{step}" if kind is not None and kind is not main_kind(kind.lane) else ""


def is_main(cls: str) -> bool:
    """Whether a class (an IRI) is in a lane and has no superclass of its own kind (or, without a kind, none at all)."""
    kind_above = next((_CLASS[iri].kind for iri in superclasses(cls)), None)
    return cls in _CLASS and bool(_lane(_CLASS[cls])) and kind_above != _CLASS[cls].kind


def has_row(cls: str) -> bool:
    """Whether a class (an IRI) is in the table of classes."""
    return cls in _CLASS


def has_word(cls: str) -> bool:
    """Whether the word for its kind names a class (an IRI) exactly; for a subclass or a twin it does not."""
    return is_main(cls) and not _CLASS[cls].twin


def is_compared(cls: str) -> bool:
    """Whether a class (an IRI) is a main class of a kind whose names are ``compared``."""
    return is_main(cls) and any(kind.compared for kind in KINDS if kind.path == _CLASS[cls].kind)


def word_of(classes: Iterable[str]) -> str:
    """The key of the word for a node with these classes (IRIs): that of the most specific in its lane, or `NO_WORD`.

    >>> word_of(["http://xmlns.com/foaf/0.1/Group"]), word_of(["http://schema.org/Legislation"])
    ('one.group', 'one.legislation')
    """
    return next((cls.word or f"one.{cls.kind}" for cls in _classes_of_lane(frozenset(classes))), NO_WORD)


def rank_of(classes: Iterable[str]) -> int:
    """The place in reading order of a node with these classes (IRIs): the lowest of their ranks."""
    return min((_CLASS[iri].rank if iri in _CLASS else OTHER for iri in classes), default=OTHER)


def rank_at(path: str) -> int:
    """The place in reading order of a node by its path below the base: the lowest rank of the classes of its kind.

    >>> rank_at("release/a"), rank_at("person/jo-sample"), rank_at("boat/x")
    (0, 6, 13)
    """
    step = path.partition("/")[0]
    return 0 if step == RELEASE else _RANK_OF_KIND.get(step, OTHER)


def row_of(cls: str) -> int:
    """The sort key of a class (an IRI) among the classes of one node; a class that is not in the table sorts last."""
    return _ROW.get(cls, len(_ROW))


@cache
def superclasses(cls: str) -> tuple[str, ...]:
    """The IRIs of the superclasses that the compiler adds to the nodes of a class (an IRI), the nearest first.

    A class of schema.org that has no row here gets the nearest ones that have one.

    >>> superclasses("http://schema.org/City"), superclasses("http://schema.org/Bridge")
    (('http://schema.org/Place',), ('http://schema.org/Place',))
    """
    if cls not in _CLASS:
        return _nearest_rows(cls.removeprefix(SCHEMA)) if cls.startswith(SCHEMA) else ()
    found: list[str] = []
    while cls in _CLASS and (above := _iri_of_superclass(_CLASS[cls])) and above not in found:
        found.append(above)
        cls = above
    return tuple(found)


@cache
def twins(cls: str) -> tuple[str, ...]:
    """The IRIs of the classes that always accompany a class (an IRI), which the compiler adds to its nodes.

    >>> twins("http://purl.org/spar/fabio/PressRelease")
    ('http://schema.org/NewsArticle',)
    """
    return tuple(other.iri for other in CLASSES if other.twin and NodeClass(0, other.twin).iri == cls)


def _nearest_rows(name: str) -> tuple[str, ...]:
    """The nearest superclasses with a row of a class of schema.org, on each way up, and what is above those."""
    direct = read_vocabulary().classes.get(name, ())
    found = {iri: None for wider in direct if (iri := SCHEMA + wider) in _CLASS}
    found |= dict.fromkeys(iri for wider in direct for iri in superclasses(SCHEMA + wider))
    if len(found) > 1:
        found.pop(_THING, None)
    return tuple(found)


def _iri_of_superclass(cls: NodeClass) -> str:
    """The full IRI of the superclass of a class; "" if it has none."""
    return NodeClass(0, cls.superclass).iri if cls.superclass else ""


def word_keys() -> Iterator[str]:
    """Every key of words.json that these tables need; some come more than once."""
    for kind in KINDS:
        yield from (f"one.{kind.path}", f"list.{kind.list}", f"sec.{kind.section}")
        yield from (f"n.{kind.list}",) if kind.noun else ()
        yield from (f"nav.{kind.list}",) if kind.in_menu else ()
    for lane in LANES:
        yield f"kind.{lane.key}"
        yield from (f"pic.{lane.column}",) if lane.column else ()
    yield from (cls.word for cls in CLASSES if cls.word)
    yield NO_WORD
