"""The command line. Each module holds some commands, and is imported when one of them is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from communique.cli.program import app, main

__all__ = ["app", "main"]


def __getattr__(name: str) -> object:
    """The program and what runs it, imported now: a process that only answers questions needs no command line."""
    if name not in __all__:
        raise AttributeError(f"module 'communique.cli' has no attribute {name!r}")
    import os

    from communique.errors import CommuniqueError

    try:
        from communique.cli import program
    except KeyboardInterrupt:  # `main`, which reports this otherwise, is not imported yet
        os.write(2, b"communique: interrupted; nothing was changed\n")
        raise SystemExit(130) from None
    except CommuniqueError as no:  # one of this program's own tables is wrong
        os.write(2, f"communique: {no}\n".encode())
        raise SystemExit(2) from None
    return getattr(program, name)
