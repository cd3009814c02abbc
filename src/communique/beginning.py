"""The files that a new newsroom begins with: dataset.yaml, an empty registry, a workflow that checks every change."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from communique.errors import NewsroomError, OutputError, hint
from communique.read.dataset import read_dataset

_STAGE: Final = ".communique-init"
_OPTION: Final = {"license": "--licence", "base": "--base", "title": "--title", "publisher": "--publisher"}
LICENCES: Final[Mapping[str, str]] = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "ODC-BY-1.0": "https://opendatacommons.org/licenses/by/1-0/",
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
}
"""Licences of data by their short names (SPDX), and their addresses."""

_DATASET: Final = """\
# The dataset about itself. It can also have description, homepage, keywords, themes, spatial, issued, modified, version
# and interface (the languages of the pages: en, ru, kk).
title: {title}
publisher: {{name: {publisher}}}
# The licence of the data; the text of a release remains its publisher's.
license: {licence}
# Every id begins with it. It must not change once data are published, and best leads to the pages of the newsroom.
base: {base}
# The language of the releases, where a record names no other.
language: {language}
# Who is named in a release can object, and anybody can report a mistake: an address, or {{name: …, email: …, url: …}}
{contact}
"""
_REGISTRY: Final = """\
# The registry: people, organisations, places and topics that several releases name. For example:
#   - id: org/name
#     type: Organization
#     name: Name of the Organisation
"@context": context.jsonld
graph: []
"""
_IGNORED: Final = "public/\n"
_WORKFLOW: Final = """\
name: communique
on: [push, pull_request]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: python -m pip install communique
      - run: communique check --format github
      - run: communique build --out public
"""
_README: Final = """\
# {title}

Press releases as linked data, made with communique: `data/releases/` holds the text of each release and its record.

    communique new 2031-05-03-a-name --source text.txt
    communique check
    communique build
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What a new newsroom must say about itself; ``licence`` is a short name of `LICENCES` or an address."""

    title: str
    base: str
    language: str
    licence: str
    publisher: str
    contact: str | None = None


def write_newsroom(folder: Path, begin: Beginning) -> list[Path]:
    """Make the files of a new newsroom in a folder and return their paths: all of them, or none.

    The folder may be there and hold other files, such as a repository's: a README, a ``.gitignore`` and a workflow stay
    as they are. Raises `NewsroomError` for a value that dataset.yaml cannot have, `OutputError` if there is a newsroom
    already or a file cannot be written.
    """
    taken = folder / "data"
    if folder.is_symlink() or (os.path.lexists(folder) and not folder.is_dir()):
        raise OutputError(f"{folder} is no folder: name one, or one that is not there yet")
    if taken.is_symlink() or taken.is_file() or (taken.is_dir() and any(taken.iterdir())):
        raise OutputError(f"{taken} exists already and holds something: choose another folder")
    above = next(place for place in (folder, *folder.parents) if place.is_dir())
    stage = above / _STAGE
    try:
        stage.mkdir()
    except FileExistsError:
        raise OutputError(
            f"{stage} exists already: take it away, it is left from an attempt that was stopped"
        ) from None
    except OSError as e:
        raise OutputError(f"{folder} cannot be made: {e.strerror}") from e
    try:
        files = dict(_files(begin))
        for path, text in files.items():
            place = stage / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8", newline="\n")
        _check(stage / "data" / "dataset.yaml")
        return _move(stage, folder, list(files))
    except OSError as e:
        raise OutputError(f"{folder} cannot be made: {e.strerror}") from e
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _files(begin: Beginning) -> Iterator[tuple[str, str]]:
    contact = f"contact: {_quoted(begin.contact)}" if begin.contact else "# contact: press@example.org"
    licence = LICENCES.get(begin.licence, begin.licence)
    texts = {"title": begin.title, "publisher": begin.publisher, "base": begin.base, "language": begin.language}
    yield ".gitignore", _IGNORED
    yield ".github/workflows/communique.yml", _WORKFLOW
    yield "README.md", _README.format(title=" ".join(begin.title.split()))
    yield "data/entities/entities.yaml", _REGISTRY
    yield "data/releases/.gitkeep", ""
    quoted = {key: _quoted(text) for key, text in texts.items()}
    yield "data/dataset.yaml", _DATASET.format(**quoted, licence=_quoted(licence), contact=contact)


def _quoted(text: str) -> str:
    """A double-quoted YAML scalar (YAML 1.2, section 7.3.1)."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() or c == "\xa0" else f"\\U{ord(c):08x}" for c in escaped) + '"'


def _check(path: Path) -> None:
    """Raise `NewsroomError` for the first value that is wrong, naming its option."""
    for finding in read_dataset(path)[1]:
        if finding.severity == "violation":
            option = _OPTION.get(finding.path or "", f"--{finding.path}")
            fix = finding.fix or ""
            if option == "--licence":
                fix = hint(
                    finding.value or "", tuple(LICENCES), otherwise=f"known: {', '.join(LICENCES)}, or an address"
                )
            raise NewsroomError(
                f"{option}: {re.sub('^license ', 'the licence ', finding.message)}" + (f": {fix}" if fix else "")
            )


def _move(stage: Path, folder: Path, files: list[str]) -> list[Path]:
    """Put the files of a stage into their folder, ``data`` last; whatever fails, nothing stays behind."""
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        stage.rename(folder)
        return [folder / path for path in files]
    made: list[Path] = []
    try:
        for path in [path for path in files if not path.startswith("data/")]:
            place = folder / path
            if not os.path.lexists(place):
                place.parent.mkdir(parents=True, exist_ok=True)
                (stage / path).rename(place)
                made.append(place)
        (stage / "data").rename(folder / "data")
    except BaseException:
        for place in made:
            place.unlink(missing_ok=True)
            for parent in [parent for parent in place.parents if folder in parent.parents]:
                with suppress(OSError):
                    parent.rmdir()
        raise
    return [*made, *(folder / path for path in files if path.startswith("data/"))]
