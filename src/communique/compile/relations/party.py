"""Partners, organisers, attendees and the like: a cue of the key's own list beside the value, and no rival between."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.act import subjects_behind
from communique.compile.relations.aside import is_in_denied_aside, is_in_name, is_title
from communique.compile.relations.called import is_called_otherwise, is_genitive, is_noun_of
from communique.compile.relations.denial import is_denied
from communique.compile.relations.former import was_member
from communique.compile.relations.frame import AGENTS, PAYS, Cue, Found, Frame, around, local
from communique.compile.relations.lists import actors_before, items_after, joint_of, list_to
from communique.compile.relations.membership import find_member
from communique.compile.relations.paying import PAYERS, is_paying, leads_from_sum, pays_before
from communique.compile.relations.work import is_over
from communique.text.mentions import Mention
from communique.text.passages import Span

_WEAK_GAP: Final = 16
_DESCRIPTION: Final = 120
_PARTICIPLE: Final = 40
_OBJECT: Final = 3
_PAIR: Final = 2
_BY_PREPOSITION: Final = frozenset({"recordedAt"})
"""Keys that a preposition says by itself: words that are said "at the ceremony"."""
_CLAUSE: Final = re.compile(r"[,;:]")


def find_party(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """Words of a window that join a fact's node with its value by a cue of its key."""
    return find_by_cues(frame, fact, window, cues_in(frame, fact.key, window), "cue")


def cues_in(frame: Frame, key: str, window: Span, *, denied: bool = False) -> Iterator[Cue]:
    """The cues of a key in a window; those that the words deny only if ``denied``."""
    frame.work.spend(2 + (window.end - window.start) // 50)
    known = local(key), window, denied
    if known not in frame.cues_found:
        frame.cues_found[known] = tuple(_find_cues(frame, *known))
    return iter(frame.cues_found[known])


def _find_cues(frame: Frame, name: str, window: Span, denied: bool) -> Iterator[Cue]:
    within = frame.occurrences.within
    hits = [(hit, follows) for own, follows in frame.lists_of(name) for hit in within(own, *window)]
    spans = [Span(*hit.span()) for hit, _ in hits]
    for cue, (hit, follows) in zip(spans, hits, strict=True):
        if (is_denied(frame, cue) and not denied) or _is_part_of_longer(cue, spans):
            continue
        if (follows and name in PAYS and not leads_from_sum(frame, cue)) or (not follows and is_in_name(frame, cue)):
            continue
        if follows or (not _is_passive(frame, hit, window) and _fits_amount(frame, name, cue)):
            yield cue, follows


def _is_part_of_longer(cue: Span, others: Sequence[Span]) -> bool:
    """Whether a cue is the beginning of a longer one: "subsidiary" of "subsidiary of" leads the other way."""
    return any(other.start == cue.start and cue.end < other.end for other in others)


def _fits_amount(frame: Frame, key: str, cue: Span) -> bool:
    """Whether a verb says a key with the amount beside it, or without: who takes over part of a cost buys nothing."""
    if key in PAYS:
        own = frame.cues_for(key).before.pattern.fullmatch(frame.source, *cue)
        return own is not None or is_paying(frame, cue)
    return key in PAYERS or not is_paying(frame, cue)


def _is_passive(frame: Frame, hit: re.Match[str], window: Span) -> bool:
    """Whether a verb says what is done to those before it: "was approved", "approved by"."""
    following = frame.words(hit.end(), min(hit.end() + 12, window.end))[:1]
    before = frame.words(max(window.start, hit.start() - 12), hit.start())[-1:]
    passive = frame.cues.set("passive")
    if passive.intersection(frame.words(*hit.span())):
        return False
    return bool(frame.cues.set("speech", "by").intersection(following) or passive.intersection(before))


def find_by_cues(frame: Frame, fact: RecordFact, window: Span, cues: Iterator[Cue], rule: str) -> Found | None:
    """The shortest words of a window in which one of some cues joins a fact's node with its value."""
    found: list[Found] = []
    for cue, follows in cues:
        value = value_at(frame, fact, window, cue, follows=follows)
        if value is None or (not follows and _is_owner_of_another(frame, cue, value)):
            continue
        if is_called_otherwise(frame, fact, window, cue) or (follows and is_genitive(frame, fact.key, cue, value)):
            continue
        if not follows and is_noun_of(frame, fact.key, cue):
            continue
        needs_subject = not is_strong(frame, cue) and local(fact.key) not in _BY_PREPOSITION
        if needs_subject and not _is_beside_subject(frame, fact, window, cue, value):
            continue
        fits, subject = subject_at(frame, fact, window, around(cue, value), after_first=not follows)
        if is_in_denied_aside(frame, cue, value, subject) or (follows and is_title(frame, fact, cue, value, subject)):
            continue
        if fits and not _is_in_another_clause(frame, cue, value, subject):
            found.append(Found(around(cue, value, subject), rule, subject, value, cue))
    return min(found, key=lambda one: (one.span.end - one.span.start, one.span.start), default=None)


def _is_in_another_clause(frame: Frame, cue: Span, value: Mention, subject: Mention | None) -> bool:
    """Whether a verb parts a cue from its object: "which had supported the action, welcomed the ruling"."""
    if subject is None or subject.start < cue.end or value.start >= cue.end:
        return False
    between = frame.source[cue.end : subject.start]
    return "," in between and frame.has(("breakers",), cue.end, subject.start)


def _is_owner_of_another(frame: Frame, cue: Span, value: Mention) -> bool:
    """Whether a possessive is that of something else than a value: "the Works and the island's council"."""
    is_possessive = frame.source[cue.start : cue.end].lower() in frame.cues.set("role", "possessive")
    return is_possessive and value.end != cue.start


def is_strong(frame: Frame, cue: Span) -> bool:
    """Whether a cue says something by itself; "of", "from", "'s" do so only beside a name."""
    words = frame.words(*cue)
    return len(words) > 1 or words[0] not in frame.cues.set("prepositions") | frame.cues.set("articles")


def _is_beside_subject(frame: Frame, fact: RecordFact, window: Span, cue: Span, value: Mention) -> bool:
    """Whether a fact's node stands right before a cue, with no other name between."""
    node = fact.node.iri.value
    before = [m for m in frame.of(node, *window, value.node) if m.end <= max(cue.start, value.end)]
    own = [m for m in before if not cue.end <= m.start < value.start]  # "of her crew" says whose, not who
    own = own or [m for m in frame.of(node, *window, value.node) if cue.start >= value.end and m.start >= cue.end]
    if not own:
        return False
    nearest = own[-1] if own[-1].end <= cue.start else own[0]
    low, high = sorted((Span(nearest.start, nearest.end), cue))
    gap = [m for m in frame.mentions(AGENTS | {"work", "place"}, low.end, high.start) if m.node != node]
    between = frame.source[low.end : high.start]
    return not gap and len(between) <= _WEAK_GAP and not any(map(str.isalnum, between))


def value_at(frame: Frame, fact: RecordFact, window: Span, cue: Span, *, follows: bool) -> Mention | None:
    """The mention of a fact's value that a cue leads to, None if it leads to something else."""
    groups, wanted = frame.rivals(fact.object.value), fact.object.value
    frame.work.spend(2)
    if follows:
        items = items_after(frame, groups, cue.end, window.end)
        inverted = _subjects_after(frame, fact, window, cue) if local(fact.key) == "recipient" else []
        items = [m for m in items if m not in inverted]
    elif pays_before(frame, cue):
        named = frame.mentions(groups, cue.end, window.end)[:1]  # a subject, so in no other case than its name
        items = items_after(frame, groups, cue.end, window.end) if [m for m in named if m.how != "inflected"] else []
    elif behind := subjects_behind(frame, frame.group(wanted), cue, window) or subjects_behind(
        frame, "person", cue, window
    ):
        items = behind  # what stands before such a verb is its object
    else:
        items = actors_before(frame, groups, window.start, cue.start) + _object_of_participle(
            frame, groups, window, cue
        )
        if frame.source[slice(*cue)].lower() in frame.cues.set("role", "possessive"):
            items += [m for m in frame.mentions(groups, window.start, cue.start) if m.end == cue.start]
        items += _agents_of_participle(frame, groups, window, cue) + _inverted(frame, fact, window, cue)
        items += _subjects_after(frame, fact, window, cue)
    return next((m for m in items if m.node == wanted), None)


def _agents_of_participle(frame: Frame, groups: Collection[str], window: Span, cue: Span) -> list[Mention]:
    """Those after "by" where a language puts the participle last: "wird von der Hafenbank gesponsert"."""
    if not frame.cues.set("verb_last"):
        return []
    before = frame.mentions(groups, window.start, cue.start)
    if not before or cue.start - before[-1].end > _PARTICIPLE or frame.has(("breakers",), before[-1].end, cue.start):
        return []
    items = list_to(frame, before, before[-1])
    first = min(items, key=lambda one: one.start)
    is_led = frame.ends_with(("speech", "by"), max(window.start, first.start - 30), first.start)
    return items if is_led else []


def _object_of_participle(frame: Frame, groups: Collection[str], window: Span, cue: Span) -> list[Mention]:
    """What stands right before a participle with "by", whatever led to it: "for a painting by Ada, donated by Jo"."""
    if frame.words(*cue)[-1] not in frame.cues.set("speech", "by") or AGENTS & frozenset(groups):
        return []
    before = frame.mentions(groups, window.start, cue.start)[-1:]
    verbs = (("breakers",), ("auxiliaries",))
    return [m for m in before if not any(frame.has(verb, m.end, cue.start) for verb in verbs)]


def _inverted(frame: Frame, fact: RecordFact, window: Span, cue: Span) -> list[Mention]:
    """Those after a verb and its object, in languages that allow it: "Das Buch schrieb Jo", «Вёл вечер Олег»."""
    node = fact.node.iri.value
    if not frame.cues.set("object_first") or frame.group(node) in AGENTS:
        return []
    given = frame.cues.set("deals", "given")
    objects = [
        m
        for m in frame.of(node, *window)
        if 0 <= cue.start - m.end <= _OBJECT or (m.end < cue.start and set(frame.words(m.end, cue.start)) <= given)
    ]
    behind = [m for m in frame.of(node, *window) if 0 <= m.start - cue.end <= 1 and cue.start == window.start]
    start = cue.end if objects else behind[0].end if behind else window.end
    items = items_after(frame, frame.rivals(fact.object.value), start, window.end)
    return items if objects or all(m.how != "inflected" for m in items[:1]) else []


def _subjects_after(frame: Frame, fact: RecordFact, window: Span, cue: Span) -> list[Mention]:
    """Those after a verb behind something adverbial: "Am Montag lädt die Stadt zur Gala ein", "Davon trägt der Bund".

    Only where a language puts the verb second, and nothing but an article of the subject stands between.
    """
    articles = frame.cues.set("verb_second", "articles")
    if not articles:
        return []
    breaks = [hit.end() for hit in _CLAUSE.finditer(frame.source, window.start, cue.start)]
    start = breaks[-1] if breaks else window.start
    words = frame.words(start, cue.start)
    opens = words[:1] and words[0] in frame.cues.set("verb_second", "openings") | frame.cues.set("prepositions")
    is_object = is_paying(frame, cue) and frame.has(("costs",), start, cue.start)
    if not (opens or is_object) or frame.mentions(AGENTS - {frame.group(fact.node.iri.value)}, start, cue.start):
        return []
    items = items_after(frame, frame.rivals(fact.object.value), cue.end, window.end)
    return items if items and set(frame.words(cue.end, items[0].start)) <= articles else []


def subject_at(
    frame: Frame, fact: RecordFact, window: Span, core: Span, *, after_first: bool
) -> tuple[bool, Mention | None]:
    """Whether words around ``core`` speak of a fact's node, and where: it is the nearest of its group on one side."""
    node, value = fact.node.iri.value, fact.object.value
    if frame.group(node) == "release":
        return True, None
    own = frame.of(node, *window, value)
    inside = [m for m in own if m.how != "quote" and m.start < core.end and core.start < m.end]
    inside = inside or frame.of(node, *core, value)
    if inside:
        return True, inside[0]
    groups = frame.rivals(node)
    peers = {node, value}
    before = _nearest(
        frame, [m for m in frame.mentions(groups, window.start, core.start) if m.node != value][::-1], node
    )
    after = _nearest(frame, [m for m in frame.mentions(groups, core.end, window.end) if m.node != value], node)
    sides = (after, before) if after_first else (before, after)
    for nearest in sides:
        if nearest is not None:
            fits = nearest.node in peers and not _is_behind_object(frame, fact, core, nearest)
            if not fits and _is_right_beside(frame, core, nearest):
                return False, None  # "had supported the action" is said of the action, whatever it is quoted for
            return (True, nearest) if fits else (_is_quoted(frame, node, core), None)
    return _is_quoted(frame, node, core), None


def _is_behind_object(frame: Frame, fact: RecordFact, core: Span, subject: Mention) -> bool:
    """Whether a verb has its object already: "funds the project at the Works" does not say that it funds the Works."""
    if subject.start < core.end or not frame.ends_with(("prepositions",), core.end, subject.start):
        return False
    objects = frame.mentions({"project", "work", "event", "group"}, core.end, subject.start)
    return any(m.node not in (subject.node, fact.object.value) and m.how != "pronoun" for m in objects)


def _is_right_beside(frame: Frame, core: Span, mention: Mention) -> bool:
    low, high = sorted((core, Span(*mention[:2])))
    return set(frame.words(low.end, high.start)) <= frame.cues.set("articles")


def _nearest(frame: Frame, mentions: list[Mention], node: str) -> Mention | None:
    """The nearest of some mentions; the one of ``node`` if it stands in one list with it."""
    for k, mention in enumerate(mentions):
        if mention.node == node:
            return mention
        following = mentions[k + 1] if k + 1 < len(mentions) else None
        if following is None:
            break
        low, high = sorted((mention, following))
        if (low.start, low.end) != (high.start, high.end) and joint_of(frame, low.end, high.start) == "none":
            break
    return mentions[0] if mentions else None


def _is_quoted(frame: Frame, node: str, core: Span) -> bool:
    """Whether an author quoted words for a node that ``core`` overlaps."""
    return any(start < core.end and core.start < end for start, end in frame.quotes.get(node, ()))


def find_affiliation(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """Words that describe a person by an organisation: "Jo Sample, engineer of Works", not "previously at Works"."""
    found = _find_affiliation(frame, fact, window)
    if found is not None and found.subject is not None and found.value is not None:
        over = is_over(frame, found.subject, found.value) or was_member(frame, found.subject, found.value)
        return None if over else found
    return found


def _find_affiliation(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    is_member = local(fact.key) == "memberOf"
    found = find_party(frame, fact, window) or (find_member(frame, fact, window) if is_member else None)
    if found is not None or frame.group(fact.node.iri.value) != "person":
        return found
    node, value = fact.node.iri.value, fact.object.value
    for of in frame.of(value, *window, node):
        before = frame.mentions({"person"}, window.start, of.start)
        person = _first_of_two(frame, before, node, of) or (before[-1] if before else None)
        if person is None or person.node != node or of.start - person.end > _DESCRIPTION:
            continue
        others = frame.mentions({"organization"}, person.end, of.start)
        joined = not others or frame.has(("and",), others[-1].end, of.start)
        if len(before) > 1 and person is before[-2]:
            return Found(around(person, of), "description of two", person, of)
        comma = frame.source[person.end : person.end + 2].strip()[:1] in (",", "(", "–", "—")
        clause = frame.cues.set("relative_pronouns") - frame.cues.set("articles")
        if not clause.isdisjoint(frame.words(person.end, of.start)):
            continue  # "who built it together with Works"
        if joined and comma and not frame.has(("breakers",), person.end, of.start):
            return Found(around(person, of), "description", person, of)
    return None


def _first_of_two(frame: Frame, people: Sequence[Mention], node: str, of: Mention) -> Mention | None:
    """A person who stands with another one right before "of Works": "Ada Mock and Jo Sample of Works".

    Nothing but "and" joins both, nothing describes the first one, and the record has them nowhere else.
    """
    if len(people) < _PAIR or people[-2].node != node or people[-2].how == "pronoun":
        return None
    first, second = people[-2:]
    window = frame.sentence(first.start)
    joined = frame.words(first.end, second.start)
    led = [word for word in frame.words(second.end, of.start) if word not in frame.cues.set("articles")]
    if len(joined) != 1 or joined[0] not in frame.cues.set("and") or led[-1:] != led or not led:
        return None
    before = frame.words(window.start, first.start)[-1:]
    verbs = frame.cues.set("breakers") | frame.cues.set("speech", "verbs") | frame.cues.set("auxiliaries")
    if not set(before) <= verbs | frame.cues.set("prepositions") or led[0] not in frame.cues.set("belonging"):
        return None
    roles = [n for n in frame.reading.nodes.values() if any(f.object.value == node for f in n.facts.get("member", ()))]
    others = {f.object.value for role in roles for f in role.facts.get("organization", ())} - {of.node}
    return None if others else first
