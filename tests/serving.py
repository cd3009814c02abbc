"""Our own server, run as users run it, on a copy of a publication."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.conftest import ROOT


@dataclass(frozen=True)
class Served:
    """A running server: its address, its process, the folder that it serves, and the file of what it says."""

    url: str
    process: subprocess.Popen[bytes]
    public: Path
    log: Path

    def client(self, **headers: str) -> httpx.Client:
        """A client that follows no redirects and sends no Accept of its own."""
        return httpx.Client(base_url=self.url, headers={"accept": "*/*", "accept-encoding": "identity"} | headers)

    @property
    def said(self) -> str:
        """What the server has said so far."""
        return self.log.read_text(encoding="utf-8")


def copy_of(publication: Path, folder: Path) -> Path:
    """A copy of a publication in a folder of its own, by hard links."""
    return Path(shutil.copytree(publication, folder / "public", copy_function=os.link))


@contextlib.contextmanager
def serving(public: Path, *settings: str, options: tuple[str, ...] = ()) -> Iterator[Served]:
    """Run the server on a publication, and stop it at the end as Ctrl-C does."""
    words = [f"--set={one}" for one in settings]
    command = [sys.executable, "-m", "communique", "serve", "--port", "0", "--public", str(public), *words, *options]
    log = public.parent / "serve.log"
    with log.open("wb") as said:
        process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=said, start_new_session=True)
    assert process.stderr is not None
    line = process.stderr.readline().decode()
    match = re.search(r"http://\S+:\d+/", line)
    assert match, line + process.stderr.read().decode()
    with log.open("ab") as said:  # what it says from now on
        copier = subprocess.Popen(["cat"], stdin=process.stderr, stdout=said)
    try:
        _wait_for(match[0], process)
        yield Served(match[0].rstrip("/"), process, public, log)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            copier.wait(10)
            process.stderr.close()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers; it listens from its beginning, so that the request is answered when it can be."""
    with httpx.Client(timeout=60) as client:
        assert client.get(url + "health").status_code == 200, process.poll()
