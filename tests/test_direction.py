"""Words are shown in the direction in which they are read: the text of a release, and names amid other words."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from communique.publish.site.direction import direction, direction_of_language
from tests.conftest import MakeNewsroom
from tests.test_words import html_of, page_of

HEBREW = """פתיחת הגשר החדש
IBO: הגשר החדש של הנהר נפתח היום לתנועה.
The bridge is open, says the sign in the hall.
2031
אמרה דנה לדוגמה: «הגשר פתוח».
"""


def page(make_newsroom: MakeNewsroom, interface: str = "en") -> str:
    release = {"id": "release/sample", "type": "PressRelease", "headline": "פתיחת הגשר החדש"}
    group = [
        {"id": "org/ibo", "type": "Organization", "name": "IBO: הגשר החדש של הנהר"},
        {"id": "person/dana", "type": "Person", "name": "דנה לדוגמה"},
    ]
    release["mentions"] = [one["id"] for one in group]  # type: ignore[assignment]
    record = {"@context": ["context.jsonld", {"@language": "he"}], "graph": [release, *group]}
    return html_of(page_of(make_newsroom(json.dumps(record, ensure_ascii=False), HEBREW), interface))


@pytest.mark.parametrize("interface", ["en", "ru"])
def test_a_release_from_right_to_left_is_laid_out_so_amid_the_words_of_the_page(
    make_newsroom: MakeNewsroom, interface: str
) -> None:
    html = page(make_newsroom, interface)
    assert f'<html lang="{interface}">' in html
    assert '<title lang="he" dir="rtl">' in html
    assert re.search(r'<article class="text" id="text"[^>]* lang="he" dir="rtl">', html)
    assert re.search(r'<h1 dir="auto" lang="he"', html)
    assert f'<fieldset class="legend" dir="ltr" lang="{interface}">' in html


def test_a_paragraph_has_the_direction_of_most_of_its_words(make_newsroom: MakeNewsroom) -> None:
    sides = re.findall(r'<p id="p[0-9]+" class="para" dir="(\w+)"', page(make_newsroom))
    assert sides == ["rtl", "auto", "rtl", "auto"], "an acronym first, English, only a number, Hebrew first"


def test_a_name_that_begins_with_a_foreign_acronym_keeps_its_direction(make_newsroom: MakeNewsroom) -> None:
    html = page(make_newsroom)
    assert '<bdi dir="rtl">IBO: הגשר החדש של הנהר</bdi>' in html
    assert "<bdi>דנה לדוגמה</bdi>" in html


def test_a_page_from_left_to_right_needs_no_direction(site: Path) -> None:
    for path in ("index.html", "person/sultanov.chr-kz/index.html"):
        assert 'dir="rtl"' not in (site / path).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "language", "side"),
    [
        ("", "", "auto"), ("", "ar", "rtl"), ("12 %", "he", "rtl"), ("12 %", "en", "ltr"), ("12 %", "x-dam", "auto"),
        ("a ב", "", "auto"), ("a ב ג", "", "rtl"), ("ב a b", "", "ltr"), ("«جسر» a", "", "auto"),
        ("https://bridge.example/a/very/long/address جسر جديد", "", "rtl"),
    ],
)  # fmt: skip
def test_the_direction_of_words_is_that_of_most_of_them(text: str, language: str, side: str) -> None:
    assert direction(text, language) == side


@pytest.mark.parametrize(
    ("tag", "side"),
    [("ar", "rtl"), ("ar-EG", "rtl"), ("fa", "rtl"), ("ur", "rtl"), ("he", "rtl"), ("uz-Arab", "rtl"), ("uz", "ltr"),
     ("ar-Latn", "ltr"), ("zh-Hant", "ltr"), ("i-klingon", ""), ("", "")],
)  # fmt: skip
def test_a_language_has_its_direction(tag: str, side: str) -> None:
    assert direction_of_language(tag) == side
