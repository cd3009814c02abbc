"""Whether words are the whole of a title: "director" is not what a managing director is."""

from __future__ import annotations

import re
from typing import Final

from communique.compile.relations.frame import Frame
from communique.text.mentions import Mention
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
    return following is not None and _goes_on(frame, title, following)


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
    if not is_capitalised or word.lower() in _titles_of_address(language):
        return False
    return not any(m.start <= start < m.end for m in frame.reading.mentions.within(title.start, end + 200))


def _titles_of_address(language: str) -> frozenset[str]:
    rules = table("people", language)
    words = [word for key in ("titles", "male", "female") for word in rules.get(key, ())]
    return frozenset(words)
