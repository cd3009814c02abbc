"""Where a title may stand beside a name, in five languages; and words near a name that are no title."""

from __future__ import annotations

import pytest

from tests.test_relations import compiled
from tests.test_relations_in_apposition import Node, refused


def is_refused(text: str, language: str, key: str, title: str, *, org: str = "", of: bool = False) -> bool:
    """Whether a title of Jo Sample is refused; ``org`` is the name of an organisation of the record."""
    said = {key: title} if key != "role" else {"role": {"title": title, **({"of": "org/works"} if of else {})}}
    nodes = [("person/jo", "Jo Sample", said), ("person/ada", "Ada Mock", {})]
    nodes = [node for node in nodes if node[1] in text]
    return bool(refused(text, language, *nodes, *([("org/works", org, {})] if org else [])))


STANDING = [
    ("en", "The chief executive Jo Sample spoke.", "chief executive"),
    ("en", "Jo Sample, chief executive of the house, spoke.", "chief executive"),
    ("en", "The house and its treasurer, Dr. Jo Sample, won.", "treasurer"),
    ("en", "In May Jo Sample was appointed treasurer.", "treasurer"),
    ("en", "Jo Sample, who is the treasurer, spoke.", "treasurer"),
    ("en", "Jo Sample (treasurer) spoke.", "treasurer"),
    ("en", "Speaking as treasurer, Jo Sample was glad.", "treasurer"),
    ("en", "Two volunteers, Ada Mock and Jo Sample, spoke.", "volunteers"),
    ("en", "Media contact: Jo Sample, press officer, +1 202-555-0143", "press officer"),
    ("de", "Die Leiterin Jo Sample sprach.", "Leiterin"),
    ("de", "Jo Sample, Leiterin des Hauses, sprach.", "Leiterin"),
    ("de", "Jo Sample wurde zur Leiterin ernannt.", "Leiterin"),
    ("fr", "La directrice Jo Sample a parlé.", "directrice"),
    ("fr", "Jo Sample, directrice du musée, a parlé.", "directrice"),
    ("ru", "Директор музея Jo Sample выступила.", "Директор"),
    ("ru", "Jo Sample, директор музея, выступила.", "директор"),
    ("kk", "Мұражай директоры Jo Sample сөйледі.", "директоры"),
    ("kk", "Jo Sample, мұражай директоры, сөйледі.", "директоры"),
]


@pytest.mark.parametrize("key", ["role", "jobTitle"])
@pytest.mark.parametrize(("language", "text", "title"), STANDING)
def test_a_title_before_a_name_after_it_or_behind_a_copula_is_one(
    language: str, text: str, title: str, key: str
) -> None:
    assert not is_refused(text, language, key, title)


NO_TITLES = [
    ("en", "Jo Sample, who inspected the dam, spoke.", "inspected"),
    ("en", "Jo Sample, who built the dam software, spoke.", "dam software"),
    ("en", "Jo Sample, inspected by doctors, spoke.", "inspected"),
    ("en", "Harbour chair Jo Sample spoke.", "Harbour"),
    ("en", "Jo Sample called the dam a rescuer of towns.", "rescuer"),
    ("en", "Jo Sample called the dam a rescuer of towns.", "dam"),
    ("en", "Media contact: Jo Sample, press officer, +1 202-555-0143", "Media"),
    ("en", "Contact: Jo Sample, press officer, +1 202-555-0143", "Contact"),
    ("en", "Their colleague Jo Sample spoke.", "colleague"),
    ("en", "The prize awarded in 1961 by Captain Jo Sample stays.", "prize"),
    ("en", "The driver was thanked by Jo Sample.", "driver"),
    ("en", "Jo Sample, with the driver, waited.", "driver"),
    ("en", "Jo Sample, together with others, spoke.", "together"),
    ("de", "Jo Sample, die mit dem Fahrer sprach, kam.", "Fahrer"),
    ("de", "Ihre Kollegin Jo Sample sprach.", "Kollegin"),
    ("de", "Jo Sample sprach gestern mit Fahrern.", "Fahrern"),
    ("fr", "Jo Sample, qui a un chauffeur, a parlé.", "chauffeur"),
    ("fr", "Jo Sample a parlé au chauffeur.", "chauffeur"),
    ("ru", "Jo Sample поговорила с водителем.", "водителем"),
    ("ru", "Её коллега Jo Sample выступила.", "коллега"),
    ("kk", "Мұражай директоры Jo Sample сөйледі.", "Мұражай"),
    ("kk", "Оның әріптесі Jo Sample сөйледі.", "әріптесі"),
]


@pytest.mark.parametrize("key", ["role", "jobTitle"])
@pytest.mark.parametrize(("language", "text", "title"), NO_TITLES)
def test_a_verb_an_object_a_modifier_or_a_word_of_kinship_near_a_name_is_no_title(
    language: str, text: str, title: str, key: str
) -> None:
    assert is_refused(text, language, key, title)


def test_a_word_in_the_name_of_an_organisation_is_no_title() -> None:
    text = "Professor Jo Sample of the School of Navigation spoke."
    assert is_refused(text, "en", "role", "Navigation", org="School of Navigation")
    assert not is_refused(text, "en", "role", "Professor", org="School of Navigation", of=True)
    text = "Jo Sample, Navigation School head, spoke."
    assert is_refused(text, "en", "role", "Navigation", org="Navigation School")
    assert not is_refused(text, "en", "role", "head", org="Navigation School", of=True)


ATTACHED = [
    ("Captain Jo Sample of Blue Line spoke.", True),
    ("Captain Jo Sample (Blue Line) spoke.", True),
    ("Captain Jo Sample, Blue Line, spoke.", True),
    ("Blue Line’s captain, Jo Sample, spoke.", True),
    ("Blue Line captain Jo Sample spoke.", True),
    ("Contact: Jo Sample, captain, Blue Line, +1 202-555-0143", True),
    ("Founded in 1961 by Captain Jo Sample, Blue Line runs four ships.", False),
    ("For captain Jo Sample, Blue Line is home.", False),
]


@pytest.mark.parametrize(("text", "is_said"), ATTACHED)
def test_the_organisation_of_a_title_is_the_one_beside_it_and_not_the_subject_that_follows(
    text: str, is_said: bool
) -> None:
    title = "Captain" if "Captain" in text else "captain"
    assert is_refused(text, "en", "role", title, org="Blue Line", of=True) is not is_said
    assert is_said or not is_refused(text, "en", "role", title, org="Blue Line")


@pytest.mark.parametrize(
    ("language", "text", "prefix", "is_said"),
    [
        ("en", "The minister thanked Dr. Jo Sample.", "Dr.", True),
        ("en", "Captain Jo Sample spoke.", "Captain", True),
        ("en", "Dr. Ada Mock met Jo Sample.", "Dr.", False),
        ("en", "Harbour chair Jo Sample spoke.", "Harbour chair", False),
        ("de", "Frau Jo Sample traf Dr. Ada Mock.", "Frau", True),
        ("de", "Frau Jo Sample traf Dr. Ada Mock.", "Dr.", False),
        ("fr", "Mme Jo Sample a salué M. Ada Mock.", "Mme", True),
        ("fr", "Mme Jo Sample a salué M. Ada Mock.", "M.", False),
        ("ru", "Госпожа Jo Sample выступила.", "Госпожа", True),
        ("ru", "Академик Ada Mock и Jo Sample выступили.", "Академик", False),
        ("kk", "Академик Jo Sample сөйледі.", "Академик", True),
        ("kk", "Академик Ada Mock пен Jo Sample сөйледі.", "Академик", False),
    ],
)
def test_a_form_of_address_stands_right_beside_its_name(language: str, text: str, prefix: str, is_said: bool) -> None:
    assert is_refused(text, language, "honorificPrefix", prefix) is not is_said


@pytest.mark.parametrize(
    ("language", "text", "title", "org"),
    [
        ("en", "Harbour Board chair Jo Sample spoke.", "Harbour Board chair", "Harbour Board"),
        ("de", "Der Hafenrat-Vorsitzende Jo Sample sprach.", "Hafenrat-Vorsitzende", "Hafenrat"),
        ("fr", "La présidente du Conseil Jo Sample a parlé.", "présidente du Conseil", "Conseil"),
        ("ru", "Председатель Совета Jo Sample выступила.", "Председатель Совета", "Совет"),
        ("kk", "Кеңес төрағасы Jo Sample сөйледі.", "Кеңес төрағасы", "Кеңес"),
    ],
)
def test_a_title_may_hold_the_name_of_its_organisation(language: str, text: str, title: str, org: str) -> None:
    assert not is_refused(text, language, "role", title, org=org, of=True)
    assert is_refused(text + " Reed Works.", language, "role", title, org="Reed Works", of=True)


@pytest.mark.parametrize("marked", [{"why": "one school is named"}, {"of": {"why": "one school is named"}}])
def test_a_role_whose_organisation_the_text_does_not_give_is_marked_in_its_entry(marked: dict[str, object]) -> None:
    text = "The Reed School opened. Rector Jo Sample spoke."
    org: Node = ("org/works", "Reed School", {})
    role = {"title": "Rector", "of": "org/works"}
    assert refused(text, "en", ("person/jo", "Jo Sample", {"role": role}), org) == ["release/x#role-jo-works roleName"]
    assert refused(text, "en", ("person/jo", "Jo Sample", {"role": {**role, "evidence": marked}}), org) == []


def test_the_finding_on_a_title_without_its_organisation_offers_the_mark_of_the_organisation() -> None:
    text = "The Sample Works opened. The School opened. Rector Jo Sample spoke."
    for title, mark in (("Rector", "evidence: {of: {why: …}}"), ("School", 'evidence: {"title, of": {why: …}}')):
        role = {"title": title, "of": "org/works"}
        made = compiled(text, {"id": "person/jo", "type": "Person", "name": "Jo Sample", "role": role})
        assert [f.fix.partition("evidence: ")[2] for f in made.findings if f.fix] == [mark.partition("evidence: ")[2]]


def test_a_title_in_the_plural_is_that_of_each_in_a_list_and_of_nobody_alone() -> None:
    assert not is_refused("Two volunteers, Ada Mock and Jo Sample, spoke.", "en", "role", "volunteer")
    assert is_refused("The secretary of affairs Jo Sample met Ada Mock.", "en", "role", "secretary of affair")
    assert not is_refused("The secretary of affairs Jo Sample met Ada Mock.", "en", "role", "secretary of affairs")
