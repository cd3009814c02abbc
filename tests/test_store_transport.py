"""Connections to stores: one deadline for all steps of them, TLS, proxies, and what is read of the head of a reply."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from communique.errors import StoreError
from communique.store.address import Credentials
from communique.store.client import Client, origin
from communique.store.message import NoReplyError
from communique.store.transport import LOCATION, MAX_ERROR_BYTES, Transport
from tests import engines
from tests.loopback import answer, server
from tests.strict import skip_or_fail

pytestmark = pytest.mark.allow_hosts(engines.LOOPBACK)

YES = b'{"head": {}, "boolean": true}'


def get(url: str, timeout: float = 5) -> httpx.Response:
    return Transport(timeout).handle_request(httpx.Request("GET", url))


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server for one connection after the other, at the port that is returned; ``serve`` may break it off."""
    listener = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    serve(connection)
                except OSError:
                    continue

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def drip(connection: socket.socket, byte: bytes) -> None:
    """Send one byte after the other until the other end has had enough."""
    while True:
        connection.sendall(byte)
        time.sleep(0.02)


# ---- the deadline


def test_a_slow_handshake_is_given_up() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"\x16\x03\x03\x40\x00")  # a record of TLS that is to have 16 kB
        drip(connection, b"\x00")

    with listening(serve) as port, pytest.raises(NoReplyError, match=r"gives no answer in time \(0.3 s\)"):
        get(f"https://127.0.0.1:{port}", 0.3)


@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\nX: "])
def test_a_slow_proxy_is_given_up(first: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def serve(connection: socket.socket) -> None:
        assert connection.recv(65536).startswith(b"CONNECT store.example:443 HTTP/1.1\r\n")
        connection.sendall(first)
        drip(connection, b"x")

    with listening(serve) as port:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        with pytest.raises(NoReplyError, match=r"gives no answer in time \(0.3 s\)") as caught:
            get("https://store.example/", 0.3)
    assert caught.value.final


def test_all_steps_together_have_one_deadline() -> None:
    """Head and body come in time each, by a clock of ours, and both together do not."""
    now = iter(range(0, 10_000))
    with server(lambda request: answer(YES)) as home:
        with pytest.raises(NoReplyError, match="gives no answer in time"):
            Transport(2.5, lambda: float(next(now))).handle_request(httpx.Request("GET", home.url))
        assert Transport(100, lambda: float(next(now))).handle_request(httpx.Request("GET", home.url)).content == YES


def test_no_time_at_all_opens_no_connection() -> None:
    with server(lambda request: answer(YES)) as home:
        with pytest.raises(NoReplyError, match="gives no answer in time"):
            get(home.url, 0)
        assert home.requests == []


def test_a_handshake_begins_only_while_time_is_left() -> None:
    """By a clock of ours, connecting takes all of it."""
    came: list[bytes] = []
    ended = threading.Event()

    def serve(connection: socket.socket) -> None:
        came.append(connection.recv(65536))
        ended.set()

    now = iter([0.0, 0.0])
    with listening(serve) as port:
        with pytest.raises(NoReplyError, match="gives no answer in time"):
            Transport(30, lambda: next(now, 100.0)).handle_request(httpx.Request("GET", f"https://127.0.0.1:{port}"))
        assert ended.wait(30)
    assert came == [b""]


# ---- TLS and proxies


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost that nobody has signed, and its key."""
    if shutil.which("openssl") is None:
        skip_or_fail("openssl is missing: apt-get install openssl")
    folder = tmp_path_factory.mktemp("tls")
    command = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    made = ["-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "certificate.pem"]
    subprocess.run(["openssl", *command.split(), *made], cwd=folder, check=True, capture_output=True)
    return folder / "certificate.pem", folder / "key.pem"


@contextmanager
def secure_server(certificate: tuple[Path, Path]) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)

    def serve(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            request = secure.recv(65536)
            secure.sendall(answer(request.split(b"\r\n")[0], "text/plain"))

    with listening(serve) as port:
        yield port


def test_a_store_by_https_is_read_if_its_certificate_is_trusted(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with secure_server(certificate) as port:
        with pytest.raises(NoReplyError, match="cannot be trusted: self-signed certificate") as caught:
            get(f"https://localhost:{port}/a?b")
        assert caught.value.final and not caught.value.passing
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        assert get(f"https://localhost:{port}/a?b").content == b"GET /a?b HTTP/1.1"
        with pytest.raises(NoReplyError, match="cannot be trusted: IP address mismatch"):
            get(f"https://127.0.0.1:{port}/")


def test_a_store_by_https_is_read_through_a_proxy(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    heads: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        heads.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with socket.create_connection(("127.0.0.1", port)) as store:
            other = threading.Thread(target=pass_on, args=(connection, store), daemon=True)
            other.start()
            pass_on(store, connection)
            other.join()

    def pass_on(source: socket.socket, target: socket.socket) -> None:
        try:
            while part := source.recv(65536):
                target.sendall(part)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return

    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with secure_server(certificate) as port, listening(serve) as proxy:
        monkeypatch.setenv("https_proxy", f"http://me:p%40w@127.0.0.1:{proxy}")
        monkeypatch.setenv("no_proxy", "other.example")
        assert get(f"https://localhost:{port}/a").content == b"GET /a HTTP/1.1"
    assert heads[0].startswith(f"CONNECT localhost:{port} HTTP/1.1\r\n".encode())
    assert b"Proxy-Authorization: Basic bWU6cEB3\r\n" in heads[0]


def test_a_proxy_that_refuses_is_named_by_its_status(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(lambda request: answer(b"", "text/plain", "407 Who are you")) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        with pytest.raises(NoReplyError, match=r"^cannot be reached: 407 Who are you$"):
            get("https://store.example/")


def test_a_host_that_needs_no_proxy_is_reached_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(lambda request: answer(YES)) as proxy, server(lambda request: answer(YES)) as home:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert get(home.url).content == YES
        assert (len(home.requests), len(proxy.requests)) == (1, 0)


# ---- what is sent


def test_the_reply_of_a_store_that_refuses_a_body_before_its_end_is_read() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(100)
        connection.sendall(b"HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n")  # and closes with the rest unread

    with listening(serve) as port:
        request = httpx.Request("PUT", f"http://127.0.0.1:{port}/", content=b"x" * 5_000_000)
        assert Transport(5).handle_request(request).status_code == 413


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_request_says_nothing_that_is_not_needed(method: str) -> None:
    with server(lambda request: answer(YES, "text/plain", "200 OK", "Set-Cookie: a=b", "Location: /c")) as home:
        client = Client(Credentials(), pauses=())
        for _ in range(2):
            client.request(method, home.url + "/a", b"" if method == "PUT" else None)
        lines = home.requests[1].decode().partition("\r\n\r\n")[0].split("\r\n")
        sent = {line.partition(":")[0].lower(): line.partition(": ")[2] for line in lines[1:]}
    common = {"host": home.url.removeprefix("http://"), "accept-encoding": "identity", "connection": "close"}
    kind = {"content-type": "text/turtle", "content-length": "0"} if method == "PUT" else {"accept": "text/turtle"}
    assert sent == common | kind | {"user-agent": "communique"}
    assert len(lines) == len(sent) + 1  # no header twice


def test_httpx_sees_only_the_headers_that_are_read() -> None:
    more = ("Set-Cookie: a=b", "Location: http://[", "WWW-Authenticate: Basic", "Link: <x>", "X-SPARQL-MaxRows: 9")
    with server(lambda request: answer(YES, "text/x; charset=y", "307 Away", *more)) as home:
        response = get(home.url)
    assert dict(response.headers) == {
        "content-type": "text/x; charset=y",
        "www-authenticate": "Basic",
        "x-sparql-maxrows": "9",
        "content-length": str(len(YES)),  # of the body as it is held
    }
    assert response.extensions[LOCATION] == "http://["


def test_the_body_of_an_error_is_kept_only_up_to_the_limit() -> None:
    with server(lambda request: answer(b"x" * 200_000, "text/plain", "500 No")) as home:
        assert get(home.url).content == b"x" * MAX_ERROR_BYTES


# ---- addresses


@pytest.mark.parametrize(
    "url", ["http://" + "ж" * 64 + ".example", "http://a..b", "http://xn--\u200b/", "http://" + "a." * 200 + "b"]
)
def test_a_host_that_cannot_be_written_as_a_name_cannot_be_reached(url: str) -> None:
    for home in ("", "http://h.example"):
        with pytest.raises(StoreError) as caught:
            Client(Credentials("u", "secret"), pauses=(), home=home).request("GET", url)
        assert " cannot be reached: " in str(caught.value)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://h/a", "http://h:80", True),
        ("https://H", "https://h:443/b?c", True),
        ("http://[::1]/", "http://[0:0::1]/", False),
        ("http://ж.example", "http://xn--f1a.example", True),
        ("http://h", "https://h", False),
        ("http://h:81", "http://h", False),
        ("http://h", "http://h.", False),
        ("http://h", "http://h%2e", False),
    ],
)
def test_an_origin_is_what_is_connected_to(one: str, other: str, same: bool) -> None:
    assert (origin(one) == origin(other)) == same
