"""A number of a table in lines has the unit and the period of its header, and is of the subject of the headline."""

from __future__ import annotations

from pathlib import Path

import pytest

from communique.compile.compiler import Compiled, compile_release
from communique.compile.topic import TABLE, WHY
from communique.context import read_context
from communique.read.release import read_release
from communique.terms import CMQ, SCHEMA, SKOS
from tests.terms import value_of

BASE = "https://example.org/id/"


def compiled(tmp_path: Path, language: str, text: str, name: str, figure: str, more: str = "") -> Compiled:
    folder = tmp_path / "sample"
    folder.mkdir()
    (folder / "source.txt").write_text(text, encoding="utf-8")
    record = f"""
"@context": [context.jsonld, {{"@language": {language}}}]
graph:
  - id: release/sample
    type: PressRelease
    headline: {text.partition(chr(10))[0]}
  - id: org/mill
    type: Organization
    name: {name}
    figures: {figure}
{more}"""
    (folder / "record.yaml").write_text(record, encoding="utf-8")
    return compile_release(read_release(folder), read_context(), base=BASE, language=language)


def refusals(result: Compiled) -> list[str]:
    return [f.message for f in result.findings if f.severity == "violation"]


EN = """Example Mill presents its figures

Key figures
Million euros  Q2 2024  Q2 2023
Revenue  214.6  200.0
EBIT  18.4  15.8
Employees (30 June)  3,412  3,290

The figures are not audited.
"""
DE = """Mock Werke legen Zahlen vor

Kennzahlen im Überblick
Millionen Euro  Q2 2024  Q2 2023
Umsatz  214,6  200,0
Mitarbeiter  3.412  3.290
"""
FR = """Moulins Témoins publie ses comptes

Chiffres clés
en millions d’euros | 2024 | 2023
Ventes | 214,6 | 200,0
"""
RU = """Пробный завод подвёл итоги

Основные показатели
млн рублей\t2024\t2023
Выручка\t214,6\t200,0
"""
KK = """Үлгі зауыты қорытынды жариялады

Негізгі көрсеткіштер
миллион теңге  2024  2023
Түсім  214,6  200,0
"""
TRUE = [
    ("en", EN, "Example Mill", "{what: Revenue, value: 200.0 million euros, at: 2023-Q2}", "200000000"),
    ("en", EN, "Example Mill", '{what: EBIT, value: "18.4", unit: million euros, at: 2024-Q2}', "18400000"),
    ("en", EN, "Example Mill", '{what: Employees, value: "3,290"}', "3290"),
    ("de", DE, "Mock Werke", '{what: Umsatz, value: "200,0", unit: Millionen Euro, at: 2023-Q2}', "200000000"),
    ("de", DE, "Mock Werke", '{what: Mitarbeiter, value: "3.412", at: 2024-Q2}', "3412"),
    ("fr", FR, "Moulins Témoins", '{what: Ventes, value: "200,0 millions d’euros", at: "2023"}', "200000000"),
    ("ru", RU, "Пробный завод", '{what: Выручка, value: "200,0 млн рублей", at: "2023"}', "200000000"),
    ("kk", KK, "Үлгі зауыты", '{what: Түсім, value: "200,0 миллион теңге", at: "2023"}', "200000000"),
]


@pytest.mark.parametrize(("language", "text", "name", "figure", "value"), TRUE)
def test_a_cell_has_the_unit_and_the_period_of_its_header(language, text, name, figure, value, tmp_path):
    result = compiled(tmp_path, language, text, name, figure)
    assert refusals(result) == []
    assert [value_of(q.object) for q in result.facts if q.predicate.value == SCHEMA + "value"] == [value]
    notes = [value_of(q.object) for q in result.evidence if q.predicate.value == SKOS + "editorialNote"]
    assert WHY[TABLE] in notes
    number = next(q.subject for q in result.facts if q.predicate.value == SCHEMA + "value")
    assert len([q for q in result.evidence if q.subject == number and q.predicate.value == CMQ + "evidence"]) == 2


ONE = "{what: Revenue, value: 200.0 million euros, at: 2023-Q2}"
FALSE = [
    ("another column", EN, "{what: Revenue, value: 200.0 million euros, at: 2024-Q2}"),
    ("another row", EN, "{what: EBIT, value: 200.0 million euros, at: 2023-Q2}"),
    ("the year of the column", EN, '{what: Revenue, value: 200.0 million euros, at: "2023"}'),
    ("no unit", EN, '{what: Revenue, value: "200.0"}'),
    ("another unit", EN, "{what: Revenue, value: 200.0 million dollars, at: 2023-Q2}"),
    ("another multiplier", EN, "{what: Revenue, value: 200.0 thousand euros, at: 2023-Q2}"),
    ("people have no euros", EN, '{what: Employees, value: "3,290 million euros"}'),
    ("a row with a date of its own", EN, '{what: Employees, value: "3,290", at: 2023-Q2}'),
    ("no unit in the header", EN.replace("Million euros", "Group"), ONE),
    ("fewer columns in the header", EN.replace("  Q2 2023", ""), ONE),
    ("more columns in the header", EN.replace("Q2 2023", "Q2 2023  Q2 2022"), ONE),
    ("no period in the header", EN.replace("Q2 2023", "Change"), ONE),
    ("a line between", EN.replace("Revenue", "These are not audited.\nRevenue"), ONE),
    ("an empty line between", EN.replace("Revenue", "\nRevenue"), ONE),
    ("a caption that is not known", EN.replace("Key figures", "Key figures of the market"), ONE),
    ("no caption", EN.replace("Key figures\n", ""), ONE),
    (
        "another subject of the headline",
        EN.replace("Example Mill presents", "Sample Yard presents Example Mill and"),
        ONE,
    ),
    ("a second number in the cell", EN.replace("200.0", "200.0 (190.0)"), ONE),
]


@pytest.mark.parametrize(("text", "figure"), [case[1:] for case in FALSE], ids=[case[0] for case in FALSE])
def test_what_the_header_or_the_headline_does_not_say_is_refused(text: str, figure: str, tmp_path: Path) -> None:
    more = "  - {id: org/yard, type: Organization, name: Sample Yard}\n" if "Sample Yard" in text else ""
    assert len(refusals(compiled(tmp_path, "en", text, "Example Mill", figure, more))) == 1


@pytest.mark.parametrize(
    ("quote", "is_right"), [("Million euros  Q2 2024  Q2 2023", True), ("Million euros  Q2 2024", False)]
)
def test_words_that_are_quoted_must_have_the_header(quote: str, tmp_path: Path, *, is_right: bool) -> None:
    figure = f'{{what: Revenue, value: 200.0 million euros, at: 2023-Q2, evidence: [{quote}, "Revenue  214.6  200.0"]}}'
    assert (not refusals(compiled(tmp_path, "en", EN, "Example Mill", figure))) is is_right


ROW = '"Employees (30 June)  3,412"'


@pytest.mark.parametrize(
    ("figure", "is_right"),
    [
        (f"{{what: Employees, value: 3412, evidence: {ROW}}}", True),
        ('{what: Revenue, value: "214.6", evidence: Revenue  214.6}', False),
        ("{what: Revenue, value: 214.6 million euros, evidence: Revenue  214.6}", False),
    ],
)
def test_a_row_alone_is_enough_where_the_header_has_no_unit_for_it(
    figure: str, tmp_path: Path, *, is_right: bool
) -> None:
    assert (not refusals(compiled(tmp_path, "en", EN, "Example Mill", figure))) is is_right
