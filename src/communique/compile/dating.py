"""Whether a date of a text is that of a number, and which words say a period."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from communique.compile.association import Association
from communique.compile.reading import Reading
from communique.compile.relations.cues import beginning_with, cues_of
from communique.text.changes import is_compared
from communique.text.dates import DateMention, dates_of
from communique.text.numbers import Quantity
from communique.text.passages import Span
from communique.text.tables import table
from communique.text.tokens import lower_case
from communique.text.yearparts import dates_and_parts_of, part_of_year

_WORD: Final = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_CUT: Final = re.compile(r"[;:.!?]")
_LIFE_REACH: Final = 40  # characters before a date in which a word for a founding or a birth stands
_LIVES: Final = ("foundingDate", "birthDate", "deathDate", "dissolutionDate")
_BEFORE_DATE: Final = 3  # words before a date among which one makes it the beginning or the end of a period


@dataclass(frozen=True, slots=True)
class Dating:
    """The dates of one stretch of the source; all offsets are of the source."""

    near: Association

    @property
    def reading(self) -> Reading:
        """The reading of the source."""
        return self.near.reading

    @property
    def stretch(self) -> Span:
        """The stretch."""
        return self.near.stretch

    def date(self, wanted: str, quantity: Quantity) -> Span | None:
        """The words that date a quantity; None if another date of the stretch does, or none."""
        groups = [group for group in self._dates() if not self._is_beside(Span(*group[0].span), quantity)]
        own = next((Span(*group[0].span) for group in groups if _says(group, wanted)), None)
        is_end = own is not None and self._leads(own, "until") and not self._is_during(own, wanted)
        if own is not None and (is_end or self._leads(own, "since")):
            return None
        if own is None or len(groups) == 1:
            return own
        spans = [Span(*group[0].span) for group in groups]
        rivals = [q.core.start for q in (quantity, *self.near.rivals(quantity))]
        is_after = min(rivals) < spans[0].start
        if is_after:
            dating = next((span for span in spans if span.start >= quantity.core.end), None)
        else:
            dating = next((span for span in reversed(spans) if span.end <= quantity.core.start), None)
        return own if dating is None or own == dating else None

    def _is_beside(self, date: Span, quantity: Quantity) -> bool:
        """Whether a date is that of a founding or an end, or what a quantity is compared with: "3 % up on 2022"."""
        return self._is_of_a_life(date, quantity) or is_compared(self.reading.source, date, self.reading.language)

    def _is_of_a_life(self, date: Span, quantity: Quantity) -> bool:
        """Whether a date in another clause is that of a founding, a birth or an end: "Founded in 1931, Works has 5"."""
        low, high = sorted((date, quantity.span))
        if not re.search(r"[,;]", self.reading.source[low.end : high.start]):
            return False
        start = max(self.stretch.start, date.start - _LIFE_REACH)
        beside = re.split(r"[,;]", self.reading.source[start : date.start])[-1]
        cues = cues_of(self.reading.language)
        stems = frozenset().union(*(cues.set("date_words", key) for key in _LIVES))
        return beginning_with(stems).search(beside) is not None

    def is_dated_apart(self, wanted: str, quantity: Quantity) -> bool:
        """Whether the stretch has several dates, and this one is that of a quantity."""
        return bool(wanted) and len(list(self._dates())) > 1 and self.date(wanted, quantity) is not None

    def period(self, first: str, last: str) -> Span | None:
        """The words that say a period, from its first date to its last, with no number between."""
        dates = dates_of(self.reading.source, self.reading.language)
        begin = dates.find(first, *self.stretch) if first else None
        end = (
            dates.find(last, begin.start if begin is not None else self.stretch.start, self.stretch.end)
            if last
            else None
        )
        if (first and begin is None) or (last and end is None):
            return None
        if begin is not None and end is not None:
            return Span(begin.start, max(begin.end, end.end)) if end.start - begin.end <= 40 else None
        alone = begin or end
        if alone is not None and table("quantities", self.reading.language).get("since"):
            return alone if self._leads(alone, "since" if first else "until", _BEFORE_DATE) else None
        return alone

    def _leads(self, date: Span, way: str, most: int = 1) -> bool:
        """Whether a word right before a date makes it the beginning ("since") or the end ("until") of a period."""
        rules = table("quantities", self.reading.language)
        before = lower_case(_CUT.split(self.reading.source[max(0, date.start - 40) : date.start])[-1])
        return not frozenset(rules.get(way, ())).isdisjoint(_WORD.findall(before)[-most:])

    def _is_during(self, date: Span, wanted: str) -> bool:
        """Whether a word for an end says when: «au premier semestre 2024», but not «du premier au deuxième»."""
        rules = table("quantities", self.reading.language)
        during, since = frozenset(rules.get("during", ())), frozenset(rules.get("since", ()))
        before = _WORD.findall(lower_case(_CUT.split(self.reading.source[max(0, date.start - 40) : date.start])[-1]))
        return bool(part_of_year(wanted)) and before[-1:] != [] and before[-1] in during and since.isdisjoint(before)

    def _dates(self) -> Iterator[Sequence[DateMention]]:
        """The dates and parts of years of the stretch, those that overlap together."""
        group: list[DateMention] = []
        for date in dates_and_parts_of(self.reading.source, self.reading.language).within(*self.stretch):
            if group and date.span.start >= group[0].span.end:
                yield group
                group = []
            group.append(date)
        if group:
            yield group


def _says(group: Sequence[DateMention], wanted: str) -> bool:
    """Whether dates that overlap say one: "the second quarter of 2024" is not 2024."""
    is_year_of_part = len(wanted) == len("2024") and any(part_of_year(date.date) for date in group)
    return not is_year_of_part and any(date.date == wanted for date in group)
