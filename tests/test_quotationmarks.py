"""What stands between quotation marks, in the styles of many languages."""

from __future__ import annotations

import time

import pytest

from communique.text.quotationmarks import quotations_of


def quoted(text: str) -> list[str]:
    return [text[start:end] for start, end in quotations_of(text)]


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ('She said "the dam is safe" twice.', ["the dam is safe"]),
        ("She said “the dam is safe” twice.", ["the dam is safe"]),
        ("Sie sagte: „Der Damm ist sicher.“", ["Der Damm ist sicher."]),
        ("Sie sagte: »Der Damm ist sicher.«", ["Der Damm ist sicher."]),
        ("Elle a dit : « Le barrage est sûr ».", [" Le barrage est sûr "]),
        ("Hon sade: ”Dammen är säker.”", ["Dammen är säker."]),
        ("彼は「ダムは安全だ」と言った。", ["ダムは安全だ"]),
        ("He said: ‘It is Ada’s dam.’", ["It is Ada’s dam."]),
        ("The farmers' 'old dam' is dry.", ["old dam"]),
        ("‹Ja›, sagte sie.", ["Ja"]),
        ("A “B ‘C’ D” E", ["C", "B ‘C’ D"]),
        ('"One," she said, "and two."', ["One,", "and two."]),
        ("The mayor's office and the cities’ dams.", []),
        ('A 5" pipe and no more.', []),
        ("“Never closed", []),
    ],
)
def test_pairs_of_marks_are_found_and_apostrophes_are_none(text: str, inside: list[str]) -> None:
    assert quoted(text) == inside


def test_a_quotation_of_several_paragraphs_opens_each_of_them() -> None:
    assert quoted("“One.\n\n“Two.”") == ["One.", "Two."]
    assert quoted("“One.\n\nTwo.”") == []


def test_very_many_open_marks_take_time_in_proportion() -> None:
    start = time.process_time()
    assert quoted("“" * 300_000 + "a" + "”") == ["a"]
    assert time.process_time() - start < 8
    assert len(quotations_of('"a" ' * 20_000)) == 20_000
