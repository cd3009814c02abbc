"""The reading of a source: its sentences and the mentions of all nodes of a record; made once for each release."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import NamedNode

from communique.compile.expand import Expansion
from communique.compile.names import Entities, names_by_node, names_of_all
from communique.compile.nodes import RecordNode
from communique.kinds import superclasses
from communique.terms import TYPE
from communique.text.mentions import Mentions, Name, find_mentions
from communique.text.sentences import Sentences, sentences_of
from communique.text.work import Work


@dataclass(frozen=True, slots=True)
class Reading:
    """All that finding and judging evidence may look at.

    ``nodes`` are those of the record, by IRI; ``names`` those by which each was looked for. ``classes`` gives the
    classes of a node or of an entity of the registry, with their superclasses (IRIs).
    """

    source: str
    language: str
    sentences: Sentences
    mentions: Mentions
    nodes: Mapping[str, RecordNode]
    names: Mapping[str, list[Name]]
    classes: Callable[[str], frozenset[str]]


def read_source(expansion: Expansion, source: str, registry: Entities, work: Work) -> Reading:
    """The reading of a source for a record, with the names of the registry for every node that the record names.

    Raises `WorkSpentError` if ``work`` runs out.
    """
    language = expansion.language
    names = names_of_all(expansion, registry, language)
    sentences = sentences_of(source, language)
    mentions = find_mentions(names, source, sentences, language, work)
    return Reading(
        source,
        language,
        sentences.joined((mention.start, mention.end) for mention in mentions.all if mention.how == "name"),
        mentions,
        {node.iri.value: node for node in expansion.nodes.values()},
        names_by_node(names),
        _classes_of(expansion, registry),
    )


def _classes_of(expansion: Expansion, registry: Entities) -> Callable[[str], frozenset[str]]:
    @lru_cache(maxsize=1 << 12)
    def classes(iri: str) -> frozenset[str]:
        node = expansion.nodes.get(NamedNode(iri))
        written = [fact.object for fact in node.facts.get("type", ())] if node is not None else []
        known = [quad.object for quad in registry.get(iri, ()) if quad.predicate.value == TYPE]
        own = [cls.value for cls in (*written, *known) if isinstance(cls, NamedNode)]
        return frozenset(own).union(*map(superclasses, own))

    return classes
