"""What somebody said, written in the speaker: a node for each entry of ``said``."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from communique.compile.entries import Form, FormEntry, add_node, entries_of, last_step
from communique.compile.expand import Expansion
from communique.compile.keywords import written_key
from communique.compile.literals import nfc
from communique.compile.nodes import RecordNode
from communique.compile.values import as_list, describe
from communique.context import FORM_KEYS

SAID: Final = Form(
    "said",
    FORM_KEYS["said"],
    "{verb: noted, text: …} or {verb: said, quote: …}",
    renamed={"reportingVerb": "verb", "recordedAt": "on"},
    apart=("quote",),
)
QUOTED: Final = {"text": "quote", **SAID.renamed}
"""What the keys of a Quotation are called in an entry of ``said``."""
JOINT: Final = " … "
"""What joins the parts of a quotation that the source interrupts; each part has its own passage."""
MOST_PARTS: Final = 50
"""The most parts of one quotation."""
ADDED: Final = frozenset({"PolicyRecommendation"})
"""Classes that an entry may have beside that of an utterance; any other class takes its place."""


def add_said(expansion: Expansion, holder: RecordNode) -> None:
    """Add a node for each entry of ``said``: a ReportedStatement, a Quotation, or what its ``type`` says.

    The node in which the entry is written is the speaker. In the release itself there is none: its text is a Statement
    in the release's own voice, its quotation one without a speaker.
    """
    release = NamedNode(expansion.this.removesuffix("#"))
    of_release = holder.iri == release
    for entry in entries_of(expansion, holder, SAID):
        if not _is_complete(expansion, entry):
            continue
        prefix = "" if of_release else f"{last_step(holder.iri)}-"
        quoted = "quote" in entry.written
        if quoted:
            entry = replace(entry, form=_QUOTATION)
        node = add_node(expansion, entry, f"this:said-{prefix}{entry.number}", _types(entry, of_release=of_release))
        if node is None:
            continue
        if quoted:
            _add_parts(expansion, node)
        if not of_release and "creator" not in node.facts:
            expansion.fact(node, "creator", holder.iri)
        if "isPartOf" not in node.facts:
            expansion.fact(node, "isPartOf", release, rule="isPartOf")


_QUOTATION: Final = Form(SAID.key, SAID.keys, SAID.example, renamed=QUOTED, apart=("quote",))


def _is_complete(expansion: Expansion, entry: FormEntry) -> bool:
    """Whether an entry has words, or says what it is about; reported if it has none, or two kinds of them."""
    has = entry.written.keys() & {"text", "quote"}
    if len(has) == 2:
        message = "this entry has both text and quote: what stands between quotation marks, and what does not"
        fix = "write an entry for each"
    elif has or {"verb", "about"} <= entry.written.keys():
        return True
    else:
        message = "this entry says neither what was said nor what it was about"
        fix = "add text: … (reported words), quote: … (words between quotation marks), or verb and about"
    expansion.report("incomplete-said", message, entry.pointer, focus=entry.holder.iri.value, path="said", fix=fix)
    return False


def _types(entry: FormEntry, *, of_release: bool) -> tuple[str, ...]:
    written = [t if isinstance(t, str) else describe(t) for t in as_list(entry.written.get(_type_key(entry), []))]
    usual = "Quotation" if "quote" in entry.written else "ReportedStatement"
    if of_release and "quote" not in entry.written and "verb" not in entry.written:
        usual = "Statement"
    return (*written, *(() if set(written) - ADDED else (usual,)))


def _type_key(entry: FormEntry) -> str:
    return written_key(entry.written, "type")


def _add_parts(expansion: Expansion, node: RecordNode) -> None:
    """Add the text of a quotation: its one part, or its parts joined, each of which must stand in the source."""
    parts: list[str] = []
    written = as_list(node.written["quote"])
    if len(written) > MOST_PARTS:
        message = f"a quotation of {len(written):,} parts; at most {MOST_PARTS} are read"
        at, fix = (*node.pointer, "quote"), "write an entry for each of several quotations"
        expansion.report("too-many-quotes", message, at, focus=node.iri.value, path="quote", fix=fix)
    for k, part in enumerate(written[:MOST_PARTS]):
        if isinstance(part, str) and part.strip():
            parts.append(nfc(part))
        else:
            at = (*node.pointer, "quote", k)
            message = f"the words of a quotation are expected here, not {describe(part)}"
            expansion.report("not-text", message, at, focus=node.iri.value, path="quote")
    if parts:
        text = Literal(JOINT.join(parts), language=expansion.language)
        fact = expansion.fact(node, "text", text)
        fact.parts = tuple(parts) if len(parts) > 1 else ()
