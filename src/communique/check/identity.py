"""Links that say that two things are one: only things of the same kind can be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from pyoxigraph import NamedNode, Quad

from communique.authorities import KINDS, LINKS, code_of, identified, kinds_of
from communique.findings import Severity
from communique.iris import last_piece
from communique.terms import SCHEMA, TYPE

_SAME: Final = SCHEMA + "sameAs"
_CONCEPT: Final = "Concept"


class Doubt(NamedTuple):
    """What is wrong with a link from a node (an IRI): severity, message, what to do."""

    subject: str
    severity: Severity
    message: str
    fix: str


def classes_in(quads: Iterable[Quad]) -> Mapping[str, set[str]]:
    """The classes (IRIs) of each node (an IRI) that some quads describe."""
    found: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        if quad.predicate.value == TYPE and isinstance(quad.object, NamedNode) and isinstance(quad.subject, NamedNode):
            found[quad.subject.value].add(quad.object.value)
    return found


def doubt_about(subject: str, path: str, target: str, classes: Iterable[str]) -> Doubt | None:
    """What is wrong if a node with these classes links to an authority by one of `LINKS`; None if nothing is known.

    A place that is said to be a concept of a thesaurus is a warning, for many write it so; any other difference is a
    violation.
    """
    known = identified(target) if path in LINKS else None
    own = kinds_of(classes) if known else frozenset()
    if known is None or not own:
        return None
    authority, theirs = known
    if path != _SAME and _CONCEPT not in own:
        message = f"{last_piece(path)} is for topics, and this is {_listed(own)}"
        return Doubt(subject, "violation", message, "link by sameAs, if the authority has this very thing")
    if not own.isdisjoint(theirs):
        return None
    message = f"{target} is {_listed(theirs)} at {authority.name}, and this is {_listed(own)}"
    code = code_of(target)
    if theirs == (_CONCEPT,) and code:
        return Doubt(subject, "warning", message, f'write it as a code: identifier: "{code}"')
    return Doubt(subject, "violation", message, "link to the same thing, or leave the link out")


def shared_links(entities: Mapping[str, Iterable[Quad]]) -> Iterator[Doubt]:
    """Entities of a registry (by IRI) that are the same as what another one is: a warning if both are of one kind."""
    first: dict[str, tuple[str, frozenset[str]]] = {}
    for iri in sorted(entities):
        quads = tuple(entities[iri])
        links = sorted(q.object.value for q in quads if q.predicate.value == _SAME and isinstance(q.object, NamedNode))
        own = kinds_of(classes_in(quads).get(iri, ())) if links else frozenset()
        for link in links:
            other, theirs = first.setdefault(link, (iri, own))
            if other == iri:
                continue
            message = f"{link} is the same thing as {other} too"
            if own and theirs and own.isdisjoint(theirs):
                message = f"{message}, which is {_listed(theirs)}, and this is {_listed(own)}"
                yield Doubt(iri, "violation", message, "take the link out where it is wrong")
            else:
                yield Doubt(iri, "warning", message, "if both are one, keep one entity")


def _listed(kinds: Iterable[str]) -> str:
    """Some kinds as words, in the order of `KINDS`.

    >>> _listed(["Place", "Organization"])
    'an organisation or a place'
    """
    return " or ".join(words for kind, words in KINDS.items() if kind in set(kinds))
