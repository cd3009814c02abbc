"""An event that is named by one verb is shown with the words of its clause, in the words of the text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from communique.compile.compiler import compile_release
from communique.context import read_context
from communique.publish.site.scene import Scene
from communique.read.release import build_release

BASE = "https://news.example/id/"


def title(text: str, event: dict[str, Any], *others: dict[str, Any], language: str = "en") -> str:
    """The title that pages show for an event of a text."""
    release = {"id": "release/x", "type": "PressRelease", "headline": "Headline", "mentions": ["event/e"]}
    record = {"@context": "context.jsonld", "graph": [release, {"id": "event/e", "type": "Event", **event}, *others]}
    written = build_release("x", f"Headline\n{text}", record, Path("x"), 1)
    made = compile_release(written, read_context(), base=BASE, language=language)
    assert [finding.message for finding in made.findings if finding.severity == "violation"] == []
    return Scene(made.quads, BASE).title(f"{BASE}event/e", language).value


PEOPLE = [
    {"id": "person/a", "type": "Person", "name": "Анна Лугова"},
    {"id": "person/o", "type": "Person", "name": "Олег Снетков"},
]


@pytest.mark.parametrize(
    ("language", "text", "name", "shown"),
    [
        ("en", "Sample Works opened the new mill on Monday, they said.", "opened", "opened the new mill on Monday"),
        ("fr", "Un bateau qui parcourra les ports du lac.", "parcourra", "parcourra les ports du lac"),
        ("de", "Das Werk eröffnete eine Mühle.", "eröffnete", "eröffnete eine Mühle"),
        ("ru", "Сегодня завод запустил станок.", "запустил", "запустил станок"),
        ("kk", "Зауыт жаңа диірмен ашты.", "ашты", "Зауыт жаңа диірмен ашты"),
    ],
)
def test_a_verb_is_shown_with_its_clause(language: str, text: str, name: str, shown: str) -> None:
    assert title(text, {"name": name}, language=language) == shown


def test_what_stands_before_a_verb_is_shown_where_its_subjects_follow() -> None:
    event = {"name": "открыли", "performer": ["person/a", "person/o"]}
    shown = title("Завод открыли Анна Лугова и Олег Снетков.", event, *PEOPLE, language="ru")
    assert shown == "Завод открыли"


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("The opening of the mill was fun.", {"name": "opening"}),
        ("The launch of the boat was fun.", {"name": "launch"}),
        ("At the opening it rained.", {"name": "opening", "evidence": "At the opening"}),
        (f"Sample Works opened {'a very new and large mill ' * 5}today.", {"name": "opened"}),
        ("The mill was opened.", {"name": "opened"}),
        ("Sample Works opened the mill.", {"name": "opened", "evidence": ["opened the mill", "Sample Works opened"]}),
    ],
    ids=["noun", "noun like a verb", "words before it", "long clause", "nothing behind it", "several quotes"],
)
def test_any_other_name_is_shown_as_it_is(text: str, event: dict[str, Any]) -> None:
    assert title(text, event) == event["name"]


def test_a_name_of_several_words_is_no_verb_alone() -> None:
    assert title("Sample Works opened the mill today.", {"name": "opened the mill"}) == "opened the mill"
