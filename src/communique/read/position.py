"""Where something stands in a file, and a file that cannot be read as a whole."""

from __future__ import annotations

from typing import Final, NamedTuple

from communique.findings import Finding

Pointer = tuple[str | int, ...]
"""Where a value stands in a document: keys and list indexes from the root."""

MAX_BYTES: Final = 1 << 20
MAX_DEPTH: Final = 64
MAX_DIGITS: Final = 1_000
"""Characters of a number; Python refuses to read or write an integer of more than 4,300 digits."""


class Position(NamedTuple):
    """Line and column from 1, in code points, and the number of code points at fault on that line."""

    line: int
    column: int
    length: int


class Refusal(Exception):  # noqa: N818  (a verdict on the data, not an error of the program)
    """The document as a whole cannot be read; carries code, message, position and fix."""

    def __init__(self, code: str, message: str, at: Position, fix: str | None = None) -> None:
        super().__init__(message)
        self.code, self.at, self.fix = code, at, fix


NOWHERE: Final = Position(0, 0, 1)


def finding_at(
    file: str, at: Position, code: str, message: str, fix: str | None = None, key: str | None = None
) -> Finding:
    """A finding at a place in a file; ``key`` is the key at fault."""
    return Finding(
        file=file, line=at.line, column=at.column, length=at.length, code=code, message=message, fix=fix, path=key
    )
