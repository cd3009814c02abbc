"""The server behind another that does TLS: every address that it gives is the one that the public knows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conftest import ROOT
from tests.engines import LOOPBACK
from tests.serving import Served, copy_of, serving

pytestmark = [pytest.mark.allow_hosts(LOOPBACK), pytest.mark.slow]

PUBLIC = "https://data.example.org"
HEADERS = {"host": "data.example.org", "x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.7"}
SENDS = dict(re.findall(r"proxy_set_header (\S+) (\S+);", (ROOT / "docs" / "serve.md").read_text(encoding="utf-8")))
"""The headers that the documentation tells the other server to send."""


@pytest.fixture(scope="module")
def served(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(copy_of(site, tmp_path_factory.mktemp("proxy"))) as server:
        yield server


def test_the_documentation_names_the_headers() -> None:
    assert SENDS == {"Host": "$host", "X-Forwarded-For": "$remote_addr", "X-Forwarded-Proto": "$scheme"}


def test_the_manifest_of_the_reconciliation_service_has_public_addresses(served: Served) -> None:
    with served.client(**HEADERS) as client:
        manifest = client.get("/reconcile").json()
    assert manifest["view"]["url"] == f"{PUBLIC}/reconcile/view?id={{{{id}}}}"
    own = re.findall(r"https?://[a-z.]*example\.org[^\"]*", json.dumps(manifest))
    assert len(own) > 6
    assert all(one.startswith(f"{PUBLIC}/") for one in own)


def test_only_the_proxy_is_believed(site: Path, tmp_path: Path) -> None:
    with serving(copy_of(site, tmp_path), options=("--proxy", "192.0.2.1")) as other, other.client(**HEADERS) as client:
        assert client.get("/reconcile").json()["view"]["url"].startswith("http://data.example.org/")


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/org/iom", "text/html"),
        ("/org/iom", "text/turtle"),
        ("/queries/speakers", "text/html"),
        ("/reconcile/view?id=org/iom", "*/*"),
        ("/search?q=a", "application/json"),
        ("/queries/speakers.csv", "text/csv"),
        ("/org/iom/", "text/turtle"),
    ],
)
def test_redirects_and_links_stay_at_the_public_address(served: Served, path: str, accept: str) -> None:
    with served.client(**HEADERS, accept=accept) as client:
        reply = client.get(path)
    links = re.findall("<([^>]*)>", reply.headers.get("link", ""))
    given = [reply.headers[name] for name in ("location", "content-location") if name in reply.headers] + links
    assert given
    assert [one for one in given if urlsplit(one).netloc] == []


def test_the_description_of_the_service_has_the_address_of_the_site(served: Served) -> None:
    """Its address does not depend on the request, so that it is the same for everybody who reads it."""
    with served.client(**HEADERS, accept="application/n-triples") as client:
        text = client.get("/sparql").text
        plain = client.get("/sparql", headers={"host": "127.0.0.1", "x-forwarded-proto": "http"}).text
    [address] = re.findall(r"sparql-service-description#endpoint> <([^>]+)>", text)
    assert address.endswith("/sparql")
    assert text == plain
    assert "127.0.0.1" not in text


def test_the_web_api_is_described_without_a_host(served: Served) -> None:
    with served.client(**HEADERS) as client:
        document = client.get("/openapi.json").json()
    assert [one["url"] for one in document.get("servers", []) if urlsplit(one["url"]).netloc] == []
