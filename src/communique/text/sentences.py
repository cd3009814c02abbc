"""The sentences of a text; its lines are its paragraphs, and no sentence runs over the end of one."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from communique.text.passages import Span
from communique.text.tables import table

_CLOSING: Final = "\"'’”»›)\\]}*_"
_END: Final = re.compile(
    rf"(?P<always>[\u0964\u0965\u3002\uff01\uff1f\uff61\u06d4\u061f\u0589\u1362\u104b]+[{_CLOSING}\u300d\u300f\uff09]*)"
    rf"|(?<![.!?…])(?P<maybe>[.!?…]++)[{_CLOSING}]*+(?=\s)"
)
"""Ends of sentences: full stops of scripts that use them for nothing else, and others before white space."""

_WORD_BEFORE: Final = re.compile(r"[^\W_](?:[^\W_]|[.’'-](?=[^\W_]))*$")
_PAIR: Final = re.compile(r"(?<!\w)(\w{1,2})\.[^\S\r\n]\w{1,2}$")
"""The letters before a full stop of abbreviations in two parts: "z. B", "т. д"."""
_OPENING: Final = "\"'‘“„«‹([{¿¡*_—–- \t\xa0"
_LONGEST_WORD: Final = 40
_LONGEST_MARK: Final = 8  # characters before the number of an entry in a list
_LINE: Final = re.compile(r"[^\r\n]+")


class Sentences:
    """The sentences of a text in order.

    ``spans`` are without the white space around them (offsets in code points).
    """

    def __init__(self, spans: Iterable[Span], lines: Iterable[int]) -> None:
        self.spans = tuple(spans)
        self._lines = array("I", lines)  # for each sentence the number of its line
        self._ends = array("I", (span.end for span in self.spans))

    def at(self, offset: int) -> int:
        """The number of the sentence at an offset, or of the next one; after the last one, of the last one.

        >>> sentences_of("One. Two.", "en").at(5)
        1
        """
        return min(bisect_right(self._ends, offset), max(len(self.spans) - 1, 0))

    def paragraph(self, number: int) -> range:
        """The numbers of all sentences of the paragraph of one of them."""
        line = self._lines[number]
        return range(bisect_left(self._lines, line), bisect_right(self._lines, line))

    def joined(self, names: Iterable[tuple[int, int]]) -> Sentences:
        """The sentences without the breaks inside names, dates or other stretches that are one thing."""
        broken = {k for start, end in names if (k := self.at(start)) < self.at(end - 1)}
        if not broken:
            return self
        spans: list[Span] = []
        lines: list[int] = []
        for k, span in enumerate(self.spans):
            if k - 1 in broken and lines and lines[-1] == self._lines[k]:
                spans[-1] = Span(spans[-1].start, span.end)
            else:
                spans.append(span)
                lines.append(self._lines[k])
        return Sentences(spans, lines)


@lru_cache(maxsize=2)
def sentences_of(text: str, language: str) -> Sentences:
    """The sentences of a text in a language (a BCP 47 tag); linear, and the last two texts are cached.

    >>> [tuple(span) for span in sentences_of("Mr. Sample spoke. No. 5 won! A new line.", "en").spans]
    [(0, 17), (18, 28), (29, 40)]
    """
    spans: list[Span] = []
    lines: list[int] = []
    rules = _Rules(language)
    for number, line in enumerate(_LINE.finditer(text)):
        for span in _sentences_of_line(text, line.start(), line.end(), rules):
            spans.append(span)
            lines.append(number)
    return Sentences(spans, lines)


def _sentences_of_line(text: str, start: int, end: int, rules: _Rules) -> Iterator[Span]:
    begin = start
    for hit in _END.finditer(text, start, end):
        if hit["always"] or rules.is_end(text, begin, hit, end):
            yield from _trimmed(text, begin, hit.end())
            begin = hit.end()
    yield from _trimmed(text, begin, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Span(start, end)


class _Rules:
    """What full stops mean in a language; without a table, by the letters around them alone."""

    def __init__(self, language: str) -> None:
        rules = table("sentences", language)
        self.abbreviations = frozenset(rules.get("abbreviations", ()))
        self.endings = frozenset(rules.get("endings", ()))
        self.starters = frozenset(rules.get("starters", ()))
        self.before_figures = frozenset(rules.get("no_before_figures", ()))
        self.ordinals = bool(rules.get("ordinals"))

    def is_end(self, text: str, begin: int, hit: re.Match[str], end: int) -> bool:
        """Whether a match of `_END` ends the sentence that begins at ``begin``, in a line that ends at ``end``."""
        at, following = hit.start(), _next_word(text, hit.end(), end)
        if not following or following[0].islower():
            return False
        if hit["maybe"] != ".":
            return True
        if following.endswith("."):  # "A. S. Sample", "z. B."
            following = ""
        before = _WORD_BEFORE.search(text, max(begin, at - _LONGEST_WORD), at)
        if before is None:
            return True
        word = before.group()
        if word.isdecimal():
            opens = before.start() - begin <= _LONGEST_MARK and not text[begin : before.start()].strip(_OPENING)
            return not (opens or (self.ordinals and len(word) <= 2))
        if len(word) <= 2 and (pair := _PAIR.search(text, max(begin, at - _LONGEST_WORD), at)):
            word = f"{pair[1]}.{word}"
        return self._word_can_end(word, following)

    def _word_can_end(self, word: str, following: str) -> bool:
        """Whether a full stop after a word can end a sentence before ``following``, "" if that is an initial."""
        lower = word.lower().replace("’", "'")
        starts = following in self.starters
        if lower in self.endings:
            return starts
        if lower in self.before_figures:
            return not following[:1].isdecimal()
        if lower in self.abbreviations:
            return False
        if "." in word and all(len(part) <= 2 for part in word.split(".")):
            return starts
        if len(word) == 1 and word.isalpha():  # an initial, "b. 1912"
            return starts or (word.islower() and following[:1].isupper())
        return True


def _next_word(text: str, at: int, end: int) -> str:
    """The word after an offset, without opening marks before it; "" if none follows in the line.

    A single letter comes with the full stop after it, if there is one.
    """
    while at < end and text[at] in _OPENING:
        at += 1
    stop = at
    while stop < min(end, at + _LONGEST_WORD) and (text[stop].isalnum() or text[stop] in "'’"):
        stop += 1
    if stop == at + 1 and text[at].isalpha() and text[stop : stop + 1] == ".":
        stop += 1
    return text[at : max(stop, at + 1)] if at < end else ""
