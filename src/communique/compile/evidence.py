"""The quotes of a record, tied to its nodes and facts; what is inferred is marked with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from communique.compile.expand import Expansion, RecordFact, RecordNode
from communique.compile.ground import SHORTHAND, Ground, ground, normalisers_tried
from communique.compile.literals import nfc
from communique.compile.nearest import nearest_passage
from communique.compile.passages import QuoteError, Span, locate, unique_quote
from communique.compile.report import Explanation, Report
from communique.compile.work import KEPT_PER_STEP, SCANNED_PER_STEP, Work, WorkSpentError
from communique.errors import suggestion
from communique.findings import shortened
from communique.iris import inner_iri
from communique.read.yamlld import Pointer

MAX_QUOTES: Final = 20_000  # of one record
MAX_QUOTES_PER_FACT: Final = 200
"""The most quotes of one fact, or of one node as a whole."""
EXPLANATION_STEPS: Final = 2_000_000
"""Steps that may be spent on explaining the wrong quotes of one release."""
NOT_GROUNDED: Final = frozenset({"inLanguage", "note"})
"""Keys about the record or the file, not about what the text says."""
_WRITE_OR_REMOVE: Final = "write the fact, or remove the quote"
FURNITURE: Final = "furniture"
"""The key for page furniture: boilerplate of a web page in the source, such as menus; read on the release alone."""
ALWAYS_GROUNDED: Final = frozenset({"telephone", "email", "givenName", "familyName"})
"""Keys whose values must be found in the words even if they are inferred: a reader may conclude how digits or names are
to be read, never which they are."""


class Claim(NamedTuple):
    """A quote for a node (``key`` "*"), for the facts of a property or for one value; ``why`` marks an inference."""

    key: str
    value: str | None
    quote: str
    why: str | None
    pointer: Pointer


@dataclass(slots=True)
class Evidence:
    """The quotes of a record: `attach` ties them to its nodes and facts.

    ``nodes`` are the spans that support each node as a whole, ``furniture`` the spans of boilerplate. ``located`` and
    ``explained`` cache the result of each quote; ``unproven`` are facts whose own quote is wrong.
    """

    expansion: Expansion
    source: str
    report: Report
    work: Work = field(default_factory=Work)
    nodes: dict[RecordNode, list[Span]] = field(default_factory=dict)
    located: dict[str, Span | QuoteError] = field(default_factory=dict)
    explained: dict[str, Explanation] = field(default_factory=dict)
    unproven: set[RecordFact] = field(default_factory=set)
    explanation_work: Work = field(default_factory=lambda: Work(EXPLANATION_STEPS))
    by_value: dict[tuple[RecordNode, str], dict[NamedNode | Literal | str, list[RecordFact]]] = field(
        default_factory=dict
    )
    furniture: list[Span] = field(default_factory=list)

    def attach(self) -> None:
        """Tie every quote to what it supports, then check every literal against the words quoted for it.

        Raises `WorkSpentError` if that takes more work than a release may take.
        """
        quotes = 0
        for node in self.expansion.nodes.values():
            self.work.spend(10)
            spans = self.nodes[node] = []
            if node.evidence is None:
                self._report_no_evidence(node)
                continue
            for claim in self._limited_claims(node):
                quotes += 1
                if claim.key == "*":
                    spans += self._spans(claim, node)
                elif self._is_furniture(claim, node):
                    self.furniture += self._spans(claim, node)
                else:
                    self._support(node, claim)
            if not spans and not self._has_star(node):
                self._report_no_evidence(node)
        if quotes > MAX_QUOTES:
            self.report("too-many-quotes", f"the record has {quotes:,} quotes, at most {MAX_QUOTES:,} are read", ())
        self._ground_all()

    # ---- reading what the author wrote

    def _limited_claims(self, node: RecordNode) -> Iterator[Claim]:
        """The quotes of a node, for each fact at most `MAX_QUOTES_PER_FACT`; more are reported."""
        counts: Counter[tuple[str, str | None]] = Counter()
        for claim in self._claims(node):
            self.work.spend(5)
            counts[claim.key, claim.value] += 1
            if counts[claim.key, claim.value] <= MAX_QUOTES_PER_FACT:
                yield claim
            elif counts[claim.key, claim.value] == MAX_QUOTES_PER_FACT + 1:
                message = f"more than {MAX_QUOTES_PER_FACT} quotes for one {'node' if claim.key == '*' else claim.key}"
                fix = "keep those that say it best, or give each value its own: {value: quote}"
                self.report("too-many-quotes", message, claim.pointer, path=claim.key, fix=fix)

    def _claims(self, node: RecordNode) -> Iterator[Claim]:
        at = (*node.pointer, "evidence")
        if not isinstance(node.evidence, dict):
            yield from self._quotes("*", None, node.evidence, at)
            return
        for key, written in node.evidence.items():
            by_value = isinstance(written, dict) and "inferred" not in written and "why" not in written
            if key == "*" and isinstance(written, dict):
                self.report("evidence-misplaced", "a node as a whole cannot be inferred: mark the property", (*at, key))
            elif by_value:
                for value, one in written.items():
                    yield from self._quotes(key, value, one, (*at, key, value))
            else:
                yield from self._quotes(key, None, written, (*at, key))

    def _quotes(
        self, key: str, value: str | None, written: object, at: Pointer, why: str | None = None
    ) -> Iterator[Claim]:
        if isinstance(written, str) and written:
            yield Claim(key, value, written, why, at)
        elif isinstance(written, list) and written:
            for k, one in enumerate(written):
                yield from self._quotes(key, value, one, (*at, k), why)
        elif isinstance(written, dict) and why is None and "inferred" in written:
            yield from self._inferences(key, value, written, at)
        else:
            self.report(
                "evidence-misplaced",
                f"a quote is expected here for {key}",
                at,
                path=key,
                fix='write "words of the text", a list of such quotes, or {inferred: "…", why: "…"}',
            )

    def _inferences(self, key: str, value: str | None, written: Mapping[str, object], at: Pointer) -> Iterator[Claim]:
        for extra in sorted(set(written) - {"inferred", "why"}):
            self.report(
                "unknown-key",
                f"unknown key {extra!r} beside 'inferred'",
                (*at, extra),
                key=True,
                path=extra,
                fix="an inference has the keys inferred and why",
            )
        why = written.get("why")
        if not isinstance(why, str) or not why.strip():
            self.report(
                "inference-without-why",
                f"{key} is inferred, but nothing says why",
                at,
                path=key,
                fix='add why: "…" with the reason a reader can judge',
            )
            return
        yield from self._quotes(key, value, written["inferred"], (*at, "inferred"), why)

    def _has_star(self, node: RecordNode) -> bool:
        return not isinstance(node.evidence, dict) or "*" in node.evidence

    def _report_no_evidence(self, node: RecordNode) -> None:
        self.report(
            "no-evidence",
            "nothing in the text is quoted for this node",
            node.pointer,
            focus=node.iri.value,
            fix='add evidence: "words of the text that speak of it"',
        )

    # ---- tying quotes to facts

    def _support(self, node: RecordNode, claim: Claim) -> None:
        facts = self._supported_facts(node, claim)
        if not facts:
            return
        spans = self._spans(claim, node)
        if not spans:
            self.unproven.update(facts)
        for fact in facts:
            if fact.spans and (fact.why is None) != (claim.why is None):
                self.report(
                    "basis-conflict",
                    f"{claim.key} is both stated and inferred",
                    claim.pointer,
                    focus=node.iri.value,
                    path=claim.key,
                    fix="keep one of the two",
                )
                continue
            self.work.spend(2 + len(fact.spans) // 20 + len(fact.why or "") // KEPT_PER_STEP)
            fact.spans += [s for s in spans if s not in fact.spans]
            fact.why = _joined_reasons(fact.why, claim.why)

    def _supported_facts(self, node: RecordNode, claim: Claim) -> list[RecordFact]:
        """The facts that a quote supports; reported if there are none."""
        key = next((key for key, written in node.renamed.items() if written == claim.key), claim.key)
        facts = node.facts.get(key, [])
        if claim.value is not None:
            facts = self._facts_with_value(node, key, claim.value)
        if not facts:
            what = claim.key if claim.value is None else f"{claim.key} with the value {claim.value!r}"
            self.report(
                "evidence-misplaced",
                f"this node has no {what}",
                claim.pointer,
                focus=node.iri.value,
                path=claim.key,
                value=claim.value,
                fix=suggestion(claim.key, node.facts if claim.value is None else (), otherwise=_WRITE_OR_REMOVE),
            )
        return facts

    def _facts_with_value(self, node: RecordNode, key: str, value: str) -> list[RecordFact]:
        """The facts of a property with one value, as the author writes it: a text, a class or the id of a node."""
        index = self.by_value.get((node, key))
        if index is None:
            index = self.by_value[node, key] = {}
            for fact in node.facts.get(key, []):
                term = fact.object.value if isinstance(fact.object, Literal) else fact.object
                index.setdefault(term, []).append(fact)
        if key == "type":
            name = self.expansion.context.classes.get(value)
            return index.get(NamedNode(name), []) if name is not None else []
        iri = self.expansion.resolve(value)
        return [*index.get(nfc(value), []), *(index.get(iri, []) if iri is not None else [])]

    def _spans(self, claim: Claim, node: RecordNode) -> list[Span]:
        """The one span of a quote; none if the quote is wrong, which is reported."""
        if claim.quote not in self.located:
            self.located[claim.quote] = self._locate(claim.quote)
        quote, located = claim.quote, self.located[claim.quote]
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
            return error
        self.work.spend((span.end - span.start) // KEPT_PER_STEP)
        return span

    # ---- explaining

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
        near = nearest_passage(quote, self.source, self.explanation_work)
        if near is None:
            return Explanation(fix="copy the words from source.txt")
        passage = self.source[near.span.start : near.span.end]
        message = "the quote does not stand in the source"
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
            fix=f"write {near.instead!r}" if near.instead and near.wrong else "copy the words from source.txt",
        )

    def _explain_ambiguous(self, error: QuoteError) -> Explanation:
        spans = error.places[:8]
        why = tuple(f"line {self._line(s.start)} of source.txt: {self._context(s)}" for s in spans)
        longer = next(filter(None, (unique_quote(s, self.source, self.explanation_work) for s in spans)), None)
        return Explanation(why=why, fix=f"quote more words, such as {longer!r}" if longer else "quote more words")

    def _line(self, start: int) -> int:
        return self.source.count("\n", 0, start) + 1

    def _context(self, span: Span) -> str:
        words = self.source[max(span.start - 30, 0) : span.end + 30]
        return repr(" ".join(words.split()))

    def _is_furniture(self, claim: Claim, node: RecordNode) -> bool:
        of_release = inner_iri(node.iri.value, "") == self.expansion.this
        return claim.key == FURNITURE and of_release and claim.value is None and claim.why is None

    # ---- grounding

    def _ground_all(self) -> None:
        for fact in self.expansion.facts():
            if type(fact.object) is not Literal or fact.key in NOT_GROUNDED:
                continue
            if fact.why is None or fact.key in ALWAYS_GROUNDED:
                self._ground(fact)

    def _ground(self, fact: RecordFact) -> None:
        assert isinstance(fact.object, Literal)
        has_own_quote = bool(fact.spans)
        spans = sorted(fact.spans or self.nodes[fact.node])
        per_step = 1 if fact.key == "telephone" else 200  # characters; telephone numbers take a step for each one
        self.work.spend(10 + 15 * len(spans) + sum(end - start for start, end in spans) // per_step)
        if not spans or (fact in self.unproven and not has_own_quote):
            return  # its quote is missing or wrong, which is already reported
        datatype = fact.object.datatype.value
        match = ground(fact.object.value, datatype, fact.key, self.source, spans, language=self.expansion.language)
        if match is None and fact.why is not None and self._is_part_of_name(fact):
            return
        if match is not None:
            if not has_own_quote and tuple(match.span) not in spans:
                fact.spans.append(match.span)
            if match.normaliser == SHORTHAND and fact.why is None:
                self._report_shorthand(fact, match)
            return
        mark = "" if fact.key in ALWAYS_GROUNDED else ", or mark it: {inferred: …, why: …}"
        self.report(
            "not-grounded",
            f"the words quoted for {fact.node.renamed.get(fact.key, fact.key)} do not say {fact.object.value!r}",
            fact.pointer,
            focus=fact.node.iri.value,
            path=fact.key,
            value=fact.object.value,
            explain=lambda: self._explain_ungrounded(spans, datatype, fact.key),
            fix=f"write what the text says, quote the words that say it{mark}",
        )

    def _explain_ungrounded(self, spans: list[tuple[int, int]], datatype: str, key: str) -> Explanation:
        quoted = " / ".join(shortened(self.source[a:b]) for a, b in spans)
        tried = ", ".join(normalisers_tried(datatype, key))
        return Explanation(quote=quoted, why=(f"looked for in: {quoted!r}", f"normalisers tried: {tried}"))

    def _report_shorthand(self, fact: RecordFact, match: Ground) -> None:
        assert isinstance(fact.object, Literal)
        words = self.source[match.span.start : match.span.end]
        self.report(
            "shorthand-stated",
            f"{fact.object.value!r} is completed by a reader from {words!r}: the text does not write this number out",
            fact.pointer,
            severity="warning",
            focus=fact.node.iri.value,
            path=fact.key,
            value=fact.object.value,
            quote=words,
            fix=f"mark it: {fact.key}: {{{fact.object.value!r}: {{inferred: …, why: …}}}}",
        )

    def _is_part_of_name(self, fact: RecordFact) -> bool:
        """Whether a given or family name is a word of one of the person's names, which are checked themselves."""
        if fact.key not in ("givenName", "familyName"):
            return False
        names = [f.object.value for key in ("name", "alternateName") for f in fact.node.facts.get(key, ())]
        self.work.spend(len(names) + sum(map(len, names)) // SCANNED_PER_STEP)
        return any(f" {fact.object.value} " in f" {name} " for name in names)


def _joined_reasons(one: str | None, other: str | None) -> str | None:
    """The reasons of two quotes for one inference, each once and sorted, whatever order they were written in."""
    if one is None or other is None or one == other:
        return one or other
    reasons = {*(one or "").split(" / "), *(other or "").split(" / ")} - {""}
    return " / ".join(sorted(reasons)) or None
