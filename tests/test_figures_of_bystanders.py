"""Figures of whoever stands near a number, amounts of a change, dates that bound a period, entries of contacts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.test_figures import compiled
from tests.test_relations import compiled as compiled_text


def verdicts(tmp_path: Path, figure: str, text: str, language: str = "en") -> list[str]:
    return [f.code for f in compiled(tmp_path, figure, text, language).findings if f.severity == "violation"]


GUESTS = "More than 350 guests saw the Sample Dam, which was paid for by Sample Yard."


def test_guests_are_those_of_what_is_named_first_after_them(tmp_path: Path) -> None:
    for step, (of, is_said) in enumerate((("work/dam", True), ("org/yard", False))):
        folder = tmp_path / str(step)
        folder.mkdir()
        figure = f"{{of: {of}, what: guests, value: more than 350}}"
        assert verdicts(folder, figure, GUESTS) == ([] if is_said else ["not-grounded"]), of


@pytest.mark.parametrize(
    ("language", "text", "what", "value", "is_said"),
    [
        ("en", "Example Mill had revenue of $96 million, up 4.5 % on 2019.", "revenue", "4.5 %", False),
        ("en", "Example Mill had revenue of $96 million, up 4.5 % on 2019.", "up", "4.5 %", True),
        ("en", "At Example Mill revenue rose by 4.5 %.", "revenue", "4.5 %", False),
        ("en", "At Example Mill revenue rose to $96 million.", "revenue", "$96 million", True),
        ("de", "Bei Example Mill ist der Umsatz um 4,5 % gestiegen.", "Umsatz", "4,5 %", False),
        ("de", "Bei Example Mill ist der Umsatz um 4,5 % gestiegen.", "Umsatz gestiegen", "4,5 %", True),
        ("de", "Bei Example Mill ein Umsatz mit plus 4,5 %.", "Umsatz", "4,5 %", False),
        ("ru", "Доходы Example Mill выросли на 4,5 %.", "доходы", "4,5 %", False),
    ],
)
def test_an_amount_of_a_change_is_no_amount(
    language: str, text: str, what: str, value: str, is_said: bool, tmp_path: Path
) -> None:
    figure = f'{{of: org/mill, what: {what}, value: "{value}"}}'
    assert verdicts(tmp_path, figure, text, language) == ([] if is_said else ["not-grounded"])


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Since 2006 the Example Mill has fed 84 people.", "from"),
        ("The Example Mill fed 84 people in the year to 2006.", "to"),
        ("In 2006 the Example Mill fed 84 people.", "at"),
    ],
)
def test_the_word_before_a_date_says_what_it_bounds(text: str, key: str, tmp_path: Path) -> None:
    for one in ("from", "to", "at"):
        folder = tmp_path / one
        folder.mkdir()
        figure = f'{{of: org/mill, what: people, value: 84, {one}: "2006"}}'
        assert verdicts(folder, figure, text) == ([] if one == key else ["not-grounded"]), one


@pytest.mark.parametrize(
    "text",
    [
        "Contacts: Jo Sample, +1 202 555 0119; Ada Mock, ada@mock.example",
        "Contacts: Jo Sample, +1 202 555 0119, Ada Mock, ada@mock.example",
    ],
)
def test_a_number_belongs_to_the_name_before_it(text: str) -> None:
    for who, is_said in (("jo", True), ("ada", False)):
        node: dict[str, Any] = {"id": f"person/{who}", "telephone": "+1 202 555 0119"}
        found = [f.path for f in compiled_text(text, node).findings if f.code == "not-grounded"]
        assert found == ([] if is_said else ["telephone"]), who
