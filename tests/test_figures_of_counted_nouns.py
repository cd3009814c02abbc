"""A noun that a number counts is no name of one such thing: the count is of the one who has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from communique.compile.compiler import compile_release
from communique.context import read_context
from communique.read.release import read_release


def refusals(tmp_path: Path, language: str, text: str, nodes: str) -> list[str]:
    folder = tmp_path / "sample"
    folder.mkdir()
    (folder / "source.txt").write_text(f"Headline\n\n{text}\n", encoding="utf-8")
    record = f"""
"@context": [context.jsonld, {{"@language": {language}}}]
graph:
  - {{id: release/sample, type: PressRelease, headline: Headline}}
{nodes}"""
    (folder / "record.yaml").write_text(record, encoding="utf-8")
    result = compile_release(read_release(folder), read_context(), base="https://example.org/id/", language=language)
    return [f.message for f in result.findings if f.severity == "violation"]


CASES = [
    ("de", "Die Mock Pumpen AG betreibt elf Werke in sieben Ländern. Das Werk in Mockstadt ist neu.",
     "Mock Pumpen AG", "Das Werk", "Werke", "elf"),
    ("en", "Example Mill runs eleven plants in seven countries. The plant in Mockton is new.",
     "Example Mill", "The plant", "plants", "eleven"),
    ("fr", "Moulins Témoins exploite onze usines dans sept pays. L’usine de Mockville est neuve.",
     "Moulins Témoins", "L’usine", "usines", "onze"),
    ("ru", "Пробная компания имеет 11 цехов в семи странах. Цех в Мокграде новый.",
     "Пробная компания", "Цех", "цехов", "11"),
    ("kk", "Үлгі компаниясы 11 зауыт салды. Зауыт жаңа.", "Үлгі компаниясы", "Зауыт", "зауыт", "11"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "owner", "one", "what", "value"), CASES)
def test_a_count_of_plants_is_of_the_company_that_has_them(language, text, owner, one, what, value, tmp_path):
    figure = f"figures: {{what: {what}, value: {value}}}"
    company = f"  - {{id: org/mill, type: Organization, name: {owner}, {figure}}}\n"
    plant = f"  - {{id: org/plant, type: Organization, name: {one}}}\n"
    assert refusals(tmp_path, language, text, company + plant) == []


@pytest.mark.parametrize(("language", "text", "owner", "one", "what", "value"), CASES)
def test_a_count_of_plants_is_not_of_the_plant(language, text, owner, one, what, value, tmp_path):
    figure = f"figures: {{what: {what}, value: {value}}}"
    company = f"  - {{id: org/mill, type: Organization, name: {owner}}}\n"
    plant = f"  - {{id: org/plant, type: Organization, name: {one}, {figure}}}\n"
    assert len(refusals(tmp_path, language, text, company + plant)) == 1


def test_a_second_count_behind_the_noun_is_of_the_company_too(tmp_path: Path) -> None:
    _, text, owner, one, _, _ = CASES[0]
    figure = "figures: {what: Ländern, value: sieben}"
    nodes = f"  - {{id: org/mill, type: Organization, name: {owner}, {figure}}}\n"
    nodes += f"  - {{id: org/plant, type: Organization, name: {one}}}\n"
    assert refusals(tmp_path, "de", text, nodes) == []


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("Example Mill praised Sample Yard and its eleven plants.", "{what: plants, value: eleven}"),
        ("Near Example Mill, Sample Yard has eleven plants.", "{what: plants, value: eleven}"),
        ("Example Mill visited Sample Yard, which runs eleven plants.", "{what: plants, value: eleven}"),
    ],
)
def test_a_count_of_somebody_else_is_still_refused(text: str, figure: str, tmp_path: Path) -> None:
    nodes = f"  - {{id: org/mill, type: Organization, name: Example Mill, figures: {figure}}}\n"
    nodes += "  - {id: org/yard, type: Organization, name: Sample Yard}\n"
    assert len(refusals(tmp_path, "en", text, nodes)) == 1
