"""Builds killed at a moment, and what must be so afterwards: for `test_killed_builds` and `tests.tools.kill_builds`."""

from __future__ import annotations

import contextlib
import json
import os
import random
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from communique.publish.manifest import NAME, verify
from tests.conftest import ROOT
from tests.generated import write_generated

MODES: Final = {
    "without pages": ["build", "--no-site"],
    "without pages or anything kept": ["build", "--no-site", "--no-cache"],
    "with pages": ["build"],
    "check": ["check"],
}
"""Ways to run the program, by name; the first words of a command."""

_MARK: Final = "COMMUNIQUE_TEST_RUN"


def processes(mark: str) -> list[int]:
    """The processes that have this mark in their environment, as those do that are started by one that has it."""
    found: list[int] = []
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if folder.name.isdigit() and f"{_MARK}={mark}\0".encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
    return sorted(found)


@dataclass(frozen=True)
class Killing:
    """A run of the program that was killed, and what is wrong afterwards; nothing should be."""

    victim: str
    mode: str
    moment: float
    ended: str
    wrong: tuple[str, ...]

    def __str__(self) -> str:
        verdict = "; ".join(self.wrong) or "as it should be"
        return f"{self.victim:6} {self.mode:31} at {self.moment:5.2f} s: {self.ended}: {verdict}"


class Scene:
    """A newsroom with an old publication of it, that is changed and built anew, again and again.

    ``seconds`` is how long a run takes in each mode, ``new`` the manifest of the new publication in each.
    """

    def __init__(self, folder: Path, releases: int, modes: Sequence[str] = tuple(MODES)) -> None:
        self.folder, self.data = folder, write_generated(folder, releases)
        self.old: dict[str, bytes] = {}
        self.new: dict[str, bytes] = {}
        self.seconds: dict[str, float] = {}
        for mode in modes:
            self._run(mode)
            self._keep(mode)
        first = sorted((self.data / "releases").iterdir())[0]
        for name in ("source.txt", "record.yaml"):
            text = (first / name).read_text(encoding="utf-8")
            (first / name).write_text(text.replace("number 0", "number 1000"), encoding="utf-8")
        for mode in modes:
            begin = time.monotonic()
            self.new[mode] = self._run(mode)
            self.seconds[mode] = time.monotonic() - begin

    def kill(self, victim: str, mode: str, moment: float, chance: random.Random) -> Killing:
        """Kill the ``parent`` or one ``worker`` of a run after ``moment`` seconds, and look what is wrong then."""
        self._restore(mode)
        mark = secrets.token_hex(8)
        run = self._start(mode, mark)
        time.sleep(moment)
        others: list[int] = []
        while victim == "worker" and not others and run.poll() is None:
            others = [pid for pid in processes(mark) if pid != run.pid]
        dies = [run.pid] if victim == "parent" else others and [chance.choice(others)]
        for pid in dies:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        said = _output(run, 300)
        ended = f"code {run.returncode}" + ("" if dies else ", nobody was there to be killed")
        wrong = [f"it said {said!r}"] if victim == "worker" and run.returncode != 0 else []
        wrong += self._look(mode, mark, is_whole=victim == "worker")
        return Killing(victim, mode, moment, ended, tuple(wrong))

    def _look(self, mode: str, mark: str, *, is_whole: bool) -> list[str]:
        """What is wrong after a run, and after another one that nobody kills."""
        wrong: list[str] = []
        until = time.monotonic() + 10
        while processes(mark) and time.monotonic() < until:
            time.sleep(0.02)
        for pid in processes(mark):
            wrong.append(f"process {pid} is still running")
            os.kill(pid, signal.SIGKILL)
        if mode != "check":
            is_new, is_old = (self._manifest() == of[mode] for of in (self.new, self.old))
            wrong += [] if is_new or (is_old and not is_whole) else ["the publication is neither the old nor the new"]
            wrong += verify(self.folder / "public")
        wrong += [] if self._run(mode) == self.new[mode] else ["the next run gives something else"]
        hidden = self.folder / ".communique"
        left = [
            path.name for path in [*self.folder.iterdir(), *hidden.rglob("*.new")] if path.name not in self._known()
        ]
        return [*wrong, *(f"{name} is left over" for name in left)]

    def _known(self) -> set[str]:
        return {"data", "public", ".communique", *(f"old {mode}" for mode in MODES)}

    def _keep(self, mode: str) -> None:
        """Remember the publication that was just built as the old one of this mode, with what was kept beside it."""
        self.old[mode] = self._manifest()
        (self.folder / f"old {mode}").mkdir()
        for name in ("public", ".communique"):
            if (self.folder / name).exists():
                (self.folder / name).rename(self.folder / f"old {mode}" / name)

    def _restore(self, mode: str) -> None:
        for name in ("public", ".communique"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
            if (self.folder / f"old {mode}" / name).exists():
                shutil.copytree(self.folder / f"old {mode}" / name, self.folder / name)

    def _manifest(self) -> bytes:
        path = self.folder / "public" / NAME
        return path.read_bytes() if path.exists() else b""

    def _start(self, mode: str, mark: str) -> subprocess.Popen[bytes]:
        words = [*MODES[mode], "--data", "data", "--jobs", "2", "--format", "json"]
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "communique", *words],
            cwd=self.folder,
            env=os.environ | {_MARK: mark, "PYTHONPATH": str(ROOT / "src")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def _run(self, mode: str) -> bytes:
        """A whole run: the manifest of the publication, or what the check found."""
        run = self._start(mode, secrets.token_hex(8))
        said = _output(run, 300)
        assert run.returncode == 0, said
        return self._manifest() if mode != "check" else json.dumps(said.decode()).encode()


def _output(run: subprocess.Popen[bytes], seconds: float) -> bytes:
    """All that a run wrote; it is killed if it takes too long, or if this is interrupted."""
    try:
        return run.communicate(timeout=seconds)[0]
    finally:
        if run.poll() is None:
            run.kill()
            run.wait()
