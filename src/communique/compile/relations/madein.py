"""When somebody made something, in a relative clause on it: "the scheme, which the council set up in 2022"."""

from __future__ import annotations

from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.cues import beginning_with
from communique.compile.relations.denial import is_denied
from communique.compile.relations.frame import AGENTS, Found, Frame, around, local
from communique.text.passages import Span
from communique.text.yearparts import dates_and_parts_of

_KEYS: Final = frozenset({"foundingDate", "dateCreated"})
_LONGEST: Final = 120  # characters of such a clause


def find_made_in_clause(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """The day in a clause that begins right behind a name with a relative pronoun and whoever made the thing."""
    key = local(fact.key)
    words = frame.cues.set("date_words", key)
    if key not in _KEYS or not words:
        return None
    for subject in frame.of(fact.node.iri.value, *window):
        end = _end_of_clause(frame, subject.end, window)
        if end is None:
            continue
        days = [
            d for d in dates_and_parts_of(frame.source, frame.reading.language).within(subject.end, end)
            if len(d.date) == len(fact.object.value)
        ]  # fmt: skip
        made = beginning_with(words).search(frame.source, subject.end, end)
        if len({d.date for d in days}) == 1 and days[0].date == fact.object.value and made is not None:
            cue = Span(*made.span())
            if not is_denied(frame, cue):
                return Found(around(subject, days[0].span, cue), "made in a clause", subject, None, cue)
    return None


def is_maker_in_clause(frame: Frame, fact: RecordFact, window: Span) -> bool:
    """Whether a sentence names a node only as who made something else, in a clause: "which the council set up"."""
    if local(fact.key) not in _KEYS or frame.group(fact.node.iri.value) not in AGENTS:
        return False
    named = frame.of(fact.node.iri.value, *window)
    articles, pronouns = frame.cues.set("articles"), _pronouns(frame)

    def makes(start: int) -> bool:
        before = frame.words(window.start, start)
        led = before[-3:-1] if before[-1:] and before[-1] in articles else before[-2:]
        return led[:1] == [","] and led[-1] in pronouns

    return bool(named) and all(makes(one.start) for one in named)


def _pronouns(frame: Frame) -> frozenset[str]:
    return frame.cues.set("relative_pronouns") | frame.cues.set("heading", "relative")


def _end_of_clause(frame: Frame, start: int, window: Span) -> int | None:
    """Where a relative clause ends that begins at an offset and has somebody as its subject; None if there is none."""
    opening = frame.source[start : start + 2]
    makers = frame.mentions(AGENTS, start, min(window.end, start + _LONGEST))
    if opening != ", " or not makers:
        return None
    led = frame.words(start + 1, makers[0].start)
    articles = frame.cues.set("articles")
    if not led or led[0] not in _pronouns(frame) or not set(led[1:]) <= articles:
        return None
    comma = frame.source.find(",", makers[0].end, window.end)
    end = comma if comma >= 0 else window.end
    others = [m for m in makers if m.start < end and m.node != makers[0].node]
    return None if others or end - start > _LONGEST else end
