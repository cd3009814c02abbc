"""Releases that are nothing like the first, written with terms of schema.org: a ruling, a transfer, a grant, Arabic."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from communique.api import Newsroom, open_newsroom
from communique.export.pagejson import build_page
from communique.terms import SCHEMA, TYPE, XSD

DATA = Path(__file__).parent / "data/terms/data"
BASE = "https://terms.example/id/"
WANTED = {
    "2031-05-05-ruling": {
        ("legislation/ruling", "author", "person/ada-example"),
        ("legislation/ruling", "legislationPassedBy", "org/supreme-court"),
        ("legislation/ruling", "legislationDateOfApplicability", f'"2031-06-01"^^{XSD}date'),
    },
    "2031-07-05-transfer": {
        ("org/fc-musterstadt", "type", "SportsTeam"),
        ("org/fc-musterstadt", "type", "Organization"),
        ("org/fc-musterstadt", "athlete", "person/jo-muster"),
        ("org/fc-musterstadt", "coach", "person/ada-beispiel"),
        ("org/fc-musterstadt", "foundingDate", f'"1911"^^{XSD}gYear'),
        ("place/waldstadion", "type", "StadiumOrArena"),
        ("place/waldstadion", "type", "Place"),
    },
    "2031-09-01-grant": {
        ("thing/subvention", "type", "Grant"),
        ("thing/subvention", "type", "Thing"),
        ("thing/subvention", "funder", "org/fonds-exemple"),
        ("thing/subvention", "fundedItem", "project/eau-claire"),
    },
    "2031-10-02-mudakhkha": {
        ("thing/madakhkhat-al-wadi", "name", '"مضخة الوادي"@ar'),
        ("thing/madakhkhat-al-wadi", "manufacturer", "org/namudhaj"),
        ("thing/madakhkhat-al-wadi", "award", '"القطرة الذهبية"@ar'),
        ("thing/madakhkhat-al-wadi", "category", '"مضخة"@ar'),
    },
}


@pytest.fixture(scope="module")
def newsroom() -> Newsroom:
    return open_newsroom(DATA)


def short(term: object) -> str:
    text = str(term).replace(TYPE, "type").replace(BASE, "").replace(SCHEMA, "")
    return text.replace("<", "").replace(">", "")


def test_every_release_of_the_folder_is_tested() -> None:
    assert sorted(path.name for path in (DATA / "releases").iterdir()) == sorted(WANTED)


@pytest.mark.parametrize("slug", WANTED)
def test_a_release_has_no_finding_and_its_terms(newsroom: Newsroom, slug: str) -> None:
    assert [(f.code, f.message) for f in newsroom[slug].check() if f.severity != "info"] == []
    facts = {(short(q.subject), short(q.predicate), short(q.object)) for q in newsroom.quads([slug], evidence="none")}
    assert WANTED[slug] - facts == set()


@pytest.mark.parametrize("slug", WANTED)
def test_every_fact_is_written_in_turtle_and_stated_ones_in_the_page(newsroom: Newsroom, slug: str) -> None:
    turtle = ox.parse(newsroom.export([slug], "turtle"), format=ox.RdfFormat.TURTLE)
    written = {(short(t.subject), short(t.predicate), short(t.object)) for t in turtle}
    assert WANTED[slug] - written == set()
    page = build_page(newsroom.quads([slug]), release=f"{BASE}release/{slug}")
    nodes = {node["@id"].removeprefix(BASE): node for node in page["@graph"]}
    for subject, name, value in WANTED[slug]:
        if name != "type":
            assert name in nodes[subject], (subject, name, value)
        elif value not in ("Thing", "Organization", "Place"):
            assert nodes[subject]["@type"] == value
