"""The work that one release may take: counted in steps, so that the same release ends alike on any machine."""

from __future__ import annotations

from typing import Final

MOST: Final = 5_000_000
"""Steps, of about a microsecond each, that holding one release against its text may take."""

LETTERS: Final = 1_000  # characters of a text that are passed over in one step
KEPT: Final = 8  # characters that are kept in memory for one step


class WorkSpentError(Exception):
    """All steps are spent: a verdict on the release, which is too large or made to take for ever."""


class Work:
    """Steps that are left.

    >>> work = Work(10)
    >>> work.spend(4)
    >>> work.left
    6
    """

    def __init__(self, most: int = MOST) -> None:
        self.left = most

    def spend(self, steps: int) -> None:
        """Take steps. Raises `WorkSpentError` if there are no more."""
        self.left -= steps
        if self.left < 0:
            raise WorkSpentError
