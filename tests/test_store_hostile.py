"""Stores that lie, drip, break off, send on and go on for ever: one sentence each, and no secret to anybody else."""

from __future__ import annotations

import gzip
import hashlib
import json
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx
import pyoxigraph as ox
import pytest

from communique.errors import StoreError
from communique.store.address import Address, Credentials
from communique.store.answers import JSON, LONGEST, NTRIPLES, XML
from communique.store.authentication import Digest, digest_challenge, read_challenges
from communique.store.client import Client
from communique.store.discovery import open_remote
from communique.store.message import NoReplyError, Reply
from communique.store.refusal import first_words
from communique.store.remote import RemoteStore, Services
from communique.store.transport import Transport
from tests import engines
from tests.loopback import Respond, answer, server

pytestmark = pytest.mark.allow_hosts(engines.LOOPBACK)

YES = b'{"head": {}, "boolean": true}'
ROWS = b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "literal", "value": "x"}}]}}'


def store_at(url: str, client: Client | None = None) -> RemoteStore:
    return RemoteStore(Services(url, url, url), client or Client(Credentials(), pauses=()))


def sentence(call: Callable[[], object]) -> str:
    with pytest.raises(StoreError) as caught:
        call()
    told = str(caught.value)
    assert "\n" not in told and told.isprintable() and len(told) < 800, told
    return told


# ---- who asks is told to nobody else

SECRETS = [Credentials("u", "secret"), Credentials(token="secret")]
CALLS: dict[str, Callable[[Client, str], object]] = {
    "GET": lambda client, url: client.request("GET", url),
    "PUT": lambda client, url: client.request("PUT", url, b"x"),
    "DELETE": lambda client, url: client.request("DELETE", url),
    "query": lambda client, url: client.query(url, "SELECT * {}", JSON),
    "update": lambda client, url: client.update(url, "INSERT DATA {}", repeatable=True),
    "probe": lambda client, url: client.probe(url, {"query": "ASK {}"}, JSON),
}
CHALLENGES = {"basic": 'Basic realm="r"', "digest": 'Digest realm="r", nonce="n", qop="auth"', "token": "Bearer"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("scheme", CHALLENGES)
@pytest.mark.parametrize("call", CALLS)
def test_no_credentials_go_to_another_host(call: str, scheme: str, status: int) -> None:
    credentials = Credentials(token="secret") if scheme == "token" else Credentials("u", "secret")

    def at_home(request: bytes) -> bytes:
        if b"Authorization" not in request:
            return answer(b"", "text/plain", "401 No", f"WWW-Authenticate: {CHALLENGES[scheme]}")
        return answer(b"", "text/plain", f"{status} Away", f"Location: {other.url.replace('://', '://x:y@')}/there")

    with server(lambda request: answer(YES)) as other, server(at_home) as home:
        client = Client(credentials, pauses=(), home=home.url)
        client.authenticate(CHALLENGES[scheme])
        try:
            CALLS[call](client, home.url)
        except StoreError as no:
            assert f"has moved (HTTP {status}): give the address {other.url}/there" in str(no)
            assert status < 307
        assert any(b"Authorization" in request for request in home.requests)
        assert other.secrets() == []
        assert len(other.requests) == (status >= 307)


@pytest.mark.parametrize("credentials", SECRETS, ids=str)
@pytest.mark.parametrize("kind", ["Basic", "Digest", "Bearer"])
def test_another_host_that_asks_gets_no_credentials(credentials: Credentials, kind: str) -> None:
    ask = answer(b"", "text/plain", "401 No", f'WWW-Authenticate: {kind} realm="r", nonce="n", qop="auth"')
    with (
        server(lambda request: ask) as other,
        server(lambda request: answer(b"", "text/plain", "307 On", f"Location: {other.url}/")) as home,
    ):
        told = sentence(lambda: open_remote(Address(home.url, credentials)))
        assert other.requests and other.secrets() == []
    assert f"redirects to {other.url}/, which asks for user and password" in told
    assert "go to no other host: give that address itself" in told


def test_the_same_host_at_another_path_gets_the_credentials() -> None:
    def react(request: bytes) -> bytes:
        if request.startswith(b"PUT /new"):
            return answer(b"") if b"Authorization: Basic" in request else answer(b"", "text/plain", "401 No")
        return answer(b"", "text/plain", "308 On", "Location: /new")

    with server(react) as home:
        client = Client(Credentials("u", "secret"), pauses=(), home=home.url)
        client.authenticate("Basic")
        assert client.request("PUT", home.url + "/old", b"body").status == 200
        assert home.lines == ["PUT /old HTTP/1.1", "PUT /new HTTP/1.1"]
        assert home.requests[1].endswith(b"\r\n\r\nbody")


@pytest.mark.parametrize(
    "url", ["http://h", "https://h", "https://h:80", "http://h:81", "http://sub.h", "http://h.evil.example"]
)
def test_home_is_scheme_host_and_port(url: str) -> None:
    sent: list[httpx.Request] = []

    def note(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, content=YES)

    client = Client(Credentials(token="secret"), home="http://H:80/a", transport=httpx.MockTransport(note))
    client.query(url + "/b", "ASK {}", JSON)
    assert ("Authorization" in sent[0].headers) == (url == "http://h")


def test_a_secret_that_a_store_sends_back_is_not_shown() -> None:
    def react(request: bytes) -> bytes:
        return answer(request, "text/plain", "400 No", "Location: http://u:secret@h/")

    with server(react) as home:
        for credentials in SECRETS:
            client = Client(credentials, pauses=(), home=home.url)
            client.authenticate("Basic")
            told = sentence(lambda client=client: client.request("PUT", home.url, b"x"))  # type: ignore[misc]
            assert "Authorization: B" in told and "secret" not in told and "c2VjcmV0" not in told


def test_a_redirect_that_leads_nowhere_or_in_a_circle_is_refused() -> None:
    for location in ("", "file:///etc/passwd", "ftp://h.example/x", "http://[", "//"):
        with server(lambda r, at=location: answer(b"", "text/plain", "307 On", f"Location: {at}")) as home:  # type: ignore[misc]
            assert "to no other address (HTTP 307)" in sentence(lambda: store_at(home.url + "/").query("SELECT ?s {}"))
    steps = iter(range(100))
    with server(lambda r: answer(b"", "text/plain", "308 On", f"Location: /{next(steps)}")) as home:
        assert "redirects more than 5 times" in sentence(lambda: store_at(home.url).query("SELECT ?s {}"))
        assert len(home.requests) == 6


# ---- challenges


def answered_rightly(said: str, method: str, challenge: dict[str, str]) -> bool:
    """Whether a header Authorization answers a challenge for user Mufasa as RFC 7616 or 2069 says."""
    given, hashed = read_challenges(said)["digest"], "sha256" if "256" in challenge.get("algorithm", "") else "md5"

    def of(*words: str) -> str:
        return hashlib.new(hashed, ":".join(words).encode()).hexdigest()

    key = of("Mufasa", challenge["realm"], "Circle of Life")
    if challenge.get("algorithm", "").endswith("-sess"):
        key = of(key, challenge["nonce"], given["cnonce"])
    middle = [given["nc"], given["cnonce"], "auth"] if "qop" in challenge else []
    wanted = of(key, challenge["nonce"], *middle, of(method, given["uri"]))
    same = all(given.get(name, "") == challenge.get(name, "") for name in ("realm", "nonce", "opaque"))
    return same and given["response"] == wanted and given["username"] == "Mufasa"


@pytest.mark.parametrize(
    ("algorithm", "qop"),
    [(a, q) for a in ("MD5", "SHA-256", "MD5-sess", "SHA-256-sess", "") for q in ("auth, auth-int", "auth")]
    + [("MD5", ""), ("SHA-256", ""), ("", "")],
)
def test_a_digest_is_that_of_the_standard(algorithm: str, qop: str) -> None:
    challenge = {"realm": "http-auth@example.org", "nonce": "7ypf/xlj9XXw", "opaque": "FQhe/qaU925k"}
    challenge |= {"algorithm": algorithm} if algorithm else {}
    challenge |= {"qop": qop} if qop else {}
    header = "Digest " + ", ".join(f'{name}="{value}"' for name, value in challenge.items())
    counts: list[str] = []

    def react(request: bytes) -> bytes:
        method, target, _ = request.split(b"\r\n")[0].decode().split()
        said = next((x.decode()[15:] for x in request.split(b"\r\n") if x.startswith(b"Authorization: ")), "")
        if said and answered_rightly(said, method, challenge):
            counts.append(read_challenges(said)["digest"].get("nc", ""))
            assert read_challenges(said)["digest"]["uri"] == target
            return answer(b"")
        return answer(b"", "text/plain", "401 No", f"WWW-Authenticate: {header}")

    with server(react) as home:
        client = Client(Credentials("Mufasa", "Circle of Life"), pauses=())
        assert client.authenticate(header)
        for _ in range(2):
            assert client.request("PUT", home.url + "/dir/index.html?graph=a%20b", b"body").status == 200
    assert len(home.requests) == 3
    assert counts == (["00000001", "00000002"] if qop else ["", ""])


def test_the_answer_to_a_challenge_is_that_of_the_standard(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 7616, section 3.9.1: its words, and the client's nonce of its example."""
    head = (
        'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={}, '
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    )
    nonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    monkeypatch.setattr(Digest, "_get_client_nonce", lambda *_: nonce.encode())
    for algorithm, response in {
        "MD5": "8ca523f5e9506fed4657c9700eebdbec",
        "SHA-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    }.items():
        flow = Digest("Mufasa", "Circle of Life").sync_auth_flow(
            httpx.Request("GET", "http://www.example.org/dir/index.html")
        )
        next(flow)
        sent = flow.send(httpx.Response(401, headers={"WWW-Authenticate": head.format(algorithm)}))
        assert read_challenges(sent.headers["Authorization"])["digest"] == {
            "username": "Mufasa", "realm": "http-auth@example.org", "uri": "/dir/index.html", "algorithm": algorithm,
            "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "nc": "00000001", "cnonce": nonce, "qop": "auth",
            "response": response, "opaque": "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
        }  # fmt: skip


def test_threads_that_share_a_digest_never_use_a_count_twice() -> None:
    """A store may treat an answer with a count that it has already seen as a replay."""
    challenge = 'Digest realm="r", nonce="n", qop="auth"'
    seen: list[str] = []

    def react(request: bytes) -> bytes:
        said = next((x.decode()[15:] for x in request.split(b"\r\n") if x.startswith(b"Authorization: ")), "")
        if not said:
            return answer(b"", "text/plain", "401 No", f"WWW-Authenticate: {challenge}")
        seen.append(read_challenges(said)["digest"]["nc"])
        return answer(b"")

    with server(react) as home:
        client = Client(Credentials("u", "p"), pauses=(), home=home.url)
        client.authenticate(challenge)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda n: client.request("PUT", f"{home.url}/?graph={n}", b"x"), range(40)))
        assert sorted(seen) == [f"{n:08x}" for n in range(1, 41)]
        assert len(home.requests) == 41  # the challenge was fetched once


def test_a_challenge_that_several_threads_get_at_once_is_counted_from_its_beginning_once() -> None:
    """Four requests come with an old nonce before any of them is answered with the new one, the same for all."""
    together, nonces, answers = threading.Barrier(4), ["old"], []

    def react(request: bytes) -> bytes:
        said = next((x.decode()[15:] for x in request.split(b"\r\n") if x.startswith(b"Authorization: ")), "Digest")
        given = read_challenges(said)["digest"]
        if given.get("nonce") == "old":
            nonces.append("new")
            together.wait(30)
        elif given.get("nonce") == "new":
            answers.append(given["nc"])
            return answer(b"")
        return answer(
            b"", "text/plain", "401 No", f'WWW-Authenticate: Digest realm="r", nonce="{nonces[-1]}", qop="auth"'
        )

    with server(react) as home:
        client = Client(Credentials("u", "p"), pauses=(), home=home.url)
        client.authenticate("Digest nonce=any")
        with ThreadPoolExecutor(4) as pool:
            replies = list(pool.map(lambda n: client.request("PUT", f"{home.url}/?graph={n}", b"x"), range(4)))
    assert [reply.status for reply in replies] == [200] * 4
    assert sorted(answers) == [f"{n:08x}" for n in range(1, 5)]


def test_answers_to_a_challenge_are_counted_by_one_thread_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    locked: list[bool] = []

    def note(digest: Digest, *_: object) -> bytes:
        locked.append(digest._lock.locked())
        return b"n"

    monkeypatch.setattr(Digest, "_get_client_nonce", note)
    flow = Digest("u", "p").sync_auth_flow(httpx.Request("PUT", "http://h.example/"))
    next(flow)
    for nonce in ("first", "second"):
        flow.send(httpx.Response(401, headers={"WWW-Authenticate": f'Digest nonce="{nonce}", qop="auth"'}))
    assert locked == [True] * 3


ODD = [
    "", "Digest", "Digest nonce", "Digest nonce=n, algorithm=ROT13", 'Digest nonce="n", qop="auth-int"', "Digest ,,,=,",
    "=", 'Digest realm="', "Negotiate", "Negotiate YII=", 'Digest nonce="n' + "\\" * 4001 + '"',
    "Digest " + 'a="b",' * 2000, "Basic" + " Basic" * 900, "\u00ff\u00fe", 'Hoba challenge="x"',
]  # fmt: skip


@pytest.mark.parametrize("challenge", ODD, ids=range(len(ODD)))
def test_an_odd_challenge_is_one_sentence(challenge: str) -> None:
    reply = answer(b"", "text/plain", "401 No", f"WWW-Authenticate: {challenge}").decode("latin-1").encode("latin-1")
    with server(lambda request: reply) as home:
        for call in (
            lambda: open_remote(Address(home.url, Credentials("u", "secret"))),
            lambda: Client(Credentials("u", "secret"), pauses=()).request("PUT", home.url, b"x"),
        ):
            told = sentence(call)
            assert "HTTP 401" in told and "secret" not in told


@pytest.mark.parametrize(
    "head",
    [
        'Digest nonce="n", qop="auth-int"',
        'Digest realm="r"',
        "Digest nonce=n, algorithm=X",
        "Digest nonce=n, algorithm=MD5-sess",
        r'Digest nonce="n", realm="a \"b\""',
        "Basic",
    ],
)
def test_a_digest_that_cannot_be_answered_is_none(head: str) -> None:
    assert digest_challenge(head) is None
    with server(lambda request: answer(b"", "text/plain", "401 No", f"WWW-Authenticate: {head}")) as home:
        told = sentence(lambda: open_remote(Address(home.url, Credentials("u", "p"))))
    assert ("in a way that is not known here (HTTP 401): digest" in told) == (head != "Basic")


def test_the_stronger_of_two_ways_is_taken() -> None:
    client = Client(Credentials("u", "p"))
    assert client.authenticate('Basic realm="a, Digest b", Digest nonce="n", qop="auth"') and client._scheme == "digest"
    client = Client(Credentials("u", "p"))
    assert client.authenticate('Digest nonce="n", algorithm=SHA-512-256, Basic realm="x"') and client._scheme == "basic"


# ---- answers that are not whole


WHOLE = answer(ROWS)
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: " + JSON.encode() + b"\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (WHOLE[:-1], f"breaks its answer off after {len(ROWS) - 1} of {len(ROWS)} bytes"),
        (WHOLE[: -len(ROWS)], f"breaks its answer off after 0 of {len(ROWS)} bytes"),
        (CHUNKED + b"5f\r\n" + ROWS[:50], "gives an answer that is no HTTP"),
        (CHUNKED + b"-1\r\n" + ROWS, "gives an answer that is no HTTP"),
        (CHUNKED + b"zz\r\n", "gives an answer that is no HTTP"),
        (b"", "breaks the connection off"),
        (b"SSH-2.0-OpenSSH\r\n", "gives an answer that is no HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "gives an answer that is no HTTP"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70000 + b"\r\n\r\n", "gives an answer that is no HTTP"),
    ],
    ids=range(9),
)
def test_half_an_answer_is_none(reply: bytes, words: str) -> None:
    with server(lambda request: reply) as home:
        for call in (
            lambda: store_at(home.url).query("SELECT ?s {}"),
            lambda: open_remote(Address(home.url, Credentials())),
        ):
            told = sentence(call)
            assert words in told and "cannot be reached" not in told


def test_half_a_graph_is_none() -> None:
    triples = b"<s:a> <s:b> <s:c> .\n" * 2
    half = answer(triples, NTRIPLES)[: -len(triples) // 2]
    with server(lambda request: half) as home:
        assert "breaks its answer off after 20 of 40 bytes" in sentence(lambda: store_at(home.url).fetch("urn:x:g"))


def test_only_what_cannot_be_reached_is_said_to_be_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    told = sentence(lambda: open_remote(Address(f"http://127.0.0.1:{port}", Credentials())))
    assert told.startswith(f"http://127.0.0.1:{port} cannot be reached: ")


DRIPS: dict[str, Callable[[], Iterator[bytes]]] = {
    "head": lambda: (b"x" for _ in slowly()),
    "lines": lambda: (piece for _ in slowly() for piece in (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n")),
    "continue": lambda: (b"HTTP/1.1 100 Continue\r\n\r\n" for _ in slowly()),
    "body": lambda: (WHOLE[:120] if n == 0 else b" " for n, _ in enumerate(slowly())),
    "chunks": lambda: (CHUNKED if n == 0 else b"1\r\n \r\n" for n, _ in enumerate(slowly())),
    "error": lambda: (b"HTTP/1.1 500 No\r\n\r\n" if n == 0 else b"x" for n, _ in enumerate(slowly())),
}


def slowly() -> Iterator[None]:
    while True:
        yield
        time.sleep(0.02)


@pytest.mark.parametrize("drip", DRIPS)
def test_an_answer_that_arrives_slowly_is_given_up(drip: str) -> None:
    with server(lambda request: DRIPS[drip]()) as home:
        told = sentence(
            lambda: store_at(home.url, Client(Credentials(), timeout=0.3, pauses=(9.0,))).query("SELECT ?s {}")
        )
        assert "gives no answer in time (0.3 s)" in told
        assert len(home.requests) == 1  # who was waited for is not asked again


def test_a_store_that_does_not_read_is_given_up() -> None:
    """A body that nobody takes, of more than the system holds for him."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        client = Client(Credentials(), timeout=0.3, pauses=())
        assert "gives no answer in time" in sentence(lambda: client.request("PUT", url, b"x" * 50_000_000))


def test_a_store_that_reads_a_little_at_a_time_is_given_up() -> None:
    """Each part is taken in time, all of them together are not."""
    ended, taken = threading.Event(), [0]
    with socket.create_server(("127.0.0.1", 0)) as slow:

        def sip() -> None:
            connection, _ = slow.accept()
            with connection:
                while not ended.wait(0.05) and (part := connection.recv(1 << 21)):
                    taken[0] += len(part)

        thread = threading.Thread(target=sip, daemon=True)
        thread.start()
        client = Client(Credentials(), timeout=0.5, pauses=())
        url = f"http://127.0.0.1:{slow.getsockname()[1]}"
        try:
            told = sentence(lambda: client.request("PUT", url, b"x" * 100_000_000))
        finally:
            ended.set()
            thread.join()
    assert "gives no answer in time (0.5 s)" in told
    assert taken[0] < 90_000_000


def test_the_body_of_an_error_is_read_no_further_than_its_first_words() -> None:
    given: list[int] = []

    def endless() -> Iterator[bytes]:
        yield b"HTTP/1.1 500 No\r\nContent-Type: text/plain\r\n\r\nDisk full. "
        while True:
            given.append(1)
            yield b"x" * 65536

    with server(lambda request: endless()) as home:
        told = sentence(lambda: store_at(home.url).query("SELECT ?s {}"))
    assert told.startswith(f"{home.url} refused (HTTP 500): Disk full. xxx")
    assert len(given) * 65536 < 100_000_000  # what the system holds for a reader is some millions


def test_more_than_a_reply_may_have_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("communique.store.transport.MAX_BYTES", 1000)
    for reply in (answer(b" " * 1001), CHUNKED + b"3e9\r\n" + b" " * 1001 + b"\r\n0\r\n\r\n"):
        with server(lambda request, reply=reply: reply) as home:  # type: ignore[misc]
            assert "more than 1,000 bytes" in sentence(lambda: store_at(home.url).query("SELECT ?s {}"))
    with server(lambda request: answer(ROWS + b" " * (1000 - len(ROWS)))) as home:
        assert len(store_at(home.url).query("SELECT ?s {}").rows) == 1
    with server(lambda request: b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 1900) as home:
        assert "more than 1,000 bytes" in sentence(lambda: store_at(home.url).query("SELECT ?s {}"))


def test_a_reply_that_never_begins_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replies that only announce others are no body: nothing but all that arrives bounds them."""
    monkeypatch.setattr("communique.store.transport.MAX_BYTES", 100_000)

    def endless() -> Iterator[bytes]:
        while True:
            yield b"HTTP/1.1 100 Continue\r\n\r\n" * 1000

    with server(lambda request: endless()) as home:
        assert "gives an answer that does not end" in sentence(lambda: store_at(home.url).query("SELECT ?s {}"))


# ---- compressed answers

CODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "members": ("gzip", lambda body: gzip.compress(body[:20]) + gzip.compress(body[20:])),
    "padding": ("gzip", lambda body: gzip.compress(body) + bytes(20)),
    "zlib": ("deflate", zlib.compress),
    "bare": ("Deflate", lambda body: zlib.compress(body, wbits=-15)),
    "identity": ("identity", lambda body: body),
}


@pytest.mark.parametrize("name", CODINGS)
def test_a_compressed_answer_is_read(name: str) -> None:
    coding, pack = CODINGS[name]
    with server(lambda request: answer(pack(ROWS), JSON, "200 OK", f"Content-Encoding: {coding}")) as home:
        assert store_at(home.url).query("SELECT ?s {}").rows == ((ox.Literal("x"),),)
    with server(
        lambda request: answer(pack(b"Disk full"), "text/plain", "500 No", f"Content-Encoding: {coding}")
    ) as home:
        assert "(HTTP 500): Disk full" in sentence(lambda: store_at(home.url).query("SELECT ?s {}"))


@pytest.mark.parametrize(
    ("coding", "body", "words"),
    [
        ("gzip", gzip.compress(ROWS)[:-9], "breaks its compressed answer off"),
        ("deflate", zlib.compress(ROWS)[:-5], "breaks its compressed answer off"),
        ("gzip", b"\x1f\x8bnonsense and more", "gives an answer that is no gzip"),
        ("br", ROWS, "answers in a coding that nobody asked for: br"),
        ("gzip, gzip", gzip.compress(gzip.compress(ROWS)), "answers in a coding that nobody asked for"),
    ],
    ids=range(5),
)
def test_a_compressed_answer_that_cannot_be_read_is_refused(coding: str, body: bytes, words: str) -> None:
    with server(lambda request: answer(body, JSON, "200 OK", f"Content-Encoding: {coding}")) as home:
        assert words in sentence(lambda: store_at(home.url).query("SELECT ?s {}"))


def test_an_answer_that_swells_is_given_up() -> None:
    bomb = gzip.compress(bytes(64 * 1024 * 1024), 1)
    with server(lambda request: answer(bomb, JSON, "200 OK", "Content-Encoding: gzip")) as home:
        assert "that becomes more than " in sentence(lambda: store_at(home.url).query("SELECT ?s {}"))
    with server(lambda request: answer(bomb, "text/plain", "500 No", "Content-Encoding: gzip")) as home:
        assert "HTTP 500" in sentence(lambda: store_at(home.url).query("SELECT ?s {}"))


# ---- answers that are something else

BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "' + b"a" * 100 + b'">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 100) for n in range(8)
) + b"]>"  # fmt: skip
SPARQL = b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="s"/></head><results><result>'
SPARQL += b'<binding name="s"><literal>%s</literal></binding></result></results></sparql>'


def test_an_answer_in_xml_is_read_and_its_entities_are_not() -> None:
    for kind in (XML, "text/xml; charset=utf-8", "application/xml"):
        with server(lambda request, kind=kind: answer(SPARQL % b"a &lt; b", kind)) as home:  # type: ignore[misc]
            assert store_at(home.url).query("SELECT ?s {}").rows == ((ox.Literal("a < b"),),)
            assert XML.encode() in home.requests[0]
    with server(lambda request: answer(BOMB + SPARQL % b"&i;", XML)) as home:
        assert "is no SPARQL service: it answers with application/sparql-results+xml" in sentence(
            lambda: store_at(home.url).query("SELECT ?s {}")
        )


@pytest.mark.parametrize(
    "kind", ["application/rdf+xml", "text/xml", "application/trig", "application/ld+json", "text/html", ""]
)
def test_only_types_that_were_asked_for_are_read(kind: str) -> None:
    rdf = BOMB + b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&i;</rdf:RDF>'
    with server(lambda request: answer(rdf, kind)) as home:
        for call in (
            lambda: store_at(home.url).fetch("urn:x:g"),
            lambda: store_at(home.url).construct("CONSTRUCT {} {}"),
        ):
            assert "is no SPARQL service: it answers with " in sentence(call)


def rows(names: str, *found: dict[str, dict[str, object]]) -> bytes:
    return json.dumps({"head": {"vars": names.split()}, "results": {"bindings": found}}).encode()


def literal(value: str) -> dict[str, object]:
    return {"type": "literal", "value": value}


def node(value: str) -> dict[str, object]:
    return {"type": "uri", "value": value}


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"head": {"vars": ["g", "n"]}, "results": {"bindings": [{"g": ' + b'{"type": ' * 200_000,
        b'{"head": ' + b'{"a": ' * 200_000 + b"1" + b"}" * 200_000 + b', "boolean": true}',
        YES,
        b"null",
        rows("s", {"s": node("urn:x:g")}),
        rows("g n", {"g": node("urn:x:g"), "n": literal("many")}),
        rows("g n", {"g": node("urn:x:g"), "n": literal("-1")}),
        rows("g n", {"g": node("urn:x:g"), "n": literal("\u0663")}),
        rows("g n", {"g": node("urn:x:g"), "n": literal("9" * 5000)}),
        rows("g n", {"g": node("urn:x:g")}),
        rows("g n", {"n": literal("1")}),
        rows("g n", {"g": literal("urn:x:g"), "n": literal("1")}),
        rows("g n", {"g": node("urn:other:g"), "n": literal("1")}),
        rows("g n", {"g": {"type": "bnode", "value": "b"}, "n": literal("1")}),
        rows("g n x", {"g": node("urn:x:g"), "n": literal("1")}),
        rows("g", {"g": node("urn:x:g")}),
        b'{"head": {"vars": [1]}, "results": {}}',
    ],
    ids=range(18),
)  # fmt: skip
def test_an_answer_of_a_wrong_shape_is_one_sentence(body: bytes) -> None:
    with server(lambda request: answer(body)) as home:
        sentence(lambda: store_at(home.url).counts("urn:x:"))
        if body != rows("g", {"g": node("urn:x:g")}):
            sentence(lambda: store_at(home.url).graphs())


def test_a_deep_answer_to_the_first_question_is_one_sentence() -> None:
    with server(lambda request: answer(b'{"boolean": ' + b"[" * 200_000)) as home:
        assert "is no SPARQL service" in sentence(lambda: open_remote(Address(home.url, Credentials())))


def test_a_store_that_says_yes_in_a_row_is_understood() -> None:
    def react(value: str) -> Respond:
        return lambda request: answer(rows("__ASK_RETVAL", {"__ASK_RETVAL": literal(value)}))

    with server(react("1")) as home:
        assert open_remote(Address(home.url + "/sparql", Credentials())).services.query == home.url + "/sparql"
    with server(react("0")) as home:
        assert "is no SPARQL service" in sentence(lambda: open_remote(Address(home.url, Credentials())))


# ---- pages that do not end


def page(first: int) -> bytes:
    return rows("g n", *({"g": node(f"urn:x:{n:09}"), "n": literal("1")} for n in range(first, first + 5000)))


def test_a_page_that_comes_again_ends_the_question() -> None:
    same = answer(page(0))
    with server(lambda request: same) as home:
        assert "gives the same page again" in sentence(lambda: store_at(home.url).counts("urn:x:"))
        assert len(home.requests) == 2


def test_pages_without_end_are_given_up() -> None:
    numbers = iter(range(0, 10**9, 5000))
    now = iter(range(0, 10**9, 20))  # every look at the clock is 20 s later
    with server(lambda request: answer(page(next(numbers)))) as home:
        store = store_at(home.url, Client(Credentials(), timeout=1e6, pauses=(), clock=lambda: float(next(now))))
        assert f"gives pages for more than {LONGEST:g} s" in sentence(lambda: store.counts("urn:x:"))
        assert 2 < len(home.requests) < 50


def test_pages_of_one_graph_end_too() -> None:
    def react(request: bytes) -> bytes:
        if request.startswith(b"GET"):
            return answer(b"<s:a> <s:b> <s:c> .\n" * 10_000, NTRIPLES)
        if b"COUNT" in request:
            return answer(rows("g n", {"g": node("urn:x:g"), "n": literal("20000")}))
        found = ({"s": node(f"urn:s:{n:09}"), "p": node("s:p"), "o": node("s:o")} for n in range(5000))
        return answer(rows("s p o", *found))

    with server(react) as home:
        assert "gives the same page again" in sentence(lambda: store_at(home.url).fetch("urn:x:g"))
        assert len(home.requests) == 4


def test_a_graph_of_what_is_no_triple_is_refused() -> None:
    def react(request: bytes) -> bytes:
        if request.startswith(b"GET"):
            return answer(b"<s:a> <s:b> <s:c> .\n" * 10_000, NTRIPLES)
        if b"COUNT" in request:
            return answer(rows("g n", {"g": node("urn:x:g"), "n": literal("20000")}))
        return answer(rows("s p o", {"s": literal("a"), "p": node("s:p"), "o": node("s:o")}))

    with server(react) as home:
        assert "gives what is no triple of urn:x:g" in sentence(lambda: store_at(home.url).fetch("urn:x:g"))


# ---- addresses


def test_the_address_is_tried_first_as_it_was_given() -> None:
    def react(request: bytes) -> bytes:
        return answer(YES) if request.startswith(b"POST /a/ds/?x=1 ") else answer(b"", "text/plain", "404 No")

    with server(react) as home:
        found = open_remote(Address(home.url + "/a/ds/?x=1", Credentials()))
        assert (found.services.query, len(home.requests)) == (home.url + "/a/ds/?x=1", 2)
    with server(lambda request: answer(b"", "text/plain", "404 No")) as home:
        sentence(lambda: open_remote(Address(home.url + "/a/ds/?x=1", Credentials())))
        paths = [line.split()[1] for line in home.lines]
        assert paths[:4] == ["/a/ds/?x=1", "/a/ds", "/a/ds/query", "/a/ds/sparql"]
        assert len(paths) == len(set(paths)) and not any("?" in path for path in paths[1:])


def test_an_address_that_moved_is_named() -> None:
    with server(lambda request: answer(b"", "text/plain", "301 Moved", "Location: /new place#x")) as home:
        told = sentence(lambda: open_remote(Address(home.url + "/sparql", Credentials())))
    assert told == f"{home.url}/sparql has moved (HTTP 301): give the address {home.url}/new%20place"


def test_a_broken_answer_does_not_hide_the_service_beside_it() -> None:
    def react(request: bytes) -> bytes:
        return answer(YES) if request.startswith(b"POST /sparql") else b"nonsense\r\n\r\n"

    with server(react) as home:
        assert open_remote(Address(home.url, Credentials())).services.query == home.url + "/sparql"


def test_a_store_that_hangs_on_everything_else_is_waited_for_once() -> None:
    def react(request: bytes) -> bytes | Iterator[bytes]:
        if b"query=ASK" in request:
            return answer(YES)
        if b"SELECT" in request:
            return answer(rows("g", {"g": node("urn:x:g")}))
        return (b"" for _ in slowly())

    for write in (True, False):
        with server(react) as home:
            client = Client(Credentials(), timeout=0.4, pauses=(9.0,))
            told = sentence(partial(open_remote, Address(home.url, Credentials()), write=write, client=client))
            assert "gives no answer in time" in told
            assert len(home.requests) <= 3


@pytest.mark.parametrize(
    "found", [rows("g", {"g": literal("x")}), rows("", {}), rows("g", {}), YES, b"no"], ids=range(5)
)
def test_a_store_that_names_no_graph_is_asked_for_none(found: bytes) -> None:
    with server(lambda request: answer(YES if b"ASK" in request else found)) as home:
        assert open_remote(Address(home.url, Credentials())).services.graphs == ""
        assert not [line for line in home.lines if line.startswith("GET")]


@pytest.mark.parametrize("write", [True, False])
def test_a_large_graph_does_not_hide_the_service_that_gives_it(write: bool) -> None:
    """As many triples as a store may cut: whether it did is asked of a service that is known."""

    def react(request: bytes) -> bytes:
        if request.startswith(b"GET"):
            return answer(b"<s:a> <s:b> <s:c> .\n" * 10_000, NTRIPLES)
        return answer(rows("g", {"g": node("urn:x:g")}) if b"SELECT" in request else YES)

    with server(react) as home:
        if write:
            assert "cannot be written: " in sentence(partial(open_remote, Address(home.url, Credentials()), write=True))
        else:
            assert open_remote(Address(home.url, Credentials())).services.graphs == home.url + "/store"


def test_a_trial_that_is_interrupted_leaves_nothing_behind() -> None:
    def react(request: bytes) -> bytes:
        return answer(YES) if request.startswith(b"POST") else answer(b"", NTRIPLES)

    class Interrupted(Client):
        def request(self, method: str, *words: object, **more: object) -> Reply:
            if method == "GET" and any(line.startswith("PUT") for line in home.lines):
                raise KeyboardInterrupt
            return super().request(method, *words, **more)  # type: ignore[arg-type]

    with server(react) as home:
        client = Interrupted(Credentials(), pauses=())
        with pytest.raises(KeyboardInterrupt):
            open_remote(Address(home.url + "/ds", Credentials()), write=True, client=client)
        graph = next(line.split()[1] for line in home.lines if line.startswith("PUT"))
        assert home.lines[-1] == f"DELETE {graph} HTTP/1.1"


# ---- first words


@pytest.mark.parametrize(
    "unit", ["<script", "<script>", "<style><title>", "<", "<a", "<title>x", "&", "<script></script", "</", "\x00"]
)
def test_the_first_words_take_time_in_proportion(unit: str) -> None:
    def taken(times: int) -> float:
        body = (unit * times).encode()
        begin = time.process_time()
        first_words(body)
        return time.process_time() - begin

    assert taken(2_000_000 // len(unit)) < 20  # in proportion it is about a second, by squares an hour


def test_the_first_words_are_those_that_a_page_shows() -> None:
    for body, words in {
        b"<title>x</title><h1>Disk<br>full</h1>": "Disk full",
        b"<SCRIPT>1 < 2</Script>Disk &amp; full": "Disk & full",
        b"<script>never closed": "never closed",
        b"1 < 2 and <b": "1 < 2 and <b",
        b"\x1b[2J\xe2\x80\xaegone": "[2J gone",
        b"": "",
        b"<i>" * 5 + b"x " * 300: "x " * 100 + "…",
    }.items():
        assert first_words(body) == words


def test_a_request_is_sent_through_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(lambda request: answer(YES)) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.replace("://", "://me:pw@"))
        monkeypatch.setenv("no_proxy", "other.example")
        transport = Transport(5)
        assert transport.handle_request(httpx.Request("GET", "http://store.example/a?b")).content == YES
        assert proxy.lines == ["GET http://store.example/a?b HTTP/1.1"]
        assert (
            b"Proxy-Authorization: Basic bWU6cHc=" in proxy.requests[0] and b"Host: store.example" in proxy.requests[0]
        )
        with pytest.raises(NoReplyError):
            transport.handle_request(
                httpx.Request("GET", "https://store.example/")
            )  # no proxy is named for it, and there is no such host
