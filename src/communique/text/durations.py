"""Durations in words of a language: "90 minutes", "1 hour 30 minutes" and "three days" say a duration of XML Schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from communique.text.cardinals import cardinals

if TYPE_CHECKING:
    from babel import Locale

_DURATION: Final = re.compile(
    "P(?:([0-9]{1,6})Y)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6})D)?(?:T(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6})S)?)?"
)
_SECONDS: Final = {"week": 604_800, "day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
_MONTHS: Final = {"year": 12, "month": 1}
_SPELLED: Final = 100
"""The largest number that is looked for in words."""


@lru_cache(maxsize=1 << 8)
def durations(literal: str, language: str) -> tuple[str, ...]:
    """The ways to write a duration (XML Schema, part 2, 3.2.6) in a language (a BCP 47 tag); none if it is no duration.

    Each is a number and one unit, in digits or in words, or all units of the literal in digits, one after the other.
    The words for units are those of Unicode CLDR.

    >>> durations("PT1H30M", "en")
    ('90 minutes', 'ninety minutes', '5400 seconds', '1 hour 30 minutes')
    """
    match = _DURATION.fullmatch(literal)
    locale = _locale(language)
    if match is None or not any(match.groups()) or locale is None:
        return ()
    years, months, days, hours, minutes, seconds = (int(number or 0) for number in match.groups())
    month_count = 12 * years + months
    second_count = 86_400 * days + 3_600 * hours + 60 * minutes + seconds
    units = {} if month_count and second_count else _SECONDS if second_count else _MONTHS
    total = second_count or month_count
    ways = [(total // size, unit) for unit, size in units.items() if total % size == 0 and total // size]
    parts = zip(
        (years, months, days, hours, minutes, seconds),
        ("year", "month", "day", "hour", "minute", "second"),
        strict=True,
    )
    single = (text for number, unit in ways for text in _of_unit(number, unit, locale, language))
    in_parts = " ".join(_in_digits(number, unit, locale) for number, unit in parts if number)
    return tuple(dict.fromkeys(filter(None, (*single, in_parts))))


def _in_digits(number: int, unit: str, locale: Locale) -> str:
    from babel.units import format_unit  # babel takes long to import, and few records have durations

    return format_unit(number, f"duration-{unit}", "long", format="0", locale=locale)


def _of_unit(number: int, unit: str, locale: Locale, language: str) -> Iterator[str]:
    """A number of one unit in digits and in words."""
    text, digits = _in_digits(number, unit, locale), str(number)
    yield text
    if digits in text and number <= _SPELLED:
        yield from (text.replace(digits, word) for word in sorted(cardinals(number, language)))


def _locale(language: str) -> Locale | None:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language.split("-", maxsplit=1)[0])
    except (UnknownLocaleError, ValueError):
        return None
