"""The SPARQL endpoint: from a request to a complete answer, or one sentence that says why there is none."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from communique.formats import FORMATS
from communique.query.formats import RESULT_FORMATS
from communique.serve.accept import best
from communique.serve.gate import examine
from communique.serve.protocol import ALLOWED, QueryRequest, parameters, read_request
from communique.serve.reading import read_body, unless_gone
from communique.serve.refusal import RefusedError
from communique.serve.responding import Head, Sender, is_unchanged
from communique.serve.worker import Asked
from communique.serve.writing import SYNTAXES

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from communique.serve.state import Build, State

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


class Sparql:
    """Answers queries of the SPARQL 1.1 Protocol at one address."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request. Raises `RefusedError` for one that cannot be answered."""
        sender, method = Sender(scope, send), scope["method"]
        if method not in ("GET", "HEAD", "POST"):
            raise RefusedError(405, f"this endpoint takes {ALLOWED}", {"Allow": ALLOWED})
        settings = self._state.settings
        body = await read_body(sender, receive, settings) if method == "POST" else b""
        text = scope["query_string"].decode("latin-1")
        asked = read_request(method, text, sender.header("content-type"), body, most=settings.query_url_bytes)
        build = self._state.build
        if asked is None:
            return await self._describe(build, sender, scope, send)
        await unless_gone(receive, self._answer(build, asked, sender, self._state.client(scope)))

    async def _answer(self, build: Build, asked: QueryRequest, sender: Sender, client: str) -> None:
        depth, repeats = self._state.settings.query_depth, self._state.settings.query_repeats
        outline = examine(asked.text, depth=depth, repeats=repeats, known_graphs=build.publication.graphs)
        accept = _accept_of(asked.format) or sender.header("accept")
        is_graph = outline.form in ("CONSTRUCT", "DESCRIBE")
        offered = SYNTAXES if is_graph else tuple(_TABLES)
        media_type = best(accept, (*offered, _BROWSER))
        if media_type is None:
            raise RefusedError(406, f"the answer is offered as {', '.join(offered)}", {"Vary": "Accept"})
        if media_type == _BROWSER:
            media_type = offered[0]
        tag = build.tag(asked.text, repr((asked.default_graphs, asked.named_graphs)), media_type)
        head = Head(200, {"Content-Type": f"{media_type}; charset=utf-8", "ETag": tag, "Vary": "Accept"})
        head.set("Cache-Control", "no-cache")
        if is_unchanged(sender.header("if-none-match"), tag):
            return await sender.send(head.unchanged())
        request = Asked(
            asked.text,
            outline.form,
            build.publication.base,
            media_type if is_graph else _TABLES[media_type],
            _checked(asked.default_graphs),
            _checked(asked.named_graphs),
            union=not (outline.default_graphs or outline.named_graphs),
        )
        await sender.send(head, await build.pool.ask(client, "ask", request, seconds=asked.seconds))

    async def _describe(self, build: Build, sender: Sender, scope: Scope, send: Send) -> None:
        """The editor for a browser, the description of the service for a program (SPARQL 1.1 Service Description)."""
        page = build.publication.files.get("sparql.html")
        chosen = best(sender.header("accept"), (*SYNTAXES, *((_BROWSER,) if page else ())))
        if chosen == _BROWSER and page:
            return await self._state.files.send(build.publication, page, sender, {"Vary": "Accept"})
        media_type = chosen or SYNTAXES[0]
        body = self._state.description(build, str(scope.get("root_path", "")) + scope["path"], media_type)
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        head = Head(200, {"Content-Type": f"{media_type}; charset=utf-8", "ETag": tag, "Vary": "Accept"})
        await sender.send(head.unchanged() if is_unchanged(sender.header("if-none-match"), tag) else head, body)


class GraphStore:
    """Reads named graphs: the SPARQL 1.1 Graph Store HTTP Protocol, GET and HEAD, by ``?graph=IRI`` or ``?default``."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a graph. Raises `RefusedError` if there is none, or for another method."""
        sender = Sender(scope, send)
        if scope["method"] not in ("GET", "HEAD"):
            raise RefusedError(405, "graphs can be read here, with GET and HEAD", {"Allow": "GET, HEAD, OPTIONS"})
        given = parameters(scope["query_string"].decode("latin-1"))
        iris = given.get("graph", [])
        if (len(iris) == 1) == ("default" in given):
            raise RefusedError(400, "name one graph, with ?graph=IRI, or the union of all, with ?default")
        media_type = best(sender.header("accept"), SYNTAXES)
        if media_type is None:
            raise RefusedError(406, f"a graph is offered as {', '.join(SYNTAXES)}", {"Vary": "Accept"})
        build = self._state.build
        iri = iris[0] if iris else ""
        body = None
        if not iri or iri in build.publication.graphs:
            tag = build.tag("graph", iri, media_type)
            head = Head(200, {"Content-Type": f"{media_type}; charset=utf-8", "ETag": tag, "Vary": "Accept"})
            if is_unchanged(sender.header("if-none-match"), tag):
                return await sender.send(head.unchanged())
            body = await build.pool.ask(self._state.client(scope), "graph", iri, media_type)
        if body is None:
            raise RefusedError(404, f"there is no graph {iri[:200]}")
        await sender.send(head, body)


def _accept_of(name: str) -> str:
    """The media type that a client names by the short name of a format, or "" if it is not known."""
    known = {one.name: one.media_type for one in RESULT_FORMATS.values() if not one.terminal and one.name != "markdown"}
    known |= {one.name: one.media_type for one in FORMATS.values() if one.negotiated}
    return known.get(name, name if "/" in name else "")


def _checked(graphs: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The IRIs of a dataset. Raises `RefusedError` for what is none."""
    for iri in graphs or ():
        try:
            ox.NamedNode(iri)
        except ValueError:
            raise RefusedError(400, f"not an absolute IRI: {iri[:200]!r}") from None
    return graphs
