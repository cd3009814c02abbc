"""Numbers in words: "nine" says 9, "девяти" says 9; "twenty-nine" does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

LARGEST: Final = 999_999
"""The largest number that is looked for in words."""

_NAMED: Final = {"kk": "kz"}
"""Languages that num2words calls otherwise than BCP 47."""
_FORMS: Final[dict[str, tuple[dict[str, str], ...]]] = {
    "ru": tuple({"case": case, "gender": gender} for case in "ngdaip" for gender in "mfn"),
}
"""Forms of a number in languages that decline it; elsewhere there is one."""
_ROUND: Final = (*range(21), *range(30, 100, 10), *range(100, 1000, 100), 1000, 1_000_000)
_SCALES: Final = tuple(few * scale for scale in (100, 10**3, 10**6, 10**9, 10**12) for few in (1, 2, 5))
"""Numbers whose last word is what others are multiplied by, in all its forms: "девять тысяч", "neun Millionen"."""
_SIGNS: Final = ".,:/'’\u066b\u066c\u2010-\u2015-"
_FIGURES_BEFORE: Final = re.compile(rf"\d[{_SIGNS}]$|(?<!\w)[-\u2212]$")
_FIGURES_AFTER: Final = re.compile(rf"[{_SIGNS}]\d|[^\S\r\n]\d{{3}}(?!\d)|[^\S\r\n]?[%‰\u066a]")
_GROUP_BEFORE: Final = re.compile(r"(?<!\d)\d{1,3}[^\S\r\n]$")
_BETWEEN: Final = frozenset({"and", "und", "et", "y", "e", "и"})


def cardinals(number: int, language: str) -> frozenset[str]:
    """The ways to write a number in words of a language (a BCP 47 tag), in small letters; none if they are not known.

    >>> sorted(cardinals(9, "en"))
    ['nine']
    """
    return _written(number, language.partition("-")[0].lower()) if 0 <= number <= LARGEST else frozenset()


def is_whole_number(text: str, start: int, end: int, language: str) -> bool:
    """Whether the number between two offsets, in words or in figures, is no part of another one: not the nine of "one
    hundred and nine" or "nine billion", nor the 9 of "9,000", "9 000", "9.5", "9 million", "9–11", "9 %" or "−9".

    >>> is_whole_number("twenty-nine", 7, 11, "en"), is_whole_number("9 million", 0, 1, "en")
    (False, False)
    >>> is_whole_number("In 2015, 9 towns", 9, 10, "en")
    True
    """
    before, after = text[max(0, start - 60) : start], text[end : end + 60]
    tag = language.partition("-")[0].lower()
    if text[start].isdecimal():
        words = re.match(r"\s*(\w+)", after)
        is_scaled = words is not None and words[1].lower() in _scales(tag)
        is_grouped = end - start == 3 and _GROUP_BEFORE.search(before)
        return not (is_scaled or is_grouped or _FIGURES_BEFORE.search(before) or _FIGURES_AFTER.match(after))
    parts = _parts(tag)
    near = (list(reversed(re.findall(r"\w+", before))), re.findall(r"\w+", after))
    return not any(_next(words, parts) for words in near)


def _next(words: list[str], parts: frozenset[str]) -> bool:
    """Whether the first word belongs to a number in words, or the second, if the first is "and"."""
    near = [word.lower() for word in words[:2]]
    return bool(near) and (near[0] in parts or (near[0] in _BETWEEN and near[-1] in parts))


@lru_cache(maxsize=512)
def _written(number: int, language: str) -> frozenset[str]:
    from num2words import num2words  # slow to import, and only numbers need it

    def forms() -> Iterator[str]:
        for form in _FORMS.get(language, ({},)):
            yield num2words(number, lang=_NAMED.get(language, language), **form).lower()

    try:
        return frozenset(forms())
    except NotImplementedError:
        return frozenset()


@lru_cache(maxsize=16)
def _parts(language: str) -> frozenset[str]:
    """The words of which numbers are made in a language."""
    words = (word for number in _ROUND for text in _written(number, language) for word in re.findall(r"\w+", text))
    return (frozenset(words) | _scales(language)) - _BETWEEN


@lru_cache(maxsize=16)
def _scales(language: str) -> frozenset[str]:
    """The words by which the number before them is multiplied, written out and (by Unicode CLDR) in short."""
    from babel import Locale, UnknownLocaleError  # slow to import, too

    long = (re.findall(r"\w+", text)[-1] for number in _SCALES for text in _written(number, language))
    try:
        patterns = Locale.parse(language).compact_decimal_formats["short"].values()
    except (UnknownLocaleError, ValueError):
        patterns = ()
    short = re.findall(r"[^\W\d_]{2,}", " ".join(str(form.pattern) for forms in patterns for form in forms.values()))
    return frozenset(long) | frozenset(map(str.lower, short))
