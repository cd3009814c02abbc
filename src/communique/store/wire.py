"""One request to a SPARQL service and its reply: time-outs, authentication, retries, and what went wrong in words.

Queries and updates go through SPARQLWrapper, as form POST (Virtuoso never answers a query posted directly); the Graph
Store Protocol, which SPARQLWrapper does not speak, through the standard library.
"""

from __future__ import annotations

import ast
import base64
import html
import re
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from threading import Lock
from typing import Any, Final
from urllib.parse import urlencode

from communique.errors import StoreError
from communique.store.address import Credentials

TIMEOUT: Final = 60.0
"""Seconds that one request may take."""

MAX_BYTES: Final = 512 * 1024 * 1024
"""The most that is read of one reply."""

PAUSES: Final = (0.2, 1.0, 4.0)
"""Seconds before each further try of a request that may be repeated."""

_BUSY: Final = (0, 429, 502, 503, 504)
_LOST_TO_ANOTHER: Final = re.compile(rb"\b40001\b")
"""SQL state of a transaction that was given up for another one, and may be tried again (ISO/IEC 9075-2)."""

_CHUNK: Final = 1 << 20


class RefusedError(StoreError):
    """The store answered with an error: ``status`` is that of HTTP, 0 if no answer came at all.

    ``passing`` says that the same may well be taken a little later, ``challenge`` how the store wants to be told who
    asks.
    """

    def __init__(self, status: int, sentence: str, *, passing: bool = False, challenge: str = "") -> None:
        self.status, self.passing, self.challenge = status, passing or status in _BUSY, challenge
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: status, media type without parameters, bytes.

    ``challenge`` is how the store wants to be told who asks, ``limit`` the number of rows at which it cuts answers.
    """

    status: int
    media_type: str
    body: bytes
    challenge: str = ""
    limit: int | None = None


class Wire:
    """Sends requests with one set of credentials; may be used by several threads once `meet` is done."""

    def __init__(self, credentials: Credentials, timeout: float = TIMEOUT, pauses: tuple[float, ...] = PAUSES) -> None:
        self.credentials, self.timeout, self.pauses = credentials, timeout, pauses
        self._scheme = ""  # nobody is told who asks before he wants to know
        self._digest = Digest(credentials, timeout)

    def knock(self, url: str, form: dict[str, str]) -> Reply:
        """The first reply of a service to a form, whatever its status; 0 if there is none. Nothing is repeated."""
        headers = {"Accept": "application/sparql-results+json", "Content-Type": "application/x-www-form-urlencoded"}
        try:
            headers |= self._headers("POST", url)
            return self._open(urllib.request.Request(url, urlencode(form).encode(), headers, method="POST"))
        except urllib.error.HTTPError as no:
            challenge = no.headers.get("WWW-Authenticate", "")
            return Reply(no.code, no.headers.get_content_type(), no.read(4000), challenge)
        except (OSError, HTTPException) as no:
            return Reply(0, "", _reason(no).encode())

    def meet(self, challenge: str) -> bool:
        """Take up how a store wants to be told who asks (RFC 9110, section 11.6.1); whether that is news.

        Virtuoso names no way at all to somebody who comes with the wrong one, so the first request comes with none.
        """
        if not self.credentials.user or self._scheme:
            return False
        self._scheme = challenge.partition(" ")[0].lower() or "basic"
        return True

    def ask(self, endpoint: str, text: str, accept: str) -> Reply:
        """The reply to a query. Raises `RefusedError`."""
        return self._again(lambda: self._sparql(endpoint, text, accept), endpoint)

    def tell(self, endpoint: str, update: str, *, repeatable: bool) -> Reply:
        """The reply to an update, tried again only if doing it twice comes to the same. Raises `RefusedError`."""
        tries = self.pauses if repeatable else ()
        return self._again(lambda: self._sparql(endpoint, update, "*/*", update=True), endpoint, tries)

    def exchange(self, method: str, url: str, body: bytes | None = None, media_type: str = "text/turtle") -> Reply:
        """The reply to a GET, PUT or DELETE of the Graph Store Protocol, which may all be repeated.

        A body is sent, and triples come back, as ``media_type``. Raises `RefusedError`.
        """
        headers = {"Content-Type": media_type} if body is not None else {"Accept": media_type}

        def send() -> Reply:
            return self._open(urllib.request.Request(url, body, headers | self._headers(method, url), method=method))

        return self._again(send, url)

    def _open(self, request: urllib.request.Request) -> Reply:
        with urllib.request.urlopen(request, timeout=self.timeout) as response:
            return self._read(response)

    def _sparql(self, endpoint: str, text: str, accept: str, *, update: bool = False) -> Reply:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of what it takes for a wrong form or format
            from SPARQLWrapper import JSON, POST, URLENCODED, SPARQLWrapper  # loads rdflib: 0.1 s

            wrapper = SPARQLWrapper(endpoint, updateEndpoint=endpoint, returnFormat=JSON)
            wrapper.setQuery(text)
            wrapper.queryType = "INSERT" if update else "SELECT"  # its guess depends on the words of the text
            wrapper.setMethod(POST)
            wrapper.setRequestMethod(URLENCODED)
            wrapper.setOnlyConneg(True)
            wrapper.setTimeout(max(1, round(self.timeout)))
            for name, value in ({"Accept": accept} | self._headers("POST", endpoint)).items():
                wrapper.addCustomHttpHeader(name, value)
            return self._read(wrapper.query().response)

    def _headers(self, method: str, url: str) -> dict[str, str]:
        if self.credentials.token:
            return {"Authorization": f"Bearer {self.credentials.token}"}
        if self.credentials.user and self._scheme == "basic":
            pair = f"{self.credentials.user}:{self.credentials.password}"
            return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
        if self.credentials.user and self._scheme == "digest":
            return self._digest.header(method, url)
        return {}

    def _read(self, response: Any) -> Reply:
        deadline = time.monotonic() + self.timeout
        parts: list[bytes] = []
        size = 0
        while part := response.read(_CHUNK):
            parts.append(part)
            size += len(part)
            if size > MAX_BYTES:
                raise RefusedError(413, f"the answer has more than {MAX_BYTES:,} bytes; it was given up")
            if time.monotonic() > deadline:
                raise RefusedError(408, f"the answer takes more than {self.timeout:g} s; it was given up")
        rows = response.headers.get("X-SPARQL-MaxRows", "")  # Virtuoso's word that it has cut, or would cut
        kind = response.headers.get_content_type()
        return Reply(response.status, kind, b"".join(parts), limit=int(rows) if rows.isdecimal() else None)

    def _again(self, send: Callable[[], Reply], url: str, pauses: tuple[float, ...] | None = None) -> Reply:
        """What ``send`` gives, after up to that many more tries while the store is busy or out of reach."""
        for pause in (*(self.pauses if pauses is None else pauses), None):
            try:
                return self._known_or_again(send, url)
            except RefusedError as no:
                if pause is None or not no.passing:
                    raise
                time.sleep(pause)
        raise AssertionError("the last try answers or raises")

    def _known_or_again(self, send: Callable[[], Reply], url: str) -> Reply:
        """What ``send`` gives; a store that comes with a new challenge is told once more who asks."""
        try:
            return _plainly(send, url)
        except RefusedError as no:
            if no.status != 401 or self._scheme != "digest" or not self._digest.learn(url, no.challenge):
                raise
            return _plainly(send, url)


class Digest:
    """Who asks, told with the first byte of a request (RFC 7616), for as long as a store takes its challenge.

    A store that has to ask first may cut a large body off in the middle, and the connection with it.
    """

    def __init__(self, credentials: Credentials, timeout: float) -> None:
        pair = (credentials.user, credentials.password)
        self._reckoner = urllib.request.HTTPDigestAuthHandler(_Known(pair))
        self._timeout = timeout
        self._challenges: dict[str, dict[str, str]] = {}  # by address without query
        self._lock = Lock()  # the count of requests by challenge goes up by one

    def header(self, method: str, url: str) -> dict[str, str]:
        """The header of a request; nothing where the store does not want to know. Raises what `urllib` raises."""
        where = url.partition("?")[0]
        with self._lock:
            if where not in self._challenges:
                self._challenges[where] = _challenge(self._ask(url))
            challenge = self._challenges[where]
            if not challenge:
                return {}
            request = urllib.request.Request(url, method=method)
            said: str | None = self._reckoner.get_authorization(request, challenge)
            return {"Authorization": f"Digest {said}"} if said else {}

    def learn(self, url: str, challenge: str) -> bool:
        """Take up a challenge that came with a refusal; whether there was one."""
        with self._lock:
            found = self._challenges[url.partition("?")[0]] = _challenge(challenge)
        return bool(found)

    def _ask(self, url: str) -> str:
        try:
            urllib.request.urlopen(url, timeout=self._timeout).close()
        except urllib.error.HTTPError as no:
            return str(no.headers.get("WWW-Authenticate", ""))
        return ""


def _challenge(header: str) -> dict[str, str]:
    """The parts of a header WWW-Authenticate that asks for a digest; nothing if it asks for something else."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() != "digest":
        return {}
    return urllib.request.parse_keqv_list(list(filter(None, urllib.request.parse_http_list(rest))))


class _Known(urllib.request.HTTPPasswordMgr):
    """One user for every place."""

    def __init__(self, pair: tuple[str, str]) -> None:
        super().__init__()
        self._pair = pair

    def find_user_password(self, realm: str, authuri: str | Sequence[str]) -> tuple[str | None, str | None]:
        return self._pair


def _plainly(send: Callable[[], Reply], url: str) -> Reply:
    """What ``send`` gives; whatever goes wrong is raised as `RefusedError`, with one sentence."""
    try:
        return send()
    except StoreError:
        raise
    except urllib.error.HTTPError as no:
        status, body, headers = no.code, no.read(4000), no.headers
    except (OSError, HTTPException) as no:
        raise RefusedError(0, f"{url} cannot be reached: {_reason(no)}") from None
    except Exception as no:  # SPARQLWrapper's own, one for each of five statuses; they hold the body's bytes as text
        if not type(no).__module__.startswith("SPARQLWrapper"):
            raise
        status, body = _STATUS.get(type(no).__name__, 500), _body(str(no))
        headers = getattr(no.__context__, "headers", Message())  # those of urllib's, from which it was made
    passing, challenge = bool(_LOST_TO_ANOTHER.search(body)), headers.get("WWW-Authenticate", "")
    raise RefusedError(status, refusal(status, body, url), passing=passing, challenge=challenge)


_STATUS: Final = {"QueryBadFormed": 400, "Unauthorized": 401, "EndPointNotFound": 404, "URITooLong": 414}


def _body(message: str) -> bytes:
    shown = message.partition("Response:\n")[2]
    try:
        return bytes(ast.literal_eval(shown))
    except (ValueError, SyntaxError, TypeError):
        return shown.encode()


def _reason(no: Exception) -> str:
    reason = getattr(no, "reason", None) or no
    if isinstance(reason, TimeoutError):
        return "no answer in time"
    return str(getattr(reason, "strerror", None) or reason or type(no).__name__)


def refusal(status: int, body: bytes, url: str) -> str:
    """One sentence for an answer that is an error.

    >>> refusal(403, b"", "http://localhost/store")
    'http://localhost/store does not allow this (HTTP 403): the user may not do it, or the store is read-only'
    """
    why = {
        401: "wrong or missing user and password: put them into the address, or into COMMUNIQUE_STORE_USER and "
        "COMMUNIQUE_STORE_PASSWORD (or COMMUNIQUE_STORE_TOKEN)",
        403: "the user may not do it, or the store is read-only",
        404: "there is no such service",
        405: "the store does not take this method here",
        413: "the store takes no body of this size",
        501: "the store does not take this method here",
    }.get(status) or first_words(body)
    verb = "does not allow this" if status in (401, 403) else "refused"
    return f"{url} {verb} (HTTP {status})" + (f": {why}" if why else "")


def first_words(body: bytes, length: int = 200) -> str:
    """The beginning of an answer in one line, without markup and control characters.

    >>> first_words(b"<html><body><h1>Disk full</h1>\\n</body></html>")
    'Disk full'
    """
    text = re.sub(r"(?s)<(script|style|title)\b.*?</\1>|<[^<>]*>", " ", body.decode("utf-8", "replace"))
    text = " ".join("".join(c if c.isprintable() else " " for c in html.unescape(text)).split())
    return text[:length] + ("…" if len(text) > length else "")
