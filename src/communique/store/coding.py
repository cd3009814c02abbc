"""Decodes the content codings of HTTP (RFC 9110, section 8.4.1), up to a number of bytes."""

from __future__ import annotations

import zlib
from typing import Final

from communique.store.message import NoReplyError

RATIO: Final = 200
"""How many times larger a reply may become when it is decoded; only counts above `FREE` bytes."""

FREE: Final = 16 * 1024 * 1024
"""Decoded size in bytes that is always allowed."""

_PIECE: Final = 1 << 20
_GZIP: Final = 31  # zlib's number for it


def decode(body: bytes, coding: str, most: int, *, cut: bool) -> bytes:
    """The decoded body; with ``cut``, only its first ``most`` bytes, and no bytes if it cannot be decoded.

    Raises `NoReplyError` for any coding but gzip and deflate. Without ``cut``, raises it also for a body that is not
    in that coding or not whole, and for one that becomes more than ``most`` bytes or more than `RATIO` times larger.
    """
    name = coding.strip().lower()
    if name in ("", "identity") or not body:
        return body
    if name not in ("gzip", "x-gzip", "deflate"):
        raise NoReplyError(f"answers in a coding that nobody asked for: {name[:40]}")
    allowed = most if cut else min(most, max(FREE, RATIO * len(body)))
    try:
        made, ended = _inflate(body, allowed)
    except zlib.error:
        if cut:
            return b""
        raise NoReplyError(f"gives an answer that is no {name}", passing=True) from None
    if cut:
        return made[:most]
    if len(made) > allowed:
        raise NoReplyError(f"gives an answer that becomes more than {allowed:,} bytes; it was given up")
    if not ended:
        raise NoReplyError("breaks its compressed answer off", passing=True)
    return made


def _inflate(body: bytes, most: int) -> tuple[bytes, bool]:
    """The content of gzip, zlib or raw deflate, up to ``most`` + 1 bytes of it, and whether it is complete."""
    kind = _GZIP if body[:2] == b"\x1f\x8b" else 15 if body[0] & 15 == 8 and int.from_bytes(body[:2]) % 31 == 0 else -15
    parts: list[bytes] = []
    size, rest = 0, body
    while True:
        unpacker = zlib.decompressobj(kind)
        while not unpacker.eof:
            part = unpacker.decompress(rest, min(_PIECE, most + 1 - size))
            rest = unpacker.unconsumed_tail
            parts.append(part)
            size += len(part)
            if size > most or not (part or rest):
                return b"".join(parts), False
        rest = unpacker.unused_data
        if kind != _GZIP or rest[:2] != b"\x1f\x8b":  # anything else after the last gzip member is padding
            return b"".join(parts), True
