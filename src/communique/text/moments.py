"""Times of day, and days that a text gives without their year or only by the day of the week."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from communique.text.calendars import calendar_of
from communique.text.dates import dates_of
from communique.text.passages import Span
from communique.text.shadow import shadow_of
from communique.text.tables import table

YEAR, WEEK = "dateline-year", "dateline-week"
"""The normalisers that complete a day by the dateline: with its year, or by its week."""
FIRST, LAST = "first", "last"
"""The beginning and the end of a range of times."""

_CLOCK: Final = re.compile(
    r"(?<![\d.:/-])(?P<h>[01]?\d|2[0-4])(?:(?P<s>[:.]| ?h ?)(?P<m>[0-5]\d))?"
    r"(?P<after> ?(?:[ap]\.?m\b\.?|uhr\b(?: (?P<mm>[0-5]\d)(?!\d))?|o'clock\b|h\b|heures?\b|часов\b|часа\b))?"
    r"(?![\d:/%]|[.,]\d)"
)
_RANGE: Final = re.compile(
    r"(?<![\d.:/-])(?P<h>[01]?\d|2[0-4])(?:(?P<s>[:.]| ?h ?)(?P<m>[0-5]\d))?"
    r"(?: ?(?P<first>[ap]\.?m\b\.?|uhr\b|h\b|heures?\b|часов\b))?"
    r"(?: ?[-–—] ?| (?P<to>to|until|till|bis|à|до|по|and|und|et) |-?[дтн][ае]н (?:сағат )?)"
    r"(?P<then>(?:[01]?\d|2[0-4])(?:(?P<s2>[:.]| ?h ?)[0-5]\d)?(?: ?(?P<last>[ap]\.?m\b|uhr\b|h\b|heures?\b|часов\b))?)"
    r"(?![\d:/%]|[.,]\d)"
)
"""Two times of which the first one is a beginning and the other one an end: "from 9 to 11 a.m.", "19–22 Uhr"."""
_ZONE: Final = re.compile(
    r" ?\(?(utc|gmt|cet|cest|bst|est|edt|cst|cdt|mst|mdt|pst|pdt|msk|мск)(?:([+-])(\d{1,2}))?(?!\w)"
)
_ZONES: Final = {
    "utc": 0, "gmt": 0, "cet": 1, "cest": 2, "bst": 1, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8, "pdt": -7, "msk": 3, "мск": 3,
}  # fmt: skip
"""Hours ahead of UTC of zones that texts name."""
_WORKING_DAYS: Final = frozenset(range(5))  # "on weekdays"
_TO_DATE: Final = re.compile(r",? (?:the |den |dem |le )?")
_ORDINAL: Final = r"(?:st|nd|rd|th|er|\.)?"


class ClockTime(NamedTuple):
    """A time of day (14:30) with the offset of its zone (+06:00, or "" if the text names none), and its words.

    ``part`` is `FIRST` or `LAST` of a range ("from 9 to 11 a.m."), else "".
    """

    time: str
    zone: str
    span: Span
    part: str = ""


class OpenDay(NamedTuple):
    """A day of which the text does not say all: what completes it (`YEAR` or `WEEK`), and its words.

    ``month`` and ``day`` are known for `YEAR` (``day`` is 0 for a month as a whole); for `WEEK` either ``distance`` is
    the number of days from the dateline, or ``weekday`` (0 for Monday) and ``turn`` (-1 for last, 1 for next, else 0).
    """

    rule: str
    span: Span
    month: int = 0
    day: int = 0
    distance: int | None = None
    weekday: int = -1
    turn: int = 0

    def complete(self, dateline: date, tense: int = 0) -> str:
        """The day that a reader of a release with this dateline understands; "" if it is not plain which.

        A day of the week is that of the week of the dateline; the last such day of what has happened (``tense`` -1),
        the next one of what is to come (``tense`` 1).

        >>> [OpenDay(WEEK, Span(0, 4), weekday=1).complete(date(2015, 5, 29), tense) for tense in (0, -1, 1)]
        ['2015-05-26', '2015-05-26', '2015-06-02']
        """
        if self.rule == YEAR and not self.day:
            return f"{dateline.year:04d}-{self.month:02d}"
        if self.rule == YEAR:
            try:
                return date(dateline.year, self.month, self.day).isoformat()
            except ValueError:
                return ""
        if self.distance is not None:
            return (dateline + timedelta(self.distance)).isoformat()
        if tense and not self.turn:
            return (dateline + timedelta(tense * (tense * (self.weekday - dateline.weekday()) % 7))).isoformat()
        is_past = self.weekday <= dateline.weekday()
        if (self.turn > 0 and not is_past) or (self.turn < 0 and is_past):
            return ""  # "next Friday" on a Monday may be in four days or in eleven
        monday = dateline - timedelta(dateline.weekday())
        return (monday + timedelta(self.weekday + 7 * self.turn)).isoformat()


@lru_cache(maxsize=2)
def times_of(text: str, language: str) -> tuple[ClockTime, ...]:
    """The times of day of a text in order; those of the last two texts are cached.

    >>> [(t.time, t.zone) for t in times_of("At 2.30 p.m. GMT, doors open at 14:00", "en")]
    [('14:30', '+00:00'), ('14:00', '')]
    """
    shadow, own = shadow_of(text), table("moments", language)
    ranges = [*_ranges(shadow.text, own)]
    covered = {at for *_, start, end, _ in ranges for at in range(start, end)}
    found = [one for one in _clock_times(shadow.text, frozenset(own.get("at", ()))) if one[2] not in covered]
    noons: Mapping[str, str] = own.get("noon", {})
    if noons:
        pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, noons))})(?!\w)")
        found += [(noons[hit.group()], "", *hit.span()) for hit in pattern.finditer(shadow.text)]
    times = [ClockTime(time, zone, shadow.span(start, end)) for time, zone, start, end in found]
    times += [ClockTime(time, zone, shadow.span(start, end), part) for time, zone, start, end, part in ranges]
    return tuple(sorted(times, key=lambda one: one.span))


def _ranges(low: str, own: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str, int, int, str]]:
    """The two times of every range: what they say, the zone of both, where they stand, and which is which."""
    openings = frozenset(own.get("range", ()))
    for hit in _RANGE.finditer(low):
        is_open = _word_before(low, hit.start()) in openings
        names = [name.replace(".", "") for name in (hit["first"], hit["last"]) if name]
        is_plain = ":" in (hit["s"], hit["s2"]) or any(name in ("am", "pm", "uhr") for name in names)
        if not (is_plain or (is_open and (names or hit["s"] or hit["s2"]))):
            continue
        if hit["to"] in ("and", "und", "et") and not is_open:
            continue
        half = hit["last"].replace(".", "") if hit["last"] else ""
        minutes = re.search(r"[:.h] ?([0-5]\d)", hit["then"])
        first = _time(int(hit["h"]), hit["m"], _half(int(hit["h"]), hit["first"], int(_leading(hit["then"])), half))
        last = _time(int(_leading(hit["then"])), minutes[1] if minutes is not None else None, half)
        if first and last and first != last:
            zone = _ZONE.match(low, hit.end() + low.startswith(".", hit.end()))
            end = zone.end() if zone is not None else hit.end()
            yield (
                first,
                _offset(zone),
                hit.start(),
                hit.end("first") if hit["first"] else hit.end("m" if hit["m"] else "h"),
                FIRST,
            )
            yield last, _offset(zone), hit.start("then"), end, LAST


def _leading(words: str) -> str:
    """The hour with which the words of a time begin."""
    return words[:2] if words[1:2].isdecimal() else words[:1]


def _half(hours: int, own: str | None, last: int, half: str) -> str:
    """The half of the day in which a range begins, from its end if it names none: "11 to 1 p.m." begins at 11 a.m."""
    if own and own[0] in "ap":
        return own.replace(".", "")
    if half not in ("am", "pm"):
        return ""
    return half if hours % 12 < last % 12 else {"am": "pm", "pm": "am"}[half]


def _time(hours: int, minutes: str | None, half: str) -> str:
    """A time of day (14:30); "" if the day has no such hour."""
    if half in ("am", "pm"):
        if not 1 <= hours <= 12:
            return ""
        hours = hours % 12 + (12 if half == "pm" else 0)
    return f"{hours:02d}:{minutes or '00'}" if hours < 24 else ""


def _clock_times(low: str, cues: frozenset[str]) -> Iterator[tuple[str, str, int, int]]:
    for hit in _CLOCK.finditer(low):
        after, hours = (hit["after"] or "").strip(), int(hit["h"])
        half = after.replace(".", "")
        is_plain = hit["s"] == ":" or after.startswith(("uhr", "o'clock", "час")) or half in ("am", "pm")
        is_cued = _word_before(low, hit.start()) in cues and (hit["s"] or after == "h" or _is_hour(low, hit, after))
        time = _time(hours, hit["m"] or hit["mm"], half)
        if time and (is_plain or is_cued):
            zone = _ZONE.match(low, hit.end())
            yield time, _offset(zone), hit.start(), zone.end() if zone is not None else hit.end()


def _is_hour(low: str, hit: re.Match[str], after: str) -> bool:
    """Whether French words for hours are a time of day: "à 9 heures" is, "une durée de 9 heures" is not."""
    return after.startswith("heure") and _word_before(low, hit.start()) != "de"


def _word_before(low: str, start: int) -> str:
    hit = re.search(r"([^\W\d_]+(?:'[^\W\d_]+)?) $", low[max(0, start - 16) : start])
    return hit[1] if hit is not None else ""


def _offset(zone: re.Match[str] | None) -> str:
    if zone is None:
        return ""
    further = int(f"{zone[2]}{zone[3]}") if zone[2] else 0
    hours = _ZONES[zone[1]] + further
    return f"{'-' if hours < 0 else '+'}{abs(hours):02d}:00"


@lru_cache(maxsize=2)
def open_days_of(text: str, language: str) -> tuple[OpenDay, ...]:
    """The days of a text that lack a year, or are given by the week, in order; those of the last two texts are cached.

    >>> [one.rule for one in open_days_of("On 5 May 2015, on 6 May and yesterday", "en")]
    ['dateline-year', 'dateline-week']
    """
    shadow = shadow_of(text)
    full = [one.span for one in dates_of(text, language).all if len(one.date) > 4]
    ends = {start: max(e for s, e in full if s == start) for start, _ in full}
    found = [*_days_without_year(shadow.text, language), *_days_of_week(shadow.text, language)]
    days = [day._replace(span=shadow.span(*day.span)) for day in found]
    starts = {*(span.start for span in full), *(day.span.start for day in days if day.rule == YEAR)}
    days = [day for day in days if day.weekday < 0 or not _is_of_date(text, day.span.end, starts)]
    return tuple(sorted(_outside(days, ends), key=lambda day: day.span))


def _is_of_date(text: str, end: int, starts: set[int]) -> bool:
    """Whether a day of the week only goes with the date right behind it: "Thursday 20 March", "Montag, den 5. Mai"."""
    behind = _TO_DATE.match(text, end)
    return behind is not None and behind.end() in starts


def _outside(days: Iterable[OpenDay], ends: Mapping[int, int]) -> Iterator[OpenDay]:
    """The days whose words are not part of a whole date."""
    covered: list[tuple[int, int]] = sorted(ends.items())
    at = 0
    for day in sorted(days, key=lambda one: one.span):
        while at < len(covered) and covered[at][1] <= day.span.start:
            at += 1
        if at == len(covered) or day.span.end <= covered[at][0]:
            yield day


def _days_without_year(low: str, language: str) -> Iterator[OpenDay]:
    months = calendar_of(language).months
    names = "|".join(map(re.escape, sorted(months, key=lambda name: (-len(name), name))))
    if not names:
        return
    ending = "(?:да|де|та|те)?" if language.partition("-")[0] == "kk" else ""
    for pattern in (
        rf"(?<![\d.,/-])(?P<d>\d{{1,2}}){_ORDINAL} (?:of |de )?(?P<m>{names}){ending}(?!\w)",
        rf"(?<!\w)(?P<m>{names})\.? (?P<d>\d{{1,2}}){_ORDINAL}(?![\d:]|[.,]\d|\w)",
    ):
        for hit in re.finditer(pattern, low):
            yield OpenDay(YEAR, Span(*hit.span()), month=months[hit["m"]], day=int(hit["d"]))
    to = rf"{_ORDINAL} ?(?:[-–—]|to|until|till|through|bis|au|до|по) ?(?P<e>\d{{1,2}}){_ORDINAL}"
    for pattern in (
        rf"(?<![\d.,/-])(?P<d>\d{{1,2}}){to} (?:of |de )?(?P<m>{names}){ending}(?!\w)",
        rf"(?<!\w)(?P<m>{names})\.? (?P<d>\d{{1,2}}){to}(?![\d:]|[.,]\d|\w)",
    ):
        for hit in re.finditer(pattern, low):
            for end in ("d", "e"):
                yield OpenDay(YEAR, Span(*hit.span()), month=months[hit["m"]], day=int(hit[end]))
    leads = "|".join(map(re.escape, table("moments", language).get("in_month", ())))
    ends = r"(?!\.? ?\d|\w| (?:of |de )?(?:this|next|last|dieses|nächsten|letzten|vergangenen|prochain|dernier))"
    for hit in re.finditer(rf"(?<!\w)(?:{leads}) (?P<m>{names}){ending}{ends}", low) if leads else ():
        yield OpenDay(YEAR, Span(*hit.span("m")), month=months[hit["m"]])


def is_list_of_days(between: str, language: str) -> bool:
    """Whether the words between two days join them to a list, and not to a range.

    >>> is_list_of_days(" and on ", "en"), is_list_of_days(" to ", "en")
    (True, False)
    """
    joining = frozenset(table("moments", language).get("listed", ()))
    words = re.findall(r"[^\W\d_]+|[^\w\s]", between.lower())
    return bool(words) and joining.issuperset(words) and words[:2] != [",", ","]


def _days_of_week(low: str, language: str) -> Iterator[OpenDay]:
    own = table("moments", language)
    weekdays = {**table("numbers", language).get("weekdays", {}), **own.get("weekdays", {})}
    distances: Mapping[str, int | None] = own.get("days", {})  # None: words that are no day, such as "am Morgen"
    turns = {**dict.fromkeys(own.get("next", ()), 1), **dict.fromkeys(own.get("last", ()), -1)}
    words = [*weekdays, *distances]
    if not words:
        return
    names = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    for hit in re.finditer(rf"(?<![\w-])(?:{names})(?![\w-])", low):
        word, span = hit.group(), Span(*hit.span())
        if word in distances:
            if distances[word] is not None:
                yield OpenDay(WEEK, span, distance=distances[word])
            continue
        following = re.match(r" ([^\W\d_]+)", low[span.end : span.end + 16])
        turn = turns.get(_word_before(low, span.start)) or turns.get(following[1] if following else "", 0)
        yield OpenDay(WEEK, span, weekday=weekdays[word], turn=turn)


class Recurrence(NamedTuple):
    """How often words say that something happens (durations such as P7D), and on which days (0 for Monday)."""

    every: frozenset[str]
    weekdays: frozenset[int]


@lru_cache(maxsize=32)
def weekdays_of(language: str) -> Mapping[str, int]:
    """The days of the week by name, in lower case, in a language and in English, with 0 for Monday."""
    english: dict[str, int] = table("numbers", "en")["weekdays"]
    own: dict[str, int] = table("numbers", language).get("weekdays", {})
    return {**english, **own, **table("moments", language).get("weekdays", {})}


def recurrence_of(words: str, language: str) -> Recurrence:
    """How often, and on which days, some words say that something happens.

    >>> recurrence_of("The market is held on Mondays and every Friday.", "en").weekdays
    frozenset({0, 4})
    """
    low, own = shadow_of(words).text, table("moments", language)
    steps = {"day": "P1D", "week": "P7D", "month": "P1M", "year": "P1Y"}
    every = {steps[step] for step, phrases in own.get("recurring", {}).items() if _has_phrase(low, phrases)}
    plural: Mapping[str, int] = own.get("plural_weekdays", {})
    tokens = re.findall(r"[^\W\d_]+", low)
    single = {**table("numbers", language).get("weekdays", {}), **own.get("weekdays", {})}
    days = {number for names in (plural, single) for word in tokens if (number := names.get(word, -1)) >= 0}
    if days and (_has_phrase(low, own.get("every", ())) or not plural.keys().isdisjoint(tokens)):
        every.add("P7D")
    if _has_phrase(low, own.get("working_days", ())):
        days |= _WORKING_DAYS
        every.add("P7D")
    for hit in re.finditer(r"(?<!\w)every (\w+) (day|week|month|year)s(?!\w)", low):
        every |= _several(hit[1], hit[2])
    return Recurrence(frozenset(every), frozenset(days))


def _several(number: str, step: str) -> set[str]:
    """The duration of "every two weeks"."""
    count = number if number.isdecimal() else str(table("numbers", "en")["words"].get(number, ""))
    if not count or len(count) > 3:
        return set()
    return {f"P{int(count) * 7}D" if step == "week" else f"P{int(count)}{step[0].upper()}"}


def _has_phrase(low: str, phrases: Iterable[str]) -> bool:
    names = "|".join(map(re.escape, phrases))
    return bool(names) and re.search(rf"(?<!\w)(?:{names})(?!\w)", low) is not None
