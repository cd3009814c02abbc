"""What the reconciliation service sends has the shapes that the specification (0.2) asks of it.

The shapes say what the JSON schemas of https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
say, in our own words: required members, types, and nothing else where nothing else is allowed.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from communique.serve.reconcile import value_of
from communique.terms import XSD
from tests.inprocess import InProcess, in_process

TEXT, NUMBER, TRUTH = {"type": "string"}, {"type": "number"}, {"type": "boolean"}
TEMPLATE = {"type": "string", "pattern": r"\{\{id\}\}"}
SERVICE = {"type": "object", "properties": {"service_url": TEXT, "service_path": TEXT}}
FLYOUT = {"properties": {"flyout_service_url": TEXT, "flyout_service_path": {"type": "string", "pattern": r"\$\{id\}"}}}
DATE_TIME = {"type": "string", "pattern": r"^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d"}


def members(
    required: dict[str, Any], optional: dict[str, Any] | None = None, *, closed: bool = False
) -> dict[str, Any]:
    whole = {"type": "object", "properties": {**required, **(optional or {})}, "required": list(required)}
    return {**whole, "additionalProperties": False} if closed else whole


def array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


NAMED = members({"id": TEXT, "name": TEXT}, {"description": TEXT})
TYPE = {"oneOf": [members({"id": TEXT}, {"name": TEXT}), TEXT]}
SETTING = members({"type": {"enum": ["number", "text", "checkbox", "select"]}, "label": TEXT, "name": TEXT})
FEATURE = {"type": "object", "properties": {"id": TEXT, "value": {"oneOf": [TRUTH, NUMBER]}}}
CANDIDATE = members(
    {"id": TEXT, "name": TEXT, "score": NUMBER},
    {"description": TEXT, "features": array(FEATURE), "match": TRUTH, "type": array(TYPE)},
)
VALUES = [("str", TEXT), ("float", NUMBER), ("int", {"type": "integer"}), ("date", DATE_TIME)]
VALUE = {
    "oneOf": [
        members({}, closed=True),
        members({"id": TEXT, "name": TEXT}, {"description": TEXT}, closed=True),
        *(members({key: kind}, closed=True) for key, kind in VALUES),
    ]
}
META = members(
    {"id": TEXT, "name": TEXT},
    {"type": members({"id": TEXT}, {"name": TEXT}), "service": {"type": "string", "pattern": "^https?://"}},
)
TEXTS = {"name": TEXT, "identifierSpace": TEXT, "schemaSpace": TEXT}
MANIFEST = members(
    {
        "versions": {**array(TEXT), "contains": {"const": "0.2"}},
        "name": TEXT,
        "identifierSpace": TEXT,
        "schemaSpace": TEXT,
    },
    {
        **dict.fromkeys(("documentation", "serviceVersion", "logo"), TEXT),
        **dict.fromkeys(("view", "feature_view"), members({"url": TEMPLATE})),
        "defaultTypes": {**array(NAMED), "uniqueItems": True},
        "suggest": members({}, {key: {"allOf": [SERVICE, FLYOUT]} for key in ("entity", "property", "type")}),
        "preview": members({"url": TEMPLATE, "width": {"type": "integer"}, "height": {"type": "integer"}}),
        "extend": members({}, {"propose_properties": SERVICE, "property_settings": array(SETTING)}),
    },
)
RESULTS = {"type": "object", "additionalProperties": members({"result": array(CANDIDATE)})}
ROWS = {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": array(VALUE)}}
EXTENSION = members({"meta": array(META), "rows": ROWS})
ENTITIES = members(
    {"result": array(members({"id": TEXT, "name": TEXT}, {"description": TEXT, "notable": array(TYPE)}))}
)
SUGGESTED = members({"result": array(NAMED)})
PROPOSED = members({"properties": {**array(members({"id": TEXT, "name": TEXT})), "minItems": 1}}, {"limit": NUMBER})


@pytest.fixture(scope="module")
def served(archive_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    with in_process(Path(shutil.copytree(archive_site, tmp_path_factory.mktemp("schemas") / "public"))) as running:
        yield running


def must_fit(found: Any, schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(found, schema)


def entities(served: InProcess) -> list[str]:
    """Entities of all types that are offered."""
    found = set()
    for prefix in "abcdefghijklmnopqrstuvwxyzабвгд":
        found |= {one["id"] for one in served.get(f"/reconcile/suggest/entity?prefix={prefix}").json()["result"]}
    return sorted(found)


def test_the_manifest_fits(served: InProcess) -> None:
    must_fit(served.get("/reconcile").json(), MANIFEST)


def test_suggestions_fit(served: InProcess) -> None:
    sizes = []
    for kind, schema in (("entity", ENTITIES), ("type", SUGGESTED), ("property", SUGGESTED)):
        for prefix in ("a", "p", "s", "o", "zzzz"):
            found = served.get(f"/reconcile/suggest/{kind}?prefix={prefix}").json()
            must_fit(found, schema)
            sizes.append(len(found["result"]))
    assert any(sizes) and not all(sizes)


def test_candidates_fit_for_names_of_every_kind(served: InProcess) -> None:
    names = [
        one["name"] for p in "abcdeо" for one in served.get(f"/reconcile/suggest/entity?prefix={p}").json()["result"]
    ]
    queries: dict[str, Any] = {f"q{n}": {"query": name, "limit": 3} for n, name in enumerate(names[:9])}
    queries |= {"none": {"query": "zzzz"}, "properties": {"properties": [{"pid": "schema:name", "v": names[0]}]}}
    answer = served.run(served.client.post("/reconcile", data={"queries": json.dumps(queries)}))
    assert answer.status_code == 200, answer.text
    found = answer.json()
    must_fit(found, RESULTS)
    assert set(found) == set(queries) and found["none"]["result"] == [] and found["q0"]["result"]


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("12", "integer", {"int": 12}),
        ("+12", "integer", {"int": 12}),
        ("many", "integer", {"str": "many"}),
        ("1.5", "decimal", {"str": "1.5"}),
        ("2024-05-01", "date", {"str": "2024-05-01"}),
        ("words", "string", {"str": "words"}),
    ],
)
def test_a_literal_is_a_number_or_a_text(value: str, kind: str, expected: dict[str, object]) -> None:
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        found = value_of(database, "https://news.example/id/", value, XSD + kind)
    assert found == expected and type(found.get("int", 0)) is int
    must_fit(found, VALUE)


def test_the_values_of_every_property_fit(served: InProcess) -> None:
    proposed = served.get("/reconcile/properties").json()
    must_fit(proposed, PROPOSED)
    ids = entities(served)
    assert len(ids) > 20
    kinds = set()
    properties = [one["id"] for one in proposed["properties"]]
    for at in range(0, len(properties), 5):
        asked = {"ids": [*ids[:20], "person/nobody"], "properties": [{"id": one} for one in properties[at : at + 5]]}
        answer = served.run(served.client.post("/reconcile", data={"extend": json.dumps(asked)}))
        assert answer.status_code == 200, answer.text
        must_fit(answer.json(), EXTENSION)
        rows = answer.json()["rows"].values()
        kinds |= {key for row in rows for values in row.values() for value in values for key in value}
    assert {"id", "name", "str"} <= kinds
