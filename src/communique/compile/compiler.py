"""A release becomes quads: the facts of its record, each tied to words of its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from pyoxigraph import NamedNode, Quad

from communique.compile.day import day_of
from communique.compile.evidence import Evidence
from communique.compile.evidencegraph import EvidenceGraph
from communique.compile.expand import Expansion
from communique.compile.explained import ExplainedFact, Explanations, explained_facts
from communique.compile.figurecheck import check_figures
from communique.compile.finding import find_nodes
from communique.compile.forms import unfold_forms
from communique.compile.grounding import ground_literals
from communique.compile.header import AROUND, Review, check_keys, read_header, read_reviews
from communique.compile.ignored import running_of
from communique.compile.inlanguage import check_language
from communique.compile.interrupted import find_parts
from communique.compile.keywords import report_collisions, written_key
from communique.compile.names import Entities
from communique.compile.nodes import RecordNode
from communique.compile.page import compile_page
from communique.compile.periods import check_periods
from communique.compile.provenance import provenance
from communique.compile.quads import EvidenceTally, Key, Quads
from communique.compile.reading import read_source
from communique.compile.references import check_references
from communique.compile.relations.judge import Judge
from communique.compile.report import Report, report_to
from communique.compile.rules import apply_rules
from communique.compile.schedules import check_schedules
from communique.compile.standing import apply_standing
from communique.compile.termcheck import check_terms
from communique.compile.timesaid import complete_days, hold_times
from communique.compile.verbnames import widen_verbs
from communique.context import Context
from communique.findings import Finding, Findings, order
from communique.iris import release_iri, release_path
from communique.read.release import WrittenRelease
from communique.read.yamlld import Pointer
from communique.text.passages import Passage, Span
from communique.text.work import Work, WorkSpentError


@dataclass(frozen=True)
class Compiled:
    """The result of compiling a release.

    ``facts`` (what is stated), ``inferred`` (what a reader or a rule concluded), `evidence` and ``page`` are the
    quads of its named graphs (the last empty without a ``page.json``); those of the ``evidence_graph`` are made when
    they are first asked for, because a check seldom needs them. ``findings`` are what the compiler found wrong,
    in the order of the record; ``places`` says where in the record each fact is written, ``node_places`` where each
    node is, by its IRI. ``day`` is the day of the release (YYYY-MM-DD), see `communique.compile.day`; ``furniture`` are
    the spans of the source that the record marks as no text of the release, such as the menus of a web page or page
    numbers; ``reviewed`` says who checked the record, and when; ``explained`` how the words for each fact were
    found, if that was asked.
    """

    slug: str
    iri: str
    base: str
    language: str
    facts: tuple[Quad, ...] = ()
    inferred: tuple[Quad, ...] = ()
    page: tuple[Quad, ...] = ()
    evidence_graph: EvidenceGraph | None = None
    findings: tuple[Finding, ...] = ()
    places: Mapping[Key, Pointer] = field(default_factory=dict)
    node_places: Mapping[str, Pointer] = field(default_factory=dict)
    headline: str | None = None
    day: str | None = None
    tally: EvidenceTally = field(default_factory=EvidenceTally)
    furniture: tuple[Span, ...] = ()
    reviewed: tuple[Review, ...] = ()
    explained: tuple[ExplainedFact, ...] = ()

    @property
    def evidence(self) -> tuple[Quad, ...]:
        """The quads of the graph of its evidence. Raises `CommuniqueError` if two facts share a statement node."""
        return self.evidence_graph.quads if self.evidence_graph else ()

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The passages of its source that are evidence, in the order of the text."""
        return self.evidence_graph.passages if self.evidence_graph else ()

    @property
    def quads(self) -> tuple[Quad, ...]:
        """The quads of all its named graphs."""
        return self.facts + self.inferred + self.evidence + self.page

    @property
    def graph_names(self) -> frozenset[str]:
        """The IRIs of its named graphs, without those that are empty."""
        parts = (part for part in (self.facts, self.inferred, self.evidence, self.page) if part)
        return frozenset(part[0].graph_name.value for part in parts if isinstance(part[0].graph_name, NamedNode))


NO_ENTITIES: Final[Entities] = MappingProxyType({})
NO_INFERENCES: Final[Mapping[str, str]] = MappingProxyType({})


def compile_release(
    release: WrittenRelease,
    context: Context,
    *,
    base: str,
    language: str = "en",
    registry: Entities = NO_ENTITIES,
    inferences: Mapping[str, str] = NO_INFERENCES,
    explain: bool = False,
) -> Compiled:
    """The quads of a release, and what is wrong with its record.

    ``base`` and ``language`` apply where the record's ``@context`` says nothing. ``registry`` has the quads of the
    entities that releases share, by IRI; only those that the record names are looked up. ``inferences`` are those that
    the newsroom declares, with their reasons. With ``explain``, the result says how the words for each fact were found.
    Pure: the same release gives the same quads, in whatever order its record is written. Faults of the record are
    findings; nothing is raised for them.
    """
    findings = Findings(release.file, release.findings)

    report = report_to(findings, release.file, release.locate)
    empty = Compiled(release.slug, release_iri(base, release.slug), base, language)
    if release.record is None:
        return replace(empty, findings=findings.all())
    try:
        return _compile(
            release, context, empty, findings, report, registry=registry, inferences=inferences, explain=explain
        )
    except WorkSpentError:
        message = "this release takes more work than one release may take; checking it stopped here"
        fix = "split it, or shorten its text, quotes and lists"
        findings.add(release.finding("too-much-work", message, (), fix=fix))
        return replace(empty, findings=tuple(sorted(findings.all(), key=order)))


def _compile(
    release: WrittenRelease,
    context: Context,
    empty: Compiled,
    findings: Findings,
    report: Report,
    *,
    registry: Entities,
    inferences: Mapping[str, str],
    explain: bool,
) -> Compiled:
    assert release.record is not None
    base, language, work = empty.base, empty.language, Work()
    header = read_header(release.record, report, base, release.slug, language)
    reviewed = read_reviews(release.record, header, report)
    expansion = Expansion(context, report, base=header.base, this=header.this, language=header.language)
    root = _expand_record(expansion, release, report)
    if root is None:
        return replace(empty, findings=tuple(sorted(findings.all(), key=order)))
    running = running_of(release, header.base, report, work)
    evidence = Evidence(expansion, running, report, work, explanations=Explanations(explain))
    _tie_to_words(evidence, root, registry)
    quads = Quads(base=header.base, slug=release.slug, text=running, sha256=release.sha256)
    apply_standing(expansion, root, inferences, lambda node: evidence.nodes[node])
    apply_rules(expansion, root, quads.source, lambda node: evidence.nodes[node], evidence.entities)
    evidence.support_derived()
    quads.add(expansion, evidence.nodes, work)
    parts = ("", "inferred", "evidence") if quads.inferred else ("", "evidence")
    sources = tuple(provenance(header.base, release.slug, parts, quads.source, reviewed))
    page, page_findings = compile_page(release, root.iri, expansion, day_of(root, (), header.language))
    for finding in page_findings:
        findings.add(finding)
    return Compiled(
        release.slug,
        root.iri.value,
        header.base,
        header.language,
        facts=tuple(quads.facts),
        inferred=tuple(quads.inferred),
        page=page,
        evidence_graph=quads.evidence(evidence.entities, sources),
        findings=tuple(sorted(findings.all(), key=order)),
        places=quads.places,
        node_places=quads.node_places,
        headline=next((f.object.value for f in root.facts.get("headline", [])), None),
        day=day_of(root, page, header.language),
        tally=quads.tally,
        furniture=tuple(sorted({*running.ignored, *evidence.furniture})),
        reviewed=reviewed,
        explained=tuple(explained_facts(evidence.nodes, evidence.explanations, running)) if explain else (),
    )


def _tie_to_words(evidence: Evidence, root: RecordNode, registry: Entities) -> None:
    """Tie every node and fact to the words quoted for it, or to those that say it, and report what no words say."""
    expansion = evidence.expansion
    evidence.attach()
    find_parts(evidence)
    reading = read_source(expansion, evidence.source, registry, evidence.work)
    check_references(evidence)
    check_language(expansion, root)
    judge = Judge(evidence, reading)
    evidence.leave_out(check_terms(expansion, reading.classes))
    check_periods(evidence)
    check_figures(evidence, reading)
    check_schedules(evidence, reading)
    find_nodes(evidence, reading)
    complete_days(evidence, reading, root)
    judge.judge()
    hold_times(evidence, reading)
    ground_literals(evidence, reading)
    widen_verbs(evidence, reading)
    evidence.complete_marks()


# ---- the nodes


def _expand_record(expansion: Expansion, release: WrittenRelease, report: Report) -> RecordNode | None:
    """Expand all nodes of a record and return the node of the release; None if there is none, which is reported."""
    record = release.record or {}
    report_collisions(record, ("graph",), (), report)
    key = written_key(record, "graph")
    nodes = record.get(key, [])
    if "type" in record or "@type" in record:
        expansion.add({k: v for k, v in record.items() if k not in ("@context", "graph", "@graph", *AROUND)}, ())
    else:
        check_keys(record, release.slug, report)
    if isinstance(nodes, list):
        for k, node in enumerate(nodes):
            expansion.add(node, (key, k))
    else:
        report("not-a-node", "graph must be a list of nodes", (key,))
    unfold_forms(expansion)
    iri = NamedNode(release_iri(expansion.base, release.slug))
    if iri not in expansion.nodes:
        report(
            "no-release",
            f"no node of the record has the id {release_path(release.slug)}",
            (),
            focus=iri.value,
            fix=f"the node of the release has id: {release_path(release.slug)}, like its folder",
        )
        return None
    return expansion.nodes[iri]
