"""Whether words that an author quotes for a fact speak of its node at all, and do not merely name its value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pyoxigraph import NamedNode

from communique.compile.nodes import RecordFact, RecordNode
from communique.compile.places import ANYWHERE
from communique.compile.relations.contact import ADDRESSES, is_address_of
from communique.compile.relations.date import is_day_of_key
from communique.compile.relations.frame import AGENTS, Frame, local
from communique.compile.relations.goingon import is_thing_speaking
from communique.compile.relations.homegames import has_home_games
from communique.compile.relations.nouns import named_by_noun
from communique.compile.relations.rules import DATES, PLACES, SPEAKERS, TOPICS, find_relation
from communique.compile.relations.speech import utterances
from communique.compile.relations.standingin import leads_elsewhere, sentences_of_value
from communique.compile.relations.voiced import has_voice
from communique.text.passages import Span
from communique.text.tables import table

_WITHOUT_NAME: Final = frozenset({"release", "role", "contact", "said"})
"""Groups of nodes that the text calls by no name: the whole text, a title, a press contact, what somebody said."""
_OF_NO_NODE: Final = frozenset({"inLanguage", "note", "givenName", "familyName", "additionalName"})
"""Keys of literals that are parts of a name, or that say something of the text or the record."""
_MOST: Final = 20  # nodes that are tried as speakers of one statement
_STEM: Final = 4  # letters that a verb shares with the name of an event: "opened" and "opening"
_SHARE: Final = 0.6  # of the letters of the shorter word


def is_of_node(frame: Frame, fact: RecordFact, spans: Sequence[Span]) -> bool:
    """Whether quoted words speak of the node of a fact: a sentence of theirs names it, or has words quoted for it.

    Events, works and places are often spoken of without their names: the paragraph names them, or the sentence before.

    What a quote says of something else is no proof: "Jo Sample" beside the words of another speaker, or the day on
    which something else began.
    """
    key, node = local(fact.key), fact.node.iri.value
    group = frame.group(node)
    if group == "said" and key in SPEAKERS:
        return _is_of_statement(frame, fact, spans)
    if group == "said" and key == "about":
        return _is_of_words(frame, fact, spans)
    if key in ADDRESSES and (group in AGENTS or group == "contact") and frame.reading.names.get(node):
        return is_address_of(frame, fact, spans)
    if group in _WITHOUT_NAME or not (fact.node.types and frame.reading.names.get(node)):
        return True  # what has no type or name is one finding already
    if key in ANYWHERE or key in _OF_NO_NODE:
        return True  # what a text is itself says of what it is
    value = fact.object.value if isinstance(fact.object, NamedNode) else ""
    windows = [frame.window(*span) for span in spans]
    if key == "attendee" and frame.group(value) == "group":  # "participants" are those of the event at hand
        return all(m.node == node for window in windows for m in frame.mentions({"event"}, *window))
    is_when_or_where = key in DATES or (key in PLACES and key != "containedInPlace")
    if any(has_home_games(frame, fact, one, other) for one in spans for other in spans):
        return True
    if is_when_or_where and (own := sentences_of_value(frame, fact, spans)) is not None:
        windows = own if group in AGENTS else [_back(frame, fact, window) for window in own]
    elif group not in AGENTS and key not in TOPICS:
        windows = [window if _is_of_another(frame, fact, window) else _around(frame, window) for window in windows]
    return any(_is_named(frame, fact.node, window, value) for window in windows)


def _is_of_another(frame: Frame, fact: RecordFact, window: Span) -> bool:
    """Whether sentences name another node of the same kind, which is no end of the fact, and not its node."""
    node, ends = fact.node.iri.value, (fact.node.iri.value, fact.object.value)
    if frame.of(node, *window, fact.object.value):
        return False
    if (meant := named_by_noun(frame, node, window)) and node not in meant:
        return True
    unclear = frame.reading.ambiguous
    frame.work.spend(1 + len(unclear) // 20)
    if any(p.start == window.start and node not in p.nodes for p in unclear):
        return True  # "It was designed by Works", where "it" may mean two things, and the node is neither
    return any(m.node not in ends and m.how != "pronoun" for m in frame.mentions(frame.rivals(node), *window))


def is_day_of_node(frame: Frame, fact: RecordFact) -> bool:
    """Whether the words of a day that the dateline completed stand in a sentence on its node, and say its key."""
    return is_day_of_key(frame, fact) and is_of_node(frame, fact, [Span(*fact.spans[0])])


def _back(frame: Frame, fact: RecordFact, window: Span) -> Span:
    """A sentence that holds a date or place, with those before it in its paragraph, and one more, that lead up to it.

    None leads up to it behind another thing of the same kind or another date or place: those are not the node's.
    """
    if frame.of(fact.node.iri.value, *window, fact.object.value) or _is_of_another(frame, fact, window):
        return window
    sentences = frame.reading.sentences
    last = sentences.at(window.start)
    start = window.start
    for number in range(last - 1, max(sentences.paragraph(last).start - 1, 0) - 1, -1):
        before = frame.sentences[number]
        if frame.of(fact.node.iri.value, *before, fact.object.value):
            return Span(before.start, window.end)
        if _is_of_another(frame, fact, before) or leads_elsewhere(frame, fact, before):
            break
        start = before.start
    return Span(start, window.end)


def _is_of_words(frame: Frame, fact: RecordFact, spans: Sequence[Span]) -> bool:
    """Whether words quoted for what a statement is about stand in its sentences, or before them where it goes on.

    Before is: in the same paragraph, or in the last sentence of the one before if a pronoun takes that up. A statement
    without words is about what its verb is said of, in one sentence with it.
    """
    at, paragraph, sentences = frame.reading.sentences.at, frame.reading.sentences.paragraph, frame.sentences
    texts = frame.texts(fact.node)
    if not texts:
        verbs = [f.object.value for f in fact.node.facts.get("reportingVerb", ()) if "text" not in fact.node.facts]
        said = [frame.source[slice(*frame.window(*span))].lower() for span in spans]
        return not verbs or any(verb.lower() in words for words in said for verb in verbs)
    for text in texts:
        first, last = at(text.start), at(max(text.end - 1, text.start))
        start = paragraph(first).start
        if first == start and start and _has_pronoun(frame, text):
            start -= 1
        near = Span(sentences[start].start, sentences[last].end)
        if any(near.start <= span.start and span.end <= near.end for span in spans):
            return True
    return False


def _has_pronoun(frame: Frame, text: Span) -> bool:
    """Whether words take up what was named before them: "it", "them"; true in a language without a table."""
    forms = table("pronouns", frame.reading.language)
    known = frozenset(word for key, words in forms.items() if "person" not in key for word in words)
    return not known or not known.isdisjoint(frame.words(*text))


def _around(frame: Frame, window: Span) -> Span:
    """Sentences with the rest of their paragraph and the sentence before it, which names what they go on about."""
    sentences = frame.reading.sentences
    first, last = sentences.at(window.start), sentences.at(max(window.end - 1, window.start))
    own = range(sentences.paragraph(first).start, sentences.paragraph(last).stop)
    return Span(frame.sentences[max(own.start - 1, 0)].start, frame.sentences[own.stop - 1].end)


def _is_named(frame: Frame, node: RecordNode, window: Span, value: str) -> bool:
    key = node.iri.value, window, value
    if key not in frame.named_in:
        frame.named_in[key] = _is_named_in(frame, node, window, value)
    return frame.named_in[key]


def _is_named_in(frame: Frame, node: RecordNode, window: Span, value: str) -> bool:
    """Whether sentences name a node, have words quoted for it, or a word of its name, be it a verb for an event.

    People and organisations are known by their names alone.
    """
    iri = node.iri.value
    if frame.of(iri, *window, value) or any(a < window.end and window.start < b for a, b in frame.quotes.get(iri, ())):
        return True
    unclear = frame.reading.ambiguous
    frame.work.spend(1 + len(unclear) // 20)
    if any(p.start >= window.start and p.end <= window.end and iri in p.nodes for p in unclear):
        return True  # an author says which of two a pronoun means
    if frame.group(iri) in AGENTS:
        return False
    telling = {word for fact in node.facts.get("name", ()) for word in telling_words(frame, fact.object.value)}
    words = set(frame.words(*window))
    frame.work.spend(1 + len(telling) * len(words) // 50)
    return any(are_kin(one, other) for one in telling for other in words)


def telling_words(frame: Frame, name: str) -> list[str]:
    """The first long word of a name, and those that no other node has in its own: "opening" of "opening of the dam"."""
    empty = frame.cues.set("articles") | frame.cues.set("prepositions")
    long = [word for word in name.lower().split() if len(word) > _STEM and word not in empty]
    return [word for place, word in enumerate(long) if place == 0 or frame.words_of_names[word] < 2]


def are_kin(one: str, other: str) -> bool:
    """Whether two words share their beginning.

    >>> are_kin("opening", "opened"), are_kin("presentation", "prevue")
    (True, False)
    """
    same = next((k for k, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return same >= max(_STEM, _SHARE * min(len(one), len(other)))


def _is_of_statement(frame: Frame, fact: RecordFact, spans: Sequence[Span]) -> bool:
    """Whether words quoted for a speaker stand by the words of the statement, and the text names nobody else for them.

    By the words is: in their paragraph, or in the sentence before or after it.
    """
    places = frame.texts(fact.node) or list(frame.quotes.get(fact.node.iri.value, ()))
    if places and not any(_is_beside(frame, span, place) for span in spans for place in places):
        return False
    verbs = [one.verb for one in utterances(frame, fact.node) if one.verb is not None]
    if frame.group(fact.object.value) == "person" and any(is_thing_speaking(frame, verb) for verb in verbs):
        return False
    if _is_speaker(frame, fact):
        return True
    return has_voice(frame, fact, spans) and not any(_is_speaker(frame, one) for one in _others(frame, fact, places))


def _is_beside(frame: Frame, span: Span, place: Span) -> bool:
    """Whether a stretch begins in a paragraph of another one, or in the sentence before or after it."""
    at, paragraph = frame.reading.sentences.at, frame.reading.sentences.paragraph
    first, last = paragraph(at(place.start)), paragraph(at(max(place.end - 1, place.start)))
    return first.start - 1 <= at(span.start) <= last.stop


def _is_speaker(frame: Frame, fact: RecordFact) -> bool:
    return find_relation(frame, fact) is not None


def _others(frame: Frame, fact: RecordFact, places: Sequence[Span]) -> Iterator[RecordFact]:
    """The same fact of each other agent whom the paragraphs of a statement name."""
    at, paragraph, sentences = frame.reading.sentences.at, frame.reading.sentences.paragraph, frame.sentences
    known = {f.object.value for f in fact.node.facts.get(fact.key, ())}
    nodes: dict[str, None] = {}
    for start, _ in places:
        own = paragraph(at(start))
        for mention in frame.mentions(AGENTS, sentences[own.start].start, sentences[own.stop - 1].end):
            if mention.node not in known:
                nodes[mention.node] = None
    for iri in list(nodes)[:_MOST]:
        frame.work.spend(5)
        yield RecordFact(fact.node, fact.key, fact.index, fact.predicate, NamedNode(iri))
