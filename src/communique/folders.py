"""The contents of folders, completely or not at all: what cannot be read is an error and never counts as absent."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import NamedTuple

from communique.errors import CommuniqueError


class Entry(NamedTuple):
    """An entry of a folder, links not followed; ``mode`` is ``st_mode`` of ``os.lstat``."""

    path: Path
    mode: int

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder itself, not a link to one."""
        return stat.S_ISDIR(self.mode)

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file, not a link, a pipe or a device."""
        return stat.S_ISREG(self.mode)

    @property
    def kind(self) -> str:
        """What it is, in words for a message, such as "a link"."""
        names = {stat.S_IFDIR: "a folder", stat.S_IFLNK: "a link", stat.S_IFREG: "a file", stat.S_IFIFO: "a pipe"}
        return names.get(stat.S_IFMT(self.mode), "a device")


def entry_at(path: Path, error: type[CommuniqueError]) -> Entry | None:
    """The entry at a path, or None if there is none. Raises ``error``, one sentence, if that cannot be determined."""
    try:
        return Entry(path, os.lstat(path).st_mode)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as no:
        raise _unreadable(path, no, error) from no


def list_folder(folder: Path, error: type[CommuniqueError]) -> list[Entry]:
    """The entries of a folder, sorted by name. Raises ``error``, one sentence, if any of it cannot be read.

    A missing folder is such an error too: call `entry_at` first where it may be missing.
    """
    try:
        with os.scandir(folder) as found:
            names = sorted(entry.name for entry in found)
        return [Entry(folder / name, os.lstat(folder / name).st_mode) for name in names]
    except OSError as no:
        raise _unreadable(folder, no, error) from no


def _unreadable(path: Path, no: OSError | ValueError, error: type[CommuniqueError]) -> CommuniqueError:
    why = no.strerror if isinstance(no, OSError) else str(no)
    return error(f"{path} cannot be read: {why}; make it readable or remove it")
