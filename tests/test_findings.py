"""How findings are shown: for a person, as JSON, SARIF, commands of GitHub Actions, and a SHACL report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rdflib

from communique.findings import FORMATS, SEVERITIES, Finding, conforms, render_findings

FULL = Finding(
    file="record.yaml", line=2, column=7, length=4, severity="violation", code="quote-not-found", message="not there",
    focus="https://example.org/id/x", path="http://schema.org/name", value="name", quote="words", fix="write: so",
    why=("nearest: 'wörds'",),
)  # fmt: skip
BARE = Finding(file="source.txt", severity="warning", code="not-nfc", message="odd")
INFO = Finding(
    file="a.jsonl", line=3, column=1, severity="info", code="unused-entity", message="50% of\nit, all: of it"
)
HOSTILE = Finding(
    file="a\udcff,b:c.yaml", line=1, column=1, code="unknown-key", message="key '\x00</script>'", path="http://a b"
)


def test_only_a_violation_keeps_data_from_conforming() -> None:
    assert [conforms(f) for f in ([], [BARE, INFO], [BARE, FULL])] == [True, True, False]


def test_json_has_the_keys_of_the_interface() -> None:
    assert json.loads(render_findings([FULL, BARE], "json")) == {
        "conforms": False,
        "findings": [
            {
                "file": "record.yaml", "line": 2, "column": 7, "severity": "violation", "code": "quote-not-found",
                "message": "not there", "focus": "https://example.org/id/x", "path": "http://schema.org/name",
                "value": "name", "quote": "words", "fix": "write: so", "notes": ["nearest: 'wörds'"],
            },
            {
                "file": "source.txt", "line": 0, "column": 0, "severity": "warning", "code": "not-nfc",
                "message": "odd",
                "focus": None, "path": None, "value": None, "quote": None, "fix": None, "notes": [],
            },
        ],
    }  # fmt: skip
    assert json.loads(render_findings([], "json")) == {"conforms": True, "findings": []}


def test_text_shows_the_line_and_marks_the_words(tmp_path: Path) -> None:
    file = tmp_path / "record.yaml"
    file.write_text("id: x\nname: näme of it\n", encoding="utf-8")
    shown = render_findings(
        [Finding(file=str(file), line=2, column=7, length=4, code="no-id", message="m", fix="f")], "text"
    )
    assert shown == (
        f"{file}:2:7: violation [no-id] m\n"
        "     2 | name: näme of it\n"
        "       |       ^^^^\n"
        "       fix: f\n"
    )  # fmt: skip


def test_text_of_a_finding_without_a_place_is_one_line() -> None:
    assert render_findings([BARE], "text") == "source.txt: warning [not-nfc] odd\n"


def test_a_long_line_is_shown_around_the_fault(tmp_path: Path) -> None:
    file = tmp_path / "record.yaml"
    file.write_text("a" * 500 + "FAULT" + "b" * 500, encoding="utf-8")
    shown = render_findings([Finding(file=str(file), line=1, column=501, length=5, code="no-id", message="m")], "text")
    line, mark = shown.splitlines()[1:3]
    assert max(map(len, (line, mark))) < 130
    assert line[mark.index("^") : mark.rindex("^") + 1] == "FAULT"


def test_sarif_places_findings_in_code_points() -> None:
    log = json.loads(render_findings([FULL, BARE, INFO], "sarif", version="1.2"))
    run = log["runs"][0]
    assert (log["version"], run["columnKind"], run["tool"]["driver"]["version"]) == (
        "2.1.0",
        "unicodeCodePoints",
        "1.2",
    )
    assert [r["id"] for r in run["tool"]["driver"]["rules"]] == ["not-nfc", "quote-not-found", "unused-entity"]
    assert [(r["ruleId"], r["level"]) for r in run["results"]] == [
        ("quote-not-found", "error"), ("not-nfc", "warning"), ("unused-entity", "note"),
    ]  # fmt: skip
    assert run["results"][0]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "record.yaml"}, "region": {"startLine": 2, "startColumn": 7},
    }  # fmt: skip
    assert run["results"][0]["message"]["text"] == "not there nearest: 'wörds' Fix: write: so"


def test_a_command_of_github_is_one_escaped_line() -> None:
    lines = render_findings([FULL, BARE, INFO], "github").splitlines()
    assert lines == [
        "::error file=record.yaml,line=2,col=7,title=quote-not-found::not there%0Anearest: 'wörds'%0Afix: write: so",
        "::warning file=source.txt,title=not-nfc::odd",
        "::notice file=a.jsonl,line=3,col=1,title=unused-entity::50%25 of%0Ait, all: of it",
    ]


def test_turtle_is_a_shacl_report() -> None:
    graph = rdflib.Graph().parse(data=render_findings([FULL, BARE, INFO], "turtle"), format="turtle")
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    (report,) = graph.subjects(rdflib.RDF.type, sh.ValidationReport)
    assert graph.value(report, sh.conforms) == rdflib.Literal(False)
    results = list(graph.objects(report, sh.result))
    assert sorted(str(graph.value(r, sh.resultSeverity)).removeprefix(sh) for r in results) == [
        "Info",
        "Violation",
        "Warning",
    ]
    (first,) = graph.subjects(sh.resultPath, rdflib.URIRef("http://schema.org/name"))
    assert graph.value(first, sh.focusNode) == rdflib.URIRef("https://example.org/id/x")
    assert str(graph.value(first, sh.resultMessage)) == "not there (record.yaml:2)"


def test_a_report_without_findings_conforms() -> None:
    graph = rdflib.Graph().parse(data=render_findings([], "turtle"), format="turtle")
    assert [str(o) for o in graph.objects(None, rdflib.URIRef("http://www.w3.org/ns/shacl#conforms"))] == ["true"]


@pytest.mark.parametrize("fmt", FORMATS)
def test_any_finding_can_be_written(fmt: str) -> None:
    shown = render_findings([HOSTILE, FULL, BARE, INFO], fmt)
    assert shown.encode()
    if fmt in ("json", "sarif"):
        json.loads(shown)
    if fmt == "github":
        assert len(shown.splitlines()) == 4 and "a\\udcff%2Cb%3Ac.yaml" in shown


def test_every_severity_is_known_to_every_format() -> None:
    for severity in SEVERITIES:
        finding = Finding(file="f", code="no-id", message="m", severity=severity)
        assert all(render_findings([finding], fmt) for fmt in FORMATS)
