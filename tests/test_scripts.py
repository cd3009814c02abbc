"""Releases in right-to-left scripts or without spaces between words: read, dated and laid out like any other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from communique.api import open_newsroom
from communique.publish.build import build
from tests.conftest import ROOT

DATA = ROOT / "tests" / "data" / "scripts" / "data"
SLUGS = {"ar": "2015-05-29-arabic", "he": "2015-05-29-hebrew", "zh": "2015-05-29-chinese"}
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff]")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("scripts") / "site"
    build(open_newsroom(DATA), out)
    return out


class Texts(HTMLParser):
    """Each text of a page with its enclosing elements: (tag, attributes), outermost first."""

    VOID = frozenset({"meta", "link", "input", "br", "rect", "path", "line"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.found: list[tuple[str, list[tuple[str, dict[str, str | None]]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append((data, list(self.open)))


def texts(path: Path) -> Iterator[tuple[str, list[tuple[str, dict[str, str | None]]]]]:
    reader = Texts()
    reader.feed(path.read_text(encoding="utf-8"))
    yield from reader.found


@pytest.mark.parametrize(("language", "slug"), SLUGS.items())
def test_a_release_in_any_script_is_grounded_and_dated(language: str, slug: str) -> None:
    release = open_newsroom(DATA)[slug]
    compiled = release.compiled
    assert [f.message for f in release.check()] == []
    assert (compiled.language, compiled.day) == (language, "2015-05-29")


PLAIN = frozenset({"title", "script", "style", "text", "tspan", "pre", "option"})
"""Elements whose text has no direction of its own, or is in a drawing."""


def test_words_from_right_to_left_stand_in_an_element_that_takes_their_direction(site: Path) -> None:
    pages = [
        p for p in site.rglob("index.html") if p.parent.parent.name in ("release", "person", "org", "event", "place")
    ]
    assert len(pages) == 15
    for path in [*pages, site / "index.html", *(site / k / "index.html" for k in ("person", "org"))]:
        for text, around in texts(path):
            if RIGHT_TO_LEFT.search(text) and not PLAIN & {tag for tag, _ in around}:
                assert any(tag == "bdi" or own.get("dir") == "auto" for tag, own in around), (path, text)


@pytest.mark.parametrize(("language", "slug"), SLUGS.items())
def test_the_words_of_a_release_have_its_language(site: Path, language: str, slug: str) -> None:
    for text, around in texts(site / "release" / slug / "index.html"):
        within = [tag for tag, _ in around]
        own = next((o["lang"] for _, o in reversed(around) if "lang" in o), None)
        if "mark" in within or "h1" in within:
            assert own == language, text
        if "pn" in {o.get("class") for _, o in around} or "legend" in within:
            assert own == "en", text


def test_languages_have_names(site: Path) -> None:
    front = (site / "index.html").read_text(encoding="utf-8")
    for slug, name in zip(SLUGS.values(), ("Arabic", "Hebrew", "Chinese"), strict=True):
        assert name in front and name in (site / "release" / slug / "index.html").read_text(encoding="utf-8")


def test_menus_are_small_where_the_record_says_so_and_sentences_never(site: Path) -> None:
    for slug, menu, sentence in (
        ("2015-05-29-arabic", "الصفحة الرئيسية", "حضر كثير من الناس"),
        ("2015-05-29-chinese", "首页", "当天天气晴朗"),
    ):
        for text, around in texts(site / "release" / slug / "index.html"):
            small = any("furn" in str(own.get("class")) for _, own in around)
            assert small == (text.strip() == menu) or sentence not in text
            assert not (small and sentence in text)


def test_the_lead_on_the_line_of_the_headline_stands_below_it(site: Path) -> None:
    html = (site / "release" / SLUGS["he"] / "index.html").read_text(encoding="utf-8")
    assert (
        html.index("פתיחת גשר הדוגמה</mark>.</h1>") < html.index("הגשר החדש מחבר את שתי הגדות") < html.index("dl-line")
    )


def test_a_context_in_chinese_is_shown(site: Path) -> None:
    html = (site / "event" / SLUGS["zh"] / "index.html").read_text(encoding="utf-8")
    after = re.search(r"</mark>([^<]+) …<footer", html)
    assert after is not None and len(after[1]) > 60
