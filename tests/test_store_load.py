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

from communique.cli.program import app
from communique.errors import StoreError
from communique.export.canonical import graph_hash, lines_hash
from communique.store.address import read_address
from communique.store.discovery import open_remote
from communique.store.embedded import open_embedded
from communique.store.journal import Journal
from communique.store.load import GraphPart, Loader, LoadOutcome, Rules
from communique.store.store import Store
from tests import engines
from tests.conftest import ROOT

pytestmark = pytest.mark.allow_hosts(engines.LOOPBACK)

BASE = "https://news.example/id/"
ARCHIVE = ROOT / "tests" / "cases" / "archive" / "data"


def part(name: str, *texts: str) -> GraphPart:
    lines = [f"<https://e/s> <https://e/p> {ox.Literal(text)} .\n".encode() for text in texts]
    return GraphPart(f"{BASE}graph/{name}", b"".join(lines), len(lines), lines_hash(lines))


def load(store: Store, folder: Path, *parts: GraphPart, dry_run: bool = False, **rules: Any) -> LoadOutcome:
    """A load that may remove all, unless it is told otherwise."""
    with Journal(folder / "journal.jsonl", {}) as journal:
        return Loader(store, journal, BASE, dry_run, Rules(**{"allow_removals": 99, **rules})).load(iter(parts))


def short(graphs: list[str]) -> list[str]:
    return [graph.removeprefix(BASE + "graph/") for graph in graphs]


def held(store: Store) -> dict[str, set[str]]:
    """What the store holds, by the short name of the graph."""
    return {short([g])[0]: {str(t.object) for t in store.fetch(g)} for g in store.graphs() if g.startswith(BASE)}


@pytest.fixture(scope="module", params=["folder", *engines.SERVERS])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[engines.Server | None]:
    """A server, one for all tests; None for a folder."""
    if request.param == "folder":
        yield None
        return
    engines.require(request.param)
    with engines.running(engines.SERVERS[request.param](tmp_path_factory.mktemp("s") / "server")) as server:
        yield server


@pytest.fixture
def store(place: engines.Server | None, tmp_path: Path) -> Iterator[Store]:
    """An empty store; what a test has left in a server is removed after it."""
    if place is None:
        with open_embedded(tmp_path / "store") as embedded:
            yield embedded
        return
    remote = open_remote(read_address(engines.with_user(place)), write=True)
    own = set(remote.graphs())
    yield remote
    for graph in set(remote.graphs()) - own:
        remote.remove(graph)
    assert set(remote.graphs()) == own


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

    error: type[BaseException] = StoreError

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
            raise self.error("the disk is full")

        return call


# ---- what may be removed


def filled(tmp_path: Path, number: int) -> tuple[Store, list[GraphPart]]:
    """A store with that many releases, of two graphs each, and a registry."""
    store = open_embedded()
    parts = [part(f"r{n:02}{kind}", "1") for n in range(number) for kind in ("", "/evidence")]
    load(store, tmp_path, *parts, part("entities", "1"))
    return store, parts


@pytest.mark.parametrize(
    ("number", "removed", "allowed", "done"),
    [
        (1, 1, 0, False), (1, 1, 1, True), (5, 1, 0, False), (9, 1, 0, False), (10, 1, 0, True), (20, 2, 0, True),
        (20, 3, 0, False), (20, 3, 2, False), (20, 3, 3, True), (20, 2, 1, True), (10, 10, 9, False),
    ],
)  # fmt: skip
def test_more_than_a_tenth_is_removed_only_if_it_is_meant(
    tmp_path: Path, number: int, removed: int, allowed: int, done: bool
) -> None:
    store, parts = filled(tmp_path, number)
    before, left = held(store), [part("entities", "2"), *parts[2 * removed :]]
    shown = load(store, tmp_path, *left, allow_removals=allowed, dry_run=True)
    assert (shown.wants_removals, len(shown.removed)) == (0 if done else removed, 2 * removed)
    told = f"refused  without --allow-removals {removed}: too much would be removed"
    assert (told in list(shown.lines(dry_run=True))) == (not done)
    if done:
        load(store, tmp_path, *left, allow_removals=allowed)
        assert len(held(store)) == 2 * (number - removed) + 1
        return
    with pytest.raises(StoreError) as caught:
        load(store, tmp_path, *left, allow_removals=allowed)
    names = ", ".join(f"r{n:02}" for n in range(min(removed, 5))) + (f" and {removed - 5} more" if removed > 5 else "")
    assert str(caught.value) == (
        f"this load would remove {names} from the store, which holds {number} release{'s' * (number > 1)}; nothing was "
        f"sent: give --allow-removals {removed} if that is meant, and see --dry-run"
    )
    assert held(store) == before


def test_a_registry_that_is_gone_is_not_removed_unasked(tmp_path: Path) -> None:
    store, parts = filled(tmp_path, 30)
    with pytest.raises(StoreError, match=r"would remove the registry from the store.*--allow-removals 1 if"):
        load(store, tmp_path, *parts, allow_removals=0)
    assert "entities" in held(store)
    assert short(load(store, tmp_path, *parts, allow_removals=1).removed) == ["entities"]


def test_a_graph_of_a_release_that_is_still_there_is_no_removal_of_it(tmp_path: Path) -> None:
    store, parts = filled(tmp_path, 1)
    outcome = load(store, tmp_path, parts[0], part("entities", "1"), allow_removals=0)
    assert short(outcome.removed) == ["r00/evidence"]


def test_staged_graphs_are_not_counted_and_are_removed(tmp_path: Path) -> None:
    store, parts = filled(tmp_path, 1)
    store.put(f"{BASE}staging/r00", parts[0].body)
    outcome = load(store, tmp_path, *parts, part("entities", "1"), prune=True)
    assert (outcome.unknown, outcome.removed, outcome.wants_removals) == ([], [], 0)
    assert set(held(store)) == {"r00", "r00/evidence", "entities"}


def test_pruning_asks_as_well(tmp_path: Path) -> None:
    store, parts = filled(tmp_path, 1)
    store.put(f"{BASE}graph/stranger", part("stranger", "1").body)
    with pytest.raises(StoreError, match="would remove stranger from the store, which holds 2 releases"):
        load(store, tmp_path, *parts, part("entities", "1"), prune=True, allow_removals=0)


@pytest.mark.parametrize(
    ("unread", "kept"),
    [
        ("r00", ["r00", "r00/evidence"]),
        ("a.jsonl:3", ["r00", "r00/evidence", "r01"]),
        ("a.jsonl", ["r00", "r00/evidence", "r01"]),
    ],
)
def test_what_could_not_be_read_stays_in_the_store(tmp_path: Path, unread: str, kept: list[str]) -> None:
    store, _ = filled(tmp_path, 2)
    left = [part("r01/evidence", "1"), part("entities", "1")]
    outcome = load(store, tmp_path, *left, unread=frozenset({unread}), prune=True)
    assert short(outcome.kept) == kept
    assert set(kept) <= set(held(store)) and ("r01" in held(store)) == ("r01" in kept)
    assert f"kept     {BASE}graph/r00: its release cannot be read" in list(outcome.lines(dry_run=False))


# ---- what somebody else changed


@pytest.mark.parametrize("moves", [False, True])
def test_a_graph_changed_behind_our_back_is_found_and_repaired(tmp_path: Path, moves: bool) -> None:
    store, parts = filled(tmp_path, 3)
    store.moves = moves  # type: ignore[misc]
    parts.append(part("entities", "1"))
    store.put(f"{BASE}graph/r01", part("r01", "other").body)
    assert load(store, tmp_path, *parts).changed == []  # as many triples as before: nobody looks
    shown = load(store, tmp_path, *parts, verify=True, dry_run=True)
    assert (short(shown.repaired), held(store)["r01"]) == (["r01"], {'"other"'})
    done = load(store, tmp_path, *parts, verify=True)
    assert (short(done.changed), short(done.repaired), len(done.same)) == (["r01"], ["r01"], 6)
    assert list(done.lines(dry_run=False)) == [f"repaired {BASE}graph/r01: it no longer held what was loaded"]
    assert held(store)["r01"] == {'"1"'}
    assert load(store, tmp_path, *parts, verify=True).changed == []


def test_what_a_store_moves_wrongly_is_found_when_all_is_verified(tmp_path: Path) -> None:
    class Muddling:
        def __init__(self, store: Store) -> None:
            self.store = store

        def __getattr__(self, name: str) -> object:
            return getattr(self.store, name)

        def move(self, pairs: list[tuple[str, str]]) -> None:
            self.store.move(pairs)
            for _, target in pairs:
                self.store.put(target, part("x", "muddled").body)

    inner, parts = filled(tmp_path, 2)
    inner.moves = True  # type: ignore[misc]
    muddling: Any = Muddling(inner)
    load(
        muddling,
        tmp_path,
        *(part(p.graph.removeprefix(BASE + "graph/"), "2") for p in parts),
        part("entities", "1"),
        verify=True,
    )
    assert {name: words for name, words in held(inner).items() if name != "entities"} == {
        p.graph.removeprefix(BASE + "graph/"): {'"2"'} for p in parts
    }


# ---- interrupted


@pytest.mark.parametrize("name", ["put", "fetch", "move", "remove"])
def test_an_interrupt_says_what_is_loaded(tmp_path: Path, name: str) -> None:
    class Interrupted(Failing):
        error: type[BaseException] = KeyboardInterrupt

    store, parts = filled(tmp_path, 4)
    store.moves = True  # type: ignore[misc]
    new = [part(p.graph.removeprefix(BASE + "graph/"), "2") for p in parts[2:]] + [part("entities", "1")]
    broken: Any = Interrupted(store, name, 2 if name != "move" else 1, after=False)
    with pytest.raises(KeyboardInterrupt) as caught:
        load(broken, tmp_path, *new)
    told = str(caught.value)
    assert told.startswith("interrupted; ")
    assert told.endswith("the same command goes on from there")
    assert " graphs are loaded and verified" in told
    load(store, tmp_path, *new)
    assert held(store) == {p.graph.removeprefix(BASE + "graph/"): {'"2"'} for p in parts[2:]} | {"entities": {'"1"'}}


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
            assert told.endswith("the same command goes on from there") or (name == "counts" and at < 3)
        else:
            assert name in ("move", "remove")  # looked at, and mended at once
        load(store, folder, *new)
        assert held(store) == {p.graph.removeprefix(BASE + "graph/"): {'"2"'} for p in new}
        assert not [g for g in store.graphs() if "staging" in g]
    assert failed or name == "move"


def test_a_store_that_keeps_less_than_it_accepts_is_reported(tmp_path: Path) -> None:
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
        f"the store accepted the graph {BASE}graph/a and gives back 1 of 2 triples; 0 graphs are loaded and verified: "
        "the same command goes on from there"
    )


def test_a_graph_that_another_request_spoiled_is_sent_again_alone(tmp_path: Path) -> None:
    """Two requests at once may cost Virtuoso triples; each graph is read back, and then sent once more after all."""
    sent: list[str] = []

    class Spoiling:
        def __init__(self, store: Store) -> None:
            self.store = store

        def __getattr__(self, name: str) -> object:
            return getattr(self.store, name)

        def put(self, graph: str, body: bytes) -> None:
            first = graph.endswith("/b") and graph not in sent
            sent.append(graph)
            self.store.put(graph, body.splitlines(keepends=True)[0] if first else body)

    store: Any = Spoiling(open_embedded())
    outcome = load(store, tmp_path, part("a", "1"), part("b", "1", "2"), part("c", "1"))
    assert sorted(sent[:3]) == [f"{BASE}graph/{name}" for name in "abc"]
    assert sent[3:] == [f"{BASE}graph/b"]
    assert held(store) == {"a": {'"1"'}, "b": {'"1"', '"2"'}, "c": {'"1"'}}
    assert (outcome.new, outcome.triples) == ([f"{BASE}graph/{name}" for name in "abc"], 4)


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


MOMENTS = 3  # for each store and each side: 12 in all


@pytest.mark.parametrize("victim", ["loader", "store"])
@pytest.mark.parametrize("engine", list(engines.SERVERS))
def test_a_kill_at_any_moment_is_mended_by_doing_it_again(
    engine: str, victim: str, publications: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines.require(engine)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.chdir(ROOT)
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
        for moment in range(10 * MOMENTS):
            if moment >= MOMENTS and killed >= 2:
                break
            public = publications[moment % 2]
            words = ("load", "--store", target, "--data", ARCHIVE, "--public", public, "--allow-removals", "2")
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
            # what nobody kills needs no process of its own; a failure is raised
            assert not app([*map(str, words)], standalone_mode=False)
            store = open_remote(read_address(server.url))
            found = {g: graph_hash(store.fetch(g)) for g in store.graphs() if g.startswith(BASE)}
            assert found == graphs_of(public), moment
    assert killed >= 2
