"""SPARQLWrapper as the store uses it, and by itself: why its requests are sent by a client of ours."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs

import pytest
from SPARQLWrapper import DIGEST, POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import (
    EndPointInternalError,
    EndPointNotFound,
    QueryBadFormed,
    SPARQLWrapperException,
    Unauthorized,
    URITooLong,
)

from communique.errors import QueryError, StoreError
from communique.store.address import Credentials
from communique.store.client import Client
from communique.store.message import Reply, Request
from communique.store.refusal import RefusedError
from communique.store.sparql import Endpoint, query, update
from tests import engines
from tests.loopback import answer, server

pytestmark = pytest.mark.allow_hosts(engines.LOOPBACK)

YES = b'{"head": {}, "boolean": true}'
NOT_WHAT_THEY_SEEM = [
    "prefix load: <http://e.example/> SELECT * {}",
    "PREFIX e: <http://e.example/> # for INSERT\nSELECT * {}",
    "BASE <http://e.example/> # drop\nASK {}",
]
"""Queries before whose first keyword stands the keyword of an update."""


def plain(url: str, text: str = "ASK {}") -> SPARQLWrapper:
    """SPARQLWrapper as it is."""
    wrapper = SPARQLWrapper(url)
    wrapper.setMethod(POST)
    wrapper.setQuery(text)
    return wrapper


def form_of(request: bytes) -> dict[str, list[str]]:
    return parse_qs(request.partition(b"\r\n\r\n")[2].decode(), keep_blank_values=True)


# ---- why SPARQLWrapper does not open connections itself


@pytest.mark.parametrize("status", [301, 302, 303])
def test_sparqlwrapper_alone_takes_the_password_to_another_host_and_ours_does_not(status: int) -> None:
    with server(lambda request: answer(YES)) as other:
        away = answer(b"", "text/plain", f"{status} Away", f"Location: {other.url}/there")
        with server(lambda request: away) as home:
            wrapper = plain(home.url)
            wrapper.setCredentials("u", "secret")
            wrapper.query().response.close()
            assert [b"Authorization: Basic dTpzZWNyZXQ=" in request for request in other.requests] == [True]

            client = Client(Credentials("u", "secret"), pauses=(), home=home.url)
            client.authenticate("Basic")
            with pytest.raises(RefusedError, match=rf"has moved \(HTTP {status}\)"):
                client.query(home.url, "ASK {}", "*/*")
            assert b"Authorization: Basic dTpzZWNyZXQ=" in home.requests[-1]
            assert len(other.requests) == 1


@pytest.mark.slow
def test_sparqlwrapper_alone_waits_for_each_read_anew_and_ours_does_not() -> None:
    """A reply of 1.7 s, of which every part comes in time."""

    def drip(request: bytes) -> Iterator[bytes]:
        whole = answer(YES)
        yield whole[: -len(YES)]
        for byte in YES:
            time.sleep(0.06)
            yield bytes([byte])

    with server(drip) as home:
        wrapper = plain(home.url)
        wrapper.setTimeout(1)
        with wrapper.query().response as response:
            assert response.read() == YES

        with pytest.raises(RefusedError, match=r"gives no answer in time \(1 s\)"):
            Client(Credentials(), timeout=1, pauses=()).query(home.url, "ASK {}", "*/*")


def test_sparqlwrapper_alone_changes_the_whole_process_for_a_digest_and_ours_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    challenge = 'Digest realm="SPARQL", nonce="n", qop="auth", algorithm="MD5"'
    openers: list[object] = []
    monkeypatch.setattr(urllib.request, "install_opener", openers.append)
    ask = answer(b"", "text/plain", "401 No", f"WWW-Authenticate: {challenge}")
    with server(lambda request: answer(YES) if b"Authorization: Digest" in request else ask) as home:
        client = Client(Credentials("u", "secret"), pauses=(), home=home.url)
        client.authenticate(challenge)
        assert client.query(home.url, "ASK {}", "*/*").body == YES
        assert openers == []

        wrapper = plain(home.url)
        wrapper.setHTTPAuth(DIGEST)
        wrapper.setCredentials("u", "secret")
        with pytest.raises(Unauthorized):
            wrapper.query()  # the opener that it makes was not installed
        assert len(openers) == 1


@pytest.mark.parametrize("text", NOT_WHAT_THEY_SEEM)
def test_sparqlwrapper_alone_sends_a_query_as_an_update_and_ours_does_not(text: str) -> None:
    with server(lambda request: answer(YES)) as home:
        plain(home.url, text).query().response.close()
        Client(Credentials(), pauses=()).query(home.url, text, "*/*")
        assert ["update" in form_of(request) for request in home.requests] == [True, False]
        assert form_of(home.requests[1]) == {"query": [text]}


@pytest.mark.parametrize("unit", [" ", "\n", "PREFIX :", "# ", "\n#"])
def test_the_time_for_the_text_of_a_query_is_not_quadratic(unit: str) -> None:
    """SPARQLWrapper looks for the kind of a query by regular expressions; ours says it."""
    begin = time.process_time()
    query("http://store.example", f"SELECT * {{{unit * 500_000}}}", "*/*", lambda request: Reply(200, "", b""))
    assert time.process_time() - begin < 20  # in proportion it is well below a second, by squares minutes


# ---- what is sent


@pytest.mark.parametrize("text", ["ASK {}", "", "№ ’ +%&=;\x00\r\n\u2028\U0001f5de", "INSERT DATA {}", "nonsense"])
def test_the_text_arrives_as_it_is_in_a_form_of_one_field(text: str) -> None:
    sent: list[Request] = []

    def send(request: Request) -> Reply:
        sent.append(request)
        return Reply(200, "text/plain", b"yes")

    url = "http://store.example/sparql?x=1"
    calls: dict[str, Callable[[], Reply]] = {
        "query": lambda: query(url, text, "text/x, text/y;q=0.9", send),
        "update": lambda: update(url, text, send),
    }
    for name, call in calls.items():
        assert call() == Reply(200, "text/plain", b"yes")
        request, body = sent[-1], sent[-1].body or b""
        assert (request.method, request.url) == ("POST", url)
        assert parse_qs(body.decode("ascii"), keep_blank_values=True) == {name: [text]}
        headers = {key.lower(): value for key, value in request.headers.items()}
        assert headers["accept"] == ("text/x, text/y;q=0.9" if name == "query" else "*/*")
        assert headers["content-type"] == "application/x-www-form-urlencoded"
        assert set(headers) == {"accept", "content-type", "user-agent"}


# ---- what is raised


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, QueryBadFormed),
        (401, Unauthorized),
        (404, EndPointNotFound),
        (414, URITooLong),
        (500, EndPointInternalError),
        (403, SPARQLWrapperException),
        (0, SPARQLWrapperException),
    ],
)
def test_an_endpoint_raises_what_sparqlwrapper_raises(status: int, kind: type[SPARQLWrapperException]) -> None:
    refused = RefusedError(status, "the store refused")

    def send(request: Request) -> Reply:
        raise refused

    for form in ("SELECT", "INSERT"):
        with pytest.raises(kind) as caught:
            Endpoint("http://store.example", send).ask(form, "x", "*/*")
        assert type(caught.value) is kind and caught.value.__cause__ is refused
    with pytest.raises(RefusedError) as of_update:
        update("http://store.example", "x", send)
    assert of_update.value is refused
    with pytest.raises(QueryError if status == 400 else StoreError) as of_query:
        query("http://store.example", "x", "*/*", send)
    expected = "the query cannot be answered: the store refused" if status == 400 else "the store refused"
    assert str(of_query.value) == expected
