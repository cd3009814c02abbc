"""A copy of this repository, in which a recipe of CONTRIBUTING.md is followed by a test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = (
    "CHANGELOG.md", "CONTRIBUTING.md", "README.md", ".ci", "data", "docs", "hatch_build.py", "ontology",
    "pyproject.toml", "queries", "shapes", "src", "tests", "web",
)  # fmt: skip
# what Python has compiled is copied too: it is used as long as its source keeps its time and its length
LEFT_OUT = shutil.ignore_patterns("*-pytest-*.pyc", "node_modules", ".vendor-*", ".*_cache", "screenshots")


class Checkout:
    """A copy of the repository in ``folder``; commands run in it use its own code and artefacts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in PARTS:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / name, ignore=LEFT_OUT)
            else:
                folder.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, folder / name)

    def write(self, name: str, text: str) -> None:
        """Write a file, named by its path below the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def read(self, name: str) -> str:
        """The text of a file."""
        return (self.folder / name).read_text(encoding="utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        """Replace ``old`` by ``new``; ``old`` must occur in the file exactly once."""
        text = self.read(name)
        assert text.count(old) == 1, f"{name} has this {text.count(old)} times: {old}"
        self.write(name, text.replace(old, new))

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run Python with these arguments, in the folder, on the code of the copy; the output is text."""
        environment = os.environ | {"PYTHONPATH": f"{self.folder / 'src'}{os.pathsep}{self.folder}", "COLUMNS": "160"}
        environment = {key: value for key, value in environment.items() if not key.startswith("PYTEST_")}
        command = [sys.executable, *words]
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=300
        )

    def communique(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run the command line."""
        return self.run("-m", "communique", *words)

    def failed(self, *words: str) -> list[str]:
        """The names of the tests that fail when pytest is run with these arguments, without their parameters; sorted.

        Raises AssertionError if pytest could not run the tests, or found none.
        """
        done = self.run("-m", "pytest", "-q", "--tb=no", "-p", "no:cacheprovider", *words)
        assert done.returncode in (0, 1), done.stdout + done.stderr
        lines = [line.split()[1] for line in done.stdout.splitlines() if line.startswith(("FAILED ", "ERROR "))]
        assert bool(lines) == (done.returncode == 1), done.stdout + done.stderr
        return sorted({line.partition("::")[2].partition("[")[0] for line in lines})
