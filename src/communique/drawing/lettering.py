"""Text inside a picture: which characters are drawn, the greatest width of a text, and line breaks.

Readers have different fonts, so widths are those of the widest fonts in common use; narrower ones leave some space.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from typing import Final

_LETTERS_OF_WIDTH: Final = {
    0.30: "'ijlії",
    0.34: "IІЇ ,./:;\\|’‘",
    0.37: "-f",
    0.42: "!()[]rt",
    0.46: '"',
    0.53: "*J`s“”",
    0.55: "zгзэґє",
    0.56: "?L_cс–",
    0.61: "kvxyвтухчьяғұү",
    0.62: "FTaeoГТабекоёәқөҰҮҐ«»",
    0.66: "$0123456789bdghnpqu{}ЗУийлнпрһ",
    0.69: "AEKPSVYАЕРцЁңҒ",
    0.71: "BXZБВКХЧЬдъҚҺ",
    0.74: "CRUСЭЯЄ",
    0.78: "DHNИЙЛНПмҢ",
    0.79: "&GOQДОЦыӘӨ",
    0.85: "#+<=>^w~Ъю",
    0.87: "Фф",
    0.91: "MМЫж",
    0.92: "ш",
    0.96: "%щ",
    0.99: "Wm",
    1.02: "@—…",
    1.10: "ЖШЩЮ№",
}
_WIDTHS: Final = {letter: width for width, letters in _LETTERS_OF_WIDTH.items() for letter in letters}
"""Advance widths in em, rounded up, of the most common letters; those of others are estimated."""

_SMALL_MARKS: Final = range(0x300, 0x370)
_UNDRAWABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufff9-\uffff]")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.\-]*:", re.IGNORECASE)
_SAFE: Final = ("http:", "https:")
_JOINING: Final = ("M", "Cf", "Sk")
_SPACES: Final = re.compile(r"[ \t\n\r\f\v\u2028\u2029]+")


def drawable(text: str) -> str:
    """The text on one line with single spaces; control characters and those not allowed in XML become U+FFFD.

    Bidirectional overrides and isolates count as controls: they could make one label look like another.

    >>> drawable("Sana\\n  Sezim")
    'Sana Sezim'
    """
    return _UNDRAWABLE.sub("\N{REPLACEMENT CHARACTER}", _SPACES.sub(" ", text).strip(" "))


def may_be_linked(address: str) -> bool:
    """Whether an address is relative or has the scheme http or https; a browser executes some others as scripts."""
    scheme = _SCHEME.match(drawable(address))
    return scheme is None or scheme[0].lower() in _SAFE


def href_attribute(address: str) -> str:
    """The attribute ``href`` for an address that `may_be_linked`; else "".

    >>> href_attribute("../org/iom/"), href_attribute("javascript:alert(1)")
    (' href="../org/iom/"', '')
    """
    return f' href="{escape(address)}"' if may_be_linked(address) else ""


def measure(text: str) -> float:
    """The width of a text in em, never less than in the fonts in which pages are shown.

    >>> measure("Қазақстан") > measure("stan")
    True
    """
    return sum(map(_width, text))


@lru_cache(maxsize=4096)
def _width(letter: str) -> float:
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    kind, code = unicodedata.category(letter), ord(letter)
    if kind == "Cf" or code in _SMALL_MARKS or 0xFE00 <= code <= 0xFE0F:
        return 0.0
    base = unicodedata.normalize("NFD", letter)[0]
    if base != letter and base in _WIDTHS:
        return _WIDTHS[base] + 0.1
    if kind == "So" or code > 0x1F000:
        return 1.4
    if unicodedata.east_asian_width(letter) in "WF" or kind in ("Lu", "Co", "Cn", "Cs"):
        return 1.2
    if 0x600 <= code < 0x780 or 0x500 <= code < 0x530:  # Arabic; rare Cyrillic letters, which few fonts have
        return 1.25
    return 0.8 if kind.startswith("M") or 0x590 <= code < 0x600 else 1.1


def wrap(text: str, letters: int, width: float, lines: int) -> tuple[list[str], bool]:
    """The text broken at spaces into at most ``lines`` lines, and whether some of it was replaced by "…".

    A line has at most ``letters`` code points and ``width`` em; a longer word is broken inside.

    >>> wrap("International Organization for Migration", 28, 16, 6)
    (['International Organization', 'for Migration'], False)
    >>> wrap("a b c d e f", 3, 16, 2)
    (['a b', 'c…'], True)
    """
    found = list(_lines(drawable(text), letters, width))
    if len(found) <= lines:
        return found, False
    last = found[lines - 1]
    while last and (len(last) >= letters or measure(last) > width - 1.02):
        last = _without_last_word(last)
    return [*found[: lines - 1], last.rstrip() + "…"], True


def _lines(text: str, letters: int, width: float) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if _fits(longer, letters, width):
            line = longer
            continue
        if line:
            yield line
        *full, line = _pieces(word, letters, width)
        yield from full
    if line:
        yield line


def _fits(text: str, letters: int, width: float) -> bool:
    return len(text) <= letters and measure(text) <= width


def _pieces(word: str, letters: int, width: float) -> Iterator[str]:
    """A word cut into pieces of a line each.

    Marks stay with the letter that they combine with, up to twice the length of a line.
    """
    piece, used = "", 0.0
    for letter in word:
        wide = _width(letter)
        full = len(piece) >= letters or used + wide > width
        if piece and full and (not unicodedata.category(letter).startswith(_JOINING) or len(piece) > 2 * letters):
            yield piece
            piece, used = "", 0.0
        piece, used = piece + letter, used + wide
    yield piece


def _without_last_word(text: str) -> str:
    """A text without its last word, or without its last letter if it has only one word."""
    head, _, _ = text.rpartition(" ")
    return head or text[:-1]


def markup(text: str) -> str:
    """A text escaped for SVG or HTML, with only what is `drawable`."""
    return escape(drawable(text), quote=False)
