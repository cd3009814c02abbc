"""The check of many releases: what is found in each, and their sums."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from communique.check.checker import Checker
from communique.check.explanation import ExplainedLine
from communique.check.sums import Sums
from communique.findings import Finding
from communique.publish.blocks import Selection, Waiting, open_pool, run_blocks
from communique.read.newsroom import read_waiting
from communique.watch import Watch, unwatched

if TYPE_CHECKING:
    from communique.api import Newsroom


@dataclass(frozen=True, slots=True)
class CheckedBlock:
    """For each release of a block what was found, and how its facts were found if that was asked; their sums."""

    releases: list[tuple[tuple[Finding, ...], tuple[ExplainedLine, ...]]]
    sums: Sums

    @property
    def findings(self) -> Iterator[Finding]:
        """What was found in all of them."""
        return chain.from_iterable(map(itemgetter(0), self.releases))


def check_releases(
    newsroom: Newsroom, selection: Selection, *, jobs: int = 0, watch: Watch = unwatched
) -> Generator[CheckedBlock]:
    """Check the selected releases in ``jobs`` processes (0: one per core); the results come in order.

    Close it if they are not all wanted: then the processes end at once."""
    found = attrgetter("findings")
    with open_pool(newsroom, jobs) as workers:
        yield from run_blocks(_check_block, newsroom, Path(), workers, selection=selection, watch=watch, found=found)


def _check_block(checker: Checker, _folder: Path, _number: int, releases: Waiting) -> CheckedBlock:
    made = CheckedBlock([], Sums())
    for release in map(read_waiting, releases):
        checked = checker.check(release)
        made.releases.append((checked.findings, checked.explained))
        made.sums.add(checked.compiled)
    return made
