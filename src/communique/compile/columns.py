"""The columns of a table that a text has in lines: which year stands over a number."""

from __future__ import annotations

from collections.abc import Iterable

from communique.compile.reading import Reading
from communique.text.numbers import Quantity, quantities_of
from communique.text.passages import Span


def year_above(reading: Reading, quotes: Iterable[tuple[int, int]], quantity: Quantity, year: str) -> Span | None:
    """The year in a quoted line of years that heads the column of a number; None if another year heads it.

    The line of years has as many of them as the line of the number has numbers.
    """
    row = _numbers(reading, quantity.core.start)
    column = next((k for k, one in enumerate(row) if one.core == quantity.core), None)
    if column is None:
        return None
    for start, end in quotes:
        years = _numbers(reading, start)
        fits = len(years) == len(row) and is_of_years(years) and years[column].value == year
        if fits and start <= years[column].core.start and years[column].core.end <= end:
            return Span(*years[column].core)
    return None


def is_of_years(quantities: Iterable[Quantity]) -> bool:
    """Whether all numbers are years, such as those over the columns of a table."""
    return all(one.is_year for one in quantities)


def _numbers(reading: Reading, offset: int) -> list[Quantity]:
    """The numbers of the line at an offset."""
    source = reading.source
    start, end = source.rfind("\n", 0, offset) + 1, source.find("\n", offset)
    return list(quantities_of(source, reading.language).within(start, end if end >= 0 else len(source)))
