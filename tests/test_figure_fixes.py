"""What a finding offers to write for a figure is what the text says: written so, nothing more is found."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from communique.findings import Finding
from communique.text.changes import change_of, is_compared, leads_to
from communique.text.numbers import quantities_of
from communique.text.passages import Span
from tests.test_sisters import CASES, Case, findings, violations

WRITE = re.compile(r"write (what|unit|comparison): (.+?)(?:; or, if .*)?$")
LEAVE = re.compile(r"leave the (unit|comparison) out")
WITH_FIGURES = [case for case in CASES if "figures" in str(case["false"])]


def written_as_offered(node: dict[str, Any], finding: Finding) -> dict[str, Any] | None:
    """A node whose one figure is written as the fix of a finding says; None if it offers nothing to write."""
    write, leave = WRITE.match(finding.fix or ""), LEAVE.match(finding.fix or "")
    figures = node["figures"]
    if not (write or leave) or (isinstance(figures, list) and len(figures) > 1):
        return None
    figure = dict(figures[0] if isinstance(figures, list) else figures)
    if write:
        figure[write[1]] = yaml.safe_load(write[2])
    elif leave and leave[1] in figure:
        del figure[leave[1]]
    else:
        return None
    return {**node, "figures": figure}


@pytest.mark.parametrize("case", WITH_FIGURES, ids=lambda case: case["outcome"])
def test_what_is_offered_is_what_the_text_says(case: Case) -> None:
    for nodes in case["false"]:
        for finding in findings(case, nodes):
            for k, node in enumerate(nodes):
                if "figures" not in node or (changed := written_as_offered(node, finding)) is None:
                    continue
                assert violations(case, [*nodes[:k], changed, *nodes[k + 1 :]]) == [], finding.fix


def offered(text: str, figure: dict[str, str], language: str = "en") -> str:
    """The beginning of the fix for a figure of Example Mill that a text does not say."""
    node = {"id": "org/mill", "type": "Organization", "name": "Example Mill", "figures": figure}
    [finding] = findings({"language": language, "text": text, "all": []}, [node])
    return (finding.fix or "").partition(";")[0]


@pytest.mark.parametrize(
    ("text", "figure", "fix"),
    [
        ("Example Mill says that revenue rose 6 %.", {"what": "revenue", "value": "6 %"}, "write what: revenue rose"),
        ("Example Mill says that sales were €5, up 6 %.", {"what": "sales", "value": "6 %"}, "write what: sales up"),
        ("Example Mill has 6 % more visitors.", {"what": "visitors", "value": "6 %"}, "write what: visitors more"),
        ("Example Mill has over 90 looms.", {"what": "looms", "value": "90"}, "write comparison: more than"),
        ("Example Mill has 9 looms.", {"what": "looms", "value": "over 9"}, "leave the comparison out"),
        ("Example Mill has 90 % wool.", {"what": "wool", "value": "90"}, 'write unit: "%"'),
        ("Example Mill spent 90 euros on wool.", {"what": "wool", "value": "90 dollars"}, "write unit: EUR"),
    ],
)  # fmt: skip
def test_a_figure_is_offered_what_the_text_says(text: str, figure: dict[str, str], fix: str) -> None:
    assert offered(text, figure) == fix


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("Example Mill has over 90 looms.", {"what": "lambs", "value": "90"}),
        ("Example Mill has 90 % wool.", {"what": "silk", "value": "90"}),
        ("At Example Mill margins rose by 6 percentage points.", {"what": "margins", "value": "6 %"}),
    ],
)
def test_nothing_is_offered_that_would_be_found_wrong_again(text: str, figure: dict[str, str]) -> None:
    assert offered(text, figure).startswith("write what the text says, quote the words that say all of it, or mark it")


@pytest.mark.parametrize(
    ("language", "text", "is_amount"),
    [
        ("en", "Sales rose by 6 %.", True),
        ("en", "Sales rose another 6 %.", True),
        ("en", "Sales fell below 6 %.", False),
        ("en", "Sales fell more than 6 %.", True),
        ("en", "The fund is owned by 6 people.", None),
        ("en", "Rice is grown by 6 farmers.", None),
        ("en", "It grows 6 crops.", None),
        ("en", "The rise of 6 towns followed.", True),
        ("en", "A rise in the members of 6 towns followed.", None),
        ("en", "A rise in sales of 6 % followed.", True),
        ("en", "Sales are 6 % up.", True),
        ("en", "Sales were 6 million euros up 5 %.", None),
        ("en", "The share was 6 % up 5 points.", None),
        ("en", "Sales were 6 euros less.", True),
        ("en", "The staff was 6 people more.", None),
        ("en", "Sales (+6 %) were good.", True),
        ("de", "Der Umsatz stieg auf 6 %.", False),
        ("de", "Das Umsatzwachstum von 6 % hielt an.", True),
        ("de", "Es geht 6 Jahre gut.", None),
        ("ru", "Продажи выросли на 6 заводах.", None),
        ("ru", "Продажи выросли на 6 тонн.", True),
        ("ru", "Продажи выросли до 6 тонн.", False),
        ("kk", "Табыс 6 пайызға өсті.", True),
        ("kk", "Табыс 6 пайызға дейін өсті.", False),
        ("kk", "Табыс 6 пайыз болды.", None),
    ],
)
def test_a_number_is_the_amount_of_a_change_or_what_it_led_to(language: str, text: str, is_amount: bool | None) -> None:
    change = change_of(text, quantities_of(text, language).all[0], language)
    assert (change.is_amount if change is not None else None) == is_amount


def test_a_bound_that_a_change_leads_to_is_none() -> None:
    for text, leads in (("Доля выросла до 6 %.", True), ("Доля до 6 % мала.", False), ("Доля выросла, до 6 %.", True)):
        assert leads_to(text, quantities_of(text, "ru").all[0], "ru") == leads, text


@pytest.mark.parametrize(
    ("language", "text", "compared"),
    [
        ("en", "higher than in 2022", True),
        ("en", "compared with 2022", True),
        ("en", "compared with 5 in 2022", False),
        ("en", "Sales. In 2022", False),
        ("de", "gegenüber 2022", True),
        ("kk", "2022 жылмен салыстырғанда", True),
    ],
)
def test_a_year_that_is_only_compared_with_dates_nothing(language: str, text: str, compared: bool) -> None:
    start = text.index("2022")
    assert is_compared(text, Span(start, start + 4), language) == compared
