"""The rooms of the house: who may import whom, and what is loaded when."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.floors import FLOORS, ON_THE_SAME_FLOOR, PACKAGES, SITE_FLOORS

SRC = ROOT / "src" / "communique"


def room_of(name: str) -> str:
    """The room of a module, given by its dotted name below the package: the longest that has a floor."""
    parts = name.split(".")
    found = (".".join(parts[:n]) for n in range(len(parts), 0, -1))
    return next((room for room in found if room in FLOORS), "__init__")


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(SRC).with_suffix("").parts)


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module imported anywhere in a file, type checking and function bodies included; absolute names only."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            if node.module == "communique":
                yield from ((f"communique.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield str(node.module), node.lineno
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "import_module":
            yield str(ast.literal_eval(node.args[0])), node.lineno


FILES = sorted(SRC.rglob("*.py"))


def test_every_room_has_a_floor_and_is_there() -> None:
    assert {room_of(name_of(path)) for path in FILES} == set(FLOORS)
    assert set(PACKAGES) <= set(FLOORS)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SRC)))
def test_a_room_imports_only_rooms_below_it(path: Path) -> None:
    room = room_of(name_of(path))
    for name, line in imports(path):
        if name.split(".")[0] != "communique":
            continue
        other = room_of(name.removeprefix("communique."))
        allowed = other == room or FLOORS[other] < FLOORS[room] or (room, other) in ON_THE_SAME_FLOOR
        assert allowed, f"{path}:{line}: {room} (floor {FLOORS[room]}) imports {other} (floor {FLOORS[other]})"


def test_the_pages_know_only_what_is_below_them() -> None:
    site = "communique.publish.site."
    modules = {path.stem: path for path in SRC.joinpath("publish", "site").glob("*.py") if path.stem != "__init__"}
    assert set(SITE_FLOORS) == set(modules)
    for name, path in modules.items():
        others = {(other.removeprefix(site), line) for other, line in imports(path) if other.startswith(site)}
        wrong = [f"{path}:{line}: {other}" for other, line in others if SITE_FLOORS[other] > SITE_FLOORS[name]]
        assert wrong == [], f"{name} (floor {SITE_FLOORS[name]}) imports what is above it"


DOORS = {"drawing": {"facts", "picture", "timeline"}}
"""The modules of a room that other rooms may import, where these are not all."""


def test_other_rooms_come_in_by_the_doors_only() -> None:
    through = set()
    for path in FILES:
        for name, line in imports(path):
            room, _, module = name.removeprefix("communique.").partition(".")
            if room in DOORS and room_of(name_of(path)) != room:
                assert module in DOORS[room], f"{path}:{line}: {name} is no door of {room}"
                through.add((room, module))
    assert through == {(room, module) for room, doors in DOORS.items() for module in doors}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SRC)))
def test_a_room_uses_only_its_own_packages(path: Path) -> None:
    room = room_of(name_of(path))
    for name, line in imports(path):
        package = name.split(".")[0]
        if package != "communique" and package not in sys.stdlib_module_names:
            assert package in PACKAGES.get(room, set()), f"{path}:{line}: {room} uses {package}"


def test_every_package_that_a_room_may_use_is_used_there() -> None:
    used: dict[str, set[str]] = {room: set() for room in PACKAGES}
    for path in FILES:
        used.setdefault(room_of(name_of(path)), set()).update(name.split(".")[0] for name, _ in imports(path))
    assert {(room, name) for room, names in PACKAGES.items() for name in names - used[room]} == set()


def test_exceptions_of_every_kind_are_caught_at_outermost_places_only() -> None:
    found = set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler) and (node.type is None or ast.unparse(node.type) == "Exception"):
                found.add(str(path.relative_to(SRC)))
    drivers = {"remote/storage.py"}  # each file system of fsspec raises errors of its own
    assert found == {"apart.py", "cli/program.py", "read/guard.py", "serve/app.py"} | drivers


def test_no_module_imports_itself_in_a_circle() -> None:
    names = {".".join(("communique", *p.relative_to(SRC).with_suffix("").parts)): p for p in FILES}
    graph = {n: {i for i, _ in imports(p) if i in names} for n, p in names.items()}
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " -> ".join((*above, name))
        if name not in done:
            for other in sorted(graph[name]):
                visit(other, (*above, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())


def test_the_floors_name_no_neighbours_both_ways() -> None:
    assert not {(a, b) for a, b in ON_THE_SAME_FLOOR if (b, a) in ON_THE_SAME_FLOOR}
    assert {FLOORS[a] - FLOORS[b] for a, b in ON_THE_SAME_FLOOR} == {0}


# ---- what is loaded when

HEAVY = (
    "SPARQLWrapper",
    "babel",
    "httpcore",
    "httpx",
    "num2words",
    "phonenumbers",
    "rdflib",
    "pyshacl",
    "pyoxigraph",
    "jinja2",
    "yaml",
    "yaml_rs",
    "rich",
    "shacl",
)


def loaded(code: str) -> set[str]:
    script = f"{code}\nimport sys\nprint(*sorted({{m.partition('.')[0] for m in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stderr == ""
    return set(done.stdout.split())


HTTP = {"SPARQLWrapper", "httpcore", "httpx"}
"""What only a store at an address needs."""


def test_the_command_line_starts_without_what_is_heavy() -> None:
    heavy = HTTP | {"babel", "num2words", "phonenumbers", "rdflib", "pyshacl", "pyoxigraph", "jinja2"}
    assert not loaded("import communique.cli") & heavy


def test_the_package_itself_loads_nothing_of_others() -> None:
    assert not loaded("import communique") & set(HEAVY)


@pytest.mark.parametrize("module", ["communique.api", "communique.compile.compiler", "communique.read.newsroom"])
def test_reading_and_compiling_need_neither_rdflib_nor_shacl(module: str) -> None:
    heavy = {"babel", "num2words", "phonenumbers", "rdflib", "pyshacl", "shacl", "jinja2", "rich"}
    assert not loaded(f"import {module}") & heavy


def test_a_store_in_a_folder_needs_no_client_of_http(tmp_path: Path) -> None:
    code = "from communique.store import open_store; open_store({!r}, write=True).close()"
    assert not loaded(code.format(str(tmp_path / "store"))) & HTTP
    load = "import communique.cli.stores, communique.store.load, communique.store.apart, communique.store.address"
    assert not loaded(load) & HTTP


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SRC)))
def test_a_module_says_nothing_when_it_is_imported(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(ast.Module([n for n in tree.body if not isinstance(n, ast.FunctionDef | ast.ClassDef)], [])):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called != "print" and not called.startswith("logging."), f"{path}:{node.lineno}: {called}"
        if isinstance(node, ast.Import | ast.ImportFrom):
            assert "rdflib.plugins.sparql" not in ast.unparse(node)


# ---- schema.org

HTTPS_ALLOWED = {
    "check/lint.py": "refuses it",
    "export/pagejson.py": "the context of page JSON-LD is https://schema.org",
}
"""Where the address with https stands, and why."""


def test_the_terms_of_schema_org_are_never_written_with_https() -> None:
    found = {str(p.relative_to(SRC)) for p in FILES if "https://schema.org" in p.read_text(encoding="utf-8")}
    assert found <= set(HTTPS_ALLOWED), found
    for folder in ("ontology", "queries", "shapes"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".ttl", ".rq", ".jsonld") and "https://schema.org" in path.read_text(encoding="utf-8"):
                assert folder == "shapes", f"{path} names https://schema.org"


def test_the_wrong_namespace_of_rdflib_is_not_used() -> None:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.ImportFrom) else []
            assert "SDO" not in names, path
            assert not (isinstance(node, ast.Attribute) and node.attr == "SDO"), path


def test_no_file_is_longer_than_400_lines_and_no_function_longer_than_60() -> None:
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 400, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                length = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
                assert length <= 60, f"{path}:{node.lineno}: {node.name} has {length} lines"
