"""Words beside a cue that keep it from being said of somebody: an aside that denies, or a noun that is only a title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.denial import is_parted
from communique.compile.relations.frame import AGENTS, Cue, Frame, local
from communique.text.mentions import Mention
from communique.text.passages import Span

_COMMA: Final = re.compile(r"[,(–—]")
_END: Final = re.compile(r"[,)–—]")
_MARKS: Final = frozenset("\"“”„«»‘’'")


def is_in_denied_aside(frame: Frame, cue: Span, value: Mention, subject: Mention | None) -> bool:
    """Whether a subject stands only in an aside that denies something of the value, before the verb that goes on.

    "Works, not the sponsor of the fair, sponsored the run" says nothing of the fair.
    """
    if subject is None or not (value.end <= subject.start and subject.end <= cue.start):
        return False
    opening = [hit.end() for hit in _COMMA.finditer(frame.source, value.end, subject.start)]
    closing = _END.search(frame.source, subject.end, cue.start)
    return bool(opening) and closing is not None and is_parted(frame, opening[-1], closing.start())


def is_in_name(frame: Frame, cue: Span) -> bool:
    """Whether a word with a capital is part of a name and no verb: "Jo Sample started the Lake Run"."""
    if not frame.source[cue.start].isupper():
        return False
    named = (m for m in frame.reading.mentions.within(*frame.sentence(cue.start)) if m.how in ("name", "inflected"))
    return any(m.start < cue.start and cue.end <= m.end for m in named)


def is_title(frame: Frame, fact: RecordFact, cue: Span, value: Mention, subject: Mention | None) -> bool:
    """Whether a noun is only the title of somebody who acts: "Sponsor Works met Labs" says nothing of Labs."""
    if subject is None or frame.group(fact.node.iri.value) not in AGENTS or value.start < cue.end:
        return False
    words, nouns = frame.words(*cue), frame.cues.set("nouns", local(fact.key))
    return bool(words) and not nouns.isdisjoint((words[-1], " ".join(words))) and value.end <= subject.start


def leads_past(frame: Frame, fact: RecordFact, cues: Sequence[Cue]) -> bool:
    """Whether all of some cues end in a word for "by" or "of" and the value stands before them: "A, supported by".

    Whoever stands behind such words is meant, also where the record does not have them.
    """
    leading = frame.cues.set("speech", "by") | frame.cues.set("prepositions") - frame.cues.set("articles")
    if not cues or frame.group(fact.object.value) not in AGENTS:
        return False
    for cue, follows in cues:
        sentence = frame.sentence(cue.start)
        values = frame.of(fact.object.value, *sentence, fact.node.iri.value)
        is_past = bool(values) and values[-1].end <= cue.start
        if not is_past or not follows or frame.words(*cue)[-1] not in leading:
            return False
    return True


def begins_another(frame: Frame, start: int, end: int, cue_end: int) -> bool:
    """Whether words between two who are named begin with another participle: "by A and supported by B" is no list."""
    words = [word for word in frame.words(start, end) if word not in _MARKS]
    ands, small = frame.cues.set("and") | {","}, frame.cues.set("articles")
    if not words or words[0] not in ands:
        return False
    rest = [word for word in words if word not in ands]
    while rest and rest[-1] in small:
        rest.pop()
    by = frame.cues.set("speech", "by")
    if len(rest) > 1 and rest[-1] in by and frame.words(max(0, cue_end - 20), cue_end)[-1:] == [rest[-1]]:
        return True
    return " ".join(rest) in frame.cues.set("participles")
