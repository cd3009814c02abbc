"""How findings are shown: for a person, as JSON, SARIF, commands of GitHub Actions, and a SHACL report."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
import rdflib

from communique.findings import (
    FORMATS,
    MAX_SHOWN,
    MAX_TEXT,
    SEVERITIES,
    Finding,
    Findings,
    Position,
    Severity,
    conforms,
    order,
    render_findings,
    shortened,
)
from tests.conftest import ROOT

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


def numbered(count: int, severity: Severity) -> list[Finding]:
    return [Finding(file="r", line=k, severity=severity, code="no-id", message="m") for k in range(1, count + 1)]


def test_of_each_severity_the_first_findings_are_shown_and_the_others_counted() -> None:
    found = Findings("r", [*numbered(MAX_SHOWN + 2, "warning"), *numbered(MAX_SHOWN, "violation"), INFO])
    shown = found.all()
    assert [sum(f.severity == s and f.code == "no-id" for f in shown) for s in SEVERITIES] == [MAX_SHOWN, MAX_SHOWN, 0]
    counts = [(f.severity, f.value, f.message) for f in shown if f.code == "more-findings"]
    assert counts == [("warning", "2", "2 more findings of severity warning are not shown")]


def test_violations_that_are_not_shown_keep_a_release_from_conforming() -> None:
    (count,) = [f for f in Findings("r", numbered(MAX_SHOWN + 1, "violation")).all() if f.code == "more-findings"]
    assert not conforms([count])
    assert count.message == "1 more finding of severity violation is not shown"


def test_counts_of_two_readings_are_added_and_come_last() -> None:
    first = Findings("r", numbered(MAX_SHOWN + 5, "violation")).all()
    both = sorted(Findings("r", [*first, *numbered(7, "violation")]).all(), key=order)
    assert len(both) == MAX_SHOWN + 1
    assert (both[-1].code, both[-1].value) == ("more-findings", "12")


def test_a_finding_that_is_only_counted_is_not_made() -> None:
    made = []

    def make() -> Finding:
        made.append(1)
        return BARE

    found = Findings("r")
    for _ in range(3 * MAX_SHOWN):
        found.add_lazily("warning", make)
    assert len(made) == MAX_SHOWN and found.all()[-1].value == str(2 * MAX_SHOWN)


def test_long_texts_are_shown_with_their_beginning_and_their_end() -> None:
    text = "begin " + "x" * 100_000 + " end"
    finding = Finding(
        file="f", code="no-id", message=text, value=text, quote=text, fix=text, path=text, why=(text, "b")
    )
    for shown in (finding.message, finding.value, finding.quote, finding.fix, finding.path, finding.why[0]):
        assert shown is not None and len(shown) <= MAX_TEXT
        assert shown.startswith("begin x") and shown.endswith("x end") and "characters left out" in shown
    assert finding.why[1] == "b"


@pytest.mark.parametrize("length", [60, 61, 100, 1234, 100_000])
def test_a_shortened_text_says_how_much_is_left_out(length: int) -> None:
    text = "".join(chr(0x4E00 + k % 20_000) for k in range(length))
    shown = shortened(text, 60)
    before, _, rest = shown.partition(" [… ")
    number, _, after = rest.partition(" characters left out …] ")
    if length == 60:
        assert shown == text
        return
    assert len(shown) <= 60 and text.startswith(before) and text.endswith(after)
    assert len(before) + int(number.replace(",", "")) + len(after) == length


def test_the_lines_of_many_findings_are_read_from_their_files(tmp_path: Path) -> None:
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_bytes("a: ж\r\nb:\tc".encode())
    two.write_bytes(b"x: y\n")
    at = [
        (one, 1, "     1 | a: ж\n"),
        (two, 1, "     1 | x: y\n"),
        (one, 2, "     2 | b: c\n"),
        (one, 9, "     9 | \n"),
    ]
    for file, line, excerpt in at:
        shown = render_findings([Finding(file=str(file), line=line, column=1, code="no-id", message="m")] * 2, "text")
        assert shown.count(excerpt) == 2


def test_that_a_release_was_not_judged_to_its_end_is_always_said() -> None:
    spent = Finding(file="r", code="too-much-work", message="m")
    found = Findings("r", [*numbered(MAX_SHOWN + 3, "violation"), spent])
    again = Findings("r", [*numbered(MAX_SHOWN, "violation"), *found.all()]).all()
    assert [f.code for f in again[MAX_SHOWN:]] == ["too-much-work", "more-findings"]
    assert again[-1].value == str(MAX_SHOWN + 3)


def test_a_finding_at_a_place_has_its_line_column_and_length() -> None:
    place = Position(3, 5, 4)
    made = Finding.at(Path("a/record.yaml"), place, "empty-value", "no value", path="name", severity="warning")
    assert made == Finding(
        file="a/record.yaml", line=3, column=5, length=4, code="empty-value", message="no value", path="name",
        severity="warning",
    )  # fmt: skip
    whole = Finding.of_file("record.yaml", "too-large", "the file is too large", fix="split it")
    assert (whole.line, whole.column, whole.length, whole.fix) == (0, 0, 1, "split it")
    line = Finding.at("all.jsonl", Position(7), "bad-slug", "no slug")
    assert (line.line, line.column, line.length) == (7, 0, 1)


def test_only_two_functions_make_findings() -> None:
    source = ROOT / "src" / "communique"
    found = set()
    for path in source.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Finding", "findings.Finding"):
                found.add(str(path.relative_to(source)))
    assert found == {"findings.py"}
