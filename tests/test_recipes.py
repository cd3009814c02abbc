"""The commands by which the pages tell a reader to load the data, run as they stand there, but for the port."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from communique.publish.site.recipes import RECIPES
from communique.store.open import open_store
from tests import engines

pytestmark = pytest.mark.allow_hosts(engines.LOOPBACK)
CODE = {recipe.name: recipe.code for recipe in RECIPES}


def triples_of(site: Path) -> int:
    return len({quad.triple for quad in ox.parse(path=str(site / "dataset.nq"))})


def run(command: str, site: Path, **env: str) -> None:
    subprocess.run(["bash", "-euo", "pipefail", "-c", command], cwd=site, check=True, env={**os.environ, **env})


def counted(url: str, graph: str = "?g") -> int:
    """Quads in the graphs of a store."""
    rows: Any = open_store(url).query(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}").rows
    return int(rows[0][0].value)


def test_every_recipe_is_run_here_or_needs_a_store_that_cannot_be_had() -> None:
    assert set(CODE) == {"Oxigraph", "Oxigraph (HTTP)", "Virtuoso", "Apache Jena Fuseki", "GraphDB", "QLever"}


@pytest.mark.stores
def test_oxigraph_takes_the_dump_from_a_disk(site: Path, tmp_path: Path) -> None:
    engines.require("oxigraph-server")
    program = engines.oxigraph_program()
    assert program
    load = CODE["Oxigraph"].splitlines()[0].replace("--location store", f"--location {tmp_path}/store")
    run(load, site, PATH=f"{Path(program).parent}:{os.environ['PATH']}")
    assert len(ox.Store.read_only(str(tmp_path / "store"))) == len(list(ox.parse(path=str(site / "dataset.nq"))))


@pytest.mark.stores
def test_oxigraph_takes_the_dump_over_http(site: Path, tmp_path: Path) -> None:
    engines.require("oxigraph-server")
    with engines.running(engines.SERVERS["oxigraph-server"](tmp_path / "s")) as server:
        run(CODE["Oxigraph (HTTP)"].replace("http://localhost:7878", server.url), site)
        assert counted(server.url) == len(list(ox.parse(path=str(site / "dataset.nq"))))


@pytest.mark.stores
def test_virtuoso_takes_the_turtle(site: Path, tmp_path: Path) -> None:
    engines.require("virtuoso")
    with engines.running(engines.SERVERS["virtuoso"](tmp_path / "s")) as server:
        run(CODE["Virtuoso"].replace("http://localhost:8890", server.url), site)
        assert counted(f"{server.url}/sparql", "<urn:press-releases>") == triples_of(site)
