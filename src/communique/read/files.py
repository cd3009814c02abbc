"""Reading a single file: all of its bytes, or a finding."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from communique.findings import Finding

MAX_FILE: Final = 64 << 20
"""The most bytes that are read of any file; a larger one is refused."""

LINK: Final = "this is a link; links are not followed"


def read_file(path: Path, findings: list[Finding]) -> bytes | None:
    """The bytes of a file, or None, with a finding added to ``findings``: missing, a link, a device, far too large."""
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            findings.append(Finding.of_file(path, "bad-path", LINK, fix="put the file itself there"))
            return None
        if not stat.S_ISREG(mode):
            findings.append(Finding.of_file(path, "unreadable-file", f"{path.name} is not a file"))
            return None
        # O_NONBLOCK: if a pipe has replaced the file since, opening it must not wait for a writer
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:  # noqa: PTH123
            data = file.read(MAX_FILE + 1)
    except FileNotFoundError:
        message = f"there is no {path.name} in this release"
        findings.append(Finding.of_file(path, "missing-file", message, fix=f"add {path.name}"))
        return None
    except OSError as e:
        findings.append(Finding.of_file(path, "unreadable-file", f"{path.name} cannot be read: {e.strerror}"))
        return None
    if len(data) > MAX_FILE:
        findings.append(Finding.of_file(path, "too-large", f"the file has more than {MAX_FILE:,} bytes"))
        return None
    return data
