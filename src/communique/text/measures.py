"""Units of measurement after a number: "40 MWh", "40 megawatt hours" and "40 Megawattstunden" give the same one."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from communique.text.tables import table

_GAP: Final = re.compile(r"[ \u00a0\u202f-]?")
_WORDS: Final = re.compile(r"\w[^\WA-ZА-ЯҚӘҒҢӨҰҮҺІ]*(?:[ .-]{1,2}\w[^\WA-ZА-ЯҚӘҒҢӨҰҮҺІ]*)*\.?")
_LONGEST_SYMBOL: Final = 3  # letters
_LETTER: Final = re.compile(r"[\w²³]")


def measure_after(text: str, offset: int, language: str) -> tuple[str, int]:
    """The unit of measurement directly after an offset, by its English name, and where its words end.

    The longest words count; symbols such as "MW" keep their case. ("", ``offset``) if there is no unit.

    >>> measure_after("40 MWh of heat", 2, "en"), measure_after("8 Quadratmeter", 1, "de")
    (('megawatt-hour', 6), ('square metre', 14))
    >>> measure_after("40 mWh", 2, "en"), measure_after("40 people", 2, "en")
    (('', 2), ('', 2))
    """
    gap = _GAP.match(text, offset)
    hit = _pattern(language).match(text, gap.end() if gap is not None else offset)
    if hit is None or _LETTER.match(text, hit.end()):
        return "", offset
    words = hit.group()
    names = _names(language)
    return names.get(words) or names[words.lower()], hit.end()


def measure_of(words: str, language: str) -> str:
    """The unit of measurement that some words begin with, in a language or in English; "" if they begin with none.

    >>> measure_of("tonnes of flour", "en"), measure_of("MWh", "de"), measure_of("mWh", "de")
    ('tonne', 'megawatt-hour', '')
    """
    return measure_after(words, 0, language)[0] or measure_after(words, 0, "en")[0]


@cache
def _names(language: str) -> dict[str, str]:
    """The units by their words, in lower case, and by their symbols."""
    tables = (table("measures", "any"), table("measures", language))
    named = [(word, name) for one in tables for name, words in one.items() for word in words]
    return {word.lower() if _is_word(word) else word: name for word, name in named}


def _is_word(written: str) -> bool:
    """Whether a unit is written in words, whose capitals do not matter; else it is a symbol."""
    return _WORDS.fullmatch(written) is not None and len(written) > _LONGEST_SYMBOL


@cache
def _pattern(language: str) -> re.Pattern[str]:
    names = sorted(_names(language), key=len, reverse=True)
    ways = (f"(?i:{re.escape(name)})" if _is_word(name) else re.escape(name) for name in names)
    return re.compile("|".join(ways))
