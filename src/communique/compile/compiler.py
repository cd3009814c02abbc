"""A release becomes quads: the facts of its record, each tied to words of its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from pyoxigraph import NamedNode, Quad

from communique.compile.day import day_of
from communique.compile.evidence import Evidence
from communique.compile.expand import Expansion
from communique.compile.grounding import ground_literals
from communique.compile.keywords import report_collisions, written_key
from communique.compile.literals import is_language
from communique.compile.nodes import RecordNode
from communique.compile.page import compile_page
from communique.compile.quads import EvidenceTally, Key, Quads
from communique.compile.report import Report, report_to
from communique.compile.roles import add_roles
from communique.compile.rules import apply_rules
from communique.context import Context
from communique.errors import suggestion
from communique.findings import Finding, Findings, order
from communique.iris import graph_path, inner_iri, release_iri, release_path
from communique.read.release import WrittenRelease
from communique.read.yamlld import Pointer
from communique.text.passages import Passage, Span
from communique.text.work import Work, WorkSpentError

CONTEXT_NAME: Final = "context.jsonld"


@dataclass(frozen=True, slots=True)
class Compiled:
    """The result of compiling a release.

    ``facts``, ``evidence`` and ``page`` are the quads of its named graphs (the last empty without a ``page.json``);
    ``findings`` are what the compiler found wrong, in the order of the record; ``places`` says where in the record each
    fact is written, ``node_places`` where each node is, by its IRI. ``day`` is the day of the release (YYYY-MM-DD), see
    `communique.compile.day`; ``furniture`` are the spans of the source that the record marks as boilerplate of the web
    page around the release.
    """

    slug: str
    iri: str
    base: str
    language: str
    facts: tuple[Quad, ...] = ()
    evidence: tuple[Quad, ...] = ()
    page: tuple[Quad, ...] = ()
    passages: tuple[Passage, ...] = ()
    findings: tuple[Finding, ...] = ()
    places: Mapping[Key, Pointer] = field(default_factory=dict)
    node_places: Mapping[str, Pointer] = field(default_factory=dict)
    headline: str | None = None
    day: str | None = None
    tally: EvidenceTally = field(default_factory=EvidenceTally)
    furniture: tuple[Span, ...] = ()

    @property
    def quads(self) -> tuple[Quad, ...]:
        """The quads of all its named graphs."""
        return self.facts + self.evidence + self.page


@dataclass(frozen=True, slots=True)
class Header:
    """What the ``@context`` of a document declares: base IRI, the IRI that ``this:`` stands for, language."""

    base: str
    this: str
    language: str


def compile_release(release: WrittenRelease, context: Context, *, base: str, language: str = "en") -> Compiled:
    """The quads of a release, and what is wrong with its record.

    ``base`` and ``language`` apply where the record's ``@context`` says nothing. Pure: the same release gives the same
    quads, in whatever order its record is written. Faults of the record are findings; nothing is raised for them.
    """
    findings = Findings(release.file, release.findings)

    report = report_to(findings, release.file, release.locate)
    empty = Compiled(release.slug, release_iri(base, release.slug), base, language)
    if release.record is None:
        return replace(empty, findings=findings.all())
    try:
        return _compile(release, context, empty, findings, report)
    except WorkSpentError:
        message = "this release takes more work than one release may take; checking it stopped here"
        fix = "split it, or shorten its text, quotes and lists"
        findings.add(release.finding("too-much-work", message, (), fix=fix))
        return replace(empty, findings=tuple(sorted(findings.all(), key=order)))


def _compile(
    release: WrittenRelease, context: Context, empty: Compiled, findings: Findings, report: Report
) -> Compiled:
    assert release.record is not None
    base, language, work = empty.base, empty.language, Work()
    header = _read_header(release.record, report, base, release.slug, language)
    expansion = Expansion(context, report, base=header.base, this=header.this, language=header.language)
    root = _expand_record(expansion, release, report)
    if root is None:
        return replace(empty, findings=tuple(sorted(findings.all(), key=order)))
    evidence = Evidence(expansion, release.source, report, work)
    evidence.attach()
    ground_literals(evidence)
    quads = Quads(base=header.base, slug=release.slug, text=release.source, sha256=release.sha256)
    apply_rules(expansion, root, quads.source, lambda node: evidence.nodes[node])
    quads.add(expansion, evidence.nodes, work)
    page, page_findings = compile_page(release, root.iri, expansion)
    for finding in page_findings:
        findings.add(finding)
    return Compiled(
        release.slug,
        root.iri.value,
        header.base,
        header.language,
        facts=tuple(quads.facts),
        evidence=tuple(quads.evidence),
        page=page,
        passages=tuple(quads.passages[span] for span in sorted(quads.passages)),
        findings=tuple(sorted(findings.all(), key=order)),
        places=quads.places,
        node_places=quads.node_places,
        headline=next((f.object.value for f in root.facts.get("headline", [])), None),
        day=day_of(root, page, header.language),
        tally=quads.tally,
        furniture=tuple(sorted(evidence.furniture)),
    )


# ---- the document around the nodes


def _read_header(record: Mapping[str, object], report: Report, base: str, slug: str, language: str) -> Header:
    """What the record's ``@context`` declares, checked against the base of the newsroom and the slug of the release."""
    header = Header(base, inner_iri(release_iri(base, slug), ""), language)
    if "@context" not in record:
        report(
            "no-context",
            "the record has no @context, so no other reader can understand it",
            (),
            fix=f'begin with "@context": [{CONTEXT_NAME}, {{"@base": "{base}", "@language": {language}}}]',
        )
        return header
    declared = record["@context"]
    entries = declared if isinstance(declared, list) else [declared]
    if CONTEXT_NAME not in entries:
        report(
            "bad-context",
            f"the @context does not name {CONTEXT_NAME}",
            ("@context",),
            fix=f"begin it with {CONTEXT_NAME}",
        )
    for k, entry in enumerate(entries):
        at = ("@context", k)
        if isinstance(entry, dict):
            header = _read_declaration(header, entry, at, report)
        elif entry != CONTEXT_NAME:
            report(
                "bad-context",
                f"{str(entry)[:100]!r} is not read: only {CONTEXT_NAME} is",
                at,
                value=str(entry),
                fix="contexts from elsewhere are never fetched; take it out",
            )
    return header


def _read_declaration(header: Header, entry: Mapping[str, object], at: Pointer, report: Report) -> Header:
    """The header with what one mapping of the ``@context`` declares."""
    for key in entry:
        if key not in ("@base", "@language", "this"):
            report(
                "unknown-key",
                f"unknown key {key!r} in the @context",
                (*at, key),
                key=True,
                path=key,
                fix="a record's own context declares @base, @language and this",
            )
    base, language = entry.get("@base", header.base), entry.get("@language", header.language)
    if base != header.base:
        message = f"@base {str(base)[:100]!r} is not the base of this newsroom, {header.base}"
        report("bad-context", message, (*at, "@base"), fix="leave it out: the base stands in dataset.yaml")
    if not isinstance(language, str) or not is_language(language):
        report(
            "bad-context", f"@language {str(language)[:100]!r} is not a language tag, such as en", (*at, "@language")
        )
        language = header.language
    this = header.this
    if base == header.base and entry.get("this", this) != this:
        report(
            "bad-context",
            f"this: stands for another release: {str(entry['this'])[:200]!r}",
            (*at, "this"),
            fix=f"write this: {this}",
        )
    return Header(header.base, this, language)


def _expand_record(expansion: Expansion, release: WrittenRelease, report: Report) -> RecordNode | None:
    """Expand all nodes of a record and return the node of the release; None if there is none, which is reported."""
    record = release.record or {}
    report_collisions(record, ("graph",), (), report)
    key = written_key(record, "graph")
    nodes = record.get(key, [])
    if "type" in record or "@type" in record:
        expansion.add({k: v for k, v in record.items() if k not in ("@context", "graph", "@graph")}, ())
    else:
        _check_graph_name(record, release, report)
    if isinstance(nodes, list):
        for k, node in enumerate(nodes):
            expansion.add(node, (key, k))
    else:
        report("not-a-node", "graph must be a list of nodes", (key,))
    add_roles(expansion)
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


def _check_graph_name(record: Mapping[str, object], release: WrittenRelease, report: Report) -> None:
    for key in record:
        if key not in ("@context", "id", "@id", "graph", "@graph"):
            report(
                "unknown-key",
                f"unknown key {key!r} beside the graph",
                (key,),
                key=True,
                path=key,
                fix=suggestion(key, ("@context", "id", "graph"), otherwise="put it inside a node"),
            )
    report_collisions(record, ("id",), (), report)
    graph, key = graph_path(release.slug), written_key(record, "id")
    name = record.get(key, graph)
    if name != graph:
        report(
            "bad-id",
            f"the graph of this record is {graph}, not {str(name)[:100]!r}",
            (key,),
            fix="leave id out here",
        )
