"""The canned questions, asked of two invented releases that share a person: the same rows in every engine."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import yaml_rs
from rdflib import BNode, Dataset, Literal, URIRef

from communique.errors import QueryError
from communique.query.bind import bind, render_bound
from communique.query.catalogue import Query, read_catalogue
from communique.query.results import Table, run
from communique.store import Answer
from communique.store.embedded import EmbeddedStore, open_embedded

DATA = Path(__file__).parent / "data" / "queries"
BASE = "https://news.example/id/"
CASES: Any = yaml_rs.loads((DATA / "cases.yaml").read_text(encoding="utf-8"), parse_datetime=False)
CATALOGUE = read_catalogue()


@cache
def oxigraph() -> EmbeddedStore:
    store = open_embedded()
    store.extend(ox.parse(path=str(DATA / "two-releases.trig")))
    return store


@cache
def rdflib_dataset(union: bool) -> Dataset:
    dataset = Dataset(default_union=union)
    for quad in oxigraph().quads:
        graph = dataset.graph(URIRef(quad.graph_name.value))
        graph.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
    return dataset


def to_rdflib(term: Any) -> URIRef | Literal:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    datatype = None if term.language or term.datatype.value.endswith("#string") else URIRef(term.datatype.value)
    return Literal(term.value, lang=term.language, datatype=datatype)


def case(name: str) -> tuple[Query, dict[str, str], str]:
    values = {key: str(value) for key, value in CASES[name].items()}
    query = CATALOGUE[values.pop("query")]
    return query, values, (DATA / "expected" / f"{name}.csv").read_bytes().decode("utf-8")


def of_rdflib(term: Any) -> ox.NamedNode | ox.Literal | None:
    assert not isinstance(term, BNode)
    if isinstance(term, URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, Literal) and term.language:
        return ox.Literal(str(term), language=term.language)
    if isinstance(term, Literal):
        return (
            ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype))) if term.datatype else ox.Literal(str(term))
        )
    return None


class InText:
    """A store that takes no terms apart from the text, as remote stores do."""

    binds = False

    def __init__(self, ask: Callable[[str], Answer]) -> None:
        self.ask = ask

    def query(self, text: str, terms: Any = None) -> Answer:
        assert terms is None
        return self.ask(text)


def ask_rdflib(dataset: Dataset, text: str) -> Answer:
    found = dataset.query(text)
    assert found.vars is not None
    return Answer(tuple(map(str, found.vars)), tuple(tuple(map(of_rdflib, row)) for row in found))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", CASES)
def test_the_answer_is_the_expected_one(name):
    query, values, expected = case(name)
    assert run(CATALOGUE, query.name, values, oxigraph(), base=BASE).render("csv") == expected


@pytest.mark.parametrize("name", CASES)
def test_a_union_default_graph_changes_nothing(name):
    query, values, expected = case(name)
    answer = oxigraph().query(query.text, bind(query, values, BASE), union=True)
    where = [answer.variables.index(column.name) for column in query.columns]
    table = Table(tuple(c.name for c in query.columns), tuple(tuple(row[i] for i in where) for row in answer.rows))
    assert table.render("csv") == expected


@pytest.mark.parametrize("name", CASES)
def test_terms_written_into_the_text_give_the_same_answer(name):
    query, values, expected = case(name)
    assert run(CATALOGUE, query.name, values, InText(oxigraph().query), base=BASE).render("csv") == expected


# rdflib 7.6.0 warns of names that it uses itself whenever a Dataset is queried
@pytest.mark.filterwarnings("ignore:Dataset\\.(default_context|contexts|identifier) is deprecated:DeprecationWarning")
@pytest.mark.parametrize("union", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_rdflib_gives_the_same_answer(name, union):
    query, values, expected = case(name)
    store = InText(lambda text: ask_rdflib(rdflib_dataset(union), text))
    assert run(CATALOGUE, query.name, values, store, base=BASE).render("csv") == expected


def test_every_question_has_a_case_and_every_case_an_answer():
    assert {said["query"] for said in CASES.values()} == set(CATALOGUE)
    assert {path.stem for path in (DATA / "expected").glob("*.csv")} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_no_row_comes_twice(name):
    query, values, _ = case(name)
    rows = run(CATALOGUE, query.name, values, oxigraph(), base=BASE).rows
    assert len(set(rows)) == len(rows)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_question_without_values_runs_as_it_stands(name):
    query = CATALOGUE[name]
    assert render_bound(query, {}) == query.text
    assert set(oxigraph().query(query.text).variables) == {c.name for c in query.columns} | {
        p.name for p in query.parameters
    }


def test_an_unknown_question_is_refused_with_the_nearest():
    with pytest.raises(QueryError) as caught:
        run(CATALOGUE, "speaker", {}, oxigraph())
    assert str(caught.value) == "unknown query 'speaker', did you mean 'speakers'?"


@pytest.mark.parametrize("name", ["speakers", "who-said-what"])
def test_without_evidence_the_rows_are_the_same_but_for_the_passages(name):
    bare = open_embedded()
    bare.extend(q for q in oxigraph().quads if not str(q.graph_name).endswith("/evidence>"))
    kept = [c.name for c in CATALOGUE[name].columns if c.name not in ("quote", "passage", "start", "end")]
    full, less = (
        {tuple(row[column] for column in kept) for row in run(CATALOGUE, name, {}, store, base=BASE).to_dicts()}
        for store in (oxigraph(), bare)
    )
    assert full == less
    assert {row["quote"] for row in run(CATALOGUE, name, {}, bare, base=BASE).to_dicts()} == {None}
