"""The description of the web API: valid, complete, and enough to ask every question with nothing else at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from communique.errors import QueryError
from communique.query.bind import bind
from communique.query.catalogue import TYPES, Catalogue, Parameter
from communique.serve.links import OFFERED
from communique.serve.openapi import REFUSALS
from communique.serve.schemas import schema_of
from communique.terms import DEFAULT_BASE
from tests.inprocess import InProcess, in_process

NAMES = list(Catalogue())


@pytest.fixture(scope="module", params=["site", "archive_site"])
def served(request: pytest.FixtureRequest) -> Iterator[InProcess]:
    public: Path = request.getfixturevalue(request.param)
    with in_process(public) as found:
        yield found


@pytest.fixture(scope="module")
def document(served: InProcess) -> dict[str, Any]:
    answer = served.get("/openapi.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.slow
def test_the_document_is_openapi(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"].startswith("3.1.")


def test_every_question_and_address_is_in_it(document: dict[str, Any]) -> None:
    addresses = {"/sparql", "/store", "/health", "/search", "/reconcile"}
    assert addresses | {f"/queries/{name}" for name in NAMES} <= set(document["paths"])
    identifiers = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(set(identifiers)) == len(identifiers)


def test_it_says_what_the_catalogue_says(served: InProcess, document: dict[str, Any]) -> None:
    for name, query in served.build.questions.items():
        operation = document["paths"][f"/queries/{name}"]["get"]
        assert operation["summary"] == query.question
        given = {one["name"]: one for one in operation["parameters"]}
        pages = {"page", "per_page"} if query.form == "SELECT" else set()
        assert set(given) == {one.name for one in query.parameters} | pages
        for one in query.parameters:
            assert given[one.name]["required"] is one.required
            assert given[one.name]["schema"].get("enum") == (list(one.values) or None)
            assert given[one.name]["schema"].get("default") == one.default
            assert one.description in given[one.name]["description"]
        content = operation["responses"]["200"]["content"]
        assert list(content) == [one.media_type for one in OFFERED]
        if query.form == "SELECT":
            schema = content["application/sparql-results+json"]["schema"]
            row = schema["properties"]["results"]["properties"]["bindings"]["items"]["properties"]
            assert {k: v["description"] for k, v in row.items()} == {one.name: one.meaning for one in query.columns}
        assert {"400", "404", "422", "503"} <= set(operation["responses"])


class Client:
    """A client of any web API: it knows nothing but the document."""

    def __init__(self, served: InProcess, document: dict[str, Any]) -> None:
        self.served, self.document = served, document

    def resolve(self, value: Any) -> Any:
        if isinstance(value, dict) and "$ref" in value:
            found = self.document
            for part in value["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            return self.resolve(found)
        if isinstance(value, dict):
            return {key: self.resolve(one) for key, one in value.items()}
        return [self.resolve(one) for one in value] if isinstance(value, list) else value

    def call(self, path: str, values: dict[str, str], kind: str) -> Any:
        """The answer to an operation, checked against what the document says of it."""
        operation = self.resolve(self.document["paths"][path]["get"])
        for one in operation["parameters"]:
            if one["name"] in values and "content" in one:
                [(media_type, written)] = one["content"].items()
                assert media_type == "application/json"
                jsonschema.validate(json.loads(values[one["name"]]), written["schema"])
            elif one["name"] in values:
                jsonschema.validate(values[one["name"]], one["schema"])
        answer = self.served.get(path, values, accept=kind)
        said = operation["responses"][str(answer.status_code)]
        media_type = answer.headers["content-type"].partition(";")[0]
        assert media_type in said["content"]
        if media_type.endswith("json") and answer.status_code == 200:
            jsonschema.validate(answer.json(), said["content"][media_type]["schema"])
        assert {name.lower() for name in said.get("headers", {})} <= set(answer.headers)
        return answer


def first_examples(operation: dict[str, Any], *, required: bool) -> dict[str, str]:
    given = (one for one in operation["parameters"] if "examples" in one and (one["required"] or not required))
    return {one["name"]: next(iter(one["examples"].values()))["value"] for one in given}


@pytest.mark.parametrize("name", NAMES)
def test_a_client_asks_every_question_with_its_examples(served: InProcess, document: dict[str, Any], name: str) -> None:
    path = f"/queries/{name}"
    operation = document["paths"][path]["get"]
    client = Client(served, document)
    for values in (first_examples(operation, required=True), first_examples(operation, required=False)):
        for kind in operation["responses"]["200"]["content"]:
            answer = client.call(path, values, kind)
            assert answer.status_code == 200, (values, answer.text)
            assert answer.headers["content-type"].startswith(kind)
    refused = client.call(path, {"no-such-parameter": "x"}, "text/csv")
    assert refused.status_code == 400


def test_the_examples_occur_in_the_data(served: InProcess, document: dict[str, Any]) -> None:
    empty = []
    for name in NAMES:
        operation = document["paths"][f"/queries/{name}"]["get"]
        answer = served.get(f"/queries/{name}.csv", first_examples(operation, required=True))
        empty += [name] if answer.text.count("\r\n") < 2 else []
    assert len(empty) <= 8, empty


@pytest.mark.parametrize("kind", ["application/json", "text/html"])
def test_a_client_searches_with_the_example(served: InProcess, document: dict[str, Any], kind: str) -> None:
    values = first_examples(document["paths"]["/search"]["get"], required=False)
    assert list(values) == ["q"]
    answer = Client(served, document).call("/search", values, kind)
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, kind)
    if kind == "application/json":
        assert values["q"] in [hit["label"] for hit in answer.json()["hits"]]
        whole = Client(served, document).call("/search", {"q": "the", "language": "ru", "kind": "statement"}, kind)
        parts = {key for hit in whole.json()["hits"] for key in hit}
        assert {"speakers", "start", "end", "release"} <= parts
    assert Client(served, document).call("/search", {"q": "x", "no-such-parameter": "x"}, kind).status_code == 400


def test_a_client_reconciles_what_it_has_found(served: InProcess, document: dict[str, Any]) -> None:
    client, kind = Client(served, document), "application/json"
    [name] = first_examples(document["paths"]["/search"]["get"], required=False).values()
    queries = {"a": {"query": name, "type": "schema:Person", "limit": 2}, "b": {"query": "qqqq"}}
    answer = client.call("/reconcile", {"queries": json.dumps(queries)}, kind).json()
    first = answer["a"]["result"][0]
    assert (first["name"], answer["b"]["result"]) == (name, [])
    listed = client.call("/reconcile/properties", {"type": "schema:Person"}, kind).json()["properties"]
    extend = {"ids": [first["id"]], "properties": [{"id": listed[0]["id"]}]}
    rows = client.call("/reconcile", {"extend": json.dumps(extend)}, kind).json()["rows"]
    assert list(rows) == [first["id"]]
    assert client.call("/reconcile", {}, kind).json()["versions"] == ["0.2"]
    for path in ("entity", "type", "property"):
        assert client.call(f"/reconcile/suggest/{path}", {"prefix": "a"}, kind).status_code == 200
    assert name in client.call("/reconcile/preview", {"id": first["id"]}, "text/html").text
    assert client.call("/reconcile/preview", {"id": "person/nobody"}, "text/html").status_code == 404
    assert served.get("/reconcile/view", {"id": first["id"]}).status_code == 303
    assert next(iter(document["paths"]["/reconcile/view"]["get"]["responses"])) == "303"


@pytest.mark.parametrize("path", ["/health", "/sparql", "/store?default", "/sparql?query=ASK%7B%7D"])
def test_the_other_addresses_answer_as_it_says(served: InProcess, document: dict[str, Any], path: str) -> None:
    answer = served.get(path, accept="*/*")
    said = document["paths"][path.partition("?")[0]]["get"]["responses"]
    kind = answer.headers["content-type"].partition(";")[0]
    assert kind in said[str(answer.status_code)]["content"]


def test_it_is_made_once_for_each_build(served: InProcess, document: dict[str, Any]) -> None:
    before = served.build.pool.numbers.answered
    answer = served.get("/openapi.json")
    assert answer.json() == document
    assert served.get("/openapi.json", if_none_match=answer.headers["etag"]).status_code == 304
    assert served.build.pool.numbers.answered == before
    assert served.get("/openapi.json", method="POST").status_code == 405
    assert served.get("/openapi.json", method="HEAD").content == b""


def test_every_refusal_has_a_sentence(document: dict[str, Any]) -> None:
    assert set(document["components"]["responses"]) == set(map(str, REFUSALS))
    assert json.dumps(document).count("#/components/responses/422") > len(NAMES)


VALUES = {
    "iri": (
        ["org/iom", "schema:name", "org/қала", "urn:x:a%20b"],
        ["", "a b", " a", "a\u00a0", "a\x1c", "<a>", "a%b", "a\\b", "a|b"],
    ),
    "slug": (["a", "2015-05-29-x"], ["", "A", "-a", "a-"]),
    "string": (["", "x"], []),
    "lang-string": (["Chairman@en", "x@kk-Latn"], ["x", "x@"]),
    "date": (["2015-05-29"], ["2015", "29.05.2015"]),
    "year": (["2013"], ["13", "20130"]),
    "integer": (["-5", "12"], ["1.5", ""]),
    "enum": (["with"], ["perhaps", ""]),
}


@pytest.mark.parametrize("kind", TYPES)
def test_a_schema_takes_what_the_command_takes(kind: str, real: Any) -> None:
    parameter = Parameter("x", kind, "any", "with", values=("with", "without") if kind == "enum" else ())
    query = replace(next(iter(real.catalogue.values())), parameters=(parameter,))
    for right, values in zip((True, False), VALUES[kind], strict=True):
        for value in values:
            try:
                bind(query, {"x": value}, DEFAULT_BASE)
                taken = True
            except QueryError:
                taken = False
            assert taken is right, value
            assert jsonschema.Draft202012Validator(schema_of(parameter)).is_valid(value) is right, value
