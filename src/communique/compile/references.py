"""The words by which a text means a node without naming it (``referredToAs``): read, and held against the text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from communique.compile.evidence import Evidence
from communique.compile.ground import ground
from communique.compile.nodes import RecordNode
from communique.compile.values import as_list, describe
from communique.read.yamlld import Pointer
from communique.terms import XSD
from communique.text.pronouns import is_pronoun
from communique.text.work import SCANNED_PER_STEP

KEY: Final = "referredToAs"


def references_of(node: RecordNode) -> Iterator[tuple[str, Pointer]]:
    """The words by which a text means a node, each with its place in the record; what is no text is left out."""
    for words, pointer in _written(node):
        if isinstance(words, str) and words.strip():
            yield words, pointer


def check_references(evidence: Evidence) -> None:
    """Report the words under ``referredToAs`` that are no text, or that the text of the release does not say.

    Raises `WorkSpentError` if that takes more work than a release may take.
    """
    for node in evidence.expansion.nodes.values():
        for words, pointer in _written(node):
            if not isinstance(words, str) or not words.strip():
                message = f"words of the text are expected for {KEY}, not {describe(words)}"
                fix = "write the words by which the text means it, such as [the company]"
                evidence.report("not-text", message, pointer, focus=node.iri.value, path=KEY, fix=fix)
            elif is_pronoun(words, evidence.expansion.language):
                evidence.report(
                    "not-grounded",
                    f"{words!r} is a pronoun, which means whatever was named before it",
                    pointer,
                    focus=node.iri.value,
                    path=KEY,
                    value=words,
                    fix="take it out: pronouns are found by themselves; where they are not, quote both sentences",
                )
            elif not _is_said(evidence, words):
                evidence.report(
                    "not-grounded",
                    f"the text does not say {words!r}",
                    pointer,
                    focus=node.iri.value,
                    path=KEY,
                    value=words,
                    fix="write the words as the text has them, or take them out",
                )


def _written(node: RecordNode) -> Iterator[tuple[object, Pointer]]:
    value = node.written.get(KEY, [])
    for k, one in enumerate(as_list(value)):
        yield one, (*node.place(KEY), k) if isinstance(value, list) else node.place(KEY)


def _is_said(evidence: Evidence, words: str) -> bool:
    source = evidence.source
    evidence.work.spend(10 + (len(source) + len(words)) // SCANNED_PER_STEP)
    language = evidence.expansion.language
    return ground(words, XSD + "string", "alternateName", source, [(0, len(source))], language=language) is not None
