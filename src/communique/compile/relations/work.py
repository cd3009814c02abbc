"""Where somebody works or has worked, without a title: "she worked at Mock Labs", "zuvor bei der Hafenbank"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from communique.compile.nodes import RecordFact, RecordNode
from communique.compile.relations.denial import is_denied, is_parted
from communique.compile.relations.frame import Found, Frame, around
from communique.compile.relations.heading import find_head
from communique.compile.relations.lists import actors_before, items_after
from communique.compile.relations.membership import belonging
from communique.text.mentions import Mention
from communique.text.passages import Span

FORMER: Final = "FormerRole"
_REACH: Final = 90  # characters between a verb and the preposition of its organisation: "from 2010 to 2015"
_BEHIND: Final = 40  # characters between an organisation and a verb behind it
_TITLED: Final = 90  # characters between a person and "previously at", in which titles stand
_MOST_HEAD: Final = 2  # words before a name that say what it is: "at the bakery chain Mock Works"
_PARTED: Final = re.compile(r"[,;:()]")


def is_work(node: RecordNode) -> bool:
    """Whether a node is a role in an organisation that has no title."""
    return "Membership" in node.types and "roleName" not in node.facts and "organization" in node.facts


def find_work(frame: Frame, role: RecordNode, within: Sequence[Span] = ()) -> Found | None:
    """The shortest words that say that the member of a role without a title works, or worked, in its organisation.

    ``within`` limits the sentences that are looked at. Of the two tenses only that of the role counts: former or not.
    """
    person, of = (str(role.facts[key][0].object.value) for key in ("member", "organization"))
    tense = "past" if FORMER in role.types else "present"
    found: list[Found] = []
    for place in frame.of(of, 0, len(frame.source), role.iri.value):
        window = frame.sentence(place.start)
        if within and not any(start < window.end and window.start < end for start, end in within):
            continue
        for said, subjects, cue in _ways(frame, place):
            subject = next((m for m in subjects if m.node == person), None)
            if said == tense and subject is not None and not (is_denied(frame, cue) or is_parted(frame, *cue)):
                found.append(Found(around(subject, cue, place), "work", subject, place, around(cue, place)))
        head = find_head(frame, _of_person(frame, role), window) if tense == "present" else None
        found += [head] if head is not None and not is_denied(frame, head.cue or head.span) else []
    return min(found, key=lambda one: (one.span.end - one.span.start, one.span.start), default=None)


def _of_person(frame: Frame, role: RecordNode) -> RecordFact:
    """The organisation of a role as a fact of its person."""
    member, of = role.facts["member"][0], role.facts["organization"][0]
    node = frame.reading.nodes.get(member.object.value, role)
    return RecordFact(node, of.key, of.index, of.predicate, of.object)


def is_over(frame: Frame, person: Mention, of: Mention) -> bool:
    """Whether the words between a person and an organisation say that somebody worked there before, and no longer."""
    said = {tense for tense, subjects, _ in _ways(frame, of) if any(m.node == person.node for m in subjects)}
    return said == {"past"}


_Way = tuple[str, Sequence[Mention], Span]


def _ways(frame: Frame, place: Mention) -> Iterator[_Way]:
    """The ways in which a sentence says that somebody works, or worked, in an organisation that it names."""
    window = frame.sentence(place.start)
    frame.work.spend(5)
    yield from _behind_verb(frame, place, window)
    yield from _behind_once(frame, place, window)
    yield from _before_verb(frame, place, window)
    yield from belonging(frame, place, window)


def _behind_verb(frame: Frame, place: Mention, window: Span) -> Iterator[_Way]:
    """The tense, the subjects and the verb of "she worked from 2010 to 2015 at Mock Labs"."""
    for start, end in _prepositions(frame, "at", place, window):
        tenses = ("past", "present", "open")
        verbs = [(Span(*hit.span()), tense) for tense in tenses for hit in _hits(frame, tense, window, start)]
        verbs = [one for one in verbs if start - one[0].end <= _REACH and _is_open(frame, one[0].end, start)]
        verb, tense = max(verbs, key=lambda one: (one[0].end, -one[0].start), default=(Span(start, end), ""))
        if tense == "open":
            tense = "present" if _lasts(frame, verb.end, start) or _lasts(frame, place.end, window.end) else "past"
        if tense:
            yield tense, _subjects(frame, window, verb), verb


def _behind_once(frame: Frame, place: Mention, window: Span) -> Iterator[_Way]:
    """The subjects and the adverb of "Jo Sample, previously at Mock Labs"."""
    for start, _ in _prepositions(frame, "once_at", place, window):
        for hit in _hits(frame, "once", window, start):
            if not frame.words(hit.end(), start):
                yield "past", _described(frame, window, hit.start()), Span(*hit.span())


def _before_verb(frame: Frame, place: Mention, window: Span) -> Iterator[_Way]:
    """The tense, the subjects and the verb where a language puts it behind: "die bei der Hafenbank tätig war"."""
    for way in ("behind_past", "behind_present", "behind"):
        behind = frame.cues.pattern("work", way)
        for hit in behind.finditer(frame.source, place.end, min(window.end, place.end + _BEHIND)):
            if _PARTED.search(frame.source, place.end, hit.start()) or not _is_open(frame, place.end, hit.start()):
                continue
            starts = [start for start, _ in _prepositions(frame, "at", place, window)]
            for start in [place.start] if _is_in_case(frame, place, hit.start()) else starts:
                tense = way.partition("_")[2] or _tense_of_auxiliary(frame, start, hit.end(), window)
                low = _clause_start(frame, window, start)
                yield tense, _subjects(frame, window, Span(start, start)), Span(low, hit.end())


def _clause_start(frame: Frame, window: Span, end: int) -> int:
    """Where the words of a clause begin behind its subject and its last comma: what it says of time stands there."""
    marks = [hit.end() for hit in _PARTED.finditer(frame.source, window.start, end)]
    people = [m.end for m in frame.mentions({"person"}, window.start, end)]
    return max([window.start, *marks, *people])


def _is_in_case(frame: Frame, place: Mention, end: int) -> bool:
    """Whether a name, or the one noun behind it, has the case that says "at", as in Kazakh: "«Дала» зауытында"."""
    case = tuple(frame.cues.set("work", "case"))
    words = [word for word in frame.words(place.start, end) if word[0].isalpha()]
    is_near = len(frame.words(place.end, end)) <= _MOST_HEAD
    return bool(case and words) and is_near and words[-1].endswith(case)


def _tense_of_auxiliary(frame: Frame, start: int, end: int, window: Span) -> str:
    """The tense that an auxiliary right behind a participle gives, or else the last one in the clause before it."""
    words = frame.words(end, window.end)[:1] + frame.words(max(window.start, start - _REACH), start)[::-1]
    for word in words:
        for tense in ("past", "present"):
            if word in frame.cues.set("work", f"aux_{tense}"):
                return tense
    return ""


def _hits(frame: Frame, way: str, window: Span, end: int) -> Iterator[re.Match[str]]:
    return frame.cues.pattern("work", way).finditer(frame.source, window.start, end)


def _prepositions(frame: Frame, way: str, place: Mention, window: Span) -> Iterator[Span]:
    """The prepositions of a list that lead to an organisation: nothing but what it is stands between."""
    known = frame.cues.set("articles")
    parting = [*frame.cues.set("prepositions"), *frame.cues.set("dates", "until"), *frame.cues.set("auxiliaries")]
    parting += [*frame.cues.set("and"), *frame.cues.set("but"), *frame.cues.set("role", "as"), *_relative(frame)]
    low = max(window.start, place.start - _REACH)
    for hit in frame.cues.pattern("work", way).finditer(frame.source, low, place.start):
        head = [w for w in frame.words(hit.end(), place.start) if w not in known and w not in "«„“”\"'’"]
        if len(head) > _MOST_HEAD or not set(head).isdisjoint(parting) or _PARTED.search(" ".join(head)):
            continue
        items = items_after(frame, {"organization"}, hit.end(), window.end)
        if items and (items[0].start, items[0].end) == (place.start, place.end):
            yield Span(*hit.span())


def _relative(frame: Frame) -> frozenset[str]:
    return frame.cues.set("relative_pronouns") - frame.cues.set("articles")


def _is_open(frame: Frame, start: int, end: int) -> bool:
    """Whether nothing between a verb and its preposition begins another clause or names somebody else."""
    words = set(frame.words(start, end))
    is_parted = frame.has(("breakers",), start, end) or not words.isdisjoint(_relative(frame)) or ";" in words
    named = frame.mentions({"person", "organization"}, start, end)
    inverted = _right_behind(frame, start, end)
    return not is_parted and all(m in inverted for m in named)


def _lasts(frame: Frame, start: int, end: int) -> bool:
    """Whether words begin with those by which work lasts until today: "since 2010", "for ten years"."""
    return not frame.cues.set("work", "since").isdisjoint(frame.words(start, end)[:1])


def _subjects(frame: Frame, window: Span, verb: Span) -> Sequence[Mention]:
    """Those of whom a verb is said: before it, or right behind it where a language puts it second."""
    before = actors_before(frame, {"person"}, window.start, verb.start)
    return before or (_right_behind(frame, verb.end, window.end) if verb.start < verb.end else [])


def _right_behind(frame: Frame, start: int, end: int) -> list[Mention]:
    """The person right behind a verb, in a language that puts the verb second: "Zuvor arbeitete sie"."""
    articles = frame.cues.set("verb_second", "articles")
    behind = frame.mentions({"person"}, start, end)[:1] if articles else []
    return behind if behind and set(frame.words(start, behind[0].start)) <= articles else []


def _described(frame: Frame, window: Span, at: int) -> Sequence[Mention]:
    """The person whom words at an offset describe: the nearest before, behind a comma or "was"."""
    nearest = frame.mentions({"person"}, max(window.start, at - _TITLED), at)[-1:]
    if not nearest or frame.has(("breakers",), nearest[0].end, at):
        return []
    words = frame.words(nearest[0].end, at)
    small = frame.cues.set("role", "past") | frame.cues.set("passive") | frame.cues.set("articles")
    is_aside = bool(words) and words[0] in ",(–—" and words[-1] in ",(–—"
    return nearest if is_aside or (words and set(words) <= small) else []
