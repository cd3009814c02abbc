"""RDF/XML: what it holds comes back triple for triple, and what it cannot hold is refused, never written broken."""

from __future__ import annotations

import subprocess
import sys
from typing import Any
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.errors import InexpressibleError, OutputError
from communique.export.rdf import render
from communique.export.rdfxml import split_name
from communique.formats import FORMATS
from communique.terms import RDF, SCHEMA, TYPE, XSD
from communique.xmltext import illegal_character
from tests.conftest import ROOT
from tests.test_export_rdf import (
    BASE,
    HOSTILE_IRIS,
    HOSTILE_TEXTS,
    QUADS,
    RELEASE,
    SLUG,
    canonical,
    flat,
    quads_of_any_kind,
    read_by_rdflib,
)

RDFXML = FORMATS["rdfxml"]
NAME = ox.NamedNode(SCHEMA + "name")
NODE = ox.NamedNode(BASE + "person/a")


@pytest.fixture(autouse=True)
def _literals_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def written(quads: Any, base: str = BASE, slug: str | None = SLUG) -> bytes:
    return render(quads, RDFXML, base=base, slug=slug)


def comes_back(quads: list[ox.Quad], **options: Any) -> bytes:
    """The document, once every reader has given the triples back."""
    data = written(quads, **options)
    ElementTree.fromstring(data)
    assert canonical(ox.parse(data, format=ox.RdfFormat.RDF_XML)) == canonical(flat(quads))
    assert read_by_rdflib(data, "rdfxml") == canonical(flat(quads))
    return data


def test_rdf_xml_reads_like_a_page() -> None:
    text = written(QUADS).decode()
    assert text.startswith(
        f"""\
<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF
    xmlns:cmq="https://w3id.org/communique/ns#"
    xmlns:oa="http://www.w3.org/ns/oa#"
    xmlns:org="http://www.w3.org/ns/org#"
    xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:schema="http://schema.org/"
    xmlns:skos="http://www.w3.org/2004/02/skos/core#">

  <rdf:Description rdf:about="{RELEASE}">
    <rdf:type rdf:resource="http://purl.org/spar/fabio/PressRelease"/>
    <rdf:type rdf:resource="http://schema.org/NewsArticle"/>
    <schema:headline xml:lang="en">Presentation of the special report, Almaty, 29 May 2015</schema:headline>
"""
    )
    assert text.endswith("</rdf:Description>\n\n</rdf:RDF>\n")
    assert (
        '<schema:startDate rdf:datatype="http://www.w3.org/2001/XMLSchema#date">2015-05-29</schema:startDate>' in text
    )


@pytest.mark.slow
def test_the_bytes_are_the_same_in_every_process() -> None:
    program = (
        "import hashlib, sys; sys.path.insert(0, '.'); from tests.test_export_rdfxml import *; "
        "print(hashlib.sha256(written(QUADS)).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env={"PYTHONHASHSEED": n},
        ).stdout
        for n in ("1", "2")
    }
    assert len(found) == 1
    assert len(found.pop()) == 65


@pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=lambda text: ascii(text[:12]))
def test_a_hostile_text_comes_back_or_is_refused(text: str) -> None:
    literals = [ox.Literal(text), ox.Literal(text, language="en"), ox.Literal(text, datatype=ox.NamedNode("urn:x:t"))]
    quads = [ox.Quad(NODE, NAME, literal) for literal in literals]
    if not any(c in text for c in "\x00\x01\x07\x0b\x0c\x0e\x1c\ufffe\uffff"):
        comes_back(quads)
        return
    with pytest.raises(InexpressibleError, match=r"^RDF/XML cannot hold the character U\+[0-9A-F]{4}, which stands in"):
        written(quads)


@pytest.mark.parametrize(
    "text",
    [
        "\r",
        "\n",
        "\r\n",
        "a\r",
        "\ra\n\r",
        "]]>",
        "<![CDATA[x]]>",
        "&amp;",
        "&#13;",
        " ",
        "\t",
        "\x85",
        "\u2028",
        "\x7f",
    ],
    ids=ascii,
)
def test_line_ends_and_marks_of_xml_come_back_character_by_character(text: str) -> None:
    comes_back([ox.Quad(NODE, NAME, ox.Literal(text)), ox.Quad(NODE, NAME, ox.Literal(text, language="kk"))])


@pytest.mark.parametrize("number", [0, 1, 8, 0xB, 0xC, 0xE, 0x1F, 0xFFFE, 0xFFFF])
def test_a_character_that_xml_cannot_hold_is_named(number: int) -> None:
    with pytest.raises(InexpressibleError) as caught:
        written([ox.Quad(NODE, NAME, ox.Literal(f"a{chr(number)}b"))])
    assert str(caught.value) == (
        f"RDF/XML cannot hold the character U+{number:04X}, which stands in a value of <http://schema.org/name>"
    )


@given(st.integers(0, 0x10FFFF).filter(lambda n: not 0xD800 <= n < 0xE000))
def test_what_xml_can_hold_is_what_an_xml_reader_takes(number: int) -> None:
    try:
        ElementTree.fromstring(f"<a>&#{number};</a>")
    except ElementTree.ParseError:
        assert illegal_character(chr(number)) == f"U+{number:04X}"
    else:
        assert illegal_character(chr(number)) == ""


@pytest.mark.parametrize("iri", HOSTILE_IRIS)
def test_a_hostile_iri_comes_back_as_subject_class_object_and_datatype(iri: str) -> None:
    node = ox.NamedNode(iri)
    quads = [ox.Quad(node, NAME, node), ox.Quad(node, ox.NamedNode(TYPE), node)]
    comes_back([*quads, ox.Quad(node, NAME, ox.Literal("x", datatype=node))])
    comes_back(quads[1:])


def is_element_name(text: str) -> bool:
    """Whether an XML reader takes a text for the name of an element without a prefix."""
    try:
        return ElementTree.fromstring(f"<{text}/>").tag == text and ":" not in text
    except ElementTree.ParseError:
        return False


@pytest.mark.parametrize("iri", HOSTILE_IRIS)
def test_a_hostile_property_comes_back_or_is_refused(iri: str) -> None:
    quads = [ox.Quad(NODE, ox.NamedNode(iri), ox.Literal("x")), ox.Quad(NODE, ox.NamedNode(iri), NODE)]
    if split_name(iri)[1]:
        comes_back(quads)
        return
    with pytest.raises(InexpressibleError) as caught:
        written(quads)
    assert str(caught.value) == f"RDF/XML has no name for the property <{iri}>, which does not end in one"
    assert not [iri[n:] for n in range(len(iri)) if is_element_name(iri[n:])]


@pytest.mark.parametrize(
    "name",
    ["RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "li", "Description", "aboutEach", "bagID"],
)
def test_a_name_that_means_something_else_to_readers_is_refused(name: str) -> None:
    with pytest.raises(InexpressibleError, match="has no name for the property"):
        written([ox.Quad(NODE, ox.NamedNode(RDF + name), ox.Literal("x"))])


@pytest.mark.parametrize("name", ["type", "value", "_1", "subject", "List"])
def test_other_names_of_rdf_come_back(name: str) -> None:
    comes_back([ox.Quad(NODE, ox.NamedNode(RDF + name), NODE)])


@pytest.mark.parametrize(
    "iri", ["http://www.w3.org/2000/xmlns/a", "urn:42", "http://example.org/🗞", "http://example.org/a/"]
)
def test_what_no_prefix_can_stand_for_is_no_name(iri: str) -> None:
    assert split_name(iri) == (iri, "")


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        ("http://example.org/a.b-c_1", "a.b-c_1"),
        ("http://example.org/имя", "имя"),
        ("http://www.w3.org/XML/1998/namespacelang", "namespacelang"),
        ("http://example.org/1a", "a"),
        ("http://example.org/🗞news", "news"),
        ("http://example.org/\u10a0\U00010400x", "x"),
    ],
)
def test_the_longest_name_that_readers_know_is_taken(iri: str, name: str) -> None:
    assert split_name(iri) == (iri.removesuffix(name), name)
    comes_back([ox.Quad(NODE, ox.NamedNode(iri), ox.Literal("x"))])


@settings(max_examples=100, deadline=None)
@given(quads_of_any_kind)
def test_any_graph_comes_back_or_is_refused_with_a_reason(quads: list[ox.Quad]) -> None:
    values = [q.object.value for q in quads if isinstance(q.object, ox.Literal)]
    unnamed = [q.predicate.value for q in quads if not split_name(q.predicate.value)[1]]
    if not unnamed and not any(map(illegal_character, values)):
        comes_back(quads)
        return
    with pytest.raises(InexpressibleError):
        written(quads)


@pytest.mark.parametrize("base", ["https://example.org/новости/", "https://example.org/баспасөз/id/"])
def test_a_base_in_another_script_comes_back(base: str) -> None:
    moved = [
        ox.Quad(*(ox.NamedNode(t.value.replace(BASE, base)) if isinstance(t, ox.NamedNode) else t for t in q.triple))
        for q in QUADS
    ]
    data = comes_back(moved, base=base)
    assert base.encode() in data


def test_nothing_is_an_empty_document() -> None:
    assert written([]) == (
        b'<?xml version="1.0" encoding="UTF-8"?>\n'
        b'<rdf:RDF\n    xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n\n</rdf:RDF>\n'
    )


def test_what_is_text_of_xml_stays_a_text() -> None:
    kinds = [RDF + "XMLLiteral", RDF + "HTML", XSD + "integer", XSD + "string"]
    comes_back([ox.Quad(NODE, NAME, ox.Literal("<b>x</b>", datatype=ox.NamedNode(kind))) for kind in kinds])


def test_a_syntax_that_cannot_hold_a_graph_is_a_kind_of_output_error() -> None:
    assert issubclass(InexpressibleError, OutputError)
