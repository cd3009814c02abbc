"""The canned questions as files for grlc: valid SPARQL as they are, and with values in place the same answers."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml
from typer.testing import CliRunner

from communique.cli import app
from communique.errors import QueryError
from communique.query.ask import run
from communique.query.bind import bind
from communique.query.catalogue import Query, parse_query
from communique.query.grlc import MARK, render_grlc
from tests.conftest import ROOT
from tests.test_query_answers import CASES, CATALOGUE, Asked, base_of, oxigraph

PARAMETER = re.compile(r"\?(__?)([a-zA-Z0-9]+)((?:_[a-zA-Z0-9]+)*)")
"""What grlc takes for a parameter: one underscore if it is required, two if not, its name, what it becomes."""


def header_of(text: str) -> dict[str, object]:
    lines = [line[2:] for line in text.splitlines() if line.startswith("#+")]
    header = yaml.safe_load("\n".join(lines))
    assert isinstance(header, dict)
    return header


def filled(text: str, values: dict[str, str]) -> str:
    """The query with values put in as grlc puts them in; a parameter without a value stays a variable."""
    rest = dict(values)

    def fill(match: re.Match[str]) -> str:
        if match[2] not in values:
            return match[0]
        value = values[match[2]]
        rest.pop(match[2], None)
        if match[3] == "_iri":
            return f"<{value}>"
        datatype = re.fullmatch(r"_(\w+)_(\w+)", match[3])
        return f'"{value}"^^{datatype[1]}:{datatype[2]}' if datatype else f'"{value}"'

    found = PARAMETER.sub(fill, text)
    assert rest == {}
    return found


def test_each_question_is_valid_as_it_is_exported_and_has_the_header_that_is_read() -> None:
    for query in CATALOGUE.values():
        text = render_grlc(query, base_of("real"), "https://data.example.org/sparql")
        assert text.startswith(MARK)
        header = header_of(text)
        assert header["summary"] == query.summary
        assert header["tags"] == list(query.tags)
        assert header["endpoint"] == "https://data.example.org/sparql"
        assert query.question in str(header["description"])
        oxigraph("two-releases").quads.query(text)


@pytest.mark.parametrize("case", CASES)
def test_with_values_in_place_the_answer_is_the_expected_one(case: str) -> None:
    asked = Asked(case)
    text = render_grlc(asked.query, base_of(asked.data))
    terms = bind(asked.query, asked.values, base_of(asked.data))
    text = filled(text, {name: value.value for name, value in terms.items()})
    in_place = {case: replace(asked.query, name=case, text=text, parameters=())}
    assert run(in_place, case, {}, oxigraph(asked.data), base=base_of(asked.data)).render("csv") == asked.expected


def test_required_parameters_have_one_underscore_and_words_are_listed() -> None:
    text = render_grlc(CATALOGUE["said-for-organisation"], base_of("real"))
    names = {match[0] for match in PARAMETER.finditer(text)}
    assert names == {"?_organisation_iri", "?__release_iri", "?__inferred"}
    assert header_of(text)["enumerate"] == [{"inferred": ["with", "without", "only"]}]


# ---- questions of one's own

OWN = """#+ summary: Years
#+ description: Years.
#+ question: Which years?
#+ tags: []
#+ audience: analyst
#+ size: few
#+ parameters:
#+   happened_in: {type: year, description: one year, example: "2013", default: "2013"}
#+   role: {type: lang-string, description: a role, example: Chairman@en}
#+ columns: {s: a thing}
SELECT ?s ?happened_in ?role WHERE { GRAPH ?g { ?s <urn:in> ?happened_in ; <urn:as> ?role } }
"""


def own(text: str = OWN) -> Query:
    return parse_query(text, Path("years.rq"))


def test_names_defaults_and_languages_are_written_as_grlc_reads_them() -> None:
    text = render_grlc(own(), base_of("real"))
    assert "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>" in text
    store = ox.Store()
    graph, year = ox.NamedNode("urn:g"), ox.NamedNode("http://www.w3.org/2001/XMLSchema#gYear")
    for thing, when, role in (("urn:a", "2013", "Chairman"), ("urn:b", "2014", "Chairman"), ("urn:c", "2013", "Clerk")):
        node = ox.NamedNode(thing)
        store.add(ox.Quad(node, ox.NamedNode("urn:in"), ox.Literal(when, datatype=year), graph))
        store.add(ox.Quad(node, ox.NamedNode("urn:as"), ox.Literal(role, language="en"), graph))

    def found(**values: str) -> set[str]:
        rows = store.query(filled(text, values))
        assert isinstance(rows, ox.QuerySolutions)
        return {str(row["s"])[1:-1] for row in rows}

    assert found() == {"urn:a", "urn:c"}
    assert found(happenedin="2014") == {"urn:b"}
    assert found(role="Chairman", rolelanguage="en") == {"urn:a"}
    assert found(role="Chairman", rolelanguage="ru") == set()


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("?g", "?_g", r"years: grlc takes \?_g for a parameter: rename the variable"),
        ("role", "happenedin", "years: parameters that differ by _ only are one for grlc: rename one"),
    ],
)
def test_what_grlc_would_read_otherwise_is_refused(old: str, new: str, why: str) -> None:
    with pytest.raises(QueryError, match=why):
        render_grlc(own(OWN.replace(old, new)), base_of("real"))


# ---- the command


def export(folder: Path) -> int:
    words = ["export-queries", "--for", "grlc", str(folder), "--data", str(ROOT / "data")]
    return CliRunner().invoke(app, words).exit_code


def test_the_command_writes_one_file_for_each_question_and_the_same_again(tmp_path: Path) -> None:
    assert export(tmp_path / "api") == 0
    first = {path.name: path.read_bytes() for path in (tmp_path / "api").iterdir()}
    assert set(first) == {f"{name}.rq" for name in CATALOGUE}
    assert export(tmp_path / "api") == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "api").iterdir()} == first


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_file_of_somebody_else_is_never_replaced(tmp_path: Path, kind: str) -> None:
    mine = tmp_path / "topics.rq"
    (tmp_path / "elsewhere").write_text(MARK)
    if kind == "link":
        mine.symlink_to(tmp_path / "elsewhere")
    else:
        mine.write_text("#+ summary: mine\n")
    assert export(tmp_path) != 0
    assert {path.name for path in tmp_path.iterdir()} == {"topics.rq", "elsewhere"}
    assert (tmp_path / "elsewhere").read_text() == MARK
