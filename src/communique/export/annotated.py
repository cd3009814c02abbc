"""Turtle 1.2: each fact with its evidence and the reason of an inference beside it, as an annotation ``{| … |}``."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import starmap
from typing import Final, TypeAlias

from pyoxigraph import NamedNode

from communique.export.document import Document
from communique.export.grouped import GroupedQuads, PropertiesOf
from communique.export.order import Object, Properties
from communique.export.rdf import TurtleWriter, prefixes_for, prefixes_in_use
from communique.terms import RDF, TYPE

_PARTS: Final = (RDF + "subject", RDF + "predicate", RDF + "object")
_STATEMENT: Final = NamedNode(RDF + "Statement")

Annotations: TypeAlias = "dict[tuple[str, str, Object], dict[str, Properties]]"
"""For each fact the IRIs of its statement nodes, with what is said of each."""


def render_annotated(quads: GroupedQuads, document: Document) -> bytes:
    """Turtle 1.2, entity by entity, in which facts have annotations in place of `rdf:Statement` nodes.

    The IRI of a statement node becomes that of the reifier (RDF 1.2 Turtle, section 2.10), so both forms have the same
    names. A statement node whose fact is not among the quads reifies it without asserting it.
    """
    entities, annotations = _annotations(quads.entities)
    prefixes = prefixes_in_use(_with_annotations(entities, annotations), prefixes_for(document.base, document.slug))
    writer = AnnotatedWriter(document.base, prefixes)
    return writer.head() + writer.body(entities, annotations)


def open_annotated(document: Document) -> AnnotatedWriter:
    """A writer of the whole dataset as Turtle 1.2, release by release."""
    return AnnotatedWriter(document.base, prefixes_for(document.base, document.slug))


class AnnotatedWriter(TurtleWriter):
    """Turtle 1.2: ``opening()``, then `graphs` for some named graphs at a time."""

    def __init__(self, base: str, prefixes: Mapping[str, str]) -> None:
        super().__init__(base, prefixes)
        self._annotations: Annotations = {}

    def graphs(self, quads: GroupedQuads, _slug: str = "") -> bytes:
        """The entities of some named graphs, which must hold the statement nodes of their own facts."""
        return self.body(*_annotations(quads.entities))

    def body(self, entities: PropertiesOf, annotations: Annotations) -> bytes:
        """All entities with their annotations, and the statements of facts that are not there."""
        self._annotations = annotations
        blocks = list(starmap(self.block, entities.items()))
        for fact in sorted(_unasserted(entities, annotations), key=str):
            blocks += [self._reified(*fact, *one) for one in sorted(annotations[fact].items())]
        return b"".join(blocks)

    def _reified(self, subject: str, iri: str, value: Object, statement: str, properties: Properties) -> bytes:
        triple = f"<<( {self._iri(subject)} {self._iri(iri)} {self._value(value)} )>>"
        said = "".join(f" ;\n    {self._property(statement, p, values)}" for p, values in properties)
        return f"\n{self._iri(statement)} rdf:reifies {triple}{said} .\n".encode()

    def _value_of(self, subject: str, iri: str, value: Object) -> str:
        """A value with the annotations of its fact."""
        text = self._value(value)
        for statement, properties in sorted(self._annotations.get((subject, iri, value), {}).items()):
            said = " ; ".join(self._property(statement, name, values) for name, values in properties)
            text += f" ~ {self._iri(statement)} {{| {said} |}}" if said else f" ~ {self._iri(statement)}"
        return text


def _annotations(entities: PropertiesOf) -> tuple[PropertiesOf, Annotations]:
    """The entities that are no statement nodes, and what the others say of single facts."""
    kept: dict[str, Properties] = {}
    found: Annotations = {}
    for subject, properties in entities.items():
        values_of = dict(properties)
        parts = [values_of.get(part, []) for part in _PARTS]
        if _STATEMENT in values_of.get(TYPE, ()) and all(len(values) == 1 for values in parts):
            (of,), (iri,), (value,) = parts
            found.setdefault((of.value, iri.value, value), {})[subject] = _rest(properties)
        else:
            kept[subject] = properties
    return kept, found


def _rest(properties: Properties) -> Properties:
    """What a statement node says besides that it is one, and of which fact."""
    said = [(p, [v for v in values if (p, v) != (TYPE, _STATEMENT)]) for p, values in properties if p not in _PARTS]
    return [(p, values) for p, values in said if values]


def _unasserted(entities: PropertiesOf, annotations: Annotations) -> list[tuple[str, str, Object]]:
    """The facts with annotations that the entities do not state."""
    asserted = {s: {(p, v) for p, values in entities[s] for v in values} for s, _, _ in annotations if s in entities}
    return [(s, p, v) for s, p, v in annotations if (p, v) not in asserted.get(s, ())]


def _with_annotations(entities: PropertiesOf, annotations: Annotations) -> PropertiesOf:
    """Every entity and statement node with what is said of it, for the choice of prefixes."""
    every = dict(entities)
    for statements in annotations.values():
        every.update(statements)
    for subject, iri, value in _unasserted(entities, annotations):
        for statement, properties in annotations[subject, iri, value].items():
            every[statement] = [*properties, (RDF + "reifies", [value]), (iri, [NamedNode(subject)])]
    return every
