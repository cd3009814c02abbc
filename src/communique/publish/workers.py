"""Worker processes of one build: each has a state of its own, and none outlives its parent."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from typing import Any, TypeVar

from communique.errors import CommuniqueError, OutputError

T = TypeVar("T")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Workers:
    """Processes that wait for tasks."""

    pool: ProcessPoolExecutor

    def submit(self, task: Callable[..., T], *arguments: object) -> Future[T]:
        """Run ``task(state, *arguments)`` in the next free process; ``task`` is a module-level function.

        The state is what ``begin`` returned in that process.
        """
        with _ctrl_c_blocked():  # a process may be started here
            return self.pool.submit(_run, task, arguments)

    def map(self, task: Callable[[Any, Item], T], items: Iterable[Item]) -> Iterator[T]:
        """The results of the task for each item, in order."""
        waiting = [self.submit(task, item) for item in items]
        return (future.result() for future in waiting)


@contextmanager
def open_workers(jobs: int, begin: Callable[..., object], *arguments: object) -> Iterator[Workers]:
    """``jobs`` processes, each with the state that the module-level function ``begin(*arguments)`` returns.

    They end with the block, and with this process however it ends (``kill -9`` too). Raises `OutputError` in one
    sentence if one dies before its work is done.
    """
    try:
        os.getcwd()  # noqa: PTH109  (a new process begins there)
    except FileNotFoundError:
        raise OutputError("the current folder was deleted: change into another one") from None
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_begin, initargs=(begin, arguments))
    try:
        with pool:
            try:
                yield Workers(pool)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
    except BrokenProcessPool:
        raise OutputError(
            "a process that took part ended before its work was done (it was killed, or the memory was not enough); "
            "nothing was changed: do it again, with --jobs 1 if it happens again"
        ) from None


@contextmanager
def _ctrl_c_blocked() -> Iterator[None]:
    """Block Ctrl-C: a process started meanwhile inherits that, so it prints no traceback of an import."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_state: object = None
_failure: CommuniqueError | Exception | None = None


def _begin(begin: Callable[..., object], arguments: tuple[object, ...]) -> None:
    """Set up a new process. An error is raised with its first task: raised here, it would print a traceback."""
    global _state, _failure
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it silently: the parent prints the message
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        _state = begin(*arguments)
    except Exception as error:  # the outermost frame of a process
        _failure = error


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _run(task: Callable[..., T], arguments: tuple[object, ...]) -> T:
    if _failure is not None:
        raise _failure
    return task(_state, *arguments)
