"""What things are about: a topic inside the words of a statement or the name of a work, or after "on" and the like."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Final

from communique.compile.nodes import RecordFact, RecordNode
from communique.compile.relations.dateline import datelines_of
from communique.compile.relations.frame import AGENTS, Found, Frame, around
from communique.compile.relations.lists import joint_of
from communique.compile.relations.other import within_sentences
from communique.compile.relations.verbobject import is_object
from communique.text.mentions import Mention
from communique.text.passages import Span

_LEAD: Final = 450  # characters from the beginning of a release that say what it is about
_OFTEN: Final = 3
_MOST_MENTIONS: Final = 200
_SHORTEST: Final = 20  # characters of a sentence behind a headline or dateline
_BYSTANDERS: Final = AGENTS | {"place"}
_LONGEST_GAP: Final = 60
_OPENING: Final = re.compile(r"[\"“„«‹‘]\s?$")


def find_in_statement(frame: Frame, fact: RecordFact) -> Found | None:
    """A mention of the value inside the words of a statement; without words, in what is quoted for it."""
    stretches = frame.texts(fact.node)
    quoted = frame.quotes.get(fact.node.iri.value, ())
    if quoted:
        stretches = [m for m in stretches if any(start < m.end and m.start < end for start, end in quoted)]
    if "text" not in fact.node.facts:
        stretches = [Span(*span) for span in quoted]
    for start, end in stretches:
        for mention in _within(frame, fact.object.value, start, end):
            frame.work.spend(1)
            if _is_said_of(frame, fact, mention) and is_object_of(frame, fact, mention):
                return Found(Span(mention.start, mention.end), "in the statement", None, mention)
    return next((found for span in stretches if (found := _before_marks(frame, fact, span))), None)


def is_object_of(frame: Frame, fact: RecordFact, mention: Mention) -> bool:
    """Whether a statement without words can be about what is mentioned: it is what its verb is said of."""
    if fact.key != "about" or "text" in fact.node.facts:
        return True
    return is_object(frame, fact.node, mention)


def _before_marks(frame: Frame, fact: RecordFact, quoted: Span | Mention) -> Found | None:
    """A mention of the value right before a quotation that ends its sentence: "the play “speaks to all”"."""
    start = quoted.start
    opening = _OPENING.search(frame.source, max(start - 4, 0), start)
    if opening is None or not frame.source[start : start + 1].islower():
        return None
    window = frame.sentence(max(opening.start() - 1, 0))
    before = frame.of(fact.object.value, window.start, opening.start())
    value = next((m for m in before if not frame.source[m.end : opening.start()].strip()), None)
    return Found(around(value, Span(start, quoted.end)), "before the quotation", None, value) if value else None


def _within(frame: Frame, iri: str, start: int, end: int) -> list[Mention]:
    """The mentions of a node between two offsets; of one without a name, the words that say all that it says."""
    if frame.reading.mentions.of(iri):
        return list(frame.reading.mentions.of_within(iri, start, end))
    return [m for m in frame.named(iri) if start <= m.start and m.end <= end]


def _is_said_of(frame: Frame, fact: RecordFact, mention: Mention) -> bool:
    """Whether words mean a thing by themselves; what describes a group or what was said around them does not count."""
    around_it = [iri for iri in mention.inside if iri != fact.node.iri.value]
    return all(frame.group(iri) in ("release", "group", "event", "work", "topic", "said") for iri in around_it)


def find_in_release(frame: Frame, fact: RecordFact, within: Sequence[Span] = ()) -> Found | None:
    """A mention of what a release is about: in its lead, or several times; of what it mentions, anywhere."""
    every = within_sentences(frame, frame.named(fact.object.value), within)
    mentions = [m for m in every if frame.is_free(m, fact.node.iri.value)]
    frame.work.spend(1 + len(every))
    if fact.key == "about" and any(f.object == fact.object for f in fact.node.facts.get("genre", ())):
        return None  # "Press release: …" says what it is, not what it is about
    if fact.key != "about":
        chosen = mentions or every
    else:
        is_bystander = frame.group(fact.object.value) in _BYSTANDERS  # many are named beside what it is about
        lead = [m for m in every if m.start < (_opening_end(frame, fact.node) if is_bystander else _lead_end(frame))]
        if is_bystander:
            datelines = datelines_of(frame)
            lead = [m for m in lead if not any(d.start <= m.start < d.end for d in datelines)]
        chosen = lead or (mentions if _is_often_named(frame, mentions) else [])
    if not chosen:
        return None
    return Found(Span(*chosen[0][:2]), "named", None, chosen[0], equal=len(chosen))


def _is_often_named(frame: Frame, mentions: Sequence[Mention]) -> bool:
    """Whether something is named several times, and in several paragraphs."""
    sentences = frame.reading.sentences
    paragraphs = {sentences.paragraph(sentences.at(m.start)).start for m in mentions[:_MOST_MENTIONS]}
    return len(mentions) >= _OFTEN and len(paragraphs) > 1


def _opening_end(frame: Frame, release: RecordNode) -> int:
    """Where the opening ends: with the headline and the first sentence behind it and behind the dateline."""
    head = [span.end for span in (*frame.stretches(release, "headline")[:1], *datelines_of(frame)[:1])]
    after = max(head, default=0) + _SHORTEST
    return next((s.end for s in frame.sentences if s.end > after), frame.sentences[-1].end if frame.sentences else 0)


def _lead_end(frame: Frame) -> int:
    """Where the lead ends: with the paragraph that the first `_LEAD` characters end in."""
    if not frame.sentences:
        return 0
    start = frame.sentences[0].start
    number = frame.reading.sentences.at(min(start + _LEAD, len(frame.source)))
    return frame.sentences[frame.reading.sentences.paragraph(number)[-1]].end


def find_in_texts(frame: Frame, fact: RecordFact) -> Found | None:
    """A mention of the value inside the abstract or the description of a work, an event or anything else."""
    for start, end in frame.stretches(fact.node, "abstract", "description", "text"):
        for mention in frame.reading.mentions.of_within(fact.object.value, start, end):
            if _is_said_of(frame, fact, mention):
                return Found(Span(mention.start, mention.end), "in its words", None, mention)
    return None


def find_topic(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """Words of a window that say what a work or an event is about: inside its name, or after "on" and the like."""
    node, value = fact.node.iri.value, fact.object.value
    subjects = frame.of(node, *window, value)
    for mention in frame.of(value, *window, node):
        frame.work.spend(3)
        inside = next((m for m in subjects if m.start <= mention.start and mention.end <= m.end), None)
        if inside is not None:
            return Found(around(inside), "inside the name", inside, mention)
    for mention in frame.of(value, *window, node):
        subject = next((m for m in reversed(subjects) if m.end <= mention.start), None)
        cue = _cue_before(frame, window, mention)
        if cue is None:
            continue
        if subject is None:
            if node in frame.quotes and _is_quoted(frame, node, cue):
                return Found(around(cue, mention), "about", None, mention, cue)
            continue
        rivals = frame.mentions(frame.rivals(node), subject.end, cue.start)
        if all(m.node == node for m in rivals):
            return Found(around(subject, cue, mention), "about", subject, mention, cue)
    return None


def _is_quoted(frame: Frame, node: str, core: Span) -> bool:
    return any(start < core.end and core.start < end for start, end in frame.quotes.get(node, ()))


def _cue_before(frame: Frame, window: Span, mention: Mention) -> Span | None:
    """The cue that leads to a topic: right before it, or before the list that it stands in."""
    low = max(window.start, mention.start - 4 * _LONGEST_GAP)
    hits = list(frame.cues.pattern("about", "after").finditer(frame.source, low, mention.start))
    for hit in reversed(hits):
        between = frame.mentions({frame.group(mention.node)}, hit.end(), mention.start)
        first = between[0].start if between else mention.start
        if first - hit.end() > _LONGEST_GAP or frame.has(("breakers",), hit.end(), first):
            continue
        if not frame.cues.set("modals").isdisjoint(frame.words(hit.end(), first)):
            continue  # "a talk on boats [is] at the School"
        chain = [*between, mention]
        if all(a.end > b.start or joint_of(frame, a.end, b.start) != "none" for a, b in itertools.pairwise(chain)):
            return Span(*hit.span())
    return None
