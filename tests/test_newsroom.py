"""A newsroom read as a stream: folders and archives, and what hostile or broken archives give."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard

from communique.errors import NewsroomError
from communique.read.newsroom import MAX_LINE, open_data, read_archive
from tests.conftest import DATA, SLUG, MakeNewsroom


def line(slug: str = "one", source: Any = "text", record: Any = None, **more: Any) -> bytes:
    return json.dumps({"slug": slug, "source": source, "record": record or {"a": "b"}, **more}).encode() + b"\n"


@pytest.fixture
def archive(tmp_path: Path) -> Callable[..., Path]:
    """Writes an archive into the newsroom's releases; its path."""

    def write(data: bytes, name: str = "all.jsonl") -> Path:
        folder = tmp_path / "data" / "releases"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
        return folder / name

    return write


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "all.jsonl": lambda data: data,
    "all.jsonl.gz": gzip.compress,
    "all.jsonl.zst": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("name", PACKED)
def test_an_archive_gives_its_releases_in_order(archive: Callable[..., Path], name: str) -> None:
    data = line("one") + b"\n  \n" + line("two", "zwei №") + line("three")
    path = archive(PACKED[name](data), name)
    assert [(r.slug, r.source, r.record, r.line, r.path, r.findings) for r in read_archive(path)] == [
        ("one", "text", {"a": "b"}, 1, path, ()),
        ("two", "zwei №", {"a": "b"}, 4, path, ()),
        ("three", "text", {"a": "b"}, 5, path, ()),
    ]


@pytest.mark.parametrize("name", PACKED)
def test_an_archive_of_another_system_is_read_alike(archive: Callable[..., Path], name: str) -> None:
    data = b"\xef\xbb\xbf" + line("one") + line("two", "a\r\nb").replace(b"\n", b"\r\n")
    found = [(r.slug, r.source, r.findings) for r in read_archive(archive(PACKED[name](data), name))]
    assert found == [("one", "text", ()), ("two", "a\nb", ())]


@pytest.mark.parametrize("name", ["all.jsonl.gz", "all.jsonl.zst"])
def test_an_archive_of_several_frames_is_read_to_its_end(archive: Callable[..., Path], name: str) -> None:
    path = archive(PACKED[name](line("one")) + PACKED[name](line("two")), name)
    assert [r.slug for r in read_archive(path)] == ["one", "two"]


@pytest.mark.parametrize("name", ["all.jsonl.gz", "all.jsonl.zst"])
def test_an_archive_cut_short_is_an_error(archive: Callable[..., Path], name: str) -> None:
    whole = PACKED[name](b"".join(line(f"r{k}", str(k) * 50) for k in range(200)))
    for size in (3, 10, len(whole) // 2, len(whole) - 1):
        with pytest.raises(NewsroomError, match="cannot be unpacked"):
            list(read_archive(archive(whole[:size], name)))


@pytest.mark.parametrize("name", ["all.jsonl.gz", "all.jsonl.zst"])
def test_a_damaged_archive_is_an_error(archive: Callable[..., Path], name: str) -> None:
    whole = bytearray(PACKED[name](b"".join(line(f"r{k}", str(k * k)) for k in range(200))))
    whole[12:20] = b"\xff" * 8
    for data in (bytes(whole), b"no such packing", PACKED[name](line()) + b"and more"):
        with pytest.raises(NewsroomError, match="cannot be unpacked"):
            list(read_archive(archive(data, name)))


@pytest.mark.parametrize("name", ["all.jsonl.gz", "all.jsonl.zst"])
def test_an_archive_that_unpacks_without_end_is_stopped(archive: Callable[..., Path], name: str) -> None:
    path = archive(PACKED[name]((b" " * 0xFFFFF + b"\n") * 80), name)
    with pytest.raises(NewsroomError, match="unpacks to more than 200 times its size"):
        list(read_archive(path))


@pytest.mark.parametrize("name", PACKED)
def test_a_line_without_end_is_an_error(archive: Callable[..., Path], name: str) -> None:
    path = archive(PACKED[name](line() + b" " * (MAX_LINE + 1)), name)
    with pytest.raises(NewsroomError, match=r"line 2 is longer than 8,388,608 bytes"):
        list(read_archive(path))


def test_zstd_without_its_library_says_what_to_install(
    archive: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "zstandard", None)
    with pytest.raises(NewsroomError, match=r"pip install 'communique\[fast\]'"):
        list(read_archive(archive(b"", "all.jsonl.zst")))


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (b"{", "json-syntax"),
        (b"[]", "json-syntax"),
        (b'"a"', "json-syntax"),
        (b"1", "json-syntax"),
        (b"null", "json-syntax"),
        (b'{"slug": "a", "source": "b"}', "json-syntax"),
        (b'{"slug": "a", "record": {}}', "json-syntax"),
        (b'{"slug": 1, "source": "b", "record": {}}', "json-syntax"),
        (b'{"slug": "a", "source": ["b"], "record": {}}', "json-syntax"),
        (b'{"slug": "a", "slug": "b", "source": "b", "record": {}}', "duplicate-key"),
        (b'{"slug": "a", "source": "b", "record": {"a": {"b": 1, "b": 2}}}', "duplicate-key"),
        (b'{"slug": "a", "source": "b", "record": {"a": "\\ud800"}}', "json-syntax"),
        (b'{"slug": "a", "source": "\\ud800", "record": {}}', "json-syntax"),
        (b'{"slug": "a", "source": "b", "record": ' + b'{"a": ' * 900 + b"1" + b"}" * 901, "json-syntax"),
        (b'{"slug": "a", "source": "b", "record": ' + b"[" * 200_000, "json-syntax"),
        (b"\xff", "json-syntax"),
        (b"\xef\xbb\xbf{}", "json-syntax"),
        (b'{"slug": "../a", "source": "b", "record": {}}', "bad-slug"),
        (b'{"slug": "/etc", "source": "b", "record": {}}', "bad-slug"),
        (b'{"slug": "", "source": "b", "record": {}}', "bad-slug"),
        (b'{"slug": "a", "source": "b", "record": []}', "not-a-mapping"),
        (b'{"slug": "a", "source": "b", "record": null}', "not-a-mapping"),
        (b'{"slug": "a", "source": "\\u0000", "record": {}}', "bad-character"),
    ],
)
def test_a_line_that_is_no_release_is_a_finding_and_the_next_ones_are_read(
    archive: Callable[..., Path], written: bytes, code: str
) -> None:
    path = archive(line("one") + written + b"\n" + line("two"))
    one, broken, two = open_data(path.parent.parent).releases()
    assert (one.slug, two.slug, one.findings, two.findings) == ("one", "two", (), ())
    assert broken.record is None
    assert [(f.file, f.line, f.code, f.severity) for f in broken.findings] == [(str(path), 2, code, "violation")]


def test_lines_that_are_no_releases_do_not_take_each_others_names(archive: Callable[..., Path]) -> None:
    archive(b"{\n{\n", "a.jsonl")
    path = archive(b"{\n" + line("line-2"), "b.jsonl")
    codes = [[f.code for f in r.findings] for r in open_data(path.parent.parent).releases()]
    assert codes == [["json-syntax"], ["json-syntax"], ["json-syntax"], []]


def test_a_second_release_of_one_name_is_refused(archive: Callable[..., Path], make_newsroom: MakeNewsroom) -> None:
    data = make_newsroom("a: b", "text")
    path = archive(line("sample") + line("other") + line("other"))
    found = [(r.slug, r.line, r.record, [f.code for f in r.findings]) for r in open_data(data).releases()]
    assert found == [
        ("sample", 0, {"a": "b"}, []),
        ("sample", 1, None, ["duplicate-slug"]),
        ("other", 2, {"a": "b"}, []),
        ("other", 3, None, ["duplicate-slug"]),
    ]
    assert path.is_file()


def test_only_the_releases_asked_for_are_given(archive: Callable[..., Path], make_newsroom: MakeNewsroom) -> None:
    newsroom = open_data(make_newsroom("a: b", "text"))
    assert [r.slug for r in newsroom.releases(["sample"])] == ["sample"]
    archive(line("one") + line("two"))
    assert [r.slug for r in newsroom.releases(["two", "sample"])] == ["sample", "two"]


def test_an_unknown_release_is_refused_with_the_nearest_name(
    archive: Callable[..., Path], make_newsroom: MakeNewsroom
) -> None:
    newsroom = open_data(make_newsroom("a: b", "text"))
    with pytest.raises(NewsroomError, match=r"there is no release 'sampel' in .*, did you mean 'sample'\?"):
        next(newsroom.releases(["sampel"]))
    archive(line("one"))
    with pytest.raises(NewsroomError, match=r"there is no release '../x'"):
        list(newsroom.releases(["../x"]))


def test_hidden_folders_and_other_files_are_no_releases(make_newsroom: MakeNewsroom) -> None:
    data = make_newsroom("a: b", "text")
    (data / "releases" / ".sample.new").mkdir()
    (data / "releases" / "notes.txt").write_text("x")
    (data / "releases" / "b.jsonl").mkdir()
    newsroom = open_data(data)
    assert [p.name for p in newsroom.folders()] == ["b.jsonl", "sample"]
    assert newsroom.archives() == []


def test_the_files_of_the_registry_are_read_in_the_order_of_their_names(make_newsroom: MakeNewsroom) -> None:
    data = make_newsroom("a: b", "text", entities="x: y\n")
    (data / "entities" / "a.yaml").write_bytes(b"a: b\na: c\n")
    (data / "entities" / "z.yaml").symlink_to(data / "nowhere")
    (data / "entities" / "y.yaml").mkdir()
    (data / "entities" / "notes.txt").write_bytes(b"\xff")
    found = [(e.path.name, e.document, [f.code for f in e.findings]) for e in open_data(data).entities()]
    assert found == [
        ("a.yaml", None, ["duplicate-key"]),
        ("entities.yaml", {"x": "y"}, []),
        ("y.yaml", None, ["unreadable-file"]),
        ("z.yaml", None, ["bad-path"]),
    ]


def test_a_folder_that_is_no_newsroom_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NewsroomError, match=r"there is no folder .*nowhere'"):
        open_data(tmp_path / "nowhere")
    with pytest.raises(NewsroomError, match=r"it has no releases/$"):
        open_data(tmp_path)
    (tmp_path / "data" / "releases").mkdir(parents=True)
    with pytest.raises(NewsroomError, match=r"did you mean its folder data/\?"):
        open_data(tmp_path)
    assert list(open_data(tmp_path / "data").releases()) == []


def test_the_real_newsroom_has_the_first_release() -> None:
    newsroom = open_data(DATA)
    assert SLUG in [p.name for p in newsroom.folders()]
    assert newsroom.root == DATA.parent
    assert newsroom.findings == ()


def test_a_packed_archive_of_line_ends_is_not_read_to_its_end(archive: Callable[..., Path]) -> None:
    path = archive(gzip.compress(b"\n" * (2 << 20)), "all.jsonl.gz")  # 2 MiB that count for 128
    with pytest.raises(NewsroomError, match="more than 200 times its size"):
        list(read_archive(path))


def test_of_very_many_lines_that_are_no_releases_the_others_are_counted(archive: Callable[..., Path]) -> None:
    good = json.dumps({"slug": "good", "source": "x", "record": {}}).encode() + b"\n"
    found = list(read_archive(archive(b"{}\n" * 130 + good + b"[]\n" * 5, "all.jsonl")))
    assert len(found) == 100 + 1 + 1 and found[100].slug == "good"
    (last,) = found[-1].findings
    assert (last.code, last.value, last.severity) == ("more-findings", "35", "violation")
    assert "35 more lines of this archive are not releases" in last.message


def test_a_key_that_stands_twice_among_very_many_is_found_in_time(archive: Callable[..., Path]) -> None:
    keys = ",".join(f'"k{k}":1' for k in range(200_000))
    start = time.process_time()
    (release,) = read_archive(archive(("{" + keys + ',"z":1,"z":1}\n').encode(), "all.jsonl"))
    assert time.process_time() - start < 30  # seconds of processor, of which comparing all with all would need hundreds
    assert "the key 'z' occurs twice" in release.findings[0].message
