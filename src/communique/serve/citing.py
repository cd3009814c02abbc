"""Answers for assistants: rows with the words that say them and where these stand, stated and inferred apart.

What an answer needs is looked up for all of its rows at once, so that another store is asked a few times only.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

import pyoxigraph as ox

from communique.errors import did_you_mean, nearest
from communique.iris import (
    fragment_of,
    graph_iri,
    is_inner,
    is_own,
    own_iri,
    read_graph,
    read_passage,
    release_iri,
    slug_in,
    statement_iri,
    without_base,
)
from communique.query.results import Table
from communique.serve.answering import ask, page_of
from communique.serve.refusal import HttpError
from communique.serve.wanted import WantedAnswer
from communique.serve.writing import Limits
from communique.store.store import Queryable
from communique.terms import PREFIXES, TYPE, compact

FOUND: Final = 20
"""The most entities that a search for a name gives."""

_NAMES: Final = tuple(
    ox.NamedNode(PREFIXES[prefix] + name)
    for prefix, name in (("schema", "name"), ("schema", "headline"), ("schema", "alternateName"), ("skos", "prefLabel"))
)
_HEADLINE: Final = _NAMES[1]
_DATES: Final = tuple(ox.NamedNode(PREFIXES["schema"] + name) for name in ("datePublished", "dateCreated"))
_DATELINE: Final = ox.NamedNode(PREFIXES["schema"] + "dateline")
_EVIDENCE: Final = ox.NamedNode(PREFIXES["cmq"] + "evidence")
_EXACT: Final = ox.NamedNode(PREFIXES["oa"] + "exact")

CitedAnswer = dict[str, Any]


class Citable(Protocol):
    """What answers with their words are made from. A store that fails raises `HttpError`."""

    @property
    def store(self) -> Queryable:
        """What questions are asked of."""

    def look_up(
        self, subjects: Collection[ox.NamedNode], predicates: Sequence[ox.NamedNode], base: str
    ) -> Iterator[ox.Quad]:
        """The quads of some subjects with some predicates, or with any if none is given."""

    def of_all(self, predicates: Sequence[ox.NamedNode], base: str) -> Iterator[ox.Triple]:
        """What is said of all entities with some predicates."""


def cite(engine: Citable, limits: Limits, wanted: WantedAnswer) -> CitedAnswer:
    """The answer to a question. Raises `HttpError` as `communique.serve.answering.answer` does."""
    table = ask(engine.store, wanted)
    paged = page_of(wanted, len(table.rows))
    first = (paged.page - 1) * paged.per_page
    shown = Table(table.columns, table.rows[first : first + paged.per_page], table.is_graph)
    rows = [_row(dict(zip(shown.columns, row, strict=True)), wanted.base) for row in shown.rows]
    answer = {
        "question": wanted.query.question,
        "asked_with": dict(wanted.values),
        "rows_in_all": paged.total,
        "note": _note(len(rows), paged.total, paged.page, paged.pages),
        **_apart(rows),
    }
    return _whole(engine, answer, wanted.base, limits)


def entity(engine: Citable, limits: Limits, name: str, base: str, most: int) -> CitedAnswer:
    """What the releases and the registry say of an entity, by its id or IRI, with the words that say it."""
    try:
        node = ox.NamedNode(name if is_own(name, base) else own_iri(base, name))
    except ValueError:
        raise HttpError(400, f"not an id: {name[:200]!r}, write it like org/iom") from None
    quads = [quad for quad in engine.look_up([node], (), base) if _says_a_fact(quad, base)]
    if not quads:
        known = _names(engine, base)
        advice = did_you_mean(nearest(name, known), otherwise="find_entity finds one by its name")
        raise HttpError(404, f"there is no entity {name[:200]!r}, {advice}")
    places = _places(engine, quads, base)
    facts = [_fact(quad, places, base) for quad in quads]
    facts.sort(key=lambda fact: json.dumps(fact, ensure_ascii=False, sort_keys=True))
    shown = facts[:most]
    note = _note(len(shown), len(facts), 1, -(-len(facts) // most))
    answer = {"entity": _node(node.value, base), "rows_in_all": len(facts), "note": note, **_apart(shown)}
    return _whole(engine, answer, base, limits)


def find_entity(engine: Citable, limits: Limits, name: str, base: str) -> CitedAnswer:
    """The entities and releases with a name like this one: the same, beginning with it, containing it, else similar."""
    wanted, known = " ".join(name.split()).casefold(), _names(engine, base)
    ranked: list[tuple[int, int, str, str]] = []
    for node, names in known.items():
        for one in names:
            folded = one.casefold()
            if wanted and wanted in folded:
                ranked.append((0 if folded == wanted else 1 if folded.startswith(wanted) else 2, len(one), node, one))
    if not ranked:
        near = nearest(name, {one for names in known.values() for one in names})
        ranked = [(3, 0, node, near) for node, names in known.items() if near in names and near is not None]
    best: dict[str, str] = {}
    for _, _, node, one in sorted(ranked):
        best.setdefault(node, one)
    first = {own_iri(base, node): one for node, one in list(best.items())[:FOUND]}
    kinds = _kinds(engine, first, base)
    found = [_node(iri, base) | {"name": one, "kinds": sorted(kinds[iri])} for iri, one in first.items()]
    more = f"; these are the first {FOUND}" if len(best) > FOUND else ""
    said = f"{len(best)} found{more}" if best else f"nothing is named {name[:200]!r}"
    return {"note": said, "entities": found}


def _names(engine: Citable, base: str) -> dict[str, set[str]]:
    """The names of all entities and releases, by id."""
    found: dict[str, set[str]] = {}
    for subject, _, said in engine.of_all(_NAMES, base):
        if not isinstance(subject, ox.NamedNode) or not isinstance(said, ox.Literal):
            continue
        if is_own(subject.value, base) and not is_inner(subject.value):
            found.setdefault(without_base(subject.value, base), set()).add(said.value)
    return found


def _kinds(engine: Citable, iris: Iterable[str], base: str) -> dict[str, set[str]]:
    """The classes of some entities."""
    nodes = [ox.NamedNode(iri) for iri in iris]
    found: dict[str, set[str]] = {node.value: set() for node in nodes}
    for quad in engine.look_up(nodes, (ox.NamedNode(TYPE),), base):
        if isinstance(quad.object, ox.NamedNode) and isinstance(quad.subject, ox.NamedNode):
            found[quad.subject.value].add(compact(quad.object.value))
    return found


def _says_a_fact(quad: ox.Quad, base: str) -> bool:
    """Whether a quad is a fact of a release or of the registry, and does not belong to the evidence."""
    graph = read_graph(getattr(quad.graph_name, "value", ""), base)
    return graph is not None and graph.part != "evidence"


def _fact(quad: ox.Quad, places: Mapping[ox.Quad, tuple[str, str]], base: str) -> CitedAnswer:
    """A fact, with its words and where they stand."""
    graph = read_graph(getattr(quad.graph_name, "value", ""), base)
    assert graph is not None
    fact: CitedAnswer = {"property": compact(quad.predicate.value), "value": _value(quad.object, base)}
    if not graph.of_release:
        return fact | {"basis": "registry"}
    fact |= {"basis": "inferred" if graph.part == "inferred" else "stated", "release": graph.of_release}
    if graph.part == "page":
        fact["stands_in"] = "the web page around the release"
    if quad in places:
        passage, quote = places[quad]
        fact |= {"quote": quote, **_place(passage, base)}
    return fact


def _places(engine: Citable, quads: Iterable[ox.Quad], base: str) -> dict[ox.Quad, tuple[str, str]]:
    """For each fact the first passage that says it, or else one of its entity, and the words of the passage."""
    nodes: dict[ox.Quad, list[tuple[ox.NamedNode, str]]] = {}
    for quad in quads:
        graph = read_graph(getattr(quad.graph_name, "value", ""), base)
        if graph is not None and graph.of_release and isinstance(quad.subject, ox.NamedNode):
            evidence = graph_iri(base, graph.of_release, "evidence")
            statement = ox.NamedNode(statement_iri(release_iri(base, graph.of_release), str(quad.triple)))
            nodes[quad] = [(statement, evidence), (quad.subject, evidence)]
    known = _passages(engine, {node for some in nodes.values() for node, _ in some}, base)
    chosen = {
        quad: min(known[key], key=lambda iri: (read_passage(iri, base) or (0, 0), iri))
        for quad, some in nodes.items()
        for key in [next((one for one in some if one in known), None)]
        if key is not None
    }
    quotes: dict[str, str] = {}
    for quad in engine.look_up({ox.NamedNode(iri) for iri in chosen.values()}, (_EXACT,), base):
        if isinstance(quad.object, ox.Literal) and isinstance(quad.subject, ox.NamedNode):
            quotes[quad.subject.value] = quad.object.value
    return {quad: (passage, quotes.get(passage, "")) for quad, passage in chosen.items()}


def _passages(engine: Citable, nodes: Collection[ox.NamedNode], base: str) -> dict[tuple[ox.NamedNode, str], list[str]]:
    """The passages that say each of some statements or entities, by the graph of evidence that has them."""
    found: dict[tuple[ox.NamedNode, str], list[str]] = {}
    for quad in engine.look_up(nodes, (_EVIDENCE,), base):
        if isinstance(quad.object, ox.NamedNode) and isinstance(quad.subject, ox.NamedNode):
            graph = getattr(quad.graph_name, "value", "")
            found.setdefault((quad.subject, graph), []).append(quad.object.value)
    return found


def _row(at: Mapping[str, Any], base: str) -> CitedAnswer:
    """One row: its cells by column, and where its words stand."""
    row = {column: _value(term, base) for column, term in at.items() if term is not None and column != "passage"}
    if "release" in row:
        row["release"] = slug_in(at["release"].value, base)
    passage = at.get("passage")
    return row | (_place(passage.value, base) if passage is not None else {})


def _place(passage: str, base: str) -> CitedAnswer:
    """The links to a passage: to the words in the text, and to their place on the page of the release."""
    slug = slug_in(passage, base)
    page = f"{release_iri(base, slug)}/index.html#{fragment_of(passage)}"
    return {"release": slug, "source": passage, "page": page} if slug else {"source": passage}


def _node(iri: str, base: str) -> CitedAnswer:
    return {"id": without_base(iri, base), "page": f"{iri}/index.html"}


def _value(term: Any, base: str) -> str:
    if isinstance(term, ox.NamedNode):
        return without_base(term.value, base) if is_own(term.value, base) else compact(term.value)
    return str(term.value)


def _apart(rows: Iterable[CitedAnswer]) -> CitedAnswer:
    """Rows by what they rest on; one of which any part is inferred is inferred."""
    found: dict[str, list[CitedAnswer]] = {"stated": [], "inferred": [], "registry": [], "without_basis": []}
    for row in rows:
        said = [value for column, value in row.items() if column.endswith("basis")]
        kind = next((one for one in ("inferred", "registry", "stated") if one in said), "without_basis")
        found[kind].append(row)
    return {kind: some for kind, some in found.items() if some or kind in ("stated", "inferred")}


def _note(shown: int, total: int, page: int, pages: int) -> str:
    count = "1 row" if total == 1 else f"{total:,} rows"
    if shown == total:
        return f"The answer has {count}, and all of them are here."
    return f"The answer has {count}, and {shown:,} of them are here (page {page:,} of {pages:,})."


def _whole(engine: Citable, answer: CitedAnswer, base: str, limits: Limits) -> CitedAnswer:
    """The answer with the releases that it speaks of. Raises `HttpError` if it is too large."""
    answer["releases"] = _releases(engine, answer, base)
    if len(json.dumps(answer, ensure_ascii=False).encode()) > limits.bytes:
        raise limits.too_large("bytes")
    return answer


def _releases(engine: Citable, answer: CitedAnswer, base: str) -> CitedAnswer:
    """The headline, the date and the page of each release that is named in the rows."""
    rows = (row for kind in answer.values() if isinstance(kind, list) for row in kind)
    iris = {slug: release_iri(base, slug) for slug in sorted({str(row["release"]) for row in rows if "release" in row})}
    said: dict[tuple[str, ox.NamedNode], list[str]] = {}
    for quad in engine.look_up([ox.NamedNode(iri) for iri in iris.values()], (_HEADLINE, *_DATES, _DATELINE), base):
        if isinstance(quad.object, ox.Literal) and isinstance(quad.subject, ox.NamedNode):
            said.setdefault((quad.subject.value, quad.predicate), []).append(quad.object.value)
    found: CitedAnswer = {}
    for slug, iri in iris.items():
        first = {predicate: min(said.get((iri, predicate), [""])) for predicate in (_HEADLINE, *_DATES, _DATELINE)}
        date = next((first[predicate] for predicate in _DATES if first[predicate]), "")
        known = {"headline": first[_HEADLINE], "date": date, "dateline": first[_DATELINE]}
        found[slug] = {key: value for key, value in known.items() if value} | {"page": f"{iri}/index.html"}
    return found
