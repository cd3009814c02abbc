"""The quotes of a record, tied to its nodes and facts; what is inferred is marked with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode

from communique.compile.claims import Claim, claims_of
from communique.compile.expand import Expansion
from communique.compile.explained import Explanations
from communique.compile.literals import nfc
from communique.compile.nodes import RecordFact, RecordNode
from communique.compile.quotes import Quotes
from communique.compile.report import Report
from communique.context import Context
from communique.errors import suggestion
from communique.iris import inner_iri
from communique.text.passages import Span
from communique.text.running import Running, running_text
from communique.text.work import KEPT_PER_STEP, Work

MAX_QUOTES: Final = 20_000  # of one record
_WRITE_OR_REMOVE: Final = "write the fact, or remove the quote"
FURNITURE: Final = "furniture"
"""The key for page furniture: boilerplate of a web page in the source, such as menus; read on the release alone."""


@dataclass(slots=True)
class Evidence:
    """The quotes of a record: `attach` ties them to its nodes and facts.

    ``running`` is the text that they are found in. ``nodes`` are the spans that support each node as a whole,
    ``furniture`` the spans of boilerplate (in the source); ``quotes`` finds quotes; ``unproven`` are facts whose own
    quote is wrong, ``refused`` those that their words do not say of their node; ``found`` are the nodes whose spans the
    compiler found, because no author quoted any, ``unnamed`` those that have none (IRIs); ``judged`` are nodes whose
    facts are held against the words together, as those of figures are, ``settled`` single facts of that kind;
    ``entities`` are the words that name entities of the registry that the record refers to and does not describe;
    ``explanations`` say how evidence was found.
    """

    expansion: Expansion
    running: Running
    report: Report
    work: Work = field(default_factory=Work)
    nodes: dict[RecordNode, list[Span]] = field(default_factory=dict)
    unproven: set[RecordFact] = field(default_factory=set)
    refused: set[RecordFact] = field(default_factory=set)
    by_value: dict[tuple[RecordNode, str], dict[NamedNode | Literal | str, list[RecordFact]]] = field(
        default_factory=dict
    )
    found: set[RecordNode] = field(default_factory=set)
    judged: set[RecordNode] = field(default_factory=set)
    unnamed: set[str] = field(default_factory=set)
    settled: set[RecordFact] = field(default_factory=set)
    entities: dict[str, Span] = field(default_factory=dict)
    explanations: Explanations = field(default_factory=Explanations)
    furniture: list[Span] = field(default_factory=list)
    quotes: Quotes = field(init=False)
    _whole: Quotes = field(init=False)

    def __post_init__(self) -> None:
        whole = running_text(self.running.source)
        self.quotes = Quotes(self.running, self.report, self.work)
        self._whole = self.quotes if self.running.is_source else Quotes(whole, self.report, self.work)

    @property
    def source(self) -> str:
        """The running text of the release."""
        return self.running.text

    def attach(self) -> None:
        """Tie every quote to what it supports.

        Raises `WorkSpentError` if that takes more work than a release may take.
        """
        quotes = 0
        for node in self.expansion.nodes.values():
            self.work.spend(10)
            spans = self.nodes[node] = []
            if node.evidence is None:
                continue
            for claim in claims_of(node, self.report, self.work):
                quotes += 1
                if claim.key == "*":
                    spans += self.quotes.spans(claim, node)
                elif self._is_furniture(claim, node):
                    self.furniture += self._whole.spans(claim, node)
                else:
                    self._support(node, claim)
        if quotes > MAX_QUOTES:
            self.report("too-many-quotes", f"the record has {quotes:,} quotes, at most {MAX_QUOTES:,} are read", ())

    def leave_out(self, facts: Iterable[RecordFact]) -> None:
        """Hold some facts against no words: what is wrong with them is reported already."""
        wrong = set(facts)
        self.unproven |= wrong
        self.refused |= wrong
        self.settled |= wrong

    def complete_marks(self) -> None:
        """Give each inference that the author left without words, and for which none were found, those of its node.

        Raises `WorkSpentError` if that takes more work than a release may take.
        """
        for fact in self.expansion.facts():
            if fact.why is not None and fact.rule is None and not fact.spans:
                self.work.spend(1 + len(self.nodes[fact.node]))
                fact.spans = [*self.nodes[fact.node]]

    def support_derived(self) -> None:
        """Give each node that a rule has added the passages of its facts, or else those of the node that it is about.

        Raises `WorkSpentError` if that takes more work than a release may take.
        """
        for node in self.expansion.nodes.values():
            if node not in self.nodes:
                own = [Span(*span) for facts in node.facts.values() for fact in facts for span in fact.spans]
                spans = list(dict.fromkeys(own))
                self.work.spend(1 + len(own))
                self.nodes[node] = spans or ([*self.nodes[node.holder]] if node.holder is not None else [])

    # ---- tying quotes to facts

    def _support(self, node: RecordNode, claim: Claim) -> None:
        facts = self._supported_facts(node, claim)
        if not facts:
            return
        spans = self.quotes.spans(claim, node)
        if not spans and claim.quote is not None:
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
        keys = _keys_of_facts(node, claim.key, self.expansion.context)
        if claim.value is not None:
            facts = [fact for key in keys for fact in self._facts_with_value(node, key, claim.value)]
        else:
            facts = [fact for key in keys for fact in node.facts.get(key, ())]
            facts = facts or (self._contact_points(node) if claim.key == "of" and node.form == "contact" else [])
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

    def _contact_points(self, contact: RecordNode) -> list[RecordFact]:
        """The facts of those who have a contact: what ``of`` of its entry says, or where it is written."""
        facts = (fact for fact in self.expansion.facts() if fact.key == "contactPoint")
        return [fact for fact in facts if fact.object == contact.iri]

    def _facts_with_value(self, node: RecordNode, key: str, value: str) -> list[RecordFact]:
        """The facts of a property with one value, as the author writes it: a text, a class or the id of a node."""
        index = self.by_value.get((node, key))
        if index is None:
            index = self.by_value[node, key] = {}
            for fact in node.facts.get(key, []):
                term = fact.object.value if isinstance(fact.object, Literal) else fact.object
                index.setdefault(term, []).append(fact)
        if key == "type":
            name = self.expansion.context.class_iri(value)
            return index.get(NamedNode(name), []) if name is not None else []
        iri = self.expansion.resolve(value)
        return [*index.get(nfc(value), []), *(index.get(iri, []) if iri is not None else [])]

    def _is_furniture(self, claim: Claim, node: RecordNode) -> bool:
        of_release = inner_iri(node.iri.value, "") == self.expansion.this
        return claim.key == FURNITURE and of_release and claim.value is None and claim.why is None


def _keys_of_facts(node: RecordNode, written: str, context: Context) -> list[str]:
    """The keys under which a node has the facts that a quote names by the key as it is written.

    The value of a figure is several facts: its number, the bounds of a range, a unit that is written with it.
    """
    keys = [key for key in node.facts if node.renamed.get(key, key) == written]
    if keys or written in node.facts or (term := context.term(written)) is None:
        return keys or [written]
    return [term.key]


def _joined_reasons(one: str | None, other: str | None) -> str | None:
    """The reasons of two quotes for one inference, each once and sorted, whatever order they were written in."""
    if one is None or other is None or one == other:
        return one or other
    reasons = {*(one or "").split(" / "), *(other or "").split(" / ")} - {""}
    return " / ".join(sorted(reasons)) or None
