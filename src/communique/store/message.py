"""Messages of HTTP: a request, its reply, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent: method, address, body if there is one, and headers."""

    method: str
    url: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply: status, media type without parameters ("" if none is named), bytes.

    ``url`` is the address that sent it, ``challenge`` how the store authenticates its users (WWW-Authenticate),
    ``limit`` the number of rows at which it cuts answers, ``location`` where it says that the resource is.
    """

    status: int
    media_type: str
    body: bytes
    challenge: str = ""
    limit: int | None = None
    location: str = ""
    url: str = ""


class NoReplyError(Exception):
    """There is no whole reply; the text says so of an address that stands before it.

    ``passing`` says that the same may well succeed a little later, ``final`` that no other address on that host would
    fare better.
    """

    def __init__(self, sentence: str, *, passing: bool = False, final: bool = False) -> None:
        self.passing, self.final = passing, final
        super().__init__(sentence)
