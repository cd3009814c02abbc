"""No number on a page is another than a query finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.counting import compare

BASES = {
    "site": "https://w3id.org/communique/id/", "archive_site": "https://news.example/id/",
    "generated_site": "https://press.example/id/", "crowded_site": "https://news.example/id/",
}  # fmt: skip


@pytest.mark.parametrize("name", BASES)
def test_every_number_on_a_page_is_what_a_query_finds(name: str, request: pytest.FixtureRequest) -> None:
    site: Path = request.getfixturevalue(name)
    made = compare(site, BASES[name])
    assert made.wrong == []
    kinds = {
        "triples in all", "triples of evidence", "releases", "years", "card: fact", "card: statement", "release: facts",
        "release: passages of paragraphs", "release: entries of a paragraph", "entity: releases", "list: people",
        "question: rows", "vocabulary: uses",
    }  # fmt: skip
    if name == "crowded_site":
        kinds |= {"entity: more releases", "releases of a year"}
    assert kinds <= made.compared.keys() and sum(made.compared.values()) > 250
