"""Who owns something: a verb of owning or belonging, a word for an owner beside both, or a possessive beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pyoxigraph import NamedNode

from communique.compile.nodes import RecordFact, RecordNode
from communique.compile.relations.clause import relative_clause_at
from communique.compile.relations.denial import is_denied
from communique.compile.relations.frame import AGENTS, Cue, Found, Frame, around, local
from communique.compile.relations.lists import is_owner, items_after
from communique.compile.relations.party import find_by_cues, subject_at
from communique.compile.relations.terms import find_term
from communique.compile.relations.titles import titles_of_address
from communique.text.mentions import Mention
from communique.text.passages import Span

_OWNER: Final = "owner"
OWNERS: Final = frozenset({_OWNER})
PROPERTY: Final = frozenset({"owns"})
"""Keys that lead to the owner of a thing, and to what somebody owns."""
_PHRASE: Final = 3  # most words of "formerly", "at the time"
_WORDS: Final = 4  # most words between an owner and the word for one: ", the proud new owner of"
_ADJECTIVES: Final = 2  # most words between a possessive and the thing: "Works's new blue boat"
_FAR: Final = 40  # characters between a verb of belonging and its preposition
_UNTIL: Final = 40  # characters behind an owner in which "until 2029" stands
_MARKS: Final = frozenset(',:–—-("“„«»”')


def find_owner(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """The shortest words of a window that say who owns a fact's node: not merely that somebody is named near it."""
    if not frame.cues.keys("owning"):
        return find_term(frame, fact, window)
    frame.work.spend(3)
    verbs = find_by_cues(frame, fact, window, _verbs(frame, fact, window), "verb of owning")
    found = [verbs] if verbs is not None and _is_joined(frame, fact, verbs) else []
    found += [
        *_by_nouns(frame, fact, window),
        *_before_verbs(frame, fact, window),
        *_by_possessives(frame, fact, window),
    ]
    return min(found, key=lambda one: (one.span.end - one.span.start, one.span.start), default=None)


def find_property(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """The shortest words of a window that say what a fact's node owns: that this has the node as its owner."""
    node, value = fact.node, fact.object
    if not isinstance(value, NamedNode):
        return find_term(frame, fact, window)
    thing = RecordNode(value, (), {}, None, ())
    found = find_owner(frame, RecordFact(thing, _OWNER, 0, fact.predicate, node.iri), window)
    return found and found._replace(subject=found.value, value=found.subject)


def find_possessor(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """An organisation whose an event with a name of its own is: "Works's Mill Fair"."""
    node, value = fact.node.iri.value, fact.object.value
    if frame.group(value) != "organization":
        return None
    for event in (m for m in frame.of(node, *window, value) if frame.source[m.start].isupper()):
        for owner in frame.of(value, *window, node):
            if owner.end <= event.start and owner.how != "pronoun" and _is_possessive(frame, owner, event):
                return Found(around(event, owner), "possessive", event, owner)
    return None


def _verbs(frame: Frame, fact: RecordFact, window: Span) -> Iterator[Cue]:
    """The verbs of owning and belonging of a window, each with whether the owner stands behind it."""
    terms = [frame.cues.pattern("terms", local(fact.key), way) for way in ("after", "before")]
    after, before = ((Span(*hit.span()) for hit in term.finditer(frame.source, *window)) for term in terms)
    for cues, follows in (([*after, *_far(frame, window)], True), (before, False)):
        for cue in cues:
            if not is_denied(frame, cue) and not _is_over(frame, cue):
                yield cue, follows


def _far(frame: Frame, window: Span) -> Iterator[Span]:
    """Verbs of belonging with other words before their preposition: "has belonged since 1990 to"."""
    for verb in frame.cues.pattern("owning", "far").finditer(frame.source, *window):
        ways = frame.cues.pattern("owning", "to").finditer(frame.source, verb.end(), min(verb.end() + _FAR, window.end))
        led = next((one for one in ways if not _leads_to_share(frame, one.end(), window.end)), None)
        if led is None or "," in frame.source[verb.end() : led.start()]:
            continue
        if not frame.mentions(AGENTS, verb.end(), led.start()):
            yield Span(verb.start(), led.end())


def _leads_to_share(frame: Frame, start: int, end: int) -> bool:
    """Whether a preposition leads to a number, which is a share: "appartient à 74 % à Digue"."""
    return any(word[:1].isdigit() for word in frame.words(start, end)[:1])


def _is_joined(frame: Frame, fact: RecordFact, found: Found) -> bool:
    """Whether a verb leads to both ends, and to no other word.

    It does not in "belongs to Works and stands beside Labs", nor in "Works bought paper from Labs".
    """
    cue, owner, node = found.cue, found.value, fact.node.iri.value
    if cue is None or owner is None:
        return True
    if owner.start < cue.end:
        thing = found.subject
        return thing is None or thing.start < cue.end or not frame.ends_with(("prepositions",), cue.end, thing.start)
    if frame.of(node, cue.end, owner.start, owner.node) or frame.ends_with(("prepositions",), cue.end, owner.start):
        return False
    return _is_item(frame, cue.end, owner)


def _is_item(frame: Frame, start: int, owner: Mention) -> bool:
    """Whether a name is all that "and" joins to a list that begins at an offset, and no subject of a clause."""
    words = frame.words(start, owner.start)
    last = max((k for k, word in enumerate(words) if word in frame.cues.set("and")), default=-1)
    if last < 0:
        return True
    small = titles_of_address(frame.reading.language) | frame.cues.set("articles") | frame.cues.set("speech", "by")
    after = frame.words(owner.end, frame.sentence(owner.start).end)[:2]
    is_second = "," in words[:last] and len(frame.mentions(AGENTS, start, owner.start)) == 1
    if is_second and any(word.isalpha() and word not in frame.cues.set("prepositions") for word in after[:1]):
        return False
    return small.issuperset(words[last + 1 :]) and frame.cues.set("auxiliaries").isdisjoint(after)


def _is_over(frame: Frame, cue: Span) -> bool:
    """Whether words of owning speak of an earlier time: "formerly owned by Works", "owned by Works until 2029"."""
    line = frame.sentence(cue.start)
    before = frame.words(line.start, cue.start)
    past = frame.cues.set("role", "former") | frame.cues.set("role", "once")
    if any(" ".join(before[-k:]) in past for k in range(1, _PHRASE + 1)):
        return True
    value = next(iter(frame.mentions(AGENTS, cue.end, min(line.end, cue.end + 2 * _UNTIL))), None)
    end = value.end if value is not None else cue.end
    after = frame.words(end, min(line.end, end + _UNTIL))
    return any(" ".join(after[:k]) in frame.cues.set("role", "until") for k in range(1, _PHRASE + 1))


# ---- a word for an owner


def _by_nouns(frame: Frame, fact: RecordFact, window: Span) -> Iterator[Found]:
    """What a word for an owner says: "Works, owner of the boat", "its owner, Works", "Eigentümer des Boots ist"."""
    for hit in frame.cues.pattern("nouns", local(fact.key)).finditer(frame.source, *window):
        noun = Span(*hit.span())
        if is_denied(frame, noun) or _is_over(frame, noun):
            continue
        thing = _thing_of(frame, fact, window, noun)
        core = around(noun, thing)
        owner = next((m for m in _owners_beside(frame, window, core) if m.node == fact.object.value), None)
        if owner is None:
            continue
        if thing is not None:
            if thing.node == fact.node.iri.value:
                yield Found(around(core, owner), "word for an owner", thing, owner, noun)
            continue
        fits, subject = subject_at(frame, fact, window, around(core, owner), after_first=False)
        if fits:
            yield Found(around(core, owner, subject), "word for an owner", subject, owner, noun)


def _thing_of(frame: Frame, fact: RecordFact, window: Span, noun: Span) -> Mention | None:
    """What a word for an owner is bound to: "owner of the boat", "the boat's owner"; None if it stands alone."""
    groups = frame.rivals(fact.node.iri.value) - AGENTS or frame.rivals(fact.node.iri.value)
    of = frame.cues.set("owning", "of") | frame.cues.set("articles")
    after = frame.mentions(groups, noun.end, window.end)[:1]
    if after and set(frame.words(noun.end, after[0].start)) <= of:
        return after[0]
    before = frame.mentions(groups, window.start, noun.start)[-1:]
    own = frame.cues.set("role", "possessive") | frame.cues.set("articles") | {"'", "’", "s"}
    if before and set(frame.words(before[0].end, noun.start)) <= own:
        return before[0]
    return None


def _owners_beside(frame: Frame, window: Span, core: Span) -> Sequence[Mention]:
    """Those whom a word for an owner describes: right before it behind a comma or "is", else right behind it."""
    small = frame.cues.set("articles") | frame.cues.set("auxiliaries") | frame.cues.set("role", "copula") | _MARKS
    before = frame.mentions(AGENTS, window.start, core.start)[-1:]
    if before:
        words = frame.words(before[0].end, core.start)
        lead = frame.cues.set("auxiliaries") | frame.cues.set("role", "copula") | _MARKS - {":"}
        never = frame.cues.set("prepositions") | frame.cues.set("breakers") | frame.cues.set("and")
        if words and words[0] in lead and len(words) <= _WORDS and never.isdisjoint(words):
            return before
    items = items_after(frame, AGENTS, core.end, window.end)
    names = titles_of_address(frame.reading.language) | small
    is_beside = bool(items) and set(frame.words(core.end, items[0].start)) <= names
    return [m for m in items if _is_item(frame, core.end, m)] if is_beside else []


# ---- a verb with its owner first, and possessives


def _before_verbs(frame: Frame, fact: RecordFact, window: Span) -> Iterator[Found]:
    """An owner right before a verb of belonging: "Dem Verein gehört das Boot", "das Boot, das dem Verein gehört"."""
    if not frame.cues.set("object_first"):
        return
    node, value, articles = fact.node.iri.value, fact.object.value, frame.cues.set("articles")
    for cue, follows in _verbs(frame, fact, window):
        if not follows:
            continue
        owners = [m for m in frame.of(value, window.start, cue.start, node) if not frame.words(m.end, cue.start)][-1:]
        things = frame.of(node, cue.end, window.end, value)
        things = [m for m in things if articles.issuperset(frame.words(cue.end, m.start))]
        for owner in owners:
            clause = relative_clause_at(frame, owner.start)
            before = frame.of(node, window.start, clause.start, value)[-1:] if clause is not None else []
            things += [m for m in before if clause is not None and not frame.words(m.end, clause.start)]
        if owners and things:
            yield Found(around(owners[-1], things[0]), "verb of owning", things[0], owners[-1], cue)


def _by_possessives(frame: Frame, fact: RecordFact, window: Span) -> Iterator[Found]:
    """An owner by a possessive or a genitive right beside the thing: "Works's boat", "das Boot des Vereins"."""
    node, value = fact.node.iri.value, fact.object.value
    verbs = frame.cues.pattern("terms", local(fact.key), "before")
    for thing in frame.of(node, *window, value):
        is_bought = verbs.search(frame.source, window.start, thing.start) is not None  # "bought the boat of Works"
        for owner in frame.of(value, *window, node):
            frame.work.spend(1)
            if owner.how == "pronoun" or "quote" in (thing.how, owner.how):
                continue
            if owner.end <= thing.start and _is_possessive(frame, owner, thing):
                yield Found(around(owner, thing), "possessive", thing, owner)
            if thing.end <= owner.start and not is_bought and _is_genitive(frame, thing, owner, window.end):
                yield Found(around(thing, owner), "genitive", thing, owner)


def _is_possessive(frame: Frame, owner: Mention, thing: Mention) -> bool:
    gap = frame.source[owner.end : thing.start].lower()
    mark = next((m for m in frame.cues.set("role", "possessive") if gap.startswith(m)), "")
    if not mark:
        is_case = owner.how == "inflected" and bool(frame.cues.set("owning", "genitive_first"))
        return is_case and not gap.strip(' \xa0«“„"')
    words = frame.words(owner.end + len(mark), thing.start)
    never = (
        frame.cues.set("prepositions") | frame.cues.set("and") | frame.cues.set("breakers") | _MARKS - {"“", '"', "„"}
    )
    return len(words) <= _ADJECTIVES and never.isdisjoint(words)


def _is_genitive(frame: Frame, thing: Mention, owner: Mention, end: int) -> bool:
    """Whether a name stands behind "of" right behind a thing, or in the case for it; people own nothing by that."""
    if frame.group(owner.node) == "person" or is_owner(frame, owner, end):
        return False
    words = [word for word in frame.words(thing.end, owner.start) if word not in "\"“”„«»'’"]
    if not words:
        return owner.how == "inflected" and bool(frame.cues.set("owning", "genitive_behind"))
    return words[0] in frame.cues.set("owning", "of") and frame.cues.set("articles").issuperset(words[1:])
