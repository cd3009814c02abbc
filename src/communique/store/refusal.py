"""Error replies of a store, in one sentence."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

from communique.errors import StoreError
from communique.store.address import redirect_target
from communique.store.authentication import digest_challenge, read_challenges
from communique.store.message import Reply

MOVED: Final = (301, 302, 303)
"""Status codes of redirects that do not repeat the same request, and are not followed."""

BUSY: Final = (429, 502, 503, 504)
"""Status codes of a store that is busy, after which a request may be retried."""


class RefusedError(StoreError):
    """The store answered with an error; ``status`` is the HTTP status, 0 if there was no complete reply.

    ``passing``: the same request may be accepted a little later. ``final``: no other address on that host would answer.
    """

    def __init__(self, status: int, sentence: str, *, passing: bool = False, final: bool = False) -> None:
        self.status, self.final, self.passing = status, final, passing or status in BUSY
        super().__init__(sentence)


_WHY: Final = {
    401: "wrong or missing user and password: put them into the address, or into COMMUNIQUE_STORE_USER and "
    "COMMUNIQUE_STORE_PASSWORD (or COMMUNIQUE_STORE_TOKEN)",
    403: "the user may not do it, or the store is read-only",
    404: "there is no such service",
    405: "the store does not accept this method here",
    413: "the store accepts no body of this size",
    501: "the store does not accept this method here",
}


def refusal(reply: Reply, url: str) -> str:
    """One sentence for a reply that is an error.

    >>> refusal(Reply(403, "", b""), "http://localhost/store")
    'http://localhost/store does not allow this (HTTP 403): the user may not do it, or the store is read-only'
    >>> refusal(Reply(301, "", b"", location="/new"), "http://localhost/store")
    'http://localhost/store has moved (HTTP 301): give the address http://localhost/new'
    """
    status = reply.status
    if status in MOVED:
        target = redirect_target(url, reply.location)
        return f"{url} has moved (HTTP {status}): " + (
            f"give the address {target}" if target else "it does not say where"
        )
    schemes = read_challenges(reply.challenge).keys()
    if status == 401 and schemes and not schemes & {"basic", "bearer"} and digest_challenge(reply.challenge) is None:
        known = ", ".join(sorted(schemes))[:60]
        return f"{url} authenticates in a way that is not known here (HTTP 401): {known}"
    why = _WHY.get(status) or first_words(reply.body)
    verb = "does not allow this" if status in (401, 403) else "refused"
    return f"{url} {verb} (HTTP {status})" + (f": {why}" if why else "")


def first_words(body: bytes, length: int = 200) -> str:
    """The beginning of a reply in one line, without markup and control characters.

    >>> first_words(b"<html><body><h1>Disk full</h1>\\n</body></html>")
    'Disk full'
    """
    words: list[str] = []
    size = 0
    for text in _without_markup(body.decode("utf-8", "replace")):
        shown = "".join(c if c.isprintable() else " " for c in html.unescape(text[: 8 * length])).split()
        words += shown
        size += sum(map(len, shown)) + len(shown)
        if size > length:
            break
    line = " ".join(words)
    return line[:length] + ("…" if len(line) > length else "")


_TAG: Final = re.compile(r"<(?:(script|style|title)\b)?(?:[^<>]*>)?", re.IGNORECASE)


def _without_markup(text: str) -> Iterator[str]:
    """The text between tags, without scripts, styles and the title; takes linear time."""
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
