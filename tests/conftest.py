"""What many tests need: the real newsroom, opened once, and tiny newsrooms made of a record and a text."""

from __future__ import annotations

import gc
import json
import signal
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from communique.api import Newsroom, Release, open_newsroom
from communique.compile.compiler import Compiled, compile_release
from communique.context import read_context
from communique.publish.build import build
from communique.publish.site import newsroom as pages_of_the_whole
from communique.publish.site import portrait, questions
from communique.read.release import build_release
from tests import markers
from tests.browsing import CHROMIUM, FLAGS
from tests.checkout import Checkout
from tests.generated import write_generated
from tests.hostile import write_hostile
from tests.publications import built_once

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
SLUG = "2015-05-29-special-report-trafficking"

# a shell starts what runs in the background with SIGINT ignored, and what the tests start would inherit that
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile(
    "stable", derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile("stable")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without the garbage collector, and let it pass over all that is there then: tests stay until the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that start a browser or a server, before tests are selected by their markers."""
    for item in items:
        markers.add_markers(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Say which test is running, so that what starts a browser or a server can check its markers."""
    markers.set_running_test(item)
    try:
        return (yield)
    finally:
        markers.set_running_test(None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Measure the processor time of a test, without its fixtures."""
    begin = markers.processor_seconds()
    try:
        return (yield)
    finally:
        markers.note_time(item, markers.processor_seconds() - begin)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the slow tests that are not marked."""
    lines = markers.unmarked_slow_tests(
        report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)
    )
    if lines:
        terminalreporter.section("slow tests without @pytest.mark.slow (processor time)")
        for line in lines:
            terminalreporter.write_line(line)


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


BASE = "https://example.org/id/"


def compile_record(record: Any, source: str, **more: Any) -> Compiled:
    """A record as quads, as if it were line 1 of an archive; ``page`` may be given."""
    release = replace(build_release("sample", source, record, Path("all.jsonl"), 1), **more)
    return compile_release(release, read_context(), base=BASE, language="en")


def record_of(*nodes: Any, **release: Any) -> dict[str, Any]:
    """A record whose release quotes "Headline" and whose further nodes are given."""
    first = {"id": "release/sample", "type": ["NewsArticle", "PressRelease"], "headline": "Headline"}
    return {"@context": ["context.jsonld"], "graph": [first | {"evidence": "Headline"} | release, *nodes]}


MakeNewsroom = Callable[..., Path]


@pytest.fixture
def make_newsroom(tmp_path: Path) -> MakeNewsroom:
    """Make the data folder of a newsroom with one release, from a record and a text; its path."""

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


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A copy of this repository, in which to follow a recipe."""
    return Checkout(tmp_path / "checkout")


ARCHIVE = ROOT / "tests" / "cases" / "archive" / "data"


def build_all(data: Path, out: Path) -> None:
    """Build a newsroom whose data have no violation."""
    outcome = build(open_newsroom(data), out, jobs=1)
    assert not [f for f in outcome.findings if f.severity == "violation"], outcome.findings


@pytest.fixture(scope="session")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The publication of this repository, with its pages; its data have no findings at all."""

    def make(folder: Path) -> None:
        assert build(open_newsroom(DATA), folder / "public", jobs=1).findings == []

    yield from built_once("real", make, tmp_path_factory)


@pytest.fixture(scope="session")
def site(publication: Path) -> Path:
    """The same publication, for tests of its pages."""
    return publication


@pytest.fixture(scope="session")
def archive_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The publication of the small archive that the questions are tested with."""
    yield from built_once("archive", lambda folder: build_all(ARCHIVE, folder / "public"), tmp_path_factory)


@pytest.fixture(scope="session")
def crowded_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The publication of the same archive as if it were too large to be shown on one page."""

    def make(folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            for name, number in {"LARGE": 1, "SMALL": 1, "NAMED": 2, "ON_ONE_PAGE": 3}.items():
                patch.setattr(pages_of_the_whole, name, number)
            patch.setattr(portrait, "RELEASES_IN_FULL", 1)
            patch.setattr(questions, "MANY", 1)
            patch.setattr(questions, "ROWS", 2)
            build_all(ARCHIVE, folder / "public")

    yield from built_once("crowded", make, tmp_path_factory)


@pytest.fixture(scope="session")
def generated_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The publication of a generated newsroom; its data are next to it."""
    yield from built_once(
        "generated", lambda folder: build_all(write_generated(folder, 16), folder / "public"), tmp_path_factory
    )


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The publication of a newsroom whose data try to break out of its pages."""
    yield from built_once(
        "hostile", lambda folder: build_all(write_hostile(folder), folder / "public"), tmp_path_factory
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, headless."""
    markers.must_be_marked("browser", "a browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
