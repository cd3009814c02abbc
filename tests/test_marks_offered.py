"""The marks that findings offer are YAML: pasted where they belong, they end the finding."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from communique.api import open_newsroom
from communique.compile.compiler import compile_release
from communique.context import read_context
from communique.findings import Finding
from communique.read.release import build_release
from communique.read.yamlld import read_yaml
from tests.conftest import BASE

TEXT = """Dam opened
Sampletown, February 3, 2020. Jo Sample, engineer of Sample Works, spoke. Max Model leads the works.
He was born in Mockton. The Dam Day was held with the help of Mock Bank.
Mock Labs came. The works employ 84 people. Each of them got €500.
The opening was well attended. Call 7946 0123/24.
"""
BEGIN = """"@context": context.jsonld
graph:
- id: release/s
  type: PressRelease
  headline: Dam opened
  dateline: Sampletown, February 3, 2020
  mentions: [person/max, org/works, org/labs, org/bank, event/day, place/mockton, this:contact]
- {id: org/works, type: Organization, name: Sample Works, referredToAs: the works}
- {id: org/labs, type: Organization, name: Mock Labs}
- {id: org/bank, type: Organization, name: Mock Bank}
- {id: place/mockton, type: City, name: Mockton}
"""
MAX = "- {id: person/max, type: Person, name: Max Model"
DAY = "- {id: event/day, type: Event, name: Dam Day"
CONTACT = "- {id: this:contact, type: ContactPoint, telephone: 7946 0123"
OTHERS = {"person/max": MAX + "}", "event/day": DAY + "}", "this:contact": CONTACT + "}"}
WRONG = [
    (DAY + ", sponsor: org/labs, @}", "sponsor"),
    (DAY + ", attendee: [org/works, org/labs], @}", "attendee"),
    (DAY + ", location: place/mockton, @}", "location"),
    (DAY + ", startDate: 2020-02-02, @}", "startDate"),
    (DAY + ", description: 'held: in the rain', @}", "description"),
    (DAY + ", description: [held, 'held: in the rain'], @}", "description"),
    (MAX + ", jobTitle: engineer, @}", "jobTitle"),
    (MAX + ", role: {title: engineer, of: org/works, @}}", "roleName"),
    (MAX + ", role: {title: engineer, @}}", "roleName"),
    (MAX + ", said: {verb: spoke, text: was well attended, @}}", "creator"),
    (MAX + ", figures: {what: people, value: 84, @}}", "of"),
    (MAX + ", figures: {what: people, value: 85, of: org/works, @}}", "value"),
    (MAX + ", figures: {what: people, value: 84, of: org/labs, @}}", "of"),
    (MAX + ", figures: {what: guests, value: 84, of: org/works, @}}", "what"),
    (CONTACT.replace("0123", "0124") + ", name: Call, @}", "telephone"),
    (MAX + ", birthDate: 2020-02-03, @}", "birthDate"),
    (MAX + ", alumniOf: org/labs, @}", "alumniOf"),
]  # fmt: skip


def findings(node: str, more: str) -> list[Finding]:
    """The findings about the record with a node, at the place @ of which something more is written."""
    ids = re.findall(r"id: ([\w:/]+)", node)
    others = [other for key, other in OTHERS.items() if key not in ids]
    text = "\n".join([BEGIN.strip("\n"), *others, node.replace(", @", f", {more}" if more else "")])
    record, wrong = read_yaml(text.encode(), "record.yaml")
    assert wrong == []
    compiled = compile_release(build_release("s", TEXT, record, Path("s"), 1), read_context(), base=BASE)
    return [f for f in compiled.findings if f.severity != "info"]


@pytest.mark.parametrize(("node", "path"), WRONG, ids=[f"{path}-{k}" for k, (_, path) in enumerate(WRONG)])
def test_a_mark_that_a_finding_offers_ends_it_where_it_is_pasted(node: str, path: str) -> None:
    found = findings(node, "")
    offered = next(f for f in found if f.path == path)
    (mark,) = re.findall(r"mark (?:it|the role|whose it is): (evidence: .*)$", offered.fix or "")
    left = findings(node, mark.replace("words of the text", "The Dam Day was held"))
    assert [f.path for f in left] == [f.path for f in found if f is not offered]


def test_a_marked_day_that_no_words_say_is_answered_with_a_place_for_words() -> None:
    node = DAY + ", startDate: 2020-02-02, @}"
    (found,) = findings(node, "evidence: {startDate: {why: it was the day before}}")
    mark = 'evidence: {startDate: {inferred: "words of the text", why: …}}'
    assert found.fix == f"quote the words that it is inferred from: {mark}"
    assert findings(node, mark.replace("words of the text", "The Dam Day was held")) == []


@pytest.mark.parametrize("path", ["", "startDate, ", "of, "])
def test_a_mark_with_another_key_does_not_end_the_finding(path: str) -> None:
    node = DAY + ", sponsor: org/labs, @}"
    assert len(findings(node, f'evidence: {{"{path}name": {{why: …}}}}')) >= 1


def test_a_figure_with_a_wrong_number_is_shown_the_sentence_that_says_what_it_counts() -> None:
    (found,) = findings(MAX + ", figures: {what: got, value: €600, of: org/works}}", "")
    assert found.why == ("nearest sentence, line 4: 'Each of them got €500.'",)


def test_a_name_that_stands_only_inside_a_longer_word_is_shown_with_that_word() -> None:
    (found,) = findings("- {id: event/day, type: Event, name: attend}", "")
    assert found.why[1] == "line 5 of source.txt has it only inside a longer word: 'attended'"
    (found,) = findings("- {id: event/day, type: Event, name: Damm Day}", "")
    assert found.why[1] == "nearest words, line 3 of source.txt: 'Dam Day'"


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ("www.works.example", "write the whole address: https://www.works.example"),
        ("works.example/news", "write the whole address: https://works.example/news"),
        ("press@works.example", "write kind/name, this:name or a whole http(s) address"),
        ("our page", "write kind/name, this:name or a whole http(s) address"),
    ],
)
def test_an_address_without_its_scheme_is_offered_with_it(written: str, fix: str) -> None:
    (found,) = findings(f"- {{id: event/day, type: Event, name: Dam Day, url: {written}}}", "")
    assert (found.code, found.fix) == ("bad-reference", fix)


@pytest.mark.parametrize(
    ("node", "key"),
    [(MAX + ", role: {title: director, of: org/works, @}}", "title"), (DAY[:-7] + "party, @}", "name")],
)
def test_a_name_that_the_text_lacks_is_answered_with_a_quote_and_a_mark(node: str, key: str) -> None:
    (found,) = findings(node, "")
    mark = f'evidence: {{"*": "words of the text", {key}: {{why: …}}}}'
    assert found.fix is not None and found.fix.endswith(mark)
    assert findings(node, mark.replace("words of the text", "Max Model leads the works")) == []


def test_the_words_from_which_a_title_is_inferred_are_those_of_its_role() -> None:
    node = MAX + ", role: {title: director, of: org/works, @}}"
    mark = 'evidence: {title: {inferred: "Max Model leads the works", why: he who leads a company is its director}}'
    assert findings(node, mark) == []


def test_a_mark_has_the_key_that_the_author_wrote() -> None:
    found = findings(MAX + ", said: {verb: denied, text: was well attended}}", "")
    offered = [f.fix for f in found if f.path == "reportingVerb" and f.fix]
    assert [fix.rpartition("mark it: ")[2] for fix in offered] == ["evidence: {verb: {why: …}}"]


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("{a: £412,000}", "£412,000"),
        ("{a: 1,7 million, c: x}", "1,7 million"),
        ("{a: 1,000,000, c: x}", "1,000,000"),
        ("{a: b, and c, d: e}", "b, and c"),
        ('{a: "1,000"}', None),
        ("{a: 1, b: }", None),
        ("{b, c}", None),
        ('{a: "x", c}', None),
        ("{a: {x: y}, c}", None),
        ("[a, b, 000]", None),
    ],
)
def test_a_value_that_a_comma_cuts_is_shown_whole_and_nothing_else_is(written: str, whole: str | None) -> None:
    _, wrong = read_yaml(f"k: {written}\n".encode(), "record.yaml")
    assert [f.fix for f in wrong] == ([f'write a: "{whole}"'] if whole else [])
    assert all(f.code == "cut-value" for f in wrong)


def test_a_value_that_a_comma_cuts_hides_no_other_fault(tmp_path: Path) -> None:
    release = tmp_path / "data" / "releases" / "sample"
    release.mkdir(parents=True)
    (release / "source.txt").write_text("New dam\n\nThe dam cost £9,000 in 2031. Jo Sample came.\n", encoding="utf-8")
    (release / "record.yaml").write_text(
        """"@context": context.jsonld
graph:
  - id: release/sample
    type: PressRelease
    headline: New dam
    figures: {what: cost, value: £9,000}
  - {id: person/jo, type: Person, name: Jo Example}
""",
        encoding="utf-8",
    )
    found = [f for f in open_newsroom(tmp_path / "data")["sample"].check() if f.severity == "violation"]
    assert [(f.line, f.code) for f in found] == [(6, "cut-value"), (7, "not-grounded")]
