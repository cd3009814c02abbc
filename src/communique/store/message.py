"""HTTP messages: a request, its reply, or the reason why there is no reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """A request: method, address, body (if any) and headers."""

    method: str
    url: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete reply: status, media type without parameters ("" if there is none), body.

    ``url`` is the address that sent it, ``challenge`` its WWW-Authenticate header, ``limit`` the number of rows at
    which the store cuts answers, ``location`` its Location header.
    """

    status: int
    media_type: str
    body: bytes
    challenge: str = ""
    limit: int | None = None
    location: str = ""
    url: str = ""


class NoReplyError(Exception):
    """There is no complete reply; the message is a predicate, to be put after the address.

    ``passing``: the same request may succeed a little later. ``final``: no other address on that host would answer.
    """

    def __init__(self, sentence: str, *, passing: bool = False, final: bool = False) -> None:
        self.passing, self.final = passing, final
        super().__init__(sentence)
