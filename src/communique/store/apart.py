"""A store in another process, so that a query that takes too long can be ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from communique.apart import Apart
from communique.store.embedded import open_embedded
from communique.store.store import Answer

if TYPE_CHECKING:
    from communique.store.store import Terms


class StoreApart:
    """The store in a folder, opened read-only in a process that has ``seconds`` for each query.

    A query that takes longer raises `communique.apart.TooLongError`; other errors are those of
    `communique.store.embedded.EmbeddedStore`. Use it as a context manager, or `close` it.
    """

    binds = True

    def __init__(self, path: Path, seconds: float) -> None:
        self._apart = Apart(_open, path, seconds=seconds)

    def query(self, text: str, terms: Terms | None = None, graphs: Sequence[str] | None = None) -> Answer:
        """The answer to a SELECT."""
        answer: Answer = self._apart.ask("query", text, terms, graphs)
        return answer

    def construct(
        self, text: str, terms: Terms | None = None, graphs: Sequence[str] | None = None
    ) -> tuple[ox.Triple, ...]:
        """The answer to a CONSTRUCT."""
        triples: tuple[ox.Triple, ...] = self._apart.ask("construct", text, terms, graphs)
        return triples

    def close(self) -> None:
        """End the process."""
        self._apart.close()

    def __enter__(self) -> StoreApart:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _open(path: Path) -> Callable[..., Any]:
    """The function that answers in the other process; it takes the name of a method and its arguments."""
    store = open_embedded(path, read_only=True)

    def answer(method: str, *request: Any) -> Any:
        return store.query(*request) if method == "query" else store.construct(*request)

    return answer
