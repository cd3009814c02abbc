"""Questions asked in the browser: the same rows and bytes as the command line; nothing is loaded or run unasked."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from communique.api import Newsroom, open_newsroom
from communique.errors import QueryError
from communique.publish.build import build
from communique.publish.hosting.negotiation import POLICY
from communique.publish.site.vendored import PROGRAMS
from tests import engines
from tests.browsing import READY, QuietHandler, WatchedPage, serve
from tests.conftest import ROOT, SLUG
from tests.hostile import write_hostile
from tests.strict import STRICT

VENDOR = ROOT / "src" / "communique" / "publish" / "site" / "vendor"
BUILT = all((VENDOR / name).is_file() for name in PROGRAMS)
PERSON = "person/bermet-moldobaeva"

pytestmark = [
    pytest.mark.allow_hosts(engines.LOOPBACK),
    pytest.mark.skipif(
        not STRICT and not (BUILT and READY),
        reason="apt-get install chromium npm; pip install -e '.[browser]'",
    ),
]


class Hosted(QuietHandler):
    """A server that sends the same header as our web server rules."""

    def end_headers(self) -> None:
        if self.path.partition("?")[0].endswith(".html"):
            self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    yield from serve(site, Hosted)


TYPED = r"""#+ summary: One row for each line of the table
#+ question: Which lines have these values?
#+ description: Every type of parameter, on values that are hard to write.
#+ tags: [types]
#+ audience: editor
#+ parameters:
#+   day: {type: date, description: a day, example: "2015-05-29"}
#+   year: {type: year, description: a year, example: "2015"}
#+   number: {type: integer, description: a number, example: "7"}
#+   label: {type: lang-string, description: a label, example: Chairman@en}
#+   text: {type: string, description: a text, example: a}
#+   node: {type: iri, description: a node, example: "schema:name"}
#+   kind: {type: enum, description: a kind, example: odd, values: [odd, even]}
#+ columns: {day: a day, year: a year, number: a number, label: a label, text: a text, node: a node, kind: a kind}
#+ size: six rows
PREFIX schema: <http://schema.org/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?day ?year ?number ?label ?text ?node ?kind
WHERE {
  VALUES (?day ?year ?number ?label ?text ?node ?kind) {
    ("2015-05-29"^^xsd:date "2015"^^xsd:gYear 7 "Chairman"@en "a" schema:name "odd")
    ("2016-02-29"^^xsd:date "2016"^^xsd:gYear -7 "председатель"@ru "\"" <http://e.org/a,b> "even")
    ("2016-02-29"^^xsd:date "2016"^^xsd:gYear 8 "a@b"@en-GB "}" <http://e.org/a?b=(c)&d> "odd")
    ("2017-01-01"^^xsd:date "2017"^^xsd:gYear 9 "\\"@en "\\u0022" <urn:x:😀> "even")
    ("2017-01-01"^^xsd:date "2017"^^xsd:gYear 10 "\u2028"@en "\u2028'\t" <javascript:alert(1)> "odd")
    ("2017-01-01"^^xsd:date "2017"^^xsd:gYear 10 "<b>"@en "</script><script>alert(1)</script>" <mailto:a@e.org> "odd")
  }
}
ORDER BY ?number ?text
"""

HARD = ('"', "'", "}", "<", "\u2028'\t", "\\", "\\u0022", "a\u2028b", "{{7*7}}", "?text } DROP ALL #", "x" * 20_000)
HARDER = (*HARD, '"""', "a'''", "</script><script>alert(1)</script>", "\ufeff", "😀", "a\u0000b", " a ")


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Newsroom]]:
    """The address of the site of a hostile newsroom with a parameter of every type, and the newsroom itself."""
    folder = tmp_path_factory.mktemp("typed")
    data = write_hostile(folder)
    shutil.copytree(ROOT / "queries", folder / "queries")
    (folder / "queries" / "typed.rq").write_text(TYPED, encoding="utf-8")
    newsroom = open_newsroom(data)
    build(newsroom, folder / "public", jobs=1)
    for address in serve(folder / "public", Hosted):
        yield address, newsroom


def fill(page: Any, values: Mapping[str, str]) -> None:
    """Fill in the form as the address of a page does: a list may get a value that it does not offer."""
    page.evaluate(
        """values => {
          for (const field of document.querySelectorAll("form.ask [name]")) {
            const value = values[field.name] ?? "";
            if (field.options && ![...field.options].some(o => o.value === value)) field.add(new Option(value, value));
            field.value = value;
          }
        }""",
        dict(values),
    )


def ask(page: Any, values: Mapping[str, str]) -> None:
    """Press Ask, and wait for an answer, a refusal or a sentence."""
    fill(page, values)
    page.evaluate(
        """() => {
          for (const old of document.querySelectorAll('#answer > *, .wrong')) old.dataset.old = '1';
          document.querySelector('form.ask').requestSubmit();
        }"""
    )
    page.wait_for_selector(":is(#answer > *, .wrong):not([data-old])", state="attached")
    page.wait_for_selector("form.ask button:not(.main)", state="hidden")


def file(page: Any, suffix: str) -> bytes:
    with page.expect_download() as caught:
        page.click(f"#answer a[download$='.{suffix}']")
    return Path(caught.value.path()).read_bytes()


KEEP = """
  globalThis.blobs = new Map();
  const make = URL.createObjectURL;
  URL.createObjectURL = blob => {
    const href = make.call(URL, blob);
    globalThis.blobs.set(href, blob);
    return href;
  };
"""


def kept(page: Any, suffix: str) -> bytes:
    """The bytes of an offered file, read without a real download, which takes a quarter of a second."""
    read = "suffix => globalThis.blobs.get(document.querySelector(`#answer a[download$='.${suffix}']`).href).text()"
    return str(page.evaluate(read, suffix)).encode()


def expected(newsroom: Newsroom, name: str, values: Mapping[str, Any], fmt: str) -> bytes | None:
    try:
        return newsroom.query(name, **values).render(fmt, base=newsroom.dataset.base).encode()
    except QueryError:
        return None


def compare(page: Any, newsroom: Newsroom, name: str, values: Mapping[str, str]) -> bool:
    """Ask in the browser and in Python and compare; returns whether there was an answer."""
    ask(page, values)
    wanted = expected(newsroom, name, values, "csv")
    if wanted is None:
        assert page.locator(".wrong").count() == 1, (name, values)
        return False
    assert page.locator(".wrong").count() == 0, (name, values, page.inner_text(".wrong"))
    assert kept(page, "csv") == wanted, (name, values)
    assert kept(page, "json") == expected(newsroom, name, values, "json"), (name, values)
    return True


# ---- asking again

SAME = {
    "who-said-what": [{"person": PERSON, "inferred": "with"}, {"release": SLUG, "inferred": "only"}],
    "events-by-place": [{"year": "2015"}, {"place": "place/almaty"}, {"year": "1999"}],
    "evidence-of-fact": [
        {"subject": "legislation/kz-32-47.327", "predicate": "schema:legislationDate", "text": "2014-12-29"},
        {"subject": PERSON, "predicate": "schema:affiliation", "object": "org/iom", "release": SLUG},
        {"subject": PERSON, "predicate": "schema:name", "text": "Bermet Moldobaeva"},
    ],
    "entity-graph": [{"entity": "org/iom"}, {"entity": "place/kazakhstan"}],
    "entities": [{"class": "schema:Person"}, {"class": "http://schema.org/Place"}, {}],
    "speakers": [{"release": SLUG}, {}],
    "about-entity": [{"entity": PERSON, "inferred": "only"}, {"entity": "topic/human-rights", "inferred": "with"}],
    "days-from-approval": [{"release": SLUG}],
    "role-holders": [{"organisation": "org/chr-kz"}, {"person": PERSON, "release": SLUG}],
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_asking_anew_gives_the_bytes_of_the_command_line(browser: Any, served: str, real: Newsroom, name: str) -> None:
    with WatchedPage(browser) as seen:
        seen.page.add_init_script(KEEP)
        seen.page.goto(f"{served}queries/{name}/index.html")
        for values in SAME[name]:
            assert compare(seen.page, real, name, values)


@pytest.mark.parametrize("language", ["", ".ru", ".kk"])
def test_an_answer_made_anew_says_columns_and_reasons_in_the_language_of_the_page(
    browser: Any, served: str, language: str
) -> None:
    cells = "[...document.querySelectorAll('{} :is(thead th, td)')].map(each => each.innerText.trim())"
    with WatchedPage(browser) as seen:
        seen.page.goto(f"{served}queries/inferred-facts/index{language}.html")
        before = seen.page.evaluate(cells.format("#result"))
        ask(seen.page, {"release": SLUG})
        assert seen.page.evaluate(cells.format("#answer")) == before
        assert len(before) > 300
        assert any(cell.startswith("written by rule") for cell in before) == (not language)


def test_every_type_of_parameter_is_bound_as_the_command_line_binds_it(
    browser: Any, typed: tuple[str, Newsroom]
) -> None:
    address, newsroom = typed
    values = {
        "day": ("2015-05-29", "2016-02-29", "2015-02-29", "15-5-29", "0000-01-01", "20150529"),
        "year": ("2016", "16", "２０１６"),
        "number": ("7", "-7", "+7", "007", "1e3", "9" * 18, "9" * 19),
        "label": ("Chairman@en", "председатель@ru", "a@b@en-GB", "a@b@en-gb", "\\@en", "<b>@en", "Chairman", "x@e n"),
        "node": ("schema:name", "http://e.org/a,b", "http://e.org/a?b=(c)&d", "urn:x:😀", "javascript:alert(1)", "a b"),
        "kind": ("odd", "even", "prime"),
    }
    with WatchedPage(browser) as seen:
        seen.page.add_init_script(KEEP)
        seen.page.goto(f"{address}queries/typed/index.html")
        given = [{name: value} for name, tried in values.items() for value in tried]
        answered = [compare(seen.page, newsroom, "typed", one) for one in given]
        assert 18 < sum(answered) < len(answered)
        assert seen.page.locator("a[href^='javascript:']").count() == 0


def test_hostile_values_change_nothing_but_the_rows(browser: Any, typed: tuple[str, Newsroom]) -> None:
    address, newsroom = typed
    with WatchedPage(browser) as seen:
        seen.page.add_init_script(KEEP)
        seen.page.goto(f"{address}queries/typed/index.html")
        for text in HARDER:
            assert compare(seen.page, newsroom, "typed", {"text": text})
        for text in HARD:
            assert not compare(seen.page, newsroom, "typed", {"kind": text})
            compare(seen.page, newsroom, "typed", {"node": text})
            compare(seen.page, newsroom, "typed", {"label": f"{text}@en"})
        assert seen.page.locator("script").count() == 2


TOLD = """[...document.querySelectorAll('#result :is(th, td)')].map(
        c => [c.textContent, c.dataset.th ?? '', c.className, c.querySelector('[lang]')?.lang ?? '',
              c.querySelector('time')?.dateTime ?? '',
              ...[...c.querySelectorAll('a')].map(a => a.getAttribute('href') + ' ' + (a.dataset.entity ?? ''))])"""
"""What a page shows in each cell of its table."""


def test_the_table_is_like_the_one_that_the_build_wrote(browser: Any, served: str) -> None:
    for path in ("who-said-what/index.ru", "timeline/index", "inferred-facts/index.kk", "entity-graph/index"):
        with WatchedPage(browser) as seen:
            page = seen.page
            page.goto(f"{served}queries/{path}.html")
            before = page.evaluate(TOLD)
            page.click("form.ask button.main")
            page.wait_for_selector("#answer a[download]")
            assert page.evaluate(TOLD) == before
            assert len(before) > 5


MOMENTS = {
    '"2031-05-05T19:30:00"^^xsd:dateTime': "2031-05-05 19:30",
    '"2031-05-05T19:30:15.5"^^xsd:dateTime': "2031-05-05 19:30:15.5",
    '"2031-05-05T09:30:00Z"^^xsd:dateTime': "2031-05-05 09:30 (UTC)",
    '"2031-05-05T09:30:00+00:00"^^xsd:dateTime': "2031-05-05 09:30 (UTC)",
    '"2031-05-05T09:30:00+06:00"^^xsd:dateTime': "2031-05-05 09:30 (UTC+6)",
    '"2031-05-05T09:30:00-03:30"^^xsd:dateTime': "2031-05-05 09:30 (UTC\N{MINUS SIGN}3:30)",
    '"2031-05-05"^^xsd:date': "2031-05-05",
    '"2031-05"^^xsd:gYearMonth': "2031-05",
    '"at noon"^^xsd:date': "at noon",
    '"2031-05-05T19:30:00"': "2031-05-05T19:30:00",
    '"2031"^^xsd:gYear': "2031",
}
"""Values of a query, and what a reader is shown."""

DATED = """#+ summary: One row for each moment
#+ question: When?
#+ description: Days and moments of every type.
#+ tags: [types]
#+ audience: editor
#+ parameters:
#+   row: {type: integer, description: a number, example: "7"}
#+ columns: {at: a moment, row: a number}
#+ size: some rows
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?at ?row
WHERE { VALUES (?at ?row) { ROWS } }
ORDER BY ?row
"""


def test_days_and_moments_are_shown_as_the_build_shows_them(browser: Any, tmp_path: Path) -> None:
    data = write_hostile(tmp_path)
    shutil.copytree(ROOT / "queries", tmp_path / "queries")
    rows = " ".join(f"({value} {number})" for number, value in enumerate(MOMENTS))
    (tmp_path / "queries" / "dated.rq").write_text(DATED.replace("ROWS", rows), encoding="utf-8")
    build(open_newsroom(data), tmp_path / "public", jobs=1)
    for address in serve(tmp_path / "public", Hosted):
        with WatchedPage(browser) as seen:
            page = seen.page
            page.goto(f"{address}queries/dated/index.html")
            before = page.evaluate(TOLD)
            shown = [row.split("\t")[0] for row in page.locator("#result tbody tr").all_inner_texts()]
            assert shown == list(MOMENTS.values())
            page.click("form.ask button.main")
            page.wait_for_selector("#answer a[download]")
            assert page.evaluate(TOLD) == before


# ---- before Ask


def test_nothing_is_loaded_before_ask_and_the_sizes_are_true(browser: Any, served: str, site: Path) -> None:
    loaded: list[str] = []
    with WatchedPage(browser) as seen:
        page = seen.page
        page.on("request", lambda request: loaded.append(request.url.removeprefix(served)))
        page.goto(f"{served}queries/who-said-what/index.html?person={PERSON}&inferred=only")
        page.wait_for_load_state("networkidle")
        before = {path.partition("?")[0] for path in loaded}
        assert before <= {"queries/who-said-what/index.html", "assets/query.js", "style.css", "script.js", "icon.svg"}
        told = json.loads(page.get_attribute("form.ask", "data-ask"))["files"]
        assert {name: one["size"] for name, one in told.items()} == {
            name: (site / one["href"].removeprefix("../../")).stat().st_size for name, one in told.items()
        }
        data, program = (
            f"{(told[a]['size'] + told[b]['size']) / 1e6:.1f} MB" for a, b in (("data", "names"), ("program", "worker"))
        )
        assert f"“Ask” loads {data} of data and {program} of program, once" in page.inner_text("#how")
        loaded.clear()
        page.click("form.ask button.main")
        page.wait_for_selector("#answer a[download]")
        assert page.locator("#result tbody tr").count() == 1
        ask(page, {"inferred": "without"})
        assert sorted(loaded)[:4] == ["assets/names.json", "assets/oxigraph.wasm", "assets/worker.js", "dataset.trig"]
        assert len([path for path in loaded if path.endswith((".wasm", ".trig", ".js", ".json"))]) == 4


def test_the_address_and_the_command_follow_what_was_asked(browser: Any, served: str) -> None:
    with WatchedPage(browser) as seen:
        page = seen.page
        page.goto(f"{served}queries/who-said-what/index.html")
        ask(page, {"person": PERSON, "inferred": "only"})
        assert page.url.endswith(f"?person={PERSON}&inferred=only")
        assert page.inner_text("#how + code") == f"communique query who-said-what --person {PERSON} --inferred only"
        assert "Bermet Moldobaeva" in page.inner_text("#answer")
        assert page.locator("#result td[data-th=basis] em.tag").all_inner_texts() == ["inferred"]
        page.reload()
        assert page.input_value("select[name=person]") == PERSON
        link = page.get_attribute("#open-editor", "href")
        assert link == f"../../sparql.html?query=who-said-what&person={PERSON}&inferred=only"


# ---- refusals


def test_a_wrong_value_gets_one_sentence_beside_its_field_and_loads_nothing(browser: Any, served: str) -> None:
    loaded: list[str] = []
    with WatchedPage(browser) as seen:
        page = seen.page
        page.on("request", lambda request: loaded.append(request.url))
        page.goto(f"{served}queries/events-by-place/index.html")
        rows = page.locator("#result tbody tr").count()
        fill(page, {"year": "15"})
        page.click("form.ask button.main")
        assert page.inner_text(".wrong") == "“15” is not a year. Write it like 2015."
        assert page.get_attribute("input[name=year]", "aria-describedby") == "wrong-year"
        assert page.locator("#result tbody tr").count() == rows
        page.goto(f"{served}queries/evidence-of-fact/index.html")
        fill(page, {"subject": PERSON})
        page.click("form.ask button.main")
        assert page.inner_text(".wrong") == "A value is needed. Write it like schema:legislationDate."
        page.goto(f"{served}queries/who-said-what/index.html")
        fill(page, {"inferred": "withot"})
        page.click("form.ask button.main")
        assert page.inner_text(".wrong") == "“withot” is not a known value. Did you mean without?"
        assert not [url for url in loaded if url.endswith((".wasm", ".trig"))]


def test_a_value_that_the_data_do_not_know_is_refused_with_the_nearest(
    browser: Any, served: str, real: Newsroom
) -> None:
    with WatchedPage(browser) as seen:
        page = seen.page
        page.goto(f"{served}queries/who-said-what/index.html")
        for value in ("person/bermet-moldobaev", "person/zulfia-baisakova", "person/nobody-at-all-of-that-kind"):
            ask(page, {"person": value, "inferred": "with"})
            with pytest.raises(QueryError) as refused:
                real.query("who-said-what", person=value, inferred="with")
            near = re.search("did you mean '(.*)'", str(refused.value))
            said = page.inner_text(".wrong")
            assert said.startswith(f"“{value}” is not among the data.")
            assert said.endswith(f"Did you mean {near[1]}?") if near else "Write it like person/" in said


def test_a_running_question_can_be_cancelled_and_asked_again(browser: Any, served: str) -> None:
    held: list[Any] = []
    with WatchedPage(browser) as seen:
        page = seen.page
        page.route("**/oxigraph.wasm", lambda route: held.append(route))
        page.goto(f"{served}queries/who-said-what/index.html")
        rows = page.inner_text("#answer")
        page.click("form.ask button.main")
        page.wait_for_selector("form.ask output:has-text('Loading')")
        page.click("form.ask button:has-text('Cancel')")
        page.wait_for_selector("form.ask output:has-text('Cancelled')")
        assert page.inner_text("#answer") == rows
        page.unroute("**/oxigraph.wasm")
        ask(page, {"person": PERSON, "inferred": "with"})
        assert page.locator("#result tbody tr").count() == 2


def with_seconds(route: Any, seconds: float) -> None:
    page = route.fetch()
    body = re.sub(r"(&#34;seconds&#34;: )\d+", rf"\g<1>{seconds}", page.text())
    assert body != page.text()
    route.fulfill(response=page, body=body)


SLOW = "SELECT (COUNT(*) AS ?n) { GRAPH ?a { ?b ?c ?d } GRAPH ?e { ?f ?g ?h } GRAPH ?i { ?j ?k ?l } }"


def write(page: Any, text: str) -> None:
    page.click(".cm-content")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def run_query(page: Any, text: str) -> None:
    """Write a query into the editor and run it."""
    write(page, text)
    page.click(".run button.main")


def test_a_question_that_takes_too_long_is_stopped_and_the_next_is_answered(browser: Any, served: str) -> None:
    with WatchedPage(browser) as seen:
        page = seen.page
        page.route("**/sparql.html", lambda route: with_seconds(route, 1))
        page.goto(f"{served}sparql.html")
        run_query(page, SLOW)
        page.wait_for_selector("form.sparql output:has-text('No answer after 1 seconds')")
        run_query(page, SLOW)
        page.wait_for_selector("form.sparql output:has-text('Asking')")
        page.click(".run button:has-text('Cancel')")
        page.wait_for_selector("form.sparql output:has-text('Cancelled')")
        run_query(page, "ASK { GRAPH ?g { ?s ?p ?o } }")
        page.wait_for_selector("#answer :text('Yes.')")


def test_a_query_nested_too_deep_ends_in_a_sentence(browser: Any, served: str) -> None:
    with WatchedPage(browser) as seen:
        page = seen.page
        page.goto(f"{served}sparql.html")
        for text in ("SELECT * " + "{" * 3000 + "}" * 3000, "SELECT (" + "(" * 3000 + "1" + ")" * 3000 + " AS ?x) {}"):
            run_query(page, text)
            page.wait_for_selector("form.sparql output:text-matches('could not answer|Line')")
        run_query(page, "SELECT (1 AS ?one) {}")
        page.wait_for_selector("#result :text('one')")


def test_a_file_that_cannot_be_loaded_is_reported(browser: Any, served: str) -> None:
    with WatchedPage(browser) as seen:
        page = seen.page
        page.route("**/dataset.trig", lambda route: route.fulfill(status=200, body="not TriG"))
        page.goto(f"{served}queries/speakers/index.html")
        page.click("form.ask button.main")
        page.wait_for_selector("form.ask output:not(:empty):not(:has-text('Loading')):not(:has-text('Asking'))")
        assert page.inner_text("form.ask output")


# ---- without a server, WebAssembly or the programs


@pytest.mark.parametrize("path", ["queries/who-said-what/index.html", "sparql.html"])
def test_without_server_or_webassembly_the_page_says_how_to_ask(
    browser: Any, site: Path, served: str, path: str
) -> None:
    with WatchedPage(browser) as seen:
        seen.page.goto((site / path).as_uri())
        assert "communique query who-said-what" in seen.page.inner_text("main")
        assert "loads" not in seen.page.inner_text("main")
    with WatchedPage(browser) as seen:
        seen.page.add_init_script("delete globalThis.WebAssembly")
        seen.page.goto(served + path)
        assert "communique query who-said-what" in seen.page.inner_text("main")
        assert "loads" not in seen.page.inner_text("main")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value", "said", "told"),
    [
        ("LARGEST", 1000, "The data are more than a browser is asked to load", "is larger than"),
        ("were_built", lambda: False, "made without the programs for browsers", "was installed without its programs"),
    ],
)
def test_without_the_programs_the_pages_promise_none_and_say_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: Any, said: str, told: str
) -> None:
    from communique.publish.site import browser, pages

    monkeypatch.setattr(browser, name, value)
    if name == "were_built":
        monkeypatch.setattr(pages, name, value)
    outcome = build(open_newsroom(write_hostile(tmp_path)), tmp_path / "public", jobs=1)
    assert "sparql.html has no editor: " in outcome.listing and told in outcome.listing
    assert (tmp_path / "public" / "assets").exists() == (name == "LARGEST")  # the editor, for a server
    for path in ("queries/who-said-what/index.html", "queries/index.html", "sparql.html"):
        text = (tmp_path / "public" / path).read_text(encoding="utf-8")
        assert ("assets/editor.js" in text) == (name == "LARGEST" and path == "sparql.html")
        assert "query.js" not in text and "worker.js" not in text and "wasm" not in text
        assert "editor</" not in text and "browser with JavaScript" not in text
        assert "communique query who-said-what" in text or path == "queries/index.html"
    assert said in (tmp_path / "public" / "sparql.html").read_text(encoding="utf-8")
    release = next((tmp_path / "public").glob("release/*/index.html")).read_text(encoding="utf-8")
    assert ("../../sparql.html" in release) == (name == "LARGEST")
    assert ("../../queries/stated-facts/index.html" in release) == (name == "were_built")


@pytest.mark.slow
def test_a_build_with_the_programs_reports_nothing_about_them(tmp_path: Path) -> None:
    outcome = build(open_newsroom(write_hostile(tmp_path)), tmp_path / "public", jobs=1)
    assert outcome.lacking == "" and "editor" not in outcome.listing


# ---- the editor


def test_an_example_is_loaded_and_run(browser: Any, served: str, real: Newsroom) -> None:
    with WatchedPage(browser) as seen:
        page = seen.page
        page.goto(f"{served}sparql.html")
        assert page.locator("select[name=query] optgroup").count() == 4
        assert page.locator("select[name=query] option").count() == len(real.catalogue) + 1
        page.select_option("select[name=query]", "stated-facts")
        page.wait_for_selector(".cm-content:has-text('CONSTRUCT')")
        page.click(".run button.main")
        page.wait_for_selector("#answer a[download]")
        wanted = real.query("stated-facts", release=SLUG)
        assert file(page, "csv") == wanted.render("csv").encode()
        turtle = ox.parse(file(page, "ttl"), format=ox.RdfFormat.TURTLE)
        assert {str(q.triple) for q in turtle} == {" ".join(map(str, row)) for row in wanted.rows}
        page.goto(f"{served}sparql.html?query=about-entity&entity={PERSON}&inferred=only")
        page.wait_for_selector(".cm-content:has-text('VALUES (?entity ?inferred)')")
        page.click(".run button.main")
        page.wait_for_selector("#answer a[download]")
        rows = page.locator("#result tbody tr").count()
        assert rows == len(real.query("about-entity", entity=PERSON, inferred="only").rows)


SUMS = ("10 - 2 - 3", "10 - 2 + 3", "8 / 2 * 5", "10 -2*3 +1", "10 -8/2*5", "2-1+1", "1 - (2 - 3 - 4) - 5", "7/2/2*3-1")


def test_sums_are_read_from_the_left_although_the_engine_does_not(browser: Any, served: str) -> None:
    """Oxigraph of npm reads ``a - b + c`` as ``a - (b + c)`` up to 0.5.11; pyoxigraph 0.5.13 does not."""
    text = f"SELECT {' '.join(f'({one} AS ?v{n})' for n, one in enumerate(SUMS))} {{}}"
    found: Any = ox.Store().query(text)
    wanted = found.serialize(format=ox.QueryResultsFormat.CSV)
    with WatchedPage(browser) as seen:
        page = seen.page
        page.goto(f"{served}sparql.html")
        run_query(page, text)
        page.wait_for_selector("#answer a[download]")
        assert file(page, "csv") == wanted


def test_each_form_of_query_has_its_answer(browser: Any, served: str) -> None:
    with WatchedPage(browser) as seen:
        page = seen.page
        page.goto(f"{served}sparql.html")
        for text, selector in (
            ("ASK { GRAPH ?g { <urn:none> ?p ?o } }", "#answer :text('No.')"),
            ("DESCRIBE <urn:none>", "#answer :text('None found')"),
            ("SELECT * { GRAPH ?g { ?s a <http://schema.org/Event> } } LIMIT 1", "#result th:text('g')"),
            ("SELECT ?n { VALUES ?n { 1 } LATERAL { BIND (?n + 1 AS ?m) } }", "#result td :text('1')"),
        ):
            run_query(page, text)
            page.wait_for_selector(selector)


LATE_NAMES = """
const now = window.fetch;
window.fetch = async (what, ...more) => {
  if (String(what.url ?? what).endsWith("completion.json")) await new Promise(resolve => setTimeout(resolve, 1000));
  return now(what, ...more);
};
"""


def test_names_are_completed_from_what_the_data_use(browser: Any, served: str) -> None:
    """Also for who writes before the file of names has come."""
    with WatchedPage(browser) as seen:
        page = seen.page
        page.add_init_script(LATE_NAMES)
        page.goto(f"{served}sparql.html")
        write(page, "SELECT * { GRAPH ?g { ?s schema:nam")
        page.wait_for_selector(".cm-tooltip-autocomplete li:has-text('schema:name')")
        page.click(".cm-tooltip-autocomplete li:has-text('schema:name') >> nth=0")
        page.wait_for_selector(".cm-line:has-text('PREFIX schema: <http://schema.org/>')")
        assert page.inner_text(".cm-line >> nth=1") == "SELECT * { GRAPH ?g { ?s schema:name"


def test_a_canned_question_is_chosen_after_a_cancelled_one_and_a_missing_file_is_told(
    browser: Any, served: str
) -> None:
    with WatchedPage(browser) as seen:
        page = seen.page
        page.route("**/oxigraph.wasm", lambda route: None)
        page.goto(f"{served}sparql.html")
        page.click(".run button.main")
        page.wait_for_selector("form.sparql output:has-text('Loading')")
        page.click(".run button:has-text('Cancel')")
        page.wait_for_selector("form.sparql output:has-text('Cancelled')")
        page.select_option("select[name=query]", "who-said-what")
        page.wait_for_selector(".cm-line:has-text('schema:Quotation')")
        page.route("**/queries.json", lambda route: route.fulfill(status=200, body=""))
        page.select_option("select[name=query]", "what-happened")
        page.wait_for_selector("form.sparql output:has-text('queries.json could not be loaded')")


def test_an_error_is_shown_at_its_line(browser: Any, served: str) -> None:
    with WatchedPage(browser) as seen:
        page = seen.page
        page.goto(f"{served}sparql.html")
        run_query(page, "SELECT *\nWHERE {\n  ?s ?p ?o . )\n}\n")
        page.wait_for_selector("form.sparql output:has-text('Line 3: from “)” on this is not SPARQL.')")
        assert page.locator(".cm-lintRange-error").count() == 1
        page.click(".cm-content")
        page.keyboard.type(" ")
        page.wait_for_selector(".cm-lintRange-error", state="detached")
        run_query(page, "SELECT *\n{ ?s foo:x ?o }")
        page.wait_for_selector("form.sparql output:has-text('Line 2: Prefix not found.')")
        run_query(page, "SELECT * { SERVICE <https://example.org/sparql> { ?s ?p ?o } }")
        page.wait_for_selector("form.sparql output:has-text('not supported')")


def test_the_editor_is_left_by_escape_and_tab(browser: Any, served: str) -> None:
    with WatchedPage(browser) as seen:
        page = seen.page
        page.goto(f"{served}sparql.html")
        inside = "document.activeElement.shadowRoot?.activeElement?.className ?? ''"
        page.focus("select[name=query]")
        page.keyboard.press("Tab")
        assert "cm-content" in page.evaluate(inside)
        page.keyboard.press("Tab")
        assert "cm-content" in page.evaluate(inside)
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "main"
        page.focus(".cm-content")
        page.keyboard.press("Control+Enter")
        page.wait_for_selector("#answer a[download]")


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1440, "light")])
def test_forms_and_answers_have_no_accessibility_faults(browser: Any, served: str, width: int, scheme: str) -> None:
    options = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    with WatchedPage(browser, **options) as seen:
        page = seen.page
        page.goto(f"{served}sparql.html?query=who-said-what")
        page.wait_for_selector(".cm-content:has-text('schema:')")
        page.click(".run button.main")
        page.wait_for_selector("#answer a[download]")
        seen.shot(f"sparql-{width}-{scheme}")
        write(page, "SELECT * {\n ?s schema:na")
        page.wait_for_selector(".cm-tooltip-autocomplete li")
        assert seen.accessibility_faults() == []
        page.keyboard.press("Escape")
        page.click(".run button.main")
        page.wait_for_selector("form.sparql output:has-text('Line')")
        seen.shot(f"sparql-error-{width}-{scheme}")
        assert seen.accessibility_faults() == []
        page.goto(f"{served}queries/events-by-place/index.html")
        ask(page, {"year": "2015"})
        fill(page, {"year": "15"})
        page.click("form.ask button.main")
        page.wait_for_selector(".wrong")
        seen.shot(f"question-wrong-{width}-{scheme}")
        assert seen.accessibility_faults() == []


# ---- hostile data


def test_nothing_of_a_hostile_newsroom_runs_when_it_is_asked(browser: Any, typed: tuple[str, Newsroom]) -> None:
    address, newsroom = typed
    for name in ("about-entity", "entities", "stated-facts", "typed"):
        with WatchedPage(browser) as seen:
            page = seen.page
            seen.page.add_init_script(KEEP)
            page.goto(f"{address}queries/{name}/index.html")
            values = json.loads(html.unescape(page.get_attribute("form.ask", "data-ask")))
            assert values["query"]["name"] == name
            given = {"about-entity": {"entity": "person/p1"}, "stated-facts": {"release": "hostile"}}.get(name, {})
            assert compare(page, newsroom, name, given)
            assert page.locator("script").count() == 2
            assert page.locator("img, iframe, a[href^='javascript:']").count() == 0
    with WatchedPage(browser) as seen:
        page = seen.page
        page.goto(f"{address}sparql.html?query=typed&text=</script><script>alert(3)</script>&label=\\u0022@en")
        page.wait_for_selector(".cm-content:has-text('VALUES (?label ?text)')")
        page.click(".run button.main")
        page.wait_for_selector("#answer :text('None found')")
        assert page.locator("script").count() == 2
