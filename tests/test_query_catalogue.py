"""What a canned question must look like, and what is refused."""

import re
from pathlib import Path
from typing import Any

import pytest
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from communique.errors import ArtefactError
from communique.query import catalogue
from communique.query.catalogue import AUDIENCES, Catalogue, Column, Parameter, Query, parse_query, read_query
from communique.query.structure import tokens

GOOD = """\
#+ summary: Names
#+ question: Which names are there?
#+ description: One row per name.
#+ tags: [names]
#+ audience: journalist
#+ parameters:
#+   node:
#+     type: iri
#+     description: one node
#+     example: person/x
#+   mode:
#+     type: enum
#+     description: how
#+     values: [with, without]
#+     default: with
#+     example: without
#+ columns:
#+   node: the node
#+   name: its name
#+ size: small
PREFIX schema: <http://schema.org/>
SELECT ?node ?name ?mode
WHERE {
  GRAPH ?g { ?node schema:name ?name }
  FILTER (COALESCE(?mode, "with") = "with")
}
ORDER BY ?node ?name
"""
GRAPH = """\
#+ summary: Names
#+ question: Which names are there?
#+ description: All of them.
#+ tags: [names]
#+ audience: journalist
#+ parameters:
#+   node:
#+     type: iri
#+     description: one node
#+     example: person/x
#+ size: small
PREFIX schema: <http://schema.org/>
CONSTRUCT { ?node schema:name ?name } WHERE { GRAPH ?g { ?node schema:name ?name } }
"""
CATALOGUE = dict(Catalogue())


def refusal(text: str, name: str = "names") -> str:
    with pytest.raises(ArtefactError) as caught:
        parse_query(text, Path(f"queries/{name}.rq"))
    return str(caught.value).splitlines()[0]


def test_a_file_becomes_a_question():
    assert parse_query(GOOD, Path("queries/names.rq")) == Query(
        name="names",
        summary="Names",
        description="One row per name.",
        question="Which names are there?",
        tags=("names",),
        audience="journalist",
        parameters=(
            Parameter("node", "iri", "one node", "person/x"),
            Parameter("mode", "enum", "how", "without", default="with", values=("with", "without")),
        ),
        columns=(Column("node", "the node"), Column("name", "its name")),
        size="small",
        text=GOOD[GOOD.index("PREFIX") :],
        header=GOOD[: GOOD.index("PREFIX") - 1],
    )


def test_a_question_keeps_its_whole_file():
    assert parse_query(GOOD, Path("queries/names.rq")).source == GOOD


SUB = "SELECT ?node ?name ?mode WHERE { { SELECT ?node WHERE { GRAPH ?g { ?node ?p ?name } } } FILTER (?mode = 1) }"
REFUSED = {
    "unknown key": ("#+ sumary: x\n" + GOOD, "1: unknown key 'sumary' in header, did you mean 'summary'?"),
    "unknown key of a parameter": (
        GOOD.replace("#+     default:", "#+     defaults:"),
        "15: unknown key 'defaults' in parameter 'mode', did you mean 'default'?",
    ),
    "missing key": (GOOD.replace("#+ size: small\n", ""), "1: the header has no 'size'"),
    "a tab": (
        GOOD.replace("#+     type: iri", "#+\ttype: iri"),
        "8: a tab in the header: YAML is indented with spaces",
    ),
    "no space": (GOOD.replace("#+ size", "#+size"), "20: a space must follow '#+'"),
    "no header": (GOOD[GOOD.index("PREFIX") :], "1: the file must begin with a header of lines that begin with '#+ '"),
    "not YAML": (GOOD.replace("[names]", "[names"), "5: the header is not YAML: illegal placement of ':' indicator"),
    "key twice": ("#+ size: x\n" + GOOD, "1: the header is not YAML: duplicate mapping key: 'size'"),
    "a number": (
        GOOD.replace("size: small", "size: 5"),
        "20: 'size' must be a text; put quotation marks around numbers",
    ),
    "a list": (GOOD.replace("tags: [names]", "tags: names"), "4: 'tags' must be a list"),
    "unknown type": (
        GOOD.replace("type: iri", "type: uri"),
        "7: parameter 'node': unknown type 'uri', known: iri, slug, string, lang-string, date, year, integer, enum",
    ),
    "enum without values": (
        GOOD.replace("#+     values: [with, without]\n", ""),
        "11: parameter 'mode': an enum, and nothing else, has 'values'",
    ),
    "default outside": (
        GOOD.replace("default: with", "default: never"),
        "11: parameter 'mode': example and default must be among the values",
    ),
    "required with default": (
        GOOD.replace("#+     default: with", "#+     default: with\n#+     required: true"),
        "11: parameter 'mode': 'required' is true or false, and excludes a default",
    ),
    "bad name of a column": (
        GOOD.replace("#+   name: its", "#+   na-me: its"),
        "19: 'na-me' cannot name a variable: small letters, digits and _",
    ),
    "parameter not in the query": (
        GOOD.replace('COALESCE(?mode, "with") = "with"', "true"),
        "11: parameter 'mode' is not a variable of the query",
    ),
    "parameter not projected": (
        GOOD.replace("?name ?mode\n", "?name\n"),
        "22: parameter ?mode is not in the projection of the query",
    ),
    "column not projected": (
        GOOD.replace("SELECT ?node ?name", "SELECT ?node"),
        "19: column 'name' is not in the projection of the query",
    ),
    "projected for nothing": (
        GOOD.replace("SELECT ?node", "SELECT ?g ?node"),
        "22: ?g is projected, and is neither a column nor a parameter",
    ),
    "parameter in a sub-select": (
        GOOD[: GOOD.index("SELECT")] + SUB,
        "22: parameter ?node stands in a sub-select, where its value would not be seen",
    ),
    "parameter in BOUND": (
        GOOD.replace('COALESCE(?mode, "with") = "with"', "!BOUND(?mode)"),
        "25: parameter ?mode stands in BIND or BOUND; use COALESCE in a FILTER",
    ),
    "parameter in BIND": (
        GOOD.replace("FILTER (COALESCE(?mode", "BIND (IF(?mode").replace('"with") = "with")', '"a", "b") AS ?z)'),
        "25: parameter ?mode stands in BIND or BOUND; use COALESCE in a FILTER",
    ),
    "parameter that BIND makes after a call": (
        GOOD.replace('FILTER (COALESCE(?mode, "with") = "with")', "BIND (STR(?name) AS ?mode)"),
        "25: parameter ?mode stands in BIND or BOUND; use COALESCE in a FILTER",
    ),
    "parameter that BIND makes after two calls and a text": (
        GOOD.replace(
            'FILTER (COALESCE(?mode, "with") = "with")', 'bind # )\n (CONCAT(STR(?name), ")", (UCASE("a"))) AS ?mode)'
        ),
        "26: parameter ?mode stands in BIND or BOUND; use COALESCE in a FILTER",
    ),
    "bounds on no node": (
        GOOD.replace("#+     default: with", "#+     default: with\n#+     bounds: true"),
        "11: parameter 'mode': 'bounds' is true or false, and for an iri only",
    ),
    "closed without an offer": (
        GOOD.replace("#+     default: with", "#+     default: with\n#+     closed: true"),
        "11: parameter 'mode': 'closed' is true or false, and for one with a values-query only",
    ),
    "wrong values-query": (
        GOOD.replace("person/x\n", "person/x\n#+     values-query: SELECT ?it { GRAPH ?g { ?it ?p ?o } }\n"),
        "11: parameter 'node': values-query must be a SELECT of ?value alone",
    ),
    "SERVICE in a values-query": (
        GOOD.replace(
            "person/x\n", "person/x\n#+     values-query: SELECT ?value { SERVICE <http://127.0.0.1:9/> {} }\n"
        ),
        "11: SERVICE and FROM are refused: a canned query asks its own store",
    ),
    "SERVICE": (
        GOOD.replace("GRAPH ?g {", "SERVICE <http://127.0.0.1:9/> {"),
        "24: SERVICE is refused: a canned query asks its own store",
    ),
    "FROM": (
        GOOD.replace("WHERE {", "FROM <file:///etc/hostname> WHERE {"),
        "23: FROM is refused: a canned query asks its own store",
    ),
    "update": (
        GOOD[: GOOD.index("SELECT")] + "DELETE WHERE { ?node ?name ?mode }",
        "22: a canned query is a SELECT or a CONSTRUCT; other forms and updates are refused",
    ),
    "unknown audience": (
        GOOD.replace("journalist", "everybody"),
        "5: 'audience' must be one of: journalist, analyst, open-data user, editor",
    ),
    "SELECT without columns": (
        GOOD.replace("#+ columns:\n#+   node: the node\n#+   name: its name\n", ""),
        "1: the header has no 'columns'",
    ),
    "CONSTRUCT with columns": (
        GRAPH.replace("#+ size", "#+ columns: {node: the node}\n#+ size"),
        "11: a CONSTRUCT has no columns: its answer is a graph",
    ),
    "CONSTRUCT with a parameter in a FILTER": (
        GRAPH.replace("?node schema:name", "?other schema:name").replace("} }", "} FILTER (?other = ?node) }"),
        "7: parameter 'node' must stand in a triple pattern of a CONSTRUCT",
    ),
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_broken_file_is_refused_with_its_line(why):
    text, message = REFUSED[why]
    assert refusal(text) == f"queries/names.rq:{message}"


def test_bad_sparql_is_refused_where_it_is_wrong():
    assert refusal(GOOD.replace("schema:name ?name }", "schema:name }")).startswith(
        "queries/names.rq:24: not SPARQL 1.1: "
    )


def test_a_file_name_that_names_no_question_is_refused():
    assert refusal(GOOD, "Who_Said") == (
        "queries/Who_Said.rq:1: the file's name is the query's name: small letters, digits and hyphens"
    )


def test_words_in_strings_comments_and_names_are_not_taken_for_sparql():
    text = GOOD.replace('"with")\n', '"with") # SERVICE { SELECT\n  FILTER (?name != "SERVICE { FROM")\n')
    text = text.replace("?node schema:name", "?node schema:service ?x ; schema:name")
    assert parse_query(text, Path("queries/names.rq")).name == "names"


def test_a_newsroom_can_have_questions_of_its_own(tmp_path):
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "names.rq").write_text(GOOD, encoding="utf-8")
    assert list(dict(Catalogue(tmp_path))) == ["names"]


def test_a_question_is_read_only_when_it_is_asked_for(tmp_path, monkeypatch):
    (tmp_path / "queries").mkdir()
    for name in ("others", "names", "wrong"):
        (tmp_path / "queries" / f"{name}.rq").write_text(GOOD if name != "wrong" else "", encoding="utf-8")
    read: list[str] = []

    def record(path: Path) -> Query:
        read.append(path.stem)
        return read_query(path)

    monkeypatch.setattr(catalogue, "read_query", record)
    found = catalogue.Catalogue(tmp_path)
    assert (list(found), len(found), "names" in found, "nams" in found) == (
        ["names", "others", "wrong"],
        3,
        True,
        False,
    )
    assert read == []
    assert found["names"] is found["names"]
    assert found["names"] == read_query(tmp_path / "queries" / "names.rq")
    assert read == ["names"]
    with pytest.raises(KeyError):
        found["nams"]
    with pytest.raises(ArtefactError, match=r"wrong\.rq:1: "):
        dict(Catalogue(tmp_path))


def test_a_text_is_taken_apart_once_for_all_checks_of_a_question():
    tokens.cache_clear()
    parse_query(GOOD, Path("queries/names.rq"))
    assert tokens.cache_info().misses <= 1 + GOOD.count("values-query")


def nodes(part: Any, graph: bool = False):
    """Every part of an algebra tree, and whether it is inside GRAPH."""
    if isinstance(part, CompValue):
        yield part, graph
        for value in part.values():
            yield from nodes(value, graph or part.name == "Graph")
    elif isinstance(part, (list, tuple)):
        for value in part:
            yield from nodes(value, graph)


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_triple_pattern_names_its_graph(name):
    algebra = translateQuery(parseQuery(CATALOGUE[name].text)).algebra
    patterns = [(part.triples, graph) for part, graph in nodes(algebra) if part.name == "BGP" and part.triples]
    assert patterns
    assert [triples for triples, graph in patterns if not graph] == []


@pytest.mark.parametrize("name", CATALOGUE)
def test_no_base_iri_is_written_into_a_question(name):
    iris = re.findall(r"<(\S+?)>", CATALOGUE[name].text)
    assert [iri for iri in iris if "/id/" in iri or iri.startswith("https://w3id.org/communique/graph")] == []


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_question_orders_its_rows(name):
    query = CATALOGUE[name]
    assert query.form == "CONSTRUCT" or re.search(r"^ORDER BY ", query.text, re.MULTILINE)


@pytest.mark.parametrize("name", CATALOGUE)
def test_no_question_takes_the_str_of_a_text_that_is_given(name):
    """Virtuoso makes question marks of all letters there that are not ASCII."""
    texts = [one.name for one in CATALOGUE[name].parameters if one.type == "string"]
    assert [one for one in texts if re.search(rf"\bSTR\s*\(\s*[?$]{one}\b", CATALOGUE[name].text, re.IGNORECASE)] == []


def test_a_construct_is_a_question_whose_answer_is_a_graph():
    query = parse_query(GRAPH, Path("queries/names.rq"))
    assert (query.form, query.columns, [p.name for p in query.parameters]) == ("CONSTRUCT", (), ["node"])


def test_a_variable_called_bind_is_no_call():
    text = GOOD.replace("?name }", "?name ; schema:about ?BIND }").replace("(COALESCE", "(?BIND = ?node || COALESCE")
    within = parse_query(text.replace("|| COALESCE", "&& ?BIND IN (?mode) || COALESCE"), Path("queries/names.rq"))
    assert within.name == "names"


def test_there_are_thirty_questions_for_every_audience():
    assert len(CATALOGUE) >= 30
    assert {query.audience for query in CATALOGUE.values()} == set(AUDIENCES)


MANY_ROWS = (
    "entities", "events-by-place", "incomplete-records", "inferred-facts", "organisation-names",
    "possible-same-persons", "role-holders", "speakers", "what-happened", "who-attended",
)  # fmt: skip
STORED = re.compile(r"(?<![(\w?])\?(?!(?:start|end|rank|kind|stands_in|basis|missing)\b)\w+")


@pytest.mark.parametrize("name", MANY_ROWS)
def test_a_question_with_thousands_of_rows_is_sorted_by_computed_texts(name: str) -> None:
    order = CATALOGUE[name].text.rpartition("ORDER BY")[2]
    assert "CONCAT(" in order
    assert STORED.findall(order) == []


def test_what_happened_reads_each_part_that_it_has_a_word_for_and_no_other() -> None:
    text = CATALOGUE["what-happened"].text
    words = text[text.index("VALUES (?property ?rank ?part)") :]
    with_words = re.findall(r"\((\w+:\w+) +\d+ \"", words)
    several = re.findall(r"\?property IN \(([^)]*)\)", text)
    one = re.findall(r"\?property = (\w+:\w+)", text)
    read = [name for names in several for name in re.findall(r"\w+:\w+", names)] + one
    assert sorted(read) == sorted(with_words)


def test_a_topic_is_asked_for_before_the_parts_of_a_union() -> None:
    """Behind a UNION, Virtuoso 7 may never finish, but not every time: it plans by samples of the data."""
    asked = [query for query in CATALOGUE.values() if "topic" in {p.name for p in query.parameters}]
    for query in asked:
        words = [token for token in tokens(query.text) if token.depth]
        first = next(k for k, token in enumerate(words) if token.kind == "var" and token.text == "topic")
        unions = [k for k, token in enumerate(words) if token.text == "UNION" and token.depth == 1]
        assert not unions or first < unions[0], query.name
    assert "what-happened" in {query.name for query in asked}
