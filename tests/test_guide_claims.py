"""What the guide to records says in passing is so: each claim that no example of a form covers, on a small text."""

from __future__ import annotations

from pathlib import Path

import pytest

from communique.compile.compiler import compile_release
from communique.context import read_context
from communique.read.release import build_release
from communique.read.yamlld import read_yaml
from tests.conftest import BASE, ROOT

TEXT = """Water Plan adopted
Sampletown, February 3, 2020. The University of Mockton adopted it. Rector Maria Model welcomed the Water Plan.
Max Mock, who leads the works of Mock Works, opened the hall.
The meeting owes its sponsorship to Mock Bank. The meeting cost £412,000.
The dean, Jo Sample, came from Mockton. Mock Bank gave money.
"""
BEGIN = """"@context": context.jsonld
graph:
- id: release/s
  type: PressRelease
  headline: Water Plan adopted
  mentions: [legislation/plan, org/uni, org/works, org/bank, event/meeting, person/model, person/mock]
- {id: legislation/plan, type: Legislation, name: Water Plan}
- {id: org/uni, type: CollegeOrUniversity, name: University of Mockton}
- {id: org/works, type: Organization, name: Mock Works}
- {id: org/bank, type: Organization, name: Mock Bank}
"""
NODES = {
    "event/meeting": "- {id: event/meeting, type: Event, name: meeting%s}",
    "person/model": "- {id: person/model, type: Person, name: Maria Model%s}",
    "person/mock": "- {id: person/mock, type: Person, name: Max Mock%s}",
}
GUIDE = (ROOT / "docs" / "record.md").read_text(encoding="utf-8")


def codes(node: str, more: str) -> list[str]:
    """The codes of the findings about the record with more keys in one node."""
    nodes = [text % (f", {more}" if key == node else "") for key, text in NODES.items()]
    record, wrong = read_yaml("\n".join([BEGIN.strip(), *nodes]).encode(), "record.yaml")
    if record is None:
        return [f.code for f in wrong]
    compiled = compile_release(build_release("s", TEXT, record, Path("s"), 1), read_context(), base=BASE)
    return [f.code for f in compiled.findings if f.severity != "info"]


DIRECTOR = "role: {title: director, of: org/works%s}"
RECTOR = "role: {title: Rector, of: org/uni%s}"
WELCOMED = "said: {verb: welcomed, about: legislation/plan}"
MARK = 'evidence: {"*": who leads the works, title: {why: he who leads a company is its director}}'


@pytest.mark.parametrize(
    ("claim", "node", "right", "wrong"),
    [
        ("evidence: {of: {why: …}}", "person/model", RECTOR % ", evidence: {of: {why: …}}", RECTOR % ""),
        (
            "{verb: welcomed, about: legislation/plan",
            "person/model",
            WELCOMED,
            WELCOMED.replace("legislation/plan", "org/bank"),
        ),
        (MARK, "person/mock", DIRECTOR % f", {MARK}", DIRECTOR % ""),
        ("{sponsor: owes its sponsorship to}", "event/meeting", "sponsor: org/bank", "sponsor: org/works"),
        (
            '{value: "£412,000"}',
            "event/meeting",
            'figures: {what: cost, value: "£412,000"}',
            "figures: {value: £412,000}",
        ),
        ("No pronoun", "event/meeting", "referredToAs: The meeting", "referredToAs: It"),
    ],
)
def test_what_the_guide_says_in_passing_is_so(claim: str, node: str, right: str, wrong: str) -> None:
    assert claim in GUIDE
    more = ", evidence: {sponsor: owes its sponsorship to}" if "sponsor" in claim else ""
    assert codes(node, right + more) == []
    assert codes(node, wrong + more) != []
