"""Verbs that mean paying only beside an amount or a cost: "das Land übernimmt 15 Millionen Euro"."""

from __future__ import annotations

from typing import Final

from communique.compile.relations.frame import AGENTS, Frame
from communique.text.numbers import Quantity, quantities_of
from communique.text.passages import Span

PAYERS: Final = frozenset({"funder", "sponsor", "agent", "participant"})
"""Keys of those who pay, or who do anything."""
_AMOUNTS: Final = frozenset({"currency", "percent"})
_REACH: Final = 90
_MOST_WORDS: Final = 2  # between the verb, its subject and the amount: "up to", "weitere"


def _is_parted(frame: Frame, start: int, end: int) -> bool:
    return any(mark in ",;:" for mark in frame.words(start, end)) or frame.has(("breakers",), start, end)


def pays_before(frame: Frame, cue: Span) -> bool:
    """Whether the amount stands right before a verb of paying, whose subject follows: "9 млн рублей предоставил Фонд".

    Only in languages in which an object may come first, and where nobody stands between the clause's beginning and it.
    """
    if not frame.cues.set("object_first") or not frame.cues.pattern("paying").fullmatch(frame.source, *cue):
        return False
    start = max(frame.sentence(cue.start).start, cue.start - _REACH)
    found = [q for q in _quantities(frame, start, cue.start) if q.unit_kind in _AMOUNTS]
    frame.work.spend(2)
    return bool(found) and not frame.source[found[-1].span.end : cue.start].strip()


def _quantities(frame: Frame, start: int, end: int) -> list[Quantity]:
    return list(quantities_of(frame.source, frame.reading.language).within(start, end))


def leads_from_sum(frame: Frame, cue: Span) -> bool:
    """Whether words by which money comes from somebody have its amount right before them, and a cost before that.

    "Of the cost of the mill, £3 million came from Works"; other words need neither.
    """
    if not frame.cues.pattern("sums_from").fullmatch(frame.source, *cue):
        return True
    sentence = frame.sentence(cue.start)
    if not frame.has(("costs",), sentence.start, cue.start):
        return False
    found = [q for q in _quantities(frame, sentence.start, cue.start) if q.unit_kind in _AMOUNTS]
    frame.work.spend(2)
    small = frame.cues.set("auxiliaries") | frame.cues.set("articles")
    return bool(found) and small.issuperset(frame.words(found[-1].span.end, cue.start))


def is_paying(frame: Frame, cue: Span) -> bool:
    """Whether an amount of money or a share follows a verb, with nothing but its subject and two words between.

    Or whether the amount stands right before it, or its clause begins with a cost: "Die Kosten trägt der Bund".
    """
    if pays_before(frame, cue):
        return True
    if not frame.cues.pattern("paying").fullmatch(frame.source, *cue):
        return False
    first = frame.cues.pattern("costs").search(frame.source, frame.sentence(cue.start).start, cue.start)
    if (
        first is not None
        and frame.cues.set("verb_second", "articles")
        and not _is_parted(frame, first.end(), cue.start)
    ):
        return True
    end = min(frame.sentence(cue.start).end, cue.end + _REACH)
    amount = next((q for q in _quantities(frame, cue.end, end) if q.unit_kind in _AMOUNTS), None)
    frame.work.spend(2)
    if amount is None:
        return False
    at, words = cue.end, []
    for mention in frame.mentions(AGENTS, cue.end, amount.span.start):
        words += frame.words(at, mention.start)
        at = max(at, mention.end)
    if at > cue.end and frame.cues.set("price").intersection(frame.words(at, amount.span.start)):
        return False  # "takes over Labs for 5 million" tells a price
    words += frame.words(at, amount.span.start)
    return sum(word not in frame.cues.set("articles") for word in words) <= _MOST_WORDS and not set(words) & set(",;:")
