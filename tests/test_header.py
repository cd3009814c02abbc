"""What stands around the graph of a record: a context in one word, and who checked the record on which day."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode

from communique.api import Newsroom, open_newsroom
from communique.compile.compiler import Compiled, compile_release
from communique.compile.header import Review
from communique.context import read_context
from communique.read.release import build_release

BASE = "https://news.example/id/"
SOURCE = "Pont ouvert à Port-Modèle\n"
RELEASE = {"id": "release/pont", "type": "PressRelease", "headline": "Pont ouvert à Port-Modèle"}
RELEASE |= {"evidence": "Pont ouvert à Port-Modèle"}


def compiled(record: dict[str, Any], language: str = "fr") -> Compiled:
    release = build_release("pont", SOURCE, record, Path("a"), 1)
    return compile_release(release, read_context(), base=BASE, language=language)


def record(**around: Any) -> dict[str, Any]:
    return {"@context": "context.jsonld", **around, "graph": [RELEASE]}


def codes(result: Compiled) -> list[str]:
    return [finding.code for finding in result.findings]


def test_the_name_of_the_context_is_enough_and_base_and_language_are_those_of_the_newsroom() -> None:
    result = compiled(record())
    assert codes(result) == []
    assert (result.iri, result.language) == (BASE + "release/pont", "fr")
    headline = next(q.object for q in result.facts if q.predicate.value.endswith("headline"))
    assert headline == Literal("Pont ouvert à Port-Modèle", language="fr")


def test_the_short_context_means_the_same_as_the_long_one() -> None:
    long = ["context.jsonld", {"@base": BASE, "@language": "fr", "this": BASE + "release/pont#"}]
    assert compiled(record() | {"@context": long}).quads == compiled(record()).quads
    other = compiled(record() | {"@context": ["context.jsonld", {"@language": "en"}]})
    assert other.language == "en"


@pytest.mark.parametrize(("written", "made"), [("PressRelease", "NewsArticle"), ("Concept", "DefinedTerm")])
def test_a_class_brings_the_one_that_always_accompanies_it(written: str, made: str) -> None:
    classes = read_context().classes
    topic = {"id": "topic/pont", "type": "Concept", "name": "Pont", "evidence": "Pont"}
    graph = [RELEASE | {"about": topic}]
    one = compiled({"@context": "context.jsonld", "graph": graph})
    both = json.loads(json.dumps(graph).replace(f'"{written}"', f'["{made}", "{written}"]'))
    other = compiled({"@context": "context.jsonld", "graph": both})
    assert (set(one.facts), set(one.evidence)) == (set(other.facts), set(other.evidence))
    assert NamedNode(classes[made]) in {quad.object for quad in one.facts}


def test_who_checked_the_record_is_carried_with_the_day() -> None:
    by_org = {"by": "org/bureau", "on": "2026-11-30"}
    expected = Review(NamedNode(BASE + "org/bureau"), "2026-11-30")
    assert compiled(record(reviewed=by_org)).reviewed == (expected,)
    both = compiled(record(reviewed=[by_org, {"by": "Léa Modèle", "on": "2026-12-01"}, by_org]))
    assert both.reviewed == (expected, Review(Literal("Léa Modèle"), "2026-12-01"))
    assert codes(both) == []
    assert compiled(record()).reviewed == ()


def test_a_record_that_is_one_node_tells_who_checked_it_too() -> None:
    result = compiled({"@context": "context.jsonld", "reviewed": {"by": "L. M.", "on": "2026-11-30"}, **RELEASE})
    assert (codes(result), result.reviewed) == ([], (Review(Literal("L. M."), "2026-11-30"),))


@pytest.mark.parametrize(
    ("written", "code", "words"),
    [
        ("org/bureau", "incomplete-review", "a review is written {by: org/example, on: 2026-11-30}"),
        ({"by": "org/bureau"}, "incomplete-review", "this review has no on"),
        ({}, "incomplete-review", "this review has no by and no on"),
        (None, "incomplete-review", "not null"),
        ({"by": "org/bureau", "on": "30 November 2026"}, "not-a-date", "'30 November 2026' is not a day"),
        ({"by": "org/bureau", "on": "2026-02-30"}, "not-a-date", "'2026-02-30' is not a day"),
        ({"by": "org/bureau", "on": "20261130"}, "not-a-date", "'20261130' is not a day"),
        ({"by": "org/bureau", "on": 2026}, "not-a-date", "2026 is not a day"),
        ({"by": "org/Büro x", "on": "2026-11-30"}, None, ""),
        ({"by": "org/Büro", "on": "2026-11-30"}, "bad-reference", "'org/Büro'"),
        ({"by": ["org/a"], "on": "2026-11-30"}, "bad-reference", "not a list"),
        ({"by": " ", "on": "2026-11-30"}, "bad-reference", "not ' '"),
        ({"by": "org/bureau", "on": "2026-11-30", "at": "x"}, "unknown-key", "unknown key 'at' in reviewed"),
    ],
)
def test_a_review_that_cannot_be_read_is_one_finding(written: object, code: str | None, words: str) -> None:
    findings = compiled(record(reviewed=written)).findings
    assert [f.code for f in findings] == ([code] if code else [])
    assert all(words in f.message for f in findings)


def newsroom(folder: Path, reviewed: str) -> Newsroom:
    release = folder / "data" / "releases" / "pont"
    release.mkdir(parents=True)
    (folder / "data" / "entities").mkdir()
    text = "graph:\n- {id: org/bureau, type: Organization, name: Bureau}\n"
    (folder / "data" / "entities" / "a.yaml").write_text(text, encoding="utf-8")
    (release / "source.txt").write_text(SOURCE, encoding="utf-8")
    graph = json.dumps([RELEASE], ensure_ascii=False)
    head = f'"@context": context.jsonld\nreviewed: {reviewed}\n'
    (release / "record.yaml").write_text(f"{head}graph: {graph}\n", encoding="utf-8")
    return open_newsroom(folder / "data")


@pytest.mark.parametrize(
    ("reviewed", "places"),
    [
        ("{by: org/bureau, on: 2026-11-30}", []),
        ("{by: Bureau of Samples, on: 2026-11-30}", []),
        ("{by: org/buro, on: 2026-11-30}", [(2, 16)]),
        ("[{by: org/bureau, on: 2026-11-30}, {by: person/b, on: 2026-11-30}]", [(2, 51)]),
    ],
)
def test_who_checked_must_be_described_if_an_id_is_given(
    tmp_path: Path, reviewed: str, places: list[tuple[int, int]]
) -> None:
    findings = newsroom(tmp_path, reviewed)["pont"].check()
    wrong = [f for f in findings if f.severity == "violation"]
    assert [(f.code, f.line, f.column) for f in wrong] == [("dangling-reference", *place) for place in places]
