"""The application: which address is answered by what, and what every request has in common.

It is plain ASGI, so that others can mount it or run it with a server of their own.
"""

from __future__ import annotations

import contextlib
import sys
import traceback
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.routing import Mount, Route

from communique.publish.hosting.negotiation import PREFLIGHT
from communique.serve.publication import ChangedError
from communique.serve.questions import Questions
from communique.serve.reading import GoneError
from communique.serve.refusal import RefusedError
from communique.serve.responding import Head, Sender
from communique.serve.settings import Settings
from communique.serve.sparql import GraphStore, Sparql
from communique.serve.state import State

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_METHODS: Final = "GET, HEAD, OPTIONS"


def create_app(
    root: Path, settings: Settings | None = None, *, say: Callable[[str], None] = lambda _: None
) -> Starlette:
    """The application that serves the publication in a folder.

    It opens the publication when it is started (the lifespan of ASGI), and says what happens in whole sentences.
    """
    state = State(root, settings or Settings(), say)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await state.start()
        try:
            yield
        finally:
            await state.stop()

    routes = [
        Route("/sparql", _Guarded(Sparql(state), state)),
        Route("/store", _Guarded(GraphStore(state), state)),
        Route("/health", _Guarded(Health(state), state)),
        Route("/queries/{rest:path}", _Guarded(Questions(state), state)),
        Mount("/", _Guarded(_ReadOnly(state.files), state)),
    ]
    app = Starlette(routes=routes, lifespan=lifespan)
    app.state.communique = state
    return app


class _Guarded:
    """An endpoint whose refusals become responses, and whose errors become one sentence without a trace."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        self._app, self._state = app, state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, whatever happens."""
        begun = False

        async def note(message: Any) -> None:
            nonlocal begun
            begun = True
            await send(message)

        sender = Sender(scope, send)
        if scope["method"] == "OPTIONS":
            return await sender.send(Head(204, PREFLIGHT))
        for last in (False, True):
            try:
                return await self._app(scope, receive, note)
            except RefusedError as no:
                return await sender.sentence(no.status, str(no), no.headers)
            except GoneError:
                return None
            except ChangedError:
                if begun:
                    raise  # the connection breaks off, so that nobody takes a part for the whole
                if last or not await self._state.reload():
                    return await sender.sentence(503, "the publication is being replaced", {"Retry-After": "2"})
            except Exception as error:
                traceback.print_exception(error, file=sys.stderr)
                if begun:
                    raise
                return await sender.sentence(500, "an error of the server: whoever runs it finds more in its log")


class _ReadOnly:
    """An endpoint that is only read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse its method."""
        if scope["method"] not in ("GET", "HEAD"):
            raise RefusedError(405, f"this address takes {_METHODS}", {"Allow": _METHODS})
        await self._app(scope, receive, send)


class Health:
    """Says whether the server works, whatever its workers do."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        import json
        from dataclasses import asdict

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
