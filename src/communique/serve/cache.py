"""What was sent last and may be asked for again, kept in memory up to a number of bytes."""

from __future__ import annotations

from collections import OrderedDict


class MemoryCache:
    """Bytes by key; those that were not used for the longest time make room for others.

    A key must say all that the bytes depend on, so that they are never out of date.

    >>> cache = MemoryCache(4)
    >>> cache.put("a", b"12"), cache.put("b", b"34"), cache.put("c", b"5")
    (b'12', b'34', b'5')
    >>> cache.get("a"), cache.get("b")
    (None, b'34')
    """

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._bodies: OrderedDict[str, bytes] = OrderedDict()

    def get(self, key: str) -> bytes | None:
        """The bytes of a key, or None if they are not kept."""
        body = self._bodies.get(key)
        if body is not None:
            self._bodies.move_to_end(key)
        return body

    def put(self, key: str, body: bytes) -> bytes:
        """Keep some bytes if there is room for them; gives them back."""
        if key not in self._bodies and len(body) <= self._most:
            self._bodies[key] = body
            self._size += len(body)
            while self._size > self._most:
                self._size -= len(self._bodies.popitem(last=False)[1])
        return body
