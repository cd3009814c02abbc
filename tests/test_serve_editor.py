"""The SPARQL editor of a served publication: it asks the server, loads nothing else, and says what the server says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from json import loads
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from communique.api import Newsroom, open_newsroom
from communique.publish.build import build
from communique.serve.questionpage import with_endpoint
from tests.browsing import READY, WatchedPage, serve
from tests.conftest import SLUG
from tests.engines import LOOPBACK
from tests.hostile import write_hostile
from tests.inprocess import in_process
from tests.serving import Served, copy_of, serving
from tests.strict import STRICT
from tests.test_query_browser import BUILT, Hosted, file, run_query, write

pytestmark = [
    pytest.mark.allow_hosts(LOOPBACK),
    pytest.mark.slow,
    pytest.mark.skipif(
        not STRICT and not (BUILT and READY), reason="apt-get install chromium npm; pip install -e '.[browser]'"
    ),
]

QUERY = {"content-type": "application/sparql-query"}
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
PEOPLE = "SELECT ?s ?n { GRAPH ?g { ?s a <http://schema.org/Person> ; <http://schema.org/name> ?n } } ORDER BY ?s ?n"
PAGES = ("sparql.html", "sparql.ru.html", "sparql.kk.html")
STATUS = "form.sparql output"


@pytest.fixture(scope="module")
def served(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    public = copy_of(site, tmp_path_factory.mktemp("served"))
    with serving(public, "query_seconds=2", "result_rows=1000", "workers=2") as server:
        yield server


def ask(served: Served, text: str, accept: str) -> httpx.Response:
    with served.client(accept=accept) as client:
        return client.post("/sparql", content=text.encode(), headers=QUERY)


def answered(page: Any, text: str) -> None:
    """Write a query into the editor, run it, and wait for its answer."""
    page.evaluate("document.querySelectorAll('#answer > *').forEach(old => old.remove())")
    run_query(page, text)
    page.wait_for_selector("#answer > *")


def refused(seen: WatchedPage, text: str, status: int) -> str:
    """Write a query into the editor and run it; what is said of it. The browser notes the status on its console."""
    write(seen.page, text)
    with seen.page.expect_response("**/sparql") as caught:
        seen.page.click(".run button.main")
    assert caught.value.status == status
    seen.page.wait_for_selector(f"{STATUS}:not(:empty):not(:has-text('…'))")
    assert [one for one in seen.wrong if f"status of {status}" in one] == seen.wrong
    assert len(seen.wrong) == 1  # it has not been asked again
    seen.wrong.clear()
    return str(seen.page.inner_text(STATUS))


# ---- what is sent


@pytest.mark.parametrize("name", PAGES)
def test_the_editor_is_sent_with_the_address_of_the_endpoint_and_else_as_it_was_built(site: Path, name: str) -> None:
    built = (site / name).read_text(encoding="utf-8")
    with in_process(site) as server:
        plain = server.get(f"/{name}", accept_encoding="identity")
        assert plain.text == with_endpoint(built)
        settings = [loads(unescape(re.findall('data-ask="([^"]*)"', page)[0])) for page in (built, plain.text)]
        assert settings[1] == settings[0] | {"endpoint": "sparql"}
        tag = plain.headers["etag"]
        packed = server.get(f"/{name}", accept_encoding="gzip")
        assert (packed.text, packed.headers["content-encoding"]) == (plain.text, "gzip")
        assert tag != packed.headers["etag"]
        head = server.get(f"/{name}", method="HEAD", accept_encoding="identity")
        assert (head.content, head.headers) == (b"", plain.headers)
        for encoding, reply in (("identity", plain), ("gzip", packed)):
            asked = {"accept_encoding": encoding, "if_none_match": reply.headers["etag"]}
            assert server.get(f"/{name}", **asked).status_code == 304
    with in_process(site) as other:
        assert other.get(f"/{name}", accept_encoding="identity").headers["etag"] == tag
        static = other.build.publication.files[name].digest
        assert other.get(f"/{name}", if_none_match=f'"{static[:32]}"').status_code == 200


def test_a_publication_without_the_editor_is_served_as_it_is() -> None:
    page = "<h1>SPARQL</h1><p>There is no editor here.</p>"
    assert with_endpoint(page) == page


# ---- what is asked


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("sparql.html", "“Run” sends the query to this server, which answers it."),
        ("sparql.ru.html", "Кнопка «Выполнить» отправляет запрос этому серверу, и он на него отвечает."),
        ("sparql.kk.html", "«Орындау» түймесі сұрауды осы серверге жібереді, ол жауап береді."),
        ("sparql", "“Run” sends the query to this server, which answers it."),
    ],
)
def test_the_server_is_asked_and_nothing_large_is_loaded(browser: Any, served: Served, name: str, said: str) -> None:
    loaded: list[str] = []
    with WatchedPage(browser) as seen:
        page = seen.page
        page.on("request", lambda one: loaded.append(f"{one.method} {one.url.removeprefix(served.url)}"))
        page.goto(f"{served.url}/{name}")
        assert page.inner_text("#how") == said
        assert page.is_hidden("#static")
        answered(page, PEOPLE)
        assert file(page, "csv").decode() == ask(served, PEOPLE, "text/csv").text
        assert page.locator("#result tbody tr").count() > 3
        assert page.inner_text("#how") == said  # it is as true as before
        assert loaded.count("POST /sparql") == 1
        assert set(loaded) <= {
            f"GET /{name}", "POST /sparql", "GET /style.css", "GET /script.js", "GET /icon.svg",
            "GET /assets/editor.js", "GET /assets/completion.json",
        }  # fmt: skip


def test_without_the_server_nothing_is_asked_of_one(browser: Any, site: Path) -> None:
    loaded: list[str] = []
    for address in serve(site, Hosted):
        with WatchedPage(browser) as seen:
            page = seen.page
            page.on("request", lambda one: loaded.append(f"{one.method} {one.url}"))
            page.goto(f"{address}sparql.html")
            assert "answers here in the browser; what you ask goes to nobody" in page.inner_text("#how")
            answered(page, PEOPLE)
    assert any(one.endswith("dataset.trig") for one in loaded)
    assert not any("POST" in one or one.endswith(("/sparql", "names.json")) for one in loaded)


def test_each_form_of_query_has_its_answer(browser: Any, served: Served, real: Newsroom) -> None:
    with WatchedPage(browser) as seen:
        page = seen.page
        page.goto(f"{served.url}/sparql.html?query=stated-facts&release={SLUG}")
        page.wait_for_selector(".cm-content:has-text('CONSTRUCT')")
        page.click(".run button.main")
        page.wait_for_selector("#answer a[download]")
        wanted = real.query("stated-facts", release=SLUG)
        assert file(page, "csv") == wanted.render("csv").encode()
        assert file(page, "json") == wanted.render("json").encode()
        turtle = ox.parse(file(page, "ttl"), format=ox.RdfFormat.TURTLE)
        assert {str(quad.triple) for quad in turtle} == {" ".join(map(str, row)) for row in wanted.rows}
        for text, shown in (
            ("ASK { ?s ?p ?o }", "Yes."),
            ("ASK { <urn:none> ?p ?o }", "No."),
            ("DESCRIBE <urn:none>", "None found."),
            ("SELECT ?s { ?s <urn:none> ?o }", "None found."),
        ):
            answered(page, text)
            assert page.inner_text("#answer p.big") == shown, text
        answered(page, "DESCRIBE <org/iom>")
        assert page.locator("#result tbody tr").count() > 5
        answered(
            page, "SELECT ?n ?none { VALUES ?n { 1 } LATERAL { BIND (?n + 1 AS ?m) } OPTIONAL { ?none <urn:x> 1 } }"
        )
        assert file(page, "csv") == b"n,none\r\n1,\r\n"


HARD = r"""
  <urn:a> <urn:p> "\"№ ’\\ Қазақстан\t😀\r\n\\u0041 <x> . ^^ @en\u0001", "a"@en, "a"@en-GB, "а"@ru, 7, true, "", 1.5 ;
    <http://e.org/é?a=(b)&c='d'> <urn:x:😀>, "2031-05-05"^^xsd:date .
"""


def made_of_hard_values(browser: Any, address: str) -> list[bytes]:
    """The files that the editor at an address offers for a graph of hard values; blank nodes stay apart."""
    where = "WHERE { VALUES ?twice { 1 2 } }"
    with WatchedPage(browser) as seen:
        page = seen.page
        page.goto(f"{address}sparql.html")
        answered(page, f"PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> CONSTRUCT {{ {HARD} }} {where}")
        turtle = "\n".join(sorted(map(str, ox.parse(file(page, "ttl"), format=ox.RdfFormat.TURTLE))))
        made = [file(page, "csv"), file(page, "json"), turtle.encode()]
        answered(page, "CONSTRUCT { _:a <urn:p> [ <urn:p> _:a ] } WHERE {}")
        names = [page.inner_text(f"#result td >> nth={at}") for at in (0, 2)]
        assert len({*names, ""}) == 3
        found = list(ox.parse(file(page, "ttl"), format=ox.RdfFormat.TURTLE))
        assert found[0].subject == found[1].object != found[0].object == found[1].subject
    return made


def test_a_graph_of_hard_values_is_read_as_the_engine_reads_it(browser: Any, served: Served) -> None:
    [static] = [made_of_hard_values(browser, address) for address in serve(served.public, Hosted)]
    assert made_of_hard_values(browser, f"{served.url}/") == static
    assert static[0].count(b"\r\n") == 12


# ---- what is refused


def test_the_sentence_of_the_server_is_shown_as_it_is_and_its_place_is_marked(browser: Any, served: Served) -> None:
    with WatchedPage(browser) as seen:
        seen.page.goto(f"{served.url}/sparql.ru.html")
        for text, status, marked in (
            ("SELECT *\nWHERE {\n  ?s ?p ?o . )\n}\n", 400, ")"),
            ("SELECT * {\n SERVICE <https://example.org/sparql> { ?s ?p ?o } }", 400, "SERVICE"),
            ("SELECT * { ?s ?p ?o }", 413, ""),
            (CROSS, 422, ""),
            ("INSERT DATA { <urn:a> <urn:b> 1 }", 400, "INSERT"),
        ):
            said = refused(seen, text, status)
            assert said == ask(served, text, "*/*").text.strip(), text
            mark = seen.page.locator(".cm-lintRange-error")
            assert (mark.first.inner_text()[: len(marked)] if mark.count() else "") == marked, text
        answered(seen.page, PEOPLE)
        assert seen.page.inner_text(STATUS) == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("sparql.html", "Line 2: from “}” on this is not SPARQL."),
        ("sparql.ru.html", "Строка 2: начиная с «}» это не SPARQL."),
    ],
)
def test_what_only_a_parser_understands_is_said_in_the_language_of_the_page(
    browser: Any, served: Served, name: str, said: str
) -> None:
    with WatchedPage(browser) as seen:
        seen.page.goto(f"{served.url}/{name}")
        assert refused(seen, "SELECT * {\n ?s ?p }", 400) == said
        assert seen.page.locator(".cm-lintRange-error").count() == 1


def test_a_query_under_way_is_cancelled_also_at_the_server(browser: Any, site: Path, tmp_path: Path) -> None:
    with serving(copy_of(site, tmp_path), "query_seconds=60", "workers=1") as server, WatchedPage(browser) as seen:
        page = seen.page
        page.goto(f"{server.url}/sparql.html")
        run_query(page, CROSS)
        page.wait_for_selector(f"{STATUS}:has-text('Asking')")
        with server.client() as client:
            while client.get("/health").json()["workers"]["busy"] != 1:
                page.wait_for_timeout(50)
        page.click(".run button:has-text('Cancel')")
        page.wait_for_selector(f"{STATUS}:has-text('Cancelled')")
        answered(page, PEOPLE)  # the only worker is free again
        assert page.is_hidden(".run button:has-text('Cancel')")


@pytest.mark.parametrize(
    ("status", "headers", "body", "said"),
    [
        (503, {"Content-Type": "text/plain", "Retry-After": "7"}, "it is busy\n", "it is busy (Retry-After: 7)"),
        (502, {"Content-Type": "text/html"}, "<h1>Bad Gateway</h1>", "HTTP 502 Bad Gateway"),
        (500, {}, "", "HTTP 500 Internal Server Error"),
    ],
)  # fmt: skip
def test_what_a_server_between_refuses_is_said_and_not_asked_again(
    browser: Any, served: Served, status: int, headers: dict[str, str], body: str, said: str
) -> None:
    with WatchedPage(browser) as seen:
        seen.page.goto(f"{served.url}/sparql.html")
        seen.page.route("**/sparql", lambda route: route.fulfill(status=status, headers=headers, body=body))
        assert refused(seen, PEOPLE, status) == said


def answering(body: str, media_type: str) -> Callable[[Any], None]:
    return lambda route: route.fulfill(status=200, headers={"Content-Type": media_type}, body=body)


def test_a_server_that_is_gone_is_reported_and_so_is_an_answer_that_is_none(browser: Any, served: Served) -> None:
    with WatchedPage(browser) as seen:
        page = seen.page
        page.goto(f"{served.url}/sparql.html")
        page.route("**/sparql", lambda route: route.abort())
        run_query(page, PEOPLE)
        page.wait_for_selector(f"{STATUS}:has-text('sparql could not be loaded. Is the server still there?')")
        page.unroute("**/sparql")
        assert len(seen.wrong) == 1
        seen.wrong.clear()
        for media_type, body in (("application/n-triples", "<urn:a> <urn:b> .\n"), ("application/json", "{")):
            page.route("**/sparql", answering(body, media_type))
            page.evaluate(f"document.querySelector('{STATUS}').textContent = ''")
            run_query(page, PEOPLE)
            page.wait_for_selector(f"{STATUS}:has-text('could not answer this')")
            page.unroute("**/sparql")


# ---- other publications, other stores, other readers


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publication whose data are too large for a browser."""
    from communique.publish.site import browser

    folder = tmp_path_factory.mktemp("large")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(browser, "LARGEST", 1000)
        build(open_newsroom(write_hostile(folder)), folder / "public", jobs=1)
    return folder / "public"


def test_data_that_are_too_large_for_a_browser_are_asked_at_the_server(browser: Any, large: Path) -> None:
    assert {file.name for file in (large / "assets").iterdir()} == {
        "LICENSES.txt", "completion.json", "editor.js", "queries.json",
    }  # fmt: skip
    with serving(large) as server, WatchedPage(browser) as seen:
        page = seen.page
        page.goto(f"{server.url}/sparql.html?query=speakers")
        page.wait_for_selector(".cm-content:has-text('schema:')")
        assert page.is_hidden("#static")
        answered(page, "ASK { ?s ?p ?o }")
        assert page.inner_text("#answer") == "Yes."


def test_statically_they_have_no_editor_and_the_page_says_why(browser: Any, large: Path) -> None:
    for address in serve(large, Hosted):
        with WatchedPage(browser) as seen:
            seen.page.goto(f"{address}sparql.html")
            assert seen.page.inner_text("h1") == "SPARQL"
            assert "The data are more than a browser is asked to load" in seen.page.inner_text("#static")
            assert seen.page.is_hidden("form.sparql")


def test_another_store_is_asked_through_the_same_page(browser: Any, served: Served, tmp_path: Path) -> None:
    public = copy_of(served.public, tmp_path)
    with serving(public, options=("--store", f"{served.url}/sparql")) as server, WatchedPage(browser) as seen:
        seen.page.goto(f"{server.url}/sparql.html")
        answered(seen.page, PEOPLE)
        assert file(seen.page, "csv").decode() == ask(served, PEOPLE, "text/csv").text
        answered(seen.page, "CONSTRUCT WHERE { ?s a <http://schema.org/Person> }")
        assert len(list(ox.parse(file(seen.page, "ttl"), format=ox.RdfFormat.TURTLE))) > 3
        text = "SELECT * { SERVICE <https://example.org/sparql> { ?s ?p ?o } }"
        assert refused(seen, text, 400).endswith("SERVICE is refused, as this server asks no other: leave it out")


def test_without_javascript_or_webassembly(browser: Any, served: Served) -> None:
    with WatchedPage(browser, java_script_enabled=False) as seen:
        seen.page.goto(f"{served.url}/sparql.html")
        assert "communique query who-said-what" in seen.page.inner_text("#static")
        assert seen.page.is_hidden("form.sparql")
    with WatchedPage(browser) as seen:
        seen.page.add_init_script("delete globalThis.WebAssembly")
        seen.page.goto(f"{served.url}/sparql.html")
        answered(seen.page, PEOPLE)


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1400, "light")])
def test_the_served_editor_has_no_accessibility_faults(browser: Any, served: Served, width: int, scheme: str) -> None:
    options = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    with WatchedPage(browser, **options) as seen:
        seen.page.goto(f"{served.url}/sparql.html")
        answered(seen.page, PEOPLE)
        seen.shot(f"sparql-served-{width}-{scheme}")
        assert seen.accessibility_faults() == []
        refused(seen, "SELECT * {\n SERVICE <https://example.org/sparql> { ?s ?p ?o } }", 400)
        seen.shot(f"sparql-served-refused-{width}-{scheme}")
        assert seen.accessibility_faults() == []
