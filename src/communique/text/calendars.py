"""How a language writes dates: names of months, order of day, month and year, words between them (Unicode CLDR)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from communique.text.tables import table
from communique.text.tokens import canonical, lower_case

if TYPE_CHECKING:
    from babel import Locale

_FILL: Final = "\ue000"
_MONTH_MARKER: Final = 0xE000
_MONTH: Final = rf"[\ue001-\ue00c]{_FILL}*+\.?"
"""A month in marked text: a private-use character for its number, padded to the length of its name."""

_DAY: Final = r"\d{1,2}(?!\d)"
_ORDINAL: Final = "(?:st|nd|rd|th|er|º|ª)?"
_AFTER_DAY: Final = r"(?:\.|日|일)?"
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u2e80-\ua4cf\uac00-\ud7a3]")
_PART: Final = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+")

_MORE_PATTERNS: Final[dict[str, tuple[str, ...]]] = {
    "en": ("d 'of' MMMM, y", "d-MMMM-y", "d-MMM-y", "MMMM, y"),
    "kk": ("y 'жылғы' d MMMM", "y 'жылдың' d MMMM", "y 'жылы' d MMMM", "d MMMM y", "y 'жылғы' MMMM", "MMMM y"),
    "ky": ("y-'жылдын' d-MMMM", "y-'жылы' d-MMMM", "d-MMMM y", "d MMMM y", "y-'жылдын' MMMM", "MMMM y"),
    "uz": ("y-'yil' d-MMMM", "y 'yil' d-MMMM", "y-'yil' d MMMM", "d-MMMM y", "d MMMM y", "y-'yil' MMMM"),
    "es": ("d 'de' MMMM 'del' y", "MMMM 'del' y"),
    "ja": ("y年M月d日", "y年M月"),
    "ko": ("y년 M월 d일", "y년 M월"),
}
"""Common ways to write a date that CLDR does not list, in CLDR notation."""

_RANGE_WORDS: Final[dict[str, str]] = {
    "ar": "إلى|حتى", "de": "bis", "en": "to|through|until|till", "es": "al|a|hasta", "fr": "au|à", "he": "עד",
    "it": "al|a", "ja": "から", "kk": "мен|пен|бен", "ky": "менен", "nl": "tot|t/m", "pl": "do", "pt": "a|ao",
    "ru": "по|до", "tr": "ile", "uk": "до|по", "zh": "至|到",
}  # fmt: skip
"""Words between the first and the last day of a range, in addition to the "and" that CLDR gives."""

_ENDINGS: Final[dict[str, str]] = {
    "kk": "да|де|та|те|дың|дің|тың|тің|ның|нің|дан|ден|тан|тен|нан|нен|дағы|дегі|тағы|тегі|ға|ге|қа|ке",
    "ky": "да|де|та|те|дын|дин|тын|тин|нын|нин|дан|ден|тан|тен|дагы|деги|тагы|теги|ында|инде",
    "uz": "da|dan|ning|dagi",
}
"""Endings that names of months take in a sentence, for languages where CLDR lists only the bare names."""

_AFTER_IN: Final[dict[str, tuple[str, ...]]] = {
    "cs": ("lednu", "únoru", "březnu", "dubnu", "květnu", "červnu", "červenci", "srpnu", "září", "říjnu",
           "listopadu", "prosinci"),
    "pl": ("styczniu", "lutym", "marcu", "kwietniu", "maju", "czerwcu", "lipcu", "sierpniu", "wrześniu",
           "październiku", "listopadzie", "grudniu"),
    "ru": ("январе", "феврале", "марте", "апреле", "мае", "июне", "июле", "августе", "сентябре", "октябре",
           "ноябре", "декабре"),
    "uk": ("січні", "лютому", "березні", "квітні", "травні", "червні", "липні", "серпні", "вересні", "жовтні",
           "листопаді", "грудні"),
}  # fmt: skip
"""The months from January on in the case that follows "in" («в августе 2020 года»), which CLDR does not list."""

_UNSETTLED_ORDER: Final = frozenset({"en"})
"""Languages in which 05/06/2015 means different days in different countries, unless the tag names a country."""


@dataclass(frozen=True)
class Calendar:
    """How one language writes dates.

    ``months`` are the names of months in lower case, with their numbers. ``forms`` are the patterns of dates in marked
    text, with the groups y, m and d of the date, d0 of an earlier day in its month, dx and mx of an earlier day in
    another month, dz and mz of a later day, and core around the date without these other days. ``day_first`` says how
    05/06/2015 is read, None that it cannot be. With ``spaced``, dates in numbers may have spaces after separators;
    with ``names_era``, a year without its era gives no day.
    """

    months: dict[str, int]
    patterns: tuple[str, ...]
    day_first: bool | None = None
    spaced: bool = False
    names_era: bool = False

    @cached_property
    def forms(self) -> tuple[re.Pattern[str], ...]:
        """``patterns`` as regular expressions: dates with a month in words, or with words between the numbers."""
        return tuple(re.compile(pattern) for pattern in self.patterns)

    @cached_property
    def _name_pattern(self) -> re.Pattern[str] | None:
        names = sorted(self.months, key=lambda name: (-len(name), name))
        return re.compile("|".join(map(re.escape, names))) if names else None

    def mark_months(self, text: str, without: Iterable[str] = ()) -> str:
        """The marked form of a text in lower case: a marker for each name of a month, offsets unchanged.

        Names in ``without`` are left as they are.
        """
        clean = text.translate(_CLEAN)
        left_out = frozenset(without)

        def mark(hit: re.Match[str]) -> str:
            name = hit.group()
            if name in left_out:
                return name
            return chr(_MONTH_MARKER + self.months[name]) + _FILL * (len(name) - 1)

        return clean if self._name_pattern is None else self._name_pattern.sub(mark, clean)


_CLEAN: Final = {_MONTH_MARKER + k: "\ufffd" for k in range(13)}


def month_number(written: str) -> int:
    """The number of a month, from its marker or its digits."""
    return int(written) if written[0].isdecimal() else ord(written[0]) - _MONTH_MARKER


@lru_cache(maxsize=32)
def calendar_of(language: str) -> Calendar:
    """The calendar of a language (a BCP 47 tag); it has no months if CLDR does not know the language."""
    locales = list(_locales(language))
    if not locales:
        return Calendar({}, ())
    months: dict[str, int] = {}
    for locale in locales:
        for name, number in _month_names(locale):
            months.setdefault(name, number)
    patterns = [pattern for locale in locales for pattern in _date_patterns(locale)]
    main = locales[0].language
    joiner, endings = _day_joiner(locales[0]), _ENDINGS.get(main, "")
    forms = (_form(pattern, locales[0], joiner, endings) for pattern in [*patterns, *_MORE_PATTERNS.get(main, ())])
    is_settled = main not in _UNSETTLED_ORDER or locales[0].territory is not None
    numeric = [p for p in patterns if not re.search("MMM|LLL", p) and "d" in p]
    return Calendar(
        months,
        tuple(dict.fromkeys(form for form in forms if form)),
        _day_first(numeric) if is_settled else None,
        any(". " in pattern for pattern in numeric),
        _names_era(locales[0]),
    )


def _locales(language: str) -> Iterator[Locale]:
    """The locales of a language tag and of its primary language; for English also the British one."""
    from babel import Locale, UnknownLocaleError  # takes 20 ms, and only texts with a year need it

    main = language.partition("-")[0].lower()
    for tag in dict.fromkeys((language, main, "en-GB" if main == "en" else main)):
        try:
            yield Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue


def _month_names(locale: Locale) -> Iterator[tuple[str, int]]:
    for use in ("format", *locale.months):  # the form in dates ("мая") before the form alone ("май")
        for width in ("wide", "abbreviated"):
            for number, name in locale.months[use][width].items():
                plain = lower_case(canonical(name)).rstrip(".")
                if plain and not re.search(r"\d", plain):
                    yield plain, number
    for number, name in enumerate(_AFTER_IN.get(locale.language, ()), start=1):
        yield canonical(name), number


def _date_patterns(locale: Locale) -> Iterator[str]:
    """The date patterns of a locale, in CLDR notation (UTS #35, part 4).

    Where long dates name their era, as in Thai, a year without one may be of another era: only patterns with it count.
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
    """Whether the day comes first in numeric dates that end with the year; None where the language has none."""
    for pattern in patterns:
        if pattern.find("y") > max(pattern.find("d"), pattern.find("M")):
            return pattern.find("d") < pattern.find("M")
    return None


def _day_joiner(locale: Locale) -> str:
    """A regular expression for what joins two days: a dash, "and", "to"."""
    both = str(locale.list_patterns["standard"].get("2", "")).replace("{0}", "").replace("{1}", "")
    words = [re.escape(lower_case(canonical(both)))] if both.strip(" ,،") else []
    for word in filter(None, _RANGE_WORDS.get(locale.language, "").split("|")):
        words.append(f" ?{word} ?" if _UNSPACED.search(word) else f" {re.escape(word)} ")
    named = {
        **table("numbers", locale.language).get("weekdays", {}),
        **table("moments", locale.language).get("weekdays", {}),
    }
    days = "|".join(map(re.escape, sorted(named, key=len, reverse=True)))
    weekday = rf"(?:(?:{days}),? (?:den |dem |the |le )?)?" if days else ""
    return "(?:" + "|".join([" ?[-–—~～〜] ?", *words, *(f",{word}" for word in words)]) + ")" + weekday


# ---- CLDR patterns as regular expressions


def _form(pattern: str, locale: Locale, joiner: str, endings: str) -> str | None:
    """A CLDR pattern as a regular expression; None if it is all numbers, or has fields that are not of a date."""
    parts = _date_parts(pattern, locale)
    if parts is None:
        return None
    order = "".join(field for field, _ in parts if field)
    if order not in _FORMS or not any((field == "M" and text) or _is_word(text) for field, text in parts):
        return None
    month = _MONTH + (f"(?:{endings})?" if endings else "")
    return _FORMS[order](_PatternWriter(parts, month), joiner)


def _is_word(text: str) -> bool:
    return any(c.isalpha() for c in text)


def _date_parts(pattern: str, locale: Locale) -> list[tuple[str, str]] | None:
    """The parts of a pattern from the first of day, month and year to the last, with an unspaced word after it ("日").

    A part is ("M", "name") for a month in words, (field, "") for a field in digits, or ("", literal text). None if
    there is no such field, or another one among them.
    """
    parts: list[tuple[str, str]] = []
    for hit in _PART.finditer(pattern):
        quoted, field = hit.group(1), hit.group(2)
        if field is None:
            parts.append(("", lower_case(canonical(quoted.replace("''", "'") if quoted is not None else hit.group()))))
        else:
            parts += _field_parts("M" if field == "L" else field, len(hit.group()), locale)
    at = [k for k, (field, _) in enumerate(parts) if field in ("d", "M", "y")]
    if not at or any(field and field not in "dMy" for field, _ in parts[at[0] : at[-1]]):
        return None
    tail = re.match(r"[^\W\d_]+", parts[at[-1] + 1][1]) if at[-1] + 1 < len(parts) else None
    core = parts[at[0] : at[-1] + 1]
    return [*core, ("", tail.group())] if tail is not None and _UNSPACED.match(tail.group()) else core


def _field_parts(field: str, width: int, locale: Locale) -> Iterator[tuple[str, str]]:
    if field != "M" or width < 3:
        yield field, ""
        return
    if width > 4:
        yield "narrow", ""  # one letter: J is January, June and July
        return
    name = lower_case(canonical(locale.months["format"]["wide" if width == 4 else "abbreviated"][5]))
    before, digit, after = name.partition("5")
    if not digit:
        yield "M", "name"
        return
    yield from (("", before), ("M", ""), ("", after))  # "5월", "tháng 5"


class _PatternWriter:
    """Writes the parts of a date pattern as pieces of a regular expression; ``month`` is the piece for a month."""

    def __init__(self, parts: list[tuple[str, str]], month: str) -> None:
        self.parts, self.month = parts, month
        self.is_unspaced = any(_UNSPACED.search(text) for field, text in parts if not field)
        self.has_month_name = any(field == "M" and text for field, text in parts)

    def write(self, first: int, last: int, names: dict[str, str], before_day: str = "") -> str:
        """The parts ``first`` to ``last`` (exclusive); ``names`` are the names of the groups by field.

        ``before_day`` is the piece that goes before the day.
        """
        written = ""
        for k in range(first, last):
            field, text = self.parts[k]
            if field == "d":
                written += f"{before_day}(?P<{names['d']}>{_DAY}){_ORDINAL}"
            elif field == "M":
                written += f"(?P<{names['M']}>{self.month if text else _DAY})"
            elif field == "y":
                written += rf"(?P<{names['y']}>\d{{4}}(?!\d))"
            else:
                written += self._literal(text, k)
        return written

    def index(self, field: str) -> int:
        """The index of a field among the parts."""
        return next(k for k, (one, _) in enumerate(self.parts) if one == field)

    def _literal(self, text: str, k: int) -> str:
        before_year = k + 1 < len(self.parts) and self.parts[k + 1][0] == "y"
        if text.isspace():
            return "[,،]? " if before_year and self.has_month_name else " ?" if self.is_unspaced else " "
        written = "".join(self._character(c) for c in re.sub(r"\s+", " ", text))
        return f" ?{written} ?" if self.is_unspaced else written

    def _character(self, character: str) -> str:
        if character == " ":
            return " ?" if self.is_unspaced else " "
        return {",": "[,،]?", "،": "[,،]?", ".": r"\.?", "-": "[-–]"}.get(character, re.escape(character))


_GROUPS: Final = {"d": "d", "M": "m", "y": "y"}
_EARLIER: Final = {"d": "dx", "M": "mx"}
_LATER: Final = {"d": "dz", "M": "mz"}


def _day_month_year(writer: _PatternWriter, joiner: str) -> str:
    earlier = writer.write(0, writer.index("M") + 1, _EARLIER) + _AFTER_DAY
    same = f"(?:(?P<d0>{_DAY}){_ORDINAL}{_AFTER_DAY}{joiner})?"
    return f"(?:{earlier}{joiner})?{same}(?P<core>{writer.write(0, len(writer.parts), _GROUPS)})"


def _month_day_year(writer: _PatternWriter, joiner: str) -> str:
    earlier = writer.write(0, writer.index("d") + 1, _EARLIER)
    same = f"(?:(?P<d0>{_DAY}){_ORDINAL}{joiner})?"
    return f"(?:{earlier}{joiner})?(?P<core>{writer.write(0, len(writer.parts), _GROUPS, same)})"


def _year_month_day(writer: _PatternWriter, joiner: str) -> str:
    m, d, end = writer.index("M"), writer.index("d"), len(writer.parts)
    later = f"(?:{writer.write(m, d, _LATER)})?{writer.write(d, end, _LATER)}"
    return f"(?P<core>{writer.write(0, end, _GROUPS)})(?:{joiner}{later})?"


def _year_day_month(writer: _PatternWriter, joiner: str) -> str:
    same = f"(?:(?P<d0>{_DAY}){_ORDINAL}{_AFTER_DAY}{joiner})?"
    later = writer.write(writer.index("d"), len(writer.parts), _LATER)
    return f"(?P<core>{writer.write(0, len(writer.parts), _GROUPS, same)})(?:{joiner}{later})?"


def _no_day(writer: _PatternWriter, joiner: str) -> str:
    return f"(?P<core>{writer.write(0, len(writer.parts), _GROUPS)})"


_FORMS: Final = {
    "dMy": _day_month_year,
    "Mdy": _month_day_year,
    "yMd": _year_month_day,
    "ydM": _year_day_month,
    "My": _no_day,
    "yM": _no_day,
}
