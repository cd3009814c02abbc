"""Tools for assistants, tried with the protocol's own client over standard input and output, and over HTTP."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import jsonschema  # type: ignore[import-untyped]
import pyoxigraph as ox
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from communique.api import Newsroom
from communique.errors import CommuniqueError, QueryError
from communique.iris import source_iri
from communique.query.catalogue import Catalogue
from communique.serve.app import create_app
from communique.serve.assistants import ARE_DATA, INSTRUCTIONS, ROWS
from communique.serve.citing import find_entity
from communique.serve.schemas import schema_of_values
from communique.serve.worker import OwnStore
from communique.serve.writing import Limits
from communique.store.embedded import open_embedded
from communique.terms import PREFIXES, SCHEMA, compact
from tests.conftest import ROOT, SLUG
from tests.inprocess import InProcess, in_process

NAMES = list(Catalogue())
BASE = "https://w3id.org/communique/id/"
Work = Callable[[Client], Awaitable[Any]]
PROGRAM = "import sys; from pathlib import Path; from communique.serve.assistants import run_stdio; "
PROGRAM += (
    "from communique.serve.settings import read_settings; run_stdio(Path(sys.argv[1]), read_settings(sys.argv[2:]))"
)


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[InProcess]:
    with in_process(site, assistants=True) as found:
        yield found


def over_http(served: InProcess, work: Work) -> Any:
    async def connected() -> Any:
        http = httpx2.AsyncClient(transport=httpx2.ASGITransport(served.app), base_url="http://example.org")
        async with http, Client(streamable_http_client("http://example.org/mcp", http_client=http)) as client:
            return await work(client)

    return served.run(connected())


def call(served: InProcess, tool: str, /, **arguments: Any) -> Any:
    """The answer of a tool: its content as JSON, or the sentence that refuses it."""

    async def work(client: Client) -> Any:
        return await client.call_tool(tool, arguments)

    result = over_http(served, work)
    text = result.content[0].text
    if result.is_error:
        return text
    assert json.loads(text) == result.structured_content
    return result.structured_content


# ---- the transports


def by_stdio(public: Path, work: Work) -> Any:
    import asyncio

    async def connected() -> Any:
        words = ["-c", PROGRAM, str(public), "workers=1", "query_seconds=60"]
        environment = {"PYTHONPATH": f"{ROOT / 'src'}"}
        server = StdioServerParameters(command=sys.executable, args=words, env=environment)
        async with Client(server, read_timeout_seconds=60) as client:
            return await work(client)

    return asyncio.run(connected())


@pytest.mark.slow
def test_both_transports_give_the_same_tools_and_answers(site: Path, served: InProcess) -> None:
    async def work(client: Client) -> Any:
        tools = (await client.list_tools()).tools
        answer = await client.call_tool("said-for-organisation", {"organisation": "org/iom"})
        wrong: Any = await client.call_tool("said-for-organisation", {"organisation": "org/iomm"})
        return [tool.model_dump() for tool in tools], answer.structured_content, wrong.content[0].text, wrong.is_error

    by_input, by_address = by_stdio(site, work), over_http(served, work)
    assert by_input == by_address
    assert by_input[2:] == ("organisation: 'org/iomm' is not among the data, did you mean 'org/iom'?", True)
    assert [tool["name"] for tool in by_input[0]] == ["find_entity", "entity", *NAMES]


def test_the_address_is_there_only_if_it_is_asked_for(site: Path) -> None:
    with in_process(site) as other:
        assert other.get("/mcp", method="POST").status_code in (404, 405)


def test_what_is_missing_is_said(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "communique.serve.assistants", None)
    with pytest.raises(CommuniqueError, match=r"pip install 'communique\[mcp\]'"):
        create_app(site, assistants=True)


# ---- the tools


def test_each_question_is_a_tool_with_its_parameters(served: InProcess) -> None:
    async def work(client: Client) -> Any:
        return await client.list_tools()

    tools = {tool.name: tool for tool in over_http(served, work).tools}
    for name, query in served.build.questions.items():
        schema = tools[name].input_schema
        jsonschema.Draft202012Validator.check_schema(schema)
        own = schema_of_values(query)
        assert {k: v for k, v in schema["properties"].items() if k not in ("page", "per_page")} == own["properties"]
        assert schema["required"] == own["required"]
        assert query.question in tools[name].description
        assert all(one.meaning in tools[name].description for one in query.columns)
    for tool in tools.values():
        assert ARE_DATA in tool.description
        assert tool.annotations.read_only_hint is True
    assert ARE_DATA in INSTRUCTIONS


def rows_of(answer: Any) -> list[Any]:
    return [row for kind in ("stated", "inferred", "registry", "without_basis") for row in answer.get(kind, [])]


@pytest.mark.parametrize("name", NAMES)
def test_every_question_answers_with_all_its_rows(served: InProcess, real: Newsroom, name: str) -> None:
    values: Any = {one.name: one.example for one in real.catalogue[name].parameters if one.required}
    try:
        table = real.query(name, **values)
    except QueryError as no:
        assert call(served, name, **values) == str(no)
        return
    answer = call(served, name, **values, per_page=1000)
    assert answer["rows_in_all"] == len(table.rows)
    rows = rows_of(answer)
    assert len(rows) == min(len(table.rows), 1000)
    dicts = table.to_dicts()
    for row in rows if "quote" in table.columns else []:
        assert any(row.get("quote") == one["quote"] for one in dicts)
    bases = [[v for k, v in one.items() if k.endswith("basis")] for one in dicts]
    if len(rows) == len(dicts):
        assert len(answer["inferred"]) == sum("inferred" in some for some in bases)


def test_a_row_leads_to_the_words(served: InProcess, real: Newsroom) -> None:
    answer = call(served, "speakers")
    text = real[SLUG].source
    assert rows_of(answer)
    for row in rows_of(answer):
        start, end = (int(n) for n in row["source"].rpartition("=")[2].split(","))
        assert text[start:end] == row["quote"]
        assert row["source"] == f"{source_iri(BASE, SLUG)}#char={start},{end}"
        assert row["page"] == f"{BASE}release/{SLUG}/index.html#char={start},{end}"
        path = row["page"].removeprefix(BASE).partition("#")[0]
        assert served.get(f"/{path}").status_code == 200
    assert [one for one in answer["stated"] if "inferred" in (one["basis"], one.get("organisation_basis"))] == []
    assert all("inferred" in (one["basis"], one.get("organisation_basis")) for one in answer["inferred"])
    assert len(answer["stated"]) == 6
    assert len(answer["inferred"]) == 1


def test_an_answer_names_the_release_and_its_date(served: InProcess) -> None:
    answer = call(served, "speakers")
    assert list(answer["releases"]) == [SLUG]
    release = answer["releases"][SLUG]
    assert release["headline"].startswith("Presentation of the special report")
    assert release["dateline"] == "Almaty, May 29, 2015"  # the text gives no other date
    assert "date" not in release
    assert release["page"] == f"{BASE}release/{SLUG}/index.html"


def test_a_long_answer_says_how_long_it_is(served: InProcess) -> None:
    answer = call(served, "passages", release=SLUG)
    total = answer["rows_in_all"]
    assert total > 2 * ROWS
    assert len(rows_of(answer)) == ROWS == 100
    pages = -(-total // ROWS)
    assert answer["note"] == f"The answer has {total:,} rows, and 100 of them are here (page 1 of {pages})."
    second = call(served, "passages", release=SLUG, page=2, per_page=150)
    assert len(rows_of(second)) == 150
    assert not {json.dumps(row) for row in rows_of(second)} & {json.dumps(row) for row in rows_of(answer)}
    assert call(served, "speakers")["note"] == "The answer has 7 rows, and all of them are here."
    assert call(served, "passages", release=SLUG, page=99).startswith("page 99 is past the end")


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("no-such", {}, "there is no tool 'no-such'"),
        ("speakers", {"relase": "x"}, "query 'speakers' has no parameter 'relase', did you mean 'release'?"),
        ("speakers", {"release": ["x"]}, 'release: a text or a whole number is wanted, not ["x"]'),
        ("speakers", {"release": True}, "release: a text or a whole number is wanted, not true"),
        ("speakers", {"per_page": 1001}, "per_page: '1001' is not a whole number from 1 to 1,000"),
        ("speakers", {"page": 0}, "page: '0' is not a whole number from 1 to 1,000,000,000"),
        ("entity", {}, "entity takes id, and nothing else"),
        ("find_entity", {"name": "a", "more": "b"}, "find_entity takes name, and nothing else"),
        ("entity", {"id": "org/iomm"}, "there is no entity 'org/iomm', did you mean 'org/iom'?"),
    ],
)
def test_what_is_wrong_is_one_sentence(served: InProcess, tool: str, arguments: dict[str, Any], said: str) -> None:
    assert call(served, tool, **arguments) == said


def test_a_null_is_no_value_and_a_year_may_be_a_number(served: InProcess) -> None:
    assert call(served, "speakers", release=None) == call(served, "speakers")
    assert call(served, "events-by-place", year=2015)["asked_with"] == {"year": "2015"}


# ---- entities


def test_an_entity_is_found_by_its_name(served: InProcess) -> None:
    found = call(served, "find_entity", name="  zulfiya   BAYSAKOVA ")
    assert found["entities"][0]["id"] == "person/zulfiya-baysakova"
    assert "schema:Person" in found["entities"][0]["kinds"]
    assert found["entities"][0]["page"] == f"{BASE}person/zulfiya-baysakova/index.html"
    part = call(served, "find_entity", name="migration")
    assert "org/iom" in [one["id"] for one in part["entities"]]
    similar = call(served, "find_entity", name="Zulfija Baisakowa")
    assert similar["entities"][0]["id"] == "person/zulfiya-baysakova"
    assert call(served, "find_entity", name="qqqqqqq") == {"note": "nothing is named 'qqqqqqq'", "entities": []}


def test_the_very_name_comes_first() -> None:
    names = {"org/b": "Dam Council", "work/z": "dam", "work/a": "New Dam", "org/c": "Madam", "org/d": "Paper Union"}
    quads = (ox.Quad(ox.NamedNode(BASE + i), ox.NamedNode(SCHEMA + "name"), ox.Literal(n)) for i, n in names.items())
    with open_embedded() as store:
        store.extend(quads)
        found = find_entity(OwnStore(store, has_no_network=True), Limits(9, 9999, 0), "Dam", BASE)
    assert [one["id"] for one in found["entities"]] == ["work/z", "org/b", "org/c", "work/a"]
    assert found["note"] == "4 found"


def test_what_is_said_of_an_entity_has_its_words(served: InProcess, real: Newsroom) -> None:
    answer = call(served, "entity", id="person/bermet-moldobaeva")
    assert call(served, "entity", id=f"{BASE}person/bermet-moldobaeva") == answer
    text = real[SLUG].source
    names = [fact for fact in answer["stated"] if fact["property"] == "schema:name"]
    assert [fact["value"] for fact in names] == ["Bermet Moldobaeva"]
    for fact in [*answer["stated"], *answer["inferred"]]:
        start, end = (int(n) for n in fact["source"].rpartition("=")[2].split(","))
        assert text[start:end] == fact["quote"]
    assert all(fact["basis"] == kind for kind in ("stated", "inferred") for fact in answer[kind])
    store = real.store.quads
    quads = [q for q in store if getattr(q.subject, "value", "") == f"{BASE}person/bermet-moldobaeva"]
    assert answer["rows_in_all"] == sum(not q.graph_name.value.endswith("/evidence") for q in quads)
    assert SLUG in answer["releases"]


def test_what_was_concluded_of_an_entity_is_apart(served: InProcess, real: Newsroom) -> None:
    quads = [q for q in real.store.quads if getattr(q.graph_name, "value", "").startswith(f"{BASE}graph/")]
    inferred = {q.subject.value for q in quads if q.graph_name.value.endswith("/inferred")}
    node = min(one for one in inferred if one.startswith(f"{BASE}person/"))
    of_it = [q.graph_name.value for q in quads if q.subject.value == node]
    answer = call(served, "entity", id=node)
    assert len(answer["inferred"]) == sum(name.endswith("/inferred") for name in of_it) > 0
    assert len(answer["stated"]) == sum(name == f"{BASE}graph/{SLUG}" for name in of_it)
    assert len(answer.get("registry", [])) == sum(name == f"{BASE}graph/entities" for name in of_it)


def test_a_fact_has_its_own_words_before_those_of_its_entity(served: InProcess, real: Newsroom) -> None:
    name = "event/2015-05-29-special-report-presentation"
    node, rdf = ox.NamedNode(BASE + name), "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    quads: Any = real.store.quads
    statements = {q.subject for q in quads.quads_for_pattern(None, ox.NamedNode(rdf + "subject"), node, None)}
    own: dict[str, set[str]] = {}
    for statement in statements:
        properties = quads.quads_for_pattern(statement, ox.NamedNode(rdf + "predicate"), None, None)
        passages = quads.quads_for_pattern(statement, ox.NamedNode(PREFIXES["cmq"] + "evidence"), None, None)
        [property_] = {compact(q.object.value) for q in properties}
        own.setdefault(property_, set()).update(q.object.value for q in passages)
    facts = [fact for fact in rows_of(call(served, "entity", id=name)) if own.get(fact["property"])]
    assert {"schema:startDate", "schema:location"} <= {fact["property"] for fact in facts}
    assert [fact for fact in facts if fact["source"] not in own[fact["property"]]] == []


# ---- limits


def test_the_limits_are_those_of_the_server(site: Path) -> None:
    with in_process(site, assistants=True, result_bytes=1024) as small:
        assert "more than 1,024 bytes (result_bytes)" in call(small, "speakers")
        assert "more than 1,024 bytes (result_bytes)" in call(small, "entity", id="org/iom")
