"""The SPARQL endpoint: the protocol in our own words, every format, limits, and what must not knock it over."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree

import httpx
import pyoxigraph as ox
import pytest
from SPARQLWrapper import JSON, SPARQLWrapper

from communique.api import open_newsroom
from communique.serve.questionpage import with_endpoint
from tests.conftest import DATA, SLUG
from tests.engines import LOOPBACK
from tests.serving import Served, copy_of, serving

pytestmark = [pytest.mark.allow_hosts(LOOPBACK), pytest.mark.slow]

BASE = "https://w3id.org/communique/id/"
GRAPH = f"{BASE}graph/{SLUG}"
QUERY = "application/sparql-query"
FORM = "application/x-www-form-urlencoded"
TABLES = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def served(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(copy_of(site, tmp_path_factory.mktemp("served")), "query_seconds=2", "workers=2") as server:
        yield server


@pytest.fixture
def client(served: Served) -> Iterator[httpx.Client]:
    with served.client() as client:
        client.timeout = httpx.Timeout(60)
        yield client


def ask(client: httpx.Client, text: str, **headers: str) -> httpx.Response:
    return client.post("/sparql", content=text.encode(), headers={"content-type": QUERY} | headers)


# ---- the protocol


def test_a_query_comes_by_get_by_form_and_as_it_is(client: httpx.Client) -> None:
    text = 'SELECT ("№ ’ Қазақстан 𝄞" AS ?v) {}'
    replies = [
        client.get("/sparql", params={"query": text}),
        client.post("/sparql", data={"query": text}),
        ask(client, text),
        ask(client, text, **{"content-type": QUERY + "; charset=UTF-8"}),
    ]
    for reply in replies:
        assert reply.status_code == 200, reply.text
        assert reply.headers["content-type"] == "application/sparql-results+json; charset=utf-8"
        assert reply.json()["results"]["bindings"][0]["v"]["value"] == "№ ’ Қазақстан 𝄞"


@pytest.mark.parametrize(
    ("method", "target", "headers", "body", "status"),
    [
        ("PUT", "/sparql?query=ASK{}", {}, b"", 405),
        ("DELETE", "/sparql", {}, b"", 405),
        ("GET", "/sparql?query=ASK{}&query=ASK{}", {}, b"", 400),
        ("GET", "/sparql?update=CLEAR%20ALL", {}, b"", 403),
        ("GET", "/sparql?query=%ff", {}, b"", 400),
        ("GET", "/sparql?query=ASK%20%7B", {}, b"", 400),
        ("GET", "/sparql?query=", {}, b"", 400),
        ("GET", "/sparql?query=ASK{}&timeout=-1", {}, b"", 400),
        ("GET", "/sparql?query=ASK{}&timeout=soon", {}, b"", 400),
        ("GET", "/sparql?query=ASK{}&timeout=nan", {}, b"", 400),
        ("GET", "/sparql?query=ASK{}&default-graph-uri=not%20an%20iri", {}, b"", 400),
        ("GET", "/sparql?query=ASK{}&using-graph-uri=http://e/g", {}, b"", 400),
        ("POST", "/sparql", {}, b"ASK {}", 415),
        ("POST", "/sparql", {"content-type": "text/plain"}, b"ASK {}", 415),
        ("POST", "/sparql", {"content-type": QUERY + "; charset=utf-16"}, "ASK {}".encode("utf-16"), 415),
        ("POST", "/sparql", {"content-type": QUERY}, b"ASK { \xff }", 400),
        ("POST", "/sparql", {"content-type": QUERY}, b"", 400),
        ("POST", "/sparql?query=ASK{}", {"content-type": QUERY}, b"ASK {}", 400),
        ("POST", "/sparql", {"content-type": QUERY, "content-encoding": "gzip"}, b"x", 415),
        ("POST", "/sparql", {"content-type": FORM}, b"query=ASK{}&query=ASK{}", 400),
        ("POST", "/sparql", {"content-type": FORM}, b"update=CLEAR+ALL", 403),
        ("POST", "/sparql", {"content-type": FORM}, b"&".join([b"a=b"] * 1001), 400),
        ("POST", "/sparql", {"content-type": "application/sparql-update"}, b"CLEAR ALL", 403),
        ("POST", "/sparql", {"content-type": QUERY}, b"INSERT DATA { <a> <b> <c> }", 400),
        ("GET", "/sparql?query=ASK{}", {"accept": "image/png"}, b"", 406),
    ],
)
def test_what_is_no_single_query_is_refused_in_one_sentence(
    client: httpx.Client, method: str, target: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    reply = client.request(method, target, headers=headers, content=body)
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.text.strip() and reply.text.count("\n") == 1 and "Traceback" not in reply.text


@pytest.mark.parametrize(
    ("text", "parameters", "expected"),
    [
        ("ASK { <org/iom> ?p ?o }", [], True),
        ("ASK { GRAPH ?g { <org/iom> ?p ?o } }", [], True),
        ("ASK { <org/iom> a ?o }", [("default-graph-uri", f"{BASE}graph/entities")], True),
        (f"ASK {{ <release/{SLUG}> a ?o }}", [("default-graph-uri", f"{BASE}graph/entities")], False),
        (f"ASK {{ <release/{SLUG}> a ?o }}", [("default-graph-uri", GRAPH)], True),
        (f"ASK {{ <release/{SLUG}> a ?o }}", [("default-graph-uri", "http://e/none")], False),
        (f"ASK {{ <release/{SLUG}> a ?o }}", [("named-graph-uri", GRAPH)], False),
        (f"ASK {{ GRAPH ?g {{ <release/{SLUG}> a ?o }} }}", [("named-graph-uri", GRAPH)], True),
        (f"ASK {{ GRAPH ?g {{ <release/{SLUG}> a ?o }} }}", [("named-graph-uri", f"{GRAPH}/evidence")], False),
        (f"ASK {{ GRAPH ?g {{ <release/{SLUG}> a ?o }} }}", [("default-graph-uri", GRAPH)], False),
        (f"ASK FROM <{GRAPH}> {{ <release/{SLUG}> a ?o }}", [], True),
        (f"ASK FROM <{GRAPH}/evidence> {{ <release/{SLUG}> a ?o }}", [], False),
        (f"ASK FROM NAMED <{GRAPH}> {{ GRAPH ?g {{ <release/{SLUG}> a ?o }} }}", [], True),
        (f"ASK FROM NAMED <{GRAPH}> {{ <release/{SLUG}> a ?o }}", [], False),
        (f"ASK FROM <{GRAPH}/evidence> {{ <release/{SLUG}> a ?o }}", [("default-graph-uri", GRAPH)], True),
    ],
)
def test_the_dataset_is_that_of_the_request_then_of_the_query_then_all(
    client: httpx.Client, text: str, parameters: list[tuple[str, str]], expected: bool
) -> None:
    by_get = client.get("/sparql?" + urlencode([("query", text), *parameters]))
    by_post = client.post("/sparql?" + urlencode(parameters), content=text.encode(), headers={"content-type": QUERY})
    assert (by_get.json()["boolean"], by_post.json()["boolean"]) == (expected, expected)


def test_rows_are_the_same_in_every_format(client: httpx.Client) -> None:
    text = "SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?s ?p ?o LIMIT 500"
    expected = [
        tuple(term.value for term in row)  # type: ignore[union-attr]
        for row in open_newsroom(DATA).store.query(text).rows
    ]
    assert len(expected) == 500
    for media_type, name in TABLES.items():
        reply = ask(client, text, accept=media_type)
        assert reply.headers["content-type"] == f"{media_type}; charset=utf-8"
        if name == "csv":
            header, *rows = csv.reader(io.StringIO(reply.text))
            assert (header, [tuple(row) for row in rows]) == (["s", "p", "o"], expected)
        elif name == "tsv":
            lines = reply.text.splitlines()
            assert lines[0] == "?s\t?p\t?o" and len(lines) == 501
            assert [line.split("\t")[0].strip("<>") for line in lines[1:]] == [row[0] for row in expected]
        elif name == "json":
            found = [tuple(row[v]["value"] for v in "spo") for row in reply.json()["results"]["bindings"]]
            assert found == expected
        else:
            results = ElementTree.fromstring(reply.text).iter("{http://www.w3.org/2005/sparql-results#}result")
            assert [tuple(value.text or "" for binding in row for value in binding) for row in results] == expected


def test_a_graph_is_the_same_in_every_syntax(client: httpx.Client) -> None:
    text = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <graph/entities> { ?s ?p ?o } }"
    expected: set[ox.Triple] = set()
    for media_type, syntax in GRAPHS.items():
        reply = ask(client, text, accept=media_type)
        assert reply.headers["content-type"] == f"{media_type}; charset=utf-8"
        found = {quad.triple for quad in ox.parse(reply.content, syntax)}
        assert len(found) > 100
        expected = expected or found
        assert found == expected, media_type
    described = ask(client, "DESCRIBE <org/iom>", accept="text/turtle")
    assert "International Organization for Migration" in described.text


def test_an_answer_has_an_etag_that_the_query_the_dataset_and_the_format_change(client: httpx.Client) -> None:
    def get(**more: str) -> httpx.Response:
        return client.get("/sparql", params={"query": "ASK {}"} | more)

    tag = get().headers["etag"]
    assert get().headers["etag"] == tag
    again = client.get("/sparql", params={"query": "ASK {}"}, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    every = client.get("/sparql", params={"query": "ASK {}"}, headers={"if-none-match": "*"})
    assert every.status_code == 200
    others = [get(query="ASK { }"), get(format="xml"), get(**{"default-graph-uri": GRAPH})]
    assert len({tag, *(one.headers["etag"] for one in others)}) == 4
    assert others[1].headers["content-type"] == "application/sparql-results+xml; charset=utf-8"


@pytest.mark.parametrize("text", ["SELECT (NOW() AS ?n) {}", "SELECT (rand() AS ?n) {}", "SELECT (STRUUID() AS ?n) {}"])
def test_an_answer_that_is_another_one_each_time_is_not_kept(client: httpx.Client, text: str) -> None:
    replies = [ask(client, text, accept="text/csv") for _ in range(2)]
    assert replies[0].text != replies[1].text
    assert "etag" not in replies[0].headers


def test_a_browser_gets_the_editor_and_a_program_the_description(served: Served, client: httpx.Client) -> None:
    page = client.get("/sparql", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page.text == with_endpoint((served.public / "sparql.html").read_text(encoding="utf-8"))
    assert page.headers["vary"] == "Accept, Accept-Encoding"
    assert page.headers["etag"] == client.get("/sparql.html").headers["etag"]
    for media_type, syntax in GRAPHS.items():
        reply = client.get("/sparql", headers={"accept": media_type})
        triples = {quad.triple for quad in ox.parse(reply.content, syntax)}
        text = " ".join(map(str, triples))
        for word in ("UnionDefaultGraph", "SPARQL11Query", "SPARQL_Results_JSON", GRAPH, "A query may take 2 s"):
            assert word in text, (media_type, word)
    assert client.head("/sparql", headers={"accept": "text/turtle"}).content == b""


def test_named_graphs_can_be_read_one_by_one(client: httpx.Client) -> None:
    dump = list(ox.parse(client.get("/dataset.nq").content, ox.RdfFormat.N_QUADS))
    graphs = {str(quad.graph_name.value) for quad in dump}
    for iri in graphs:
        reply = client.get("/store", params={"graph": iri}, headers={"accept": "application/n-triples"})
        found = {quad.triple for quad in ox.parse(reply.content, ox.RdfFormat.N_TRIPLES)}
        assert found == {quad.triple for quad in dump if quad.graph_name == ox.NamedNode(iri)}
    union = client.get("/store?default", headers={"accept": "application/n-triples"})
    assert {q.triple for q in ox.parse(union.content, ox.RdfFormat.N_TRIPLES)} == {q.triple for q in dump}
    assert client.get("/store", params={"graph": "http://e/none"}).status_code == 404
    for target in ("/store", "/store?graph=a&graph=b", "/store?graph=a&default"):
        assert client.get(target).status_code == 400
    for method in ("PUT", "POST", "DELETE", "PATCH"):
        reply = client.request(method, "/store", params={"graph": GRAPH}, content=b"<a:a> <a:b> <a:c> .")
        assert (reply.status_code, reply.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_sparqlwrapper_asks_it(served: Served) -> None:
    for method in ("GET", "POST"):
        wrapper = SPARQLWrapper(served.url + "/sparql")
        wrapper.setReturnFormat(JSON)
        wrapper.setMethod(method)
        wrapper.setQuery("SELECT ?t { <org/iom> a ?t } ORDER BY ?t")
        rows = wrapper.query().convert()["results"]["bindings"]  # type: ignore[call-overload, index]
        assert {"t": {"type": "uri", "value": "http://schema.org/Organization"}} in rows


# ---- limits


def test_an_endless_query_ends_and_others_are_answered_meanwhile(served: Served, client: httpx.Client) -> None:
    before = client.get("/health").json()
    with ThreadPoolExecutor(2) as threads:
        endless = [threads.submit(ask, client, CROSS) for _ in range(2)]
        time.sleep(0.5)
        begin = time.monotonic()
        health = client.get("/health").json()
        assert health["workers"] == {"all": 2, "busy": 2} and time.monotonic() - begin < 1.5
        for one in endless:
            reply = one.result()
            assert reply.status_code == 422
            assert reply.text.startswith("the query took longer than 2 s (query_seconds): ask for less")
    assert ask(client, "ASK {}").json() == {"head": {}, "boolean": True}
    assert before["build"] == client.get("/health").json()["build"] and served.process.poll() is None


def test_a_client_may_wait_less_and_never_longer(client: httpx.Client) -> None:
    for asked, said in (("0.3", "0.3 s"), ("100", "2 s")):
        reply = client.get("/sparql", params={"query": CROSS, "timeout": asked})
        assert reply.status_code == 422 and f"longer than {said}" in reply.text


def test_a_query_whose_client_has_gone_is_ended(served: Served, client: httpx.Client) -> None:
    parts = urlsplit(served.url)
    with socket.create_connection((str(parts.hostname), int(parts.port or 0))) as connection:
        body = CROSS.encode()
        head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: {QUERY}\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)
        deadline = time.monotonic() + 20
        while client.get("/health").json()["workers"]["busy"] == 0 and time.monotonic() < deadline:
            time.sleep(0.02)
    deadline = time.monotonic() + 1.5  # sooner than query_seconds
    while (busy := client.get("/health").json()["workers"]["busy"]) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert busy == 0


@pytest.mark.parametrize("media_type", [*TABLES, *GRAPHS])
def test_an_answer_is_whole_up_to_the_limit_and_an_error_beyond_it(site: Path, tmp_path: Path, media_type: str) -> None:
    form = "SELECT ?s ?p ?o" if media_type in TABLES else "CONSTRUCT { ?s ?p ?o }"
    with serving(copy_of(site, tmp_path), "result_rows=50", "workers=1") as served, served.client() as client:
        for limit, status in ((50, 200), (51, 413)):
            text = f"{form} WHERE {{ SELECT DISTINCT ?s ?p ?o {{ ?s ?p ?o }} ORDER BY ?s ?p ?o LIMIT {limit} }}"
            reply = ask(client, text, accept=media_type)
            assert reply.status_code == status, reply.text
        assert "more than 50" in reply.text and "result_rows" in reply.text


def test_bytes_memory_and_lengths_have_limits_that_name_themselves(site: Path, tmp_path: Path) -> None:
    settings = ("result_bytes=2000", f"worker_bytes={64 * 1024 * 1024}", "workers=1", "query_seconds=30")
    with serving(copy_of(site, tmp_path), *settings) as served, served.client() as client:
        client.timeout = httpx.Timeout(60)
        large = ask(client, "SELECT * { ?s ?p ?o } LIMIT 100")
        assert large.status_code == 413 and "2,000 bytes (result_bytes)" in large.text
        greedy = ask(client, "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?d")
        assert greedy.status_code == 422 and "most likely for want of memory (worker_bytes)" in greedy.text
        assert ask(client, "ASK {}").status_code == 200
        at_limit = "ASK {}".ljust(65536)
        assert ask(client, at_limit).status_code == 200
        beyond = ask(client, at_limit + " ")
        assert beyond.status_code == 413 and "65,536 bytes (query_body_bytes)" in beyond.text
        long = client.get("/sparql", params={"query": "ASK {} #" + "x" * 8200})
        assert long.status_code == 414 and "send it by POST" in long.text


def test_a_body_that_never_ends_is_cut_off_without_being_read(served: Served, client: httpx.Client) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(10_000):
            yield b"x" * 10_000

    try:
        reply = client.post("/sparql", content=endless(), headers={"content-type": QUERY})
        assert reply.status_code == 413
    except httpx.TransportError:  # the server closed the connection while we were still sending
        pass
    status = Path(f"/proc/{served.process.pid}/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    assert peak < 400_000  # KiB; the body would have had 100 MB more


def test_nothing_of_a_query_reaches_the_network(client: httpx.Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.5)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        for text in (
            f"SELECT * {{ SERVICE <{address}sparql> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ SERVICE SILENT <{address}sparql> {{ ?s ?p ?o }} }}",
            f"SELECT * FROM <{address}data.ttl> {{ ?s ?p ?o }}",
            f"SELECT * FROM NAMED <{address}data.ttl> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
            f"LOAD <{address}data.ttl>",
            "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        ):
            reply = ask(client, text)
            assert reply.status_code == 400, reply.text
        query = "SELECT * { ?s ?p ?o }"
        asked = client.get("/sparql", params={"query": query, "default-graph-uri": address})
        assert asked.json()["results"]["bindings"] == []
        with pytest.raises(TimeoutError):
            listener.accept()


def test_too_many_requests_are_told_to_come_again(site: Path, tmp_path: Path) -> None:
    settings = ("workers=1", "queue=3", "queue_client=2", "query_seconds=3")
    with serving(copy_of(site, tmp_path), *settings) as served, served.client() as client:
        client.timeout = httpx.Timeout(60)
        with ThreadPoolExecutor(8) as threads:
            replies = [one.result() for one in [threads.submit(ask, client, CROSS) for _ in range(8)]]
        busy = [one for one in replies if one.status_code == 503]
        assert sorted(one.status_code for one in replies) == [422] * 3 + [503] * 5
        assert {one.headers["retry-after"] for one in busy} == {"2"}
        assert {one.text for one in busy} == {"you have too many requests waiting: ask again in two seconds\n"}
        assert ask(client, "ASK {}").status_code == 200


def test_workers_that_are_killed_are_replaced_and_no_answer_is_wrong(served: Served, client: httpx.Client) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    expected = ask(client, text).json()
    stop = threading.Event()

    def kill() -> None:
        while not stop.is_set():
            done = subprocess.run(["pgrep", "-P", str(served.process.pid)], capture_output=True, text=True, check=False)
            for pid in done.stdout.split()[:1]:
                os.kill(int(pid), signal.SIGKILL)
            time.sleep(0.4)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        replies = [ask(client, text) for _ in range(40)]
    finally:
        stop.set()
        killer.join()
    assert {one.status_code for one in replies} <= {200, 422}
    assert all(one.json() == expected for one in replies if one.status_code == 200)
    assert sum(one.status_code == 200 for one in replies) >= 20
    deadline = time.monotonic() + 20
    while ask(client, text).status_code != 200 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert ask(client, text).json() == expected


def test_the_whole_server_ends_with_ctrl_c_and_leaves_no_worker(site: Path, tmp_path: Path) -> None:
    with serving(copy_of(site, tmp_path), "workers=2", "stop_seconds=3") as served:
        done = subprocess.run(["pgrep", "-P", str(served.process.pid)], capture_output=True, text=True, check=True)
        workers = [int(pid) for pid in done.stdout.split()]
        assert len(workers) == 2
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(20) == 0
        assert served.said == ""
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]


def test_json_is_valid_for_every_kind_of_term(client: httpx.Client) -> None:
    text = r"""SELECT * { BIND("a\"b\\c\n},{" AS ?a) BIND("x"@en AS ?b) BIND(1.5 AS ?c) BIND(<http://e/,> AS ?d) }"""
    for media_type, name in TABLES.items():
        body = ask(client, text, accept=media_type).text
        if name == "json":
            assert json.loads(body)["results"]["bindings"][0]["a"]["value"] == 'a"b\\c\n},{'
        elif name == "csv":
            header, row = csv.reader(io.StringIO(body))
            assert dict(zip(header, row, strict=True))["a"] == 'a"b\\c\n},{'
            assert dict(zip(header, row, strict=True))["d"] == "http://e/,"
        elif name == "tsv":
            assert len(body.splitlines()) == 2
