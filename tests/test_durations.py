"""Durations in words: what says a duration in five languages and Arabic, and what does not."""

from __future__ import annotations

import pytest

from communique.compile.ground import ground
from communique.terms import XSD
from communique.text.durations import durations


@pytest.mark.parametrize(
    ("literal", "language", "text", "words"),
    [
        ("PT1H30M", "en", "The film lasts 90 minutes.", "90 minutes"),
        ("PT1H30M", "en", "The film lasts ninety minutes.", "ninety minutes"),
        ("PT1H30M", "en", "The film lasts 1 hour 30 minutes.", "1 hour 30 minutes"),
        ("PT1H30M", "en", "After 45 minutes came 90 Minutes.", "90 Minutes"),
        ("P14D", "en", "The course takes two weeks.", "two weeks"),
        ("P14D", "en", "The course takes 14 days.", "14 days"),
        ("P2Y", "en", "a term of two years", "two years"),
        ("P1Y6M", "en", "a term of 18 months", "18 months"),
        ("PT1H", "en", "It takes 1 hour.", "1 hour"),
        ("P3D", "de", "Die Messe dauert drei Tage.", "drei Tage"),
        ("P14D", "fr", "Le cours dure 14 jours.", "14 jours"),
        ("PT1H30M", "ru", "Фильм длится 90 минут.", "90 минут"),
        ("P3D", "ru", "Выставка длится три дня.", "три дня"),
        ("PT20M", "kk", "Фильм жиырма минут жүреді.", "жиырма минут"),
        ("PT1H30M", "ar", "الفيلم 90 دقيقة", "90 دقيقة"),
    ],
)  # fmt: skip
def test_words_say_a_duration(literal: str, language: str, text: str, words: str) -> None:
    found = ground(literal, XSD + "duration", "schema:duration", text, [(0, len(text))], language)
    assert found is not None and found.normaliser == "duration"
    assert text[found.span.start : found.span.end] == words


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        ("PT1H30M", "The film lasts 190 minutes."),
        ("PT1H30M", "The film lasts 1.90 minutes."),
        ("PT1H30M", "The film lasts 1,090 minutes."),
        ("PT1H30M", "The film lasts 90 hours."),
        ("PT1H30M", "The film lasts 90 minutesworth."),
        ("PT1H30M", "The film lasts 91 minutes."),
        ("PT1H30M", "The film has 90 parts of a minute."),
        ("P1M", "It lasts 30 days."),
        ("P1Y", "It lasts 365 days."),
        ("PT9M", "The film lasts twenty-nine minutes."),
        ("soon", "It comes later."),
    ],
)  # fmt: skip
def test_other_words_do_not_say_it(literal: str, text: str) -> None:
    assert ground(literal, XSD + "duration", "schema:duration", text, [(0, len(text))], "en") is None


def test_the_ways_to_write_a_duration_are_few_even_with_every_unit() -> None:
    every = durations("P12Y11M25DT23H59M59S", "ru")
    assert every == ("12 лет 11 месяцев 25 дней 23 часа 59 минут 59 секунд",)
    assert len(durations("PT2H", "ru")) < 50


@pytest.mark.parametrize(
    ("literal", "language"), [("P", "en"), ("PT", "en"), ("90", "en"), ("PT1H", "xx"), ("PT1H", "")]
)
def test_no_duration_and_no_known_language_give_nothing(literal: str, language: str) -> None:
    assert durations(literal, language) == ()
