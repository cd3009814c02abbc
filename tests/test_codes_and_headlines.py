"""A code belongs to what is named beside it, and a headline is a whole line or clause."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from communique.compile.compiler import compile_release
from communique.context import read_context
from communique.read.release import build_release
from tests.test_relations import BASE, compiled

TEXT = (
    "In Aton the court read the Water Report (case no. 2 K 118/22).\n\n"
    "Ada Mock wrote the Salt Guide. Call +1 202 555 0134. Sample Works met."
)


def refused(node: dict[str, Any], text: str = TEXT, language: str = "en") -> list[str | None]:
    made = compiled(text, node, language=language)
    assert {f.code for f in made.findings} <= {"not-grounded"}
    return [f.path for f in made.findings]


@pytest.mark.parametrize("key", ["identifier", "legislationIdentifier"])
@pytest.mark.parametrize(
    ("node", "code", "wrong"),
    [
        ("work/report", "2 K 118/22", False),
        ("work/guide", "2 K 118/22", True),
        ("org/works", "2 K 118/22", True),
        ("org/works", "+1 202 555 0134", True),
    ],
)
def test_a_code_belongs_to_what_its_sentence_names(key: str, node: str, code: str, wrong: bool) -> None:
    classes = {"work/report": "Legislation", "work/guide": "Legislation", "org/works": "Organization"}
    names = {"work/report": "Water Report", "work/guide": "Salt Guide", "org/works": "Sample Works"}
    written = {"id": node, "type": classes[node], "name": names[node], key: code}
    assert refused(written) == ([key] if wrong else [])


def test_a_code_may_be_the_only_name_or_part_of_a_name() -> None:
    assert refused({"id": "work/case", "type": "Legislation", "legislationIdentifier": "2 K 118/22"}) == []
    order = {"id": "work/case", "type": "Legislation", "name": "Order No. 12", "legislationIdentifier": "No. 12"}
    assert refused(order, "The Order No. 12 holds.") == []


def release(text: str, **facts: Any) -> list[str | None]:
    record = {"@context": "context.jsonld", "graph": [{"id": "release/x", "type": "PressRelease", **facts}]}
    made = compile_release(build_release("x", text, record, Path("x"), 1), read_context(), base=BASE)
    assert {f.code for f in made.findings} <= {"not-grounded"}
    return [f.path for f in made.findings]


LONG = "It was a long day in the town, and there was much to say of it and of all who had come. " * 4
COURT = f"Press Release No. 41/2022\n\nCourt of Aton: Ban on street music in Beford void\n\n{LONG}Case 2 K 118/22.\n"


@pytest.mark.parametrize(("code", "wrong"), [("41/2022", False), ("2 K 118/22", True)])
def test_a_code_of_a_release_stands_at_its_head(code: str, wrong: bool) -> None:
    headline = "Court of Aton: Ban on street music in Beford void"
    assert release(COURT, headline=headline, identifier=code) == (["identifier"] if wrong else [])


@pytest.mark.parametrize(
    ("headline", "wrong"),
    [
        ("Court of Aton: Ban on street music in Beford void", False),
        ("Ban on street music in Beford void", False),
        ("Court of Aton: Ban on street music", True),
        ("Court of Aton: Ban on street music in Beford", True),
        ("street music in Beford void", True),
        ("of Aton: Ban on street music in Beford void", True),
    ],
)
def test_a_headline_is_a_whole_line_or_clause(headline: str, wrong: bool) -> None:
    assert release(COURT, headline=headline) == (["headline"] if wrong else [])
    evidence = {"headline": "Court of Aton: Ban on street music in Beford void"}
    assert release(COURT, headline=headline, evidence=evidence) == (["headline"] if wrong else [])


FAIR = "Seminar on salt, Oldport, 3 May\n\nBeford reads “The Salt Book” aloud\n\nAll came."


@pytest.mark.parametrize(
    ("headline", "wrong"),
    [
        ("Seminar on salt, Oldport, 3 May", False),
        ("Seminar on salt", False),
        ("Oldport, 3 May", True),
        ("3 May", True),
        ("Beford reads “The Salt Book” aloud", False),
        ("Beford reads", True),
        ("aloud", True),
    ],
)
def test_a_headline_neither_begins_after_a_comma_nor_ends_at_what_is_quoted(headline: str, wrong: bool) -> None:
    assert release(FAIR, headline=headline) == (["headline"] if wrong else [])


@pytest.mark.parametrize(
    ("text", "value", "quote", "wrong"),
    [
        ("The Gala has a capacity of 350 and begins at 19:00 on 6 June.", "350", None, False),
        ("The Gala has a capacity of 350 and begins at 19:00 on 6 June.", "19", None, True),
        ("The Gala has a capacity of 350 and begins at 19:00 on 6 June.", "6", None, True),
        ("The Gala costs 20 dinars.", "20", None, True),
        ("The Gala has 350 seats.", "350", None, True),
        ("The Gala has 350 seats.", "350", "has 350 seats", False),
    ],
)
def test_a_number_under_a_term_counts_what_the_term_says(text: str, value: str, quote: str | None, wrong: bool) -> None:
    key = "schema:maximumAttendeeCapacity"
    node: dict[str, str | dict[str, str]] = {"id": "event/gala", "type": "Event", "name": "Gala", key: value}
    node |= {"evidence": {key: quote}} if quote else {}
    found = [f.path for f in compiled(text, node).findings if f.code == "not-grounded"]
    assert found == ([key] if wrong else [])
