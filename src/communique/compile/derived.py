"""Facts and nodes that follow from facts of the record by themselves, with the passages and reasons of those."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode

from communique.compile.expand import Expansion
from communique.compile.nodes import RecordFact, RecordNode

BY_RULE: Final = "written by rule from an inferred statement: "
"""The beginning of the reason of a fact that was made from inferred facts; their reasons follow."""


def add_derived(
    expansion: Expansion,
    node: RecordNode,
    key: str,
    value: NamedNode | Literal,
    origins: Iterable[RecordFact],
    rule: str,
) -> RecordFact:
    """Add a fact that follows from each of ``origins`` by itself, with their passages, and return it.

    It is inferred if all of them are; otherwise only the stated ones support it.
    """
    fact = expansion.fact(node, key, value, rule=rule)
    all_origins = list(origins)
    stated = [f for f in all_origins if f.why is None]
    fact.spans = list(dict.fromkeys(span for origin in stated or all_origins for span in origin.spans))
    fact.why = _reason(all_origins) if all_origins and not stated else None
    return fact


def _reason(origins: Iterable[RecordFact]) -> str:
    """Why a fact that was made from inferred facts is inferred: their reasons, each once."""
    return BY_RULE + " / ".join(sorted({fact.why for fact in origins if fact.why}))


def add_derived_node(expansion: Expansion, iri: NamedNode, holder: RecordNode, rule: str) -> RecordNode:
    """The node at an IRI that a rule describes; added, where ``holder`` was written, if it is not there yet."""
    if iri not in expansion.nodes:
        expansion.nodes[iri] = RecordNode(iri, holder.pointer, {}, None, (), form=rule, holder=holder)
    return expansion.nodes[iri]
