"""The list of keys: each has an example that compiles, and the command, the page and the vocabulary agree."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from functools import cache
from typing import Any

import pytest
import yaml

from communique.codes import CODES
from communique.compile.compiler import Compiled
from communique.compile.keylist import KeyRow, class_rows, key_rows, read_examples, render_markdown, sample
from communique.context import AUTHORING_KEYS, MADE_CLASSES, MADE_KEYS, read_context
from communique.errors import CommuniqueError
from communique.schemaorg import read_vocabulary
from tests.conftest import ROOT, compile_record, record_of
from tests.tools.write_keys_page import PAGE, render_page

CONTEXT = read_context()
OF_WRITING = {
    code for code in CODES if code.startswith(("unknown-", "term-", "bad-", "not-", "no-", "empty-", "duplicate"))
}
OF_WRITING -= {"not-grounded", "no-evidence", "term-pending"}
"""Findings about how a record is written, not about what its text says."""


def load(line: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(line, Loader=yaml.BaseLoader)  # as the reader: every scalar is text
    return {key: yaml.safe_load(line)[key] if value in ("true", "false") else value for key, value in found.items()}


def faults(compiled: Compiled) -> list[str]:
    return [f"{f.code}: {f.message}" for f in compiled.findings if f.code in OF_WRITING]


def node_of(row: KeyRow) -> dict[str, Any]:
    """A node with the example of a key, of the first class that has it."""
    names = row.of or ("Thing",)
    name = next((n for n in names if n in CONTEXT.classes and n not in MADE_CLASSES), None)
    made = next((n for n in names if n in CONTEXT.classes), None)
    return {"id": "this:x", "type": name or made or f"schema:{names[0]}", **load(row.example)}


@pytest.mark.parametrize("row", key_rows(CONTEXT), ids=lambda row: row.name)
def test_the_example_of_a_key_compiles(row: KeyRow) -> None:
    assert row.example.startswith(f"{row.name}: ")
    assert faults(compile_record(record_of(node_of(row)), "Headline\n")) == []


@pytest.mark.parametrize("row", class_rows(CONTEXT), ids=lambda row: row.name)
def test_the_example_of_a_class_compiles(row: KeyRow) -> None:
    node = load(f"node: {row.example}")["node"]
    types = node["type"] if isinstance(node["type"], list) else [node["type"]]
    assert row.name in types
    record = {"@context": "context.jsonld", "graph": [node]} if node["id"] == "release/sample" else record_of(node)
    assert faults(compile_record(record, "Headline\n")) == []


def test_every_key_and_class_has_an_example_and_no_other() -> None:
    assert set(read_examples()["keys"]) == (CONTEXT.terms.keys() - MADE_KEYS) | AUTHORING_KEYS
    assert set(read_examples()["classes"]) == CONTEXT.classes.keys() - MADE_CLASSES


@cache
def all_other_rows() -> tuple[tuple[str, KeyRow], ...]:
    vocabulary, rows = read_vocabulary(), list[tuple[str, KeyRow]]()
    for name in sorted(vocabulary.classes.keys() - vocabulary.datatypes - vocabulary.superseded.keys()):
        for row in key_rows(CONTEXT, f"schema:{name}"):
            current = [domain for domain in row.of if domain not in vocabulary.superseded]
            if row.name.startswith("schema:") and current[0] == name:
                rows.append((name, row))
    return tuple(rows)


@pytest.mark.slow
def test_the_example_of_every_term_of_schema_org_compiles() -> None:
    rows = all_other_rows()
    assert len({row.name for _, row in rows}) > 1300
    for start in range(0, len(rows), 100):
        nodes = [
            {"id": f"this:x-{k}", "type": f"schema:{cls}", **load(row.example)}
            for k, (cls, row) in enumerate(rows[start : start + 100])
        ]
        assert faults(compile_record(record_of(*nodes), "Headline\n")) == []


@pytest.mark.slow
def test_every_property_is_listed_with_a_class_that_has_it() -> None:
    vocabulary = read_vocabulary()
    listed = {row.name.removeprefix("schema:") for _, row in all_other_rows()}
    short = {term.iri.rpartition("/")[2] for term in CONTEXT.terms.values()}
    for name in vocabulary.properties.keys() - listed - short - vocabulary.superseded.keys():
        domains = set(vocabulary.properties[name].domains)
        assert domains <= vocabulary.datatypes | vocabulary.superseded.keys(), name


def test_the_keys_of_a_class_begin_with_its_own_and_leave_out_those_of_others() -> None:
    names = [row.name for row in key_rows(CONTEXT, "schema:Restaurant")]
    assert {"name", "founder", "location", "evidence"} <= set(names)
    assert not {"startDate", "birthDate", "said-by", "schema:weight", "schema:awards"} & set(names)
    other = [name for name in names if name.startswith("schema:")]
    assert names[-len(other) :] == other
    assert other[0] == "schema:acceptsReservations"
    assert other.index("schema:hasMenu") < other.index("schema:openingHours") < other.index("schema:image")


@pytest.mark.parametrize(
    ("cls", "has", "has_not"),
    [
        ("Person", "role", "startDate"),
        ("Group", "groupSize", "birthDate"),
        ("Concept", "broader", "groupSize"),
        ("PressRelease", "headline", "birthDate"),
        ("ReportedStatement", "reportingVerb", "attendee"),
        ("schema:Event", "planned", "founder"),
        ("schema:Product", "schema:weight", "legislationType"),
    ],
)
def test_a_class_has_its_keys_and_not_those_of_others(cls: str, has: str, has_not: str) -> None:
    names = {row.name for row in key_rows(CONTEXT, cls)}
    assert has in names and has_not not in names


@pytest.mark.parametrize(
    ("cls", "advice"),
    [
        ("Persn", "did you mean Person?"),
        ("Restaurant", "schema.org has it: write schema:Restaurant"),
        ("schema:Text", "communique keys lists those with a short name"),
    ],
)
def test_an_unknown_class_is_answered_in_one_sentence(cls: str, advice: str) -> None:
    with pytest.raises(CommuniqueError, match=rf"there is no class '{cls}': .*"):
        key_rows(CONTEXT, cls)
    done = run("keys", cls)
    assert (done.returncode, done.stdout) == (2, "")
    assert advice in done.stderr or cls == "schema:Text"


def test_a_sample_is_a_literal_a_member_or_an_id() -> None:
    vocabulary = read_vocabulary()
    assert sample(["Boolean"], vocabulary) == "true"
    assert sample(["QuantitativeValue", "Integer"], vocabulary) == "12"
    assert sample(["Person"], vocabulary) == "person/jo-sample"
    assert sample([], vocabulary) == "thing/sample"


# ---- the command and the page


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "communique", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_the_command_lists_classes_and_keys_as_text() -> None:
    lines = run("keys").stdout.splitlines()
    assert lines[0] == "Classes" and "Keys" in lines
    assert any(line.split() == ["founder:", "person/jo-sample", "Organization", "or", "Person"] for line in lines)


def test_the_keys_of_a_class_begin_with_the_short_forms_and_stand_in_columns_that_fit_a_terminal() -> None:
    lines = run("keys", "Person").stdout.split("\n\n")[0].splitlines()
    assert lines[0] == "Keys of Person" and len(lines) > 30
    is_form = [line.endswith("  short form") for line in lines[1:]]
    assert is_form == sorted(is_form, reverse=True) and sum(is_form) >= 6
    columns = Counter(line.rindex("  ") for line in lines[1:])
    assert max(columns.values()) >= len(lines) - 5
    assert len([line for line in lines if len(line) > 80]) <= 5


def test_the_command_lists_the_keys_of_a_class_as_json() -> None:
    found = json.loads(run("keys", "schema:Product", "--format", "json").stdout)
    assert list(found) == ["Keys of schema:Product", "Further keys of schema:Product"]
    [weight] = [row for row in found["Further keys of schema:Product"] if row["name"] == "schema:weight"]
    assert weight["example"] == "schema:weight: 12 kg" and "Mass" in weight["value"]


def test_the_command_writes_markdown() -> None:
    text = run("keys", "Person", "--format", "markdown").stdout
    assert text.startswith("## Keys of Person\n\n| name | on | takes | example |\n|---|---|---|---|\n")


def test_a_bar_in_an_example_does_not_end_a_cell_of_markdown() -> None:
    row = KeyRow("x", (), "text", "x: a | b")
    assert "| `x` | text | `x: a \\| b` |" in render_markdown([("X", [row])])


def test_the_page_of_keys_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == render_page(), "run python -m tests.tools.write_keys_page"
