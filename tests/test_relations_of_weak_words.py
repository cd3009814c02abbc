"""Words that name both ends of a relation, or its value alone, and yet say something else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.test_relations import compiled, refused

WORKS = {"id": "org/works", "type": "Organization", "name": "Sample Works"}
FOUNDED: dict[str, Any] = WORKS | {"founder": "person/jo"}
CHAIR = {"id": "person/jo", "type": "Person", "name": "Jo Sample"}


@pytest.mark.parametrize(
    ("language", "text", "title", "quote"),
    [
        ("en", "Sample Works met. Its chairman, Jo Sample, spoke.", "chairman", "Its chairman, Jo Sample"),
        ("en", "Sample Works met. Jo Sample said that it rained.", None, "Jo Sample said"),
        ("de", "Sample Works tagte. Ihr Vorsitzender Jo Sample sprach.", "Vorsitzender", "Ihr Vorsitzender Jo Sample"),
        ("fr", "Sample Works siège. Son directeur, Jo Sample, parle.", "directeur", "Son directeur, Jo Sample"),
        ("ru", "Sample Works собралась. Её председатель Jo Sample выступил.", "председатель", "Jo Sample"),
    ],
)
def test_a_quote_that_only_names_somebody_says_no_key_with_cues(
    language: str, text: str, title: str | None, quote: str
) -> None:
    person = CHAIR | ({"role": {"title": title, "of": "org/works"}} if title else {})
    node = FOUNDED | {"evidence": {"founder": quote}}
    assert refused(compiled(text, node, person, language=language)) == [("founder", "person/jo")]


@pytest.mark.parametrize(
    "quote", ["by Jo Sample in 1961", "set up Sample Works", "Jo Sample, who built it up", "built it up"]
)
def test_words_of_a_key_or_with_both_ends_are_enough(quote: str) -> None:
    text = "Sample Works was founded by Jo Sample in 1961. Jo Sample, who built it up, set up Sample Works."
    assert refused(compiled(text, FOUNDED | {"evidence": {"founder": quote}})) == []


def test_the_object_of_another_verb_is_not_that_of_a_cue() -> None:
    report = {"id": "work/report", "type": "Report", "name": "Water Report", "supporter": "org/works"}
    text = "Sample Works, which had supported the action, welcomed the Water Report."
    wrong = [("supporter", "org/works")]
    assert refused(compiled(text, report)) == wrong
    assert refused(compiled(text, report | {"evidence": {"supporter": "which had supported"}})) == wrong
    assert refused(compiled("Sample Works, which had supported the Water Report, left.", report)) == []


def test_the_place_of_an_event_is_not_that_of_its_host() -> None:
    node = WORKS | {"location": "place/aton"}
    assert refused(compiled("Sample Works invites to the Gala in Aton.", node)) == [("location", "place/aton")]
    text = "Am Montag lädt Sample Works zur Gala in Aton ein."
    assert refused(compiled(text, node, language="de")) == [("location", "place/aton")]
    assert refused(compiled("Sample Works in Aton invites to the Gala.", node)) == []


@pytest.mark.parametrize(("name", "wrong"), [("Council of Sample Works", False), ("Sample Works Court", True)])
def test_a_name_inside_a_name_says_what_belongs_to_it_where_of_joins_them(name: str, wrong: bool) -> None:
    node = {"id": "org/council", "type": "Organization", "name": name, "parentOrganization": "org/works"}
    found = refused(compiled(f"The {name} met. Sample Works left.", node))
    assert found == ([("parentOrganization", "org/works")] if wrong else [])
