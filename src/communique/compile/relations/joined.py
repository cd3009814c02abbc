"""Which of several quotes can decide a relation: one must join both ends, a quote for each end alone does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pyoxigraph import NamedNode

from communique.compile.nodes import RecordFact
from communique.compile.relations.bridged import is_bridged
from communique.compile.relations.frame import Frame, local
from communique.compile.relations.rules import TOPICS
from communique.text.passages import Span

_OF_WHOLE_TEXT: Final = frozenset({"release", "role", "contact"})
"""Groups of nodes that a list of quotes may join with their values: the whole text, a title, a press contact."""


def deciding(frame: Frame, fact: RecordFact, spans: Sequence[Span]) -> list[Span]:
    """The quotes of a list whose sentence names the value of a relation; all of them if there is no such list.

    "The fair runs until May" and "is sponsored by Sample Works" join nothing: the second must speak of the fair too,
    stand in its paragraph, where nothing else of the kind of the fair is named between, or take it up.
    """
    is_free = local(fact.key) in TOPICS or frame.group(fact.node.iri.value) in _OF_WHOLE_TEXT
    if len(spans) < 2 or is_free or not isinstance(fact.object, NamedNode):
        return list(spans)
    own = [span for span in spans if _names_value(frame, fact, span)]
    pairs = [(one, other) for one in spans if one not in own for other in own]
    if not own or any(_goes_on(frame, fact, *pair) or is_bridged(frame, fact, *pair) for pair in pairs):
        return list(spans)
    return own


def is_apart(frame: Frame, fact: RecordFact) -> bool:
    """Whether an author quotes words for each end of a relation, and none that join both."""
    spans = [Span(*span) for span in fact.spans]
    return len(deciding(frame, fact, spans)) < len(spans)


def _goes_on(frame: Frame, fact: RecordFact, first: Span, own: Span) -> bool:
    """Whether the sentence of a quote goes on about what an earlier one of its paragraph names."""
    node, sentences = fact.node.iri.value, frame.reading.sentences
    if first.start > own.start or sentences.at(first.start) not in sentences.paragraph(sentences.at(own.start)):
        return False
    named = frame.of(node, *frame.window(*first), fact.object.value)
    rivals = frame.mentions(frame.rivals(node), named[0].end, frame.window(*own).end) if named else []
    return bool(named) and all(m.node in (node, fact.object.value) for m in rivals)


def _names_value(frame: Frame, fact: RecordFact, span: Span) -> bool:
    """Whether the sentence of a quote names the value, or has a pronoun that may mean it."""
    node, value, window = fact.node.iri.value, fact.object.value, frame.window(*span)
    frame.work.spend(1 + len(frame.reading.ambiguous) // 20)
    return bool(frame.of(value, *window, node)) or any(
        value in one.nodes and window.start <= one.start and one.end <= window.end for one in frame.reading.ambiguous
    )
