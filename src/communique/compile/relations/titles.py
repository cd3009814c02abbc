"""Whether words are the whole of a title: "director" is not what a managing director is."""

from __future__ import annotations

import re
from typing import Final

from communique.compile.relations.frame import Frame
from communique.text.mentions import Mention
from communique.text.passages import Span
from communique.text.tables import table

_NEXT: Final = re.compile(r" ([^\W\d_]+)")
_LAST: Final = re.compile(r"([^\W\d_]+)[ -]$")
_LONGEST_WORD: Final = 40
_CAPITALISE_NOUNS: Final = frozenset({"de"})


def is_cut(frame: Frame, title: Mention) -> bool:
    """Whether a title is only a part of the one that stands in the text, or begins or ends as no title does."""
    words = frame.words(title.start, title.end)
    small = (frame.cues.set("prepositions") | frame.cues.set("articles")) - {"’s", "'s"}
    if words and (words[0] in small or words[-1] in small):
        return True
    line = frame.sentence(title.start)
    before = frame.source[max(line.start, title.start - _LONGEST_WORD) : title.start]
    last = _LAST.search(before)
    if last is not None and last.group(1).lower() in frame.cues.set("role", "part_before"):
        return True
    following = _NEXT.match(frame.source, title.end, min(line.end, title.end + _LONGEST_WORD))
    return (following is not None and _goes_on(frame, title, following)) or _has_complement(frame, title, line)


def _has_complement(frame: Frame, title: Mention, line: Span) -> bool:
    """Whether "of" and a common noun that is no name of the record go on behind a title: "head [of the unit of boats]".

    A noun alone may mean a body that the text has named, or lead to its name: "director of the museum", "mayor of the
    town of Oldport".
    """
    of, areas = frame.cues.set("cut", "of"), frame.cues.set("cut", "areas")
    if not areas:
        return False
    end = min(line.end, title.end + _LONGEST_WORD)
    named = [m for m in frame.reading.mentions.within(title.end, end) if m.start >= title.end and m.node != title.node]
    words = frame.words(title.end, named[0].start if named else end)
    if not words or words[0] not in of:
        return False
    rest = [word for word in words if word not in of | frame.cues.set("articles") | areas]
    if not rest or not rest[0].isalpha():
        return False
    at = frame.source.lower().find(rest[0], title.end, end)
    if not frame.source[at].islower():
        return False
    if of.intersection(frame.words(title.start, title.end)):
        return True  # "head of the unit [of boats]"
    following = words[words.index(rest[0]) + 1 :]
    marks = [k for k, word in enumerate(following) if not word[0].isalnum()]
    return bool(of.intersection(following[: min(2, *marks)] if marks else following[:2]))


def _goes_on(frame: Frame, title: Mention, following: re.Match[str]) -> bool:
    """Whether the word after a title belongs to it: "director general", "Minister of Internal Affairs"."""
    word, (start, end) = following.group(1), following.span(1)
    if word.lower() in frame.cues.set("role", "part_after"):
        return True
    language = frame.reading.language.lower().partition("-")[0]
    if not word[0].isupper() or not frame.source[title.end - 1].islower() or language in _CAPITALISE_NOUNS:
        return False
    last = frame.words(title.start, title.end)[-1:]
    is_capitalised = frame.source[title.end - len(last[0]) : title.end][:1].isupper() if last else False
    if not is_capitalised or word.lower() in titles_of_address(language):
        return False
    return not any(m.start <= start < m.end for m in frame.reading.mentions.within(title.start, end + 200))


def titles_of_address(language: str) -> frozenset[str]:
    """The words for titles and forms of address that stand before names, in lower case."""
    rules = table("people", language.lower().partition("-")[0])
    words = [word for key in ("titles", "male", "female") for word in rules.get(key, ())]
    return frozenset(words)
