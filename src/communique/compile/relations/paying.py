"""Verbs that mean paying only beside an amount: "das Land übernimmt 15 Millionen Euro", "the city bears 60 %"."""

from __future__ import annotations

from typing import Final

from communique.compile.relations.frame import AGENTS, Frame
from communique.text.numbers import quantities_of
from communique.text.passages import Span

PAYERS: Final = frozenset({"funder", "sponsor", "agent", "participant"})
"""Keys of those who pay, or who do anything."""
_AMOUNTS: Final = frozenset({"currency", "percent"})
_REACH: Final = 90
_MOST_WORDS: Final = 2  # between the verb, its subject and the amount: "up to", "weitere"


def is_paying(frame: Frame, cue: Span) -> bool:
    """Whether an amount of money or a share follows a verb, with nothing but its subject and two words between."""
    if not frame.cues.pattern("paying").fullmatch(frame.source, *cue):
        return False
    end = min(frame.sentence(cue.start).end, cue.end + _REACH)
    found = quantities_of(frame.source, frame.reading.language).within(cue.end, end)
    amount = next((q for q in found if q.unit_kind in _AMOUNTS), None)
    frame.work.spend(2)
    if amount is None:
        return False
    at, words = cue.end, []
    for mention in frame.mentions(AGENTS, cue.end, amount.span.start):
        words += frame.words(at, mention.start)
        at = max(at, mention.end)
    words += frame.words(at, amount.span.start)
    return sum(word not in frame.cues.set("articles") for word in words) <= _MOST_WORDS and not set(words) & set(",;:")
