"""A publication shown to browsers on this machine while it is edited: changed pages are loaded again."""

from __future__ import annotations

import contextlib
import errno
import mimetypes
import secrets
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from socket import socket
from socketserver import BaseServer
from typing import Final
from urllib.parse import unquote, urlsplit

from communique.errors import OutputError
from communique.formats import FORMATS

_HOST: Final = "127.0.0.1"
_OWN: Final = "/.communique/"
"""The path of what only this server has; no publication has a hidden folder of this name."""
_PATIENCE: Final = 15
"""Seconds after which a waiting browser is sent an empty line, to notice that it has gone."""
_EVENTS: Final = "text/event-stream"
_TYPES: Final = {
    **{f".{row.suffix}": row.media_type for row in FORMATS.values()},
    ".html": "text/html",
    ".js": "text/javascript",
    ".rq": "application/sparql-query",
    ".event-stream": _EVENTS,
}
"""The media types of files by suffix; of others the system knows them. All text is in UTF-8."""


class Preview:
    """The state that a publication is in: a word that is another after each build, and for which browsers wait."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self._changed = threading.Condition()
        self._run, self._builds, self._open = secrets.token_hex(4), 0, True

    @property
    def address(self) -> str:
        """The address of the first page."""
        return f"http://localhost:{self.port}/"

    @property
    def state(self) -> str:
        """The state now. That of another run of the program is another, so that pages left open are loaded again."""
        return f"{self._run}-{self._builds}"

    def reload(self) -> None:
        """Have all browsers load their pages again."""
        with self._changed:
            self._builds += 1
            self._changed.notify_all()

    def close(self) -> None:
        """Let go of all browsers that wait."""
        with self._changed:
            self._open = False
            self._changed.notify_all()

    def wait(self, known: str) -> str | None:
        """A state other than the one known; "" if there is none for some seconds, None if the server ends."""
        with self._changed:
            self._changed.wait_for(lambda: not self._open or self.state != known, _PATIENCE)
            if not self._open:
                return None
            return self.state if self.state != known else ""


@contextlib.contextmanager
def open_preview(folder: Path, port: int) -> Iterator[Preview]:
    """A server for the publication in ``folder``, for this machine only; with port 0 at a free one.

    Raises `OutputError` if the port is taken.
    """
    preview = Preview(folder, port)
    try:
        server = _Server((_HOST, port), partial(_Handler, preview))
    except OSError as error:
        why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be opened: {error.strerror}"
        raise OutputError(f"port {port} {why}: give another with --port") from None
    preview.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield preview
    finally:
        preview.close()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a browser may keep a connection open

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a browser that closes its connection is no error."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def __init__(self, preview: Preview, request: socket, client_address: tuple[str, int], server: BaseServer) -> None:
        self.preview = preview
        super().__init__(request, client_address, server)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the terminal is for findings."""

    def version_string(self) -> str:
        """The name of the server."""
        return "communique"

    def do_HEAD(self) -> None:
        """Answer a request for the header of a file."""
        self.do_GET()

    def do_GET(self) -> None:
        """Answer a request for a file of the publication, or for one of this server's own."""
        if (self.headers.get("Host") or "").rpartition(":")[0] not in ("localhost", _HOST):
            self._send(HTTPStatus.FORBIDDEN, ".txt", b"this address is not that of the preview\n")
            return
        address = urlsplit(self.path)
        if address.path == _OWN + "reload.js":
            self._send(HTTPStatus.OK, ".js", Path(__file__).with_name("reload.js").read_bytes())
        elif address.path == _OWN + "events":
            self._send_events(address.query)
        else:
            self._send_file(unquote(address.path), address.query)

    def _send_file(self, path: str, query: str) -> None:
        state = self.preview.state  # before the file: one that is newer is loaded again, an older one never kept
        parts = PurePosixPath(path).parts[1:]
        file = self.preview.folder.joinpath(*parts)
        status = HTTPStatus.OK
        if any(part.startswith("..") or "\0" in part for part in parts) or "\\" in path:
            file, status = self.preview.folder / "404.html", HTTPStatus.NOT_FOUND
        elif file.is_dir() and not path.endswith("/"):
            self._redirect(path, query)
            return
        elif file.is_dir():
            file = file / "index.html"
        if not (file.is_file() and file.resolve().is_relative_to(self.preview.folder.resolve())):
            file, status = self.preview.folder / "404.html", HTTPStatus.NOT_FOUND
        try:
            if file.suffix == ".html":
                self._send(status, ".html", _with_script(file.read_bytes(), state))
            else:
                self._send_unchanged(file)
        except FileNotFoundError:
            text = b"there is no publication yet: mend the findings, and this page is loaded again\n"
            page = b"<!doctype html><title>communique</title><p>" + text + b"</html>"
            self._send(HTTPStatus.NOT_FOUND, ".html", _with_script(page, state))

    def _redirect(self, path: str, query: str) -> None:
        from urllib.parse import quote

        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", "/" + quote(path.strip("/")) + "/" + (f"?{query}" if query else ""))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send_unchanged(self, file: Path) -> None:
        with file.open("rb") as body:
            self._begin(HTTPStatus.OK, file.suffix, file.stat().st_size)
            if self.command != "HEAD":
                shutil.copyfileobj(body, self.wfile)

    def _send(self, status: HTTPStatus, suffix: str, body: bytes) -> None:
        self._begin(status, suffix, len(body))
        if self.command != "HEAD":
            self.wfile.write(body)

    def _begin(self, status: HTTPStatus, suffix: str, size: int | None) -> None:
        self.send_response(status)
        kind = _TYPES.get(suffix) or mimetypes.guess_type(f"file{suffix}")[0] or "application/octet-stream"
        is_text = kind.startswith("text/") and kind != _EVENTS  # events are in UTF-8 by definition
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if is_text else kind)
        self.send_header("Cache-Control", "no-store")
        if size is None:
            self.send_header("Connection", "close")
        else:
            self.send_header("Content-Length", str(size))
        self.end_headers()

    def _send_events(self, known: str) -> None:
        """Send an event when the state is no longer the one that the page was sent in (server-sent events)."""
        self.close_connection = True
        self._begin(HTTPStatus.OK, ".event-stream", None)
        if self.command == "HEAD":
            return
        self.wfile.write(b"retry: 1000\n\n")
        while (state := self.preview.wait(known)) is not None:
            self.wfile.write(f"data: {state}\n\n".encode() if state else b":\n\n")
            known = state or known


def _with_script(page: bytes, state: str) -> bytes:
    """A page with the script that loads it again, in the form that its content security policy allows."""
    script = f'<script src="{_OWN}reload.js?{state}"></script>\n'.encode()
    before, end, after = page.rpartition(b"</body>")
    return before + script + end + after if end else page + script
