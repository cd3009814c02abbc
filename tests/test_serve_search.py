"""The search of the server over HTTP: its JSON, its page, its headers, and what it refuses."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import httpx
import pytest

from communique.serve.search import SearchRequest
from tests.inprocess import in_process

Ask = Callable[..., httpx.Response]

RELEASE = "release/2015-05-29-special-report-trafficking/index"


@pytest.fixture(scope="module")
def ask(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    root = shutil.copytree(site, tmp_path_factory.mktemp("search") / "public")
    with in_process(root) as served:
        yield served.get


def test_a_person(ask: Ask) -> None:
    answer = ask("/search?q=baysak")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    found = answer.json()
    assert (found["query"], found["language"], found["page"], found["complete"]) == ("baysak", "en", 1, True)
    first = found["hits"][0]
    assert first == {
        "kind": "person",
        "iri": "https://w3id.org/communique/id/person/zulfiya-baysakova",
        "page": "person/zulfiya-baysakova/index.html",
        "label": "Zulfiya Baysakova",
        "part": "name",
        "language": "",
        "passage": "Zulfiya Baysakova",
        "marks": [[8, 17]],
        "cut": [False, False],
        "basis": "stated",
    }


def test_a_statement_names_its_speaker_release_and_day(ask: Ask) -> None:
    hit = ask("/search?q=enormous contribution&kind=statement").json()["hits"][0]
    assert [(one["label"], one["basis"]) for one in hit["speakers"]] == [("Zulfiya Baysakova", "stated")]
    assert (hit["part"], hit["basis"]) == ("statement", "stated")
    assert hit["release"]["page"] == RELEASE + ".html"
    assert hit["day"] == "2015-05-29"
    assert [hit["passage"][a:z] for a, z in hit["marks"]] == ["enormous", "contribution"]
    assert hit["end"] > hit["start"] > 3000


def test_the_language_of_labels(ask: Ask) -> None:
    labels = {
        tongue: ask(f"/search?q=kyrgyz&kind=place&language={tongue}").json()["hits"][0]["label"]
        for tongue in ("en", "ru", "kk")
    }
    assert labels == {"en": "Kyrgyzstan", "ru": "Кыргызстан", "kk": "Қырғызстан"}


def test_pages(ask: Ask) -> None:
    first, pages, address = (
        ask("/search?q=a&kind=person,org,place,group"),
        [],
        "/search?q=a&kind=person,org,place,group",
    )
    assert first.json()["pages"] > 1
    while address:
        answer = ask(address)
        pages.append(answer.json())
        following = answer.links.get("next", {}).get("url")
        assert ("prev" in answer.links) == (len(pages) > 1)
        address = "/" + following if following else ""
    assert len(pages) == pages[0]["pages"]
    iris = [hit["iri"] for page in pages for hit in page["hits"]]
    assert len(iris) == len(set(iris)) == pages[0]["total"]
    assert all(len(page["hits"]) == 20 for page in pages[:-1])
    assert answer.links["last"]["url"] == SearchRequest(
        "a", "en", ("group", "org", "person", "place"), len(pages)
    ).address(len(pages))
    assert ask("/search?q=a&page=250").json()["hits"] == []


def test_a_page_for_browsers(ask: Ask, site: Path) -> None:
    browser = "text/html,application/xhtml+xml,*/*;q=0.8"
    answer = ask("/search?q=trafficking+in+persons", accept=browser)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert '<link rel="stylesheet" href="style.css">' in answer.text
    assert "<title>Search – " in answer.text
    assert "ld+json" not in answer.text and "hreflang" not in answer.text.partition("</head>")[0]
    assert "<mark>trafficking</mark> <mark>in</mark> <mark>persons</mark>" in answer.text
    for path in re.findall(r'<li><a href="([^"]*)"', answer.text):
        assert (site / path.partition("#")[0]).is_file()
    russian = ask("/search?q=trafficking&language=ru", accept=browser).text
    assert '<html lang="ru">' in russian and f'href="{RELEASE}.ru.html' in russian and "Пресс-релиз" in russian
    assert '<input type="hidden" name="language" value="ru">' in russian


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", '"><img src=x>', "a&b'\"", "\0", "\udfff", "']]>"])
def test_what_is_typed_is_text(ask: Ask, typed: str) -> None:
    address = "/search?q=" + quote(typed, errors="replace")
    page = ask(address, accept="text/html").text
    main = page[page.index("<main") : page.index("</main>")]
    assert not re.search(r"<(?!/?(main|div|h1|form|label|input|output|ul|p|li|a|bdi|span|q|mark)\b)", main)
    assert "onerror" not in main and "alert(1)</script>" not in main
    assert html.unescape(re.search(r'size="30" value="([^"]*)"', main)[1]) == typed.encode(errors="replace").decode()  # type: ignore[index]
    assert ask(address).status_code == 200


def test_validators(ask: Ask) -> None:
    one = ask("/search?q=report")
    assert one.headers["vary"] == "Accept"
    same = ask("/search?q=report", if_none_match=one.headers["etag"])
    assert (same.status_code, same.content) == (304, b"")
    others = [
        "/search?q=reports",
        "/search?q=report&language=ru",
        "/search?q=report&kind=work",
        "/search?q=report&page=2",
    ]
    tags = {ask(address).headers["etag"] for address in others} | {one.headers["etag"]}
    assert len(tags) == 5
    assert ask("/search?q=report", accept="text/html").headers["etag"] not in tags
    head = ask("/search?q=report", method="HEAD")
    assert head.content == b"" and head.headers["content-length"] == one.headers["content-length"]
    assert one.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("q=a&kind=persn", 400, "person"),
        ("q=a&page=0", 400, "page is a number"),
        ("q=a&page=251", 400, "page is a number"),
        ("q=a&page=x", 400, "page is a number"),
        ("q=a&page=²", 400, "page is a number"),
        ("q=a&q=b", 400, "more than once"),
        ("q=a&language=%22", 400, "language is a code"),
        ("query=a", 400, "no parameter 'query'"),
        ("q=%ff", 400, "UTF-8"),
        ("q=" + "a" * 9000, 414, "query_url_bytes"),
    ],
)
def test_refused(ask: Ask, query: str, status: int, words: str) -> None:
    answer = ask("/search?" + query)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/plain; charset=utf-8")
    assert words in answer.text


def test_methods_and_media_types(ask: Ask) -> None:
    assert ask("/search", method="POST").status_code == 405
    refused = ask("/search?q=a", accept="image/png")
    assert (refused.status_code, refused.headers["vary"]) == (406, "Accept")
    assert ask("/search").json()["hits"] == []
    assert ask("/search/0061.js").status_code == 200


def test_too_slow_is_a_sentence(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("communique.serve.fulltext._STEPS", 1)
    times = iter(range(0, 10**9, 10))
    monkeypatch.setattr("communique.serve.fulltext.time", SimpleNamespace(monotonic=lambda: next(times)))
    answer = ask("/search?q=a")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "text/plain; charset=utf-8")
    assert "search_seconds" in answer.text
    monkeypatch.undo()
    assert ask("/search?q=a").status_code == 200


def test_a_publication_without_a_start_page_offers_json_only(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("communique.serve.search.skin_of", lambda *_: None)
    refused = ask("/search?q=a", accept="text/html")
    assert (refused.status_code, refused.text) == (406, "the search is offered as application/json\n")
    assert ask("/search?q=a", accept="text/html, */*;q=0.1").json()["total"]


def test_what_a_reader_concluded_is_marked(ask: Ask) -> None:
    found = ask("/search?q=the&kind=statement").json()["hits"]
    speakers = [one for hit in found for one in hit.get("speakers", ())]
    assert {one["basis"] for one in speakers} == {"stated", "inferred"}
    hit = next(hit for hit in found if any(one["basis"] == "inferred" for one in hit.get("speakers", ())))
    page = ask("/search?q=the&kind=statement", accept="text/html").text
    row = next(row for row in page.split("<li>") if f'href="{hit["page"]}"' in row)
    assert re.search(r"<span>[^<]*\binferred</span>", row)
    assert page.count("inferred</span>") == sum(
        any(one["basis"] == "inferred" for one in hit.get("speakers", ())) for hit in found
    )


def test_no_page_puts_reported_words_between_quotation_marks_and_what_is_cut_shows_it(ask: Ask) -> None:
    found = ask("/search?q=trafficking&kind=statement").json()["hits"]
    page = ask("/search?q=trafficking&kind=statement", accept="text/html").text
    main = page[page.index("<main") : page.index("</main>")]
    assert "<q" not in main
    assert {tuple(hit["cut"]) for hit in found} > {(False, False)}
    assert main.count("…") == sum(sum(hit["cut"]) for hit in found)
