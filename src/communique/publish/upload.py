"""A publication is copied to a storage, where no folder can be swapped: in an order, and resumable.

First a note of all files that will be written or removed; then the new files, to which nothing leads yet; then those
that change, pages last; then the manifest; then what is gone is removed, and at the end the note. Who finds the note
knows that an upload is under way or was interrupted: the next one writes all files again that the note names.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from communique.errors import OutputError, StorageError
from communique.formats import FORMATS
from communique.publish.hosting.negotiation import content_type, suffix_types
from communique.publish.manifest import NAME, read_files
from communique.remote.storage import Storage
from communique.watch import Watch, unwatched

NOTE: Final = ".communique-upload.json"
"""The note, beside the manifest in the storage."""
BATCH: Final = 256
"""Files that are sent before the next are read."""


def upload(local: Path, storage: Storage, watch: Watch = unwatched) -> str:
    """Make a storage hold the publication in a folder, and nothing of an older one; a sentence of what was done.

    Raises `OutputError` if the storage holds other files and no publication, or not all that was sent, `StorageError`
    if it does not answer; the next upload then goes on.
    """
    there = {path: file.size for path, file in storage.list_files("").items()}
    before = storage.read(NAME) if NAME in there else None
    note = storage.read(NOTE) if NOTE in there else None
    old, noted = _files_of(before), _noted(note)
    if there and not old and note is None:
        raise OutputError(f"{storage.address} holds files that are not a publication: give another address")
    new, manifest = read_files(local), (local / NAME).read_bytes()
    sent = [path for path in new if path in noted or old.get(path) != new[path] or there.get(path) != _size(new[path])]
    gone = sorted((old.keys() | noted) & there.keys() - new.keys() - {NAME, NOTE})
    if not sent and not gone and note is None and before == manifest:
        return f"{storage.address} is as it was"
    token = json.dumps({"@type": "communique upload", "paths": sorted({*noted, *sent, *gone})}).encode()
    storage.write(NOTE, token)
    sent.sort(key=lambda path: (path in there, path.endswith(".html"), path))
    for _ in watch(_send(local, storage, sent), "files", len(sent)):
        pass
    _compare(storage, new)
    if storage.read(NOTE) != token:
        raise OutputError(f"another build is writing {storage.address}: wait for it to end, and do it again")
    storage.write(NAME, manifest, content_type("json", "application/json"))
    storage.remove(gone)
    storage.remove([NOTE])
    others = there.keys() - new.keys() - old.keys() - noted - {NAME, NOTE}
    more = f"; other files there, which were left: {len(others):,}" if others else ""
    return f"{storage.address}: files written: {len(sent):,}, removed: {len(gone):,}{more}"


def _send(local: Path, storage: Storage, paths: list[str]) -> Iterator[str]:
    types = suffix_types(FORMATS.values())
    for at in range(0, len(paths), BATCH):
        batch = paths[at : at + BATCH]
        kinds: dict[str, list[tuple[Path, str]]] = {}
        for path in batch:
            suffix = path.rpartition(".")[2]
            kind = content_type(suffix, types[suffix]) if suffix in types else ""
            kinds.setdefault(kind, []).append((local / path, path))
        for kind, pairs in sorted(kinds.items()):  # a new page before the others would lead to nothing
            storage.send(pairs, kind)
        yield from batch


def _compare(storage: Storage, new: Mapping[str, object]) -> None:
    """Raise `OutputError` if a file is not there with its size."""
    there = {path: file.size for path, file in storage.list_files("").items()}
    wrong = [path for path in sorted(new) if there.get(path) != _size(new[path])]
    if wrong:
        raise OutputError(f"{storage.address}/{wrong[0]} is not as it was written: build again")


def _files_of(manifest: bytes | None) -> Mapping[str, object]:
    """The table of files of a manifest; an empty one if it is not ours."""
    try:
        read = json.loads(manifest or b"{}")
    except ValueError:
        return {}
    files = read.get("files") if isinstance(read, dict) and read.get("@type") == "communique publication" else None
    return files if isinstance(files, dict) else {}


def _noted(note: bytes | None) -> set[str]:
    """The paths that an interrupted upload may have written or removed."""
    if note is None:
        return set()
    try:
        return {str(path) for path in json.loads(note)["paths"]}
    except (ValueError, KeyError, TypeError):
        raise StorageError(
            f"the note {NOTE} of an upload is damaged: remove the files there, and build again"
        ) from None


def _size(entry: object) -> object:
    return entry.get("size") if isinstance(entry, dict) else None
