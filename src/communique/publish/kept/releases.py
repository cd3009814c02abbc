"""What earlier builds made of each release, kept in a hidden folder beside the data so that it is not made again.

An entry holds all that a build makes of one release (`BuiltRelease`), in a sealed file. Its name is a hash of all that
this depends on: the bytes of ``source.txt``, ``record.yaml`` and ``page.json`` (of a release in an archive: its line),
where they are (findings say so), the description of the dataset, the registry, the context and all artefacts, whether
there are pages, this program and the packages that it stands on. So an entry is never out of date: it is found or it is
not. A damaged one is not found, and is written again.

A build that has seen all releases removes the entries that it did not use; one that is killed leaves what it has
finished, and the next one goes on from there.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from communique.findings import Finding
from communique.publish.counts import RunningCounts
from communique.publish.kept.built import BuiltRelease
from communique.publish.kept.dependencies import VENDORED, files_of_artefacts, files_of_program, versions
from communique.publish.kept.sealed import SealedFolder, add_part, open_sealed
from communique.read.files import read_file
from communique.read.newsroom import UnreadRelease
from communique.read.release import RELEASE_FILES, WrittenRelease

if TYPE_CHECKING:
    from communique.api import Newsroom

Make: TypeAlias = Callable[[UnreadRelease | WrittenRelease], BuiltRelease]
"""A function that checks a release and renders its files."""

PREFIX: Final = "release-"
"""With what the names of entries begin."""
_HASH: Final = 32
_PASSING: Final = frozenset({"program-error"})
"""Findings that need not come again, such as those of a full memory: a release with one is not kept."""


@dataclass(frozen=True, slots=True)
class Cache:
    """The entries of a newsroom; ``shared`` is a hash of what all its releases depend on."""

    place: SealedFolder
    shared: bytes
    base: str

    def build(self, release: UnreadRelease | WrittenRelease, make: Make) -> tuple[str, BuiltRelease]:
        """The name of the entry of a release, "" if none can be kept, and what is made of it, now if there is none."""
        key, built = self.find(release)
        if built is not None:
            return key, built
        built = make(release)
        return self.keep(release, key, built), built

    def find(self, release: UnreadRelease | WrittenRelease) -> tuple[str, BuiltRelease | None]:
        """The name of the entry of a release, "" if none can be kept, and what is in it, if there is one."""
        key = self.key(release)
        return key, self.read(key) if key else None

    def keep(self, release: UnreadRelease | WrittenRelease, key: str, built: BuiltRelease) -> str:
        """Keep what was made of a release under the name that `find` gave before it was read; the name, or ""."""
        if not key or self.key(release) != key or any(finding.code in _PASSING for finding in built.findings):
            return ""  # it was changed while it was read, or the same would not be made again
        self.write(key, built)
        return key

    def key(self, release: UnreadRelease | WrittenRelease) -> str:
        """The name of the entry of a release; "" if it cannot be read, and so has none."""
        whole = hashlib.blake2b(self.shared, digest_size=_HASH)
        if isinstance(release, WrittenRelease):
            add_part(whole, repr(release).encode(errors="surrogatepass"))
            return PREFIX + whole.hexdigest()
        add_part(whole, str(release.folder).encode(errors="surrogateescape"))
        for name in RELEASE_FILES:
            body = _read(release.folder / name)
            if body is None and not (name == RELEASE_FILES[-1] and not os.path.lexists(release.folder / name)):
                return ""
            add_part(whole, body)
        return PREFIX + whole.hexdigest()

    def read(self, key: str) -> BuiltRelease | None:
        """The entry of that name; None if there is none, or a damaged one."""
        body = self.place.read(key)
        return None if body is None else BuiltRelease.from_bytes(zlib.decompress(body), self.base)

    def nothing(self) -> BuiltRelease:
        """What is made of a release that does not exist."""
        return BuiltRelease(RunningCounts(self.base))

    def write(self, key: str, built: BuiltRelease) -> None:
        """Keep an entry, if that is possible."""
        self.place.write(key, zlib.compress(built.to_bytes(), 1))

    def keep_only(self, used: Collection[str]) -> None:
        """Remove all other entries."""
        self.place.remove(lambda name: name in used or not name.startswith(PREFIX))


def open_cache(newsroom: Newsroom, *, has_pages: bool) -> Cache | None:
    """The cache of a newsroom, its folder made if need be; None if nothing can be kept."""
    place = open_sealed(newsroom.folder.root)
    if place is None:
        return None
    try:
        return Cache(place, _shared(newsroom, has_pages), newsroom.dataset.base)
    except OSError:
        return None


def _shared(newsroom: Newsroom, has_pages: bool) -> bytes:
    """A hash of all that every release depends on. The programs for browsers are left out: pages only link to them."""
    whole = hashlib.blake2b(digest_size=_HASH)
    for part in (str(has_pages), *versions(), repr(newsroom.dataset)):
        add_part(whole, part.encode(errors="surrogatepass"))
    for path in newsroom.folder.entity_files():
        add_part(whole, str(path).encode(errors="surrogateescape"))
        add_part(whole, _read(path))
    for place, path in (*files_of_artefacts(newsroom.folder.root), *files_of_program()):
        name = path.relative_to(place)
        if VENDORED not in name.parts:
            add_part(whole, str(name).encode(errors="surrogateescape"))
            add_part(whole, path.read_bytes())
    return whole.digest()


def _read(path: Path) -> bytes | None:
    """The bytes of a plain file; None for anything else."""
    nothing: list[Finding] = []
    return read_file(path, nothing)
