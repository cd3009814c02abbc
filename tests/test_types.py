"""Where a value has no type, and why: what the program makes itself has one everywhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.conftest import ROOT

SRC = ROOT / "src" / "communique"

UNTYPED = {
    "apart.py": "whatever `pickle` takes goes to another process and comes back",
    "check/rdflibgraph.py": "the terms of two libraries",
    "check/shapes.py": "pySHACL and the package shacl have no types",
    "cli/program.py": "options and errors of the package typer",
    "cli/answering.py": "questions come from another process",
    "compile/standing.py": "JSON: tables of words, some by language",
    "context.py": "JSON: the context",
    "export/pagejson.py": "JSON: page JSON-LD",
    "findings.py": "JSON: the fields of a finding",
    "formats.py": "writers are found by their names",
    "publish/kept/built.py": "JSON: what an earlier build wrote",
    "publish/kept/entities.py": "JSON: what an earlier build wrote",
    "publish/counts.py": "JSON: what an earlier build wrote; `dataclasses.replace` with names from a table",
    "publish/dataset.py": "writers are found by their names",
    "publish/site/pages.py": "what a template shows",
    "publish/site/templating.py": "what a template shows",
    "publish/site/wordcheck.py": "JSON: the words of pages",
    "publish/words.py": "JSON: the words of pages",
    "publish/kept/unchanged.py": "JSON: what an earlier build wrote",
    "publish/workers.py": "each process begins with a state of its own",
    "query/results.py": "the package pandas has no types",
    "read/dataset.py": "YAML: members of a description by their names",
    "read/newsroom.py": "JSON: a line of an archive",
    "read/nodes.py": "YAML: what a document holds",
    "read/release.py": "YAML: a record",
    "read/yamlld.py": "YAML: what a document holds",
    "read/zstd.py": "the package zstandard has no types",
    "serve/app.py": "messages of ASGI",
    "serve/assistants.py": "what the package mcp hands over, and JSON: schemas and answers",
    "serve/citing.py": "JSON: an answer for assistants",
    "serve/openapi.py": "JSON: the description of the web API",
    "serve/operations.py": "JSON: parts of the description of the web API",
    "serve/searchapi.py": "JSON: the description of the web API",
    "serve/schemas.py": "JSON: the schema of a parameter",
    "serve/pool.py": "requests and answers go to another process and come back",
    "serve/reading.py": "what a coroutine is sent",
    "serve/remote.py": "rows of which the query fixes what stands in each column",
    "serve/run.py": "the transport of a connection, as uvicorn hands it over",
    "serve/settings.py": "fields of a dataclass, made by a function",
    "serve/sparql.py": "limits by their names",
    "serve/state.py": "what a coroutine is sent",
    "serve/worker.py": "requests and answers go to another process and come back",
    "serve/writing.py": "what a stream is given, and rows of terms",
    "text/tables/__init__.py": "JSON: tables of words, each with keys of its own",
    "store/apart.py": "answers come from another process",
    "store/remote.py": "rows of which the query fixes what stands in each column",
    "store/transport.py": "options of sockets, as the package httpcore hands them over",
}
"""Files that use ``Any``, and what for. Anything else is an ``object`` until somebody has looked at it."""


def untyped(tree: ast.Module) -> Iterator[str]:
    """The names of parameters and fields whose type is plainly ``Any``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation and ast.unparse(node.annotation) == "Any":
            yield node.arg if isinstance(node, ast.arg) else ast.unparse(node.target)


def uses_any(tree: ast.Module) -> bool:
    """Whether a module names ``Any``."""
    return any(isinstance(node, ast.Name) and node.id == "Any" for node in ast.walk(tree))


def test_only_files_with_a_reason_use_any() -> None:
    trees = {str(p.relative_to(SRC)): ast.parse(p.read_text(encoding="utf-8")) for p in SRC.rglob("*.py")}
    assert {path for path, tree in trees.items() if uses_any(tree)} - set(UNTYPED) == set()
    assert set(UNTYPED) <= set(trees)


def test_what_the_program_makes_itself_has_its_type() -> None:
    own = {"newsroom", "report", "checker", "release", "dataset", "query", "card", "pages", "store", "findings"}
    found = {
        (str(p.relative_to(SRC)), name)
        for p in SRC.rglob("*.py")
        for name in untyped(ast.parse(p.read_text(encoding="utf-8")))
    }
    assert {(path, name) for path, name in found if name in own} == set()
    assert ("read/newsroom.py", "item") in found  # the search itself finds what it should


def test_any_is_found_where_it_stands_alone() -> None:
    tree = ast.parse("def f(report: Any, rows: list[Any], n: int) -> None: ...\nclass A:\n    store: Any = None\n")
    assert sorted(untyped(tree)) == ["report", "store"]
    assert uses_any(tree) and not uses_any(ast.parse("def f(n: int) -> None: ...\n"))
