"""Answers canned questions for the command line, in a process that does nothing else and needs little to start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from communique.store.store import Store


def answer_questions(data: Path, where: str | None, of_all: bool) -> Callable[..., int | str]:
    """A function that answers canned queries, to be called several times for each; ``of_all``: not of one release.

    Called with a name, values and a format, it gives the number of rows; called without arguments, the next part of the
    text, and at the end an empty one. The work that is the same for every query, such as reading the newsroom, is done
    before the function is returned.
    """
    from communique.api import open_newsroom

    newsroom = open_newsroom(data, keep=True)
    store = _open_store(where) or (newsroom.store if of_all else None)
    pieces: Iterator[str] = iter(())

    def answer(*question: Any) -> int | str:
        nonlocal pieces
        if not question:
            return next(pieces, "")
        name, values, fmt = question
        table = newsroom.query(name, store=store, **values)
        pieces = iter(table.pieces(fmt, base=newsroom.base))
        return len(table.rows)

    return answer


def _open_store(where: str | None) -> Store | None:
    from communique.store.open import open_store

    return open_store(where) if where is not None else None
