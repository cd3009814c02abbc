"""Nothing public is there that the program itself never uses."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

SRC = ROOT / "src" / "communique"

CALLED_BY_OTHERS = {
    "serve/metrics.py": {"collect": "the package prometheus_client"},
    "apart.py": {"serve": "the process that `Apart` starts runs it"},
    "api.py": {"EVIDENCE": "part of the Python API"},
    "cli/program.py": dict.fromkeys(("format_commands", "get_command", "list_commands"), "Typer calls it"),
    "cli/stores.py": {"parse_args": "Typer calls it"},
    "publish/site/bytecode.py": dict.fromkeys(("dump_bytecode", "get_cache_key", "load_bytecode"), "Jinja calls it"),
    "publish/site/folding.py": {"preprocess": "Jinja calls it"},
    "publish/site/templating.py": {"direct_macro": "compiled templates call it"},
    "query/results.py": {"to_pandas": "part of the Python API"},
    "read/zstd.py": {"readable": "the reader of lines calls it", "readinto": "the reader of lines calls it"},
    "store/authentication.py": {"sync_auth_flow": "httpx calls it"},
    "store/transport.py": {
        "handle_request": "httpx calls it", "connect_tcp": "httpcore calls it", "start_tls": "httpcore calls it",
    },
    "watching/preview.py": dict.fromkeys(
        ("do_HEAD", "handle_error", "log_message", "version_string"), "the server of the standard library calls it"
    ),
    "iris.py": dict.fromkeys(
        ("document_of", "is_inner", "is_own", "is_registry", "is_statement", "own_iri", "query_path", "read_inner",
         "read_part", "read_passage", "read_staging", "staging_iri"),
        "the other half of a pair: every IRI that is made is read there, too",
    ),
}  # fmt: skip
"""What nothing in the code names and is needed all the same, by file and name, and why."""

_REGISTERS = re.compile(r"\w+\.(command|callback)\(")
"""Decorators by which a function is known to somebody else."""
_WRITTEN_OUT = re.compile(r"(?:[\w.]+:)?((?:render|write|open)_\w+)")
"""A writer named in a table, such as ``communique.export.rdf:render_turtle``."""


def defined(tree: ast.Module) -> Iterator[str]:
    """Names of public functions, classes and constants at the top of a module, of methods, and of fields."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not any(_REGISTERS.match(ast.unparse(d)) for d in node.decorator_list):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
        elif isinstance(node, ast.ClassDef):
            yield node.name
            keys = any("TypedDict" in ast.unparse(base) for base in node.bases)  # they are read by their texts
            for part in node.body:
                if isinstance(part, ast.FunctionDef):
                    yield part.name
                elif isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name) and not keys:
                    yield part.target.id


def named(tree: ast.Module) -> Iterator[str]:
    """Every name that a module reads: of variables, attributes, imports under another name, and in its tables."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names if alias.asname)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            written = _WRITTEN_OUT.fullmatch(node.value)
            yield from [written[1]] if written else []


def unused(folder: Path) -> dict[str, set[str]]:
    """The public names below a folder that neither its code nor a template reads, by file."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.py"))}
    read = {name for tree in trees.values() for name in named(tree)}
    for path in folder.rglob("*.html"):
        read.update(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    found: dict[str, set[str]] = defaultdict(set)
    for path, tree in trees.items():
        for name in defined(tree):
            if not name.startswith("_") and name not in read:
                found[str(path.relative_to(folder))].add(name)
    return found


@pytest.mark.slow
def test_everything_public_is_used_by_the_program() -> None:
    found = {path: names - CALLED_BY_OTHERS.get(path, {}).keys() for path, names in unused(SRC).items()}
    assert {path: names for path, names in found.items() if names} == {}


def test_what_others_call_is_there() -> None:
    for path, names in CALLED_BY_OTHERS.items():
        assert set(names) <= set(defined(ast.parse((SRC / path).read_text(encoding="utf-8")))), path


def test_what_only_stands_in_a_docstring_or_is_only_written_to_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        '"""Of `spare`."""\nimport b\n\nMOST = 1\n\ndef spare():\n    """spare"""\n\n'
        "def kept():\n    return 2\n\nclass Box:\n    width: int\n    height: int\n\n"
        "def _own():\n    box = b.Box(width=1)\n    box.height\n    return kept(), 'a:write_it'\n\n"
        "def write_it():\n    pass\n"
    )
    assert unused(tmp_path) == {"a.py": {"MOST", "spare", "width"}}
