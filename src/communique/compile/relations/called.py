"""Who is called by the noun of a key: "The sponsor of the fair is Works", "Works is the sponsor of the fair"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from communique.compile.nodes import RecordFact
from communique.compile.relations.denial import is_denied
from communique.compile.relations.frame import AGENTS, Found, Frame, around, local
from communique.compile.relations.lists import items_after, list_to
from communique.text.mentions import Mention
from communique.text.passages import Span

_OWNERS: Final = AGENTS | {"event", "project", "work", "place", "topic", ""}
"""Groups of what can have a sponsor, an owner and the like."""
_DASHES: Final = frozenset("–—-:")
_OPENING: Final = frozenset(",(–—-")
_CLOSING: Final = frozenset('»“”"’')
_QUOTES: Final = frozenset('«»„“”"’‘')
_PAIR: Final = 2
_MOST: Final = 5  # words from a name to the noun by which it is called: "is since May the main"


class Called(NamedTuple):
    """A noun, those who are called by it, and what they are the sponsor, owner and the like of."""

    noun: Span
    who: list[Mention]
    owner: Mention


def find_called(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """Words of a window that call the value of a fact by the noun of its key, and say that it is that of its node."""
    for one in _called_in(frame, local(fact.key), window):
        value = next((m for m in one.who if m.node == fact.object.value), None)
        if value is not None and one.owner.node == fact.node.iri.value:
            return Found(around(value, one.noun, one.owner), "called by a noun", one.owner, value, one.noun)
    return None


def is_called_otherwise(frame: Frame, fact: RecordFact, window: Span, cue: Span) -> bool:
    """Whether a cue is a noun by which words call somebody else, or of something else, than a fact says."""
    ends = fact.node.iri.value, fact.object.value
    hits = [one for one in _called_in(frame, local(fact.key), window) if _overlap(one.noun, cue)]
    return bool(hits) and not any(one.owner.node == ends[0] and ends[1] in {m.node for m in one.who} for one in hits)


def is_genitive(frame: Frame, key: str, cue: Span, value: Mention) -> bool:
    """Whether an article between a noun and a name says whose it is, in German: "Sponsor der Works"."""
    articles = frame.cues.set("predicate", "genitive")
    words = frame.words(cue.end, value.start)
    is_noun = bool(frame.words(*cue)) and frame.words(*cue)[-1] in frame.cues.set("nouns", local(key))
    return is_noun and bool(words) and set(words) <= articles


def is_noun_of(frame: Frame, key: str, cue: Span) -> bool:
    """Whether a cue is the noun of a key and "of" stands right behind it, as behind no verb: "the sponsor of"."""
    of = frame.cues.set("predicate", "of")
    is_noun = frame.source[slice(*cue)].lower() in frame.cues.set("nouns", local(key))
    return is_noun and not of.isdisjoint(frame.words(cue.end, frame.sentence(cue.start).end)[:1])


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _called_in(frame: Frame, key: str, window: Span) -> Iterator[Called]:
    """All nouns of a key in a window, each with those whom it calls and with its owner."""
    for hit in frame.cues.pattern("nouns", key).finditer(frame.source, *window):
        noun = Span(*hit.span())
        frame.work.spend(3)
        owner = _owner_behind(frame, noun, window) or _owner_before(frame, noun, window)
        if owner is None or is_denied(frame, noun):
            continue
        who = _named_behind(frame, noun, max(noun.end, owner.end), window) or _named_before(
            frame, min(noun.start, owner.start if owner.end <= noun.start else noun.start), window
        )
        if who:
            yield Called(noun, who, owner)


def _owner_behind(frame: Frame, noun: Span, window: Span) -> Mention | None:
    """What stands behind a noun and its "of": "sponsor of the fair", "Sponsor der Messe", «спонсор ярмарки»."""
    first = next(iter(frame.mentions(_OWNERS, noun.end, window.end)), None)
    if first is None:
        return None
    words = [word for word in frame.words(noun.end, first.start) if word not in _QUOTES]
    if words[:1] and words[0] in frame.cues.set("and"):
        words = words[2:]  # "founder and director of"
    small = frame.cues.set("predicate", "of") | frame.cues.set("articles") | frame.cues.set("predicate", "genitive")
    return first if set(words) <= small and (words or frame.cues.set("predicate", "bare")) else None


def _owner_before(frame: Frame, noun: Span, window: Span) -> Mention | None:
    """What stands before a noun as its possessor: "the fair's main sponsor", «жәрмеңкенің демеушісі»."""
    last = next(reversed(frame.mentions(_OWNERS, window.start, noun.start)), None)
    if last is None:
        return None
    words = [word for word in frame.words(last.end, noun.start) if word not in _QUOTES]
    possessive = frame.cues.set("role", "possessive") | {"'", "’", "s"}
    gap = frame.source[last.end : noun.start]
    is_possessor = gap[:1] in ("'", "’") and len([word for word in words if word not in possessive]) <= 2
    return last if is_possessor or (not words and bool(frame.cues.set("predicate", "behind"))) else None


def _named_behind(frame: Frame, noun: Span, start: int, window: Span) -> list[Mention]:
    """Those behind a form of "be" that stands right behind a noun and its owner."""
    who = items_after(frame, AGENTS, start, window.end)
    words = [word for word in frame.words(start, who[0].start if who else start) if word not in _QUOTES]
    copula = frame.cues.set("predicate", "copula") | _DASHES
    small = copula | frame.cues.set("articles") | frame.cues.set("auxiliaries") | frame.cues.set("predicate", "kinds")
    is_head = set(frame.words(window.start, noun.start)) <= frame.cues.set("articles")
    if who and is_head and _is_apposition(frame, start, words, who[0], window):
        return who[:1]
    if not words or words[0] not in copula or not set(words) <= small:
        return []
    return who[:1] if len(who) == _PAIR and _begins_clause(frame, who[0], who[1], window) else who


def _is_apposition(frame: Frame, start: int, words: list[str], one: Mention, window: Span) -> bool:
    """Whether a person between two commas is whom a noun calls, at the head of a sentence: "The founder of Labs, Jo,".

    Not the second of a list; in a language with a bare genitive nothing stands between: «Основатель «Реки» Анна».
    """
    if frame.group(one.node) != "person" or one.how == "pronoun":
        return False
    following = frame.words(one.end, window.end)
    if words != [","]:
        is_bare = not words and start != one.start and bool(frame.cues.set("predicate", "bare"))
        return is_bare and one.how != "inflected" and following[:1] != [","]
    small = frame.cues.set("and") | frame.cues.set("articles") - frame.cues.set("auxiliaries")
    others = frame.mentions({"person"}, one.end, window.end)[:1]
    is_list = any("," not in frame.words(one.end, m.start)[1:] and set(frame.words(one.end, m.start)) <= small | {","}
                  for m in others)  # fmt: skip
    return following[:1] == [","] and not is_list


def _begins_clause(frame: Frame, one: Mention, other: Mention, window: Span) -> bool:
    """Whether the second of two begins a clause of its own: "is Works, and Labs came too"."""
    following = frame.words(other.end, window.end)[:1]
    small = frame.cues.set("prepositions") | frame.cues.set("and")
    return "," in frame.words(one.end, other.start) and any(w.isalpha() and w not in small for w in following)


def _named_before(frame: Frame, end: int, window: Span) -> list[Mention]:
    """Those before a form of "be", a comma or a dash that lead to a noun with its adjectives."""
    every = frame.mentions(AGENTS, window.start, end)
    if not every:
        return []
    words = [word for word in frame.words(every[-1].end, end) if word not in _CLOSING]
    leading = frame.cues.set("predicate", "copula") | _OPENING
    no_adjectives = (
        set(",;:()") | frame.cues.set("and") | frame.cues.set("relative_pronouns") - frame.cues.set("articles")
    )
    no_adjectives |= frame.cues.set("prepositions") - frame.cues.set("articles")
    if not words or words[0] not in leading or not no_adjectives.isdisjoint(words[1:]) or len(words) > _MOST:
        return []
    return [] if frame.has(("breakers",), every[-1].end, end) else list_to(frame, every, every[-1])
