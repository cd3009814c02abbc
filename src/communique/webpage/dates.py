"""Dates and times in pages (ISO 8601): whether they exist, and which of two comes first."""

from __future__ import annotations

import calendar
import datetime
import re
from typing import Final, NamedTuple

_YEAR: Final = re.compile(r"[0-9]{4}")
_MONTH: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_DAY: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}|[0-9]{4}-?W[0-9]{2}(?:-?[1-7])?)(?:T(.+))?")
_ORDINAL: Final = re.compile(r"([0-9]{4})-?([0-9]{3})(?:T(.+))?")
_TIME: Final = re.compile(
    r"(?:([01][0-9]|2[0-3])(?::?([0-5][0-9])(?::?([0-5][0-9]|60)(?:[.,][0-9]{1,9})?)?)?|24(?::?00(?::?00(?:[.,]0{1,9})?)?)?)"
    r"(Z|[+-](?:0[0-9]|1[0-3])(?::?[0-5][0-9])?|[+-]14(?::?00)?)?"
)
_SLACK: Final = datetime.timedelta(hours=14)
"""How far apart two equal clock times can be if the time zone of one is not known."""


class Moment(NamedTuple):
    """The first and the last moment that a date can mean, in UTC if it has a ``zone``."""

    first: datetime.datetime
    last: datetime.datetime
    zone: bool


def is_iso_date(text: str, *, times: bool = True) -> bool:
    """Whether a text is an existing date, date and time, or interval of two, in a form of ISO 8601.

    ``times``: a time of day alone is accepted too.

    >>> [is_iso_date(t) for t in ("2015-05-29", "2013", "2015-05-29T10:00+06:00", "29 May 2015", "2015-02-30")]
    [True, True, True, False, False]
    """
    first, slash, second = text.partition("/")
    return _is_date(first, times) and (not slash or second == ".." or _is_date(second, times))


def _is_date(text: str, times: bool) -> bool:
    return read_moment(text) is not None or (times and _is_clock(text))


def _is_clock(text: str) -> bool:
    """Whether a text is a time of day; four digits alone are a year, not a time."""
    return (":" in text or text.startswith("T")) and bool(_TIME.fullmatch(text.removeprefix("T")))


def read_moment(text: str) -> Moment | None:
    """The moment that a date means; None for a time of day alone, an interval, or any other text.

    >>> read_moment("2015-05-29T10:00+06:00") == read_moment("2015-05-29T04:00Z")
    True
    """
    if _YEAR.fullmatch(text):
        return _span(text + "-01-01", text + "-12-31")
    if found := _MONTH.fullmatch(text):
        year, month = int(found[1]), int(found[2])
        return _span(f"{text}-01", f"{text}-{calendar.monthrange(year, month)[1]}") if year else None
    if found := _DAY.fullmatch(text):
        return _at(found[1], found[2])
    if found := _ORDINAL.fullmatch(text):
        year, number = int(found[1]), int(found[2])
        if year and 0 < number <= 365 + calendar.isleap(year):
            day = datetime.date(year, 1, 1) + datetime.timedelta(days=number - 1)
            return _at(day.isoformat(), found[3])
    return None


def _span(first: str, last: str) -> Moment | None:
    try:
        begin, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    except ValueError:
        return None
    return Moment(
        datetime.datetime.combine(begin, datetime.time.min), datetime.datetime.combine(end, datetime.time.max), False
    )


def _at(day: str, time: str | None) -> Moment | None:
    """The moment of a time on a day, or the whole day if there is no time."""
    whole = _span(day, day)
    if whole is None or time is None:
        return whole
    found = _TIME.fullmatch(time)
    if found is None:
        return None
    hours = 24 if found[1] is None else int(found[1])
    seconds = hours * 3600 + int(found[2] or 0) * 60 + int(found[3] or 0)
    try:
        at = whole.first + datetime.timedelta(seconds=seconds) - _offset(found[4])
    except OverflowError:
        return None
    return Moment(at, at, found[4] is not None)


def _offset(zone: str | None) -> datetime.timedelta:
    if zone is None or zone == "Z":
        return datetime.timedelta()
    digits = zone[1:].replace(":", "").ljust(4, "0")
    ahead = datetime.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -ahead if zone[0] == "-" else ahead


def ends_before(end: str, start: str) -> bool:
    """Whether an end is certainly before a start; if only one has a time zone, by more than 14 hours.

    >>> ends_before("2015-05-28", "2015-05-29"), ends_before("2015", "2015-05-29"), ends_before("29 May", "2015")
    (True, False, False)
    """
    late, early = read_moment(end), read_moment(start)
    if late is None or early is None:
        return False
    slack = datetime.timedelta() if late.zone == early.zone else _SLACK
    return early.first - late.last > slack
