"""Canned questions as files for grlc, which makes a web API of queries: its names of parameters, its headers.

A parameter ``release`` becomes ``?__release_iri`` and is bound to ``?release`` where the main group begins, so that the
query is valid SPARQL before and after grlc puts a value in its place, and asks for everything without one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from communique.errors import QueryError
from communique.query.bind import render_term, term
from communique.query.catalogue import Parameter, Query
from communique.query.structure import falls_back_to, main_group, tokens
from communique.terms import XSD

MARK: Final = "# Made by communique export-queries; changes are lost when it runs again.\n"
"""The first line of each file, by which a later run knows what it may replace."""

_SUFFIXES: Final = {
    "iri": "_iri",
    "slug": "_iri",
    "string": "",
    "enum": "",
    "date": "_xsd_date",
    "year": "_xsd_gYear",
    "integer": "_xsd_integer",
}
_XSD_PREFIX: Final = f"PREFIX xsd: <{XSD}>\n"


def render_grlc(query: Query, base: str, endpoint: str | None = None) -> str:
    """The file for grlc of a canned question; ``endpoint`` is the SPARQL service that it asks.

    Raises `QueryError` if grlc would take something else in the query for a parameter.
    """
    names = _names(query)
    bound = "".join(f"\n  {_binding(query, p, names[p.name], base)}" for p in query.parameters)
    at = main_group(query.text)
    text = f"{query.text[:at]}{bound}{query.text[at:]}"
    if "_xsd_" in bound and _XSD_PREFIX not in text:
        text = _XSD_PREFIX + text  # else grlc writes it before every SELECT, also that of a sub-select
    header = "".join(f"#+ {key}: {value}\n" for key, value in _header(query, names, base, endpoint))
    return f"{MARK}{header}{text}"


def _names(query: Query) -> dict[str, str]:
    """The names that grlc gives the parameters: it takes letters and digits only."""
    odd = sorted({t.text for t in tokens(query.text) if t.kind == "var" and t.text.startswith("_")})
    if odd:
        raise QueryError(f"{query.name}: grlc takes ?{odd[0]} for a parameter: rename the variable")
    names = {parameter.name: parameter.name.replace("_", "") for parameter in query.parameters}
    if len(set(names.values())) < len(names):
        raise QueryError(f"{query.name}: parameters that differ by _ only are one for grlc: rename one")
    return names


def _binding(query: Query, parameter: Parameter, name: str, base: str) -> str:
    """The line that binds the variable of a parameter to the one that grlc knows, or to its default."""
    variable = ("?_" if parameter.required else "?__") + name
    if parameter.type == "lang-string":
        value = f"STRLANG({variable}, {variable}language)"
    else:
        value = variable + _SUFFIXES[parameter.type]
    default = parameter.default
    if default is not None and not falls_back_to(query.text, parameter.name, default):
        value = f"COALESCE({value}, {render_term(term(parameter, default, base))})"
    return f"BIND ({value} AS ?{parameter.name})"


def _header(query: Query, names: dict[str, str], base: str, endpoint: str | None) -> Iterator[tuple[str, str]]:
    """The keys that grlc reads, with values in JSON, which is YAML as well."""
    words = [query.question, query.description]
    words += [f"{names[p.name]}: {p.description}, such as {_example(p, base)}." for p in query.parameters]
    yield "summary", _json(query.summary)
    yield "description", _json("\n\n".join(words))
    yield "tags", _json(list(query.tags))
    yield "method", "GET"
    if endpoint is not None:
        yield "endpoint", _json(endpoint)
    closed = [{names[p.name]: list(p.values)} for p in query.parameters if p.values]
    if closed:
        yield "enumerate", _json(closed)


def _example(parameter: Parameter, base: str) -> str:
    return term(parameter, parameter.example, base).value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
