"""A shortcut for rdflib: ``GRAPH ?g { … }`` is evaluated in the graphs that can match, and not in every graph.

rdflib evaluates the pattern in each graph of a dataset, for each row that it has so far: with forty graphs, a question
takes up to 20 seconds. Where a triple pattern has a known subject or object, the store says which graphs have such a
triple; the pattern has no solution in any other. All else is rdflib's own work.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from rdflib import Graph
from rdflib.paths import AlternativePath, Path
from rdflib.plugins.sparql.evaluate import evalPart
from rdflib.plugins.sparql.evalutils import _join


def eval_graph(ctx: Any, part: Any) -> Iterator[Any]:
    """The solutions of ``GRAPH ?g``, as an entry of rdflib's ``CUSTOM_EVALS``.

    Raises NotImplementedError for what is left to rdflib: everything else, a known graph, a pattern of which neither
    subject nor object is known.
    """
    if part.name != "Graph" or part.p.name != "BGP" or ctx[part.term] is not None:
        raise NotImplementedError
    for subject, predicate, value in part.p.triples:
        ends = ctx[subject], ctx[value]
        names = predicate.args if isinstance(predicate, AlternativePath) else [ctx[predicate]]
        if ends != (None, None) and not any(isinstance(name, Path) for name in names):
            return _solutions(ctx, part, _graphs_with(ctx, [(ends[0], name, ends[1]) for name in names]))
    raise NotImplementedError


def _graphs_with(ctx: Any, patterns: list[tuple[Any, Any, Any]]) -> list[Graph]:
    """The named graphs that have a triple of one of these patterns."""
    triples = chain.from_iterable(map(ctx.dataset.store.triples, patterns))
    found = {graph for _, graphs in triples for graph in graphs if graph is not None}
    return [graph for graph in found if graph.identifier != ctx.dataset.default_context.identifier]


def _solutions(ctx: Any, part: Any, graphs: list[Graph]) -> Iterator[Any]:
    """As rdflib's ``evalGraph`` does, for these graphs."""
    before = ctx.graph
    for graph in graphs:
        inside = ctx.pushGraph(graph).push()
        for solution in _join(evalPart(inside, part.p), [{part.term: graph.identifier}]):
            solution.ctx.graph = before
            yield solution
