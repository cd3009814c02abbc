"""Dates in the words of many languages: what the text says and no more, in any order of day, month and year."""

from __future__ import annotations

import re
from datetime import date

import pytest
from babel import Locale, localedata
from babel.dates import format_date

from communique.text.dates import dates_of


def days(text: str, language: str = "en") -> list[str]:
    """Every day, month and year that a text says, each once, in the order of the text."""
    return list(dict.fromkeys(f.date for f in dates_of(text, language).all))


def full_days(text: str, language: str = "en") -> list[str]:
    """The days that a text says."""
    return [d for d in days(text, language) if len(d) == 10]


WRITTEN = {
    "en": ("29 May 2015", "May 29, 2015", "29th of May, 2015", "29-May-2015", "Friday, May 29, 2015", "29.05.2015"),
    "ru": ("29 мая 2015 года", "29 мая 2015 г.", "29.05.2015", "29 Мая 2015"),
    "kk": ("2015 жылғы 29 мамыр", "2015 жылғы 29 мамырда", "2015 ж. 29 мамыр", "2015 жылдың 29 мамыры"),
    "fr": ("29 mai 2015", "vendredi 29 mai 2015", "29/05/2015"),
    "de": ("29. Mai 2015", "Freitag, den 29. Mai 2015", "29.5.2015"),
    "es": ("29 de mayo de 2015", "29 de mayo del 2015", "29/5/2015"),
    "ky": ("2015-жылдын 29-майы", "2015-ж., 29-май", "2015-жылы 29-майда"),
    "uz": ("2015-yil 29-may", "2015-yil 29-mayda", "29-may, 2015"),
    "ar": ("29 مايو 2015", "٢٩ مايو ٢٠١٥", "29 مايو، 2015", "٢٩\u200f/٥\u200f/٢٠١٥"),
    "zh": ("2015年5月29日", "２０１５年５月２９日", "2015 年 5 月 29 日", "2015/5/29"),
    "ja": ("2015年5月29日", "２０１５年５月２９日（金）", "2015/05/29"),
    "ko": ("2015년 5월 29일", "2015년5월29일", "2015. 5. 29."),
    "he": ("29 במאי 2015", "29.5.2015"),
    "pt": ("29 de maio de 2015",), "it": ("29 maggio 2015",), "pl": ("29 maja 2015",), "uk": ("29 травня 2015 р.",),
    "tr": ("29 Mayıs 2015",), "hu": ("2015. május 29.",), "lv": ("2015. gada 29. maijs",), "vi": ("29 tháng 5, 2015",),
    "fi": ("29. toukokuuta 2015",), "th": ("29 พฤษภาคม ค.ศ. 2015",), "el": ("29 Μαΐου 2015", "29 ΜΑΪ́ΟΥ 2015"),
}  # fmt: skip


@pytest.mark.parametrize(("language", "text"), [(tag, text) for tag, texts in WRITTEN.items() for text in texts])
def test_a_day_is_read_in_the_words_of_its_language(language: str, text: str) -> None:
    assert full_days(text, language) == ["2015-05-29"]
    assert set(days(text, language)) == {"2015-05-29", "2015-05", "2015"}


@pytest.mark.slow
def test_almost_every_long_date_that_cldr_writes_is_read_and_none_is_read_wrongly() -> None:
    days_to_write = [date(2015, month, day) for month, day in ((1, 12), (5, 29), (8, 3), (12, 31))]
    unread = set()
    for tag in sorted(localedata.locale_identifiers()):
        if "_" in tag:
            continue  # the locales of single countries
        for day in days_to_write:
            text = format_date(day, "long", locale=tag)
            said = full_days(text, Locale.parse(tag).language)
            assert said in ([], [day.isoformat()]), (tag, text)
            if not said:
                assert re.search(r"\bM[01]\d\b", text), (tag, text)  # CLDR has no names of months for this language
                unread.add(tag)
    assert 0 < len(unread) < 40


def test_a_year_that_may_be_of_another_era_gives_no_day() -> None:
    assert full_days("29 พฤษภาคม 2558", "th") == full_days("29/5/2558", "th") == []


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("29 and 30 May 2015", "en", ["2015-05-29", "2015-05-30"]),
        ("29–30 May 2015", "en", ["2015-05-29", "2015-05-30"]),
        ("May 29-30, 2015", "en", ["2015-05-29", "2015-05-30"]),
        ("29 May to 2 June 2015", "en", ["2015-05-29", "2015-06-02"]),
        ("May 29 – June 2, 2015", "en", ["2015-05-29", "2015-06-02"]),
        ("29 December 2014 to 2 January 2015", "en", ["2014-12-29", "2015-01-02"]),
        ("30 December to 2 January 2015", "en", ["2015-01-02"]),
        ("30 to 2 May 2015", "en", ["2015-05-02"]),
        ("с 29 мая по 2 июня 2015 года", "ru", ["2015-05-29", "2015-06-02"]),
        ("29.05.–02.06.2015", "ru", ["2015-05-29", "2015-06-02"]),
        ("2015 жылғы 29-30 мамыр", "kk", ["2015-05-29", "2015-05-30"]),
        ("vom 29. Mai bis 2. Juni 2015", "de", ["2015-05-29", "2015-06-02"]),
        ("29.–30. Mai 2015", "de", ["2015-05-29", "2015-05-30"]),
        ("du 29 au 30 mai 2015", "fr", ["2015-05-29", "2015-05-30"]),
        ("del 29 de mayo al 2 de junio de 2015", "es", ["2015-05-29", "2015-06-02"]),
        ("29-30-may 2015", "uz", ["2015-05-29", "2015-05-30"]),
        ("2015年5月29日至6月2日", "zh", ["2015-05-29", "2015-06-02"]),
        ("2015年5月29日から30日", "ja", ["2015-05-29", "2015-05-30"]),
        ("2015年12月30日至1月2日", "zh", ["2015-12-30"]),
    ],
)
def test_days_that_share_a_month_or_a_year_are_read_where_the_words_say_which(
    text: str, language: str, expected: list[str]
) -> None:
    assert sorted(full_days(text, language)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "3.29.05.2015", "29.05.2015.3", "29.05.20151", "129.05.2015", "12/29/05/2015", "2015-05-29-30", "3.29 May 2015",
        "31 June 2015", "29 February 2015", "00.05.2015", "29.13.2015", "29 May", "May 29", "1May 29, 2015",
        "29 Mayor 2015", "dismay 29, 2015", "29 May2015", "29 mayo 2015", "29 \ue005 2015", "29 Maj 2015", "05.2015",
        "32-47-2015", "29 May " + " " * 200 + "a 2015",
    ],
)  # fmt: skip
def test_no_day_is_read_in_words_that_do_not_say_one(text: str) -> None:
    assert full_days(text) == []


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", []), ("en-US", ["2015-05-06"]), ("en-GB", ["2015-06-05"]), ("fr", ["2015-06-05"]), ("zh", []), ("xx", []),
     ("ru", ["2015-06-05"]), ("fil", ["2015-05-06"]), ("en-Latn", [])],
)  # fmt: skip
def test_numbers_are_read_in_the_order_of_the_language_or_not_at_all(language: str, expected: list[str]) -> None:
    assert full_days("05/06/2015", language) == expected


def test_numbers_that_give_a_day_in_one_order_only_are_read_where_the_order_is_not_settled() -> None:
    assert full_days("05/29/2015") == full_days("29/05/2015") == ["2015-05-29"]
    assert full_days("05/05/2015") == ["2015-05-05"]
    assert full_days("05/29/2015", "fr") == []
    assert full_days("05.06.2015") == ["2015-06-05"]
    assert full_days("2015/05/06") == full_days("2015-05-06", "fr") == full_days("2015.05.06", "xx") == ["2015-05-06"]


def test_no_language_puts_the_month_first_in_numbers_with_full_stops_between_them() -> None:
    for tag in localedata.locale_identifiers():
        locale = Locale.parse(tag)
        patterns = [str(locale.date_formats[width].pattern) for width in ("short", "medium")]
        for pattern in patterns:
            day, month, year = (pattern.find(sign) for sign in "dMy")
            if "." in pattern and "MMM" not in pattern and year > max(day, month):
                assert day < month, (tag, pattern)


def test_english_and_russian_dates_are_read_in_texts_of_any_language() -> None:
    for language in ("de", "kk", "ar", "xx-dam", "ru", "en"):
        assert full_days("29 May 2015, 30 мая 2015", language) == ["2015-05-29", "2015-05-30"]


def test_a_month_has_the_meaning_that_its_own_language_gives_it() -> None:
    assert full_days("3. listopada 2015", "cs") == [] and full_days("3. listopadu 2015", "cs") == ["2015-11-03"]
    assert full_days("3. listopada 2015.", "hr") == ["2015-10-03"]
    assert full_days("3 may 2015", "dua") == ["2015-10-03"]  # in Duala "may" is October
    assert full_days("3 jan 2015", "st") == [] and full_days("3 April 2015", "st") == ["2015-04-03"]


def test_the_words_of_a_date_are_given_by_their_offsets_in_the_source() -> None:
    text = "At  noon,\u200b 29\xa0 Ma\u00ady  2015."
    found = dates_of(text).find("2015-05-29", 0, len(text))
    assert found is not None and text[found.start : found.end] == "29\xa0 Ma\u00ady  2015"
    assert dates_of(text).find("2015-05-29", 0, len(text) - 2) is None
    assert dates_of(text).find("2015-05-29", found.start + 1, len(text)) is None
    assert dates_of(text).find("2015-05-30", 0, len(text)) is None


def test_a_quote_that_begins_inside_a_range_says_the_last_day_of_the_range() -> None:
    text = "29 May to 2 June 2015"
    assert dates_of(text).find("2015-06-02", 10, len(text)) == (10, 21)
    assert dates_of(text).find("2015-05-29", 10, len(text)) is None
    assert [f.date for f in dates_of(text).within(17, 21)] == ["2015"]
