"""Every key of a record is held against the words of the text, but for a short list that the documentation prints."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

import pytest

from communique.compile.grounding import NOT_GROUNDED
from communique.compile.relations.rules import UNHELD
from communique.context import read_context
from communique.schemaorg import read_vocabulary
from tests.conftest import ROOT
from tests.test_relations import compiled

TEXT = "Sample Works held the Gala and the Water Report.\n\nMock Labs met Ada Mock in Aton."
SUBJECTS = {
    "org/works": ("Organization", "Sample Works"),
    "event/gala": ("Event", "Gala"),
    "work/report": ("Report", "Water Report"),
}
FALSE = {
    "Boolean": "true",
    "Date": "1987-03-05",
    "DateTime": "1987-03-05T10:00",
    "Duration": "PT77M",
    "Float": "77",
    "Integer": "77",
    "Number": "77",
    "Time": "04:15",
    "URL": "https://false.example/x",
}
"""A value that the text does not say, for each datatype; texts are the default."""
TYPED = {"date": "1987-03-05", "time": "04:15", "integer": "77", "duration": "PT77M", "EDTF": "1987-Q3"}
ADDRESS = "https://false.example/x"
LISTED = {*UNHELD, *NOT_GROUNDED}


def unheld(subject: str, values: dict[str, Any]) -> set[str]:
    """The keys of a node that no finding speaks of."""
    cls, name = SUBJECTS[subject]
    made = compiled(TEXT, {"id": subject, "type": cls, "name": name} | values)
    assert "too-much-work" not in {f.code for f in made.findings}
    return set(values) - {f.path for f in made.findings if f.severity == "violation"}


def short_keys(*kinds: str) -> dict[str, Any]:
    terms = read_context().terms.items()
    return {key: term for key, term in terms if term.kind in kinds and key not in ("type", "name")}


@pytest.mark.parametrize("value", ["org/labs", "person/ada", ADDRESS])
@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_false_reference_is_found_under_every_short_key(subject: str, value: str) -> None:
    found = {key for key in short_keys("reference") for key in unheld(subject, {key: value})}
    assert found <= LISTED


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_false_text_or_number_is_found_under_every_short_key(subject: str) -> None:
    found = {key for key in short_keys("text", "plain") for key in unheld(subject, {key: "a false word"})}
    for key, term in short_keys("typed").items():
        found |= unheld(subject, {key: TYPED[re.split("[#/]", term.datatype)[-1]]})
    assert found <= LISTED


def test_a_false_value_is_found_under_every_property_of_schema_org() -> None:
    context, vocabulary = read_context(), read_vocabulary()
    references: dict[str, str] = {}
    literals: dict[str, str] = {}
    for name, prop in vocabulary.properties.items():
        key = f"schema:{name}"
        term = context.term(key)
        if term is None or term.key != key:
            continue  # a short key
        known = [r for r in prop.ranges if r in vocabulary.datatypes]
        references |= {key: "org/labs"} if len(known) < len(prop.ranges) else {}
        literals |= {key: FALSE.get(known[0], "a false word")} if known else {}
    assert len(references) > 500
    assert len(literals) > 500
    addresses = dict.fromkeys(references, ADDRESS)
    for values in (references, literals, addresses):
        rest = iter(values.items())
        while some := dict(islice(rest, 100)):
            assert unheld("org/works", some) == set()


def test_the_documentation_lists_the_keys_that_are_not_held() -> None:
    page = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    rows = "\n".join(f"| `{key}` | {reason} |" for key, reason in sorted({**UNHELD, **NOT_GROUNDED}.items()))
    assert f"| key | since it |\n|---|---|\n{rows}\n\n" in page


@pytest.mark.parametrize("key", ["member", "organization"])
def test_the_ends_of_a_membership_are_for_memberships_alone(key: str) -> None:
    node = {"id": "org/works", "type": "Organization", "name": "Sample Works", key: "org/labs"}
    assert "term-domain" in {f.code for f in compiled(TEXT, node).findings}
    role = {"id": "this:r", "type": "Membership", "roleName": "planned", "member": "person/ada"}
    assert "term-domain" not in {f.code for f in compiled(TEXT, role | {"organization": "org/labs"}).findings}


ORDER = {"id": "work/order", "type": "Legislation", "name": "Street Order"}
LAW = {"id": "work/law", "type": "Legislation", "name": "Water Law"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The court declared Section 7 of the Street Order void. The Water Law stays."),
        ("en", "Section 7, which bans music, belongs to the Street Order. The Water Law stays."),
        ("en", "The Street Order's Section 7 is void. The Water Law stays."),
        ("de", "Section 7 der Street Order ist nichtig. Das Water Law bleibt."),
        ("fr", "Section 7 du Street Order est nulle. Le Water Law reste."),
        ("ru", "Section 7 Street Order отменена. Water Law остается."),
        ("kk", "Street Order Section 7 күшін жойды. Water Law қалады."),
    ],
)
def test_a_part_is_a_part_of_what_the_words_join_it_with(language: str, text: str) -> None:
    part = {"id": "work/section", "type": "Legislation", "name": "Section 7"}
    for whole, wanted in (("work/order", 0), ("work/law", 1)):
        made = compiled(text, part | {"isPartOf": whole}, ORDER, LAW, language=language)
        assert [f.path for f in made.findings] == ["isPartOf"] * wanted, whole
        quoted = part | {"isPartOf": whole, "evidence": {"isPartOf": text.partition(".")[0]}}
        made = compiled(text, quoted, ORDER, LAW, language=language)
        assert [f.path for f in made.findings] == ["isPartOf"] * wanted, whole


def test_an_address_under_any_key_stands_in_the_text() -> None:
    text = "Sample Works shows its sign at www.works.example/sign.png today."
    node = {"id": "org/works", "type": "Organization", "name": "Sample Works"}
    true, false = "https://www.works.example/sign.png", "https://evil.example/x.png"
    assert not compiled(text, node | {"schema:logo": true}).findings
    assert [f.code for f in compiled(text, node | {"schema:logo": false}).findings] == ["not-grounded"]


@pytest.mark.parametrize("text", ["Section 7 met the Street Order.", "The Street Order bans Section 7."])
def test_words_that_name_part_and_whole_apart_do_not_join_them(text: str) -> None:
    part = {"id": "work/section", "type": "Legislation", "name": "Section 7", "isPartOf": "work/order"}
    assert [f.path for f in compiled(text, part, ORDER).findings] == ["isPartOf"]


def test_a_part_and_its_whole_may_stand_in_a_longer_name() -> None:
    part = {"id": "work/section", "type": "Legislation", "name": "Section 7", "isPartOf": "work/order"}
    event = {"id": "event/repeal", "type": "Event", "name": "declared Section 7 of the Street Order void"}
    text = "The court declared Section 7 of the Street Order void."
    assert [f.path for f in compiled(text, part, ORDER, event).findings if f.code == "not-grounded"] == []
