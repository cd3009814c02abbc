"""When things are: the date nearest to a name in its sentence; an end needs "until" or a range."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.clause import is_of_another_clause, is_said_of_another
from communique.compile.relations.cues import beginning_with
from communique.compile.relations.dateline import is_day_of_dateline_alone
from communique.compile.relations.frame import AGENTS, Found, Frame, around, local
from communique.compile.relations.lawyear import find_year_of_law, is_only_attribute
from communique.compile.relations.madein import find_made_in_clause, is_maker_in_clause
from communique.compile.relations.terms import stems_of
from communique.compile.relations.until import is_end
from communique.text.dates import DateMention
from communique.text.mentions import Mention
from communique.text.moments import YEAR, is_list_of_days, open_days_of
from communique.text.passages import Span
from communique.text.yearparts import dates_and_parts_of

ENDS: Final = frozenset({"endDate", "validThrough", "expires", "availabilityEnds", "validUntil"})
RARE: Final = frozenset(
    {"applicationDeadline", "applicationStartDate", "auditDate", "availabilityStarts", "availableFrom",
     "availableThrough", "dateDeleted", "dateRead", "dateReceived", "dateSent", "dateVehicleFirstRegistered",
     "expectedArrivalFrom", "expectedArrivalUntil", "guidelineDate", "jobStartDate", "lastReviewed",
     "legislationDateOfApplicability", "legislationDateVersion", "modelDate", "orderDate", "ownedFrom", "ownedThrough",
     "paymentDueDate", "previousStartDate", "priceValidUntil", "productionDate", "purchaseDate",
     "scheduledPaymentDate", "vehicleModelDate"}
)  # fmt: skip
"""Rarer dates of schema.org, whose names say of what they are the dates."""
_REACH: Final = 40
"""The most characters between a word that says what a date is, and the words for the date and its node."""
_SMALL: Final = 3  # letters of words that say nothing alone, such as "out"
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
        if is_only_attribute(frame, fact, window) or is_maker_in_clause(frame, fact, window):
            continue
        one = find_year_of_law(frame, fact, window) or find_made_in_clause(frame, fact, window)
        one = one or _in_window(frame, fact, window)
        found += [one] if one is not None else []
    return min(found, key=lambda one: (one.span.end - one.span.start, one.span.start), default=None)


def _in_window(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    wanted, node = fact.object.value.partition("T")[0], fact.node.iri.value
    found = dates_and_parts_of(frame.source, frame.reading.language).within(*window)
    every = [d for d in found if not _is_of_code(frame.source, d.span)]
    dates = _outermost(every)
    if len(wanted) < len("2000-01-01"):
        dates += [d for d in every if d.date == wanted and d not in dates]
    if not any(d.date == wanted for d in dates):
        return None
    subjects = frame.of(node, *window)
    if (life := _in_brackets(frame, fact, subjects)) is not None:
        return life
    others = [m for m in frame.mentions(frame.rivals(node), *window) if m.node != node]
    dates = _own(frame, _finer_than_in_name(dates, subjects, wanted), subjects, others)
    dates = [d for d in dates if subjects and _says_key(frame, fact, d.span, subjects[0], dates)] or dates
    best = _nearest(dates, subjects, others)
    if best is not None and _is_nearer_without_year(frame, window, subjects, best):
        return None
    chosen = _chosen(frame, fact, dates, best)
    match = next((d for d in chosen if d.date == wanted), None)
    if match is None and local(fact.key) in ENDS:
        match = _until(frame, dates, wanted)
    if match is None or not _fits_end(frame, fact, chosen, match):
        return None
    if is_day_of_dateline_alone(frame, fact.node.iri.value, match.span, window):
        return None
    subject = min(subjects, key=lambda m: abs(m.start - match.span.start), default=None)
    if _is_nearer_to_another(frame, fact, match, subjects, others) or not _says_key(
        frame, fact, match.span, subject, dates
    ):
        return None
    return Found(around(match.span, subject), "date", subject, None, match.span)


def _chosen(
    frame: Frame, fact: RecordFact, dates: Sequence[DateMention], best: DateMention | None
) -> Sequence[DateMention]:
    """The dates that are those of a node: the nearest, or that of the fact in one list with it, or all in one place."""
    wanted = fact.object.value.partition("T")[0]
    if best is None:
        return dates if dates and _is_only(dates) else []
    chosen = [d for d in dates if _covers(best, d)]
    if not any(d.date == wanted for d in chosen) and _are_listed(frame, fact, dates, best):
        return [d for d in dates if d.date == wanted]
    return chosen


def _finer_than_in_name(dates: Sequence[DateMention], subjects: Sequence[Mention], wanted: str) -> list[DateMention]:
    """The dates of a sentence without the year in a name of the node, where a day or month of that year stands too."""
    years = {d.date[:4] for d in dates if len(d.date) > len("2025")}

    def only_names(one: DateMention) -> bool:
        is_year = len(one.date) == len("2025") < len(wanted) and one.date in years
        return is_year and any(s.start <= one.span.start and one.span.end <= s.end for s in subjects)

    return [d for d in dates if not only_names(d)]


def _is_of_code(source: str, date: Span) -> bool:
    """Whether what looks like a year ends a code: "FR-2217"."""
    return source[date.start - 1 : date.start] == "-" and source[max(0, date.start - 2) : date.start - 1].isupper()


def _says_key(
    frame: Frame, fact: RecordFact, date: Span, subject: Mention | None, dates: Sequence[DateMention]
) -> bool:
    """Whether a word beside a date says what it is the date of: "founded", "born"; a date in a name needs none.

    Days on which something happens need no word, nor does any date in a language without a table.
    """
    words = frame.cues.set("date_words", local(fact.key)) or _words_of_term(frame, local(fact.key))
    if not words or (subject is not None and subject.start <= date.start and date.end <= subject.end):
        return True
    whole, window = around(date, subject), frame.sentence(date.start)
    low, high = max(window.start, whole.start - _REACH), min(window.end, whole.end + _REACH)
    frame.work.spend(1 + (high - low) // 50)
    others = [d.span for d in dates if not (d.span.start < date.end and date.start < d.span.end)]
    for hit in beginning_with(words).finditer(frame.source, low, high):
        word = Span(*hit.span())
        if _is_in_name(frame, word) or _is_loose_preposition(frame, word, date):
            continue
        if all(_gap(word, date) <= _gap(word, other) for other in others):
            return True
    return False


def _is_loose_preposition(frame: Frame, word: Span, date: Span) -> bool:
    """Whether a word such as "of" does not lead to a date: "a plan of the guild, 5 May", but "the plan of 5 May"."""
    if frame.source[slice(*word)].lower() not in frame.cues.set("prepositions"):
        return False
    is_whole = not frame.source[word.end : word.end + 1].isalpha()
    return not is_whole or word.end > date.start or len(frame.words(word.end, date.start)) > 1


def _is_in_name(frame: Frame, word: Span) -> bool:
    """Whether a word is part of a name of somebody: "Fondation" of "Fondation Sources"."""
    line = frame.sentence(word.start)
    names = (m for m in frame.mentions(AGENTS, *line) if m.how in ("name", "inflected"))
    return any(m.start <= word.start and word.end <= m.end for m in names)


def _gap(one: Span, other: Span) -> int:
    """The characters between two stretches."""
    return max(one.start - other.end, other.start - one.end, 0)


def _words_of_term(frame: Frame, key: str) -> frozenset[str]:
    """The stems in the name of a rarer date of schema.org: "order" of ``orderDate``; for texts in English alone."""
    is_english = frame.reading.language.lower().partition("-")[0] == "en"
    return frozenset(stems_of(key)) if key in RARE and is_english else frozenset()


def is_day_of_key(frame: Frame, fact: RecordFact) -> bool:
    """Whether the words around a day that the dateline completed ("on Thursday") say it of its node and for its key.

    Nobody and nothing else of its kind stands between, and an end has "until" or a word of leaving.
    """
    day = Span(*fact.spans[0])
    window = frame.sentence(day.start)
    subjects = frame.of(fact.node.iri.value, *window)
    subject = min(subjects, key=lambda m: abs(m.start - day.start), default=None)
    if subject is not None and frame.group(subject.node) == "role":
        if not _dates_role(frame, subject, day):
            return False
    elif subject is not None and is_said_of_another(frame, subject, day):
        return False
    if subject is not None and _is_of_another(frame, fact, subject, day):
        return False
    if not _is_end_of_range(frame, fact, window, day):
        return False
    dates = list(dates_and_parts_of(frame.source, frame.reading.language).within(*window))
    return _says_key(frame, fact, day, subject, dates)


def _is_end_of_range(frame: Frame, fact: RecordFact, window: Span, day: Span) -> bool:
    """Whether a day that the dateline completed is the end that its key says; a time of day is held elsewhere."""
    if "T" in fact.object.value or not frame.cues.set("dates", "until"):
        return True
    key, part = local(fact.key), _part_of_range(frame, day, str(fact.object.value))
    if key in ENDS:
        return part == "last" or (not part and _is_last_day(frame, window, day))
    return key != "startDate" or part == "first" or not (part or is_end(frame, day))


def _part_of_range(frame: Frame, words: Span, day: str) -> str:
    """Which end of the range in its words a day is ("3–5 May", "May 3 to 5"); "" if they are no range."""
    ends = re.findall(r"\d{1,2}", frame.source[slice(*words)])
    if len(ends) < 2:
        return ""
    return "first" if int(ends[0]) == int(day[-2:]) else "last"


def can_date(frame: Frame, fact: RecordFact, quoted: Span, days: Sequence[Span]) -> bool:
    """Whether words that an author quotes for a date do not say another key of it: an end, or "entered into force"."""
    key = local(fact.key)
    if key == "startDate":
        return not any(is_end(frame, day) for day in days)
    own = frame.cues.set("date_words", key)
    if not own or beginning_with(own).search(frame.source, *quoted):
        return True
    is_agent = frame.group(fact.node.iri.value) in AGENTS
    if is_agent and not beginning_with(own).search(frame.source, *frame.window(*quoted)):
        return False  # a day beside a name is no day of birth or foundation
    small = frame.cues.set("prepositions") | frame.cues.set("articles") | own
    others = {word for other in frame.cues.keys("date_words") for word in frame.cues.set("date_words", other)} - small
    return not beginning_with(frozenset(word for word in others if len(word) > _SMALL)).search(frame.source, *quoted)


def _is_of_another(frame: Frame, fact: RecordFact, subject: Mention, day: Span) -> bool:
    """Whether somebody or something else stands between a node and a day; of a role, anybody but who holds it."""
    low, high = sorted((Span(*subject[:2]), day))
    groups = {"person"} if frame.group(subject.node) == "role" else {frame.group(subject.node)}
    own = {subject.node, *(f.object.value for f in fact.node.facts.get("member", ()))}
    between = [m for m in frame.mentions(groups, low.end, high.start) if m.node not in own]
    return bool(between)


def _is_last_day(frame: Frame, window: Span, day: Span) -> bool:
    """Whether a day is an end: after "until" or a dash, or behind a word of leaving ("retires in December")."""
    low = max(window.start, day.start - _REACH)
    if frame.source[low : day.start].rstrip().endswith(("-", "–", "—")):
        return True
    return is_end(frame, day) or frame.has(("dates", "leaving"), low, day.start)


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


def _own(
    frame: Frame, dates: Sequence[DateMention], subjects: Sequence[Mention], others: Sequence[Mention]
) -> list[DateMention]:
    """The dates of a sentence without those that a clause on something else gives."""
    spans = [d.span for d in dates]

    def is_apart(subject: Mention, date: Span) -> bool:
        return is_said_of_another(frame, subject, date) or is_of_another_clause(frame, subject, date, spans, others)

    own = [d for d in dates if not subjects or not all(is_apart(subject, d.span) for subject in subjects)]
    is_role = bool(subjects) and frame.group(subjects[0].node) == "role"
    return [d for d in own if any(_dates_role(frame, subject, d.span) for subject in subjects)] if is_role else own


def _dates_role(frame: Frame, role: Mention, date: Span) -> bool:
    """Whether a date stands in the clause of a role, and not beside an event, a work or a project that has it."""
    low, high = sorted((Span(*role[:2]), date))
    between = frame.mentions({"event", "work", "project"}, low.end, high.start)
    return ";" not in frame.source[low.end : high.start] and not between


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


def _are_listed(frame: Frame, fact: RecordFact, dates: Sequence[DateMention], best: DateMention) -> bool:
    """Whether one day of a list is that of a fact, and the nearest another one: "on 6 June 2025 and 9 June 2025"."""
    days = sorted({d.span for d in dates if len(d.date) == len("2000-01-01")} | {best.span})
    wanted = next((d.span for d in dates if d.date == fact.object.value.partition("T")[0]), None)
    if wanted not in days or local(fact.key) in ENDS:
        return False
    low, high = sorted((days.index(wanted), days.index(best.span)))
    return all(
        is_list_of_days(frame.source[a.end : b.start], frame.reading.language)
        for a, b in pairwise(days[low : high + 1])
    )


def _is_nearer_without_year(frame: Frame, window: Span, subjects: Sequence[Mention], best: DateMention) -> bool:
    """Whether a day without its year stands nearer to every mention of a node than the date that was chosen."""
    every = open_days_of(frame.source, frame.reading.language)
    frame.work.spend(1 + len(every) // 10)
    days = [d.span for d in every if d.rule == YEAR and window.start <= d.span.start and d.span.end <= window.end]
    return bool(days) and min(_distance(s, d) for s in subjects for d in days) < min(
        _distance(s, best.span) for s in subjects
    )


def _is_nearer_to_another(
    frame: Frame, fact: RecordFact, match: DateMention, subjects: Sequence[Mention], others: Sequence[Mention]
) -> bool:
    """Whether a date with a word for it stands right behind something else: "Dam Works, founded in 1931 in Labs"."""
    if not frame.cues.set("date_words", local(fact.key)):
        return False
    own = min((_distance(m, match.span) for m in subjects), default=None)
    behind = [_distance(m, match.span) for m in others if m.end <= match.span.start]
    return own is not None and bool(behind) and min(behind) < own


def _distance(subject: Mention, day: Span) -> int:
    """The characters between a mention and a day; those before it count twice."""
    after, before = day.start - subject.end, subject.start - day.end
    return after if after >= 0 else 2 * max(before, 0)


def _covers(one: DateMention, other: DateMention) -> bool:
    return one.span.start <= other.span.start and other.span.end <= one.span.end


def _until(frame: Frame, dates: Sequence[DateMention], wanted: str) -> DateMention | None:
    """A date right after "until" and the like."""
    return next((d for d in dates if d.date == wanted and is_end(frame, d.span)), None)


def _fits_end(frame: Frame, fact: RecordFact, chosen: Sequence[DateMention], match: DateMention) -> bool:
    """Whether a range begins with a start and ends with an end; an end alone needs "until"."""
    days = sorted(d.date for d in chosen if d.span == match.span and len(d.date) == len(match.date))
    if "T" in fact.object.value and len(days) < 2:
        return True  # its time of day says which end it is
    if local(fact.key) in ENDS:
        is_range = len(days) > 1 and match.date == days[-1]
        return is_range or is_end(frame, match.span)
    if fact.key == "startDate" and is_end(frame, match.span):
        return False
    return len(days) < 2 or match.date == days[0]
