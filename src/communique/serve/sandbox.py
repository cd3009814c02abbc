"""Takes from a worker process what it does not need: the network, other programs, and memory without end (Linux).

A filter of system calls (seccomp, https://docs.kernel.org/userspace-api/seccomp_filter.html) holds for the process and
all its threads and cannot be lifted again. On other systems nothing is taken, and the gate alone keeps queries from the
network.
"""

from __future__ import annotations

import ctypes
import platform
import resource
import struct
import sys
from pathlib import Path
from typing import Final

_CALLS: Final = {
    # socket, connect, execve, execveat, ptrace, process_vm_writev, io_uring_setup
    "x86_64": (0xC000003E, (41, 42, 59, 322, 101, 311, 425)),
    "aarch64": (0xC00000B7, (198, 203, 221, 281, 117, 271, 425)),
}
"""For each machine, its number in the kernel's audit, and the numbers of the system calls that are refused."""

_LOAD, _EQUAL, _LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _EPERM = 0x7FFF0000, 0x00050000 | 1
_OTHER_NUMBERS: Final = 0x40000000
"""From here on, system calls of x86-64 have other numbers (x32)."""

_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2


def drop_network() -> bool:
    """Refuse this process, for good, sockets and other programs; gives whether the system could do it.

    Threads that are already running keep what they have.
    """
    machine = platform.machine()
    if sys.platform != "linux" or machine not in _CALLS:
        return False
    program = _program(*_CALLS[machine])
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    unused = ctypes.c_ulong(0)
    if libc.prctl(_NO_NEW_PRIVILEGES, ctypes.c_ulong(1), unused, unused, unused):
        return False
    return not libc.prctl(_SECCOMP, ctypes.c_ulong(_FILTER), ctypes.c_char_p(header), unused, unused)


def _program(audit: int, calls: tuple[int, ...]) -> bytes:
    """The filter in the language of the kernel (classic BPF): each instruction is a code, two jumps and a number."""
    refuse = len(calls) + 1
    steps = [
        (_LOAD, 0, 0, 4),  # the machine of the call
        (_EQUAL, 0, refuse + 2, audit),
        (_LOAD, 0, 0, 0),  # the number of the call
        (_LEAST, refuse, 0, _OTHER_NUMBERS),
        *((_EQUAL, refuse - 1 - at, 0, number) for at, number in enumerate(calls)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _EPERM),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)


def limit_memory(more: int) -> None:
    """Let the address space of this process grow by that many bytes and no further; the stack counts."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return
    most = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def leave_no_core() -> None:
    """Write no memory image to the disk when the process is aborted."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
