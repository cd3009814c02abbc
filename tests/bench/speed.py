"""How fast the program is compared with peers, as ratios within one run; run it by hand, on a quiet machine.

    python tests/bench/speed.py [--runs 9] [--archive DATA]

``DATA`` is the data folder of a large newsroom; a part of it is checked too, to see whether memory grows with size.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}  # as an installed package runs
ROOT = Path(__file__).resolve().parents[2]
RELEASE = ROOT / "data" / "releases" / "2015-05-29-special-report-trafficking"


def run(command: list[str]) -> tuple[float, float, int]:
    """Wall seconds, processor seconds and peak memory (bytes) of one whole process."""
    start = time.perf_counter()
    nowhere = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=nowhere, stderr=nowhere)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode > 1:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024


def compare(ours: list[str], peer: list[str], runs: int) -> str:
    """The medians of two commands, run alternately, and the median of the ratios of each pair."""
    run(ours), run(peer)
    pairs = [(run(ours), run(peer)) for _ in range(runs)]
    a, b = (statistics.median(p[k][1] for p in pairs) for k in (0, 1))
    ratio = statistics.median(p[0][1] / p[1][1] for p in pairs)
    return f"{a:.3f} s beside {b:.3f} s of processor time: {ratio:.2f} x"


def fastest(job: Callable[[], Any], runs: int) -> float:
    """The shortest of several runs, in seconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    return min(times)


def yaml_to_quads(runs: int) -> str:
    """The record of the first release from bytes to quads, without positions, compared with PyYAML and rdflib."""
    import rdflib
    import yaml

    from communique.compile.expand import Expansion
    from communique.context import read_context
    from communique.iris import release_iri
    from communique.read.yamlld import read_yaml
    from communique.terms import DEFAULT_BASE

    data = (RELEASE / "record.yaml").read_bytes()
    context = read_context()
    this = release_iri(DEFAULT_BASE, RELEASE.name) + "#"

    def report(*words: object, **more: object) -> None:
        raise AssertionError(words)

    def ours() -> int:
        record, _ = read_yaml(data, "record.yaml")
        expansion = Expansion(context, report, base=DEFAULT_BASE, this=this, language="en")
        for k, node in enumerate((record or {})["graph"]):
            expansion.add(node, ("graph", k))
        return len(expansion.quads(this))

    def peer() -> int:
        record = yaml.safe_load(data)
        record["@context"] = [dict(context.document) if isinstance(c, str) else c for c in record["@context"]]
        graph = rdflib.Dataset()
        graph.parse(data=json.dumps(record, default=str), format="json-ld")
        return len(list(graph.quads()))

    a, b = fastest(ours, 20 * runs), fastest(peer, runs)
    return f"{1e3 * a:.2f} ms for {ours()} quads beside {1e3 * b:.2f} ms for {peer()}: {b / a:.1f} x as fast"


def archive(data: Path) -> str:
    """`check` of a quarter of an archive and of all of it: releases per second and peak memory."""
    command = [sys.executable, "-m", "communique", "check", "--quiet", "--data"]
    folders = sorted((data / "releases").iterdir())
    with tempfile.TemporaryDirectory() as scratch:
        part = Path(scratch) / "data"
        shutil.copytree(data / "entities", part / "entities")
        shutil.copy(data / "dataset.yaml", part / "dataset.yaml")
        for folder in folders[: len(folders) // 4]:
            shutil.copytree(folder, part / "releases" / folder.name)
        quarter, whole = run([*command, str(part)]), run([*command, str(data)])
    sizes = f"{quarter[2] >> 20} MiB for {len(folders) // 4} releases, {whole[2] >> 20} MiB for {len(folders)}"
    return f"{len(folders) / whole[0]:.0f} releases per second; {sizes}"


def main() -> None:
    """Print one line per figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--archive", type=Path, metavar="DATA")
    options = parser.parse_args()
    python, ours = sys.executable, [sys.executable, "-m", "communique"]
    print("check:", compare([*ours, "check", "--quiet"], [python, "-c", "import rdflib, pyshacl"], options.runs))
    print("--help:", compare([*ours, "--help"], [python, "-c", "import argparse"], options.runs))
    print("YAML-LD to quads:", yaml_to_quads(options.runs))
    if options.archive:
        print("archive:", archive(options.archive))


if __name__ == "__main__":
    main()
