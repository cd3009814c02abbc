"""The store of a build that the workers read, with its full-text index: filled from the publication, kept for later.

Stores are kept in a hidden folder beside the publication, or else in a temporary folder. A store is there whole or not
at all, under the hash of the manifest. A store that a server uses is locked, so that no other one removes it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from communique.errors import StoreError
from communique.serve.indexing import NAME as INDEX
from communique.serve.indexing import write_index
from communique.serve.publication import Publication

NAME: Final = ".communique-serve"
"""The folder beside a publication in which its stores are kept."""

_NEW: Final = "new-"

_FORM: Final = 2
"""The number of what is kept of a build: raise it when that changes, so that no older one is used."""


@contextlib.contextmanager
def open_storage(publication: Publication) -> Iterator[Path]:
    """The folder of the store of a build, made now if need be, and not removed by anybody while this is open.

    Raises `StoreError` if it can be written nowhere.
    """
    with contextlib.ExitStack() as stack:
        try:
            home = publication.root.absolute().parent / NAME
            home.mkdir(exist_ok=True)
            place = stack.enter_context(_open_locked(publication, home))
            _clear(home)
        except OSError:
            place = _open_elsewhere(publication, stack)
        yield place


def _open_elsewhere(publication: Publication, stack: contextlib.ExitStack) -> Path:
    """The store in a temporary folder, because nothing can be written beside the publication."""
    try:
        other = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="communique-")))
        return stack.enter_context(_open_locked(publication, other))
    except OSError as no:
        raise StoreError(f"the store of the server cannot be written: {no.strerror}") from None


@contextlib.contextmanager
def _open_locked(publication: Publication, home: Path) -> Iterator[Path]:
    """The store of a build below ``home``, filled if it is not there, and locked."""
    place = home / f"{publication.version[:32]}.{_FORM}"
    with contextlib.ExitStack() as stack:
        is_there = False
        while not is_there:  # somebody else may just remove it
            if not place.is_dir():
                _fill(publication, home, place)
            stack.close()
            with contextlib.suppress(FileNotFoundError):
                is_there = stack.enter_context(_locked(place))
        yield place


def _fill(publication: Publication, home: Path, place: Path) -> None:
    """Fill a store with the quads of a build under another name, and give it its own at the end."""
    new = Path(tempfile.mkdtemp(prefix=_NEW, dir=home))
    try:
        with _locked(new):
            store = ox.Store(str(new))
            with os.fdopen(publication.open(publication.dump), "rb") as dump:
                store.bulk_load(dump, ox.RdfFormat.N_QUADS)
            store.optimize()
            store.flush()
            write_index(publication, store, new / INDEX)
            del store
            with contextlib.suppress(OSError):  # somebody else was faster
                new.rename(place)
    except (RuntimeError, SyntaxError, sqlite3.Error) as no:
        raise StoreError(f"{publication.dump.path} cannot be loaded: {no}") from None
    finally:
        shutil.rmtree(new, ignore_errors=True)


@contextlib.contextmanager
def _locked(place: Path, *, alone: bool = False) -> Iterator[bool]:
    """Lock a folder; gives whether it is still at its place and, with ``alone``, nobody else has locked it."""
    lock = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        is_locked = True
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH)
        except BlockingIOError:
            is_locked = False
        yield is_locked and place.exists() and place.stat().st_ino == os.fstat(lock).st_ino
    finally:
        os.close(lock)


def _clear(home: Path) -> None:
    """Remove the stores that nobody uses, and what is left of those whose filling was ended."""
    for other in home.iterdir():
        if other.is_dir():
            with contextlib.suppress(FileNotFoundError), _locked(other, alone=True) as is_free:
                if is_free:
                    shutil.rmtree(other, ignore_errors=True)
