"""The settings of the server: limits, names, and where they come from."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from communique.serve.settings import PREFIX, SETTINGS, SettingError, Settings, read_settings


@pytest.mark.parametrize("name", SETTINGS)
def test_each_setting_is_taken_at_its_limits_and_refused_beyond_them(name: str) -> None:
    row = SETTINGS[name]
    for value in (row.least, row.default, row.most):
        assert getattr(read_settings([f"{name}={value}"], {}), name) == value
    below = row.least - (1 if row.unit != "s" else 0.001)
    for word in (str(below), str(row.most + 1), "x", "", "nan"):
        with pytest.raises(SettingError, match=rf"^--set: {name} must be "):
            read_settings([f"{name}={word}"], {})
    assert row.meaning and row.unit and row.variable == PREFIX + name.upper()


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "serve.toml"
    file.write_text("workers = 2\nqueue = 3\nquery_seconds = 1.5\n", encoding="utf-8")
    found = read_settings(["workers=4"], {PREFIX + "WORKERS": "5", PREFIX + "QUEUE": "6", "HOME": "/"}, file)
    assert (found.workers, found.queue, found.query_seconds) == (4, 6, 1.5)
    assert read_settings([], {}) == Settings()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("workers = [", "no TOML"),
        ("wokers = 2", "unknown setting 'wokers', did you mean 'workers'?"),
        ("workers = true", "workers must be a whole number, not 'True'"),
        ("[workers]\nx = 1", "workers must be a whole number"),
    ],
)
def test_a_wrong_file_is_one_sentence_with_its_name(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "serve.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingError) as no:
        read_settings([], {}, file)
    assert str(no.value).startswith(str(file)) and words in str(no.value) and "\n" not in str(no.value)


def test_wrong_words_and_variables_say_where_they_stand(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"^--set workers: write NAME=VALUE$"):
        read_settings(["workers"], {})
    with pytest.raises(SettingError, match=r"^the variable COMMUNIQUE_SERVE_QEUE: unknown setting 'qeue'"):
        read_settings([], {PREFIX + "QEUE": "1"})
    with pytest.raises(SettingError, match="cannot be read: No such file"):
        read_settings([], {}, tmp_path / "none.toml")


def test_the_command_lists_every_setting_with_its_value() -> None:
    command = [sys.executable, "-m", "communique", "serve", "--settings", "--set", "queue=7"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = {line.split()[0]: line for line in done.stdout.splitlines()}
    assert list(rows) == list(SETTINGS)
    assert rows["queue"].split()[1] == "7" and all(SETTINGS[name].meaning in line for name, line in rows.items())
