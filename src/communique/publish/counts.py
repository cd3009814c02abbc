"""The counts of a publication, gathered release by release: triples, entities, classes, properties, links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from communique.ids import REGISTRY, RESERVED_SLUGS
from communique.iris import Graph, read_graph, slug_in
from communique.terms import CMQ, SCHEMA, SKOS, TYPE, XSD

if TYPE_CHECKING:
    from pyoxigraph import Literal

    from communique.export.order import Pair, Row

PARTS: Final = ("facts", "inferred", "evidence", "page", "registry")
"""The parts of a dataset: the named graphs of one kind together."""

_LINKS: Final = frozenset({SCHEMA + "sameAs", SKOS + "exactMatch", SKOS + "closeMatch"})
_DAYS: Final = frozenset(
    {CMQ + "attestedOn", *(SCHEMA + name for name in ("startDate", "endDate", "legislationDate", "datePublished"))}
)
_PERIODS: Final = frozenset({XSD + "date", XSD + "gYearMonth", XSD + "gYear"})
_PERIOD: Final = re.compile("[0-9]{4}(-[0-9]{2}){0,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Numbers of a whole publication.

    ``quads`` are the statements of all named graphs, a triple in two graphs counted twice; ``triples`` are the distinct
    ones. ``facts`` (what is stated), ``inferred``, ``evidence``, ``page``, ``registry`` and ``about`` (dataset and
    ontology) are the distinct triples of all graphs of that kind after `Census.settle`; before it, in the counts of a
    `RunningCounts`, they are summed graph by graph. ``graphs`` gives the number of quads of each part that is not
    empty; ``quads`` is their sum.
    ``entities`` are the releases and the distinct nodes with a class that are not local to one release; ``classes``
    counts distinct nodes by class, ``properties`` triples by property, ``links`` triples by link property and target
    (scheme and host, such as ``http://www.wikidata.org/``). ``first_day`` and ``last_day`` are the earliest and the
    latest day, month or year of an event, an act, a work or a role.
    """

    releases: int = 0
    quads: int = 0
    triples: int = 0
    facts: int = 0
    inferred: int = 0
    evidence: int = 0
    page: int = 0
    registry: int = 0
    about: int = 0
    graphs: Mapping[str, int] = field(default_factory=dict)
    entities: int = 0
    classes: Mapping[str, int] = field(default_factory=dict)
    properties: Mapping[str, int] = field(default_factory=dict)
    links: Mapping[tuple[str, str], int] = field(default_factory=dict)
    first_day: str | None = None
    last_day: str | None = None

    def as_json(self) -> dict[str, object]:
        """The numbers for the manifest; links as ``{property: {target: number}}``."""
        links: dict[str, dict[str, int]] = {}
        for (predicate, target), number in sorted(self.links.items()):
            links.setdefault(predicate, {})[target] = number
        return asdict(self) | {"links": links}


class Census:
    """Counts of distinct triples: add every entity of the dataset exactly once, with all its triples."""

    def __init__(self) -> None:
        self._triples = 0
        self._parts: Counter[str] = Counter()
        self._properties: Counter[str] = Counter()

    def add(self, parts: Mapping[str, set[Pair]]) -> None:
        """Count the triples of one entity, given by the part of the dataset that contains them."""
        pairs: set[Pair] = set().union(*parts.values())
        self._triples += len(pairs)
        self._parts.update({part: len(own) for part, own in parts.items()})
        self._properties.update(iri for iri, _ in pairs)

    def merge(self, other: Census) -> None:
        """Add the counts of other entities."""
        self._triples += other._triples
        self._parts.update(other._parts)
        self._properties.update(other._properties)

    def as_state(self) -> tuple[int, dict[str, int], dict[str, int]]:
        """The counts as JSON, for `from_state`."""
        return self._triples, dict(self._parts), dict(self._properties)

    @classmethod
    def from_state(cls, state: Sequence[Any]) -> Census:
        """The counts that `as_state` gave."""
        made = cls()
        made._triples, made._parts, made._properties = state[0], Counter(state[1]), Counter(state[2])
        return made

    def settle(self, counts: Counts) -> Counts:
        """The same counts, with distinct triples in place of the sums over graphs."""
        parts: dict[str, Any] = {part: self._parts[part] for part in PARTS}  # mypy takes them for any field
        return replace(counts, triples=self._triples, properties=dict(sorted(self._properties.items())), **parts)


class RunningCounts:
    """A running count: add the named graphs one after another, then read `counts`.

    Add every quad once, and all quads of a graph together. Memory grows with the distinct entities that are not local
    to one release (an 8-byte hash for each class of each), not with releases, facts or passages: nodes local to a
    release are counted as they come. The counts of several processes, each with its own releases, are added by `merge`.
    """

    def __init__(self, base: str) -> None:
        self._base = base
        self._parts: Counter[str] = Counter()
        self._releases = 0
        self._last_graph = ""
        self._inside: Counter[str] = Counter()
        self._outside: dict[str, set[bytes]] = {}
        self._properties: Counter[str] = Counter()
        self._links: Counter[tuple[str, str]] = Counter()
        self._days: tuple[str, str] | None = None

    def add(self, rows: Iterable[Row]) -> None:
        """Count the quads of some named graphs."""
        for subject, predicate, value, graph in rows:
            part = self._part(graph)
            self._parts[part] += 1
            if part == "about":
                continue
            self._properties[predicate] += 1
            if predicate == TYPE:
                self._add_class(subject, value.value)
            elif predicate in _LINKS:
                self._links[predicate, _target(value.value)] += 1
            elif predicate in _DAYS:
                self._add_day(value)  # type: ignore[arg-type]  # a date

    def merge(self, other: RunningCounts) -> None:
        """Add the counts of another process."""
        self._parts += other._parts
        self._releases += other._releases
        self._inside += other._inside
        self._properties += other._properties
        self._links += other._links
        for name, seen in other._outside.items():
            self._outside.setdefault(name, set()).update(seen)
        if other._days is not None:
            self._widen(*other._days)

    def as_state(self) -> dict[str, object]:
        """The running counts as JSON, for `from_state`."""
        return {
            "parts": self._parts,
            "releases": self._releases,
            "inside": self._inside,
            "outside": {name: sorted(seen.hex() for seen in own) for name, own in self._outside.items()},
            "properties": self._properties,
            "links": [[*link, number] for link, number in self._links.items()],
            "days": self._days,
        }

    @classmethod
    def from_state(cls, base: str, state: Mapping[str, Any]) -> RunningCounts:
        """The running counts that `as_state` gave."""
        made = cls(base)
        made._parts, made._releases = Counter(state["parts"]), state["releases"]
        made._inside, made._properties = Counter(state["inside"]), Counter(state["properties"])
        made._outside = {name: set(map(bytes.fromhex, own)) for name, own in state["outside"].items()}
        made._links = Counter({(link, target): number for link, target, number in state["links"]})
        made._days = tuple(state["days"]) if state["days"] else None
        return made

    def counts(self) -> Counts:
        """The numbers so far."""
        classes = Counter({name: len(seen) for name, seen in self._outside.items()}) + self._inside
        first, last = self._days or (None, None)
        return Counts(
            releases=self._releases,
            quads=sum(self._parts.values()),
            triples=sum(self._parts.values()),
            facts=self._parts["facts"],
            inferred=self._parts["inferred"],
            evidence=self._parts["evidence"],
            page=self._parts["page"],
            registry=self._parts["registry"],
            about=self._parts["about"],
            graphs={part: number for part, number in sorted(self._parts.items()) if number},
            entities=len(set().union(*self._outside.values())) + self._releases,
            classes=dict(sorted(classes.items())),
            properties=dict(sorted(self._properties.items())),
            links=dict(sorted(self._links.items())),
            first_day=first,
            last_day=last,
        )

    def _part(self, graph: str) -> str:
        part = part_of(graph, self._base)
        if part != "facts":
            return part
        self._releases += graph != self._last_graph
        self._last_graph = graph
        return "facts"

    def _add_class(self, node: str, name: str) -> None:
        if slug_in(node, self._base):
            self._inside[name] += 1
        else:
            self._outside.setdefault(name, set()).add(blake2b(node.encode(), digest_size=8).digest())

    def _add_day(self, literal: Literal) -> None:
        if literal.datatype.value in _PERIODS and _PERIOD.fullmatch(literal.value):
            self._widen(literal.value, literal.value)

    def _widen(self, first: str, last: str) -> None:
        first_before, last_before = self._days or (first, last)
        self._days = min(first, first_before), max(last, last_before, key=_end_of)


def part_of(graph: str, base: str) -> str:
    """The part of the dataset to which a named graph belongs: one of `PARTS`, or ``about`` (dataset and ontology).

    >>> part_of("https://e.example/id/graph/a-slug/evidence", "https://e.example/id/")
    'evidence'
    """
    known = read_graph(graph, base) or Graph("")
    if known.slug in RESERVED_SLUGS:
        return "registry" if known.slug == REGISTRY else "about"
    return known.part if known.part in PARTS else "facts"


def _end_of(period: str) -> tuple[str, ...]:
    """A sort key that orders days, months and years by when they end: a year comes after every day in it.

    >>> sorted(["2015", "2015-12-31", "2016-01-01", "2015-12"], key=_end_of)
    ['2015-12-31', '2015-12', '2015', '2016-01-01']
    """
    return (*period.split("-"), "~")


def _target(iri: str) -> str:
    """The target of a link: scheme and host of its IRI, or only the scheme if it has no host.

    >>> _target("http://www.wikidata.org/entity/Q232"), _target("urn:isbn:0451450523")
    ('http://www.wikidata.org/', 'urn:')
    """
    scheme, _, rest = iri.partition(":")
    return f"{scheme}://{re.split('[/?#]', rest[2:], maxsplit=1)[0]}/" if rest.startswith("//") else f"{scheme}:"
