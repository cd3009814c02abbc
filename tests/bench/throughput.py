"""How many requests a second the server answers beside its peers, alternating in one run; run it by hand.

    python tests/bench/throughput.py PUBLIC [--runs 3] [--seconds 5] [--connections 8]

Needs wrk, nginx and the program of Oxigraph's server (apt and pip). ``PUBLIC`` is a publication. Queries go to
`communique serve` and to Oxigraph's server over the same data: always the same ten, and each another one, which no
cache answers. Pages of entities are fetched from `communique serve` and from nginx over the same files. The table has
requests a second and the time in which 99 of 100 are answered: medians of the runs, and ratios to the peer.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import statistics
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

import httpx
import pyoxigraph as ox
from tests import engines, servers
from tests.engines import running
from tests.serving import copy_of, serving

_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


def queries(public: Path) -> list[str]:
    """Queries for the facts of one subject each; each has some rows, and a limit that is larger."""
    store = ox.Store()
    store.bulk_load(path=public / "dataset.nq", format=ox.RdfFormat.N_QUADS)
    text = "SELECT ?s (COUNT(*) AS ?n) { GRAPH ?g { ?s a ?c ; ?p ?o } } GROUP BY ?s ORDER BY DESC(?n) ?s LIMIT 200"
    found = store.query(text)
    assert isinstance(found, ox.QuerySolutions)
    subjects = [str(row["s"]) for row in found]
    return [f"SELECT * {{ GRAPH ?g {{ {subject} ?p ?o }} }} LIMIT 1000" for subject in subjects]


def script(paths: list[str], *, is_other: bool) -> str:
    """What wrk asks for: the paths in turn, each followed by a number of its own if it is to be another one."""
    listed = ",\n".join(f'"{path}"' for path in paths)
    more = " .. string.format('%d', math.random(1, 99999999))" if is_other else ""
    return f"""
local paths = {{ {listed} }}
local at = 0
function init(args) math.randomseed(os.time()) end
function request() at = at % #paths + 1; return wrk.format("GET", wrk.path .. paths[at]{more}) end
"""


def measure(url: str, lua: Path, options: argparse.Namespace) -> tuple[float, float]:
    """Requests a second, and the milliseconds of the 99th of 100, of one run of wrk."""
    command = ["wrk", "-t1", f"-c{options.connections}", f"-d{options.seconds}", "--latency", "-s", str(lua), url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    rate, tail = re.search(r"Requests/sec: +([\d.]+)", said), re.search(r"99% +([\d.]+)(us|ms|s|m)\b", said)
    assert rate and tail, said
    return float(rate[1]), float(tail[1]) * _UNITS[tail[2]]


def compare(what: str, ours: str, peer: str, lua: Path, options: argparse.Namespace) -> None:
    """Measure two servers in turn, and print a line of the table."""
    runs = [(measure(ours, lua, options), measure(peer, lua, options)) for _ in range(options.runs)]
    (rate, tail), (peer_rate, peer_tail) = (
        [statistics.median(values) for values in zip(*side, strict=True)] for side in zip(*runs, strict=True)
    )
    print(
        f"| {what} | {rate:,.0f} | {peer_rate:,.0f} | {rate / peer_rate:.2f} | {tail:.1f} | {peer_tail:.1f} "
        f"| {tail / peer_tail:.1f} |",
        flush=True,
    )


def main() -> None:
    """Run all comparisons."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("public", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=8)
    options = parser.parse_args()
    texts = ["?query=" + quote(text, safe="") for text in queries(options.public)]
    pages = [f"{page.parent.relative_to(options.public)}/" for page in options.public.glob("*/*/index.html")]
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        public = copy_of(options.public, folder)
        own = stack.enter_context(serving(public)).url.rstrip("/")
        oxigraph = stack.enter_context(running(engines.oxigraph(folder / "oxigraph"))).url
        data = (public / "dataset.nq").read_bytes()
        header = {"Content-Type": "application/n-quads"}
        httpx.post(f"{oxigraph}/store", content=data, headers=header, timeout=600).raise_for_status()
        (folder / "nginx").mkdir()
        (folder / "nginx").chmod(0o777)  # nginx runs as nobody
        nginx = stack.enter_context(running(servers.nginx(folder / "nginx", public, public / "server", ""))).url
        print("| requests | a second | peer | ratio | 99 % within ms | peer | ratio |\n|---|--:|--:|--:|--:|--:|--:|")
        for what, paths, ours, peer, is_other in (
            ("ten queries, beside Oxigraph", texts[:10], f"{own}/sparql", f"{oxigraph}/query", False),
            ("each another query, beside Oxigraph", texts, f"{own}/sparql", f"{oxigraph}/query", True),
            ("pages of entities, beside nginx", pages, f"{own}/", f"{nginx.rstrip('/')}/", False),
        ):
            lua = folder / "requests.lua"
            lua.write_text(script(paths, is_other=is_other))
            compare(what, ours, peer, lua, options)


if __name__ == "__main__":
    main()
