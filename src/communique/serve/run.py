"""Runs the application with uvicorn, with deadlines for slow clients."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from communique.serve.app import create_app
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
            if self._timer is None and (self.cycle is None or self.cycle.response_complete):
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


def run(root: Path, host: str, port: int, settings: Settings, say: Callable[[str], None]) -> None:
    """Serve the publication in a folder until the process is told to stop (Ctrl-C or SIGTERM)."""
    config = uvicorn.Config(
        create_app(root, settings, say=say),
        host=host,
        port=port,
        http=protocol(settings.head_seconds),
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        limit_concurrency=settings.connections,
        timeout_keep_alive=max(5, int(settings.head_seconds)),
        timeout_graceful_shutdown=int(settings.stop_seconds) or 1,
        h11_max_incomplete_event_size=64 * 1024,
    )
    uvicorn.Server(config).run()
