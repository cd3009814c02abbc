"""The dated facts of a release or an entity, to scale: days as points, years and months without a day as bars."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from pyoxigraph import Literal, NamedNode

from communique.drawing.facts import APPROVES, DATES, END, FEATURED, PART_OF_YEAR, PUBLICATION, STATUS, Facts
from communique.drawing.lettering import drawable, may_be_linked
from communique.drawing.relations import LabelOf
from communique.export.order import Object, natural, value_key
from communique.terms import SCHEMA

__all__ = [
    "STATUS_WORDS",
    "TIMELINE_WORDS",
    "Dated",
    "DatedWork",
    "Timeline",
    "TimelineDate",
    "lay_out_timeline",
    "precision_of",
    "read_dated",
]

TIMELINE_WORDS: Final = tuple(f"pic.{precision}-only" for precision in ("month", "part", "year"))
"""The keys of the words for the precision of a date that is not a day: see `precision_of`."""

STATUS_WORDS: Final = {
    SCHEMA + status: f"c.{status}"
    for status in ("EventCancelled", "EventPostponed", "EventRescheduled", "EventMovedOnline", "EventScheduled")
}
"""The keys of the words for the status of an event, by its IRI; the first of several is shown."""

ROOM: Final = 0.18
"""The least room for the words of a date, as a fraction of the whole length."""

_MOST_YEARS: Final = 10  # with a mark of their own
_COLUMNS: Final = 1000  # of the CSS grid that the words stand in
_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?:T.*|Z|[+-][0-9]{2}:[0-9]{2})?")


@dataclass(frozen=True, slots=True)
class DatedWork:
    """A work to which something dated happened: IRI, name, language; ``property`` says what, "" for its publication."""

    iri: str
    label: str
    language: str = ""
    property: str = ""
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Dated:
    """Something with a date: a day, a month or a year as in RDF; ``end`` is "" or the last day.

    ``property`` is the IRI of the property that gives the date; ``works`` are those that an event published or an act
    approved. ``inferred`` is said of the date, not of the works. ``status`` is the key of the word for an event that is
    planned, cancelled or put off; "" for what happened. ``status_inferred``: that it has this status is inferred.
    ``parts`` are the quarters, halves or seasons that are given of a year (EDTF).
    """

    iri: str
    label: str
    date: str
    language: str = ""
    end: str = ""
    property: str = ""
    works: tuple[DatedWork, ...] = ()
    inferred: bool = False
    status: str = ""
    status_inferred: bool = False
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TimelineNode:
    """A node beside a date: its name without what a drawing must not hold, and its address, "" if it gets no link."""

    iri: str
    label: str
    language: str
    href: str


@dataclass(frozen=True, slots=True)
class TimelineFact:
    """A dated fact as it is shown: its node, the nodes of its works in their order, and how exact its date is."""

    dated: Dated
    node: TimelineNode
    works: tuple[TimelineNode, ...]
    precision: str


@dataclass(frozen=True, slots=True)
class TimelineDate:
    """A date, its last day or "", and all facts that have it.

    ``style`` holds the measures of the style sheet: ``--a`` and ``--z``, where the date begins and ends as parts of the
    whole length, ``--from`` and ``--to``, the columns in which its words stand. ``is_span``: it is drawn as a bar, else
    as a point; ``is_before``: its words stand before it.
    """

    date: str
    end: str
    facts: tuple[TimelineFact, ...]
    style: str
    is_span: bool
    is_before: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """Dates in order, and the years that are marked; without years the dates are listed and not drawn to scale."""

    dates: tuple[TimelineDate, ...]
    years: tuple[int, ...]


def precision_of(fact: Dated) -> str:
    """How exact a date is: "day", "month", "part" of a year, "year"; with a last day as exact as can be drawn: "day".

    >>> precision_of(Dated("x", "X", "2015-05")), precision_of(Dated("x", "X", "2015-06:00"))
    ('month', 'year')
    >>> precision_of(Dated("x", "X", "2015", parts=("2015-33",)))
    'part'
    """
    match = _DATE.fullmatch(fact.date)
    _, month, day = match.groups() if match else ("", "", "")
    return "day" if day or fact.end else "month" if month else "part" if fact.parts else "year"


def read_dated(facts: Facts, label: LabelOf) -> list[Dated]:
    """The days of events, acts and publications, the earliest first; no day on which a role was held.

    Dates that are no day, month or year of four figures are left out.
    """
    works = _works(facts, label)
    found = []
    for (iri, name), values in facts.values.items():
        if name in DATES and facts.kinds.get(iri) in ("event", "work"):
            days = [v for v in values if isinstance(v, Literal) and _interval_in_years(v.value) is not None]
            for day in days:
                end = _end(facts, iri, name, day)
                inferred = facts.inferred(iri, name, day) or (end is not None and facts.inferred(iri, END, end))
                until, (title, language) = end.value if end else "", label(iri)
                status, status_inferred = _status(facts, iri)
                found.append(
                    Dated(
                        iri=iri,
                        label=title,
                        date=day.value,
                        language=language,
                        end=until,
                        property=name,
                        works=tuple(works.get(iri, ())),
                        inferred=inferred,
                        status=status,
                        status_inferred=status_inferred,
                        parts=_parts(facts, iri, name, day),
                    )
                )
    return sorted(found, key=_order)


def _status(facts: Facts, iri: str) -> tuple[str, bool]:
    """The key of the word for the status of an event ("" for none that has a word), and whether it is inferred."""
    found = {value.value: facts.inferred(iri, STATUS, value) for value in facts.values.get((iri, STATUS), ())}
    return next(((key, found[status]) for status, key in STATUS_WORDS.items() if status in found), ("", False))


def _end(facts: Facts, iri: str, name: str, day: Literal) -> Object | None:
    """The last day, if a release that gives the first day gives it too."""
    ends = _of_same_release(facts, iri, END, facts.sources(iri, name, day))
    later = [end for end in ends if _interval_in_years(end.value) and end.value > day.value]
    return max(later, key=lambda end: end.value, default=None)


def _parts(facts: Facts, iri: str, name: str, day: Literal) -> tuple[str, ...]:
    """The parts of a year that the releases that give the year give too."""
    parts = _of_same_release(facts, iri, PART_OF_YEAR, facts.sources(iri, name, day))
    return tuple(sorted(part.value for part in parts if part.value[:4] == day.value))


def _of_same_release(facts: Facts, iri: str, name: str, sources: set[str]) -> list[Object]:
    """Values from one of these sources: two releases are not combined into one fact."""
    return [value for value in facts.values.get((iri, name), ()) if facts.sources(iri, name, value) & sources]


def lay_out_timeline(facts: Iterable[Dated], href: Callable[[str], str]) -> Timeline | None:
    """The dates, the earliest first, as a style sheet draws them to scale; None for fewer than two facts.

    ``href`` gives the address of a node. If the words of two dates would overlap, there are no years, and the dates are
    to be listed.
    """
    dated = sorted(facts, key=_order)
    if len(dated) < 2:
        return None
    groups = [tuple(group) for _, group in groupby(dated, key=lambda one: (one.date, one.end))]
    spans = [_span(group[0]) for group in groups]
    first, last = int(min(start for start, _ in spans)), _last_year(spans)
    step = -(-(last - first) // _MOST_YEARS)
    last = first + -(-(last - first) // step) * step
    scaled = [((start - first) / (last - first), (end - first) / (last - first)) for start, end in spans]
    slots = _slots(scaled)
    dates = tuple(
        _timeline_date(group, place, slots[n] if slots else None, href)
        for n, (group, place) in enumerate(zip(groups, scaled, strict=True))
    )
    return Timeline(dates, tuple(range(first, last, step)) if slots else ())


def _works(facts: Facts, label: LabelOf) -> dict[str, list[DatedWork]]:
    """The works that each event published and each act approved; that an event is of a work may be stated otherwise."""
    found: dict[str, list[DatedWork]] = {}
    for (iri, name), values in sorted(facts.values.items(), key=lambda item: natural(item[0][0])):
        for value in sorted(values, key=value_key) if name in (PUBLICATION, APPROVES) else ():
            if isinstance(value, NamedNode):
                inferred = facts.inferred(iri, name, value)
                if name == PUBLICATION:
                    inferred = inferred and not facts.states(value.value, FEATURED, NamedNode(iri))
                    found.setdefault(value.value, []).append(DatedWork(iri, *label(iri), "", inferred))
                else:
                    found.setdefault(iri, []).append(DatedWork(value.value, *label(value.value), name, inferred))
    return found


def _order(one: Dated) -> tuple[float, float, str, str]:
    start, end = _span(one)
    return start, end, natural(one.iri), one.property


def _interval_in_years(written: str) -> tuple[float, float] | None:
    """Where a day, month or year begins and ends, in years; None if it is none of them."""
    match = _DATE.fullmatch(written)
    if match is None:
        return None
    year, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        start = date(year, month or 1, day or 1)
    except ValueError:
        return None
    length = date(year, 12, 31).timetuple().tm_yday
    begin = (start.timetuple().tm_yday - 1) / length
    if day:
        return year + begin, year + begin
    if month:
        after = 1.0 if month == 12 else (date(year, month + 1, 1).timetuple().tm_yday - 1) / length
        return year + begin, year + after
    return float(year), year + 1.0


def _span(one: Dated) -> tuple[float, float]:
    """Where a fact begins and ends, in years."""
    start = _interval_in_years(one.date) or (0.0, 0.0)
    end = _interval_in_years(one.end) if one.end else None
    return start[0], max(start[1], end[1]) if end else start[1]


def _last_year(spans: Iterable[tuple[float, float]]) -> int:
    """The year after the last one that is drawn."""
    return max(max(int(start) + 1, -int(-end // 1)) for start, end in spans)


def _slots(scaled: list[tuple[float, float]]) -> list[tuple[float, float, bool]] | None:
    """Where the words of each date stand, and whether that is before its point; None if two would overlap."""
    slots: list[tuple[float, float, bool]] = []
    used = 0.0
    starts = [start for start, _ in scaled]
    for start, following in zip(starts, [*starts[1:], 1.0], strict=True):
        if following - start >= ROOM and start >= used:
            slots.append((start, following, False))
            used = start + ROOM
        elif start - used >= ROOM:
            if slots and not slots[-1][2]:
                used = max(used, slots[-1][0] + (start - slots[-1][0]) / 2)
                slots[-1] = (slots[-1][0], used, False)
            slots.append((used, start, True))
            used = start
        else:
            return None
    return slots


def _timeline_date(
    group: tuple[Dated, ...],
    place: tuple[float, float],
    slot: tuple[float, float, bool] | None,
    href: Callable[[str], str],
) -> TimelineDate:
    """One date with all facts that have it."""
    start, end = place
    style = f"--a:{_number(start)}" + (f";--z:{_number(end)}" if end > start else "")
    if slot is not None:
        style += f";--from:{round(slot[0] * _COLUMNS) + 1};--to:{round(slot[1] * _COLUMNS) + 1}"
    first = group[0]
    facts = tuple(
        TimelineFact(one, _node(one, href), tuple(_node(work, href) for work in one.works), precision_of(one))
        for one in group
    )
    return TimelineDate(
        date=first.date,
        end=first.end,
        facts=facts,
        style=style,
        is_span=end > start,
        is_before=slot is not None and slot[2],
    )


def _node(one: Dated | DatedWork, href: Callable[[str], str]) -> TimelineNode:
    address = href(one.iri)
    return TimelineNode(one.iri, drawable(one.label), one.language, address if may_be_linked(address) else "")


def _number(value: float) -> str:
    """A fraction of the whole length, without trailing zeros.

    >>> _number(1 / 3), _number(0.0)
    ('0.333', '0')
    """
    return f"{value:.3f}".rstrip("0").rstrip(".")
