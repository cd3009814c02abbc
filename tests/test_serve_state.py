"""The application inside another one, and what it does when builds change while it runs."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from communique.api import open_newsroom
from communique.publish.build import build
from communique.serve import state as states
from communique.serve.app import create_app
from communique.serve.metrics import Metrics
from communique.serve.missing import nearest
from communique.serve.publication import ChangedError, open_publication
from communique.serve.refusal import HttpError
from communique.serve.settings import Settings
from communique.serve.state import ServerState
from communique.serve.worker import SparqlRequest
from tests.generated import write_generated
from tests.serving import copy_of

pytestmark = pytest.mark.slow


def test_it_can_be_mounted_below_a_path(site: Path, tmp_path: Path) -> None:
    app = create_app(copy_of(site, tmp_path), Settings(workers=1))
    outer = Starlette(routes=[Mount("/press", app=app)])

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(outer)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://e.example", headers={"accept": "*/*"}) as client,
        ):
            paths = ("/press/org/iom", "/press/org/iom/index.ttl", "/press/sparql?query=ASK{}", "/press/none")
            return [await client.get(path) for path in paths]

    thing, data, asked, missing = asyncio.run(ask())
    assert (thing.status_code, thing.headers["location"]) == (303, "iom/")
    assert data.content == (site / "org" / "iom" / "index.ttl").read_bytes()
    assert asked.json()["boolean"] is True and missing.status_code == 404


def test_many_who_notice_a_new_build_open_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, public, said = write_generated(tmp_path, 2), tmp_path / "public", list[str]()
    build(open_newsroom(data), public, jobs=1, site=False)
    opened = []

    async def counted(*words: Any) -> Any:
        opened.append(words)
        return await real(*words)

    real = states.open_build
    monkeypatch.setattr(states, "open_build", counted)

    async def whole() -> list[bool]:
        state = ServerState(public, Settings(workers=1), Metrics(), said.append)
        await state.start()
        try:
            shutil.rmtree(next((data / "releases").iterdir()))
            await asyncio.to_thread(build, open_newsroom(data), public, jobs=1, site=False)
            return await asyncio.gather(*(state.reload() for _ in range(5)))
        finally:
            await state.stop()

    found = asyncio.run(whole())
    assert sum(found) <= 1  # the one that looks by itself may have been first
    assert len(opened) == 2 and len(said) == 1 and said[0].startswith("a new build is in use")


def test_a_query_that_is_under_way_ends_with_the_build_that_it_began_with(tmp_path: Path) -> None:
    data, public = write_generated(tmp_path, 2), tmp_path / "public"
    build(open_newsroom(data), public, jobs=1, site=False)
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"

    async def whole() -> HttpError:
        state = ServerState(public, Settings(workers=1, query_seconds=4), Metrics(), print)
        await state.start()
        try:
            old = state.build
            shutil.rmtree(next((data / "releases").iterdir()))
            await asyncio.to_thread(build, open_newsroom(data), public, jobs=1, site=False)
            asked = asyncio.create_task(old.pool.ask("me", "ask", SparqlRequest(endless, "SELECT", "http://e/", "csv")))
            await asyncio.sleep(0.2)
            while state.build is old:
                await state.reload()
            assert not asked.done()
            with pytest.raises(HttpError) as no:
                await asked
            return no.value
        finally:
            await state.stop()

    no = asyncio.run(whole())
    assert no.status == 422 and "took longer than 4 s" in str(no)


def test_a_file_of_another_size_is_not_taken_for_the_one_of_the_manifest(site: Path, tmp_path: Path) -> None:
    publication = open_publication(copy_of(site, tmp_path))
    file = publication.files["style.css"]
    assert publication.read(file) == (site / "style.css").read_bytes()
    (publication.root / "style.css").unlink()
    (publication.root / "style.css").write_text("of another build")
    with pytest.raises(ChangedError, match=r"style\.css is not the file of the manifest"):
        publication.read(file)


def test_a_new_build_that_cannot_be_used_is_told_once_and_the_old_one_stays(site: Path, tmp_path: Path) -> None:
    public, said = copy_of(site, tmp_path), list[str]()

    async def whole() -> bytes:
        state = ServerState(public, Settings(workers=1), Metrics(), said.append)
        await state.start()
        try:
            (public / "manifest.json").unlink()
            (public / "manifest.json").write_text("{}")
            for _ in range(3):
                assert not await state.reload()
            return state.build.publication.read(state.build.publication.files["style.css"])
        finally:
            await state.stop()

    assert asyncio.run(whole()) == (site / "style.css").read_bytes()
    assert len(said) == 1 and said[0].startswith("the new build cannot be used, the old one stays: ")


def test_what_is_near_is_found_in_the_whole_of_a_small_publication_and_around_it_in_a_large_one(site: Path) -> None:
    publication = open_publication(site)
    assert nearest(publication, "org/xiom/") == ["org/iom"]
    publication.sorted_folders = sorted({*publication.folders, *(f"person/p{n:06}" for n in range(100_000))})
    assert "person/p050050" in nearest(publication, "person/p050050x")
    assert nearest(publication, "org/iomm") == ["org/iom"]
