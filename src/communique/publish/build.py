"""Building a publication: check every release, then write all files, whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from communique.apart import SECONDS
from communique.check.checker import Checked, Checker
from communique.check.lint import named
from communique.check.sums import Sums
from communique.export.canonical import lines_hash
from communique.export.grouped import GroupedQuads, group
from communique.export.order import Order
from communique.export.pagefacts import page_facts
from communique.findings import Finding, conforms, order
from communique.formats import FORMATS, NQUADS, TRIG
from communique.iris import page_path, release_path, source_path
from communique.publish.blocks import Waiting, open_pool, run_blocks, watch_results
from communique.publish.counts import Counts, RunningCounts
from communique.publish.dataset import Parts, graph_writers, start_merged, write_dataset, write_graphs
from communique.publish.describe.listing import FeedEntry, feed_entry
from communique.publish.documents import Documents, render_documents
from communique.publish.entities import BuildFolders, write_entities
from communique.publish.kept.answers import AnswerFolder, keep_answers
from communique.publish.kept.built import BuiltRelease
from communique.publish.kept.entities import read_state
from communique.publish.kept.questions import KeptQuestions
from communique.publish.kept.releases import Cache, open_cache
from communique.publish.kept.segments import SegmentFolder
from communique.publish.kept.store import StoreFolder, keep_store, make_store
from communique.publish.manifest import NAME as MANIFEST
from communique.publish.runs import run_lines, write_run
from communique.publish.site.browser import LARGEST, NOT_BUILT, TOO_LARGE, Programs
from communique.publish.site.newsroom import Material, write_site
from communique.publish.site.pages import Pages, all_pages
from communique.publish.site.release_page import AnnotatedRelease, ReleasePage
from communique.publish.site.wordcheck import check_words
from communique.publish.stage import inside, part_file, put
from communique.publish.swap import open_stage
from communique.publish.workers import Workers
from communique.read.dataset import Dataset
from communique.read.guard import guarded
from communique.read.newsroom import UnreadRelease, read_waiting
from communique.read.release import WrittenRelease
from communique.watch import Watch, unwatched

if TYPE_CHECKING:
    from communique.api import Newsroom

_LACKING: Final = {
    NOT_BUILT: "communique was installed without its programs for browsers; install npm and then communique again",
    TOO_LARGE: f"{TRIG.dataset_file} is larger than the {LARGEST // 1_000_000} MB that pages ask a browser to load; "
    "communique serve gives it one that asks the server",
}
WORK: Final = ".work"
"""Folder inside the stage for temporary files of the build; removed before the manifest is written."""


@dataclass(frozen=True, slots=True)
class Built:
    """The results of one block of releases; kept small, because they are sent between processes."""

    findings: list[Finding]
    sums: Sums
    tally: RunningCounts
    graphs: dict[str, str]
    entries: list[FeedEntry]
    run: Path
    used: list[str]
    """The names of the entries of all releases in the cache, and by slug those of the releases that are published."""
    keys: dict[str, str]


@dataclass(slots=True)
class BuildOutcome:
    """The findings and counts of a build; ``files`` and ``counts`` are set only if there was no violation."""

    findings: list[Finding] = field(default_factory=list)
    sums: Sums = field(default_factory=Sums)
    out: Path = Path()
    counts: Counts = field(default_factory=Counts)
    files: int = 0
    manifest: str = ""
    """The SHA-256 (hex) of the manifest."""
    has_pages: bool = False
    lacking: str = ""
    """Why the pages have no query program for the browser, as a key of the words table; "" if they have one."""

    @property
    def listing(self) -> str:
        """A summary for the terminal: the main files and what each is for."""
        pages = [("index.html", "the pages: open it in a browser")] if self.has_pages else []
        rows = [
            *pages,
            ("dataset.ttl", "everything in one graph, for any triple store"),
            ("dataset.trig", "the same with named graphs (also dataset.nq)"),
            ("dataset.jsonld", "the same as JSON-LD"),
            ("dataset.facts.ttl", "facts and registry without evidence"),
            ("dataset.stated.ttl", "only what the texts state, and the registry"),
            ("release/…/page.jsonld", "what to embed in a web page"),
            ("manifest.json", "SHA-256 of every file: communique verify --out " + str(self.out)),
        ]
        width = max(len(f"{self.out}/{name}") for name, _ in rows)
        lines = [f"{f'{self.out}/{name}':{width}}  {what}" for name, what in rows]
        lines += [f"{self.out}/sparql.html has no editor: {_LACKING[self.lacking]}"] if self.lacking else []
        return "\n".join([f"{self.files:,} files, {self.counts.triples:,} triples:", *(f"  {line}" for line in lines)])


class Elsewhere(Protocol):
    """What checks and renders releases on other machines."""

    def build_blocks(
        self, newsroom: Newsroom, cache: Cache | None, *, has_pages: bool
    ) -> Generator[list[tuple[str, BuiltRelease]], None, None]:
        """For each block of releases, in order: the name of the entry in the cache and what is made of each."""


class _Violations(Exception):  # noqa: N818  (control flow: makes `open_stage` discard the stage)
    """The data have violations; nothing is published."""


def build(
    newsroom: Newsroom,
    out: Path,
    *,
    jobs: int = 0,
    site: bool = True,
    keep: bool = False,
    seconds: float = SECONDS,
    watch: Watch = unwatched,
    elsewhere: Elsewhere | None = None,
) -> BuildOutcome:
    """Check every release of a newsroom and write the publication into the folder ``out``.

    Runs in ``jobs`` processes (0: one per core); the bytes are the same for any number. Without ``site`` no HTML page
    is written. With ``keep``, what is made of each release is kept beside the data, and what an earlier build has kept
    is used again; the bytes are the same without. ``watch`` wraps the streams of releases and entities, for a progress
    bar. With ``elsewhere``, releases are checked and rendered there. If there is a violation, ``out`` is left as it is.
    Raises `OutputError` if the files cannot be written, or if a canned question takes longer than ``seconds``,
    `ArtefactError` if a word of the pages is missing in some language.
    """
    check_words(newsroom)
    outcome = BuildOutcome(out=out)
    try:
        with open_stage(out) as stage, open_pool(newsroom, jobs) as workers:
            pages = all_pages(newsroom.dataset) if site else ()
            cache = open_cache(newsroom, has_pages=site) if keep else None
            if elsewhere:
                blocks = _blocks_from(elsewhere, stage, newsroom, cache, site)
                built = watch_results(blocks, newsroom.folder.count(), watch, attrgetter("findings"))
            else:
                job = partial(build_block, pages, newsroom.dataset, cache)
                built = run_blocks(job, newsroom, stage, workers, watch=watch, found=attrgetter("findings"))
            _fill(stage, newsroom, outcome, workers, pages, built=built, cache=cache, watch=watch, seconds=seconds)
    except _Violations:
        pass
    return outcome


def _fill(
    stage: Path,
    newsroom: Newsroom,
    outcome: BuildOutcome,
    workers: Workers,
    pages: tuple[Pages, ...],
    *,
    built: Iterator[Built],
    cache: Cache | None,
    watch: Watch,
    seconds: float,
) -> None:
    work = stage / WORK
    outcome.findings += newsroom.folder.findings
    gathered = _gather(built, outcome, newsroom.dataset.base)
    tally, graphs, entries = gathered.tally, gathered.graphs, gathered.entries
    state = read_state(cache) if cache else None
    if cache and state:
        cache.keep_only({*gathered.used, *state.releases.values()})
    outcome.findings += newsroom.core.check_registry(outcome.sums.named)
    outcome.findings.sort(key=order)
    if not conforms(outcome.findings):
        raise _Violations
    shared = group(newsroom.shared(), newsroom.context)
    tally.add(shared.rows)
    graphs |= _graph_hashes(shared)
    write_run(inside(stage, f"{WORK}/registry.run"), run_lines(shared, newsroom.dataset.base))
    slugs = sorted(map(_slug, entries))
    parts = Parts(work, [*gathered.runs, work / "registry.run"], slugs, graphs, entries)
    write_graphs(stage, newsroom, parts)
    merged = SegmentFolder(cache.place, cache.shared) if cache else None
    census = start_merged(stage, newsroom, parts, workers, merged)
    place = BuildFolders(stage, work)
    place.write_order(entries)
    stored = StoreFolder(cache.place, cache.shared, newsroom.dataset.base, graphs) if cache else None
    changed = make_store(stored, place.store, stage / NQUADS.dataset_file, parts.quads_of)
    kept = state.follow(gathered.keys) if state else None
    paths, cards = write_entities(place, newsroom, pages, workers, watch, state=state, kept=kept)
    if cache and state:
        state.keep_only_these()
        cache.keep_only(gathered.used)
    outcome.counts = census.result().settle(tally.counts())
    outcome.has_pages = bool(pages)
    if pages:
        material = Material(
            store=place.store, slugs=slugs, entities=cards, counts=outcome.counts, work=work, seconds=seconds,
            keep=partial(keep_answers, AnswerFolder(cache.place, cache.shared, graphs) if cache else None),
        )  # fmt: skip
        paths += _write_pages(stage, newsroom, pages, material, cache=cache, watch=watch)
        outcome.lacking = Programs(stage).why_missing
    if stored:
        keep_store(stored, place.store, changed)
    outcome.files = write_dataset(stage, newsroom, parts, outcome.counts, paths)
    outcome.manifest = hashlib.sha256((stage / MANIFEST).read_bytes()).hexdigest()


def _write_pages(
    stage: Path, newsroom: Newsroom, pages: tuple[Pages, ...], material: Material, *, cache: Cache | None, watch: Watch
) -> list[str]:
    """Write the pages about the whole publication, those of questions perhaps as they are kept; their paths."""
    if cache is None:
        return write_site(stage, newsroom, pages, material, watch)
    kept = KeptQuestions(cache.place, cache.shared)
    paths = write_site(stage, newsroom, pages, replace(material, render=kept.files), watch)
    kept.remove_others()
    return paths


@dataclass(slots=True)
class _Gathered:
    """What all blocks say together; ``used`` and ``keys`` as in `Built`."""

    tally: RunningCounts
    graphs: dict[str, str] = field(default_factory=dict)
    entries: list[FeedEntry] = field(default_factory=list)
    runs: list[Path] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    keys: dict[str, str] = field(default_factory=dict)


def _gather(built: Iterable[Built], outcome: BuildOutcome, base: str) -> _Gathered:
    """The results of all blocks; findings and sums are added to those of the ``outcome``."""
    gathered = _Gathered(RunningCounts(base))
    for block in built:
        outcome.findings += block.findings
        outcome.sums.merge(block.sums)
        gathered.tally.merge(block.tally)
        gathered.graphs |= block.graphs
        gathered.entries += block.entries
        gathered.runs.append(block.run)
        gathered.used.update(block.used)
        gathered.keys |= block.keys
    return gathered


def build_block(
    pages: tuple[Pages, ...],
    about: Dataset,
    cache: Cache | None,
    checker: Checker,
    stage: Path,
    number: int,
    releases: Waiting,
) -> Built:
    """Check some releases and write their files, with HTML if there are ``pages``; none for one with a violation.

    What is in the ``cache`` is taken from there.
    """
    build_one = partial(build_release, pages, about, checker)
    built = (cache.build(one, build_one) if cache else ("", build_one(one)) for one in releases)
    return _write_block(checker.base, stage, number, built)


def _blocks_from(
    elsewhere: Elsewhere, stage: Path, newsroom: Newsroom, cache: Cache | None, has_pages: bool
) -> Generator[tuple[int, Built], None, None]:
    """The number of releases of each block that is made elsewhere, and the results, after its files are written."""
    with closing(elsewhere.build_blocks(newsroom, cache, has_pages=has_pages)) as blocks:
        for number, block in enumerate(blocks):
            yield len(block), _write_block(newsroom.dataset.base, stage, number, block)


def _write_block(base: str, stage: Path, number: int, releases: Iterable[tuple[str, BuiltRelease]]) -> Built:
    """Write the files of some releases, and what the build must know of them."""
    made = Built(
        findings=[],
        sums=Sums(),
        tally=RunningCounts(base),
        graphs={},
        entries=[],
        run=inside(stage, f"{WORK}/{number:06d}.run"),
        used=[],
        keys={},
    )
    lines: list[str] = []
    for key, built in releases:
        for path, body in built.files.items():
            put(stage, path, body)
        made.used.append(key)
        made.keys.update({_slug(built.entry): key} if built.entry else {})
        made.findings.extend(built.findings)
        made.sums.merge(built.sums)
        made.tally.merge(built.tally)
        made.graphs.update(built.graphs)
        made.entries.extend([built.entry] if built.entry else [])
        lines += built.lines
    write_run(made.run, lines)
    return made


def build_release(
    pages: tuple[Pages, ...], about: Dataset, checker: Checker, waiting: UnreadRelease | WrittenRelease
) -> BuiltRelease:
    """Check one release and render its files."""
    release = read_waiting(waiting)
    made = BuiltRelease(RunningCounts(checker.base))
    checked = checker.check(release, with_evidence=True)
    made.findings += checked.findings
    made.sums.add(checked.compiled)
    if conforms(checked.findings) and checked.compiled.facts:
        registry = checker.registry.describe(sorted(named(checked.compiled)))
        whole = group([*checked.compiled.quads, *registry], checker.context)
        quads = whole.within(checked.compiled.graph_names)
        made.tally.add(quads.rows)
        made.graphs |= _graph_hashes(quads)
        made.lines += run_lines(quads, checker.base)
        write = partial(write_release, made, checker, release, checked, whole=whole, pages=pages, about=about)
        guarded(release.file, write, made.findings.append, passing=(OSError,))
    return made


def _slug(entry: FeedEntry) -> str:
    return entry.path.split("/")[1]


def _graph_hashes(quads: GroupedQuads) -> dict[str, str]:
    return {graph: lines_hash(triples) for graph, triples in quads.by_graph(quads.triples).items()}


def write_release(
    made: BuiltRelease,
    checker: Checker,
    release: WrittenRelease,
    checked: Checked,
    *,
    whole: GroupedQuads,
    pages: tuple[Pages, ...] = (),
    about: Dataset | None = None,
) -> None:
    """Add the files of one release, its feed entry, and a finding for each syntax that cannot express it.

    ``whole`` are its quads and what the registry says of all that it names.
    The files are its text, its graph in every syntax, the JSON-LD that its page embeds, its part of the dump.
    """
    compiled = checked.compiled
    folder = release_path(release.slug)
    made.put(source_path(release.slug), release.source)
    documents = render_documents(whole, base=checker.base, slug=release.slug, about=about)
    for path, body in documents.files(folder):
        made.put(path, body)
    order = Order(checker.context)
    if pages:
        annotated = AnnotatedRelease(compiled, whole, release.source)
        for one in pages:
            shown = ReleasePage(one, annotated, order)
            made.put(one.local(page_path(folder)), one.render(shown.page(documents.embedded, documents.bodies)))
            made.put(f"{WORK}/{release.slug}{one.suffix}.card.json", shown.card().render())
    own = whole.within(compiled.graph_names)
    for fmt, writer in graph_writers(checker.base, checker.context):
        made.put(f"{WORK}/{part_file(release.slug, fmt)}", writer.graphs(own, release.slug))
    made.entry = feed_entry(compiled, page_facts(whole, release=compiled.iri))
    made.findings += _not_in_syntax(release, documents)


def _not_in_syntax(release: WrittenRelease, documents: Documents) -> Iterator[Finding]:
    for name, why in documents.missing.items():
        message = f"{release_path(release.slug)}/{FORMATS[name].file} is not written: {why}"
        fix = "nothing has to be done: the other syntaxes hold it"
        yield Finding.of_file(release.file, "not-in-syntax", message, severity="info", fix=fix)
