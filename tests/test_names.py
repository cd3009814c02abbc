"""A name means one thing in the whole package."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

SRC = ROOT / "src" / "communique"
FILES = sorted(SRC.rglob("*.py"))

SHARED: dict[str, str] = {}
"""Names of classes and types that may stand in several modules, and why."""


def types_of(body: list[ast.stmt]) -> Iterator[str]:
    """Names of the public classes and aliases of types that a module defines at its top; aliases are in CamelCase."""
    for statement in body:
        names = []
        if isinstance(statement, ast.ClassDef):
            names = [statement.name]
        elif isinstance(statement, ast.Assign):
            names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            names = [statement.target.id]
        elif isinstance(statement, ast.If):
            yield from types_of(statement.body + statement.orelse)
        yield from (name for name in names if name[:1].isupper() and not name.isupper())


def owners(files: list[Path]) -> dict[str, list[str]]:
    """The files that define each public class or alias of a type, by its name."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in files:
        for name in types_of(ast.parse(path.read_text(encoding="utf-8")).body):
            found[name].append(path.name)
    return found


def test_no_two_public_classes_share_a_name() -> None:
    shared = {name: files for name, files in owners(FILES).items() if len(files) > 1}
    assert set(shared) == set(SHARED), shared


def test_a_name_in_two_files_is_found_whether_class_or_alias(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("class Node:\n    pass\n\nclass _Own:\n    pass\n\nT = 1\n")
    (tmp_path / "b.py").write_text("if True:\n    Node: object = tuple[int, int]\n\nclass _Own:\n    pass\n\nT = 1\n")
    assert owners(sorted(tmp_path.glob("*.py"))) == {"Node": ["a.py", "b.py"]}


def strings_of(path: Path) -> Iterator[str]:
    """Every text in the code of a module, the pieces of formatted ones too; no docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


ASKS = {
    "errors.py": "the one place",
    "read/newsroom.py": "names the folder inside the one given, and no word that is like another",
}
"""Modules that ask whether something else was meant, and why."""


def test_one_function_asks_whether_another_word_was_meant() -> None:
    asking = {str(p.relative_to(SRC)) for p in FILES if any("did you mean" in text for text in strings_of(p))}
    assert asking == set(ASKS)


def test_texts_of_code_are_found_and_docstrings_are_not(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        '"""did you mean x?"""\n\ndef f(x):\n    """no"""\n    return f"did you mean {x}?" + "y"\n'
    )
    assert sorted(strings_of(tmp_path / "a.py")) == ["?", "did you mean ", "y"]


VARIADIC = {"add", "chain"}
"""What takes any number of arguments that mean the same: pairs of a sheet of Turtle, iterables."""


def positional(call: ast.Call) -> int:
    """How many arguments a call gives by their place alone; those of `partial` are given to the function behind it."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return 0 if name in VARIADIC else len(call.args) - (name == "partial")


def test_nothing_is_called_with_six_arguments_by_their_place() -> None:
    trees = ((path.name, ast.parse(path.read_text(encoding="utf-8"))) for path in FILES)
    calls = ((name, n) for name, tree in trees for n in ast.walk(tree) if isinstance(n, ast.Call))
    assert [f"{name}:{n.lineno}: {ast.unparse(n)[:80]}" for name, n in calls if positional(n) > 5] == []


def test_arguments_by_their_place_are_counted() -> None:
    calls = ("f(1, 2, 3, 4, 5, 6)", "f(1, 2, 3, 4, 5, a=6)", "partial(f, 1, 2, 3, 4, 5)", "sheet.add(1, 2, 3, 4, 5, 6)")
    parsed = [ast.parse(code, mode="eval").body for code in calls]
    assert [positional(call) for call in parsed if isinstance(call, ast.Call)] == [6, 5, 5, 0]
