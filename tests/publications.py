"""Publications that many tests read: each is built once per run, even if the tests run in several processes."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from communique.publish.manifest import verify


def run_folder(factory: pytest.TempPathFactory) -> Path:
    """The temporary folder of this test run, the same in all of its processes."""
    folder = factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


def write_newsroom(folder: Path, dataset: str, source: str, graph: list[dict[str, Any]]) -> Path:
    """Write a newsroom with one council and one release, "dam", below a folder; its data folder."""
    data = folder / "data"
    (data / "releases" / "dam").mkdir(parents=True)
    (data / "entities").mkdir()
    (data / "dataset.yaml").write_text(dataset, encoding="utf-8")
    entity = "graph:\n- {id: org/council, type: Organization, name: Dam Council}\n"
    (data / "entities" / "a.yaml").write_text(entity, encoding="utf-8")
    (data / "releases" / "dam" / "source.txt").write_text(source, encoding="utf-8")
    record = {"@context": "context.jsonld", "graph": graph}
    (data / "releases" / "dam" / "record.yaml").write_text(json.dumps(record), encoding="utf-8")
    return data


def built_once(name: str, build: Callable[[Path], object], factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield the publication that ``build`` writes into ``public`` below a new folder; for session fixtures.

    The first process that needs it builds it, and the others wait. At the end, the process that built it makes sure
    that no test has changed it.
    """
    home = run_folder(factory) / "publications"
    home.mkdir(exist_ok=True)
    done, mine = home / f"{name}.done", False
    with (home / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            mine = True
            shutil.rmtree(
                home / name, ignore_errors=True
            )  # left by a process whose build failed: this one fails with the same reason
            (home / name).mkdir()
            build(home / name)
            done.touch()
    yield home / name / "public"
    if mine:
        problems = verify(home / name / "public")
        assert not problems, f"a test has changed a publication that all share: {problems}"
