"""Properties of schema.org held against its vocabulary: on which classes they are used, and with which values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from communique.compile.expand import Expansion
from communique.compile.nodes import RecordFact, RecordNode
from communique.errors import did_you_mean
from communique.schemaorg import PREFIX, Vocabulary, read_vocabulary
from communique.terms import CMQ, ORG, SCHEMA

Classes = Callable[[str], frozenset[str]]
"""The IRIs of the classes of a node (an IRI) that the record may not describe; none if nobody knows them."""

_COMMON: Final = frozenset(
    {"address", "alumniOf", "author", "award", "birthDate", "birthPlace", "brand", "deathDate", "founder"}
    | {"foundingDate", "funder", "isBasedOn", "isbn", "keywords", "license", "manufacturer"}
)
"""Short keys that are held against the vocabulary too: no shape says on which classes they are used."""

_SHOWN: Final = 8
"""The most classes that a finding lists."""


class _Use(NamedTuple):
    """A fact as its author wrote it: ``written`` is the key, ``name`` that of its property in schema.org."""

    fact: RecordFact
    written: str
    name: str


def check_terms(expansion: Expansion, classes: Classes = lambda iri: frozenset()) -> frozenset[RecordFact]:
    """Report terms of schema.org that do not fit, are pending or superseded, as `docs/vocabulary.md` says.

    The result are the facts that do not fit: each is one finding, and none on its words follows.

    Only what an author wrote with the prefix of schema.org is looked at, and a few short keys (`_COMMON`), so that the
    vocabulary is read only then. Nodes without a class of schema.org fit everywhere.
    """
    told: set[str] = set()
    misfits: set[RecordFact] = set()
    for node in list(expansion.nodes.values()):
        _check_classes(expansion, node, told)
        _check_role(expansion, node)
        for use in _uses(node):
            _check_standing(expansion, use, told)
            if not (_fits_domain(expansion, use) and _fits_range(expansion, use, classes)):
                misfits.add(use.fact)
    return frozenset(misfits)


_OF_ROLE: Final = ("member", "organization")
"""Keys of the W3C Organization Ontology for the two ends of a membership."""
_BESIDE_ROLE: Final = {"member": "memberOf at the member, or schema:member", "organization": "affiliation, or role"}
_ROLES: Final = frozenset({ORG + "Membership", SCHEMA + "OrganizationRole", SCHEMA + "Role", CMQ + "FormerRole"})


def _check_role(expansion: Expansion, node: RecordNode) -> None:
    """Report the ends of a membership where there is none."""
    if any(fact.object.value in _ROLES for fact in node.facts.get("type", ())):
        return
    for key in _OF_ROLE:
        for fact in node.facts.get(key, ())[:1]:
            if fact.rule is None:
                expansion.report(
                    "term-domain",
                    f"{node.renamed.get(key, key)} is not for {_listed(sorted(node.types))}: only a Membership has it",
                    fact.pointer,
                    focus=node.iri.value,
                    path=key,
                    fix=f"write {_BESIDE_ROLE[key]}",
                )


def _uses(node: RecordNode) -> Iterator[_Use]:
    for key, facts in node.facts.items():
        written = node.renamed.get(key, key)
        if written.startswith(PREFIX) or key in _COMMON:
            for fact in facts:
                if fact.rule is None and fact.predicate.value.startswith(SCHEMA):
                    yield _Use(fact, written, fact.predicate.value.removeprefix(SCHEMA))


def _check_classes(expansion: Expansion, node: RecordNode, told: set[str]) -> None:
    for fact in node.facts.get("type", ()):
        name = fact.object.value.removeprefix(SCHEMA)
        if fact.rule is None and f"{PREFIX}{name}" in node.types:
            _report_standing(expansion, fact, name, told)


def _check_standing(expansion: Expansion, use: _Use, told: set[str]) -> None:
    _report_standing(expansion, use.fact, use.name, told)
    vocabulary, value = read_vocabulary(), use.fact.object.value
    if isinstance(use.fact.object, NamedNode) and value.removeprefix(SCHEMA) in vocabulary.members:
        _report_standing(expansion, use.fact, value.removeprefix(SCHEMA), told)


def _report_standing(expansion: Expansion, fact: RecordFact, name: str, told: set[str]) -> None:
    """Tell, once for each term, that schema.org has replaced it or has not yet decided on it."""
    vocabulary = read_vocabulary()
    newer = vocabulary.superseded.get(name)
    if name in told or (newer is None and name not in vocabulary.pending):
        return
    told.add(name)
    at, focus = fact.pointer, fact.node.iri.value
    if newer is not None:
        fix = f"write {' or '.join(_shown(expansion, one) for one in newer)}"
        message = f"schema.org has replaced {PREFIX}{name}"
        expansion.report("term-superseded", message, at, severity="warning", focus=focus, path=fact.key, fix=fix)
    else:
        message = f"{PREFIX}{name} is pending: schema.org may still change it"
        expansion.report("term-pending", message, at, severity="info", focus=focus, path=fact.key)


def _fits_domain(expansion: Expansion, use: _Use) -> bool:
    """Whether a property is one of the class of its node; what is not is reported once for all values of the key."""
    vocabulary = read_vocabulary()
    own, domains = _schema_classes(expansion, use.fact.node.iri), vocabulary.properties[use.name].domains
    fits = not own or vocabulary.fits(own, domains)
    if use.fact.index == 0 and not fits:
        expansion.report(
            "term-domain",
            f"{use.written} is not for {_listed(sorted(own))}: schema.org has it for {_listed(domains)}",
            use.fact.pointer,
            focus=use.fact.node.iri.value,
            path=use.fact.key,
            fix=_fix_of_domain(expansion, own, use, vocabulary),
        )
    return fits


def _fix_of_domain(expansion: Expansion, own: frozenset[str], use: _Use, vocabulary: Vocabulary) -> str:
    """The property for the other direction, if schema.org has one that fits, or else where to look."""
    for inverse in vocabulary.properties[use.name].inverses:
        if vocabulary.fits(own, vocabulary.properties[inverse].domains):
            return did_you_mean(_shown(expansion, inverse), otherwise="", quoted=False)
    return _through_another(use, own, vocabulary) or f"find what fits: communique keys {use.fact.node.types[0]}"


def _through_another(use: _Use, own: frozenset[str], vocabulary: Vocabulary) -> str:
    """How a grant may stand between a node and who pays for it; "" if it is not about paying, or none may."""
    is_paid = "Grant" in vocabulary.properties[use.name].domains
    if not is_paid or not vocabulary.fits(own, vocabulary.properties["funding"].domains):
        return ""
    return (
        f"write {PREFIX}funding: {{id: thing/…, type: {PREFIX}Grant, {use.written}: …}}, and quote the words that say "
        "it for both nodes; or, if it is a project, add the class: type: [Project, …]"
    )


def _fits_range(expansion: Expansion, use: _Use, classes: Classes) -> bool:
    """Whether a reference is to a node of a class that the property takes; what is not is reported.

    Literals were held against the ranges when they were read.
    """
    target = use.fact.object
    if isinstance(target, Literal) or target.value.startswith(SCHEMA):
        return True
    vocabulary = read_vocabulary()
    known = _schema_classes(expansion, target) or _of_schema(classes(target.value))
    ranges = [name for name in vocabulary.properties[use.name].ranges if name not in vocabulary.datatypes]
    fits = not known or vocabulary.fits(known, ranges)
    if not fits:
        wanted = _listed(vocabulary.properties[use.name].ranges)
        expansion.report(
            "term-range",
            f"{use.written} takes {wanted}; this node is {_listed(sorted(known))}",
            use.fact.pointer,
            focus=use.fact.node.iri.value,
            path=use.fact.key,
            value=target.value,
            fix=f"refer to a node of type {_listed(ranges)}" if ranges else f"write {wanted}",
        )
    return fits


def _schema_classes(expansion: Expansion, iri: NamedNode) -> frozenset[str]:
    """The names of the classes of schema.org that a node of the record has."""
    node = expansion.nodes.get(iri)
    return _of_schema(f.object.value for f in node.facts.get("type", ())) if node is not None else frozenset()


def _of_schema(iris: Iterator[str] | frozenset[str]) -> frozenset[str]:
    return frozenset(iri.removeprefix(SCHEMA) for iri in iris if iri.startswith(SCHEMA))


def _shown(expansion: Expansion, name: str) -> str:
    """A property as an author writes it."""
    term = expansion.context.term(PREFIX + name)
    return term.key if term is not None else expansion.context.class_name(PREFIX + name)


def _listed(names: tuple[str, ...] | list[str]) -> str:
    """Some classes in a sentence, at most `_SHOWN` of them."""
    if len(names) > _SHOWN:
        return f"{', '.join(names[:_SHOWN])} and {len(names) - _SHOWN} more"
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else "".join(names)
