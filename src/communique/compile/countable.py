"""Whether a number of a text can be a figure: it is no part of a date or of a name, and nobody is quoted with it."""

from __future__ import annotations

import re
from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.reading import Reading
from communique.terms import CMQ, FOAF, SCHEMA
from communique.text.dates import dates_of
from communique.text.numbers import Quantity
from communique.text.passages import Span
from communique.text.quotationmarks import quotations_of
from communique.text.tables import table

_NUMBERED: Final = frozenset({"name", "inflected", "reference", "acronym"})
_PAIR: Final = re.compile(r"(?<![\w.,])(\d{1,4})[ \u00a0]?(\w{1,7}|[:–-])[ \u00a0]?(\d{1,4})(?![.,]?\d)")
_MARKS: Final = " \u00a0\u202f\"“”„«»‘’‹›'.,"
_SCORE: Final = 16
_SAYING: Final = frozenset(
    {SCHEMA + "Event", SCHEMA + "Action", SCHEMA + "NewsArticle", SCHEMA + "Quotation", SCHEMA + "Statement"}
    | {CMQ + "ReportedStatement", CMQ + "PolicyRecommendation", FOAF + "Group", SCHEMA + "Audience"}
)
"""Classes whose names are words of the text like others: a number in them counts something."""


def is_countable(reading: Reading, quantity: Quantity) -> bool:
    """Whether a number can be what a figure gives: "2009" in "since 2009" and "6" in "Line 6" cannot."""
    is_part = is_of_score(reading.source, quantity.core, reading.language)
    return not (is_part or _is_dating(reading, quantity) or _is_of_name(reading, quantity))


def is_of_score(source: str, number: Span, language: str) -> bool:
    """Whether a whole number is one side of a score or vote: "31 zu 12", "5–2", "by 31 to 12"; "from 5 to 2" is none.

    >>> is_of_score("by 31 to 12 votes", Span(3, 5), "en"), is_of_score("from 31 to 12 votes", Span(5, 7), "en")
    (True, False)
    """
    rules = table("quantities", language)
    low = max(0, number.start - _SCORE)
    for hit in _PAIR.finditer(source, low, min(len(source), number.end + _SCORE)):
        if number[:2] not in (hit.span(1), hit.span(3)):
            continue
        before = source[max(0, hit.start() - _SCORE) : hit.start()].lower().split()[-1:]
        if hit[2] in rules.get("score", ()):
            return True
        falls = hit[2] in rules.get("score_if_falling", ()) and int(hit[1]) > int(hit[3])
        if falls and not frozenset(before) & frozenset(rules.get("from", ())):
            return True
    return False


def _is_dating(reading: Reading, quantity: Quantity) -> bool:
    """Whether a number is a year or a part of a date, and not what counts the word after it."""
    if quantity.unit_kind in ("currency", "percent"):
        return False
    start, end = quantity.core
    around = list(dates_of(reading.source, reading.language).within(max(0, start - 40), end + 40))
    within = [d for d in around if d.span.start <= start and end <= d.span.end]
    return any(d.span[:2] != quantity.core[:2] for d in within) or (bool(within) and quantity.is_year)


def _is_of_name(reading: Reading, quantity: Quantity) -> bool:
    """Whether a number ends the name of something, or stands in its code."""
    start, end = quantity.core
    for mention in reading.mentions.within(max(0, start - 80), end + 80):
        if mention.start > start or end > mention.end:
            continue
        ends = mention.start < start and mention.end == end and mention.how in _NUMBERED
        if mention.how == "identifier" or (ends and _SAYING.isdisjoint(reading.classes(mention.node))):
            return True
    return False


def is_quoted(reading: Reading, quantity: Quantity, of: RecordFact | None) -> bool:
    """Whether a number stands between quotation marks, and what the figure is ``of`` is not what is quoted there.

    A rating alone between its marks, 'a "good" quality', is nobody's words.
    """
    start, end = quantity.core
    marked = [pair for pair in quotations_of(reading.source) if pair.start <= start and end <= pair.end]
    if all(
        not quantity.value and reading.source[slice(*pair)].strip(_MARKS) == reading.source[start:end]
        for pair in marked
    ):
        return False
    own = reading.mentions.of(of.object.value) if of is not None else ()
    return not any(m.how == "text" and m.start <= start and end <= m.end for m in own)
