"""Who launches something with a name of its own: "Works launched the Lake Campaign", "a lancé la Campagne du lac"."""

from __future__ import annotations

from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.frame import AGENTS, Found, Frame, around
from communique.compile.relations.lists import actors_before
from communique.text.passages import Span

_MARKS: Final = frozenset("\"“”„«»‘’'")
_KIND: Final = 1  # words for what something is before its name: «кампанию „Чистое озеро“»


def find_launcher(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """The organisation or group that is the subject of a verb of launching whose object is the event of a fact."""
    node, value = fact.node.iri.value, fact.object.value
    if frame.group(value) == "person":
        return None  # a person may only have given the signal: "Jo Sample started the run"
    for hit in frame.cues.pattern("launching").finditer(frame.source, *window):
        verb = Span(*hit.span())
        frame.work.spend(3)
        event = next(
            (m for m in frame.of(node, verb.end, window.end, value) if _is_object(frame, verb.end, m.start)), None
        )
        if event is None or frame.cues.set("speech", "by").intersection(frame.words(verb.end, event.start)):
            continue
        if frame.cues.set("passive").intersection(frame.words(max(window.start, verb.start - 12), verb.start)[-1:]):
            continue
        actors = actors_before(frame, AGENTS, window.start, verb.start)
        actor = next((m for m in actors if m.node == value), None)
        if actor is not None:
            return Found(around(actor, event), "verb of launching", event, actor, verb)
    return None


def _is_object(frame: Frame, start: int, end: int) -> bool:
    """Whether only articles and at most one word for what something is stand between a verb and a name."""
    small = frame.cues.set("articles") | _MARKS | frame.cues.set("role", "its")
    words = [word for word in frame.words(start, end) if word not in small]
    parting = frame.cues.set("prepositions") | frame.cues.set("and") | frame.cues.set("breakers")
    return len(words) <= _KIND and all(map(str.isalpha, words)) and parting.isdisjoint(words)
