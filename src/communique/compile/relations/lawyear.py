"""The year in a law's own name is the year of the law: "the Harbours Act 2019", "Hafengesetz von 2019"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.frame import Found, Frame, around, local
from communique.text.mentions import Mention
from communique.text.passages import Span

_YEAR: Final = re.compile(r"(?<![\w.,-])[12]\d{3}(?![\w-]|[.,]\d)", re.ASCII)
_WORD: Final = re.compile(r"\s(\w+)")
_LONGEST_LEAD: Final = 14  # characters from a name to the year behind it: " aus dem Jahr "


def is_only_attribute(frame: Frame, fact: RecordFact, window: Span) -> bool:
    """Whether a sentence names a law only to say of what something else is: "the Harbours Act 2019 report"."""
    if local(fact.key) != "legislationDate":
        return False
    named = frame.of(fact.node.iri.value, *window)
    return bool(named) and all(_is_attribute(frame, one) for one in named)


def find_year_of_law(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """The year inside the name of a law, or right behind or before it."""
    wanted = fact.object.value
    if local(fact.key) != "legislationDate" or len(wanted) != len("2019"):
        return None
    for one in frame.of(fact.node.iri.value, *window):
        if one.how == "pronoun" or _is_attribute(frame, one):
            continue
        for year in _years(frame, one):
            if frame.source[slice(*year)] == wanted:
                return Found(around(year, one), "year of the law", one, None, year)
    return None


def _years(frame: Frame, law: Mention) -> Iterator[Span]:
    yield from (Span(*hit.span()) for hit in _YEAR.finditer(frame.source, law.start, law.end))
    behind = _behind(frame, law)
    if behind is not None:
        yield behind
    before = list(_YEAR.finditer(frame.source, max(0, law.start - 6), law.start))
    if before and before[-1].end() < law.start and not frame.source[before[-1].end() : law.start].strip():
        yield Span(*before[-1].span())


def _behind(frame: Frame, law: Mention) -> Span | None:
    """The year right behind a name, with a word for "of" or a bracket between at most."""
    line = frame.sentence(law.start)
    year = _YEAR.search(frame.source, law.end, min(line.end, law.end + _LONGEST_LEAD + 4))
    if year is None:
        return None
    lead = frame.source[law.end : year.start()]
    known = frame.cues.set("law", "of")
    is_joined = lead[:1].isspace() and (lead.strip() in {"", "("} or " ".join(lead.split()).lower() in known)
    return Span(*year.span()) if is_joined else None


def _is_attribute(frame: Frame, law: Mention) -> bool:
    """Whether a noun for something else follows a law and its year: "report", or in English a word with a capital."""
    behind = _behind(frame, law)
    inside = _YEAR.search(frame.source, law.start + 1, law.end)
    end = behind.end if behind is not None else inside.end() if inside is not None else None
    following = _WORD.match(frame.source, end, frame.sentence(law.start).end) if end is not None else None
    if following is None:
        return False
    is_capital = bool(frame.cues.set("law", "capitals")) and following[1][0].isupper()
    return is_capital or following[1].lower() in frame.cues.set("law", "others")
