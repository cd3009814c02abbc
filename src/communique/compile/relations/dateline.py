"""What the dateline says of an event: its day and place are those of the event only if that happened there and then."""

from __future__ import annotations

from communique.compile.relations.frame import Frame
from communique.terms import SCHEMA
from communique.text.passages import Span


def is_day_of_dateline_alone(frame: Frame, iri: str, date: Span, window: Span) -> bool:
    """Whether a date is that of the dateline, and the node is an event of another day: planned, or "last night"."""
    if frame.group(iri) != "event" or not any(d.start <= date.start and date.end <= d.end for d in datelines_of(frame)):
        return False
    return is_of_another_day(frame, iri, window)


def is_of_another_day(frame: Frame, iri: str, window: Span) -> bool:
    """Whether a node is an event that is planned, or that a sentence puts on another day than that of the dateline."""
    return is_planned(frame, iri) or frame.has(("not_today",), *window)


def is_planned(frame: Frame, iri: str) -> bool:
    """Whether the record says that an event is planned."""
    node = frame.reading.nodes.get(iri)
    statuses = node.facts.get("eventStatus", ()) if node is not None else ()
    return any(fact.object.value == SCHEMA + "EventScheduled" for fact in statuses)


def datelines_of(frame: Frame) -> list[Span]:
    """Where the datelines of the release stand."""
    nodes = frame.reading.nodes.values()
    return [span for node in nodes if "dateline" in node.facts for span in frame.stretches(node, "dateline")]
