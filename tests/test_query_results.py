"""A table of terms in every format, complete and exact."""

import csv
import io
import json
import sys
import tracemalloc
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from rdflib import Graph, Literal, Namespace, URIRef

from communique.errors import CommuniqueError, QueryError
from communique.query.formats import RESULT_FORMATS
from communique.query.grid import lay_out, lay_out_below, shrink, wrap
from communique.query.results import Table
from communique.terms import XSD
from tests.strict import need

BASE = "https://news.example/id/"
PASSAGE = BASE + "release/x/source.txt#char=487,687"
TEXT = 'a "quoted", text\nin two lines | with a\ttab and a \\'
TABLE = Table(
    ("node", "value"),
    (
        (ox.NamedNode(PASSAGE), ox.Literal(TEXT, language="en")),
        (ox.NamedNode("http://schema.org/name"), ox.Literal("7", datatype=ox.NamedNode(XSD + "nonNegativeInteger"))),
        (None, ox.Literal("<b> & ]]>")),
        (ox.BlankNode("b1"), None),
    ),
)


def test_csv_is_exact():
    assert TABLE.render("csv") == (
        "node,value\r\n"
        f'"{PASSAGE}","a ""quoted"", text\nin two lines | with a\ttab and a \\"\r\n'
        "http://schema.org/name,7\r\n"
        ",<b> & ]]>\r\n"
        "_:b1,\r\n"
    )


def test_csv_reads_back_with_any_reader():
    rows = list(csv.reader(io.StringIO(TABLE.render("csv"), newline="")))
    assert rows == [
        ["node", "value"],
        [PASSAGE, TEXT],
        ["http://schema.org/name", "7"],
        ["", "<b> & ]]>"],
        ["_:b1", ""],
    ]


def test_tsv_is_exact():
    assert TABLE.render("tsv") == (
        "?node\t?value\n"
        f'<{PASSAGE}>\t"a \\"quoted\\", text\\nin two lines | with a\\ttab and a \\\\"@en\n'
        f'<http://schema.org/name>\t"7"^^<{XSD}nonNegativeInteger>\n'
        '\t"<b> & ]]>"\n'
        "_:b1\t\n"
    )


def test_json_is_exact():
    assert json.loads(TABLE.render("json")) == {
        "head": {"vars": ["node", "value"]},
        "results": {
            "bindings": [
                {
                    "node": {"type": "uri", "value": PASSAGE},
                    "value": {"type": "literal", "value": TEXT, "xml:lang": "en"},
                },
                {
                    "node": {"type": "uri", "value": "http://schema.org/name"},
                    "value": {"type": "literal", "value": "7", "datatype": XSD + "nonNegativeInteger"},
                },
                {"value": {"type": "literal", "value": "<b> & ]]>"}},
                {"node": {"type": "bnode", "value": "b1"}},
            ]
        },
    }


@pytest.mark.parametrize(
    ("fmt", "syntax"),
    [
        ("json", ox.QueryResultsFormat.JSON),
        ("xml", ox.QueryResultsFormat.XML),
        ("tsv", ox.QueryResultsFormat.TSV),
    ],
)
def test_another_reader_finds_the_same_terms(fmt, syntax):
    table = Table(TABLE.columns, TABLE.rows[:3])
    found = ox.parse_query_results(table.render(fmt).encode(), format=syntax)
    assert isinstance(found, ox.QuerySolutions)
    assert [variable.value for variable in found.variables] == list(table.columns)
    assert [tuple(solution) for solution in found] == list(table.rows)


@pytest.mark.parametrize("fmt", ["json", "xml", "tsv", "csv", "markdown", "table"])
def test_an_answer_without_rows_is_still_an_answer(fmt):
    assert "node" in Table(("node",), ()).render(fmt, width=80)


def test_xml_is_well_formed_and_refuses_what_it_cannot_express():
    assert len(ElementTree.fromstring(TABLE.render("xml"))) == 2
    with pytest.raises(QueryError) as caught:
        Table(("a",), ((ox.Literal("bell \x07"),),)).render("xml")
    assert str(caught.value) == "XML cannot express the character U+0007 of this answer: take json or csv"


def test_turtle_is_a_result_set():
    table = Table(
        ("node", "value"), ((ox.NamedNode(PASSAGE), ox.Literal(TEXT, language="en")), (None, ox.Literal("x")))
    )
    graph = Graph().parse(data=table.render("turtle"), format="turtle")
    rs = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
    found = {
        (str(index), str(name), value)
        for solution, index in graph.subject_objects(rs["index"])
        for binding in graph.objects(solution, rs.binding)
        for name in graph.objects(binding, rs.variable)
        for value in graph.objects(binding, rs.value)
    }
    assert found == {
        ("1", "node", URIRef(PASSAGE)),
        ("1", "value", Literal(TEXT, lang="en")),
        ("2", "value", Literal("x")),
    }
    assert {str(name) for name in graph.objects(None, rs.resultVariable)} == {"node", "value"}


def test_json_ld_holds_the_same_triples_as_turtle():
    turtle = ox.Dataset(ox.parse(TABLE.render("turtle"), format=ox.RdfFormat.TURTLE))
    jsonld = ox.Dataset(ox.parse(TABLE.render("jsonld"), format=ox.RdfFormat.JSON_LD))
    turtle.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    jsonld.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert len(turtle) > 20
    assert turtle == jsonld


def test_markdown_is_exact():
    assert TABLE.render("markdown", base=BASE) == (
        "| node | value |\n"
        "| --- | --- |\n"
        "| release/x/source.txt\\#char=487,687 | "
        'a "quoted", text<br>in two lines \\| with a\\\\x09tab and a \\\\ |\n'
        "| schema:name | 7 |\n"
        "|  | \\<b\\> \\& \\]\\]\\> |\n"
        "| \\_:b1 |  |\n"
    )


def test_a_table_for_people_is_as_wide_as_asked_and_cuts_nothing():
    shown = TABLE.render("table", base=BASE, width=32)
    assert shown == (
        "node            value\n"
        'release/x/sour  a "quoted", text\n'
        "ce.txt#char=48  in two lines |\n"
        "7,687           with a\\x09tab\n"
        "                and a \\\n"
        "schema:name     7\n"
        "                <b> & ]]>\n"
        "_:b1\n"
        "\n"
        "4 rows\n"
    )


def test_where_columns_do_not_fit_rows_stand_one_below_the_other():
    table = Table(tuple("abcdefgh"), (tuple(ox.Literal(f"{x} " * 9) for x in "abcdefgh"),))
    shown = table.render("table", width=40)
    assert max(map(len, shown.splitlines())) <= 40
    assert shown.startswith("a  a a a a a a a a a\nb  b b b b b b b b b\n")
    assert shown.endswith("\n\n1 row\n")


def test_a_text_cannot_steer_the_terminal():
    shown = Table(("a",), ((ox.Literal("\x1b[2Jgone \u202eevil"),),)).render("table", width=60)
    assert shown == "a\n\\x1b[2Jgone \\u202eevil\n\n1 row\n"


@pytest.mark.parametrize("fmt", RESULT_FORMATS)
def test_a_long_value_stands_whole_in_every_format(fmt):
    word = "x" * 500
    shown = Table(("a",), ((ox.Literal(word),),)).render(fmt, width=40)
    assert word in "".join(shown.split("\n"))


def test_an_unknown_format_is_refused_with_the_nearest():
    with pytest.raises(QueryError) as caught:
        TABLE.render("jsn")
    assert str(caught.value) == "unknown format 'jsn', did you mean 'json'?"


def test_rows_as_dicts():
    assert TABLE.to_dicts() == [
        {"node": PASSAGE, "value": TEXT},
        {"node": "http://schema.org/name", "value": 7},
        {"node": None, "value": "<b> & ]]>"},
        {"node": "_:b1", "value": None},
    ]


def test_rows_as_a_data_frame():
    need(["pandas"], "pandas is missing: pip install 'communique[pandas]'")
    frame = TABLE.to_pandas()
    assert list(frame.columns) == ["node", "value"]
    assert frame["node"][0] == PASSAGE
    assert list(Table(("a", "b"), ()).to_pandas().columns) == ["a", "b"]


def test_without_pandas_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(CommuniqueError) as caught:
        TABLE.to_pandas()
    assert str(caught.value) == "pandas is not installed: pip install 'communique[pandas]'"


# ---- large answers


@pytest.mark.slow
@pytest.mark.parametrize("fmt", ["table", "csv", "tsv", "json", "xml", "markdown"])
@pytest.mark.parametrize("width", [120, 20])
def test_a_large_answer_is_written_without_being_held(fmt, width):
    table = Table(("n", "text"), tuple((ox.Literal(n), ox.Literal(f"{n} " + "words " * 20)) for n in range(20_000)))
    pieces = table.pieces(fmt, width=width)
    tracemalloc.start()
    try:
        size = sum(map(len, pieces))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size > 2_000_000
    assert peak < 1_000_000


@pytest.mark.parametrize("fmt", RESULT_FORMATS)
def test_the_pieces_are_the_whole(fmt):
    table = Table(TABLE.columns, TABLE.rows[:2] * 2000)
    pieces = list(table.pieces(fmt, base=BASE, width=40))
    assert "".join(pieces) == table.render(fmt, base=BASE, width=40)
    assert len(pieces) > 2 or fmt in ("turtle", "jsonld")


def test_what_cannot_be_written_is_refused_before_the_first_piece():
    rows = (*[(ox.Literal("fine"),)] * 100, (ox.Literal("bell \x07"),))
    with pytest.raises(QueryError, match=r"U\+0007"):
        Table(("a",), rows).pieces("xml")
    with pytest.raises(QueryError, match="unknown format"):
        Table(("a",), rows).pieces("xlm")


def test_columns_that_are_too_wide_shrink_to_the_same_width_and_use_all_the_room():
    for widest in ([1, 5], [3, 30, 40], [50, 50, 50], [1, 1, 200], [90], [7, 80, 8, 80, 9]):
        for width in range(len(widest) * 14, 200):
            got = shrink(widest, width - 2 * (len(widest) - 1))
            whole = sum(got) + 2 * (len(widest) - 1)
            assert whole == min(width, sum(widest) + 2 * (len(widest) - 1))
            assert all(1 <= g <= w for g, w in zip(got, widest, strict=True))
            narrowed = [g + 2 * (n < len(got) - 1) for n, (g, w) in enumerate(zip(got, widest, strict=True)) if g < w]
            assert not narrowed or max(narrowed) - min(narrowed) <= 1


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 5, [""]),
        ("one two three", 7, ["one two", "three"]),
        ("one two three", 3, ["one", "two", "thr", "ee"]),
        ("a verylongword b", 4, ["a", "very", "long", "word", "b"]),
        ("verylong b", 7, ["verylon", "g b"]),
        ("\n\na", 5, ["", "", "a"]),
        ("地方自治体", 4, ["地方", "自治", "体"]),
        ("地", 1, ["地"]),
        ("e\u0301e\u0301 e\u0301", 2, ["e\u0301e\u0301", "e\u0301"]),
    ],
)
def test_a_text_is_wrapped_between_words(text, width, lines):
    assert wrap(text, width) == lines


def test_letters_that_take_two_cells_keep_columns_straight():
    rows = [("地方", "x"), ("a", "y")]
    assert list(lay_out(("n", "v"), lambda: rows, 80)) == ["n     v", "地方  x", "a     y"]
    assert list(lay_out_below(("n", "v"), rows, 4)) == ["n  地", "   方", "v  x", "", "n  a", "v  y", ""]


def test_a_table_without_rows_or_columns_is_shown():
    assert Table(("a", "b"), ()).render("table", width=80) == "a  b\n\n0 rows\n"
    assert Table((), ((), ())).render("table", width=80) == "\n2 rows\n"
