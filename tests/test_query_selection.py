"""What a form offers is what the data have, no more and no less; what a release only announces has no visitors yet."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from communique.query.ask import offers, run
from communique.store.embedded import EmbeddedStore, open_embedded
from communique.terms import SCHEMA, TYPE
from tests.test_query_answers import CATALOGUE, base_of, oxigraph, quads

ORGANIZATION = ox.NamedNode(SCHEMA + "Organization")


def offered(name: str, parameter: str, data: str) -> set[str]:
    known = CATALOGUE[name].parameter(parameter)
    assert known is not None
    values = [value.value for value in offers(known, oxigraph(data))]
    assert values == sorted(set(values))
    return set(values)


@pytest.mark.parametrize("data", ["real", "archive"])
def test_the_classes_of_entities_that_are_offered_are_those_of_its_rows(data: str) -> None:
    rows = run(CATALOGUE, "entities", {}, oxigraph(data), base=base_of(data)).rows
    assert offered("entities", "class", data) == {row[1].value for row in rows if row[1] is not None}


@pytest.mark.parametrize("data", ["real", "archive"])
@pytest.mark.parametrize(("parameter", "link"), [("kind", TYPE), ("place", SCHEMA + "location")])
def test_the_kinds_and_places_that_are_offered_are_those_of_organisations(data: str, parameter: str, link: str) -> None:
    organisations = {q.subject for q in quads(data) if q.predicate.value == TYPE and q.object == ORGANIZATION}
    said = {q.object for q in quads(data) if q.predicate.value == link and q.subject in organisations}
    assert offered("organisations-by-kind", parameter, data) == {str(value)[1:-1] for value in said}


def with_status(status: str, part: str) -> EmbeddedStore:
    """The archive, in which every event that somebody attends has this status, stated or inferred."""
    store = open_embedded()
    store.extend(quads("archive"))
    attended = [q for q in quads("archive") if q.predicate.value == SCHEMA + "attendee"]
    for quad in attended:
        graph = str(quad.graph_name)[1:-1].removesuffix("/inferred") + part
        node = ox.NamedNode(SCHEMA + status)
        store.extend([ox.Quad(quad.subject, ox.NamedNode(SCHEMA + "eventStatus"), node, ox.NamedNode(graph))])
    return store


@pytest.mark.parametrize("name", ["attended-from", "who-attended"])
@pytest.mark.parametrize("part", ["", "/inferred"])
def test_nobody_has_attended_what_is_only_announced(name: str, part: str) -> None:
    def rows(store: EmbeddedStore) -> int:
        return len(run(CATALOGUE, name, {}, store, base=base_of("archive")).rows)

    assert rows(oxigraph("archive")) == rows(with_status("EventMovedOnline", part)) > 0
    assert rows(with_status("EventScheduled", part)) == rows(with_status("EventPostponed", part)) == 0
