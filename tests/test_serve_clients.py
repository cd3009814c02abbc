"""Programs of others against the server, as their users call them: tables in pandas, a graph in rdflib."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas  # type: ignore[import-untyped]
import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from communique.api import Newsroom, open_newsroom
from communique.terms import SCHEMA
from tests.conftest import ARCHIVE
from tests.engines import LOOPBACK
from tests.serving import Served, copy_of, serving

pytestmark = [pytest.mark.allow_hosts(LOOPBACK), pytest.mark.slow]


@pytest.fixture(scope="module")
def served(archive_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(copy_of(archive_site, tmp_path_factory.mktemp("clients")), "query_seconds=60") as server:
        yield server


@pytest.fixture(scope="module")
def newsroom() -> Newsroom:
    return open_newsroom(ARCHIVE)


def test_pandas_reads_the_rows_of_a_question(served: Served, newsroom: Newsroom) -> None:
    release = next(row["release"] for row in newsroom.query("speakers").to_dicts())
    slug = str(release).rpartition("/")[2]
    table = pandas.read_csv(f"{served.url}/queries/speakers.csv?release={slug}", keep_default_na=False)
    expected = newsroom.query("speakers", release=slug)
    assert list(table.columns) == list(expected.columns)
    assert table["name"].tolist() == [row["name"] or "" for row in expected.to_dicts()]
    assert len(table) > 0


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("kind", ["xml", "json"])
def test_rdflib_reads_the_data_through_the_endpoint(served: Served, newsroom: Newsroom, method: str, kind: str) -> None:
    graph = Graph(SPARQLStore(f"{served.url}/sparql", method=method, returnFormat=kind))
    quads = newsroom.store.quads
    assert len(graph) == len(quads)  # the engine counts a triple once for each graph that has it
    node = next(
        quad.subject.value for quad in quads if getattr(quad.subject, "value", "").startswith(newsroom.base + "org/")
    )
    mine = {(str(p), str(o)) for _, p, o in graph.triples((URIRef(node), None, None))}
    theirs = {
        (quad.predicate.value, getattr(quad.object, "value", ""))
        for quad in quads
        if getattr(quad.subject, "value", "") == node
    }
    assert mine == theirs
    assert bool(graph.query(f"ASK {{ <{node}> ?p ?o }}"))
    if kind == "xml":  # rdflib asks for a graph with the name of the format of its tables
        assert len(graph.query(f"CONSTRUCT WHERE {{ ?s <{SCHEMA}name> ?o }}").graph or ()) > 50
