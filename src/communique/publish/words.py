"""The words of the interface, in every language of the pages; the words of a release are never translated."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from babel import Locale, UnknownLocaleError
from babel.dates import get_month_names
from babel.numbers import format_decimal
from babel.units import format_unit

from communique.errors import ArtefactError
from communique.iris import last_piece
from communique.kinds import has_row
from communique.read.dataset import INTERFACE_LANGUAGES
from communique.schemaorg import label_of
from communique.terms import ORG, PREFIXES, SCHEMA

_DAY: Final = re.compile("([0-9]{4})-(0[1-9]|1[0-2])(?:-([0-9]{2}))?")

_TIME: Final = re.compile("([0-9]{2}:[0-9]{2})(:[0-9]{2}(?:[.][0-9]{1,9})?)?(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))?")

_UNITS: Final = ("year", "month", "day", "hour", "minute", "second")
_DURATION: Final = re.compile(
    "P(?=[0-9T])(?:([0-9]{1,9})Y)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})D)?"
    "(?:T(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9}(?:[.][0-9]{1,9})?)S)?)?"
)

_OWN_NAMES: Final = {ORG + "member": "roleHolder"}  # schema:member has a member as its value, not who holds a role

_SAMPLES: Final = (*range(1000), 10**6, 10**9)
"""Whole numbers that between them cover every plural category that whole numbers have in Unicode CLDR."""

_ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "kk": ("дағы", "дағы", "дағы", "дегі", "дағы", "дағы", "дегі", "дағы", "тегі", "дағы", "дағы", "дағы"),
}
"""The ending of each month's name in a day that qualifies the next word ("as shown on …"); CLDR has no such form.

The Kazakh ending follows the vowels and the last sound of the name: ``29 мамырдағы``. In English and in Russian the
name stays as it is.
"""


def read_words(package: str, name: str) -> dict[str, dict[str, Any]]:
    """A table of words, a JSON file of ``package``: for each key the text in each language.

    Raises `ArtefactError` with the line if the file is not JSON.
    """
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    try:
        found: dict[str, dict[str, Any]] = json.loads(text)
    except json.JSONDecodeError as error:
        raise ArtefactError(f"{name}, line {error.lineno}: {error.msg}: mend this line or the one above it") from error
    return found


@cache
def word_table() -> Mapping[str, Mapping[str, Any]]:
    """The words of all pages, from ``words.json``: for each key the text in each language.

    Keys that begin with ``n.`` count things: they have one text for each plural category of the language, by its name
    in Unicode CLDR (``one``, ``few``, ``many``, ``other``).
    """
    return read_words("communique.publish", "words.json")


def sentence(text: str) -> str:
    """Words as a sentence: with a capital letter, and with a full stop unless they end in one.

    >>> sentence("as shown on 29 May 2015"), sentence("по состоянию на 29 мая 2015 г.")
    ('As shown on 29 May 2015.', 'По состоянию на 29 мая 2015 г.')
    """
    return text[:1].upper() + with_full_stop(text[1:])


def with_full_stop(text: str) -> str:
    """Words with one full stop at their end."""
    return text if text.endswith(".") else f"{text}."


class Words:
    """The words of one language.

    >>> Words("en")("inferred"), Words("ru").count("releases", 3), Words("en").day("2015-05-29")
    ('inferred', '3 релиза', '29 May 2015')
    """

    def __init__(self, language: str) -> None:
        self.language = language if language in INTERFACE_LANGUAGES else "en"

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key, with its placeholders filled in. Raises KeyError for a key that is not in the table."""
        text: str = word_table()[key][self.language]
        return text.format_map(values) if "{" in text or "}" in text else text

    def __contains__(self, key: str) -> bool:
        return key in word_table()

    def count(self, key: str, number: int) -> str:
        """A number of things, in the plural form of the language (Unicode CLDR, plural rules)."""
        forms: Mapping[str, str] = word_table()["n." + key][self.language]
        return forms[_plural_category(number, self.language)].format(n=self.number(number))

    def number(self, number: int | Decimal) -> str:
        """A number with the separators of the language (Unicode CLDR), all its decimals kept.

        >>> Words("en").number(1234), Words("kk").number(1234)
        ('1,234', '1\\xa0234')
        """
        return _format_number(number, self.language)

    def property(self, iri: str, *kinds: str) -> str:
        """The label of a property before its value, with a colon; ``kinds`` are those of the nodes that it joins.

        >>> Words("en").property("http://schema.org/organizer"), Words("ru").property("http://schema.org/telephone")
        ('organised by:', 'телефон:')
        """
        return self._label("p.", iri, kinds) or f"{label_of(last_piece(local_name(iri)))}:"

    def inverse(self, iri: str, *kinds: str) -> str:
        """The label of a property read from its object to its subject, with a colon.

        >>> recorded = "http://schema.org/recordedAt"
        >>> Words("en").inverse(recorded, "said", "event"), Words("en").inverse(recorded, "work", "event")
        ('statement at this event:', 'recorded here:')
        """
        return self._label("i.", iri, kinds) or f"given as “{label_of(last_piece(local_name(iri)))}” of:"

    def class_name(self, iri: str) -> str:
        """The name of a class, for one thing of that class; an English one if the table has none."""
        key = "c." + local_name(iri)
        return self(key) if key in word_table() else label_of(last_piece(local_name(iri)))

    def has_class(self, iri: str) -> bool:
        """Whether a class has a name of its own, in the table or as one of schema.org; only such a class is shown."""
        return f"c.{local_name(iri)}" in word_table() or (iri.startswith(SCHEMA) and not has_row(iri))

    def language_of_label(self, iri: str) -> str:
        """The language tag of the label of a term that the table has no words for, if it is not that of the page.

        >>> Words("ru").language_of_label("http://schema.org/owner"), Words("ru").property("http://schema.org/owner")
        ('en', 'owner:')
        """
        keys = (f"{kind}.{local_name(iri)}" for kind in "pic")
        return "" if self.language == "en" or any(key in word_table() for key in keys) else "en"

    def language_name(self, tag: str) -> str:
        """The name of a language (Unicode CLDR), with its script or region if the tag has one.

        A language without a name in CLDR is shown as "the language with the tag …".

        >>> Words("en").language_name("ar"), Words("ru").language_name("kk-Cyrl"), Words("en").language_name("x-dam")
        ('Arabic', 'казахский (кириллица)', 'the language with the tag “x-dam”')
        """
        try:
            name = Locale.parse(tag, sep="-").get_display_name(self.language)
        except (UnknownLocaleError, ValueError):
            name = Locale.parse(self.language).languages.get(tag.partition("-")[0].lower())
        return name or self("language_of_tag", tag=tag)

    def _label(self, prefix: str, iri: str, kinds: Iterable[str]) -> str:
        local = local_name(iri)
        keys = (*(f"{prefix}{local}.{kind}" for kind in kinds), prefix + local)
        return next((self(key) for key in keys if key in word_table()), "")

    def day(self, text: str) -> str:
        """A day, month or part of a year as a reader writes it, with its time of day if it has one; else the text.

        >>> Words("en").day("2015-05"), Words("en").day("2015"), Words("en").day("2015-13-01")
        ('May 2015', '2015', '2015-13-01')
        >>> Words("en").day("2027-35"), Words("ru").day("2027-22")
        ('third quarter of 2027', 'лето 2027 г.')
        >>> Words("ru").day("2015-05-29T19:00:00+06:00")
        '29 мая 2015 г., 19:00 (UTC+6)'
        """
        date, _, time = text.partition("T")
        match = _DAY.fullmatch(date)
        if match is None:
            part = f"part_of_year.{text[5:]}"
            return self(part, year=text[:4]) if part in word_table() else text
        if time:
            return f"{self.day(date)}, {self.time(time)}"
        year, month, day = match.groups()
        if day:
            return self("day", day=int(day), month=_months(self.language)[int(month)], year=year)
        return self("month_of_year", month=_months_alone(self.language)[int(month)], year=year)

    def days(self, texts: Iterable[str]) -> str:
        """Several of what `day` writes, in a row.

        >>> Words("en").days(["2027-23", "2027-36"])
        'autumn 2027, fourth quarter of 2027'
        """
        return ", ".join(map(self.day, texts))

    def time(self, text: str) -> str:
        """A time of day of XML Schema (part 2, 3.2.8) as a clock shows it, with its zone; any other text as it is.

        >>> words = Words("en")
        >>> words.time("19:00:00"), words.time("09:30:00Z"), words.time("09:30:15-03:30"), words.time("at noon")
        ('19:00', '09:30 (UTC)', '09:30:15 (UTC−3:30)', 'at noon')
        """
        match = _TIME.fullmatch(text)
        if match is None:
            return text
        clock, seconds, utc, sign, hours, minutes = match.groups()
        clock += seconds if seconds and seconds.strip(":0.") else ""
        if not (utc or hours):
            return clock
        ahead = f"{int(hours)}:{minutes}".removesuffix(":00") if hours else "0"
        return f"{clock} (UTC)" if ahead == "0" else f"{clock} (UTC{sign.replace('-', '−')}{ahead})"

    def duration(self, text: str) -> str:
        """A duration of XML Schema (part 2, 3.2.6) in words (Unicode CLDR); any other text as it is.

        >>> Words("en").duration("PT1H30M"), Words("ru").duration("P2D"), Words("en").duration("soon")
        ('1 hour 30 minutes', '2 дня', 'soon')
        """
        match = _DURATION.fullmatch(text)
        if match is None or not any(match.groups()):
            return text
        found = [(float(number), unit) for number, unit in zip(match.groups(), _UNITS, strict=True) if number]
        return " ".join(format_unit(n if n % 1 else int(n), f"duration-{u}", locale=self.language) for n, u in found)

    def on_day(self, text: str) -> str:
        """A day in the form that qualifies the word after it; any other text as `day` gives it.

        >>> Words("kk").on_day("2015-05-29"), Words("ru").on_day("2015-05-29")
        ('2015 жылғы 29 мамырдағы', '29 мая 2015 г.')
        """
        match = _DAY.fullmatch(text.partition("T")[0])
        if match is None or not match[3]:
            return self.day(text)
        month = int(match[2])
        endings = _ENDINGS.get(self.language)
        name = _months(self.language)[month] + (endings[month - 1] if endings else "")
        return self("day", day=int(match[3]), month=name, year=match[1])


@cache
def plural_categories(language: str) -> frozenset[str]:
    """The plural categories that whole numbers have in a language (Unicode CLDR).

    >>> sorted(plural_categories("ru")), sorted(plural_categories("kk"))
    (['few', 'many', 'one'], ['one', 'other'])
    >>> sorted(plural_categories("es"))  # "un millón de", for which it has a category
    ['many', 'one', 'other']
    """
    return frozenset(map(Locale.parse(language).plural_form, _SAMPLES))


@lru_cache(maxsize=1 << 12)
def _plural_category(number: int, language: str) -> str:
    return str(Locale.parse(language).plural_form(number))


@lru_cache(maxsize=1 << 12, typed=True)
def _format_number(number: int | Decimal, language: str) -> str:
    return format_decimal(number, locale=language, decimal_quantization=False)


@cache
def _months(language: str) -> Mapping[int, str]:
    """The names of the months, in the form used in a date."""
    return dict(get_month_names("wide", "format", language))


@cache
def _months_alone(language: str) -> Mapping[int, str]:
    """The names of the months, in the form used with a year and no day.

    The pattern of CLDR says which form that is: Russian has a separate one (``LLLL``), Kazakh does not.
    """
    pattern = str(Locale.parse(language).datetime_skeletons["yMMMM"].pattern)
    return dict(get_month_names("wide", "stand-alone" if "LLLL" in pattern else "format", language))


@lru_cache(maxsize=1 << 12)
def local_name(iri: str) -> str:
    """The name of a term without its namespace: the part after the dot in the keys of its words.

    Two terms that share a name and mean different things have keys of their own.

    >>> local_name("http://schema.org/member"), local_name("http://www.w3.org/ns/org#member")
    ('member', 'roleHolder')
    """
    return _OWN_NAMES.get(iri) or max(
        (iri.removeprefix(namespace) for namespace in PREFIXES.values()), key=lambda rest: iri != rest
    )
