"""Who heads an organisation, by a verb: "Works, headed by Jo Sample", "Jo Sample, who heads Works", "die Jo leitet"."""

from __future__ import annotations

from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.frame import AGENTS, Found, Frame, around
from communique.text.mentions import Mention
from communique.text.passages import Span

_LONGEST_GAP: Final = 60  # characters from the verb to the person, with a title between
_MOST_WORDS: Final = 3  # words of a description before the name that a verb has as its object
_MARKS: Final = frozenset("\"“”„«»’',")


def find_head(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """Words in which a verb of heading has a person as its subject, or as its "by", and an organisation as its object.

    The organisation stands right before the passive or before the relative clause that the verb ends, or right behind
    the verb; nobody else is named between.
    """
    people = frame.of(fact.node.iri.value, *window)
    for kind in ("active", "passive"):
        for hit in frame.cues.pattern("heading", kind).finditer(frame.source, *window):
            verb = Span(*hit.span())
            frame.work.spend(3 + len(people))
            for of in frame.of(fact.object.value, *window, fact.node.iri.value)[:20]:
                head = next((p for p in people if _heads(frame, p, verb, of, is_passive=kind == "passive")), None)
                if head is not None:
                    return Found(around(head, verb, of), "verb of heading", head, of, verb)
    return None


def _heads(frame: Frame, person: Mention, verb: Span, of: Mention, *, is_passive: bool) -> bool:
    first, last = min(person.start, of.start, verb.start), max(person.end, of.end, verb.end)
    others = [m for m in frame.mentions(AGENTS, first, last) if m.node not in (person.node, of.node)]
    if others or _is_broken(frame, first, last):
        return False
    if person.end <= verb.start and verb.end <= of.start:
        return not is_passive and _is_subject(frame, person, verb) and _is_object(frame, verb.end, of.start)
    if of.end <= verb.start and verb.end <= person.start:
        relative = frame.cues.set("heading", "relative")
        is_clause = is_passive or not relative.isdisjoint(frame.words(of.end, verb.start))
        return is_clause and _is_near(frame, of.end, verb.start) and _is_titled(frame, verb.end, person.start)
    if of.end <= person.start and person.end <= verb.start:
        opening = frame.words(of.end, person.start)[:1]
        is_said = is_passive and not frame.cues.set("passive").isdisjoint(opening)  # "das Werk wird von Jo geleitet"
        clause = is_said or _opens_clause(frame, of.end, person.start)
        after = set(frame.words(person.end, verb.start)) <= _small(frame)
        led = not is_passive or frame.has(("speech", "by"), of.end, person.start)
        return clause and after and led and person.start - of.end <= _LONGEST_GAP
    return False


def _is_broken(frame: Frame, start: int, end: int) -> bool:
    """Whether another verb stands between two offsets, other than a relative pronoun among those that part clauses."""
    relative = frame.cues.set("relative_pronouns") | frame.cues.set("heading", "relative")
    hits = frame.cues.pattern("breakers").finditer(frame.source, start, end)
    return any(hit.group().lower() not in relative for hit in hits)


def _small(frame: Frame) -> frozenset[str]:
    return frame.cues.set("auxiliaries") | frame.cues.set("articles") | frame.cues.set("passive") | _MARKS


def _is_subject(frame: Frame, person: Mention, verb: Span) -> bool:
    """Whether a person stands right before a verb, or before the relative pronoun that is its subject."""
    return set(frame.words(person.end, verb.start)) <= _small(frame) | frame.cues.set("relative_pronouns")


def _is_object(frame: Frame, start: int, end: int) -> bool:
    """Whether a verb leads to a name with at most a few words of description, and no preposition."""
    words = [word for word in frame.words(start, end) if word not in frame.cues.set("articles") | _MARKS]
    parting = frame.cues.set("prepositions") | frame.cues.set("and")
    return len(words) <= _MOST_WORDS and all(word.isalpha() for word in words) and parting.isdisjoint(words)


def _is_near(frame: Frame, start: int, end: int) -> bool:
    """Whether nothing but a comma, a relative pronoun and auxiliaries stand between a name and what is said of it."""
    relative = frame.cues.set("relative_pronouns") | frame.cues.set("heading", "relative")
    return set(frame.words(start, end)) <= _small(frame) | relative


def _opens_clause(frame: Frame, start: int, end: int) -> bool:
    """Whether a relative clause begins right behind a name: ", die von …", ", dem … vorsteht", ", which … leads"."""
    words = [word for word in frame.words(start, end) if word not in _MARKS]
    return bool(words) and words[0] in frame.cues.set("relative_pronouns")


def _is_titled(frame: Frame, start: int, end: int) -> bool:
    """Whether a title at most stands between a verb and a person."""
    words = frame.words(start, end)
    parting = (frame.cues.set("prepositions") - frame.cues.set("speech", "by")) | frame.cues.set("and")
    return end - start <= _LONGEST_GAP and all(word.isalpha() for word in words) and parting.isdisjoint(words[1:])
