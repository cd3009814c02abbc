"""A canned question asked of a store: its parameters bound, its answer a table, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, cast

import pyoxigraph as ox

from communique.errors import QueryError, StoreError, did_you_mean, hint, nearest
from communique.ids import REGISTRY
from communique.iris import PARTS, graph_iri, read_graph, read_release, slug_in, without_base
from communique.query.bind import bind, render_bound
from communique.query.catalogue import Parameter, Query
from communique.query.results import Table
from communique.terms import DEFAULT_BASE, PREFIXES, compact

if TYPE_CHECKING:
    from communique.store.store import Queryable, ResultRow, ResultTerm

MOST_RELEASES: Final = 64
"""Releases up to which an engine is told to look into their graphs only; beyond, naming the graphs costs more."""


def run(
    catalogue: Mapping[str, Query], name: str, values: Mapping[str, str], store: Queryable, *, base: str = DEFAULT_BASE
) -> Table:
    """The answer of ``store`` to the canned question of that name, with the columns of its header in their order.

    ``values`` are the parameters as written, ``base`` is the base IRI of the newsroom. Raises `QueryError` for an
    unknown question or a wrong parameter, `StoreError` for a store that fails. Where there are no rows, a value that
    the data do not know is refused, with the nearest of those that the question offers.
    """
    query = query_named(catalogue, name)
    terms = bind(query, values, base)
    text = query.text if store.binds else render_bound(query, terms)
    apart = (terms, _graphs(query, terms, store, base)) if store.binds else ()
    if query.form == "CONSTRUCT":
        triples = sorted(set(store.construct(text, *apart)), key=str)
        # no canned question builds statements about triples, so each term stands for itself
        cells = cast("tuple[ResultRow, ...]", tuple((t.subject, t.predicate, t.object) for t in triples))
        table = Table(("subject", "predicate", "object"), cells, is_graph=True)
    else:
        answer = store.query(text, *apart)
        lacking = [column.name for column in query.columns if column.name not in answer.variables]
        if lacking:
            raise StoreError(f"the store gives no column {', '.join(lacking)}, which {name} asks for")
        where = [answer.variables.index(column.name) for column in query.columns]
        as_asked = where == list(range(len(answer.variables)))
        rows = answer.rows if as_asked else tuple(tuple(row[i] for i in where) for row in answer.rows)
        table = Table(tuple(column.name for column in query.columns), rows)
    if not table.rows:
        _refuse_unknown_values(query, values, terms, store, base)
        _refuse_facts_without_passages(query, store)
    return table


def _graphs(query: Query, terms: Mapping[str, ResultTerm], store: Queryable, base: str) -> tuple[str, ...] | None:
    """The graphs that can have a part in the answer: those of some releases and the registry, else any (None).

    A question that was given a release joins no other one; one that was given a value which ``bounds`` it needs only
    the releases that name the value. This changes no answer; it spares the engine joins over the whole store.
    """
    release = terms.get("release")
    if release is not None:
        slugs = {slug_in(release.value, base)} - {""}
    else:
        bound = next((terms[p.name] for p in query.parameters if p.bounds and p.name in terms), None)
        slugs = _releases_naming(bound, store, base) if bound is not None else set()
    if not 0 < len(slugs) <= MOST_RELEASES:
        return None
    parts = (graph_iri(base, slug, part) for slug in sorted(slugs) for part in ("", *PARTS))
    return (graph_iri(base, REGISTRY), *parts)


def _releases_naming(term: ResultTerm, store: Queryable, base: str) -> set[str]:
    """The slugs of the releases in whose graphs a node stands."""
    text = f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ {{ {term} ?p ?o }} UNION {{ ?s ?p {term} }} }} }}"
    graphs = (read_graph(row[0].value, base) for row in store.query(text).rows if row[0] is not None)
    return {graph.of_release for graph in graphs if graph and graph.of_release}


def query_named(catalogue: Mapping[str, Query], name: str) -> Query:
    """The canned question of that name. Raises `QueryError` for an unknown one, with the nearest."""
    if name not in catalogue:
        raise QueryError(f"unknown query {name!r}, {hint(name, catalogue)}")
    return catalogue[name]


def _refuse_unknown_values(
    query: Query, values: Mapping[str, str], terms: Mapping[str, ResultTerm], store: Queryable, base: str
) -> None:
    for parameter in query.parameters:
        asked_for = parameter.name in values and parameter.values_query is not None
        if asked_for and (parameter.closed or not _occurs(terms[parameter.name], store)):
            offered = offers(parameter, store)
            if terms[parameter.name] not in offered:
                known = [_written(term, parameter, base) for term in offered]
                near = nearest(values[parameter.name], known) or _same_name(values[parameter.name], known)
                some = ", ".join(map(repr, known[:3])) or "none here"
                advice = did_you_mean(near, otherwise=f"such as {some}")
                raise QueryError(f"{parameter.name}: {values[parameter.name]!r} is not among the data, {advice}")


def _refuse_facts_without_passages(query: Query, store: Queryable) -> None:
    """No rows are no answer to a question for quotes where the store was given the facts only."""
    if not any(column.name == "quote" for column in query.columns):
        return
    release, passage = (
        store.query(f"SELECT ?s WHERE {{ GRAPH ?g {{ ?s a {ox.NamedNode(kind)} }} }} LIMIT 1").rows
        for kind in (PREFIXES["fabio"] + "PressRelease", PREFIXES["oa"] + "SpecificResource")
    )
    if release and not passage:
        raise QueryError("the store holds releases without their passages: load the evidence graphs too")


def _occurs(term: ResultTerm, store: Queryable) -> bool:
    """Whether anything is said of a node, so that no rows for it are a true answer."""
    if not isinstance(term, ox.NamedNode):
        return False
    text = f"SELECT ?p WHERE {{ GRAPH ?g {{ {{ {term} ?p ?o }} UNION {{ ?s ?p {term} }} }} }} LIMIT 1"
    return bool(store.query(text).rows)


def offers(parameter: Parameter, store: Queryable) -> tuple[ResultTerm, ...]:
    """The values worth offering for a parameter with a ``values-query``, as this store knows them."""
    rows = store.query(parameter.values_query or "").rows
    return tuple(row[0] for row in rows if row[0] is not None)


def _same_name(value: str, known: Sequence[str]) -> str | None:
    """The term that is called so in its vocabulary: ``schema:NGO`` for ``ngo``."""
    return next((one for one in known if one.rpartition(":")[2].casefold() == value.casefold()), None)


def _written(term: ResultTerm, parameter: Parameter, base: str) -> str:
    """How a value of a parameter is written by a person."""
    value = written(term.value, parameter, base)
    return value if parameter.type == "slug" else compact(value)


def written(value: str, parameter: Parameter, base: str) -> str:
    """A value of a parameter by its short name: a release by its slug, a node by its id, anything else as it is."""
    slug = read_release(value, base) if parameter.type == "slug" else None
    return slug or without_base(value, base)
