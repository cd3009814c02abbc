"""Text as it stands in XML 1.0: which characters XML has no way to write, and how the others are escaped."""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import escape, quoteattr

ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no document may hold, not even as a reference (XML 1.0, section 2.2)."""


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
    return escape(text, {"\r": "&#13;"})


def attribute(text: str) -> str:
    """A text as the value of an attribute, with its quotation marks.

    >>> attribute("http://example.org/?a&b"), attribute('say "a"')
    ('"http://example.org/?a&amp;b"', '\\'say "a"\\'')
    """
    return quoteattr(text)
