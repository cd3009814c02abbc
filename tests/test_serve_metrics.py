"""The numbers of the server, and its log of requests: what was asked, never who asked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.engines import LOOPBACK
from tests.serving import copy_of, serving

pytestmark = [pytest.mark.allow_hosts(LOOPBACK), pytest.mark.slow]

SECRET = "ASK { ?secret a ?x }"


def test_requests_are_counted_by_route_and_status_and_those_of_workers_by_outcome(site: Path, tmp_path: Path) -> None:
    with serving(copy_of(site, tmp_path), "workers=1") as served, served.client() as client:
        assert client.get("/sparql", params={"query": SECRET}).status_code == 200
        assert client.get("/sparql", params={"query": SECRET}).status_code == 200  # from memory
        assert client.get("/sparql", params={"query": "ASK {"}).status_code == 400
        page = client.get("/org/iom/")
        assert client.get("/none").status_code == 404
        reply = client.get("/metrics")
    assert reply.headers["content-type"].startswith("text/plain")
    found = {
        (one.name, *sorted(one.labels.values())): one.value
        for family in text_string_to_metric_families(reply.text)
        for one in family.samples
    }
    name = "communique_http_requests_total"
    requests = {key[1:]: value for key, value in found.items() if key[0] == name}
    assert requests == {
        ("/health", "200"): 1,
        ("/sparql", "200"): 2,
        ("/sparql", "400"): 1,
        ("/", "200"): 1,
        ("/", "404"): 1,
    }
    assert found[("communique_http_sent_bytes_total", "/")] > len(page.content)
    assert found[("communique_http_seconds_count", "/sparql")] == 3
    assert found[("communique_workers",)] == 1 and found[("communique_workers_busy",)] == 0
    assert found[("communique_worker_requests_total", "answered")] == 2  # one of them when the server was started
    assert "secret" not in reply.text


@pytest.mark.parametrize("with_queries", [False, True])
def test_the_log_has_a_line_for_each_request_and_queries_only_if_asked(
    site: Path, tmp_path: Path, with_queries: bool
) -> None:
    log = tmp_path / "access.log"
    options = ("--access-log", str(log), *(["--log-queries"] if with_queries else []))
    with serving(copy_of(site, tmp_path), options=options) as served, served.client() as client:
        asked = client.get("/sparql", params={"query": SECRET})
        client.get("/none")
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    first, second = (line for line in lines if line["route"] != "/health")
    assert (first["method"], first["path"], first["status"]) == ("GET", "/sparql", 200)
    assert (second["path"], second["status"], second["route"]) == ("/none", 404, "/")
    assert first["bytes"] == len(asked.content) and 0 < first["seconds"] < 60
    assert ("secret" in log.read_text()) == with_queries == ("query" in first)
    assert "127.0.0.1" not in log.read_text()


def test_a_log_that_cannot_be_written_is_one_sentence(site: Path, tmp_path: Path) -> None:
    log = str(tmp_path / "none" / "log")
    command = [sys.executable, "-m", "communique", "serve", "--port", "0", "--public", str(site), "--access-log", log]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, f"communique: {log} cannot be written: No such file or directory\n")
