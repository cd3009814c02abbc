"""Who chairs a body that meets: "Der Rat tagte unter Vorsitz von Jo Muster", "Chaired by Jo, the board met"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from communique.compile.relations.denial import is_denied
from communique.compile.relations.frame import AGENTS, Found, Frame, around
from communique.compile.relations.titles import titles_of_address
from communique.text.mentions import Mention
from communique.text.moments import open_days_of
from communique.text.passages import Span
from communique.text.yearparts import dates_and_parts_of

_KINDS: Final = ("behind", "before")
_LONGEST_GAP: Final = 90  # characters from the words for the chair to the body, with verb, day and place between


def find_chair(frame: Frame, person: str, organization: str, window: Span, title: Span | None = None) -> Found | None:
    """Words for the chair beside a person, and the body that meets before them, or behind them at the beginning.

    With ``title``, only the words for the chair that hold it.
    """
    for chair, who in _chairs(frame, person, window):
        if title is not None and not (chair.start <= title.start and title.end <= chair.end):
            continue
        whole = around(chair, who)
        for of in frame.of(organization, *window, person)[:20]:
            if _meets(frame, window, whole, of) and not is_denied(frame, chair):
                return Found(around(whole, of), "chair of a body that meets", who, of, title or chair)
    return None


def is_of_chair(frame: Frame, title: Span) -> bool:
    """Whether a title is a word of those for the chair of a meeting, which say of whom it is in their own way."""
    window = frame.sentence(title.start)
    hits = (h for kind in _KINDS for h in frame.cues.pattern("chair", kind).finditer(frame.source, *window))
    return any(hit.start() <= title.start and title.end <= hit.end() for hit in hits)


def _chairs(frame: Frame, person: str, window: Span) -> Iterator[tuple[Span, Mention]]:
    """Words for the chair with the person right beside them: behind them, in Kazakh before them."""
    people = [m for m in frame.of(person, *window) if m.how != "pronoun"]
    address = titles_of_address(frame.reading.language) | frame.cues.set("articles") | {"."}
    for kind in _KINDS:
        for hit in frame.cues.pattern("chair", kind).finditer(frame.source, *window):
            frame.work.spend(2 + len(people))
            for one in people:
                low, high = (hit.end(), one.start) if kind == "behind" else (one.end, hit.start())
                if low <= high and set(frame.words(low, high)) <= address:
                    yield Span(*hit.span()), one


def _meets(frame: Frame, window: Span, chair: Span, of: Mention) -> bool:
    """Whether a body meets under a chair: nothing but a verb of meeting, days and places stand between the two."""
    low, high = sorted((chair, Span(*of[:2])))
    if high.start < low.end or high.start - low.end > _LONGEST_GAP:
        return False
    if frame.mentions(AGENTS, low.end, high.start):
        return False
    if low == chair and frame.words(window.start, chair.start):
        return False  # what stands behind the chair is the subject only where the chair opens the sentence
    known = frame.cues.set("chair", "meets") | frame.cues.set("auxiliaries") | frame.cues.set("articles")
    known |= frame.cues.set("prepositions") | frame.cues.set("passive")
    marks = {","} if low == chair else {",", ".", "-"}
    return set(_words_between(frame, low.end, high.start)) <= known | marks


def _words_between(frame: Frame, start: int, end: int) -> Iterator[str]:
    """The words between two offsets without days, years, times and the names of places and events."""
    language = frame.reading.language
    days = [d.span for d in dates_and_parts_of(frame.source, language).within(start, end)]
    days += [d.span for d in open_days_of(frame.source, language) if start <= d.span.start and d.span.end <= end]
    named = [Span(*m[:2]) for m in frame.mentions({"place", "event"}, start, end) if m.how != "pronoun"]
    at = start
    for one in sorted(days + named):
        if one.start >= at:
            yield from frame.words(at, one.start)
        at = max(at, one.end)
    yield from (word for word in frame.words(at, end))
