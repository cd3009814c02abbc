"""Builds that are killed: the old publication or the new one, whole; nothing left running, nothing left over."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.killing import Scene

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="only Linux lists processes in /proc"),
]
MODE = "without pages"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("killed"), 40, [MODE])


@pytest.mark.parametrize(("victim", "part"), [("parent", 0.4), ("parent", 0.9), ("worker", 0.3), ("worker", 0.6)])
def test_a_killed_build_leaves_the_old_publication_or_the_new_one_and_nothing_else(
    scene: Scene, victim: str, part: float
) -> None:
    found = scene.kill(victim, MODE, part * scene.seconds[MODE], random.Random(1))
    assert not found.wrong, str(found)
