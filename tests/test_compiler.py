"""A release as quads: the document around the nodes, the named graphs, and the same bytes every time."""

from __future__ import annotations

import itertools
import os
import random
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal

from communique.compile.compiler import Compiled
from communique.context import FORM_KEYS
from communique.terms import CMQ, OA, SCHEMA
from tests.conftest import BASE, DATA, SLUG, compile_record, record_of

TEXT = "Headline\nAda Example spoke.\n"
ADA = {"id": "person/p", "type": "Person", "name": "Ada Example", "evidence": "Ada Example"}


def codes(compiled: Compiled) -> list[str]:
    return [f.code for f in compiled.findings]


def context(*entries: Any) -> dict[str, Any]:
    return {**record_of(ADA), "@context": list(entries)}


def test_the_named_graphs_of_a_release_are_those_of_its_slug() -> None:
    page = {"url": {"value": "https://example.org/1", "origin": "address"}}
    compiled = compile_record(record_of(ADA), TEXT, page=page)
    graphs = {
        part: {str(q.graph_name)[1:-1] for q in getattr(compiled, part)} for part in ("facts", "evidence", "page")
    }
    assert graphs == {
        "facts": {BASE + "graph/sample"},
        "evidence": {BASE + "graph/sample/evidence"},
        "page": {BASE + "graph/sample/page"},
    }
    assert compiled.quads == compiled.facts + compiled.evidence + compiled.page
    assert (compiled.slug, compiled.iri, compiled.base) == ("sample", BASE + "release/sample", BASE)


@pytest.mark.parametrize(
    ("entries", "base", "language"),
    [
        (["context.jsonld"], BASE, "en"),
        (["context.jsonld", {"@language": "ru"}], BASE, "ru"),
        (["context.jsonld", {"@base": BASE}], BASE, "en"),
        (["context.jsonld", {"this": BASE + "release/sample#"}], BASE, "en"),
        ([{"@language": "kk"}, "context.jsonld"], BASE, "kk"),
    ],
)  # fmt: skip
def test_the_context_of_a_record_says_base_and_language(entries: list[Any], base: str, language: str) -> None:
    compiled = compile_record(context(*entries), TEXT)
    assert (codes(compiled), compiled.base, compiled.language) == ([], base, language)
    assert compiled.iri == base + "release/sample"


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], ["bad-context"]),
        ([None], ["bad-context", "bad-context"]),
        ([7, "context.jsonld"], ["bad-context"]),
        (["https://schema.org", "context.jsonld"], ["bad-context"]),
        (["file:///etc/passwd", "context.jsonld"], ["bad-context"]),
        (["context.jsonld", {"@vocab": "http://schema.org/"}], ["unknown-key"]),
        (["context.jsonld", {"@import": "https://schema.org"}], ["unknown-key"]),
        (["context.jsonld", {"name": "http://example.org/name"}], ["unknown-key"]),
        (["context.jsonld", {"@base": None}], ["bad-context"]),
        (["context.jsonld", {"@base": "id/"}], ["bad-context"]),
        (["context.jsonld", {"@base": "https://example.org"}], ["bad-context"]),
        (["context.jsonld", {"@base": "https://example.com/x/"}], ["bad-context"]),
        (["context.jsonld", {"@base": BASE + "x/"}], ["bad-context"]),
        (["context.jsonld", {"@base": BASE.removesuffix("/") + "#"}], ["bad-context"]),
        (["context.jsonld", {"@base": "https://example.org/#"}], ["bad-context"]),
        (["context.jsonld", {"@base": "https://a:b:c/"}], ["bad-context"]),
        (["context.jsonld", {"@base": "https://a/\x00/"}], ["bad-context"]),
        (["context.jsonld", {"@language": "a"}], ["bad-context"]),
        (["context.jsonld", {"@language": None}], ["bad-context"]),
        (["context.jsonld", {"this": "https://example.org/#"}], ["bad-context"]),
        (["context.jsonld", {"this": None}], ["bad-context"]),
    ],
)
def test_a_context_that_says_something_else_is_refused(entries: list[Any], expected: list[str]) -> None:
    assert codes(compile_record(context(*entries), TEXT)) == expected


def test_a_base_other_than_that_of_the_newsroom_is_reported_with_the_right_one() -> None:
    compiled = compile_record(context("context.jsonld", {"@base": "https://example.com/x/"}), TEXT)
    assert [(f.message, f.fix) for f in compiled.findings] == [
        (f"@base 'https://example.com/x/' is not the base of this newsroom, {BASE}",
         "leave it out: the base stands in dataset.yaml"),
    ]  # fmt: skip
    assert (compiled.base, compiled.iri) == (BASE, BASE + "release/sample")


def test_a_single_context_needs_no_list() -> None:
    assert codes(compile_record({**record_of(ADA), "@context": "context.jsonld"}, TEXT)) == []


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({}, ["no-context", "no-release"]),
        ({"graph": None}, ["no-context", "no-release", "not-a-node"]),
        ({"graph": {}}, ["no-context", "no-release", "not-a-node"]),
        ({"graph": [None, 7]}, ["no-context", "no-release", "not-a-node", "not-a-node"]),
        ({"type": 7, "graph": []}, ["no-context", "no-id", "no-release"]),
        ({"id": 7, "graph": []}, ["bad-id", "no-context", "no-release"]),
    ],
)
def test_a_record_without_a_release_gives_no_facts(record: Any, expected: list[str]) -> None:
    compiled = compile_record(record, TEXT)
    assert (sorted(codes(compiled)), compiled.quads) == (expected, ())


def test_a_release_that_could_not_be_read_keeps_its_findings() -> None:
    compiled = compile_record([], TEXT)
    assert (codes(compiled), compiled.quads, compiled.iri) == (["not-a-mapping"], (), BASE + "release/sample")


def test_findings_are_in_the_order_of_their_places() -> None:
    broken = [{**ADA, "id": f"person/p{k}", "name": f"Max {k}"} for k in (3, 1, 2)]
    focuses = [f.focus for f in compile_record(record_of(*broken), TEXT).findings]
    assert sorted(focuses, key=str) == [BASE + f"person/p{k}" for k in (1, 2, 3)]


def test_the_places_of_facts_and_nodes_are_known() -> None:
    compiled = compile_record(record_of(ADA), TEXT)
    assert compiled.node_places[BASE + "person/p"] == ("graph", 1)
    fact = (BASE + "person/p", "http://schema.org/name", Literal("Ada Example"))
    assert compiled.places[fact] == ("graph", 1, "name")


def test_a_statement_is_named_by_its_triple_alone() -> None:
    """Ten hex digits of SHA-256 over the triple; they are published, so they must never change."""
    compiled = compile_record(record_of({**ADA, "evidence": "Ada Example spoke"}), TEXT)
    assert sha256(f'<{BASE}person/p> <http://schema.org/name> "Ada Example"'.encode()).hexdigest()[:10] == "11d17cacc9"
    assert f"<{BASE}release/sample#s-11d17cacc9>" in {str(q.subject) for q in compiled.evidence}


def test_passages_are_those_that_the_evidence_names() -> None:
    compiled = compile_record(record_of(ADA), TEXT)
    named = {str(q.object)[1:-1] for q in compiled.evidence if q.predicate.value == CMQ + "evidence"}
    assert named == {f"{compiled.iri}/source.txt#char={p.start},{p.end}" for p in compiled.passages}
    exact = {str(q.object)[1:-1] for q in compiled.evidence if q.predicate.value == OA + "exact"}
    assert exact == {p.quote for p in compiled.passages}
    assert all(TEXT[p.start : p.end] == p.quote for p in compiled.passages)


IN_ORDER = {"@context", "quote", "figures", *FORM_KEYS}


def shuffled(value: Any, chance: random.Random) -> Any:
    """The same record in another order of nodes, keys and list items.

    The order of contexts has a meaning, and so has that of the entries of a form, whose ids it gives, and of the parts
    of a quotation.
    """
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {k: value[k] if k in IN_ORDER else shuffled(value[k], chance) for k in keys}
    if isinstance(value, list):
        items = [shuffled(v, chance) for v in value]
        chance.shuffle(items)
        return items
    return value


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_the_real_record_changes_no_quad(real: Any, seed: int) -> None:
    written = real[SLUG].written
    again = replace(written, record=shuffled(written.record, random.Random(seed)))
    assert {*real.compile(again).quads} == {*real[SLUG].compiled.quads}


MEETING = """Headline
Much was contributed. The Council, the Works of Oldport and others met, who contributed much.
The meeting on drought and water in Oldport took place in the hall.
"""


def test_of_several_quotes_for_a_node_the_first_in_the_text_says_a_fact_in_whatever_order() -> None:
    quotes = [
        "contributed. The Council, the Works of Oldport",
        "The meeting on drought",
        "Works of Oldport and others met, who contributed",
    ]
    works = {"id": "org/works", "type": "Organization", "name": "Works of Oldport"}
    event = {"id": "event/m", "type": "Event", "name": "meeting", "contributor": "org/works"}
    every = [
        compile_record(record_of({**event, "evidence": list(order)}, works), MEETING)
        for order in itertools.permutations(quotes)
    ]
    assert [codes(compiled) for compiled in every] == [[]] * 6
    assert {frozenset(compiled.quads) for compiled in every} == {frozenset(every[0].quads)}
    statements = {q.subject for q in every[0].evidence if str(q.object) == f"<{SCHEMA}contributor>"}
    said = [q for q in every[0].evidence if q.subject in statements and q.predicate.value == CMQ + "evidence"]
    start = MEETING.index(quotes[0])
    assert [str(q.object)[1:-1].partition("#")[2] for q in said] == [f"char={start},{start + len(quotes[0])}"]


SCRIPT = """
import sys
from communique.api import open_newsroom
newsroom = open_newsroom(sys.argv[1])
sys.stdout.buffer.write(newsroom.export([sys.argv[2]], "nquads"))
"""


def test_hash_seed_time_zone_locale_and_folder_change_no_byte(tmp_path: Path) -> None:
    runs = [
        (DATA.parent, "data", {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"}),
        (tmp_path, str(DATA), {"PYTHONHASHSEED": "4711", "TZ": "Asia/Almaty", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "0"}),
        (Path("/"), os.path.relpath(DATA, "/"), {"PYTHONHASHSEED": "random", "TZ": "America/St_Johns"}),
    ]
    made = set()
    for folder, data, environment in runs:
        env = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON", "TZ"))} | environment
        command = [sys.executable, "-W", "error", "-c", SCRIPT, data, SLUG]
        made.add(subprocess.run(command, cwd=folder, env=env, capture_output=True, check=True).stdout)
    assert len(made) == 1 and made.pop().count(b"\n") > 500
