"""Answers for assistants: rows with the words that say them and where these stand, stated and inferred apart."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

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
from communique.store.embedded import EmbeddedStore
from communique.terms import PREFIXES, TYPE, compact

FOUND: Final = 20
"""The most entities that a search for a name gives."""

_NAMES: Final = tuple(
    ox.NamedNode(PREFIXES[prefix] + name)
    for prefix, name in (("schema", "name"), ("schema", "headline"), ("schema", "alternateName"), ("skos", "prefLabel"))
)
_DATES: Final = tuple(ox.NamedNode(PREFIXES["schema"] + name) for name in ("datePublished", "dateCreated"))
_DATELINE: Final = ox.NamedNode(PREFIXES["schema"] + "dateline")
_EVIDENCE: Final = ox.NamedNode(PREFIXES["cmq"] + "evidence")
_EXACT: Final = ox.NamedNode(PREFIXES["oa"] + "exact")

CitedAnswer = dict[str, Any]


def cite(store: EmbeddedStore, limits: Limits, wanted: WantedAnswer) -> CitedAnswer:
    """The answer to a question. Raises `HttpError` as `communique.serve.answering.answer` does."""
    table = ask(store, wanted)
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
    return _whole(store, answer, wanted.base, limits)


def entity(store: EmbeddedStore, limits: Limits, name: str, base: str, most: int) -> CitedAnswer:
    """What the releases and the registry say of an entity, by its id or IRI, with the words that say it."""
    try:
        node = ox.NamedNode(name if is_own(name, base) else own_iri(base, name))
    except ValueError:
        raise HttpError(400, f"not an id: {name[:200]!r}, write it like org/iom") from None
    facts = [
        fact for quad in store.quads.quads_for_pattern(node, None, None, None) if (fact := _fact(store, quad, base))
    ]
    if not facts:
        known = _names(store, base)
        advice = did_you_mean(nearest(name, known), otherwise="find_entity finds one by its name")
        raise HttpError(404, f"there is no entity {name[:200]!r}, {advice}")
    facts.sort(key=lambda fact: json.dumps(fact, ensure_ascii=False, sort_keys=True))
    shown = facts[:most]
    note = _note(len(shown), len(facts), 1, -(-len(facts) // most))
    answer = {"entity": _node(node.value, base), "rows_in_all": len(facts), "note": note, **_apart(shown)}
    return _whole(store, answer, base, limits)


def find_entity(store: EmbeddedStore, limits: Limits, name: str, base: str) -> CitedAnswer:
    """The entities and releases with a name like this one: the same, beginning with it, containing it, else similar."""
    wanted, known = " ".join(name.split()).casefold(), _names(store, base)
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
    found = [
        _node(own_iri(base, node), base) | {"name": one, "kinds": _kinds(store, own_iri(base, node))}
        for node, one in list(best.items())[:FOUND]
    ]
    more = f"; these are the first {FOUND}" if len(best) > FOUND else ""
    said = f"{len(best)} found{more}" if best else f"nothing is named {name[:200]!r}"
    return {"note": said, "entities": found}


def _names(store: EmbeddedStore, base: str) -> dict[str, set[str]]:
    """The names of all entities and releases, by id."""
    found: dict[str, set[str]] = {}
    for predicate in _NAMES:
        for quad in store.quads.quads_for_pattern(None, predicate, None, None):
            subject, said = quad.subject, quad.object
            if not isinstance(subject, ox.NamedNode) or not isinstance(said, ox.Literal):
                continue
            if is_own(subject.value, base) and not is_inner(subject.value):
                found.setdefault(without_base(subject.value, base), set()).add(said.value)
    return found


def _kinds(store: EmbeddedStore, iri: str) -> list[str]:
    quads = store.quads.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(TYPE), None, None)
    return sorted({compact(quad.object.value) for quad in quads if isinstance(quad.object, ox.NamedNode)})


def _fact(store: EmbeddedStore, quad: ox.Quad, base: str) -> CitedAnswer | None:
    """A fact of a release or of the registry; None for what belongs to the evidence."""
    graph = read_graph(getattr(quad.graph_name, "value", ""), base)
    if graph is None or graph.part == "evidence":
        return None
    fact: CitedAnswer = {"property": compact(quad.predicate.value), "value": _value(quad.object, base)}
    if not graph.of_release:
        return fact | {"basis": "registry"}
    fact |= {"basis": "inferred" if graph.part == "inferred" else "stated", "release": graph.of_release}
    if graph.part == "page":
        fact["stands_in"] = "the web page around the release"
    evidence = ox.NamedNode(graph_iri(base, graph.of_release, "evidence"))
    statement = ox.NamedNode(statement_iri(release_iri(base, graph.of_release), str(quad.triple)))
    for node in (statement, quad.subject):
        passages = sorted(
            (
                one.object.value
                for one in store.quads.quads_for_pattern(node, _EVIDENCE, None, evidence)
                if isinstance(one.object, ox.NamedNode)
            ),
            key=lambda iri: read_passage(iri, base) or (0, 0),
        )
        if passages:
            quotes = store.quads.quads_for_pattern(ox.NamedNode(passages[0]), _EXACT, None, evidence)
            quote = next((one.object.value for one in quotes if isinstance(one.object, ox.Literal)), "")
            return fact | {"quote": quote, **_place(passages[0], base)}
    return fact


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


def _whole(store: EmbeddedStore, answer: CitedAnswer, base: str, limits: Limits) -> CitedAnswer:
    """The answer with the releases that it speaks of. Raises `HttpError` if it is too large."""
    answer["releases"] = dict(_releases(store, answer, base))
    if len(json.dumps(answer, ensure_ascii=False).encode()) > limits.bytes:
        raise limits.too_large("bytes")
    return answer


def _releases(store: EmbeddedStore, answer: CitedAnswer, base: str) -> Iterator[tuple[str, CitedAnswer]]:
    """The headline, the date and the page of each release that is named in the rows."""
    rows = (row for kind in answer.values() if isinstance(kind, list) for row in kind)
    for slug in sorted({str(row["release"]) for row in rows if "release" in row}):
        node = ox.NamedNode(release_iri(base, slug))
        headline = _first(store, node, _NAMES[1])
        date = next((said for predicate in _DATES if (said := _first(store, node, predicate))), "")
        dateline = _first(store, node, _DATELINE)
        known = {"headline": headline, "date": date, "dateline": dateline}
        yield slug, {key: value for key, value in known.items() if value} | {"page": f"{node.value}/index.html"}


def _first(store: EmbeddedStore, node: ox.NamedNode, predicate: ox.NamedNode) -> str:
    """The first value of a property of a node, or ""."""
    quads = store.quads.quads_for_pattern(node, predicate, None, None)
    return min((quad.object.value for quad in quads if isinstance(quad.object, ox.Literal)), default="")
