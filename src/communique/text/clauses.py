"""Whether words are cut out of a clause: a headline is a whole line, or all of what a mark sets apart in it."""

from __future__ import annotations

import re
from typing import Final

from communique.text.passages import Span

_LONG: Final = 250
"""Characters from which on words may end within a clause: a paragraph is no headline, only its beginning can be one."""
_REACH: Final = 12  # characters on both sides that are looked at
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
