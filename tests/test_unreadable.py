"""What cannot be read never counts as absent, and a failure in one release does not affect the others."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from communique import artefacts
from communique.api import open_newsroom
from communique.check import checker as checking
from communique.compile.compiler import compile_release
from communique.errors import ArtefactError, CommuniqueError, NewsroomError
from communique.findings import Finding
from communique.folders import entry_at, list_folder
from communique.publish import build as building
from communique.publish.build import build
from communique.publish.graphs import gather
from communique.query.catalogue import Catalogue
from communique.read import newsroom as reading
from communique.read.newsroom import open_data
from communique.read.release import read_release
from tests.conftest import MakeNewsroom
from tests.servers import as_nobody

RECORD = """\
"@context": [context.jsonld, {{"@base": "https://w3id.org/communique/id/", "@language": en}}]
graph:
  - id: release/{slug}
    type: [NewsArticle, PressRelease]
    headline: Headline
    inLanguage: en
    evidence: Headline
"""


@pytest.fixture
def data(make_newsroom: MakeNewsroom) -> Path:
    """A newsroom with two releases, a registry, and artefacts of its own."""
    data = make_newsroom(RECORD.format(slug="one"), "Headline\n", slug="one", entities="graph: []\n")
    make_newsroom(RECORD.format(slug="two"), "Headline\n", slug="two")
    for name in artefacts.NAMES:
        (data.parent / name).mkdir()
        for path in artefacts.files(artefacts.folder(name)):
            place = data.parent / name / path.relative_to(artefacts.folder(name))
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(path.read_bytes())
    return data


def codes(findings: Any) -> list[tuple[str, str]]:
    return sorted((Path(f.file).name, f.code) for f in findings if f.severity == "violation")


def file_instead(path: Path) -> None:
    path.rename(path.with_name(f".{path.name}.aside"))
    path.write_text("no folder")


def link_to_itself(path: Path) -> None:
    path.rename(path.with_name(f".{path.name}.aside"))
    path.symlink_to(path)


def pipe_instead(path: Path) -> None:
    path.rename(path.with_name(f".{path.name}.aside"))
    os.mkfifo(path)


SPOILED = [file_instead, link_to_itself, pipe_instead]


@pytest.mark.parametrize("name", ["releases", "entities"])
@pytest.mark.parametrize("spoil", SPOILED)
def test_a_folder_of_the_data_that_is_none_is_an_error(data: Path, name: str, spoil: Callable[[Path], None]) -> None:
    spoil(data / name)
    with pytest.raises(NewsroomError, match=rf"^{data / name} is a (file|link|pipe), not a folder") as no:
        list(open_newsroom(data).check())
    assert "\n" not in str(no.value)


@pytest.mark.parametrize("name", artefacts.NAMES)
@pytest.mark.parametrize("spoil", SPOILED)
def test_the_packaged_artefact_does_not_take_the_place_of_one_that_cannot_be_read(
    data: Path, name: str, spoil: Callable[[Path], None]
) -> None:
    spoil(data.parent / name)
    with pytest.raises(ArtefactError, match=rf"^{data.parent / name} cannot be read: "):
        artefacts.folder(name, data.parent)


def deny(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let the system refuse to list a folder, as it does to anybody but root."""
    scandir = os.scandir

    def refuse(path: Any) -> Any:
        if not isinstance(path, int) and Path(path) == folder:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)


@pytest.mark.parametrize("name", ["", "releases", "entities", "releases/two"])
def test_a_folder_that_may_not_be_read_is_an_error_with_its_path(
    data: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    deny(monkeypatch, data / name)
    with pytest.raises(NewsroomError, match=rf"^{data / name} cannot be read: Permission denied"):
        list(open_newsroom(data).check())
    with pytest.raises(NewsroomError, match="Permission denied"), gather(open_newsroom(data), jobs=1):
        pass


@pytest.mark.parametrize("name", ["ontology", "shapes", "shapes/profiles", "queries"])
def test_an_artefact_that_may_not_be_read_is_an_error_with_its_path(
    data: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    deny(monkeypatch, data.parent / name)
    with pytest.raises(ArtefactError, match=rf"^{data.parent / name} cannot be read: Permission denied"):
        newsroom = open_newsroom(data)
        assert newsroom.catalogue
        newsroom.core.check(newsroom["one"].written)


def test_the_entries_of_a_folder_come_with_their_kind(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "a").write_text("x")
    (tmp_path / "c").symlink_to("nowhere")
    os.mkfifo(tmp_path / "d")
    found = [(e.path.name, e.kind, e.is_file, e.is_folder) for e in list_folder(tmp_path, NewsroomError)]
    assert found == [("a", "a file", True, False), ("b", "a folder", False, True), ("c", "a link", False, False),
                     ("d", "a pipe", False, False)]  # fmt: skip
    assert entry_at(tmp_path / "nothing", NewsroomError) is None
    assert entry_at(Path(os.devnull), NewsroomError) == (Path(os.devnull), os.lstat(os.devnull).st_mode)
    with pytest.raises(CommuniqueError, match="cannot be read: No such file"):
        list_folder(tmp_path / "nothing", NewsroomError)
    with pytest.raises(CommuniqueError, match="cannot be read: Not a directory"):
        entry_at(tmp_path / "a" / "b", NewsroomError)
    with pytest.raises(CommuniqueError, match="cannot be read: embedded null byte"):
        entry_at(tmp_path / "a\0", NewsroomError)


def test_links_and_pipes_among_the_releases_are_findings_and_the_others_are_judged(data: Path) -> None:
    outside = data.parent / "outside.jsonl"
    outside.write_text("{}\n")
    (data / "releases" / "all.jsonl").symlink_to(outside)
    (data / "releases" / "three").symlink_to("nowhere")
    (data / "releases" / "four").symlink_to(data / "releases" / "one")
    os.mkfifo(data / "releases" / "more.jsonl")
    (data / "releases" / ".hidden").symlink_to("nowhere")
    checked = list(open_newsroom(data).check())
    assert codes(f for c in checked for f in c.findings) == [
        ("all.jsonl", "bad-path"), ("four", "bad-path"), ("more.jsonl", "unreadable-file"), ("three", "bad-path"),
    ]  # fmt: skip
    assert {c.compiled.slug for c in checked if c.compiled.facts} == {"one", "two"}
    assert not outside.read_text().startswith("secret")


def test_a_link_can_be_named_like_a_release_and_is_its_finding(data: Path) -> None:
    (data / "releases" / "three").symlink_to("nowhere")
    assert codes(f for c in open_newsroom(data).check(["three"]) for f in c.findings) == [("three", "bad-path")]


@pytest.mark.parametrize("name", ["record.yaml", "source.txt"])
def test_a_release_with_an_unreadable_file_is_known_to_be_unread(data: Path, name: str) -> None:
    (data / "releases" / "two" / name).unlink()
    (data / "releases" / "two" / name).mkdir()
    with gather(open_newsroom(data), jobs=1) as whole:
        assert whole.unread == {"two"} and codes(whole.findings) == [(name, "unreadable-file")]
        assert whole.graphs == 3  # the facts and the evidence of one, and the description of the dataset
    assert [r.is_unread for r in open_data(data).releases()] == [False, True]


def test_a_description_that_is_a_pipe_is_a_finding_and_is_not_waited_for(data: Path) -> None:
    os.mkfifo(data / "dataset.yaml")
    assert codes(open_data(data).findings) == [("dataset.yaml", "unreadable-file")]


@pytest.mark.parametrize("name", ["shapes/extra.ttl", "queries/extra.rq", "ontology/extra.jsonld"])
@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/etc/passwd"), Path.mkdir])
def test_an_artefact_is_a_plain_file(data: Path, name: str, make: Callable[[Path], None]) -> None:
    make(data.parent / name)
    if make is Path.mkdir:
        assert data.parent / name not in list(artefacts.files((data.parent / name).parent))
        return
    with pytest.raises(ArtefactError, match=rf"^{data.parent / name} is a (pipe|link), which is not read"):
        list(artefacts.files((data.parent / name).parent))
    if name.startswith("queries"):
        with pytest.raises(ArtefactError, match="which is not read"):
            dict(Catalogue(data.parent))


def test_only_what_is_read_as_an_artefact_is_published(data: Path) -> None:
    for name in (".secret.ttl", "notes.txt", "key.pem"):
        (data.parent / "shapes" / name).write_text("secret")
    (data.parent / "shapes" / ".git").mkdir()
    (data.parent / "shapes" / ".git" / "a.ttl").write_text("secret")
    build(open_newsroom(data), data.parent / "public", jobs=1, site=False)
    names = {
        p.relative_to(data.parent / "public" / "shapes").as_posix()
        for p in (data.parent / "public" / "shapes").rglob("*")
    }
    assert "release.ttl" in names and "profiles/privacy.ttl" in names
    assert not [n for n in names if "secret" in n or "notes" in n or "key" in n or ".git" in n]


def test_an_archive_that_cannot_be_opened_is_a_finding(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data / "releases" / "all.jsonl").write_text("")

    def refuse(path: Path) -> Any:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(reading, "_open", refuse)
    found = [(r.slug, codes(r.findings)) for r in open_data(data).releases()]
    assert found == [("one", []), ("two", []), ("all.jsonl", [("all.jsonl", "unreadable-file")])]
    assert [r.slug for r in open_data(data).releases(["three"])] == ["all.jsonl"]  # it may be in there


COMMAND = [sys.executable, "-m", "communique", "check", "--data"]


@pytest.mark.parametrize(
    ("path", "mode", "code", "words"),
    [
        ("releases", 0o000, 2, "releases cannot be read: Permission denied"),
        ("releases", 0o444, 2, "releases cannot be read: Permission denied"),
        ("releases/two", 0o000, 2, "two cannot be read: Permission denied"),
        ("releases/two", 0o444, 2, "two cannot be read: Permission denied"),
        ("entities", 0o000, 2, "entities cannot be read: Permission denied"),
        ("../queries", 0o000, 0, ""),
        ("../shapes", 0o000, 2, "shapes cannot be read: Permission denied"),
        ("../ontology", 0o000, 2, "ontology cannot be read: Permission denied"),
        (
            "releases/two/record.yaml",
            0o000,
            1,
            "violation [unreadable-file] record.yaml cannot be read: Permission denied",
        ),
        (
            "releases/two/source.txt",
            0o000,
            1,
            "violation [unreadable-file] source.txt cannot be read: Permission denied",
        ),
        ("entities/entities.yaml", 0o000, 1, "violation [unreadable-file] entities.yaml cannot be read"),
        (".", 0o000, 2, "newsroom/data"),
    ],
)
def test_somebody_without_the_rights_is_told_so(data: Path, path: str, mode: int, code: int, words: str) -> None:
    with TemporaryDirectory() as folder:  # one that others may enter
        Path(folder).chmod(0o755)
        shutil.copytree(data.parent, Path(folder) / "newsroom").chmod(0o755)
        place = Path(folder) / "newsroom" / "data" / path
        place.chmod(mode)
        command = as_nobody([*COMMAND, f"{folder}/newsroom/data"])
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd="/", check=False)
        place.chmod(0o755)
    assert done.returncode == code, done.stderr
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stderr and "bug" not in done.stderr


# ---- the guard


class BoomError(Exception):
    """A bug."""


def test_what_goes_wrong_while_a_release_is_read_is_a_finding_of_it(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = read_release

    def fail(folder: Path) -> Any:
        if folder.name == "one":
            raise BoomError("first line\nsecond line")
        return read(folder)

    monkeypatch.setattr(reading, "read_release", fail)
    checked = list(open_newsroom(data).check())
    assert [(c.compiled.slug, bool(c.compiled.facts)) for c in checked] == [("one", False), ("two", True)]
    (finding,) = (f for c in checked for f in c.findings if f.severity == "violation")
    assert finding == Finding(
        file=str(data / "releases" / "one" / "record.yaml"),
        code="program-error",
        message="the program fails on this and continues with the rest: BoomError: first line",
        fix="report this bug; COMMUNIQUE_DEBUG=1 shows where it is",
    )
    monkeypatch.setenv("COMMUNIQUE_DEBUG", "1")
    with pytest.raises(BoomError) as raised:
        list(open_newsroom(data).check())
    assert raised.value.__notes__ == [f"while working on {data / 'releases' / 'one' / 'record.yaml'}"]


def test_what_goes_wrong_while_a_release_is_judged_is_a_finding_of_it(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(release: Any, *rest: Any, **more: Any) -> Any:
        if release.slug == "one":
            raise RecursionError("too deep")
        return compile_release(release, *rest, **more)

    monkeypatch.setattr(checking, "compile_release", fail)
    outcome = build(open_newsroom(data), data.parent / "public", jobs=1)
    assert codes(outcome.findings) == [("record.yaml", "program-error")]
    assert outcome.sums.releases == 2 and not (data.parent / "public").exists()


def test_what_goes_wrong_while_a_release_is_written_is_a_finding_of_it(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_release = building.write_release

    def fail(made: Any, checker: Any, release: Any, *rest: Any, **more: Any) -> None:
        if release.slug == "one":
            raise BoomError("template")
        write_release(made, checker, release, *rest, **more)

    monkeypatch.setattr(building, "write_release", fail)
    outcome = build(open_newsroom(data), data.parent / "public", jobs=1)
    assert codes(outcome.findings) == [("record.yaml", "program-error")]
    assert not (data.parent / "public").exists()


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), CommuniqueError("no")])
def test_a_full_disk_is_no_fault_of_a_release(data: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: Any, **more: Any) -> None:
        raise error

    monkeypatch.setattr(building, "write_release", fail)
    with pytest.raises(CommuniqueError, match=str(error.args[-1])):
        build(open_newsroom(data), data.parent / "public", jobs=1)


def test_what_goes_wrong_in_a_file_of_the_registry_or_a_line_of_an_archive_is_a_finding(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise BoomError("bug")

    monkeypatch.setattr(reading, "build_release", fail)
    monkeypatch.setattr(reading, "read_yaml", fail)
    (data / "releases" / "all.jsonl").write_text('\n{"slug": "a", "source": "b", "record": {}}\n')
    newsroom = open_data(data)
    assert [codes(e.findings) for e in newsroom.entities()] == [[("entities.yaml", "program-error")]]
    (broken,) = (r for r in newsroom.releases() if r.slug.startswith("all"))
    assert (broken.slug, broken.findings[0].line, codes(broken.findings)) == (
        "all.jsonl:2",
        2,
        [("all.jsonl", "program-error")],
    )


def test_what_goes_wrong_while_a_file_of_the_registry_is_compiled_is_a_finding(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise BoomError("bug")

    (data / "entities" / "entities.yaml").write_text("graph:\n  - {id: org/a, type: Organization, name: A}\n")
    monkeypatch.setattr("communique.compile.registry.apply_general_rules", fail)
    newsroom = open_newsroom(data)
    assert codes(newsroom.registry.findings) == [("entities.yaml", "program-error")]
    assert [codes(c.findings) for c in newsroom.check()] == [[], []]


def test_one_number_that_python_refuses_stops_nothing(data: Path) -> None:
    with (data / "releases" / "one" / "record.yaml").open("a") as record:
        record.write("    telephone: 0x" + "1" * 4000 + "\n")
    checked = list(open_newsroom(data).check())
    found = [(f.code, f.line, f.column) for c in checked for f in c.findings if f.severity == "violation"]
    assert found == [("not-text", 8, 16)]
    assert [bool(c.compiled.facts) for c in checked] == [False, True]


@pytest.mark.slow
def test_files_of_another_system_are_read_alike(data: Path) -> None:
    plain = build(open_newsroom(data), data.parent / "plain", jobs=1)
    files = [p for p in data.parent.rglob("*") if p.suffix in (".ttl", ".rq", ".jsonld", ".yaml", ".txt", ".json")]
    for path in (p for p in files if not p.is_relative_to(data.parent / "plain")):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    odd = build(open_newsroom(data), data.parent / "odd", jobs=1)
    assert (odd.findings, odd.files) == (plain.findings, plain.files) and odd.files > 100
    for name in ("dataset.nq", "release/one/source.txt", "release/one/index.html", "queries/speakers/query.rq"):
        assert (data.parent / "odd" / name).read_bytes() == (data.parent / "plain" / name).read_bytes(), name


def test_an_artefact_that_is_not_utf8_is_one_sentence(data: Path) -> None:
    for name in ("queries/speakers.rq", "shapes/release.ttl", "ontology/context.jsonld"):
        (data.parent / name).write_bytes(b"# \xff\n")
        with pytest.raises(ArtefactError, match=rf"^{data.parent / name}: byte 2 is not UTF-8"):
            artefacts.read_text(data.parent / name)
    with pytest.raises(ArtefactError, match="byte 2 is not UTF-8"):
        dict(Catalogue(data.parent))
    with pytest.raises(ArtefactError, match="cannot be read: No such file"):
        artefacts.read_text(data.parent / "nothing.ttl")
