"""Every thing that a release speaks of stands in one section of its page, and is called what it is."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from communique.api import open_newsroom
from communique.publish.build import build
from tests.conftest import MakeNewsroom, record_of

TEXT = "Headline\nThe book was printed in 2013. Students read the Sample Festival, an event and a book.\n"


def page_of(make_newsroom: MakeNewsroom, *nodes: dict[str, Any]) -> str:
    """The page of a release with these nodes."""
    data = make_newsroom(json.dumps(record_of(*nodes)), TEXT)
    out = data.parent / "public"
    assert build(open_newsroom(data), out, jobs=1).files > 0
    return (out / "release/sample/index.html").read_text(encoding="utf-8")


def sections(page: str) -> dict[str, str]:
    """The sections of the facts, by key."""
    return dict(re.findall(r'<section class="sec k-\w+" id="s-(\w+)"[^>]*>(.*?)</section>', page, re.DOTALL))


def test_an_event_that_is_only_a_publication_stands_among_the_events(make_newsroom: MakeNewsroom) -> None:
    year = {"@value": "2013", "@type": "xsd:gYear"}
    printing = {"id": "this:printing", "type": "PublicationEvent", "startDate": year, "evidence": "printed in 2013"}
    book = {"id": "work/book", "type": "CreativeWork", "name": "book", "publication": "this:printing",
            "evidence": "The book was printed"}  # fmt: skip
    found = sections(page_of(make_newsroom, book, printing))
    assert 'id="printing"' in found["event"] and "2013" in found["event"]
    assert 'id="work/book"' in found["works"]


def test_a_thing_of_two_kinds_stands_in_one_section(make_newsroom: MakeNewsroom) -> None:
    both = {"id": "event/festival", "type": ["Event", "CreativeWork"], "name": "Sample Festival",
            "evidence": "the Sample Festival"}  # fmt: skip
    found = sections(page_of(make_newsroom, both))
    assert [key for key, text in found.items() if 'id="event/festival"' in text] == ["event"]


@pytest.mark.parametrize(
    ("classes", "called"), [(["Group"], "group"), (["Concept", "DefinedTerm"], "topic"), (["Legislation"], "legal act")]
)
def test_a_class_that_is_inferred_is_called_by_its_own_name(
    make_newsroom: MakeNewsroom, classes: list[str], called: str
) -> None:
    why = {"inferred": "Students read", "why": "several"}
    node = {"id": "this:students", "type": classes, "name": "Students",
            "evidence": {"*": "Students read", "type": dict.fromkeys(classes, why)}}  # fmt: skip
    page = page_of(make_newsroom, node)
    assert re.findall(r'kind:</b> <bdi class="v">([^<]+)<', page) == [called]
