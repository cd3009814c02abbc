"""Whether a literal stands in the words of its evidence, or can be derived from them by a named normaliser."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from communique.compile.passages import Span
from communique.terms import XSD


class Ground(NamedTuple):
    """The normaliser that accepted a literal, and the words it was found in (offsets into the same text)."""

    normaliser: str
    span: Span


def ground(literal: str, datatype: str, key: str, text: str, within: Iterable[tuple[int, int]]) -> Ground | None:
    """Where a literal stands in the stretches ``within`` of a text, or None if nothing there says it.

    The normalisers are tried in the order of `NORMALISERS`. A match never begins or ends inside a word or a number:
    "Sultan" is not said by "Sultanov". ``key`` is the key of the record (only a telephone is read as one),
    ``datatype`` the IRI of the literal's datatype.

    >>> ground("2015-05-29", XSD + "date", "startDate", "Almaty, May 29, 2015", [(0, 20)])
    Ground(normaliser='date', span=Span(start=8, end=20))
    """
    for name in _tried(datatype, key):
        find = NORMALISERS[name]
        for start, end in within:
            for span in find(literal, text, start, end):
                if span.start < span.end and not _cuts_word(text, span):
                    return Ground(name, span)
    return None


def normalisers_tried(datatype: str, key: str) -> tuple[str, ...]:
    """Names of the normalisers that may accept a literal, for the finding that none did."""
    return _tried(datatype, key)


_DATES: Final = frozenset({XSD + "date", XSD + "gYear", XSD + "gYearMonth"})
_NAMES: Final = frozenset({"name", "givenName", "familyName", "alternateName"})


def _tried(datatype: str, key: str) -> tuple[str, ...]:
    if datatype in _DATES:
        return ("exact", "date")
    if key == "telephone":
        return ("exact", "phone")
    if key == "honorificPrefix":
        return ("exact", "whitespace", "case", "honorific")
    return ("exact", "whitespace", "case", "name") if key in _NAMES else ("exact", "whitespace", "case")


def _cuts_word(text: str, span: Span) -> bool:
    start, end = span
    return (start > 0 and joined(text[start - 1], text[start])) or (
        end < len(text) and joined(text[end - 1], text[end])
    )


def joined(a: str, b: str) -> bool:
    """Whether two neighbouring characters belong to one word; scripts without spaces between words never do.

    >>> joined("a", "b"), joined("a", "-"), joined("北", "京"), joined("e", "\u0301")
    (True, False, False, True)
    """
    if unicodedata.category(b)[0] == "M":  # an accent written apart
        return True
    return (a.isalnum() or unicodedata.category(a)[0] == "M") and b.isalnum() and ord(a) < 0x2E80 and ord(b) < 0x2E80


# ---- the normalisers: (literal, text, start, end) → stretches of the text that say it


def _exact(literal: str, text: str, start: int, end: int) -> Iterator[Span]:
    """The same characters."""
    at = text.find(literal, start, end)
    while at >= 0:
        yield Span(at, at + len(literal))
        at = text.find(literal, at + 1, end)


def _whitespace(literal: str, text: str, start: int, end: int, flags: int = 0) -> Iterator[Span]:
    """The same but for the kind and number of white space."""
    pattern = r"\s+".join(re.escape(word) for word in literal.split())
    if pattern:
        for hit in re.compile(pattern, flags).finditer(text, start, end):
            yield Span(*hit.span())


def _case(literal: str, text: str, start: int, end: int) -> Iterator[Span]:
    """The same but for white space and case."""
    return _whitespace(literal, text, start, end, re.IGNORECASE)


_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan января", "february feb февраля", "march mar марта", "april apr апреля", "may мая",
            "june jun июня", "july jul июля", "august aug августа", "september sept sep сентября",
            "october oct октября", "november nov ноября", "december dec декабря",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH: Final = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_TO: Final = r"(?:\s*(?:[-–—]|and|to|и)\s*(?P<last>\d{1,2})(?:st|nd|rd|th)?)?"
_YEAR: Final = r"(?P<year>\d{4})"
_DATE_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b{_MONTH}\s+{_DAY}{_TO},?\s+{_YEAR}\b",  # May 29, 2015; May 29-30, 2015
        rf"\b{_DAY}{_TO}(?:\s+of)?\s+{_MONTH},?\s+{_YEAR}\b",  # 29 May 2015; 29 and 30 May 2015; 29 мая 2015
        r"\b(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})\b",  # 29.05.2015: the day stands first
        rf"\b{_MONTH},?\s+{_YEAR}\b",  # May 2015
        rf"\b{_YEAR}\b",
    )
)


def dates_in(text: str, start: int, end: int) -> Iterator[tuple[str, Span]]:
    """Every date that the words say, no finer than they say it: 2015-05-29, 2015-05 or 2015, and where.

    >>> [d for d, _ in dates_in("29 and 30 May 2015", 0, 18)]
    ['2015-05-29', '2015-05-30', '2015-05', '2015']
    """
    for form in _DATE_FORMS:
        for hit in form.finditer(text, start, end):
            parts = hit.groupdict()
            month, span = parts.get("month"), Span(*hit.span())
            if month is None:
                yield parts["year"], span
                continue
            number = int(month) if month.isdigit() else _MONTHS.get(month.lower())
            if number is None:  # without case "ſ" is taken for "s"
                continue
            days = [d for d in (parts.get("day"), parts.get("last")) if d]
            for day in days:
                yield f"{parts['year']}-{number:02d}-{int(day):02d}", span
            if not days:
                yield f"{parts['year']}-{number:02d}", span


def _date(literal: str, text: str, start: int, end: int) -> Iterator[Span]:
    """A date in words: "May 29, 2015" says 2015-05-29; "2013" says the year and no day."""
    return (span for date, span in dates_in(text, start, end) if date == literal)


_PHONE: Final = re.compile(r"\+?\d[\d\s().-]*\d(?:/\d+)*")


def phones_in(text: str, start: int, end: int) -> Iterator[tuple[str, Span]]:
    """Every telephone number as digits, with shorthand written out, and where.

    >>> [n for n, _ in phones_in("+7 (7172) 790345/46/47", 0, 22)]
    ['77172790345', '77172790346', '77172790347']
    """
    for hit in _PHONE.finditer(text, start, end):
        first, *rest = hit.group().split("/")
        number = re.sub(r"\D", "", first)
        yield number, Span(*hit.span())
        for tail in rest:
            if len(tail) < len(number):
                yield number[: -len(tail)] + tail, Span(*hit.span())


def _phone(literal: str, text: str, start: int, end: int) -> Iterator[Span]:
    """The same digits; "790345/46/47" says three numbers that differ in the last digits."""
    if re.fullmatch(r"\+?[\d\s().-]+", literal) is None:
        return
    digits = re.sub(r"\D", "", literal)
    yield from (span for number, span in phones_in(text, start, end) if number == digits)


_HONORIFIC: Final = r"(?:Mrs|Mr|Ms|Miss|Dr|Prof|H\.\s?E|Sir|Dame|Madam|Mme)\.?"


def _name(literal: str, text: str, start: int, end: int) -> Iterator[Span]:
    """A name whose parts stand there in order, with nothing but an honorific between them."""
    words = [re.escape(word) for word in literal.split()]
    if len(words) > 1:
        pattern = rf"(?:\s+{_HONORIFIC})?\s+".join(words)
        yield from (Span(*hit.span()) for hit in re.compile(pattern).finditer(text, start, end))


def _honorific(literal: str, text: str, start: int, end: int) -> Iterator[Span]:
    """The same honorific with or without its full stop."""
    return _whitespace(literal.rstrip("."), text, start, end, re.IGNORECASE)


NORMALISERS: Final[dict[str, Callable[[str, str, int, int], Iterator[Span]]]] = {
    "exact": _exact,
    "whitespace": _whitespace,
    "case": _case,
    "date": _date,
    "phone": _phone,
    "name": _name,
    "honorific": _honorific,
}
"""The normalisers by name; the documentation lists them with what each accepts."""
