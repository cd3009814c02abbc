"""The SPARQL endpoint: from a request to a complete answer, or one sentence that says why there is none."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyoxigraph as ox

from communique.formats import FORMATS
from communique.query.formats import RESULT_FORMATS
from communique.serve.accept import best
from communique.serve.gate import GateError, Outline, examine
from communique.serve.protocol import ALLOWED, parameters, read_request
from communique.serve.questionpage import with_endpoint
from communique.serve.reading import read_body, unless_gone
from communique.serve.refusal import HttpError
from communique.serve.responding import Head, Sender, is_unchanged
from communique.serve.worker import SparqlRequest
from communique.serve.writing import SYNTAXES

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from communique.serve.settings import Settings
    from communique.serve.state import Build, ServerState

_TABLES: Final = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
"""Media types of rows and booleans, in the order that decides between equal ones, and the formats they stand for."""

_BROWSER: Final = "text/html"
_CHANGING: Final = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\b", re.IGNORECASE)
"""Functions whose value is another one each time."""

_PLANS: Final = 256
"""How many requests are remembered with what is to be done with them."""


class PlannedQuery(NamedTuple):
    """What is to be done with a request: the head of the response, what a worker is asked, and for how long."""

    head: Head
    asked: SparqlRequest
    tag: str
    seconds: float | None


class Sparql:
    """Answers queries of the SPARQL 1.1 Protocol at one address."""

    def __init__(self, state: ServerState) -> None:
        self._state = state
        self._build: Build | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request. Raises `HttpError` for one that cannot be answered."""
        sender, method = Sender(scope, send), scope["method"]
        if method not in ("GET", "HEAD", "POST"):
            raise HttpError(405, f"this endpoint takes {ALLOWED}", {"Allow": ALLOWED})
        body = await read_body(sender, receive, self._state.settings) if method == "POST" else None
        build = self._state.build
        if build is not self._build:
            self._build, self._plan = build, lru_cache(_PLANS)(partial(make_plan, build, self._state.settings))
        plan = self._plan(sender.query, sender.header("accept"), sender.header("content-type"), body)
        if plan is None:
            return await self._describe(build, sender)
        if plan.tag and plan.tag in sender.header("if-none-match"):  # not for "*": it may have no answer
            return await sender.send(plan.head.unchanged())
        answer = self._state.cache.get(plan.tag)
        if answer is None:
            work = build.pool.ask(self._state.client(scope), "ask", plan.asked, seconds=plan.seconds)
            answer = bytes(await unless_gone(receive, work))
            if plan.tag:
                self._state.cache.put(plan.tag, answer)
        await sender.send(plan.head, answer)

    async def _describe(self, build: Build, sender: Sender) -> None:
        """The editor for a browser, the description of the service for a program (SPARQL 1.1 Service Description)."""
        page = build.publication.files.get("sparql.html")
        chosen = best(sender.header("accept"), (*SYNTAXES, *((_BROWSER,) if page else ())))
        if chosen == _BROWSER and page:
            return await self._state.files.send_changed(
                build.publication, page, sender, with_endpoint, {"Vary": "Accept"}
            )
        media_type = chosen or SYNTAXES[0]
        body = self._state.description(build, media_type)
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        head = Head(200, {"Content-Type": f"{media_type}; charset=utf-8", "ETag": tag, "Vary": "Accept"})
        await sender.send(head.unchanged() if is_unchanged(sender.header("if-none-match"), tag) else head, body)


class GraphStore:
    """Reads named graphs: the SPARQL 1.1 Graph Store HTTP Protocol, GET and HEAD, by ``?graph=IRI`` or ``?default``."""

    def __init__(self, state: ServerState) -> None:
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a graph. Raises `HttpError` if there is none, or for another method."""
        sender = Sender(scope, send)
        if scope["method"] not in ("GET", "HEAD"):
            raise HttpError(405, "graphs can be read here, with GET and HEAD", {"Allow": "GET, HEAD, OPTIONS"})
        given = parameters(scope["query_string"].decode("latin-1"))
        iris = given.get("graph", [])
        if (len(iris) == 1) == ("default" in given):
            raise HttpError(400, "name one graph, with ?graph=IRI, or the union of all, with ?default")
        media_type = best(sender.header("accept"), SYNTAXES)
        if media_type is None:
            raise HttpError(406, f"a graph is offered as {', '.join(SYNTAXES)}", {"Vary": "Accept"})
        build = self._state.build
        iri = iris[0] if iris else ""
        head = Head(
            200, {"Content-Type": f"{media_type}; charset=utf-8", "Vary": "Accept", "Cache-Control": "no-cache"}
        )
        if build.is_constant:
            head.set("ETag", build.tag("graph", iri, media_type))
            if iri and iri not in build.publication.graphs:
                raise HttpError(404, f"there is no graph {iri[:200]}")
            if is_unchanged(sender.header("if-none-match"), head.headers["ETag"]):
                return await sender.send(head.unchanged())
        body = await build.pool.ask(self._state.client(scope), "graph", iri, media_type)
        if body is None:
            raise HttpError(404, f"there is no graph {iri[:200]}")
        await sender.send(head, body)


def _examined(text: str, **limits: Any) -> Outline:
    """What the gate says of a query. Raises `HttpError`."""
    try:
        return examine(text, **limits)
    except GateError as no:
        raise HttpError(no.status, str(no)) from None


def make_plan(
    build: Build, settings: Settings, query: str, accept: str, content_type: str, body: bytes | None
) -> PlannedQuery | None:
    """What is to be done with a request; None if it has no query, and asks for the description of the service.

    ``query`` is that of the address, ``body`` is None if the method has none. Raises `HttpError` if it must not be
    answered.
    """
    request = read_request(query, content_type, body, most=settings.query_url_bytes)
    if request is None:
        return None
    outline = _examined(
        request.text,
        depth=settings.query_depth,
        repeats=settings.query_repeats,
        known_graphs=build.publication.graphs,
        base=build.publication.base,
    )
    is_graph = outline.form in ("CONSTRUCT", "DESCRIBE")
    offered = SYNTAXES if is_graph else tuple(_TABLES)
    media_type = best(_accept_of(request.format) or accept, (*offered, _BROWSER))
    if media_type is None:
        raise HttpError(406, f"the answer is offered as {', '.join(offered)}", {"Vary": "Accept"})
    if media_type == _BROWSER:
        media_type = offered[0]
    head = _head(media_type)
    graphs = _checked(request.default_graphs), _checked(request.named_graphs)
    tag = "" if _CHANGING.search(request.text) else build.tag(request.text, repr(graphs), media_type)
    head.set("ETag", tag)
    asked = SparqlRequest(
        request.text,
        outline.form,
        build.publication.base,
        media_type if is_graph else _TABLES[media_type],
        *graphs,
        union=not (outline.default_graphs or outline.named_graphs),
    )
    return PlannedQuery(head, asked, tag, request.seconds)


def _accept_of(name: str) -> str:
    """The media type that a client names by the short name of a format, or "" if it is not known."""
    known = {one.name: one.media_type for one in RESULT_FORMATS.values() if not one.terminal and one.name != "markdown"}
    known |= {one.name: one.media_type for one in FORMATS.values() if one.negotiated}
    return known.get(name, name if "/" in name else "")


def _head(media_type: str) -> Head:
    return Head(200, {"Content-Type": f"{media_type}; charset=utf-8", "Vary": "Accept", "Cache-Control": "no-cache"})


def _checked(graphs: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The IRIs of a dataset. Raises `HttpError` for what is none."""
    for iri in graphs or ():
        try:
            ox.NamedNode(iri)
        except ValueError:
            raise HttpError(400, f"not an absolute IRI: {iri[:200]!r}") from None
    return graphs
