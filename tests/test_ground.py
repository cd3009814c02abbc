"""Literals in the words of their evidence: what each normaliser accepts, and that no word is cut."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.compile.ground import NORMALISERS, dates_in, ground, normalisers_tried, phones_in
from communique.terms import XSD

DATE, YEAR, MONTH, TEXT = XSD + "date", XSD + "gYear", XSD + "gYearMonth", XSD + "string"


def by(literal: str, text: str, key: str = "name", datatype: str = TEXT) -> tuple[str, str] | None:
    """Name of the normaliser that accepts, and the words it found."""
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
        ("report", "reports", "text", TEXT, None),
        ("report 2", "report 20", "text", TEXT, None),
        ("北京", "在北京举行", "name", TEXT, ("exact", "北京")),
        ("a b", "a\xa0 \n b", "text", TEXT, ("whitespace", "a\xa0 \n b")),
        ("a  b", "a b", "text", TEXT, ("whitespace", "a b")),
        ("welcoming speech", "During WELCOMING speech", "name", TEXT, ("case", "WELCOMING speech")),
        ("Chairman", "chairman of", "roleName", TEXT, ("case", "chairman")),
        ("Zulfiya Baysakova", "Zulfiya Ms. Baysakova", "name", TEXT, ("name", "Zulfiya Ms. Baysakova")),
        ("Zulfiya Baysakova", "Zulfiya Xenia Baysakova", "name", TEXT, None),
        ("Zulfiya Baysakova", "Zulfiya Ms. Baysakova", "text", TEXT, None),
        ("Baysakova Zulfiya", "Zulfiya Baysakova", "name", TEXT, None),
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
        ("+7 7172 790345", "tel.: +7 (7172) 790345/46/47", "telephone", TEXT, ("phone", "+7 (7172) 790345/46/47")),
        ("+7 7172 790347", "tel.: +7 (7172) 790345/46/47", "telephone", TEXT, ("phone", "+7 (7172) 790345/46/47")),
        ("77172790346", "tel.: +7 (7172) 790345/46/47", "telephone", TEXT, ("phone", "+7 (7172) 790345/46/47")),
        ("+7 7172 790348", "tel.: +7 (7172) 790345/46/47", "telephone", TEXT, None),
        ("+7 7172 790345", "tel.: +7 (7172) 790345/46/47", "name", TEXT, None),
        ("7172 790345", "tel.: +7 (7172) 790345", "telephone", TEXT, None),
        ("call me", "tel.: +7 (7172) 790345", "telephone", TEXT, None),
    ],
)  # fmt: skip
def test_a_literal_is_found_by_the_normaliser_that_may_find_it(
    literal: str, text: str, key: str, datatype: str, expected: tuple[str, str] | None
) -> None:
    assert by(literal, text, key, datatype) == expected


def test_only_the_quoted_words_count() -> None:
    text = "Ada Example spoke. Max Muster listened."
    assert ground("Max", TEXT, "name", text, [(0, 18)]) is None
    assert ground("Ada Example", TEXT, "name", text, [(0, 7)]) is None
    assert ground("Ada Exam", TEXT, "name", text, [(0, 8)]) is None  # the quote itself cuts the word
    found = ground("Max", TEXT, "name", text, [(0, 18), (19, 38)])
    assert found is not None and found.span == (19, 22)


def test_a_month_written_with_look_alikes_is_no_date() -> None:
    assert [d for d, _ in dates_in("1 Auguſt 2015, 2 aprıl 2015", 0, 99)] == ["2015", "2015"]


def test_no_date_is_finer_than_the_words() -> None:
    text = "May 29, 2015; May 2014; in 2013"
    assert {d for d, _ in dates_in(text, 0, len(text))} == {"2015-05-29", "2014-05", "2015", "2014", "2013"}


def test_shorthand_of_telephone_numbers_is_written_out() -> None:
    text = "+7 (7172) 790345/46/47, 555-12.34"
    assert [n for n, _ in phones_in(text, 0, len(text))] == ["77172790345", "77172790346", "77172790347", "5551234"]


def test_every_normaliser_that_is_tried_is_known() -> None:
    keys = ("name", "telephone", "honorificPrefix", "text", "startDate")
    tried = {n for key in keys for datatype in (TEXT, DATE) for n in normalisers_tried(datatype, key)}
    assert tried == set(NORMALISERS)


WORD = st.text("abA1é\u0301 .,-", max_size=6)


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
def test_any_text_and_literal_can_be_held_against_each_other(text: str, literal: str, key: str) -> None:
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
