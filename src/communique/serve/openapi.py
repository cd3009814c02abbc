"""``/openapi.json``: the whole web API for programs (OpenAPI 3.1), made from the catalogue and the tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from communique.query.catalogue import Parameter, Query
from communique.serve.fulltext import FullText, thing_in
from communique.serve.links import OFFERED
from communique.serve.operations import TEXT, in_query, operation
from communique.serve.protocol import FORM_TYPE, QUERY_TYPE
from communique.serve.publication import NEGOTIATED
from communique.serve.questions import TOTAL
from communique.serve.refusal import HttpError
from communique.serve.responding import Head, Sender, is_unchanged
from communique.serve.schemas import PAGES, schema_of
from communique.serve.searchapi import reconciliation_paths, search_paths

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from communique.serve.state import Build, ServerState

Examples = Mapping[tuple[str, str], Sequence[str]]
"""For a question and a parameter, values that occur in the data."""

REFUSALS: Final = {
    303: "a browser is sent to the page of the question",
    304: "the client has this very answer already",
    400: "a parameter is unknown, missing, given twice or not of its type",
    404: "a value is not among the data, or the page is past the end",
    405: "a method that this address does not take",
    406: "no syntax that the request accepts is offered",
    413: "the answer is larger than the server allows",
    414: "the values are longer than the server allows",
    415: "a body of another media type",
    422: "the answer takes longer, or more memory, than the server allows",
    503: "too many requests are waiting: ask again after the seconds in Retry-After",
}
"""The statuses of refusals; each has one plain sentence as its body."""

_OF_QUESTIONS: Final = (303, 304, 400, 404, 406, 413, 414, 422, 503)
_TERM: Final = {
    "type": "object",
    "description": "an RDF term (SPARQL 1.1 Query Results JSON Format, section 3.2.2)",
    "required": ["type", "value"],
    "properties": {
        "type": {"type": "string", "enum": ["uri", "literal", "bnode"]},
        "value": TEXT,
        "xml:lang": TEXT,
        "datatype": TEXT,
    },
}


class OpenApi:
    """Sends the description of the web API, made once for each build."""

    def __init__(self, state: ServerState) -> None:
        self._state = state
        self._made: tuple[str, bytes] = ("", b"")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        build, sender = self._state.build, Sender(scope, send)
        if scope["method"] not in ("GET", "HEAD"):
            raise HttpError(405, "this address takes GET, HEAD, OPTIONS", {"Allow": "GET, HEAD, OPTIONS"})
        at = str(scope.get("root_path", ""))
        tag = build.tag("openapi", at)
        head = Head(200, {"Content-Type": "application/json", "ETag": tag, "Cache-Control": "no-cache"})
        if is_unchanged(sender.header("if-none-match"), tag):
            return await sender.send(head.unchanged())
        if self._made[0] != tag:
            document = describe(build, await _examples(build, self._state.client(scope)), at)
            self._made = (tag, (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())
        await sender.send(head, self._made[1])


async def _examples(build: Build, client: str) -> dict[tuple[str, str], Sequence[str]]:
    """Values for the parameters of all questions; each list of values is asked for once."""
    known: dict[tuple[str | None, str, str], Sequence[str]] = {}
    found: dict[tuple[str, str], Sequence[str]] = {}
    for query in build.questions.values():
        for one in query.parameters:
            key = (one.values_query, one.type, one.example)
            if one.values_query and key not in known:
                try:
                    known[key] = await build.pool.ask(client, "examples", one, build.publication.base)
                except HttpError:
                    known[key] = (one.example,)
            found[query.name, one.name] = known.get(key, (one.example,))
    found["search", "q"] = await build.fulltext.run(_names, build.fulltext)
    return found


def _names(fulltext: FullText) -> Sequence[str]:
    """The name of something that the search finds, of a person if there is one."""
    with fulltext.database() as database:
        sql = "SELECT iri FROM things WHERE names <> '[]' ORDER BY kind = 'person' DESC, iri LIMIT 1"
        things = [thing_in(database, iri) for (iri,) in database.execute(sql)]
    return [thing.label("en") for thing in things if thing is not None]


def describe(build: Build, examples: Examples, root: str = "") -> dict[str, Any]:
    """The document for a build; ``root`` is the path of the application at its host."""
    base = build.publication.base
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": f"Press releases as linked data: {base}",
            "version": build.publication.version[:16],
            "description": (
                "Canned questions, a search, reconciliation, SPARQL and named graphs, to be read only. Every answer "
                "is whole or an error, and "
                "every error is one plain sentence. Each question is also at /queries/NAME.SUFFIX, with the suffixes "
                f"{', '.join(one.suffix for one in OFFERED)}. Texts in answers are words of press releases: data."
            ),
        },
        "paths": {
            **{f"/queries/{query.name}": {"get": _question(query, examples)} for query in build.questions.values()},
            "/sparql": _sparql(),
            "/store": {"get": _store()},
            "/health": {"get": operation("health", "Whether the server works", [], ["application/json"], ())},
            **search_paths(examples.get(("search", "q"), ())),
            **reconciliation_paths(),
        },
        "components": {
            "schemas": {"Term": _TERM},
            "responses": {str(status): _refusal(status, said) for status, said in REFUSALS.items()},
        },
    }
    return {**document, "servers": [{"url": root}]} if root else document


def _refusal(status: int, said: str) -> dict[str, Any]:
    return (
        {"description": said} if status == 304 else {"description": said, "content": {"text/plain": {"schema": TEXT}}}
    )


def _question(query: Query, examples: Examples) -> dict[str, Any]:
    is_graph = query.form == "CONSTRUCT"
    own = [_parameter(query, one, examples) for one in query.parameters]
    pages = [in_query(name, dict(schema)) for name, schema in PAGES.items() if query.parameter(name) is None]
    types = [one.media_type for one in OFFERED]
    found = operation(query.name, query.question, own + ([] if is_graph else pages), types, _OF_QUESTIONS)
    answer = found["responses"]["200"]
    answer["headers"] = {"ETag": {"schema": TEXT}, "Link": {"schema": TEXT}}
    if not is_graph:
        answer["headers"][TOTAL] = {"schema": {"type": "integer"}, "description": "the number of rows on all pages"}
        answer["content"]["application/sparql-results+json"] = {"schema": _rows(query)}
    return found | {"description": f"{query.description}\n\n{query.size}", "tags": [query.audience]}


def _parameter(query: Query, one: Parameter, examples: Examples) -> dict[str, Any]:
    values = examples.get((query.name, one.name), (one.example,))
    named = {f"example {n}" if n > 1 else "example": {"value": value} for n, value in enumerate(values, 1)}
    return in_query(one.name, schema_of(one), required=one.required) | ({"examples": named} if named else {})


def _rows(query: Query) -> dict[str, Any]:
    """The schema of an answer with rows in JSON: each column with its meaning."""
    columns = {one.name: {"$ref": "#/components/schemas/Term", "description": one.meaning} for one in query.columns}
    row = {"type": "object", "properties": columns, "additionalProperties": False}
    results = {"type": "object", "required": ["bindings"], "properties": {"bindings": {"type": "array", "items": row}}}
    head = {"type": "object", "properties": {"vars": {"type": "array", "items": TEXT}}}
    return {"type": "object", "required": ["head", "results"], "properties": {"head": head, "results": results}}


def _sparql() -> dict[str, Any]:
    tables = [one.media_type for one in OFFERED if one.name in ("json", "xml", "csv", "tsv")]
    types = [*tables, *(one.media_type for one in NEGOTIATED)]
    graphs = {"type": "array", "items": {"type": "string", "format": "iri"}}
    dataset = [in_query(name, dict(graphs)) for name in ("default-graph-uri", "named-graph-uri")]
    own = [
        in_query("timeout", {"type": "number", "exclusiveMinimum": 0, "description": "seconds to wait at most"}),
        in_query("format", {"type": "string", "description": "a name or media type, in place of Accept"}),
    ]
    text = in_query("query", {"type": "string", "description": "without one, the description of the service"})
    statuses = (304, 400, 406, 413, 414, 422, 503)
    get = operation("sparql", "A query of SPARQL 1.1", [text, *dataset, *own], types, statuses)
    post = operation("sparql_post", "A query of SPARQL 1.1 in the body", [*dataset, *own], types, (*statuses, 415))
    form = {"type": "object", "required": ["query"], "properties": {"query": TEXT}}
    body = {QUERY_TYPE: {"schema": TEXT}, FORM_TYPE: {"schema": form}}
    return {"get": get, "post": post | {"requestBody": {"required": True, "content": body}}}


def _store() -> dict[str, Any]:
    parameters = [
        in_query("graph", {"type": "string", "format": "iri", "description": "the IRI of a named graph"}),
        in_query("default", {"type": "string", "description": "in place of it: the union of all"})
        | {"allowEmptyValue": True},
    ]
    types = [one.media_type for one in NEGOTIATED]
    return operation("store", "A named graph, or all", parameters, types, (304, 400, 404, 406, 413, 422, 503))
