"""A project in a record: its page, its place in every list, its graph, and what hosts and machines are told of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from communique.api import open_newsroom
from communique.check.lint import check_registry
from communique.check.sums import Sums
from communique.publish.build import build
from communique.publish.site.rows import ShownValue, disambiguate
from communique.publish.words import Words
from communique.terms import SCHEMA, TYPE
from tests.conftest import MakeNewsroom, compile_record, record_of
from tests.counting import Counting

TEXT = (
    "Headline\n"
    "The first well of the project Clear Wells was opened. The project belongs to the Sample Society.\n"
    "Ada Example, coordinator of Clear Wells, opened it with the research project Study of Wells.\n"
)
NODES: list[dict[str, Any]] = [
    {
        "id": "event/opening", "type": "Event", "name": "first well", "organizer": "project/clear-wells",
        "evidence": {"*": "The first well of the project Clear Wells was opened",
                     "organizer": {"inferred": "The first well of the project", "why": "it is its well"}},
    },
    {
        "id": "project/clear-wells", "type": "Project", "name": "Clear Wells", "parentOrganization": "org/society",
        "evidence": {"*": "the project Clear Wells", "parentOrganization": "The project belongs to the Sample Society"},
    },
    {"id": "project/study-of-wells", "type": "ResearchProject", "name": "Study of Wells",
     "evidence": "the research project Study of Wells"},
    {"id": "org/society", "type": "Organization", "name": "Sample Society", "evidence": "the Sample Society"},
    {"id": "person/ada", "type": "Person", "name": "Ada Example", "evidence": "Ada Example",
     "role": {"title": "coordinator", "of": "project/clear-wells",
              "evidence": "Ada Example, coordinator of Clear Wells"}},
]  # fmt: skip
ABOUT = {"about": "event/opening", "evidence": "Headline"}
BASE = "https://fonds.example/données/"
DATASET = f"title: Fonds\nbase: {BASE}\nlanguage: en\ninterface: [en, ru, kk]\nlicense: https://example.org/l\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publication with two projects, at a base in another script, in three languages."""
    folder = tmp_path_factory.mktemp("projects")
    release = folder / "data/releases/sample"
    release.mkdir(parents=True)
    (release / "source.txt").write_text(TEXT, encoding="utf-8")
    (release / "record.yaml").write_text(json.dumps(record_of(*NODES, **ABOUT)), encoding="utf-8")
    (folder / "data/dataset.yaml").write_text(DATASET, encoding="utf-8")
    outcome = build(open_newsroom(folder / "data"), folder / "public", jobs=1)
    assert [f for f in outcome.findings if f.severity == "violation"] == [] and outcome.files > 0
    return folder / "public"


def read(site: Path, path: str) -> str:
    return (site / path).read_text(encoding="utf-8")


def section(page: str, key: str) -> str:
    """What stands under a heading of a page."""
    return str(re.findall(rf'aria-labelledby="{key}">(.*?)</section>', page, re.DOTALL)[0])


def test_a_project_carries_the_classes_above_it_and_its_facts() -> None:
    made = compile_record(record_of(*NODES, **ABOUT), TEXT)
    assert made.findings == ()
    classes: dict[str, set[str]] = {}
    for quad in made.facts + made.inferred:
        if quad.predicate.value == TYPE and "/project/" in str(quad.subject):
            classes.setdefault(str(quad.subject).rpartition("/")[2].strip(">"), set()).add(str(quad.object))
    wide = {f"<{SCHEMA}Project>", f"<{SCHEMA}Organization>"}
    assert classes == {"clear-wells": wide, "study-of-wells": wide | {f"<{SCHEMA}ResearchProject>"}}


def test_an_inferred_research_project_is_an_inferred_project_and_organisation() -> None:
    inferred = {"inferred": "Study of Wells", "why": "it studies"}
    node = NODES[2] | {"evidence": {"*": "the research project Study of Wells", "type": {"ResearchProject": inferred}}}
    made = compile_record(record_of(node), TEXT)
    assert len([q for q in made.inferred if q.predicate.value == TYPE]) == 3


def test_a_project_is_counted_as_one_and_not_as_an_organisation() -> None:
    sums = Sums()
    sums.add(compile_record(record_of(*NODES, **ABOUT), TEXT))
    assert "1 person, 1 organisation, 2 projects, 0 statements" in sums.sentence([])
    none = Sums()
    none.add(compile_record(record_of(NODES[3]), TEXT))
    assert "0 people, 1 organisation, 0 statements" in none.sentence([])


@pytest.mark.parametrize(
    ("suffix", "one", "many", "counted"),
    [
        ("", "Project", "Projects", "2 projects"),
        (".ru", "Проект", "Проекты", "2 проекта"),
        (".kk", "Жоба", "Жобалар", "2 жоба"),
    ],
)
def test_projects_have_pages_and_a_list_in_every_language(
    site: Path, suffix: str, one: str, many: str, counted: str
) -> None:
    front = read(site, f"index{suffix}.html")
    own = section(front, "projects")
    assert f">{many}</h2>" in own and "Clear Wells" in own and "Study of Wells" in own
    assert "Clear Wells" not in re.sub(r"<span>.*?</span>", "", section(front, "organisations"))
    assert counted in front
    page = read(site, f"project/clear-wells/index{suffix}.html")
    assert f"<title>Clear Wells – {one}</title>" in page
    assert 'class="sec k-org"' in page
    assert f"<h1>{many}</h1>" in read(site, f"project/index{suffix}.html")


def test_a_release_shows_its_projects_once_in_a_section_of_their_own(site: Path) -> None:
    page = read(site, "release/sample/index.html")
    assert "Clear Wells" in section(page, "h-projects") and "research project" in section(page, "h-projects")
    assert 'id="project/clear-wells"' in section(page, "h-projects")
    assert 'id="project/' not in section(page, "h-orgs")
    assert 'class="sec k-org" id="s-projects"' in page


def test_a_project_stands_among_the_organisations_of_a_picture(site: Path) -> None:
    (picture,) = re.findall(r'<svg class="pic.*?</svg>', read(site, "project/clear-wells/index.html"), re.DOTALL)
    assert picture.count('class="bar k-org"') == 2 and picture.count('class="bar k-people"') == 1
    assert ">coordinator<" in picture


def test_the_files_of_a_project_say_what_the_release_says(site: Path) -> None:
    turtle = read(site, "project/clear-wells/index.ttl")
    assert "<project/clear-wells> a schema:Project, schema:Organization ;" in turtle
    assert "schema:parentOrganization <org/society>" in turtle
    study = read(site, "project/study-of-wells/index.ttl")
    assert "<project/study-of-wells> a schema:ResearchProject, schema:Project, schema:Organization ;" in study
    page = json.loads(read(site, "project/study-of-wells/page.jsonld"))["@graph"][0]
    assert page["@type"] == "ResearchProject"
    dataset = list(parse(path=str(site / "dataset.nq"), format=RdfFormat.N_QUADS))
    project = NamedNode(BASE + "project/clear-wells")
    assert {q.object.value for q in dataset if q.subject == project and q.predicate.value == TYPE} == {
        SCHEMA + "Project",
        SCHEMA + "Organization",
    }
    order = [str(q.subject) for q in dataset if isinstance(q, Quad) and q.predicate.value == SCHEMA + "name"]
    assert order.index(f"<{BASE}person/ada>") < order.index(str(project))


def test_every_number_about_projects_is_that_of_the_data(site: Path) -> None:
    counting = Counting(site, BASE)
    counting.cards()
    counting.lists()
    counting.entities()
    assert counting.wrong == [] and counting.compared["card: project"] == 1 and counting.compared["list: projects"] == 1
    assert counting.compared["entity: releases"] == 5


def test_hosts_and_search_know_projects(site: Path) -> None:
    headers = read(site, "server/netlify/_headers")
    assert "/project/:name/\n  Link: <index.ttl>" in headers
    assert "/project/:name/index.ttl\n  Content-Type: text/turtle" in headers
    assert "/project/:name/index.ttl 200" in read(site, "server/netlify/_redirects")
    assert "project/clear-wells/" in read(site, "sitemap.xml")
    assert any("project/clear-wells/" in p.read_text("utf-8") for p in (site / "search").glob("*.js"))
    assert (site / "shapes/project.ttl").is_file()


def test_a_newsroom_without_projects_has_no_list_of_them(make_newsroom: MakeNewsroom, tmp_path: Path) -> None:
    data = make_newsroom(json.dumps(record_of(NODES[3])), TEXT)
    build(open_newsroom(data), tmp_path / "public", jobs=1)
    front = read(tmp_path / "public", "index.html")
    assert 'aria-labelledby="organisations"' in front
    assert "roject" not in re.sub(r"data-words=\"[^\"]*\"", "", front)
    assert "s-projects" not in read(tmp_path / "public", "release/sample/index.html")


def test_a_project_and_an_organisation_of_one_name_are_told_apart() -> None:
    values = [ShownValue("Clear Wells", "", "", f"{BASE}{path}") for path in ("org/wells", "project/wells")]
    assert [v.text for v in disambiguate(Words("en"), values, BASE)] == ["Clear Wells", "Clear Wells (project)"]


def test_a_project_named_like_an_organisation_of_the_registry_is_pointed_out(make_newsroom: MakeNewsroom) -> None:
    entities = """
graph:
  - {id: org/wells, type: Organization, name: Clear Wells}
  - {id: project/wells, type: Project, name: Clear wells}
"""
    newsroom = open_newsroom(make_newsroom(json.dumps(record_of()), TEXT, entities=entities))
    assert [f.code for f in check_registry(newsroom.registry, None)] == ["similar-names"]


@pytest.mark.slow
def test_what_is_no_project_by_its_path_but_by_its_class_is_called_one(
    make_newsroom: MakeNewsroom, tmp_path: Path
) -> None:
    node = NODES[1] | {"id": "programme/clear-wells", "parentOrganization": []}
    del node["parentOrganization"]
    node["evidence"] = "the project Clear Wells"
    build(open_newsroom(make_newsroom(json.dumps(record_of(node)), TEXT)), tmp_path / "public", jobs=1)
    assert "<title>Clear Wells – Project</title>" in read(tmp_path / "public", "programme/clear-wells/index.html")
    assert "Clear Wells" in section(read(tmp_path / "public", "index.html"), "projects")
