"""Figures held against the text: number, unit, comparison, what is counted, of whom and when stand together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from communique.compile.association import Association
from communique.compile.columns import is_of_years, year_above
from communique.compile.evidence import Evidence
from communique.compile.ground import ground
from communique.compile.nodes import RecordFact, RecordNode
from communique.compile.reading import Reading
from communique.compile.report import Explanation
from communique.findings import shortened
from communique.iris import inner_iri
from communique.terms import XSD
from communique.text.numbers import Amount, Quantity, quantities_of
from communique.text.passages import Span

_AMOUNT: Final = ("value", "minValue", "maxValue", "comparison", "currency", "unitCode", "unitText")
_STEPS: Final = ("value", "comparison", "unit", "of", "what", "at")
"""What is compared, in order; a figure is reported for the step at which the best place of the text fails."""
_MOST_PLACES: Final = 200


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How far a place of the text agrees with a figure: the step at which it fails ("" if at none), and why."""

    step: str
    said: str = ""
    quantity: Span | None = None
    words: tuple[tuple[str, Span], ...] = ()

    @property
    def rank(self) -> int:
        return len(_STEPS) if not self.step else _STEPS.index(self.step)


def check_figures(evidence: Evidence, reading: Reading) -> None:
    """Tie every figure to the words that say it; report those that no words say, or not the words quoted.

    Raises `WorkSpentError` if that takes more work than a release may take.
    """
    for iri, amount in evidence.expansion.amounts.items():
        node = evidence.expansion.nodes[iri]
        evidence.judged.add(node)
        if any(fact.why is not None for key in _AMOUNT for fact in node.facts.get(key, ())):
            continue
        _Figure(evidence, reading, node, amount).check()


class _Figure:
    """One figure, and the words of the text that are compared with it."""

    def __init__(self, evidence: Evidence, reading: Reading, node: RecordNode, amount: Amount) -> None:
        self.evidence, self.reading, self.node, self.amount = evidence, reading, node, amount
        self.quotes = list(evidence.nodes[node])
        self.what = " ".join(str(fact.object.value) for fact in node.facts.get("variableMeasured", ()))
        self.dates = {key: _value(node, key) for key in ("observationDate", "startDate", "endDate")}
        self.of = next((fact for fact in node.facts.get("observationAbout", ())), None)

    def check(self) -> None:
        """Give the figure its evidence, or report what the text does not say of it."""
        if self.node.evidence is not None and not self.quotes:
            return  # its quote is wrong, which is already reported
        best = max(self._outcomes(), key=lambda outcome: outcome.rank, default=_Outcome("value"))
        if best.step:
            self._report(best)
        else:
            self._support(best)
        if not self.quotes:
            self.evidence.found.add(self.node)

    def _outcomes(self) -> Iterator[_Outcome]:
        """What each place of the text that may say the figure says; the first that says all of it is the last."""
        for number, (quantity, stretch) in enumerate(self._places()):
            self.evidence.work.spend(20 + (stretch.end - stretch.start) // 5)
            outcome = self._compare(quantity, Association(self.reading, stretch))
            yield outcome
            if not outcome.step or number > _MOST_PLACES:
                return

    def _places(self) -> Iterator[tuple[Quantity | None, Span]]:
        """The quantities that are compared (None for a rating), each with the words around it that belong to it."""
        sentences = self.reading.sentences
        if self.amount.text:
            for stretch in self.quotes or sentences.spans:
                yield None, Span(*stretch)
            return
        found = quantities_of(self.reading.source, self.reading.language)
        if not self.quotes:
            for quantity in found.all:
                yield quantity, Span(*sentences.spans[sentences.at(quantity.core.start)])
            return
        for quote in self.quotes:
            for quantity in found.within(*quote):
                yield quantity, Span(*quote)

    # ---- comparing

    def _compare(self, quantity: Quantity | None, near: Association) -> _Outcome:
        if quantity is None:
            return self._compare_rating(near)
        wrong = self._wrong_amount(quantity, near)
        if wrong:
            return _Outcome(wrong, self._said(quantity), quantity.span)
        of = self._of(quantity, near)
        if of is None:
            return _Outcome("of", "", quantity.span)
        is_dated = near.is_dated_apart(self.dates["observationDate"], quantity)
        what = near.what(self.what, quantity, is_dated=is_dated) or self._header(quantity)
        if what is None:
            return _Outcome("what", "", quantity.span)
        words = [("what", what), *of]
        dates = self._dated(quantity, near)
        if dates is None:
            return _Outcome("at", "", quantity.span)
        return _Outcome("", "", quantity.span, (*words, *dates))

    def _compare_rating(self, near: Association) -> _Outcome:
        match = ground(
            self.amount.text,
            XSD + "string",
            "value",
            near.reading.source,
            [near.stretch],
            language=near.reading.language,
        )
        if match is None:
            return _Outcome("value")
        rating = Quantity("", span=match.span, core=match.span)
        what = near.what(self.what, rating)
        of = self._of(rating, near)
        if of is None or what is None:
            return _Outcome("of" if of is None else "what", "", match.span)
        dates = self._dated(rating, near)
        return _Outcome("", "", match.span, (("what", what), *of, *dates)) if dates is not None else _Outcome("at")

    def _wrong_amount(self, quantity: Quantity, near: Association) -> str:
        """The first step at which a quantity differs from the amount of the figure; "" if at none."""
        amount = self.amount
        if (quantity.value, quantity.upper) != (amount.value, amount.upper):
            return "value"
        if quantity.comparison != amount.comparison:
            return "comparison"
        measured = "" if quantity.unit_kind == "word" else quantity.unit_kind
        if amount.unit_kind == "word":
            return "" if not measured and near.says_unit(amount.unit, quantity) else "unit"
        if measured != amount.unit_kind or (measured and quantity.unit != amount.unit):
            return "unit"
        return ""

    def _of(self, quantity: Quantity, near: Association) -> list[tuple[str, Span]] | None:
        """The words that name the thing a figure is of; [] if none are needed, None if they are missing."""
        if self.of is None or inner_iri(str(self.of.object.value), "") == self.evidence.expansion.this:
            return []
        iri = str(self.of.object.value)
        number = self.reading.sentences.at(quantity.core.start)
        sentence = Span(*self.reading.sentences.spans[number])
        whole = Span(min(near.stretch.start, sentence.start), max(near.stretch.end, sentence.end))
        for stretch in dict.fromkeys((near.stretch, whole)):
            found = Association(self.reading, stretch).of(iri, quantity)
            if found is not None:
                return [("of", found)]
        node = self.evidence.expansion.nodes.get(NamedNode(iri))
        for start, end in self.evidence.nodes.get(node, ()) if node is not None else ():
            if start <= quantity.core.start and quantity.core.end <= end:
                return []
        return self._row(iri)

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
            span = near.date(day, quantity) or year_above(self.reading, self.quotes, quantity, day)
            if span is None:
                return None
            found.append(("at", span))
        if self.dates["startDate"] or self.dates["endDate"]:
            span = near.period(self.dates["startDate"], self.dates["endDate"])
            if span is None:
                return None
            found.append(("from", span))
        return found

    # ---- the outcome

    def _support(self, outcome: _Outcome) -> None:
        """Tie the figure and its facts to the words that say them."""
        assert outcome.quantity is not None
        words = dict(outcome.words)
        whole = Span(
            min(span.start for span in (outcome.quantity, *words.values())),
            max(span.end for span in (outcome.quantity, *words.values())),
        )
        if not self.quotes:
            self.evidence.nodes[self.node].append(whole)
            self.evidence.explanations.add(self.node, "figure")
        by_key = {
            "variableMeasured": [words.get("what", whole), outcome.quantity],
            "observationDate": [words.get("at", whole)],
        }
        by_key |= {key: [words.get("from", whole)] for key in ("startDate", "endDate")}
        by_key["observationAbout"] = [*(span for key, span in outcome.words if key == "of"), outcome.quantity]
        for key, facts in self.node.facts.items():
            spans = [outcome.quantity] if key in _AMOUNT else by_key.get(key, [])
            for fact in facts:
                if not fact.spans and fact.why is None:
                    fact.spans = list(dict.fromkeys(spans))
                    self.evidence.explanations.add(fact, "figure")

    def _said(self, quantity: Quantity) -> str:
        return self.reading.source[slice(*quantity.span)]

    def _report(self, outcome: _Outcome) -> None:
        key = {"what": "what", "of": "of", "at": "at" if self.dates["observationDate"] else "from"}.get(
            outcome.step, "value"
        )
        key = outcome.step if outcome.step in ("unit", "comparison") and outcome.step in self.node.written else key
        pointer = (*self.node.pointer, key) if key in self.node.written else self.node.pointer
        self.evidence.report(
            "not-grounded",
            self._message(outcome),
            pointer,
            focus=self.node.iri.value,
            path=key,
            value=str(self.node.written.get(key, "")),
            explain=lambda: self._explain(outcome),
            fix=self._fix(outcome),
        )

    def _message(self, outcome: _Outcome) -> str:
        where = "the words quoted do not say" if self.quotes else "no sentence says"
        shown = str(self.node.written.get("value", ""))
        if outcome.step in ("comparison", "unit"):
            return f"the text says {outcome.said!r}, not {self._shown_amount()!r}"
        wanted = {
            "of": f"that {shown!r} is a figure of {self.node.written.get('of', 'this node')}",
            "what": f"that {shown!r} counts {shortened(self.what)!r}",
            "at": f"the date of {shown!r}",
        }
        return f"{where} {wanted.get(outcome.step, f'{shown!r} ({shortened(self.what)})')}"

    def _shown_amount(self) -> str:
        amount = self.amount
        number = f"{amount.value}–{amount.upper}" if amount.upper else amount.value
        return " ".join(part for part in (amount.comparison, number, amount.unit) if part)

    def _fix(self, outcome: _Outcome) -> str:
        mark = 'mark it: evidence: {value: {inferred: "…", why: …}}'
        if outcome.step == "comparison":
            said = quantities_of(outcome.said, self.reading.language).all
            found = said[0].comparison if said else ""
            return f"write comparison: {found}" if found else "leave the comparison out"
        if outcome.step == "unit":
            return "write the unit that the text gives"
        return f"write what the text says, quote the words that say all of it, or {mark}"

    def _explain(self, outcome: _Outcome) -> Explanation:
        if outcome.quantity is not None:
            at = self.reading.sentences.at(outcome.quantity.start)
            sentence = shortened(self.reading.source[slice(*self.reading.sentences.spans[at])])
            return Explanation(why=(f"nearest sentence, line {self._line(outcome.quantity.start)}: {sentence!r}",))
        found = dict.fromkeys(self._said(quantity) for quantity, _ in self._places() if quantity is not None)
        shown = ", ".join(map(repr, list(found)[:8])) or "none"
        return Explanation(why=(f"numbers {'in these words' if self.quotes else 'of the text'}: {shown}",))

    def _line(self, offset: int) -> int:
        return self.evidence.running.line(offset)


def _value(node: RecordNode, key: str) -> str:
    facts: list[RecordFact] = node.facts.get(key, [])
    return next((fact.object.value for fact in facts if isinstance(fact.object, Literal) and fact.why is None), "")
