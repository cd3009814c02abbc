"""Every literal of a record held against the words quoted for it."""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal

from communique.addresses import is_web_address
from communique.compile.countable import is_countable
from communique.compile.evidence import Evidence
from communique.compile.ground import ADDRESSES, SHORTHAND, Ground, normalisers_tried
from communique.compile.marks import mark_of
from communique.compile.nodes import RecordFact
from communique.compile.places import HEADLINES, Place, find_literal, match_within, said_elsewhere, sentence_at
from communique.compile.reading import Reading
from communique.compile.relations.frame import local
from communique.compile.relations.rules import is_held
from communique.compile.relations.terms import stems_of
from communique.compile.relations.wording import meanings, unclear_in
from communique.compile.report import Explanation
from communique.findings import shortened
from communique.iris import is_own, without_base
from communique.terms import SCHEMA, XSD
from communique.text.clauses import is_cut_line
from communique.text.numbers import Quantity, quantities_of
from communique.text.passages import Span
from communique.text.work import SCANNED_PER_STEP

NOT_GROUNDED: Final = {"inLanguage": "says in which language a text or file is", "note": "is the author's own remark"}
"""Keys of literals about the record or the file, not about what the text says, each with its reason."""
_NUMBERS: Final = frozenset({XSD + "integer", XSD + "decimal"})
_SCHEMA_PAGES: Final = SCHEMA.replace("http:", "https:")
ALWAYS_GROUNDED: Final = frozenset({"telephone", "email", "givenName", "familyName"})
"""Keys whose values must be found in the words even if they are inferred: a reader may conclude how digits or names are
to be read, never which they are."""


def ground_literals(evidence: Evidence, reading: Reading) -> None:
    """Tie every literal to the words that say it; report those that no words say, or not the words quoted for them.

    Addresses of pages are held against the words too. Raises `WorkSpentError` if that takes more work than a release
    may take.
    """
    for fact in evidence.expansion.facts():
        if fact.key in NOT_GROUNDED or fact in evidence.refused or _is_settled(evidence, fact):
            continue
        if not _is_text(evidence, reading, fact):
            continue
        if fact.why is None or fact.key in ALWAYS_GROUNDED:
            _ground(evidence, reading, fact)
        elif not fact.spans and fact not in evidence.unproven:
            _find_inferred(evidence, reading, fact)


def _is_settled(evidence: Evidence, fact: RecordFact) -> bool:
    return fact in evidence.settled or fact.node in evidence.judged


def _is_text(evidence: Evidence, reading: Reading, fact: RecordFact) -> bool:
    """Whether a value is a text, or the address of a page and not a node of the record or the registry."""
    if isinstance(fact.object, Literal):
        return True
    iri = fact.object.value
    if iri.startswith(_SCHEMA_PAGES):
        return False  # lint speaks of those
    if fact.key in ADDRESSES:
        return True
    if fact.rule is not None or not is_held(fact.key, "", "") or not is_web_address(iri):
        return False
    is_node = fact.object in evidence.expansion.nodes or iri in reading.entities
    return not (is_node or is_own(iri, evidence.expansion.base) or iri.startswith(SCHEMA))


def _ground(evidence: Evidence, reading: Reading, fact: RecordFact) -> None:
    if fact.parts:
        return  # each part was found by itself
    is_quoted = bool(fact.spans)
    if is_quoted:
        match = match_within(evidence, reading, fact, sorted(fact.spans))
    elif fact in evidence.unproven or not evidence.nodes[fact.node]:
        return  # its quote is wrong, or its node has none, which is already reported
    else:
        place = _find(evidence, reading, fact)
        match = place.match if place is not None else None
        if place is not None:
            fact.spans.append(place.match.span)
            evidence.explanations.add(fact, f"{place.rule}, {place.match.normaliser}", place.mention, equal=place.equal)
    if match is not None and fact.why is None and not _is_countable(reading, fact, match):
        match = None
    if match is not None and fact.why is None and not (is_quoted or _is_number_of(evidence, reading, fact, match)):
        _report_without_word(evidence, reading, fact)
        return
    if (
        match is not None
        and local(fact.key) in HEADLINES
        and fact.why is None
        and is_cut_line(evidence.source, match.span)
    ):
        match = None
    if match is None and not (fact.why is not None and _is_part_of_name(evidence, fact)):
        _report_ungrounded(evidence, reading, fact)
    elif match is not None and match.normaliser == SHORTHAND and fact.why is None:
        _report_shorthand(evidence, fact, match)


def _find_inferred(evidence: Evidence, reading: Reading, fact: RecordFact) -> None:
    """Give a literal that a reader concluded the words that have it, if there are any."""
    place = _find(evidence, reading, fact) if evidence.nodes[fact.node] else None
    if place is not None:
        fact.spans.append(place.match.span)
        evidence.explanations.add(fact, f"{place.rule}, {place.match.normaliser}", place.mention, equal=place.equal)


def _is_countable(reading: Reading, fact: RecordFact, match: Ground) -> bool:
    """Whether the words are no time, date or end of a name, where a number stands under a term of schema.org."""
    around = _quantities_at(reading, match)
    return not _is_counted(fact) or (bool(around) and all(is_countable(reading, quantity) for quantity in around))


def _is_number_of(evidence: Evidence, reading: Reading, fact: RecordFact, match: Ground) -> bool:
    """Whether a number under a term of schema.org is what the term says, where no words are quoted for it.

    A word of the term stands in its sentence ("capacity" for maximumAttendeeCapacity), or what the author quotes for
    its node says no other number ("costs 99 euros" for the price of an offer).
    """
    if not _is_counted(fact):
        return True
    words = sentence_at(reading, match.span).lower()
    if any(stem in words for stem in stems_of(local(fact.key))):
        return True
    quotes = evidence.nodes[fact.node] if fact.node not in evidence.found else ()
    numbers = [q for span in quotes for q in quantities_of(reading.source, reading.language).within(*span)]
    return bool(numbers) and set(numbers) <= set(_quantities_at(reading, match))


def _is_counted(fact: RecordFact) -> bool:
    is_number = isinstance(fact.object, Literal) and fact.object.datatype.value in _NUMBERS
    return is_number and fact.key.startswith("schema:")


def _quantities_at(reading: Reading, match: Ground) -> list[Quantity]:
    return list(quantities_of(reading.source, reading.language).around(*match.span))


def _find(evidence: Evidence, reading: Reading, fact: RecordFact) -> Place | None:
    return find_literal(evidence, reading, fact, sorted(evidence.nodes[fact.node]))


def _report_without_word(evidence: Evidence, reading: Reading, fact: RecordFact) -> None:
    """Report a number that stands beside its node, in a sentence without a word of its term."""
    key, value = fact.node.renamed.get(fact.key, fact.key), fact.object.value
    words = shortened(sentence_at(reading, Span(*fact.spans[-1])))
    evidence.report(
        "not-grounded",
        f"the text has {value!r}, but no word of {key} beside it",
        fact.pointer,
        focus=fact.node.iri.value,
        path=fact.key,
        value=value,
        explain=lambda: Explanation(quote=words, why=(f"its sentence: {words!r}", f"words of {key}: {_stems(fact)}")),
        fix=f"give it as a figure, quote words that say what it is, or mark it: {mark_of(evidence.expansion, fact)}",
    )


def _stems(fact: RecordFact) -> str:
    return ", ".join(f"{stem}…" for stem in stems_of(local(fact.key)))


def _report_ungrounded(evidence: Evidence, reading: Reading, fact: RecordFact) -> None:
    key, value = fact.node.renamed.get(fact.key, fact.key), fact.object.value
    mark = "" if fact.key in ALWAYS_GROUNDED else f", or mark it: {mark_of(evidence.expansion, fact)}"
    if fact.spans or fact.node not in evidence.found:
        message = f"the words quoted for {key} do not say {value!r}"
    else:
        message = f"no words about {without_base(fact.node.iri.value, evidence.expansion.base)} say {value!r}"
    evidence.report(
        "not-grounded",
        message,
        fact.pointer,
        focus=fact.node.iri.value,
        path=fact.key,
        value=value,
        explain=lambda: _explain_ungrounded(evidence, reading, fact),
        fix=f"write what the text says, quote the words that say it{mark}",
    )


def _explain_ungrounded(evidence: Evidence, reading: Reading, fact: RecordFact) -> Explanation:
    """The words that were searched, and where else the text says the value."""
    spans = sorted(fact.spans or evidence.nodes[fact.node])
    quoted = " / ".join(shortened(evidence.source[a:b]) for a, b in spans)
    datatype = fact.object.datatype.value if isinstance(fact.object, Literal) else ""
    tried = ", ".join(normalisers_tried(datatype, fact.key))
    why = [f"looked for in: {quoted!r}", f"normalisers tried: {tried}"]
    if fact.node in evidence.found and not fact.spans:
        names = dict.fromkeys(name.words for name in reading.names.get(fact.node.iri.value, ()))
        why[0] = f"looked for in sentences that say {', '.join(repr(shortened(name)) for name in list(names)[:5])}"
    unclear = unclear_in(reading, fact) if not fact.spans else None
    if unclear is not None:
        line = evidence.running.line(unclear.start)
        sentence = shortened(sentence_at(reading, Span(unclear.start, unclear.end)))
        why.append(f"line {line} of source.txt says it: {sentence!r}")
        why.append(f"{meanings(evidence, reading, unclear)}: if it means this one, quote the sentence")
    elif not fact.spans and (elsewhere := said_elsewhere(reading, fact)) is not None:
        line = evidence.running.line(elsewhere.start)
        why.append(
            f"line {line} of source.txt says it, of something else: {shortened(sentence_at(reading, elsewhere))!r}"
        )
    return Explanation(quote=quoted, why=tuple(why))


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
        fix=f"mark it: {mark_of(evidence.expansion, fact)}",
    )


def _is_part_of_name(evidence: Evidence, fact: RecordFact) -> bool:
    """Whether a given or family name is a word of one of the person's names, which are checked themselves."""
    if fact.key not in ("givenName", "familyName"):
        return False
    names = [f.object.value for key in ("name", "alternateName") for f in fact.node.facts.get(key, ())]
    evidence.work.spend(len(names) + sum(map(len, names)) // SCANNED_PER_STEP)
    return any(f" {fact.object.value} " in f" {name} " for name in names)
