"""A copy on this machine of a newsroom in a storage: only the files that are read, and only those that have changed.

It is kept between commands, with the cache of the newsroom in it. A file is copied under another name, renamed, and
then noted with the mark that it had in the storage. So a copy that was interrupted goes on where it stopped, and
deleting it costs time and nothing else.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from communique import artefacts
from communique.errors import StorageError
from communique.read.files import MAX_FILE
from communique.read.newsroom import ARCHIVES
from communique.read.release import RELEASE_FILES
from communique.remote.address import StorageAddress
from communique.remote.storage import Storage, StoredFile, open_storage
from communique.watch import Watch, unwatched

ROUNDS: Final = 5
"""How often the storage is listed until nothing has changed since the time before."""
BATCH: Final = 256
"""Files that are copied before the next are asked for."""
_DATA: Final = "data"


class _Wanted(NamedTuple):
    """A file that is read: where it is, and what it is like now."""

    storage: Storage
    path: str
    stored: StoredFile

    @property
    def size(self) -> int:
        """How much of it is copied: of a file that the reader refuses, enough for that."""
        return self.stored.size if self.path.endswith(ARCHIVES) else min(self.stored.size, MAX_FILE + 1)


@dataclass(frozen=True, slots=True)
class Mirror:
    """The folder of a copy; ``data`` and what is beside it are in its folder ``newsroom``."""

    address: StorageAddress
    home: Path

    @property
    def data(self) -> Path:
        """The data folder of the copy."""
        return self._newsroom / _DATA

    @property
    def _newsroom(self) -> Path:
        return self.home / "newsroom"

    @property
    def _new(self) -> Path:
        return self.home / "new"

    @property
    def _notes(self) -> Path:
        return self.home / "notes.jsonl"

    def update(self, watch: Watch = unwatched) -> None:
        """Copy what is new or changed and remove what is gone, until the copy is what the storage holds.

        Raises `StorageError` in one sentence, also if the storage changes all the time.
        """
        storage = open_storage(self.address)
        above = open_storage(self.address.parent) if self.address.parent else None
        try:
            for _ in range(ROUNDS):
                folders, wanted = _list(storage, above)
                if not wanted:
                    raise StorageError(f"there is no newsroom at {self.address}: name its data folder with --data")
                notes = self._read_notes()
                stale = [name for name, file in wanted.items() if not self._is_copied(name, file, notes)]
                if not stale:
                    self._tidy(folders, wanted)
                    return
                self._fetch(stale, wanted, watch)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise StorageError(f"{self.address} cannot be copied here: {where}{error.strerror}") from error
        raise StorageError(f"{self.address} changes while it is read: do it again when nobody writes there")

    def _is_copied(self, name: str, file: _Wanted, notes: Mapping[str, str]) -> bool:
        if notes.get(name) != file.stored.mark:
            return False
        try:
            return (self._newsroom / name).stat().st_size == file.size
        except FileNotFoundError:
            return False

    def _fetch(self, stale: list[str], wanted: Mapping[str, _Wanted], watch: Watch) -> None:
        shutil.rmtree(self._new, ignore_errors=True)
        self._new.mkdir()
        batches = (stale[at : at + BATCH] for at in range(0, len(stale), BATCH))
        with self._notes.open("a", encoding="utf-8") as notes:
            notes.write("\n")  # the last line may not have been finished
            for name in watch(self._copied(batches, wanted), "files", len(stale)):
                notes.write(json.dumps([name, wanted[name].stored.mark]) + "\n")
        shutil.rmtree(self._new)

    def _copied(self, batches: Iterable[list[str]], wanted: Mapping[str, _Wanted]) -> Iterator[str]:
        """The names of the files that have been copied whole."""
        for batch in batches:
            places = {name: self._new / str(number) for number, name in enumerate(batch)}
            for storage in {id(file.storage): file.storage for file in map(wanted.__getitem__, batch)}.values():
                own = [name for name in batch if wanted[name].storage is storage]
                whole = [name for name in own if wanted[name].size == wanted[name].stored.size]
                storage.fetch([(wanted[name].path, places[name]) for name in whole])
                for name in set(own) - set(whole):
                    places[name].write_bytes(storage.read_beginning(wanted[name].path, wanted[name].size))
            for name, place in places.items():
                if place.is_file() and place.stat().st_size == wanted[name].size:
                    target = self._newsroom / name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    place.replace(target)
                    yield name
                place.unlink(missing_ok=True)

    def _tidy(self, folders: Iterable[str], wanted: Mapping[str, _Wanted]) -> None:
        """Remove what the storage does not hold, make the folders that it does, and note all files anew."""
        folders = {*folders, *(str(parent) for name in wanted for parent in Path(name).parents)}
        for folder in folders:
            (self._newsroom / folder).mkdir(parents=True, exist_ok=True)
        for name in (_DATA, *artefacts.NAMES):
            for here, inner, files in os.walk(self._newsroom / name, topdown=False):
                at = Path(here).relative_to(self._newsroom)
                for file in files:
                    if str(at / file) not in wanted:
                        Path(here, file).unlink()
                for one in inner:
                    if str(at / one) not in folders:
                        Path(here, one).rmdir()
            if name not in folders:
                with suppress(FileNotFoundError):
                    (self._newsroom / name).rmdir()
        beside = self._notes.with_suffix(".new")
        with beside.open("w", encoding="utf-8") as notes:
            notes.writelines(json.dumps([name, file.stored.mark]) + "\n" for name, file in wanted.items())
        beside.replace(self._notes)

    def _read_notes(self) -> dict[str, str]:
        """The mark of each file that has been copied; of a line that was not finished, nothing."""
        notes: dict[str, str] = {}
        with suppress(FileNotFoundError), self._notes.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                with suppress(ValueError):
                    name, mark = json.loads(line)
                    notes[name] = mark
        return notes


def _list(storage: Storage, above: Storage | None) -> tuple[set[str], dict[str, _Wanted]]:
    """The folders of releases, and the files that are read, by their names in the copy."""
    found: dict[str, _Wanted] = {}
    folders: set[str] = set()
    for path, stored in _listed(storage, ("dataset.yaml", "entities", "releases")):
        steps = path.split("/")
        if len(steps) > 2 and steps[0] == "releases":
            folders.add(f"{_DATA}/releases/{steps[1]}")
        if _is_read(steps):
            found[f"{_DATA}/{path}"] = _Wanted(storage, path, stored)
    if found and above:
        for path, stored in _listed(above, artefacts.NAMES):
            if path.endswith(artefacts.SUFFIXES):
                found[path] = _Wanted(above, path, stored)
    return folders, found


def _listed(storage: Storage, names: Iterable[str]) -> Iterator[tuple[str, StoredFile]]:
    """The files of a storage at and below some names, without hidden ones. The mark of a folder ends in a slash."""
    for name in names:
        for path, stored in storage.list_files(name).items():
            steps = path.split("/")
            if "" in steps[:-1] or "\0" in path:
                raise StorageError(f"{storage.address}/{path!r} cannot be the path of a file: rename it")
            if steps[0] == name and not any(step.startswith(".") for step in steps):
                yield path, stored


def _is_read(steps: list[str]) -> bool:
    match steps:
        case ["dataset.yaml"]:
            return True
        case ["entities", name]:
            return name.endswith(".yaml")
        case ["releases", name]:
            return name.endswith(ARCHIVES)
        case ["releases", _, name]:
            return name in RELEASE_FILES
    return False
