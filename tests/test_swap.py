"""A publication is replaced whole or not at all, whatever fails and whenever the process dies."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from communique.errors import OutputError
from communique.publish import swap
from communique.publish.manifest import build_manifest, verify, write_manifest
from communique.publish.swap import open_stage

STEPS = ("open", "mkdir", "chmod", "ftruncate", "pwrite", "fsync", "replace", "unlink", "rmdir")
"""Functions of the operating system that a build calls; each call is a moment at which it can fail or die."""


def publish(target: Path, words: str) -> None:
    with open_stage(target) as stage:
        (stage / "release").mkdir()
        (stage / "release" / "index.html").write_text(words)
        (stage / words).write_text("")  # the two publications differ in their files, too
        write_manifest(stage, build_manifest(stage, graphs={}, counts={}, versions={}))


def words_of(target: Path) -> str:
    """What the publication says, after a proof that it is whole."""
    assert verify(target) == ()
    return (target / "release" / "index.html").read_text()


def beside(target: Path) -> list[str]:
    return sorted(p.name for p in target.parent.iterdir() if p != target)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "public"
    publish(folder, "old")
    return folder


@pytest.fixture(params=["exchange", "two renames"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to switch: that of Linux, and that of systems that cannot exchange two folders."""
    if request.param == "two renames":
        monkeypatch.setattr(swap, "_exchange", lambda one, other: False)
    return str(request.param)


class Moment:
    """Counts the calls of the operating system and does something at call ``at``."""

    def __init__(self, at: int, act: Callable[[str], Any]) -> None:
        self.calls, self.at, self.act = 0, at, act
        self.real = {name: getattr(os, name) for name in STEPS}
        self.exchange = swap._exchange

    def __enter__(self) -> Moment:
        for name, real in self.real.items():
            setattr(os, name, self.counted(name, real))
        swap._exchange = self.counted("exchange", self.exchange)
        return self

    def __exit__(self, *_: object) -> None:
        for name, real in self.real.items():
            setattr(os, name, real)
        swap._exchange = self.exchange

    def counted(self, name: str, real: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.calls += 1
            if self.calls == self.at:
                self.act(name)
            return real(*args, **kwargs)

        return call


def moments(folder: Path) -> range:
    """One number for every call of the operating system in a build that replaces a publication."""
    publish(folder / "rehearsal", "old")
    with Moment(0, lambda name: None) as moment:
        publish(folder / "rehearsal", "new")
    shutil.rmtree(folder / "rehearsal")
    assert moment.calls > 20
    return range(1, moment.calls + 1)


def in_child(work: Callable[[], None]) -> int:
    """How a child process ends that does ``work``: its exit code, or minus the signal that killed it."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


# ---- the plain case


def test_a_publication_takes_the_place_of_the_old_one_and_nothing_is_left_beside(target, way):
    publish(target, "new")
    assert (words_of(target), beside(target)) == ("new", [])


def test_the_first_publication_needs_no_old_one(tmp_path):
    publish(tmp_path / "public", "new")
    assert words_of(tmp_path / "public") == "new"


def test_an_empty_folder_is_filled(tmp_path, way):
    (tmp_path / "public").mkdir()
    publish(tmp_path / "public", "new")
    assert words_of(tmp_path / "public") == "new"


def test_a_web_server_may_read_the_new_folder_whatever_the_umask(target):
    before = os.umask(0o077)
    try:
        publish(target, "new")
    finally:
        os.umask(before)
    assert target.stat().st_mode & 0o777 == 0o755


def test_the_target_may_be_named_through_a_linked_parent_or_dots(target, monkeypatch):
    (target.parent / "sub").mkdir()
    publish(target.parent / "sub" / ".." / "public", "new")
    monkeypatch.chdir(target)
    publish(Path(), "newer")
    assert words_of(target) == "newer"


def test_every_file_and_folder_is_synced_before_the_switch_and_the_parent_after_it(target, monkeypatch):
    synced: list[str] = []
    real_fsync, real_exchange = os.fsync, swap._exchange

    def fsync(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        real_fsync(descriptor)

    def exchange(one: Path, other: Path) -> bool:
        synced.append("switch")
        return real_exchange(one, other)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(swap, "_exchange", exchange)
    publish(target, "new")
    names = [Path(name).name if ".staging" not in Path(name).name else "stage" for name in synced]
    assert names == [
        ".public.lock",
        "index.html",
        "release",
        "manifest.json",
        "new",
        "stage",
        "switch",
        target.parent.name,
    ]


# ---- what is refused before anything is touched


@pytest.mark.parametrize("make", [Path.touch, lambda p: p.symlink_to("elsewhere"), lambda p: p.symlink_to(p.parent)])
def test_a_file_or_a_link_is_no_target(tmp_path, make):
    make(tmp_path / "public")
    with pytest.raises(OutputError, match=r"is not a folder: give a folder of its own for the publication$"):
        publish(tmp_path / "public", "new")
    assert beside(tmp_path / "public") == []


def test_a_folder_of_somebody_else_is_refused(tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "manifest.json").write_text('{"name": "App"}')
    with pytest.raises(
        OutputError, match=r"holds files that are not a publication of communique: give another folder$"
    ):
        publish(tmp_path / "thesis", "new")
    assert [p.name for p in (tmp_path / "thesis").iterdir()] == ["manifest.json"]
    assert beside(tmp_path / "thesis") == []


def test_a_parent_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(OutputError, match=r"nowhere does not exist: make it first$"):
        publish(tmp_path / "nowhere" / "public", "new")


def test_the_root_of_the_file_system_is_refused():
    with pytest.raises(OutputError, match=r"^/ is not a folder"):
        publish(Path("/"), "new")


def test_a_lock_file_of_somebody_else_is_refused_and_kept(target):
    lock = target.with_name(".public.lock")
    lock.write_text("mine")
    with pytest.raises(OutputError, match=r"is not a lock of communique: remove it or give another folder$"):
        publish(target, "new")
    assert (lock.read_text(), words_of(target)) == ("mine", "old")


def test_a_lock_file_that_is_a_link_is_not_followed(target, tmp_path):
    target.with_name(".public.lock").symlink_to(tmp_path / "victim")
    with pytest.raises(OutputError, match=r"nothing was changed$"):
        publish(target, "new")
    assert not (tmp_path / "victim").exists()


def test_a_read_only_parent_is_refused_in_one_sentence():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)

        def work() -> None:
            if os.getuid() == 0:
                os.setuid(65534)  # root may write everywhere
            with pytest.raises(OutputError, match=r"Permission denied; nothing was changed$"):
                publish(folder / "public", "new")

        assert in_child(work) == 0
        folder.chmod(0o755)
        assert list(folder.iterdir()) == []


def test_a_second_build_at_the_same_time_is_refused(target):
    with open_stage(target) as stage:

        def work() -> None:
            with pytest.raises(OutputError, match=r"^another build is writing .*: wait for it to end$"):
                publish(target, "second")

        assert in_child(work) == 0
        with pytest.raises(OutputError, match=r"^another build is writing"):
            publish(target, "second")
        (stage / "release").mkdir()
        (stage / "release" / "index.html").write_text("first")
        write_manifest(stage, build_manifest(stage, graphs={}, counts={}, versions={}))
    assert (words_of(target), beside(target)) == ("first", [])


def test_builds_of_two_targets_do_not_disturb_each_other(target):
    with open_stage(target.with_name("other")):
        publish(target, "new")
    assert words_of(target) == "new"


# ---- what fails


@pytest.mark.parametrize("error", [ValueError("broken"), KeyboardInterrupt(), OutputError("no")])
def test_an_exception_leaves_the_old_publication_and_nothing_beside(target, error):
    with pytest.raises(type(error)), open_stage(target) as stage:
        (stage / "half").write_text("")
        raise error
    assert (words_of(target), beside(target)) == ("old", [])


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_any_call_that_fails_gives_one_sentence_and_a_whole_publication(target, way, code):
    for at in moments(target.parent):
        publish(target, "old")

        def fail(name: str) -> None:
            raise OSError(code, os.strerror(code), name)

        with Moment(at, fail):
            try:
                publish(target, "new")
                wanted = "new"  # only clearing up failed
            except OutputError as sentence:
                wanted = "old"
                assert "\n" not in str(sentence)
        assert words_of(target) == wanted, at
        publish(target, "newer")
        assert (words_of(target), beside(target)) == ("newer", []), at


def test_a_full_disk_while_writing_names_the_reason(target):
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "index.html")
    sentence = r"public: index\.html: No space left on device; nothing was changed$"
    with pytest.raises(OutputError, match=sentence), open_stage(target):
        raise full
    assert (words_of(target), beside(target)) == ("old", [])


def test_a_file_system_without_the_hint_to_write_is_no_fault(target, monkeypatch):
    def refuse(*_: int) -> None:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    monkeypatch.setattr(os, "posix_fadvise", refuse, raising=False)
    publish(target, "new")
    assert (words_of(target), beside(target)) == ("new", [])


def test_a_switch_that_the_disk_does_not_confirm_is_undone(target, way, monkeypatch):
    real = swap._sync

    def sync(path: Path) -> None:
        if path == target.parent:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        real(path)

    monkeypatch.setattr(swap, "_sync", sync)
    with pytest.raises(OutputError, match=r"Input/output error; nothing was changed$"):
        publish(target, "new")
    assert (words_of(target), beside(target)) == ("old", [])


def test_an_exchange_that_fails_for_another_reason_is_not_taken_for_a_missing_one(tmp_path):
    with pytest.raises(FileNotFoundError):
        swap._exchange(tmp_path / "a", tmp_path / "b")


# ---- what is killed


@pytest.mark.slow
def test_a_build_killed_at_any_moment_leaves_a_whole_publication_and_the_next_one_clears_up(target):
    for at in moments(target.parent):
        publish(target, "old")
        assert in_child(lambda at=at: killed(target, at)) == -signal.SIGKILL  # type: ignore[misc]
        assert words_of(target) in ("old", "new"), at
        publish(target, "newer")
        assert (words_of(target), beside(target)) == ("newer", []), at


@pytest.mark.slow
def test_without_exchange_the_next_build_puts_the_old_publication_back_before_it_begins(target, monkeypatch):
    monkeypatch.setattr(swap, "_exchange", lambda one, other: False)
    gaps = 0
    for at in moments(target.parent):
        publish(target, "old")
        assert in_child(lambda at=at: killed(target, at)) == -signal.SIGKILL  # type: ignore[misc]
        gaps += not target.exists()
        with pytest.raises(KeyboardInterrupt), open_stage(target):
            raise KeyboardInterrupt
        assert words_of(target) in ("old", "new"), at
        assert beside(target) == [], at
    assert gaps == 1  # between the two renames, and only there


def killed(target: Path, at: int) -> None:
    with Moment(at, lambda name: os.kill(os.getpid(), signal.SIGKILL)):
        publish(target, "new")


def test_folders_that_look_like_leftovers_but_are_not_in_the_journal_are_kept(target):
    foreign = target.with_name(".public.0123456789abcdef.staging")
    foreign.mkdir()
    publish(target, "new")
    assert beside(target) == [foreign.name]


@pytest.mark.parametrize(
    "journal", [b"", b"commun", b"\0" * 34, b"communique build\n../../etc/passwd", b"communique build\n0123"]
)
def test_a_journal_that_names_nothing_of_ours_is_harmless(target, journal):
    target.with_name(".public.lock").write_bytes(journal)
    publish(target, "new")
    assert (words_of(target), beside(target)) == ("new", [])


@pytest.fixture(autouse=True)
def no_child_is_left() -> Iterator[None]:
    before = children()
    yield
    assert children() - before == set()


def children() -> set[str]:
    """Processes that this one has started and not yet waited for (Linux); Python may leave a helper of its own."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children")
    return set(listed.read_text().split()) if listed.exists() else set()
