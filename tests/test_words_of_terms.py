"""Every term of schema.org for people and organisations has words that say it, in each language with a table."""

from __future__ import annotations

from functools import cache

import pytest

from communique.compile.relations.cues import cues_of
from communique.compile.relations.kind import FREE
from communique.compile.relations.rules import SPEAKERS
from communique.compile.relations.terms import stems_of
from communique.schemaorg import read_vocabulary

LANGUAGES = ("en", "de", "fr", "ru", "kk")
BY_OTHER_RULES = {
    "announcementLocation": "a place: its name stands behind a word for where",
    "borrower": "the verb of an action says who takes",
    "buyer": "the verb of an action says who takes",
    "entertainmentBusiness": "a place: its name stands behind a word for where",
    "foodEstablishment": "a place: its name stands behind a word for where",
    "lender": "the verb of an action says who gives",
    "seller": "the verb of an action says who gives",
    "sender": "the verb of an action says who gives",
    "spokenByCharacter": "a verb of speech says who speaks",
    "sportsActivityLocation": "a place: its name stands behind a word for where",
}
"""Terms without words of their own, each with its reason."""


@cache
def terms() -> list[str]:
    """The properties whose values can be people or organisations, or kinds of them."""
    vocabulary = read_vocabulary()
    ends = ("Person", "Organization")
    return sorted(name for name, own in vocabulary.properties.items() if vocabulary.fits(own.ranges, ends))


def has_words(language: str, term: str) -> bool:
    cues = cues_of(language)
    own = any(cues.words_at("terms", term, way) for way in ("after", "before", "stems"))
    return own or cues.has_key(term) or (language == "en" and bool(stems_of(term)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_for_people_and_organisations_has_words(language: str) -> None:
    newer = read_vocabulary().superseded
    lacking = {term for term in terms() if not has_words(language, term)}
    assert len(terms()) == 138
    assert {term for term in lacking if not set(newer.get(term, (term,))) & set(BY_OTHER_RULES)} == set()


def test_no_term_is_listed_that_has_words_everywhere() -> None:
    spare = {term for term in BY_OTHER_RULES if all(has_words(language, term) for language in LANGUAGES)}
    assert not spare - FREE - SPEAKERS


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_term_has_the_words_of_its_inverse_the_other_way_round(language: str) -> None:
    cues = cues_of(language)
    weak = cues.set("prepositions") | cues.set("articles")
    parents = cues.words_at("keys", "parentOrganization", "after")
    if not cues.has_key("subOrganization"):
        assert cues.words_at("terms", "subOrganization", "before") == [word for word in parents if word not in weak]
    assert cues.words_at("terms", "founders", "after") == cues.words_at("keys", "founder", "after")
