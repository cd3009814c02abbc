"""Kill builds and checks at random moments, the program itself or one of its processes, and report what is wrong then.

    python -m tests.tools.kill_builds TIMES [SEED]

A newsroom of 60 generated releases is changed and built in each mode of `tests.killing`, TIMES in all. The exit code is
1 if anything was wrong.
"""

from __future__ import annotations

import random
import sys
from itertools import cycle, islice, product
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.killing import MODES, Scene

RELEASES = 60


def main(times: int, seed: int = 1) -> int:
    """Kill so many runs; the number of those after which something was wrong."""
    chance = random.Random(seed)
    wrong = 0
    with TemporaryDirectory(prefix="communique-kill-") as folder:
        scene = Scene(Path(folder), RELEASES)
        for mode, victim in islice(cycle(product(MODES, ("parent", "worker"))), times):
            found = scene.kill(victim, mode, chance.uniform(0, scene.seconds[mode]), chance)
            wrong += bool(found.wrong)
            print(found, flush=True)
    print(f"{times} killed, {wrong} wrong")
    return wrong


if __name__ == "__main__":
    sys.exit(1 if main(*map(int, sys.argv[1:])) else 0)
