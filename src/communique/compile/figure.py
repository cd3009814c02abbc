"""One figure of a record, the places of the text that may say it, and how far one of them agrees with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal

from communique.compile.association import Association
from communique.compile.cells import TableCell
from communique.compile.countable import is_countable, is_quoted
from communique.compile.evidence import Evidence
from communique.compile.nodes import RecordFact, RecordNode
from communique.compile.reading import Reading
from communique.text.changes import leads_to
from communique.text.numbers import Amount, Quantity, quantities_of
from communique.text.passages import Span

VALUES: Final = ("value", "minValue", "maxValue")
STEPS: Final = ("value", "comparison", "unit", "of", "what", "at")
"""What is compared, in order; a figure is reported for the step at which the best place of the text fails."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a place of the text agrees with a figure: the step at which it fails ("" if at none), and why.

    ``quantity`` are the words of the number or the rating; ``place`` is the number with the words around it. ``topic``
    names the thing that the figure is taken to be of, in a sentence before, and the rule; ``cell`` is that of a table.
    """

    step: str
    quantity: Span | None = None
    place: tuple[Quantity, Span] | None = None
    words: tuple[tuple[str, Span], ...] = ()
    topic: tuple[Span, str] | None = None
    cell: TableCell | None = None

    @property
    def rank(self) -> int:
        """How many steps agree."""
        return len(STEPS) if not self.step else STEPS.index(self.step)


class Figure:
    """A figure of a record, and the words of the text that are compared with it."""

    def __init__(self, evidence: Evidence, reading: Reading, node: RecordNode, amount: Amount) -> None:
        self.evidence, self.reading, self.node, self.amount = evidence, reading, node, amount
        self.quotes = list(evidence.nodes[node])
        self.own = self._quotes_of_parts()
        self.what = " ".join(str(fact.object.value) for fact in node.facts.get("variableMeasured", ()))
        self.dates = {key: _value(node, key) for key in ("observationDate", "startDate", "endDate")}
        self.dates["observationDate"] = self.dates["observationDate"] or _value(node, "partOfYear")
        self.of = next((fact for fact in node.facts.get("observationAbout", ())), None)

    def is_marked(self, *keys: str) -> bool:
        """Whether one of some of its facts is marked as inferred: that fact alone is not held against the words."""
        return any(fact.why is not None for key in keys for fact in self.node.facts.get(key, ()))

    def _quotes_of_parts(self) -> dict[str, list[Span]]:
        """The words that an author quoted for single parts that are stated, by key."""
        facts = [(key, f) for key, facts in self.node.facts.items() for f in facts if f.why is None]
        return {key: [Span(*span) for span in fact.spans] for key, fact in facts if fact.spans}

    def words_near(self) -> list[Span]:
        """The first sentence that says what an inferred figure counts, else the one that names whom it is of."""
        for stretch in self.reading.sentences.spans:
            self.evidence.work.spend(1 + (stretch.end - stretch.start) // 20)
            if Association(self.reading, Span(*stretch)).says(self.what):
                return [Span(*stretch)]
        named = self.reading.mentions.of(str(self.of.object.value)) if self.of is not None else ()
        return [Span(*mention[:2]) for mention in named[:1]]

    def places(self) -> Iterator[tuple[Quantity | None, Span]]:
        """The quantities that are compared (None for a rating), each with the words around it that belong to it."""
        sentences = self.reading.sentences
        if self.amount.text:
            for stretch in self.quotes or sentences.spans:
                yield None, Span(*stretch)
            return
        found = quantities_of(self.reading.source, self.reading.language)
        if not self.quotes:
            quoted = [span for key in VALUES for span in self.own.get(key, ())]
            quantities = [q for span in quoted for q in found.within(*span)] if quoted else found.all
            for quantity in quantities:
                is_said = bool(quoted) or not is_quoted(self.reading, quantity, self.of)
                if is_said and is_countable(self.reading, quantity):
                    yield quantity, Span(*sentences.spans[sentences.at(quantity.core.start)])
            return
        for quote in self.quotes:
            for quantity in found.within(*quote):
                if is_countable(self.reading, quantity):
                    yield quantity, Span(*quote)

    def said(self, quantity: Quantity) -> str:
        """The words of a number with its unit and comparison."""
        return self.reading.source[slice(*quantity.span)]

    def comparison_of(self, quantity: Quantity) -> str:
        """The comparison of a quantity; none where its words say what something changed into: «выросла до 40 %»."""
        return "" if leads_to(self.reading.source, quantity, self.reading.language) else quantity.comparison


def _value(node: RecordNode, key: str) -> str:
    facts: list[RecordFact] = node.facts.get(key, [])
    return next((fact.object.value for fact in facts if isinstance(fact.object, Literal) and fact.why is None), "")
