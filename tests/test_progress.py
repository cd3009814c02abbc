"""The progress bar: how far, how fast, how much longer, and what was found; on a terminal, and nowhere else."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest

from communique.cli.program import describe_pace, progress


class Screen(io.StringIO):
    """A standard error that is a terminal."""

    def isatty(self) -> bool:
        return True


def lines(screen: Screen) -> list[str]:
    """What was drawn, one state of the bar after another, without colours and movements of the cursor."""
    return [line.strip() for line in re.split(r"[\r\n]+", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.getvalue()))]


def items(found: list[str]) -> Iterator[int]:
    for number in range(1, 5):
        yield number
        found.append("1 violation" if number == 1 else f"{number} violations")


@pytest.mark.parametrize("width", [60, 80, 200])
def test_a_terminal_shows_how_far_it_is_and_what_was_found_in_one_line(
    monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    screen, found = Screen(), [""]
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", f"{width}")
    monkeypatch.setattr("communique.cli.program.describe_pace", lambda done, total, _: f"{done} of {total}, 1:00:00")
    assert list(progress(items(found), "releases", 4, note=lambda: found[-1])) == [1, 2, 3, 4]
    drawn = [line for line in lines(screen) if line]
    assert all("releases" in line and "/4" in line and len(line) <= width for line in drawn)
    if width > 60:
        assert drawn[-1].endswith("4 of 4, 1:00:00, 3 violations")


def test_elsewhere_or_if_asked_to_be_quiet_nothing_is_drawn(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list(progress(iter("abc"), "letters", 3, note=lambda: "never")) == ["a", "b", "c"]
    assert capsys.readouterr() == ("", "")
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    assert list(progress(iter("abc"), "letters", 3, note=lambda: "never", quiet=True)) == ["a", "b", "c"]
    assert screen.getvalue() == ""


@pytest.mark.parametrize(
    ("done", "total", "seconds", "said"),
    [
        (1, 1, 0.0, "1,000/s, 0:00:00 left"),
        (50, 200, 10.0, "5/s, 0:00:30 left"),
        (3000, None, 1.5, "2,000/s"),
        (1, 3, 8.0, "0.1/s, 0:00:16 left"),
        (5, 4, 5.0, "1/s, 0:00:00 left"),
        (10, 864_010, 1.0, "10/s, 1 day, 0:00:00 left"),
    ],
)
def test_the_pace_and_the_time_left(done: int, total: int | None, seconds: float, said: str) -> None:
    assert describe_pace(done, total, seconds) == said
