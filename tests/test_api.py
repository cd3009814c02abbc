"""The Python interface, as people use it."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

import communique
from communique.api import EVIDENCE, Newsroom, Release, select
from communique.compile.compiler import Compiled
from communique.compile.evidencegraph import marks_of_inference
from communique.errors import CommuniqueError, NewsroomError, OutputError
from communique.formats import FORMATS
from communique.terms import CMQ
from tests.conftest import DATA, SLUG, MakeNewsroom
from tests.test_annotated import unfolded

RECORD = """\
"@context": [context.jsonld]
id: release/sample
type: [NewsArticle, PressRelease]
headline: Headline of the day
inLanguage: en
evidence: Headline of the day
"""


def test_the_package_offers_what_the_interface_names() -> None:
    assert communique.open_newsroom(DATA)[SLUG].slug == SLUG
    assert communique.__version__.count(".") == 2
    assert set(communique.__all__) == {"Newsroom", "Release", "__version__", "open_newsroom"}
    with pytest.raises(AttributeError, match="no attribute 'nope'"):
        getattr(communique, "no" + "pe")


def test_a_newsroom_gives_its_releases(real: Newsroom) -> None:
    assert SLUG in [r.slug for r in real]
    assert repr(real[SLUG]) == f"Release('{SLUG}')"
    assert real[SLUG].source.encode() == (DATA / "releases" / SLUG / "source.txt").read_bytes()


def test_an_unknown_release_or_newsroom_is_refused(real: Newsroom, tmp_path: Path) -> None:
    with pytest.raises(NewsroomError, match=f"did you mean '{SLUG}'"):
        real[SLUG[:-1]]
    with pytest.raises(NewsroomError, match="there is no folder"):
        communique.open_newsroom(tmp_path / "none")


def test_a_graph_holds_the_facts_and_as_much_evidence_as_asked_for(release: Release, compiled: Compiled) -> None:
    sizes = [len(release.graph(level)) for level in EVIDENCE]
    assert sizes == sorted(sizes) and sizes[0] == len({q.triple for q in _with_marks(compiled)})
    assert isinstance(release.graph(), rdflib.Graph)
    assert release.graph() is not release.graph()
    schema = rdflib.Namespace("http://schema.org/")
    assert (rdflib.URIRef(compiled.iri), rdflib.RDF.type, schema.NewsArticle) in release.graph()


def test_evidence_of_nodes_is_whole_and_has_no_passage_that_nobody_names(compiled: Compiled) -> None:
    nodes = select(compiled, "nodes")
    named = {q.object for q in nodes if q.predicate.value == CMQ + "evidence" and "#s-" not in str(q.subject)}
    passages = {q.subject for q in nodes if "#char=" in str(q.subject)}
    assert passages == named
    assert {q for q in nodes if q.graph_name.value.endswith("/evidence")} < set(compiled.evidence)  # type: ignore[union-attr]
    assert set(_with_marks(compiled)) <= set(nodes) < set(select(compiled, "full")) == set(compiled.quads)
    assert select(compiled, "none") == _with_marks(compiled) + compiled.page


def _with_marks(compiled: Compiled) -> tuple[ox.Quad, ...]:
    """All facts, and for those that are inferred why."""
    return compiled.facts + compiled.inferred + marks_of_inference(compiled.evidence)


@pytest.mark.parametrize("fmt", [f.name for f in FORMATS.values() if not f.embedded])
@pytest.mark.parametrize("evidence", EVIDENCE)
def test_every_syntax_holds_the_same_triples(real: Newsroom, fmt: str, evidence: str) -> None:
    def triples(name: str) -> set[ox.Triple]:
        data = real.export([SLUG], name, evidence=evidence)
        syntax = ox.RdfFormat.from_media_type(FORMATS[name].media_type)
        assert syntax is not None
        return unfolded(ox.parse(data, format=syntax))

    assert triples(fmt) == triples("nquads")


def test_an_export_is_the_same_each_time(real: Newsroom) -> None:
    again = communique.open_newsroom(DATA)
    for fmt in FORMATS:
        assert real.export([SLUG], fmt) == again.export([SLUG], fmt)


def test_page_json_ld_is_json_of_schema_org(real: Newsroom) -> None:
    for nested in (False, True):
        document = json.loads(real.export([SLUG], "page-jsonld", nested=nested))
        assert document["@context"] == "https://schema.org"


def test_an_unknown_format_is_refused(real: Newsroom) -> None:
    with pytest.raises(CommuniqueError, match="did you mean 'turtle'"):
        real.export([SLUG], "turtel")


def test_an_unknown_level_of_evidence_is_refused_with_the_nearest(real: Newsroom, compiled: Compiled) -> None:
    expected = r"^unknown level of evidence 'fulll', did you mean 'full'\?$"
    with pytest.raises(CommuniqueError, match=expected):
        select(compiled, "fulll")
    with pytest.raises(CommuniqueError, match=expected):
        real.export([SLUG], "turtle", evidence="fulll")
    with pytest.raises(CommuniqueError, match=expected):
        list(real.quads([SLUG], "fulll"))
    with pytest.raises(CommuniqueError, match=expected):
        real[SLUG].graph("fulll")


@pytest.mark.parametrize("fmt", [f.name for f in FORMATS.values() if not f.embedded])
def test_a_syntax_without_a_tree_cannot_be_nested(real: Newsroom, fmt: str) -> None:
    with pytest.raises(OutputError, match=rf"^{fmt} cannot be nested: only page-jsonld can be written as one tree$"):
        real.export([SLUG], fmt, nested=True)


def test_a_release_that_cannot_be_compiled_is_not_exported(make_newsroom: MakeNewsroom) -> None:
    newsroom = communique.open_newsroom(make_newsroom("a: b\n", "text"))
    with pytest.raises(NewsroomError, match="sample cannot be exported: communique check sample says"):
        newsroom.export(["sample"], "turtle")


def test_a_newsroom_of_one_release_and_no_dataset_file_works(make_newsroom: MakeNewsroom) -> None:
    newsroom = communique.open_newsroom(make_newsroom(RECORD, "Headline of the day\n"))
    assert newsroom.dataset.base == "https://w3id.org/communique/id/"
    assert [f for f in newsroom["sample"].check() if f.severity == "violation"] == []
    assert len(newsroom["sample"].graph()) + len(newsroom.shared()) == len(list(newsroom.quads(evidence="none"))) > 4


def test_all_quads_are_those_of_the_registry_and_of_the_releases(real: Newsroom, compiled: Compiled) -> None:
    quads = set(real.quads([SLUG]))
    assert quads == set(real.shared()) | set(compiled.quads)
