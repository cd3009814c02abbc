"""Whether words that an author quotes for a speaker give them a voice: a verb of speech, a cue, a colon or a quotation.

Who is only named there does not speak, nor who is the object of a verb of speech, or whom a demand addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.frame import AGENTS, Frame, local
from communique.compile.relations.lists import items_after
from communique.compile.relations.rules import SPEAKERS
from communique.compile.relations.subject import agents_of_passive, has_cases, is_addressed, may_follow, subjects_before
from communique.text.mentions import Mention
from communique.text.passages import Span

_MARK: Final = re.compile('["“”„«»‹›]')
_COLON: Final = re.compile(r"[^.!?\n]{0,60}?:(?:\s|$)")
_BEHIND: Final = 80  # most characters between a verb of speech and who speaks behind it
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def has_voice(frame: Frame, fact: RecordFact, spans: Sequence[Span]) -> bool:
    """Whether some quoted words let the value of a fact speak; true of what is no speaker, and without known verbs."""
    is_speaker = local(fact.key) in SPEAKERS and frame.group(fact.node.iri.value) == "said"
    if not is_speaker or not frame.cues.set("speech", "verbs"):
        return True
    return any(_speaks(frame, fact, window) for span in spans for window in _sentences(frame, span))


def _sentences(frame: Frame, span: Span) -> Iterator[Span]:
    at = frame.reading.sentences.at
    yield from (frame.sentences[k] for k in range(at(span.start), at(max(span.end - 1, span.start)) + 1))


def _speaks(frame: Frame, fact: RecordFact, window: Span) -> bool:
    value = fact.object.value
    own = frame.of(value, *window)
    frame.work.spend(3 + (window.end - window.start) // 20)
    if (
        has_cases(frame)
        and not frame.has(("speech", "before"), *window)
        and not frame.has(("speech", "after"), *window)
    ):
        own = [m for m in own if m.how != "inflected"]
    verbs = list(_verbs(frame, fact, window))
    own = [m for m in own if not any(is_addressed(frame, window, verb, m) for verb in verbs)]
    own = [m for m in own if m.how == "pronoun" or not _is_led_to(frame, window, m)]
    if not own or not frame.cues.set("speech", "stems"):
        return bool(own)
    if any(_MARK.search(frame.source, *window) or _COLON.match(frame.source, m.end, window.end) for m in own):
        return True
    for path in (("speech", "before"), ("speech", "own"), ("speech", "after"), ("speech", "voices")):
        if frame.has(path, *window):
            return True
    if any(verb.start <= m.start and m.end <= verb.end for m in own for verb in verbs):
        return True
    return any(value in _subjects(frame, window, verb) for verb in verbs)


def _is_led_to(frame: Frame, window: Span, mention: Mention) -> bool:
    """Whether somebody is only the one to whom words are said: "wrote to Jo Sample", not "according to Jo Sample"."""
    if frame.ends_with(("speech", "before"), window.start, mention.start):
        return False
    return frame.ends_with(("speech", "addressee"), window.start, mention.start)


def _verbs(frame: Frame, fact: RecordFact, window: Span) -> Iterator[Span]:
    """The verbs of speech of a sentence: those of the list, by their stems, and those that the record gives."""
    stems = tuple(frame.cues.set("speech", "stems"))
    for hit in _WORD.finditer(frame.source, *window):
        if hit.group().lower().startswith(stems):
            yield Span(*hit.span())
    for hit in frame.cues.pattern("speech", "verbs").finditer(frame.source, *window):
        yield Span(*hit.span())
    for verb in [f.object.value for f in fact.node.facts.get("reportingVerb", ())]:
        pattern = re.compile(r"\s+".join(map(re.escape, verb.split())), re.IGNORECASE)
        yield from (Span(*hit.span()) for hit in pattern.finditer(frame.source, *window))


def _subjects(frame: Frame, window: Span, verb: Span) -> set[str]:
    """Those who act before a verb of speech; if nobody does, those right behind it, or behind its "by"."""
    by = frame.cues.pattern("speech", "by").match(frame.source, min(verb.end + 1, window.end), window.end)
    agents = agents_of_passive(frame, window, window, verb) if by is None else None
    if by is not None or agents is not None:
        return {m.node for m in agents or (items_after(frame, AGENTS, by.end(), window.end) if by else ())}
    before = subjects_before(frame, window.start, verb.start)
    if before:
        return {m.node for m in before}
    if not may_follow(frame, window.start, verb):
        return set()
    behind = frame.mentions(AGENTS, verb.end, min(window.end, verb.end + _BEHIND))
    return {m.node for m in behind if not frame.ends_with(("prepositions",), verb.end, m.start)}
