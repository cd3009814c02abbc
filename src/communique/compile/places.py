"""Where a text says a literal that nobody quoted: in a sentence that mentions its node, the nearest place first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from communique.compile.evidence import Evidence
from communique.compile.ground import ADDRESSES, Ground, ground
from communique.compile.nodes import RecordFact
from communique.compile.reading import Reading
from communique.compile.relations.cues import cues_of
from communique.compile.relations.frame import local
from communique.compile.sites import is_only_owner, sites_in
from communique.iris import inner_iri
from communique.terms import SCHEMA
from communique.text.clauses import is_aside
from communique.text.mentions import HOWS, Mention
from communique.text.passages import Span
from communique.text.plurals import address_forms, is_listed
from communique.text.tables import table

ANYWHERE: Final = frozenset(
    {"name", "alternateName", "labels", "prefLabel", "headline", "alternativeHeadline", "dateline", "text"}
    | {"legislationIdentifier", "identifier", "roleName"}
)
"""Keys whose values are themselves what the text calls their node: they may stand anywhere."""
HEADLINES: Final = frozenset({"headline", "alternativeHeadline"})
"""Keys whose values are whole lines of the text, or whole clauses of a line."""
CODES: Final = frozenset({"identifier", "legislationIdentifier"})
"""Keys of codes, which belong to what is named beside them; a node without other names may be named by one."""
_LONGEST_HEAD_LINE: Final = 240
_LONGEST_ENTRY: Final = 80  # characters: a longer line that ends with a full stop is no part of a head
_MOST_HEAD_LINES: Final = 25
_IN_BLOCK: Final = frozenset({"telephone", "faxNumber", "email", "url", "sameAs", "contactType", "hoursAvailable"})
"""Keys that are also written in the lines below a name, as in an address block."""
ADDRESS: Final = "url"
_IN_ENTRY: Final = frozenset({"telephone", "faxNumber", "email"})
_OF_NAME: Final = frozenset({"givenName", "familyName", "additionalName"})
_BEFORE_NAME: Final = frozenset({"honorificPrefix"})
_FULL: Final = frozenset({"name", "inflected"})
_CALLED: Final = frozenset(HOWS) - {"reference", "pronoun"}
_MOST_ASIDES: Final = 20  # names before a mention whose asides are looked at
_LONGEST_FURTHER: Final = 200  # characters behind words for more in which an address stands
_LONGEST_BLOCK: Final = 8  # lines
_LONGEST_TITLE: Final = 30  # characters before a name in which its title of address stands
_LONGEST_LIST: Final = 120  # characters from a form of address for several people to the last of them
_MOST_MENTIONS: Final = 200  # of one node that are looked at for one literal

_TIERS: Final = {"reference": 1, "pronoun": 2}
"""The order in which mentions count: names first, then what refers back to them."""


class Place(NamedTuple):
    """Where a literal was found: the match, the rule that found it, and the mention of its node that it is near.

    ``equal`` is the number of equally good places.
    """

    match: Ground
    rule: str
    mention: Mention | None = None
    equal: int = 1


def find_literal(evidence: Evidence, reading: Reading, fact: RecordFact, quoted: Sequence[Span]) -> Place | None:
    """Where the text says a literal that has no quote of its own; None if no rule finds it.

    ``quoted`` are the spans that support the node as a whole, quoted or found. Raises `WorkSpentError` if the
    work runs out.
    """
    search = _Search(evidence, reading, fact)
    is_own_proof = fact.key in CODES and fact.node in evidence.found and "name" in fact.node.facts
    if quoted and not is_own_proof and (match := search.within(quoted)) is not None:
        return Place(match, "words of the node")
    if fact.key in _BEFORE_NAME:
        return search.before_name()
    if fact.key in _OF_NAME:
        return search.in_name(_FULL if fact.node.facts.get("name") else _CALLED)
    by_author = () if fact.node in evidence.found else quoted
    if fact.key in CODES and (search.mentions or _is_release(evidence, fact)):
        return search.in_head() if _is_release(evidence, fact) else search.beside_names(by_author)
    if fact.key in ANYWHERE or local(fact.key) in HEADLINES:
        if by_author and not search.is_mentioned(by_author):  # the words are of something else
            return search.near_quotes(by_author)
        return search.in_name() or search.anywhere()
    place = search.near_mentions() or search.near_quotes(by_author)
    if place is None and (fact.key in _IN_BLOCK or isinstance(fact.object, NamedNode)):
        place = search.in_block()
    if place is None and fact.key == ADDRESS and _is_release(evidence, fact):
        place = search.behind_cue()
    if place is None and fact.key == ADDRESS and is_only_owner(reading, fact.node):
        match = search.within(sites_in(reading))
        place = Place(match, "right behind words for a site") if match is not None else None
    return place


def _is_release(evidence: Evidence, fact: RecordFact) -> bool:
    return inner_iri(fact.node.iri.value, "") == evidence.expansion.this


def match_within(
    evidence: Evidence, reading: Reading, fact: RecordFact, spans: Iterable[tuple[int, int]]
) -> Ground | None:
    """The first words in some stretches of the text that say a literal."""
    stretches = [(start, end) for start, end in spans if start < end]
    per_step = 1 if fact.key == "telephone" else 200  # characters; each telephone number takes a step
    evidence.work.spend(10 + 15 * len(stretches) + sum(end - start for start, end in stretches) // per_step)
    return _match(reading, fact, stretches)


def _match(reading: Reading, fact: RecordFact, stretches: Iterable[tuple[int, int]]) -> Ground | None:
    value, datatype, key = fact.object, "", fact.key
    if isinstance(value, Literal):
        datatype = value.datatype.value
    elif key not in ADDRESSES:
        key = ADDRESS  # the address of a page under any other key
    return ground(value.value, datatype, key, reading.source, stretches, language=reading.language)


def said_elsewhere(reading: Reading, fact: RecordFact) -> Span | None:
    """The first place in the whole text that says a literal, whatever it says it of."""
    match = _match(reading, fact, [(0, len(reading.source))])
    return match.span if match is not None else None


def sentence_at(reading: Reading, span: Span) -> str:
    """The words of the sentence in which a span begins."""
    return reading.source[slice(*reading.sentences.spans[reading.sentences.at(span.start)])]


class _Search:
    """The search for one literal."""

    def __init__(self, evidence: Evidence, reading: Reading, fact: RecordFact) -> None:
        self.evidence, self.reading, self.fact = evidence, reading, fact
        self.node = fact.node.iri.value
        mentions = reading.mentions.of(self.node)[:_MOST_MENTIONS]
        is_code = fact.key in CODES  # which is no proof of itself
        self.mentions = [m for m in mentions if not (is_code and m.how == "identifier")]

    def within(self, spans: Iterable[tuple[int, int]]) -> Ground | None:
        """The first words in some stretches that say the literal."""
        return match_within(self.evidence, self.reading, self.fact, spans)

    def before_name(self) -> Place | None:
        """In or right before a name of the node."""
        for mention in self.mentions:
            if mention.how in ("name", "family", "inflected"):
                match = self.within([(max(mention.start - _LONGEST_TITLE, self._line(mention.start)), mention.end)])
                if match is not None and self._is_beside(match.span, mention):
                    return Place(match, "title before a name", mention)
        return self._over_list()

    def _over_list(self) -> Place | None:
        """A form of address for several people before the list in which a name of the node stands."""
        language, source = self.reading.language, self.reading.source
        forms = address_forms(self.fact.object.value, language)
        words = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)", re.IGNORECASE)
        for mention in self.mentions if forms else ():
            low = max(mention.start - _LONGEST_LIST, self._line(mention.start))
            for hit in reversed(list(words.finditer(source, low, mention.start))):
                match = self.within([hit.span()])
                if match is not None and is_listed(source[hit.end() : mention.start].removeprefix("."), language):
                    return Place(match, "title before a list", mention)
        return None

    def in_head(self) -> Place | None:
        """In the short lines with which the text begins."""
        source, at = self.reading.source, 0
        for line in source.split("\n")[:_MOST_HEAD_LINES]:
            if len(line) > _LONGEST_HEAD_LINE or (len(line) > _LONGEST_ENTRY and line.rstrip().endswith(".")):
                break
            at += len(line) + 1
        match = self.within([(0, min(at, len(source)))])
        return Place(match, "head of the text") if match is not None else None

    def beside_names(self, quoted: Sequence[Span]) -> Place | None:
        """In a name of the node, in a sentence or block that names it, or where its author's quotes stand."""
        return self.in_name() or self.near_mentions() or self.near_quotes(quoted) or self.in_block()

    def _is_beside(self, span: Span, mention: Mention) -> bool:
        between = self.reading.source[span.end : mention.start]
        return span.start >= mention.start or between.strip(" .\xa0\u2009\u202f") == ""

    def _line(self, at: int) -> int:
        return max(self.reading.source.rfind("\n", 0, at), self.reading.source.rfind("\r", 0, at)) + 1

    def in_name(self, hows: frozenset[str] = _CALLED) -> Place | None:
        """Inside a mention of the node that was found in one of some ways."""
        for mention in self.mentions:
            if mention.how in hows and (match := self.within([mention[:2]])) is not None:
                return Place(match, "name", mention)
        return None

    def anywhere(self) -> Place | None:
        """The first place in the text."""
        match = self.within([(0, len(self.reading.source))])
        return Place(match, "text") if match is not None else None

    def behind_cue(self) -> Place | None:
        """In the line of words for more on what a release says: "Further information: www.news.example"."""
        source = self.reading.source
        for hit in cues_of(self.reading.language).pattern("further").finditer(source):
            stop = source.find("\n", hit.end())
            end = min(hit.end() + _LONGEST_FURTHER, stop if stop >= 0 else len(source))
            if (match := self.within([(hit.end(), end)])) is not None:
                return Place(match, "behind words for more")
        return None

    def near_mentions(self) -> Place | None:
        """The place nearest to a mention of the node, in a sentence that mentions it: names first, then pronouns."""
        by_tier: dict[int, list[Mention]] = {}
        for mention in self.mentions:
            if self._is_subject(mention):
                by_tier.setdefault(_TIERS.get(mention.how, 0), []).append(mention)
        for _, mentions in sorted(by_tier.items()):
            places = [place for mention in mentions for place in self._in_sentence(mention)]
            if places:
                return _nearest(places)
        return None

    def _is_subject(self, mention: Mention) -> bool:
        """Whether a mention is of the node itself, and not of a longer name around it."""
        return not mention.inside or mention.how in ("text", "title")

    def _in_sentence(self, mention: Mention) -> Iterator[Place]:
        start, end = self.reading.sentences.spans[self.reading.sentences.at(mention.start)]
        around = [(mention.end, end), (start, mention.start), (start, end)]
        rule = _RULES.get(mention.how, "sentence")
        for stretch in around:
            match = self.within([stretch])
            if (
                match is None
                or self._is_of_another(mention, match.span)
                or self._is_beside_another(mention, match.span)
            ):
                continue
            if not self._is_of_next_entry(mention, match.span):
                yield Place(match, rule, mention)

    def _is_of_another(self, mention: Mention, span: Span) -> bool:
        """Whether something else of its class stands between a mention and a match, and not in one list with it."""
        low, high = min(mention.end, span.end), max(mention.start, span.start)
        text, begin = self.reading.source, self.reading.sentences.spans[self.reading.sentences.at(mention.start)].start
        between = [m for m in self.reading.mentions.within(low, high) if not m.inside and self._is_rival(m)]
        relatives = table("quantities", self.reading.language).get("relatives", ())
        if mention.end <= span.start:
            before = [m for m in self.reading.mentions.within(begin, mention.start) if self._is_rival(m)][
                -_MOST_ASIDES:
            ]
            if any(is_aside(text, m.end, mention.start, mention.end, relatives) for m in before):
                return True
        if not between:
            return False
        is_before = mention.end <= span.start
        if self.fact.key == "award":
            return False  # who shares a prize is held against the verb
        row = [mention, *between] if is_before else [*between, mention]
        gaps = [self.reading.source[one.end : other.start] for one, other in pairwise(row)]
        return not all(is_joint(gap, self.reading.language) for gap in gaps)

    def _is_beside_another(self, mention: Mention, span: Span) -> bool:
        """Whether a description is joined with a name by "and", or describes a name that stands before this one.

        "hosted by Jo Sample and [sponsored by Works]"; "[diver] Ada Mock, and painter Jo Sample", of Jo Sample.
        """
        if self.fact.key != "description":
            return False
        if mention.end <= span.start:
            gap = self.reading.source[mention.end : span.start].strip()
            return bool(gap.strip(",; ")) and is_joint(gap, self.reading.language)
        at, unnamed = span.end, ""  # names that the record has are judged by themselves
        for one in self.reading.mentions.within(span.end, mention.start):
            unnamed, at = unnamed + self.reading.source[at : one.start], max(at, one.end)
        parts = re.split(r"[,;]", unnamed + self.reading.source[at : mention.start])
        return len(parts) > 1 and any(word[:1].isupper() for word in parts[0].split())

    def _is_of_next_entry(self, mention: Mention, span: Span) -> bool:
        """Whether a number or address belongs to the name before it in a row of contacts, not to the one after it."""
        if self.fact.key not in _IN_ENTRY or mention.start < span.end:
            between = self.reading.source[mention.end : span.start] if self.fact.key in _IN_ENTRY else ""
            return ";" in between
        start = self.reading.sentences.spans[self.reading.sentences.at(span.start)].start
        before = self.reading.source.rfind(";", start, span.start) + 1 or start
        named = any(not m.inside and self._is_rival(m) for m in self.reading.mentions.within(before, span.start))
        return named or ";" in self.reading.source[span.end : mention.start]

    def is_mentioned(self, spans: Iterable[tuple[int, int]]) -> bool:
        """Whether the sentences of some spans mention the node, by whatever name."""
        return any(
            next(self.reading.mentions.of_within(self.node, *self._sentences(start, end)), None) is not None
            for start, end in spans
        )

    def _sentences(self, start: int, end: int) -> tuple[int, int]:
        """From the beginning of the sentence of one offset to the end of that of another."""
        sentences = self.reading.sentences
        return sentences.spans[sentences.at(start)].start, sentences.spans[sentences.at(end - 1)].end

    def near_quotes(self, quoted: Iterable[tuple[int, int]]) -> Place | None:
        """In the sentences in which the author's quotes for the node stand."""
        for start, end in quoted:
            if (match := self.within([self._sentences(start, end)])) is not None:
                return Place(match, "sentence of the node's quote")
        return None

    def in_block(self) -> Place | None:
        """In the lines below a name of the node, up to an empty line or the name of another person or contact."""
        for mention in self.mentions:
            if mention.how in ("pronoun", "reference"):
                continue
            match = self.within([(mention.end, self._end_of_block(mention))])
            if match is None or self._is_shared_line(mention, match.span):
                continue
            if self.fact.key not in _IN_ENTRY or not begins_entry(self.reading.source[mention.end : match.span.start]):
                return Place(match, "lines below the name", mention)
        return None

    def _is_shared_line(self, mention: Mention, span: Span) -> bool:
        """Whether a match stands in running text, after a name and after somebody else in the same line."""
        start = self._line(mention.start)
        if start != self._line(span.start):
            return False
        return any(not m.inside and self._is_rival(m) for m in self.reading.mentions.within(start, mention.start))

    def _end_of_block(self, mention: Mention) -> int:
        source, at = self.reading.source, mention.end
        for _ in range(_LONGEST_BLOCK):
            stop = source.find("\n", at)
            next_stop = source.find("\n", stop + 1)
            if stop < 0 or not source[stop + 1 : next_stop if next_stop >= 0 else len(source)].strip():
                at = len(source) if stop < 0 else stop
                break
            at = stop + 1
        rivals = (m.start for m in self.reading.mentions.within(mention.end, at) if self._is_rival(m))
        return min(rivals, default=at)

    def _is_rival(self, mention: Mention) -> bool:
        """Whether a mention begins the block of somebody else."""
        if mention.node == self.node or mention.how in ("text", "title", "pronoun", "reference", "identifier"):
            return False
        same_words = any(m[:2] == mention[:2] for m in self.mentions)
        return not same_words and not self._classes.isdisjoint(self.reading.classes(mention.node))

    @cached_property
    def _classes(self) -> frozenset[str]:
        """The classes of the node; of a contact also those of what the record knows by its name, or by a part of it."""
        own, mentions = self.reading.classes(self.node), self.reading.mentions
        if SCHEMA + "ContactPoint" not in own:
            return own
        named = {m.node for words in self.mentions[:_MOST_ASIDES] for m in mentions.within(words.start, words.end)}
        return own.union(*map(self.reading.classes, sorted(named)))


def begins_entry(gap: str) -> bool:
    """Whether the words between a name and an address begin the next entry of a row: "; Jo Sample, ".

    >>> begins_entry(", ada@works.example; Jo Sample, "), begins_entry(", +44 20 7946 0123; ")
    (True, False)
    """
    _, semicolon, last = gap.rpartition(";")
    pieces = [piece.split() for piece in re.split(r"[,:(]", last)] if semicolon else []
    return any(len(words) > 1 and all(word.isalpha() and word[0].isupper() for word in words) for words in pieces)


def is_joint(gap: str, language: str) -> bool:
    """Whether the words between two names only join them: commas, "and".

    >>> is_joint(", and ", "en"), is_joint(" met ", "en")
    (True, False)
    """
    joiners = table("joiners", language).get("joiners", ())
    return all(word in joiners for word in gap.lower().replace(",", " ").replace(";", " ").replace("،", " ").split())


_RULES: Final = {"reference": "sentence, by what it is called there", "pronoun": "sentence, by a pronoun"}


def _nearest(places: Sequence[Place]) -> Place:
    """The place nearest to its mention; of equal ones the first, with their number."""

    def distance(place: Place) -> int:
        mention, span = place.mention, place.match.span
        assert mention is not None
        return max(span.start - mention.end, mention.start - span.end, 0)

    best = min(places, key=lambda place: (distance(place), place.match.span))
    equal = {place.match.span for place in places if distance(place) == distance(best)}
    return best._replace(equal=len(equal))
