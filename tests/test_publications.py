"""Publications that tests share are built once in a run, whole, and changed by no test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from communique.publish.manifest import build_manifest, write_manifest
from tests.publications import built_once, run_folder


class Factory:
    """What `built_once` asks of pytest: the temporary folder of a process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def getbasetemp(self) -> Path:
        return self.folder


def writer(made: list[Path]) -> Callable[[Path], None]:
    """Writes a publication of one file, and notes where."""

    def write(folder: Path) -> None:
        made.append(folder)
        (folder / "public").mkdir()
        (folder / "public" / "page.html").write_text("words", encoding="utf-8")
        write_manifest(folder / "public", build_manifest(folder / "public", graphs={}, counts={}, versions={}))

    return write


@pytest.fixture
def workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Factory]:
    """Two processes of one run."""
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
    for name in ("gw0", "gw1"):
        (tmp_path / name).mkdir()
    return [Factory(tmp_path / "gw0"), Factory(tmp_path / "gw1")]


def ended(publication: Iterator[Path]) -> None:
    """End a fixture, as a session does."""
    assert list(publication) == []


def test_two_processes_share_one_publication(workers: list[Factory]) -> None:
    made: list[Path] = []
    fixtures = [built_once("sample", writer(made), worker) for worker in workers]  # type: ignore[arg-type]
    one, other = map(next, fixtures)
    assert one == other and (one / "page.html").read_text(encoding="utf-8") == "words"
    assert made == [one.parent]
    for fixture in fixtures:
        ended(fixture)


def test_a_test_that_changes_a_shared_publication_is_noticed(workers: list[Factory]) -> None:
    fixture = built_once("sample", writer([]), workers[0])  # type: ignore[arg-type]
    (next(fixture) / "page.html").write_text("other words", encoding="utf-8")
    with pytest.raises(AssertionError, match=r"page\.html"):
        ended(fixture)


def test_a_build_that_fails_is_shown_by_every_process_and_leaves_no_half(workers: list[Factory]) -> None:
    def fail(folder: Path) -> None:
        (folder / "public").mkdir()
        raise RuntimeError("the build fails")

    for worker in workers:
        with pytest.raises(RuntimeError, match="the build fails"):
            next(built_once("sample", fail, worker))  # type: ignore[arg-type]
    whole = built_once("sample", writer([]), workers[0])  # type: ignore[arg-type]
    assert sorted(path.name for path in next(whole).iterdir()) == ["manifest.json", "page.html"]
    ended(whole)


def test_without_other_processes_the_folder_of_the_run_is_its_own(
    workers: list[Factory], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_folder(workers[0]) == run_folder(workers[1]) == workers[0].folder.parent  # type: ignore[arg-type]
    monkeypatch.delenv("PYTEST_XDIST_WORKER")
    assert run_folder(workers[0]) == workers[0].folder  # type: ignore[arg-type]
