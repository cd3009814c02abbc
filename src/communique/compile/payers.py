"""Who pays an amount that a sentence gives behind their names: "funded by Works and by the city, with 5 euros"."""

from __future__ import annotations

import re
from typing import Final

from communique.compile.clauseparts import acts
from communique.compile.reading import Reading
from communique.compile.relations.cues import cues_of
from communique.text.mentions import Mention
from communique.text.numbers import Quantity
from communique.text.tables import table
from communique.text.tokens import lower_case

_WORD: Final = re.compile(r"\w+")
_REACH: Final = 60  # characters before the first of those who pay in which "funded by" stands


def payers_of(reading: Reading, quantity: Quantity) -> list[Mention]:
    """Those in a list after "by" whom only words such as "with" and "to the tune of" part from an amount of money.

    The amount is then that of the thing they pay for, and not of one of several of them.
    """
    if quantity.unit_kind != "currency":
        return []
    start = reading.sentences.spans[reading.sentences.at(quantity.core.start)].start
    named = [m for m in reading.mentions.within(start, quantity.span.start) if not m.inside and acts(reading, m)]
    if not named or not _leads_to_amount(reading, reading.source[named[-1].end : quantity.span.start]):
        return []
    payers = [named.pop()]
    while named and _joins(reading, reading.source[named[-1].end : payers[0].start]):
        payers.insert(0, named.pop())
    return payers if _is_agent(reading, start, payers[0]) else []


def _leads_to_amount(reading: Reading, words: str) -> bool:
    said = " ".join(lower_case(words).replace(",", " ").split()).lstrip('"”»“ ')
    return said in table("quantities", reading.language).get("amounting", ())


def _joins(reading: Reading, words: str) -> bool:
    """Whether words between two names make them a list: "and by the"."""
    cues = cues_of(reading.language)
    known = cues.set("and") | cues.set("speech", "by") | cues.set("articles")
    between = _WORD.findall(lower_case(words))
    return set(between) <= known and ("," in words or not cues.set("and").isdisjoint(between))


def _is_agent(reading: Reading, start: int, mention: Mention) -> bool:
    """Whether "by", "funded by" and the like stand right before a name, but for articles."""
    cues = cues_of(reading.language)
    before = reading.source[max(start, mention.start - _REACH) : mention.start].rstrip('"«„“ ')
    words = _WORD.findall(lower_case(before))
    by = cues.set("speech", "by")
    while words and words[-1] in cues.set("articles") and words[-1] not in by:
        words.pop()
    if words and words[-1] in by:
        return True
    hits = [hit.end() for hit in cues.of("funder").after.pattern.finditer(before)]
    return bool(hits) and set(_WORD.findall(lower_case(before[hits[-1] :]))) <= cues.set("articles")
