"""The reconciliation service over HTTP: what OpenRefine sends, and what it is given."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from tests.conftest import ROOT
from tests.inprocess import InProcess, in_process

ZULFIYA = "person/zulfiya-baysakova"


@pytest.fixture(scope="module")
def served(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    root = shutil.copytree(site, tmp_path_factory.mktemp("reconcile") / "public")
    with in_process(root) as running:
        yield running


def post(served: InProcess, **form: str) -> httpx.Response:
    found: httpx.Response = served.run(served.client.post("/reconcile", data=form))
    return found


def candidates(served: InProcess, **query: Any) -> list[dict[str, Any]]:
    answer = post(served, queries=json.dumps({"q0": query}))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["q0"]["result"]
    return found


def test_the_manifest_has_what_clients_need(served: InProcess) -> None:
    answer = served.get("/reconcile")
    found = answer.json()
    assert answer.headers["access-control-allow-origin"] == "*"
    assert found["versions"] == ["0.2"]
    assert found["identifierSpace"] == "https://w3id.org/communique/id/"
    assert found["view"]["url"] == "http://example.org/reconcile/view?id={{id}}"
    assert found["suggest"]["entity"] == {
        "service_url": "http://example.org/reconcile",
        "service_path": "/suggest/entity",
    }
    assert served.get("/reconcile", if_none_match=answer.headers["etag"]).status_code == 304
    assert served.get("/reconcile?callback=jsonp1").json() == found


def test_the_manifest_of_a_mounted_application_has_the_public_address(served: InProcess) -> None:
    outer = Starlette(routes=[Mount("/press", served.app)])

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(outer), base_url="https://example.org") as client:
            return await client.get("/press/reconcile")

    assert served.run(ask()).json()["view"]["url"] == "https://example.org/press/reconcile/view?id={{id}}"


@pytest.mark.parametrize(
    ("name", "score", "match"),
    [
        ("Zulfiya Baysakova", 100.0, True),
        ("ZULFIYA BAYSAKOVA", 100.0, True),
        (ZULFIYA, 100.0, True),
        ("Baysakova, Zulfiya", 85.0, False),
        ("Z. Baysakova", 75.0, False),
    ],
)
def test_scores_of_names(served: InProcess, name: str, score: float, match: bool) -> None:
    first = candidates(served, query=name, type="schema:Person")[0]
    assert (first["id"], first["score"], first["match"]) == (ZULFIYA, score, match)


def test_a_type_that_does_not_fit_gives_no_candidate(served: InProcess) -> None:
    assert candidates(served, query="Zulfiya Baysakova", type="http://schema.org/Place") == []
    assert candidates(served, query="Zulfiya Baysakova", type=["Person"])[0]["match"]


def test_a_type_that_should_fit_lowers_the_score_of_others(served: InProcess) -> None:
    asked = {"query": "Zulfiya Baysakova", "type_strict": "should"}
    first = candidates(served, **asked, type="schema:Person")[0]
    assert (first["id"], first["score"], first["match"]) == (ZULFIYA, 100.0, True)
    first = candidates(served, **asked, type="schema:Place")[0]
    assert (first["id"], first["score"], first["match"]) == (ZULFIYA, 80.0, False)


def test_a_property_that_is_missing_lowers_the_score_and_decides_nothing(served: InProcess) -> None:
    asked = [{"pid": "jobTitle", "v": "invented title"}]
    first = candidates(served, query="Zulfiya Baysakova", properties=asked)[0]
    assert (first["id"], first["score"], first["match"]) == (ZULFIYA, 80.0, False)


def test_values_are_those_of_the_publication(served: InProcess) -> None:
    asked = {"ids": [ZULFIYA, "person/nobody"], "properties": [{"id": "schema:name"}]}
    found = post(served, extend=json.dumps(asked)).json()
    assert [one["id"] for one in found["meta"]] == ["schema:name"]
    assert {"str": "Zulfiya Baysakova"} in found["rows"][ZULFIYA]["schema:name"]
    assert found["rows"]["person/nobody"] == {"schema:name": []}


def test_suggestions(served: InProcess) -> None:
    assert served.get("/reconcile/suggest/entity?prefix=baysak").json()["result"][0]["id"] == ZULFIYA
    assert served.get("/reconcile/suggest/type?prefix=pers").json()["result"][0]["id"] == "schema:Person"
    assert any(one["id"] == "schema:name" for one in served.get("/reconcile/properties").json()["properties"])


def test_view_and_preview(served: InProcess) -> None:
    view = served.get("/reconcile/view?id=" + ZULFIYA)
    assert (view.status_code, view.headers["location"]) == (303, f"../{ZULFIYA}/index.html")
    preview = served.get("/reconcile/preview?id=" + ZULFIYA)
    assert "Zulfiya Baysakova" in preview.text
    assert "frame-ancestors *" in preview.headers["content-security-policy"]
    assert served.get("/reconcile/preview?id=person/nobody").status_code == 404


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({"queries": "{"}, 400, "no JSON"),
        ({"queries": "[]"}, 400, "one query for each key"),
        ({"queries": json.dumps({"q0": {}})}, 400, "neither a query nor properties"),
        ({"queries": json.dumps({f"q{n}": {"query": "a"} for n in range(101)})}, 413, "at most 100"),
        ({"extend": "{}"}, 400, "list of ids"),
    ],
)
def test_refused(served: InProcess, form: dict[str, str], status: int, words: str) -> None:
    answer = post(served, **form)
    assert (answer.status_code, words in answer.text) == (status, True), answer.text


def test_a_batch_that_takes_too_long_is_a_sentence(served: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter(range(0, 10**9, 100))
    monkeypatch.setattr("communique.serve.reconcile.time", SimpleNamespace(monotonic=lambda: next(times)))
    answer = post(served, queries=json.dumps({"q0": {"query": "Zulfiya"}}))
    assert (answer.status_code, "query_seconds" in answer.text) == (422, True)


def test_a_hostile_batch_ends_and_searches_do_not_wait_for_it(served: InProcess) -> None:
    names = " ".join(["the of and in a to trafficking persons report organization migration"] * 2)
    properties = [{"pid": "schema:name", "v": [f"v{n}" for n in range(4)]}] * 2
    batch = {f"q{n}": {"query": names, "limit": 1e300, "properties": properties} for n in range(100)}

    async def ask() -> tuple[httpx.Response, httpx.Response]:
        hostile = asyncio.create_task(served.client.post("/reconcile", data={"queries": json.dumps(batch)}))
        await asyncio.sleep(0.05)
        found = await served.client.get("/search?q=baysak")
        return found, await hostile

    found, answer = served.run(ask())
    assert found.status_code == 200 and found.elapsed.total_seconds() < 2
    assert (answer.status_code, len(answer.json())) == (200, 100)


def test_the_setting_leaves_out_what_a_reader_concluded(served: InProcess) -> None:
    ids = [one["id"] for one in served.get("/reconcile/suggest/entity?prefix=a").json()["result"]]
    properties = [one["id"] for one in served.get("/reconcile/properties").json()["properties"]][:20]
    rows = []
    for stated in (False, True):
        asked = {"ids": ids, "properties": [{"id": one, "settings": {"stated": stated}} for one in properties]}
        rows.append(post(served, extend=json.dumps(asked)).json()["rows"])
    everything, stated_only = rows
    values = [(one, name) for one in ids for name in properties]
    assert all(value in everything[one][name] for one, name in values for value in stated_only[one][name])
    assert any(everything[one][name] != stated_only[one][name] for one, name in values)


def test_what_the_manifest_links_to_is_there(served: InProcess) -> None:
    manifest = served.get("/reconcile").json()
    assert [served.get(manifest[name]).status_code for name in ("documentation", "logo")] == [200, 200]


def test_the_example_of_the_documentation_finds_its_person(served: InProcess) -> None:
    page = (ROOT / "docs" / "reconcile.md").read_text(encoding="utf-8")
    (queries,) = re.findall(r"--data-urlencode 'queries=(.*)'$", page, re.MULTILINE)
    (first, *_) = post(served, queries=queries).json()["q0"]["result"]
    assert (first["id"], first["match"]) == (ZULFIYA, True)


def test_methods_and_bodies(served: InProcess) -> None:
    get, head = served.get("/reconcile"), served.get("/reconcile", method="HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]
    asked = served.get("/reconcile", {"queries": json.dumps({"q0": {"query": "Zulfiya Baysakova"}})})
    assert asked.json()["q0"]["result"][0]["id"] == ZULFIYA
    options = served.get("/reconcile", method="OPTIONS")
    assert (options.status_code, options.headers["access-control-allow-origin"]) == (204, "*")
    refused = served.get("/reconcile", method="DELETE")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST")
    assert served.get("/reconcile/suggest/entity", method="POST").status_code == 405
    assert served.get("/reconcile?callback=" + "a" * 9000).status_code == 414
    body = served.run(served.client.post("/reconcile", json={"queries": {}}))
    assert (body.status_code, "application/x-www-form-urlencoded" in body.text) == (415, True)


def test_suggestions_go_on_at_the_cursor(served: InProcess) -> None:
    whole = served.get("/reconcile/suggest/property?prefix=").json()["result"]
    assert len(whole) == 20
    later = served.get("/reconcile/suggest/property?prefix=&cursor=5").json()["result"]
    assert later[:15] == whole[5:]
    assert served.get("/reconcile/suggest/property?cursor=x").status_code == 400
