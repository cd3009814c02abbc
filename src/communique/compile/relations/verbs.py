"""Which verbs report words, and which do not: "said" and "regrets" do, "had to" and "opened" do not."""

from __future__ import annotations

from typing import Final

from communique.compile.relations.frame import Frame
from communique.text.passages import Span

_MARKS: Final = frozenset(',:–—-"“”„«»‘’')
_AFTER: Final = frozenset(',"”»’–—')


def is_verb_of_speech(frame: Frame, verb: Span) -> bool:
    """Whether a verb is one of saying, asking, thanking, or taking sides."""
    words = frame.words(*verb)
    if " ".join(words) in frame.cues.set("speech", "verbs"):
        return True
    stems = tuple(frame.cues.set("speech", "stems"))
    return any(word.startswith(stems) for word in words) if stems else False


def can_report(frame: Frame, verb: Span, text: Span) -> bool:
    """Whether a verb can report a text: one of speech, or any that "that", a mark or a comma joins to it.

    A modal verb or an auxiliary reports nothing. In a language without a table of verbs all others may.
    """
    if is_verb_of_speech(frame, verb):
        return True
    words = frame.words(*verb)
    never = frame.cues.set("speech", "never") | frame.cues.set("modals") | frame.cues.set("intent")
    if not words or words[-1] in never or " ".join(words) in never:
        return False
    if not frame.cues.set("speech", "stems"):
        return True
    if verb.start < text.end:
        between = set(frame.words(verb.end, text.start))
        return verb.end <= text.start and bool(between & (_MARKS | frame.cues.set("speech", "that")))
    return True


def giver_of(frame: Frame, text: Span, window: Span) -> Span | None:
    """The word in the sentence of a text by which it is somebody's: "according to", "regrets that", ", said"."""
    frame.work.spend(3)
    weak = frame.cues.set("prepositions") | {"for", "so"}
    for path in (("speech", "before"), ("speech", "own"), ("speech", "after"), ("speech", "voices")):
        for start, end in ((window.start, text.start), (text.end, window.end)):
            for hit in frame.cues.pattern(*path).finditer(frame.source, start, end):
                if hit.group().lower() not in weak:
                    return Span(*hit.span())
    return _verb_before(frame, text, window) or _verb_after(frame, text, window)


def _verb_before(frame: Frame, text: Span, window: Span) -> Span | None:
    """The verb of speech right before a text, with "that", "to" and the like between."""
    small = frame.cues.set("speech", "that") | frame.cues.set("articles") | frame.cues.set("prepositions") | {"to"}
    end = text.start
    while True:
        start = max(frame.source.rfind(" ", window.start, end), window.start - 1) + 1
        words = set(frame.words(start, end))
        if words - small - _MARKS:
            verb = Span(start, end)
            is_said = any(word.startswith(_stems(frame)) for word in words) if _stems(frame) else False
            return verb if is_said or _is_listed(frame, verb, window) else None
        if start <= window.start:
            return None
        end = start - 1


def _is_listed(frame: Frame, last: Span, window: Span) -> bool:
    """Whether a verb of the table ends where a word does: "a déclaré", "атап өтті"."""
    hits = frame.cues.pattern("speech", "verbs").finditer(frame.source, max(window.start, last.start - 20), last.end)
    return any(last.start < hit.end() for hit in hits)


def _stems(frame: Frame) -> tuple[str, ...]:
    return tuple(frame.cues.set("speech", "stems"))


def _verb_after(frame: Frame, text: Span, window: Span) -> Span | None:
    """The verb of speech in what follows a comma or a mark behind a text: "…, Jo Sample said"."""
    following = frame.words(text.end, window.end)
    if not following or following[0] not in _AFTER:
        return None
    hit = frame.cues.pattern("speech", "verbs").search(frame.source, text.end, window.end)
    return Span(*hit.span()) if hit is not None else None
