"""Quarters, halves and seasons of years in a text, as EDTF (ISO 8601-2) writes them: "summer 2027" is 2027-22."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Final

from communique.text.dates import DateMention, Dates, dates_of
from communique.text.passages import Span
from communique.text.tables import table

QUARTERS: Final = {"1": "33", "2": "34", "3": "35", "4": "36"}
HALVES: Final = {"1": "40", "2": "41"}
SEASONS: Final = {"spring": "21", "summer": "22", "autumn": "23", "fall": "23", "winter": "24"}
_NAMES: Final = {
    **{code: f"Q{number}" for number, code in QUARTERS.items()},
    **{code: f"H{number}" for number, code in HALVES.items()},
    **{code: name for name, code in SEASONS.items() if name != "fall"},
}
CODES: Final = tuple(sorted(_NAMES))
"""The sub-year groupings of EDTF that are read: seasons, quarters, halves."""
WINTER: Final = "24"
_WRITTEN: Final = re.compile(r"(\d{4})-(?:(?:Q([1-4])|H([12]))|([a-z]+))", re.ASCII)
_EDTF: Final = re.compile(r"(\d{4})-(2[1-4]|3[3-6]|4[01])", re.ASCII)
_YEAR: Final = re.compile(r"(?<!\d)\d{4}(?!\d)")
_REACH: Final = 50  # characters on both sides of a year
_SPACE: Final = "[ \u00a0\u202f-]"
_LAST_MONTHS: Final = {"33": "03", "34": "06", "35": "09", "36": "12", "40": "06", "41": "12"}


def part_of_year(written: str) -> str:
    """A part of a year as an author writes it, in EDTF; "" if it is none.

    >>> part_of_year("2027-Q3"), part_of_year("2027-H2"), part_of_year("2027-summer"), part_of_year("2027-09")
    ('2027-35', '2027-41', '2027-22', '')
    """
    hit = _WRITTEN.fullmatch(written)
    if hit is None:
        return written if _EDTF.fullmatch(written) else ""
    year, quarter, half, season = hit.groups()
    code = QUARTERS.get(quarter or "") or HALVES.get(half or "") or SEASONS.get(season or "")
    return f"{year}-{code}" if code else ""


def as_written(value: str) -> str:
    """A part of a year in EDTF as an author writes it; anything else as it is.

    >>> as_written("2027-35"), as_written("2027-41"), as_written("2027-22"), as_written("2027-09")
    ('2027-Q3', '2027-H2', '2027-summer', '2027-09')
    """
    if not _EDTF.fullmatch(value):
        return value
    year, _, code = value.partition("-")
    return f"{year}-{_NAMES[code]}"


def end_of_part(part: str) -> str:
    """The last month of a quarter or half of a year; of a season, which differs by hemisphere, only the year.

    >>> end_of_part("2027-35"), end_of_part("2027-22")
    ('2027-09', '2027')
    """
    year, _, code = part.partition("-")
    return f"{year}-{_LAST_MONTHS[code]}" if code in _LAST_MONTHS else year


def is_winter(part: str) -> bool:
    """Whether a part of a year is its winter, which may begin in the year before."""
    return part.endswith("-" + WINTER)


@lru_cache(maxsize=2)
def dates_and_parts_of(text: str, language: str) -> Dates:
    """The dates of a text, with the parts of years that it names; those of the last two texts are cached."""
    return Dates((*dates_of(text, language).all, *parts_of_years(text, language)))


def parts_of_years(text: str, language: str) -> Iterator[DateMention]:
    """The parts of years that a text names in its language (a BCP 47 tag).

    >>> [one.date for one in parts_of_years("in the third quarter of 2027, or summer 2028", "en")]
    ['2027-35', '2028-22']
    """
    pattern, end = _pattern(language), 0
    if pattern is None:
        return
    for year in _YEAR.finditer(text):
        hit = pattern.search(text, max(end, year.start() - _REACH), min(len(text), year.end() + _REACH))
        if hit is None:
            continue
        end = hit.end()
        code = next(name for name, words in hit.groupdict().items() if words and name.startswith("c"))[1:3]
        yield DateMention(f"{hit['year'] or hit['first']}-{code}", Span(*hit.span()))


@cache
def _pattern(language: str) -> re.Pattern[str] | None:
    own = table("yearparts", language)
    if not own:
        return None
    parts = "|".join(f"(?P<c{code}_{k}>{way})" for k, (code, way) in enumerate(_ways(language)))
    year, links = r"\d{4}(?![\w/]|[–-]\d)", _any(own["links"])
    after = f"(?:(?:{_SPACE}(?:{links}))?{_SPACE}|/)" if own["links"] else _SPACE
    later = rf"(?<!\w)(?:{parts}){after}(?P<year>{year})"
    if not own["is_year_first"]:
        return re.compile(f"{later}(?P<first>)", re.IGNORECASE)
    between = f"(?:{_SPACE}(?:{_any(own['after_year'])}))?{_SPACE}"
    return re.compile(rf"(?<![\w/–-])(?P<first>\d{{4}}){between}(?:{parts})(?!\w)(?P<year>)", re.IGNORECASE)


def _ways(language: str) -> Iterator[tuple[str, str]]:
    """The code of each part of a year, and a pattern of the words for it."""
    own = table("yearparts", language)
    for nouns, short, codes in (
        ("quarters", "short_quarters", QUARTERS),
        ("halves", "short_halves", HALVES),
    ):
        for number, code in codes.items():
            yield code, f"(?:{_any(own['ordinals'][number])}){_SPACE}(?:{_any(own[nouns])})"
            if own[short]:
                yield code, f"(?:{_any(own[short])}){number}|{number}(?:{_any(own[short])})"
    for code, words in own["seasons"].items():
        yield code, _any(words)


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
