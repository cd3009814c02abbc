"""What the keys of a record mean: the context is the one place that says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from communique.context import AUTHORING_KEYS, MADE_CLASSES, MADE_KEYS, Term, read_context
from communique.errors import ArtefactError
from communique.terms import CMQ, PREFIXES, SCHEMA, XSD
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("key", "term"),
    [
        ("name", Term("name", SCHEMA + "name", "text")),
        ("givenName", Term("givenName", SCHEMA + "givenName", "plain")),
        ("about", Term("about", SCHEMA + "about", "reference")),
        ("startDate", Term("startDate", SCHEMA + "startDate", "typed", XSD + "date")),
        ("labels", Term("labels", SCHEMA + "name", "labels")),
        ("role", Term("role", CMQ + "roleSource", "json")),
        ("approves", Term("approves", CMQ + "approves", "reference")),
    ],
)
def test_a_key_has_an_iri_and_a_kind(key: str, term: Term) -> None:
    assert read_context().terms[key] == term


def test_the_name_of_a_person_has_no_language() -> None:
    assert read_context().scoped == {"Person": {"name": Term("name", SCHEMA + "name", "plain")}}


def test_a_compact_name_is_expanded_by_its_prefix_alone() -> None:
    expand = read_context().expand
    assert [expand(n) for n in ("xsd:date", "date", "nope:date", "https://example.org/x")] == [
        XSD + "date", "date", "nope:date", "https://example.org/x",
    ]  # fmt: skip


def test_every_iri_of_the_context_is_absolute_and_of_http_schema_org() -> None:
    context = read_context()
    iris = [t.iri for t in context.terms.values()] + list(context.classes.values())
    assert all(iri.startswith(tuple(context.prefixes.values())) for iri in iris)
    assert not any("https://schema.org" in iri for iri in iris)


def test_the_prefixes_are_those_that_the_program_writes() -> None:
    prefixes = read_context().prefixes
    assert {k: v for k, v in prefixes.items() if k in PREFIXES} == PREFIXES


def test_the_keys_and_classes_named_in_the_program_are_known() -> None:
    context = read_context()
    assert set(context.terms) >= MADE_KEYS | AUTHORING_KEYS
    assert set(context.classes) >= MADE_CLASSES
    assert {k for k, t in context.terms.items() if t.kind == "json"} == AUTHORING_KEYS


def test_there_is_no_vocabulary_that_would_hide_an_unknown_key() -> None:
    document = json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    assert "@vocab" not in document and document["@version"] == 1.1


@pytest.mark.parametrize("body", ["", "[]", "{", '{"context": {}}', "\xff"])
def test_a_broken_context_is_an_error(tmp_path: Path, body: str) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "context.jsonld").write_text(body, encoding="latin-1")
    with pytest.raises(ArtefactError, match=r"is not (a JSON-LD context|UTF-8)"):
        read_context(tmp_path)


def test_a_newsroom_may_have_a_context_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "ontology").mkdir()
    own = {"@context": {"ex": "http://example.org/", "id": "@id", "colour": {"@id": "ex:colour"}, "Thing": "ex:Thing"}}
    (tmp_path / "ontology" / "context.jsonld").write_text(json.dumps(own), encoding="utf-8")
    context = read_context(tmp_path)
    assert context.terms == {"colour": Term("colour", "http://example.org/colour", "text")}
    assert context.classes == {"Thing": "http://example.org/Thing"}
