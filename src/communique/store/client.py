"""Requests to one store with httpx: credentials for its own host only, retries, redirects, and readable errors."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import Final
from urllib.parse import urlencode

import httpx

from communique.store import sparql
from communique.store.address import Credentials, redirect_target
from communique.store.authentication import Digest, bearer, digest_challenge, read_challenges
from communique.store.message import NoReplyError, Reply, Request
from communique.store.refusal import RefusedError, first_words, refusal
from communique.store.transport import LOCATION, Transport

TIMEOUT: Final = 60.0
"""Seconds that one request may take, from connecting to the last byte."""

PAUSES: Final = (0.2, 1.0, 4.0)
"""Seconds before each further try of a request that may be repeated."""

HOPS: Final = 5
"""Redirects that are followed one after the other."""

_REPEAT: Final = (307, 308)
_LOST_TO_ANOTHER: Final = re.compile(r"\b40001\b|\b23000\b.*Non unique primary key on DB\.DBA\.RDF_")
"""What a store says, in `first_words`, of a transaction that another one got in the way of; it may be retried.

40001 is the SQLSTATE of a serialization failure (ISO/IEC 9075-2). The other comes from Virtuoso 7 when two requests are
the first to use the same language or datatype.
"""

Authentication = httpx.Auth | Callable[[httpx.Request], httpx.Request]


class Client:
    """Sends requests with one set of credentials, which are sent only to the scheme, host and port of ``home``.

    ``home`` defaults to the address of the first request. May be used by several threads after `authenticate`.
    """

    def __init__(
        self,
        credentials: Credentials,
        timeout: float = TIMEOUT,
        pauses: tuple[float, ...] = PAUSES,
        *,
        home: str = "",
        clock: Callable[[], float] = time.monotonic,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.credentials, self.pauses, self.clock = credentials, pauses, clock
        self._home, self._scheme = home, ""  # no credentials are sent before the store asks for them
        self._digests: dict[str, Digest] = {}  # by address without query
        self._lock = Lock()
        self._http = httpx.Client(transport=transport or Transport(timeout, clock), trust_env=False)

    def probe(self, url: str, form: dict[str, str], accept: str) -> Reply:
        """The reply of an address to a form, whatever its status, without retries. Raises `RefusedError`."""
        headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        request = Request("POST", url, urlencode(form).encode(), headers)
        reply = self._final_reply(request)
        if reply.status in (401, 403) and self.authenticate(reply.challenge):
            reply = self._final_reply(request)
        return reply

    def authenticate(self, challenge: str) -> bool:
        """Choose the scheme for user and password from a challenge; gives whether one was chosen now.

        Virtuoso names no scheme in its reply to a request with the wrong scheme, so the first request has none.
        """
        if not self.credentials.user or self._scheme:
            return False
        known = read_challenges(challenge)
        if digest_challenge(challenge) is not None:
            self._scheme = "digest"
        elif "basic" in known or not known:
            self._scheme = "basic"
        return bool(self._scheme)

    def query(self, endpoint: str, text: str, accept: str) -> Reply:
        """The reply to a query. Raises `QueryError` if the store rejects the query, else `RefusedError`."""
        return sparql.query(endpoint, text, accept, partial(self._reply_with_retries, pauses=self.pauses))

    def update(self, endpoint: str, text: str, *, repeatable: bool) -> Reply:
        """The reply to an update, retried only if it is ``repeatable`` (idempotent). Raises `RefusedError`."""
        return sparql.update(
            endpoint, text, partial(self._reply_with_retries, pauses=self.pauses if repeatable else ())
        )

    def request(self, method: str, url: str, body: bytes | None = None, media_type: str = "text/turtle") -> Reply:
        """The reply to a GET, PUT or DELETE of the Graph Store Protocol, all of which may be retried.

        ``media_type`` is the type of the body, or of the triples that are asked for. Raises `RefusedError`.
        """
        headers = {"Content-Type": media_type} if body is not None else {"Accept": media_type}
        return self._reply_with_retries(Request(method, url, body, headers), self.pauses)

    # ---- tries

    def _reply_with_retries(self, request: Request, pauses: tuple[float, ...]) -> Reply:
        """A reply that is not an error, retried after each of ``pauses`` while the store is busy or unreachable."""
        for pause in (*pauses, None):
            try:
                return self._successful_reply(request)
            except RefusedError as no:
                if pause is None or not no.passing:
                    raise
                time.sleep(pause)
        raise AssertionError("the last try answers or raises")

    def _successful_reply(self, request: Request) -> Reply:
        """A reply that is not an error. Raises `RefusedError` for any other."""
        reply = self._final_reply(request)
        if reply.status < 300:
            return reply
        passing = bool(_LOST_TO_ANOTHER.search(first_words(reply.body)))
        raise RefusedError(reply.status, self.refusal(reply, request.url), passing=passing)

    def _final_reply(self, request: Request) -> Reply:
        """The reply to a request after all redirects that repeat it. Raises `RefusedError` if none comes."""
        url, seen = request.url, {request.url}
        for _ in range(HOPS + 1):
            reply = self._single_reply(request, url)
            if reply.status not in _REPEAT:
                self._refuse_foreign_challenge(reply, request.url)
                return reply
            target = redirect_target(url, reply.location)
            if target is None or target in seen:
                sentence = f"{request.url} redirects to no other address (HTTP {reply.status})"
                raise RefusedError(reply.status, sentence)
            seen.add(target)
            url = target
        raise RefusedError(reply.status, f"{request.url} redirects more than {HOPS} times (HTTP {reply.status})")

    def _refuse_foreign_challenge(self, reply: Reply, asked: str) -> None:
        """Raise `RefusedError` if another host, after a redirect, asks for credentials, which are not sent there."""
        if reply.status == 401 and self.credentials.given and self._is_home(asked) and not self._is_home(reply.url):
            there = self.hidden(reply.url)
            raise RefusedError(
                401,
                f"{asked} redirects to {there}, which asks for user and password (HTTP 401); they go to no other host: "
                "give that address itself",
            )

    def _single_reply(self, request: Request, url: str) -> Reply:
        """The reply of one address, which may be a redirect. Raises `RefusedError` if none comes."""
        try:
            sent = httpx.Request(request.method, url, headers=dict(request.headers), content=request.body)
            return _reply(self._http.send(sent, auth=self._authentication(url)), url)
        except NoReplyError as no:
            sentence = self.hidden(f"{url} {no}")
            raise RefusedError(0, sentence, passing=no.passing, final=no.final) from None
        except httpx.InvalidURL as no:
            raise RefusedError(0, self.hidden(f"{url} cannot be reached: {no}"), final=True) from None

    # ---- credentials

    def _is_home(self, url: str) -> bool:
        self._home = self._home or url
        return origin(url) == origin(self._home)

    def _authentication(self, url: str) -> Authentication | None:
        """The authentication of a request; None for another scheme, host or port, or before the store asks for it."""
        user, password, token = self.credentials.user, self.credentials.password, self.credentials.token
        if not self._is_home(url):
            return None
        if token:
            return bearer(token)
        if self._scheme == "basic":
            return httpx.BasicAuth(user, password)
        if self._scheme == "digest":
            with self._lock:
                return self._digests.setdefault(url.partition("?")[0], Digest(user, password))
        return None

    # ---- words

    def refusal(self, reply: Reply, url: str) -> str:
        """One sentence for a reply that is an error, with secrets hidden."""
        return self.hidden(refusal(reply, url))

    def hidden(self, text: str) -> str:
        """The text without password and token, in whatever form a store may send them back."""
        return self.credentials.hidden(text)


def origin(url: str) -> tuple[str, bytes, int | None]:
    """The origin of an address: scheme, host and port in normalized form (RFC 6454).

    >>> origin("HTTP://Example.org/a") == origin("http://example.org:80/b")
    True
    """
    parts = httpx.URL(url)
    return parts.scheme, parts.raw_host, parts.port


def _reply(response: httpx.Response, url: str) -> Reply:
    head = response.headers
    rows = head.get("X-SPARQL-MaxRows", "")  # with this header Virtuoso says at how many rows it cuts answers
    return Reply(
        status=response.status_code,
        media_type=head.get("Content-Type", "").partition(";")[0].strip().lower()[:100],
        body=response.content,
        challenge=_one_line(", ".join(head.get_list("WWW-Authenticate"))),
        limit=int(rows) if rows.isascii() and rows.isdecimal() and len(rows) < 10 else None,
        location=_one_line(response.extensions.get(LOCATION, "")),
        url=url,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())[:4096]
