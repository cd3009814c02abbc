"""Any term of schema.org in a record: what it becomes, what is refused, and what a finding tells its author."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from communique.compile.compiler import compile_release
from communique.compile.openvalues import OpenFault, read_date, read_open
from communique.compile.registry import compile_registry
from communique.compile.termhints import unknown_class, unknown_property
from communique.context import Term, read_context
from communique.findings import Finding
from communique.kinds import superclasses
from communique.read.newsroom import EntityFile
from communique.read.release import build_release
from communique.schemaorg import read_vocabulary
from communique.terms import SCHEMA, TYPE, XSD
from tests.conftest import BASE, compile_record, record_of

TEXT = (
    "Headline\nThe Sample Works opened the Sample Pump in 2031. The Other Works made it with Ada Example.\n"
    "It was opened at the River Hall.\n"
)
WORKS = {"id": "org/works", "type": "Organization", "name": "Sample Works", "evidence": "The Sample Works opened"}


def literal(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


def resolve(name: str) -> NamedNode | None:
    return NamedNode(BASE + name) if "/" in name and " " not in name else None


def value(key: str, written: object) -> NamedNode | Literal | OpenFault:
    return read_open(Term(key, key.replace("schema:", SCHEMA), "open"), written, "ru", resolve)


def facts(*nodes: Any, **release: Any) -> set[tuple[str, str, str]]:
    made = compile_record(record_of(*nodes, **release), TEXT)
    assert [f.message for f in made.findings if f.severity == "violation"] == []

    def short(term: object) -> str:
        return str(term).replace(BASE, "").replace(SCHEMA, "s:").replace(XSD, "xsd:").replace("<", "").replace(">", "")

    return {(short(q.subject), short(q.predicate), short(q.object)) for q in made.facts}


def findings(*nodes: Any) -> list[Finding]:
    made = compile_record(record_of(*nodes), TEXT)
    return [f for f in made.findings if f.code.startswith(("term-", "unknown-", "duplicate-"))]


# ---- values


@pytest.mark.parametrize(
    ("key", "written", "wanted"),
    [
        ("schema:slogan", "Вода для всех", Literal("Вода для всех", language="ru")),
        ("schema:slogan", "24/7", Literal("24/7")),
        ("schema:slogan", "e\u0301", Literal("\u00e9", language="ru")),
        ("schema:leiCode", "XX00SAMPLE", Literal("XX00SAMPLE")),
        ("schema:priceCurrency", "EUR", Literal("EUR")),
        ("schema:additionalName", "Maria", Literal("Maria")),
        ("schema:dissolutionDate", "2019-02-28", literal("2019-02-28", "date")),
        ("schema:dissolutionDate", "2019-02", literal("2019-02", "gYearMonth")),
        ("schema:dissolutionDate", "2019", literal("2019", "gYear")),
        ("schema:doorTime", "2019-02-28T09:30", literal("2019-02-28T09:30:00", "dateTime")),
        ("schema:doorTime", "2019-02-28T09:30:15+06:00", literal("2019-02-28T09:30:15+06:00", "dateTime")),
        ("schema:doorTime", "2019-02-28", literal("2019-02-28", "date")),
        ("schema:doorTime", "09:30Z", literal("09:30:00Z", "time")),
        ("schema:opens", "09:30", literal("09:30:00", "time")),
        ("schema:maximumAttendeeCapacity", "250", literal("250", "integer")),
        ("schema:maximumAttendeeCapacity", 250, literal("250", "integer")),
        ("schema:price", "2.50", literal("2.5", "decimal")),
        ("schema:price", "on request", Literal("on request", language="ru")),
        ("schema:isAccessibleForFree", True, literal("true", "boolean")),
        ("schema:isAccessibleForFree", "false", literal("false", "boolean")),
        ("schema:timeRequired", "PT1H30M", literal("PT1H30M", "duration")),
        ("schema:timeRequired", "PT90M", literal("PT1H30M", "duration")),
        ("schema:timeRequired", "P2W", literal("P14D", "duration")),
        ("schema:weight", "12 kg", Literal("12 kg", language="ru")),
        ("schema:weight", "thing/weight", NamedNode(BASE + "thing/weight")),
        ("schema:manufacturer", "org/b", NamedNode(BASE + "org/b")),
        ("schema:material", "and/or", Literal("and/or", language="ru")),
        ("schema:material", "thing/steel", NamedNode(BASE + "thing/steel")),
        ("schema:material", "https://example.org/steel", NamedNode("https://example.org/steel")),
        ("schema:award", "https://example.org/prize", Literal("https://example.org/prize", language="ru")),
        ("schema:downloadUrl", "https://example.org/a", NamedNode("https://example.org/a")),
        ("schema:eventStatus", "schema:EventCancelled", NamedNode(SCHEMA + "EventCancelled")),
    ],
)  # fmt: skip
def test_a_value_is_read_by_the_ranges_of_its_property(key: str, written: object, wanted: object) -> None:
    assert value(key, written) == wanted


@pytest.mark.parametrize(
    ("key", "written"),
    [
        *[("schema:price", n) for n in ("2.50", "007", "+7", "-0", "-0.0", "100", "0.10", "1" * 18, "2.0")],
        *[("schema:timeRequired", d) for d in ("PT90M", "P18M", "PT36H", "PT0S", "P0D", "PT1.50S", "P1Y12MT25H61M61S")],
        *[("schema:opens", t) for t in ("09:30", "09:30:15.50", "09:30+00:00", "23:59:59-05:00", "09:30:00.000Z")],
        *[("schema:arrivalTime", t) for t in ("2031-03-03T09:30", "2031-03-03T09:30:15.50+06:00", "2031-03-03")],
        *[("schema:dissolutionDate", d) for d in ("2031", "2031-03", "2031-03-03")],
        ("schema:isAccessibleForFree", "true"),
    ],
)  # fmt: skip
def test_a_typed_value_is_written_as_a_store_gives_it_back(key: str, written: str) -> None:
    read = value(key, written)
    assert isinstance(read, Literal) and not read.language
    node, store = NamedNode("urn:x"), Store()
    store.add(Quad(node, node, read))
    assert [q.object for q in store] == [read]


@pytest.mark.parametrize(
    ("key", "written", "message", "fix"),
    [
        ("schema:dissolutionDate", "2019-02-30",
         "'2019-02-30' is not a value of schema:dissolutionDate, which takes Date",
         "write a day, month or year, such as 2015-05-29"),
        ("schema:dissolutionDate", "last year", None, "write a day, month or year, such as 2015-05-29"),
        ("schema:dissolutionDate", "0000", None, "write a day, month or year, such as 2015-05-29"),
        ("schema:opens", "25:00", None, "write a time of day, such as 14:30"),
        ("schema:doorTime", "2019-02T09:30", None,
         "write a day and time, such as 2015-05-29T14:30, or a time of day, such as 14:30"),
        ("schema:maximumAttendeeCapacity", "2.5", None, "write a whole number in digits"),
        ("schema:maximumAttendeeCapacity", 2.5, "2.5 is a number, not Integer",
         "put it into quotation marks, so that it stays as written"),
        ("schema:maximumAttendeeCapacity", True, "true is a truth value, not Integer",
         "put it into quotation marks, so that it stays as written"),
        ("schema:slogan", 7, "7 is a number, not Text", "put it into quotation marks, so that it stays as written"),
        ("schema:isAccessibleForFree", "yes", None, "write true or false"),
        ("schema:timeRequired", "90 minutes", None, "write a duration in ISO 8601, such as PT90M"),
        ("schema:timeRequired", "PT", None, "write a duration in ISO 8601, such as PT90M"),
        ("schema:timeRequired", "P1DT", None, "write a duration in ISO 8601, such as PT90M"),
        ("schema:downloadUrl", "example.org", None, "write a whole http(s) address"),
        ("schema:manufacturer", "Sample Works", "'Sample Works' is not the id of a node",
         "write the id of a node of type Organization"),
        ("schema:eventStatus", "schema:EventCanceled",
         "schema:EventCanceled is no value that schema.org has for schema:eventStatus",
         "did you mean schema:EventCancelled?"),
        ("schema:eventStatus", "schema:InStock", "schema:InStock is not one of its values for schema:eventStatus",
         "known: schema:EventCancelled, schema:EventMovedOnline, schema:EventPostponed, schema:EventRescheduled, "
         "schema:EventScheduled"),
        ("schema:dissolutionDate", "schema:InStock",
         "schema:InStock is not a value of schema:dissolutionDate, which takes Date",
         "write a day, month or year, such as 2015-05-29"),
    ],
)  # fmt: skip
def test_a_value_outside_the_ranges_is_refused_with_what_to_write(
    key: str, written: object, message: str | None, fix: str
) -> None:
    fault = value(key, written)
    assert isinstance(fault, OpenFault)
    assert (message or fault.message, fix) == fault


@pytest.mark.parametrize("text", ["P" + "9" * 100_000, "9" * 100_000, "1" * 60_000 + "." + "1" * 60_000, "PT" * 50_000])
def test_a_very_long_value_is_text_or_refused_and_never_slow(text: str) -> None:
    assert read_date(text) is None
    assert isinstance(value("schema:timeRequired", text), OpenFault)
    assert isinstance(value("schema:maximumAttendeeCapacity", text), OpenFault)


def test_every_property_of_schema_org_takes_some_value() -> None:
    samples: list[object] = ["text", "2019-02-28", "09:30", "12", True, "PT1H", "https://example.org/a", "org/b"]
    for name, own in read_vocabulary().properties.items():
        term = read_context().term(f"schema:{name}")
        assert term is not None and term.iri == SCHEMA + name
        taken = [sample for sample in samples if not isinstance(value(f"schema:{name}", sample), OpenFault)]
        assert taken or not own.ranges, name


# ---- terms


def test_a_property_or_class_with_a_key_of_its_own_is_that_key_however_it_is_written() -> None:
    body = {
        "id": "event/e",
        "name": "opened",
        "evidence": {"*": "opened the Sample Pump", "location": "opened at the River Hall"},
    }
    place = {"id": "place/p", "type": "schema:Place", "name": "River Hall", "evidence": "the River Hall"}
    short = facts({**body, "type": "Event", "location": "place/p"}, place)
    body["evidence"] = {"*": "opened the Sample Pump", "schema:location": "opened at the River Hall"}
    assert facts({**body, "type": "schema:Event", "schema:location": "place/p"}, place) == short


def test_rules_see_a_class_by_its_short_name() -> None:
    concept = {
        "id": "topic/pumps",
        "type": ["Concept", "schema:DefinedTerm"],
        "name": "Pump",
        "evidence": "Sample Pump",
    }
    found = {p for s, p, o in facts(concept) if s == "topic/pumps"}
    assert "http://www.w3.org/2004/02/skos/core#prefLabel" in found


def test_a_key_written_in_both_ways_is_reported() -> None:
    node = {**WORKS, "alternateName": "Works", "schema:alternateName": "The Works"}
    assert [f.code for f in findings(node)] == ["duplicate-key"]


@pytest.mark.parametrize(
    ("cls", "above"),
    [
        ("Product", ["Thing"]),
        ("Vehicle", ["Thing"]),
        ("Offer", ["Thing"]),
        ("MonetaryGrant", ["Thing"]),
        ("Restaurant", ["Organization", "Place"]),
        ("Corporation", ["Organization"]),
        ("SportsTeam", ["Organization"]),
        ("SportsEvent", ["Event"]),
        ("Book", ["CreativeWork"]),
        ("Courthouse", ["Place"]),
        ("LegislationObject", ["Legislation", "CreativeWork"]),
        ("EventSeries", ["Event"]),
        ("ProductCollection", ["CreativeWork"]),
        ("Patient", ["Person", "Audience"]),
        ("NoSuchClass", []),
    ],
)
def test_a_class_has_the_nearest_classes_with_pages_above_it(cls: str, above: list[str]) -> None:
    assert sorted(superclasses(SCHEMA + cls)) == sorted(SCHEMA + name for name in above)


def test_every_class_of_schema_org_leads_to_a_class_that_is_drawn() -> None:
    vocabulary = read_vocabulary()
    names = vocabulary.classes.keys() - vocabulary.datatypes - {"DataType"}
    drawn = set(read_context().classes.values())
    assert [n for n in sorted(names) if SCHEMA + n not in drawn and not superclasses(SCHEMA + n)] == []


def test_the_superclass_of_a_class_of_schema_org_is_written_by_rule() -> None:
    pump = {"id": "thing/pump", "type": "schema:Product", "name": "Sample Pump", "evidence": "the Sample Pump"}
    assert {o for s, p, o in facts(pump) if s == "thing/pump" and p.endswith("#type")} == {"s:Product", "s:Thing"}


# ---- findings


def test_a_property_on_a_class_it_is_not_for_is_refused() -> None:
    [found] = findings({**WORKS, "type": "Person", "schema:foundingLocation": "place/p"})
    assert (found.code, found.severity, found.focus) == ("term-domain", "violation", BASE + "org/works")
    assert found.message == "schema:foundingLocation is not for Person: schema.org has it for Organization"


def test_the_inverse_of_a_property_is_named_where_it_would_fit() -> None:
    grant = {"id": "thing/g", "type": "schema:Grant", "name": "Works", "evidence": "The Sample Works"}
    found = [
        f for f in findings({**WORKS, "type": "Event", "schema:fundedItem": "thing/g"}, grant) if "domain" in f.code
    ]
    assert [f.fix for f in found] == ["did you mean schema:funding?"]


def test_who_pays_for_a_thing_is_told_to_be_written_in_a_grant() -> None:
    pump = {"id": "thing/pump", "type": "schema:Product", "name": "Sample Pump", "evidence": "the Sample Pump"}
    [found] = [f for f in findings({**pump, "funder": "org/works"}, WORKS) if f.code == "term-domain"]
    assert found.fix is not None
    assert "schema:funding: {id: thing/…, type: schema:Grant, funder: …}" in found.fix
    place = {"id": "place/p", "type": "Place", "name": "Works", "evidence": "The Sample Works"}
    for node in ({**place, "funder": "org/works"}, {**pump, "schema:foundingDate": "2031"}):
        [found] = [f for f in findings(node, WORKS) if f.code == "term-domain"]
        assert found.fix is not None
        assert found.fix.startswith("find what fits: communique keys ")


def test_a_property_is_inherited_and_a_node_of_another_vocabulary_fits_everywhere() -> None:
    cafe = {**WORKS, "type": "schema:Restaurant", "schema:foundingDate": "2031"}
    group = {"id": "this:g", "type": "Group", "evidence": "The Other Works", "schema:foundingDate": "2031"}
    assert findings(cafe, group) == []


def test_a_value_of_the_wrong_class_is_refused_and_one_of_a_subclass_is_not() -> None:
    pump = {"id": "thing/pump", "type": "schema:Product", "name": "Sample Pump", "evidence": "the Sample Pump"}
    for wanted, cls in (([], "schema:Corporation"), (["term-range"], "Event"), ([], "Group")):
        other = {"id": "org/other", "type": cls, "name": "Other Works", "evidence": "The Other Works"}
        assert [f.code for f in findings({**pump, "schema:manufacturer": "org/other"}, other)] == wanted


def test_a_value_that_only_the_registry_describes_is_held_against_the_range() -> None:
    place, name = NamedNode(BASE + "place/river"), Literal("Other Works", language="en")
    quads = (
        Quad(place, NamedNode(TYPE), NamedNode(SCHEMA + "Place")),
        Quad(place, NamedNode(SCHEMA + "name"), name),
    )
    node = {**WORKS, "schema:funder": "place/river", "schema:foundingLocation": "place/river"}
    release = build_release("sample", TEXT, record_of(node), Path("all.jsonl"), 1)
    made = compile_release(release, read_context(), base=BASE, registry={place.value: quads})
    assert [f.path for f in made.findings if f.code == "term-range"] == ["funder"]


def test_a_pending_or_superseded_term_is_told_once() -> None:
    node = {**WORKS, "schema:awards": ["Sample", "Works"], "schema:funding": ["this:a", "this:b"]}
    found = [(f.code, f.severity, f.fix) for f in findings(node, {**WORKS, "id": "org/b", "schema:awards": "Works"})]
    assert sorted(found) == [("term-pending", "info", None), ("term-superseded", "warning", "write award")]


def test_a_common_short_key_is_held_against_the_vocabulary() -> None:
    place = {"id": "place/p", "type": "Place", "name": "Works", "evidence": "The Sample Works"}
    found = findings({**WORKS, "founder": "place/p"}, {**place, "birthPlace": "place/p", "id": "place/q"}, place)
    assert {(f.code, f.path) for f in found} == {("term-range", "founder"), ("term-domain", "birthPlace")}


def test_another_key_written_short_is_not_held_against_the_vocabulary() -> None:
    assert findings({**WORKS, "organizer": "org/works"}) == []


def test_the_registry_is_held_against_the_vocabulary_too(tmp_path: Any) -> None:
    node = {"id": "org/a", "type": "Organization", "name": "A", "schema:deathDate": "2031"}
    path, raw = tmp_path / "a.yaml", json.dumps({"graph": [node]}).encode()
    path.write_bytes(raw)
    registry = compile_registry([EntityFile(path, {"graph": [node]}, raw, ())], read_context(), base=BASE)
    assert [f.code for f in registry.findings] == ["term-domain"]


@pytest.mark.parametrize(
    ("key", "advice"),
    [
        ("actor", "schema.org has it: write schema:actor"),
        ("schema:actr", "did you mean schema:actor?"),
        ("http://schema.org/actor", "schema.org has it: write schema:actor"),
        ("https://schema.org/location", "write location"),
        ("Product", "schema:Product is a class: write type: schema:Product"),
        ("schema:Event", "schema:Event is a class: write type: Event"),
        ("startdate", "did you mean startDate?"),
        ("sha256", "leave it out"),
        ("qqqqqq", "leave it out"),
    ],
)
def test_an_unknown_key_is_answered_with_the_term_of_schema_org(key: str, advice: str) -> None:
    assert unknown_property(key, read_context()) == advice


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("Restaurant", "schema.org has it: write schema:Restaurant"),
        ("https://schema.org/Event", "write Event"),
        ("schema:Restaurnt", "did you mean schema:Restaurant?"),
        ("Organisation", "did you mean Organization?"),
        ("Qqqqqq", None),
    ],
)
def test_an_unknown_class_is_answered_with_the_term_of_schema_org(name: str, advice: str | None) -> None:
    assert unknown_class(name, read_context()) == advice


def test_the_hint_for_an_unknown_key_is_never_another_key_if_schema_org_has_the_word() -> None:
    context = read_context()
    names = [name for name in read_vocabulary().properties if name not in context.terms]
    assert len(names) > 1000
    for name in names:
        assert unknown_property(name, context) == f"schema.org has it: write {context.term('schema:' + name).key}"  # type: ignore[union-attr]


def test_a_class_is_of_every_class_above_it_on_every_way_up() -> None:
    vocabulary = read_vocabulary()
    assert vocabulary.superclasses("LocalBusiness") == ("Organization", "Place", "Thing")
    assert vocabulary.fits(["Restaurant"], ["Place"]) and vocabulary.fits(["Restaurant"], ["Organization"])
    assert not vocabulary.fits(["Restaurant"], ["Event"]) and not vocabulary.fits([], ["Thing"])


def test_a_finding_names_a_key_as_it_is_written_and_points_to_it() -> None:
    made = compile_record(record_of({**WORKS, "schema:alternateName": "Nowhere Works"}), TEXT)
    [found] = [f for f in made.findings if f.severity == "violation"]
    assert found.code == "not-grounded" and "schema:alternateName" in found.message


def test_the_vocabulary_is_read_only_for_a_record_that_uses_it() -> None:
    read_vocabulary.cache_clear()
    superclasses.cache_clear()
    compile_record(record_of({**WORKS, "alternateName": "Works"}), TEXT)
    assert read_vocabulary.cache_info().misses == 0
    compile_record(record_of({**WORKS, "schema:legalName": "Works"}), TEXT)
    assert read_vocabulary.cache_info().misses == 1


# ---- language tags


@pytest.mark.parametrize(
    "node",
    [
        {"labels": {"en_GB": "Works"}},
        {"name": {"@value": "Works", "@language": "en_GB"}},
        {"inLanguage": "en_GB"},
        {"schema:slogan": {"@value": "Works", "@language": "en_GB"}},
        {"schema:inLanguage": "en_GB"},
    ],
    ids=str,
)
def test_a_wrong_language_tag_is_named_as_such_wherever_it_stands(node: dict[str, Any]) -> None:
    made = compile_record(record_of({**WORKS, **node}), TEXT)
    found = [f.message for f in made.findings if f.severity == "violation" and f.code == "not-text"]
    assert found == ["'en_GB' is not a language tag: write en-GB"]


def test_a_wrong_language_tag_of_a_record_is_named_as_such() -> None:
    record = record_of(WORKS) | {"@context": ["context.jsonld", {"@language": "en_GB"}]}
    found = [f.message for f in compile_record(record, TEXT).findings if f.code == "bad-context"]
    assert found == ["@language: 'en_GB' is not a language tag: write en-GB"]


@pytest.mark.parametrize(
    "facts",
    [
        {"schema:numberOfPages": "12"},
        {"schema:birthPlace": {"id": "place/sampletown", "type": "City", "name": "Sampletown"}},
        {"schema:spouse": {"id": "org/labs", "type": "Organization", "name": "Mock Labs"}},
    ],
)
def test_a_key_that_its_class_does_not_have_is_one_finding(facts: dict[str, object]) -> None:
    text = "Dam opened\n\nSample Works opened a dam in Sampletown with Mock Labs.\n"
    works = {"id": "org/works", "type": "Organization", "name": "Sample Works", **facts}
    release = {"id": "release/x", "type": "PressRelease", "headline": "Dam opened", "mentions": "org/works"}
    record = {"@context": "context.jsonld", "graph": [release, works]}
    written = build_release("x", text, record, Path("x"), 1)
    made = compile_release(written, read_context(), base="https://news.example/id/")
    assert [f.code for f in made.findings if f.severity == "violation"] == ["term-domain"]
