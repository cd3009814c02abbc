"""A relation by a term of schema.org needs a word of its own: to stand side by side in a sentence says nothing."""

from __future__ import annotations

import pytest

from tests.test_relations import compiled, refused


@pytest.mark.parametrize(
    ("text", "of", "key", "value"),
    [
        ("Jo Sample met Ada Mock at the pier.", "person/jo", "schema:spouse", "person/ada"),
        ("Jo Sample and Ada Mock opened the pier.", "person/jo", "schema:sibling", "person/ada"),
        ("Jo Sample praised Ada Mock.", "person/jo", "schema:parent", "person/ada"),
        ("The Water Report was bought by Jo Sample from her daughter Ada Mock.", "person/ada", "schema:children",
         "person/jo"),
        ("Sample Works bought paper from Mock Labs.", "org/works", "schema:owns", "org/labs"),
        ("Sample Works, owned by Mock Labs, makes paper.", "org/works", "schema:owns", "org/labs"),
        ("The Water Report names Sample Works.", "work/report", "schema:translator", "org/works"),
    ],
)  # fmt: skip
def test_no_relation_holds_only_because_a_sentence_names_both(text: str, of: str, key: str, value: str) -> None:
    assert (key, value) in refused(compiled(text, {"id": of, key: value}))


@pytest.mark.parametrize(
    ("language", "text", "of", "key", "value"),
    [
        ("en", "Jo Sample and her husband Max Probe came.", "person/jo", "schema:spouse", "person/max"),
        ("en", "A plate by Jo Sample, given by her daughter Ada Mock.", "person/jo", "schema:children", "person/ada"),
        ("en", "Sample Works owns Mock Labs.", "org/works", "schema:owns", "org/labs"),
        ("en", "Sample Works, owned by Mock Labs, makes paper.", "org/labs", "schema:owns", "org/works"),
        ("en", "Ada Mock translated the Water Report.", "work/report", "schema:translator", "person/ada"),
        ("de", "Jo Sample und ihre Ehefrau Ada Mock kamen.", "person/jo", "schema:spouse", "person/ada"),
        ("fr", "Jo Sample et son épouse Ada Mock sont venus.", "person/jo", "schema:spouse", "person/ada"),
        ("ru", "Jo Sample и его жена Ada Mock приехали.", "person/jo", "schema:spouse", "person/ada"),
        ("kk", "Jo Sample мен оның жары Ada Mock келді.", "person/jo", "schema:spouse", "person/ada"),
    ],
)
def test_a_word_of_the_relation_grounds_it(language: str, text: str, of: str, key: str, value: str) -> None:
    assert refused(compiled(text, {"id": of, key: value}, language=language)) == []


def test_the_words_that_an_author_quotes_need_a_word_of_the_relation_too() -> None:
    text = "Jo Sample met Ada Mock at the pier. Jo Sample and his wife Ada Mock came."
    spouse = {"id": "person/jo", "schema:spouse": "person/ada"}
    for quote in ("met Ada Mock", "met", "Jo Sample met Ada Mock at the pier."):
        quoted = spouse | {"evidence": {"schema:spouse": quote}}
        assert refused(compiled(text, quoted)) == [("schema:spouse", "person/ada")]
    assert refused(compiled(text, spouse | {"evidence": {"schema:spouse": "his wife Ada Mock"}})) == []


def test_nothing_is_related_to_itself() -> None:
    text = "Sample Works owns its own shares. It owns them."
    own = {"id": "org/works", "schema:owns": "org/works"}
    assert refused(compiled(text, own)) == [("schema:owns", "org/works")]
    quoted = own | {"evidence": {"schema:owns": "Sample Works owns its own shares."}}
    assert refused(compiled(text, quoted)) == [("schema:owns", "org/works")]


def test_a_word_in_a_name_or_far_away_is_no_word_of_the_relation() -> None:
    named = {"id": "work/salt", "type": "Report", "name": "Translated Salt", "schema:translator": "person/ada"}
    assert refused(compiled("Translated Salt names Ada Mock.", named)) == [("schema:translator", "person/ada")]
    text = "The Water Report names Ada Mock, and on a rainy day in the far north they all translated a poem."
    report = {"id": "work/report", "schema:translator": "person/ada"}
    assert refused(compiled(text, report)) == [("schema:translator", "person/ada")]
