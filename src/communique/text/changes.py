"""Whether a number of a text is the amount of a change ("rose by 6 %") or what a change led to ("rose to 6 %")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from communique.text.numbers import Quantity
from communique.text.passages import Span
from communique.text.tables import table
from communique.text.tokens import lower_case

_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_CUT: Final = re.compile(r"[;:.!?,](?=\s)|[()\n“”„«»\"]")
_END: Final = re.compile(r"[;.!?](?=\s)|\n")
_BEFORE: Final = 120  # characters before a number that are looked at
_AFTER: Final = 60
_FAR: Final = 12  # words between a verb of change and "by"
_NEAR: Final = 6  # words between a noun of change and "of"
_BEHIND: Final = 8  # words between "um 5 Prozent" and its verb
_SHORTEST_NOUN: Final = 4  # letters of a noun that ends a compound: "Umsatzplus"
_LOOK_BACK: Final = 3  # words before a date among which one makes it what is compared with
_BARE: Final = frozenset({"up", "down", "plus", "minus"})


class Change(NamedTuple):
    """The word that says a change, and whether the number is its amount; else it is what something changed into."""

    words: Span
    is_amount: bool


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a language for changes; see the table ``changes``."""

    sets: Mapping[str, frozenset[str]]
    by_endings: tuple[str, ...]
    others: tuple[str, ...]
    is_compounding: bool

    def has(self, word: str, *names: str) -> bool:
        """Whether a word stands in one of some lists."""
        return any(word in self.sets.get(name, ()) for name in names)

    def says(self, word: str) -> bool:
        """Whether a word is one for a change, in whatever place."""
        return self.has(word, "verbs", "by_only", "direct") or self.is_noun(word)

    def is_noun(self, word: str) -> bool:
        """Whether a word is a noun for a change, or ends with one: "Umsatzplus"."""
        nouns = self.sets.get("nouns", frozenset())
        if not self.is_compounding:
            return word in nouns
        return any(word == noun or (len(noun) >= _SHORTEST_NOUN and word.endswith(noun)) for noun in nouns)


@cache
def _points_of(language: str) -> frozenset[str]:
    return frozenset(table("quantities", language).get("points", ()))


@cache
def _words_of(language: str) -> _Words:
    own = table("changes", language)
    tuples, has = ("by_endings", "others"), own.get("is_compounding", False)
    sets = {name: frozenset(words) for name, words in own.items() if isinstance(words, list) and name not in tuples}
    ends = {name: tuple(own.get(name, ())) for name in tuples}
    return _Words(sets, **ends, is_compounding=has)


def change_words(words: Iterable[str], language: str) -> list[str]:
    """Those of some words (in lower case) that say a change.

    >>> change_words(["revenue", "rose"], "en"), change_words(["umsatzplus"], "de")
    (['rose'], ['umsatzplus'])
    """
    rules = _words_of(language)
    return [word for word in words if rules.says(word) or rules.has(word, "after")]


def change_of(text: str, quantity: Quantity, language: str) -> Change | None:
    """The change that a quantity of a text belongs to; None if it is no part of one.

    >>> from communique.text.numbers import quantities_of
    >>> [by, to] = ["Sales rose by 6 %.", "Sales rose to 6 %."]
    >>> [change_of(text, quantities_of(text, "en").all[0], "en").is_amount for text in (by, to)]
    [True, False]
    """
    return _Place(text, quantity, language).change()


def leads_to(text: str, quantity: Quantity, language: str) -> bool:
    """Whether the words that could bound a quantity say what something changed into: «выросла до 40 %»."""
    return _Place(text, quantity, language).goal() is not None


def is_compared(text: str, date: Span, language: str) -> bool:
    """Whether something is only compared with a date: "higher than in 2022", "compared with 2019", "up 5 % on 2022"."""
    rules = _words_of(language)
    before = re.split(r"\d|[;:.!?](?=\s)", text[max(0, date.start - 40) : date.start])[-1]
    words = [lower_case(word) for word in _LETTERS.findall(before)][-_LOOK_BACK:]
    after = [lower_case(word) for word in _LETTERS.findall(text[date.end : date.end + 40])][:_LOOK_BACK]
    said = any(rules.has(word, "compared") for word in words)
    return said or any(rules.has(word, "compared_after") for word in after)


class _Place:
    """A quantity with the words of its clause before and behind it."""

    def __init__(self, text: str, quantity: Quantity, language: str) -> None:
        self.text, self.quantity, self.rules = text, quantity, _words_of(language)
        start = max(0, quantity.span.start - _BEFORE)
        cut = max((hit.end() for hit in _CUT.finditer(text, start, quantity.span.start)), default=start)
        self.before = self._words(cut, quantity.span.start)
        end = min(len(text), quantity.core.end + _AFTER)
        hit = _CUT.search(text, quantity.core.end, end)
        end = hit.start() if hit is not None else end
        self.unit = self._words(quantity.core.end, max(quantity.core.end, quantity.span.end))
        self.behind = self._words(max(quantity.span.end, quantity.core.end), end)
        is_share = quantity.unit_kind == "percent" or lower_case(quantity.unit) in _points_of(language)
        self.is_number = quantity.unit_kind != "currency" and not is_share

    def _words(self, start: int, end: int) -> list[tuple[str, Span]]:
        hits = _WORD.finditer(self.text, start, end)
        return [(lower_case(hit.group()), Span(*hit.span())) for hit in hits]

    def goal(self) -> Change | None:
        """The change into a quantity that a word such as «до» belongs to, which would else bound it."""
        around = (
            (self.quantity.span.start, self.quantity.core.start),
            (self.quantity.core.end, self.quantity.span.end),
        )
        if not any(self.rules.has(word, "goals") for part in around for word, _ in self._words(*part)):
            return None
        start = max(0, self.quantity.span.start - _BEFORE)
        cut = max((hit.end() for hit in _END.finditer(self.text, start, self.quantity.span.start)), default=start)
        before = self._words(cut, self.quantity.span.start)
        return self._into([*before, *self.behind[:_BEHIND]])

    def change(self) -> Change | None:
        goal = self.goal()
        if goal is not None:
            return goal
        lead = list(self.before)
        while lead and self.rules.has(lead[-1][0], "fillers"):
            lead.pop()
        word = lead[-1][0] if lead else ""
        if self._is_signed():
            return Change(Span(self.quantity.core.start - 1, self.quantity.core.start), is_amount=True)
        if self.rules.has(word, "to"):
            return self._into(lead[:-1])
        if self.rules.has(word, "by"):
            found = self._by(lead[:-1])
        elif self.rules.has(word, "of"):
            found = self._of(lead[:-1])
        else:
            found = self._directly(lead)
        return found or self._compared() or self._by_ending()

    def _is_signed(self) -> bool:
        """Whether a share has a plus before it: "(+5 %)"."""
        start = self.quantity.core.start
        return self.quantity.unit_kind == "percent" and self.text[max(0, start - 1) : start] == "+"

    def _into(self, lead: Sequence[tuple[str, Span]]) -> Change | None:
        said = (span for word, span in reversed(lead[-_FAR - _BEHIND :]) if self.rules.says(word))
        span = next(said, None)
        return Change(span, is_amount=False) if span is not None else None

    def _by(self, lead: Sequence[tuple[str, Span]]) -> Change | None:
        """A change by so much: its word stands in the clause before, or behind the number."""
        if self.is_number and self._unit_word().endswith(self.rules.others):
            return None
        near = [*reversed(lead[-_FAR:])]
        if near and self.is_number and self.rules.has(near[0][0], "agents"):
            return None  # "grown by 40 farmers"
        said = (span for word, span in (*near, *self.behind[:_BEHIND]) if self.rules.says(word))
        span = next(said, None)
        return Change(span, is_amount=True) if span is not None else None

    def _unit_word(self) -> str:
        return next((word for word, _ in (*self.unit, *self.behind)), "")

    def _of(self, lead: Sequence[tuple[str, Span]]) -> Change | None:
        """A rise of so much; words may stand between for money and shares: "growth in sales of 12 %"."""
        verbs = () if self.rules.sets.get("by") else ("verbs", "by_only")
        counts = self.is_number and bool(self.unit or self.behind)  # "the number of members of 40 clubs"
        near = [*reversed(lead[-1:] if counts else lead[-_NEAR:])]
        for word, span in near:
            if self.rules.is_noun(word) or self.rules.has(word, *verbs):
                return Change(span, is_amount=True)
        return None

    def _directly(self, lead: Sequence[tuple[str, Span]]) -> Change | None:
        if not lead:
            return None
        word, span = lead[-1]
        is_bound = self.text[self.quantity.span.start : self.quantity.core.start].split(maxsplit=1)[:1]
        if is_bound and self.rules.has(lower_case(is_bound[0]), "bounds"):
            return Change(span, is_amount=False) if self.rules.says(word) else None
        if self.rules.has(word, "counting") and self.is_number:
            return None  # "grows 12 crops"
        is_said = self.rules.has(word, "verbs", "direct") or self.rules.is_noun(word)
        return Change(span, is_amount=True) if is_said else None

    def _compared(self) -> Change | None:
        """A share or an amount of money that more or less follows: "12 % more visitors", «на 8 % больше»."""
        words = [word for word, _ in self.behind[:2]]
        name = "after_money" if self.quantity.unit_kind == "currency" else "after"
        if self.is_number or not words:
            return None
        if not (self.rules.has(words[0], name) or self.rules.has(" ".join(words), name)):
            return None
        is_of_next = words[0] in _BARE and re.match(r"\s*\d", self.text[self.behind[0][1].end :])
        return None if is_of_next else Change(self.behind[0][1], is_amount=True)

    def _by_ending(self) -> Change | None:
        """In a language whose case says "by": «6 пайызға өсті»."""
        if not self.rules.by_endings or not self.behind or not self.rules.has(self.behind[0][0], "verbs"):
            return None
        words = [word for word, _ in self.unit]
        if (
            not words
            or not words[-1].endswith(self.rules.by_endings)
            or any(self.rules.has(word, "goals") for word in words)
        ):
            return None
        return Change(self.behind[0][1], is_amount=True)
