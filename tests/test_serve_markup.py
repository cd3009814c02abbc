"""Names that are markup, or that turn the direction of text, in the pages that only the server makes."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.fulltexts import BASE, fulltext
from tests.inprocess import InProcess, in_process

NAMES = [
    "Ada <script>alert(1)</script>",
    "Ada </title></bdi></main><script>alert(2)</script>",
    'Ada "><img src=x onerror=alert(3)>',
    "Ada ' onmouseover='alert(4)",
    "Ada &lt;b&gt; &amp; <!--",
    "Ada \u202etxt.exe\u202d \u2066x",
    "Ada \u202bיעד",
]
CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
ISOLATES = frozenset(("bdi", "dd", "dt", "title"))
"""Elements that end what a control in them begins, and have nothing but the name: isolates, and blocks of their own."""

PASSAGES = (("p",), ("p", "mark"))
"""How a passage stands in a block of its own."""


class Read(HTMLParser):
    """The elements of a page with their attributes, and its pieces of text with the elements around each."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, tuple[str, ...]]] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "input", "img", "br"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.texts.append((data, tuple(self._open)))


@pytest.fixture(scope="module")
def served(archive_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    """The server with an index of hostile names."""
    facts = [(f"person/p{n}", "name", name, "") for n, name in enumerate(NAMES)]
    facts += [(f"person/p{n}", "jobTitle", name, "en") for n, name in enumerate(NAMES)]
    facts += [(f"person/q{n}", "name", f"Jo Sample {n}", "") for n in range(len(NAMES))]
    facts += [(f"person/q{n}", "description", f"wordy {name}", "en") for n, name in enumerate(NAMES)]
    with in_process(archive_site) as found:
        own, hostile = found.build.fulltext, fulltext(tmp_path_factory.mktemp("markup"), facts)
        found.build.fulltext = hostile
        yield found
        found.build.fulltext = own
        hostile.close()


def check(page: str, name: str) -> None:
    """Nothing of a name is markup, the name can be read, and no control of direction reaches beyond its element."""
    read = Read(page)
    assert [attrs for tag, attrs in read.elements if tag in ("img", "b") and attrs] == []
    assert not [attrs for tag, attrs in read.elements if tag == "script" and "src" not in attrs]
    assert [key for _, attrs in read.elements for key in attrs if key.startswith("on")] == []
    assert name in "".join(text for text, _ in read.texts)
    for text, around in read.texts:
        if CONTROLS & set(text):
            assert ISOLATES & set(around) or around[-1:] in PASSAGES or around[-2:] in PASSAGES, (text, around)


@pytest.mark.parametrize("number", range(len(NAMES)))
def test_the_preview_shows_a_name_as_it_is(served: InProcess, number: int) -> None:
    answer = served.get("/reconcile/preview", {"id": f"person/p{number}"})
    assert answer.status_code == 200, answer.text
    assert "script" not in answer.headers["content-security-policy"]
    check(answer.text, NAMES[number])
    title = "".join(text for text, around in Read(answer.text).texts if "title" in around)
    assert title == NAMES[number]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("text", ["ada", "wordy"])
def test_the_search_shows_names_and_passages_as_they_are(served: InProcess, text: str, language: str) -> None:
    page = served.get("/search", {"q": text, "language": language}, accept="text/html").text
    assert page.count("<li>") >= len(NAMES)
    for name in NAMES:
        check(page, name)


def test_programs_get_the_very_names(served: InProcess) -> None:
    hits = served.get("/search", {"q": "ada"}, accept="application/json").json()["hits"]
    assert {hit["label"] for hit in hits if "Jo Sample" not in hit["label"]} == set(NAMES)
    for number, name in enumerate(NAMES):
        suggested = served.get("/reconcile/suggest/entity", {"prefix": f"{BASE}person/p{number}"}).json()["result"]
        assert name in [one["name"] for one in suggested]
