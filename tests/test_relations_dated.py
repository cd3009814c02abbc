"""A date is held against the words for its key: the nearest date alone says only when something happens."""

from __future__ import annotations

from typing import Any

import pytest

from tests.test_relations import compiled, refused


@pytest.mark.parametrize("key", ["foundingDate", "schema:dissolutionDate"])
def test_the_date_of_something_else_that_is_done_is_no_date_of_an_organisation(key: str) -> None:
    text = "Sample Works, which bought Mock Labs from its founding family in 2017, makes paper."
    assert refused(compiled(text, {"id": "org/works", key: "2017"})) == [(key, "2017")]


@pytest.mark.parametrize("key", ["birthDate", "deathDate"])
def test_nobody_is_born_or_dies_because_a_date_stands_near(key: str) -> None:
    text = "Jo Sample opened the pier in 2017."
    assert refused(compiled(text, {"id": "person/jo", key: "2017"})) == [(key, "2017")]


@pytest.mark.parametrize(
    ("language", "text", "of", "key"),
    [
        ("en", "Sample Works, founded in 1931, makes paper.", "org/works", "foundingDate"),
        ("en", "Sample Works was closed in 1931.", "org/works", "schema:dissolutionDate"),
        ("en", "Jo Sample, born in 1931, opened the pier.", "person/jo", "birthDate"),
        ("en", "Jo Sample (1931–2004) built the pier.", "person/jo", "birthDate"),
        ("en", "Jo Sample (1888–1931) built the pier.", "person/jo", "deathDate"),
        ("de", "Sample Works, 1931 gegründet, macht Papier.", "org/works", "foundingDate"),
        ("fr", "Sample Works, fondée en 1931, fait du papier.", "org/works", "foundingDate"),
        ("ru", "Sample Works основана в 1931 году.", "org/works", "foundingDate"),
        ("fi", "Sample Works perustettiin vuonna 1931.", "org/works", "foundingDate"),
    ],
)
def test_a_word_for_the_key_beside_the_date_grounds_it(language: str, text: str, of: str, key: str) -> None:
    assert refused(compiled(text, {"id": of, key: "1931"}, language=language)) == []


def test_a_life_in_brackets_has_its_end_last() -> None:
    text = "Jo Sample (1888–1931) built the pier."
    assert refused(compiled(text, {"id": "person/jo", "deathDate": "1888"})) == [("deathDate", "1888")]
    assert refused(compiled(text, {"id": "person/jo", "birthDate": "1931"})) == [("birthDate", "1931")]


def test_a_word_beside_another_date_does_not_count() -> None:
    text = "Sample Works, founded in 1931, bought Mock Labs in 2017."
    assert refused(compiled(text, {"id": "org/works", "foundingDate": "2017"})) == [("foundingDate", "2017")]


GALA: dict[str, Any] = {"id": "event/gala", "type": "Event", "name": "Gala"}
DATELINE: dict[str, Any] = {"id": "release/x", "type": "PressRelease", "dateline": "Aton, 14 June 2024"}


@pytest.mark.parametrize(
    ("rest", "planned"), [("the Gala is near, Jo Sample said today.", True), ("the Gala took place last night.", False)]
)
def test_an_event_of_another_day_has_neither_day_nor_place_of_the_dateline(rest: str, planned: bool) -> None:
    text = f"Aton, 14 June 2024 – {rest} It was here, they said this morning."
    event = GALA | {"startDate": "2024-06-14", "location": "place/aton"} | ({"planned": "true"} if planned else {})
    found = refused(compiled(text, DATELINE, event))
    assert {key for key, _ in found} >= {"startDate", "location"}
    quoted = event | {"evidence": {"startDate": "14 June 2024"}}
    assert ("startDate", "2024-06-14") in refused(compiled(text, DATELINE, quoted)) or not planned


def test_an_event_of_today_has_day_and_place_of_the_dateline() -> None:
    text = "Aton, 14 June 2024 – The Gala opened today."
    event = GALA | {"startDate": "2024-06-14", "location": "place/aton"}
    assert refused(compiled(text, DATELINE, event)) == []


@pytest.mark.parametrize("key", ["endDate", "schema:endDate", "startDate"])
def test_a_time_of_day_without_its_day_is_one_finding_that_gives_the_form(key: str) -> None:
    text = "The Gala is on 2 May 2024 from 9 am to 5 pm."
    (found,) = compiled(text, {"id": "event/gala", "startDate": "2024-05-02", key: "17:00"}).findings
    assert found.code == "bad-period" and found.path == key.removeprefix("schema:")
    assert (found.fix or "").endswith(f"{key}: {'YYYY-MM-DD' if key == 'startDate' else '2024-05-02'}T17:00")
