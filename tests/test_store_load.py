"""Loading: only what differs is sent, what is withdrawn goes, and no crash of either side loses or doubles a graph."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from communique.errors import StoreError
from communique.export.canonical import graph_hash, lines_hash
from communique.store import Store
from communique.store.address import read_address
from communique.store.embedded import open_embedded
from communique.store.journal import Journal
from communique.store.load import Loader, Outcome, Part
from communique.store.remote import open_remote
from tests import engines
from tests.conftest import ROOT

pytestmark = pytest.mark.allow_hosts(engines.LOOPBACK)

BASE = "https://news.example/id/"
ARCHIVE = ROOT / "tests" / "cases" / "archive" / "data"


def part(name: str, *texts: str) -> Part:
    lines = [f"<https://e/s> <https://e/p> {ox.Literal(text)} .\n".encode() for text in texts]
    return Part(f"{BASE}graph/{name}", b"".join(lines), len(lines), lines_hash(lines))


def load(store: Store, folder: Path, *parts: Part, dry_run: bool = False, prune: bool = False) -> Outcome:
    with Journal(folder / "journal.jsonl", {}) as journal:
        return Loader(store, journal, BASE, dry_run).load(parts, prune=prune)


def short(graphs: list[str]) -> list[str]:
    return [graph.removeprefix(BASE + "graph/") for graph in graphs]


def held(store: Store) -> dict[str, set[str]]:
    """What the store holds, by the short name of the graph."""
    return {short([g])[0]: {str(t.object) for t in store.fetch(g)} for g in store.graphs() if g.startswith(BASE)}


@pytest.fixture(params=["folder", *engines.SERVERS])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "folder":
        with open_embedded(tmp_path / "store") as embedded:
            yield embedded
        return
    engines.require(request.param)
    with engines.running(engines.SERVERS[request.param](tmp_path / "server")) as server:
        yield open_remote(read_address(engines.with_user(server)), write=True)


def test_a_newsroom_s_life_in_a_store(store: Store, tmp_path: Path) -> None:
    other = "https://other.example/graph/a"
    store.replace(other, [ox.Quad(ox.NamedNode(other), ox.NamedNode(other), ox.Literal("x"), ox.NamedNode(other))])
    store.put(f"{BASE}graph/stranger", part("stranger", "s").body)
    a, b, evidence = part("a", "1", "2"), part("b", "1"), part("b/evidence", "1", "2", "3")

    first = load(store, tmp_path, a, b, evidence)
    assert (short(first.new), first.triples, short(first.unknown)) == (["a", "b", "b/evidence"], 6, ["stranger"])
    again = load(store, tmp_path, a, b, evidence)
    assert (short(again.same), again.new, again.changed, again.triples) == (["a", "b", "b/evidence"], [], [], 0)

    changed = part("b", "9"), part("b/evidence", "9", "2", "3")
    shown = load(store, tmp_path, *changed, part("c", "1"), dry_run=True)
    assert (short(shown.new), short(shown.changed), short(shown.removed)) == (["c"], ["b", "b/evidence"], ["a"])
    assert held(store) == {"a": {'"1"', '"2"'}, "b": {'"1"'}, "b/evidence": {'"1"', '"2"', '"3"'}, "stranger": {'"s"'}}

    done = load(store, tmp_path, *changed, part("c", "1"))
    assert done == shown
    assert held(store) == {"b": {'"9"'}, "b/evidence": {'"9"', '"2"', '"3"'}, "c": {'"1"'}, "stranger": {'"s"'}}
    pruned = load(store, tmp_path, *changed, prune=True)
    assert short(pruned.removed) == ["c", "stranger"]
    assert held(store) == {"b": {'"9"'}, "b/evidence": {'"9"', '"2"', '"3"'}}
    assert other in store.graphs()


def test_without_a_journal_the_store_is_looked_at(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, part("a", "1"), part("b", "1", "2"))
    (tmp_path / "journal.jsonl").unlink()
    outcome = load(store, tmp_path, part("a", "1"), part("b", "1", "3"))
    assert (short(outcome.same), short(outcome.changed)) == (["a"], ["b"])


def test_what_somebody_else_changed_is_mended(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, part("a", "1", "2"))
    store.put(f"{BASE}graph/a", part("a", "1").body)
    assert short(load(store, tmp_path, part("a", "1", "2")).changed) == ["a"]
    assert held(store) == {"a": {'"1"', '"2"'}}


class Failing:
    """A store whose method of that name fails at its k-th call, before or after it was carried out."""

    def __init__(self, store: Store, name: str, at: int, *, after: bool) -> None:
        self.store, self.name, self.at, self.after, self.calls = store, name, at, after, 0

    def __getattr__(self, name: str) -> object:
        method = getattr(self.store, name)
        if name != self.name:
            return method

        def call(*words: object) -> object:
            self.calls += 1
            if self.calls != self.at:
                return method(*words)
            if self.after:
                method(*words)
            raise StoreError("the disk is full")

        return call


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("name", "calls"), [("put", 4), ("fetch", 4), ("move", 2), ("remove", 4), ("counts", 4)])
def test_whatever_fails_the_next_load_mends_it(tmp_path: Path, name: str, calls: int, after: bool) -> None:
    old = [part("a", "1"), part("b", "1"), part("b/evidence", "1"), part("gone", "1"), part("gone/evidence", "1")]
    new = [part("a", "2"), part("b", "2"), part("b/evidence", "2"), part("c", "2")]
    failed = 0
    for at in range(1, calls + 1):
        store = open_embedded()
        store.moves = True  # as a server does
        folder = tmp_path / f"{name}-{at}"
        folder.mkdir()
        load(store, folder, *old)
        broken: Any = Failing(store, name, at, after=after)
        try:
            load(broken, folder, *new)
        except StoreError as no:
            failed += 1
            told = str(no)
            assert told.startswith("the disk is full")
            assert told.endswith("the same command goes on from there") or name == "counts"
        else:
            assert name in ("move", "remove")  # looked at, and mended at once
        load(store, folder, *new)
        assert held(store) == {p.graph.removeprefix(BASE + "graph/"): {'"2"'} for p in new}
        assert not [g for g in store.graphs() if "staging" in g]
    assert failed or name == "move"


def test_a_store_that_keeps_less_than_it_takes_is_told(tmp_path: Path) -> None:
    class Forgetful:
        def __init__(self, store: Store) -> None:
            self.store = store

        def __getattr__(self, name: str) -> object:
            return getattr(self.store, name)

        def put(self, graph: str, body: bytes) -> None:
            self.store.put(graph, body.splitlines(keepends=True)[0])

    store: Any = Forgetful(open_embedded())
    with pytest.raises(StoreError) as caught:
        load(store, tmp_path, part("a", "1", "2"))
    assert str(caught.value) == (
        f"the store took the graph {BASE}graph/a and gives back 1 of 2 triples; 0 graphs are loaded and verified: "
        "the same command goes on from there"
    )


def test_a_very_long_literal_is_a_warning(tmp_path: Path) -> None:
    outcome = load(open_embedded(), tmp_path, part("a", "x" * 50_000))
    assert list(outcome.lines(dry_run=False)) == [
        f"warning  {BASE}graph/a has a literal of over 40,000 bytes, with which some stores fail"
    ]


# ---- whole processes, killed


def communique(*words: str | Path, state: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "XDG_STATE_HOME": str(state)}
    command = [sys.executable, "-m", "communique", *map(str, words)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.fixture(scope="module")
def publications(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two states of one newsroom: the second lacks two releases, and every other release is changed."""
    folder = tmp_path_factory.mktemp("publications")
    for name in ("old", "new"):
        shutil.copytree(ARCHIVE, folder / name / "data")
        if name == "new":
            records = sorted((folder / name / "data" / "releases").iterdir())
            for gone in records[3:5]:
                shutil.rmtree(gone)
            for left in records[:3] + records[5:]:
                text = (left / "record.yaml").read_text(encoding="utf-8")
                assert "\n    name: " in text
                (left / "record.yaml").write_text(
                    text.replace("\n    name: ", "\n    note: Changed.\n    name: ", 1)
                    if "\n    note: " not in text.split("\n    name: ", 1)[0]
                    else text,
                    encoding="utf-8",
                )
        built = communique("build", "--data", folder / name / "data", "--out", folder / name / "public", state=folder)
        out, err = built.communicate()
        assert built.returncode == 0, (out + err).decode()
    return [folder / "old" / "public", folder / "new" / "public"]


def graphs_of(public: Path) -> dict[str, str]:
    known: dict[str, str] = json.loads((public / "manifest.json").read_bytes())["graphs"]
    return known


MOMENTS = 5  # for each store and each side: 20 in all


@pytest.mark.parametrize("victim", ["loader", "store"])
@pytest.mark.parametrize("engine", list(engines.SERVERS))
def test_a_kill_at_any_moment_is_mended_by_doing_it_again(
    engine: str, victim: str, publications: list[Path], tmp_path: Path
) -> None:
    engines.require(engine)
    chance = random.Random(f"{engine} {victim}")
    old, new = publications
    assert len(graphs_of(new)) < len(graphs_of(old))
    assert sum(graphs_of(new)[g] != graphs_of(old)[g] for g in graphs_of(new)) > 5
    killed = 0
    with engines.running(engines.SERVERS[engine](tmp_path / "server")) as server:
        target = engines.with_user(server)
        begin = time.monotonic()
        communique("load", "--store", target, "--data", ARCHIVE, "--public", new, state=tmp_path).communicate()
        whole = time.monotonic() - begin
        for moment in range(MOMENTS):
            public = publications[moment % 2]
            words = ("load", "--store", target, "--data", ARCHIVE, "--public", public)
            loader = communique(*words, state=tmp_path)
            time.sleep(chance.uniform(0.4, 1.0) * whole)
            if victim == "loader":
                loader.send_signal(signal.SIGKILL)
                loader.communicate()
                killed += loader.returncode == -signal.SIGKILL
            else:
                server.kill()
                _, err = loader.communicate()
                assert b"Traceback" not in err
                assert loader.returncode == 0 or err.startswith(b"communique: "), err
                killed += loader.returncode != 0
                server.start()
            again = communique(*words, state=tmp_path)
            _, err = again.communicate()
            assert again.returncode == 0, err.decode()
            store = open_remote(read_address(server.url))
            found = {g: graph_hash(store.fetch(g)) for g in store.graphs() if g.startswith(BASE)}
            assert found == graphs_of(public), moment
    assert killed >= 2
