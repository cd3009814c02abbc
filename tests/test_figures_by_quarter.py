"""A figure of a quarter, half, month or season of a year: grounded by the words for it, published as EDTF."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store, Triple, Variable

from communique.compile.compiler import Compiled, compile_release
from communique.context import read_context
from communique.read.release import read_release
from communique.terms import CMQ, SCHEMA
from tests.checkout import ROOT
from tests.terms import value_of

BASE = "https://example.org/id/"


def compiled(tmp_path: Path, language: str, text: str, name: str, figure: str) -> Compiled:
    folder = tmp_path / "sample"
    folder.mkdir()
    (folder / "source.txt").write_text(f"Headline\n\n{text}\n", encoding="utf-8")
    record = f"""
"@context": [context.jsonld, {{"@language": {language}}}]
graph:
  - id: release/sample
    type: PressRelease
    headline: Headline
  - id: org/mill
    type: Organization
    name: {name}
    figures: {figure}
"""
    (folder / "record.yaml").write_text(record, encoding="utf-8")
    return compile_release(read_release(folder), read_context(), base=BASE, language=language)


SAID = [
    ("en", "Example Mill had revenue of 5 million euros in the second quarter of 2024.", "Example Mill",
     "{what: revenue, value: 5 million euros, at: %s}", "2024-Q2", "2024-34"),
    ("en", "In the first half of 2024 Example Mill had revenue of 5 million euros.", "Example Mill",
     "{what: revenue, value: 5 million euros, at: %s}", "2024-H1", "2024-40"),
    ("en", "In summer 2024 Example Mill had 300 visitors.", "Example Mill",
     "{what: visitors, value: 300, at: %s}", "2024-summer", "2024-22"),
    ("de", "Die Mock Werke erzielten im zweiten Quartal 2024 einen Umsatz von 5 Millionen Euro.", "Mock Werke",
     "{what: Umsatz, value: 5 Millionen Euro, at: %s}", "2024-Q2", "2024-34"),
    ("fr", "Moulins Témoins a vendu 300 machines au premier semestre 2024.", "Moulins Témoins",
     "{what: machines, value: 300, at: %s}", "2024-H1", "2024-40"),
    ("ru", "Во втором квартале 2024 года Пробный завод выпустил 300 станков.", "Пробный завод",
     "{what: станков, value: 300, at: %s}", "2024-Q2", "2024-34"),
    ("kk", "2024 жылдың екінші тоқсанында Үлгі зауыты 300 станок шығарды.", "Үлгі зауыты",
     "{what: станок, value: 300, at: %s}", "2024-Q2", "2024-34"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "name", "figure", "written", "edtf"), SAID)
def test_a_figure_has_the_part_of_a_year(language, text, name, figure, written, edtf, tmp_path):
    result = compiled(tmp_path, language, text, name, figure % written)
    assert [f.message for f in result.findings if f.severity == "violation"] == []
    dates = {q.predicate.value: value_of(q.object) for q in result.facts if "figure" in str(q.subject)}
    assert dates[CMQ + "partOfYear"] == edtf
    assert SCHEMA + "observationDate" not in dates
    assert SCHEMA + "startDate" not in dates


@pytest.mark.parametrize(("language", "text", "name", "figure", "written", "edtf"), SAID)
@pytest.mark.parametrize("wrong", ["2024-Q3", "2023-Q2", "2024-H2", "2024-winter", '"2024"', '"2024-04"', "2024-04-01"])
def test_another_part_a_day_and_the_whole_year_are_refused(
    wrong, language, text, name, figure, written, edtf, tmp_path
):
    result = compiled(tmp_path, language, text, name, figure % wrong)
    assert ["date" in f.message for f in result.findings if f.code == "not-grounded"] == [True]


TWO = "Example Mill made 5 boats in the first quarter of 2024 and 7 boats in the second quarter of 2024."


@pytest.mark.parametrize(
    ("value", "at", "is_right"),
    [(5, "2024-Q1", True), (7, "2024-Q2", True), (5, "2024-Q2", False), (7, "2024-Q1", False)],
)
def test_each_number_has_its_own_quarter(value, at, is_right, tmp_path):
    result = compiled(tmp_path, "en", TWO, "Example Mill", f"{{what: boats, value: {value}, at: {at}}}")
    assert (not [f for f in result.findings if f.severity == "violation"]) is is_right


def test_the_end_of_a_period_is_not_its_date(tmp_path: Path) -> None:
    text = "Moulins Témoins a vendu 300 machines du premier au deuxième trimestre 2024."
    result = compiled(tmp_path, "fr", text, "Moulins Témoins", "{what: machines, value: 300, at: 2024-Q2}")
    assert [f.code for f in result.findings if f.severity == "violation"] == ["not-grounded"]


def test_a_month_in_which_the_text_only_compares_is_refused(tmp_path: Path) -> None:
    text = "Example Mill made 7 boats, more than in the second quarter of 2023."
    result = compiled(tmp_path, "en", text, "Example Mill", "{what: boats, value: 7, at: 2023-Q2}")
    assert [f.code for f in result.findings if f.severity == "violation"] == ["not-grounded"]


def test_what_is_no_part_of_a_year_is_no_date_of_a_figure(tmp_path: Path) -> None:
    result = compiled(
        tmp_path, "en", SAID[0][1], "Example Mill", "{what: revenue, value: 5 million euros, at: 2024-Q7}"
    )
    assert "not-grounded" in [f.code for f in result.findings]


@pytest.mark.parametrize(
    ("first", "last", "rows"), [("2024-04-01", "2024-06-30", 1), ("2024-01-01", "2024-03-31", 0), ("2025-01-01", "", 0)]
)
def test_the_question_for_figures_gives_the_quarter(first: str, last: str, rows: int, tmp_path: Path) -> None:
    language, text, name, figure, written, edtf = SAID[0]
    result = compiled(tmp_path, language, text, name, figure % written)
    store = Store()
    store.extend((*result.facts, *result.inferred, *result.evidence))
    query = (ROOT / "queries/figures.rq").read_text(encoding="utf-8")
    bounds: dict[Variable, NamedNode | BlankNode | Literal | Triple] = {Variable("from"): Literal(first)}
    if last:
        bounds[Variable("to")] = Literal(last)
    found = store.query(query, substitutions=bounds)
    assert isinstance(found, QuerySolutions)
    assert [row["day"].value for row in found] == [edtf] * rows
