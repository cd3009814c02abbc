"""What every publication depends on: files of releases, the artefacts, this program and the packages it stands on."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from communique import artefacts
from communique.publish.compressed import PROGRAM

PACKAGES: Final = (
    *("babel", "charset-normalizer", "Jinja2", "MarkupSafe", "num2words", "phonenumbers", "pyahocorasick"),
    *("pyoxigraph", "pyshacl", "PyYAML", "rdflib", "shacl", "yaml-rs"),
)
"""The packages that can change what is published."""
VENDORED: Final = "vendor"
"""The folder of the programs for browsers."""

_PROGRAM: Final = Path(__file__).resolve().parents[2]


def versions() -> Iterator[str]:
    """The versions of Python, of what compresses, and of each package that is installed."""
    yield sys.version
    yield PROGRAM
    for name in PACKAGES:
        with contextlib.suppress(PackageNotFoundError):
            yield f"{name} {version(name)}"


def files_of_artefacts(root: Path) -> Iterator[tuple[Path, Path]]:
    """The folder and the path of each file of the artefacts in use."""
    for name in artefacts.NAMES:
        place = artefacts.folder(name, root)
        yield from ((place, path) for path in artefacts.files(place))


def files_of_program() -> Iterator[tuple[Path, Path]]:
    """The folder of this program and the path of each of its files, in an order of their own."""
    for here, folders, files in os.walk(_PROGRAM):
        folders[:] = sorted(name for name in folders if name != "__pycache__" and name[0] != ".")
        yield from ((_PROGRAM, Path(here, name)) for name in sorted(files))
