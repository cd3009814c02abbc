"""What is reported while a document is compiled becomes findings, and only what is shown is worked out."""

from __future__ import annotations

from communique.compile.report import Explanation, report_to
from communique.findings import MAX_SHOWN, Finding, Findings, Position
from communique.read.position import Pointer


class Places:
    """Gives places and remembers what they were asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[Pointer, bool, str | None]] = []

    def __call__(self, pointer: Pointer, *, key: bool = False, word: str | None = None) -> Position:
        self.asked.append((pointer, key, word))
        return Position(4, 2, 3)


def test_a_report_becomes_a_finding_at_its_place() -> None:
    findings, places = Findings("record.yaml"), Places()
    report = report_to(findings, "record.yaml", places)
    at = ("graph", 0, "nmae")
    report("unknown-key", "no such key", at, key=True, path="nmae", focus="https://e.org/x", fix="name")
    assert findings.all() == (
        Finding(
            file="record.yaml", line=4, column=2, length=3, code="unknown-key", message="no such key", path="nmae",
            focus="https://e.org/x", fix="name",
        ),
    )  # fmt: skip
    assert places.asked == [(at, True, None)]


def test_an_explanation_takes_the_place_of_what_was_reported() -> None:
    findings, places = Findings("record.yaml"), Places()
    explained = Explanation("it says so", word="here", value="v", quote="words", fix="write so", why=("line 1",))
    report = report_to(findings, "record.yaml", places)
    report(
        "quote-not-found", "not there", ("a",), value="old", quote="old words", fix="old fix", explain=lambda: explained
    )
    assert findings.all() == (
        Finding(
            file="record.yaml", line=4, column=2, length=3, code="quote-not-found", message="it says so", value="v",
            quote="words", fix="write so", why=("line 1",),
        ),
    )  # fmt: skip
    assert places.asked == [(("a",), False, "here")]


def test_what_an_explanation_leaves_open_stays_as_it_was_reported() -> None:
    findings = Findings("record.yaml")
    report = report_to(findings, "record.yaml", Places())
    report("quote-not-found", "not there", (), value="v", quote="words", fix=lambda: "look", explain=Explanation)
    (found,) = findings.all()
    assert (found.message, found.value, found.quote, found.fix, found.why) == ("not there", "v", "words", "look", ())


def test_findings_are_counted_by_their_severity_and_those_not_shown_cost_nothing() -> None:
    findings, places = Findings("record.yaml"), Places()
    report = report_to(findings, "record.yaml", places)
    called: list[int] = []

    def fix() -> str:
        called.append(1)
        return "mend it"

    for _ in range(MAX_SHOWN + 5):
        report("shorthand-stated", "short", (), severity="warning", fix=fix)
    report("not-text", "a number", ())
    shown = findings.all()
    assert len(called) == MAX_SHOWN and len(places.asked) == MAX_SHOWN + 1
    assert [f.severity for f in shown[MAX_SHOWN:]] == ["violation", "warning"]
    assert (shown[-1].code, shown[-1].value) == ("more-findings", "5")
