"""Lists for crawlers and readers: site map, feed, robots.txt."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from communique.read.dataset import Dataset

MAX_ADDRESSES: Final = 50_000
"""Addresses in one site map (sitemaps.org, protocol 0.9); beyond it the map is an index of several."""

MAX_ENTRIES: Final = 100
"""Entries in the feed: the newest."""

_XML: Final = '<?xml version="1.0" encoding="utf-8"?>\n'
_SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2
_NO_DAY: Final = "1970-01-01"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A release in the feed: ``path`` below the site, ``day`` (``YYYY-MM-DD``) of its dateline or publication."""

    iri: str
    path: str
    title: str
    day: str | None
    language: str = "en"
    summary: str = ""


def render_sitemap(dataset: Dataset, paths: Iterable[str]) -> dict[str, bytes]:
    """The site map, by file name: ``sitemap.xml``, and for more than 50,000 paths the parts of which it is the index.

    ``paths`` are relative to the site, such as ``release/x/``. No dates: when a page last changed is not in the data.
    """
    addresses = [_address(dataset.site, path) for path in sorted(set(paths))]
    chunks = [addresses[i : i + MAX_ADDRESSES] for i in range(0, len(addresses), MAX_ADDRESSES)] or [[]]
    if len(chunks) == 1:
        return {"sitemap.xml": _sitemap("urlset", "url", chunks[0])}
    files = {f"sitemap-{i}.xml": _sitemap("urlset", "url", chunk) for i, chunk in enumerate(chunks, start=1)}
    index = _sitemap("sitemapindex", "sitemap", [_address(dataset.site, name) for name in files])
    return {"sitemap.xml": index, **files}


def render_robots(dataset: Dataset) -> bytes:
    """robots.txt: everybody may read everything, and where the site map is (RFC 9309).

    >>> print(render_robots(Dataset(homepage="https://example.org/")).decode(), end="")
    User-agent: *
    Allow: /
    Sitemap: https://example.org/sitemap.xml
    """
    return f"User-agent: *\nAllow: /\nSitemap: {_address(dataset.site, 'sitemap.xml')}\n".encode()


def render_feed(dataset: Dataset, entries: Iterable[FeedEntry]) -> bytes:
    """The newest releases as an Atom feed (RFC 4287), by day, then by IRI.

    ``updated`` is the day of the entry, never the clock; a release whose day nobody knows is left out, because Atom
    demands one. That of the feed is the latest of its entries and of ``modified``; 1970-01-01 if there is none at all.
    """
    dated = [(e.day, e) for e in entries if e.day]
    newest = sorted(sorted(dated, key=lambda p: p[1].iri), key=lambda p: p[0], reverse=True)[:MAX_ENTRIES]
    days = [day for day, _ in newest] + [d for d in (dataset.modified, dataset.issued) if d]
    author = dataset.publisher.name if dataset.publisher else dataset.title
    lines = [
        f"{_XML}<feed xmlns={quoteattr(_ATOM)} xml:lang={quoteattr(dataset.language)}>",
        f"  <id>{_text(dataset.base + 'feed')}</id>",
        f"  <title>{_text(dataset.title)}</title>",
        f"  <updated>{max(days, default=_NO_DAY)}T00:00:00Z</updated>",
        f"  <author><name>{_text(author)}</name>{_email(dataset)}</author>",
        f'  <link rel="self" type="application/atom+xml" href={_attribute(_address(dataset.site, "feed.atom"))}/>',
        f'  <link rel="alternate" type="text/html" href={_attribute(dataset.site)}/>',
        *_help(dataset),
        *(_entry(dataset.site, entry, day) for day, entry in newest),
        "</feed>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _email(dataset: Dataset) -> str:
    """Where to write about the data (RFC 4287, section 3.2.3)."""
    address = dataset.contact.email if dataset.contact else None
    return f"<email>{_text(address)}</email>" if address else ""


def _help(dataset: Dataset) -> list[str]:
    """The page for corrections and objections, as a link of a registered relation."""
    page = dataset.contact.url if dataset.contact else None
    title = "Corrections and objections"
    return [f'  <link rel="help" title={_attribute(title)} href={_attribute(page)}/>'] if page else []


def _entry(site: str, entry: FeedEntry, day: str) -> str:
    lines = [
        f"  <entry xml:lang={quoteattr(entry.language)}>",
        f"    <id>{_text(entry.iri)}</id>",
        f"    <title>{_text(entry.title)}</title>",
        f"    <updated>{day}T00:00:00Z</updated>",
        f'    <link rel="alternate" type="text/html" href={_attribute(_address(site, entry.path))}/>',
        f"    <summary>{_text(entry.summary or entry.title)}</summary>",
        "  </entry>",
    ]
    return "\n".join(lines)


def _sitemap(root: str, item: str, addresses: Iterable[str]) -> bytes:
    rows = "".join(f"  <{item}><loc>{_text(address)}</loc></{item}>\n" for address in addresses)
    return f"{_XML}<{root} xmlns={quoteattr(_SITEMAP)}>\n{rows}</{root}>\n".encode()


def _address(site: str, path: str) -> str:
    """An absolute address; what a URL may not hold is percent-encoded (RFC 3986)."""
    return site + quote(path, safe="/~!$&'()*+,;=:@%")


def _text(text: str) -> str:
    """Text for XML 1.0; a character that XML cannot hold becomes U+FFFD."""
    return escape(_ILLEGAL.sub("\ufffd", text))


def _attribute(text: str) -> str:
    return quoteattr(_ILLEGAL.sub("\ufffd", text))
