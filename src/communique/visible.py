"""Text from elsewhere as it may be shown on a terminal: what would steer the terminal, or hide, becomes visible.

Words of releases, pages and stores may hold escape sequences that clear the screen, or marks that turn the order of
letters round. Everything that the command line prints passes here; values in files stay as they are.
"""

from __future__ import annotations

import re
from typing import Final

LINES: Final = "\n\t"
"""What a text of several lines keeps."""

_STEERING: Final = re.compile(
    "\r\n|["
    "\x00-\x1f\x7f-\x9f"  # control characters (C0 and C1)
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # Unicode Bidirectional Algorithm, table 1
    "\u200b\u2028\u2029\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"  # nothing to be seen, or an end of line
    "\ud800-\udfff"  # halves of characters, which cannot be written
    "\U000e0000-\U000e007f"  # tags: letters that nobody sees
    "]"
)


def visible(text: str, kept: str = LINES) -> str:
    r"""The text with every character that steers a terminal, or that nobody sees, written as its number.

    ``kept`` are those that stay: by default LF and tab, and CR where LF follows. Joiners of letters stay, which
    Persian and emoji need.

    >>> visible("\x1b[2J gone \u202eevil\n")
    '\\x1b[2J gone \\u202eevil\n'
    """
    return _STEERING.sub(lambda found: _shown(found[0], kept), text)


def visible_line(text: str) -> str:
    r"""The same as one line: ends of lines and tabs are written as numbers too.

    >>> visible_line("a\r\n::error::b")
    'a\\x0d\\x0a::error::b'
    """
    return visible(text, "")


def _shown(found: str, kept: str) -> str:
    if found[-1] in kept:
        return found
    return "".join(_number(ord(letter)) for letter in found)


def _number(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
