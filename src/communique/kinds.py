"""What kinds of things there are, said once: what has a page, the classes of nodes, the lanes in which they are drawn.

All else that depends on a kind is derived from these tables: the order of an export, the lists and headings of pages,
the columns of a picture, the rules of a host. "Add a kind of thing" in CONTRIBUTING.md says what a new row needs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from communique.errors import ArtefactError, hint
from communique.ids import is_id
from communique.terms import PREFIXES


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane of the map of a text, with its colour (``k-<key>`` in style.css).

    ``column`` names the words over its column in a picture (``pic.people``), "" if pictures do not show it; ``letters``
    is how many of them a line in its boxes has at most.
    """

    key: str
    column: str = ""
    letters: int = 0


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that outlives a release and has a page of its own.

    ``path`` is the first step of its ids, and names one of it in words (``one.person``). ``lane`` is the key of its
    lane, ``list`` its list in the newsroom (``list.people``), ``section`` its part of the page of a release
    (``sec.people``). ``noun`` is what one is called where `communique check` counts them, "" if it does not;
    ``in_menu``: every page leads to the list. ``compared``: entities of the registry whose names read the same are
    pointed out. ``questions`` are canned questions worth asking of one, each with its parameter.
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
    """A class of nodes.

    ``rank`` is its place in the order in which people read; equal ranks are sorted by IRI. ``name`` is a compact IRI.
    ``kind`` is the path of the kind that it makes a node, and gives the lane; a class of nodes without a page has a
    ``lane`` and a ``word``, the key of the words for one of them. ``above`` is the class that the compiler writes
    beside it. ``twin``: it always stands beside another class, and says no more than that one.
    """

    rank: int
    name: str
    kind: str = ""
    above: str = ""
    lane: str = ""
    word: str = ""
    twin: bool = False

    @property
    def iri(self) -> str:
        """The whole IRI; of a name with an unknown prefix, which `faults` points out, the name."""
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
"""From left to right; a node with classes of several lanes stands in the first."""

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
)  # fmt: skip
"""In the order of their lists."""

CLASSES: Final = (
    NodeClass(0, "fabio:PressRelease", lane="event", word="one.event"),
    NodeClass(0, "schema:NewsArticle", lane="event", word="one.event", twin=True),
    NodeClass(1, "schema:Event", "event"),
    NodeClass(2, "schema:Report", "work"),
    NodeClass(2, "schema:CreativeWork", "work"),
    NodeClass(2, "schema:WebPage", lane="work", word="one.work"),
    NodeClass(2, "schema:PublicationEvent", "event"),
    NodeClass(3, "schema:Legislation", "legislation"),
    NodeClass(4, "cmq:ReportedStatement", lane="said", above="schema:Statement", word="one.said"),
    NodeClass(4, "cmq:PolicyRecommendation", lane="said", above="schema:Statement", word="one.recommendation"),
    NodeClass(4, "schema:Quotation", lane="said", word="one.said"),
    NodeClass(4, "schema:Statement", lane="said", word="one.said"),
    NodeClass(5, "schema:InviteAction", lane="event", word="invitation"),
    NodeClass(6, "schema:Person", "person"),
    NodeClass(7, "org:Membership", lane="people", word="one.role"),
    NodeClass(7, "schema:OrganizationRole", lane="people", word="one.role", twin=True),
    NodeClass(8, "schema:GovernmentOrganization", "org", above="schema:Organization"),
    NodeClass(8, "schema:NGO", "org", above="schema:Organization"),
    NodeClass(8, "schema:CollegeOrUniversity", "org", above="schema:Organization"),
    NodeClass(8, "schema:FundingScheme", "org", above="schema:Organization"),
    NodeClass(8, "schema:ResearchProject", "project", above="schema:Project"),
    NodeClass(8, "schema:Project", "project", above="schema:Organization"),
    NodeClass(8, "schema:Organization", "org"),
    NodeClass(9, "foaf:Group", lane="people", word="one.group"),
    NodeClass(9, "schema:Audience", lane="people", word="one.group"),
    NodeClass(10, "schema:City", "place", above="schema:Place"),
    NodeClass(10, "schema:Country", "place", above="schema:Place"),
    NodeClass(10, "schema:Place", "place"),
    NodeClass(11, "skos:Concept", "topic"),
    NodeClass(11, "schema:DefinedTerm", "topic", twin=True),
    NodeClass(12, "schema:ContactPoint", lane="people", word="one.contact"),
    NodeClass(14, "schema:TextObject"),
    NodeClass(15, "oa:SpecificResource"),
    NodeClass(16, "rdf:Statement"),
)
"""In the order in which the classes of one node are written; a narrower class stands before the one above it."""

NO_WORD: Final = "one.other"
"""The key of the words for what no class of the table says anything of."""

OTHER: Final = 13
"""The rank of what has no class of the table; behind it stands what proves the rest."""

RELEASE: Final = "release"
"""First step of the ids of releases, which have pages of their own making."""

PATHS: Final = (RELEASE, *(kind.path for kind in KINDS))
"""First step of the ids of all that has a page."""

LISTS: Final = tuple(dict.fromkeys(kind.list for kind in KINDS))
"""The lists of the newsroom, in order."""

MENU: Final = tuple(dict.fromkeys(kind.list for kind in KINDS if kind.in_menu))
"""The lists to which every page leads, also where they are empty."""

COLUMNS: Final = tuple(lane.key for lane in LANES if lane.column)
"""The lanes that are columns of a picture, from left to right."""

EVIDENCE: Final = frozenset(cls.iri for cls in CLASSES if cls.rank > OTHER)
"""The classes of what proves the rest: the text, its passages, the statements of facts."""

_KIND: Final = {kind.path: kind for kind in KINDS}
_CLASS: Final = {cls.iri: cls for cls in CLASSES}
_ROW: Final = {iri: row for row, iri in enumerate(_CLASS)}
_RANK_OF_KIND: Final = {cls.kind: cls.rank for cls in reversed(CLASSES) if cls.kind}
_COLOUR: Final = {lane.key: place for place, lane in enumerate(LANES)}


def kind_at(path: str) -> Kind | None:
    """The kind that a path below the base names by its first step; None if the table does not have it.

    >>> kind_at("person/jo-sample").list, kind_at("thing/x")
    ('people', None)
    """
    return _KIND.get(path.partition("/")[0])


def kind_of_classes(classes: Iterable[str]) -> Kind | None:
    """The kind of a node with these classes (IRIs), by those of its lane; None for one that is of none.

    >>> kind_of_classes(["http://schema.org/Organization", "http://schema.org/NGO"]).path
    'org'
    """
    decides = next((cls for cls in _deciding(frozenset(classes)) if cls.kind), None)
    return _KIND[decides.kind] if decides else None


def lane_of(classes: Iterable[str]) -> str:
    """The lane of a node with these classes (IRIs), "" for one that is of none."""
    return next(map(_lane, _deciding(frozenset(classes))), "")


def column_of(classes: Iterable[str]) -> str:
    """The column of a node in a picture, by those of its classes (IRIs) that have a kind; "" if none has one."""
    return lane_of(iri for iri in classes if iri in _CLASS and _CLASS[iri].kind)


@lru_cache(maxsize=1 << 12)
def _deciding(classes: frozenset[str]) -> tuple[NodeClass, ...]:
    """Of the classes of a node those of its lane, the first that any has; what says most stands first.

    That is what people read last, a legal act after other works; of equals what stands first in the table.
    """
    known = [_CLASS[iri] for iri in classes if iri in _CLASS and _lane(_CLASS[iri])]
    first = min((_COLOUR[_lane(cls)] for cls in known), default=0)
    own = (cls for cls in known if _COLOUR[_lane(cls)] == first)
    return tuple(sorted(own, key=lambda cls: (-cls.rank, _ROW[cls.iri])))


def _lane(cls: NodeClass) -> str:
    return _KIND[cls.kind].lane if cls.kind else cls.lane


def main_kind(lane: str) -> Kind | None:
    """The first kind of a lane: that of things of which the path says nothing; None if the lane has no kinds."""
    return next((kind for kind in KINDS if kind.lane == lane), None)


def word_beside_name(step: str) -> str:
    """The key of the words that tell a thing from others of its lane with the same name, by the first step of its id.

    "" for the first kind of each lane, which needs none, and for a step that names no kind.

    >>> word_beside_name("topic"), word_beside_name("place")
    ('one.topic', '')
    """
    kind = kind_at(step)
    return f"one.{step}" if kind is not None and kind is not main_kind(kind.lane) else ""


def is_main(cls: str) -> bool:
    """Whether a class (an IRI) is the widest of its kind, or one of things without a page that has none above it."""
    above = next((_CLASS[iri].kind for iri in supertypes(cls)), None)
    return cls in _CLASS and bool(_lane(_CLASS[cls])) and above != _CLASS[cls].kind


def has_word(cls: str) -> bool:
    """Whether the word of its kind is one for a class (an IRI): neither a narrower class nor a twin says just that."""
    return is_main(cls) and not _CLASS[cls].twin


def is_compared(cls: str) -> bool:
    """Whether entities of a class (an IRI) are looked through for names that read the same: the widest of its kind."""
    return is_main(cls) and any(kind.compared for kind in KINDS if kind.path == _CLASS[cls].kind)


def word_of(classes: Iterable[str]) -> str:
    """The key of the words for one with these classes (IRIs), by the one of its lane that says most, or `NO_WORD`.

    >>> word_of(["http://xmlns.com/foaf/0.1/Group"]), word_of(["http://schema.org/Legislation"])
    ('one.group', 'one.legislation')
    """
    return next((cls.word or f"one.{cls.kind}" for cls in _deciding(frozenset(classes))), NO_WORD)


def rank_of(classes: Iterable[str]) -> int:
    """The place of a node with these classes (IRIs) in the order in which people read: that of the first."""
    return min((_CLASS[iri].rank if iri in _CLASS else OTHER for iri in classes), default=OTHER)


def rank_at(path: str) -> int:
    """The place of a node by its path below the base: that of the first class of its kind.

    >>> rank_at("release/a"), rank_at("person/jo-sample"), rank_at("thing/x")
    (0, 6, 13)
    """
    step = path.partition("/")[0]
    return 0 if step == RELEASE else _RANK_OF_KIND.get(step, OTHER)


def row_of(cls: str) -> int:
    """Where a class (an IRI) stands among those of one node; what the table does not have stands last."""
    return _ROW.get(cls, len(_ROW))


@cache
def supertypes(cls: str) -> tuple[str, ...]:
    """The IRIs of the classes that are written beside a class (an IRI), the nearest first.

    >>> supertypes("http://schema.org/City")
    ('http://schema.org/Place',)
    """
    found: list[str] = []
    while cls in _CLASS and (above := _expanded(_CLASS[cls].above)) and above not in found:
        found.append(above)
        cls = above
    return tuple(found)


def _expanded(name: str) -> str:
    return NodeClass(0, name).iri if name else ""


# ---- what a row needs


def word_keys() -> Iterator[str]:
    """Every key of the words of the pages that these tables need, some more than once."""
    for kind in KINDS:
        yield from (f"one.{kind.path}", f"list.{kind.list}", f"sec.{kind.section}")
        yield from (f"n.{kind.list}",) if kind.noun else ()
        yield from (f"nav.{kind.list}",) if kind.in_menu else ()
    for lane in LANES:
        yield f"kind.{lane.key}"
        yield from (f"pic.{lane.column}",) if lane.column else ()
    yield from (cls.word for cls in CLASSES if cls.word)
    yield NO_WORD


def check_kinds(known: Collection[str] | None = None) -> None:
    """Raise `ArtefactError`, one sentence, if a row of the tables is wrong.

    ``known`` are the IRIs of the classes that the context has.
    """
    fault = next(faults(KINDS, CLASSES, LANES, known), None)
    if fault is not None:
        raise ArtefactError(f"kinds.py: {fault}")


def faults(
    kinds: Sequence[Kind], classes: Sequence[NodeClass], lanes: Sequence[Lane], known: Collection[str] | None = None
) -> Iterator[str]:
    """What is wrong with some tables, a sentence each; ``known`` are the IRIs of the classes that the context has."""
    yield from _twice("lanes are called", (lane.key for lane in lanes))
    yield from _twice("kinds have the path", (kind.path for kind in kinds))
    yield from _twice("classes are called", (cls.name for cls in classes))
    keys, paths = [lane.key for lane in lanes], [kind.path for kind in kinds]
    for kind in kinds:
        yield from _faults_of_kind(kind, kinds, keys)
        if kind.path not in {cls.kind for cls in classes}:
            yield f"no class makes a node a {kind.path}: give one kind={kind.path!r}"
    for row, cls in enumerate(classes):
        yield from _faults_of_class(cls, paths, keys)
        yield from _faults_above(cls, classes[row + 1 :], {kind.path: kind.lane for kind in kinds})
        if known is not None and cls.iri not in known:
            yield f"context.jsonld has no class {cls.name}: add it there{_meant(cls.iri, known)}"


def _twice(what: str, names: Iterable[str]) -> Iterator[str]:
    found = list(names)
    for name in dict.fromkeys(name for name in found if found.count(name) > 1):
        yield f"{found.count(name)} {what} {name!r}: leave one"


def _faults_of_kind(kind: Kind, kinds: Sequence[Kind], lanes: Collection[str]) -> Iterator[str]:
    if kind.path == RELEASE or not is_id(f"{kind.path}/x"):
        yield f"{kind.path!r} cannot be the path of a kind: use small letters, and no name of ids.RESERVED_KINDS"
    if kind.lane not in lanes:
        yield f"the kind {kind.path} names the lane {kind.lane!r}, which is none{_meant(kind.lane, lanes, None)}"
    if kind.in_menu and not kind.noun:
        yield f"the kind {kind.path} is in the menu, where an empty list is counted: give it a noun"
    for other in kinds:
        if other.section == kind.section and other.lane != kind.lane:
            yield f"{kind.path} and {other.path} share the section {kind.section}, but no lane: give them one"
        if other is not kind and other.list == kind.list and (kind.noun or kind.in_menu):
            yield f"{kind.path} and {other.path} share the list {kind.list}: what is counted or in the menu has its own"


def _faults_of_class(cls: NodeClass, paths: Collection[str], lanes: Collection[str]) -> Iterator[str]:
    prefix = cls.name.partition(":")[0]
    if prefix not in PREFIXES:
        yield f"the class {cls.name} has a prefix that terms.py does not have{_meant(prefix, PREFIXES, None)}"
    if not 0 <= cls.rank <= 99 or cls.rank == OTHER:
        yield f"the class {cls.name} has the rank {cls.rank}: take a number from 0 to 99, {OTHER} apart"
    if cls.kind:
        if cls.kind not in paths:
            yield f"the class {cls.name} names the kind {cls.kind!r}, which is none{_meant(cls.kind, paths, None)}"
        if cls.lane or cls.word:
            yield f"the class {cls.name} has a kind, which gives the lane and the word: leave these out"
    elif cls.rank < OTHER and (cls.lane not in lanes or not cls.word):
        yield f"the class {cls.name} has no kind: give it one, or a lane and a word{_meant(cls.lane, lanes)}"


def _faults_above(cls: NodeClass, below: Sequence[NodeClass], lane: Mapping[str, str]) -> Iterator[str]:
    """``below`` are the rows that follow: the class above a narrower one stands there."""
    if not cls.above:
        return
    wide = next((other for other in below if other.name == cls.above), None)
    if wide is None:
        near = _meant(cls.above, [other.name for other in below])
        yield f"the class {cls.name} is a kind of {cls.above}, which no row below it names{near}"
    elif lane.get(cls.kind, cls.lane) != lane.get(wide.kind, wide.lane):
        yield f"{cls.name} and {wide.name}, which is above it, have different lanes: give them one"


def _meant(word: str, known: Collection[str], otherwise: str | None = "") -> str:
    what_to_do = hint(word, known, otherwise=otherwise)
    return f"; {what_to_do}" if what_to_do else ""
