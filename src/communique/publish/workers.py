"""Worker processes, shared by all stages of a build: one that dies is replaced, and none outlives its parent."""

from __future__ import annotations

import gc
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any, Final, Generic, NamedTuple, TypeVar

from communique.apart import Apart, EndedError
from communique.errors import OutputError
from communique.publish.stage import replacing

S = TypeVar("S")
T = TypeVar("T")
Item = TypeVar("Item")

STARTS: Final = 3
"""How often the start of a process is tried, if it is killed before it can do anything."""


class DiedError(OutputError):
    """The process that ran a task died, and the fresh one that ran it again did too; ``how`` says by what."""

    def __init__(self, how: str) -> None:
        self.how = how
        super().__init__(
            f"a process that took part was ended {how}, and so was the one that took its place (the memory may not be "
            "enough); nothing was changed: do it again, with fewer --jobs if it happens again"
        )


@dataclass(frozen=True, slots=True)
class Stage(Generic[S]):
    """A stage of a build: each process that works on it has a state, ``begin(shared, *arguments)``, made once."""

    number: int
    begin: Callable[..., S]
    arguments: tuple[object, ...]


class _Task(NamedTuple):
    stage: Stage[Any]
    run: Callable[..., object]
    arguments: tuple[object, ...]


class Workers:
    """Processes that wait for tasks; each is started when there is a task and none of the others is free.

    A thread for each process sends it tasks and receives the results, so that no process waits while this one works.
    """

    def __init__(self, jobs: int, begin: Callable[..., object], *arguments: object) -> None:
        self.jobs = jobs
        self._begin = (gc.get_threshold(), begin, arguments)
        self._numbers = count()
        self._threads = ThreadPoolExecutor(jobs)
        self._mine = threading.local()
        self._processes: list[Apart] = []
        self._ending = False

    def stage(self, begin: Callable[..., S], *arguments: object) -> Stage[S]:
        """A stage of the work, with a module-level function that makes its state from what the process began with."""
        return Stage(next(self._numbers), begin, arguments)

    def submit(self, stage: Stage[S], task: Callable[..., T], *arguments: object, again: bool = False) -> Future[T]:
        """Run ``task(state, *arguments)``, a module-level function, in the next free process.

        If the process dies, the task is run again in a fresh one; if that dies too, the result is a `DiedError`. The
        second time, and the first if it is to be done ``again``, it replaces files that are left of an attempt before.
        """
        return self._threads.submit(self._run, _Task(stage, task, arguments), again)

    def map(self, stage: Stage[S], task: Callable[[S, Item], T], items: Iterable[Item]) -> Iterator[T]:
        """The results of the task for each item, in order; only a few are in progress or waiting at once."""
        waiting: deque[Future[T]] = deque()
        for item in items:
            waiting.append(self.submit(stage, task, item))
            if len(waiting) > self.ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    @property
    def ahead(self) -> int:
        """How many tasks may be in progress or finished before the result of the oldest is used."""
        return 2 * self.jobs

    def end(self) -> None:
        """End every process at once; tasks that have not begun are dropped."""
        self._ending = True
        while True:
            try:
                return self._end()
            except KeyboardInterrupt:  # Ctrl-C once more, while this is under way
                continue

    def _end(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        waiting = threading.Thread(target=self._threads.shutdown)
        waiting.start()
        while waiting.is_alive():
            for process in self._processes:
                process.kill()
            waiting.join(0.01)  # a process may be just starting
        for process in self._processes:
            process.close()

    def _run(self, task: _Task, again: bool) -> Any:
        """The result of a task, in the process of this thread."""
        try:
            return self._ask(task, again)
        except EndedError:
            if self._ending:
                raise
        try:
            return self._ask(task, True)
        except EndedError as died:
            raise DiedError(died.how) from None

    def _ask(self, task: _Task, again: bool) -> Any:
        process = self._process()
        for last in range(1, STARTS + 1):
            try:
                process.start()
                break
            except EndedError as died:
                if self._ending or last == STARTS:
                    raise DiedError(died.how) from None
        return process.ask(task, again)

    def _process(self) -> Apart:
        found: Apart | None = getattr(self._mine, "process", None)
        if found is None:
            found = self._mine.process = Apart(_begin, *self._begin, seconds=None)
            self._processes.append(found)
        return found


@contextmanager
def open_workers(jobs: int, begin: Callable[..., object], *arguments: object) -> Iterator[Workers]:
    """Up to ``jobs`` processes, in each of which the module-level function ``begin(*arguments)`` is called first.

    They end with the block, and with this process however it ends (``kill -9`` too). Ctrl-C reaches only this process,
    which then ends them.
    """
    workers = Workers(jobs, begin, *arguments)
    try:
        yield workers
    finally:
        workers.end()


def _begin(
    collected: tuple[int, int, int], begin: Callable[..., object], arguments: tuple[object, ...]
) -> Callable[[_Task, bool], object]:
    """Set up a new process, whose garbage is collected as often as that of its parent; the function that runs tasks."""
    gc.set_threshold(*collected)
    return partial(_run, begin(*arguments), {})


def _run(shared: object, states: dict[int, object], task: _Task, again: bool) -> object:
    """Run a task in a worker process; ``states`` has the state of the stage that is under way."""
    stage = task.stage
    if stage.number not in states:
        states.clear()
        states[stage.number] = stage.begin(shared, *stage.arguments)
    with replacing() if again else nullcontext():
        return task.run(states[stage.number], *task.arguments)
