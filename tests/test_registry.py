"""The registry of entities: its quads, its places, and what is wrong with its files."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Literal, NamedNode

from communique.api import open_newsroom
from communique.compile.registry import Registry, compile_registry
from communique.compile.scheme import with_scheme
from communique.context import read_context
from communique.drawing.facts import Facts
from communique.drawing.relations import read_picture
from communique.findings import Position
from communique.publish.site.scenefacts import SceneFact
from communique.publish.words import Words
from communique.read.dataset import Dataset
from communique.read.newsroom import open_data
from communique.terms import DCTERMS, SCHEMA, SKOS, TYPE
from tests.conftest import BASE, DATA
from tests.terms import value_of

ONE = """\
"@context": [context.jsonld]
graph:
  - id: topic/bridges
    type: [Concept, DefinedTerm]
    name: bridges
    labels: {ru: мосты}
  - id: org/body
    type: GovernmentOrganization
    name: Sample Body
    sameAs: [https://example.com/1, https://example.com/2]
"""


def registry(tmp_path: Path, **files: str) -> Registry:
    folder = tmp_path / "data" / "entities"
    (tmp_path / "data" / "releases").mkdir(parents=True)
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return compile_registry(open_data(tmp_path / "data").entities(), read_context(), base=BASE, language="en")


def test_entities_become_quads_of_one_graph_with_rules_applied(tmp_path: Path) -> None:
    made = registry(tmp_path, one=ONE)
    assert made.findings == ()
    assert {str(q.graph_name) for q in made.quads()} == {f"<{BASE}graph/entities>"}
    rows = {f"{q.subject} {q.predicate} {q.object}".replace(BASE, "").replace(SCHEMA, "s:") for q in made.quads()}
    kind, skos = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "http://www.w3.org/2004/02/skos/core#"
    assert rows == {
        f"<topic/bridges> {kind} <{skos}Concept>",
        f"<topic/bridges> {kind} <s:DefinedTerm>",
        '<topic/bridges> <s:name> "bridges"@en',
        '<topic/bridges> <s:name> "мосты"@ru',
        f'<topic/bridges> <{skos}prefLabel> "bridges"@en',
        f'<topic/bridges> <{skos}prefLabel> "мосты"@ru',
        f"<org/body> {kind} <s:GovernmentOrganization>",
        f"<org/body> {kind} <s:Organization>",
        '<org/body> <s:name> "Sample Body"@en',
        "<org/body> <s:sameAs> <https://example.com/1>",
        "<org/body> <s:sameAs> <https://example.com/2>",
    }


def test_an_entity_is_described_and_located(tmp_path: Path) -> None:
    made = registry(tmp_path, one=ONE)
    assert {str(q.subject) for q in made.describe([BASE + "org/body", BASE + "org/none"])} == {f"<{BASE}org/body>"}
    file, at = made.locate(BASE + "org/body")
    assert (Path(file).name, at) == ("one.yaml", Position(7, 5, 2))


def test_an_entity_in_two_files_is_refused_and_the_first_one_named(tmp_path: Path) -> None:
    (finding,) = registry(tmp_path, a=ONE, b=ONE.replace("topic/bridges", "topic/others")).findings
    assert (finding.code, Path(finding.file).name, finding.line) == ("duplicate-id", "b.yaml", 7)
    assert "a.yaml, line 7" in finding.why[0]


def test_the_order_of_files_and_entities_changes_no_quad(tmp_path: Path) -> None:
    graph, first, second = ONE.partition("graph:\n")[0], *ONE.split("graph:\n")[1].split("  - id: org")
    other = f"{graph}graph:\n  - id: org{second}{first}"
    made = registry(tmp_path / "x", one=ONE), registry(tmp_path / "y", one=other)
    assert {*made[0].quads()} == {*made[1].quads()} and made[1].findings == ()


def test_the_real_registry_has_no_fault() -> None:
    made = compile_registry(open_data(DATA).entities(), read_context(), base=BASE)
    assert made.findings == () and len(made.entities) > 10


def test_an_entity_cannot_be_inside_a_release(tmp_path: Path) -> None:
    made = registry(tmp_path, one=ONE + "  - id: this:body\n    type: Person\n    name: Jo\n    memberOf: this:other\n")
    assert [(f.code, f.line) for f in made.findings] == [("bad-id", 11)]
    assert set(made.entities) == {BASE + "topic/bridges", BASE + "org/body"}


def test_a_code_is_a_text_and_a_node_that_says_scheme_and_code_apart(tmp_path: Path) -> None:
    codes = ["sample-list:ab/12 34", "UNBIS:1234", "unbis:no number", "398", "https://example.org/1"]
    made = registry(tmp_path, one=ONE + f"    identifier: {codes}\n")
    assert made.findings == () and set(made.entities) == {BASE + "topic/bridges", BASE + "org/body"}
    body = f"{BASE}org/body"
    rows = {
        (value_of(q.subject), q.predicate.value.removeprefix(SCHEMA), value_of(q.object)) for q in made.entities[body]
    }
    listed, at_authority, unlike = (
        f"{body}#identifier-{name}" for name in ("sample-list-ab%2F12%2034", "UNBIS-1234", "unbis-no%20number")
    )
    assert {row[1:] for row in rows if row[0] == listed} - {("propertyID", "sample-list"), ("value", "ab/12 34")} == {
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", SCHEMA + "PropertyValue")
    }
    addresses = {(s, o) for s, p, o in rows if p == "url"}
    assert addresses == {(at_authority, "http://metadata.un.org/thesaurus/1234")}
    assert {o for s, p, o in rows if (s, p) == (body, "identifier")} == {*codes, listed, at_authority, unlike}


NARROWER = "  - {id: topic/rope-bridges, type: Concept, name: rope bridges, broader: topic/bridges}\n"
FOREIGN = "  - {id: topic/tunnels, type: Concept, name: tunnels, inScheme: 'https://example.org/scheme'}\n"


def test_the_topics_of_the_registry_are_in_one_scheme_with_the_title_of_the_dataset(tmp_path: Path) -> None:
    about = Dataset(base=BASE, title="Samples of news", language="de")
    made = with_scheme(about, registry(tmp_path, one=ONE + NARROWER + FOREIGN))
    scheme = BASE + "dataset#topics"
    said = {(value_of(q.subject), value_of(q.object)) for q in made.quads() if q.predicate.value == SKOS + "inScheme"}
    bridges, ropes, tunnels = (f"{BASE}topic/{name}" for name in ("bridges", "rope-bridges", "tunnels"))
    assert said == {(bridges, scheme), (ropes, scheme), (tunnels, "https://example.org/scheme")}
    assert {str(q) for q in made.scheme} == {
        f"<{scheme}> <{TYPE}> <{SKOS}ConceptScheme> <{BASE}graph/entities>",
        f'<{scheme}> <{DCTERMS}title> "Samples of news"@de <{BASE}graph/entities>',
    }
    assert set(made.scheme) <= set(made.describe([ropes])) and set(made.scheme) <= set(made.quads())
    assert not set(made.scheme) & set(made.describe([tunnels, BASE + "org/body"]))
    assert {value_of(q.object) for q in made.quads() if q.predicate.value == SKOS + "broader"} == {bridges}


def test_a_registry_without_topics_of_its_own_has_no_scheme(tmp_path: Path) -> None:
    made = registry(tmp_path, one="graph:\n  - {id: org/a, type: NGO, name: A}\n" + FOREIGN)
    assert with_scheme(Dataset(base=BASE), made) is made


def test_a_newsroom_has_the_scheme_of_its_topics_and_pictures_say_which_topic_is_narrower(tmp_path: Path) -> None:
    registry(tmp_path, one=ONE + NARROWER)
    newsroom = open_newsroom(tmp_path / "data")
    assert [q.predicate.value for q in newsroom.registry.scheme] == [TYPE, DCTERMS + "title"]
    quads = [*newsroom.registry.quads()]
    base = newsroom.dataset.base
    picture = read_picture(Facts(quads), None, lambda iri: (iri, ""), Words("en"))
    (edge,) = [e for e in picture.left_out if "topic/" in e.source]
    assert (edge.source, edge.target) == (f"{base}topic/rope-bridges", f"{base}topic/bridges")


def test_the_node_of_a_code_repeats_the_text_beside_it() -> None:
    facts = [SceneFact("a", SCHEMA + "identifier", value, "") for value in (NamedNode("urn:x"), Literal("x:1"))]
    assert [fact.repeats_text for fact in facts] == [True, False]
    assert not SceneFact("a", SCHEMA + "about", NamedNode("urn:x"), "").repeats_text
