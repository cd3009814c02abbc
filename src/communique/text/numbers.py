"""The quantities of a text: value, unit and comparison, as its language writes them."""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

COMPARISONS: Final = {
    "at least": "minValue",
    "more than": "minValue",
    "at most": "maxValue",
    "less than": "maxValue",
    "almost": "maxValue",
    "about": "value",
}
"""The comparisons, and which bound of schema:QuantitativeValue each gives; "about" gives none."""

UnitKind = Literal["", "currency", "percent", "word"]


class Amount(NamedTuple):
    """What a figure says: a number (exact decimal), or a range from ``value`` to ``upper``, or a rating in words.

    ``unit`` is an ISO 4217 code, "%" or a word, as ``unit_kind`` says; ``comparison`` is one of `COMPARISONS` or "".
    """

    value: str = ""
    upper: str = ""
    text: str = ""
    unit_kind: UnitKind = ""
    unit: str = ""
    comparison: str = ""


_PLAIN: Final = re.compile(r"-?\d{1,3}(?:,?\d{3})*(?:\.\d+)?", re.ASCII)


def read_amount(written: str, language: str) -> Amount:
    """The amount that a text as a whole gives; a text without a number is a rating.

    >>> read_amount("2,500,000", "en").value, read_amount("good", "en").text
    ('2500000', 'good')
    """
    words = written.strip()
    return Amount(value=words.replace(",", "")) if _PLAIN.fullmatch(words) else Amount(text=words)


def unit_of(written: str, language: str) -> tuple[UnitKind, str]:
    """The kind of a unit, and the unit itself: an ISO 4217 code, "%", or the words."""
    words = written.strip()
    if re.fullmatch("[A-Z]{3}", words):
        return "currency", words
    return ("percent", "%") if words in ("%", "per cent") else ("word", words)


def comparison_of(written: str, language: str) -> str | None:
    """The comparison that some words make, one of `COMPARISONS`; None if they make none."""
    words = " ".join(written.split()).lower()
    return words if words in COMPARISONS else None
