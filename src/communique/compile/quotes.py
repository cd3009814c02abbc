"""The quotes of one record found in its source; what is wrong with one is explained."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from communique.compile.claims import Claim
from communique.compile.ignored import IGNORE
from communique.compile.nodes import RecordNode
from communique.compile.report import Explanation, Report
from communique.text.nearest import NearestPassage, nearest_passage
from communique.text.passages import QuoteError, Span, anchors_of, crosses_paragraph, locate, occurrences, unique_quote
from communique.text.running import Running
from communique.text.work import KEPT_PER_STEP, Work, WorkSpentError

_LONGEST_COPY: Final = 200  # characters of a passage that a finding gives whole
EXPLANATION_STEPS: Final = 2_000_000
"""Steps that may be spent on explaining the wrong quotes of one release."""


@dataclass(slots=True)
class Quotes:
    """Finds the quotes of a record in the ``running`` text of its source, each once.

    ``located`` and ``explained`` cache the result of each quote.
    """

    running: Running
    report: Report
    work: Work
    located: dict[str, Span | QuoteError] = field(default_factory=dict)
    explained: dict[str, Explanation] = field(default_factory=dict)
    explanation_work: Work = field(default_factory=lambda: Work(EXPLANATION_STEPS))

    @property
    def source(self) -> str:
        """The text that quotes are found in."""
        return self.running.text

    def spans(self, claim: Claim, node: RecordNode) -> list[Span]:
        """The one span of a quote; none if the author gives none, or a wrong one, which is reported."""
        quote = claim.quote
        if quote is None:
            return []
        if quote not in self.located:
            self.located[quote] = self._locate(quote)
        located = self.located[quote]
        if isinstance(located, Span):
            return [located]
        self.report(
            located.code,
            str(located),
            claim.pointer,
            focus=node.iri.value,
            path=claim.key,
            quote=quote,
            explain=lambda: self._explain(located, quote),
        )
        return []

    def _locate(self, quote: str) -> Span | QuoteError:
        try:
            span = locate(quote, self.source, self.work)
        except QuoteError as error:
            verbatim = self._verbatim(quote)
            if verbatim is None:
                return error
            span = verbatim
        self.work.spend((span.end - span.start) // KEPT_PER_STEP)
        return span

    def _verbatim(self, quote: str) -> Span | None:
        """Where a quote stands that is written as in the source, with line ends and ignored words; None if nowhere."""
        if self.running.is_source:
            return None
        places = list(islice(occurrences(quote, self.running.source, self.work), 2))
        span = self.running.inner(places[0]) if len(places) == 1 else None
        return None if span is None or crosses_paragraph(span, self.source) else span

    def _explain(self, error: QuoteError, quote: str) -> Explanation:
        """Details of a wrong quote, computed once per quote, within a budget for the whole record; empty beyond it."""
        if quote not in self.explained:
            try:
                if error.code == "quote-not-found":
                    self.explained[quote] = self._explain_missing(quote)
                elif error.code == "quote-ambiguous":
                    self.explained[quote] = self._explain_ambiguous(error)
                else:
                    line = self._line(error.places[0].start)
                    why = (f"it begins in line {line} of source.txt",)
                    self.explained[quote] = Explanation(why=why, fix="give two quotes, one for each paragraph")
            except WorkSpentError:
                self.explained[quote] = Explanation()
        return self.explained[quote]

    def _explain_missing(self, quote: str) -> Explanation:
        if not self.running.is_source and quote in self.running.source:
            message = "the quote is only in words that the record says are not text of the release"
            return Explanation(message=message, fix=f"quote other words, or take them out of {IGNORE}")
        near = nearest_passage(quote, self.source, self.explanation_work)
        if near is None:
            return Explanation(fix="copy the words from source.txt")
        passage = self.source[near.span.start : near.span.end]
        message = "the quote is not in the source"
        if near.folded:
            message += ": white space, quotation marks, hyphens or case differ"
        elif near.wrong and near.instead:
            message += f": it says {near.wrong!r} where the source says {near.instead!r}"
        elif near.wrong:
            message += f": the source does not say {near.wrong!r} there"
        elif near.instead:
            message += f": it leaves out {near.instead!r}"
        why = (f"nearest passage, line {self._line(near.span.start)} of source.txt: {passage!r}",)
        return Explanation(
            message=message,
            word=near.wrong or None,
            value=near.wrong or None,
            why=why,
            fix=self._words_to_copy(quote, near),
        )

    def _words_to_copy(self, quote: str, near: NearestPassage) -> str:
        """How to mend a quote: the whole of it as the source has it, where only marks, spaces or case differ."""
        passage = self.source[near.span.start : near.span.end]
        if near.folded and len(anchors_of(quote)) == 1 and len(passage) <= _LONGEST_COPY and "\n" not in passage:
            return f"write {_in_yaml(passage)}"
        return f"write {_in_yaml(near.instead)}" if near.instead and near.wrong else "copy the words from source.txt"

    def _explain_ambiguous(self, error: QuoteError) -> Explanation:
        spans = error.places[:8]
        why = tuple(f"line {self._line(s.start)} of source.txt: {self._context(s)}" for s in spans)
        longer = next(filter(None, (unique_quote(s, self.source, self.explanation_work) for s in spans)), None)
        return Explanation(
            why=why, fix=f"quote more words, such as {_in_yaml(longer)}" if longer else "quote more words"
        )

    def _line(self, start: int) -> int:
        return self.running.line(start)

    def _context(self, span: Span) -> str:
        words = self.source[max(span.start - 30, 0) : span.end + 30]
        return repr(" ".join(words.split()))


def _in_yaml(words: str) -> str:
    """Words between quotation marks of YAML; what cannot be seen, such as a no-break space, is written in ASCII.

    >>> print(_in_yaml("said\\u00a0that"), _in_yaml("“The"))
    "said\\u00a0that" "“The"
    """
    shown = (c if c.isprintable() else f"\\u{ord(c):04x}" for c in json.dumps(words, ensure_ascii=False))
    return "".join(shown)
