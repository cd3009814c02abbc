"""Server rules: real servers answer for a real publication as linked data, all in the same way."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import re
import shlex
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.errors import OutputError
from communique.formats import FORMATS, TURTLE
from communique.kinds import PATHS
from communique.publish.hosting.negotiation import POLICY, TIERS, quality_pattern, read_site_address
from communique.publish.hosting.rules import render_rules
from communique.read.dataset import Dataset
from tests import servers
from tests.browsing import READY, WatchedPage, serve
from tests.conftest import ROOT, SLUG
from tests.engines import LOOPBACK, Server, running
from tests.strict import STRICT

pytestmark = pytest.mark.allow_hosts(LOOPBACK)

TYPES = {f.suffix: f.media_type for f in FORMATS.values()} | {
    "html": "text/html",
    "json": "application/json",
    "csv": "text/csv",
    "txt": "text/plain",
    "atom": "application/atom+xml",
    "xml": "application/xml",
    "rq": "application/sparql-query",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}
BASE = "https://w3id.org/communique/id/"
SITES = ("/", "/press/новости/")
PAGE = "<!doctype html><title>A page</title>" + "<p>words</p>" * 100
WITH_PAGE, WITHOUT = "person/anissa-kuanova", "person/sultanov.chr-kz"
CYRILLIC, SPACED, ODD = "person/асель", "person/a b", "person/x+y, & z=1"
RELEASE = f"release/{SLUG}"
LIMITED, LIMITED_WITHOUT = "release/limited", "release/limited-without-page"
"""Releases that RDF/XML cannot hold."""
QUESTION = "queries/speakers"
MORE = {
    "data.html": PAGE,
    "ontology/index.html": PAGE,
    "assets/a.css": "body{}",
    "assets/a.js": "1;",
    "assets/a.svg": "<svg/>",
    f"{QUESTION}/result.csv": "a\n",
}


# ---- a publication on real servers


def lay_out(root: Path, path: str, source: Path, host: str = "https://example.org") -> Path:
    """Put a publication with rules, some pages and odd names where ``path`` leads to it; its folder."""
    folder = root / path.strip("/")
    shutil.copytree(source, folder, dirs_exist_ok=True)
    for page in folder.rglob("*.html"):
        page.unlink()
    for name in (WITH_PAGE, "", QUESTION):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "index.html").write_text(PAGE)
    for name in (CYRILLIC, SPACED, ODD):
        shutil.copytree(folder / WITH_PAGE, folder / name)
    for name in (LIMITED, LIMITED_WITHOUT):
        shutil.copytree(folder / RELEASE, folder / name)
        (folder / name / "index.rdf").unlink()
    (folder / LIMITED / "index.html").write_text(PAGE)
    for name, text in MORE.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    (folder / "404.html").write_text("<!doctype html><title>Nothing here</title>")
    for name, body in render_rules(Dataset(base=BASE, homepage=host + path)).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)
    shutil.copy(folder / "server" / "apache.htaccess", folder / ".htaccess")
    return folder


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that nobody may enter too: those of pytest are closed to all but their owner."""
    with tempfile.TemporaryDirectory(prefix="communique-") as name:
        yield Path(name)


@dataclass(frozen=True)
class Site:
    """A publication behind a running server."""

    server: Server
    name: str
    path: str
    files: Path

    def address(self, name: str) -> str:
        return self.server.url + quote(self.path) + name


@pytest.fixture(
    scope="module", params=[(n, p) for n in servers.installed_servers() for p in SITES], ids=lambda p: "-".join(p)
)
def site(request: pytest.FixtureRequest, publication: Path) -> Iterator[Site]:
    name, path = request.param
    servers.require(name)
    with open_folder() as top:
        files = lay_out(top / "www", path, publication)
        (top / "run").mkdir()
        servers.make_readable(top)
        server = servers.SERVERS[name](top / "run", top / "www", files / "server", quote(path) + "void.ttl")
        with running(server):
            yield Site(server, name, path, files)


@pytest.mark.parametrize("name", servers.PROGRAMS)
def test_the_server_is_installed(name: str) -> None:
    servers.require(name)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes

    def words(self, name: str) -> set[str]:
        """The members of a list header, which may stand in several lines."""
        return {word.strip().lower() for line in self.headers.get_all(name, []) for word in line.split(",")} - {""}


def fetch(address: str, accept: str | None = None, *, method: str = "GET", **more: str) -> Answer:
    """One answer; no redirect is followed, and nothing is sent unasked."""
    parts = urlsplit(address)
    headers = {"Accept": accept} if accept is not None else {}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    with contextlib.closing(connection):
        connection.putrequest(method, address.split(parts.netloc, 1)[1], skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        got = connection.getresponse()
        return Answer(got.status, got.headers, got.read())


# ---- what is negotiated

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
JENA = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"
ASKED: list[tuple[str, str | None, str]] = [
    (WITH_PAGE, None, "html"),
    (WITH_PAGE, "", "html"),
    (WITH_PAGE, "*/*", "html"),
    (WITH_PAGE, "text/html", "html"),
    (WITH_PAGE, BROWSER, "html"),
    *((RELEASE, f.media_type, f.suffix) for f in FORMATS.values() if f.negotiated),
    *((WITH_PAGE, f.media_type, f.suffix) for f in FORMATS.values() if f.negotiated and f.of_entities),
    *((WITHOUT, f.media_type, f.suffix) for f in FORMATS.values() if f.negotiated and f.of_entities),
    *((WITH_PAGE, f.media_type, "ttl") for f in FORMATS.values() if f.negotiated and not f.of_entities),
    (WITH_PAGE, "application/rdf+xml, application/ld+json;q=0.4, text/html;q=0.3", "jsonld"),
    (WITH_PAGE, "application/n-triples, text/html;q=0.3", "html"),
    *((WITHOUT, f.media_type, "ttl") for f in FORMATS.values() if f.negotiated and not f.of_entities),
    (WITH_PAGE, "TEXT/Turtle", "ttl"),
    (WITH_PAGE, JENA, "ttl"),
    (RELEASE, "application/rdf+xml, application/ld+json;q=0.7, */*;q=0.1", "rdf"),
    (RELEASE, "application/rdf+xml;q=0.6, application/ld+json;q=0.7, */*;q=0.1", "jsonld"),
    (RELEASE, "application/rdf+xml, text/xml;q=0.9, */*;q=0.1", "rdf"),
    (RELEASE, "text/turtle;q=0.3, application/trig;q=0.7, text/html;q=0.5", "trig"),
    (WITH_PAGE, "text/turtle ; q=0.9 , text/html ; q=0.8", "ttl"),
    (WITH_PAGE, "text/html;q=0.9,text/turtle;charset=utf-8;q=1.0", "ttl"),
    (WITH_PAGE, 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld"),
    (WITH_PAGE, "text/turtle, text/html", "html"),
    (WITH_PAGE, "text/turtle;q=0.05", "ttl"),
    (WITH_PAGE, "text/html;q=0, text/turtle;q=0.001", "ttl"),
    (WITH_PAGE, "text/html;q=0.1, */*", "ttl"),
    (WITH_PAGE, "text/html;q=0, text/*", "ttl"),
    (RELEASE, "text/*;q=0.2, application/*;q=0.5", "trig"),
    (RELEASE, "application/*, application/trig;q=0.1", "nq"),
    (RELEASE, "*/*;q=0.5, application/n-triples", "nt"),
    (RELEASE, "text/turtlenot, application/n-quads;q=0.1", "nq"),
    (WITH_PAGE, "image/png", "html"),
    (WITH_PAGE, "nonsense;;;q=,,q", "html"),
    (WITHOUT, None, "ttl"),
    (WITHOUT, "*/*", "ttl"),
    (WITHOUT, "text/html", "ttl"),
    (WITHOUT, BROWSER, "ttl"),
    (WITHOUT, "text/html, application/ld+json;q=0.5", "jsonld"),
    (WITHOUT, "image/png", "ttl"),
    (RELEASE, None, "ttl"),
    (CYRILLIC, "text/turtle", "ttl"),
    (CYRILLIC, None, "html"),
    (SPACED, "application/ld+json", "jsonld"),
    (ODD, "application/ld+json", "jsonld"),
    (LIMITED, "application/rdf+xml", "ttl"),
    (LIMITED, None, "html"),
    (LIMITED, "application/n-triples", "nt"),
    (LIMITED_WITHOUT, "application/rdf+xml", "ttl"),
    (LIMITED_WITHOUT, "application/rdf+xml, application/n-triples;q=0.5", "ttl"),
    (LIMITED_WITHOUT, None, "ttl"),
    (QUESTION, None, "html"),
    (QUESTION, "text/turtle", "html"),
    ("", BROWSER, "html"),
    ("", "text/turtle", "html"),
]
"""Folder, Accept, suffix of the file that answers."""


def same(one: str, other: str) -> bool:
    """Whether two addresses differ in the spelling of percent-encoding at most (RFC 3986, section 6.2.2)."""
    return quote(unquote(one)) == quote(unquote(other))


@pytest.mark.parametrize(("name", "accept", "suffix"), ASKED)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_entity_answers_in_the_syntax_that_is_asked_for(
    site: Site, name: str, accept: str | None, suffix: str, method: str
) -> None:
    file = site.files / name / f"index.{suffix}"
    answer = fetch(site.address(quote(name) + "/" if name else ""), accept, method=method)
    assert answer.status == 200
    assert answer.body == (file.read_bytes() if method == "GET" else b"")
    assert int(answer.headers["Content-Length"]) == file.stat().st_size
    assert answer.headers["Content-Type"] == f"{TYPES[suffix]}; charset=utf-8"
    assert answer.headers["Content-Location"] == f"index.{suffix}"
    assert answer.words("Vary") - {"accept-encoding"} == {"accept"}
    assert answer.headers["ETag"]
    assert answer.headers.get("Content-Security-Policy") == (POLICY if suffix == "html" else None)


@pytest.mark.parametrize("name", [WITH_PAGE, WITHOUT, f"release/{SLUG}", CYRILLIC])
@pytest.mark.parametrize("accept", ["text/html", "application/trig"])
def test_an_entity_names_its_other_syntaxes(site: Site, name: str, accept: str) -> None:
    address = site.address(quote(name) + "/")
    (line,) = fetch(address, accept).headers.get_all("Link", [])
    links = re.findall(r'<([^>]+)>; rel="alternate"; type="([^"]+)"(?:, |$)', line)
    known = [f for f in FORMATS.values() if f.negotiated and (f.of_entities or name == RELEASE)]
    assert links == [(f"index.{f.suffix}", f.media_type) for f in known]
    for target, media_type in links:
        answer = fetch(urljoin(address, target))
        assert (answer.status, answer.headers["Content-Type"]) == (200, f"{media_type}; charset=utf-8")


@pytest.mark.parametrize("name", [QUESTION + "/", "", f"{WITH_PAGE}/index.ttl", "void.ttl"])
def test_what_has_no_other_syntaxes_names_none(site: Site, name: str) -> None:
    answer = fetch(site.address(name), "text/html")
    assert answer.status == 200
    assert "Link" not in answer.headers


# ---- redirects


@pytest.mark.parametrize("accept", [None, "text/html", "text/turtle"])
@pytest.mark.parametrize("name", [WITH_PAGE, WITHOUT, CYRILLIC, SPACED, ODD, f"release/{SLUG}", QUESTION])
def test_a_thing_leads_to_what_is_written_about_it(site: Site, name: str, accept: str | None) -> None:
    address = site.address(quote(name))
    answer = fetch(address, accept)
    assert answer.status == 303
    assert same(urljoin(address, answer.headers["Location"]), address + "/")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_redirect_keeps_the_query(site: Site) -> None:
    address = site.address(WITH_PAGE + "?a=b&c=d")
    found = urljoin(address, fetch(address).headers["Location"])
    assert same(found, site.address(WITH_PAGE + "/?a=b&c=d"))


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("graph/entities", "dataset.trig"),
        (f"graph/{SLUG}", f"release/{SLUG}/"),
        (f"graph/{SLUG}/evidence", f"release/{SLUG}/"),
        (f"graph/{SLUG}/inferred", f"release/{SLUG}/"),
        (f"graph/{SLUG}/page", f"release/{SLUG}/"),
    ],
)
def test_the_graphs_of_the_dataset_lead_to_a_file(site: Site, name: str, target: str) -> None:
    address = site.address(name)
    answer = fetch(address)
    assert answer.status == 303
    found = urljoin(address, answer.headers["Location"])
    assert same(found, site.address(target))
    assert fetch(found).status == 200


@pytest.mark.parametrize(
    ("name", "page", "data"),
    [
        ("dataset", "data.html", "void.ttl"),
        ("ontology", "ontology/", "ontology/communique.ttl"),
    ],
)
@pytest.mark.parametrize("accept", [None, BROWSER, "text/turtle", "application/ld+json"])
def test_the_dataset_and_the_vocabulary_lead_to_their_page_or_their_description(
    site: Site, name: str, page: str, data: str, accept: str | None
) -> None:
    address, file = site.address(name), site.files / (page if page.endswith(".html") else page + "index.html")
    wants_page = accept in (None, BROWSER)

    def lands_on(target: str) -> None:
        answer = fetch(address, accept)
        assert answer.status == 303
        assert answer.words("Vary") == {"accept"}
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        found = urljoin(address, answer.headers["Location"])
        assert same(found, site.address(target))
        assert fetch(found, accept).status == 200

    lands_on(page if wants_page else data)
    file.rename(file.with_suffix(".away"))
    try:
        lands_on(data)  # a publication without pages
    finally:
        file.with_suffix(".away").rename(file)


@pytest.mark.parametrize("name", ["nginx", "caddy"])  # Apache asks the .htaccess of another folder: that of w3id.org
def test_the_namespace_of_the_vocabulary_is_served_where_it_is_an_address_of_the_host(
    name: str, publication: Path
) -> None:
    if name not in servers.installed_servers():
        servers.require(name)
    with open_folder() as top:
        files = lay_out(top / "www", "/communique/id/", publication, "https://w3id.org")
        (top / "run").mkdir()
        servers.make_readable(top)
        with running(
            servers.SERVERS[name](top / "run", top / "www", files / "server", "/communique/id/void.ttl")
        ) as up:
            for accept, target in ((None, "ontology/"), ("text/turtle", "ontology/communique.ttl")):
                answer = fetch(f"{up.url}/communique/ns", accept)
                assert answer.status == 303
                assert urljoin("/communique/ns", answer.headers["Location"]) == "/communique/id/" + target
                assert answer.words("Vary") == {"accept"}
                assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert fetch(f"{up.url}/communique/ns", method="OPTIONS").status == 204


# ---- scripts of other sites

ADDRESSES = ["dataset.ttl", f"{WITH_PAGE}/", WITH_PAGE, f"graph/{SLUG}", "dataset", ".well-known/void", "nope", "nope/"]


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_browser_may_ask_before_it_asks(site: Site, name: str) -> None:
    asked = {"Origin": "https://other.example", "Access_Control_Request_Method": "GET"}
    answer = fetch(site.address(name), method="OPTIONS", **asked, Access_Control_Request_Headers="accept")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers.get_all("Access-Control-Allow-Origin") == ["*"]
    assert answer.words("Access-Control-Allow-Methods") == {"get", "head", "options"}
    assert {"accept", "if-none-match"} <= answer.words("Access-Control-Allow-Headers")
    assert int(answer.headers["Access-Control-Max-Age"]) > 0
    assert not [h for h in fetch(site.address(name)).headers if h.startswith("Access-Control-Allow-M")]


ASK = """async ([address, accept]) => {
    const answer = await fetch(address, {headers: {Accept: accept}});
    return [answer.status, answer.headers.get("Content-Type"), answer.url, (await answer.text()).length];
}"""


@pytest.mark.skipif(not READY and not STRICT, reason="apt-get install chromium; pip install 'communique[browser]'")
@pytest.mark.parametrize("name", [WITH_PAGE, f"{WITH_PAGE}/", f"graph/{SLUG}", "dataset"])
def test_a_script_of_another_site_may_send_a_long_accept(site: Site, browser: Any, name: str, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><link rel=icon href=data:,><title>Another site</title>")
    kinds = "application/n-quads;q=0.1", 'text/turtle;profile="https://example.org/a?b"', "application/ld+json;q=0.2"
    accept = ", ".join((*kinds, *(f"application/x-{n};q=0.01" for n in range(20))))
    for other in serve(tmp_path):
        with WatchedPage(browser) as seen:
            seen.page.goto(other)
            status, kind, address, length = seen.page.evaluate(ASK, [site.address(name), accept])
    assert (status, kind) == (200, "text/turtle; charset=utf-8")
    assert length > 500
    assert unquote(urlsplit(address).path).startswith(site.path)


@pytest.mark.parametrize("mark", ["%0d%0aSet-Cookie:%20x=1", "%0aX:y", "%22", "%3f", "%25"])
def test_what_is_sent_never_gets_into_a_header_decoded(site: Site, mark: str) -> None:
    for name in (f"{WITH_PAGE}{mark}", f"person/{mark}", f"graph/{mark}", f"graph/a{mark}/evidence"):
        answer = fetch(site.address(name))
        assert answer.status in (303, 400, 403, 404), name
        assert not {"Set-Cookie", "X"} & set(answer.headers)
        assert not re.search(r'[\s"]', answer.headers.get("Location", ""))


def test_no_redirect_leads_to_another_host(site: Site) -> None:
    for start in ("//person", "///" + WITH_PAGE, "/" + site.path.strip("/") + "//" + WITH_PAGE, "//example.org/.."):
        address = site.server.url + quote(start)
        answer = fetch(address)
        if answer.status in (301, 302, 303, 307, 308):
            assert urljoin(address, answer.headers["Location"]).startswith(site.server.url + "/")
            assert not answer.headers["Location"].startswith("//")


def test_the_folder_of_a_site_may_be_asked_for_without_its_slash(site: Site) -> None:
    if site.path != "/":
        address = site.address("")[:-1]
        answer = fetch(address)
        assert answer.status in (301, 303)
        assert same(urljoin(address, answer.headers["Location"]), address + "/")


# ---- files

FILES = [
    "dataset.ttl", "dataset.facts.ttl", "dataset.stated.ttl",
    "dataset.trig", "dataset.nq", "dataset.jsonld", "void.ttl", "catalog.ttl",
    "sparql-examples.ttl", "sitemap.xml", "feed.atom", "robots.txt", "manifest.json", "ontology/communique.ttl",
    "ontology/context.jsonld", "shapes/profiles/press.ttl", f"{WITH_PAGE}/index.html",
    f"{RELEASE}/index.nt", f"{RELEASE}/index.trig", f"{RELEASE}/index.nq",
    f"{WITHOUT}/page.jsonld", f"{RELEASE}/source.txt", f"{CYRILLIC}/index.ttl", f"{ODD}/index.jsonld", *MORE,
]  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_has_its_type_whatever_is_asked_for(site: Site, name: str) -> None:
    answer = fetch(site.address(quote(name)), "application/json")
    assert answer.status == 200
    assert answer.body == (site.files / name).read_bytes()
    assert answer.headers["Content-Type"] == TYPES[name.rsplit(".", 1)[1]] + "; charset=utf-8"
    assert answer.words("Vary") <= {"accept-encoding"}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert answer.headers["Cache-Control"] == "public, max-age=3600, must-revalidate"
    has_policy = name.endswith((".html", ".svg"))
    assert answer.headers.get("Content-Security-Policy") == (POLICY if has_policy else None)


def test_the_description_at_its_well_known_place_is_turtle(site: Site) -> None:
    answer = fetch(site.address(".well-known/void"))
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/turtle; charset=utf-8")
    assert answer.body == (site.files / "void.ttl").read_bytes()


@pytest.mark.parametrize(
    "name", ["nope", "nope.ttl", "nope/", "person/nope/", "person/", "release/", "server/", "graph/"]
)
def test_what_is_not_there_is_not_found_and_no_folder_is_listed(site: Site, name: str) -> None:
    answer = fetch(site.address(name), "text/turtle")
    assert answer.status == 404
    assert answer.body == (site.files / "404.html").read_bytes()
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert "Cache-Control" not in answer.headers
    assert "Link" not in answer.headers
    assert "Content-Location" not in answer.headers


def test_without_a_page_for_it_not_found_is_still_not_found(site: Site) -> None:
    page = site.files / "404.html"
    page.rename(page.with_suffix(".away"))
    try:
        assert fetch(site.address("nope")).status == 404
    finally:
        page.with_suffix(".away").rename(page)


@pytest.mark.parametrize("name", [f"{WITH_PAGE}/", f"{WITHOUT}/", "dataset.ttl", "feed.atom"])
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_a_copy_that_is_still_right_is_not_sent_again(site: Site, name: str, coding: str) -> None:
    asked = {"Accept_Encoding": coding}
    first = fetch(site.address(name), "application/ld+json", **asked)
    again = fetch(site.address(name), "application/ld+json", If_None_Match=first.headers["ETag"], **asked)
    assert (again.status, again.body) == (304, b"")
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    if name.endswith("/"):
        assert "accept" in again.words("Vary")
        other = fetch(site.address(name), "text/turtle", If_None_Match=first.headers["ETag"], **asked)
        assert other.status == 200
    stale = fetch(site.address(name), "application/ld+json", If_None_Match='"other"', **asked)
    assert stale.status == 200


@pytest.mark.parametrize("name", ["dataset.ttl", "dataset.nq", "dataset.trig", "dataset.jsonld", f"{WITH_PAGE}/"])
def test_text_is_compressed_for_those_who_ask(site: Site, name: str) -> None:
    plain, packed = fetch(site.address(name)), fetch(site.address(name), Accept_Encoding="gzip")
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "accept-encoding" in packed.words("Vary")
    assert len(packed.body) < len(plain.body) / 2
    assert gzip.decompress(packed.body) == plain.body


# ---- documentation


def test_what_the_page_about_hosting_shows_is_what_is_seen(site: Site) -> None:
    page = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```console\n\$ curl -sI (.*)\n((?:.+\n)+)```$", page, re.MULTILINE)
    assert len(shown) == page.count("```console") == 3
    for command, output in shown:
        option, header, address = shlex.split(command)
        assert (option, header[:8]) == ("-H", "Accept: ")
        answer = fetch(site.address(address.removeprefix("https://example.org/")), header[8:], method="HEAD")
        status, *lines = output.splitlines()
        assert status.split()[1] == str(answer.status)
        for name, value in (line.split(": ", 1) for line in lines):
            if name == "Location":
                assert unquote(answer.headers[name]).endswith(unquote(value))
            else:
                assert set(value.lower().split(", ")) <= answer.words(name)


def test_the_page_about_hosting_names_every_file() -> None:
    page = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    for name in render_rules(Dataset(base=BASE, homepage="https://example.org/")):
        assert f"`{name.removeprefix('server/')}`" in page or name.endswith("README.txt"), name


# ---- persistent IRIs

HOME = "https://example.org/press/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/"
PERSISTENT: list[tuple[str, str | None, str]] = [
    ("id/", None, ""),
    ("id", None, ""),
    ("id/person/a.b-c", None, "person/a.b-c/"),
    ("id/person/a.b-c", BROWSER, "person/a.b-c/"),
    ("id/person/a.b-c/", "*/*", "person/a.b-c/"),
    ("id/person/a.b-c", "image/png", "person/a.b-c/"),
    *(("id/release/x", f.media_type, f"release/x/index.{f.suffix}") for f in FORMATS.values() if f.negotiated),
    *(
        ("id/org/x", f.media_type, f"org/x/index.{f.suffix if f.of_entities else 'ttl'}")
        for f in FORMATS.values()
        if f.negotiated
    ),
    ("id/org/x", "text/html;q=0.2, text/turtle;q=0.3", "org/x/index.ttl"),
    ("id/org/x/", JENA, "org/x/index.ttl"),
    ("id/person/%D0%B0%D1%81%D0%B5%D0%BB%D1%8C", "text/turtle", "person/%D0%B0%D1%81%D0%B5%D0%BB%D1%8C/index.ttl"),
    ("id/person/50%25%20of", None, "person/50%25%20of/"),
    ("id/release/s", None, "release/s/"),
    ("id/release/s/source.txt", "text/turtle", "release/s/source.txt"),
    ("id/release/s/index.trig", "text/turtle", "release/s/index.trig"),
    ("id/graph/s", "application/trig", "release/s/index.trig"),
    ("id/graph/s/evidence", None, "release/s/"),
    ("id/graph/entities", "text/html", "dataset.trig"),
    ("id/dataset", "text/html", "data.html"),
    ("id/dataset", "text/turtle", "void.ttl"),
    ("id/dataset.nq", "text/html", "dataset.nq"),
    ("id/ontology/context.jsonld", "text/turtle", "ontology/context.jsonld"),
    ("ns", None, "ontology/"),
    ("ns", "text/turtle", "ontology/communique.ttl"),
    ("shapes", "text/turtle", "shapes/"),
]


@pytest.fixture(scope="module")
def persistent() -> Iterator[Server]:
    """An Apache that stands where w3id.org stands."""
    servers.require("apache")
    rules = render_rules(Dataset(base=BASE, homepage=unquote(HOME)))["server/w3id.htaccess"]
    with open_folder() as top:
        (top / "www" / "communique").mkdir(parents=True)
        (top / "www" / "communique" / ".htaccess").write_bytes(rules)
        (top / "www" / "probe.txt").write_text("here")
        (top / "run").mkdir()
        servers.make_readable(top)
        with running(servers.apache(top / "run", top / "www", top, "/probe.txt")) as server:
            yield server


@pytest.mark.parametrize(("iri", "accept", "target"), PERSISTENT)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_persistent_iri_leads_to_the_site(
    persistent: Server, iri: str, accept: str | None, target: str, method: str
) -> None:
    answer = fetch(f"{persistent.url}/communique/{iri}", accept, method=method)
    assert answer.status == 303
    assert same(answer.headers["Location"], HOME + target)
    assert answer.words("Vary") == {"accept"}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("iri", ["id/person/x", "id/graph/s", "id/dataset", "ns", "other"])
def test_a_browser_may_ask_for_a_persistent_iri_before_it_asks(persistent: Server, iri: str) -> None:
    answer = fetch(f"{persistent.url}/communique/{iri}", method="OPTIONS", Origin="https://other.example")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.words("Access-Control-Allow-Methods") == {"get", "head", "options"}
    assert "accept" in answer.words("Access-Control-Allow-Headers")


def test_other_iris_of_the_folder_are_left_alone(persistent: Server) -> None:
    assert fetch(f"{persistent.url}/communique/other").status == 404


@pytest.mark.parametrize(
    ("base", "homepage"),
    [(BASE, None), ("https://example.org/", "https://example.org/"), ("https://e.org/x#", "https://e.org/y/")],
)
def test_iris_that_are_addresses_of_the_site_need_no_redirects(base: str, homepage: str | None) -> None:
    made = render_rules(Dataset(base=base, homepage=homepage))
    assert "server/w3id.htaccess" not in made
    assert b"no w3id.htaccess" in made["server/README.txt"]


def test_a_base_of_another_folder_says_nothing_of_the_ontology() -> None:
    rules = render_rules(Dataset(base="https://w3id.org/acme/", homepage="https://acme.example/"))
    text = rules["server/w3id.htaccess"].decode()
    assert "https://w3id.org/acme/\n" in text
    assert "ns/?$" not in text


# ---- what needs no server


def test_the_same_dataset_gives_the_same_bytes() -> None:
    dataset = Dataset(base=BASE, homepage="https://example.org/press/")
    made = render_rules(dataset)
    assert made == render_rules(dataset, iter(FORMATS.values()))
    names = ["Caddyfile", "README.txt", "apache.htaccess", "netlify/_headers", "netlify/_redirects", "nginx.conf"]
    assert list(made) == [f"server/{name}" for name in (*names, "nginx.http.conf", "w3id.htaccess")]
    assert all(body.endswith(b"\n") and b"\t" not in body for body in made.values())


def test_a_syntax_that_is_added_to_the_table_is_served() -> None:
    more = [*FORMATS.values(), replace(TURTLE, name="n3", suffix="n", media_type="text/n3")]
    for name, body in render_rules(Dataset(base=BASE, homepage="https://example.org/"), more).items():
        assert (b"text/n3" in body) == (not name.endswith(("README.txt", "_redirects"))), name


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a b/",
        'https://example.org/a"b/',
        "https://example.org/a'b/",
        "https://example.org/$uri/",
        "https://example.org/a\nb/",
        "https://example.org/%0a/",
        "https://example.org/%41%25/",
        "https://example.org/%ff/",
        "https://example.org/%{ENV:x}/",
        "https://example.org/a;b/",
        "https://example.org/{x}/",
        "https://example.org/../",
        "https://example.org/.well/",
        "https://example.org//",
        "https://example.org/a\\b/",
        "https://example.org/#x/",
        "https://example.org/?q=/",
        "https://example.org/?/",
        "https://user@example.org/",
        "https://exa mple.org/",
        "https://example.org$/",
        "https:///",
        "https://[::1/",
        "https://example.org:port/",
        "https://example.org/:splat/*/",
        "ftp://example.org/",
    ],
)
def test_an_address_that_some_server_would_read_as_more_is_refused(address: str) -> None:
    with pytest.raises(OutputError, match="no server rules can be written"):
        read_site_address(address)
    with pytest.raises(OutputError):
        render_rules(Dataset(base=BASE, homepage=address))
    if not address.endswith("#"):
        with pytest.raises(OutputError):
            render_rules(Dataset(base=address, homepage="https://example.org/"))


def test_letters_of_any_script_are_allowed_and_the_host_is_written_in_ascii() -> None:
    place = read_site_address("https://новости.example/пресс/%D0%B0/")
    assert (place.origin, place.path) == ("https://xn--b1amnebsh.example", "/пресс/а/")
    assert place.quoted == "/%D0%BF%D1%80%D0%B5%D1%81%D1%81/%D0%B0/"


SUFFIXES = {"html": "text/html"} | {f.suffix: f.media_type for f in FORMATS.values() if f.negotiated}
RANGES = [*SUFFIXES.values(), "text/*", "application/*", "*/*", "image/png", "text/turtles", "a/text/turtle"]
PARAMETERS = ["", ";charset=utf-8", " ; a=b", ';profile="x y"']
QUALITIES = ["", *(f"; q={q}" for q in ("0", "0.0", "0.03", "0.1", "0.4", "0.5", "0.50", "0.999", "1", "1.000"))]


def chosen(accept: str) -> str:
    """What the patterns make of a header, as each server applies them."""
    hits = {s: re.match(quality_pattern(t), accept, re.IGNORECASE) for s, t in SUFFIXES.items()}
    text = " ".join(f"{s}={'q' + (hit[1] or '') if hit else ''}" for s, hit in hits.items())
    found = (re.search(tier, text) for tier in TIERS)
    return next((hit[1] for hit in found if hit), "html")


def by_the_book(members: list[tuple[str, str]]) -> str:
    """What RFC 9110 (section 12.5.1) makes of it, with one decimal."""

    def quality(media_type: str) -> int:
        for name in (media_type, media_type.split("/")[0] + "/*", "*/*"):
            given = [q for n, q in members if n == name]
            if given:
                value = float(given[-1].partition("q=")[2] or 1)
                return int(value * 10) * 10 or (1 if value else 0)
        return 0

    best = max(SUFFIXES, key=lambda s: quality(SUFFIXES[s]))
    return best if quality(SUFFIXES[best]) else "html"


@given(
    st.lists(st.tuples(st.sampled_from(RANGES), st.sampled_from(PARAMETERS), st.sampled_from(QUALITIES)), max_size=6)
)
def test_the_patterns_choose_as_the_specification_does(members: list[tuple[str, str, str]]) -> None:
    header = ", ".join("".join(member) for member in members)
    assert chosen(header) == by_the_book([(name, quality) for name, _, quality in members])


HEAVY = (",text/turtle x" * 600, "text/turtle" + ";" * 8000, "text/turtle;" + " " * 8000 + "x", "," * 8000)


@pytest.mark.parametrize("accept", HEAVY, ids=["types", "semicolons", "spaces", "commas"])
def test_a_header_made_to_take_long_takes_no_time(accept: str) -> None:
    start = time.process_time()
    re.match(quality_pattern("text/turtle"), accept)
    assert time.process_time() - start < 1


def caddy_blocks(text: str) -> list[str]:
    """The words of a Caddyfile; braces are balanced, or this fails."""
    words, depth = re.findall(r'`[^`]*`|"[^"\n]*"|[^\s`"]+', re.sub(r"(?m)^\s*#.*$", "", text)), 0
    for word in words:
        depth += (word == "{") - (word == "}")
        assert depth >= 0
    assert depth == 0
    return words


def test_the_caddyfile_is_well_formed() -> None:
    text = render_rules(Dataset(base=BASE, homepage="https://example.org/press/"))["server/Caddyfile"].decode()
    words = caddy_blocks(text)
    assert "{$COMMUNIQUE_ADDRESS:https://example.org}" in words
    used = {w for w in words if w.startswith("@")}
    assert all(words.count(name) >= 2 for name in used), "each matcher is defined and used"
    for pattern in re.findall(r"`~([^`]*)`", text):
        re.compile(pattern)
        assert "(?=" not in pattern
        assert "(?!" not in pattern
        assert "(?|" not in pattern  # not in RE2


def netlify_headers(text: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        if line.startswith("/"):
            block = found.setdefault(line, {})
        elif not line.startswith("#"):
            name, _, value = line.strip().partition(": ")
            assert line.startswith("  ")
            assert name not in block
            block[name] = value
    return found


def netlify_matches(pattern: str, path: str) -> bool:
    parts = (r"[^/]+" if p.startswith(":") else ".*" if p == "*" else re.escape(p) for p in pattern.split("/"))
    return re.fullmatch("/".join(parts), path) is not None


@pytest.mark.parametrize("path", SITES)
def test_every_graph_of_a_publication_has_its_type_on_netlify(publication: Path, path: str) -> None:
    rules = render_rules(Dataset(base=BASE, homepage="https://example.org" + path))
    blocks = netlify_headers(rules["server/netlify/_headers"].decode())
    top = blocks[quote(path) + "*"]
    assert top["Content-Security-Policy"] == POLICY
    assert top["Access-Control-Allow-Origin"] == "*"
    assert "Accept" in top["Access-Control-Allow-Headers"].split(", ")
    graphs = [
        f for f in publication.rglob("*") if f.suffix in (".ttl", ".trig", ".nq", ".nt") or f.name == "index.jsonld"
    ]
    for file in [*graphs, publication / ".well-known" / "void"]:
        name = str(file.relative_to(publication))
        if name.startswith("shapes"):
            continue
        types = [b["Content-Type"] for p, b in blocks.items() if netlify_matches(p, quote(path + name)) and len(b) == 1]
        assert types == [TYPES[file.suffix[1:] or "ttl"] + "; charset=utf-8"], name


def test_on_netlify_each_entity_has_links_and_an_answer_without_pages(publication: Path) -> None:
    rules = render_rules(Dataset(base=BASE, homepage="https://example.org/press/"))
    blocks = netlify_headers(rules["server/netlify/_headers"].decode())
    lines = rules["server/netlify/_redirects"].decode().splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    assert all(len(row) == 3 and row[0].startswith("/press/") and row[1].startswith("/press/") for row in rows)
    assert {row[2] for row in rows} == {"200", "302"}
    own = render_rules(Dataset(base=BASE))["server/netlify/_redirects"].decode().splitlines()
    assert "/communique/ns /communique/id/ontology/communique.ttl 302" in own
    starts = [row[0] for row in rows]
    assert starts.index("/press/graph/entities") < starts.index("/press/graph/:slug")
    kinds = {p.parent.parent.name for p in publication.rglob("index.ttl")}
    assert kinds <= set(PATHS)
    for kind in PATHS:
        assert 'rel="alternate"' in blocks[f"/press/{kind}/:name/"]["Link"]
        assert [f"/press/{kind}/:name", f"/press/{kind}/:name/index.ttl", "200"] in rows
