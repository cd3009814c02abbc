"""Where things are: a place inside a name, directly after it, or after a preposition in the sentence of an event."""

from __future__ import annotations

import itertools
import re
from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.cues import beginning_with
from communique.compile.relations.dateline import datelines_of, is_of_another_day
from communique.compile.relations.frame import AGENTS, Found, Frame, around, local
from communique.compile.relations.lists import actors_before, joint_of
from communique.compile.relations.other import is_part
from communique.compile.relations.placekind import with_kind
from communique.text.dates import dates_of
from communique.text.mentions import Mention
from communique.text.passages import Span
from communique.text.yearparts import dates_and_parts_of

_LONGEST_GAP: Final = 40
_MOST_WORDS: Final = 6
_LONGEST_NAME: Final = 200  # characters of the name of something that stands right before a place
_BRACKET: Final = re.compile(r"\s*[(\[]\s*$")
_COMMA: Final = re.compile(r"\s*,\s*$")
_BASED: Final = re.compile(r"(?:-based|-hosted|['’]s)?\s(?:\w+\s){0,2}$")
_NOUN: Final = re.compile(r"[»”\"]?\s[^\W\d_]+")
_COLON: Final = re.compile(r"\s?:\s")
_ON_STAGE: Final = ("performer", "attendee")  # "brings Jo Sample together with Ada Mock in the hall"
_MADE: Final = frozenset({"project"})
_CLOSING: Final = frozenset('»“”"’')
_PAIR: Final = 2  # a comma and a preposition
_MOST_LED: Final = 4  # words between the comma behind a participle and the name: "the Sampletown charity Works"
_DATELINE: Final = 120


def find_place(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """Words of a window that say where a fact's node is, or where it comes from."""
    value, node = fact.object.value, fact.node.iri.value
    if local(fact.key) == "locationCreated" and frame.group(node) == "release":
        return _of_dateline(frame, value)
    subjects = frame.of(node, *window, value)
    left = [m for m in subjects if _moves(frame, fact, m)]
    if left and all(any(m.start <= p.start < m.end for m in left) for p in frame.of(value, *window, node)):
        return None
    for place in frame.of(value, *window, node):
        frame.work.spend(4)
        inside = next((m for m in subjects if m.start <= place.start and place.end <= m.end), None)
        if inside is not None and is_part(frame, place, inside):
            return Found(around(inside), "inside the name", inside, place)
    if any(_holds_place(frame, m) for m in subjects) and frame.group(node) != "event":
        return _behind_place_in_name(frame, fact, subjects, window)
    for place in (with_kind(frame, one) for one in frame.of(value, *window, node)):
        found = _beside(frame, fact, subjects, place)
        if found is not None and _says_key(frame, fact, found.span):
            return found
        if (apart := _apart(frame, fact, subjects, place)) is not None:
            return apart
    if frame.group(node) in ("event", "said"):
        return _of_event(frame, fact, window, subjects) or _as_subject(frame, fact, window, subjects)
    return None


def _apart(frame: Frame, fact: RecordFact, subjects: list[Mention], place: Mention) -> Found | None:
    """A place that stands apart from a name: behind a participle before it, or as its seat."""
    fronted = next((one for one in subjects if _is_fronted(frame, fact, one, place)), None)
    if fronted is not None and _ends_locative(frame, fact, frame.sentence(place.start).start, place):
        return Found(around(place, fronted), "before the name", fronted, place)
    if _is_seat(frame, fact, subjects, place):
        return Found(around(subjects[0], place), "seat", subjects[0], place)
    return None


def _behind_place_in_name(frame: Frame, fact: RecordFact, subjects: list[Mention], window: Span) -> Found | None:
    """A place that goes on from the one in a name: "the [dam on the Lir], in the Orm valley"; both are its places."""
    peers = {f.object.value for f in fact.node.facts.get(fact.key, ())}
    for subject in subjects:
        inside = frame.reading.mentions.within(subject.start, subject.end)
        held = [m for m in inside if m.end == subject.end and m.node in peers]
        for place in frame.of(fact.object.value, *window, fact.node.iri.value) if held else ():
            if place.start >= subject.end and _goes_on(frame, fact, held[0], place):
                return Found(around(subject, place), "after the name", subject, place)
    return None


def _as_subject(frame: Frame, fact: RecordFact, window: Span, subjects: list[Mention]) -> Found | None:
    """A place of which the name of an event is said: "Mill Lane will be [closed]", "die Gasse wird [gesperrt]"."""
    if local(fact.key) != "location" or frame.group(fact.node.iri.value) != "event":
        return None
    for event in (m for m in subjects if m.how != "pronoun" and frame.source[m.start].islower()):
        places = actors_before(frame, {"place"}, window.start, event.start)
        place = next((m for m in places if m.node == fact.object.value), None)
        if place is None or _is_led(frame, places[0], window):
            continue
        said = [word for word in frame.words(max(m.end for m in places), event.start) if word != ","]
        helpers = frame.cues.set("passive") | frame.cues.set("auxiliaries") | frame.cues.set("modals")
        is_said = bool(said) and said[0] in helpers
        if is_said and (frame.cues.set("verb_last") or set(said) <= helpers):
            return Found(around(place, event), "place of which the event is said", event, place)
    return None


def _is_led(frame: Frame, place: Mention, window: Span) -> bool:
    """Whether a preposition or a noun stands before a place, so that it is no subject: "the plan for Mill Lane"."""
    articles = frame.cues.set("articles")
    before = [word for word in frame.words(window.start, place.start) if word not in articles]
    return bool(before) and before[-1] not in frame.cues.set("and") | set(",;:–—-")


def _moves(frame: Frame, fact: RecordFact, event: Mention) -> bool:
    """Whether an event moves away from the place in its name: "The market on Corn Square [moves to] Castle Green"."""
    if local(fact.key) != "location" or frame.group(fact.node.iri.value) != "event":
        return False
    line = frame.sentence(event.start)
    hit = frame.cues.pattern("place", "moves").search(frame.source, event.end, line.end)
    small = frame.cues.set("auxiliaries") | frame.cues.set("passive") | frame.cues.set("modals")
    return hit is not None and set(frame.words(event.end, hit.start())) <= small


def _holds_place(frame: Frame, mention: Mention) -> bool:
    """Whether a name holds the name of a place."""
    within = frame.reading.mentions.within(mention.start, mention.end)
    return any(frame.group(m.node) == "place" and is_part(frame, m, mention) for m in within)


def _says_key(frame: Frame, fact: RecordFact, span: Span) -> bool:
    """Whether words of a place say what somebody did there: "founded in", "born in"; most keys need none."""
    stems = frame.cues.set("place", local(fact.key))
    if not stems:
        return True
    window = frame.sentence(span.start)
    low, high = max(window.start, span.start - _LONGEST_GAP), min(window.end, span.end + _LONGEST_GAP)
    return beginning_with(stems).search(frame.source, low, high) is not None


# ---- directly beside the name


def _beside(frame: Frame, fact: RecordFact, subjects: list[Mention], place: Mention) -> Found | None:
    for subject in subjects:
        frame.work.spend(1)
        is_outer = _has_ending(frame, subject, "adjective")  # «Тасөткелдегі «Арна»»: the former holds the latter
        if subject.end <= place.start and not is_outer and _follows(frame, fact, subject, place):
            return Found(around(subject, place), "after the name", subject, place)
        if place.end <= subject.start and (
            _precedes(frame, place, subject) or _heads_list(frame, fact, place, subject)
        ):
            return Found(around(place, subject), "before the name", subject, place)
    return None


def _follows(frame: Frame, fact: RecordFact, subject: Mention, place: Mention) -> bool:
    """Whether a place stands after a name, behind "in" and the like or in brackets, with no rival between."""
    rivals = frame.mentions(frame.rivals(place.node) | {"place"}, subject.end, place.start)
    rivals = [m for m in rivals if m.node not in (place.node, subject.node)]
    start = subject.end
    if rivals:
        before = _peer_before(frame, fact, rivals, place)
        return before is not None and _follows(frame, fact, subject, before)
    gap = frame.source[start : place.start]
    if subject.how == "pronoun" and not frame.cues.set("auxiliaries").intersection(frame.words(start, place.start)[:1]):
        return False  # "their work in Aton"
    if len(gap) > _LONGEST_GAP or frame.has(("breakers",), start, place.start):
        return False
    if _BRACKET.search(gap) and len(gap) <= 3:
        return True
    if frame.group(subject.node) in AGENTS and frame.mentions({"event"}, subject.end, place.start):
        return False  # "the town invites to a meeting in the hall"
    is_placed = frame.group(subject.node) in ("place", "event")
    if is_placed and _COMMA.fullmatch(gap):
        return True
    words = [w for w in frame.words(start, place.start) if w not in frame.cues.set("auxiliaries")]
    if frame.group(subject.node) in AGENTS and not _is_describing(frame, start, place.start):
        return False
    if len(words) > _MOST_WORDS or set(words) & (frame.cues.set("and") | frame.cues.set("speech", "by")):
        return False
    return _ends_locative(frame, fact, start, place)


def _peer_before(frame: Frame, fact: RecordFact, rivals: list[Mention], place: Mention) -> Mention | None:
    """The place with which a list, or words that go on, lead to another one, if a fact has all of them as values."""
    peers = {f.object.value for f in fact.node.facts.get(fact.key, ())}
    if not all(m.node in peers for m in rivals):
        return None
    if _goes_on(frame, fact, rivals[-1], place):
        return rivals[-1]
    chain = itertools.pairwise([*rivals, place])
    return rivals[0] if all(joint_of(frame, a.end, b.start) != "none" for a, b in chain) else None


def _goes_on(frame: Frame, fact: RecordFact, one: Mention, place: Mention) -> bool:
    """Whether a comma and a preposition lead from one place to the next: "a dam on the Lir, in the Orm valley"."""
    words = [word for word in frame.words(one.end, place.start) if word not in frame.cues.set("articles")]
    return words[:1] == [","] and len(words) == _PAIR and _ends_locative(frame, fact, one.end, place)


def _is_describing(frame: Frame, start: int, end: int) -> bool:
    """Whether words between somebody and a place describe the former and tell no deed ("supports a school in").

    They begin with a mark, a preposition or a form of "be"; "of" stands alone or not right before the place.
    """
    skipped = frame.cues.set("articles") | set("\"”“»«’'")
    words = [word for word in frame.words(start, end) if word not in skipped]
    if (
        not words
        or frame.ends_with(("place", "seat"), start, end)
        or " ".join(words) in frame.cues.set("place", "stands")
    ):
        return True
    leading = {phrase.split()[0] for phrase in frame.cues.set("place", "after")}
    leading |= frame.cues.set("prepositions") | frame.cues.set("passive") | frame.cues.set("auxiliaries") | set(",(–—-")
    deeds = frame.cues.set("relative", "things") | frame.cues.set("relative", "people")
    is_of = words[-1] in frame.cues.set("whole") and words[-1] not in frame.cues.set("place", "event")
    return words[0] in leading and not deeds.intersection(words) and (len(words) == 1 or not is_of)


def _is_seat(frame: Frame, fact: RecordFact, subjects: list[Mention], place: Mention) -> bool:
    """Whether a sentence begins with an organisation and gives its seat: "Works makes pumps and is based in Aton"."""
    first = min(subjects, default=None)
    if any(_has_seat_beside(frame, fact, one, place) for one in subjects):
        return True
    if (
        first is None
        or first.start >= place.start
        or local(fact.key) != "location"
        or frame.group(first.node) != "organization"
    ):
        return False
    own = {first.node, *(f.object.value for f in fact.node.facts.get(fact.key, ()))}
    others = [m for m in frame.mentions(AGENTS, frame.sentence(place.start).start, place.start) if m.node not in own]
    window = frame.sentence(place.start)
    is_head = set(frame.words(window.start, first.start)) <= frame.cues.set("articles")
    return is_head and not others and frame.ends_with(("place", "seat"), first.end, place.start)


def _has_seat_beside(frame: Frame, fact: RecordFact, subject: Mention, place: Mention) -> bool:
    """Whether what a firm is called behind its name ends with its seat: "Labs, a maker of pumps based in Aton"."""
    if local(fact.key) != "location" or frame.group(subject.node) != "organization" or place.start < subject.end:
        return False
    gap = [word for word in frame.words(subject.end, place.start) if word not in _CLOSING]
    articles, ands = frame.cues.set("articles"), frame.cues.set("and")
    if gap[:1] != [","] or "," in gap[1:] or (frame.cues.set("definite") and gap[1] not in articles):
        return False
    if frame.mentions(AGENTS | {"place"}, subject.end, place.start) or frame.has(
        ("breakers",), subject.end, place.start
    ):
        return False
    verbs = frame.cues.set("auxiliaries") | frame.cues.set("passive")
    has_verb = any(one in ands and other in verbs for one, other in itertools.pairwise(gap))
    return not has_verb and frame.ends_with(("place", "seat"), subject.end, place.start)


def _is_fronted(frame: Frame, fact: RecordFact, subject: Mention, place: Mention) -> bool:
    """Whether a participle with a place opens the sentence of a name: "Founded in 2009 in Aton, the Labs have"."""
    stems = frame.cues.set("place", local(fact.key))
    window = frame.sentence(place.start)
    opening = frame.words(window.start, place.start)
    if not stems or subject.start < place.end or not opening or not opening[0].startswith(tuple(stems)):
        return False
    gap = frame.words(place.end, subject.start)
    days = dates_and_parts_of(frame.source, frame.reading.language).within(place.end, subject.start)
    comma = gap.index(",") if "," in gap else 0
    is_dated = bool(days) or not gap[:comma]
    named = frame.mentions(AGENTS | {"place"}, window.start, subject.start)
    others = [m for m in named if m.node not in (place.node, subject.node)]
    led = gap[comma + 1 :]
    small = frame.cues.set("prepositions") | frame.cues.set("and") | frame.cues.set("breakers") | {","}
    small -= frame.cues.set("articles")
    return "," in gap and is_dated and not others and len(led) <= _MOST_LED and small.isdisjoint(led)


def _ends_locative(frame: Frame, fact: RecordFact, start: int, place: Mention) -> bool:
    """Whether the words before a place lead to it: "from" for where somebody comes from, "in" for where an event is."""
    if local(fact.key) == "comesFrom":
        path: tuple[str, ...] = ("keys", "comesFrom", "after")
    else:
        path = ("place", "event" if frame.group(fact.node.iri.value) == "event" else "after")
    if frame.ends_with(path, start, place.start):
        leads_away = frame.group(fact.node.iri.value) in AGENTS and local(fact.key) == "location"
        return not (leads_away and frame.ends_with(("place", "away"), start, place.start))
    if local(fact.key) == "comesFrom" and frame.cues.set("place", "from"):
        return _has_ending(frame, place, "from")
    return _has_ending(frame, place, "suffix") or _noun_after(frame, place) > place.end


def _has_ending(frame: Frame, place: Mention, kind: str) -> bool:
    """Whether a name ends as one does in a language that says "in" by endings."""
    endings = tuple(frame.cues.set("place", kind))
    return bool(endings) and frame.source[place.start : place.end].lower().endswith(endings)


def _noun_after(frame: Frame, place: Mention) -> int:
    """The end of a noun for what a name is, with an ending for "in", «Қарасу ауылында»; of the name without one."""
    endings = tuple(frame.cues.set("place", "noun"))
    noun = _NOUN.match(frame.source, place.end) if endings else None
    return noun.end() if noun is not None and noun.group().lower().endswith(endings) else place.end


def _is_by_ending(frame: Frame, fact: RecordFact, window: Span, place: Mention) -> bool:
    """Whether an ending says that a sentence takes place somewhere; no other event, no participle is behind it."""
    end = _noun_after(frame, place)
    if end == place.end and not _has_ending(frame, place, "locative"):
        return False
    if any(m.node != fact.node.iri.value for m in frame.mentions({"event"}, *window)):
        return False
    following = [word for word in frame.words(end, min(window.end, end + _LONGEST_GAP)) if word[0].isalpha()][:1]
    return not any(word.endswith(tuple(frame.cues.set("place", "participles"))) for word in following)


def _precedes(frame: Frame, place: Mention, subject: Mention) -> bool:
    """Whether a place stands right before a name: "the Sampletown-based Works", «Тасөткелдегі «Арена»»."""
    gap = frame.source[place.end : subject.start]
    if _has_ending(frame, place, "adjective") and not set(gap) - set(' \xa0«“„"'):
        return True
    return bool(gap.startswith(("-based", "-hosted", "'s", "’s")) and _BASED.fullmatch(gap))


def _heads_list(frame: Frame, fact: RecordFact, place: Mention, subject: Mention) -> bool:
    """Whether a place with a colon stands over a list that names somebody: "From Aton: Jo Sample and Ada Mock"."""
    colon = _COLON.match(frame.source, place.end, subject.start)
    path = ("keys", "comesFrom", "after") if local(fact.key) == "comesFrom" else ("place", "event")
    start = frame.sentence(place.start).start
    if colon is None or place.start - start > _LONGEST_GAP or not frame.ends_with(path, start, place.start):
        return False
    between = frame.mentions(AGENTS | {"place"}, colon.end(), subject.start)
    chain = [*between, subject]
    if frame.words(colon.end(), chain[0].start):
        return False
    return all(a.end > b.start or joint_of(frame, a.end, b.start) != "none" for a, b in itertools.pairwise(chain))


# ---- events


def _of_event(frame: Frame, fact: RecordFact, window: Span, subjects: list[Mention]) -> Found | None:
    """The place of an event in its sentence: after a preposition, bound to nothing else; or in the dateline."""
    subject = subjects[0] if subjects else None
    for place in (with_kind(frame, one) for one in frame.of(fact.object.value, *window, fact.node.iri.value)):
        frame.work.spend(3)
        if _in_dateline(frame, window, place) and not is_of_another_day(frame, fact.node.iri.value, window):
            return Found(around(place, subject), "dateline", subject, place)
        low = max(window.start, place.start - _LONGEST_GAP)
        if frame.ends_with(("place", "event"), low, place.start) and not _is_bound(frame, fact, low, place):
            return Found(around(place, subject), "preposition", subject, place)
        if _is_by_ending(frame, fact, window, place):
            return Found(around(place, subject), "ending", subject, place)
    return None


def _is_bound(frame: Frame, fact: RecordFact, low: int, place: Mention) -> bool:
    """Whether the preposition before a place belongs to somebody or something that stands right before it."""
    own = {fact.node.iri.value, *(f.object.value for f in fact.node.facts.get(fact.key, ()))}
    own |= {f.object.value for key in _ON_STAGE for f in fact.node.facts.get(key, ())}
    start = max(frame.sentence(place.start).start, low - _LONGEST_NAME)
    before = frame.mentions(AGENTS | {"work", "place", "topic"} | _MADE, start, place.start)
    before = [m for m in before if m.end > low]
    nearest = before[-1] if before else None
    if nearest is None or nearest.node in own or frame.has(("auxiliaries",), nearest.end, place.start):
        return False
    return len(frame.words(nearest.end, place.start)) <= 5


def _of_dateline(frame: Frame, place: str) -> Found | None:
    """The dateline that a place stands in: it says where a release was written."""
    for start, end in datelines_of(frame):
        for mention in frame.of(place, start, end):
            return Found(Span(start, end), "dateline", None, mention)
    return None


def _in_dateline(frame: Frame, window: Span, place: Mention) -> bool:
    """Whether a place stands in a dateline whose sentence says "today", or goes on with a preposition of place."""
    if place.start - window.start > 3:
        return False
    dates = dates_of(frame.source, frame.reading.language).within(place.end, min(place.end + _DATELINE, window.end))
    first = next(iter(dates), None)
    if first is None or first.span.start - place.end > _LONGEST_GAP:
        return False
    if frame.has(("place", "today"), first.span.end, window.end):
        return True
    following = frame.words(first.span.end, min(first.span.end + 20, window.end))
    words = [w for w in following if w not in ",–—-():"]
    return bool(words) and words[0] in frame.cues.set("place", "event")
