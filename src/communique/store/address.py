"""Where a store is: a folder or the address of a SPARQL service, and with which credentials it is asked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit, urlunsplit

from communique.errors import StoreError

USER: Final = "COMMUNIQUE_STORE_USER"
PASSWORD: Final = "COMMUNIQUE_STORE_PASSWORD"
TOKEN: Final = "COMMUNIQUE_STORE_TOKEN"


@dataclass(frozen=True, slots=True)
class Credentials:
    """User and password (basic or digest, as the store asks for), or a bearer token. Never shown, never stored."""

    user: str = ""
    password: str = ""
    token: str = ""

    def __repr__(self) -> str:
        return f"Credentials({'token' if self.token else self.user or 'none'})"


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a SPARQL service without its credentials, and these."""

    url: str
    credentials: Credentials


def is_service(where: str) -> bool:
    """Whether ``where`` is an address, not a folder.

    >>> is_service("http://localhost:7878"), is_service("public/store")
    (True, False)
    """
    return "://" in where


def read_address(where: str, environment: Mapping[str, str] = os.environ) -> Address:
    """The address of a service; user and password stand in it, or in the variables `USER`, `PASSWORD`, `TOKEN`.

    Raises `StoreError` for what is no http or https address.

    >>> read_address("http://dba:secret@localhost:8890/sparql", {})
    Address(url='http://localhost:8890/sparql', credentials=Credentials(dba))
    """
    try:
        parts = urlsplit(where)
        port = parts.port
    except ValueError as no:
        raise StoreError(f"{_without_user(where)!r} is not an address: {no}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise StoreError(f"{_without_user(where)!r} is not the address of a store: write http://… or https://…")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    url = urlunsplit((parts.scheme, host + (f":{port}" if port else ""), parts.path.rstrip("/"), parts.query, ""))
    token = environment.get(TOKEN, "")
    if parts.username is not None:
        return Address(url, Credentials(unquote(parts.username), unquote(parts.password or "")))
    if token:
        return Address(url, Credentials(token=token))
    return Address(url, Credentials(environment.get(USER, ""), environment.get(PASSWORD, "")))


def shown_address(where: str) -> str:
    """The store as it may be shown and remembered: an address without credentials, or the whole path of a folder.

    >>> shown_address("http://dba:secret@localhost:8890/")
    'http://localhost:8890'
    """
    return read_address(where, {}).url if is_service(where) else str(Path(where).resolve())


def _without_user(where: str) -> str:
    scheme, mark, rest = where.partition("://")
    return scheme + mark + rest.rpartition("@")[2]
