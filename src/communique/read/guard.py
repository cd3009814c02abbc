"""A guard around the work on each release and each file: a failure becomes a finding and does not end the run.

One of the few places that catch `Exception`. With ``COMMUNIQUE_DEBUG=1`` the error is raised instead, with its trace.
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
    """The result of ``work``, or, if it fails, that of ``otherwise`` for a finding about ``file``.

    A `CommuniqueError` is still raised, and so are the errors in ``passing``.
    """
    try:
        return work()
    except Exception as error:
        if isinstance(error, (CommuniqueError, *passing)):
            raise
        if os.environ.get("COMMUNIQUE_DEBUG"):
            error.add_note(f"while working on {file}")
            raise
        words = f"{type(error).__name__}: {error}".split("\n")[0]
        message = f"the program fails on this and continues with the rest: {words[:200]}"
        return otherwise(Finding.of_file(file, "program-error", message, fix=_FIX))


_FIX = "report this bug; COMMUNIQUE_DEBUG=1 shows where it is"
