"""The files about the whole: the dataset in every syntax, its description, lists for crawlers, the manifest."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from communique import artefacts
from communique.export.jsonld import JsonLdWriter
from communique.export.order import Order
from communique.export.rdf import TurtleWriter, render_graphs, render_nquads
from communique.publish.counts import Census, Counts
from communique.publish.describe.catalogue import DISTRIBUTIONS, FileFact, add_catalog, render_catalog
from communique.publish.describe.examples import render_examples
from communique.publish.describe.listing import FeedEntry, render_feed, render_robots, render_sitemap
from communique.publish.describe.sheet import Sheet
from communique.publish.describe.void import add_void
from communique.publish.hosting.rules import render_rules
from communique.publish.manifest import artefact_hashes, build_manifest, write_manifest
from communique.publish.runs import merge_runs
from communique.publish.stage import create, inside, put
from communique.query.catalogue import read_catalogue
from communique.read.dataset import Dataset
from communique.terms import PREFIXES

if TYPE_CHECKING:
    from communique.api import Newsroom

PROGRAMS: Final = ("communique", "pyoxigraph")
"""Programs whose version can change the bytes."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the blocks of releases left for the whole: sorted runs, dumps by release, hashes of graphs, feed entries."""

    work: Path
    runs: list[Path]
    slugs: list[str]
    graphs: Mapping[str, str]
    entries: list[FeedEntry]


def write_dataset(stage: Path, newsroom: Newsroom, parts: Parts, counts: Counts, pages: Iterable[str]) -> int:
    """Write what is left once `write_graphs` and `write_merged` are done; the number of files of the publication.

    ``pages`` are the paths of releases and entities, for the site map. The working folder is removed, and the manifest
    is written last.
    """
    shutil.rmtree(parts.work)
    for name in artefacts.NAMES:
        if name != "queries":
            place = artefacts.folder(name, newsroom.folder.root)
            for path in artefacts.files(place):
                put(stage, f"{name}/{path.relative_to(place).as_posix()}", path.read_bytes())
    _write_descriptions(stage, newsroom, parts, counts, pages)
    manifest = build_manifest(
        stage,
        graphs=parts.graphs,
        counts=counts.as_json(),
        versions={name: version(name) for name in PROGRAMS},
        artefacts=artefact_hashes(newsroom.folder.root),
    )
    write_manifest(stage, manifest)
    files = manifest["files"]
    return len(files) + 1 if isinstance(files, dict) else 0


def write_merged(stage: Path, newsroom: Newsroom, parts: Parts) -> Census:
    """dataset.ttl, dataset.facts.ttl and dataset.jsonld: one block for each entity; what was counted."""
    census = Census()
    base, context = newsroom.dataset.base, newsroom.context
    turtle = TurtleWriter(base, PREFIXES, Order(context))
    jsonld = JsonLdWriter(base, language=newsroom.dataset.language, context=context)
    body = inside(parts.work, "dataset.jsonld.body")
    with (
        create(stage, "dataset.ttl") as whole,
        create(stage, "dataset.facts.ttl") as facts,
        create(parts.work, body.name) as nodes,
    ):
        whole.write(turtle.head())
        facts.write(turtle.head())
        for number, block in enumerate(merge_runs(parts.runs)):
            census.add(block.parts)
            whole.write(turtle.block(block.subject, block.pairs))
            if block.facts:
                facts.write(turtle.block(block.subject, block.facts))
            nodes.write((jsonld.between if number else b"") + jsonld.block(block.subject, block.pairs))
    with create(stage, "dataset.jsonld") as out, body.open("rb") as nodes:
        out.write(jsonld.head(jsonld.used))
        shutil.copyfileobj(nodes, out)
        out.write(jsonld.tail)
    return census


def write_graphs(stage: Path, newsroom: Newsroom, parts: Parts) -> None:
    """dataset.nq and dataset.trig: the registry, then release by release, graph by graph."""
    base, context = newsroom.dataset.base, newsroom.context
    registry = list(newsroom.registry.quads())
    turtle = TurtleWriter(base, PREFIXES, Order(context))
    with create(stage, "dataset.nq") as nquads, create(stage, "dataset.trig") as trig:
        nquads.write(render_nquads(registry))
        trig.write(turtle.head() + render_graphs(registry, turtle))
        for slug in sorted(parts.slugs):
            _append(parts.work / f"{slug}.nq", nquads)
            _append(parts.work / f"{slug}.trig", trig)


def _append(path: Path, out: BinaryIO) -> None:
    with path.open("rb") as part:
        shutil.copyfileobj(part, out)


def _write_descriptions(stage: Path, newsroom: Newsroom, parts: Parts, counts: Counts, pages: Iterable[str]) -> None:
    dataset = newsroom.dataset
    files = {d.path: _file_fact(stage / d.path) for d in DISTRIBUTIONS}
    void = _about(dataset, counts, files, sorted(e.iri for e in parts.entries)[:3])
    made = {
        "catalog.ttl": render_catalog(dataset, counts, files=files),
        "void.ttl": void,
        ".well-known/void": void,
        "sparql-examples.ttl": render_examples(read_catalogue(newsroom.folder.root).values(), dataset),
        "feed.atom": render_feed(dataset, parts.entries),
        "robots.txt": render_robots(dataset),
        **render_sitemap(dataset, ["", *(e.path for e in parts.entries), *pages]),
        **render_rules(dataset),
    }
    for name, body in made.items():
        put(stage, name, body)


def _about(dataset: Dataset, counts: Counts, files: Mapping[str, FileFact], examples: list[str]) -> bytes:
    """void.ttl: VoID and the catalogue, because one file must describe every IRI that begins with that of the dataset.

    A fragment is not sent to a server, so ``dataset#facts`` and ``dataset#catalogue`` lead to the same file.
    """
    sheet = Sheet(dataset)
    add_void(sheet, counts, examples)
    add_catalog(sheet, counts, files=files)
    return sheet.turtle()


def _file_fact(path: Path) -> FileFact:
    with path.open("rb") as file:
        return FileFact(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
