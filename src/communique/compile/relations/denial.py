"""Whether words deny what they seem to say: "did not attend", "nahm nicht teil", "n'est plus partenaire"."""

from __future__ import annotations

import re
from typing import Final

from communique.compile.relations.frame import Found, Frame
from communique.text.mentions import Mention
from communique.text.passages import Span

_BEFORE: Final = 40  # characters before a cue in which a denial of it stands
_AFTER: Final = 80  # characters after a cue in which a language may deny it
_MOST_WORDS: Final = 4
_BESIDE: Final = 2  # words beside a stretch of text among which one denies it
_WORD: Final = re.compile(r"[\w'’]+")
_SAID_BEFORE: Final = ("negation", "before")
_SAID_AFTER: Final = ("negation", "after")
_CUT: Final = re.compile(r"[,;:.()–—!?\n]")


def is_denied(frame: Frame, cue: Span) -> bool:
    """Whether the clause around a cue denies it: right before it, or after it where a language does so."""
    frame.work.spend(1)
    if cue not in frame.denied:
        frame.denied[cue] = _is_denied(frame, cue)
    return frame.denied[cue]


def _is_denied(frame: Frame, cue: Span) -> bool:
    sentence = frame.sentence(cue.start)
    low, high = max(sentence.start, cue.start - _BEFORE), min(cue.end + _AFTER, sentence.end)
    if not (frame.may_hold(_SAID_BEFORE, low, cue.start) or frame.may_hold(_SAID_AFTER, cue.end, high)):
        return False
    before = _last_clause(frame.source[low : cue.start])
    after = _CUT.split(frame.source[cue.end : high], maxsplit=1)[0]
    joint = frame.cues.pattern("and").search(after)
    last = " ".join(before.split()[-_MOST_WORDS:])
    return _has(frame, "before", last) or _has(frame, "after", after[: joint.start()] if joint else after)


def is_excluded(frame: Frame, mention: Mention) -> bool:
    """Whether words leave out the one whom they name: "Sample Works, not Mock Labs, paid"."""
    low = max(frame.sentence(mention.start).start, mention.start - _BEFORE)
    if not frame.may_hold(_SAID_BEFORE, low, mention.start):
        return False
    before = _last_clause(frame.source[low : mention.start])
    words, articles = before.split(), frame.cues.set("articles") | frame.cues.set("speech", "by")
    while words and words[-1].lower() in articles:
        words.pop()
    return bool(words) and _has(frame, "before", " ".join(words[-2:]), at_end=True)


def is_parted(frame: Frame, start: int, end: int) -> bool:
    """Whether words that deny stand between two offsets."""
    if not (frame.may_hold(_SAID_BEFORE, start, end) or frame.may_hold(_SAID_AFTER, start, end)):
        return False
    between = frame.source[start:end]
    return any(_has(frame, way, between) for way in ("before", "after"))


def cut_denial(frame: Frame, words: Span) -> Span | None:
    """The word that denies a stretch of text and stands outside it, one or two words away in its clause, if any."""
    sentence = frame.window(*words)
    low, high = max(sentence.start, words.start - _BEFORE), min(words.end + _BEFORE, sentence.end)
    sides = ((low, words.start), (words.end, high))
    if not any(frame.may_hold(way, *side) for side in sides for way in (_SAID_BEFORE, _SAID_AFTER)):
        return None
    before = _last_clause(frame.source[low : words.start])
    after = _CUT.split(frame.source[words.end : high], maxsplit=1)[0]
    ends_clause = _CUT.search(frame.source[words.end - 1 : words.end]) is not None
    clauses = [(words.start - len(before), before, -_BESIDE)] + ([] if ends_clause else [(words.end, after, _BESIDE)])
    for offset, clause, most in clauses:
        tokens = list(_WORD.finditer(clause))
        beside = tokens[most:] if most < 0 else tokens[:most]
        first, last = (beside[0].start(), beside[-1].end()) if beside else (0, 0)
        if any(_has(frame, way, clause[first:last]) for way in ("before", "after")):
            return Span(offset + first, offset + last)
    return None


def turned_before(frame: Frame, words: Span) -> Span | None:
    """The verb right before a stretch of text that turns its meaning, such as "prohibits" or "prevents", if any."""
    sentence = frame.window(*words)
    low = max(sentence.start, words.start - _BEFORE)
    tokens = list(_WORD.finditer(frame.source, low, words.start))
    articles = frame.cues.set("articles")
    while tokens and tokens[-1].group().lower() in articles:
        tokens.pop()
    last = tokens[-1] if tokens else None
    if last is None or _CUT.search(frame.source, last.end(), words.start):
        return None
    return Span(*last.span()) if last.group().lower() in frame.cues.set("negation", "turning") else None


def denies(frame: Frame, found: Found) -> bool:
    """Whether the words that were found for a relation say that it is not so."""
    if found.cue is not None and is_denied(frame, found.cue):
        return True
    if found.value is not None and is_excluded(frame, found.value):
        return True
    if found.cue is not None or found.subject is None or found.value is None:
        return False
    low, high = sorted((found.subject, found.value))
    return low.end < high.start and is_parted(frame, low.end, high.start)


def _last_clause(words: str) -> str:
    return _CUT.split(words)[-1]


def _has(frame: Frame, way: str, words: str, *, at_end: bool = False) -> bool:
    """Whether some words hold one that denies and that is not part of a phrase such as "not only"."""
    hits = list(frame.cues.pattern("negation", way).finditer(words)) if words else []
    exceptions = list(frame.cues.pattern("negation", "except").finditer(words)) if hits else []
    for hit in hits:
        within = any(one.start() <= hit.start() < one.end() for one in exceptions)
        if not within and (not at_end or hit.end() == len(words)):
            return True
    return False
