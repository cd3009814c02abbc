"""The files that merge all graphs, made in segments: one with the same lines as in the last build is taken from there.

A segment is a few dozen entities that follow one another in every such file. Where it ends depends on the entities in
it alone, so that a change of one of them leaves all other segments as they were. What the last build wrote of each
segment is kept: the bodies of the files, and an index of the segments in order, each with a seal of its own, and with
hashes of the lines it was made from and of what was written. Both are read in step with the lines of the new build, so
that memory does not grow. What is damaged, or was kept by another program, is not found, and is made anew.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, Self
from zlib import crc32

from communique.publish.counts import Census
from communique.publish.kept.sealed import SealedFolder, add_part
from communique.publish.runs import entity_of, merge_runs
from communique.publish.stage import create, inside

LENGTH: Final = 32
"""Entities of a segment, on average. Fewer cost more to find again, more cost more to make anew."""

_PREFIX: Final = "merged-"
_INDEX: Final = _PREFIX + "index"
_HASH: Final = 16


class Segment(NamedTuple):
    """What is written of some entities: a body for each file, the counts, and by syntax what openings must declare."""

    bodies: Sequence[bytes]
    census: Census
    used: Mapping[str, list[str]]


def segments(runs: Iterable[Path]) -> Iterator[list[list[str]]]:
    """The lines of all entities of the runs, in order, by entity and by segment."""
    found: list[list[str]] = []
    for lines in merge_runs(runs):
        found.append(lines)
        if crc32(entity_of(lines[0]).encode(errors="surrogatepass")) % LENGTH == 0:
            yield found
            found = []
    if found:
        yield found


@dataclass(frozen=True, slots=True)
class SegmentFolder:
    """Where the segments of the last build are kept; ``shared`` is a hash of what all of them depend on."""

    place: SealedFolder
    shared: bytes

    def seal(self, entry: bytes) -> bytes:
        """The seal of an entry of the index."""
        return self.place.seal(_INDEX, self.shared + entry).hex().encode()


class Segments:
    """The segments of the last build and of this one: ask for each in order with `find`, and `add` each."""

    def __init__(self, kept: SegmentFolder | None, work: Path, bodies: Sequence[str]) -> None:
        self._kept, self._work, self._bodies = kept, work, bodies
        self._before: Iterator[_Entry] = iter(())
        self._next: _Entry | None = None
        self._digest = ""
        self._first = ""
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        if self._kept:
            self._index = self._stack.enter_context(create(self._work, _INDEX))
            with contextlib.suppress(OSError):
                names = (_INDEX, *(_PREFIX + name for name in self._bodies))
                index, *bodies = (self._stack.enter_context(self._kept.place.open_file(name)) for name in names)
                self._before = _read(self._kept, index, bodies)
                self._next = next(self._before, None)
        return self

    def find(self, entities: Sequence[Sequence[str]]) -> Segment | None:
        """What the last build wrote of a segment; None if it had none with these very lines."""
        if not self._kept:
            return None
        self._first = entity_of(entities[0][0])
        whole = blake2b(digest_size=_HASH)
        for lines in entities:
            add_part(whole, "".join(lines).encode(errors="surrogatepass"))
        self._digest = whole.hexdigest()
        while self._next is not None and self._next.first < self._first:
            self._next = next(self._before, None)
        found = self._next
        if found is None or (found.first, found.digest) != (self._first, self._digest):
            return None
        return found.read()

    def add(self, segment: Segment) -> None:
        """Note what is written of the segment that was asked for last."""
        if self._kept:
            sizes = [len(body) for body in segment.bodies]
            parts = self._first, self._digest, sizes, _hash(segment.bodies), segment.census.as_state(), segment.used
            entry = json.dumps(parts, separators=(",", ":")).encode()
            self._index.write(self._kept.seal(entry) + b" " + entry + b"\n")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._stack.close()
        if self._kept and kind is None:
            for name in (*self._bodies, _INDEX):
                self._kept.place.take(inside(self._work, name), name if name == _INDEX else _PREFIX + name)
            wanted = {_INDEX, *(_PREFIX + name for name in self._bodies)}
            self._kept.place.remove(lambda name: name in wanted or not name.startswith(_PREFIX))


@dataclass(frozen=True, slots=True)
class _Entry:
    """A segment of the last build: its first entity, the hash of its lines, where its bodies are, and their hash."""

    first: str
    digest: str
    places: Sequence[tuple[BinaryIO, int, int]]
    hash: str
    census: Census
    used: Mapping[str, list[str]]

    def read(self) -> Segment | None:
        """What was written; None if the bodies are not what they were."""
        bodies = []
        for file, at, size in self.places:
            file.seek(at)
            bodies.append(file.read(size))
        return Segment(bodies, self.census, self.used) if _hash(bodies) == self.hash else None


def _read(kept: SegmentFolder, index: BinaryIO, bodies: Sequence[BinaryIO]) -> Iterator[_Entry]:
    """The segments of the last build, as far as the index is whole."""
    at = [0] * len(bodies)
    for line in index:
        seal, _, entry = line.rstrip(b"\n").partition(b" ")
        if kept.seal(entry) != seal:
            return
        first, digest, sizes, body, census, used = json.loads(entry)
        places = list(zip(bodies, at, sizes, strict=True))
        yield _Entry(first=first, digest=digest, places=places, hash=body, census=Census.from_state(census), used=used)
        at = [start + size for start, size in zip(at, sizes, strict=True)]


def _hash(bodies: Iterable[bytes]) -> str:
    whole = blake2b(digest_size=_HASH)
    for body in bodies:
        add_part(whole, body)
    return whole.hexdigest()
