"""How a long run shows how far it is: a function through which its items pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

T = TypeVar("T")


class Watch(Protocol):
    """Passes items on one by one and may draw a progress bar.

    ``label`` says what they are, ``total`` how many, and ``note`` what is known of those that were passed on so far.
    """

    def __call__(
        self, items: Iterable[T], label: str, total: int | None = None, *, note: Callable[[], str] = str
    ) -> Iterator[T]:
        """The items, in their order."""


def unwatched(
    items: Iterable[T], label: str, total: int | None = None, *, note: Callable[[], str] = str
) -> Iterator[T]:
    """The items, without a progress bar.

    >>> list(unwatched(["a", "b"], "letters"))
    ['a', 'b']
    """
    return iter(items)
