"""The quote in a row of a canned question supports the fact in the row, or else its node."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

import pyoxigraph as ox
import pytest

from communique.publish.workstore import entities
from communique.query.ask import run
from communique.store.embedded import EmbeddedStore, open_embedded
from communique.terms import CMQ, OA, RDF, SCHEMA
from tests.test_query_answers import CASES, CATALOGUE, Asked, base_of, oxigraph, quads

FACTS = {
    "attended-from": ("participant", (CMQ + "comesFrom", SCHEMA + "location"), "place"),
    "evidence-of-fact": ("subject", "predicate", "value"),
    "inferred-facts": ("entity", "property", "value"),
    "press-contacts": ("contact", (SCHEMA + "telephone", SCHEMA + "email", SCHEMA + "url"), "value"),
    "who-attended": ("event", (SCHEMA + "attendee",), "participant"),
    "who-was-invited": (None, (SCHEMA + "recipient",), "guest"),
}
"""The fact that a row states: columns of subject and object, and the column or the possible values of the property."""

NODES = {
    "facts-without-quote": "subject",
    "figures": "figure",
    "groups-spoken-of": "statement",
    "passages": None,
    "quotations": "quotation",
    "recommendations": "recommendation",
    "role-holders": None,
    "said-for-organisation": "statement",
    "said-on-topic": "statement",
    "speakers": None,
    "statements-containing": "statement",
    "surname-only": "person",
    "thanks": "statement",
    "unattributed-statements": "statement",
    "who-said-what": "statement",
}
"""Questions whose rows tell several facts of one node (who said what, with which verb), by its column if it has one:
they quote the words on the whole node."""

WORDS = {"role-holders": ("role",), "speakers": (), "surname-only": ("family_name",)}
SAID = ("words",)
"""Columns that must be found in the quote of a row that quotes a whole node."""

Evidence = dict[tuple[str, str, str], set[str]]


def test_every_question_with_quotes_says_which_fact_they_support() -> None:
    quoting = {name for name, query in CATALOGUE.items() if any(c.name == "quote" for c in query.columns)}
    assert quoting == FACTS.keys() | NODES.keys()
    assert not FACTS.keys() & NODES.keys()


def own_passages(store: EmbeddedStore) -> tuple[Evidence, dict[str, set[str]]]:
    """Passages of single facts, by their terms as text, and of nodes, by IRI."""
    parts: dict[Any, dict[str, str]] = defaultdict(dict)
    passages: dict[Any, set[str]] = defaultdict(set)
    for quad in store.quads:
        word = quad.predicate.value
        if word in (RDF + "subject", RDF + "predicate", RDF + "object"):
            parts[quad.subject][word] = str(getattr(quad.object, "value", quad.object))
        elif word == CMQ + "evidence":
            passages[quad.subject].add(quad.object.value)
    facts: Evidence = defaultdict(set)
    for sign, told in parts.items():
        facts[told[RDF + "subject"], told[RDF + "predicate"], told[RDF + "object"]] |= passages[sign]
    return facts, {node.value: found for node, found in passages.items() if node not in parts}


@cache
def quoted_apart(data: str) -> EmbeddedStore:
    """The data with a separate passage for every fact and every node, each with words of its own."""
    store = open_embedded()
    store.extend(quad for quad in quads(data) if quad.predicate.value != CMQ + "evidence")
    marked = {
        (q.subject, q.graph_name): q.object for q in quads(data) if q.predicate.value == RDF + "subject"
    }  # fmt: skip
    old: dict[Any, Any] = {q.subject: q for q in quads(data) if q.predicate.value == CMQ + "evidence"}
    sources: dict[Any, Any] = {q.subject: q.object for q in quads(data) if q.predicate.value == OA + "hasSource"}
    for number, (node, quad) in enumerate(sorted(old.items(), key=lambda pair: str(pair[0])), 1):
        kind = (
            "fact" if any((node, graph) in marked for graph in {quad.graph_name, facts_of(quad.graph_name)}) else "node"
        )
        place = ox.NamedNode(f"{sources[quad.object].value}#char={number},{number + 1}")
        told = {
            CMQ + "evidence": (node, place),
            OA + "hasSource": (place, sources[quad.object]),
            OA + "exact": (place, ox.Literal(f"words {number} of a {kind}")),
            OA + "start": (place, ox.Literal(number)),
            OA + "end": (place, ox.Literal(number + 1)),
        }
        store.extend(ox.Quad(s, ox.NamedNode(p), o, quad.graph_name) for p, (s, o) in told.items())
    return store


def facts_of(evidence: Any) -> ox.NamedNode:
    return ox.NamedNode(evidence.value.removesuffix("/evidence"))


FACT_CASES = [case for case in CASES if case.partition("/")[0] in FACTS]
NODE_CASES = [case for case in CASES if case.partition("/")[0] in NODES]


def rows_of(case: str, store: EmbeddedStore) -> list[dict[str, Any]]:
    asked = Asked(case)
    return run(CATALOGUE, asked.name, asked.values, store, base=base_of(asked.data)).to_dicts()


@pytest.mark.parametrize("apart", [False, True], ids=["as it is", "every fact quoted apart"])
@pytest.mark.parametrize("case", FACT_CASES)
def test_the_quote_of_a_fact_is_its_own_else_that_of_its_node(case: str, apart: bool) -> None:
    asked = Asked(case)
    store = quoted_apart(asked.data) if apart else oxigraph(asked.data)
    facts, nodes = own_passages(store)
    subject, properties, value = FACTS[asked.name]
    for row in rows_of(case, store):
        named = (row[properties],) if isinstance(properties, str) else properties
        nodes_of = {str(row[subject])} if subject else {k[0] for k in facts}
        keys = [(node, name, str(row[value])) for node in nodes_of for name in named]
        own = set().union(*(facts.get(key, set()) for key in keys))
        own = {passage for passage in own if passage.startswith(row["release"] + "/")}
        if own:
            assert row["passage"] in own
            assert row.get("of", "fact") == "fact"
        elif asked.name != "inferred-facts":  # words on the whole node led nobody to a conclusion
            assert row["passage"] in nodes.get(str(row.get(subject or "")), {row["passage"]})
            assert row["of"] == ("node" if row["passage"] else None)
        else:
            assert row["passage"] is None


@pytest.mark.parametrize("case", [c for c in FACT_CASES if "evidence-of-fact" not in c])
def test_a_fact_with_words_of_its_own_is_never_quoted_by_those_of_its_node(case: str) -> None:
    store = quoted_apart(Asked(case).data)
    with_own = {k for k, found in own_passages(store)[0].items() if found}
    for row in rows_of(case, store):
        if row["quote"] is not None and row.get("of") != "node":
            assert row["quote"].endswith("of a fact")
        elif row["quote"] is not None:
            subject, properties, value = FACTS[Asked(case).name]
            if subject is not None:
                assert not {(str(row[subject]), name, str(row[value])) for name in properties} & with_own


@pytest.mark.parametrize("case", NODE_CASES)
def test_what_is_quoted_for_a_whole_node_is_its_own_and_holds_the_words(case: str) -> None:
    asked = Asked(case)
    column = NODES[asked.name]
    _, nodes = own_passages(oxigraph(asked.data))
    rows = rows_of(case, oxigraph(asked.data))
    for row in rows:
        if row["passage"] is None:
            assert row["quote"] is None and (column is None or row[column] not in nodes)
            continue
        if column is not None:
            assert row["passage"] in nodes[row[column]]
        for name in WORDS.get(asked.name, SAID):
            said = row.get(name)
            assert said is None or squeezed(said) in squeezed(row["quote"])


def squeezed(text: str) -> str:
    return " ".join(text.split()).casefold()


def test_a_number_is_quoted_with_the_words_that_hold_it() -> None:
    rows = [
        row for case in CASES if case.startswith("press-contacts/") for row in rows_of(case, oxigraph(Asked(case).data))
    ]
    assert len(rows) > 10
    for row in rows:
        digits = "".join(filter(str.isdigit, row["value"]))
        assert row["value"] in row["quote"] or digits[:-2] in "".join(filter(str.isdigit, row["quote"]))


# ---- which releases speak of an entity

MARKS = (RDF + "subject", RDF + "object")
"""Links from marks, by which a release does not speak of anything."""


@pytest.mark.parametrize("data", ["real", "archive"])
def test_a_release_speaks_of_what_is_subject_or_object_of_its_facts_and_of_nothing_else(data: str) -> None:
    base = base_of(data)
    found: dict[str, set[str]] = defaultdict(set)
    for quad in quads(data):
        slug = str(quad.graph_name)[1:-1].removeprefix(f"{base}graph/")
        if "/" in slug or slug == "entities" or slug.startswith("http") or quad.predicate.value in MARKS:
            continue
        for term in (quad.subject, quad.object):
            if isinstance(term, ox.NamedNode):
                found[term.value].add(f"{base}release/{slug}")
    # the kind of a text is not what it speaks of
    genres: set[Any] = {
        getattr(quad.object, "value", None) for quad in quads(data) if quad.predicate.value == SCHEMA + "genre"
    }
    named = set(entities(oxigraph(data).quads, base)) - genres
    assert len(named) > 30
    for entity in sorted(named):
        rows = run(CATALOGUE, "releases-about", {"entity": entity}, oxigraph(data), base=base).to_dicts()
        assert {row["release"] for row in rows} == found[entity], entity
