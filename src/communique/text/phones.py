"""The telephone numbers of a text: those that it writes in full, and those that a reader completes from shorthand."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from communique.text.passages import Span

_PHONE: Final = re.compile(r"\+?\d(?:[^\S\r\n]|[\d().\u2010-\u2013-])*+(?:/\d++)*+")
_NUMBER: Final = re.compile(r"\+?[\d\s().\u2010-\u2013-]*")
_NOT_DIGIT: Final = re.compile(r"[^\d]+")
_TRUNK: Final = re.compile(r"\+\d[^(]{0,8}\(0\)")
_LONGEST: Final = 40
"""The most characters that are read as a telephone number, which has at most 15 digits (ITU-T E.164)."""


class Phone(NamedTuple):
    """The ``digits`` of a number, its span, and whether it is completed from shorthand (7946 0201/02)."""

    digits: str
    span: Span
    is_shorthand: bool


def phones_in(text: str, start: int, end: int) -> Iterator[Phone]:
    """Every telephone number between two offsets, without its trunk zero if that is in brackets.

    >>> [(p.digits, p.is_shorthand) for p in phones_in("+44 (20) 7946 0123/24", 0, 21)]
    [('442079460123', False), ('442079460124', True)]
    >>> [p.digits for p in phones_in("+44 (0)20 7946 0123", 0, 19)]
    ['442079460123']
    """
    for span in _stretches(text)[slice(*_overlapping(text, start, end))]:
        if start <= span.start and span.end <= end:
            yield from _phones_at(text, span)
        else:  # a quote that begins or ends inside a number
            for hit in _PHONE.finditer(text, max(start, span.start), min(end, span.end)):
                yield from _phones_at(text, _number_span(hit))


def find_phones(digits: str, text: str, start: int, end: int) -> Iterator[Phone]:
    """Where a number occurs between two offsets; the numbers of a text are read once and cached."""
    known = _by_digits(text).get(digits, [])
    for k in range(bisect_left(known, start, key=lambda phone: phone.span.start), len(known)):
        if known[k].span.end > end:
            break
        yield known[k]
    first, last = _overlapping(text, start, end)
    for span in {_stretches(text)[k] for k in (first, last - 1) if first <= k < last}:
        if span.start < start or span.end > end:
            cut = phones_in(text, max(start, span.start), min(end, span.end))
            yield from (phone for phone in cut if phone.digits == digits)


def without_trunk_zero(written: str) -> str | None:
    """The digits of a number written with a trunk zero in brackets, as it is dialled from abroad; None for any other.

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
    """Whether a literal is a telephone number and nothing else."""
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
    return tuple(_number_span(hit) for hit in _PHONE.finditer(text))


@lru_cache(maxsize=2)
def _by_digits(text: str) -> dict[str, list[Phone]]:
    phones: dict[str, list[Phone]] = {}
    for span in _stretches(text):
        for phone in _phones_at(text, span):
            phones.setdefault(phone.digits, []).append(phone)
    return phones


@lru_cache(maxsize=2)
def _ends(text: str) -> list[int]:
    return [span.end for span in _stretches(text)]


def _overlapping(text: str, start: int, end: int) -> tuple[int, int]:
    """The range of indices (end exclusive) of the stretches that may overlap the part between two offsets."""
    ends = _ends(text)
    return bisect_left(ends, start + 1), min(bisect_left(ends, end) + 1, len(ends))


def _number_span(hit: re.Match[str]) -> Span:
    """The span of a match without the white space and punctuation after its last digit."""
    words = hit.group()
    last = next(k for k in range(len(words) - 1, -1, -1) if words[k].isdecimal())
    return Span(hit.start(), hit.start() + last + 1)


def _phones_at(text: str, span: Span) -> Iterator[Phone]:
    """The numbers written in a stretch: the first in full, the others completed from shorthand."""
    first, *rest = text[span.start : span.end].split("/")
    digits = without_trunk_zero(first) or digits_of(first)
    yield Phone(digits, span, False)
    for tail in map(digits_of, rest):
        if tail and len(tail) < len(digits) <= _LONGEST:
            yield Phone(digits[: -len(tail)] + tail, span, True)
