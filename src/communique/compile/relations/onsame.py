"""Where a quotation goes on: "…," said Jo at the fair. "…" was said at the fair as well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from communique.compile.nodes import RecordFact, RecordNode
from communique.compile.relations.frame import Found, Frame, around, local
from communique.text.passages import Span

_MOST: Final = 100  # statements that are looked through for the one before


def find_event_of_quotation_before(frame: Frame, fact: RecordFact, within: Sequence[Span] = ()) -> Found | None:
    """The event of the statement in the sentence before, if the same speaker goes on and no word tells otherwise.

    Nobody and no other event is named beside the words, and the statement has no verb of its own.
    """
    node, event = fact.node, fact.object.value
    if local(fact.key) != "recordedAt" or within or "reportingVerb" in node.facts:
        return None
    for text in frame.texts(node):
        window = frame.window(*text)
        number = frame.reading.sentences.at(text.start)
        if number == frame.reading.sentences.paragraph(number).start or _is_told_otherwise(frame, text, window):
            continue
        before = frame.sentences[number - 1]
        for other in _others_at(frame, node, event):
            said = [t for t in frame.texts(other) if before.start <= t.start and t.end <= window.start]
            where = [m for m in frame.of(event, *before) if m.how != "pronoun"]
            if said and where:
                return Found(around(where[0], text), "quotation that goes on", None, where[0], None)
    return None


def _is_told_otherwise(frame: Frame, text: Span, window: Span) -> bool:
    """Whether somebody or some event is named beside the words of a statement, in its sentence."""
    is_whole = frame.source[text.end - 1] in ".!?"
    sides = ((window.start, text.start), (text.end, text.end if is_whole else window.end))
    return any(frame.mentions({"person", "event"}, start, end) for start, end in sides)


def _others_at(frame: Frame, node: RecordNode, event: str) -> Iterator[RecordNode]:
    """The other statements of the speaker of one that are said to have been made at an event."""
    speakers = {f.object.value for f in node.facts.get("creator", ())}
    others = (n for n in frame.reading.nodes.values() if "recordedAt" in n.facts and n is not node)
    for other, _ in zip(others, range(_MOST), strict=False):
        frame.work.spend(2)
        is_same = any(f.object.value in speakers for f in other.facts.get("creator", ()))
        if is_same and any(f.object.value == event and f.why is None for f in other.facts["recordedAt"]):
            yield other
