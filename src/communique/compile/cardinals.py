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
_BETWEEN: Final = frozenset({"and", "und", "et", "y", "e", "и"})


def cardinals(number: int, language: str) -> frozenset[str]:
    """The ways to write a number in words of a language (a BCP 47 tag), in small letters; none if they are not known.

    >>> sorted(cardinals(9, "en"))
    ['nine']
    """
    return _written(number, language.partition("-")[0].lower()) if 0 <= number <= LARGEST else frozenset()


def is_whole_cardinal(text: str, start: int, end: int, language: str) -> bool:
    """Whether the number in words between two offsets is no part of a longer one, as in "one hundred and nine".

    >>> is_whole_cardinal("twenty-nine", 7, 11, "en")
    False
    """
    parts = _parts(language.partition("-")[0].lower())
    before = re.findall(r"\w+", text[max(0, start - 60) : start])
    after = re.findall(r"\w+", text[end : end + 60])
    return not any(_next(words, parts) for words in (list(reversed(before)), after))


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
    return frozenset(words) - _BETWEEN
