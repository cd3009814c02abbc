"""Quotation marks decide: what stands between them is quoted, and nothing else is."""

from __future__ import annotations

from bisect import bisect_left

from communique.compile.evidence import Evidence
from communique.compile.nodes import RecordNode
from communique.compile.relations.cuts import word_left_out
from communique.compile.relations.denial import cut_denial, turned_before
from communique.compile.relations.frame import Frame
from communique.compile.relations.verbs import giver_of
from communique.findings import shortened
from communique.text.passages import Span
from communique.text.quotationmarks import quotations_of


def check_cuts(evidence: Evidence, frame: Frame, node: RecordNode) -> None:
    """Report reported or quoted words that leave out a denial right beside them: "We do not [plan to close]"."""
    _check_descriptions(evidence, frame, node)
    if frame.group(node.iri.value) != "said" or "text" not in node.facts or node.facts["text"][0].why is not None:
        return
    fact, texts = node.facts["text"][0], frame.texts(node)
    frame.work.spend(2 + len(texts))
    denied = [cut_denial(frame, text) for text in texts]
    denials = [cut for cut in denied if cut is not None]
    either = (cut or word_left_out(frame, text) for cut, text in zip(denied, texts, strict=True))
    cuts = [cut for cut in either if cut is not None]
    if not texts or len(cuts) < (1 if fact.parts else len(texts)):
        return
    left_out = frame.source[cuts[0].start : cuts[0].end]
    if denials:
        message = f"these words leave out {left_out!r}, which stands right beside them and denies them"
        fix = "take the whole clause, with the word that denies it"
    else:
        message = f"these words are cut off at {left_out!r}, in the middle of a clause"
        fix = "begin and end where a clause or the quotation does"
    evidence.report("not-grounded", message, fact.pointer, focus=node.iri.value, path="text", fix=fix)


def check_voice(evidence: Evidence, frame: Frame, node: RecordNode) -> None:
    """Report words in the own voice of the release that the text gives to somebody: "Jo Sample regrets that"."""
    facts = node.facts.get("text", [])
    if "Statement" not in node.types or "creator" in node.facts or not facts or facts[0].why is not None:
        return
    texts, quoted = frame.texts(node), frame.quotes.get(node.iri.value, ())
    if quoted:
        texts = [t for t in texts if any(start < t.end and t.start < end for start, end in quoted)] or texts
    givers = [giver_of(frame, text, frame.window(*text)) for text in texts]
    if not texts or None in givers:
        return
    words = next(frame.source[giver.start : giver.end] for giver in givers if giver is not None)
    message = f"these words are not the release's own: {shortened(words.strip())!r} gives them to somebody"
    fix = "write them as said in the node of the one who says them"
    evidence.report("not-grounded", message, facts[0].pointer, focus=node.iri.value, path="text", fix=fix)


def _check_descriptions(evidence: Evidence, frame: Frame, node: RecordNode) -> None:
    """Report a description without the word before it that turns its meaning: "prohibits [all music]"."""
    for fact in [f for key in ("description", "abstract") for f in node.facts.get(key, ()) if f.why is None]:
        stretches = [s for s in frame.stretches(node, fact.key) if frame.source[s.start : s.end] == fact.object.value]
        cuts = [cut for s in stretches if (cut := cut_denial(frame, s) or turned_before(frame, s)) is not None]
        if not stretches or len(cuts) < len(stretches):
            continue
        left_out = frame.source[cuts[0].start : cuts[0].end]
        message = f"these words leave out {left_out!r}, which stands right beside them and turns their meaning"
        fix = "take the whole clause, with that word"
        evidence.report("not-grounded", message, fact.pointer, focus=node.iri.value, path=fact.key, fix=fix)


def check_marks(evidence: Evidence, frame: Frame, node: RecordNode) -> None:
    """Report a statement whose words stand between quotation marks, and a quotation whose words do not."""
    kinds = {"ReportedStatement", "Quotation"}.intersection(node.types)
    if len(kinds) != 1:
        return
    texts, quoted = frame.texts(node), frame.quotes.get(node.iri.value, ())
    if quoted:
        texts = [t for t in texts if any(start < t.end and t.start < end for start, end in quoted)] or texts
    if not texts:
        return
    frame.work.spend(2 + len(texts))
    marked = [text for text in texts if _is_marked(frame.source, text)]
    fact = node.facts["text"][0]
    if kinds == {"ReportedStatement"} and len(marked) == len(texts) and fact.why is None:
        message = f"these words stand between quotation marks: {shortened(fact.object.value)!r}"
        fix = "write it as a Quotation (in said: quote in place of text)"
        evidence.report("quoted-words", message, fact.pointer, focus=node.iri.value, path="text", fix=fix)
    elif kinds == {"Quotation"} and not marked and fact.why is None:
        message = f"these words do not stand between quotation marks: {shortened(fact.object.value)!r}"
        fix = "write it as a ReportedStatement (in said: text in place of quote)"
        evidence.report("unquoted-words", message, fact.pointer, focus=node.iri.value, path="text", fix=fix)


def _is_marked(source: str, text: Span) -> bool:
    """Whether a pair of quotation marks encloses a text, which may itself begin and end with them."""
    pairs = quotations_of(source)
    for k in range(bisect_left(pairs, text.end - 1, key=lambda pair: pair.end), len(pairs)):
        if pairs[k].start - 1 <= text.start and text.end <= pairs[k].end + 1:
            return True
    return False


def share_mark(role: RecordNode) -> None:
    """Let an inferred title make its organisation inferred too, unless an author quotes words for that."""
    reason = next((f.why for f in role.facts.get("roleName", ()) if f.why is not None), None)
    for fact in role.facts.get("organization", ()) if reason is not None else ():
        if fact.why is None and not fact.spans:
            fact.why, fact.spans = reason, [*role.facts["roleName"][0].spans]
