"""Sends responses: their headers, the same on all, and their bodies, not for HEAD."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from communique.publish.hosting.negotiation import HEADERS, POLICY
from communique.visible import visible_line

if TYPE_CHECKING:
    from starlette.types import Scope, Send

_TAG: Final = re.compile(r'(?:W/)?("[^"]*")')
_TEXT: Final = "text/plain; charset=utf-8"


class Head:
    """The status and the headers of a response; those of every response of the server are added when it is sent."""

    def __init__(self, status: int, headers: Mapping[str, str] | None = None) -> None:
        self.status, self.headers = status, dict(headers or {})

    def set(self, name: str, value: str) -> None:
        """Set a header."""
        self.headers[name] = value

    def add_vary(self, name: str) -> None:
        """Say that the response depends on a header of the request."""
        vary = self.headers.get("Vary")
        self.headers["Vary"] = f"{vary}, {name}" if vary else name

    def unchanged(self) -> Head:
        """The same for a client that has it already (RFC 9110, section 15.4.5)."""
        stay = ("Cache-Control", "Content-Location", "ETag", "Vary", "Link")
        return Head(304, {name: value for name, value in self.headers.items() if name in stay})

    def raw(self) -> list[tuple[bytes, bytes]]:
        """All headers as bytes, with those of every response."""
        whole = HEADERS | self.headers
        if whole.get("Content-Type", "").startswith("text/html"):
            whole.setdefault("Content-Security-Policy", POLICY)
        return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in whole.items() if value]


class Sender:
    """Sends the response to one request; ``query`` is the query of its address, not decoded."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.is_head = scope["method"] == "HEAD"
        self.query = scope["query_string"].decode("latin-1")
        self._headers: list[tuple[bytes, bytes]] = scope["headers"]
        self._send = send

    def header(self, name: str) -> str:
        """The value of a header of the request; several are joined, and "" if there is none."""
        key = name.encode()
        values = [value for one, value in self._headers if one == key]
        return b", ".join(values).decode("latin-1") if values else ""

    async def send(self, head: Head, body: bytes = b"") -> None:
        """Send a whole response."""
        await self.begin(head, len(body) if head.status not in (204, 304) else None)
        if not self.is_head:
            await self._send({"type": "http.response.body", "body": body})

    async def begin(self, head: Head, length: int | None) -> None:
        """Send the head of a response whose body has ``length`` bytes (None: it has no body)."""
        raw = head.raw()
        if length is not None:
            raw.append((b"content-length", b"%d" % length))
        await self._send({"type": "http.response.start", "status": head.status, "headers": raw})
        if self.is_head:
            await self._send({"type": "http.response.body", "body": b""})

    async def piece(self, piece: bytes, *, more: bool) -> None:
        """Send a piece of the body."""
        await self._send({"type": "http.response.body", "body": piece, "more_body": more})

    async def sentence(self, status: int, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        """Send one sentence as text."""
        more = {"Content-Type": _TEXT, "Cache-Control": "no-store", **(headers or {})}
        await self.send(Head(status, more), (visible_line(sentence) + "\n").encode())


async def redirect(sender: Sender, target: str, headers: Mapping[str, str] | None = None) -> None:
    """Send a client to another address, relative to the one that it has asked for (RFC 9110, section 15.4.4)."""
    head = {"Location": target, "Content-Type": _TEXT, **(headers or {})}
    await sender.send(Head(303, head), f"see {target}\n".encode())


def is_unchanged(asked: str, tag: str) -> bool:
    """Whether a client has this very representation, by its If-None-Match (RFC 9110, section 13.1.2).

    >>> is_unchanged('W/"a", "b"', '"b"'), is_unchanged("*", '"b"'), is_unchanged("", '"b"')
    (True, True, False)
    """
    return bool(tag) and (asked.strip() == "*" or tag in _TAG.findall(asked))
