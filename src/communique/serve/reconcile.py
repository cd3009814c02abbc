"""A reconciliation service for OpenRefine and other clients (Reconciliation Service API 0.2), explained in
docs/reconcile.md: names in, entities of the publication out, and the values of their properties.
"""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from communique.iris import without_base
from communique.kinds import CLASSES, is_main
from communique.publish.hosting.negotiation import CACHE_CONTROL
from communique.publish.words import Words
from communique.serve.fulltext import FullText, Thing, thing_in
from communique.serve.indexing import ENTITIES
from communique.serve.matching import Candidate, NameQuery, entity_iri, match
from communique.serve.protocol import FORM_TYPE, media_type_of, parameters
from communique.serve.reading import read_body
from communique.serve.reconcilepreview import HEIGHT, WIDTH, description, preview
from communique.serve.reconcilequery import BATCH, Extension, expanded, read_batch, read_extension
from communique.serve.refusal import HttpError
from communique.serve.responding import Head, Sender, is_unchanged, redirect
from communique.terms import SCHEMA, XSD, compact

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from communique.serve.publication import Publication
    from communique.serve.state import Build, ServerState

_ALLOWED: Final = "GET, HEAD, OPTIONS, POST"
_HOST: Final = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")
_SUGGESTED: Final = 20
_MOST_SKIPPED: Final = 5000
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,18}")
_CLASSES: Final = {one.iri: one for one in CLASSES if one.kind}
_PREVIEW_POLICY: Final = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"


class Reconcile:
    """Answers everything below ``/reconcile``."""

    def __init__(self, state: ServerState) -> None:
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request. Raises `HttpError` for one that cannot be answered."""
        sender, method, settings = Sender(scope, send), scope["method"], self._state.settings
        what = scope["path"].removeprefix(scope.get("root_path", "")).removeprefix("/reconcile").strip("/")
        allowed = _ALLOWED if not what else "GET, HEAD, OPTIONS"
        if method not in allowed.split(", "):
            raise HttpError(405, f"this address takes {allowed}", {"Allow": allowed})
        text = scope["query_string"].decode("latin-1")
        if len(text) > settings.query_url_bytes:
            raise HttpError(
                414, f"the address has more than {settings.query_url_bytes:,} bytes (query_url_bytes): use POST"
            )
        given = parameters(text)
        if method == "POST":
            body = await read_body(sender, receive, settings)
            if media_type_of(sender.header("content-type")) != FORM_TYPE:
                raise HttpError(415, f"a query is sent as {FORM_TYPE}")
            given = parameters(body.decode("latin-1"))
        one = {name: values[-1] for name, values in given.items()}
        build = self._state.build
        if what == "view":
            thing = await _entity(build, one.get("id", ""))
            return await redirect(sender, "../" + quote(thing.page))
        if what == "preview":
            return await _send_preview(build, sender, await _entity(build, one.get("id", "")))
        await _send_json(build, sender, await self._answer(build, what, one, scope), cached=method != "POST")

    async def _answer(self, build: Build, what: str, given: Mapping[str, str], scope: Scope) -> object:
        fulltext, base, seconds = build.fulltext, build.publication.base, self._state.settings.query_seconds
        if what == "" and "queries" in given:
            return await fulltext.run_batch(_reconcile, fulltext, base, read_batch(given["queries"]), seconds)
        if what == "" and "extend" in given:
            return await fulltext.run_batch(_extend, fulltext, base, read_extension(given["extend"]), seconds)
        if what == "":  # other parameters, such as callback of old clients, change nothing
            return _manifest(build.publication, _address(scope))
        if what == "suggest/entity":
            return await fulltext.run(_suggest_entities, fulltext, base, given.get("prefix", ""), _cursor(given))
        if what == "suggest/type":
            named = await fulltext.run(_types, fulltext)
            return _suggest(named, given.get("prefix", ""), _cursor(given))
        if what == "suggest/property":
            named = await fulltext.run(_properties, fulltext, "")
            return _suggest(named, given.get("prefix", ""), _cursor(given))
        if what == "properties":
            kind = given.get("type", "")
            named = await fulltext.run(_properties, fulltext, expanded(kind) if kind else "")
            limit = (
                int(given["limit"][:4])
                if given.get("limit", "").isdecimal() and given["limit"].isascii()
                else len(named)
            )
            found = [{"id": key, "name": name} for key, name in named.items()]
            return {"type": kind, "limit": limit, "properties": found[:limit]}
        raise HttpError(404, "there is nothing at this address of the reconciliation service")


def _manifest(publication: Publication, address: str) -> dict[str, object]:
    service = f"{address}/reconcile"
    default = list(dict.fromkeys(one.iri for one in CLASSES if one.kind and is_main(one.iri)))
    return {
        "versions": ["0.2"],
        "name": f"Communique: the entities of {publication.base}",
        "identifierSpace": publication.base,
        "schemaSpace": SCHEMA,
        "serviceVersion": version("communique"),
        "documentation": f"{address}/data.html",
        "logo": f"{address}/icon.svg",
        "defaultTypes": [{"id": compact(one), "name": _class_name(one)} for one in default],
        "view": {"url": service + "/view?id={{id}}"},
        "preview": {"url": service + "/preview?id={{id}}", "width": WIDTH, "height": HEIGHT},
        "suggest": {
            one: {"service_url": service, "service_path": f"/suggest/{one}"} for one in ("entity", "property", "type")
        },
        "extend": {
            "propose_properties": {"service_url": service, "service_path": "/properties"},
            "property_settings": [
                {
                    "type": "checkbox",
                    "name": "stated",
                    "label": "Only what a release states",
                    "default": False,
                    "help_text": "Leave out what a reader concluded.",
                }
            ],
        },
        "batchSize": BATCH,
    }


def _reconcile(fulltext: FullText, base: str, queries: Mapping[str, NameQuery], seconds: float) -> dict[str, object]:
    until = time.monotonic() + seconds

    def check() -> None:
        if time.monotonic() > until:
            raise HttpError(
                422, f"the batch took longer than {seconds:g} s (query_seconds): send fewer queries at a time"
            )

    with fulltext.database(seconds, "query_seconds") as database:
        found = {key: match(database, base, query, check) for key, query in queries.items()}
        return {key: {"result": [_candidate(database, base, one) for one in all_]} for key, all_ in found.items()}


def _candidate(database: sqlite3.Connection, base: str, candidate: Candidate) -> dict[str, object]:
    thing = candidate.thing
    return {
        "id": without_base(thing.iri, base),
        "name": _name(thing),
        "description": description(database, thing),
        "type": _types_of(thing),
        "score": candidate.score,
        "match": candidate.match,
        "features": [{"id": key, "value": value} for key, value in candidate.features.items()],
    }


def _extend(fulltext: FullText, base: str, asked: Extension, seconds: float) -> dict[str, object]:
    with fulltext.database(seconds) as database:
        rows: dict[str, object] = {}
        for one in asked.ids:
            iri = entity_iri(base, one)
            rows[one] = {
                key: [value_of(database, base, *row) for row in _facts(database, iri, name, stated=key in asked.stated)]
                for key, name in asked.properties.items()
            }
    return {"meta": [{"id": key, "name": _property_name(name)} for key, name in asked.properties.items()], "rows": rows}


def _facts(database: sqlite3.Connection, iri: str, name: str, *, stated: bool) -> list[tuple[str, str]]:
    sql = "SELECT DISTINCT value, kind FROM facts WHERE iri = ? AND property = ? AND inferred <= ? ORDER BY rowid"
    return database.execute(sql, (iri, name, 0 if stated else 1)).fetchall()


def value_of(database: sqlite3.Connection, base: str, value: str, kind: str) -> dict[str, object]:
    """A value: an entity, a whole number, or a text; a day stays a text, since the API knows moments only."""
    if not kind:
        thing = thing_in(database, value)
        if thing is None:
            return {"str": value}
        if thing.kind not in ENTITIES:
            return {"str": thing.label("en") or value}
        return {"id": without_base(value, base), "name": _name(thing)}
    if kind == XSD + "integer" and _WHOLE.fullmatch(value):
        return {"int": int(value)}
    return {"str": value}


def _suggest_entities(fulltext: FullText, base: str, prefix: str, skip: int) -> dict[str, object]:
    found = [hit.thing for hit in fulltext.find(prefix, "en", ENTITIES, skip, _SUGGESTED).hits]
    with fulltext.database() as database:
        own = thing_in(database, entity_iri(base, prefix))
        if own is not None and own.kind in ENTITIES and not skip:
            found = [own, *(thing for thing in found if thing.iri != own.iri)]
        rows = [
            {
                "id": without_base(thing.iri, base),
                "name": _name(thing),
                "description": description(database, thing),
                "notable": _types_of(thing),
            }
            for thing in found
        ]
    return {"result": rows}


def _suggest(named: Mapping[str, str], prefix: str, skip: int) -> dict[str, object]:
    """The types or properties whose id or name begins with a text, or has a word that does."""
    wanted = prefix.strip().casefold()
    found = []
    for key, name in named.items():
        starts = (key.casefold(), key.rpartition(":")[2].casefold(), name.casefold(), expanded(key).casefold())
        if any(start.startswith(wanted) for start in starts) or f" {wanted}" in name.casefold():
            found.append({"id": key, "name": name})
    return {"result": found[skip : skip + _SUGGESTED]}


def _types(fulltext: FullText) -> dict[str, str]:
    """The names of the types that entities of this build have, by their id."""
    with fulltext.database() as database:
        rows = database.execute("SELECT DISTINCT things.types FROM things").fetchall()
    used = {iri for (types,) in rows for iri in json.loads(types)}
    return {compact(iri): _class_name(iri) for iri in _CLASSES if iri in used}


def _properties(fulltext: FullText, kind: str) -> dict[str, str]:
    """The names of the properties that entities of a type have ("" for all), by their id, the most used ones first."""
    with fulltext.database() as database:
        rows = database.execute(
            "SELECT property, COUNT(*) AS used FROM facts JOIN things USING (iri) WHERE ? = '' OR EXISTS "
            "(SELECT 1 FROM json_each(things.types) WHERE value = ?) GROUP BY property ORDER BY used DESC, property",
            (kind, kind),
        ).fetchall()
    return {compact(iri): _property_name(iri) for iri, _ in rows}


def _types_of(thing: Thing) -> list[dict[str, str]]:
    return [{"id": compact(iri), "name": _class_name(iri)} for iri in _CLASSES if iri in thing.types]


def _class_name(iri: str) -> str:
    return Words("en").class_name(iri)


def _property_name(iri: str) -> str:
    return Words("en").property(iri).removesuffix(":") or compact(iri)


def _name(thing: Thing) -> str:
    return thing.label("en") or thing.iri


def _cursor(given: Mapping[str, str]) -> int:
    text = given.get("cursor") or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) <= _MOST_SKIPPED):
        raise HttpError(400, f"cursor is a number up to {_MOST_SKIPPED:,}")
    return int(text)


def _address(scope: Scope) -> str:
    """The address of this server as the client knows it. Raises `HttpError` if the request does not say it."""
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    if not _HOST.fullmatch(host):
        raise HttpError(400, "the header Host names no host")
    return f"{scope.get('scheme', 'http')}://{host}{quote(scope.get('communique.home', ''))}"


async def _entity(build: Build, name: str) -> Thing:
    base = build.publication.base
    iri = entity_iri(base, name)
    found: Thing | None = (await build.fulltext.run(build.fulltext.things, (iri,))).get(iri)
    if found is None or found.kind not in ENTITIES:
        raise HttpError(404, "the publication has no entity with this id")
    return found


async def _send_json(build: Build, sender: Sender, answer: object, *, cached: bool) -> None:
    body = (json.dumps(answer, ensure_ascii=False) + "\n").encode("utf-8", "replace")
    tag = build.tag("reconcile", body.decode())
    head = Head(200, {"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store"})
    if cached:
        head.headers |= {"ETag": tag, "Cache-Control": CACHE_CONTROL}
        if is_unchanged(sender.header("if-none-match"), tag):
            return await sender.send(head.unchanged())
    await sender.send(head, body)


async def _send_preview(build: Build, sender: Sender, thing: Thing) -> None:
    body = await build.fulltext.run(preview, build.fulltext, thing)
    head = Head(200, {"Content-Type": "text/html; charset=utf-8", "Cache-Control": CACHE_CONTROL})
    head.set("Content-Security-Policy", _PREVIEW_POLICY)
    await sender.send(head, body)
