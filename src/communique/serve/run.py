"""Runs the application with uvicorn, with deadlines for slow clients."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from communique.serve.app import create_app
from communique.serve.metrics import Metrics
from communique.serve.settings import Settings


def protocol(seconds: float) -> type[HttpToolsProtocol]:
    """The protocol of a connection that is closed if the head of a request does not arrive in so many seconds.

    uvicorn itself waits for ever for a client that sends one byte now and then.
    """

    class Protocol(HttpToolsProtocol):
        _timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._timer = self.loop.call_later(seconds, transport.close)

        def data_received(self, data: bytes) -> None:
            last: RequestResponseCycle | None = self.cycle  # None before the first request
            if self._timer is None and (last is None or last.response_complete):
                self._timer = self.loop.call_later(seconds, self.transport.close)
            super().data_received(data)

        def on_headers_complete(self) -> None:
            self._stop()
            super().on_headers_complete()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop()
            super().connection_lost(exc)

        def _stop(self) -> None:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    return Protocol


def open_socket(host: str, port: int) -> socket.socket:
    """A socket that listens at an address. Raises OSError if it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=1024)


def run(
    root: Path,
    listening: socket.socket,
    settings: Settings,
    *,
    store: str,
    metrics: Metrics,
    proxy: str,
    assistants: bool,
    say: Callable[[str], None],
) -> None:
    """Serve the publication in a folder until the process is told to stop (Ctrl-C or SIGTERM).

    Queries are answered from a store of its own, or by ``store``, the address of a SPARQL service. ``proxy`` is the
    address of a server in front of this one, which says for whom it asks (X-Forwarded-For). With ``assistants``, there
    are tools for them at ``/mcp``. Requests that are under way have some seconds to end. Raises `CommuniqueError` if
    the publication cannot be served.
    """
    app = create_app(root, settings, store=store, metrics=metrics, say=say, assistants=assistants)
    config = uvicorn.Config(
        app,
        http=protocol(settings.head_seconds),
        ws="none",
        lifespan="off",  # the state is started here, so that what is wrong is one sentence
        log_level="warning",
        access_log=False,
        forwarded_allow_ips=proxy,
        server_header=False,
        limit_concurrency=settings.connections,
        timeout_keep_alive=int(settings.idle_seconds),
        timeout_graceful_shutdown=max(1, int(settings.stop_seconds)),
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C, when uvicorn has stopped
    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_serve(uvicorn.Server(config), app, listening))


async def _serve(server: uvicorn.Server, app: Starlette, listening: socket.socket) -> None:
    async with app.router.lifespan_context(app):
        await server.serve(sockets=[listening])
