"""Makes the full-text index of a build from its store and the texts of its releases.

One row for each text that can be found: a name, another name, a description, a headline, a paragraph, a statement. The
rows of names come first, so that a search that is cut off has seen them.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pyoxigraph as ox

from communique.iris import document_of, is_inference, is_inner, own_iri, page_path, without_base
from communique.kinds import CLASSES, KINDS, RELEASE
from communique.serve.folding import folded_text
from communique.serve.publication import Publication
from communique.terms import CMQ, DCTERMS, FABIO, FOAF, OA, SCHEMA, SKOS, TYPE
from communique.text.dates import dates_of

NAME: Final = "fulltext.sqlite"
"""The file of the index in the folder of the store."""

PARTS: Final = ("name", "other name", "headline", "description", "statement", "text")
"""What a text is of what is found, the weightiest first."""

ENTITIES: Final = tuple(kind.path for kind in KINDS)
"""The kinds of entities."""

STATEMENT: Final = "statement"
GROUP: Final = "group"
FOUND_KINDS: Final = (*ENTITIES, GROUP, RELEASE, STATEMENT)
"""The kinds of what can be found."""

_PROPERTIES: Final = {
    SCHEMA + "name": "name",
    SKOS + "prefLabel": "name",
    DCTERMS + "title": "name",
    SCHEMA + "alternateName": "other name",
    SKOS + "altLabel": "other name",
    SCHEMA + "legislationIdentifier": "other name",
    SCHEMA + "headline": "headline",
    SCHEMA + "description": "description",
    SCHEMA + "abstract": "description",
    SCHEMA + "jobTitle": "description",
    SCHEMA + "text": "statement",
}
_NO_FACTS: Final = (TYPE, CMQ + "evidence")
_STATEMENTS: Final = frozenset(one.iri for one in CLASSES if one.lane == "said")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PARAGRAPH: Final = re.compile(r"[^\n]*\S[^\n]*")
_SCHEMA: Final = """
    CREATE TABLE things (iri TEXT PRIMARY KEY, kind TEXT, page TEXT, names TEXT, types TEXT, release TEXT, day TEXT,
        speakers TEXT, start INTEGER, stop INTEGER) WITHOUT ROWID;
    CREATE TABLE texts (id INTEGER PRIMARY KEY, iri TEXT, part INTEGER, language TEXT, body TEXT, start INTEGER,
        inferred INTEGER);
    CREATE INDEX texts_iri ON texts (iri);
    CREATE TABLE names (folded TEXT, iri TEXT, PRIMARY KEY (folded, iri)) WITHOUT ROWID;
    CREATE TABLE facts (iri TEXT, property TEXT, value TEXT, kind TEXT, language TEXT, inferred INTEGER, folded TEXT);
    CREATE INDEX facts_iri ON facts (iri, property);
    CREATE INDEX facts_value ON facts (property, folded);
    CREATE VIRTUAL TABLE words USING fts5 (folded, content='', tokenize='ascii', prefix='1 2 3', columnsize=1);
"""


class _Thing(NamedTuple):
    iri: str
    kind: str
    page: str
    release: str


class _Text(NamedTuple):
    part: int
    page: str
    iri: str
    language: str
    body: str
    start: int
    inferred: bool


def write_index(publication: Publication, store: ox.Store, file: Path) -> None:
    """Write the index of a build into a new file."""
    database = sqlite3.connect(file, isolation_level=None)
    try:
        database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;" + _SCHEMA)
        _Index(publication, store).write(database)
        database.execute("INSERT INTO words (words) VALUES ('optimize')")
        database.execute("COMMIT")
    finally:
        database.close()


class _Index:
    def __init__(self, publication: Publication, store: ox.Store) -> None:
        self._publication, self._store, self._base = publication, store, publication.base
        self._days: dict[str, str] = {}
        self._languages: dict[str, str] = {}
        for iri in self._of_class(FABIO + "PressRelease"):
            self._languages[iri] = next((one.value for one in self._values(iri, SCHEMA + "inLanguage")), "")
            self._days[iri] = self._day(iri)

    def write(self, database: sqlite3.Connection) -> None:
        things = {thing.iri: thing for thing in self._things()}
        texts = sorted(self._texts(things))
        names: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
        for text in texts:
            if PARTS[text.part] in ("name", "other name", "headline"):
                names[text.iri].append((text.part, text.language, text.body))
        for thing in things.values():
            database.execute(
                "INSERT INTO things VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", self._row(thing, names[thing.iri])
            )
            for _, _, name in names[thing.iri]:
                database.execute("INSERT OR IGNORE INTO names VALUES (?, ?)", (folded_text(name), thing.iri))
            if thing.kind in ENTITIES:
                database.executemany("INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?, ?)", self._facts(thing.iri))
        for number, text in enumerate(texts, 1):
            row = (number, text.iri, text.part, text.language, text.body, text.start, text.inferred)
            database.execute("INSERT INTO texts VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            database.execute("INSERT INTO words (rowid, folded) VALUES (?, ?)", (number, folded_text(text.body)))

    def _things(self) -> Iterator[_Thing]:
        """Everything that can be found: what has a page, groups, and statements."""
        for path in sorted(
            path.removesuffix("/index.ttl") for path in self._publication.files if path.endswith("/index.ttl")
        ):
            kind = path.partition("/")[0]
            if kind in FOUND_KINDS and self._publication.has_graph(path):
                iri = own_iri(self._base, path)
                yield _Thing(iri, kind, page_path(path), iri if kind == RELEASE else "")
        for kind, classes in ((GROUP, (FOAF + "Group",)), (STATEMENT, sorted(_STATEMENTS))):
            for iri in sorted({iri for one in classes for iri in self._of_class(one)}):
                release = document_of(iri)
                if is_inner(iri) and release in self._days:
                    page = page_path(without_base(release, self._base)) + iri.removeprefix(release)
                    yield _Thing(iri, kind, page, release)

    def _texts(self, things: dict[str, _Thing]) -> Iterator[_Text]:
        for thing in things.values():
            inferred: dict[tuple[str, ox.Literal], bool] = {}
            for quad in self._store.quads_for_pattern(ox.NamedNode(thing.iri), None, None):
                part, value = _PROPERTIES.get(quad.predicate.value), quad.object
                if part and isinstance(value, ox.Literal):
                    inferred[part, value] = inferred.get((part, value), True) and _is_inferred(quad)
            for (part, value), is_inferred in inferred.items():
                yield _text(thing, part, value.language or "", value.value)._replace(inferred=is_inferred)
            source = self._publication.files.get(thing.page.replace("index.html", "source.txt"))
            if thing.kind == RELEASE and source:
                whole = self._publication.read(source).decode("utf-8")
                for match in _PARAGRAPH.finditer(whole):
                    language = self._languages.get(thing.iri, "")
                    yield _text(thing, "text", language, match[0], match.start())

    def _row(self, thing: _Thing, names: list[tuple[int, str, str]]) -> tuple[str | int | None, ...]:
        types = sorted({value.value for value in self._values(thing.iri, TYPE)})
        stated = {value.value for value in self._values(thing.iri, SCHEMA + "creator", stated=True)}
        everybody = {value.value for value in self._values(thing.iri, SCHEMA + "creator")}
        speakers = sorted((iri, iri not in stated) for iri in everybody)
        start, stop = self._passage(thing.iri) if thing.kind == STATEMENT else (None, None)
        day = self._days.get(thing.release, "")
        return (
            thing.iri, thing.kind, thing.page, json.dumps(names, ensure_ascii=False), json.dumps(types),
            thing.release, day, json.dumps(speakers), start, stop,
        )  # fmt: skip

    def _facts(self, iri: str) -> list[tuple[str | bool, ...]]:
        """What the build says of an entity; a fact that is stated anywhere is not inferred."""
        found: dict[tuple[str, ...], bool] = {}
        for quad in self._store.quads_for_pattern(ox.NamedNode(iri), None, None):
            value, predicate = quad.object, quad.predicate.value
            if predicate in _NO_FACTS or isinstance(value, (ox.BlankNode, ox.Triple)):
                continue
            kind, language = "", ""
            if isinstance(value, ox.Literal):
                kind, language = value.datatype.value, value.language or ""
            key = (iri, predicate, value.value, kind, language)
            found[key] = found.get(key, True) and _is_inferred(quad)
        return [(*key, inferred, folded_text(key[2]) if key[3] else key[2]) for key, inferred in sorted(found.items())]

    def _passage(self, iri: str) -> tuple[int | None, int | None]:
        """Where a statement stands in its release: the first of its passages."""
        spans = []
        for passage in self._values(iri, CMQ + "evidence"):
            starts, ends = self._values(passage.value, OA + "start"), self._values(passage.value, OA + "end")
            spans += [(int(one.value), int(other.value)) for one, other in zip(starts, ends, strict=False)]
        return min(spans, default=(None, None))

    def _day(self, release: str) -> str:
        """The day of a release, by the rule of the pages: of its dateline, else of its publication; "" without one."""
        datelines = self._values(release, SCHEMA + "dateline", stated=True)
        found = [dates_of(one.value, _language_of(one) or "en").all for one in datelines]
        days = [next((date for date, _ in dates if len(date) == 10), "") for dates in found]
        if not any(days):
            days = [one.value[:10] for one in self._values(release, SCHEMA + "datePublished", stated=True)]
        return min((day for day in days if _DAY.fullmatch(day)), default="")

    def _values(self, iri: str, predicate: str, *, stated: bool = False) -> list[ox.NamedNode | ox.Literal]:
        found = self._store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(predicate), None)
        kept = (quad for quad in found if not (stated and _is_inferred(quad)))
        values = dict.fromkeys(quad.object for quad in kept)
        return [value for value in values if isinstance(value, (ox.NamedNode, ox.Literal))]

    def _of_class(self, iri: str) -> Iterable[str]:
        for quad in self._store.quads_for_pattern(None, ox.NamedNode(TYPE), ox.NamedNode(iri)):
            if isinstance(quad.subject, ox.NamedNode):
                yield quad.subject.value


def _text(thing: _Thing, part: str, language: str, body: str, start: int = -1) -> _Text:
    return _Text(
        part=PARTS.index(part),
        page=thing.page,
        iri=thing.iri,
        language=language,
        body=body,
        start=start,
        inferred=False,
    )


def _language_of(value: ox.NamedNode | ox.Literal) -> str:
    return (value.language or "") if isinstance(value, ox.Literal) else ""


def _is_inferred(quad: ox.Quad) -> bool:
    return isinstance(quad.graph_name, ox.NamedNode) and is_inference(quad.graph_name.value)
