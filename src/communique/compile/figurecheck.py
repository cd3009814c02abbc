"""Figures held against the text: number, unit, comparison, what is counted, of whom and when stand together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from typing import Final

from pyoxigraph import NamedNode

from communique.compile.association import Association
from communique.compile.cells import TableCell, cell_of, header_of, in_column
from communique.compile.claims import has_star
from communique.compile.columns import is_of_years, year_above
from communique.compile.countable import is_quoted
from communique.compile.dating import Dating
from communique.compile.evidence import Evidence
from communique.compile.figure import VALUES, Figure, Outcome
from communique.compile.figurereport import report_figure
from communique.compile.ground import ground
from communique.compile.reading import Reading
from communique.compile.topic import TABLE, TOPIC, WHY, topic_of, topic_of_table
from communique.iris import inner_iri
from communique.terms import XSD
from communique.text.measures import measure_after, measure_of
from communique.text.numbers import Quantity, unit_of
from communique.text.passages import Span
from communique.text.tables import table
from communique.text.tokens import lower_case

_UNITS: Final = ("currency", "unitCode", "unitText")
_AMOUNT: Final = (*VALUES, "comparison", *_UNITS)
_START: Final = re.compile(r"(?<!\w)\w")
_MOST_PLACES: Final = 200


def check_figures(evidence: Evidence, reading: Reading) -> None:
    """Tie every figure to the words that say it; report those that no words say, or not the words quoted.

    Raises `WorkSpentError` if that takes more work than a release may take.
    """
    for iri, amount in evidence.expansion.amounts.items():
        node = evidence.expansion.nodes[iri]
        evidence.judged.add(node)
        figure = _Check(evidence, reading, node, amount)
        if figure.is_marked(*VALUES):
            figure.infer()
        else:
            figure.check()


class _Check(Figure):
    """One figure held against the words of the text."""

    def infer(self) -> None:
        """Take the whole figure as inferred, since its value is: by the same reason, from the same words."""
        values = [fact for key in VALUES for fact in self.node.facts.get(key, ()) if fact.why is not None]
        words = [Span(*span) for span in values[0].spans] or list(self.quotes) or self.words_near()
        for fact in (fact for key, facts in self.node.facts.items() if key != "type" for fact in facts):
            fact.why = fact.why or values[0].why
            fact.spans = fact.spans or [*words]
        if not self.quotes:
            self.evidence.nodes[self.node] += words
            self.evidence.found.add(self.node)
        if not words:
            report_figure(self, Outcome("value"), lambda _: False)

    def check(self) -> None:
        """Give the figure its evidence, or report what the text does not say of it."""
        if self.node.evidence is not None and not self.quotes and has_star(self.node):
            return  # its quote is wrong, which is already reported
        if any(fact in self.evidence.unproven for facts in self.node.facts.values() for fact in facts):
            return
        best = max(self._outcomes(), key=lambda outcome: outcome.rank, default=Outcome("value"))
        if best.step:
            report_figure(self, best, lambda changed: self._passes(changed, best))
        else:
            self._support(best)
        if not self.quotes:
            self.evidence.found.add(self.node)

    def _outcomes(self) -> Iterator[Outcome]:
        """What each place of the text that may say the figure says; the first that says all of it is the last."""
        for number, (quantity, stretch) in enumerate(self.places()):
            self.evidence.work.spend(20 + (stretch.end - stretch.start) // 5)
            outcome = self._compare(quantity, Association(self.reading, stretch))
            yield outcome
            if not outcome.step or number > _MOST_PLACES:
                return

    def _passes(self, changed: Figure, outcome: Outcome) -> bool:
        """Whether this figure, written in another way, is what the place of an outcome says."""
        if outcome.place is None:
            return False
        other = copy(self)
        other.amount, other.what = changed.amount, changed.what
        quantity, stretch = outcome.place
        return not other._compare(quantity, Association(self.reading, stretch)).step

    # ---- comparing

    def _compare(self, quantity: Quantity | None, near: Association) -> Outcome:
        if quantity is None:
            return self._compare_rating(near)
        cell = cell_of(self.reading.source, self.reading.language, quantity)
        if cell is not None and self._has_quoted(cell):
            outcome = self._compare_cell(quantity, cell, near)
            if not outcome.step or cell.unit is not None:
                return outcome
        wrong = self._wrong_amount(quantity, near)
        if wrong:
            return Outcome(wrong, quantity.span, (quantity, near.stretch))
        of = self._of(quantity, near)
        row = cell if cell is not None and cell.unit is None else None
        topic = self._topic(quantity, row) if of is None else None
        if of is None and topic is None:
            return Outcome("of", quantity.span, (quantity, near.stretch))
        is_dated = Dating(near).is_dated_apart(self.dates["observationDate"], quantity)
        what = self._what(near, quantity, is_dated=is_dated)
        if what is None:
            return Outcome("what", quantity.span, (quantity, near.stretch))
        words = [*what, *(of or ())]
        dates = self._dated(quantity, near)
        if dates is None:
            return Outcome("at", quantity.span, (quantity, near.stretch))
        return Outcome("", quantity.with_unit or quantity.span, words=(*words, *dates), topic=topic)

    def _compare_rating(self, near: Association) -> Outcome:
        match = ground(
            self.amount.text,
            XSD + "string",
            "value",
            near.reading.source,
            [near.stretch],
            language=near.reading.language,
        )
        ordinals = table("quantities", near.reading.language).get("ordinal_words", ())
        if match is None or lower_case(self.amount.text.strip()) in ordinals:
            return Outcome("value")
        rating = Quantity("", span=match.span, core=match.span)
        if not self.quotes and is_quoted(self.reading, rating, self.of):
            return Outcome("value")
        what = self._what(near, rating)
        of = self._of(rating, near)
        if of is None or what is None:
            return Outcome("of" if of is None else "what", match.span)
        dates = self._dated(rating, near)
        return Outcome("", match.span, words=(*what, *of, *dates)) if dates is not None else Outcome("at")

    def _wrong_amount(self, quantity: Quantity, near: Association) -> str:
        """The first step at which a quantity differs from the amount of the figure; "" if at none."""
        amount = self.amount
        if (quantity.value, quantity.upper) != (amount.value, amount.upper):
            return "value"
        if self.comparison_of(quantity) != amount.comparison and not self.is_marked("comparison"):
            return "comparison"
        if self.is_marked(*_UNITS):
            return ""
        return "" if self._is_same_unit(quantity, near) else "unit"

    def _is_same_unit(self, quantity: Quantity, near: Association) -> bool:
        """Whether a quantity has the unit of the figure; what is counted may say it: "tonnes of grain"."""
        amount, language = self.amount, self.reading.language
        measure, end = measure_after(self.reading.source, quantity.core.end, language)
        measured = "" if quantity.unit_kind == "word" else quantity.unit_kind
        if amount.unit_kind == "word" and measure:
            words = lower_case(self.reading.source[quantity.core.end : end]).split()
            wanted = measure_of(amount.unit, language)
            return wanted == measure if wanted else words[:-1] == lower_case(amount.unit).split()  # "degrees"
        if amount.unit_kind == "word":
            is_money = measured == "currency" and unit_of(amount.unit.partition(" ")[0], language)[1] == quantity.unit
            is_shared = quantity.with_unit is not None and lower_case(quantity.unit) == lower_case(amount.unit)
            return (not measured or is_money) and (is_shared or near.says_unit(amount.unit, quantity))
        if measure and not amount.unit_kind:
            return any(measure_of(self.what[hit.start() :], language) == measure for hit in _START.finditer(self.what))
        return measured == amount.unit_kind and (not measured or quantity.unit == amount.unit)

    def _what(self, near: Association, quantity: Quantity, *, is_dated: bool = False) -> list[tuple[str, Span]] | None:
        """The words that say what is counted; [] if that is inferred, None if they are missing."""
        if self.is_marked("variableMeasured"):
            return []
        has_unit = self.amount.unit_kind != "" or self.is_marked(*_UNITS)
        for quote in self.own.get("variableMeasured", ()):
            apart = Association(self.reading, quote)
            if (said := apart.what(self.what, quantity, is_dated=True, has_unit=has_unit)) is not None:
                return [("what", said)]
        found = near.what(self.what, quantity, is_dated=is_dated, has_unit=has_unit) or self._header(quantity)
        return [("what", found)] if found is not None else None

    def _of(self, quantity: Quantity, near: Association) -> list[tuple[str, Span]] | None:
        """The words that name the thing a figure is of; [] if none are needed, None if they are missing."""
        if self.of is None or inner_iri(str(self.of.object.value), "") == self.evidence.expansion.this:
            return []
        if self.is_marked("observationAbout"):
            return []
        iri = str(self.of.object.value)
        for quote in self.own.get("observationAbout", ()):
            if (named := Association(self.reading, quote).of(iri, quantity)) is not None:
                return [("of", named)]
        number = self.reading.sentences.at(quantity.core.start)
        sentence = Span(*self.reading.sentences.spans[number])
        whole = Span(min(near.stretch.start, sentence.start), max(near.stretch.end, sentence.end))
        for stretch in dict.fromkeys((near.stretch, whole)):
            found = Association(self.reading, stretch).of(iri, quantity, is_quoted=bool(self.quotes), what=self.what)
            if found is not None:
                return [("of", found)]
        node = self.evidence.expansion.nodes.get(NamedNode(iri))
        for start, end in self.evidence.nodes.get(node, ()) if node is not None else ():
            if start <= quantity.core.start and quantity.core.end <= end:
                return []
        return self._row(iri)

    def _topic(self, quantity: Quantity, cell: TableCell | None) -> tuple[Span, str] | None:
        """The words that name the node as what the paragraph speaks of, or the headline of a table; and the rule."""
        if self.of is None:
            return None
        self.evidence.work.spend(50)
        iri = str(self.of.object.value)
        if cell is not None:
            words = topic_of_table(self.reading, iri, header_of(self.reading.source, cell))
            return (words, TABLE) if words is not None else None
        words = topic_of(self.reading, iri, quantity)
        return (words, TOPIC) if words is not None else None

    def _has_quoted(self, cell: TableCell) -> bool:
        """Whether the words quoted for the figure, if there are any, have the header of its column."""
        return not self.quotes or any(q.start <= cell.period.start and cell.period.end <= q.end for q in self.quotes)

    def _compare_cell(self, quantity: Quantity, cell: TableCell, near: Association) -> Outcome:
        """What a number of a table says, with the unit and the period of its header and the words beside it."""
        place = (quantity, near.stretch)
        wrong = self._wrong_amount(in_column(quantity, cell), near)
        if wrong:
            return Outcome(wrong, quantity.span, place)
        of = self._of(quantity, near)
        topic = self._topic(quantity, cell) if of is None else None
        if of is None and topic is None:
            return Outcome("of", quantity.span, place)
        beside = Association(self.reading, cell.label)
        what = beside.what(self.what, quantity, is_dated=True, has_unit=True)
        if what is None and not self.is_marked("variableMeasured"):
            return Outcome("what", quantity.span, place)
        if self.dates["startDate"] or self.dates["endDate"]:
            return Outcome("at", quantity.span, place)
        if self.dates["observationDate"] and self.dates["observationDate"] not in cell.dates:
            return Outcome("at", quantity.span, place)
        words = (*([("what", what)] if what is not None else ()), *(of or ()), ("at", cell.period))
        return Outcome("", quantity.span, words=words, topic=topic, cell=cell)

    def _row(self, iri: str) -> list[tuple[str, Span]] | None:
        """In a table said row by row: the quote that names the thing and no number."""
        for quote in self.quotes if len(self.quotes) > 1 else ():
            for mention in self.reading.mentions.of_within(iri, *quote):
                if not Association(self.reading, quote).quantities:
                    return [("of", Span(mention.start, mention.end))]
        return None

    def _header(self, quantity: Quantity) -> Span | None:
        """In a table said row by row: the quote that says what is counted and no number but years."""
        for quote in self.quotes if len(self.quotes) > 1 else ():
            header = Association(self.reading, Span(*quote))
            if is_of_years(header.quantities) and (found := header.what(self.what, quantity)) is not None:
                return found
        return None

    def _dated(self, quantity: Quantity, near: Association) -> list[tuple[str, Span]] | None:
        found: list[tuple[str, Span]] = []
        if self.dates["observationDate"]:
            day = self.dates["observationDate"]
            quoted = [quote for key in ("observationDate", "partOfYear") for quote in self.own.get(key, ())]
            apart = (Dating(Association(self.reading, quote)).date(day, quantity) for quote in quoted)
            span = next((one for one in apart if one is not None), None)
            span = span or Dating(near).date(day, quantity) or year_above(self.reading, self.quotes, quantity, day)
            if span is None:
                return None
            found.append(("at", span))
        if self.dates["startDate"] or self.dates["endDate"]:
            span = Dating(near).period(self.dates["startDate"], self.dates["endDate"])
            if span is None:
                return None
            found.append(("from", span))
        return found

    # ---- the outcome

    def _support(self, outcome: Outcome) -> None:
        """Tie the figure and its facts to the words that say them."""
        assert outcome.quantity is not None
        words = dict(outcome.words)
        whole = Span(
            min(span.start for span in (outcome.quantity, *words.values())),
            max(span.end for span in (outcome.quantity, *words.values())),
        )
        cell = outcome.cell
        if not self.quotes:
            self.evidence.nodes[self.node] += cell.passages(outcome.quantity) if cell is not None else [whole]
            self.evidence.explanations.add(self.node, "figure")
        by_key = {
            "variableMeasured": [words.get("what", whole), outcome.quantity],
            "observationDate": [words.get("at", whole)],
            "partOfYear": [words.get("at", whole)],
        }
        by_key |= {key: [words.get("from", whole)] for key in ("startDate", "endDate")}
        if outcome.topic is not None and self.of is not None:
            named, rule = outcome.topic
            self.of.why, self.of.spans = WHY[rule], [named, outcome.quantity]
            self.evidence.explanations.add(self.of, rule)
        by_key["observationAbout"] = [*(span for key, span in outcome.words if key == "of"), outcome.quantity]
        for key, facts in self.node.facts.items():
            amount = [outcome.quantity, *([cell.unit_words] if cell is not None and cell.unit is not None else [])]
            spans = amount if key in _AMOUNT else by_key.get(key, [])
            for fact in facts:
                if not fact.spans and fact.why is None:
                    fact.spans = list(dict.fromkeys(spans))
                    self.evidence.explanations.add(fact, "figure")
