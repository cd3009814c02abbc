"""How texts are cut into words for the full-text index, and folded, so that what is typed is found.

Words are cut here and not by SQLite: its tables of Unicode are of 2012, and it can remove all diacritics or none. Latin
letters lose their diacritics (``Müller`` is found by ``muller``), and ``ё`` is read as ``е``, as Russian print does.
``й`` stays another letter than ``и``, and the Kazakh ``ә ғ қ ң ө ұ ү һ і`` stay what they are. Nothing is stemmed: the
languages of a text are mixed with names, a stemmer for one language damages the words of another, and there is none for
Kazakh that could be trusted. The beginning of a word finds it, which covers most endings. Scripts that write no spaces
are cut into single characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final, NamedTuple

LONGEST: Final = 64
"""The characters of a word that count; longer ones are cut."""

_INVISIBLE: Final = "\u00ad\u200c\u200d\u2060\ufeff"
"""Characters that may stand within a word without being seen, such as the soft hyphen."""

_UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9d\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, the kana, and the characters of Chinese."""


class FoldedWord(NamedTuple):
    """A word as it is searched for, and where it stands in the text (Unicode code points).

    ``joined`` says that nothing but a hyphen, an apostrophe or the like, or nothing at all, separates it from the word
    before it.
    """

    text: str
    start: int
    end: int
    joined: bool


@cache
def _pattern() -> re.Pattern[str]:
    """One word: a character of a script without spaces, or a run of letters and digits with their marks."""
    marks = "".join(_ranges_of_marks()) + _INVISIBLE
    return re.compile(rf"[{_UNSPACED}][{marks}]*|[^\W_{_UNSPACED}](?:[^\W_{_UNSPACED}]|[{marks}])*")


def _ranges_of_marks() -> Iterator[str]:
    first = last = -2
    for point in range(0x300, 0x20000):
        if unicodedata.category(chr(point))[0] == "M":
            if point != last + 1:
                if first >= 0:
                    yield f"\\U{first:08x}-\\U{last:08x}"
                first = point
            last = point
    yield f"\\U{first:08x}-\\U{last:08x}"


def words_of(text: str) -> Iterator[FoldedWord]:
    """The words of a text, in order.

    >>> [word.text for word in words_of("L’été à Zürich, ёлка и йод; 東京")]
    ['l', 'ete', 'a', 'zurich', 'елка', 'и', 'йод', '東', '京']
    """
    end = -2
    for match in _pattern().finditer(text):
        folded = fold(match[0])
        if not folded:
            continue
        between = text[end : match.start()] if end >= 0 else " "
        yield FoldedWord(folded, match.start(), match.end(), not between or (len(between) == 1 and between in _JOINTS))
        end = match.end()


def folded_text(text: str) -> str:
    """The words of a text, with a space between them.

    >>> folded_text("  Zoë O’Muster-Mann ")
    'zoe o muster mann'
    """
    return " ".join(word.text for word in words_of(text))


_JOINTS: Final = "-'\u2010\u2011\u2019\u02bc\u02b9.·_/&+"


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """A word as it is searched for.

    >>> fold("Straße"), fold("Ё"), fold("Й"), fold("ҚАЗАҚСТАН"), fold("ﬁve")
    ('strasse', 'е', 'й', 'қазақстан', 'five')
    """
    if word.isascii():
        return word.lower()[:LONGEST]
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
    pieces, base = [], ""
    for character in unicodedata.normalize("NFD", plain):
        if character in _INVISIBLE:
            continue
        if unicodedata.category(character)[0] != "M":
            base = character
        elif "LATIN" in unicodedata.name(base or " ", "") or (base == "е" and character == "\u0308"):
            continue
        pieces.append(character)
    joined = unicodedata.normalize("NFC", "".join(pieces))
    return "".join(c for c in joined.translate(_ALSO) if c.isalnum() or unicodedata.category(c)[0] == "M")[:LONGEST]


_ALSO: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
"""Latin letters whose stroke is no separate mark, and ligatures."""
