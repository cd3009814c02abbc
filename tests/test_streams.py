"""The command line with streams that are closed or full, or in a deleted folder: its exit code and one sentence."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from communique import __version__
from communique.cli.streams import sentence_of
from tests.conftest import DATA

FULL = Path("/dev/full")


def run(words: str, redirected: str, cwd: Path | None = None) -> tuple[int, str, str]:
    """Run a command in a shell that redirects its streams; gives its exit code and the output that still arrived."""
    command = f"{shlex.quote(sys.executable)} -m communique {words} --data {shlex.quote(str(DATA))} {redirected}"
    if words.startswith("-"):
        command = command.replace(f" --data {shlex.quote(str(DATA))}", "")
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=cwd, timeout=120, check=False)
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr
    assert "bug" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def test_the_version_is_printed_without_a_command() -> None:
    assert run("--version", "") == (0, f"communique {__version__}\n", "")


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", ["export", "query speakers", "check --format json", "query", "--version", "--help"])
def test_a_full_disk_is_one_sentence(words: str) -> None:
    code, _, err = run(words, "> /dev/full")
    assert (code, err.count("\n")) == (2, 1)
    assert err.startswith("communique: ") and "cannot be written: No space left on device" in err


@pytest.mark.parametrize("words", ["export", "query", "check --format json", "--version", "--help"])
def test_a_closed_standard_output_is_one_sentence(words: str) -> None:
    code, _, err = run(words, ">&-")
    assert (code, err.count("\n")) == (2, 1)
    assert err.startswith("communique: ") and "cannot be written: Bad file descriptor" in err


@pytest.mark.parametrize("redirected", [">&-", "<&-", "2>&-", ">&- 2>&- <&-"])
def test_a_command_without_output_needs_no_open_streams(redirected: str) -> None:
    assert run("check --quiet", redirected) == (0, "", "")


@pytest.mark.parametrize("redirected", ["2>&-", "2> /dev/full"])
def test_an_error_that_cannot_be_printed_is_an_exit_code(redirected: str) -> None:
    assert run("check nothing-here", redirected) == (2, "", "")


def test_a_file_does_not_take_the_number_of_a_closed_stream(tmp_path: Path) -> None:
    code, _, _ = run(f"export --format turtle -o {tmp_path / 'a.ttl'}", ">&- 2>&-")
    assert code == 0
    assert (tmp_path / "a.ttl").read_bytes().endswith(b".\n")
    assert b"bytes" not in (tmp_path / "a.ttl").read_bytes()[-40:]


@pytest.mark.parametrize("words", ["check", "export", "query speakers --format csv"])
def test_a_deleted_current_folder_matters_only_to_commands_that_use_it(tmp_path: Path, words: str) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    here = f"{shlex.quote(sys.executable)} -m communique {words} --data {shlex.quote(str(DATA))}"
    done = subprocess.run(
        ["bash", "-c", f"rmdir {gone}; {here}"], capture_output=True, text=True, cwd=gone, check=False
    )
    assert done.returncode == 0 and "Traceback" not in done.stderr


def test_what_the_system_refuses_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sentence_of(PermissionError(13, "Permission denied", b"a\xff")) == "a\udcff: Permission denied"
    assert sentence_of(OSError("odd")) == "the output cannot be written: odd"
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert (
        sentence_of(FileNotFoundError(2, "No such file")) == "the current folder was deleted: change into another one"
    )
    monkeypatch.chdir(tmp_path)
