"""Tables in lines: a number belongs to the year that heads its column; units of their own make no range."""

from __future__ import annotations

from pathlib import Path

import pytest

from communique.compile.compiler import compile_release
from communique.context import read_context
from communique.read.release import build_release
from communique.text.numbers import quantities_of

TABLE = "Port          2021    2022\nLowmarsh      22.6    21.3\nSkelby        15.0    15.8\n"
ROWS = {"Lowmarsh": "Lowmarsh      22.6    21.3", "Skelby": "Skelby        15.0    15.8"}


def refused(port: str, value: str, at: str, head: str = "Port          2021    2022", more: str = "") -> list[str]:
    figure: dict[str, object] = {"what": "million tonnes", "value": value, "at": at}
    figure |= {"evidence": [head, ROWS[port], "Figures are in million tonnes"]}
    record = {
        "@context": "context.jsonld",
        "graph": [
            {"id": "release/x", "type": "PressRelease", "headline": "Freight in 2022"},
            {"id": "place/x", "type": "Place", "name": port, "figures": figure},
        ],
    }
    text = f"Freight in 2022\n\n{more}{TABLE}\nFigures are in million tonnes.\n"
    release = build_release("x", text, record, Path("x"), 1)
    made = compile_release(release, read_context(), base="https://news.example/id/", language="en")
    return [f.code for f in made.findings]


@pytest.mark.parametrize(
    ("port", "value", "at"),
    [
        ("Lowmarsh", "22.6", "2021"),
        ("Lowmarsh", "21.3", "2022"),
        ("Skelby", "15.0", "2021"),
        ("Skelby", "15.8", "2022"),
    ],
)
def test_a_number_of_a_row_has_the_year_of_its_column_and_no_other(port: str, value: str, at: str) -> None:
    assert refused(port, value, at) == []
    assert refused(port, value, {"2021": "2022", "2022": "2021"}[at]) == ["not-grounded"]


def test_a_year_of_another_line_or_outside_of_the_quote_heads_no_column() -> None:
    assert refused("Lowmarsh", "21.3", "2022", head="Port          2021") == ["not-grounded"]
    assert refused("Lowmarsh", "21.3", "2022", head="Freight of 2022", more="Freight of 2022\n") == ["not-grounded"]
    assert refused("Lowmarsh", "21.3", "2022", head="Of 2021, 2022, 2023", more="Of 2021, 2022, 2023\n") != []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Traffic fell by 1.1 per cent to 2.05 million units", [("1.1", ""), ("2050000", "")]),
        ("It rose by 5 % to 7 euros", [("5", ""), ("7", "")]),
        ("It lost 5 to 7 per cent", [("5", "7")]),
        ("It lost 5 % to 7 %", [("5", "7")]),
        ("It costs 5 to 7 million euros", [("5000000", "7000000")]),
    ],
)
def test_numbers_of_different_units_are_no_range(text: str, values: list[tuple[str, str]]) -> None:
    found = [(q.value, q.upper) for q in quantities_of(text, "en").all]
    assert found[: len(values)] == values


@pytest.mark.parametrize(
    ("what", "value", "fits"),
    [
        ("cost", "£12 million", True),
        ("cars", "18", True),
        ("carries", "220", True),
        ("cost", "18", False),
        ("cost", "220", False),
    ],
)
def test_words_right_before_an_amount_of_money_count_nothing_else(what: str, value: str, *, fits: bool) -> None:
    boat = {"id": "work/x", "type": "CreativeWork", "name": "Sample Boat", "figures": {"what": what, "value": value}}
    record = {
        "@context": "context.jsonld",
        "graph": [{"id": "release/x", "type": "PressRelease", "headline": "Boat"}, boat],
    }
    text = "Boat\n\nThe Sample Boat cost £12 million and carries 220 passengers and 18 cars.\n"
    release = build_release("x", text, record, Path("x"), 1)
    made = compile_release(release, read_context(), base="https://news.example/id/", language="en")
    assert [f.code for f in made.findings] == ([] if fits else ["not-grounded"])
