"""Every literal of a record held against the words quoted for it."""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal

from communique.compile.evidence import Evidence
from communique.compile.ground import SHORTHAND, Ground, ground, normalisers_tried
from communique.compile.nodes import RecordFact
from communique.compile.report import Explanation
from communique.findings import shortened
from communique.text.work import SCANNED_PER_STEP

NOT_GROUNDED: Final = frozenset({"inLanguage", "note"})
"""Keys about the record or the file, not about what the text says."""
ALWAYS_GROUNDED: Final = frozenset({"telephone", "email", "givenName", "familyName"})
"""Keys whose values must be found in the words even if they are inferred: a reader may conclude how digits or names are
to be read, never which they are."""


def ground_literals(evidence: Evidence) -> None:
    """Report every literal that the words quoted for it, or else for its node, do not say."""
    for fact in evidence.expansion.facts():
        if type(fact.object) is not Literal or fact.key in NOT_GROUNDED:
            continue
        if fact.why is None or fact.key in ALWAYS_GROUNDED:
            _ground(evidence, fact)


def _ground(evidence: Evidence, fact: RecordFact) -> None:
    assert isinstance(fact.object, Literal)
    has_own_quote = bool(fact.spans)
    spans = sorted(fact.spans or evidence.nodes[fact.node])
    per_step = 1 if fact.key == "telephone" else 200  # characters; telephone numbers take a step for each one
    evidence.work.spend(10 + 15 * len(spans) + sum(end - start for start, end in spans) // per_step)
    if not spans or (fact in evidence.unproven and not has_own_quote):
        return  # its quote is missing or wrong, which is already reported
    datatype = fact.object.datatype.value
    match = ground(fact.object.value, datatype, fact.key, evidence.source, spans, language=evidence.expansion.language)
    if match is None and fact.why is not None and _is_part_of_name(evidence, fact):
        return
    if match is not None:
        if not has_own_quote and tuple(match.span) not in spans:
            fact.spans.append(match.span)
        if match.normaliser == SHORTHAND and fact.why is None:
            _report_shorthand(evidence, fact, match)
        return
    mark = "" if fact.key in ALWAYS_GROUNDED else ", or mark it: {inferred: …, why: …}"
    evidence.report(
        "not-grounded",
        f"the words quoted for {fact.node.renamed.get(fact.key, fact.key)} do not say {fact.object.value!r}",
        fact.pointer,
        focus=fact.node.iri.value,
        path=fact.key,
        value=fact.object.value,
        explain=lambda: _explain_ungrounded(evidence, spans, datatype, fact.key),
        fix=f"write what the text says, quote the words that say it{mark}",
    )


def _explain_ungrounded(evidence: Evidence, spans: list[tuple[int, int]], datatype: str, key: str) -> Explanation:
    quoted = " / ".join(shortened(evidence.source[a:b]) for a, b in spans)
    tried = ", ".join(normalisers_tried(datatype, key))
    return Explanation(quote=quoted, why=(f"looked for in: {quoted!r}", f"normalisers tried: {tried}"))


def _report_shorthand(evidence: Evidence, fact: RecordFact, match: Ground) -> None:
    assert isinstance(fact.object, Literal)
    words = evidence.source[match.span.start : match.span.end]
    evidence.report(
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


def _is_part_of_name(evidence: Evidence, fact: RecordFact) -> bool:
    """Whether a given or family name is a word of one of the person's names, which are checked themselves."""
    if fact.key not in ("givenName", "familyName"):
        return False
    names = [f.object.value for key in ("name", "alternateName") for f in fact.node.facts.get(key, ())]
    evidence.work.spend(len(names) + sum(map(len, names)) // SCANNED_PER_STEP)
    return any(f" {fact.object.value} " in f" {name} " for name in names)
