"""The server under mixed traffic, hostile clients among it, with workers killed at random; run it by hand.

    python tests/bench/soak.py PUBLIC [--seconds 1800] [--clients 200] [--hostile 20] [--kill 5]

Starts the server on a publication. Benign clients ask pages and queries whose answers are known and compare each
answer; hostile ones send what ends or fills an engine; every few seconds a worker is killed. Prints what was answered,
every wrong answer, how long /health took at most, and the memory of the server at the beginning and at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import signal
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from tests.serving import Served, serving

QUERIES = (
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT ?t (COUNT(*) AS ?n) { ?s a ?t } GROUP BY ?t ORDER BY ?t",
    "SELECT ?s ?name { ?s <http://schema.org/name> ?name } ORDER BY ?s ?name",
    "ASK { ?s a <http://purl.org/spar/fabio/PressRelease> }",
    "SELECT DISTINCT ?p { ?s ?p ?o } ORDER BY ?p",
)
HOSTILE = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?d",
    "SELECT * " + "{" * 60_000,
    "SELECT (" + "(" * 30_000 + "1" + ")" * 30_000 + " AS ?x) {}",
    "SELECT * { VALUES ?a {" + " 1" * 4_000 + "} VALUES ?b {" + " 2" * 4_000 + "} VALUES ?c {" + " 3" * 4_000 + "} }",
    'SELECT (STRLEN(?z) AS ?n) { BIND("xxxxxxxxxxxxxxxx" AS ?a) '
    + " ".join(f"BIND(CONCAT(?{chr(96 + n)}, ?{chr(96 + n)}) AS ?{chr(97 + n)})" for n in range(1, 26))
    + " }",
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    'SELECT * { ?s ?p ?o FILTER REGEX(STR(?o), "^(a+)+(b+)+$") }',
    "INSERT DATA { <a:a> <a:b> <a:c> }",
)


@dataclass
class Tally:
    """What was seen."""

    statuses: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    health: list[float] = field(default_factory=list)
    killed: int = 0


def memory(pid: int) -> int:
    """The memory of a process, in KiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


async def benign(
    client: httpx.AsyncClient, known: dict[str, bytes], paths: list[str], tally: Tally, end: float
) -> None:
    """Ask pages and queries until the end, and compare each answer."""
    while time.monotonic() < end:
        if random.random() < 0.5:
            name = random.choice(paths)
            reply = await client.get(name)
        else:
            name = random.choice(QUERIES)
            # a comment makes it another request, so that it is not answered from memory
            text = name + f" # {random.random()}" if random.random() < 0.5 else name
            reply = await client.get("/sparql", params={"query": text}, headers={"accept": "text/csv"})
        tally.statuses[f"benign {reply.status_code}"] += 1
        if reply.status_code == 200 and reply.content != known[name]:
            tally.wrong.append(f"{name}: {reply.content[:200]!r}")
        await asyncio.sleep(random.random() * 0.2)


async def hostile(client: httpx.AsyncClient, tally: Tally, end: float) -> None:
    """Send what ends an engine, until the end."""
    while time.monotonic() < end:
        text = random.choice(HOSTILE)
        reply = await client.post("/sparql", content=text, headers={"content-type": "application/sparql-query"})
        tally.statuses[f"hostile {reply.status_code}"] += 1
        if reply.status_code >= 500 and reply.status_code != 503:
            tally.wrong.append(f"{text[:80]}: {reply.status_code} {reply.text[:200]}")
        await asyncio.sleep(random.random() * 0.5)


async def watch(client: httpx.AsyncClient, pid: int, tally: Tally, end: float, every: float) -> None:
    """Ask for the health five times a second, and kill a worker now and then."""
    last = time.monotonic()
    while time.monotonic() < end:
        begin = time.monotonic()
        reply = await client.get("/health")
        tally.health.append(time.monotonic() - begin)
        assert reply.status_code == 200
        if every and time.monotonic() - last > every:
            last = time.monotonic()
            found = subprocess.run(
                ["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False
            ).stdout.split()
            if found:
                with contextlib.suppress(ProcessLookupError):  # it may have ended by itself
                    os.kill(int(random.choice(found)), signal.SIGKILL)
                    tally.killed += 1
        await asyncio.sleep(0.2)


async def run(served: Served, arguments: argparse.Namespace) -> Tally:
    """All clients at once."""
    tally = Tally()
    limits = httpx.Limits(max_connections=arguments.clients + 10, keepalive_expiry=5)
    headers = {"accept": "*/*", "accept-encoding": "identity"}
    async with (
        httpx.AsyncClient(base_url=served.url, timeout=120, limits=limits, headers=headers) as client,
        httpx.AsyncClient(base_url=served.url, timeout=120) as other,
    ):
        paths = ["/", "/style.css", "/dataset.ttl", "/manifest.json", "/index.ru.html"]
        known = {path: (await client.get(path)).content for path in paths}
        for query in QUERIES:
            reply = await client.get("/sparql", params={"query": query}, headers={"accept": "text/csv"})
            assert reply.status_code == 200, reply.text
            known[query] = reply.content
        end = time.monotonic() + arguments.seconds
        tasks = [benign(client, known, paths, tally, end) for _ in range(arguments.clients - arguments.hostile)]
        tasks += [hostile(client, tally, end) for _ in range(arguments.hostile)]
        await asyncio.gather(*tasks, watch(other, served.process.pid, tally, end, arguments.kill))
    return tally


def main() -> None:
    """Run the soak and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("public", type=Path)
    parser.add_argument("--seconds", type=float, default=1800)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--hostile", type=int, default=20)
    parser.add_argument("--kill", type=float, default=5, help="seconds between two workers killed; 0: none")
    arguments = parser.parse_args()
    random.seed(1)
    with serving(arguments.public, "queue=400", "queue_client=400", "query_seconds=2") as served:
        pid = served.process.pid
        before = memory(pid)
        tally = asyncio.run(run(served, arguments))
        after = memory(pid)
        print(*sorted(tally.statuses.items()), sep="\n")
        print(f"wrong answers: {len(tally.wrong)}", *tally.wrong[:10], sep="\n")
        print(
            f"workers killed: {tally.killed}; /health at most {max(tally.health):.3f} s of {len(tally.health):,} times"
        )
        print(f"memory of the server: {before:,} KiB before, {after:,} after; alive: {served.process.poll() is None}")


if __name__ == "__main__":
    main()
