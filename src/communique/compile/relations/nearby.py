"""The words for an inference that no rule finds: the nearest that name both of its ends."""

from __future__ import annotations

from pyoxigraph import Literal

from communique.compile.nodes import RecordFact
from communique.compile.relations.frame import Frame, around, local
from communique.compile.relations.rules import TOPICS
from communique.text.mentions import Mention
from communique.text.passages import Span


def nearest_words(frame: Frame, fact: RecordFact) -> list[Span]:
    """The shortest stretch of a sentence or paragraph with both ends, else where each end is named, nearest by.

    What a statement is taken to be about has the words of the statement.
    """
    if isinstance(fact.object, Literal):
        return []
    if frame.group(fact.node.iri.value) == "said" and local(fact.key) in TOPICS and frame.texts(fact.node):
        return frame.texts(fact.node)[:1]
    named = frame.named(fact.object.value)
    values = ([m for m in named if frame.is_free(m, fact.node.iri.value)] or list(named))[:50]
    subjects = frame.named(fact.node.iri.value)[:50]
    sentences = frame.reading.sentences
    pairs = [(s, v) for v in values for s in subjects]
    frame.work.spend(1 + len(pairs))

    def distance(pair: tuple[Mention, Mention]) -> tuple[bool, bool, int, int]:
        span = around(*pair)
        one, other = sentences.at(pair[0].start), sentences.at(pair[1].start)
        apart = one not in sentences.paragraph(other)
        return apart, one != other, span.end - span.start, span.start

    best = min(pairs, key=distance, default=None)
    if best is None:
        return [Span(*m[:2]) for m in values[:1]]
    apart = sentences.at(best[0].start) not in sentences.paragraph(sentences.at(best[1].start))
    return [Span(*m[:2]) for m in best] if apart else [around(*best)]
