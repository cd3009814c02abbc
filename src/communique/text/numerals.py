"""Numbers in digits: "2,500,000", "2.500.000", "2 500 000", "25,00,000" and "٢٥٠٠" as exact numbers."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from typing import Final, NamedTuple

from communique.text.tables import table

DIGITS: Final = re.compile(r"\d{1,3}(?: \d{3}(?!\d))++(?:[.,\u066b]\d++)?(?!\d)|\d++(?:[.,'\u066b\u066c]\d++)*+")
"""Digits with separators in a shadow text; spaces separate groups of three only."""

VULGAR: Final = {
    "½": Fraction(1, 2),
    "⅓": Fraction(1, 3),
    "⅔": Fraction(2, 3),
    "¼": Fraction(1, 4),
    "¾": Fraction(3, 4),
}
"""Fractions that are one character."""

_LONGEST: Final = 40
"""The most characters of a number in digits; longer ones are no quantities."""


class Separators(NamedTuple):
    """What a language writes before decimals and between groups of digits; "" where that is not known."""

    decimal: str
    group: str


@cache
def separators_of(language: str) -> Separators:
    """The separators of a language, given by its tag; a country may have its own.

    >>> separators_of("de"), separators_of("de-CH").decimal
    (Separators(decimal=',', group='.'), '.')
    """
    entry = table("numbers", language)
    country = language.rpartition("-")[2].upper()
    pair = entry.get("countries", {}).get(country) or entry.get("separators", "")
    return Separators(pair[:1], pair[1:]) if pair else Separators("", "")


def number_in_digits(written: str, separators: Separators) -> Fraction | None:
    """The number that some digits make, None if they can be read in two ways or in none.

    The separators of the language count first; those of another only if the shape leaves one reading.

    >>> [str(number_in_digits(text, Separators(".", ","))) for text in ("2,500", "1,5", "1.234.567", "1.2.3")]
    ['2500', '3/2', '1234567', 'None']
    """
    if len(written) > _LONGEST:
        return None
    plain = "".join(str(int(c)) if c.isdecimal() else c for c in written)
    plain = plain.replace("\u066c", "'").replace("\u066b", "\u066b")
    marks = {c for c in plain if not c.isdecimal()}
    if "\u066b" in marks:
        return _joined(plain, "\u066b")
    points = marks & {".", ","}
    if len(points) == 2:
        return _joined(plain, max(points, key=plain.rfind))
    if not points:
        return _joined(plain, "")
    return _one_kind_of_point(plain, points.pop(), separators, has_other=len(marks) > 1)


def _one_kind_of_point(plain: str, point: str, separators: Separators, *, has_other: bool) -> Fraction | None:
    """A number with full stops or with commas, but not both; ``has_other``: spaces or apostrophes group it."""
    if plain.count(point) > 1:
        return _joined(plain, "")
    if has_other or point == separators.decimal:
        return _joined(plain, point)
    grouped = _joined(plain, "")
    if point == separators.group:
        return grouped if grouped is not None else _joined(plain, point)
    return _joined(plain, point) if grouped is None else None


def _joined(plain: str, decimal: str) -> Fraction | None:
    """The number whose decimals follow ``decimal`` ("" for none) and whose other marks separate groups."""
    whole, _, rest = plain.partition(decimal) if decimal else (plain, "", "")
    if decimal and not re.fullmatch(r"\d+", rest):
        return None
    groups = re.split(r"[^\d]", whole)
    if len(groups) > 1 and not _are_groups(groups):
        return None
    return Fraction("".join(groups) + (f".{rest}" if rest else ""))


def _are_groups(groups: list[str]) -> bool:
    """Whether digits are grouped by thousands, or as in India by hundreds above a thousand."""
    first, *middle, last = groups
    if len(last) != 3 or not 1 <= len(first) <= 3 or first.startswith("0"):
        return False
    in_thousands = all(len(group) == 3 for group in middle)
    in_hundreds = len(first) <= 2 and bool(middle) and all(len(group) == 2 for group in middle)
    return in_thousands or in_hundreds


def decimal_text(number: Fraction) -> str:
    """A number as RDF writes it, exact: an integer, a decimal, or a fraction that no decimal equals.

    >>> decimal_text(Fraction("2500000.50")), decimal_text(Fraction(1, 3))
    ('2500000.5', '1/3')
    """
    power = number.denominator
    for prime in (2, 5):
        while power % prime == 0:
            power //= prime
    if power != 1:
        return f"{number.numerator}/{number.denominator}"
    digits = len(str(number.denominator)) * 4
    scaled = number * 10**digits
    sign, text = "-" if scaled < 0 else "", f"{abs(scaled.numerator):0{digits + 1}d}"
    return (sign + f"{text[:-digits]}.{text[-digits:]}".rstrip("0")).rstrip(".")
