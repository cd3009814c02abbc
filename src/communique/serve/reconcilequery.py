"""Reads what a reconciliation client sends: a batch of queries, or a request for values (Reconciliation API 0.2)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from communique.iris import last_piece
from communique.kinds import CLASSES
from communique.serve.matching import NameQuery, Value
from communique.serve.refusal import HttpError
from communique.terms import PREFIXES, SCHEMA

BATCH: Final = 100
"""The most queries of a batch."""

MOST_IDS: Final = 500
"""The most entities of which values are fetched at a time."""

MOST_CANDIDATES: Final = 50
_CHARACTERS: Final = 1000
_PROPERTIES: Final = 20
_VALUES: Final = 50
_FIELDS: Final = ("query", "type", "limit", "properties", "type_strict")
_TYPES: Final = {last_piece(one.iri): one.iri for one in CLASSES if one.kind}


@dataclass(frozen=True, slots=True)
class Extension:
    """Which values of which entities are asked for: the properties by the id that the client uses, with their IRI.

    ``stated`` are those of which only what the releases state is wanted.
    """

    ids: tuple[str, ...]
    properties: Mapping[str, str]
    stated: frozenset[str]


def read_batch(text: str) -> dict[str, NameQuery]:
    """The queries of a batch by their key. Raises `HttpError` for what is no batch."""
    whole = _json(text, "queries")
    if not isinstance(whole, dict):
        raise HttpError(400, "queries is an object with one query for each key")
    if len(whole) > BATCH:
        raise HttpError(413, f"a batch has at most {BATCH} queries, and this one has {len(whole):,}")
    return {key: _query(key[:40], value) for key, value in whole.items()}


def read_extension(text: str) -> Extension:
    """What values are asked for. Raises `HttpError` for what is no such request."""
    whole = _json(text, "extend")
    ids, properties = (whole.get("ids"), whole.get("properties")) if isinstance(whole, dict) else (None, None)
    if not (isinstance(ids, list) and isinstance(properties, list) and all(isinstance(one, str) for one in ids)):
        raise HttpError(400, "extend is an object with a list of ids and a list of properties")
    if len(ids) > MOST_IDS or len(properties) > _PROPERTIES:
        raise HttpError(413, f"values are fetched of at most {MOST_IDS} entities and {_PROPERTIES} properties")
    found, stated = {}, set()
    for one in properties:
        name = one.get("id") if isinstance(one, dict) else None
        if not isinstance(name, str) or not name:
            raise HttpError(400, "each property of extend is an object with an id")
        found[name] = expanded(name)
        settings = one.get("settings")
        if isinstance(settings, dict) and settings.get("stated") in (True, "true", "on"):
            stated.add(name)
    return Extension(tuple(dict.fromkeys(ids)), found, frozenset(stated))


def expanded(name: str) -> str:
    """The IRI of a type or property: from a compact IRI, or a name of schema.org.

    >>> expanded("schema:jobTitle"), expanded("jobTitle"), expanded("Group"), expanded("http://schema.org/x")
    ('http://schema.org/jobTitle', 'http://schema.org/jobTitle', 'http://schema.org/Group', 'http://schema.org/x')
    """
    prefix, colon, local = name.partition(":")
    if colon:
        return PREFIXES[prefix] + local if prefix in PREFIXES else name
    return _TYPES.get(name, SCHEMA + name)


def _query(key: str, given: object) -> NameQuery:
    """One query. Raises `HttpError`, which names it by its key."""
    if not isinstance(given, dict):
        raise _wrong(key, "is no object")
    if unknown := sorted(set(given) - set(_FIELDS)):
        raise _wrong(key, f"has an unknown field {unknown[0][:40]!r}: there are {', '.join(_FIELDS)}")
    name = given.get("query", "")
    if not isinstance(name, str) or len(name) > _CHARACTERS:
        raise _wrong(key, f"has no text of at most {_CHARACTERS:,} characters as its query")
    properties = given.get("properties") or []
    if not isinstance(properties, list) or len(properties) > _PROPERTIES:
        raise _wrong(key, f"has no list of at most {_PROPERTIES} properties")
    if not name.strip() and not properties:
        raise _wrong(key, "has neither a query nor properties")
    strict = given.get("type_strict", "any")
    if strict not in ("any", "all", "should"):
        raise _wrong(key, "has a type_strict that is not any, all or should")
    limit = given.get("limit", 10)
    if isinstance(limit, bool) or not isinstance(limit, (int, float)) or not math.isfinite(limit) or limit < 1:
        raise _wrong(key, "has a limit that is no positive number")
    pairs = tuple(_property(key, one) for one in properties)
    return NameQuery(name.strip(), _types(key, given.get("type")), strict, int(min(limit, MOST_CANDIDATES)), pairs)


def _types(key: str, given: object) -> tuple[str, ...]:
    listed = given if isinstance(given, list) else [given] if given else []
    names = [one.get("id") if isinstance(one, dict) else one for one in listed]
    if len(names) > _VALUES or not all(isinstance(name, str) for name in names):
        raise _wrong(key, "has a type that is neither an id nor a list of ids")
    return tuple(expanded(name) for name in names if isinstance(name, str) and name)


def _property(key: str, given: object) -> tuple[str, tuple[Value, ...]]:
    name = given.get("pid") if isinstance(given, dict) else None
    if not isinstance(given, dict) or not isinstance(name, str) or not name or "v" not in given:
        raise _wrong(key, "has a property without pid and v")
    values = given["v"] if isinstance(given["v"], list) else [given["v"]]
    if len(values) > _VALUES:
        raise _wrong(key, f"has more than {_VALUES} values of a property")
    return expanded(name), tuple(_value(key, value) for value in values)


def _value(key: str, given: object) -> Value:
    if isinstance(given, dict) and isinstance(given.get("id"), str):
        return Value(given["id"][:_CHARACTERS], is_id=True)
    if isinstance(given, bool):
        return Value(str(given).lower())
    if isinstance(given, (str, int, float)):
        return Value(str(given)[:_CHARACTERS])
    raise _wrong(key, "has a value that is no text, number, boolean or entity")


def _wrong(key: str, what: str) -> HttpError:
    return HttpError(400, f"the query {key!r} {what}")


def _json(text: str, name: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise HttpError(400, f"{name} is no JSON") from None
