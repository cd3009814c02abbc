"""The store of a build that the workers read: filled from the publication's N-Quads, kept for the next start.

Stores are kept in a hidden folder beside the publication, or else in a temporary folder. A store is there whole or not
at all, under the hash of the manifest. A store that a server uses is locked, so that no other one removes it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from communique.errors import StoreError
from communique.serve.publication import Publication

NAME: Final = ".communique-serve"
"""The folder beside a publication in which its stores are kept."""

_NEW: Final = "new-"


@contextlib.contextmanager
def open_storage(publication: Publication) -> Iterator[Path]:
    """The folder of the store of a build, made now if need be, and not removed by anybody while this is open.

    Raises `StoreError` if it can be written nowhere.
    """
    home = publication.root.absolute().parent / NAME
    try:
        home.mkdir(exist_ok=True)
        place = _fill(publication, home)
    except OSError:
        with tempfile.TemporaryDirectory(prefix="communique-") as other:
            try:
                yield _fill(publication, Path(other))
            except OSError as no:
                raise StoreError(f"the store of the server cannot be written: {no.strerror}") from None
        return
    with _locked(place):
        _clear(home, place)
        yield place


def _fill(publication: Publication, home: Path) -> Path:
    """Fill a store with the quads of a build, unless there is one."""
    place = home / publication.version[:32]
    if place.is_dir():
        return place
    new = Path(tempfile.mkdtemp(prefix=_NEW, dir=home))
    try:
        store = ox.Store(str(new))
        with os.fdopen(publication.open(publication.dump), "rb") as dump:
            store.bulk_load(dump, ox.RdfFormat.N_QUADS)
        store.optimize()
        store.flush()
        del store
        with contextlib.suppress(OSError):  # somebody else was faster
            new.rename(place)
    except (RuntimeError, SyntaxError) as no:
        raise StoreError(f"{publication.dump.path} cannot be loaded: {no}") from None
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return place


@contextlib.contextmanager
def _locked(place: Path, *, alone: bool = False) -> Iterator[bool]:
    """Lock a store; gives whether that was possible, which with ``alone`` it is only if nobody else uses it."""
    lock = os.open(place.with_name(place.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    try:
        fcntl.flock(lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(lock)


def _clear(home: Path, place: Path) -> None:
    """Remove the stores of other builds that nobody uses."""
    for other in home.iterdir():
        if other.is_dir() and other != place and not other.name.startswith(_NEW):
            with _locked(other, alone=True) as is_free:
                if is_free:
                    shutil.rmtree(other, ignore_errors=True)
                    other.with_name(other.name + ".lock").unlink(missing_ok=True)
