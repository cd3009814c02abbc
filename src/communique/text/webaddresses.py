"""Addresses of pages and mailboxes in a text, in the one form in which two ways to write one address are equal."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from typing import Final

from communique.text.passages import Span

_STRETCH: Final = re.compile(r"[^\s<>\"'«»“”„‚‘’()\[\]{}|]+")
_BEGIN: Final = re.compile(r"https?://|www\.|mailto:", re.IGNORECASE)
_TRAILING: Final = ".,;:!?…*_"
_LABEL: Final = re.compile(r"[^\W_](?:[\w-]*[^\W_])?")
_TOP: Final = re.compile(r"[^\W\d_]{2,}|xn--[a-z0-9-]+")
_LONGEST: Final = 2_000


def plain_address(written: str) -> str:
    """The form of an address of a page or mailbox by which two are compared; "" for what is none.

    Without scheme, ``www.``, ``mailto:`` and a last slash; the host in lower case.

    >>> plain_address("https://www.Works.example/News/"), plain_address("works.example/News")
    ('works.example/News', 'works.example/News')
    >>> plain_address("mailto:Press@Works.example"), plain_address("e.g.")
    ('Press@works.example', '')
    """
    if len(written) > _LONGEST:
        return ""
    scheme = re.match(r"(?:https?://|mailto:)", written, re.IGNORECASE)
    rest = written[scheme.end() :] if scheme else written
    host, slash, path = rest.partition("/")
    host, mark, more = (host, "", "") if slash else _split_at(host)
    mailbox, at, domain = host.rpartition("@")
    domain = domain.lower() if at else domain.lower().removeprefix("www.")
    name, colon, port = domain.partition(":")
    labels = name.split(".")
    if len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)) or not _TOP.fullmatch(labels[-1]):
        return ""
    if (colon and not port.isdecimal()) or (at and not mailbox):
        return ""
    tail = f"/{path}".rstrip("/") if slash else mark + more
    return f"{mailbox}{at}{domain}{tail}"


def _split_at(host: str) -> tuple[str, str, str]:
    """A host and the question or fragment right after it."""
    at = min((k for k in (host.find("?"), host.find("#")) if k >= 0), default=len(host))
    return host[:at], host[at : at + 1], host[at + 1 :]


def find_address(wanted: str, text: str, start: int, end: int) -> Span | None:
    """The first place between two offsets where a text gives an address, however either is written.

    >>> find_address("https://works.example/", "see www.works.example.", 0, 22)
    Span(start=4, end=21)
    """
    spans = _addresses(text).get(plain_address(wanted), ())
    for k in range(bisect_left(spans, Span(start, 0)), len(spans)):
        if spans[k].start >= end:
            break
        if spans[k].end <= end:
            return spans[k]
    return None


@lru_cache(maxsize=2)
def _addresses(text: str) -> dict[str, list[Span]]:
    """The places of each address of a text, by its plain form."""
    found: dict[str, list[Span]] = {}
    for hit in _STRETCH.finditer(text):
        written = hit.group()
        if "." not in written or len(written) > _LONGEST:
            continue
        begin = _BEGIN.search(written)
        label, colon, _ = written.partition(":")
        first = begin.start() if begin else len(label) + 1 if colon and "." not in label else 0
        stop = len(written.rstrip(_TRAILING))
        address = plain_address(written[first:stop])
        if address:
            found.setdefault(address, []).append(Span(hit.start() + first, hit.start() + stop))
    return found
