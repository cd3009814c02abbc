"""How IRIs are written is known to iris.py alone: no other module takes one apart or puts one together by hand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

SRC = ROOT / "src" / "communique"
OWNERS = {"iris.py", "ids.py", "addresses.py"}

EXCEPTIONS = {
    ("publish/graphs.py", "name[1:-1]"): "cuts a line of N-Quads, as bytes",
    ("publish/site/wordcheck.py", "'queries/'"): "names the file of a question",
    ("publish/build.py", "'release/…/page.jsonld'"): "tells a reader which files there are",
    ("export/rdf.py", "quoted[1:-1]"): "cuts the quotation marks of a literal",
    ("export/names.py", "iri.startswith(self.base)"): "shortens every IRI that is written, and looks at none twice",
    ("export/names.py", "iri[len(self.base):]"): "as above",
    ("export/names.py", "'#' not in base"): "asks whether a base can be written as one in Turtle and JSON-LD",
    ("serve/tokens.py", "iri[1:-1]"): "cuts the angle brackets of an IRI in a query",
    ("text/nearest.py", "base + o"): "adds numbers",
    ("text/nearest.py", "base + i"): "adds numbers",
    ("text/furniture.py", "lines[1:-1]"): "the lines of a text between its first and its last",
    ("store/discovery.py", "base + path"): "the addresses of a SPARQL service",
    ("store/discovery.py", "bases[-1].rpartition('/')"): "the addresses of a SPARQL service",
    ("publish/hosting/negotiation.py", "'#' in address"): "asks whether an address of a site has a fragment",
}
"""What looks like an IRI of the newsroom's own and is none, or has to be fast: the module, the code, and why."""

FORMS = re.compile(
    r"(?:^|/)graph/|#s-|char=|/source\.txt|^/(?:evidence|inferred|page)\b|/(?:evidence|page)>|"
    r"^(?:release|staging|queries)/(?!index\.html$)"
)
"""Pieces of the IRIs and paths that only the program itself makes; an index of a folder stands at a fixed address."""


def is_base(node: ast.AST) -> bool:
    """Whether an expression is the base of a newsroom, by its name."""
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name.strip("_") == "base"


def by_hand(node: ast.AST) -> bool:
    """Whether an expression takes an IRI apart, looks into it, or puts one together."""
    match node:
        case ast.Subscript(slice=ast.Slice(lower=ast.Constant(1), upper=ast.UnaryOp(operand=ast.Constant(1)))):
            return True
        case ast.Subscript(slice=ast.Slice(lower=ast.Call(func=ast.Name("len"), args=[measured]))):
            return is_base(measured)
        case ast.Call(
            func=ast.Attribute(attr="partition" | "rpartition" | "split" | "rsplit"), args=[ast.Constant("#")]
        ):
            return True
        case ast.Call(
            func=ast.Attribute(value=ast.Subscript() | ast.Name(), attr="rpartition"), args=[ast.Constant("/")]
        ):
            return True
        case ast.Call(func=ast.Attribute(attr="removeprefix" | "startswith"), args=[start, *_]):
            return any(map(is_base, ast.walk(start)))
        case ast.Compare(left=ast.Constant("#"), ops=[ast.In() | ast.NotIn()]):
            return True
        case ast.BinOp(left=left, op=ast.Add()):
            return is_base(left)
        case ast.JoinedStr(values=[ast.FormattedValue(value=first), _, *_]):
            return is_base(first)
        case ast.Constant(str(text)):
            return FORMS.search(text) is not None
    return False


def expressions(path: Path) -> Iterator[tuple[str, int]]:
    """What a module does by hand with IRIs, as code, with its line; documentation is not looked at."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    prose = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}
    for node in ast.walk(tree):
        if id(node) not in prose and by_hand(node):
            yield ast.unparse(node), getattr(node, "lineno", 0)


def found() -> list[tuple[str, str, int]]:
    """What all modules do by hand; those of ``webpage/`` read the pages of anybody."""
    files = [(path, path.relative_to(SRC).as_posix()) for path in sorted(SRC.rglob("*.py"))]
    files = [(path, name) for path, name in files if name not in OWNERS and not name.startswith("webpage/")]
    return [(name, code, line) for path, name in files for code, line in expressions(path)]


def test_no_module_but_one_knows_how_an_iri_is_written() -> None:
    assert [f"{name}:{line}: {code}" for name, code, line in found() if (name, code) not in EXCEPTIONS] == []


@pytest.mark.parametrize(
    "code",
    [
        "str(quad.subject)[1:-1]",
        "'#s-' not in node",
        "f'{release}#s-{digest}'",
        "f'{source}#char={start},{end}'",
        "str(quad.graph_name).endswith('/evidence>')",
        "graph.removesuffix('/page')",
        "graph.endswith('/graph/entities')",
        "f'{base}graph/{slug}'",
        "self.base + 'graph/'",
        "f'{self.base}dataset'",
        "iri.startswith(self._base)",
        "iri.removeprefix(newsroom.dataset.base)",
        "iri.removeprefix(release_iri(base, ''))",
        "iri[len(base):]",
        "iri.partition('#')[0]",
        "iri.rpartition('#')[2]",
        "graph.rpartition('/')[2]",
        "'#' in iri",
        "f'release/{slug}/source.txt'",
        "f'release/{slug}'",
        "f'queries/{name}/'",
    ],
)
def test_what_is_done_by_hand_is_seen(code: str) -> None:
    assert any(map(by_hand, ast.walk(ast.parse(code))))


@pytest.mark.parametrize(
    "code",
    [
        "media_type.partition('/')[0]",
        "words[1:]",
        "f'{path}/index.html'",
        "'release/index.html'",
        "graph_iri(base, slug, 'evidence')",
        "iri.removeprefix(SCHEMA)",
        "name in base",
    ],
)
def test_other_code_is_left_alone(code: str) -> None:
    assert not any(map(by_hand, ast.walk(ast.parse(code))))


def test_every_exception_is_still_needed() -> None:
    assert set(EXCEPTIONS) - {(name, code) for name, code, _ in found()} == set()
