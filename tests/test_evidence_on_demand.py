"""The quads of the evidence are made when somebody needs them, and what is found does not depend on that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from communique.api import Newsroom, open_newsroom
from communique.check import shapes as shape_module
from communique.check.shapes import CORE, Shapes, is_drawn, read_shapes
from communique.check.weight import HEAVY, PER_EVIDENCE
from communique.compile import evidencegraph
from communique.compile.compiler import Compiled
from communique.compile.evidencegraph import EvidenceGraph
from communique.errors import CommuniqueError
from communique.publish.build import build
from communique.terms import SCHEMA
from tests.conftest import BASE, ROOT, compile_record, record_of

ARCHIVE = ROOT / "tests" / "cases" / "archive" / "data"
NODE = {"id": "person/p", "type": "Person", "name": "Ada Example", "evidence": "Ada Example"}


@pytest.fixture(scope="module")
def archive() -> Newsroom:
    return open_newsroom(ARCHIVE)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The releases of which the quads of the evidence have been made, as often as they have."""
    releases: list[str] = []
    original = evidencegraph._Quads

    def make(evidence: EvidenceGraph) -> object:
        releases.append(evidence.release)
        return original(evidence)

    monkeypatch.setattr(evidencegraph, "_Quads", make)
    return releases


def test_a_check_makes_evidence_only_of_releases_that_pyshacl_judges(archive: Newsroom, made: list[str]) -> None:
    checked = list(archive.core.check_all(archive.folder))
    drawn = {release.slug for release in archive.folder.releases() if is_drawn(release.sha256.encode())}
    assert len(checked) > 10 and not any(f.severity == "violation" for one in checked for f in one.findings)
    assert len(drawn) < len(checked)
    advised = {one.compiled.slug for one in checked if any(f.code.startswith("shape:") for f in one.findings)}
    assert {iri.rpartition("/")[2] for iri in made} == drawn | advised
    assert len(made) == len(set(made))


def test_the_same_is_found_with_all_evidence_made(archive: Newsroom) -> None:
    for release in archive.folder.releases():
        late, early = archive.core.check(release), archive.core.check(release, with_evidence=True)
        assert late.findings == early.findings
        assert late.compiled == early.compiled and late.compiled.evidence == early.compiled.evidence != ()


def test_evidence_is_made_once_however_often_it_is_used(made: list[str]) -> None:
    compiled = compile_record(record_of(NODE), "Headline\nAda Example spoke.\n")
    assert made == []
    assert compiled.evidence is compiled.evidence and compiled.quads and compiled.passages
    assert made == [f"{BASE}release/sample"]


def test_a_release_without_facts_has_no_evidence() -> None:
    compiled = compile_record(None, "Headline\n")
    assert (compiled.evidence, compiled.passages, compiled.graph_names) == ((), (), frozenset())


def bounds(newsroom: Newsroom) -> Iterator[tuple[Compiled, int]]:
    for release in newsroom.folder.releases():
        compiled = newsroom.core.check(release).compiled
        assert compiled.evidence_graph
        yield compiled, compiled.evidence_graph.most


def test_the_bound_of_the_evidence_holds_and_is_near(archive: Newsroom, real: Newsroom) -> None:
    for newsroom in (archive, real):
        for compiled, most in bounds(newsroom):
            assert len(compiled.evidence) <= most < 3 * len(compiled.evidence)


def test_the_bound_holds_where_words_run_over_ignored_ones() -> None:
    text = "Headline\nAda [1] Example [1] of [1] Sampletown\n2\nspoke.\n"
    record = record_of(NODE | {"evidence": {"*": "Ada Example of Sampletown spoke"}}) | {"ignore": ["[1]", "2"]}
    compiled = compile_record(record, text)
    assert [p.quote for p in compiled.passages][1:] == ["Ada", "Example", "of", "Sampletown", "spoke"]
    assert compiled.evidence_graph and len(compiled.evidence) <= compiled.evidence_graph.most


def test_each_inferred_fact_and_reviewer_is_within_the_bound() -> None:
    marked = [
        {"id": f"person/p{n}", "type": "Person", "name": f"Ada {n}", "evidence": {"*": "all", "name": {"why": "known"}}}
        for n in range(20)
    ]
    reviewed = [{"by": f"Max {n}", "on": "2031-05-03"} for n in range(20)]
    compiled = compile_record(record_of(*marked) | {"reviewed": reviewed}, "Headline\nThis is for all.\n")
    assert compiled.evidence_graph and 200 < len(compiled.evidence) <= compiled.evidence_graph.most


def test_what_is_too_heavy_does_not_depend_on_when_evidence_is_made(
    real: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    (release,) = real.folder.releases()
    compiled = real.core.check(release).compiled
    shapes, held = real.core.shapes, [*compiled.facts, *compiled.inferred]
    assert compiled.evidence_graph
    asked: list[int] = []

    def evidence() -> tuple[Quad, ...]:
        asked.append(1)
        return compiled.evidence

    for most in range(0, 400_000, 2_000):
        monkeypatch.setattr(shape_module, "HEAVY", most)
        whole = shapes.weight.is_heavy([*held, *compiled.evidence], most)
        assert shapes.is_heavy(held, evidence, compiled.evidence_graph.most) is whole
    assert 0 < len(asked) < 150


def test_the_shapes_of_a_newsroom_weigh_all_evidence() -> None:
    heavy = [Quad(NamedNode(f"{BASE}n{n}"), NamedNode(SCHEMA + "name"), Literal("x")) for n in range(HEAVY // 7 + 1)]
    for is_own in (False, True):
        own = Shapes(read_shapes().triples, is_own=is_own)
        assert own.is_heavy([], lambda: heavy, 0) is is_own
        assert own.is_heavy([], lambda: heavy, len(heavy))


def test_no_packaged_shape_asks_more_of_evidence_than_its_weight(real: Newsroom) -> None:
    profiles = sorted(path.stem for path in (ROOT / "shapes" / "profiles").glob("*.ttl"))
    weight = read_shapes((CORE, *profiles)).weight
    for compiled, _ in bounds(real):
        own = {quad.predicate for quad in compiled.evidence}
        assert profiles and own.isdisjoint(weight.closures)
        assert len([pair for pair in weight.orders if own & set(pair)]) == 1
        assert not weight.is_heavy(compiled.evidence, PER_EVIDENCE * len(compiled.evidence))


def test_evidence_that_cannot_be_made_is_a_finding_of_a_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(evidence: EvidenceGraph) -> object:
        if evidence.release.endswith("wells-report"):
            raise RecursionError("too deep")
        return original(evidence)

    original = evidencegraph._Quads
    monkeypatch.setattr(evidencegraph, "_Quads", fail)
    outcome = build(open_newsroom(ARCHIVE), tmp_path / "public", jobs=1, site=False)
    wrong = [f for f in outcome.findings if f.severity == "violation"]
    assert [(f.code, Path(f.file).parent.name) for f in wrong] == [("program-error", "2018-03-12-wells-report")]
    assert not (tmp_path / "public").exists()


def test_two_facts_of_one_statement_node_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidencegraph, "statement_iri", lambda release, fact: f"{release}#s-1")
    quoted = NODE | {"evidence": {"*": "Ada", "name": "Ada Example", "alternateName": "Ada"}, "alternateName": "Ada"}
    compiled = compile_record(record_of(quoted), "Headline\nAda Example spoke.\n")
    with pytest.raises(CommuniqueError, match="two facts share the statement"):
        _ = compiled.evidence
