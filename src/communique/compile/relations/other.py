"""All other relations: a sentence names both ends, and nothing else of the value's kind stands between them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from communique.compile.nodes import RecordFact
from communique.compile.relations.frame import Found, Frame, around, local
from communique.compile.relations.lists import joint_of
from communique.text.mentions import Mention
from communique.text.passages import Span


def find_other(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """The shortest words of a window that name both ends with no rival between; lists share."""
    node, value = fact.node.iri.value, fact.object.value
    subjects, values = frame.of(node, *window, value)[:20], frame.of(value, *window, node)[:20]
    found: list[Found] = []
    for one in values:
        if not subjects and _is_alone(frame, fact, window, one):
            found.append(Found(around(one), "quoted", None, one))
        for subject in subjects:
            frame.work.spend(3)
            if _is_free_between(frame, fact, *sorted((subject, one))):
                found.append(Found(around(subject, one), "no rival between", subject, one))
    return min(found, key=lambda f: (f.span.end - f.span.start, f.span.start), default=None)


def find_inside(frame: Frame, fact: RecordFact, within: Sequence[Span] = ()) -> Found | None:
    """A mention of the value inside a name of the node: "Institute of the Union", "Presentation of the Report"."""
    for whole in frame.named(fact.node.iri.value):
        if within and not any(start < whole.end and whole.start < end for start, end in within):
            continue
        for mention in frame.reading.mentions.of_within(fact.object.value, whole.start, whole.end):
            frame.work.spend(1)
            is_bound = local(fact.key) != "parentOrganization" or _is_attached_by_of(frame, whole, mention)
            if is_part(frame, mention, whole) and is_bound:
                return Found(around(whole), "inside the name", whole, mention)
    return None


def _is_attached_by_of(frame: Frame, whole: Mention, value: Mention) -> bool:
    """Whether the value inside a name belongs to its head: "Council of the Union", not "Aton Court".

    Languages with cases say it by the form of the value, which is then found as inflected.
    """
    if value.how == "inflected" and value.start > whole.start:
        return True
    words = frame.words(whole.start, value.start)
    return bool(words) and words[-1] in frame.cues.set("prepositions") | frame.cues.set("articles") | {"’", "'"}


def is_part(frame: Frame, mention: Mention, whole: Mention) -> bool:
    """Whether a mention is a part of a name, and not of another name inside that name."""
    if whole.how not in ("name", "inflected", "reference", "acronym"):
        return False
    between = [m for m in frame.reading.mentions.within(whole.start, whole.end) if m.node in mention.inside]
    return (mention[:2] != whole[:2]) and all(m.node == whole.node or m[:2] == mention[:2] for m in between)


def find_anywhere(frame: Frame, fact: RecordFact, within: Sequence[Span] = ()) -> Found | None:
    """The first mention of the value with what is quoted for it: what a whole release has, such as its contact."""
    mentions = within_sentences(frame, frame.named(fact.object.value), within)
    first = next((m for m in mentions if frame.is_free(m, fact.node.iri.value)), None)
    if first is None:
        return None
    own = Span(first.start, first.end)
    quotes = frame.quotes.get(fact.object.value, ())
    span = next((q for q in quotes if q.start <= own.start and own.end <= q.end), own)
    return Found(span, "named", None, first, equal=len(mentions))


def find_genre(frame: Frame, fact: RecordFact) -> Found | None:
    """The word for what a release is, at the beginning of a line: "Press release: …"."""
    for mention in frame.named(fact.object.value):
        line = frame.source.rfind("\n", 0, mention.start) + 1
        if not frame.source[line : mention.start].strip(" \t\xa0#*_>"):
            return Found(Span(*mention[:2]), "genre", None, mention)
    return None


def within_sentences(frame: Frame, mentions: Sequence[Mention], within: Sequence[Span]) -> Sequence[Mention]:
    """Those of some mentions that stand in the sentences of some stretches; all of them if there are no stretches."""
    if not within:
        return mentions
    windows = [frame.window(*span) for span in within]
    return [m for m in mentions if any(start <= m.start and m.end <= end for start, end in windows)]


def find_part(frame: Frame, fact: RecordFact) -> Found | None:
    """The words of a part whose record says of what it is a part: the same fact, seen from the other end."""
    part = frame.reading.nodes.get(fact.object.value)
    wholes = part.facts.get("isPartOf", ()) if part is not None else ()
    words = frame.named(fact.object.value)
    if words and any(f.object == fact.node.iri and f.why is None for f in wholes):
        return Found(Span(*words[0][:2]), "part", None, words[0])
    return None


def _is_free_between(frame: Frame, fact: RecordFact, low: Mention, high: Mention) -> bool:
    """Whether no rival of either end stands between them."""
    if low.end > high.start:
        return low[:2] == high[:2] or "quote" in (low.how, high.how)
    node, value = fact.node.iri.value, fact.object.value
    groups = frame.rivals(value) | frame.rivals(node)
    between = [m for m in frame.mentions(groups, low.end, high.start) if m.node not in (node, value)]
    if not between:
        return True
    if not all(frame.rivals(m.node) <= frame.rivals(value) for m in between):
        return False
    chain = [*between, high] if high.node == value else [low, *between]
    return all(a.end > b.start or joint_of(frame, a.end, b.start) != "none" for a, b in itertools.pairwise(chain))


def _is_alone(frame: Frame, fact: RecordFact, window: Span, mention: Mention) -> bool:
    """Whether no rival of a value stands in what is quoted for the node in a window."""
    peers = {f.object.value for f in fact.node.facts.get(fact.key, ())} | {fact.node.iri.value}
    for start, end in frame.quotes.get(fact.node.iri.value, ()):
        if start < window.end and window.start < end:
            rivals = frame.mentions(frame.rivals(fact.object.value), start, end)
            same = (mention.start, mention.end)
            if start <= mention.start and mention.end <= end:
                return all(m.node in peers or (m.start, m.end) == same for m in rivals)
    return False


def has_rival(frame: Frame, fact: RecordFact, start: int, end: int) -> Mention | None:
    """The first mention between two offsets of something that could be mistaken for a fact's value; None if none."""
    value = fact.object.value
    group = frame.group(value)
    if fact.key in ("mentions", "schema:mentions"):
        return None
    acts = group == "organization" and fact.key not in ("about", "schema:about")
    groups = frozenset({"person", "organization"}) if acts else frozenset({group})
    rivals = [
        mention for mention in frame.mentions(groups, start, end) if mention.node not in (value, fact.node.iri.value)
    ]
    if not rivals:
        return None
    peers = {f.object.value for f in fact.node.facts.get(fact.key, ())}
    own = {(m.start, m.end) for m in frame.named(value)}
    for mention in rivals:
        if mention.node not in peers and (mention.start, mention.end) not in own:
            return mention
    return None
