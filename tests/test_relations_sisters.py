"""True relations of short texts, and their false sisters: turned round, of the owner, of another clause."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tests.test_relations_in_apposition import refused

BLUE, REED, ATON = ("org/blue", "Blue Line"), ("org/reed", "Reed Works"), ("place/aton", "Aton")
JO, ADA = ("person/jo", "Jo Sample"), ("person/ada", "Ada Mock")
PLAN, DAM = ("thing/plan", "the plan"), ("thing/dam", "the timetable")
NAMES = dict([BLUE, REED, ATON, JO, ADA, PLAN, DAM])


def is_refused(
    text: str, language: str, subject: str, said: dict[str, Any], names: dict[str, str] | None = None
) -> bool:
    known = {**NAMES, **(names or {})}
    named = [(i, name) for i, name in known.items() if name.lower() in text.lower()]
    return bool(refused(text, language, *((i, name, said if i == subject else {}) for i, name in named)))


TURNED = [
    ("en", "Blue Line is a subsidiary of Reed Works.", "org/blue", "parentOrganization", "org/reed"),
    ("de", "Blue Line ist eine Tochter von Reed Works.", "org/blue", "parentOrganization", "org/reed"),
    ("fr", "Blue Line est une filiale de Reed Works.", "org/blue", "parentOrganization", "org/reed"),
    ("ru", "Blue Line – дочерняя компания Reed Works.", "org/blue", "parentOrganization", "org/reed"),
    ("en", "Blue Line is a member of Reed Works.", "org/blue", "memberOf", "org/reed"),
    ("en", "Blue Line was founded by Reed Works.", "org/blue", "founder", "org/reed"),
    ("en", "Blue Line is funded by Reed Works.", "org/blue", "funder", "org/reed"),
    ("en", "Blue Line owns Reed Works.", "org/blue", "schema:owns", "org/reed"),
    ("en", "Blue Line bought Reed Works.", "org/blue", "schema:owns", "org/reed"),
    ("de", "Blue Line kaufte Reed Works.", "org/blue", "schema:owns", "org/reed"),
    ("fr", "Blue Line a acheté Reed Works.", "org/blue", "schema:owns", "org/reed"),
    ("ru", "Blue Line купила Reed Works.", "org/blue", "schema:owns", "org/reed"),
    ("en", "Jo Sample, the daughter of Ada Mock, spoke.", "person/jo", "schema:parent", "person/ada"),
]


@pytest.mark.parametrize(("language", "text", "one", "key", "other"), TURNED)
def test_a_relation_with_a_direction_is_not_said_the_other_way_round(
    language: str, text: str, one: str, key: str, other: str
) -> None:
    assert not is_refused(text, language, one, {key: other})
    assert is_refused(text, language, other, {key: one})


JOINED = [
    ("Blue Line and Aton's council agreed.", "org/council", "parentOrganization", "org/blue"),
    ("Jo Sample, who built the pump together with Blue Line, spoke.", "person/jo", "affiliation", "org/blue"),
    ("Jo Sample, who built the pump together with Blue Line, spoke.", "person/jo", "memberOf", "org/blue"),
    ("Jo Sample, who built the pump together with Blue Line, spoke.", "person/jo", "schema:worksFor", "org/blue"),
    ("Reed Works funds the Pump Study at Blue Line with two million crowns.", "org/blue", "funder", "org/reed"),
    ("Blue Line to add a second ship to Aton in May.", "org/blue", "location", "place/aton"),
    ("The ship was built by Blue Line in Aton.", "org/blue", "schema:foundingLocation", "place/aton"),
    ("Jo Sample of Aton spoke.", "person/jo", "birthPlace", "place/aton"),
]  # fmt: skip
MORE = {"org/council": "Aton's council", "work/study": "Pump Study"}


@pytest.mark.parametrize(("text", "subject", "key", "value"), JOINED)
def test_to_stand_beside_somebody_or_on_the_way_to_a_place_is_no_relation(
    text: str, subject: str, key: str, value: str
) -> None:
    assert is_refused(text, "en", subject, {key: value}, MORE)


SAID = [
    ("Jo Sample, engineer of Blue Line, spoke.", "person/jo", "affiliation", "org/blue"),
    ("Reed Works funds Blue Line with two million crowns.", "org/blue", "funder", "org/reed"),
    ("Blue Line, based in Aton, grew.", "org/blue", "location", "place/aton"),
    ("Blue Line was founded in Aton.", "org/blue", "schema:foundingLocation", "place/aton"),
    ("Jo Sample was born in Aton.", "person/jo", "birthPlace", "place/aton"),
    ("Partners are Reed Works and Blue Line.", "event/gala", "contributor", "org/blue"),
]


@pytest.mark.parametrize(("text", "subject", "key", "value"), SAID)
def test_the_words_of_a_relation_say_it(text: str, subject: str, key: str, value: str) -> None:
    if subject.startswith("event/"):
        said = {key: value, "evidence": {key: text}}
        assert not is_refused(f"The Gala opens. {text}", "en", subject, said, {subject: "Gala"})
    else:
        assert not is_refused(text, "en", subject, {key: value})


CLAUSES = [
    ("en", "Blue Line welcomed the plan but criticised the timetable.", "welcomed", "criticised", {}),
    ("en", "Blue Line welcomed the plan and rejected the timetable.", "welcomed", "rejected", {}),
    ("de", "Blue Line begrüßte den Plan, aber kritisierte den Fahrplan.", "begrüßte", "kritisierte",
     {"thing/plan": "den Plan", "thing/dam": "den Fahrplan"}),
    ("fr", "Blue Line a salué le plan mais critiqué les horaires.", "salué", "critiqué",
     {"thing/plan": "le plan", "thing/dam": "les horaires"}),
    ("ru", "Blue Line поддержала план, но раскритиковала график.", "поддержала", "раскритиковала",
     {"thing/plan": "план", "thing/dam": "график"}),
    ("kk", "Blue Line жоспарды қолдады, бірақ кестені сынады.", "қолдады", "сынады",
     {"thing/plan": "жоспарды", "thing/dam": "кестені"}),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "first", "second", "names"), CLAUSES)
def test_a_verb_without_words_is_said_of_what_stands_in_its_clause(
    language: str, text: str, first: str, second: str, names: dict[str, str]
) -> None:
    right = {first: "thing/plan", second: "thing/dam"}
    for verb, about in itertools.product(right, right.values()):
        said = {"said": {"verb": verb, "about": about, "evidence": text.rstrip(".")}}
        assert is_refused(text, language, "org/blue", said, names) is (right[verb] != about), (verb, about)


@pytest.mark.parametrize(("about", "is_said"), [("person/ada", True), ("org/reed", False)])
def test_the_owner_of_what_a_verb_is_said_of_is_not_what_it_is_said_of(about: str, is_said: bool) -> None:
    text = "Jo Sample thanked Reed Works’s director, Ada Mock."
    said = {"said": {"verb": "thanked", "about": about, "evidence": text.rstrip(".")}}
    assert is_refused(text, "en", "person/jo", said) is not is_said


ROLE_DATES = [
    ("Jo Sample, director of Blue Line since 1 September 2021, spoke.", True),
    ("The study is led by director Jo Sample of Blue Line; it starts on 1 September 2021.", False),
]


@pytest.mark.parametrize(("text", "is_said"), ROLE_DATES)
def test_a_date_of_a_role_stands_in_its_clause(text: str, is_said: bool) -> None:
    role = {"role": {"title": "director", "of": "org/blue", "from": "2021-09-01"}}
    assert is_refused(text, "en", "person/jo", role) is not is_said
    assert not is_refused(text, "en", "person/jo", {"role": {"title": "director", "of": "org/blue"}})


@pytest.mark.parametrize(("verb", "text", "is_said"), [
    ("welcomed", "the plan", True),
    ("criticised", "the timetable", True),
    ("welcomed", "the timetable", False),
    ("criticised", "the plan", False),
])  # fmt: skip
def test_the_second_verb_of_a_speaker_has_the_words_behind_it(verb: str, text: str, is_said: bool) -> None:
    source = "Blue Line welcomed the plan but criticised the timetable."
    names = {"thing/plan": "-", "thing/dam": "-"}
    assert is_refused(source, "en", "org/blue", {"said": {"verb": verb, "text": text}}, names) is not is_said
