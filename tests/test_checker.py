"""Everything that a release is held against, each finding at its place in the record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from communique.api import Newsroom, open_newsroom
from communique.check.checker import Checker, locate_result, places_by_property
from communique.check.shapes import Result
from communique.findings import Finding, order
from tests.conftest import SLUG, MakeNewsroom

TEXT = "Headline of the day\nAda Example spoke. Call Max Muster, tel. 123456.\n"
HEAD = """\
"@context": [context.jsonld, {"@base": "https://w3id.org/communique/id/", "@language": en}]
graph:
  - id: release/sample
    type: [NewsArticle, PressRelease]
    headline: Headline of the day
    inLanguage: en
    evidence: Headline of the day
"""
ADA = """\
  - id: person/ada
    type: Person
    name: Ada Example
    evidence: Ada Example spoke
"""


@pytest.fixture(scope="module")
def checker(real: Newsroom) -> Checker:
    return real.checker()


def check(make: MakeNewsroom, record: str, **files: Any) -> list[Finding]:
    return open_newsroom(make(record, TEXT, **files))["sample"].check()


def test_a_release_without_fault_has_no_violation(make_newsroom: MakeNewsroom) -> None:
    assert [f for f in check(make_newsroom, HEAD + ADA) if f.severity == "violation"] == []


def test_a_result_of_a_shape_has_the_line_and_column_of_the_record(make_newsroom: MakeNewsroom) -> None:
    found = check(make_newsroom, HEAD + ADA.replace("type: Person", "type: [Person, Organization]"))
    shapes = [(f.code, f.line, f.column, f.severity) for f in found if f.code.startswith("shape:person")]
    assert shapes == [("shape:person-kind", 8, 5, "violation")]


def test_a_result_of_a_shape_names_the_value_at_fault(make_newsroom: MakeNewsroom) -> None:
    found = check(make_newsroom, HEAD + ADA + '    email: "ada (at) example"\n')
    (finding,) = (f for f in found if f.code == "shape:email")
    assert (finding.line, finding.column, finding.length, finding.value) == (12, 12, 18, "ada (at) example")


def test_a_language_that_is_no_tag_is_named_once_each_in_its_own_line(make_newsroom: MakeNewsroom) -> None:
    tags = ["e", "english (UK)", "en_GB"]
    values = "".join(f"\n      - {json.dumps(tag)}" for tag in tags)
    found = check(make_newsroom, HEAD.replace(" inLanguage: en", f" inLanguage:{values}"))
    wrong = [(f.code, f.line, f.value) for f in found if f.severity == "violation"]
    assert wrong == [("not-text", 7 + k, tag) for k, tag in enumerate(tags)]


def test_a_release_that_cannot_be_compiled_has_only_its_own_findings(make_newsroom: MakeNewsroom) -> None:
    assert [f.code for f in check(make_newsroom, "a: b\na: c\n")] == ["duplicate-key"]


def test_findings_stand_in_the_order_of_the_record_and_each_once(make_newsroom: MakeNewsroom) -> None:
    broken = "".join(ADA.replace("ada", f"ada{k}").replace("Ada Example", "Max", 1) for k in range(3))
    found = check(make_newsroom, HEAD + broken)
    assert found == sorted(set(found), key=order)
    assert [f.line for f in found if f.code == "not-grounded"] == [10, 14, 18]


def test_every_release_is_checked_with_the_entities_it_names(make_newsroom: MakeNewsroom) -> None:
    entities = "graph:\n  - {id: person/ada, type: Person, name: Ada Example}\n"
    newsroom = open_newsroom(make_newsroom(HEAD + ADA, TEXT, entities=entities))
    (checked,) = newsroom.check()
    assert (checked.compiled.slug, list(checked.findings)) == ("sample", newsroom["sample"].check())


def test_the_registry_is_checked_by_itself(make_newsroom: MakeNewsroom) -> None:
    entities = "graph:\n  - {id: org/a, type: NGO}\n  - {id: org/a, type: NGO, name: A}\n"
    newsroom = open_newsroom(make_newsroom(HEAD, TEXT, entities=entities))
    found = newsroom.checker().check_registry(None)
    assert "duplicate-id" in {f.code for f in found}
    assert {Path(f.file).name for f in found} == {"entities.yaml"} and found == sorted(set(found), key=order)


def test_a_result_is_placed_at_the_value_the_key_the_node_or_the_file(real: Newsroom, checker: Checker) -> None:
    release = real[SLUG]
    node = "https://w3id.org/communique/id/person/bermet-moldobaeva"
    name = "http://schema.org/name"
    lines = release.written.raw.decode().split("\n")
    first = lines.index("  - id: person/bermet-moldobaeva") + 1

    def place(focus: str, path: str | None, value: str | None) -> tuple[int, str]:
        result = Result(focus=focus, path=path, value=value, shape="x", severity="violation", message="m")
        finding = locate_result(
            result, release.written, release.compiled, checker.registry, places_by_property(release.compiled)
        )
        return finding.line, finding.message

    named = next(k for k in range(first, first + 9) if lines[k].strip().startswith("name:")) + 1
    assert place(node, name, "Bermet Moldobaeva") == (named, "m")
    assert place(node, name, None) == (named, "m")
    assert place(node, name, "Other") == (named, "m")
    assert place(node, "http://schema.org/none", None) == (first, "m")
    assert place(node, None, None) == (first, "m")
    assert place("https://example.org/none", None, None) == (
        next(k for k, line in enumerate(lines, 1) if line and not line.startswith("#")),
        "m (https://example.org/none)",
    )


def test_each_of_several_values_at_fault_is_found_in_its_own_line(make_newsroom: MakeNewsroom) -> None:
    tags = ["e", "english (UK)", 'a "b" c', "back\\slash"]
    values = "".join(f"\n      - {json.dumps(tag)}" for tag in tags)
    found = check(make_newsroom, HEAD + ADA + f"    email:{values}\n")
    lines = {f.value: f.line for f in found if f.code == "shape:email"}
    assert lines == {tag: 13 + k for k, tag in enumerate(tags)}


def test_a_text_in_a_language_is_found_in_its_own_line(make_newsroom: MakeNewsroom) -> None:
    texts = ADA + '    description: [Ada,\n      "Example",\n      Ada Example]\n'
    newsroom = open_newsroom(make_newsroom(HEAD + texts, TEXT))
    release, registry = newsroom["sample"], newsroom.registry
    places = places_by_property(release.compiled)
    for value, line in (("Ada", 12), ("Example", 13), ("Ada Example", 14), ("Exam", 12)):
        focus, path = "https://w3id.org/communique/id/person/ada", "http://schema.org/description"
        result = Result(focus=focus, path=path, value=value, shape="x", severity="violation", message="m")
        assert locate_result(result, release.written, release.compiled, registry, places).line == line


def test_each_of_several_nodes_at_fault_is_found_in_its_own_line(make_newsroom: MakeNewsroom) -> None:
    ids = ["org/none", "org/nobody", "https://example.org/else"]
    values = "".join(f"\n      - {one}" for one in ids)
    found = check(make_newsroom, HEAD + ADA + f"    memberOf:{values}\n")
    lines = {(f.value or "").rpartition("/")[2]: f.line for f in found if f.code == "dangling-reference"}
    assert lines == {"none": 13, "nobody": 14}
    shapes = {f.line for f in found if f.code.startswith("shape:") and f.path == "http://schema.org/memberOf"}
    assert shapes == {15}  # what is not described is reported once, and not held against shapes


def test_of_very_many_findings_the_first_are_shown_and_the_others_counted(make_newsroom: MakeNewsroom) -> None:
    nodes = "".join(ADA.replace("ada", f"ada{k}").replace("    name: Ada Example\n", "") for k in range(120))
    keys = "".join(f"    nmae{k}: x\n" for k in range(70))
    found = check(make_newsroom, HEAD + nodes + keys + "    memberOf: [org/none, org/nobody]\n")
    violations = [f for f in found if f.severity == "violation"]
    assert len(violations) == 101
    assert (violations[-1].code, violations[-1].file) == ("more-findings", violations[0].file)
    named = 119 + 70 + 2  # persons without a name (the last has unknown keys), those keys, nodes that are not described
    shapes = [f for f in found if f.code == "shape:person-name"]
    assert shapes and int(violations[-1].value or 0) >= named - 100
    assert len([f for f in found if f.code == "unknown-key"]) == 70


@pytest.mark.parametrize("size", [20, 500])
def test_a_release_whose_facts_are_too_much_for_the_shapes_is_refused(make_newsroom: MakeNewsroom, size: int) -> None:
    event = "  - {{id: event/e{0}, type: Event, name: day, superEvent: event/e{1}, evidence: Headline of the day}}\n"
    found = check(make_newsroom, HEAD + "".join(event.format(k, k + 1) for k in range(size)))
    refused = [f for f in found if f.code == "too-much-work"]
    assert [(f.severity, "against the shapes" in f.message) for f in refused] == [("violation", True)] * (size > 20)
    assert any(f.code.startswith("shape:") for f in found) == (size == 20)


def test_the_real_newsroom_has_no_violation(real: Newsroom, checker: Checker) -> None:
    findings = [f for checked in checker.check_all(real.folder) for f in checked.findings]
    findings += checker.check_registry(None)
    assert [f for f in findings if f.severity == "violation"] == []
