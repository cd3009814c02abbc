"""Which rule holds for a fact: by its key, and by what it is said of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from pyoxigraph import NamedNode

from communique.compile.nodes import RecordFact
from communique.compile.relations.across import (
    find_among_those_before,
    find_beside_event,
    find_guests,
    find_included,
    find_wire,
)
from communique.compile.relations.act import DOERS, find_doer, find_object, is_doer
from communique.compile.relations.called import find_called
from communique.compile.relations.chair import find_chair
from communique.compile.relations.contact import find_contact
from communique.compile.relations.date import RARE, find_date
from communique.compile.relations.deal import PARTNERS, find_partner, fits_case, is_turned
from communique.compile.relations.denial import denies
from communique.compile.relations.frame import Found, Frame, local
from communique.compile.relations.heading import find_head
from communique.compile.relations.launch import find_launcher
from communique.compile.relations.membership import find_member_of_group
from communique.compile.relations.noun import NOUNS, find_by_noun
from communique.compile.relations.onsame import find_event_of_quotation_before
from communique.compile.relations.origin import find_origin
from communique.compile.relations.other import (
    find_anywhere,
    find_genre,
    find_inside,
    find_part,
)
from communique.compile.relations.owner import OWNERS, PROPERTY, find_owner, find_possessor, find_property
from communique.compile.relations.party import find_affiliation, find_party
from communique.compile.relations.place import find_place
from communique.compile.relations.possessive import find_owned
from communique.compile.relations.speech import find_speaker
from communique.compile.relations.takenup import find_led_by_noun, find_there
from communique.compile.relations.terms import find_term
from communique.compile.relations.topic import find_in_release, find_in_statement, find_in_texts, find_topic
from communique.compile.relations.whole import find_event_around, find_whole, find_whole_of_words
from communique.text.passages import Span

SPEAKERS: Final = frozenset({"creator", "author", "spokenByCharacter"})
TOPICS: Final = frozenset({"about", "mentions", "keywords"})
PLACES: Final = frozenset(
    {"location", "containedInPlace", "areaServed", "spatialCoverage", "geographicArea", "comesFrom", "birthPlace",
     "deathPlace", "homeLocation", "workLocation", "foundingLocation", "contentLocation", "locationCreated",
     "jobLocation", "nationality", "eligibleRegion"}
)  # fmt: skip
DATES: Final = frozenset(
    {"startDate", "endDate", "legislationDate", "datePublished", "dateCreated", "dateModified", "birthDate",
     "deathDate", "foundingDate", "dissolutionDate", "dateIssued", "validFrom", "validThrough", "expires", "uploadDate",
     "releaseDate", "datePosted", "validUntil", "partOfYear"} | RARE
)  # fmt: skip
UNHELD: Final = {
    "broader": "orders topics in a vocabulary",
    "closeMatch": "links a topic to a vocabulary",
    "eventStatus": "has a rule of its own: see planned and status",
    "exactMatch": "links a topic to a vocabulary",
    "inScheme": "names the vocabulary of a topic",
    "license": "says how something may be used, mostly of files",
    "type": "is a reader's word for what something is",
}
"""Keys of references that are not held against the words of the text, each with its reason."""
_WITH_ROLE: Final = frozenset({"hasOccupation", "member", "organization"})
"""Keys that are held together with the title of their role."""


def is_held(key: str, group: str, group_of_value: str) -> bool:
    """Whether a relation is held against words that join its ends; by a key and the groups of its ends.

    >>> is_held("member", "role", "person"), is_held("member", "organization", "person")
    (False, True)
    """
    if key in _WITH_ROLE:
        return "role" not in (group, group_of_value)
    if key == "isPartOf" and group_of_value == "release":
        return False  # what a record describes is part of its release
    return key not in UNHELD


_INSIDE: Final = frozenset(
    {"parentOrganization", "memberOf", "legislationPassedBy", "legislationJurisdiction", "workFeatured", "affiliation",
     "superEvent", "brand", "about", "approves", "isBasedOn", "object", "isPartOf"}
)  # fmt: skip
_AFFILIATIONS: Final = frozenset({"affiliation", "worksFor", "memberOf"})
_CUES_OR_WORDS: Final = frozenset({"fundedItem"})
"""Keys that a cue says, or else a word of the relation itself: "a grant *for* the ferry", "paid for by a *grant*"."""
_OF_RELEASE: Final = frozenset({"genre", "mediaContact", "contactPoint", "hasPart"})
_MOST_WINDOWS: Final = 100

Rule = Callable[[Frame, RecordFact, Span], Found | None]
_ALONE: Final[dict[str, Rule]] = {
    "isPartOf": find_whole,
    "superEvent": find_event_around,
    **dict.fromkeys(OWNERS, find_owner),
    **dict.fromkeys(PROPERTY, find_property),
}
"""Keys that have a rule of their own and no other."""


def find_relation(frame: Frame, fact: RecordFact, within: Sequence[Span] = ()) -> Found | None:
    """Words that say a relation by the rule of its kind, if given only in the sentences of the stretches ``within``."""
    key, group = local(fact.key), frame.group(fact.node.iri.value)
    group_of_value = frame.group(fact.object.value) if isinstance(fact.object, NamedNode) else ""
    if group == "said" and key in SPEAKERS:
        return find_speaker(frame, fact, within)
    if key == "isPartOf" and not within and (joined := find_whole_of_words(frame, fact)) is not None:
        return joined
    if group == "said" and key in TOPICS:
        return find_in_statement(frame, fact)
    if group == "release" and (key in TOPICS or key in _OF_RELEASE):
        return _of_release(frame, fact, key, within)
    if key in TOPICS and not within and (found := find_in_texts(frame, fact)) is not None:
        return found
    if key == "hasPart" and (group_of_value == "said" or find_part(frame, fact) is not None):
        return find_part(frame, fact)
    if key == "contactPoint":
        return find_contact(frame, fact, within)
    if key in DATES:
        dated = find_date(frame, fact, within)
        return None if dated is None or denies(frame, dated) else dated
    if key in _INSIDE and _fits_inside(key, group) and (found := find_inside(frame, fact, within)) is not None:
        return None if key == "object" and is_doer(frame, fact, found) else found
    is_called = bool(frame.cues.set("nouns", key)) and key not in _ALONE
    rules = (_rule(frame, key, group), find_called)[: 1 + is_called]
    every = (_first(frame, fact, _windows(frame, fact, within), rule) for rule in rules)
    found = next((one for one in every if one is not None), None)
    beyond = (
        find_among_those_before,
        find_guests,
        find_included,
        find_beside_event,
        find_wire,
        find_there,
        find_led_by_noun,
        find_event_of_quotation_before,
    )
    return found or next((one for rule in beyond if (one := rule(frame, fact, within)) is not None), None)


def _fits_inside(key: str, group: str) -> bool:
    """Whether a name inside the name of a node of some group can say a key: organisations have parents, others members.

    >>> _fits_inside("memberOf", "group"), _fits_inside("memberOf", "organization")
    (True, False)
    """
    if key == "parentOrganization":
        return group == "organization"
    return group != "organization" or key not in _AFFILIATIONS


def _of_release(frame: Frame, fact: RecordFact, key: str, within: Sequence[Span]) -> Found | None:
    if key in TOPICS:
        return find_in_release(frame, fact, within)
    if key == "genre":
        return None if within else find_genre(frame, fact)
    return find_anywhere(frame, fact, within)


def _rule(frame: Frame, key: str, group: str) -> Rule:
    if key in _OF_KEYS:
        return _OF_KEYS[key]
    if key in DOERS and group == "event" and frame.cues.has_key(key):
        return _find_party_or_doer if key not in PARTNERS else _find_party_doer_or_partner
    if key in PARTNERS:
        return _find_party_or_partner
    if key == "object" and group == "event":
        return _find_object
    return find_party if frame.cues.has_key(key) else find_term


def _find_place(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    return find_place(frame, fact, window) or find_origin(frame, fact, window)


def _find_affiliation(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    found = find_affiliation(frame, fact, window)
    is_person = frame.group(fact.node.iri.value) == "person" and local(fact.key) != "memberOf"
    if found is not None or not is_person:
        return found
    return find_head(frame, fact, window) or find_chair(frame, fact.node.iri.value, fact.object.value, window)


def _find_party_or_partner(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    rule = find_party if frame.cues.has_key(local(fact.key)) else find_term
    return rule(frame, fact, window) or find_partner(frame, fact, window)


def _find_party_or_noun(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    rule = find_party if frame.cues.has_key(local(fact.key)) else find_term
    return rule(frame, fact, window) or find_by_noun(frame, fact, window)


def _find_party_or_term(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    return find_party(frame, fact, window) or find_term(frame, fact, window)


def _find_object(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    return find_object(frame, fact, window) or find_term(frame, fact, window)


def _find_member(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    rule = find_party if frame.cues.has_key("member") else find_term
    return find_member_of_group(frame, fact, window) or rule(frame, fact, window)


def _find_party_doer_or_partner(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    done = None if is_turned(frame, fact) else _find_party_or_doer(frame, fact, window)
    return done or find_partner(frame, fact, window)


def _find_parent(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    rule = find_party if frame.cues.has_key(local(fact.key)) else find_term
    return rule(frame, fact, window) or find_owned(frame, fact, window)


def _find_party_or_doer(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    found = find_party(frame, fact, window) or find_doer(frame, fact, window)
    if found is not None or local(fact.key) != "organizer":
        return found
    return find_possessor(frame, fact, window) or find_launcher(frame, fact, window)


_OF_KEYS: Final[dict[str, Rule]] = {
    **dict.fromkeys(PLACES, _find_place),
    **dict.fromkeys(TOPICS, find_topic),
    **_ALONE,
    **dict.fromkeys(_AFFILIATIONS, _find_affiliation),
    **dict.fromkeys(NOUNS, _find_party_or_noun),
    **dict.fromkeys(_CUES_OR_WORDS, _find_party_or_term),
    "parentOrganization": _find_parent,
    "member": _find_member,
}
"""The rules of keys that are the same for all groups of nodes."""


def _first(frame: Frame, fact: RecordFact, windows: Iterator[Span], rule: Rule) -> Found | None:
    """The shortest of what a rule finds in some windows; of equal ones the first, and how many are equal."""
    every = (one for window in windows if (one := rule(frame, fact, window)) is not None)
    found = [one for one in every if not denies(frame, one) and fits_case(frame, fact, one)]
    if not found:
        return None
    best = min(found, key=lambda one: (one.span.end - one.span.start, one.span.start))
    return best._replace(equal=sum(len_of(one) == len_of(best) for one in found))


def len_of(found: Found) -> int:
    """The number of characters of what was found."""
    return found.span.end - found.span.start


def _windows(frame: Frame, fact: RecordFact, within: Sequence[Span]) -> Iterator[Span]:
    if within:
        yield from dict.fromkeys(frame.window(start, end) for start, end in within)
        return
    for k, window in enumerate(frame.windows(fact.node.iri.value, fact.object.value)):
        if k >= _MOST_WINDOWS:
            return
        yield window
