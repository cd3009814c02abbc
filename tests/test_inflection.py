"""Names in other grammatical cases in Russian, German and Kazakh; what is another name stays another name."""

from __future__ import annotations

import pytest

from communique.text.inflection import find_inflected, inflection_of
from communique.text.passages import Span

SAME = {
    "ru": [
        ("Казахстан", "Казахстане"), ("Комиссия", "Комиссией"), ("Академия", "Академии"), ("Образцово", "Образцове"),
        ("Министерство", "Министерством"), ("Примерская", "Примерской"), ("Сергей", "Сергею"), ("Ольга", "Ольги"),
        ("Павел", "Павла"), ("Белов", "Белову"), ("Белова", "Беловой"), ("область", "области"), ("Рим", "Риме"),
        ("Национальный", "Национального"), ("центр", "центров"), ("Мария", "Марию"), ("музей", "музея"),
    ],
    "de": [
        ("Erfundene", "Erfundenen"), ("Institut", "Instituts"), ("Ministerium", "Ministeriums"), ("Rat", "Rates"),
        ("Testania", "Testanias"), ("Deutscher", "Deutschen"), ("Verband", "Verbandes"), ("Kirche", "Kirchen"),
    ],
    "kk": [
        ("Қазақстан", "Қазақстанның"), ("министрлігі", "министрлігінің"), ("Алматы", "Алматыда"), ("Үлгі", "Үлгіге"),
        ("министрлік", "министрлігі"), ("орталығы", "орталығында"), ("Астана", "Астанадан"), ("одақ", "одағы"),
    ],
}  # fmt: skip

OTHER = {
    "ru": [
        ("Белов", "Беловой"),
        ("Москва", "москвы"),
        ("Ана", "Аны"),
        ("Петров", "Петровский"),
        ("Академия", "Академик"),
    ],
    "de": [("Haus", "Hauser"), ("Bonn", "Bonner"), ("Rat", "Rathaus"), ("Ems", "Em")],
    "kk": [("Алма", "Алматы"), ("Қазақ", "Қазақстан"), ("Астана", "астанадан")],
    "en": [("Sample", "Samples"), ("Work", "Works")],
    "fr": [("Exemple", "Exemples")],
}


@pytest.mark.parametrize("language", SAME)
def test_two_forms_of_one_word_are_the_same(language: str) -> None:
    inflection = inflection_of(language)
    assert [pair for pair in SAME[language] if not inflection.is_same(*pair)] == []


@pytest.mark.parametrize("language", OTHER)
def test_another_word_is_not_the_same(language: str) -> None:
    inflection = inflection_of(language)
    assert [pair for pair in OTHER[language] if inflection.is_same(*pair)] == []


def test_a_name_of_several_words_is_found_when_all_of_them_agree() -> None:
    text = "В Национальной академии проб и в Национальном музее проб"
    names = ["Национальная академия проб", "Национальный музей проб", "Национальная палата проб"]
    found = {number: text[slice(*span)] for number, span in find_inflected(names, text, "ru")}
    assert found == {0: "Национальной академии проб", 1: "Национальном музее проб"}


def test_the_name_as_it_is_is_no_other_form() -> None:
    assert list(find_inflected(["Академия проб"], "Академия проб", "ru")) == []


def test_numbers_and_marks_must_be_equal() -> None:
    text = "в Школе № 5 и в Школе № 6"
    assert list(find_inflected(["Школа № 5"], text, "ru")) == [(0, Span(2, 11))]


def test_a_language_without_endings_finds_nothing() -> None:
    assert not inflection_of("en")
    assert list(find_inflected(["Sample"], "Samples", "en")) == []
