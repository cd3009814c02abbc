"""What a check went through, in one sentence: releases, facts, people, organisations, what was said, findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from communique.check.lint import named
from communique.compile.compiler import Compiled
from communique.findings import SEVERITIES, Finding
from communique.terms import CMQ, SCHEMA, TYPE

KINDS: Final = {
    "people": ("person", (SCHEMA + "Person",)),
    "organisations": ("organisation", (SCHEMA + "Organization",)),
    "statements": ("statement", (SCHEMA + "Statement", SCHEMA + "Quotation")),
    "recommendations": ("recommendation", (CMQ + "PolicyRecommendation",)),
}
"""What is counted: its name, that of one, and its classes. What somebody recommends in speech is a
statement; a recommendation is one that nobody is reported to utter."""

_SAID: Final = frozenset({CMQ + "ReportedStatement", SCHEMA + "Quotation"})


def entities_of(compiled: Compiled) -> dict[str, set[str]]:
    """The nodes that a release describes, by the kinds of `KINDS`."""
    classes: dict[str, set[str]] = {}
    for subject, predicate, value in compiled.places:
        if predicate == TYPE:
            classes.setdefault(subject, set()).add(value[1:-1])
    found = {kind: {iri for iri, own in classes.items() if not own.isdisjoint(of)} for kind, (_, of) in KINDS.items()}
    found["recommendations"] = {iri for iri in found["recommendations"] if classes[iri].isdisjoint(_SAID)}
    found["statements"] -= found["recommendations"]
    return found


@dataclass(slots=True)
class Sums:
    """Running sums over releases; ``named`` are the IRIs of entities that any of them names."""

    releases: int = 0
    facts: int = 0
    quoted: int = 0
    inferred: int = 0
    entities: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in KINDS})
    named: set[str] = field(default_factory=set)

    def add(self, compiled: Compiled) -> None:
        """Count one release. An entity that several releases name counts once; statements belong to one release."""
        self.releases += 1
        self.facts += compiled.tally.facts
        self.quoted += compiled.tally.quoted
        self.inferred += compiled.tally.inferred
        own = f"{compiled.iri}#"
        self.named |= {iri for iri in named(compiled) if not iri.startswith(own)}
        for kind, found in entities_of(compiled).items():
            self.entities[kind] |= found

    def merge(self, other: Sums) -> None:
        """Add the sums of other releases."""
        self.releases += other.releases
        self.facts += other.facts
        self.quoted += other.quoted
        self.inferred += other.inferred
        self.named |= other.named
        for kind, found in self.entities.items():
            found |= other.entities[kind]

    def sentence(self, findings: Iterable[Finding]) -> str:
        """The sums and how many findings there are."""
        numbers = {kind: len(found) for kind, found in self.entities.items()}
        told = [kind for kind, number in numbers.items() if number or kind != "recommendations"]
        kinds = [_count(numbers[kind], KINDS[kind][0], kind) for kind in told]
        share = (
            f" ({100 * self.quoted // self.facts} % with a quote of their own, {self.inferred} inferred)"
            if self.facts
            else ""
        )
        what = ", ".join([f"{_count(self.facts, 'fact', 'facts')}{share}", *kinds])
        severities = Counter(f.severity for f in findings)
        wrong = ", ".join(_count(severities[s], s, s if s == "info" else f"{s}s") for s in SEVERITIES if severities[s])
        verdict = wrong or ("all anchored, all valid" if self.facts else "nothing to check")
        return f"{_count(self.releases, 'release', 'releases')}: {what}; {verdict}"


def _count(number: int, one: str, many: str) -> str:
    """A number with its noun.

    >>> _count(1200, "fact", "facts")
    '1,200 facts'
    """
    return f"{number:,} {one if number == 1 else many}"
