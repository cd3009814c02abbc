"""What is left out beside words that are taken: a denial, the organisation of a title, a day that is to come."""

from __future__ import annotations

from typing import Any

import pytest

from tests.terms import value_of
from tests.test_relations import BASE, compiled

REPORTED: dict[str, Any] = {"id": "this:s", "type": "ReportedStatement", "creator": "person/jo"}


@pytest.mark.parametrize(
    ("language", "text", "cut", "whole"),
    [
        ("en", "Jo Sample said we do not plan to close it.", "plan to close it", "we do not plan to close it"),
        ("en", "Jo Sample said the mills will not close.", "the mills will", "the mills will not close"),
        ("en", "Jo Sample said nobody will lose work.", "will lose work", "nobody will lose work"),
        ("de", "Jo Sample sagte, wir planen keine Kürzung.", "Kürzung", "wir planen keine Kürzung"),
        ("fr", "Jo Sample a dit que la digue ne rompra pas.", "la digue ne rompra", "la digue ne rompra pas"),
        ("ru", "Jo Sample сказала, что завод не закроют.", "закроют", "завод не закроют"),
    ],
)
def test_words_are_not_taken_without_the_denial_beside_them(language: str, text: str, cut: str, whole: str) -> None:
    found = {f.path for f in compiled(text, REPORTED | {"text": cut}, language=language).findings}
    assert "text" in found
    found = {f.path for f in compiled(text, REPORTED | {"text": whole}, language=language).findings}
    assert "text" not in found


def test_a_denial_in_another_clause_does_not_count() -> None:
    text = "It was not so, Jo Sample said: the mills will close."
    assert compiled(text, REPORTED | {"text": "the mills will close"}).findings == ()


def test_every_part_of_a_quotation_keeps_its_denial() -> None:
    text = "“The mills are old,” said Jo Sample. “We do not plan to close them.”"
    parts = ["The mills are old,", "We do not plan to close them."]
    for quote, is_cut in ((parts, False), ([parts[0], "plan to close them."], True)):
        made = compiled(text, {"id": "person/jo", "said": {"verb": "said", "quote": quote}})
        assert [f.path for f in made.findings if f.code == "not-grounded"] == (["text"] if is_cut else [])


def test_an_inferred_title_makes_its_organisation_inferred() -> None:
    text = "Jo Sample joins Sample Works and replaces Ada Mock as chief buyer. Mock Labs looked on."
    role = {"title": "chief buyer", "of": "org/works", "evidence": {"roleName": {"why": "she is replaced"}}}
    made = compiled(text, {"id": "person/ada", "role": role})
    stated = {(q.predicate.value.rpartition("/")[2], value_of(q.object)) for q in made.facts}
    assert not any(value == BASE + "org/works" and key in ("affiliation", "organization") for key, value in stated)
    inferred = {
        value_of(q.object) for q in made.inferred if q.predicate.value.endswith(("affiliation", "organization"))
    }
    assert inferred == {BASE + "org/works"}


@pytest.mark.parametrize("planned", ["true", "false"])
def test_nobody_has_spoken_at_an_event_that_is_to_come(planned: str) -> None:
    text = "The Gala will open tomorrow. Jo Sample said that the dam is safe."
    release = {"id": "release/x", "type": "PressRelease", "about": "event/gala"}
    gala = {"id": "event/gala", "type": "Event", "name": "Gala", "planned": planned}
    made = compiled(text, release, gala, REPORTED | {"text": "the dam is safe"})
    recorded = [q for q in made.quads if q.predicate.value.endswith("recordedAt")]
    assert bool(recorded) is (planned == "false")


def test_a_pronoun_beside_the_other_values_of_a_key_is_none_of_them() -> None:
    text = "Guests saw the Gala, which was paid for by Sample Works. Among them were Jo Sample and Ada Mock."
    quotes = ["Guests saw the Gala", "Among them were Jo Sample and Ada Mock"]
    gala = {"id": "event/gala", "type": "Event", "name": "Gala", "evidence": {"attendee": quotes}}
    people = ["person/jo", "person/ada"]
    assert compiled(text, gala | {"attendee": people}).findings == ()
    wrong = compiled(text, gala | {"attendee": ["org/works", *people]})
    assert [f.value for f in wrong.findings if f.code == "not-grounded"] == [BASE + "org/works"]
