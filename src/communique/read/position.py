"""Pointers to values in a document, the limits of reading, and the refusal of a whole document."""

from __future__ import annotations

from typing import Final

from communique.findings import Position

Pointer = tuple[str | int, ...]
"""The path of a value in a document: keys and list indexes from the root."""

MAX_BYTES: Final = 1 << 20
MAX_DEPTH: Final = 64
MAX_DIGITS: Final = 1_000
"""The most characters of a number; Python refuses to read or write integers of more than 4,300 digits."""


class Refusal(Exception):  # noqa: N818  (a verdict on the data, not an error of the program)
    """The document as a whole cannot be read; has the code, message, position and fix of a finding."""

    def __init__(self, code: str, message: str, at: Position, fix: str | None = None) -> None:
        super().__init__(message)
        self.code, self.at, self.fix = code, at, fix
