"""Literals in the words of their evidence: what each normaliser accepts, and that no word is cut."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.compile.ground import NORMALISERS, ground, normalisers_tried
from communique.terms import XSD
from communique.text.dates import DateMention, Dates, dates_of
from communique.text.phones import find_phones, phones_in, without_trunk_zero

DATE, YEAR, MONTH, TEXT = XSD + "date", XSD + "gYear", XSD + "gYearMonth", XSD + "string"
INTEGER = XSD + "integer"

NFD_SEOUL = unicodedata.normalize("NFD", "서울")
DASHED = "+44\xa020\u20117946\u20130123"


def by(literal: str, text: str, key: str = "name", datatype: str = TEXT) -> tuple[str, str] | None:
    """The name of the normaliser that accepts a literal, and the words that it found."""
    found = ground(literal, datatype, key, text, [(0, len(text))])
    return found and (found.normaliser, text[found.span.start : found.span.end])


@pytest.mark.parametrize(
    ("literal", "text", "key", "datatype", "expected"),
    [
        ("Sana Sezim", 'the NGO "Sana Sezim" in', "name", TEXT, ("exact", "Sana Sezim")),
        ("Sultan", "Mr. Sultanov", "name", TEXT, None),
        ("ultanov", "Mr. Sultanov", "name", TEXT, None),
        ("Sultan", "Sultanov and Sultan", "name", TEXT, ("exact", "Sultan")),
        ("47", "32-47.327", "legislationIdentifier", TEXT, ("exact", "47")),
        ("4", "32-47.327", "legislationIdentifier", TEXT, None),
        ("Jose", "Jose\u0301 spoke", "name", TEXT, None),
        ("José", "José spoke", "name", TEXT, ("exact", "José")),
        ("José", "Jose\u0301 spoke", "name", TEXT, ("canonical", "Jose\u0301")),
        ("Jose\u0301", "José spoke", "name", TEXT, ("canonical", "José")),
        ("Jose\u0301", "Jose\u0301s spoke", "name", TEXT, None),
        ("Jose", "Jose\u0301s", "name", TEXT, None),
        ("report", "the re\u00adport", "text", TEXT, ("canonical", "re\u00adport")),
        ("re", "the re\u00adport", "text", TEXT, None),
        ("re\u00adport", "the report", "text", TEXT, ("canonical", "report")),
        ("32-47", "№ 32\u201147", "legislationIdentifier", TEXT, ("canonical", "32\u201147")),
        ("شركة", "\u200fشركة\u200f كبيرة", "name", TEXT, ("exact", "شركة")),
        ("شركة كبيرة", "شركة\u200f كبيرة", "name", TEXT, ("canonical", "شركة\u200f كبيرة")),
        ("서울", NFD_SEOUL + "에서", "name", TEXT, ("canonical", NFD_SEOUL)),
        ("Josés Café", "JOSE\u0301S\xa0 cafe\u0301", "text", TEXT, ("case", "JOSE\u0301S\xa0 cafe\u0301")),
        ("José Sample", "Jose\u0301 Mr. Sample", "name", TEXT, ("name", "Jose\u0301 Mr. Sample")),
        ("report", "reports", "text", TEXT, None),
        ("report 2", "report 20", "text", TEXT, None),
        ("北京", "在北京举行", "name", TEXT, ("exact", "北京")),
        ("a b", "a\xa0 \n b", "text", TEXT, ("whitespace", "a\xa0 \n b")),
        ("a  b", "a b", "text", TEXT, ("whitespace", "a b")),
        ("welcoming speech", "During WELCOMING speech", "name", TEXT, ("case", "WELCOMING speech")),
        ("Chairman", "chairman of", "roleName", TEXT, ("case", "chairman")),
        ("Zulfiya Baysakova", "Zulfiya Ms. Baysakova", "name", TEXT, ("name", "Zulfiya Ms. Baysakova")),
        ("Zulfiya Baysakova", "Zulfiya H. E. Baysakova", "name", TEXT, ("name", "Zulfiya H. E. Baysakova")),
        ("Zulfiya Baysakova", "Zulfiya H.E. Baysakova", "name", TEXT, ("name", "Zulfiya H.E. Baysakova")),
        ("Zulfiya Baysakova", "Zulfiya Dr Baysakova", "name", TEXT, ("name", "Zulfiya Dr Baysakova")),
        ("Zulfiya Baysakova", "Zulfiya Dr. Ms. Baysakova", "name", TEXT, None),
        ("Zulfiya Baysakova", "Zulfiya Drs Baysakova", "name", TEXT, None),
        ("Zulfiya Baysakova", "Zulfiya Ms. Baysakovas", "name", TEXT, None),
        ("Baysakova", "Ms. Baysakova", "name", TEXT, ("exact", "Baysakova")),
        ("Zulfiya Baysakova", "Zulfiya Xenia Baysakova", "name", TEXT, None),
        ("Zulfiya Baysakova", "Zulfiya Ms. Baysakova", "text", TEXT, None),
        ("Baysakova Zulfiya", "Zulfiya Baysakova", "name", TEXT, None),
        ("Jo Sample", "by Jo and Ada Sample", "name", TEXT, ("shared", "Jo and Ada Sample")),
        ("Jo Sample", "by Jo and the Sample", "name", TEXT, None),
        ("Jo Mock", "by Jo and Ada Sample", "name", TEXT, None),
        ("Ada Jo", "by Jo and Ada Sample", "name", TEXT, None),
        ("Jo Sample", "by Mojo and Ada Sample", "name", TEXT, None),
        ("Jo Sample", "Jo met Ada Sample", "name", TEXT, None),
        ("press-release:118/2023", "Press release No. 118/2023", "identifier", TEXT, ("code", "118/2023")),
        ("isbn:118/2023", "Press release No. 118/2023", "identifier", TEXT, None),
        ("press-release:118/2023", "Press release No. 118/2024", "identifier", TEXT, None),
        ("press-release:118", "Press release No. 1 has the code 118", "identifier", TEXT, None),
        ("Ms.", "Ms Example", "honorificPrefix", TEXT, ("honorific", "Ms")),
        ("Ms", "Ms. Example", "honorificPrefix", TEXT, ("exact", "Ms")),
        ("Mr.", "Ms. Example", "honorificPrefix", TEXT, None),
        ("Mr.", "Mrs. Example", "honorificPrefix", TEXT, None),
        ("2015-05-29", "Almaty, May 29, 2015", "startDate", DATE, ("date", "May 29, 2015")),
        ("2015-05-29", "on 29 May 2015,", "startDate", DATE, ("date", "29 May 2015")),
        ("2015-05-29", "29th of May, 2015", "startDate", DATE, ("date", "29th of May, 2015")),
        ("2015-05-29", "29.05.2015", "startDate", DATE, ("date", "29.05.2015")),
        ("2015-05-29", "29 мая 2015", "startDate", DATE, ("date", "29 мая 2015")),
        ("2015-05-29", "2015-05-29", "startDate", DATE, ("exact", "2015-05-29")),
        ("2015-05-30", "May 29-30, 2015", "endDate", DATE, ("date", "May 29-30, 2015")),
        ("2015-05-30", "29 and 30 May 2015", "endDate", DATE, ("date", "29 and 30 May 2015")),
        ("2015-05-28", "Almaty, May 29, 2015", "startDate", DATE, None),
        ("2015-06-29", "Almaty, May 29, 2015", "startDate", DATE, None),
        ("2016-05-29", "Almaty, May 29, 2015", "startDate", DATE, None),
        ("2015-05-29", "May 29", "startDate", DATE, None),
        ("2015-05-29", "May 2015", "startDate", DATE, None),
        ("2015-05-01", "May 2015", "startDate", DATE, None),
        ("2015-01-01", "2015", "startDate", DATE, None),
        ("2015-05-29", "1May 29, 2015", "startDate", DATE, None),
        ("2015-05-29", "May 29, 20151", "startDate", DATE, None),
        ("2013", "launched in 2013 by", "startDate", YEAR, ("exact", "2013")),
        ("2014", "launched in 2013 by", "startDate", YEAR, None),
        ("2013", "number 12013", "startDate", YEAR, None),
        ("2015-05", "in May 2015", "startDate", MONTH, ("date", "May 2015")),
        ("2015-05", "on 29 May 2015", "startDate", MONTH, ("date", "May 2015")),
        ("9", "from nine regional towns", "groupSize", INTEGER, ("cardinal", "nine")),
        ("9", "from Nine towns", "groupSize", INTEGER, ("cardinal", "Nine")),
        ("9", "from 9 towns", "groupSize", INTEGER, ("exact", "9")),
        ("21", "of twenty-one towns", "groupSize", INTEGER, ("cardinal", "twenty-one")),
        ("21", "some twenty-one towns", "groupSize", INTEGER, None),
        ("50", "at least 50 towns", "groupSize", INTEGER, None),
        ("50", "in 50 % of towns", "groupSize", INTEGER, None),
        ("5", "in 5 to 7 towns", "groupSize", INTEGER, None),
        ("2500", "from 2,500 towns", "groupSize", INTEGER, ("number", "2,500")),
        ("2500000", "from 2.5 million towns", "groupSize", INTEGER, ("number", "2.5 million")),
        ("2500000", "two and a half million towns", "groupSize", INTEGER, ("number", "two and a half million")),
        ("12", "a dozen towns", "groupSize", INTEGER, ("number", "a dozen")),
        ("2500000", "from 2.5 billion towns", "groupSize", INTEGER, None),
        ("109", "one hundred and nine towns", "groupSize", INTEGER, ("cardinal", "one hundred and nine")),
        ("9", "one hundred and nine towns", "groupSize", INTEGER, None),
        ("9", "twenty-nine towns", "groupSize", INTEGER, None),
        ("9", "nine hundred towns", "groupSize", INTEGER, None),
        ("9", "of ninety towns, of eight", "groupSize", INTEGER, None),
        ("9", "a town and nine villages", "groupSize", INTEGER, ("cardinal", "nine")),
        ("8", "nine towns", "groupSize", INTEGER, None),
        ("9", "nine towns", "note", TEXT, None),
        ("+44 20 79460201", "tel.: +44 (20)79460201/02/03", "telephone", TEXT, ("phone", "+44 (20)79460201/02/03")),
        ("+44 20 79460203", "tel.: +44 (20)79460201/02/03", "telephone", TEXT, ("shorthand", "+44 (20)79460201/02/03")),
        ("442079460202", "tel.: +44 (20)79460201/02/03", "telephone", TEXT, ("shorthand", "+44 (20)79460201/02/03")),
        ("+44 20 79460204", "tel.: +44 (20)79460201/02/03", "telephone", TEXT, None),
        ("+44 20 79460201", "tel.: +44 (20)79460201/02/03", "name", TEXT, None),
        ("20 79460201", "tel.: +44 (20) 79460201", "telephone", TEXT, None),
        ("+44 20 7946 0123", "tel. +44 (0)20 7946 0123", "telephone", TEXT, ("phone", "+44 (0)20 7946 0123")),
        ("+44 20 7946 0124", "tel. +44 (0)20 7946 0123", "telephone", TEXT, None),
        ("+44 020 7946 0123", "tel. +44 20 7946 0123", "telephone", TEXT, None),
        ("+44 20 7946 0123", "tel. 020 7946 0123", "telephone", TEXT, None),
        ("+39 06 0000 0000", "tel. +39 (0)6 0000 0000", "telephone", TEXT, ("phone", "+39 (0)6 0000 0000")),
        ("+39 6 0000 0000", "tel. +39 (0)6 0000 0000", "telephone", TEXT, None),
        ("+44 20 7946-0123", "tel. +44 20 7946\u20110123", "telephone", TEXT, ("canonical", "+44 20 7946\u20110123")),
        ("+442079460123", DASHED + ".", "telephone", TEXT, ("phone", DASHED)),
        ("+44 20 7946 0123", "+44 20 7946\n0123", "telephone", TEXT, None),
        ("+44 20 7946 0124", "+44 20 7946 0123/24/a5", "telephone", TEXT, ("shorthand", "+44 20 7946 0123/24")),
        ("+44 20 7946 0120", "+44 20 7946 0123/0", "telephone", TEXT, ("shorthand", "+44 20 7946 0123/0")),
        ("24", "+44 20 7946 0123/25", "telephone", TEXT, None),
        ("+20 79460201", "tel.: 20 79460201", "telephone", TEXT, None),
        ("+44 20 79460201", "tel.: (+44) 20 79460201", "telephone", TEXT, ("phone", "+44) 20 79460201")),
        ("jo@example.org", "<jo@example.org>.", "email", TEXT, ("exact", "jo@example.org")),
        ("jo@example.org", "mailto:Jo@example.org. Write", "email", TEXT, ("case", "Jo@example.org")),
        ("jo@example.org", "ada-jo@example.org", "email", TEXT, None),
        ("jo@example.org", "ada.jo@example.org", "email", TEXT, None),
        ("jo@example.org", "ada_jo@example.org", "email", TEXT, None),
        ("jo@example.org", "jo@example.org.uk", "email", TEXT, None),
        ("jo@example.org", "jo@example.org-x.example", "email", TEXT, None),
        ("jo@example.org", "ada-jo@example.org, jo@example.org", "email", TEXT, ("exact", "jo@example.org")),
        ("call me", "tel.: +44 (20) 79460201", "telephone", TEXT, None),
    ],
)  # fmt: skip
def test_a_literal_is_accepted_by_the_first_normaliser_that_finds_it(
    literal: str, text: str, key: str, datatype: str, expected: tuple[str, str] | None
) -> None:
    assert by(literal, text, key, datatype) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("nine billion towns", "en"),
        ("nine thousand towns", "en"),
        ("9 million towns", "en"),
        ("9,000 towns", "en"),
        ("9 000 towns", "en"),
        ("9\u202f000 towns", "fr"),
        ("9.5 towns", "en"),
        ("1.9 towns", "en"),
        ("9–11 towns", "en"),
        ("7-9 towns", "en"),
        ("9% of towns", "en"),
        ("9 % der Orte", "de"),
        ("at \u22129 degrees", "en"),
        ("девять тысяч городов", "ru"),
        ("девяти миллионам жителей", "ru"),
        ("9 млн жителей", "ru"),
        ("9 тыс. жителей", "ru"),
        ("neun Millionen Orte", "de"),
        ("тоғыз миллиард тұрғын", "kk"),
    ],
)
def test_a_number_that_is_part_of_a_longer_one_is_not_accepted(text: str, language: str) -> None:
    assert ground("9", INTEGER, "groupSize", text, [(0, len(text))], language) is None
    again = f"{text}, 9 people"
    found = ground("9", INTEGER, "groupSize", again, [(0, len(again))], language)
    assert found is not None and found.span.start == len(text) + 2


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        ("9", "In 2015, 9 towns, 9."),
        ("9", "On 1 May 9 towns"),
        ("9", "a 9-member board"),
        ("9", "towns: 9, villages: 3"),
        ("300", "In 2015 300 towns"),
        ("9", "nine of the nine thousand"),
    ],
)
def test_a_whole_number_beside_another_is_accepted(literal: str, text: str) -> None:
    assert ground(literal, INTEGER, "groupSize", text, [(0, len(text))]) is not None


def test_the_last_group_of_a_large_number_is_not_a_number() -> None:
    assert ground("000", INTEGER, "groupSize", "9 000 towns", [(0, 11)]) is None
    assert ground("500", INTEGER, "groupSize", "9 500 towns", [(0, 11)]) is None


def test_of_a_number_quoted_from_its_middle_only_the_quoted_digits_count() -> None:
    text = "tel. +44 20 7946 0123, +44 20 7946 0124"
    found = ground("7946-0123", TEXT, "telephone", text, [(12, 21)])
    assert found == ("phone", (12, 21))
    assert ground("+44 20 7946-0123", TEXT, "telephone", text, [(12, 38)]) is None
    assert ground("+44 20 7946-0124", TEXT, "telephone", text, [(12, 39)]) == ("phone", (23, 39))


def test_the_language_decides_how_a_date_is_read() -> None:
    for language, expected in (("fr", (0, 10)), ("en-US", None), ("en", None)):
        found = ground("2015-06-05", DATE, "startDate", "05/06/2015", [(0, 10)], language)
        assert (found and found.span) == expected


def test_only_the_quoted_words_count() -> None:
    text = "Ada Example spoke. Max Muster listened."
    assert ground("Max", TEXT, "name", text, [(0, 18)]) is None
    assert ground("Ada Example", TEXT, "name", text, [(0, 7)]) is None
    assert ground("Ada Exam", TEXT, "name", text, [(0, 8)]) is None  # the quote itself cuts the word
    found = ground("Max", TEXT, "name", text, [(0, 18), (19, 38)])
    assert found is not None and found.span == (19, 22)


def test_a_month_written_with_look_alikes_gives_no_month() -> None:
    assert [f.date for f in dates_of("1 Auguſt 2015, 2 aprıl 2015").all] == ["2015", "2015"]


def test_no_date_is_finer_than_the_words() -> None:
    text = "May 29, 2015; May 2014; in 2013"
    assert {f.date for f in dates_of(text).all} == {"2015-05-29", "2015-05", "2014-05", "2015", "2014", "2013"}


def test_shorthand_of_telephone_numbers_is_completed() -> None:
    text = "+44 (20)79460201/02/03, 555-12.34"
    assert [p.digits for p in phones_in(text, 0, len(text))] == [
        "442079460201",
        "442079460202",
        "442079460203",
        "5551234",
    ]


def test_digits_after_a_slash_that_are_longer_than_the_number_are_no_shorthand() -> None:
    assert [p.digits for p in phones_in("12/79460123, 12/34, 12/3", 0, 24)] == ["12", "12", "12", "13"]


def test_digits_too_long_for_a_number_have_no_shorthand() -> None:
    text = "1" * 40 + "/2 " + "1" * 41 + "/2"
    assert [p.is_shorthand for p in phones_in(text, 0, 42)] == [False, True]
    assert [p.is_shorthand for p in phones_in(text, 43, len(text))] == [False]


def test_a_trunk_zero_is_not_part_of_a_number_where_the_numbering_plan_drops_it() -> None:
    assert by("+44 020 7946 0123", "+44 (0)20 7946 0123", "telephone") is None
    assert by("+44 (0)20 79460123", "+44 (0)20 7946 0123", "telephone") == ("phone", "+44 (0)20 7946 0123")
    assert by("+44 20 7946 0124", "+44 (0)20 7946 0123/24", "telephone") == ("shorthand", "+44 (0)20 7946 0123/24")
    assert without_trunk_zero("+44 (0)20 7946 0123" + " " * 40) is None
    assert without_trunk_zero("020 7946 0123") is without_trunk_zero("(0)20 7946 0123") is None
    assert without_trunk_zero("+999 (0)20 7946 0123") is None  # no country


def test_a_number_is_found_only_if_the_stretch_contains_all_of_it() -> None:
    text = "7946 0123; 7946 0123/24; 7946 0123"
    spans = [[p.span for p in find_phones("79460123", text, *within)] for within in ((0, 34), (1, 34), (0, 33), (3, 9))]
    assert spans == [[(0, 9), (11, 23), (25, 34)], [(11, 23), (25, 34)], [(0, 9), (11, 23)], []]


@pytest.mark.parametrize(
    ("literal", "text", "normaliser"),
    [
        ('the "Mock" dam', "The “Mock” dam", "typography"),
        ("Jo's Works", "at JO’S works", "typography"),
        ("Mock-Works", "Mock–Works", "typography"),
        ("Mock's", "Mock’sy", None),
        ('"Mock"', "Mock", None),
    ],
)
def test_kinds_of_quotation_marks_and_dashes_do_not_matter(literal: str, text: str, normaliser: str | None) -> None:
    found = ground(literal, TEXT, "description", text, [(0, len(text))])
    assert (found.normaliser if found else None) == normaliser


@pytest.mark.parametrize(
    ("literal", "text", "language", "normaliser"),
    [
        ("Академия проб", "в Академии проб", "ru", "inflected"),
        ("Академия проб", "в Академии\nпроб", "ru", None),
        ("Белов", "к Беловой", "ru", None),
        ("Erfundenes Institut", "des Erfundenen Instituts", "de", "inflected"),
        ("Sample", "Samples", "en", None),
    ],
)
def test_a_name_may_stand_in_another_case(literal: str, text: str, language: str, normaliser: str | None) -> None:
    found = ground(literal, TEXT, "name", text, [(0, len(text))], language=language)
    assert (found.normaliser if found else None) == normaliser


def test_an_address_is_grounded_however_it_is_written() -> None:
    text = "at www.works.example."
    assert ground("https://works.example/", "", "url", text, [(0, len(text))]) == ("address", (3, 20))
    assert ground("https://works.example/", "", "url", text, [(0, 12)]) is None
    assert ground("https://works.example/a", "", "sameAs", text, [(0, len(text))]) is None


def test_every_normaliser_that_is_tried_is_known() -> None:
    keys = ("name", "telephone", "honorificPrefix", "text", "startDate", "url", "identifier", "jobTitle")
    tried = {
        n
        for key in keys
        for datatype in (TEXT, DATE, INTEGER, XSD + "duration")
        for n in normalisers_tried(datatype, key)
    }
    assert tried == set(NORMALISERS)


WORD = st.text("abA1é\u0301 .,-", max_size=6)


@pytest.mark.slow
@given(st.lists(WORD, max_size=6).map(" ".join), WORD, st.sampled_from(["name", "text", "honorificPrefix"]), st.data())
@settings(max_examples=1000)
def test_no_literal_is_accepted_that_cuts_a_word(text: str, literal: str, key: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = ground(literal, TEXT, key, text, [(start, end)])
    if found is None or not literal:
        return
    a, b = found.span
    assert start <= a <= b <= end
    wordy = re.compile(r"[^\W_]")
    if a > 0 and b > a:
        assert not (wordy.match(text[a - 1]) and wordy.match(text[a]))
    if b < len(text) and b > a:
        assert not (wordy.match(text[b - 1]) and wordy.match(text[b]))
        assert text[b] != "\u0301"


@given(st.text(max_size=40), st.text(max_size=10), st.sampled_from(["name", "telephone", "honorificPrefix", "x"]))
@settings(max_examples=500)
def test_any_literal_can_be_looked_for_in_any_text(text: str, literal: str, key: str) -> None:
    for datatype in (TEXT, DATE):
        found = ground(literal, datatype, key, text, [(0, len(text))])
        assert found is None or found.normaliser in NORMALISERS


@given(st.dates(), st.sampled_from(["{d} {m} {y}", "{m} {d}, {y}", "{d}.{n}.{y}"]))
@settings(max_examples=200)
def test_a_day_in_words_says_that_day_and_no_other(day: date, form: str) -> None:
    year = f"{day.year:04d}"
    text = form.format(d=day.day, m=calendar.month_name[day.month], n=f"{day.month:02d}", y=year)
    assert by(day.isoformat(), text, "startDate", DATE) == ("date", text)
    if day < date.max:
        assert by((day + timedelta(days=1)).isoformat(), text, "startDate", DATE) is None


@pytest.mark.parametrize(
    ("literal", "text", "key"),
    [
        ("Mr " * 26 + "X", "Mr " * 2000, "name"),
        ("Mr Mr " * 200 + "X", "Mr " * 5000, "name"),
        ("a " * 2000 + "b", "a \n" * 20000, "text"),
        ("A " * 2000 + "B", ("a" + " " * 500) * 400, "text"),
        ("ab-ab-a", "ab-" * 200_000, "text"),
        ("7946 0123", "7" + " " * 300_000 + "x" + "(-" * 100_000, "telephone"),
    ],
)
def test_a_search_for_words_that_repeat_themselves_ends(literal: str, text: str, key: str) -> None:
    assert ground(literal, TEXT, key, text, [(0, len(text))]) is None  # a search that is not linear would take days


def test_all_dates_of_a_source_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "One of 3 May 2015, then of 4 May 2015. " * 50
    read: list[Dates] = []

    def reading(found: Iterable[DateMention]) -> Dates:
        read.append(Dates(found))
        return read[-1]

    monkeypatch.setattr("communique.text.dates.Dates", reading)
    dates_of.cache_clear()
    for day in range(1, 29):
        ground(f"2015-05-{day:02d}", DATE, "startDate", text, [(0, len(text)), (5, 40)])
    assert len(read) == 1 and len(read[0].all) > 100


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("ru", "из девяти городов", "девяти"),
        ("ru", "Девять городов", "Девять"),
        ("kk", "тоғыз қала", "тоғыз"),
        ("de-AT", "aus neun Orten", "neun"),
        ("en-GB", "from nine towns", "nine"),
        ("en", "neun towns", None),
        ("tlh", "nine towns", None),
    ],
)
def test_a_number_is_read_in_the_words_of_the_language_of_the_text(language: str, text: str, words: str | None) -> None:
    found = ground("9", INTEGER, "groupSize", text, [(0, len(text))], language)
    assert (found and text[slice(*found.span)]) == words


def test_a_number_too_large_for_words_is_looked_for_only_in_digits() -> None:
    assert ground("1" * 400, INTEGER, "groupSize", "nine towns", [(0, 10)]) is None
    assert ground("-9", INTEGER, "groupSize", "minus nine towns", [(0, 16)]) is None
