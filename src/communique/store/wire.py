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
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
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
_CHUNK: Final = 1 << 20


class RefusedError(StoreError):
    """The store answered with an error: ``status`` is that of HTTP, 0 if no answer came at all."""

    def __init__(self, status: int, sentence: str) -> None:
        self.status = status
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
        self._scheme, self._realm = "", ""  # nobody is told who asks before he wants to know

    def knock(self, url: str, form: dict[str, str]) -> Reply:
        """The first reply of a service to a form, whatever its status; 0 if there is none. Nothing is repeated."""
        headers = {"Accept": "application/sparql-results+json", "Content-Type": "application/x-www-form-urlencoded"}
        request = urllib.request.Request(url, urlencode(form).encode(), headers | self._headers(), method="POST")
        try:
            return self._open(request)
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
        scheme, _, rest = challenge.partition(" ")
        found = re.search(r'realm="([^"]*)"', rest)
        self._scheme, self._realm = scheme.lower() or "basic", found[1] if found else ""
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
        request = urllib.request.Request(url, body, headers | self._headers(), method=method)
        return self._again(lambda: self._open(request), url)

    def _open(self, request: urllib.request.Request) -> Reply:
        with self._opener(request.full_url).open(request, timeout=self.timeout) as response:
            return self._read(response)

    def _sparql(self, endpoint: str, text: str, accept: str, *, update: bool = False) -> Reply:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of what it takes for a wrong form or format
            from SPARQLWrapper import DIGEST, JSON, POST, URLENCODED, SPARQLWrapper  # loads rdflib: 0.1 s

            wrapper = SPARQLWrapper(endpoint, updateEndpoint=endpoint, returnFormat=JSON)
            wrapper.setQuery(text)
            wrapper.queryType = "INSERT" if update else "SELECT"  # its guess depends on the words of the text
            wrapper.setMethod(POST)
            wrapper.setRequestMethod(URLENCODED)
            wrapper.setOnlyConneg(True)
            wrapper.setTimeout(max(1, round(self.timeout)))
            if self._scheme == "digest" and self.credentials.user:
                wrapper.setHTTPAuth(DIGEST)
                wrapper.setCredentials(self.credentials.user, self.credentials.password, realm=self._realm)
            for name, value in ({"Accept": accept} | self._headers()).items():
                wrapper.addCustomHttpHeader(name, value)
            return self._read(wrapper.query().response)

    def _headers(self) -> dict[str, str]:
        if self.credentials.token:
            return {"Authorization": f"Bearer {self.credentials.token}"}
        if self.credentials.user and self._scheme == "basic":
            pair = f"{self.credentials.user}:{self.credentials.password}"
            return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
        return {}

    def _opener(self, url: str) -> urllib.request.OpenerDirector:
        if self._scheme != "digest" or not self.credentials.user:
            return urllib.request.build_opener()
        known = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        known.add_password(None, url, self.credentials.user, self.credentials.password)
        return urllib.request.build_opener(urllib.request.HTTPDigestAuthHandler(known))

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
                return _plainly(send, url)
            except RefusedError as no:
                if pause is None or no.status not in _BUSY:
                    raise
                time.sleep(pause)
        raise AssertionError("the last try answers or raises")


def _plainly(send: Callable[[], Reply], url: str) -> Reply:
    """What ``send`` gives; whatever goes wrong is raised as `RefusedError`, with one sentence."""
    try:
        return send()
    except StoreError:
        raise
    except urllib.error.HTTPError as no:
        status, body = no.code, no.read(4000)
    except (OSError, HTTPException) as no:
        raise RefusedError(0, f"{url} cannot be reached: {_reason(no)}") from None
    except Exception as no:  # SPARQLWrapper's own, one for each of five statuses; they hold the body's bytes as text
        if not type(no).__module__.startswith("SPARQLWrapper"):
            raise
        status, body = _STATUS.get(type(no).__name__, 500), _body(str(no))
    raise RefusedError(status, refusal(status, body, url))


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
