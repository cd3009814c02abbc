"""The day of a release: one rule for lists, years, the feed and every page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from pyoxigraph import Literal, Quad

from communique.compile.nodes import RecordFact, RecordNode
from communique.terms import SCHEMA
from communique.text.dates import dates_of

_DAY: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T.*|Z|[+-][0-9]{2}:[0-9]{2})?")


def day_of(release: RecordNode, page: Iterable[Quad], language: str) -> str | None:
    """The day of a release (YYYY-MM-DD): of its dateline, else of its publication by its text, else by its web page.

    ``page`` are the quads of its ``page.json``, ``language`` is the language of its dateline. The earliest of several
    days counts; inferred days do not. None if there is no day.
    """
    for days in (_dateline(release, language), _published(release), _published_on_page(page)):
        earliest = min(days, default=None)
        if earliest is not None:
            return earliest
    return None


def _published(release: RecordNode) -> Iterator[str]:
    """The days of publication that the text states."""
    for fact in release.facts.get("datePublished", []):
        if fact.why is None:
            yield from _day(fact.object)


def _published_on_page(page: Iterable[Quad]) -> Iterator[str]:
    """The days of publication that the web page around a release gives."""
    for quad in page:
        if quad.predicate.value == SCHEMA + "datePublished":
            yield from _day(quad.object)


def _day(value: object) -> Iterator[str]:
    """The day of a date or of a date with a time; nothing for a month, a year or words."""
    match = _DAY.fullmatch(value.value) if isinstance(value, Literal) else None
    try:
        yield from [date.fromisoformat(match[1]).isoformat()] if match else []
    except ValueError:
        return


def attested_day(release: RecordNode, language: str) -> tuple[str, list[RecordFact]] | None:
    """The earliest of the days (YYYY-MM-DD) in the stated datelines of a release, and the datelines that give it.

    None if no stated dateline has a day; inferred datelines do not count. Of each dateline the first day is taken.
    """
    days: dict[str, list[RecordFact]] = {}
    for fact in release.facts.get("dateline", []):
        day = next((day for day, _ in dates_of(fact.object.value, language).all if len(day) == 10), None)
        if day is not None and fact.why is None:
            days.setdefault(day, []).append(fact)
    return min(days.items(), key=lambda item: item[0], default=None)


def _dateline(release: RecordNode, language: str) -> Iterator[str]:
    """The day of the datelines, if there is one."""
    attested = attested_day(release, language)
    if attested is not None:
        yield attested[0]
