"""Write ``src/communique/text/tables/numbers.json``: how languages write numbers, from Unicode CLDR and num2words.

    python tests/tools/write_numbers.py

For every language of CLDR its decimal and grouping separators; for the languages of ``tables/quantities.json`` the
words that numbers are made of, the names of currencies and the names of the days of the week. Run it again after an
update of babel or num2words, or after adding a language to ``tables/quantities.json``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from babel import Locale, localedata
from babel.core import get_global
from babel.numbers import get_currency_name, get_currency_symbol
from num2words import num2words

ROOT = Path(__file__).resolve().parents[2]
TABLES = ROOT / "src" / "communique" / "text" / "tables"
NUM2WORDS_CODES = {"kk": "kz"}
FORMS = {"ru": [{"case": case, "gender": gender} for case in "ngdaip" for gender in "mfn"]}
NUMBERS = (*range(21), *range(30, 100, 10), *range(100, 1000, 100), 1000)
LATER_SIGNS = {
    "₸": "KZT",
    "₽": "RUB",
    "₴": "UAH",
    "₺": "TRY",
    "₾": "GEL",
    "₼": "AZN",
    "₦": "NGN",
    "zł": "PLN",
    "Kč": "CZK",
}


def separators() -> dict[str, dict[str, object]]:
    """By language, its decimal separator and then its grouping separator; other ones by country."""
    found: dict[str, dict[str, object]] = {}
    for tag in sorted(localedata.locale_identifiers()):
        locale = Locale.parse(tag)
        symbols = locale.number_symbols.get("latn")
        if not symbols or locale.script:
            continue
        pair = symbols["decimal"] + symbols["group"]
        if "_" not in tag:
            found[tag] = {"separators": pair}
        elif locale.territory and pair != found[locale.language]["separators"]:
            countries = found[locale.language].setdefault("countries", {})
            assert isinstance(countries, dict)
            countries[locale.territory] = pair
    return found


def number_words(language: str) -> dict[str, int]:
    """The single words that numbers are made of, in lower case, with their values."""
    words: dict[str, int] = {}
    for number in NUMBERS:
        for form in FORMS.get(language, [{}]):
            text = num2words(number, lang=NUM2WORDS_CODES.get(language, language), **form).lower()
            if re.fullmatch(r"[^\W\d_]+", text):
                words.setdefault(text, number)
    return dict(sorted(words.items()))


def currencies() -> list[str]:
    """The codes of the currencies in use."""
    in_use = {
        code
        for rows in get_global("territory_currencies").values()
        for code, start, end, tender in rows
        if end is None and tender
    }
    return sorted(in_use)


def currency_names(language: str, codes: list[str]) -> dict[str, str]:
    """The full names of currencies in lower case, in the forms that go with numbers; a name of two is left out."""
    names: dict[str, set[str]] = {}
    for code in codes:
        for name in _forms_of_name(code, language):
            names.setdefault(name, set()).add(code)
    return {name: own.pop() for name, own in sorted(names.items()) if len(own) == 1}


def _forms_of_name(code: str, language: str) -> Iterator[str]:
    for count in (None, 1, 2, 5, 1.5):
        name = get_currency_name(code, count=count, locale=language).lower()
        if re.fullmatch(r"[^\W\d_]+(?:[ -][^\W\d_]+)*", name):
            yield name


def signs(codes: list[str]) -> dict[str, str]:
    """The signs of currencies that only one of them has, with those of English first."""
    found: dict[str, str] = {}
    for code in codes:
        sign = get_currency_symbol(code, locale="en")
        if sign != code and not sign.isascii():
            found.setdefault(sign, code)
    return dict(sorted((found | LATER_SIGNS).items()))


def dollars() -> dict[str, str]:
    """By country, whose currency is written with a bare dollar sign there."""
    found = {}
    for tag in localedata.locale_identifiers():
        locale = Locale.parse(tag)
        if locale.language in ("en", "fr", "es") and locale.territory and len(locale.territory) == 2:
            rows = get_global("territory_currencies").get(locale.territory, ())
            codes = [code for code, _, end, tender in rows if not end and tender]
            if len(codes) == 1 and locale.currency_symbols.get(codes[0]) == "$":
                found[locale.territory] = codes[0]
    return dict(sorted(found.items()))


def weekdays(language: str) -> dict[str, int]:
    """The names of the days of the week in lower case, in full, with 0 for Monday."""
    days = Locale.parse(language).days
    return {name.lower(): k for use in ("format", "stand-alone") for k, name in days[use]["wide"].items()}


def main() -> None:
    """Write the file."""
    languages = sorted(json.loads((TABLES / "quantities.json").read_text(encoding="utf-8")))
    codes = currencies()
    table = separators()
    for language in languages:
        table[language] |= {
            "currencies": currency_names(language, codes),
            "weekdays": weekdays(language),
            "words": number_words(language),
        }
    table["any"] = {"codes": " ".join(codes), "dollars": dollars(), "signs": signs(codes)}
    text = json.dumps(table, ensure_ascii=False, indent=1, sort_keys=True)
    (TABLES / "numbers.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
