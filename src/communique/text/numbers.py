"""The quantities of a text: value, unit and comparison, as its language writes them."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from communique.text.measures import measure_after
from communique.text.numberscan import Number, NumberScanner
from communique.text.numerals import decimal_text
from communique.text.passages import Span
from communique.text.shadow import Shadow, fold, lower, shadow_of
from communique.text.tables import table
from communique.text.units import Surroundings, Unit, UnitKind, surroundings_of

COMPARISONS: Final = {
    "at least": "minValue",
    "more than": "minValue",
    "at most": "maxValue",
    "less than": "maxValue",
    "almost": "maxValue",
    "about": "value",
}
"""The comparisons, and which bound of schema:QuantitativeValue each gives; "about" gives none."""

MOST: Final = 20_000
"""The most numbers of a text that are read; those after them say nothing."""

_YEARS: Final = range(1800, 2101)
_OF_WEIGHT: Final = " of "
_LONGEST: Final = 200
"""The most characters of an amount as an author writes it; longer ones are ratings in words."""


class Quantity(NamedTuple):
    """A number of a text, or a range from ``value`` to ``upper``: exact decimals, or fractions such as 1/3.

    ``unit`` is an ISO 4217 code, "%" or the word after the number, as ``unit_kind`` says; ``comparison`` is one of
    `COMPARISONS` or "". ``span`` are all its words, ``core`` those of the number alone (offsets into the source). It
    ``is_weak`` if it is a mere "one" or a fraction in words, which say an amount only beside what they count;
    ``is_year`` if it is probably a year. ``with_unit`` are its words up to a unit that stands only behind the next one.
    """

    value: str
    upper: str = ""
    unit_kind: UnitKind = ""
    unit: str = ""
    comparison: str = ""
    span: Span = Span(0, 0)
    core: Span = Span(0, 0)
    is_weak: bool = False
    is_year: bool = False
    with_unit: Span | None = None


class Quantities:
    """The quantities of a text in order; ranges come before the numbers inside them."""

    def __init__(self, found: Iterable[Quantity]) -> None:
        self.all = tuple(sorted(found, key=lambda q: (q.core.start, -q.core.end, q.value)))
        self._starts = array("I", (q.core.start for q in self.all))

    def within(self, start: int, end: int) -> Iterator[Quantity]:
        """The quantities whose numbers stand between two offsets."""
        for quantity in self.all[bisect_left(self._starts, start) : bisect_right(self._starts, end)]:
            if quantity.core.end <= end:
                yield quantity

    def around(self, start: int, end: int) -> Iterator[Quantity]:
        """The quantities whose numbers cover the words between two offsets, such as a range one of its ends."""
        last = bisect_right(self._starts, start)
        for quantity in self.all[max(0, last - 3) : last]:
            if end <= quantity.core.end:
                yield quantity


@lru_cache(maxsize=2)
def quantities_of(text: str, language: str) -> Quantities:
    """The quantities of a text in a language (a BCP 47 tag); those of the last two texts are cached.

    Dates, times, telephone numbers, ordinals and the numbers of articles and pages are none.

    >>> [(q.value, q.unit, q.comparison) for q in quantities_of("At least 2,500 people gave €3 million.", "en").all]
    [('2500', 'people', 'at least'), ('3000000', 'EUR', '')]
    """
    shadow = shadow_of(text)
    found = _ranges(_measured(shadow, language), shadow.text, language)
    return Quantities(_quantity(_lasting(one, shadow.text, language), shadow) for one in found)


@dataclass(frozen=True, slots=True)
class _Measured:
    """A number with what stands around it; ``begin`` and ``stop`` are the offsets of all its words in the shadow.

    ``until`` is the end of a unit that stands only after the next number, else 0.
    """

    number: Number
    before: Unit
    unit: Unit
    comparison: str
    begin: int
    stop: int
    upper: Number | None = None
    until: int = 0


def _measured(shadow: Shadow, language: str) -> list[_Measured]:
    """The numbers of a shadow text with what stands around them; a number inside the unit of another is left out."""
    found: list[_Measured] = []
    stop = 0
    for number in islice(NumberScanner(shadow, language).numbers(), MOST):
        if number.start >= stop:
            found.append(_measure(number, shadow, language))
            stop = found[-1].stop
    return found


def _measure(number: Number, shadow: Shadow, language: str) -> _Measured:
    around, low, cased = surroundings_of(language), shadow.text, shadow.cased
    before = around.currency_before(low, cased, number.start)
    begin = before.at if before.kind else number.start
    end = number.end
    if number.power and low[end : end + 2] == ". " and not before.kind:  # "2,5 Mio. Euro"
        after = around.unit_after(low, cased, end + 1)
        end = end + 1 if after.kind == "currency" or after.kind == "percent" else end
    later, stop = around.comparison_after(low, end)
    unit = around.unit_after(low, cased, stop)
    if unit.name == "GBP" and not number.power and low.startswith(_OF_WEIGHT, unit.at) and language[:2] == "en":
        unit = Unit("word", low[stop : unit.at].strip(), unit.at)  # "500 pounds of flour"
    measure, at = measure_after(cased, stop, language)
    if before.kind:
        unit = Unit("currency", before.name, stop)
    elif measure:
        unit, stop = Unit("word", cased[stop:at].strip(" -"), at), at
    elif unit.kind:
        stop = unit.at
    if not later:
        later, stop = around.comparison_after(low, stop)
    earlier, begin = around.comparison_before(low, begin)
    comparison = earlier or later or ("about" if number.is_round else "")
    return _Measured(number, before, unit, comparison, begin=begin, stop=stop)


def _quantity(one: _Measured, shadow: Shadow) -> Quantity:
    number, upper = one.number, one.upper
    text = shadow.text[number.start : number.end]
    is_year = len(text) == 4 and text.isdecimal() and int(text) in _YEARS and upper is None
    return Quantity(
        decimal_text(number.value),
        decimal_text(upper.value) if upper is not None else "",
        unit_kind=one.unit.kind,
        unit=one.unit.name,
        comparison=one.comparison,
        span=shadow.span(one.begin, one.stop),
        core=shadow.span(number.start, (upper or number).end),
        is_weak=number.weak,
        is_year=is_year and not one.comparison and one.unit.kind not in ("currency", "percent"),
        with_unit=shadow.span(one.begin, one.until) if one.until else None,
    )


def _lasting(one: _Measured, low: str, language: str) -> _Measured:
    """A number without the "over" that says how long: "invests 5 over three years"; "for over 3 years" is more."""
    rules, start = table("quantities", language).get("over_time"), _start(one)
    if not rules or low[one.begin : start].strip() not in rules["words"]:
        return one
    before = _WORDS.findall(low, max(0, one.begin - _LARGEST_GAP), one.begin)[-1:]
    unit, *behind = _WORDS.findall(low, one.number.end, one.number.end + 2 * _LARGEST_GAP)[:2] or [""]
    is_more = not {*before}.isdisjoint(rules["leads"]) or not {*behind}.isdisjoint(rules["behind"])
    return one if is_more or unit not in rules["units"] else replace(one, comparison="", begin=start)


# ---- ranges


def _ranges(measured: list[_Measured], low: str, language: str) -> Iterator[_Measured]:
    """All quantities: ranges, and single ones that are not an end of a range that excludes them.

    Of "from 5 to 7 million" the ends count as well, for something may have grown from the one to the other.
    """
    k = 0
    while k < len(measured):
        first = measured[k]
        second = measured[k + 1] if k + 1 < len(measured) else None
        join = _join(first, second, low, language) if second is not None else ""
        if second is None or not join:
            yield first
            k += 1
            continue
        second = replace(second, comparison="", begin=_start(second))
        is_change = join == "into" or (join == "change" and _tells_of_change(low, _start(first), language))
        first = _shared(_without_link(first, low, language) if join == "into" else first, second, is_change=is_change)
        is_range = first.number.value < second.number.value and join != "into"
        if is_range:
            unit = first.unit if first.before.kind else second.unit
            yield replace(first, unit=unit, stop=second.stop, upper=second.number)
        if is_change or not is_range:
            yield from (_with_unit(first, second) if is_change else first, second)
        k += 2


def _tells_of_change(low: str, start: int, language: str) -> bool:
    """Whether words before a range say that something changed: "grew from 5 to 7"; "seats from 5 to 7" do not."""
    rules = table("changes", language)
    said = {word for name in ("verbs", "by_only", "nouns", "turns") for word in rules.get(name, ())}
    return not said.isdisjoint(_WORDS.findall(low, max(0, start - _CHANGE_REACH), start))


def _start(one: _Measured) -> int:
    """Where a number begins with the sign or code of its currency, but without its comparison."""
    return one.before.at if one.before.kind else one.number.start


def _join(first: _Measured, second: _Measured, low: str, language: str) -> str:
    """How two numbers make a range: "dash", "pair" ("between … and"), "change" ("from … to"); "" if they make none.

    "into" makes no range either: «von 5 auf 7», «5-тен 7-ге».
    """
    own, by = table("quantities", language), table("changes", language).get("by", ())
    words, pairs = own.get("range", ()), own.get("pairs", ())
    start = _start(second)
    if start - first.number.end > _LARGEST_GAP or _differ(first, second):
        return ""
    between = {low[end:start].strip(" .") for end in (first.number.end, first.stop) if end <= start}
    if "-" in between and first.number.in_digits and second.number.in_digits:
        return "dash"
    opening = _WORD_BEFORE.search(low, max(0, _start(first) - _LARGEST_GAP), _start(first))
    if opening is not None and opening[1] in by and first.unit.kind and first.stop > first.number.end:
        return ""  # "fell by 40 tonnes to 900 tonnes"
    if _leads_into(own, between, opening[1] if opening is not None else ""):
        return "into"
    for opener, closer in pairs:
        if opening is not None and opening[1] == opener and closer in between:
            return "change" if closer in words else "pair"
    return "dash" if between.intersection(words) else ""


def _leads_into(own: Mapping[str, Sequence[str]], between: set[str], opening: str) -> bool:
    """Whether words make one number change into the next in a language that has no range of that form."""
    if not between.isdisjoint({f"-{ending}" for ending in own.get("from_endings", ())}):
        return True
    return opening in own.get("from", ()) and not between.isdisjoint(own.get("into", ()))


def _without_link(first: _Measured, low: str, language: str) -> _Measured:
    """A number without a word for a change that was taken for its unit: "von 5 auf 7", «5-тен 7-ге»."""
    own = table("quantities", language)
    links = (*own.get("into", ()), *own.get("from_endings", ()))
    if first.unit.kind != "word" or low[first.number.end : first.stop].strip(" -") not in links:
        return first
    return replace(first, unit=Unit("", "", first.number.end), stop=first.number.end)


def _differ(first: _Measured, second: _Measured) -> bool:
    """Whether the first of two numbers is money or per cent and the second is not: "fell by 1 per cent to 2 tonnes"."""
    unit = first.unit
    if unit.kind not in ("currency", "percent") or first.before.kind:
        return False
    return (unit.kind, unit.name) != (second.unit.kind, second.unit.name)


_LARGEST_GAP: Final = 32
"""The most characters between the ends of a range, and of the word before it."""
_CHANGE_REACH: Final = 80
_WORDS: Final = re.compile(r"[^\W\d_]+")
_WORD_BEFORE: Final = re.compile(r"([^\W\d_]+) $")


def _shared(first: _Measured, second: _Measured, *, is_change: bool) -> _Measured:
    """The first of two numbers with the multiplier that stands only after the other: "5 to 7 million".

    Something may have fallen, too, from 7 to 5 million; from 900 to 1.2 million it rose.
    """
    number, power = first.number, second.number.power
    is_apart = is_change and first.unit.kind == "word"  # "from 5 ships to 7 million euros"
    if power and not number.power and not is_apart and number.in_digits == second.number.in_digits:
        scaled = number.value * 10**power
        is_near = is_change and scaled < second.number.value * _MOST_FALLEN
        if scaled < second.number.value or is_near:
            return replace(first, number=replace(number, value=scaled))
    return first


def _with_unit(first: _Measured, second: _Measured) -> _Measured:
    """The first of two numbers with the unit that stands only after the other: "rose from 5 to 7 euros"."""
    if first.unit.kind or second.before.kind or not second.unit.kind:
        return first
    return replace(first, unit=second.unit, until=second.stop)


_MOST_FALLEN: Final = 20
"""How many times as much something was before it fell, if one multiplier is said of both numbers."""


# ---- amounts as authors write them


class Amount(NamedTuple):
    """What a figure says: a number (exact decimal), or a range from ``value`` to ``upper``, or a rating in words.

    ``unit`` is an ISO 4217 code, "%" or a word, as ``unit_kind`` says; ``comparison`` is one of `COMPARISONS` or "".
    """

    value: str = ""
    upper: str = ""
    text: str = ""
    unit_kind: UnitKind = ""
    unit: str = ""
    comparison: str = ""


_SHARE: Final = re.compile(r"([1-9][0-9]?)/([1-9][0-9]?)")
"""A share in digits, as an author may write what a text says in words."""


def read_amount(written: str, language: str) -> Amount:
    """The amount that a text as a whole gives, in its language or in English; a text without a number is a rating.

    >>> read_amount("2,500,000", "en").value, read_amount("84 people", "en").unit, read_amount("good", "en").text
    ('2500000', 'people', 'good')
    >>> read_amount("1/4", "en").value == read_amount("un quart", "fr").value == "0.25"
    True
    >>> read_amount("24/7", "en").text
    '24/7'
    """
    text = " ".join(written.split())
    share = _SHARE.fullmatch(text)
    if share is not None and int(share[1]) < int(share[2]):
        return Amount(decimal_text(Fraction(int(share[1]), int(share[2]))))
    readings = [_amount(text, tag) for tag in (language, "en")] if len(text) <= _LONGEST else []
    amounts = [amount for amount in readings if amount is not None]
    # a word that one language takes for the unit is a multiplier in the other: "2.5 million" in a Russian record
    return min(amounts, key=lambda amount: amount.unit_kind == "word", default=Amount(text=text))


def _amount(text: str, language: str) -> Amount | None:
    shadow = Shadow(text)
    found = list(_ranges(_measured(shadow, language), shadow.text, language))
    if not found or (len(found) > 1 and not found[0].upper):
        return None
    one = found[0]
    opening = shadow.text[: one.begin].strip()
    openers = {pair[0] for pair in table("quantities", language).get("pairs", ())}
    rest = shadow.cased[one.stop :]
    if (opening and not (one.upper and opening in openers)) or not _UNIT_WORDS.fullmatch(rest):
        return None
    quantity = _quantity(one, shadow)
    kind, unit = quantity.unit_kind, quantity.unit
    if rest.strip():
        unit = f"{unit}{rest}" if kind == "word" else rest.strip()
        kind = "word"
    return Amount(quantity.value, quantity.upper, unit_kind=kind, unit=unit, comparison=quantity.comparison)


_UNIT_WORDS: Final = re.compile(r"(?:[ '-][^\W\d_]+){0,4}")


def unit_of(written: str, language: str) -> tuple[UnitKind, str]:
    """The kind of a unit, and the unit itself: an ISO 4217 code, "%", or the words.

    >>> unit_of("euros", "en"), unit_of("€", "kk"), unit_of("%", "ru"), unit_of("hectares", "en")
    (('currency', 'EUR'), ('currency', 'EUR'), ('percent', '%'), ('word', 'hectares'))
    """
    words = " ".join(written.split())
    folded = Shadow(f"1 {words}")
    for tag in (language, "en"):
        found: Unit = surroundings_of(tag).unit_after(folded.text, folded.cased, 1)
        if found.kind in ("currency", "percent") and found.at == len(folded.text):
            return found.kind, found.name
    return "word", words


def comparison_of(written: str, language: str) -> str | None:
    """The comparison that some words make, one of `COMPARISONS`; None if they make none.

    >>> comparison_of("over", "en"), comparison_of("не менее", "ru"), comparison_of("nicely", "en")
    ('more than', 'at least', None)
    """
    words = lower(fold(written)).replace("'", " ").replace("-", " ")
    for tag in (language, "en"):
        around: Surroundings = surroundings_of(tag)
        if words in around.before or words in around.after:
            return around.before.get(words) or around.after[words]
    return words if words in COMPARISONS else None
