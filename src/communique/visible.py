"""Makes untrusted text safe to print on a terminal: control and invisible characters are written as escapes.

Text from releases, pages and stores may contain escape sequences that clear the screen, or marks that reverse the order
of letters. The command line prints all text through this module; values in files are left unchanged.
"""

from __future__ import annotations

import re
from typing import Final

LINES: Final = "\n\t"
"""Control characters that a text of several lines keeps."""

_UNSAFE: Final = re.compile(
    "\r\n|["
    "\x00-\x1f\x7f-\x9f"  # control characters (C0 and C1)
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # Unicode Bidirectional Algorithm, table 1
    "\u200b\u2028\u2029\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"  # invisible characters and line separators
    "\ud800-\udfff"  # lone surrogates, which cannot be encoded
    "\U000e0000-\U000e007f"  # tags: invisible letters
    "]"
)


def visible(text: str, kept: str = LINES) -> str:
    r"""The text with every control character and invisible character written as an escape with its number.

    ``kept`` are the characters left as they are: by default LF and tab, and CR before LF. Zero-width joiners are left
    too, because Persian and emoji need them.

    >>> visible("\x1b[2J gone \u202eevil\n")
    '\\x1b[2J gone \\u202eevil\n'
    """
    return _UNSAFE.sub(lambda found: _escape(found[0], kept), text)


def visible_line(text: str) -> str:
    r"""The text as one line: line endings and tabs are written as escapes too.

    >>> visible_line("a\r\n::error::b")
    'a\\x0d\\x0a::error::b'
    """
    return visible(text, "")


def _escape(characters: str, kept: str) -> str:
    if characters[-1] in kept:
        return characters
    return "".join(_escape_code(ord(character)) for character in characters)


def _escape_code(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
