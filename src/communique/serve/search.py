"""The search in names, texts and statements: JSON for programs, a page in the style of the publication for browsers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from communique.errors import hint
from communique.publish.hosting.negotiation import CACHE_CONTROL
from communique.serve.accept import best
from communique.serve.fulltext import Hit, Hits, Thing
from communique.serve.indexing import FOUND_KINDS
from communique.serve.protocol import parameters
from communique.serve.refusal import HttpError
from communique.serve.responding import Head, Sender, is_unchanged
from communique.serve.searchpage import FoundPage, skin_of, write_page

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from communique.serve.state import Build, ServerState

ON_PAGE: Final = 20
"""The hits on a page."""

MOST_PAGES: Final = 250
_JSON: Final = "application/json"
_HTML: Final = "text/html"
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is looked for; all kinds if none is given."""

    text: str
    language: str
    kinds: tuple[str, ...]
    page: int

    @classmethod
    def read(cls, query_string: str) -> SearchRequest:
        """The request in an address. Raises `HttpError` for a value that makes no sense."""
        given = parameters(query_string)
        if unknown := sorted(set(given) - {"q", "language", "kind", "page"}):
            raise HttpError(400, f"a search has no parameter {unknown[0][:40]!r}: it takes q, language, kind, page")
        if repeated := sorted(name for name, values in given.items() if len(values) > 1 and name != "kind"):
            raise HttpError(400, f"{repeated[0]} is given more than once")
        language = given.get("language", [""])[0] or "en"
        if not _LANGUAGE.fullmatch(language):
            raise HttpError(400, f"language is a code such as en, ru or kk, not {language[:40]!r}")
        kinds = tuple(sorted({kind for value in given.get("kind", []) for kind in value.split(",") if kind}))
        for kind in kinds:
            if kind not in FOUND_KINDS:
                raise HttpError(400, f"kind: {kind[:40]!r} is unknown, {hint(kind[:40], FOUND_KINDS)}")
        page = given.get("page", ["1"])[0]
        if not (page.isascii() and page.isdigit() and 1 <= int(page[:6]) <= MOST_PAGES):
            raise HttpError(400, f"page is a number from 1 to {MOST_PAGES}, not {page[:40]!r}")
        return cls(given.get("q", [""])[0], language, kinds, int(page))

    def tag(self, media_type: str) -> tuple[str, ...]:
        """The words that its answer in a media type depends on."""
        return self.text, self.language, *self.kinds, str(self.page), media_type

    def address(self, page: int) -> str:
        """The address of a page of the same search, relative to this one."""
        given = {"q": self.text, "language": self.language, "kind": ",".join(self.kinds), "page": str(page)}
        return "search?" + urlencode({name: value for name, value in given.items() if value})


class Search:
    """Answers ``/search?q=…&language=…&kind=…&page=…``."""

    def __init__(self, state: ServerState) -> None:
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request. Raises `HttpError` for one that cannot be answered."""
        sender, build, settings = Sender(scope, send), self._state.build, self._state.settings
        query_string = scope["query_string"].decode("latin-1")
        if len(query_string) > settings.query_url_bytes:
            raise HttpError(414, f"the search is longer than {settings.query_url_bytes:,} bytes (query_url_bytes)")
        asked = SearchRequest.read(query_string)
        skin = skin_of(build.publication, asked.language)
        offered = (_JSON, _HTML) if skin else (_JSON,)
        media_type = best(sender.header("accept"), offered)
        if media_type is None:
            raise HttpError(406, f"the search is offered as {' and '.join(offered)}", {"Vary": "Accept"})
        tag = build.tag("search", *asked.tag(media_type))
        head = Head(200, {"Content-Type": f"{media_type}; charset=utf-8", "ETag": tag, "Vary": "Accept"})
        head.set("Cache-Control", CACHE_CONTROL)
        if is_unchanged(sender.header("if-none-match"), tag):
            return await sender.send(head.unchanged())
        hits = await build.fulltext.search(
            asked.text,
            language=asked.language,
            kinds=asked.kinds,
            skip=(asked.page - 1) * ON_PAGE,
            most=ON_PAGE,
        )
        named = await build.fulltext.run(build.fulltext.things, _mentioned(hits))
        last = min(max(1, -(-hits.total // ON_PAGE)), MOST_PAGES)
        links = _links(asked, last)
        head.set("Link", ", ".join(f'<{address}>; rel="{rel}"' for rel, address in links.items()))
        if media_type == _HTML and skin:
            found = FoundPage(hits, named, links)
            body = write_page(
                skin, build.publication, found, text=asked.text, language=asked.language, kinds=asked.kinds
            )
        else:
            body = _json(build, asked, hits, named, last)
        await sender.send(head, body)


def _links(asked: SearchRequest, last: int) -> dict[str, str]:
    """The addresses of other pages by their relation to this one (RFC 8288)."""
    pages = {"first": 1, "prev": asked.page - 1, "next": asked.page + 1, "last": last}
    return {rel: asked.address(page) for rel, page in pages.items() if 1 <= page <= last}


def _mentioned(hits: Hits) -> tuple[str, ...]:
    """The releases and speakers of the hits, whose names the answer gives."""
    told = ((hit.thing.release, *(iri for iri, _ in hit.thing.speakers)) for hit in hits.hits)
    return tuple(dict.fromkeys(iri for iris in told for iri in iris if iri))


def _json(build: Build, asked: SearchRequest, hits: Hits, named: dict[str, Thing], last: int) -> bytes:
    whole = {
        "query": asked.text,
        "language": asked.language,
        "kinds": list(asked.kinds),
        "page": asked.page,
        "pages": last,
        "total": hits.total,
        "complete": hits.complete,
        "build": build.publication.version,
        "hits": [_hit(hit, asked.language, named) for hit in hits.hits],
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _hit(hit: Hit, language: str, named: dict[str, Thing]) -> dict[str, object]:
    """A hit as JSON: ``marks`` are offsets in ``passage``, ``offset`` is that of the passage in the text of a release.

    ``start`` and ``end`` are those of a statement in the text of its release; ``cut`` says whether words before and
    after the passage are left out, ``basis`` whether a reader concluded it.
    """
    thing = hit.thing
    found: dict[str, object] = {
        "kind": thing.kind,
        "iri": thing.iri,
        "page": thing.page,
        "label": thing.label(language),
        "part": hit.part,
        "language": hit.language,
        "passage": hit.passage,
        "marks": [list(mark) for mark in hit.marks],
        "cut": list(hit.cut),
        "basis": _basis(hit.inferred),
    }
    if hit.offset is not None:
        found["offset"] = hit.offset
    if thing.start is not None:
        found |= {"start": thing.start, "end": thing.end}
    if thing.speakers:
        found["speakers"] = [
            _named(named[iri], language) | {"basis": _basis(inferred)}
            for iri, inferred in thing.speakers
            if iri in named
        ]
    if thing.release in named:
        found["release"] = _named(named[thing.release], language)
        found["day"] = thing.day
    return found


def _basis(inferred: bool) -> str:
    return "inferred" if inferred else "stated"


def _named(thing: Thing, language: str) -> dict[str, str]:
    return {"iri": thing.iri, "page": thing.page, "label": thing.label(language)}
