"""How a language writes dates: its months, the order of day, month and year, and what stands between (Unicode CLDR)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from communique.compile.tokens import canonical, small

if TYPE_CHECKING:
    from babel import Locale

_FILL: Final = "\ue000"
_MONTH_SIGN: Final = 0xE000
_MONTH: Final = rf"[\ue001-\ue00c]{_FILL}*+\.?"
"""A month in a text whose months are marked: a sign for its number, and as many signs more as its name was long."""

_DAY: Final = r"\d{1,2}(?!\d)"
_ORDINAL: Final = "(?:st|nd|rd|th|er|º|ª)?"
_AFTER_DAY: Final = r"(?:\.|日|일)?"
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u2e80-\ua4cf\uac00-\ud7a3]")
_PART: Final = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+")

_MORE: Final[dict[str, tuple[str, ...]]] = {
    "en": ("d 'of' MMMM, y", "d-MMMM-y", "d-MMM-y", "MMMM, y"),
    "kk": ("y 'жылғы' d MMMM", "y 'жылдың' d MMMM", "y 'жылы' d MMMM", "d MMMM y", "y 'жылғы' MMMM", "MMMM y"),
    "ky": ("y-'жылдын' d-MMMM", "y-'жылы' d-MMMM", "d-MMMM y", "d MMMM y", "y-'жылдын' MMMM", "MMMM y"),
    "uz": ("y-'yil' d-MMMM", "y 'yil' d-MMMM", "y-'yil' d MMMM", "d-MMMM y", "d MMMM y", "y-'yil' MMMM"),
    "es": ("d 'de' MMMM 'del' y", "MMMM 'del' y"),
    "ja": ("y年M月d日", "y年M月"),
    "ko": ("y년 M월 d일", "y년 M월"),
}
"""Usual ways to write a date that CLDR does not list, in its notation."""

_UNTIL: Final[dict[str, str]] = {
    "ar": "إلى|حتى", "de": "bis", "en": "to|through|until|till", "es": "al|a|hasta", "fr": "au|à", "he": "עד",
    "it": "al|a", "ja": "から", "kk": "мен|пен|бен", "ky": "менен", "nl": "tot|t/m", "pl": "do", "pt": "a|ao",
    "ru": "по|до", "tr": "ile", "uk": "до|по", "zh": "至|到",
}  # fmt: skip
"""Words between the first and the last of several days, beside the "and" that CLDR knows."""

_ENDINGS: Final[dict[str, str]] = {
    "kk": "да|де|та|те|дың|дің|тың|тің|ның|нің|дан|ден|тан|тен|нан|нен|дағы|дегі|тағы|тегі",
    "ky": "да|де|та|те|дын|дин|тын|тин|нын|нин|дан|ден|тан|тен|дагы|деги|тагы|теги|ында|инде",
    "uz": "da|dan|ning|dagi",
}
"""Endings that the name of a month takes in a sentence, where CLDR lists the bare name alone."""

_UNSETTLED: Final = frozenset({"en"})
"""Languages in which 05/06/2015 is one day in one country and another in the next, unless their tag names a country."""


@dataclass(frozen=True)
class Calendar:
    """The dates of one language.

    ``months`` are the names of months in small letters with their numbers; ``forms`` the patterns of dates in a text
    whose months are marked (groups y, m, d; d0 an earlier day of that month; dx, mx an earlier day of another; dz, mz a
    later one; core the date without those); ``day_first`` says how 05/06/2015 is read, None that it cannot be; with
    ``spaced`` white space stands between such numbers, with ``names_era`` a year without its era says no day.
    """

    months: dict[str, int]
    patterns: tuple[str, ...]
    day_first: bool | None = None
    spaced: bool = False
    names_era: bool = False

    @cached_property
    def forms(self) -> tuple[re.Pattern[str], ...]:
        """The patterns of dates with a month in words, or with words between the numbers."""
        return tuple(re.compile(pattern) for pattern in self.patterns)

    @cached_property
    def _names(self) -> re.Pattern[str] | None:
        names = sorted(self.months, key=lambda name: (-len(name), name))
        return re.compile("|".join(map(re.escape, names))) if names else None

    def marked(self, text: str, without: Iterable[str] = ()) -> str:
        """A text in small letters with every name of a month replaced by signs for its number, as long as before."""
        clean = text.translate(_CLEAN)
        left_out = frozenset(without)

        def mark(hit: re.Match[str]) -> str:
            name = hit.group()
            if name in left_out:
                return name
            return chr(_MONTH_SIGN + self.months[name]) + _FILL * (len(name) - 1)

        return clean if self._names is None else self._names.sub(mark, clean)


_CLEAN: Final = {_MONTH_SIGN + k: "\ufffd" for k in range(13)}


def month_number(written: str) -> int:
    """The number of a month, from its sign or its digits."""
    return int(written) if written[0].isdecimal() else ord(written[0]) - _MONTH_SIGN


@lru_cache(maxsize=32)
def calendar_of(language: str) -> Calendar:
    """The calendar of a language by its tag (BCP 47); of one that CLDR does not know it holds no months."""
    locales = list(_locales(language))
    if not locales:
        return Calendar({}, ())
    months: dict[str, int] = {}
    for locale in locales:
        for name, number in _month_names(locale):
            months.setdefault(name, number)
    written = [pattern for locale in locales for pattern in _written(locale)]
    main = locales[0].language
    between = _between(locales[0])
    made = (_form(pattern, locales[0], between, _ENDINGS.get(main, "")) for pattern in [*written, *_MORE.get(main, ())])
    settled = main not in _UNSETTLED or locales[0].territory is not None
    numeric = [p for p in written if not re.search("MMM|LLL", p) and "d" in p]
    return Calendar(
        months,
        tuple(dict.fromkeys(form for form in made if form)),
        _day_first(numeric) if settled else None,
        any(". " in pattern for pattern in numeric),
        _names_era(locales[0]),
    )


def _locales(language: str) -> Iterator[Locale]:
    from babel import Locale, UnknownLocaleError  # 20 ms, for texts that hold a year

    main = language.partition("-")[0].lower()
    for tag in dict.fromkeys((language, main, "en-GB" if main == "en" else main)):
        try:
            yield Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue


def _month_names(locale: Locale) -> Iterator[tuple[str, int]]:
    for use in ("format", *locale.months):  # "29 мая" before "май": as in a date, and alone
        for width in ("wide", "abbreviated"):
            for number, name in locale.months[use][width].items():
                plain = small(canonical(name)).rstrip(".")
                if plain and not re.search(r"\d", plain):
                    yield plain, number


def _written(locale: Locale) -> Iterator[str]:
    """The patterns of dates that a locale uses, in the notation of CLDR (UTS #35, part 4).

    Where a long date names its era, as in Thai, a year without it may be one of another era: then only such are read.
    """
    patterns = [str(locale.date_formats[width].pattern) for width in ("short", "medium", "long", "full")]
    skeletons = [s for s in ("yMd", "yMMMd", "yMMMMd", "yMMM", "yMMMM") if s in locale.datetime_skeletons]
    patterns += [str(locale.datetime_skeletons[skeleton].pattern) for skeleton in skeletons]
    if _names_era(locale):
        era = str(locale.eras["abbreviated"][1])
        patterns = [pattern.replace("G", f"'{era}'") for pattern in patterns if "G" in pattern]
    yield from patterns


def _names_era(locale: Locale) -> bool:
    return "G" in str(locale.date_formats["long"].pattern)


def _day_first(patterns: Iterable[str]) -> bool | None:
    """How numbers with the year at the end are to be read; None where the language writes the year first."""
    for pattern in patterns:
        if pattern.find("y") > max(pattern.find("d"), pattern.find("M")):
            return pattern.find("d") < pattern.find("M")
    return None


def _between(locale: Locale) -> str:
    """What can stand between two days: a dash, "and", "to"."""
    both = str(locale.list_patterns["standard"].get("2", "")).replace("{0}", "").replace("{1}", "")
    words = [re.escape(small(canonical(both)))] if both.strip(" ,،") else []
    for word in filter(None, _UNTIL.get(locale.language, "").split("|")):
        words.append(f" ?{word} ?" if _UNSPACED.search(word) else f" {re.escape(word)} ")
    return "(?:" + "|".join([" ?[-–—~～〜] ?", *words]) + ")"


# ---- a pattern of CLDR as a regular expression


def _form(pattern: str, locale: Locale, between: str, endings: str) -> str | None:
    """A pattern of CLDR as a regular expression, or None for one of numbers alone, or with more in it than a date."""
    parts = _core(pattern, locale)
    if parts is None:
        return None
    order = "".join(field for field, _ in parts if field)
    if order not in _FORMS or not any((field == "M" and text) or _is_word(text) for field, text in parts):
        return None
    month = _MONTH + (f"(?:{endings})?" if endings else "")
    near = _Near(parts, month)
    return _FORMS[order](near, between)


def _is_word(text: str) -> bool:
    return any(c.isalpha() for c in text)


def _core(pattern: str, locale: Locale) -> list[tuple[str, str]] | None:
    """Its parts from the first of day, month and year to the last: field and how it is written, or "" and the words
    between. A month in words is written "name", any other field with its digits."""
    parts: list[tuple[str, str]] = []
    for hit in _PART.finditer(pattern):
        quoted, field = hit.group(1), hit.group(2)
        if field is None:
            parts.append(("", small(canonical(quoted.replace("''", "'") if quoted is not None else hit.group()))))
        else:
            parts += _field("M" if field == "L" else field, len(hit.group()), locale)
    at = [k for k, (field, _) in enumerate(parts) if field in ("d", "M", "y")]
    if not at or any(field and field not in "dMy" for field, _ in parts[at[0] : at[-1]]):
        return None
    tail = re.match(r"[^\W\d_]+", parts[at[-1] + 1][1]) if at[-1] + 1 < len(parts) else None
    kept = parts[at[0] : at[-1] + 1]
    return [*kept, ("", tail.group())] if tail is not None and _UNSPACED.match(tail.group()) else kept


def _field(field: str, width: int, locale: Locale) -> Iterator[tuple[str, str]]:
    if field != "M" or width < 3:
        yield field, ""
        return
    if width > 4:
        yield "narrow", ""  # one letter: J is January, June and July
        return
    name = small(canonical(locale.months["format"]["wide" if width == 4 else "abbreviated"][5]))
    before, digit, after = name.partition("5")
    if not digit:
        yield "M", "name"
        return
    yield from (("", before), ("M", ""), ("", after))  # "5월", "tháng 5"


class _Near:
    """The parts of a pattern as pieces of a regular expression."""

    def __init__(self, parts: list[tuple[str, str]], month: str) -> None:
        self.parts, self.month = parts, month
        self.loose = any(_UNSPACED.search(text) for field, text in parts if not field)
        self.named = any(field == "M" and text for field, text in parts)

    def write(self, first: int, last: int, names: dict[str, str], before_day: str = "") -> str:
        """The parts from ``first`` on and before ``last``, with the names of the groups for day, month and year."""
        made = ""
        for k in range(first, last):
            field, text = self.parts[k]
            if field == "d":
                made += f"{before_day}(?P<{names['d']}>{_DAY}){_ORDINAL}"
            elif field == "M":
                made += f"(?P<{names['M']}>{self.month if text else _DAY})"
            elif field == "y":
                made += rf"(?P<{names['y']}>\d{{4}}(?!\d))"
            else:
                made += self._words(text, k)
        return made

    def at(self, field: str) -> int:
        """Where a field stands."""
        return next(k for k, (one, _) in enumerate(self.parts) if one == field)

    def _words(self, text: str, k: int) -> str:
        before_year = k + 1 < len(self.parts) and self.parts[k + 1][0] == "y"
        if text.isspace():
            return "[,،]? " if before_year and self.named else " ?" if self.loose else " "
        written = "".join(self._sign(c) for c in re.sub(r"\s+", " ", text))
        return f" ?{written} ?" if self.loose else written

    def _sign(self, sign: str) -> str:
        if sign == " ":
            return " ?" if self.loose else " "
        return {",": "[,،]?", "،": "[,،]?", ".": r"\.?", "-": "[-–]"}.get(sign, re.escape(sign))


_GROUPS: Final = {"d": "d", "M": "m", "y": "y"}
_EARLIER: Final = {"d": "dx", "M": "mx"}
_LATER: Final = {"d": "dz", "M": "mz"}


def _day_month_year(near: _Near, between: str) -> str:
    earlier = near.write(0, near.at("M") + 1, _EARLIER) + _AFTER_DAY
    same = f"(?:(?P<d0>{_DAY}){_ORDINAL}{_AFTER_DAY}{between})?"
    return f"(?:{earlier}{between})?{same}(?P<core>{near.write(0, len(near.parts), _GROUPS)})"


def _month_day_year(near: _Near, between: str) -> str:
    earlier = near.write(0, near.at("d") + 1, _EARLIER)
    same = f"(?:(?P<d0>{_DAY}){_ORDINAL}{between})?"
    return f"(?:{earlier}{between})?(?P<core>{near.write(0, len(near.parts), _GROUPS, same)})"


def _year_month_day(near: _Near, between: str) -> str:
    m, d, end = near.at("M"), near.at("d"), len(near.parts)
    later = f"(?:{near.write(m, d, _LATER)})?{near.write(d, end, _LATER)}"
    return f"(?P<core>{near.write(0, end, _GROUPS)})(?:{between}{later})?"


def _year_day_month(near: _Near, between: str) -> str:
    same = f"(?:(?P<d0>{_DAY}){_ORDINAL}{_AFTER_DAY}{between})?"
    later = near.write(near.at("d"), len(near.parts), _LATER)
    return f"(?P<core>{near.write(0, len(near.parts), _GROUPS, same)})(?:{between}{later})?"


def _no_day(near: _Near, between: str) -> str:
    return f"(?P<core>{near.write(0, len(near.parts), _GROUPS)})"


_FORMS: Final = {
    "dMy": _day_month_year,
    "Mdy": _month_day_year,
    "yMd": _year_month_day,
    "ydM": _year_day_month,
    "My": _no_day,
    "yM": _no_day,
}
