"""The full JSON-LD: our own context, one flat list of entities, as short as it can be without losing anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from communique.context import read_context
from communique.export.grouped import group
from communique.export.jsonld import JsonLdWriter, main_language
from communique.export.rdf import render
from communique.formats import JSON_LD
from communique.terms import CMQ, DEFAULT_BASE, FABIO, SCHEMA, TYPE, XSD

BASE = DEFAULT_BASE
SLUG = "2015-05-29-report"
RELEASE = f"{BASE}release/{SLUG}"
DATA = Path(__file__).parent / "data" / "export.trig"
QUADS = tuple(ox.parse(path=str(DATA), format=ox.RdfFormat.TRIG))


def document(*facts: tuple[str, str, ox.NamedNode | ox.Literal], slug: str | None = None) -> dict[str, Any]:
    quads = [ox.Quad(ox.NamedNode(s), ox.NamedNode(p), o) for s, p, o in facts]
    data = render(quads, JSON_LD, base=BASE, slug=slug)
    back = {q.triple for q in ox.parse(data, format=ox.RdfFormat.JSON_LD)}
    assert back == {q.triple for q in quads}
    found: dict[str, Any] = json.loads(data)
    return found


def node(*facts: tuple[str, ox.NamedNode | ox.Literal]) -> dict[str, Any]:
    """The one node object that says these facts, beside an English name."""
    subject = BASE + "org/a"
    name = (subject, SCHEMA + "headline", ox.Literal("A", language="en"))
    (found,) = document(name, *((subject, path, value) for path, value in facts))["graph"]
    assert (found.pop("id"), found.pop("headline")) == ("org/a", "A")
    return dict(found)


def test_the_release_reads_like_its_record() -> None:
    nodes = {n["id"]: n for n in json.loads(render(QUADS, JSON_LD, base=BASE, slug=SLUG))["graph"]}
    assert next(iter(nodes.values())) == {
        "id": "release/2015-05-29-report",
        "type": ["PressRelease", "NewsArticle"],
        "headline": "Presentation of the special report, Almaty, 29 May 2015",
        "dateline": "Almaty, May 29, 2015",
        "genre": "topic/press-release",
        "inLanguage": "en",
        "encoding": "release/2015-05-29-report/source.txt",
        "about": ["event/presentation", "work/report-2014"],
        "mentions": ["org/sana-sezim", "topic/nowhere"],
        "mediaContact": "this:contact",
        "note": "No author is named.",
    }
    assert nodes["place/kazakhstan"] == {
        "id": "place/kazakhstan",
        "type": ["Country", "Place"],
        "name": "Kazakhstan",
        "labels": {"kk": "Қазақстан", "ru": "Казахстан"},
        "identifier": "KZ",
        "sameAs": ["http://www.wikidata.org/entity/Q232", "https://sws.geonames.org/1522867/"],
    }
    assert nodes["this:launch"]["startDate"] == {"@value": "2013", "@type": "xsd:gYear"}
    assert nodes["person/zhakupov.mia-kz"] == {
        "id": "person/zhakupov.mia-kz",
        "type": "Person",
        "name": "Zhakupov",
        "familyName": "Zhakupov",
        "honorificPrefix": "Mr.",
        "jobTitle": "Deputy Minister",
        "affiliation": "org/mia-kz",
        "supportedBy": "release/2015-05-29-report/source.txt#char=100,118",
    }
    assert nodes["release/2015-05-29-report/source.txt#char=20,40"] == {
        "id": "release/2015-05-29-report/source.txt#char=20,40",
        "type": "Passage",
        "hasSource": "release/2015-05-29-report/source.txt",
        "exact": "Almaty, May 29, 2015",
        "start": "20",
        "end": "40",
    }
    assert nodes["this:s-0000000003"] == {
        "id": "this:s-0000000003",
        "type": "StatementOfFact",
        "note": "taken to be one report",
        "basis": "cmq:inferred",
        "subject": "work/report-2014",
        "predicate": "schema:alternateName",
        "object": "Special Report",
    }


def test_the_context_declares_the_terms_in_use_and_no_key_of_authors() -> None:
    date = ox.Literal("2015-05-29", datatype=ox.NamedNode(XSD + "date"))
    event = BASE + "event/a"
    assert document(
        (event, TYPE, ox.NamedNode(SCHEMA + "Event")),
        (event, SCHEMA + "startDate", date),
        (event, SCHEMA + "location", ox.NamedNode(f"{RELEASE}#place")),
        slug=SLUG,
    ) == {
        "@context": {
            "@version": 1.1,
            "@base": BASE,
            "this": f"{RELEASE}#",
            "schema": "http://schema.org/",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
            "id": "@id",
            "type": "@type",
            "graph": "@graph",
            "Event": "schema:Event",
            "startDate": {"@id": "schema:startDate", "@type": "xsd:date"},
            "location": {"@id": "schema:location", "@type": "@id"},
        },
        "graph": [{"id": "event/a", "type": "Event", "startDate": "2015-05-29", "location": "this:place"}],
    }
    assert not {"role", "evidence"} & json.loads(JsonLdWriter(BASE).head() + JsonLdWriter.tail)["@context"].keys()


@pytest.mark.parametrize(
    ("path", "value", "written"),
    [
        ("text", ox.Literal("x", language="en"), {"text": "x"}),
        ("text", ox.Literal("x"), {"text": {"@value": "x"}}),
        ("text", ox.Literal("x", language="ru"), {"text": {"@value": "x", "@language": "ru"}}),
        ("text", ox.NamedNode(BASE + "org/b"), {"text": {"id": "org/b"}}),
        ("telephone", ox.Literal("5"), {"telephone": "5"}),
        ("telephone", ox.Literal("5", language="en"), {"telephone": {"@value": "5", "@language": "en"}}),
        (
            "telephone",
            ox.Literal("5", datatype=ox.NamedNode(XSD + "int")),
            {"telephone": {"@value": "5", "@type": "xsd:int"}},
        ),
        ("about", ox.NamedNode("http://e.org/a"), {"about": "http://e.org/a"}),
        ("about", ox.Literal("http://e.org/a"), {"about": {"@value": "http://e.org/a"}}),
        ("name", ox.Literal("x", language="id"), {"labels": {"id": "x"}}),
        ("name", ox.Literal("x"), {"name": {"@value": "x"}}),
        ("unheardOf", ox.Literal("x", language="en"), {"schema:unheardOf": {"@value": "x", "@language": "en"}}),
        ("a:b", ox.Literal("x"), {"http://schema.org/a:b": {"@value": "x"}}),
    ],
)
def test_a_value_is_as_short_as_its_key_allows(path: str, value: Any, written: dict[str, Any]) -> None:
    assert node((SCHEMA + path, value)) == written


def test_names_in_one_language_are_a_list_in_the_map() -> None:
    names = [ox.Literal(text, language="ru") for text in ("б", "а")]
    more = [(SCHEMA + "text", ox.Literal("B", language="en"))]
    assert node(*more, *((SCHEMA + "name", n) for n in names)) == {"text": "B", "labels": {"ru": ["а", "б"]}}


def test_a_name_of_a_person_in_a_language_keeps_it() -> None:
    person = (TYPE, ox.NamedNode(SCHEMA + "Person"))
    both = [(SCHEMA + "name", ox.Literal("A", language="en")), (SCHEMA + "name", ox.Literal("A"))]
    assert node(person, *both) == {"type": "Person", "name": "A", "labels": {"en": "A"}}


def test_a_class_without_a_key_is_compact_or_whole() -> None:
    classes = [(TYPE, ox.NamedNode(iri)) for iri in (SCHEMA + "Zoo", "http://e.org/C", BASE + "C")]
    assert node(*classes) == {"type": ["http://e.org/C", "schema:Zoo", BASE + "C"]}


def test_a_text_in_place_of_a_class_is_kept() -> None:
    assert node((TYPE, ox.Literal("Event"))) == {"rdf:type": {"@value": "Event"}}


def test_an_iri_that_looks_compact_is_written_where_no_context_reaches() -> None:
    assert document(("schema:foo", SCHEMA + "about", ox.NamedNode("this:x")))["graph"] == [
        {"@context": None, "@id": "schema:foo", "http://schema.org/about": {"@id": "this:x"}}
    ]


def test_an_entity_named_like_a_keyword_is_written_whole() -> None:
    (found,) = document((BASE + "id", SCHEMA + "about", ox.NamedNode(BASE + "type")))["graph"]
    assert found == {"id": BASE + "id", "about": BASE + "type"}


def test_written_entity_by_entity_it_is_the_same_document() -> None:
    writer = JsonLdWriter(BASE, slug=SLUG, language="en", context=read_context())
    blocks = [writer.block(*one) for one in group(QUADS, read_context()).entities.items()]
    short = writer.head(writer.used) + writer.between.join(blocks) + writer.tail
    whole = writer.head() + writer.between.join(blocks) + writer.tail
    assert short == render(QUADS, JSON_LD, base=BASE, slug=SLUG)
    triples = {q.triple for q in QUADS}
    assert {q.triple for q in ox.parse(whole, format=ox.RdfFormat.JSON_LD)} == triples


@pytest.mark.parametrize(
    ("named", "language"), [(["ru"], "ru"), (["RU"], "ru"), (["ru", "kk"], "en"), (['"</script>'], "en"), ([], "en")]
)
def test_the_main_language_is_that_of_the_release_or_the_most_frequent(named: list[str], language: str) -> None:
    release, text = ox.NamedNode(RELEASE), ox.NamedNode(SCHEMA + "text")
    quads = [ox.Quad(release, ox.NamedNode(TYPE), ox.NamedNode(FABIO + "PressRelease"))]
    quads += [ox.Quad(release, ox.NamedNode(SCHEMA + "inLanguage"), ox.Literal(tag)) for tag in named]
    quads += [ox.Quad(release, text, ox.Literal(t, language=tag)) for t, tag in (("a", "en"), ("b", "en"), ("c", "fr"))]
    assert main_language(group(quads, read_context()).entities) == language


def test_data_without_any_language_has_no_main_language() -> None:
    quads = [ox.Quad(ox.NamedNode(RELEASE), ox.NamedNode(CMQ + "origin"), ox.Literal("meta"))]
    assert main_language(group(quads, read_context()).entities) is None
