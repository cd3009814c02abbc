"""Tasks for the processes of `test_workers`, in a module that is quickly imported there."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from communique.errors import NewsroomError
from communique.publish.stage import create


def begin(*words: str) -> list[str]:
    return list(words)


def refuse(*_: Any) -> Any:
    raise NewsroomError("no newsroom here")


def prepare(shared: list[str], word: str) -> list[str]:
    return [*shared, word, str(os.getpid())]


def told(state: list[str], item: int) -> tuple[list[str], int]:
    return state, item * item


def thresholds(state: Any) -> tuple[int, int, int]:
    return gc.get_threshold()


def fail(state: Any) -> None:
    raise NewsroomError("of a task")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_at_first(state: Any, times: int, folder: str) -> int:
    """Write half a file; the first ``times`` attempts are killed, the next one gives its number."""
    attempt = len(list(Path(folder).glob("attempt-*")))
    Path(folder, f"attempt-{attempt}").touch()
    with create(Path(folder), "page.html") as file:
        file.write(b"half" if attempt < times else b"whole")
        file.flush()
        if attempt < times:
            die()
    return attempt


def die_in_the_beginning(folder: str, times: int) -> None:
    attempt = len(list(Path(folder).glob("attempt-*")))
    Path(folder, f"attempt-{attempt}").touch()
    if attempt < times:
        die()


def refuse_nothing(shared: object) -> list[str]:
    return []


def wait_for_ever(state: Any) -> None:
    os.write(1, b"%d\n" % os.getpid())
    threading.Event().wait()


def read_and_note(state: Any, pipe: str, note: str) -> None:
    Path(note).touch()
    if pipe:
        Path(pipe).read_bytes()


def die_at(folder: str) -> Callable[..., str]:
    """The function of a process that dies at the step it is asked to die at, if it has not done so before.

    With ``heir`` it first leaves a copy of itself, which holds all that it had open; ``folder`` gets its number.
    """

    def work(step: str, heir: bool, _ballast: bytes = b"") -> str:
        mark = Path(folder, step)
        if step == "never" or mark.exists():
            return "answer"
        mark.touch()
        if heir:
            _leave_heir(folder)
        if step == "while it works":
            die()
        if step == "while it sends":
            Connection._send = _send_half  # type: ignore[attr-defined]  # private, but there is no other way in between
        if step == "after it has sent":
            Connection.recv = lambda _: threading.Event().wait()  # type: ignore[method-assign,assignment,return-value]
            threading.Timer(0.3, die).start()
        return "answer"

    return work


def _leave_heir(folder: str) -> None:
    heir = os.fork()
    if heir == 0:
        time.sleep(600)
        os._exit(0)
    Path(folder, "heir").write_text(str(heir))


def _send_half(connection: Connection, data: bytes) -> None:
    os.write(connection.fileno(), bytes(data[: len(data) // 2]))
    die()
