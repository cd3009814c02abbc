"""The canned questions as a web API: the same bytes as the command line, the same sentences, pages of rows, HTML."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from communique.api import Newsroom, open_newsroom
from communique.errors import QueryError
from communique.publish.site.questions import Answers
from communique.publish.words import Words
from communique.query.catalogue import Catalogue, parse_query
from communique.query.formats import RESULT_FORMATS
from communique.serve.catalogue import read_questions
from communique.serve.links import OFFERED, Paged, link_value, with_values
from communique.serve.questionpage import language_of, with_answer, with_sent_form
from communique.serve.searchpage import words_of_server
from communique.serve.wanted import ROWS
from tests.conftest import ARCHIVE, DATA, ROOT, SLUG
from tests.inprocess import InProcess, in_process
from tests.test_apart import ENDLESS, HEADER

NAMES = list(Catalogue())
NUMBERS = " ".join(map(str, range(50)))
MANY = (
    HEADER.replace("  n: a number", "  n: a number\n#+   m: another")
    + f"SELECT ?n ?m WHERE {{ VALUES ?n {{ {NUMBERS} }} VALUES ?m {{ {NUMBERS} }} }} ORDER BY ?m DESC(?n)"
)
"""2,500 rows."""

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class Side:
    """A newsroom, its publication, the values that its pages ask with, and a server."""

    def __init__(self, newsroom: Newsroom, public: Path, served: InProcess) -> None:
        self.newsroom, self.public, self.served = newsroom, public, served
        self.answers = Answers(newsroom.catalogue, newsroom.store, newsroom.base, [])


@pytest.fixture(scope="module")
def real_side(real: Newsroom, site: Path) -> Iterator[Side]:
    with in_process(site) as served:
        yield Side(real, site, served)


@pytest.fixture(scope="module")
def archive_side(archive_site: Path) -> Iterator[Side]:
    with in_process(archive_site) as served:
        yield Side(open_newsroom(ARCHIVE), archive_site, served)


@pytest.fixture(scope="module")
def served(archive_side: Side) -> InProcess:
    return archive_side.served


def question(served: InProcess, name: str, text: str) -> None:
    """Add a question to those that the server has."""
    questions: Any = served.build.questions
    questions[name] = parse_query(text, Path(f"{name}.rq"))


# ---- the bytes


def assert_same_answers(side: Side, name: str) -> None:
    values, table = side.answers.answer(name)
    if not table.rows and values:  # the example is not in these data
        assert side.served.get(f"/queries/{name}.csv", values).status_code in (200, 404)
        return
    for one in OFFERED:
        answer = side.served.get(f"/queries/{name}.{one.suffix}", values)
        assert answer.status_code == 200, answer.text
        assert answer.content == table.render(one.name, base=side.newsroom.base).encode(), one.name
        assert answer.headers["content-type"] == f"{one.media_type}; charset=utf-8"
        assert answer.headers.get("x-total-count") == (None if table.is_graph else str(len(table.rows)))
        published = side.public / "queries" / name / one.file
        assert not published.exists() or published.read_bytes() == answer.content, one.name


@pytest.mark.parametrize("name", NAMES)
def test_the_first_release_gives_the_bytes_of_the_command_line_and_of_the_publication(
    real_side: Side, name: str
) -> None:
    assert_same_answers(real_side, name)


@pytest.mark.parametrize("name", NAMES)
def test_the_archive_gives_the_bytes_of_the_command_line_and_of_the_publication(archive_side: Side, name: str) -> None:
    assert_same_answers(archive_side, name)


def test_hardly_any_question_is_empty_on_the_archive(archive_side: Side) -> None:
    empty = [name for name in NAMES if not archive_side.answers.answer(name)[1].rows]
    assert len(empty) <= 6, empty


@pytest.mark.slow
@pytest.mark.parametrize("fmt", ["csv", "json"])
def test_the_command_itself_writes_these_bytes(real_side: Side, fmt: str) -> None:
    words = ["query", "said-for-organisation", "--organisation", "org/iom", "--data", str(DATA), "--format", fmt]
    written = subprocess.run([sys.executable, "-m", "communique", *words], cwd=ROOT, capture_output=True, check=True)
    answer = real_side.served.get(f"/queries/said-for-organisation.{fmt}?organisation=org/iom")
    assert answer.content == written.stdout
    assert len(answer.content) > 1000


# ---- what is wrong

WRONG: dict[str, tuple[str, dict[str, Any], int]] = {
    "unknown parameter": ("speakers", {"relase": SLUG}, 400),
    "no IRI": ("said-for-organisation", {"organisation": "a b"}, 400),
    "no slug": ("speakers", {"release": "No Slug"}, 400),
    "empty": ("speakers", {"release": ""}, 400),
    "no word": ("who-attended", {"inferred": "perhaps"}, 400),
    "no year": ("events-by-place", {"year": "13"}, 400),
    "nothing given": ("said-for-organisation", {}, 400),
    "unknown release": ("speakers", {"release": "2018-03-12-wells-reprot"}, 404),
    "unknown organisation": ("said-for-organisation", {"organisation": "org/nobody-at-all"}, 404),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_as_the_command_says_it(archive_side: Side, case: str) -> None:
    name, values, status = WRONG[case]
    with pytest.raises(QueryError) as caught:
        archive_side.newsroom.query(name, **values)
    answer = archive_side.served.get(f"/queries/{name}.csv", values)
    assert (answer.status_code, answer.text) == (status, f"{caught.value}\n")
    assert answer.headers["cache-control"] == "no-store"


def test_the_nearest_name_is_offered(served: InProcess) -> None:
    assert served.get("/queries/speaker").text == "unknown query 'speaker', did you mean 'speakers'?\n"
    assert served.get("/queries/speaker").status_code == 404
    wrong = served.get("/queries/speakers.csv?release=2018-03-12-wells-reprot")
    assert wrong.text.endswith("did you mean '2018-03-12-wells-report'?\n")


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("speakers.csv?topic=topic/a&topic=topic/a", 400, "topic is given 2 times: give it once"),
        ("speakers.csv?page=1&page=2", 400, "page is given 2 times: give it once"),
        ("speakers.csv?topic=%FF", 400, "the parameters are not UTF-8"),
        ("speakers.md", 404, "there is no speakers.md: the suffixes are json, csv, tsv, xml, jsonld, ttl, html"),
        ("speakers/nothing", 404, "there is nothing at /queries/speakers/nothing"),
        ("speakers/index.fr.html", 404, "there is no such page of speakers"),
        ("speakers?" + "x" * 9000, 414, "the values have more than 8,192 bytes (query_url_bytes)"),
        ("speakers.csv?page=0", 400, "page: '0' is not a whole number from 1 to 1,000,000,000"),
        ("speakers.csv?page=1.5", 400, "page: '1.5' is not a whole number from 1 to 1,000,000,000"),
        ("speakers.csv?per_page=10001", 400, "per_page: '10001' is not a whole number from 1 to 10,000"),
        ("speakers.csv?per_page=", 400, "per_page: '' is not a whole number from 1 to 10,000"),
        (
            "entity-graph?entity=org/council&page=1",
            400,
            "the answer to entity-graph is a graph, which has no pages: leave out page",
        ),
    ],
)
def test_a_request_that_cannot_be_answered_is_one_sentence(
    served: InProcess, path: str, status: int, said: str
) -> None:
    answer = served.get(f"/queries/{path}")
    assert (answer.status_code, answer.text) == (status, said + "\n")


def test_questions_are_only_read(served: InProcess) -> None:
    answer = served.get("/queries/speakers", method="POST")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_a_question_that_takes_too_long_names_a_way_out(archive_site: Path) -> None:
    with in_process(archive_site, query_seconds=0.3) as served:
        question(served, "endless", HEADER + ENDLESS)
        answer = served.get("/queries/endless.csv")
        assert answer.status_code == 422
        assert answer.text == (
            "the question took longer than 0.3 s (query_seconds): give more values, or take the published result, "
            "/queries/endless/result.csv\n"
        )
        assert served.get("/queries/topics.csv").status_code == 200


def test_an_answer_has_the_limits_of_the_sparql_endpoint(archive_site: Path) -> None:
    with in_process(archive_site, result_rows=3, result_bytes=1024) as served:
        rows = served.get("/queries/topics.csv")
        assert rows.status_code == 413
        assert rows.text.startswith("the answer has more than 3 rows (result_rows)")
        assert served.get("/queries/topics.csv?per_page=3").status_code == 200
        size = served.get("/queries/speakers.json?per_page=3")
        assert size.status_code == 413
        assert "more than 1,024 bytes (result_bytes)" in size.text
        graph = served.get("/queries/stated-facts.ttl?release=2018-03-12-wells-report")
        assert graph.status_code == 413
        assert "more than 3 triples (result_rows)" in graph.text


# ---- HTTP


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/sparql-results+json"),
        ("text/csv;q=0.5, text/tab-separated-values", "text/tab-separated-values"),
        ("text/csv, text/tab-separated-values;q=0.5", "text/csv"),
        ("application/json", "application/json"),
        ("application/xml", "application/xml"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json, text/html;q=0.9", "application/ld+json"),
    ],
)
def test_the_accept_header_chooses_the_syntax(served: InProcess, accept: str, kind: str) -> None:
    answer = served.get("/queries/topics", accept=accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
    assert answer.headers["vary"] == "Accept"
    same = served.get("/queries/" + answer.headers["content-location"])
    assert same.content == answer.content
    assert "vary" not in same.headers


def test_nothing_else_is_offered(served: InProcess) -> None:
    answer = served.get("/queries/topics", accept="image/png")
    assert answer.status_code == 406
    assert "text/csv" in answer.text
    assert answer.headers["vary"] == "Accept"


def test_a_graph_is_turtle_by_default(served: InProcess) -> None:
    answer = served.get("/queries/stated-facts?release=2018-03-12-wells-report", accept="*/*")
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    assert "x-total-count" not in answer.headers


def links(header: str) -> list[tuple[str, str]]:
    return re.findall(r'<([^>]*)>; rel="([a-z]+)"', header)


def test_every_answer_links_to_its_other_syntaxes(served: InProcess) -> None:
    answer = served.get("/queries/speakers.csv?release=2018-03-12-wells-report")
    alternates = [to for to, relation in links(answer.headers["link"]) if relation == "alternate"]
    tail = "?release=2018-03-12-wells-report"
    assert alternates == [f"speakers.{one.suffix}{tail}" for one in OFFERED if one.name != "csv"] + [f"speakers/{tail}"]
    assert [served.get(f"/queries/{to}").status_code for to in alternates] == [200] * 6
    page = served.get("/queries/speakers/")
    pages = [to for to, _ in links(page.headers["link"])]
    assert pages == [f"../speakers.{one.suffix}" for one in OFFERED]


def test_long_values_are_not_repeated_in_links() -> None:
    assert link_value("a", "a.csv", {"b": "c" * 1000}, Paged(3, 1, 3, 1), 1).count("rel=") == 3
    assert link_value("a", "a.csv", {"b": "c" * 10}).count('rel="alternate"') == len(OFFERED)


def test_an_etag_is_that_of_the_build_the_values_the_page_and_the_syntax(served: InProcess) -> None:
    path = "/queries/speakers.csv?release=2018-03-12-wells-report"
    first = served.get(path)
    tag = first.headers["etag"]
    unchanged = served.get(path, if_none_match=tag)
    assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", tag)
    others = [
        served.get(one).headers["etag"]
        for one in (
            "/queries/speakers.csv",
            path.replace("csv", "tsv"),
            path + "&per_page=1",
            path + "&per_page=1&page=2",
        )
    ]
    assert len({tag, *others}) == 5
    assert served.get("/queries/speakers.csv", if_none_match=tag).status_code == 200


def test_head_has_the_head_of_get(served: InProcess) -> None:
    path = "/queries/speakers.csv?per_page=2"
    get, head = served.get(path), served.get(path, method="HEAD")
    assert head.content == b""
    assert head.headers == get.headers
    assert int(head.headers["content-length"]) == len(get.content)


# ---- pages of rows


def walk(served: InProcess, path: str) -> list[Any]:
    answers = [served.get(f"/queries/{path}")]
    while following := {r: to for to, r in links(answers[-1].headers["link"])}.get("next"):
        answers.append(served.get(f"/queries/{following}"))
    return answers


def test_pages_make_up_the_whole(served: InProcess) -> None:
    whole = list(csv.reader(io.StringIO(served.get("/queries/entities.csv").text)))
    pages = walk(served, "entities.csv?per_page=7")
    rows = [list(csv.reader(io.StringIO(page.text))) for page in pages]
    assert [row for page in rows for row in page[1:]] == whole[1:]
    assert {tuple(page[0]) for page in rows} == {tuple(whole[0])}
    assert len(pages) == -(-(len(whole) - 1) // 7) > 3
    assert {page.headers["x-total-count"] for page in pages} == {str(len(whole) - 1)}
    for number, page in enumerate(pages, 1):
        relations = {relation: to for to, relation in links(page.headers["link"]) if relation != "alternate"}
        expected = {"first": 1, "last": len(pages)}
        expected |= {"prev": number - 1} if number > 1 else {}
        expected |= {"next": number + 1} if number < len(pages) else {}
        assert relations == {r: f"entities.csv?page={n}&per_page=7" for r, n in expected.items()}


def test_a_page_past_the_end_is_refused(served: InProcess) -> None:
    last = served.get("/queries/topics.csv?per_page=2&page=2")
    total = int(last.headers["x-total-count"])
    pages = -(-total // 2)
    answer = served.get(f"/queries/topics.csv?per_page=2&page={pages + 1}")
    assert (answer.status_code, answer.text) == (
        404,
        f"page {pages + 1} is past the end: there are {total} rows, which makes {pages} pages of up to 2\n",
    )
    assert served.get("/queries/topics.csv?page=2").text == (
        f"page 2 is past the end: there are {total} rows, which makes 1 page of up to 1,000\n"
    )


def test_many_rows_are_divided_and_few_are_not(served: InProcess) -> None:
    question(served, "many", MANY)
    first = served.get("/queries/many.json")
    assert first.headers["x-total-count"] == "2500"
    assert len(json.loads(first.text)["results"]["bindings"]) == ROWS == 1000
    assert ("many.json?page=2", "next") in links(first.headers["link"])
    whole = json.loads(served.get("/queries/many.json?per_page=10000").text)["results"]["bindings"]
    pages = [json.loads(page.text)["results"]["bindings"] for page in walk(served, "many.json")]
    assert [len(page) for page in pages] == [1000, 1000, 500]
    assert [row for page in pages for row in page] == whole
    assert "link" in served.get("/queries/many.json?per_page=10000").headers
    question(served, "many", MANY.replace("} } ORDER", "} FILTER (?n < 20 && (?n > 0 || ?m < 49)) } ORDER"))
    assert len(json.loads(served.get("/queries/many.json").text)["results"]["bindings"]) == 999
    question(served, "many", MANY.replace("} } ORDER", "} FILTER (?n < 21 && (?n > 0 || ?m = 0)) } ORDER"))
    divided = served.get("/queries/many.csv")
    assert (divided.headers["x-total-count"], divided.text.count("\r\n")) == ("1001", 1001)
    del served.build.questions["many"]  # type: ignore[attr-defined]


def test_an_answer_without_rows_is_one_empty_page(archive_side: Side) -> None:
    values: dict[str, Any] = {"release": "2018-03-12-wells-report"}
    asked = (query for query in archive_side.newsroom.catalogue.values() if query.form == "SELECT")
    narrow = (query.name for query in asked if [p.name for p in query.parameters] == ["release"])
    name = next(name for name in narrow if not archive_side.newsroom.query(name, **values).rows)
    answer = archive_side.served.get(f"/queries/{name}.csv?page=1", values)
    assert (answer.status_code, answer.headers["x-total-count"]) == (200, "0")
    assert answer.text.count("\r\n") == 1
    page = archive_side.served.get(f"/queries/{name}/index.html", values).text
    assert '<p class="big">' in page.partition('<div id="answer">')[2]


# ---- HTML


def test_a_browser_is_led_to_the_page(served: InProcess) -> None:
    answer = served.get("/queries/speakers?release=2018-03-12-wells-report", accept=BROWSER)
    assert answer.status_code == 303
    assert answer.headers["location"] == "speakers/?release=2018-03-12-wells-report"
    assert answer.headers["vary"] == "Accept"
    assert served.get("/queries/speakers", accept=BROWSER).headers["location"] == "speakers/"
    by_suffix = served.get("/queries/speakers.html")
    assert (by_suffix.headers["location"], by_suffix.headers.get("vary")) == ("speakers/", None)


@pytest.mark.parametrize("name", ["", "index.html", "index.ru.html"])
def test_without_values_the_page_is_the_published_one(real_side: Side, name: str) -> None:
    answer = real_side.served.get(f"/queries/speakers/{name}")
    published = (real_side.public / "queries" / "speakers" / (name or "index.html")).read_text()
    assert answer.text == with_sent_form(published, words_of_server(language_of(published))["form_served"])


PROGRAM = re.compile(' data-ask="[^"]*"')
HOW = {
    "en": "“Ask” sends the values to this server, which answers. Command line:",
    "ru": "Кнопка «Спросить» отправляет значения этому серверу, и он отвечает. Командная строка:",
    "kk": "«Сұрау» түймесі мәндерді осы серверге жібереді, ол жауап береді. Пәрмен жолы:",
}


@pytest.mark.parametrize("language", HOW)
def test_the_page_says_who_answers_its_form(real_side: Side, language: str) -> None:
    name = "index.html" if language == "en" else f"index.{language}.html"
    published = (real_side.public / "queries" / "speakers" / name).read_text()
    [static] = re.findall('<span id="how">(.*?)</span>', published)
    assert static == Words(language)("form_static") != HOW[language]
    for values in ({}, {"release": SLUG}, {"release": "2001-01-01-none"}):
        page = real_side.served.get(f"/queries/speakers/{name}", values).text
        assert re.findall('<span id="how">(.*?)</span>', page) == [HOW[language]]


def test_a_form_that_no_program_answers_is_sent_to_the_server(
    archive_side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    publication, path = archive_side.served.build.publication, "queries/speakers/index.html"
    page = PROGRAM.sub("", publication.read(publication.files[path]).decode())
    with_program = page.replace(' data-filter="', ' data-ask="{}" data-filter="')
    assert "data-filter" not in with_sent_form(page, "x")
    assert with_sent_form(with_program, "x").count("data-filter") == with_sent_form(with_program, "x").count("data-ask")
    assert with_sent_form(page.replace('class="ask"', ""), "x") == page.replace('class="ask"', "")
    for one in (page, with_program):  # what the server has answered, it is asked again
        form = with_answer(one, "<p>answer</p>", "speakers", {}, "x").partition("<form")[2].partition(">")[0]
        assert "data-filter" not in form and "data-ask" not in form
    with in_process(archive_side.public) as other:  # which has read no page yet
        monkeypatch.setattr(other.build.publication, "read", lambda file: page.encode())
        answer = other.get("/queries/speakers/index.html")
        assert "data-filter" not in answer.text
        assert "link" in answer.headers
        assert other.get("/queries/speakers/", if_none_match=answer.headers["etag"]).status_code == 304


@pytest.mark.parametrize("path", ["", "index.html?x=1", "speakers/result.csv?release=x", "speakers/query.rq?x"])
def test_other_files_of_questions_are_sent_as_they_are(archive_side: Side, path: str) -> None:
    file = archive_side.public / "queries" / (path.partition("?")[0] or "index.html")
    assert archive_side.served.get(f"/queries/{path}").content == file.read_bytes()


def form_of(page: str) -> tuple[str, dict[str, str]]:
    """Where a form is sent, and with what if nothing is changed, as a browser without JavaScript reads it."""
    html = re.search(r'<form class="ask" method="get" action="([^"]*)".*?</form>', page, re.DOTALL)
    assert html
    fields = dict(re.findall(r'<input name="([^"]*)" value="([^"]*)"', html[0]))
    for name, inside in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', html[0], re.DOTALL):
        options = re.findall(r'<option value="([^"]*)"( selected)?>', inside)
        fields[name] = next((value for value, chosen in options if chosen), options[0][0])
    return html[1], fields


def rows_of(page: str) -> list[list[str]]:
    body = re.search(r'<table class="stack" id="result">.*?<tbody>(.*?)</tbody>', page, re.DOTALL)
    assert body
    return [re.findall(r"<td.*?>(.*?)</td>", row, re.DOTALL) for row in body[1].split("</tr>")[:-1]]


@pytest.mark.parametrize("language", ["", ".ru", ".kk"])
def test_a_form_sent_without_javascript_is_answered(real_side: Side, language: str) -> None:
    served = real_side.served
    page = served.get(f"/queries/said-for-organisation/index{language}.html").text
    action, fields = form_of(page)
    assert set(fields) == {"organisation", "release", "inferred"}
    answer = served.get(f"/queries/said-for-organisation/{action}", fields | {"organisation": "org/iom"})
    assert answer.status_code == 200
    expected = real_side.newsroom.query("said-for-organisation", organisation="org/iom").rows
    assert 0 < len(rows_of(answer.text)) == len(expected) != len(rows_of(page))
    assert form_of(answer.text) == (action, fields | {"organisation": "org/iom"})
    assert "data-filter" not in answer.text
    assert 'href="../said-for-organisation.csv?organisation=org/iom&amp;inferred=with"' in answer.text
    assert "communique query said-for-organisation --organisation org/iom --inferred with</code>" in answer.text
    assert f'<html lang="{language[1:] or "en"}"' in answer.text
    assert f"/index{language}.html#char=" in answer.text
    for link in set(re.findall(r'href="(\.\./\.\./[^"#]*)', answer.text)):
        assert served.get("/" + link.removeprefix("../../")).status_code in (200, 303), link


def test_the_answer_of_a_form_is_in_the_words_of_the_page(real_side: Side) -> None:
    path = "/queries/said-for-organisation/index{}.html?organisation=org/iom"
    russian, english = (real_side.served.get(path.format(one)).text for one in (".ru", ""))
    assert '<bdi class="v">reported</bdi>' in english
    assert '<bdi class="v">reported</bdi>' not in russian
    heads = [re.findall('<th scope="col">(.*?)</th>', one) for one in (russian, english)]
    assert len(heads[0]) == len(heads[1])
    assert not set(heads[0]) & set(heads[1])


def test_the_answer_of_a_form_has_the_columns_of_the_published_page(real_side: Side) -> None:
    path = "/queries/said-for-organisation/index.html"
    built, asked = (real_side.served.get(path, values).text for values in (None, {"organisation": "org/chr-kz"}))
    heads = [re.findall('<th scope="col">(.*?)</th>', one) for one in (built, asked)]
    assert heads[0] == heads[1] and "statement" not in heads[0]
    assert all('<p class="num">All rows are from:' in one for one in (built, asked))
    divided = real_side.served.get(path, {"organisation": "org/chr-kz", "per_page": "2"}).text
    assert '<p class="num">All rows are from:' not in divided  # rows of other pages may be of other releases


def test_a_form_with_a_wrong_value_says_so_on_the_page(served: InProcess) -> None:
    answer = served.get("/queries/speakers/index.html", {"release": '"><script>1</script>', "topic": ""})
    assert answer.status_code == 400
    assert "is not the slug of a release" in answer.text
    assert "<script>1" not in answer.text
    unknown = served.get("/queries/said-for-organisation/index.html", {"organisation": "org/<b>", "release": ""})
    assert unknown.status_code in (400, 404)
    assert "<b>" not in unknown.text
    assert unknown.headers["content-type"] == "text/html; charset=utf-8"


def test_a_value_that_the_form_does_not_offer_is_kept_in_it(served: InProcess) -> None:
    answer = served.get("/queries/speakers/index.html", {"release": "", "topic": "person/nobody"})
    assert answer.status_code == 404
    assert "is not among the data" in answer.text
    assert form_of(answer.text)[1] == {"release": "", "topic": "person/nobody"}


def test_the_page_has_pages_of_rows_too(served: InProcess) -> None:
    answer = served.get("/queries/entities/?per_page=3&page=2")
    assert len(rows_of(answer.text)) == 3
    assert '<a rel="prev" href="?page=1&amp;per_page=3">' in answer.text
    assert '<a rel="next" href="?page=3&amp;per_page=3">' in answer.text
    assert served.get("/queries/entities/?per_page=3&page=2", if_none_match=answer.headers["etag"]).status_code == 304


# ---- the publication


class Old:
    """A publication whose queries have no header."""

    files: Any = {"queries/old/query.rq": "old", "queries/new/query.rq": "new", "queries/new/result.csv": ""}  # noqa: RUF012

    def read(self, file: str) -> bytes:
        return MANY.replace("#+", "#").encode() if file == "old" else MANY.encode()


def test_questions_are_read_from_the_publication(archive_side: Side) -> None:
    assert dict(archive_side.served.build.questions) == archive_side.newsroom.catalogue
    assert list(read_questions(Old())) == ["new"]  # type: ignore[arg-type]


def test_the_formats_offered_are_those_for_programs() -> None:
    assert {one.name for one in OFFERED} == {n for n, one in RESULT_FORMATS.items() if not one.terminal} - {"markdown"}
    assert with_values("a", {"b": "c&d"}) == "a?b=c%26d"
