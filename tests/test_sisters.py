"""A true fact is accepted, and the false ones nearest to it are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from communique.compile.compiler import compile_release
from communique.context import read_context
from communique.findings import Finding
from communique.read.release import build_release
from tests.checkout import ROOT

Case = dict[str, Any]
LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # that of libyaml, if PyYAML has it, is ten times as fast
CASES: list[Case] = [
    {"language": "en", "all": [], **case}
    for path in sorted((ROOT / "tests" / "data" / "sisters").glob("*.yaml"))
    for case in yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
]


def findings(case: Case, nodes: list[dict[str, Any]]) -> list[Finding]:
    """The violations of a record of some nodes beside those that all records of a case have."""
    release = {"id": "release/x", "type": "PressRelease", "headline": "Headline", **case.get("release", {})}
    merged: dict[str, dict[str, Any]] = {node["id"]: node for node in (release, *case["all"])}
    for node in nodes:
        merged[node["id"]] = {**merged.get(node["id"], {}), **node}
    record = {"@context": "context.jsonld", "graph": list(merged.values())}
    written = build_release("x", "Headline\n" + case["text"], record, Path("x"), 1)
    made = compile_release(written, read_context(), base="https://news.example/id/", language=case["language"])
    return [finding for finding in made.findings if finding.severity == "violation"]


def violations(case: Case, nodes: list[dict[str, Any]]) -> list[str]:
    """What is wrong with a record of some nodes, in words."""
    return [f"{finding.code}: {finding.message}" for finding in findings(case, nodes)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["outcome"])
def test_what_the_text_says_is_accepted(case: Case) -> None:
    for nodes in case["true"]:
        assert violations(case, nodes) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["outcome"])
def test_what_is_nearest_to_it_and_false_is_refused(case: Case) -> None:
    assert case["false"]
    for nodes in case["false"]:
        found = violations(case, nodes)
        assert found, nodes
        assert not any(message.startswith(("no-release", "term-", "unknown-")) for message in found)
