"""A publication in a storage: readers see the old manifest or the new one, and an interrupted upload is finished."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from communique.errors import OutputError, StorageError
from communique.publish import upload as module
from communique.publish.manifest import build_manifest, write_manifest
from communique.publish.upload import NOTE, upload
from communique.remote.address import StorageAddress
from communique.remote.storage import Storage
from tests.strict import need

OLD = {"index.html": b"old page", "a/index.html": b"page a", "a/index.ttl": b"old a.", "gone/index.ttl": b"gone"}
NEW = {"index.html": b"new page", "a/index.html": b"page a", "a/index.ttl": b"new a.", "b/index.html": b"page b"}


def publish(folder: Path, files: dict[str, bytes]) -> Path:
    """A publication with these files; of a change, only the hash differs, not the size."""
    for name, body in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)
    write_manifest(folder, build_manifest(folder, graphs={}, counts={}, versions={}))
    return folder


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    need(["fsspec"], "S3 is missing: pip install 'communique[remote]'")
    from fsspec.implementations.memory import MemoryFileSystem

    return Storage(StorageAddress("memory", f"{tmp_path.name}{time.time_ns()}/site"), MemoryFileSystem())


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return publish(tmp_path / "old", OLD)


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return publish(tmp_path / "new", NEW)


def held(storage: Storage) -> dict[str, bytes | None]:
    return {path: storage.read(path) for path in storage.list_files("")}


def files_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def watch_writes(monkeypatch: pytest.MonkeyPatch, react: Callable[[str], object]) -> None:
    """Call ``react`` with each path before it is written or, with a minus, removed."""
    send, write, remove = Storage.send, Storage.write, Storage.remove

    def send_one_by_one(self: Storage, pairs: Any, kind: str = "") -> None:
        for place, path in pairs:
            react(path)
            send(self, [(place, path)], kind)

    def write_one(self: Storage, path: str, body: bytes, kind: str = "") -> None:
        react(path)
        write(self, path, body, kind)

    def remove_one_by_one(self: Storage, paths: Any) -> None:
        for path in paths:
            react(f"-{path}")
            remove(self, [path])

    monkeypatch.setattr(Storage, "send", send_one_by_one)
    monkeypatch.setattr(Storage, "write", write_one)
    monkeypatch.setattr(Storage, "remove", remove_one_by_one)


ORDER = [NOTE, "b/index.html", "a/index.ttl", "index.html", "manifest.json", "-gone/index.ttl", f"-{NOTE}"]


def test_new_files_come_first_the_manifest_last_and_then_what_is_gone_is_removed(
    storage: Storage, old: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 1)
    assert upload(old, storage) == f"{storage.address}: files written: 4, removed: 0"
    assert held(storage) == files_of(old)
    seen: list[str] = []
    watch_writes(monkeypatch, seen.append)
    assert upload(new, storage) == f"{storage.address}: files written: 3, removed: 1"
    assert seen == ORDER
    assert held(storage) == files_of(new)
    seen.clear()
    assert upload(new, storage) == f"{storage.address} is as it was"
    assert seen == []


@pytest.mark.parametrize("step", range(len(ORDER)))
@pytest.mark.parametrize("back", [False, True])
def test_an_interrupted_upload_is_finished_by_the_next_one_whatever_that_publishes(
    storage: Storage, old: Path, new: Path, step: int, back: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BATCH", 1)
        upload(old, storage)
        left = list(ORDER[:step])

        def stop(path: str) -> None:
            if not left:
                raise KeyboardInterrupt
            assert left.pop(0) == path

        watch_writes(patch, stop)
        with pytest.raises(KeyboardInterrupt):
            upload(new, storage)
    manifest = (new if step > ORDER.index("manifest.json") else old) / "manifest.json"
    assert storage.read("manifest.json") == manifest.read_bytes()
    target = old if back else new
    upload(target, storage)
    assert held(storage) == files_of(target)


def test_other_files_are_refused_or_left(storage: Storage, new: Path) -> None:
    storage.write("photo.jpg", b"photo")
    with pytest.raises(OutputError, match=r"holds files that are not a publication: give another address$"):
        upload(new, storage)
    assert held(storage) == {"photo.jpg": b"photo"}
    storage.write("manifest.json", b'{"name": "of a web application"}')
    with pytest.raises(OutputError, match="holds files that are not a publication"):
        upload(new, storage)
    storage.remove(["photo.jpg", "manifest.json"])
    upload(new, storage)
    storage.write("photo.jpg", b"photo")
    storage.remove(["a/index.html"])
    told = upload(new, storage)
    assert told.endswith(": files written: 1, removed: 0; other files there, which were left: 1")
    assert held(storage) == files_of(new) | {"photo.jpg": b"photo"}


def test_of_two_uploads_at_once_the_first_does_not_write_its_manifest(
    storage: Storage, old: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(old, storage)
    write = Storage.write

    def other(path: str) -> None:
        if path == "index.html":
            write(storage, NOTE, b'{"paths": []}')

    watch_writes(monkeypatch, other)
    with pytest.raises(
        OutputError, match=r"^another build is writing memory://.*: wait for it to end, and do it again"
    ):
        upload(new, storage)
    assert storage.read("manifest.json") == (old / "manifest.json").read_bytes()


def test_a_file_that_did_not_arrive_whole_is_noticed(
    storage: Storage, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = Storage.send

    def cut(self: Storage, pairs: Any, kind: str = "") -> None:
        send(self, pairs, kind)
        Storage.write(self, pairs[-1][1], b"cut")

    monkeypatch.setattr(Storage, "send", cut)
    with pytest.raises(OutputError, match=r"is not as it was written: build again$"):
        upload(new, storage)
    assert storage.read("manifest.json") is None


@pytest.mark.parametrize("note", [b"", b"{}", b"[1]", b'{"paths": 1}'])
def test_a_damaged_note_is_told(storage: Storage, new: Path, note: bytes) -> None:
    storage.write(NOTE, note)
    with pytest.raises(StorageError, match=r"of an upload is damaged: remove the files there, and build again$"):
        upload(new, storage)


def interrupt(storage: Storage, folder: Path, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    """An upload that is broken off before this path is written or, with a minus, removed."""

    def stop(path: str) -> None:
        if path == at:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        watch_writes(patch, stop)
        with pytest.raises(KeyboardInterrupt):
            upload(folder, storage)


def test_a_first_upload_that_was_interrupted_is_finished(
    storage: Storage, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(storage, new, monkeypatch, "manifest.json")
    upload(new, storage)
    assert held(storage) == files_of(new)


def test_what_an_interrupted_upload_brought_is_removed_and_does_not_count_as_other_files(
    storage: Storage, old: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(old, storage)
    interrupt(storage, new, monkeypatch, "manifest.json")
    assert upload(old, storage) == f"{storage.address}: files written: 3, removed: 1"
    assert held(storage) == files_of(old)


def test_the_note_is_removed_where_only_that_was_missing(
    storage: Storage, old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(old, storage)
    less = publish(tmp_path / "less", {name: body for name, body in OLD.items() if not name.startswith("gone/")})
    interrupt(storage, less, monkeypatch, f"-{NOTE}")
    assert storage.read(NOTE) is not None
    upload(less, storage)
    assert held(storage) == files_of(less)


def test_a_manifest_that_alone_differs_is_written(storage: Storage, old: Path, tmp_path: Path) -> None:
    upload(old, storage)
    same = publish(tmp_path / "same", OLD)
    write_manifest(same, build_manifest(same, graphs={}, counts={}, versions={"communique": "2"}))
    assert upload(same, storage) == f"{storage.address}: files written: 0, removed: 0"
    assert held(storage) == files_of(same)


def test_what_somebody_else_has_removed_is_not_removed_again(storage: Storage, old: Path, new: Path) -> None:
    upload(old, storage)
    storage.remove(["gone/index.ttl"])
    assert upload(new, storage) == f"{storage.address}: files written: 3, removed: 0"


def test_pages_change_after_the_data_that_they_show(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, then = ({"a.html": body, "b.ttl": body} for body in (b"first", b"later"))
    upload(publish(tmp_path / "first", first), storage)
    monkeypatch.setattr(module, "BATCH", 1)
    seen: list[str] = []
    watch_writes(monkeypatch, seen.append)
    upload(publish(tmp_path / "then", then), storage)
    assert seen == [NOTE, "b.ttl", "a.html", "manifest.json", f"-{NOTE}"]


def test_files_are_sent_with_their_media_types(storage: Storage, new: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    send, write, kinds = Storage.send, Storage.write, dict[str, str]()

    def record_sent(self: Storage, pairs: Any, kind: str = "") -> None:
        kinds.update({path: kind for _, path in pairs})
        send(self, pairs, kind)

    def record_written(self: Storage, path: str, body: bytes, kind: str = "") -> None:
        kinds[path] = kind
        write(self, path, body, kind)

    monkeypatch.setattr(Storage, "send", record_sent)
    monkeypatch.setattr(Storage, "write", record_written)
    upload(new, storage)
    assert {path: kind.partition(";")[0] for path, kind in kinds.items() if path != NOTE} == {
        "index.html": "text/html",
        "a/index.html": "text/html",
        "b/index.html": "text/html",
        "a/index.ttl": "text/turtle",
        "manifest.json": "application/json",
    }


@pytest.mark.parametrize(
    "manifest",
    [
        b"[1]",
        b"no JSON",
        b'{"files": {"photo.jpg": {"size": 5}}}',
        b'{"@type": "communique publication", "files": ["photo.jpg"]}',
    ],
)
def test_a_manifest_that_is_not_ours_makes_no_publication(storage: Storage, new: Path, manifest: bytes) -> None:
    storage.write("manifest.json", manifest)
    with pytest.raises(OutputError, match="holds files that are not a publication"):
        upload(new, storage)
    assert held(storage) == {"manifest.json": manifest}
