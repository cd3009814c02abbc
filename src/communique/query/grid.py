"""Lays out text in columns for a terminal, row by row, without holding the whole output in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

GAP = 2
"""Spaces between two columns."""

Cells = Sequence[str]


def lay_out(heads: Cells, rows: Callable[[], Iterable[Cells]], width: int) -> Iterator[str]:
    """Lines of a table no wider than ``width`` cells of a terminal; long values are wrapped, not cut off.

    ``rows`` is called twice and gives all rows each time: once to measure them, once to show them.

    >>> for line in lay_out(("a", "words"), lambda: [("1", "some words"), ("2", "x")], 9):
    ...     print(line)
    a  words
    1  some
       words
    2  x
    """
    widest = [_widest(head) for head in heads]
    for row in rows():
        for column, text in enumerate(row):
            widest[column] = max(widest[column], _widest(text))
    widths = shrink(widest, width - GAP * (len(heads) - 1))
    yield from _lines(heads, widths)
    for row in rows():
        yield from _lines(row, widths)


def lay_out_below(heads: Cells, rows: Iterable[Cells], width: int) -> Iterator[str]:
    """Lines with the values of a row one below the other, for tables whose columns do not fit side by side."""
    margin = max(map(_widest, heads), default=0)
    for row in rows:
        for head, text in zip(heads, row, strict=True):
            if text:
                yield from _lines((head, text), (margin, max(width - margin - GAP, 1)))
        yield ""


def shrink(widest: Sequence[int], width: int) -> list[int]:
    """Widths of columns that together fit into ``width``: the widest shrink first, to the same width.

    The gap after a column counts as part of it.

    >>> shrink([3, 30, 40], 43), shrink([3, 4], 43)
    ([3, 19, 21], [3, 4])
    """
    padded = [wide + GAP for wide in widest[:-1]] + list(widest[-1:])
    room = width + GAP * (len(widest) - 1)
    if sum(padded) <= room:
        return list(widest)
    low, high = 1, max(padded)
    while low < high:  # find the greatest width at which all columns fit
        middle = (low + high + 1) // 2
        low, high = (middle, high) if sum(min(wide, middle) for wide in padded) <= room else (low, middle - 1)
    spare = room - sum(min(wide, low) for wide in padded)
    given = []
    for wide in padded:
        extra = 1 if wide > low and spare > 0 else 0
        spare -= extra
        given.append(min(wide, low) + extra)
    return [max(wide - GAP, 1) for wide in given[:-1]] + [max(wide, 1) for wide in given[-1:]]


def _lines(row: Cells, widths: Sequence[int]) -> Iterator[str]:
    wrapped = [wrap(text, width) for text, width in zip(row, widths, strict=True)]
    for number in range(max(map(len, wrapped), default=0)):
        parts = []
        for lines, width in zip(wrapped, widths, strict=True):
            text = lines[number] if number < len(lines) else ""
            parts.append(text + " " * (width - _size(text)))
        yield (" " * GAP).join(parts).rstrip()


def wrap(text: str, width: int) -> list[str]:
    """The text in lines no wider than ``width``: broken between words, and within a word only if it is wider.

    >>> wrap("one two\\nthree", 5)
    ['one', 'two', 'three']
    """
    if "\n" not in text and _size(text) <= width:
        return [text]
    return [line for part in text.split("\n") for line in _wrap_line(part, width)]


def _wrap_line(text: str, width: int) -> list[str]:
    lines, line, used = [], "", 0
    for word in text.split(" "):
        size = _size(word)
        room = width - used - (1 if line else 0)
        if size <= room or not line:
            line, used = (f"{line} {word}", used + 1 + size) if line else (word, size)
        else:
            lines.append(line)
            line, used = word, size
        if used > width:  # one word, wider than a line
            *whole, line = _chop(line, width)
            lines += whole
            used = _size(line)
    return [*lines, line]


def _chop(word: str, width: int) -> list[str]:
    from rich.cells import get_character_cell_size

    parts, begin, used = [], 0, 0
    for at, letter in enumerate(word):
        size = get_character_cell_size(letter)
        if used + size > width and at > begin:
            parts.append(word[begin:at])
            begin, used = at, 0
        used += size
    return [*parts, word[begin:]]


def _widest(text: str) -> int:
    return _size(text) if "\n" not in text else max(map(_size, text.split("\n")))


def _size(text: str) -> int:
    """How many cells of a terminal a text takes: two for a Chinese character, none for a combining accent."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # only what is not ASCII needs its tables

    return cell_len(text)
