"""The clauses of a sentence: what a relative clause says is said of the one that it follows, and of nobody else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from communique.compile.relations.frame import Frame
from communique.compile.relations.lists import joint_of
from communique.text.mentions import Mention
from communique.text.passages import Span

_BREAK: Final = re.compile(r"[,;]")
_LEAD: Final = (
    25  # characters after a comma in which the pronoun of a relative clause stands: ", in the course of which"
)


def relative_clause_at(frame: Frame, offset: int) -> Span | None:
    """The relative clause that an offset lies in, from its comma to the next one: ", who came in 2021,"; or None."""
    start, end = _bounds(frame, offset, ())
    sentence = frame.sentence(offset)
    pronouns = frame.cues.set("relative_pronouns")
    if start == sentence.start or not pronouns:
        return None
    words = frame.words(start, min(start + _LEAD, end))
    known = frame.cues.set("prepositions")
    first = next((word for word in words if word not in known), "")
    return Span(start - 1, end) if first in pronouns else None


def is_said_of_another(frame: Frame, subject: Mention, date: Span) -> bool:
    """Whether words stand in a relative clause on something else than ``subject``, which stands outside of it."""
    clause = relative_clause_at(frame, date.start)
    if clause is None or (clause.start <= subject.start and subject.end <= clause.end):
        return False
    return subject.start >= clause.end or bool(frame.source[subject.end : clause.start].strip(" \"”“»'’)"))


def is_of_another_clause(
    frame: Frame, subject: Mention, date: Span, dates: Sequence[Span], others: Sequence[Mention]
) -> bool:
    """Whether a date stands in a clause with a rival of ``subject``, which has a date in its own clause.

    "Work begins in May 2024, the first trams run in June 2027": May is no date of the trams. Lists share.
    """
    own, theirs = _bounds(frame, subject.start, dates), _bounds(frame, date.start, dates)
    if own == theirs or not any(own.start <= d.start and d.end <= own.end for d in dates):
        return False
    inside = [m for m in others if theirs.start <= m.start and m.end <= theirs.end]
    return bool(inside) and all(_are_apart(frame, m, subject) for m in inside)


def _are_apart(frame: Frame, one: Mention, other: Mention) -> bool:
    low, high = sorted((one, other))
    return joint_of(frame, low.end, high.start) == "none"


def _bounds(frame: Frame, offset: int, dates: Sequence[Span]) -> Span:
    """The stretch between the commas and semicolons around an offset, but for those inside dates."""
    sentence = frame.sentence(offset)
    frame.work.spend(1 + (sentence.end - sentence.start) // 50)
    breaks = [hit.start() for hit in _BREAK.finditer(frame.source, *sentence)]
    breaks = [k for k in breaks if not any(d.start <= k < d.end for d in dates) and not _is_in_number(frame, k)]
    before = max((k + 1 for k in breaks if k < offset), default=sentence.start)
    after = min((k for k in breaks if k >= offset), default=sentence.end)
    return Span(before, after)


def _is_in_number(frame: Frame, comma: int) -> bool:
    return frame.source[comma - 1 : comma].isdigit() and frame.source[comma + 1 : comma + 2].isdigit()
