"""Units of measurement after a number, and "over" before a number of years."""

from __future__ import annotations

import json

import pytest

from communique.text.measures import measure_after, measure_of
from communique.text.numbers import quantities_of
from tests.checkout import ROOT

TABLE = json.loads((ROOT / "src/communique/text/tables/measures.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", [language for language in TABLE if language != "any"])
def test_every_form_of_a_unit_gives_its_unit_and_no_other(language: str) -> None:
    forms = [(name, form) for tag in ("any", language) for name, own in TABLE[tag].items() for form in own]
    assert {form: name for name, form in forms} == {form: measure_of(form, language) for _, form in forms}


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("40 MWh of heat", "en", ("megawatt-hour", " MWh")),
        ("40 MW", "en", ("megawatt", " MW")),
        ("40 mw", "en", ("", "")),
        ("40 Square Metres", "en", ("square metre", " Square Metres")),
        ("40-tonne boat", "en", ("tonne", "-tonne")),
        ("40 metres² of roof", "en", ("", "")),
        ("40 mermaids", "en", ("", "")),
        ("40 tons", "de", ("", "")),
        ("40  tonnes", "en", ("", "")),
        ("40 кв. м жилья", "ru", ("square metre", " кв. м")),
    ],
)
def test_the_longest_unit_after_a_number_counts(text: str, language: str, said: tuple[str, str]) -> None:
    name, end = measure_after(text, 2, language)
    assert (name, text[2:end]) == said


@pytest.mark.parametrize(
    ("language", "text", "unit", "comparison"),
    [
        ("en", "It runs over three years.", "years", ""),
        ("en", "It stood for over three years.", "years", "more than"),
        ("en", "It opened over three years ago.", "years", "more than"),
        ("en", "It has over three mills.", "mills", "more than"),
        ("en", "It made over 300 square metres.", "square metres", "more than"),
        ("en", "It spent at least three years there.", "years", "at least"),
        ("de", "Es läuft über drei Jahre.", "Jahre", ""),
        ("de", "Es läuft seit über drei Jahren.", "Jahren", "more than"),
        ("de", "Es ist über drei Jahre alt.", "Jahre", "more than"),
        ("fr", "Il court plus de trois ans.", "ans", "more than"),
        ("en", "It sold 500 pounds of flour.", "pounds", ""),
        ("en", "It won 5 million pounds of aid.", "GBP", ""),
        ("en", "It paid 500 pounds.", "GBP", ""),
        ("en", "It paid £500 of tax.", "GBP", ""),
    ],
)
def test_over_says_how_long_or_more_than(language: str, text: str, unit: str, comparison: str) -> None:
    [quantity] = quantities_of(text, language).all
    assert (quantity.unit, quantity.comparison) == (unit, comparison)


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("en", "Tickets cost from 4 to 9 euros.", [("4", "9")]),
        ("en", "Prices rose from 4 to 9 euros.", [("4", "9"), ("4", ""), ("9", "")]),
        ("en", "Prices fell by 4 euros to 9 euros.", [("4", ""), ("9", "")]),
        ("en", "Prices fell by 4 to 9 euros.", [("4", "9")]),
        ("ru", "Паром берёт от 4 до 9 машин.", [("4", "9")]),
        ("ru", "Цена выросла с 4 до 9 евро.", [("4", "9"), ("4", ""), ("9", "")]),
    ],
)
def test_the_ends_of_a_range_are_amounts_only_where_something_changed(
    language: str, text: str, values: list[tuple[str, str]]
) -> None:
    assert [(q.value, q.upper) for q in quantities_of(text, language).all] == values
