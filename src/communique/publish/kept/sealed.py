"""Files in the hidden folder beside the data, with a seal that only a program which ran here can have made.

A file is there whole or not at all: it is written under another name and renamed. It begins with its seal: a hash of
its name, of its content, and of a mark of when and where the hidden folder was made (`open_hidden`). What is damaged,
or came with somebody's data, has another seal and counts as absent. Where nothing can be written, nothing is lost but
time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from communique.store.kept import BUILD, open_hidden

_SIZE: Final = 32
_NEW: Final = ".new"


@dataclass(frozen=True, slots=True)
class SealedFolder:
    """A folder of sealed files, and its mark. Any number of processes may use it at once."""

    folder: Path
    mark: bytes

    def read(self, name: str) -> bytes | None:
        """The content of a file; None if there is none, or one without the right seal."""
        try:
            with self.open_file(name) as file:
                data = file.read()
        except OSError:
            return None
        return data[_SIZE:] if self.seal(name, data[_SIZE:]) == data[:_SIZE] else None

    def write(self, name: str, body: bytes) -> None:
        """Write a file, if that is possible."""
        beside = self.folder / f"{name}.{secrets.token_hex(4)}{_NEW}"
        try:
            with beside.open("xb") as file:
                file.write(self.seal(name, body) + body)
            beside.replace(self.folder / name)
        except OSError:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)

    def take(self, path: Path, name: str) -> None:
        """Move a file here that needs no seal, if that is possible."""
        beside = self.folder / f"{name}.{secrets.token_hex(4)}{_NEW}"
        try:
            shutil.move(path, beside)
            beside.replace(self.folder / name)
        except OSError:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)

    def open_file(self, name: str) -> BinaryIO:
        """A plain file, open for reading, with or without a seal. Raises `OSError`."""
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
        return open(os.open(self.folder / name, flags), "rb")  # noqa: PTH123  (a descriptor)

    def names(self) -> list[str]:
        """The names of everything in the folder, sorted."""
        return sorted(os.listdir(self.folder))  # noqa: PTH208  (names)

    def remove(self, is_wanted: Callable[[str], bool]) -> None:
        """Remove the files of which the name is not wanted, and what killed processes left."""
        with contextlib.suppress(OSError):
            for name in self.names():
                if not is_wanted(name):
                    with contextlib.suppress(OSError):
                        (self.folder / name).unlink()

    def seal(self, name: str, body: bytes) -> bytes:
        """The seal of a file with this name and this content, or of a part of it."""
        whole = hashlib.blake2b(digest_size=_SIZE)
        for part in (self.mark, name.encode(), body):
            add_part(whole, part)
        return whole.digest()


def open_sealed(root: Path) -> SealedFolder | None:
    """The folder of sealed files of a newsroom, made if need be; None if nothing can be kept there."""
    try:
        home, mark = open_hidden(root)
        folder = home / BUILD
        with contextlib.suppress(FileExistsError):
            folder.mkdir()
        return SealedFolder(folder, mark) if stat.S_ISDIR(os.lstat(folder).st_mode) else None
    except OSError:
        return None


def add_part(whole: hashlib.blake2b, part: bytes | None) -> None:
    """Add a part to a hash with its length, so that no two lists of parts give the same."""
    whole.update(b"-" if part is None else b"%d " % len(part))
    whole.update(part or b"")
