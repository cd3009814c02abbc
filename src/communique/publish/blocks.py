"""The releases of a newsroom in blocks, in this process or in several: the same results in the same order."""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from functools import partial
from itertools import chain, count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeAlias, TypeVar

from communique.check.checker import Checker
from communique.check.sums import count_findings
from communique.findings import Finding, Severity
from communique.publish.workers import DiedError, Workers, open_workers
from communique.read.newsroom import UnreadRelease, given_up
from communique.read.release import WrittenRelease
from communique.watch import Watch, unwatched

if TYPE_CHECKING:
    from communique.api import Newsroom

T = TypeVar("T")
Waiting: TypeAlias = "list[UnreadRelease | WrittenRelease]"
Job: TypeAlias = Callable[[Checker, Path, int, Waiting], T]
"""A function run on each block, given the checker, the folder to write into, the block's number and its releases.

These are still to be read, see `communique.read.newsroom.read_waiting`."""

SIZES: Final = (16, 16, 32, 50)
"""Releases per block, the unit of work of one process; the last size goes on. The results do not depend on it.

The first blocks are small, so that all processes soon have work; what fits into one block needs no other process."""

MOST_DEADLY: Final = 10
"""Releases that may end their processes; of more, the cause is not in the releases, and each takes four starts."""

_FIX: Final = (
    "if memory is short, use fewer processes (--jobs); else report this bug, and leave the release out until then"
)


@dataclass(frozen=True, slots=True)
class Selection:
    """What is checked, and how: the releases with these slugs (none: all), the profiles besides the core."""

    slugs: Sequence[str] = ()
    profiles: Sequence[str] = ()
    explain: bool = False

    def checker(self, newsroom: Newsroom) -> Checker:
        """What checks these releases."""
        if not self.profiles and not self.explain:
            return newsroom.core
        return newsroom.checker(self.profiles, explain=self.explain)


ALL: Final = Selection()


def open_pool(newsroom: Newsroom, jobs: int = 0) -> AbstractContextManager[Workers]:
    """Processes for all stages of the work on a newsroom: ``jobs`` of them (0: one per core), each has it open.

    They are started when they are needed.
    """
    return open_workers(jobs or os.cpu_count() or 1, _open, newsroom.folder.data)


def _nothing(_: object) -> tuple[Finding, ...]:
    return ()


def run_blocks(
    job: Job[T],
    newsroom: Newsroom,
    folder: Path,
    workers: Workers,
    *,
    selection: Selection = ALL,
    watch: Watch = unwatched,
    found: Callable[[T], Iterable[Finding]] = _nothing,
) -> Iterator[T]:
    """The result of ``job``, a module-level function, for each block of a newsroom's releases, in order.

    Runs in the processes of ``workers`` if there are several, and more than one block; these read the releases, too.
    If a process dies, its block is run again in a fresh one; if that dies too, release by release. A release whose
    process dies even then gets a finding in place of its record, and the others go on. Raises `OutputError` if this
    happens to more than `MOST_DEADLY` releases. ``watch`` gets an item for each release, and can say how many findings
    there were so far: those that ``found`` gives for a result.
    """
    blocks = split_blocks(newsroom.folder.waiting(selection.slugs))
    first = list(islice(blocks, 2))
    if len(first) < 2 or workers.jobs == 1:
        work = _begin(newsroom, selection, job, folder)
        results: Generator[tuple[int, T], None, None] = (
            (len(block), _run(work, number, block)) for number, block in enumerate(chain(first, blocks))
        )
    else:
        results = _Spread(job, folder, workers, selection).results(chain(first, blocks))
    return watch_results(results, newsroom.folder.count(selection.slugs), watch, found)


def watch_results(
    results: Generator[tuple[int, T], None, None],
    total: int | None,
    watch: Watch,
    found: Callable[[T], Iterable[Finding]],
) -> Iterator[T]:
    """The results, each of so many releases, with a progress bar; ``results`` is closed at the end."""
    numbers = Counter[Severity]()
    note = partial(count_findings, numbers)
    with closing(results):  # at once, in this thread, also if whoever takes the results stops
        for few in watch(_one_by_one(results), "releases", total, note=note):
            for result in few:
                numbers.update(finding.severity for finding in found(result))
                yield result


def _one_by_one(results: Iterator[tuple[int, T]]) -> Iterator[list[T]]:
    """An item for each release, for a progress bar: nothing, or for the last of a block its result."""
    for size, result in results:
        yield from ([] for _ in range(size - 1))
        yield [result]


class _Spread(Generic[T]):
    """A job run on blocks in worker processes; each run has a number of its own, for the names of its files."""

    def __init__(self, job: Job[T], folder: Path, workers: Workers, selection: Selection) -> None:
        self.workers = workers
        self.stage = workers.stage(_begin, selection, job, folder)
        self.numbers = count()
        self.deadly = 0

    def results(self, blocks: Iterable[Waiting]) -> Generator[tuple[int, T], None, None]:
        """How many releases each result is about, and the result; in order, with few blocks in memory at once."""
        waiting: deque[tuple[Waiting, Future[T]]] = deque()
        for block in blocks:
            waiting.append((block, self._submit(block)))
            if len(waiting) > self.workers.ahead:
                yield from self._results(*waiting.popleft())
        while waiting:
            yield from self._results(*waiting.popleft())

    def _submit(self, block: Waiting, again: bool = False) -> Future[T]:
        return self.workers.submit(self.stage, _run, next(self.numbers), block, again=again)

    def _results(self, block: Waiting, future: Future[T]) -> Iterator[tuple[int, T]]:
        try:
            yield len(block), future.result()
        except DiedError:
            alone = [(release, self._submit([release], again=True)) for release in block]
            yield from ((1, self._result(release, one)) for release, one in alone)

    def _result(self, release: UnreadRelease | WrittenRelease, future: Future[T]) -> T:
        try:
            return future.result()
        except DiedError as died:
            self.deadly += 1
            if self.deadly > MOST_DEADLY:
                raise
            message = f"each process that worked on this release was ended {died.how}; the others were worked on"
            return self._submit([given_up(release, message, _FIX)], again=True).result()


def split_blocks(releases: Iterator[UnreadRelease | WrittenRelease]) -> Iterator[Waiting]:
    """The releases in blocks, the units of work."""
    for number in count():
        block = list(islice(releases, SIZES[min(number, len(SIZES) - 1)]))
        if not block:
            return
        yield block


def _open(data: Path) -> Newsroom:
    """The newsroom, opened in a worker process."""
    from communique.api import open_newsroom

    return open_newsroom(data)


class _Work(NamedTuple, Generic[T]):
    """What a process needs for each block."""

    checker: Checker
    job: Job[T]
    folder: Path


def _begin(newsroom: Newsroom, selection: Selection, job: Job[T], folder: Path) -> _Work[T]:
    return _Work(selection.checker(newsroom), job, folder)


def _run(work: _Work[T], number: int, block: Waiting) -> T:
    return work.job(work.checker, work.folder, number, block)
