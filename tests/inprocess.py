"""The application of the server inside the process of the tests: asked as a client asks it, without a socket."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from communique.serve.app import create_app
from communique.serve.settings import Settings
from communique.serve.state import Build


class InProcess:
    """Asks an application that runs in an event loop of its own."""

    def __init__(self, app: Any, loop: asyncio.AbstractEventLoop) -> None:
        self.app, self._loop = app, loop
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://example.org")

    @property
    def build(self) -> Build:
        found: Build = self.app.state.communique.build
        return found

    def run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def get(self, path: str, values: Any = None, *, method: str = "GET", **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        found: httpx.Response = self.run(self.client.request(method, path, params=values, headers=named))
        return found


@contextmanager
def in_process(root: Path, *, assistants: bool = False, **settings: Any) -> Iterator[InProcess]:
    """Serve a publication with one worker until the end of the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    app = create_app(root, Settings(**{"workers": 1, "query_seconds": 60.0} | settings), assistants=assistants)
    served, began, end = InProcess(app, loop), threading.Event(), asyncio.Event()

    async def live() -> None:  # a lifespan begins and ends in the same task
        async with app.router.lifespan_context(app):
            began.set()
            await end.wait()

    life = asyncio.run_coroutine_threadsafe(live(), loop)
    life.add_done_callback(lambda _: began.set())
    began.wait(60)
    try:
        if life.done():
            life.result()
        yield served
    finally:
        served.run(served.client.aclose())
        loop.call_soon_threadsafe(end.set)
        life.result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
