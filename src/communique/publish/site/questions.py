"""The pages of the canned questions: the question, its answer at the time of the build, and the query."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from markupsafe import escape
from pyoxigraph import Literal, NamedNode

from communique.apart import TooLongError
from communique.errors import OutputError, QueryError
from communique.iris import (
    fragment_of,
    is_own,
    last_piece,
    page_path,
    query_path,
    read_inner,
    release_iri,
    release_path,
    slug_in,
    without_base,
)
from communique.kinds import has_word, word_of
from communique.publish.site.browser import Programs, describe
from communique.publish.site.columns import cell_words, column_words, shown_columns, value_words
from communique.publish.site.pages import File, Page, Pages
from communique.publish.site.recipes import RECIPES
from communique.publish.site.rows import ShownValue, SourceLink
from communique.publish.site.scenefacts import ScenePassage
from communique.publish.site.titles import Titles
from communique.query.ask import offers, run, written
from communique.query.catalogue import AUDIENCES, Parameter, Query
from communique.query.formats import RESULT_FORMATS
from communique.query.results import Table
from communique.terms import compact

if TYPE_CHECKING:
    from communique.store.store import Queryable, ResultRow, ResultTerm

ROWS: Final = 500
"""Rows that a page shows; the files contain all."""

OPTIONS: Final = 400
"""The most values that a field offers as a list; with more it is a text field."""

MANY: Final = 50
"""If there are more releases than this, a question that can be limited to one release is asked of the newest."""

GRAPH_COLUMNS: Final = ("subject", "predicate", "object")
"""The columns in which an answer is shown if it is a graph."""

SETTINGS: Final = "settings"
"""What stands in the page of a question in the place of its settings, until it is published."""

_OPTION_LENGTH: Final = 90  # characters
_PLACE: Final = 'data-ask="{}"'
"""Where the settings stand in a page; no value can say this, because its quotation marks are escaped."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row; ``heading`` names it in a narrow window; ``is_inferred``: it says that the row is inferred."""

    heading: str
    values: tuple[ShownValue, ...]
    source_link: SourceLink | None = None
    is_quote: bool = False
    is_inferred: bool = False


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One row: its cells, and for each parameter of the form the values that keep the row shown, joined by ``|``."""

    cells: tuple[Cell, ...]
    fits: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form: its options as pairs of value and words (none: a text field); ``chosen`` is its value."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str
    required: bool
    narrows: bool


class Answers:
    """The answers to the canned questions from the store of a publication being built; each question is asked once."""

    def __init__(self, catalogue: Mapping[str, Query], store: Queryable, base: str, newest: Sequence[str]) -> None:
        self.catalogue, self.store, self.base, self.newest = catalogue, store, base, newest
        self.answer = cache(self._answer)
        self.offered = cache(self._offered_values)

    def _answer(self, name: str) -> tuple[dict[str, str], Table]:
        """The values with which a question is asked, and its rows; of several values, the first that gives any rows."""
        query = self.catalogue[name]
        empty = Table(tuple(c.name for c in query.columns) or GRAPH_COLUMNS, ())
        first: dict[str, str] = {}
        for values in self._values(query):
            first = first or values
            try:
                with _naming_a_timeout(f"query {name!r}"):
                    table = run(self.catalogue, name, values, self.store, base=self.base)
            except QueryError:  # the example in the query's header is not in these data
                continue
            if table.rows:
                return values, table
        return first, empty

    def _values(self, query: Query) -> Iterator[dict[str, str]]:
        """Values to try for a question: first those of its examples, then those that its parameter offers."""
        needed = [p for p in query.parameters if p.required]
        release = next((p for p in query.parameters if p.type == "slug" and not p.required), None)
        narrowed = {release.name: self.newest[0]} if release and len(self.newest) > MANY else {}
        if not needed:
            yield narrowed
            return
        yield {p.name: p.example for p in needed} | narrowed
        if len(needed) == 1 and needed[0].values_query:
            for value in self.offered(needed[0])[:20]:
                yield {needed[0].name: value} | narrowed

    def _offered_values(self, parameter: Parameter) -> tuple[str, ...]:
        """The values that a form offers for a parameter, as a reader writes them."""
        with _naming_a_timeout(f"the values-query of parameter {parameter.name!r}"):
            terms = offers(parameter, self.store)
        values = [str(term.value) for term in terms if isinstance(term, NamedNode | Literal)]
        return tuple(written(value, parameter, self.base) for value in values)


@contextmanager
def _naming_a_timeout(what: str) -> Iterator[None]:
    """Raise `OutputError` with the name of what took too long: a `QueryError` would mean that there is no answer."""
    try:
        yield
    except TooLongError as error:
        raise OutputError(f"{what} {error}; nothing was written: mend it, or give it longer with --timeout") from None


class QuestionPages:
    """Renders the pages of questions."""

    def __init__(self, pages: Pages, answers: Answers, titles: Titles, programs: Programs) -> None:
        self.pages, self.answers, self.titles, self.programs = pages, answers, titles, programs

    def index(self) -> Page:
        """The page of all questions, grouped by audience."""
        return Page(
            "questions.html",
            "queries/index.html",
            {"groups": self._groups(), "has_editor": bool(self.programs)},
            "questions",
        )

    def _groups(self) -> list[tuple[str, list[Query]]]:
        queries = self.answers.catalogue.values()
        return [(audience, [q for q in queries if q.audience == audience]) for audience in AUDIENCES]

    def _settings(self, root: str) -> dict[str, object]:
        return self.programs.settings(root, self.pages.words, self._base)

    def editor(self) -> Page:
        """The page on which any query can be written and run."""
        values = {
            "groups": self._groups(),
            "settings": json.dumps(self._settings(""), ensure_ascii=False) if self.programs.has_editor else "",
            "why_missing": self.programs.why_missing,
            "recipe": RECIPES[0],
        }
        return Page("sparql.html", "sparql.html", values, "questions", computes=bool(self.programs))

    def question(self, query: Query) -> Iterator[tuple[str, Page | bytes]]:
        """The files of one question, by path: its page, its answer in each published format, and its query."""
        values, table = self.answers.answer(query.name)
        path = query_path(query.name)
        graph = query.form == "CONSTRUCT"
        files = [f for f in RESULT_FORMATS.values() if f.published and (graph or not f.of_graphs)]
        for fmt in files if not self.pages.suffix else ():
            yield f"{path}/{fmt.file}", table.render(fmt.name, base=self._base).encode()
        if not self.pages.suffix:
            yield f"{path}/query.rq", query.source.encode()
        root = "../../"
        shown = shown_columns(table, self._base)
        lines = tuple(self._line(query, table, row, shown, root) for row in table.rows[:ROWS])
        page = {
            "query": query,
            "asked": ", ".join(f"{name}: {self._readable(value)}" for name, value in values.items()),
            "fields": [self._field(query, p, values, table) for p in query.parameters],
            "headings": [self._label(query, column) for column in shown],
            "lines": lines,
            "release": self._one_release(table, root) if "release" not in shown else None,
            "total": len(table.rows),
            "files": [File(f.name, f.file, f.file) for f in files],
            "command": " ".join(
                ["communique query", query.name, *(f"--{n} {_shell_quoted(v)}" for n, v in values.items())]
            ),
            "settings": self.settings(query) and SETTINGS,
            "has_editor": bool(self.programs),
        }
        asks = bool(page["settings"])
        yield page_path(path), Page("question.html", page_path(path), page, "questions", computes=asks)

    def files(self, query: Query) -> Iterator[tuple[str, bytes]]:
        """The files of one question as they are published, but for the settings in its page: see `SETTINGS`."""
        for path, body in self.question(query):
            if isinstance(body, Page):
                yield self.pages.local(path), self.pages.render(body)
            else:
                yield path, body

    def complete(self, query: Query, path: str, body: bytes) -> bytes:
        """A file of a question as it is published: in its page, the settings are in their place."""
        if not path.endswith(".html") or not (settings := self.settings(query)):
            return body
        before, _, after = body.partition(_PLACE.format(SETTINGS).encode())
        return before + _PLACE.format(escape(settings)).encode() + after

    def settings(self, query: Query) -> str:
        """The settings for the program on the page of a question, as JSON; "" if it has none."""
        if not self.programs or not query.parameters:
            return ""
        return json.dumps(self._settings("../../") | self._query_settings(query), ensure_ascii=False)

    # ---- showing

    def _field(self, query: Query, parameter: Parameter, values: Mapping[str, str], table: Table) -> Field:
        if parameter.values:
            options = [(value, self._fixed_value(parameter, value)) for value in parameter.values]
        else:
            options = sorted(
                ((v, _shortened(self._readable(v))) for v in self.offered(parameter)), key=lambda o: o[1].casefold()
            )
        chosen = values.get(parameter.name, parameter.default or "")
        narrows = _column_of(parameter, table.columns) is not None and parameter.name not in values
        listed = tuple(options) if len(options) <= OPTIONS else ()
        label = self._label(query, parameter.name)
        label = label[:1].upper() + label[1:]
        return Field(
            name=parameter.name,
            label=label,
            options=listed,
            chosen=chosen,
            required=parameter.required,
            narrows=narrows,
        )

    def offered(self, parameter: Parameter) -> tuple[str, ...]:
        """The values from the data that the field of a parameter offers."""
        return self.answers.offered(parameter) if parameter.values_query and not parameter.values else ()

    def _fixed_value(self, parameter: Parameter, value: str) -> str:
        """One of the fixed values of a parameter, in the language of the page if there are words for it."""
        key = f"value.{parameter.name}.{value}"
        return self.pages.words(key) if key in self.pages.words else value

    def _readable(self, value: str) -> str:
        """A value in readable form: the title or name of a node, the words for a class, else the value itself."""
        if "://" in value:
            return self._class(value)
        return self._title(value) or self.titles.of(release_path(value)) or value

    def _title(self, path: str) -> str:
        """The title of a release, an entity or a node inside a release, by its path; "" if it is not known."""
        inner = read_inner(path, "")
        if inner is not None and self.titles.of(release_path(inner.slug)) is not None:
            return self.titles.inside(inner.slug, inner.name)
        return self.titles.of(path) or ""

    def _class(self, iri: str) -> str:
        """The words for a class and its compact IRI, since two may share them; for any other IRI the compact form."""
        words, key = self.pages.words, word_of([iri])
        return f"{words(key)} ({compact(iri)})" if has_word(iri) and not words.has_class(iri) else compact(iri)

    def _line(self, query: Query, table: Table, row: ResultRow, shown: Mapping[str, str], root: str) -> QuestionLine:
        at = dict(zip(table.columns, row, strict=True))
        fits = {}
        for parameter in query.parameters:
            source = _column_of(parameter, table.columns)
            if source is not None:
                fits[parameter.name] = _fits(parameter, at[source], self._base)
        return QuestionLine(tuple(self._cell(query, column, at, name, root) for column, name in shown.items()), fits)

    def _label(self, query: Query, name: str) -> str:
        """The label of a column or a parameter in the language of the page: from its query or ``columns.json``."""
        language = self.pages.words.language
        words = query.label(name, language) or column_words(language).get(name)
        return words or name.replace("_", " ")

    def _query_settings(self, query: Query) -> dict[str, object]:
        """The settings for the program of one question: the query, the labels of its columns, the words in cells."""
        columns = tuple(column.name for column in query.columns) or GRAPH_COLUMNS
        heads = {name: self._label(query, name) for name in columns}
        return {"query": describe(query), "heads": heads, "values": dict(value_words(self.pages.words.language))}

    def _one_release(self, table: Table, root: str) -> ShownValue | None:
        """The release that all rows are about."""
        place = table.columns.index("release") if "release" in table.columns else None
        term = next((row[place] for row in table.rows if row[place] is not None), None) if place is not None else None
        return None if term is None else self._value(term, None, root)

    @property
    def _base(self) -> str:
        return self.pages.dataset.base

    def _cell(self, query: Query, column: str, at: Mapping[str, ResultTerm | None], named: str, root: str) -> Cell:
        term, heading = at[column], self._label(query, column)
        is_quote = column == "quote"
        values = (self._value(term, None if is_quote else at.get(named), root),) if term is not None else ()
        if words := cell_words(column, term, self.pages.words.language):
            values = (ShownValue(words),)
        is_inferred = column.endswith("basis") and term is not None and term.value == "inferred"
        return Cell(heading, values, self._source_link(at, root) if is_quote else None, is_quote, is_inferred)

    def _value(self, term: ResultTerm, name: ResultTerm | None, root: str) -> ShownValue:
        if isinstance(term, NamedNode):
            iri = term.value
            if not is_own(iri, self._base):
                return ShownValue(compact(iri), href=iri)
            path = without_base(iri, self._base)
            text = name.value if name is not None else self._title(path) or fragment_of(path) or path
            return ShownValue(text, _language(name), self.pages.address(iri, root), iri)
        if isinstance(term, Literal) and last_piece(term.datatype.value) in ("date", "gYearMonth", "dateTime"):
            day, _, time = term.value.partition("T")
            return ShownValue(f"{day} {self.pages.words.time(time)}".rstrip(), time=term.value)
        return ShownValue(term.value, _language(term))

    def _source_link(self, at: Mapping[str, ResultTerm | None], root: str) -> SourceLink | None:
        iri = at.get("passage")
        start, end = at.get("start"), at.get("end")
        if iri is None or start is None or end is None:
            return None
        slug = slug_in(iri.value, self._base)
        passage = ScenePassage(slug, int(start.value), int(end.value), "")
        page = self.pages.address(release_iri(self._base, slug), root)
        return SourceLink(f"{page}#{passage.id}", self.titles.paragraph(slug, passage.start))


def _column_of(parameter: Parameter, columns: tuple[str, ...]) -> str | None:
    """The column by which a field narrows the rows; None if there is none."""
    if parameter.name in columns:
        return parameter.name
    return "basis" if parameter.name == "inferred" and "basis" in columns else None


def _fits(parameter: Parameter, term: ResultTerm | None, base: str) -> str:
    """The values of a parameter that keep a row shown, joined by ``|``."""
    if term is None:
        return ""
    if parameter.name == "inferred":
        return "with|only" if term.value == "inferred" else "with|without"
    return written(str(term.value), parameter, base)


def _shortened(text: str) -> str:
    """A text, shortened to fit into a list of options."""
    return text if len(text) <= _OPTION_LENGTH else text[:_OPTION_LENGTH].rpartition(" ")[0] + " …"


def _language(term: ResultTerm | None) -> str:
    return term.language or "" if isinstance(term, Literal) else ""


def _shell_quoted(value: str) -> str:
    from shlex import quote  # only the command line that readers copy needs it

    return quote(value)
