"""The store of a build, made from that of the last one: only changed graphs are loaded, and it holds the same quads."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from pyoxigraph import Store

from communique.export.canonical import lines_hash
from communique.publish.kept import store as kept_store
from communique.publish.kept.sealed import SealedFolder, open_sealed
from communique.publish.kept.store import StoreFolder, keep_store, make_store
from communique.store.kept import BUILD, NAME
from tests.generated import write_generated
from tests.test_cache import assert_as_fresh, record_of, run

BASE = "https://press.example/id/"
REGISTRY = f"{BASE}graph/entities"
Graphs = Mapping[str, tuple[str, ...]]


def facts(slug: str, part: str = "") -> str:
    return f"{BASE}graph/{slug}{part}"


FIRST: Graphs = {
    REGISTRY: ("r",),
    facts("a"): ("1", "2"),
    facts("a", "/evidence"): ("3",),
    facts("b"): ("1", "4"),
    **{facts(f"more-{n}"): (f"{n}",) for n in range(5)},
}


def lines_of(graphs: Graphs) -> dict[str, list[bytes]]:
    return {g: [f"<{BASE}{v}> <{BASE}p> <{BASE}{v}> <{g}> .\n".encode() for v in own] for g, own in graphs.items()}


def write(work: Path, graphs: Graphs) -> Callable[[str], Path]:
    """Write the dump of a dataset and the part of each release into a folder; gives the file of a part."""
    lines = lines_of(graphs)
    (work / "dump.nq").write_bytes(b"".join(line for own in lines.values() for line in own))
    for slug in {graph.removeprefix(facts("")).split("/")[0] for graph in graphs}:
        own = [line for g, some in lines.items() if g == facts(slug) or g.startswith(facts(slug, "/")) for line in some]
        (work / f"{slug}.nq").write_bytes(b"".join(own))
    return lambda slug: work / f"{slug}.nq"


@pytest.fixture
def place(tmp_path: Path) -> SealedFolder:
    found = open_sealed(tmp_path)
    assert found is not None
    return found


def build(place: SealedFolder, tmp_path: Path, graphs: Graphs, shared: bytes = b"1", *, keep: bool = True) -> int:
    """Make the store of a dataset, see that it holds its quads, and keep it; how many graphs were changed in it."""
    work = tmp_path / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    hashes = {graph: lines_hash(own) for graph, own in lines_of(graphs).items()}
    kept = StoreFolder(place, shared, BASE, hashes)
    changed = make_store(kept, work / "store", work / "dump.nq", write(work, graphs))
    store = Store.read_only(str(work / "store"))
    quads = sorted(f"{quad} .\n".encode() for quad in store.quads_for_pattern(None, None, None))
    assert quads == sorted((work / "dump.nq").read_bytes().splitlines(keepends=True))
    assert {str(graph)[1:-1] for graph in store.named_graphs()} == set(graphs)
    del store
    if keep:
        keep_store(kept, work / "store", changed)
        assert [n for n in place.names() if n.startswith("store")][:1] == ["store"] and not (work / "store").exists()
    return changed


CHANGES: dict[str, tuple[Graphs, int]] = {
    "nothing": (FIRST, 0),
    "a fact": ({**FIRST, facts("b"): ("1", "5")}, 1),
    "a release": ({**FIRST, facts("a"): ("9",), facts("a", "/evidence"): ("8",)}, 2),
    "one comes": ({**FIRST, facts("new"): ("1",)}, 1),
    "one goes": ({g: own for g, own in FIRST.items() if g != facts("b")}, 1),
    "one is renamed": ({**{g: own for g, own in FIRST.items() if g != facts("b")}, facts("c"): ("1", "4")}, 2),
    "the registry": ({**FIRST, REGISTRY: ("s",)}, 0),
    "nearly all": ({REGISTRY: ("r",), facts("z"): ("1",)}, 0),
}


@pytest.mark.parametrize("then", CHANGES)
def test_the_store_holds_what_a_new_one_would_and_only_changed_graphs_are_loaded(
    place: SealedFolder, tmp_path: Path, then: str
) -> None:
    graphs, number = CHANGES[then]
    assert build(place, tmp_path, FIRST) == 0
    assert build(place, tmp_path, graphs) == number
    assert build(place, tmp_path, graphs) == number


def test_after_as_many_changes_as_there_are_graphs_the_store_is_made_anew(place: SealedFolder, tmp_path: Path) -> None:
    build(place, tmp_path, FIRST)
    changed = [build(place, tmp_path, {**FIRST, facts("b"): (f"x{n}",)}) for n in range(len(FIRST) + 2)]
    assert changed == [*range(1, len(FIRST) + 1), 0, 1]


def test_a_store_that_is_not_kept_in_the_end_leaves_the_one_before_as_it_was(
    place: SealedFolder, tmp_path: Path
) -> None:
    build(place, tmp_path, FIRST)
    other = {**FIRST, facts("b"): ("7",)}
    assert [build(place, tmp_path, other, keep=False) for _ in range(2)] == [1, 1]
    assert build(place, tmp_path, FIRST) == 0


def test_a_store_of_another_program_or_from_elsewhere_is_not_used(place: SealedFolder, tmp_path: Path) -> None:
    other = {**FIRST, facts("b"): ("7",)}
    build(place, tmp_path, FIRST)
    assert build(place, tmp_path, other, b"2") == 0
    assert build(SealedFolder(place.folder, place.mark + b"0"), tmp_path, FIRST, b"2") == 0


def store_in(place: SealedFolder) -> Path:
    (found,) = (place.folder / name for name in place.names() if name.startswith("store-"))
    return found


@pytest.mark.parametrize("how", ["bit", "cut", "gone", "link", "all gone", "note"])
@pytest.mark.parametrize("suffix", [".sst", "CURRENT"])
def test_a_damaged_store_is_made_anew(place: SealedFolder, tmp_path: Path, how: str, suffix: str) -> None:
    build(place, tmp_path, FIRST)
    store = store_in(place)
    path = max((p for p in store.iterdir() if p.name.endswith(suffix)), key=lambda p: p.stat().st_size)
    body = path.read_bytes()
    path.unlink()
    if how == "bit":
        path.write_bytes(bytes([body[0] ^ 1]) + body[1:])
    elif how == "cut":
        path.write_bytes(body[:-1])
    elif how == "link":
        (tmp_path / "elsewhere").write_bytes(body)
        path.symlink_to(tmp_path / "elsewhere")
    elif how == "all gone":
        shutil.rmtree(store)
    elif how == "note":
        path.write_bytes(body)
        (place.folder / "store").write_bytes((place.folder / "store").read_bytes()[:-1])
    assert build(place, tmp_path, {**FIRST, facts("b"): ("7",)}) == 0
    assert build(place, tmp_path, FIRST) == 1


def test_only_the_last_store_is_kept(place: SealedFolder, tmp_path: Path) -> None:
    (place.folder / "store-of-a-killed-build").mkdir()
    for value in ("5", "6"):
        build(place, tmp_path, {**FIRST, facts("b"): (value,)})
        assert len([name for name in place.names() if name.startswith("store-")]) == 1


def test_where_no_files_can_be_linked_the_store_is_made_anew(
    place: SealedFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    build(place, tmp_path, FIRST)
    monkeypatch.setattr("os.link", refuse)
    assert build(place, tmp_path, {**FIRST, facts("b"): ("7",)}) == 0


def test_without_a_place_the_store_is_made_from_the_dump(tmp_path: Path) -> None:
    part = write(tmp_path, FIRST)
    assert make_store(None, tmp_path / "store", tmp_path / "dump.nq", part) == 0
    assert len(list(Store.read_only(str(tmp_path / "store")).quads_for_pattern(None, None, None))) == 11


@pytest.mark.slow
def test_a_build_loads_only_the_release_that_has_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = write_generated(tmp_path, 4)
    run(data)
    monkeypatch.setattr(kept_store, "make_work_store", None)
    source = record_of(data, 1).with_name("source.txt")
    source.write_text(source.read_text(encoding="utf-8") + "\nThe end.\n", encoding="utf-8")
    outcome = run(data)
    monkeypatch.undo()
    assert_as_fresh(data, outcome)
    assert (data.parent / NAME / BUILD / "store").is_file()
