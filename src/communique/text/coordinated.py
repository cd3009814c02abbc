"""Names that share their head with others: "the Ministries of Health and Education" names two ministries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

from communique.text.passages import Span
from communique.text.tables import table
from communique.text.work import Work

_TOKEN: Final = re.compile(r"\w+(?:-\w+)*|[^\w\s]|\n")
_MOST_ITEMS: Final = 12
_LONGEST_ITEM: Final = 6  # words, of an item whose words all have capitals
_LONGEST_PLAIN: Final = 3  # words, of an item in a language that does not tell names by capitals
_MOST_WORDS: Final = 12  # of a name


class Shared(NamedTuple):
    """A place of a name whose head stands once for several: its own words, and all from the head to them.

    It is ``doubtful`` where the form of the head may be another one than the plural.
    """

    own: Span
    whole: Span
    doubtful: bool = False


class Heads(NamedTuple):
    """How heads of names stand in the plural in one language, and what may stand before the rest of a name.

    ``plurals`` has the endings of plurals by the ending of the singular, ``doubtful`` those that other forms have too,
    ``cases`` what may follow them; where ``capitals`` tell names from other words, they do. With ``last``, the head is
    the last word of a name.
    """

    plurals: Mapping[str, Sequence[str]]
    doubtful: Mapping[str, Sequence[str]]
    cases: Sequence[str]
    connectors: frozenset[str]
    capitals: bool
    last: bool


@cache
def _heads_of(language: str) -> Heads | None:
    """The heads of a language, given by its tag (BCP 47); None without a table."""
    own = table("heads", language)
    if not own:
        return None
    return Heads(
        plurals=own["plurals"],
        doubtful=own.get("doubtful", {}),
        cases=own.get("cases", [""]),
        connectors=frozenset(own.get("connectors", ())),
        capitals=own.get("capitals", False),
        last=own.get("last", False),
    )


def shared_places(name: str, text: str, language: str, work: Work | None = None) -> list[Shared]:
    """Where a text has a name in a list under a head in the plural; none in a language without a table of plurals.

    The time is linear in the name and in the places of its head. Raises `WorkSpentError` if ``work`` runs out.

    >>> text = "The Ministries of Health and Education met."
    >>> [text[slice(*place.whole)] for place in shared_places("Ministry of Education", text, "en")]
    ['Ministries of Health and Education']
    >>> shared_places("Ministry of Finance", text, "en")
    []
    """
    rules = _heads_of(language)
    words = _TOKEN.findall(name.lower()) if rules is not None else []
    if rules is None or not 2 <= len(words) <= _MOST_WORDS:
        return []
    reader = _Reader(text, language, rules)
    (work or Work()).spend(2)
    found = list(reader.with_head_last(words)) if rules.last else list(reader.with_head_first(words))
    (work or Work()).spend(len(found))
    return found


class _Words(NamedTuple):
    """The words and marks of a text: in lower case, as they are, their spans, and the numbers of each."""

    lower: list[str]
    cased: list[str]
    spans: list[Span]
    places: dict[str, list[int]]


@lru_cache(maxsize=2)
def _words_of(text: str) -> _Words:
    hits = list(_TOKEN.finditer(text))
    places: dict[str, list[int]] = {}
    for number, hit in enumerate(hits):
        places.setdefault(hit.group().lower(), []).append(number)
    spans = [Span(*hit.span()) for hit in hits]
    return _Words([hit.group().lower() for hit in hits], [hit.group() for hit in hits], spans, places)


class _Reader:
    """The lists of one text, by the rules of its language."""

    def __init__(self, text: str, language: str, rules: Heads) -> None:
        self.words, self.rules = _words_of(text), rules
        self.ands = frozenset(table("joiners", language).get("joiners", ()))
        self.weak = rules.connectors

    def with_head_first(self, words: list[str]) -> Iterator[Shared]:
        """The places of a name that begins with its head: "Ministry of Health"."""
        words = words[1:] if words[0] in self.weak else words
        tail = self._without_weak(words[1:])
        if not tail or (self.weak and words[1] not in self.weak):
            return
        for is_doubtful in (False, True):
            for head in self._heads(words[0], is_doubtful=is_doubtful):
                own = self._item(head, tail)
                if own is not None:
                    whole = self._span(head, own[1])
                    yield Shared(whole if own[2] else self._span(*own[:2]), whole, is_doubtful)

    def with_head_last(self, words: list[str]) -> Iterator[Shared]:
        """The places of a name that ends with its head, as in Kazakh."""
        tail = words[:-1]
        for head in self._heads(words[-1]):
            joints = [k for k in range(max(head - _LONGEST_PLAIN - 1, 1), head) if self.words.lower[k] in self.ands]
            if not joints:
                continue
            if self.words.lower[joints[-1] + 1 : head] == tail:
                yield Shared(self._span(head - len(tail), head), self._span(head - len(tail), head))
            elif self.words.lower[max(joints[0] - len(tail), 0) : joints[0]] == tail:
                first = joints[0] - len(tail)
                yield Shared(self._span(first, joints[0] - 1), self._span(first, head))

    def _heads(self, head: str, *, is_doubtful: bool = False) -> Iterator[int]:
        """The numbers of the words that are a head in the plural."""
        rules = self.rules.doubtful if is_doubtful else self.rules.plurals
        ending = max((e for e in rules if head.endswith(e)), key=len, default=None)
        if ending is None:
            return
        stem = head[: len(head) - len(ending)]
        for plural in rules[ending]:
            for case in self.rules.cases:
                if stem + plural + case != head:
                    yield from self.words.places.get(stem + plural + case, ())

    def _item(self, head: int, tail: list[str]) -> tuple[int, int, bool] | None:
        """The first and last word of the item of a list after a head that is a tail, and whether it is the first."""
        at, own, joined = head + 1, None, False
        for number in range(_MOST_ITEMS):
            at = self._skip_weak(at)
            length = len(tail)
            if self.words.lower[at : at + length] == tail and self._ends(at + length):
                own = own or (at, at + length - 1, number == 0)
                end: int | None = at + length
            else:
                end = self._end_of_item(at)
            after = self._joint(end) if end is not None else None
            if after is None:
                break
            at, is_and = after
            joined = joined or is_and
            if own is not None and joined:
                return own
        return own if joined else None

    def _joint(self, at: int) -> tuple[int, bool] | None:
        """Where the next item begins after a comma or "and", and whether it was "and"; None if the list ends."""
        words = self.words.lower[at : at + 2]
        if words[:1] == [","]:
            is_and = words[1:2] != [] and words[1] in self.ands
            return at + 1 + is_and, is_and
        return (at + 1, True) if words and words[0] in self.ands else None

    def _end_of_item(self, at: int) -> int | None:
        """Where an item that is not looked for ends: all of its words are parts of a name."""
        most = _LONGEST_ITEM if self.rules.capitals else _LONGEST_PLAIN
        for end in range(at, min(at + most + 1, len(self.words.lower))):
            word = self.words.cased[end]
            if word == "," or word.lower() in self.ands:
                return end if end > at else None
            if not word[0].isalpha() or not (word[0].isupper() or word in self.weak or not self.rules.capitals):
                return None
        return None

    def _ends(self, at: int) -> bool:
        """Whether a name ends at a word: no word with a capital letter goes on after it, where those tell names."""
        word = self.words.cased[at] if at < len(self.words.cased) else "."
        return not (self.rules.capitals and word[0].isupper())

    def _without_weak(self, words: list[str]) -> list[str]:
        return words[next((k for k, word in enumerate(words) if word not in self.weak), len(words)) :]

    def _skip_weak(self, at: int) -> int:
        while at < len(self.words.lower) and self.words.lower[at] in self.weak:
            at += 1
        return at

    def _span(self, first: int, last: int) -> Span:
        return Span(self.words.spans[first].start, self.words.spans[last].end)
