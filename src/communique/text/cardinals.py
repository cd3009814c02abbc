"""Numbers in words: "nine" and "девяти" say 9; "twenty-nine" does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

LARGEST: Final = 999_999
"""The largest number that is recognised in words."""

_NUM2WORDS_CODES: Final = {"kk": "kz"}
"""The codes of num2words for languages, where they differ from BCP 47."""
_FORMS: Final[dict[str, tuple[dict[str, str], ...]]] = {
    "ru": tuple({"case": case, "gender": gender} for case in "ngdaip" for gender in "mfn"),
}
"""Arguments of num2words for the forms of a number, in languages that decline numbers; others have one form."""
_ROUND: Final = (*range(21), *range(30, 100, 10), *range(100, 1000, 100), 1000, 1_000_000)
_SCALES: Final = tuple(few * scale for scale in (100, 10**3, 10**6, 10**9, 10**12) for few in (1, 2, 5))
"""Numbers whose last word multiplies the number before it ("девять тысяч", "neun Millionen"), in all its forms."""
_PUNCTUATION: Final = ".,:/'’\u066b\u066c\u2010-\u2015-"
_FIGURES_BEFORE: Final = re.compile(rf"\d[{_PUNCTUATION}]$|(?<!\w)[-\u2212]$")
_FIGURES_AFTER: Final = re.compile(rf"[{_PUNCTUATION}]\d|[^\S\r\n]\d{{3}}(?!\d)|[^\S\r\n]?[%‰\u066a]")
_GROUP_BEFORE: Final = re.compile(r"(?<!\d)\d{1,3}[^\S\r\n]$")
_AND: Final = frozenset({"and", "und", "et", "y", "e", "и"})


def cardinals(number: int, language: str) -> frozenset[str]:
    """The ways to write a number in words of a language (a BCP 47 tag), in lower case; none if they are not known.

    >>> sorted(cardinals(9, "en"))
    ['nine']
    """
    return _spellings(number, language.partition("-")[0].lower()) if 0 <= number <= LARGEST else frozenset()


def is_whole_number(text: str, start: int, end: int, language: str) -> bool:
    """Whether the number between two offsets, in words or in figures, is a complete one.

    Not complete are the nine of "one hundred and nine" or "nine billion", and the 9 of "9,000", "9 000", "9.5",
    "9 million", "9–11", "9 %" or "−9".

    >>> is_whole_number("twenty-nine", 7, 11, "en"), is_whole_number("9 million", 0, 1, "en")
    (False, False)
    >>> is_whole_number("In 2015, 9 towns", 9, 10, "en")
    True
    """
    before, after = text[max(0, start - 60) : start], text[end : end + 60]
    tag = language.partition("-")[0].lower()
    if text[start].isdecimal():
        words = re.match(r"\s*(\w+)", after)
        is_scaled = words is not None and words[1].lower() in _scale_words(tag)
        is_grouped = end - start == 3 and _GROUP_BEFORE.search(before)
        return not (is_scaled or is_grouped or _FIGURES_BEFORE.search(before) or _FIGURES_AFTER.match(after))
    number_words = _number_words(tag)
    outwards = (list(reversed(re.findall(r"\w+", before))), re.findall(r"\w+", after))
    return not any(_continues_number(words, number_words) for words in outwards)


def _continues_number(words: list[str], number_words: frozenset[str]) -> bool:
    """Whether the first of the words belongs to a number in words, or the second if the first is "and"."""
    neighbours = [word.lower() for word in words[:2]]
    return bool(neighbours) and (
        neighbours[0] in number_words or (neighbours[0] in _AND and neighbours[-1] in number_words)
    )


@lru_cache(maxsize=512)
def _spellings(number: int, language: str) -> frozenset[str]:
    from num2words import num2words  # slow to import, and only texts with numbers need it

    def forms() -> Iterator[str]:
        for form in _FORMS.get(language, ({},)):
            yield num2words(number, lang=_NUM2WORDS_CODES.get(language, language), **form).lower()

    try:
        return frozenset(forms())
    except NotImplementedError:
        return frozenset()


@lru_cache(maxsize=16)
def _number_words(language: str) -> frozenset[str]:
    """The words that numbers are made of in a language, in lower case."""
    words = (word for number in _ROUND for text in _spellings(number, language) for word in re.findall(r"\w+", text))
    return (frozenset(words) | _scale_words(language)) - _AND


@lru_cache(maxsize=16)
def _scale_words(language: str) -> frozenset[str]:
    """The words that multiply the number before them, in full and abbreviated (Unicode CLDR), in lower case."""
    from babel import Locale, UnknownLocaleError  # slow to import

    long = (re.findall(r"\w+", text)[-1] for number in _SCALES for text in _spellings(number, language))
    try:
        patterns = Locale.parse(language).compact_decimal_formats["short"].values()
    except (UnknownLocaleError, ValueError):
        patterns = ()
    short = re.findall(r"[^\W\d_]{2,}", " ".join(str(form.pattern) for forms in patterns for form in forms.values()))
    return frozenset(long) | frozenset(map(str.lower, short))
