"""The telephone numbers that a text says as they stand, and those that a reader makes of shorthand."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from communique.compile.passages import Span

_PHONE: Final = re.compile(r"\+?\d(?:[^\S\r\n]|[\d().\u2010-\u2013-])*+(?:/\d++)*+")
_NUMBER: Final = re.compile(r"\+?[\d\s().\u2010-\u2013-]*")
_NOT_DIGIT: Final = re.compile(r"[^\d]+")
_TRUNK: Final = re.compile(r"\+\d[^(]{0,8}\(0\)")
_LONGEST: Final = 40
"""Characters of a number that are worth a look: the longest number of the world has 15 digits (ITU-T E.164)."""


class Phone(NamedTuple):
    """A number as its ``digits``, where it stands, and whether it is written out of shorthand (7946 0201/02)."""

    digits: str
    span: Span
    is_shorthand: bool


def phones_in(text: str, start: int, end: int) -> Iterator[Phone]:
    """Every telephone number between two offsets, without its trunk zero if that stands in brackets.

    >>> [(p.digits, p.is_shorthand) for p in phones_in("+44 (20) 7946 0123/24", 0, 21)]
    [('442079460123', False), ('442079460124', True)]
    >>> [p.digits for p in phones_in("+44 (0)20 7946 0123", 0, 19)]
    ['442079460123']
    """
    for span in _stretches(text)[slice(*_touching(text, start, end))]:
        if start <= span.start and span.end <= end:
            yield from _read(text, span)
        else:  # words quoted from the middle of a number
            for hit in _PHONE.finditer(text, max(start, span.start), min(end, span.end)):
                yield from _read(text, _trimmed(hit))


def find_phones(digits: str, text: str, start: int, end: int) -> Iterator[Phone]:
    """The places between two offsets that say a number; all numbers of a text are read once."""
    known = _by_digits(text).get(digits, [])
    for k in range(bisect_left(known, start, key=lambda phone: phone.span.start), len(known)):
        if known[k].span.end > end:
            break
        yield known[k]
    first, last = _touching(text, start, end)
    for span in {_stretches(text)[k] for k in (first, last - 1) if first <= k < last}:
        if span.start < start or span.end > end:
            cut = phones_in(text, max(start, span.start), min(end, span.end))
            yield from (phone for phone in cut if phone.digits == digits)


def without_trunk_zero(written: str) -> str | None:
    """The digits of a number written with a trunk zero in brackets, as it is called from abroad; None for any other.

    By the numbering plan of its country (ITU-T E.123 and E.164): in Italy the zero belongs to the number.

    >>> without_trunk_zero("+44 (0)20 7946 0123"), without_trunk_zero("+44 20 7946 0123")
    ('442079460123', None)
    """
    if len(written) > _LONGEST or not _TRUNK.match(written):
        return None
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, parse  # 17 ms

    try:
        return digits_of(format_number(parse(written), PhoneNumberFormat.E164))
    except NumberParseException:
        return None


def is_number(literal: str) -> bool:
    """Whether a literal is written as a telephone number, with nothing beside it."""
    return _NUMBER.fullmatch(literal) is not None and digits_of(literal) != ""


def digits_of(written: str) -> str:
    """The digits of a number, in any script, as 0 to 9.

    >>> digits_of("+٤٤ 20")
    '4420'
    """
    plain = _NOT_DIGIT.sub("", written)
    return plain if plain.isascii() else "".join(str(int(digit)) for digit in plain)


@lru_cache(maxsize=2)
def _stretches(text: str) -> tuple[Span, ...]:
    return tuple(_trimmed(hit) for hit in _PHONE.finditer(text))


@lru_cache(maxsize=2)
def _by_digits(text: str) -> dict[str, list[Phone]]:
    found: dict[str, list[Phone]] = {}
    for span in _stretches(text):
        for phone in _read(text, span):
            found.setdefault(phone.digits, []).append(phone)
    return found


@lru_cache(maxsize=2)
def _ends(text: str) -> list[int]:
    return [span.end for span in _stretches(text)]


def _touching(text: str, start: int, end: int) -> tuple[int, int]:
    ends = _ends(text)
    return bisect_left(ends, start + 1), min(bisect_left(ends, end) + 1, len(ends))


def _trimmed(hit: re.Match[str]) -> Span:
    """A stretch without the white space and signs after its last digit."""
    words = hit.group()
    last = next(k for k in range(len(words) - 1, -1, -1) if words[k].isdecimal())
    return Span(hit.start(), hit.start() + last + 1)


def _read(text: str, span: Span) -> Iterator[Phone]:
    first, *rest = text[span.start : span.end].split("/")
    digits = without_trunk_zero(first) or digits_of(first)
    yield Phone(digits, span, False)
    for tail in map(digits_of, rest):
        if tail and len(tail) < len(digits) <= _LONGEST:
            yield Phone(digits[: -len(tail)] + tail, span, True)
