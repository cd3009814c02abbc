"""Whether an event is planned, cancelled or put off, as the release says it: ``planned`` and ``status`` of an event."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from communique.compile.expand import Expansion
from communique.compile.nodes import RecordNode
from communique.compile.values import describe
from communique.errors import suggestion
from communique.terms import SCHEMA

STATUSES: Final = {
    "planned": "EventScheduled",
    "cancelled": "EventCancelled",
    "postponed": "EventPostponed",
    "rescheduled": "EventRescheduled",
    "moved online": "EventMovedOnline",
}
"""The words for the status of an event, and the EventStatusType of schema.org that each of them means."""
PLANNED: Final = "planned"


def add_planned(expansion: Expansion, event: RecordNode) -> None:
    """Add that an event is planned, if ``planned`` is true."""
    planned = event.written[PLANNED]
    if planned in (True, "true"):
        _add_status(expansion, event, PLANNED, PLANNED)
    elif is_status_refused(event):
        message = f"planned is true or false, not {describe(planned)}"
        at = event.place(PLANNED)
        fix = "write planned: true if the text announces the event"
        expansion.report("not-a-choice", message, at, focus=event.iri.value, path=PLANNED, fix=fix)


def add_status(expansion: Expansion, event: RecordNode) -> None:
    """Add the status of an event, by one of the words in `STATUSES`."""
    status = event.written["status"]
    if isinstance(status, str) and status in STATUSES:
        _add_status(expansion, event, "status", status)
        return
    known = ", ".join(STATUSES)
    fix = suggestion(status, STATUSES, otherwise=f"write {known}") if isinstance(status, str) else f"write {known}"
    message = f"{describe(status)} is not a status of an event"
    expansion.report("not-a-choice", message, event.place("status"), focus=event.iri.value, path="status", fix=fix)


def is_planned(event: RecordNode) -> bool:
    """Whether the record says that an event is still to come."""
    return any(fact.object.value == SCHEMA + STATUSES[PLANNED] for fact in event.facts.get("eventStatus", ()))


def is_status_refused(event: RecordNode) -> bool:
    """Whether what a record says of the status of an event is none of the words for it, so that it has no status."""
    if "eventStatus" in event.facts:
        return False
    return "status" in event.written or event.written.get(PLANNED, False) not in (True, "true", False, "false")


def _add_status(expansion: Expansion, event: RecordNode, key: str, status: str) -> None:
    value = NamedNode(SCHEMA + STATUSES[status])
    if any(fact.object == value for fact in event.facts.get("eventStatus", [])):
        return
    event.renamed["eventStatus"] = key
    expansion.fact(event, "eventStatus", value)
