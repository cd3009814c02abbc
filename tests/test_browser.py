"""The pages in a real browser: words and facts lead to each other by pointer, keyboard, address, and without script.

Chromium is asked as a reader asks: pages from a disk and from a server on this machine, nothing from elsewhere.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from communique.api import open_newsroom
from communique.publish.build import build
from tests import engines
from tests.browsing import READY, SHOTS, WatchedPage, serve
from tests.conftest import SLUG, MakeNewsroom, record_of
from tests.strict import STRICT

RELEASE = f"release/{SLUG}/index.html"
PAGES = (
    "index.html",
    RELEASE,
    "person/bermet-moldobaeva/index.html",
    "org/iom/index.html",
    "place/kazakhstan/index.html",
    "queries/index.html",
    "queries/who-said-what/index.html",
    "ontology/index.html",
    "shapes/index.html",
    "data.html",
)
"""One page of each kind."""

pytestmark = [
    pytest.mark.allow_hosts(engines.LOOPBACK),
    pytest.mark.skipif(
        not STRICT and not READY,
        reason="apt-get install chromium; pip install 'communique[browser]'",
    ),
]


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    yield from serve(site)


def lit(page: Any) -> str:
    return "".join(page.eval_on_selector_all("mark.on", "found => found.map(m => m.textContent)"))


def test_a_name_lights_up_its_words_and_shows_its_facts(browser: Any, served: str) -> None:
    with WatchedPage(browser) as seen:
        page = seen.page
        page.goto(served + RELEASE)
        page.click('#facts article a[data-entity$="person/bermet-moldobaeva"] >> nth=0')
        assert page.url.endswith("#person/bermet-moldobaeva")
        assert "Bermet Moldobaeva, IOM Counter-Trafficking Program Coordinator for Central Asia" in lit(page)
        assert "We should continue to combine our efforts" in lit(page)
        assert page.locator("#sel").is_visible()
        assert "Bermet Moldobaeva" in page.inner_text("#sel-in")
        seen.shot("release-person-selected")


def test_words_show_the_facts_that_rest_on_them_the_shortest_passage_first(browser: Any, served: str) -> None:
    with WatchedPage(browser) as seen:
        page = seen.page
        page.goto(served + RELEASE)
        page.locator(".para mark", has_text="Sultanov").first.click()
        first = page.url
        assert "#char=" in first
        assert "Sultanov" in page.inner_text("#sel-in ul")
        shortest = lit(page)
        page.locator("mark.on").first.click()
        assert page.url != first
        assert len(lit(page)) > len(shortest)
        page.go_back()
        assert page.url == first and lit(page) == shortest


def test_a_source_link_leads_from_the_fact_to_its_words(browser: Any, served: str) -> None:
    with WatchedPage(browser) as seen:
        page = seen.page
        page.goto(served + RELEASE)
        page.click("#statement-sultanov-1 a.w >> nth=0")
        assert lit(page).startswith("Sultanov, Chairman of the Commission")
        in_sight = """() => { const {top} = document.querySelector("mark.on").getBoundingClientRect();
            return 0 <= top && top < innerHeight; }"""
        page.wait_for_function(in_sight)  # the page moves there


def test_an_address_selects_what_it_names(browser: Any, served: str) -> None:
    with WatchedPage(browser) as seen:
        seen.page.goto(f"{served}{RELEASE}#char=766,856")
        seen.page.wait_for_selector("mark.on")
        assert lit(seen.page).endswith("on December 29, 2014")
        seen.page.goto(f"{served}{RELEASE}#facts-of-5")
        assert seen.page.locator("#sel-in li").count() > 10


def test_everything_can_be_done_by_keyboard(browser: Any, served: str) -> None:
    with WatchedPage(browser) as seen:
        page = seen.page
        page.goto(served + RELEASE)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.focus('#facts article a[data-entity$="person/anissa-kuanova"]')
        page.keyboard.press("Enter")
        assert "Anissa Kuanova" in lit(page)
        page.focus("#sel [data-step='1']")
        page.keyboard.press("Enter")
        assert "#char=" in page.url
        assert page.evaluate("document.getElementById('sel').contains(document.activeElement)")
        page.keyboard.press("Escape")
        assert lit(page) == "" and not page.locator("#sel").is_visible()


def test_a_kind_can_be_taken_out_of_the_underlining(browser: Any, served: str) -> None:
    with WatchedPage(browser) as seen:
        page = seen.page
        page.goto(served + RELEASE)
        color = "e => getComputedStyle(e).textDecorationColor"
        before = page.eval_on_selector(".para mark.k-org", color)
        page.uncheck("#k-org")
        page.wait_for_timeout(300)
        assert page.eval_on_selector(".para mark.k-org", color) != before


def test_the_code_to_embed_is_copied_with_the_data_in_it(browser: Any, served: str, site: Path) -> None:
    with WatchedPage(browser, permissions=["clipboard-read", "clipboard-write"]) as seen:
        page = seen.page
        page.goto(served + RELEASE)
        page.click('[data-copy="embed"]')
        page.wait_for_function("document.querySelector('[data-copy=embed]').textContent === 'Copied'")
        code = page.evaluate("navigator.clipboard.readText()")
    (data,) = re.findall(r'<script type="application/ld\+json">\n(.*)\n</script>$', code, re.DOTALL)
    assert json.loads(data) == json.loads((site / RELEASE).with_name("page.jsonld").read_bytes())
    assert code.startswith('<link rel="alternate" type="text/turtle"\n  href="https://w3id.org/communique/id/release/')
    assert "page.jsonld" not in code and "…" not in code.replace(data, "")


def wait_until(page: Any, expression: str) -> None:
    """Wait until an expression is true; the page's own policy forbids Playwright to wait inside it."""
    deadline = time.monotonic() + 20
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, expression
        page.wait_for_timeout(50)


def test_without_script_words_and_facts_still_lead_to_each_other(browser: Any, served: str) -> None:
    with WatchedPage(browser, java_script_enabled=False) as seen:
        page = seen.page
        page.goto(f"{served}{RELEASE}#char=766,856")
        colors = "getComputedStyle(document.querySelector('[data-passage~=\"char=766,856\"]')).backgroundColor"
        assert page.locator("#facts").is_visible() and page.locator("#passages").is_visible()
        assert not page.locator("#sel").is_visible()
        seen.shot("release-no-script")
    # a second page, with a script engine but without the class that our script sets, reads the rules
    with WatchedPage(browser) as seen:
        page = seen.page
        page.route("**/script.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        page.goto(f"{served}{RELEASE}#char=766,856")
        wait_until(page, f"{colors} == 'rgb(255, 229, 143)'")  # the colour fades in
        page.goto(f"{served}{RELEASE}#person/zhakupov.mia-kz")
        marked = "[...document.querySelectorAll('mark')].map(m => getComputedStyle(m).backgroundColor)"
        page.wait_for_timeout(400)  # the other colour fades out
        wait_until(page, f"{marked}.includes('rgb(255, 229, 143)')")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_from_a_disk_and_asks_nobody(browser: Any, site: Path, path: str) -> None:
    with WatchedPage(browser) as seen:
        seen.page.goto((site / path).as_uri())
        assert seen.page.evaluate("document.documentElement.classList.contains('js')")
        assert seen.page.evaluate("getComputedStyle(document.body).marginTop") == "0px"
        seen.shot(f"disk-{path.replace('/', '_').removesuffix('.html')}")


def test_search_finds_from_a_disk_too(browser: Any, site: Path) -> None:
    from playwright.sync_api import expect

    with WatchedPage(browser) as seen:
        page = seen.page
        page.goto((site / "index.html").as_uri())
        page.fill("#search input", "moldo")
        page.wait_for_selector("#found a")
        assert page.inner_text("#found a") == "Bermet Moldobaeva"
        page.fill("#search input", "zzz")
        expect(page.locator("#search output")).to_have_text("Nothing of this name was found.")
        page.fill("#search input", "Қаз")
        page.wait_for_selector("#found a")
        page.click("#found a")
        assert page.inner_text("h1") == "Kazakhstan"


def test_the_form_of_a_question_narrows_its_rows(browser: Any, served: str) -> None:
    with WatchedPage(browser) as seen:
        page = seen.page
        page.goto(served + "queries/who-said-what/index.html")
        page.select_option("select[name=person]", "person/bermet-moldobaeva")
        assert page.locator("#result tbody tr:visible").count() == 2
        assert page.inner_text("form output") == "2 of 15"
        page.select_option("select[name=inferred]", "only")
        assert page.locator("#result tbody tr:visible").count() == 1
        page.goto(served + "queries/who-said-what/index.html?person=person/zulfiya-baysakova")
        assert page.locator("#result tbody tr:visible").count() == 3


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1440, "light")])
@pytest.mark.parametrize("path", PAGES)
def test_pages_have_no_serious_accessibility_faults(
    browser: Any, served: str, path: str, width: int, scheme: str
) -> None:
    options = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    with WatchedPage(browser, **options) as seen:
        seen.page.goto(served + path)
        told = seen.accessibility_faults()
        seen.shot(f"{path.replace('/', '_').removesuffix('.html')}-{width}-{scheme}")
        assert told == []


def test_on_paper_the_reasons_are_printed_and_the_controls_are_not(browser: Any, served: str) -> None:
    with WatchedPage(browser) as seen:
        page = seen.page
        page.goto(served + RELEASE)
        page.emulate_media(media="print")
        assert not page.locator("header.site nav").is_visible()
        assert page.locator("details.why p").first.is_visible()
        if SHOTS:
            seen.shot("release-print")


@pytest.mark.parametrize("tag", ["ru", "kk"])
def test_the_release_can_be_read_in_the_languages_of_its_publisher(browser: Any, served: str, tag: str) -> None:
    with WatchedPage(browser, viewport={"width": 360, "height": 800}) as seen:
        page = seen.page
        page.goto(served + RELEASE)
        page.click(f"footer a[hreflang={tag}]")
        assert page.get_attribute("html", "lang") == tag
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        seen.shot(f"release-{tag}-360")


def test_nothing_of_a_hostile_newsroom_runs(browser: Any, hostile_site: Path) -> None:
    pages = [p for p in sorted(hostile_site.rglob("*.html")) if not p.name.startswith("404.")]
    assert len(pages) > 20  # 404.html is for servers: opened from a disk it does not find its style sheet
    with WatchedPage(browser) as seen:
        for path in pages:
            seen.page.goto(path.as_uri())
            assert seen.page.evaluate("document.querySelectorAll('script').length") <= 2
            assert seen.wrong == [], path


def test_the_page_of_the_release_is_light(site: Path) -> None:
    """The bytes sent over the network, compressed as by any web server; there are no fonts and no images."""
    import gzip

    sent = [site / RELEASE, site / "style.css", site / "script.js"]
    assert sum(len(gzip.compress(path.read_bytes(), 6)) for path in sent) <= 150_000


BARS = """() => [...document.querySelectorAll(".tl li.span")].map(item => {
  const own = getComputedStyle(item, "::before"), from = item.getBoundingClientRect().left + parseFloat(own.left);
  return [item.querySelector(".d").textContent, from, from + parseFloat(own.width)];
})"""
YEARS = """() => Object.fromEntries([...document.querySelectorAll(".yrs span")].map(year => {
  const place = year.getBoundingClientRect();
  return [year.textContent, [place.left, place.right]];
}))"""


def test_a_year_without_a_day_is_drawn_over_that_year(browser: Any, make_newsroom: MakeNewsroom) -> None:
    """Also the last one, whose words stand before its bar for want of room behind it."""
    text = "Headline\nThe first bridge was built in 2017. The second bridge will be built in 2026.\n"
    nodes = (
        {"id": "event/one", "type": "Event", "name": "first bridge", "startDate": "2017"},
        {"id": "event/two", "type": "Event", "name": "second bridge", "startDate": "2026", "planned": True},
    )
    data = make_newsroom(json.dumps(record_of(*nodes, mentions=["event/one", "event/two"])), text)
    (data / "dataset.yaml").write_text("title: T\npublisher: P\nlicense: https://e.org/l\n", encoding="utf-8")
    assert [f for f in build(open_newsroom(data), data / "public").findings if f.severity == "violation"] == []
    with WatchedPage(browser) as seen:
        seen.page.goto((data / "public/release/sample/index.html").as_uri())
        bars, years = seen.page.evaluate(BARS), seen.page.evaluate(YEARS)
        assert [year for year, _, _ in bars] == ["2017", "2026"]
        for year, start, end in bars:
            assert (start, end) == pytest.approx(years[year], abs=3), year
