"""Names under one head: each of "the Ministries of Health and Education" is found, and no other ministry is."""

from __future__ import annotations

import pytest

from communique.text.coordinated import shared_places
from communique.text.work import Work
from tests.test_relations import compiled


def said(language: str, text: str, name: str) -> list[str]:
    """The words for a name from the head that it shares."""
    return [text[slice(*place.whole)] for place in shared_places(name, text, language)]


LISTS = {
    "en": "The Ministries of Salt, Fish and the Interior met Aton.",
    "de": "Die Ministerien für Salz, Fisch und Inneres tagten in Aton.",
    "fr": "Les ministères du Sel, de la Pêche et de l’Intérieur ont signé à Aton.",
    "ru": "Договор подписан министерствами соли, рыбы и путей сообщения.",
    "kk": "Тұз және балық шаруашылығы министрліктері келісімге қол қойды.",
}


@pytest.mark.parametrize(
    ("language", "name", "words"),
    [
        ("en", "Ministry of Salt", "Ministries of Salt"),
        ("en", "Ministry of Fish", "Ministries of Salt, Fish"),
        ("en", "Ministry of the Interior", "Ministries of Salt, Fish and the Interior"),
        ("de", "Ministerium für Salz", "Ministerien für Salz"),
        ("de", "Ministerium für Inneres", "Ministerien für Salz, Fisch und Inneres"),
        ("fr", "ministère de la Pêche", "ministères du Sel, de la Pêche"),
        ("fr", "Ministère de l'Intérieur", "ministères du Sel, de la Pêche et de l’Intérieur"),
        ("ru", "Министерство рыбы", "министерствами соли, рыбы"),
        ("ru", "Министерство путей сообщения", "министерствами соли, рыбы и путей сообщения"),
        ("kk", "Тұз министрлігі", "Тұз және балық шаруашылығы министрліктері"),
        ("kk", "Балық шаруашылығы министрлігі", "балық шаруашылығы министрліктері"),
    ],
)
def test_each_name_of_a_list_under_one_head_is_found(language: str, name: str, words: str) -> None:
    assert said(language, LISTS[language], name) == [words]


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "Ministry of Finance"),
        ("en", "Ministry of Aton"),
        ("en", "Court of Salt"),
        ("en", "Ministry"),
        ("de", "Ministerium für Finanzen"),
        ("de", "Amt für Salz"),
        ("fr", "ministère du Travail"),
        ("fr", "école du Sel"),
        ("ru", "Министерство труда"),
        ("ru", "Академия соли"),
        ("kk", "Қаржы министрлігі"),
        ("kk", "Балық академиясы"),
        ("es", "Ministerio de Salt"),
    ],
)
def test_no_name_is_found_that_the_list_does_not_have(language: str, name: str) -> None:
    assert said(language, LISTS.get(language, LISTS["en"]), name) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Ministries of Salt met in Aton, and Fish rose.", "Ministry of Fish"),
        ("The Ministries of Salt and Fish Farming met.", "Ministry of Fish"),
        ("The Ministry of Salt and Fish met.", "Ministry of Fish"),
        ("The Ministries of Salt. And Fish rose.", "Ministry of Fish"),
        ("The Ministries of Salt\nand Fish rose.", "Ministry of Fish"),
        ("The Ministries of Salt met.", "Ministry of Salt"),
    ],
)
def test_what_is_no_list_under_a_head_shares_none(text: str, name: str) -> None:
    assert said("en", text, name) == []


def org(step: str, name: str) -> dict[str, str]:
    return {"id": f"org/{step}", "type": "Organization", "name": name}


def test_organisations_under_one_head_are_nodes_with_evidence_and_share_what_is_said() -> None:
    text = "The Gala was sponsored by the Ministries of Salt and Fish."
    gala = {"id": "event/gala", "type": "Event", "name": "Gala", "sponsor": ["org/salt", "org/fish"]}
    both = org("salt", "Ministry of Salt"), org("fish", "Ministry of Fish")
    made = compiled(text, gala, *both)
    assert made.findings == ()
    assert {"Ministries of Salt", "Ministries of Salt and Fish"} <= {p.quote for p in made.passages}
    false = compiled(text, gala | {"sponsor": "org/wool"}, org("wool", "Ministry of Wool"))
    assert {f.focus for f in false.findings} == {"https://news.example/id/org/wool"}


def test_a_form_that_may_be_a_singular_counts_only_with_two_of_its_names() -> None:
    text = "Министерства соли и рыбы подписали договор."
    salt, fish = org("salt", "Министерство соли"), org("fish", "Министерство рыбы")
    assert compiled(text, salt, fish, language="ru").findings == ()
    alone = compiled("Глава министерства труда и рыбы рад.", fish, language="ru")
    assert [f.code for f in alone.findings] == ["not-grounded"]


def test_the_search_takes_time_that_is_linear_in_the_places_of_the_head() -> None:
    def steps(n: int) -> int:
        work = Work()
        before = work.left
        shared_places("Ministry of Fish", "The Ministries of Salt and Fish met. " * n, "en", work)
        return before - work.left

    assert steps(200) <= 3 * steps(100)
