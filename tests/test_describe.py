"""The publication describes itself so that catalogues, crawlers and feed readers understand it."""

from __future__ import annotations

import pickle
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from communique.errors import ArtefactError
from communique.export.order import plain
from communique.iris import graph_iri, part_iri
from communique.publish.counts import Counts, RunningCounts
from communique.publish.describe.catalogue import FileFact, render_catalog
from communique.publish.describe.examples import render_examples
from communique.publish.describe.graph import DescriptionGraph
from communique.publish.describe.listing import MAX_ENTRIES, FeedEntry, render_feed, render_robots, render_sitemap
from communique.publish.describe.void import add_void
from communique.read.dataset import Agent, Contact, Dataset, Theme, read_dataset
from communique.terms import CMQ, DEFAULT_BASE, DESCRIPTION_PREFIXES, FABIO, PREFIXES, SCHEMA, TYPE, XSD

ROOT = Path(__file__).resolve().parents[1]
SHAPES = ROOT / "tests/data/dcat-ap-3.0.1"
OURS = replace(read_dataset(ROOT / "data/dataset.yaml")[0], modified=None)
GOVE = Theme("http://publications.europa.eu/resource/authority/data-theme/GOVE")
FULL = replace(
    OURS,
    contact=Contact("Desk", "desk@example.org", "https://example.org/desk"),
    homepage="https://example.org/news",
    issued="2015-06-01",
    modified="2015-06-02",
    publisher=Agent("Office", "https://example.org/"),
    themes=(GOVE, Theme("https://example.org/bread", "Bread"), Theme("https://example.org/unlabelled")),
)
COUNTS = Counts(
    triples=2059,
    releases=1,
    facts=669,
    evidence=1222,
    registry=168,
    entities=40,
    classes={SCHEMA + "Person": 8, FABIO + "PressRelease": 1},
    properties={SCHEMA + "name": 50, CMQ + "evidence": 77},
    links={(SCHEMA + "sameAs", "http://www.wikidata.org/"): 12},
    first_day="2015-05-29",
    last_day="2015-05-29",
)
FILES = {"dataset.nq": FileFact(1234, "ab" * 32), "dataset.nq.gz": FileFact(123, "cd" * 32)}
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
DATASETS = pytest.mark.parametrize("dataset", [Dataset(), OURS, FULL, replace(FULL, base="https://example.org/id#")])
ENDPOINTS = pytest.mark.parametrize("endpoint", [None, "https://example.org/sparql"])


def iri(name: str) -> str:
    prefix, _, rest = name.partition(":")
    return (PREFIXES | DESCRIPTION_PREFIXES)[prefix] + rest


def results(turtle: bytes, shapes: str) -> set[tuple[str, str]]:
    """Focus node and path of every result of validation."""
    data = rdflib.Graph().parse(data=turtle, format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=rdflib.Graph().parse(SHAPES / f"{shapes}.ttl"))
    return {
        (str(report.value(r, SH.focusNode)), str(report.value(r, SH.resultPath)))
        for r in report.subjects(rdflib.RDF.type, SH.ValidationResult)
    }


def values(turtle: bytes, subject: str, predicate: str) -> list[str]:
    triples = ox.parse(turtle, format=ox.RdfFormat.TURTLE)
    return [t.object.value for t in triples if (t.subject.value, t.predicate.value) == (subject, iri(predicate))]


# ---- catalogue


@DATASETS
@ENDPOINTS
def test_the_catalogue_satisfies_what_dcat_ap_demands(dataset, endpoint):
    turtle = render_catalog(dataset, COUNTS, files=FILES, endpoint=endpoint)
    assert results(turtle, "shapes") == set()
    assert results(turtle, "range") == set()


def test_what_dcat_ap_recommends_and_we_do_not_say_is_known_by_name():
    licence, place = "https://creativecommons.org/licenses/by/4.0/", "https://sws.geonames.org/1522867/"
    assert results(render_catalog(OURS, COUNTS), "shapes_recommended") == {
        (part_iri(OURS.base, "catalogue"), iri("dcterms:issued")),  # no date is given here, and no clock is asked
        (part_iri(OURS.base, "catalogue"), iri("dcterms:modified")),
        (part_iri(OURS.base, "publisher"), iri("dcterms:type")),  # the EU list has no type for a project
        (licence, iri("dcterms:type")),  # the licence describes itself
        (place, iri("dcat:bbox")),  # so does GeoNames its places
        (place, iri("dcat:centroid")),
    }


def test_a_full_description_leaves_only_what_others_describe():
    left = {path.rpartition("/")[2].rpartition("#")[2] for _, path in results(
        render_catalog(FULL, COUNTS, endpoint="https://example.org/sparql"), "shapes_recommended")}  # fmt: skip
    assert left == {"type", "bbox", "centroid"}


def test_a_checksum_and_a_size_are_given_where_they_are_known():
    turtle = render_catalog(OURS, COUNTS, files=FILES)
    nquads = part_iri(OURS.base, "nquads")
    assert values(turtle, nquads, "dcat:byteSize") == ["1234"]
    assert values(turtle, nquads + "-checksum", "spdx:checksumValue") == ["ab" * 32]
    assert values(turtle, part_iri(OURS.base, "turtle"), "dcat:byteSize") == []


def test_no_date_is_made_up():
    turtle = render_catalog(OURS, replace(COUNTS, first_day=None, last_day=None))
    assert b"dcterms:issued" not in turtle and b"PeriodOfTime" not in turtle and b"xsd:date" not in turtle


def test_the_period_is_that_of_the_data():
    period = part_iri(OURS.base, "period")
    turtle = render_catalog(OURS, COUNTS)
    assert values(turtle, period, "dcat:startDate") == values(turtle, period, "dcat:endDate") == ["2015-05-29"]


def test_a_theme_without_a_label_is_left_out_of_the_catalogue():
    themes = values(render_catalog(FULL, COUNTS), part_iri(FULL.base), "dcat:theme")
    assert themes == [GOVE.iri, "https://example.org/bread"]


def test_files_are_found_below_the_home_page():
    turtle = render_catalog(FULL, COUNTS)
    assert values(turtle, part_iri(FULL.base, "trig"), "dcat:downloadURL") == ["https://example.org/news/dataset.trig"]


# ---- VoID


def render_void(dataset: Dataset, counts: Counts, examples: list[str]) -> bytes:
    graph = DescriptionGraph(dataset)
    add_void(graph, counts, examples)
    return graph.turtle()


def test_void_gives_the_numbers_of_subsets_classes_properties_and_links():
    turtle = render_void(OURS, COUNTS, ["https://w3id.org/communique/id/release/x"])
    about = part_iri(OURS.base)
    assert values(turtle, about, "void:triples") == ["2059"]
    assert values(turtle, about, "void:uriSpace") == [DEFAULT_BASE]
    assert values(turtle, about, "void:exampleResource") == ["https://w3id.org/communique/id/release/x"]
    assert values(turtle, about, "void:vocabulary") == sorted([FABIO, SCHEMA, CMQ])
    assert values(turtle, about, "void:subset") == [
        about + "#" + name for name in ("facts", "evidence", "registry", "links-schema-sameAs-www.wikidata.org")
    ]
    assert values(turtle, about + "#evidence", "void:triples") == ["1222"]
    assert values(turtle, about + "#class-schema-Person", "void:entities") == ["8"]
    assert values(turtle, about + "#property-cmq-evidence", "void:triples") == ["77"]
    assert values(turtle, about + "#links-schema-sameAs-www.wikidata.org", "void:triples") == ["12"]
    assert values(turtle, about + "#target-www.wikidata.org", "void:uriSpace") == ["http://www.wikidata.org/"]


@pytest.mark.parametrize("target", ["http://[::1]:80/", "https://пример.рф/", "urn:", "http:///"])
def test_a_link_may_lead_anywhere(target):
    turtle = render_void(OURS, replace(COUNTS, links={(SCHEMA + "sameAs", target): 1}), [])
    [linkset] = [node for node in values(turtle, part_iri(OURS.base), "void:subset") if "links-" in node]
    [there] = values(turtle, linkset, "void:objectsTarget")
    assert values(turtle, there, "void:uriSpace") == [target]


# ---- all Turtle


def all_turtle(dataset: Dataset) -> list[bytes]:
    return [
        render_catalog(dataset, COUNTS, files=FILES, endpoint="https://example.org/sparql"),
        render_void(dataset, COUNTS, ["https://example.org/x"]),
        render_examples([Question("a"), Question("b")], dataset),
    ]


@DATASETS
def test_no_file_has_a_blank_node_and_each_node_stands_once(dataset):
    for turtle in all_turtle(dataset):
        triples = list(ox.parse(turtle, format=ox.RdfFormat.TURTLE))
        assert not [t for t in triples if isinstance(t.subject, ox.BlankNode) or isinstance(t.object, ox.BlankNode)]
        nodes = turtle.decode().partition("\n\n")[2].rstrip().split("\n\n")
        assert len(nodes) == len({t.subject for t in triples})


def test_the_same_input_gives_the_same_bytes_in_another_process():
    code = (
        "from pathlib import Path; import sys; from communique.publish.describe.catalogue import *; "
        "from communique.publish.describe.examples import *; from communique.publish.describe.void import *; "
        "from communique.publish.describe.graph import DescriptionGraph; "
        "from communique.read.dataset import read_dataset; "
        f"d, _ = read_dataset(Path({str(ROOT / 'data/dataset.yaml')!r})); "
        "c = Counts(classes={'http://schema.org/Person': 1}); "
        "s = DescriptionGraph(d); add_void(s, c); "
        "sys.stdout.buffer.write(render_catalog(d, c) + s.turtle() + render_examples([], d))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, check=True, capture_output=True
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(runs) == 1 and len(runs.pop()) > 5000


@given(st.text(min_size=1) | st.text("\n\\\"n'a", min_size=1))
def test_any_words_come_back_from_the_turtle_as_they_were(words):
    turtle = render_catalog(replace(OURS, title=words), COUNTS)
    assert values(turtle, part_iri(OURS.base), "dcterms:title") == [words]


# ---- counts

RELEASE = DEFAULT_BASE + "release/2015-05-29-x"


def quad(graph: str, subject: str, predicate: str, value: Any) -> ox.Quad:
    term = ox.NamedNode(value) if isinstance(value, str) else value
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), term, ox.NamedNode(graph))


def release_quads(slug: str) -> list[ox.Quad]:
    facts, evidence = graph_iri(DEFAULT_BASE, slug), graph_iri(DEFAULT_BASE, slug, "evidence")
    me, org, event = f"{DEFAULT_BASE}release/{slug}", DEFAULT_BASE + "org/iom", DEFAULT_BASE + "event/" + slug
    day = ox.Literal(slug[:10], datatype=ox.NamedNode(XSD + "date"))
    year = ox.Literal("1999", datatype=ox.NamedNode(XSD + "gYear"))
    return [
        quad(facts, me, TYPE, SCHEMA + "NewsArticle"),
        quad(facts, org, TYPE, SCHEMA + "Organization"),
        quad(facts, event, TYPE, SCHEMA + "Event"),
        quad(facts, event, SCHEMA + "startDate", day),
        quad(facts, event, SCHEMA + "startDate", year),
        quad(facts, me + "#group-a", TYPE, "http://xmlns.com/foaf/0.1/Group"),
        quad(evidence, me, CMQ + "evidence", me + "/source.txt#char=1,2"),
    ]


REGISTRY = [
    quad(graph_iri(DEFAULT_BASE, "entities"), DEFAULT_BASE + "org/iom", TYPE, SCHEMA + "Organization"),
    quad(graph_iri(DEFAULT_BASE, "entities"), DEFAULT_BASE + "org/iom", SCHEMA + "sameAs", "http://www.wikidata.org/entity/Q472311"),
]  # fmt: skip
EXPECTED = Counts(
    releases=2,
    quads=17,
    triples=17,
    facts=12,
    evidence=2,
    registry=2,
    about=1,
    graphs={"about": 1, "evidence": 2, "facts": 12, "registry": 2},
    entities=5,
    classes={
        SCHEMA + "Event": 2,
        SCHEMA + "NewsArticle": 2,
        SCHEMA + "Organization": 1,
        "http://xmlns.com/foaf/0.1/Group": 2,
    },
    properties={SCHEMA + "sameAs": 1, SCHEMA + "startDate": 4, TYPE: 9, CMQ + "evidence": 2},
    links={(SCHEMA + "sameAs", "http://www.wikidata.org/"): 1},
    first_day="1999",
    last_day="2016-01-01",
)
ABOUT = [quad(graph_iri(DEFAULT_BASE, "dataset"), DEFAULT_BASE + "dataset", TYPE, iri("dcat:Dataset"))]


def test_an_organisation_named_by_two_releases_and_the_registry_is_counted_once():
    tally = RunningCounts(DEFAULT_BASE)
    for quads in (release_quads("2015-05-29-x"), release_quads("2016-01-01-y"), REGISTRY, ABOUT):
        tally.add(plain(quads))
    assert tally.counts() == EXPECTED
    assert tally.counts().triples == 17


def test_tallies_of_two_processes_join_to_the_same_counts():
    one, other = RunningCounts(DEFAULT_BASE), RunningCounts(DEFAULT_BASE)
    one.add(plain(release_quads("2016-01-01-y") + ABOUT))
    other.add(plain(REGISTRY + release_quads("2015-05-29-x")))
    one.merge(other)
    assert one.counts() == EXPECTED


def test_a_tally_travels_between_processes():
    tally = RunningCounts(DEFAULT_BASE)
    tally.add(plain(release_quads("2015-05-29-x")))
    assert pickle.loads(pickle.dumps(tally)).counts() == tally.counts()


def test_counts_of_nothing_are_zero():
    assert RunningCounts(DEFAULT_BASE).counts() == Counts()


def test_counts_go_into_the_manifest_as_plain_json():
    numbers = EXPECTED.as_json()
    assert (numbers["triples"], numbers["links"]) == (17, {SCHEMA + "sameAs": {"http://www.wikidata.org/": 1}})


# ---- examples


@dataclass(frozen=True)
class Question:
    name: str
    question: str = "Who said it?"
    tags: tuple[str, ...] = ("speech", "people")
    text: str = (
        '#+ summary: x\n# a comment with SELECT\nPREFIX schema: <http://schema.org/>\nSELECT ?s { ?s ?p """a""" }\n'
    )


def test_a_canned_query_becomes_an_example_that_runs_as_it_is():
    turtle = render_examples([Question("who")], FULL)
    node = "https://example.org/news/queries/who/"
    [text] = values(turtle, node, "sh:select")
    ox.Store().query(text)
    assert not text.startswith("#+")
    assert values(turtle, node, "rdf:type") == [iri("sh:SPARQLExecutable"), iri("sh:SPARQLSelectExecutable")]
    assert values(turtle, node, "rdfs:comment") == ["Who said it?"]
    assert values(turtle, node, "schema:target") == ["https://example.org/news/sparql"]
    assert values(turtle, node, "schema:keywords") == ["speech, people"]


def test_a_query_is_written_line_by_line():
    assert b'sh:select """# a comment with SELECT\nPREFIX schema:' in render_examples([Question("who")], FULL)


@pytest.mark.parametrize(("form", "text"), [("ask", "ASK { ?s ?p ?o }"), ("construct", "construct where { ?s ?p ?o }")])
def test_the_form_of_the_query_decides_its_property(form, text):
    turtle = render_examples([Question("q", text=text)], FULL, "https://example.org/q")
    assert values(turtle, "https://example.org/news/queries/q/", f"sh:{form}") == [text + "\n"]


def test_a_query_of_no_known_form_is_refused():
    with pytest.raises(ArtefactError, match=r"^the query 'q' is neither SELECT, ASK nor CONSTRUCT$"):
        render_examples([Question("q", text="DELETE WHERE { ?s ?p ?o }")])


PREFIX_LIST = "https://example.org/news/sparql-examples.ttl#prefixes"


def test_the_examples_declare_the_prefixes_of_the_program():
    turtle = render_examples([], FULL)
    spaces = [values(turtle, node, "sh:namespace") for node in values(turtle, PREFIX_LIST, "sh:declare")]
    assert spaces == [[PREFIXES[p]] for p in sorted(PREFIXES)]


# ---- site map, feed, robots

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def entry(n: int, day: str | None = "2015-05-29", **more: Any) -> FeedEntry:
    return FeedEntry(f"https://example.org/id/release/{n}", f"release/{n}/", f"Title {n}", day, **more)


def test_a_site_map_lists_absolute_addresses_sorted_and_once():
    [(name, xml)] = render_sitemap(FULL, ["release/x/", "", "release/x/", "place/Алматы/"]).items()
    assert name == "sitemap.xml"
    assert [e.text for e in ET.fromstring(xml).iter(MAP + "loc")] == [
        "https://example.org/news/",
        "https://example.org/news/place/%D0%90%D0%BB%D0%BC%D0%B0%D1%82%D1%8B/",
        "https://example.org/news/release/x/",
    ]


def test_a_site_map_of_many_pages_is_an_index():
    files = render_sitemap(FULL, (f"release/{i:05}/" for i in range(50_001)))
    assert list(files) == ["sitemap.xml", "sitemap-1.xml", "sitemap-2.xml"]
    root = ET.fromstring(files["sitemap.xml"])
    assert root.tag == MAP + "sitemapindex"
    assert [e.text for e in root.iter(MAP + "loc")] == [f"https://example.org/news/sitemap-{i}.xml" for i in (1, 2)]
    assert [len(ET.fromstring(files[f"sitemap-{i}.xml"])) for i in (1, 2)] == [50_000, 1]


def test_robots_may_read_everything_and_find_the_site_map():
    assert render_robots(FULL) == b"User-agent: *\nAllow: /\nSitemap: https://example.org/news/sitemap.xml\n"


def feed(dataset: Dataset, entries: list[FeedEntry]) -> ET.Element:
    """The feed, after a check of what RFC 4287 demands of it."""
    root = ET.fromstring(render_feed(dataset, entries))
    assert root.tag == ATOM + "feed"
    for element in (root, *root.iter(ATOM + "entry")):
        for name in ("id", "title", "updated"):
            [child] = element.findall(ATOM + name)
            assert child.text
        assert element.findtext(ATOM + "updated", "").endswith("T00:00:00Z")
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    assert [link.get("href") for link in root.findall(ATOM + "link") if link.get("rel") == "self"]
    return root


def test_the_feed_shows_the_newest_first_and_its_day_is_that_of_the_newest():
    root = feed(OURS, [entry(1), entry(2, "2016-01-01"), entry(3)])
    ids = [e.findtext(ATOM + "id", "") for e in root.iter(ATOM + "entry")]
    assert [i.rpartition("/")[2] for i in ids] == ["2", "1", "3"]
    assert root.findtext(ATOM + "updated") == "2016-01-01T00:00:00Z"


def test_an_entry_was_changed_when_the_data_were_or_published_later_and_not_on_the_day_of_its_dateline():
    [told] = feed(FULL, [entry(1)]).iter(ATOM + "entry")
    assert told.findtext(ATOM + "updated") == "2015-06-02T00:00:00Z"
    assert told.find(ATOM + "published") is None
    [told] = feed(FULL, [entry(1, published="2016-03-01")]).iter(ATOM + "entry")
    assert told.findtext(ATOM + "updated") == told.findtext(ATOM + "published") == "2016-03-01T00:00:00Z"
    [told] = feed(OURS, [entry(1)]).iter(ATOM + "entry")
    assert told.findtext(ATOM + "updated") == "2015-05-29T00:00:00Z"


def test_a_release_without_a_day_stands_last_in_the_feed_and_is_left_out_where_no_day_at_all_is_known():
    ids = [e.findtext(ATOM + "id", "")[-1] for e in feed(FULL, [entry(1, None), entry(2)]).iter(ATOM + "entry")]
    assert ids == ["2", "1"]
    assert list(feed(OURS, [entry(1, None)]).iter(ATOM + "entry")) == []


def test_the_publisher_of_the_feed_is_not_taken_for_the_author_of_a_release():
    [told] = feed(FULL, [entry(1)]).iter(ATOM + "entry")
    assert [a.text for a in told.iterfind(f"{ATOM}author/{ATOM}name")] == ["Author not stated"]
    [told] = feed(replace(FULL, language="ru"), [entry(1)]).iter(ATOM + "entry")
    assert told.findtext(f"{ATOM}author/{ATOM}name") == "Автор не указан"
    [told] = feed(FULL, [entry(1, authors=("Jo Sample", "A & B"))]).iter(ATOM + "entry")
    assert [a.text for a in told.iterfind(f"{ATOM}author/{ATOM}name")] == ["Jo Sample", "A & B"]


def test_an_empty_feed_of_a_dataset_without_dates_is_still_valid():
    assert feed(Dataset(), []).findtext(ATOM + "updated") == "1970-01-01T00:00:00Z"


def test_the_feed_is_not_longer_than_its_limit():
    assert len(list(feed(OURS, [entry(n) for n in range(MAX_ENTRIES + 50)]).iter(ATOM + "entry"))) == MAX_ENTRIES


@given(st.text(min_size=1))
def test_any_title_gives_well_formed_xml(title):
    root = ET.fromstring(render_feed(replace(OURS, title=title), [replace(entry(1), title=title, path=title + '"/')]))
    assert len(root) == 7


def test_a_title_is_text_and_never_markup():
    [made] = feed(OURS, [replace(entry(1), title="<script>alert(1)</script> & \x01")]).iter(ATOM + "entry")
    assert made.findtext(ATOM + "title") == "<script>alert(1)</script> & \ufffd"


def test_loading_the_module_does_not_load_the_engine():
    code = "import sys, communique.publish.describe.catalogue; sys.exit('pyoxigraph' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
