"""A mark on one part of a figure frees that part alone; numbers of dates, names and quotations are no figures."""

from __future__ import annotations

from typing import Any

import pytest

from communique.terms import SCHEMA
from tests.terms import value_of
from tests.test_relations import compiled

WHY = {"why": "a reader concludes it"}
TEXT = (
    "Sample Works has worked since 2009 and paid 74 million euros. Line 6 has 9 stops. "
    "Jo Sample said: “We built 30 boats for Sample Works.” In 2021, Mock Labs fined Jo Sample 150 dinars."
)
WORKS = {"id": "org/works", "type": "Organization", "name": "Sample Works"}
LINE = {"id": "project/line", "type": "Project", "name": "Line 6"}


def refused(figure: dict[str, Any], node: dict[str, Any], text: str = TEXT, language: str = "en") -> list[str | None]:
    made = compiled(text, {**node, "figures": figure}, language=language)
    assert {f.code for f in made.findings} <= {"not-grounded"}
    return [f.path for f in made.findings]


@pytest.mark.parametrize(
    ("figure", "at"),
    [
        ({"what": "paid", "value": "74 million euros", "evidence": {"of": WHY}}, []),
        ({"what": "paid", "value": "999 million euros", "evidence": {"of": WHY}}, ["value"]),
        ({"what": "paid", "value": "74 million dollars", "evidence": {"of": WHY}}, ["value"]),
        ({"what": "lost", "value": "74 million euros", "evidence": {"of": WHY}}, ["what"]),
        ({"what": "lost", "value": "74 million euros", "evidence": {"what": WHY}}, []),
        ({"what": "lost", "value": "75 million euros", "evidence": {"what": WHY}}, ["value"]),
        ({"what": "paid", "value": "74 million", "unit": "dollars", "evidence": {"unit": WHY}}, []),
        ({"what": "paid", "value": "75 million", "unit": "dollars", "evidence": {"unit": WHY}}, ["value"]),
        ({"what": "fined", "value": "150 dinars", "at": "2021", "evidence": {"of": WHY}}, []),
        ({"what": "fined", "value": "150 dinars", "at": "2020", "evidence": {"of": WHY}}, ["at"]),
        ({"what": "fined", "value": "150 dinars", "at": "2020", "evidence": {"of": WHY, "at": WHY}}, []),
        ({"what": "paid", "value": "74 million euros", "evidence": {"value": "paid 74 million euros"}}, []),
        ({"what": "paid", "value": "75 million euros", "evidence": {"value": "paid 74 million euros"}}, ["value"]),
        ({"what": "paid", "value": "74 million euros", "at": "2021", "evidence": {"at": "since 2009"}}, ["at"]),
    ],
)
def test_a_part_of_a_figure_that_nobody_marked_is_held_against_the_words(figure: Any, at: list[str]) -> None:
    assert refused(figure, WORKS) == at


@pytest.mark.parametrize("words", [{"inferred": "74 million euros", "why": "x"}, {"why": "x"}])
@pytest.mark.parametrize("unit", [{}, {"unit": "euros"}])
def test_a_figure_with_an_inferred_value_is_inferred_as_a_whole(words: Any, unit: Any) -> None:
    value = "75 million" + ("" if unit else " euros")
    figure = {"what": "paid", "value": value, **unit, "evidence": {"value": words}}
    made = compiled(TEXT, {**WORKS, "figures": figure})
    assert not made.findings
    iri = "https://news.example/id/release/x#figure-works-1"
    own = {q.predicate.value.removeprefix(SCHEMA) for q in made.inferred if value_of(q.subject) == iri}
    assert own >= {"value", "currency", "variableMeasured", "observationAbout"}
    assert not {q.predicate.value.removeprefix(SCHEMA) for q in made.facts if value_of(q.subject) == iri} & own
    assert any("74 million euros" in p.quote for p in made.passages)


@pytest.mark.parametrize("part", ["what", "of", "at", "unit", "value"])
def test_each_part_of_a_figure_can_be_marked_with_the_words_of_the_mark(part: str) -> None:
    mark = {part: {"inferred": "Mock Labs fined Jo Sample 150 dinars", "why": "x"}}
    figure = {"what": "fined", "value": "150", "unit": "dinars", "at": "2021", "evidence": mark}
    person = {"id": "person/jo", "type": "Person", "name": "Jo Sample"}
    assert refused(figure, person) == []


def test_what_is_stated_of_a_figure_with_a_mark_has_its_passages() -> None:
    figure = {"what": "paid", "value": "74 million euros", "evidence": {"of": WHY}}
    made = compiled(TEXT, {**WORKS, "figures": figure})
    assert {"74 million euros", "paid"} <= {p.quote for p in made.passages}


@pytest.mark.parametrize(
    ("language", "text", "node", "figure"),
    [
        ("en", TEXT, WORKS, {"what": "worked since", "value": "2009"}),
        ("en", TEXT, LINE, {"what": "Line", "value": "6"}),
        ("en", TEXT, LINE, {"what": "stops", "value": "6"}),
        ("en", TEXT, WORKS, {"what": "boats", "value": "30"}),
        ("de", "Sample Works wirbt seit 2009 für die Linie.", WORKS, {"what": "Linie", "value": "2009"}),
        ("de", "Um 19 Uhr lädt Sample Works Gäste ein.", WORKS, {"what": "Gäste", "value": "19"}),
        ("ru", "Sample Works работает с 2009 года.", WORKS, {"what": "работает", "value": "2009"}),
        ("fr", "Sample Works existe depuis 2009.", WORKS, {"what": "existe", "value": "2009"}),
    ],
)
def test_numbers_of_dates_names_and_quotations_are_no_figures(language: str, text: str, node: Any, figure: Any) -> None:
    assert refused(figure, node, text, language) == ["value"]


def test_a_number_in_a_quotation_is_a_figure_where_an_author_quotes_it() -> None:
    assert refused({"what": "boats", "value": "30", "evidence": "We built 30 boats for Sample Works"}, WORKS) == []


def test_a_number_that_looks_like_a_year_counts_the_word_after_it() -> None:
    assert refused({"what": "trees", "value": "2009"}, WORKS, "Sample Works planted 2,009 trees.") == []
    assert refused({"what": "stops", "value": "9"}, LINE) == []
