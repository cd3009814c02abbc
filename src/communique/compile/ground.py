"""Whether a literal stands in the words of its evidence, or can be derived from them by a named normaliser."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from communique.compile.cardinals import cardinals, is_whole_number
from communique.compile.dates import dates_of
from communique.compile.passages import Span
from communique.compile.phones import Phone, digits_of, find_phones, is_number, without_trunk_zero
from communique.compile.tokens import Source, Tokens, canonical, small, source_of, words_of
from communique.terms import XSD

SHORTHAND: Final = "shorthand"
"""The normaliser whose literals a reader makes: the words do not say them digit by digit."""


class Ground(NamedTuple):
    """The normaliser that accepted a literal, and the words it was found in (offsets into the same text)."""

    normaliser: str
    span: Span


def ground(
    literal: str, datatype: str, key: str, text: str, within: Iterable[tuple[int, int]], language: str = "en"
) -> Ground | None:
    """Where a literal stands in the stretches ``within`` of a text, or None if nothing there says it.

    The normalisers are tried in the order of `NORMALISERS`. A match never begins or ends inside a word or a number:
    "Sam" is not said by "Sample". ``key`` is the key of the record (only a telephone is read as one),
    ``datatype`` the IRI of the literal's datatype, ``language`` the tag of the text's language: it says how dates read.

    >>> ground("2015-05-29", XSD + "date", "startDate", "Almaty, May 29, 2015", [(0, 20)])
    Ground(normaliser='date', span=Span(start=8, end=20))
    """
    source, stretches = source_of(text), list(within)
    for name in normalisers_tried(datatype, key):
        find = NORMALISERS[name]
        for start, end in stretches:
            span = _first_whole(find, Wanted(literal, language), source, (start, end), _wholeness(datatype, key))
            if span is not None:
                return Ground(name, span)
    return None


_DATES: Final = frozenset({XSD + "date", XSD + "gYear", XSD + "gYearMonth"})
_NAMES: Final = frozenset({"name", "givenName", "familyName", "alternateName"})
_WORDS: Final = ("exact", "canonical", "whitespace", "case")


def normalisers_tried(datatype: str, key: str) -> tuple[str, ...]:
    """Names of the normalisers that may accept a literal, in the order in which they are tried."""
    if datatype in _DATES:
        return ("exact", "canonical", "date")
    if datatype == XSD + "integer":
        return ("exact", "cardinal")
    if key == "telephone":
        return ("exact", "canonical", "phone", SHORTHAND)
    if key == "honorificPrefix":
        return (*_WORDS, "honorific")
    return (*_WORDS, "name") if key in _NAMES else _WORDS


# ---- what goes on beyond the words that were found


IsWhole = Callable[[Source, Span, str], bool]

_TRIED: Final = 20  # places that are parts of something longer, and passed over
_ADDRESS_BEFORE: Final = re.compile(r"\w[.+%&'-]$|_$")
_ADDRESS_AFTER: Final = re.compile(r"[.-]\w|[_@]")


def _wholeness(datatype: str, key: str) -> IsWhole | None:
    """What must hold of the words that say a literal, beyond that they cut no word."""
    if datatype == XSD + "integer":
        return _is_whole_number
    return _is_whole_address if key == "email" else None


def _is_whole_number(source: Source, span: Span, language: str) -> bool:
    return is_whole_number(source.text, *span, language)


def _is_whole_address(source: Source, span: Span, language: str) -> bool:
    """Whether an e-mail address does not go on: "ada-jo@example.org.uk" does not say "jo@example.org"."""
    before = source.text[max(0, span.start - 2) : span.start]
    return not (_ADDRESS_BEFORE.search(before) or _ADDRESS_AFTER.match(source.text, span.end))


def _first_whole(
    find: Normaliser, wanted: Wanted, source: Source, within: tuple[int, int], is_whole: IsWhole | None
) -> Span | None:
    """The first place of a literal where it is no part of something longer."""
    start, end = within
    for _ in range(_TRIED):
        span = find(wanted, source, start, end)
        if span is None or is_whole is None or is_whole(source, span, wanted.language):
            return span
        start = span.end
    return None


# ---- the normalisers: (literal, source, start, end) → the first words between two offsets that say it


class Wanted(NamedTuple):
    """A literal, and the language of the text in which it is sought."""

    literal: str
    language: str


Normaliser = Callable[[Wanted, Source, int, int], Span | None]


def _exact(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """The same characters."""
    return source.exact.find(words_of(wanted.literal), start, end)


def _canonical(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """The same characters in another form of Unicode, with or without signs that show nothing."""
    return source.canonical.find(words_of(canonical(wanted.literal)), start, end)


def _whitespace(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """The same but for the kind and number of white space."""
    return source.spaced.find(_spaced(wanted.literal), start, end)


def _case(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """The same but for white space and case."""
    return source.cased.find([small(word) for word in _spaced(wanted.literal)], start, end)


def _date(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """A date in words: "May 29, 2015" says 2015-05-29; "2013" says the year and no day."""
    return dates_of(source.text, wanted.language).find(wanted.literal, start, end)


def _cardinal(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """A whole number in words of the language of the text: "nine" says 9."""
    if re.fullmatch(r"\d{1,6}", wanted.literal, re.ASCII) is None:
        return None
    forms = cardinals(int(wanted.literal), wanted.language)
    found = (source.cased.find([small(word) for word in _spaced(words)], start, end) for words in forms)
    return min((span for span in found if span is not None), default=None, key=lambda s: (s.start, -s.end))


def _phone(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """The same digits, or the same number without its trunk zero."""
    return _number(wanted.literal, source, start, end, is_shorthand=False)


def _shorthand(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """The digits that shorthand stands for: "7946 0201/02/03" are three numbers that differ in the last digits."""
    return _number(wanted.literal, source, start, end, is_shorthand=True)


def _number(literal: str, source: Source, start: int, end: int, *, is_shorthand: bool) -> Span | None:
    if not is_number(literal):
        return None
    digits = without_trunk_zero(literal) or digits_of(literal)
    found: Iterable[Phone] = find_phones(digits, source.text, start, end)
    if literal.lstrip().startswith("+"):  # which country is called is not the reader's to say
        found = (p for p in found if source.text[p.span.start] == "+")
    return next((p.span for p in found if p.is_shorthand == is_shorthand and source.exact.is_whole(p.span)), None)


def _name(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """A name whose parts stand there in order, with nothing but an honorific between them."""
    words = _spaced(wanted.literal)
    return _without_honorifics(source.text).find(words, start, end) if " " in words else None


def _honorific(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """The same honorific with or without its full stop."""
    return _case(wanted._replace(literal=wanted.literal.rstrip(".")), source, start, end)


NORMALISERS: Final[dict[str, Normaliser]] = {
    "exact": _exact,
    "canonical": _canonical,
    "whitespace": _whitespace,
    "case": _case,
    "date": _date,
    "cardinal": _cardinal,
    "phone": _phone,
    SHORTHAND: _shorthand,
    "name": _name,
    "honorific": _honorific,
}
"""The normalisers by name; the documentation lists them with what each accepts."""


@lru_cache(maxsize=8)
def _spaced(literal: str) -> list[str]:
    """The words of a literal, canonical, with one space wherever it has white space between them."""
    return words_of(" ".join(canonical(literal).split()))


_HONORIFIC: Final = re.compile(
    "(?<=\0) \0(?:Mrs|Mr|Ms|Miss|Dr|Prof|H\0\\.\0(?: \0)?E|Sir|Dame|Madam|Mme)\0(?:\\.\0)?(?= \0)"
)
"""White space and an honorific before more white space, in the text of tokens."""


@lru_cache(maxsize=2)
def _without_honorifics(text: str) -> Tokens:
    """The tokens of a text without the honorifics that stand between two other words."""
    tokens = source_of(text).spaced
    left_out: set[int] = set()
    for hit in _HONORIFIC.finditer(tokens.text):
        first, last = _number_at(tokens.offsets, hit.start()), _number_at(tokens.offsets, hit.end())
        if first - 1 in left_out:  # two in a row belong to no one name
            continue
        left_out.update(range(first, last))
    return tokens.pick(k for k in range(len(tokens.words)) if k not in left_out)


def _number_at(offsets: array[int], offset: int) -> int:
    return bisect_left(offsets, offset)
