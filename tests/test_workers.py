"""Processes of a build: the same results, a fresh process for one that dies, and none that outlives its parent."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from communique.errors import NewsroomError, OutputError
from communique.publish.stage import put, replacing
from communique.publish.swap import open_stage
from communique.publish.workers import STARTS, DiedError, open_workers
from tests.conftest import ROOT
from tests.workertasks import (
    begin,
    die_at_first,
    die_in_the_beginning,
    fail,
    prepare,
    read_and_note,
    refuse,
    refuse_nothing,
    thresholds,
    told,
)


def test_stages_share_the_processes_and_each_has_a_state_of_its_own() -> None:
    with open_workers(1, begin, "a", "b") as workers:
        one, two = workers.stage(prepare, "one"), workers.stage(prepare, "two")
        first = list(workers.map(one, told, range(9)))
        (second, square) = workers.submit(two, told, 9).result()
    (state, *_) = first[0]
    assert state[:3] == ["a", "b", "one"] and first == [(state, k * k) for k in range(9)]
    assert (second[:3], square) == (["a", "b", "two"], 81)
    assert second[3] == state[3] != str(os.getpid())


def test_results_come_in_order_and_few_are_waiting() -> None:
    begun: list[int] = []

    def items() -> Iterator[int]:
        for number in range(20):
            begun.append(number)
            yield number

    with open_workers(2, begin) as workers:
        for number, (_, square) in enumerate(workers.map(workers.stage(prepare, ""), told, items())):
            assert square == number * number
            assert len(begun) <= number + 1 + workers.ahead
    assert len(begun) == 20


def test_a_process_collects_its_garbage_as_often_as_its_parent() -> None:
    before = gc.get_threshold()
    gc.set_threshold(12_345, 6, 7)
    try:
        with open_workers(1, begin) as workers:
            assert workers.submit(workers.stage(prepare, ""), thresholds).result() == (12_345, 6, 7)
    finally:
        gc.set_threshold(*before)


def test_a_task_whose_process_is_killed_is_run_again_and_replaces_the_half_written_file(tmp_path: Path) -> None:
    with open_workers(1, begin) as workers:
        assert workers.submit(workers.stage(prepare, ""), die_at_first, 1, str(tmp_path)).result() == 1
    assert (tmp_path / "page.html").read_bytes() == b"whole"


def test_a_task_that_kills_two_processes_is_one_sentence_and_the_others_are_done(tmp_path: Path) -> None:
    with open_workers(1, begin) as workers:
        stage = workers.stage(prepare, "")
        deadly, other = workers.submit(stage, die_at_first, 9, str(tmp_path)), workers.submit(stage, told, 3)
        with pytest.raises(DiedError, match=r"^a process that took part was ended by signal 9, .* fewer --jobs"):
            deadly.result()
        assert other.result()[1] == 9
        assert len(list(tmp_path.glob("attempt-*"))) == 2
        assert workers.submit(stage, die_at_first, 3, str(tmp_path), again=True).result() == 3


def test_a_process_that_is_killed_as_it_begins_is_begun_again(tmp_path: Path) -> None:
    with open_workers(1, die_in_the_beginning, str(tmp_path), STARTS - 1) as workers:
        assert workers.submit(workers.stage(refuse_nothing), told, 4).result()[1] == 16


def test_a_process_that_never_begins_is_not_tried_for_ever(tmp_path: Path) -> None:
    with open_workers(1, die_in_the_beginning, str(tmp_path), 99) as workers, pytest.raises(OutputError, match="ended"):
        workers.submit(workers.stage(refuse_nothing), told, 4).result()
    assert len(list(tmp_path.glob("attempt-*"))) == STARTS


def test_what_a_task_or_a_beginning_raises_comes_back_and_prints_no_trace(capfd: pytest.CaptureFixture[str]) -> None:
    with open_workers(1, begin) as workers:
        with pytest.raises(NewsroomError, match=r"^of a task$"):
            workers.submit(workers.stage(prepare, ""), fail).result()
        with pytest.raises(NewsroomError, match=r"^no newsroom here$"):
            workers.submit(workers.stage(refuse), told, 1).result()
    with open_workers(1, refuse) as workers, pytest.raises(NewsroomError, match=r"^no newsroom here$"):
        workers.submit(workers.stage(prepare, ""), told, 1).result()
    assert capfd.readouterr() == ("", "")


def test_a_current_folder_that_was_deleted_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with open_workers(1, begin) as workers:
        assert workers.submit(workers.stage(prepare, ""), told, 2).result()[1] == 4
    monkeypatch.chdir(tmp_path)


def test_files_are_replaced_only_once_and_only_in_an_attempt_after_the_first(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_bytes(b"old")
    (tmp_path / "page.html").hardlink_to(kept)
    with pytest.raises(OutputError, match="two parts of the publication want the file"):
        put(tmp_path, "page.html", b"new")
    with replacing():
        put(tmp_path, "page.html", b"new")
        with pytest.raises(OutputError, match="two parts of the publication want the file"):
            put(tmp_path, "page.html", b"again")
    assert (kept.read_bytes(), (tmp_path / "page.html").read_bytes()) == (b"old", b"new")
    with pytest.raises(OutputError, match="two parts of the publication want the file"):
        put(tmp_path, "page.html", b"again")


def test_what_nobody_waits_for_any_more_is_ended_or_not_begun(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NewsroomError), open_workers(1, begin) as workers:
        stage = workers.stage(prepare, "")
        workers.submit(stage, read_and_note, str(tmp_path / "pipe"), str(tmp_path / "first"))
        for number in range(50):
            workers.submit(stage, read_and_note, "", str(tmp_path / f"later-{number}"))
        while not (tmp_path / "first").exists():
            time.sleep(0.01)
        raise NewsroomError("enough")
    assert not list(tmp_path.glob("later-*"))  # the first would have waited for ever


PARENT = """
import sys
from pathlib import Path
from communique.publish.swap import open_stage
from communique.publish.workers import open_workers
from tests.workertasks import begin, prepare, told, wait_for_ever
with open_stage(Path(sys.argv[1])) as stage, open_workers(3, begin) as workers:
    (stage / "half.txt").write_text("half")
    first = workers.stage(prepare, "")
    list(workers.map(first, told, range(9)))  # so that there are several, and one of them has nothing to do
    futures = [workers.submit(first, wait_for_ever) for _ in range(2)]
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
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return status.read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


def still_alive(pids: Iterable[int]) -> list[int]:
    """Those that are alive after a generous time: a process closes its files a little before it has ended."""
    deadline = time.monotonic() + 60
    while (left := [pid for pid in pids if is_alive(pid)]) and time.monotonic() < deadline:
        time.sleep(0.01)
    return left


@pytest.mark.slow
def test_after_kill_9_no_process_lives_on_and_the_next_build_clears_what_is_left(tmp_path: Path) -> None:
    made, pids = parent(tmp_path)
    made.kill()
    the_end_of(made)  # the pipe ends when the last of them has ended
    assert still_alive(pids) == []
    left = [p.name for p in tmp_path.iterdir() if p.name.startswith(".public.")]
    assert len(left) == 2 and any(name.endswith(".staging") for name in left)
    with open_stage(tmp_path / "public") as stage:
        assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".staging")] == [stage.name]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["parent.py", "public"]


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, 3])
def test_ctrl_c_ends_every_process_without_a_trace_of_its_own(tmp_path: Path, times: int) -> None:
    made, pids = parent(tmp_path)
    for _ in range(times):
        os.killpg(made.pid, signal.SIGINT)
        time.sleep(0.002)
    said = the_end_of(made)
    assert b"KeyboardInterrupt" in said and b"apart import serve" not in said  # the trace of the script above, not ours
    assert still_alive(pids) == []
    if times == 1:
        assert not [p.name for p in tmp_path.iterdir() if p.name.endswith((".staging", ".lock"))]


SUBMITTING = """
import sys
from pathlib import Path
from communique.publish.workers import open_workers
from tests.workertasks import begin, prepare, read_and_note
pipe, note = sys.argv[1:]
with open_workers(1, begin) as workers:
    stage, submit = workers.stage(prepare, ""), workers._threads.submit
    def interrupted(*words):
        submit(*words)
        while not Path(note).exists():
            pass
        raise KeyboardInterrupt  # the task is under way, and nobody has its future yet
    workers._threads.submit = interrupted
    workers.submit(stage, read_and_note, pipe, note)
"""


@pytest.mark.slow
def test_ctrl_c_as_a_task_is_given_out_ends_that_task_too(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")  # the task waits for ever
    (tmp_path / "parent.py").write_text(SUBMITTING)
    command = [sys.executable, str(tmp_path / "parent.py"), str(tmp_path / "pipe"), str(tmp_path / "note")]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    made = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, start_new_session=True)
    assert b"KeyboardInterrupt" in the_end_of(made)


BEGINNING = """
import os, signal
from communique.publish.workers import open_workers
from tests.workertasks import begin, prepare, told
with open_workers(3, begin) as workers:
    stage = workers.stage(prepare, "")
    workers.submit(stage, told, 1)
    os.killpg(0, signal.SIGINT)
    workers.submit(stage, told, 2).result()
"""


@pytest.mark.slow
def test_ctrl_c_while_a_process_begins_leaves_no_trace_of_it(tmp_path: Path) -> None:
    (tmp_path / "parent.py").write_text(BEGINNING)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    made = subprocess.Popen(
        [sys.executable, str(tmp_path / "parent.py")], env=environment, stderr=subprocess.PIPE, start_new_session=True
    )
    said = the_end_of(made)
    assert said.count(b"Traceback") <= 1 and b"apart import serve" not in said
    assert made.returncode != 0
