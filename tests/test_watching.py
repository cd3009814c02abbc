"""Watching a newsroom: each save is a round, and a publication is replaced by a better one or stays."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from communique.cli.watching import changed_first
from communique.errors import OutputError
from communique.findings import Finding
from communique.publish.manifest import verify
from communique.watching import changes
from communique.watching.changes import watch_folders
from tests.conftest import ROOT
from tests.watching import WatchedCommand, save, write_newsroom, write_release

BUILT = r"^(built|not built)"


def rounds_of(folder: Path, *besides: Path) -> Iterator[frozenset[Path]]:
    rounds = watch_folders([folder], besides)
    assert next(rounds) == frozenset()
    return rounds


def next_until(rounds: Iterator[frozenset[Path]], path: Path) -> set[Path]:
    """What changes up to the round in which this path does."""
    seen: set[Path] = set()
    while path not in seen:
        seen |= next(rounds)
    return seen


# ---- what is a change


def test_a_save_is_a_change_even_while_nobody_waits(tmp_path: Path) -> None:
    rounds = rounds_of(tmp_path)
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("a: 1\n")
        assert next_until(rounds, tmp_path / name)


def test_a_file_that_is_replaced_by_a_rename_is_a_change(tmp_path: Path) -> None:
    own = tmp_path / "record.yaml"
    own.write_text("a: 1\n")
    rounds = rounds_of(tmp_path)
    (tmp_path / ".record.yaml.new").write_text("a: 2\n")
    (tmp_path / ".record.yaml.new").replace(own)
    assert next_until(rounds, own) == {own}


def test_temporary_files_of_editors_are_no_change(tmp_path: Path) -> None:
    rounds = rounds_of(tmp_path)
    temporary = (".record.yaml.swp", "record.yaml~", "#record.yaml#", ".#record.yaml", "4913", "~$record.yaml",
                 "record.yaml___jb_tmp___", "record.yaml.tmp", ".git", "record.yaml.bak")  # fmt: skip
    for name in temporary:
        (tmp_path / name).write_text("")
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "record.yaml").write_text("")
    (tmp_path / "record.yaml").write_text("")
    assert next_until(rounds, tmp_path / "record.yaml") == {tmp_path / "record.yaml"}


def test_what_the_build_writes_is_no_change(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    rounds = rounds_of(tmp_path, tmp_path / "public")
    (tmp_path / "public" / "index.html").write_text("")
    (tmp_path / ".public.0.staging").mkdir()
    (tmp_path / "publicly.yaml").write_text("")
    assert next_until(rounds, tmp_path / "publicly.yaml") == {tmp_path / "publicly.yaml"}


def test_a_folder_that_comes_goes_or_is_replaced_is_a_change(tmp_path: Path) -> None:
    data, shapes = tmp_path / "data", tmp_path / "shapes"
    data.mkdir()
    rounds = watch_folders([data, shapes])
    assert next(rounds) == frozenset()
    shapes.mkdir()
    assert next(rounds) == {shapes}
    (shapes / "own.ttl").write_text("")
    assert next_until(rounds, shapes / "own.ttl")
    data.replace(tmp_path / "old")
    assert data in next_until(rounds, data)
    shutil.copytree(tmp_path / "old", data)
    assert next_until(rounds, data)
    (data / "dataset.yaml").write_text("")
    assert next_until(rounds, data / "dataset.yaml")
    (tmp_path / "new").mkdir()
    data.replace(tmp_path / "older")
    (tmp_path / "new").replace(data)
    assert next_until(rounds, data)


def test_a_folder_that_is_replaced_by_another_of_the_same_name_is_watched_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, old, other = tmp_path / "data", tmp_path / "old", tmp_path / "other"
    for folder in (data, other):
        folder.mkdir()
        (folder / "dataset.yaml").write_text(folder.name)
    late = data / "late.yaml"
    reported = [iter([set[Path]()]), iter([{late}])]
    monkeypatch.setattr(changes, "_changes", lambda folders: reported.pop(0))
    rounds = rounds_of(data)
    data.replace(old)
    other.replace(data)
    assert next(rounds) == {data, late} and not reported


def test_a_folder_below_that_is_renamed_is_a_change(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    rounds = rounds_of(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    assert next_until(rounds, tmp_path / "b") <= {tmp_path / "a", tmp_path / "b"}
    (tmp_path / "b" / "source.txt").write_text("")
    assert next_until(rounds, tmp_path / "b" / "source.txt")


def test_a_folder_that_the_system_cannot_report_is_polled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import watchfiles

    real = watchfiles.watch

    def watch(*folders: Path, force_polling: bool | None = None, **options: object) -> object:
        if not force_polling:
            raise OSError("the limit of inotify watches is reached")
        return real(*folders, force_polling=True, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(watchfiles, "watch", watch)
    rounds = rounds_of(tmp_path)
    (tmp_path / "record.yaml").write_text("a: 1\n")
    assert next_until(rounds, tmp_path / "record.yaml")


def test_without_watchfiles_a_sentence_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "find_spec", lambda name: None)
    with pytest.raises(OutputError) as no:
        next(watch_folders([tmp_path]))
    assert str(no.value) == "--watch needs the package watchfiles: pip install 'communique[watch]'"


def test_findings_of_the_changed_release_come_first() -> None:
    def finding(slug: str, code: str) -> Finding:
        return Finding(file=f"data/releases/{slug}/record.yaml", code=code, message="")

    codes = ("unknown-key", "no-evidence", "yaml-syntax", "missing-key")
    found = [finding(slug, code) for slug, code in zip("abab", codes, strict=True)]
    changed = Path("data/releases/b/source.txt").resolve()
    assert [f.code for f in changed_first(found, {changed})] == [
        "no-evidence",
        "missing-key",
        "unknown-key",
        "yaml-syntax",
    ]
    assert changed_first(found, ()) == found


# ---- building


@pytest.mark.slow
def test_a_save_is_built_and_a_broken_record_leaves_the_publication(tmp_path: Path) -> None:
    data, out = write_newsroom(tmp_path, "lower", "upper"), tmp_path / "public"
    record = data / "releases" / "upper" / "record.yaml"
    text = record.read_text()
    with WatchedCommand("build", "--watch", "--no-site", folder=tmp_path) as command:
        assert command.until(BUILT)[-1].endswith(": 2 releases, 0 pages")
        command.until("^waiting for the next save")
        manifest = (out / "manifest.json").read_bytes()

        save(record, text + "  - id: [\n")
        lines = command.until(BUILT)
        assert lines[0].startswith("data/releases/upper/record.yaml:8:1: violation [yaml-syntax]")
        assert lines[-1].endswith("mend the violations first, public is as it was")
        assert (out / "manifest.json").read_bytes() == manifest

        save(record, text.replace("upper dam", "opening") + "    inLanguage: en\n")
        assert "headline" in "".join(command.until("^not built"))

        save(record, text.replace("name: opening", "name: The opening"))
        assert command.until("^built")[-1].endswith(": 1 release, 0 pages")
        assert verify(out) == ()
        assert command.interrupt() == 130
        assert command.rest() == ["communique: watching has ended; public is as the last build left it"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".communique", "data", "public"]


@pytest.mark.slow
def test_releases_that_come_go_and_are_renamed_and_the_rest_of_the_data_are_built(tmp_path: Path) -> None:
    data, out = write_newsroom(tmp_path, "lower"), tmp_path / "public"

    def slugs() -> list[str]:
        return sorted(folder.name for folder in (out / "release").iterdir())

    with WatchedCommand("build", "--watch", "--no-site", folder=tmp_path) as command:
        command.until("^waiting")
        staged = tmp_path / "staged"
        write_release(staged, "upper", "The upper dam is open")
        (staged / "releases" / "upper").rename(data / "releases" / "upper")
        command.until("^built")
        assert slugs() == ["lower", "upper"]
        shutil.rmtree(data / "releases" / "lower")
        while slugs() != ["upper"]:  # a round can begin while the files are removed
            command.until(BUILT)

        (data / "entities").mkdir()
        (data / "entities" / "places.yaml").write_text("graph: [{id: place/almaty, type: City, name: Almaty}]\n")
        while "place/almaty" not in (out / "dataset.nq").read_text():
            command.until(BUILT)
        dataset = (data / "dataset.yaml").read_text()
        (data / "dataset.yaml").write_text("title: [\n")
        assert "dataset.yaml" in "".join(command.until("^(not built|communique:)"))
        (data / "dataset.yaml").write_text(dataset.replace("Dams", "Weirs"))
        while "Weirs" not in (out / "dataset.nq").read_text():
            command.until(BUILT)

        shutil.copytree(ROOT / "ontology", tmp_path / "ontology")
        context = tmp_path / "ontology" / "context.jsonld"
        whole = context.read_text()
        save(context, "{")
        assert "context.jsonld is not a JSON-LD context" in command.until("^communique:.*context")[-1]
        save(context, whole)
        assert command.until(BUILT)[-1].startswith("built")
        assert verify(out) == ()
        assert command.interrupt() == 130


@pytest.mark.slow
def test_a_save_while_a_build_runs_is_built_after_it(tmp_path: Path) -> None:
    data, out = write_newsroom(tmp_path, "lower"), tmp_path / "public"
    with WatchedCommand("build", "--watch", "--no-site", folder=tmp_path) as command:
        while not list(tmp_path.glob(".public.*.staging")):
            assert command.process.poll() is None
        write_release(data, "upper", "The upper dam is open")
        command.until("^built")
        while not (out / "release" / "upper").is_dir():
            command.until(BUILT)


@pytest.mark.slow
def test_a_build_that_cannot_be_carried_out_at_first_ends_the_command(tmp_path: Path) -> None:
    for words, sentence in (
        (("build", "--watch"), "communique: "),
        (("build", "--port", "8000"), "communique: --port shows the pages while they are watched: add --watch"),
        (("check", "--watch", "--pages", "a"), "communique: --watch checks releases again, not pages"),
    ):
        with WatchedCommand(*words, "--data", "nothing", folder=tmp_path) as command:
            (line,) = command.rest()
            assert line.startswith(sentence)
            assert command.process.wait() == 2
    assert list(tmp_path.iterdir()) == []


# ---- checking


@pytest.mark.slow
def test_a_save_in_a_release_checks_that_release_and_any_other_checks_everything(tmp_path: Path) -> None:
    data = write_newsroom(tmp_path, "lower", "upper")
    record = data / "releases" / "upper" / "record.yaml"
    with WatchedCommand("check", "--watch", folder=tmp_path) as command:
        assert command.until("^checked")[-1].endswith(": everything; 2 findings")
        command.until("^waiting")
        save(record, record.read_text().replace("headline", "headlin"))
        lines = command.until("^checked")
        assert all("/upper/" in line for line in lines if line.startswith("data/"))
        assert any(line.startswith("data/releases/upper/record.yaml:5:5: violation [unknown-key]") for line in lines)
        assert ": upper; " in lines[-1]
        (data / "dataset.yaml").write_text((data / "dataset.yaml").read_text() + "language: en\n")
        assert ": everything; " in command.until("^checked")[-1]
        assert command.interrupt() == 130
        assert command.rest() == ["communique: watching has ended; nothing was changed"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


@pytest.mark.slow
def test_only_the_releases_that_were_named_are_checked(tmp_path: Path) -> None:
    data = write_newsroom(tmp_path, "lower", "upper")
    with WatchedCommand("check", "lower", "--watch", folder=tmp_path) as command:
        assert ": lower; " in command.until("^checked")[-1]
        command.until("^waiting")
        for slug in ("upper", "lower"):
            record = data / "releases" / slug / "record.yaml"
            save(record, record.read_text() + "    inLanguage: en\n")
        assert ": lower; " in command.until("^checked")[-1]
