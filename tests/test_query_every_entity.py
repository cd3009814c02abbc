"""Every canned question, asked of every entity of the first newsroom: each answers, in time and alike.

One entity was enough for a question that an engine never ended. What takes longer than it may is ended with its engine.
Virtuoso and Jena, which take ten times as long, are asked every question of every third entity, and of each entity
every third question. rdflib, on which nobody serves data, answers the cases of ``test_query_answers`` only: all this
would take it half an hour.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from communique.errors import QueryError
from communique.publish.workstore import entities
from communique.query.ask import offers, run
from communique.query.catalogue import Query
from communique.store.address import read_address
from communique.store.apart import StoreApart
from communique.store.discovery import open_remote
from communique.store.embedded import open_embedded
from communique.store.journal import Journal
from communique.store.load import Loader
from tests import engines
from tests.test_query_answers import CATALOGUE, asked_in_text, base_of, oxigraph, parts, quads

SECONDS = 30.0
"""Seconds for one question on one engine, with a wide margin: the slowest took about one second."""

Question = tuple[str, tuple[tuple[str, str], ...]]


@cache
def questions() -> tuple[Question, ...]:
    """Each question with each of its parameters that takes a node set to each entity, the others to their examples
    where they are needed; a question without such a parameter once."""
    found, named = list[Question](), entities(oxigraph("real").quads, base_of("real"))
    for name, query in CATALOGUE.items():
        asked = [p for p in query.parameters if p.type == "iri" and p.name != "predicate"]
        for parameter in asked:
            offered = [term.value for term in offers(parameter, oxigraph("real"))] if parameter.values_query else []
            for value in sorted({*named, *offered}):
                found.append((name, tuple((needed(query) | {parameter.name: value}).items())))
        if not asked:
            found.append((name, tuple(needed(query).items())))
    return tuple(found)


def needed(query: Query) -> dict[str, str]:
    return {p.name: p.example for p in query.parameters if p.required}


def every_third() -> list[Question]:
    """Of each question every third, beginning one further on with each question.

    The first question is the one that makes Virtuoso stand still now and then if it comes later: see docs/stores.md.
    """
    of_name: dict[str, list[Question]] = {"events-by-place": []}
    for question in questions():
        of_name.setdefault(question[0], []).append(question)
    return [one for n, asked in enumerate(of_name.values()) for one in asked[n % min(3, len(asked)) :: 3]]


@pytest.mark.slow  # it collects the entities, if it is the first
def test_every_entity_and_every_question_is_asked() -> None:
    assert len(questions()) > 500
    assert {name for name, _ in questions()} == set(CATALOGUE)
    third = every_third()
    assert {name for name, _ in third} == set(CATALOGUE)
    assert {value for _, values in third for _, value in values} >= set(
        entities(oxigraph("real").quads, base_of("real"))
    )


def answer_text(question: Question, store: Any) -> str:
    """The answer as CSV, or the message of the refusal."""
    name, values = question
    try:
        return run(CATALOGUE, name, dict(values), store, base=base_of("real")).render("csv")
    except QueryError as no:
        return str(no)


@cache
def expected(question: Question) -> str:
    return answer_text(question, oxigraph("real"))


def differing(store: Any, limited: Callable[[Question], Any], asked: Sequence[Question]) -> list[Question]:
    """The questions whose answer is not the expected one; ``limited`` limits the time of each."""
    found = []
    for question in asked:
        with limited(question):
            if answer_text(question, store) != expected(question):
                found.append(question)
    return found


@contextmanager
def ending(process: Any, question: Question) -> Iterator[None]:
    """Kills a process that works on a question for too long, and says which question it was."""
    late: list[Question] = []

    def end() -> None:
        late.append(question)
        process.kill()

    timer = threading.Timer(SECONDS, end)
    timer.start()
    try:
        yield
    except BaseException as error:
        if late:
            pytest.fail(f"took longer than {SECONDS} s: {question} ({error})")
        raise
    finally:
        timer.cancel()


@contextmanager
def unlimited(question: Question) -> Iterator[None]:
    yield


@pytest.mark.slow
def test_the_embedded_store_answers_every_question_in_time(tmp_path: Path) -> None:
    with open_embedded(tmp_path / "store") as filled:
        filled.extend(quads("real"))
    with StoreApart(tmp_path / "store", SECONDS) as store:
        assert differing(store, unlimited, questions()) == []


@pytest.mark.stores
def test_jena_answers_every_question_in_time(tmp_path: Path) -> None:
    engines.require("jena")
    ox.serialize(quads("real"), output=str(tmp_path / "real.nq"), format=ox.RdfFormat.N_QUADS)
    engine = engines.Jena(tmp_path / "real.nq")

    try:
        limited = partial(ending, engine.process)
        assert differing(asked_in_text(engine), limited, every_third()) == []
    finally:
        engine.close()


@pytest.mark.allow_hosts(engines.LOOPBACK)
@pytest.mark.parametrize("engine", engines.SERVERS)
def test_a_server_answers_every_question_in_time(engine: str, tmp_path: Path) -> None:
    engines.require(engine)
    with engines.running(engines.SERVERS[engine](tmp_path / "server")) as started:
        store = open_remote(read_address(engines.with_user(started)), write=True)
        with Journal(tmp_path / "journal.jsonl", {}) as journal:
            Loader(store, journal, base_of("real")).load(parts("real"))
        asked = open_remote(read_address(started.url))
        third = every_third() if engine == "virtuoso" else questions()
        assert differing(asked, partial(ending, started.process), third) == []
