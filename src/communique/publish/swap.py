"""The atomic switch from the old publication to the new one; never two builds at once (POSIX)."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from communique.errors import OutputError
from communique.publish.manifest import is_publication

_HEAD: Final = b"communique build\n"
_TOKEN: Final = re.compile(rb"[0-9a-f]{16}")
_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2
_NOT_SUPPORTED: Final = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}


@dataclass(frozen=True, slots=True)
class _Places:
    """The target, and the folders that one build makes beside it on the same file system."""

    target: Path
    token: str

    @property
    def stage(self) -> Path:
        return self.target.with_name(f".{self.target.name}.{self.token}.staging")

    @property
    def old(self) -> Path:
        return self.target.with_name(f".{self.target.name}.{self.token}.old")


@contextlib.contextmanager
def open_stage(target: Path) -> Iterator[Path]:
    """A fresh folder beside ``target`` to write a publication into; it takes the place of ``target`` at the end.

    Write ``manifest.json`` last. When the block ends, every file and folder is synced to the disk and the two folders
    change places in one step (``renameat2`` with ``RENAME_EXCHANGE``; where the system has no such call, by two
    renames, and the next build undoes the first if it was killed in between). If the block raises, the folder is
    removed and ``target`` stays as it was. The next build removes what a killed build left behind: the lock file beside
    the target names it, and nothing else is touched.

    Raises `OutputError` in one sentence if the target is a file, a link or a folder of other files, if another build is
    running, or if anything cannot be written; the old publication is then intact.
    """
    try:
        place = _resolve_target(target)
        with _open_lock(place) as lock:
            _refuse_foreign(place)
            yield from _make_and_swap(place, lock)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise OutputError(
            f"cannot write the publication {target}: {where}{error.strerror or error}; nothing was changed"
        ) from error


def _make_and_swap(target: Path, lock: int) -> Iterator[Path]:
    """Make the stage, yield it, sync it and swap it in; remove it if any of this fails."""
    places = _Places(target, secrets.token_hex(8))
    _write_journal(lock, places.token)
    try:
        places.stage.mkdir()
        places.stage.chmod(0o755)
        yield places.stage
        _sync_tree(places.stage)
        _swap(places)
    finally:
        shutil.rmtree(places.stage, ignore_errors=True)
        if target.exists():
            shutil.rmtree(places.old, ignore_errors=True)


def _resolve_target(target: Path) -> Path:
    """The target with its parent resolved; a target that is a link is refused, not followed."""
    place = target.parent.resolve() / target.name if target.name not in ("", "..") else target.resolve()
    if not place.name or place.is_symlink() or (place.exists() and not place.is_dir()):
        raise OutputError(f"{target} is not a folder: give a folder of its own for the publication")
    if not place.parent.is_dir():
        raise OutputError(f"the folder {target.parent} does not exist: make it first")
    return place


def _refuse_foreign(target: Path) -> None:
    if target.is_dir() and not is_publication(target) and any(target.iterdir()):
        raise OutputError(f"{target} holds files that are not a publication of communique: give another folder")


@contextlib.contextmanager
def _open_lock(target: Path) -> Iterator[int]:
    """The lock of a target, held by one process at a time; leftovers named in its journal are removed first.

    The lock file is removed at the end, unless something that it names still exists. Removing it is safe: after
    locking, a process checks that the path still leads to the file it has locked.
    """
    path = target.with_name(f".{target.name}.lock")
    lock = _acquire_lock(path, target)
    try:
        _clear_leftovers(target, lock)
        yield lock
    finally:
        if _leftovers(target, lock) is None:
            with contextlib.suppress(OSError):
                path.unlink()
        os.close(lock)


def _acquire_lock(path: Path, target: Path) -> int:
    """An open, locked file at ``path``; raises `OutputError` if another process holds it or it is not our lock."""
    while True:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not _HEAD.startswith(_journal(lock)[: len(_HEAD)]):
                raise OutputError(f"{path} is not a lock of communique: remove it or give another folder")
            if path.exists() and path.stat().st_ino == os.fstat(lock).st_ino:
                return lock
        except BlockingIOError:
            os.close(lock)
            raise OutputError(f"another build is writing {target}: wait for it to end") from None
        except BaseException:
            os.close(lock)
            raise
        os.close(lock)


def _journal(lock: int) -> bytes:
    """The content of the lock file; after a power cut it can be zeros or only the beginning."""
    return os.pread(lock, 64, 0).strip(b"\0")


def _write_journal(lock: int, token: str) -> None:
    """Write the token of this build's folders into the lock file, before they are made."""
    os.ftruncate(lock, 0)
    os.pwrite(lock, _HEAD + token.encode("ascii"), 0)
    os.fsync(lock)


def _leftovers(target: Path, lock: int) -> _Places | None:
    """The folders that the journal names, if any of them exists."""
    token = _journal(lock).removeprefix(_HEAD)
    if not _TOKEN.fullmatch(token):
        return None
    places = _Places(target, token.decode("ascii"))
    return places if places.stage.exists() or places.old.exists() else None


def _clear_leftovers(target: Path, lock: int) -> None:
    """Clean up after a killed build: restore the old publication if it was moved aside, then remove the rest."""
    places = _leftovers(target, lock)
    if places is None:
        return
    if places.old.is_dir() and not target.exists():
        places.old.replace(target)
    for leftover in (places.stage, places.old):
        if leftover.is_dir():
            shutil.rmtree(leftover)


def _sync_tree(folder: Path) -> None:
    """Sync ``folder`` and every file and folder below it to the disk.

    All are on their way before the first is waited for: then one commit of the file system's journal serves many.
    """

    for path in _tree(folder):
        _with_file(path, _begin_writing)
    for path in _tree(folder):
        _sync(path)


def _tree(folder: Path) -> Iterator[Path]:
    """Every file and folder below ``folder``, each folder after what it holds, ``folder`` itself last."""

    def refuse(error: OSError) -> None:
        raise error

    for here, _, files in os.walk(folder, topdown=False, onerror=refuse):
        yield from (Path(here, name) for name in sorted(files))
        yield Path(here)


def _begin_writing(descriptor: int) -> None:
    """Ask the system to write what it holds of a file, without waiting for it; a hint, where there is such a call."""
    if hasattr(os, "posix_fadvise"):
        with contextlib.suppress(OSError):
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def _sync(path: Path) -> None:
    _with_file(path, os.fsync)


def _with_file(path: Path, use: Callable[[int], object]) -> None:
    """Use the descriptor of a file or folder; an `OSError` names it."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        use(descriptor)
    except OSError as error:
        error.filename = str(path)
        raise
    finally:
        os.close(descriptor)


def _swap(places: _Places) -> None:
    """Put the stage in the place of the target; if the switch cannot be made durable it is undone."""
    if not places.target.exists():
        places.stage.replace(places.target)
        _sync_or_undo(places, lambda: places.target.replace(places.stage))
    elif _exchange(places.stage, places.target):
        _sync_or_undo(places, lambda: _exchange(places.stage, places.target))
    else:
        _swap_in_two(places)


def _swap_in_two(places: _Places) -> None:
    """Two renames, for systems that cannot exchange two folders: move the old one aside, then the new one in."""
    places.target.replace(places.old)
    try:
        places.stage.replace(places.target)
    except OSError:
        places.old.replace(places.target)
        raise

    def undo() -> None:
        places.target.replace(places.stage)
        places.old.replace(places.target)

    _sync_or_undo(places, undo)


def _sync_or_undo(places: _Places, undo: Callable[[], object]) -> None:
    try:
        _sync(places.target.parent)
    except OSError:
        undo()
        raise


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step (renameat2(2)); False where the system or file system cannot."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    if call(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _NOT_SUPPORTED:
        return False
    raise OSError(code, os.strerror(code), str(other))


def write_whole(path: Path, body: bytes) -> None:
    """Write ``body`` to a file outside the publication, whole or not at all; an existing file keeps its mode.

    Raises `OutputError` in one sentence if it cannot be written; the old file is then unchanged.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with beside.open("xb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            beside.chmod(path.stat().st_mode & 0o7777)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise OutputError(f"cannot write {path}: {error.strerror or error}; nothing was changed") from error
