"""The part of a question's page that shows an answer, in the language of the page; a worker makes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pyoxigraph as ox

from communique.iris import (
    document_of,
    fragment_of,
    is_own,
    is_statement,
    query_path,
    read_graph,
    release_path,
    slug_in,
    without_base,
)
from communique.publish.site.columns import cell_words, column_words, shown_columns
from communique.publish.words import Words
from communique.query.catalogue import Query
from communique.query.results import Table
from communique.serve.links import OFFERED, Paged, with_values
from communique.terms import PREFIXES, compact

if TYPE_CHECKING:
    from communique.serve.wanted import WantedAnswer
    from communique.store.store import Queryable, ResultRow, ResultTerm

_NAMES: Final = tuple(ox.NamedNode(PREFIXES["schema"] + name) for name in ("name", "headline"))
_LINKED: Final = ("http://", "https://", "mailto:", "tel:")


def render_answer(store: Queryable, wanted: WantedAnswer, table: Table, paged: Paged | None) -> Iterator[str]:
    """What stands in the page in place of the answer of the build, piece by piece."""
    words, query, values = Words(wanted.language), wanted.query, wanted.values
    total = paged.total if paged else len(table.rows)
    files = (f"{query.name}.{one.suffix}" for one in OFFERED if one.published or table.is_graph or not one.of_graphs)
    links = (f'<a href="{escape(with_values(f"../{name}", values))}">{escape(name)}</a>' for name in files)
    asked = ", ".join(f"{name}: {value}" for name, value in values.items())
    said = escape(words("asked_with", values=asked)) + " " if asked else ""
    yield f'<p class="num">{said}{words.count("rows", total)}. {escape(words("result"))}: {" · ".join(links)}</p>'
    if paged and not paged.is_whole:
        yield _turn(paged, values, wanted.per_page)
    if not table.rows:
        yield f'<p class="big">{escape(words("no_rows"))}</p>'
        return
    shown = shown_columns(table, wanted.base)
    if paged and not paged.is_whole and "release" in table.columns:
        shown = {"release": ""} | shown  # rows of other pages may be of other releases
    heads = {name: escape(_label(query, name, wanted.language)) for name in shown}
    cells = _Cells(store, wanted, words, heads)
    release = table.rows[0][table.columns.index("release")] if "release" in table.columns else None
    if release is not None and "release" not in shown:
        yield f'<p class="num">{escape(words("all_rows_of"))} {cells.value(release)}</p>'
    yield (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(words("result"))}">'
        f'<table class="stack" id="result"><caption class="vh">{escape(query.question)}</caption><thead><tr>'
    )
    yield "".join(f'<th scope="col">{head}</th>' for head in heads.values()) + "</tr></thead><tbody>\n"
    for row in table.rows:
        yield cells.row(table.columns, row, shown)
    yield "</tbody></table></div>"


def render_refusal(sentence: str) -> str:
    """What stands there if there is no answer."""
    return f'<p class="wrong" role="alert" lang="en">{escape(sentence)}</p>'


def _turn(paged: Paged, values: Mapping[str, str], per_page: int | None) -> str:
    """Links to the pages before and after this one."""
    signs = {"prev": "←", "next": "→"}
    at = {
        relation: f'<a rel="{relation}" href="{escape(with_values("", values, n, per_page))}">{signs[relation]}</a>'
        for relation, n in paged.others()
        if relation in signs
    }
    return f'<p class="num">{at.get("prev", "")} {paged.page:,} / {paged.pages:,} {at.get("next", "")}</p>'


def _label(query: Query, name: str, language: str) -> str:
    return query.label(name, language) or column_words(language).get(name) or name.replace("_", " ")


class _Cells:
    """Renders the rows of one table."""

    def __init__(self, store: Queryable, wanted: WantedAnswer, words: Words, heads: Mapping[str, str]) -> None:
        self._store, self._base, self._suffix = store, wanted.base, wanted.suffix
        self._words, self._heads = words, heads

    def row(self, columns: Sequence[str], row: ResultRow, shown: Mapping[str, str]) -> str:
        """One row."""
        at = dict(zip(columns, row, strict=True))
        cells = (self._cell(column, at, at.get(named) if named else None) for column, named in shown.items())
        return f"<tr>{''.join(cells)}</tr>\n"

    def _cell(self, column: str, at: Mapping[str, ResultTerm | None], name: ResultTerm | None) -> str:
        term, inside, is_quote = at[column], "", column == "quote"
        if term is not None:
            said = cell_words(column, term, self._words.language)
            if column.endswith("basis") and term.value == "inferred":
                inside = f'<em class="tag">{escape(said or term.value)}</em>'
            else:
                inside = f'<bdi class="v">{escape(said)}</bdi>' if said else self.value(term, name)
        if is_quote:
            inside += self._source(at.get("passage"))
        kind = ' class="say2"' if is_quote else ""
        return f'<td data-th="{self._heads[column]}"{kind}>{inside}</td>'

    def value(self, term: ResultTerm, name: ResultTerm | None = None) -> str:
        """A value as it is shown; ``name`` is the name of a node."""
        if not isinstance(term, ox.NamedNode):
            language = getattr(term, "language", None)
            tag = f' lang="{escape(language)}"' if language else ""
            return f'<bdi class="v"{tag}>{escape(term.value)}</bdi>'
        if not is_own(term.value, self._base):
            text = escape(compact(term.value))
            is_link = term.value.startswith(_LINKED)
            return f'<a href="{escape(term.value)}">{text}</a>' if is_link else f'<bdi class="v">{text}</bdi>'
        text = name.value if name is not None else self._name(term)
        iri, address = escape(term.value), escape(self._address(term.value))
        return f'<a data-entity="{iri}" href="{address}"><bdi>{escape(text)}</bdi></a>'

    def _name(self, node: ox.NamedNode) -> str:
        """The first name of a node in the data, or else the end of its IRI."""
        for name in _NAMES:
            rows = self._store.query(f"SELECT ?name WHERE {{ GRAPH ?g {{ {node} {name} ?name }} }}").rows
            found = sorted(one.value for (one,) in rows if isinstance(one, ox.Literal))
            if found:
                return found[0]
        return fragment_of(node.value) or without_base(node.value, self._base)

    def _address(self, iri: str) -> str:
        """The address of a node, relative to a question's page: its page, or its place on that of its release."""
        path, fragment = without_base(document_of(iri), self._base), fragment_of(iri)
        up = "../" * (query_path("?").count("/") + 1)
        if read_graph(iri, self._base) is not None:
            return up + quote(path)  # the server leads from there to its file
        slug = slug_in(iri, self._base)
        path = f"{release_path(slug) if slug else path}/index{self._suffix}.html"
        return up + quote(path) + (f"#{quote(fragment, safe='=,')}" if fragment and not is_statement(iri) else "")

    def _source(self, passage: ResultTerm | None) -> str:
        """The sign that leads to the words in the release."""
        if passage is None or not slug_in(passage.value, self._base):
            return ""
        said = escape(self._words("where_it_says_so"))
        return f' <a class="w" href="{escape(self._address(passage.value))}"><span class="vh">{said} </span>¶</a>'
