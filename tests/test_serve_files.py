"""The publication over HTTP: files, syntaxes of entities, validators, ranges, what is missing, a new build."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pyoxigraph as ox
import pytest

from communique.api import open_newsroom
from communique.formats import FORMATS
from communique.publish.build import build
from communique.publish.hosting.negotiation import POLICY
from tests.conftest import SLUG
from tests.engines import LOOPBACK
from tests.generated import write_generated
from tests.serving import Served, copy_of, serving

pytestmark = [pytest.mark.allow_hosts(LOOPBACK), pytest.mark.slow]

NEGOTIATED = [one for one in FORMATS.values() if one.negotiated]


@pytest.fixture(scope="module")
def served(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(copy_of(site, tmp_path_factory.mktemp("served"))) as server:
        yield server


@pytest.fixture(scope="module")
def archive(archive_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(copy_of(archive_site, tmp_path_factory.mktemp("archive"))) as server:
        yield server


def manifest(served: Served) -> dict[str, dict[str, object]]:
    data = (served.public / "manifest.json").read_bytes()
    files: dict[str, dict[str, object]] = json.loads(data)["files"]
    return files | {"manifest.json": {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}}


WITH_FORM = re.compile(r"((queries/[a-z0-9-]+/)?index|sparql)(\.[a-z]+)?\.html")
"""The pages whose forms are answered by the server."""


def test_every_file_is_sent_as_it_is_with_an_etag_and_the_headers_of_all(served: Served) -> None:
    with served.client() as client:
        for path, row in manifest(served).items():
            reply = client.get("/" + quote(path))
            assert reply.status_code == 200, path
            if not WITH_FORM.fullmatch(path):
                assert hashlib.sha256(reply.content).hexdigest() == row["sha256"], path
                assert int(reply.headers["content-length"]) == row["size"]
            assert reply.headers["access-control-allow-origin"] == "*"
            assert "access-control-allow-credentials" not in reply.headers
            assert reply.headers["x-content-type-options"] == "nosniff"
            assert reply.headers["content-type"] != "application/octet-stream", path
            is_page = reply.headers["content-type"] == "text/html; charset=utf-8"
            assert (reply.headers.get("content-security-policy") == POLICY) == is_page
            tag = reply.headers["etag"]
            head = client.head("/" + quote(path))
            assert (head.status_code, head.content, dict(head.headers) | {"date": ""}) == (
                200,
                b"",
                dict(reply.headers) | {"date": ""},
            )
            for asked in (tag, "*", f'"x", W/{tag}'):
                unchanged = client.get("/" + quote(path), headers={"if-none-match": asked})
                assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", tag)
            assert client.get("/" + quote(path), headers={"if-none-match": '"x"'}).status_code == 200


def test_text_is_compressed_where_the_client_takes_it_and_has_an_etag_of_its_own(served: Served) -> None:
    with served.client() as client:
        plain = client.get("/dataset.ttl")
    with httpx.Client(base_url=served.url) as client:
        for asked, expected in (
            ("gzip", True),
            ("br, gzip;q=0.5", True),
            ("gzip;q=0", False),
            ("gzip;q=0.0, br", False),
            ("br", False),
        ):
            with client.stream("GET", "/dataset.ttl", headers={"accept-encoding": asked}) as reply:
                raw = b"".join(reply.iter_raw())
            assert (reply.headers.get("content-encoding") == "gzip") == expected, asked
            assert "Accept-Encoding" in reply.headers["vary"]
            assert (gzip.decompress(raw) if expected else raw) == plain.content
            assert (reply.headers["etag"] != plain.headers["etag"]) == expected
        png = client.get("/icon.svg", headers={"accept-encoding": "gzip", "range": "bytes=0-3"})
        assert (png.status_code, len(png.content)) == (206, 4)


@pytest.mark.parametrize(
    ("asked", "low", "high"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=100-", 100, None),
        ("bytes=-5", -5, None),
        ("bytes=-999999999999999999", 0, None),
        ("bytes=5-999999999999999999", 5, None),
    ],
)
def test_a_range_is_that_part_of_the_file(served: Served, asked: str, low: int, high: int | None) -> None:
    whole = (served.public / "dataset.nq").read_bytes()
    with served.client() as client:
        reply = client.get("/dataset.nq", headers={"range": asked})
    expected = whole[low:high]
    begin = whole.index(expected) if low >= 0 else len(whole) + low
    assert (reply.status_code, reply.content) == (206, expected)
    assert reply.headers["content-range"] == f"bytes {begin}-{begin + len(expected) - 1}/{len(whole)}"


def test_ranges_that_cannot_be_are_refused_or_ignored(served: Served) -> None:
    size = (served.public / "dataset.nq").stat().st_size
    with served.client() as client:
        beyond = client.get("/dataset.nq", headers={"range": f"bytes={size}-"})
        assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
        for asked in ("bytes=5-3", "bytes=-", "lines=1-2", "bytes=0-1,4-5", "bytes=a-b", "bytes=" + "9" * 5000 + "-"):
            reply = client.get("/dataset.nq", headers={"range": asked})
            assert (reply.status_code, len(reply.content)) == (200, size), asked
        tag = client.head("/dataset.nq").headers["etag"]
        for wanted, status in ((tag, 206), ('"other"', 200)):
            reply = client.get("/dataset.nq", headers={"range": "bytes=0-9", "if-range": wanted})
            assert reply.status_code == status


def triples(body: bytes, syntax: str) -> set[ox.Triple]:
    kinds = {"turtle": "TURTLE", "trig": "TRIG", "nquads": "N_QUADS", "ntriples": "N_TRIPLES", "rdfxml": "RDF_XML"}
    kind = getattr(ox.RdfFormat, kinds.get(syntax, "JSON_LD"))
    return {quad.triple for quad in ox.parse(body, kind)}


def test_every_entity_has_every_syntax_with_the_same_triples(archive: Served) -> None:
    folders = [path.removesuffix("/index.ttl") for path in manifest(archive) if path.endswith("/index.ttl")]
    assert len(folders) > 20
    with archive.client() as client:
        for folder in folders:
            whole = triples((archive.public / folder / "index.ttl").read_bytes(), "turtle")
            for one in NEGOTIATED:
                reply = client.get(f"/{quote(folder)}/", headers={"accept": one.media_type})
                if reply.status_code == 406:
                    assert one.name == "rdfxml" and "cannot be written" in reply.text
                    continue
                assert reply.status_code == 200, (folder, one.name, reply.text)
                assert reply.headers["content-type"].partition(";")[0] == one.media_type
                assert "Accept" in reply.headers["vary"]
                assert reply.headers["content-location"] == one.file
                assert triples(reply.content, one.name) == whole, (folder, one.name)
                again = client.get(f"/{quote(folder)}/{one.file}")
                assert (again.content, again.headers["etag"]) == (reply.content, reply.headers["etag"])
                for file in (".ttl", ".jsonld", ".trig", ".nq", ".nt", ".rdf"):
                    assert f"<index{file}>" in reply.headers["link"]
                head = {"accept": one.media_type, "if-none-match": reply.headers["etag"]}
                assert client.get(f"/{quote(folder)}/", headers=head).status_code == 304


def test_a_syntax_without_a_file_is_that_of_the_build_for_releases(served: Served) -> None:
    folder = served.public / "release" / SLUG
    with served.client() as client:
        for one in NEGOTIATED:
            assert client.get(f"/release/{SLUG}/{one.file}").content == (folder / one.file).read_bytes()


def test_named_graphs_of_an_entity_are_those_of_the_dataset(served: Served) -> None:
    known = set(ox.parse((served.public / "dataset.nq").read_bytes(), ox.RdfFormat.N_QUADS))
    with served.client() as client:
        quads = set(ox.parse(client.get("/org/iom/index.nq").content, ox.RdfFormat.N_QUADS))
    of_document = {quad for quad in quads if str(quad.graph_name).endswith("/graph/dataset>")}
    assert len(quads - of_document) > 100 and quads - of_document <= known
    assert {str(quad.subject).endswith("/org/iom/>") for quad in of_document} == {True}


@pytest.mark.parametrize(("path", "language"), [("", "en"), ("index.html", "en"), ("index.ru.html", "ru")])
def test_the_search_of_the_start_page_works_without_a_program(served: Served, path: str, language: str) -> None:
    with served.client() as client:
        reply = client.get(f"/{path}")
        page = (served.public / (path or "index.html")).read_text(encoding="utf-8")
        form = '<form class="ask" id="search" role="search"'
        field = f'<input type="hidden" name="language" value="{language}">'
        assert form + " hidden>" in page
        assert reply.text == page.replace(form + " hidden>", f'{form} action="search">{field}')
        packed = client.get(f"/{path}", headers={"accept-encoding": "gzip"})
        assert (packed.headers["content-encoding"], packed.text) == ("gzip", reply.text)
        assert packed.headers["vary"] == reply.headers["vary"] == "Accept-Encoding"
        tags = {reply.headers["etag"], packed.headers["etag"]}
        assert len(tags) == 2
        again = client.get(f"/{path}", headers={"if-none-match": reply.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert client.head(f"/{path}").headers["content-length"] == str(len(reply.content))
        found = client.get("/search", params={"language": language, "q": "baysakova"}, headers={"accept": "text/html"})
        assert f'<html lang="{language}"' in found.text and "zulfiya-baysakova" in found.text


@pytest.mark.parametrize(
    ("accept", "status", "name"),
    [
        ("", 200, "index.html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", 200, "index.html"),
        ("text/turtle;q=0.95, text/html;q=0.9", 200, "index.ttl"),
        ("application/rdf+xml, */*;q=0.1", 200, "index.rdf"),
        ("image/png", 406, ""),
    ],
)
def test_the_address_of_an_entity_leads_to_what_the_client_prefers(
    served: Served, accept: str, status: int, name: str
) -> None:
    with served.client(accept=accept) as client:
        thing = client.get("/org/iom")
        assert (thing.status_code, thing.headers["location"]) == (303, "iom/")
        reply = client.get("/org/iom/")
        assert (reply.status_code, reply.headers.get("content-location", "")) == (status, name)
        if status == 406:
            assert all(one.media_type in reply.text for one in NEGOTIATED)


@pytest.mark.parametrize(
    ("path", "accept", "target"),
    [
        ("/dataset", "text/html", "data.html"),
        ("/dataset", "text/turtle", "void.ttl"),
        ("/ontology", "text/html", "ontology/"),
        ("/ontology", "text/turtle", "ontology/"),
        (f"/graph/{SLUG}", "text/turtle", f"../release/{SLUG}/"),
        (f"/graph/{SLUG}/evidence", "text/turtle", f"../../release/{SLUG}/"),
        ("/graph/entities", "*/*", "../dataset.trig"),
        ("/org/iom?x=1", "*/*", "iom/?x=1"),
    ],
)
def test_iris_that_are_no_folders_lead_to_what_describes_them(
    served: Served, path: str, accept: str, target: str
) -> None:
    with served.client(accept=accept) as client:
        reply = client.get(path)
    assert (reply.status_code, reply.headers["location"]) == (303, target)


def test_the_path_of_the_site_is_served_too(served: Served) -> None:
    with served.client() as client:
        assert client.get("/communique/id/org/iom/index.ttl").content == client.get("/org/iom/index.ttl").content
        assert client.get("/communique/id/").content == client.get("/").content
        assert client.get("/communique/id/sparql", params={"query": "ASK {}"}).json()["boolean"]


def raw(served: Served, method: str, target: str) -> tuple[int, bytes]:
    """The reply to a request whose target is sent as it is."""
    parts = urlsplit(served.url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=20)
    with contextlib.closing(connection):
        connection.putrequest(method, target, skip_accept_encoding=True)
        connection.endheaders()
        with connection.getresponse() as reply:
            return reply.status, reply.read()


@pytest.mark.parametrize(
    "target",
    [
        "/../serve.log",
        "/..%2fserve.log",
        "/%2e%2e/serve.log",
        "/assets/../../serve.log",
        "//etc/passwd",
        "/etc/passwd",
        "/%00",
        "/org/iom/index.ttl%00.html",
        "/org/iom/.",
        "/%ff%fe",
        "/assets/",
        "/assets",
        "/server/",
        "/server",
        "/manifest.json/",
        "/" + "a/" * 2000,
    ],
)
def test_nothing_but_the_files_of_the_manifest_can_be_reached(served: Served, target: str) -> None:
    status, body = raw(served, "GET", target)
    assert status in (400, 404), body
    assert b"root:" not in body and b"Traceback" not in body and b"http://127" not in body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_refused_with_those_that_are_allowed(served: Served, method: str) -> None:
    with served.client() as client:
        reply = client.request(method, "/org/iom/")
    assert (reply.status_code, reply.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_a_script_of_another_site_may_ask_anything_without_credentials(served: Served) -> None:
    with served.client(origin="https://other.example") as client:
        for path in ("/", "/org/iom/", "/sparql", "/none"):
            reply = client.options(path)
            assert (reply.status_code, reply.content) == (204, b"")
            assert reply.headers["access-control-allow-origin"] == "*"
            assert "Accept" in reply.headers["access-control-allow-headers"]
            assert "access-control-allow-credentials" not in reply.headers


def test_what_is_missing_names_what_is_near(served: Served) -> None:
    with served.client() as client:
        reply = client.get("/org/iomm")
        assert (reply.status_code, reply.text) == (404, "there is nothing at /org/iomm; near it: /org/iom/\n")
        page = client.get("/org/iomm", headers={"accept": "text/html,*/*;q=0.8"})
        assert page.status_code == 404 and page.headers["content-type"].startswith("text/html")
        assert '<li><a href="/communique/id/org/iom/">org/iom</a></li>' in page.text
        assert client.get("/communique/id/org/iom/").status_code == 200
        odd = client.get('/org/"><script>alert(1)</script>', headers={"accept": "text/html"})
        assert odd.status_code == 404 and "<script>alert" not in odd.text


def test_a_new_build_is_picked_up_without_a_lost_or_mixed_answer(tmp_path: Path) -> None:
    data, public = write_generated(tmp_path, 4), tmp_path / "public"
    build(open_newsroom(data), public, jobs=1)
    slugs = sorted(path.name for path in (data / "releases").iterdir())
    seen: set[tuple[int, str, str]] = set()
    stop = threading.Event()
    with serving(public) as served, served.client() as asker:
        before = asker.get("/health").json()["build"]

        def ask() -> None:
            query = {"query": f"ASK {{ GRAPH ?g {{ <release/{slugs[0]}> ?p ?o }} }}"}
            with served.client(accept="text/turtle") as client:
                is_last = False
                while not is_last:  # once more after the new build is in use
                    is_last = stop.is_set()
                    page = client.get("/")
                    asked = client.get("/sparql", params=query, headers={"accept": "text/csv"})
                    seen.add((page.status_code, page.headers["etag"], hashlib.sha256(page.content).hexdigest()))
                    seen.add((asked.status_code, "", asked.text))

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        shutil.rmtree(data / "releases" / slugs[0])
        build(open_newsroom(data), public, jobs=1)
        deadline = time.monotonic() + 60
        while asker.get("/health").json()["build"] == before and time.monotonic() < deadline:
            time.sleep(0.1)
        stop.set()
        for thread in threads:
            thread.join()
        gone = asker.get(f"/release/{slugs[0]}/")
        said = f"the release {slugs[0]} was here, and is not published any more\n"
        assert (gone.status_code, gone.text) == (410, said)
        assert asker.get(f"/graph/{slugs[0]}").status_code == 410
        assert asker.get(f"/release/{slugs[1]}/index.ttl").status_code == 200
        assert "a new build is in use" in served.said
    pages = {(tag.strip('"'), digest) for status, tag, digest in seen if tag and status == 200}
    assert {status for status, *_ in seen} == {200}, seen
    assert len(pages) == 2 and all(digest.startswith(tag) for tag, digest in pages)
    assert {text for _, tag, text in seen if not tag} == {"true\n", "false\n"}
    with serving(public) as served, served.client() as asker:  # what was withdrawn is remembered
        assert asker.get(f"/release/{slugs[0]}").status_code == 410


def test_another_publication_in_the_same_place_was_never_here(site: Path, archive_site: Path, tmp_path: Path) -> None:
    for folder, publication in (("one", site), ("two", archive_site)):
        copy = Path(shutil.copytree(publication, tmp_path / folder, copy_function=os.link))
        with serving(copy) as served, served.client() as client:
            assert client.get(f"/release/{SLUG}/index.ttl").status_code == (200 if folder == "one" else 404)


def test_stores_of_other_builds_and_what_is_left_of_one_are_removed(site: Path, tmp_path: Path) -> None:
    home = tmp_path / ".communique-serve"
    for name in ("0" * 32, "new-killed"):
        (home / name).mkdir(parents=True)
        (home / name / "CURRENT").touch()
    with serving(copy_of(site, tmp_path)) as served:
        used = [one.name for one in home.iterdir() if one.is_dir()]
        assert len(used) == 1 and len(used[0].partition(".")[0]) == 32 and used[0] != "0" * 32
        with serving(served.public) as second, second.client() as client:  # both use it
            assert client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"]
        with served.client() as client:
            assert client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"]


def test_a_folder_that_cannot_be_written_has_its_store_elsewhere(site: Path, tmp_path: Path) -> None:
    public = copy_of(site, tmp_path)
    (tmp_path / ".communique-serve").write_text("in the way")
    with serving(public) as served, served.client() as client:
        assert client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).json()["boolean"]
    assert (tmp_path / ".communique-serve").read_text() == "in the way"


def test_a_sentence_about_an_address_is_one_line_without_signs_that_nobody_sees(served: Served) -> None:
    with served.client() as client:
        reply = client.get("/org/a%0Ab%1B[2J%E2%80%AEc")
    assert reply.status_code == 404 and reply.text == "there is nothing at /org/a\\x0ab\\x1b[2J\\u202ec\n"


def test_a_folder_without_a_publication_is_refused_in_one_sentence(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        command = [sys.executable, "-m", "communique", "serve", "--port", "0", "--public", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 2 and done.stderr.count("\n") == 1 and "holds no publication" in done.stderr


def test_a_damaged_publication_is_refused_before_anything_is_served(site: Path, tmp_path: Path) -> None:
    public = copy_of(site, tmp_path)
    (public / "dataset.nq").unlink()
    (public / "dataset.nq").write_bytes(b"<a> <b> .")
    command = [sys.executable, "-m", "communique", "serve", "--port", "0", "--public", str(public)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "dataset.nq" in done.stderr and "Traceback" not in done.stderr


def test_slow_clients_are_cut_off_and_others_are_served_meanwhile(served: Served) -> None:
    parts = urlsplit(served.url)
    address = (str(parts.hostname), int(parts.port or 0))
    open_ones = [socket.create_connection(address) for _ in range(50)]
    try:
        for one in open_ones[:40]:  # the others say nothing at all
            one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        with served.client() as client:
            assert client.get("/health").status_code == 200
        for one in open_ones:
            one.settimeout(30)
            assert one.recv(1000) == b""  # closed, after head_seconds
    finally:
        for one in open_ones:
            one.close()
