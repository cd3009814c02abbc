"""Where a title may stand: right before a name, in apposition after it, behind a copula; not merely near it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from communique.compile.relations.frame import Frame
from communique.compile.relations.titles import titles_of_address
from communique.text.mentions import Mention

_NAMED: Final = "\0"  # stands for the name of an organisation, a place or the like among the words of a gap
_APPOSITION: Final = 60  # characters before a person in which the comma before an apposition stands
_MOST_WORDS: Final = 4  # of a title between that comma and the person
_VERB_AND_MORE: Final = 2
_NAMES: Final = frozenset({"organization", "project", "place", "work", "group"})
_SEPARATORS: Final = frozenset(",(:–—-/|[")
_MARKS: Final = frozenset("\"“”„«»'’‘.)")
_CLOSERS: Final = frozenset(",.;:)]|–—-")


def is_title(frame: Frame, title: Mention) -> bool:
    """Whether words can be a title at all: no verb, no adverb, no word of kinship, no office, no part of a name."""
    words = frame.words(title.start, title.end)
    if len(words) == 1 and (_is_verb(frame, words[0]) or words[0] in frame.cues.set("role", "no_title")):
        return False
    if _is_body(frame, words):
        return False
    around = frame.mentions(_NAMES | {"person"}, frame.sentence(title.start).start, frame.sentence(title.start).end)
    return not any(m.start <= title.start and title.end <= m.end and m[:2] != title[:2] for m in around)


def _is_body(frame: Frame, words: Sequence[str]) -> bool:
    """Whether words are those of an office or a service, and of nobody in it: "press office", "service de presse"."""
    if titles_of_address(frame.reading.language).intersection(words):
        return False
    of, bodies = frame.cues.set("cut", "of"), frame.cues.set("role", "bodies")
    heads = [word for word in words if word.isalnum() or "-" in word]
    first = next((k for k, word in enumerate(heads) if word in of), len(heads))
    if "first" in frame.cues.set("role", "head"):
        endings = tuple(frame.cues.set("role", "adjectives"))
        nouns = [word for word in heads[:first] if not (endings and word.endswith(endings))]
        return bool(nouns) and nouns[0] in bodies
    is_compound = len(heads) == 1 and heads[0].endswith(tuple(frame.cues.set("role", "body_endings")) or "\0")
    return is_compound or (first > 0 and heads[first - 1] in bodies)


def is_beside(frame: Frame, title: Mention, person: Mention) -> bool:
    """Whether a title stands where one says what a person is; true in a language without a table."""
    if not frame.cues.words or (title.start < person.end and person.start < title.end):
        return True
    frame.work.spend(2)
    if person.end <= title.start:
        return _is_after(frame, person, title)
    return person.how != "pronoun" and _is_before(frame, title, person)


def is_form_of_address(frame: Frame, title: Mention, person: Mention) -> bool:
    """Whether a form of address stands right before a name, or in it: "Dr.", but not "chair" of "the chair Jo Sample".

    Where a language writes forms of address with capitals, the last word of one that is none of them must have one.
    """
    if person.start <= title.start and title.end <= person.end:
        return True
    words = frame.words(title.start, title.end)
    last = frame.source[title.start : title.end].rstrip(".").rpartition(" ")[2]
    is_known = len([word for word in words if word != "."]) == 1 and words[0] in _small(frame)
    return (is_known or last[:1].isupper()) and title.end <= person.start and _is_only_small(frame, title, person)


def _is_only_small(frame: Frame, title: Mention, person: Mention) -> bool:
    """Whether nothing but other forms of address stand between two mentions."""
    return set(frame.words(title.end, person.start)) <= _small(frame) | _MARKS


def is_attached(frame: Frame, title: Mention, person: Mention, of: Mention) -> bool:
    """Whether an organisation belongs to the title of a person, and does not merely begin the next clause."""
    before = max((m for m in (title, person) if m.end <= of.start), key=lambda m: m.end, default=None)
    if before is None or of.end <= title.end or not frame.cues.set("role", "of"):
        return True
    gap = frame.words(before.end, of.start)
    if set(gap) & frame.cues.set("role", "of") or not gap or gap[0] in "([" or _is_named_between(frame, before, of):
        return True
    if gap[0] not in _SEPARATORS:
        return before is title
    following = frame.words(of.end, min(of.end + 2, frame.sentence(of.end - 1).end))
    return not following or following[0] in _CLOSERS or title.start >= of.end


def _is_named_between(frame: Frame, low: Mention, high: Mention) -> bool:
    """Whether another organisation stands between two mentions: then they are parts of a list or of several roles."""
    return bool(frame.mentions({"organization"}, low.end, high.start))


def _is_verb(frame: Frame, word: str) -> bool:
    lists = (("breakers",), ("speech", "verbs"), ("auxiliaries",), ("passive",), ("prepositions",), ("and",))
    endings = tuple(frame.cues.set("role", "verb_endings"))
    return any(word in frame.cues.set(*path) for path in lists) or bool(endings and word.endswith(endings))


def _gap(frame: Frame, start: int, end: int) -> list[str]:
    """The words and marks between two offsets; a name and a title of another role are one sign each."""
    gap: list[str] = []
    at = start
    for one in frame.mentions(_NAMES | {"role"}, start, end):
        if one.start >= at and one.how != "pronoun":
            gap += [*frame.words(at, one.start), _NAMED]
            at = one.end
    return gap + frame.words(at, end)


def _is_after(frame: Frame, person: Mention, title: Mention) -> bool:
    """Whether a title stands in apposition after a person, or behind a copula or "as"."""
    gap = _gap(frame, person.end, title.start)
    copulas, small = frame.cues.set("role", "copula"), _small(frame)
    says = any(word in copulas for word in gap)
    if not says:
        if gap and gap[-1] in frame.cues.set("role", "to"):
            return False
        if person.how == "pronoun" or not (_opens(frame, gap) or "\n" in frame.source[person.end : title.start]):
            return False
        if frame.cues.set("relative_pronouns") - frame.cues.set("articles") & set(gap):
            return False
        if _is_closed(frame, person, gap):
            return False
    left = [word for word in gap if word not in small and word not in frame.cues.set("role", "changed")]
    return not left or left[-1] in copulas | frame.cues.set("role", "to") or left[-1] not in _leading(frame)


def _is_closed(frame: Frame, person: Mention, gap: Sequence[str]) -> bool:
    """Whether the comma after a person ends an apposition, and a verb follows: "the poet, Jo Sample, met the mayor".

    A comma stands before the person too, with a few common words between at most, and behind the one after him a word
    that opens no description.
    """
    if gap[:1] != [","] or len(gap) < _VERB_AND_MORE or not gap[1][0].isalnum():
        return False
    known = _small(frame) | _leading(frame) | frame.cues.set("role", "changed") | frame.cues.set("role", "once")
    if gap[1] in known or gap[1].endswith(tuple(frame.cues.set("cut", "adjectives")) or _NAMED):
        return False
    start = frame.sentence(person.start).start
    before = frame.source[max(start, person.start - _APPOSITION) : person.start].rpartition(",")
    between = before[2].split()
    return bool(before[0].strip()) and len(between) <= _MOST_WORDS


def _opens(frame: Frame, gap: Sequence[str]) -> bool:
    """Whether words after a person open a description: a comma and the like, also behind "of Works" or his place."""
    rest = list(gap)
    known = frame.cues.set("prepositions") | frame.cues.set("articles") | {_NAMED, ".", ")"}
    while rest and rest[0] in known:
        rest.pop(0)
    return not rest if gap and not rest and _NAMED in gap else bool(rest) and rest[0] in _SEPARATORS


def _is_before(frame: Frame, title: Mention, person: Mention) -> bool:
    """Whether a title stands before a person with nothing between, or with what it is of, a comma or a copula."""
    gap = _gap(frame, title.end, person.start)
    small, copulas = _small(frame), frame.cues.set("role", "copula")
    if gap and frame.cues.set("role", "follows") and _is_modifier(frame, title, gap[0]):
        return False
    while gap and (gap[-1] in small or gap[-1] in _MARKS):
        gap.pop()
    if not gap:
        return True
    follows = frame.cues.set("role", "follows")
    first, last = gap[0], gap[-1]
    if follows and first not in follows | copulas | _SEPARATORS | {_NAMED}:
        return False
    return last in _SEPARATORS | copulas or last == _NAMED or not _is_verb(frame, last)


def _is_modifier(frame: Frame, title: Mention, following: str) -> bool:
    """Whether the word after a title is one too, and the title only tells of which: "council" of "council chair"."""
    language = frame.reading.language
    if following not in titles_of_address(language) or following in frame.cues.set("role", "stacked"):
        return False
    return frame.words(title.start, title.end)[-1] not in titles_of_address(language)


def _small(frame: Frame) -> frozenset[str]:
    """Articles, possessives, titles and forms of address, but for those that are prepositions too."""
    words = frame.cues.set("articles") | titles_of_address(frame.reading.language) | frame.cues.set("role", "its")
    return words - frame.cues.set("prepositions")


def _leading(frame: Frame) -> frozenset[str]:
    """The prepositions that lead from a word to another thing."""
    return frame.cues.set("prepositions") - frame.cues.set("role", "possessive") | frame.cues.set("speech", "by")
