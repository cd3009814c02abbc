"""The facts behind a drawing: quads by subject and property, and the kind of each node."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode, Quad

from communique.export.order import Object, plain
from communique.iris import is_registry
from communique.kinds import column_of
from communique.terms import CMQ, FOAF, RDF, SCHEMA, TYPE

GROUP: Final = "group"
"""The kind of a group without a name; it is listed, not drawn."""

DATES: Final = (SCHEMA + "startDate", SCHEMA + "legislationDate", SCHEMA + "datePublished")
"""The properties that give the date of something, or its first day."""

END: Final = SCHEMA + "endDate"
"""The property that gives the last day of something."""

PUBLICATION: Final = SCHEMA + "publication"
"""The property that leads from a work to the event that published it."""

FEATURED: Final = SCHEMA + "workFeatured"
"""The property that leads from an event to the work that it features."""

APPROVES: Final = CMQ + "approves"
"""The property that leads from an act to the work that it approves."""


class Facts:
    """Quads of any graphs by subject and property, with the kinds of nodes and the marks of inference.

    Raises `OutputError` if there is a blank node.
    """

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.graphs: dict[tuple[str, str, Object], set[str]] = {}
        self.values: dict[tuple[str, str], set[Object]] = {}
        for subject, iri, value, graph in plain(quads):
            self.graphs.setdefault((subject, iri, value), set()).add(graph)
            self.values.setdefault((subject, iri), set()).add(value)
        self.marked = set(self._inferred_facts())
        kinds: dict[str, str] = {}
        for (subject, iri), values in self.values.items():
            if iri == TYPE:
                found = {value.value for value in values}
                kinds[subject] = column_of(found) or (GROUP if FOAF + "Group" in found else "")
        self.kinds = {iri: kind for iri, kind in kinds.items() if kind}

    def _inferred_facts(self) -> Iterator[tuple[tuple[str, str, Object], str]]:
        """The facts marked as inferred, each with the graph that marks it."""
        inferred = NamedNode(CMQ + "inferred")
        for (mark, iri, value), graphs in self.graphs.items():
            if iri == CMQ + "basis" and value == inferred:
                parts = [self.values.get((mark, RDF + part), set()) for part in ("subject", "predicate", "object")]
                for fact in ((s.value, p.value, o) for s in parts[0] for p in parts[1] for o in parts[2]):
                    yield from ((fact, graph) for graph in graphs)

    def inferred(self, subject: str, iri: str, value: Object) -> bool:
        """Whether every graph that has a fact marks it as inferred."""
        fact = (subject, iri, value)
        return all((fact, graph) in self.marked for graph in self.graphs[fact])

    def states(self, subject: str, iri: str, value: Object) -> bool:
        """Whether a fact exists and some graph has it without the mark of inference."""
        return (subject, iri, value) in self.graphs and not self.inferred(subject, iri, value)

    def only_registry(self, subject: str, iri: str, value: Object) -> bool:
        """Whether a fact is stated by the registry only, and by no release."""
        return all(is_registry(graph) for graph in self.graphs[subject, iri, value])

    def kind(self, iri: str) -> str:
        """The kind of a node; a node without a class known to pictures counts as a place or topic."""
        return self.kinds.get(iri, "place")

    def is_group(self, iri: str) -> bool:
        """Whether a node is an unnamed group."""
        return self.kinds.get(iri) == GROUP
