"""Planned or happened: an event that is marked planned is announced, and one that is not lies in no future."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from communique.compile.day import day_of
from communique.compile.evidence import Evidence
from communique.compile.nodes import RecordFact, RecordNode
from communique.compile.relations.denial import is_denied
from communique.compile.relations.frame import Frame
from communique.compile.report import Explanation
from communique.compile.status import is_status_refused
from communique.findings import shortened
from communique.iris import without_base
from communique.terms import SCHEMA
from communique.text.mentions import Mention
from communique.text.passages import Span
from communique.text.yearparts import dates_and_parts_of, end_of_part

_SCHEDULED: Final = SCHEMA + "EventScheduled"
_DAY: Final = 4  # most words between the name of an event and a verb by which it took place: "on Sunday evening"
_MARKS: Final = frozenset('"“”„«»‘’,')
_BESIDE: Final = 2  # most words between the name of an event and the words that put it into the future


def check_planned(evidence: Evidence, frame: Frame, event: RecordNode) -> None:
    """Report an event that is marked planned though nothing announces it, and one that is not though it is to come.

    A status that is none is one finding already.
    """
    if is_status_refused(event):
        return
    day = _day_of_release(evidence)
    statuses = event.facts.get("eventStatus", [])
    planned = next((f for f in statuses if f.object.value == _SCHEDULED), None)
    starts = [f for f in _starts(event) if day and _day_of(f)[: len(day)] > day[: len(_day_of(f))]]
    dates = dates_and_parts_of(frame.source, frame.reading.language)
    grounded = (f for f in starts if f not in evidence.refused and f not in evidence.unproven)
    later = next((f for f in grounded if f.why or dates.find(f.object.value[:10], 0, len(frame.source))), None)
    if planned is not None:
        is_undated = not day and bool(_starts(event))  # nobody knows whether its day has passed
        is_shown = bool(starts or planned.spans or planned.why is not None or is_undated)
        is_over = _is_past(event, day) or _is_said_over(frame, event)
        if planned.why is None and (is_over or not (is_shown or _is_announced(frame, event))):
            _report_unannounced(evidence, frame, event, planned)
    elif not statuses and later is not None:
        _report_to_come(evidence, frame, event, later.pointer, f"{later.object.value} is after the release of {day}")
    elif not statuses and (words := _said_to_come(frame, event)) is not None:
        said = shortened(frame.source[words.start : words.end])
        _report_to_come(evidence, frame, event, event.pointer, f"the words say that it is to come: {said!r}")


def _day_of_release(evidence: Evidence) -> str:
    """The day that the release gives for itself (YYYY-MM-DD); "" if it gives none."""
    iri = evidence.expansion.this.removesuffix("#")
    release = next((n for n in evidence.expansion.nodes.values() if n.iri.value == iri), None)
    return (day_of(release, (), evidence.expansion.language) or "") if release is not None else ""


def _starts(event: RecordNode) -> list[RecordFact]:
    """What a record says of when an event begins: a date, or a part of a year."""
    return [*event.facts.get("startDate", ()), *event.facts.get("partOfYear", ())]


def _day_of(fact: RecordFact) -> str:
    """A date as it is written, or the last month of a part of a year."""
    return end_of_part(fact.object.value) if fact.key == "partOfYear" else fact.object.value


def _is_past(event: RecordNode, day: str) -> bool:
    """Whether an event began, and ended if it has an end, before the day of the release (YYYY-MM-DD, or "")."""
    days = [_day_of(f)[:10] for f in (*_starts(event), *event.facts.get("endDate", ())) if f.why is None]
    return bool(day and days) and all(one < day[: len(one)] for one in days)


def _sentences(frame: Frame, event: RecordNode) -> Iterator[Span]:
    """The sentences that name an event, or that are quoted for it."""
    numbers = {frame.reading.sentences.at(m.start) for m in frame.named(event.iri.value)}
    for number in sorted(numbers | frame.quoted_sentences(event.iri.value)):
        yield frame.sentences[number]


def _is_announced(frame: Frame, event: RecordNode) -> bool:
    """Whether any sentence on an event has words of the future; a language without such words is believed."""
    if not frame.cues.set("future", "anywhere"):
        return True
    return any(
        _has_future(frame, way, sentence) for sentence in _sentences(frame, event) for way in ("anywhere", "beside")
    )


def _is_said_over(frame: Frame, event: RecordNode) -> bool:
    """Whether every sentence that names an event, but a headline, says that it took place: "won the cup on Sunday"."""
    mentions = [m for m in frame.reading.mentions.of(event.iri.value) if m.how != "pronoun"][:20]
    own = {frame.sentence(m.start) for m in mentions} | set(_sentences(frame, event))
    over = {frame.sentence(m.start) for m in mentions if _is_beside_past(frame, m)}
    is_to_come = any(_has_future(frame, way, one) for one in own for way in ("anywhere", "beside"))
    return bool(over) and not is_to_come and all(one in over or one.start == 0 for one in own)


def _is_beside_past(frame: Frame, mention: Mention) -> bool:
    """Whether words by which something took place begin a name, stand right before it, or behind it with a day."""
    sentence = frame.sentence(mention.start)
    small = frame.cues.set("articles") | frame.cues.set("auxiliaries") | _MARKS
    leading = frame.cues.set("prepositions") | small
    for hit in frame.hits(("future", "happened"), *sentence):
        low, high = sorted((Span(*hit.span()), Span(mention.start, mention.end)))
        words = frame.words(low.end, high.start)
        if hit.start() == mention.start or (hit.start() < mention.start and small.issuperset(words)):
            return not is_denied(frame, Span(*hit.span()))
        if hit.start() >= mention.end and len(words) <= _DAY and set(words[:1]) <= leading:
            return not is_denied(frame, Span(*hit.span()))
    return False


def _has_future(frame: Frame, way: str, sentence: Span) -> bool:
    """Whether a sentence has words of the future that are no part of others, such as "would have"."""
    hits = list(frame.hits(("future", way), *sentence))
    exceptions = [hit.span() for hit in frame.hits(("future", "except"), *sentence)] if hits else []
    return any(not any(a <= hit.start() < z for a, z in exceptions) for hit in hits)


def _said_to_come(frame: Frame, event: RecordNode) -> Span | None:
    """The first words that put an event into the future, if they stand beside every name of it; None otherwise."""
    if "eventSchedule" in event.facts:
        return None  # "takes place every Monday" has begun
    quoted = frame.quotes.get(event.iri.value, ())
    if quoted and not any(_has_future(frame, way, span) for span in quoted for way in ("anywhere", "beside")):
        return None  # its author quotes words by which it took place
    mentions = [m for m in frame.reading.mentions.of(event.iri.value) if m.how != "pronoun"]
    words = [_future_beside(frame, mention) for mention in mentions[:20]]
    return words[0] if words and all(words) else None


def _future_beside(frame: Frame, mention: Mention) -> Span | None:
    sentence = frame.sentence(mention.start)
    exceptions = [hit.span() for hit in frame.cues.pattern("future", "except").finditer(frame.source, *sentence)]
    leading = frame.cues.pattern("future", "leading").finditer(frame.source, sentence.start, mention.start)
    for hit in (*leading, *frame.cues.pattern("future", "beside").finditer(frame.source, *sentence)):
        if any(a <= hit.start() < z for a, z in exceptions):
            continue
        low, high = sorted((Span(*hit.span()), Span(mention.start, mention.end)))
        if len(frame.words(low.end, high.start)) <= _BESIDE and "," not in frame.source[low.end : high.start]:
            return Span(min(low.start, high.start), max(low.end, high.end))
    return None


def _report_unannounced(evidence: Evidence, frame: Frame, event: RecordNode, planned: RecordFact) -> None:
    words = [shortened(frame.source[s.start : s.end]) for s in _sentences(frame, event)][:2]
    name = without_base(event.iri.value, evidence.expansion.base)
    key = event.renamed.get("eventStatus", "eventStatus")
    evidence.report(
        "not-grounded",
        f"no words announce {name}, and it has no day after the release",
        planned.pointer,
        focus=event.iri.value,
        path="eventStatus",
        value=planned.object.value,
        explain=lambda: Explanation(why=tuple(f"its sentence: {one!r}" for one in words)),
        fix=f"leave out {key} if the event took place, or quote what announces it: evidence: {{{key}: …}}",
    )


def _report_to_come(
    evidence: Evidence, frame: Frame, event: RecordNode, pointer: tuple[str | int, ...], why: str
) -> None:
    planned = "write planned: true, or status: cancelled, postponed, rescheduled or moved online"
    evidence.report(
        "not-planned",
        f"{without_base(event.iri.value, evidence.expansion.base)} is not marked planned, but {why}",
        pointer,
        focus=event.iri.value,
        path="eventStatus",
        fix="correct its day: the text says that it took place" if _is_said_over(frame, event) else planned,
    )
