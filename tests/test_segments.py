"""The files that merge all graphs: what the last build wrote of the same lines is used again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode

from communique.context import read_context
from communique.export.jsonld import JsonLdWriter
from communique.export.order import Properties
from communique.export.rdf import TurtleWriter
from communique.publish import dataset as writing
from communique.publish.counts import Census
from communique.publish.kept.sealed import SealedFolder, open_sealed
from communique.publish.kept.segments import Segment, SegmentFolder, Segments, segments
from communique.store.kept import BUILD, NAME
from communique.terms import SCHEMA
from tests.generated import write_generated
from tests.test_cache import assert_as_fresh, record_of, run

BODIES = ("a.body", "b.body")
Entities = Sequence[Sequence[str]]


def entity(name: str, *triples: str) -> list[str]:
    return [f"01 {name}\x1fhttps://e.example/{name}\x1ff\x1f{triple}\x1e\n" for triple in triples or (name,)]


def written(entities: Entities, times: int = 1) -> Segment:
    """What stands for the files of these entities: their lines, and the second file empty for some."""
    body = "".join(line for lines in entities for line in lines).encode() * times
    census = Census()
    census.add({"facts": {(SCHEMA + "name", NamedNode("https://e.example/x"))}})
    return Segment([body, body[:4] if len(entities) > 1 else b""], census, {"jsonld": ["name"]})


def build(place: SealedFolder, work: Path, data: Sequence[Entities], shared: bytes = b"1") -> list[int]:
    """A build of some segments; the numbers of those that were found, which are what was written of them before."""
    work.mkdir()
    found = []
    with Segments(SegmentFolder(place, shared), work, BODIES) as known:
        files = [(work / name).open("wb") for name in BODIES]
        for number, entities in enumerate(data):
            segment = known.find(entities)
            if segment is not None:
                found.append(number)
            made = written(entities)
            assert segment is None or (segment.bodies, segment.used) == (made.bodies, made.used)
            assert segment is None or segment.census.as_state() == made.census.as_state()
            known.add(segment or made)
            for file, body in zip(files, made.bodies, strict=True):
                file.write(body)
        for file in files:
            file.close()
    return found


@pytest.fixture
def place(tmp_path: Path) -> SealedFolder:
    found = open_sealed(tmp_path)
    assert found is not None
    return found


ONE, TWO, THREE, FOUR = ([entity("a"), entity("b")], [entity("c", "c", "d")], [entity("e"), entity("f")], [entity("g")])


@pytest.mark.parametrize(
    ("then", "found"),
    [
        ([ONE, TWO, THREE, FOUR], [0, 1, 2, 3]),
        ([TWO, THREE, FOUR], [0, 1, 2]),  # the first is gone
        ([ONE, [entity("bb")], TWO, THREE, FOUR], [0, 2, 3, 4]),  # one came
        ([ONE, [entity("c", "c")], THREE, FOUR], [0, 2, 3]),  # one lost a line
        ([ONE, [entity("c", "c", "d"), *THREE], FOUR], [0, 2]),  # two are one now
        ([ONE, TWO, [entity("e")], [entity("f")], FOUR], [0, 1, 4]),  # one is two now
        ([[entity("z")]], []),
        ([], []),
    ],
)
def test_a_segment_is_found_wherever_it_stands_if_its_lines_are_the_same(
    place: SealedFolder, tmp_path: Path, then: list[Entities], found: list[int]
) -> None:
    assert build(place, tmp_path / "1", [ONE, TWO, THREE, FOUR]) == []
    assert build(place, tmp_path / "2", then) == found
    assert build(place, tmp_path / "3", then) == list(range(len(then)))


def test_the_same_lines_in_other_entities_are_another_segment(place: SealedFolder, tmp_path: Path) -> None:
    first = [[entity("a", "x"), entity("b", "y")]]
    build(place, tmp_path / "1", first)
    assert build(place, tmp_path / "2", [[[*first[0][0], *first[0][1]]]]) == []


def test_segments_of_another_program_are_not_found(place: SealedFolder, tmp_path: Path) -> None:
    build(place, tmp_path / "1", [ONE, TWO])
    assert build(place, tmp_path / "2", [ONE, TWO], b"2") == []


def test_segments_made_elsewhere_are_not_found(place: SealedFolder, tmp_path: Path) -> None:
    build(place, tmp_path / "1", [ONE, TWO])
    assert build(SealedFolder(place.folder, place.mark + b"0"), tmp_path / "2", [ONE, TWO]) == []


def damaged(path: Path, at: int) -> None:
    body = path.read_bytes()
    path.write_bytes(body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :])


@pytest.mark.parametrize(
    ("name", "at", "found"),
    [
        ("merged-a.body", 0, [1, 2, 3]),
        ("merged-a.body", -2, [0, 1, 2]),
        ("merged-b.body", 0, [1, 2, 3]),
        ("merged-index", 0, []),
        ("merged-index", -3, [0, 1, 2]),
    ],
)
def test_a_damaged_segment_is_made_anew(
    place: SealedFolder, tmp_path: Path, name: str, at: int, found: list[int]
) -> None:
    build(place, tmp_path / "1", [ONE, TWO, THREE, FOUR])
    path = place.folder / name
    damaged(path, at % len(path.read_bytes()))
    assert build(place, tmp_path / "2", [ONE, TWO, THREE, FOUR]) == found
    assert build(place, tmp_path / "3", [ONE, TWO, THREE, FOUR]) == [0, 1, 2, 3]


@pytest.mark.parametrize("name", ["merged-a.body", "merged-index"])
@pytest.mark.parametrize("how", ["gone", "cut", "link", "folder"])
def test_what_is_missing_is_made_anew(place: SealedFolder, tmp_path: Path, name: str, how: str) -> None:
    build(place, tmp_path / "1", [ONE, TWO])
    path, body = place.folder / name, (place.folder / name).read_bytes()
    path.unlink()
    if how == "cut":
        path.write_bytes(body[:-4])
    elif how == "link":
        (tmp_path / "elsewhere").write_bytes(body)
        path.symlink_to(tmp_path / "elsewhere")
    elif how == "folder":
        path.mkdir()
    assert build(place, tmp_path / "2", [ONE, TWO]) == ([0] if how == "cut" else [])


def test_what_a_killed_build_left_is_removed_and_a_failed_one_keeps_nothing(
    place: SealedFolder, tmp_path: Path
) -> None:
    build(place, tmp_path / "1", [ONE])
    (place.folder / "merged-a.body.0123.new").write_bytes(b"1")
    names = ["merged-a.body", "merged-b.body", "merged-index"]
    before = {name: (place.folder / name).read_bytes() for name in names}
    (tmp_path / "2").mkdir()
    with pytest.raises(KeyboardInterrupt), Segments(SegmentFolder(place, b"1"), tmp_path / "2", BODIES) as known:
        known.find(TWO)
        raise KeyboardInterrupt
    assert {name: (place.folder / name).read_bytes() for name in names} == before
    build(place, tmp_path / "3", [ONE])
    assert place.names() == names


def test_without_a_place_nothing_is_found_or_written(tmp_path: Path) -> None:
    with Segments(None, tmp_path, BODIES) as known:
        assert known.find(ONE) is None
        known.add(written(ONE))
    assert list(tmp_path.iterdir()) == []


def test_a_segment_ends_with_an_entity_whatever_stands_around_it(tmp_path: Path) -> None:
    lines = ["".join(entity(f"{n:04}")) for n in range(400)]

    def cut(skipped: int) -> list[Entities]:
        (tmp_path / "run").write_text("".join(lines[skipped:]), encoding="utf-8", newline="\n")
        return list(segments([tmp_path / "run"]))

    whole, part = cut(0), cut(7)
    assert 5 < len(whole) < 30
    assert [line for found in whole for own in found for line in own] == lines
    assert part[1:] == whole[-len(part) + 1 :]


def test_what_an_opening_declares_is_known_for_each_block_whatever_was_written_before() -> None:
    context = read_context()
    prefix, namespace = next(iter(context.prefixes.items()))
    writer = JsonLdWriter("https://e.example/", context=context)
    facts: Properties = [(SCHEMA + "about", [NamedNode(namespace + "x")])]
    writer.block("https://e.example/a", facts)
    first, writer.used = writer.used, set()
    writer.block("https://e.example/a", facts)
    assert writer.used == first == {"about", prefix}
    assert TurtleWriter("https://e.example/", {}).used == set()


# ---- in a build


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of entities in the segments that are made, as they come."""
    numbers: list[int] = []
    render = writing._render

    def record(entities: Any, *more: Any) -> Segment:
        numbers.append(len(entities))
        return render(entities, *more)

    monkeypatch.setattr(writing, "_render", record)
    return numbers


@pytest.mark.slow
def test_a_build_makes_anew_only_the_segments_that_a_change_touches(tmp_path: Path, rendered: list[int]) -> None:
    data = write_generated(tmp_path, 6)
    run(data)
    every = len(rendered)
    rendered.clear()
    run(data)
    assert rendered == [] and every > 5
    source = record_of(data, 5).with_name("source.txt")
    source.write_text(source.read_text(encoding="utf-8") + "\nThe end.\n", encoding="utf-8")
    outcome = run(data)
    assert 0 < len(rendered) < every
    assert_as_fresh(data, outcome)


@pytest.mark.slow
def test_a_key_that_only_a_removed_fact_has_used_is_declared_no_more(tmp_path: Path, rendered: list[int]) -> None:
    data = write_generated(tmp_path, 3)

    def declares_dates() -> bool:
        return "startDate" in json.loads((data.parent / "public" / "dataset.jsonld").read_bytes())["@context"]

    run(data)
    assert declares_dates()
    for number in (1, 0):  # the last release has no dateline
        shutil.rmtree(record_of(data, number).parent)
    rendered.clear()
    outcome = run(data)
    assert len(rendered) < len(segments_of(data)) and not declares_dates()
    assert_as_fresh(data, outcome)


def segments_of(data: Path) -> list[bytes]:
    """The lines of the index of what the last build kept."""
    return (data.parent / NAME / BUILD / "merged-index").read_bytes().splitlines()
