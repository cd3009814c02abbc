"""Searches the full-text index of a build: names above texts, in a stable order, never longer than is allowed.

SQLite is asked in a few threads of the server, and stopped between two rows when the time is over; how long it looks
for one row grows no faster than the index. What is typed never becomes its query language: the words are cut and folded
as those of the index were, so that they consist of letters and digits, and each is quoted.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from communique.serve.folding import words_of
from communique.serve.indexing import PARTS
from communique.serve.refusal import HttpError

MOST_WORDS: Final = 16
"""The words of a search that count; the rest is left out."""

MOST_CHARACTERS: Final = 1000
MOST_ROWS: Final = 5000
"""The rows that are ranked. Rows of names come first in the index, so none of them is lost for a text."""

_THREADS: Final = 2
_WAITING: Final = 32
_WAITING_BATCHES: Final = 8
_STEPS: Final = 2000
"""The instructions of SQLite between two looks at the clock: far less than a millisecond."""

_WHOLE: Final = 2
"""Words up to this length must be whole, unless they are the last one, which may still be typed."""

_AROUND: Final = 12
"""Words on each side of a hit in a passage."""

_SCORES: Final = """
    SELECT texts.iri, texts.part, texts.language, texts.body, texts.start, texts.inferred, found.score, things.kind
    FROM (SELECT rowid AS id, bm25(words) AS score FROM words WHERE words MATCH ? LIMIT ?) AS found
    JOIN texts ON texts.id = found.id JOIN things ON things.iri = texts.iri
"""


T = TypeVar("T")
_Rank = tuple[bool, float, int, bool, str, int, str, str]


class FoundSpan(NamedTuple):
    """A stretch of a text, by the offsets of its first character and after its last one (Unicode code points)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that can be found.

    ``names`` are its names with their part and language, the first ones first; ``speakers`` those of a statement, each
    with whether a reader concluded that.
    """

    iri: str
    kind: str
    page: str
    names: tuple[tuple[int, str, str], ...]
    types: tuple[str, ...]
    release: str
    day: str
    speakers: tuple[tuple[str, bool], ...]
    start: int | None
    end: int | None

    def label(self, language: str) -> str:
        """The name in a language, else one without a language, else in English, else the first; "" without a name."""
        best = min((part for part, _, _ in self.names), default=0)
        own = [(tongue, name) for part, tongue, name in self.names if part == best]
        for wanted in (language, "", "en"):
            for tongue, name in own:
                if tongue.partition("-")[0] == wanted:
                    return name
        return own[0][1] if own else ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found: in which part of it, and the words around, of which ``marks`` are those looked for.

    ``offset`` is that of the passage in the text of the release, if it was found there; ``cut`` says whether words
    before and after the passage are left out; ``inferred``, whether it is the conclusion of a reader.
    """

    thing: Thing
    part: str
    language: str
    passage: str
    marks: tuple[FoundSpan, ...]
    offset: int | None
    cut: tuple[bool, bool]
    inferred: bool


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of hits; ``total`` is the number of all, at least if not ``complete``."""

    hits: tuple[Hit, ...]
    total: int
    complete: bool


class SearchedWords(NamedTuple):
    """The words that are looked for: phrases of words that stand together, each with whether its last is a beginning.

    >>> SearchedWords.of("co-operation in Alma").match
    '"co operation" * "in" "alma" *'
    """

    phrases: tuple[tuple[tuple[str, ...], bool], ...]

    @classmethod
    def of(cls, text: str, *, whole: bool = False) -> SearchedWords:
        """The words of what was typed; with ``whole`` none is a beginning."""
        phrases: list[list[str]] = []
        text, count, end = text[:MOST_CHARACTERS], 0, 0
        for word in words_of(text):
            if (count := count + 1) > MOST_WORDS:
                break
            if word.joined and phrases:
                phrases[-1].append(word.text)
            else:
                phrases.append([word.text])
            end = word.end
        last = len(phrases) - 1 if end == len(text) else -1
        starts = (not whole and (n == last or len(words[-1]) > _WHOLE) for n, words in enumerate(phrases))
        return cls(tuple(dict.fromkeys((tuple(words), start) for words, start in zip(phrases, starts, strict=True))))

    @property
    def match(self) -> str:
        """The query of SQLite; "" if there is no word."""
        return " ".join(f'"{" ".join(words)}"' + (" *" if starts else "") for words, starts in self.phrases)

    def marks(self, text: str) -> list[FoundSpan]:
        """Where the phrases stand in a text."""
        words = list(words_of(text))
        found = set()
        for phrase, starts in self.phrases:
            for n in range(len(words) - len(phrase) + 1):
                span = words[n : n + len(phrase)]
                heads = all(word.text == wanted for word, wanted in zip(span[:-1], phrase[:-1], strict=True))
                tail = span[-1].text
                if heads and (tail.startswith(phrase[-1]) if starts else tail == phrase[-1]):
                    found.add(FoundSpan(span[0].start, span[-1].end))
        return sorted(found)


class _Found(NamedTuple):
    """A row of `_SCORES`."""

    iri: str
    part: int
    language: str
    body: str
    start: int
    inferred: int
    score: float
    kind: str


class FullText:
    """The index in a file, which nobody changes; `close` it when it is not needed any more."""

    def __init__(self, file: Path, seconds: float) -> None:
        self._address = file.absolute().as_uri() + "?mode=ro&immutable=1"
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="search")
        self._batches = ThreadPoolExecutor(1, thread_name_prefix="batch")
        self._waiting = self._waiting_batches = 0
        self._free: list[sqlite3.Connection] = []

    async def search(
        self, text: str, *, language: str = "en", kinds: Sequence[str] = (), skip: int = 0, most: int = 20
    ) -> Hits:
        """What a text finds. Raises `HttpError` if it takes too long, or too many searches wait."""
        return await self.run(lambda: self.find(text, language, tuple(kinds), skip, most))

    async def run(self, work: Callable[..., T], *arguments: object) -> T:
        """Do something with the index in one of its threads."""
        if self._waiting >= _WAITING:
            raise HttpError(503, "too many searches wait: ask again in two seconds", {"Retry-After": "2"})
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
        finally:
            self._waiting -= 1

    async def run_batch(self, work: Callable[..., T], *arguments: object) -> T:
        """Do something longer with the index, in a thread of its own, so that searches never wait for it."""
        if self._waiting_batches >= _WAITING_BATCHES:
            raise HttpError(503, "too many batches wait: ask again in two seconds", {"Retry-After": "2"})
        self._waiting_batches += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._batches, work, *arguments)
        finally:
            self._waiting_batches -= 1

    def find(
        self, text: str, language: str, kinds: tuple[str, ...], skip: int, most: int, *, whole: bool = False
    ) -> Hits:
        """The same, in this thread."""
        wanted = SearchedWords.of(text, whole=whole)
        if not wanted.phrases:
            return Hits((), 0, complete=True)
        with self.database() as database:
            rows = [_Found(*row) for row in database.execute(_SCORES, (wanted.match, MOST_ROWS))]
            best: dict[str, tuple[_Rank, _Found]] = {}
            for row in rows:
                if kinds and row.kind not in kinds:
                    continue
                key = _rank(row, language)
                if row.iri not in best or key < best[row.iri][0]:
                    best[row.iri] = (key, row)
            chosen = sorted(best.values(), key=lambda one: one[0])[skip : skip + most]
            hits = tuple(self._hit(database, row, wanted) for _, row in chosen)
        return Hits(hits, len(best), len(rows) < MOST_ROWS)

    def things(self, iris: Sequence[str]) -> dict[str, Thing]:
        """The things with these IRIs, of those that can be found."""
        with self.database() as database:
            found = {iri: thing_in(database, iri) for iri in dict.fromkeys(iris)}
        return {iri: thing for iri, thing in found.items() if thing is not None}

    def close(self) -> None:
        """Let the file go."""
        self._threads.shutdown()
        self._batches.shutdown()
        while self._free:
            self._free.pop().close()

    def _hit(self, database: sqlite3.Connection, row: _Found, wanted: SearchedWords) -> Hit:
        thing, part, body, marks = thing_in(database, row.iri), PARTS[row.part], row.body, wanted.marks(row.body)
        assert thing is not None, "each text belongs to a thing"
        low, high = _around(body, marks) if part in _LONG else (0, len(body))
        return Hit(
            thing,
            part,
            row.language,
            body[low:high],
            marks=tuple(FoundSpan(m.start - low, m.end - low) for m in marks if m.start >= low and m.end <= high),
            offset=row.start + low if row.start >= 0 else None,
            cut=(low > 0, high < len(body)),
            inferred=bool(row.inferred),
        )

    @contextlib.contextmanager
    def database(self, seconds: float | None = None, setting: str = "search_seconds") -> Iterator[sqlite3.Connection]:
        """A connection that this thread has alone for a while, and that stops when the time is over.

        Raises `HttpError` then, which names the setting.
        """
        seconds = seconds or self._seconds
        database = self._free.pop() if self._free else None
        database = database or sqlite3.connect(self._address, uri=True, check_same_thread=False)
        until = time.monotonic() + seconds
        database.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
        try:
            yield database
        except sqlite3.OperationalError as error:
            if time.monotonic() <= until:
                raise
            sentence = f"the search took longer than {seconds:g} s ({setting}): write more of the words"
            raise HttpError(422, sentence) from error
        finally:
            database.set_progress_handler(None, 0)
            self._free.append(database)


_LONG: Final = ("description", "statement", "text")


def _rank(row: _Found, language: str) -> _Rank:
    """The place of a row: by what part it is, then by how well it fits, then the language; equal ones by IRI."""
    kept = (row.part, row.language != language, row.iri, row.start, row.language, row.body)
    return (PARTS[row.part] in _LONG, round(row.score, 6), *kept)


def thing_in(database: sqlite3.Connection, iri: str) -> Thing | None:
    """The thing with an IRI, if it can be found."""
    row = database.execute("SELECT * FROM things WHERE iri = ?", (iri,)).fetchone()
    if row is None:
        return None
    names = tuple((part, language, name) for part, language, name in json.loads(row[3]))
    iri, kind, page, _, types, release, day, speakers, start, end = row
    told = tuple((speaker, bool(inferred)) for speaker, inferred in json.loads(speakers))
    return Thing(
        iri=iri, kind=kind, page=page, names=names, types=tuple(json.loads(types)),
        release=release, day=day, speakers=told, start=start, end=end,
    )  # fmt: skip


def _around(body: str, marks: Sequence[FoundSpan]) -> tuple[int, int]:
    """Where the words around the first mark begin and end."""
    words = list(words_of(body))
    first = marks[0] if marks else FoundSpan(0, 0)
    at = next((n for n, word in enumerate(words) if word.end > first.start), 0)
    last = next((n for n, word in enumerate(words) if word.end >= first.end), at)
    low = 0 if at <= _AROUND else words[at - _AROUND].start
    return low, len(body) if last + _AROUND >= len(words) - 1 else words[last + _AROUND].end
