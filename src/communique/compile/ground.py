"""Whether the words of its evidence say a literal: as it is, or by a named normaliser."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from communique.terms import EDTF, XSD
from communique.text.cardinals import cardinals, is_whole_number
from communique.text.coordinated import shared_places
from communique.text.durations import durations
from communique.text.inflection import inflected_places
from communique.text.numbers import Quantity, quantities_of, read_amount
from communique.text.passages import Span, crosses_paragraph
from communique.text.phones import Phone, digits_of, find_phones, is_number, without_trunk_zero
from communique.text.plurals import address_forms, plurals_of
from communique.text.shadow import shadow_of
from communique.text.tables import table
from communique.text.tokens import Source, Tokens, canonical, lower_case, source_of, words_of
from communique.text.webaddresses import find_address
from communique.text.yearparts import dates_and_parts_of

SHORTHAND: Final = "shorthand"
"""The normaliser for numbers that a reader completes: the words do not give them digit by digit."""


class Ground(NamedTuple):
    """The normaliser that accepted a literal, and the words it was found in (offsets into the same text)."""

    normaliser: str
    span: Span


def ground(
    literal: str, datatype: str, key: str, text: str, within: Iterable[tuple[int, int]], language: str = "en"
) -> Ground | None:
    """Where the stretches ``within`` of a text say a literal, or None if they do not.

    The normalisers are tried in the order of `NORMALISERS`. A match never begins or ends inside a word or a number:
    "Sample" does not say "Sam". ``key`` is the key of the record (only a telephone is read as one),
    ``datatype`` the IRI of the literal's datatype, ``language`` the tag of the text's language, which decides how dates
    and numbers are read.

    >>> ground("2015-05-29", XSD + "date", "startDate", "Almaty, May 29, 2015", [(0, 20)])
    Ground(normaliser='date', span=Span(start=8, end=20))
    """
    source, stretches = source_of(text), list(within)
    wanted, is_whole = Wanted(literal, language), _whole_test(datatype, key)
    for name in normalisers_tried(datatype, key):
        find = NORMALISERS[name]
        for start, end in stretches:
            span = _first_whole(find, wanted, source, (start, end), is_whole)
            if span is not None:
                return Ground(name, span)
    return None


_DATES: Final = frozenset({XSD + "date", XSD + "gYear", XSD + "gYearMonth", EDTF})
_NUMBERS: Final = frozenset({XSD + "decimal", XSD + "double", XSD + "float"})
_NAMES: Final = frozenset({"name", "givenName", "familyName", "alternateName"})
_INFLECTED: Final = frozenset({"roleName", "jobTitle", "labels"})
_TITLES: Final = frozenset({"roleName", "jobTitle"})
ADDRESSES: Final = frozenset({"url", "sameAs"})
"""Keys whose values are addresses of pages: texts in spirit, IRIs in form."""
_WORDS: Final = ("exact", "canonical", "whitespace", "case", "typography")

_BY_KEY: Final = {
    "telephone": ("exact", "canonical", "phone", SHORTHAND),
    "honorificPrefix": (*_WORDS, "honorific"),
    "email": (*_WORDS, "address"),
    "identifier": (*_WORDS, "code"),
}
"""The normalisers for values of single keys."""


def normalisers_tried(datatype: str, key: str) -> tuple[str, ...]:
    """Names of the normalisers that may accept a literal, in the order in which they are tried."""
    if datatype in _DATES:
        return ("exact", "canonical", "date")
    if datatype == XSD + "integer":
        return ("exact", "cardinal", "number")
    if datatype in _NUMBERS:
        return ("exact", "number")
    if datatype == XSD + "duration":
        return ("exact", "duration")
    if key in ADDRESSES:
        return ("address",)
    if key in _BY_KEY:
        return _BY_KEY[key]
    if key in _NAMES:
        return (*_WORDS, "name", "inflected", *(("shared",) if key == "name" else ()))
    plural = ("plural",) if key in _TITLES else ()
    return (*_WORDS, "inflected", *plural) if key in _INFLECTED else _WORDS


# ---- words that are part of something longer


IsWhole = Callable[[Source, Span, str], bool]

_MOST_SKIPPED: Final = 20  # matches that may be skipped because they are part of something longer
_ADDRESS_BEFORE: Final = re.compile(r"\w[.+%&'-]$|_$")
_ADDRESS_AFTER: Final = re.compile(r"[.-]\w|[_@]")


def _whole_test(datatype: str, key: str) -> IsWhole | None:
    """The further test that words must pass to say a literal, besides cutting no word; None if there is none."""
    if datatype == XSD + "integer" or datatype in _NUMBERS:
        return _is_whole_number
    return _is_whole_address if key == "email" else None


def _is_whole_number(source: Source, span: Span, language: str) -> bool:
    if any(not _is_exact(q) for q in quantities_of(source.text, language).around(*span)):
        return False
    return is_whole_number(source.text, *span, language)


def _is_whole_address(source: Source, span: Span, language: str) -> bool:
    """Whether a match is a complete e-mail address: "ada-jo@example.org.uk" does not say "jo@example.org"."""
    before = source.text[max(0, span.start - 2) : span.start]
    return not (_ADDRESS_BEFORE.search(before) or _ADDRESS_AFTER.match(source.text, span.end))


def _first_whole(
    find: Normaliser, wanted: Wanted, source: Source, within: tuple[int, int], is_whole: IsWhole | None
) -> Span | None:
    """The first place of a literal where it is not part of something longer."""
    start, end = within
    for _ in range(_MOST_SKIPPED):
        span = find(wanted, source, start, end)
        if span is None or is_whole is None or is_whole(source, span, wanted.language):
            return span
        start = span.end
    return None


# ---- the normalisers: (literal, source, start, end) → the first words between two offsets that say it


class Wanted(NamedTuple):
    """A literal, and the language of the text that is searched for it."""

    literal: str
    language: str


Normaliser = Callable[[Wanted, Source, int, int], Span | None]


def _exact(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """The same characters."""
    return source.exact.find(words_of(wanted.literal), start, end)


def _canonical(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """The same characters in another form of Unicode, with or without invisible characters."""
    return source.canonical.find(words_of(canonical(wanted.literal)), start, end)


def _whitespace(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """The same except for the kind and amount of white space."""
    return source.spaced.find(_spaced_tokens(wanted.literal), start, end)


def _case(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """The same except for white space and case."""
    return source.cased.find([lower_case(word) for word in _spaced_tokens(wanted.literal)], start, end)


def _typography(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """The same except for white space, case, and kinds of quotation marks, apostrophes and dashes."""
    places = islice(shadow_of(source.text).find(wanted.literal, start, end), _MOST_SKIPPED)
    return next((span for span in places if source.exact.is_whole(span)), None)


def _date(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """A date in words: "May 29, 2015" says 2015-05-29; "2013" says the year and no day."""
    return dates_and_parts_of(source.text, wanted.language).find(wanted.literal, start, end)


def _cardinal(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """A whole number in words of the language of the text: "nine" says 9."""
    if re.fullmatch(r"\d{1,6}", wanted.literal, re.ASCII) is None:
        return None
    forms = cardinals(int(wanted.literal), wanted.language)
    spans = (source.cased.find([lower_case(word) for word in _spaced_tokens(words)], start, end) for words in forms)
    return min((span for span in spans if span is not None), default=None, key=lambda s: (s.start, -s.end))


def _number(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """The same number in another form: "2.5 million" says 2500000; "at least 50" and "50 %" do not say 50."""
    written = read_amount(wanted.literal, "en")
    found = quantities_of(source.text, wanted.language).within(start, end)
    same = (q.core for q in found if q.value == written.value and _is_exact(q))
    return next(same, None) if written.value and not written.unit else None


def _is_exact(quantity: Quantity) -> bool:
    """Whether a quantity is a mere number: no range, no share, and not limited by "at least" and the like."""
    return not quantity.upper and not quantity.comparison and quantity.unit_kind != "percent"


def _duration(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """A duration in words of the language of the text: "90 minutes" says PT1H30M."""
    for words in durations(wanted.literal, wanted.language):
        number, at = words.split()[0], start
        while (span := source.cased.find([lower_case(w) for w in _spaced_tokens(words)], at, end)) is not None:
            if is_whole_number(source.text, span.start, span.start + len(number), wanted.language):
                return span
            at = span.end
    return None


def _phone(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """The same digits, or the same number without its trunk zero."""
    return _phone_span(wanted.literal, source, start, end, is_shorthand=False)


def _shorthand(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """A number that shorthand stands for: "7946 0201/02/03" are three numbers that differ in their last digits."""
    return _phone_span(wanted.literal, source, start, end, is_shorthand=True)


def _phone_span(literal: str, source: Source, start: int, end: int, *, is_shorthand: bool) -> Span | None:
    if not is_number(literal):
        return None
    digits = without_trunk_zero(literal) or digits_of(literal)
    phones: Iterable[Phone] = find_phones(digits, source.text, start, end)
    if literal.lstrip().startswith("+"):  # a reader may not add the country
        phones = (p for p in phones if source.text[p.span.start] == "+")
    return next((p.span for p in phones if p.is_shorthand == is_shorthand and source.exact.is_whole(p.span)), None)


def _name(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """A name whose parts occur in order, with nothing but an honorific between them."""
    words = _spaced_tokens(wanted.literal)
    return _without_honorifics(source.text).find(words, start, end) if " " in words else None


def _shared_name(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """A name that shares a word with another one: "Jo and Ada Sample", "the Ministries of Health and Education"."""
    under_head = shared_places(wanted.literal, source.text, wanted.language)
    place = next((p.whole for p in under_head if start <= p.whole.start and p.whole.end <= end), None)
    if place is not None:
        return place
    words = wanted.literal.split()
    joiners = table("joiners", wanted.language).get("joiners", ())
    if len(words) != 2 or not joiners:
        return None
    given, family = map(re.escape, words)
    pattern = rf"(?<!\w){given}\s(?:{'|'.join(map(re.escape, joiners))})\s([^\W\d_]\w{{0,40}})\s{family}(?!\w)"
    hits = re.compile(pattern).finditer(source.text, start, end)
    return next((Span(*hit.span()) for hit in hits if hit[1][0].isupper()), None)


def _honorific(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """The same honorific with or without its full stop, or the one for several people: "Drs" for Dr."""
    forms = (wanted.literal.rstrip("."), *address_forms(wanted.literal, wanted.language))
    return next((span for form in forms if (span := _case(wanted._replace(literal=form), source, start, end))), None)


def _inflected(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """The same words in another grammatical case, in languages with a table of endings."""
    places = inflected_places(wanted.literal, source.text, wanted.language, (start, end))
    return next((span for span in places if not crosses_paragraph(span, source.text)), None)


def _plural(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """What several people of a title are called: "volunteers" for the title "volunteer"."""
    forms = plurals_of(wanted.literal, wanted.language)
    return next((span for form in forms if (span := _case(wanted._replace(literal=form), source, start, end))), None)


def _code(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """A code behind the words for its scheme: "Press release No. 118/2023" says press-release:118/2023."""
    scheme, _, code = wanted.literal.partition(":")
    named = scheme.lower().replace("-", " ")
    for _ in range(_MOST_SKIPPED if scheme and code else 0):
        span = _case(wanted._replace(literal=code), source, start, end)
        if span is None:
            return None
        before = source.text[max(0, span.start - len(scheme) - _SCHEME_APART) : span.start]
        if named in " ".join(before.lower().replace("-", " ").split()):
            return span
        start = span.end
    return None


_SCHEME_APART: Final = 12
"""The most characters between the words for a scheme and a code, such as " No. "."""


def _address(wanted: Wanted, source: Source, start: int, end: int) -> Span | None:
    """The same address: with or without scheme, ``www.`` and a last slash, its host in any case."""
    return find_address(wanted.literal, source.text, start, end)


NORMALISERS: Final[dict[str, Normaliser]] = {
    "exact": _exact,
    "canonical": _canonical,
    "whitespace": _whitespace,
    "case": _case,
    "typography": _typography,
    "date": _date,
    "cardinal": _cardinal,
    "number": _number,
    "duration": _duration,
    "phone": _phone,
    SHORTHAND: _shorthand,
    "name": _name,
    "inflected": _inflected,
    "plural": _plural,
    "shared": _shared_name,
    "honorific": _honorific,
    "address": _address,
    "code": _code,
}
"""The normalisers by name; the documentation lists them with what each accepts."""


@lru_cache(maxsize=8)
def _spaced_tokens(literal: str) -> list[str]:
    """The tokens of a literal in canonical form, with each run of white space as one space."""
    return words_of(" ".join(canonical(literal).split()))


_HONORIFIC: Final = re.compile(
    "(?<=\0) \0(?:Mrs|Mr|Ms|Miss|Dr|Prof|H\0\\.\0(?: \0)?E|Sir|Dame|Madam|Mme)\0(?:\\.\0)?(?= \0)"
)
"""White space and an honorific before more white space, in `Tokens.text`."""


@lru_cache(maxsize=2)
def _without_honorifics(text: str) -> Tokens:
    """The tokens of a text without honorifics between two other words."""
    tokens = source_of(text).spaced
    left_out: set[int] = set()
    for hit in _HONORIFIC.finditer(tokens.text):
        first, last = _token_at(tokens.offsets, hit.start()), _token_at(tokens.offsets, hit.end())
        if first - 1 in left_out:  # two in a row do not belong to one name
            continue
        left_out.update(range(first, last))
    return tokens.pick(k for k in range(len(tokens.words)) if k not in left_out)


def _token_at(offsets: array[int], offset: int) -> int:
    return bisect_left(offsets, offset)
