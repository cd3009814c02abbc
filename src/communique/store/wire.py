"""Requests to one SPARQL service: who asks is told to its own host only, retries, redirects, and errors in words.

Queries and updates go as form POST: Virtuoso never answers a query posted directly.
"""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Lock
from typing import Final
from urllib.parse import quote, urlencode, urljoin, urlsplit, urlunsplit

from communique.errors import StoreError
from communique.store.address import Credentials
from communique.store.challenge import Challenge, basic, digest, digest_of, read_challenges
from communique.store.transport import NoReplyError, Reply, Request, send

TIMEOUT: Final = 60.0
"""Seconds that one request may take, from connecting to the last byte."""

PAUSES: Final = (0.2, 1.0, 4.0)
"""Seconds before each further try of a request that may be repeated."""

HOPS: Final = 5
"""Redirects that are followed one after the other."""

_BUSY: Final = (429, 502, 503, 504)
_MOVED: Final = (301, 302, 303)
_REPEAT: Final = (307, 308)
_LOST_TO_ANOTHER: Final = re.compile(rb"\b40001\b")
"""SQL state of a transaction that was given up for another one, and may be tried again (ISO/IEC 9075-2)."""

_FORM: Final = "application/x-www-form-urlencoded"
_PLAIN: Final = "!$%&'()*+,/:;=?@[]~"  # with letters, digits and "-._", what stands in an address as it is


class RefusedError(StoreError):
    """The store answered with an error: ``status`` is that of HTTP, 0 if there was no whole answer at all.

    ``passing`` says that the same may well be taken a little later, ``final`` that no other address on that host would
    fare better, ``challenge`` how the store wants to be told who asks.
    """

    def __init__(
        self, status: int, sentence: str, *, passing: bool = False, final: bool = False, challenge: str = ""
    ) -> None:
        self.status, self.final, self.challenge = status, final, challenge
        self.passing = passing or status in _BUSY
        super().__init__(sentence)


class Wire:
    """Sends requests with one set of credentials, which go to the scheme, host and port of ``home`` and nowhere else.

    Without ``home`` that is where the first request goes. May be used by several threads once `meet` is done.
    """

    def __init__(
        self,
        credentials: Credentials,
        timeout: float = TIMEOUT,
        pauses: tuple[float, ...] = PAUSES,
        *,
        home: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.credentials, self.timeout, self.pauses, self.clock = credentials, timeout, pauses, clock
        self._home = origin(home) if home else None
        self._scheme = ""  # nobody is told who asks before he wants to know
        self._challenges: dict[str, Challenge | None] = {}  # those for a digest, by address without query
        self._counts: dict[str, int] = {}  # how often a nonce was used
        self._lock = Lock()

    def probe(self, url: str, form: dict[str, str], accept: str) -> Reply:
        """The reply of an address to a form, whatever its status. Nothing is tried again. Raises `RefusedError`."""
        request = Request("POST", url, urlencode(form).encode(), {"Accept": accept, "Content-Type": _FORM})
        reply = self._reply(request)
        if reply.status in (401, 403) and self.meet(reply.challenge):
            reply = self._reply(request)
        return reply

    def meet(self, challenge: str) -> bool:
        """Take up how a store wants to be told who asks (RFC 9110, section 11.6.1); whether that is news.

        Virtuoso names no way at all to somebody who comes with the wrong one, so the first request comes with none.
        """
        if not self.credentials.user or self._scheme:
            return False
        known = read_challenges(challenge)
        if digest_of(challenge) is not None:
            self._scheme = "digest"
        elif "basic" in known or not known:
            self._scheme = "basic"
        return bool(self._scheme)

    def ask(self, endpoint: str, text: str, accept: str) -> Reply:
        """The reply to a query. Raises `RefusedError`."""
        return self._again(self._form(endpoint, "query", text, accept), self.pauses)

    def tell(self, endpoint: str, update: str, *, repeatable: bool) -> Reply:
        """The reply to an update, tried again only if doing it twice comes to the same. Raises `RefusedError`."""
        return self._again(self._form(endpoint, "update", update, "*/*"), self.pauses if repeatable else ())

    def exchange(self, method: str, url: str, body: bytes | None = None, media_type: str = "text/turtle") -> Reply:
        """The reply to a GET, PUT or DELETE of the Graph Store Protocol, which may all be repeated.

        A body is sent, and triples come back, as ``media_type``. Raises `RefusedError`.
        """
        headers = {"Content-Type": media_type} if body is not None else {"Accept": media_type}
        return self._again(Request(method, url, body, headers), self.pauses)

    def _form(self, endpoint: str, name: str, text: str, accept: str) -> Request:
        return Request("POST", endpoint, urlencode({name: text}).encode(), {"Accept": accept, "Content-Type": _FORM})

    # ---- tries

    def _again(self, request: Request, pauses: tuple[float, ...]) -> Reply:
        """A reply that is no error, after up to that many more tries while the store is busy or out of reach."""
        for pause in (*pauses, None):
            try:
                return self._known_or_again(request)
            except RefusedError as no:
                if pause is None or not no.passing:
                    raise
                time.sleep(pause)
        raise AssertionError("the last try answers or raises")

    def _known_or_again(self, request: Request) -> Reply:
        """A reply that is no error; a store that comes with a new challenge is told once more who asks."""
        reply = self._reply(request)
        if reply.status == 401 and self._scheme == "digest":
            with self._lock:
                self._challenges[_place(reply.url)] = challenge = digest_of(reply.challenge)
            reply = self._reply(request) if challenge else reply
        if reply.status < 300:
            return reply
        passing = bool(_LOST_TO_ANOTHER.search(reply.body))
        raise RefusedError(reply.status, self.refusal(reply, request.url), passing=passing, challenge=reply.challenge)

    def _reply(self, request: Request) -> Reply:
        """The reply to a request, repeated where the store says it belongs. Raises `RefusedError` if none comes."""
        first, seen = request.url, {request.url}
        for _ in range(HOPS + 1):
            reply = self._once(request)
            if reply.status not in _REPEAT:
                return self._from_afar(reply, first)
            target = _target(request.url, reply.location)
            if target is None or target in seen:
                raise RefusedError(reply.status, f"{first} sends requests on to no other address (HTTP {reply.status})")
            seen.add(target)
            request = replace(request, url=target)
        raise RefusedError(reply.status, f"{first} sends requests on more than {HOPS} times (HTTP {reply.status})")

    def _from_afar(self, reply: Reply, asked: str) -> Reply:
        """The reply; one of another host that wants to know who asks is refused: he is not told."""
        if reply.status == 401 and self._at_home(asked) and not self._at_home(reply.url) and self.credentials.given:
            there = self.hidden(reply.url)
            raise RefusedError(
                401,
                f"{asked} sends requests on to {there}, which wants to know who asks; user and password go to no other "
                "host: give that address itself",
            )
        return reply

    def _once(self, request: Request) -> Reply:
        try:
            said = self._authorization(request.method, request.url)
            headers = {**request.headers, **({"Authorization": said} if said else {})}
            return send(replace(request, headers=headers), self.timeout, self.clock)
        except NoReplyError as no:
            sentence = self.hidden(f"{request.url} {no}")
            raise RefusedError(0, sentence, passing=no.passing, final=no.final) from None

    # ---- who asks

    def _at_home(self, url: str) -> bool:
        if self._home is None:
            self._home = origin(url)
        return origin(url) == self._home

    def _authorization(self, method: str, url: str) -> str:
        """The header Authorization of a request; none for another scheme, host or port, or before it is wanted."""
        if not self._at_home(url):
            return ""
        if self.credentials.token:
            return f"Bearer {self.credentials.token}"
        if self.credentials.user and self._scheme == "basic":
            return basic(self.credentials)
        if self.credentials.user and self._scheme == "digest":
            return self._digest(method, url)
        return ""

    def _digest(self, method: str, url: str) -> str:
        """Who asks, told with the first byte of a request, for as long as a store takes its challenge.

        A store that has to ask first may cut a large body off in the middle, and the connection with it: it is asked
        for its challenge before.
        """
        place = _place(url)
        with self._lock:
            if place not in self._challenges:
                reply = send(Request("GET", url), self.timeout, self.clock)
                self._challenges[place] = digest_of(reply.challenge) if reply.status == 401 else None
            challenge = self._challenges[place]
            if challenge is None:
                return ""
            count = self._counts[challenge["nonce"]] = self._counts.get(challenge["nonce"], 0) + 1
        return digest(self.credentials, challenge, method, url, count)

    # ---- words

    def refusal(self, reply: Reply, url: str) -> str:
        """One sentence for a reply that is an error, in which no secret stands."""
        return self.hidden(refusal(reply, url))

    def hidden(self, text: str) -> str:
        """The text without password and token, in whatever form a store may send them back."""
        return self.credentials.hidden(text)


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of an address: where credentials belong (RFC 6454).

    >>> origin("HTTP://Example.org/a") == origin("http://example.org:80/b")
    True
    """
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _place(url: str) -> str:
    return url.partition("?")[0]


def _target(url: str, location: str) -> str | None:
    """Where a redirect leads, without user, password and fragment; None if that is no address of the web."""
    try:
        parts = urlsplit(urljoin(url, location))
        if not location or parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        at = host + (f":{parts.port}" if parts.port else "")
    except ValueError:
        return None
    path, query = (quote(part, safe=_PLAIN) for part in (parts.path, parts.query))
    return urlunsplit((parts.scheme, at, path, query, ""))


_WHY: Final = {
    401: "wrong or missing user and password: put them into the address, or into COMMUNIQUE_STORE_USER and "
    "COMMUNIQUE_STORE_PASSWORD (or COMMUNIQUE_STORE_TOKEN)",
    403: "the user may not do it, or the store is read-only",
    404: "there is no such service",
    405: "the store does not take this method here",
    413: "the store takes no body of this size",
    501: "the store does not take this method here",
}


def refusal(reply: Reply, url: str) -> str:
    """One sentence for a reply that is an error.

    >>> refusal(Reply(403, "", b""), "http://localhost/store")
    'http://localhost/store does not allow this (HTTP 403): the user may not do it, or the store is read-only'
    >>> refusal(Reply(301, "", b"", location="/new"), "http://localhost/store")
    'http://localhost/store has moved (HTTP 301): give the address http://localhost/new'
    """
    status = reply.status
    if status in _MOVED:
        target = _target(url, reply.location)
        return f"{url} has moved (HTTP {status}): " + (f"give the address {target}" if target else "it says not where")
    ways = read_challenges(reply.challenge)
    if status == 401 and ways and "basic" not in ways and "bearer" not in ways and digest_of(reply.challenge) is None:
        known = ", ".join(sorted(ways))[:60]
        return f"{url} wants to know who asks in a way that is not known here (HTTP 401): {known}"
    why = _WHY.get(status) or first_words(reply.body)
    verb = "does not allow this" if status in (401, 403) else "refused"
    return f"{url} {verb} (HTTP {status})" + (f": {why}" if why else "")


def first_words(body: bytes, length: int = 200) -> str:
    """The beginning of an answer in one line, without markup and control characters.

    >>> first_words(b"<html><body><h1>Disk full</h1>\\n</body></html>")
    'Disk full'
    """
    words: list[str] = []
    size = 0
    for text in _unmarked(body.decode("utf-8", "replace")):
        shown = "".join(c if c.isprintable() else " " for c in html.unescape(text[: 8 * length])).split()
        words += shown
        size += sum(map(len, shown)) + len(shown)
        if size > length:
            break
    line = " ".join(words)
    return line[:length] + ("…" if len(line) > length else "")


_TAG: Final = re.compile(r"<(?:(script|style|title)\b)?(?:[^<>]*>)?", re.IGNORECASE)


def _unmarked(text: str) -> Iterator[str]:
    """The stretches of text between tags, without what a page does not show; each character is looked at once."""
    at = 0
    unclosed: set[str] = set()
    for tag in _TAG.finditer(text):
        if tag.start() < at or not tag[0].endswith(">"):
            continue
        yield text[at : tag.start()]
        at = tag.end()
        name = (tag[1] or "").lower()
        if not name or name in unclosed:
            continue
        end = re.compile(f"</{name}>", re.IGNORECASE).search(text, at)
        if end is None:
            unclosed.add(name)
        else:
            at = end.end()
    yield text[at:]
