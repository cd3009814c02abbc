"""The pieces that descriptions of a web API are made of (OpenAPI 3.1): operations and their parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

TEXT: Final[dict[str, Any]] = {"type": "string"}
"""The schema of any text."""


def operation(
    name: str,
    summary: str,
    parameters: Sequence[Any],
    types: Sequence[str],
    statuses: Sequence[int],
    *,
    schema: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """An operation whose whole answer has one of some media types; ``schema`` is that of its JSON."""
    refusals = {str(status): {"$ref": f"#/components/responses/{status}"} for status in statuses}
    content = {kind: {"schema": dict(schema or {}) if kind.endswith("json") else TEXT} for kind in types}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": list(parameters),
        "responses": {"200": {"description": "the whole answer", "content": content}, **refusals},
    }


def in_query(name: str, schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    """A parameter in the query of an address; its description is taken out of the schema."""
    found = {"name": name, "in": "query", "required": required, "schema": schema}
    return found | ({"description": schema.pop("description")} if "description" in schema else {})


def object_of(properties: Mapping[str, Any], *optional: str) -> dict[str, Any]:
    """The schema of an object with these properties and no others, all of them required but some."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": dict(properties), "required": required, "additionalProperties": False}


def list_of(items: Mapping[str, Any], **limits: int) -> dict[str, Any]:
    """The schema of a list."""
    return {"type": "array", "items": dict(items), **limits}
