"""Where the ontology, the shapes and the canned queries are: beside the data, in the package, or in the checkout."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from communique.errors import ArtefactError
from communique.folders import entry_at, list_folder
from communique.plaintext import decode

NAMES = ("ontology", "shapes", "queries")
SUFFIXES: Final = (".ttl", ".rq", ".jsonld")
"""Only files with these suffixes are read and published; other files beside them are ignored."""


def folder(name: str, newsroom: Path | None = None) -> Path:
    """The folder of an artefact: the newsroom's own if it has one, else the packaged one, else the checkout's.

    ``newsroom`` is the folder that contains ``data/``. Raises `ArtefactError` if the folder is in none of these places,
    and if the newsroom's own cannot be read (the packaged one does not silently replace it).

    >>> (folder("ontology") / "context.jsonld").is_file()
    True
    """
    here = Path(__file__).resolve().parent
    places = [here / name, here.parent.parent / name]
    if newsroom is not None:
        places.insert(0, newsroom / name)
    for place in places:
        if entry_at(place, ArtefactError) is not None and any(files(place)):
            return place
    raise ArtefactError(f"the folder {name}/ is missing from this installation: install communique again")


def files(place: Path) -> Iterator[Path]:
    """The files in the folder of an artefact and in its subfolders, sorted by path.

    Raises `ArtefactError` for a folder that cannot be read, and for a link or a pipe in place of a file. In the package
    itself links are followed, because some installers make them.
    """
    for entry in list_folder(place, ArtefactError):
        if entry.is_folder and not entry.path.name.startswith("."):
            yield from files(entry.path)
        elif entry.path.suffix in SUFFIXES and not entry.path.name.startswith("."):
            if not entry.is_file and not (_is_packaged(place) and entry.path.is_file()):
                raise ArtefactError(f"{entry.path} is {entry.kind}, which is not read: put the file itself there")
            yield entry.path


def read_text(path: Path) -> str:
    """The text of one of an artefact's files, with LF as line end. Raises `ArtefactError` if it cannot be read."""
    try:
        return decode(path.read_bytes())
    except OSError as error:
        raise ArtefactError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ArtefactError(f"{path}: byte {error.start} is not UTF-8: save the file as UTF-8") from error


def _is_packaged(place: Path) -> bool:
    return Path(__file__).resolve().parent in (place, *place.parents)
