"""Tasks for the processes of `test_workers`, in a module that is quickly imported there."""

from __future__ import annotations

import gc
import os
import signal
import threading
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
