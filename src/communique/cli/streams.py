"""The standard streams as a process may find them: closed by its caller, full, or without anybody who reads."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TextIO


def settle_streams() -> None:
    """Put something in the place of standard streams that the caller has closed, before a file takes their numbers.

    What is written to a standard output that was closed is an error, as it is for a full disk; messages are dropped.
    """
    for number, mode in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # the system gives the lowest free number
    # a test, or a program that embeds this one, may have put streams of its own there
    sys.stdout = sys.stdout or _stream(1)
    sys.stderr = sys.stderr or _stream(2)


def _stream(number: int) -> TextIO:
    return io.TextIOWrapper(io.FileIO(number, "w", closefd=False), encoding="utf-8", write_through=True)


def silence(stream: TextIO) -> None:
    """Send what is still to be written to a broken stream nowhere: the end of the process says nothing of it."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def sentence_of(error: OSError) -> str:
    """What the system refused, in one sentence.

    >>> sentence_of(OSError(28, "No space left on device", "a.txt"))
    'a.txt: No space left on device'
    """
    if error.filename is not None:
        return f"{os.fsdecode(error.filename)}: {error.strerror}"
    try:
        os.getcwd()  # noqa: PTH109  (the question is whether the system knows it)
    except FileNotFoundError:
        return "the current folder was deleted: change into another one"
    return f"the output cannot be written: {error.strerror or error}"
