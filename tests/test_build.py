"""The publication: whole or not at all, the same bytes everywhere, true to its manifest."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from communique.api import Newsroom, open_newsroom, select
from communique.formats import FORMATS
from communique.publish.build import BuildOutcome, build
from communique.publish.manifest import verify
from tests.conftest import DATA, ROOT, SLUG
from tests.generated import write_generated
from tests.terms import value_of


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_all_files_of_the_interface_are_there(publication: Path) -> None:
    made = set(contents(publication))
    whole = {f"dataset.{s}" for s in ("ttl", "trig", "nq", "jsonld", "facts.ttl")}
    described = {"void.ttl", ".well-known/void", "catalog.ttl", "sparql-examples.ttl", "sitemap.xml", "feed.atom"}
    entity, graphs = ["index.ttl", "index.jsonld", "page.jsonld"], ["index.trig", "index.nq", "index.nt", "index.rdf"]
    folders = [f"release/{SLUG}", "person/bermet-moldobaeva", "org/chr-kz", "place/almaty", "legislation/kz-32-47.327"]
    folders += ["event/2015-05-29-special-report-presentation", "work/special-report-trafficking-2014"]
    folders += ["topic/trafficking-in-persons"]
    wanted = whole | described | {"robots.txt", "manifest.json", f"release/{SLUG}/source.txt"}
    wanted |= {f"{folder}/{name}" for folder in folders for name in entity}
    wanted |= {f"release/{SLUG}/{name}" for name in graphs}
    wanted |= {"ontology/communique.ttl", "ontology/context.jsonld", "shapes/event.ttl", "shapes/profiles/press.ttl"}
    assert wanted - made == set()
    assert not [name for name in made if name.startswith(".") and not name.startswith(".well-known")]


def test_it_is_true_to_its_manifest_and_a_changed_byte_shows(publication: Path, tmp_path: Path) -> None:
    assert verify(publication) == ()
    copy = tmp_path / "public"
    shutil.copytree(publication, copy)
    victim = copy / "person" / "bermet-moldobaeva" / "index.ttl"
    victim.write_bytes(victim.read_bytes().replace(b"Bermet", b"Gulnur", 1))
    (problem,) = verify(copy)
    assert "person/bermet-moldobaeva/index.ttl" in problem


def test_one_file_describes_every_part_of_the_dataset(publication: Path) -> None:
    start = "https://w3id.org/communique/id/dataset"
    named: set[str] = set()
    for name in ("catalog.ttl", "void.ttl", "sparql-examples.ttl"):
        for triple in ox.parse(path=str(publication / name), format=ox.RdfFormat.TURTLE):
            named |= {
                t.value for t in triple if isinstance(t, ox.NamedNode) and (t.value + "#").startswith(start + "#")
            }
    void = list(ox.parse(path=str(publication / "void.ttl"), format=ox.RdfFormat.TURTLE))
    typed = {t.subject.value for t in void if t.predicate.value.endswith("#type")}
    assert {start, start + "#catalogue", start + "#turtle", start + "#facts"} <= named
    assert named - typed == set()
    assert (publication / ".well-known" / "void").read_bytes() == (publication / "void.ttl").read_bytes()


def test_the_counts_of_the_manifest_are_those_of_the_data(publication: Path) -> None:
    manifest = json.loads((publication / "manifest.json").read_bytes())
    quads = list(ox.parse(path=str(publication / "dataset.nq"), format=ox.RdfFormat.N_QUADS))
    assert manifest["counts"]["quads"] == len(quads)
    assert manifest["counts"]["triples"] == len({q.triple for q in quads}) < len(quads)
    assert manifest["counts"]["releases"] == 1
    people = {q.subject for q in quads if q.object == ox.NamedNode("http://schema.org/Person")}
    assert manifest["counts"]["classes"]["http://schema.org/Person"] == len(people) == 8
    assert set(manifest["graphs"]) == {str(q.graph_name)[1:-1] for q in quads}


def test_every_syntax_of_the_dataset_says_the_same(publication: Path) -> None:
    def triples(suffix: str, fmt: ox.RdfFormat) -> set[ox.Triple]:
        return {q.triple for q in ox.parse(path=str(publication / f"dataset.{suffix}"), format=fmt)}

    whole = triples("ttl", ox.RdfFormat.TURTLE)
    assert whole == triples("trig", ox.RdfFormat.TRIG)
    assert whole == triples("nq", ox.RdfFormat.N_QUADS)
    assert whole == triples("jsonld", ox.RdfFormat.JSON_LD)
    facts = triples("facts.ttl", ox.RdfFormat.TURTLE)
    assert facts < whole
    assert not {t for t in whole - facts if "oa#" not in str(t.predicate) and "evidence" not in str(t.predicate)
                and "rdf-syntax-ns" not in str(t.predicate) and "basis" not in str(t.predicate)
                and "prov#" not in str(t.predicate) and f"graph/{SLUG}" not in str(t.subject)
                and t.subject != ox.NamedNode(f"https://w3id.org/communique/id/release/{SLUG}/source.txt")}  # fmt: skip


@pytest.mark.parametrize(
    "path", [f"release/{SLUG}", "person/zhakupov.mia-kz", "org/chr-kz", "work/special-report-trafficking-2014"]
)
def test_all_syntaxes_of_one_entity_hold_the_same_triples(publication: Path, path: str) -> None:
    is_release = path.startswith("release/")
    known = [f for f in FORMATS.values() if not f.embedded and (f.paged if is_release else f.of_entities)]
    read = {fmt.name: triples_of(publication / path / fmt.file) for fmt in known}
    assert len(read) == (len(FORMATS) - 2 if is_release else 2)
    assert {file.name for file in (publication / path).glob("index.*")} - {fmt.file for fmt in known} == {
        f"index{language}.html" for language in ("", ".kk", ".ru")
    }
    assert len(read["turtle"]) > 100
    assert all(triples == read["turtle"] for triples in read.values())
    turtle = rdflib.Graph().parse(publication / path / "index.ttl", format="turtle")
    if is_release:
        assert set(rdflib.Graph().parse(publication / path / "index.rdf", format="xml")) == set(turtle)


def test_the_document_of_an_entity_says_its_topic_its_licence_and_its_dataset_and_has_roles_and_words_whole(
    publication: Path,
) -> None:
    triples = triples_of(publication / "person/zhakupov.mia-kz/index.ttl")
    base, document = "https://w3id.org/communique/id/", "https://w3id.org/communique/id/person/zhakupov.mia-kz/"
    about = {t.predicate.value.rpartition("/")[2].rpartition("#")[2]: value_of(t.object) for t in triples
             if t.subject == ox.NamedNode(document)}  # fmt: skip
    assert about == {
        "primaryTopic": document.rstrip("/"),
        "inDataset": base + "dataset",
        "license": "https://creativecommons.org/licenses/by/4.0/",
    }
    said = {(value_of(t.subject).rpartition("#")[2], t.predicate.value.rpartition("/")[2]) for t in triples}
    assert ("role-zhakupov.mia-kz-mia-kz", "roleName") in said and ("statement-zhakupov-1", "text") in said


def triples_of(file: Path) -> set[ox.Triple]:
    """The triples of a file in the syntax that its suffix names, whatever graph they stand in."""
    syntax = ox.RdfFormat.from_extension(file.suffix[1:])
    assert syntax is not None
    return {q.triple for q in ox.parse(path=str(file), format=syntax)}


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_release_with_a_character_that_one_syntax_cannot_hold_is_published_without_that_file(
    tmp_path: Path, jobs: int
) -> None:
    data = write_generated(tmp_path, 2)
    ford = sorted((data / "releases").iterdir())[0]
    for name, old, new in (
        ("source.txt", "opened fair", "opened\x0cfair"),
        ("record.yaml", "opened fair", "opened\\u000cfair"),
    ):
        text = (ford / name).read_text(encoding="utf-8")
        assert old in text
        (ford / name).write_text(text.replace(old, new), encoding="utf-8")
    out = tmp_path / "public"
    outcome = build(open_newsroom(data), out, jobs=jobs)
    assert verify(out) == ()
    (found,) = [f for f in outcome.findings if f.code == "not-in-syntax"]
    assert (found.severity, found.file) == ("info", str(ford / "record.yaml"))
    assert found.message == (
        f"release/{ford.name}/index.rdf is not written: RDF/XML cannot hold the character U+000C, which stands in a "
        "value of <http://www.w3.org/ns/oa#exact>"
    )
    for folder in (folder.parent for folder in out.rglob("index.ttl")):
        page = (folder / "index.html").read_text(encoding="utf-8")
        assert page.count('href="index.rdf"') == (2 if (folder / "index.rdf").is_file() else 0), folder
        assert page.count('href="index.nt"') == (2 if folder.parent.name == "release" else 0)
    assert not (out / "release" / ford.name / "index.rdf").exists()
    assert (out / "release" / ford.name / "index.nt").is_file()
    assert len(list(out.rglob("index.rdf"))) == 1


def test_dataset_turtle_holds_each_entity_once_and_the_release_first(publication: Path) -> None:
    text = (publication / "dataset.ttl").read_text(encoding="utf-8")
    blocks = [b.split(" ")[0] for b in text.split("\n\n")[1:]]
    assert blocks[0] == f"<release/{SLUG}>"
    assert len(blocks) == len(set(blocks))
    assert "#" not in {line[:1] for line in text.splitlines()}  # no comments


def test_rdflib_reads_what_users_import(publication: Path) -> None:
    graph = rdflib.Graph()
    graph.parse(publication / "dataset.ttl")
    nquads = list(ox.parse(path=str(publication / "dataset.nq"), format=ox.RdfFormat.N_QUADS))
    assert len(graph) == len({q.triple for q in nquads})
    assert not [s for s in graph.subjects() if isinstance(s, rdflib.BNode)]


def test_an_entity_page_has_what_points_to_it_and_the_marks_of_what_is_inferred(publication: Path) -> None:
    file = publication / "person" / "zhakupov.mia-kz" / "index.ttl"
    store = ox.Store()
    store.load(path=str(file), format=ox.RdfFormat.TURTLE)
    ask = """
        PREFIX schema: <http://schema.org/> PREFIX cmq: <https://w3id.org/communique/ns#>
        PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        BASE <https://w3id.org/communique/id/>
        ASK { ?statement schema:creator <person/zhakupov.mia-kz> .
              ?mark rdf:subject <person/zhakupov.mia-kz> ; rdf:predicate schema:affiliation ; cmq:basis cmq:inferred .
              <org/mia-kz> schema:name ?name }"""
    assert bool(store.query(ask))


def test_what_lies_beside_the_record_is_what_the_build_gives(publication: Path) -> None:
    beside = DATA / "releases" / SLUG
    made = publication / "release" / SLUG
    how = "take it from a build: communique build, then copy public/release/<slug>/{index.ttl,page.jsonld}"
    assert (beside / "release.ttl").read_bytes() == (made / "index.ttl").read_bytes(), how
    assert (beside / "release.jsonld").read_bytes() == (made / "page.jsonld").read_bytes(), how


BUILD = """
import sys
from pathlib import Path
from communique.api import open_newsroom, select
from communique.publish.build import build
build(open_newsroom(sys.argv[1]), Path(sys.argv[2]), jobs=1)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("zone", "locale", "seed"), [("Asia/Almaty", "C", "1"), ("America/St_Johns", "C.UTF-8", "4242")]
)
def test_the_bytes_are_the_same_elsewhere(publication: Path, tmp_path: Path, zone: str, locale: str, seed: str) -> None:
    place = tmp_path / zone.replace("/", "-") / "newsroom"
    shutil.copytree(DATA, place / "data")
    out = place / "out"
    env = {**os.environ, "TZ": zone, "LC_ALL": locale, "LANG": locale, "PYTHONHASHSEED": seed}
    subprocess.run([sys.executable, "-c", BUILD, str(place / "data"), str(out)], check=True, cwd=tmp_path, env=env)
    assert contents(out) == contents(publication)


def several(folder: Path) -> Path:
    """A newsroom of many small releases that name the same people, enough for several blocks."""
    record = (ROOT / "tests" / "cases" / "valid-flat" / "record.yaml").read_text(encoding="utf-8")
    source = (ROOT / "tests" / "cases" / "valid-flat" / "source.txt").read_bytes()
    for number in range(120):
        place = folder / "releases" / f"sample-{number:03d}"
        place.mkdir(parents=True)
        (place / "source.txt").write_bytes(source)
        (place / "record.yaml").write_text(
            record.replace("release/sample", f"release/sample-{number:03d}"), encoding="utf-8"
        )
    (folder / "dataset.yaml").write_text(
        "title: Samples\ndescription: Samples.\nlicense: https://example.org/licence\n"
    )
    return folder


@pytest.mark.slow
def test_the_number_of_processes_never_shows_in_the_bytes(tmp_path: Path) -> None:
    data = several(tmp_path / "data")
    one, two = (build(open_newsroom(data), tmp_path / f"out-{jobs}", jobs=jobs) for jobs in (1, 2))
    assert one.findings == two.findings
    assert contents(tmp_path / "out-1") == contents(tmp_path / "out-2")
    assert verify(tmp_path / "out-2") == ()
    assert one.counts.releases == 120


def test_a_violation_leaves_the_old_publication_as_it_was(publication: Path, tmp_path: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "public"
    shutil.copytree(DATA, data)
    shutil.copytree(publication, out)
    record = data / "releases" / SLUG / "record.yaml"
    record.write_text(record.read_text(encoding="utf-8").replace("2014-12-29", "2014-12-28"), encoding="utf-8")
    outcome: BuildOutcome = build(open_newsroom(data), out, jobs=1)
    assert "not-grounded" in {f.code for f in outcome.findings}
    assert contents(out) == contents(publication)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "public"]


def test_a_newsroom_without_releases_is_published_empty(tmp_path: Path) -> None:
    (tmp_path / "data" / "releases").mkdir(parents=True)
    outcome = build(open_newsroom(tmp_path / "data"), tmp_path / "public", jobs=1)
    assert outcome.counts.releases == 0
    assert verify(tmp_path / "public") == ()


def test_the_newsroom_is_the_same_through_the_api(real: Newsroom) -> None:
    assert real[SLUG].graph().__class__ is rdflib.Graph
    assert len(real[SLUG].graph()) == len({quad.triple for quad in select(real[SLUG].compiled, "none")})
