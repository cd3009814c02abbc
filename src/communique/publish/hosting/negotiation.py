"""What the rules of all web servers share: address, media types, content negotiation, headers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from communique.errors import OutputError
from communique.formats import TRIG, Format
from communique.ids import REGISTRY
from communique.iris import PARTS, graph_path, release_path
from communique.terms import ONTOLOGY

MAX_AGE: Final = 3600
"""Seconds for which a cache need not revalidate; short, because files can change and a release can be withdrawn."""

OTHER_TYPES: Final = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "json": "application/json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "txt": "text/plain",
    "xml": "application/xml",
    "atom": "application/atom+xml",
    "rq": "application/sparql-query",
    "svg": "image/svg+xml",
    "png": "image/png",
    "ico": "image/x-icon",
    "woff2": "font/woff2",
    "wasm": "application/wasm",
    "gz": "application/gzip",
}
"""Suffixes of files that are not a graph, and their media types."""

_BINARY: Final = ("png", "ico", "woff2", "wasm", "gz")

POLICY: Final = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Content Security Policy (level 3) of all pages; see `POLICY_NOTE`."""

POLICY_NOTE: Final = (
    "A page has at most one inline style block, whose hash differs from page to page. A browser obeys this header and",
    "the policy in the <meta> of the page: the header allows inline styles, the <meta> only the block with its hash.",
    "So it is with WebAssembly: the header allows it, the <meta> only where a page can ask questions by itself.",
    "Inline scripts are allowed by neither. frame-ancestors works in a header only.",
)

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Location, ETag, Link",
}
"""Headers of every response, redirects included: a script of another site that follows one needs the third (CORS)."""

CACHE_CONTROL: Final = f"public, max-age={MAX_AGE}, must-revalidate"

PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-Modified-Since, If-None-Match, Range",
    "Access-Control-Max-Age": "86400",
}
"""Headers of the response to OPTIONS, status 204, at every address.

A browser sends this preflight request before a script of another site may send an Accept header that is longer than
128 bytes or has a parameter in quotation marks (Fetch, "CORS-preflight fetch"); it follows no redirect there.
"""


class Alias(NamedTuple):
    """An IRI below the base that is not a folder: its ``pattern``, and the file or folder that describes it.

    ``page`` describes it in HTML, if that file exists, or is "". A group matches a slug and nothing else: servers match
    the decoded path and copy the group into a header.
    """

    pattern: str
    target: str
    page: str = ""

    @property
    def page_file(self) -> str:
        """The file of that page; rules test whether it exists."""
        return self.page + "index.html" if self.page.endswith("/") else self.page


VOCABULARY: Final = Alias("ontology", "ontology/communique.ttl", "ontology/")

ALIASES: Final = (
    Alias("dataset", "void.ttl", "data.html"),
    VOCABULARY,
    Alias(graph_path(REGISTRY), TRIG.dataset_file),
    Alias(graph_path("([a-z0-9-]+)") + f"(?:/(?:{'|'.join(PARTS)}))?", f"{release_path('$1')}/"),
)
"""The dataset, the vocabulary, the named graphs; the first pattern that matches applies."""

_PATH: Final = re.compile(r"/(?:[\w~-][\w.~-]*/)*")
_HOST: Final = re.compile(r"(?!-)[a-z0-9.-]+(?::[0-9]{1,5})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SiteAddress:
    """An address that ends in ``/``: scheme and host in ASCII, and the decoded path."""

    origin: str
    path: str

    @property
    def quoted(self) -> str:
        """The path, percent-encoded (RFC 3986)."""
        return quote(self.path)


def read_site_address(address: str) -> SiteAddress:
    """Scheme, host and path of a site or base.

    Five configuration languages each have their own quoting, so a path may hold letters of any script, digits and
    ``-._~`` only, and anything else is refused: `OutputError`.

    >>> read_site_address("https://example.org/press/")
    SiteAddress(origin='https://example.org', path='/press/')
    """
    try:
        parts = urlsplit(address)
        host = parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc
        path = unquote(parts.path, errors="strict")
    except ValueError:
        raise _address_error(address) from None
    ends = parts.query or parts.fragment or "?" in address or "#" in address
    if any(c.isspace() or not c.isprintable() for c in address) or ends:
        raise _address_error(address)
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host) or not _PATH.fullmatch(path):
        raise _address_error(address)
    return SiteAddress(f"{parts.scheme}://{host}", path)


def _address_error(address: str) -> OutputError:
    return OutputError(
        f"no server rules can be written for {address!r}: an address must be http(s)://host/path/, its path made of "
        "letters, digits and - . _ ~ only; change homepage or base in dataset.yaml"
    )


def namespace_path(site: SiteAddress) -> str:
    """Path of the namespace of our vocabulary, if it is an address of this host, or "".

    >>> [namespace_path(read_site_address(base)) for base in ("https://w3id.org/x/", "https://example.org/")]
    ['/communique/ns', '']
    """
    start = site.origin + "/"
    return "/" + ONTOLOGY.removeprefix(start) if ONTOLOGY.startswith(start) else ""


# ---- types


def negotiated(formats: Iterable[Format]) -> list[Format]:
    """The syntaxes of an entity, in the server's order of preference, which decides between equal q-values."""
    return [f for f in formats if f.negotiated]


def suffix_types(formats: Iterable[Format]) -> dict[str, str]:
    """Every suffix of a publication and its media type, without parameters."""
    return OTHER_TYPES | {f.suffix: f.media_type for f in formats}


def content_type(suffix: str, media_type: str) -> str:
    """The value of Content-Type: all text is UTF-8.

    >>> content_type("ttl", "text/turtle")
    'text/turtle; charset=utf-8'
    """
    return media_type if suffix in _BINARY else f"{media_type}; charset=utf-8"


def text_types(formats: Iterable[Format]) -> list[str]:
    """Media types of text: the ones to compress and to send with a charset."""
    types = suffix_types(formats)
    return sorted({media_type for suffix, media_type in types.items() if suffix not in _BINARY})


def link_value(formats: Iterable[Format], *, of_release: bool) -> str:
    """The Link header of a release or an entity (RFC 8288): its files, relative to its folder."""
    files = (f for f in negotiated(formats) if of_release or f.of_entities)
    return ", ".join(f'<{f.file}>; rel="alternate"; type="{f.media_type}"' for f in files)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a request gets: the suffix of a file, out of ``suffixes``; ``name`` is that of a variable with it.

    If nothing fits it is ``default``; without one, the first graph if the request would rather have a graph of another
    syntax than a page (``best`` says so), else the page.
    """

    name: str
    default: str
    suffixes: tuple[str, ...]


def choices(formats: Iterable[Format]) -> list[Choice]:
    """The file that fits best, and the graph that fits best, of a release; and the same of an entity."""
    offered = negotiated(formats)
    graphs = tuple(f.suffix for f in offered)
    of_entities = tuple(f.suffix for f in offered if f.of_entities)
    return [
        Choice("best", "html", ("html", *graphs)),
        Choice("data", graphs[0], graphs),
        Choice("entity_best", "", ("html", *of_entities)),
        Choice("entity_data", of_entities[0], of_entities),
    ]


def mark_of_release(formats: Iterable[Format]) -> str:
    """The suffix of a file that a release has in its folder, and an entity has not."""
    return next(f.suffix for f in negotiated(formats) if not f.of_entities)


# ---- Accept


def quality_pattern(media_type: str) -> str:
    r"""A pattern that matches an Accept header if it covers a media type; its group 1 is the q-value, if any.

    The most specific range applies: the type, else its range, else ``*/*`` (RFC 9110, section 12.5.1). The pattern
    is anchored, so that the order of alternatives decides and not that of the header; it needs no lookahead, which
    Caddy does not have.

    >>> re.match(quality_pattern("text/turtle"), "*/*;q=0.1, text/turtle;q=0.7")[1]
    '0.7'
    """
    ranges = (media_type, media_type.partition("/")[0] + "/*", "*/*")
    starts = (r"(?:.*,)?\s*" + re.sub(r"([.+*])", r"\\\1", name) for name in ranges)
    return rf"^(?:{'|'.join(starts)})\s*(?:;[^,;]*)*?(?:;\s*q=([0-9.]+)[^,]*)?(?:,|$)"


TIERS: Final = (
    r"([a-z]+)=q(?:1[.0-9]*)?(?:\s|$)",
    *(rf"([a-z]+)=q0?\.{digit}" for digit in range(9, 0, -1)),
    r"([a-z]+)=q0?\.0[0-9]*[1-9]",
)
"""Patterns to try in turn on ``html=q ttl=q0.9 nt= …``, suffixes with q-values: group 1 is the suffix with the best.

They compare the first decimal, so 0.95 and 0.9 are equal; the order of the suffixes decides between equal ones.
"""

ACCEPT_NOTE: Final = (
    "Accept: q-values are compared by their first decimal (0.95 counts as 0.9); a type goes before its range, and",
    "that before */*; what is equal goes in the order below, html first. If nothing fits, or nothing was asked for,",
    "the answer is html if there is a page, else {default}, never 406 (RFC 9110, section 12.4.1, leaves it open).",
    "Other parameters of a type, such as profile, are not looked at.",
)
"""How the rules read Accept, for a comment in them; ``default`` is the first syntax."""
