"""Processes of a build: the same results, one sentence for one that dies, and none that outlives its parent."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from communique.errors import NewsroomError, OutputError
from communique.publish.swap import open_stage
from communique.publish.workers import open_workers
from tests.conftest import ROOT


def begin(*words: str) -> list[str]:
    return list(words)


def refuse(*_: str) -> Any:
    raise NewsroomError("no newsroom here")


def told(state: list[str], item: int) -> tuple[list[str], int, int]:
    return state, item * item, os.getpid()


def die(state: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail(state: Any) -> None:
    raise NewsroomError("of a task")


@pytest.mark.slow
def test_every_process_has_the_state_it_began_with_and_results_come_in_order() -> None:
    with open_workers(2, begin, "a", "b") as workers:
        found = list(workers.map(told, range(5)))
        assert workers.submit(told, 9).result()[:2] == (["a", "b"], 81)
    assert [(state, square) for state, square, _ in found] == [(["a", "b"], k * k) for k in range(5)]
    assert os.getpid() not in {pid for *_, pid in found}


def test_a_process_that_is_killed_is_one_sentence() -> None:
    with (
        pytest.raises(OutputError, match=r"^a process that took part ended before its work was done .*--jobs 1"),
        open_workers(2, begin) as workers,
    ):
        workers.submit(die).result()


@pytest.mark.slow
def test_what_a_task_or_a_beginning_raises_comes_back_and_prints_no_trace(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NewsroomError, match=r"^of a task$"), open_workers(1, begin) as workers:
        workers.submit(fail).result()
    with pytest.raises(NewsroomError, match=r"^no newsroom here$"), open_workers(1, refuse) as workers:
        workers.submit(told, 1).result()
    assert capfd.readouterr() == ("", "")


def test_without_a_current_folder_there_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(OutputError, match="the current folder was deleted"), open_workers(1, begin):
        pass
    monkeypatch.chdir(tmp_path)


def wait_for_ever(state: Any) -> None:
    os.write(1, b"%d\n" % os.getpid())
    threading.Event().wait()


def read_and_note(state: Any, pipe: str, note: str) -> None:
    if pipe:
        Path(pipe).read_bytes()
    Path(note).touch()


def test_what_nobody_waits_for_any_more_is_not_begun(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NewsroomError), open_workers(1, begin) as workers:
        workers.submit(read_and_note, str(tmp_path / "pipe"), str(tmp_path / "first"))
        for number in range(500):
            workers.submit(read_and_note, "", str(tmp_path / f"later-{number}"))
        (tmp_path / "pipe").write_bytes(b"go on")
        raise NewsroomError("enough")
    assert (tmp_path / "first").exists()
    assert len(list(tmp_path.glob("later-*"))) < 400


PARENT = """
import sys, time
from pathlib import Path
from communique.publish.swap import open_stage
from communique.publish.workers import open_workers
from tests.test_workers import begin, told, wait_for_ever
if __name__ == "__main__":
    with open_stage(Path(sys.argv[1])) as stage, open_workers(3, begin) as workers:
        (stage / "half.txt").write_text("half")
        list(workers.map(told, range(9)))  # so that there are three, and one of them has nothing to do
        futures = [workers.submit(wait_for_ever) for _ in range(2)]
        futures[0].result()
"""


def parent(folder: Path) -> tuple[subprocess.Popen[bytes], list[int]]:
    """A build under way in a process group of its own, and the numbers of its two processes."""
    (folder / "parent.py").write_text(PARENT)
    command = [sys.executable, str(folder / "parent.py"), str(folder / "public")]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    made = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    assert made.stdout is not None
    return made, [int(made.stdout.readline()) for _ in range(2)]


def the_end_of(made: subprocess.Popen[bytes]) -> bytes:
    """What was written to standard error until every process that could write there had ended."""
    try:
        return made.communicate(timeout=60)[1]
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(made.pid, signal.SIGKILL)


def is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.slow
def test_after_kill_9_no_process_lives_on_and_the_next_build_clears_what_is_left(tmp_path: Path) -> None:
    made, pids = parent(tmp_path)
    made.kill()
    the_end_of(made)  # the pipe ends when the last of them has ended
    assert not [pid for pid in pids if is_alive(pid)]
    left = [p.name for p in tmp_path.iterdir() if p.name.startswith(".public.")]
    assert len(left) == 2 and any(name.endswith(".staging") for name in left)
    with open_stage(tmp_path / "public") as stage:
        assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".staging")] == [stage.name]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["parent.py", "public"]


@pytest.mark.slow
def test_ctrl_c_ends_every_process_without_a_trace_of_its_own(tmp_path: Path) -> None:
    made, pids = parent(tmp_path)
    os.killpg(made.pid, signal.SIGINT)
    said = the_end_of(made)
    assert said.count(b"Traceback") <= 1 and b"Process Spawn" not in said  # that of the script above, not of ours
    assert not [pid for pid in pids if is_alive(pid)]
    assert not [p.name for p in tmp_path.iterdir() if p.name.endswith((".staging", ".lock"))]


BEGINNING = """
import os, signal, sys
from communique.publish.workers import open_workers
from tests.test_workers import begin, told
if __name__ == "__main__":
    with open_workers(3, begin) as workers:
        workers.submit(told, 1)
        os.killpg(0, signal.SIGINT)
        workers.submit(told, 2).result()
"""


@pytest.mark.slow
def test_ctrl_c_while_a_process_begins_leaves_no_trace_of_it(tmp_path: Path) -> None:
    (tmp_path / "parent.py").write_text(BEGINNING)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    made = subprocess.Popen(
        [sys.executable, str(tmp_path / "parent.py")], env=environment, stderr=subprocess.PIPE, start_new_session=True
    )
    said = the_end_of(made)
    assert said.count(b"Traceback") <= 1 and b"spawn_main" not in said
    assert made.returncode != 0
