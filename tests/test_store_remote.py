"""Any SPARQL service as a store: real servers, and bad ones of every kind."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest

from communique.errors import QueryError, StoreError
from communique.store.address import Credentials, read_address
from communique.store.client import Client
from communique.store.discovery import open_remote
from communique.store.remote import RemoteStore
from tests import engines

pytestmark = pytest.mark.allow_hosts(engines.LOOPBACK)

G = "https://news.example/id/graph/a"
HOSTILE = "№ ’ \"'\\ \n\t\r \u2028 Қазақстан \U0001f5de </script> \\u0022 } . #"
BODY = "".join(
    f"<https://e/s> <https://e/p> {ox.Literal(HOSTILE + str(n), language='kk')} .\n" for n in range(1200)
).encode()


@pytest.fixture(scope="module", params=list(engines.SERVERS))
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[engines.Server]:
    engines.require(request.param)
    with engines.running(engines.SERVERS[request.param](tmp_path_factory.mktemp("s") / "server")) as started:
        yield started


def opened(server: engines.Server, *, write: bool = True) -> RemoteStore:
    return open_remote(read_address(engines.with_user(server)), write=write)


def triples(body: bytes) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)}


# ---- real servers


def test_a_graph_comes_back_as_it_was_sent(server: engines.Server) -> None:
    store = opened(server)
    store.put(G, BODY)
    assert set(store.fetch(G)) == triples(BODY)
    assert store.counts("https://news.example/id/graph/") == {G: 1200}
    store.put(G, BODY.splitlines(keepends=True)[0])
    assert len(store.fetch(G)) == 1
    store.remove(G)
    store.remove(G)
    assert store.fetch(G) == ()
    assert store.counts("https://news.example/id/graph/") == {}


def test_a_large_graph_is_taken_in_one_piece(server: engines.Server) -> None:
    """A store that asks who it is only when it has the body may cut a large one off: it is told with the first byte."""
    store = opened(server)
    store.put(G, "".join(f'<https://e/{n}> <https://e/p> "{"x" * 200}" .\n' for n in range(20_000)).encode())
    assert store.counts(G) == {G: 20_000}
    store.remove(G)


def test_without_a_graph_store_service_updates_do_the_same(server: engines.Server) -> None:
    from dataclasses import replace

    store = opened(server)
    by_update = RemoteStore(replace(store.services, graphs=""), store.client)
    by_update.put(G, BODY)
    assert set(store.fetch(G)) == set(by_update.fetch(G)) == triples(BODY)
    by_update.replace(G, [])
    assert by_update.graphs() == store.graphs()
    assert G not in store.graphs()


def test_graphs_are_moved_in_one_request(server: engines.Server) -> None:
    store = opened(server)
    store.put(G, BODY[: BODY.index(b"\n") + 1])
    store.put(G + "/new", BODY)
    store.move([(G + "/new", G)])
    assert store.counts(G) == {G: 1200}
    store.remove(G)


@pytest.mark.parametrize("which", ["query", "update", "graphs"])
def test_any_of_the_three_addresses_finds_the_others(server: engines.Server, which: str) -> None:
    store = opened(server)
    address = getattr(store.services, which).replace("://", f"://{engines.USER}:{engines.PASSWORD}@")
    other = open_remote(read_address(address), write=True)
    other.put(G, BODY)
    assert len(other.fetch(G)) == len(store.fetch(G)) == 1200
    assert (other.services.update, other.services.graphs) == (store.services.update, store.services.graphs)
    other.remove(G)


def test_reading_needs_no_password_and_a_wrong_query_is_refused(server: engines.Server) -> None:
    store = open_remote(read_address(server.url))
    assert store.query("SELECT (1 AS ?x) WHERE {}").rows == (
        (ox.Literal("1", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")),),
    )
    with pytest.raises(QueryError) as caught:
        store.query("SELECT nonsense")
    assert str(caught.value).startswith(f"the query cannot be answered: {store.services.query} refused (HTTP 400): ")
    assert "\n" not in str(caught.value)


@pytest.mark.stores
def test_a_wrong_password_is_reported_and_not_shown(tmp_path: Any) -> None:
    engines.require("virtuoso")
    with engines.running(engines.virtuoso(tmp_path / "v")) as server:
        wrong = server.url.replace("://", "://dba:secret@")
        with pytest.raises(StoreError) as caught:
            open_remote(read_address(wrong), write=True)
    assert "wrong or missing user and password" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.stores
def test_an_answer_that_a_store_cuts_is_refused(tmp_path: Any) -> None:
    engines.require("virtuoso")
    with engines.running(engines.virtuoso(tmp_path / "v")) as server:
        store = opened(server)
        lines = (f"<https://e/{n}> <https://e/p> <https://e/o> .\n" for n in range(12_000))
        store.put(G, "".join(lines).encode())
        with pytest.raises(StoreError, match="cuts answers at 10,000 rows: ask for less"):
            store.query(f"SELECT ?s WHERE {{ GRAPH <{G}> {{ ?s ?p ?o }} }}")
        with pytest.raises(StoreError, match="cuts answers at 10,000 rows: ask for less"):
            store.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{G}> {{ ?s ?p ?o }} }}")
        assert len(store.fetch(G)) == 12_000


@pytest.mark.stores
def test_a_read_only_server_is_reported(tmp_path: Any) -> None:
    engines.require("oxigraph-server")
    with engines.running(engines.oxigraph(tmp_path / "o")) as writable:
        writable.kill()
    with engines.running(engines.oxigraph(tmp_path / "o", read_only=True)) as server:
        assert open_remote(read_address(server.url)).graphs() == ()
        with pytest.raises(StoreError) as caught:
            open_remote(read_address(server.url), write=True)
    assert str(caught.value).startswith(f"{server.url} cannot be written: ")


# ---- bad servers


Reaction = Callable[[BaseHTTPRequestHandler, str, dict[str, str]], tuple[int, str, bytes]]
TRUE = (200, "application/sparql-results+json", b'{"head": {}, "boolean": true}')


@contextmanager
def bad_server(react: Reaction, headers: Callable[[], dict[str, str]] = dict) -> Iterator[str]:
    """A server that answers as ``react`` says, given the path and the form; in a thread, on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            form = {k: v[0] for k, v in parse_qs(body.decode("utf-8", "replace")).items()}
            status, kind, reply = react(self, urlsplit(self.path).path, form)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(reply)))
            for name, value in headers().items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply)

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815  (names of the standard library)

        def log_message(self, *words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_web_site_is_no_store() -> None:
    welcome = 200, "text/html", b"<h1>Welcome</h1> to us"
    with bad_server(lambda h, path, form: welcome) as url, pytest.raises(StoreError) as caught:
        open_remote(read_address(url))
    assert str(caught.value) == f"{url} is no SPARQL service: it answers with an HTML page (Welcome to us)"


def test_a_server_without_a_service_is_reported() -> None:
    with bad_server(lambda h, path, form: (404, "text/plain", b"no")) as url, pytest.raises(StoreError) as caught:
        open_remote(read_address(url + "/a/b"))
    assert str(caught.value) == f"{url}/a/b is no SPARQL service, nor is anything near it"


def test_a_store_that_says_yes_and_loads_nothing_is_found_out() -> None:
    def react(handler: Any, path: str, form: dict[str, str]) -> tuple[int, str, bytes]:
        if "query" in form and "ASK" not in form["query"]:
            return 200, "application/n-triples", b""
        if handler.command == "GET":
            return 200, "application/n-triples", b""
        return TRUE

    with bad_server(react) as url, pytest.raises(StoreError) as caught:
        open_remote(read_address(url), write=True)
    assert str(caught.value).startswith(f"{url} cannot be written: ")
    assert str(caught.value).endswith("accepted a triple, and the store does not give it back")


def test_a_busy_store_is_asked_again_and_a_broken_one_is_not() -> None:
    seen: list[int] = []
    answers = [503, 429, 200, 500]

    def react(handler: Any, path: str, form: dict[str, str]) -> tuple[int, str, bytes]:
        seen.append(answers[len(seen)])
        return seen[-1], "application/sparql-results+json", b'{"head": {"vars": []}, "results": {"bindings": []}}'

    with bad_server(react) as url:
        client = Client(Credentials(), pauses=(0, 0, 0))
        assert client.query(url, "SELECT * {}", "application/sparql-results+json").status == 200
        assert seen == [503, 429, 200]
        with pytest.raises(StoreError, match=r"refused \(HTTP 500\)"):
            client.query(url, "SELECT * {}", "*/*")
        assert seen == answers


def test_an_update_that_may_not_be_repeated_is_sent_once() -> None:
    seen: list[str] = []

    def react(handler: Any, path: str, form: dict[str, str]) -> tuple[int, str, bytes]:
        seen.append(form["update"])
        return 503, "text/plain", b"later"

    with bad_server(react) as url:
        client = Client(Credentials(), pauses=(0, 0))
        for repeatable, times in ((False, 1), (True, 3)):
            seen.clear()
            with pytest.raises(StoreError, match=r"HTTP 503\): later"):
                client.update(url, "INSERT DATA {}", repeatable=repeatable)
            assert seen == ["INSERT DATA {}"] * times


def test_a_store_that_does_not_answer_is_given_up() -> None:
    def react(handler: Any, path: str, form: dict[str, str]) -> tuple[int, str, bytes]:
        time.sleep(2)
        return TRUE

    with bad_server(react) as url:
        begin = time.monotonic()
        with pytest.raises(StoreError, match="no answer in time"):
            Client(Credentials(), timeout=1, pauses=()).query(url, "ASK {}", "*/*")
        assert time.monotonic() - begin < 2


@pytest.mark.parametrize(
    ("credentials", "expected"),
    [
        (Credentials(token="abc"), "Bearer abc"),
        (Credentials("u", "p"), "Basic dTpw"),
    ],
)
def test_credentials_are_sent_as_the_store_wants_them(credentials: Credentials, expected: str) -> None:
    seen: list[str | None] = []

    def react(handler: Any, path: str, form: dict[str, str]) -> tuple[int, str, bytes]:
        seen.append(handler.headers.get("Authorization"))
        return TRUE if seen[-1] else (401, "text/plain", b"")

    with bad_server(react) as url:
        address = read_address(url, {"COMMUNIQUE_STORE_TOKEN": credentials.token} if credentials.token else {})
        client = Client(credentials)
        store = open_remote(address, client=client)
        assert json.loads(store.client.query(url, "ASK {}", "*/*").body)["boolean"] is True
    assert seen[-1] == expected


def test_a_challenge_is_used_for_as_long_as_the_store_takes_it() -> None:
    nonces = iter(("first", "second", "third"))
    current = [next(nonces)]
    seen: list[str] = []

    def react(handler: Any, path: str, form: dict[str, str]) -> tuple[int, str, bytes]:
        said = handler.headers.get("Authorization", "")
        seen.append(next((word for word in ("first", "second", "third") if f'nonce="{word}"' in said), ""))
        return TRUE if seen[-1] == current[0] else (401, "text/plain", b"")

    def challenge() -> str:
        return f'Digest realm="r", nonce="{current[0]}", qop="auth", algorithm="MD5"'

    with bad_server(react, lambda: {"WWW-Authenticate": challenge()}) as url:
        client = Client(Credentials("u", "p"), pauses=())
        assert client.authenticate(challenge())
        for _ in range(2):
            client.request("PUT", url, b"<s:a> <s:b> <s:c> .")
        assert seen == ["", "first", "first"]
        current[0] = next(nonces)
        client.request("DELETE", url)
        assert seen[3:] == ["first", "second"]
        current[0] = "of nobody"
        with pytest.raises(StoreError, match="wrong or missing user and password"):
            client.request("DELETE", url)
        assert seen[5:] == ["second", ""]


def test_credentials_are_sent_where_only_writing_needs_them() -> None:
    seen: list[tuple[str, bool]] = []

    def react(handler: Any, path: str, form: dict[str, str]) -> tuple[int, str, bytes]:
        seen.append((handler.command, "Authorization" in handler.headers))
        return TRUE if handler.command == "GET" or seen[-1][1] else (401, "text/plain", b"")

    challenge = 'Digest realm="r", nonce="n", qop="auth", algorithm="MD5"'
    with bad_server(react, lambda: {"WWW-Authenticate": challenge}) as url:
        client = Client(Credentials("u", "p"), pauses=())
        assert client.authenticate(challenge)
        client.request("PUT", url, b"<s:a> <s:b> <s:c> .")
        client.update(url, "INSERT DATA {}", repeatable=False)
    assert seen == [("GET", False), ("PUT", False), ("PUT", True), ("POST", True)]


VIRTUOSO_PAGE: Final = b"""<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">
<html>
  <head>
    <title>SPARQL Graph Protocol request failed</title>
  </head>
  <body>
    <h1>HTTP/1.1 500 Request Failed</h1>
    <h3>Error 23000</h3>
<xmp>SR197: Non unique primary key on DB.DBA.RDF_LANGUAGE.</xmp></body></html>"""
"""How Virtuoso 7 refuses one of two requests that are the first to use the same language."""


@pytest.mark.parametrize(
    "words",
    [
        b"Error 40001 SR172: Transaction deadlocked",
        b"Error 23000 SR197: Non unique primary key on DB.DBA.RDF_LANGUAGE.",
        b"Error 23000 SR197: Non unique primary key on DB.DBA.RDF_DATATYPE.",
        VIRTUOSO_PAGE,
    ],
)
def test_a_transaction_lost_to_another_is_tried_again_and_a_port_of_that_number_is_not(words: bytes) -> None:
    answers = iter([(500, "text/plain", words), TRUE, (500, "text/plain", b"no")])
    with bad_server(lambda h, path, form: next(answers)) as url:
        client = Client(Credentials(), pauses=(0, 0))
        assert client.request("PUT", url, b"").status == 200
        with pytest.raises(StoreError, match=r"HTTP 500\): no"):
            client.request("PUT", url + "/40001", b"")


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("text/html", b"<p>Maintenance</p>", "it answers with an HTML page (Maintenance)"),
        (
            "application/sparql-results+json",
            b"{",
            "is no SPARQL service: it answers with application/sparql-results+json",
        ),
        ("application/sparql-results+json", b'{"head": {"vars": ["s"]}, "results": {"bind', "is no SPARQL service"),
    ],
)
def test_an_answer_that_is_none_is_refused(kind: str, body: bytes, words: str) -> None:
    from communique.store.remote import Services

    with bad_server(lambda h, path, form: (200, kind, body)) as url:
        store = RemoteStore(Services(url, graphs=url), Client(Credentials()))
        with pytest.raises(StoreError) as caught:
            store.query("SELECT ?s {}")
        assert words in str(caught.value)
        with pytest.raises(StoreError):
            store.fetch(G)
