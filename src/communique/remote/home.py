"""The folder on this machine that belongs to an address, used by one command at a time."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from communique.errors import StorageError
from communique.remote.address import StorageAddress

CACHE_HOME: Final = "XDG_CACHE_HOME"


@contextlib.contextmanager
def open_home(address: StorageAddress) -> Iterator[Path]:
    """The folder of an address below ``$XDG_CACHE_HOME`` or ``~/.cache``, made if need be, for this process alone.

    Raises `StorageError` if another command works with this address now, or if the folder cannot be made.
    """
    cache = os.environ.get(CACHE_HOME) or Path.home() / ".cache"
    home = Path(cache) / "communique" / "storage" / hashlib.sha256(str(address).encode()).hexdigest()[:32]
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(home / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StorageError(
            f"{home} cannot be made: {error.strerror}; {address} needs a folder on this machine: set {CACHE_HOME}"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield home.resolve()
    except BlockingIOError:
        raise StorageError(f"another command is working with {address}: wait for it to end") from None
    finally:
        os.close(lock)
