"""What is installed: the artefacts byte for byte, nothing heavy before it is needed, no more than is declared."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from communique import __version__
from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return zipfile.ZipFile(made)


@pytest.mark.parametrize("name", ["ontology", "shapes", "queries"])
def test_the_artefacts_are_in_the_wheel_byte_for_byte(wheel: zipfile.ZipFile, name: str) -> None:
    here = {str(p.relative_to(ROOT)): p.read_bytes() for p in (ROOT / name).rglob("*") if p.is_file()}
    there = {
        n.removeprefix("communique/"): wheel.read(n) for n in wheel.namelist() if n.startswith(f"communique/{name}/")
    }
    assert there == here


def test_the_wheel_holds_the_code_and_its_types(wheel: zipfile.ZipFile) -> None:
    code = {str(p.relative_to(ROOT / "src")) for p in (ROOT / "src").rglob("*.py")} | {"communique/py.typed"}
    assert code <= set(wheel.namelist())
    assert not [n for n in wheel.namelist() if n.startswith(("tests/", "data/"))]


def test_the_core_dependencies_are_those_that_the_design_names() -> None:
    names = {str(Path(d.split(">")[0].split("<")[0].strip())) for d in PROJECT["dependencies"]}
    assert names - {
        "MarkupSafe",
        "charset-normalizer",
        "num2words",
        "phonenumbers",
        "pyahocorasick",
        "webencodings",
    } == {
        "Jinja2",
        "SPARQLWrapper",
        "babel",
        "httpcore",
        "httpx",
        "pyoxigraph",
        "pyshacl",
        "PyYAML",
        "rdflib",
        "rich",
        "typer",
        "yaml-rs",
    }


def test_the_versions_agree() -> None:
    assert PROJECT["version"] == __version__
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
