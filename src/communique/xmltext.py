"""Text as it stands in XML 1.0: which characters XML has no way to write, and how the others are escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no document may hold, not even as a reference (XML 1.0, section 2.2)."""

_TEXT: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_VALUE: Final = {**_TEXT, "\n": "&#10;", "\t": "&#9;"}


def illegal_character(text: str) -> str:
    r"""The first character of a text that XML cannot hold, by its number; "" if there is none.

    >>> illegal_character("page\x0cpage"), illegal_character("Қазақстан\r\n")
    ('U+000C', '')
    """
    found = ILLEGAL.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def content(text: str) -> str:
    r"""A text between two tags; a carriage return is a reference, or readers make a line feed of it (section 2.11).

    >>> content("a < b\r\n")
    'a &lt; b&#13;\n'
    """
    return _escape(text, _TEXT)


def attribute(text: str) -> str:
    """A text as the value of an attribute, with its quotation marks.

    >>> attribute("http://example.org/?a&b"), attribute('say "a"')
    ('"http://example.org/?a&amp;b"', '\\'say "a"\\'')
    """
    value = _escape(text, _VALUE)
    if '"' not in value:
        return f'"{value}"'
    return f"'{value}'" if "'" not in value else '"' + value.replace('"', "&quot;") + '"'


def _escape(text: str, escapes: Mapping[str, str]) -> str:
    """The text with these characters escaped; & comes first. (``xml.sax.saxutils`` would import a client of HTTP.)"""
    for character, escaped in escapes.items():
        text = text.replace(character, escaped)
    return text
