"""What the server knows while it runs: the build in use, its workers, the settings, the numbers of the metrics.

A new build is noticed within a second. Its store is filled and its workers are started before it is used; requests that
began with the old build end with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import ipaddress
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from posixpath import dirname
from typing import TYPE_CHECKING, Any, Final

from communique.errors import CommuniqueError
from communique.formats import TURTLE, Format
from communique.iris import own_iri, read_graph, slug_in
from communique.query.catalogue import Query
from communique.serve.cache import MemoryCache
from communique.serve.catalogue import read_questions
from communique.serve.description import describe
from communique.serve.files import Files
from communique.serve.fulltext import FullText
from communique.serve.indexing import NAME as INDEX
from communique.serve.metrics import Metrics
from communique.serve.missing import send_missing
from communique.serve.pool import Pool
from communique.serve.publication import Publication, open_publication
from communique.serve.questionpage import CHANGED
from communique.serve.refusal import HttpError
from communique.serve.responding import Sender
from communique.serve.settings import Settings
from communique.serve.storage import open_storage
from communique.serve.withdrawn import withdrawn
from communique.serve.worker import STACK, Represented, begin
from communique.serve.writing import Limits

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

_POLL: Final = 0.5
"""Seconds between two looks at the folder."""


class Build:
    """A build in use: its files, its canned questions, the index of its texts, and the workers that read its store.

    ``is_constant``: the same query has the same answer as long as this build is in use; not if another store answers.
    """

    def __init__(
        self,
        publication: Publication,
        pool: Pool,
        questions: Mapping[str, Query],
        fulltext: FullText,
        resources: AsyncExitStack,
        *,
        is_constant: bool,
    ) -> None:
        self.publication, self.pool, self.questions, self.fulltext = publication, pool, questions, fulltext
        self.is_constant = is_constant
        self.withdrawn = withdrawn(publication.root, publication.base, publication.releases)
        self._resources = resources

    def tag(self, *words: str) -> str:
        """The ETag of an answer that depends on the build and these words only; "" if it may change meanwhile."""
        if not self.is_constant:
            return ""
        whole = hashlib.sha256(self.publication.version.encode())
        for word in words:
            whole.update(b"\0" + word.encode("utf-8", "surrogatepass"))
        return f'"{whole.hexdigest()[:32]}"'

    def release_at(self, path: str) -> str:
        """The slug of the release, there or not, of whose folder or named graphs a path is; "" for any other path."""
        base = self.publication.base
        iri = own_iri(base, path.rstrip("/"))
        graph = read_graph(iri, base)
        return graph.of_release if graph else slug_in(iri, base) or slug_in(own_iri(base, dirname(path)), base)

    async def close(self, seconds: float = 0) -> None:
        """Wait for what is under way, at most some seconds, then end the workers and let the store go."""
        await self.pool.drain(seconds)
        await self._resources.aclose()


class MakerOfBuild:
    """Makes the syntaxes in which the releases and entities of a build have no files, for one client."""

    def __init__(self, build: Build, client: str) -> None:
        self._build, self._client = build, client
        self.tag = build.tag

    async def render(self, path: str, syntax: Format) -> bytes:
        """The release or entity in a folder in a syntax."""
        publication = self._build.publication
        turtle = publication.read(publication.files[f"{path}/{TURTLE.file}"])
        wanted = Represented(path, turtle, syntax.name, publication.base, publication.root)
        body: bytes = await self._build.pool.ask(self._client, "represent", wanted)
        return body


async def open_build(root: Path, settings: Settings, store: str = "") -> Build:
    """The build in a folder, with its workers, which read a store of its own, or ask that at an address.

    What is searched is always the index of the build.

    Raises `CommuniqueError` if there is none.
    """
    publication = await asyncio.to_thread(open_publication, root)
    questions = await asyncio.to_thread(read_questions, publication)
    async with AsyncExitStack() as resources:
        limits = Limits(settings.result_rows, settings.result_bytes, settings.worker_bytes)
        storage = open_storage(publication)
        place = await asyncio.to_thread(storage.__enter__)
        resources.push(storage.__exit__)
        fulltext = FullText(place / INDEX, settings.search_seconds)
        resources.callback(fulltext.close)
        if store:
            from communique.serve.remote import (  # a client of HTTP, which others do not need
                begin_remote,
                find_services,
            )

            services = await asyncio.to_thread(find_services, store)
            pool = Pool(settings, partial(begin_remote, store, services), settings.query_seconds, limits)
        else:
            pool = Pool(settings, begin, place, limits, stack=STACK)
        resources.push_async_callback(pool.close)
        await pool.start()
        return Build(publication, pool, questions, fulltext, resources.pop_all(), is_constant=not store)


class ServerState:
    """The state of a server; `start` and `stop` belong to the beginning and the end of its event loop."""

    def __init__(
        self, root: Path, settings: Settings, metrics: Metrics, say: Callable[[str], None], *, store: str = ""
    ) -> None:
        self.root, self.settings, self.metrics, self._store = root, settings, metrics, store
        self.cache = MemoryCache(settings.cache_bytes)
        self.files = Files(self.cache)
        self._say = say
        self._build: Build | None = None
        self._loading = asyncio.Lock()
        self._said = ""
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def build(self) -> Build:
        """The build in use."""
        assert self._build is not None, "the server has been started"
        return self._build

    async def start(self) -> None:
        """Open the build, and begin to look for another. Raises `CommuniqueError` if there is none."""
        self._build = await open_build(self.root, self.settings, self._store)
        if not await self._build.pool.ask("", "is_confined"):
            self._tell("this system does not let workers give up the network: only the gate keeps queries from it")
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
        async with self._loading:
            if self.build.publication.is_current:
                return False
            try:
                new = await open_build(self.root, self.settings, self._store)
            except CommuniqueError as no:
                self._tell(f"the new build cannot be used, the old one stays: {no}")
                return False
            old, self._build = self.build, new
            self._tell(f"a new build is in use: {new.publication.version[:16]}")
            self._begin(old.close(self.settings.query_seconds + 1))
            return True

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a path of the publication."""
        sender, build = Sender(scope, send), self.build
        path = scope["path"].removeprefix("/")
        change = next((change for pattern, change in CHANGED if pattern.fullmatch(path)), None)
        page = build.publication.files.get(path or "index.html")
        if change is not None and page is not None:
            return await self.files.send_changed(build.publication, page, sender, change)
        try:
            await self.files.answer(build.publication, path, sender, MakerOfBuild(build, self.client(scope)))
        except HttpError as no:
            if no.status != 404:
                raise
            slug = build.release_at(path)
            if slug in build.withdrawn:
                no = HttpError(410, f"the release {slug} was here, and is not published any more")
            await send_missing(build.publication, path, no, sender)

    def description(self, build: Build, media_type: str) -> bytes:
        """The description of the SPARQL service."""
        return describe(build.publication, self.settings, media_type, union=not self._store)

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

    def _tell(self, sentence: str) -> None:
        """Say something, but not the same again and again."""
        if sentence != self._said:
            self._said = sentence
            self._say(sentence)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
