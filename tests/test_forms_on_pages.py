"""Pages show the short forms in words: planned events apart from what happened, roles held before, quotations."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from communique.api import open_newsroom
from communique.publish.build import build
from tests.publications import built_once, write_newsroom

SOURCE = """Dam opened
Sampletown, February 3, 2020. “The dam is done,” said Jo Sample, “and it cost less than planned.”
Former mayor Ada Examplova thanked the builders. Ada Examplova was treasurer of the Dam Council until May 4, 2015.
Max Model will open an exhibition at the dam on March 1, 2020. The concert in Sampletown on March 2, 2020 was cancelled.
"""
SAID: dict[str, Any] = {"verb": "said", "quote": ["The dam is done", "and it cost less than planned"]}
TREASURER = {"title": "treasurer", "of": "org/council", "until": "2015-05-04", "former": "true"}
NODES: list[dict[str, Any]] = [
    {"id": "person/jo", "type": "Person", "name": "Jo Sample", "said": SAID},
    {"id": "org/council", "type": "Organization", "name": "Dam Council"},
    {"id": "person/ada", "type": "Person", "name": "Ada Examplova", "role": [{"title": "Former mayor"}, TREASURER]},
    {"id": "event/a", "type": "Event", "name": "exhibition at the dam", "startDate": "2020-03-01", "planned": True},
    {
        "id": "event/b",
        "type": "Event",
        "name": "concert in Sampletown",
        "startDate": "2020-03-02",
        "status": "cancelled",
    },
]
DATASET = """title: T
publisher: org/council
license: https://creativecommons.org/publicdomain/zero/1.0/
contact: desk@example.org
base: https://dam.example/id/
interface: [en, ru, kk]
"""


@pytest.fixture(scope="session")
def forms_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The publication of one release that uses the short forms."""

    def write(folder: Path) -> None:
        root = {"id": "release/dam", "type": "PressRelease", "headline": "Dam opened", "about": "event/a"}
        root["dateline"] = "Sampletown, February 3, 2020"
        data = write_newsroom(folder, DATASET, SOURCE, [{**root, "mentions": "event/b"}, *NODES])
        outcome = build(open_newsroom(data), folder / "public", jobs=1)
        assert [f for f in outcome.findings if f.severity == "violation"] == []

    yield from built_once("forms", write, tmp_path_factory)


def text_of(site: Path, path: str) -> str:
    """The words of a page, without its pictures."""
    page = (site / path).read_text(encoding="utf-8")
    page = re.sub(r"<(script|style|svg|head)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize(
    ("page", "planned", "cancelled"),
    [
        ("index.html", "planned", "cancelled"),
        ("index.ru.html", "запланировано", "отменено"),
        ("index.kk.html", "жоспарланған", "өткізілмейтін болды"),
    ],
)
def test_a_release_tells_planned_and_cancelled_events_from_what_happened(
    forms_site: Path, page: str, planned: str, cancelled: str
) -> None:
    text = text_of(forms_site, f"release/dam/{page}")
    assert text.count(planned) >= 3  # in short, among the facts, beside the date
    assert f"exhibition at the dam ({planned})" in text
    assert f"concert in Sampletown ({cancelled})" in text


def test_the_page_of_an_event_says_its_status(forms_site: Path) -> None:
    assert "status: planned" in text_of(forms_site, "event/a/index.html")
    assert "status: cancelled" in text_of(forms_site, "event/b/index.html")


def test_roles_are_shown_once_and_those_held_before_as_such(forms_site: Path) -> None:
    text = text_of(forms_site, "person/ada/index.html")
    facts = text[text.index("Facts") : text.index("Download and use")]
    assert facts.count("Former mayor , held before") == 1
    assert facts.count("treasurer , Dam Council , until 4 May 2015 , held before") == 1
    assert "role: " not in facts


def test_a_quotation_in_parts_is_shown_as_one_and_its_parts_are_marked_in_the_text(forms_site: Path) -> None:
    text = text_of(forms_site, "release/dam/index.html")
    assert "The dam is done … and it cost less than planned" in text
    graph = json.loads((forms_site / "release" / "dam" / "page.jsonld").read_text(encoding="utf-8"))
    (quotation,) = [node for node in graph["@graph"] if "Quotation" in node["@type"]]
    assert quotation["text"] == "The dam is done … and it cost less than planned"
    page = (forms_site / "release" / "dam" / "index.html").read_text(encoding="utf-8")
    marked = re.findall(r"char=(\d+),(\d+)", page)
    spans = [(SOURCE.index(part), SOURCE.index(part) + len(part)) for part in SAID["quote"]]
    assert {(str(start), str(end)) for start, end in spans} <= set(marked)


def test_the_catalogue_names_the_publisher_by_its_own_page(forms_site: Path) -> None:
    assert "<https://dam.example/id/org/council>" in (forms_site / "catalog.ttl").read_text(encoding="utf-8")
    assert '"@id": "https://dam.example/id/org/council"' in (forms_site / "index.html").read_text(encoding="utf-8")
