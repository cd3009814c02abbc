"""Lists for crawlers and readers: site map, feed, robots.txt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from communique.iris import feed_iri, release_path
from communique.publish.words import Words
from communique.read.dataset import Dataset
from communique.terms import SCHEMA
from communique.xmltext import ILLEGAL, attribute, content

if TYPE_CHECKING:
    from communique.compile.compiler import Compiled
    from communique.export.order import Object
    from communique.export.pagelinks import FactTriple

MAX_ADDRESSES: Final = 50_000
"""Addresses in one site map (sitemaps.org, protocol 0.9); beyond it the map is an index of several."""

MAX_ENTRIES: Final = 100
"""Entries in the feed: the newest."""

_XML: Final = '<?xml version="1.0" encoding="utf-8"?>\n'
_SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_NO_DAY: Final = "1970-01-01"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A release in the feed: ``path`` below the site, ``day`` (``YYYY-MM-DD``) of the release.

    ``published`` is the day of publication and ``authors`` are the names of the authors, both only if the
    release or its page states them.
    """

    iri: str
    path: str
    title: str
    day: str | None
    language: str = "en"
    summary: str = ""
    published: str | None = None
    authors: tuple[str, ...] = ()


def feed_entry(compiled: Compiled, facts: Iterable[FactTriple]) -> FeedEntry:
    """The feed entry of a release, from the facts of its page (`communique.export.pagefacts.page_facts`)."""
    from communique.export.order import value_key  # it loads the engine, which nothing else here needs

    found: dict[tuple[str, str], list[Object]] = {}
    for subject, iri, value in sorted(facts, key=lambda fact: (fact[0], fact[1], value_key(fact[2]))):
        found.setdefault((subject, iri.removeprefix(SCHEMA)), []).append(value)

    def values_of(name: str) -> list[str]:
        return [value.value for value in found.get((compiled.iri, name), [])]

    authors = {who for name in ("author", "creator") for who in values_of(name)}
    known = [found[who, "name"] for who in sorted(authors) if (who, "name") in found]
    names = [min(own, key=lambda name: _nearness(name, compiled.language)).value for own in known]
    days = sorted(day[:10] for day in values_of("datePublished") if len(day) >= 10)  # no moment of a month or a year
    return FeedEntry(
        iri=compiled.iri,
        path=f"{release_path(compiled.slug)}/",
        title=compiled.headline or compiled.slug,
        day=compiled.day,
        language=compiled.language,
        summary="; ".join(values_of("dateline")),
        published=days[0] if days else None,
        authors=tuple(names),
    )


def _nearness(name: Object, language: str) -> int:
    own = getattr(name, "language", None)
    return 0 if own == language else 1 if own is None else 2


def render_sitemap(dataset: Dataset, paths: Iterable[str]) -> dict[str, bytes]:
    """The site map, by file name: ``sitemap.xml``; for more than 50,000 paths that is an index of the other files.

    ``paths`` are relative to the site, such as ``release/x/``. It has no dates: the data do not say when a page last
    changed.
    """
    addresses = [_address(dataset.site, path) for path in sorted(set(paths))]
    chunks = [addresses[i : i + MAX_ADDRESSES] for i in range(0, len(addresses), MAX_ADDRESSES)] or [[]]
    if len(chunks) == 1:
        return {"sitemap.xml": _sitemap("urlset", "url", chunks[0])}
    files = {f"sitemap-{i}.xml": _sitemap("urlset", "url", chunk) for i, chunk in enumerate(chunks, start=1)}
    index = _sitemap("sitemapindex", "sitemap", [_address(dataset.site, name) for name in files])
    return {"sitemap.xml": index, **files}


def render_robots(dataset: Dataset) -> bytes:
    """robots.txt: all crawlers may read everything, and the address of the site map (RFC 9309).

    >>> print(render_robots(Dataset(homepage="https://example.org/")).decode(), end="")
    User-agent: *
    Allow: /
    Sitemap: https://example.org/sitemap.xml
    """
    return f"User-agent: *\nAllow: /\nSitemap: {_address(dataset.site, 'sitemap.xml')}\n".encode()


def render_feed(dataset: Dataset, entries: Iterable[FeedEntry]) -> bytes:
    """The newest releases as an Atom feed (RFC 4287), by day, then by IRI.

    ``updated`` of an entry is the day on which the data about it were last changed: ``modified`` or ``issued`` of the
    dataset, or its publication if that is later; the day of the release only if none of them is known; never the time
    of the build. A release without any of these is left out, because Atom requires one. ``published`` is there only if
    it is stated. Each entry has its own author, so that the publisher of the feed is not taken for the author of a
    release. ``updated`` of the feed is the latest of its entries and of the dataset; 1970-01-01 if there is none.
    """
    changed = dataset.modified or dataset.issued
    dated = [(max(filter(None, (changed, e.published)), default=e.day), e) for e in entries]
    known = sorted(((day, e) for day, e in dated if day), key=lambda pair: pair[1].iri)
    newest = sorted(known, key=lambda pair: pair[1].day or "", reverse=True)[:MAX_ENTRIES]
    days = [day for day, _ in newest] + ([changed] if changed else [])
    author = dataset.publisher.name if dataset.publisher else dataset.title
    unstated = Words(dataset.language)("feed_no_author")
    lines = [
        f"{_XML}<feed xmlns={attribute(_ATOM)} xml:lang={attribute(dataset.language)}>",
        f"  <id>{_text(feed_iri(dataset.base))}</id>",
        f"  <title>{_text(dataset.title)}</title>",
        f"  <updated>{_instant(max(days, default=_NO_DAY))}</updated>",
        f"  <author><name>{_text(author)}</name>{_email(dataset)}</author>",
        f'  <link rel="self" type="application/atom+xml" href={_attribute(_address(dataset.site, "feed.atom"))}/>',
        f'  <link rel="alternate" type="text/html" href={_attribute(dataset.site)}/>',
        *_help(dataset),
        *(_entry(dataset.site, entry, day, unstated) for day, entry in newest),
        "</feed>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _email(dataset: Dataset) -> str:
    """The e-mail address for questions about the data (RFC 4287, section 3.2.3)."""
    address = dataset.contact.email if dataset.contact else None
    return f"<email>{_text(address)}</email>" if address else ""


def _help(dataset: Dataset) -> list[str]:
    """The page for corrections and objections, as a link with the registered relation ``help``."""
    page = dataset.contact.url if dataset.contact else None
    title = "Corrections and objections"
    return [f'  <link rel="help" title={_attribute(title)} href={_attribute(page)}/>'] if page else []


def _entry(site: str, entry: FeedEntry, day: str, unstated: str) -> str:
    lines = [
        f"  <entry xml:lang={attribute(entry.language)}>",
        f"    <id>{_text(entry.iri)}</id>",
        f"    <title>{_text(entry.title)}</title>",
        *(f"    <author><name>{_text(name)}</name></author>" for name in entry.authors or (unstated,)),
        *([f"    <published>{_instant(entry.published)}</published>"] if entry.published else []),
        f"    <updated>{_instant(day)}</updated>",
        f'    <link rel="alternate" type="text/html" href={_attribute(_address(site, entry.path))}/>',
        f"    <summary>{_text(entry.summary or entry.title)}</summary>",
        "  </entry>",
    ]
    return "\n".join(lines)


def _instant(day: str) -> str:
    """Midnight UTC of a day, as Atom requires (RFC 3339)."""
    return f"{day}T00:00:00Z"


def _sitemap(root: str, item: str, addresses: Iterable[str]) -> bytes:
    rows = "".join(f"  <{item}><loc>{_text(address)}</loc></{item}>\n" for address in addresses)
    return f"{_XML}<{root} xmlns={attribute(_SITEMAP)}>\n{rows}</{root}>\n".encode()


def _address(site: str, path: str) -> str:
    """An absolute address; characters not allowed in a URL are percent-encoded (RFC 3986)."""
    return site + quote(path, safe="/~!$&'()*+,;=:@%")


def _text(text: str) -> str:
    """Text for XML 1.0; a character not allowed in XML becomes U+FFFD."""
    return content(ILLEGAL.sub("\ufffd", text))


def _attribute(text: str) -> str:
    return attribute(ILLEGAL.sub("\ufffd", text))
