"""Turtle 1.2: each fact with its evidence and the reason of an inference beside it, as an annotation ``{| … |}``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from pyoxigraph import NamedNode, Quad

from communique.export.document import Document
from communique.export.order import Object, Order, Pair, group_by_subject, subjects_in_order
from communique.export.rdf import TurtleWriter, prefixes_for, prefixes_in_use
from communique.terms import RDF, TYPE

_PARTS: Final = (RDF + "subject", RDF + "predicate", RDF + "object")
_IS_STATEMENT: Final = (TYPE, NamedNode(RDF + "Statement"))

Annotations: TypeAlias = "dict[tuple[str, str, Object], dict[str, set[Pair]]]"
"""For each fact the IRIs of its statement nodes, with what is said of each."""


def render_annotated(quads: Iterable[Quad], document: Document) -> bytes:
    """Turtle 1.2, entity by entity, in which facts have annotations in place of `rdf:Statement` nodes.

    The IRI of a statement node becomes that of the reifier (RDF 1.2 Turtle, section 2.10), so both forms have the same
    names. A statement node whose fact is not among the quads reifies it without asserting it.
    """
    entities, annotations = _annotations(group_by_subject(quads))
    prefixes = prefixes_in_use(_with_annotations(entities, annotations), prefixes_for(document.base, document.slug))
    writer = AnnotatedWriter(document.base, prefixes, Order(document.context))
    return writer.head() + writer.body(entities, annotations)


def open_annotated(document: Document) -> AnnotatedWriter:
    """A writer of the whole dataset as Turtle 1.2, release by release."""
    return AnnotatedWriter(document.base, prefixes_for(document.base, document.slug), Order(document.context))


class AnnotatedWriter(TurtleWriter):
    """Turtle 1.2: ``opening()``, then `graphs` for some named graphs at a time."""

    def __init__(self, base: str, prefixes: Mapping[str, str], order: Order) -> None:
        super().__init__(base, prefixes, order)
        self._annotations: Annotations = {}

    def graphs(self, quads: Iterable[Quad]) -> bytes:
        """The entities of some named graphs, which must hold the statement nodes of their own facts."""
        return self.body(*_annotations(group_by_subject(quads)))

    def body(self, entities: Mapping[str, set[Pair]], annotations: Annotations) -> bytes:
        """All entities with their annotations, and the statements of facts that are not there."""
        self._annotations = annotations
        blocks = [self.block(subject, entities[subject]) for subject in subjects_in_order(dict(entities))]
        for (subject, iri, value), statements in sorted(annotations.items(), key=str):
            if (iri, value) not in entities.get(subject, ()):
                blocks += [self._unasserted(subject, iri, value, *one) for one in sorted(statements.items(), key=str)]
        return b"".join(blocks)

    def _unasserted(self, subject: str, iri: str, value: Object, statement: str, pairs: set[Pair]) -> bytes:
        triple = f"<<( {self._iri(subject)} {self._iri(iri)} {self._value(value)} )>>"
        said = "".join(f" ;\n    {self._property(statement, p, values)}" for p, values in self._order.properties(pairs))
        return f"\n{self._iri(statement)} rdf:reifies {triple}{said} .\n".encode()

    def _value_of(self, subject: str, iri: str, value: Object) -> str:
        """A value with the annotations of its fact."""
        text = self._value(value)
        for statement, pairs in sorted(self._annotations.get((subject, iri, value), {}).items()):
            said = (self._property(statement, name, values) for name, values in self._order.properties(pairs))
            text += f" ~ {self._iri(statement)} {{| {' ; '.join(said)} |}}" if pairs else f" ~ {self._iri(statement)}"
        return text


def _annotations(entities: Mapping[str, set[Pair]]) -> tuple[dict[str, set[Pair]], Annotations]:
    """The entities that are no statement nodes, and what the others say of single facts."""
    kept: dict[str, set[Pair]] = {}
    found: Annotations = {}
    for subject, pairs in entities.items():
        parts = [[value for name, value in pairs if name == part] for part in _PARTS]
        if _IS_STATEMENT in pairs and all(len(values) == 1 for values in parts):
            (of,), (iri,), (value,) = parts
            rest = {pair for pair in pairs if pair[0] not in _PARTS and pair != _IS_STATEMENT}
            found.setdefault((of.value, iri.value, value), {})[subject] = rest
        else:
            kept[subject] = pairs
    return kept, found


def _with_annotations(entities: Mapping[str, set[Pair]], annotations: Annotations) -> dict[str, set[Pair]]:
    """Every entity and statement node with what is said of it, for the choice of prefixes."""
    every = {subject: set(pairs) for subject, pairs in entities.items()}
    for (subject, iri, value), statements in annotations.items():
        for statement, pairs in statements.items():
            every[statement] = pairs
            if (iri, value) not in entities.get(subject, ()):
                every[statement] = pairs | {(RDF + "reifies", value), (iri, NamedNode(subject))}
    return every
