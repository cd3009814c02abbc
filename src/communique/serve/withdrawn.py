"""Which releases were served before and are withdrawn now, so that their addresses are gone (410) and not unknown."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Set
from pathlib import Path

from communique.ids import is_slug
from communique.serve.storage import NAME


def withdrawn(root: Path, base: str, releases: Set[str]) -> frozenset[str]:
    """The slugs of the releases that this newsroom had in this folder before, and that are not among ``releases``.

    They are remembered in the hidden folder beside the publication, by the folder and the base IRI of the newsroom.
    Where that cannot be written, nothing is withdrawn.
    """
    root = root.absolute()
    home = root.parent / NAME
    name = f"releases-{hashlib.sha256(f'{root.name} {base}'.encode()).hexdigest()[:16]}.txt"
    known: Set[str] = frozenset()
    with contextlib.suppress(OSError, UnicodeDecodeError):
        known = frozenset(filter(is_slug, (home / name).read_text(encoding="utf-8").split()))
    if not releases <= known:
        with contextlib.suppress(OSError):
            home.mkdir(exist_ok=True)
            new = home / f"{name}.{os.getpid()}"
            new.write_text("".join(f"{slug}\n" for slug in sorted(known | releases)), encoding="utf-8")
            new.replace(home / name)
    return frozenset(known - releases)
