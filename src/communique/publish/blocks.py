"""The releases of a newsroom in blocks, in this process or in several: the same results in the same order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from communique.check.checker import Checker
from communique.publish.workers import open_workers
from communique.read.release import WrittenRelease
from communique.watch import Watch, unwatched

if TYPE_CHECKING:
    from communique.api import Newsroom

T = TypeVar("T")
Job = Callable[[Checker, Path, int, list[WrittenRelease]], T]
"""A function run on each block, given the checker, the folder to write into, the block's number and its releases."""

BLOCK: Final = 50
"""Releases per block, the unit of work of one process; the results do not depend on it."""


def run_blocks(job: Job[T], newsroom: Newsroom, folder: Path, jobs: int = 0, watch: Watch = unwatched) -> Iterator[T]:
    """The result of ``job``, a module-level function, for each block of a newsroom's releases, in order.

    Runs in ``jobs`` processes (0: one per core) if there is more than one block.
    """
    jobs = jobs or os.cpu_count() or 1
    releases = watch(newsroom.folder.releases(), "releases")
    blocks = iter(lambda: list(islice(releases, BLOCK)), [])
    first = list(islice(blocks, 2))
    numbered = enumerate(chain(first, blocks))
    if len(first) < 2 or jobs == 1:
        for number, block in numbered:
            yield job(newsroom.core, folder, number, block)
        return
    with open_workers(jobs, _begin, newsroom.folder.data) as workers:
        # only a few blocks are in progress at once, so that memory stays bounded
        waiting: deque[Future[T]] = deque()
        for number, block in numbered:
            waiting.append(workers.submit(_run, job, folder, number, block))
            if len(waiting) > 2 * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _begin(data: Path) -> Checker:
    """The checker of a newsroom, opened in a worker process."""
    from communique.api import open_newsroom

    return open_newsroom(data).core


def _run(checker: Checker, job: Job[T], folder: Path, number: int, block: list[WrittenRelease]) -> T:
    return job(checker, folder, number, block)
