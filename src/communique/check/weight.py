"""How much work it takes to validate a graph, estimated beforehand: some rules compare every value with every other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

_SH: Final = "http://www.w3.org/ns/shacl#"
_CLOSURES: Final = (_SH + "oneOrMorePath", _SH + "zeroOrMorePath")
_ORDERS: Final = (_SH + "lessThan", _SH + "lessThanOrEquals")

HEAVY: Final = 1_050_000
"""The most steps for which a graph is validated: those of 150,000 statements, which take half a gigabyte."""
_QUAD, _VISIT, _PAIR = 7, 10, 30  # steps: a statement, a node on a path of any length, two values that are compared
PER_EVIDENCE: Final = _QUAD + _PAIR
"""The most steps for a quad of evidence with the packaged shapes, which only hold the start of a passage against its
end."""

_Term = NamedNode | BlankNode | Literal | Triple
_Links = Mapping[_Term, set[_Term]]
"""The objects of one property, by subject."""


class Weight:
    """The rules among some shapes whose work grows faster than a graph: paths of any length, and comparisons.

    ``closures`` are the properties that a path follows any number of times (SHACL, section 2.3.1), ``orders`` the pairs
    of properties whose values are compared one by one (section 4.5).
    """

    def __init__(self, shapes: Iterable[Triple]) -> None:
        said = [(t.subject, t.predicate.value, t.object) for t in shapes]
        inverse = {s: o for s, p, o in said if p == _SH + "inversePath"}
        paths = {s: o for s, p, o in said if p == _SH + "path"}
        closures = (
            inverse.get(o, o) if isinstance(o, NamedNode | BlankNode) else o for _, p, o in said if p in _CLOSURES
        )
        self.closures = {path for path in closures if isinstance(path, NamedNode)}
        pairs = ((paths.get(s), o) for s, p, o in said if p in _ORDERS)
        self.orders = {(a, b) for a, b in pairs if isinstance(a, NamedNode) and isinstance(b, NamedNode)}

    def is_heavy(self, quads: Sequence[Quad], most: int = HEAVY) -> bool:
        """Whether validating a graph takes more than ``most`` steps."""
        steps = 0
        for more in self._steps(quads):
            steps += more
            if steps > most:
                return True
        return False

    def _steps(self, quads: Sequence[Quad]) -> Iterator[int]:
        yield _QUAD * len(quads)
        values: dict[_Term, dict[_Term, set[_Term]]] = defaultdict(lambda: defaultdict(set))
        wanted = self.closures | {p for pair in self.orders for p in pair}
        for quad in [quad for quad in quads if quad.predicate in wanted]:
            values[quad.predicate][quad.subject].add(quad.object)
        for one, other in self.orders:
            for subject, compared in values[one].items():
                yield _PAIR * len(compared) * len(values[other].get(subject, ()))
        for path in self.closures:
            for _ in _visits(values[path]):
                yield _VISIT


def _visits(links: _Links) -> Iterator[_Term]:
    """For each node every node that it reaches over any number of links."""
    for start in links:
        seen, queue = {start}, [start]
        while queue:
            fresh = links.get(queue.pop(), set()) - seen
            seen |= fresh
            queue += fresh
            yield from fresh
