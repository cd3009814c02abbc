"""The direction in which words are read: that of most of them, or of their language where they have no letters."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import Final

from babel import Locale, UnknownLocaleError

_RIGHT_TO_LEFT: Final = frozenset(("R", "AL"))  # classes of the Unicode bidirectional algorithm (UAX 9)
_STRONG: Final = frozenset(("L", *_RIGHT_TO_LEFT))
_LENGTH_OF_SCRIPT: Final = 4  # letters of a subtag (BCP 47, section 2.2.3)
_SCRIPTS: Final = frozenset(("Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"))
"""The scripts that are written from right to left, for a tag that names its script."""


@cache
def direction_of_language(tag: str) -> str:
    """The direction of a language (Unicode CLDR) as the attribute ``dir`` has it: "rtl", "ltr"; "" if it is not known.

    >>> [direction_of_language(tag) for tag in ("ar", "he-IL", "kk", "kk-Arab", "x-dam")]
    ['rtl', 'rtl', 'ltr', 'rtl', '']
    """
    script = next((part for part in tag.split("-")[1:] if len(part) == _LENGTH_OF_SCRIPT), "")
    if script:
        return "rtl" if script.title() in _SCRIPTS else "ltr"
    try:
        order = Locale.parse(tag, sep="-").character_order
    except (UnknownLocaleError, ValueError):
        return ""
    return "rtl" if order == "right-to-left" else "ltr"


def direction(text: str, language: str = "") -> str:
    """The attribute ``dir`` for some words: "auto" where their first letter shows it, else that of most words.

    A browser reads words as their first letter is read. A name that begins with a foreign acronym goes the other way.

    >>> direction("Bridge opened"), direction("جسر"), direction("UN: افتتاح الجسر الجديد"), direction("2024", "ar")
    ('auto', 'auto', 'rtl', 'rtl')
    """
    strong = [side for word in text.split() if (side := _side(word))]
    if not strong:
        return direction_of_language(language) or "auto"
    right = strong.count("rtl")
    most = strong[0] if 2 * right == len(strong) else "rtl" if 2 * right > len(strong) else "ltr"
    return "auto" if most == strong[0] else most


@lru_cache(maxsize=1 << 14)
def _side(word: str) -> str:
    """The direction of the first letter of a word; "" for a word without letters."""
    strong = next((own for c in word if (own := unicodedata.bidirectional(c)) in _STRONG), "")
    return "rtl" if strong in _RIGHT_TO_LEFT else "ltr" if strong else ""
