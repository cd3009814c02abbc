"""What has changed in some folders, round by round, as editors save files in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from communique.errors import OutputError

_QUIET: Final = 50
"""Milliseconds without a change after which a round begins: an editor saves a file in several steps."""
_LONGEST: Final = 1600
"""Most milliseconds for which the changes of one round are collected."""
_GLANCE: Final = 500
"""Milliseconds after which the folders themselves are looked at: one may have been replaced, or may be new."""

_TEMPORARY: Final = re.compile(r"\..*|.*~|#.*#|~\$.*|4913|.*___jb_(?:tmp|old)___|.*\.(?:tmp|swp|swx|bak|part)")
"""Names of hidden files, and of those that editors make beside the one that is edited."""


def is_temporary(name: str) -> bool:
    """Whether a file of this name is hidden, or an editor's own.

    >>> [is_temporary(name) for name in (".record.yaml.swp", "record.yaml~", "#record.yaml#", "4913", "record.yaml")]
    [True, True, True, True, False]
    """
    return _TEMPORARY.fullmatch(name) is not None


def watch_folders(folders: Sequence[Path], besides: Sequence[Path] = ()) -> Iterator[frozenset[Path]]:
    """First nothing, as soon as the folders are watched; then, each time that something in them changes, what did.

    What changes while the caller works on one round is the next. Temporary files, and whatever is below the folders
    ``besides``, are left out. A folder may be missing, and may come, go or be replaced. Raises `OutputError` if the
    package watchfiles is not installed, `KeyboardInterrupt` on Ctrl-C.
    """
    if find_spec("watchfiles") is None:
        raise OutputError("--watch needs the package watchfiles: pip install 'communique[watch]'")
    places = [_absolute(folder) for folder in folders]
    left_out = [_absolute(folder) for folder in besides]
    moved: frozenset[Path] = frozenset()
    begun = False
    while True:
        there = _identities(places)
        for found in _changes(there):
            changed = moved | {path for path in found if _counts(path, places, left_out)}
            if changed or not begun:
                yield changed
            begun, moved = True, frozenset()
            now = _identities(places)
            if now != there:
                moved = frozenset(path for path in places if now.get(path) != there.get(path))
                break


def _changes(folders: Iterable[Path]) -> Iterator[set[Path]]:
    """What is reported for some folders, with nothing now and then; polls where the system cannot notify."""
    try:
        yield from _watch(folders, force_polling=None)
    except FileNotFoundError:  # a folder has gone meanwhile: look again
        yield set()
    except OSError:  # such as too many folders for inotify
        yield from _watch(folders, force_polling=True)


def _watch(folders: Iterable[Path], *, force_polling: bool | None) -> Iterator[set[Path]]:
    from watchfiles import watch  # an extra

    reports = watch(
        *folders,
        watch_filter=None,
        debounce=_LONGEST,
        step=_QUIET,
        rust_timeout=_GLANCE,
        yield_on_timeout=True,
        force_polling=force_polling,
        ignore_permission_denied=True,
    )
    for report in reports:
        yield {Path(path) for _, path in report}


def _absolute(folder: Path) -> Path:
    return folder.parent.resolve() / folder.name if folder.name not in ("", "..") else folder.resolve()


def _identities(places: Sequence[Path]) -> dict[Path, tuple[int, int]]:
    """Device and inode of each of these folders that is there."""
    found = {}
    for place in places:
        try:
            status = place.stat()
        except OSError:
            continue
        found[place] = (status.st_dev, status.st_ino)
    return found


def _counts(path: Path, places: Sequence[Path], left_out: Sequence[Path]) -> bool:
    """Whether a change of this path is one of the data."""
    if any(path.is_relative_to(folder) for folder in left_out):
        return False
    inside = [path.relative_to(place).parts for place in places if path.is_relative_to(place)]
    return any(not any(map(is_temporary, parts)) for parts in inside)
