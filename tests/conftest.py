"""What many tests need: the real newsroom, opened once, and tiny newsrooms made of a record and a text."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from communique.api import Newsroom, Release, open_newsroom
from communique.compile.compiler import Compiled

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
SLUG = "2015-05-29-special-report-trafficking"

settings.register_profile(
    "stable", derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile("stable")


@pytest.fixture(scope="session")
def real() -> Newsroom:
    """The newsroom of this repository."""
    return open_newsroom(DATA)


@pytest.fixture(scope="session")
def release(real: Newsroom) -> Release:
    """The first real release."""
    return real[SLUG]


@pytest.fixture(scope="session")
def compiled(release: Release) -> Compiled:
    """The first real release as quads."""
    return release.compiled


MakeNewsroom = Callable[..., Path]


@pytest.fixture
def make_newsroom(tmp_path: Path) -> MakeNewsroom:
    """Makes the data folder of a newsroom with one release from a record and a text; its path."""

    def make(
        record: str | bytes,
        source: str | bytes,
        *,
        slug: str = "sample",
        page: Any = None,
        entities: str | None = None,
    ) -> Path:
        folder = tmp_path / "data" / "releases" / slug
        folder.mkdir(parents=True)
        (folder / "record.yaml").write_bytes(record.encode() if isinstance(record, str) else record)
        (folder / "source.txt").write_bytes(source.encode() if isinstance(source, str) else source)
        if page is not None:
            body = page if isinstance(page, bytes) else json.dumps(page).encode()
            (folder / "page.json").write_bytes(body)
        if entities is not None:
            (tmp_path / "data" / "entities").mkdir()
            (tmp_path / "data" / "entities" / "entities.yaml").write_text(entities, encoding="utf-8")
        return tmp_path / "data"

    return make
