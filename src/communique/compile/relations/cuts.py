"""Words that a text may not leave out beside it, or end with: "will [put]", "under [six]", "too [early]"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from communique.compile.relations.frame import Frame
from communique.text.numbers import quantities_of
from communique.text.passages import Span
from communique.text.tables import table

_REACH: Final = 40  # characters before a text that are looked at
_MOST_WORDS: Final = 3
_WORD: Final = re.compile(r"\w+(?:['’.-]\w+)*")
_CUT: Final = re.compile(r"[,;:.()–—!?\n\"“”„«»‘‹›]")


def word_left_out(frame: Frame, text: Span) -> Span | None:
    """The modal verb, auxiliary, degree, bound or number right before a text, or at its end in the middle of a clause.

    Words beside a mark are not cut off: a text may begin and end where a clause or a quotation does.
    """
    sentence = frame.sentence(text.start)
    before = frame.source[max(sentence.start, text.start - _REACH) : text.start]
    begin = text.start - len(_CUT.split(before)[-1])
    found = _led_by(frame, begin, text.start) or _counted_before(frame, begin, text)
    if found is not None:
        return found
    after = frame.source[text.end : text.end + 2].lstrip(" \xa0")
    if not after[:1].isalnum():
        return None
    time = _time_after(frame, text.end, sentence.end)
    if time is not None:
        return time
    words = list(_WORD.finditer(frame.source, text.start, text.end))
    last = words[-1] if words else None
    if last is None or last.group().lower() not in _ends(frame):
        return None
    return Span(*last.span())


def _led_by(frame: Frame, start: int, end: int) -> Span | None:
    """The words right before a text, at most `_MOST_WORDS`, that it cannot do without."""
    frame.work.spend(2)
    words = list(_WORD.finditer(frame.source, start, end))[-_MOST_WORDS:]
    if not words:
        return None
    leading = frame.cues.set("modals") | frame.cues.set("degree") | _bounds(frame)
    for first in words:
        if frame.source[first.start() : words[-1].end()].lower() in leading:
            return Span(first.start(), words[-1].end())
    return _number(frame, words)


def _number(frame: Frame, words: Sequence[re.Match[str]]) -> Span | None:
    """The number with which some words end, if it is no year."""
    numbers = quantities_of(frame.source, frame.reading.language).within(words[0].start(), words[-1].end())
    number = next((q for q in numbers if q.core.end == words[-1].end() and not q.is_year), None)
    return number.core if number is not None else None


def _counted_before(frame: Frame, start: int, text: Span) -> Span | None:
    """What says of a noun how many or which: "a third of the [towns]", "the first [boat]", also before its article."""
    words = list(_WORD.finditer(frame.source, start, text.start))[-_MOST_WORDS - 1 :]
    first = _WORD.match(frame.source, text.start, text.end)
    articles = frame.cues.set("articles")
    if not words or first is None:
        return None
    if first.group().lower() not in articles and words[-1].group().lower() in frame.cues.set("cut", "which"):
        return Span(*words[-1].span())
    rest = list(words)
    while rest and rest[-1].group().lower() in articles - frame.cues.set("cut", "of"):
        rest.pop()
    if not rest or rest[-1].group().lower() not in frame.cues.set("cut", "of"):
        is_genitive = bool(first.group().lower() in frame.cues.set("cut", "of"))
        return _number(frame, words) if is_genitive else None
    rest.pop()
    return _number(frame, rest) if rest else None


def _time_after(frame: Frame, start: int, end: int) -> Span | None:
    """The words of time right after a text that it cannot do without: "per day", "for [two] years"."""
    frame.work.spend(2)
    words = list(_WORD.finditer(frame.source, start, min(end, start + _REACH)))[:_MOST_WORDS]
    if not words or _CUT.search(frame.source, start, words[0].start()):
        return None
    for last in words:
        if frame.source[words[0].start() : last.end()].lower() in frame.cues.set("cut", "rates"):
            return Span(words[0].start(), last.end())
    if words[0].group().lower() not in frame.cues.set("cut", "spans"):
        return None
    numbers = list(quantities_of(frame.source, frame.reading.language).within(words[0].end(), words[-1].end()))
    return Span(words[0].start(), numbers[0].core.end) if numbers else None


def _bounds(frame: Frame) -> frozenset[str]:
    """The words of comparison before a number: "under", "at least"."""
    bounds = table("quantities", frame.reading.language).get("before", {})
    return frozenset(word for words in bounds.values() for word in words)


def _ends(frame: Frame) -> frozenset[str]:
    """The words after which a clause goes on: modal verbs, articles, degrees and denials."""
    return frame.cues.set("modals") | frame.cues.set("degree") | frame.cues.set("negation", "before")
