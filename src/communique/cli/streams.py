"""Handles standard streams that the caller has closed, that are full, or that nobody reads."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TextIO


def settle_streams() -> None:
    """Replace standard streams that the caller has closed, before another file gets their file descriptors.

    Writing to a standard output that was closed is an error, as on a full disk; messages to standard error are dropped.
    """
    for number, mode in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # gets the lowest free file descriptor, which is this one
    # a test, or a program that embeds this one, may have set streams of its own
    sys.stdout = sys.stdout or _stream(1)
    sys.stderr = sys.stderr or _stream(2)


def _stream(number: int) -> TextIO:
    return io.TextIOWrapper(io.FileIO(number, "w", closefd=False), encoding="utf-8", write_through=True)


def silence(stream: TextIO) -> None:
    """Discard what is still to be written to a broken stream, so that no error is reported when the process ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def sentence_of(error: OSError) -> str:
    """One sentence for an error of the operating system.

    >>> sentence_of(OSError(28, "No space left on device", "a.txt"))
    'a.txt: No space left on device'
    """
    if error.filename is not None:
        return f"{os.fsdecode(error.filename)}: {error.strerror}"
    try:
        os.getcwd()  # noqa: PTH109  (only to learn whether the current folder still exists)
    except FileNotFoundError:
        return "the current folder was deleted: change into another one"
    return f"the output cannot be written: {error.strerror or error}"
