"""What other words say: of some of those named before, by the verb of an event, by the mark of a wire."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.act import subjects_behind
from communique.compile.relations.frame import AGENTS, Found, Frame, around, local
from communique.compile.relations.lists import actors_before, items_after
from communique.compile.relations.party import cues_in
from communique.text.mentions import Mention
from communique.text.passages import Span
from communique.text.pronouns import is_wire

_ACTORS: Final = frozenset({"agent", "organizer"})
_PUBLISHERS: Final = frozenset({"publisher", "publishedBy"})
_SOURCE: Final = re.compile(r"SOURCE:? ")
_HEAD: Final = 600  # characters in which the lines of a letterhead stand
_INTENT: Final = 40  # most characters between somebody and what they intend


def find_among_those_before(frame: Frame, fact: RecordFact, within: Sequence[Span] = ()) -> Found | None:
    """Those who are picked out of the people of the sentence before: "Fifty guests attended. Among them was Jo Sample."

    That sentence has a cue of the key, names the node of the fact, and nothing else of its kind.
    """
    node, value, key = fact.node.iri.value, fact.object.value, local(fact.key)
    for mention in frame.named(value)[:50]:
        window = frame.sentence(mention.start)
        number = frame.reading.sentences.at(mention.start)
        frame.work.spend(3)
        if not number or (within and not any(start < window.end and window.start < end for start, end in within)):
            continue
        lead = frame.cues.pattern("among", key).match(frame.source, window.start, window.end)
        if lead is None or all(m.node != value for m in items_after(frame, AGENTS, lead.end(), window.end)):
            continue
        before = frame.sentences[number - 1]
        own = frame.of(node, *before, value)
        rivals = [m for m in frame.mentions(frame.rivals(node), *before) if m.node != node]
        cue = next((cue for cue, _ in cues_in(frame, fact.key, before)), None)
        if own and not rivals and cue is not None:
            return Found(around(own[0], cue, mention), "among those before", own[0], mention, Span(*lead.span()))
    return None


def find_guests(frame: Frame, fact: RecordFact, within: Sequence[Span] = ()) -> Found | None:
    """Those who are picked out of the guests of an event: "Among the guests of the fair were Jo and Ada"."""
    node, value, key = fact.node.iri.value, fact.object.value, local(fact.key)
    for event in frame.named(node)[:50] if key == "attendee" and frame.group(node) == "event" else ():
        window = frame.sentence(event.start)
        frame.work.spend(3)
        if within and not any(start < window.end and window.start < end for start, end in within):
            continue
        lead = frame.cues.pattern("guests", "of").match(frame.source, window.start, event.start)
        small = frame.cues.set("articles") | frame.cues.set("prepositions")
        if lead is None or not set(frame.words(lead.end(), event.start)) <= small:
            continue
        verb = frame.cues.pattern("guests", "are").match(frame.source, event.end + 1, window.end)
        items = items_after(frame, AGENTS, verb.end(), window.end) if verb is not None else []
        guest = next((m for m in items if m.node == value), None)
        if guest is not None:
            return Found(around(event, guest), "guests of the event", event, guest, Span(*lead.span()))
    return None


def find_included(frame: Frame, fact: RecordFact, within: Sequence[Span] = ()) -> Found | None:
    """Those who are picked out in the same sentence: "900 people took part in the race, among them Jo Sample".

    Before the words for "among them" the sentence has a cue of the key, the event, and nobody else who is named.
    """
    node, value = fact.node.iri.value, fact.object.value
    for mention in frame.named(value)[:50] if frame.group(node) == "event" else ():
        window = frame.sentence(mention.start)
        frame.work.spend(3)
        if within and not any(start < window.end and window.start < end for start, end in within):
            continue
        for hit in frame.cues.pattern("included").finditer(frame.source, window.start, mention.start):
            lead, head = Span(*hit.span()), Span(window.start, hit.start())
            cue = next((cue for cue, _ in cues_in(frame, fact.key, head)), None)
            named = {m.node for m in frame.mentions(AGENTS | {"event"}, *head) if frame.group(m.node) != "group"}
            items = items_after(frame, AGENTS, lead.end, window.end)
            if cue is not None and named == {node} and any(m.node == value for m in items):
                own = frame.of(node, *head, value)
                return Found(around(own[0], cue, mention), "picked out", own[0], mention, cue) if own else None
    return None


def find_wire(frame: Frame, fact: RecordFact, within: Sequence[Span] = ()) -> Found | None:
    """The wire that published a release, by its mark: "/InventedWire/", or a last line "SOURCE Sample Works".

    A line of nothing but a name at the head of the text names the publisher too.
    """
    if local(fact.key) not in _PUBLISHERS or frame.group(fact.node.iri.value) != "release":
        return None
    for mention in frame.named(fact.object.value)[:50]:
        frame.work.spend(1)
        line = frame.source.rfind("\n", 0, mention.start) + 1
        is_source = _SOURCE.fullmatch(frame.source, line, mention.start) is not None
        is_head = (
            mention.start < _HEAD and _line_at(frame.source, mention.start) == frame.source[mention.start : mention.end]
        )
        is_marked = is_source or is_head or is_wire(frame.source, mention)
        if is_marked and (not within or any(start <= mention.start and mention.end <= end for start, end in within)):
            return Found(Span(line if is_source else mention.start, mention.end), "mark of a wire", None, mention)
    return None


def _line_at(source: str, at: int) -> str:
    """The line at an offset, without white space around it."""
    end = source.find("\n", at)
    return source[source.rfind("\n", 0, at) + 1 : end if end >= 0 else len(source)].strip()


def find_beside_event(frame: Frame, fact: RecordFact, within: Sequence[Span] = ()) -> Found | None:
    """Who does what an event is called after: "Sample Works will open a plant", "… agreed to buy Labs"."""
    node, value = fact.node.iri.value, fact.object.value
    if local(fact.key) not in _ACTORS or frame.group(node) != "event":
        return None
    for event in frame.reading.mentions.of(node)[:50]:
        window = frame.sentence(event.start)
        if event.how != "name" or (within and not any(s < window.end and window.start < e for s, e in within)):
            continue
        frame.work.spend(3)
        cue = _own_verb(frame, event)
        hits = frame.cues.pattern("intent").finditer(
            frame.source, max(window.start, event.start - _INTENT), event.start
        )
        cue = next((Span(*hit.span()) for hit in hits if not frame.source[hit.end() : event.start].strip()), cue)
        actors = actors_before(frame, frame.rivals(value), window.start, cue.start) if cue is not None else []
        actor = next((m for m in actors if m.node == value), None)
        if cue is not None and subjects_behind(frame, "person", cue, window):
            continue
        gap = set(frame.words(actor.end, cue.start)) if actor is not None and cue is not None else {""}
        if actor is not None and gap <= frame.cues.set("auxiliaries"):
            return Found(around(actor, event), "actor of the event", event, actor, cue)
    return None


def _own_verb(frame: Frame, event: Mention) -> Span | None:
    """The verb with which the name of an event begins: "opened a mill"."""
    for pattern in (frame.cues.of("agent").before.pattern, frame.cues.of("organizer").before.pattern):
        hit = pattern.match(frame.source, event.start, event.end)
        if hit is not None:
            return Span(*hit.span())
    return None
