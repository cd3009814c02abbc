"""Times of day, periods, and days completed by the dateline, each held against the words that say it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from pyoxigraph import Literal

from communique.compile.association import Association, gap
from communique.compile.dating import Dating
from communique.compile.day import attested_day
from communique.compile.evidence import Evidence
from communique.compile.nodes import RecordFact, RecordNode
from communique.compile.reading import Reading
from communique.compile.report import Explanation
from communique.compile.status import is_planned
from communique.findings import shortened
from communique.terms import SCHEMA, XSD
from communique.text.dates import dates_of
from communique.text.moments import LAST, YEAR, ClockTime, OpenDay, is_list_of_days, open_days_of, times_of
from communique.text.passages import Span
from communique.text.tables import table
from communique.text.tokens import lower_case

COMPLETED: Final = {
    YEAR: "dateline-year: the text gives no year; it is taken from the dateline",
    "dateline-week": "dateline-week: the text gives the day by the week; it is counted from the dateline",
}
"""Why a day that the dateline completes is inferred, by normaliser."""
_TIME: Final = re.compile(r"(?:.*T)?(\d{2}:\d{2})(?::00)?(Z|[+-]\d{2}:\d{2})?")
_ENDS: Final = frozenset({"endDate", "endTime"})
_NEAR: Final = 40  # characters before a time in which a word says what it is
_DAYS: Final = frozenset(XSD + name for name in ("date", "gYearMonth", "dateTime"))
_MOMENTS: Final = frozenset({XSD + "dateTime"})
_TIMES: Final = frozenset(XSD + name for name in ("dateTime", "time"))


def complete_days(evidence: Evidence, reading: Reading, release: RecordNode) -> None:
    """Mark as inferred every day that the text gives without its year or by the week, with its words and the dateline.

    A day that the text gives in full stays as it is, and so does one that the dateline does not complete.
    """
    attested = attested_day(release, reading.language)
    if attested is None:
        return
    dateline = date.fromisoformat(attested[0])
    start = reading.source.find(str(attested[1][0].object.value))
    for fact in evidence.expansion.facts():
        if not _is_of_type(fact, _DAYS) or fact.node in evidence.judged or start < 0 or fact.why is not None:
            continue
        wanted, stretches = str(fact.object.value).partition("T")[0], list(_stretches(evidence, reading, fact))
        evidence.work.spend(5 + len(stretches))
        dates = dates_of(reading.source, reading.language)
        if any(dates.find(wanted, *stretch) is not None for stretch in stretches):
            continue
        evidence.work.spend(len(stretches) * (len(open_days_of(reading.source, reading.language)) // 5))
        found = next((day for stretch in stretches for day in _open_days(reading, fact, stretch, dateline)), None)
        words = _with_time(reading, fact, found.span, stretches) if found is not None else None
        if found is not None and words is not None:
            fact.why = COMPLETED[found.rule]
            evidence.explanations.add(fact, found.rule)
            fact.spans = [words, Span(start, start + len(str(attested[1][0].object.value)))]


def _open_days(reading: Reading, fact: RecordFact, stretch: Span, dateline: date) -> Iterator[OpenDay]:
    """The day in a stretch that the dateline completes to the day of a fact, if none is nearer to its node."""
    days = [day for day in open_days_of(reading.source, reading.language) if _is_within(day.span, stretch)]
    mentions = [Span(m.start, m.end) for m in reading.mentions.of_within(fact.node.iri.value, *stretch)]
    apart = [day for day in days if not any(_is_within(day.span, mention) for mention in mentions)]
    days = apart or days  # "the Saturday market moves on 29 March"

    def distance(day: OpenDay) -> int:
        return min((gap(day.span, mention) for mention in mentions), default=0)

    nearest, tenses = min(map(distance, days), default=0), _tenses(reading, fact)
    for at, day in enumerate(days):
        is_nearest = distance(day) == nearest or (fact.key in _ENDS and at > 0 and distance(days[at - 1]) == nearest)
        if not is_nearest and fact.key == "startDate":
            is_nearest = _is_in_list(reading, days, at, next(k for k, d in enumerate(days) if distance(d) == nearest))
        wanted = fact.object.value.partition("T")[0]
        if is_nearest and any(day.complete(dateline, tense) == wanted for tense in tenses):
            yield day


def _is_in_list(reading: Reading, days: Sequence[OpenDay], one: int, other: int) -> bool:
    """Whether two days stand in one list: "on 29 March and 5 April"; each is a day of what they are said of."""
    low, high = sorted((one, other))
    gaps = [reading.source[a.span.end : b.span.start] for a, b in pairwise(days[low : high + 1])]
    return all(is_list_of_days(gap, reading.language) for gap in gaps)


def _tenses(reading: Reading, fact: RecordFact) -> tuple[int, ...]:
    """Whether a day of the week is the last or the next one, or that of the week of the dateline (see `OpenDay`).

    An event that is not planned began on the last one. That of its week is allowed, too: if it is still to come, the
    finding asks for ``planned``.
    """
    if is_planned(fact.node):
        return (1,)
    is_event = SCHEMA + "Event" in reading.classes(fact.node.iri.value)
    return (0, -1) if is_event and fact.key == "startDate" else (0,)


def _with_time(reading: Reading, fact: RecordFact, day: Span, stretches: list[Span]) -> Span | None:
    """The words of a day, with those of its time of day if the fact has one; None if no time beside it is that one."""
    if not _is_of_type(fact, _MOMENTS):
        return day
    stretch = next(s for s in stretches if _is_within(day, s))
    time = _time_of_day(reading, fact, stretch, day)
    if time is None or gap(day, time) > _NEAR:
        return None
    return Span(min(day.start, time.start), max(day.end, time.end))


def hold_times(evidence: Evidence, reading: Reading) -> None:
    """Tie times of day and periods covered to the words that say them; report those that no words say."""
    for fact in evidence.expansion.facts():
        if fact.why is not None or fact.node in evidence.judged or fact in evidence.refused:
            continue
        is_time = _is_of_type(fact, _TIMES)
        if not is_time and fact.key != "temporalCoverage":
            continue
        stretches = list(_stretches(evidence, reading, fact))
        evidence.work.spend(10 + len(stretches) * (1 + len(times_of(reading.source, reading.language)) // 5))
        if fact in evidence.settled:
            continue  # its period is wrong, which is already reported
        evidence.settled.add(fact)
        if fact in evidence.unproven or (fact.node.evidence is not None and not evidence.nodes[fact.node]):
            continue  # its quote is wrong, which is already reported
        find = _time_in if is_time else _period_in
        spans = [find(reading, fact, stretch) for stretch in stretches]
        found = min(
            (span for span in spans if span is not None), key=lambda s: (s.end - s.start, s.start), default=None
        )
        if found is None:
            _report(evidence, reading, fact)
        elif found not in fact.spans:
            fact.spans = [found]
            evidence.explanations.add(fact, "time")


def _stretches(evidence: Evidence, reading: Reading, fact: RecordFact) -> Iterator[Span]:
    """The words that may say a fact: those quoted for it, else for its node, else sentences that name its node."""
    quoted = fact.spans or ([] if fact.node in evidence.found else evidence.nodes[fact.node])
    sentences = reading.sentences
    if quoted and fact.key not in ("startDate", "endDate"):
        yield from (Span(*span) for span in quoted)
        return
    places = [span[0] for span in quoted] or [m.start for m in reading.mentions.of(fact.node.iri.value)[:100]]
    yield from dict.fromkeys(Span(*sentences.spans[sentences.at(place)]) for place in places)


def _time_in(reading: Reading, fact: RecordFact, stretch: Span) -> Span | None:
    """The words in a stretch that say a time, with those of its day if it has one."""
    if not _is_of_type(fact, _MOMENTS):
        return _time_of_day(reading, fact, stretch)
    wanted = str(fact.object.value)[:10]
    for one in dates_of(reading.source, reading.language).within(*stretch):
        time = _time_of_day(reading, fact, stretch, one.span) if one.date == wanted else None
        if time is not None:
            return Span(min(one.span.start, time.start), max(one.span.end, time.end))
    return None


def _time_of_day(reading: Reading, fact: RecordFact, stretch: Span, day: Span | None = None) -> Span | None:
    """The first words in a stretch that say the time of day of a fact, are of its kind, and belong to its day."""
    written = _TIME.fullmatch(str(fact.object.value))
    if written is None:
        return None
    zone = {"Z": "+00:00", None: ""}.get(written[2], written[2])
    for time in times_of(reading.source, reading.language):
        if not _is_within(time.span, stretch) or (time.time, time.zone) != (written[1], zone):
            continue
        days = _days_in(reading, stretch) if day is not None else []
        own = _day_of(reading, days, time.span) if day is not None else None
        if own is not None and day is not None and not (own.start < day.end and day.start < own.end):
            continue
        if _is_of_kind(reading, fact.key, time, stretch, own):
            return time.span
    return None


def _days_in(reading: Reading, stretch: Span) -> list[Span]:
    """The words for the days of a stretch in order; a day of the week beside a date belongs to it."""
    full = [
        d.span for d in dates_of(reading.source, reading.language).within(*stretch) if len(d.date) == len("2000-01-01")
    ]
    days = [d for d in open_days_of(reading.source, reading.language) if _is_within(d.span, stretch)]
    dated = full + [d.span for d in days if d.rule == YEAR]
    week = [d.span for d in days if d.rule != YEAR and all(gap(d.span, one) > len(", (") for one in dated)]
    return sorted({*dated, *week})


def _day_of(reading: Reading, days: list[Span], time: Span) -> Span | None:
    """The day to which a time belongs: one right after it ("at 7 p.m. on 5 May"), else the last one before it."""
    small = frozenset(table("moments", reading.language).get("on", ()))
    after = [day for day in days if day.start >= time.end]
    before = [day for day in days if day.end <= time.start]
    if after and set(re.findall(r"[^\W_]+|[^\w\s.]", lower_case(reading.source[time.end : after[0].start]))) <= small:
        return after[0]
    return before[-1] if before else after[0] if after else None


def _is_of_kind(reading: Reading, key: str, time: ClockTime, stretch: Span, day: Span | None) -> bool:
    """Whether a time is a beginning, an end or the opening of doors, by the words before it or before its day."""
    own = table("moments", reading.language)
    if time.part and key != "doorTime":
        return (key in _ENDS) == (time.part == LAST)
    before = lower_case(reading.source[max(stretch.start, time.span.start - _NEAR) : time.span.start])
    before = re.split(r"[,;.]|\d[\d:.]*(?= )", before)[-1] if key != "doorTime" else before
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", before)
    is_door = not frozenset(own.get("door", ())).isdisjoint(words)
    ends = reading.source[: time.span.start].rstrip().endswith(("-", "–", "—"))
    is_end = ends or _is_ended(own, words)
    if day is not None and day.end <= time.span.start and not is_end:
        led = lower_case(reading.source[max(stretch.start, day.start - _NEAR) : day.start])
        is_end = _is_ended(own, re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", led))
    if key == "doorTime":
        return is_door and time.part != LAST
    return not is_door and (key in _ENDS) == is_end


def _is_ended(own: Mapping[str, tuple[str, ...]], words: list[str]) -> bool:
    """Whether words before a time or a day end in one for an end ("until", "ends on")."""
    small = own.get("on", ())
    while words and words[-1] in small and words[-1] not in own.get("until", ()):
        words = words[:-1]
    return bool(words) and words[-1].replace("’", "'") in own.get("until", ())


def _period_in(reading: Reading, fact: RecordFact, stretch: Span) -> Span | None:
    first, _, last = str(fact.object.value).partition("/")
    return Dating(Association(reading, stretch)).period(first, "" if last == ".." else last)


def _is_within(span: Span, stretch: Span) -> bool:
    return stretch.start <= span.start and span.end <= stretch.end


def _is_of_type(fact: RecordFact, datatypes: frozenset[str]) -> bool:
    return isinstance(fact.object, Literal) and fact.object.datatype.value in datatypes


def _report(evidence: Evidence, reading: Reading, fact: RecordFact) -> None:
    key, value = fact.node.renamed.get(fact.key, fact.key), str(fact.object.value)
    times = dict.fromkeys(reading.source[slice(*t.span)] for t in times_of(reading.source, reading.language))
    shown = ", ".join(repr(shortened(words)) for words in list(times)[:8]) or "none"
    evidence.report(
        "not-grounded",
        f"no words say {key} {value!r} of this node",
        fact.pointer,
        focus=fact.node.iri.value,
        path=fact.key,
        value=value,
        explain=lambda: Explanation(why=(f"times of day in the text: {shown}",)),
        fix="write what the text says, with a zone only if it names one, or quote the words that say it",
    )
