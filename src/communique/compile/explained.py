"""Why each fact of a release is taken to be said: the rule that found its words, and what it went by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from communique.compile.nodes import RecordFact, RecordNode
from communique.read.yamlld import Pointer
from communique.text.mentions import Mention
from communique.text.passages import Span
from communique.text.running import Running

BY_AUTHOR: Final = "quote"
"""The rule of evidence that the author of the record quoted."""
BY_RULE: Final = "made by rule"
"""Before the name of the rule that made a fact which no author wrote."""


@dataclass(frozen=True, slots=True)
class Explained:
    """How the words for a fact, or for a node as a whole, were found.

    ``rule`` is the name of the rule, ``mentions`` are those that it went by: of the node, then of the value. ``cue`` is
    the span of the word that decides, such as a verb; ``equal`` the number of equally good places, of which the first
    counts. All offsets are into the running text.
    """

    rule: str
    mentions: tuple[Mention, ...] = ()
    cue: Span | None = None
    equal: int = 1


@dataclass(slots=True)
class Explanations:
    """What the rules say of each fact and node while they find evidence; kept only if somebody asked for it."""

    wanted: bool = False
    _known: dict[RecordFact | RecordNode, Explained] = field(default_factory=dict)

    def add(
        self,
        of: RecordFact | RecordNode,
        rule: str,
        *mentions: Mention | None,
        cue: Span | None = None,
        equal: int = 1,
    ) -> None:
        """Keep how the words for a fact or node were found."""
        if self.wanted:
            self._known[of] = Explained(rule, tuple(m for m in mentions if m is not None), cue, equal)

    def of(self, one: RecordFact | RecordNode) -> Explained | None:
        """How the compiler found the words for a fact or node; None if it did not."""
        return self._known.get(one)


@dataclass(frozen=True, slots=True)
class ExplainedFact:
    """One row of an explanation: a fact, or with an empty ``key`` a node, its place in the record and its words.

    ``subject`` is an IRI, ``value`` the IRI or text of the value; ``why`` is the reason if it is inferred. ``passages``
    are the words with their offsets (start, end) in the source; ``found`` are the words of the mentions that the rule
    went by, each with how it means its node.
    """

    pointer: Pointer
    subject: str
    key: str
    value: str
    rule: str
    why: str | None
    passages: tuple[tuple[int, int, str], ...]
    found: tuple[tuple[str, str], ...]
    cue: str
    equal: int


def explained_facts(
    nodes: Mapping[RecordNode, Sequence[tuple[int, int]]], explanations: Explanations, running: Running
) -> Iterator[ExplainedFact]:
    """A row for each node and for each of its facts, in the order of the record."""
    for node, spans in nodes.items():
        yield _row(node, None, explanations.of(node), spans, running)
        for facts in node.facts.values():
            for fact in facts:
                yield _row(node, fact, explanations.of(fact), fact.spans, running)


def _row(
    node: RecordNode,
    fact: RecordFact | None,
    explained: Explained | None,
    spans: Sequence[tuple[int, int]],
    running: Running,
) -> ExplainedFact:
    text, source = running.text, running.source
    parts = dict.fromkeys(part for span in spans for part in running.parts(span))
    mentions = explained.mentions if explained is not None else ()
    cue = explained.cue if explained is not None else None
    return ExplainedFact(
        pointer=fact.pointer if fact is not None else node.pointer,
        subject=node.iri.value,
        key=fact.key if fact is not None else "",
        value=fact.object.value if fact is not None else "",
        rule=_rule(fact, explained, spans),
        why=fact.why if fact is not None else None,
        passages=tuple((start, end, source[start:end]) for start, end in parts),
        found=tuple((text[mention.start : mention.end], mention.how) for mention in mentions),
        cue=text[slice(*cue)] if cue is not None else "",
        equal=explained.equal if explained is not None else 1,
    )


def _rule(fact: RecordFact | None, explained: Explained | None, spans: Sequence[tuple[int, int]]) -> str:
    """The name of the rule that found the words; "" if there are none and no rule made the fact."""
    if explained is not None:
        return explained.rule
    if fact is not None and fact.rule is not None:
        return f"{BY_RULE} {fact.rule}"
    return BY_AUTHOR if spans else ""
