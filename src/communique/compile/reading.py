"""The reading of a source: its sentences and the mentions of all nodes of a record; made once for each release."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from communique.compile.expand import Expansion
from communique.compile.names import Entities, names_by_node, names_of_all, referred_entities, registered_names
from communique.compile.nodes import RecordNode
from communique.kinds import kind_of_classes, superclasses
from communique.terms import FOAF, SCHEMA, TYPE
from communique.text.mentions import Mentions, Name, find_mentions
from communique.text.pronouns import Ambiguous, find_pronouns
from communique.text.sentences import Sentences, sentences_of
from communique.text.work import Work


@dataclass(frozen=True, slots=True)
class Reading:
    """All that finding and judging evidence may look at.

    ``nodes`` are those of the record, by IRI; ``names`` those by which each was looked for. ``classes`` gives the
    classes of a node or of an entity of the registry, with their superclasses (IRIs). ``ambiguous`` are pronouns with
    two readings; ``entities`` those entities of the registry that the record refers to and does not describe (IRIs).
    ``registered`` are the names that the registry gives a node of the record, in all languages.
    """

    source: str
    language: str
    sentences: Sentences
    mentions: Mentions
    nodes: Mapping[str, RecordNode]
    names: Mapping[str, list[Name]]
    classes: Callable[[str], frozenset[str]]
    ambiguous: tuple[Ambiguous, ...] = ()
    entities: tuple[str, ...] = ()
    registered: Mapping[str, tuple[Literal, ...]] = field(default_factory=dict)


def read_source(expansion: Expansion, source: str, registry: Entities, work: Work) -> Reading:
    """The reading of a source for a record, with the names of the registry for every node that the record names.

    Raises `WorkSpentError` if ``work`` runs out.
    """
    language = expansion.language
    names = names_of_all(expansion, registry, language)
    sentences = sentences_of(source, language)
    mentions = find_mentions(names, source, sentences, language, work)
    sentences = sentences.joined((mention.start, mention.end) for mention in mentions.all if mention.how == "name")
    classes, by_node = _classes_of(expansion, registry), names_by_node(names)
    kinds = {node: kind for node in by_node if (kind := _kind_for_pronouns(classes(node)))}
    pronouns, ambiguous = find_pronouns(mentions, source, sentences, language, kinds)
    return Reading(
        source,
        language,
        sentences,
        mentions.with_more(pronouns) if pronouns else mentions,
        nodes={node.iri.value: node for node in expansion.nodes.values()},
        names=by_node,
        classes=classes,
        ambiguous=tuple(ambiguous),
        entities=tuple(referred_entities(expansion, registry)),
        registered={n.iri.value: own for n in expansion.nodes.values() if (own := registered_names(n, registry))},
    )


_FOR_PRONOUNS: Final = {
    "person": "person",
    "org": "organisation",
    "project": "project",
    "work": "work",
    "event": "event",
    "legislation": "work",
    "thing": "thing",
}
"""The kinds of nodes that pronouns tell apart, by the path of a `Kind`."""
_GROUPS: Final = frozenset({FOAF + "Group", SCHEMA + "Audience"})


def _kind_for_pronouns(classes: frozenset[str]) -> str:
    """The kind of a node that pronouns tell apart; "" if none can mean it."""
    if not _GROUPS.isdisjoint(classes):
        return "group"
    kind = kind_of_classes(classes)
    return _FOR_PRONOUNS.get(kind.path, "") if kind is not None else ""


def _classes_of(expansion: Expansion, registry: Entities) -> Callable[[str], frozenset[str]]:
    @lru_cache(maxsize=1 << 12)
    def classes(iri: str) -> frozenset[str]:
        node = expansion.nodes.get(NamedNode(iri))
        written = [fact.object for fact in node.facts.get("type", ())] if node is not None else []
        known = [quad.object for quad in registry.get(iri, ()) if quad.predicate.value == TYPE]
        own = [cls.value for cls in (*written, *known) if isinstance(cls, NamedNode)]
        return frozenset(own).union(*map(superclasses, own))

    return classes
