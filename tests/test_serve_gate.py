"""The gate before the SPARQL endpoint: what it lets through, what it refuses, and how long it takes."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store

from communique.serve.gate import GateError, Outline, examine
from communique.serve.references import resolve
from communique.serve.words import FORMS, FUNCTIONS, KNOWN, UPDATES
from tests.conftest import ROOT
from tests.engines import LOOPBACK
from tests.hostile_sparql import HARMLESS, HIDDEN, LONG, NESTED
from tests.loopback import answer, server


def outline(text: str, **others: Any) -> Outline:
    return examine(text, **{"depth": 64, "repeats": 500, **others})


def refusal(text: str, **others: Any) -> str:
    with pytest.raises(GateError) as caught:
        outline(text, **others)
    assert caught.value.status == 400
    assert "\n" not in str(caught.value).replace(text, "")
    return str(caught.value)


# ---- what is accepted


@pytest.mark.parametrize("path", sorted(ROOT.joinpath("queries").glob("*.rq")), ids=lambda p: p.stem)
def test_a_canned_question_passes(path: Path) -> None:
    assert outline(path.read_text(encoding="utf-8")).form in ("SELECT", "CONSTRUCT", "ASK", "DESCRIBE")


@pytest.mark.parametrize("kind", HARMLESS)
def test_what_the_engine_takes_any_number_of_passes(kind: str) -> None:
    for size in (10, 64, 500, 5_000, 100_000):
        outline(HARMLESS[kind](size))


def test_long_queries_of_normal_users_pass() -> None:
    rows = "SELECT * { VALUES ?x { " + " ".join(f"'row {n}'" for n in range(5_100)) + " } }"
    assert 55_000 < len(rows) < 65_536
    outline(rows)
    items = ", ".join(f"<http://example.org/{n}>" for n in range(1_000))
    outline(f"SELECT * {{ ?s ?p ?o FILTER (?s NOT IN ({items})) }}")
    outline("SELECT * { " + " ".join(f"?a{n} a ?b{n} ; <h:name> ?c{n}, 'x' ." for n in range(100)) + " }")
    outline("SELECT * { " + " ".join(f"?a{n} <h:p> ?a{n + 1} ." for n in range(300)) + " }")


@pytest.mark.parametrize(
    "text",
    [
        "ask{}",
        "SELECT*WHERE{?s?p?o}",
        "VERSION '1.2' ASK {}",
        "BASE <h:e/> PREFIX a.b-c: <d> SELECT (COUNT(DISTINCT ?x) AS ?m) {?s a.b-c:e.f ?x} GROUP BY (?x AS ?z)",
        "SELECT * { ?s ?p -1, +2.5, .5e-3, 1 . FILTER(?a < 1 && ?b <= 2 || 3 > ?c) }",
        "SELECT * { ?s (<h:a>|^<h:b>)/<h:c>*/!(<h:d>|^a)? ?o , (?a <h:x#y>) , [] , [ a <h:b> ] }",
        "SELECT * { VALUES (?a ?b) { (<h:a#b> <h:c#d>) (UNDEF 1) } }",
        'SELECT * { _:a.b ?p \'a\'@en-GB, "b"^^<h:c>, \'\'\'it\'s \'\'long \'\'\' , """"a"" \\" """, \'\', "" }',
        "SELECT * { ?s ?p <<( ?a ?b ?c )>> . << ?a ?b ?c ~ ?r >> ?p ?o {| ?q 1 |} }",
        "SELECT * { FILTER EXISTS { ?s ?p ?o } FILTER(?x IN (<h:a#b>, <h:c#d>)) ?s ?p (<h:a#b> <h:c#d>) }",
        "DESCRIBE <h:a> ?b { ?b ?c ?d }",
        "SELECT * { { SELECT (STR(?a) AS ?b) { ?a ?p ?o } ORDER BY DESC(?a < 1) LIMIT 5 } }",
        "PREFIX : <h:> SELECT * { ?s :a\\'b%20c\\#d :e:f.g ; }",
    ],
)
def test_every_part_of_the_syntax_passes(text: str) -> None:
    Store().query(text)
    assert outline(text).form in FORMS


# ---- bombs


@pytest.mark.parametrize("kind", NESTED)
def test_brackets_are_accepted_up_to_the_depth_only(kind: str) -> None:
    query, around = NESTED[kind]
    for size in (10, 32 if kind == "annotations" else 64 - around):  # annotations share what they are about
        outline(query(size))
    for size in (64 - around + 1, 100_000):
        said = refusal(query(size))
        assert "nested deeper than 64: simplify the query" in said or (kind == "annotations" and "3,000 pairs" in said)


def most_accepted(query: Callable[[int], str]) -> int:
    """The largest size of a query that passes; every larger one is refused."""
    low, high = 1, 2_000
    outline(query(low))
    refusal(query(high))
    while high - low > 1:
        middle = (low + high) // 2
        try:
            outline(query(middle))
        except GateError:
            high = middle
        else:
            low = middle
    return low


@pytest.mark.parametrize("kind", LONG)
def test_what_repeats_is_accepted_up_to_the_limit_only(kind: str) -> None:
    query, limit = LONG[kind]
    assert limit - 2 <= most_accepted(query) <= limit
    for size in (limit + 1, 100_000):
        assert re.search(r"more than [\d,]+ .*: ask for less, or in several queries", refusal(query(size)))


def test_other_limits_can_be_given() -> None:
    outline("ASK {{{}}}", depth=3)
    assert "deeper than 3" in refusal("ASK {{{{}}}}", depth=3)
    outline("ASK { FILTER(!!true) }", repeats=3)
    assert "more than 3 operators" in refusal("ASK { FILTER(!!!true) }", repeats=3)


def _asked_of_the_engine(text: str) -> str:
    """What becomes of a query in a process of its own: its last line, or how it ended."""
    code = "import sys, pyoxigraph; pyoxigraph.Store().query(sys.stdin.read()); print('answered')"
    done = subprocess.run([sys.executable, "-c", code], input=text, capture_output=True, text=True, timeout=60)
    return done.stdout.strip() or f"{done.returncode} {done.stderr.strip().splitlines()[-1:]}"


@pytest.mark.slow
@pytest.mark.parametrize("kind", [*NESTED, *(f"long: {k}" for k in LONG)])
def test_the_engine_lives_at_every_limit(kind: str) -> None:
    query, other = NESTED.get(kind) or LONG[kind.removeprefix("long: ")]
    size = 64 - other if kind in NESTED else most_accepted(query)
    said = _asked_of_the_engine(query(size))
    assert said == "answered" or said.startswith("1 ['SyntaxError") or "Error" in said, said


BIG = 1_000_000
HUGE = {
    "a.": "ASK { ?s ?p a",
    ".a": "ASK { ?s ?p a",
    "a-": "ASK { ",
    "a": "",
    "a:": "",
    ":a.": "ASK { ?s ?p ",
    ".": "ASK { ",
    "<": "ASK { FILTER(1",
    "<a": "ASK { ",
    "'": "",
    '"': "",
    "'''": "ASK { ",
    '""': "ASK { ",
    "\\": "",
    "\\u0041": "ASK{'",
    "1": "ASK { ",
    "1.": "ASK { ",
    "1e": "ASK { ",
    "_:a.": "ASK { ",
    "?": "ASK { ",
    "@a-": "ASK{''",
    "%41": "PREFIX : <h:> ASK{:",
    "{": "",
    "(": "",
    "[": "",
    "}": "",
    "#": "",
    "#\n": "",
    "\r\n": "",
    "1 ": "ASK { VALUES ?x { ",
    "\\'": "ASK{'",
    "../": "BASE <h:a> ASK{<",
    "BASE <a/>": "BASE <http://e.org/>",
    "PREFIX a:<b>": "BASE <http://e.org/>",
    "é": "ASK {",
    "1,": "ASK { FILTER(1 IN (",
}
"""Pieces that are repeated up to a million characters, with what stands before them."""


@pytest.mark.slow
def test_a_million_characters_of_anything_end_within_a_minute() -> None:
    code = (
        "import sys\nfrom communique.serve.gate import examine, GateError\n"
        "begin, piece = sys.argv[1:]\n"
        f"try: examine(begin + piece * ({BIG} // len(piece)), depth=64, repeats=500); print('accepted')\n"
        "except GateError as error: print('refused', len(str(error)))"
    )
    for piece, begin in HUGE.items():
        done = subprocess.run([sys.executable, "-c", code, begin, piece], capture_output=True, text=True, timeout=60)
        assert done.stderr == "", (begin, piece)
        said, size = done.stdout.split()
        assert said == "refused", (begin, piece)
        assert int(size) < 400


# ---- words


@pytest.mark.parametrize("word", ["SERVICE", *sorted(UPDATES), *sorted(FORMS), "FROM"])
def test_a_refused_word_is_harmless_where_it_is_no_word(word: str) -> None:
    for form in (word, word.lower()):
        text = (
            f"# {form} <h:x> {{\nPREFIX ex: <http://example.org/> PREFIX {form}: <http://example.org/{form}#> "
            f'SELECT ?{form} ${form}1 {{ ?{form} ex:{form} \'{form} <h:x> {{\', """{form}\n{{"""@en . '
            f"ex:a.{form} {form}:x <http://example.org/{form}> . _:{form} ?p {form}:{form} }} # {form}"
        )
        Store().query(text)
        assert outline(text) == Outline("SELECT", (), ())


@pytest.mark.parametrize("word", sorted(UPDATES))
def test_an_update_is_refused(word: str) -> None:
    assert f"{word} is an update, and this server only answers queries" in refusal(
        f"PREFIX a: <h:> {word.lower()} DATA {{}}"
    )
    assert "is no word that can stand here" in refusal(f"ASK {{}} {word} {{}}")


def test_service_is_refused() -> None:
    for text in ("ASK { SERVICE <h:x> {} }", "SERVICE", "ASK {{ service?x{}}}"):
        assert "SERVICE is refused, as this server asks no other: leave it out" in refusal(text)


@pytest.mark.parametrize("text", HIDDEN)
def test_no_query_hides_a_word_from_the_gate(text: str) -> None:
    refusal(text.replace("URL", "http://127.0.0.1:8/"), known_graphs=())


def test_known_words_are_accepted_in_any_case_and_no_others() -> None:
    for word in FUNCTIONS:
        outline(f"SELECT ({word.title()}(?x) AS ?y) {{}}")
    for word in ("trueSERVICE", "SELECTDISTINCT", "FOO", "NOTEXISTS", "LIMIT1"):
        assert word not in KNOWN
        assert f"{word!r} is no word that can stand here in a query: correct it" in refusal(f"ASK {{ {word} }}")


# ---- the whole text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "this is no query: begin it with one of ASK, CONSTRUCT, DESCRIBE, SELECT"),
        (" # ASK {}", "this is no query: begin it with one of ASK, CONSTRUCT, DESCRIBE, SELECT"),
        ("PREFIX a: <h:>", "this is no query: begin it with one of ASK, CONSTRUCT, DESCRIBE, SELECT"),
        ("{}", "line 1, column 1: a query begins with one of ASK, CONSTRUCT, DESCRIBE, SELECT, not with '{'"),
        (
            "\n FOO",
            "line 2, column 2: a query begins with one of ASK, CONSTRUCT, DESCRIBE, SELECT, not with 'FOO': correct it",
        ),
        ("ASK {}\0", "line 1, column 7: the query contains NUL: remove it"),
        ("ASK {\ud800}", "line 1, column 6: the query contains half of a surrogate pair: remove it"),
        ("ASK {} ASK {}", "line 1, column 8: a second query begins with ASK: send one query at a time"),
        ("ASK {} ;", "line 1, column 8: ';' separates updates, and this server answers one query at a time: remove it"),
        ("ASK { { ASK {} } }", "line 1, column 9: a second query begins with ASK: send one query at a time"),
        ("ASK {\r\n  (]", "line 2, column 4: ']' does not close '(' of line 2, column 3: write ')' first"),
        ("ASK {\r\r(", "line 3, column 1: '(' is never closed: close it"),
        ("ASK {}}", "line 1, column 7: '}' closes nothing: remove it, or open it before"),
        (
            "ASK { ?s ?p 'a\n' }",
            "line 1, column 13: this string is not closed, or has an escape that SPARQL does not know: correct it",
        ),
        (
            "ASK { ?s ?p '''a'' }",
            "line 1, column 13: this string is not closed, or has an escape that SPARQL does not know: correct it",
        ),
        (
            "ASK { ?s ?p 'a\\q' }",
            "line 1, column 13: this string is not closed, or has an escape that SPARQL does not know: correct it",
        ),
        (
            "\\u0041SK {}",
            "line 1, column 1: escapes are accepted only in strings, IRIs and names: write the character itself",
        ),
        (
            "ASK \\u007b }",
            "line 1, column 5: escapes are accepted only in strings, IRIs and names: write the character itself",
        ),
        (
            "ASK { ?s ?p 'a\\u0027' }",
            "line 1, column 15: \\u0027 is not accepted here: write the character in another way",
        ),
        (
            "ASK { ?s ?p '\\uD800' }",
            "line 1, column 14: \\uD800 is not accepted here: write the character in another way",
        ),
        (
            "ASK { ?s ?p <h:\\u003E> }",
            "line 1, column 16: \\u003E is not accepted here: write the character in another way",
        ),
        (
            "ASK { ?s ?p <h:\\U00110000> }",
            "line 1, column 16: \\U00110000 is not accepted here: write the character in another way",
        ),
        ("ASK\u00a0{}", "line 1, column 4: no word of SPARQL begins with '\\xa0': remove it"),
        ("ASK { ?s ?p <x> }", "line 1, column 13: <x> is no absolute IRI: write it in full, or declare a BASE"),
        ("ASK { ?s ?p ex:x }", "line 1, column 13: the prefix 'ex:' is not declared: add PREFIX ex: <…>"),
        (
            "PREFIX a: <http://b> ASK { ?s ?p a::c }",
            "line 1, column 34: 'a::c' makes no valid IRI: correct it or its PREFIX",
        ),
        (
            "ASK { FILTER(?a<?b&&?c>?d) }",
            "line 1, column 16: this could be a comparison or an IRI: put a space on both sides of '<'",
        ),
        (
            "ASK { FILTER(1<<h:x>) }",
            "line 1, column 15: this could be a comparison or a triple: put a space on both sides of '<'",
        ),
        ("PREFIX ASK {}", "line 1, column 8: PREFIX is not followed by what it needs: correct it"),
        ("ASK FROM", "the query ends after FROM: write what follows it"),
        (
            "ASK { FROM <h:a> }",
            "line 1, column 7: FROM can only stand before the first brace, as in FROM or FROM NAMED: move it",
        ),
        (
            "ASK {} FROM <h:a>",
            "line 1, column 8: FROM can only stand before the first brace, as in FROM or FROM NAMED: move it",
        ),
        (
            f"BASE <h:{'a' * 2000}> ASK {{}}",
            "line 1, column 6: this IRI has more than 2,000 characters: use a shorter BASE",
        ),
    ],
)
def test_a_refusal_says_where_and_what_to_do(text: str, sentence: str) -> None:
    assert refusal(text) == sentence


# ---- graphs


def test_the_graphs_of_a_query_are_absolute() -> None:
    text = r"""BASE <http://e.org/a/b> PREFIX p: <../c#> BASE <d/> SELECT * FROM p:x\.y FROM <../\u0065?f>
        from named <http://E.org/%41> FROM NAMED p: FROM <> { GRAPH <http://unknown.example/> { ?s ?p ?o } }"""
    graphs = ("http://e.org/c#x.y", "http://e.org/a/e?f", "http://e.org/a/d/")
    named = ("http://E.org/%41", "http://e.org/c#")
    assert outline(text) == Outline("SELECT", graphs, named)
    assert outline(text, known_graphs={*graphs, *named}) == Outline("SELECT", graphs, named)
    for missing in (*graphs, *named):
        said = refusal(text, known_graphs={*graphs, *named} - {missing})
        assert f"there is no graph <{missing}> here: leave it out, or ask for the graphs with GRAPH ?g" in said


PIECES = st.lists(st.sampled_from(["a", "b:", ".", "..", "/", "//h", "?q", "#f", "é", ""]), max_size=6).map("".join)


@given(PIECES, st.sampled_from(["http://e.org/a/b?c#d", "http://e.org", "http://e.org/a/./b/../c", "https://e.org/x/"]))
def test_references_are_resolved_as_the_engine_does(reference: str, base: str) -> None:
    try:
        [row] = Store().query(f"BASE <{base}> SELECT (<{reference}> AS ?x) {{}}")  # type: ignore[misc]
    except SyntaxError:
        return
    try:
        found = examine(f"BASE <{base}> ASK FROM <{reference}> {{}}", depth=64, repeats=500)
    except GateError:
        return
    assert found.default_graphs == (row["x"].value,)
    assert resolve(reference, base) == row["x"].value


# ---- any text


SOUP = [
    "SELECT",
    "ASK",
    "CONSTRUCT",
    "DESCRIBE",
    "FROM",
    "NAMED",
    "SERVICE",
    "service",
    "SILENT",
    "FILTER",
    "BIND",
    "AS",
    "EXISTS",
    "NOT",
    "OPTIONAL",
    "UNION",
    "VALUES",
    "true",
    "a",
    "ORDER",
    "BY",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "<<",
    ">>",
    "<<(",
    ")>>",
    "{|",
    "|}",
    "<",
    ">",
    "<URL>",
    "<?b)",
    "#>",
    "#",
    "\n",
    "\r",
    " ",
    " ",
    "?x",
    "?s ?p ?o",
    ".",
    ";",
    ",",
    "'",
    '"',
    "'''",
    '"""',
    "\\",
    "\\u007b",
    "u:",
    "u:x",
    ":",
    ":x",
    "service:",
    "from:",
    "true.SERVICE:",
    "PREFIX",
    "PREFIX u: <URL>",
    "PREFIX : <URL>",
    "PREFIX service: <h:>",
    "PREFIX from: <h:>",
    "PREFIX true.SERVICE: <h:>",
    "1",
    "1.",
    "-",
    "+",
    "*",
    "!",
    "=",
    "&&",
    "|",
    "^",
    "@en",
    "_:b",
    "INSERT",
    "LOAD",
    "DELETE",
    "COUNT",
    "é",
]


@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(SOUP), max_size=40).map("".join)))
@example("ASK { '\\")
@settings(max_examples=500)
def test_any_text_is_outlined_or_refused(text: str) -> None:
    try:
        found = outline(text)
    except GateError as error:
        assert len(str(error)) < 400
    else:
        assert found.form in FORMS


TERM = st.sampled_from(
    ["?a", "$b", "<h:x>", "p:y", "p:z.z", "'s'", "1", "-2.5", "true", "[]", "(1 ?a)", "[ p:q 'r'@en ]"]
)
VERB = st.sampled_from(["?p", "a", "<h:x>", "p:y/p:z", "^p:y", "(p:y|a)*", "!(p:y|^a)", "p:y?"])
TRIPLE = st.tuples(st.sampled_from(["?a", "<h:x>", "_:b", "[]", "( 1 )"]), VERB, TERM).map(" ".join)
EXPRESSION = st.recursive(
    st.sampled_from(["?a", "1", "'x'", "p:y", "<h:x>", "true", "NOW()", "BOUND(?a)"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" < ", "=", " && ", "+", " - ", "||", "*", "/", "!="]), inner)
        .map("".join)
        .map("({})".format),
        inner.map("!({})".format),
        inner.map("STR({})".format),
        st.tuples(inner, inner).map(lambda p: f"({p[0]} IN ({p[1]}, <h:x>))"),
    ),
    max_leaves=4,
)
GROUP = st.recursive(
    st.lists(TRIPLE, max_size=3).map(lambda t: "{ " + " . ".join(t) + " }"),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("{{ {0[0]} UNION {0[1]} }}".format),
        st.tuples(TRIPLE, inner).map("{{ {0[0]} OPTIONAL {0[1]} }}".format),
        st.tuples(TRIPLE, EXPRESSION).map("{{ {0[0]} FILTER({0[1]}) }}".format),
        inner.map("{{ FILTER NOT EXISTS {} }}".format),
        inner.map("{{ GRAPH ?g {} }}".format),
        inner.map("{{ {{ SELECT * {} ORDER BY ?a LIMIT 3 }} }}".format),
        st.just("{ VALUES (?v ?w) { (1 UNDEF) (<h:x> p:y) } }"),
    ),
    max_leaves=4,
)
QUERY = st.one_of(
    st.tuples(st.sampled_from(["ASK", "SELECT *", "select distinct ?a", "ASK FROM <h:g>"]), GROUP).map(" ".join),
    GROUP.map("CONSTRUCT {{ ?a a ?b }} WHERE {}".format),
    GROUP.map("DESCRIBE ?a <h:x> {}".format),
)


@given(QUERY)
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_gate_and_engine_agree_on_the_form_of_what_users_write(text: str) -> None:
    text = f"PREFIX p: <http://example.org/> {text}"
    try:
        found = Store().query(text)
    except SyntaxError:
        return
    except RuntimeError:  # a function that the engine does not know
        found = None
    form = outline(text).form
    kinds = {"ASK": QueryBoolean, "SELECT": QuerySolutions, "CONSTRUCT": QueryTriples, "DESCRIBE": QueryTriples}
    assert found is None or isinstance(found, kinds[form])


# ---- what the engine would do


@pytest.mark.stores
@pytest.mark.allow_hosts(LOOPBACK)
def test_no_accepted_text_makes_the_engine_ask_another_server() -> None:
    body = b'{"head":{"vars":["a"]},"results":{"bindings":[]}}'
    asked: list[str] = []
    with server(lambda _: answer(body)) as other:

        def ask(text: str) -> None:
            try:
                outline(text, known_graphs=())
                accepted = True
            except GateError:
                accepted = False
            before = len(other.requests)
            try:
                found = Store().query(text)
                if not isinstance(found, QueryBoolean):
                    list(found)
            except (SyntaxError, RuntimeError, OSError, ValueError):
                pass
            if len(other.requests) > before:
                asked.append(text)
                assert not accepted, text

        for text in HIDDEN:
            ask(text.replace("URL", other.url + "/"))
        assert len(asked) > 10
        everything = st.lists(st.sampled_from(SOUP), max_size=12).map("".join)
        around = st.sampled_from(
            ["{}", "ASK {{ {} }}", "PREFIX u: <URL> PREFIX : <URL> PREFIX service: <h:> SELECT * {{ {} }}"]
        )
        inside = st.sampled_from(["", "SERVICE<URL>{ ?a ?b ?c }", "SERVICE u:{ ?a ?b ?c }", "service:{ ?a ?b ?c }"])

        @given(around, everything, inside, everything)
        @settings(max_examples=400, deadline=None)
        def soups(frame: str, before: str, middle: str, after: str) -> None:
            ask(frame.format(before + middle + after).replace("URL", other.url + "/"))

        soups()
