"""Sends the files of a publication: validators, ranges, compression, content negotiation on its entities.

A path is looked up in the manifest and never on the disk, so nothing outside the publication can be reached.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import os
import re
from collections.abc import Callable, Mapping
from posixpath import basename, split
from typing import Final, Protocol
from urllib.parse import quote

from communique.formats import TURTLE, Format
from communique.publish.hosting.negotiation import ALIASES, CACHE_CONTROL, content_type, link_value
from communique.serve.accept import best
from communique.serve.cache import MemoryCache
from communique.serve.publication import NEGOTIATED, ChangedError, Publication, PublishedFile
from communique.serve.refusal import HttpError
from communique.serve.responding import Head, Sender, is_unchanged, redirect

_LINKS: Final = link_value(NEGOTIATED, of_release=True)
_HTML: Final = "text/html"
_PIECE: Final = 256 * 1024
_SMALL: Final = 1024 * 1024
"""The size up to which a file is kept in memory and compressed when it is sent."""

_RANGE: Final = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})\Z")
_COMPRESSED: Final = ("text/", "application/json", "application/ld+json", "application/xml", "application/rdf+xml")
_TRIPLES: Final = ("application/n-quads", "application/n-triples", "application/trig", "application/atom+xml")
_LEAST: Final = 512
"""The size from which a file is compressed."""


class Maker(Protocol):
    """Makes the syntaxes in which releases and entities have no files, for one client."""

    def tag(self, *words: str) -> str:
        """The ETag of what depends on the build and these words only; "" if it may change meanwhile."""

    async def render(self, path: str, syntax: Format) -> bytes:
        """The release or entity in a folder in a syntax."""


class Files:
    """Answers GET and HEAD of the paths of a publication.

    Where a release or entity has no file in a syntax, a `Maker` makes it.
    """

    def __init__(self, cache: MemoryCache) -> None:
        self._cache = cache

    async def answer(self, publication: Publication, path: str, sender: Sender, maker: Maker) -> None:
        """Answer a request for a path. Raises `HttpError` if there is nothing."""
        file = publication.files.get(path)
        if file is not None:
            return await self.send(publication, file, sender)
        if not path or path.endswith("/"):
            return await self._send_folder(publication, path, sender, maker)
        if publication.is_folder(path):
            query = f"?{sender.query}" if sender.query else ""
            return await redirect(sender, quote(basename(path)) + "/" + query)
        folder, name = split(path)
        syntax = next((one for one in NEGOTIATED if one.file == name), None)
        if syntax is not None and publication.has_graph(folder):
            return await self._send_made(publication, folder, syntax, sender, maker=maker)
        await self._send_other(publication, path, sender)

    async def _send_folder(self, publication: Publication, path: str, sender: Sender, maker: Maker) -> None:
        """The file of a release or entity in the syntax that the request prefers, or the page of any other folder."""
        page = publication.files.get(path + "index.html")
        if not publication.has_graph(path.rstrip("/")):
            if page is None:
                raise HttpError(404, f"there is nothing at /{path}")
            return await self.send(publication, page, sender)
        offered = ((_HTML,) if page else ()) + tuple(one.media_type for one in NEGOTIATED)
        chosen = best(sender.header("accept"), offered)
        if chosen is None:
            raise HttpError(406, f"/{path} is offered as {', '.join(offered)}", {"Vary": "Accept"})
        syntax = next((one for one in NEGOTIATED if one.media_type == chosen), None)
        name = syntax.file if syntax else "index.html"
        more = {"Vary": "Accept", "Content-Location": name, "Link": _LINKS}
        file = publication.files.get(path + name)
        if file is not None:
            return await self.send(publication, file, sender, more)
        assert syntax is not None  # the page is offered only if there is one
        await self._send_made(publication, path.rstrip("/"), syntax, sender, maker=maker, more=more)

    async def _send_made(
        self,
        publication: Publication,
        folder: str,
        syntax: Format,
        sender: Sender,
        *,
        maker: Maker,
        more: Mapping[str, str] | None = None,
    ) -> None:
        """Send a release or entity in a syntax in which it has no file."""
        tag = maker.tag("made", folder, syntax.name)
        media_type = content_type(syntax.suffix, syntax.media_type)
        head = Head(200, {"Content-Type": media_type, "ETag": tag, "Cache-Control": CACHE_CONTROL, **(more or {})})
        if is_unchanged(sender.header("if-none-match"), tag):
            return await sender.send(head.unchanged())
        await sender.send(head, await maker.render(folder, syntax))

    async def _send_other(self, publication: Publication, path: str, sender: Sender) -> None:
        """A redirect to what describes an IRI of the newsroom that is no folder."""
        for alias in ALIASES:
            match = re.fullmatch(alias.pattern, path)
            if match is None:
                continue
            page = alias.page if alias.page_file in publication.files else ""
            offered = ((_HTML,) if page else ()) + (TURTLE.media_type,)
            wants_page = best(sender.header("accept"), offered) == _HTML
            target = match.expand(alias.target.replace("$1", r"\1"))
            if target in publication.files or publication.is_folder(target.rstrip("/")):
                up = "../" * path.count("/")
                return await redirect(sender, up + (page if page and wants_page else target), {"Vary": "Accept"})
        raise HttpError(404, f"there is nothing at /{path}")

    async def send(
        self, publication: Publication, file: PublishedFile, sender: Sender, more: Mapping[str, str] | None = None
    ) -> None:
        """Send a file, or the part of it that is asked for, or that it is unchanged."""
        encoding = self._encoding(publication, file, sender)
        tag = f'"{file.digest[:32]}{"-gz" if encoding else ""}"'
        head = Head(200, {"Content-Type": file.media_type, "ETag": tag, "Cache-Control": CACHE_CONTROL, **(more or {})})
        if _is_compressible(file):
            head.add_vary("Accept-Encoding")
        if is_unchanged(sender.header("if-none-match"), tag):
            return await sender.send(head.unchanged())
        if encoding:
            head.set("Content-Encoding", encoding)
            return await sender.send(head, self._small(publication, file, encoding))
        head.set("Accept-Ranges", "bytes")
        span = _span(sender, tag, file.size)
        if span is not None:
            head.status = 206
            head.set("Content-Range", f"bytes {span[0]}-{span[1] - 1}/{file.size}")
        low, high = span or (0, file.size)
        if file.size <= _SMALL:
            return await sender.send(head, self._small(publication, file, "")[low:high])
        await _stream(publication.open(file), head, sender, low, high)

    async def send_changed(
        self,
        publication: Publication,
        file: PublishedFile,
        sender: Sender,
        change: Callable[[str], str],
        more: Mapping[str, str] | None = None,
    ) -> None:
        """Send a page with a change that the server makes, always the same one for a file, or that it is unchanged."""
        encoding = self._encoding(publication, file, sender)
        key = f"{file.digest}/changed"
        body = self._cache.get(key)
        if body is None:
            body = self._cache.put(key, change(publication.read(file).decode()).encode())
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}{"-gz" if encoding else ""}"'
        head = Head(200, {"Content-Type": file.media_type, "ETag": tag, "Cache-Control": CACHE_CONTROL, **(more or {})})
        head.add_vary("Accept-Encoding")
        if is_unchanged(sender.header("if-none-match"), tag):
            return await sender.send(head.unchanged())
        if encoding:
            head.set("Content-Encoding", encoding)
            body = self._cache.get(key + encoding) or self._cache.put(key + encoding, gzip.compress(body, 6, mtime=0))
        await sender.send(head, body)

    def _encoding(self, publication: Publication, file: PublishedFile, sender: Sender) -> str:
        """How a file is compressed for this request: "gzip", or "" if not at all."""
        asked = sender.header("accept-encoding")
        if "gzip" not in asked or re.search(r"gzip\s*;\s*q=0(\.0*)?\s*(,|\Z)", asked) or sender.header("range"):
            return ""
        return "gzip" if _is_compressible(file) and _LEAST <= file.size <= _SMALL else ""

    def _small(self, publication: Publication, file: PublishedFile, encoding: str) -> bytes:
        """The bytes of a small file."""
        key = file.digest + encoding
        body = self._cache.get(key)
        if body is None:
            plain = self._small(publication, file, "") if encoding else publication.read(file)
            body = self._cache.put(key, gzip.compress(plain, 6, mtime=0) if encoding else plain)
        return body


def _is_compressible(file: PublishedFile) -> bool:
    return file.media_type.startswith((*_COMPRESSED, *_TRIPLES, "image/svg+xml", "application/wasm"))


def _span(sender: Sender, tag: str, size: int) -> tuple[int, int] | None:
    """The part of a file that is asked for (RFC 9110, section 14): its begin and end; None for the whole."""
    match = _RANGE.match(sender.header("range"))
    wanted = sender.header("if-range")
    if match is None or not (match[1] or match[2]) or (wanted and wanted != tag):
        return None
    low = int(match[1]) if match[1] else max(size - int(match[2]), 0)
    high = min(int(match[2]) + 1, size) if match[1] and match[2] else size
    if match[1] and match[2] and int(match[1]) > int(match[2]):
        return None
    if low >= size:
        raise HttpError(416, f"the file has {size:,} bytes", {"Content-Range": f"bytes */{size}"})
    return low, high


async def _stream(descriptor: int, head: Head, sender: Sender, low: int, high: int) -> None:
    """Send a part of an open file, and close it."""
    loop = asyncio.get_running_loop()
    try:
        await sender.begin(head, high - low)
        while low < high and not sender.is_head:
            piece = await loop.run_in_executor(None, os.pread, descriptor, min(_PIECE, high - low), low)
            if not piece:
                raise ChangedError("the file was cut while it was sent")  # the connection breaks off, as it must
            low += len(piece)
            await sender.piece(piece, more=low < high)
    finally:
        os.close(descriptor)
