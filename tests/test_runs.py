"""The merge of sorted runs: every entity once and in order, however many runs there are and however few may be open."""

from __future__ import annotations

import heapq
import os
import resource
import shutil
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import NoReturn, TypeVar

import pytest

from communique.api import open_newsroom
from communique.compile.compiler import compile_release
from communique.export.grouped import group
from communique.publish import dataset, runs
from communique.publish.blocks import open_pool
from communique.publish.counts import Counts
from communique.publish.dataset import Parts, start_merged, write_graphs
from communique.publish.runs import Block, merge_runs, read_block, run_lines, write_run
from tests.conftest import ROOT

T = TypeVar("T")


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """Those of the first release."""
    newsroom = open_newsroom(ROOT / "data")
    (release,) = newsroom.folder.releases()
    compiled = compile_release(release, newsroom.context, base=newsroom.dataset.base)
    return run_lines(group(compiled.quads, newsroom.context), newsroom.dataset.base)


def write_runs(folder: Path, lines: list[str], number: int) -> list[Path]:
    """The lines in this number of runs, so that the facts of an entity are in several, and some of them twice."""
    paths = [folder / f"{n:06d}.run" for n in range(number)]
    for n, path in enumerate(paths):
        write_run(path, [*lines[n::number], *lines[n :: 2 * number]])
    return paths


def blocks(paths: list[Path]) -> Iterator[Block]:
    return map(read_block, merge_runs(paths))


def test_the_merge_does_not_depend_on_how_many_runs_may_be_open(
    tmp_path: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one").mkdir()
    whole = list(blocks(write_runs(tmp_path / "one", lines, 1)))
    assert len(whole) > 100 and len({block.subject for block in whole}) == len(whole)
    for most in (2, 3, 7, 29, 30):
        monkeypatch.setattr(runs, "OPEN", most)
        (tmp_path / f"{most}").mkdir()
        assert list(blocks(write_runs(tmp_path / f"{most}", lines, 30))) == whole


def test_few_files_are_open_at_once(tmp_path: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "OPEN", 5)
    paths = write_runs(tmp_path, lines, 200)
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = [os.dup(0) for _ in range(8)]
    for number in free:
        os.close(number)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(free) + 1, before[1]))
    try:
        merged = list(blocks(paths))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert sum(len(block.pairs) for block in merged) > 1000


def test_larger_runs_take_the_place_of_those_merged_into_them(
    tmp_path: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "OPEN", 10)
    paths = write_runs(tmp_path, lines, 12)
    size = sum(path.stat().st_size for path in paths)
    next(merge_runs(paths))
    left = sorted(tmp_path.iterdir())
    assert [path.name for path in left] == [*(f"{n:06d}.run" for n in range(3, 12)), "merged-000000.run"]
    assert sum(path.stat().st_size for path in left) == size  # no more than had to be was written again


@pytest.mark.parametrize("step", ["write", "replace", "unlink"])
def test_a_merge_that_was_broken_off_at_any_step_can_be_done_again(
    tmp_path: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setattr(runs, "OPEN", 3)
    (tmp_path / "whole").mkdir()
    whole = list(merge_runs(write_runs(tmp_path / "whole", lines, 21)))
    paths = write_runs(tmp_path, lines, 21)
    for time in range(1, 4):
        with monkeypatch.context() as broken, pytest.raises(InterruptedError):
            if step == "write":
                broken.setattr(heapq, "merge", break_off_after(40 * time, heapq.merge))
            else:
                broken.setattr(Path, step, break_off_after_calls(time, getattr(Path, step)))
            list(merge_runs(paths))
    assert list(merge_runs(paths)) == whole


def break_off_after(number: int, read: Callable[..., Iterable[T]]) -> Callable[..., Iterator[T]]:
    """The function that gives lines, which is interrupted after so many."""

    def broken(*arguments: object) -> Iterator[T]:
        for at, line in enumerate(read(*arguments)):
            if at == number:
                raise InterruptedError
            yield line

    return broken


def break_off_after_calls(number: int, do: Callable[..., T]) -> Callable[..., T]:
    """The function, which is interrupted in the place of a call after so many."""
    calls = count()

    def broken(*arguments: object, **more: object) -> T:
        if next(calls) == number:
            raise InterruptedError
        return do(*arguments, **more)

    return broken


def test_no_runs_have_no_entities() -> None:
    assert list(merge_runs([])) == []


@pytest.mark.slow
def test_another_process_merges_what_does_not_fit_into_one_block(
    tmp_path: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom = open_newsroom(ROOT / "data")
    made: dict[int, dict[str, bytes]] = {}
    for jobs in (1, 2):
        stage = tmp_path / f"{jobs}"
        (stage / ".work").mkdir(parents=True)
        parts = Parts(stage / ".work", write_runs(stage / ".work", lines, 4), [], {}, [])
        write_graphs(stage, newsroom, parts)
        with monkeypatch.context() as patch, open_pool(newsroom, jobs) as workers:
            if jobs > 1:
                patch.setattr(dataset, "segments", never)  # in this process
            census = start_merged(stage, newsroom, parts, workers, None).result()
        shutil.rmtree(stage / ".work")
        made[jobs] = {path.name: path.read_bytes() for path in sorted(stage.iterdir())}
        made[jobs]["counts"] = repr(census.settle(Counts())).encode()
    assert made[1] == made[2]
    assert len(made[1]["dataset.ttl"]) > 10_000


def never(*_: object) -> NoReturn:
    raise AssertionError("this process has other work")
