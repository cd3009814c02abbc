"""Who does what an event is named by: "the Court [rejected their action]", "Der Rat hat [den Bau beschlossen]"."""

from __future__ import annotations

import re
from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.frame import Found, Frame, around
from communique.compile.relations.lists import actors_before
from communique.text.mentions import Mention
from communique.text.passages import Span

DOERS: Final = frozenset({"organizer", "performer", "agent"})
"""Keys of an event for the one who does what its name says."""
_NAMES: Final = frozenset({"name", "reference", "inflected", "quote"})
_WORD: Final = re.compile(r"[^\W\d_]+")
_CLOSING: Final = frozenset('»“”"’')
_ADVERBIALS: Final = 90  # most characters between an auxiliary and the clause that it belongs to, in German


def find_doer(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """The one who stands right before an event's name that begins, or in German ends, with a verb."""
    node, value = fact.node.iri.value, fact.object.value
    for name in frame.of(node, *window, value)[:20]:
        frame.work.spend(3)
        if name.how not in _NAMES:
            continue
        actors = actors_before(frame, frame.rivals(value), window.start, name.start)
        actor = next((m for m in actors if m.node == value), None)
        if actor is not None and (
            (_is_clause(frame, name) and _acts(frame, actors, name)) or _intend(frame, actors, name)
        ):
            cue = Span(name.start, name.start + 1)
            return Found(around(actor, name), "doer of what the name says", name, actor, cue)
    return None


def _is_clause(frame: Frame, name: Mention) -> bool:
    """Whether the name of an event is a verb with its object, and not a noun: by its first word, in German its last."""
    words: list[str] = _WORD.findall(frame.source[name.start : name.end])
    if len(words) < 2 or not words[0][0].islower():
        return False
    if frame.cues.set("verb_last"):
        return words[-1][0].islower()
    endings = tuple(frame.cues.set("acts", "endings"))
    return words[0] in frame.cues.set("acts", "verbs") or bool(endings and words[0].endswith(endings))


def _intend(frame: Frame, actors: list[Mention], name: Mention) -> bool:
    """Whether some actors are right before a name said to intend it: "plans to [build a museum]"."""
    if frame.cues.set("verb_last") or not frame.source[name.start].islower():
        return False
    words = [word for word in frame.words(max(m.end for m in actors), name.start) if word not in _CLOSING]
    return " ".join(words) in frame.cues.set("intent") - frame.cues.set("auxiliaries")


def _acts(frame: Frame, actors: list[Mention], name: Mention) -> bool:
    """Whether nothing but auxiliaries stands between some actors and a verb, none of them of the passive."""
    end = max(m.end for m in actors)
    words = [word for word in frame.words(end, name.start) if word != ","]
    passive = frame.cues.set("passive")
    if passive.intersection((*words, *frame.words(name.start, name.end)[:1])):
        return False
    auxiliaries = frame.cues.set("auxiliaries") | frame.cues.set("acts", "modals")
    if frame.cues.set("verb_last"):
        return bool(words) and words[0] in auxiliaries and name.start - end <= _ADVERBIALS
    return set(words) <= auxiliaries
