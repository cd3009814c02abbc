"""The passage of a statement: the stretch that holds speaker, verb and words, in parts if they stand apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from communique.compile.claims import has_star
from communique.compile.evidence import Evidence
from communique.compile.nodes import RecordFact, RecordNode
from communique.compile.relations.frame import Frame
from communique.text.passages import Span
from communique.text.quotationmarks import with_its_marks

_LONGEST_ADDRESS: Final = 30  # characters


def complete_statement(evidence: Evidence, frame: Frame, node: RecordNode) -> None:
    """Give a statement whose author quoted nothing for it the words that say who said it, and how, with its own.

    An inferred speaker counts only beside the words. Raises `WorkSpentError` if that takes more work than a release
    may take.
    """
    if frame.group(node.iri.value) != "said" or (node.evidence is not None and has_star(node)):
        return
    texts, sayers = frame.texts(node), _said_by(node)
    if not texts or not sayers or not evidence.nodes[node]:
        return
    frame.work.spend(2 + len(texts) + len(sayers))
    if not any(fact.parts for fact in node.facts["text"]):
        spoken = [Span(*span) for fact in sayers for span in fact.spans]
        texts = [min(texts, key=lambda text: (min(_distance(text, other) for other in spoken), text))]
    beside = [
        Span(*span)
        for fact in sayers
        for span in fact.spans
        if fact.why is None or any(_is_in_paragraph(frame, Span(*span), text) for text in texts)
    ]
    joined = _joined(frame, [*texts, *beside])
    spans = [with_its_marks(frame.source, _with_address(frame, sayers, span)) for span in joined]
    if spans != evidence.nodes[node]:
        evidence.nodes[node][:] = spans
        evidence.explanations.add(node, "speaker, verb and words")


def _said_by(node: RecordNode) -> list[RecordFact]:
    """The facts of a statement that have words for who said it and how."""
    facts = (fact for key in ("creator", "reportingVerb") for fact in node.facts.get(key, ()))
    return [fact for fact in facts if fact.spans]


def _with_address(frame: Frame, sayers: Iterable[RecordFact], span: Span) -> Span:
    """A stretch with the title of address before the speaker with whom it begins: "Mr. Sample"."""
    for fact in sayers:
        person = frame.reading.nodes.get(fact.object.value)
        for title in person.facts.get("honorificPrefix", ()) if person is not None else ():
            start = frame.source.rfind(title.object.value, max(0, span.start - _LONGEST_ADDRESS), span.start)
            if start >= 0 and not frame.source[start + len(title.object.value) : span.start].strip(" .\xa0"):
                return Span(start, span.end)
    return span


def _distance(one: Span, other: Span) -> int:
    return max(one.start - other.end, other.start - one.end, 0)


def _is_in_paragraph(frame: Frame, one: Span, other: Span) -> bool:
    sentences = frame.reading.sentences
    return sentences.at(one.start) in sentences.paragraph(sentences.at(other.start))


def _joined(frame: Frame, spans: Iterable[Span]) -> list[Span]:
    """Some spans in order, those of one sentence or of two that follow each other in a paragraph as one stretch."""
    sentences = frame.reading.sentences
    found: list[Span] = []
    for span in sorted(spans):
        last = found[-1] if found else None
        number = sentences.at(span.start)
        before = sentences.at(last.end - 1) if last is not None else -2
        if last is not None and number - before <= 1 and before in sentences.paragraph(number):
            found[-1] = Span(last.start, max(last.end, span.end))
        else:
            found.append(span)
    return found
