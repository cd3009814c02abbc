"""The summary of a check in one sentence: numbers of releases, facts, people, organisations, statements, findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from communique.check.lint import named
from communique.compile.compiler import Compiled
from communique.findings import SEVERITIES, Finding, Severity
from communique.iris import inner_iri
from communique.kinds import KINDS, MENU, kind_of_classes
from communique.terms import CMQ, SCHEMA, TYPE

COUNTED: Final = {
    **{kind.list: kind.noun for kind in KINDS if kind.noun},
    "statements": "statement",
    "recommendations": "recommendation",
}
"""What is counted, and the singular noun for it."""

ALWAYS: Final = (*MENU, "statements")
"""What the summary mentions even if there is none of it."""

_SAID: Final = frozenset({CMQ + "ReportedStatement", SCHEMA + "Quotation"})
_RECOMMENDED: Final = CMQ + "PolicyRecommendation"
_STATEMENTS: Final = frozenset({SCHEMA + "Statement", SCHEMA + "Quotation"})


def entities_of(compiled: Compiled) -> dict[str, set[str]]:
    """The IRIs of the nodes that a release describes, by the keys of `COUNTED`.

    A recommendation that somebody is reported to have made in speech counts as a statement.
    """
    classes: dict[str, set[str]] = {}
    for subject, predicate, value in compiled.places:
        if predicate == TYPE:
            classes.setdefault(subject, set()).add(value.value)
    found: dict[str, set[str]] = {key: set() for key in COUNTED}
    for iri, own in classes.items():
        kind = kind_of_classes(own)
        if kind is not None and kind.noun:
            found[kind.list].add(iri)
        elif _RECOMMENDED in own and own.isdisjoint(_SAID):
            found["recommendations"].add(iri)
        elif not own.isdisjoint(_STATEMENTS):
            found["statements"].add(iri)
    return found


@dataclass(slots=True)
class Sums:
    """Running sums over releases; ``named`` are the IRIs of all entities that they refer to."""

    releases: int = 0
    facts: int = 0
    quoted: int = 0
    inferred: int = 0
    entities: dict[str, set[str]] = field(default_factory=lambda: {key: set() for key in COUNTED})
    named: set[str] = field(default_factory=set)

    def add(self, compiled: Compiled) -> None:
        """Count one release. An entity counts once, however many releases describe it."""
        self.releases += 1
        self.facts += compiled.tally.facts
        self.quoted += compiled.tally.quoted
        self.inferred += compiled.tally.inferred
        own = inner_iri(compiled.iri, "")
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
        """The sums and the number of findings, as one sentence."""
        numbers = {kind: len(found) for kind, found in self.entities.items()}
        kinds = [_count(numbers[key], noun, key) for key, noun in COUNTED.items() if numbers[key] or key in ALWAYS]
        share = (
            f" ({100 * self.quoted // self.facts} % with a quote of their own, {self.inferred} inferred)"
            if self.facts
            else ""
        )
        what = ", ".join([f"{_count(self.facts, 'fact', 'facts')}{share}", *kinds])
        severities = Counter(f.severity for f in findings)
        verdict = count_findings(severities) or ("all anchored, all valid" if self.facts else "nothing to check")
        return f"{_count(self.releases, 'release', 'releases')}: {what}; {verdict}"


def count_findings(numbers: Mapping[Severity, int]) -> str:
    """How many findings of each severity there are, in words; "" if there are none.

    >>> count_findings({"warning": 2, "violation": 1})
    '1 violation, 2 warnings'
    """
    found = [(severity, numbers.get(severity, 0)) for severity in SEVERITIES]
    return ", ".join(_count(number, s, s if s == "info" else f"{s}s") for s, number in found if number)


def _count(number: int, one: str, many: str) -> str:
    """A number with its noun.

    >>> _count(1200, "fact", "facts")
    '1,200 facts'
    """
    return f"{number:,} {one if number == 1 else many}"
