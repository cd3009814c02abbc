"""The order in which entities, their properties and values are written."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from communique.context import read_context
from communique.export.grouped import group
from communique.export.order import Object, Order, natural, sort_key
from communique.terms import CMQ, DEFAULT_BASE, RDF, SCHEMA, TYPE

BASE = DEFAULT_BASE
SLUG = "2015-05-29-report"
DATA = Path(__file__).parent / "data" / "export.trig"
QUADS = tuple(ox.parse(path=str(DATA), format=ox.RdfFormat.TRIG))


def test_entities_stand_in_the_order_of_reading() -> None:
    subjects = group(QUADS, read_context()).entities
    assert [iri.removeprefix(BASE).replace(f"release/{SLUG}#", "this:") for iri in subjects] == [
        "release/2015-05-29-report",
        "event/presentation",
        "this:launch",
        "work/report-2014",
        "legislation/kz-32-47.327",
        "this:recommendation",
        "this:statement-1",
        "this:statement-2",
        "this:invitation",
        "person/amina-example",
        "person/zhakupov.mia-kz",
        "this:role-zhakupov-mia",
        "org/island",
        "org/mia-kz",
        "org/other",
        "org/sana-sezim",
        "this:audience",
        "this:group-2",
        "this:group-10",
        "place/almaty",
        "place/island",
        "place/kazakhstan",
        "topic/nowhere",
        "topic/press-release",
        "this:contact",
        "release/2015-05-29-report/source.txt",
        "release/2015-05-29-report/source.txt#char=20,40",
        "release/2015-05-29-report/source.txt#char=100,118",
        "this:s-0000000001",
        "this:s-0000000004",
        "this:s-0000000002",
        "this:s-0000000003",
    ]


def test_a_number_of_five_thousand_digits_has_a_place() -> None:
    assert sort_key("http://e.org/" + "9" * 5_000, []) > sort_key("http://e.org/10", [])


def test_the_first_of_several_classes_counts() -> None:
    both = [SCHEMA + "Place", SCHEMA + "Organization"]
    assert sort_key("urn:x:a", both) == sort_key("urn:x:a", [SCHEMA + "Organization"])


def test_properties_stand_as_in_the_context_and_unknown_ones_last() -> None:
    paths = [CMQ + "basis", "urn:x:b", "urn:x:a", SCHEMA + "about", SCHEMA + "name", SCHEMA + "headline", TYPE]
    pairs = [(path, ox.Literal("x")) for path in paths]
    assert [path for path, _ in Order(read_context()).properties(pairs)] == [
        TYPE,
        SCHEMA + "name",
        SCHEMA + "headline",
        SCHEMA + "about",
        CMQ + "basis",
        "urn:x:a",
        "urn:x:b",
    ]


def test_nodes_stand_before_texts_and_numbers_by_their_value() -> None:
    values = [ox.Literal("b"), ox.Literal("a", language="ru"), ox.Literal("a", language="en"), ox.Literal("a")]
    values_and_nodes: list[Object] = [*values, ox.NamedNode("urn:x:10"), ox.NamedNode("urn:x:9")]
    ((_, found),) = Order(read_context()).properties((RDF + "object", v) for v in values_and_nodes)
    assert found == [*values_and_nodes[:3:-1], *values[::-1]]


@given(st.text("0123456789ab", max_size=8), st.text("0123456789ab", max_size=8))
def test_different_texts_never_share_a_place(one: str, other: str) -> None:
    assert (natural(one) == natural(other)) == (one == other)
