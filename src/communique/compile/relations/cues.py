"""The words that join things in a language: cues of each kind of fact, from one table for each language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple, cast

from communique.compile.relations.phrases import PhraseIndex, Phrases
from communique.schemaorg import read_vocabulary

_SPLIT: Final = frozenset({"by", "from", "par", "von", "vom"})
_LED: Final = r"(?!(?:by|from|par|von|vom|(?:and|und|et)\s(?:by|from|par|von|vom))\s)"
_FREE: Final = r"(?!(?:by|from|par|von|vom|and|und|et)\s)[\w.,%'’]{1,20}\s"
_SUM: Final = r"[€$£]?\d(?:[\d.,]|\s(?=\d))*\s"
_LONG: Final = rf"(?:{_FREE}){{0,6}}{_SUM}(?:{_FREE}){{0,3}}"
_ADJUNCT: Final = rf"\s(?:(?:{_LED}(?:and|und|et)\s)?(?:{_LED}(?!(?:and|und|et)\s)[\w.,%€$£]{{1,20}}\s){{0,4}}|{_LONG})"
_ADJUNCT_OF_GIFT: Final = rf"\s(?:(?:{_LED}[\w.,%€$£]{{1,20}}\s){{0,4}}|{_LONG})"
"""What may stand inside a cue before its last word: "founded in 1961 by", "a grant of two million euros from", and
a longer amount: "financée à hauteur de plus de 40 000 euros par".

Not what leads to somebody else: "organised and by", "organised by Works and paid for by", "funded with £5 and run by".
"""
_SHORTEST_STEM: Final = 2
_SOURCE: Final = 40  # characters before a name in which it is made the source of what is said
_NEVER: Final = re.compile(r"(?!)")
_IN_EVERY_RELEASE: Final = (
    ("and",), ("breakers",), ("costs",), ("paying",), ("sums_from",),
    ("future", "anywhere"), ("future", "beside"), ("future", "except"), ("future", "happened"),
    ("negation", "before"), ("negation", "after"), ("negation", "except"),
    ("speech", "by_male"), ("speech", "by_female"),
    ("speech", "before"), ("speech", "own"), ("speech", "after"), ("speech", "verbs"),
)  # fmt: skip
_TABLES: Final = files("communique.compile.relations") / "cues"


class KeyCues(NamedTuple):
    """The cues of one key: ``after`` matches words that its value follows, ``before`` words that its value precedes."""

    after: Phrases
    before: Phrases


@dataclass(frozen=True)
class Cues:
    """The table of one language; a language without a table has no cues."""

    words: Mapping[str, object]
    _phrases: dict[tuple[str, ...], Phrases] = field(default_factory=dict)
    _sets: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict)

    def pattern(self, *path: str) -> re.Pattern[str]:
        """What matches any of the words of one list, whole and in any case, the longest first."""
        return self.phrases(*path).pattern

    def phrases(self, *path: str) -> Phrases:
        """The words of one list, to be looked for in a text."""
        if path not in self._phrases:
            words = self._list(path)
            self._phrases[path] = Phrases(words, any_of)
        return self._phrases[path]

    def set(self, *path: str) -> frozenset[str]:
        """The words of one list."""
        if path not in self._sets:
            self._sets[path] = frozenset(self._list(path))
        return self._sets[path]

    def words_at(self, *path: str) -> list[str]:
        """The words of one list, as the table has them."""
        return self._list(path)

    def of(self, key: str) -> KeyCues:
        """The cues of a key, with those of the keys that mean it too; they match nothing if it has none."""
        keys = (key, *_ALSO.get(key, ()))
        return KeyCues(self._joined(keys, "after"), self._joined(keys, "before"))

    def alone(self, key: str) -> KeyCues:
        """The cues that are a key's own."""
        return KeyCues(self._joined((key,), "after"), self._joined((key,), "before"))

    def also(self, key: str) -> tuple[str, ...]:
        """The keys whose cues mean a key too."""
        return _ALSO.get(key, ())

    def all_keys(self) -> list[str]:
        """The keys that the language has cues for, in order."""
        return self.keys("keys")

    def keys(self, name: str) -> list[str]:
        """The names of the lists of one part of the table, in order."""
        part = self.words.get(name)
        return sorted(part) if isinstance(part, dict) else []

    @cached_property
    def index(self) -> PhraseIndex:
        """The cues of all keys, and the words that are looked for in every release, by their first words."""
        of_keys = [own for key in self.all_keys() for own in (*self.of(key), *self.alone(key))]
        return PhraseIndex([*of_keys, *(self.phrases(*path) for path in _IN_EVERY_RELEASE)])

    def has_key(self, key: str) -> bool:
        """Whether the language has cues for a key, be it for values before or after them."""
        keys = (key, *_ALSO.get(key, ()))
        return any(self._list(("keys", one, way)) for one in keys for way in ("after", "before"))

    def _joined(self, keys: tuple[str, ...], direction: str) -> Phrases:
        path = ("", *keys, direction)
        if path not in self._phrases:
            words = [word for key in keys for word in self._list(("keys", key, direction))]
            self._phrases[path] = Phrases(words, any_of)
        return self._phrases[path]

    def _list(self, path: tuple[str, ...]) -> list[str]:
        at: object = self.words
        for step in path:
            at = at.get(step, {}) if isinstance(at, dict) else {}
        return [word for word in at if isinstance(word, str)] if isinstance(at, list) else []


_ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    "sponsor": ("funder",),
    "publishedBy": ("publisher",),
    "author": ("creator",),
    "producer": ("creator",),
    "worksFor": ("affiliation",),
    "alumniOf": ("comesFrom",),
    "acquiredFrom": ("seller",),
    "subOrganization": (),
    "bccRecipient": ("recipient",),
    "ccRecipient": ("recipient",),
    "toRecipient": ("recipient",),
    "sdPublisher": ("publisher",),
}
"""Keys whose cues are also those of another key: schema.org defines a funder as one kind of sponsor, and so on."""


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """What matches any of some words, whole and in any case, the longest first.

    >>> any_of(["by", "paid for by"]).search("It was paid for by Works.").group()
    'paid for by'
    """
    choices = [_whole(word) for word in sorted(set(words), key=lambda word: (-len(word), word))]
    return re.compile("|".join(choices), re.IGNORECASE) if choices else _NEVER


@lru_cache(maxsize=256)
def beginning_with(stems: frozenset[str]) -> re.Pattern[str]:
    """What matches words that begin with any of some stems, in any case; one of up to two letters is the whole word.

    >>> beginning_with(frozenset({"translat", "of"})).findall("translated after a translation of it")
    ['translated', 'translation', 'of']
    """
    choices = [_beginning(stem) for stem in sorted(stems, key=lambda stem: (-len(stem), stem))]
    return re.compile("|".join(choices), re.IGNORECASE) if choices else _NEVER


def _beginning(stem: str) -> str:
    before = r"(?<!\w)" if stem[0].isalnum() else ""
    after = r"(?!\w)" if len(stem) <= _SHORTEST_STEM else r"\w*"
    return before + re.escape(stem) + (after if stem[-1].isalnum() else "")


def _whole(word: str) -> str:
    before = r"(?<!\w)" if word[0].isalnum() else ""
    after = r"(?!\w)" if word[-1].isalnum() else ""
    *first, last = word.split(" ")
    gap = (_ADJUNCT_OF_GIFT if last == "from" else _ADJUNCT) if first and last in _SPLIT else r"\s"
    return before + gap.join(filter(None, (r"\s".join(map(re.escape, first)), re.escape(last)))) + after


def is_source(text: str, name: int, language: str) -> bool:
    """Whether somebody is named only as the source of what is said: after "according to", "nach Angaben der".

    ``name`` is the offset of the name.

    >>> is_source("It costs, according to the Works, 5 euros.", 27, "en")
    True
    """
    cues = cues_of(language)
    articles, weak = cues.set("articles"), cues.set("prepositions") | cues.set("speech", "verbs")
    before = text[max(0, name - _SOURCE) : name]
    hits = [hit for hit in cues.pattern("speech", "before").finditer(before) if hit.group().lower() not in weak]
    return bool(hits) and set(before[hits[-1].end() :].lower().split()) <= articles


@lru_cache(maxsize=16)
def cues_of(language: str) -> Cues:
    """The cues of a language, by its tag.

    >>> bool(cues_of("en-GB").of("sponsor").after.pattern.search("sponsored by")), cues_of("tlh").set("and")
    (True, frozenset())
    """
    table = _TABLES / f"{language.lower().partition('-')[0]}.json"
    if not table.name.removesuffix(".json").isalpha() or not table.is_file():
        return Cues({})
    words = cast("dict[str, object]", json.loads(table.read_text(encoding="utf-8")))
    return Cues({**words, "terms": _with_inverses(words)})


def _with_inverses(words: Mapping[str, object]) -> Mapping[str, object]:
    """The lists of terms, with those of terms that say the same from the other end, or that others have replaced."""
    parts = [cast("Mapping[str, Mapping[str, list[str]]]", words.get(part, {})) for part in ("terms", "keys")]
    terms, vocabulary = dict(parts[0]), read_vocabulary()
    weak = {word for part in ("articles", "prepositions") for word in cast("list[str]", words.get(part, []))}
    for name, term in vocabulary.properties.items():
        for inverse in term.inverses:
            row = parts[0].get(inverse) or parts[1].get(inverse)
            if row is not None and not any(name in part for part in parts):
                turned = {_TURNED[way]: own for way, own in row.items() if way in _TURNED}
                terms[name] = {way: [word for word in own if word not in weak] for way, own in turned.items()}
    for name, newer in vocabulary.superseded.items():
        row = next((part[one] for one in newer for part in (terms, parts[1]) if one in part), None)
        if row is not None and name in vocabulary.properties:
            terms.setdefault(name, row)
    return terms


_TURNED: Final = {"after": "before", "before": "after", "stems": "stems"}
"""The lists of a term that are those of its inverse."""
