"""Where a graph comes from: its text, who checked it and when, the licence and the program; found by one query."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from communique.api import Newsroom, open_newsroom
from communique.compile.compiler import Compiled
from communique.publish.build import build
from communique.terms import PREFIXES
from tests.conftest import SLUG, compile_record, record_of

TEXT = "Headline\n\nAda Example of the Sample Body spoke."
QUERY = """SELECT ?graph ?source ?sha256 ?licence ?rights ?program ?reviewer ?day WHERE {
  GRAPH ?evidence {
    ?graph prov:wasDerivedFrom ?source ; dcterms:isPartOf ?dataset . ?source schema:sha256 ?sha256
    OPTIONAL { ?graph prov:qualifiedAttribution ?review . ?review prov:agent ?reviewer ; dcterms:date ?day }
  }
  GRAPH ?about {
    ?dataset prov:wasGeneratedBy/prov:wasAssociatedWith/rdfs:label ?program
    OPTIONAL { ?dataset dcterms:license ?licence } OPTIONAL { ?dataset dcterms:rights/rdfs:label ?rights }
  }
} ORDER BY ?graph ?day"""


def told(newsroom: Newsroom) -> list[dict[str, str]]:
    store = ox.Store()
    store.extend(newsroom.quads())
    found = store.query(QUERY, prefixes=PREFIXES)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [{n: str(v.value) for n, v in zip(names, row, strict=True) if v is not None} for row in found]


def newsroom_of(folder: Path, record: dict[str, Any], more: str = "") -> Newsroom:
    release = folder / "data" / "releases" / "sample"
    release.mkdir(parents=True)
    (release / "source.txt").write_text(TEXT, encoding="utf-8")
    (release / "record.yaml").write_text(json.dumps(record), encoding="utf-8")
    lines = "title: Sample\npublisher: Sample Press\nlicense: https://licence.example/l\ncontact: p@press.example\n"
    (folder / "data" / "dataset.yaml").write_text(lines + "interface: [en]\n" + more, encoding="utf-8")
    return open_newsroom(folder / "data")


def test_one_query_tells_where_each_graph_of_a_release_comes_from(real: Newsroom) -> None:
    compiled = real[SLUG].compiled
    rows = told(real)
    base = real.dataset.base
    assert [row["graph"].removeprefix(f"{base}graph/{SLUG}") for row in rows] == ["", "/evidence", "/inferred"]
    assert {row["graph"] for row in rows} == compiled.graph_names
    for row in rows:
        assert row["source"] == f"{compiled.iri}/source.txt" and row["sha256"] == real[SLUG].written.sha256
        assert row["licence"] == real.dataset.license and row["program"].startswith("communique ")
        assert "reviewer" not in row and "day" not in row


def test_who_checked_a_record_and_when_is_told_of_each_of_its_graphs(tmp_path: Path) -> None:
    record = record_of({"id": "org/body", "type": "Organization", "name": "Sample Body", "evidence": "Sample Body"})
    record["reviewed"] = [{"by": "org/body", "on": "2031-03-04"}, {"by": "Otto Beispiel", "on": "2031-03-05"}]
    newsroom = newsroom_of(tmp_path, record, "textRights: The text is its publisher's.\n")
    base, rows = newsroom.dataset.base, told(newsroom)
    assert {(row["reviewer"].removeprefix(base), row["day"]) for row in rows} == {
        ("org/body", "2031-03-04"),
        ("graph/sample#reviewer-2", "2031-03-05"),
    }
    assert len(rows) == 2 * len(newsroom["sample"].compiled.graph_names) and {row["rights"] for row in rows} == {
        "The text is its publisher's."
    }
    quads = newsroom["sample"].compiled.evidence
    assert [q.object.value for q in quads if q.predicate.value.endswith("foaf/0.1/name")] == ["Otto Beispiel"]  # type: ignore[union-attr]
    build(newsroom, tmp_path / "public", jobs=1)
    page = (tmp_path / "public" / "release" / "sample" / "index.html").read_text(encoding="utf-8")
    assert "Checked against the text by Sample Body on 4 March 2031." in page
    assert "Checked against the text by Otto Beispiel on 5 March 2031." in page and "Not reviewed" not in page


def test_a_graph_that_is_not_there_is_not_described() -> None:
    def described(made: Compiled) -> set[str]:
        derived = (q for q in made.evidence if q.predicate.value.endswith("#wasDerivedFrom"))
        return {str(q.subject)[1:-1].rpartition("/sample")[2] for q in derived}

    person = {"id": "person/ada", "type": "Person", "name": "Ada Example", "evidence": "Ada Example"}
    assert described(compile_record(record_of(person), TEXT)) == {"", "/evidence"}
    doubt = {**person, "evidence": {"*": "Ada Example", "type": {"inferred": "Ada Example", "why": "a name"}}}
    assert described(compile_record(record_of(doubt), TEXT)) == {"", "/inferred", "/evidence"}


@pytest.mark.parametrize("nested", [False, True])
def test_the_page_says_who_publishes_its_data_since_when_and_under_which_licence(tmp_path: Path, nested: bool) -> None:
    newsroom = newsroom_of(tmp_path, record_of(), "modified: 2031-03-06\nissued: 2031-03-01\n")
    page = json.loads(newsroom.export(["sample"], "page-jsonld", nested=nested))
    node = page if nested else page["@graph"][0]
    assert node["@id"] == newsroom["sample"].compiled.iri
    assert node["sdPublisher"] == {"@id": f"{newsroom.dataset.base}dataset#publisher", "name": "Sample Press"}
    assert (node["sdDatePublished"], node["sdLicense"]) == ("2031-03-06", "https://licence.example/l")
    build(newsroom, tmp_path / "public", jobs=1)
    published = tmp_path / "public" / "release" / "sample"
    assert json.loads((published / "page.jsonld").read_bytes())["@graph"][0]["sdDatePublished"] == "2031-03-06"
    assert "Not reviewed:" in (published / "index.html").read_text(encoding="utf-8")


def test_what_the_dataset_does_not_say_is_not_made_up(tmp_path: Path) -> None:
    newsroom = newsroom_of(tmp_path, record_of())
    (node, *_) = json.loads(newsroom.export(["sample"], "page-jsonld"))["@graph"]
    assert "sdDatePublished" not in node
    shared = {quad.predicate.value.rpartition("/")[2] for quad in newsroom.shared()}
    assert not shared & {"issued", "modified", "rights"} and "license" in shared


def test_a_release_has_the_address_of_the_page_of_the_publication_if_that_has_one(tmp_path: Path) -> None:
    def node(folder: str, more: str) -> dict[str, Any]:
        newsroom = newsroom_of(tmp_path / folder, record_of(), more)
        made: dict[str, Any] = json.loads(newsroom.export(["sample"], "page-jsonld"))["@graph"][0]
        return made

    here = node("a", "homepage: https://press.example/\n")
    assert here["url"] == here["mainEntityOfPage"] == "https://press.example/release/sample/"
    assert not {"url", "mainEntityOfPage"} & node("b", "").keys()
