"""What the benchmark of many releases prints."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.bench.scale import Cost, Row, kinds, median, run, table


def test_a_table_of_costs_has_what_each_release_more_costs_and_starts_anew_with_each_command() -> None:
    rows = [
        Row("check", 10, Cost(2, 90), 0.5),
        Row("check", 20, Cost(3, 91), 0.5),
        Row("build", 10, Cost(4, 95.4), 0.1),
    ]
    assert table(rows).splitlines()[2:] == [
        "| check | 10 | 2.0 | 200 | | | 2.5 | 90 |",
        "| check | 20 | 3.0 | 150 | 100 | 0.5 | 3.3 | 91 |",
        "| build | 10 | 4.0 | 400 | | | 0.2 | 95 |",
    ]


def test_the_median_of_costs_has_the_most_memory() -> None:
    assert median([Cost(3, 10), Cost(1, 30), Cost(2, 20)]) == Cost(2, 30)


def test_files_are_counted_by_kind_the_largest_first(tmp_path: Path) -> None:
    (tmp_path / "release" / "one").mkdir(parents=True)
    for name, size in {
        "dataset.nq": 2048,
        "release/one/index.nq": 1024,
        "release/one/more.nq": 2048,
        "_headers": 0,
    }.items():
        (tmp_path / name).write_bytes(b"x" * size)
    assert kinds(tmp_path).splitlines()[2:] == [
        "| nq | 2 | 3 |",
        "| dataset.nq | 1 | 2 |",
        "| _headers | 1 | 0 |",
        "| all | 4 | 5 |",
    ]


def test_the_cost_of_a_command_that_fails_is_refused() -> None:
    assert run([sys.executable, "-c", "pass"]).seconds > 0
    with pytest.raises(SystemExit, match="ended with 3"):
        run([sys.executable, "-c", "raise SystemExit(3)"])
