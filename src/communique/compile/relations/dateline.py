"""What the dateline says of an event: its day and place are those of the event only if that happened there and then."""

from __future__ import annotations

from datetime import date as day_of_calendar

from communique.compile import status
from communique.compile.relations.clause import is_said_of_another
from communique.compile.relations.frame import Frame
from communique.compile.relations.until import is_end
from communique.text.dates import dates_of
from communique.text.moments import WEEK, open_days_of
from communique.text.passages import Span


def is_day_of_dateline_alone(frame: Frame, iri: str, date: Span, window: Span) -> bool:
    """Whether a date is that of the dateline, and the node is an event of another day: planned, or "last night"."""
    if frame.group(iri) != "event" or not any(d.start <= date.start and date.end <= d.end for d in datelines_of(frame)):
        return False
    return is_of_another_day(frame, iri, window)


def is_of_another_day(frame: Frame, iri: str, window: Span) -> bool:
    """Whether a node is an event that is planned, or that a sentence puts on another day than that of the dateline."""
    return is_planned(frame, iri) or frame.has(("not_today",), *window) or _is_on_another_weekday(frame, iri, window)


def _is_on_another_weekday(frame: Frame, iri: str, window: Span) -> bool:
    """Whether the day of the week nearest to a node in a sentence is not that of the dateline: "won it on Sunday"."""
    language, mentions = frame.reading.language, frame.of(iri, *window)
    every = open_days_of(frame.source, language)
    frame.work.spend(1 + len(every) // 10)
    datelines = datelines_of(frame)
    written = [d.date for span in datelines for d in dates_of(frame.source, language).within(*span)]
    today = {day_of_calendar.fromisoformat(one).weekday() for one in written if len(one) == len("2000-01-01")}
    names = [m for m in frame.reading.mentions.within(*window) if m.node != iri]
    days = [
        day
        for day in every
        if day.rule == WEEK
        and window.start <= day.span.start
        and day.span.end <= window.end
        and not any(line.start <= day.span.start < line.end for line in datelines)
        and not any(m.start <= day.span.start and day.span.end <= m.end for m in names)
        and not is_end(frame, day.span)
        and not all(is_said_of_another(frame, one, day.span) for one in mentions)
    ]
    if not today or not mentions or not days:
        return False
    nearest = min(days, key=lambda d: min(max(d.span.start - m.end, m.start - d.span.end) for m in mentions))
    return nearest.weekday >= 0 and nearest.weekday not in today


def is_planned(frame: Frame, iri: str) -> bool:
    """Whether the record says that an event is planned."""
    node = frame.reading.nodes.get(iri)
    return node is not None and status.is_planned(node)


def datelines_of(frame: Frame) -> list[Span]:
    """Where the datelines of the release stand."""
    nodes = frame.reading.nodes.values()
    return [span for node in nodes if "dateline" in node.facts for span in frame.stretches(node, "dateline")]
