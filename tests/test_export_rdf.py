"""Quads in any syntax: the same bytes for the same quads, and the same quads back."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld as pyld

from communique.context import read_context
from communique.errors import OutputError
from communique.export.grouped import group
from communique.export.order import plain
from communique.export.rdf import TurtleWriter, prefixes_for, render
from communique.formats import FORMATS
from communique.terms import DEFAULT_BASE, SCHEMA, TYPE, XSD

BASE = DEFAULT_BASE
SLUG = "2015-05-29-report"
RELEASE = f"{BASE}release/{SLUG}"
DATA = Path(__file__).parent / "data" / "export.trig"
QUADS = tuple(ox.parse(path=str(DATA), format=ox.RdfFormat.TRIG))
# rdflib's own parsers use what rdflib deprecates.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]
READ_BY_OXIGRAPH = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
SYNTAXES = sorted(READ_BY_OXIGRAPH)
UNLIMITED = [name for name in SYNTAXES if name != "rdfxml"]
"""Syntaxes that can hold any graph of nodes with IRIs; what RDF/XML cannot is in test_export_rdfxml.py."""


def written(quads: Any, name: str, slug: str | None = SLUG) -> bytes:
    return render(quads, FORMATS[name], base=BASE, slug=slug)


def canonical(quads: Any) -> list[str]:
    """The RDFC-1.0 form; without blank nodes it is the sorted lines."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


def flat(quads: Any) -> list[ox.Quad]:
    return [ox.Quad(*q.triple) for q in quads]


def expected(quads: Any, name: str) -> list[str]:
    return canonical(quads if FORMATS[name].graphs else flat(quads))


def read_by_rdflib(data: bytes, name: str) -> list[str]:
    dataset = rdflib.Dataset()
    target: Any = dataset if FORMATS[name].graphs else dataset.default_graph
    target.parse(data=data, format={"ntriples": "nt", "jsonld": "json-ld", "rdfxml": "xml"}.get(name, name))
    return canonical(_from_rdflib(*quad) for quad in dataset.quads())


def _from_rdflib(s: Any, p: Any, o: Any, g: Any) -> ox.Quad:
    value: Any
    if not isinstance(o, rdflib.Literal):
        value = ox.NamedNode(str(o))
    elif o.language:
        value = ox.Literal(str(o), language=o.language)
    else:
        value = ox.Literal(str(o), datatype=ox.NamedNode(str(o.datatype or XSD + "string")))
    graph = ox.DefaultGraph() if str(g).startswith("urn:x-rdflib:default") else ox.NamedNode(str(g))
    return ox.Quad(ox.NamedNode(str(s)), ox.NamedNode(str(p)), value, graph)


def read_by_pyld(data: bytes) -> list[str]:
    lines = pyld.to_rdf(json.loads(data), {"format": "application/n-quads", "documentLoader": _no_network})
    return canonical(ox.parse(lines, format=ox.RdfFormat.N_QUADS))


def _no_network(url: str, _: Any) -> Any:
    raise AssertionError(f"a document asked for {url}")


HOSTILE_TEXTS = [
    "",
    " ",
    "</script><script>alert(1)</script>",
    "<!-- ]]>",
    "line\nline\r\nline\rline",
    "a\u2028b\u2029c\u0085d\u000bd\u000ce\u001cf",
    "\u0000\u0001\u0007\u007f\u009f",
    "\ufeff№ 32-47.327, Қазақстан’s “report” 🗞 e\u0301 \u202eabc\u202c",
    "\ufffe\uffff",
    '"""',
    "\"quoted\" and 'quoted' and \\ and \\u0041 and \\n",
    "ends in a backslash\\",
    "https://w3id.org/communique/id/person/a",
    "person/bermet-moldobaeva",
    "this:statement-1",
    "schema:name",
    "@id",
    "@type",
    "name",
    "_:b0",
    "true",
    "2015-05-29",
    "5",
    "null",
    "{}",
    "x" * 1_000_000,
]
HOSTILE_IRIS = [
    BASE,
    *(
        BASE + tail
        for tail in ("a,b", "a;", "place:x", "a/b:c", "//x", "a//b", "?x", "a?b=c", "#x", "a#", "a#b:c", "./x")
    ),
    *(
        BASE + tail
        for tail in ("../x", "a/../b", ".", "..", "a/.", "@id", "@type", "a;b", "a'b", "a%20b", "name", "-", "~")
    ),
    *(BASE + tail for tail in ("Қазақстан", "🗞", "(a)", "a*b", "a&b", "$a", "!a", "_:b", "id", "a.b.", "1")),
    *(f"{RELEASE}#{tail}" for tail in ("", "a", "a.b.", "1", "//x", "a:b", "a/b", "-a", "a?b", "@id", "a,b", "қ")),
    *(SCHEMA + tail for tail in ("", "a/b", "a.b.", "a.", ".a", "1", "-a", "a:b", "a#b", "a~b", "қ", "a%20b", "@id")),
    "schema:foo",
    "this:foo",
    "cmq:evidence",
    "name:foo",
    "id:foo",
    "type:x",
    "graph:g",
    "Person:x",
    "schema://x/y",
    "this://x",
    "urn:x:y",
    "mailto:a@b.c",
    "tel:+442079460201",
    "HTTP://schema.org/name",
    "http://schema.org",
    "https://schema.org/name",
    "https://w3id.org",
    "https://w3id.org/communique/id",
    "http://example.org:80/a",
    "http://[::1]/x",
    "http://example.org/a/../b/./c//d",
    "http://example.org/?q=a&b=c#d",
]
texts = st.one_of(st.sampled_from(HOSTILE_TEXTS[:-1]), st.text(st.characters(exclude_categories=["Cs"]), max_size=8))
iris = st.one_of(
    st.sampled_from(HOSTILE_IRIS),
    st.from_regex(r"[ab1._~:/?@,;=é-]{0,6}(#[ab1._~:/?@,-]{0,4})?", fullmatch=True).map(lambda tail: BASE + tail),
    st.from_regex(r"[ab1._~:/?@,-]{0,5}", fullmatch=True).map(lambda tail: f"{RELEASE}#{tail}"),
)
nodes = iris.map(ox.NamedNode)
known = [ox.NamedNode(t.iri) for t in read_context().terms.values() if t.kind != "json"]
properties = st.one_of(nodes, st.sampled_from(known), st.just(ox.NamedNode(SCHEMA + "name")))
datatypes = st.sampled_from(
    [XSD + t for t in ("string", "date", "gYear", "nonNegativeInteger", "anyURI")] + ["urn:x:t"]
)
tags = st.sampled_from(["en", "ru", "kk", "en-GB", "id", "type", "none", "zh-Hant-TW"])
literals = st.one_of(
    texts.map(ox.Literal),
    st.builds(lambda text, tag: ox.Literal(text, language=tag), texts, tags),
    st.builds(lambda text, iri: ox.Literal(text, datatype=ox.NamedNode(iri)), texts, datatypes),
)
classes = st.sampled_from([ox.NamedNode(i) for i in (*read_context().classes.values(), SCHEMA + "Thing", "schema:x")])
graphs = st.sampled_from([ox.DefaultGraph(), ox.NamedNode(BASE + "graph/a"), ox.NamedNode(BASE + "graph/a/evidence")])
subjects = st.one_of(nodes, st.just(ox.NamedNode(RELEASE)), st.just(ox.NamedNode(BASE + "person/a")))
quads_of_any_kind = st.lists(
    st.one_of(
        st.builds(ox.Quad, subjects, properties, st.one_of(nodes, literals), graphs),
        st.builds(ox.Quad, subjects, st.just(ox.NamedNode(TYPE)), classes, graphs),
    ),
    max_size=8,
)


@pytest.fixture(autouse=True)
def _literals_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    # rdflib rewrites "007"^^xsd:nonNegativeInteger as "7" unless told not to: a habit of its own, not of a syntax.
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


@settings(max_examples=150, deadline=None)
@given(quads_of_any_kind)
@pytest.mark.parametrize("name", UNLIMITED)
def test_any_graph_read_back_by_pyoxigraph_is_the_same(name: str, quads: list[ox.Quad]) -> None:
    back = ox.parse(written(quads, name), format=READ_BY_OXIGRAPH[name])
    assert canonical(back) == expected(quads, name)


@settings(max_examples=60, deadline=None)
@given(quads_of_any_kind)
@pytest.mark.parametrize("name", UNLIMITED)
def test_any_graph_read_back_by_rdflib_is_the_same(name: str, quads: list[ox.Quad]) -> None:
    assert read_by_rdflib(written(quads, name), name) == expected(quads, name)


@settings(max_examples=100, deadline=None)
@given(quads_of_any_kind)
def test_any_graph_read_back_by_pyld_is_the_same(quads: list[ox.Quad]) -> None:
    assert read_by_pyld(written(quads, "jsonld")) == expected(quads, "jsonld")


@pytest.mark.parametrize(
    "text",
    [*HOSTILE_TEXTS[:-1], pytest.param(HOSTILE_TEXTS[-1], marks=pytest.mark.slow)],  # the last is a long one
    ids=lambda text: ascii(text[:12]),
)
def test_a_hostile_text_comes_back_from_every_syntax_and_reader(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # rdflib reads N-Triples in pieces of 2 kB and searches a line from its beginning at each: the long one took 20 s
    monkeypatch.setattr("rdflib.plugins.parsers.ntriples.bufsiz", 1 << 22)
    subject, name = ox.NamedNode(RELEASE), ox.NamedNode(SCHEMA + "name")
    literals = [ox.Literal(text), ox.Literal(text, language="en"), ox.Literal(text, datatype=ox.NamedNode("urn:x:t"))]
    quads = [ox.Quad(subject, name, literal, ox.NamedNode(BASE + "graph/a")) for literal in literals]
    for syntax in UNLIMITED:
        data, wanted = written(quads, syntax), expected(quads, syntax)
        assert canonical(ox.parse(data, format=READ_BY_OXIGRAPH[syntax])) == wanted
        assert read_by_rdflib(data, syntax) == wanted
    assert read_by_pyld(written(quads, "jsonld")) == expected(quads, "jsonld")


@pytest.mark.parametrize("iri", HOSTILE_IRIS)
def test_a_hostile_iri_comes_back_from_every_syntax_and_reader(iri: str) -> None:
    node = ox.NamedNode(iri)
    typed = ox.Literal("x", datatype=node)
    about, name, kind = ox.NamedNode(SCHEMA + "about"), ox.NamedNode(SCHEMA + "name"), ox.NamedNode(TYPE)
    graph = ox.NamedNode(BASE + "graph/a")
    quads = [ox.Quad(node, path, node, graph) for path in (node, kind, about, name)]
    quads.append(ox.Quad(node, name, typed, graph))
    for syntax in UNLIMITED:
        data, wanted = written(quads, syntax), expected(quads, syntax)
        assert canonical(ox.parse(data, format=READ_BY_OXIGRAPH[syntax])) == wanted
        assert read_by_rdflib(data, syntax) == wanted
    assert read_by_pyld(written(quads, "jsonld")) == expected(quads, "jsonld")


@pytest.mark.parametrize("name", SYNTAXES)
def test_the_release_comes_back_from_every_syntax_and_reader(name: str) -> None:
    data = written(QUADS, name)
    assert canonical(ox.parse(data, format=READ_BY_OXIGRAPH[name])) == expected(QUADS, name)
    assert read_by_rdflib(data, name) == expected(QUADS, name)
    if name == "jsonld":
        assert read_by_pyld(data) == expected(QUADS, name)


@pytest.mark.parametrize("name", [*SYNTAXES, "page-jsonld"])
def test_the_order_and_number_of_times_of_a_quad_do_not_show(name: str) -> None:
    shuffled = [*QUADS, *QUADS[::3]]
    random.Random(1).shuffle(shuffled)
    assert written(iter(shuffled), name) == written(QUADS, name)


@pytest.mark.parametrize("name", ["turtle", "ntriples", "rdfxml", "jsonld"])
def test_a_triple_of_two_graphs_is_written_once_where_there_are_no_graphs(name: str) -> None:
    quad = QUADS[0]
    assert written(
        [quad, ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode("urn:x:g"))], name
    ) == written([quad], name)


def test_nquads_are_the_canonical_form() -> None:
    dataset = ox.Dataset(QUADS)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    lines = sorted(ox.serialize([quad], format=ox.RdfFormat.N_QUADS) or b"" for quad in dataset)
    assert written(QUADS, "nquads") == b"".join(lines)


def test_turtle_reads_like_a_page() -> None:
    text = written(QUADS, "turtle").decode()
    assert text.startswith(
        f"""\
@base <https://w3id.org/communique/id/> .
@prefix cmq: <https://w3id.org/communique/ns#> .
@prefix fabio: <http://purl.org/spar/fabio/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix schema: <http://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix this: <{RELEASE}#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<release/{SLUG}> a fabio:PressRelease, schema:NewsArticle ;
    schema:headline "Presentation of the special report, Almaty, 29 May 2015"@en ;
    schema:dateline "Almaty, May 29, 2015"@en ;
    schema:genre <topic/press-release> ;
    schema:inLanguage "en" ;
    schema:encoding <release/{SLUG}/source.txt> ;
    schema:about <event/presentation>, <work/report-2014> ;
    schema:mentions <org/sana-sezim>, <topic/nowhere> ;
    cmq:mediaContact this:contact ;
    skos:editorialNote "No author is named."@en .

<event/presentation> a schema:Event ;
    schema:name "Presentation of the special report"@en ;
    schema:startDate "2015-05-29"^^xsd:date ;
    schema:attendee <person/zhakupov.mia-kz>, this:group-2, this:group-10 ;
    schema:location <place/almaty> ;
    schema:workFeatured <work/report-2014> .
"""
    )
    assert (
        """
this:s-0000000004 a rdf:Statement ;
    cmq:evidence <release/2015-05-29-report/source.txt#char=20,40> ;
    rdf:subject <event/presentation> ;
    rdf:predicate schema:startDate ;
    rdf:object "2015-05-29"^^xsd:date .
"""
        in text
    )


def test_trig_keeps_graphs_apart_and_reads_like_turtle() -> None:
    text = written(QUADS, "trig").decode()
    assert [line for line in text.splitlines() if line.endswith("{")] == [
        "<graph/2015-05-29-report> {",
        "<graph/2015-05-29-report/evidence> {",
        "<graph/2015-05-29-report/inferred> {",
        "<graph/entities> {",
    ]
    assert (
        """\
<graph/2015-05-29-report/evidence> {
    <person/zhakupov.mia-kz> cmq:evidence <release/2015-05-29-report/source.txt#char=100,118> .

    <release/2015-05-29-report/source.txt> a schema:TextObject ;
        schema:encodingFormat "text/plain" ;
"""
        in text
    )


def test_trig_written_graph_by_graph_is_the_same_dataset() -> None:
    writer = TurtleWriter(BASE, prefixes_for(BASE, SLUG))
    graphs = sorted({q.graph_name.value for q in QUADS if isinstance(q.graph_name, ox.NamedNode)})
    parts = [writer.graphs(group(QUADS, read_context()).within([graph])) for graph in graphs]
    data = writer.head() + b"".join(parts)
    assert canonical(ox.parse(data, format=ox.RdfFormat.TRIG)) == canonical(QUADS)


def test_in_the_trig_of_all_releases_a_release_has_its_prefix_and_reads_as_in_its_own_file() -> None:
    whole = group(QUADS, read_context())
    own = [name for name in whole.graph_names if name.startswith(f"{BASE}graph/{SLUG}")]
    writer = TurtleWriter(BASE, prefixes_for(BASE))
    part = writer.graphs(whole.within(own), SLUG).decode()
    prefix = f"\n@prefix this: <{BASE}release/{SLUG}#> .\n"
    assert part.startswith(prefix) and part.removeprefix(prefix) in written(QUADS, "trig").decode()
    kept = [quad for quad, row in zip(QUADS, plain(QUADS), strict=True) if row[3] in own]
    assert canonical(ox.parse(writer.head() + part.encode(), format=ox.RdfFormat.TRIG)) == canonical(kept)


def test_some_graphs_are_written_as_if_there_were_no_others() -> None:
    whole = group(QUADS, read_context())
    for own in ([name] for name in whole.graph_names):
        kept = [quad for quad, row in zip(QUADS, plain(QUADS), strict=True) if row[3] in own]
        for name in ("turtle", "trig", "nquads", "ntriples", "rdfxml", "jsonld", "turtle12"):
            parts = [render(q, FORMATS[name], base=BASE, slug=SLUG) for q in (whole.within(own), kept)]
            part, alone = (sorted(x for x in part.split(b"\n") if not x.startswith(b"@prefix")) for part in parts)
            assert part == alone


def test_turtle_written_entity_by_entity_is_the_same_document() -> None:
    prefixes = {p: n for p, n in prefixes_for(BASE, SLUG).items() if p not in ("dcterms", "prov", "rdfs")}
    writer = TurtleWriter(BASE, prefixes)
    blocks = [writer.block(*one) for one in group(QUADS, read_context()).entities.items()]
    assert writer.head() + writer.between.join(blocks) + writer.tail == written(QUADS, "turtle")


def test_each_literal_stays_on_one_line_of_turtle() -> None:
    subject, name = ox.NamedNode(RELEASE), ox.NamedNode(SCHEMA + "name")
    data = written([ox.Quad(subject, name, ox.Literal(t)) for t in HOSTILE_TEXTS[:-1]], "turtle")
    lines = data.split(b"\n")
    assert (
        len(lines) == 3 + len(HOSTILE_TEXTS[:-1]) + 1
    )  # two of the head, one empty; after the last line break nothing
    assert b"\r" not in data


def test_nothing_is_an_empty_document() -> None:
    assert {name: written([], name) for name in ("turtle", "trig", "nquads", "ntriples")} == {
        "turtle": f"@base <{BASE}> .\n".encode(),
        "trig": f"@base <{BASE}> .\n".encode(),
        "nquads": b"",
        "ntriples": b"",
    }
    assert json.loads(written([], "jsonld"))["graph"] == []


def test_every_row_of_the_table_is_tried_here() -> None:
    assert {name for name, fmt in FORMATS.items() if fmt.paged and not fmt.embedded} == set(SYNTAXES)


@pytest.mark.parametrize("name", SYNTAXES)
def test_a_blank_node_is_refused(name: str) -> None:
    blank = ox.BlankNode("b")
    for quad in (
        ox.Quad(blank, QUADS[0].predicate, QUADS[0].object),
        ox.Quad(QUADS[0].subject, QUADS[0].predicate, blank),
    ):
        with pytest.raises(OutputError, match="give this one an id"):
            written([quad], name)


def test_a_page_without_its_release_is_refused() -> None:
    with pytest.raises(OutputError, match="say which"):
        written(QUADS, "page-jsonld", slug=None)


def test_a_base_that_is_no_folder_leaves_iris_whole() -> None:
    data = render(QUADS[:1], FORMATS["ntriples"], base="http://e.org/x#")
    turtle = render(QUADS[:1], FORMATS["turtle"], base="http://e.org/x#")
    assert sorted(map(str, ox.parse(turtle, format=ox.RdfFormat.TURTLE))) == sorted(
        map(str, ox.parse(data, format=ox.RdfFormat.N_TRIPLES))
    )
