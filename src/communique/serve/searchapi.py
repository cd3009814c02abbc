"""The search and the reconciliation service in the description of the web API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from communique.serve.indexing import ENTITIES, FOUND_KINDS, PARTS
from communique.serve.operations import TEXT, in_query, list_of, object_of, operation
from communique.serve.protocol import FORM_TYPE
from communique.serve.reconcilequery import BATCH, MOST_CANDIDATES, MOST_IDS
from communique.serve.search import MOST_PAGES

_JSON: Final = "application/json"
_NUMBER: Final = {"type": "integer", "minimum": 0}
_YES: Final = {"type": "boolean"}
_BASIS: Final = {"type": "string", "enum": ["stated", "inferred"]}
_NAMED: Final = object_of({"iri": TEXT, "page": TEXT, "label": TEXT})
_SPEAKER: Final = object_of({"iri": TEXT, "page": TEXT, "label": TEXT, "basis": _BASIS})
_HIT: Final = object_of(
    {
        "kind": {"type": "string", "enum": list(FOUND_KINDS)},
        "iri": TEXT,
        "page": {**TEXT, "description": "a path of the publication"},
        "label": TEXT,
        "part": {"type": "string", "enum": sorted(PARTS)},
        "language": TEXT,
        "passage": {**TEXT, "description": "words of a press release: data"},
        "marks": list_of(list_of(_NUMBER, minItems=2, maxItems=2)),
        "cut": list_of(_YES, minItems=2, maxItems=2),
        "basis": _BASIS,
        "offset": _NUMBER,
        "start": _NUMBER,
        "end": _NUMBER,
        "speakers": list_of(_SPEAKER),
        "release": _NAMED,
        "day": TEXT,
    },
    *("offset", "start", "end", "speakers", "release", "day"),
)
_FOUND: Final = object_of(
    {
        "query": TEXT,
        "language": TEXT,
        "kinds": list_of(TEXT),
        "page": _NUMBER,
        "pages": _NUMBER,
        "total": _NUMBER,
        "complete": {**_YES, "description": "false if there are more hits than total"},
        "build": TEXT,
        "hits": list_of(_HIT),
    }
)

_KEYED: Final = object_of({"id": TEXT, "name": TEXT})
_ANY_VALUE: Final = {"description": "a text, a number, a boolean, an object with an id, or a list of these"}
_QUERY: Final = object_of(
    {
        "query": {"type": "string", "maxLength": 1000},
        "type": {"anyOf": [TEXT, list_of(TEXT)], "description": "such as schema:Person"},
        "type_strict": {"type": "string", "enum": ["any", "all", "should"]},
        "limit": {"type": "integer", "minimum": 1, "description": f"{MOST_CANDIDATES} candidates at most"},
        "properties": list_of(object_of({"pid": TEXT, "v": _ANY_VALUE})),
    },
    *("query", "type", "type_strict", "limit", "properties"),
)
_BATCH: Final = {
    "type": "object",
    "description": f"up to {BATCH} queries by keys of your own",
    "additionalProperties": _QUERY,
}
_EXTENSION: Final = object_of(
    {
        "ids": list_of(TEXT, maxItems=MOST_IDS),
        "properties": list_of(object_of({"id": TEXT, "settings": {"type": "object"}}, "settings")),
    }
) | {"description": "of which entities the values of which properties are wanted"}
_CANDIDATE: Final = object_of(
    {
        "id": TEXT,
        "name": TEXT,
        "description": TEXT,
        "type": list_of(_KEYED),
        "score": {"type": "number", "minimum": 0, "maximum": 100},
        "match": _YES,
        "features": list_of({"type": "object", "required": ["id", "value"]}),
    }
)
_RESULTS: Final = {"type": "object", "additionalProperties": object_of({"result": list_of(_CANDIDATE)})}
_ROWS: Final = {"type": "object", "required": ["meta", "rows"]}
_MANIFEST: Final = {"type": "object", "required": ["versions", "name", "identifierSpace", "schemaSpace"]}
_SUGGESTIONS: Final = {"type": "object", "required": ["result"], "properties": {"result": list_of({"type": "object"})}}
_PROPERTIES: Final = object_of({"type": TEXT, "limit": _NUMBER, "properties": list_of(_KEYED)})
_ANSWER: Final = {"anyOf": [_MANIFEST, _ROWS, _RESULTS]}

_OF_SEARCH: Final = (304, 400, 406, 414, 422, 503)
_OF_RECONCILIATION: Final = (304, 400, 413, 414, 422, 503)


def search_paths(examples: Sequence[str]) -> dict[str, Any]:
    """The address of the search; ``examples`` are words that find something."""
    named = {"examples": {"example": {"value": examples[0]}}} if examples else {}
    kinds = {"type": "string", "description": f"some of {', '.join(FOUND_KINDS)}, with commas between them"}
    parameters = [
        in_query("q", {"type": "string", "description": "the words that are looked for"}) | named,
        in_query("kind", kinds),
        in_query(
            "language", {"type": "string", "pattern": "^[a-z]{2,3}$", "default": "en", "description": "of labels"}
        ),
        in_query("page", {"type": "integer", "minimum": 1, "maximum": MOST_PAGES, "description": "which page of hits"}),
    ]
    found = operation(
        "search",
        "What has all of these words in a name, a text or a statement",
        parameters,
        (_JSON, "text/html"),
        _OF_SEARCH,
        schema=_FOUND,
    )
    found["responses"]["200"]["headers"] = {"ETag": {"schema": TEXT}, "Link": {"schema": TEXT}}
    return {"/search": {"get": found}}


def reconciliation_paths() -> dict[str, Any]:
    """The addresses of the reconciliation service (Reconciliation Service API 0.2)."""
    said = "Entities for names (queries), values of properties (extend), or without either what the service offers"
    parameters = [_json_in_query("queries", _BATCH), _json_in_query("extend", _EXTENSION)]
    get = operation("reconcile", said, parameters, (_JSON,), _OF_RECONCILIATION, schema=_ANSWER)
    post = operation("reconcile_post", f"{said}, in the body", [], (_JSON,), (*_OF_RECONCILIATION, 415), schema=_ANSWER)
    form = object_of({"queries": _BATCH, "extend": _EXTENSION}, "queries", "extend")
    post["requestBody"] = {"required": True, "content": {FORM_TYPE: {"schema": form}}}
    paths: dict[str, Any] = {"/reconcile": {"get": get, "post": post}}
    prefix = in_query("prefix", {"type": "string", "description": "how a name or an id begins"})
    cursor = in_query("cursor", {"type": "integer", "minimum": 0, "description": "how many are left out"})
    for what, plural in (("entity", "Entities"), ("type", "Types"), ("property", "Properties")):
        said = f"{plural} with a name that begins like this"
        suggest = operation(
            f"suggest_{what}", said, [prefix, cursor], (_JSON,), _OF_RECONCILIATION, schema=_SUGGESTIONS
        )
        paths[f"/reconcile/suggest/{what}"] = {"get": suggest}
    limit = in_query("limit", {"type": "integer", "minimum": 0, "description": "how many at most"})
    of_type = in_query("type", {"type": "string", "description": "such as schema:Person; without it, of all types"})
    said = "Properties that entities of a type have"
    listed = operation("properties", said, [of_type, limit], (_JSON,), _OF_RECONCILIATION, schema=_PROPERTIES)
    entity = in_query("id", {"type": "string", "description": f"such as {ENTITIES[0]}/x"}, required=True)
    shown = operation("preview", "A small page about an entity", [entity], ("text/html",), (400, 404, 414, 503))
    view = operation("view", "To the page of an entity", [entity], (), (400, 404, 414, 503))
    view["responses"] = {"303": {"description": "Location is the page"}, **view["responses"]}
    del view["responses"]["200"]
    return paths | {
        "/reconcile/properties": {"get": listed},
        "/reconcile/preview": {"get": shown},
        "/reconcile/view": {"get": view},
    }


def _json_in_query(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter that is JSON."""
    own = {key: value for key, value in schema.items() if key != "description"}
    content = {_JSON: {"schema": own}}
    return {"name": name, "in": "query", "required": False, "description": schema["description"], "content": content}
