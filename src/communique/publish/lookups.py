"""Look-ups in the store of a publication being built: each is made once while it may be needed again, and is noted."""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING, Final, TypeAlias

from pyoxigraph import NamedNode

from communique.export.order import Rows
from communique.publish.traces import hash_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Quad, Store

    from communique.export.order import Object, Row
    from communique.publish.traces import Trace

KEPT: Final = 50_000
"""Rows and look-ups that are kept at least, and at most twice as many: some thirty megabytes of memory."""

_MANY: Final = 1000
"""Rows of a node from which those with one property are not picked: the store finds them faster."""

_Pattern: TypeAlias = "tuple[str, str, Object | None]"
_Found: TypeAlias = "tuple[Rows, bytes]"


class LookUps:
    """The rows of a store without blank nodes by subject, property and value; with a ``trace``, each look-up is noted.

    The store must not change. The last `KEPT` rows are kept: entities have neighbours, statements and names in common.
    """

    def __init__(self, store: Store, trace: Trace | None = None, kept: int = KEPT) -> None:
        self._store, self._trace, self._kept = store, trace, kept
        self._new: dict[_Pattern, _Found] = {}
        self._old: dict[_Pattern, _Found] = {}
        self._size = 0

    def rows(self, subject: str = "", predicate: str = "", value: Object | None = None) -> Rows:
        """The rows that match; "" and None match everything."""
        pattern = subject, predicate, value
        found = self._new.get(pattern) or self._keep(pattern)
        if self._trace is not None:
            self._trace.add(found[1])
        return found[0]

    def _keep(self, pattern: _Pattern) -> _Found:
        """What matches, kept among what was asked for last; when this is much, what is older is kept no longer."""
        found = self._old.get(pattern) or self._find(*pattern)
        if self._size > self._kept:
            self._old, self._new, self._size = self._new, {}, 0
        self._new[pattern] = found
        self._size += 1 + len(found[0])
        return found

    def _find(self, subject: str, predicate: str, value: Object | None) -> _Found:
        note = b""
        if self._trace is not None:
            parts = (f"<{iri}>" if iri else "" for iri in (subject, predicate))
            note = hash_of(*parts, "" if value is None else str(value))
        if predicate and value is None:
            whole = self._new.get((subject, "", None))
            if whole is not None and len(whole[0]) < _MANY:
                return Rows(row for row in whole[0] if row[1] == predicate), note
        node, iri = (NamedNode(name) if name else None for name in (subject, predicate))
        return Rows(_read(self._store.quads_for_pattern(node, iri, value), subject, predicate, value)), note


def _read(quads: Iterator[Quad], subject: str, predicate: str, value: Object | None) -> Iterator[Row]:
    """Quads as rows; what is known of them all is not read again from each."""
    for quad in quads:
        yield (
            subject or intern(quad.subject.value),  # type: ignore[union-attr]  # there are no triples as subjects
            predicate or intern(quad.predicate.value),
            quad.object if value is None else value,  # type: ignore[misc]
            intern(quad.graph_name.value),  # type: ignore[union-attr]
        )
