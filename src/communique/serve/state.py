"""What the server knows while it runs: the build in use, its workers, the settings, the numbers of the metrics.

A new build is noticed within a second. Its store is filled and its workers are started before it is used; requests that
began with the old build end with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import ipaddress
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from communique.errors import CommuniqueError
from communique.query.catalogue import Query
from communique.serve.catalogue import read_questions
from communique.serve.description import describe
from communique.serve.files import Cache, Files
from communique.serve.pool import Pool
from communique.serve.publication import Publication, open_publication
from communique.serve.settings import Settings
from communique.serve.storage import open_storage
from communique.serve.worker import Limits, begin

if TYPE_CHECKING:
    from starlette.types import Scope

_POLL: Final = 0.5
"""Seconds between two looks at the folder."""


class Build:
    """A build in use: its files, the workers that read its store, and its canned questions."""

    def __init__(
        self, publication: Publication, pool: Pool, resources: AsyncExitStack, questions: Mapping[str, Query]
    ) -> None:
        self.publication, self.pool, self.questions = publication, pool, questions
        self._resources = resources

    def tag(self, *words: str) -> str:
        """The ETag of an answer that depends on the build and these words only."""
        whole = hashlib.sha256(self.publication.version.encode())
        for word in words:
            whole.update(b"\0" + word.encode("utf-8", "surrogatepass"))
        return f'"{whole.hexdigest()[:32]}"'

    async def close(self, seconds: float = 0) -> None:
        """Wait for what is under way, at most some seconds, then end the workers and let the store go."""
        await self.pool.drain(seconds)
        await self._resources.aclose()


async def open_build(root: Path, settings: Settings) -> Build:
    """The build in a folder, with its store and its workers. Raises `CommuniqueError` if there is none."""
    publication = await asyncio.to_thread(open_publication, root)
    questions = await asyncio.to_thread(read_questions, publication)
    resources = AsyncExitStack()
    storage = open_storage(publication)
    place = await asyncio.to_thread(storage.__enter__)
    resources.push(storage.__exit__)
    limits = Limits(settings.result_rows, settings.result_bytes, settings.worker_bytes)
    pool = Pool(settings, begin, place, limits)
    try:
        await pool.start()
    except BaseException:
        await pool.close()
        await resources.aclose()
        raise
    return Build(publication, pool, resources, questions)


class State:
    """The state of a server; `start` and `stop` belong to the beginning and the end of its event loop."""

    def __init__(self, root: Path, settings: Settings, say: Callable[[str], None] = lambda _: None) -> None:
        self.root, self.settings = root, settings
        self.files = Files(lambda: self.build.publication, Cache(settings.cache_bytes))
        self._say = say
        self._build: Build | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def build(self) -> Build:
        """The build in use."""
        assert self._build is not None, "the server has been started"
        return self._build

    async def start(self) -> None:
        """Open the build, and begin to look for another. Raises `CommuniqueError` if there is none."""
        self._build = await open_build(self.root, self.settings)
        self._begin(self._watch())

    async def stop(self) -> None:
        """End everything; requests that are under way have some seconds to end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._build is not None:
            await self._build.close(self.settings.stop_seconds)

    async def reload(self) -> bool:
        """Use the build that is in the folder now; gives whether it is another one, and complete."""
        if self.build.publication.is_current:
            return False
        try:
            new = await open_build(self.root, self.settings)
        except CommuniqueError as no:
            self._say(f"the new build cannot be used, the old one stays: {no}")
            return False
        old, self._build = self.build, new
        self._say(f"a new build is in use: {new.publication.version[:16]}")
        self._begin(old.close(self.settings.query_seconds + 1))
        return True

    def description(self, build: Build, address: str, media_type: str) -> bytes:
        """The description of the SPARQL service at an address."""
        return describe(build.publication, self.settings, address, media_type)

    def client(self, scope: Scope) -> str:
        """Who asks, for fair turns: the address, of IPv6 the network of 64 bits."""
        host = str((scope.get("client") or ("", 0))[0])
        with contextlib.suppress(ValueError):
            address = ipaddress.ip_address(host)
            if address.version == 6:
                return str(ipaddress.ip_network((address, 64), strict=False))
        return host

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_POLL)
            await self.reload()

    def _begin(self, work: object) -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(work)  # type: ignore[arg-type]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
