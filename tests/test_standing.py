"""Standing inferences: what a newsroom declares once in dataset.yaml, and the publisher that it names by an id."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal

from communique.api import open_newsroom
from communique.compile.compiler import Compiled, compile_release
from communique.compile.standing import RULES
from communique.context import read_context
from communique.publish.counts import Counts
from communique.publish.describe.catalogue import render_catalog
from communique.read.release import build_release
from communique.read.standing import STANDING
from tests.conftest import ROOT

BASE = "https://news.example/id/"
S = "http://schema.org/"
SOURCE = """Dam opened
Opening of the dam with the support of Sample Works. Jo Sample said that the dam should be kept safe.
Mr. Example thanked all. Sample Works noted that the dam is done. Madonna sang.
"""
GRAPH: list[dict[str, Any]] = [
    {"id": "event/opening", "type": "Event", "name": "Opening of the dam", "supporter": "org/works"},
    {"id": "person/jo", "type": "Person", "name": "Jo Sample"},
    {"id": "person/example", "type": "Person", "name": "Example", "honorificPrefix": "Mr."},
    {"id": "person/madonna", "type": "Person", "name": "Madonna"},
    {"id": "org/works", "type": "Organization", "name": "Sample Works"},
]
SAID = [
    {"verb": "said", "text": "the dam should be kept safe"},
    {"verb": "thanked", "text": "all"},
    {"verb": "noted", "text": "the dam is done"},
]
WHY = "our house rule"
JO = {("jo", "givenName", "Jo"), ("jo", "familyName", "Sample")}


def compiled(*declared: str, language: str = "en", **changes: Any) -> Compiled:
    nodes = [{**node, **changes.get(node["id"].rpartition("/")[2], {})} for node in GRAPH]
    for node, said in zip((nodes[1], nodes[2], nodes[4]), SAID, strict=True):
        node.setdefault("said", said)
    root = {"id": "release/dam", "type": "PressRelease", "headline": "Dam opened", "about": "event/opening"}
    record = {"@context": "context.jsonld", "graph": [root | changes.get("release", {}), *nodes]}
    release = build_release("dam", SOURCE, record, Path("a"), 1)
    inferences = dict.fromkeys(declared, WHY)
    return compile_release(release, read_context(), base=BASE, language=language, inferences=inferences)


def made(result: Compiled, *declared: str) -> set[tuple[str, str, str]]:
    """What a newsroom's inferences add: the inferred facts with its reason, in short."""
    reasons = {q.subject for q in result.inferred + result.evidence if q.object == Literal(WHY, language="en")}
    parts: dict[object, dict[str, str]] = {}
    for quad in result.inferred + result.evidence:
        if quad.subject in reasons:
            key = quad.predicate.value.rpartition("#")[2]
            parts.setdefault(quad.subject, {})[key] = re.sub(r"[<>\"]|.*[/#]", "", str(quad.object))
    return {(p["subject"], p["predicate"], p["object"]) for p in parts.values()}


def test_nothing_is_concluded_unless_the_newsroom_declares_it() -> None:
    assert made(compiled()) == set()
    assert [f.code for f in compiled().findings] == []


def test_the_rules_are_those_that_dataset_yaml_may_name() -> None:
    assert list(RULES) == list(STANDING)


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        (
            "names-split",
            {("jo", "givenName", "Jo"), ("jo", "familyName", "Sample"), ("example", "familyName", "Example")},
        ),
        ("speakers-attend", {("opening", "attendee", "jo"), ("opening", "attendee", "example")}),
        ("supporters-sponsor", {("opening", "sponsor", "works")}),
        ("should-recommends", {("said-jo-1", "type", "PolicyRecommendation"), ("said-jo-1", "type", "Statement")}),
    ],
)
def test_a_declared_inference_makes_facts_with_its_reason_and_the_words(rule: str, facts: set[Any]) -> None:
    result = compiled(rule)
    assert [f.code for f in result.findings] == []
    found = made(result)
    assert {fact for fact in facts if fact[2] != "Statement"} == found
    assert not any(q.predicate.value in (S + "sponsor", S + "attendee", S + "givenName") for q in result.facts)
    marked = {q.subject for q in result.inferred + result.evidence if q.object == Literal(WHY, language="en")}
    evidence = {q.subject for q in result.evidence if q.predicate.value.endswith("ns#evidence")}
    assert marked <= evidence


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("names-split", {"jo": {"familyName": []}, "example": {"givenName": []}}),
        ("speakers-attend", {"opening": {"attendee": []}}),
        ("speakers-attend", {"opening": {"planned": True}}),
        ("speakers-attend", {"release": {"about": []}}),
        ("supporters-sponsor", {"opening": {"sponsor": []}}),
        (
            "supporters-sponsor",
            {"opening": {"sponsor": "org/works", "evidence": {"sponsor": {"why": "support is money"}}}},
        ),
        ("should-recommends", {"jo": {"said": {"verb": "said", "text": "be kept safe"}}}),
    ],
)
def test_what_an_author_writes_takes_precedence(rule: str, changes: dict[str, Any]) -> None:
    assert made(compiled(rule, **changes)) == set()


def test_names_are_split_only_where_the_given_name_comes_first() -> None:
    assert made(compiled("names-split", language="hu")) == {("example", "familyName", "Example")}


def test_a_name_with_more_or_smaller_parts_is_not_split() -> None:
    for name in ("Jo van Sample", "Jo sample", "J. Sample", "Jo 2"):
        source = f"Dam opened\n{name} came.\n"
        person = {"id": "person/jo", "type": "Person", "name": name}
        root = {"id": "release/dam", "type": "PressRelease", "headline": "Dam opened"}
        release = build_release("dam", source, {"@context": "context.jsonld", "graph": [root, person]}, Path("a"), 1)
        result = compile_release(release, read_context(), base=BASE, inferences={"names-split": WHY})
        assert (made(result), [f.code for f in result.findings]) == (set(), [])


@pytest.mark.parametrize("part", [False, True])
def test_who_spoke_at_another_event_did_not_attend_this_one_by_that(part: bool) -> None:
    other: dict[str, Any] = {"id": "this:other", "type": "Event", "name": "sang", "evidence": {"*": "Madonna sang"}}
    if part:
        other |= {"superEvent": "event/opening"}
        other["evidence"] |= {"superEvent": {"why": "so it is"}}
    said = {**SAID[0], "on": other, "evidence": {"on": {"why": "so it is"}}}
    result = compiled("speakers-attend", jo={"said": said})
    assert [f.code for f in result.findings] == []
    there = {("opening", "attendee", "jo")} if part else set()
    assert made(result) == {("opening", "attendee", "example")} | there


# ---- dataset.yaml


def newsroom(folder: Path, dataset: str) -> Path:
    data = folder / "data"
    release = data / "releases" / "dam"
    release.mkdir(parents=True)
    (data / "entities").mkdir()
    head = (
        f"title: T\nlicense: https://creativecommons.org/publicdomain/zero/1.0/\ncontact: a@example.org\nbase: {BASE}\n"
    )
    (data / "dataset.yaml").write_text(head + dataset, encoding="utf-8")
    entity = '{id: org/desk, type: Organization, name: Desk, labels: {fr: Bureau}, url: "https://desk.example/"}'
    (data / "entities" / "a.yaml").write_text(f"graph:\n- {entity}\n", encoding="utf-8")
    (release / "source.txt").write_text(SOURCE, encoding="utf-8")
    root = {"id": "release/dam", "type": "PressRelease", "headline": "Dam opened"}
    record = {"@context": "context.jsonld", "graph": [root, {**GRAPH[1], "said": SAID[0]}]}
    (release / "record.yaml").write_text(json.dumps(record), encoding="utf-8")
    return data


def test_an_inference_is_declared_in_dataset_yaml(tmp_path: Path) -> None:
    data = newsroom(tmp_path, f'publisher: Desk\ninferences: {{names-split: "{WHY}"}}\n')
    room = open_newsroom(data)
    assert room.folder.findings == ()
    assert made(room["dam"].compiled) == JO
    assert [f.severity for f in room["dam"].check()] == ["info"]  # it has no subject
    checked = next(iter(room.check()))
    assert made(checked.compiled) == made(room["dam"].compiled)


@pytest.mark.parametrize(
    ("written", "code", "message", "fix"),
    [
        (
            "speaker-attends: x",
            "unknown-key",
            "'speaker-attends' means nothing here",
            "did you mean 'speakers-attend'?",
        ),
        ("names-split: ", "wrong-type", "inferences is empty", None),
        ("names-split: 7", "wrong-type", "not text but a number", None),
    ],
)
def test_a_wrong_inference_is_one_finding(
    tmp_path: Path, written: str, code: str, message: str, fix: str | None
) -> None:
    room = open_newsroom(newsroom(tmp_path, f"publisher: Desk\ninferences:\n  {written}\n"))
    (finding,) = room.folder.findings
    assert (finding.code, finding.line) == (code, 7)
    assert message in finding.message
    assert fix is None or finding.fix == fix


def test_inferences_that_are_no_mapping_are_one_finding(tmp_path: Path) -> None:
    room = open_newsroom(newsroom(tmp_path, "publisher: Desk\ninferences: [names-split]\n"))
    assert [(f.code, f.line) for f in room.folder.findings] == [("wrong-type", 6)]


def test_the_publisher_may_be_an_organisation_of_the_registry_named_in_the_language_of_the_dataset(
    tmp_path: Path,
) -> None:
    room = open_newsroom(newsroom(tmp_path, "publisher: org/desk\n"))
    assert room.folder.findings == ()
    assert room.dataset.publisher is not None
    assert (room.dataset.publisher.name, room.dataset.publisher.homepage) == ("Desk", "https://desk.example/")
    assert [f.code for f in room.core.check_registry({BASE + "release/dam"})] == []
    turtle = render_catalog(room.dataset, Counts()).decode()
    assert f"dcterms:publisher <{BASE}org/desk>" in turtle
    assert "#publisher" not in turtle


def test_a_publisher_that_the_registry_lacks_is_one_finding(tmp_path: Path) -> None:
    room = open_newsroom(newsroom(tmp_path, "publisher: org/dsek\n"))
    found = [f for f in room.core.check_registry(None) if f.severity == "violation"]
    assert [(f.code, f.line, f.column) for f in found] == [("dangling-reference", 5, 12)]
    assert room.dataset.publisher is None


def test_our_documentation_names_every_standing_inference() -> None:
    page = (ROOT / "docs" / "newsroom.md").read_text("utf-8")
    table = page[page.index("## Standing inferences") :].partition("\n## ")[0]
    assert re.findall(r"^\| `([a-z-]+)` \| ([^|]*) \|$", table, re.MULTILINE) == list(STANDING.items())
