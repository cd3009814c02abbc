"""Figures held against the text: number, unit, comparison, what is counted, of whom and when stand together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from communique.compile.association import Association
from communique.compile.claims import has_star
from communique.compile.clauseparts import nearest_other
from communique.compile.columns import is_of_years, year_above
from communique.compile.countable import is_countable, is_quoted
from communique.compile.evidence import Evidence
from communique.compile.ground import ground
from communique.compile.marks import mark_for
from communique.compile.nodes import RecordFact, RecordNode
from communique.compile.reading import Reading
from communique.compile.report import Explanation
from communique.findings import shortened
from communique.iris import inner_iri, without_base
from communique.terms import XSD
from communique.text.numbers import Amount, Quantity, quantities_of
from communique.text.passages import Span
from communique.text.tables import table
from communique.text.tokens import lower_case

_VALUES: Final = ("value", "minValue", "maxValue")
_UNITS: Final = ("currency", "unitCode", "unitText")
_AMOUNT: Final = (*_VALUES, "comparison", *_UNITS)
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
        figure = _Figure(evidence, reading, node, amount)
        if figure.is_marked(*_VALUES):
            figure.infer()
        else:
            figure.check()


class _Figure:
    """One figure, and the words of the text that are compared with it."""

    def __init__(self, evidence: Evidence, reading: Reading, node: RecordNode, amount: Amount) -> None:
        self.evidence, self.reading, self.node, self.amount = evidence, reading, node, amount
        self.quotes = list(evidence.nodes[node])
        self.own = self._quotes_of_parts()
        self.what = " ".join(str(fact.object.value) for fact in node.facts.get("variableMeasured", ()))
        self.dates = {key: _value(node, key) for key in ("observationDate", "startDate", "endDate")}
        self.of = next((fact for fact in node.facts.get("observationAbout", ())), None)

    def is_marked(self, *keys: str) -> bool:
        """Whether one of some of its facts is marked as inferred: that fact alone is not held against the words."""
        return any(fact.why is not None for key in keys for fact in self.node.facts.get(key, ()))

    def _quotes_of_parts(self) -> dict[str, list[Span]]:
        """The words that an author quoted for single parts that are stated, by key."""
        facts = [(key, f) for key, facts in self.node.facts.items() for f in facts if f.why is None]
        return {key: [Span(*span) for span in fact.spans] for key, fact in facts if fact.spans}

    def infer(self) -> None:
        """Take the whole figure as inferred, since its value is: by the same reason, from the same words."""
        values = [fact for key in _VALUES for fact in self.node.facts.get(key, ()) if fact.why is not None]
        words = [Span(*span) for span in values[0].spans] or list(self.quotes) or self._words_near()
        for fact in (fact for key, facts in self.node.facts.items() if key != "type" for fact in facts):
            fact.why = fact.why or values[0].why
            fact.spans = fact.spans or [*words]
        if not self.quotes:
            self.evidence.nodes[self.node] += words
            self.evidence.found.add(self.node)
        if not words:
            self._report(_Outcome("value"))

    def _words_near(self) -> list[Span]:
        """The first sentence that says what an inferred figure counts, else the one that names whom it is of."""
        for stretch in self.reading.sentences.spans:
            self.evidence.work.spend(1 + (stretch.end - stretch.start) // 20)
            if Association(self.reading, Span(*stretch)).says(self.what):
                return [Span(*stretch)]
        named = self.reading.mentions.of(str(self.of.object.value)) if self.of is not None else ()
        return [Span(*mention[:2]) for mention in named[:1]]

    def check(self) -> None:
        """Give the figure its evidence, or report what the text does not say of it."""
        if self.node.evidence is not None and not self.quotes and has_star(self.node):
            return  # its quote is wrong, which is already reported
        if any(fact in self.evidence.unproven for facts in self.node.facts.values() for fact in facts):
            return
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
            quoted = [span for key in _VALUES for span in self.own.get(key, ())]
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
        what = self._what(near, quantity, is_dated=is_dated)
        if what is None:
            return _Outcome("what", "", quantity.span)
        words = [*what, *of]
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
        ordinals = table("quantities", near.reading.language).get("ordinal_words", ())
        if match is None or lower_case(self.amount.text.strip()) in ordinals:
            return _Outcome("value")
        rating = Quantity("", span=match.span, core=match.span)
        if not self.quotes and is_quoted(self.reading, rating, self.of):
            return _Outcome("value")
        what = self._what(near, rating)
        of = self._of(rating, near)
        if of is None or what is None:
            return _Outcome("of" if of is None else "what", "", match.span)
        dates = self._dated(rating, near)
        return _Outcome("", "", match.span, (*what, *of, *dates)) if dates is not None else _Outcome("at")

    def _wrong_amount(self, quantity: Quantity, near: Association) -> str:
        """The first step at which a quantity differs from the amount of the figure; "" if at none."""
        amount = self.amount
        if (quantity.value, quantity.upper) != (amount.value, amount.upper):
            return "value"
        if quantity.comparison != amount.comparison and not self.is_marked("comparison"):
            return "comparison"
        if self.is_marked(*_UNITS):
            return ""
        measured = "" if quantity.unit_kind == "word" else quantity.unit_kind
        if amount.unit_kind == "word":
            return "" if not measured and near.says_unit(amount.unit, quantity) else "unit"
        if measured != amount.unit_kind or (measured and quantity.unit != amount.unit):
            return "unit"
        return ""

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
            found = Association(self.reading, stretch).of(iri, quantity, is_quoted=bool(self.quotes))
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
            quoted = self.own.get("observationDate", ())
            apart = (Association(self.reading, quote).date(day, quantity) for quote in quoted)
            span = next((one for one in apart if one is not None), None)
            span = span or near.date(day, quantity) or year_above(self.reading, self.quotes, quantity, day)
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
        if outcome.step == "comparison":
            said = quantities_of(outcome.said, self.reading.language).all
            found = said[0].comparison if said else ""
            return f"write comparison: {found}" if found else "leave the comparison out"
        if outcome.step == "unit":
            return "write the unit that the text gives"
        if outcome.step == "of":
            both = "quote words that name both (a list, if they stand in two sentences), add referredToAs to the node"
            return f"{both}, or mark whose it is: {mark_for('of')}"
        key = outcome.step if outcome.step in ("what", "at") and outcome.step in self.node.written else "value"
        return f"write what the text says, quote the words that say all of it, or mark it: {mark_for(key)}"

    def _explain(self, outcome: _Outcome) -> Explanation:
        why: list[str] = []
        if outcome.quantity is not None:
            near = self._words_near() if outcome.step == "value" and not self.quotes else []
            start = near[0].start if near else outcome.quantity.start
            sentence = Span(*self.reading.sentences.spans[self.reading.sentences.at(start)])
            shown = shortened(self.reading.source[slice(*sentence)])
            why.append(f"nearest sentence, line {self._line(start)}: {shown!r}")
            why += self._rival(outcome.quantity, sentence) if outcome.step == "of" else ()
        else:
            found = dict.fromkeys(self._said(quantity) for quantity, _ in self._places() if quantity is not None)
            shown = ", ".join(map(repr, list(found)[:8])) or "none"
            why.append(f"numbers {'in these words' if self.quotes else 'of the text'} that count something: {shown}")
        return Explanation(why=(*why, *(self._passed_over() if outcome.step == "value" else ())))

    def _rival(self, quantity: Span, sentence: Span) -> Iterator[str]:
        """That the sentence of a number does not name the node, and what else it names that the figure may be of."""
        iri = str(self.of.object.value) if self.of is not None else ""
        rival = nearest_other(self.reading, iri, sentence, quantity.start)
        if not any(self.reading.mentions.of_within(iri, *sentence)):
            yield "this sentence does not name the node: a figure in the release itself, without of, is of nothing"
        if rival is not None:
            words = shortened(self.reading.source[rival.start : rival.end])
            yield f"nearer to the number: {words!r} ({without_base(rival.node, self.evidence.expansion.base)})"

    def _passed_over(self) -> Iterator[str]:
        """Why a number of the text that is the same does not count."""
        every = quantities_of(self.reading.source, self.reading.language).all
        same = [q for q in every if (q.value, q.upper) == (self.amount.value, self.amount.upper)]
        if not self.quotes and any(is_quoted(self.reading, quantity, self.of) for quantity in same):
            yield "somebody says it between quotation marks: quote these words, or give the figure to the quotation"
        elif any(not is_countable(self.reading, quantity) for quantity in same):
            yield "there it is part of a date or of a name"

    def _line(self, offset: int) -> int:
        return self.evidence.running.line(offset)


def _value(node: RecordNode, key: str) -> str:
    facts: list[RecordFact] = node.facts.get(key, [])
    return next((fact.object.value for fact in facts if isinstance(fact.object, Literal) and fact.why is None), "")
