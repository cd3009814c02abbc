"""Inferred facts are never given as stated: the canned questions, asked of data with fewer and with more marks."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pyoxigraph as ox
import pytest

from communique.errors import QueryError
from communique.query.ask import run
from communique.store.embedded import EmbeddedStore, open_embedded
from communique.terms import CMQ, FABIO, RDF, SKOS
from tests.terms import moved
from tests.test_query_answers import CASES, CATALOGUE, Asked, base_of, oxigraph, quads

COUNTED = {
    "classes-in-use", "entity-graph", "named-graphs", "network", "properties-in-use", "releases-by-language",
    "releases-by-month", "releases-by-place", "releases-by-publisher", "stated-facts", "topics",
}  # fmt: skip
"""Questions that count facts of both kinds and say so, and questions for graphs, which contain the marks."""

BY_RULE = {"day", "passages", "quotations", "releases"}
"""Columns that by their header are the day of the dateline, and columns of numbers."""


@cache
def stated_only(data: str) -> EmbeddedStore:
    """The data without inferred facts and without their marks; classes and names, which choose rows, are kept."""
    marks = {quad.subject for quad in quads(data) if quad.predicate.value == f"{CMQ}basis"}
    inferred = {q for q in quads(data) if str(q.graph_name).endswith("/inferred>")}
    assert {quad.triple for quad in inferred} == {
        ox.Triple(mark["subject"], mark["predicate"], mark["object"]) for mark in statements(data) if mark["basis"]
    }
    left_out = {quad for quad in inferred if not quad.predicate.value.endswith(("#type", "/name"))}
    store = open_embedded()
    store.extend(quad for quad in quads(data) if quad not in left_out and quad.subject not in marks)
    return store


def statements(data: str) -> list[dict[str, Any]]:
    """Subject, predicate, object and basis (None if there is none) of every statement node outside a page."""
    found: dict[Any, dict[str, Any]] = {}
    for quad in quads(data):
        word = quad.predicate.value.rpartition("#")[2]
        if word in ("subject", "predicate", "object", "basis") and str(quad.graph_name).endswith("/evidence>"):
            found.setdefault(quad.subject, {"basis": None})[word] = quad.object
    return list(found.values())


def inferred_too(data: str, is_doubtful: Callable[[ox.Quad], bool]) -> EmbeddedStore:
    """The data, in which the stated facts of releases that are doubtful are inferred, each with its mark."""
    store = open_embedded()
    for number, quad in enumerate(quads(data)):
        graph = str(quad.graph_name)[1:-1]
        if graph.endswith(("/entities", "/evidence", "/inferred", "/page")) or not is_doubtful(quad):
            store.extend([quad])
            continue
        fact = {"subject": quad.subject, "predicate": quad.predicate, "object": quad.object}
        told = {RDF + word: term for word, term in fact.items()}
        told |= {f"{CMQ}basis": ox.NamedNode(f"{CMQ}inferred"), f"{SKOS}editorialNote": ox.Literal("of a test")}
        mark = ox.NamedNode(f"https://news.example/mark/{number}")
        evidence = ox.NamedNode(graph + "/evidence")
        store.extend(ox.Quad(mark, ox.NamedNode(name), term, evidence) for name, term in told.items())
        store.extend([moved(quad, ox.NamedNode(graph + "/inferred"))])
    return store


@pytest.mark.parametrize("case", [case for case in CASES if case.partition("/")[0] not in COUNTED])
def test_inferred_facts_are_never_given_as_stated(case: str) -> None:
    """A row whose basis columns all say "stated" does not depend on inferred facts, except for the choice of a name."""
    asked = Asked(case)
    basis = [c.name for c in asked.query.columns if c.name == "basis" or c.name.endswith("_basis")]
    kept = [c.name for c in asked.query.columns if c.name not in BY_RULE and not c.name.endswith("name")]

    def rows(store: EmbeddedStore) -> list[dict[str, Any]]:
        try:
            return run(CATALOGUE, asked.name, asked.values, store, base=base_of(asked.data)).to_dicts()
        except QueryError:  # the very entity is known by inference only
            return []

    def key(row: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(row[name] for name in kept if name not in basis)

    without = {key(row) for row in rows(stated_only(asked.data))}
    stated = [row for row in rows(oxigraph(asked.data)) if all(row[name] in ("stated", None) for name in basis)]
    assert [row for row in stated if key(row) not in without] == []


ON_NAMES = {"about-entity", "entities", "evidence-of-fact", "facts-without-quote", "organisation-names", "passages"}
"""Questions on single names, or on what supports them, which are left as they are."""

UNMARKED = (
    "/name",
    "#editorialNote",
    "#evidence",
    "/encoding",
    "/inLanguage",
    "/text",
    "/headline",
    "/dateline",
)


@cache
def all_inferred(data: str) -> EmbeddedStore:
    """The data with every fact of a release inferred, but names, the words themselves and what is a release."""
    kept = f"{FABIO}PressRelease"
    return inferred_too(
        data, lambda quad: not quad.predicate.value.endswith(UNMARKED) and quad.object != ox.NamedNode(kept)
    )


@pytest.mark.parametrize("case", [case for case in CASES if case.partition("/")[0] not in COUNTED | ON_NAMES])
def test_where_everything_is_inferred_no_row_says_stated(case: str) -> None:
    asked = Asked(case)
    basis = [c.name for c in asked.query.columns if c.name == "basis" or c.name.endswith("_basis")]
    if not basis:  # then the row may hold no inferred fact at all: the test above
        return
    rows = run(CATALOGUE, asked.name, asked.values, all_inferred(asked.data), base=base_of(asked.data)).to_dicts()
    rows = [row for row in rows if row.get("part") != "what"]  # the name of an event
    assert [row for row in rows if all(row[name] in ("stated", None) for name in basis)] == []


ON_KINDS = {
    "entities": "NGO",
    "events-by-place": "Event",
    "groups-spoken-of": "Group",
    "recommendations": "PolicyRecommendation",
    "reports": "Report",
    "said-for-organisation": "ReportedStatement",
    "said-on-topic": "ReportedStatement",
    "speakers": "ReportedStatement",
    "unattributed-statements": "ReportedStatement",
    "what-happened": "Event",
    "who-said-what": "ReportedStatement",
    "who-was-invited": "InviteAction",
}
"""The class by which a question selects its rows, so that every row states it."""


@cache
def kind_inferred(data: str, kind: str) -> EmbeddedStore:
    """The data in which that something is of this class is inferred, beside what is inferred anyway."""
    names = ("#" + kind, "/" + kind)
    return inferred_too(
        data, lambda quad: quad.predicate.value == f"{RDF}type" and str(quad.object)[1:-1].endswith(names)
    )


def rows_by_kind(case: str) -> list[dict[str, Any]]:
    """The rows of a case in which something has the class that is marked as inferred."""
    asked = Asked(case)
    kind = ON_KINDS[asked.name]
    store = kind_inferred(asked.data, kind)
    values = {name: value for name, value in asked.values.items() if name != "inferred"}
    rows = run(CATALOGUE, asked.name, values, store, base=base_of(asked.data)).to_dicts()
    if kind == "ReportedStatement":
        rows = [row for row in rows if row.get("form", "reported") in ("reported", "stance, no words")]
    rows = [row for row in rows if row.get("how") != "addressed"]  # an audience is of another kind
    if asked.name == "entities":
        rows = [row for row in rows if str(row["class"]).endswith(kind) and row["stands_in"] == "release"]
    if asked.name == "speakers":  # whoever is quoted is a speaker by a quotation
        said = run(CATALOGUE, "who-said-what", {}, store, base=base_of(asked.data)).to_dicts()
        quoted = {(row["release"], row["start"]) for row in said if row["form"] == "quoted"}
        rows = [row for row in rows if (row["release"], row["start"]) not in quoted]
    return rows


@pytest.mark.parametrize("name", ON_KINDS)
def test_what_is_of_its_kind_by_inference_comes_as_inferred(name: str) -> None:
    rows = [row for case in CASES if case.partition("/")[0] == name for row in rows_by_kind(case)]
    assert rows
    assert [row for row in rows if row["basis"] != "inferred"] == []


@pytest.mark.parametrize("case", [case for case in CASES if CATALOGUE[case.partition("/")[0]].form == "CONSTRUCT"])
def test_a_graph_holds_no_inferred_fact_without_its_mark(case: str) -> None:
    asked = Asked(case)
    triples = set(oxigraph(asked.data).quads)
    marks: dict[Any, dict[str, Any]] = {}
    for quad in triples:
        if str(quad.graph_name).endswith("/evidence>"):
            marks.setdefault(quad.subject, {})[quad.predicate.value] = quad.object
    inferred = {
        (mark[RDF + "subject"], mark[RDF + "predicate"], mark[RDF + "object"])
        for mark in marks.values()
        if mark.get(CMQ + "basis") == ox.NamedNode(CMQ + "inferred")
    }
    rows = run(CATALOGUE, asked.name, asked.values, oxigraph(asked.data), base=base_of(asked.data)).rows
    told: dict[Any, dict[str, Any]] = {}
    for subject, predicate, value in rows:
        assert subject is not None and predicate is not None
        told.setdefault(subject, {})[predicate.value] = value
    marked = {
        (mark[RDF + "subject"], mark[RDF + "predicate"], mark[RDF + "object"])
        for mark in told.values()
        if CMQ + "basis" in mark
    }
    assert rows
    assert (set(rows) & inferred) - marked == set()


def test_a_fact_of_the_registry_is_neither_stated_nor_inferred() -> None:
    for case in CASES:
        asked = Asked(case)
        if {"stands_in", "basis"} <= {column.name for column in asked.query.columns}:
            rows = run(CATALOGUE, asked.name, asked.values, oxigraph(asked.data), base=base_of(asked.data)).to_dicts()
            assert rows
            for row in rows:
                of_registry = str(row["stands_in"]).endswith(("registry", "/graph/entities"))
                assert of_registry == (row["basis"] == "registry")
