"""A process that dies at any step, and whatever it leaves behind: whoever waits for it learns that at once."""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from communique.apart import Apart, EndedError
from communique.publish.workers import DiedError, open_workers
from tests.workertasks import begin, die_at, prepare, told

T = TypeVar("T")
STEPS = ("while it works", "while it sends", "after it has sent")
BALLAST = b"-" * 10_000_000
"""More than a connection holds: it can only be sent to a process that reads it."""


def within_a_minute(work: Callable[[], T]) -> T:
    """The result of ``work``, which fails the test if it never ends."""
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(60)
    if thread.is_alive():
        pytest.fail("it waits for ever")
    if errors:
        raise errors[0]
    return results[0]


@contextmanager
def dying(folder: Path) -> Iterator[Apart]:
    """A process that dies where it is asked to; its heir, if there is one, is ended with it."""
    apart = Apart(die_at, str(folder), seconds=None)
    try:
        yield apart
        within_a_minute(apart.close)
    finally:
        heir = folder / "heir"
        if heir.exists():
            os.kill(int(heir.read_text()), signal.SIGKILL)


def open_files() -> int:
    gc.collect()  # so that nothing of another test is closed in between
    return sum(1 for _ in Path("/proc/self/fd").iterdir()) if Path("/proc").is_dir() else 0


@pytest.mark.parametrize("heir", [False, True])
@pytest.mark.parametrize("step", STEPS)
def test_whoever_waits_for_a_process_that_dies_learns_it_at_once(tmp_path: Path, step: str, heir: bool) -> None:
    with dying(tmp_path) as apart:
        if step == "after it has sent":
            assert within_a_minute(lambda: apart.ask(step, heir)) == "answer"
            step = "never"
        with pytest.raises(EndedError, match="by signal 9"):
            within_a_minute(lambda: apart.ask(step, heir, BALLAST))
        assert within_a_minute(lambda: apart.ask(step, heir)) == "answer"


@pytest.mark.parametrize(("script", "how"), [("kill -9 $$", "by signal 9"), ("exit 3", "with exit code 3")])
def test_a_process_that_dies_before_it_reads_anything_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, how: str
) -> None:
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    open_before = open_files()
    for _ in range(3):
        with Apart(die_at, str(tmp_path), seconds=None) as apart, pytest.raises(EndedError, match=how):
            within_a_minute(lambda: apart.ask("never", False))
    with open_workers(2, begin) as workers, pytest.raises(DiedError, match=how):
        within_a_minute(workers.submit(workers.stage(prepare, ""), told, 1).result)
    assert open_files() <= open_before


def test_a_process_that_has_sent_its_last_answer_before_it_died_is_not_asked_twice(tmp_path: Path) -> None:
    with dying(tmp_path) as apart:
        apart.start()
        assert apart._process is not None
        apart._process.line.send(("after it has sent", False))
        apart._process.process.wait()
        time.sleep(0.05)  # the line is ended by now
        assert apart._process.line.recv() == (True, "answer")


def test_a_parent_that_dies_as_it_sends_ends_the_process_without_a_trace(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with Apart(die_at, str(tmp_path), seconds=None) as apart:
        apart.start()
        assert apart._process is not None
        with socket.socket(socket.AF_UNIX, fileno=os.dup(apart._process.line.fileno())) as line:
            line.sendall(b"\0\0\1\0half")  # of 256 bytes
            line.shutdown(socket.SHUT_WR)
        assert apart._process.process.wait(30) == 0
    assert capfd.readouterr() == ("", "")
