"""Runs a canned question on a store: binds its parameters, makes a table of the answer, refuses unknown values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, cast

import pyoxigraph as ox

from communique.errors import QueryError, StoreError, did_you_mean, hint, nearest
from communique.ids import DATASET, REGISTRY
from communique.iris import PARTS, graph_iri, is_named_graph, read_graph, read_release, slug_in, without_base
from communique.query.bind import bind, render_bound
from communique.query.catalogue import Parameter, Query
from communique.query.results import Table
from communique.terms import DEFAULT_BASE, PREFIXES, compact

if TYPE_CHECKING:
    from communique.store.store import Queryable, ResultRow, ResultTerm

MOST_RELEASES: Final = 64
"""The most releases to whose graphs a query is limited; for more, naming the graphs costs more than it saves."""


class UnknownValueError(QueryError):
    """A value of a parameter does not occur in the data."""


def run(
    catalogue: Mapping[str, Query], name: str, values: Mapping[str, str], store: Queryable, *, base: str = DEFAULT_BASE
) -> Table:
    """The answer of ``store`` to the canned question of that name, with the columns in the order of its header.

    ``values`` are the parameters as written, ``base`` is the base IRI of the newsroom. Raises `QueryError` for an
    unknown question or a wrong parameter, and `StoreError` for a store that fails. If there are no rows and a value
    does not occur in the data, raises `UnknownValueError` with the nearest value that the question offers.
    """
    query = query_named(catalogue, name)
    terms = bind(query, values, base)
    text = query.text if store.binds else render_bound(query, terms)
    bindings = (terms, _graphs(query, terms, store, base)) if store.binds else ()
    if query.form == "CONSTRUCT":
        triples = sorted(set(store.construct(text, *bindings)), key=str)
        # no canned question builds quoted triples, so every term is an IRI, a blank node or a literal
        cells = cast("tuple[ResultRow, ...]", tuple((t.subject, t.predicate, t.object) for t in triples))
        table = Table(("subject", "predicate", "object"), cells, is_graph=True)
    else:
        answer = store.query(text, *bindings)
        missing = [column.name for column in query.columns if column.name not in answer.variables]
        if missing:
            raise StoreError(f"the store's answer has no column {', '.join(missing)}, which {name} asks for")
        indexes = [answer.variables.index(column.name) for column in query.columns]
        in_order = indexes == list(range(len(answer.variables)))
        rows = answer.rows if in_order else tuple(tuple(row[i] for i in indexes) for row in answer.rows)
        table = Table(tuple(column.name for column in query.columns), rows)
    _refuse_other_graphs(store)
    if not table.rows:
        _refuse_unknown_values(query, values, terms, store, base)
    _refuse_facts_without_passages(table, store)
    return table


def _graphs(query: Query, terms: Mapping[str, ResultTerm], store: Queryable, base: str) -> tuple[str, ...] | None:
    """The graphs to which the query is limited: those of some releases, of the registry and of the dataset; or None.

    With a release as a parameter, a question needs the graphs of no other release; with a parameter marked ``bounds``,
    only those of the releases that mention its value. This does not change the answer; it spares the engine joins over
    the whole store.
    """
    if "release" in terms:
        slugs = {_slug_of(terms, base)} - {""}
    else:
        bound = next((terms[p.name] for p in query.parameters if p.bounds and p.name in terms), None)
        slugs = _releases_naming(bound, store, base) if bound is not None else set()
    if not 0 < len(slugs) <= MOST_RELEASES:
        return None
    parts = (graph_iri(base, slug, part) for slug in sorted(slugs) for part in ("", *PARTS))
    return (graph_iri(base, REGISTRY), graph_iri(base, DATASET), *parts)


def release_asked(catalogue: Mapping[str, Query], name: str, values: Mapping[str, str], base: str) -> str:
    """The slug of the release that a question is asked of, of which alone it sees the graphs; empty if of all.

    Raises `QueryError` for an unknown question or a wrong parameter.
    """
    return _slug_of(bind(query_named(catalogue, name), values, base), base)


def _slug_of(terms: Mapping[str, ResultTerm], base: str) -> str:
    return slug_in(terms["release"].value, base) if "release" in terms else ""


def _releases_naming(term: ResultTerm, store: Queryable, base: str) -> set[str]:
    """The slugs of the releases in whose graphs a term occurs as subject or object."""
    text = f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ {{ {term} ?p ?o }} UNION {{ ?s ?p {term} }} }} }}"
    graphs = (read_graph(row[0].value, base) for row in store.query(text).rows if row[0] is not None)
    return {graph.of_release for graph in graphs if graph and graph.of_release}


def query_named(catalogue: Mapping[str, Query], name: str) -> Query:
    """The canned question of that name. Raises `QueryError` if there is none, with the nearest name."""
    if name not in catalogue:
        raise QueryError(f"unknown query {name!r}, {hint(name, catalogue)}")
    return catalogue[name]


def _refuse_unknown_values(
    query: Query, values: Mapping[str, str], terms: Mapping[str, ResultTerm], store: Queryable, base: str
) -> None:
    for parameter in query.parameters:
        can_be_checked = parameter.name in values and parameter.values_query is not None
        if can_be_checked and (parameter.closed or not _occurs(terms[parameter.name], store)):
            offered = offers(parameter, store)
            if terms[parameter.name] not in offered:
                known = [as_typed(term, parameter, base) for term in offered]
                near = nearest(values[parameter.name], known) or _same_name(values[parameter.name], known)
                some = ", ".join(map(repr, known[:3])) or "none here"  # the store offers no value at all
                advice = did_you_mean(near, otherwise=f"such as {some}")
                raise UnknownValueError(f"{parameter.name}: {values[parameter.name]!r} is not among the data, {advice}")


def _refuse_other_graphs(store: Queryable) -> None:
    """Raise `QueryError` if a store holds releases, but not in their named graphs, where every question looks."""
    kind = ox.NamedNode(PREFIXES["fabio"] + "PressRelease")
    named = store.query(f"SELECT ?g WHERE {{ GRAPH ?g {{ ?release a {kind} }} }} LIMIT 1").rows
    graph = named[0][0].value if named and named[0][0] is not None else ""
    if is_named_graph(graph):
        return
    load = "load dataset.nq or dataset.trig, or use: communique load --store"
    if graph:
        raise QueryError(f"the store holds releases in other named graphs, such as {graph}: {load}")
    if store.query(f"SELECT ?release WHERE {{ ?release a {kind} }} LIMIT 1").rows:
        raise QueryError(f"the store holds releases in its default graph only, without their named graphs: {load}")


def _refuse_facts_without_passages(table: Table, store: Queryable) -> None:
    """Raise `QueryError` if no row has a quote because the store holds facts without any passage."""
    if "quote" not in table.columns:
        return
    at = table.columns.index("quote")
    if any(row[at] is not None for row in table.rows):
        return
    release, passage = (
        store.query(f"SELECT ?s WHERE {{ GRAPH ?g {{ ?s a {ox.NamedNode(kind)} }} }} LIMIT 1").rows
        for kind in (PREFIXES["fabio"] + "PressRelease", PREFIXES["oa"] + "SpecificResource")
    )
    if release and not passage:
        raise QueryError("the store holds releases without their passages: load the evidence graphs too")


def _occurs(term: ResultTerm, store: Queryable) -> bool:
    """Whether an IRI occurs in the data as subject or object, so that an empty answer about it is correct."""
    if not isinstance(term, ox.NamedNode):
        return False
    text = f"SELECT ?p WHERE {{ GRAPH ?g {{ {{ {term} ?p ?o }} UNION {{ ?s ?p {term} }} }} }} LIMIT 1"
    return bool(store.query(text).rows)


def offers(parameter: Parameter, store: Queryable) -> tuple[ResultTerm, ...]:
    """The values to offer for a parameter: the rows of its ``values-query`` in this store."""
    rows = store.query(parameter.values_query or "").rows
    return tuple(row[0] for row in rows if row[0] is not None)


def _same_name(value: str, known: Sequence[str]) -> str | None:
    """The known value with that local name, in upper or lower case: ``schema:NGO`` for ``ngo``."""
    return next((one for one in known if one.rpartition(":")[2].casefold() == value.casefold()), None)


def as_typed(term: ResultTerm, parameter: Parameter, base: str) -> str:
    """A value of a parameter as a user would type it."""
    value = written(term.value, parameter, base)
    return value if parameter.type == "slug" else compact(value)


def written(value: str, parameter: Parameter, base: str) -> str:
    """The short form of a parameter's value: the slug of a release, the id of a node, any other value unchanged."""
    slug = read_release(value, base) if parameter.type == "slug" else None
    return slug or without_base(value, base)
