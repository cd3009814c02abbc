"""One HTTP request and its reply: within one deadline down to the byte, whole, decoded, and no larger than allowed.

The standard library, on a socket of ours: libraries for HTTP bound single reads, not a reply that drips, and follow
redirects with headers that belong to another host. Here nothing is followed, repeated or remembered.
"""

from __future__ import annotations

import base64
import io
import socket
import ssl
import time
import urllib.request
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, Final
from urllib.parse import SplitResult, unquote, urlsplit

MAX_BYTES: Final = 512 * 1024 * 1024
"""The most that is read of one reply, and made of it."""

MAX_ERROR_BYTES: Final = 64 * 1024
"""The most that is read of a reply that is an error."""

RATIO: Final = 200
"""How many times larger than what was sent a reply may become, beyond `FREE` bytes."""

FREE: Final = 16 * 1024 * 1024
_CHUNK: Final = 1 << 20
_GZIP: Final = 31  # zlib's way to say so


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent: method, address, body if there is one, and headers."""

    method: str
    url: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: status, media type without parameters ("" if none is named), bytes.

    ``url`` is the address that sent it, ``challenge`` how the store wants to be told who asks, ``limit`` the number of
    rows at which it cuts answers, ``location`` where it says that the resource is.
    """

    status: int
    media_type: str
    body: bytes
    challenge: str = ""
    limit: int | None = None
    location: str = ""
    url: str = ""


class NoReplyError(Exception):
    """There is no whole reply; the text says so of an address that stands before it.

    ``passing`` says that the same may well come to an end a little later, ``final`` that no other address on that host
    would fare better.
    """

    def __init__(self, sentence: str, *, passing: bool = False, final: bool = False) -> None:
        self.passing, self.final = passing, final
        super().__init__(sentence)


def send(request: Request, timeout: float, clock: Callable[[], float] = time.monotonic) -> Reply:
    """The reply to one request, whole, within ``timeout`` seconds from connecting to the last byte.

    Raises `NoReplyError`.
    """
    end = clock() + timeout

    def left() -> float:
        seconds = end - clock()
        if seconds <= 0:
            raise TimeoutError
        return seconds

    connection, target, more = _connection(request, left)
    try:
        _connect(connection)
        return _exchange(connection, target, replace(request, headers={**request.headers, **more}))
    except TimeoutError:
        raise NoReplyError(f"gives no answer in time ({timeout:g} s)", final=True) from None
    except (ConnectionError, ssl.SSLError) as no:
        raise NoReplyError(f"breaks the connection off: {_reason(no)}", passing=True) from None
    except (OSError, HTTPException, ValueError) as no:
        raise NoReplyError(f"gives an answer that is no HTTP: {_reason(no)}", passing=True) from None
    finally:
        connection.close()


def _connect(connection: HTTPConnection) -> None:
    try:
        connection.connect()
    except TimeoutError:
        raise
    except ssl.SSLCertVerificationError as no:
        raise NoReplyError(f"cannot be trusted: {no.verify_message}", final=True) from None
    except (OSError, HTTPException, ValueError) as no:  # ValueError: a host that cannot be written as a name
        raise NoReplyError(f"cannot be reached: {_reason(no)}", passing=True, final=True) from None


def _exchange(connection: HTTPConnection, target: str, request: Request) -> Reply:
    # compression is understood, not asked for: Virtuoso 7.2.5 breaks compressed replies to PUT off
    headers = {"Accept-Encoding": "identity", "Connection": "close", "User-Agent": "communique", **request.headers}
    connection.request(request.method, target, request.body, {name: text.encode() for name, text in headers.items()})
    with connection.getresponse() as response:
        head = response.headers
        failed = response.status >= 300
        most = MAX_ERROR_BYTES if failed else MAX_BYTES
        body = _decode(_read(response, most, cut=failed), head.get("Content-Encoding", ""), most, cut=failed)
    rows = head.get("X-SPARQL-MaxRows", "")  # Virtuoso's word that it has cut, or would cut
    return Reply(
        response.status,
        str(head.get("Content-Type", "")).partition(";")[0].strip().lower()[:100],
        body,
        ", ".join(_one_line(head, "WWW-Authenticate")),
        int(rows) if rows.isascii() and rows.isdecimal() and len(rows) < 10 else None,
        next(iter(_one_line(head, "Location")), ""),
        request.url,
    )


def _one_line(head: Message, name: str) -> list[str]:
    return [" ".join(str(value).split())[:4096] for value in head.get_all(name, [])]


# ---- bodies


def _read(response: HTTPResponse, most: int, *, cut: bool) -> bytes:
    """The body, whole; with ``cut``, no more than its first ``most`` bytes."""
    parts: list[bytes] = []
    size = 0
    while size < most and (part := response.read(min(_CHUNK, most - size))):
        parts.append(part)
        size += len(part)
    if cut:
        return b"".join(parts)
    if size >= most and response.read(1):
        raise NoReplyError(f"gives an answer of more than {most:,} bytes; it was given up")
    if response.length:  # http.client takes an early end for an end
        whole = size + response.length
        raise NoReplyError(f"breaks its answer off after {size:,} of {whole:,} bytes", passing=True)
    return b"".join(parts)


def _decode(body: bytes, coding: str, most: int, *, cut: bool) -> bytes:
    """The body without its content coding (RFC 9110, section 8.4.1); with ``cut``, its first ``most`` bytes."""
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
    """What gzip, zlib or bare deflate packed, a little more than ``most`` bytes of it at most; whether it is whole."""
    kind = _GZIP if body[:2] == b"\x1f\x8b" else 15 if body[0] & 15 == 8 and int.from_bytes(body[:2]) % 31 == 0 else -15
    parts: list[bytes] = []
    size, rest = 0, body
    while True:
        unpacker = zlib.decompressobj(kind)
        while not unpacker.eof:
            part = unpacker.decompress(rest, min(_CHUNK, most + 1 - size))
            rest = unpacker.unconsumed_tail
            parts.append(part)
            size += len(part)
            if size > most or not (part or rest):
                return b"".join(parts), False
        rest = unpacker.unused_data
        if kind != _GZIP or rest[:2] != b"\x1f\x8b":  # what else follows the last member is padding
            return b"".join(parts), True


# ---- connections


def _connection(request: Request, left: Callable[[], float]) -> tuple[HTTPConnection, str, dict[str, str]]:
    """The connection for a request, not opened yet; what the request line names; headers for a proxy."""
    parts = urlsplit(request.url)
    proxy = _proxy(parts)
    to = proxy or parts
    port = to.port or (80 if proxy is not None or parts.scheme == "http" else 443)
    made = (_Secure if parts.scheme == "https" else _Plain)(to.hostname or "", port, left)
    if proxy is not None and parts.scheme == "http":
        return made, request.url, _proxy_headers(proxy)
    if proxy is not None:
        made.set_tunnel(parts.hostname or "", parts.port or 443, _proxy_headers(proxy))
    return made, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), {}


def _proxy(parts: SplitResult) -> SplitResult | None:
    """The proxy that the environment names for an address (``http_proxy``, ``https_proxy``, ``no_proxy``)."""
    named = urllib.request.getproxies().get(parts.scheme)
    if not named or urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    proxy = urlsplit(named if "://" in named else f"http://{named}")
    return proxy if proxy.hostname else None


def _proxy_headers(proxy: SplitResult) -> dict[str, str]:
    if proxy.username is None:
        return {}
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


class _Plain(HTTPConnection):
    """A connection on which every read and write ends when no time is left."""

    def __init__(self, host: str, port: int, left: Callable[[], float]) -> None:
        super().__init__(host, port, timeout=left())
        self._left = left

    def connect(self) -> None:
        super().connect()
        self.sock: Any = _Timed(self.sock, self._left)


class _Secure(HTTPSConnection):
    """The same, through TLS."""

    def __init__(self, host: str, port: int, left: Callable[[], float]) -> None:
        super().__init__(host, port, timeout=left(), context=ssl.create_default_context())
        self._left = left

    def connect(self) -> None:
        super().connect()
        self.sock: Any = _Timed(self.sock, self._left)


class _Timed:
    """A connected socket, as `http.client` uses it, that gives up when ``left`` raises TimeoutError."""

    def __init__(self, plain: socket.socket, left: Callable[[], float]) -> None:
        self._plain, self._left = plain, left

    def sendall(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._plain.settimeout(self._left())
            rest = rest[self._plain.send(rest[:_CHUNK]) :]

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self._plain, self._left))

    def close(self) -> None:
        self._plain.close()


class _Reading(io.RawIOBase):
    """The bytes that arrive: no later than the deadline, and no more than any reply may have."""

    def __init__(self, plain: socket.socket, left: Callable[[], float]) -> None:
        self._plain, self._left, self._size = plain, left, 0
        self._file = plain.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, space: Any) -> int | None:
        self._plain.settimeout(self._left())
        size = self._file.readinto(space)
        self._size += size or 0
        if self._size > 2 * MAX_BYTES:
            raise NoReplyError("gives an answer that does not end; it was given up")
        return size

    def close(self) -> None:
        self._file.close()
        super().close()


def _reason(no: Exception) -> str:
    reason = getattr(no, "strerror", None) or str(no) or type(no).__name__
    return " ".join(str(reason).split())[:200]
