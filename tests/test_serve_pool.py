"""The workers: turns of clients, bounds, what is killed and what comes after it."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest
import uvloop

from communique.serve.pool import Pool
from communique.serve.refusal import HttpError
from communique.serve.settings import Settings


def begin(*words: str) -> Callable[..., Any]:
    def answer(task: str, *request: Any) -> Any:
        if task == "sleep":
            time.sleep(*request)
        if task == "die":
            os.abort()
        if task == "refuse":
            raise HttpError(418, "no tea")
        if task == "count":
            return len(request[0]), request[0] * 3
        if task == "fail":
            raise ZeroDivisionError("of a worker")
        return (task, os.getpid(), *words)

    return answer


def refuse() -> Callable[..., Any]:
    raise HttpError(500, "no store here")


async def opened(**settings: Any) -> Pool:
    pool = Pool(Settings(**{"workers": 1, "query_seconds": 5.0} | settings), begin, "a", "b")
    await pool.start()
    return pool


def run(work: Callable[[Pool], Any], **settings: Any) -> Any:
    async def whole() -> Any:
        pool = await opened(**settings)
        try:
            return await work(pool)
        finally:
            await pool.close()

    return asyncio.run(whole())


def test_an_answer_comes_from_a_process_of_its_own() -> None:
    async def work(pool: Pool) -> Any:
        answer = await pool.ask("me", "word")
        await asyncio.sleep(0.05)
        return answer, pool.numbers.answered, pool.busy

    (answer, answered, busy) = run(work)
    assert (answer[0], answer[2:], answered, busy) == ("word", ("a", "b"), 1, 0) and answer[1] != os.getpid()


@pytest.mark.parametrize(
    ("task", "status", "words"),
    [("die", 422, "most likely for want of memory (worker_bytes)"), ("refuse", 418, "no tea")],
)
def test_what_a_worker_cannot_answer_is_a_refusal_and_the_next_one_is_answered(
    task: str, status: int, words: str
) -> None:
    async def work(pool: Pool) -> Any:
        with pytest.raises(HttpError) as no:
            await pool.ask("me", task)
        assert (no.value.status, words in str(no.value)) == (status, True)
        assert (pool.numbers.ended, pool.numbers.refused) == ((1, 0) if task == "die" else (0, 1))
        return await pool.ask("me", "word")

    assert run(work)[0] == "word"


def test_a_worker_that_is_killed_while_it_has_nothing_to_do_is_replaced_unnoticed() -> None:
    async def work(pool: Pool) -> Any:
        first = await pool.ask("me", "word")
        process = pool._all[0]._process
        assert process is not None
        os.kill(first[1], signal.SIGKILL)
        while process.process.poll() is None:  # another may have taken its place by then
            await asyncio.sleep(0.01)
        return first, await pool.ask("me", "word")

    first, second = run(work)
    assert second[0] == "word" and first[1] != second[1]


def test_an_error_of_a_worker_is_raised_here_and_the_worker_stays() -> None:
    async def work(pool: Pool) -> Any:
        first = await pool.ask("me", "word")
        with pytest.raises(ZeroDivisionError):
            await pool.ask("me", "fail")
        return first, await pool.ask("me", "word")

    first, second = run(work)
    assert first == second


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_requests_and_answers_may_be_larger_than_what_the_system_buffers(loop: Callable[[], Any]) -> None:
    async def whole() -> Any:
        pool = await opened()
        try:
            return [await pool.ask("me", "count", bytes(size)) for size in (10, 5_000_000, 10)]
        finally:
            await pool.close()

    with asyncio.Runner(loop_factory=loop) as runner:
        assert [(size, len(body)) for size, body in runner.run(whole())] == [(n, 3 * n) for n in (10, 5_000_000, 10)]


def test_what_takes_too_long_is_ended_and_its_worker_replaced() -> None:
    async def work(pool: Pool) -> Any:
        first = await pool.ask("me", "word")
        with pytest.raises(HttpError, match=r"^the query took longer than 0\.2 s") as no:
            await pool.ask("me", "sleep", 30, seconds=0.2)
        assert no.value.status == 422 and pool.numbers.too_long == 1
        return first, await pool.ask("me", "word")

    first, second = run(work)
    assert first[1] != second[1]


def test_the_limit_of_one_request_is_not_that_of_the_next() -> None:
    async def work(pool: Pool) -> Any:
        with pytest.raises(HttpError):
            await pool.ask("me", "sleep", 30, seconds=0.2)
        return await pool.ask("me", "sleep", 0.5)

    assert run(work)[0] == "sleep"


def test_clients_take_turns_whatever_one_of_them_asks() -> None:
    done: list[str] = []

    async def work(pool: Pool) -> None:
        async def one(client: str, number: int) -> None:
            await pool.ask(client, "sleep", 0.01)
            done.append(f"{client}{number}")

        busy = asyncio.create_task(one("x", 0))
        await asyncio.sleep(0)
        greedy = [asyncio.create_task(one("g", number)) for number in range(6)]
        await asyncio.sleep(0)
        others = [asyncio.create_task(one(client, 0)) for client in "ab"]
        await asyncio.gather(busy, *greedy, *others)

    run(work)
    assert done == ["x0", "g0", "a0", "b0", "g1", "g2", "g3", "g4", "g5"]


def test_the_queue_is_bounded_in_all_and_for_each_client() -> None:
    async def work(pool: Pool) -> list[Any]:
        tasks = [asyncio.create_task(pool.ask(client, "sleep", 0.3)) for client in "aaaabbbbcc"]
        found = await asyncio.gather(*tasks, return_exceptions=True)
        assert pool.waiting == 0
        return found

    found = run(work, queue=5, queue_client=2)
    # one of a at once, two of a and two of b wait, one of c; then there are five
    refused = [client for client, one in zip("aaaabbbbcc", found, strict=True) if isinstance(one, HttpError)]
    assert refused == ["a", "b", "b", "c"]
    assert {(one.status, one.headers["Retry-After"]) for one in found if isinstance(one, HttpError)} == {(503, "2")}


def test_a_client_that_goes_while_it_waits_leaves_its_place() -> None:
    async def work(pool: Pool) -> Any:
        busy = asyncio.create_task(pool.ask("a", "sleep", 0.3))
        await asyncio.sleep(0.05)
        waiting = asyncio.create_task(pool.ask("b", "word"))
        await asyncio.sleep(0.05)
        assert pool.waiting == 1
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert pool.waiting == 0
        await busy
        return await pool.ask("c", "word")

    assert run(work)[0] == "word"


def test_a_client_that_goes_as_its_turn_comes_takes_no_worker_with_it() -> None:
    async def work(pool: Pool) -> Any:
        busy = asyncio.create_task(pool.ask("a", "word"))
        await asyncio.sleep(0)  # the only worker is taken
        waiting = asyncio.create_task(pool.ask("b", "word"))
        await asyncio.sleep(0)
        waiting.cancel()
        pool._give_back(pool._all[0])  # in the same step, before the request can leave the queue
        await asyncio.gather(busy, waiting, return_exceptions=True)
        return await asyncio.wait_for(pool.ask("c", "word"), 10)

    assert run(work)[0] == "word"


def test_a_client_that_goes_while_it_is_served_ends_its_request() -> None:
    async def work(pool: Pool) -> Any:
        first = await pool.ask("a", "word")
        busy = asyncio.create_task(pool.ask("a", "sleep", 30))
        await asyncio.sleep(0.1)
        busy.cancel()
        await asyncio.gather(busy, return_exceptions=True)
        assert pool.numbers.abandoned == 1
        return first, await asyncio.wait_for(pool.ask("c", "word"), 10)

    first, second = run(work)
    assert first[1] != second[1]


def test_many_requests_of_which_some_die_are_all_answered_rightly() -> None:
    async def work(pool: Pool) -> list[Any]:
        tasks = [pool.ask(str(n % 7), "die" if n % 5 == 0 else f"word {n}") for n in range(60)]
        return await asyncio.gather(*tasks, return_exceptions=True)

    found = run(work, workers=2, queue=100, queue_client=100)
    for number, one in enumerate(found):
        assert isinstance(one, HttpError) if number % 5 == 0 else one[0] == f"word {number}"


def test_the_end_ends_what_is_under_way_and_what_waits() -> None:
    async def whole() -> list[Any]:
        pool = await opened()
        tasks = [asyncio.create_task(pool.ask("a", "sleep", 30)) for _ in range(3)]
        await asyncio.sleep(0.1)
        await pool.close()
        assert tasks[0].done()  # nothing reads from a worker that is closed
        return await asyncio.gather(*tasks, return_exceptions=True)

    assert [one.status for one in asyncio.run(whole())] == [422, 503, 503]


def test_a_drain_waits_for_what_is_under_way() -> None:
    async def whole() -> Any:
        pool = await opened()
        task = asyncio.create_task(pool.ask("a", "sleep", 0.5))
        await asyncio.sleep(0.1)
        await pool.drain(10)
        return await task

    assert asyncio.run(whole())[0] == "sleep"


def test_workers_that_cannot_begin_say_why() -> None:
    async def whole() -> None:
        pool = Pool(Settings(workers=1), refuse)
        try:
            await pool.start()
        finally:
            await pool.close()

    with pytest.raises(HttpError, match=r"^no store here$"):
        asyncio.run(whole())
