"""What stands between quotation marks: pairs of all styles, nested ones and those that go on in the next line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from communique.text.passages import Span

_CLOSES: Final = {
    "“": "”", "„": "“”", "«": "»", "»": "«", "‹": "›", "›": "‹", "‘": "’", "‚": "‘’", "「": "」", "『": "』",
    "《": "》",
    "”": "”", '"': '"', "'": "'", "＂": "＂",
}  # fmt: skip
"""The marks that open a quotation, and those that may close it."""

_EITHER: Final = frozenset("\"'＂»›”")
"""Marks that open where a word follows and none precedes; elsewhere they close."""

_APOSTROPHES: Final = frozenset("'’")
"""Marks that stand inside and after words too, where they close nothing."""

_DEEPEST: Final = 8  # open marks, the last ones, that a mark may close
_ALL: Final = frozenset(_CLOSES) | frozenset("".join(_CLOSES.values()))


@lru_cache(maxsize=2)
def quotations_of(text: str) -> tuple[Span, ...]:
    """The stretches between pairs of quotation marks, without the marks, in the order of their ends; linear.

    A mark that is not closed in its line closes with the line, if the next line that says something opens with one.

    >>> text = 'He said: “We call it ‘the dam’,” and left.'
    >>> [text[start:end] for start, end in quotations_of(text)]
    ['the dam', 'We call it ‘the dam’,']
    """
    found: list[Span] = []
    start = 0
    lines = text.split("\n")
    for number, line in enumerate(lines):
        found += _pairs(text, start, start + len(line), _goes_on(lines, number))
        start += len(line) + 1
    return tuple(found)


def with_its_marks(text: str, span: Span) -> Span:
    """A stretch with the quotation marks right beside its ends whose other mark of the pair is inside the stretch.

    >>> text = 'the head of "Works" in Aton'
    >>> span = with_its_marks(text, Span(4, 18))
    >>> text[span.start:span.end], with_its_marks(text, Span(13, 18)) == (13, 18)
    ('head of "Works"', True)
    >>> text = "« Le pont est sûr », dit-elle"
    >>> span = with_its_marks(text, Span(2, 29))
    >>> text[span.start:span.end]
    '« Le pont est sûr », dit-elle'
    """
    before, after = text[max(span.start - 2, 0) : span.start], text[span.end : span.end + 2]
    start, end = span
    if after.lstrip()[:1] in _ALL:
        end = next((z + 1 for a, z in quotations_of(text) if _ends_at(text, z, span.end) and span.start < a), end)
    if before.rstrip()[-1:] in _ALL:
        start = next((a - 1 for a, z in quotations_of(text) if _begins_at(text, a, span.start) and z < span.end), start)
    return Span(start, end)


def _ends_at(text: str, end: int, at: int) -> bool:
    """Whether a quotation ends at an offset, perhaps with a space before its mark as in French."""
    return end == at or (end == at + 1 and text[at].isspace())


def _begins_at(text: str, start: int, at: int) -> bool:
    return start == at or (start == at - 1 and text[start].isspace())


def _goes_on(lines: list[str], number: int) -> str:
    """The mark that the next line with words begins with; "" if it begins with none."""
    following = next((line.lstrip() for line in lines[number + 1 : number + 4] if line.strip()), "")
    return following[:1] if following[:1] in _CLOSES else ""


def _pairs(text: str, start: int, end: int, goes_on: str) -> Iterator[Span]:
    opened: list[int] = []
    for at in range(start, end):
        mark = text[at]
        if mark not in _ALL:
            continue
        last = len(opened) - 1
        depths = range(last, max(last - _DEEPEST, -1), -1)
        closes = next((k for k in depths if mark in _CLOSES[text[opened[k]]]), None)
        if closes is not None and _can_close(text, at, start, end):
            yield Span(opened[closes] + 1, at)
            del opened[closes:]
        elif mark in _CLOSES and _can_open(text, at, start, end):
            opened.append(at)
    if goes_on and opened and text[opened[0]] == goes_on:
        yield Span(opened[0] + 1, end)


def _can_open(text: str, at: int, start: int, end: int) -> bool:
    """Whether a mark stands before a word, and, if it may close too, after none."""
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    if text[at] not in _EITHER:
        return True
    return not after.isspace() and not before.isalnum() and before not in ".,!?"


def _can_close(text: str, at: int, start: int, end: int) -> bool:
    """Whether a mark stands after something, and is no apostrophe inside a word."""
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    if text[at] in _APOSTROPHES:
        return not after.isalnum() and not before.isspace()
    return not (text[at] in _EITHER and before.isspace() and after.isalnum())
