"""When things are: the date nearest to a name in its sentence; an end needs "until" or a range."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.cues import beginning_with
from communique.compile.relations.dateline import is_day_of_dateline_alone
from communique.compile.relations.frame import Found, Frame, around, local
from communique.text.dates import DateMention, dates_of
from communique.text.mentions import Mention
from communique.text.moments import YEAR, open_days_of
from communique.text.passages import Span

ENDS: Final = frozenset({"endDate", "validThrough", "expires", "availabilityEnds", "validUntil"})
_REACH: Final = 40
"""The most characters between a word that says what a date is, and the words for the date and its node."""
_LIFE: Final = {"birthDate": 1, "deathDate": 2}
_YEARS: Final = re.compile(r"\s?\(([0-9]{4})\s?[-–—]\s?([0-9]{4})\)")
_RANGE: Final = re.compile(r"\d\.?\s?(?:[-–—]|to|until|till|bis|до|по|au|and|und|и|et|дейін)\s?\d", re.IGNORECASE)


def find_date(frame: Frame, fact: RecordFact, within: Sequence[Span] = ()) -> Found | None:
    """Words that date a fact's node: the nearest date in a sentence that names it, one after the name preferred."""
    node = fact.node.iri.value
    numbers = sorted(
        {frame.reading.sentences.at(m.start) for m in frame.reading.mentions.of(node) if frame.is_free(m)}
        | frame.quoted_sentences(node)
    )
    found: list[Found] = []
    for number in numbers:
        window = frame.sentences[number]
        if within and not any(start < window.end and window.start < end for start, end in within):
            continue
        frame.work.spend(3)
        one = _in_window(frame, fact, window)
        found += [one] if one is not None else []
    return min(found, key=lambda one: (one.span.end - one.span.start, one.span.start), default=None)


def _in_window(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    wanted, node = fact.object.value.partition("T")[0], fact.node.iri.value
    every = list(dates_of(frame.source, frame.reading.language).within(*window))
    dates = _outermost(every)
    if len(wanted) < len("2000-01-01"):
        dates += [d for d in every if d.date == wanted and d not in dates]
    if not any(d.date == wanted for d in dates):
        return None
    subjects = frame.of(node, *window)
    if (life := _in_brackets(frame, fact, subjects)) is not None:
        return life
    others = [m for m in frame.mentions(frame.rivals(node), *window) if m.node != node]
    best = _nearest(dates, subjects, others)
    if best is not None and _is_nearer_without_year(frame, window, subjects, best):
        return None
    chosen = [d for d in dates if _covers(best, d)] if best is not None else []
    if best is None and _is_only(dates):
        chosen = dates
    match = next((d for d in chosen if d.date == wanted), None)
    if match is None and fact.key in ENDS:
        match = _until(frame, dates, wanted)
    if match is None or not _fits_end(frame, fact, chosen, match):
        return None
    if is_day_of_dateline_alone(frame, fact.node.iri.value, match.span, window):
        return None
    subject = min(subjects, key=lambda m: abs(m.start - match.span.start), default=None)
    if not _says_key(frame, fact, match, subject, dates):
        return None
    return Found(around(match.span, subject), "date", subject, None, match.span)


def _says_key(
    frame: Frame, fact: RecordFact, match: DateMention, subject: Mention | None, dates: Sequence[DateMention]
) -> bool:
    """Whether a word beside a date says what it is the date of: "founded", "born"; a date in a name needs none.

    Days on which something happens need no word, nor does any date in a language without a table.
    """
    key = local(fact.key)
    words = frame.cues.set("date_words", key)
    if not words or (subject is not None and subject.start <= match.span.start and match.span.end <= subject.end):
        return True
    whole, window = around(match.span, subject), frame.sentence(match.span.start)
    low, high = max(window.start, whole.start - _REACH), min(window.end, whole.end + _REACH)
    frame.work.spend(1 + (high - low) // 50)
    others = [d.span for d in dates if not (d.span.start < match.span.end and match.span.start < d.span.end)]
    for hit in beginning_with(words).finditer(frame.source, low, high):
        one, other = sorted((Span(*hit.span()), match.span))
        if not any(one.end <= o.start and o.end <= other.start for o in others):
            return True
    return False


def _in_brackets(frame: Frame, fact: RecordFact, subjects: Sequence[Mention]) -> Found | None:
    """The years of a life in brackets after a name: "Jo Sample (1931–2004)"."""
    which = _LIFE.get(local(fact.key), 0)
    for subject in subjects if which else ():
        years = _YEARS.match(frame.source, subject.end)
        if years is not None and years[which] == fact.object.value:
            date = Span(*years.span(which))
            return Found(around(subject, date), "date", subject, None, date)
    return None


def _outermost(dates: Sequence[DateMention]) -> list[DateMention]:
    """The dates whose words are not part of the words of another one, such as a year of a day."""
    return [
        d
        for d in dates
        if not any(
            o.span != d.span and o.span.start <= d.span.start and d.span.end <= o.span.end and len(o.date) > len(d.date)
            for o in dates
        )
    ]


def _is_only(dates: Sequence[DateMention]) -> bool:
    """Whether all dates of a sentence stand in one place."""
    low, high = min(d.span.start for d in dates), max(d.span.end for d in dates)
    return any(d.span == (low, high) for d in dates)


def _nearest(
    dates: Sequence[DateMention], subjects: Sequence[Mention], others: Sequence[Mention]
) -> DateMention | None:
    """The date nearest to a mention of the node; one after it is preferred, and one beside something else is not."""
    best: tuple[int, DateMention] | None = None
    for subject in subjects:
        for one in dates:
            low, high = sorted((Span(subject.start, subject.end), one.span))
            if any(low.end <= m.start and m.end <= high.start for m in others):
                continue
            distance = max(high.start - low.end, 0) * (1 if one.span.start >= subject.end else 2)
            if best is None or distance < best[0] or (distance == best[0] and _covers(one, best[1])):
                best = (distance, one)
    return best[1] if best else None


def _is_nearer_without_year(frame: Frame, window: Span, subjects: Sequence[Mention], best: DateMention) -> bool:
    """Whether a day without its year stands nearer to every mention of a node than the date that was chosen."""
    every = open_days_of(frame.source, frame.reading.language)
    frame.work.spend(1 + len(every) // 10)
    days = [d.span for d in every if d.rule == YEAR and window.start <= d.span.start and d.span.end <= window.end]
    return bool(days) and min(_distance(s, d) for s in subjects for d in days) < min(
        _distance(s, best.span) for s in subjects
    )


def _distance(subject: Mention, day: Span) -> int:
    """The characters between a mention and a day; those before it count twice."""
    after, before = day.start - subject.end, subject.start - day.end
    return after if after >= 0 else 2 * max(before, 0)


def _covers(one: DateMention, other: DateMention) -> bool:
    return one.span.start <= other.span.start and other.span.end <= one.span.end


def _until(frame: Frame, dates: Sequence[DateMention], wanted: str) -> DateMention | None:
    """A date right after "until" and the like."""
    return next(
        (
            d
            for d in dates
            if d.date == wanted and frame.ends_with(("dates", "until"), max(0, d.span.start - 30), d.span.start)
        ),
        None,
    )


def _fits_end(frame: Frame, fact: RecordFact, chosen: Sequence[DateMention], match: DateMention) -> bool:
    """Whether a range begins with a start and ends with an end; an end alone needs "until"."""
    days = sorted(d.date for d in chosen if d.span == match.span and len(d.date) == len(match.date))
    if fact.key in ENDS:
        is_range = len(days) > 1 and match.date == days[-1]
        return is_range or frame.ends_with(("dates", "until"), max(0, match.span.start - 30), match.span.start)
    if frame.ends_with(("dates", "until"), max(0, match.span.start - 12), match.span.start) and fact.key == "startDate":
        return False
    return len(days) < 2 or match.date == days[0]
