"""What no shape can see: references to nothing, nodes nobody reaches, names that differ only in spelling."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from communique.check.lint import check_registry, check_release, folded, named
from communique.compile.registry import compile_registry
from communique.context import read_context
from communique.findings import Finding
from communique.read.newsroom import open_data
from communique.read.release import build_release
from tests.conftest import BASE, MakeNewsroom, compile_record, record_of

TEXT = "Headline of the day\nAda Example, Chair of the Sample Body, spoke. Max Muster listened.\n"
ADA = {"id": "person/p", "type": "Person", "name": "Ada Example", "evidence": "Ada Example"}
GROUP = {"id": "this:group", "type": "Group", "name": "Sample Body", "evidence": "Sample Body"}


def lint(*nodes: Any, entities: str | None = None, make: MakeNewsroom | None = None, **release: Any) -> list[Finding]:
    record = record_of(*nodes, **release)
    files = open_data(make("a: b", "x", entities=entities)).entities() if make else ()
    registry = compile_registry(files, read_context(), base=BASE)
    written = build_release("sample", TEXT, record, Path("all.jsonl"), 1)
    return check_release(written, compile_record(record, TEXT), registry)


def brief(findings: list[Finding]) -> list[tuple[str, str, str | None, str | None]]:
    return [(f.code, f.severity, f.value or f.focus, f.fix) for f in findings]


def test_a_record_that_hangs_together_has_no_findings() -> None:
    assert lint(ADA, GROUP, about=["this:group"]) == []


def test_a_reference_to_nothing_is_refused_with_the_nearest_id() -> None:
    found = lint(ADA, {**GROUP, "memberOf": "person/q"}, about="this:gruop")
    assert [row for row in brief(found) if row[0] == "dangling-reference"] == [
        ("dangling-reference", "violation", BASE + "release/sample#gruop", "did you mean this:group?"),
        ("dangling-reference", "violation", BASE + "person/q", "did you mean person/p?"),
    ]


def test_only_a_limited_number_of_ids_is_compared_to_suggest_one(monkeypatch: pytest.MonkeyPatch) -> None:
    meant = []
    for compared in (1, 1_000):
        monkeypatch.setattr("communique.check.lint.COMPARED", compared)
        found = lint(ADA, {**GROUP, "memberOf": ["person/q", "person/r"]}, about="this:group")
        meant.append([f.fix for f in found if f.code == "dangling-reference"])
    near = "did you mean person/p?"
    assert meant == [[near, "describe it in the record, with a quote"], [near, near]]


def test_what_the_registry_describes_or_other_sites_is_no_dangling_reference(make_newsroom: MakeNewsroom) -> None:
    entities = "graph:\n  - {id: org/known, type: NGO, name: Known}\n"
    links = ["org/known", "https://example.com/other", "release/another-one"]
    assert lint(ADA, mentions=links, entities=entities, make=make_newsroom) == []


def test_a_body_named_only_in_a_role_is_a_dangling_reference() -> None:
    role = {"title": "Chair", "of": "org/body", "evidence": "Chair of the Sample Body"}
    found = lint({**ADA, "role": role})
    assert {f.code for f in found} == {"dangling-reference"} and {f.value for f in found} == {BASE + "org/body"}


def test_terms_of_schema_org_with_https_are_refused() -> None:
    found = lint({**ADA, "sameAs": ["https://schema.org/Person", "http://schema.org/Person"]})
    assert brief(found) == [
        ("https-schema-org", "violation", "https://schema.org/Person", "write http://schema.org/…"),
    ]  # fmt: skip


def test_a_node_that_nothing_ties_to_the_release_is_a_warning() -> None:
    other = {**GROUP, "id": "this:other", "memberOf": "this:group"}
    found = lint(ADA, GROUP, other)
    assert [(f.code, f.severity, f.focus) for f in found] == [
        ("unreachable-node", "warning", BASE + "release/sample#group"),
        ("unreachable-node", "warning", BASE + "release/sample#other"),
    ]
    assert lint(ADA, GROUP, other, about="this:other") == []  # tied in either direction


def test_all_that_a_release_names_is_known() -> None:
    compiled = compile_record(
        record_of(ADA, about="topic/t"), TEXT, page={"publisher": {"value": "org/o", "origin": "x"}}
    )
    assert {i.removeprefix(BASE) for i in named(compiled) if i.startswith(BASE)} == {
        "release/sample", "release/sample/source.txt", "person/p", "topic/t", "org/o",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Sana-Sézim ", "«SANA SEZIM»", True),
        ("Straße", "STRASSE", True),
        ("Қазақстан", "қазақстан", True),
        ("Danko", "Danka", False),
        ("№ 1", "No 1", True),
    ],
)
def test_names_are_compared_without_case_accents_and_punctuation(one: str, other: str, same: bool) -> None:
    assert (folded(one) == folded(other)) is same


def test_entities_of_one_kind_with_names_that_read_the_same_are_a_warning(make_newsroom: MakeNewsroom) -> None:
    entities = """\
graph:
  - {id: org/a, type: NGO, name: Sana Sample}
  - {id: org/b, type: Organization, name: B, alternateName: SANA-SÁMPLE}
  - {id: person/c, type: Person, name: Sana Sample}
  - {id: org/d, type: NGO, name: Sana Sample}
"""
    registry = compile_registry(
        open_data(make_newsroom("a: b", "x", entities=entities)).entities(), read_context(), base=BASE
    )
    found = check_registry(registry, None)
    assert [(f.code, f.severity, f.focus, f.line) for f in found] == [
        ("similar-names", "warning", BASE + "org/b", 3),
        ("similar-names", "warning", BASE + "org/d", 5),
    ]
    assert [f.message for f in found] == [
        f"'SANA-SÁMPLE' differs only in spelling from 'Sana Sample' ({BASE}org/a)",
        f"'Sana Sample' is a name of {BASE}org/a too",
    ]


def test_entities_that_no_release_names_are_reported(make_newsroom: MakeNewsroom) -> None:
    entities = "graph:\n  - {id: org/a, type: NGO, name: A}\n  - {id: org/b, type: NGO, name: B}\n"
    registry = compile_registry(
        open_data(make_newsroom("a: b", "x", entities=entities)).entities(), read_context(), base=BASE
    )
    found = check_registry(registry, {BASE + "org/a"})
    assert [(f.code, f.severity, f.focus, f.line) for f in found] == [("unused-entity", "info", BASE + "org/b", 3)]
    assert check_registry(registry, None) == []


# ---- links to authorities


@pytest.mark.parametrize(
    ("link", "form"),
    [
        ("https://www.wikidata.org/wiki/Q42", "http://www.wikidata.org/entity/Q42"),
        ("https://www.wikidata.org/entity/Q42", "http://www.wikidata.org/entity/Q42"),
        ("http://m.wikidata.org/wiki/Special:EntityData/Q42.json", "http://www.wikidata.org/entity/Q42"),
        ("https://www.geonames.org/123/some-town.html", "https://sws.geonames.org/123/"),
        ("http://sws.geonames.org/123", "https://sws.geonames.org/123/"),
        ("http://www.isni.org/000000012345678X", "https://isni.org/isni/000000012345678X"),
        ("https://viaf.org/viaf/123456/", "http://viaf.org/viaf/123456"),
        ("http://www.ror.org/0abcdef12", "https://ror.org/0abcdef12"),
        ("http://orcid.org/0000-0000-0000-000X", "https://orcid.org/0000-0000-0000-000X"),
        ("http://d-nb.info/gnd/12345-X", "https://d-nb.info/gnd/12345-X"),
        ("https://id.loc.gov/authorities/subjects/sh123.html", "http://id.loc.gov/authorities/subjects/sh123"),
        ("https://eurovoc.europa.eu/123", "http://eurovoc.europa.eu/123"),
        ("http://eurovoc.europa.eu/c_12ab/", "http://eurovoc.europa.eu/c_12ab"),
        ("https://metadata.un.org/thesaurus/123?lang=en", "http://metadata.un.org/thesaurus/123"),
    ],
)
def test_a_link_in_another_form_than_that_of_its_authority_is_reported_with_the_form(link: str, form: str) -> None:
    thing = {**ADA, "id": "thing/t", "type": "Thing"}  # of no kind, so that any link may be right
    found = lint({**thing, "sameAs": [link]})
    assert brief(found) == [("authority-form", "warning", link, f"write {form}")]
    assert lint({**thing, "sameAs": [form]}) == []


def test_a_link_to_an_authority_without_an_id_is_reported() -> None:
    (found,) = lint({**ADA, "sameAs": ["https://www.wikidata.org/wiki/Some_person"]})
    assert found.fix == "give the id of one thing there, or leave out the link to Wikidata"


@pytest.mark.parametrize(
    "link",
    ["https://www.wikidata.org.example.org/wiki/Q42", "https://example.org/?of=https://www.wikidata.org/wiki/Q42"],
)
def test_another_site_that_only_looks_like_an_authority_is_left_alone(link: str) -> None:
    assert lint({**ADA, "sameAs": [link]}) == []


def test_links_of_topics_and_of_the_registry_are_looked_at_too(make_newsroom: MakeNewsroom) -> None:
    entities = (
        "graph:\n"
        "  - {id: org/a, type: NGO, name: A, sameAs: 'http://www.wikidata.org/entity/Q42'}\n"
        "  - {id: topic/b, type: [Concept, DefinedTerm], name: B, exactMatch: 'https://www.wikidata.org/wiki/Q42'}\n"
        "  - {id: topic/c, type: [Concept, DefinedTerm], name: C, closeMatch: 'https://eurovoc.europa.eu/123'}\n"
    )
    registry = compile_registry(
        open_data(make_newsroom("a: b", "x", entities=entities)).entities(), read_context(), base=BASE
    )
    found = [(f.code, f.focus, f.line) for f in check_registry(registry, None)]
    assert found == [("authority-form", BASE + "topic/b", 3), ("authority-form", BASE + "topic/c", 4)]


# ---- links between things of different kinds


THINGS: dict[str, dict[str, str | list[str]]] = {
    "person": {"id": "person/p", "type": "Person"},
    "place": {"id": "place/p", "type": "City"},
    "organisation": {"id": "org/p", "type": "schema:Hospital"},
    "place and organisation": {"id": "org/p", "type": "schema:Restaurant"},
    "topic": {"id": "topic/p", "type": ["Concept", "DefinedTerm"]},
    "thing": {"id": "thing/p", "type": "Thing"},
    "act": {"id": "legislation/p", "type": "Legislation"},
}


@pytest.mark.parametrize(
    ("kind", "key", "link", "severity"),
    [
        ("person", "sameAs", "https://sws.geonames.org/123/", "violation"),
        ("person", "sameAs", "https://ror.org/0abcdef12", "violation"),
        ("place", "sameAs", "https://orcid.org/0000-0000-0000-000X", "violation"),
        ("act", "sameAs", "https://isni.org/isni/000000012345678X", "violation"),
        ("topic", "sameAs", "https://sws.geonames.org/123/", "violation"),
        ("topic", "exactMatch", "https://sws.geonames.org/123/", "violation"),
        ("place", "closeMatch", "http://eurovoc.europa.eu/123", "violation"),
        ("place", "sameAs", "http://eurovoc.europa.eu/123", "warning"),
        ("person", "sameAs", "http://id.loc.gov/authorities/subjects/sh123", "warning"),
        ("place", "sameAs", "https://sws.geonames.org/123/", None),
        ("organisation", "sameAs", "https://isni.org/isni/000000012345678X", None),
        ("organisation", "sameAs", "https://ror.org/0abcdef12", None),
        ("place and organisation", "sameAs", "https://sws.geonames.org/123/", None),
        ("person", "sameAs", "https://orcid.org/0000-0000-0000-000X", None),
        ("person", "sameAs", "http://id.loc.gov/authorities/names/n123", None),
        ("person", "sameAs", "http://www.wikidata.org/entity/Q42", None),
        ("topic", "exactMatch", "http://eurovoc.europa.eu/123", None),
        ("topic", "exactMatch", "http://www.wikidata.org/entity/Q42", None),
        ("topic", "sameAs", "http://metadata.un.org/thesaurus/123", None),
        ("thing", "sameAs", "https://sws.geonames.org/123/", None),
    ],
)
def test_a_link_to_something_of_another_kind_is_reported(kind: str, key: str, link: str, severity: str | None) -> None:
    node = {**THINGS[kind], "name": "Ada Example", "evidence": "Ada Example", key: link}
    found = [(f.code, f.severity, f.value) for f in lint(node) if f.code != "not-grounded"]
    assert found == ([("other-kind", severity, link)] if severity else [])


def test_a_place_that_is_linked_to_a_thesaurus_is_told_the_code_to_write() -> None:
    node = {**THINGS["place"], "name": "Sample Body", "evidence": "Sample Body"}
    (found,) = lint({**node, "sameAs": "http://metadata.un.org/thesaurus/123"})
    assert found.fix == 'write it as a code: identifier: "unbis:123"'
    assert found.message == "http://metadata.un.org/thesaurus/123 is a concept at UNBIS, and this is a place"


def test_the_kind_that_the_registry_gives_counts_in_a_record_too(make_newsroom: MakeNewsroom) -> None:
    entities = "graph:\n  - {id: thing/p, type: City, name: Ada Example}\n"
    node = {**THINGS["thing"], "name": "Ada Example", "evidence": "Ada Example", "sameAs": "https://ror.org/0abcdef12"}
    found = lint(node, entities=entities, make=make_newsroom)
    assert [f.code for f in found] == ["other-kind"]


def test_two_entities_that_are_one_thing_elsewhere_are_reported(make_newsroom: MakeNewsroom) -> None:
    link = "http://www.wikidata.org/entity/Q42"
    entities = (
        "graph:\n"
        f"  - {{id: org/a, type: NGO, name: A, sameAs: '{link}'}}\n"
        f"  - {{id: org/b, type: Organization, name: B, sameAs: ['https://b.example/', '{link}']}}\n"
        f"  - {{id: person/c, type: Person, name: C, sameAs: '{link}'}}\n"
        f"  - {{id: place/d, type: City, name: D, sameAs: 'https://ror.org/0abcdef12'}}\n"
    )
    registry = compile_registry(
        open_data(make_newsroom("a: b", "x", entities=entities)).entities(), read_context(), base=BASE
    )
    found = [(f.code, f.severity, f.focus, f.line, f.message) for f in check_registry(registry, None)]
    assert found == [
        ("other-kind", "violation", BASE + "place/d", 5,
         "https://ror.org/0abcdef12 is an organisation at ROR, and this is a place"),
        ("shared-link", "warning", BASE + "org/b", 3, f"{link} is the same thing as {BASE}org/a too"),
        ("shared-link", "violation", BASE + "person/c", 4,
         f"{link} is the same thing as {BASE}org/a too, which is an organisation, and this is a person"),
    ]  # fmt: skip
