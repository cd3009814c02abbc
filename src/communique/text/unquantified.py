"""Digits that count nothing: parts of dates, times, telephone numbers, articles of laws, ordinals, versions."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import Final

from communique.text.calendars import calendar_of
from communique.text.dates import dates_of
from communique.text.shadow import Shadow
from communique.text.tables import table

_LABEL: Final = re.compile(r"([^\W\d_]+|№|§|#|°)[.°]? ?$")
_ATTACHED: Final = re.compile(r"-?([^\W\d_]+)(\d?)")
_MONTH_AFTER: Final = re.compile(r"\.?[ -]?([^\W\d_]+)")
_MONTH_BEFORE: Final = re.compile(r"([^\W\d_]+)[.,]? $")
_PHONE: Final = re.compile(r"\+\d(?:[ ()./-]{0,2}\d){5,40}|(?<![\d.,])0\d{1,6}(?:[ ()/-]{1,2}\d{2,12}){1,6}")
_WIDTH: Final = 24  # characters that are looked at on either side


class Exclusions:
    """Tells which digits of a shadow text are no quantity."""

    def __init__(self, shadow: Shadow, language: str) -> None:
        self.shadow, self.low = shadow, shadow.text
        own = table("quantities", language)
        self._labels = frozenset(own.get("labels", ())) | {"№", "§", "#", "°"}
        self._ordinals = frozenset(own.get("ordinals", ()))
        self._clock = tuple(own.get("clock", ()))
        self._scales = frozenset((*own.get("scales", ()), *own.get("attached", ())))
        self._months = frozenset(calendar_of(language).months) | frozenset(calendar_of("en").months)
        self._has_dotted_ordinals = bool(table("sentences", language).get("ordinals"))
        spans = sorted({(d.span.start, d.span.end) for d in dates_of(shadow.source, language).all if len(d.date) > 4})
        self._starts = [start for start, _ in spans]
        self._ends = list(accumulate((end for _, end in spans), max))
        phones = [hit.span() for hit in _PHONE.finditer(self.low)]
        self._phone_starts = [start for start, _ in phones]
        self._phone_ends = [end for _, end in phones]

    def excludes(self, start: int, end: int) -> bool:
        """Whether the digits between two offsets are no quantity, nor part of one."""
        return (
            self._is_inside(self._phone_starts, self._phone_ends, start)
            or self._is_inside(self._starts, self._ends, self.shadow.offset(start))
            or self._is_cut(start, end)
            or self._is_labelled(start)
            or self._is_ordinal(end)
            or self._is_day_or_hour(start, end)
        )

    @staticmethod
    def _is_inside(starts: list[int], ends: list[int], at: int) -> bool:
        k = bisect_right(starts, at) - 1
        return k >= 0 and at < ends[k]

    def _is_cut(self, start: int, end: int) -> bool:
        """Whether letters, digits or marks of a longer expression are directly attached."""
        low = self.low
        before, further = low[start - 1 : start], low[start - 2 : start - 1]
        if before.isalnum() or before == "_" or (before == "-" and further.isalpha()):
            return True
        if before in (".", ",", ":", "/", "'") and before and further.isdecimal():
            return True
        if low[end : end + 1] in (":", "/", "_") and low[end + 1 : end + 2].isalnum():
            return True
        return low[end : end + 1] in (".", ",", "'") and low[end + 1 : end + 2].isdecimal()

    def _is_labelled(self, start: int) -> bool:
        label = _LABEL.search(self.low, max(0, start - _WIDTH), start)
        return label is not None and label[1] in self._labels

    def _is_ordinal(self, end: int) -> bool:
        attached = _ATTACHED.match(self.low, end, end + _WIDTH)
        if attached is not None:
            word = attached[1]
            is_unit = word in self._scales or (len(word) <= 3 and not attached[2])
            if word in self._ordinals or not (is_unit or self.low[end] == "-"):
                return True
        return (
            self._has_dotted_ordinals
            and self.low[end : end + 2] == ". "
            and self.shadow.cased[end + 2 : end + 3].islower()
        )

    def _is_day_or_hour(self, start: int, end: int) -> bool:
        low = self.low
        begin = end + 1 if low[end : end + 1] == " " else end
        if any(
            low.startswith(word, begin) and not low[begin + len(word) : begin + len(word) + 1].isalnum()
            for word in self._clock
        ):
            return True
        if end - start > 2:
            return False
        after = _MONTH_AFTER.match(low, end, end + _WIDTH)
        before = _MONTH_BEFORE.search(low, max(0, start - _WIDTH), start)
        return (after is not None and after[1] in self._months) or (before is not None and before[1] in self._months)
