"""Datelines: the place and day that a release begins with, in the layouts of agencies, wires and press offices."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final, NamedTuple

from communique.text.dates import DateMention, dates_of
from communique.text.passages import Span
from communique.text.tables import table

_FAR: Final = 110
"""The most characters before the day of a dateline."""
_LONGEST_PLACE: Final = 64
_MOST_WORDS: Final = 8
_DAY_LENGTH: Final = len("2031-05-03")

_MARK: Final = re.compile(r"\([^()\n]{1,40}\)|/[^/\n]{1,40}/")
"""The mark of a wire: in brackets or between strokes."""
_OPENING: Final = re.compile(r"[\s*_“\"«>•·–—-]*")
_SEPARATOR: Final = re.compile(r"[\s,،，、.;/|(\[–—-]*$")
_STRONG: Final = frozenset(",،，、./|([–—-")
_AFTER: Final = re.compile(r"\s*[–—/|(*:,،-]|\s*$")
_CLOSING: Final = re.compile(r"\s*[)\]]")
_WORD: Final = re.compile(r"[^\s,،，、/–—]+")
_NO_PLACE: Final = re.compile(r"[\d:;?!=@#&]")


class Dateline(NamedTuple):
    """A dateline: its words (offsets into the text), whether it names a place, and whether text follows in its line."""

    span: Span
    has_place: bool
    has_text: bool


def dateline_at(text: str, line: Span, language: str = "en") -> Dateline | None:
    """The dateline that a line of a text begins with; None if it begins with none.

    It may have a place, the mark of a wire and the name of a weekday before the day, which is always a whole day.
    What only looks like one ("On June 3, 2031", "Release Date: June 3, 2031") is none.

    >>> text = "SAMPLETOWN, NY – (WireName) – May 3, 2031 – The dam"
    >>> text[slice(*dateline_at(text, Span(0, len(text))).span)]
    'SAMPLETOWN, NY – (WireName) – May 3, 2031'
    """
    day = _first_day(text, line, language)
    if day is None:
        return None
    opening = _OPENING.match(text, line.start, day.start)
    start = opening.end() if opening else line.start
    start += text[start] == "(" and ")" not in text[start : day.start]  # all of it is in brackets
    before = text[start : day.start]
    rest = _without_day_words(_MARK.sub(lambda hit: "/" * len(hit.group()), before), language)
    trimmed = rest[: _SEPARATOR.search(rest).start()]  # type: ignore[union-attr]
    gap = rest[len(trimmed) :]
    after = text[day.end : line.end]
    closed = _CLOSING.match(after) if before.count("(") > before.count(")") or before.count("[") else None
    end = day.end + (closed.end() if closed else 0)
    has_text = sum(c.isalnum() for c in text[end : line.end]) > _DAY_LENGTH
    if not trimmed.strip("/ "):
        first = _WORD.search(before)
        if first and first.group().lower() in listed("no_places", language):
            return None
        return Dateline(Span(day.start, day.end), has_place=False, has_text=has_text)
    if not (set(gap) & _STRONG or _AFTER.match(after)) or not is_place(trimmed, language):
        return None
    return Dateline(Span(start, end), has_place=True, has_text=has_text)


def _first_day(text: str, line: Span, language: str) -> Span | None:
    """The words of the first whole day that begins near the start of a line."""
    near: list[DateMention] = []
    for one in dates_of(text, language).within(line.start, line.end):
        if one.span.start > line.start + _FAR:
            break
        if len(one.date) == _DAY_LENGTH:
            near.append(one)
    return near[0].span if near else None


def _without_day_words(before: str, language: str) -> str:
    """What stands before a day without the words that go with it: the name of a weekday, "den", "le"."""
    words = before.rstrip().rstrip(",")
    for _ in range(2):
        last = words.rsplit(maxsplit=1)[-1:] or [""]
        if last[0].strip("(,").lower() not in day_words(language):
            return before if words == before.rstrip().rstrip(",") else words
        words = words[: len(words) - len(last[0].lstrip("("))]
    return words


@lru_cache(maxsize=32)
def day_words(language: str) -> frozenset[str]:
    """The words that may stand before a day: names of weekdays (Unicode CLDR), and those of the table."""
    from babel import Locale, UnknownLocaleError  # 30 ms

    words = set(listed("before_date", language))
    for tag in (language, "en"):
        try:
            days = Locale.parse(tag, sep="-").days["format"]
        except (UnknownLocaleError, ValueError):
            continue
        words |= {name.lower() for width in ("wide", "abbreviated") for name in days[width].values()}
    return frozenset(words)


# ---- places


def is_place(words: str, language: str = "en") -> bool:
    """Whether some words can be the name of a place and not the beginning of a sentence.

    >>> is_place("Port-au-Prince, Haiti"), is_place("Rio de Janeiro"), is_place("On Monday"), is_place("The dam opened")
    (True, True, False, False)
    """
    parts = _WORD.findall(words)
    if not 0 < len(parts) <= _MOST_WORDS or len(words) > _LONGEST_PLACE or _NO_PLACE.search(words):
        return False
    first = parts[0].lower()
    if first.rstrip(".") in listed("no_places", language):
        return False
    is_short = first.endswith(".") and first in listed("particles", language)  # "г. Алматы"
    return (is_short or _begins_large(parts[0])) and all(_is_part(word, language) for word in parts)


def _is_part(word: str, language: str) -> bool:
    """Whether a word can be part of the name of a place: a name, a particle such as "de", an abbreviation."""
    if word.endswith(".") and "." not in word[:-1] and len(word) > 6:
        return False  # the end of a sentence
    return _begins_large(word) or word.lower().rstrip(".") in listed("particles", language)


def _begins_large(word: str) -> bool:
    """Whether a word begins with a capital letter, or with a letter of a script that has none."""
    first = word.lstrip("'’‘“\"(")[:1]
    return first.isalpha() and not first.islower()


@cache
def listed(key: str, language: str) -> tuple[str, ...]:
    """The words of a list of the table ``openings``, in a language and in English, the longest first."""
    words = {word for tag in (language, "en") for word in table("openings", tag).get(key, ())}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))
