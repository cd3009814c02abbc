"""What is reported of a figure that the text does not say, and how its author can write what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import copy
from typing import Final

from communique.compile.clauseparts import nearest_other
from communique.compile.countable import is_countable, is_quoted
from communique.compile.figure import Figure, Outcome
from communique.compile.marks import mark_for, scalar
from communique.compile.report import Explanation
from communique.findings import shortened
from communique.iris import without_base
from communique.text.changes import change_of, change_words
from communique.text.numbers import quantities_of, unit_of
from communique.text.passages import Span
from communique.text.tokens import lower_case

_WORD: Final = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_PLAIN: Final = re.compile(r"[\w .%/’-]+")
_SHORT: Final = 5  # words between the first and the last of those that say what changed


def report_figure(figure: Figure, outcome: Outcome, passes: Callable[[Figure], bool]) -> None:
    """Report a figure that fails at some place of the text; ``passes`` says whether it would pass, written otherwise.

    A finding offers to write something only if that passes.
    """
    _Report(figure, outcome, passes).add()


class _Report:
    """The finding on one figure."""

    def __init__(self, figure: Figure, outcome: Outcome, passes: Callable[[Figure], bool]) -> None:
        self.figure, self.outcome, self.passes = figure, outcome, passes
        self.evidence, self.reading, self.node = figure.evidence, figure.reading, figure.node
        self.change = self._change()

    def add(self) -> None:
        """Add the finding."""
        step, written = self.outcome.step, self.node.written
        at = "at" if self.figure.dates["observationDate"] else "from"
        key = {"what": "what", "of": "of", "at": at}.get(step, "value")
        key = step if step in ("unit", "comparison") and step in written else key
        pointer = (*self.node.pointer, key) if key in written else self.node.pointer
        self.evidence.report(
            "not-grounded",
            self._message(),
            pointer,
            focus=self.node.iri.value,
            path=key,
            value=str(written.get(key, "")),
            explain=self._explain,
            fix=self._fix(),
        )

    # ---- what is wrong

    def _message(self) -> str:
        figure, step, written = self.figure, self.outcome.step, self.node.written
        where = "the words quoted do not say" if figure.quotes else "no sentence says"
        shown, said = str(written.get("value", "")), self._said()
        if step in ("comparison", "unit"):
            return f"the text says {said!r}, not {self._shown_amount()!r}"
        if self.change:
            return f"the text says that {shortened(figure.what)!r} changed by {said!r}, not that it was so much"
        wanted = {
            "of": f"that {shown!r} is a figure of {written.get('of', 'this node')}",
            "what": f"that {shown!r} counts {shortened(figure.what)!r}",
            "at": f"the date of {shown!r}",
        }
        return f"{where} {wanted.get(step, f'{shown!r} ({shortened(figure.what)})')}"

    def _said(self) -> str:
        return self.figure.said(self.outcome.place[0]) if self.outcome.place is not None else ""

    def _shown_amount(self) -> str:
        amount = self.figure.amount
        number = f"{amount.value}–{amount.upper}" if amount.upper else amount.value
        return " ".join(part for part in (amount.comparison, number, amount.unit) if part)

    def _change(self) -> str:
        """What to write for what is counted, if the number says by how much it changed; else ""."""
        if self.outcome.step != "what" or self.outcome.place is None:
            return ""
        text, language = self.reading.source, self.reading.language
        quantity, stretch = self.outcome.place
        change = change_of(text, quantity, language)
        words = _WORD.findall(self.figure.what)
        if change is None or not change.is_amount or change_words(map(lower_case, words), language):
            return ""
        said = text[slice(*change.words)]
        hits = [
            at for word in words if (at := text.lower().rfind(word.lower(), stretch.start, change.words.start)) >= 0
        ]
        between = text[min(hits, default=0) : change.words.end] if len(hits) == len(words) else ""
        is_short = between and len(between.split()) <= _SHORT and _PLAIN.fullmatch(between)
        ways = ([between] if is_short else []) + [f"{self.figure.what} {said}"]
        return next((way for way in ways if self._passes(what=way)), "")

    # ---- what to do

    def _passes(self, *, what: str = "", comparison: str | None = None, unit: str | None = None) -> bool:
        """Whether the figure would pass with one thing written in another way."""
        changed = copy(self.figure)
        changed.what = what or changed.what
        if comparison is not None:
            changed.amount = changed.amount._replace(comparison=comparison)
        if unit is not None:
            kind, name = unit_of(unit, self.reading.language) if unit else ("", "")
            changed.amount = changed.amount._replace(unit_kind=kind, unit=name)
        return self.passes(changed)

    def _fix(self) -> str:
        step, written = self.outcome.step, self.node.written
        if step == "of":
            both = "quote words that name both (a list, if they stand in two sentences), add referredToAs to the node"
            return f"{both}, or mark whose it is: {mark_for('of')}"
        offered = self._offered()
        key = step if step in ("what", "at", "comparison", "unit") and step in written else "value"
        mark = f"mark it: {mark_for(key)}"
        if offered:
            return f"{offered}; or, if other words say it, quote them or {mark}"
        return f"write what the text says, quote the words that say all of it, or {mark}"

    def _offered(self) -> str:
        """One thing to write in another way, so that the figure is what the text says; "" if there is none."""
        place = self.outcome.place
        if self.change:
            return f"write what: {scalar(self.change)}"
        if place is None:
            return ""
        if self.outcome.step == "comparison":
            found = self.figure.comparison_of(place[0])
            if not self._passes(comparison=found):
                return ""
            return f"write comparison: {found}" if found else "leave the comparison out"
        if self.outcome.step == "unit":
            unit = place[0].unit
            if not self._passes(unit=unit):
                return ""
            return f"write unit: {scalar(unit)}" if unit else "leave the unit out"
        return ""

    def _explain(self) -> Explanation:
        figure, outcome = self.figure, self.outcome
        why: list[str] = []
        if outcome.quantity is not None:
            near = figure.words_near() if outcome.step == "value" and not figure.quotes else []
            start = near[0].start if near else outcome.quantity.start
            sentence = Span(*self.reading.sentences.spans[self.reading.sentences.at(start)])
            shown = shortened(self.reading.source[slice(*sentence)])
            why.append(f"nearest sentence, line {self.evidence.running.line(start)}: {shown!r}")
            why += self._rival(outcome.quantity, sentence) if outcome.step == "of" else ()
        else:
            found = dict.fromkeys(figure.said(quantity) for quantity, _ in figure.places() if quantity is not None)
            shown = ", ".join(map(repr, list(found)[:8])) or "none"
            why.append(f"numbers {'in these words' if figure.quotes else 'of the text'} that count something: {shown}")
        return Explanation(why=(*why, *(self._passed_over() if outcome.step == "value" else ())))

    def _rival(self, quantity: Span, sentence: Span) -> Iterator[str]:
        """That the sentence of a number does not name the node, and what else it names that the figure may be of."""
        of = self.figure.of
        iri = str(of.object.value) if of is not None else ""
        rival = nearest_other(self.reading, iri, sentence, quantity.start)
        if not any(self.reading.mentions.of_within(iri, *sentence)):
            yield "this sentence does not name the node: a figure in the release itself, without of, is of nothing"
        if rival is not None:
            words = shortened(self.reading.source[rival.start : rival.end])
            yield f"nearer to the number: {words!r} ({without_base(rival.node, self.evidence.expansion.base)})"

    def _passed_over(self) -> Iterator[str]:
        """Why a number of the text that is the same does not count."""
        figure = self.figure
        every = quantities_of(self.reading.source, self.reading.language).all
        same = [q for q in every if (q.value, q.upper) == (figure.amount.value, figure.amount.upper)]
        if not figure.quotes and any(is_quoted(self.reading, quantity, figure.of) for quantity in same):
            yield "somebody says it between quotation marks: quote these words, or give the figure to the quotation"
        elif any(not is_countable(self.reading, quantity) for quantity in same):
            yield "there it is part of a date or of a name"
