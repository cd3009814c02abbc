"""Releases in blocks: the same results in the same order, whatever the number of processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from communique.api import open_newsroom
from communique.check.checker import Checker
from communique.check.sums import count_findings
from communique.errors import OutputError
from communique.findings import Finding, Severity
from communique.publish import blocks
from communique.publish.blocks import SIZES, Selection, Waiting, open_pool, run_blocks
from communique.publish.checks import check_releases
from communique.publish.stage import create
from communique.publish.workers import Workers
from communique.read.newsroom import read_waiting
from communique.read.release import WrittenRelease
from tests.conftest import ROOT
from tests.generated import write_generated

T = TypeVar("T")
MANY = 40


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty generated releases: one with a fault, one that cannot be read."""
    data = write_generated(tmp_path_factory.mktemp("many"), MANY)
    folders = sorted((data / "releases").iterdir())
    record = folders[20] / "record.yaml"
    record.write_text(record.read_text(encoding="utf-8").replace('"headline":', '"headlines":', 1), encoding="utf-8")
    (folders[30] / "record.yaml").write_text("graph: [", encoding="utf-8")
    return data


def slugs(_checker: Checker, _folder: Path, number: int, releases: Waiting) -> tuple[int, list[str]]:
    return number, [release.slug for release in map(read_waiting, releases)]


def test_blocks_grow_from_small_ones_and_hold_every_release_once_in_order(data: Path) -> None:
    newsroom = open_newsroom(data)
    with open_pool(newsroom, 1) as workers:
        found = list(run_blocks(slugs, newsroom, data, workers))
    assert [number for number, _ in found] == [0, 1, 2]
    assert [len(block) for _, block in found] == [SIZES[0], SIZES[1], MANY - SIZES[0] - SIZES[1]]
    assert [slug for _, block in found for slug in block] == sorted(f.name for f in (data / "releases").iterdir())


def test_only_the_selected_releases_are_read(data: Path) -> None:
    wanted = sorted(f.name for f in (data / "releases").iterdir())[3:5]
    newsroom = open_newsroom(data)
    with open_pool(newsroom, 2) as workers:
        ((_, found),) = run_blocks(slugs, newsroom, data, workers, selection=Selection(wanted[::-1]))
    assert found == wanted


def test_what_fits_into_one_block_starts_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a process for so few releases takes longer than they do")

    monkeypatch.setattr(Workers, "submit", never)
    newsroom = open_newsroom(write_generated(tmp_path, 3))
    with open_pool(newsroom, 8) as workers:
        ((number, found),) = run_blocks(slugs, newsroom, tmp_path, workers)
    assert (number, len(found)) == (0, 3)


def test_a_watch_sees_each_release_and_knows_how_many_there_are_and_what_was_found(data: Path) -> None:
    seen: list[tuple[str, int | None, int]] = []
    notes: list[str] = []

    def watch(
        items: Iterable[T], label: str, total: int | None = None, *, note: Callable[[], str] = str
    ) -> Iterator[T]:
        for item in items:
            yield item
            notes.append(note())
        seen.append((label, total, len(notes)))

    found = list(check_releases(open_newsroom(data), Selection(), jobs=1, watch=watch))
    assert sum(len(block.releases) for block in found) == MANY
    assert seen == [("releases", MANY, MANY)]
    sums: Counter[Severity] = Counter()
    so_far = [""]
    for block in found:
        sums.update(finding.severity for findings, _ in block.releases for finding in findings)
        so_far += [*[so_far[-1]] * (len(block.releases) - 1), count_findings(sums)]
    assert notes == so_far[1:]
    assert notes[-1].startswith("2 violations, ")


DEADLY: tuple[str, ...] = ("fair number 17 ", "fair number 25 ")
"""Words of the releases that end the process which works on them."""


def deadly_build(checker: Checker, folder: Path, number: int, releases: Waiting) -> list[Finding]:
    """Write the files of some releases; a process dies in the middle of a deadly one, and once where ``once`` is."""
    found: list[Finding] = []
    for release in map(read_waiting, releases):
        found += checker.check(release).findings
        with create(folder, f"release/{release.slug}/page.html") as file:
            file.write(b"half")
            file.flush()
            if any(words in release.source for words in DEADLY) or _is_first(folder, "fair number 3 ", release):
                os.kill(os.getpid(), signal.SIGKILL)
            file.write(b" and half")
    return found


def _is_first(folder: Path, words: str, release: WrittenRelease) -> bool:
    mark = folder / "died-once"
    if words not in release.source or mark.exists():
        return False
    mark.touch()
    return True


@pytest.mark.slow
def test_a_release_that_kills_its_processes_is_a_finding_and_the_others_go_on(data: Path, tmp_path: Path) -> None:
    newsroom = open_newsroom(data)
    slugs = sorted(f.name for f in (data / "releases").iterdir())
    with open_pool(newsroom, 2) as workers:
        found = [f for result in run_blocks(deadly_build, newsroom, tmp_path, workers) for f in result]
    alone = [f for written in newsroom.folder.releases() for f in newsroom.core.check(written).findings]
    deadly = [slugs[17], slugs[25]]
    told = [f for f in found if f.code == "program-error"]
    assert [f for f in found if f not in told] == [f for f in alone if Path(f.file).parent.name not in deadly]
    assert [(Path(f.file).parent.name, f.severity) for f in told] == [(slug, "violation") for slug in deadly]
    assert "was ended by signal 9" in told[0].message and "--jobs" in (told[0].fix or "")
    pages = {path.parent.name: path.read_bytes() for path in tmp_path.glob("release/*/page.html")}
    assert pages == dict.fromkeys(slugs, b"half and half")  # the deadly ones were worked on without their records


@pytest.mark.slow
def test_when_many_releases_kill_their_processes_the_run_ends_in_one_sentence(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "MOST_DEADLY", 1)
    newsroom = open_newsroom(data)
    with (
        pytest.raises(OutputError, match=r"^a process that took part was ended by signal 9"),
        open_pool(newsroom, 2) as w,
    ):
        list(run_blocks(deadly_build, newsroom, tmp_path, w))


@pytest.mark.slow
def test_two_processes_find_what_one_finds(data: Path) -> None:
    newsroom = open_newsroom(data)
    one, two = (list(check_releases(newsroom, Selection(explain=True), jobs=jobs)) for jobs in (1, 2))
    assert [block.releases for block in one] == [block.releases for block in two]
    assert [block.sums for block in one] == [block.sums for block in two]
    assert sum(bool(findings) for block in one for findings, _ in block.releases) >= 2


@pytest.mark.slow
@pytest.mark.parametrize("fmt", ["text", "json"])
def test_check_prints_the_same_for_any_number_of_processes(data: Path, fmt: str) -> None:
    words = [sys.executable, "-m", "communique", "check", "--data", str(data), "--format", fmt, "--jobs"]
    one, two = (subprocess.run([*words, jobs], cwd=ROOT, capture_output=True, check=False) for jobs in ("1", "2"))
    assert (one.returncode, one.stdout) == (two.returncode, two.stdout)
    assert one.returncode == 1 and b"headlines" in one.stdout
