"""What each command imports: the packages and rooms that it uses, and no others."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from communique.cli.program import COMMANDS
from tests.conftest import DATA, ROOT, SLUG
from tests.floors import FLOORS, PACKAGES
from tests.test_layers import room_of

OTHERS = set().union(*PACKAGES.values())
"""The third-party packages of all rooms."""
OF_PYTHON = {"asyncio", "http.client", "importlib.metadata", "multiprocessing", "ssl", "urllib.request", "xml"}
"""Modules of Python itself that take long to import."""
LEAST = {"cli", "codes", "errors", "findings", "terms", "visible"}
"""The rooms that every command needs."""
NEWSROOM = {"addresses", "api", "artefacts", "folders", "formats", "ids", "iris", "languages", "plaintext", "read"}
"""The rooms that a newsroom needs, from which nothing is compiled."""
COMPILER = {"authorities", "compile", "context", "kindfaults", "kinds", "schemaorg", "text"}
"""The rooms that a compiled release needs."""
YAML = {"yaml", "yaml_rs"}
COMPILING = YAML | {"ahocorasick", "babel", "num2words", "pyoxigraph"}


def loaded(code: str, *words: str | Path) -> tuple[set[str], set[str]]:
    """Third-party packages and rooms that were imported when a program ended."""
    report = "import atexit, sys\natexit.register(lambda: print('LOADED', *sys.modules, file=sys.stderr))\n"
    done = subprocess.run(
        [sys.executable, "-c", report + code, *map(str, words)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    names = done.stderr.rpartition("LOADED")[2].split()
    assert done.returncode == 0, done.stderr
    rooms = {room_of(name.removeprefix("communique.")) for name in names if name.startswith("communique.")}
    return {name for name in names if name in OTHERS | OF_PYTHON}, rooms


QUERY_LIST = NEWSROOM | {"apart", "query", "xmltext"}
STARTED: dict[tuple[str, ...], tuple[set[str], set[str]]] = {
    ("--version",): ({"importlib.metadata"}, set()),
    ("--help",): (set(), {"addresses", "apart", "formats", "ids", "iris", "query"}),
    ("check", "--help"): (set(), {"formats"}),
    ("keys",): (
        set(),
        {"addresses", "artefacts", "compile", "context", "folders", "ids", "iris", "kindfaults", "kinds", "plaintext",
         "schemaorg"},
    ),
    ("query",): (YAML | {"pyoxigraph"}, QUERY_LIST),
    ("query", "speakers", "--describe"): (YAML | {"pyoxigraph"}, QUERY_LIST),
    ("query", "speakers", "--release", SLUG): ({"multiprocessing"}, {"apart", "formats", "query"}),
    ("export", SLUG): (COMPILING, NEWSROOM | COMPILER | {"check", "export"}),
}  # fmt: skip
"""What some commands import besides typer and the rooms in `LEAST`."""


@pytest.mark.parametrize("words", STARTED, ids=" ".join)
def test_a_command_imports_what_it_uses_and_nothing_else(words: tuple[str, ...]) -> None:
    packages, rooms = STARTED[words]
    assert loaded("from communique.cli import main; main()", *words) == ({"typer"} | packages, LEAST | rooms)


ANSWER = """
from pathlib import Path
from communique.cli.answering import answer_questions
name, values = sys.argv[2], dict(word.split("=") for word in sys.argv[3:])
answer = answer_questions(Path(sys.argv[1]), None, not values)
assert answer(name, values, "csv")
while answer():
    pass
"""


@pytest.mark.slow
@pytest.mark.parametrize("words", [("releases-by-language",), ("speakers", f"release={SLUG}")], ids=" ".join)
def test_a_second_question_needs_neither_compiler_nor_checker_nor_command_line(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    own = tmp_path / "data"
    shutil.copytree(DATA, own)
    assert "compile" in loaded(ANSWER, own, *words)[1]
    rooms = NEWSROOM | LEAST | {"query", "store", "xmltext"}
    assert loaded(ANSWER, own, *words) == (YAML | {"pyoxigraph"}, rooms)


def test_every_command_is_in_the_table_that_finds_its_module() -> None:
    from communique.cli import app, beginning, data, embed, keys, publication, queries, serving, stores

    modules = (beginning, data, embed, keys, publication, queries, serving, stores)
    defined = {
        info.callback.__name__.replace("_", "-"): info.callback.__module__.rpartition(".")[2]
        for info in app.registered_commands
        if info.callback
    }
    assert defined == COMMANDS
    assert {module.__name__.rpartition(".")[2] for module in modules} == set(COMMANDS.values())
    assert set(FLOORS) >= NEWSROOM | COMPILER | LEAST
