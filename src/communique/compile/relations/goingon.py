"""Who goes on speaking: ", she notes, " in a sentence on somebody else, "the latter recalls", "Et de préciser que"."""

from __future__ import annotations

import re
from typing import Final

from communique.compile.relations.attributed import gender_of_person
from communique.compile.relations.frame import AGENTS, Frame
from communique.text.mentions import Mention
from communique.text.passages import Span
from communique.text.tables import table

_MARK: Final = re.compile(r"[,;:!?\"“”„«»–—]|\.(?!\w)")
_MOST_WORDS: Final = 5  # of an attribution between two marks: "she also later added"
_QUOTED: Final = re.compile(r"[\"“”„«»]")
_COMMAS: Final = 2
_GENDERS: Final = ("male", "female")
_NEAR: Final = 60  # most characters between a verb and the speaker beside it


def speaker_of_aside(frame: Frame, verb: Span, window: Span) -> list[Mention] | None:
    """Whom the pronoun of an attribution between marks means; None if no such attribution is there.

    "Honey from Ada Mock, she notes, tastes of heather": whom the sentence names is what it is about. The speaker is
    the last one of the sentences before.
    """
    clause = _between_marks(frame, verb, window)
    words = [part for word in frame.words(*clause) for part in word.split("-")]
    if not frame.words(window.start, clause.start) or len(words) > _MOST_WORDS:
        return None
    named = [m for m in frame.mentions({"person"}, window.start, window.end) if m.how != "pronoun"]
    gender = _gender(frame, words)
    if not gender or not named or any(clause.start <= m.start < clause.end for m in named):
        return None
    return speakers_before(frame, window, gender, clause)


def speaker_of_continuation(frame: Frame, window: Span) -> tuple[list[Mention], Span] | None:
    """The speaker before, where a sentence begins with words by which one goes on: "Et d'ajouter que …"."""
    hit = frame.cues.pattern("speech", "going_on").match(frame.source, window.start, window.end)
    if hit is None:
        return None
    cue = Span(*hit.span())
    return speakers_before(frame, window, "", cue), cue


def is_thing_speaking(frame: Frame, verb: Span) -> bool:
    """Whether the subject right before a verb is a pronoun that never means a person: "it found"."""
    before = frame.words(frame.sentence(verb.start).start, verb.start)
    skipped = frame.cues.set("auxiliaries")
    last = next((word for word in reversed(before) if word not in skipped), "")
    return "thing" in _classes(frame, last) and not _classes(frame, last) & {"person", *_GENDERS, "plural"}


def speakers_before(frame: Frame, window: Span, gender: str, place: Span) -> list[Mention]:
    """The last person of a gender beside a verb of speech in the sentences before, in the paragraph or the one before.

    Where no verb names one, the only person of those sentences.
    """
    sentences = frame.reading.sentences
    number = sentences.at(window.start)
    paragraph = sentences.paragraph(number)
    first = paragraph.start if paragraph.start < number else sentences.paragraph(max(number - 1, 0)).start
    for k in range(number - 1, first - 1, -1):
        frame.work.spend(3)
        fitting = [m for m in frame.mentions({"person"}, *frame.sentences[k]) if _fits(frame, m, gender)]
        speaking = [m for m in fitting if _is_beside_verb(frame, m)]
        if speaking:
            return [Mention(*place, speaking[-1].node, "pronoun")]
    start = frame.sentences[first].start if first < number else window.start
    every = {m.node for m in frame.mentions({"person"}, start, window.start) if _fits(frame, m, gender)}
    return [Mention(*place, node, "pronoun") for node in every] if len(every) == 1 else []


def _fits(frame: Frame, person: Mention, gender: str) -> bool:
    return not gender or gender_of_person(frame, person.node) <= {gender}


def _is_beside_verb(frame: Frame, person: Mention) -> bool:
    """Whether a verb of speech stands right before or after a person, with no mark but of a title between.

    Also behind what is said of the person between commas: "Jo Sample, who leads the works, thanked Ada Mock". Whom
    such a verb has as its object is no speaker.
    """
    window = frame.sentence(person.start)
    for hit in frame.cues.pattern("speech", "verbs").finditer(frame.source, *window):
        verb = Span(*hit.span())
        low, high = sorted((verb, Span(*person[:2])))
        between = frame.source[low.end : high.start].replace("Dr.", "Dr")
        if person.end <= verb.start and _is_apposition(between):
            return True
        if high.start - low.end <= _NEAR and not _MARK.search(between) and not _is_object(frame, verb, person, window):
            return True
    return False


def _is_apposition(between: str) -> bool:
    """Whether the words between a person and a verb are set off by two commas, and no other mark is among them."""
    words = between.strip()
    return words[:1] == "," and words[-1:] == "," and len(_MARK.findall(words)) == _COMMAS


def _is_object(frame: Frame, verb: Span, person: Mention, window: Span) -> bool:
    """Whether a person behind a verb is no subject of it, because one stands before: "Jo Sample thanked Ada Mock"."""
    if person.start < verb.end:
        return False
    marks = [hit.end() for hit in _QUOTED.finditer(frame.source, window.start, verb.start)]
    return any(m.node != person.node for m in frame.mentions(AGENTS, max(marks, default=window.start), verb.start))


def _between_marks(frame: Frame, verb: Span, window: Span) -> Span:
    """The stretch between the marks before and after a verb."""
    frame.work.spend(1 + (window.end - window.start) // 50)
    marks = [hit.start() for hit in _MARK.finditer(frame.source, *window)]
    before = max((k + 1 for k in marks if k < verb.start), default=window.start)
    return Span(before, min((k for k in marks if k >= verb.end), default=window.end))


def _gender(frame: Frame, words: list[str]) -> str:
    """The gender that a pronoun among some words tells of a person; "" if none does."""
    told = {one for word in words for one in _GENDERS if one in _classes(frame, word)}
    return told.pop() if len(told) == 1 else ""


def _classes(frame: Frame, word: str) -> frozenset[str]:
    """The classes of a pronoun; none for other words."""
    listed = table("pronouns", frame.reading.language).items()
    return frozenset(one for classes, words in listed if word in words for one in classes.split())
