"""The parameters of questions as JSON Schema (draft 2020-12), for OpenAPI and for assistants."""

from __future__ import annotations

from typing import Any, Final

from communique.query.catalogue import TYPES, Parameter, Query
from communique.serve.wanted import LAST_PAGE, MOST_ROWS

_OF_TYPES: Final[dict[str, dict[str, Any]]] = {
    "iri": {
        "type": "string",
        "minLength": 1,
        "pattern": r"""^([^\u0000-\u0020\u007f-\u00a0<>"{}|^`\\%]|%[0-9A-Fa-f]{2})+$""",
    },
    "slug": {"type": "string", "pattern": "^[a-z0-9]([a-z0-9-]{0,78}[a-z0-9])?$"},
    "string": {"type": "string"},
    "lang-string": {"type": "string", "pattern": "@[A-Za-z]+(-[A-Za-z0-9]+)*$"},
    "date": {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "year": {"type": "string", "pattern": "^[0-9]{4}$"},
    "integer": {"type": "string", "pattern": "^[+-]?[0-9]{1,18}$"},
    "enum": {"type": "string"},
}
"""The schema of each type of parameter in the table `communique.query.catalogue.TYPES`."""

PAGES: Final[dict[str, dict[str, Any]]] = {
    "page": {"type": "integer", "minimum": 1, "maximum": LAST_PAGE, "description": "which page of rows, from 1"},
    "per_page": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "description": "how many rows a page has"},
}
"""The parameters that every question with rows has besides its own."""


def schema_of(parameter: Parameter) -> dict[str, Any]:
    """The schema of the value of a parameter, with its description, its words and its default."""
    kind = f"{parameter.description} ({TYPES[parameter.type]})"
    schema = _OF_TYPES[parameter.type] | {"description": kind}
    if parameter.values:
        schema["enum"] = list(parameter.values)
    if parameter.default is not None:
        schema["default"] = parameter.default
    return schema


def schema_of_values(query: Query) -> dict[str, Any]:
    """The schema of all values of a question, as one object."""
    return {
        "type": "object",
        "properties": {one.name: schema_of(one) | {"examples": [one.example]} for one in query.parameters},
        "required": [one.name for one in query.parameters if one.required],
        "additionalProperties": False,
    }
