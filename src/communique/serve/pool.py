"""The workers: separate processes that answer one request at a time, a bounded queue, and fair turns between clients.

A request that takes too long, or whose client has gone, ends its process; a fresh one takes its place at once.
"""

from __future__ import annotations

import asyncio
import os
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from communique.apart import Apart
from communique.serve.refusal import HttpError
from communique.serve.settings import Settings

_MOST_BY_DEFAULT: Final = 8
_MOMENT: Final = 0.05
"""Seconds between two looks at whether all requests have ended."""

_RETRY: Final = {"Retry-After": "2"}

_ENDED: Final = "the query ended the process that answered it, most likely for want of memory (worker_bytes)"
HELP: Final = "ask for less, or take the files of the whole dataset or the published result of a canned question"


@dataclass(slots=True)
class PoolNumbers:
    """What the workers have done since the server was started."""

    answered: int = 0
    too_long: int = 0
    ended: int = 0
    refused: int = 0
    abandoned: int = 0


@dataclass(slots=True)
class _Queue:
    """Who waits for a worker: clients in turn, and the requests of each in order."""

    clients: OrderedDict[str, deque[asyncio.Future[Apart]]] = field(default_factory=OrderedDict)
    size: int = 0

    def add(self, client: str, turn: asyncio.Future[Apart]) -> None:
        self.clients.setdefault(client, deque()).append(turn)
        self.size += 1

    def waiting(self, client: str) -> int:
        return len(self.clients.get(client, ()))

    def drop(self, client: str, turn: asyncio.Future[Apart]) -> None:
        """Take out a request that nobody waits for any more."""
        turns = self.clients.get(client)
        if turns and turn in turns:
            turns.remove(turn)
            self.size -= 1
            if not turns:
                del self.clients[client]

    def next(self) -> asyncio.Future[Apart] | None:
        """The request whose turn it is; its client goes to the end."""
        while self.clients:
            client, turns = self.clients.popitem(last=False)
            turn = turns.popleft()
            self.size -= 1
            if turns:
                self.clients[client] = turns
            if not turn.done():  # its client has just gone, and it is about to be dropped
                return turn
        return None


class Pool:
    """Workers set up by ``begin(*arguments)``, see `communique.apart.Apart`; use it in one event loop, then `close`."""

    def __init__(
        self, settings: Settings, begin: Callable[..., Callable[..., Any]], *arguments: Any, stack: int = 0
    ) -> None:
        self.size = settings.workers or min(os.cpu_count() or 1, _MOST_BY_DEFAULT)
        self.numbers = PoolNumbers()
        self._settings = settings
        self._threads = ThreadPoolExecutor(self.size + 1, thread_name_prefix="worker")
        self._all = [Apart(begin, *arguments, seconds=None, stack=stack) for _ in range(self.size)]
        self._free: list[Apart] = []
        self._ended: set[Apart] = set()
        self._queue = _Queue()
        self._under_way = 0
        self._open = True

    @property
    def waiting(self) -> int:
        """How many requests wait."""
        return self._queue.size

    @property
    def busy(self) -> int:
        """How many workers are at work."""
        return self.size - len(self._free)

    async def start(self) -> None:
        """Start all workers. Raises what ``begin`` raises."""
        self._loop = asyncio.get_running_loop()
        await asyncio.gather(*(self._in_thread(worker.start) for worker in self._all))
        self._free = list(self._all)

    async def ask(self, client: str, *request: Any, seconds: float | None = None) -> Any:
        """The answer of a worker, for which one client waits at most ``seconds``, and never longer than is allowed.

        Raises `HttpError`: 503 if too many wait, 422 if it takes too long or too much memory, and what the worker
        raises.
        """
        worker = await self._turn(client)
        most = min(seconds or self._settings.query_seconds, self._settings.query_seconds)
        self._under_way += 1
        try:
            succeeded, answer = await self._exchange(worker, request, most)
        except asyncio.CancelledError:
            self.numbers.abandoned += 1
            raise
        except TimeoutError:
            self.numbers.too_long += 1
            raise HttpError(422, f"the query took longer than {most:g} s (query_seconds): {HELP}") from None
        except (EOFError, OSError):
            self.numbers.ended += 1
            raise HttpError(422, f"{_ENDED}: {HELP}") from None
        finally:
            self._under_way -= 1
            self._give_back(worker)
        if succeeded:
            self.numbers.answered += 1
            return answer
        self.numbers.refused += isinstance(answer, HttpError)
        raise answer

    async def _exchange(self, worker: Apart, request: tuple[Any, ...], seconds: float) -> tuple[bool, Any]:
        """Whether a request to a worker succeeded, and the answer; a worker that gives none is killed.

        The worker has a whole answer before it sends any of it, and reads a request as soon as it comes: neither keeps
        the event loop waiting.
        """
        if not worker.is_running:  # it was ended while it had nothing to do
            await self._in_thread(partial(_start_anew, worker))
        try:
            worker.send(*request)
            async with asyncio.timeout(seconds):
                await self._readable(worker.fileno())
            return worker.receive()
        except BaseException:
            self._ended.add(worker)
            worker.kill()
            raise

    async def _readable(self, line: int) -> None:
        """Wait until a file descriptor can be read."""
        there: asyncio.Future[None] = self._loop.create_future()
        self._loop.add_reader(line, _wake, there)
        try:
            await there
        finally:
            self._loop.remove_reader(line)
            os.set_blocking(line, True)  # uvloop has changed this

    async def close(self) -> None:
        """End all workers; what is under way is ended too."""
        self._open = False
        while (turn := self._queue.next()) is not None:
            turn.set_exception(HttpError(503, "the server is being stopped", _RETRY))
        while True:
            for worker in self._all:
                worker.kill()
            if not self._under_way:
                break
            await asyncio.sleep(_MOMENT)
        await asyncio.to_thread(self._threads.shutdown)
        for worker in self._all:
            worker.close()

    async def drain(self, seconds: float) -> None:
        """Wait until nothing is under way any more, at most some seconds; then `close`."""
        for _ in range(int(seconds / _MOMENT)):
            if not self.busy and not self.waiting:
                break
            await asyncio.sleep(_MOMENT)
        await self.close()

    async def _turn(self, client: str) -> Apart:
        """A free worker, when it is this client's turn."""
        if self._free and not self._queue.size:
            return self._free.pop()
        settings = self._settings
        if self._queue.size >= settings.queue or self._queue.waiting(client) >= settings.queue_client:
            self.numbers.refused += 1
            who = "you have" if self._queue.waiting(client) >= settings.queue_client else "there are"
            raise HttpError(503, f"{who} too many requests waiting: ask again in two seconds", _RETRY)
        turn: asyncio.Future[Apart] = self._loop.create_future()
        self._queue.add(client, turn)
        try:
            return await turn
        except asyncio.CancelledError:
            self._queue.drop(client, turn)
            if turn.done() and not turn.cancelled():
                self._give_back(turn.result())
            raise

    def _give_back(self, worker: Apart) -> None:
        """Let a worker serve whose turn it is; if its process has ended, another is started first."""
        if not self._open:
            return
        if worker in self._ended or not worker.is_running:
            self._ended.discard(worker)
            self._threads.submit(_start_anew, worker).add_done_callback(
                lambda _: self._loop.call_soon_threadsafe(self._pass_on, worker)
            )
            return
        self._pass_on(worker)

    def _pass_on(self, worker: Apart) -> None:
        turn = self._queue.next()
        if turn is None:
            self._free.append(worker)
        else:
            turn.set_result(worker)

    async def _in_thread(self, work: Callable[[], None]) -> None:
        await asyncio.wrap_future(self._threads.submit(work))


def _wake(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)


def _start_anew(worker: Apart) -> None:
    worker.close()
    worker.start()
