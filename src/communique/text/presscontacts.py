"""Whom a release names for questions: the numbers and addresses in its last lines, and the names right before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from communique.text.openings import lines_of
from communique.text.passages import Span
from communique.text.phones import phones_in
from communique.text.webaddresses import plain_address

_LAST_LINES: Final = 8
_LONGEST: Final = 300  # characters of a line
_MOST_WORDS: Final = 4  # of a name
_PHONE: Final = re.compile(r"\+[ ()-]*[1-9](?:[ ()-]*[0-9]){6,14}")
_PARTS: Final = re.compile(r"[^;]+")
_PIECES: Final = re.compile(r"[^,:()|–—]+")
_WORDS: Final = re.compile(r"\S+")
_AROUND: Final = "<>()[],;:.*_\"'"


class PressContact(NamedTuple):
    """The words for the name, the number and the address of a contact; "" for those that the text does not give."""

    name: str
    telephone: str
    email: str


def press_contacts(text: str) -> list[PressContact]:
    """The contacts in the last lines of a text, each from one line or from one part of it before a semicolon.

    Numbers without the code of their country are left out. A name is words with capital letters alone, and is left out
    where there are several, of which one may be a title.

    >>> line = "Press: Jo Sample (media), jo@works.example; Ada Examplova, ada@works.example"
    >>> [(one.name, one.email) for one in press_contacts(line)]
    [('Jo Sample', 'jo@works.example'), ('Ada Examplova', 'ada@works.example')]
    """
    found: list[PressContact] = []
    for line in list(lines_of(text))[-_LAST_LINES:]:
        if line.end - line.start <= _LONGEST:
            for part in _PARTS.finditer(text, line.start, line.end):
                found += _contact(text, Span(*part.span()))
    return found


def _contact(text: str, part: Span) -> Iterator[PressContact]:
    phones = [p.span for p in phones_in(text, *part) if _PHONE.fullmatch(text[slice(*p.span)])]
    emails = [span for span in _words(text, part) if _is_email(text[slice(*span)])]
    if len(phones) > 1 or len(emails) > 1 or not (phones or emails):
        return
    before = Span(part.start, min(span.start for span in (*phones, *emails)))
    names = [piece.group().strip() for piece in _PIECES.finditer(text, *before) if _is_name_at(text, *piece.span())]
    telephone, email = (next((text[slice(*span)] for span in spans), "") for spans in (phones, emails))
    yield PressContact(names[0] if len(names) == 1 else "", telephone, email)


def _words(text: str, part: Span) -> Iterator[Span]:
    """The words of a stretch without the signs around them."""
    for hit in _WORDS.finditer(text, *part):
        word = hit.group().lstrip(_AROUND)
        start = hit.end() - len(word)
        yield Span(start, start + len(word.rstrip(_AROUND)))


def _is_email(word: str) -> bool:
    return "@" in word and ":" not in word and plain_address(word) != ""


def _is_name_at(text: str, start: int, end: int) -> bool:
    """Whether a piece is a name: no label before a colon, and not in brackets."""
    parts = text[start:end].split()
    if text[end : end + 1] == ":" or text[start - 1 : start] == "(":
        return False
    return 1 < len(parts) <= _MOST_WORDS and all(p[0].isupper() and not any(map(str.isdigit, p)) for p in parts)
