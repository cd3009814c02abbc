"""The day of a release: of its dateline, else of publication in its text, else on its page; the same everywhere."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import compile_record, record_of
from tests.test_describe import ATOM
from tests.test_marks import plainly

TEXT = "Headline\n\nSampleton, 3 May 2015. Sampleton, autumn. Published 5 May 2015. Made on 7 May 2015.\n"
PAGE = {"datePublished": {"value": "2015-05-09", "origin": "meta"}}


def day(page: Any = None, **release: Any) -> str | None:
    quotes = {"dateline": release.get("dateline"), "datePublished": "Published 5 May 2015"}
    evidence = {"*": "Headline"} | {key: quotes[key] for key in release if key in quotes}
    said = {"evidence": evidence} | release
    if release.get("evidence"):
        said["evidence"] = {"*": "Headline"} | release["evidence"]
    compiled = compile_record(record_of(**said), TEXT, page=page)
    assert not [f for f in compiled.findings if f.severity == "violation"], compiled.findings
    return compiled.day


def test_the_dateline_comes_first() -> None:
    assert day(dateline="Sampleton, 3 May 2015", datePublished="2015-05-05", page=PAGE) == "2015-05-03"


def test_without_a_day_in_the_dateline_the_day_of_publication_in_the_text_counts() -> None:
    assert day(dateline="Sampleton, autumn", datePublished="2015-05-05", page=PAGE) == "2015-05-05"


def test_without_a_day_in_the_text_the_day_of_publication_on_the_page_counts() -> None:
    assert day(page=PAGE) == "2015-05-09"
    assert day(page={"datePublished": {"value": "2015-05-09T23:30:00+06:00", "origin": "meta"}}) == "2015-05-09"


@pytest.mark.parametrize("value", ["2015-05", "2015-02-30", "in May"])
def test_a_value_that_is_not_a_day_gives_no_day(value: str) -> None:
    assert day(page={"datePublished": {"value": value, "origin": "meta"}}) is None


def test_without_any_day_a_release_has_none() -> None:
    assert day() is None


def test_the_earliest_of_several_days_counts() -> None:
    lines = {"dateline": ["Made on 7 May 2015", "Sampleton, 3 May 2015"]}
    assert day(evidence={"dateline": lines["dateline"]}, **lines) == "2015-05-03"


def test_an_inferred_day_does_not_count() -> None:
    made = {"inferred": "Made on 7 May 2015", "why": "made and published on one day"}
    said = {"datePublished": "2015-05-07", "evidence": {"datePublished": made}}
    assert day(page=PAGE, **said) == "2015-05-09"
    line = {"inferred": "Sampleton, 3 May 2015", "why": "stands where datelines stand"}
    assert day(page=PAGE, dateline="Sampleton, 3 May 2015", evidence={"dateline": line}) == "2015-05-09"


# ---- everywhere


def test_a_release_without_a_dateline_is_in_every_list_under_the_day_of_its_publication(
    generated_site: Path,
) -> None:
    slug = "2001-03-01-002"  # published on 1 March 2001, says its page
    index = (generated_site / "index.html").read_text(encoding="utf-8")
    days = dict(re.findall(r'<time datetime="([^"]+)">.*?</p><h3><a data-entity="([^"]+)"', index))
    assert [day for day, iri in days.items() if iri.endswith(slug)] == ["2001-03-01"]
    assert len(days) == 16 and list(days) == sorted(days, reverse=True)
    person = plainly(generated_site / "person" / "cid-fixture" / "index.html")
    assert (
        f'/release/{slug}/index.html">Fair number 2 opened</a></h2>\n<p class="num"><time datetime="2001-03-01">'
        in person
    )
    feed = ET.fromstring((generated_site / "feed.atom").read_bytes())
    order = [(e.findtext(ATOM + "id") or "").rpartition("/")[2] for e in feed.iter(ATOM + "entry")]
    assert order == sorted(order, reverse=True) and len(order) == 16
    published = {
        (e.findtext(ATOM + "id") or "")[-3:]: e.findtext(ATOM + "published") for e in feed.iter(ATOM + "entry")
    }
    assert (published["002"], published["003"]) == ("2001-03-01T00:00:00Z", None)
    names = {e.findtext(f"{ATOM}author/{ATOM}name") for e in feed.iter(ATOM + "entry")}
    assert names == {"Author not stated"}
