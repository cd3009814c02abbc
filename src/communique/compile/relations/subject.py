"""Whose a verb of speech is: not whom another verb names before it, nor who stands in an aside that ends before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from communique.compile.relations.frame import AGENTS, Frame
from communique.compile.relations.lists import actors_before, items_after
from communique.compile.relations.verbs import is_verb_of_speech
from communique.text.mentions import Mention
from communique.text.passages import Span

_COMMA: Final = re.compile(r",(?!\d)")
_MARKS: Final = re.compile(r"[,;:()\"“”„«»–—]")
_PART: Final = re.compile(r"[,;:()]")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_MOST_WORDS: Final = 3  # between an aside and the verb: ", who came in May, then also said"
_LEAD: Final = 3  # words that can open an aside: "in contrast to"
_SHORTEST: Final = 5  # letters of a participle
_NAME: Final = 2  # words with a capital letter in a name
_SHORT: Final = 3  # letters of a verb
_AGENT: Final = 80  # most characters between a verb in the passive and who does what it says


def subjects_before(frame: Frame, start: int, at: int) -> list[Mention]:
    """Those who do what the verb at an offset says, of those who are named before it; lists share.

    "Ada Poe praised Eve Mock, saying", "Ada Poe, who succeeded Bo Roe, said" and "Ada Poe thanked Eve Mock and said"
    are all of Ada Poe.
    """
    frame.work.spend(2 + (at - start) // 50)
    aside = _aside_before(frame, start, at)
    if aside is not None:
        found = subjects_before(frame, start, aside)
        end = frame.source.rfind(",", aside, at)
        if found or _is_unknown(frame, start, aside) or _opens_clause(frame, aside + 1, end):
            return found
    antecedents = _antecedents(frame, start, at)
    if antecedents:
        return antecedents
    actors = actors_before(frame, AGENTS, start, at, cases=has_cases(frame))
    if actors and frame.ends_with(("speech", "beside"), start, min(m.start for m in actors)):
        return subjects_before(frame, start, min(m.start for m in actors))
    verb = _verb_of_object(frame, actors, start, at) if actors else None
    if verb is None:
        return actors
    found = subjects_before(frame, start, verb)
    return found if found or _is_unknown(frame, start, verb) else actors


def _is_unknown(frame: Frame, start: int, end: int) -> bool:
    """Whether a subject that the record does not have stands between two offsets: words, and nobody who is named.

    Only in languages in which nothing but a subject does.
    """
    if not frame.cues.set("speech", "subject_first") or frame.mentions(AGENTS, start, end):
        return False
    begin = max((hit.end() for hit in _MARKS.finditer(frame.source, start, end)), default=start)
    words = [word for word in frame.words(begin, end) if word[0].isalnum()]
    if not words or words[0] in frame.cues.set("prepositions") | frame.cues.set("speech", "opening"):
        return bool(words) and words[0] in frame.cues.set("articles")
    capitals = sum(word.group()[0].isupper() for word in _WORD.finditer(frame.source, begin, end))
    return capitals >= _NAME or words[0] in frame.cues.set("articles")


def may_follow(frame: Frame, start: int, verb: Span) -> bool:
    """Whether the subject of a verb may stand behind it, so that none stands before it: not in "a guest told Jo".

    Words that begin at ``start`` are those of its sentence, or behind the text that it reports. English and French have
    a subject before its verb if there are words at all, German if an article opens its sentence, or in the plural.
    """
    begin = max((hit.end() for hit in _MARKS.finditer(frame.source, start, verb.start)), default=start)
    words = [w for w in frame.words(begin, verb.start) if w not in frame.cues.set("auxiliaries") and w[0].isalnum()]
    if frame.cues.set("speech", "subject_first"):
        return not words
    if frame.cues.set("verb_second", "articles").intersection(words[:1]):
        return False
    plural = tuple(frame.cues.set("speech", "plural_endings"))
    openings = frame.cues.set("verb_second", "openings") | frame.cues.set("prepositions")
    return not (words and plural and frame.words(*verb)[-1].endswith(plural) and openings.isdisjoint(words[:1]))


def is_addressed(frame: Frame, window: Span, verb: Span, mention: Mention) -> bool:
    """Whether a verb of speech is said to somebody or of somebody: "told Jo Sample", "Jo Sample was told"."""
    if mention.end <= verb.start:
        return agents_of_passive(frame, window, window, verb) is not None
    if frame.cues.set("speech", "addressing").isdisjoint(frame.words(*verb)[-1:]) or mention.start < verb.end:
        return False
    return set(frame.words(verb.end, mention.start)) <= frame.cues.set("articles")


def has_cases(frame: Frame) -> bool:
    """Whether a name that stands in another case than its own is no subject in the language of the text."""
    return bool(frame.cues.set("speech", "cases"))


def agents_of_passive(frame: Frame, window: Span, text: Span, verb: Span) -> list[Mention] | None:
    """Those who say what somebody "was told": behind "by"; nobody where there is none. None of an active verb."""
    start = max((hit.end() for hit in _PART.finditer(frame.source, window.start, verb.start)), default=window.start)
    words = [w for w in frame.words(start, verb.start) if w not in frame.cues.set("articles")]
    passive = frame.cues.set("speech", "passive")
    is_last = bool(frame.cues.set("verb_last"))
    if not passive.intersection(words if is_last else words[-1:]) or not _is_participle(frame, verb):
        return None
    if is_last:
        start = max(start, *(hit.end() for hit in frame.hits(("speech", "passive"), start, verb.start)))
    start, end = (start, verb.start) if is_last else (verb.end, min(verb.end + _AGENT, window.end))
    if not is_last and text.start >= verb.end:
        end = min(end, text.start)
    by = next(iter(frame.cues.pattern("speech", "by").finditer(frame.source, start, end)), None)
    return items_after(frame, AGENTS, by.end(), end) if by is not None else []


def _is_participle(frame: Frame, verb: Span) -> bool:
    """Whether a verb of speech has the ending of its passive, and is not quoted: "was quoted as saying"."""
    endings = tuple(frame.cues.set("speech", "passive_endings"))
    following = frame.words(verb.end, verb.end + _SHORTEST)[:1]
    last = frame.words(*verb)[-1:]
    is_one = bool(endings) and any(word.endswith(endings) for word in last)
    return is_one and is_verb_of_speech(frame, verb) and not frame.cues.set("role", "as").intersection(following)


# ---- asides


def _aside_before(frame: Frame, start: int, at: int) -> int | None:
    """The comma before an aside that ends right before an offset: "Ada Poe, who succeeded Bo Roe, said"."""
    commas = [hit.start() for hit in _COMMA.finditer(frame.source, start, at)]
    if len(commas) < 2:
        return None
    last = commas[-1]
    rest = [word for word in frame.words(last + 1, at) if word not in frame.cues.set("auxiliaries")]
    if len(rest) > _MOST_WORDS or frame.cues.set("and").intersection(rest) or frame.mentions(AGENTS, last, at):
        return None
    for comma in reversed(commas[:-1]):
        is_led = bool(frame.mentions(AGENTS, start, comma)) or _is_unknown(frame, start, comma)
        if _opens_aside(frame, comma + 1, last) and (is_led or _opens_clause(frame, comma + 1, last)):
            return comma
    return None


def _opens_aside(frame: Frame, start: int, end: int) -> bool:
    """Whether a relative clause, a participle, or a comparison begins at an offset and goes on to another one."""
    words = frame.words(start, end)
    lead = [word for word in words if word not in frame.cues.set("prepositions")][:1]
    clauses = frame.cues.set("relative_pronouns") | frame.cues.set("speech", "clauses")
    if clauses.intersection(lead):
        return _opens_clause(frame, start, end)
    beside = frame.cues.set("speech", "beside")
    if any(" ".join(words[:k]) in beside for k in range(1, _LEAD + 1)):
        return True
    endings = tuple(frame.cues.set("speech", "participles"))
    return bool(endings) and any(len(w) >= _SHORTEST - 2 and w.endswith(endings) for w in words[:1])


def _opens_clause(frame: Frame, start: int, end: int) -> bool:
    """Whether a relative clause goes from one offset to another: no description, which an article may open too."""
    lead = [word for word in frame.words(start, end) if word not in frame.cues.set("prepositions")][:1]
    if not (frame.cues.set("relative_pronouns") | frame.cues.set("speech", "clauses")).intersection(lead):
        return False
    is_article = bool(frame.cues.set("articles").intersection(lead))
    return not is_article or not any(m.end == end for m in frame.mentions(AGENTS, start, end))


def _antecedents(frame: Frame, start: int, at: int) -> list[Mention]:
    """Whom a relative pronoun right before a verb means behind a participle: "von Ada Pohl gelobt, die sagte"."""
    comma = frame.source.rfind(",", start, at)
    pronouns = frame.cues.set("relative", "behind_verb")
    words = frame.words(comma + 1, at) if comma >= 0 else []
    if not words or not pronouns.issuperset(words):
        return []
    return frame.mentions(AGENTS, start, comma)[-1:]


# ---- objects


def _verb_of_object(frame: Frame, actors: Sequence[Mention], start: int, at: int) -> int | None:
    """Where another verb stands whose object those are who were taken for the subject of the one at an offset."""
    low, high = min(m.start for m in actors), max(m.end for m in actors)
    gap = [word for word in frame.words(high, at) if word not in frame.cues.set("auxiliaries")]
    clause = gap[len(gap) - gap[::-1].index(",") :] if "," in gap else gap
    relatives = frame.cues.set("relative_pronouns") | frame.cues.set("speech", "clauses")
    if relatives.intersection(clause[:1]) or frame.cues.set("role", "as").intersection(clause[-1:]):
        return None
    parting = frame.cues.set("and") | frame.cues.set("but") | {",", ";"}
    if not gap or (parting.isdisjoint(gap) and not _is_gerund(frame, at)):
        return None
    begin = max((hit.end() for hit in _MARKS.finditer(frame.source, start, low)), default=start)
    for word in _WORD.finditer(frame.source, begin, low):
        at_verb = word.start()
        is_led = bool(frame.mentions(AGENTS, start, at_verb)) or _is_unknown(frame, start, at_verb)
        if _is_verb(frame, Span(*word.span())) and is_led:
            return at_verb
    return None


def _is_gerund(frame: Frame, at: int) -> bool:
    endings = tuple(frame.cues.set("speech", "gerunds"))
    words = frame.words(at, at + 40)[:1]
    return bool(endings) and any(word.endswith(endings) for word in words)


def _is_verb(frame: Frame, word: Span) -> bool:
    """Whether a word can be a verb with an object behind it: one of a list, of speech, or with the ending of one."""
    text = frame.source[slice(*word)]
    if not text[0].islower() or len(text) < _SHORT or text in frame.cues.set("prepositions"):
        return False
    if text in frame.cues.set("breakers") or text in frame.cues.set("speech", "verbs"):
        return text not in frame.cues.set("speech", "that")
    endings = tuple(frame.cues.set("speech", "verb_endings"))
    known = bool(frame.cues.set("speech", "stems")) and is_verb_of_speech(frame, word)
    return bool(endings) and text.endswith(endings) and (known or not frame.cues.set("speech", "only_known"))
