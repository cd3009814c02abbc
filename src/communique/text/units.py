"""What stands around a number: its unit (per cent, a currency, a word) and its comparison ("at least", «более»)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, NamedTuple

from communique.text.tables import table

UnitKind = Literal["", "currency", "percent", "word"]

_BEFORE: Final = 48  # characters that are looked at on either side of a number
_WORD: Final = re.compile(r"[^\W\d_]+")
_DOLLARS: Final = {"us": "USD", "a": "AUD", "au": "AUD", "c": "CAD", "ca": "CAD", "hk": "HKD", "nz": "NZD", "s": "SGD"}
_DOLLAR_BEFORE: Final = re.compile(r"(?<![^\W\d_])([a-z]{0,2})\$ ?$")
_DOLLAR_AFTER: Final = re.compile(r" ?\$(us|ca|au)?(?![^\W\d_])")
_CODE_BEFORE: Final = re.compile(r"(?<![^\W_])([A-Z]{3}) ?$")
_CODE_AFTER: Final = re.compile(r" ?([A-Z]{3})(?![^\W_])")
_PERCENT: Final = re.compile(r" ?[%٪]")
_SIGNS: Final = {"≥": "at least", ">": "more than", "≤": "at most", "<": "less than", "~": "about", "≈": "about"}
_LARGEST_PHRASE: Final = 4  # words


class Unit(NamedTuple):
    """A unit: an ISO 4217 code, "%" or a word as it is written; ``at`` is where it begins or ends beside the number."""

    kind: UnitKind
    name: str
    at: int


NO_UNIT: Final = Unit("", "", -1)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The words of a language for units and comparisons; currencies are by name or by sign, in lower case."""

    currencies: Mapping[str, str]
    signs: Mapping[str, str]
    codes: frozenset[str]
    dollar: str
    percent: frozenset[str]
    points: frozenset[str]
    links: frozenset[str]
    stops: frozenset[str]
    before: Mapping[str, str]
    after: Mapping[str, str]
    amounts: tuple[str, ...]
    of_amounts: frozenset[str]

    def currency_before(self, low: str, cased: str, start: int) -> Unit:
        """The currency whose sign or code stands directly before an offset of a shadow text."""
        begin = max(0, start - 8)
        dollar = _DOLLAR_BEFORE.search(low, begin, start)
        if dollar is not None:
            code = self.dollar if not dollar[1] else _DOLLARS.get(dollar[1], "")
            return Unit("currency", code, dollar.start()) if code else NO_UNIT
        code_before = _CODE_BEFORE.search(cased, begin, start)
        if code_before is not None and code_before[1] in self.codes:
            return Unit("currency", code_before[1], code_before.start())
        end = start - 1 if low[start - 1 : start] == " " else start
        for sign, code in self.signs.items():
            if low.endswith(sign, begin, end):
                return Unit("currency", code, end - len(sign))
        return NO_UNIT

    def unit_after(self, low: str, cased: str, end: int) -> Unit:
        """The unit that stands directly after an offset of a shadow text."""
        percent = _PERCENT.match(low, end)
        if percent is not None:
            return Unit("percent", "%", percent.end())
        return self._currency_sign_after(low, cased, end) or self._words_after(low, cased, end)

    def _currency_sign_after(self, low: str, cased: str, end: int) -> Unit | None:
        dollar = _DOLLAR_AFTER.match(low, end)
        if dollar is not None:
            return Unit("currency", _DOLLARS[dollar[1]] if dollar[1] else self.dollar, dollar.end())
        code = _CODE_AFTER.match(cased, end)
        if code is not None and code[1] in self.codes:
            return Unit("currency", code[1], code.end())
        begin = end + 1 if low[end : end + 1] == " " else end
        for sign, name in self.signs.items():
            if low.startswith(sign, begin):
                return Unit("currency", name, begin + len(sign))
        return None

    def _words_after(self, low: str, cased: str, end: int) -> Unit:
        words = list(words_from(low, end, 5))
        for skipped in (0, 1, 2):
            if len(words) <= skipped or (skipped and words[skipped - 1][0] not in self.links):
                break
            found = self._named_unit(words[skipped:], cased, is_first=skipped == 0)
            if found is not None:
                return found
        for word, start, stop in words[:2]:
            if word not in self.links:
                return NO_UNIT if word in self.stops else Unit("word", cased[start:stop], stop)
        return NO_UNIT

    def _named_unit(self, words: list[tuple[str, int, int]], cased: str, *, is_first: bool) -> Unit | None:
        """A currency, per cent or percentage points by name, at the beginning of some words."""
        for length in range(min(_LARGEST_PHRASE, len(words)), 0, -1):
            phrase, stop = " ".join(word for word, _, _ in words[:length]), words[length - 1][2]
            if phrase in self.currencies:
                return Unit("currency", self.currencies[phrase], stop)
            if phrase in self.percent and is_first:
                return Unit("percent", "%", stop)
            if phrase in self.points and is_first:
                return Unit("word", cased[words[0][1] : stop], stop)
        return None

    def comparison_before(self, low: str, start: int) -> tuple[str, int]:
        """The comparison directly before an offset, and where it begins; "" if there is none."""
        at = start - 1 if low[start - 1 : start] == " " else start
        sign = low[at - 1 : at] if at else ""
        if sign in _SIGNS and sign:
            return _SIGNS[sign], at - 1
        words = _words_until(low, start)
        for length in range(min(_LARGEST_PHRASE, len(words)), 0, -1):
            phrase = " ".join(word for word, _ in words[-length:])
            noun = words[-length - 1][0] if length < len(words) else ""
            is_of_amount = phrase in self.of_amounts and noun.endswith(self.amounts)  # "ein Scheck über 5 Euro"
            if phrase in self.before and not is_of_amount:
                return self.before[phrase], words[-length][1]
        return "", start

    def comparison_after(self, low: str, end: int) -> tuple[str, int]:
        """The comparison directly after an offset, and where it ends; "" if there is none."""
        if low.startswith("+", end):
            return "at least", end + 1
        words = list(words_from(low, end, _LARGEST_PHRASE))
        for length in range(len(words), 0, -1):
            phrase = " ".join(word for word, _, _ in words[:length])
            if phrase in self.after:
                return self.after[phrase], words[length - 1][2]
        return "", end


def words_from(low: str, end: int, most: int) -> Iterator[tuple[str, int, int]]:
    """The words that follow an offset with one space, hyphen or apostrophe before each, with their offsets."""
    for number in range(most):
        begin = end + 1 if low[end : end + 1] in (" ", "-", "'") else end
        hit = _WORD.match(low, begin, begin + _BEFORE)
        if hit is None or (begin == end and number > 0):
            return
        yield hit.group(), hit.start(), hit.end()
        end = hit.end()


def _words_until(low: str, start: int) -> list[tuple[str, int]]:
    """The last words before an offset, with one space, hyphen or apostrophe after each, and where each begins."""
    words: list[tuple[str, int]] = []
    end = start
    begin = max(0, start - _BEFORE)
    for _ in range(_LARGEST_PHRASE):
        if end - 1 < begin or low[end - 1] not in " '-":
            break
        stop = end - 1
        if low[stop - 1 : stop] == "." and stop - 1 > begin:
            stop -= 1  # "approx. 50", "ca. 50"
        first = stop
        while first > begin and low[first - 1].isalpha():
            first -= 1
        if first == stop:
            break
        words.append((low[first:stop], first))
        end = first
    return words[::-1]


@cache
def surroundings_of(language: str) -> Surroundings:
    """The words for units and comparisons of a language, given by its tag; signs and codes are known in all."""
    made, own, known = table("numbers", language), table("quantities", language), table("numbers", "any")
    currencies = {name.replace("-", " "): code for name, code in made.get("currencies", {}).items()}
    for code, names in own.get("currency", {}).items():
        currencies |= {name.replace("-", " "): code for name in names}
    return Surroundings(
        currencies=currencies,
        signs=dict(sorted(known["signs"].items(), key=lambda item: (-len(item[0]), item[0]))),
        codes=frozenset(known["codes"].split()),
        dollar=known["dollars"].get(language.rpartition("-")[2].upper(), "USD"),
        percent=frozenset(own.get("percent", ())),
        points=frozenset(own.get("points", ())),
        links=frozenset(own.get("link", ())),
        stops=frozenset((*own.get("range", ()), *own.get("joiners", ()), *(pair[1] for pair in own.get("pairs", ())))),
        before=_by_phrase(own.get("before", {})),
        after=_by_phrase(own.get("after", {})),
        amounts=tuple(own.get("amounts", ())),
        of_amounts=frozenset(own.get("of_amounts", ())),
    )


def _by_phrase(phrases: Mapping[str, list[str]]) -> dict[str, str]:
    plain = str.maketrans({"'": " ", "’": " ", "-": " "})
    return {phrase.translate(plain): name for name, own in phrases.items() for phrase in own}
