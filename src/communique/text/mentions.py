"""Where a text names things: one pass for all names, at word boundaries, longer names before those inside them."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Final, NamedTuple

import ahocorasick

from communique.text.passages import Span
from communique.text.sentences import Sentences
from communique.text.shadow import fold, lower, shadow_of
from communique.text.tokens import source_of
from communique.text.work import Work

HOWS: Final = (
    "name", "text", "inflected", "acronym", "family", "identifier", "title", "reference", "pronoun",
)  # fmt: skip
"""How a mention can be found, the surest way first; of equal stretches for one node the surest counts."""

_ORDER: Final = {how: k for k, how in enumerate(HOWS)}
_DEEPEST: Final = 8  # names around a mention that are kept, the shortest first


class Name(NamedTuple):
    """Words that mean a node (an IRI), and ``how`` they do; one of `HOWS`.

    With ``keeps_case`` they are found only in the same case; those that do not ``swallow`` are never the longer name
    that another mention is inside of.
    """

    words: str
    node: str
    how: str
    keeps_case: bool = False
    swallows: bool = True


class Mention(NamedTuple):
    """A place where a text means a node: offsets in code points, the end exclusive.

    ``inside`` are the nodes whose longer names contain it, the shortest name first; the words then speak of the place,
    person or thing only as a part of that name.
    """

    start: int
    end: int
    node: str
    how: str
    inside: tuple[str, ...] = ()


class Mentions:
    """The mentions of a text in order; of one node none is inside another."""

    def __init__(self, mentions: Iterable[Mention]) -> None:
        self.all = tuple(sorted(mentions))
        self._starts = array("I", (mention.start for mention in self.all))
        of: dict[str, list[Mention]] = defaultdict(list)
        for mention in self.all:
            of[mention.node].append(mention)
        self._of = dict(of)
        self._longest = max((mention.end - mention.start for mention in self.all), default=0)

    def of(self, node: str) -> Sequence[Mention]:
        """The mentions of a node, also those inside the longer name of another one."""
        return self._of.get(node, ())

    def within(self, start: int, end: int) -> Iterator[Mention]:
        """The mentions that lie between two offsets."""
        for k in range(bisect_left(self._starts, start), len(self.all)):
            mention = self.all[k]
            if mention.start >= end:
                return
            if mention.end <= end:
                yield mention

    def of_within(self, node: str, start: int, end: int) -> Iterator[Mention]:
        """The mentions of a node that lie between two offsets."""
        own = self.of(node)
        for k in range(bisect_left(own, start, key=lambda mention: mention.start), len(own)):
            if own[k].start >= end:
                return
            if own[k].end <= end:
                yield own[k]

    def with_more(self, more: Iterable[Mention]) -> Mentions:
        """These mentions and some more."""
        return Mentions([*self.all, *more])


def find_mentions(
    names: Iterable[Name], text: str, sentences: Sentences, language: str, work: Work | None = None
) -> Mentions:
    """Every place where a text means a node by one of its names.

    The time is linear in the names and in the text with its matches. Raises `WorkSpentError` if ``work`` runs out.

    >>> from communique.text.sentences import sentences_of
    >>> text = "Jo Sample met Sample Works."
    >>> names = [Name("Jo Sample", "p", "name"), Name("Sample", "p", "family"), Name("sample works", "o", "name")]
    >>> for mention in find_mentions(names, text, sentences_of(text, "en"), "en").all:
    ...     print(text[mention.start : mention.end], mention.node, mention.how, mention.inside)
    Jo Sample p name ()
    Sample p family ('o',)
    Sample Works o name ()
    """
    work = work or Work()
    hits = _Hits(text, work)
    hits.add(_matches(names, text, work))
    return Mentions(_nested(hits.longest()))


# ---- the search


class _Hit(NamedTuple):
    """A place where a name stands."""

    span: Span
    name: Name


def _matches(names: Iterable[Name], text: str, work: Work) -> Iterator[_Hit]:
    """Every place where a name stands, at word boundaries; places may overlap."""
    shadow, tokens = shadow_of(text), source_of(text).exact
    patterns = _patterns(names, work)
    if not patterns:
        return
    automaton = ahocorasick.Automaton()
    for words in patterns:
        automaton.add_word(words, words)
    automaton.make_automaton()
    work.spend(1 + len(text) // 100)
    for last, words in automaton.iter(shadow.text):
        work.spend(1)
        start, end = last + 1 - len(words), last + 1
        span = shadow.span(start, end)
        if not tokens.is_whole(span):
            continue
        for folded, name in patterns[words]:
            work.spend(1)
            if not name.keeps_case or shadow.cased.startswith(folded, start):
                yield _Hit(span, name)


def _patterns(names: Iterable[Name], work: Work) -> dict[str, list[tuple[str, Name]]]:
    """The names by their words in lower case, each with its folded words."""
    patterns: dict[str, list[tuple[str, Name]]] = {}
    for name in dict.fromkeys(names):
        work.spend(1 + len(name.words) // 100)
        folded = fold(name.words)
        if any(map(str.isalnum, folded)):
            patterns.setdefault(lower(folded), []).append((folded, name))
    return patterns


class _Hits:
    """The places found so far, by node."""

    def __init__(self, text: str, work: Work) -> None:
        self.text, self.work = text, work
        self.by_node: dict[str, list[_Hit]] = defaultdict(list)

    def add(self, hits: Iterable[_Hit]) -> None:
        """Add some places."""
        for hit in hits:
            self.by_node[hit.name.node].append(hit)

    def longest(self) -> Iterator[_Hit]:
        """For each node the places that are not inside another of its own; of equal ones the surest."""
        for hits in self.by_node.values():
            hits.sort(key=lambda hit: (hit.span.start, -hit.span.end, _ORDER[hit.name.how]))
            end = -1
            for hit in hits:
                if hit.span.end > end:
                    end = hit.span.end
                    yield hit


def _nested(hits: Iterable[_Hit]) -> Iterator[Mention]:
    """The places as mentions: one sweep with a stack finds the longer names around each."""
    stack: list[_Hit] = []
    in_order = sorted(hits, key=lambda hit: (hit.span.start, -hit.span.end, hit.name.node))
    for (start, end), group in groupby(in_order, key=lambda hit: hit.span):
        while stack and stack[-1].span.end <= start:
            stack.pop()
        outer = [hit.name.node for hit in islice(reversed(stack), _DEEPEST) if hit.span.end >= end]
        same_words = list(group)
        for hit in same_words:
            node = hit.name.node
            yield Mention(start, end, node, hit.name.how, tuple(dict.fromkeys(n for n in outer if n != node)))
        stack += [hit for hit in same_words if hit.name.swallows]
