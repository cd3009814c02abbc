"""Nodes and facts of a record: what each way of writing becomes, and which ids are accepted."""

from __future__ import annotations

from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode

from communique.compile.expand import Expansion
from communique.compile.forms import unfold_forms
from communique.compile.literals import is_language, literal_of
from communique.context import read_context
from communique.read.yamlld import Pointer
from communique.terms import ORG, SCHEMA, TYPE, XSD

BASE = "https://example.org/id/"
THIS = BASE + "release/sample#"


class Reports(list[tuple[str, Pointer]]):
    def __call__(self, code: str, message: str, pointer: Pointer, **more: Any) -> None:
        self.append((code, pointer))


def expand(*nodes: Any) -> tuple[Expansion, Reports]:
    reports = Reports()
    expansion = Expansion(read_context(), reports, base=BASE, this=THIS, language="kk")
    for k, node in enumerate(nodes):
        expansion.add(node, ("graph", k))
    unfold_forms(expansion)
    return expansion, reports


def triples(*nodes: Any) -> set[tuple[str, str, str]]:
    expansion, reports = expand(*nodes)
    assert reports == []
    short = {BASE: "", SCHEMA: "s:", TYPE: "a", XSD: "xsd:", ORG: "org:"}

    def name(term: object) -> str:
        text = str(term)
        for long, brief in short.items():
            text = text.replace(long, brief)
        return text.replace("<", "").replace(">", "")

    return {(name(f.node.iri), name(f.predicate), name(f.object)) for f in expansion.facts()}


def test_texts_dates_references_and_names_are_read_by_the_context() -> None:
    written = {
        "id": "event/e", "type": ["Event"], "name": "мост", "startDate": "2031-03-03",
        "organizer": ["org/a", "this:b", "https://example.com/c"], "evidence": "x",
    }  # fmt: skip
    assert triples(written) == {
        ("event/e", "a", "s:Event"),
        ("event/e", "s:name", '"мост"@kk'),
        ("event/e", "s:startDate", '"2031-03-03"^^xsd:date'),
        ("event/e", "s:organizer", "org/a"),
        ("event/e", "s:organizer", "release/sample#b"),
        ("event/e", "s:organizer", "https://example.com/c"),
    }


def test_only_the_name_of_a_person_has_no_language() -> None:
    person = {"id": "person/p", "type": "Person", "name": "P", "givenName": "Q", "jobTitle": "R"}
    assert triples(person, {"id": "org/o", "type": "Organization", "name": "O"}) == {
        ("person/p", "a", "s:Person"),
        ("person/p", "s:name", '"P"'),
        ("person/p", "s:givenName", '"Q"'),
        ("person/p", "s:jobTitle", '"R"@kk'),
        ("org/o", "a", "s:Organization"),
        ("org/o", "s:name", '"O"@kk'),
    }


def test_a_nested_node_is_the_same_as_a_reference_and_a_node() -> None:
    place = {"id": "place/p", "type": "Place", "name": "P"}
    event = {"id": "event/e", "type": "Event"}
    assert triples({**event, "location": place}) == triples({**event, "location": "place/p"}, place)
    assert triples({**event, "location": [place]}) == triples({**event, "location": {"id": "place/p"}}, place)


def test_a_role_is_a_node_of_its_own() -> None:
    role = {"title": "Chair", "of": {"id": "org/o", "type": "NGO", "name": "O"}, "evidence": "x", "note": "n"}
    iri = "release/sample#role-p.q-o"
    assert triples({"id": "person/p.q", "type": "Person", "role": role}) == {
        ("person/p.q", "a", "s:Person"),
        ("org/o", "a", "s:NGO"),
        ("org/o", "s:name", '"O"@kk'),
        (iri, "a", "org:Membership"),
        (iri, "a", "s:OrganizationRole"),
        (iri, "s:roleName", '"Chair"@kk'),
        (iri, "http://www.w3.org/2004/02/skos/core#editorialNote", '"n"@kk'),
        (iri, "org:member", "person/p.q"),
        (iri, "org:organization", "org/o"),
    }


def test_a_role_of_the_longest_names_has_an_id() -> None:
    name = "a" * 80
    role = {"title": "Chair", "of": f"org/{name}", "evidence": "x"}
    expansion, reports = expand({"id": f"person/{name}", "type": "Person", "role": role})
    assert reports == []
    assert NamedNode(f"{THIS}role-{name}-{name}") in expansion.nodes


def test_every_fact_knows_where_it_was_written() -> None:
    role = {"title": "Chair", "of": "org/o", "evidence": "x"}
    expansion, _ = expand({"id": "person/p", "type": ["Person"], "name": "P", "alternateName": ["Q"], "role": [role]})
    assert {(f.key, f.pointer) for f in expansion.facts() if f.rule is None} == {
        ("type", ("graph", 0, "type", 0)),
        ("name", ("graph", 0, "name")),
        ("alternateName", ("graph", 0, "alternateName", 0)),
        ("type", ("graph", 0, "role", 0, "type")),  # not written: the role itself is shown
        ("roleName", ("graph", 0, "role", 0, "title")),
        ("organization", ("graph", 0, "role", 0, "of")),
    }


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        ("org/a", BASE + "org/a"),
        ("org/a.b-c9", BASE + "org/a.b-c9"),
        ("org/" + "a" * 80, BASE + "org/" + "a" * 80),
        ("this:Group_1.a", THIS + "Group_1.a"),
        ("release/sample/source.txt", BASE + "release/sample/source.txt"),
        ("https://example.com/a?b=c#d", "https://example.com/a?b=c#d"),
        ("http://example.com/ж", "http://example.com/ж"),
        ("org/" + "a" * 81, None),
        ("org/A", None),
        ("org/a_b", None),
        ("org/", None),
        ("/org/a", None),
        ("org/a/b", None),
        ("org/a..b", None),
        ("org/.a", None),
        ("../org/a", None),
        ("org/é", None),
        ("this:", None),
        ("this:a/b", None),
        ("this:a#b", None),
        ("other:a", None),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("mailto:a@example.org", None),
        ("urn:x:y", None),
        ("https://", None),
        ("https://a b", None),
        ("https://a/<b>", None),
        ("https://a/[b", None),
        ("https://a/%zz", None),
        ("https://a/\x00", None),
        ("https://a:b:c/", None),
        ("", None),
        ("_:b0", None),
        ("release/sample/source.txt/..", None),
        ("release/../source.txt", None),
    ],
)
def test_an_id_is_an_iri_or_refused(name: str, iri: str | None) -> None:
    expansion, _ = expand()
    made = expansion.resolve(name)
    assert (made.value if made else None) == iri


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        ({"@value": "2013", "@type": "xsd:gYear"}, Literal("2013", datatype=NamedNode(XSD + "gYear"))),
        ({"@value": "a", "@type": "https://example.org/t"}, Literal("a", datatype=NamedNode("https://example.org/t"))),
        ({"@value": "a", "@language": "ru"}, Literal("a", language="ru")),
        ({"@value": "a", "@language": "en-US"}, Literal("a", language="en-us")),
        ({"@value": "a"}, Literal("a")),
        ({"@value": 2013, "@type": "xsd:gYear"}, None),
        ({"@value": ""}, None),
        ({"@value": " "}, None),
        ({"@value": None}, None),
        ({"@value": "a", "@type": "gYear"}, None),
        ({"@value": "a", "@type": "nope:gYear"}, None),
        ({"@value": "a", "@type": "xsd:g Year"}, None),
        ({"@value": "a", "@type": "rdf:langString"}, None),
        ({"@value": "a", "@type": 7}, None),
        ({"@value": "a", "@type": ["xsd:date"]}, None),
        ({"@value": "a", "@type": "xsd:date", "@language": "en"}, None),
        ({"@value": "a", "@language": "a"}, None),
        ({"@value": "a", "@language": "en-a"}, None),
        ({"@value": "a", "@language": 7}, None),
        ({"@value": "a", "@direction": "ltr"}, None),
    ],
)
def test_a_value_with_a_type_or_language_is_a_literal_or_refused(value: Any, literal: Literal | None) -> None:
    assert literal_of(value, read_context()) == literal


@pytest.mark.parametrize(
    ("tag", "good"), [("en", True), ("kk-Cyrl-KZ", True), ("", False), ("e", False), ("e n", False)]
)
def test_a_language_tag_is_judged_by_its_form(tag: str, good: bool) -> None:
    assert is_language(tag) is good


def test_a_language_tag_is_no_longer_than_any_in_use() -> None:
    longest = "en-x" + "-abcdefg" * 12
    assert (len(longest), is_language(longest), is_language(longest + "-b")) == (100, True, False)


@pytest.mark.parametrize(
    ("node", "code", "pointer"),
    [
        ("text", "not-a-node", ()),
        (None, "not-a-node", ()),
        ([], "not-a-node", ()),
        ({}, "no-id", ()),
        ({"id": None}, "no-id", ()),
        ({"id": 7}, "bad-id", ("id",)),
        ({"id": ["org/a"]}, "bad-id", ("id",)),
        ({"id": "https://example.com/a"}, "bad-id", ("id",)),
        ({"id": "org/a", "type": {"a": "b"}}, "unknown-type", ("type", 0)),
        ({"id": "org/a", "type": [["NGO"]]}, "unknown-type", ("type", 0)),
        ({"id": "org/a", "type": None}, "unknown-type", ("type", 0)),
        ({"id": "org/a", "type": "schema:Persn"}, "unknown-type", ("type", 0)),
        ({"id": "org/a", "Name": "x"}, "unknown-key", ("Name",)),
        ({"id": "org/a", "schema:nme": "x"}, "unknown-key", ("schema:nme",)),
        ({"id": "org/a", "@graph": []}, "unknown-key", ("@graph",)),
        ({"id": "org/a", "graph": []}, "unknown-key", ("graph",)),
        ({"id": "org/a", "@context": {}}, "unknown-key", ("@context",)),
        ({"id": "org/a", "@reverse": {}}, "unknown-key", ("@reverse",)),
        ({"id": "org/a", "sha256": "x"}, "unknown-key", ("sha256",)),
        ({"id": "org/a", "name": 1.5}, "not-text", ("name", 0)),
        ({"id": "org/a", "name": {}}, "not-text", ("name", 0)),
        ({"id": "org/a", "name": [None]}, "empty-value", ("name", 0)),
        ({"id": "org/a", "name": "\t\n"}, "empty-value", ("name", 0)),
        ({"id": "org/a", "memberOf": None}, "not-a-node", ("memberOf", 0)),
        ({"id": "org/a", "memberOf": [["org/b"]]}, "not-a-node", ("memberOf", 0)),
        ({"id": "org/a", "memberOf": {}}, "no-id", ("memberOf", 0)),
        ({"id": "org/a", "memberOf": ""}, "bad-reference", ("memberOf", 0)),
        ({"id": "org/a", "labels": [{"en": "x"}]}, "not-text", ("labels",)),
        ({"id": "org/a", "labels": {"en": {"x": "y"}}}, "not-text", ("labels", "en")),
        ({"id": "org/a", "labels": {"en": None}}, "not-text", ("labels", "en")),
        ({"id": "org/a", "role": None}, "not-a-node", ("role",)),
        ({"id": "org/a", "role": [7]}, "not-a-node", ("role", 0)),
        ({"id": "org/a", "role": {"title": "x", "of": 7, "evidence": "x"}}, "not-a-node", ("role", "of", 0)),
        ({"id": "org/a", "role": {"title": "x", "of": {}, "evidence": "x"}}, "no-id", ("role", "of", 0)),
        ({"id": "org/a", "role": {"title": 7, "of": "org/b", "evidence": "x"}}, "not-text", ("role", "title", 0)),
        (
            {"id": "org/a", "role": {"id": 7, "title": "x", "of": "org/b", "evidence": "x"}},
            "bad-id",
            ("role", "id"),
        ),
    ],
)
def test_what_cannot_be_read_is_reported_at_its_place(node: Any, code: str, pointer: Pointer) -> None:
    _, reports = expand(node)
    assert next(r for r in reports if r[0] != "no-type") == (code, ("graph", 0, *pointer))


def test_a_node_that_names_itself_inside_itself_is_refused() -> None:
    _, reports = expand({"id": "org/a", "type": "NGO", "memberOf": {"id": "org/a", "name": "x"}})
    assert reports == [("duplicate-id", ("graph", 0, "memberOf", 0, "id"))]


def test_a_node_may_name_itself() -> None:
    assert ("org/a", "s:memberOf", "org/a") in triples({"id": "org/a", "type": "NGO", "memberOf": {"id": "org/a"}})
