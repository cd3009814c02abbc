"""Reads the canned questions in ``queries/``: each a SPARQL query below a YAML header in ``#+`` comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from communique.artefacts import files, folder, read_text
from communique.errors import ArtefactError, hint
from communique.query.structure import NOTHING, idle, inside_calls, inside_sub_selects, tokens

TYPES: Final[dict[str, str]] = {
    "iri": "an absolute IRI, an id of this newsroom such as org/iom, or a term such as schema:name",
    "slug": "the slug of a release; the query sees the IRI of that release",
    "string": "a text without language",
    "lang-string": "a text with its language after an at sign, such as Chairman@en",
    "date": "a day, such as 2015-05-29",
    "year": "a year, such as 2013",
    "integer": "a whole number",
    "enum": "one of a few words",
}
"""The types of parameters, and what a user writes for each."""

AUDIENCES: Final = ("journalist", "analyst", "open-data user", "editor")
"""The audiences of the questions, by which they are listed."""

_PROLOGUE: Final = ("PREFIX", "BASE")
FORMS: Final = ("SELECT", "CONSTRUCT")
"""Query forms that a canned question may have: SELECT gives a table, CONSTRUCT a graph."""

KEYS: Final = {"summary", "description", "question", "tags", "audience", "parameters", "columns", "size", "labels"}
PARAMETER_KEYS: Final = frozenset(
    ("type", "description", "example", "default", "required", "values", "values-query", "bounds", "closed")
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a question: the SPARQL variable of that name is bound to its value, or left unbound.

    ``type`` is one of `TYPES`; ``default`` is bound if no value is given; ``values`` are all values of an enum;
    ``values_query`` is a query for the values to offer in a form, as ``?value``. ``bounds``: every row comes only from
    releases in which the value occurs, so that the others need not be searched. ``closed``: a value that is not offered
    is refused, even if it occurs in the data in another role.
    """

    name: str
    type: str
    description: str
    example: str
    default: str | None = None
    required: bool = False
    values: tuple[str, ...] = ()
    values_query: str | None = None
    bounds: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the answer, and its meaning."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Query:
    """A canned question: its SPARQL text without the header, its parameters and the columns of its answer.

    ``form`` is one of `FORMS`; the answer to a CONSTRUCT is a graph and has no columns. ``audience`` is one of
    `AUDIENCES`. Each of ``labels`` is a language, the name of a column or parameter, and its label in that language.
    ``header`` are the comments above the text, as they are written.
    """

    name: str
    summary: str
    description: str
    question: str
    tags: tuple[str, ...]
    audience: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    size: str
    text: str
    form: str = "SELECT"
    labels: tuple[tuple[str, str, str], ...] = ()
    header: str = ""

    @property
    def source(self) -> str:
        """The whole file, from which `parse_query` makes the same question."""
        return f"{self.header}\n{self.text}" if self.header else self.text

    def label(self, name: str, language: str) -> str | None:
        """The label of a column or parameter in a language; None if the header gives none."""
        return next((words for tag, one, words in self.labels if (tag, one) == (language, name)), None)

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name, or None."""
        return next((p for p in self.parameters if p.name == name), None)


class Catalogue(Mapping[str, Query]):
    """The canned questions by name, sorted: the newsroom's own if it has a folder ``queries/``, else those packaged.

    ``newsroom`` is the folder that holds ``data/``. A question is read when it is first asked for; then `ArtefactError`
    is raised, with file and line, if it is broken.

    >>> list(Catalogue())[:3]
    ['about-entity', 'attended-from', 'authority-links']
    """

    def __init__(self, newsroom: Path | None = None) -> None:
        home = folder("queries", newsroom)
        self._paths = {path.stem: path for path in files(home) if path.suffix == ".rq" and path.parent == home}
        self._read: dict[str, Query] = {}

    def __getitem__(self, name: str) -> Query:
        if name not in self._read:
            self._read[name] = read_query(self._paths[name])
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return name in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def read_query(path: Path) -> Query:
    """The canned question in that file, named after the file. Raises `ArtefactError` with file and line."""
    return parse_query(read_text(path), path)


def parse_query(text: str, path: Path) -> Query:
    """The canned question in ``text``; ``path`` gives its name and the file in error messages.

    Raises `ArtefactError` with file and line.
    """
    file = _File(path, text.split("\n"))
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", path.stem):
        raise file.error("the file's name is the query's name: small letters, digits and hyphens", 1)
    header = _read_header(file)
    body = "\n".join(file.lines[file.body :])
    words = (t for t in tokens(body) if t.kind == "word" and not t.depth and t.text not in _PROLOGUE)
    first = next(words, None)
    form = first.text if first else ""
    if form not in FORMS:
        at = file.body + (first.line if first else 1)
        raise file.error("a canned query is a SELECT or a CONSTRUCT; other forms and updates are refused", at)
    if form == "SELECT" and "columns" not in header:
        raise file.error("the header has no 'columns'", 1)
    query = Query(
        name=path.stem,
        parameters=tuple(_parameter(file, name, value) for name, value in _mapping(file, header, "parameters").items()),
        columns=tuple(
            Column(name, _text(file, meaning, name)) for name, meaning in _mapping(file, header, "columns").items()
        ),
        tags=tuple(_text(file, tag, "tags") for tag in _list(file, header.get("tags", []), "tags")),
        text=body,
        form=form,
        labels=tuple(_labels(file, header)),
        header="\n".join(file.lines[: file.body]),
        **{key: _text(file, header[key], key) for key in ("summary", "description", "question", "audience", "size")},
    )
    if query.audience not in AUDIENCES:
        raise file.error(f"'audience' must be one of: {', '.join(AUDIENCES)}", file.line_of("audience"))
    _check_body(file, query)
    return query


@dataclass(slots=True)
class _File:
    """The lines of a file, and where its body begins (index of the first line after the header)."""

    path: Path
    lines: list[str]
    body: int = 0

    def error(self, message: str, line: int) -> ArtefactError:
        return ArtefactError(f"{self.path}:{line}: {message}")

    def line_of(self, key: str) -> int:
        """The line of the header on which that key or list item first occurs, counted from 1."""
        pattern = re.compile(rf"#\+\s*(- )?[\"']?{re.escape(key)}\b")
        return next((i for i, line in enumerate(self.lines, 1) if pattern.match(line)), 1)


def _read_header(file: _File) -> Mapping[str, object]:
    # takes 20 ms, and only canned queries need it
    import yaml_rs

    while file.body < len(file.lines) and file.lines[file.body].startswith("#+"):
        line = file.lines[file.body]
        file.body += 1
        if "\t" in line:
            raise file.error("a tab in the header: YAML is indented with spaces", file.body)
        if line[2:3] not in ("", " "):
            raise file.error("a space must follow '#+'", file.body)
    if not file.body:
        raise file.error("the file must begin with a header of lines that begin with '#+ '", 1)
    try:
        header = yaml_rs.loads("\n".join(line[3:] for line in file.lines[: file.body]), parse_datetime=False)
    except yaml_rs.YAMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        reason = str(error).splitlines()[-1] or str(error)
        raise file.error(f"the header is not YAML: {reason}", int(at[1]) if at else 1) from None
    if not isinstance(header, dict):
        raise file.error("the header must be a mapping", 1)
    _refuse_unknown(file, header, KEYS, "header")
    for key in sorted(KEYS - header.keys() - {"parameters", "columns", "labels"}):
        raise file.error(f"the header has no {key!r}", 1)
    return header


def _refuse_unknown(file: _File, mapping: Mapping[str, object], known: Set[str], where: str) -> None:
    for key in mapping:
        if key not in known:
            raise file.error(f"unknown key {key!r} in {where}, {hint(str(key), sorted(known))}", file.line_of(str(key)))


def _labels(file: _File, header: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    known = {*_mapping(file, header, "columns"), *_mapping(file, header, "parameters")}
    for language, named in _mapping(file, header, "labels").items():
        if not isinstance(named, dict):
            raise file.error(f"labels of {language!r} must be a mapping", file.line_of(language))
        _refuse_unknown(file, named, known, f"labels of {language!r}")
        for name, words in named.items():
            yield language, name, _text(file, words, name)


def _text(file: _File, value: object, key: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise file.error(f"{key!r} must be a text; put quotation marks around numbers", file.line_of(key))
    return value.strip()


def _list(file: _File, value: object, key: str) -> list[object]:
    if not isinstance(value, list):
        raise file.error(f"{key!r} must be a list", file.line_of(key))
    return value


def _mapping(file: _File, header: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = header.get(key, {})
    if not isinstance(value, dict):
        raise file.error(f"{key!r} must be a mapping", file.line_of(key))
    for name in value:
        if not isinstance(name, str) or not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise file.error(f"{name!r} cannot name a variable: small letters, digits and _", file.line_of(str(name)))
    return value


def _parameter(file: _File, name: str, header: object) -> Parameter:
    line = file.line_of(name)
    if not isinstance(header, dict):
        raise file.error(f"parameter {name!r} must be a mapping", line)
    _refuse_unknown(file, header, PARAMETER_KEYS, f"parameter {name!r}")
    for key in ("type", "description", "example"):
        if key not in header:
            raise file.error(f"parameter {name!r} has no {key!r}", line)
    if header["type"] not in TYPES:
        raise file.error(f"parameter {name!r}: unknown type {header['type']!r}, known: {', '.join(TYPES)}", line)
    if (header["type"] == "enum") != ("values" in header):
        raise file.error(f"parameter {name!r}: an enum, and nothing else, has 'values'", line)
    required = header.get("required", False)
    if not isinstance(required, bool) or (required and "default" in header):
        raise file.error(f"parameter {name!r}: 'required' is true or false, and excludes a default", line)
    bounds = header.get("bounds", False)
    if not isinstance(bounds, bool) or (bounds and header["type"] != "iri"):
        raise file.error(f"parameter {name!r}: 'bounds' is true or false, and for an iri only", line)
    closed = header.get("closed", False)
    if not isinstance(closed, bool) or (closed and "values-query" not in header):
        raise file.error(f"parameter {name!r}: 'closed' is true or false, and for one with a values-query only", line)
    parameter = Parameter(
        name=name,
        type=header["type"],
        description=_text(file, header["description"], name),
        example=_text(file, header["example"], name),
        default=_text(file, header["default"], name) if "default" in header else None,
        required=required,
        values=tuple(_text(file, value, name) for value in _list(file, header.get("values", []), name)),
        values_query=_text(file, header["values-query"], name) if "values-query" in header else None,
        bounds=bounds,
        closed=closed,
    )
    if parameter.values and not {parameter.example, parameter.default or parameter.example} <= set(parameter.values):
        raise file.error(f"parameter {name!r}: example and default must be among the values", line)
    return parameter


def _check_body(file: _File, query: Query) -> None:
    found = tokens(query.text)
    names = {parameter.name for parameter in query.parameters}

    def refuse(message: str, line: int) -> None:
        raise file.error(message, file.body + line)

    for token in found:
        if token.kind == "word" and token.text in ("SERVICE", "FROM"):
            refuse(f"{token.text} is refused: a canned query asks its own store", token.line)
    for token in inside_sub_selects(found):
        if token.text in names:
            refuse(f"parameter ?{token.text} stands in a sub-select, where its value would not be seen", token.line)
    for token in inside_calls(found, frozenset(("BIND", "BOUND"))):
        if token.text in names:
            refuse(f"parameter ?{token.text} stands in BIND or BOUND; use COALESCE in a FILTER", token.line)
    for name in names - {t.text for t in found if t.kind == "var" and t.depth}:
        refuse(f"parameter {name!r} is not a variable of the query", file.line_of(name) - file.body)
    projected = _projection(file, query.text, file.body)
    if query.form == "SELECT":
        _check_projection(file, query, projected)
    else:
        _check_construct(file, query)
    _check_offers(file, query)


def _check_construct(file: _File, query: Query) -> None:
    import pyoxigraph

    for name in (parameter.name for parameter in query.parameters):
        try:
            pyoxigraph.Store().query(
                idle(query.text), substitutions={pyoxigraph.Variable(name): pyoxigraph.NamedNode("urn:x")}
            )
        except RuntimeError:
            at = file.line_of(name)
            raise file.error(f"parameter {name!r} must stand in a triple pattern of a CONSTRUCT", at) from None
    if query.columns:
        raise file.error("a CONSTRUCT has no columns: its answer is a graph", file.line_of("columns"))


def _check_offers(file: _File, query: Query) -> None:
    for parameter in query.parameters:
        if parameter.values_query is not None:
            at = file.line_of("values-query")
            if _projection(file, parameter.values_query, at - 1) != ["value"]:
                raise file.error(f"parameter {parameter.name!r}: values-query must be a SELECT of ?value alone", at)


def _projection(file: _File, text: str, before: int) -> list[str]:
    # the engine's own parser, not needed to list the names of the questions
    import pyoxigraph

    if any(t.kind == "word" and t.text in ("SERVICE", "FROM") for t in tokens(text)):
        raise file.error("SERVICE and FROM are refused: a canned query asks its own store", before + 1)
    try:
        answer = pyoxigraph.Store().query(idle(text))
    except SyntaxError as error:
        at = re.search(r"error at (\d+):\d+", str(error))
        raise file.error(f"not SPARQL 1.1: {error}", before + (int(at[1]) if at else 1)) from None
    if not isinstance(answer, pyoxigraph.QuerySolutions):
        return []
    return [v.value for v in answer.variables if v.value != NOTHING]


def _check_projection(file: _File, query: Query, projected: list[str]) -> None:
    columns = [column.name for column in query.columns]
    select = file.body + next(t.line for t in tokens(query.text) if t.text == "SELECT")
    for parameter in query.parameters:
        if parameter.name not in projected:
            raise file.error(f"parameter ?{parameter.name} is not in the projection of the query", select)
    for name in columns:
        if name not in projected:
            raise file.error(f"column {name!r} is not in the projection of the query", file.line_of(name))
    for name in projected:
        if name not in columns and query.parameter(name) is None:
            raise file.error(f"?{name} is projected, and is neither a column nor a parameter", select)
