"""All that the dataset says of one entity, from every release that mentions it: in every syntax, and as a page."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from pyoxigraph import NamedNode, Store

from communique.compile.about import dataset_graph
from communique.export.grouped import group
from communique.export.order import Order, Row, Rows
from communique.iris import part_iri, release_path, without_base
from communique.publish.describe.listing import FeedEntry
from communique.publish.documents import render_documents
from communique.publish.hubs import hub_of, select_around
from communique.publish.kept.entities import BuiltEntity, KeptEntities, State
from communique.publish.kept.texts import TracedTexts
from communique.publish.lookups import LookUps
from communique.publish.site.cards import EntityCard
from communique.publish.site.entity_page import EntityPages
from communique.publish.site.pages import Pages
from communique.publish.site.portrait import Portrait
from communique.publish.site.texts import Texts
from communique.publish.stage import put
from communique.publish.traces import Trace, TracedRanks
from communique.publish.workers import Workers
from communique.publish.workstore import (
    describe_around,
    describe_inner,
    entities,
    read_around,
    releases_of,
)
from communique.terms import DCTERMS, FOAF, RDFS, VOID
from communique.watch import Watch

if TYPE_CHECKING:
    from communique.api import Newsroom

CHUNK: Final = 20
"""Entities per chunk, the unit of work of one process; the files do not depend on it."""


_ORDER: Final = "newest.txt"
"""File in the working folder with the slugs of all releases, newest first."""


@dataclass(frozen=True, slots=True)
class BuildFolders:
    """The folders of a build: the stage, the working folder inside it, the store in that."""

    stage: Path
    work: Path

    @property
    def store(self) -> Path:
        """The folder of the store with all quads."""
        return self.work / "store"

    def write_order(self, entries: Iterable[FeedEntry]) -> None:
        """Save the order of all releases: by day, newest first, those of one day by name."""
        slugs = sorted((one.path.split("/")[1], one.day or "") for one in entries)
        newest = [slug for slug, _ in sorted(slugs, key=itemgetter(1), reverse=True)]
        put(self.work, _ORDER, "\n".join(newest))

    def ranks(self) -> dict[str, int]:
        """The place of each release in the order of all, by slug."""
        text = (self.work / _ORDER).read_text(encoding="utf-8")
        return {slug: rank for rank, slug in enumerate(text.split("\n"))}


Asked: TypeAlias = "tuple[str, str]"
"""The IRI of an entity, and the name of its entry of an earlier build; "" if there is none."""


def write_entities(
    place: BuildFolders,
    newsroom: Newsroom,
    pages: Sequence[Pages],
    workers: Workers,
    watch: Watch,
    *,
    state: State | None,
    kept: KeptEntities | None,
) -> tuple[list[str], list[list[EntityCard]]]:
    """Write ``<kind>/<name>/`` for every entity not local to a release; return their paths, and cards by language.

    Runs in the processes of ``workers`` if there is more than one chunk of entities. Of the ``kept`` entries of
    earlier builds, named in ``state``, those that are still right are used.
    """
    found = entities(Store.read_only(str(place.store)), newsroom.dataset.base)
    older = state.entries if state else {}
    asked = [(iri, older.get(iri, "")) for iri in found]
    chunks = [asked[i : i + CHUNK] for i in range(0, len(asked), CHUNK)]
    written = watch(_write_chunks(place, newsroom, pages, chunks, workers, kept=kept), "entities", len(found))
    cards: list[list[EntityCard]] = []

    def names() -> Iterator[tuple[str, str]]:
        for iri, (own, name) in zip(found, written, strict=True):
            cards.append(own)
            yield iri, name

    if state and kept:
        state.go_on(kept, names())
    else:
        deque(names(), maxlen=0)
    paths = [without_base(iri, newsroom.dataset.base) + "/" for iri in found]
    return paths, [[own[n] for own in cards] for n in range(len(pages))]


Written: TypeAlias = "tuple[list[EntityCard], str]"
"""The cards of an entity, one for each language, and the name of its entry; "" if none is kept."""


def _write_chunks(
    place: BuildFolders,
    newsroom: Newsroom,
    pages: Sequence[Pages],
    chunks: list[list[Asked]],
    workers: Workers,
    *,
    kept: KeptEntities | None,
) -> Iterator[Written]:
    if len(chunks) < 2 or workers.jobs == 1:
        writer = _Writer(place, newsroom, pages, kept)
        for chunk in chunks:
            yield from writer.write(chunk)
        return
    stage = workers.stage(_begin, place, tuple(pages), kept)
    for made in workers.map(stage, _Writer.write, chunks):
        yield from made


class _Writer:
    """Writes the files and the pages of entities."""

    def __init__(
        self, place: BuildFolders, newsroom: Newsroom, pages: Sequence[Pages], kept: KeptEntities | None
    ) -> None:
        self.stage, self.base, self.context = place.stage, newsroom.dataset.base, newsroom.context
        self.dataset, self.kept, self.trace = newsroom.dataset, kept, Trace()
        store = Store.read_only(str(place.store))
        self.store = LookUps(store, self.trace if kept else None)
        self.ranks = TracedRanks(place.ranks(), self.trace) if kept else place.ranks()
        order, catalogue = Order(newsroom.context), newsroom.catalogue if pages else {}
        make = partial(TracedTexts, self.trace) if kept else Texts
        texts = [make(place.stage, place.work, one.suffix) for one in pages]
        self.shown = [EntityPages(one, text, order, catalogue) for one, text in zip(pages, texts, strict=True)]

    def write(self, chunk: list[Asked]) -> list[Written]:
        """Write some entities."""
        return [self._write(*asked) for asked in chunk]

    def _write(self, iri: str, name: str) -> Written:
        found = self.kept.find(name) if self.kept else None
        built = found or self._build(iri)
        for path, body in built.files.items():
            put(self.stage, path, body)
        if self.kept and not found:
            name = self.kept.keep(iri, built, self.trace.take())
        return built.cards, name

    def _build(self, iri: str) -> BuiltEntity:
        folder = without_base(iri, self.base)
        around = read_around(self.store, iri)
        releases = releases_of(around, self.base, self.ranks)
        hub, marks = hub_of(releases, self.ranks), list[Row]()
        if hub:
            around, marks = select_around(self.store, self.base, around, hub, self.ranks)
        rows = [*describe_around(self.store, self.base, around), *marks]
        about = self._about(iri, folder, hub.linked if hub else ())
        whole = Rows(dict.fromkeys([*rows, *describe_inner(self.store, self.base, rows), *about]))
        documents = render_documents(group(whole, self.context), base=self.base, entity=iri)
        built = BuiltEntity([], dict(documents.files(folder)))
        if not self.shown:
            return built
        portrait = Portrait(self.store, self.base, iri, rows, releases, hub=hub)
        for one in self.shown:
            page, card = one.page(portrait, documents.embedded, documents.bodies)
            for each in (page, *one.list_pages(portrait)):
                built.put(one.pages.local(each.path), one.pages.render(each))
            built.cards.append(card)
        return built

    def _about(self, iri: str, folder: str, linked: Iterable[str]) -> Iterator[Row]:
        """What the document of an entity says of itself: its topic, the dataset it belongs to, the licence.

        And where more can be read about its topic: the documents of the ``linked`` releases.
        """
        document, graph = f"{self.dataset.site}{folder}/", dataset_graph(self.base)
        yield document, FOAF + "primaryTopic", NamedNode(iri), graph
        yield document, VOID + "inDataset", NamedNode(part_iri(self.base)), graph
        if self.dataset.license:
            yield document, DCTERMS + "license", NamedNode(self.dataset.license), graph
        for slug in linked:
            yield iri, RDFS + "seeAlso", NamedNode(f"{self.dataset.site}{release_path(slug)}/"), graph


def _begin(newsroom: Newsroom, place: BuildFolders, pages: tuple[Pages, ...], kept: KeptEntities | None) -> _Writer:
    """The writer of a worker process, which opens the store for itself."""
    return _Writer(place, newsroom, pages, kept)
