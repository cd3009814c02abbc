"""The releases of a newsroom in blocks, in this process or in several: the same results in the same order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, TypeVar

from communique.check.checker import Checker
from communique.read.release import Release

T = TypeVar("T")
Job = Callable[[Checker, Path, int, list[Release]], T]
"""What is done with a block: the checker, the folder to write into, the number of the block, its releases."""

BLOCK: Final = 50
"""Releases that one process takes at a time; the results do not depend on it."""

Watch = Callable[..., Iterator[Any]]
"""Wraps a stream of items, given its name and perhaps its length, for a progress bar."""


def unwatched(items: Iterable[Any], label: str, total: int | None = None) -> Iterator[Any]:
    """The items, without a progress bar."""
    return iter(items)


def run_blocks(job: Job[T], newsroom: Any, folder: Path, jobs: int = 0, watch: Watch = unwatched) -> Iterator[T]:
    """What ``job``, a function of a module, gives for each block of a newsroom's releases, in their order.

    ``newsroom`` is a `communique.api.Newsroom`; ``jobs`` processes take part (0: one for each core) if there is more
    than one block.
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
    start = (job, newsroom.folder.data, folder)
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_start, initargs=start) as pool:
        # few blocks under way, so that memory stays bounded
        waiting: deque[Future[T]] = deque()
        for number, block in numbered:
            waiting.append(pool.submit(_run_here, number, block))
            if len(waiting) > 2 * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


_here: tuple[Job[Any], Checker, Path] | None = None


def _start(job: Job[Any], data: Path, folder: Path) -> None:
    """Open the newsroom in a process of the pool."""
    from communique.api import open_newsroom

    global _here
    _here = (job, open_newsroom(data).core, folder)


def _run_here(number: int, block: list[Release]) -> Any:
    assert _here is not None
    job, checker, folder = _here
    return job(checker, folder, number, block)
