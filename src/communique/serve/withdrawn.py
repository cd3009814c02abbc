"""Which releases were served before and are withdrawn now, so that their addresses are gone (410) and not unknown."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Set
from pathlib import Path
from typing import Final

from communique.ids import is_slug
from communique.serve.storage import NAME

_FILE: Final = "releases.txt"


def withdrawn(root: Path, releases: Set[str]) -> frozenset[str]:
    """The slugs of the releases that were in a publication at this place before, and are not among ``releases``.

    They are remembered in the hidden folder beside the publication. Where that cannot be written, nothing is withdrawn.
    """
    home = root.absolute().parent / NAME
    known: Set[str] = frozenset()
    with contextlib.suppress(OSError, UnicodeDecodeError):
        known = frozenset(filter(is_slug, (home / _FILE).read_text(encoding="utf-8").split()))
    if not releases <= known:
        with contextlib.suppress(OSError):
            home.mkdir(exist_ok=True)
            new = home / f"{_FILE}.{os.getpid()}"
            new.write_text("".join(f"{slug}\n" for slug in sorted(known | releases)), encoding="utf-8")
            new.replace(home / _FILE)
    return frozenset(known - releases)
