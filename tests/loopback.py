"""A server on loopback that sends whatever bytes a test gives it, and records the requests."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def answer(body: bytes, kind: str = "application/sparql-results+json", status: str = "200 OK", *lines: str) -> bytes:
    """A complete HTTP response."""
    head = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *lines]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


class ReceivedRequests:
    """The requests that a server has received, whole and in order."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.url = ""

    @property
    def lines(self) -> list[str]:
        return [request.split(b"\r\n")[0].decode() for request in self.requests]

    def secrets(self) -> list[bytes]:
        return [r for r in self.requests if b"uthorization:" in r or b"secret" in r or b"c2VjcmV0" in r]


Respond = Callable[[bytes], "bytes | Iterator[bytes]"]


@contextmanager
def server(respond: Respond) -> Iterator[ReceivedRequests]:
    """Yield what a server receives that sends the bytes ``respond`` makes of each request, and closes; on loopback."""
    received, ended = ReceivedRequests(), threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    received.url = f"http://127.0.0.1:{listener.getsockname()[1]}"

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
            received.requests.append(head + b"\r\n\r\n" + body)
            response = respond(received.requests[-1])
            try:
                for piece in [response] if isinstance(response, bytes) else response:
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
        yield received
    finally:
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
