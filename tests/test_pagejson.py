"""The JSON-LD of a page: schema.org alone, what is stated alone, nothing that leads nowhere, safe inside a script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.compile.evidencegraph import statement_node
from communique.errors import OutputError
from communique.export.pagefacts import page_facts
from communique.export.pagejson import build_page, render_page_jsonld
from communique.export.pagelinks import URL_TERMS
from communique.terms import CMQ, DEFAULT_BASE, FABIO, FOAF, RDF, SCHEMA, TYPE
from tests.terms import moved

BASE = DEFAULT_BASE
RELEASE = BASE + "release/2015-05-29-report"
HERE = Path(__file__).parent / "data"
QUADS = tuple(ox.parse(path=str(HERE / "export.trig"), format=ox.RdfFormat.TRIG))
SCHEMA_ORG = json.loads((HERE / "schemaorg-context.json").read_text(encoding="utf-8"))["@context"]
GRAPH = ox.NamedNode(BASE + "graph/2015-05-29-report")


def fact(subject: str, path: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(path), value, GRAPH)


def nodes(quads: Iterable[ox.Quad] = QUADS) -> dict[str, dict[str, Any]]:
    found = build_page(quads, release=RELEASE)["@graph"]
    return {n["@id"].removeprefix(BASE).replace("release/2015-05-29-report#", "this:"): n for n in found}


def with_context(data: bytes) -> str:
    page = json.loads(data)
    assert page.pop("@context") == "https://schema.org"
    return json.dumps({"@context": SCHEMA_ORG, **page})


def plainly(facts: Iterable[tuple[str, str, Any]], language: str = "en") -> set[tuple[str, str, str, str]]:
    """Facts as a consumer of schema.org sees them: no datatypes, no tag where the text is in the page's language."""
    return {(s, p, _tag(o, language), o.value) for s, p, o in facts}


def _tag(value: Any, language: str) -> str:
    if isinstance(value, ox.NamedNode):
        return "iri"
    return "" if value.language in (None, language) else str(value.language)


def read_back(data: bytes) -> set[tuple[str, str, str, str]]:
    triples = ox.parse(with_context(data), format=ox.RdfFormat.JSON_LD)
    return plainly((t.subject.value, t.predicate.value, t.object) for t in triples)


def ids(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from [value["@id"]] if "@id" in value else []
        for inner in value.values():
            yield from ids(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from ids(inner)


def test_the_page_of_the_release() -> None:
    assert nodes() == {
        "release/2015-05-29-report": {
            "@id": RELEASE,
            "@type": "NewsArticle",
            "headline": "Presentation of the special report, Almaty, 29 May 2015",
            "dateline": "Almaty, May 29, 2015",
            "genre": {"@id": BASE + "topic/press-release"},
            "inLanguage": "en",
            "about": [{"@id": BASE + "event/presentation"}, {"@id": BASE + "work/report-2014"}],
            "mentions": [{"@id": BASE + "org/sana-sezim"}, {"@id": RELEASE + "#contact"}],
        },
        "event/presentation": {
            "@id": BASE + "event/presentation",
            "@type": "Event",
            "name": "Presentation of the special report",
            "startDate": "2015-05-29",
            "location": {"@id": BASE + "place/almaty"},
            "attendee": [{"@id": RELEASE + "#group-2"}, {"@id": RELEASE + "#group-10"}],
            "workFeatured": {"@id": BASE + "work/report-2014"},
        },
        "work/report-2014": {
            "@id": BASE + "work/report-2014",
            "@type": "Report",
            "name": "Special Report on trafficking in persons",
            "hasPart": {"@id": RELEASE + "#recommendation"},
        },
        "legislation/kz-32-47.327": {
            "@id": BASE + "legislation/kz-32-47.327",
            "@type": "Legislation",
            "name": "Resolution № 32-47.327",
            "about": {"@id": BASE + "work/report-2014"},
            "legislationIdentifier": "32-47.327",
            "legislationDate": "2014-12-29",
        },
        "this:recommendation": {
            "@id": RELEASE + "#recommendation",
            "@type": "Statement",
            "additionalType": CMQ + "PolicyRecommendation",
            "text": "adopt a separate law",
            "audience": {"@id": RELEASE + "#audience"},
        },
        "this:statement-1": {
            "@id": RELEASE + "#statement-1",
            "@type": "Statement",
            "additionalType": CMQ + "ReportedStatement",
            "description": "stressed",
            "text": "human trafficking is one of the most dangerous crimes",
            "about": {"@id": BASE + "work/report-2014"},
            "isPartOf": {"@id": RELEASE},
            "creator": {"@id": BASE + "person/zhakupov.mia-kz"},
        },
        "this:statement-2": {
            "@id": RELEASE + "#statement-2",
            "@type": "Statement",
            "additionalType": CMQ + "ReportedStatement",
            "text": "the importance of <the> document & its annex",
            "isPartOf": {"@id": RELEASE},
            "creator": {"@id": RELEASE + "#group-2"},
        },
        "this:invitation": {
            "@id": RELEASE + "#invitation",
            "@type": "InviteAction",
            "agent": {"@id": BASE + "org/mia-kz"},
            "recipient": {"@id": RELEASE + "#group-10"},
            "event": {"@id": BASE + "event/presentation"},
        },
        "person/amina-example": {
            "@id": BASE + "person/amina-example",
            "@type": "Person",
            "name": "Amina Example",
            "givenName": "Amina",
            "contactPoint": {"@id": RELEASE + "#contact"},
        },
        "person/zhakupov.mia-kz": {
            "@id": BASE + "person/zhakupov.mia-kz",
            "@type": "Person",
            "name": "Zhakupov",
            "familyName": "Zhakupov",
            "honorificPrefix": "Mr.",
            "jobTitle": "Deputy Minister",
            "affiliation": {"@id": BASE + "org/mia-kz"},
        },
        "org/mia-kz": {
            "@id": BASE + "org/mia-kz",
            "@type": "GovernmentOrganization",
            "name": ["Ministry of Internal Affairs", {"@value": "Министерство внутренних дел", "@language": "ru"}],
        },
        "org/sana-sezim": {
            "@id": BASE + "org/sana-sezim",
            "@type": "Organization",
            "name": "Sana Sezim",
            "location": {"@id": BASE + "place/almaty"},
        },
        "this:group-2": {
            "@id": RELEASE + "#group-2",
            "@type": "Thing",
            "additionalType": FOAF + "Group",
            "name": "heads of NGOs",
            "location": {"@id": BASE + "place/kazakhstan"},
        },
        "this:group-10": {
            "@id": RELEASE + "#group-10",
            "@type": "Thing",
            "additionalType": FOAF + "Group",
            "name": "media",
        },
        "this:audience": {
            "@id": RELEASE + "#audience",
            "@type": "Audience",
            "audienceType": "local authorities",
        },
        "place/almaty": {
            "@id": BASE + "place/almaty",
            "@type": "City",
            "name": "Almaty",
            "containedInPlace": {"@id": BASE + "place/kazakhstan"},
        },
        "place/kazakhstan": {
            "@id": BASE + "place/kazakhstan",
            "@type": "Country",
            "name": [
                "Kazakhstan",
                {"@value": "Казахстан", "@language": "ru"},
                {"@value": "Қазақстан", "@language": "kk"},
            ],
            "identifier": "KZ",
            "sameAs": ["http://www.wikidata.org/entity/Q232", "https://sws.geonames.org/1522867/"],
        },
        "topic/press-release": {
            "@id": BASE + "topic/press-release",
            "@type": "DefinedTerm",
            "name": "press release",
        },
        "this:contact": {
            "@id": RELEASE + "#contact",
            "@type": "ContactPoint",
            "name": "Amina Example",
            "contactType": "media requests",
            "telephone": ["+44 20 79460201", "+44 20 79460202"],
        },
    }


def test_the_page_is_the_same_without_the_evidence_graph() -> None:
    facts = [q for q in QUADS if q.graph_name != ox.NamedNode(GRAPH.value + "/evidence")]
    assert render_page_jsonld(facts, release=RELEASE) == render_page_jsonld(QUADS, release=RELEASE)


@pytest.mark.parametrize("nested", [False, True])
def test_the_order_of_the_quads_does_not_show(nested: bool) -> None:
    backwards = render_page_jsonld(reversed(QUADS), release=RELEASE, nested=nested)
    assert backwards == render_page_jsonld(QUADS, release=RELEASE, nested=nested)


@pytest.mark.parametrize("nested", [False, True])
def test_read_with_the_context_of_schema_org_it_says_the_projection(nested: bool) -> None:
    data = render_page_jsonld(QUADS, release=RELEASE, nested=nested)
    assert read_back(data) == plainly(page_facts(QUADS, release=RELEASE))


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("nested", [False, True])
def test_rdflib_reads_the_same_number_of_facts(nested: bool) -> None:
    data = with_context(render_page_jsonld(QUADS, release=RELEASE, nested=nested))
    assert len(rdflib.Graph().parse(data=data, format="json-ld")) == len(page_facts(QUADS, release=RELEASE))


@pytest.mark.parametrize("nested", [False, True])
def test_every_id_stands_for_a_node_of_the_page(nested: bool) -> None:
    page = build_page(QUADS, release=RELEASE, nested=nested)
    subjects = {s for s, _, _ in page_facts(QUADS, release=RELEASE)}
    assert set(ids(page)) == subjects


def test_every_key_and_class_is_one_of_schema_org() -> None:
    words = {key for n in nodes().values() for key in n} | {n["@type"] for n in nodes().values()}
    assert words - {"@id", "@type"} <= SCHEMA_ORG.keys()


def test_the_properties_whose_strings_are_iris_are_those_of_schema_org() -> None:
    coerced = {k for k, v in SCHEMA_ORG.items() if isinstance(v, dict) and v.get("@type") == "@id"}
    assert coerced == URL_TERMS


def test_the_tree_writes_each_node_once_and_nearest_to_the_release() -> None:
    tree = build_page(QUADS, release=RELEASE, nested=True)
    assert tree["@id"] == RELEASE
    event, report = tree["about"]
    assert event["location"]["containedInPlace"]["@id"] == BASE + "place/kazakhstan"
    assert report["hasPart"]["audience"]["@id"] == RELEASE + "#audience"
    assert tree["mentions"][0]["location"] == {"@id": BASE + "place/almaty"}
    statements = tree["@reverse"]["isPartOf"]
    assert [s["@id"] for s in statements] == [RELEASE + "#statement-1", RELEASE + "#statement-2"]
    assert "isPartOf" not in statements[0]
    written = re.findall('"@id": "([^"]+)",', render_page_jsonld(QUADS, release=RELEASE, nested=True).decode())
    assert sorted(written) == sorted(n["@id"] for n in nodes().values())


def test_a_registry_full_of_others_does_not_come_along() -> None:
    assert {"org/other", "org/island", "place/island", "topic/nowhere"} & nodes().keys() == set()


def test_an_inferred_class_gives_way_to_the_wide_one() -> None:
    stated = [moved(q, GRAPH) if q.graph_name.value.endswith("/inferred") else q for q in QUADS]
    assert (nodes()["org/sana-sezim"]["@type"], nodes(stated)["org/sana-sezim"]["@type"]) == ("Organization", "NGO")


def test_what_the_release_infers_does_not_come_back_through_the_registry() -> None:
    more = in_graph("entities", BASE + "org/sana-sezim", TYPE, ox.NamedNode(SCHEMA + "NGO"))
    assert nodes([*QUADS, more]) == nodes()


def test_what_one_release_infers_and_another_states_is_shown() -> None:
    more = in_graph("2016-01-01-other", BASE + "org/sana-sezim", TYPE, ox.NamedNode(SCHEMA + "NGO"))
    assert nodes([*QUADS, more])["org/sana-sezim"]["@type"] == "NGO"


def in_graph(name: str, subject: str, path: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(path), value, ox.NamedNode(BASE + "graph/" + name))


def marked(subject: str, path: str, value: ox.NamedNode | ox.Literal) -> list[ox.Quad]:
    """A fact that is inferred from the release, with its mark."""
    mark = statement_node(RELEASE, ox.NamedNode(subject), ox.NamedNode(path), value).value
    said: dict[str, ox.NamedNode | ox.Literal] = {
        TYPE: ox.NamedNode(RDF + "Statement"),
        CMQ + "basis": ox.NamedNode(CMQ + "inferred"),
    }
    said |= {RDF + "subject": ox.NamedNode(subject), RDF + "predicate": ox.NamedNode(path), RDF + "object": value}
    slug = GRAPH.value.removeprefix(BASE + "graph/")
    marks = (in_graph(slug + "/evidence", mark, name, v) for name, v in said.items())
    return [in_graph(slug + "/inferred", subject, path, value), *marks]


def test_an_inferred_approval_is_not_shown() -> None:
    law = BASE + "legislation/kz-32-47.327"
    others = [q for q in QUADS if q.predicate.value != CMQ + "approves"]
    found = nodes([*others, *marked(law, CMQ + "approves", ox.NamedNode(BASE + "work/report-2014"))])
    assert law.removeprefix(BASE) not in found


PLACE = ox.NamedNode(BASE + "place/almaty")
SPEAKER, GROUP = ox.NamedNode(BASE + "person/zhakupov.mia-kz"), ox.NamedNode(RELEASE + "#group-10")


@pytest.mark.parametrize(
    ("classes", "stated", "inferred"),
    [
        ("cmq:ReportedStatement", {"text": "we should go on"}, {"creator": SPEAKER}),
        ("Quotation", {"text": "we should go on"}, {"creator": SPEAKER}),
        ("cmq:PolicyRecommendation", {"text": "a separate law"}, {"creator": SPEAKER}),
        ("Statement", {"creator": SPEAKER}, {"text": "we should go on"}),
        ("cmq:PolicyRecommendation", {"text": "a separate law"}, {"isPartOf": ox.NamedNode(BASE + "work/report-2014")}),
        ("cmq:ReportedStatement", {"text": "it is done", "creator": SPEAKER}, {"cmq:reportingVerb": "hoped"}),
        ("cmq:ReportedStatement", {"cmq:reportingVerb": "supported", "creator": SPEAKER}, {"about": SPEAKER}),
        ("cmq:ReportedStatement", {"cmq:reportingVerb": "supported", "creator": SPEAKER}, {}),
        ("InviteAction", {"agent": SPEAKER}, {"recipient": GROUP}),
        ("InviteAction", {"recipient": GROUP}, {"agent": SPEAKER}),
        (
            "Event",
            {"name": "the fair", "startDate": "2015", "location": PLACE},
            {"eventStatus": ox.NamedNode(SCHEMA + "EventCancelled")},
        ),
    ],
)
def test_a_node_whose_meaning_rests_on_what_is_inferred_is_left_out(
    classes: str, stated: dict[str, Any], inferred: dict[str, Any]
) -> None:
    node = RELEASE + "#doubtful"
    whole, marks = (
        described(node, classes, stated),
        [quad for path, value in inferred.items() for quad in marked(node, full(path), term(value))],
    )
    assert "this:doubtful" not in nodes([*QUADS, *whole, *marks])
    assert not inferred or "this:doubtful" in nodes([*QUADS, *described(node, classes, stated | inferred)])


def test_a_statement_with_one_stated_speaker_stays_and_one_that_nobody_is_said_to_have_made() -> None:
    node = RELEASE + "#doubtful"
    shared = described(node, "cmq:ReportedStatement", {"text": "a word", "creator": SPEAKER})
    found = nodes([*QUADS, *shared, *marked(node, SCHEMA + "creator", GROUP)])
    assert found["this:doubtful"]["creator"] == {"@id": SPEAKER.value}
    part = ox.NamedNode(BASE + "work/report-2014")
    whose = nodes([*QUADS, *shared, *marked(node, SCHEMA + "isPartOf", part)])["this:doubtful"]
    assert whose["creator"] == {"@id": SPEAKER.value} and "isPartOf" not in whose
    nobody = described(node, "Statement", {"text": "a word"})
    assert nodes([*QUADS, *nobody])["this:doubtful"]["text"] == "a word"


def described(node: str, classes: str, said: dict[str, Any]) -> list[ox.Quad]:
    """A node that the release mentions, with its facts."""
    own = [fact(node, TYPE, ox.NamedNode(full(name))) for name in classes.split()]
    return [*own, fact(RELEASE, SCHEMA + "mentions", ox.NamedNode(node))] + [
        fact(node, full(path), term(value)) for path, value in said.items()
    ]


def full(name: str) -> str:
    return CMQ + name[4:] if name.startswith("cmq:") else SCHEMA + name


def term(value: Any) -> ox.NamedNode | ox.Literal:
    return ox.Literal(value, language="en") if isinstance(value, str) else value


def test_a_node_of_which_only_the_class_is_left_goes_and_what_leads_to_it() -> None:
    bare = RELEASE + "#bare"
    more = [
        fact(bare, TYPE, ox.NamedNode(SCHEMA + "Thing")),
        fact(RELEASE, SCHEMA + "hasPart", ox.NamedNode(RELEASE + "#holder")),
        fact(RELEASE + "#holder", SCHEMA + "hasPart", ox.NamedNode(bare)),
    ]
    assert nodes([*QUADS, *more]) == nodes()


@pytest.mark.parametrize("kind", ["Event", "PublicationEvent", "BusinessEvent"])
def test_an_event_without_a_day_or_a_place_is_left_out_unless_the_release_is_about_it(kind: str) -> None:
    event = RELEASE + "#fair"
    whole = described(event, kind, {"name": "the fair", "startDate": "2015", "location": PLACE})
    assert nodes([*QUADS, *whole])["this:fair"]["location"] == {"@id": PLACE.value}
    about = fact(RELEASE, SCHEMA + "about", ox.NamedNode(event))
    for missing in ("startDate", "location"):
        bare = [quad for quad in whole if quad.predicate.value != SCHEMA + missing]
        page = nodes([*QUADS, *bare])
        assert "this:fair" not in page and event not in str(page)
        assert missing not in nodes([*QUADS, *bare, about])["this:fair"]


def test_the_address_that_the_registry_gives_of_a_place_comes_with_the_event() -> None:
    street = in_graph("entities", PLACE.value, SCHEMA + "address", ox.Literal("1 Sample Street"))
    assert nodes([*QUADS, street])["place/almaty"]["address"] == "1 Sample Street"


def test_a_group_that_schema_org_knows_is_shown() -> None:
    group = RELEASE + "#group-2"
    more = [fact(group, TYPE, ox.NamedNode(SCHEMA + "Organization"))]
    assert nodes([*QUADS, *more])["this:group-2"]["@type"] == "Organization"


def test_the_same_words_with_and_without_a_language_are_one_string() -> None:
    assert nodes([*QUADS, fact(RELEASE, SCHEMA + "dateline", ox.Literal("Almaty, May 29, 2015"))]) == nodes()


def test_a_text_where_schema_org_expects_an_address_stays_a_text() -> None:
    more = [fact(RELEASE, SCHEMA + "url", ox.Literal("see below"))]
    assert nodes([*QUADS, *more])["release/2015-05-29-report"]["url"] == {"@value": "see below"}


def test_a_release_without_a_language_keeps_every_tag() -> None:
    facts = [q for q in QUADS if q.predicate != ox.NamedNode(SCHEMA + "inLanguage")]
    assert nodes(facts)["place/almaty"]["name"] == {"@value": "Almaty", "@language": "en"}


def test_a_release_of_which_nothing_is_said_is_refused() -> None:
    with pytest.raises(OutputError, match="nothing is said of the release"):
        build_page(QUADS, release="http://e.org/r")


def test_an_entity_of_which_all_is_inferred_is_only_named() -> None:
    node = BASE + "topic/doubtful"
    page = {"@context": "https://schema.org", "@graph": [{"@id": node}]}
    assert build_page(marked(node, SCHEMA + "name", ox.Literal("doubt")), release=node, entity=True) == page


def test_a_name_that_the_registry_gives_is_a_label_even_if_a_release_infers_it() -> None:
    node, name = BASE + "topic/doubtful", ox.Literal("doubt", language="en")
    inferred = [*described(node, "DefinedTerm", {"alternateName": "doubts"}), *marked(node, SCHEMA + "name", name)]
    assert "name" not in nodes([*QUADS, *inferred])["topic/doubtful"]
    registry = [in_graph("entities", node, SCHEMA + "name", name), in_graph("entities", node, SCHEMA + "about", GROUP)]
    found = nodes([*QUADS, *inferred, *registry, *marked(node, SCHEMA + "about", GROUP)])["topic/doubtful"]
    assert (found["name"], "about" in found) == ("doubt", False)


def entity(node: str, quads: Iterable[ox.Quad], nested: bool = False) -> Any:
    page = build_page(quads, release=node, entity=True, nested=nested)
    return page if nested else {n.pop("@id").replace(RELEASE, "this:"): n for n in page["@graph"]}


WORK = BASE + "work/sample"


@pytest.mark.parametrize("nested", [False, True])
def test_the_page_of_an_entity_names_its_neighbours_and_says_no_more_of_them(nested: bool) -> None:
    fair, part = BASE + "event/fair", RELEASE + "#part"
    quads = [
        fact(WORK, TYPE, ox.NamedNode(SCHEMA + "Report")),
        fact(WORK, SCHEMA + "name", ox.Literal("Sample")),
        fact(WORK, SCHEMA + "hasPart", ox.NamedNode(part)),
        fact(part, TYPE, ox.NamedNode(SCHEMA + "Statement")),
        fact(WORK, SCHEMA + "publisher", ox.NamedNode(BASE + "org/works")),
        fact(BASE + "org/works", TYPE, ox.NamedNode(SCHEMA + "Organization")),
        fact(BASE + "org/works", SCHEMA + "name", ox.Literal("Works")),
        fact(BASE + "org/works", SCHEMA + "telephone", ox.Literal("+44 20 7946 0100")),
        fact(fair, TYPE, ox.NamedNode(SCHEMA + "Event")),
        fact(fair, SCHEMA + "name", ox.Literal("fair")),
        fact(fair, SCHEMA + "eventStatus", ox.NamedNode(SCHEMA + "EventCancelled")),
        fact(fair, SCHEMA + "workFeatured", ox.NamedNode(WORK)),
        fact(fair, SCHEMA + "organizer", ox.NamedNode(BASE + "org/works")),
    ]
    quads += [
        fact(RELEASE, TYPE, ox.NamedNode(SCHEMA + "NewsArticle")),
        fact(RELEASE, TYPE, ox.NamedNode(FABIO + "PressRelease")),
        fact(RELEASE, SCHEMA + "headline", ox.Literal("A sample")),
        fact(RELEASE, SCHEMA + "about", ox.NamedNode(WORK)),
        fact(RELEASE, SCHEMA + "mentions", ox.NamedNode(BASE + "org/works")),
        fact(BASE + "person/p", SCHEMA + "name", ox.Literal("P")),
        fact(BASE + "person/p", SCHEMA + "knowsAbout", ox.NamedNode(WORK)),
    ]
    own: dict[str, Any] = {"@type": "Report", "name": "Sample", "publisher": {"@id": BASE + "org/works"}}
    own["subjectOf"] = {"@id": RELEASE}
    works, person = {"@type": "Organization", "name": "Works"}, {"name": "P"}
    if nested:
        own["publisher"] = {"@id": BASE + "org/works", **works}
        tree = entity(WORK, quads, nested)
        back = {"knowsAbout": [{"@id": BASE + "person/p", **person}]}
        assert tree == {"@context": "https://schema.org", "@id": WORK, **own, "@reverse": back}
    else:
        there = {WORK: own, BASE + "org/works": works, BASE + "person/p": {**person, "knowsAbout": {"@id": WORK}}}
        assert entity(WORK, quads) == there
        assert "subjectOf" not in entity(BASE + "org/works", quads)[BASE + "org/works"]


@pytest.mark.parametrize(
    "stub",
    [
        [(TYPE, CMQ + "ReportedStatement"), (SCHEMA + "about", WORK)],
        [(TYPE, SCHEMA + "InviteAction"), (SCHEMA + "event", WORK)],
        [(TYPE, SCHEMA + "PublicationEvent"), (SCHEMA + "workFeatured", WORK)],
    ],
)
def test_what_has_no_name_is_not_described_on_the_page_of_an_entity(stub: list[tuple[str, str]]) -> None:
    own = [fact(WORK, SCHEMA + "name", ox.Literal("Sample"))]
    quads = [fact(RELEASE + "#stub", path, ox.NamedNode(value)) for path, value in stub]
    assert entity(WORK, [*own, *quads]) == {WORK: {"name": "Sample"}}


def test_an_event_of_which_it_is_inferred_that_it_was_called_off_is_not_told_as_held() -> None:
    fair = BASE + "event/fair"
    own = [fact(WORK, SCHEMA + "name", ox.Literal("Sample"))]
    event = [
        fact(fair, TYPE, ox.NamedNode(SCHEMA + "Event")),
        fact(fair, SCHEMA + "name", ox.Literal("fair")),
        fact(fair, SCHEMA + "workFeatured", ox.NamedNode(WORK)),
    ]
    off = marked(fair, SCHEMA + "eventStatus", ox.NamedNode(SCHEMA + "EventCancelled"))
    assert fair not in entity(WORK, [*own, *event]) and "name" in entity(fair, event)[fair]
    assert entity(fair, [*event, *off]) == {fair: {}}


class _Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, _: Any) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


payloads = st.sampled_from(
    ["</script>", "</SCRIPT\n>", "<!--<script>", "-->", "]]>", "&lt;", "\u2028", "\u2029", "\0", "\\", '"']
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(payloads, st.text(st.characters(exclude_categories=["Cs"]), max_size=5))).map("".join))
@pytest.mark.parametrize("nested", [False, True])
def test_no_text_breaks_out_of_a_script(nested: bool, text: str) -> None:
    quads = [
        fact(RELEASE, SCHEMA + "headline", ox.Literal(text)),
        fact(RELEASE, SCHEMA + "sameAs", ox.NamedNode("urn:a&b")),
    ]
    data = render_page_jsonld(quads, release=RELEASE, nested=nested)
    assert not set(data.decode()) & set("<>&\u2028\u2029")
    page = _Scripts()
    page.feed(f'<script type="application/ld+json">{data.decode()}</script>')
    assert page.tags == ["script"]
    assert read_back(page.text.encode()) == plainly(page_facts(quads, release=RELEASE))


links = st.tuples(st.integers(0, 9), st.sampled_from(["about", "isPartOf", "sameAs", "hasPart"]), st.integers(0, 9))


@settings(max_examples=100, deadline=None)
@given(st.sets(links), st.sets(st.integers(0, 9)))
def test_flat_and_nested_say_the_same_of_any_web_of_links(web: set[tuple[int, str, int]], named: set[int]) -> None:
    iris = [RELEASE, *(f"{RELEASE}#{n}" for n in range(1, 10))]
    quads = [fact(iris[a], SCHEMA + path, ox.NamedNode(iris[b])) for a, path, b in sorted(web)]
    quads += [fact(iris[n], SCHEMA + "name", ox.Literal(str(n))) for n in sorted(named | {0})]
    wanted = plainly(page_facts(quads, release=RELEASE))
    for nested in (False, True):
        assert read_back(render_page_jsonld(quads, release=RELEASE, nested=nested)) == wanted


XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    "text, kind, value",
    [
        ("84", "integer", 84), ("-3", "integer", -3), ("0", "integer", 0), ("2.5", "decimal", 2.5),
        ("2.0", "decimal", 2),
        ("-0.125", "double", -0.125), ("9007199254740991", "integer", 9007199254740991), ("true", "boolean", True),
        ("false", "boolean", False), ("9007199254740993", "integer", "9007199254740993"),
        ("0.12345678901234567890", "decimal", "0.12345678901234567890"), ("1E3", "double", "1E3"),
        ("about 250", "integer", "about 250"), ("2.5", "integer", "2.5"), ("NaN", "double", "NaN"),
        ("9" * 5000, "integer", "9" * 5000), ("2015", "gYear", "2015"), ("maybe", "boolean", "maybe"),
        ("84", "string", "84"),
    ],
)  # fmt: skip
def test_numbers_and_truth_values_are_such_in_json_if_nothing_is_lost(text: str, kind: str, value: Any) -> None:
    literal = ox.Literal(text, datatype=ox.NamedNode(XSD + kind))
    page = nodes([fact(RELEASE, SCHEMA + "headline", ox.Literal("H")), fact(RELEASE, SCHEMA + "position", literal)])
    shown = page["release/2015-05-29-report"]["position"]
    assert (shown, type(shown)) == (value, type(value))


def test_one_and_true_are_two_values() -> None:
    values = [
        ox.Literal("1", datatype=ox.NamedNode(XSD + "integer")),
        ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean")),
    ]
    page = nodes([fact(RELEASE, SCHEMA + "value", value) for value in values])
    assert sorted(map(repr, page["release/2015-05-29-report"]["value"])) == ["1", "True"]


def test_readers_of_the_page_get_the_numbers_back() -> None:
    given = {"1000000000000000": "integer", "2.5": "decimal", "1234567.89": "decimal"}
    quads = [
        fact(RELEASE, SCHEMA + "value", ox.Literal(text, datatype=ox.NamedNode(XSD + kind)))
        for text, kind in given.items()
    ]
    triples = ox.parse(with_context(render_page_jsonld(quads, release=RELEASE)), format=ox.RdfFormat.JSON_LD)
    assert {float(t.object.value) for t in triples} == {float(text) for text in given}


@pytest.mark.parametrize("nested", [False, True])
def test_the_page_of_an_entity_has_its_codes_whole(nested: bool) -> None:
    place, code = BASE + "place/sample", BASE + "place/sample#identifier-eurovoc-1"
    quads = [
        fact(place, TYPE, ox.NamedNode(SCHEMA + "Place")),
        fact(place, SCHEMA + "identifier", ox.Literal("eurovoc:1")),
        fact(place, SCHEMA + "identifier", ox.NamedNode(code)),
        fact(code, TYPE, ox.NamedNode(SCHEMA + "PropertyValue")),
        fact(code, SCHEMA + "propertyID", ox.Literal("eurovoc")),
        fact(code, SCHEMA + "value", ox.Literal("1")),
        fact(code, SCHEMA + "url", ox.NamedNode("http://eurovoc.europa.eu/1")),
    ]
    said = {"@type": "PropertyValue", "propertyID": "eurovoc", "value": "1", "url": "http://eurovoc.europa.eu/1"}
    page = entity(place, quads, nested)
    if nested:
        assert page["identifier"] == [{"@id": code, **said}, "eurovoc:1"]
    else:
        assert page == {place: {"@type": "Place", "identifier": [{"@id": code}, "eurovoc:1"]}, code: said}
