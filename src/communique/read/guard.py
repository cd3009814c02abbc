"""A guard around each release and each file: whatever goes wrong inside one is a finding of it, never the end of a run.

One of the few places that catch `Exception`. The trace is kept for whoever asks: with ``COMMUNIQUE_DEBUG=1`` the error
goes on its way instead.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from communique.errors import CommuniqueError
from communique.findings import Finding

T = TypeVar("T")


def guarded(
    file: Path | str,
    work: Callable[[], T],
    otherwise: Callable[[Finding], T],
    *,
    passing: tuple[type[Exception], ...] = (),
) -> T:
    """What ``work`` gives, or what ``otherwise`` makes of the finding about ``file`` where it fails.

    What the program cannot do at all (`CommuniqueError`) is raised as ever, and so are the errors in ``passing``.
    """
    try:
        return work()
    except Exception as error:
        if isinstance(error, (CommuniqueError, *passing)):
            raise
        if os.environ.get("COMMUNIQUE_DEBUG"):
            error.add_note(f"while {file} was worked on")
            raise
        words = f"{type(error).__name__}: {error}".split("\n")[0]
        message = f"the program fails on this and goes on with the rest: {words[:200]}"
        return otherwise(Finding.of_file(file, "program-error", message, fix=_FIX))


_FIX = "report this bug; COMMUNIQUE_DEBUG=1 shows where it is"
