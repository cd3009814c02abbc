"""The files of the whole dataset: its data in every syntax, its description, lists for crawlers, the manifest."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Self

from communique import artefacts
from communique.export.document import Document, EntityWriter, GraphWriter
from communique.export.grouped import group
from communique.export.order import Order
from communique.formats import DATASET_FILES, NQUADS, DatasetFile, Format, load_writer
from communique.publish.compressed import PROGRAM, SUFFIX, compress_large, compressed_copies
from communique.publish.counts import Census, Counts
from communique.publish.describe.catalogue import FileFact, add_catalog, render_catalog
from communique.publish.describe.examples import render_examples
from communique.publish.describe.graph import DescriptionGraph
from communique.publish.describe.listing import FeedEntry, render_feed, render_robots, render_sitemap
from communique.publish.describe.void import add_void
from communique.publish.hosting.rules import render_rules
from communique.publish.kept.segments import Segment, SegmentFolder, Segments, segments
from communique.publish.manifest import artefact_hashes, build_manifest, write_manifest
from communique.publish.runs import Block, read_block
from communique.publish.stage import create, inside, part_file, put
from communique.publish.workers import Workers
from communique.read.dataset import Dataset

if TYPE_CHECKING:
    from communique.api import Newsroom
    from communique.context import Context
    from communique.export.order import Pair

PROGRAMS: Final = ("communique", "pyoxigraph")
"""Programs whose versions the manifest records, because they can change the bytes."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The combined results of all blocks of releases: sorted runs, dumps by release, graph hashes, feed entries."""

    work: Path
    runs: list[Path]
    slugs: list[str]
    graphs: Mapping[str, str]
    entries: list[FeedEntry]

    def quads_of(self, slug: str) -> Path:
        """The file with the quads of a release."""
        return self.work / part_file(slug, NQUADS)


def write_dataset(stage: Path, newsroom: Newsroom, parts: Parts, counts: Counts, pages: Iterable[str]) -> int:
    """Write the remaining files after `write_graphs` and `write_merged`; return the number of files of the publication.

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
        versions={name: version(name) for name in PROGRAMS} | _compressor(stage),
        artefacts=artefact_hashes(newsroom.folder.root),
    )
    write_manifest(stage, manifest)
    files = manifest["files"]
    return len(files) + 1 if isinstance(files, dict) else 0


def _compressor(stage: Path) -> dict[str, str]:
    return dict([PROGRAM.split()]) if any(compressed_copies(stage)) else {}


def start_merged(
    stage: Path, newsroom: Newsroom, parts: Parts, workers: Workers, kept: SegmentFolder | None
) -> Future[Census]:
    """Begin `write_merged` in one of the ``workers``, so that other work can go on meanwhile; its result.

    If there is one process only, or the releases fit into one block, it is done here and now.
    """
    if workers.jobs > 1 and len(parts.runs) > 2:  # one of them is that of the registry
        few = replace(parts, slugs=[], graphs={}, entries=[])  # the others would be sent in vain
        return workers.submit(workers.stage(_begin), write_merged, stage, few, kept)
    done = Future[Census]()
    done.set_result(write_merged(newsroom, stage, parts, kept))
    return done


def _begin(newsroom: Newsroom) -> Newsroom:
    return newsroom


def write_merged(newsroom: Newsroom, stage: Path, parts: Parts, kept: SegmentFolder | None) -> Census:
    """Write the files of the whole dataset that merge all graphs, each entity once, after `write_graphs`.

    Then compressed copies of all large files of the dataset. Returns the counts. What an earlier build has ``kept`` is
    used again.
    """
    census, order = Census(), Order(newsroom.context)
    document = _document(newsroom.dataset, newsroom.context)
    merged = [file for file in DATASET_FILES if not _by_release(file)]
    writers: dict[str, EntityWriter] = {file.format.name: _open_pieces(file.format, document) for file in merged}
    with ExitStack() as stack:
        known = stack.enter_context(Segments(kept, parts.work, [body_file(file) for file in merged]))
        files = [stack.enter_context(_Merged(stage, parts.work, f, writers[f.format.name])) for f in merged]
        used: dict[str, set[str]] = {syntax: set() for syntax in writers}
        for entities in segments(parts.runs):
            segment = known.find(entities) or _render(entities, files, writers, order)
            known.add(segment)
            census.merge(segment.census)
            for file, body in zip(files, segment.bodies, strict=True):
                file.write(body)
            for syntax, names in segment.used.items():
                used[syntax].update(names)
        for syntax, writer in writers.items():
            writer.used = used[syntax]
    compress_large(stage)
    return census


def _render(
    entities: Iterable[list[str]], files: Sequence[_Merged], writers: Mapping[str, EntityWriter], order: Order
) -> Segment:
    """What is written of some entities, given by their lines."""
    for writer in writers.values():
        writer.used = set()
    census, bodies = Census(), [list[bytes]() for _ in files]
    for block in map(read_block, entities):
        census.add(block.parts)
        for body, written in zip(bodies, _blocks(block, files, order), strict=True):
            body.append(written)
    used = {syntax: sorted(writer.used) for syntax, writer in writers.items()}
    return Segment([b"".join(body) for body in bodies], census, used)


def _blocks(block: Block, files: Iterable[_Merged], order: Order) -> Iterator[bytes]:
    """What is written of one entity into each file; what several files say in one syntax is rendered once."""
    rendered: dict[tuple[str, frozenset[Pair]], bytes] = {}
    for file in files:
        pairs = frozenset(file.select(block))
        key = file.syntax, pairs
        if key not in rendered:
            body = file.writer.block(block.subject, order.properties(pairs)) if pairs else b""
            rendered[key] = file.writer.between + body if pairs else b""
        yield rendered[key]


def body_file(file: DatasetFile) -> str:
    """The name, in the working folder, of the file with all entities as they are written into a file."""
    return f"{file.path}.body"


class _Merged:
    """A file of the whole dataset, written entity by entity; its header is known only after the last one."""

    def __init__(self, stage: Path, work: Path, file: DatasetFile, writer: EntityWriter) -> None:
        self._stage, self._work, self._file = stage, work, file
        self.writer, self.syntax = writer, file.format.name

    def __enter__(self) -> Self:
        self._out = create(self._work, body_file(self._file))
        return self

    def select(self, block: Block) -> set[Pair]:
        """The triples of an entity that belong in this file."""
        found: set[Pair] = getattr(block, self._file.selects)
        return found

    def write(self, body: bytes) -> None:
        """Write what was rendered of some entities, each after what stands between two."""
        self._out.write(body)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._out.close()
        if kind is None:
            with (
                create(self._stage, self._file.path) as out,
                inside(self._work, body_file(self._file)).open("rb") as body,
            ):
                out.write(self.writer.opening())
                body.seek(len(self.writer.between))  # nothing stands before the first entity
                shutil.copyfileobj(body, out)
                out.write(self.writer.tail)


def write_graphs(stage: Path, newsroom: Newsroom, parts: Parts) -> None:
    """Write the files of the whole dataset that keep named graphs: first those of no release, then each in turn."""
    shared = group(newsroom.shared(), newsroom.context)
    for fmt, writer in graph_writers(newsroom.dataset.base, newsroom.context):
        with create(stage, fmt.dataset_file) as out:
            out.write(writer.opening() + writer.graphs(shared))
            for slug in sorted(parts.slugs):
                _append(parts.work / part_file(slug, fmt), out)


def graph_writers(base: str, context: Context) -> Iterator[tuple[Format, GraphWriter]]:
    """The syntaxes in which the whole dataset keeps its named graphs, each with its writer."""
    document = Document(base=base, context=context)
    for file in DATASET_FILES:
        if _by_release(file):
            yield file.format, _open_pieces(file.format, document)


def _by_release(file: DatasetFile) -> bool:
    """Whether a file is the parts of all releases one after another."""
    return file.format.graphs or bool(file.format.whole and file.format.whole.by_release)


def _document(dataset: Dataset, context: Context) -> Document:
    return Document(base=dataset.base, context=context, language=dataset.language)


def _open_pieces(fmt: Format, document: Document) -> Any:
    assert fmt.whole  # true of every syntax in `DATASET_FILES`
    return load_writer(fmt.name, fmt.whole.pieces)(document)


def _append(path: Path, out: BinaryIO) -> None:
    with path.open("rb") as part:
        shutil.copyfileobj(part, out)


def _write_descriptions(stage: Path, newsroom: Newsroom, parts: Parts, counts: Counts, pages: Iterable[str]) -> None:
    dataset = newsroom.dataset
    files = {d.path: _file_fact(stage / d.path) for d in DATASET_FILES}
    files |= {file.path + SUFFIX: _file_fact(copy) for file, copy in compressed_copies(stage)}
    void = _about(dataset, counts, files, sorted(e.iri for e in parts.entries)[:3])
    made = {
        "catalog.ttl": render_catalog(dataset, counts, files=files),
        "void.ttl": void,
        ".well-known/void": void,
        "sparql-examples.ttl": render_examples(newsroom.catalogue.values(), dataset),
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
    graph = DescriptionGraph(dataset)
    add_void(graph, counts, examples)
    add_catalog(graph, counts, files=files)
    return graph.turtle()


def _file_fact(path: Path) -> FileFact:
    with path.open("rb") as file:
        return FileFact(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
