"""What pronouns stand for in five languages, and where a paragraph leaves a choice."""

from __future__ import annotations

import pytest

from communique.text.mentions import Name, find_mentions
from communique.text.pronouns import find_pronouns
from communique.text.sentences import sentences_of

KINDS = {"jo": "person", "ann": "person", "works": "organisation", "crowd": "group", "report": "thing"}
NAMES = {
    "en": {"jo": "Jo Sample", "ann": "Ann Mock", "works": "Mock Works", "crowd": "testers", "report": "Mock Report"},
    "de": {"jo": "Otto Muster", "ann": "Anna Beispiel", "works": "Musterwerk", "crowd": "Tester"},
    "fr": {"jo": "Jean Modèle", "ann": "Anne Exemple", "works": "Institut modèle", "crowd": "testeurs"},
    "ru": {"jo": "Иван Образцов", "ann": "Анна Примерова", "works": "Институт проб", "crowd": "испытатели"},
    "kk": {"jo": "Асан Үлгіұлы", "ann": "Айша Үлгіқызы", "works": "Үлгі институты", "crowd": "сынаушылар"},
}


def read(text: str, language: str) -> tuple[list[tuple[str, str]], list[tuple[str, set[str]]]]:
    """The pronouns with what they mean, and those with two readings."""
    names = [Name(words, node, "name") for node, words in NAMES[language].items()]
    sentences = sentences_of(text, language)
    mentions = find_mentions(names, text, sentences, language)
    found, ambiguous = find_pronouns(mentions, text, sentences, language, KINDS)
    assert {m.how for m in found} <= {"pronoun"}
    return (
        [(text[m.start : m.end], m.node) for m in found],
        [(text[a.start : a.end], set(a.nodes)) for a in ambiguous],
    )


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Jo Sample spoke. He left, and she stayed.", [("He", "jo")]),
        ("en", "Mr. Jo Sample met Ms. Ann Mock. He spoke. She left.", [("He", "jo"), ("She", "ann")]),
        ("en", "Mock Works grew. Its day came.", [("Its", "works")]),
        ("en", "The testers came. They left.", [("They", "crowd")]),
        ("en", "Jo Sample spoke. The same speaker left.", [("The same speaker", "jo")]),
        ("en", "Jo Sample heard Mock Works. The latter grew.", [("The latter", "works")]),
        ("de", "Frau Anna Beispiel sprach. Sie ging.", [("Sie", "ann")]),
        ("de", "Otto Muster sprach. Seine Rede war kurz. Er ging.", [("Seine", "jo"), ("Er", "jo")]),
        ("fr", "Mme Anne Exemple et M. Jean Modèle parlent. Elle rit. Il part.", [("Elle", "ann"), ("Il", "jo")]),
        ("fr", "Jean Modèle parle. Ce dernier part.", [("Ce dernier", "jo")]),
        ("ru", "Иван Образцов и Анна Примерова пришли. Он сказал. Она ушла.", [("Он", "jo"), ("Она", "ann")]),
        ("ru", "Институт проб открыт. Он вырос.", [("Он", "works")]),
        ("kk", "Асан Үлгіұлы сөйледі. Ол кетті. Оның сөзі.", [("Ол", "jo"), ("Оның", "jo")]),
    ],
)
def test_a_pronoun_means_the_one_that_fits(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert read(text, language)[0] == expected


def test_two_readings_are_ambiguous_and_no_mention() -> None:
    assert read("Jo Sample met Ann Mock. She left.", "en") == ([], [("She", {"jo", "ann"})])


def test_a_pronoun_that_opens_a_paragraph_may_mean_the_one_before() -> None:
    assert read("Jo Sample spoke.\nHe left.", "en")[0] == [("He", "jo")]
    assert read("Jo Sample spoke.\nIt rained. He left.", "en")[0] == []
    assert read("Jo Sample spoke.\nIt rained.\nHe left.", "en")[0] == []


def test_a_chain_of_pronouns_goes_on() -> None:
    assert read("Jo Sample spoke. He stayed.\nHe left.", "en")[0] == [("He", "jo"), ("He", "jo")]


def test_a_person_is_meant_before_a_thing() -> None:
    assert read("Иван Образцов открыл Институт проб. Он рад.", "ru")[0] == [("Он", "jo")]


def test_a_known_woman_is_no_he() -> None:
    assert read("Ms. Ann Mock spoke. He left.", "en") == ([], [])


def test_a_name_inside_a_longer_name_is_no_antecedent() -> None:
    text = "The Jo Sample Prize grew. He left."
    names = [Name("Jo Sample Prize", "prize", "name"), Name("Jo Sample", "jo", "name")]
    sentences = sentences_of(text, "en")
    assert find_pronouns(find_mentions(names, text, sentences, "en"), text, sentences, "en", KINDS) == ([], [])


def test_a_language_without_pronouns_has_none() -> None:
    text = "Jo Sample talade. Han gick."
    sentences = sentences_of(text, "sv")
    mentions = find_mentions([Name("Jo Sample", "jo", "name")], text, sentences, "sv")
    assert find_pronouns(mentions, text, sentences, "sv", KINDS) == ([], [])
