"""A new newsroom: whole or not at all, and ready to check, build and take its first release."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from communique.api import open_newsroom
from communique.beginning import LICENCES, Beginning, write_newsroom
from communique.compile.skeleton import write_skeleton
from communique.errors import NewsroomError, OutputError
from communique.findings import conforms
from communique.publish.build import build
from communique.read.dataset import read_dataset

BEGIN = Beginning(
    title='Sample "news": № 1',
    base="https://news.sample.example/id/",
    language="kk",
    licence="CC-BY-4.0",
    publisher="Sample: Works",
    contact="press@sample.example",
)
FILES = [
    ".github/workflows/communique.yml", ".gitignore", "README.md", "data/dataset.yaml", "data/entities/entities.yaml",
    "data/releases/.gitkeep",
]  # fmt: skip


def files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


@pytest.mark.parametrize("place", ["news", "a/b/news", "."])
def test_a_newsroom_has_all_its_files_and_says_what_it_was_told(tmp_path: Path, place: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    made = write_newsroom(home / place, BEGIN)
    assert files(home / place) == FILES == sorted(str(p.relative_to(home / place)) for p in made)
    dataset, findings = read_dataset(home / place / "data" / "dataset.yaml")
    assert findings == []
    assert (dataset.title, dataset.base, dataset.language) == (BEGIN.title, BEGIN.base, "kk")
    assert (dataset.license, dataset.contact and dataset.contact.email) == (LICENCES["CC-BY-4.0"], BEGIN.contact)
    assert dataset.publisher and dataset.publisher.name == "Sample: Works"


@pytest.mark.slow
def test_check_and_build_pass_at_once_and_after_the_first_release(tmp_path: Path) -> None:
    write_newsroom(tmp_path, BEGIN)
    assert conforms(open_newsroom(tmp_path / "data").folder.findings)
    build(open_newsroom(tmp_path / "data"), tmp_path / "public")
    assert "communique new" in (tmp_path / "public" / "index.html").read_text("utf-8")
    text = tmp_path / "text.txt"
    text.write_text("Көпір ашылды\n\nҮлгіқала, 2031 жылғы 3 мамыр – Көпір бүгін салтанатты түрде ашылды.\n", "utf-8")
    write_skeleton(tmp_path / "data", "one", text, base=BEGIN.base, language="kk", newsroom_language="kk")
    newsroom = open_newsroom(tmp_path / "data")
    assert conforms(newsroom["one"].check())
    assert f"<{BEGIN.base}release/one>" in newsroom.export(["one"], "ntriples").decode()


def test_the_workflow_checks_with_findings_for_github(tmp_path: Path) -> None:
    write_newsroom(tmp_path, BEGIN)
    workflow = yaml.safe_load((tmp_path / FILES[0]).read_text("utf-8"))
    steps = [step.get("run") for step in workflow["jobs"]["check"]["steps"]]
    assert "communique check --format github" in steps
    assert "python -m pip install communique" in steps


def test_what_a_repository_has_already_stays(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    (tmp_path / ".gitignore").write_text("mine")
    (tmp_path / "data").mkdir()
    made = write_newsroom(tmp_path, BEGIN)
    assert files(tmp_path) == FILES
    assert (tmp_path / "README.md").read_text() == (tmp_path / ".gitignore").read_text() == "mine"
    assert tmp_path / "README.md" not in made


@pytest.mark.parametrize("what", ["data/x", "data"])
def test_a_newsroom_that_is_there_is_left_alone(tmp_path: Path, what: str) -> None:
    (tmp_path / what).parent.mkdir(exist_ok=True)
    (tmp_path / what).write_text("mine")
    with pytest.raises(OutputError, match="exists already"):
        write_newsroom(tmp_path, BEGIN)
    assert files(tmp_path) == [what]


def test_a_file_or_a_link_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("file", "link"):
        with pytest.raises(OutputError, match="is no folder"):
            write_newsroom(tmp_path / name, BEGIN)
    assert files(tmp_path) == ["file"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"base": "news.sample.example"}, "--base: base must be an address"),
        ({"base": "https://news.sample.example"}, "--base: .* write https://news.sample.example/"),
        ({"base": "https://news.sample.example/#"}, "--base: .* without [?] and #"),
        ({"base": "https://jo:x@news.sample.example/"}, "--base: "),
        ({"base": "javascript:alert(1)//"}, "--base: "),
        ({"language": "en_GB"}, "--language: .*write en-GB"),
        ({"language": "Kazakh"}, "--language: .*write kk"),
        ({"licence": "CC BY"}, "--licence: .*CC-BY-4.0"),
        ({"title": " "}, "--title: title is"),
        ({"publisher": ""}, "--publisher"),
        ({"contact": "me"}, "--contact: .*press@example.org"),
    ],
)
def test_a_wrong_value_is_named_by_its_option_and_nothing_is_made(
    tmp_path: Path, wrong: dict[str, str], message: str
) -> None:
    with pytest.raises(NewsroomError, match=message):
        write_newsroom(tmp_path / "news", replace(BEGIN, **wrong))
    assert list(tmp_path.iterdir()) == []


def test_a_failure_on_the_way_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").write_text("mine")
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if target.name == "data":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OutputError, match="No space left"):
        write_newsroom(tmp_path, BEGIN)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine"]


COMMAND = [sys.executable, "-m", "communique", "init"]


def test_in_a_pipe_one_sentence_names_the_options_that_are_missing(tmp_path: Path) -> None:
    given = ["n", "--title", "T", "--language", "en"]
    done = subprocess.run([*COMMAND, *given], cwd=tmp_path, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, check=False)  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "communique: a newsroom needs --publisher, --base, --licence (see communique init --help)\n"
    assert list(tmp_path.iterdir()) == []


def test_on_a_terminal_what_is_missing_is_asked(tmp_path: Path) -> None:
    main, terminal = pty.openpty()
    options = ["--title", "T", "--publisher", "P", "--licence", "CC0-1.0", "--format", "json"]
    with subprocess.Popen([*COMMAND, "n", *options], cwd=tmp_path, stdin=terminal, stderr=terminal,
                          stdout=subprocess.PIPE) as process:  # fmt: skip
        os.write(main, b"https://news.sample.example/\n\n")
        out, _ = process.communicate(timeout=60)
    os.close(terminal)
    os.close(main)
    assert process.returncode == 0
    assert json.loads(out)["folder"] == "n" and len(json.loads(out)["files"]) == len(FILES)
    dataset, _ = read_dataset(tmp_path / "n" / "data" / "dataset.yaml")
    assert (dataset.base, dataset.language) == ("https://news.sample.example/", "en")
    assert dataset.license == LICENCES["CC0-1.0"]
