"""Literals that are said of somebody only by the words around them, and members of enumerations."""

from __future__ import annotations

from typing import Any

import pytest

from communique.compile.compiler import Compiled
from tests.test_relations import PEOPLE, compiled, refused


def ungrounded(made: Compiled) -> list[str]:
    return [f.path or "" for f in made.findings if f.code == "not-grounded"]


JO, ADA = {"id": "person/jo"}, {"id": "person/ada"}


@pytest.mark.parametrize(
    ("text", "title", "of"),
    [
        ("The guests were Jo Sample, novelist Ada Mock and the engineer Max Probe.", "novelist", "ada"),
        ("The guests were Jo Sample, novelist Ada Mock and the engineer Max Probe.", "engineer", "max"),
        ("Jo Sample, engineer at Sample Works, met Ada Mock.", "engineer", "jo"),
        ("Two pilots, Jo Sample and Ada Mock, came with Max Probe.", "pilots", "jo ada"),
    ],
)
def test_a_title_is_that_of_the_person_beside_it(text: str, title: str, of: str) -> None:
    for step in [step for step, name in PEOPLE.items() if name in text]:
        wrong = refused(compiled(text, {"id": f"person/{step}", "jobTitle": title}))
        assert wrong == ([] if step in of.split() else [("jobTitle", title)]), step


@pytest.mark.parametrize(
    ("language", "text", "receiver"),
    [
        ("en", "Jo Sample received the Salt Medal of Sample Works.", "person/jo"),
        ("en", "Sample Works gave the Salt Medal to Jo Sample.", "person/jo"),
        ("en", "The Salt Medal of Sample Works went to Jo Sample.", "person/jo"),
        ("fr", "Sample Works a remis le Salt Medal à Jo Sample.", "person/jo"),
        ("de", "Sample Works verlieh die Salt Medal an Jo Sample.", "person/jo"),
    ],
)
def test_a_prize_is_that_of_who_receives_it(language: str, text: str, receiver: str) -> None:
    for one in ("person/jo", "org/works"):
        made = compiled(text, {"id": one, "award": "Salt Medal"}, language=language)
        assert refused(made) == ([] if one == receiver else [("award", "Salt Medal")]), one


def test_words_that_nobody_receives_are_no_prize() -> None:
    text = "Jo Sample, chief buyer, met Ada Mock."
    assert refused(compiled(text, {**JO, "award": "chief buyer"})) == [("award", "chief buyer")]


def test_a_slogan_stands_beside_a_word_for_it() -> None:
    works: dict[str, Any] = {"id": "org/works", "slogan": "salt for all"}
    assert refused(compiled("Sample Works has salt for all shops.", works)) == [("slogan", "salt for all")]
    assert refused(compiled("Sample Works wrote “Salt for all” on it.", works)) == [("slogan", "salt for all")]
    assert refused(compiled("Sample Works wrote “Salt for all”, its slogan, on it.", works)) == []
    assert refused(compiled("Sample Works has the slogan Salt for all.", works)) == []


@pytest.mark.parametrize("key", ["alternateName", "schema:legalName"])
def test_a_name_of_something_else_of_its_kind_is_no_further_name(key: str) -> None:
    text = "Sample Works bought Mock Labs."
    works, labs = {"id": "org/works", key: "Mock Labs"}, {"id": "org/labs", "name": "Mock Labs Ltd"}
    labs["alternateName"] = "Mock Labs"
    labs["name"] = "Mock Labs"
    assert (key, "Mock Labs") in refused(compiled(text, works, labs))
    expected = [] if key == "alternateName" else [(key, "Works")]  # which the text does not say to be its legal name
    assert refused(compiled(text, {"id": "org/works", key: "Works"})) == expected


@pytest.mark.parametrize(
    ("text", "size", "is_said"),
    [
        ("Thirty engineers of Sample Works came.", "30", True),
        ("The engineers, 30 people in all, run nine sites.", "30", True),
        ("The engineers run 9 sites.", "9", False),
    ],
)
def test_the_size_of_a_group_counts_its_members(text: str, size: str, is_said: bool) -> None:
    group = {"id": "this:g", "type": "Group", "name": "engineers", "groupSize": size}
    assert refused(compiled(text, group)) == ([] if is_said else [("groupSize", size)])


@pytest.mark.parametrize(
    ("language", "text", "key", "value", "is_said"),
    [
        ("en", "The Gala was cancelled.", "status", "cancelled", True),
        ("en", "The Gala was full.", "status", "cancelled", False),
        ("en", "The Gala was postponed.", "schema:eventStatus", "schema:EventPostponed", True),
        ("en", "The Gala was cancelled.", "schema:eventStatus", "schema:EventPostponed", False),
        ("en", "The Gala is held online.", "schema:eventAttendanceMode", "schema:OnlineEventAttendanceMode", True),
        ("en", "The Gala was full.", "schema:eventAttendanceMode", "schema:OnlineEventAttendanceMode", False),
        ("de", "Die Gala wurde abgesagt.", "status", "cancelled", True),
        ("de", "Die Gala war gut.", "status", "cancelled", False),
        ("ru", "Gala отменена.", "status", "cancelled", True),
        ("fr", "Le Gala est annulé.", "status", "cancelled", True),
        ("fi", "Gala oli hieno.", "status", "cancelled", True),
    ],
)
def test_a_member_of_an_enumeration_needs_a_word_of_its_own(
    language: str, text: str, key: str, value: str, is_said: bool
) -> None:
    made = compiled(text, {"id": "event/gala", key: value}, language=language)
    assert bool(ungrounded(made)) is not is_said


def test_a_sex_needs_a_form_of_address_or_a_pronoun_of_that_person() -> None:
    text = "Ms. Jo Sample met Ada Mock."
    for who, is_said in ((JO, True), (ADA, False)):
        made = compiled(text, {**who, "schema:gender": "schema:Female"})
        assert bool(ungrounded(made)) is not is_said
    assert ungrounded(compiled(text, {**JO, "schema:gender": "schema:Male"})) != []
    quoted = {**ADA, "schema:gender": "schema:Female", "evidence": {"schema:gender": "Ms. Jo Sample met Ada Mock."}}
    assert ungrounded(compiled(text, quoted)) == []


def test_words_quoted_for_a_literal_are_believed_unless_they_are_said_of_somebody_else() -> None:
    text = "Jo Sample met Ada Mock. Max Model, baker, met Ada Mock. By trade she is a tanner."
    quoted = {**ADA, "jobTitle": "tanner", "evidence": {"jobTitle": "met Ada Mock. By trade she is a tanner"}}
    assert refused(compiled(text, quoted)) == []
    for words in ("Max Model, baker", "baker, met Ada Mock", "baker"):
        wrong = {**ADA, "jobTitle": "baker", "evidence": {"jobTitle": words}}
        made = compiled(text, wrong, {"id": "person/max", "type": "Person", "name": "Max Model"})
        assert refused(made) == [("jobTitle", "baker")]


def test_a_finding_on_quoted_words_says_whom_they_speak_of() -> None:
    text = "Jo Sample came.\n\nContact: Ada Mock, ada@works.example"
    (found,) = compiled(
        text, {**JO, "email": "ada@works.example", "evidence": {"email": "ada@works.example"}}, ADA
    ).findings
    assert found.why == (
        "looked for: 'ada@works.example'",
        "said of: 'Jo Sample', 'Sample'",
        "quoted: 'ada@works.example'",
        "the words there name person/ada",
        "they do not speak of person/jo: quote words that name it too, as a list",
    )


def test_a_finding_on_a_role_says_whom_its_sentence_names() -> None:
    text = "The mayor Ada Mock met Jo Sample of Sample Works."
    (found,) = compiled(text, {**JO, "role": {"title": "mayor", "of": "org/works"}}).findings
    assert found.why == (f"nearest sentence: {text!r}", "the words there name person/ada")
