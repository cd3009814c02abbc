"""Text as it is read, wherever it comes from: UTF-8 without byte order mark, its lines ended by LF."""

from __future__ import annotations

import codecs
import re
from typing import Final

_BREAK: Final = re.compile("\r\n?")


def without_mark(data: bytes) -> bytes:
    """The bytes of a text in UTF-8 without its byte order marks (all of them: done again it changes nothing)."""
    begin = 0
    while data.startswith(codecs.BOM_UTF8, begin):
        begin += len(codecs.BOM_UTF8)
    return data[begin:]


def with_line_feeds(text: str) -> str:
    r"""A text whose lines end in LF, whether they ended in CR LF or in CR; done again it changes nothing.

    >>> with_line_feeds("a\r\nb\rc\n")
    'a\nb\nc\n'
    """
    return _BREAK.sub("\n", text) if "\r" in text else text


def decode(data: bytes) -> str:
    """The text that bytes hold. Raises UnicodeDecodeError where they are not UTF-8."""
    return with_line_feeds(without_mark(data).decode("utf-8"))
