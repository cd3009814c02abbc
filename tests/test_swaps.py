"""Releases written after the rules: true facts pass, and of the false ones that are put in none does."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from communique.compile.compiler import compile_release
from communique.context import read_context
from communique.read.release import build_release
from tests.checkout import ROOT

TEXTS = sorted((ROOT / "tests" / "data" / "swaps").glob("*.yaml"))


def document(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return read


def violations(document: dict[str, Any], graph: list[dict[str, Any]]) -> list[str]:
    record = {"@context": "context.jsonld", "graph": graph}
    written = build_release("x", document["source"], record, Path("x"), 1)
    made = compile_release(written, read_context(), base="https://news.example/id/", language=document["language"])
    return [f.message for f in made.findings if f.severity in ("violation", "warning")]


def swapped(graph: list[dict[str, Any]], swap: list[Any]) -> list[dict[str, Any]]:
    """The nodes of a record with one value replaced by a false one; "null" takes the key out."""
    iri, key, value = swap
    nodes = copy.deepcopy(graph)
    node = next(n for n in nodes if n["id"] == iri)
    assert node.get(key) != value
    if value == "null":
        del node[key]
    else:
        node[key] = value
    return nodes


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_a_release_written_after_the_rules_is_accepted(path: Path) -> None:
    one = document(path)
    assert violations(one, one["graph"]) == []


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_no_false_fact_that_is_put_in_passes(path: Path) -> None:
    one = document(path)
    assert len(one["swaps"]) >= 20
    own = violations(one, one["graph"])
    passed = [swap for swap in one["swaps"] if set(violations(one, swapped(one["graph"], swap))) <= set(own)]
    assert passed == []
