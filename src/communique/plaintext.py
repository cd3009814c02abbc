"""Decoding of text files: UTF-8, without byte order mark, with LF as line end."""

from __future__ import annotations

import codecs
import re
from typing import Final

_BREAK: Final = re.compile("\r\n?")


def without_bom(data: bytes) -> bytes:
    """The bytes of a UTF-8 text without byte order marks at its beginning, however many there are."""
    begin = 0
    while data.startswith(codecs.BOM_UTF8, begin):
        begin += len(codecs.BOM_UTF8)
    return data[begin:]


def with_line_feeds(text: str) -> str:
    r"""A text with LF as line end in place of CR LF and CR; applying it twice changes nothing more.

    >>> with_line_feeds("a\r\nb\rc\n")
    'a\nb\nc\n'
    """
    return _BREAK.sub("\n", text) if "\r" in text else text


def decode(data: bytes) -> str:
    """The text of the bytes of a file. Raises UnicodeDecodeError if they are not UTF-8."""
    return with_line_feeds(without_bom(data).decode("utf-8"))


def is_text(text: str) -> bool:
    r"""Whether what the system gave as text can be written as UTF-8: Python holds other bytes as lone surrogates.

    >>> is_text("Ж"), is_text("\udcff")
    (True, False)
    """
    return text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text)
