"""Who does what an event is named by: "the Court [rejected their action]", "Der Rat hat [den Bau beschlossen]"."""

from __future__ import annotations

import re
from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.frame import AGENTS, Found, Frame, around
from communique.compile.relations.lists import actors_before, items_after
from communique.compile.verbnames import is_verb
from communique.text.mentions import Mention
from communique.text.passages import Span

DOERS: Final = frozenset({"organizer", "performer", "agent"})
"""Keys of an event for the one who does what its name says."""
_SIDES: Final = ("agent", "organizer", "performer", "recipient")
_NAMES: Final = frozenset({"name", "reference", "inflected", "quote"})
_WORD: Final = re.compile(r"[^\W\d_]+")
_CLOSING: Final = frozenset('»“”"’')
_ADVERBIALS: Final = 90  # most characters between an auxiliary and the clause that it belongs to, in German


def find_doer(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """The one who stands right before an event's name that begins, or in German ends, with a verb."""
    node, value = fact.node.iri.value, fact.object.value
    for name in frame.of(node, *window, value)[:20]:
        frame.work.spend(3)
        if name.how not in _NAMES:
            continue
        actors = actors_before(frame, frame.rivals(value), window.start, name.start)
        actor = next((m for m in actors if m.node == value), None)
        cue = Span(name.start, name.start + 1)
        if actor is not None and (
            (_is_clause(frame, name) and _acts(frame, actors, name)) or _intend(frame, actors, name)
        ):
            return Found(around(actor, name), "doer of what the name says", name, actor, cue)
        actor = next((m for m in _of_verb(frame, actors, value, name, window) if m.node == value), None)
        if actor is not None:
            return Found(around(actor, name), "doer of the verb", name, actor, cue)
        behind = _behind_second(frame, value, name, window) or _behind_by(frame, value, name, window)
        actor = next((m for m in behind if m.node == value), None)
        if actor is not None:
            return Found(around(actor, name), "doer behind the verb", name, actor, cue)
    return None


def _behind_second(frame: Frame, value: str, name: Mention, window: Span) -> list[Mention]:
    """Those behind a verb in second place that begins an event's name: "Im Mai [eröffnete] das Werk ein Labor".

    Something adverbial opens the sentence, and nothing but an article of a subject stands between.
    """
    articles, first = frame.cues.set("verb_second", "articles"), _WORD.match(frame.source, name.start)
    if not articles or first is None or frame.mentions(AGENTS, window.start, name.start):
        return []
    verb = Mention(name.start, first.end(), name.node, name.how)
    opening = frame.words(window.start, name.start)
    openings = frame.cues.set("verb_second", "openings") | frame.cues.set("prepositions")
    if not openings.intersection(opening[:1]) or "," in opening or not is_verb(frame.cues, frame.source, verb):
        return []
    inside = [m for m in frame.reading.mentions.within(verb.end, name.end) if frame.group(m.node) in AGENTS]
    items = inside[:1] or items_after(frame, frame.rivals(value), verb.end, window.end)
    return items if items and set(frame.words(verb.end, items[0].start)) <= articles else []


def _behind_by(frame: Frame, value: str, name: Mention, window: Span) -> list[Mention]:
    """Those behind "by" where an event is named by a participle: "was [received] by Jo", "wurde von Jo [begrüßt]"."""
    passive, words = frame.cues.set("passive"), frame.words(window.start, name.start)
    is_last = bool(frame.cues.set("verb_last"))
    is_one = _WORD.fullmatch(frame.source, name.start, name.end) is not None and frame.source[name.start].islower()
    if not is_one or not passive.intersection(words if is_last else words[-1:]):
        return []
    start, end = (window.start, name.start) if is_last else (name.end, min(name.end + _ADVERBIALS, window.end))
    if is_last:
        start = max(hit.end() for hit in _WORD.finditer(frame.source, start, end) if hit[0].lower() in passive)
    for by in frame.cues.pattern("speech", "by").finditer(frame.source, start, end):
        between = frame.words(start, by.start())
        if not {",", ";"}.isdisjoint(between) or frame.mentions(AGENTS, start, by.start()):
            return []
        items = items_after(frame, frame.rivals(value), by.end(), end if is_last else window.end)
        if items and "," not in frame.words(by.end(), items[0].start):
            return items
    return []


def _of_verb(frame: Frame, actors: list[Mention], value: str, name: Mention, window: Span) -> list[Mention]:
    """The subjects of an event's name that is one verb: before it if an object follows, or behind it in the plural.

    "The Works [opened] a mill", «Завод [открыли] Анна Лугова и Олег Снетков»: whatever stands before a verb in the
    plural and is only one is no subject of it.
    """
    if not is_verb(frame.cues, frame.source, name):
        return []
    behind = subjects_behind(frame, frame.group(value), Span(name.start, name.end), window)
    if behind or not actors:
        return behind
    is_one_of_many = _is_plural(frame, Span(name.start, name.end)) and len({m.node for m in actors}) == 1
    return actors if not is_one_of_many and _acts(frame, actors, name) and _has_object(frame, name, window) else []


def _is_plural(frame: Frame, verb: Span) -> bool:
    """Whether a verb is in the plural, in a language whose table says by which endings that is seen."""
    endings = tuple(frame.cues.set("acts", "plural"))
    return bool(endings) and frame.source[slice(*verb)].lower().endswith(endings)


def subjects_behind(frame: Frame, group: str, verb: Span, window: Span) -> list[Mention]:
    """Several people, or others, behind a verb in the plural, where an object may come first: «Завод открыли A и B»."""
    if not (frame.cues.set("object_first") and _is_plural(frame, verb)):
        return []
    behind = items_after(frame, {"person"} if group == "person" else AGENTS, verb.end, window.end)
    several = len({m.node for m in behind}) > 1 and all(m.how != "inflected" for m in behind)
    return behind if several else []


def _has_object(frame: Frame, name: Mention, window: Span) -> bool:
    """Whether a verb has an object: an article or "its" follows, or without articles any word but a small one."""
    following = frame.words(name.end, window.end)[:1]
    if not following or not following[0].isalnum():
        return False
    small = frame.cues.set("prepositions") | frame.cues.set("auxiliaries") | frame.cues.set("and")
    if frame.cues.set("acts", "plural"):
        return following[0] not in small
    return following[0] in frame.cues.set("articles") | frame.cues.set("role", "its") or following[0].isdigit()


def _is_clause(frame: Frame, name: Mention) -> bool:
    """Whether the name of an event is a verb with its object, and not a noun: by its first word, in German its last."""
    words: list[str] = _WORD.findall(frame.source[name.start : name.end])
    if len(words) < 2 or not words[0][0].islower():
        return False
    if frame.cues.set("verb_last"):
        return words[-1][0].islower()
    endings = tuple(frame.cues.set("acts", "endings"))
    return words[0] in frame.cues.set("acts", "verbs") or bool(endings and words[0].endswith(endings))


def _intend(frame: Frame, actors: list[Mention], name: Mention) -> bool:
    """Whether some actors are right before a name said to intend it: "plans to [build a museum]"."""
    if frame.cues.set("verb_last") or not frame.source[name.start].islower():
        return False
    words = [word for word in frame.words(max(m.end for m in actors), name.start) if word not in _CLOSING]
    return " ".join(words) in frame.cues.set("intent") - frame.cues.set("auxiliaries")


def _acts(frame: Frame, actors: list[Mention], name: Mention) -> bool:
    """Whether nothing but auxiliaries stands between some actors and a verb, none of them of the passive."""
    end = max(m.end for m in actors)
    words = [word for word in frame.words(end, name.start) if word != "," and word not in _CLOSING]
    passive = frame.cues.set("passive")
    if passive.intersection((*words, *frame.words(name.start, name.end)[:1])):
        return False
    auxiliaries = frame.cues.set("auxiliaries") | frame.cues.set("acts", "modals")
    if _is_relative(frame, actors[-1], name):
        words = words[1:]
    if frame.cues.set("verb_last"):
        return bool(words) and words[0] in auxiliaries and name.start - end <= _ADVERBIALS
    return set(words) <= auxiliaries


def _is_relative(frame: Frame, actor: Mention, name: Mention) -> bool:
    """Whether a relative clause that a name begins is said of an actor: «Фонд Рек, который [учредил премию]».

    Not of one that another noun may have with it: behind a preposition or in another case.
    """
    gap = frame.words(actor.end, name.start)
    if frame.cues.set("verb_last") or gap[:1] != [","] or actor.how == "inflected":
        return False
    start = frame.sentence(actor.start).start
    before = [word for word in frame.words(start, actor.start) if word not in frame.cues.set("articles")]
    is_led = before[-1:] and before[-1] in frame.cues.set("prepositions")
    pronouns = frame.cues.set("relative_pronouns") | frame.cues.set("heading", "relative")
    return not is_led and len(gap) > 1 and gap[1] in pronouns


def find_object(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """What is done to something, right behind the verb that names an event: "[handed] the mayor the plan".

    Nothing but articles, and others whom the record has in the event, stand between.
    """
    node, value = fact.node.iri.value, fact.object.value
    others = {f.object.value for key in _SIDES for f in fact.node.facts.get(key, ())}
    small = frame.cues.set("articles") | frame.cues.set("prepositions")
    for name in frame.of(node, *window, value)[:20]:
        frame.work.spend(3)
        first = _WORD.match(frame.source, name.start)
        if first is None or not is_verb(frame.cues, frame.source, Mention(name.start, first.end(), node, name.how)):
            continue
        at = name.end
        for one in frame.reading.mentions.within(name.start, window.end):
            is_next = one.end > at and set(frame.words(at, max(at, one.start))) <= small
            if one.node == value and one.start >= name.end:
                if set(frame.words(at, one.start)) <= frame.cues.set("articles"):
                    return Found(around(name, one), "object of the verb", name, one, Span(name.start, first.end()))
                break
            at = one.end if is_next and one.node in others else at
    return None


def is_doer(frame: Frame, fact: RecordFact, found: Found) -> bool:
    """Whether the value of a fact does what the name of an event says: "übernahm [Deich] die Wehr GmbH"."""
    window = frame.sentence(found.span.start)
    doer = find_doer(frame, fact, window)
    return doer is not None and doer.value is not None and doer.value.node == fact.object.value
