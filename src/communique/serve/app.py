"""The application: which address is answered by what, and what every request has in common.

It is plain ASGI, so that others can mount it or run it with a server of their own.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
import traceback
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from communique.errors import CommuniqueError
from communique.publish.hosting.negotiation import PREFLIGHT
from communique.serve.metrics import MEDIA_TYPE, Metrics
from communique.serve.openapi import OpenApi
from communique.serve.publication import ChangedError
from communique.serve.questions import Questions
from communique.serve.reading import GoneError
from communique.serve.reconcile import Reconcile
from communique.serve.refusal import HttpError
from communique.serve.responding import Head, Sender
from communique.serve.search import Search
from communique.serve.settings import Settings
from communique.serve.sparql import GraphStore, Sparql
from communique.serve.state import ServerState

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from communique.serve.assistants import OverHttp

_METHODS: Final = "GET, HEAD, OPTIONS"
_GONE: Final = 499
"""The status that is counted if the client went before there was a response."""


def create_app(
    root: Path,
    settings: Settings | None = None,
    *,
    store: str = "",
    metrics: Metrics | None = None,
    say: Callable[[str], None] = lambda _: None,
    assistants: bool = False,
) -> Starlette:
    """The application that serves the publication in a folder; queries go to a store of its own, or to ``store``.

    It opens the publication when it is started, and says what happens in whole sentences. An application that mounts
    it starts it with ``app.router.lifespan_context(app)``, because ASGI starts only the outermost one. With
    ``assistants`` it has tools for them at ``/mcp``; raises `CommuniqueError` if what they need is not installed.
    """
    state = ServerState(root, settings or Settings(), metrics or Metrics(), say, store=store)
    tools = _over_http(state) if assistants else None

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await state.start()
        try:
            async with tools.manager.run() if tools else contextlib.nullcontext():
                yield
        finally:
            await state.stop()

    endpoints: dict[str, ASGIApp] = {
        "/sparql": Sparql(state),
        "/store": GraphStore(state),
        "/queries/{rest:path}": Questions(state),
        "/search": _ReadOnly(Search(state)),
        "/reconcile": Reconcile(state),
        "/reconcile/{rest:path}": Reconcile(state),
        "/openapi.json": _ReadOnly(OpenApi(state)),
        "/health": _ReadOnly(Health(state)),
        "/metrics": _ReadOnly(MetricsPage(state)),
        **({"/mcp": tools} if tools else {}),
    }
    routes: list[BaseRoute] = [Route(path, _Guarded(one, state, path)) for path, one in endpoints.items()]
    app = Starlette(routes=routes, lifespan=lifespan, middleware=[Middleware(_AtHome, state)])
    app.router.redirect_slashes = False
    app.router.default = _Guarded(_ReadOnly(state.answer), state, "/")  # everything else, also what no route can match
    app.state.communique = state
    return app


def _over_http(state: ServerState) -> OverHttp:
    try:
        from communique.serve.assistants import OverHttp  # an optional package, which takes a second
    except ModuleNotFoundError:
        raise CommuniqueError("tools for assistants need the package mcp: pip install 'communique[mcp]'") from None
    return OverHttp(state)


class _AtHome:
    """Takes off each path where the application is mounted, and the path of the site.

    ``/press/sparql`` is ``/sparql`` if ``/press/`` is the home page.
    """

    def __init__(self, app: ASGIApp, state: ServerState) -> None:
        self._app, self._state = app, state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on."""
        if scope["type"] == "http":
            mounted = scope.get("root_path", "")
            path = scope["path"].removeprefix(mounted)
            below = "/" + self._state.build.publication.path_below(path)
            home = mounted + path.removesuffix(below)
            scope = {**scope, "root_path": "", "path": below, "communique.home": home}
        await self._app(scope, receive, send)


class _Guarded:
    """An endpoint whose refusals become responses, and whose errors become one sentence; each request is counted."""

    def __init__(self, app: ASGIApp, state: ServerState, route: str) -> None:
        self._app, self._state, self._route = app, state, route

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, whatever happens, and count it."""
        begin, status, size = time.perf_counter(), 0, 0

        async def note(message: Any) -> None:
            nonlocal status, size
            status = message.get("status", status)
            size += len(message.get("body", b""))
            await send(message)

        try:
            await self._answer(scope, receive, note, lambda: status > 0)
        finally:
            query, seconds = scope["query_string"].decode("latin-1"), time.perf_counter() - begin
            add = self._state.metrics.add
            add(self._route, scope["method"], scope["path"], query, status or _GONE, size, seconds)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, has_begun: Callable[[], bool]) -> None:
        """Answer a request; a refusal or an error is answered with one sentence."""
        sender = Sender(scope, send)
        if scope["method"] == "OPTIONS":
            return await sender.send(Head(204, PREFLIGHT))
        try:
            await self._try_twice(scope, receive, send)
        except HttpError as no:
            await sender.sentence(no.status, str(no), no.headers)
        except GoneError:
            return
        except Exception as error:
            if has_begun():
                raise  # the connection breaks off, so that nobody takes a part for the whole
            traceback.print_exception(error, file=sys.stderr)
            await sender.sentence(500, "an error of the server: whoever runs it finds more in its log")

    async def _try_twice(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; once more if meanwhile another build has taken the place of the one that it began with."""
        try:
            return await self._app(scope, receive, send)
        except ChangedError:
            await self._state.reload()
        try:
            await self._app(scope, receive, send)
        except ChangedError:
            raise HttpError(503, "the publication is being replaced", {"Retry-After": "2"}) from None


class _ReadOnly:
    """An endpoint that is only read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse its method."""
        if scope["method"] not in ("GET", "HEAD"):
            raise HttpError(405, f"this address takes {_METHODS}", {"Allow": _METHODS})
        await self._app(scope, receive, send)


class Health:
    """Says whether the server works, whatever its workers do."""

    def __init__(self, state: ServerState) -> None:
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        build = self._state.build
        body = {
            "status": "ok",
            "build": build.publication.version,
            "workers": {"all": build.pool.size, "busy": build.pool.busy},
            "waiting": build.pool.waiting,
            "limits": asdict(self._state.settings),
        }
        head = Head(200, {"Content-Type": "application/json", "Cache-Control": "no-store"})
        await Sender(scope, send).send(head, (json.dumps(body, indent=1) + "\n").encode())


class MetricsPage:
    """The numbers of the server, for Prometheus."""

    def __init__(self, state: ServerState) -> None:
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        head = Head(200, {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store"})
        await Sender(scope, send).send(head, self._state.metrics.render(self._state.build.pool))
