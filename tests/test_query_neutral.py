"""What a question says of a relation is true for every class that may have it, and of what is planned or cancelled."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest

from communique.publish.site.columns import value_words
from communique.publish.words import Words
from communique.query.ask import run
from communique.query.catalogue import Catalogue
from communique.read.dataset import INTERFACE_LANGUAGES
from communique.store.embedded import EmbeddedStore, open_embedded
from communique.terms import CMQ, ORG, SCHEMA

CATALOGUE = dict(Catalogue())
BASE = "https://news.example/id/"
PLAIN = {"name": "what", "startDate": "when", "endDate": "until", "location": "where", "containedInPlace": "in"}
"""Relations of an event that the question asks for by its own words, which hold of any event."""
OF_INVITATIONS = {"agent": "invitation by", "recipient": "invitation to"}
"""Relations that are read of invitations alone."""
TOLD_BY_HOW = {"performer": "performer", "contributor": "contributor"}


def parts_of_an_event() -> dict[str, str]:
    """The word of what-happened for each property, by its IRI."""
    rows = re.findall(r'^ +\((schema|cmq):(\w+) +\d+ "([^"]+)"\)$', CATALOGUE["what-happened"].text, re.MULTILINE)
    return {{"schema": SCHEMA, "cmq": CMQ}[prefix] + local: word for prefix, local, word in rows}


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_a_part_in_an_event_is_called_as_on_pages(language: str) -> None:
    own = {SCHEMA + local: word for local, word in (PLAIN | OF_INVITATIONS).items()} | {CMQ + "partOfYear": "when"}
    parts = parts_of_an_event()
    assert len(parts) > 14
    assert {iri: word for iri, word in parts.items() if iri in own} == own
    said = {iri: value_words(language)[f"part: {word}"] for iri, word in parts.items() if iri not in own}
    assert said == {iri: Words(language).property(iri).removesuffix(":") for iri in said}
    how = {local: value_words(language)[f"how: {word}"] for local, word in TOLD_BY_HOW.items()}
    assert how == {local: Words(language).property(SCHEMA + local).removesuffix(":") for local in how}


def store_of(facts: str) -> EmbeddedStore:
    text = f"""
    PREFIX : <{BASE}> PREFIX schema: <{SCHEMA}> PREFIX cmq: <{CMQ}>
    PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
    GRAPH <{BASE}graph/fair> {{
      <{BASE}release/fair> a <http://purl.org/spar/fabio/PressRelease> .
      <{BASE}event/fair> a schema:Event ; schema:name "fair"@en ; schema:startDate "2031-05-07"^^xsd:date ;
        schema:endDate "2031-05-09"^^xsd:date ; schema:location <{BASE}place/hall> ;
        schema:performer <{BASE}person/ada> ; schema:contributor <{BASE}org/bank> ;
        schema:attendee <{BASE}person/max> ; schema:workFeatured <{BASE}work/river> .
      <{BASE}work/river> schema:name "Grey River"@en .
      <{BASE}place/hall> a schema:Place ; schema:name "hall"@en .
      <{BASE}person/ada> a schema:Person ; schema:name "Ada"@en .
      <{BASE}person/max> a schema:Person ; schema:name "Max"@en .
      <{BASE}org/bank> a schema:Organization ; schema:name "Bank"@en .
      <{BASE}act/law> cmq:approves <{BASE}work/river> ; schema:legislationDate "2031-05-01"^^xsd:date .
      {facts}
    }}
    GRAPH <{BASE}graph/fair/evidence> {{ <{BASE}event/fair> cmq:evidence <{BASE}release/fair/source.txt#char=0,4> .
      <{BASE}release/fair/source.txt#char=0,4> a <http://www.w3.org/ns/oa#SpecificResource> }}
    """
    store = open_embedded()
    store.extend(ox.parse(text.encode(), format=ox.RdfFormat.TRIG))
    return store


def rows_of(name: str, facts: str) -> list[dict[str, str | int | None]]:
    return run(CATALOGUE, name, {}, store_of(facts), base=BASE).to_dicts()


STATUS = "<" + BASE + "event/fair> schema:eventStatus schema:Event{} ."
OF_WHAT_TOOK_PLACE = (
    "what-happened",
    "who-attended",
    "who-presented",
    "presentations",
    "events-by-place",
    "days-from-approval",
)  # fmt: skip
NOT_YET_OR_NEVER = ("Scheduled", "Cancelled", "Postponed", "Rescheduled")


@pytest.mark.parametrize("name", OF_WHAT_TOOK_PLACE)
def test_what_is_planned_or_cancelled_is_not_told_as_what_took_place(name: str) -> None:
    assert rows_of(name, "")
    assert rows_of(name, STATUS.format("MovedOnline"))
    assert [status for status in NOT_YET_OR_NEVER if rows_of(name, STATUS.format(status))] == []


@pytest.mark.parametrize(
    ("status", "begins", "ends"),
    [
        ("Scheduled", "is planned to begin", "is planned to end"),
        ("Rescheduled", "is planned to begin", "is planned to end"),
        ("Cancelled", "was to begin", "was to end"),
        ("Postponed", "was to begin", "was to end"),
        ("MovedOnline", "begins", "ends"),
    ],
)
def test_the_timeline_says_what_became_of_an_event(status: str, begins: str, ends: str) -> None:
    told = [row["what"] for row in rows_of("timeline", STATUS.format(status)) if str(row["subject"]).endswith("fair")]
    assert told == [begins, ends]


@pytest.mark.parametrize(
    ("status", "listed"), [("Scheduled", 1), ("Rescheduled", 1), ("Cancelled", 0), ("Postponed", 0), ("MovedOnline", 0)]
)
def test_what_is_planned_is_what_is_still_to_come(status: str, listed: int) -> None:
    assert len(rows_of("planned", STATUS.format(status))) == listed


INVITATION = "<" + BASE + "act/call> a schema:{} ; schema:agent <" + BASE + "org/bank> ; " + (
    "schema:recipient <" + BASE + "person/max> ; schema:event <" + BASE + "event/fair> ."
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "parts"), [("InviteAction", {"invitation by", "invitation to"}), ("InformAction", set())]
)
def test_only_an_invitation_is_told_as_one(kind: str, parts: set[str]) -> None:
    told = {row["part"] for row in rows_of("what-happened", INVITATION.format(kind))}
    assert {part for part in told if str(part).startswith("invit")} == parts


@pytest.mark.parametrize(
    ("status", "attended"), [("", "yes"), ("MovedOnline", "yes"), ("Scheduled", "not said"), ("Cancelled", "not said")]
)
def test_nobody_is_said_to_have_come_to_what_is_planned_or_cancelled(status: str, attended: str) -> None:
    facts = INVITATION.format("InviteAction") + (STATUS.format(status) if status else "")
    assert [row["attended"] for row in rows_of("who-was-invited", facts)] == [attended]


@pytest.mark.parametrize(("where", "rows"), [("", 1), ("/inferred", 0)])
def test_a_statement_is_on_a_topic_if_the_release_says_so(where: str, rows: int) -> None:
    store = store_of(
        f"<{BASE}release/fair#s> a cmq:ReportedStatement ; schema:creator <{BASE}person/ada> ; schema:text 'safe'@en ."
    )
    graph = ox.NamedNode(f"{BASE}graph/fair{where}")
    about = ox.NamedNode(SCHEMA + "about")
    store.extend([ox.Quad(ox.NamedNode(f"{BASE}release/fair#s"), about, ox.NamedNode(f"{BASE}topic/fairs"), graph)])
    assert len(run(CATALOGUE, "who-said-what", {}, store, base=BASE).rows) == 1
    assert len(run(CATALOGUE, "who-said-what", {"topic": "topic/fairs"}, store, base=BASE).rows) == rows


WORK = f"<{BASE}release/fair#work> <{ORG}member> <{BASE}person/ada> ; <{ORG}organization> <{BASE}org/bank>{{}} ."


@pytest.mark.parametrize(("title", "role"), [("", None), (' ; schema:roleName "chair"@en', "chair")])
def test_who_works_somewhere_without_a_title_holds_a_role_without_a_name(title: str, role: str | None) -> None:
    rows = rows_of("role-holders", WORK.format(title))
    assert [(row["person"], row["role"], row["basis"]) for row in rows] == [(f"{BASE}person/ada", role, "stated")]
