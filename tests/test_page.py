"""Facts of the web page around a release: apart from those of its text, each with its origin."""

from __future__ import annotations

from typing import Any

import pytest

from communique.compile.compiler import Compiled
from tests.conftest import BASE, compile_record, record_of

RELEASE = f"<{BASE}release/sample>"
URL = {"value": "https://example.org/news/1", "origin": "address of the page"}


def compiled(page: Any) -> Compiled:
    return compile_record(record_of(), "Headline\n", page=page)


def lines(made: Compiled) -> set[str]:
    return {f"{q.subject} {q.predicate} {q.object}" for q in made.page if "#s-" not in str(q.subject)}


def test_a_page_adds_address_publisher_and_day() -> None:
    made = compiled(
        {
            "url": URL,
            "publisher": {"value": "org/body", "origin": "footer"},
            "datePublished": {"value": "2031-05-04", "origin": "meta"},
        }
    )
    assert made.findings == ()
    assert lines(made) == {
        f"{RELEASE} <http://schema.org/url> <https://example.org/news/1>",
        f"{RELEASE} <http://schema.org/publisher> <{BASE}org/body>",
        f'{RELEASE} <http://schema.org/datePublished> "2031-05-04"^^<http://www.w3.org/2001/XMLSchema#date>',
    }


def test_every_fact_of_a_page_has_an_origin_and_no_evidence() -> None:
    made = compiled({"url": URL, "datePublished": {"value": "2031-05-04", "origin": "meta"}})
    rows: dict[str, set[str]] = {}
    for quad in made.page:
        if "#s-" in str(quad.subject):
            rows.setdefault(str(quad.subject), set()).add(quad.predicate.value.rpartition("/")[2].rpartition("#")[2])
    assert list(rows.values()) == [{"type", "subject", "predicate", "object", "origin", "source"}] * 2
    assert not any("#evidence" in q.predicate.value or "#basis" in q.predicate.value for q in made.page)


def test_without_an_address_the_other_facts_name_no_source() -> None:
    made = compiled({"datePublished": {"value": "2031-05-04", "origin": "meta"}})
    assert made.findings == () and len(made.page) == 6
    assert not any(q.predicate.value.endswith("terms/source") for q in made.page)


def test_a_page_without_keys_gives_no_graph_and_neither_does_no_page() -> None:
    assert compiled({}).page == compiled(None).page == ()


@pytest.mark.parametrize(
    ("page", "code", "fix"),
    [
        ({"Publisher": URL}, "unknown-key", "did you mean publisher?"),
        ({"author": URL}, "unknown-key", "known: url, publisher, datePublished"),
        ({"url": "https://example.org/"}, "no-origin", None),
        ({"url": None}, "no-origin", None),
        ({"url": {"value": "https://example.org/"}}, "no-origin", None),
        ({"url": {**URL, "origin": " "}}, "no-origin", None),
        ({"url": {**URL, "origin": 7}}, "no-origin", None),
        ({"url": {**URL, "note": "x"}}, "no-origin", None),
        ({"datePublished": {"value": 2031, "origin": "meta"}}, "no-origin", None),
        ({"url": {**URL, "value": "javascript:alert(1)"}}, "bad-reference", "write an id or a whole address"),
        ({"url": {**URL, "value": "example.org"}}, "bad-reference", "write an id or a whole address"),
        ({"publisher": {"value": "Sample Body", "origin": "x"}}, "bad-reference", "write an id or a whole address"),
    ],
)
def test_what_a_page_says_wrongly_is_refused(page: Any, code: str, fix: str | None) -> None:
    made = compiled({**page, "datePublished": page.get("datePublished", {"value": "2031-05-04", "origin": "meta"})})
    (finding,) = made.findings
    assert (finding.code, finding.severity, finding.focus) == (code, "violation", f"{BASE}release/sample")
    assert finding.file.endswith("page.json")
    assert fix is None or finding.fix == fix


def test_only_the_first_of_very_many_unknown_keys_are_shown() -> None:
    found = compiled({f"publishr{k}": URL for k in range(150)}).findings
    keys = [f for f in found if f.code == "unknown-key"]
    assert len(keys) == 100 and {f.fix for f in keys} == {"did you mean publisher?"}
    assert [f.value for f in found if f.code == "more-findings"] == ["50"]


def test_several_publishers_are_a_list_in_one_entry_or_several_entries() -> None:
    one = compiled({"publisher": {"value": ["org/a", "org/b"], "origin": "footer"}})
    two = compiled({"publisher": [{"value": "org/a", "origin": "footer"}, {"value": "org/b", "origin": "footer"}]})
    assert one.findings == two.findings == ()
    assert one.page == two.page
    assert lines(one) == {f"{RELEASE} <http://schema.org/publisher> <{BASE}org/{x}>" for x in "ab"}


def test_a_page_may_give_the_time_and_its_offset() -> None:
    made = compiled({"datePublished": {"value": "2031-05-04T09:30+06:00", "origin": "meta"}})
    assert made.findings == ()
    assert lines(made) == {
        f'{RELEASE} <http://schema.org/datePublished> "2031-05-04T09:30:00+06:00"'
        "^^<http://www.w3.org/2001/XMLSchema#dateTime>"
    }
    assert made.day == "2031-05-04"


@pytest.mark.parametrize(
    ("published", "told"),
    [
        ("2031-05-04", False), ("2031-05-03", False), ("2031-05-02", True), ("2031-05-02T23:59:00+06:00", False),
        ("2031-05-02T20:00:00Z", False), ("2031-05-02T09:59:00Z", True), ("2031-05-02T23:00", True), ("no day", False),
    ],
)  # fmt: skip
def test_a_page_cannot_publish_a_release_before_its_dateline(published: str, told: bool) -> None:
    dateline = "Sampletown, May 3, 2031"
    record = record_of(dateline=dateline, evidence={"*": "Headline", "dateline": dateline})
    page = {"datePublished": {"value": published, "origin": "meta"}}
    made = compile_record(record, f"Headline\n{dateline}\n", page=page)
    assert [f.code for f in made.findings] == (["page-before-dateline"] if told else [])
    assert all("before the dateline of the release, 2031-05-03" in f.message for f in made.findings)


@pytest.mark.parametrize("value", [[], ["org/a", 7], "", None, {"a": "b"}])
def test_a_list_of_values_that_cannot_be_read_is_one_finding(value: object) -> None:
    made = compiled({"publisher": {"value": value, "origin": "footer"}})
    assert [f.code for f in made.findings] == ["no-origin"]
    assert made.page == ()
