"""What the keys of a record mean: the context is the one place that says so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from communique.context import AUTHORING_KEYS, MADE_CLASSES, MADE_KEYS, Context, Term, read_context
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


def own_context(folder: Path, **entries: object) -> Context:
    """The context of a newsroom that has these entries of its own beside the prefix ``ex``."""
    (folder / "ontology").mkdir()
    body = json.dumps({"@context": {"ex": "https://example.org/ns#"} | entries})
    (folder / "ontology" / "context.jsonld").write_text(body, encoding="utf-8")
    return read_context(folder)


@pytest.mark.parametrize(
    ("key", "entry", "words"),
    [
        ("colour", None, "'colour' has no IRI"),
        ("colour", 7, "'colour' has no IRI"),
        ("colour", ["ex:colour"], "'colour' has no IRI"),
        ("colour", {"@type": "@id"}, "'colour' has no IRI"),
        ("colour", {"@id": None}, "'colour' has no IRI"),
        ("", "ex:colour", "'' has no IRI"),
        ("Thing", None, "'Thing' has no IRI"),
        ("Thing", {}, "'Thing' has no IRI"),
        ("colour", "exx:colour", "'exx:colour' in 'colour' is neither a whole IRI .*: did you mean 'ex'"),
        ("pre", "somewhere/", "'somewhere/' in 'pre' is neither a whole IRI nor a known prefix and a name$"),
        ("", "https://example.org/", "'' has no IRI"),
        ("Thing", "zz:Thing", "'zz:Thing' in 'Thing' is neither a whole IRI nor a known prefix and a name: known: ex$"),
        ("colour", "colour", "'colour' in 'colour' is neither a whole IRI nor a known prefix and a name$"),
        ("colour", "ex:col our", "'ex:col our' in 'colour' is neither"),
        ("colour", "https://", "'https://' in 'colour' is neither"),
        ("colour", {"@id": "ex:colour", "@type": "ey:date"}, "'ey:date' in 'colour' is neither"),
        ("colour", {"@id": "ex:colour", "@type": "@vocab"}, "'@vocab' in 'colour' is neither"),
        ("colour", {"@id": "ex:colour", "@type": ["@id"]}, "the @type of 'colour' must be text"),
        ("Thing", {"@id": "ex:Thing", "@context": ["x"]}, "the @context of 'Thing' must be a mapping"),
        ("Thing", {"@id": "ex:Thing", "@context": {"name": 7}}, "'name' has no IRI"),
    ],
)
def test_a_key_that_cannot_be_read_is_refused_with_the_file(
    tmp_path: Path, key: str, entry: object, words: str
) -> None:
    with pytest.raises(ArtefactError, match=f"^{re.escape(str(tmp_path))}/ontology/context.jsonld: {words}") as caught:
        own_context(tmp_path, **{key: entry})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("body", ['{"@context": []}', '{"@context": ["a"]}', '{"@context": "a"}', '{"@context": null}'])
def test_a_context_that_is_no_mapping_is_refused(tmp_path: Path, body: str) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "context.jsonld").write_text(body, encoding="utf-8")
    with pytest.raises(ArtefactError, match=r"context\.jsonld: @context must be one mapping of keys"):
        read_context(tmp_path)


def test_a_context_nested_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "context.jsonld").write_text("[" * 200_000, encoding="utf-8")
    with pytest.raises(ArtefactError, match=r"context\.jsonld is not a JSON-LD context"):
        read_context(tmp_path)


def test_a_class_may_have_keys_of_its_own_or_none(tmp_path: Path) -> None:
    name = {"name": {"@id": "urn:example:name", "@language": None}}
    context = own_context(tmp_path, Thing={"@id": "ex:Thing"}, Being={"@id": "ex:Being", "@context": name})
    assert context.classes == {"Thing": "https://example.org/ns#Thing", "Being": "https://example.org/ns#Being"}
    assert context.scoped == {"Being": {"name": Term("name", "urn:example:name", "plain")}}


def test_what_json_ld_declares_itself_is_no_prefix(tmp_path: Path) -> None:
    context = own_context(tmp_path, **{"@base": "https://example.org/id/", "@vocab": "https://example.org/v#"})
    assert context.prefixes == {"ex": "https://example.org/ns#"}
