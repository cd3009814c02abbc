"""What earlier builds made of each entity: used again unless a change touches what it was made from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad, Store

from communique.api import open_newsroom
from communique.publish import entities as writing
from communique.publish.describe.listing import FeedEntry
from communique.publish.kept.entities import BuiltEntity, State
from communique.publish.kept.releases import open_cache
from communique.publish.kept.texts import ReleaseTexts, TracedTexts, touched_by_texts
from communique.publish.lookups import LookUps
from communique.publish.site.cards import CardName, CardNote, CardParagraph, EntityCard, ReleaseCard
from communique.publish.site.edition import in_context
from communique.publish.site.scenefacts import ScenePassage
from communique.publish.traces import SIZE, Trace, TracedRanks, touched_by_move, touched_by_quads
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


def test_a_release_that_moves_touches_its_rank() -> None:
    trace = Trace()
    ranks = TracedRanks({"one": 4}, trace)
    assert (ranks["one"], keys(trace)) == (4, {touched_by_move("one")})
    assert (ranks.get("one"), ranks.get("two", -1)) == (4, -1)
    assert keys(trace) == {touched_by_move("one"), touched_by_move("two")}


SOURCE = "Fair opened\nMOCKVILLE: Ada said\r\nthat all is well.\n\nPress: 123"
PARAGRAPHS = ((0, 11, "1"), (12, 50, "2"), (51, 61, "press"))


def texts(source: str = SOURCE, paragraphs: Any = PARAGRAPHS, **more: str) -> ReleaseTexts:
    shown = {"slug": "s", "iri": "i", "title": "Fair", "day": "2001", "language": "en", "place": "", "original": ""}
    parts = tuple(map(CardParagraph._make, paragraphs))
    card = ReleaseCard(**{**shown, **more}, summary=(), counts={}, stripe=(), inner={}, paragraphs=parts)
    return ReleaseTexts(source, [card])


def looked_up(folder: Path, shown: ReleaseTexts, *passages: tuple[int, int]) -> tuple[list[object], set[bytes]]:
    """What pages of entities find of a release, and the look-ups that were noted."""
    (folder / "release" / "s").mkdir(parents=True)
    (folder / "release" / "s" / "source.txt").write_bytes(shown.source.encode())
    (folder / "s.card.json").write_text(shown.cards[0].render(), encoding="utf-8")
    trace = Trace()
    own = TracedTexts(trace, folder, folder)
    found: list[object] = [own.head("s")] if not passages else []
    for passage in (ScenePassage("s", *span, "") for span in passages):
        found += [in_context(own.lines_with(passage), passage), own.paragraph(passage)]
    return found, keys(trace)


CHANGES = {
    "a word of the same length": texts(SOURCE.replace("well", "good")),
    "a longer word": texts(SOURCE.replace("Ada", "Adam"), ((0, 11, "1"), (12, 51, "2"), (52, 62, "press"))),
    "a line is cut": texts(SOURCE.replace(": ", ":\n")),
    "two lines are joined": texts(SOURCE.replace("said\r\n", "said  ")),
    "another line break": texts(SOURCE.replace("said\r\nthat", "said\n\nthat")),
    "the end": texts(SOURCE + "4"),
    "another label": texts(paragraphs=(*PARAGRAPHS[:2], (51, 61, "contact"))),
    "a paragraph less": texts(paragraphs=PARAGRAPHS[:2]),
    "a paragraph before": texts(paragraphs=((0, 5, "0"), *PARAGRAPHS)),
    "no paragraphs": texts(paragraphs=()),
    "a title": texts(title="Fairs"),
    "a day": texts(day="2002"),
    "a language": texts(language="kk"),
    "a web page": texts(original="https://e.example/"),
    "nothing that is shown": texts(place="Mockville"),
    "gone": ReleaseTexts(),
}


@pytest.mark.parametrize(
    "passages", [(), ((0, 4),), ((23, 26),), ((23, 37),), ((40, 44),), ((51, 56),), ((50, 51),)], ids=str
)
def test_whatever_finds_something_else_was_touched(tmp_path: Path, passages: tuple[tuple[int, int], ...]) -> None:
    before, noted = looked_up(tmp_path / "before", texts(), *passages)
    for number, (name, after) in enumerate(CHANGES.items()):
        touched = set(touched_by_texts("s", texts(), after))
        assert touched == set(touched_by_texts("s", after, texts()))
        if after.cards:
            assert name and (looked_up(tmp_path / f"{number}", after, *passages)[0] == before or touched & noted)
        else:
            assert noted <= touched


def test_a_change_of_one_line_touches_neither_others_nor_the_head(tmp_path: Path) -> None:
    (tmp_path / "head").mkdir()
    head = looked_up(tmp_path / "head", texts())[1]
    first, second, last = (looked_up(tmp_path / f"{at}", texts(), (at, at + 3))[1] for at in (0, 23, 52))
    touched = set(touched_by_texts("s", texts(), CHANGES["a longer word"]))
    assert [touched.isdisjoint(noted) for noted in (head, first, second, last)] == [True, True, False, False]
    touched = set(touched_by_texts("s", texts(), CHANGES["the end"]))
    assert [touched.isdisjoint(noted) for noted in (head, first, second, last)] == [True, True, True, False]
    assert not set(touched_by_texts("s", texts(), CHANGES["nothing that is shown"]))


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


@pytest.mark.parametrize("day", ["2001-01-01", "2001-02-01", None])
def test_a_release_on_another_day_touches_its_rank(tmp_path: Path, day: str | None) -> None:
    data = write_generated(tmp_path, 1)
    cache = open_cache(open_newsroom(data), has_pages=False)
    assert cache is not None
    for key, own in (("release-1", "2001-01-01"), ("release-2", day)):
        built = cache.nothing()
        built.entry = FeedEntry("https://e.example/s", "release/s/", "Fair", own)
        cache.write(key, built)
    state = State(cache, {"s": "release-1"}, {"an entity": "its entry"})
    touched = state.follow({"s": "release-2"}).touched
    assert touched == ({touched_by_move("s")} if day != "2001-01-01" else set())


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
    assert made == []  # no page of an entity shows that line
    assert_as_fresh(data, outcome, site=True)
    made.clear()
    for path in (source, record_of(data, 1)):
        change(path, "for the public", "for the town")
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
