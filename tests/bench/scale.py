"""How cost grows with the number of releases, beside a peer; run it by hand.

    python tests/bench/scale.py --generator FILE --peer FILE [--sizes 50,100,200] [--runs 3] [--jobs 1]

``generator N FOLDER`` writes a newsroom of N releases to ``FOLDER/data``; ``peer DATA FOLDER`` makes the same of each
release with other tools. Both are Python programs. `check`, `build --no-site` and `build` run on each newsroom in turn
with the peer on the smallest one, of which every release costs the peer the same. All figures are processor time of all
processes together, medians of several runs, so that a busy machine changes them little.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

COMMANDS = {"check": ["check"], "build --no-site": ["build", "--no-site"], "build": ["build"]}


class Cost(NamedTuple):
    """Processor time of a command and all its processes, in seconds; peak memory of the largest of them, in MiB."""

    seconds: float
    memory: float


class Row(NamedTuple):
    """A command on a newsroom of so many releases, and what the peer took for one release meanwhile."""

    command: str
    releases: int
    cost: Cost
    peer: float


def run(command: Sequence[str | Path]) -> Cost:
    """The cost of one whole command; ends this program with a sentence if it fails."""
    nowhere = subprocess.DEVNULL
    process = subprocess.Popen([*map(str, command)], stdout=nowhere, stderr=nowhere)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {process.returncode}")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def median(costs: Sequence[Cost]) -> Cost:
    """The median of the processor times, and the most memory."""
    return Cost(statistics.median(cost.seconds for cost in costs), max(cost.memory for cost in costs))


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table.

    *next* is what each release more costs than on the row before, beside the average of that row: 1.0 is linear growth.

    >>> print(table([Row("check", 10, Cost(2, 90), 0.5), Row("check", 20, Cost(3, 91), 0.5)]))
    | command | releases | s | ms a release | ms for each more | next | peer / ours | MiB |
    |---|--:|--:|--:|--:|--:|--:|--:|
    | check | 10 | 2.0 | 200 | | | 2.5 | 90 |
    | check | 20 | 3.0 | 150 | 100 | 0.5 | 3.3 | 91 |
    """
    lines = ["| command | releases | s | ms a release | ms for each more | next | peer / ours | MiB |"]
    lines += ["|---|--:|--:|--:|--:|--:|--:|--:|"]
    last: Row | None = None
    for row in rows:
        each = row.cost.seconds / row.releases
        more = growth = " "
        if last is not None and last.command == row.command:
            marginal = (row.cost.seconds - last.cost.seconds) / (row.releases - last.releases)
            more, growth = (f" {1e3 * marginal:.0f} ", f" {marginal / (last.cost.seconds / last.releases):.1f} ")
        ratio = f"{row.peer / each:.1f}"
        lines.append(
            f"| {row.command} | {row.releases:,} | {row.cost.seconds:.1f} | {1e3 * each:.0f} |{more}|{growth}"
            f"| {ratio} | {row.cost.memory:.0f} |"
        )
        last = row
    return "\n".join(lines)


def kinds(public: Path) -> str:
    """The files of a publication by kind as a Markdown table, the largest kind first; sizes in KiB."""
    count, size = Counter[str](), Counter[str]()
    for path in public.rglob("*"):
        if path.is_file():
            kind = path.name.partition(".")[2] or path.name
            if path.parent == public and path.name.startswith("dataset"):
                kind = f"dataset.{kind}"
            count[kind] += 1
            size[kind] += path.stat().st_size
    lines = ["| kind | files | KiB |", "|---|--:|--:|"]
    lines += [
        f"| {kind} | {count[kind]:,} | {size[kind] / 1024:,.0f} |" for kind in sorted(size, key=lambda k: -size[k])
    ]
    return "\n".join([*lines, f"| all | {count.total():,} | {size.total() / 1024:,.0f} |"])


def measure(options: argparse.Namespace, scratch: Path) -> None:
    """Print a row for each command on each newsroom; the peer runs before each."""
    sizes = sorted({int(n) for n in options.sizes.split(",")})
    python = sys.executable
    for n in sizes:
        run([python, options.generator, str(n), scratch / str(n)])
    rows = []
    for name, words in COMMANDS.items():
        for n in sizes:
            own = [python, "-m", "communique", *words, "--quiet", "--jobs", str(options.jobs)]
            own += ["--data", str(scratch / str(n) / "data")]
            if name != "check":
                own += ["--no-cache", "--out", str(scratch / f"public-{name != 'build'}-{n}")]
            peer = [python, options.peer, scratch / str(sizes[0]) / "data", scratch / "peer"]
            pairs = [(run(peer).seconds / sizes[0], run(own)) for _ in range(options.runs)]
            rows.append(Row(name, n, median([cost for _, cost in pairs]), statistics.median(p for p, _ in pairs)))
            print(table(rows[-1:]).splitlines()[-1], file=sys.stderr, flush=True)
    print(table(rows))
    print(f"\nFiles of the publication of {sizes[-1]:,} releases:\n\n{kinds(scratch / f'public-False-{sizes[-1]}')}")


def main() -> None:
    """Print a table of costs and one of files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--generator", type=Path, required=True)
    parser.add_argument("--peer", type=Path, required=True)
    parser.add_argument("--sizes", default="50,100,200", help="numbers of releases; the default is n, 2n and 4n")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        measure(options, Path(scratch))


if __name__ == "__main__":
    main()
