"""Whether a build would write what is there already: then nothing is compiled, only files are compared with notes.

A build that has written a publication notes what it had read and what it wrote (`Snapshot.remember`). The next one for
the same folder ends at once if all that it would read is the same and the publication is as it was left. Two things are
taken on trust. A file of the data whose size, inode and times of modification and of change are the same has the same
content; where any of these differs, the contents decide, and of times that are too new to tell two edits apart no note
is made. A file of the publication whose size and time of modification are the same is unchanged (``communique verify``
compares contents). ``--no-cache`` trusts nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from communique.findings import Finding
from communique.publish.kept.dependencies import files_of_artefacts, files_of_program, versions
from communique.publish.kept.sealed import SealedFolder, add_part, open_sealed
from communique.publish.manifest import NAME
from communique.read.release import RELEASE_FILES

_PREFIX: Final = "publication-"
_READ: Final = ("dataset.yaml", "entities", "releases")
"""What a build reads of the data folder."""
_TOO_NEW: Final = 2_000_000_000
"""Nanoseconds: some file systems note times no better than that."""


@dataclass(frozen=True, slots=True)
class LastBuild:
    """What a build has said: its findings, and its sums in a sentence; ``manifest`` is the SHA-256 of the manifest."""

    findings: Sequence[Finding]
    sums: str
    manifest: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a build reads, as it is when it begins.

    ``states`` hashes sizes and times, ``newest`` is the latest of these times, ``taken`` is now (nanoseconds).
    """

    place: SealedFolder
    data: Path
    has_pages: bool
    states: str
    newest: int
    taken: int

    def find(self, out: Path) -> LastBuild | None:
        """What was said by the build that wrote the publication, if a build would write the same again; else None."""
        note = self._read_note(out)
        try:
            if note is None or _is_at_work(out) or _states_of_publication(out, note["manifest"]) != note["written"]:
                return None
            if note["states"] != self.states:
                if note["contents"] != self._contents():
                    return None
                self._write_note(out, note)
        except OSError:
            return None
        return LastBuild([Finding.of_fields(one) for one in note["findings"]], note["sums"], note["manifest"])

    def remember(self, out: Path, last: LastBuild) -> None:
        """Note what was read and written, unless something was changed in the meantime."""
        try:
            written = _states_of_publication(out, last.manifest)
            contents = self._contents()
        except OSError:
            return
        if written:
            said = {"findings": [asdict(finding) for finding in last.findings], "sums": last.sums}
            what = {"out": str(out.resolve()), "manifest": last.manifest, "written": written, "contents": contents}
            self._write_note(out, {**said, **what})
        self.place.remove(self._is_wanted)

    def _write_note(self, out: Path, note: Mapping[str, object]) -> None:
        """Write a note if nothing was changed while the contents were read; times that are too new are left out."""
        now = take_snapshot(self.data, has_pages=self.has_pages)
        if now is not None and now.states == self.states:
            states = self.states if self.newest + _TOO_NEW < self.taken else ""
            self.place.write(_name_of(out), json.dumps({**note, "states": states}).encode())

    def _read_note(self, out: Path) -> dict[str, Any] | None:
        body = self.place.read(_name_of(out))
        note: dict[str, Any] | None = None if body is None else json.loads(body)
        return note

    def _is_wanted(self, name: str) -> bool:
        """Whether a file is no note, or that of a publication that still exists."""
        if not name.startswith(_PREFIX):
            return True
        body = self.place.read(name)
        return body is not None and Path(json.loads(body)["out"]).is_dir()

    def _contents(self) -> str:
        """A hash of the contents of all that a build reads."""
        whole = _begin(self.data, self.has_pages)
        for name, path, entry in _files(self.data):
            add_part(whole, f"{name} {stat.S_IFMT(entry.st_mode)}".encode(errors="surrogateescape"))
            if stat.S_ISREG(entry.st_mode):
                with path.open("rb") as file:
                    add_part(whole, hashlib.file_digest(file, "sha256").digest())
        return whole.hexdigest()


def take_snapshot(data: Path, *, has_pages: bool) -> Snapshot | None:
    """What a build would read now; None if it cannot be read, or if nothing can be kept beside the data."""
    try:
        place = open_sealed(data.resolve().parent) if (data / "releases").is_dir() else None
        if place is None:
            return None
        taken, newest, whole = time.time_ns(), 0, _begin(data, has_pages)
        for name, _, entry in _files(data):
            state = f"{name}\0{entry.st_mode} {entry.st_ino} {entry.st_size} {entry.st_mtime_ns} {entry.st_ctime_ns}"
            add_part(whole, state.encode(errors="surrogateescape"))
            newest = max(newest, entry.st_mtime_ns, entry.st_ctime_ns)
        return Snapshot(
            place=place, data=data, has_pages=has_pages, states=whole.hexdigest(), newest=newest, taken=taken
        )
    except OSError:
        return None


def _begin(data: Path, has_pages: bool) -> hashlib.blake2b:
    whole = hashlib.blake2b()
    for part in (str(data), str(has_pages), *versions()):
        add_part(whole, part.encode(errors="surrogateescape"))
    return whole


def _files(data: Path) -> Iterator[tuple[str, Path, os.stat_result]]:
    """The name, path and state of everything that a build reads, links not followed, always in the same order."""
    for name in _READ:
        yield from _below(name, data / name, RELEASE_FILES if name == "releases" else ())
    for place, path in (*files_of_artefacts(data.resolve().parent), *files_of_program()):
        yield f"{place.name}/{path.relative_to(place)}", path, path.stat()


def _below(name: str, path: Path, only: Collection[str] = ()) -> Iterator[tuple[str, Path, os.stat_result]]:
    """An entry and everything below it, without hidden entries; of files in its folders those named, if any are."""
    if not os.path.lexists(path):
        return
    entry = path.lstat()
    yield name, path, entry
    if stat.S_ISDIR(entry.st_mode):
        for inner in sorted(os.listdir(path)):  # noqa: PTH208  (names)
            if inner[0] != "." and (inner in only or not only or "/" not in name):
                yield from _below(f"{name}/{inner}", path / inner, only)


def _states_of_publication(out: Path, manifest: str) -> str:
    """A hash of the sizes and times of all files of a publication; "" if it has not the manifest with this hash."""
    if out.is_symlink() or hashlib.sha256((out / NAME).read_bytes()).hexdigest() != manifest:
        return ""
    whole = hashlib.blake2b()
    folders = [""]
    while folders:
        here = folders.pop()
        for entry in sorted(os.scandir(out / here), key=lambda entry: entry.name):
            state = entry.stat(follow_symlinks=False)
            is_folder = stat.S_ISDIR(state.st_mode)
            folders += [f"{here}{entry.name}/"] if is_folder else []
            times = "" if is_folder else f"{state.st_size} {state.st_mtime_ns}"
            add_part(whole, f"{here}{entry.name}\0{state.st_mode} {times}".encode(errors="surrogateescape"))
    return whole.hexdigest()


def _is_at_work(out: Path) -> bool:
    """Whether another build is writing the publication, or one was killed and its leftovers are still there."""
    return os.path.lexists(out.with_name(f".{out.name}.lock"))


def _name_of(out: Path) -> str:
    return _PREFIX + hashlib.sha256(os.fsencode(out.resolve())).hexdigest()
