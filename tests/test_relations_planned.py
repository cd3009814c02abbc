"""Planned or happened: what a record says of an event is held against its day and the words that announce it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from communique.compile.compiler import Compiled, compile_release
from communique.context import read_context
from communique.read.release import build_release

GALA: dict[str, Any] = {"id": "event/gala", "type": "Event", "name": "Gala"}


def told(text: str, event: dict[str, Any], language: str = "en", dateline: str = "") -> list[tuple[str, str]]:
    """Codes and severities of the findings on an event of a text."""
    release = {"id": "release/x", "type": "PressRelease", "headline": "Headline"}
    if dateline:
        release["dateline"] = dateline
    record = {"@context": "context.jsonld", "graph": [release, event]}
    written = build_release("x", f"Headline\n{dateline} {text}", record, Path("x"), 1)
    made: Compiled = compile_release(written, read_context(), base="https://news.example/id/", language=language)
    return [(f.code, f.severity) for f in made.findings]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The Gala took place in the old mill."),
        ("de", "Die Gala fand in der alten Mühle statt."),
        ("fr", "Le Gala a eu lieu dans le vieux moulin."),
        ("ru", "Gala прошла на старой мельнице."),
        ("kk", "Gala ескі диірменде өтті."),
    ],
)
def test_an_event_that_took_place_is_not_planned(language: str, text: str) -> None:
    assert told(text, GALA, language) == []
    assert told(text, GALA | {"planned": True}, language) == [("not-grounded", "violation")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The Gala will take place in the old mill."),
        ("de", "Die Gala wird in der alten Mühle gefeiert."),
        ("fr", "Le Gala aura lieu dans le vieux moulin."),
        ("ru", "Gala состоится на старой мельнице."),
        ("kk", "Gala ескі диірменде өтеді."),
    ],
)
def test_an_event_that_is_announced_is_planned(language: str, text: str) -> None:
    assert told(text, GALA | {"planned": True}, language) == []


def test_words_of_the_future_beside_every_name_of_an_event_are_a_finding() -> None:
    assert told("The Gala will take place in May.", GALA) == [("not-planned", "violation")]
    assert told("The Gala will be repeated. The Gala was a success.", GALA) == []
    assert told("The Gala, which Jo will remember, was a success.", GALA) == []


def test_an_event_after_the_day_of_its_release_is_planned() -> None:
    text, day = "The Gala is on 9 May 2031.", "Aton, 3 March 2031"
    event = GALA | {"startDate": "2031-05-09"}
    assert told(text, event, dateline=day) == [("not-planned", "violation")]
    assert told(text, event | {"planned": True}, dateline=day) == []
    off = "The Gala on 9 May 2031 is cancelled."
    assert told(off, event | {"status": "cancelled"}, dateline=day) == []


def test_an_event_on_the_day_of_its_release_or_in_its_month_is_not_to_come() -> None:
    for words, start in (("3 March 2031", "2031-03-03"), ("March 2031", "2031-03"), ("2 March 2031", "2031-03-02")):
        assert told(f"The Gala was on {words}.", GALA | {"startDate": start}, dateline="Aton, 3 March 2031") == []


def test_words_that_an_author_quotes_announce_an_event() -> None:
    text = "The Gala is for all who love mills."
    assert told(text, GALA | {"planned": True}) == [("not-grounded", "violation")]
    assert told(text, GALA | {"planned": True, "evidence": {"planned": "is for all"}}) == []


def test_in_a_language_without_a_table_an_author_is_believed() -> None:
    assert told("Gala pidetään myllyssä.", GALA | {"planned": True}, "fi") == []


def test_an_event_with_a_day_is_believed_to_be_planned_if_the_release_has_none() -> None:
    event = GALA | {"startDate": "2031-05-09", "planned": True}
    assert told("The Gala is for all on 9 May 2031.", event) == []
    earlier = told("It rains. The Gala was for all on 9 May 2031.", event, dateline="Aton, 10 May 2031")
    assert earlier == [("not-grounded", "violation")]
