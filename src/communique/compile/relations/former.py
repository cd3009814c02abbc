"""Whether the words beside a title, or between a person and an organisation, say that somebody had a role before.

"The then director", "Jo Sample, formerly director", "director of Works at the time", "director of Works until 2029".
A word that may be a mere adverb ("then") counts only where it opens what describes somebody: not in "Jo Sample then
directed", and not in "Then the director, Jo Sample, spoke".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from communique.compile.day import day_of
from communique.compile.relations.frame import Frame
from communique.text.dates import dates_of
from communique.text.mentions import Mention
from communique.text.passages import Span

_BEFORE: Final = 80  # characters before a title in which such words stand
_BEHIND: Final = 60  # characters behind a title, or behind what it is of
_PHRASE: Final = 4  # most words of such a phrase
_YEARS: Final = re.compile(r"(?P<from>\S+) \d{4} (?P<through>\S+) (?P<last>\d{4})(?!\d)")
_OPENERS: Final = frozenset(",(–—-")
_PARTS: Final = frozenset(",;:(–—")
_QUOTES: Final = frozenset("\"“”„«»'’‘.")


def is_former(frame: Frame, title: Mention) -> bool:
    """Whether words right before a title, or right behind it or what it is of, say that somebody had it before."""
    if not frame.cues.set("role", "former"):
        return False
    frame.work.spend(5)
    line = frame.sentence(title.start)
    if _is_led(frame, line, title.start) or _is_followed(frame, title.end, line.end):
        return True
    of = frame.mentions({"organization"}, title.end, line.end)[:1]
    if of and _only_leads(frame, title.end, of[0].start) and _is_followed(frame, of[0].end, line.end):
        return True
    own = [m for m in frame.mentions({"organization"}, line.start, title.start) if _is_right_before(frame, m, title)]
    return bool(own) and _is_led(frame, line, own[-1].start)


def is_former_title(frame: Frame, words: Sequence[str]) -> bool:
    """Whether the words of a title themselves say that somebody had it before: "former director", "ex-director"."""
    former = frame.cues.set("role", "former") | frame.cues.set("role", "then")
    return any(" ".join(words[start:end]) in former for start in range(len(words)) for end in _ends(start, words))


def was_member(frame: Frame, person: Mention, of: Mention) -> bool:
    """Whether the words between a person and an organisation describe the former by a past role in the latter.

    "Jo Sample, former director of Works", "the former Works director Jo Sample", "Works' then director Jo Sample".
    """
    if frame.group(person.node) != "person":
        return False
    line = frame.sentence(of.start)
    if of.end <= person.start:
        words = frame.words(of.end, person.start)
        first = next((k for k, word in enumerate(words) if word in _PARTS), len(words))
        return is_former_title(frame, words[:first]) or _is_of_former(frame, line, of.start)
    words = frame.words(person.end, of.start)
    parting = _PARTS | frame.cues.set("and")
    last = max((k for k, word in enumerate(words) if word in parting), default=-1)
    if last < 0:
        return False
    if _opens_former(frame, words[last + 1 :]) or _is_followed(frame, of.end, line.end):
        return True
    dates = dates_of(frame.source, frame.reading.language).within(person.end, of.start)
    leading = [(frame.words(person.end, d.span.start)[last + 1 :], d.date) for d in dates]
    return any(_is_over(frame, date) and " ".join(led) in frame.cues.set("role", "until") for led, date in leading)


def _is_of_former(frame: Frame, line: Span, end: int) -> bool:
    """Whether an organisation is that of a former title before it: "the former director of Works"."""
    words, small = frame.words(line.start, end), frame.cues.set("prepositions") | frame.cues.set("articles") | _QUOTES
    while words and words[-1] in small:
        words.pop()
    return bool(_ends_with(frame, "former_behind", words) or _ends_with(frame, "former", words[:-1]))


def _opens_former(frame: Frame, words: Sequence[str]) -> bool:
    """Whether words that open a description have one of a past role, an adverb only as the first."""
    articles = frame.cues.set("articles")
    for first in range(len(words)):
        if any(" ".join(words[first:end]) in frame.cues.set("role", "then") for end in _ends(first, words)):
            return True
        if words[first] not in articles:
            break
    former = frame.cues.set("role", "former")
    return any(" ".join(words[start:end]) in former for start in range(len(words)) for end in _ends(start, words))


def _ends(start: int, words: Sequence[str]) -> range:
    return range(start + 1, min(len(words), start + _PHRASE) + 1)


def _is_led(frame: Frame, line: Span, end: int) -> bool:
    """Whether words before an offset say "former", with words of its length between at most ("former long-time")."""
    start = max(line.start, end - _BEFORE)
    words = frame.words(start, end)
    enduring = frame.cues.set("role", "enduring")
    while words and (words[-1] in enduring or words[-1] in '"“„«-'):
        words.pop()
    if _ends_with(frame, "former", words) or _is_until(frame, start, end):
        return True
    return _has_then(frame, line, start, words)


def _ends_with(frame: Frame, name: str, words: Sequence[str]) -> int:
    """How many words at the end of some are a phrase of a list; 0 if they are none."""
    phrases = frame.cues.set("role", name)
    return next((k for k in range(min(_PHRASE, len(words)), 0, -1) if " ".join(words[-k:]) in phrases), 0)


def _has_then(frame: Frame, line: Span, start: int, words: list[str]) -> bool:
    """Whether words end with an adverb such as "then" that opens what describes somebody.

    An article behind it ("then the director") leaves that only right behind a name and a comma.
    """
    articles = frame.cues.set("articles")
    bare = list(words)
    while bare and bare[-1] in articles:
        bare.pop()
    has_article = len(bare) < len(words)
    length = _ends_with(frame, "then", bare)
    if not length:
        return False
    rest = bare[:-length]
    if not rest:
        return start == line.start and not has_article and bool(articles)
    if rest[-1] in _OPENERS:
        return _is_behind_person(frame, line, start, len(rest) - 1)
    before = articles | frame.cues.set("role", "its") | frame.cues.set("prepositions") | frame.cues.set("role", "past")
    return not has_article and rest[-1] in before


def _is_behind_person(frame: Frame, line: Span, start: int, mark: int) -> bool:
    """Whether the word of a number behind an offset stands right behind the name of a person."""
    people = frame.mentions({"person"}, line.start, line.end)
    return any(m.end >= start and len(frame.words(start, m.end)) == mark for m in people) or mark == 0


def _is_until(frame: Frame, start: int, end: int) -> bool:
    """Whether "until" and a date that is over stand right before an offset: "bis 2029 Leiter"."""
    dates = [d for d in dates_of(frame.source, frame.reading.language).within(start, end) if _is_over(frame, d.date)]
    small = frame.cues.set("role", "year")
    return any(
        set(frame.words(d.span.end, end)) <= small and _ends_with(frame, "until", frame.words(start, d.span.start))
        for d in dates
    )


def _is_followed(frame: Frame, start: int, end: int) -> bool:
    """Whether "at the time", "d'alors", "until 2029" and the like stand right behind an offset."""
    words = frame.words(start, min(end, start + _BEHIND))
    while words and words[0] in _QUOTES:
        words.pop(0)
    if any(" ".join(words[:k]) in frame.cues.set("role", "former_behind") for k in _ends(0, words)):
        return True
    years = _YEARS.match(" ".join(words))
    if years is not None:
        opens = frame.cues.set("role", "from") | {"("}
        through = frame.cues.set("role", "through") | set("–—-")
        return years["from"] in opens and years["through"] in through and _is_over(frame, years["last"])
    dates = dates_of(frame.source, frame.reading.language).within(start, min(end, start + _BEHIND))
    first = min(dates, key=lambda d: d.span.start, default=None)
    if first is None or not _is_over(frame, first.date):
        return False
    between = [word for word in frame.words(start, first.span.start) if word not in _QUOTES]
    return " ".join(between) in frame.cues.set("role", "until")


def _is_over(frame: Frame, date: str) -> bool:
    """Whether a date is not after the day of the release, or that day is not known."""
    releases = [node for node in frame.reading.nodes.values() if frame.group(node.iri.value) == "release"]
    days = [day_of(node, (), frame.reading.language) for node in releases]
    return not any(day is not None and date > day[: len(date)] for day in days)


def _only_leads(frame: Frame, start: int, end: int) -> bool:
    """Whether only small words stand between two offsets, or in a language without articles any noun: «завода»."""
    known = frame.cues.set("prepositions") | frame.cues.set("articles") | frame.cues.set("role", "its") | _QUOTES
    has_nouns = bool(frame.cues.set("cut", "adjectives"))
    return all(word in known or (has_nouns and word.isalpha()) for word in frame.words(start, end))


def _is_right_before(frame: Frame, of: Mention, title: Mention) -> bool:
    """Whether a title follows an organisation with nothing but a mark of possession between."""
    words = frame.words(of.end, title.start)
    return set(words) <= frame.cues.set("role", "possessive") | _QUOTES | {"s"} | {"-"}
