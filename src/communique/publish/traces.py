"""What the files of an entity were made from: every look-up, noted as a hash; and the look-ups that a change touches.

Whoever makes the same look-ups and finds the same writes the same files. So these are made again only if a look-up
that was noted could now find something else. Two texts with the same hash cost time, never truth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import product
from typing import Final

from pyoxigraph import RdfFormat, parse

SIZE: Final = 8
"""Bytes of a hash."""

_RANK: Final = "rank"


class Trace:
    """The look-ups that were made since the last `take`."""

    def __init__(self) -> None:
        self._seen: set[bytes] = set()

    def note(self, *parts: str) -> None:
        """Note a look-up."""
        self._seen.add(hash_of(*parts))

    def add(self, known: bytes) -> None:
        """Note a look-up of which the hash is known."""
        self._seen.add(known)

    def take(self) -> bytes:
        """The hashes of all look-ups, sorted, one after another; then none is noted any more."""
        found, self._seen = self._seen, set()
        return b"".join(sorted(found))


class TracedRanks(dict[str, int]):
    """The places of releases in the order of all, of which each look-up is noted; only their order may be used."""

    def __init__(self, ranks: dict[str, int], trace: Trace) -> None:
        super().__init__(ranks)
        self._trace = trace

    def __getitem__(self, slug: str) -> int:
        self._trace.note(_RANK, slug)
        return super().__getitem__(slug)

    def get(self, slug: str, default: int = -1) -> int:  # type: ignore[override]  # called with numbers only
        """The place of a release, or the default."""
        self._trace.note(_RANK, slug)
        return super().get(slug, default)


def touched_by_move(slug: str) -> bytes:
    """The look-up that a change of the place of a release among all touches."""
    return hash_of(_RANK, slug)


def touched_by_quads(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The look-ups that the coming or going of some quads touches; these are lines of N-Quads."""
    for quad in parse(b"".join(lines), format=RdfFormat.N_QUADS):
        for parts in product(*((str(term), "") for term in (quad.subject, quad.predicate, quad.object))):
            yield hash_of(*parts)


def hash_of(*parts: str) -> bytes:
    """The hash by which a look-up is noted: of its terms in N-Triples, "" for none, or of other words."""
    return blake2b("\0".join(parts).encode(errors="surrogatepass"), digest_size=SIZE).digest()
