"""What lies in a folder: all of it or an error, for what cannot be read is never taken for absent."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import NamedTuple

from communique.errors import CommuniqueError


class Entry(NamedTuple):
    """Something in a folder, links not followed; ``mode`` is that of ``lstat``."""

    path: Path
    mode: int

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder itself, not a link to one."""
        return stat.S_ISDIR(self.mode)

    @property
    def is_file(self) -> bool:
        """Whether it is a plain file: no link, no pipe, no device."""
        return stat.S_ISREG(self.mode)

    @property
    def kind(self) -> str:
        """What it is, for a sentence."""
        names = {stat.S_IFDIR: "a folder", stat.S_IFLNK: "a link", stat.S_IFREG: "a file", stat.S_IFIFO: "a pipe"}
        return names.get(stat.S_IFMT(self.mode), "a device")


def entry_at(path: Path, error: type[CommuniqueError]) -> Entry | None:
    """What stands at a path, or None if nothing does. Raises ``error`` in one sentence if that cannot be found out."""
    try:
        return Entry(path, os.lstat(path).st_mode)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as no:
        raise _unreadable(path, no, error) from no


def list_folder(folder: Path, error: type[CommuniqueError]) -> list[Entry]:
    """What lies in a folder, in the order of the names. Raises ``error`` in one sentence if it cannot be read whole.

    A folder that is not there is such an error too: ask `entry_at` first where it may be missing.
    """
    try:
        with os.scandir(folder) as found:
            names = sorted(entry.name for entry in found)
        return [Entry(folder / name, os.lstat(folder / name).st_mode) for name in names]
    except OSError as no:
        raise _unreadable(folder, no, error) from no


def _unreadable(path: Path, no: OSError | ValueError, error: type[CommuniqueError]) -> CommuniqueError:
    why = no.strerror if isinstance(no, OSError) else str(no)
    return error(f"{path} cannot be read: {why}; nothing is taken for absent, so make it readable or take it away")
