"""Where a store is: a folder or the address of a SPARQL service, and the credentials for it."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

from communique.errors import StoreError
from communique.plaintext import is_text

USER: Final = "COMMUNIQUE_STORE_USER"
PASSWORD: Final = "COMMUNIQUE_STORE_PASSWORD"
TOKEN: Final = "COMMUNIQUE_STORE_TOKEN"

_UNESCAPED: Final = "%!$&'()*+,/:;=?@[]~"
_HOST: Final = re.compile(r"(?:[\w.-]+|\[[0-9a-fA-F:.]+\]):\d{1,5}(?:[/?#].*)?", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Credentials:
    """User and password (basic or digest, as the store asks for), or a bearer token. Never shown, never stored."""

    user: str = ""
    password: str = ""
    token: str = ""

    def __repr__(self) -> str:
        return f"Credentials({'token' if self.token else self.user or 'none'})"

    @property
    def given(self) -> bool:
        """Whether there are any."""
        return bool(self.user or self.token)

    def hidden(self, text: str) -> str:
        """The text with "…" in place of password and token, also where they are encoded.

        >>> Credentials("dba", "p@ss").hidden("wrong: dba:p@ss, or p%40ss")
        'wrong: dba:…, or …'
        """
        pair = base64.b64encode(f"{self.user}:{self.password}".encode()).decode() if self.password else ""
        for secret in (pair, self.password, quote(self.password, safe=""), self.token):
            if secret:
                text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "…", text)
        return text


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a SPARQL service without credentials, and the credentials for it."""

    url: str
    credentials: Credentials


def is_service(where: str) -> bool:
    """Whether ``where`` is an address, not a folder. Raises `StoreError` if it can be neither.

    >>> is_service("http://localhost:7878"), is_service("public/store")
    (True, False)
    """
    if not where.strip():
        raise StoreError("the store has no address: give a folder, or http://… or https://…")
    if "://" in where:
        return True
    if Path(where).exists():
        return False
    if "@" in where or _HOST.fullmatch(where) or re.match(r"https?:", where, re.IGNORECASE) or where.startswith("//"):
        bare = re.sub(r"(?i)^https?:", "", where).rpartition("@")[2].lstrip("/")
        hint = f"http://{bare}"
        raise StoreError(
            f"{bare!r} looks like a host without http:// before it: write {hint} (or https), or ./… for a folder"
        )
    return False


def read_address(where: str, environment: Mapping[str, str] = os.environ) -> Address:
    """The address of a service; the credentials are in it, or in the environment (`USER`, `PASSWORD`, `TOKEN`).

    Its path stays as it is, with any final slash. Raises `StoreError` if it is not an http or https address; the
    message does not show the password.

    >>> read_address("http://dba:secret@localhost:8890/sparql", {})
    Address(url='http://localhost:8890/sparql', credentials=Credentials(dba))
    """
    if not is_text(where):
        raise StoreError(f"{_without_user(where)!r} is not an address: it holds bytes that are not UTF-8")
    try:
        parts = urlsplit(where.strip())
        host, url = parts.hostname or "", _encoded_url(parts._replace(path="") if parts.path == "/" else parts)
        if not parts.path and "@" in parts.query + parts.fragment:
            raise ValueError  # a password with ? or #
    except ValueError:
        hint = "http://host:port/path, and %2F for / (%3F for ?, %23 for #) in a password"
        raise StoreError(f"{_without_user(where)!r} is not an address: write {hint}") from None
    if parts.scheme not in ("http", "https") or not host or not _is_host(host):
        raise StoreError(f"{_without_user(where)!r} is not the address of a store: write http://… or https://…")
    return Address(url, _credentials(parts.username, parts.password, environment))


def redirect_target(url: str, location: str) -> str | None:
    """The target of a redirect, without user, password and fragment; None if it is not an http or https address.

    >>> redirect_target("http://example.org/old", "//u:p@example.org:8890/new place#top")
    'http://example.org:8890/new%20place'
    """
    try:
        parts = urlsplit(urljoin(url, location))
        if not location or parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        return _encoded_url(parts)
    except ValueError:
        return None


def _encoded_url(parts: SplitResult) -> str:
    """An address without user, password and fragment; characters that a request cannot contain are encoded."""
    host = parts.hostname or ""
    at = (f"[{host}]" if ":" in host else host) + (f":{parts.port}" if parts.port else "")
    path, query = (quote(part, safe=_UNESCAPED) for part in (parts.path, parts.query))
    return urlunsplit((parts.scheme, at, path, query, ""))


def _is_host(host: str) -> bool:
    return host.isprintable() and not any(c.isspace() or c in '\\"<>^`{|}' for c in host)


def _credentials(user: str | None, password: str | None, environment: Mapping[str, str]) -> Credentials:
    token = environment.get(TOKEN, "").strip()
    if user is not None:
        return Credentials(unquote(user), unquote(password or ""))
    if not token:
        for name in (USER, PASSWORD):
            if not is_text(environment.get(name, "")):
                raise StoreError(f"{name} holds bytes that are not UTF-8: set it again, in UTF-8")
        return Credentials(environment.get(USER, ""), environment.get(PASSWORD, ""))
    if not (token.isascii() and token.isprintable() and " " not in token):
        raise StoreError(f"{TOKEN} holds a character that no token has: a space, a line end or one outside ASCII")
    return Credentials(token=token)


def shown_address(where: str) -> str:
    """The name of the store for messages and the journal: its address without credentials, or its absolute path.

    >>> shown_address("http://dba:secret@localhost:8890/ds/")
    'http://localhost:8890/ds'
    """
    return read_address(where, {}).url.rstrip("/") if is_service(where) else str(Path(where).resolve())


def _without_user(where: str) -> str:
    scheme, mark, rest = where.partition("://") if "://" in where else ("", "", where)
    return scheme + mark + rest.rpartition("@")[2]
