"""Whose clause a number stands in: somebody named after "by" or "in" is not the one whom the verb is said of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

from communique.compile.reading import Reading
from communique.compile.relations.cues import cues_of
from communique.terms import FOAF, SCHEMA
from communique.text.mentions import Mention
from communique.text.passages import Span
from communique.text.quotationmarks import quotations_of
from communique.text.tables import table
from communique.text.tokens import lower_case

_WORD: Final = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*|[’']s(?!\w)")
_REACH: Final = 40  # characters before a name in which its preposition stands
_OPENING: Final = ("«", "„", "“", '"', "‘", "‹")
_LIST: Final = 5  # words before a name that follows "and" among which the preposition of its list stands
_ACTING: Final = frozenset({SCHEMA + "Person", SCHEMA + "Organization", FOAF + "Group"})
_NAMED: Final = frozenset({"name", "family", "reference", "acronym"})
_STOP: Final = re.compile(r"[,;:.!?()“”„«»\"\n]")


def is_oblique(reading: Reading, mention: Mention) -> bool:
    """Whether words are governed by a preposition or a case: "by Works", "in Mockton", «компанией „Тест“»."""
    if mention.how == "inflected":
        return True
    cues = cues_of(reading.language)
    start = reading.sentences.spans[reading.sentences.at(mention.start)].start
    before = reading.source[max(start, mention.start - _REACH) : mention.start]
    is_marked = before.endswith(_OPENING)
    before = before.rstrip("".join(_OPENING))
    words = [lower_case(word) for word in _WORD.findall(_STOP.split(before)[-1])]
    prepositions = cues.set("prepositions")
    while words and words[-1] in cues.set("articles") and words[-1] not in prepositions:
        words.pop()
    if words and words[-1] in prepositions:
        return True
    if words and words[-1] in cues.set("and"):  # "by Jo and Ada Sample"
        return not prepositions.isdisjoint(words[-_LIST:])
    # a title or a noun stands between: "by Captain Jo Sample", «на заводе „Тест“»
    is_titled = is_marked or (bool(words) and before.rstrip()[-len(words[-1]) :][:1].isupper())
    return is_titled and len(words) > 1 and words[-2] in prepositions


def is_subject(reading: Reading, mention: Mention) -> bool:
    """Whether a mention can be that of the one whom a verb after it is said of: no preposition, no possessive."""
    if mention.how == "pronoun":
        return _opens_sentence(reading, mention)
    if mention.inside or mention.how not in _NAMED or is_oblique(reading, mention):
        return False
    marked = (p for p in quotations_of(reading.source) if p.start <= mention.start and mention.end <= p.end)
    if any(mention.start - p.start > 1 or p.end - mention.end > 1 for p in marked):
        return False
    after = reading.source[mention.end : mention.end + 2].replace("’", "'")
    return not after.startswith("'")


def _opens_sentence(reading: Reading, mention: Mention) -> bool:
    """Whether a pronoun begins its sentence, and does not say whose something is: "It runs", not "Its ship runs"."""
    start = reading.sentences.spans[reading.sentences.at(mention.start)].start
    owners = cues_of(reading.language).set("owners")
    return mention.start == start and lower_case(reading.source[mention.start : mention.end]) not in owners


def acts(reading: Reading, mention: Mention) -> bool:
    """Whether a mention is of a person, an organisation or a group."""
    return not _ACTING.isdisjoint(reading.classes(mention.node))


def is_part_of_somebody(reading: Reading, mention: Mention) -> bool:
    """Whether a name is only a part of the longer name of somebody: "Mockton" in "Bank of Mockton"."""
    return any(not _ACTING.isdisjoint(reading.classes(node)) for node in mention.inside)


def nearest_other(reading: Reading, node: str, within: Span, number: int) -> Mention | None:
    """The mention of something else of a node's class that is nearest to a number (an offset), in a stretch."""
    classes = reading.classes(node) - {SCHEMA + "Thing"}
    named = (m for m in reading.mentions.within(*within) if m.node != node and not is_part_of_somebody(reading, m))
    others = [m for m in named if not classes.isdisjoint(reading.classes(m.node))]
    return min(others, key=lambda m: (max(m.start - number, number - m.end), m.start), default=None)


def is_told_of_another(reading: Reading, own: Mention, mentions: Iterable[Mention], number: int) -> bool:
    """Whether a verb between a name and a number after it is said of somebody else.

    ``mentions`` are those of the sentence. "The ferry was built by [Works] and carries 90 people": of the ferry.
    "Founded by [Jo Sample], Works employs 90 people": of Works.
    """
    others = [m for m in mentions if m.node != own.node and m.end <= number]
    between = [m for m in others if m.start >= own.end and acts(reading, m)]
    if any(is_subject(reading, m) and not _is_beside(reading, own, m, between) for m in between):
        return True
    if not is_oblique(reading, own):
        return False
    words = reading.source[own.end : number]
    joined = _has_word(words, table("quantities", reading.language).get("clauses", ()))
    return (
        joined
        and not _is_relative(reading, words)
        and any(m.end <= own.start and is_subject(reading, m) for m in others)
    )


def goes_on(reading: Reading, own: Mention, rival: Mention, number: int) -> bool:
    """Whether a second verb is said of the one who begins a sentence: "It is a unit of Labs and employs 90"."""
    if not (is_subject(reading, own) and is_oblique(reading, rival)):
        return False
    words = [lower_case(word) for word in _WORD.findall(reading.source[rival.end : number])]
    cues = cues_of(reading.language)
    listed = table("antecedents", reading.language).get("of", {}).values()
    verbs = cues.set("auxiliaries").union(*listed)
    return len(words) > 1 and words[0] in cues.set("and") and words[1] in verbs


def _is_beside(reading: Reading, own: Mention, other: Mention, named: Iterable[Mention]) -> bool:
    """Whether somebody stands in one list with a name, in a relative clause on it or in an apposition to it."""
    words, at = "", own.end
    for one in named:  # without the names between
        if one.start >= other.start:
            break
        words, at = words + reading.source[at : one.start] + " ", max(at, one.end)
    words += reading.source[at : other.start]
    cues = cues_of(reading.language)
    known = cues.set("and") | cues.set("articles") | cues.set("relative_pronouns") | cues.set("relative")
    between = [lower_case(word) for word in _WORD.findall(words)]
    if FOAF + "Group" in reading.classes(own.node) and set(between) <= cues.set("and"):
        return True  # "two painters, Jo Sample and Ada Mock"
    return set(between) <= known and (bool(between) or not is_oblique(reading, own))


def _is_relative(reading: Reading, words: str) -> bool:
    """Whether words after a name begin a relative clause or an apposition: ", which", ", a firm with"."""
    if not words.lstrip().startswith(","):
        return False
    cues = cues_of(reading.language)
    first = [lower_case(word) for word in _WORD.findall(words)[:2]]
    begin = cues.set("relative_pronouns") | cues.set("articles") | cues.set("relative")
    return bool(begin.intersection(first))


def _has_word(text: str, words: Collection[str]) -> bool:
    return any(lower_case(word) in words for word in _WORD.findall(text))
