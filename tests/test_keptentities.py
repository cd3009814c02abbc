"""What earlier builds made of each entity: used again unless a change touches what it was made from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad, Store

from communique.publish import entities as writing
from communique.publish.keptentities import BuiltEntity
from communique.publish.lookups import LookUps
from communique.publish.site.cards import CardName, CardNote, EntityCard
from communique.publish.traces import SIZE, Trace, TracedRanks, touched_by_quads, touched_by_release
from communique.store.kept import BUILD, NAME
from tests.generated import write_generated
from tests.test_cache import assert_as_fresh, change, record_of, run

A, B, P, G = (NamedNode(f"https://example.org/{name}") for name in "abpg")


def keys(trace: Trace) -> set[bytes]:
    body = trace.take()
    return {body[at : at + SIZE] for at in range(0, len(body), SIZE)}


@pytest.mark.parametrize(
    "pattern", [(A.value, "", None), (A.value, P.value, None), ("", P.value, B), ("", "", B), (A.value, P.value, B)]
)
def test_a_quad_touches_every_look_up_that_finds_it(pattern: Any) -> None:
    trace, store = Trace(), Store()
    assert LookUps(store, trace).rows(*pattern) == ()
    found = keys(trace)
    store.add(Quad(A, P, B, G))
    touched = set(touched_by_quads([f"{Quad(A, P, B, G)} .\n".encode()]))
    assert LookUps(store, trace).rows(*pattern) == ((A.value, P.value, B, G.value),)
    assert found and found <= touched
    assert keys(trace) == found


def test_a_quad_touches_no_look_up_of_other_nodes() -> None:
    trace = Trace()
    LookUps(Store(), trace).rows(B.value)
    assert keys(trace).isdisjoint(touched_by_quads([f"{Quad(A, P, B, G)} .\n".encode()]))


def test_a_release_touches_its_text_and_only_if_it_moves_its_rank() -> None:
    trace = Trace()
    assert trace.texts(str.upper)("one") == "ONE"
    text = keys(trace)
    ranks = TracedRanks({"one": 4}, trace)
    assert (ranks["one"], keys(trace)) == (4, (rank := set(touched_by_release("one", is_moved=True)) - text))
    assert (ranks.get("one"), ranks.get("two", -1)) == (4, -1)
    assert rank < keys(trace)
    assert text == set(touched_by_release("one", is_moved=False))


def test_all_that_is_made_of_an_entity_comes_back() -> None:
    card = EntityCard(
        path="person/a/",
        list="people",
        word="one.person",
        title="Ä",
        sort="a",
        language="en",
        names=(CardName("B", "ru", True),),
        also=("c",),
        note=(CardNote("d", "inferred"),),
        releases=3,
    )
    built = BuiltEntity([card, card], {"person/a/graph.ttl": b"1"})
    built.put("person/a/index.html", "ä")
    again = BuiltEntity.from_bytes(built.to_bytes())
    assert again == built and type(again.cards[0].names[0]) is CardName and type(again.cards[0].note[0]) is CardNote


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The IRIs of the entities that are made, as they come."""
    iris: list[str] = []
    build = writing._Writer._build

    def record(writer: Any, iri: str) -> BuiltEntity:
        iris.append(iri)
        return build(writer, iri)

    monkeypatch.setattr(writing._Writer, "_build", record)
    return iris


@pytest.mark.slow
def test_only_entities_that_a_change_touches_are_made_anew_and_the_bytes_are_those_of_a_fresh_build(
    tmp_path: Path, made: list[str]
) -> None:
    data = write_generated(tmp_path, 6)
    run(data, site=True)
    every = list(made)
    made.clear()
    run(data, site=True)
    assert made == []
    source = record_of(data, 1).with_name("source.txt")
    source.write_text(source.read_text(encoding="utf-8") + "\nThe end.\n", encoding="utf-8")
    outcome = run(data, site=True)
    assert 0 < len(made) < len(every)
    assert_as_fresh(data, outcome, site=True)
    made.clear()
    damaged = sorted((data.parent / NAME / BUILD).glob("entity-*"))[0]
    damaged.write_bytes(damaged.read_bytes()[:-1])
    outcome = run(data, site=True)
    assert len(made) == 1
    assert_as_fresh(data, outcome, site=True)


@pytest.mark.slow
def test_after_a_release_with_a_violation_is_mended_the_entries_are_used_again(tmp_path: Path, made: list[str]) -> None:
    data = write_generated(tmp_path, 3)
    run(data)
    made.clear()
    change(record_of(data), '"evidence":', '"evidences":', 1)
    assert not run(data).files
    change(record_of(data), '"evidences":', '"evidence":', 1)
    outcome = run(data)
    assert made == []
    assert_as_fresh(data, outcome)
