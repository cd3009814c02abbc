"""The facts behind a drawing: quads by subject and property, and the kind of each node."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import Quad

from communique.export.grouped import GroupedQuads, rows_of
from communique.export.order import Object, Rows
from communique.iris import is_inference, is_registry, stated_iri
from communique.kinds import column_of
from communique.terms import CMQ, FOAF, SCHEMA, TYPE

GROUP: Final = "group"
"""The kind of a group without a name; it is listed, not drawn."""

DATES: Final = (SCHEMA + "startDate", SCHEMA + "legislationDate", SCHEMA + "datePublished")
"""The properties that give the date of something, or its first day."""

END: Final = SCHEMA + "endDate"
"""The property that gives the last day of something."""

PART_OF_YEAR: Final = CMQ + "partOfYear"
"""The property that gives the quarter, half or season of a year in which something is."""

STATUS: Final = SCHEMA + "eventStatus"
"""The property that says that an event is planned, cancelled or put off."""

PUBLICATION: Final = SCHEMA + "publication"
"""The property that leads from a work to the event that published it."""

FEATURED: Final = SCHEMA + "workFeatured"
"""The property that leads from an event to the work that it features."""

APPROVES: Final = CMQ + "approves"
"""The property that leads from an act to the work that it approves."""


class Facts:
    """Quads of any graphs by subject and property, with the graphs that have them and the kinds of nodes.

    Raises `OutputError` if there is a blank node.
    """

    def __init__(self, quads: Iterable[Quad] | Rows | GroupedQuads) -> None:
        self.graphs: dict[tuple[str, str, Object], set[str]] = {}
        self.values: dict[tuple[str, str], set[Object]] = {}
        for subject, iri, value, graph in rows_of(quads):
            self.graphs.setdefault((subject, iri, value), set()).add(graph)
            self.values.setdefault((subject, iri), set()).add(value)
        kinds: dict[str, str] = {}
        for (subject, iri), values in self.values.items():
            if iri == TYPE:
                found = {value.value for value in values}
                kinds[subject] = column_of(found) or (GROUP if FOAF + "Group" in found else "")
        self.kinds = {iri: kind for iri, kind in kinds.items() if kind}

    def inferred(self, subject: str, iri: str, value: Object) -> bool:
        """Whether every graph that has a fact is one of what was inferred."""
        return all(map(is_inference, self.graphs[subject, iri, value]))

    def states(self, subject: str, iri: str, value: Object) -> bool:
        """Whether a fact exists and some graph states it."""
        return (subject, iri, value) in self.graphs and not self.inferred(subject, iri, value)

    def sources(self, subject: str, iri: str, value: Object) -> set[str]:
        """The releases that state a fact or from which it is inferred, each as the graph of what it states."""
        return set(map(stated_iri, self.graphs[subject, iri, value]))

    def only_registry(self, subject: str, iri: str, value: Object) -> bool:
        """Whether a fact is stated by the registry only, and by no release."""
        return all(is_registry(graph) for graph in self.graphs[subject, iri, value])

    def kind(self, iri: str) -> str:
        """The kind of a node; a node without a class known to pictures counts as a place or topic."""
        return self.kinds.get(iri, "place")

    def is_group(self, iri: str) -> bool:
        """Whether a node is an unnamed group."""
        return self.kinds.get(iri) == GROUP
