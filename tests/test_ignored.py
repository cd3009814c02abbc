"""What a record says is no text of the release, and how quotes run over it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from communique.compile.compiler import Compiled, compile_release
from communique.context import read_context
from communique.read.release import build_release
from tests.conftest import BASE

TEXT = """\
Menu

Bridge opened today

The bridge of the [Draft 2] works has 2 lanes, and the
2

works said: [Draft 2] it is
Menu

open to all.
"""


def compiled(evidence: object, text: str = TEXT, **around: Any) -> Compiled:
    node = {"id": "release/s", "type": "PressRelease", "headline": "Bridge opened today"}
    release = {**node, "evidence": evidence if isinstance(evidence, dict) else {"*": ["Bridge opened today", evidence]}}
    record = {"@context": "context.jsonld", **around, "graph": [release]}
    return compile_release(build_release("s", text, record, Path("a"), 1), read_context(), base=BASE)


def quoted(made: Compiled) -> list[str]:
    assert [f.message for f in made.findings if f.severity == "violation"] == []
    return [passage.quote for passage in made.passages if passage.quote != "Bridge opened today"]


@pytest.mark.parametrize(
    ("ignore", "quote", "parts"),
    [
        (["[Draft 2]"], "bridge of the works has 2 lanes", ["bridge of the", "works has 2 lanes"]),
        (["[Draft 2]"], "bridge of the [Draft 2] works", ["bridge of the", "works"]),
        (["2"], "the [Draft 2] works has 2 lanes", ["the [Draft 2] works has 2 lanes"]),
        (["2"], "and the works said", ["and the", "works said"]),
        (["[Draft 2]", "2"], "and the works said: it is", ["and the", "works said:", "it is"]),
        (["Menu"], "it is open to all", ["it is", "open to all"]),
        (["[Draft … lanes, "], "of the and the", ["of the", "and the"]),
    ],
)
def test_a_quote_runs_over_ignored_words_and_has_a_part_on_both_sides(
    ignore: list[str], quote: str, parts: list[str]
) -> None:
    made = compiled(quote, ignore=ignore)
    assert quoted(made) == parts
    assert all(TEXT[p.start : p.end] == p.quote for p in made.passages)


def test_a_quote_runs_over_furniture_too() -> None:
    text = TEXT.replace("Menu\n\nopen", "Share this\n\nopen")
    evidence = {"*": ["Bridge opened today", "it is open to all"], "furniture": "Share this"}
    assert quoted(compiled(evidence, text)) == ["it is", "open to all"]


def test_a_quote_may_be_written_with_the_line_ends_of_a_text_that_wraps() -> None:
    text = "Bridge opened today\n\nThe bridge of the works was\nopened by the minister of the works in\nthe old town.\n"
    for quote in ("bridge of the works was opened by", "bridge of the works was\nopened by"):
        assert quoted(compiled(quote, text, wrapped=True)) == ["bridge of the works was", "opened by"]
    (finding,) = (f for f in compiled("was\nopened by", text).findings if f.severity == "violation")
    assert finding.code == "quote-crosses-paragraph"


def test_what_is_ignored_is_kept_for_the_pages_line_by_line() -> None:
    made = compiled("it is", ignore=["2\n\nworks", "Menu"])
    assert [TEXT[a:z] for a, z in made.furniture] == ["Menu", "2", "works", "Menu"]


@pytest.mark.parametrize("count", [501, 2000])
def test_a_list_that_is_too_long_is_refused(count: int) -> None:
    made = compiled("it is", ignore=["Menu"] * count)
    assert [f.code for f in made.findings if f.severity == "violation"] == ["too-many-quotes"]


def test_words_that_stand_too_often_to_be_ignored_are_refused() -> None:
    made = compiled("open to all", TEXT + "a, " * 600, ignore=[","])
    assert [f.code for f in made.findings if f.severity == "violation"] == ["too-many-quotes"]
