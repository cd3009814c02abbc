"""Whether words are cut out of a clause: a headline is a whole line, or all of what a mark sets apart in it."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from communique.text.passages import Span

_LONG: Final = 250
"""Characters from which on words may end within a clause: a paragraph is no headline, only its beginning can be one."""
_REACH: Final = 12  # characters on both sides that are looked at
_LONGEST_ASIDE: Final = 120  # characters from its first comma to the last name in it
_WORD: Final = re.compile(r"\w+")
_BEFORE: Final = re.compile(r"(?:\w[\"”»’']?|[,،、])[^\S\n]*\Z")
_AFTER: Final = re.compile(r"[^\S\n]*[\"“„«‘]?\w")


def is_cut_line(text: str, span: Span) -> bool:
    """Whether words begin or end within a clause of their line, or begin after a comma in it.

    >>> text = "Court: Ban on music in Oldport void"
    >>> is_cut_line(text, Span(0, 19)), is_cut_line(text, Span(7, 35)), is_cut_line(text, Span(0, 5))
    (True, False, False)
    >>> text = "Seminar on salt, Oldport, 3 May"
    >>> is_cut_line(text, Span(0, 15)), is_cut_line(text, Span(17, 31))
    (False, True)
    """
    line = text.rfind("\n", 0, span.start) + 1
    before = text[max(line, span.start - _REACH) : span.start]
    if _BEFORE.search(before) is not None:
        return True
    after = text[span.end : span.end + _REACH]
    return span.end - span.start < _LONG and _AFTER.match(after) is not None


def is_aside(text: str, outer_end: int, start: int, end: int, relatives: Collection[str] = ()) -> bool:
    """Whether words from ``start`` to ``end`` close an aside in commas on what ends at ``outer_end``, before them.

    What follows the aside is said of that, not of the words inside it. A row of names is no aside, and ``relatives``
    are words ("who") that go on with the words before the comma.

    >>> text = "Dam Works, listed in Mockton, makes pumps"
    >>> is_aside(text, 9, 21, 28), is_aside("Ada, Jo, and Max", 3, 5, 7)
    (True, False)
    """
    between = text[outer_end:start]
    if end <= start or outer_end >= start or not between.startswith(",") or not text.startswith(",", end):
        return False
    following = _WORD.search(text, end)
    if following is not None and following.group().lower() in relatives:
        return False
    return len(between) <= _LONGEST_ASIDE and "." not in between and len(_WORD.findall(between)) > 1
