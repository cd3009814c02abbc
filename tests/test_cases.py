"""Folders of cases: a small invented release each, and the findings or the quads that it must give.

A folder holds ``record.yaml``, ``source.txt``, perhaps ``page.json``, ``entities.yaml`` and ``archive.jsonl``; then
``findings.json`` in the order of the record and, for records without fault, ``facts.nq``, ``inferred.nq``,
``evidence.nq``, ``page.nq``.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from communique.check import lint
from communique.codes import CODES
from communique.compile.compiler import Compiled, compile_release
from communique.compile.registry import compile_registry
from communique.context import read_context
from communique.findings import Finding, order
from communique.plaintext import decode
from communique.read.newsroom import open_data
from communique.read.standing import STANDING
from tests.conftest import ROOT

NEWSROOMS = ("archive", "newsroom")  # of several releases: test_query_answers.py, test_newsroom_of_forms.py
CASES = sorted(p for p in (ROOT / "tests" / "cases").iterdir() if p.is_dir() and p.name not in NEWSROOMS)
PLACES = {"entities.yaml": "entities", "archive.jsonl": "releases"}


def nquads(quads: Iterable[ox.Quad]) -> str:
    return "".join(sorted(f"{quad} .\n" for quad in quads))


def run(case: Path, into: Path) -> tuple[list[dict[str, Any]], Compiled, list[Finding]]:
    """Findings of the reader, the compiler and lint as rows, the release ``sample`` compiled, the findings whole."""
    release_folder = into / "data" / "releases" / "sample"
    release_folder.mkdir(parents=True)
    for file in case.iterdir():
        folder = into / "data" / PLACES[file.name] if file.name in PLACES else release_folder
        folder.mkdir(exist_ok=True)
        if file.name != "findings.json" and file.suffix != ".nq":
            shutil.copy(file, folder)
    newsroom, context = open_data(into / "data"), read_context()
    base, language = newsroom.dataset.base, newsroom.dataset.language
    registry = compile_registry(newsroom.entities(), context, base=base, language=language)
    all_compiled: list[Compiled] = []
    findings: list[Finding] = []
    used: set[str] = set()
    for release in newsroom.releases():
        compiled = compile_release(release, context, base=base, language=language)
        findings += [*compiled.findings, *(lint.check_release(release, compiled, registry) if compiled.facts else ())]
        used |= lint.named(compiled)
        all_compiled.append(compiled)
    findings += [*registry.findings, *lint.check_registry(registry, used)]
    findings.sort(key=order)
    rows = [{"code": f.code, "line": f.line, "column": f.column, "severity": f.severity} for f in findings]
    for row, finding in zip(rows, findings, strict=True):
        if Path(finding.file).name != "record.yaml":
            row["file"] = Path(finding.file).name
    return rows, all_compiled[0], findings


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_gives_what_it_must_give(case: Path, tmp_path: Path) -> None:
    findings, compiled, _ = run(case, tmp_path)
    assert findings == json.loads((case / "findings.json").read_text(encoding="utf-8"))
    for part in ("facts", "inferred", "evidence", "page"):
        expected = case / f"{part}.nq"
        if case.name.startswith("valid-") or expected.exists():
            said = expected.read_text(encoding="utf-8") if expected.exists() else ""
            assert nquads(getattr(compiled, part)) == said


@pytest.mark.parametrize("case", [c for c in CASES if c.name.startswith("valid-")], ids=lambda case: case.name)
def test_a_case_without_fault_has_no_blank_node_and_every_node_a_passage(case: Path) -> None:
    text = decode((case / "source.txt").read_bytes())
    facts, evidence = (
        [q for p in parts if p.exists() for q in ox.parse(path=p, format=ox.RdfFormat.N_QUADS)]
        for parts in ([case / "facts.nq", case / "inferred.nq"], [case / "evidence.nq"])
    )
    assert not any(isinstance(t, ox.BlankNode) for q in facts + evidence for t in (q.subject, q.object))
    link, kind = ("https://w3id.org/communique/ns#evidence", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    proven = {q.subject for q in evidence if q.predicate.value == link}
    assert {q.subject for q in facts if q.predicate.value == kind} <= proven
    of = {(q.subject, q.predicate.value.rpartition("#")[2]): q.object for q in evidence}
    for (passage, name), words in of.items():
        if name == "exact":
            start, end = (int(of[passage, at].value) for at in ("start", "end"))
            assert words.value == text[start:end]
            assert passage.value.endswith(f"source.txt#char={start},{end}")


# ---- every code has a case

ELSEWHERE = {
    "too-large": "test_release.py, test_yamlld.py: a mebibyte is not kept in a folder",
    "too-many-quotes": "test_evidence.py: made there",
    "too-much-work": "test_evidence.py: made there",
    "more-findings": "test_checker.py: a hundred findings are not kept in a folder",
    "unreadable-file": "test_release.py: a pipe, a folder",
    "bad-path": "test_release.py: links",
    "program-error": "test_unreadable.py: made there",
}
NOT_CODES = {"utf-8", *STANDING, "dateline-year", "dateline-week", "paragraph-topic", "headline-topic"}


def kebab(file: Path) -> set[str]:
    """Every text in a module that is written like a code."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in texts if re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", text)} - NOT_CODES


def codes_in_the_source() -> set[str]:
    """The codes of the rooms that read, compile and lint; dataset.yaml and pages have tests of their own."""
    src = ROOT / "src" / "communique"
    files = [
        *(src / "read").glob("*.py"),
        *(src / "compile").rglob("*.py"),
        *(src / "text").glob("*.py"),
        src / "check" / "lint.py",
        src / "findings.py",
    ]
    return set().union(*(kebab(file) for file in files if file.name != "dataset.py"))


def test_every_code_that_is_used_stands_in_the_table() -> None:
    used = codes_in_the_source()
    assert used <= set(CODES)
    pages = [*(ROOT / "src" / "communique" / "webpage").glob("*.py")]
    others = [ROOT / "src" / "communique" / name for name in ("read/dataset.py", "publish/build.py")]
    assert set(CODES) - used <= set().union(*map(kebab, [*others, *pages]))


def test_every_code_of_a_finding_has_a_case() -> None:
    shown = {row["code"] for c in CASES for row in json.loads((c / "findings.json").read_text(encoding="utf-8"))}
    assert shown | set(ELSEWHERE) == codes_in_the_source()
    assert not shown & set(ELSEWHERE)


def test_no_case_is_lost() -> None:
    assert len(CASES) == 185
    assert sum(c.name.startswith("valid-") for c in CASES) == 39
    for case in CASES:
        rows = json.loads((case / "findings.json").read_text(encoding="utf-8"))
        assert case.name.startswith("valid-") == (rows == []), case.name
