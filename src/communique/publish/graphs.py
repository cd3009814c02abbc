"""The named graphs of a dataset, one after another, as they are loaded into a store."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from communique.check.checker import Checker
from communique.check.sums import Sums
from communique.errors import OutputError
from communique.export.canonical import lines_hash
from communique.export.grouped import GroupedQuads, group
from communique.export.rdf import NQuadsWriter
from communique.findings import Finding, conforms, order
from communique.publish.blocks import Waiting, open_pool, run_blocks
from communique.publish.manifest import DUMP, NAME, is_publication
from communique.read.newsroom import read_waiting
from communique.store.load import GraphPart
from communique.watch import Watch, unwatched

if TYPE_CHECKING:
    from communique.api import Newsroom


@dataclass(slots=True)
class Gathered:
    """The checked graphs of a newsroom, in files that exist until `gather` ends; with findings and counts.

    ``unread`` are the names of releases that could not be read: their graphs in a store are not known to be wrong and
    must stay. A name that no release can have (``archive.jsonl:3``) may stand for any release. ``names`` are the IRIs
    of the graphs.
    """

    findings: list[Finding] = field(default_factory=list)
    sums: Sums = field(default_factory=Sums)
    graphs: int = 0
    files: list[Path] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    names: list[str] = field(default_factory=list)

    def add_names(self, quads: GroupedQuads) -> None:
        """Note the graphs of some quads as written."""
        self.names += quads.graph_names
        self.graphs += len(quads.graph_names)

    def parts(self) -> Iterator[GraphPart]:
        """The named graphs, one in memory at a time."""
        return chain.from_iterable(map(read_parts, self.files))


@contextmanager
def gather(newsroom: Newsroom, *, jobs: int = 0, watch: Watch = unwatched) -> Iterator[Gathered]:
    """Check a whole newsroom and write its graphs as N-Quads into a temporary folder."""
    with TemporaryDirectory(prefix="communique-") as folder, open_pool(newsroom, jobs) as workers:
        whole = Gathered(list(newsroom.folder.findings))
        found = attrgetter("findings")
        for part in run_blocks(gather_block, newsroom, Path(folder), workers, watch=watch, found=found):
            whole.findings += part.findings
            whole.sums.merge(part.sums)
            whole.graphs += part.graphs
            whole.files += part.files
            whole.unread |= part.unread
            whole.names += part.names
        whole.findings += newsroom.core.check_registry(whole.sums.named)
        whole.findings.sort(key=order)
        shared = group(newsroom.shared(), newsroom.context)
        whole.files.append(Path(folder) / "shared.nq")
        whole.files[-1].write_bytes(NQuadsWriter().graphs(shared))
        whole.add_names(shared)
        yield whole


def gather_block(checker: Checker, folder: Path, number: int, releases: Waiting) -> Gathered:
    """Check some releases and write their graphs into one file; a release with a violation is left out."""
    made = Gathered(files=[folder / f"{number:06d}.nq"])
    with made.files[0].open("wb") as file:
        for release in map(read_waiting, releases):
            checked = checker.check(release)
            compiled = checked.compiled
            made.findings += checked.findings
            made.sums.add(compiled)
            made.unread |= {release.slug} if release.is_unread else set()
            if conforms(checked.findings):
                quads = group(compiled.quads, checker.context)
                file.write(NQuadsWriter().graphs(quads))
                made.add_names(quads)
    return made


def read_parts(dump: Path) -> Iterator[GraphPart]:
    """The named graphs of an N-Quads file in which the quads of a graph are consecutive; one is in memory at a time."""
    with dump.open("rb") as lines:
        for name, group in groupby(lines, key=lambda line: line.rpartition(b" .")[0].rpartition(b" ")[2]):
            tail = len(name) + 4  # a space, the graph, " .\n"
            triples = [line[:-tail] + b" .\n" for line in group]
            yield GraphPart(name[1:-1].decode(), b"".join(triples), len(triples), lines_hash(triples))


def read_publication(out: Path) -> tuple[Iterator[GraphPart], list[str]]:
    """The named graphs of a publication, and their IRIs. Raises `OutputError` if it was changed."""
    if not is_publication(out):
        raise OutputError(f"{out} holds no publication: communique build --out {out}")
    known: dict[str, str] = json.loads((out / NAME).read_bytes())["graphs"]
    return _verify_parts(read_parts(out / DUMP), known, out), list(known)


def _verify_parts(parts: Iterable[GraphPart], known: dict[str, str], out: Path) -> Iterator[GraphPart]:
    seen = 0
    for part in parts:
        if known.get(part.graph) != part.hash:
            raise OutputError(f"{out / DUMP}: the graph {part.graph} is not the one that was built: communique verify")
        seen += 1
        yield part
    if seen != len(known):
        raise OutputError(f"{out / DUMP} lacks graphs: communique verify --out {out}")
