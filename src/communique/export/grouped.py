"""Quads as all syntaxes need them: read from the library once, grouped by entity and by graph, in order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from functools import cached_property
from itertools import compress
from typing import Final, TypeAlias, TypeVar, cast

from pyoxigraph import Quad, RdfFormat, serialize

from communique.context import Context
from communique.export.order import Order, Pair, Properties, Row, Rows, natural, plain, quad_of, subjects_in_order

T = TypeVar("T")
PropertiesOf: TypeAlias = "Mapping[str, Properties]"
"""IRIs of entities, in order, each with its properties, in order."""

_END: Final = b" .\n"


def group(quads: Iterable[Quad] | Rows, context: Context) -> GroupedQuads:
    """The quads, to be grouped. Raises `OutputError` if there is a blank node."""
    if isinstance(quads, Rows):
        return GroupedQuads(quads, context)
    quads = tuple(quads)
    return GroupedQuads(tuple(plain(quads)), context, quads)


def rows_of(quads: Iterable[Quad] | Rows | GroupedQuads) -> tuple[Row, ...]:
    """Quads as rows. Raises `OutputError` if there is a blank node."""
    if isinstance(quads, Rows):
        return quads
    return quads.rows if isinstance(quads, GroupedQuads) else tuple(plain(quads))


class GroupedQuads:
    """Some quads, and the same as rows; grouped and sorted when a syntax first asks for it, once for all syntaxes."""

    def __init__(self, rows: tuple[Row, ...], context: Context, quads: tuple[Quad, ...] | None = None) -> None:
        self.rows, self.context, self._quads = rows, context, quads
        self._parent: GroupedQuads | None = None  # not itself: a cycle would keep all of it until a collection
        self._made: dict[Hashable, object] = {}

    @property
    def _whole(self) -> GroupedQuads:
        return self._parent or self

    @property
    def quads(self) -> tuple[Quad, ...]:
        """The quads, made from the rows if only these are given."""
        if self._quads is None:
            self._quads = tuple(map(quad_of, self.rows))
        return self._quads

    def within(self, graphs: Collection[str]) -> GroupedQuads:
        """Those of the quads that are in some graphs, in the same order; what was made of the others is shared."""
        chosen = [row[3] in graphs for row in self.rows]
        found = GroupedQuads(tuple(compress(self.rows, chosen)), self.context, tuple(compress(self.quads, chosen)))
        found._parent, found._made = self._whole, self._made
        return found

    def made(self, key: Hashable, make: Callable[[GroupedQuads], T]) -> T:
        """What ``make`` gives for all quads of which these are a part, made once for each ``key``."""
        if key not in self._made:
            self._made[key] = make(self._whole)
        return cast("T", self._made[key])

    @cached_property
    def pairs(self) -> Mapping[str, set[Pair]]:
        """The facts of each entity in all graphs together, in no order."""
        entities: dict[str, set[Pair]] = {}
        for subject, iri, value, _ in self.rows:
            entities.setdefault(subject, set()).add((iri, value))
        return entities

    @cached_property
    def entities(self) -> PropertiesOf:
        """The entities of all graphs together."""
        if self._parent is None:
            return {subject: self._order.properties(self.pairs[subject]) for subject in subjects_in_order(self.pairs)}
        order, graphs = self._order, set(self.graph_names)
        return {
            subject: found if self._whole._graphs_of[subject] <= graphs else order.properties(self.pairs[subject])
            for subject, found in self._whole.entities.items()
            if subject in self.pairs
        }

    @cached_property
    def graphs(self) -> Mapping[str, PropertiesOf]:
        """The entities of each graph, by its IRI ("" for the default graph), in the natural order of these.

        The properties of an entity that is in one graph only are the very object that `entities` has.
        """
        if self._parent is not None:
            return {graph: self._whole.graphs[graph] for graph in self.graph_names}
        found: dict[str, dict[str, set[Pair]]] = {graph: {} for graph in self.graph_names}
        for subject, iri, value, graph in self.rows:
            if len(self._graphs_of[subject]) > 1:
                found[graph].setdefault(subject, set()).add((iri, value))
        made: dict[str, dict[str, Properties]] = {graph: {} for graph in self.graph_names}
        for subject, properties in self.entities.items():
            for graph in self._graphs_of[subject]:
                several = found[graph].get(subject)
                made[graph][subject] = self._order.properties(several) if several else properties
        return made

    @cached_property
    def _order(self) -> Order:
        return Order(self.context)

    @cached_property
    def _graphs_of(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = {}
        for subject, _, _, graph in self.rows:
            found.setdefault(subject, set()).add(graph)
        return found

    @cached_property
    def graph_names(self) -> list[str]:
        """The IRIs of the graphs, in their natural order."""
        return sorted({row[3] for row in self.rows}, key=natural)

    @cached_property
    def lines(self) -> list[bytes]:
        """Each quad as a line of canonical N-Quads, with its line feed, in the order of ``quads``."""
        # Only b"\n" ends a line: literals may contain U+2028 unescaped.
        return [line + b"\n" for line in (serialize(self.quads, format=RdfFormat.N_QUADS) or b"").split(b"\n")[:-1]]

    @cached_property
    def triples(self) -> list[bytes]:
        """Each quad as a line of canonical N-Triples, without its graph, in the order of ``quads``."""
        tails = {graph: len(f" <{graph}> .\n".encode()) if graph else len(_END) for graph in self.graph_names}
        return [line[: -tails[row[3]]] + _END for line, row in zip(self.lines, self.rows, strict=True)]

    def by_graph(self, lines: Iterable[bytes]) -> Mapping[str, list[bytes]]:
        """The ``lines`` or ``triples`` of each graph, by its IRI."""
        found: dict[str, list[bytes]] = {}
        for (_, _, _, graph), line in zip(self.rows, lines, strict=True):
            found.setdefault(graph, []).append(line)
        return found
