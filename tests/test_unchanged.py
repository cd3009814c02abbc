"""A build for which nothing has changed only compares files with notes; where anything differs, it builds."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from communique.findings import Finding
from communique.publish.kept import unchanged
from communique.publish.kept.unchanged import LastBuild, Snapshot, take_snapshot
from communique.publish.manifest import NAME as MANIFEST
from communique.publish.manifest import verify
from communique.store.kept import BUILD, NAME
from tests.conftest import ROOT
from tests.generated import write_generated
from tests.test_cli import communique

SAID = [Finding(file="record.yaml", line=3, code="empty-value", message="m", severity="warning", why=("a",))]
LATER = 5_000_000_000


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A newsroom, and beside it a publication, which need not be true for notes to be compared."""
    data = write_generated(tmp_path, 2)
    out = tmp_path / "public"
    (out / "release").mkdir(parents=True)
    (out / MANIFEST).write_text("{}")
    (out / "release" / "index.ttl").write_text("# one")
    return data


def out_of(data: Path) -> Path:
    return data.parent / "public"


def snapshot(data: Path, *, has_pages: bool = False, later: int = LATER) -> Snapshot:
    """What a build would read; as if it were later than it is, so that no time is too new for a note."""
    taken = take_snapshot(data, has_pages=has_pages)
    assert taken is not None
    return dataclasses.replace(taken, taken=taken.taken + later)


def last(data: Path) -> LastBuild:
    body = (out_of(data) / MANIFEST).read_bytes()
    return LastBuild(SAID, "all fine", hashlib.sha256(body).hexdigest())


def note(data: Path, **more: Any) -> None:
    snapshot(data, **more).remember(out_of(data), last(data))


def notes(data: Path) -> list[Path]:
    return sorted((data.parent / NAME / BUILD).iterdir())


def test_what_was_said_is_said_again_and_no_content_is_read(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note(data)

    def never(*_: object) -> str:
        raise AssertionError("contents are read only where times differ")

    monkeypatch.setattr(Snapshot, "_contents", never)
    assert snapshot(data).find(out_of(data)) == last(data)


def test_files_that_were_only_touched_are_compared_by_content_once(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note(data)
    source = next((data / "releases").iterdir()) / "source.txt"
    os.utime(source, ns=(1, 1))
    assert snapshot(data).find(out_of(data)) == last(data)
    monkeypatch.setattr(Snapshot, "_contents", lambda _: "other")
    assert snapshot(data).find(out_of(data)) == last(data)


def test_times_that_are_too_new_are_not_trusted(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note(data, later=0)
    contents, read = Snapshot._contents, list[int]()

    def count(own: Snapshot) -> str:
        read.append(1)
        return contents(own)

    monkeypatch.setattr(Snapshot, "_contents", count)
    assert snapshot(data).find(out_of(data)) == last(data) and read == [1]
    assert snapshot(data).find(out_of(data)) == last(data) and read == [1]


def first_file(data: Path, name: str = "source.txt") -> Path:
    return min((data / "releases").iterdir()) / name


def same_size_and_time(data: Path) -> None:
    path = first_file(data)
    before, text = path.stat(), path.read_text(encoding="utf-8")
    path.write_text(text.replace("Fair", "Fare"), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size and path.stat().st_mtime_ns == before.st_mtime_ns


def replaced_by_a_link(data: Path) -> None:
    first_file(data).rename(data / "source.txt")
    first_file(data).symlink_to(data / "source.txt")


def new_release(data: Path) -> None:
    shutil.copytree(first_file(data).parent, data / "releases" / "2031-01-01-new")


def empty_folder(data: Path) -> None:
    (data / "releases" / "2031-01-01-new").mkdir()


def no_release(data: Path) -> None:
    shutil.rmtree(first_file(data).parent)


def renamed(data: Path) -> None:
    first_file(data).parent.rename(data / "releases" / "2031-01-01-new")


def new_page(data: Path) -> None:
    first_file(data, "page.json").write_text("{}")


def registry(data: Path) -> None:
    (data / "entities" / "more.yaml").write_text("graph: []\n")


def description(data: Path) -> None:
    (data / "dataset.yaml").write_text((data / "dataset.yaml").read_text(encoding="utf-8") + "\n", encoding="utf-8")


def shapes(data: Path) -> None:
    shutil.copytree(ROOT / "shapes", data.parent / "shapes")
    (data.parent / "shapes" / "more.ttl").write_text("# one more\n")


def questions(data: Path) -> None:
    shutil.copytree(ROOT / "queries", data.parent / "queries")
    (data.parent / "queries" / "more.rq").write_text("# one more\n")


def published_file(data: Path) -> None:
    (out_of(data) / "release" / "index.ttl").write_text("# two")


def published_file_gone(data: Path) -> None:
    (out_of(data) / "release" / "index.ttl").unlink()


def strange_file(data: Path) -> None:
    (out_of(data) / ".hidden").write_text("")


def other_manifest(data: Path) -> None:
    before = (out_of(data) / MANIFEST).stat()
    (out_of(data) / MANIFEST).write_text("[]")
    os.utime(out_of(data) / MANIFEST, ns=(before.st_atime_ns, before.st_mtime_ns))


def no_publication(data: Path) -> None:
    shutil.rmtree(out_of(data))


def a_link_to_it(data: Path) -> None:
    out_of(data).rename(data.parent / "elsewhere")
    out_of(data).symlink_to(data.parent / "elsewhere")


def another_build(data: Path) -> None:
    (data.parent / ".public.lock").write_text("")


def damaged_note(data: Path) -> None:
    (path,) = notes(data)
    path.write_bytes(path.read_bytes().replace(b"all fine", b"all fake"))


EDITS = (
    *(same_size_and_time, replaced_by_a_link, new_release, empty_folder, no_release, renamed, new_page),
    *(registry, description, shapes, questions),
    *(published_file, published_file_gone, strange_file, other_manifest, no_publication, a_link_to_it),
    *(another_build, damaged_note),
)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_whatever_differs_makes_a_build(data: Path, edit: Callable[[Path], None]) -> None:
    note(data)
    assert snapshot(data).find(out_of(data)) is not None
    edit(data)
    assert snapshot(data).find(out_of(data)) is None


def test_pages_and_another_folder_and_another_version_make_a_build(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note(data)
    shutil.copytree(out_of(data), data.parent / "other")
    assert snapshot(data, has_pages=True).find(out_of(data)) is None
    assert snapshot(data).find(data.parent / "other") is None
    monkeypatch.setattr(unchanged, "versions", lambda: iter(["99"]))
    assert snapshot(data).find(out_of(data)) is None


def test_a_file_that_no_build_reads_makes_none(data: Path) -> None:
    note(data)
    (data / "README.md").write_text("read me")
    first_file(data, "notes.txt").write_text("not read")
    first_file(data, ".source.txt.swp").write_text("not read")
    (data / "releases" / ".draft").mkdir()
    assert snapshot(data).find(out_of(data)) == last(data)


def test_no_note_is_made_of_what_was_changed_during_the_build(data: Path) -> None:
    before = snapshot(data)
    description(data)
    before.remember(out_of(data), last(data))
    assert notes(data) == []


def test_no_note_is_made_of_a_publication_that_another_build_has_replaced(data: Path) -> None:
    before, said = snapshot(data), last(data)
    (out_of(data) / MANIFEST).write_text('{"other": 1}')
    before.remember(out_of(data), said)
    assert notes(data) == []


def test_the_note_of_a_publication_that_is_gone_is_removed(data: Path) -> None:
    note(data)
    said, other = last(data), data.parent / "other"
    shutil.copytree(out_of(data), other)
    snapshot(data).remember(other, said)
    assert len(notes(data)) == 2
    shutil.rmtree(out_of(data))
    snapshot(data).remember(other, said)
    assert len(notes(data)) == 1 and snapshot(data).find(other) == said


def test_where_nothing_can_be_kept_there_is_no_note(tmp_path: Path) -> None:
    data = write_generated(tmp_path, 1)
    (tmp_path / NAME).write_text("")
    assert take_snapshot(data, has_pages=False) is None
    assert take_snapshot(tmp_path / "none", has_pages=False) is None


@pytest.mark.slow
def test_the_command_says_so_and_shows_the_findings_again(tmp_path: Path) -> None:
    write_generated(tmp_path, 2)
    words = ("build", "--data", "data", "--no-site")
    first = communique(*words, cwd=tmp_path)
    assert first[0] == 0 and "[unused-entity]" in first[1]
    manifest = (tmp_path / "public" / MANIFEST).stat()
    code, found, told = communique(*words, cwd=tmp_path)
    assert (code, found) == first[:2] and told.startswith(first[2].split("\n")[0])
    assert told.endswith("nothing changed: public is as the last build wrote it\n")
    assert communique(*words, "--format", "json", cwd=tmp_path)[1].count('"unused-entity"') == found.count(
        "[unused-entity]"
    )
    assert (tmp_path / "public" / MANIFEST).stat() == manifest and verify(tmp_path / "public") == ()
    assert "nothing changed" not in communique(*words, "--no-cache", cwd=tmp_path)[2]
    assert (tmp_path / "public" / MANIFEST).stat().st_ino != manifest.st_ino
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".public")]
