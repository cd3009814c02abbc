"""Finds the entities that a name may stand for, and scores them by plain rules, which docs/reconcile.md explains."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from communique.iris import is_own, own_iri
from communique.serve.folding import folded_text, words_of
from communique.serve.fulltext import Thing, thing_in
from communique.serve.indexing import ENTITIES, PARTS

EXACT: Final = 100.0
OTHER_NAME: Final = 95.0
FOLDED: Final = 90.0
REORDERED: Final = 85.0
INITIALS: Final = 75.0
OVERLAP: Final = 60.0
"""The scores of a name: see `score_of_name`. Overlap is at most that much."""

MISSING: Final = 20.0
"""What a property takes off the score if the entity has none of the values asked for, and a type that should fit."""

_MOST_CANDIDATES: Final = 400
_MOST_WORDS: Final = 12
_LEAST: Final = 15.0
"""Scores below this one are no candidates: next to nothing of the name is there."""

_BY_WORDS: Final = """
    SELECT DISTINCT texts.iri FROM (SELECT rowid AS id, bm25(words) AS score FROM words WHERE words MATCH ? LIMIT 5000)
        AS found JOIN texts ON texts.id = found.id WHERE texts.part IN (0, 1, 2) ORDER BY found.score, texts.iri LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Value:
    """A value asked for: a text, or an entity by its id."""

    text: str
    is_id: bool = False


@dataclass(frozen=True, slots=True)
class NameQuery:
    """What is to be matched; ``types`` are IRIs of classes, ``strict`` is any, all or should."""

    name: str
    types: tuple[str, ...] = ()
    strict: str = "any"
    limit: int = 10
    properties: tuple[tuple[str, tuple[Value, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that may be meant; ``match`` only if it alone has exactly this name, the type and all properties."""

    thing: Thing
    score: float
    match: bool
    features: Mapping[str, float | bool] = field(default_factory=dict)


def match(database: sqlite3.Connection, base: str, query: NameQuery, check: Callable[[], None]) -> list[Candidate]:
    """The candidates for a query, the best first; equal ones by IRI.

    ``check`` is called again and again, and raises an exception when the time is over.
    """
    asked = [(one, _wanted(database, base, values, check)) for one, values in query.properties]
    by_id = entity_iri(base, query.name)
    exact = set(_with_name(database, query.name))
    scored, certain = [], []
    for iri in dict.fromkeys(
        [by_id, *sorted(exact), *_with_words(database, query), *_with_values(database, base, query)]
    ):
        check()
        thing = thing_in(database, iri)
        if thing is None or thing.kind not in ENTITIES:
            continue
        typed = _has_types(thing, query)
        if not typed and query.strict != "should":
            continue
        name = EXACT if iri == by_id else score_of_name(query.name, thing.names) if query.name else EXACT
        shares = [_fits(database, thing.iri, one, wanted) for one, wanted in asked]
        score = name - MISSING * (shares.count(False) + (not typed))
        if score >= _LEAST and (query.name or any(shares)):
            scored.append((thing, score, name, shares))
            if query.name and name >= OTHER_NAME and typed and all(shares):
                certain.append(iri)
    candidates = [
        Candidate(thing, score, certain == [thing.iri], _features(name, shares, query))
        for thing, score, name, shares in scored
    ]
    return sorted(candidates, key=lambda one: (-one.score, one.thing.iri))[: query.limit]


def score_of_name(name: str, names: Iterable[tuple[int, str, str]]) -> float:
    """How well a name fits an entity: the best score that one of its names has.

    >>> own = [(0, "", "Zoë Muster"), (1, "", "Z. M.")]
    >>> [score_of_name(one, own) for one in ("zoë muster", "Z. M.", "Zoe Muster", "Muster, Zoë", "Z. Muster", "Zoë")]
    [100.0, 95.0, 90.0, 85.0, 75.0, 40.0]
    """
    return max(
        (_score(name, text) - (EXACT - OTHER_NAME if PARTS[part] == "other name" else 0) for part, _, text in names),
        default=0.0,
    )


def _score(name: str, other: str) -> float:
    if _letters(name) == _letters(other):
        return EXACT
    mine, own = folded_text(name).split(), folded_text(other).split()
    if not mine or not own:
        return 0.0
    if mine == own:
        return FOLDED
    if sorted(mine) == sorted(own):
        return REORDERED
    if _is_initials(mine, own) or _is_initials(own, mine):
        return INITIALS
    shared = sum(min(mine.count(word), own.count(word)) for word in set(mine))
    return round(OVERLAP * 2 * shared / (len(mine) + len(own)), 1)


def _is_initials(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether a name is another with first letters in place of some words, but not of all, in the same order."""
    if len(short) != len(long) or not any(a == b and len(a) > 1 for a, b in zip(short, long, strict=True)):
        return False
    return all(a == b or (len(a) == 1 and b.startswith(a)) for a, b in zip(short, long, strict=True))


def _letters(name: str) -> tuple[str, ...]:
    """The words of a name with their diacritics; case and punctuation do not count."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return tuple(plain[word.start : word.end] for word in words_of(plain))


def entity_iri(base: str, name: str) -> str:
    """The IRI of an entity, from what a client calls it: the IRI, or its path below the base."""
    return name if is_own(name, base) else own_iri(base, name)


def _with_name(database: sqlite3.Connection, name: str) -> list[str]:
    rows = database.execute("SELECT iri FROM names WHERE folded = ? LIMIT ?", (folded_text(name), _MOST_CANDIDATES))
    return [iri for (iri,) in rows]


def _with_words(database: sqlite3.Connection, query: NameQuery) -> list[str]:
    """The entities that have a word of the name in one of their names, those with more and rarer words first."""
    words = list(dict.fromkeys(folded_text(query.name).split()))[:_MOST_WORDS]
    wanted = " OR ".join(f'"{word}"' for word in words)
    return [iri for (iri,) in database.execute(_BY_WORDS, (wanted, _MOST_CANDIDATES))] if wanted else []


def _with_values(database: sqlite3.Connection, base: str, query: NameQuery) -> list[str]:
    """The entities that have one of the values, if no name is asked for."""
    found: list[str] = []
    for name, values in query.properties if not query.name else ():
        for value in values:
            keys = (
                [entity_iri(base, value.text)]
                if value.is_id
                else [folded_text(value.text), *_with_name(database, value.text)]
            )
            for key in keys:
                sql = "SELECT DISTINCT iri FROM facts WHERE property = ? AND folded = ? ORDER BY iri LIMIT ?"
                found += [iri for (iri,) in database.execute(sql, (name, key, _MOST_CANDIDATES))]
    return found


def _has_types(thing: Thing, query: NameQuery) -> bool:
    if not query.types:
        return True
    return (all if query.strict == "all" else any)(one in thing.types for one in query.types)


def _wanted(
    database: sqlite3.Connection, base: str, values: Sequence[Value], check: Callable[[], None]
) -> tuple[frozenset[str], frozenset[str]]:
    """The IRIs and the folded texts that values stand for: an id for its entity, a text also for those of this name."""
    iris, texts = set(), set()
    for value in values:
        check()
        if value.is_id:
            iris.add(entity_iri(base, value.text))
        else:
            iris |= {value.text, *_with_name(database, value.text)}
            texts.add(folded_text(value.text))
    return frozenset(iris), frozenset(texts - {""})


def _fits(database: sqlite3.Connection, iri: str, name: str, wanted: tuple[frozenset[str], frozenset[str]]) -> bool:
    """Whether an entity has one of the values: the same words, or an entity with this id or name."""
    facts = database.execute("SELECT folded, kind FROM facts WHERE iri = ? AND property = ?", (iri, name))
    return any(folded in wanted[1 if kind else 0] for folded, kind in facts.fetchall())


def _features(name: float, shares: Sequence[bool], query: NameQuery) -> dict[str, float]:
    """What the score was made of."""
    found: dict[str, float] = {"name": name} if query.name else {}
    return found | ({"properties": sum(shares) / len(shares)} if shares else {})
