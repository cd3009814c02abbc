"""Sealed files: what another name, place or hand has put there counts as absent, and nothing is left half-written."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from communique.publish.kept.sealed import SealedFolder, open_sealed


@pytest.fixture
def place(tmp_path: Path) -> SealedFolder:
    return SealedFolder(tmp_path, b"mark")


def test_what_was_written_is_read(place: SealedFolder) -> None:
    place.write("one", b"words")
    place.write("none", b"")
    assert (place.read("one"), place.read("none"), place.read("two")) == (b"words", b"", None)
    assert place.names() == ["none", "one"]


def test_a_file_under_another_name_is_absent(place: SealedFolder) -> None:
    place.write("one", b"words")
    (place.folder / "one").rename(place.folder / "two")
    assert place.read("two") is None


def test_a_file_of_another_folder_is_absent(place: SealedFolder) -> None:
    place.write("one", b"words")
    assert SealedFolder(place.folder, b"another").read("one") is None


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b[:-1] + b"x", lambda b: b"x" + b[1:], lambda _: b""])
def test_a_damaged_file_is_absent(place: SealedFolder, damage: Callable[[bytes], bytes]) -> None:
    place.write("one", b"words")
    path = place.folder / "one"
    path.write_bytes(damage(path.read_bytes()))
    assert place.read("one") is None


def test_the_parts_of_a_seal_are_kept_apart(tmp_path: Path) -> None:
    SealedFolder(tmp_path, b"mark").write("one", b"words")
    (tmp_path / "eone").write_bytes((tmp_path / "one").read_bytes())
    assert SealedFolder(tmp_path, b"mark").read("eone") is None
    assert SealedFolder(tmp_path, b"mar").read("kone") is None
    (tmp_path / "kone").write_bytes((tmp_path / "one").read_bytes())
    assert SealedFolder(tmp_path, b"mar").read("kone") is None


def test_a_link_is_not_followed(place: SealedFolder, tmp_path: Path) -> None:
    place.write("one", b"words")
    aside = tmp_path / "aside"
    (place.folder / "one").rename(aside)
    (place.folder / "one").symlink_to(aside)
    assert place.read("one") is None


def test_a_pipe_holds_nobody_up(place: SealedFolder) -> None:
    os.mkfifo(place.folder / "one")
    read: list[bytes | None] = []
    reader = threading.Thread(target=lambda: read.append(place.read("one")), daemon=True)
    reader.start()
    reader.join(60)
    assert read == [None]


def test_what_cannot_be_written_leaves_nothing(place: SealedFolder) -> None:
    (place.folder / "one").mkdir()
    place.write("one", b"words")
    assert place.names() == ["one"]


def test_a_file_is_replaced_as_a_whole(place: SealedFolder) -> None:
    place.write("one", b"words")
    before = (place.folder / "one").stat().st_ino
    place.write("one", b"others")
    assert place.read("one") == b"others"
    assert (place.folder / "one").stat().st_ino != before
    assert place.names() == ["one"]


def test_only_what_is_not_wanted_is_removed(place: SealedFolder) -> None:
    for name in ("a", "b", "c"):
        place.write(name, b"")
    (place.folder / "d").mkdir()
    place.remove(lambda name: name == "b")
    assert place.names() == ["b", "d"]


def test_a_folder_that_is_gone_has_nothing_to_be_removed(tmp_path: Path) -> None:
    SealedFolder(tmp_path / "gone", b"mark").remove(lambda _: False)


def test_a_newsroom_has_one_folder_of_sealed_files(tmp_path: Path) -> None:
    first = open_sealed(tmp_path)
    assert first is not None
    assert open_sealed(tmp_path) == first


def test_where_the_folder_is_a_link_nothing_is_kept(tmp_path: Path) -> None:
    first = open_sealed(tmp_path)
    assert first is not None
    first.folder.rename(tmp_path / "aside")
    first.folder.symlink_to(tmp_path / "aside")
    assert open_sealed(tmp_path) is None
