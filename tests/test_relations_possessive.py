"""A possessive before a title means the organisation of the sentence before; a pronoun is no name of anything."""

from __future__ import annotations

from typing import Any

import pytest

from tests.test_relations import compiled

TEXTS = {
    "en": ("Sample Works, which knew the Water Report, welcomed it. Its {}, Jo Sample, spoke.", "chairman"),
    "de": ("Die Sample Works stimmte gegen den Water Report. Ihr {} Jo Sample sprach.", "Vorsitzender"),
    "fr": ("Sample Works a salué le Water Report. Son {}, Jo Sample, a parlé.", "directeur"),
    "ru": ("Sample Works поддержала Water Report. Её {} Jo Sample выступил.", "председатель"),
    "kk": ("Sample Works Water Report құжатын қолдады. Оның {} Jo Sample сөз сөйледі.", "төрағасы"),
}


def refused(text: str, language: str, *, title: str, of: str, evidence: Any = None) -> bool:
    role = {"title": title, "of": of} | ({"evidence": evidence} if evidence else {})
    person = {"id": "person/jo", "type": "Person", "name": "Jo Sample", "role": role}
    return bool(compiled(text, person, language=language).findings)


@pytest.mark.parametrize("language", TEXTS)
def test_a_possessive_means_the_organisation_of_the_sentence_before(language: str) -> None:
    pattern, title = TEXTS[language]
    text = "Mock Labs met. " + pattern.format(title) + " Probe Fund left."
    assert not refused(text, language, title=title, of="org/works")
    assert refused(text, language, title=title, of="org/labs")
    assert refused(text, language, title=title, of="org/fund")


def test_both_sentences_as_quotes_hold_a_role() -> None:
    text = "Sample Works, which knew the Water Report, welcomed it. Its chairman, Jo Sample, spoke."
    quotes = ["Sample Works, which knew the Water Report", "Its chairman, Jo Sample"]
    assert not refused(text, "en", title="chairman", of="org/works", evidence=quotes)


def test_a_possessive_with_two_readings_needs_the_words_that_decide() -> None:
    text = "In Aton, Sample Works met Mock Labs. Its chairman, Jo Sample, spoke."
    for of, other in (("org/works", "Mock Labs"), ("org/labs", "Sample Works")):
        assert refused(text, "en", title="chairman", of=of)
        assert refused(text, "en", title="chairman", of=of, evidence=[other, "Its chairman, Jo Sample"])
    quotes = ["In Aton, Sample Works", "Its chairman, Jo Sample"]
    assert not refused(text, "en", title="chairman", of="org/works", evidence=quotes)


def test_a_possessive_of_a_person_names_no_organisation() -> None:
    assert refused("Sample Works met. His chairman, Jo Sample, spoke.", "en", title="chairman", of="org/works")


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Its"), ("en", "they"), ("de", "Ihr"), ("de", "sie"), ("fr", "son"), ("ru", "её"), ("kk", "оның")],
)
def test_a_pronoun_is_refused_as_what_something_is_referred_to_as(language: str, words: str) -> None:
    node = {"id": "org/works", "type": "Organization", "name": "Sample Works", "referredToAs": words}
    made = compiled(f"Sample Works met. {words} left.", node, language=language)
    assert [(f.path, "pronoun" in f.message) for f in made.findings] == [("referredToAs", True)]
