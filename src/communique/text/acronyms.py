"""Acronyms that a text itself explains: in brackets after the full name, or before the full name in brackets."""

from __future__ import annotations

import re
from typing import Final

from communique.text.passages import Span

_LONGEST: Final = 12
_WINDOW: Final = 40  # characters beside a name that are looked at
_AFTER: Final = re.compile(r"[^\S\r\n]?[(（]([^()（）\r\n]{2,36})[)）]")
_BEFORE: Final = re.compile(r"(?<![^\W_])([^\W_][^\W_-]{1,11})[^\S\r\n]?[(（][\"'“„«‘]?$")
_LAST_WORD: Final = re.compile(r"([^\W_][^\W_-]*)[\"'”“»’]?\s*$")


def acronym_beside(text: str, span: Span) -> str | None:
    """The acronym that a text gives for the name at a span; None if there is none, or none that can be of this name.

    >>> text = "the Sample Union of Testers (hereinafter “SUT”)"
    >>> acronym_beside(text, Span(4, 27))
    'SUT'
    """
    name = text[span.start : span.end]
    after = _AFTER.match(text, span.end, span.end + _WINDOW)
    if after is not None:
        last = _LAST_WORD.search(after[1])
        if last is not None and is_acronym_of(last[1], name):
            return last[1]
    before = _BEFORE.search(text, max(span.start - _WINDOW, 0), span.start)
    if before is not None and text[span.end : span.end + 2].lstrip("\"'”“»’")[:1] in (")", "）"):
        return before[1] if is_acronym_of(before[1], name) else None
    return None


def is_acronym_of(acronym: str, name: str) -> bool:
    """Whether an acronym can be that of a name: its letters stand in it in order, the first begins a word.

    At least half of them must begin words.

    >>> is_acronym_of("SUT", "Sample Union of Testers"), is_acronym_of("UK", "Jo Sample")
    (True, False)
    """
    letters = [c for c in acronym.lower() if c.isalnum()]
    capitals = sum(map(str.isupper, acronym))
    if not 2 <= len(letters) <= _LONGEST or capitals * 2 <= len(letters):
        return False
    words = re.findall(r"[^\W_]+", name.lower())
    initials = "".join(word[0] for word in words)
    return (
        letters[0] in initials
        and _in_order(letters, "".join(words))
        and sum(letter in initials for letter in letters) * 2 >= len(letters)
    )


def _in_order(letters: list[str], text: str) -> bool:
    at = 0
    for letter in letters:
        at = text.find(letter, at) + 1
        if at == 0:
            return False
    return True
