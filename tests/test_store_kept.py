"""The store that is kept beside the data: used again while nothing has changed, never otherwise; whole or not there.

The same for a question that is asked of one release: it compiles this one alone, and answers as if it had all.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from communique.api import Newsroom, open_newsroom
from communique.errors import ArtefactError, QueryError
from communique.read.release import WrittenRelease
from communique.store import kept
from communique.store.embedded import open_embedded
from tests.conftest import ROOT

ARCHIVE = ROOT / "tests" / "cases" / "archive" / "data"
FIRST, SECOND = "2018-09-20-testers-forum", "2019-11-08-paper-rivers"
NAMES = "releases-by-language"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A newsroom with two releases, to be changed at will."""
    data = tmp_path / "data"
    shutil.copytree(ARCHIVE, data)
    for folder in (data / "releases").iterdir():
        if folder.name not in (FIRST, SECOND):
            shutil.rmtree(folder)
    return data


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The slugs of the releases that are compiled, as they come."""
    slugs: list[str] = []
    compile_one = Newsroom.compile

    def record(self: Newsroom, written: WrittenRelease) -> Any:
        slugs.append(written.slug)
        return compile_one(self, written)

    monkeypatch.setattr(Newsroom, "compile", record)
    return slugs


def ask(data: Path, name: str = NAMES, **values: str) -> str:
    return open_newsroom(data, keep=True).query(name, store=None, **values).render("csv")


def stores(data: Path) -> list[str]:
    return sorted(p.name for p in (data.parent / kept.NAME).iterdir() if p.name != ".gitignore")


# ---- used again


@pytest.mark.slow
def test_the_second_question_compiles_nothing_and_has_the_same_answer(data: Path, compiled: list[str]) -> None:
    first = ask(data, "speakers")
    assert compiled == [FIRST, SECOND]
    assert ask(data, "speakers") == first == open_newsroom(data).query("speakers").render("csv")
    assert compiled == [FIRST, SECOND] * 2  # the last one keeps nothing
    assert len(stores(data)) == 1


def test_git_sees_nothing_of_a_kept_store(data: Path) -> None:
    subprocess.run(["git", "init", "-q", str(data.parent)], check=True)
    ask(data)
    seen = subprocess.run(["git", "-C", str(data.parent), "status", "--porcelain"], capture_output=True, check=True)
    assert seen.stdout == b"?? data/\n"


def test_nothing_is_kept_unless_this_is_asked_for(data: Path) -> None:
    open_newsroom(data).query(NAMES)
    assert not (data.parent / kept.NAME).exists()


# ---- never stale


CHANGED = [
    f"releases/{SECOND}/source.txt",
    f"releases/{SECOND}/record.yaml",
    "entities/entities.yaml",
    "dataset.yaml",
]


@pytest.mark.parametrize("file", CHANGED)
def test_one_other_byte_and_everything_is_compiled_again(data: Path, compiled: list[str], file: str) -> None:
    ask(data)
    old = (data / file).stat()
    body = (data / file).read_bytes()
    (data / file).write_bytes(body[:-1] + (b" " if body.endswith(b"\n") else b"\n"))
    os.utime(data / file, ns=(old.st_atime_ns, old.st_mtime_ns))
    ask(data)
    assert compiled == [FIRST, SECOND] * 2
    assert len(stores(data)) == 1


@pytest.mark.slow
def test_an_answer_after_a_change_is_the_new_one(data: Path) -> None:
    old = ask(data, "entities")
    shutil.rmtree(data / "releases" / SECOND)
    new = ask(data, "entities")
    assert new != old
    assert new == open_newsroom(data).query("entities").render("csv")


def test_other_keys_of_the_newsroom_make_another_store(data: Path, compiled: list[str]) -> None:
    ask(data)
    shutil.copytree(ROOT / "ontology", data.parent / "ontology")
    (data.parent / "ontology" / "more.ttl").write_bytes(b"# more\n")
    ask(data)
    assert compiled == [FIRST, SECOND] * 2


@pytest.mark.slow
def test_another_program_makes_another_store(
    data: Path, tmp_path: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "program"
    (program / "text").mkdir(parents=True)
    (program / "text" / "verbs.json").write_bytes(b"[]")
    monkeypatch.setattr(kept, "_PROGRAM", program)
    ask(data)
    ask(data)
    assert compiled == [FIRST, SECOND]
    (program / "text" / "verbs.json").write_bytes(b"{}")
    ask(data)
    assert compiled == [FIRST, SECOND] * 2


def test_data_that_change_while_they_are_read_are_not_kept(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quads = Newsroom.quads

    def change(self: Newsroom) -> Iterator[Any]:
        yield from quads(self)
        (data / "dataset.yaml").write_bytes((data / "dataset.yaml").read_bytes() + b"\n")

    monkeypatch.setattr(Newsroom, "quads", change)
    assert ask(data)
    assert stores(data) == ["new"]
    monkeypatch.undo()
    ask(data)
    assert [len(name) for name in stores(data)] == [64]


def test_a_store_that_came_with_the_data_is_not_believed(data: Path, tmp_path: Path, compiled: list[str]) -> None:
    ask(data)
    other = tmp_path / "other"
    shutil.copytree(data.parent, other, ignore=shutil.ignore_patterns("other"))
    assert stores(other / "data") == stores(data)
    ask(other / "data")
    assert compiled == [FIRST, SECOND] * 2


# ---- whole or not there

KILLED = """
import os, signal, sys
from communique.api import Newsroom, open_newsroom
quads = Newsroom.quads
def die(self):
    for number, quad in enumerate(quads(self)):
        if number == 500:
            os.kill(os.getpid(), signal.SIGKILL)
        yield quad
Newsroom.quads = die
open_newsroom(sys.argv[1], keep=True).query("releases-by-language")
"""


@pytest.mark.slow
def test_a_command_killed_in_the_middle_leaves_no_store(data: Path, compiled: list[str]) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(data)], cwd=ROOT)
    assert done.returncode == -signal.SIGKILL
    assert stores(data) == ["new"]
    assert ask(data) == open_newsroom(data).query(NAMES).render("csv")
    assert [len(name) for name in stores(data)] == [64]
    ask(data)
    assert compiled == [FIRST, SECOND] * 2


@pytest.mark.slow
def test_a_damaged_store_is_not_used_and_made_again(data: Path, compiled: list[str]) -> None:
    rows = ask(data)
    (place,) = stores(data)
    (data.parent / kept.NAME / place / "CURRENT").write_bytes(b"nothing\n")
    assert ask(data) == rows
    assert ask(data) == rows
    assert compiled == [FIRST, SECOND] * 3
    ask(data)
    assert compiled == [FIRST, SECOND] * 3


# ---- where it cannot be kept


def test_a_folder_that_cannot_be_written_answers_all_the_same(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mkdir = Path.mkdir

    def refuse(self: Path, *args: Any, **kwargs: Any) -> None:
        if self.name == kept.NAME:
            raise PermissionError(13, "Permission denied", str(self))
        mkdir(self, *args, **kwargs)

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert ask(data) == open_newsroom(data).query(NAMES).render("csv")
    assert not (data.parent / kept.NAME).exists()


@pytest.mark.slow
def test_a_store_in_a_folder_that_can_only_be_read_is_used(
    data: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = ask(data)
    open_file = os.open

    def refuse(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
        if flags & os.O_RDWR:
            raise PermissionError(13, "Permission denied", str(path))
        return open_file(path, flags, *args, **kwargs)

    monkeypatch.setattr(os, "open", refuse)
    assert ask(data) == rows
    assert compiled == [FIRST, SECOND]
    (data / "dataset.yaml").write_bytes((data / "dataset.yaml").read_bytes() + b"\n")
    ask(data)
    assert compiled == [FIRST, SECOND] * 2


@pytest.mark.parametrize("kind", ["file", "link"])
def test_what_else_has_the_name_is_left_alone(data: Path, tmp_path: Path, kind: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    home = data.parent / kept.NAME
    if kind == "link":
        home.symlink_to(elsewhere)
    else:
        home.write_bytes(b"mine")
    assert ask(data) == open_newsroom(data).query(NAMES).render("csv")
    assert list(elsewhere.iterdir()) == []
    assert home.is_symlink() if kind == "link" else home.read_bytes() == b"mine"


def test_while_another_process_writes_it_nothing_is_waited_for(data: Path, compiled: list[str]) -> None:
    home = data.parent / kept.NAME
    home.mkdir()
    with (home / ".gitignore").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert ask(data)
        assert stores(data) == []
    ask(data)
    assert len(stores(data)) == 1


# ---- asked of one release


def test_a_question_about_one_release_compiles_this_one_alone(data: Path, compiled: list[str]) -> None:
    whole = open_newsroom(data)
    assert whole.store.graphs()
    compiled.clear()
    rows = ask(data, "speakers", release=SECOND)
    assert compiled == [SECOND]
    assert rows == whole.query("speakers", release=SECOND).render("csv")
    assert [name[:-64] for name in stores(data)] == ["release-"]


def test_the_second_question_about_one_release_compiles_nothing(data: Path, compiled: list[str]) -> None:
    rows = ask(data, "speakers", release=SECOND)
    ask(data, "who-attended", release=SECOND)
    assert ask(data, "speakers", release=SECOND) == rows
    assert compiled == [SECOND]


@pytest.mark.parametrize("file", CHANGED)
def test_one_other_byte_of_the_release_or_of_what_all_share_and_it_is_compiled_again(
    data: Path, compiled: list[str], file: str
) -> None:
    ask(data, "speakers", release=SECOND)
    body = (data / file).read_bytes()
    (data / file).write_bytes(body[:-1] + (b" " if body.endswith(b"\n") else b"\n"))
    ask(data, "speakers", release=SECOND)
    assert compiled == [SECOND] * 2


def test_an_archive_may_have_the_release_too(data: Path, compiled: list[str]) -> None:
    ask(data, "speakers", release=SECOND)
    (data / "releases" / "more.jsonl").write_bytes(b"\n")
    ask(data, "speakers", release=SECOND)
    assert compiled == [SECOND] * 2


def test_another_release_may_change_meanwhile(data: Path, compiled: list[str]) -> None:
    ask(data, "speakers", release=SECOND)
    shutil.rmtree(data / "releases" / FIRST)
    ask(data, "speakers", release=SECOND)
    assert compiled == [SECOND]


def test_the_store_of_all_releases_stays_beside_that_of_one(data: Path, compiled: list[str]) -> None:
    ask(data)
    ask(data, "speakers", release=SECOND)
    ask(data)
    ask(data, "speakers", release=SECOND)
    assert compiled == [FIRST, SECOND, SECOND]
    assert sorted(name[:-64] for name in stores(data)) == ["", "release-"]


def test_the_last_eight_stores_of_one_release_are_kept(data: Path) -> None:
    made: list[str] = []

    def record(slug: str) -> list[Any]:
        made.append(slug)
        return []

    def opened(slug: str) -> None:
        assert kept.open_kept(data.parent, data, partial(record, slug), slug)

    slugs = [f"2020-01-{day:02d}-rivers" for day in range(1, 11)]
    for slug in slugs:
        opened(slug)
    assert len(stores(data)) == 8
    for slug in [*slugs[2:], slugs[1]]:
        opened(slug)
    assert made == [*slugs, slugs[1]]


def test_what_is_left_of_a_store_that_was_not_finished_is_in_no_answer(data: Path) -> None:
    left = data.parent / kept.NAME / "new"
    left.parent.mkdir()
    with open_embedded(left) as store:
        store.extend(open_newsroom(data).quads([FIRST]))
    whole = kept.open_kept(data.parent, data, lambda: [], SECOND)
    assert whole is not None
    assert not list(whole.graphs())
    assert [name[:-64] for name in stores(data)] == ["release-"]


def test_a_broken_question_stops_no_other(data: Path) -> None:
    shutil.copytree(ROOT / "queries", data.parent / "queries")
    (data.parent / "queries" / "speakers.rq").write_bytes(b"")
    assert ask(data) == ask(data)
    with pytest.raises(ArtefactError, match=r"speakers\.rq:1: "):
        ask(data, "speakers")


def test_the_answer_for_one_release_that_is_kept_sees_no_other(data: Path) -> None:
    for slug in (FIRST, SECOND):
        kept_one = [ask(data, name, release=slug) for name in ("speakers", "who-said-what") for _ in range(2)]
        fresh = [open_newsroom(data).query(name, release=slug).render("csv") for name in ("speakers", "who-said-what")]
        assert kept_one == [fresh[0], fresh[0], fresh[1], fresh[1]]


def test_several_questions_about_one_release_compile_it_once(data: Path, compiled: list[str]) -> None:
    newsroom = open_newsroom(data)
    newsroom.query("speakers", release=FIRST)
    newsroom.query("who-attended", release=FIRST)
    newsroom.query("speakers", release=SECOND)
    assert compiled == [FIRST, SECOND]


def test_a_value_of_another_release_is_no_mistake(data: Path) -> None:
    """Of the one release alone it would be refused, as a value that is not among the data."""
    people = {row["person"] for row in open_newsroom(data).query("who-said-what", release=FIRST).to_dicts()}
    person = sorted(str(one) for one in people if "/person/" in str(one))[0]
    assert open_newsroom(data).query("who-said-what", person=person, release=SECOND).rows == ()


def test_a_value_of_no_release_is_refused_as_ever(data: Path) -> None:
    with pytest.raises(QueryError) as alone:
        open_newsroom(data).query("who-said-what", person="person/anna-mok", release=FIRST)
    with pytest.raises(QueryError) as whole:
        newsroom = open_newsroom(data)
        assert newsroom.store.graphs()
        newsroom.query("who-said-what", person="person/anna-mok", release=FIRST)
    assert str(alone.value) == str(whole.value)
    assert "did you mean 'person/anna-mock'?" in str(alone.value)


def test_a_release_that_is_not_there_is_refused_with_the_nearest(data: Path) -> None:
    with pytest.raises(QueryError, match=f"did you mean '{SECOND}'"):
        open_newsroom(data).query("speakers", release=SECOND[:-1])


def test_a_wrong_parameter_is_refused_before_anything_is_compiled(data: Path, compiled: list[str]) -> None:
    with pytest.raises(QueryError, match="has no parameter 'persn'"):
        ask(data, "who-said-what", release=FIRST, persn="person/anna-mock")
    assert compiled == []
