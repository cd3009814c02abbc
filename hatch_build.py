"""Builds the programs for browsers from ``web/`` with npm, and puts them into the wheel; without npm it has none.

``COMMUNIQUE_WEB=require`` makes their absence an error, ``COMMUNIQUE_WEB=skip`` does not try. They stand in
``src/communique/publish/site/vendor/``, which is not committed, with the hash of what they were built from: nothing is
built twice.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR: Final = "src/communique/publish/site/vendor"
INSIDE: Final = "communique/publish/site/vendor"
FILES: Final = ("LICENSES.txt", "editor.js", "oxigraph.wasm", "query.js", "worker.js")
STAMP: Final = "built-from.txt"
SECONDS: Final = 300
NPM: Final = (
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=1000",
)


class NotBuilt(Exception):  # noqa: N818  (no fault of the project: the machine lacks something)
    """The programs could not be built; the message is one plain sentence."""


class WebBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """The hook that hatchling finds in this file."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the programs and name them to hatchling, or say why the wheel goes without them."""
        root = Path(self.root)
        wanted = os.environ.get("COMMUNIQUE_WEB", "")
        try:
            build_web(root, may_build=wanted != "skip")
        except NotBuilt as reason:
            if wanted == "require":
                raise SystemExit(f"COMMUNIQUE_WEB=require: {reason}") from None
            self.app.display_warning(
                f"Built without the programs for browsers ({reason}): query pages will say how to ask by the command "
                "line. Everything else is as it should be."
            )
            return
        build_data["force_include"] |= {str(root / VENDOR / name): f"{INSIDE}/{name}" for name in FILES}


def build_web(root: Path, *, may_build: bool = True) -> None:
    """Make the folder of the programs what ``web/`` says. Raises `NotBuilt`; programs of another state are removed."""
    source, vendor = root / "web", root / VENDOR
    stamp = source_hash(source)
    if _stamp_of(vendor) == stamp and all((vendor / name).is_file() for name in FILES):
        return
    try:
        if not may_build:
            raise NotBuilt("COMMUNIQUE_WEB=skip")
        with tempfile.TemporaryDirectory(prefix="communique-web-") as work:
            made = _bundle(source, root / "LICENSE", Path(work) / "web")
            (made / STAMP).write_text(stamp + "\n", encoding="utf-8")
            _replace(vendor, made)
    except OSError as error:
        raise NotBuilt(f"{error.strerror}: {error.filename}") from None
    except NotBuilt:
        shutil.rmtree(vendor, ignore_errors=True)
        raise


def source_hash(source: Path) -> str:
    """SHA-256 (hex) of everything that the programs are built from."""
    paths = [source / name for name in (".npmrc", "build.js", "package.json", "package-lock.json")]
    digest = hashlib.sha256()
    for path in [*paths, *sorted((source / "src").glob("*.js"))]:
        body = path.read_bytes()
        digest.update(f"{path.relative_to(source).as_posix()} {len(body)}\n".encode() + body)
    return digest.hexdigest()


def _stamp_of(vendor: Path) -> str:
    try:
        return (vendor / STAMP).read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _bundle(source: Path, licence: Path, work: Path) -> Path:
    """Build in a folder of its own, so that two builds at once do not meet, and nothing is left beside the sources."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        raise NotBuilt("npm is not installed")
    shutil.copytree(source, work, ignore=shutil.ignore_patterns("node_modules"))
    shutil.copyfile(licence, work / "LICENSE")
    _run([npm, *NPM], work, "npm could not fetch what web/package-lock.json names")
    _run([node, "build.js", "out"], work, "the bundler failed")
    return work / "out"


def _run(command: list[str], folder: Path, said: str) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise NotBuilt(f"{said}: no end after {SECONDS} seconds") from None
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise NotBuilt(f"{said}: {lines[0] if lines else f'exit code {done.returncode}'}")


def _replace(vendor: Path, made: Path) -> None:
    """Put a folder in place of another one, on whatever disk it was made."""
    beside = Path(tempfile.mkdtemp(prefix=".vendor-", dir=vendor.parent))
    shutil.copytree(made, beside, dirs_exist_ok=True)
    beside.chmod(0o755)
    shutil.rmtree(vendor, ignore_errors=True)
    beside.replace(vendor)
