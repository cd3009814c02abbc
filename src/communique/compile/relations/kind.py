"""Whether words that an author quotes hold a word of the kind of their relation: "X and Y came" makes no family."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final

from pyoxigraph import NamedNode

from communique.compile.nodes import RecordFact
from communique.compile.relations.act import DOERS
from communique.compile.relations.deal import PARTNERS
from communique.compile.relations.denial import is_denied
from communique.compile.relations.frame import Cue, Frame, local
from communique.compile.relations.ofnode import are_kin
from communique.compile.relations.origin import is_origin_of_another
from communique.compile.relations.otherkeys import DOING, GENERAL, cues_of_spans, is_word_of_another, near_keys
from communique.compile.relations.owner import OWNERS
from communique.compile.relations.party import find_by_cues, is_strong
from communique.compile.relations.rules import PLACES, TOPICS, find_relation
from communique.compile.relations.terms import knows_words, stems_of_key, words_of_term
from communique.text.mentions import Mention
from communique.text.numbers import quantities_of
from communique.text.passages import Span

_ENDS: Final = frozenset({"person", "organization"})
_THINGS: Final = frozenset({"event", "work", "project", ""})
"""Groups of what people and organisations do, make or own; the last are those of products, offers and the like."""
_BELONGING: Final = frozenset({"department", "member", "memberOf", "parentOrganization", "subOrganization"})
"""Keys that say of projects too which of two is part of which."""
FREE: Final = (
    PLACES
    | TOPICS
    | {"announcementLocation", "entertainmentBusiness", "foodEstablishment", "hasPart", "isPartOf",
       "sportsActivityLocation", "workFeatured"}
)  # fmt: skip
"""Keys whose words are those of other rules."""
_MAKERS: Final = frozenset({"author", "creator", "legislationPassedBy", "organizer", "producer", "publisher"})
"""Keys that a possessive says: "at its annual fair"."""
_GIVERS: Final = frozenset({"contributor", "funder", "sponsor", "supporter"})
"""Keys whose words are said of the thing beside them: "partner of the project" is none of the fair at hand."""
_BETWEEN: Final = 2  # words between a possessive and what it is said of
_TITLE: Final = 3  # words from "by" to a name: "by Councillor Jo Sample"
_SHORT: Final = 4  # letters of words that are no verbs of a name
_CLOSING: Final = ' \n»“”"’'
_SHOWN: Final = 4  # words that a finding names


def has_word_of_kind(frame: Frame, fact: RecordFact, spans: Sequence[Span]) -> bool:
    """Whether words quoted for a relation hold a word of its kind; true of relations that need none.

    They are those between two people or organisations, and between one of them and an event, a work or a product.
    What joins two that act must join them in its direction: "Labs is a subsidiary of Works" is not said of Works.
    """
    if not needs_word(frame, fact):
        return True
    key, group = local(fact.key), frame.group(fact.node.iri.value)
    if group in _ENDS or key in OWNERS or (group == "project" and key in _BELONGING) or _is_side(frame, fact):
        return False  # its rule decides
    windows = list(dict.fromkeys(frame.window(*span) for span in spans))
    is_free = not is_word_of_another(frame, fact, spans)
    if is_free and any(find_by_cues(frame, fact, window, _quoted(frame, fact, window), "quoted") for window in windows):
        return True
    if is_free and any(True for span in spans for _ in words_of_kind(frame, fact, span)):
        return True
    return any((is_free and _is_shown_by_event(frame, fact, span)) or _is_owned(frame, fact, span) for span in spans)


def is_place_of_another(frame: Frame, fact: RecordFact, spans: Sequence[Span]) -> bool:
    """Whether quoted words name a place, and not as where a node is: "the towns of Sampleland" is no venue.

    An event is in or at a place. Where an organisation is, is not where an event was that stands right before it.
    """
    group = frame.group(fact.node.iri.value)
    if local(fact.key) != "location" or group not in ("event", "organization") or not frame.cues.set("place", "event"):
        return False
    places = [m for span in spans for m in frame.of(fact.object.value, *span, fact.node.iri.value)]
    return bool(places) and not any(_is_place_of(frame, group, place) for place in places)


def _is_place_of(frame: Frame, group: str, place: Mention) -> bool:
    window = frame.sentence(place.start)
    is_led = frame.ends_with(("place", "event"), window.start, place.start)
    if group == "event":
        return is_led or not frame.words(window.start, place.start)
    events = frame.mentions({"event"}, window.start, place.start)
    joining = frame.cues.set("place", "event") | frame.cues.set("articles")
    return not (is_led and events and set(frame.words(events[-1].end, place.start)) <= joining)


def _is_side(frame: Frame, fact: RecordFact) -> bool:
    """Whether a fact says who gives or takes in an action, which its verb decides."""
    is_action = any(name.endswith("Action") for name in fact.node.types)
    return is_action and local(fact.key) in PARTNERS - GENERAL and bool(frame.cues.keys("deals"))


def needs_word(frame: Frame, fact: RecordFact) -> bool:
    """Whether a relation is of a kind for which the language of the text has words."""
    key, node = local(fact.key), fact.node.iri.value
    if not isinstance(fact.object, NamedNode) or key in FREE or not knows_words(frame, key):
        return False
    group, group_of_value = frame.group(node), frame.group(fact.object.value)
    if group_of_value in _ENDS:
        return group in _ENDS | _THINGS or key in OWNERS
    return group in _ENDS and group_of_value in _THINGS


def words_of_kind(frame: Frame, fact: RecordFact, span: Span) -> Iterator[Span]:
    """The words of the kind of a relation in a stretch that are not denied."""
    key = local(fact.key)
    own = (key, *near_keys(frame, fact))
    for name in own:
        yield from (cue for cue, _ in cues_of_spans(frame, name, [span]) if is_strong(frame, cue))
    if key not in DOING:
        yield from (cue for cue, _ in _quoted(frame, fact, span))
    yield from (Span(*hit.span()) for hit in frame.cues.pattern("among", key).finditer(frame.source, *span))
    for name in own:
        yield from (word for word in words_of_term(frame, name, span) if not is_denied(frame, word))


def words_looked_for(frame: Frame, fact: RecordFact) -> list[str]:
    """The first words that would say a relation, for a finding."""
    key = local(fact.key)
    paths = product(("keys", "terms"), (key, *frame.cues.also(key)), ("after", "before", "quoted", "stems"))
    weak = frame.cues.set("prepositions") | frame.cues.set("articles")
    words = [word for path in paths for word in frame.cues.words_at(*path) if word not in weak]
    return list(dict.fromkeys(words or sorted(stems_of_key(frame, key))))[:_SHOWN]


def _quoted(frame: Frame, fact: RecordFact, window: Span) -> Iterator[Cue]:
    """The words that say a relation only where an author quotes them; their value stands on either side."""
    key = local(fact.key)
    frame.work.spend(2 + (window.end - window.start) // 50)
    for name, part in product((key, *frame.cues.also(key)), ("keys", "terms")):
        for hit in frame.cues.pattern(part, name, "quoted").finditer(frame.source, *window):
            cue = Span(*hit.span())
            if is_denied(frame, cue):
                continue
            if key in DOING:
                yield _done(frame, cue, window)
            else:
                yield cue, True
                yield cue, False


def _done(frame: Frame, verb: Span, window: Span) -> Cue:
    """A verb with whether who does it stands behind it: "awarded by Works", not "awards the prize to Works"."""
    by = frame.cues.pattern("speech", "by").match(frame.source, min(verb.end + 1, window.end), window.end)
    return (Span(verb.start, by.end()), True) if by is not None else (verb, False)


def is_said_of_another(frame: Frame, fact: RecordFact, spans: Sequence[Span]) -> bool:
    """Whether quoted words of giving or helping stand beside something else than the node of a fact, or of origin."""
    node = fact.node.iri.value
    if is_origin_of_another(frame, fact, spans) and find_relation(frame, fact, spans) is None:
        return True
    is_agent = local(fact.key) == "agent" and frame.group(node) == "event"
    if not is_agent and (local(fact.key) not in _GIVERS or frame.group(node) not in _THINGS):
        return False
    windows = [frame.window(*span) for span in spans]
    if all(
        not frame.of(node, *window) and _tells_amount(frame, window) and not _may_mean(frame, node, window)
        for window in windows
    ):
        return True
    if is_agent:
        return False
    words = [word for span in spans for word in words_of_kind(frame, fact, span)]
    return bool(words) and all(_is_beside_another(frame, node, word) for word in words)


def _may_mean(frame: Frame, node: str, window: Span) -> bool:
    """Whether a pronoun of a sentence may mean a node among others: an author who quotes it says that it does."""
    frame.work.spend(1 + len(frame.reading.ambiguous) // 20)
    return any(node in one.nodes and window.start <= one.start < window.end for one in frame.reading.ambiguous)


def _tells_amount(frame: Frame, window: Span) -> bool:
    """Whether a sentence tells an amount of money, so that whoever gives it gives it to what the sentence is about."""
    amounts = quantities_of(frame.source, frame.reading.language).within(*window)
    return any(amount.unit_kind == "currency" for amount in amounts)


def _is_beside_another(frame: Frame, node: str, word: Span) -> bool:
    joining = frame.cues.set("articles") | frame.cues.set("prepositions") | frame.cues.set("auxiliaries")
    joining |= frame.cues.set("passive")
    beside = []
    for mention in frame.mentions({"event", "project", "work"}, *frame.sentence(word.start)):
        low, high = sorted((word, Span(*mention[:2])))
        if set(frame.words(low.end, high.start)) <= joining:
            beside.append(mention.node)
    return bool(beside) and node not in beside


def _is_shown_by_event(frame: Frame, fact: RecordFact, span: Span) -> bool:
    """Whether words tell what somebody did at an event: by the verb of its name, "by" before a name, "at" before it."""
    key, node, value = local(fact.key), fact.node.iri.value, fact.object.value
    if frame.group(node) != "event" or key not in DOERS | {"attendee"}:
        return False
    window = frame.window(*span)
    if key == "attendee":
        return any(
            frame.ends_with(("place", "event"), window.start, m.start) and not is_denied(frame, Span(*m[:2]))
            for m in _named(frame, node, window)
        )
    agents = frame.cues.set("speech", "by")
    by = any(agents.intersection(frame.words(span.start, m.start)[-_TITLE:]) for m in frame.of(value, *span, node))
    return (by and key != "organizer") or _has_verb_of_name(frame, fact, window)


def _named(frame: Frame, node: str, window: Span) -> list[Mention]:
    return [m for m in frame.of(node, *window) if m.how in ("name", "reference", "inflected", "acronym")]


def _has_verb_of_name(frame: Frame, fact: RecordFact, window: Span) -> bool:
    """Whether a verb of the name of an event stands in a sentence: "opened" of the opening, not "at the opening"."""
    names = [f.object.value for f in fact.node.facts.get("name", ())]
    own = {word for name in frame.reading.names.get(fact.object.value, ()) for word in name.words.lower().split()}
    telling = {word for name in names for word in name.lower().split() if len(word) > _SHORT} - own
    leading = frame.cues.set("articles") | frame.cues.set("prepositions") | frame.cues.set("owners")
    words = frame.words(*window)
    frame.work.spend(1 + len(words) // 20)
    return any(
        are_kin(one, word) and (k == 0 or words[k - 1] not in leading)
        for k, word in enumerate(words)
        for one in telling
    )


def _is_owned(frame: Frame, fact: RecordFact, span: Span) -> bool:
    """Whether a possessive stands before what the fact is said of ("at its annual fair"), or a genitive after it."""
    node = fact.node.iri.value
    if local(fact.key) not in _MAKERS:
        return False
    for mention in frame.of(node, *frame.window(*span)):
        words = frame.words(max(span.start, mention.start - 40), mention.start)[-_BETWEEN:]
        if frame.cues.set("owners").intersection(words) or _has_genitive(frame, mention, fact.object.value):
            return True
    return False


def _has_genitive(frame: Frame, mention: Mention, value: str) -> bool:
    """Whether a name with its article stands right after a mention, as in German: "das Gutachten des Instituts"."""
    for own in list(frame.of(value, mention.end, frame.sentence(mention.start).end, mention.node))[:1]:
        gap = frame.source[mention.end : own.start]
        return not gap.strip(_CLOSING) and frame.words(*own[:2])[0] in frame.cues.set("articles")
    return False
