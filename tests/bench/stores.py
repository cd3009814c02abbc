"""How fast questions are answered and graphs loaded compared with peers, as ratios within one run; run it by hand.

    python tests/bench/stores.py DATA [--public DIR] [--runs 3] [--skip-load] [--skip-questions]

``DATA`` is the data folder of a large newsroom, ``DIR`` the publication built from it; without it the data are
checked before the questions and again in each load. Questions: the median over many releases or entities in the
embedded store, compared with rdflib on the same quads. Loads: `communique load` compared with the store's own bulk
upload of the same graphs over HTTP (the whole N-Quads file in one request to Oxigraph; one request per graph to
Virtuoso, which accepts no quads over HTTP).
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests import engines  # noqa: E402

from communique.api import Newsroom, open_newsroom  # noqa: E402
from communique.publish.graphs import gather, read_parts  # noqa: E402
from communique.query.ask import offers, run  # noqa: E402
from communique.query.bind import bind, render_bound  # noqa: E402
from communique.query.catalogue import Parameter, Query  # noqa: E402
from communique.store.address import Credentials  # noqa: E402
from communique.store.client import Client  # noqa: E402
from communique.store.embedded import EmbeddedStore, open_embedded  # noqa: E402

SAMPLE = 200
PEER_LIMIT = 30
"""Seconds after which a question to the peer is given up."""


def dump(newsroom: Newsroom, file: Path) -> int:
    """Check a newsroom and write its graphs as they are loaded; the number of quads."""
    with gather(newsroom) as whole, file.open("wb") as out:
        for path in whole.files:
            out.write(path.read_bytes())
    with file.open("rb") as lines:
        return sum(1 for _ in lines)


def times_ms(ask: Callable[[Any], Any], many: list[Any]) -> list[float]:
    """The time of a question for each value, in milliseconds."""
    times = []
    for one in many:
        begin = time.perf_counter()
        ask(one)
        times.append(time.perf_counter() - begin)
    return [1000 * t for t in times]


def questions(newsroom: Newsroom, file: Path) -> None:
    """Measure lookups: every question that can be asked of one release or one entity."""
    store = open_embedded()
    store.quads.bulk_load(path=str(file), format=ox.RdfFormat.N_QUADS)
    store.quads.optimize()
    peer = peer_of(file)
    all_ours: list[float] = []
    chance = random.Random(7)
    for query in newsroom.catalogue.values():
        needed = [p for p in query.parameters if p.required]
        for lookup in (p for p in query.parameters if p.values_query and p.type in ("slug", "iri")):
            if needed in ([], [lookup]):
                all_ours += lookups(newsroom, query, lookup, store, peer, chance)
    print(f"all lookups together: p50 {statistics.median(all_ours):.2f} ms")


def lookups(
    newsroom: Newsroom, query: Query, lookup: Parameter, store: EmbeddedStore, peer: Any, chance: random.Random
) -> list[float]:
    """One question with many values of one parameter; our times in milliseconds."""
    offered = [str(term)[1:-1] for term in offers(lookup, store)]
    written = [term.rpartition("/")[2] if lookup.type == "slug" else term for term in offered]
    many = [{lookup.name: value} for value in chance.sample(written, min(SAMPLE, len(written)))]
    ours = times_ms(partial(ask, newsroom, query, store), many)
    (theirs,) = times_ms(partial(ask_peer, newsroom, query, peer), many[:1])
    middle, over = statistics.median(ours), ">" if theirs >= 1000 * PEER_LIMIT else " "
    line = f"{query.name:26} by {lookup.name:12} {middle:8.2f} ms   rdflib {over}{theirs:9.0f} ms"
    print(f"{line}   {over}{theirs / middle:7.0f} x", flush=True)
    return ours


def ask(newsroom: Newsroom, query: Query, store: EmbeddedStore, values: dict[str, str]) -> Any:
    return run(newsroom.catalogue, query.name, values, store, base=newsroom.dataset.base)


def ask_peer(newsroom: Newsroom, query: Query, peer: Any, values: dict[str, str]) -> Any:
    def stop(*_: Any) -> None:
        raise TimeoutError

    text = render_bound(query, bind(query, values, newsroom.dataset.base))
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(PEER_LIMIT)
    try:
        return list(peer.query(text))
    except TimeoutError:
        return []
    finally:
        signal.alarm(0)


def peer_of(file: Path) -> Any:
    import rdflib

    warnings.simplefilter("ignore")
    peer = rdflib.Dataset()
    kept: dict[str, Any] = {}

    def term(value: Any) -> Any:
        if isinstance(value, ox.NamedNode):
            return kept.setdefault(value.value, rdflib.URIRef(value.value))
        kind = None if value.language or value.datatype.value.endswith("#string") else value.datatype.value
        return rdflib.Literal(value.value, lang=value.language, datatype=rdflib.URIRef(kind) if kind else None)

    for quad in ox.parse(path=str(file), format=ox.RdfFormat.N_QUADS):
        peer.graph(term(quad.graph_name)).add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return peer


# ---- loads


def bulk_oxigraph(url: str, file: Path) -> None:
    headers = {"Content-Type": "application/n-quads"}
    with file.open("rb") as body:
        request = urllib.request.Request(f"{url}/store", body, headers, method="POST")
        request.add_header("Content-Length", str(file.stat().st_size))
        urllib.request.urlopen(request).close()


def bulk_virtuoso(url: str, file: Path) -> None:
    client = Client(Credentials(engines.USER, engines.PASSWORD), 600, home=url)
    client.authenticate("Digest nonce=any")
    for part in read_parts(file):
        address = f"{url}/sparql-graph-crud-auth?graph={quote(part.graph, safe='')}"
        client.request("PUT", address, part.body, "application/n-triples")


BULK = {"oxigraph-server": bulk_oxigraph, "virtuoso": bulk_virtuoso}


def loads(data: Path, public: Path | None, file: Path, runs: int) -> None:
    """Time loads into an empty store: the bulk upload of the store, then our command."""
    for engine, bulk in BULK.items():
        pairs = [(timed_bulk(engine, bulk, file), timed_load(engine, data, public)) for _ in range(runs)]
        theirs, ours = (statistics.median(p[k] for p in pairs) for k in (0, 1))
        ratio = statistics.median(a / b for a, b in pairs)
        print(f"{engine:16} bulk {theirs:6.1f} s   communique load {ours:6.1f} s   {ratio:.2f} of its speed")


def timed_bulk(engine: str, bulk: Callable[[str, Path], None], file: Path) -> float:
    with (
        tempfile.TemporaryDirectory() as folder,
        engines.running(engines.SERVERS[engine](Path(folder) / "s")) as server,
    ):
        begin = time.perf_counter()
        bulk(server.url, file)
        return time.perf_counter() - begin


def timed_load(engine: str, data: Path, public: Path | None) -> float:
    with (
        tempfile.TemporaryDirectory() as folder,
        engines.running(engines.SERVERS[engine](Path(folder) / "s")) as server,
    ):
        words = [sys.executable, "-m", "communique", "load", "--store", engines.with_user(server), "--data", str(data)]
        words += ["--public", str(public)] if public else []
        begin = time.perf_counter()
        subprocess.run(words, check=True, cwd=ROOT, env={**os.environ, "XDG_STATE_HOME": folder}, capture_output=True)
        return time.perf_counter() - begin


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--public", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--skip-load", action="store_true")
    parser.add_argument("--skip-questions", action="store_true")
    options = parser.parse_args()
    newsroom = open_newsroom(options.data)
    with tempfile.TemporaryDirectory() as folder:
        file = options.public / "dataset.nq" if options.public else Path(folder) / "dataset.nq"
        if not options.public:
            print(f"{dump(newsroom, file):,} quads")
        if not options.skip_questions:
            questions(newsroom, file)
        if not options.skip_load:
            loads(options.data, options.public, file, options.runs)


if __name__ == "__main__":
    main()
