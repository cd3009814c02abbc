"""Reads the body of a request, never more of it than is allowed."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Final, TypeVar

from communique.serve.refusal import HttpError
from communique.serve.responding import Sender
from communique.serve.settings import Settings

if TYPE_CHECKING:
    from starlette.types import Receive


T = TypeVar("T")

_SOON: Final = 0.05
"""Seconds after which it is looked whether a client is still there; most work is done before."""


class GoneError(Exception):
    """The client has gone, and nobody waits for a response."""


async def unless_gone(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """The result of some work for a client; it is cancelled, and `GoneError` raised, if the client goes.

    The body of the request must have been read.
    """
    working = asyncio.create_task(work)
    tasks: list[asyncio.Task[Any]] = [working]
    try:
        done, _ = await asyncio.wait(tasks, timeout=_SOON)
        if not done:
            tasks.append(asyncio.create_task(_wait_for_end(receive)))
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise GoneError
        return working.result()
    finally:
        rest = [task for task in tasks if not task.done()]
        for task in rest:
            task.cancel()
        if rest:
            await asyncio.gather(*rest, return_exceptions=True)


async def _wait_for_end(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def read_body(sender: Sender, receive: Receive, settings: Settings) -> bytes:
    """The body of a request. Raises `HttpError` if it is too large, compressed, or takes too long to arrive."""
    most, close = settings.query_body_bytes, {"Connection": "close"}
    too_large = HttpError(413, f"the body has more than {most:,} bytes (query_body_bytes)", close)
    if sender.header("content-encoding") not in ("", "identity"):
        raise HttpError(415, "the body must not be compressed", {**close, "Accept-Encoding": "identity"})
    length = sender.header("content-length")
    if length.isdecimal() and int(length[:18]) > most:
        raise too_large
    pieces, size = [], 0
    try:
        async with asyncio.timeout(settings.body_seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise GoneError
                piece = message.get("body", b"")
                size += len(piece)
                if size > most:
                    raise too_large
                pieces.append(piece)
                if not message.get("more_body"):
                    return b"".join(pieces)
    except TimeoutError:
        sentence = f"the body did not arrive within {settings.body_seconds:g} s (body_seconds)"
        raise HttpError(408, sentence, close) from None
