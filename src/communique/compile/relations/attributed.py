"""Who is meant by a pronoun of attribution: "according to her", "selon lui", «по её словам», "nach seinen Worten"."""

from __future__ import annotations

from typing import Final

from communique.compile.relations.frame import Frame
from communique.text.mentions import Mention
from communique.text.passages import Span
from communique.text.pronouns import gender_at

_GENDERS: Final = ("male", "female")
_NAMED: Final = frozenset({"name", "family", "inflected"})
_MARKS: Final = frozenset(',;”"»“’')


def attributed(frame: Frame, text: Span, window: Span) -> tuple[list[Mention], Span] | None:
    """The one whom a pronoun of attribution before, after or inside a text means; none is meant where two may be.

    None if there is no such pronoun in the sentences of the text.
    """
    for gender in _GENDERS:
        for hit in frame.hits(("speech", f"by_{gender}"), *window):
            cue = Span(*hit.span())
            if _is_beside(frame, cue, text, window):
                person = _meant(frame, cue, gender)
                return ([Mention(*cue, person, "pronoun")] if person else []), cue
    return None


def _is_beside(frame: Frame, cue: Span, text: Span, window: Span) -> bool:
    """Whether an attribution opens the sentences of a text, stands in it, or follows it with nothing but marks."""
    if cue.end <= text.start:
        return not frame.words(window.start, cue.start) and set(frame.words(cue.end, text.start)) <= _MARKS | {"«", "„"}
    if cue.start >= text.end:
        return set(frame.words(text.end, cue.start)) <= _MARKS
    return True


def _meant(frame: Frame, cue: Span, gender: str) -> str:
    """The only person of a gender who is named in the paragraph before a pronoun; "" if there are several, or none.

    A pronoun in the first sentence of a paragraph may mean somebody of the paragraph before.
    """
    sentences = frame.reading.sentences
    number = sentences.at(cue.start)
    paragraph = sentences.paragraph(number)
    start = frame.sentences[paragraph.start].start
    people = _people(frame, start, cue.start)
    if not people and number == paragraph.start and number > 0:
        before = sentences.paragraph(number - 1)
        people = _people(frame, frame.sentences[before.start].start, start)
    fitting = [person for person, known in people.items() if known <= {gender}]
    return fitting[0] if len(fitting) == 1 else ""


def _people(frame: Frame, start: int, end: int) -> dict[str, set[str]]:
    """The people who are named between two offsets, each with the genders that the words of the text tell."""
    found: dict[str, set[str]] = {}
    for mention in frame.mentions({"person"}, start, end):
        if mention.how in _NAMED and mention.node not in found:
            found[mention.node] = gender_of_person(frame, mention.node)
    return found


def gender_of_person(frame: Frame, person: str) -> set[str]:
    """The genders that the words of a text tell of a person."""
    everywhere = [m for m in frame.reading.mentions.of(person) if m.how in _NAMED]
    frame.work.spend(1 + len(everywhere))
    return {g for one in everywhere for g in gender_at(one, frame.source, frame.reading.language)}
