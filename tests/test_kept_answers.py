"""Answers to questions of some graphs: used again while these graphs are the same, and never otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from communique.publish.kept import answers as kept_answers
from communique.publish.kept.answers import AnswerFolder, keep_answers
from communique.publish.kept.sealed import SealedFolder, open_sealed
from communique.store.store import Answer
from communique.terms import XSD
from tests.generated import write_generated
from tests.test_cache import assert_as_fresh, record_of, run

A, B = NamedNode("https://e.example/a"), NamedNode("https://e.example/b")
ROW = (A, Literal("x"), Literal("y", language="kk"), Literal("1", datatype=NamedNode(XSD + "integer")), None)
GRAPHS = {"https://e.example/g": "1", "https://e.example/h": "2"}
G, H = GRAPHS


class Asked:
    """A store that gives the same answer to every query, and counts them."""

    binds = True

    def __init__(self, *row: Any) -> None:
        self.row, self.times = row or ROW, 0

    def query(self, text: str, terms: Any = None, graphs: Sequence[str] | None = None) -> Answer:
        self.times += 1
        return Answer(tuple("abcde"[: len(self.row)]), (self.row, self.row))

    def construct(self, text: str, terms: Any = None, graphs: Sequence[str] | None = None) -> tuple[Triple, ...]:
        self.times += 1
        return (Triple(A, B, self.row[1]),)


@pytest.fixture
def place(tmp_path: Path) -> SealedFolder:
    found = open_sealed(tmp_path)
    assert found is not None
    return found


def ask(folder: AnswerFolder | None, *questions: tuple[Any, ...], method: str = "query", row: Any = ROW) -> int:
    """How many of the questions, put to a store with kept answers, have reached it; the answers are always right."""
    store = Asked(*row)
    with keep_answers(folder, store) as asked:
        assert asked.binds
        for question in questions:
            assert getattr(asked, method)(*question) == getattr(Asked(*row), method)(*question)
    return store.times


def test_an_answer_is_used_again_while_its_graphs_are_the_same(place: SealedFolder) -> None:
    question = ("SELECT", {"x": A}, [G])
    assert ask(AnswerFolder(place, b"1", GRAPHS), question) == 1
    assert ask(AnswerFolder(place, b"1", GRAPHS), question) == 0
    assert ask(AnswerFolder(place, b"1", GRAPHS | {H: "3"}), question) == 0  # another graph changed
    assert ask(AnswerFolder(place, b"1", GRAPHS | {G: "3"}), question) == 1


def test_a_graph_that_came_or_went_makes_another_answer(place: SealedFolder) -> None:
    question = ("SELECT", {"x": A}, [G, H])
    assert ask(AnswerFolder(place, b"1", {G: "1"}), question) == 1
    assert ask(AnswerFolder(place, b"1", GRAPHS), question) == 1
    assert ask(AnswerFolder(place, b"1", {H: "2"}), question) == 1


@pytest.mark.parametrize(
    "other",
    [
        ("SELECT 2", {"x": A}, [G]),
        ("SELECT", {"x": B}, [G]),
        ("SELECT", {"y": A}, [G]),
        ("SELECT", {"x": Literal(A.value)}, [G]),
        ("SELECT", {}, [G]),
        ("SELECT", {"x": A}, [H]),
        ("SELECT", {"x": A}, [G, H]),
        ("SELECT", {"x": A}, []),
    ],
)
def test_another_question_has_another_answer(place: SealedFolder, other: tuple[Any, ...]) -> None:
    folder = AnswerFolder(place, b"1", GRAPHS)
    ask(folder, ("SELECT", {"x": A}, [G]))
    assert ask(folder, other) == 1


def test_an_answer_of_another_program_is_not_used(place: SealedFolder) -> None:
    ask(AnswerFolder(place, b"1", GRAPHS), ("SELECT", None, [G]))
    assert ask(AnswerFolder(place, b"2", GRAPHS), ("SELECT", None, [G])) == 1


def test_a_graph_is_kept_as_an_answer_too_and_never_taken_for_rows(place: SealedFolder) -> None:
    folder, question = AnswerFolder(place, b"1", GRAPHS), ("CONSTRUCT", None, [G])
    assert ask(folder, question, method="construct") == 1
    assert ask(folder, question, method="construct") == 0
    assert ask(folder, question) == 1


def test_a_question_of_the_whole_dataset_is_always_asked(place: SealedFolder) -> None:
    folder = AnswerFolder(place, b"1", GRAPHS)
    assert [ask(folder, ("SELECT", None, None)) for _ in range(2)] == [1, 1]
    assert [ask(folder, ("CONSTRUCT",), method="construct") for _ in range(2)] == [1, 1]


@pytest.mark.parametrize("row", [(A, BlankNode("b0")), (A, Triple(A, B, A))], ids=str)
def test_what_would_not_come_back_the_same_is_not_kept(place: SealedFolder, row: tuple[Any, ...]) -> None:
    folder = AnswerFolder(place, b"1", GRAPHS)
    assert [ask(folder, ("SELECT", None, [G]), row=row) for _ in range(2)] == [1, 1]


def test_only_answers_of_the_last_build_are_kept_and_a_damaged_file_is_not_used(place: SealedFolder) -> None:
    folder = AnswerFolder(place, b"1", GRAPHS)
    ask(folder, ("SELECT", None, [G]), ("SELECT", None, [H]))
    ask(folder, ("SELECT", None, [G]))
    assert ask(folder, ("SELECT", None, [G]), ("SELECT", None, [H])) == 1
    path = place.folder / "answers"
    path.write_bytes(path.read_bytes()[:-1])
    assert ask(folder, ("SELECT", None, [G]), ("SELECT", None, [H])) == 2


def test_a_failed_build_leaves_the_answers_as_they_were(place: SealedFolder) -> None:
    folder = AnswerFolder(place, b"1", GRAPHS)
    ask(folder, ("SELECT", None, [G]))
    with pytest.raises(KeyboardInterrupt), keep_answers(folder, Asked()):
        raise KeyboardInterrupt
    assert ask(folder, ("SELECT", None, [G])) == 0


@pytest.mark.parametrize("method", ["query", "construct"])
def test_each_question_is_asked_once_in_a_build(place: SealedFolder, method: str) -> None:
    bound = {"x": A, "y": B}
    same: list[tuple[Any, ...]] = [("ASKED", bound, None), ("ASKED", {"y": B, "x": A}, None), ("ASKED", bound)]
    others: list[tuple[Any, ...]] = [
        ("ASKED 2", bound),
        ("ASKED", {"x": A}),
        ("ASKED", {"x": B, "y": A}),
        ("ASKED", bound, []),
        ("ASKED",),
    ]
    others += [("ASKED", bound, [G]), ("ASKED", bound, [H])]
    for folder in (None, AnswerFolder(place, b"1", GRAPHS)):
        assert ask(folder, *same, *others, *same, *others, method=method) == 1 + len(others)


def test_the_same_text_as_a_question_for_rows_and_for_a_graph_is_asked_twice() -> None:
    store = Asked()
    with keep_answers(None, store) as asked:
        assert type(asked.query("ASKED")) is Answer and type(asked.construct("ASKED")) is tuple
    assert store.times == 2


def test_without_a_place_nothing_is_kept() -> None:
    assert [ask(None, ("SELECT", None, [G])) for _ in range(2)] == [1, 1]


@pytest.mark.slow
def test_after_a_change_of_one_release_only_answers_about_it_are_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = write_generated(tmp_path, 4)
    seen: list[bool] = []
    key = kept_answers.KeptAnswers._key

    def record(kept: Any, *question: Any) -> str:
        found = key(kept, *question)
        seen.append(found in kept.known)
        return found

    monkeypatch.setattr(kept_answers.KeptAnswers, "_key", record)
    run(data, site=True)
    assert seen and not any(seen)
    seen.clear()
    source = record_of(data, 1).with_name("source.txt")
    source.write_text(source.read_text(encoding="utf-8") + "\nThe end.\n", encoding="utf-8")
    outcome = run(data, site=True)
    assert any(seen) and not all(seen)
    assert_as_fresh(data, outcome, site=True)
