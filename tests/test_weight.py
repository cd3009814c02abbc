"""How much work shapes make of a graph, counted before they do."""

from __future__ import annotations

import time
from functools import cache

import pyoxigraph as ox
import pytest

from communique.check.shapes import read_shapes
from communique.check.weight import Weight
from communique.terms import CMQ, OA, SCHEMA

SH = "PREFIX sh: <http://www.w3.org/ns/shacl#>\nPREFIX s: <http://schema.org/>\n"


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"https://example.org/{name}")


def quads(path: str, *pairs: tuple[str, str]) -> list[ox.Quad]:
    return [ox.Quad(node(one), ox.NamedNode(SCHEMA + path), node(other)) for one, other in pairs]


def weight_of(shapes: str) -> Weight:
    return Weight(quad.triple for quad in ox.parse(SH + shapes, format=ox.RdfFormat.TURTLE))


@cache
def core() -> Weight:
    return read_shapes().weight


def steps(weight: Weight, graph: list[ox.Quad]) -> int:
    """The least number of steps that suffices."""
    low, high = 0, 1 << 40
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if weight.is_heavy(graph, middle) else (low, middle)
    return low


def test_the_paths_and_orders_of_the_core_shapes_are_known() -> None:
    closures = {"superEvent", "isPartOf", "parentOrganization", "containedInPlace"}
    assert {SCHEMA + name for name in closures} <= {p.value for p in core().closures}
    assert CMQ + "approves" in {p.value for p in core().closures}
    assert {(a.value, b.value) for a, b in core().orders} == {
        (SCHEMA + "startDate", SCHEMA + "endDate"),
        (OA + "start", OA + "end"),
    }


def test_a_statement_weighs_the_same_in_any_graph() -> None:
    graph = quads("name", *((f"a{k}", f"b{k}") for k in range(100)))
    assert (steps(core(), graph[:10]), steps(core(), graph)) == (70, 700)


@pytest.mark.parametrize(
    "path", ["[ sh:oneOrMorePath s:broader ]", "[ sh:zeroOrMorePath [ sh:inversePath s:broader ] ]"]
)
def test_a_path_of_any_length_weighs_as_much_as_it_visits(path: str) -> None:
    weight = weight_of(f"[] sh:path {path} ; sh:disjoint s:x .")
    chain = quads("broader", *((f"a{k}", f"a{k + 1}") for k in range(20)))
    assert steps(weight, chain) == 7 * 20 + 10 * (20 * 21 // 2)
    wheel = quads("broader", *((f"a{k}", f"a{(k + 1) % 20}") for k in range(20)))
    assert steps(weight, wheel) == 7 * 20 + 10 * 20 * 19
    assert steps(weight, quads("other", ("a", "b"), ("b", "c"))) == 14


@pytest.mark.parametrize("name", ["lessThan", "lessThanOrEquals"])
def test_values_that_are_compared_weigh_as_much_as_their_pairs(name: str) -> None:
    weight = weight_of(f"[] sh:path s:first ; sh:{name} s:last .")
    first = quads("first", *(("a", f"x{k}") for k in range(5)), ("b", "x"))
    last = quads("last", *(("a", f"y{k}") for k in range(4)), ("c", "y"))
    assert steps(weight, first + last) == 7 * 11 + 30 * 5 * 4


def test_a_graph_is_not_walked_through_beyond_the_limit() -> None:
    chain = quads("superEvent", *((f"a{k}", f"a{k + 1}") for k in range(3_000)))
    assert core().is_heavy(chain) and not core().is_heavy(chain[:100])
    assert core().is_heavy(chain, most=7 * len(chain) - 1)


def test_no_more_is_visited_than_the_limit_allows() -> None:
    ring = quads("superEvent", *((f"a{k}", f"a{(k + 1) % 20_000}") for k in range(20_000)))
    start = time.process_time()
    assert core().is_heavy(ring)
    assert time.process_time() - start < 10  # seconds of processor; all visits are four hundred million
