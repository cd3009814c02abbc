"""Pages of questions: used again while everything that they show is the same, and never otherwise."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode

from communique.publish.kept.questions import KeptQuestions
from communique.publish.kept.sealed import SealedFolder, open_sealed
from communique.publish.site import vendored
from communique.publish.site.questions import QuestionPages
from communique.publish.site.titles import Titles
from communique.query.results import Table
from tests.generated import write_generated
from tests.test_cache import assert_as_fresh, change, record_of, run

A = NamedNode("https://e.example/a")
ROWS = ((A, Literal("x")), (None, Literal("")))
FILES = [("queries/q/results.csv", b"1\n"), ("queries/q/index.html", b"<p>\n")]


class Cards:
    """The texts of releases, of which each has one node and one paragraph."""

    def __init__(self, name: str, label: str) -> None:
        self._name, self._label = name, label

    def card(self, _slug: str) -> Any:
        return SimpleNamespace(inner={"n": self._name})

    def paragraph(self, _passage: Any) -> str:
        return self._label


class Shown:
    """The pages of questions, as far as they are asked by what keeps them; counts how often files are made."""

    def __init__(self, **other: Any) -> None:
        given: dict[str, Any] = {
            "suffix": "",
            "title": "T",
            "name": "N",
            "label": "1",
            "values": {},
            "rows": ROWS,
            "offered": ("a",),
        }
        given |= {"columns": ("x", "y"), "is_graph": False, "programs": False} | other
        self.times, self._offered = 0, given["offered"]
        self.pages, self.programs = SimpleNamespace(suffix=given["suffix"]), given["programs"]
        self.titles = Titles(Cards(given["name"], given["label"]), {"org/a": given["title"]})  # type: ignore[arg-type]
        table = Table(given["columns"], given["rows"], given["is_graph"])
        self.answers = SimpleNamespace(answer=lambda _: (given["values"], table))

    def offered(self, _parameter: Any) -> tuple[str, ...]:
        return tuple(self._offered)

    def files(self, _query: Any) -> Iterator[tuple[str, bytes]]:
        self.times += 1
        assert self.titles.of("org/none") is None
        assert self.titles.of("org/a") and self.titles.inside("r", "n") and self.titles.paragraph("r", 3)
        yield from FILES


@pytest.fixture
def place(tmp_path: Path) -> SealedFolder:
    found = open_sealed(tmp_path)
    assert found is not None
    return found


def made(place: SealedFolder, *, source: str = "SELECT", shared: bytes = b"1", **other: Any) -> int:
    """How often the files of a question are made; they are always the same."""
    kept, shown = KeptQuestions(place, shared), Shown(**other)
    query = SimpleNamespace(name="q", source=source, parameters=[SimpleNamespace(name="p")])
    assert list(kept.files(shown, query)) == FILES  # type: ignore[arg-type]
    kept.remove_others()
    assert shown.titles.read is None
    return shown.times


def test_a_page_is_used_again_while_everything_is_the_same(place: SealedFolder) -> None:
    assert [made(place) for _ in range(3)] == [1, 0, 0]


OTHERS: list[dict[str, Any]] = [
    {"source": "SELECT 2"},
    {"shared": b"2"},
    {"suffix": ".ru"},
    {"title": "U"},
    {"name": "M"},
    {"label": "2"},
    {"values": {"release": "a"}},
    {"rows": ROWS[:1]},
    {"rows": (*ROWS, *ROWS[:1])},
    {"rows": (ROWS[0], (None, None))},
    {"rows": ((A, Literal("x", language="en")), ROWS[1])},
    {"rows": ((Literal(A.value), Literal("x")), ROWS[1])},
    {"offered": ("b",)},
    {"columns": ("x", "z")},
    {"is_graph": True},
    {"programs": True},
]


@pytest.mark.parametrize("other", OTHERS, ids=str)
def test_what_is_shown_with_something_else_is_made_anew(place: SealedFolder, other: dict[str, Any]) -> None:
    assert [made(place), made(place, **other), made(place, **other)] == [1, 1, 0]


def test_a_title_that_has_come_is_noticed(place: SealedFolder) -> None:
    kept, query = KeptQuestions(place, b"1"), SimpleNamespace(name="q", source="SELECT", parameters=[])
    for labels, times in (({}, 1), ({"org/a": "T"}, 1), ({"org/a": "T"}, 0), ({}, 1)):
        shown = Shown()
        shown.titles = Titles(Cards("N", "1"), labels)  # type: ignore[arg-type]
        shown.files = lambda _, own=shown: count(own)  # type: ignore[method-assign,misc]
        list(kept.files(shown, query))  # type: ignore[arg-type]
        assert shown.times == times


def count(shown: Shown) -> Iterator[tuple[str, bytes]]:
    shown.times += 1
    yield "queries/q/index.html", (shown.titles.of("org/a") or "none").encode()


def test_programs_that_were_built_meanwhile_are_noticed(place: SealedFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("communique.publish.kept.questions.were_built", lambda: False)
    assert [made(place), made(place)] == [1, 0]
    monkeypatch.setattr("communique.publish.kept.questions.were_built", lambda: True)
    assert made(place) == 1


def test_a_damaged_entry_is_not_used_and_only_those_of_the_last_build_are_kept(place: SealedFolder) -> None:
    made(place)
    made(place, source="SELECT 2")
    [entry] = place.folder.glob("question-*")
    entry.write_bytes(entry.read_bytes()[:-1])
    assert made(place, source="SELECT 2") == 1
    assert made(place) == 1
    (place.folder / "other").touch()
    made(place)
    assert (place.folder / "other").exists()


# ---- in a build


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions whose files are made, as they come."""
    names: list[str] = []
    question = QuestionPages.question

    def record(pages: QuestionPages, query: Any) -> Any:
        names.append(query.name)
        return question(pages, query)

    monkeypatch.setattr(QuestionPages, "question", record)
    return names


@pytest.mark.slow
@pytest.mark.parametrize("programs", [False, True], ids=["without programs", "with programs"])
def test_only_pages_of_questions_that_a_change_affects_are_made_anew(
    tmp_path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch, programs: bool
) -> None:
    folder = tmp_path / "vendor"
    folder.mkdir()
    for name in vendored.PROGRAMS if programs else ():
        (folder / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(vendored, "_VENDOR", folder)
    data = write_generated(tmp_path, 4)
    change(data / "dataset.yaml", "{", '{"interface": ["en", "ru"], ')
    run(data, site=True)
    number = len(asked)
    asked.clear()
    change(record_of(data, 1), "a fair for the public", "an open fair, for the public")
    outcome = run(data, site=True)
    assert 0 < len(asked) < number / 2
    assert_as_fresh(data, outcome, site=True)
    out = data.parent / "public"
    page = (out / "queries" / "what-happened" / "index.html").read_text(encoding="utf-8")
    settings = re.findall('data-ask="([^"]*)"', page)
    sizes = [json.loads(unescape(one))["files"]["data"]["size"] for one in settings]
    assert sizes == ([(out / "dataset.trig").stat().st_size] if programs else [])


@pytest.mark.slow
def test_a_title_that_pages_of_questions_show_is_the_new_one(tmp_path: Path) -> None:
    data = write_generated(tmp_path, 4)
    run(data, site=True)
    for path in (record_of(data, 1), record_of(data, 1).with_name("source.txt")):
        change(path, "Fair number 1 opened", "Fair numbel 1 opened")
    assert_as_fresh(data, run(data, site=True), site=True)
