"""The dates that a text says, never finer than its words, read as its language writes dates (Unicode CLDR)."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from communique.text.calendars import Calendar, calendar_of, month_number
from communique.text.passages import Span
from communique.text.tokens import Source, source_of

OTHER_LANGUAGES: Final = {"en": re.compile("[a-z]"), "ru": re.compile("[а-я]")}
"""Languages whose dates are read in every text, in addition to its own language, and the letters they use."""

_YEAR: Final = re.compile(r"(?<!\d)\d{4}(?!\d)")
_NEAR: Final = 120
"""How many characters before and after a year are searched for the rest of its date."""


class DateMention(NamedTuple):
    """A date as RDF writes it (2015-05-29, 2015-05 or 2015), and the words that say it (offsets into the source)."""

    date: str
    span: Span


class Dates:
    """All dates of a text in order; of those that begin at one place, the longest words first."""

    def __init__(self, mentions: Iterable[DateMention]) -> None:
        self.all = tuple(sorted(set(mentions), key=lambda f: (f.span.start, -f.span.end, -len(f.date), f.date)))
        self._starts = array("I", (f.span.start for f in self.all))
        self._by_date: dict[str, tuple[array[int], list[Span]]] = {}
        for one in self.all:
            starts, spans = self._by_date.setdefault(one.date, (array("I"), []))
            starts.append(one.span.start)
            spans.append(one.span)

    def within(self, start: int, end: int) -> Iterator[DateMention]:
        """The dates between two offsets, in the order of the text."""
        for one in self.all[bisect_left(self._starts, start) : bisect_right(self._starts, end)]:
            if one.span.end <= end:
                yield one

    def find(self, wanted: str, start: int, end: int) -> Span | None:
        """The first words between two offsets that say a date; for a month only "May 2015" of "29 May 2015"."""
        starts, spans = self._by_date.get(wanted, (array("I"), []))
        for k in range(bisect_left(starts, start), bisect_right(starts, end)):
            if spans[k].end <= end:
                inner = k
                while len(wanted) < 10 and inner + 1 < len(spans) and spans[inner + 1].end <= spans[k].end:
                    inner += 1
                return spans[inner]
        return None


@lru_cache(maxsize=2)
def dates_of(text: str, language: str = "en") -> Dates:
    """The dates of a text in a language (a BCP 47 tag); those of the last two texts are cached.

    Days that do not exist ("31 June 2015") and parts of longer numbers ("3.29.05.2015") are not dates.

    >>> [f.date for f in dates_of("29 and 30 May 2015").all]
    ['2015-05-29', '2015-05-30', '2015-05-30', '2015-05', '2015-05', '2015']
    """
    if not _YEAR.search(text):
        return Dates(())
    source = source_of(text)
    plain, offsets = source.plain
    near = _near_years(plain)
    mentions: list[DateMention] = []
    for dates, a, z in _readings(plain, near, language):
        span = _source_span(source, offsets, a, z)
        mentions += [] if span is None else [DateMention(one, span) for one in dates]
    return Dates(mentions)


def _near_years(plain: str) -> list[tuple[int, int]]:
    """The stretches around years, in which dates can occur: start and end of each."""
    stretches: list[tuple[int, int]] = []
    for hit in _YEAR.finditer(plain):
        low, high = max(hit.start() - _NEAR, 0), min(hit.end() + _NEAR, len(plain))
        if stretches and low <= stretches[-1][1]:
            low = stretches.pop()[0]
        stretches.append((low, high))
    return stretches


def _source_span(source: Source, offsets: array[int], a: int, z: int) -> Span | None:
    """The span in the source of a stretch of its plain text, or None if that cuts a word or a number."""
    first, last = bisect_left(offsets, a), bisect_left(offsets, z)
    begins = first < len(offsets) and offsets[first] == a
    ends = last == len(offsets) or offsets[last] == z
    return Span(source.cased.starts[first], source.cased.ends[last - 1]) if begins and ends else None


_Reading = tuple[list[str], int, int]
"""Dates, and where the words that say them begin and end in the plain text."""


def _readings(plain: str, near: list[tuple[int, int]], language: str) -> Iterator[_Reading]:
    """All dates in the stretches ``near`` of a plain text: with the month in words, in numbers, and years alone."""
    own = calendar_of(language)
    calendars = [(own, plain, frozenset[str]())]
    for tag, letters in OTHER_LANGUAGES.items():
        if tag != language and letters.search(plain):
            other = calendar_of(tag)
            # a name that is another month in the text's own language is not read as this one
            calendars.append((other, plain, frozenset(n for n, m in other.months.items() if own.months.get(n, m) != m)))
    for calendar, text, without in calendars:
        marked = calendar.mark_months(text, without)
        for low, high in near:
            for form in calendar.forms:
                for hit in form.finditer(marked, low, high):
                    yield from _match_readings(hit, marked)
    for low, high in near:
        yield from _numeric_readings(own, plain, low, high)
        for hit in _YEAR.finditer(plain, low, high):
            yield [_year(hit.group())], *hit.span()


# ---- dates with the month in words


def _match_readings(hit: re.Match[str], text: str) -> Iterator[_Reading]:
    """The dates of one match of a form: its day, its month, and earlier or later days that share its month or year."""
    groups = hit.groupdict()
    year, month = _year(groups["y"]), month_number(groups["m"])
    core, day, year_month = hit.span("core"), groups.get("d"), f"{year}-{month:02d}"
    if day is None and 1 <= month <= 12:
        yield [year_month], *core
    last = _day(year, month, day) if day is not None else None
    if last is None or _is_part_of_number(text, hit.start()):
        return
    yield [last, year_month], *core
    others = _other_days(groups, year, month, last)
    if others:
        yield [*others, last], *hit.span()


def _is_part_of_number(text: str, start: int) -> bool:
    """Whether the digits at an offset follow other digits and a separator."""
    return start > 1 and text[start].isdecimal() and text[start - 1] in "./–-" and text[start - 2].isdecimal()


def _other_days(groups: dict[str, str | None], year: str, month: int, last: str) -> list[str]:
    """The other days of a range or pair: earlier days written before, later days written after the day with the year.

    Days out of this order are left out: "30 December to 2 January 2015" does not say the year of its first day.
    """
    days = []
    for day_group, month_group, is_later in (("dx", "mx", False), ("d0", "", False), ("dz", "mz", True)):
        day, written = groups.get(day_group), groups.get(month_group)
        number = month_number(written) if written else month
        one = _day(year, number, day) if day is not None else None
        if one is not None and (one > last if is_later else one < last):
            days.append(one)
    return days


def _year(digits: str) -> str:
    return f"{int(digits):04d}"


def _day(year: str, month: int, day: str) -> str | None:
    """A day as RDF writes it, or None if the calendar does not have it."""
    try:
        return date(int(year), month, int(day)).isoformat()
    except ValueError:
        return None


# ---- dates in numbers


def _numeric_readings(calendar: Calendar, plain: str, low: int, high: int) -> Iterator[_Reading]:
    for form in () if calendar.names_era else _number_forms(calendar.spaced):
        for hit in form.finditer(plain, low, high):
            a, z = hit.span()
            if _is_part_of_series(plain, a, z, hit["s"]):
                continue
            last = _numeric_day(hit, calendar)
            if last is None:
                continue
            core = hit.span("core")
            yield [last, last[:7]], *core
            others = _other_days(hit.groupdict(), last[:4], int(last[5:7]), last) if hit["s"] == "." else []
            if others:
                yield [*others, last], a, z


@lru_cache(maxsize=2)
def _number_forms(spaced: bool) -> tuple[re.Pattern[str], re.Pattern[str]]:
    space = " ?" if spaced else ""
    earlier = rf"(?:(?P<dx>\d{{1,2}})\.{space}(?:(?P<mx>\d{{1,2}})\.?{space})? ?[-–—] ?)?"
    last = rf"(?P<a>\d{{1,2}})(?P<s>[./-]){space}(?P<b>\d{{1,2}})(?P=s){space}(?P<y>\d{{4}})(?!\d)"
    first = rf"(?P<y>\d{{4}})(?P<s>[./-]){space}(?P<a>\d{{1,2}})(?P=s){space}(?P<b>\d{{1,2}})(?!\d)"
    return re.compile(f"{earlier}(?P<core>{last})"), re.compile(f"(?P<core>{first})")


def _is_part_of_series(plain: str, a: int, z: int, separator: str) -> bool:
    """Whether more numbers follow or precede with the same separator, so that it is not a date."""
    before = a > 1 and plain[a - 1] == separator and plain[a - 2].isdecimal()
    return before or (z + 1 < len(plain) and plain[z] == separator and plain[z + 1].isdecimal())


def _numeric_day(hit: re.Match[str], calendar: Calendar) -> str | None:
    """The one day that three numbers can mean: by the order of the language, or because only one order gives a day.

    With full stops between them, the day comes first wherever the year comes last, in every language of CLDR.
    """
    year, a, b = _year(hit["y"]), hit["a"], hit["b"]
    month_first = _day(year, int(a), b)
    if hit.start("y") < hit.start("a"):
        return month_first
    day_first = _day(year, int(b), a)
    is_day_first = True if hit["s"] == "." else calendar.day_first
    if is_day_first is not None:
        return day_first if is_day_first else month_first
    days = {day for day in (day_first, month_first) if day is not None}
    return days.pop() if len(days) == 1 else None
