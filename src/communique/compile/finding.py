"""Evidence that nobody quoted: the words that name a node, found by its mentions."""

from __future__ import annotations

from typing import Final

from communique.compile.claims import has_star, report_no_evidence
from communique.compile.evidence import Evidence
from communique.compile.nameless import find_nameless
from communique.compile.nodes import RecordNode
from communique.compile.reading import Reading
from communique.compile.report import Explanation
from communique.findings import shortened
from communique.text.coordinated import shared_places
from communique.text.mentions import HOWS, Mention
from communique.text.nearest import nearest_passage
from communique.text.passages import Span
from communique.text.work import WorkSpentError

_NAMING: Final = ("name", "roleName", "text", "headline")


def find_nodes(evidence: Evidence, reading: Reading) -> None:
    """Give each node without evidence of its own the words that name it; report those that the text does not name.

    Entities of the registry that the record only refers to get the words that name them, too.

    Raises `WorkSpentError` if that takes more work than a release may take.
    """
    for node, spans in evidence.nodes.items():
        if spans or node in evidence.judged or (node.evidence is not None and has_star(node)):
            continue
        evidence.work.spend(2)
        if any(fact in evidence.unproven for key in _NAMING for fact in node.facts.get(key, ())):
            continue  # its own words are wrong, which is already reported
        if not _find_node(evidence, reading, node):
            evidence.unnamed.add(node.iri.value)
            _report_unnamed(evidence, reading, node)
    for iri in reading.entities:
        mention = best_mention(reading, iri)
        if mention is not None:
            evidence.entities[iri] = Span(mention.start, mention.end)


def _find_node(evidence: Evidence, reading: Reading, node: RecordNode) -> bool:
    """Give a node the words that name it, or that say all that it says; whether there are any."""
    mention = best_mention(reading, node.iri.value)
    inferred = _words_of_inferred_name(node)
    if mention is None and inferred is not None:
        span: Span | None = inferred
        evidence.explanations.add(node, "words from which its name is inferred")
    elif mention is not None:
        span = Span(mention.start, mention.end)
        equal = sum(m.how == mention.how and m.inside == mention.inside for m in reading.mentions.of(mention.node))
        evidence.explanations.add(node, mention.how, mention, equal=equal)
    else:
        span = None if reading.names.get(node.iri.value) else find_nameless(evidence, reading, node)
        evidence.explanations.add(node, "sentence that says all of it")
    if span is not None:
        evidence.nodes[node].append(span)
        evidence.found.add(node)
    return span is not None


def _words_of_inferred_name(node: RecordNode) -> Span | None:
    """The words from which the author infers a name, title or text of a node; None if none are quoted."""
    inferred = (fact for key in _NAMING for fact in node.facts.get(key, ()) if fact.why is not None)
    return next((Span(*span) for fact in inferred for span in fact.spans), None)


def _with_head(reading: Reading, mention: Mention) -> Span:
    """The words that name a node, with the head that they share with other names."""
    own = Span(mention.start, mention.end)
    if mention.how != "shared":
        return own
    names = (name.words for name in reading.names.get(mention.node, ()) if name.how == "name")
    places = (p for words in names for p in shared_places(words, reading.source, reading.language))
    return next((place.whole for place in places if place.own == own), own)


def best_mention(reading: Reading, node: str) -> Mention | None:
    """The first of the surest mentions of a node (an IRI); those inside longer names come after all others."""
    mentions = reading.mentions.of(node)
    return min(mentions, key=lambda m: (bool(m.inside), HOWS.index(m.how), m.start), default=None)


def _report_unnamed(evidence: Evidence, reading: Reading, node: RecordNode) -> None:
    names = [name.words for name in reading.names.get(node.iri.value, ())]
    if not names:
        report_no_evidence(node, evidence.report)
        return
    evidence.report(
        "not-grounded",
        f"the text does not say {shortened(names[0])!r}",
        node.pointer,
        focus=node.iri.value,
        explain=lambda: _explain_unnamed(evidence, names),
        fix=_fix_of_unnamed(node),
    )


def _fix_of_unnamed(node: RecordNode) -> str:
    key = next((key for key in _NAMING if key in node.facts), "")
    if not key:
        return 'add evidence: "words of the text that speak of it"'
    written = node.renamed.get(key, key)
    mark = f'evidence: {{"*": "words of the text", {written}: {{why: …}}}}'
    other = ", add referredToAs with the words by which the text means it" if key == "name" else ""
    return f"write the {written} as the text has it{other}, or quote words for the node and mark the {written}: {mark}"


def _explain_unnamed(evidence: Evidence, names: list[str]) -> Explanation:
    """The names that were looked for, and the words of the text most like the first of them."""
    shown = ", ".join(repr(shortened(name)) for name in names[:5])
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    why = [f"looked for: {shown}{more}"]
    try:
        near = nearest_passage(names[0], evidence.source, evidence.quotes.explanation_work)
    except WorkSpentError:
        near = None
    if near is not None:
        line = evidence.running.line(near.span.start)
        words, whole = evidence.source[slice(*near.span)], _whole_words(evidence.source, near.span)
        only = f"line {line} of source.txt has it only inside a longer word: {whole!r}"
        why.append(only if words == names[0] != whole else f"nearest words, line {line} of source.txt: {words!r}")
    return Explanation(why=tuple(why))


def _whole_words(source: str, span: Span) -> str:
    """The words of a stretch, its first and last word whole."""
    start, end = span
    while start and source[start - 1].isalnum() and source[start].isalnum():
        start -= 1
    while end < len(source) and source[end - 1].isalnum() and source[end].isalnum():
        end += 1
    return source[start:end]
