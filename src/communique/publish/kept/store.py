"""The store with all quads of a publication, kept for the next build, which loads only the graphs that have changed.

The store that is kept is never changed: a build works on a copy, in which the large files, which the engine writes once
and never again, are hard links. In the end the copy takes its place. A sealed note says which store that is, which
graphs it has, and the hash of each of its files, so that a damaged one is noticed and made anew. Removed graphs leave
some of their terms behind; so when as many graphs were changed as there are, the store is made anew.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import NamedNode, RdfFormat, Store

from communique.iris import read_graph
from communique.publish.kept.sealed import SealedFolder
from communique.publish.workstore import make_work_store

_PREFIX: Final = "store-"
_NOTE: Final = "store"
_HASH: Final = 16
_LOGS: Final = ("LOG", "LOCK")
"""What the engine writes beside the store, and does not read."""
_NEVER_CHANGED: Final = ".sst"


@dataclass(frozen=True, slots=True)
class StoreFolder:
    """Where the store is kept, a hash of the program that made it, and the hash of each graph of the dataset by IRI."""

    place: SealedFolder
    shared: bytes
    base: str
    graphs: Mapping[str, str]


class _Note(NamedTuple):
    """The name of the store, its program, graphs by IRI, files by name with their hashes, and how many were changed."""

    name: str
    shared: str
    graphs: Mapping[str, str]
    files: Mapping[str, str]
    changed: int


def make_store(kept: StoreFolder | None, folder: Path, dump: Path, part: Callable[[str], Path]) -> int:
    """Make a store in ``folder`` with all quads, from the one that is kept if that can be used.

    Gives how many graphs were changed since it was made anew. ``dump`` has all quads; ``part`` gives the
    file with those of the release with a slug.
    """
    note = _read_note(kept) if kept else None
    if kept and note and _copy(kept.place.folder / note.name, note.files, folder):
        changed = {graph for graph, known in kept.graphs.items() if note.graphs.get(graph) != known}
        changed |= note.graphs.keys() - kept.graphs.keys()
        slugs = {graph: known.of_release if (known := read_graph(graph, kept.base)) else "" for graph in changed}
        number = note.changed + len(changed)
        if all(slugs.values()) and number <= len(kept.graphs):
            wanted = changed & kept.graphs.keys()
            _change(folder, changed & note.graphs.keys(), wanted, {part(slugs[graph]) for graph in wanted})
            return number
    shutil.rmtree(folder, ignore_errors=True)
    make_work_store(folder, dump)
    return 0


def keep_store(kept: StoreFolder, folder: Path, changed: int) -> None:
    """Move the store in ``folder`` to where it is kept for the next build, if that is possible; nobody may use it then.

    ``changed`` says how many graphs were changed since it was made anew.
    """
    name = _PREFIX + secrets.token_hex(8)
    with contextlib.suppress(OSError):
        files = {path.name: _hash(path) for path in sorted(folder.iterdir()) if not path.name.startswith(_LOGS)}
        folder.rename(kept.place.folder / name)
        note = _Note(name, kept.shared.hex(), kept.graphs, files, changed)
        kept.place.write(_NOTE, json.dumps(note, separators=(",", ":")).encode())
        for other in kept.place.names():
            if other.startswith(_PREFIX) and other != name:
                shutil.rmtree(kept.place.folder / other, ignore_errors=True)


def _read_note(kept: StoreFolder) -> _Note | None:
    body = kept.place.read(_NOTE)
    note = _Note(*json.loads(body)) if body is not None else None
    return note if note and note.shared == kept.shared.hex() else None


def _copy(store: Path, files: Mapping[str, str], folder: Path) -> bool:
    """Make a copy of a store; False if it is not what it was, or cannot be copied."""
    try:
        folder.mkdir()
        for name, known in files.items():
            if name.endswith(_NEVER_CHANGED):
                os.link(store / name, folder / name, follow_symlinks=False)
            else:
                shutil.copyfile(store / name, folder / name, follow_symlinks=False)
            if (folder / name).is_symlink() or _hash(folder / name) != known:
                return False
    except OSError:
        return False
    return True


def _change(folder: Path, gone: Collection[str], wanted: Collection[str], parts: Collection[Path]) -> None:
    """Remove some graphs from the store in ``folder``, then load those wanted from files of N-Quads."""
    store = Store(str(folder))
    for graph in sorted(gone):
        store.remove_graph(NamedNode(graph))
    tails = tuple(f" <{graph}> .\n".encode() for graph in wanted)
    for path in sorted(parts):
        with path.open("rb") as lines:
            body = b"".join(line for line in lines if line.endswith(tails))
        store.bulk_load(input=body, format=RdfFormat.N_QUADS)
    store.flush()


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        whole = blake2b(digest_size=_HASH)
        while part := file.read(1 << 20):
            whole.update(part)
    return whole.hexdigest()
