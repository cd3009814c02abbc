"""A question about one value is limited to the releases that mention it: the answer is the same, but faster."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
import pytest

from communique.errors import QueryError
from communique.query import ask
from communique.query.ask import run
from communique.query.bind import bind
from communique.query.catalogue import Parameter, Query
from communique.store.embedded import EmbeddedStore, open_embedded
from tests.conftest import BASE
from tests.terms import moved
from tests.test_query_answers import CATALOGUE, NAMES, base_of, oxigraph, quads

BOUND = [(query, parameter) for query in CATALOGUE.values() for parameter in query.parameters if parameter.bounds]


def rows(table: Any, query: Query) -> list[tuple[str, ...]]:
    return sorted(tuple(map(str, row)) for row in table)


def whole(query: Query, values: dict[str, str], data: str) -> list[tuple[str, ...]]:
    """The rows if the query is not limited to some graphs."""
    terms = bind(query, values, base_of(data))
    if query.form == "CONSTRUCT":
        triples = set(oxigraph(data).construct(query.text, terms))
        return rows(((t.subject, t.predicate, t.object) for t in triples), query)
    answer = oxigraph(data).query(query.text, terms)
    where = [answer.variables.index(column.name) for column in query.columns]
    return rows((tuple(row[i] for i in where) for row in answer.rows), query)


@pytest.mark.parametrize("data", NAMES)
@pytest.mark.parametrize(("query", "parameter"), BOUND, ids=[f"{q.name}-{p.name}" for q, p in BOUND])
def test_every_value_gives_the_rows_that_all_graphs_together_give(
    query: Query, parameter: Parameter, data: str
) -> None:
    store, base = oxigraph(data), base_of(data)
    offered = [str(term.value) for term in ask.offers(parameter, store) if isinstance(term, ox.NamedNode)]
    for value in offered:
        values = {parameter.name: value}
        found = ask.run(CATALOGUE, query.name, values, store, base=base)
        assert rows(found.rows, query) == whole(query, values, data), value


def test_a_query_is_limited_to_few_graphs_and_none_is_missed() -> None:
    store, base = oxigraph("archive"), base_of("archive")
    query = CATALOGUE["role-holders"]
    seen = [ask._graphs(query, bind(query, {"person": str(t.value)}, base), store, base) for t in
            ask.offers(query.parameters[1], store) if isinstance(t, ox.NamedNode)]  # fmt: skip
    assert query.parameters[1].name == "person"
    known = len(store.graphs())
    assert all(graphs and len(graphs) < known for graphs in seen)
    assert max(len(graphs) for graphs in seen if graphs) >= 1 + 3 * 3  # somebody stands in three releases


def test_many_releases_are_not_named_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask, "MOST_RELEASES", 1)
    query, store, base = CATALOGUE["role-holders"], oxigraph("archive"), base_of("archive")
    people = [t.value for t in ask.offers(query.parameters[1], store) if isinstance(t, ox.NamedNode)]
    graphs = [ask._graphs(query, bind(query, {"person": person}, base), store, base) for person in people]
    assert None in graphs
    for person in people:
        found = ask.run(CATALOGUE, query.name, {"person": person}, store, base=base)
        assert rows(found.rows, query) == whole(query, {"person": person}, "archive")


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("release/a", "slug", "a"),
        ("release/a", "iri", "release/a"),
        ("org/a", "slug", "org/a"),
        ("release/a#b", "slug", "release/a#b"),
    ],
)
def test_a_value_is_written_by_its_short_name(value: str, kind: str, shown: str) -> None:
    parameter = next(p for q in CATALOGUE.values() for p in q.parameters if p.type == kind)
    assert ask.written(BASE + value, parameter, BASE) == shown
    assert ask.written("http://schema.org/NGO", parameter, BASE) == "http://schema.org/NGO"


def flat(graph: ox.NamedNode | ox.DefaultGraph) -> EmbeddedStore:
    """The data of two releases in one graph, as somebody has them who loads ``dataset.ttl``."""
    store = open_embedded()
    store.extend(moved(quad, graph) for quad in quads("two-releases"))
    return store


def test_a_store_whose_facts_are_in_the_default_graph_says_so_instead_of_giving_no_rows() -> None:
    with pytest.raises(QueryError) as caught:
        run(CATALOGUE, "speakers", {}, flat(ox.DefaultGraph()), base=base_of("two-releases"))
    assert str(caught.value) == (
        "the store holds releases in its default graph only, without their named graphs: "
        "load dataset.nq or dataset.trig, or use: communique load --store"
    )


def test_a_store_with_graphs_of_other_names_says_which() -> None:
    with pytest.raises(QueryError, match=r"other named graphs, such as https://other\.example/all: load dataset\.nq"):
        run(
            CATALOGUE,
            "who-attended",
            {},
            flat(ox.NamedNode("https://other.example/all")),
            base="https://news.example/id/",
        )


def test_an_empty_store_has_no_rows_and_nothing_to_say() -> None:
    assert run(CATALOGUE, "speakers", {}, open_embedded(), base="https://news.example/id/").rows == ()
