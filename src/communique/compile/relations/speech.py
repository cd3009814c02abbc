"""Who said what: the verb next to the words that are reported, and the speaker whom it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from communique.compile.nodes import RecordFact, RecordNode
from communique.compile.relations.attributed import attributed
from communique.compile.relations.frame import AGENTS, Found, Frame, around
from communique.compile.relations.goingon import speaker_of_aside, speaker_of_continuation
from communique.compile.relations.lists import actors_before, is_owner, items_after, joint_of
from communique.compile.relations.subject import (
    agents_of_passive,
    has_cases,
    may_follow,
    subjects_before,
)
from communique.compile.relations.titles import titles_of_address
from communique.compile.relations.verbs import can_report, is_verb_of_speech
from communique.text.mentions import Mention
from communique.text.passages import Span
from communique.text.tokens import source_of

_VERB_BEFORE: Final = 90  # most characters between a verb and the text after it
_VERB_AFTER: Final = 160  # most characters between a text and the verb after it
_NAME_AFTER: Final = 60  # most characters between a verb and the speaker after it
_DESCRIPTION: Final = 90  # most characters of a description before a name
_STOP: Final = re.compile(r"[,;:!?\"“”„«»()]")
_NEXT_SENTENCE: Final = re.compile(r"(?:\.\s?|(?<=\.))[\"”“»]\s+(?=[^\W\d_a-zа-яёäöüßéèà])")
_OPENING: Final = '"“„«‹'
_CLOSING: Final = '"”“»›'
_COLON: Final = re.compile(r"\s?[:—–-]\s?[\"“„«‹'‘—–-]?\s?$")


class Utterance(NamedTuple):
    """Words that are reported, and the sentences around them; ``verb`` is the verb beside them, if one was found."""

    text: Span
    window: Span
    verb: Span | None


def find_speaker(frame: Frame, fact: RecordFact, within: Sequence[Span] = ()) -> Found | None:
    """Words by which a text says who said a statement; if given, the statement stands in stretches ``within``."""
    for utterance in utterances(frame, fact.node, within):
        frame.work.spend(5)
        speakers, cue = _speakers(frame, utterance, has_verb="reportingVerb" in fact.node.facts)
        if not speakers and utterance.verb is None:
            speakers, cue = _continued(frame, fact.node, utterance) or ([], None)
        speaker = next((m for m in speakers if m.node == fact.object.value), None)
        if speaker is not None:
            beside = (utterance.verb, cue) if utterance.verb or cue else (utterance.text,)
            return Found(around(speaker, *beside), "speaker", None, speaker, cue)
    return None


def find_verb(frame: Frame, fact: RecordFact, within: Sequence[Span] = ()) -> Found | None:
    """The reporting verb beside the words of a statement."""
    for utterance in utterances(frame, fact.node, within):
        verb = utterance.verb
        if verb is not None and not _is_cut(frame, verb) and _is_speech(frame, utterance):
            return Found(verb, "verb", cue=verb)
        continued = _continued(frame, fact.node, utterance) if verb is None else None
        if continued is not None:
            return Found(continued[1], "verb", cue=continued[1])
    return None


def _continued(frame: Frame, node: RecordNode, utterance: Utterance) -> tuple[list[Mention], Span] | None:
    """The speakers and the verb of the quotation that another one goes on with, if that is the verb of the statement.

    "The dam is done," said Jo Sample. "It is safe."
    """
    before = _of_quotation_before(frame, utterance.text, utterance.window)
    if before is None:
        return None
    window = frame.sentence(before[1].start)
    verbs = [f.object.value for f in node.facts.get("reportingVerb", ())]
    places = [place for verb in verbs for place in _places(frame, verb, *window)]
    cue = before[1]
    is_same = any(place.start <= cue.start and cue.end <= place.end for place in places)
    return before if is_same or any(place.end == cue.end for place in places) else None


def _is_speech(frame: Frame, utterance: Utterance) -> bool:
    """Whether the verb of an utterance reports its words, or, without words, is one of speech or of taking sides."""
    if utterance.verb is None or utterance.verb != utterance.text:
        return utterance.verb is None or can_report(frame, utterance.verb, utterance.text)
    return not frame.cues.set("speech", "stems") or is_verb_of_speech(frame, utterance.verb)


def _is_cut(frame: Frame, verb: Span) -> bool:
    """Whether the word after a verb turns its meaning: "voted" is not all of "voted against"."""
    following = frame.words(verb.end, min(verb.end + 20, frame.sentence(verb.start).end))[:1]
    return bool(frame.cues.set("speech", "turning").intersection(following))


def utterances(frame: Frame, node: RecordNode, within: Sequence[Span] = ()) -> Iterator[Utterance]:
    """Every place where the words of a statement stand; without a text, where its verb stands in what is quoted."""
    verbs = [f.object.value for f in node.facts.get("reportingVerb", ())]
    texts = frame.texts(node)
    limits = list(within) or list(frame.quotes.get(node.iri.value, ()))
    for mention in texts:
        if limits and not any(start < mention.end and mention.start < end for start, end in limits):
            continue
        window = frame.window(mention.start, mention.end)
        found = None
        for verb in verbs:
            found = _verb_beside(frame, mention, window, verb) or found
        yield Utterance(mention, window, found)
    if not texts:
        yield from _without_text(frame, limits, verbs)


def _without_text(frame: Frame, limits: Sequence[Span], verbs: Sequence[str]) -> Iterator[Utterance]:
    for start, end in limits:
        window = frame.window(start, end)
        for verb in verbs:
            for hit in _places(frame, verb, start, end):
                yield Utterance(hit, window, hit)


def _places(frame: Frame, words: str, start: int, end: int) -> list[Span]:
    """Where words stand whole between two offsets, in any case; spaces may be of any kind."""
    frame.work.spend(1 + (end - start) // 200)
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())), re.IGNORECASE)
    spans = (Span(*hit.span()) for hit in pattern.finditer(frame.source, start, end))
    return [span for span in spans if source_of(frame.source).exact.is_whole(span)]


# ---- the verb


def _verb_beside(frame: Frame, text: Span, window: Span, verb: str) -> Span | None:
    """The place of a verb next to a text: before it, as its first words, or after it."""
    first = _places(frame, verb, text.start, min(text.start + len(verb) + 1, text.end))
    if first and first[0].start == text.start:
        return first[0]
    before = _places(frame, verb, window.start, text.start)
    if before and _is_beside(frame, before[-1].end, text.start, _VERB_BEFORE):
        return before[-1]
    after = _places(frame, verb, text.end, window.end)
    if after and _is_attribution(frame, text, window, after[0].start):
        return after[0]
    within = _places(frame, verb, *text)
    return within[0] if len(within) == 1 and within[0].start - text.start <= _NAME_AFTER else None


def _is_attribution(frame: Frame, text: Span, window: Span, verb: int) -> bool:
    """Whether a verb after a text introduces it, and is not a second verb of the same speaker: "said … and added"."""
    if not _is_beside(frame, text.end, verb, _VERB_AFTER) or _NEXT_SENTENCE.match(frame.source, text.end - 1):
        return False
    if frame.cues.set("and").intersection(frame.words(text.end, verb)[:2]):
        return False
    before = [
        hit.end() for hit in frame.cues.pattern("speech", "verbs").finditer(frame.source, window.start, text.start)
    ]
    return not (before and _is_beside(frame, before[-1], text.start, _VERB_BEFORE))


def _is_beside(frame: Frame, start: int, end: int, most: int) -> bool:
    """Whether no other verb of speech, and not too much, stands between a verb and a text; other texts do not count."""
    length = 0
    for a, z in _outside_texts(frame, start, end):
        length += z - a
        if length > most or frame.has(("speech", "verbs"), a, z):
            return False
    return True


def _outside_texts(frame: Frame, start: int, end: int) -> Iterator[Span]:
    """The stretches between two offsets that are no text of a statement."""
    for mention in frame.mentions({"said"}, start, end):
        if mention.how == "text" and mention.start >= start:
            yield Span(start, mention.start)
            start = mention.end
    yield Span(start, end)


# ---- the speaker


def _speakers(frame: Frame, utterance: Utterance, *, has_verb: bool) -> tuple[list[Mention], Span | None]:
    """Those whom the words around an utterance name as its speakers, and the cue if it is not the verb."""
    text, window, verb = utterance
    by_cue = speaker_of_continuation(frame, window) or _after_cue(frame, text, window)
    if by_cue is not None:
        return by_cue
    if verb is None:
        return _without_verb(frame, text, window, has_verb=has_verb)
    aside = speaker_of_aside(frame, verb, window) if not text.start <= verb.start < text.end else None
    if aside is not None:
        return aside, None
    passive = frame.cues.pattern("speech", "by").match(frame.source, _skip_space(frame.source, verb.end), window.end)
    if passive is not None:
        return items_after(frame, AGENTS, passive.end(), window.end), Span(*passive.span())
    by_passive = agents_of_passive(frame, window, text, verb)
    if by_passive is not None:
        return by_passive, None
    if verb.start >= text.end:
        return _after_text(frame, text, window, verb), None
    actors = _actors_outside(frame, window.start, verb.start)
    may_stand_behind = not actors and may_follow(frame, window.start, verb)
    return (_name_after(frame, verb.end, text.start) if may_stand_behind else actors), None


def _after_text(frame: Frame, text: Span, window: Span, verb: Span) -> list[Mention]:
    """The speakers of a verb after its text: in or after it, between both, else before a text it follows."""
    inverted = frame.mentions(AGENTS, *verb)  # "a-t-il estimé"
    speakers = (
        inverted
        or (_name_after(frame, verb.end, window.end) if may_follow(frame, text.end, verb) else [])
        or subjects_before(frame, text.end, verb.start)
    )
    if speakers or set(frame.words(text.end, verb.start)) - set("\"”»’',–—-"):
        return speakers
    return _actors_outside(frame, window.start, text.start)


def _after_cue(frame: Frame, text: Span, window: Span) -> tuple[list[Mention], Span] | None:
    """Those after "according to" and the like, before or after the text of a sentence."""
    by_pronoun = attributed(frame, text, window)
    if by_pronoun is not None:
        return by_pronoun
    for start, end in ((window.start, text.start), (text.end, window.end)):
        hit = next(frame.hits(("speech", "before"), start, end), None)
        if hit is not None and set(frame.words(start, hit.start())) <= set('»”’"'):
            return _led_to(frame, hit.end(), end), Span(*hit.span())
        if hit is not None and start == text.end and set(frame.words(start, hit.start())) <= set(',;”"»“'):
            return _led_to(frame, hit.end(), end), Span(*hit.span())
    own = next(frame.hits(("speech", "own"), *window), None)
    if own is not None:
        return _sole(frame, window), Span(*own.span())
    hit = next(frame.hits(("speech", "after"), window.start, text.start), None)
    if hit is not None:
        return actors_before(frame, AGENTS, window.start, hit.start()), Span(*hit.span())
    return None


def _without_verb(frame: Frame, text: Span, window: Span, *, has_verb: bool) -> tuple[list[Mention], Span | None]:
    """Those who speak by a verb of the language or before a colon: "Jo Sample: the dam is safe"."""
    if has_verb:
        return [], None
    inside = _by_cue_inside(frame, text)
    if inside is not None:
        return inside
    continued = _of_quotation_before(frame, text, window)
    if continued is not None:
        return continued
    colon = _COLON.search(frame.source, max(window.start, text.start - 5), text.start)
    if colon is not None:
        actors = _actors_outside(frame, window.start, colon.start())
        if actors:
            return actors, Span(*colon.span())
    for hit in frame.cues.pattern("speech", "verbs").finditer(frame.source, *window):
        verb = Span(*hit.span())
        before = verb.end <= text.start and _is_beside(frame, verb.end, text.start, _VERB_BEFORE)
        after = verb.start >= text.end and _is_attribution(frame, text, window, verb.start)
        if before or after:
            return _speakers(frame, Utterance(text, window, verb), has_verb=True)[0], verb
    return [], None


def _sole(frame: Frame, window: Span) -> list[Mention]:
    """The only one who is named in a sentence: "by its own account" is by theirs."""
    named = [m for m in frame.mentions(AGENTS, *window) if m.how != "pronoun"]
    return named[:1] if len({m.node for m in named}) == 1 else []


def _by_cue_inside(frame: Frame, text: Span) -> tuple[list[Mention], Span] | None:
    """Those whom a cue inside a text leads to, if it is the only one: "The cost is, according to Works, 5 euros"."""
    many = frame.cues.pattern("speech", "before").finditer(frame.source, *text)
    weak = frame.cues.set("prepositions") | frame.cues.set("speech", "verbs")
    cues = [Span(*hit.span()) for hit in many if hit.group().lower() not in weak]
    return (_led_to(frame, cues[0].end, text.end), cues[0]) if len(cues) == 1 else None


def _of_quotation_before(frame: Frame, text: Span, window: Span) -> tuple[list[Mention], Span] | None:
    """The speakers of a quotation that goes on after "…," said Jo Sample: of the one before it, with the verb."""
    number = frame.reading.sentences.at(text.start)
    if number - 1 not in frame.reading.sentences.paragraph(number) or not _is_marked(frame, text, window):
        return None
    last = frame.sentences[number - 1]
    marks = [k for k in range(last.start, last.end) if frame.source[k] in _CLOSING]
    if not marks or frame.source[last.start : last.start + 1] not in _OPENING:
        return None
    said = frame.cues.pattern("speech", "verbs").search(frame.source, marks[-1], last.end)
    if said is None:
        return None
    verb = Span(*said.span())
    speakers = _after_text(frame, Span(last.start, marks[-1] + 1), last, verb)
    return (speakers, verb) if speakers else None


def _is_marked(frame: Frame, text: Span, window: Span) -> bool:
    """Whether a text stands between quotation marks and nothing else is in its sentences."""
    end = anew.end() if (anew := _NEXT_SENTENCE.match(frame.source, text.end - 1)) is not None else window.end
    outside = frame.words(window.start, text.start) + frame.words(text.end, end)
    before = frame.source[max(window.start, text.start - 2) : text.start]
    return any(mark in before for mark in _OPENING) and set(outside) <= {*_OPENING, *_CLOSING, ".", ",", "!", "?"}


def _led_to(frame: Frame, start: int, end: int) -> list[Mention]:
    """Those whom a cue leads to; a person right behind an organisation: "according to Sample Works director Jo"."""
    described = _behind_description(frame, start, end)
    if described:
        return described
    stop = _clause_end(frame, start, end)
    mentions = frame.mentions(AGENTS, start, stop)
    person = next((m for m in mentions if frame.group(m.node) == "person"), None)
    if person is None or person is mentions[0] or frame.has(("and",), mentions[0].end, person.start):
        return items_after(frame, AGENTS, start, end)
    return [m for m in mentions if m[:2] == person[:2]]


def _clause_end(frame: Frame, start: int, end: int) -> int:
    """Where a clause ends: at the first mark that is none of a name in quotation marks, else at ``end``."""
    named = frame.mentions(AGENTS | {"work", "project"}, start, end)
    marked = {k for m in named for k in range(m.start - 1, m.end + 1)}
    marks = (hit.start() for hit in _STOP.finditer(frame.source, start, end))
    return next((k for k in marks if k not in marked or frame.source[k] not in _OPENING + _CLOSING), end)


def _actors_outside(frame: Frame, start: int, verb: int) -> list[Mention]:
    """Those who act before a verb, not counting names inside the texts of other statements."""
    stretches = [span for span in _outside_texts(frame, start, verb) if span.end > span.start]
    if len(stretches) < 2:
        return subjects_before(frame, start, verb)
    for a, z in reversed(stretches):
        actors = subjects_before(frame, a, z)
        if actors:
            return actors
        inner = next(iter(frame.cues.pattern("speech", "verbs").finditer(frame.source, a, z)), None)
        if inner is not None and (found := subjects_before(frame, a, inner.start())):
            return found
    return []


def _name_after(frame: Frame, start: int, end: int) -> list[Mention]:
    """The speaker directly after a verb: "said Jo Sample", with nothing but a title between."""
    stop = _clause_end(frame, start, end)
    described = _behind_description(frame, start, end)
    if described:
        return described
    cases = has_cases(frame)
    mentions = [m for m in frame.mentions(AGENTS, start, end) if not (cases and m.how == "inflected")]
    if not mentions or mentions[0].start - start > _NAME_AFTER or stop < mentions[0].start:
        return []
    if is_owner(frame, mentions[0], end) and not any(m.end <= stop for m in mentions[1:]):
        return []
    people = [m for m in mentions if frame.group(m.node) == "person" and m.end <= stop]
    if people and frame.ends_with(("prepositions",), start, people[0].start):
        return []  # "they said to Jo Sample"
    if people:
        places = {(m.start, m.end) for m in _with_second(frame, people, stop)}
        return [m for m in mentions if (m.start, m.end) in places]
    return items_after(frame, AGENTS, start, end)


def _with_second(frame: Frame, people: Sequence[Mention], stop: int) -> list[Mention]:
    """The first of some people, and one whom "and" joins to the first if the clause ends there: "said Jo and Eva"."""
    first = people[0]
    second = next((m for m in people if m.start >= first.end), None)
    if second is None or joint_of(frame, first.end, second.start) != "and":
        return [first]
    goes_on = any(word[0].isalnum() for word in frame.words(second.end, stop))
    return [first] if goes_on else [first, second]


def _behind_description(frame: Frame, start: int, end: int) -> list[Mention]:
    """The person whom a description with a comma introduces: "said the trust's founder and chair, Lady Jo Sample."

    The description has a word that is no name and no time, and nothing goes on behind the person.
    """
    people = frame.mentions({"person"}, start, end)
    comma = _clause_end(frame, start, end)
    if not people or not comma < people[0].start or comma - start > _DESCRIPTION or frame.source[comma] != ",":
        return []
    person = people[0]
    following = frame.words(person.end, min(person.end + _DESCRIPTION, end))[:1]
    address = titles_of_address(frame.reading.language) | frame.cues.set("articles") | {"."}
    if set(frame.words(comma + 1, person.start)) - address or any(word[0].isalnum() for word in following):
        return []
    if frame.has(("speech", "verbs"), start, comma) or frame.has(("not_today",), start, comma):
        return []
    at, words = start, set[str]()
    names = [Span(m.start, m.end) for m in frame.mentions(AGENTS | {"place"}, start, comma)]
    for name in [*names, Span(comma, comma)]:
        words |= {word for word in frame.words(at, name.start) if word[0].isalnum()}
        at = max(at, name.end)
    empty = [("articles",), ("prepositions",), ("auxiliaries",), ("and",), ("role", "possessive")]
    return [person] if words - frozenset[str]().union(*(frame.cues.set(*path) for path in empty)) else []


def _skip_space(source: str, at: int) -> int:
    while at < len(source) and source[at] in " \t\xa0":
        at += 1
    return at
