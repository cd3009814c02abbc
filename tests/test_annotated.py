"""Turtle 1.2 with annotations says what Turtle says with statement nodes, to pyoxigraph and to Jena."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

from communique.api import Newsroom, open_newsroom
from communique.export.rdf import render
from communique.formats import TURTLE_1_2
from communique.publish.build import build
from communique.terms import CMQ, RDF, TYPE
from tests import engines
from tests.conftest import ROOT, SLUG

ARCHIVE = ROOT / "tests" / "cases" / "archive" / "data"
JSON = ox.QueryResultsFormat.JSON
BASE = "https://e.example/id/"


def unfolded(quads: Iterable[ox.Quad]) -> set[ox.Triple]:
    """The triples with a statement node in place of each reifier (RDF 1.2 Concepts, section 1.5)."""
    found = set()
    for quad in quads:
        if isinstance(quad.object, ox.Triple):
            assert quad.predicate.value == RDF + "reifies"
            parts = {"subject": quad.object.subject, "predicate": quad.object.predicate, "object": quad.object.object}
            found.add(ox.Triple(quad.subject, ox.NamedNode(TYPE), ox.NamedNode(RDF + "Statement")))
            found |= {ox.Triple(quad.subject, ox.NamedNode(RDF + name), part) for name, part in parts.items()}
        else:
            found.add(quad.triple)
    return found


def parsed(data: bytes) -> list[ox.Quad]:
    return list(ox.parse(data, format=ox.RdfFormat.TURTLE))


@pytest.mark.parametrize("data", [ROOT / "data", ARCHIVE], ids=["real", "archive"])
def test_every_release_read_back_says_what_its_turtle_says(data: Path) -> None:
    newsroom = open_newsroom(data)
    seen = 0
    for release in newsroom:
        text = newsroom.export([release.slug], "turtle12")
        assert unfolded(parsed(text)) == {quad.triple for quad in parsed(newsroom.export([release.slug], "turtle"))}
        assert b"rdf:Statement" not in text and b"rdf:subject" not in text
        seen += text.count(b"{|")
    assert seen > 100


@pytest.mark.parametrize("name", ["site", "archive_site"])
def test_the_whole_dataset_read_back_says_what_its_turtle_says(name: str, request: pytest.FixtureRequest) -> None:
    site: Path = request.getfixturevalue(name)
    found = unfolded(parsed((site / "dataset.rdf12.ttl").read_bytes()))
    assert found == {quad.triple for quad in parsed((site / "dataset.ttl").read_bytes())}
    assert not list(site.glob("release/*/*rdf12*"))


def test_an_inferred_fact_carries_its_mark_and_its_reason(real: Newsroom) -> None:
    text = real.export([SLUG], "turtle12").decode()
    (mark,) = re.findall(r"schema:organizer <org/chr-kz> ~ this:s-[0-9a-f]{10} (\{\|.*?\|\})", text, re.DOTALL)
    said = {part.split(" ", 1)[0] for part in mark.strip("{| }").split(" ; ")}
    assert said == {"skos:editorialNote", "cmq:basis", "cmq:evidence"} and "cmq:basis cmq:inferred" in mark


def fact(subject: str, name: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
    return ox.Quad(ox.NamedNode(BASE + subject), ox.NamedNode(name), value, ox.NamedNode(BASE + "graph/a/evidence"))


def test_a_statement_of_a_fact_that_is_not_there_asserts_nothing() -> None:
    parts: dict[str, ox.NamedNode | ox.Literal] = {
        "subject": ox.NamedNode(BASE + "org/a"),
        "predicate": ox.NamedNode(TYPE),
        "object": ox.Literal("اسم"),
    }
    statement = [fact("release/a#s-0123456789", RDF + name, value) for name, value in parts.items()]
    quads = [
        *statement,
        fact("release/a#s-0123456789", TYPE, ox.NamedNode(RDF + "Statement")),
        fact("release/a#s-0123456789", CMQ + "evidence", ox.NamedNode(BASE + "release/a/source.txt#char=0,4")),
    ]
    text = render(quads, TURTLE_1_2, base=BASE, slug="a")
    triples = {quad.triple for quad in parsed(text)}
    assert unfolded(parsed(text)) == {quad.triple for quad in quads}
    assert not any(triple.subject == parts["subject"] for triple in triples) and len(triples) == 2


def test_a_statement_that_is_not_whole_stays_as_it_is() -> None:
    quads = [fact("release/a#s-0123456789", TYPE, ox.NamedNode(RDF + "Statement"))]
    assert {quad.triple for quad in parsed(render(quads, TURTLE_1_2, base=BASE))} == {quads[0].triple}


@pytest.mark.stores
def test_jena_reads_it_as_pyoxigraph_does(tmp_path: Path) -> None:
    engines.require("jena")
    newsroom = open_newsroom(ARCHIVE)
    build(newsroom, tmp_path / "public", jobs=1, site=False)
    file = tmp_path / "public" / "dataset.rdf12.ttl"
    store = ox.Store()
    store.load(path=str(file), format=ox.RdfFormat.TURTLE)
    queries = (
        "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
        f"SELECT (COUNT(*) AS ?n) WHERE {{ ?st <{RDF}reifies> <<( ?s ?p ?o )>> . ?s ?p ?o ; a ?class }}",
        f"SELECT ?st ?s ?p WHERE {{ ?st <{RDF}reifies> <<( ?s ?p ?o )>> ; <{CMQ}basis> <{CMQ}inferred> }} ORDER BY ?st",
    )
    with contextlib.closing(engines.Jena(file)) as jena:
        for query in queries:
            rows = [
                [[term.value for term in row] for row in found]
                for found in (store.query(query), ox.parse_query_results(jena.ask(query), format=JSON))
                if isinstance(found, ox.QuerySolutions)
            ]
            assert len(rows) == 2 and rows[0] and rows[0] == rows[1]
