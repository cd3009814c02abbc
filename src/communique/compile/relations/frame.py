"""What the rules look at: the mentions of one release by group and by sentence, and what stands between them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple

from communique.compile.nodes import RecordNode
from communique.compile.reading import Reading
from communique.compile.relations.cues import Cues, KeyCues
from communique.compile.relations.phrases import Occurrences, Phrases
from communique.terms import CMQ, FOAF, ORG, SCHEMA, SKOS
from communique.text.mentions import Mention
from communique.text.passages import Span
from communique.text.work import Work

_GROUPS: Final[tuple[tuple[str, str], ...]] = (
    (SCHEMA + "NewsArticle", "release"),
    ("http://purl.org/spar/fabio/PressRelease", "release"),
    (CMQ + "ReportedStatement", "said"),
    (CMQ + "PolicyRecommendation", "said"),
    (SCHEMA + "Quotation", "said"),
    (SCHEMA + "Statement", "said"),
    (SCHEMA + "SocialMediaPosting", "said"),
    (ORG + "Membership", "role"),
    (SCHEMA + "Role", "role"),
    (SCHEMA + "Role", "role"),
    (SCHEMA + "ContactPoint", "contact"),
    (SCHEMA + "Person", "person"),
    (SCHEMA + "Project", "project"),
    (SCHEMA + "Organization", "organization"),
    (FOAF + "Group", "group"),
    (SCHEMA + "Audience", "group"),
    (SCHEMA + "Event", "event"),
    (SCHEMA + "Action", "event"),
    (SCHEMA + "InviteAction", "event"),
    (SCHEMA + "PublicationEvent", "event"),
    (SCHEMA + "Place", "place"),
    (SKOS + "Concept", "topic"),
    (SCHEMA + "DefinedTerm", "topic"),
    (SCHEMA + "CreativeWork", "work"),
    (SCHEMA + "Report", "work"),
    (SCHEMA + "Legislation", "work"),
    (SCHEMA + "WebPage", "work"),
)
"""The groups of classes whose members can be mistaken for one another; the first that fits a node is its group."""

_KINDS: Final = {
    "person": "person", "org": "organization", "project": "project", "event": "event", "work": "work",
    "place": "place", "topic": "topic", "legislation": "work",
}  # fmt: skip
"""The groups of the first steps of ids, for classes that are not in the table above."""

AGENTS: Final = frozenset({"person", "organization", "group"})
"""Those who can act."""

PAYS: Final = frozenset({"funder"})
"""Keys that words of paying say too."""
Cue = tuple[Span, bool]
"""The place of a cue, and whether its value follows it."""
_WORD: Final = re.compile(r"\w+(?:['’.-]\w+)*|[^\w\s]")


class Found(NamedTuple):
    """Words that say a fact: the rule that found them, both mentions, the cue, and how many places are equally good."""

    span: Span
    rule: str
    subject: Mention | None = None
    value: Mention | None = None
    cue: Span | None = None
    equal: int = 1


class Frame:
    """The mentions of one release for the rules of relations.

    ``quotes`` are the spans that an author quoted for each node, by IRI, in the order of the text;
    ``cues`` the words of the language.
    """

    def __init__(self, reading: Reading, quotes: Mapping[str, Sequence[Span]], cues: Cues, work: Work) -> None:
        self.reading, self.quotes, self.cues, self.work = reading, dict(quotes), cues, work
        self.source, self.sentences = reading.source, reading.sentences.spans
        self.occurrences = Occurrences(self.source, cues.index)
        self._groups: dict[str, str] = {}
        self._by_groups: dict[frozenset[str], list[Mention]] = {}
        self._starts: dict[frozenset[str], list[int]] = {}
        self._cues: dict[str, KeyCues] = {}
        self.cues_found: dict[tuple[str, Span, bool], tuple[Cue, ...]] = {}
        """The cues of a key in a window, with those that the words deny or without, once for all facts."""
        self.denied: dict[Span, bool] = {}
        """Whether the words around a cue deny it, once for all facts."""
        self.named_in: dict[tuple[str, Span, str], bool] = {}
        """Whether sentences name a node, not as part of a value (an IRI, "" for a text), once for all facts."""
        self.nouns: dict[str, set[str]] | None = None
        """The nodes by the noun of each of their names, made when first asked for."""

    @cached_property
    def words_of_names(self) -> Counter[str]:
        """How many nodes have each word, in lower case, in one of their names."""
        names = self.reading.names.values()
        self.work.spend(1 + sum(map(len, names)))
        return Counter(word for own in names for word in {w for name in own for w in name.words.lower().split()})

    # ---- groups

    def group(self, iri: str) -> str:
        """The group of a node: nodes of one group can be mistaken for one another; "" if it is in none."""
        if iri not in self._groups:
            classes = self.reading.classes(iri)
            steps = iri.split("/")
            kind = next((_KINDS[step] for step in reversed(steps[:-1]) if step in _KINDS), "")
            self._groups[iri] = next((group for cls, group in _GROUPS if cls in classes), kind)
        return self._groups[iri]

    def rivals(self, iri: str) -> frozenset[str]:
        """The groups whose members can be mistaken for a node: those who act for one another."""
        group = self.group(iri)
        return AGENTS if group in AGENTS else frozenset({group})

    # ---- mentions

    def mentions(self, groups: Collection[str], start: int, end: int) -> list[Mention]:
        """The mentions of some groups between two offsets, without those inside the longer name of something else."""
        wanted = frozenset(groups)
        if wanted not in self._by_groups:
            self.work.spend(1 + len(self.reading.mentions.all) // 4)
            self._by_groups[wanted] = list(
                _outermost(m for m in self.reading.mentions.all if self.group(m.node) in wanted and self.is_free(m))
            )
            self._starts[wanted] = [m.start for m in self._by_groups[wanted]]
        own, starts = self._by_groups[wanted], self._starts[wanted]
        first = bisect_left(starts, start)
        last = bisect_left(starts, end, lo=first)
        self.work.spend(1 + (last - first) // 2)
        return [m for m in own[first:last] if m.end <= end]

    def is_free(self, mention: Mention, *ends: str) -> bool:
        """Whether words mean a node by themselves, not as part of a name of others than ``ends`` and the release."""
        return all(iri in ends or self.group(iri) == "release" for iri in mention.inside)

    def of(self, iri: str, start: int, end: int, *others: str) -> list[Mention]:
        """The mentions of a node between two offsets, also those inside names of ``others``."""
        if self.reading.mentions.of(iri):
            found = [m for m in self.reading.mentions.of_within(iri, start, end) if self.is_free(m, *others)]
        else:
            found = [m for m in self.named(iri) if start <= m.start and m.end <= end]
        self.work.spend(1 + len(found))
        return found

    def named(self, iri: str) -> Sequence[Mention]:
        """The mentions of a node; of one that the text does not name, what an author quoted for it."""
        return self.reading.mentions.of(iri) or [Mention(*span, iri, "quote") for span in self.quotes.get(iri, ())]

    def quoting(self, iri: str, spans: Sequence[Span]) -> Frame:
        """The same frame in which some more spans are quoted for a node."""
        quoted = sorted([*self.quotes.get(iri, ()), *spans])
        other = Frame(self.reading, {**self.quotes, iri: quoted}, self.cues, self.work)
        other.occurrences, other.cues_found, other.denied = self.occurrences, self.cues_found, self.denied
        other._groups, other._by_groups, other._starts = self._groups, self._by_groups, self._starts
        other._cues = self._cues
        return other

    # ---- sentences

    def windows(self, subject: str, value: str) -> Iterator[Span]:
        """The sentences that name a value and that name, or are quoted for, the node it is said of; in order."""
        quoted = self.quoted_sentences(subject)
        whole = self.group(subject) == "release"
        last = -1
        for mention in self.named(value):
            self.work.spend(1)
            number = self.reading.sentences.at(mention.start)
            if number == last or not self.is_free(mention, subject):
                continue
            window = self.sentences[number]
            if whole or number in quoted or self.of(subject, *window, value):
                last = number
                yield window

    def quoted_sentences(self, iri: str) -> set[int]:
        """The numbers of the sentences that an author quoted for a node, wholly or in part."""
        at = self.reading.sentences.at
        return {k for start, end in self.quotes.get(iri, ()) for k in range(at(start), at(max(end - 1, start)) + 1)}

    def sentence(self, offset: int) -> Span:
        """The sentence at an offset."""
        return self.sentences[self.reading.sentences.at(offset)]

    def window(self, start: int, end: int) -> Span:
        """The whole sentences that a stretch touches."""
        return Span(min(self.sentence(start).start, start), max(self.sentence(max(end - 1, start)).end, end))

    def texts(self, node: RecordNode) -> list[Span]:
        """Where the words of a statement stand; a quotation in parts stands in as many places."""
        parts = [Span(*span) for fact in node.facts.get("text", ()) if fact.parts for span in fact.spans]
        return parts or [Span(m.start, m.end) for m in self.reading.mentions.of(node.iri.value) if m.how == "text"]

    def stretches(self, node: RecordNode, *keys: str) -> list[Span]:
        """Where texts of a node stand in the source as they are, but for white space."""
        found: list[Span] = []
        for text in [f.object.value for key in keys for f in node.facts.get(key, ())]:
            self.work.spend(1 + len(self.source) // 200)
            words = text.split()
            if words and words[0] not in self.source:
                continue
            pattern = re.compile(r"\s+".join(map(re.escape, words)))
            found += [Span(*hit.span()) for hit in pattern.finditer(self.source)]
        return found

    # ---- what stands between

    def cues_for(self, key: str) -> KeyCues:
        """The cues of a key, with those that may mean it too only if the text has none of its own."""
        if key not in self._cues:
            self.work.spend(1 + len(self.source) // 500)
            alone = self.cues.alone(key)
            has_own = bool(self.cues.also(key)) and any(self.has_phrase(own, 0, len(self.source)) for own in alone)
            self._cues[key] = alone if has_own else self.cues.of(key)
        return self._cues[key]

    def lists_of(self, key: str) -> list[tuple[Phrases, bool]]:
        """The lists of cues of a key (see `cues_for`), each with whether its value follows."""
        cues = self.cues_for(key)
        sums = [(self.cues.phrases("paying"), False), (self.cues.phrases("sums_from"), True)]
        paying = sums if key in PAYS else []
        return [(cues.after, True), (cues.before, False), *paying]

    @cached_property
    def _keys_said(self) -> frozenset[str]:
        """The keys of which a cue may stand in the text."""
        may_stand = self.occurrences.may_stand
        return frozenset(k for k in self.cues.all_keys() if any(may_stand(own) for own, _ in self.lists_of(k)))

    def keys_said(self, spans: Iterable[Span]) -> Collection[str]:
        """The keys of which a cue may stand in some spans."""
        is_cut = any(self.occurrences.parts_word(span.end) for span in spans)
        return self.cues.all_keys() if is_cut else self._keys_said

    def words(self, start: int, end: int) -> list[str]:
        """The words and marks between two offsets, in lower case."""
        return _WORD.findall(self.source[start:end].lower()) if start < end else []

    def hits(self, path: tuple[str, ...], start: int, end: int) -> Iterator[re.Match[str]]:
        """Where the words of a list of the language stand between two offsets."""
        return self.occurrences.within(self.cues.phrases(*path), start, end)

    def may_hold(self, path: tuple[str, ...], start: int, end: int) -> bool:
        """Whether any word of a list of the language may begin between two offsets, or is cut off at one of them."""
        return self.occurrences.may_begin(self.cues.phrases(*path), start, end)

    def has(self, path: tuple[str, ...], start: int, end: int) -> bool:
        """Whether any word of a list of the language stands between two offsets."""
        return start < end and self.has_phrase(self.cues.phrases(*path), start, end)

    def has_phrase(self, phrases: Phrases, start: int, end: int) -> bool:
        """Whether any of some phrases stands between two offsets."""
        return next(self.occurrences.within(phrases, start, end), None) is not None

    def ends_with(self, path: tuple[str, ...], start: int, end: int) -> bool:
        """Whether the last words between two offsets, but for articles, are of a list of the language."""
        words = [w for w in self.words(start, end) if w not in ".'’"]
        articles, wanted = self.cues.set("articles"), self.cues.set(*path)
        while words and words[-1] in articles and words[-1] not in wanted:
            words.pop()
        return any(" ".join(words[-k:]) in wanted for k in (1, 2, 3) if len(words) >= k)


def _outermost(mentions: Iterable[Mention]) -> Iterator[Mention]:
    """Those of some mentions, in order, that are not part of a longer one; words that mean two nodes count for both."""
    last: Mention | None = None
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end, m.node)):
        if last is None or mention.end > last.end or (mention.start, mention.end) == (last.start, last.end):
            last = mention
            yield mention


def local(key: str) -> str:
    """A key without its prefix.

    >>> local("schema:isBasedOn")
    'isBasedOn'
    """
    return key.rpartition(":")[2]


def around(*spans: tuple[int, int] | Mention | None) -> Span:
    """The stretch from the first to the last of some spans or mentions."""
    known = [(s[0], s[1]) for s in spans if s is not None]
    return Span(min(start for start, _ in known), max(end for _, end in known))
