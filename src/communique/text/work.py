"""The work that one release may take: counted in steps, so that the outcome does not depend on the machine."""

from __future__ import annotations

from typing import Final

MOST: Final = 5_000_000
"""The most steps, of about a microsecond each, that checking one release against its text may take."""

SCANNED_PER_STEP: Final = 1_000  # characters of a text that are scanned in one step
KEPT_PER_STEP: Final = 8  # characters that are kept in memory for one step


class WorkSpentError(Exception):
    """All steps are spent: the release is too large, or was written to keep the checker busy."""


class Work:
    """A budget of steps; ``left`` are those not yet spent.

    >>> work = Work(10)
    >>> work.spend(4)
    >>> work.left
    6
    """

    def __init__(self, most: int = MOST) -> None:
        self.left = most

    def spend(self, steps: int) -> None:
        """Spend steps. Raises `WorkSpentError` if there are not enough left."""
        self.left -= steps
        if self.left < 0:
            raise WorkSpentError
