"""What earlier builds made of each release: used again while it is true, never otherwise, and with the same bytes."""

from __future__ import annotations

import hashlib
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import communique
from communique.api import open_newsroom
from communique.findings import Finding, conforms
from communique.publish import build as building
from communique.publish.build import BuildOutcome, build
from communique.publish.counts import RunningCounts
from communique.publish.kept import dependencies
from communique.publish.kept.built import BuiltRelease
from communique.publish.kept.dependencies import PACKAGES
from communique.publish.kept.releases import PREFIX, Cache, open_cache
from communique.store.kept import BUILD, NAME
from tests.conftest import ROOT
from tests.generated import write_generated

RELEASES = 3

pytestmark = pytest.mark.slow  # each compares whole publications


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A newsroom of a few generated releases, to be changed at will."""
    return write_generated(tmp_path, RELEASES)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The slugs of the releases that are checked and rendered, as they come."""
    slugs: list[str] = []
    build_release = building.build_release

    def record(pages: Any, about: Any, checker: Any, waiting: Any) -> BuiltRelease:
        slugs.append(waiting.folder.name)
        return build_release(pages, about, checker, waiting)

    monkeypatch.setattr(building, "build_release", record)
    return slugs


def run(data: Path, name: str = "public", *, keep: bool = True, **more: Any) -> BuildOutcome:
    return build(open_newsroom(data), data.parent / name, keep=keep, **{"site": False, "jobs": 1, **more})


def hashes(data: Path, name: str = "public") -> dict[str, str]:
    out = data.parent / name
    files = (p for p in sorted(out.rglob("*")) if p.is_file())
    return {str(p.relative_to(out)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def assert_as_fresh(data: Path, outcome: BuildOutcome, **more: Any) -> None:
    """The publication and the outcome are those of a build that uses nothing of earlier ones."""
    shutil.rmtree(data.parent / "fresh", ignore_errors=True)
    fresh = run(data, "fresh", keep=False, **more)
    assert fresh.files
    assert outcome.findings == fresh.findings
    assert (outcome.sums, outcome.counts, outcome.files) == (fresh.sums, fresh.counts, fresh.files)
    assert hashes(data) == hashes(data, "fresh")


def entries(data: Path) -> list[Path]:
    return sorted((data.parent / NAME / BUILD).glob(f"{PREFIX}*"))


def slugs_of(data: Path) -> list[str]:
    return sorted(folder.name for folder in (data / "releases").iterdir())


def change(path: Path, old: str, new: str, times: int = -1) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, times), encoding="utf-8")


def record_of(data: Path, number: int = 0) -> Path:
    return data / "releases" / slugs_of(data)[number] / "record.yaml"


# ---- used again


def test_only_a_changed_release_is_made_anew_and_the_bytes_are_those_of_a_fresh_build(
    data: Path, made: list[str]
) -> None:
    run(data)
    assert made == slugs_of(data) and len(entries(data)) == RELEASES
    made.clear()
    source = record_of(data, 1).with_name("source.txt")
    source.write_text(source.read_text(encoding="utf-8") + "\nThe end.\n", encoding="utf-8")
    outcome = run(data)
    assert made == [slugs_of(data)[1]]
    assert_as_fresh(data, outcome)
    assert len(entries(data)) == RELEASES  # that of the old text is gone


def test_pages_are_used_again_too_and_several_processes_make_no_difference(tmp_path: Path) -> None:
    data = write_generated(tmp_path, 20)
    change(data / "dataset.yaml", "{", '{"interface": ["en", "ru"], ')
    run(data, site=True, jobs=2)
    change(record_of(data, 3).with_name("source.txt"), "opened", "opened ", 1)
    assert_as_fresh(data, run(data, site=True, jobs=2), site=True)


def test_findings_of_a_release_that_has_not_changed_are_shown_again(data: Path, made: list[str]) -> None:
    change(record_of(data), '"evidence":', '"evidences":', 1)
    first = run(data)
    assert not conforms(first.findings) and not (data.parent / "public").exists()
    made.clear()
    again = run(data)
    assert made == [] and again.findings == first.findings and again.sums == first.sums
    change(record_of(data), '"evidences":', '"evidence":', 1)
    outcome = run(data)
    assert made == slugs_of(data)[:1]
    assert_as_fresh(data, outcome)


def test_a_build_that_was_stopped_goes_on_from_the_releases_that_it_had_finished(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_release, asked = building.build_release, list[str]()

    def stop(pages: Any, about: Any, checker: Any, waiting: Any) -> BuiltRelease:
        asked.append(waiting.folder.name)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return build_release(pages, about, checker, waiting)

    monkeypatch.setattr(building, "build_release", stop)
    with pytest.raises(KeyboardInterrupt):
        run(data)
    outcome = run(data)
    assert asked == [*slugs_of(data)[:2], *slugs_of(data)[1:]]
    assert_as_fresh(data, outcome)


# ---- never what is not true any more


def remove(data: Path) -> None:
    shutil.rmtree(record_of(data).parent)


def rename(data: Path) -> None:
    change(record_of(data), record_of(data).parent.name, "2031-01-01-renamed")
    record_of(data).parent.rename(data / "releases" / "2031-01-01-renamed")


def add_page(data: Path) -> None:
    shutil.copy(record_of(data, 2).with_name("page.json"), record_of(data).parent)


def own_shapes(data: Path) -> None:
    shutil.copytree(ROOT / "shapes", data.parent / "shapes")
    with (data.parent / "shapes" / "event.ttl").open("a", encoding="utf-8") as file:
        file.write("\n# one more line\n")


def own_context(data: Path) -> None:
    shutil.copytree(ROOT / "ontology", data.parent / "ontology")
    change(data.parent / "ontology" / "context.jsonld", "\n", "\n\n", 1)


def name_of_an_organisation(data: Path) -> None:
    change(
        data / "entities" / "entities.yaml", '"name": "Harbour Trust"', '"name": "Harbour Trust", "url": "https://h.e/"'
    )


def title(data: Path) -> None:
    change(data / "dataset.yaml", "Generated", "Generated anew")


CHANGES: dict[Callable[[Path], None], int] = {
    remove: 0, rename: 1, add_page: 1,
    own_shapes: RELEASES, own_context: RELEASES, name_of_an_organisation: RELEASES, title: RELEASES,
}  # fmt: skip
"""Changes of a newsroom, and how many releases each makes anew."""


@pytest.mark.parametrize("edit", CHANGES, ids=lambda edit: edit.__name__)
def test_whatever_a_release_depends_on_makes_it_anew(data: Path, made: list[str], edit: Callable[[Path], None]) -> None:
    run(data)
    made.clear()
    edit(data)
    outcome = run(data)
    assert len(made) == CHANGES[edit]
    assert_as_fresh(data, outcome)


def other_folder(data: Path) -> None:
    record_of(data).parent.rename(data / "releases" / "2031-01-01-moved")  # its record still says the old slug


def page_is_a_folder(data: Path) -> None:
    page = record_of(data).with_name("page.json")
    page.unlink(missing_ok=True)
    page.mkdir()


@pytest.mark.parametrize("edit", [other_folder, page_is_a_folder], ids=lambda edit: edit.__name__)
def test_a_release_that_is_in_the_wrong_place_or_unreadable_is_found_as_in_a_fresh_build(
    data: Path, edit: Callable[[Path], None]
) -> None:
    if edit is page_is_a_folder:
        record_of(data).with_name("page.json").unlink(missing_ok=True)
    run(data)
    edit(data)
    outcome, fresh = run(data), run(data, "fresh", keep=False)
    assert outcome.findings == fresh.findings
    assert [finding for finding in fresh.findings if finding.severity == "violation"]


def test_pages_and_no_pages_have_entries_of_their_own(data: Path) -> None:
    newsroom = open_newsroom(data)
    with_pages, without = (open_cache(newsroom, has_pages=has_pages) for has_pages in (True, False))
    assert with_pages is not None and without is not None
    assert with_pages.shared != without.shared


def test_another_version_of_a_package_or_of_the_program_makes_everything_anew(
    data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    newsroom, seen = open_newsroom(data), set[bytes]()

    def shared() -> bytes:
        cache = open_cache(newsroom, has_pages=False)
        assert cache is not None
        return cache.shared

    seen.add(shared())
    program = tmp_path / "program"
    (program / "vendor").mkdir(parents=True)
    (program / "module.py").write_text("one = 1\n")
    monkeypatch.setattr(dependencies, "_PROGRAM", program)
    seen.add(shared())
    (program / "module.py").write_text("one = 2\n")
    seen.add(shared())
    monkeypatch.setattr(dependencies, "version", lambda _: "99")
    seen.add(shared())
    assert len(seen) == 4
    (program / "vendor" / "editor.js").write_text("1")
    assert shared() in seen


def test_the_table_of_packages_has_all_that_releases_pass_through() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["fast"]]
    names = {line.partition(">")[0].strip().lower() for line in needed}
    others = {"httpcore", "httpx", "rich", "sparqlwrapper", "typer", "webencodings", "zstandard"}  # terminal, stores
    assert {name.lower() for name in PACKAGES} == (names - others) | {"markupsafe"}


def test_a_release_that_is_changed_while_it_is_read_is_not_kept(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_release = building.build_release

    def edit(pages: Any, about: Any, checker: Any, waiting: Any) -> BuiltRelease:
        path = waiting.folder / "source.txt"
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        return build_release(pages, about, checker, waiting)

    monkeypatch.setattr(building, "build_release", edit)
    run(data)
    assert entries(data) == []


def test_a_failure_of_the_program_is_not_kept(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(building, "write_release", fail)
        assert [f.code for f in run(data).findings].count("program-error") == RELEASES
    assert entries(data) == []
    assert_as_fresh(data, run(data))


# ---- whole or not there


def damage(path: Path, how: str) -> None:
    body = path.read_bytes()
    path.unlink()
    if how == "cut":
        path.write_bytes(body[: len(body) // 2])
    elif how == "bit":
        path.write_bytes(body[:-9] + bytes([body[-9] ^ 1]) + body[-8:])
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "link":
        (path.parent.parent.parent / "elsewhere").write_bytes(body)
        path.symlink_to(path.parent.parent.parent / "elsewhere")
    else:
        path.mkdir()


@pytest.mark.parametrize("how", ["cut", "bit", "empty", "link", "folder"])
def test_a_damaged_entry_is_noticed_and_made_anew(data: Path, made: list[str], how: str) -> None:
    run(data)
    made.clear()
    damage(entries(data)[1], how)
    outcome = run(data)
    assert len(made) == 1
    assert_as_fresh(data, outcome)
    made.clear()
    if how != "folder":
        run(data)
        assert made == []


def test_an_entry_under_the_name_of_another_is_not_used(data: Path, made: list[str]) -> None:
    run(data)
    made.clear()
    one, other = entries(data)[:2]
    shutil.copy(one, other)
    outcome = run(data)
    assert len(made) == 1
    assert_as_fresh(data, outcome)


def test_entries_that_came_with_somebodys_data_are_not_used(data: Path, made: list[str]) -> None:
    run(data)
    home = data.parent / NAME
    shutil.copytree(home, data.parent / "copy")
    shutil.rmtree(home)
    (data.parent / "copy").rename(home)
    made.clear()
    run(data)
    assert made == slugs_of(data)


def test_what_killed_builds_left_is_removed(data: Path) -> None:
    run(data)
    left = data.parent / NAME / BUILD / "release-0123.abcd.new"
    left.write_bytes(b"half")
    run(data)
    assert not left.exists() and len(entries(data)) == RELEASES


@pytest.mark.parametrize("how", ["link", "file", "hidden file"])
def test_where_nothing_can_be_kept_the_publication_is_the_same(data: Path, how: str) -> None:
    home = data.parent / NAME
    if how == "hidden file":
        home.write_text("")
    else:
        home.mkdir()
        elsewhere = data.parent / "elsewhere"
        elsewhere.mkdir()
        (home / BUILD).symlink_to(elsewhere) if how == "link" else (home / BUILD).write_text("")
    assert open_cache(open_newsroom(data), has_pages=False) is None
    assert_as_fresh(data, run(data))


def test_a_full_disk_costs_only_time(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        cache = open_cache(open_newsroom(data), has_pages=False)
        assert cache is not None
        cache.write("00", BuiltRelease(RunningCounts(cache.base)))
    assert entries(data) == []


def test_without_keeping_nothing_is_written_beside_the_data(data: Path) -> None:
    run(data, keep=False)
    assert not (data.parent / NAME).exists()


def test_a_question_leaves_the_entries_of_builds(data: Path, made: list[str]) -> None:
    run(data)
    open_newsroom(data, keep=True).query("speakers")
    made.clear()
    run(data)
    assert made == []


def test_all_that_is_made_of_a_release_comes_back(data: Path) -> None:
    newsroom = open_newsroom(data)
    waiting = next(iter(newsroom.folder.waiting()))
    built = building.build_release((), newsroom.dataset, newsroom.core, waiting)
    built.findings.append(Finding(file="ä\udc80", code="empty-value", message="m", why=("a", "b"), fix="f"))
    assert built.lines and built.files and built.entry and built.graphs
    again = BuiltRelease.from_bytes(built.to_bytes(), newsroom.dataset.base)
    assert again.tally.as_state() == built.tally.as_state() and again.tally.counts() == built.tally.counts()
    again.tally = built.tally
    assert again == built


def test_a_release_in_an_archive_is_used_again_while_its_line_is_the_same(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import json

    import yaml

    lines = []
    for slug in slugs_of(data):
        folder = data / "releases" / slug
        record = yaml.safe_load((folder / "record.yaml").read_text(encoding="utf-8"))
        source = (folder / "source.txt").read_text(encoding="utf-8")
        lines.append(json.dumps({"slug": slug, "source": source, "record": record}))
        shutil.rmtree(folder)
    (data / "releases" / "all.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found: list[str] = []
    read = Cache.read

    def spy(cache: Cache, key: str) -> BuiltRelease | None:
        built = read(cache, key)
        found.append("used" if built else "made")
        return built

    monkeypatch.setattr(Cache, "read", spy)
    run(data)
    lines[1] = lines[1].replace("opened", "opened ", 1)
    (data / "releases" / "all.jsonl").write_text("\n".join(lines), encoding="utf-8")
    outcome = run(data)
    compared = ["used", "used"]  # the old release and the new one, to see what they touch
    assert found == ["made"] * RELEASES + ["used", "made", "used", *compared]
    assert_as_fresh(data, outcome)


def test_everything_of_the_program_counts_and_nothing_else() -> None:
    found = {path for _, path in dependencies.files_of_program()}
    program = Path(communique.__file__).parent
    assert found == {p for p in program.rglob("*") if p.is_file() and "__pycache__" not in p.parts}
