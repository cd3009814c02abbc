"""Values become terms, and no value changes a question."""

from dataclasses import replace
from datetime import date

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Literal, URIRef

from communique.errors import QueryError
from communique.query.bind import bind, render_bound, render_term, term
from communique.query.catalogue import Catalogue, Column, Parameter, Query
from communique.terms import XSD

BASE = "https://news.example/id/"
CATALOGUE = dict(Catalogue())
TEMPLATE = Query(
    name="echo",
    summary="Echo",
    description="Echo",
    question="What was asked?",
    tags=(),
    audience="tests",
    parameters=(Parameter("value", "string", "anything", "x"), Parameter("other", "iri", "anything", "person/x")),
    columns=(Column("value", "what was asked"),),
    size="one row",
    text="SELECT ?value ?other WHERE {\n  GRAPH ?g { ?s ?p ?value }\n  FILTER (COALESCE(?value, 1) != 2)\n}",
)


def parameter(kind: str, *values: str) -> Parameter:
    return Parameter("it", kind, "something", "such", values=values)


def literal(value: str, datatype: str) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(XSD + datatype))


MEANT = [
    ("iri", "person/x", ox.NamedNode(BASE + "person/x")),
    ("iri", "release/2020-01-01-x#group-a", ox.NamedNode(BASE + "release/2020-01-01-x#group-a")),
    ("iri", "https://example.org/é?a=1#b", ox.NamedNode("https://example.org/é?a=1#b")),
    ("iri", "schema:name", ox.NamedNode("http://schema.org/name")),
    ("slug", "2015-05-29-x", ox.NamedNode(BASE + "release/2015-05-29-x")),
    ("string", 'a "b"\n', ox.Literal('a "b"\n')),
    ("lang-string", "Chairman@en", ox.Literal("Chairman", language="en")),
    ("lang-string", "a@b@kk", ox.Literal("a@b", language="kk")),
    ("date", "2016-02-29", literal("2016-02-29", "date")),
    ("year", "2013", literal("2013", "gYear")),
    ("integer", "-17", literal("-17", "integer")),
]
NOT_MEANT = [
    ("iri", "a b"),
    ("iri", ""),
    ("iri", " person/x"),
    ("iri", "x> . ?s ?p ?o"),
    ("iri", "http://e/\\u003E"),
    ("iri", "\ud800"),
    ("slug", "a/b"),
    ("slug", ".."),
    ("slug", "x" * 81),
    ("slug", "a\n"),
    ("string", "\ud800"),
    ("lang-string", "Chairman"),
    ("lang-string", "Chairman@e n"),
    ("date", "2015-02-29"),
    ("date", "20150501"),
    ("date", "2015-W01-1"),
    ("year", "15"),
    ("year", "٢٠١٥"),
    ("integer", "1.0"),
    ("integer", "٣"),
    ("enum", "never"),
]


@pytest.mark.parametrize(("kind", "value", "meant"), MEANT)
def test_a_value_becomes_the_term_of_its_type(kind, value, meant):
    assert term(parameter(kind), value, BASE) == meant


@pytest.mark.parametrize(("kind", "value"), NOT_MEANT)
def test_a_value_that_is_not_of_its_type_is_refused(kind, value):
    with pytest.raises(QueryError, match=r"^it: "):
        term(parameter(kind, *(("with", "without") if kind == "enum" else ())), value, BASE)


def test_a_word_outside_an_enum_is_refused_with_the_nearest():
    with pytest.raises(QueryError) as caught:
        bind(CATALOGUE["what-happened"], {"inferred": "witout"})
    assert str(caught.value) == (
        "inferred: 'witout' is not a known value, did you mean 'without'? (one of with, without, only)"
    )


def test_an_unknown_parameter_is_refused_with_the_nearest():
    with pytest.raises(QueryError) as caught:
        bind(CATALOGUE["speakers"], {"releas": "x"})
    assert str(caught.value) == "query 'speakers' has no parameter 'releas', did you mean 'release'?"


def test_a_required_parameter_must_be_given():
    with pytest.raises(QueryError) as caught:
        bind(CATALOGUE["evidence-of-fact"], {"subject": "person/x"})
    assert str(caught.value) == (
        "query 'evidence-of-fact' needs the parameter 'predicate': the property, such as schema:legislationDate"
    )


def test_what_is_not_given_takes_its_default_or_stays_unbound():
    year = Parameter("value", "year", "a year", "2015", default="2014")
    assert bind(replace(TEMPLATE, parameters=(year, *TEMPLATE.parameters[1:])), {}) == {
        "value": literal("2014", "gYear")
    }


def test_a_default_that_the_query_falls_back_to_is_not_bound():
    """Virtuoso 7 never finished a query with a parameter bound to the value that it has anyway."""
    query = CATALOGUE["what-happened"]
    assert bind(query, {}) == bind(query, {"inferred": "with"}) == {}
    assert render_bound(query, bind(query, {})) == query.text
    assert bind(query, {"inferred": "only"}) == {"inferred": ox.Literal("only")}


@pytest.mark.parametrize(
    "text",
    [
        'FILTER (COALESCE(?it, "without") = "with")',
        'FILTER (COALESCE(?it, "with") = "with") FILTER (?it != "only")',
        'FILTER (IF(?it, "with") = "with")',
        "GRAPH ?g { ?s ?p ?it }",
    ],
)
def test_a_default_that_the_query_uses_otherwise_is_bound(text):
    it = Parameter("it", "enum", "how", "with", default="with", values=("with", "without"))
    query = replace(TEMPLATE, parameters=(it,), text=f"SELECT ?it WHERE {{ {text} }}")
    assert bind(query, {}) == {"it": ox.Literal("with")}


@pytest.mark.parametrize("query", CATALOGUE.values(), ids=lambda query: query.name)
def test_every_query_falls_back_to_its_defaults(query):
    assert bind(query, {p.name: p.example for p in query.parameters if p.required}).keys() == {
        p.name for p in query.parameters if p.required
    }


@pytest.mark.parametrize("query", CATALOGUE.values(), ids=lambda query: query.name)
def test_every_example_is_of_its_type(query):
    values = {p.name: p.example for p in query.parameters}
    assert set(bind(query, values, BASE)) == set(values)


@given(st.dates())
def test_every_day_is_a_date(day: date):
    assert term(parameter("date"), day.isoformat(), BASE) == literal(day.isoformat(), "date")


def where(text: str) -> list[CompValue]:
    """The parts of the main group of a query as rdflib parses them, and the projection before them."""
    parsed = parseQuery(text)[1]
    return [parsed.projection, *parsed.where.part]


HOSTILE = st.one_of(
    st.text(),
    st.text(alphabet="\\\"'uU0024xX5c<>{}?#.\n\r\t \u2028\u0085", max_size=12),
    st.sampled_from(["\\u0022 } DROP ALL #", "\\U0000005C", '"""', "\\", '\\"', "a\\nb", "\x00", "}} #", "\\\\u0022"]),
)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(HOSTILE)
def test_no_text_changes_the_question(value: str):
    text = render_bound(TEMPLATE, {"value": ox.Literal(value)})
    projection, data, *rest = where(text)
    assert data.name == "InlineData"
    assert str([projection, *rest]) == str(where(TEMPLATE.text))
    assert terms_of(data) == [Literal(value)]


def terms_of(part: object) -> list[object]:
    """All literals and IRIs in a part of rdflib's parse tree."""
    if isinstance(part, (Literal, URIRef)):
        return [part]
    if isinstance(part, CompValue) and "datatype" in part:
        return [part["string"]]  # a typed literal is one term
    if isinstance(part, CompValue):
        return [t for value in part.values() for t in terms_of(value)]
    if isinstance(part, (list, tuple)) or type(part).__name__ in ("ParseResults", "plist"):
        return [t for value in part for t in terms_of(value)]  # type: ignore[attr-defined]
    return []


@settings(max_examples=300, deadline=None)
@given(HOSTILE)
def test_oxigraph_reads_back_the_very_text(value: str):
    text = f"SELECT ?value {{ VALUES ?value {{ {render_term(ox.Literal(value))} }} }}"
    found = ox.Store().query(text)
    assert isinstance(found, ox.QuerySolutions)
    assert [solution["value"] for solution in found] == [ox.Literal(value)]


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.one_of(HOSTILE, HOSTILE.map(lambda s: "http://e/" + s)))
def test_what_is_accepted_as_an_iri_is_one_term(value: str):
    try:
        accepted = term(parameter("iri"), value, BASE)
    except QueryError:
        return
    _, data, *rest = where(render_bound(TEMPLATE, {"other": accepted}))
    assert terms_of(data) == [URIRef(accepted.value)]
    assert str(rest) == str(where(TEMPLATE.text)[1:])


@settings(max_examples=100, deadline=None)
@given(HOSTILE)
def test_both_ways_of_binding_find_the_same_rows(value: str):
    store = ox.Store()
    s, p, g = (ox.NamedNode(f"https://e/{x}") for x in "spg")
    store.extend([ox.Quad(s, p, ox.Literal(value), g), ox.Quad(s, p, ox.Literal(value + "x"), g)])
    bound = {"value": ox.Literal(value)}
    apart = store.query(TEMPLATE.text, substitutions={ox.Variable(n): t for n, t in bound.items()})
    inside = store.query(render_bound(TEMPLATE, bound))
    assert isinstance(apart, ox.QuerySolutions)
    assert isinstance(inside, ox.QuerySolutions)
    rows = [tuple(solution) for solution in apart]
    assert rows == [tuple(solution) for solution in inside] == [(ox.Literal(value), None)]


@pytest.mark.parametrize("name", [name for name, query in CATALOGUE.items() if query.parameters])
def test_canned_questions_keep_their_algebra(name):
    query = CATALOGUE[name]
    terms = bind(query, {p.name: p.example for p in query.parameters}, BASE)
    projection, data, *rest = where(render_bound(query, terms))
    assert len(terms_of(data)) == len(terms)
    assert str([projection, *rest]) == str(where(query.text))
