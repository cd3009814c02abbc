"""What a sentence takes up from the one before it: the place by "there", the event by "The organiser is …"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.frame import Found, Frame, around, local
from communique.compile.relations.lists import items_after
from communique.compile.relations.party import cues_in, is_strong
from communique.text.mentions import Mention
from communique.text.passages import Span

_PLACED: Final = frozenset({"event"})
_QUOTES: Final = frozenset('"“”„«»')
_STOPS: Final = frozenset(",.;")
_MOST_WORDS: Final = 2  # words for what somebody is before the name: "is the charity Sample Works"
_LONGEST_GAP: Final = 30  # characters between a place and the larger one that it lies in


def find_there(frame: Frame, fact: RecordFact, within: Sequence[Span] = ()) -> Found | None:
    """The place of an event by a word for "there": the only place that the sentence before names.

    The sentence names no other event and no place. Where the sentence before names a place and behind a preposition
    or comma the one in which it lies, the first is meant.
    """
    node, value = fact.node.iri.value, fact.object.value
    if local(fact.key) != "location" or frame.group(node) not in _PLACED:
        return None
    for mention in frame.named(node)[:50]:
        window = frame.sentence(mention.start)
        frame.work.spend(3)
        hit = frame.cues.pattern("place", "there").search(frame.source, *window)
        if hit is None or not _is_within(window, within) or _is_expletive(frame, hit.end(), window.end):
            continue
        rivals = [m for m in frame.mentions({"event", "place"}, *window) if m.node != node]
        before = _sentence_before(frame, window)
        meant = _place_of(frame, before) if before is not None and not rivals else None
        if meant is not None and meant.node == value:
            return Found(around(mention, Span(*hit.span()), meant), "there", mention, meant, Span(*hit.span()))
    return None


def _is_within(window: Span, within: Sequence[Span]) -> bool:
    return not within or any(start < window.end and window.start < end for start, end in within)


def _is_expletive(frame: Frame, start: int, end: int) -> bool:
    """Whether "there" only opens a clause: "there are"."""
    return bool(frame.cues.set("place", "there_not").intersection(frame.words(start, end)[:1]))


def _sentence_before(frame: Frame, window: Span) -> Span | None:
    """The sentence before one, in its paragraph."""
    number = frame.reading.sentences.at(window.start)
    return frame.sentences[number - 1] if number > frame.reading.sentences.paragraph(number).start else None


def _place_of(frame: Frame, sentence: Span) -> Mention | None:
    """The only place of a sentence, or the first of two of which the second says where it lies."""
    places = [m for m in frame.mentions({"place"}, *sentence) if m.how != "pronoun"]
    first = next(iter(places), None)
    if first is None:
        return None
    others = [m for m in places if m.node != first.node]
    if not others:
        return first
    lies = frame.ends_with(("place", "event"), first.end, others[0].start) or frame.words(
        first.end, others[0].start
    ) == [","]
    is_one = len({m.node for m in others}) == 1 and others[0].start - first.end <= _LONGEST_GAP
    return first if lies and is_one and len(frame.words(first.end, others[0].start)) == 1 else None


def find_led_by_noun(frame: Frame, fact: RecordFact, within: Sequence[Span] = ()) -> Found | None:
    """Whom a sentence of the form "The organiser is Sample Works" names, of the only event of the sentence before.

    The sentence begins with a cue of the key that is no "by", and nothing but a clause with a comma follows the names.
    """
    node, value = fact.node.iri.value, fact.object.value
    if frame.group(node) != "event":
        return None
    for mention in frame.named(value)[:50]:
        window = frame.sentence(mention.start)
        before = _sentence_before(frame, window)
        frame.work.spend(3)
        if before is None or not _is_within(window, within) or frame.mentions({"event"}, *window):
            continue
        for cue, follows in cues_in(frame, fact.key, window):
            items = items_after(frame, frame.rivals(value), cue.end, window.end) if follows else []
            events = frame.mentions({"event"}, *before)
            is_own = bool(events) and {m.node for m in events} == {node}
            if is_own and any(m.node == value for m in items) and _opens(frame, cue, window, items):
                return Found(around(events[0], mention), "noun of the sentence", events[0], mention, cue)
    return None


def _opens(frame: Frame, cue: Span, window: Span, items: Sequence[Mention]) -> bool:
    """Whether a sentence is nothing but a noun of a key and those whom it leads to, but for a clause with a comma."""
    by = frame.cues.set("speech", "by") | frame.cues.set("prepositions")
    is_noun = is_strong(frame, cue) and frame.words(*cue)[-1] not in by
    is_first = set(frame.words(window.start, cue.start)) <= frame.cues.set("articles") | {"'", "’"}
    return is_noun and is_first and _leads(frame, cue, items[0].start) and _ends(frame, items[-1].end, window.end)


def _leads(frame: Frame, cue: Span, end: int) -> bool:
    """Whether nothing but a form of "be", a colon or dash, and a few words for what somebody is follow a cue."""
    words = frame.words(cue.end, end)
    says = frame.cues.set("auxiliaries") | frame.cues.set("role", "copula") | set(":–—-")
    rest = [word for word in words if word not in says | frame.cues.set("articles") and word not in _QUOTES]
    parting = frame.cues.set("prepositions") | frame.cues.set("and") | frame.cues.set("breakers")
    described = len(rest) <= _MOST_WORDS and all(map(str.isalpha, rest)) and parting.isdisjoint(rest)
    has_verb = len(frame.words(*cue)) > 1  # "veranstalter ist"
    return described and (not rest or has_verb or words[0] in says | frame.cues.set("articles"))


def _ends(frame: Frame, start: int, end: int) -> bool:
    """Whether the sentence ends after a name, or goes on with a comma or "and"; one word may say what it names."""
    words = [word for word in frame.words(start, end) if word not in _QUOTES]
    words = words[1:] if len(words) > 1 and words[0].isalpha() and words[1] in _STOPS else words
    return not words or words[0] in _STOPS or words[0] in frame.cues.set("and")
