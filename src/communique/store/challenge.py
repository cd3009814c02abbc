"""Who asks, told as a store wants it: its challenges (RFC 9110, section 11.6.1), and Digest (RFC 7616) and Basic."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from communique.store.address import Credentials

Challenge = dict[str, str]

_PART: Final = re.compile(
    r"""([\w!#$%&'*+.^`|~-]+)(?:[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?""",
    re.ASCII,
)
_HASHES: Final[dict[str, Callable[[bytes], str]]] = {
    "md5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
    "sha-256": lambda data: hashlib.sha256(data).hexdigest(),
}


def read_challenges(header: str) -> dict[str, Challenge]:
    """The ways that a header WWW-Authenticate names, in small letters, each with its parameters.

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


def digest_of(header: str) -> Challenge | None:
    """The challenge for a digest that can be answered here, if a header WWW-Authenticate has one."""
    challenge = read_challenges(header).get("digest")
    if challenge is None or "nonce" not in challenge or _hash_of(challenge) is None:
        return None
    offered = {way.strip() for way in challenge.get("qop", "auth").lower().split(",")}
    return challenge if "auth" in offered else None


def _hash_of(challenge: Challenge) -> Callable[[bytes], str] | None:
    return _HASHES.get(challenge.get("algorithm", "MD5").lower().removesuffix("-sess"))


def basic(credentials: Credentials) -> str:
    """The header Authorization for user and password (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{credentials.user}:{credentials.password}".encode()).decode()


def digest(credentials: Credentials, challenge: Challenge, method: str, url: str, count: int, salt: str = "") -> str:
    """The header Authorization that answers a challenge of `digest_of`; ``count`` is how often it was answered.

    >>> known = {"realm": "r", "nonce": "n", "qop": "auth"}
    >>> digest(Credentials("u", "p"), known, "GET", "http://h/a?b", 1, "c").partition(" response=")[0]
    'Digest username="u", realm="r", nonce="n", uri="/a?b", qop=auth, nc=00000001, cnonce="c",'
    """
    hashed = _hash_of(challenge)
    assert hashed is not None  # `digest_of` gives no other

    def of(*words: str) -> str:
        return hashed(":".join(words).encode())

    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    realm, nonce, salt = challenge.get("realm", ""), challenge["nonce"], salt or secrets.token_hex(8)
    key = of(credentials.user, realm, credentials.password)
    if challenge.get("algorithm", "").lower().endswith("-sess"):
        key = of(key, nonce, salt)
    said = {"username": credentials.user, "realm": realm, "nonce": nonce, "uri": target}
    said |= {name: challenge[name] for name in ("opaque",) if name in challenge}
    header = ", ".join(f"{name}={_quoted(value)}" for name, value in said.items())
    header += f", algorithm={challenge['algorithm']}" if "algorithm" in challenge else ""
    if "qop" not in challenge:  # RFC 2069
        return f'Digest {header}, response="{of(key, nonce, of(method, target))}"'
    number = f"{count:08x}"
    response = of(key, nonce, number, salt, "auth", of(method, target))
    return f'Digest {header}, qop=auth, nc={number}, cnonce="{salt}", response="{response}"'


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
