"""Whose figure it is where its sentence names nobody: that of the one thing of which the paragraph speaks.

"Example Mill opened in 1990. Revenue rose by 5 per cent." Each word of such a sentence up to the end of its clause must
be known: a measure, its verb, the numbers. So nothing that the record does not name can be what the figure is of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from communique.compile.association import is_holder
from communique.compile.clauseparts import is_oblique, is_part_of_somebody, is_subject
from communique.compile.reading import Reading
from communique.compile.relations.cues import is_source
from communique.terms import SCHEMA
from communique.text.clauses import is_aside
from communique.text.datelines import dateline_at
from communique.text.mentions import Mention
from communique.text.numbers import Quantity, quantities_of
from communique.text.passages import Span
from communique.text.tables import table
from communique.text.tokens import lower_case
from communique.text.yearparts import dates_and_parts_of

TOPIC: Final = "paragraph-topic"
TABLE: Final = "headline-topic"
WHY: Final = {
    TOPIC: f"{TOPIC}: the sentence names nothing whose figure it can be; it is about the subject of the one before",
    TABLE: f"{TABLE}: the table names nothing whose figures it has; they are of the subject of the headline",
}
"""Why a figure is taken to be of what the sentences before it, or the headline, speak of; by rule."""

_LONGEST: Final = 600  # characters of a sentence that only says a measure
_MOST: Final = 5  # numbers of a sentence that are looked at
_FARTHEST: Final = 3  # sentences back in which the subject stands
_TOKEN: Final = re.compile(r"[^\W\d_]+['’]?|#|\d+|[$€£%₽₸&@]")
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_END: Final = re.compile(r"[,;:.!?](?=\s|$)|\s[–—-]\s")
_SHORT: Final = re.compile(r"\(([A-ZА-ЯҚӘҒҢӨҰҮҺІ]{2,8})\)")
_MARKS: Final = re.compile(r"[«»“”„\"]")
_PLACE: Final = SCHEMA + "Place"


def topic_of(reading: Reading, node: str, quantity: Quantity) -> Span | None:
    """The words that name a node as what the paragraph speaks of, if the sentence of a quantity names nothing itself.

    None if the sentence names anything, or is not made of known words; if another thing is the subject of the sentence
    before it; if words for another owner, a quotation or a question stand between.
    """
    number = reading.sentences.at(quantity.core.start)
    sentence = _Plain(reading, Span(*reading.sentences.spans[number]))
    form = sentence.form(quantity)
    if not form or _is_named_there(reading, sentence, form, quantity):
        return None
    if form == "owner" and not _can_mean(reading, sentence.span.start, node):
        return None
    first = reading.sentences.paragraph(number).start
    for earlier in range(number - 1, max(first, number - _FARTHEST) - 1, -1):
        before = _Plain(reading, Span(*reading.sentences.spans[earlier]), is_first=earlier == first)
        if form == "that" and earlier == number - 1 and not before.quantities():
            return None
        named = before.holders()
        if named:
            return before.subject(node, named, is_alone=form == "that" and earlier == number - 1)
        if not any(before.form(one) in ("measure", "that") for one in before.quantities()[:_MOST]):
            return None
    return None


def topic_of_table(reading: Reading, node: str, header: Span) -> Span | None:
    """The words of the headline that name a node as its subject, if a table has a caption that names nothing.

    ``header`` is the first line of the table. None if the line above is no caption such as "Key figures".
    """
    source = reading.source
    start = source.rfind("\n", 0, max(0, header.start - 1)) + 1
    caption = " ".join(lower_case(source[start : header.start]).replace("’", "'").strip(" :\n").split())
    if caption not in table("owners", reading.language).get("captions", ()) or not reading.sentences.spans:
        return None
    headline = _Plain(reading, Span(*reading.sentences.spans[0]))
    named = headline.holders()
    return headline.subject(node, named, is_alone=False) if named else None


def _is_named_there(reading: Reading, sentence: _Plain, form: str, quantity: Quantity) -> bool:
    """Whether a sentence names anything that can own a figure; "its cost is 5, of which Works pays 3" is of its own."""
    end = sentence.clause_end(quantity) if form == "owner" else sentence.span.end
    return bool(sentence.holders(end)) or sentence.has_company(end)


def _can_mean(reading: Reading, start: int, node: str) -> bool:
    """Whether a possessive that begins a sentence, and is not yet known to mean anything, can mean a node."""
    for one in reading.ambiguous:
        if one.start == start:
            return node in one.nodes
    word = lower_case(next(iter(re.findall(r"\w+", reading.source[start : start + 20])), ""))
    return _PLACE in reading.classes(node) and word in table("owners", reading.language).get("of_places", ())


@dataclass(frozen=True, slots=True)
class _Plain:
    """A sentence of the source; numbers and dates in it are one sign each."""

    reading: Reading
    span: Span
    is_first: bool = False

    def quantities(self) -> list[Quantity]:
        """The numbers of the sentence that are no years."""
        found = quantities_of(self.reading.source, self.reading.language).within(*self.span)
        return [one for one in found if not one.is_year]

    def clause_end(self, quantity: Quantity) -> int:
        """Where the clause of a quantity ends: at a comma or at "and"."""
        source, end = self.reading.source, max(quantity.span.end, quantity.core.end)
        cuts = _words("cuts", self.reading.language)
        stops = [hit.start() for hit in _END.finditer(source, end, self.span.end)]
        words = re.finditer(r"[^\W\d_]+", source[end : self.span.end])
        stops += [end + hit.start() for hit in words if lower_case(hit.group()) in cuts]
        return min(stops, default=self.span.end)

    def form(self, quantity: Quantity) -> str:
        """How the sentence gives a quantity: "measure", "owner" ("its cost is"), "that" ("that is"); else ""."""
        if self.span.end - self.span.start > _LONGEST:
            return ""
        text, language = self.reading.source[slice(*self.span)], self.reading.language
        if _MARKS.search(text) or text.rstrip().endswith("?"):
            return ""
        before = self._tokens(self.span.start, quantity.span.start)
        known, rest = _words("fillers", language) | _verbs(language) | {"#"}, _rests(language)
        if not set(self._tokens(quantity.span.end, self.clause_end(quantity))) <= rest:
            return ""
        for phrase in table("owners", language).get("that_is", ()):
            words = phrase.split()
            if before[: len(words)] == words and set(before[len(words) :]) <= known:
                return "that"
        owners = _words("owners", language)
        start = next((k for k, word in enumerate(before) if word not in known or word in owners), len(before))
        form = "owner" if before[start : start + 1] and before[start] in owners else "measure"
        if form == "owner" and start:
            return ""
        if before[start : start + 1] and before[start] in owners | _words("articles", language):
            start += 1
        lengths = (
            len(words)
            for words in _measures(language, is_owned=form == "owner")
            if before[start : start + len(words)] == [*words]
        )
        length = max(lengths, default=0)
        return form if length and set(before[start + length :]) <= known else ""

    def holders(self, end: int | None = None) -> list[Mention]:
        """The mentions of what can own a figure, those behind the dateline."""
        start, reading = self._begin(), self.reading
        named = reading.mentions.within(start, end or self.span.end)
        return [m for m in named if is_holder(reading, m) and not (m.inside or is_part_of_somebody(reading, m))]

    def has_company(self, end: int) -> bool:
        """Whether the legal form of a company stands in the sentence that is no part of the name of a node."""
        words = re.finditer(r"[^\W\d_]+", self.reading.source[self._begin() : end])
        forms = _words("forms", self.reading.language)
        for hit in words:
            start = self._begin() + hit.start()
            if hit.group() in forms and not self._is_in_name(start):
                return True
        return False

    def subject(self, node: str, named: list[Mention], *, is_alone: bool) -> Span | None:
        """The mention of a node if the sentence is about it and names nothing else, but for a place or an aside."""
        reading, first = self.reading, min(named, key=lambda m: (m.start, -m.end))
        text = reading.source[self._begin() : self.span.end]
        language, opening = reading.language, self._tokens(self._begin(), first.start)
        if first.node != node or is_source(reading.source, first.start, language):
            return None
        if not (is_subject(reading, first) or self._follows_date(first, opening)):
            return None
        if not {*opening} <= _words("articles", language) | _words("fillers", language) | {"#"}:
            return None
        if _MARKS.search(self._unnamed(text)) or text.rstrip().endswith("?") or self.has_company(self.span.end):
            return None
        if self._has_unknown_name():
            return None
        if not _words("others", language).isdisjoint(_WORD.findall(lower_case(self._unnamed(text)))):
            return None
        others = [m for m in named if m.node != node]
        if any(is_alone or not self._is_beside(first, m, node) for m in others):
            return None
        return Span(first.start, first.end)

    def _has_unknown_name(self) -> bool:
        """Whether words with capitals stand behind the beginning that name no node; German has them everywhere."""
        if self.reading.language.startswith("de"):
            return False
        source, begin = self.reading.source, self._begin()
        text = self._unnamed(source[begin : self.span.end])
        dates = dates_and_parts_of(source, self.reading.language).within(begin, self.span.end)
        numbers = [q.span for q in quantities_of(source, self.reading.language).within(begin, self.span.end)]
        known = [*(d.span for d in dates), *numbers]
        large = [hit for hit in _WORD.finditer(text) if hit.group()[0].isupper() and "_" not in hit.group()]
        first = _WORD.search(text)
        return any(
            hit.start() != (first.start() if first is not None else -1)
            and not any(one.start <= begin + hit.start() < one.end for one in known)
            for hit in large
        )

    def _follows_date(self, mention: Mention, opening: list[str]) -> bool:
        """Whether a name stands right behind a date: its preposition is not that of the name: "In 2030 Works"."""
        after = self.reading.source[mention.end : mention.end + 1]
        return opening[-1:] == ["#"] and mention.how in ("name", "reference") and after not in ("'", "’")

    def _is_beside(self, own: Mention, other: Mention, node: str) -> bool:
        """Whether something else is named only as a place where, or in an aside on the subject."""
        if not is_oblique(self.reading, other):
            return False
        classes = self.reading.classes(other.node)
        if _PLACE in classes and _PLACE not in self.reading.classes(node):
            return True
        return is_aside(self.reading.source, own.end, other.start, other.end)

    def _begin(self) -> int:
        """Where the sentence begins, behind a dateline."""
        if not self.is_first:
            return self.span.start
        source = self.reading.source
        end = source.find("\n", self.span.start)
        line = Span(self.span.start, end if end >= 0 else len(source))
        dateline = dateline_at(source, line, self.reading.language)
        return self.span.start if dateline is None else min(dateline.span.end, self.span.end)

    def _is_in_name(self, start: int) -> bool:
        return any(m.start <= start < m.end for m in self.reading.mentions.within(*self.span))

    def _unnamed(self, text: str) -> str:
        """The end of the sentence without the names in it."""
        offset = self.span.end - len(text)
        for m in self.reading.mentions.within(offset, self.span.end):
            text = text[: m.start - offset] + "_" * (m.end - m.start) + text[m.end - offset :]
        return text

    def _tokens(self, start: int, end: int) -> list[str]:
        """The words between two offsets in lower case, with "#" for each number and date."""
        source, language = self.reading.source, self.reading.language
        text = _SHORT.sub(lambda hit: " " * len(hit.group()), source[start:end])
        numbers = [q.span for q in quantities_of(source, language).within(start, end) if q.span.end <= end]
        dates = [d.span for d in dates_and_parts_of(source, language).within(start, end)]
        for one in (*numbers, *dates):
            low, high = max(one.start, start) - start, one.end - start
            text = text[:low] + "#" + " " * (high - low - 1) + text[high:]
        return [lower_case(word).replace("’", "'") for word in _TOKEN.findall(text)]


@cache
def _words(name: str, language: str) -> frozenset[str]:
    return frozenset(table("owners", language).get(name, ()))


@cache
def _verbs(language: str) -> frozenset[str]:
    """The words by which a measure is said to be so much, or to have changed."""
    return _words("verbs", language) | frozenset(table("changes", language).get("verbs", ()))


@cache
def _rests(language: str) -> frozenset[str]:
    """The words that may follow the number in its clause."""
    return _words("rest", language) | _words("fillers", language) | _verbs(language) | {"#"}


@cache
def _measures(language: str, *, is_owned: bool) -> tuple[tuple[str, ...], ...]:
    """The words for what a company has; a cost or a length may be that of a thing not named, unless it is owned."""
    own = table("owners", language)
    phrases = (*own.get("measures", ()), *(own.get("of_things", ()) if is_owned else ()))
    return tuple(tuple(phrase.replace("-", " ").split()) for phrase in phrases)
