"""Reads a request of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/, section 2.1): queries only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from communique.serve.refusal import HttpError

QUERY_TYPE: Final = "application/sparql-query"
UPDATE_TYPE: Final = "application/sparql-update"
FORM_TYPE: Final = "application/x-www-form-urlencoded"
ALLOWED: Final = "GET, HEAD, OPTIONS, POST"
_READ_ONLY: Final = "this endpoint is for reading: it takes queries, no updates"
_MOST_PARAMETERS: Final = 1000


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A query with the dataset that the request gives it, in place of the one that the query names (section 2.1.4).

    The graphs are None if the request gives none at all. ``seconds`` is the longest that the client wants to wait, and
    ``format`` the name of a format that overrides the Accept header; both are our own.
    """

    text: str
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    seconds: float | None
    format: str


def parameters(text: str) -> dict[str, list[str]]:
    """The parameters of an address or a form, decoded. Raises `HttpError` if they are not UTF-8."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS)
    except UnicodeDecodeError:
        raise HttpError(400, "the parameters are not UTF-8") from None
    except ValueError:
        raise HttpError(400, f"there are more than {_MOST_PARAMETERS} parameters") from None
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def media_type_of(header: str) -> str:
    """The media type of a body. Raises `HttpError` if its charset is not UTF-8.

    >>> media_type_of("application/sparql-query; charset=utf-8")
    'application/sparql-query'
    """
    media_type, *rest = (part.strip() for part in header.split(";"))
    for part in rest:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset" and value.strip().strip('"').lower() not in ("utf-8", "utf8"):
            raise HttpError(415, f"the body must be UTF-8, not {value.strip()[:40]}")
    return media_type.lower()


def read_request(query: str, content_type: str, body: bytes | None, *, most: int) -> QueryRequest | None:
    """The query of a request; None if it has none, which asks for the description of the service.

    ``query`` is that of the address, and may have ``most`` bytes if it contains the query; ``body`` is None for GET and
    HEAD. Raises `HttpError` for anything that is not one query.
    """
    given = parameters(query)
    if body is None:
        if len(query) > most:
            raise HttpError(414, f"the query is longer than {most:,} bytes (query_url_bytes): send it by POST")
        return _one_query(given) if "query" in given or "update" in given else None
    if not content_type:
        raise HttpError(415, f"a POST must say what it sends: Content-Type {QUERY_TYPE} or {FORM_TYPE}")
    kind = media_type_of(content_type)
    if kind == UPDATE_TYPE:
        raise HttpError(403, _READ_ONLY)
    if kind not in (QUERY_TYPE, FORM_TYPE):
        raise HttpError(415, f"a query is sent as {QUERY_TYPE} or {FORM_TYPE}, not as {kind[:80]}")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise HttpError(400, "the body is not UTF-8") from None
    if kind == QUERY_TYPE:
        if "query" in given or "update" in given:
            raise HttpError(400, "the query is in the body, so the address must not have one too")
        return _one_query({**given, "query": [text]})
    form = parameters(text)
    return _one_query({name: given.get(name, []) + form.get(name, []) for name in {*given, *form}})


def _one_query(given: Mapping[str, list[str]]) -> QueryRequest:
    if "update" in given:
        raise HttpError(403, _READ_ONLY)
    texts = given.get("query", [])
    if len(texts) != 1:
        raise HttpError(400, f"a request has one query, and this one has {len(texts)}")
    if "using-graph-uri" in given or "using-named-graph-uri" in given:
        raise HttpError(400, "using-graph-uri belongs to updates: write default-graph-uri or named-graph-uri")
    default, named = given.get("default-graph-uri"), given.get("named-graph-uri")
    given_dataset = default is not None or named is not None
    return QueryRequest(
        texts[0],
        tuple(default or ()) if given_dataset else None,
        tuple(named or ()) if given_dataset else None,
        _seconds(given.get("timeout", [""])[-1]),
        given.get("format", [""])[-1],
    )


def _seconds(text: str) -> float | None:
    """The seconds that a client gives; what is no positive number is refused."""
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not seconds > 0:
        raise HttpError(400, f"timeout is a number of seconds, not {text[:40]!r}")
    return seconds
