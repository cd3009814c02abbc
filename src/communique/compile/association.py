"""Whether a number of a text belongs to what a figure counts, to the thing it is of, and to its date."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from communique.compile.changed import is_other_change
from communique.compile.clauseparts import acts, goes_on, is_part_of_somebody, is_subject, is_told_of_another
from communique.compile.payers import payers_of
from communique.compile.reading import Reading
from communique.compile.relations.cues import cues_of, is_source
from communique.terms import FABIO, FOAF, SCHEMA, SKOS
from communique.text.clauses import is_aside
from communique.text.inflection import inflection_of
from communique.text.mentions import Mention
from communique.text.numbers import Quantity, quantities_of
from communique.text.passages import Span
from communique.text.tables import table
from communique.text.tokens import lower_case

_WORD: Final = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_COMMA: Final = re.compile(r"[,;](?=\s)")
_CUT: Final = re.compile(r"[;:.!?]")
_SHORTEST_STEM: Final = 5  # letters that two forms of a word share at least: "employs", "employees"
_BESIDE: Final = 2  # characters between a number and what it counts
_SCARCE: Final = 60  # characters before a name in which the number stands that may count it
_ELIDED: Final = 2  # letters of an article before its apostrophe: "d'", "qu'"
_SHORT: Final = 6  # words between a noun and a number that is short for one of it
_MOST_ASIDES: Final = 20  # names in a stretch whose asides are looked at
_HOLDERS: Final = frozenset(
    SCHEMA + name for name in ("Person", "Organization", "Place", "Event", "CreativeWork", "Product")
)
_TOPICS: Final = frozenset({SKOS + "Concept", SCHEMA + "DefinedTerm"})
_GROUPS: Final = frozenset({FOAF + "Group", SCHEMA + "Audience"})
_ANY: Final = frozenset({SCHEMA + "Thing"})


@dataclass(frozen=True, slots=True)
class Association:
    """The numbers, words, mentions and dates of one stretch of the source; all offsets are of the source."""

    reading: Reading
    stretch: Span

    @property
    def quantities(self) -> list[Quantity]:
        """The quantities of the stretch that can be what is counted."""
        return list(quantities_of(self.reading.source, self.reading.language).within(*self.stretch))

    def rivals(self, quantity: Quantity) -> Iterator[Quantity]:
        """Other quantities of the same class: money, per cent, or mere numbers."""
        for other in self.quantities:
            apart = other.core.end <= quantity.core.start or other.core.start >= quantity.core.end
            if apart and not other.is_weak and not other.is_year and _class_of(other) == _class_of(quantity):
                yield other

    # ---- what is counted

    def what(self, words: str, quantity: Quantity, *, is_dated: bool = False, has_unit: bool = False) -> Span | None:
        """The words nearest to a quantity that say what it counts, unless they belong to another quantity.

        ``is_dated``: its date alone tells it from others, as in "the cost was 5 in 2019 and 7 in 2020".
        ``has_unit``: the noun after the number is its unit, and the words may say what for: "5 crowns for art".
        """
        wanted = [lower_case(word) for word in _WORD.findall(words)]
        rest = [other for other in self.quantities if other != quantity]
        if is_other_change(self.reading, quantity, rest, wanted, self.nearest_word):
            return None
        spans = [self.nearest_word(word, quantity) for word in wanted]
        found = [span for span in spans if span is not None]
        if not wanted or len(found) < len(wanted):
            return None
        nearest = min(found, key=lambda span: gap(span, quantity.span))
        if self._is_short_for(nearest, quantity):
            return Span(min(s.start for s in found), max(s.end for s in found))
        if not has_unit and self._is_of_other_noun(nearest, quantity):
            return None
        rivals = list(self.rivals(quantity))
        if not is_dated and self._are_apart(found, rivals):
            return None
        others = (q for q in self.quantities if q.core.end <= quantity.core.start or quantity.core.end <= q.core.start)
        if any(self._is_said_of(nearest, other, quantity) for other in others if not (other.is_year or other.is_weak)):
            return None
        nearer = (rival for rival in rivals if self._is_nearer(nearest, rival, quantity))
        if not is_dated and any(not self._changes_into(rival, quantity) for rival in nearer):
            return None
        return Span(min(s.start for s in found), max(s.end for s in found))

    def _is_nearer(self, words: Span, rival: Quantity, quantity: Quantity) -> bool:
        """Whether words are nearer to a rival than to a quantity; a comma before the rival keeps it away."""
        if gap(words, rival.span) >= gap(words, quantity.span):
            return False
        return not self._is_parted(words, rival.span) or self._is_parted(words, quantity.span)

    def _is_parted(self, one: Span, other: Span) -> bool:
        """Whether a comma stands between two spans."""
        return bool(_COMMA.search(self.reading.source, min(one.end, other.end), max(one.start, other.start)))

    def _are_apart(self, words: Sequence[Span], rivals: Sequence[Quantity]) -> bool:
        """Whether another number of the class stands between the words for what is counted."""
        start, end = min(span.start for span in words), max(span.end for span in words)
        return any(start < rival.core.start and rival.core.end < end for rival in rivals)

    def _is_short_for(self, words: Span, quantity: Quantity) -> bool:
        """Whether a number stands for itself and for a noun that is said before it: "eight trips instead of five"."""
        if words.end > quantity.span.start or not self._is_bare(quantity):
            return False
        between = self.reading.source[words.end : quantity.span.start]
        leads = table("quantities", self.reading.language).get("instead", ())
        said = lower_case(" ".join(between.split()))
        is_last = any(said == lead or said.endswith(" " + lead) for lead in leads)
        return is_last and len(said.split()) <= _SHORT and not _CUT.search(between)

    def _is_bare(self, quantity: Quantity) -> bool:
        """Whether no noun follows a number that it could count: its clause ends, or goes on with a preposition."""
        after = self.reading.source[quantity.core.end : min(quantity.core.end + 30, self.stretch.end)]
        word = _WORD.match(after.lstrip())
        return word is None or lower_case(word.group()) in cues_of(self.reading.language).set("prepositions")

    def _is_of_other_noun(self, words: Span, quantity: Quantity) -> bool:
        """Whether a mere number counts another noun than the words: "12 maps for [pupils]", "with a [grant] it won 12".

        Money and shares may be "for" or "of" anything. Half of something is a share of what stands in its clause.
        """
        source, cues = self.reading.source, cues_of(self.reading.language)
        if words.start >= quantity.core.end:
            if _class_of(quantity) != "number" or quantity.is_weak:
                return False
            between = [lower_case(word) for word in _WORD.findall(source[quantity.core.end : words.start])]
            links = frozenset(table("quantities", self.reading.language).get("link", ()))
            return not (cues.set("prepositions") - links).isdisjoint(between)
        if words.end > quantity.core.start:
            return False
        if quantity.is_weak and "," in source[words.end : quantity.core.start]:
            return True
        named = self.reading.mentions.within(words.end, quantity.core.start)
        agents = [m for m in named if acts(self.reading, m) and is_subject(self.reading, m)]
        return bool(agents) and _class_of(quantity) == "number" and not self._is_bare(quantity)

    def says(self, words: str) -> bool:
        """Whether the stretch has all of some words, in any of their forms."""
        wanted = [lower_case(word) for word in _WORD.findall(words)]
        start = Quantity("", span=Span(*self.stretch[:1] * 2), core=Span(*self.stretch[:1] * 2))
        return bool(wanted) and all(self.nearest_word(word, start) is not None for word in wanted)

    def _is_said_of(self, words: Span, other: Quantity, quantity: Quantity) -> bool:
        """Whether words stand right beside a number, whatever its class: "12 offices", "cost €5 and has 12 rooms"."""
        if other.core.end <= words.start <= other.span.end + 1:
            return True
        links = table("quantities", self.reading.language).get("link", ())
        if lower_case(self.reading.source[other.span.end : words.start]).split() in [[link] for link in links]:
            return other.unit_kind != "percent"  # "500 tonnes of flour"
        between = other.core.end <= quantity.core.start and _class_of(other) != _class_of(quantity)
        return between and words.end <= other.span.start <= words.end + 1

    def nearest_word(self, word: str, quantity: Quantity) -> Span | None:
        """The place of a word (in lower case), in any of its forms, that is nearest to a quantity."""
        is_same = _same_word(word, self.reading.language)
        hits = _WORD.finditer(self.reading.source, *self.stretch)
        spans = [Span(*hit.span()) for hit in hits if is_same(lower_case(hit.group())) or _elides(hit.group(), is_same)]
        return min(spans, key=lambda span: gap(span, quantity.span), default=None)

    def _changes_into(self, rival: Quantity, quantity: Quantity) -> bool:
        """Whether a number directly before another changes into it: "rose from 2 to 3"."""
        between = self.reading.source[rival.span.end : quantity.span.start]
        return rival.core.end <= quantity.core.start and len(between.split()) <= 1 and not _CUT.search(between)

    def says_unit(self, unit: str, quantity: Quantity) -> bool:
        """Whether a unit in words follows a number, with no more than three words and no other number between."""
        wanted = [lower_case(word) for word in _WORD.findall(unit)]
        end = min(
            (q.core.start for q in self.quantities if q.core.start >= quantity.core.end), default=self.stretch.end
        )
        end = min(end, quantity.core.end + 120)
        after = [lower_case(w) for w in _WORD.findall(self.reading.source[quantity.core.end : end])]
        followed = after[: len(wanted) + 3]
        return bool(wanted) and all(any(map(_same_word(word, self.reading.language), followed)) for word in wanted)

    # ---- of whom

    def of(self, node: str, quantity: Quantity, *, is_quoted: bool = False, what: str = "") -> Span | None:
        """The mention of a node to which a quantity belongs; None if another of its class is nearer.

        After a number that nobody quoted for the node, nothing else may be named before it, of whatever class. A noun
        that is counted is no name: in "Works runs eleven plants", the plants are not "the plant".
        """
        classes, payers = self.reading.classes(node) - _ANY, payers_of(self.reading, quantity)
        named = [m for m in self.reading.mentions.within(*self.stretch) if not is_part_of_somebody(self.reading, m)]
        named = [
            m
            for m in named
            if not (self._is_source(m) or self._is_counted(m, quantity, what if m.node != node else ""))
        ]
        own = [m for m in named if m.node == node and not self._only_owns(m, quantity)]
        own = [m for m in own if len(payers) < 2 or m not in payers]
        rivals = [m for m in named if self._is_rival(m, node, classes) and node not in m.inside]
        others = [m for m in rivals if m not in payers]
        own, others = self._outside_asides(own, others), self._outside_asides(others, own)
        before = _last(m for m in own if m.end <= quantity.core.start)
        rival_before = _last(m for m in others if m.end <= quantity.core.start)
        sentence = self.reading.mentions.within(*self._sentence(quantity))
        around = [m for m in sentence if not (self._is_source(m) or m in payers)]
        if before is not None and is_told_of_another(self.reading, before, around, quantity.core.start):
            before, rival_before = None, rival_before or before
        if before is not None and rival_before is not None and self._follows(before, rival_before, others, quantity):
            return Span(before.start, before.end)
        if before is not None and (rival_before is None or rival_before.start <= before.start):
            return Span(before.start, before.end)
        if before is not None and self._is_said_of_each(before, others, quantity):
            return Span(before.start, before.end)
        inside = next((m for m in own if m.start < quantity.span.end and quantity.span.start < m.end), None)
        if inside is not None:
            return Span(inside.start, inside.end)
        after = next((m for m in own if m.start >= quantity.core.end), None)
        if after is None or any(quantity.core.end <= m.start < after.start for m in others):
            return None
        if not is_quoted and any(self._is_holder(m, node) for m in self._between(quantity.core.end, after.start)):
            return None
        return None if self._is_elsewhere(after, rival_before, quantity) else Span(after.start, after.end)

    def _is_elsewhere(self, after: Mention, rival: Mention | None, quantity: Quantity) -> bool:
        """Whether a number is not of what is named after it: another clause, a preposition or a number is between."""
        words = self.reading.source[quantity.core.end : after.start]
        has_other = rival is not None or self._has_subject(after.node, quantity)
        if has_other and (self._begins_clause(words) or self._is_led_away(words)):
            return True
        if self._is_owner(after) and self._is_led_away(words, is_place=False):
            return True
        return any(quantity.core.end <= other.core.start < after.start for other in self.rivals(quantity))

    def _follows(self, own: Mention, rival: Mention, others: Sequence[Mention], quantity: Quantity) -> bool:
        """Whether a second verb is said of the one whom its sentence begins with; nobody but a rival stands between."""
        start = self._sentence(quantity).start
        between = [m for m in others if own.end <= m.start and m.end <= quantity.core.start]
        is_first = not any(start <= m.start < own.start for m in others)
        return is_first and between == [rival] and goes_on(self.reading, own, rival, quantity.core.start)

    def _is_said_of_each(self, one: Mention, others: Sequence[Mention], quantity: Quantity) -> bool:
        """Whether a number is said of each in a list with ``one``: "Jo Sample and Ada Mock, who were each fined €5"."""
        rules = table("quantities", self.reading.language)
        each, ands = rules.get("each", ()), cues_of(self.reading.language).set("and")
        last = one
        for other in [m for m in others if one.end <= m.start and m.end <= quantity.core.start]:
            between = lower_case(self.reading.source[last.end : other.start]).replace(",", " , ").split()
            if not between or not set(between) <= ands | {","}:
                return False
            last = other
        after = _WORD.findall(lower_case(self.reading.source[last.end : quantity.core.start]))
        return last is not one and not frozenset(each).isdisjoint(after)

    def _is_source(self, mention: Mention) -> bool:
        """Whether somebody is named only as the one who says something: "according to Works, the dam cost 5 euros"."""
        return is_source(self.reading.source, mention.start, self.reading.language)

    def _sentence(self, quantity: Quantity) -> Span:
        sentences = self.reading.sentences
        return Span(*sentences.spans[sentences.at(quantity.core.start)])

    def _is_led_away(self, words: str, *, is_place: bool = True) -> bool:
        """Whether words between a number and a name end with a preposition that makes no whole: "12 prizes from".

        ``is_place``: one that says where makes a whole as well: "12 pupils at".
        """
        cues = cues_of(self.reading.language)
        between = list(map(lower_case, _WORD.findall(words)))
        language = table("quantities", self.reading.language)
        links = frozenset(language.get("link", ())) | frozenset(language.get("placing", ()) if is_place else ())
        while between and between[-1] in cues.set("articles") - links:
            between.pop()
        return bool(between) and between[-1] in cues.set("prepositions") - links

    def _outside_asides(self, mentions: Sequence[Mention], others: Sequence[Mention]) -> list[Mention]:
        """Some mentions without those in an aside of others: "Dam Works, listed in Mockton, has six plants"."""
        text = self.reading.source
        first, relatives = others[:_MOST_ASIDES], table("quantities", self.reading.language).get("relatives", ())
        return [m for m in mentions if not any(is_aside(text, o.end, m.start, m.end, relatives) for o in first)]

    def _only_owns(self, mention: Mention, quantity: Quantity) -> bool:
        """Whether a mention says whose somebody is who speaks of a quantity: "its chair warned that 200 jobs …"."""
        text, rules = self.reading.source, table("quantities", self.reading.language)
        after = lower_case(text[mention.end : quantity.core.start])
        is_owner = lower_case(text[mention.start : mention.end]) in rules.get("owners", ())
        if not is_owner and not after.startswith(tuple(rules.get("possessives", ()))):
            return False
        if is_owner and self._is_owned(mention, quantity):
            return True
        words = _WORD.findall(after)
        return mention.end <= quantity.core.start and not frozenset(rules.get("reports", ())).isdisjoint(words)

    def _is_owner(self, mention: Mention) -> bool:
        """Whether a mention is a possessive: what stands "at its rival" is of somebody else."""
        owners = table("quantities", self.reading.language).get("owners", ())
        return lower_case(self.reading.source[mention.start : mention.end]) in owners

    def _is_counted(self, mention: Mention, quantity: Quantity, what: str) -> bool:
        """Whether a mention is a plural noun right behind a number that counts it: "eleven plants"."""
        is_group = not _GROUPS.isdisjoint(self.reading.classes(mention.node))
        if mention.how not in ("inflected", "reference", "name") or is_group:
            return False
        near = quantities_of(self.reading.source, self.reading.language).within(mention.start - _SCARCE, mention.start)
        counts = (q for q in near if not (q.is_year or q.is_weak or q.upper or q.value == "1"))
        number = next((q for q in counts if 0 < mention.start - q.core.end <= _BESIDE), None)
        words = _WORD.findall(self.reading.source[mention.start : mention.end])
        if number is None or number.unit_kind != "word" or len(words) != 1:
            return False
        wanted = {lower_case(word) for word in _WORD.findall(what)} if number == quantity else set()
        return mention.how == "inflected" or lower_case(words[0]) in wanted

    def _is_owned(self, owner: Mention, quantity: Quantity) -> bool:
        """Whether a node stands right behind a possessive: "its fund has 5 members" is said of the fund."""
        behind = self._between(owner.end, quantity.core.start)
        near = [m for m in behind if m.start - owner.end <= 1 and m.how in ("name", "inflected", "reference")]
        return any(_TOPICS.isdisjoint(self.reading.classes(m.node)) for m in near)

    def _has_subject(self, node: str, quantity: Quantity) -> bool:
        """Whether something else is the subject before a quantity: "It costs 28 euros and was printed by Works"."""
        before = self.reading.mentions.within(self._sentence(quantity).start, quantity.core.start)
        return any(m.node != node and m.how == "pronoun" and is_subject(self.reading, m) for m in before)

    def _begins_clause(self, words: str) -> bool:
        """Whether words between a number and a name begin another clause, or are too many for one phrase."""
        between = lower_case(words).split()
        begin = frozenset(table("quantities", self.reading.language).get("clauses", ()))
        return bool(re.search(r"[,;:.]", words)) or len(between) > 6 or not begin.isdisjoint(between)

    def _between(self, start: int, end: int) -> Iterator[Mention]:
        return (m for m in self.reading.mentions.within(start, end) if not m.inside)

    def _is_holder(self, mention: Mention, node: str) -> bool:
        """Whether a mention is of something else that can have a figure: somebody, a place, an event, a thing."""
        classes = self.reading.classes(mention.node)
        return (
            mention.node != node
            and mention.how in ("name", "inflected", "reference")
            and not _HOLDERS.isdisjoint(classes)
        )

    def _is_rival(self, mention: Mention, node: str, classes: frozenset[str]) -> bool:
        return mention.node != node and not classes.isdisjoint(self.reading.classes(mention.node))


def is_holder(reading: Reading, mention: Mention) -> bool:
    """Whether a mention is of something that can have a figure: no concept, no text that somebody says, no release."""
    classes = reading.classes(mention.node)
    is_apart = FABIO + "PressRelease" in classes or not _TOPICS.isdisjoint(classes)
    return mention.how not in ("text", "title", "identifier") and not is_apart


def gap(one: Span, other: Span) -> int:
    """The number of characters between two spans; 0 if they overlap."""
    return max(one.start - other.end, other.start - one.end, 0)


def _last(mentions: Iterator[Mention]) -> Mention | None:
    return max(mentions, key=lambda m: (m.end, -m.start), default=None)


def _class_of(quantity: Quantity) -> str:
    return quantity.unit_kind if quantity.unit_kind in ("currency", "percent") else "number"


def _elides(word: str, is_same: Callable[[str], bool]) -> bool:
    """Whether a word is the one that is meant behind an elided article: "d'énergie"."""
    article, mark, rest = lower_case(word).replace("’", "'").partition("'")
    return bool(mark) and len(article) <= _ELIDED and is_same(rest)


def _same_word(word: str, language: str) -> Callable[[str], bool]:
    """A test whether another word is this one in any of its forms; both are in lower case."""
    inflection = inflection_of(language)

    def is_same(other: str) -> bool:
        if other == word or inflection.is_same(word, other):
            return True
        shared = next(
            (k for k, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other))
        )
        return shared >= _SHORTEST_STEM and shared * 5 >= max(len(word), len(other)) * 3

    return is_same
