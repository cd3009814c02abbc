"""The names of a release's nodes: those that its record gives and those that the registry gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from communique.compile.expand import Expansion
from communique.compile.nodes import RecordNode
from communique.compile.references import references_of
from communique.compile.relations.cues import cues_of
from communique.terms import SCHEMA, SKOS
from communique.text.mentions import Name
from communique.text.plurals import plurals_of
from communique.text.tables import table
from communique.text.tokens import lower_case, words_of

Entities = Mapping[str, tuple[Quad, ...]]
"""The quads of the entities of the registry, by the IRI of the entity."""

_NAME_KEYS: Final = ("name", "alternateName", "labels", "headline", "prefLabel")
_SENTENCES: Final = frozenset({"headline", "alternativeHeadline"})
"""Names that are sentences: what they name besides is named there for itself."""
_OTHER_KEYS: Final = {
    "legislationIdentifier": "identifier",
    "identifier": "identifier",
    "text": "text",
    "roleName": "title",
}
"""How values of keys that are no names mean their node."""
_CONTACT_KEYS: Final = ("telephone", "email")
_REGISTRY_NAMES: Final = frozenset({SCHEMA + "name", SCHEMA + "alternateName", SKOS + "prefLabel"})
_SWALLOW_NOTHING: Final = frozenset({"ContactPoint", "Group", "Audience", "ReportedStatement", "Quotation"})
_LONGEST_ACRONYM: Final = 6
_FEWEST: Final = 2  # words of a verb with its object


def names_of_all(expansion: Expansion, entities: Entities, language: str) -> list[Name]:
    """The names of every node of a record, and of every entity of the registry that it refers to."""
    names: list[Name] = []
    for node in expansion.nodes.values():
        names += _record_names(node, language)
        names += _plural_titles(node, language)
        names += _registry_names(node.iri.value, entities)
    for iri in referred_entities(expansion, entities):
        names += _registry_names(iri, entities)
    names += _family_names(expansion, language)
    topics = _topics(expansion, entities, {name.node for name in names})
    return [name if name.node in topics else _with_case(name) for name in dict.fromkeys(names)]


def referred_entities(expansion: Expansion, entities: Entities) -> list[str]:
    """The IRIs of the entities of the registry that a record refers to and does not describe."""
    targets = dict.fromkeys(f.object for f in expansion.facts() if isinstance(f.object, NamedNode) and f.key != "type")
    return [node.value for node in targets if node not in expansion.nodes and node.value in entities]


def _record_names(node: RecordNode, language: str) -> Iterator[Name]:
    """The words by which a record means a node; a contact without a name is meant by its number or mailbox."""
    iri = node.iri.value
    swallows = not _SWALLOW_NOTHING.intersection(node.types)
    named = [fact for key in _NAME_KEYS for fact in node.facts.get(key, ())]
    for fact in named:
        is_longer_name = swallows and fact.why is None and fact.key not in _SENTENCES
        is_longer_name = is_longer_name and not ("Event" in node.types and _is_clause(fact.object.value, language))
        yield Name(fact.object.value, iri, "name", swallows=is_longer_name)
    others = _OTHER_KEYS if named else {**_OTHER_KEYS, **dict.fromkeys(_CONTACT_KEYS, "identifier")}
    for key, how in others.items():
        for fact in node.facts.get(key, ()):
            for words in fact.parts or (fact.object.value,):
                yield Name(words, iri, how, swallows=False)
    for reference, _ in references_of(node):
        yield Name(reference, iri, "reference", swallows=swallows)


def _is_clause(name: str, language: str) -> bool:
    """Whether the name of an event is a verb with what follows it, which names things for itself.

    >>> _is_clause("opened a mill in Aton", "en"), _is_clause("opening of the Aton mill", "en")
    (True, False)
    """
    words, cues = name.split(), cues_of(language)
    if len(words) < _FEWEST or not words[0][:1].islower():
        return False
    endings = tuple(cues.set("acts", "endings") | cues.set("acts", "finite"))
    has_object = lower_case(words[1]) in cues.set("articles") | cues.set("role", "its")
    is_verb = bool(endings) and words[0].endswith(endings)
    return words[0] in cues.set("acts", "verbs") or (is_verb and has_object)


def _plural_titles(node: RecordNode, language: str) -> Iterator[Name]:
    """What several people of the title of a role are called."""
    for fact in node.facts.get("roleName", ()):
        for words in plurals_of(fact.object.value, language):
            yield Name(words, node.iri.value, "title", swallows=False)


def _registry_names(iri: str, entities: Entities) -> Iterator[Name]:
    for quad in entities.get(iri, ()):
        if quad.predicate.value in _REGISTRY_NAMES and isinstance(quad.object, Literal):
            yield Name(quad.object.value, iri, "name")


def registered_names(node: RecordNode, entities: Entities) -> tuple[Literal, ...]:
    """The names that the registry gives a node, in all languages."""
    quads = (quad for quad in entities.get(node.iri.value, ()) if quad.predicate.value in _REGISTRY_NAMES)
    return tuple(quad.object for quad in quads if isinstance(quad.object, Literal))


def is_in_language(name: Literal, language: str) -> bool:
    """Whether a name is in a language, in whatever variety, or in none.

    >>> is_in_language(Literal("Aton", language="en-GB"), "en"), is_in_language(Literal("Aton", language="de"), "en")
    (True, False)
    """
    return (name.language or language).lower().partition("-")[0] == language.lower().partition("-")[0]


def _family_names(expansion: Expansion, language: str) -> Iterator[Name]:
    """The family name of each person, unless another person of the record has it too."""
    people = [node for node in expansion.nodes.values() if "Person" in node.types]
    families = {node.iri.value: family for node in people if (family := family_name(node, language))}
    counts = Counter(families.values())
    titles = _title_words(expansion, language)
    for node in people:
        family = families.get(node.iri.value, "")
        if counts[family] == 1:
            own = (word for f in node.facts.get("name", ()) for word in words_of(f.object.value, lower_case))
            yield Name(family, node.iri.value, "family", keeps_case=True, after=titles.union(own) - {family.lower()})
        for prefix in node.facts.get("honorificPrefix", ()) if family else ():
            yield Name(f"{prefix.object.value} {family}", node.iri.value, "family", keeps_case=True)


def _title_words(expansion: Expansion, language: str) -> frozenset[str]:
    """The words (in lower case) after which a family name alone may stand: titles, and words that begin sentences."""
    people, sentences = table("people", language), table("sentences", language)
    known = [*people.get("titles", ()), *people.get("male", ()), *people.get("female", ())]
    known += map(lower_case, sentences.get("starters", ()))
    for node in expansion.nodes.values():
        for fact in node.facts.get("roleName", ()):
            known += words_of(fact.object.value, lower_case)
    return frozenset(known)


def family_name(node: RecordNode, language: str) -> str:
    """The family name of a person: as the record gives it, else the last word of the name; "" if there is none."""
    for fact in node.facts.get("familyName", ()):
        return fact.object.value
    for fact in node.facts.get("name", ()):
        words = fact.object.value.split()
        after = table("people", language).get("after_family", ())
        while len(words) > 2 and words[-1].rstrip(".").lower() in after:
            words.pop()
        if len(words) > 1 and words[-1][:1].isupper():
            return words[-1]
    return ""


def _with_case(name: Name) -> Name:
    """Acronyms and single words with a capital letter are found only with their capitals."""
    words = name.words.strip()
    if name.how not in ("name", "reference") or not words[:1].isupper() or " " in words:
        return name
    is_acronym = len(words) <= _LONGEST_ACRONYM and words.isupper() and name.how == "name"
    return name._replace(how="acronym" if is_acronym else name.how, keeps_case=True)


def _topics(expansion: Expansion, entities: Entities, nodes: Iterable[str]) -> set[str]:
    """The nodes that are topics: their names are words like any others, with and without a capital letter."""
    found = set()
    for iri in nodes:
        node = expansion.nodes.get(NamedNode(iri))
        classes = {q.object.value for q in entities.get(iri, ()) if isinstance(q.object, NamedNode)}
        if (node is not None and "Concept" in node.types) or SKOS + "Concept" in classes:
            found.add(iri)
    return found


def names_by_node(names: Iterable[Name]) -> dict[str, list[Name]]:
    """The names of each node."""
    by_node: dict[str, list[Name]] = {}
    for name in names:
        by_node.setdefault(name.node, []).append(name)
    return by_node
