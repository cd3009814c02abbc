"""What a worker may not do: sockets, other programs, memory without end."""

from __future__ import annotations

import platform
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from communique.apart import Apart
from communique.serve.refusal import HttpError
from communique.serve.worker import SparqlRequest, begin
from communique.serve.writing import Limits
from communique.store.embedded import open_embedded
from tests.engines import LOOPBACK

PROGRAM = """
import ctypes, errno, os, socket, subprocess, sys, threading
from communique.serve.sandbox import drop_network, leave_no_core, limit_memory
leave_no_core()
print("dropped", drop_network())

def tried(name, work):
    try:
        work()
    except OSError as no:
        print(name, errno.errorcode[no.errno])
    else:
        print(name, "done")

libc = ctypes.CDLL(None, use_errno=True)

def raw(number, *words):
    if libc.syscall(number, *words) < 0:
        raise OSError(ctypes.get_errno(), "")

for family in ("AF_INET", "AF_INET6", "AF_UNIX"):
    tried(family, lambda: socket.socket(getattr(socket, family)))
tried("program", lambda: subprocess.run(["true"]))
tried("exec", lambda: os.execv("/bin/true", ["true"]))
tried("io_uring", lambda: raw(425, 1, 0))
tried("other numbers", lambda: raw(0x40000000 | 41, 2, 1, 0))
tried("file", lambda: open(__file__ if "__file__" in globals() else "/dev/null").close())
thread = threading.Thread(target=tried, args=("thread", lambda: socket.socket()))
thread.start(); thread.join()
if os.fork() == 0:
    tried("child", lambda: socket.socket())
    sys.stdout.flush()
    os._exit(0)
os.wait()
limit_memory(64 * 1024 * 1024)
some = bytearray(32 * 1024 * 1024)
try:
    bytearray(128 * 1024 * 1024)
except MemoryError:
    print("memory refused")
"""


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"),
    reason="only Linux on x86-64 or ARM64 has a filter of system calls that is known here",
)
def test_a_worker_opens_no_socket_and_starts_no_program_and_takes_no_more_memory(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.splitlines() == [
        "dropped True",
        "AF_INET EPERM",
        "AF_INET6 EPERM",
        "AF_UNIX EPERM",
        "program EPERM",
        "exec EPERM",
        "io_uring EPERM",
        "other numbers EPERM",
        "file done",
        "thread EPERM",
        "child EPERM",
        "memory refused",
    ], done.stderr


@pytest.mark.allow_hosts(LOOPBACK)
def test_a_worker_reaches_no_network_even_if_a_query_passes_the_gate(tmp_path: Path) -> None:
    open_embedded(tmp_path / "store").close()
    limits = Limits(100, 10_000, 256 * 1024 * 1024)
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        Apart(begin, tmp_path / "store", limits, seconds=20) as worker,
    ):
        listener.settimeout(0.5)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        query = f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"
        with pytest.raises(HttpError, match="cannot be answered"):
            worker.ask("ask", SparqlRequest(query, "SELECT", address, "json"))
        assert worker.ask("is_confined") is True
        with pytest.raises(TimeoutError):
            listener.accept()


def test_another_machine_is_left_as_it_is_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from communique.serve import sandbox

    monkeypatch.setattr(platform, "machine", lambda: "sparc64")
    assert not sandbox.drop_network()
