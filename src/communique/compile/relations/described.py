"""Literals that say something of their node only by the words around them: titles, prizes, slogans, names, sizes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from communique.compile.countable import is_of_score
from communique.compile.nodes import RecordFact, RecordNode
from communique.compile.relations.contact import PAGES
from communique.compile.relations.cues import any_of, beginning_with
from communique.compile.relations.dateline import is_planned
from communique.compile.relations.frame import AGENTS, Found, Frame, around, local
from communique.compile.relations.lists import actors_before, items_after
from communique.compile.relations.role import find_title
from communique.compile.relations.rules import DATES
from communique.compile.relations.terms import stems_of
from communique.compile.relations.texts import (
    OTHER_NAMES,
    PARTS_OF_NAMES,
    is_description,
    is_other_name,
    is_part_of_name,
    is_value_of_term,
    is_word_of_term,
)
from communique.compile.relations.titleplace import is_form_of_address
from communique.terms import SCHEMA
from communique.text.cardinals import cardinals, is_whole_number
from communique.text.inflection import inflected_places
from communique.text.mentions import Mention
from communique.text.numbers import quantities_of
from communique.text.passages import Span
from communique.text.plurals import address_forms, is_listed, plurals_of
from communique.text.quotationmarks import quotations_of
from communique.text.shadow import lower
from communique.text.work import SCANNED_PER_STEP

_DONE: Final = frozenset({"event", "work"})
"""Groups of what people and organisations do or make, and are never called by: "the ruling" is no name of a court."""
_MOST_PLACES: Final = 20
_OF_ONE: Final = frozenset({"jobTitle", "honorificPrefix", "award", "description"})
"""Keys of what is said of one node: quoted words say it of no other if they say it of the one beside them."""
_NEAR: Final = 30  # characters between a cue and a slogan, between a form of address and a name
_DIGITS: Final = 7  # a longer number has no words
_COUNTED: Final = 3  # words after a number in which what it counts is named
_NOT_MEMBERS: Final = frozenset({"type", "additionalType"})
_CLAUSE: Final = re.compile(r"[,;:–—]")
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ENDED: Final = frozenset({"CompletedActionStatus", "FailedActionStatus"})
_WORD: Final = re.compile(r"\w+")

IsSaid = Callable[[Frame, RecordFact, Sequence[Mention]], bool]


def is_said_of_node(frame: Frame, fact: RecordFact) -> bool:
    """Whether the words around a literal say it of its node; true of those that need no such words.

    A literal that the text does not have at all is for others to report.
    """
    key = local(fact.key)
    if key in PARTS_OF_NAMES:
        return is_part_of_name(frame, fact)
    if key in OTHER_NAMES and _is_name_of_another(frame, fact):
        return False
    rule = _RULES.get(key) or (is_word_of_term if is_value_of_term(fact) else None)
    if rule is None:
        return True
    places = list(_places(frame, fact))
    return not places or rule(frame, fact, places) or _is_quoted_alone(frame, fact, places)


def _is_quoted_alone(frame: Frame, fact: RecordFact, places: Sequence[Mention]) -> bool:
    """Whether an author quotes words that have a literal and name nobody else of its kind, of whom it is not said."""
    groups, node = frame.rivals(fact.node.iri.value), fact.node.iri.value
    quoted = [
        place
        for start, end in fact.spans
        for place in places
        if start <= place.start
        and place.end <= end
        and all(
            m.node == node for a, z in ((start, place.start), (place.end, end)) for m in frame.mentions(groups, a, z)
        )
    ]
    return local(fact.key) != "groupSize" and any(not _is_said_of_another(frame, fact, place) for place in quoted)


def _is_said_of_another(frame: Frame, fact: RecordFact, place: Mention) -> bool:
    """Whether a literal is said of another node of its kind in its sentence: "the mayor [Jo Sample] met Max Mock"."""
    node, rule = fact.node.iri.value, _RULES[local(fact.key)] if local(fact.key) in _OF_ONE else None
    if rule is None or not frame.cues.words:
        return False
    others = dict.fromkeys(m.node for m in frame.mentions(frame.rivals(node), *frame.sentence(place.start)))
    known = [frame.reading.nodes[iri] for iri in others if iri != node and iri in frame.reading.nodes]
    frame.work.spend(1 + 5 * len(known[:_MOST_PLACES]))
    return any(
        rule(frame, RecordFact(other, fact.key, fact.index, fact.predicate, fact.object), [place])
        for other in known[:_MOST_PLACES]
    )


def _places(frame: Frame, fact: RecordFact) -> Iterator[Mention]:
    """Where a literal stands, in whatever case; in the sentences that are quoted for it if any are."""
    words, source = fact.object.value, frame.source
    frame.work.spend(2 + len(source) // SCANNED_PER_STEP)
    spans = set(_whole_places(words, source))
    if words.isdecimal() and local(fact.key) == "groupSize":
        language = frame.reading.language
        hits = any_of(cardinals(int(words[:_DIGITS]), language)).finditer(source)
        spans |= {Span(*hit.span()) for hit in hits if is_whole_number(source, *hit.span(), language)}
        spans |= {q.core for q in quantities_of(source, language).all if q.value == words}
    if local(fact.key) == "jobTitle":
        spans |= {span for form in plurals_of(words, frame.reading.language) for span in _whole_places(form, source)}
    if local(fact.key) == "honorificPrefix":
        spans |= {span for form in address_forms(words, frame.reading.language) for span in _whole_places(form, source)}
    spans |= set(inflected_places(words, source, frame.reading.language, (0, len(source))))
    windows = [frame.window(*span) for span in fact.spans]
    inside = [s for s in sorted(spans) if not windows or any(w.start <= s.start and s.end <= w.end for w in windows)]
    if len(inside) > _MOST_PLACES:
        at = frame.reading.sentences.at
        own = {at(mention.start) for mention in frame.named(fact.node.iri.value)}
        inside.sort(key=lambda span: at(span.start) not in own)  # first those in sentences that name the node
    for span in inside[:_MOST_PLACES]:
        yield Mention(span.start, span.end, fact.node.iri.value, "title")


def _whole_places(words: str, source: str) -> Iterator[Span]:
    """Where words stand whole in a source, in any case, with any white space between them."""
    parts = words.split()
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, parts)) + r"(?!\w)", re.IGNORECASE)
    low, first = _lowered(source), lower(parts[0]) if parts else ""
    at = low.find(first)
    while first and at >= 0:
        hit = pattern.match(source, at)
        if hit is not None:
            yield Span(*hit.span())
        at = low.find(first, hit.end() if hit is not None else at + 1)


@lru_cache(maxsize=2)
def _lowered(source: str) -> str:
    return lower(source)


# ---- the rules


def _is_title(frame: Frame, fact: RecordFact, places: Sequence[Mention]) -> bool:
    """Whether a title of a person is held together with that person, as that of a role is."""
    return frame.group(fact.node.iri.value) != "person" or find_title(frame, fact.node.iri.value, places)


def _is_form_of_address(frame: Frame, fact: RecordFact, places: Sequence[Mention]) -> bool:
    """Whether words are a form of address of a person: right before the name, as one writes them there."""
    node = fact.node.iri.value
    if frame.group(node) != "person" or not frame.cues.words:
        return True
    for place in places:
        window = frame.sentence(place.start)
        people = frame.of(node, *window)
        if any(is_form_of_address(frame, place, person) or _is_over(frame, fact, place, person) for person in people):
            return True
    return False


def _is_over(frame: Frame, fact: RecordFact, place: Mention, person: Mention) -> bool:
    """Whether a form of address for several people stands before the list that names a person: "Drs Abel and Moss"."""
    words, language = frame.source[place.start : place.end], frame.reading.language
    if place.end > person.start or words.lower() not in address_forms(fact.object.value, language):
        return False
    gap = frame.source[place.end : person.start].removeprefix(".")
    return not gap.strip() or is_listed(gap, language)


def _is_received(frame: Frame, fact: RecordFact, places: Sequence[Mention]) -> bool:
    """Whether a node received a prize: beside a word of receiving before the prize, or of giving after it."""
    node = fact.node.iri.value
    if not frame.cues.has_key("award"):
        return True
    if any(m[:2] == place[:2] for place in places for m in frame.mentions(AGENTS, place.start, place.end)):
        return False  # "the Prize of [the Society]" went to nobody
    for place in places:
        window = frame.sentence(place.start)
        frame.work.spend(5 + (window.end - window.start) // 20)
        receivers = _receivers(frame, frame.rivals(node), place, window)
        if any(m.node == node and not _is_of_another_year(frame, place, m) for m in receivers):
            return True
        if any(m.start <= place.start and place.end <= m.end for m in frame.of(node, *window)):
            return True
    return False


def _receivers(frame: Frame, groups: frozenset[str], prize: Mention, window: Span) -> Iterator[Mention]:
    """Those who receive a prize in its sentence: before and after words of receiving, and after words of giving."""
    cues, source = frame.cues.of("award"), frame.source
    for hit in frame.occurrences.within(cues.after, window.start, prize.start):
        yield from actors_before(frame, groups, window.start, hit.start())
        marks = tuple(frame.cues.set("role", "possessive"))
        named = items_after(frame, groups, hit.end(), prize.start)
        yield from (m for m in named if not (marks and frame.source.startswith(marks, m.end)))  # "the Fund’s Prize"
    for hit in frame.occurrences.within(cues.before, prize.end, window.end):
        yield from items_after(frame, groups, hit.end(), window.end)
    yield from _honoured(frame, groups, prize, window)
    if beginning_with(frame.cues.set("giving", "verbs")).search(source, window.start, prize.start):
        for hit in frame.cues.pattern("giving", "to").finditer(source, prize.end, window.end):
            yield from items_after(frame, groups, hit.end(), window.end)


def _honoured(frame: Frame, groups: frozenset[str], prize: Mention, window: Span) -> Iterator[Mention]:
    """Those who receive a prize in other orders: "Den Preis gewann Jo", "Jo wurde mit dem Preis ausgezeichnet"."""
    taken = frame.cues.pattern("giving", "taken").search(frame.source, prize.end, window.end)
    if taken is not None and not _CLAUSE.search(frame.source, prize.end, taken.start()):
        yield from items_after(frame, groups, taken.end(), window.end)
    closing = frame.cues.pattern("giving", "honoured").search(frame.source, prize.end, window.end)
    if closing is None or _CLAUSE.search(frame.source, prize.end, closing.start()):
        return
    if frame.ends_with(("giving", "with"), max(window.start, prize.start - _NEAR), prize.start):
        clause = max((hit.end() for hit in _CLAUSE.finditer(frame.source, window.start, prize.start)), default=0)
        named = frame.mentions(groups, max(window.start, clause), closing.start())
        led = (("prepositions",), ("speech", "by"))
        free = [m for m in named if not any(frame.ends_with(one, window.start, m.start) for one in led)]
        yield from (free if len({m.node for m in free}) == 1 else ())


def _is_of_another_year(frame: Frame, prize: Mention, receiver: Mention) -> bool:
    """Whether a prize with its year is said to have gone to somebody in another one: "the 2020 Prize; last year …"."""
    is_dated = _YEAR.search(frame.source, prize.start, prize.end) is not None
    return is_dated and frame.has(("other_year",), prize.end, receiver.start)


def _is_slogan(frame: Frame, fact: RecordFact, places: Sequence[Mention]) -> bool:
    """Whether a slogan stands between quotation marks in a sentence with a word for it, or behind one."""
    if not frame.cues.set("slogan"):
        return True
    cues = beginning_with(frame.cues.set("slogan"))
    marked = [p for p in quotations_of(frame.source) if _is_same(frame.source[p.start : p.end], fact.object.value)]
    if any(cues.search(frame.source, *frame.sentence(p.start)) for p in marked):
        return True
    return any(cues.search(frame.source, max(0, place.start - _NEAR), place.start) for place in places)


def _is_same(words: str, text: str) -> bool:
    return words.strip(" .,!?…\n").lower() == text.strip(" .,!?…").lower()


def _is_size(frame: Frame, fact: RecordFact, places: Sequence[Mention]) -> bool:
    """Whether a number counts the members of a group: it stands in or beside its name, or counts people."""
    node = fact.node.iri.value
    for place in places:
        window = frame.sentence(place.start)
        if is_of_score(frame.source, Span(*place[:2]), frame.reading.language):
            continue
        for mention in frame.of(node, *window):
            low, high = sorted((Span(*mention[:2]), Span(*place[:2])))
            most = _COUNTED if low.start == place.start else 1
            if mention.how != "pronoun" and len(_WORD.findall(frame.source[low.end : high.start])) < most:
                return True
        counted = " ".join(frame.words(place.end, min(place.end + 60, window.end))[:_COUNTED])
        if beginning_with(frame.cues.set("people")).search(counted):
            return True
    return not frame.cues.set("people")


def _is_address(frame: Frame, fact: RecordFact, places: Sequence[Mention]) -> bool:
    """Whether words can be an address: they have a digit or the name of a place, or stand after "in" and the like."""
    if any(map(str.isdigit, fact.object.value)) or not frame.cues.set("place", "event"):
        return True
    return any(
        frame.mentions({"place"}, place.start, place.end)
        or frame.ends_with(("place", "event"), max(0, place.start - _NEAR), place.start)
        for place in places
    )


def _is_known(frame: Frame, fact: RecordFact, places: Sequence[Mention]) -> bool:
    """Whether a sentence with a subject says by a word that somebody knows it: "an expert in", "studies"."""
    stems = frame.cues.set("terms", local(fact.key), "stems")
    windows = [frame.sentence(place.start) for place in places]
    return not stems or any(beginning_with(stems).search(frame.source, *window) for window in windows)


_RULES: Final[Mapping[str, IsSaid]] = {
    "jobTitle": _is_title,
    "honorificPrefix": _is_form_of_address,
    "alternateName": is_other_name,
    "award": _is_received,
    "description": is_description,
    "legalName": is_other_name,
    "slogan": _is_slogan,
    "groupSize": _is_size,
    "address": _is_address,
    "knowsAbout": _is_known,
}


def _is_name_of_another(frame: Frame, fact: RecordFact) -> bool:
    """Whether a further name of a node is a name by which the record knows another one of its kind."""
    node, wanted = fact.node.iri.value, fact.object.value.lower()
    groups, own = frame.rivals(node), {f.object.value for f in fact.node.facts.get("name", ())}
    frame.work.spend(1 + len(frame.reading.names) // 5)
    for iri, names in frame.reading.names.items():
        other = frame.reading.nodes.get(iri)
        if iri == node or other is None:
            continue
        if frame.group(iri) not in groups:
            referred = frame.group(node) in AGENTS and frame.group(iri) in _DONE
            if referred and any(name.how == "reference" and name.words.lower() == wanted for name in names):
                return True
            continue
        if not own.isdisjoint(f.object.value for f in other.facts.get("name", ())):
            continue  # two nodes of one name may share the others
        is_firm = frame.group(node) == "organization"  # "Sample" of Sample Works, which Jo Sample founded
        if any(name.words.lower() == wanted and not (is_firm and name.how == "family") for name in names):
            return True
    return False


# ---- members of enumerations


def is_member(fact: RecordFact) -> bool:
    """Whether the value of a fact is a term of schema.org that says something, such as schema:EventCancelled."""
    is_term = isinstance(fact.object, NamedNode) and fact.object.value.startswith(SCHEMA)
    return is_term and local(fact.key) not in _NOT_MEMBERS and not fact.object.value.endswith("/EventScheduled")


def find_member(frame: Frame, fact: RecordFact) -> Found | None:
    """The words for a member of an enumeration in a sentence that names its node; None if there are none.

    In a language without a table the words cannot be known: then it is the first sentence that names the node.
    """
    member, node = fact.object.value.removeprefix(SCHEMA), fact.node
    if member in _ENDED and is_planned(frame, node.iri.value):
        return None
    stems = frame.cues.set("members", member)
    if not stems and frame.reading.language.lower().partition("-")[0] == "en":
        stems = frozenset(stems_of(member)) - frozenset(stems_of(local(fact.key)))
    for mention in frame.named(node.iri.value):
        window = frame.sentence(mention.start)
        frame.work.spend(2 + (window.end - window.start) // 50)
        if not frame.cues.words:
            return Found(Span(*mention[:2]), "named", mention)
        if local(fact.key) == "gender":
            window = Span(max(window.start, mention.start - _ADDRESS), mention.end)
        hit = beginning_with(stems).search(frame.source, *window)
        if hit is not None:
            return Found(around(mention, hit.span()), "word of the value", mention, None, Span(*hit.span()))
    return None


_ADDRESS: Final = 5


def stated_literals(node: RecordNode) -> Iterator[RecordFact]:
    """The literals and web addresses that an author states of a node; no dates, verbs or quotations in parts."""
    for key, facts in node.facts.items():
        if local(key) not in DATES and key != "reportingVerb":
            stated = (f for f in facts if isinstance(f.object, Literal) or key in PAGES)
            yield from (f for f in stated if f.rule is None and f.why is None and not f.parts)
