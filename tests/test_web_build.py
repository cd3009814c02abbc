"""The programs for browsers: built from a lock file, the same bytes each time, and no install fails without them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from communique.publish.site.vendored import PROGRAMS
from tests.conftest import ROOT
from tests.strict import skip_or_fail

VENDOR = "src/communique/publish/site/vendor"
INSIDE = "communique/publish/site/vendor/"
NEEDED = ["LICENSE", "README.md", "hatch_build.py", "ontology", "pyproject.toml", "queries", "shapes", "src", "web"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What a wheel is made of, in a folder of its own, without programs that were built before."""
    folder = tmp_path / "checkout"
    ignored = shutil.ignore_patterns("vendor", ".vendor-*", "__pycache__", "node_modules")
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        else:
            folder.mkdir(exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return folder


def build(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")]
    return subprocess.run(
        command, cwd=folder, env=os.environ | environment, capture_output=True, text=True, check=False
    )


def inside(folder: Path) -> dict[str, bytes]:
    (made,) = (folder / "dist").glob("*.whl")
    with zipfile.ZipFile(made) as wheel:
        return {n.removeprefix(INSIDE): wheel.read(n) for n in wheel.namelist() if n.startswith(INSIDE)}


def require_npm() -> None:
    if shutil.which("npm") is None:
        skip_or_fail("npm is missing: apt-get install npm")


def test_without_npm_the_wheel_is_built_and_says_what_it_lacks(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    old = checkout / VENDOR
    old.mkdir()
    (old / "query.js").write_text("of another state")
    done = build(checkout, PATH=str(tmp_path / "nothing"), COMMUNIQUE_WEB="")
    assert done.returncode == 0, done.stderr
    assert "without the programs for browsers (npm is not installed)" in done.stdout + done.stderr
    assert inside(checkout) == {}
    assert not old.exists()


def test_where_the_programs_are_required_their_absence_is_an_error(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    done = build(checkout, PATH=str(tmp_path / "nothing"), COMMUNIQUE_WEB="require")
    assert done.returncode != 0
    assert "COMMUNIQUE_WEB=require: npm is not installed" in done.stdout + done.stderr


@pytest.mark.slow
def test_a_registry_that_cannot_be_reached_does_not_fail_the_build(checkout: Path, tmp_path: Path) -> None:
    require_npm()
    silent = {"npm_config_registry": "http://127.0.0.1:9/", "npm_config_cache": str(tmp_path / "cache")}
    done = build(checkout, COMMUNIQUE_WEB="", npm_config_fetch_retries="0", **silent)
    assert done.returncode == 0, done.stderr
    assert "npm could not fetch what web/package-lock.json names" in done.stdout + done.stderr
    assert inside(checkout) == {}


@pytest.mark.slow
def test_the_same_lock_file_and_sources_give_the_same_bytes_and_are_built_once(checkout: Path) -> None:
    require_npm()
    done = build(checkout, COMMUNIQUE_WEB="require")
    assert done.returncode == 0, done.stdout + done.stderr
    made = inside(checkout)
    assert set(made) == set(PROGRAMS)
    here = ROOT / VENDOR
    assert {name: (here / name).read_bytes() for name in PROGRAMS} == made
    times = {p: p.stat().st_mtime_ns for p in (checkout / VENDOR).iterdir()}
    shutil.rmtree(checkout / "dist")
    assert build(checkout, COMMUNIQUE_WEB="require").returncode == 0
    assert {p: p.stat().st_mtime_ns for p in (checkout / VENDOR).iterdir()} == times
    assert inside(checkout) == made
    assert not list(checkout.rglob("node_modules"))


def test_the_lock_file_names_versions_and_hashes_and_no_host() -> None:
    text = (ROOT / "web" / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in text
    packages = {name: one for name, one in json.loads(text)["packages"].items() if name}
    assert all(one["version"] and one["integrity"].startswith("sha512-") for one in packages.values())
    wanted = json.loads((ROOT / "web" / "package.json").read_bytes())
    for name, version in (wanted["dependencies"] | wanted["devDependencies"]).items():
        assert packages[f"node_modules/{name}"]["version"] == version


def test_every_package_that_was_bundled_comes_with_its_licence() -> None:
    file = ROOT / VENDOR / "LICENSES.txt"
    if not file.is_file():
        skip_or_fail("the programs for browsers are not built: pip install -e . with npm")
    text = file.read_text(encoding="utf-8")
    for name in json.loads((ROOT / "web" / "package.json").read_bytes())["dependencies"]:
        assert f"\n{name} " in f"\n{text}"
    assert text.count("Permission is hereby granted") + text.count("Apache License\n") >= 8
