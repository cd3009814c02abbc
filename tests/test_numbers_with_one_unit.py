"""A unit or multiplier that is said once for two numbers belongs to both."""

from __future__ import annotations

import pytest

from communique.text.numbers import quantities_of

BOTH = [
    ("de", "Das Ergebnis stieg von 15,8 auf 18,4 Millionen Euro.", ("15800000", "18400000"), "EUR"),
    ("de", "Der Anteil ist von 12 auf 10 Prozent gesunken.", ("12", "10"), "%"),
    ("en", "The debt fell from 18.4 to 15.8 million euros.", ("18400000", "15800000"), "EUR"),
    ("en", "The debt rose from 15.8 to 18.4 million euros.", ("15800000", "18400000"), "EUR"),
    ("en", "The workforce fell from 900 to 850 people.", ("900", "850"), "people"),
    ("fr", "La dette est tombée, la part a baissé de 14 à 12 %.", ("14", "12"), "%"),
    ("fr", "La dette a progressé de 15,8 à 18,4 millions d’euros.", ("15800000", "18400000"), "EUR"),
    ("ru", "Прибыль снизилась с 18,4 до 15,8 млн рублей.", ("18400000", "15800000"), "RUB"),
    ("ru", "Прибыль выросла с 15,8 до 18,4 млн рублей.", ("15800000", "18400000"), "RUB"),
    ("kk", "Пайда 15,8-ден 18,4 миллион теңгеге өсті.", ("15800000", "18400000"), "KZT"),
]


@pytest.mark.parametrize(("language", "text", "values", "unit"), BOTH)
def test_both_numbers_of_a_change_have_the_unit_behind_the_second(language, text, values, unit):
    found = [q for q in quantities_of(text, language).all if not q.upper]
    assert [(q.value, q.unit) for q in found] == [(value, unit) for value in values]
    first = found[0]
    assert first.with_unit is not None
    assert text[slice(*first.with_unit)].endswith(text[slice(*found[1].span)])


RANGES = [
    ("en", "It costs between 12 and 15 million euros.", ("12000000", "15000000"), "EUR"),
    ("en", "Between 10 to 12 per cent are lost.", ("10", "12"), "%"),
    ("de", "Es kostet zwischen 12 und 15 Millionen Euro.", ("12000000", "15000000"), "EUR"),
    ("fr", "Il coûte entre 12 et 15 millions d’euros.", ("12000000", "15000000"), "EUR"),
    ("ru", "Он стоит от 12 до 15 млн рублей.", ("12000000", "15000000"), "RUB"),
]


@pytest.mark.parametrize(("language", "text", "values", "unit"), RANGES)
def test_a_range_has_one_unit_and_its_ends_are_no_figures(language, text, values, unit):
    assert [((q.value, q.upper), q.unit) for q in quantities_of(text, language).all] == [(values, unit)]


APART = [
    ("en", "Sales rose from 900 to 1.2 million.", "900"),
    ("en", "It fell from 40 tonnes to 9 million euros.", "40"),
    ("de", "Von 5 Werken stieg der Umsatz auf 7 Millionen Euro.", "5"),
    ("de", "Die Zahl stieg von 5 Schiffen auf 7 Millionen Euro.", "5"),
    ("ru", "Прибыль выросла с 900 до 1,2 млн рублей.", "900"),
]


@pytest.mark.parametrize(("language", "text", "value"), APART)
def test_a_number_with_a_unit_of_its_own_or_far_from_the_multiplier_keeps_its_value(language, text, value):
    assert value in [q.value for q in quantities_of(text, language).all if not q.upper]
