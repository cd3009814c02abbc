"""A release as read from its folder or a line of an archive: the text unchanged, and what is wrong with the files."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from communique.findings import Finding, Position, render_findings
from communique.read.release import WrittenRelease, build_release, read_json, read_release
from communique.read.sources import MAX_LINES, MAX_SOURCE_BYTES
from tests.conftest import DATA, SLUG, MakeNewsroom


def brief(findings: tuple[Finding, ...], folder: Path | None = None) -> list[tuple[str, str, int, str]]:
    return [(Path(f.file).name, f.code, f.line, f.severity) for f in findings]


def read(make: MakeNewsroom, **files: Any) -> WrittenRelease:
    return read_release(
        make(files.pop("record", "a: b"), files.pop("source", "text\n"), **files) / "releases" / "sample"
    )


def test_a_release_is_its_text_and_its_record_unchanged(make_newsroom: MakeNewsroom) -> None:
    source = "\tÄ\xa0№\nb \n\n"
    release = read(make_newsroom, record="a: b\nc: [d]\n", source=source, page={"url": 1})
    assert (release.slug, release.source, release.record, release.page) == (
        "sample", source, {"a": "b", "c": ["d"]}, {"url": 1},
    )  # fmt: skip
    assert release.sha256 == hashlib.sha256(source.encode()).hexdigest()
    assert release.raw == b"a: b\nc: [d]\n" and release.line == 0
    assert release.file == str(release.path / "record.yaml")


def test_a_value_is_located_in_its_file(make_newsroom: MakeNewsroom) -> None:
    release = read(make_newsroom, record="a: b\nc: [d, e f]\n")
    assert release.locate(("c", 1), word="f") == Position(2, 10, 1)
    assert release.finding("no-id", "message", ("c",), key=True, fix="fix") == Finding(
        file=release.file, line=2, column=1, length=1, code="no-id", message="message", fix="fix"
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("plain\ttext №\n", []),
        ("a\nb\u202ec", [("source.txt", "bidi-control", 2, "warning")]),
        ("a\n\nb\x07", [("source.txt", "control-character", 3, "warning")]),
        ("e\u0301", [("source.txt", "not-nfc", 1, "warning")]),
    ],
)
def test_what_is_odd_in_a_text_is_kept_and_warned_of(
    make_newsroom: MakeNewsroom, source: str, expected: list[tuple[str, str, int, str]]
) -> None:
    release = read(make_newsroom, source=source)
    assert (release.source, release.record, brief(release.findings)) == (source, {"a": "b"}, expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"a\nb\0", ("source.txt", "bad-character", 2, "violation")),
        (b"a\n\nb\xff", ("source.txt", "bad-encoding", 3, "violation")),
        (b"a" * (MAX_SOURCE_BYTES + 1), ("source.txt", "too-large", 0, "violation")),
        (b"a\r\n" * (MAX_LINES + 1), ("source.txt", "too-large", 0, "violation")),
    ],
    ids=["NUL", "not UTF-8", "one byte too many", "one line too many"],
)
def test_a_text_that_cannot_be_used_is_refused(
    make_newsroom: MakeNewsroom, source: bytes, expected: tuple[str, str, int, str]
) -> None:
    release = read(make_newsroom, source=source)
    assert (release.source, release.record, brief(release.findings)) == ("", None, [expected])


def test_a_text_of_one_mebibyte_is_read(make_newsroom: MakeNewsroom) -> None:
    release = read(make_newsroom, source="a" * MAX_SOURCE_BYTES)
    assert (len(release.source), release.findings) == (MAX_SOURCE_BYTES, ())


def test_a_text_of_twenty_thousand_lines_is_read(make_newsroom: MakeNewsroom) -> None:
    release = read(make_newsroom, source="a\n" * MAX_LINES)
    assert (len(release.source), release.findings) == (2 * MAX_LINES, ())


@pytest.mark.parametrize("mark", ["", "\ufeff", "\ufeff\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_byte_order_marks_are_read_alike(make_newsroom: MakeNewsroom, mark: str, end: str) -> None:
    source, record, page = "Ä\n\nb c\n", "a: b\nc: |\n  d\n  e\nf: 'g\n\n  h'\n", '{"url":\n 1}'
    odd = [mark + text.replace("\n", end) for text in (source, record, page)]
    release = read(make_newsroom, source=odd[0], record=odd[1], page=odd[2].encode())
    assert (release.source, release.findings) == (source, ())
    assert (release.record, release.page) == ({"a": "b", "c": "d\ne\n", "f": "g\nh"}, {"url": 1})
    assert release.sha256 == hashlib.sha256(source.encode()).hexdigest()
    assert release.locate(("f",), key=True) == Position(5, 1, 1)
    shown = render_findings([release.finding("no-id", "message", ("a",))], "text")
    assert "     1 | a: b\n       |    ^\n" in shown


def test_line_ends_of_an_archive_are_read_as_those_of_a_file() -> None:
    release = build_release("a", "\ufeffÄ\r\nb\rc", {"x": ["y\r\nz"]}, Path("all.jsonl"), 7)
    assert (release.source, release.record, release.findings) == ("Ä\nb\nc", {"x": ["y\nz"]}, ())
    assert release.sha256 == hashlib.sha256("Ä\nb\nc".encode()).hexdigest()


@pytest.mark.parametrize("name", ["source.txt", "record.yaml"])
def test_a_missing_file_is_named(make_newsroom: MakeNewsroom, name: str) -> None:
    folder = make_newsroom("a: b", "text") / "releases" / "sample"
    (folder / name).unlink()
    release = read_release(folder)
    assert (release.record, brief(release.findings)) == (None, [(name, "missing-file", 0, "violation")])


@pytest.mark.parametrize("name", ["source.txt", "record.yaml", "page.json"])
def test_a_link_is_not_followed(make_newsroom: MakeNewsroom, tmp_path: Path, name: str) -> None:
    folder = make_newsroom("a: b", "text") / "releases" / "sample"
    (tmp_path / "secret").write_text("a: secret")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(tmp_path / "secret")
    release = read_release(folder)
    assert brief(release.findings) == [(name, "bad-path", 0, "violation")]
    assert release.page is None and "secret" not in release.source


def test_a_folder_that_is_a_link_is_not_followed(make_newsroom: MakeNewsroom, tmp_path: Path) -> None:
    folder = make_newsroom("a: b", "text") / "releases" / "sample"
    link = folder.with_name("linked")
    link.symlink_to(folder, target_is_directory=True)
    release = read_release(link)
    assert (release.record, release.source) == (None, "")
    assert brief(release.findings) == [("linked", "bad-path", 0, "violation")]


@pytest.mark.parametrize("name", ["source.txt", "record.yaml", "page.json"])
def test_what_is_not_a_file_is_not_opened(make_newsroom: MakeNewsroom, name: str) -> None:
    folder = make_newsroom("a: b", "text") / "releases" / "sample"
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)  # reading it would wait for ever
    assert brief(read_release(folder).findings) == [(name, "unreadable-file", 0, "violation")]
    (folder / name).unlink()
    (folder / name).mkdir()
    assert brief(read_release(folder).findings) == [(name, "unreadable-file", 0, "violation")]


def test_a_file_far_too_large_is_not_opened(make_newsroom: MakeNewsroom) -> None:
    folder = make_newsroom("a: b", "text") / "releases" / "sample"
    with (folder / "record.yaml").open("r+b") as file:
        file.truncate(65 * MAX_SOURCE_BYTES)
    assert brief(read_release(folder).findings) == [("record.yaml", "too-large", 0, "violation")]


@pytest.mark.parametrize(
    "slug", ["Sample", "sample_1", "-sample", "sample-", "s.t", "s t", "ä", "a" * 81, "con:", "a\nb", "sämple", "%2e"]
)
def test_a_name_that_is_no_slug_is_refused(make_newsroom: MakeNewsroom, slug: str) -> None:
    release = read_release(make_newsroom("a: b", "text", slug=slug) / "releases" / slug)
    assert release.record is None
    assert [f.code for f in release.findings] == ["bad-slug"]
    assert [f.code for f in build_release(slug, "text", {}, Path("a.jsonl"), 7).findings] == ["bad-slug"]


@pytest.mark.parametrize("slug", ["a", "1", "a-b", "a--b", "2015-05-29-x", "a" * 80])
def test_a_slug_is_accepted(slug: str) -> None:
    assert build_release(slug, "text", {"a": "b"}, Path("a.jsonl"), 7).findings == ()


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (b'{"a": 1,\n "a": 2}', ("json-syntax", 0)),
        (b'{"a": 1,\n b}', ("json-syntax", 2)),
        (b"\xff", ("json-syntax", 0)),
        (b'{"a": NaN}', ("json-syntax", 0)),
        (b'{"a": -Infinity}', ("json-syntax", 0)),
        (b"[" * 100_000, ("json-syntax", 0)),
        (b"[" * 65 + b"]" * 65, ("json-syntax", 0)),
        (b'{"a": "\\ud800"}', ("json-syntax", 0)),
        (b'{"\\uDFFF": "a"}', ("json-syntax", 0)),
        (b'{"a": ' + b"9" * 5000 + b"}", ("json-syntax", 0)),
        (b"", ("json-syntax", 1)),
        (b"[]", ("not-a-mapping", 0)),
        (b'"a"', ("not-a-mapping", 0)),
    ],
)
def test_a_page_that_cannot_be_read_is_refused(
    make_newsroom: MakeNewsroom, page: bytes, expected: tuple[str, int]
) -> None:
    release = read(make_newsroom, page=page)
    assert [(Path(f.file).name, f.code, f.line) for f in release.findings] == [("page.json", *expected)]
    assert (release.page, release.record) == (None, {"a": "b"})


def test_json_is_read_as_it_is_written() -> None:
    assert read_json('{"a": ["😀", "\\ud83d\\ude00", 1, true, null]}'.encode()) == {"a": ["😀", "😀", 1, True, None]}


def test_a_release_from_an_archive_is_located_by_its_line() -> None:
    release = build_release("a", "text", {"x": "y"}, Path("all.jsonl"), 7)
    assert (release.file, release.locate(("x",)), release.source) == ("all.jsonl", Position(7, 1, 1), "text")
    assert release.sha256 == hashlib.sha256(b"text").hexdigest()


@pytest.mark.parametrize(
    ("source", "record", "code"),
    [
        ("a\ud800", {}, "bad-encoding"),
        ("a\0", {}, "bad-character"),
        ("a", [], "not-a-mapping"),
        ("a", None, "not-a-mapping"),
        ("a", "b", "not-a-mapping"),
    ],
)
def test_a_line_that_cannot_be_used_has_no_record(source: str, record: Any, code: str) -> None:
    release = build_release("a", source, record, Path("all.jsonl"), 7)
    assert release.record is None
    assert [(f.file, f.line, f.code) for f in release.findings] == [("all.jsonl", 7, code)]


def test_a_number_that_python_refuses_is_a_sentence() -> None:
    with pytest.raises(ValueError, match=r"^a number of 5,000 digits is not read; put it into quotation marks$"):
        read_json(b'{"a": ' + b"9" * 5000 + b"}")
    assert read_json(b'{"a": ' + b"9" * 1000 + b"}") == {"a": int("9" * 1000)}


def test_the_real_text_is_read_byte_for_byte() -> None:
    folder = DATA / "releases" / SLUG
    release = read_release(folder)
    assert release.source.encode() == (folder / "source.txt").read_bytes()
    assert release.findings == ()


def test_a_page_of_more_than_a_mebibyte_is_not_read(make_newsroom: MakeNewsroom) -> None:
    folder = make_newsroom("a: b", "Headline\n") / "releases" / "sample"
    page = b'{"url": {"value": "https://example.org/a", "origin": "footer"}}'
    (folder / "page.json").write_bytes(page + b" " * (MAX_SOURCE_BYTES - len(page)))
    assert (release := read_release(folder)).page is not None and release.findings == ()
    (folder / "page.json").write_bytes(page + b" " * (MAX_SOURCE_BYTES - len(page) + 1))
    release = read_release(folder)
    assert (release.page, [f.code for f in release.findings]) == (None, ["too-large"])
