"""A store that is kept in a hidden folder beside the data, so that questions need not compile everything again.

It is used only as long as all that it was made of is the same, byte for byte, and it is there whole or not at all: it
is filled under another name, and renamed at the end. Where it cannot be kept, nothing is lost but time. One store has
the whole newsroom; others, of which the last few are kept, have one release each.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from communique.artefacts import files, folder
from communique.errors import StoreError
from communique.store.embedded import EmbeddedStore, open_embedded

NAME: Final = ".communique"
"""The folder beside the data in which the store is kept; git ignores it."""

BUILD: Final = "build"
"""The folder in it that builds keep what they have made of each release in."""

_MARK: Final = ".gitignore"
_NEW: Final = "new"
"""The name of a store that is not finished."""
_ONE: Final = "release-"
"""How the name of a store with one release begins; that of the store with all of them is only a hash."""
_MOST: Final = 8
"""How many stores with one release are kept."""
_PROGRAM: Final = Path(__file__).resolve().parent.parent


def open_kept(root: Path, data: Path, quads: Callable[[], Iterable[ox.Quad]], slug: str = "") -> EmbeddedStore | None:
    """The store kept in ``root`` of the newsroom with this data folder, made now if there is none of this very data.

    ``quads`` gives what is in it; with a ``slug``, this release alone and what belongs to none, so that the others may
    change. None if nothing can be kept: the folder cannot be written, another process is writing it, or the data
    changed while they were read.
    """
    home = root / NAME
    with contextlib.suppress(OSError, StoreError), _locked(home) as is_ours:
        key = _digest(home, root, data, slug)
        place = home / (_ONE + key if slug else key)
        if is_ours and not place.is_dir():
            _make_room(home, place)
            _fill(home, place, quads(), lambda: _digest(home, root, data, slug) == key)
        if place.is_dir():
            return _opened(place, is_ours)
    return None


def open_hidden(root: Path) -> tuple[Path, bytes]:
    """The hidden folder beside the data, made if need be, and a mark of when and where that was done.

    Nobody can set the mark, so that what came with somebody's data is not taken for something that was made here.
    Raises `OSError` if the folder is not there and cannot be made, or is not a folder itself.
    """
    home = root / NAME
    with _locked(home):
        return home, _origin(home)


def _opened(place: Path, is_ours: bool) -> EmbeddedStore | None:
    """The store in a folder; if it is damaged, it is removed and made again the next time."""
    try:
        store = open_embedded(place, read_only=True)
        store.graphs()
    except (StoreError, OSError):
        if is_ours:
            shutil.rmtree(place, ignore_errors=True)
        return None
    return store


def _make_room(home: Path, place: Path) -> None:
    """Remove what a new store replaces, and what is left of one that was not finished."""
    single = sorted(home.glob(f"{_ONE}*"), key=lambda path: path.stat().st_mtime_ns)
    stay = {_MARK, BUILD, *(path.name for path in single[1 - _MOST :])}
    for other in home.iterdir():
        is_whole = not other.name.startswith(_ONE) and other.name != _NEW
        if other.name not in stay and not (is_whole and place.name.startswith(_ONE)):
            shutil.rmtree(other, ignore_errors=True)


def _fill(home: Path, place: Path, quads: Iterable[ox.Quad], is_same: Callable[[], bool]) -> None:
    """Fill a new store, and give it its name if the data are still the same."""
    new = home / _NEW
    with open_embedded(new) as store:
        store.extend(quads)
        store.quads.flush()
    for path in (*new.iterdir(), new):
        _sync(path)
    if is_same():
        new.replace(place)
        _sync(home)


@contextlib.contextmanager
def _locked(home: Path) -> Iterator[bool]:
    """Makes the folder if need be; gives whether this process alone may write in it.

    Raises `OSError` if it is not there and cannot be made, or is not a folder itself: a link would lead elsewhere.
    """
    if not home.exists():
        home.mkdir()
    if not stat.S_ISDIR(os.lstat(home).st_mode):
        raise NotADirectoryError(home)
    flags = os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        lock = os.open(home / _MARK, os.O_RDWR | os.O_CREAT | flags, 0o644)
        is_ours = True
    except OSError:
        lock = os.open(home / _MARK, os.O_RDONLY | flags)
        is_ours = False
    try:
        if is_ours:
            with contextlib.suppress(BlockingIOError):
                is_ours = False
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                is_ours = True
        if is_ours and os.pread(lock, 2, 0) != b"*\n":
            os.pwrite(lock, b"*\n", 0)
        yield is_ours
    finally:
        os.close(lock)


def _origin(home: Path) -> bytes:
    own = os.lstat(home / _MARK)
    return f"{own.st_dev} {own.st_ino} {own.st_ctime_ns}".encode()


def _digest(home: Path, root: Path, data: Path, slug: str) -> str:
    """A hash of all that the store is made of: the data, the newsroom's keys, this program and its engine.

    It is also a hash of when and where our own file in the folder was made, which nobody can set: a folder that came
    with somebody's data is not taken for one that was made here.
    """
    whole = hashlib.sha256(_origin(home) + f" {sys.version} {ox.__version__}".encode())
    whole.update(f"{slug}\0".encode(errors="surrogateescape"))
    for path in sorted(_entries(data, slug)):
        _add(whole, path, path.relative_to(data))
    ontology = folder("ontology", root)
    for path in files(ontology):
        _add(whole, path, path.relative_to(ontology))
    for path in sorted(p for p in _PROGRAM.rglob("*") if p.suffix in (".py", ".json", ".txt")):
        if "site" not in path.parts:  # pages, which no store holds
            _add(whole, path, path.relative_to(_PROGRAM))
    return whole.hexdigest()


def _entries(data: Path, slug: str) -> Iterator[Path]:
    """All below the data folder; with a ``slug``, without the folders of other releases."""
    if not slug:
        yield from data.rglob("*")
        return
    releases = data / "releases"
    for place in (data, releases):
        for path in place.iterdir():
            if path != releases and (place == data or path.name == slug or not path.is_dir()):
                yield path
                yield from path.rglob("*")


def _add(whole: hashlib._Hash, path: Path, name: Path) -> None:
    """Add a file, its name and what kind of entry it is; of a link or a folder there is nothing else to read."""
    mode = os.lstat(path).st_mode
    body = path.read_bytes() if stat.S_ISREG(mode) else b""
    whole.update(f"{name!s}\0{stat.S_IFMT(mode)} {len(body)}\0".encode(errors="surrogateescape"))
    whole.update(body)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
