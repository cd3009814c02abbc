"""The releases of a newsroom in blocks, in this process or in several: the same results in the same order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from communique.check.checker import Checker
from communique.publish.workers import open_workers
from communique.read.newsroom import UnreadRelease
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


def run_blocks(
    job: Job[T],
    newsroom: Newsroom,
    folder: Path,
    jobs: int = 0,
    *,
    selection: Selection = ALL,
    watch: Watch = unwatched,
) -> Iterator[T]:
    """The result of ``job``, a module-level function, for each block of a newsroom's releases, in order.

    Runs in ``jobs`` processes (0: one per core) if there is more than one block; these read the releases, too.
    """
    results = _results(job, newsroom, folder, jobs or os.cpu_count() or 1, selection)
    total = newsroom.folder.count(selection.slugs)
    with closing(results):  # at once, in this thread, also if whoever takes the results stops
        for found in watch(_one_by_one(results), "releases", total):
            yield from found


def _one_by_one(results: Iterator[tuple[int, T]]) -> Iterator[list[T]]:
    """An item for each release, for a progress bar: nothing, or for the last of a block its result."""
    for size, result in results:
        yield from ([] for _ in range(size - 1))
        yield [result]


def _results(
    job: Job[T], newsroom: Newsroom, folder: Path, jobs: int, selection: Selection
) -> Generator[tuple[int, T], None, None]:
    """The size of each block, and its result."""
    blocks = _blocks(newsroom.folder.waiting(selection.slugs))
    first = list(islice(blocks, 2))
    numbered = enumerate(chain(first, blocks))
    if len(first) < 2 or jobs == 1:
        checker = selection.checker(newsroom)
        for number, block in numbered:
            yield len(block), _run(checker, job, folder, number, block)
        return
    with open_workers(jobs, _begin, newsroom.folder.data, selection) as workers:
        # only a few blocks are in progress at once, so that memory stays bounded
        waiting: deque[tuple[int, Future[T]]] = deque()
        for number, block in numbered:
            waiting.append((len(block), workers.submit(_run, job, folder, number, block)))
            if len(waiting) > 2 * jobs:
                size, future = waiting.popleft()
                yield size, future.result()
        yield from ((size, future.result()) for size, future in waiting)


def _blocks(releases: Iterator[UnreadRelease | WrittenRelease]) -> Iterator[Waiting]:
    for number in count():
        block = list(islice(releases, SIZES[min(number, len(SIZES) - 1)]))
        if not block:
            return
        yield block


def _begin(data: Path, selection: Selection) -> Checker:
    """The checker of a newsroom, opened in a worker process."""
    from communique.api import open_newsroom

    return selection.checker(open_newsroom(data))


def _run(checker: Checker, job: Job[T], folder: Path, number: int, block: Waiting) -> T:
    return job(checker, folder, number, block)
