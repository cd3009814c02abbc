"""Tables that a text has in lines: a number takes the unit and the period that stand in the header above it.

Million euros  Q2 2024  Q2 2023
Revenue        214.6    200.0
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache, lru_cache
from typing import Final, NamedTuple

from communique.text.numbers import Amount, Quantity, quantities_of, read_amount
from communique.text.numerals import decimal_text
from communique.text.passages import Span
from communique.text.tables import table
from communique.text.tokens import lower_case
from communique.text.yearparts import dates_and_parts_of

_GAP: Final = re.compile(r"[ \u00a0]{2,}|[ \u00a0]*[\t|][ \u00a0\t|]*")
_SIGN: Final = re.compile(r"([€$£¥₽₸]|[A-Z]{3}) (\w+)")
_OWN_UNIT: Final = re.compile(r"[%‰€$£₽₸]|\([^()]*\)")
_LONGEST: Final = 400  # characters of a row on both sides of a number
_MOST_ROWS: Final = 60


class _Text(NamedTuple):
    source: str
    language: str


class TableCell(NamedTuple):
    """The words beside a number of a table and those above it (offsets), with the unit and periods that they say.

    ``dates`` are the ways in which its period can be written; none if the row has a date of its own.
    """

    label: Span
    unit: Amount | None
    unit_words: Span
    dates: tuple[str, ...]
    period: Span

    def passages(self, number: Span) -> list[Span]:
        """The words of the row up to a number, and those of the header up to its column."""
        first = self.unit_words if self.unit is not None else self.period
        return [Span(self.label.start, number.end), Span(first.start, self.period.end)]


@lru_cache(maxsize=1 << 8)
def cell_of(source: str, language: str, quantity: Quantity) -> TableCell | None:
    """The cell of a number; None if it stands in no row of a table with a header that fits."""
    reading = _Text(source, language)
    row = _row(source, quantity.core.start)
    at = next((k for k, one in enumerate(row) if one.start <= quantity.core.start and quantity.core.end <= one.end), 0)
    if at == 0 or not _is_row(reading, row):
        return None
    for line in _lines_above(reading.source, row[0].start):
        header = _row(reading.source, line)
        if len(header) == len(row) - 1 and all(_dates(reading, one) for one in header):
            header = [Span(header[0].start, header[0].start), *header]
        if len(header) != len(row):
            return None
        if all(_dates(reading, one) for one in header[1:]):
            return _cell(reading, row[0], corner=header[0], head=header[at])
        if not _is_row(reading, header):
            return None
    return None


def header_of(source: str, cell: TableCell) -> Span:
    """The line of the header of a cell."""
    end = source.find("\n", cell.period.end)
    return Span(source.rfind("\n", 0, cell.period.start) + 1, end if end >= 0 else len(source))


def in_column(quantity: Quantity, cell: TableCell) -> Quantity:
    """A number of a table with the unit and multiplier of its header, unless it has its own."""
    if cell.unit is None or quantity.unit_kind in ("currency", "percent"):
        return quantity
    scaled = decimal_text(Fraction(quantity.value) * Fraction(cell.unit.value))
    return quantity._replace(value=scaled, unit_kind=cell.unit.unit_kind, unit=cell.unit.unit)


def _cell(reading: _Text, label: Span, *, corner: Span, head: Span) -> TableCell:
    source = reading.source
    words = lower_case(source[slice(*label)])
    counted = table("owners", reading.language).get("counted", ())
    has_own = _OWN_UNIT.search(words) or any(word.startswith(tuple(counted)) for word in re.findall(r"\w+", words))
    unit = None if has_own else _unit(source[slice(*corner)], reading.language)
    dates = () if re.search(r"\d", words) else _dates(reading, head)
    return TableCell(label, unit, corner, dates, head)


def _row(source: str, offset: int) -> list[Span]:
    """The cells of the line at an offset: what stands between wide gaps, tabs or strokes."""
    low, high = max(0, offset - _LONGEST), min(len(source), offset + _LONGEST)
    start, end = source.rfind("\n", low, offset) + 1 or low, source.find("\n", offset, high)
    end = end if end >= 0 else high
    cells, at = [], start
    for gap in (*_GAP.finditer(source, start, end), None):
        stop = gap.start() if gap is not None else end
        if source[at:stop].strip():
            cells.append(Span(at, stop))
        at = gap.end() if gap is not None else end
    return cells


def _lines_above(source: str, offset: int) -> Iterator[int]:
    """The beginnings of the lines above a row, up to an empty one."""
    for _ in range(_MOST_ROWS):
        start = source.rfind("\n", 0, offset) + 1
        if not start:
            return
        offset = source.rfind("\n", 0, start - 1) + 1
        if not source[offset : start - 1].strip():
            return
        yield offset


def _is_row(reading: _Text, cells: list[Span]) -> bool:
    """Whether the first of some cells has words, and each of the others is one number."""
    if len(cells) < 2 or not re.search(r"[^\W\d_]", reading.source[slice(*cells[0])]):
        return False
    return all(_is_number(reading, one) for one in cells[1:])


def _is_number(reading: _Text, cell: Span) -> bool:
    found = list(quantities_of(reading.source, reading.language).within(*cell))
    is_empty = not reading.source[slice(*cell)].strip(" -–—")
    return is_empty or (len(found) == 1 and found[0].core.start - cell.start <= 1)


def _dates(reading: _Text, cell: Span) -> tuple[str, ...]:
    """The ways to write the period that a cell of a header is, as a whole; none if it is no period."""
    found = [d for d in dates_and_parts_of(reading.source, reading.language).within(*cell) if d.span[:2] == cell[:2]]
    return tuple(d.date for d in found)


@cache
def _unit(words: str, language: str) -> Amount | None:
    """The unit and multiplier that the corner of a table says: "million euros", "€ million", "in %"."""
    leads = table("owners", language).get("in", ())
    first, _, rest = words.strip(" ()").partition(" ")
    said = rest if lower_case(first) in leads else words.strip(" ()")
    ways = [f"1 {said}", _SIGN.sub(r"\g<1>1 \g<2>", said)]
    for way in ways:
        amount = read_amount(way, language)
        if amount.unit_kind in ("currency", "percent") and amount.value:
            return amount
    return None
