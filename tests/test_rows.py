"""Rows of a page: none says the same as another, and each value has its own mark."""

from __future__ import annotations

from communique.publish.site.rows import FactRow, ShownValue, SourceLink, merge_rows

A, B = SourceLink("#char=1,2", "1"), SourceLink("#char=5,9", "2")


def row(evidence: str, source_link: SourceLink, reason: str = "", origin: str = "", id: str = "") -> FactRow:
    return FactRow(
        "stands in:", (ShownValue("Report"),), (source_link,), evidence, "x – stands in: Report", reason, origin, id
    )


def test_two_rows_with_the_same_words_become_one_that_rests_on_both() -> None:
    (both,) = merge_rows([row("char=1,2", A), row("char=5,9 char=1,2", B)])
    assert (both.evidence, both.source_links) == ("char=1,2 char=5,9", (A, B))


def test_what_is_stated_once_is_stated() -> None:
    assert [r.reason for r in merge_rows([row("char=1,2", A), row("char=5,9", B, reason="why")])] == [""]
    assert [r.reason for r in merge_rows([row("char=1,2", A, reason="why"), row("char=5,9", B)])] == [""]
    assert [r.reason for r in merge_rows([row("", A, reason="why"), row("", B, reason="else")])] == ["why"]


def test_rows_that_differ_stay_apart() -> None:
    rows = [row("char=1,2", A), row("char=5,9", B, origin="meta"), row("", A, id="role-1")]
    assert merge_rows(rows) == rows
