"""What the store of a publication under way tells of a node."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from communique.compile.evidencegraph import statement_node
from communique.export.order import Row, plain, quad_of
from communique.publish import workstore
from communique.publish.lookups import LookUps
from communique.publish.workstore import describe, describe_inner, read_around, releases_of
from communique.terms import CMQ, ORG, RDF, SCHEMA, SKOS, TYPE
from tests.terms import moved

BASE = "https://example.org/id/"


def quad(graph: str, subject: str, path: str, value: str | Literal) -> Quad:
    iri = path if ":" in path else SCHEMA + path
    term = value if isinstance(value, Literal) else NamedNode(value if ":" in value else BASE + value)
    return Quad(NamedNode(BASE + subject), NamedNode(iri), term, NamedNode(f"{BASE}graph/{graph}"))


def store_of(*quads: Quad) -> LookUps:
    store = Store()
    store.extend(quads)
    return LookUps(store)


def quads_of(rows: Iterable[Row]) -> set[Quad]:
    return {quad_of(row) for row in rows}


def test_a_release_speaks_of_what_it_is_about_or_mentions_in_its_own_facts() -> None:
    store = store_of(
        quad("one", "release/one", "about", "org/a"),
        quad("two", "release/two", "mentions", "org/a"),
        quad("three/page", "release/three", "publisher", "org/a"),
        quad("four/page", "release/four", "mentions", "org/a"),
        quad("five", "release/one", "mentions", "org/a"),
        quad("six", "event/x", "about", "org/a"),
        quad("seven", "org/a", "name", Literal("A")),
        quad("eight/inferred", "release/eight", "mentions", "org/a"),
    )
    ranks = {slug: rank for rank, slug in enumerate(("two", "one", "three", "four", "eight"))}
    around = read_around(store, BASE + "org/a")
    assert releases_of(around, BASE, ranks) == (["two", "one", "eight"], ["three", "four"])


def marked(graph: str, fact: Quad) -> list[Quad]:
    """A fact in the graph of what is inferred, with the statement node that says so in that of the evidence."""
    value = fact.object
    assert isinstance(fact.subject, NamedNode) and isinstance(value, NamedNode | Literal)
    mark = statement_node(f"{BASE}release/{graph}", fact.subject, fact.predicate, value)
    parts = {"subject": fact.subject, "predicate": fact.predicate, "object": value}
    said = {RDF + name: part for name, part in parts.items()} | {CMQ + "basis": NamedNode(CMQ + "inferred")}
    inferred, evidence = (NamedNode(f"{BASE}graph/{graph}/{part}") for part in ("inferred", "evidence"))
    return [moved(fact, inferred), *(Quad(mark, NamedNode(path), end, evidence) for path, end in said.items())]


def test_a_neighbour_comes_with_the_names_beside_the_fact_and_in_the_registry_and_with_every_mark_of_them() -> None:
    link = quad("one", "person/p", "affiliation", "org/a")
    here = marked("one", quad("one", "org/a", TYPE, SCHEMA + "NGO"))
    registry = quad("entities", "org/a", "name", Literal("A"))
    elsewhere = marked("two", quad("two", "org/a", "name", Literal("A")))
    other = marked("two", quad("two", "org/a", "name", Literal("Another name")))
    found = quads_of(describe(store_of(link, *here, registry, *elsewhere, *other), BASE, BASE + "person/p"))
    assert found == {link, *here, registry, *elsewhere}


def test_a_neighbour_that_nobody_names_beside_the_fact_keeps_its_other_names() -> None:
    link, name = quad("one", "person/p", "affiliation", "org/a"), quad("two", "org/a", "name", Literal("A"))
    assert quads_of(describe(store_of(link, name), BASE, BASE + "person/p")) == {link, name}


def test_an_event_that_was_called_off_is_not_named_without_saying_so() -> None:
    link, name = quad("one", "event/fair", "attendee", "org/a"), quad("one", "event/fair", "name", Literal("fair"))
    off = marked("one", quad("one", "event/fair", "eventStatus", SCHEMA + "EventCancelled"))
    assert quads_of(describe(store_of(link, name, *off), BASE, BASE + "org/a")) == {link, name, *off}


def test_no_words_of_a_statement_come_without_all_that_is_said_of_it() -> None:
    about = quad("one", "release/one#said", "about", "org/a")
    words = quad("one", "release/one#said", "text", Literal("we should go on"))
    assert quads_of(describe(store_of(about, words), BASE, BASE + "org/a")) == {about}


def test_a_node_inside_a_release_is_described_whole_with_the_names_it_leads_to_and_its_marks() -> None:
    link = quad("one", "release/one#role", ORG + "member", "person/p")
    post = quad("one", "release/one#role", ORG + "organization", "org/a")
    title = marked("one", quad("one", "release/one#role", "roleName", Literal("Chair")))
    name, other = (
        quad("one", "org/a", "name", Literal("A")),
        quad("one", "org/a", "telephone", Literal("+1 202-555-0100")),
    )
    elsewhere = quad("two", "org/b", "name", Literal("B"))
    store = store_of(link, post, *title, name, other, elsewhere)
    near = list(describe(store, BASE, BASE + "person/p"))
    assert post not in quads_of(near)
    assert quads_of(describe_inner(store, BASE, near)) == {link, post, *title, name}


def test_the_code_of_an_entity_and_the_scheme_of_a_topic_are_described_whole_and_no_passage_is() -> None:
    link = quad("entities", "place/a", "identifier", "place/a#identifier-x-1")
    code = quad("entities", "place/a#identifier-x-1", "value", Literal("1"))
    listed = quad("entities", "place/a", SKOS + "inScheme", "dataset#topics")
    title = quad("entities", "dataset#topics", "title", Literal("Samples"))
    seen = quad("one/evidence", "place/a", CMQ + "evidence", "release/one/source.txt#char=0,1")
    words = quad("one", "release/one/source.txt#char=0,1", "text", Literal("A"))
    near = [link, listed, seen]
    assert quads_of(describe_inner(store_of(*near, code, title, words), BASE, plain(near))) == {code, title}


def test_a_store_is_loaded_in_parts_of_bounded_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is loaded at once is held in memory, wholly: the parts have a number of quads, however many there are."""
    lines = [f'<https://e.org/{n}> <https://e.org/p> "{n}" <https://e.org/g> .\n' for n in range(25)]
    (tmp_path / "all.nq").write_text("".join(lines), encoding="utf-8", newline="\n")
    sizes: list[int] = []

    class Counting:
        def __init__(self, folder: str) -> None:
            self.store = Store(folder)

        def bulk_load(self, **what: Any) -> None:
            sizes.append(what["input"].count(b"\n"))
            self.store.bulk_load(**what)

    monkeypatch.setattr(workstore, "Store", Counting)
    monkeypatch.setattr(workstore, "AT_ONCE", 10)
    workstore.make_work_store(tmp_path / "store", tmp_path / "all.nq")
    assert sizes == [10, 10, 5]
    assert len(Store.read_only(str(tmp_path / "store"))) == len(lines)
