"""A server on loopback that sends whatever bytes a test gives it, and keeps what came to it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def answer(body: bytes, kind: str = "application/sparql-results+json", status: str = "200 OK", *lines: str) -> bytes:
    """A whole reply of HTTP."""
    head = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *lines]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


class Heard:
    """What came to a server: whole requests, in their order."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.url = ""

    @property
    def lines(self) -> list[str]:
        return [request.split(b"\r\n")[0].decode() for request in self.requests]

    def secrets(self) -> list[bytes]:
        return [r for r in self.requests if b"uthorization:" in r or b"secret" in r or b"c2VjcmV0" in r]


Give = Callable[[bytes], "bytes | Iterator[bytes]"]


@contextmanager
def server(give: Give) -> Iterator[Heard]:
    """A server that sends the bytes that ``give`` makes of a request, and closes; in threads, on loopback."""
    heard, ended = Heard(), threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    heard.url = f"http://127.0.0.1:{listener.getsockname()[1]}"

    def serve(connection: socket.socket) -> None:
        with connection:
            request = b""
            while b"\r\n\r\n" not in request and (part := connection.recv(65536)):
                request += part
            head, _, body = request.partition(b"\r\n\r\n")
            size = next(
                (int(x.split(b":")[1]) for x in head.split(b"\r\n") if x.lower().startswith(b"content-length")), 0
            )
            while len(body) < size and (part := connection.recv(65536)):
                body += part
            heard.requests.append(head + b"\r\n\r\n" + body)
            given = give(heard.requests[-1])
            try:
                for piece in [given] if isinstance(given, bytes) else given:
                    if ended.is_set():
                        return
                    connection.sendall(piece)
            except OSError:
                return

    def listen() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield heard
    finally:
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
