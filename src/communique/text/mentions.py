"""Where a text names things: one pass for all names, at word boundaries, longer names before those inside them."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Final, NamedTuple

import ahocorasick

from communique.text.acronyms import acronym_beside
from communique.text.coordinated import shared_places
from communique.text.inflection import find_inflected
from communique.text.passages import Span, crosses_paragraph
from communique.text.sentences import Sentences
from communique.text.shadow import fold, lower, shadow_of
from communique.text.tables import table
from communique.text.tokens import source_of
from communique.text.work import Work

HOWS: Final = (
    "name", "text", "inflected", "shared", "acronym", "family", "identifier", "title", "reference", "pronoun",
)  # fmt: skip
"""How a mention can be found, the surest way first; of equal stretches for one node the surest counts."""

_ORDER: Final = {how: k for k, how in enumerate(HOWS)}
_STEPS_PER_HIT: Final = 4
_DEEPEST: Final = 8  # names around a mention that are kept, the shortest first


class Name(NamedTuple):
    """Words that mean a node (an IRI), and ``how`` they do; one of `HOWS`.

    With ``keeps_case`` they are found only in the same case or all in capitals; those that do not ``swallow`` are never
    the longer name that another mention is inside of. ``after`` are the words with a capital letter (here in lower
    case) that may stand right before a family name; after any other the name is that of somebody else. None: all may.
    """

    words: str
    node: str
    how: str
    keeps_case: bool = False
    swallows: bool = True
    after: frozenset[str] | None = None


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
    >>> names = [Name("Jo Sample", "p", "name"), Name("sample works", "o", "name"), Name("Works", "w", "name")]
    >>> for mention in find_mentions(names, text, sentences_of(text, "en"), "en").all:
    ...     print(text[mention.start : mention.end], mention.node, mention.how, mention.inside)
    Jo Sample p name ()
    Sample Works o name ()
    Works w name ('o',)
    """
    work, names = work or Work(), list(names)
    all_names = list(dict.fromkeys(with_and_without_article(names, language)))
    hits = list(_matches(all_names, text, work))
    hits += _inflected(all_names, hits, text, language, work)
    hits += _shared(names, hits, text, language, work)
    hits += _matches(_acronyms(hits, text), text, work)
    return Mentions(_nested(_longest(hits)))


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
    work.spend(1 + len(text) // 100)
    for start, words in _places(patterns, shadow.text, work):
        work.spend(_STEPS_PER_HIT)
        end = start + len(words)
        span = shadow.span(start, end)
        if not tokens.is_whole(span):
            continue
        for folded, name in patterns[words]:
            work.spend(_STEPS_PER_HIT)
            found = shadow.cased[start:end]
            if (not name.keeps_case or found == folded or found.isupper()) and _may_stand(name, text, span.start):
                yield _Hit(span, name)


def _places(patterns: Collection[str], text: str, work: Work) -> Iterator[tuple[int, str]]:
    """Where each of some words begins in a text, with the words; long ones are searched one by one.

    The automaton looks at every beginning of a pattern at every place, which takes the square of the length of a long
    one that repeats itself.
    """
    automaton = ahocorasick.Automaton()
    for words in patterns:
        if len(words) <= _LONGEST_IN_AUTOMATON:
            automaton.add_word(words, words)
    if len(automaton):
        automaton.make_automaton()
        for last, words in automaton.iter(text):
            yield last + 1 - len(words), words
    for words in patterns:
        start = text.find(words) if len(words) > _LONGEST_IN_AUTOMATON else -1
        while start >= 0:
            work.spend(1 + len(words) // 1_000)
            yield start, words
            start = text.find(words, start + 1)


def _patterns(names: Iterable[Name], work: Work) -> dict[str, list[tuple[str, Name]]]:
    """The names by their words in lower case, each with its folded words."""
    patterns: dict[str, list[tuple[str, Name]]] = {}
    for name in names:
        work.spend(1 + len(name.words) // 100)
        folded = fold(name.words)
        if any(map(str.isalnum, folded)):
            patterns.setdefault(lower(folded), []).append((folded, name))
    return patterns


_LONGEST_IN_AUTOMATON: Final = 200
"""Longer words (code points) are no part of the automaton."""

_WORD_BEFORE: Final = re.compile(r"([^\W\d_][\w'’-]*)(\.?)[^\S\r\n]$")
_LONGEST_WORD: Final = 40
_COUNT_BEFORE: Final = re.compile(r"(?<![\w.,-])(\d{1,3}|[^\W\d_]+)[^\S\r\n]$")


def _may_stand(name: Name, text: str, start: int) -> bool:
    """Whether the word before a name lets it mean its node: "Ms. Sample" for Ann Sample, but not "Bob Sample"."""
    if name.after is None:
        return True
    before = _WORD_BEFORE.search(text, max(start - _LONGEST_WORD, 0), start)
    if before is None or before[1][0].islower():
        return True
    word = lower(before[1])
    if len(word) == 1 and before[2]:  # an initial
        return any(own.startswith(word) for own in name.after)
    return word in name.after or (bool(before[2]) and len(word) > 4)


_INFLECTED: Final = frozenset({"name", "family", "reference", "title"})


def _inflected(names: list[Name], hits: list[_Hit], text: str, language: str, work: Work) -> Iterator[_Hit]:
    """Names in other grammatical cases, except where the words are the very name of something else."""
    inflecting = [name for name in names if name.how in _INFLECTED]
    taken = {hit.span for hit in hits}
    for number, span in find_inflected((name.words for name in inflecting), text, language, work):
        name = inflecting[number]
        is_free = (
            span not in taken and not crosses_paragraph(span, text) and not _is_counted(text, span.start, language)
        )
        if is_free and _may_stand(name, text, span.start):
            yield _Hit(span, name._replace(how="inflected"))


def _is_counted(text: str, start: int, language: str) -> bool:
    """Whether a number above one stands right before words, which then mean several things: "elf Werke", «5 премий»."""
    before = _COUNT_BEFORE.search(text, max(start - _LONGEST_WORD, 0), start)
    if before is None:
        return False
    number = (
        before[1] if before[1].isdecimal() else table("numbers", language).get("words", {}).get(lower(before[1]), "1")
    )
    return str(number).isdecimal() and int(number) > 1


def _shared(names: Iterable[Name], hits: list[_Hit], text: str, language: str, work: Work) -> Iterator[_Hit]:
    """Names that stand in a list under one head, unless they stand in the text as they are.

    A head that may be no plural counts only with two of its names: "министерства труда и образования".
    """
    found = {name.node for _, name in hits if name.how == "name"}
    doubtful: dict[int, list[_Hit]] = defaultdict(list)
    for name in names:
        if name.how != "name" or name.node in found:
            continue
        for place in shared_places(name.words, text, language, work):
            hit = _Hit(place.own, name._replace(how="shared"))
            if place.doubtful:
                doubtful[place.whole.start].append(hit)
            else:
                yield hit
    for several in doubtful.values():
        if len({hit.name.node for hit in several}) > 1:
            yield from several


def with_and_without_article(names: Iterable[Name], language: str) -> Iterator[Name]:
    """Names, and those that begin with an article without it too.

    >>> [name.words for name in with_and_without_article([Name("The Works", "o", "name")], "en")]
    ['The Works', 'Works']
    """
    articles = frozenset(table("articles", language).get("articles", ()))
    for name in names:
        yield name
        words = name.words.lstrip()
        first, _, rest = words.partition(" ")
        if rest.strip() and lower(first) in articles:
            yield name._replace(words=rest)
        elif fold(words[:2]).lower() in articles and len(words) > 3:  # l'Institut
            yield name._replace(words=words[2:])


def _acronyms(hits: list[_Hit], text: str) -> Iterator[Name]:
    """The acronyms that the text gives for names, each once."""
    explained = [hit for hit in hits if hit.name.how in ("name", "inflected")]
    found = ((hit.name.node, acronym_beside(text, hit.span)) for hit in explained)
    for node, acronym in dict.fromkeys(found):
        if acronym is not None:
            yield Name(acronym, node, "acronym", keeps_case=True)


def _longest(hits: list[_Hit]) -> Iterator[_Hit]:
    """For each node the places that are not inside another of its own; of equal ones the surest."""
    by_node: dict[str, list[_Hit]] = defaultdict(list)
    for hit in hits:
        by_node[hit.name.node].append(hit)
    for own in by_node.values():
        own.sort(key=lambda hit: (hit.span.start, -hit.span.end, _ORDER[hit.name.how]))
        end = -1
        for hit in own:
            if hit.span.end > end:
                end = hit.span.end
                yield hit


def _is_family(name: Name) -> bool:
    """Whether a name is a family name alone, also in another grammatical case."""
    return name.how == "family" or name.after is not None


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
            inside = tuple(dict.fromkeys(n for n in outer if n != node))
            if not (inside and _is_family(hit.name)):  # Sample Works is not Ms. Sample
                yield Mention(start, end, node, hit.name.how, inside)
        stack += [hit for hit in same_words if hit.name.swallows]
