"""Relations whose ends stand beside one another: names in marks, in other cases, under a colon, before a quotation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from communique.compile.compiler import compile_release
from communique.context import read_context
from communique.read.release import build_release

BASE = "https://news.example/id/"
CLASSES = {
    "person": "Person",
    "org": "Organization",
    "place": "Place",
    "work": "CreativeWork",
    "event": "Event",
    "thing": "schema:Product",
}

Node = tuple[str, str, dict[str, Any]]
"""An id, a name, and what else is said of the node."""


def refused(text: str, language: str, *nodes: Node) -> list[str]:
    """The keys of what no words say, in a record of some nodes."""
    written = [{"id": i, "type": CLASSES[i.partition("/")[0]], "name": name, **more} for i, name, more in nodes]
    record = {
        "@context": "context.jsonld",
        "graph": [{"id": "release/x", "type": "PressRelease", "headline": "X"}, *written],
    }
    release = build_release("x", "X\n" + text, record, Path("x"), 1)
    made = compile_release(release, read_context(), base=BASE, language=language)
    assert {f.code for f in made.findings} <= {"not-grounded"}
    return sorted(f"{(f.focus or '').removeprefix(BASE)} {f.path}" for f in made.findings)


SPEECH = [
    ("ru", "«Мы рады», – сказала руководитель «Чистой воды» Анна Примерова.", "Чистая вода", "Анна Примерова",
     {"verb": "сказала", "quote": "Мы рады"}),
    ("ru", "По словам эколога Института рек Марата Тестова, река чище.", "Институт рек", "Марат Тестов",
     {"verb": "По словам", "text": "река чище"}),
    ("de", "„Der Damm ist sicher“, sagte die Leiterin der „Klarwasser“ Anna Probe.", "Klarwasser", "Anna Probe",
     {"verb": "sagte", "quote": "Der Damm ist sicher"}),
    ("en", "“The dam is safe,” said “Clear Water” director Jo Sample.", "Clear Water", "Jo Sample",
     {"verb": "said", "quote": "The dam is safe,"}),
    ("en", "According to Clear Water director Jo Sample, the dam is safe.", "Clear Water", "Jo Sample",
     {"verb": "According to", "text": "the dam is safe"}),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "works", "person", "said"), SPEECH)
def test_a_person_behind_the_name_of_an_organisation_speaks_and_not_the_organisation(
    language: str, text: str, works: str, person: str, said: dict[str, str]
) -> None:
    org, who = ("org/works", works), ("person/jo", person)
    assert refused(text, language, (*org, {}), (*who, {"said": said})) == []
    assert refused(text, language, (*org, {"said": said}), (*who, {})) == [
        "release/x#said-works-1 creator",
    ]


@pytest.mark.parametrize(
    "text", ["According to Clear Water, Jo Sample is safe.", "According to Clear Water and others, Jo Sample is safe."]
)
def test_an_organisation_speaks_if_the_person_is_in_the_words_reported(text: str) -> None:
    said = {"verb": "According to", "text": "Jo Sample is safe"}
    assert refused(text, "en", ("org/works", "Clear Water", {"said": said}), ("person/jo", "Jo Sample", {})) == []


@pytest.mark.parametrize(
    ("language", "text", "works", "person", "title"),
    [
        ("ru", "По словам эколога Института рек Марата Тестова, река чище.", "Институт рек", "Марат Тестов", "эколог"),
        ("de", "Laut dem Präsidenten des Verbandes der Fischer, Jens Probe, regnet es.", "Verband der Fischer",
         "Jens Probe", "Präsident"),
    ],
)  # fmt: skip
def test_a_title_in_another_grammatical_case_is_held_with_its_holder(
    language: str, text: str, works: str, person: str, title: str
) -> None:
    org: Node = ("org/works", works, {})
    role = {"role": {"title": title, "of": "org/works"}}
    assert refused(text, language, org, ("person/jo", person, role)) == []
    other = ("person/ada", "Ada Mock", role)
    assert refused(text + " Ada Mock.", language, org, ("person/jo", person, {}), other) != []


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("en", "From Aton: Jo Sample, Ada Mock and Max Probe. From Beford: Eva Model.", ("Aton", "Beford")),
        ("de", "Aus Aton: Jo Sample, Ada Mock und Max Probe. Aus Beford: Eva Model.", ("Aton", "Beford")),
        ("ru", "Из Атона: Jo Sample, Ada Mock и Max Probe. Из Бефорда: Eva Model.", ("Атон", "Бефорд")),
    ],
)
def test_a_place_with_a_colon_is_where_all_of_the_list_below_it_come_from(
    language: str, text: str, names: tuple[str, str]
) -> None:
    places: list[Node] = [("place/a", names[0], {}), ("place/b", names[1], {})]
    people = {"jo": "Jo Sample", "ada": "Ada Mock", "max": "Max Probe", "eva": "Eva Model"}
    come = {i: "place/b" if i == "eva" else "place/a" for i in people}
    true: list[Node] = [(f"person/{i}", name, {"comesFrom": come[i]}) for i, name in people.items()]
    assert refused(text, language, *places, *true) == []
    swapped = {"place/a": "place/b", "place/b": "place/a"}
    false: list[Node] = [(f"person/{i}", name, {"comesFrom": swapped[come[i]]}) for i, name in people.items()]
    assert len(refused(text, language, *places, *false)) == 4
    elsewhere: list[Node] = [(f"person/{i}", name, {"location": come[i]}) for i, name in people.items()]
    assert len(refused(text, language, *places, *elsewhere)) == 4


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("Selon Marc Modèle, jury du prix, le spectacle « parle à tous ».", True),
        ("Selon Marc Modèle, le jury a vu le spectacle : « parle à tous ».", False),
        ("Selon Marc Modèle, vu le spectacle, le jury « parle à tous ».", False),
    ],
)
def test_a_quotation_is_about_what_stands_right_before_it_as_a_part_of_its_sentence(text: str, *, fits: bool) -> None:
    said = {"verb": "Selon", "quote": "parle à tous", "about": "work/play"}
    nodes: list[Node] = [("work/play", "spectacle", {}), ("work/jury", "jury", {})]
    found = refused(text, "fr", *nodes, ("person/m", "Marc Modèle", {"said": said}))
    assert found == ([] if fits else ["release/x#said-m-1 about"])


@pytest.mark.parametrize(("performer", "keys"), [("org/works", []), ("org/yard", ["event/x performer"])])
def test_who_does_what_an_event_is_named_after_performs_it(performer: str, keys: list[str]) -> None:
    text = "Sample Works today unveiled the Sample Boat, a boat of Mock Yard."
    event = {"performer": performer, "evidence": {"*": "unveiled the Sample Boat"}}
    orgs: list[Node] = [("org/works", "Sample Works", {}), ("org/yard", "Mock Yard", {})]
    assert refused(text, "en", ("event/x", "unveiled the Sample Boat", event), *orgs) == keys


def test_a_pronoun_may_mean_a_product() -> None:
    text = "The Sample Boat is new. It was made by Mock Yard and sold by Sample Works."
    orgs: list[Node] = [("org/works", "Sample Works", {}), ("org/yard", "Mock Yard", {})]
    assert refused(text, "en", ("thing/boat", "Sample Boat", {"manufacturer": "org/yard"}), *orgs) == []
    assert refused(text, "en", ("thing/boat", "Sample Boat", {"manufacturer": "org/works"}), *orgs) != []


@pytest.mark.parametrize(
    "text",
    [
        "From Aton Jo Sample wrote to Ada Mock.",
        "Everything that one could wish for came by ship from Aton: Jo Sample and Ada Mock.",
        "From Aton: water for Jo Sample and Ada Mock.",
        "In Aton: Jo Sample and Ada Mock.",
    ],
)
def test_without_a_colon_or_behind_other_words_a_place_stands_over_no_list(text: str) -> None:
    come = {"comesFrom": "place/a"}
    people: list[Node] = [("person/jo", "Jo Sample", come), ("person/ada", "Ada Mock", come)]
    assert "person/jo comesFrom" in refused(text, "en", ("place/a", "Aton", {}), *people)
