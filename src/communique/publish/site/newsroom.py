"""The pages about the whole publication: the newsroom, lists of entities, questions, vocabulary, search."""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from communique import artefacts
from communique.export.order import natural
from communique.export.pagejson import render_node_jsonld
from communique.formats import DATASET_FILES
from communique.iris import inner_iri, own_iri, page_path, part_iri, query_path, release_path
from communique.kinds import LISTS, MENU
from communique.publish.compressed import compressed_copies
from communique.publish.counts import Counts
from communique.publish.site.browser import (
    Programs,
    write_completion,
    write_names,
    write_programs,
    write_queries,
)
from communique.publish.site.cards import EntityCard, ReleaseCard
from communique.publish.site.indexes import folder_pages, missing_page, release_folder_page
from communique.publish.site.pages import File, Page, Pages, Smaller, static_files, url
from communique.publish.site.questions import Answers, QuestionPages
from communique.publish.site.recipes import RECIPES
from communique.publish.site.texts import Texts
from communique.publish.site.titles import Titles
from communique.publish.site.vocabulary import shapes_page, vocabulary_page
from communique.publish.stage import put
from communique.read.dataset import Dataset
from communique.watch import Watch

if TYPE_CHECKING:
    from communique.api import Newsroom
    from communique.query.catalogue import Query
    from communique.store.store import Queryable

LARGE, SMALL = 20, 80
"""Releases that the newsroom shows at length, and further ones that it shows in one line each."""

NAMED: Final = 60
"""Entities of a kind that the newsroom lists; if there are more, it lists those in the most releases."""

ON_ONE_PAGE: Final = 1500
"""Entities of a kind on one page; if there are more, there is a page for each letter."""

Render: TypeAlias = "Callable[[QuestionPages, Query], Iterable[tuple[str, bytes]]]"
"""What gives the files of a question, by path, as `QuestionPages.files` does."""

_UNDATED: Final = "undated"


@dataclass(frozen=True, slots=True)
class Material:
    """What the pages are made from: the folder of the store with all quads, the slugs of all releases, the cards of
    entities for each language, counts, and the working folder with the cards of releases.

    ``seconds`` is the time limit for a canned question; ``keep`` gives a store that
    uses the answers of an earlier build again, ``render`` the files of a question, those of an earlier build perhaps.
    """

    store: Path
    slugs: list[str]
    entities: list[list[EntityCard]]
    counts: Counts
    work: Path
    seconds: float
    keep: Callable[[Queryable], AbstractContextManager[Queryable]] = nullcontext
    render: Render = QuestionPages.files


def write_site(stage: Path, newsroom: Newsroom, pages: Iterable[Pages], material: Material, watch: Watch) -> list[str]:
    """Write the pages about the whole publication in every language; returns their paths, for the site map.

    The pages of releases and entities, and the cards of releases in ``material.work``, must already exist.
    """
    from communique.store.apart import StoreApart  # only a build with pages asks questions

    for name, body in static_files():
        put(stage, name, body)
    write_programs(stage)
    order = Texts(stage, material.work).newest_first(material.slugs)
    if Programs(stage).has_editor:
        write_completion(stage, material.counts)
        write_queries(stage, newsroom.catalogue, newsroom.dataset.base)
    paths: list[str] = []
    with StoreApart(material.store, material.seconds) as store, material.keep(store) as asked:
        answers = Answers(newsroom.catalogue, asked, newsroom.dataset.base, order)
        for language, entities in zip(pages, material.entities, strict=True):
            texts = Texts(stage, material.work, language.suffix)
            site = Site(stage, newsroom, language, texts, material.render)
            site.write(order, entities, answers, material.counts, watch)
            paths += site.paths if not language.suffix else []
    return paths


class Site:
    """Writes the pages in one language into ``stage``; ``paths`` are those written so far."""

    def __init__(self, stage: Path, newsroom: Newsroom, pages: Pages, texts: Texts, render: Render) -> None:
        self.stage, self.newsroom, self.pages, self.texts, self.render = stage, newsroom, pages, texts, render
        self.paths: list[str] = []

    def write(
        self, order: list[str], entities: list[EntityCard], answers: Answers, counts: Counts, watch: Watch
    ) -> None:
        """Write the pages about more than one release or entity; ``order`` are the slugs, newest first."""
        self._put(self._newsroom(order, entities, counts))
        for page in (*self._years(order), *self._list_pages(entities)):
            self._put(page)
        self._questions(order, entities, answers, watch)
        root = self.newsroom.folder.root
        self._put(vocabulary_page(artefacts.folder("ontology", root), counts))
        self._put(shapes_page(artefacts.folder("shapes", root)))
        folders = [self._releases(order), *folder_pages(_by_list(entities))]
        for page in (*folders, self._data(counts, [page.path for page in folders]), missing_page(self.pages)):
            self._put(page)
        if not self.pages.suffix:
            self._search(order, entities)

    def _data(self, counts: Counts, folders: list[str]) -> Page:
        values = {"counts": counts, "files": dataset_files(self.stage), "recipes": RECIPES, "folders": folders}
        return Page("data.html", "data.html", values, "data")

    def _put(self, page: Page) -> None:
        put(self.stage, self.pages.local(page.path), self.pages.render(page))
        if not page.absolute:
            self.paths.append(page.path.removesuffix("index.html"))

    # ---- the newsroom

    def _by_year(self, order: list[str]) -> dict[str, list[str]]:
        years: dict[str, list[str]] = {}
        for slug in order:
            years.setdefault(self.texts.card(slug).day[:4], []).append(slug)
        return years

    def _releases(self, order: list[str]) -> Page:
        """The index of the folder of releases; if years have pages of their own, it links to them."""
        by_year = self._by_year(order) if self._has_years(order) else {}
        years = [(year, len(by_year[year]), self.pages.local(_year_page(year))) for year in sorted(by_year)]
        return release_folder_page([self.texts.card(s) for s in order[: LARGE + SMALL]], years, len(order))

    def _newsroom(self, order: list[str], entities: list[EntityCard], counts: Counts) -> Page:
        cards = [self.texts.card(slug) for slug in order[: LARGE + SMALL]]
        years, lists = self._by_year(order), _by_list(entities)
        files = dataset_files(self.stage)

        def link(year: str) -> str:
            return self.pages.local(_year_page(year)) if self._has_years(order) else f"#y{year or _UNDATED}"

        values = {
            "large": cards[:LARGE],
            "small": cards[LARGE:],
            "total": len(order),
            "years": [(y, len(years[y]), link(y)) for y in sorted(years)],
            "first_of": {own[0]: year or _UNDATED for year, own in years.items()},
            "lists": [(key, *self._most_mentioned(own)) for key, own in lists],
            "missing": [key for key in MENU if key not in dict(lists)],
            "questions": _featured(self.newsroom.catalogue.values()),
            "all_questions": len(self.newsroom.catalogue),
            "counts": counts,
            "files": files,
        }
        about = _dataset_jsonld(self.newsroom.dataset, files)
        return Page("index.html", "index.html", values, "releases", jsonld=about)

    def _most_mentioned(self, own: list[EntityCard]) -> tuple[list[EntityCard], int]:
        """The entities of a list that the newsroom shows, and how many the list has."""
        if len(own) <= NAMED:
            return own, len(own)
        most = sorted(own, key=lambda c: (-c.releases, _sort_key(c)))[:NAMED]
        return sorted(most, key=_sort_key), len(own)

    def _has_years(self, order: list[str]) -> bool:
        return len(order) > LARGE + SMALL

    def _years(self, order: list[str]) -> Iterator[Page]:
        """A page for each year, if there are more releases than the newsroom shows."""
        if not self._has_years(order):
            return
        years: dict[str, list[ReleaseCard]] = {}
        for slug in order:
            card = self.texts.card(slug)
            years.setdefault(card.day[:4], []).append(card)
        for year, cards in years.items():
            yield Page("year.html", _year_page(year), {"year": year, "small": cards, "first_of": {}}, "releases")

    def _list_pages(self, entities: list[EntityCard]) -> Iterator[Page]:
        """Pages with all entities of a list, one or one for each letter, if the newsroom cannot show them all."""
        for key, own in _by_list(entities):
            if len(own) <= NAMED:
                continue
            letters: dict[str, list[EntityCard]] = {}
            for card in own:
                letters.setdefault(_letter(card.sort), []).append(card)
            current = key if key in MENU else ""
            if len(own) <= ON_ONE_PAGE:
                yield Page("list.html", f"{key}.html", {"key": key, "letters": letters, "index": []}, current)
                continue
            index = [(k, f"{key}-{_shard(k)}.html", self.pages.local(f"{key}-{_shard(k)}.html")) for k in letters]
            yield Page("list.html", f"{key}.html", {"key": key, "letters": {}, "index": index}, current)
            for letter, path, _ in index:
                shown = {letter: letters[letter]}
                yield Page("list.html", path, {"key": key, "letters": shown, "index": index}, current)

    # ---- questions

    def _questions(self, order: list[str], entities: list[EntityCard], answers: Answers, watch: Watch) -> None:
        labels = {card.path.rstrip("/"): card.title for card in entities}
        labels |= {release_path(slug): self.texts.card(slug).title for slug in order}
        programs = Programs(self.stage, self.pages.suffix)
        if programs:
            inner = {
                inner_iri(release_path(slug), n): t for slug in order for n, t in self.texts.card(slug).inner.items()
            }
            write_names(programs, labels | inner, self.texts, order)
        questions = QuestionPages(self.pages, answers, Titles(self.texts, labels), programs)
        self._put(questions.index())
        self._put(questions.editor())
        for query in watch(list(answers.catalogue.values()), "questions", len(answers.catalogue)):
            for path, body in self.render(questions, query):
                put(self.stage, path, questions.complete(query, path, body))
            self.paths.append(f"{query_path(query.name)}/")

    # ---- search

    def _search(self, order: list[str], entities: list[EntityCard]) -> None:
        """Write the search index: a file for each letter, with the pages that have a word with this first letter.

        The files are scripts, not JSON, so that a page opened from a disk can read them too.
        """
        words = self.pages.words
        shards: dict[str, list[list[str]]] = {}
        for slug in order:
            card = self.texts.card(slug)
            day = words.day(card.day) if card.day else ""
            _add_to_shards(shards, [card.title, url(page_path(release_path(slug))), day], [])
        for one in sorted(entities, key=_sort_key):
            notes = [f"{text} ({words(mark)})" if mark else text for text, mark in one.note]
            kind = ", ".join(notes) or words(one.word)
            names = [*one.also, *(name.text for name in one.names)]
            _add_to_shards(shards, [one.title, url(one.path + "index.html"), kind], names)
        for shard, entries in shards.items():
            body = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
            put(self.stage, f"search/{shard}.js", f'communiqueFound("{shard}",{body});\n')


def _add_to_shards(shards: dict[str, list[list[str]]], entry: list[str], names: list[str]) -> None:
    searchable = " ".join((entry[0], *names))
    for shard in dict.fromkeys(_shard(word) for word in _words(searchable)):
        shards.setdefault(shard, []).append([*entry, " ".join(names)])


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in unicodedata.normalize("NFKC", text).casefold()).split()


def _shard(word: str) -> str:
    return f"{ord(word[0]):04x}"


def _letter(name: str) -> str:
    words = _words(name)
    return words[0][0].upper()[0] if words else "#"


def _by_list(entities: list[EntityCard]) -> list[tuple[str, list[EntityCard]]]:
    lists: dict[str, list[EntityCard]] = {key: [] for key in LISTS}
    for card in entities:
        if card.list:
            lists[card.list].append(card)
    return [(key, sorted(own, key=_sort_key)) for key, own in lists.items() if own]


def _sort_key(card: EntityCard) -> tuple[str, str]:
    return natural(unicodedata.normalize("NFKC", card.sort).casefold()), card.path


def _year_page(year: str) -> str:
    return f"releases-{year or _UNDATED}.html"


def _featured(queries: Iterable[Query]) -> list[Query]:
    """The questions that the newsroom shows, in this order."""
    first = ("what-happened", "who-said-what", "speakers", "reports", "who-attended", "recommendations", "timeline")
    return sorted((q for q in queries if q.name in first), key=lambda q: first.index(q.name))


def _publisher(dataset: Dataset) -> dict[str, str] | None:
    """The publisher in terms of schema.org; with its IRI if it is an entity of the registry."""
    agent = dataset.publisher
    if agent is None:
        return None
    if agent.id is None:
        return {"@type": "Organization", "name": agent.name}
    kind = "Person" if agent.id.startswith("person/") else "Organization"
    return {"@id": own_iri(dataset.base, agent.id), "@type": kind, "name": agent.name}


def _dataset_jsonld(dataset: Dataset, files: list[File]) -> bytes:
    """The dataset as JSON-LD in terms of schema.org, for dataset search engines."""
    node: dict[str, object] = {
        "@id": part_iri(dataset.base),
        "@type": "Dataset",
        "name": dataset.title,
        "description": dataset.description,
        "url": dataset.site,
        "inLanguage": dataset.language,
        "license": dataset.license,
        "keywords": list(dataset.keywords),
        "version": dataset.version,
        "datePublished": dataset.issued,
        "dateModified": dataset.modified,
        "publisher": _publisher(dataset),
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": file.media_type, "contentUrl": dataset.site + file.href}
            for file in files
        ],
    }
    return render_node_jsonld({key: value for key, value in node.items() if value})


def dataset_files(stage: Path) -> list[File]:
    """The files of ``stage`` with the whole dataset, for download."""
    copies = {file.path: copy for file, copy in compressed_copies(stage)}
    return [
        File(f.key, f.format.title, f.path, f.format.media_type, _smaller(copies.get(f.path))) for f in DATASET_FILES
    ]


def _smaller(copy: Path | None) -> Smaller | None:
    return Smaller(copy.name, Decimal(math.ceil(copy.stat().st_size / 100_000)) / 10) if copy else None
