"""The facts of a scene: made when they are asked for, the same in any order, each with what it rests on."""

from __future__ import annotations

from random import Random

from pyoxigraph import Literal, NamedNode, Quad

from communique.api import Newsroom
from communique.compile.evidencegraph import statement_node
from communique.export.order import Rows, plain
from communique.publish.site.scene import Scene
from communique.publish.site.scenefacts import FactsInto, FactsOf, SceneFact, ScenePassage
from communique.terms import CMQ, OA, RDF, SCHEMA, SKOS, TYPE
from tests.conftest import SLUG

BASE = "https://example.org/id/"
A, B = NamedNode(BASE + "org/a"), NamedNode(BASE + "org/b")
NAME, PART = NamedNode(SCHEMA + "name"), NamedNode(SCHEMA + "memberOf")
WORDS = NamedNode(BASE + "release/one/source.txt#char=3,8")
PASSAGE = ScenePassage("one", 3, 8, "words")


def graph(name: str) -> NamedNode:
    return NamedNode(f"{BASE}graph/{name}")


def passage(iri: NamedNode = WORDS, start: int = 3, end: int = 8, exact: str = "words") -> list[Quad]:
    parts = {"exact": exact, "start": str(start), "end": str(end)}
    return [Quad(iri, NamedNode(OA + name), Literal(text), graph("one/evidence")) for name, text in parts.items()]


def mark(fact: Quad, **said: NamedNode | Literal) -> list[Quad]:
    assert isinstance(fact.subject, NamedNode) and isinstance(fact.object, NamedNode | Literal)
    node = statement_node(BASE + "release/one", fact.subject, fact.predicate, fact.object)
    triple = {"subject": fact.subject, "predicate": fact.predicate, "object": fact.object}
    parts = {RDF + name: part for name, part in triple.items()} | {CMQ + name: part for name, part in said.items()}
    return [Quad(node, NamedNode(path), part, graph("one/evidence")) for path, part in parts.items()]


def facts(*quads: Quad) -> FactsOf:
    return FactsOf(Rows(plain(quads)), BASE)


def test_a_fact_rests_on_its_own_passages_or_on_those_of_its_node() -> None:
    own, other = Quad(A, NAME, Literal("A"), graph("one")), Quad(A, PART, B, graph("one"))
    far = NamedNode(BASE + "release/one/source.txt#char=20,25")
    supported = Quad(A, NamedNode(CMQ + "evidence"), far, graph("one/evidence"))
    found = facts(own, other, supported, *mark(own, evidence=WORDS), *passage(), *passage(far, 20, 25, "other"))
    whole = ScenePassage("one", 20, 25, "other")
    assert found[A.value] == [
        SceneFact(A.value, PART.value, B, "one", (whole,)),
        SceneFact(A.value, NAME.value, Literal("A"), "one", (PASSAGE,)),
    ]
    assert found.support(A.value) == {"one": [whole]} and found.support(B.value) == {}
    assert list(found.passages.values()) == [PASSAGE, whole]


def test_an_inferred_fact_has_its_reason_and_one_that_a_graph_states_has_none() -> None:
    told, bare = Quad(A, NAME, Literal("A"), graph("one/inferred")), Quad(A, PART, B, graph("one/inferred"))
    why = [Quad(q.subject, NamedNode(SKOS + "editorialNote"), Literal("because"), q.graph_name) for q in mark(told)[:1]]
    marks = [*mark(told, basis=NamedNode(CMQ + "inferred")), *why]
    assert [fact.reason for fact in facts(told, bare, *marks)[A.value]] == ["?", "because"]
    stated = Quad(A, PART, B, graph("one"))
    for both in ((bare, stated), (stated, bare)):
        assert [fact.reason for fact in facts(*both)[A.value]] == [""]


def test_the_dataset_the_graphs_the_passages_and_the_statement_nodes_are_no_nodes_with_facts() -> None:
    fact = Quad(A, NAME, Literal("A"), graph("one"))
    about = [
        Quad(B, NAME, Literal("B"), graph("dataset")),
        Quad(graph("one"), NAME, Literal("one"), graph("one")),
        Quad(graph("one"), NamedNode(TYPE), B, graph("one")),
        Quad(graph("one"), NamedNode(CMQ + "evidence"), WORDS, graph("one/evidence")),
    ]
    found = facts(fact, *about, *mark(fact, evidence=WORDS), *passage())
    assert list(found) == [A.value] and len(found) == 1
    assert B.value not in found and found.get(B.value) is None and found.by_property(B.value) == {}
    assert found.classes == {} and found.slugs == {"one"}
    assert dict(FactsInto(found)) == {} and len(FactsInto(found)) == 0
    statements = {str(quad.subject.value) for quad in mark(fact) if isinstance(quad.subject, NamedNode)}
    for iri in (graph("one").value, WORDS.value, *statements):
        assert found.support(iri) == {}


def test_into_a_node_lead_the_facts_that_have_it_as_their_object_and_no_others() -> None:
    part, other = Quad(A, PART, B, graph("one")), Quad(A, NAME, Literal("A"), graph("one"))
    found = FactsInto(facts(part, other, Quad(A, PART, NamedNode(BASE + "org/c"), graph("one"))))
    assert found[B.value] == [SceneFact(A.value, PART.value, B, "one")]
    assert A.value not in found and len(found) == 2


def test_facts_are_the_same_in_whatever_order_they_are_asked_for(real: Newsroom) -> None:
    rows, base = Rows(plain(real[SLUG].compiled.quads)), real.dataset.base
    first = Scene(rows, base)
    out, into = dict(first.out), dict(first.into)
    assert sum(map(len, out.values())) > 500 and sum(map(len, into.values())) > 300
    for seed in range(5):
        order = Random(seed)
        shuffled = Scene(Rows(order.sample(rows, len(rows))), base)
        asked = [*((shuffled.into, iri) for iri in into), *((shuffled.out, iri) for iri in out)]
        for index, iri in order.sample(asked, len(asked)):
            assert index[iri] == (into if index is shuffled.into else out)[iri]
            assert shuffled.support(iri) == first.support(iri)
        assert shuffled.passages == first.passages and shuffled.has_several_releases == first.has_several_releases
        for fact in (fact for facts in out.values() for fact in facts):
            assert fact in shuffled.values(fact.subject, fact.predicate)


def test_only_the_facts_that_are_asked_for_are_made(real: Newsroom) -> None:
    scene = Scene(real[SLUG].compiled.quads, real.dataset.base)
    iri = next(iter(scene.out))
    assert scene.out._made == {}
    assert scene.values(iri, TYPE)
    assert [*scene.out._made] == [iri]
