"""Whether words say a relation of another key: "with the support of Works" does not say that Works was a sponsor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.aside import leads_past
from communique.compile.relations.cues import is_source
from communique.compile.relations.denial import is_denied, is_excluded
from communique.compile.relations.frame import AGENTS, Cue, Frame, local
from communique.compile.relations.party import cues_in, is_strong, value_at
from communique.compile.relations.paying import is_paying
from communique.text.passages import Span

GENERAL: Final = frozenset({"agent", "participant"})
"""Keys for whoever does something: the words of any other key may say them."""
_NEAR: Final = {
    "recipient": {"winner", "award"},
    "winner": {"recipient", "award", "participant"},
    "award": {"recipient", "winner"},
    "affiliation": {"memberOf", "employee", "founder"},
    "worksFor": {"memberOf", "employee", "founder"},
    "memberOf": {"parentOrganization", "affiliation"},
    "parentOrganization": {"buyer", "memberOf"},
    "buyer": {"parentOrganization"},
    "agent": {"recipient", "attendee"},
    "creator": {"producer"},
    "author": {"producer"},
    "sponsor": {"supporter"},  # schema.org: who supports a thing through a pledge, promise or contribution
}
"""Keys whose words say a key as well; of `GENERAL` ones those whose words do not."""
_NEAR_OF_PROJECTS: Final = {**_NEAR, "contributor": {"creator", "producer"}}
"""The same for projects: who builds something takes part in the project."""
_BELONGING: Final = frozenset(
    {"affiliation", "comesFrom", "employee", "memberOf", "onBehalfOf", "parentOrganization", "subOrganization",
     "worksFor"}
)  # fmt: skip
"""Keys that say where somebody belongs."""
_DOING: Final = frozenset({"performer"})
"""Keys of those who do something at an event, and so are there."""
DOING: Final = frozenset({"organizer"})
"""Keys whose words lead to who does it, wherever an author quotes them."""
_LOOSE: Final = frozenset({"said", "release", "event"})
"""Groups of nodes whose relations need no cue in the words that an author quotes."""
_OF_WORKS: Final = frozenset({"workFeatured", "isBasedOn", "award", "brand", "approves"})
"""Keys whose values do not act."""


def key_said(frame: Frame, fact: RecordFact, spans: Sequence[Span]) -> str | None:
    """The other key that quoted words say of a fact's value, if no words for the fact's own key stand in them."""
    key = local(fact.key)
    if not frame.cues.has_key(key) or frame.group(fact.node.iri.value) == "said":
        return None
    by_author = frame.cues.pattern("keys", key, "quoted")
    if any(by_author.search(frame.source, *span) for span in spans):
        return None
    if any(_leads(frame, fact, cue) for cue in cues_of_spans(frame, fact.key, spans)):
        return None
    for other in _others(frame, fact, key, spans):
        for cue in cues_of_spans(frame, other, spans):
            if is_strong(frame, cue[0]) and _leads(frame, fact, cue) and not _takes_over(frame, key, cue[0]):
                return other
    return None


def is_word_of_another(frame: Frame, fact: RecordFact, spans: Sequence[Span]) -> bool:
    """Whether the sentences of quoted words say a key of somebody else: "Works organised the fair for Labs".

    They do so even where the record does not have who that is: the words of the key lead to nobody it knows.
    """
    if leads_past(frame, fact, [cue for cue in cues_of_spans(frame, fact.key, spans) if is_strong(frame, cue[0])]):
        return True
    if local(fact.key) not in DOING or frame.group(fact.object.value) not in AGENTS:
        return False
    windows = list(dict.fromkeys(frame.window(*span) for span in spans))
    cues = [cue for window in windows for cue in cues_in(frame, fact.key, window) if is_strong(frame, cue[0])]
    cues = [cue for cue in cues if cue[1] or not _is_said_of_node(frame, fact.node.iri.value, cue[0])]
    return bool(cues) and not any(_leads(frame, fact, cue) for cue in cues)


def _is_said_of_node(frame: Frame, node: str, cue: Span) -> bool:
    """Whether a verb is said of the node itself: "opened the forum, which runs until May"."""
    before = [m for m in frame.of(node, frame.sentence(cue.start).start, cue.start) if m.how != "quote"][-1:]
    small = frame.cues.set("auxiliaries") | frame.cues.set("relative_pronouns") | set(",\"“”«»'’")
    return any(small.issuperset(frame.words(m.end, cue.start)) for m in before)


def _takes_over(frame: Frame, key: str, cue: Span) -> bool:
    """Whether a verb of paying may say as well who owns something now: "übernimmt" a cost, or a firm."""
    return (
        key in ("parentOrganization", "buyer") and frame.cues.pattern("paying").search(frame.source, *cue) is not None
    )


def is_key_said(frame: Frame, fact: RecordFact, spans: Sequence[Span]) -> bool:
    """Whether quoted words can say a fact's key at all, and do not merely name its value.

    "Its chairman, Jo Sample" is no word on who founded something, nor is "according to Works". Words say it if they
    hold a cue of the key, or a word that is no name, title, article or reporting verb. A key or language without
    cues needs none; nor do those who take part in an event, which is often said over several sentences.
    """
    key, node, value = local(fact.key), fact.node.iri.value, fact.object.value
    if frame.cues.has_key(key) and frame.group(node) not in ("said", "release") and _is_attributed(frame, fact, spans):
        return False
    if not frame.cues.has_key(key) or frame.group(node) in _LOOSE or frame.group(value) not in AGENTS:
        return True
    by_author = frame.cues.pattern("keys", key, "quoted")
    if any(by_author.search(frame.source, *span) for span in spans):
        return True
    if any(is_strong(frame, cue) for cue, _ in cues_of_spans(frame, fact.key, spans)):
        return True
    never = frame.cues.pattern("keys", key, "never")
    if any(never.search(frame.source, *span) for span in spans):
        return False
    return any(_has_other_words(frame, span, node) for span in spans)


def _has_other_words(frame: Frame, span: Span, node: str) -> bool:
    """Whether a word stands in a span that is no part of a name or title, and that can say how things belong together.

    A possessive, an article, a preposition and a reporting verb say nothing of it.
    """
    empty = frame.cues.set("articles") | frame.cues.set("prepositions") | frame.cues.set("role", "its")
    empty |= frame.cues.set("breakers") | frame.cues.set("and") | frame.cues.set("speech", "by")
    empty |= frame.cues.set("auxiliaries")
    at = span.start
    names = [Span(m.start, m.end) for m in frame.mentions(AGENTS | {"role", "place"}, *span)]
    names += [Span(m.start, m.end) for m in frame.reading.mentions.of_within(node, *span)]
    names += [Span(*hit.span()) for hit in frame.cues.pattern("speech", "verbs").finditer(frame.source, *span)]
    names += [cue for cue in _paying(frame, span) if not is_paying(frame, cue)]
    for start, end in [*sorted(names), Span(span.end, span.end)]:
        words = frame.words(at, start)
        if any(word not in empty and any(map(str.isalnum, word)) for word in words):
            return True
        at = max(at, end)
    return False


def _is_attributed(frame: Frame, fact: RecordFact, spans: Sequence[Span]) -> bool:
    """Whether quoted words name a value only as the source of what is said: "according to Works"."""
    values = [m for span in spans for m in frame.of(fact.object.value, *span, fact.node.iri.value)]
    return bool(values) and all(is_source(frame.source, m.start, frame.reading.language) for m in values)


def _paying(frame: Frame, span: Span) -> Iterator[Span]:
    """Verbs in a span that mean paying only beside an amount, and nothing of how things belong together without it."""
    for hit in frame.cues.pattern("paying").finditer(frame.source, *span):
        yield Span(*hit.span())


def _is_of_one_family(key: str, other: str) -> bool:
    """Whether two keys are said of the same kinds of things: of events and works, or of people and organisations.

    >>> _is_of_one_family("sponsor", "funder"), _is_of_one_family("sponsor", "memberOf")
    (True, False)
    """
    return "founder" in (key, other) or (key in _BELONGING) == (other in _BELONGING)


def _leads(frame: Frame, fact: RecordFact, cue: Cue) -> bool:
    """Whether a cue leads to the value of a fact."""
    span, follows = cue
    return value_at(frame, fact, frame.sentence(span.start), span, follows=follows) is not None


def is_denied_in(frame: Frame, fact: RecordFact, spans: Sequence[Span]) -> bool:
    """Whether quoted words deny a relation: its words, or if there are none those before the value."""
    if frame.group(fact.node.iri.value) == "said" or local(fact.key) in ("about", "mentions"):
        return False
    strong = [cue for cue, _ in cues_of_spans(frame, fact.key, spans, denied=True) if is_strong(frame, cue)]
    if strong and all(is_denied(frame, cue) for cue in strong):
        return True
    values = [m for span in spans for m in frame.of(fact.object.value, *span, fact.node.iri.value)]
    before = [m for m in values if is_excluded(frame, m) or (not strong and is_denied(frame, Span(m.start, m.end)))]
    return bool(values) and len(before) == len(values)


def _others(frame: Frame, fact: RecordFact, key: str, spans: Sequence[Span]) -> Iterator[str]:
    """The other keys of which a cue may stand in some spans, in order, but for those whose words say a key too."""
    group = frame.group(fact.object.value)
    if group not in AGENTS:
        return
    own = {key, *frame.cues.also(key)} | _OF_WORKS
    if key == "attendee" and group == "person":
        own |= _DOING
    near = _near(frame, fact)
    for other in sorted(frame.keys_said(spans)):
        if other in own or not (key in _BELONGING or _is_of_one_family(key, other)):
            continue
        is_near = other in near or (other in GENERAL and (key, other) != ("recipient", "agent"))
        if is_near == (key in GENERAL):
            yield other


def near_keys(frame: Frame, fact: RecordFact) -> list[str]:
    """The other keys whose words say a key as well: of `GENERAL` ones all but a few."""
    key, near = local(fact.key), _near(frame, fact)
    if key in GENERAL:
        return [other for other in frame.cues.all_keys() if other != key and other not in near]
    doing = _DOING if key == "attendee" else frozenset[str]()
    return sorted(near | doing | set(frame.cues.also(key)))


def _near(frame: Frame, fact: RecordFact) -> frozenset[str]:
    near = _NEAR_OF_PROJECTS if frame.group(fact.node.iri.value) == "project" else _NEAR
    return frozenset(near.get(local(fact.key), ()))


def cues_of_spans(frame: Frame, key: str, spans: Sequence[Span], *, denied: bool = False) -> Iterator[Cue]:
    """The cues of a key that stand in some quoted spans."""
    for span in spans:
        yield from cues_in(frame, key, span, denied=denied)
