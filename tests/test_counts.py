"""No number on a page is another than a query finds."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from communique.api import Newsroom, open_newsroom
from communique.check.sums import Sums, entities_of
from communique.drawing.relations import Edge, Picture, PictureNode, Role
from communique.drawing.ties import lines_of
from communique.export.order import plain
from communique.iris import graph_iri
from communique.publish.build import build
from communique.publish.counts import Counts, RunningCounts
from communique.publish.describe.catalogue import render_catalog
from communique.publish.site.rows import FactRow, SourceLink, merge_rows
from communique.publish.words import Words
from communique.read.dataset import Dataset
from communique.terms import CMQ, SCHEMA, SKOS, XSD
from tests.conftest import BASE, SLUG, MakeNewsroom, compile_record, record_of
from tests.counting import compare

BASES = {
    "site": "https://w3id.org/communique/id/", "archive_site": "https://news.example/id/",
    "generated_site": "https://press.example/id/", "crowded_site": "https://news.example/id/",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", BASES)
def test_every_number_on_a_page_is_what_a_query_finds(name: str, request: pytest.FixtureRequest) -> None:
    site: Path = request.getfixturevalue(name)
    made = compare(site, BASES[name])
    assert made.wrong == []
    kinds = {
        "triples when merged, each once", "triples of evidence", "sum of the parts", "entities", "first and last day",
        "releases", "years", "card: fact", "card: statement", "card: recommendation", "map: paragraphs",
        "release: facts", "release: passages of paragraphs", "release: entries of a paragraph", "entity: releases",
        "list: people", "picture: boxes, lines, broken", "question: rows", "vocabulary: uses",
    }  # fmt: skip
    if name == "crowded_site":
        kinds |= {"entity: more releases", "releases of a year"}
    assert kinds <= made.compared.keys() and sum(made.compared.values()) > 250


def test_what_the_editor_notes_is_no_fact() -> None:
    fair = {"id": "event/fair", "type": "Event", "name": "the fair", "evidence": "the fair"}
    source = "Headline\nHe spoke of the fair.\n"
    plain, noted = (
        compile_record(record_of(fair | more), source).tally for more in ({}, {"note": "Which fair, nobody says."})
    )
    assert plain == noted and plain.facts > 5


def said(name: str, *classes: str, **more: str) -> dict[str, Any]:
    words = "build a bridge"
    return {"id": f"this:{name}", "type": list(classes), "text": words, "evidence": words, **more}


def test_a_recommendation_counts_as_statement_only_if_somebody_is_reported_to_utter_it() -> None:
    source = "Headline\nAnn said: build a bridge.\n"
    ann = {"id": "this:ann", "type": "Person", "name": "Ann", "evidence": "Ann"}
    uttered = said("a", "ReportedStatement", "PolicyRecommendation", creator="this:ann", reportingVerb="said")
    compiled = compile_record(
        record_of(ann, uttered, said("b", "PolicyRecommendation"), said("c", "Statement")), source
    )
    found = {kind: sorted(iri.rpartition("#")[2] for iri in own) for kind, own in entities_of(compiled).items()}
    assert (found["statements"], found["recommendations"]) == (["a", "c"], ["b"])
    sums, none = Sums(), Sums()
    sums.add(compiled)
    none.add(compile_record(record_of(), "Headline\n"))
    assert ", 2 statements, 1 recommendation;" in sums.sentence([])
    assert "recommendation" not in none.sentence([])


def dated(name: str, value: str, kind: str, slug: str = "a") -> Quad:
    literal = Literal(value, datatype=NamedNode(XSD + kind))
    return Quad(NamedNode(f"{BASE}event/{slug}"), NamedNode(SCHEMA + name), literal, NamedNode(graph_iri(BASE, slug)))


PERIODS = [
    ([("startDate", "2013", "gYear"), ("startDate", "2015-05-29", "date")], ("2013", "2015-05-29")),
    ([("startDate", "2015-05-29", "date"), ("endDate", "2015", "gYear")], ("2015", "2015")),
    ([("startDate", "2015-05-29", "date"), ("legislationDate", "2014-12", "gYearMonth")], ("2014-12", "2015-05-29")),
    ([("datePublished", "2016-02-01", "date"), ("birthDate", "1950", "gYear")], ("2016-02-01", "2016-02-01")),
    ([("startDate", "-0044", "gYear")], (None, None)),
]


@pytest.mark.parametrize(("dates", "expected"), PERIODS)
def test_the_period_of_the_data_is_that_of_all_its_days_months_and_years(
    dates: list[tuple[str, str, str]], expected: tuple[str | None, str | None]
) -> None:
    for order in (dates, dates[::-1]):
        one, other = RunningCounts(BASE), RunningCounts(BASE)
        one.add(plain(dated(*date) for date in order[:1]))
        other.add(plain(dated(*date) for date in order[1:]))
        one.merge(other)
        assert (one.counts().first_day, one.counts().last_day) == expected


def test_a_period_in_the_catalogue_has_the_type_of_a_year_or_a_month() -> None:
    turtle = render_catalog(Dataset(), Counts(first_day="2013", last_day="2014-12")).decode()
    assert 'dcat:startDate "2013"^^xsd:gYear' in turtle and 'dcat:endDate "2014-12"^^xsd:gYearMonth' in turtle


def test_the_releases_are_entities_of_the_dataset(site: Path, real: Newsroom) -> None:
    tally = RunningCounts(real.dataset.base)
    tally.add(plain(real[SLUG].compiled.quads))
    inside = f"{real.dataset.base}release/{SLUG}#"
    typed = {q.subject.value for q in real[SLUG].compiled.quads if q.predicate.value.endswith("#type")}  # type: ignore[union-attr]
    outlive = {iri for iri in typed if not iri.startswith(inside) and "/source.txt" not in iri}
    assert f"{real.dataset.base}release/{SLUG}" in outlive
    assert tally.counts().entities == len(outlive)


def test_a_line_of_a_picture_counts_all_facts_that_it_stands_for() -> None:
    nodes = tuple(PictureNode(iri, iri, "org") for iri in ("a", "b", "c"))
    edges = (
        Edge("a", "b", "organised"), Edge("a", "b", "carried", True), Edge("a", "b", "sponsored", True),
        Edge("b", "c", "published", True),
    )  # fmt: skip
    roles = (Role("a", "c", "head"), Role("b", "a", "clerk", inferred=True))
    lines = lines_of(Picture(nodes, edges, roles, (), ()), Words("en"))
    found = {(line.source, line.target): (line.facts, line.inferred, line.broken) for line in lines}
    assert found == {
        ("a", "c"): (1, 0, False), ("b", "a"): (1, 1, True), ("a", "b"): (3, 2, False), ("b", "c"): (1, 1, True),
    }  # fmt: skip


def test_what_rests_on_several_passages_of_a_paragraph_is_one_entry(site: Path) -> None:
    page = (site / "release" / SLUG / "index.html").read_text(encoding="utf-8")
    listed = re.findall(r'<details id="facts-of-\d+">(.*?)</details>', page)
    assert len(listed) == 13
    for body in listed:
        entries = re.findall(r'<li><a href="([^"]*)"><bdi>(.*?)</bdi></a>', body)
        assert entries and len(entries) == len(set(entries))


def test_an_entry_leads_to_the_longest_of_its_passages_in_a_paragraph(make_newsroom: MakeNewsroom) -> None:
    lines = ["Headline", "Fairs: the fair, the big fair of the town, a fair.", "Again the fair."]
    quotes = ["the fair, the", "the big fair of the town", "a fair.", "Again the fair"]
    fair = {"id": "event/fair", "type": "Event", "name": "fair", "evidence": quotes}
    data = make_newsroom(json.dumps(record_of(fair)), "\n".join(lines) + "\n")
    out = data.parent / "public"
    build(open_newsroom(data), out, jobs=1)
    page = (out / "release" / "sample" / "index.html").read_text(encoding="utf-8")
    found = {}
    for label in ("1", "2"):
        (body,) = re.findall(rf'<details id="facts-of-{label}">(.*?)</details>', page)
        found[label] = re.findall(r'<bdi>fair – mentioned here</bdi></a> <a class="w" href="#char=(\d+),(\d+)"', body)
    source = "\n".join(lines)
    assert {label: [source[int(a) : int(z)] for a, z in own] for label, own in found.items()} == {
        "1": [quotes[1]], "2": [quotes[3]],
    }  # fmt: skip


@pytest.mark.parametrize(("day", "told"), [("2018-03-13", "As given in the release of"), ("2018-03-01", "As shown on")])
def test_a_role_is_given_in_a_release_of_its_day_only(day: str, told: str, make_newsroom: MakeNewsroom) -> None:
    nodes: list[dict[str, Any]] = [
        {"id": "org/fair", "type": "Organization", "name": "Fair Office", "evidence": "Fair Office"},
        {"id": "person/ann", "type": "Person", "name": "Ann", "evidence": "Ann"},
        {
            "id": "this:role", "type": ["Membership", "OrganizationRole"], "member": "person/ann",
            "organization": "org/fair", "roleName": "warden", "attestedOn": day,
            "evidence": {"*": "warden", "attestedOn": {"inferred": "warden", "why": "it is the day of the text"}},
        },
    ]  # fmt: skip
    published = {"datePublished": {"value": "2018-03-13", "origin": "meta article:published_time"}}
    text = "Headline\nAnn, warden of the Fair Office.\n"
    data = make_newsroom(json.dumps(record_of(*nodes)), text, page=published)
    out = data.parent / "public"
    outcome = build(open_newsroom(data), out, jobs=1)
    assert not [f for f in outcome.findings if f.severity == "violation"], outcome.findings
    page = (out / "person" / "ann" / "index.html").read_text(encoding="utf-8")
    assert f"{told} {Words('en').day(day)}." in page


def test_rows_that_say_the_same_lead_to_each_paragraph_once() -> None:
    short, long = SourceLink("../r/#char=1,5", "2", 4), SourceLink("../r/#char=1,9", "2", 8)
    elsewhere, other = SourceLink("../q/#char=1,5", "2", 4), SourceLink("../r/#char=20,25", "3", 5)
    rows = [FactRow("part:", (), source_links) for source_links in ((short, elsewhere), (long, other))]
    (row,) = merge_rows(rows)
    assert [source_link.href for source_link in row.source_links] == [long.href, elsewhere.href, other.href]


FAIR = """\
"@context": ["context.jsonld", {"@base": "https://w3id.org/communique/id/", "@language": en}]
id: graph/entities
graph:
  - {id: org/fair, type: Organization, name: Fair Office, labels: {ru: Бюро, tt: Бюро}}
"""


def test_a_list_has_a_name_once_and_says_that_it_is_of_the_registry(make_newsroom: MakeNewsroom) -> None:
    fair = {"id": "org/fair", "type": "Organization", "name": "Fair Office", "evidence": "Fair Office"}
    data = make_newsroom(json.dumps(record_of(fair)), "Headline\nThe Fair Office.\n", entities=FAIR)
    (data / "dataset.yaml").write_text("title: T\ninterface: [en, ru, kk]\n", encoding="utf-8")
    out = data.parent / "public"
    outcome = build(open_newsroom(data), out, jobs=1)
    assert not [f for f in outcome.findings if f.severity == "violation"], outcome.findings
    for suffix, tag in (("", "registry"), (".ru", "реестр"), (".kk", "тізілім")):
        page = (out / f"index{suffix}.html").read_text(encoding="utf-8")
        (entry,) = re.findall(r'<li><a href="org/fair/.*?</li>', page)
        names = re.findall(r"<bdi[^>]*>(.*?)</bdi>", entry)
        assert len(names) == len(set(names)) == 2, entry
        head = (out / "org" / "fair" / f"index{suffix}.html").read_text(encoding="utf-8").partition("</h1>")[2]
        assert head.partition("</div>")[0].count("Fair Office") == (suffix == ".ru")
        assert (f'<em class="tag">{tag}</em>' in entry) == (
            suffix != ".ru"
        )  # there it is the name that a release writes


def counts_of_two() -> tuple[RunningCounts, RunningCounts]:
    """The counts of two processes, each of one release: links, and when somebody is attested."""
    made = (RunningCounts(BASE), RunningCounts(BASE))
    for slug, day, running in zip(("one", "two"), ("2030-05", "2031"), made, strict=True):
        org, graph = NamedNode(f"{BASE}org/{slug}"), graph_iri(BASE, slug)
        links: list[tuple[NamedNode, str, NamedNode | Literal]] = [
            (org, SCHEMA + "sameAs", NamedNode("https://a.example/1")),
            (org, SKOS + "closeMatch", NamedNode("https://e.example?x")),
            (
                org,
                CMQ + "attestedOn",
                Literal(day, datatype=NamedNode(XSD + ("gYear" if slug == "two" else "gYearMonth"))),
            ),
        ]
        running.add([(org.value, predicate, value, graph) for org, predicate, value in links])
    return made


def test_the_counts_of_two_processes_are_added_also_after_they_were_written_as_json() -> None:
    one, two = counts_of_two()
    for running in (two, RunningCounts.from_state(BASE, json.loads(json.dumps(two.as_state())))):
        one, _ = counts_of_two()
        one.merge(running)
        counts = one.counts()
        assert counts.links == {
            (SCHEMA + "sameAs", "https://a.example/"): 2,
            (SKOS + "closeMatch", "https://e.example/"): 2,
        }
        assert (counts.releases, counts.quads, counts.first_day, counts.last_day) == (2, 6, "2030-05", "2031")
