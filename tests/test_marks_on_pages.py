"""Whatever is inferred is marked wherever a page shows it, and what stands beside it and is stated is not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from communique.api import open_newsroom
from communique.publish.build import build
from tests.publications import built_once
from tests.test_forms_on_pages import text_of

WHY = {"why": "a reader concludes it"}
MARK = "inferred Why: a reader concludes it"
SOURCE = """Works grow
Sample Works paid 74 million euros. In 2021, Mock Labs fined Sample Works 150 dinars.
Sample Works has 30 boats, it has 12 vans and 9 cars.
Sample Works owns 5 docks.
Ada Examplova waved.
A fair opens on May 3, 2031. A concert follows on May 4, 2031.
"""
FIGURES: list[dict[str, Any]] = [
    {"what": "paid", "value": "74 million euros", "evidence": {"of": WHY}},
    {"what": "lost", "value": "30", "evidence": {"what": WHY}},
    {"what": "vans", "value": "12", "unit": "vehicles", "evidence": {"unit": WHY}},
    {"what": "fined", "value": "150 dinars", "at": "2020", "evidence": {"at": WHY}},
    {"what": "cars", "value": "8", "evidence": {"value": WHY}},
    {"what": "docks", "value": "5"},
]
NODES: list[dict[str, Any]] = [
    {"id": "org/works", "type": "Organization", "name": "Sample Works", "figures": FIGURES},
    {"id": "person/ada", "type": "Person", "name": "Ada Examplova", "honorificPrefix": "Dr.",
     "evidence": {"honorificPrefix": WHY}},
    {"id": "event/fair", "type": "Event", "name": "fair", "startDate": "2031-05-03", "planned": True},
    {"id": "event/concert", "type": "Event", "name": "concert", "startDate": "2031-05-04", "status": "cancelled",
     "evidence": {"status": WHY}},
]  # fmt: skip


@pytest.fixture(scope="session")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The publication of a release in which parts of figures, an honorific and a status are inferred."""

    def write(folder: Path) -> None:
        release = folder / "data" / "releases" / "works"
        release.mkdir(parents=True)
        dataset = "title: T\npublisher: P\nlicense: https://e.org/l\nbase: https://works.example/id/\n"
        (folder / "data" / "dataset.yaml").write_text(dataset, encoding="utf-8")
        (release / "source.txt").write_text(SOURCE, encoding="utf-8")
        root = {
            "id": "release/works", "type": "PressRelease", "headline": "Works grow",
            "mentions": ["org/works", "event/fair", "event/concert"],
        }  # fmt: skip
        record = {"@context": "context.jsonld", "graph": [root, *NODES]}
        (release / "record.yaml").write_text(json.dumps(record), encoding="utf-8")
        outcome = build(open_newsroom(folder / "data"), folder / "public", jobs=1)
        assert [f.message for f in outcome.findings if f.severity == "violation"] == []

    yield from built_once("marked", write, tmp_path_factory)


def shown(site: Path, path: str) -> str:
    """The words of a page without the links to passages."""
    return re.sub(r" Where it says so: (¶.\d+|headline)", "", text_of(site, path))


@pytest.mark.parametrize(
    "line",
    [
        f"figure: fined: 150 dinars (2020) {MARK}",
        f"figure: lost: 30 {MARK}",
        f"figure: vans: 12 vehicles {MARK}",
        f"figure: cars: 8 {MARK}",
        f"figure: paid: 74,000,000 EUR {MARK}",
    ],
)
def test_a_figure_with_an_inferred_part_is_marked_on_the_page_of_what_it_counts(marked: Path, line: str) -> None:
    assert shown(marked, "org/works/index.html").count(line) == 1


def test_a_figure_that_is_stated_has_no_mark(marked: Path) -> None:
    text = shown(marked, "org/works/index.html")
    assert "figure: docks: 5 " in text and f"figure: docks: 5 {MARK}" not in text
    assert text.count("figure: ") == text.count(MARK) + 1


@pytest.mark.parametrize(
    ("stated", "inferred"),
    [
        ("value: 74,000,000 EUR", "of: Sample Works"),
        ("value: 30", "figure: lost"),
        ("of: Sample Works", "value: 12 vehicles"),
        ("value: 150 dinars", "date: 2020"),
    ],
)
def test_a_mark_stands_at_the_part_of_a_figure_that_is_inferred(marked: Path, stated: str, inferred: str) -> None:
    text = shown(marked, "release/works/index.html").rpartition("Paragraph by paragraph")[0]
    assert f"{inferred} {MARK}" in text
    assert re.search(rf"{re.escape(stated)} (?!inferred)", text)


def test_an_inferred_honorific_is_a_marked_fact_and_no_part_of_a_name(marked: Path) -> None:
    for path in ("release/works/index.html", "person/ada/index.html"):
        text = shown(marked, path)
        assert f"form of address: Dr. {MARK}" in text
        assert "Dr. Ada" not in text


def test_an_inferred_status_is_marked_beside_the_date(marked: Path) -> None:
    dates = shown(marked, "release/works/index.html").rpartition("Dated facts")[2]
    assert "concert (cancelled) (inferred)" in dates
    assert "fair (planned)" in dates and "fair (planned) (inferred)" not in dates
