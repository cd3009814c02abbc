"""Authentication: the challenges of a store (RFC 9110, section 11.6.1); Digest (RFC 7616) is answered by httpx."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from threading import Lock
from typing import Final

import httpx

Challenge = dict[str, str]

_PART: Final = re.compile(
    r"""([\w!#$%&'*+.^`|~-]+)(?:[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?""",
    re.ASCII,
)
_ALGORITHMS: Final = ("md5", "sha-256")
_SESSIONS: Final = ("md5-sess", "sha-256-sess")
_KEPT: Final = ("realm", "nonce", "opaque", "algorithm")


def read_challenges(header: str) -> dict[str, Challenge]:
    """The schemes in a WWW-Authenticate header, in lower case, each with its parameters.

    >>> read_challenges('Basic realm="a, b", Digest realm="x", nonce=abc')
    {'basic': {'realm': 'a, b'}, 'digest': {'realm': 'x', 'nonce': 'abc'}}
    """
    found: dict[str, Challenge] = {}
    parameters: Challenge = {}
    for match in _PART.finditer(header):
        name, quoted, plain = match.groups()
        if quoted is None and plain is None:
            parameters = found.setdefault(name.lower(), {})
        else:
            value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else plain
            parameters.setdefault(name.lower(), value)
    return found


def digest_challenge(header: str) -> str | None:
    """The Digest challenge of a WWW-Authenticate header, alone and in the form that httpx reads.

    None if there is none, or none that httpx answers correctly: it does not read quotes and backslashes inside values,
    and fails for algorithms and qop values that it does not know.

    >>> digest_challenge('Basic realm="a", Digest nonce=abc, qop="auth-int,auth"')
    'Digest realm="", nonce="abc", qop="auth"'
    """
    challenge = read_challenges(header).get("digest")
    if challenge is None or "nonce" not in challenge:
        return None
    known = (
        _ALGORITHMS + _SESSIONS if "qop" in challenge else _ALGORITHMS
    )  # the -sess algorithms need the client nonce that only qop sends
    if challenge.get("algorithm", "MD5").lower() not in known:
        return None
    offered = {way.strip() for way in challenge.get("qop", "auth").lower().split(",")}
    kept = {"realm": ""} | {name: challenge[name] for name in _KEPT if name in challenge}
    if "auth" not in offered or any('"' in value or "\\" in value for value in kept.values()):
        return None
    kept |= {"qop": "auth"} if "qop" in challenge else {}
    return "Digest " + ", ".join(f'{name}="{value}"' for name, value in kept.items())


class Digest(httpx.DigestAuth):
    """Digest for one address, sent with each request from the start, as long as the store accepts its challenge.

    A store that has to challenge a request may close the connection in the middle of a large body. Therefore the
    challenge is fetched with a request without a body before the first one. May be used by several threads.
    """

    def __init__(self, user: str, password: str) -> None:
        super().__init__(user, password)
        self._lock, self._is_fetched, self._challenge = Lock(), False, ""

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The request with an answer to the last challenge, if any; sent again if the store has a new challenge."""
        with self._lock:
            if not self._is_fetched:
                self._answer(request, (yield httpx.Request("GET", request.url)))
                self._is_fetched = True
            else:
                next(self.auth_flow(request))  # answers the last challenge, if there is one
        response = yield request
        with self._lock:
            answered = self._answer(request, response)
        if answered:
            yield request

    def _answer(self, request: httpx.Request, response: httpx.Response) -> bool:
        """Write the answer to a challenge into the request; gives whether there is one that can be answered."""
        challenge = digest_challenge(", ".join(response.headers.get_list("WWW-Authenticate")))
        if response.status_code != 401 or challenge is None:
            return False
        flow = self.auth_flow(request)
        next(flow)  # answers the last challenge, if there is one
        if challenge != self._challenge:  # otherwise another thread has read it and already counts its answers
            flow.send(httpx.Response(401, headers={"WWW-Authenticate": challenge}, request=request))
            self._challenge = challenge
        return True


def bearer(token: str) -> Callable[[httpx.Request], httpx.Request]:
    """Puts a bearer token into a request (RFC 6750)."""

    def put(request: httpx.Request) -> httpx.Request:
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    return put
