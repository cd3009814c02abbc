"""A transport for httpx: one HTTP request and its complete reply, decoded, within one deadline and a limit of size.

The timeouts of httpx are for each read, so a reply that arrives slowly can take any time. In this transport, httpcore
works on sockets of ours, and each connect, handshake, read and write gets only the time that is left. No redirect is
followed, nothing is retried and no cookie is kept: httpx sees only the headers that are read here.
"""

from __future__ import annotations

import socket
import ssl
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Final

import httpcore
import httpx

from communique.store.coding import decode
from communique.store.message import NoReplyError

MAX_BYTES: Final = 512 * 1024 * 1024
"""The largest body of a reply, before and after decoding."""

MAX_ERROR_BYTES: Final = 64 * 1024
"""How much of the body of an error reply is read."""

MAX_HEAD: Final = (100, 64 * 1024)
"""The most header lines, and bytes in them, that a reply may have."""

LOCATION: Final = "location"
"""The response extension for the Location header, which httpx itself would not pass on unchanged."""

_HEADERS_SENT: Final = {
    "Accept-Encoding": "identity",  # gzip is read too, but Virtuoso 7.2.5 breaks off compressed replies to PUT
    "Connection": "close",
    "User-Agent": "communique",
}
_HEADERS_READ: Final = (b"content-type", b"www-authenticate", b"x-sparql-maxrows")
_PIECE: Final = 1 << 20

Left = Callable[[], float]
"""Gives the seconds left until the deadline; raises TimeoutError if there are none."""


class Transport(httpx.BaseTransport):
    """Sends requests, each on a connection of its own and within ``timeout`` seconds.

    Raises `NoReplyError` if there is no complete reply. May be used by several threads.
    """

    def __init__(self, timeout: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._timeout, self._clock = timeout, clock

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The response to a request, with its complete body."""
        end = self._clock() + self._timeout

        def left() -> float:
            seconds = end - self._clock()
            if seconds <= 0:
                raise TimeoutError
            return seconds

        try:
            return self._exchange(request, left)
        except TimeoutError:
            raise NoReplyError(f"gives no answer in time ({self._timeout:g} s)", final=True) from None
        except (ConnectionError, ssl.SSLError) as no:
            raise NoReplyError(f"breaks the connection off: {_reason(no)}", passing=True) from None
        except (httpcore.ProxyError, httpx.InvalidURL) as no:
            raise NoReplyError(f"cannot be reached: {_reason(no)}", passing=True, final=True) from None
        except (httpcore.ProtocolError, OSError, ValueError) as no:
            raise NoReplyError(f"gives an answer that is no HTTP: {_reason(no)}", passing=True) from None

    def _exchange(self, request: httpx.Request, left: Left) -> httpx.Response:
        url, headers = request.url, httpx.Headers(request.headers)
        headers.update(_HEADERS_SENT)
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        with (
            self._pool(url, left) as pool,
            pool.stream(request.method, target, headers=headers.raw, content=request.read() or None) as response,
        ):
            return _whole_response(response)

    def _pool(self, url: httpx.URL, left: Left) -> httpcore.ConnectionPool:
        trust, backend = self._trust if url.scheme == "https" else None, _Backend(left)
        proxy = _proxy(url)
        if proxy is None:
            return httpcore.ConnectionPool(ssl_context=trust, network_backend=backend)
        return httpcore.HTTPProxy(
            httpcore.URL(scheme=b"http", host=proxy.raw_host, port=proxy.port or 80, target=b"/"),
            proxy_auth=(proxy.username, proxy.password) if proxy.userinfo else None,
            ssl_context=trust,
            network_backend=backend,
        )


def _proxy(url: httpx.URL) -> httpx.URL | None:
    """The proxy for an address, from the environment (``http_proxy``, ``https_proxy``, ``no_proxy``), or None."""
    named = urllib.request.getproxies().get(url.scheme)
    if not named or urllib.request.proxy_bypass(url.host):
        return None
    proxy = httpx.URL(named if "://" in named else f"http://{named}")
    return proxy if proxy.host else None


def _reason(no: Exception) -> str:
    reason = getattr(no, "strerror", None) or str(no) or type(no).__name__
    return " ".join(str(reason).split())[:200]


# ---- replies


def _whole_response(response: httpcore.Response) -> httpx.Response:
    lines, size = len(response.headers), sum(len(name) + len(value) for name, value in response.headers)
    if lines > MAX_HEAD[0] or size > MAX_HEAD[1]:
        raise NoReplyError("gives an answer that is no HTTP: its head is too long", passing=True)
    head, failed = httpx.Headers(response.headers), response.status >= 300
    most = MAX_ERROR_BYTES if failed else MAX_BYTES
    body = _read(response, head.get("Content-Length", ""), most, cut=failed)
    return httpx.Response(
        response.status,
        headers=[(name, value) for name, value in response.headers if name.lower() in _HEADERS_READ],
        content=decode(body, head.get("Content-Encoding", ""), most, cut=failed),
        extensions={LOCATION: head.get("Location", "")},
    )


def _read(response: httpcore.Response, length: str, most: int, *, cut: bool) -> bytes:
    """The complete body; with ``cut``, only its first ``most`` bytes."""
    body = bytearray()
    try:
        for part in response.iter_stream():
            body += part
            if len(body) > most:
                break
    except httpcore.RemoteProtocolError:
        if not cut and not length.isdecimal():
            raise
        if not cut:
            raise NoReplyError(
                f"breaks its answer off after {len(body):,} of {int(length):,} bytes", passing=True
            ) from None
    if len(body) > most and not cut:
        raise NoReplyError(f"gives an answer of more than {most:,} bytes; it was given up")
    return bytes(body[:most])


# ---- connections


class _Backend(httpcore.NetworkBackend):
    """Opens connections whose calls all end at the deadline."""

    def __init__(self, left: Left) -> None:
        self._left = left

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        with _connecting():
            plain = socket.create_connection((host, port), self._left())
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return _Stream(plain, self._left)


class _Stream(httpcore.NetworkStream):
    """A connection whose calls all end at the deadline, and which reads no more bytes than a reply may have."""

    def __init__(self, plain: socket.socket, left: Left) -> None:
        self._plain, self._left, self._size = plain, left, 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._plain.settimeout(self._left())
        part = self._plain.recv(max_bytes)
        if not part and not self._size:
            raise ConnectionResetError("it is closed without an answer")
        self._size += len(part)
        if self._size > 2 * MAX_BYTES:
            raise NoReplyError("gives an answer that does not end; it was given up")
        return part

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        rest = memoryview(buffer)
        try:
            while rest:
                self._plain.settimeout(self._left())
                rest = rest[self._plain.send(rest[:_PIECE]) :]
        except ConnectionError as no:
            raise httpcore.WriteError(str(no)) from no  # a store that stops reading may still have sent a reply

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            with _connecting():
                self._plain.settimeout(self._left())
                return _Stream(ssl_context.wrap_socket(self._plain, server_hostname=server_hostname), self._left)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._plain.close()


@contextmanager
def _connecting() -> Iterator[None]:
    """Turns errors before the request is sent into `NoReplyError`: the store cannot be reached, or not trusted."""
    try:
        yield
    except TimeoutError:
        raise
    except ssl.SSLCertVerificationError as no:
        raise NoReplyError(f"cannot be trusted: {no.verify_message}", final=True) from None
    except (OSError, ValueError) as no:  # ValueError: the host cannot be encoded as a name
        raise NoReplyError(f"cannot be reached: {_reason(no)}", passing=True, final=True) from None
