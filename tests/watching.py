"""A command that watches a newsroom, as an editor has it running in a terminal: its lines are waited for, not timed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from queue import Empty, Queue

LONGEST = 120
"""Seconds after which a line that does not come is missing; a busy machine has them."""

DATASET = """\
title: Dams
base: https://example.org/id/
publisher: Dam House
license: https://e.example/l
contact: a@e.example
"""
RECORD = """\
"@context": context.jsonld
graph:
  - id: release/{slug}
    type: PressRelease
    headline: {headline}
    about: {{id: event/{slug}-opening, type: Event, name: opening}}
"""


def write_release(data: Path, slug: str, headline: str) -> Path:
    """Write a release that is valid; its record."""
    folder = data / "releases" / slug
    folder.mkdir(parents=True)
    (folder / "source.txt").write_text(f"{headline}\n\nThe opening was in Almaty.\n")
    (folder / "record.yaml").write_text(RECORD.format(slug=slug, headline=headline))
    return folder / "record.yaml"


def write_newsroom(folder: Path, *slugs: str) -> Path:
    """Write a newsroom with small releases; its data folder."""
    data = folder / "data"
    data.mkdir()
    (data / "dataset.yaml").write_text(DATASET)
    for slug in slugs:
        write_release(data, slug, f"The {slug} dam is open")
    return data


def save(path: Path, text: str) -> None:
    """Write a file as careful editors do: beside it, then in its place, so that nobody sees a half of it."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text)
    beside.replace(path)


class WatchedCommand:
    """A process of the program whose output is read line by line; ended with the block if it has not ended."""

    def __init__(self, *words: str | Path, folder: Path) -> None:
        command = [sys.executable, "-m", "communique", *map(str, words)]
        self.process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        self._lines: Queue[str | None] = Queue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def until(self, pattern: str) -> list[str]:
        """The lines up to the first that matches."""
        seen: list[str] = []
        while True:
            try:
                line = self._lines.get(timeout=LONGEST)
            except Empty:
                raise AssertionError(f"no line {pattern!r} came after {seen}") from None
            assert line is not None, f"the command ended with {self.process.wait()} after {seen}"
            seen.append(line)
            if re.search(pattern, line):
                return seen

    def rest(self) -> list[str]:
        """All further lines, up to the end of the process."""
        return list(iter(lambda: self._lines.get(timeout=LONGEST), None))

    def interrupt(self) -> int:
        """Press Ctrl-C; the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(timeout=LONGEST)

    def __enter__(self) -> WatchedCommand:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._thread.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
